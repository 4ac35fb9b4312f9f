//! `intake process`: the journey without a store, for one file at a time.

use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::custody::BlobOriginals;
use super::journey::{Concluded, Found, Journey, Judged, Known, Read};
use super::readings::Readings;
use super::sheaf::Sheaf;
use crate::assemble::{self, DocumentFacts, ModelDigests, Summary, Timing};
use crate::config::Knowledge;
use crate::decide::disposition::Disposition;
use crate::decode::pages::{Inventory, MediaType};
use crate::directory::{Directory, DirectoryError};
use crate::extract::findings::Extracted;
use crate::reader::{Pool, PoolConfig, ReaderError};
use crate::receive::received::Context;
use crate::recognize::recognized::{Method, Recognized};
use crate::store::{Blobs, MemoryBlobs, StoreError};
use crate::vocab::{Note, PageNumber, Sha256Digest};

/// Processes files one at a time, keeping nothing.
pub struct OneShot {
    journey: Journey,
    blobs: Arc<MemoryBlobs>,
}

/// A processed file.
#[derive(Clone, Debug)]
pub struct Processed {
    /// `intake.result/1`.
    pub result: Value,
    /// For the table on a terminal and for the exit code.
    pub disposition: Disposition,
    /// Whether every page could be read.
    pub all_pages_read: bool,
    /// Why it could not be processed, if it could not: no fault of what is in
    /// it.
    pub failed: Option<String>,
    /// What a packet is made of.
    material: Material,
}

#[derive(Clone, Debug)]
struct Material {
    summary: Summary,
    recognized: Recognized,
    file: Option<Sha256Digest>,
}

/// Why a file could not be processed at all.
#[derive(Debug, thiserror::Error)]
pub enum OneShotError {
    /// The file.
    #[error("{0}")]
    File(#[from] std::io::Error),
    /// Readers, through no fault of the file.
    #[error(transparent)]
    Reader(#[from] ReaderError),
    /// Memory.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A panic. Its message may quote the file and is not kept.
    #[error("a fault in intake itself")]
    Fault,
}

impl OneShotError {
    fn code(&self) -> &'static str {
        match self {
            Self::File(_) => "file.not_opened",
            Self::Reader(_) => "reader.broken",
            Self::Store(_) | Self::Fault => "internal",
        }
    }
}

impl Processed {
    /// What was found, and on how many pages.
    pub fn findings(&self) -> (&Extracted, u32) {
        (&self.material.summary.extracted, self.material.summary.document.pages)
    }
}

impl OneShot {
    /// Starts no reader yet.
    pub fn new(pool: PoolConfig, knowledge: Arc<Knowledge>, zone: TimeZone) -> Self {
        let blobs = Arc::new(MemoryBlobs::default());
        let shared: Arc<dyn Blobs> = blobs.clone();
        let readers = Arc::new(Pool::new(pool, Arc::new(BlobOriginals(shared))));
        Self {
            journey: Journey { readers, knowledge, zone, readings: None, directory: None },
            blobs,
        }
    }

    /// Checks NPIs against the directory imported into a data directory, if
    /// there is one.
    ///
    /// # Errors
    ///
    /// There is one, and it cannot be opened.
    pub async fn with_directory(mut self, data_dir: &Path) -> Result<Self, DirectoryError> {
        self.journey.directory = Directory::open(data_dir).await?;
        Ok(self)
    }

    /// Keeps what readers read in a folder, and reads nothing a second time
    /// that is there already.
    ///
    /// # Errors
    ///
    /// The folder cannot be made, or no reader can say which models it uses.
    pub async fn keeping(mut self, folder: &Path) -> Result<Self, OneShotError> {
        let models = self.journey.readers.models().await?;
        self.journey.readings = Some(Arc::new(Readings::open(folder, models)?));
        Ok(self)
    }

    /// Judges one file on its own.
    pub async fn process(
        &self,
        path: &Path,
        context: &Context,
        received_at: Timestamp,
        program: Option<&str>,
    ) -> Result<Processed, OneShotError> {
        // One byte more than is allowed is enough to be refused.
        let most = self.journey.readers.limits().max_bytes.saturating_add(1);
        let file = std::fs::File::open(path)?;
        let stored = self.blobs.put(Box::new(file.take(most))).await?;
        let mut facts = DocumentFacts {
            sha256: stored.digest,
            media_type: MediaType::Unknown,
            bytes: stored.bytes,
            pages: 0,
            received_at,
        };
        match self.journey.readers.open(stored.digest).await {
            Ok(inventory) => {
                facts.media_type = inventory.media_type;
                facts.pages = inventory.pages;
                self.read_and_conclude(facts, &inventory, context, program).await
            }
            Err(ReaderError::Unreadable { code, message }) => {
                self.refuse(facts, &code, &message).await
            }
            Err(e @ (ReaderError::Crashed | ReaderError::TimedOut(_))) => {
                let message = format!("The file stops its reader: {e}.");
                self.refuse(facts, "file.reader_stopped", &message).await
            }
            Err(e @ (ReaderError::Original(_) | ReaderError::Broken(_))) => Err(e.into()),
        }
    }

