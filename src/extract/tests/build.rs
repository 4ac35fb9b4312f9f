//! Pages drawn as text, for tests: a line is a line, three blanks or more are
//! a gap between columns, `⟦x⟧`, `⟦⟧` and `⟦?⟧` are drawn tick boxes, `Wor1d¿` is a
//! word that was guessed at.

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use jiff::civil::{Date, date};

use crate::extract::findings::{Extracted, Field, Role};
use crate::extract::{Cues, Extractor};
use crate::receive::received::Context;
use crate::recognize::recognized::{
    CodeFormat, Header, Line, Method, PrintedCode, Recognized, RecognizedPage, Rotation, TickBox,
    TickState, Word,
};
use crate::vocab::codes::CodeTable;
use crate::vocab::{Answer, BBox, Confidence, EvidenceSource, PageNumber, Phi};

/// Characters across a drawn page.
const COLUMNS: f32 = 100.0;
/// Lines down a drawn page.
const LINES: f32 = 66.0;
/// How well a drawn word was read.
const CONFIDENCE: f32 = 0.95;

/// Behind a word that could not be read, and how sure it is then.
const GUESSED: char = '¿';
const GUESS: f32 = 0.16;

/// The day of receipt of all tests that do not say otherwise.
pub const RECEIVED: Date = date(2026, 3, 9);

/// The cues and codes that ship with the product.
pub static EXTRACTOR: LazyLock<Extractor> = LazyLock::new(|| {
    let codes = std::fs::read_to_string(models().join("codes/hcpcs.toml")).unwrap();
    let codes = Arc::new(CodeTable::parse(&codes).unwrap());
    Extractor::new(cues(), codes).unwrap()
});

fn models() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("models")
}

/// The cues that ship with the product.
pub fn cues() -> Cues {
    let files = std::fs::read_dir(models().join("cues")).unwrap().map(|entry| {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (name, std::fs::read_to_string(path).unwrap())
    });
    Cues::parse(files).unwrap()
}

/// A page drawn as text.
#[derive(Clone, Debug)]
pub struct Drawn {
    text: String,
    confidence: f32,
    method: Method,
    counter: Option<u32>,
    total: Option<u32>,
    codes: Vec<PrintedCode>,
}

impl Drawn {
    /// With a QR code that says this at its foot.
    pub fn with_code(mut self, text: &str) -> Self {
        let bbox = BBox::new(0.1, 0.9, 0.2, 0.98);
        self.codes.push(PrintedCode { format: CodeFormat::Qr, text: Phi::from(text), bbox });
        self
    }

    pub fn read_as_well_as(mut self, confidence: f32) -> Self {
        self.confidence = confidence;
        self
    }

    pub fn header_page(mut self, number: u32) -> Self {
        self.counter = Some(number);
        self
    }

    pub fn header_pages(self, number: u32, of: u32) -> Self {
        Self { total: Some(of), ..self.header_page(number) }
    }

    pub fn blank() -> Self {
        Self {
            text: String::new(),
            confidence: 0.0,
            method: Method::Blank,
            counter: None,
            total: None,
            codes: Vec::new(),
        }
    }

    pub fn page(&self, index: usize) -> RecognizedPage {
        let number = PageNumber::from_index(index);
        let mut lines = Vec::new();
        let mut marks = Vec::new();
        for (row, text) in self.text.lines().enumerate() {
            let (words, boxes) = self.line(row, text);
            lines.extend(Line::new(words));
            marks.extend(boxes);
        }
        RecognizedPage {
            number,
            method: self.method,
            rotation: Rotation::None,
            confidence: Confidence::new(self.confidence),
            header: self.counter.map(|page| Header {
                page: Some(page),
                of: self.total,
                sender: None,
                number: None,
                sent_at: None,
                text: Phi::from("header"),
            }),
            lines,
            marks,
            codes: self.codes.clone(),
            inches: (8.5, 11.0),
            notes: vec![],
        }
    }

