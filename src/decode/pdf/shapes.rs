//! Drawn paths as what they are on a form: rules, areas, frames and rings.

use hayro::hayro_interpret::DrawMode;
use hayro::kurbo::{Affine, BezPath, PathEl, Point, Rect, Shape as _};

/// An area thinner than this, in points, is a rule.
const THIN: f64 = 2.0;
/// How far, in points, a corner may lie from where it belongs.
const NEAR: f64 = 0.3;
/// Share of its bounds that a rectangle covers; less where its corners are
/// rounded.
const RECTANGLE: f64 = 0.88;
/// The same of a circle: π/4.
const CIRCLE: std::ops::RangeInclusive<f64> = 0.74..=0.83;
/// Height over width of a circle.
const ROUND: std::ops::RangeInclusive<f64> = 0.8..=1.25;

/// What a piece of a path is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// A straight line along a side of the page.
    Rule,
    /// A filled rectangle.
    Area,
    /// The outline of a rectangle.
    Frame,
    /// The outline of a circle.
    Ring,
    /// Anything else: a curve, a slanted line, a letter drawn as outline.
    Drawing,
}

/// A piece of a path.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub form: Form,
    /// In points, the width of the line included.
    pub bounds: Rect,
    /// Filled, not stroked.
    pub filled: bool,
}

/// The pieces of a path, one for each part that is drawn without lifting the
/// pen; two rectangles of which one is a hole are one frame.
pub(super) fn pieces(path: &BezPath, transform: Affine, mode: &DrawMode) -> Vec<Piece> {
    let stroke = match mode {
        DrawMode::Stroke(props) | DrawMode::FillAndStroke(_, props) => {
            // The thinnest line is still a dot wide.
            Some((f64::from(props.line_width) * transform.determinant().abs().sqrt()).max(0.1))
        }
        DrawMode::Fill(_) | DrawMode::Invisible => None,
    };
    let mut found: Vec<Piece> = Vec::new();
    for part in parts(path) {
        let piece = piece(&(transform * part), stroke);
        match found.last_mut() {
            Some(outer) if is_hole(outer, &piece) => outer.form = Form::Frame,
            _ => found.push(piece),
        }
    }
    found
}

/// A filled rectangle within another of the same path, a little smaller.
fn is_hole(outer: &Piece, inner: &Piece) -> bool {
    /// Share of the outer one that a border may be thick.
    const BORDER: f64 = 0.3;
    let both = [outer, inner].iter().all(|p| p.filled && p.form == Form::Area);
    let rest = outer.bounds.inset(-BORDER * outer.bounds.width().min(outer.bounds.height()));
    both && contains(outer.bounds, inner.bounds) && contains(inner.bounds, rest)
}

fn contains(outer: Rect, inner: Rect) -> bool {
    outer.inflate(NEAR, NEAR).contains_rect(inner)
}

fn parts(path: &BezPath) -> Vec<BezPath> {
    let mut parts: Vec<BezPath> = Vec::new();
    for element in path.elements() {
        match (element, parts.last_mut()) {
            (PathEl::MoveTo(_), _) | (_, None) => parts.push(BezPath::from_vec(vec![*element])),
            (_, Some(part)) => part.push(*element),
        }
    }
    parts.retain(|part| part.elements().len() > 1);
    parts
}

fn piece(part: &BezPath, stroke: Option<f64>) -> Piece {
    let bare = part.bounding_box();
    let half = stroke.unwrap_or(0.0) / 2.0;
    let bounds = bare.inflate(half, half);
    let filled = stroke.is_none();
    let form = form(part, bare, stroke);
    Piece { form, bounds, filled }
}

