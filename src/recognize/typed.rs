//! Born-digital pages: their words are known, and mostly their boxes too.
//! Pixels are looked at only where the page came with some.

use super::effort::Effort;
use super::geometry;
use super::layer;
use super::letters::letters;
use super::lines::{covered, lines};
use super::marks::{found_marks, labelled, named_marks};
use super::quality::Quality;
use super::reading::Reading;
use super::recognized::{Line, Method, RecognizedPage, Rotation, TickBox, TickState, Word};
use super::recognizer::{Recognizer, UNREADABLE, Upright, blank, header_among_lines};
use super::sheet::Sheet;
use super::skew::Skew;
use crate::decode::pages::{DrawnBox, Page, Raster, Sight, TextWord};
use crate::vocab::{BBox, Confidence, Note};

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
        let (squares, size) = (found_marks(&sheet), sheet.image.dimensions());
        let read_lines = match pictures_to_read(page, &known, sheet) {
            Some(pictures) => {
                let read = self.read_upright(pictures, Effort::Triage);
                lines(&read.reading.words, &read.skew, read.size)
            }
            None => Vec::new(),
        };
        let read = Upright {
            squares,
            skew: Skew::NONE,
            size,
            reading: Reading::default(),
            quality: Quality::NOTHING,
        };
        let (header, known, strips) = header_among_lines(None, known, inches.1);
        let with_fields = layer::with_fields(known, &page.fields, inches.1);
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
            codes: Vec::new(),
            inches,
            notes: page.notes.clone(),
        }
    }
}

/// What is left of a page when all but its pictures is white; `None` if they
/// hold no text. A page without pictures was drawn because its lines may be
/// letters: it is read as a whole.
fn pictures_to_read(page: &Page, known: &[Line], sheet: Sheet) -> Option<Sheet> {
    if page.pictures.is_empty() {
        return layer::leaves_pictures(known, &sheet.ink).then_some(sheet);
    }
    let mut sheet = sheet;
    let (width, height) = (sheet.ink.width() as f32, sheet.ink.height() as f32);
    for gap in outside(&page.pictures) {
        sheet.erase(&sheet.ink.under(gap));
    }
    for word in known.iter().flat_map(Line::words) {
        let bbox = word.bbox.grown(WORD_RIM / width, WORD_RIM / height);
        sheet.erase(&sheet.ink.under(bbox));
    }
    let letters = letters(&sheet.ink);
    (letters.count(&letters.area()) >= LEAST_LETTERS).then_some(sheet)
}

/// Ink this near a known word is its own, in pixels at 204 dpi.
const WORD_RIM: f32 = 3.0;
/// Ink of letter-sized pieces, in pixels, from which a picture may hold text:
/// 20 letters of about 90 pixels. A logo or a signature has less.
const LEAST_LETTERS: usize = 20 * 90;

/// The page without `pictures`, as rectangles.
fn outside(pictures: &[BBox]) -> Vec<BBox> {
    let mut edges: Vec<f32> = pictures.iter().flat_map(|p| [p.y0(), p.y1()]).collect();
    edges.extend([0.0, 1.0]);
    edges.sort_by(f32::total_cmp);
    edges.dedup();
    let mut gaps = Vec::new();
    for band in edges.windows(2) {
        let (top, bottom) = (band[0], band[1]);
        let mut here: Vec<&BBox> =
            pictures.iter().filter(|p| p.y0() < bottom && p.y1() > top).collect();
        here.sort_by(|a, b| a.x0().total_cmp(&b.x0()));
        let mut from = 0.0;
        for picture in here {
            if picture.x0() > from {
                gaps.push(BBox::new(from, top, picture.x0(), bottom));
            }
            from = picture.x1().max(from);
        }
        if from < 1.0 {
            gaps.push(BBox::new(from, top, 1.0, bottom));
        }
    }
    gaps
}

/// Below this a reading from pixels is poor enough to ask the hidden layer.
const POOR: f32 = 0.5;
/// The hidden words are somebody else's reading of the same pixels.
const HIDDEN_CONFIDENCE: f32 = 0.6;
/// How many times the letters of our own reading a hidden layer must have.
const RICHER: f32 = 1.2;
/// Share of hidden words under which there must be ink.
const ON_INK: f32 = 0.9;
/// Letters of a hidden layer that is worth anything.
const FEW_LETTERS: usize = 40;

/// A scan that read poorly and carries somebody else's reading, hidden: the
/// better of the two, never both.
pub(super) fn or_hidden(read: RecognizedPage, page: &Page, raster: &Raster) -> RecognizedPage {
    let poor = match read.method {
        Method::Unreadable => true,
        Method::Ocr => read.confidence.get() < POOR,
        Method::TextLayer | Method::FormFields | Method::Mixed | Method::Blank => false,
    };
    let count = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
    let theirs: usize = page.hidden.iter().map(|word| count(word.text.expose())).sum();
    if !poor || theirs < FEW_LETTERS {
        return read;
    }
    let believed = |word: &&Word| word.confidence.get() >= 0.5;
    let words = || read.lines.iter().flat_map(Line::words);
    let ours: usize = words().filter(believed).map(Word::letters).sum();
    if (theirs as f32) < RICHER * ours as f32 || !lies_on_ink(&page.hidden, raster) {
        return read;
    }
    let lines = layer::hidden_lines(&page.hidden, Confidence::new(HIDDEN_CONFIDENCE));
    let inches = geometry::inches(raster);
    let (header, lines, _) = header_among_lines(None, lines, inches.1);
    let marks = if read.rotation == Rotation::None { read.marks } else { Vec::new() };
    let (marks, lines) = labelled(marks, lines, inches);
    let mut notes = read.notes;
    notes.retain(|note| note.code != UNREADABLE);
    notes.push(Note::page(
        "page.hidden_text_used",
        page.number,
        "The page could hardly be read; its words are those that the sender's scanner software put behind the picture.",
    ));
    RecognizedPage {
        number: page.number,
        method: Method::TextLayer,
        rotation: Rotation::None,
        confidence: Confidence::new(HIDDEN_CONFIDENCE),
        header: read.header.or(header),
        lines,
        marks,
        codes: Vec::new(),
        inches,
        notes,
    }
}

