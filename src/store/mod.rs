//! What survives a crash: documents, work, outbox (database) and originals
//! (blobs).
//!
//! [`Store`] and [`Blobs`] are the borders. SQLite and a local folder stand
//! behind them today; PostgreSQL and S3 will pass the same conformance story
//! (`tests/store.rs`). Each method of [`Store`] is one transaction and leaves
//! the database fit for a crash on the next instruction.
//!
//! The work table is our own. Queue libraries were weighed (apalis, fang,
//! graphile_worker, underway, sqlxmq, pgmq): none leases with a fencing token,
//! keeps its back-off in the database, *and* enqueues and acknowledges inside
//! our own transaction on both databases, which promise P3 rests on.

mod blobs;
mod desk;
mod error;
mod model;
mod sqlite;

use async_trait::async_trait;
pub use blobs::{Blobs, FolderBlobs, MemoryBlobs, Stored};
pub use desk::{
    Amended, Amendment, CaseChange, Closing, ClosingReason, DecisionKind, DecisionRecord, Held,
    MACHINE, Placed, QueueFilter, QueueItem,
};
pub use error::StoreError;
use jiff::Timestamp;
pub use model::{
    Admission, Admitted, Arrival, CaseFilter, CasesImported, Claim, Decided, DocumentRecord,
    ImportedCase, Job, MailClaim, NewPart, Outcome, PageRecord, PageTiming, PartOf, QueueDepth,
    Stage, StatusCounts, Triaged,
};
pub use sqlite::SqliteStore;

use crate::assemble::HistoryEntry;
use crate::decide::recorded::ModelText;
use crate::decide::register::{CaseKeys, CaseRecord};
use crate::decode::pages::Inventory;
use crate::vocab::{CaseRef, DocumentRef, PageNumber, Sha256Digest, SubmissionRef};

/// The database of the service.
#[async_trait]
pub trait Store: Send + Sync {
    /// Commits a submission with its documents and their first work. With an
    /// arrival that was admitted before, commits nothing and names the
    /// document it became.
    async fn admit(&self, admission: &Admission) -> Result<Admitted, StoreError>;

    /// The file of this arrival is gone from its folder: removed, and that is
    /// durable. Whoever only does not see it (a mount that is away, a restart)
    /// says nothing; the row left by a crash in between costs a few bytes, and
    /// stands for a file of the same name, time, inode and bytes alone.
    async fn forget_arrival(&self, arrival: &Arrival) -> Result<(), StoreError>;

    /// Leases the most pressing work until `until`; `None` if there is none.
    async fn claim(&self, now: Timestamp, until: Timestamp) -> Result<Option<Claim>, StoreError>;

    /// Extends a lease. [`StoreError::LeaseLost`] if another holds it.
    async fn extend(&self, claim: &Claim, until: Timestamp) -> Result<(), StoreError>;

    /// Gives work back, to be tried again at `again_at`, counting the attempt.
    async fn retry(&self, claim: &Claim, again_at: Timestamp, why: &str) -> Result<(), StoreError>;

    /// The file was opened: its first page is next.
    async fn finish_open(
        &self,
        claim: &Claim,
        inventory: &Inventory,
        now: Timestamp,
    ) -> Result<(), StoreError>;

    /// Voids all leases: called by the one service at its start, when nobody
    /// who held one is alive.
    async fn void_leases(&self) -> Result<(), StoreError>;

    /// A page was read, and what it alone shows may raise the lane of the
    /// rest, the other files of the upload included. With the first page the
    /// others are next; with the last one of the upload, deciding is.
    async fn finish_page(
        &self,
        claim: &Claim,
        page: &PageRecord,
        triaged: &Triaged,
        now: Timestamp,
    ) -> Result<(), StoreError>;

    /// Documents are decided, that of the claim and those decided with it: the
    /// delivery of each is next, and its mail waits for that. Makes the parts
    /// and opens the cases that they name.
    async fn finish_decide(
        &self,
        claim: &Claim,
        decided: &[Decided],
        now: Timestamp,
    ) -> Result<(), StoreError>;

    /// This document cannot be worked on: all that was made of it, but for the
    /// inventory and the decisions, is put away, and it goes where the outcome
    /// says. Nothing of what is put away has been seen outside; once the document
    /// has lain in a folder nothing is.
    async fn surrender(
        &self,
        claim: &Claim,
        decided: &Decided,
        now: Timestamp,
    ) -> Result<(), StoreError>;

    /// The document lies at `path` under the data directory; its mail may go.
    /// A case that it was attached to learns what it says.
    async fn finish_deliver(
        &self,
        claim: &Claim,
        path: &str,
        now: Timestamp,
    ) -> Result<(), StoreError>;

