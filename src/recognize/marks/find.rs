//! Finds the boxes. Here the squares (for rings see `round`, for brackets
//! `pair`): four straight sides, square corners, nothing that goes
//! on beyond them.
//!
//! A fax breaks frames and a tick crosses them, so no side needs to be whole;
//! letters have round or missing corners; table cells and combs have sides
//! that go on. What stands clear of other ink may be worn; what stands as
//! close to its neighbours as a letter must be as good as drawn.

use super::pair::find_pairs;
use super::round::find_rounds;
use super::sides::Sides;
use crate::recognize::ink::{Area, Ink, blobs};

/// Sides of a tick box in pixels at 204 dpi (0.06 to 0.25 inch). Smaller
/// frames cannot be told from the letters of small print.
const LEAST_SIDE: usize = 12;
const MOST_SIDE: usize = 50;
/// Height over width.
const LEAST_ASPECT: f32 = 0.75;
const MOST_ASPECT: f32 = 1.33;
/// Least inked share of the weakest side, and of the four on average, of a
/// frame that stands clear. A standard-mode fax loses most of a thin side.
const WORN: (f32, f32) = (0.35, 0.72);
/// The same of a frame that may stand close to others, or be small.
const WHOLE: (f32, f32) = (0.65, 0.88);
/// The same of a frame as good as drawn: no letter, in no type, has four such
/// sides and four corners.
const DRAWN: (f32, f32) = (0.80, 0.94);
/// Corners of four that must be inked. D has two, O none.
const LEAST_CORNERS: usize = 3;
/// A worn frame smaller than this, in pixels, is not believed.
const LEAST_WORN: usize = 16;
/// White beside the frame, as a share of its width and in pixels, from which
/// it stands clear; letters of a word have 0.1 to 0.3 and up to five pixels …
const CLEAR_GAP: f32 = 0.35;
const CLEAR_PIXELS: f32 = 7.0;
/// … and from which it may be a box close to its label.
const LABEL_GAP: f32 = 0.22;
/// A solid square smaller than this, in pixels, is a bullet, a full stop or a
/// blot.
const LEAST_SOLID: usize = 17;
/// Share of the inside from which a square is solid.
const SOLID: f32 = 0.9;
/// Share of a thin rim around the frame that may be inked: more, and the
/// square is a piece of something larger.
const MOST_RIM_INK: f32 = 0.30;
/// Nearer to the page's edge than this, in pixels (0.15 inch), there are scan
/// borders and no boxes.
const PAGE_EDGE: usize = 30;
/// Gaps in a side that are bridged when looking for one, in pixels.
const MOST_GAP: usize = 2;

/// A found frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Square {
    /// Outer edge of the frame.
    pub area: Area,
    /// Mean inked share of the four sides, 0 to 1.
    pub sides: f32,
    /// Whether it could be a letter.
    pub standing: Standing,
    /// What it is made of.
    pub shape: Shape,
}

/// What shows that there is something to tick.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A square frame.
    Frame,
    /// A ring.
    Round,
    /// Two brackets.
    Pair {
        /// What is between them.
        inside: Area,
    },
}

/// How a square differs from a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// As good as drawn and clear of other ink: no letter.
    Drawn,
    /// Worn, but with white on both sides: no letter of a word, perhaps a
    /// letter by itself.
    Alone,
    /// As good as drawn, but close to its neighbours: perhaps a letter of a
    /// word.
    Close,
}

/// All boxes, top to bottom, none overlapping another.
pub fn find(ink: &Ink) -> Vec<Square> {
    let down = ink.transposed();
    let sides = Sides::of(ink, &down);
    let mut found = Vec::new();
    for (near, far, from, to) in edges(ink) {
        found.extend(best(&sides, ink, lengths(to - from), |height| {
            if near {
                Some(Area { x0: from, x1: to, y0: far, y1: far + height })
            } else {
                Some(Area { x0: from, x1: to, y0: far.checked_sub(height)?, y1: far })
            }
        }));
    }
    for (near, far, from, to) in edges(&down) {
        found.extend(best(&sides, ink, lengths(to - from), |width| {
            if near {
                Some(Area { y0: from, y1: to, x0: far, x1: far + width })
            } else {
                Some(Area { y0: from, y1: to, x0: far.checked_sub(width)?, x1: far })
            }
        }));
    }
    let pieces = blobs(ink);
    found.extend(find_pairs(ink, &pieces));
    found.extend(find_rounds(ink, &pieces));
    let mut kept = without_overlaps(found);
    kept.sort_by_key(|square| (square.area.y0, square.area.x0));
    kept
}

