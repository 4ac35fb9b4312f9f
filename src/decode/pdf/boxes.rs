//! Tick boxes among the shapes of a page: frames of a box's size that stand by
//! themselves, and what is drawn within them.

use hayro::kurbo::Rect;

use super::PageSize;
use super::shapes::Form;
use super::sight::BOX;
use super::survey::{Glyph, Shape, Survey};
use crate::decode::pages::DrawnBox;
use crate::vocab::BBox;

/// Height over width.
const ASPECT: std::ops::RangeInclusive<f64> = 0.75..=1.33;
/// Nearer to the page's edge than this, in points, are crop marks and no boxes.
const PAGE_EDGE: f64 = 10.8;
/// How far, in points, two ends that meet may lie apart.
const NEAR: f64 = 1.2;
/// A square without a frame smaller than this, in points, is a bullet.
const LEAST_SOLID: f64 = 6.0;
/// A line from here on, in greys, is too pale to be seen as ink.
const PALE: u8 = 200;
/// Within a frame this share of its side is left to the line itself.
const RIM: f64 = 0.12;
/// Share of the inside, across or down, from which a mark is one; a line that
/// only reaches in is none.
const REACHES: f64 = 0.3;
/// A drawing this many times as wide as the box is not meant for it alone.
const FAR_LARGER: f64 = 4.0;
/// What a mark fills at least: a single stroke has no area to speak of.
const LEAST_FILL: f64 = 0.2;
/// Frames of one page; more is a drawing of squares.
const MOST: usize = 2_000;

/// The boxes, top to bottom; `None` where only pixels can tell what stands in
/// one. `seen` are the glyphs that are seen.
pub(super) fn boxes(survey: &Survey, seen: &[&Glyph]) -> Option<Vec<DrawnBox>> {
    let shapes: Vec<&Shape> = survey.shapes.iter().collect();
    let frames = frames(&shapes, &survey.size);
    if frames.len() > MOST {
        return None;
    }
    let mut found = Vec::new();
    for (place, frame) in frames.iter().enumerate() {
        let others = || frames.iter().enumerate().filter(|(i, _)| *i != place).map(|(_, f)| f);
        let beside = others().any(|other| is_neighbour(frame, other));
        if beside || goes_on(frame, &shapes) || is_buried(frame, &shapes) {
            continue;
        }
        match content(frame, &shapes, seen) {
            Content::Mark(fill) => found.push((frame.bounds, fill)),
            Content::Letters => {}
            Content::Unclear => return None,
        }
    }
    found.sort_by(|a, b| a.0.y0.total_cmp(&b.0.y0).then(a.0.x0.total_cmp(&b.0.x0)));
    let PageSize { width, height, .. } = survey.size;
    let fraction = |rect: Rect| {
        BBox::new(
            (rect.x0 / width) as f32,
            (rect.y0 / height) as f32,
            (rect.x1 / width) as f32,
            (rect.y1 / height) as f32,
        )
    };
    Some(found.into_iter().map(|(rect, fill)| DrawnBox { bbox: fraction(rect), fill }).collect())
}

/// Whether annotations put a mark into a box of the form: somebody ticked it
/// with a pen and not by clicking. `place` is the widget's.
pub(super) fn is_marked_by_hand(survey: &Survey, place: BBox) -> bool {
    let PageSize { width, height, .. } = survey.size;
    let bounds = Rect::new(
        f64::from(place.x0()) * width,
        f64::from(place.y0()) * height,
        f64::from(place.x1()) * width,
        f64::from(place.y1()) * height,
    );
    let later: Vec<&Shape> =
        survey.shapes.iter().filter(|shape| shape.order > survey.page_end).collect();
    let glyphs: Vec<&Glyph> =
        survey.glyphs.iter().filter(|glyph| glyph.order > survey.page_end).collect();
    let frame = Frame { bounds, order: u64::MAX, solid: false };
    matches!(content(&frame, &later, &glyphs), Content::Mark(fill) if fill > 0.0)
}

/// A frame of a box's size, drawn in one way or another.
struct Frame {
    bounds: Rect,
    /// Painted up to here: what was below is gone.
    order: u64,
    /// A black square without an inside.
    solid: bool,
}

