//! One worker: leases a piece of work, does it, commits what came of it.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::{Mutex, Notify, watch};
use tokio::task::JoinSet;
use tracing::{Instrument, Span};

use super::journey::{Concluded, Journey};
use super::{notices, record, with_causes};
use crate::assemble::packet::Packet;
use crate::assemble::{Cut, ModelDigests, Summary};
use crate::decide::recorded::Inputs;
use crate::decode::pages::MediaType;
use crate::decode::{Limits, Unreadable};
use crate::deliver::{self, Delivery, Destination, FolderError};
use crate::reader::{PageReading, ReaderError};
use crate::recognize::recognized::RecognizedPage;
use crate::store::{
    Blobs, Claim, Decided, DocumentRecord, Job, Outcome, PageRecord, PageTiming, Placed, Store,
    StoreError, Triaged,
};
use crate::vocab::{PageNumber, Phi, Sha256Digest};

/// Longest wait before another attempt.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_mins(10);
/// After this many attempts to bind a packet, the document is delivered with
/// the summary alone; its original lies beside it.
const BIND_ATTEMPTS: u32 = 3;
/// After this many attempts to open a file that stops its reader, it goes to
/// the technical queue.
const OPEN_ATTEMPTS: u32 = 2;
/// After this many attempts at what fails because of the document itself (a
/// fault of ours that it brings out, an original that cannot be had, a stored
/// value that cannot be read) it is given up to the technical queue: with the
/// default waits, after ten minutes. What fails because of readers, database
/// or disk is tried until they work again.
const MOST_ATTEMPTS: u32 = 8;
/// Largest original that is copied into the document's folder by way of
/// memory. A larger one stays in the blob store alone.
const MOST_IN_MEMORY: u64 = 1 << 30;
/// How often an idle worker looks for work that another process brought.
const IDLE_LOOK: Duration = Duration::from_secs(1);

/// What all workers share.
pub struct Workshop {
    /// The stations.
    pub journey: Journey,
    /// State.
    pub store: Arc<dyn Store>,
    /// Originals.
    pub blobs: Arc<dyn Blobs>,
    /// Where folders are.
    pub data_dir: PathBuf,
    /// How long a lease lasts without a sign of life.
    pub lease: Duration,
    /// Wait before the second attempt.
    pub retry: Duration,
    /// Held from looking for a document's case until its decision is kept.
    pub deciding: Mutex<()>,
    /// Rung when there may be work.
    pub work: Arc<Notify>,
    /// Rung when there may be mail.
    pub mail: Notify,
}

