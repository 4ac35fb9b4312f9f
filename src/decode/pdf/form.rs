//! Form fields: the widgets on a page with the values of the fields they show.
//!
//! Read from the same object tree as the page itself, so that what opens a
//! broken or encrypted file also finds its fields.

use hayro::hayro_interpret::util::TransformExt;
use hayro::hayro_syntax::object::{Array, Dict, Name, Object, Rect, String as PdfString};
use hayro::hayro_syntax::page::Page;
use hayro::kurbo;

use super::text_string;
use crate::decode::pages::{FieldValue, FormField};
use crate::vocab::{BBox, Phi};

/// How deep a field may hang in the tree of fields; more is a loop.
const MAX_DEPTH: usize = 32;
/// Widgets of one page. The longest payer form has a few hundred.
const MAX_WIDGETS: usize = 10_000;

/// Annotation flags 2 (hidden) and 6 (no view).
const UNSEEN: u32 = 1 << 1 | 1 << 5;
/// Field flag 17: a button that holds nothing.
const PUSH_BUTTON: i32 = 1 << 16;
/// Field flag 14: shown as stars.
const PASSWORD: i32 = 1 << 13;

/// The filled text fields and all tick boxes of a page.
pub(super) fn fields(page: &Page<'_>) -> Vec<FormField> {
    let Some(annotations) = page.raw().get::<Array<'_>>("Annots") else { return Vec::new() };
    annotations
        .iter::<Dict<'_>>()
        .take(MAX_WIDGETS)
        .filter(|annotation| is_name(annotation, "Subtype", b"Widget"))
        .filter(|widget| widget.get::<u32>("F").unwrap_or(0) & UNSEEN == 0)
        .filter_map(|widget| field(&widget, page))
        .collect()
}

fn is_name(dict: &Dict<'_>, key: &str, name: &[u8]) -> bool {
    dict.get::<Name<'_>>(key).is_some_and(|value| value.as_ref() == name)
}

fn field(widget: &Dict<'_>, page: &Page<'_>) -> Option<FormField> {
    let line = ancestry(widget);
    let kind = inherited(&line, "FT")?.into_name()?;
    let flags = inherited(&line, "Ff").and_then(Object::into_i32).unwrap_or(0);
    let value = match kind.as_ref() {
        b"Btn" if flags & PUSH_BUTTON != 0 => return None,
        b"Btn" => FieldValue::Ticked(is_ticked(widget, &line)),
        b"Tx" if flags & PASSWORD != 0 => return None,
        b"Tx" | b"Ch" => FieldValue::Text(Phi::new(text(&line)?)),
        _ => return None,
    };
    Some(FormField { name: Phi::new(name(&line)), value, bbox: place(widget, page)? })
}

/// The widget and the fields above it, nearest first.
fn ancestry<'a>(widget: &Dict<'a>) -> Vec<Dict<'a>> {
    let parent = |dict: &Dict<'a>| dict.get::<Dict<'a>>("Parent");
    std::iter::successors(Some(widget.clone()), parent).take(MAX_DEPTH).collect()
}

fn inherited<'a>(line: &[Dict<'a>], key: &str) -> Option<Object<'a>> {
    line.iter().find_map(|dict| dict.get::<Object<'a>>(key))
}

/// Partial names from the root down, joined by dots.
fn name(line: &[Dict<'_>]) -> String {
    let mut parts: Vec<String> = line
        .iter()
        .filter_map(|dict| dict.get::<PdfString<'_>>("T"))
        .map(|part| text_string::decode(part.as_bytes()))
        .collect();
    parts.reverse();
    parts.join(".")
}

/// By the appearance that is shown (`AS`), which is what a reader sees. Where
/// it is missing, by the field's value.
fn is_ticked(widget: &Dict<'_>, line: &[Dict<'_>]) -> bool {
    if let Some(state) = widget.get::<Name<'_>>("AS") {
        return state.as_ref() != b"Off";
    }
    let Some(value) = inherited(line, "V").and_then(Object::into_name) else { return false };
    let own_states = widget.get::<Dict<'_>>("AP").and_then(|ap| ap.get::<Dict<'_>>("N"));
    match own_states {
        // Buttons of one group share the value; it names the one that is on.
        Some(states) => value.as_ref() != b"Off" && states.contains_key(value.as_ref()),
        None => value.as_ref() != b"Off",
    }
}

/// The value as shown; `None` if nothing is filled in.
fn text(line: &[Dict<'_>]) -> Option<String> {
    let value = match inherited(line, "V")? {
        Object::String(value) => shown(line, &value),
        Object::Stream(value) => text_string::decode(&value.decoded().ok()?),
        Object::Array(values) => {
            let all: Vec<String> =
                values.iter::<PdfString<'_>>().map(|value| shown(line, &value)).collect();
            all.join("\n")
        }
        Object::Name(value) => String::from_utf8_lossy(value.as_ref()).into_owned(),
        _ => return None,
    };
    // Line ends become one kind; other control characters were never seen.
    let value: String = value
        .replace("\r\n", "\n")
        .replace('\r', "\n")
        .chars()
        .filter(|c| *c == '\n' || !c.is_control())
        .collect();
    (!value.trim().is_empty()).then_some(value)
}

/// A choice is stored by its export value and shown by its label.
fn shown(line: &[Dict<'_>], value: &PdfString<'_>) -> String {
    let label = inherited(line, "Opt").and_then(Object::into_array).and_then(|options| {
        options.iter::<Array<'_>>().find_map(|pair| {
            let mut pair = pair.iter::<PdfString<'_>>();
            let (export, label) = (pair.next()?, pair.next()?);
            (export.as_bytes() == value.as_bytes()).then(|| text_string::decode(label.as_bytes()))
        })
    });
    label.unwrap_or_else(|| text_string::decode(value.as_bytes()))
}

/// Where the widget stands, as fractions of the page as drawn.
fn place(widget: &Dict<'_>, page: &Page<'_>) -> Option<BBox> {
    let rect = widget.get::<Rect>("Rect")?;
    let (width, height) = page.render_dimensions();
    let seen = page
        .initial_transform(true)
        .to_kurbo()
        .transform_rect_bbox(kurbo::Rect::new(rect.x0, rect.y0, rect.x1, rect.y1));
    Some(BBox::new(
        seen.x0 as f32 / width,
        seen.y0 as f32 / height,
        seen.x1 as f32 / width,
        seen.y1 as f32 / height,
    ))
}
