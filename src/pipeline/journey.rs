//! One document's way through the stations, without a store.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::readings::Readings;
use super::sheaf::{Leaf, Sheaf};
use crate::config::Knowledge;
use crate::decide::disposition::{Disposition, Lane};
use crate::decide::recorded::{Inputs, Subject};
use crate::decide::register::CaseRecord;
use crate::decide::{self, Earlier, Input, Piece, Triage};
use crate::directory::Directory;
use crate::extract::findings::Extracted;
use crate::extract::listings;
use crate::reader::{PageReading, Pool, ReaderError};
use crate::receive::received::Context;
use crate::recognize::recognized::{Recognized, RecognizedPage, Rotation, note};
use crate::vocab::{Answer, PageNumber, Question, Sha256Digest};

/// How often `extract` may ask for a second look.
const MOST_LOOKS: usize = 2;

/// The stations in their order.
#[derive(Clone)]
pub struct Journey {
    /// Where `decode`, `recognize` and the binding of packets run.
    pub readers: Arc<Pool>,
    /// What `extract` and `decide` know.
    pub knowledge: Arc<Knowledge>,
    /// In which "today" is meant.
    pub zone: TimeZone,
    /// Where readings are kept from one run to the next, if they are.
    pub readings: Option<Arc<Readings>>,
    /// Who has which NPI, if that was imported.
    pub directory: Option<Directory>,
}

/// Pages that are judged together, all of them read.
#[derive(Clone, Copy, Debug)]
pub struct Read<'a> {
    /// The pages.
    pub sheaf: &'a Sheaf,
    /// What came with them.
    pub context: &'a Context,
    /// When.
    pub received_at: Timestamp,
}

/// What is known beside the pages when they are judged.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known<'a> {
    /// The program that a person or a source has fixed.
    pub forced_program: Option<&'a str>,
    /// Cases that share a key with what was found; `None` where no register is
    /// kept.
    pub cases: Option<&'a [CaseRecord]>,
    /// Documents with the same pages that were decided before.
    pub earlier: &'a [Earlier],
    /// What these pages and those of their case say together.
    pub with_case: Option<&'a Extracted>,
}

/// What was found and decided, with what it cost.
#[derive(Clone, Debug)]
pub struct Concluded {
    /// Findings.
    pub extracted: Extracted,
    /// Decision.
    pub disposition: Disposition,
    /// Milliseconds spent finding, second looks included.
    pub extract_ms: u64,
    /// Milliseconds spent deciding.
    pub decide_ms: u64,
}

/// What was decided, with what it cost.
#[derive(Clone, Debug)]
pub struct Judged {
    /// Decision.
    pub disposition: Disposition,
    /// Milliseconds spent finding what it rests on.
    pub extract_ms: u64,
    /// Milliseconds spent deciding.
    pub decide_ms: u64,
}

/// What there is in a document.
#[derive(Clone, Debug)]
pub struct Found {
    /// All of it, second looks included.
    pub extracted: Extracted,
    /// What the pages of each patient say alone, where they speak of several.
    pub pieces: Vec<Piece>,
    /// Milliseconds spent finding.
    pub extract_ms: u64,
}

impl Journey {
    /// Reads a page. A page that kills its reader is tried once more; then it
    /// is marked unreadable and the document goes on. Only what is nobody's
    /// page's fault is an error.
    pub async fn read_page(
        &self,
        file: Sha256Digest,
        number: PageNumber,
    ) -> Result<PageReading, ReaderError> {
        let kept = self.readings.as_ref().and_then(|kept| kept.page(file, number));
        if let Some(reading) = kept {
            return Ok(reading);
        }
        let first = self.readers.read(file, number).await;
        let outcome = match first {
            Err(ReaderError::Crashed | ReaderError::TimedOut(_)) => {
                self.readers.read(file, number).await
            }
            other => other,
        };
        let (code, message) = match outcome {
            Ok(reading) => {
                if let Some(kept) = &self.readings {
                    kept.keep_page(file, &reading);
                }
                return Ok(reading);
            }
            Err(ReaderError::Unreadable { code, message }) => (code, message),
            Err(e @ (ReaderError::Crashed | ReaderError::TimedOut(_))) => {
                (note::READER_STOPPED.to_owned(), format!("Page {}: {e}.", number.get()))
            }
            Err(e @ (ReaderError::Original(_) | ReaderError::Broken(_))) => return Err(e),
        };
        let models = self.readers.models().await?;
        let page = RecognizedPage::unreadable(number, &code, message);
        Ok(PageReading { page, decode_ms: 0, recognize_ms: 0, models })
    }

    /// What one page shows on its own: lane and alert, before the rest of the
    /// document is read (promise P6).
    pub fn triage(&self, page: &RecognizedPage, context: &Context, at: Timestamp) -> Triage {
        let alone = Recognized { pages: vec![page.clone()] };
        let extracted = self.extract(&alone, context, at, &[]);
        let document = decide::Document {
            extracted: &extracted,
            recognized: &alone,
            context,
            received_at: at,
            forced_program: None,
            register: None,
            pieces: &[],
            earlier: &[],
            with_case: None,
            before: None,
        };
        decide::triage(&document, &self.knowledge.programs, &self.knowledge.codes)
    }

