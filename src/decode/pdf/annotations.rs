//! Annotations that a viewer shows though the file does not draw them: typed
//! notes, pen strokes, lines and frames without an appearance of their own.
//! Those that have one are drawn with the page.

use hayro::hayro_interpret::util::TransformExt;
use hayro::hayro_syntax::object::{Array, Dict, Name, Object, Rect, String as PdfString};
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::{self, BezPath, Circle, ParamCurve as _, Point, Shape as _};

use super::text_string;
use crate::decode::grey::luma;
use crate::decode::pages::{FieldValue, FormField, Raster};
use crate::vocab::{BBox, Note, PageNumber, Phi};

/// Annotations of one page; a form has hundreds, a marked-up plan thousands.
const MAX_ANNOTATIONS: usize = 10_000;
/// Points of all pen strokes of a page.
const MAX_POINTS: usize = 100_000;
/// Characters of one typed note.
const MAX_TEXT: usize = 20_000;

/// Annotation flags 2 (hidden) and 6 (not viewed).
pub(super) const UNSEEN: u32 = 1 << 1 | 1 << 5;

/// Annotations that are put over a page to write on it.
const PUT_OVER: [&[u8]; 8] =
    [b"Ink", b"Stamp", b"FreeText", b"Line", b"PolyLine", b"Polygon", b"Square", b"Circle"];

/// A stroke of a pen, in points from the page's upper left corner.
pub(super) struct Stroke {
    pub path: BezPath,
    /// Points.
    pub width: f64,
    pub grey: u8,
}

/// What annotations add to a page that its drawing does not.
#[derive(Default)]
pub(super) struct Undrawn {
    pub strokes: Vec<Stroke>,
    /// Where pens, stamps and typed notes were put, drawn or not.
    pub places: Vec<BBox>,
    /// Typed notes, as fields without a name: what they say, and where.
    pub notes_typed: Vec<FormField>,
    /// Comments that are not shown, and the like.
    pub notes: Vec<Note>,
}

/// Goes through the page's annotations, widgets left out.
pub(super) fn undrawn(page: &Page<'_>, number: PageNumber) -> Undrawn {
    let mut found = Undrawn::default();
    let mut points = 0;
    let (mut comments, mut struck, mut stamps, mut files) = (false, false, false, false);
    for annotation in all(page) {
        let Some(kind) = annotation.get::<Name<'_>>("Subtype") else { continue };
        let drawn = has_appearance(&annotation);
        if PUT_OVER.contains(&kind.as_ref()) {
            found.places.extend(place(&annotation, page));
        }
        match kind.as_ref() {
            b"FreeText" if !drawn => found.notes_typed.extend(typed(&annotation, page)),
            b"Ink" | b"Line" | b"PolyLine" | b"Polygon" | b"Square" | b"Circle" if !drawn => {
                let pen = Pen::of(&annotation);
                for path in paths(&annotation, kind.as_ref()) {
                    points += path.elements().len();
                    if points <= MAX_POINTS {
                        let path = page.initial_transform(true).to_kurbo() * path;
                        found.strokes.push(Stroke { path, width: pen.width, grey: pen.grey });
                    }
                }
            }
            b"Text" => comments |= has_text(&annotation),
            b"StrikeOut" => struck = true,
            b"Stamp" if !drawn => stamps = true,
            b"FileAttachment" => files = true,
            _ => {}
        }
    }
    let mut say = |told: bool, code: &str, message: &str| {
        if told {
            found.notes.push(Note::page(code, number, message));
        }
    };
    say(
        comments,
        "page.comment",
        "A comment is attached to this page. It is not part of what is printed and was not read; open the original to see it.",
    );
    say(
        struck,
        "page.struck_out",
        "Words on this page are struck out with a viewer's pen; they were read as if they were not.",
    );
    say(
        stamps,
        "page.stamp_undrawn",
        "A stamp on this page is drawn by the viewer only; open the original to see it.",
    );
    say(files, "page.attachment", "A file is attached to this page; open the original to see it.");
    if points > MAX_POINTS {
        found.notes.push(Note::page(
            "page.strokes_cut",
            number,
            "The page holds more pen strokes than are taken; some are missing.",
        ));
    }
    found
}