fn frames(shapes: &[&Shape], page: &PageSize) -> Vec<Frame> {
    let inner = Rect::new(0.0, 0.0, page.width, page.height).inset(-PAGE_EDGE);
    let fits = |rect: Rect| {
        BOX.contains(&rect.width())
            && BOX.contains(&rect.height())
            && ASPECT.contains(&(rect.height() / rect.width()))
            && inner.contains_rect(rect)
    };
    let dark = |shape: &&&Shape| shape.grey.is_none_or(|grey| grey < PALE);
    let mut frames: Vec<Frame> = Vec::new();
    let mut add = |bounds: Rect, order: u64, solid: bool| {
        let same = frames.iter_mut().find(|known| overlap(known.bounds, bounds) > 0.6);
        match same {
            Some(known) => {
                known.solid &= solid;
                if !solid {
                    known.bounds = known.bounds.union(bounds);
                }
            }
            None => frames.push(Frame { bounds, order, solid }),
        }
    };
    for shape in shapes.iter().filter(dark).filter(|shape| fits(shape.bounds)) {
        match shape.form {
            Form::Frame | Form::Ring => add(shape.bounds, shape.order, false),
            Form::Area => {
                let hollow = shapes.iter().any(|later| {
                    later.order > shape.order
                        && later.form == Form::Area
                        && later.opaque
                        && later.grey.is_some_and(|grey| grey >= PALE)
                        && overlap(later.bounds, shape.bounds) > 0.4
                        && shape.bounds.inflate(0.1, 0.1).contains_rect(later.bounds)
                });
                let large = shape.bounds.width().min(shape.bounds.height()) >= LEAST_SOLID;
                if hollow || large {
                    add(shape.bounds, shape.order, !hollow);
                }
            }
            Form::Rule | Form::Drawing => {}
        }
    }
    for (bounds, order) in ruled(shapes).into_iter().filter(|(bounds, _)| fits(*bounds)) {
        add(bounds, order, false);
    }
    frames
}

/// Squares whose four sides were drawn one by one.
fn ruled(shapes: &[&Shape]) -> Vec<(Rect, u64)> {
    /// Short rules that are compared; a page of combs has more, and no boxes
    /// among them.
    const MOST_RULES: usize = 1_000;
    let short = |lying: bool| {
        let rules: Vec<&Shape> = shapes
            .iter()
            .filter(|shape| shape.form == Form::Rule && shape.grey.is_none_or(|g| g < PALE))
            .filter(|shape| {
                let (long, thin) = if lying {
                    (shape.bounds.width(), shape.bounds.height())
                } else {
                    (shape.bounds.height(), shape.bounds.width())
                };
                thin < long && BOX.contains(&long)
            })
            .copied()
            .collect();
        rules
    };
    let (lying, standing) = (short(true), short(false));
    if lying.len() > MOST_RULES || standing.len() > MOST_RULES {
        return Vec::new();
    }
    let near = |a: f64, b: f64| (a - b).abs() <= NEAR;
    let mut squares = Vec::new();
    for top in &lying {
        for bottom in &lying {
            let pair = bottom.bounds.y0 > top.bounds.y0
                && BOX.contains(&(bottom.bounds.y1 - top.bounds.y0))
                && near(top.bounds.x0, bottom.bounds.x0)
                && near(top.bounds.x1, bottom.bounds.x1);
            if !pair {
                continue;
            }
            let around = top.bounds.union(bottom.bounds);
            let side = |x: f64| {
                standing.iter().find(|rule| {
                    near(rule.bounds.center().x, x)
                        && near(rule.bounds.y0, around.y0)
                        && near(rule.bounds.y1, around.y1)
                })
            };
            if let (Some(left), Some(right)) = (side(around.x0), side(around.x1)) {
                let order = [top.order, bottom.order, left.order, right.order];
                squares.push((around, order.into_iter().max().unwrap_or(top.order)));
            }
        }
    }
    squares
}

/// Share of the larger one that both cover.
fn overlap(a: Rect, b: Rect) -> f64 {
    let shared = a.intersect(b);
    if shared.width() <= 0.0 || shared.height() <= 0.0 {
        return 0.0;
    }
    shared.area() / a.area().max(b.area())
}

/// Cells of a comb or a table touch; boxes stand apart.
fn is_neighbour(frame: &Frame, other: &Frame) -> bool {
    let (a, b) = (frame.bounds, other.bounds);
    let beside = (a.x0 - b.x1).abs() <= NEAR || (a.x1 - b.x0).abs() <= NEAR;
    let below = (a.y0 - b.y1).abs() <= NEAR || (a.y1 - b.y0).abs() <= NEAR;
    let level = (a.y0 - b.y0).abs() <= NEAR && (a.y1 - b.y1).abs() <= NEAR;
    let aligned = (a.x0 - b.x0).abs() <= NEAR && (a.x1 - b.x1).abs() <= NEAR;
    (beside && level) || (below && aligned)
}

/// Whether rules run on beyond two of its sides: a cell of a table.
fn goes_on(frame: &Frame, shapes: &[&Shape]) -> bool {
    let Rect { x0, y0, x1, y1 } = frame.bounds;
    let (dx, dy) = (0.6 * (x1 - x0), 0.6 * (y1 - y0));
    let rules = || shapes.iter().filter(|shape| shape.form == Form::Rule);
    let lying = |y: f64| {
        rules().any(|rule| {
            let r = rule.bounds;
            (r.center().y - y).abs() <= NEAR
                && r.x0 <= x1
                && r.x1 >= x0
                && (r.x0 <= x0 - dx || r.x1 >= x1 + dx)
        })
    };
    let standing = |x: f64| {
        rules().any(|rule| {
            let r = rule.bounds;
            (r.center().x - x).abs() <= NEAR
                && r.y0 <= y1
                && r.y1 >= y0
                && (r.y0 <= y0 - dy || r.y1 >= y1 + dy)
        })
    };
    [lying(y0), lying(y1), standing(x0), standing(x1)].into_iter().filter(|on| *on).count() >= 2
}

