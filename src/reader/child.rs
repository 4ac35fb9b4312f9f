//! The reader's side.

use std::io;
use std::time::Instant;

use rustix::process::{Resource, Rlimit, Signal, set_parent_process_death_signal, setrlimit};

use super::protocol::{self, Reply, Request};
use crate::assemble::{AssembleError, Binder, Summary};
use crate::decode::pages::MediaType;
use crate::decode::{self, Document, Limits, Unreadable};
use crate::recognize::recognized::{RecognizedPage, Rotation};
use crate::recognize::{self, Effort, Recognizer, manifest};
use crate::vocab::{Answer, PageNumber, Question};

/// Serves requests from standard input until it closes. `memory_mib` bounds
/// the address space of this process.
pub fn serve(memory_mib: u64) -> io::Result<()> {
    confine(memory_mib)?;
    // One thread for everything: a reader works on one page at a time.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let (mut input, mut output) = (tokio::io::stdin(), tokio::io::stdout());
        let mut reader = Reader::default();
        loop {
            let (request, payload) = match protocol::receive(&mut input).await {
                Ok(frame) => frame,
                Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => return Ok(()),
                Err(e) => return Err(e),
            };
            let (reply, payload) = reader.answer_request(request, payload);
            protocol::send(&mut output, &reply, &payload).await?;
        }
    })
}

/// The first walls: memory, no files written, no core dumps (they would hold a patient's
/// pages), no life without the parent.
fn confine(memory_mib: u64) -> io::Result<()> {
    let bytes = memory_mib.saturating_mul(1 << 20);
    setrlimit(Resource::As, Rlimit { current: Some(bytes), maximum: Some(bytes) })?;
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    setrlimit(Resource::Core, none)?;
    // It writes to its pipe only.
    setrlimit(Resource::Fsize, none)?;
    set_parent_process_death_signal(Some(Signal::KILL))?;
    Ok(())
}

/// What a reader keeps between requests.
#[derive(Default)]
struct Reader {
    limits: Limits,
    recognizer: Option<Recognizer>,
    file: Option<(Vec<u8>, Document)>,
}

impl Reader {
    fn answer_request(&mut self, request: Request, payload: Vec<u8>) -> (Reply, Vec<u8>) {
        let reply = match request {
            Request::Start { limits, ocr, manifest } => self.start(limits, &ocr, &manifest),
            Request::Open => self.open(payload),
            Request::Read { page } => self.read(page),
            Request::Answer { page, rotation, questions } => self.look(page, rotation, &questions),
            Request::Bind { summary, pages } => match self.bind(&summary, &pages) {
                Ok(packet) => return (Reply::Packet, packet),
                Err(e) => Err(Trouble::Failed(e.to_string())),
            },
        };
        (reply.unwrap_or_else(Reply::from), Vec::new())
    }

    fn start(
        &mut self,
        limits: Limits,
        ocr: &recognize::Config,
        manifest_text: &str,
    ) -> Result<Reply, Trouble> {
        let failed = |e: recognize::RecognizeError| Trouble::Failed(e.to_string());
        let manifest = manifest::parse(manifest_text).map_err(failed)?;
        manifest::verify(ocr, &manifest).map_err(failed)?;
        let recognizer = Recognizer::new(ocr).map_err(failed)?;
        let models = recognizer.digest();
        self.limits = limits;
        self.recognizer = Some(recognizer);
        Ok(Reply::Ready { models })
    }

    fn open(&mut self, bytes: Vec<u8>) -> Result<Reply, Trouble> {
        self.file = None;
        let document = decode::open(bytes.clone(), &self.limits)?;
        let inventory = document.inventory().clone();
        self.file = Some((bytes, document));
        Ok(Reply::Opened(inventory))
    }

    fn read(&mut self, number: PageNumber) -> Result<Reply, Trouble> {
        let began = Instant::now();
        let page = self.document()?.page(number)?;
        let decoded = Instant::now();
        let read = self.recognizer()?.read(&page, Effort::Full);
        Ok(Reply::Page {
            page: Box::new(read),
            decode_ms: millis(began, decoded),
            recognize_ms: millis(decoded, Instant::now()),
        })
    }

    fn look(
        &mut self,
        number: PageNumber,
        rotation: Rotation,
        questions: &[Question],
    ) -> Result<Reply, Trouble> {
        let raster = self.document()?.raster(number)?;
        let answers: Vec<Answer> = self.recognizer()?.answer(&raster, rotation, questions);
        Ok(Reply::Answers(answers))
    }

    /// The summary, then the pages: those of a PDF as they are, all others as
    /// pixels. Without an open file, the summary alone.
    fn bind(&self, summary: &Summary, pages: &[RecognizedPage]) -> Result<Vec<u8>, AssembleError> {
        let mut binder = Binder::new(summary.clone());
        if let Some((bytes, document)) = &self.file {
            let imported = document.inventory().media_type == MediaType::Pdf
                && binder.import_pdf(bytes, pages).is_ok();
            if !imported {
                for read in pages {
                    match document.raster(read.number) {
                        Ok(raster) => {
                            binder
                                .raster_page(&recognize::upright(&raster, read.rotation), read)?;
                        }
                        Err(_) => binder.missing_page(read),
                    }
                }
            }
        }
        binder.finish()
    }

    fn document(&self) -> Result<&Document, Trouble> {
        let file = self.file.as_ref().ok_or_else(|| Trouble::Failed("no file is open".into()))?;
        Ok(&file.1)
    }

    fn recognizer(&mut self) -> Result<&mut Recognizer, Trouble> {
        self.recognizer.as_mut().ok_or_else(|| Trouble::Failed("not started".into()))
    }
}

/// Why a request was not fulfilled.
enum Trouble {
    /// The file's fault.
    Unreadable(Unreadable),
    /// Ours.
    Failed(String),
}

impl From<Unreadable> for Trouble {
    fn from(unreadable: Unreadable) -> Self {
        Self::Unreadable(unreadable)
    }
}

impl From<Trouble> for Reply {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Unreadable(unreadable) => Self::Unreadable {
                code: unreadable.code().to_owned(),
                message: unreadable.to_string(),
            },
            Trouble::Failed(message) => Self::Failed { message },
        }
    }
}

fn millis(from: Instant, to: Instant) -> u64 {
    u64::try_from((to - from).as_millis()).unwrap_or(u64::MAX)
}
