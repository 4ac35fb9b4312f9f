//! The reader's side.

use std::io;
use std::time::Instant;

use super::memory::{self, Memory};
use super::protocol::{self, Replied, Reply, Request};
use super::walls::{self, Closed};
use crate::assemble::{AssembleError, Binder, Cut, Summary};
use crate::decode::pages::MediaType;
use crate::decode::{self, Document, Limits, Unreadable};
use crate::recognize::recognized::{RecognizedPage, Rotation};
use crate::recognize::{self, Effort, RecognizeError, Recognizer, manifest};
use crate::vocab::{Answer, PageNumber, Question, Sha256Digest};

/// Serves requests from standard input until it closes. `memory_mib` bounds
/// the address space of this process.
pub fn serve(memory_mib: u64) -> io::Result<()> {
    serve_with(memory_mib, |_, _| {})
}

/// [`serve`], with `before` called before a file is opened, and before a page
/// of it is decoded, with the file's bytes. It runs behind all walls; the
/// jail's tests put there what a decoder does that its file has taken over.
#[doc(hidden)]
pub fn serve_with(
    memory_mib: u64,
    mut before: impl FnMut(Option<PageNumber>, &[u8]),
) -> io::Result<()> {
    // One thread for everything: a reader works on one page at a time, and its
    // walls let it have no other.
    let raised = walls::raise(memory_mib);
    let (mut input, mut output) = (io::stdin().lock(), io::stdout().lock());
    let (mut reader, started) = match protocol::read(&mut input)? {
        (Request::Start { limits, ocr, manifest }, _) => match load(limits, &ocr, &manifest) {
            Ok(loaded) => loaded,
            Err(e) => {
                let reply = Reply::from(Trouble::Failed(e.to_string()));
                let replied = Replied { reply, resident_mib: 0 };
                return protocol::write(&mut output, &replied, &[]);
            }
        },
        _ => return Err(io::Error::new(io::ErrorKind::InvalidData, "not started")),
    };
    let Closed { standing, memory } = raised.close(recognize::fax::in_its_thread);
    let ready = Reply::Ready { models: started, walls: standing };
    let replied = Replied { reply: ready, resident_mib: memory.resident_mib() };
    protocol::write(&mut output, &replied, &[])?;
    loop {
        let (request, payload) = match protocol::read(&mut input) {
            Ok(frame) => frame,
            Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => return Ok(()),
            Err(e) => return Err(e),
        };
        match (&request, &reader.file) {
            (Request::Open, _) => before(None, &payload),
            (Request::Read { page }, Some((bytes, _))) => before(Some(*page), bytes),
            _ => {}
        }
        let (reply, payload) = reader.answer_request(request, payload);
        let replied = Replied { reply, resident_mib: memory.resident_mib() };
        protocol::write(&mut output, &replied, &payload)?;
    }
}

/// Reads the models, while files can still be opened.
fn load(
    limits: Limits,
    ocr: &recognize::Config,
    manifest_text: &str,
) -> Result<(Reader, Sha256Digest), RecognizeError> {
    let manifest = manifest::parse(manifest_text)?;
    manifest::verify(ocr, &manifest)?;
    let recognizer = Recognizer::new(ocr)?;
    let models = recognizer.digest();
    Ok((Reader { limits, recognizer, file: None, memory: Memory::default() }, models))
}

/// What a reader keeps between requests.
struct Reader {
    limits: Limits,
    recognizer: Recognizer,
    file: Option<(Vec<u8>, Document)>,
    /// Of this file and no other.
    memory: Memory,
}

impl Reader {
    fn answer_request(&mut self, request: Request, payload: Vec<u8>) -> (Reply, Vec<u8>) {
        let reply = match request {
            Request::Start { .. } => Err(Trouble::Failed("started already".into())),
            Request::Open => self.open(payload),
            Request::Read { page } => self.read(page),
            Request::Answer { page, rotation, questions } => self.look(page, rotation, &questions),
            Request::Bind { summary, pages, cut } => match self.bind(&summary, &pages, cut) {
                Ok(packet) => return (Reply::Packet, packet),
                Err(e) => Err(Trouble::Failed(e.to_string())),
            },
        };
        (reply.unwrap_or_else(Reply::from), Vec::new())
    }

    fn open(&mut self, bytes: Vec<u8>) -> Result<Reply, Trouble> {
        self.file = None;
        self.memory = Memory::default();
        let document = decode::open(bytes.clone(), &self.limits)?;
        let inventory = document.inventory().clone();
        self.file = Some((bytes, document));
        Ok(Reply::Opened(inventory))
    }

