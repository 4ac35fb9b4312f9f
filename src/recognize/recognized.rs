//! What `recognize` hands on.

use serde::{Deserialize, Serialize};

pub use crate::vocab::Rotation;
use crate::vocab::{BBox, Confidence, EvidenceSource, Note, PageNumber, Phi};

/// A document as read: every page, in file order, readable or not.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Recognized {
    /// All pages; those not read yet are missing only during triage.
    pub pages: Vec<RecognizedPage>,
}

/// One page as read. All boxes are in the coordinates of the upright page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecognizedPage {
    /// From 1, in file order.
    pub number: PageNumber,
    /// How the words were had.
    pub method: Method,
    /// What was applied to bring the page upright.
    pub rotation: Rotation,
    /// How well the page as a whole was read.
    pub confidence: Confidence,
    /// The line or lines that the sending fax machine printed at the top.
    /// Not part of `lines`.
    pub header: Option<Header>,
    /// Text lines in reading order, header strip excluded.
    pub lines: Vec<Line>,
    /// Tick boxes, drawn or in form fields, ticked or not.
    pub marks: Vec<TickBox>,
    /// Barcodes and QR codes, from top to bottom.
    #[serde(default)]
    pub codes: Vec<PrintedCode>,
    /// Upright width and height in inches, as well as is known.
    pub inches: (f32, f32),
    /// Blank, unreadable, lines lost.
    pub notes: Vec<Note>,
}

impl RecognizedPage {
    /// A page of which nothing can be known. It keeps its place, and a note
    /// says why: a `code`, and a `message` for a clerk.
    pub fn unreadable(number: PageNumber, code: &str, message: impl Into<String>) -> Self {
        Self {
            number,
            method: Method::Unreadable,
            rotation: Rotation::None,
            confidence: Confidence::ZERO,
            header: None,
            lines: Vec::new(),
            marks: Vec::new(),
            codes: Vec::new(),
            inches: LETTER_INCHES,
            notes: vec![Note::page(code, number, message)],
        }
    }

    /// The same page with another number, where pages are put together or taken
    /// apart.
    pub fn counted_as(mut self, number: PageNumber) -> Self {
        for note in &mut self.notes {
            note.page = note.page.map(|page| if page == self.number { number } else { page });
        }
        self.number = number;
        self
    }

    /// Letters and digits read, each counting as far as its word is believed.
    pub fn believed_letters(&self) -> f32 {
        let words = self.lines.iter().flat_map(Line::words);
        words.map(|word| word.letters() as f32 * word.confidence.get()).sum()
    }

    /// Whether reading the same pixels again gives the same. Not so where time
    /// ran out or a reader was stopped: a machine less busy may get further.
    pub fn is_settled(&self) -> bool {
        !self
            .notes
            .iter()
            .any(|n| [note::DEADLINE, note::READER_STOPPED].contains(&n.code.as_str()))
    }
}

/// Codes of notes that tell more than a clerk.
pub mod note {
    /// Reading the page was given up for time.
    pub const DEADLINE: &str = "page.deadline";
    /// The page stopped its reader, twice.
    pub const READER_STOPPED: &str = "page.reader_stopped";
}

/// US Letter, for a page whose size is not known.
const LETTER_INCHES: (f32, f32) = (8.5, 11.0);

/// How the words of a page were had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// From pixels.
    Ocr,
    /// From a born-digital text layer.
    TextLayer,
    /// From form fields alone.
    FormFields,
    /// From more than one of these.
    Mixed,
    /// Nothing is on the page.
    Blank,
    /// Something is on the page, or should be, and could not be read.
    Unreadable,
}

/// A header strip (transmitting terminal identification): metadata about the
/// call, never content. Where several are stacked, the last hop's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// "3" of "Page 3 of 12".
    pub page: Option<u32>,
    /// "12" of "Page 3 of 12".
    pub of: Option<u32>,
    /// The sender's name.
    pub sender: Option<Phi<String>>,
    /// The sender's number, as printed.
    pub number: Option<Phi<String>>,
    /// When it was sent, local time of the sending machine, ISO 8601 without
    /// a zone.
    pub sent_at: Option<String>,
    /// The whole line as read.
    pub text: Phi<String>,
}

/// Words on one line, left to right. Never empty.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Word>", into = "Vec<Word>")]
pub struct Line {
    words: Vec<Word>,
}

impl Line {
    /// `None` if there are no words.
    pub fn new(words: Vec<Word>) -> Option<Self> {
        if words.is_empty() { None } else { Some(Self { words }) }
    }

    /// At least one.
    pub fn words(&self) -> &[Word] {
        &self.words
    }

    /// The same, to be moved.
    pub fn words_mut(&mut self) -> &mut [Word] {
        &mut self.words
    }

    /// Around all words.
    pub fn bbox(&self) -> BBox {
        BBox::around(self.words.iter().map(|w| w.bbox)).unwrap_or(BBox::PAGE)
    }

    /// The words, separated by blanks.
    pub fn text(&self) -> String {
        let words: Vec<&str> = self.words.iter().map(|w| w.text.expose().as_str()).collect();
        words.join(" ")
    }
}

impl TryFrom<Vec<Word>> for Line {
    type Error = &'static str;
    fn try_from(words: Vec<Word>) -> Result<Self, Self::Error> {
        Self::new(words).ok_or("a line has at least one word")
    }
}

impl From<Line> for Vec<Word> {
    fn from(line: Line) -> Self {
        line.words
    }
}

/// A word as read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Word {
    /// No blanks inside, never empty.
    pub text: Phi<String>,
    /// Where it stands.
    #[serde(rename = "box")]
    pub bbox: BBox,
    /// How well it was read.
    pub confidence: Confidence,
    /// Pixels, text layer or form field.
    pub source: EvidenceSource,
}

impl Word {
    /// How many letters and digits it has.
    pub fn letters(&self) -> usize {
        self.text.expose().chars().filter(|c| c.is_alphanumeric()).count()
    }
}

/// A tick box and what stands in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TickBox {
    /// The box itself, not its label.
    #[serde(rename = "box")]
    pub bbox: BBox,
    /// Ticked or not.
    pub state: TickState,
    /// Share of the inside that is inked, 0 to 1.
    pub fill: f32,
    /// How sure the state is.
    pub confidence: Confidence,
    /// The words that belong to it, as read; empty if none are near.
    pub label: Phi<String>,
    /// Where those words stand.
    pub label_box: Option<BBox>,
}

/// What stands in a tick box.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TickState {
    /// Somebody put a mark in it.
    Ticked,
    /// Nothing is in it.
    Empty,
    /// Too damaged to tell.
    Unclear,
}

/// A barcode or QR code.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PrintedCode {
    /// Which kind.
    pub format: CodeFormat,
    /// What it says. Not empty; may hold blanks and line ends.
    pub text: Phi<String>,
    /// Where it stands, to a sixteenth of an inch.
    #[serde(rename = "box")]
    pub bbox: BBox,
}

/// The kinds of code that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeFormat {
    /// QR code.
    Qr,
    /// Code 128.
    Code128,
    /// Code 39; without a check digit.
    Code39,
    /// Data Matrix.
    DataMatrix,
    /// PDF417.
    Pdf417,
}