/// The annotations of a page that are shown.
pub(super) fn all<'a>(page: &Page<'a>) -> impl Iterator<Item = Dict<'a>> {
    let annotations = page.raw().get::<Array<'a>>("Annots");
    annotations
        .into_iter()
        .flat_map(|annotations| annotations.iter::<Dict<'a>>().take(MAX_ANNOTATIONS))
        .filter(|annotation| annotation.get::<u32>("F").unwrap_or(0) & UNSEEN == 0)
}

fn has_appearance(annotation: &Dict<'_>) -> bool {
    let normal = annotation.get::<Dict<'_>>("AP").and_then(|ap| ap.get::<Object<'_>>("N"));
    matches!(normal, Some(Object::Stream(_) | Object::Dict(_)))
}

fn has_text(annotation: &Dict<'_>) -> bool {
    annotation
        .get::<PdfString<'_>>("Contents")
        .is_some_and(|text| !text_string::decode(text.as_bytes()).trim().is_empty())
}

fn typed(annotation: &Dict<'_>, page: &Page<'_>) -> Option<FormField> {
    let text = annotation.get::<PdfString<'_>>("Contents")?;
    let text = text_string::shown(&text_string::decode(text.as_bytes()));
    let text: String = text.chars().take(MAX_TEXT).collect();
    let bbox = place(annotation, page)?;
    (!text.trim().is_empty()).then(|| FormField {
        name: Phi::new(String::new()),
        value: FieldValue::Text(Phi::new(text)),
        bbox,
    })
}

/// Where an annotation stands, as fractions of the page as drawn; `None` if
/// that is nowhere on it.
pub(super) fn place(annotation: &Dict<'_>, page: &Page<'_>) -> Option<BBox> {
    let rect = annotation.get::<Rect>("Rect")?;
    let (width, height) = page.render_dimensions();
    let sheet = kurbo::Rect::new(0.0, 0.0, width.into(), height.into());
    let seen = page
        .initial_transform(true)
        .to_kurbo()
        .transform_rect_bbox(kurbo::Rect::new(rect.x0, rect.y0, rect.x1, rect.y1));
    let on_page = seen.overlaps(sheet) && seen.width() > 0.0 && seen.height() > 0.0;
    on_page.then(|| {
        BBox::new(
            seen.x0 as f32 / width,
            seen.y0 as f32 / height,
            seen.x1 as f32 / width,
            seen.y1 as f32 / height,
        )
    })
}

struct Pen {
    width: f64,
    grey: u8,
}

impl Pen {
    fn of(annotation: &Dict<'_>) -> Self {
        /// Points; a pen wider than this is a marker, through which is read.
        const WIDEST: f64 = 12.0;
        let style = annotation.get::<Dict<'_>>("BS").and_then(|style| style.get::<f32>("W"));
        let width = f64::from(style.unwrap_or(1.0)).clamp(0.0, WIDEST);
        let colour: Vec<f32> = annotation
            .get::<Array<'_>>("C")
            .map(|colour| colour.iter::<f32>().take(4).collect())
            .unwrap_or_default();
        let byte = |part: f32| (part.clamp(0.0, 1.0) * 255.0) as u8;
        let grey = match colour[..] {
            [grey] => byte(grey),
            [r, g, b] => luma(byte(r), byte(g), byte(b)),
            [c, m, y, k] => {
                let light = |ink: f32| byte((1.0 - ink) * (1.0 - k));
                luma(light(c), light(m), light(y))
            }
            _ => 0,
        };
        Self { width, grey }
    }
}