    /// Finds what there is, with second looks where `extract` asks for them. Of
    /// several patients' pages also what those of each say alone.
    pub async fn find(&self, read: Read<'_>) -> Found {
        let began = Instant::now();
        let extracted = self.find_and_look_again(read).await;
        let mut pieces = Vec::new();
        if extracted.parts.len() > 1 {
            for part in &extracted.parts {
                let alone = Read { sheaf: &read.sheaf.only(&part.pages), ..read };
                let extracted = self.find_and_look_again(alone).await;
                pieces.push(Piece { pages: part.pages.clone(), extracted });
            }
        }
        Found { extracted, pieces, extract_ms: millis(began, Instant::now()) }
    }

    /// Finds what there is without a second look.
    pub fn at_a_glance(&self, read: Read<'_>) -> Extracted {
        self.extract(read.sheaf.pages(), read.context, read.received_at, &[])
    }

    /// Decides.
    pub fn judge(&self, read: Read<'_>, found: &Found, known: Known<'_>) -> Judged {
        let began = Instant::now();
        let rules = &self.knowledge.matching;
        let input = Input::Read(decide::Document {
            extracted: &found.extracted,
            recognized: read.sheaf.pages(),
            context: read.context,
            received_at: read.received_at,
            forced_program: known.forced_program,
            register: known.cases.map(|cases| decide::Register { cases, rules }),
            pieces: &found.pieces,
            earlier: known.earlier,
            with_case: known.with_case,
            before: None,
        });
        let disposition = decide::decide(&input, &self.knowledge.programs, &self.knowledge.codes);
        let decide_ms = millis(began, Instant::now());
        Judged { disposition, extract_ms: found.extract_ms, decide_ms }
    }

    /// What is decided about when a file cannot be opened. A lane that a page had
    /// shown before stays.
    pub fn unopened(&self, code: &str, message: &str, least_lane: Option<Lane>) -> Inputs {
        let (code, message) = (code.to_owned(), message.to_owned());
        let subject = Subject::Unopened { code, message, least_lane };
        Inputs { models: self.knowledge.deciding.used(), subject }
    }

    /// The decision about a file that cannot be opened.
    pub fn refuse(&self, inputs: &Inputs) -> Concluded {
        let disposition = inputs.decide(&Recognized::default(), self.knowledge.deciding.models());
        Concluded { extracted: Extracted::nothing(), disposition, extract_ms: 0, decide_ms: 0 }
    }

    async fn find_and_look_again(&self, read: Read<'_>) -> Extracted {
        let Read { sheaf, context, received_at } = read;
        let recognized = sheaf.pages();
        let mut answers = Vec::new();
        let mut extracted = self.extract(recognized, context, received_at, &answers);
        for _ in 0..MOST_LOOKS {
            if extracted.questions.is_empty() {
                break;
            }
            let looked = self.look_again(read, &extracted.questions).await;
            if looked.is_empty() {
                break; // the values stay as doubtful as they were
            }
            answers.extend(looked);
            extracted = self.extract(recognized, context, received_at, &answers);
        }
        extracted.questions.clear();
        self.look_up(&mut extracted).await;
        extracted
    }

    async fn look_again(&self, read: Read<'_>, questions: &[Question]) -> Vec<Answer> {
        let mut by_page: BTreeMap<PageNumber, Vec<Question>> = BTreeMap::new();
        for question in questions {
            by_page.entry(question.page).or_default().push(question.clone());
        }
        let mut answers = Vec::new();
        for (number, questions) in by_page {
            let page = read.sheaf.pages().pages.iter().find(|page| page.number == number);
            let Some((page, leaf)) = page.zip(read.sheaf.leaf(number)) else { continue };
            // Asked, answered and kept in the numbers of the file.
            let asked = questions.into_iter().map(|one| Question { page: leaf.number, ..one });
            let looked = self.look_at(leaf, page.rotation, asked.collect()).await;
            answers.extend(looked.into_iter().map(|answer| Answer {
                question: Question { page: number, ..answer.question },
                ..answer
            }));
        }
        answers
    }

    async fn look_at(
        &self,
        leaf: Leaf,
        rotation: Rotation,
        questions: Vec<Question>,
    ) -> Vec<Answer> {
        let (mut answers, questions) = match &self.readings {
            Some(kept) => kept.answers(leaf.file, questions),
            None => (Vec::new(), questions),
        };
        if questions.is_empty() {
            return answers;
        }
        match self.readers.answer(leaf.file, leaf.number, rotation, questions).await {
            Ok(looked) => {
                if let Some(kept) = &self.readings {
                    looked.iter().for_each(|answer| kept.keep_answer(leaf.file, answer));
                }
                answers.extend(looked);
            }
            Err(e) => {
                tracing::warn!(code = "reader.second_look", page = leaf.number.get(), error = %e,
                    "a second look failed; the value stays doubtful");
            }
        }
        answers
    }

    /// Asks the provider directory about the NPIs found. Without an answer they
    /// stand as they were read.
    async fn look_up(&self, extracted: &mut Extracted) {
        let Some(directory) = &self.directory else { return };
        match directory.look_up(&listings::wanted(extracted)).await {
            Ok(known) => self.knowledge.extractor.compare_listings(extracted, &known),
            Err(e) => tracing::warn!(code = "directory.look_up", error = %e,
                "the provider directory gave no answer; NPIs stay unchecked"),
        }
    }

    fn extract(
        &self,
        recognized: &Recognized,
        context: &Context,
        at: Timestamp,
        answers: &[Answer],
    ) -> Extracted {
        let today = at.to_zoned(self.zone.clone()).date();
        self.knowledge.extractor.extract(recognized, context, today, answers)
    }
}

fn millis(from: Instant, to: Instant) -> u64 {
    u64::try_from((to - from).as_millis()).unwrap_or(u64::MAX)
}