fn form(part: &BezPath, bare: Rect, stroke: Option<f64>) -> Form {
    let curved =
        part.elements().iter().any(|e| matches!(e, PathEl::QuadTo(..) | PathEl::CurveTo(..)));
    let flat = bare.width() <= NEAR || bare.height() <= NEAR;
    if flat {
        return Form::Rule;
    }
    let closed = is_closed(part);
    if stroke.is_some() && !closed {
        return Form::Drawing;
    }
    let share = part.area().abs() / bare.area();
    let round =
        curved && CIRCLE.contains(&share) && ROUND.contains(&(bare.height() / bare.width()));
    let rectangle = share >= RECTANGLE && (curved || turns_at_corners(part, bare));
    match (stroke, rectangle, round) {
        (None, true, _) if bare.width().min(bare.height()) < THIN => Form::Rule,
        (None, true, _) => Form::Area,
        (Some(width), true, _) if width >= bare.width().min(bare.height()) => Form::Area,
        (Some(_), true, _) => Form::Frame,
        (Some(_), false, true) => Form::Ring,
        _ => Form::Drawing,
    }
}

fn is_closed(part: &BezPath) -> bool {
    let ends = (part.elements().first(), part.elements().last());
    match ends {
        (_, Some(PathEl::ClosePath)) => true,
        (Some(PathEl::MoveTo(first)), Some(last)) => {
            last.end_point().is_some_and(|last| first.distance(last) <= NEAR)
        }
        _ => false,
    }
}

/// Whether a path of straight lines turns at the corners of its bounds only.
fn turns_at_corners(part: &BezPath, bounds: Rect) -> bool {
    let on = |value: f64, low: f64, high: f64| {
        (value - low).abs() <= NEAR || (value - high).abs() <= NEAR
    };
    part.elements()
        .iter()
        .filter_map(PathEl::end_point)
        .all(|Point { x, y }| on(x, bounds.x0, bounds.x1) && on(y, bounds.y0, bounds.y1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use hayro::hayro_interpret::{FillRule, StrokeProps};
    use hayro::kurbo::{Circle, Line};

    fn forms(path: &BezPath, mode: &DrawMode) -> Vec<Form> {
        pieces(path, Affine::IDENTITY, mode).iter().map(|piece| piece.form).collect()
    }

    #[test]
    fn paths_are_known_by_their_shape() {
        let fill = DrawMode::Fill(FillRule::EvenOdd);
        let stroke = DrawMode::Stroke(StrokeProps::default());
        let square = Rect::new(100.0, 100.0, 110.0, 110.0);
        assert_eq!(forms(&square.to_path(0.1), &fill), [Form::Area]);
        assert_eq!(forms(&square.to_path(0.1), &stroke), [Form::Frame]);
        assert_eq!(forms(&Rect::new(0.0, 0.0, 300.0, 0.5).to_path(0.1), &fill), [Form::Rule]);
        let circle = Circle::new((50.0, 50.0), 5.0);
        assert_eq!(forms(&circle.to_path(0.01), &stroke), [Form::Ring]);
        assert_eq!(forms(&circle.to_path(0.01), &fill), [Form::Drawing]);
        let slanted = Line::new((0.0, 0.0), (9.0, 9.0));
        assert_eq!(forms(&slanted.to_path(0.1), &stroke), [Form::Drawing]);
        let level = Line::new((0.0, 5.0), (90.0, 5.0));
        assert_eq!(forms(&level.to_path(0.1), &stroke), [Form::Rule]);
        let rounded = square.to_rounded_rect(2.0);
        assert_eq!(forms(&rounded.to_path(0.01), &stroke), [Form::Frame]);
    }

    #[test]
    fn a_hole_makes_a_frame_and_a_table_stays_rules() {
        let fill = DrawMode::Fill(FillRule::EvenOdd);
        let mut path = Rect::new(0.0, 0.0, 10.0, 10.0).to_path(0.1);
        path.extend(Rect::new(1.0, 1.0, 9.0, 9.0).to_path(0.1));
        let found = pieces(&path, Affine::scale(2.0), &fill);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].form, found[0].bounds.width()), (Form::Frame, 20.0));
        let mut path = Rect::new(0.0, 0.0, 100.0, 0.5).to_path(0.1);
        path.extend(Rect::new(0.0, 20.0, 100.0, 20.5).to_path(0.1));
        assert_eq!(forms(&path, &fill), [Form::Rule, Form::Rule]);
    }
}
