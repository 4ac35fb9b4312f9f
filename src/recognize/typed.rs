//! Born-digital pages: their words are known, and mostly their boxes too.
//! Pixels are looked at only where the page came with some.

use super::geometry;
use super::layer;
use super::lines::{covered, lines};
use super::native::Reading;
use super::quality::Quality;
use super::recognized::{Line, Method, RecognizedPage, Rotation, TickBox, TickState};
use super::recognizer::{
    Effort, Recognizer, Upright, blank, found_marks, header_among_lines, labelled, named_marks,
};
use super::sheet::Sheet;
use super::skew::Skew;
use crate::decode::pages::{DrawnBox, Page, Raster};
use crate::vocab::Confidence;

/// A box drawn as lines is what the file says it is; what stands in it was
/// put there on purpose.
const DRAWN_CONFIDENCE: f32 = 0.98;

impl Recognizer {
    /// A page with a text layer, and with pictures or drawings that only
    /// pixels show.
    pub(super) fn read_layer(&mut self, page: &Page, raster: &Raster) -> RecognizedPage {
        let inches = geometry::inches(raster);
        let sheet = Sheet::of(raster);
        let known = layer::layer_lines(&page.text);
        let read = if layer::leaves_pictures(&known, &sheet.ink) {
            self.read_upright(sheet, Effort::Triage)
        } else {
            Upright {
                squares: found_marks(&sheet),
                skew: Skew::NONE,
                size: sheet.image.dimensions(),
                reading: Reading::default(),
                quality: Quality::NOTHING,
            }
        };
        let (header, known, strips) = header_among_lines(None, known, inches.1);
        let with_fields = layer::with_fields(known, &page.fields, inches.1);
        let read_lines = lines(&read.reading.words, &read.skew, read.size);
        let from_pixels = !read_lines.is_empty();
        let all = layer::with_read_words(with_fields, read_lines);
        let (marks, lines) = named_marks(page, &read, all, &strips, inches);
        RecognizedPage {
            number: page.number,
            method: method(page, from_pixels),
            rotation: Rotation::None,
            confidence: mean_confidence(&lines),
            header,
            lines,
            marks,
            inches,
            notes: page.notes.clone(),
        }
    }
}

/// A page that came without pixels.
pub(super) fn told(page: &Page, inches: (f32, f32)) -> RecognizedPage {
    let says_nothing = page.text.is_empty() && page.boxes.is_empty() && page.fields.is_empty();
    if says_nothing {
        return blank(page, None, inches);
    }
    let known = layer::layer_lines(&page.text);
    let (header, known, strips) = header_among_lines(None, known, inches.1);
    let all = layer::with_fields(known, &page.fields, inches.1);
    let mut marks = layer::field_marks(&page.fields);
    for drawn in &page.boxes {
        let in_strip = strips.iter().any(|strip| covered(drawn.bbox, *strip) > 0.5);
        let known = marks.iter().any(|mark| {
            covered(drawn.bbox, mark.bbox) > 0.3 || covered(mark.bbox, drawn.bbox) > 0.3
        });
        if !in_strip && !known {
            marks.push(mark(drawn));
        }
    }
    let (marks, lines) = labelled(marks, all, inches);
    let confidence = if lines.is_empty() { Confidence::FULL } else { mean_confidence(&lines) };
    RecognizedPage {
        number: page.number,
        method: method(page, false),
        rotation: Rotation::None,
        confidence,
        header,
        lines,
        marks,
        inches,
        notes: page.notes.clone(),
    }
}

fn mark(drawn: &DrawnBox) -> TickBox {
    TickBox {
        bbox: drawn.bbox,
        state: if drawn.fill > 0.0 { TickState::Ticked } else { TickState::Empty },
        fill: drawn.fill,
        confidence: Confidence::new(DRAWN_CONFIDENCE),
        label: String::new().into(),
        label_box: None,
    }
}

fn method(page: &Page, from_pixels: bool) -> Method {
    let from_fields = page.fields.iter().any(layer::holds_something);
    match (page.text.is_empty(), from_fields, from_pixels) {
        (true, _, false) => Method::FormFields,
        (false, false, false) => Method::TextLayer,
        (_, _, true) | (false, true, false) => Method::Mixed,
    }
}

fn mean_confidence(lines: &[Line]) -> Confidence {
    let words: Vec<f32> =
        lines.iter().flat_map(Line::words).map(|word| word.confidence.get()).collect();
    if words.is_empty() {
        Confidence::ZERO
    } else {
        Confidence::new(words.iter().sum::<f32>() / words.len() as f32)
    }
}
