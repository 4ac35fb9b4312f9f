//! Form fields: the widgets on a page with the values of the fields they show.
//!
//! Read from the same object tree as the page itself, so that what opens a
//! broken or encrypted file also finds its fields.

use hayro::hayro_syntax::object::{Array, Dict, Name, Object, String as PdfString};
use hayro::hayro_syntax::page::Page;

use super::{annotations, text_string};
use crate::decode::pages::{FieldValue, FormField};
use crate::vocab::{Note, PageNumber, Phi};

/// How deep a field may hang in the tree of fields; more is a loop.
const MAX_DEPTH: usize = 32;
/// Bytes of one value's rich text.
const MAX_RICH: usize = 1 << 20;

/// Field flag 17: a button that holds nothing.
const PUSH_BUTTON: i32 = 1 << 16;
/// Field flag 14: shown as stars.
const PASSWORD: i32 = 1 << 13;

/// The fields of a page.
#[derive(Default)]
pub(super) struct Form {
    /// The filled text fields and all tick boxes.
    pub fields: Vec<FormField>,
    /// Signatures, and fields that contradict themselves.
    pub notes: Vec<Note>,
}

/// Goes through the widgets of a page; hidden ones are not seen by anybody.
pub(super) fn form(page: &Page<'_>, number: PageNumber) -> Form {
    let mut found = Found::default();
    for widget in annotations::all(page).filter(|a| is_name(a, "Subtype", b"Widget")) {
        found.widget(&widget, page);
    }
    Form { notes: found.notes(number), fields: found.fields }
}

#[derive(Default)]
struct Found {
    fields: Vec<FormField>,
    signed: bool,
    unsigned: bool,
    disagrees: bool,
    unclear: bool,
}

impl Found {
    fn widget(&mut self, widget: &Dict<'_>, page: &Page<'_>) {
        let line = ancestry(widget);
        let Some(kind) = inherited(&line, "FT").and_then(Object::into_name) else { return };
        let Some(bbox) = annotations::place(widget, page) else { return };
        let flags = inherited(&line, "Ff").and_then(Object::into_i32).unwrap_or(0);
        let value = match kind.as_ref() {
            b"Btn" if flags & PUSH_BUTTON == 0 => {
                let state = button(widget, &line);
                self.disagrees |=
                    state == Button::Disagrees(true) || state == Button::Disagrees(false);
                match state {
                    Button::Says(ticked) | Button::Disagrees(ticked) => {
                        Some(FieldValue::Ticked(ticked))
                    }
                    Button::Unclear => {
                        self.unclear = true;
                        None
                    }
                }
            }
            b"Tx" | b"Ch" if flags & PASSWORD == 0 || kind.as_ref() == b"Ch" => {
                text(&line).map(|text| FieldValue::Text(Phi::new(text)))
            }
            b"Sig" => {
                let signed = inherited(&line, "V").and_then(Object::into_dict).is_some();
                self.signed |= signed;
                self.unsigned |= !signed;
                None
            }
            _ => None,
        };
        self.fields.extend(value.map(|value| FormField {
            name: Phi::new(name(&line)),
            value,
            bbox,
        }));
    }

    fn notes(&self, number: PageNumber) -> Vec<Note> {
        [
            (
                self.signed,
                "page.signed",
                "A field on this page holds an electronic signature. It was not verified.",
            ),
            (self.unsigned, "page.signature_empty", "A signature field on this page is empty."),
            (
                self.disagrees,
                DISAGREES,
                "A form field on this page shows something else than it holds; what is shown was taken.",
            ),
            (
                self.unclear,
                "page.field_unclear",
                "A choice on this page does not say which of its buttons is on; open the original to see it.",
            ),
        ]
        .into_iter()
        .filter(|(told, ..)| *told)
        .map(|(_, code, message)| Note::page(code, number, message))
        .collect()
    }
}

