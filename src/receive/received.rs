//! What `receive` hands on.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::vocab::{DocumentRef, Phi, Sha256Digest, SubmissionRef};

/// A document whose bytes are safe in the blob store. From here on nothing
/// can lose it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Received {
    /// Opaque; what the sender is told.
    pub document: DocumentRef,
    /// The upload or call it came with.
    pub submission: SubmissionRef,
    /// Names the blob.
    pub sha256: Sha256Digest,
    /// Length of the original in bytes.
    pub bytes: u64,
    /// Which configured source it came from: `inbox`, `cli`, …
    pub source: String,
    /// The name the sender gave the file; may hold a patient's name.
    pub file_name: Phi<String>,
    /// When we received it; clocks run from here.
    pub received_at: Timestamp,
    /// What came beside it.
    pub context: Context,
}

/// What came beside the pages: never proof, always evidence.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Context {
    /// A portal's free note or a phone note, searched like a cover sheet.
    pub note: Option<Phi<String>>,
    /// Facts by key, such as `dnis` (the dialled number) or `channel`.
    pub metadata: BTreeMap<String, Phi<String>>,
}
