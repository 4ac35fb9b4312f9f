//! How the annotations of a page look: form fields, stamps, ink, notes.

use lopdf::{Dictionary, Document, Object, ObjectId, Stream};

use super::geometry::{Matrix, Rect};
use super::helvetica::Face;

/// Hidden, or not to be viewed (ISO 32000-1, table 165, bits 2 and 6).
const UNSEEN_FLAGS: i64 = 1 << 1 | 1 << 5;
/// Size of a field's text when its appearance was never drawn: forms are
/// filled in 12 points or, in a low field, as much as fits.
const FIELD_TEXT_SIZE: f32 = 12.0;
/// Share of a field's height that its text takes up.
const FIELD_TEXT_SHARE: f32 = 0.7;
/// How far up a field's parents its value is looked for.
const DEEPEST_FIELD: usize = 32;

/// Bytes an appearance may unpack to: a field of a page of text has a
/// thousandth of it.
const MOST_APPEARANCE: usize = 4 << 20;

/// One annotation, as it is to be drawn.
pub enum Look {
    /// By a form of the file.
    Form {
        /// The form.
        form: ObjectId,
        /// Brings it to its place.
        matrix: Matrix,
    },
    /// A field with a value whose appearance nobody drew.
    Text {
        /// Left.
        x: f32,
        /// Baseline.
        y: f32,
        /// In points.
        size: f32,
        /// The value.
        text: String,
    },
}

/// What is to be seen of the annotations in a page's `/Annots`, in order.
pub fn visible(document: &Document, annotations: Option<&Object>) -> Vec<Look> {
    let annotations = annotations.and_then(|annotations| annotations.as_array().ok());
    annotations
        .into_iter()
        .flatten()
        .filter_map(|annotation| document.dereference(annotation).ok()?.1.as_dict().ok())
        .filter_map(|annotation| looks(document, annotation))
        .flatten()
        .collect()
}

/// Its drawing, and the value of a field that the drawing leaves out.
fn looks(document: &Document, annotation: &Dictionary) -> Option<Vec<Look>> {
    let flags = value(document, annotation, b"F").and_then(|flags| flags.as_i64().ok());
    let is = |name: &[u8]| {
        value(document, annotation, b"Subtype").and_then(|kind| kind.as_name().ok()) == Some(name)
    };
    if flags.unwrap_or(0) & UNSEEN_FLAGS != 0 || is(b"Popup") || is(b"Link") {
        return None;
    }
    let rect = Rect::parse(document, annotation.get(b"Rect").ok()?).filter(|r| !r.is_empty())?;
    let appearance = appearance(document, annotation);
    let drawn = appearance.and_then(|(form, stream)| {
        Some(Look::Form { form, matrix: fit(document, &stream.dict, rect)? })
    });
    let says_it = appearance.is_some_and(|(_, stream)| shows_text(stream));
    let value = if is(b"Widget") && !says_it { undrawn(document, annotation, rect) } else { None };
    Some(drawn.into_iter().chain(value).collect())
}

/// Whether an appearance shows any text. Programs that set
/// `/NeedAppearances` leave a frame without the value, or none.
fn shows_text(form: &Stream) -> bool {
    let content = form.get_plain_content_with_limit(MOST_APPEARANCE);
    // What cannot be unpacked is taken to be complete: better a value less
    // than a value twice.
    content.map_or(true, |content| content.windows(2).any(|pair| pair == b"Tj" || pair == b"TJ"))
}

/// The normal appearance in the present state.
fn appearance<'a>(
    document: &'a Document,
    annotation: &'a Dictionary,
) -> Option<(ObjectId, &'a Stream)> {
    let normal = document.get_dict_in_dict(annotation, b"AP").ok()?.get(b"N").ok()?;
    let normal = match document.dereference(normal).ok()?.1 {
        Object::Dictionary(states) => {
            let state = value(document, annotation, b"AS")?.as_name().ok()?;
            states.get(state).ok()?
        }
        _ => normal,
    };
    let (id, form) = document.dereference(normal).ok()?;
    Some((id?, form.as_stream().ok()?))
}

/// Algorithm 8.1 of ISO 32000-1, 12.5.5: the form's box, seen through its own
/// matrix, is fitted to the annotation's rectangle.
fn fit(document: &Document, form: &Dictionary, rect: Rect) -> Option<Matrix> {
    let own = form.get(b"Matrix").ok().and_then(|matrix| Matrix::parse(document, matrix));
    let bounds = Rect::parse(document, form.get(b"BBox").ok()?)?;
    let seen = bounds.through(own.unwrap_or(Matrix::IDENTITY));
    if seen.is_empty() {
        return None;
    }
    let (sx, sy) = (rect.width() / seen.width(), rect.height() / seen.height());
    Some(Matrix([sx, 0.0, 0.0, sy, rect.x0 - seen.x0 * sx, rect.y0 - seen.y0 * sy]))
}

/// The value of a text or choice field whose program left the drawing to the
/// viewer.
fn undrawn(document: &Document, widget: &Dictionary, rect: Rect) -> Option<Look> {
    let kind = inherited(document, widget, b"FT")?.as_name().ok()?;
    if kind != b"Tx" && kind != b"Ch" {
        return None;
    }
    let text = lopdf::decode_text_string(inherited(document, widget, b"V")?).ok()?;
    if text.trim().is_empty() {
        return None;
    }
    let mut size = FIELD_TEXT_SIZE.min(rect.height() * FIELD_TEXT_SHARE);
    let natural = Face::Regular.width(&text, size);
    if natural > rect.width() {
        size *= rect.width() / natural;
    }
    let y = f32::midpoint(rect.y0, rect.y1) - size * 0.35;
    Some(Look::Text { x: rect.x0 + 2.0, y, size, text })
}

fn value<'a>(document: &'a Document, dict: &'a Dictionary, key: &[u8]) -> Option<&'a Object> {
    Some(document.dereference(dict.get(key).ok()?).ok()?.1)
}

/// Of a field or the nearest field above that has it.
fn inherited<'a>(document: &'a Document, field: &'a Dictionary, key: &[u8]) -> Option<&'a Object> {
    let mut field = field;
    for _ in 0..DEEPEST_FIELD {
        if let Some(found) = value(document, field, key) {
            return Some(found);
        }
        field = document.get_dict_in_dict(field, b"Parent").ok()?;
    }
    None
}