fn lies_on_ink(words: &[TextWord], raster: &Raster) -> bool {
    let ink = Sheet::of(raster).ink;
    let inked = words.iter().filter(|word| ink.count(&ink.under(word.bbox)) > 0).count();
    inked as f32 >= ON_INK * words.len() as f32
}

/// The page turned, with all that is known of it.
pub(super) fn turned(page: &Page, turn: Rotation) -> Page {
    let mut page = page.clone();
    page.sight = match page.sight {
        Sight::Pixels(raster) => Sight::Pixels(geometry::upright(&raster, turn)),
        Sight::Told { inches: (across, down) } => match turn {
            Rotation::None | Rotation::Half => Sight::Told { inches: (across, down) },
            Rotation::Quarter | Rotation::ThreeQuarters => Sight::Told { inches: (down, across) },
        },
    };
    let boxes = page.text.iter_mut().chain(&mut page.hidden).map(|word| &mut word.bbox);
    let boxes = boxes.chain(&mut page.pictures);
    let boxes = boxes.chain(page.boxes.iter_mut().map(|drawn| &mut drawn.bbox));
    for bbox in boxes.chain(page.fields.iter_mut().map(|field| &mut field.bbox)) {
        *bbox = turn.turned(*bbox);
    }
    for word in page.text.iter_mut().chain(&mut page.hidden) {
        word.turn = word.turn.then(turn.back());
    }
    page
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
        codes: Vec::new(),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::pages::Dpi;
    use crate::vocab::PageNumber;

    /// Ten stripes on a letter page.
    fn raster() -> Raster {
        let pixels = image::GrayImage::from_fn(1734, 2244, |x, y| {
            let inked = (100..1600).contains(&x) && y % 200 < 20;
            image::Luma([if inked { 0 } else { 255 }])
        });
        Raster { pixels, bilevel: true, dpi: Dpi { x: 204.0, y: 204.0 } }
    }

    fn page(y: f32) -> Page {
        let words = (0..10).map(|i| TextWord {
            text: "discharge".into(),
            bbox: BBox::new(0.1 + 0.05 * i as f32, y, 0.14 + 0.05 * i as f32, y + 0.005),
            line: 0,
            turn: Rotation::None,
        });
        let hidden = words.collect();
        Page { hidden, ..Page::scan(PageNumber::FIRST, raster(), Vec::new()) }
    }

    #[test]
    fn a_hidden_layer_is_used_only_where_the_page_was_not_read_and_it_lies_on_ink() {
        let unread = || RecognizedPage::unreadable(PageNumber::FIRST, "page.unreadable", "x");
        let used = or_hidden(unread(), &page(0.0), &raster());
        assert_eq!(used.method, Method::TextLayer);
        assert_eq!(used.lines.iter().map(|line| line.words().len()).sum::<usize>(), 10);
        assert_eq!(used.notes.len(), 1);
        assert_eq!(used.notes[0].code, "page.hidden_text_used");
        // White paper is there.
        assert_eq!(or_hidden(unread(), &page(0.05), &raster()).method, Method::Unreadable);
        let mut well = unread();
        well.method = Method::Ocr;
        well.confidence = Confidence::new(0.9);
        assert_eq!(or_hidden(well, &page(0.0), &raster()).method, Method::Ocr);
    }

    #[test]
    fn what_is_outside_the_pictures_covers_the_rest_of_the_page() {
        let pictures = [BBox::new(0.1, 0.1, 0.5, 0.5), BBox::new(0.3, 0.4, 0.9, 0.6)];
        let gaps = outside(&pictures);
        for (x, y) in [(0.05, 0.05), (0.2, 0.2), (0.6, 0.2), (0.4, 0.45), (0.2, 0.55), (0.95, 0.5)]
        {
            let within = |b: &BBox| b.x0() <= x && x < b.x1() && b.y0() <= y && y < b.y1();
            let in_gap = gaps.iter().any(within);
            assert_eq!(in_gap, !pictures.iter().any(within), "{x} {y}");
        }
    }

    #[test]
    fn a_landscape_table_reads_from_left_to_right() {
        // Text that runs upwards: the page has to be turned clockwise.
        let word = |text: &str, y0: f32, y1: f32| TextWord {
            text: text.into(),
            bbox: BBox::new(0.2, y0, 0.22, y1),
            line: 0,
            turn: Rotation::Quarter,
        };
        let mut page = Page::scan(PageNumber::FIRST, raster(), Vec::new());
        page.sight = Sight::Told { inches: (8.5, 11.0) };
        page.text = vec![word("NPI:", 0.8, 0.85), word("1234567893", 0.65, 0.78)];
        let turn = page.turn();
        let upright = turned(&page, turn);
        assert_eq!((turn, upright.turn()), (Rotation::Quarter, Rotation::None));
        let read = told(&upright, upright.inches());
        let words = read.lines[0].words();
        assert_eq!(read.inches, (11.0, 8.5));
        assert!(words[0].bbox.x1() < words[1].bbox.x0(), "{words:?}");
        assert!((words[0].bbox.y0() - 0.2).abs() < 1e-5, "{words:?}");
        assert!((words[0].bbox.x0() - 0.15).abs() < 1e-5, "{words:?}");
    }
}
