use std::io::Read;

use async_trait::async_trait;

use super::received::Received;
use crate::vocab::{Phi, Sha256Digest};

/// Where documents are safe. The pipeline puts the blob store and the
/// database behind it; tests put a vector.
#[async_trait]
pub trait Custody: Send + Sync {
    /// Stores the bytes, about `length` of them. When this returns they survive
    /// a power cut.
    async fn keep(&self, bytes: Box<dyn Read + Send>, length: u64) -> Result<Kept, CustodyError>;

    /// Commits documents of one submission, with the file they came as.
    /// Idempotent by origin: the same file a second time commits nothing.
    async fn admit(
        &self,
        documents: Vec<Received>,
        origin: Option<&Origin>,
    ) -> Result<(), CustodyError>;

    /// The file of this origin has left its folder.
    async fn gone(&self, origin: &Origin) -> Result<(), CustodyError>;
}

/// Bytes that are safe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Names them.
    pub sha256: Sha256Digest,
    /// How many.
    pub bytes: u64,
}

/// A file in a source folder, told apart from a later one of the same name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The source's id.
    pub source: String,
    /// Path, size, modification time and inode.
    pub identity: Phi<String>,
    /// Of its bytes.
    pub sha256: Sha256Digest,
}

/// The document is not safe; the file has to stay where it is.
#[derive(Debug, thiserror::Error)]
#[error("not taken into custody: {0}")]
pub struct CustodyError(pub String);
