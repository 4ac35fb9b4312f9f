//! [`Store`] on SQLite: WAL, foreign keys, `synchronous=FULL`.
//!
//! One connection writes, because several SQLite writers stall each other; a
//! few read. Other processes (`intake submit`, `intake status`) may work on
//! the same file: every writing transaction begins IMMEDIATE and waits for
//! its turn.

mod decisions;
mod desk;
mod outbox;
mod parts;
mod queries;
mod register;
mod rows;
mod work;

use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions, Sqlite, Transaction};

use super::{
    Admission, Admitted, Amended, Arrival, CaseFilter, CasesImported, Claim, Decided,
    DecisionRecord, DocumentRecord, Held, ImportedCase, MailClaim, PageRecord, Placed, QueueFilter,
    QueueItem, StatusCounts, Store, StoreError, Triaged,
};
use crate::assemble::HistoryEntry;
use crate::decide::recorded::ModelText;
use crate::decide::register::{CaseKeys, CaseRecord};
use crate::decode::pages::Inventory;
use crate::vocab::{CaseRef, DocumentRef, PageNumber, Sha256Digest, SubmissionRef};

/// How long a writer waits for another process's transaction.
const BUSY_TIMEOUT: Duration = Duration::from_secs(20);
/// Connections that only read.
const READERS: u32 = 4;

/// The embedded database.
#[derive(Clone, Debug)]
pub struct SqliteStore {
    writer: SqlitePool,
    reader: SqlitePool,
}

impl SqliteStore {
    /// Opens or makes the database file (0600) and brings its schema up to
    /// date.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        let failed = |source| StoreError::Blob { what: "making the database file", source };
        let _alone = alone(path).await.map_err(failed)?;
        make_file(path).map_err(failed)?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            // Statements say nothing that an operator could use.
            .disable_statement_logging();
        let writer =
            SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await?;
        sqlx::migrate!("src/store/migrations").run(&writer).await?;
        let reader =
            SqlitePoolOptions::new().max_connections(READERS).connect_with(options).await?;
        let store = Self { writer, reader };
        let mut tx = store.begin().await?;
        register::fill_in(&mut tx).await?;
        tx.commit().await?;
        Ok(store)
    }

    async fn begin(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }
}

/// Waits until no other process is opening the database. Two that come first
/// at the same moment would both apply the migrations, for which sqlx takes no
/// lock on SQLite; and SQLite does not wait for the change to WAL.
async fn alone(path: &Path) -> std::io::Result<std::fs::File> {
    let path = path.with_extension("opening");
    let waiting = tokio::task::spawn_blocking(move || {
        let mut options = std::fs::OpenOptions::new();
        let file = options.write(true).create(true).truncate(false).mode(0o600).open(path)?;
        file.lock().map(|()| file)
    });
    waiting.await.map_err(|_| std::io::ErrorKind::Other)?
}

