//! Boxes and matrices in PDF's own coordinates.

use lopdf::{Document, Object};

use crate::recognize::recognized::Rotation;

/// `[a b c d e f]`: x' = ax + cy + e, y' = bx + dy + f (ISO 32000-1, 8.3.3).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Matrix(pub [f32; 6]);

impl Matrix {
    /// Changes nothing.
    pub const IDENTITY: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    /// Stretches the unit square over this many points, as images need it.
    pub fn scale(x: f32, y: f32) -> Self {
        Self([x, 0.0, 0.0, y, 0.0, 0.0])
    }

    /// Where a point goes.
    pub fn apply(self, x: f32, y: f32) -> (f32, f32) {
        let [a, b, c, d, e, f] = self.0;
        (a * x + c * y + e, b * x + d * y + f)
    }

    /// From an array of six numbers.
    pub fn parse(document: &Document, object: &Object) -> Option<Self> {
        numbers::<6>(document, object).map(Self)
    }
}

/// An upright rectangle, corners ordered.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    /// Left.
    pub x0: f32,
    /// Bottom.
    pub y0: f32,
    /// Right.
    pub x1: f32,
    /// Top.
    pub y1: f32,
}

impl Rect {
    /// US Letter, which ISO 32000-1 leaves to us where a page names no box.
    pub const LETTER: Self = Self { x0: 0.0, y0: 0.0, x1: 612.0, y1: 792.0 };

    /// From an array of two corners in any order.
    pub fn parse(document: &Document, object: &Object) -> Option<Self> {
        let [x0, y0, x1, y1] = numbers::<4>(document, object)?;
        Some(Self { x0: x0.min(x1), y0: y0.min(y1), x1: x0.max(x1), y1: y0.max(y1) })
    }

    /// Width in points.
    pub fn width(self) -> f32 {
        self.x1 - self.x0
    }

    /// Height in points.
    pub fn height(self) -> f32 {
        self.y1 - self.y0
    }

    /// Whether anything can be seen of it.
    pub fn is_empty(self) -> bool {
        self.width() <= 0.0 || self.height() <= 0.0
    }

    /// What both cover; empty when they do not touch.
    pub fn intersect(self, other: Self) -> Self {
        Self {
            x0: self.x0.max(other.x0),
            y0: self.y0.max(other.y0),
            x1: self.x1.min(other.x1),
            y1: self.y1.min(other.y1),
        }
    }

    /// The upright box around this one seen through `matrix`.
    pub fn through(self, matrix: Matrix) -> Self {
        let corners =
            [(self.x0, self.y0), (self.x1, self.y0), (self.x0, self.y1), (self.x1, self.y1)]
                .map(|(x, y)| matrix.apply(x, y));
        let xs = corners.map(|corner| corner.0);
        let ys = corners.map(|corner| corner.1);
        Self {
            x0: xs.iter().copied().fold(f32::INFINITY, f32::min),
            y0: ys.iter().copied().fold(f32::INFINITY, f32::min),
            x1: xs.iter().copied().fold(f32::NEG_INFINITY, f32::max),
            y1: ys.iter().copied().fold(f32::NEG_INFINITY, f32::max),
        }
    }

    /// As PDF has it.
    pub fn to_object(self) -> Object {
        Object::Array([self.x0, self.y0, self.x1, self.y1].map(Object::Real).to_vec())
    }
}

/// A page's box and how it is turned before it is shown.
#[derive(Clone, Copy, Debug)]
pub struct Placement {
    /// What is shown of it.
    pub bounds: Rect,
    /// Clockwise.
    pub rotation: Rotation,
}

impl Placement {
    /// Width and height as shown.
    pub fn shown_size(self) -> (f32, f32) {
        match self.rotation {
            Rotation::None | Rotation::Half => (self.bounds.width(), self.bounds.height()),
            Rotation::Quarter | Rotation::ThreeQuarters => {
                (self.bounds.height(), self.bounds.width())
            }
        }
    }

    /// From points as shown (origin bottom left) to the page's own.
    pub fn shown_to_page(self) -> Matrix {
        let Rect { x0, y0, x1, y1 } = self.bounds;
        Matrix(match self.rotation {
            Rotation::None => [1.0, 0.0, 0.0, 1.0, x0, y0],
            Rotation::Quarter => [0.0, 1.0, -1.0, 0.0, x1, y0],
            Rotation::Half => [-1.0, 0.0, 0.0, -1.0, x1, y1],
            Rotation::ThreeQuarters => [0.0, -1.0, 1.0, 0.0, x0, y1],
        })
    }
}

/// An array of exactly so many finite numbers, each perhaps by reference.
fn numbers<const N: usize>(document: &Document, object: &Object) -> Option<[f32; N]> {
    let (_, object) = document.dereference(object).ok()?;
    let items = object.as_array().ok()?;
    let mut values = [0.0; N];
    if items.len() != N {
        return None;
    }
    for (value, item) in values.iter_mut().zip(items) {
        *value = document.dereference(item).ok()?.1.as_float().ok()?;
    }
    values.iter().all(|value| value.is_finite()).then_some(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_top_left_as_shown_is_the_right_corner_of_the_page() {
        let bounds = Rect { x0: 10.0, y0: 20.0, x1: 110.0, y1: 220.0 };
        // Turning clockwise brings the bottom left corner to the top left.
        let corners = [
            (Rotation::None, (10.0, 220.0)),
            (Rotation::Quarter, (10.0, 20.0)),
            (Rotation::Half, (110.0, 20.0)),
            (Rotation::ThreeQuarters, (110.0, 220.0)),
        ];
        for (rotation, corner) in corners {
            let placement = Placement { bounds, rotation };
            let (_, height) = placement.shown_size();
            assert_eq!(placement.shown_to_page().apply(0.0, height), corner, "{rotation:?}");
        }
    }
}