/// Whether an area that is not its own was painted over it.
fn is_buried(frame: &Frame, shapes: &[&Shape]) -> bool {
    shapes.iter().any(|shape| {
        shape.form == Form::Area
            && shape.opaque
            && shape.order > frame.order
            && shape.bounds.contains_rect(frame.bounds)
            && overlap(shape.bounds, frame.bounds) < 0.4
    })
}

enum Content {
    /// Share of the inside that is reached over.
    Mark(f32),
    /// Something was written into it: a cell, no box.
    Letters,
    /// Something larger crosses it.
    Unclear,
}

fn content(frame: &Frame, shapes: &[&Shape], seen: &[&Glyph]) -> Content {
    if frame.solid {
        return Content::Mark(1.0);
    }
    let side = frame.bounds.width().min(frame.bounds.height());
    let inside = frame.bounds.inset(-RIM * side);
    let blank_from = shapes
        .iter()
        .filter(|shape| is_paper(shape) && overlap(shape.bounds, frame.bounds) > 0.4)
        .filter(|shape| shape.bounds.inflate(NEAR, NEAR).contains_rect(inside))
        .map(|shape| shape.order)
        .max()
        .unwrap_or(0);
    let mut marked: Option<Rect> = None;
    for shape in shapes.iter().filter(|shape| shape.order > blank_from) {
        let ink = shape.grey.is_none_or(|grey| grey < PALE) && !is_own(shape, frame);
        let shared = shape.bounds.intersect(inside);
        if !ink || !reaches(shape.bounds, inside) {
            continue;
        }
        let far_larger =
            shape.bounds.width() > FAR_LARGER * side || shape.bounds.height() > FAR_LARGER * side;
        match shape.form {
            // A shaded field around the box, a frame around several.
            Form::Area | Form::Frame | Form::Ring if far_larger => continue,
            Form::Area | Form::Frame | Form::Ring => {}
            Form::Rule | Form::Drawing if far_larger => return Content::Unclear,
            Form::Rule | Form::Drawing => {}
        }
        marked = Some(marked.map_or(shared, |known| known.union(shared)));
    }
    let mut letters = false;
    for glyph in seen.iter().filter(|glyph| frame.bounds.contains(glyph.middle())) {
        match glyph.text.as_deref().map(str::trim) {
            Some("") => {}
            Some(text) if !is_tick(text) => letters = true,
            Some(_) | None => marked = Some(inside),
        }
    }
    match marked {
        None if letters => Content::Letters,
        None => Content::Mark(0.0),
        Some(rect) => Content::Mark((rect.area() / inside.area()).clamp(LEAST_FILL, 1.0) as f32),
    }
}

fn is_paper(shape: &Shape) -> bool {
    shape.form == Form::Area && shape.opaque && shape.grey.is_some_and(|grey| grey >= PALE)
}

/// One of the lines the frame is made of.
fn is_own(shape: &Shape, frame: &Frame) -> bool {
    match shape.form {
        Form::Frame | Form::Ring | Form::Area => {
            overlap(shape.bounds, frame.bounds) > 0.6 && shape.order <= frame.order
        }
        Form::Rule => {
            let Rect { x0, y0, x1, y1 } = frame.bounds;
            let middle = shape.bounds.center();
            let lying = shape.bounds.width() > shape.bounds.height();
            if lying {
                (middle.y - y0).abs().min((middle.y - y1).abs()) <= NEAR
            } else {
                (middle.x - x0).abs().min((middle.x - x1).abs()) <= NEAR
            }
        }
        Form::Drawing => false,
    }
}

/// Whether a shape goes far enough into the inside to be a mark.
fn reaches(shape: Rect, inside: Rect) -> bool {
    let reach = REACHES * inside.width().min(inside.height());
    let shared = shape.intersect(inside);
    shape.overlaps(inside) && shared.width().max(shared.height()) >= reach
}

/// What is put into a box to tick it; other characters are an entry.
fn is_tick(text: &str) -> bool {
    text.chars().all(|c| {
        matches!(c, 'x' | 'X' | 'v' | 'V' | '×' | '√' | '*' | '+' | '/' | '\\' | '●' | '•' | '■' | '▪')
            || matches!(c, '\u{2610}'..='\u{2612}' | '\u{2700}'..='\u{27BF}' | '\u{E000}'..='\u{F8FF}')
    })
}