/// Makes the file where it is missing. SQLite gives its -wal and -shm files
/// the mode of the database file, so it has to be right before the first
/// connection. A file that is there is not opened: closing it would let go of
/// the locks of every connection in this process.
fn make_file(path: &Path) -> std::io::Result<()> {
    match std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Err(e) if e.kind() != std::io::ErrorKind::AlreadyExists => Err(e),
        Ok(_) | Err(_) => Ok(()),
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn admit(&self, admission: &Admission) -> Result<Admitted, StoreError> {
        let mut tx = self.begin().await?;
        let admitted = work::admit(&mut tx, admission).await?;
        tx.commit().await?;
        Ok(admitted)
    }

    async fn forget_arrival(&self, arrival: &Arrival) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        work::forget_arrival(&mut tx, arrival).await?;
        Ok(tx.commit().await?)
    }

    async fn claim(&self, now: Timestamp, until: Timestamp) -> Result<Option<Claim>, StoreError> {
        let mut tx = self.begin().await?;
        let claim = work::claim(&mut tx, now, until).await?;
        tx.commit().await?;
        Ok(claim)
    }

    async fn extend(&self, claim: &Claim, until: Timestamp) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        work::extend(&mut tx, claim, until).await?;
        Ok(tx.commit().await?)
    }

    async fn retry(&self, claim: &Claim, again_at: Timestamp, why: &str) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        work::retry(&mut tx, claim, again_at, why).await?;
        Ok(tx.commit().await?)
    }

    async fn void_leases(&self) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query("UPDATE work SET leased_until = NULL").execute(&mut *tx).await?;
        sqlx::query("UPDATE outbox SET leased_until = NULL").execute(&mut *tx).await?;
        Ok(tx.commit().await?)
    }

    async fn finish_open(
        &self,
        claim: &Claim,
        inventory: &Inventory,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        work::finish_open(&mut tx, claim, inventory, now).await?;
        Ok(tx.commit().await?)
    }

    async fn finish_page(
        &self,
        claim: &Claim,
        page: &PageRecord,
        triaged: &Triaged,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        work::finish_page(&mut tx, claim, page, triaged, now).await?;
        Ok(tx.commit().await?)
    }

    async fn finish_decide(
        &self,
        claim: &Claim,
        decided: &[Decided],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        work::finish_decide(&mut tx, claim, decided, now).await?;
        Ok(tx.commit().await?)
    }

    async fn surrender(
        &self,
        claim: &Claim,
        decided: &Decided,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        work::surrender(&mut tx, claim, decided, now).await?;
        Ok(tx.commit().await?)
    }

    async fn finish_deliver(
        &self,
        claim: &Claim,
        path: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        work::finish_deliver(&mut tx, claim, path, now).await?;
        Ok(tx.commit().await?)
    }

    async fn claim_mail(
        &self,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<MailClaim>, StoreError> {
        let mut tx = self.begin().await?;
        let claim = outbox::claim(&mut tx, now, until).await?;
        tx.commit().await?;
        Ok(claim)
    }

    async fn mail_sent(
        &self,
        claim: &MailClaim,
        receipt: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        outbox::sent(&mut tx, claim, receipt, now).await?;
        Ok(tx.commit().await?)
    }

    async fn mail_refused(
        &self,
        claim: &MailClaim,
        again_at: Option<Timestamp>,
        why: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        outbox::refused(&mut tx, claim, again_at, why, now).await?;
        Ok(tx.commit().await?)
    }

    async fn document(
        &self,
        reference: &DocumentRef,
    ) -> Result<Option<DocumentRecord>, StoreError> {
        queries::document(&self.reader, reference).await
    }

    async fn submission(
        &self,
        submission: &SubmissionRef,
    ) -> Result<Vec<DocumentRecord>, StoreError> {
        queries::submission(&self.reader, submission).await
    }

    async fn uploaded(
        &self,
        submission: &SubmissionRef,
    ) -> Result<Vec<DocumentRecord>, StoreError> {
        queries::uploaded(&self.reader, submission).await
    }

    async fn decided_with_bytes(
        &self,
        bytes: Sha256Digest,
    ) -> Result<Vec<DocumentRecord>, StoreError> {
        queries::decided_with_bytes(&self.reader, bytes).await
    }

    async fn documents(&self) -> Result<Vec<DocumentRecord>, StoreError> {
        queries::documents(&self.reader).await
    }

    async fn pages(&self, reference: &DocumentRef) -> Result<Vec<PageRecord>, StoreError> {
        queries::pages(&self.reader, reference).await
    }

    async fn page_of_bytes(
        &self,
        bytes: Sha256Digest,
        number: PageNumber,
        way: Sha256Digest,
    ) -> Result<Option<PageRecord>, StoreError> {
        queries::page_of_bytes(&self.reader, bytes, number, way).await
    }

    async fn decisions(&self, document: &DocumentRef) -> Result<Vec<DecisionRecord>, StoreError> {
        decisions::of(&self.reader, document).await
    }

    async fn places(&self, document: &DocumentRef) -> Result<Vec<Placed>, StoreError> {
        decisions::places(&self.reader, document).await
    }

    async fn keep_models(&self, models: &[ModelText]) -> Result<(), StoreError> {
        let missing = decisions::models_missing(&self.reader, models).await?;
        if missing.is_empty() {
            return Ok(());
        }
        let mut tx = self.begin().await?;
        decisions::keep_models(&mut tx, &missing).await?;
        Ok(tx.commit().await?)
    }

    async fn model(&self, digest: Sha256Digest) -> Result<Option<String>, StoreError> {
        decisions::model(&self.reader, digest).await
    }

    async fn amend(&self, amended: &Amended, now: Timestamp) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        desk::amend(&mut tx, amended, now).await?;
        Ok(tx.commit().await?)
    }

    async fn queue(&self, filter: &QueueFilter) -> Result<Vec<QueueItem>, StoreError> {
        desk::queue(&self.reader, filter).await
    }

    async fn held(&self, document: &DocumentRef) -> Result<Option<Held>, StoreError> {
        desk::held_by(&self.reader, document).await
    }

    async fn hold(
        &self,
        document: &DocumentRef,
        by: &str,
        take_over: bool,
        now: Timestamp,
    ) -> Result<Held, StoreError> {
        let mut tx = self.begin().await?;
        let held = desk::take(&mut tx, document, by, take_over, now).await?;
        tx.commit().await?;
        Ok(held)
    }

    async fn give_back(
        &self,
        document: &DocumentRef,
        by: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        desk::give_back(&mut tx, document, by, now).await?;
        Ok(tx.commit().await?)
    }

    async fn history(&self, reference: &DocumentRef) -> Result<Vec<HistoryEntry>, StoreError> {
        queries::history(&self.reader, reference).await
    }

    async fn open_case(&self, case: &CaseRecord) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        register::open(&mut tx, case).await?;
        Ok(tx.commit().await?)
    }

    async fn import_cases(&self, rows: &[ImportedCase]) -> Result<CasesImported, StoreError> {
        // Before it is anybody's turn.
        let digests: Vec<Sha256Digest> = rows.iter().map(register::digest).collect();
        let mut tx = self.begin().await?;
        let imported = register::import(&mut tx, rows, &digests).await?;
        tx.commit().await?;
        Ok(imported)
    }

    async fn case_candidates(&self, keys: &CaseKeys) -> Result<Vec<CaseRecord>, StoreError> {
        register::candidates(&self.reader, keys).await
    }

    async fn case(&self, reference: &CaseRef) -> Result<Option<CaseRecord>, StoreError> {
        register::case(&self.reader, reference).await
    }

    async fn cases(&self, filter: &CaseFilter, limit: u32) -> Result<Vec<CaseRecord>, StoreError> {
        register::cases(&self.reader, filter, limit).await
    }

    async fn case_documents(&self, case: &CaseRef) -> Result<Vec<DocumentRef>, StoreError> {
        register::documents(&self.reader, case).await
    }

    async fn status(&self, now: Timestamp) -> Result<StatusCounts, StoreError> {
        queries::status(&self.reader, now).await
    }

    async fn check(&self) -> Result<(), StoreError> {
        // A real write transaction, rolled back.
        let mut tx = self.begin().await?;
        sqlx::query("CREATE TABLE doctor (x INTEGER) STRICT").execute(&mut *tx).await?;
        Ok(tx.rollback().await?)
    }
}
