//! What `deliver` hands back.

use std::path::PathBuf;

use jiff::Timestamp;

/// Proof that an effect took place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Receipt {
    /// A folder stands complete.
    Folder {
        /// Relative to the data directory.
        path: PathBuf,
        /// When.
        at: Timestamp,
    },
    /// A mail was accepted by the server, or written as a file.
    Mail {
        /// The same over all retries.
        message_id: String,
        /// When.
        at: Timestamp,
    },
}