/// Lengths that the other side may have.
fn lengths(side: usize) -> std::ops::RangeInclusive<usize> {
    let least = ((side as f32 * LEAST_ASPECT) as usize).max(LEAST_SIDE);
    let most = ((side as f32 * MOST_ASPECT).ceil() as usize).min(MOST_SIDE);
    least..=most
}

/// Horizontal runs of a side's length that have white above (`true`, the row)
/// or below (`false`, the row after): (which, row, from, to).
fn edges(ink: &Ink) -> Vec<(bool, usize, usize, usize)> {
    let mut found = Vec::new();
    let mut pair = Ink::empty(ink.width(), 1);
    for y in 0..ink.height().saturating_sub(1) {
        // A worn side hops between two rows.
        pair.set_row(0, ink.row(y).iter().zip(ink.row(y + 1)).map(|(a, b)| a | b));
        for (from, to) in pair.runs(0, MOST_GAP) {
            if !(LEAST_SIDE..=MOST_SIDE).contains(&(to - from)) {
                continue;
            }
            let white = |row: Option<usize>| {
                row.is_some_and(|row| {
                    row < ink.height()
                        && 2 * ink.count(&Area { x0: from, x1: to, y0: row, y1: row + 1 })
                            < to - from
                })
            };
            if white(y.checked_sub(1)) {
                found.push((true, y, from, to));
            }
            if white(Some(y + 2)) {
                found.push((false, y + 2, from, to));
            }
        }
    }
    found
}

fn best(
    sides: &Sides,
    ink: &Ink,
    lengths: std::ops::RangeInclusive<usize>,
    area: impl Fn(usize) -> Option<Area>,
) -> Option<Square> {
    lengths
        .filter_map(area)
        .filter(|area| area.x0 >= edge(ink.width()) && area.y0 >= edge(ink.height()))
        .filter(|area| area.x1 + edge(ink.width()) < ink.width())
        .filter(|area| area.y1 + edge(ink.height()) < ink.height())
        .filter_map(|area| judged(sides, ink, area))
        .max_by(|a, b| a.sides.total_cmp(&b.sides))
}

/// A cut-out smaller than a page has less of an edge.
fn edge(length: usize) -> usize {
    PAGE_EDGE.min(length / 50)
}

fn judged(sides: &Sides, ink: &Ink, area: Area) -> Option<Square> {
    let shares = sides.shares(&area);
    let least = shares.iter().copied().fold(1.0, f32::min);
    let mean = shares.iter().sum::<f32>() / 4.0;
    let corners = corners(ink, &area);
    if least < WORN.0 || mean < WORN.1 || corners < LEAST_CORNERS {
        return None;
    }
    let at_least = |limits: (f32, f32)| least >= limits.0 && mean >= limits.1;
    let drawn = at_least(DRAWN) && corners == 4;
    let whole = at_least(WHOLE);
    let gap = gap(ink, &area);
    let large = area.width().min(area.height()) >= LEAST_WORN;
    let clear = gap >= CLEAR_GAP && gap * area.width() as f32 >= CLEAR_PIXELS;
    let standing = match clear {
        true if drawn => Standing::Drawn,
        true if whole || large => Standing::Alone,
        false if whole && large && gap >= LABEL_GAP => Standing::Close,
        true | false => return None,
    };
    let blot = area.width() < LEAST_SOLID && is_solid(ink, &area);
    (!blot && !sides.go_on(&area) && rim(ink, &area) <= MOST_RIM_INK).then_some(Square {
        area,
        sides: mean,
        standing,
        shape: Shape::Frame,
    })
}

fn is_solid(ink: &Ink, area: &Area) -> bool {
    ink.count(area) as f32 >= SOLID * area.size() as f32
}

