//! Words that need no reading: a born-digital page's text layer and the
//! values of form fields.

use super::ink::Ink;
use super::letters::letters;
use super::lines::{covered, without};
use super::recognized::{Line, TickBox, TickState, Word};
use crate::decode::pages::{FieldValue, FormField, TextWord};
use crate::vocab::{BBox, Confidence, EvidenceSource};

/// A text layer is what was typed, save for broken character maps.
const LAYER_CONFIDENCE: f32 = 0.98;
/// A field's value is what the form holds.
const FIELD_CONFIDENCE: f32 = 0.99;
/// A word covered by a field's widget this far is the field's own text, drawn.
const SAME_PLACE: f32 = 0.5;
/// Height of a word within a widget, as a share of the widget's, where the
/// widget is one line high.
const ONE_LINE_INCHES: f32 = 0.35;

/// Ink this near a known word is its own, in pixels at 204 dpi.
const RIM: f32 = 6.0;

/// The text layer as lines.
pub fn layer_lines(text: &[TextWord]) -> Vec<Line> {
    text.chunk_by(|a, b| a.line == b.line)
        .filter_map(|line| Line::new(line.iter().filter_map(layer_word).collect()))
        .collect()
}

/// A hidden layer as lines, believed only so far.
pub fn hidden_lines(text: &[TextWord], confidence: Confidence) -> Vec<Line> {
    let doubted = |word: &TextWord| layer_word(word).map(|word| Word { confidence, ..word });
    text.chunk_by(|a, b| a.line == b.line)
        .filter_map(|line| Line::new(line.iter().filter_map(doubted).collect()))
        .collect()
}

fn layer_word(word: &TextWord) -> Option<Word> {
    let text = word.text.expose().trim();
    (!text.is_empty()).then(|| Word {
        text: text.into(),
        bbox: word.bbox,
        confidence: Confidence::new(LAYER_CONFIDENCE),
        source: EvidenceSource::TextLayer,
    })
}

/// Puts the text of form fields among the lines: what was read there from
/// pixels gives way, what the layer already says is not said twice.
/// `height` is the page's in inches.
pub fn with_fields(lines: Vec<Line>, fields: &[FormField], height: f32) -> Vec<Line> {
    let texts: Vec<(&str, BBox)> = fields
        .iter()
        .filter_map(|field| match &field.value {
            FieldValue::Text(text) if !text.expose().trim().is_empty() => {
                Some((text.expose().as_str(), field.bbox))
            }
            FieldValue::Text(_) | FieldValue::Ticked(_) => None,
        })
        .collect();
    let mut lines = without(lines, |word| {
        texts.iter().any(|(_, widget)| covered(word.bbox, *widget) >= SAME_PLACE)
    });
    for (text, widget) in texts {
        for words in field_lines(text, widget, height) {
            insert(&mut lines, words);
        }
    }
    lines
}

/// The value's words, spread over the widget: it does not say where each one
/// stands.
fn field_lines(text: &str, widget: BBox, page_height: f32) -> Vec<Vec<Word>> {
    let rows: Vec<&str> = text.lines().filter(|row| !row.trim().is_empty()).collect();
    let one_line = rows.len() == 1 && widget.height() * page_height <= ONE_LINE_INCHES;
    let step = if one_line { widget.height() } else { widget.height() / rows.len().max(1) as f32 };
    rows.iter()
        .enumerate()
        .map(|(place, row)| {
            let top = widget.y0() + step * place as f32;
            let letters = row.chars().count().max(1) as f32;
            // Text seldom fills its widget; half an em a letter is usual.
            let advance = (widget.width() / letters).min(0.012);
            let mut start = 0.0;
            row.split(' ')
                .filter_map(|text| {
                    let length = text.chars().count() as f32;
                    let x0 = widget.x0() + start * advance;
                    start += length + 1.0;
                    (!text.trim().is_empty()).then(|| Word {
                        text: text.trim().into(),
                        bbox: BBox::new(x0, top, x0 + length * advance, top + step),
                        confidence: Confidence::new(FIELD_CONFIDENCE),
                        source: EvidenceSource::FormField,
                    })
                })
                .collect()
        })
        .collect()
}