    /// The result of a file that was not there, or that could not be processed
    /// for no fault of its own: nothing is known of it, and it has its line all
    /// the same.
    pub fn failed(&self, error: &OneShotError, received_at: Timestamp) -> Processed {
        let facts = DocumentFacts {
            sha256: Sha256Digest::of(&[]),
            media_type: MediaType::Unknown,
            bytes: 0,
            pages: 0,
            received_at,
        };
        let message = format!("The file could not be processed: {error}.");
        let inputs = self.journey.unopened(error.code(), &message, None);
        let concluded = self.journey.refuse(&inputs);
        let (pages, timing) = (Recognized::default(), Timing::default());
        let no_models = Sha256Digest::of(&[]);
        let mut processed = self.processed(facts, pages, concluded, no_models, timing, &[]);
        processed.result["document"]["sha256"] = Value::Null;
        processed.failed = Some(format!("{error} [{}]", error.code()));
        processed
    }

    /// The packet of a processed file.
    pub async fn packet(&self, processed: &Processed) -> Result<Vec<u8>, OneShotError> {
        let Material { summary, recognized, file } = processed.material.clone();
        Ok(self.journey.readers.bind(file, None, summary, recognized.pages).await?)
    }

    /// Lets go of the bytes of a file.
    pub fn forget(&self, processed: &Processed) {
        if let Some(file) = processed.material.file {
            self.blobs.remove(file);
        }
    }

    async fn read_and_conclude(
        &self,
        facts: DocumentFacts,
        inventory: &Inventory,
        context: &Context,
        program: Option<&str>,
    ) -> Result<Processed, OneShotError> {
        let numbers = (1..=inventory.pages).filter_map(PageNumber::new);
        let reading = numbers.map(|number| {
            let journey = self.journey.clone();
            tokio::spawn(async move { journey.read_page(facts.sha256, number).await })
        });
        let mut timing = Timing::default();
        let mut recognized = Recognized::default();
        let mut models = Sha256Digest::of(&[]);
        for page in reading.collect::<Vec<_>>() {
            let page = page.await.map_err(|_| OneShotError::Fault)??;
            timing.decode += page.decode_ms;
            timing.recognize += page.recognize_ms;
            models = page.models;
            recognized.pages.push(page.page);
        }
        let sheaf = Sheaf::of(facts.sha256, recognized);
        let read = Read { sheaf: &sheaf, context, received_at: facts.received_at };
        let found = self.journey.find(read).await;
        let known = Known { forced_program: program, ..Known::default() };
        let Judged { disposition, decide_ms, .. } = self.journey.judge(read, &found, known);
        let Found { extracted, extract_ms, .. } = found;
        timing.extract = extract_ms;
        timing.decide = decide_ms;
        timing.total = timing.decode + timing.recognize + timing.extract + timing.decide;
        let concluded = Concluded { extracted, disposition, extract_ms, decide_ms };
        let recognized = sheaf.into_pages();
        Ok(self.processed(facts, recognized, concluded, models, timing, &inventory.notes))
    }

    async fn refuse(
        &self,
        facts: DocumentFacts,
        code: &str,
        message: &str,
    ) -> Result<Processed, OneShotError> {
        let inputs = self.journey.unopened(code, message, None);
        let concluded = self.journey.refuse(&inputs);
        let models = self.journey.readers.models().await?;
        let (pages, timing) = (Recognized::default(), Timing::default());
        Ok(self.processed(facts, pages, concluded, models, timing, &[]))
    }

    fn processed(
        &self,
        facts: DocumentFacts,
        recognized: Recognized,
        concluded: Concluded,
        ocr: Sha256Digest,
        timing: Timing,
        notes: &[Note],
    ) -> Processed {
        let Concluded { extracted, disposition, .. } = concluded;
        let result = assemble::result(&assemble::Outcome {
            document: &facts,
            recognized: &recognized,
            extracted: &extracted,
            disposition: &disposition,
            models: &ModelDigests { codes: self.journey.knowledge.codes_digest, ocr },
            timing_ms: &timing,
            notes,
        });
        let of_pages = recognized.pages.iter().flat_map(|page| page.notes.iter().cloned());
        let all_notes =
            notes.iter().cloned().chain(of_pages).chain(extracted.notes.iter().cloned()).collect();
        Processed {
            result,
            disposition: disposition.clone(),
            failed: None,
            all_pages_read: recognized.pages.iter().all(|p| p.method != Method::Unreadable),
            material: Material {
                file: (facts.pages > 0).then_some(facts.sha256),
                summary: Summary {
                    reference: None,
                    case: None,
                    document: facts,
                    extracted,
                    disposition,
                    notes: all_notes,
                },
                recognized,
            },
        }
    }
}
