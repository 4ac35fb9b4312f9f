//! The order of the steps, for a page and for questions about it.

use std::time::Duration;

use super::blank::{is_bare_below, is_blank};
use super::clean::clean;
use super::codes;
use super::combs;
use super::config::Config;
use super::effort::{self, Effort};
use super::engines::Engines;
use super::error::RecognizeError;
use super::geometry::{self, SQUARE_DPI, inches};
use super::header;
use super::layer;
use super::letters::letters;
use super::lines::lines;
use super::marks::{self, Square, Standing, found_marks, named_marks, with_siblings};
use super::orientation;
use super::photo;
use super::quality::{self, Quality};
use super::questions;
use super::reading::Reading;
use super::recognized::{Header, Line, Method, RecognizedPage, Rotation, note};
use super::sheet::Sheet;
use super::skew::Skew;
use super::stamps;
use super::typed;
use crate::decode::pages::{Page, Raster, Sight};
use crate::vocab::{Answer, BBox, Confidence, Note, Question, Sha256Digest};

/// Reads pages. Holds one engine and reads one page at a time; the same page
/// is always read the same way.
pub struct Recognizer {
    engines: Engines,
    config: Config,
}

impl Recognizer {
    /// Loads the models; about 150 ms and 80 MB.
    pub fn new(config: &Config) -> Result<Self, RecognizeError> {
        Ok(Self { engines: Engines::new(config)?, config: config.clone() })
    }

    /// Of the models that are loaded; stored with every decision.
    pub fn digest(&self) -> Sha256Digest {
        self.engines.digest()
    }

    /// Processor time spent inside the engines since they were loaded.
    pub fn engine_time(&self) -> Duration {
        self.engines.spent()
    }

    /// Reads a page.
    pub fn read(&mut self, page: &Page, effort: Effort) -> RecognizedPage {
        let turn = page.turn();
        if turn != Rotation::None {
            let upright = typed::turned(page, turn);
            return RecognizedPage { rotation: turn, ..self.read_as_it_lies(&upright, effort) };
        }
        self.read_as_it_lies(page, effort)
    }

    fn read_as_it_lies(&mut self, page: &Page, effort: Effort) -> RecognizedPage {
        match &page.sight {
            Sight::Told { inches } => typed::told(page, *inches),
            Sight::Pixels(raster) => {
                let mut read = if page.text.is_empty() {
                    typed::or_hidden(self.read_picture(page, raster, effort), page, raster)
                } else {
                    self.read_layer(page, raster)
                };
                if read.method != Method::Blank {
                    read.codes = codes::find(raster, read.rotation);
                }
                if read.method == Method::Unreadable && is_blank_but_for_codes(&read, raster) {
                    read.method = Method::Ocr;
                    read.confidence = Confidence::FULL;
                    read.notes.retain(|note| note.code != UNREADABLE);
                }
                read
            }
        }
    }

    /// Looks again at places of a page, given its pixels; `rotation` is the
    /// page's as recognized.
    pub fn answer(
        &mut self,
        raster: &Raster,
        rotation: Rotation,
        questions: &[Question],
    ) -> Vec<Answer> {
        if questions.is_empty() {
            return Vec::new();
        }
        let sheet = Sheet::of(raster).turned(rotation);
        let skew = Skew::find(&sheet.ink);
        let sheet = clean(sheet.straightened(&skew), Vec::new()).sheet;
        questions
            .iter()
            .map(|question| questions::answer(&sheet, &skew, question, &mut self.engines))
            .collect()
    }

    /// A scan, or a photograph of a sheet, which is read as if it lay flat
    /// unless the picture as it is says more: there may be other paper beside.
    fn read_picture(&mut self, page: &Page, raster: &Raster, effort: Effort) -> RecognizedPage {
        let as_it_is = self.read_pixels(page, raster, effort);
        let Some(paper) = photo::paper(raster) else {
            return as_it_is;
        };
        let flat = self.read_pixels(page, &paper.flat, effort);
        if as_it_is.believed_letters() > MORE * flat.believed_letters() {
            return as_it_is;
        }
        let mut read = paper.carried_back(flat, inches(raster));
        let said = "This page is a photograph; the sheet on it was read as if it lay flat.";
        read.notes.push(Note::page("page.photograph", page.number, said));
        read
    }