/// Into the line that stands at the same height, or as a line of its own.
fn insert(lines: &mut Vec<Line>, words: Vec<Word>) {
    let Some(bbox) = BBox::around(words.iter().map(|word| word.bbox)) else {
        return;
    };
    let same = lines.iter().position(|line| {
        let there = line.bbox();
        there.shared_height(bbox) > 0.6 && there.height() < 2.5 * bbox.height()
    });
    match same {
        Some(place) => {
            let mut all = lines[place].words().to_vec();
            all.extend(words);
            all.sort_by(|a, b| a.bbox.x0().total_cmp(&b.bbox.x0()));
            if let Some(line) = Line::new(all) {
                lines[place] = line;
            }
        }
        None => {
            let place = lines
                .iter()
                .position(|line| line.bbox().center_y() > bbox.center_y())
                .unwrap_or(lines.len());
            lines.splice(place..place, Line::new(words));
        }
    }
}

/// Adds words that were read from pixels where no line has one yet.
pub fn with_read_words(mut lines: Vec<Line>, read: Vec<Line>) -> Vec<Line> {
    let known: Vec<BBox> =
        lines.iter().flat_map(|line| line.words().iter().map(|word| word.bbox)).collect();
    let fresh = without(read, |word| {
        known
            .iter()
            .any(|there| covered(word.bbox, *there) > 0.2 || covered(*there, word.bbox) > 0.2)
    });
    for line in fresh {
        insert(&mut lines, line.into());
    }
    lines
}

/// Whether a field says anything: text, or a tick.
pub fn holds_something(field: &FormField) -> bool {
    match &field.value {
        FieldValue::Text(text) => !text.expose().trim().is_empty(),
        FieldValue::Ticked(ticked) => *ticked,
    }
}

/// Share of the letter-sized ink outside all known words from which a picture
/// on the page may hold text of its own, and the least of it in pixels (about
/// 150 letters).
const PICTURE_SHARE: f32 = 0.25;
const PICTURE_INK: usize = 150 * 90;

/// Whether there is text on the page that its layer does not know: a scan
/// pasted into a letter.
pub fn leaves_pictures(known: &[Line], ink: &Ink) -> bool {
    let mut letters = letters(ink);
    let all = letters.count(&letters.area());
    let (width, height) = (letters.width() as f32, letters.height() as f32);
    for word in known.iter().flat_map(Line::words) {
        let bbox = word.bbox.grown(RIM / width, RIM / height);
        letters.clear(&letters.under(bbox));
    }
    let left = letters.count(&letters.area());
    left >= PICTURE_INK && left as f32 >= PICTURE_SHARE * all as f32
}

/// Check boxes and radio buttons among the fields, labels still empty.
pub fn field_marks(fields: &[FormField]) -> Vec<TickBox> {
    fields
        .iter()
        .filter_map(|field| match field.value {
            FieldValue::Ticked(ticked) => Some(TickBox {
                bbox: field.bbox,
                state: if ticked { TickState::Ticked } else { TickState::Empty },
                fill: if ticked { 1.0 } else { 0.0 },
                confidence: Confidence::new(FIELD_CONFIDENCE),
                label: String::new().into(),
                label_box: None,
            }),
            FieldValue::Text(_) => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocab::Rotation;
    fn word(text: &str, x0: f32, line: u32) -> TextWord {
        let y = 0.1 + 0.02 * line as f32;
        let bbox = BBox::new(x0, y, x0 + 0.08, y + 0.012);
        TextWord { text: text.into(), bbox, line, turn: Rotation::None }
    }

    fn field(x0: f32, line: u32, value: FieldValue) -> FormField {
        let y = 0.098 + 0.02 * line as f32;
        let bbox = BBox::new(x0, y, x0 + 0.3, y + 0.016);
        FormField { name: "f".into(), value, bbox }
    }

    #[test]
    fn a_value_stands_beside_its_label_and_only_once() {
        let text = [word("NPI", 0.1, 0), word("2345678901", 0.2, 0), word("Next", 0.1, 1)];
        let fields = [
            field(0.2, 0, FieldValue::Text("2345678901".into())),
            field(0.2, 5, FieldValue::Text("two words".into())),
        ];
        let lines = with_fields(layer_lines(&text), &fields, 11.0);
        let texts: Vec<String> = lines.iter().map(Line::text).collect();
        assert_eq!(texts, ["NPI 2345678901", "Next", "two words"]);
        assert_eq!(lines[0].words()[1].source, EvidenceSource::FormField);
    }

    #[test]
    fn ticked_fields_are_marks() {
        let marks = field_marks(&[
            field(0.1, 0, FieldValue::Ticked(true)),
            field(0.1, 1, FieldValue::Ticked(false)),
            field(0.1, 2, FieldValue::Text("x".into())),
        ]);
        let states: Vec<TickState> = marks.iter().map(|mark| mark.state).collect();
        assert_eq!(states, [TickState::Ticked, TickState::Empty]);
    }
}