fn paths(annotation: &Dict<'_>, kind: &[u8]) -> Vec<BezPath> {
    let line = |numbers: &Array<'_>, closed: bool| {
        let numbers: Vec<f32> = numbers.iter::<f32>().take(2 * MAX_POINTS).collect();
        let mut path = BezPath::new();
        for (place, point) in numbers.chunks_exact(2).enumerate() {
            let point = Point::new(point[0].into(), point[1].into());
            if place == 0 { path.move_to(point) } else { path.line_to(point) }
        }
        if closed && !path.is_empty() {
            path.close_path();
        }
        path
    };
    let array = |key: &str| annotation.get::<Array<'_>>(key);
    let rect = annotation.get::<Rect>("Rect").map(|r| kurbo::Rect::new(r.x0, r.y0, r.x1, r.y1));
    let mut paths: Vec<BezPath> = match kind {
        b"Ink" => array("InkList")
            .map(|strokes| strokes.iter::<Array<'_>>().map(|s| line(&s, false)).collect())
            .unwrap_or_default(),
        b"Line" => array("L").iter().map(|ends| line(ends, false)).collect(),
        b"PolyLine" => array("Vertices").iter().map(|points| line(points, false)).collect(),
        b"Polygon" => array("Vertices").iter().map(|points| line(points, true)).collect(),
        b"Square" => rect.iter().map(|rect| rect.to_path(0.1)).collect(),
        b"Circle" => rect
            .iter()
            .map(|rect| {
                let radius = rect.width().min(rect.height()) / 2.0;
                Circle::new(rect.center(), radius).to_path(0.1)
            })
            .collect(),
        _ => Vec::new(),
    };
    paths.retain(|path| path.elements().len() > 1 && path.is_finite());
    paths
}

/// Draws the strokes into a page's pixels.
pub(super) fn draw(strokes: &[Stroke], raster: &mut Raster, points_per_inch: f64) {
    let scale_x = f64::from(raster.dpi.x) / points_per_inch;
    let scale_y = f64::from(raster.dpi.y) / points_per_inch;
    for stroke in strokes {
        let scaled = kurbo::Affine::scale_non_uniform(scale_x, scale_y) * &stroke.path;
        let radius = (stroke.width * scale_x / 2.0).max(0.7);
        for segment in kurbo::segments(flat(&scaled)) {
            trace(raster, segment.start(), segment.end(), radius, stroke.grey);
        }
    }
    if !strokes.is_empty() {
        raster.bilevel &= strokes.iter().all(|stroke| stroke.grey == 0);
    }
}

fn flat(path: &BezPath) -> Vec<kurbo::PathEl> {
    let mut elements = Vec::new();
    kurbo::flatten(path, 0.5, |element| elements.push(element));
    elements
}

/// One straight piece, as far as it lies on the page.
fn trace(raster: &mut Raster, from: Point, to: Point, radius: f64, grey: u8) {
    let (width, height) = raster.pixels.dimensions();
    let sheet = kurbo::Rect::new(0.0, 0.0, width.into(), height.into()).inflate(radius, radius);
    let bounds = kurbo::Rect::from_points(from, to);
    if !(bounds.x1 >= sheet.x0
        && bounds.x0 <= sheet.x1
        && bounds.y1 >= sheet.y0
        && bounds.y0 <= sheet.y1)
    {
        return;
    }
    // No longer than the page, however far away its ends lie.
    let most = f64::from(width + height) * 4.0;
    let steps = (from.distance(to) / (radius * 0.7)).ceil().clamp(1.0, most);
    for step in 0..=steps as u32 {
        let at = from.lerp(to, f64::from(step) / steps);
        if sheet.contains(at) {
            dab(raster, at, radius, grey);
        }
    }
}

fn dab(raster: &mut Raster, at: Point, radius: f64, grey: u8) {
    let (width, height) = raster.pixels.dimensions();
    let range = |middle: f64, most: u32| {
        let low = (middle - radius).floor().clamp(0.0, f64::from(most)) as u32;
        let high = (middle + radius).ceil().clamp(0.0, f64::from(most)) as u32;
        low..high
    };
    for y in range(at.y, height) {
        for x in range(at.x, width) {
            let middle = Point::new(f64::from(x) + 0.5, f64::from(y) + 0.5);
            if middle.distance(at) <= radius {
                let pixel = raster.pixels.get_pixel_mut(x, y);
                pixel.0[0] = pixel.0[0].min(grey);
            }
        }
    }
}