/// White to the nearer neighbour, as a share of the width; at most 1.
fn gap(ink: &Ink, area: &Area) -> f32 {
    let side = area.width();
    let inset = area.height() / 6;
    let clear = |x: usize| {
        ink.count(&Area { x0: x, x1: x + 1, y0: area.y0 + inset, y1: area.y1 - inset }) == 0
    };
    // The first pixel beyond the frame may be its own fringe, or a tick's tip.
    let fringe = (side / 8).max(1);
    let left = (fringe..=side).take_while(|&d| area.x0 < d || clear(area.x0 - d)).count();
    let right = (fringe..=side).take_while(|&d| clear(area.x1 + d - 1)).count();
    left.min(right) as f32 / side as f32
}

/// Corners with ink in them.
fn corners(ink: &Ink, area: &Area) -> usize {
    let reach = (area.width().min(area.height()) / 6).max(2);
    let Area { x0, y0, x1, y1 } = *area;
    let corner = |x: usize, y: usize| {
        3 * ink.count(&Area { x0: x, y0: y, x1: x + reach, y1: y + reach }) >= reach * reach
    };
    [corner(x0, y0), corner(x1 - reach, y0), corner(x0, y1 - reach), corner(x1 - reach, y1 - reach)]
        .into_iter()
        .filter(|&inked| inked)
        .count()
}

/// Inked share of a rim three pixels wide, two pixels off the frame.
fn rim(ink: &Ink, area: &Area) -> f32 {
    let (width, height) = (ink.width(), ink.height());
    let (inner, outer) = (area.grown(2, width, height), area.grown(5, width, height));
    let size = outer.size() - inner.size();
    (ink.count(&outer) - ink.count(&inner)) as f32 / size.max(1) as f32
}

/// The best of those that overlap; the larger of equals.
fn without_overlaps(mut found: Vec<Square>) -> Vec<Square> {
    found.sort_by(|a, b| b.sides.total_cmp(&a.sides).then(b.area.size().cmp(&a.area.size())));
    let mut kept: Vec<Square> = Vec::new();
    for square in found {
        if kept.iter().all(|other| square.area.shared(&other.area) == 0) {
            kept.push(square);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(ink: &mut Ink, x0: usize, y0: usize, width: usize, height: usize, thick: usize) {
        for y in y0..y0 + height {
            let edge = y < y0 + thick || y >= y0 + height - thick;
            if edge {
                ink.set(y, x0, x0 + width, true);
            } else {
                ink.set(y, x0, x0 + thick, true);
                ink.set(y, x0 + width - thick, x0 + width, true);
            }
        }
    }

    #[test]
    fn squares_of_all_sizes_are_found_broken_ones_too() {
        let mut ink = Ink::empty(600, 300);
        for (place, side) in [13, 16, 22, 30, 44].into_iter().enumerate() {
            frame(&mut ink, 20 + 100 * place, 40, side, side, 2);
            frame(&mut ink, 20 + 100 * place, 140, side, side + 2, 2);
        }
        // A break in one side.
        ink.clear(&Area { x0: 228, x1: 231, y0: 40, y1: 43 });
        assert_eq!(find(&ink).len(), 10);
    }

    #[test]
    fn table_cells_and_combs_are_none_and_a_lone_round_letter_is_no_frame() {
        let mut ink = Ink::empty(600, 400);
        for cell in 0..8 {
            frame(&mut ink, 20 + 30 * cell, 40, 32, 32, 2);
        }
        frame(&mut ink, 20, 200, 400, 30, 2);
        // An O: an octagon.
        for y in 300..324usize {
            let inset = 8usize.saturating_sub((y - 300).min(323 - y));
            if (300..302).contains(&y) || y >= 322 {
                ink.set(y, 108, 116, true);
            } else {
                ink.set(y, 100 + inset, 103 + inset, true);
                ink.set(y, 121 - inset, 124 - inset, true);
            }
        }
        let found: Vec<Shape> = find(&ink).into_iter().map(|square| square.shape).collect();
        // A ring it may be: what stands beside it will tell.
        assert_eq!(found, [Shape::Round]);
    }
}