    fn read_pixels(&mut self, page: &Page, raster: &Raster, effort: Effort) -> RecognizedPage {
        let has_fields = !page.fields.is_empty();
        if !has_fields && is_bare_below(raster, TOP_INCHES) {
            let mut top = Sheet::of(&geometry::top(raster, TOP_INCHES));
            let header = self.take_header(&mut top);
            if is_blank(&top.ink) {
                return blank(page, header, inches(raster));
            }
        }
        let mut sheet = Sheet::of(raster);
        let mut header = self.take_header(&mut sheet);
        if is_blank(&sheet.ink) && !has_fields {
            return blank(page, header, inches(raster));
        }
        let mut rotation = orientation::find(&sheet, &mut self.engines);
        let mut sheet = sheet.turned(rotation);
        if header.is_none() && rotation != Rotation::None {
            header = self.take_header(&mut sheet);
        }
        let mut read = self.read_upright(sheet.clone(), effort);
        if read.quality.confidence < POOR {
            let turn = orientation::reconsider(&sheet, &mut self.engines);
            if turn != Rotation::None {
                read = self.read_upright(sheet.turned(turn), effort);
                rotation = rotation.then(turn);
            }
        }
        assembled(page, raster, rotation, header, read)
    }

    /// Takes the strips off the top of the page; the topmost is the last
    /// hop's.
    fn take_header(&mut self, sheet: &mut Sheet) -> Option<Header> {
        let mut last_hop = None;
        for band in header::candidates(&sheet.ink) {
            let strip = header::cut(&sheet.image, &band);
            let read = self.engines.line(&strip, "", self.config.page_deadline());
            let words: Vec<&str> = read.iter().map(|word| word.text.as_str()).collect();
            let Some(found) = header::parse(&words.join(" ")) else {
                continue;
            };
            sheet.erase(&band.grown(2, sheet.ink.width(), sheet.ink.height()));
            last_hop.get_or_insert(found);
        }
        last_hop
    }

    pub(super) fn read_upright(&mut self, sheet: Sheet, effort: Effort) -> Upright {
        let skew = Skew::find(&sheet.ink);
        let sheet = sheet.straightened(&skew);
        let squares = found_marks(&sheet);
        let frames: Vec<Square> = squares
            .iter()
            .map(|(square, _)| *square)
            .filter(|s| s.standing == Standing::Drawn)
            .collect();
        let drawn = sheet.ink.clone();
        let page = clean(sheet, frames);
        let letters = letters(&page.without_frames().ink);
        let deadline = self.config.page_deadline();
        let (mut reading, mut quality) =
            effort::read(&mut self.engines, &page, &letters, effort, deadline);
        let combs = &page.combs;
        if let Some(all) =
            combs::with_combs(&mut self.engines, &page.sheet, combs, &reading, deadline)
        {
            quality = quality::quality(&all.words, &letters);
            reading = all;
        }
        // With its frames: the bowl of an R at an angle is taken for one.
        if let Some(all) = stamps::with_stamps(&mut self.engines, &page.sheet, &reading, deadline) {
            quality = quality::quality(&all.words, &letters);
            reading = all;
        }
        let squares = with_siblings(&page.sheet.ink, &drawn, squares, &reading.words);
        Upright { squares, skew, size: page.sheet.image.dimensions(), reading, quality }
    }
}

/// Code of the note on a page of which nothing could be read.
pub(super) const UNREADABLE: &str = "page.unreadable";

/// Where header strips stand, with room for the lowest.
const TOP_INCHES: f32 = header::REACH_INCHES + 0.3;

/// A photograph as it is must say so many times what the sheet says when flat:
/// where both are read, boxes and columns are truer on the flat sheet.
const MORE: f32 = 1.05;

/// Below this an upright page may be a turned one after all.
const POOR: f32 = 0.5;

/// What an upright page's pixels gave.
pub(super) struct Upright {
    pub squares: Vec<(Square, marks::Judged)>,
    pub skew: Skew,
    /// Of the image in pixels.
    pub size: (u32, u32),
    pub reading: Reading,
    pub quality: Quality,
}