/// Code of the note about a field that shows something else than it holds.
pub(super) const DISAGREES: &str = "page.field_disagrees";

fn is_name(dict: &Dict<'_>, key: &str, name: &[u8]) -> bool {
    dict.get::<Name<'_>>(key).is_some_and(|value| value.as_ref() == name)
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

#[derive(Clone, Copy, PartialEq, Eq)]
enum Button {
    Says(bool),
    /// Its appearance (given here) is not what the field's value says.
    Disagrees(bool),
    /// One of several, and nothing says which.
    Unclear,
}

/// By the appearance that is shown (`AS`), which is what a reader sees. Where
/// it is missing, by the field's value.
fn button(widget: &Dict<'_>, line: &[Dict<'_>]) -> Button {
    let shown = widget.get::<Name<'_>>("AS").map(|state| state.as_ref() != b"Off");
    let states = widget
        .get::<Dict<'_>>("AP")
        .and_then(|ap| ap.get::<Dict<'_>>("N"))
        .filter(|states| states.keys().any(|state| state.as_ref() != b"Off"));
    let value = inherited(line, "V").and_then(|value| value_name(line, value));
    let by_value = match (&value, &states) {
        (None, _) => None,
        (Some(value), _) if value == b"Off" => Some(false),
        // Buttons of one group share the value; it names the one that is on.
        (Some(value), Some(states)) => Some(states.contains_key(value)),
        (Some(_), None) if is_one_of_many(line) => None,
        (Some(_), None) => Some(true),
    };
    match (shown, by_value) {
        (Some(shown), Some(held)) if shown != held => Button::Disagrees(shown),
        (Some(shown), _) => Button::Says(shown),
        (None, Some(held)) => Button::Says(held),
        (None, None) if value.is_none() => Button::Says(false),
        (None, None) => Button::Unclear,
    }
}

/// The state a value names: itself, or by its place among the options (PDF
/// 1.7, 12.7.4.2.4).
fn value_name(line: &[Dict<'_>], value: Object<'_>) -> Option<Vec<u8>> {
    match value {
        Object::Name(name) => Some(name.as_ref().to_vec()),
        Object::String(text) => {
            let place = inherited(line, "Opt").and_then(Object::into_array).and_then(|options| {
                options.iter::<PdfString<'_>>().position(|o| o.as_bytes() == text.as_bytes())
            });
            Some(place.map_or_else(|| text.as_bytes().to_vec(), |p| p.to_string().into_bytes()))
        }
        _ => None,
    }
}

fn is_one_of_many(line: &[Dict<'_>]) -> bool {
    line.iter()
        .skip(1)
        .take(1)
        .filter_map(|parent| parent.get::<Array<'_>>("Kids"))
        .any(|kids| kids.raw_iter().nth(1).is_some())
}

/// The value as shown; `None` if nothing is filled in.
fn text(line: &[Dict<'_>]) -> Option<String> {
    let value = match inherited(line, "V") {
        Some(Object::String(value)) => shown(line, &value),
        Some(Object::Stream(value)) => text_string::decode(&value.decoded().ok()?),
        Some(Object::Array(values)) => {
            let all: Vec<String> =
                values.iter::<PdfString<'_>>().map(|value| shown(line, &value)).collect();
            all.join("\n")
        }
        Some(Object::Name(value)) => String::from_utf8_lossy(value.as_ref()).into_owned(),
        _ => rich_text(line)?,
    };
    let value = text_string::shown(&value);
    (!value.trim().is_empty()).then_some(value)
}

/// The words of a value that is kept as rich text only.
fn rich_text(line: &[Dict<'_>]) -> Option<String> {
    let bytes = match inherited(line, "RV")? {
        Object::String(text) => text_string::decode(text.as_bytes()),
        Object::Stream(stream) => text_string::decode(&stream.decoded().ok()?),
        _ => return None,
    };
    Some(text_string::without_markup(bytes.get(..MAX_RICH).unwrap_or(&bytes)))
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
