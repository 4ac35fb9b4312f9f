//! Finds the squares: four straight sides, square corners, nothing that goes
//! on beyond them.
//!
//! A fax breaks frames and a tick crosses them, so no side needs to be whole;
//! letters have round or missing corners; table cells and combs have sides
//! that go on. None of these signs is sure by itself, so they are weighed
//! together.

use super::find::{Shape, Square, Standing};
use super::pieces::Pieces;
use super::sides::Sides;
use crate::recognize::ink::{Area, Ink};

/// Sides of a tick box in pixels at 204 dpi (0.07 to 0.2 inch). Smaller
/// frames cannot be told from the letters of small print.
const LEAST_SIDE: usize = 14;
const MOST_SIDE: usize = 42;
/// Height over width.
const LEAST_ASPECT: f32 = 0.75;
const MOST_ASPECT: f32 = 1.33;
/// Least inked share of the weakest side, of the four on average, and white
/// beside the frame in pixels and as a share of its width; less is not looked
/// into further.
const LEAST_WEAKEST: f32 = 0.35;
const LEAST_MEAN: f32 = 0.70;
const LEAST_GAP: (f32, f32) = (0.2, 4.0);
/// White beside the frame counts up to this share of its width.
const CLEAR: f32 = 0.45;
/// Nearest ink to the corner of the area, across and down together, as a share
/// of the width and in pixels. An arc of a letter keeps further off.
const CORNER: (f32, f32) = (0.12, 2.0);
/// Ink of a frame's own that goes on beyond its left or right side, as a share
/// of its height: a tick's tip is thin, a letter that touches is not.
const MOST_BEYOND: f32 = 0.45;
/// Share of a thin rim around the frame that may be inked: more, and the
/// square is a piece of something larger.
const MOST_RIM_INK: f32 = 0.30;
/// A solid square smaller than this, in pixels, is a bullet, a full stop or a
/// blot.
const LEAST_SOLID: usize = 17;
/// Share of the inside from which a square is solid.
const SOLID: f32 = 0.9;
/// Nearer to the page's edge than this, in pixels (0.15 inch), there are scan
/// borders and no boxes.
const PAGE_EDGE: usize = 30;
/// Gaps in a side that are bridged when looking for one, in pixels.
const MOST_GAP: usize = 2;

/// All frames, some overlapping others.
pub fn find_frames(ink: &Ink, pieces: &Pieces) -> Vec<Square> {
    let down = ink.transposed();
    let sides = Sides::of(ink, &down);
    let mut found = Vec::new();
    for (near, far, from, to) in edges(ink) {
        found.extend(best(&sides, ink, pieces, lengths(to - from), |height| {
            if near {
                Some(Area { x0: from, x1: to, y0: far, y1: far + height })
            } else {
                Some(Area { x0: from, x1: to, y0: far.checked_sub(height)?, y1: far })
            }
        }));
    }
    for (near, far, from, to) in edges(&down) {
        found.extend(best(&sides, ink, pieces, lengths(to - from), |width| {
            if near {
                Some(Area { y0: from, y1: to, x0: far, x1: far + width })
            } else {
                Some(Area { y0: from, y1: to, x0: far.checked_sub(width)?, x1: far })
            }
        }));
    }
    found
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
    pieces: &Pieces,
    lengths: std::ops::RangeInclusive<usize>,
    area: impl Fn(usize) -> Option<Area>,
) -> Option<Square> {
    lengths
        .filter_map(area)
        .filter(|area| area.x0 >= edge(ink.width()) && area.y0 >= edge(ink.height()))
        .filter(|area| area.x1 + edge(ink.width()) < ink.width())
        .filter(|area| area.y1 + edge(ink.height()) < ink.height())
        .filter_map(|area| judged(sides, ink, pieces, area))
        .max_by(|a, b| a.odds.total_cmp(&b.odds))
}

/// A cut-out smaller than a page has less of an edge.
fn edge(length: usize) -> usize {
    PAGE_EDGE.min(length / 50)
}