pub(super) fn blank(page: &Page, header: Option<Header>, inches: (f32, f32)) -> RecognizedPage {
    let mut notes = page.notes.clone();
    notes.push(Note::page("page.blank", page.number, "Nothing is on this page."));
    RecognizedPage {
        number: page.number,
        method: Method::Blank,
        rotation: Rotation::None,
        confidence: Confidence::FULL,
        header,
        lines: Vec::new(),
        marks: Vec::new(),
        codes: Vec::new(),
        inches,
        notes,
    }
}

/// Whether barcodes are all there is, as on a return cover sheet whose words
/// were cut off.
fn is_blank_but_for_codes(read: &RecognizedPage, raster: &Raster) -> bool {
    const RIM_INCHES: f32 = 0.15;
    if read.codes.is_empty() {
        return false;
    }
    let mut sheet = Sheet::of(raster);
    let (width, height) = (sheet.ink.width(), sheet.ink.height());
    for code in &read.codes {
        let lying = read.rotation.back().turned(code.bbox);
        let rim = (RIM_INCHES * SQUARE_DPI) as usize;
        sheet.erase(&sheet.ink.under(lying).grown(rim, width, height));
    }
    is_blank(&sheet.ink)
}

fn assembled(
    page: &Page,
    raster: &Raster,
    rotation: Rotation,
    header: Option<Header>,
    read: Upright,
) -> RecognizedPage {
    let mut inches = inches(raster);
    if matches!(rotation, Rotation::Quarter | Rotation::ThreeQuarters) {
        inches = (inches.1, inches.0);
    }
    let read_lines = lines(&read.reading.words, &read.skew, read.size);
    let (header, read_lines, strips) = header_among_lines(header, read_lines, inches.1);
    let mut notes = page.notes.clone();
    if read.reading.timed_out {
        notes.push(Note::page(
            note::DEADLINE,
            page.number,
            "Reading this page took too long and was given up.",
        ));
    }
    let all = layer::with_fields(read_lines, &page.fields, inches.1);
    let from_fields = page.fields.iter().any(layer::holds_something);
    let nothing_read = all.is_empty();
    let unreadable = !from_fields && (read.quality.unreadable || read.reading.timed_out);
    let method = match (unreadable, from_fields, read.quality.believed > 0) {
        (true, _, _) => Method::Unreadable,
        (false, true, true) => Method::Mixed,
        (false, true, false) => Method::FormFields,
        (false, false, _) if nothing_read => Method::Unreadable,
        (false, false, _) => Method::Ocr,
    };
    if method == Method::Unreadable {
        notes.push(Note::page(
            UNREADABLE,
            page.number,
            "Something is on this page, but no words could be read.",
        ));
    }
    let confidence = if method == Method::FormFields { 0.99 } else { read.quality.confidence };
    let (marks, lines) = named_marks(page, &read, all, &strips, inches);
    RecognizedPage {
        number: page.number,
        method,
        rotation,
        confidence: Confidence::new(confidence),
        header,
        lines,
        marks,
        codes: Vec::new(),
        inches,
        notes,
    }
}

/// A strip that runs into the content is not cut off as a band, but may still
/// be read as a line at the top. Returns where such lines stood, too.
pub(super) fn header_among_lines(
    header: Option<Header>,
    lines: Vec<Line>,
    height: f32,
) -> (Option<Header>, Vec<Line>, Vec<BBox>) {
    let reach = header::REACH_INCHES / height.max(1.0);
    let mut found = header;
    let mut strips = Vec::new();
    let kept = lines
        .into_iter()
        .filter(|line| {
            if line.bbox().center_y() > reach {
                return true;
            }
            match header::parse(&line.text()) {
                Some(strip) => {
                    found.get_or_insert(strip);
                    strips.push(line.bbox());
                    false
                }
                None => true,
            }
        })
        .collect();
    (found, kept, strips)
}

/// Quarter turn of the page's own pixels, for the packet.
pub fn upright(raster: &Raster, rotation: Rotation) -> Raster {
    super::geometry::upright(raster, rotation)
}
