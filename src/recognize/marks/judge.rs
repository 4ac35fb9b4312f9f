//! Ticked or not: the inked share of what is inside the frame.

use super::find::{Shape, Square};
use crate::recognize::ink::{Area, Ink};
use crate::recognize::recognized::TickState;
use crate::vocab::Confidence;

/// Up to this inked share of the inside, the box is empty; specks and a frame
/// that leans inwards stay below.
const EMPTY_UP_TO: f32 = 0.07;
/// From this share on, somebody put a mark in it: a thin tick of a pen covers
/// about 0.15.
const TICKED_FROM: f32 = 0.12;
/// How fast the state becomes sure on either side of the middle: at 0.05 from
/// it, 0.88.
const STEEPNESS: f32 = 40.0;

/// What stands in a square.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judged {
    /// Empty, ticked, or in between.
    pub state: TickState,
    /// Inked share of the inside, 0 to 1.
    pub fill: f32,
    /// How sure the state is.
    pub confidence: Confidence,
}

/// Judges a square; `ink` should have lone specks removed.
pub fn judge(ink: &Ink, square: &Square) -> Judged {
    let inside = match square.shape {
        Shape::Frame => inside(ink, &square.area),
        Shape::Round => inside_ring(&square.area),
        Shape::Pair { inside } => inside,
        Shape::Underscore => square.area,
    };
    let fill =
        if inside.size() == 0 { 1.0 } else { ink.count(&inside) as f32 / inside.size() as f32 };
    let state = if fill <= EMPTY_UP_TO {
        TickState::Empty
    } else if fill >= TICKED_FROM {
        TickState::Ticked
    } else {
        TickState::Unclear
    };
    let middle = f32::midpoint(EMPTY_UP_TO, TICKED_FROM);
    let sure = 1.0 / (1.0 + (-STEEPNESS * (fill - middle).abs()).exp());
    // A broken frame is more likely to be something else.
    let confidence = Confidence::new(sure * square.sides.min(1.0));
    Judged { state, fill, confidence }
}

/// The inside, without the frame and one pixel more.
fn inside(ink: &Ink, area: &Area) -> Area {
    let side = area.width().min(area.height());
    let thickness = frame_thickness(ink, area).min(side / 4) + 1;
    Area {
        x0: area.x0 + thickness,
        y0: area.y0 + thickness,
        x1: area.x1.saturating_sub(thickness),
        y1: area.y1.saturating_sub(thickness),
    }
}

/// The square within the disc within the ring.
fn inside_ring(area: &Area) -> Area {
    const RING: f32 = 3.0;
    let radius = area.width() as f32 / 2.0;
    let inset = (radius - (radius - RING) * std::f32::consts::FRAC_1_SQRT_2).ceil() as usize;
    Area { x0: area.x0 + inset, y0: area.y0 + inset, x1: area.x1 - inset, y1: area.y1 - inset }
}

/// Rows from each edge inwards that are mostly ink; the thickest of the four.
fn frame_thickness(ink: &Ink, area: &Area) -> usize {
    let Area { x0, y0, x1, y1 } = *area;
    let most = area.width().min(area.height()) / 3;
    let row = |y: usize| ink.count(&Area { y0: y, y1: y + 1, ..*area }) * 10 > area.width() * 7;
    let column = |x: usize| ink.count(&Area { x0: x, x1: x + 1, ..*area }) * 10 > area.height() * 7;
    [
        (0..most).take_while(|&i| row(y0 + i)).count(),
        (0..most).take_while(|&i| row(y1 - 1 - i)).count(),
        (0..most).take_while(|&i| column(x0 + i)).count(),
        (0..most).take_while(|&i| column(x1 - 1 - i)).count(),
    ]
    .into_iter()
    .max()
    .unwrap_or(1)
    .max(1)
}

#[cfg(test)]
mod tests {
    use super::super::find::Standing;
    use super::*;

    fn boxed(draw: impl Fn(&mut Ink)) -> Judged {
        let mut ink = Ink::empty(60, 60);
        for y in 10..34 {
            ink.set(y, 10, 34, !(12..32).contains(&y));
            ink.set(y, 10, 12, true);
            ink.set(y, 32, 34, true);
        }
        draw(&mut ink);
        let area = Area { x0: 10, y0: 10, x1: 34, y1: 34 };
        judge(
            &ink,
            &Square { area, sides: 1.0, standing: Standing::Drawn, shape: Shape::Frame, odds: 2.0 },
        )
    }

    #[test]
    fn empty_ticked_crossed_and_filled() {
        assert_eq!(boxed(|_| ()).state, TickState::Empty);
        let ticked = boxed(|ink| {
            for i in 0..7 {
                ink.set(24 + i, 13 + i, 15 + i, true);
            }
            for i in 0..16 {
                ink.set(30 - i, 19 + i / 2, 21 + i / 2, true);
            }
        });
        assert_eq!(ticked.state, TickState::Ticked);
        let crossed = boxed(|ink| {
            for i in 0..24 {
                ink.set(10 + i, 10 + i, 12 + i, true);
                ink.set(33 - i, 10 + i, 12 + i, true);
            }
        });
        assert_eq!(crossed.state, TickState::Ticked);
        let filled = boxed(|ink| (10..34).for_each(|y| ink.set(y, 10, 34, true)));
        assert_eq!(filled.state, TickState::Ticked);
        assert!(filled.fill > 0.95 && filled.confidence.get() > 0.9);
    }

    #[test]
    fn a_single_speck_does_not_tick_a_box() {
        let judged = boxed(|ink| ink.set(20, 20, 23, true));
        assert_eq!(judged.state, TickState::Empty);
    }
}
