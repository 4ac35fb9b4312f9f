//! One worker: leases a piece of work, does it, commits what came of it.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::{Notify, watch};
use tracing::Instrument;

use super::journey::{Concluded, Journey, Read};
use super::{notices, record, references};
use crate::assemble::ModelDigests;
use crate::assemble::packet::Packet;
use crate::decide::disposition::Action;
use crate::decode::pages::MediaType;
use crate::deliver::{self, Delivery, Destination, FolderError};
use crate::reader::ReaderError;
use crate::recognize::recognized::Recognized;
use crate::store::{
    Blobs, Claim, DocumentRecord, Job, Outcome, PageRecord, PageTiming, Store, StoreError, Triaged,
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

    async fn do_one(&self, claim: &Claim) {
        let span = tracing::info_span!("work", document = %claim.document, job = ?claim.job);
        async {
            let outcome = tokio::select! {
                outcome = self.work_on(claim) => outcome,
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
        let wait = SignedDuration::try_from(self.retry).unwrap_or(LONGEST_WAIT)
            * (1 << claim.attempts.min(10));
        let again_at = Timestamp::now() + wait.min(LONGEST_WAIT);
        tracing::error!(code = "work.failed", attempts = claim.attempts + 1, error = %error,
            again_at = %again_at, "will be tried again");
        if let Err(e) = self.store.retry(claim, again_at, &error.to_string()).await {
            tracing::error!(code = "store.unavailable", error = %e, "the lease will run out");
        }
    }

    async fn work_on(&self, claim: &Claim) -> Result<(), WorkError> {
        let document = self.store.document(&claim.document).await?;
        let document = document.ok_or_else(|| StoreError::BadName(claim.document.to_string()))?;
        match claim.job {
            Job::Open => self.open(claim, &document).await,
            Job::Read(page) => self.read(claim, &document, page).await,
            Job::Decide => self.decide(claim, &document).await,
            Job::Deliver => self.deliver(claim, &document).await,
        }
    }

    async fn open(&self, claim: &Claim, document: &DocumentRecord) -> Result<(), WorkError> {
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
        let concluded = self.journey.refuse(&code, &message);
        let models = self.models(self.journey.readers.models().await?);
        self.commit(claim, document, concluded, models).await
    }

    async fn read(
        &self,
        claim: &Claim,
        document: &DocumentRecord,
        number: PageNumber,
    ) -> Result<(), WorkError> {
        let reading = self.journey.read_page(document.received.sha256, number).await?;
        let triage = self.journey.triage(
            &reading.page,
            &document.received.context,
            document.received.received_at,
        );
        let now = Timestamp::now();
        let triaged = Triaged {
            lane: triage.lane,
            announce: triage.flagged.then(|| notices::flagged(document, triage.lane, now)),
        };
        let page = PageRecord {
            page: reading.page,
            models: reading.models,
            took: PageTiming { decode_ms: reading.decode_ms, recognize_ms: reading.recognize_ms },
        };
        tracing::info!(page = number.get(), method = ?page.page.method, lane = triage.lane.as_str(),
            ms = reading.recognize_ms, "read");
        Ok(self.store.finish_page(claim, &page, &triaged, now).await?)
    }

    async fn decide(&self, claim: &Claim, document: &DocumentRecord) -> Result<(), WorkError> {
        let pages = self.store.pages(&claim.document).await?;
        let models = self.models(pages.first().map_or(Sha256Digest::of(&[]), |page| page.models));
        let recognized = Recognized { pages: pages.into_iter().map(|page| page.page).collect() };
        let read = Read {
            sha256: document.received.sha256,
            recognized: &recognized,
            context: &document.received.context,
            received_at: document.received.received_at,
        };
        let concluded = self.journey.conclude(read, None).await;
        self.commit(claim, document, concluded, models).await
    }

    async fn commit(
        &self,
        claim: &Claim,
        document: &DocumentRecord,
        concluded: Concluded,
        models: ModelDigests,
    ) -> Result<(), WorkError> {
        let Concluded { extracted, disposition, extract_ms, decide_ms } = concluded;
        let case = (disposition.action == Action::NewCase).then(references::case);
        let now = Timestamp::now();
        let notices = vec![notices::routed(document, &disposition, now)];
        tracing::info!(row = %disposition.row, action = ?disposition.action,
            queue = disposition.queue.map(|q| q.as_str()), lane = disposition.lane.as_str(),
            program = disposition.program.as_deref(), "decided");
        let outcome =
            Outcome { extracted, disposition, case, notices, models, extract_ms, decide_ms };
        Ok(self.store.finish_decide(claim, &outcome, now).await?)
    }

    async fn deliver(&self, claim: &Claim, document: &DocumentRecord) -> Result<(), WorkError> {
        let Some(outcome) = &document.outcome else {
            return Err(StoreError::BadName("a delivery without a decision".into()).into());
        };
        let pages = self.store.pages(&claim.document).await?;
        let history = self.store.history(&claim.document).await?;
        let manifest = record::manifest(document, outcome, &pages, &history);
        let summary = record::summary(document, outcome, &pages);
        let read: Vec<_> = pages.into_iter().map(|page| page.page).collect();
        let file = (document.inventory.is_some() && claim.attempts < BIND_ATTEMPTS)
            .then_some(document.received.sha256);
        let pdf = self.journey.readers.bind(file, summary, read).await?;
        let packet = Packet { pdf: Phi::new(pdf), manifest: Phi::new(manifest) };
        let original = self.blobs.get(document.received.sha256).await?;
        let now = Timestamp::now();
        let placing = {
            let data_dir = self.data_dir.clone();
            let destination = destination(outcome)?;
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
                    original: &original,
                    media_type,
                };
                deliver::place(&data_dir, &delivery, now).map(|_| destination.path(&reference))
            })
        };
        let path = placing.await.map_err(|e| ReaderError::Broken(e.to_string()))??;
        tracing::info!(path = %path.display(), "delivered");
        let path = path.to_string_lossy().into_owned();
        Ok(self.store.finish_deliver(claim, &path, now).await?)
    }

    fn models(&self, ocr: Sha256Digest) -> ModelDigests {
        ModelDigests { codes: self.journey.knowledge.codes_digest, ocr }
    }
}

/// A document of a case lies under it, with its queue listing it; any other
/// lies in its queue.
fn destination(outcome: &Outcome) -> Result<Destination, WorkError> {
    match (&outcome.case, outcome.disposition.queue) {
        (Some(case), queue) => Ok(Destination::Case { case: case.clone(), queue }),
        (None, Some(queue)) => Ok(Destination::Queue(queue)),
        (None, None) => {
            let row = &outcome.disposition.row;
            Err(StoreError::BadName(format!("row {row} with neither case nor queue")).into())
        }
    }
}

fn after(now: Timestamp, wait: Duration) -> Timestamp {
    now + SignedDuration::try_from(wait).unwrap_or(LONGEST_WAIT)
}
