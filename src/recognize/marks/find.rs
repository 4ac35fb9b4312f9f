//! Finds the squares: four straight sides, square corners, nothing that goes
//! on beyond them.
//!
//! A fax breaks frames and a tick crosses them, so no side needs to be whole;
//! letters have round or missing corners; table cells and combs have sides
//! that go on.

use crate::recognize::ink::{Area, Ink};

/// Sides of a tick box in pixels at 204 dpi (0.04 to 0.25 inch).
const LEAST_SIDE: usize = 9;
const MOST_SIDE: usize = 50;
/// Height over width.
const LEAST_ASPECT: f32 = 0.72;
const MOST_ASPECT: f32 = 1.38;
/// Share of each side, and of all four on average, that must be inked, one
/// pixel of wobble allowed.
const LEAST_SIDE_INK: f32 = 0.70;
const LEAST_MEAN_INK: f32 = 0.86;
/// Share of each side, and of all four on average, that one single row or
/// column of pixels must ink: sides are straight, bows of letters are not.
const LEAST_STRAIGHT: f32 = 0.58;
const LEAST_MEAN_STRAIGHT: f32 = 0.78;
/// Share of a thin rim around the frame that may be inked: more, and the
/// square is a piece of something larger.
const MOST_RIM_INK: f32 = 0.30;
/// Corners of four that must be inked. D has two, O none.
const LEAST_CORNERS: usize = 3;
/// A side goes on when this share of the next stretch beyond its end is inked.
const GOES_ON: f32 = 0.8;
/// Gaps in a side that are bridged when looking for one, in pixels.
const MOST_GAP: usize = 2;

/// A found frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Square {
    /// Outer edge of the frame.
    pub area: Area,
    /// Mean inked share of the four sides, 0 to 1.
    pub sides: f32,
    /// The same, of the straightest single row or column of each side.
    pub straight: f32,
    /// Whether it could be a letter.
    pub standing: Standing,
}

/// How a square differs from a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Drawn straight, with four corners: no letter.
    Drawn,
    /// Worn, but with white on both sides: no letter of a word, perhaps a
    /// letter by itself.
    Alone,
    /// Worn, and as close to its neighbours as a letter.
    Close,
}

/// Frames as good as drawn: so straight on average, with all four corners, no
/// smaller than this in pixels. No letter is, so they may stand close.
const DRAWN_STRAIGHT: f32 = 0.90;
const DRAWN_SIDE: usize = 14;
/// White that a box must have on both sides, as a share of its width, when it
/// is as good as drawn, and when it is not. A letter has 0.1 to 0.2.
const DRAWN_GAP: f32 = 0.12;
const LEAST_GAP: f32 = 0.40;
/// Worn squares close to others and smaller than this, in pixels, are not even asked about:
/// small print is full of them.
const SMALL: usize = 14;

/// All squares, best first where they overlap, then top to bottom.
pub fn find(ink: &Ink) -> Vec<Square> {
    let sides = Sides::of(ink);
    let mut found = Vec::new();
    for y in 0..ink.height() {
        for (x0, x1) in ink.runs(y, MOST_GAP) {
            if (LEAST_SIDE..=MOST_SIDE).contains(&(x1 - x0)) {
                if is_edge(ink, y, y.checked_sub(1), x0, x1) {
                    found.extend(sides.best_below(ink, y, x0, x1));
                }
                if is_edge(ink, y, Some(y + 1), x0, x1) {
                    found.extend(sides.best_above(ink, y + 1, x0, x1));
                }
            }
        }
    }
    let mut kept = without_overlaps(found);
    for square in &mut kept {
        square.standing = standing(ink, square);
    }
    kept.retain(|square| square.standing != Standing::Close || square.area.width() >= SMALL);
    kept.sort_by_key(|square| (square.area.y0, square.area.x0));
    kept
}

/// Whether the row beyond is mostly white.
fn is_edge(ink: &Ink, y: usize, beyond: Option<usize>, x0: usize, x1: usize) -> bool {
    debug_assert!(y < ink.height());
    let Some(beyond) = beyond.filter(|&row| row < ink.height()) else {
        return false;
    };
    2 * ink.count(&Area { x0, x1, y0: beyond, y1: beyond + 1 }) < x1 - x0
}

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

