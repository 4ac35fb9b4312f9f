//! Form fields held against what the page shows in their place. What is seen
//! wins: it is what the sender saw.

use super::boxes;
use super::form::DISAGREES;
use super::sight;
use super::survey::{Glyph, Survey};
use super::words;
use crate::decode::pages::{FieldValue, FormField};
use crate::vocab::{BBox, Note, PageNumber, Phi};

/// The fields, as they are seen. `put_over` is where somebody wrote on the
/// page with a viewer's pen, stamp or typewriter.
pub(super) fn as_seen(
    mut fields: Vec<FormField>,
    survey: &Survey,
    put_over: &[BBox],
    number: PageNumber,
    notes: &mut Vec<Note>,
) -> Vec<FormField> {
    if fields.is_empty() {
        return fields;
    }
    let sure = sight::seen(survey).is_some();
    let (mut disagrees, mut by_hand) = (false, false);
    for field in &mut fields {
        match &mut field.value {
            FieldValue::Ticked(ticked) => {
                let touched = put_over.iter().any(|place| overlap(*place, field.bbox));
                if !*ticked && touched && boxes::is_marked_by_hand(survey, field.bbox) {
                    *ticked = true;
                    by_hand = true;
                }
            }
            FieldValue::Text(text) => {
                let shown = shown_instead(survey, field.bbox, text.expose());
                if let Some(shown) = shown.filter(|_| sure) {
                    *text = Phi::new(shown);
                    disagrees = true;
                }
            }
        }
    }
    if disagrees && notes.iter().all(|note| note.code != DISAGREES) {
        notes.push(Note::page(
            DISAGREES,
            number,
            "A form field on this page shows something else than it holds; what is shown was taken.",
        ));
    }
    if by_hand {
        notes.push(Note::page(
            "page.field_marked_by_hand",
            number,
            "A box of the form is off, but somebody marked it with a pen; it was taken as ticked.",
        ));
    }
    fields
}

fn overlap(a: BBox, b: BBox) -> bool {
    a.x0() < b.x1() && b.x0() < a.x1() && a.y0() < b.y1() && b.y0() < a.y1()
}

/// The words the field's own drawing shows, where they are others than its
/// value. Part of a long value is no other.
fn shown_instead(survey: &Survey, place: BBox, value: &str) -> Option<String> {
    let inside = |glyph: &&Glyph| {
        let middle = glyph.middle();
        let (x, y) = (middle.x / survey.size.width, middle.y / survey.size.height);
        let (x, y) = (x as f32, y as f32);
        (place.x0()..=place.x1()).contains(&x) && (place.y0()..=place.y1()).contains(&y)
    };
    let drawn: Vec<&Glyph> =
        survey.glyphs.iter().filter(|glyph| glyph.order > survey.page_end).filter(inside).collect();
    let nameless = drawn.iter().any(|glyph| glyph.text.is_none());
    if drawn.is_empty() || nameless {
        return None;
    }
    let mut words = words::words(drawn, &survey.size, None);
    words.retain(|word| !word.text.expose().is_empty());
    let mut lines: Vec<String> = Vec::new();
    for line in words.chunk_by(|a, b| a.line == b.line) {
        let line: Vec<&str> = line.iter().map(|word| word.text.expose().as_str()).collect();
        lines.push(line.join(" "));
    }
    let shown = lines.join("\n");
    let bare = |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).collect() };
    let (seen, held) = (bare(&shown), bare(value));
    (!seen.is_empty() && !held.contains(&seen)).then_some(shown)
}