fn judged(sides: &Sides, ink: &Ink, pieces: &Pieces, area: Area) -> Option<Square> {
    let shares = sides.shares(&area);
    let weakest = shares.iter().copied().fold(1.0, f32::min);
    let mean = shares.iter().sum::<f32>() / 4.0;
    if weakest < LEAST_WEAKEST || mean < LEAST_MEAN {
        return None;
    }
    let (left, right) = pieces.gaps(&area, area.width());
    let gap = left.min(right) as f32;
    if gap < LEAST_GAP.1.max(LEAST_GAP.0 * area.width() as f32) {
        return None;
    }
    let rim = rim(ink, &area);
    let blot = area.width() < LEAST_SOLID && is_solid(ink, &area);
    if blot || rim > MOST_RIM_INK || sides.go_on(&area) || goes_beyond(ink, &area) {
        return None;
    }
    let (long, short) = (area.width().max(area.height()), area.width().min(area.height()));
    let [worst, second, ..] = descending(sides.outsides(&area));
    let signs = Signs {
        weakest,
        mean,
        gap: (gap / area.width() as f32).min(CLEAR),
        rim,
        aspect: long as f32 / short as f32,
        outside: (worst, second),
        corners: sharp_corners(ink, &area),
        whole: pieces.whole(&area),
    };
    let odds = signs.odds();
    let standing = Standing::of(odds)?;
    Some(Square { area, sides: mean, odds, standing, shape: Shape::Frame })
}

fn descending(mut shares: [f32; 4]) -> [f32; 4] {
    shares.sort_by(|a, b| b.total_cmp(a));
    shares
}

/// What tells a frame from a letter.
struct Signs {
    /// Inked share of the weakest side.
    weakest: f32,
    /// Of the four on average.
    mean: f32,
    /// White beside it, share of its width.
    gap: f32,
    /// Inked share of a thin rim around it.
    rim: f32,
    /// Longer over shorter side.
    aspect: f32,
    /// Inked share of the line outside of a side, of the two worst: the belly
    /// of a letter, or a tick's tip.
    outside: (f32, f32),
    /// How many corners are square.
    corners: usize,
    /// Whether it is one piece.
    whole: bool,
}

impl Signs {
    /// Log odds, by logistic regression over 100,000 squares of 1,200 drawn
    /// pages of all levels of damage, 800 of them boxes.
    fn odds(&self) -> f32 {
        1.8 * self.weakest + 12.5 * self.mean + 15.8 * self.gap
            - 20.8 * self.rim
            - 7.8 * self.aspect
            - 0.9 * self.outside.0
            - 2.0 * self.outside.1
            + 0.7 * self.corners as f32
            + if self.whole { 0.6 } else { 0.0 }
            - 13.8
    }
}

pub fn sharp_corners(ink: &Ink, area: &Area) -> usize {
    let most = (CORNER.0 * area.width() as f32).max(CORNER.1) as usize;
    let sharp = |right: bool, below: bool| {
        (0..=most).any(|down| {
            (0..=most - down).any(|across| {
                let x = if right { area.x1 - 1 - across } else { area.x0 + across };
                let y = if below { area.y1 - 1 - down } else { area.y0 + down };
                ink.at(x, y)
            })
        })
    };
    [(false, false), (true, false), (false, true), (true, true)]
        .into_iter()
        .filter(|&(right, below)| sharp(right, below))
        .count()
}

/// Whether a letter touches the side of what would be a frame.
pub fn goes_beyond(ink: &Ink, area: &Area) -> bool {
    let reach = (area.width() / 3).max(3);
    let column = |x: usize| ink.count(&Area { x0: x, x1: x + 1, ..*area }) as f32;
    let most = MOST_BEYOND * area.height() as f32;
    (2..reach).any(|d| area.x0 >= d && column(area.x0 - d) > most)
        || (2..reach).any(|d| column(area.x1 + d - 1) > most)
}

fn is_solid(ink: &Ink, area: &Area) -> bool {
    ink.count(area) as f32 >= SOLID * area.size() as f32
}

/// Inked share of a rim three pixels wide, two pixels off the frame.
fn rim(ink: &Ink, area: &Area) -> f32 {
    let (width, height) = (ink.width(), ink.height());
    let (inner, outer) = (area.grown(2, width, height), area.grown(5, width, height));
    let size = outer.size() - inner.size();
    (ink.count(&outer) - ink.count(&inner)) as f32 / size.max(1) as f32
}