fn standing(ink: &Ink, square: &Square) -> Standing {
    let area = &square.area;
    let side = area.width();
    let inset = area.height() / 6;
    let clear = |x: usize| {
        ink.count(&Area { x0: x, x1: x + 1, y0: area.y0 + inset, y1: area.y1 - inset }) == 0
    };
    let left = (1..=side).take_while(|&d| area.x0 < d || clear(area.x0 - d)).count();
    let right = (0..side).take_while(|&d| clear(area.x1 + d)).count();
    let gap = left.min(right) as f32 / side as f32;
    let drawn = square.straight >= DRAWN_STRAIGHT
        && side >= DRAWN_SIDE
        && corners(ink, area) == LEAST_CORNERS + 1;
    if drawn && gap >= DRAWN_GAP {
        Standing::Drawn
    } else if gap >= LEAST_GAP {
        Standing::Alone
    } else {
        Standing::Close
    }
}

/// Ink summed along rows and columns, each widened by one pixel across, so
/// that the inked share of any side is one subtraction.
struct Sides {
    width: usize,
    height: usize,
    rows: Sums,
    columns: Sums,
}

impl Sides {
    fn of(ink: &Ink) -> Self {
        Self {
            width: ink.width(),
            height: ink.height(),
            rows: Sums::of(ink),
            columns: Sums::of(&ink.transposed()),
        }
    }

    /// Share of a horizontal side that is inked.
    fn across(&self, y: usize, x0: usize, x1: usize) -> f32 {
        self.rows.widened(y, x0, x1)
    }

    /// Share of an upright side that is inked.
    fn down(&self, x: usize, y0: usize, y1: usize) -> f32 {
        self.columns.widened(x, y0, y1)
    }

    fn best_below(&self, ink: &Ink, y0: usize, x0: usize, x1: usize) -> Option<Square> {
        self.best(ink, x1 - x0, |height| Some(Area { x0, x1, y0, y1: y0 + height }))
    }

    fn best_above(&self, ink: &Ink, y1: usize, x0: usize, x1: usize) -> Option<Square> {
        self.best(ink, x1 - x0, |height| Some(Area { x0, x1, y0: y1.checked_sub(height)?, y1 }))
    }

    fn best(
        &self,
        ink: &Ink,
        width: usize,
        area: impl Fn(usize) -> Option<Area>,
    ) -> Option<Square> {
        let least = ((width as f32 * LEAST_ASPECT) as usize).max(LEAST_SIDE);
        let most = ((width as f32 * MOST_ASPECT).ceil() as usize).min(MOST_SIDE);
        (least..=most)
            .filter_map(&area)
            .filter(|area| area.y1 < self.height && area.x1 < self.width)
            .filter_map(|area| self.judged(ink, area))
            .max_by(|a, b| a.sides.total_cmp(&b.sides))
    }

    fn judged(&self, ink: &Ink, area: Area) -> Option<Square> {
        let Area { x0, y0, x1, y1 } = area;
        let sides = [
            self.down(x0 + 1, y0, y1),
            self.down(x1 - 2, y0, y1),
            self.across(y0 + 1, x0, x1),
            self.across(y1 - 2, x0, x1),
        ];
        let mean = sides.iter().sum::<f32>() / 4.0;
        let good = sides.iter().all(|&side| side >= LEAST_SIDE_INK) && mean >= LEAST_MEAN_INK;
        if !good || corners(ink, &area) < LEAST_CORNERS {
            return None;
        }
        let straight = self.straight(&area)?;
        (!self.goes_on(&area) && rim(ink, &area) <= MOST_RIM_INK).then_some(Square {
            area,
            sides: mean,
            straight,
            standing: Standing::Close,
        })
    }

    /// Mean share of each side that one straight row or column of pixels inks;
    /// `None` where a side is none.
    fn straight(&self, area: &Area) -> Option<f32> {
        let Area { x0, y0, x1, y1 } = *area;
        let best = |sums: &Sums, lines: std::ops::Range<usize>, from: usize, to: usize| {
            lines.map(|line| sums.exact(line, from, to)).fold(0.0, f32::max)
        };
        let sides = [
            best(&self.columns, x0..x0 + 3, y0, y1),
            best(&self.columns, x1 - 3..x1, y0, y1),
            best(&self.rows, y0..y0 + 3, x0, x1),
            best(&self.rows, y1 - 3..y1, x0, x1),
        ];
        let mean = sides.iter().sum::<f32>() / 4.0;
        (sides.iter().all(|&side| side >= LEAST_STRAIGHT) && mean >= LEAST_MEAN_STRAIGHT)
            .then_some(mean)
    }

