//! What `assemble` hands on.

use crate::vocab::Phi;

/// What is put into a document's folder, complete, before any of it is
/// written.
#[derive(Clone, Debug)]
pub struct Packet {
    /// `packet.pdf`.
    pub pdf: Phi<Vec<u8>>,
    /// `manifest.json`.
    pub manifest: Phi<serde_json::Value>,
}