    /// Leases the most pressing mail: what concerns an expedited document, then
    /// what has waited longest.
    async fn claim_mail(
        &self,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<MailClaim>, StoreError>;

    /// The mail was accepted; `receipt` says by whom or where.
    async fn mail_sent(
        &self,
        claim: &MailClaim,
        receipt: &str,
        now: Timestamp,
    ) -> Result<(), StoreError>;

    /// The mail was refused: again at `again_at`, or never (`None`), which an
    /// operator sees in `intake status`.
    async fn mail_refused(
        &self,
        claim: &MailClaim,
        again_at: Option<Timestamp>,
        why: &str,
        now: Timestamp,
    ) -> Result<(), StoreError>;

    /// One document.
    async fn document(&self, reference: &DocumentRef)
    -> Result<Option<DocumentRecord>, StoreError>;

    /// The documents of one upload, in order of arrival; parts are not among
    /// them.
    async fn submission(
        &self,
        submission: &SubmissionRef,
    ) -> Result<Vec<DocumentRecord>, StoreError>;

    /// The same with the parts.
    async fn uploaded(&self, submission: &SubmissionRef)
    -> Result<Vec<DocumentRecord>, StoreError>;

    /// Documents with these very bytes that were decided, the newest first, and
    /// no more than a few dozen.
    async fn decided_with_bytes(
        &self,
        bytes: Sha256Digest,
    ) -> Result<Vec<DocumentRecord>, StoreError>;

    /// All documents, in order of arrival.
    async fn documents(&self) -> Result<Vec<DocumentRecord>, StoreError>;

    /// The pages of a document that were read so far, in order.
    async fn pages(&self, reference: &DocumentRef) -> Result<Vec<PageRecord>, StoreError>;

    /// This page of any document with these very bytes, where it was read this
    /// way. It need not be settled
    /// ([`RecognizedPage::is_settled`](crate::recognize::recognized::RecognizedPage::is_settled)).
    async fn page_of_bytes(
        &self,
        bytes: Sha256Digest,
        number: PageNumber,
        way: Sha256Digest,
    ) -> Result<Option<PageRecord>, StoreError>;

    /// All decisions of a document, oldest first.
    async fn decisions(&self, document: &DocumentRef) -> Result<Vec<DecisionRecord>, StoreError>;

    /// Where each decision of a document puts it, oldest first.
    async fn places(&self, document: &DocumentRef) -> Result<Vec<Placed>, StoreError>;

    /// Keeps the texts of models that decide, each once.
    async fn keep_models(&self, models: &[ModelText]) -> Result<(), StoreError>;

    /// The text of a model that decided.
    async fn model(&self, digest: Sha256Digest) -> Result<Option<String>, StoreError>;

    /// A person's doing: decisions are added, cases follow, the delivery of each
    /// document is next. Refused if anything changed since it was looked at
    /// ([`StoreError::Changed`]), if somebody else holds one of the documents, or
    /// if the service has one in hand.
    async fn amend(&self, amended: &Amended, now: Timestamp) -> Result<(), StoreError>;

    /// What waits in queues, the most urgent first.
    async fn queue(&self, filter: &QueueFilter) -> Result<Vec<QueueItem>, StoreError>;

    /// Who works on a document.
    async fn held(&self, document: &DocumentRef) -> Result<Option<Held>, StoreError>;

    /// A person takes a document of a queue; of two who try one gets it, and the
    /// other is told by whom it is held. `take_over` takes it from whoever has it,
    /// which the history tells.
    async fn hold(
        &self,
        document: &DocumentRef,
        by: &str,
        take_over: bool,
        now: Timestamp,
    ) -> Result<Held, StoreError>;

    /// Whoever holds a document gives it back.
    async fn give_back(
        &self,
        document: &DocumentRef,
        by: &str,
        now: Timestamp,
    ) -> Result<(), StoreError>;

    /// What happened to a document, oldest first.
    async fn history(&self, reference: &DocumentRef) -> Result<Vec<HistoryEntry>, StoreError>;

    /// Opens a case that no document opened, such as one taken down in a call.
    /// [`StoreError::CaseExists`] if its reference is taken.
    async fn open_case(&self, case: &CaseRecord) -> Result<(), StoreError>;

    /// Takes in what the case system says of its cases, known by its own
    /// numbers: all rows or none. A row that says what it said the last time
    /// changes nothing, whatever has been learnt of the case since; one that
    /// says something else is believed. [`StoreError::CaseNumbers`] if rows
    /// mean one case twice, or one row means two.
    async fn import_cases(&self, rows: &[ImportedCase]) -> Result<CasesImported, StoreError>;

    /// Cases that have one of these keys, to be told apart by
    /// [`match_cases`](crate::decide::register::match_cases). No more than a
    /// few dozen of each key, newest first.
    async fn case_candidates(&self, keys: &CaseKeys) -> Result<Vec<CaseRecord>, StoreError>;

    /// One case.
    async fn case(&self, reference: &CaseRef) -> Result<Option<CaseRecord>, StoreError>;

    /// Cases, the one opened last first, at most `limit` of them.
    async fn cases(&self, filter: &CaseFilter, limit: u32) -> Result<Vec<CaseRecord>, StoreError>;

    /// The documents of a case, in order of arrival.
    async fn case_documents(&self, case: &CaseRef) -> Result<Vec<DocumentRef>, StoreError>;

    /// Counts for `intake status`.
    async fn status(&self, now: Timestamp) -> Result<StatusCounts, StoreError>;

    /// A write and a read, for `intake doctor`.
    async fn check(&self) -> Result<(), StoreError>;
}