    /// Whether lines of two sides run on beyond their corners: a table or a
    /// comb of cells.
    fn goes_on(&self, area: &Area) -> bool {
        let Area { x0, y0, x1, y1 } = *area;
        let (dx, dy) = (area.width() * 6 / 10, area.height() * 6 / 10);
        let across = |y: usize| {
            (x0 >= dx + 2 && self.across(y, x0 - 2 - dx, x0 - 2) >= GOES_ON)
                || (x1 + dx + 2 < self.width && self.across(y, x1 + 2, x1 + 2 + dx) >= GOES_ON)
        };
        let down = |x: usize| {
            (y0 >= dy + 2 && self.down(x, y0 - 2 - dy, y0 - 2) >= GOES_ON)
                || (y1 + dy + 2 < self.height && self.down(x, y1 + 2, y1 + 2 + dy) >= GOES_ON)
        };
        let sides = [across(y0 + 1), across(y1 - 2), down(x0 + 1), down(x1 - 2)];
        sides.into_iter().filter(|&goes_on| goes_on).count() >= 2
    }
}

/// Corners with ink in them.
fn corners(ink: &Ink, area: &Area) -> usize {
    let reach = (area.width().min(area.height()) / 8).max(2);
    let Area { x0, y0, x1, y1 } = *area;
    let corner = |x: usize, y: usize| {
        ink.count(&Area { x0: x, y0: y, x1: x + reach, y1: y + reach }) * 2 >= reach * reach
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

/// Running sums of ink along each row, so that the inked share of any stretch
/// is one subtraction; `length + 1` entries a row.
struct Sums {
    length: usize,
    exact: Vec<u16>,
    /// Of "ink here or in the row above or below".
    widened: Vec<u16>,
}

impl Sums {
    fn of(ink: &Ink) -> Self {
        let (length, height) = (ink.width(), ink.height());
        let blank = vec![0u8; length];
        let mut exact = Vec::with_capacity((length + 1) * height);
        let mut widened = Vec::with_capacity((length + 1) * height);
        for y in 0..height {
            let above = if y > 0 { ink.row(y - 1) } else { &blank };
            let below = if y + 1 < height { ink.row(y + 1) } else { &blank };
            let (mut here_sum, mut wide_sum) = (0u16, 0u16);
            exact.push(0);
            widened.push(0);
            for ((here, above), below) in ink.row(y).iter().zip(above).zip(below) {
                // A row has at most 65,535 pixels: pages are bounded before.
                here_sum = here_sum.saturating_add(u16::from(*here));
                wide_sum = wide_sum.saturating_add(u16::from(here | above | below));
                exact.push(here_sum);
                widened.push(wide_sum);
            }
        }
        Self { length, exact, widened }
    }

    fn exact(&self, row: usize, from: usize, to: usize) -> f32 {
        self.share(&self.exact, row, from, to)
    }

    fn widened(&self, row: usize, from: usize, to: usize) -> f32 {
        self.share(&self.widened, row, from, to)
    }

    fn share(&self, sums: &[u16], row: usize, from: usize, to: usize) -> f32 {
        let row = &sums[row * (self.length + 1)..];
        f32::from(row[to] - row[from]) / (to - from) as f32
    }
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
        for (place, side) in [10, 16, 22, 30, 44].into_iter().enumerate() {
            frame(&mut ink, 20 + 100 * place, 40, side, side, 2);
            frame(&mut ink, 20 + 100 * place, 140, side, side + 2, 2);
        }
        // A break in one side.
        ink.clear(&Area { x0: 228, x1: 231, y0: 40, y1: 43 });
        assert_eq!(find(&ink).len(), 10);
    }

    #[test]
    fn table_cells_combs_and_round_letters_are_none() {
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
        assert_eq!(find(&ink), []);
    }
}