    fn line(&self, row: usize, text: &str) -> (Vec<Word>, Vec<TickBox>) {
        let (mut words, mut marks) = (Vec::new(), Vec::new());
        let chars: Vec<char> = text.chars().collect();
        let mut at = 0;
        while at < chars.len() {
            if chars[at] == ' ' {
                at += 1;
                continue;
            }
            let mut end = at;
            while end < chars.len() && chars[end] != ' ' {
                end += 1;
            }
            let word: String = chars[at..end].iter().collect();
            let bbox = place(row, at, end);
            match word.as_str() {
                "⟦x⟧" => marks.push(mark(bbox, TickState::Ticked)),
                "⟦⟧" => marks.push(mark(bbox, TickState::Empty)),
                "⟦?⟧" => marks.push(mark(bbox, TickState::Unclear)),
                read => words.push(Word {
                    text: Phi::new(read.trim_end_matches(GUESSED).to_owned()),
                    bbox,
                    confidence: Confidence::new(if read.ends_with(GUESSED) {
                        GUESS
                    } else {
                        self.confidence
                    }),
                    source: EvidenceSource::Ocr,
                }),
            }
            at = end;
        }
        (words, marks)
    }
}

fn place(row: usize, from: usize, to: usize) -> BBox {
    #[allow(clippy::cast_precision_loss)]
    let (row, from, to) = (row as f32, from as f32, to as f32);
    BBox::new(
        (from + 2.0) / COLUMNS,
        (row + 1.0) / LINES,
        (to + 2.0) / COLUMNS,
        (row + 1.8) / LINES,
    )
}

fn mark(bbox: BBox, state: TickState) -> TickBox {
    TickBox {
        bbox,
        state,
        fill: 0.5,
        confidence: Confidence::new(0.9),
        label: Phi::from(""),
        label_box: None,
    }
}

/// A page drawn as text; leading newline dropped.
pub fn page(text: &str) -> Drawn {
    Drawn {
        text: text.strip_prefix('\n').unwrap_or(text).to_owned(),
        confidence: CONFIDENCE,
        method: Method::Ocr,
        counter: None,
        total: None,
        codes: Vec::new(),
    }
}

/// A cover sheet with this comment.
pub fn cover(comment: &str) -> Drawn {
    page(&format!(
        "
                    FAX COVER SHEET

TO: Precertification                    FROM: Lakeside HME
FAX: 866-663-7740                       PHONE: 212-555-0105
DATE: 3/9/2026                          PAGES: 5
RE: New request

COMMENTS:

{comment}

"
    ))
}

pub fn recognized(pages: &[Drawn]) -> Recognized {
    Recognized { pages: pages.iter().enumerate().map(|(i, p)| p.page(i)).collect() }
}

pub fn extract(pages: &[Drawn]) -> Extracted {
    extract_with(pages, &Context::default(), RECEIVED, &[])
}

pub fn extract_with(
    pages: &[Drawn],
    context: &Context,
    received_on: Date,
    answers: &[Answer],
) -> Extracted {
    EXTRACTOR.extract(&recognized(pages), context, received_on, answers)
}

/// A page of one line.
pub fn one_line(line: &str) -> Extracted {
    extract(&[page(line)])
}

/// NPIs found, and whose.
pub fn npis(found: &Extracted) -> Vec<(String, Role)> {
    found.findings.npi.iter().map(|n| (n.value.to_string(), n.role)).collect()
}

/// Tax ids found, and whose.
pub fn tins(found: &Extracted) -> Vec<(String, Role)> {
    found.findings.tin.iter().map(|n| (n.value.to_string(), n.role)).collect()
}

/// What is known of who is in a role: name, telephone, fax.
pub fn provider(found: &Extracted, role: Role) -> [Option<String>; 3] {
    let Some(provider) = found.findings.providers.iter().find(|p| p.role == role) else {
        return [None, None, None];
    };
    let value = |field: &Option<Field>| field.as_ref().map(|field| field.value.expose().clone());
    [value(&provider.name), value(&provider.phone), value(&provider.fax)]
}
