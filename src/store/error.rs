use jiff::Timestamp;

use crate::vocab::{CaseRef, DocumentRef};

/// Why the store could not do what it was asked. Holds no patient data: SQL
/// errors name tables and columns, never values.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database failed; nothing was committed.
    #[error("the database: {0}")]
    Database(#[from] sqlx::Error),
    /// The schema could not be brought up to date.
    #[error("the database schema: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// A stored value is not what its column promises.
    #[error("a stored value of {document} cannot be read, at column {column}")]
    Corrupt {
        /// Whose.
        document: String,
        /// Where its JSON stops being what was expected. No more is told: the
        /// parser quotes what it found, which may be a patient's name.
        column: usize,
    },
    /// A stored reference or name is not one of ours.
    #[error("the database holds {0:?}, which is no such name of ours")]
    BadName(String),
    /// The lease ran out and somebody else holds the work now.
    #[error("the lease on work of {0} was lost; another worker has it")]
    LeaseLost(DocumentRef),
    /// A case of this reference is there already.
    #[error("case {0} is there already")]
    CaseExists(CaseRef),
    /// A row of an import means two cases, or a case that another row means.
    #[error("row {place} of the import, counted from 0, means another row's case, or two cases")]
    CaseNumbers {
        /// Which row, counted from 0.
        place: usize,
    },
    /// Not in a queue: not decided yet, gone on, or closed.
    #[error("document {0} does not wait in a queue")]
    NotWaiting(DocumentRef),
    /// Somebody else works on it.
    #[error("document {document} is held by {by} since {since}")]
    Held {
        /// Which.
        document: DocumentRef,
        /// The name the person signs with.
        by: String,
        /// Since when.
        since: Timestamp,
    },
    /// What was decided rests on what is no longer so; to be decided anew.
    #[error("{0} was changed by somebody else in the meantime")]
    Changed(String),
    /// Not decided yet, or just being put into its folder.
    #[error("document {0} is being worked on by the service")]
    BeingWorkedOn(DocumentRef),
    /// A file of the blob store.
    #[error("the blob store, {what}: {source}")]
    Blob {
        /// What was being done.
        what: &'static str,
        /// What the system said.
        source: std::io::Error,
    },
    /// The bytes are no longer those that were stored.
    #[error("blob {0} does not have the digest it is named by")]
    BlobDamaged(crate::vocab::Sha256Digest),
}

impl StoreError {
    /// Whether the same call may succeed later without anybody mending
    /// something.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Database(_) | Self::Blob { .. } => true,
            Self::Migrate(_)
            | Self::Corrupt { .. }
            | Self::BadName(_)
            | Self::LeaseLost(_)
            | Self::NotWaiting(_)
            | Self::Held { .. }
            | Self::Changed(_)
            | Self::BeingWorkedOn(_)
            | Self::CaseExists(_)
            | Self::CaseNumbers { .. }
            | Self::BlobDamaged(_) => false,
        }
    }
}