    fn read(&mut self, number: PageNumber) -> Result<Reply, Trouble> {
        let began = Instant::now();
        let page = self.document()?.page(number)?;
        let decoded = Instant::now();
        let key = memory::key(&page);
        let known = key.and_then(|key| self.memory.recall(key, &page));
        let read = known.unwrap_or_else(|| {
            let read = self.recognizer.read(&page, Effort::Full);
            if let Some(key) = key {
                self.memory.keep(key, &page, &read);
            }
            read
        });
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
        let answers: Vec<Answer> = self.recognizer.answer(&raster, rotation, questions);
        Ok(Reply::Answers(answers))
    }

    /// The summary, then the pages: those of a PDF, or of one that was set here,
    /// as they are, all others as pixels. Without an open file, the summary alone.
    fn bind(
        &self,
        summary: &Summary,
        pages: &[RecognizedPage],
        cut: Option<Cut>,
    ) -> Result<Vec<u8>, AssembleError> {
        let mut binder = Binder::new(summary.clone());
        let cut = cut.unwrap_or_else(|| Cut::none(pages, summary.document.pages));
        if let Some((bytes, document)) = &self.file {
            let pdf = match document.inventory().media_type {
                MediaType::Pdf => Some(bytes.as_slice()),
                _ => document.pdf_bytes(),
            };
            let imported = pdf.is_some_and(|pdf| binder.import_cut(pdf, pages, &cut).is_ok());
            if !imported {
                for (read, number) in pages.iter().zip(&cut.pages) {
                    match document.raster(*number) {
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

#[cfg(test)]
mod tests {
    #![allow(clippy::print_stderr)] // a skipped test says so

    use std::io::Cursor;
    use std::time::Duration;

    use tiff::encoder::{TiffEncoder, colortype::Gray8};

    use super::*;

    const WIDTH: u32 = 1728;
    const HEIGHT: u32 = 1078;

    /// Upright strokes with a foot, in lines: enough to be read as something.
    fn letters(apart: u32) -> Vec<u8> {
        let stroke = |x: u32, y: u32| {
            let (x, y) = (x % apart, y % 60);
            (x < 4 && y < 24) || (x < 14 && (20..24).contains(&y))
        };
        let pixel = |place: u32| {
            let (x, y) = (place % WIDTH, place / WIDTH);
            let inside = (200..1500).contains(&x) && (200..900).contains(&y);
            if inside && stroke(x, y) { 0 } else { 255 }
        };
        (0..WIDTH * HEIGHT).map(pixel).collect()
    }

    fn tiff(pages: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        let mut encoder = TiffEncoder::new(&mut bytes).unwrap();
        for page in pages {
            encoder.write_image::<Gray8>(WIDTH, HEIGHT, page).unwrap();
        }
        bytes.into_inner()
    }

    #[test]
    fn the_same_page_again_is_not_read_again() {
        let Ok(recognizer) = Recognizer::new(&recognize::Config::default()) else {
            eprintln!("skipped: needs the eng model");
            return;
        };
        let limits = Limits::default();
        let mut reader = Reader { limits, recognizer, file: None, memory: Memory::default() };
        let (form, other) = (letters(24), letters(31));
        let packet = tiff(&[form.clone(), form.clone(), other, form.clone()]);
        assert!(matches!(reader.open(packet), Ok(Reply::Opened(_))));
        let read = |reader: &mut Reader, number: u32| -> (RecognizedPage, Duration) {
            let before = reader.recognizer.engine_time();
            let Ok(Reply::Page { page, .. }) = reader.read(PageNumber::new(number).unwrap()) else {
                panic!("page {number} was not read");
            };
            (*page, reader.recognizer.engine_time() - before)
        };
        let (first, cost) = read(&mut reader, 1);
        assert!(cost > Duration::ZERO, "{:?}", first.method);
        for again in [2, 4] {
            let (same, cost) = read(&mut reader, again);
            assert_eq!(cost, Duration::ZERO, "page {again}");
            assert_eq!(same.number.get(), again);
            assert_eq!(same.lines, first.lines);
            assert!(same.notes.iter().all(|note| note.page.is_none_or(|page| page == same.number)));
        }
        assert!(read(&mut reader, 3).1 > Duration::ZERO, "another page");
        assert!(matches!(reader.open(tiff(&[form])), Ok(Reply::Opened(_))));
        assert!(read(&mut reader, 1).1 > Duration::ZERO, "another file may not trust it");
    }
}