/// Why a piece of work was not finished.
#[derive(Debug, thiserror::Error)]
pub enum WorkError {
    /// Database or blobs.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Readers, through no fault of this document.
    #[error(transparent)]
    Reader(#[from] ReaderError),
    /// The folder could not be written.
    #[error(transparent)]
    Deliver(#[from] FolderError),
    /// A panic. Its message may quote the document and is not kept.
    #[error("a fault in intake itself")]
    Fault,
}

impl WorkError {
    /// Whether the document is the reason, so that waiting will not help.
    fn lies_in_the_document(&self) -> bool {
        match self {
            Self::Fault => true,
            Self::Store(e) => match e {
                StoreError::Corrupt { .. }
                | StoreError::BadName(_)
                | StoreError::BlobDamaged(_)
                | StoreError::CaseExists(_)
                | StoreError::CaseNumbers { .. }
                | StoreError::NotWaiting(_)
                | StoreError::Held { .. }
                | StoreError::Changed(_)
                | StoreError::BeingWorkedOn(_)
                | StoreError::Blob { .. } => true,
                StoreError::Database(_) | StoreError::Migrate(_) | StoreError::LeaseLost(_) => {
                    false
                }
            },
            Self::Reader(e) => match e {
                ReaderError::Unreadable { .. }
                | ReaderError::Crashed
                | ReaderError::TimedOut(_)
                | ReaderError::Original(_) => true,
                ReaderError::Broken(_) => false,
            },
            Self::Deliver(_) => false,
        }
    }
}

impl Workshop {
    /// Works until `stop` turns true; what is leased then is finished first.
    pub async fn run(self: Arc<Self>, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            match self.next().await {
                Ok(Some(claim)) => self.do_one(&claim).await,
                Ok(None) => {
                    tokio::select! {
                        () = self.work.notified() => {}
                        () = tokio::time::sleep(IDLE_LOOK) => {}
                        _ = stop.changed() => {}
                    }
                }
                Err(e) => {
                    tracing::error!(code = "store.unavailable", error = %e,
                        "no work can be taken; trying again");
                    tokio::time::sleep(self.retry).await;
                }
            }
        }
    }

    async fn next(&self) -> Result<Option<Claim>, StoreError> {
        let now = Timestamp::now();
        self.store.claim(now, after(now, self.lease)).await
    }

    async fn do_one(self: &Arc<Self>, claim: &Claim) {
        let span = tracing::info_span!("work", document = %claim.document, job = ?claim.job);
        async {
            // A task of its own: a panic over one document must not take the
            // worker with it. Dropped, the set ends it.
            let mut working = JoinSet::new();
            let (workshop, held) = (Arc::clone(self), claim.clone());
            working.spawn(async move { workshop.work_on(&held).await }.instrument(Span::current()));
            let outcome = tokio::select! {
                Some(ended) = working.join_next() => {
                    ended.unwrap_or(Err(WorkError::Fault))
                }
                lost = self.keep_alive(claim) => Err(lost.into()),
            };
            // There is more to do for this document, or mail to send.
            self.work.notify_one();
            self.mail.notify_one();
            if let Err(e) = outcome {
                self.give_up(claim, e).await;
            }
        }
        .instrument(span)
        .await;
    }

    /// Extends the lease again and again; returns only when it is lost.
    async fn keep_alive(&self, claim: &Claim) -> StoreError {
        loop {
            tokio::time::sleep(self.lease / 3).await;
            match self.store.extend(claim, after(Timestamp::now(), self.lease)).await {
                Ok(()) => {}
                Err(e @ StoreError::LeaseLost(_)) => return e,
                Err(e) => tracing::warn!(code = "store.lease", error = %e, "lease not extended"),
            }
        }
    }

    async fn give_up(&self, claim: &Claim, error: WorkError) {
        if matches!(error, WorkError::Store(StoreError::LeaseLost(_))) {
            tracing::warn!(code = "work.lease_lost", "another worker has taken over");
            return;
        }
        if claim.attempts + 1 >= MOST_ATTEMPTS && error.lies_in_the_document() {
            match self.surrender(claim, &error).await {
                Ok(()) => return,
                Err(e) => {
                    tracing::error!(code = "work.surrender", error = %e, "cannot be given up");
                }
            }
        }
        let wait = SignedDuration::try_from(self.retry).unwrap_or(LONGEST_WAIT)
            * (1 << claim.attempts.min(10));
        let again_at = Timestamp::now() + wait.min(LONGEST_WAIT);
        tracing::error!(code = "work.failed", attempts = claim.attempts + 1, error = with_causes(&error),
            again_at = %again_at, "will be tried again");
        if let Err(e) = self.store.retry(claim, again_at, &error.to_string()).await {
            tracing::error!(code = "store.unavailable", error = %e, "the lease will run out");
        }
    }

    /// The document goes to the technical queue as it came (promise P2).
    async fn surrender(&self, claim: &Claim, error: &WorkError) -> Result<(), WorkError> {
        tracing::error!(
            code = "work.given_up",
            attempts = claim.attempts + 1,
            error = with_causes(error),
            "the document goes to the technical queue"
        );
        let document = self.document(claim).await?;
        let message = format!("The document could not be worked on: {error}.");
        // What a page has shown before stays true.
        let inputs = self.journey.unopened("work.given_up", &message, Some(document.lane));
        let concluded = self.journey.refuse(&inputs);
        let outcome = self.outcome(&document, concluded, self.models(Sha256Digest::of(&[])));
        let document = claim.document.clone();
        let decided = Decided { document, part: None, inputs, outcome, opens: None };
        self.store.keep_models(self.journey.knowledge.deciding.texts()).await?;
        Ok(self.store.surrender(claim, &decided, Timestamp::now()).await?)
    }

    async fn document(&self, claim: &Claim) -> Result<DocumentRecord, StoreError> {
        let document = self.store.document(&claim.document).await?;
        document.ok_or_else(|| StoreError::BadName(claim.document.to_string()))
    }

    pub(super) async fn work_on(&self, claim: &Claim) -> Result<(), WorkError> {
        let document = self.document(claim).await?;
        match claim.job {
            Job::Open => self.open(claim, &document).await,
            Job::Read(page) => self.read(claim, &document, page).await,
            Job::Decide => self.decide(claim, &document.received.submission).await,
            Job::Deliver => self.deliver(claim, &document).await,
        }
    }

    async fn open(&self, claim: &Claim, document: &DocumentRecord) -> Result<(), WorkError> {
        // Not even fetched: it would have to fit into our own memory.
        if let Err(too_large) = allowed(document.received.bytes, self.journey.readers.limits()) {
            let inputs = self.journey.unopened(too_large.code(), &too_large.to_string(), None);
            let models = self.models(Sha256Digest::of(&[]));
            return self.refuse(claim, document, inputs, models).await;
        }
        let (code, message) = match self.journey.readers.open(document.received.sha256).await {
            Ok(inventory) => {
                tracing::info!(
                    pages = inventory.pages,
                    media = inventory.media_type.as_str(),
                    "opened"
                );
                return Ok(self.store.finish_open(claim, &inventory, Timestamp::now()).await?);
            }
            Err(ReaderError::Unreadable { code, message }) => (code, message),
            Err(e @ (ReaderError::Crashed | ReaderError::TimedOut(_)))
                if claim.attempts + 1 >= OPEN_ATTEMPTS =>
            {
                ("file.reader_stopped".to_owned(), format!("The file stops its reader: {e}."))
            }
            Err(e) => return Err(e.into()),
        };
        tracing::info!(code, "cannot be opened");
        let models = self.models(self.journey.readers.models().await?);
        self.refuse(claim, document, self.journey.unopened(&code, &message, None), models).await
    }

    async fn read(
        &self,
        claim: &Claim,
        document: &DocumentRecord,
        number: PageNumber,
    ) -> Result<(), WorkError> {
        let file = document.received.sha256;
        let way = self.journey.readers.way().await;
        let known = self.known(file, number, way).await?;
        let reused = known.is_some();
        let page = match known {
            Some(page) => page,
            None => {
                let reading = self.journey.read_page(file, number).await?;
                let PageReading { page, models, decode_ms, recognize_ms } = reading;
                PageRecord { page, models, way, took: PageTiming { decode_ms, recognize_ms } }
            }
        };
        let triage = self.journey.triage(
            &page.page,
            &document.received.context,
            document.received.received_at,
        );
        let now = Timestamp::now();
        let triaged = Triaged {
            lane: triage.lane,
            announce: triage.flagged.then(|| notices::flagged(document, &triage, now)),
        };
        tracing::info!(page = number.get(), method = ?page.page.method, lane = triage.lane.as_str(),
            ms = page.took.recognize_ms, reused, "read");
        Ok(self.store.finish_page(claim, &page, &triaged, now).await?)
    }

    /// This page of a document that came before with the same bytes: a fax
    /// sent again costs nothing. We digest the bytes ourselves, when they
    /// arrive; what readers say of pages is no reason to take one for another.
    async fn known(
        &self,
        file: Sha256Digest,
        number: PageNumber,
        way: Option<Sha256Digest>,
    ) -> Result<Option<PageRecord>, StoreError> {
        let Some(way) = way else { return Ok(None) };
        let before = match self.store.page_of_bytes(file, number, way).await {
            // It can be read again; what another version wrote cannot stop it.
            Err(StoreError::Corrupt { .. }) => None,
            other => other?,
        };
        let settled = before.filter(|before| before.page.is_settled());
        Ok(settled.map(|before| PageRecord { took: PageTiming::default(), ..before }))
    }

    /// A file that could not be opened is decided alone, and at once.
    async fn refuse(
        &self,
        claim: &Claim,
        document: &DocumentRecord,
        inputs: Inputs,
        models: ModelDigests,
    ) -> Result<(), WorkError> {
        let outcome = self.outcome(document, self.journey.refuse(&inputs), models);
        let document = claim.document.clone();
        let decided = Decided { document, part: None, inputs, outcome, opens: None };
        self.store.keep_models(self.journey.knowledge.deciding.texts()).await?;
        Ok(self.store.finish_decide(claim, &[decided], Timestamp::now()).await?)
    }

    pub(super) fn outcome(
        &self,
        document: &DocumentRecord,
        concluded: Concluded,
        models: ModelDigests,
    ) -> Outcome {
        let Concluded { extracted, disposition, extract_ms, decide_ms } = concluded;
        // What waits for nobody is told to nobody.
        let waits = disposition.queue.is_some();
        let notices = waits.then(|| notices::routed(document, &disposition, Timestamp::now()));
        tracing::info!(row = %disposition.row, action = ?disposition.action,
            queue = disposition.queue.map(|q| q.as_str()), lane = disposition.lane.as_str(),
            program = disposition.program.as_deref(), "decided");
        let case = disposition.case.clone();
        let notices = notices.into_iter().collect();
        Outcome {
            extracted,
            disposition,
            case,
            hold: None,
            notices,
            models,
            corrections: Vec::new(),
            closed: None,
            extract_ms,
            decide_ms,
        }
    }

    async fn deliver(&self, claim: &Claim, document: &DocumentRecord) -> Result<(), WorkError> {
        let Some(outcome) = &document.outcome else {
            return Err(StoreError::BadName("a delivery without a decision".into()).into());
        };
        let pages = self.store.pages(&claim.document).await?;
        let history = self.store.history(&claim.document).await?;
        let manifest = record::manifest(document, outcome, &pages, &history);
        let summary = record::summary(document, outcome, &pages);
        let read = pages.into_iter().map(|page| page.page).collect();
        let pdf = self.bind(claim, document, summary, read).await?;
        let packet = Packet { pdf: Phi::new(pdf), manifest: Phi::new(manifest) };
        // The file of a part speaks of others too, and stays in the blob store.
        let original = match document.part_of {
            Some(_) => None,
            None => self.original(claim, document).await?,
        };
        let now = Timestamp::now();
        let placing = {
            let data_dir = self.data_dir.clone();
            let destination = destination(outcome);
            let earlier: Vec<Destination> =
                self.store.places(&claim.document).await?.iter().map(where_placed).collect();
            let reference = claim.document.clone();
            let lane = outcome.disposition.lane;
            let media_type =
                document.inventory.as_ref().map_or(MediaType::Unknown, |i| i.media_type);
            tokio::task::spawn_blocking(move || {
                let delivery = Delivery {
                    document: &reference,
                    destination: &destination,
                    lane,
                    packet: &packet,
                    original: original.as_deref(),
                    media_type,
                };
                deliver::place(&data_dir, &delivery, now)?;
                // Only now: at no time does it stand nowhere.
                deliver::leave(&data_dir, &reference, &earlier, &destination)?;
                Ok::<_, FolderError>(destination.path(&reference))
            })
        };
        let path = placing.await.map_err(|_| WorkError::Fault)??;
        tracing::info!(path = %path.display(), "delivered");
        let path = path.to_string_lossy().into_owned();
        Ok(self.store.finish_deliver(claim, &path, now).await?)
    }

    /// The packet; the summary alone if the pages have stopped their reader
    /// again and again, or if there are none.
    async fn bind(
        &self,
        claim: &Claim,
        document: &DocumentRecord,
        summary: Summary,
        pages: Vec<RecognizedPage>,
    ) -> Result<Vec<u8>, ReaderError> {
        let readers = &self.journey.readers;
        if pages.is_empty() {
            return readers.bind(None, None, summary, pages).await;
        }
        let cut =
            document.part_of.as_ref().map(|part| Cut { pages: part.pages.clone(), of: part.of });
        let file = Some(document.received.sha256);
        match readers.bind(file, cut, summary.clone(), pages.clone()).await {
            // Only a failure to bind counts: an attempt may have failed for
            // want of room for the folder.
            Err(e) if claim.attempts + 1 >= BIND_ATTEMPTS => {
                tracing::error!(code = "packet.summary_only", error = %e,
                    "the pages cannot be bound; the packet is its summary alone");
                readers.bind(None, None, summary, pages).await
            }
            other => other,
        }
    }

    /// The original's bytes. One that is lost does not keep the rest from
    /// reaching a person.
    async fn original(
        &self,
        claim: &Claim,
        document: &DocumentRecord,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        if document.received.bytes > MOST_IN_MEMORY {
            tracing::warn!(code = "original.large", sha256 = %document.received.sha256,
                "the original is too large to be copied and stays in the blob store");
            return Ok(None);
        }
        match self.blobs.get(document.received.sha256).await {
            Ok(bytes) => Ok(Some(bytes)),
            Err(e) if claim.attempts + 1 >= BIND_ATTEMPTS => {
                tracing::error!(code = "original.lost", error = %e,
                    "the document is delivered without its original");
                Ok(None)
            }
            Err(e) => Err(e),
        }
    }

    pub(super) fn models(&self, ocr: Sha256Digest) -> ModelDigests {
        ModelDigests { codes: self.journey.knowledge.codes_digest, ocr }
    }
}

/// Where a decided document goes.
pub(super) fn destination(outcome: &Outcome) -> Destination {
    where_placed(&Placed {
        case: outcome.case.clone(),
        queue: outcome.disposition.queue,
        closed: outcome.closed.is_some(),
    })
}

/// A document of a case lies under it, with its queue listing it; one that
/// waits for nobody and belongs to no case is set aside, or lies with what people
/// have closed; any other lies in its queue.
fn where_placed(placed: &Placed) -> Destination {
    let queue = placed.queue.filter(|_| !placed.closed);
    match (&placed.case, queue) {
        (Some(case), queue) => Destination::Case { case: case.clone(), queue },
        (None, Some(queue)) => Destination::Queue(queue),
        (None, None) if placed.closed => Destination::Closed,
        (None, None) => Destination::SetAside,
    }
}

fn after(now: Timestamp, wait: Duration) -> Timestamp {
    now + SignedDuration::try_from(wait).unwrap_or(LONGEST_WAIT)
}

/// Holds a file's length against the limit, as `decode` would once it had the
/// bytes.
fn allowed(bytes: u64, limits: &Limits) -> Result<(), Unreadable> {
    let limit = limits.max_bytes;
    if bytes > limit { Err(Unreadable::TooManyBytes { limit }) } else { Ok(()) }
}

#[cfg(test)]
pub(super) mod tests;
