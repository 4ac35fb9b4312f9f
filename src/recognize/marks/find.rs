//! Finds the boxes that ink alone shows: squares (`frame`), rings (`round`),
//! pairs of brackets (`pair`). Lines to mark (`underscores`) need words.

use super::frame::find_frames;
use super::pair::find_pairs;
use super::pieces::Pieces;
use super::round::find_rounds;
use crate::recognize::ink::{Area, Ink};

/// Boxes of one family differ by no more than this share of their sides.
const ALIKE: f32 = 0.12;
const ALIKE_PAIRS: f32 = 0.25;

/// A found box.
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
    /// Log odds of being a box rather than letters.
    pub odds: f32,
}

/// What shows that there is something to tick.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A square frame.
    Frame,
    /// A ring.
    Round,
    /// A short line to put a mark on.
    Underscore,
    /// Two brackets.
    Pair {
        /// What is between them.
        inside: Area,
    },
}

/// How a box differs from a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// As good as drawn: no letter.
    Drawn,
    /// Worn: believed beside others of its size.
    Worn,
}

/// From these log odds on, a box stands by itself. Of 1,200 drawn pages,
/// thirty letters reach it, and one box in twenty does not.
const SURE: f32 = 0.4;
/// From these on when it is of another shape than most of the page's.
const STRANGER: f32 = 2.0;
/// From these on it is believed beside another of its shape and size, in a row
/// or column with it or elsewhere.
const LIKELY: f32 = -3.0;
const LIKELY_APART: f32 = -1.0;
/// Log odds that the others have together at least.
const FAMILY: f32 = 1.5;
/// By so much a frame or a pair is preferred to a ring in the same place.
const ANGULAR: f32 = 2.0;

impl Standing {
    /// `None` for what is rather a letter.
    pub fn of(odds: f32) -> Option<Self> {
        match odds {
            SURE.. => Some(Self::Drawn),
            LIKELY.. => Some(Self::Worn),
            _ => None,
        }
    }
}

/// All boxes, top to bottom, none overlapping another.
pub fn find(ink: &Ink) -> Vec<Square> {
    let pieces = Pieces::of(ink);
    let mut found = find_frames(ink, &pieces);
    found.extend(find_pairs(ink, &Pieces::of(&mended(ink))));
    found.extend(find_rounds(ink, &pieces));
    let is_pair = |square: &Square| matches!(square.shape, Shape::Pair { .. });
    found.retain(|square| is_pair(square) || !pieces.is_bowl(&square.area));
    let mut kept = of_a_family(without_overlaps(found));
    kept.sort_by_key(|square| (square.area.y0, square.area.x0));
    kept
}

/// With gaps of one row closed: thin strokes break between the rows of a fax.
fn mended(ink: &Ink) -> Ink {
    let mut mended = ink.clone();
    for y in 1..ink.height() {
        mended.set_row(y, ink.row(y).iter().zip(ink.row(y - 1)).map(|(a, b)| a | b));
    }
    mended
}

/// Without the worn ones that have no like: boxes of a page come in families
/// of one shape and size, in rows and columns. Boxes of another shape than
/// most must be surer, and what a cross made of a ring or a frame has the
/// shape of its family.
fn of_a_family(found: Vec<Square>) -> Vec<Square> {
    let sure: Vec<Square> =
        found.iter().filter(|square| square.standing == Standing::Drawn).copied().collect();
    let weight = |square: &Square| -> f32 {
        sure.iter().filter(|other| same_shape(square, other)).map(|other| other.odds).sum()
    };
    let Some(style) = sure.iter().max_by(|a, b| weight(a).total_cmp(&weight(b))).copied() else {
        return Vec::new();
    };
    found
        .into_iter()
        .filter_map(|square| {
            let usual = same_shape(&square, &style);
            if square.odds >= STRANGER || (usual && square.standing == Standing::Drawn) {
                return Some(square);
            }
            let like: Vec<&Square> = sure
                .iter()
                .filter(|other| same_shape(other, &style) && are_alike(&square, other))
                .collect();
            let in_line = like.iter().any(|other| in_line(&square, other));
            let least = if in_line { LIKELY } else { LIKELY_APART };
            let family: f32 = like.iter().map(|other| other.odds).sum();
            let shape = if usual { square.shape } else { like.first()?.shape };
            (square.odds >= least && family >= FAMILY).then_some(Square { shape, ..square })
        })
        .collect()
}

/// In shape and size; a frame and a ring may be taken for each other.
fn are_alike(a: &Square, b: &Square) -> bool {
    let is_pair = |square: &Square| matches!(square.shape, Shape::Pair { .. });
    // Of brackets the ends are the first to go.
    let alike = if is_pair(a) { ALIKE_PAIRS } else { ALIKE };
    let near = |a: usize, b: usize| a.abs_diff(b) as f32 <= (alike * b as f32).max(2.0);
    is_pair(a) == is_pair(b)
        && near(a.area.width(), b.area.width())
        && near(a.area.height(), b.area.height())
}

fn same_shape(a: &Square, b: &Square) -> bool {
    std::mem::discriminant(&a.shape) == std::mem::discriminant(&b.shape)
}

/// In one row or in one column.
fn in_line(a: &Square, b: &Square) -> bool {
    const WITHIN: usize = 3;
    let near = |a: usize, b: usize| a.abs_diff(b) <= WITHIN;
    (near(a.area.x0, b.area.x0) && near(a.area.x1, b.area.x1))
        || (near(a.area.y0, b.area.y0) && near(a.area.y1, b.area.y1))
}

/// The best of those that overlap; the larger of equals.
fn without_overlaps(mut found: Vec<Square>) -> Vec<Square> {
    let rank = |square: &Square| match square.shape {
        Shape::Frame | Shape::Pair { .. } => square.odds + ANGULAR,
        Shape::Round | Shape::Underscore => square.odds,
    };
    found.sort_by(|a, b| rank(b).total_cmp(&rank(a)).then(b.area.size().cmp(&a.area.size())));
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
        for (place, side) in [15, 18, 22, 30, 40].into_iter().enumerate() {
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
        let frames = find(&ink).into_iter().filter(|square| square.shape == Shape::Frame);
        assert_eq!(frames.count(), 0);
    }

    #[test]
    fn a_worn_frame_is_believed_in_a_row_of_others_and_not_by_itself() {
        let worn = |ink: &mut Ink, x0: usize| {
            frame(ink, x0, 100, 22, 22, 2);
            ink.clear(&Area { x0: x0 + 4, x1: x0 + 16, y0: 100, y1: 102 });
            ink.clear(&Area { x0: x0 + 20, x1: x0 + 22, y0: 106, y1: 118 });
        };
        let mut ink = Ink::empty(600, 300);
        worn(&mut ink, 100);
        assert_eq!(find(&ink).len(), 0);
        frame(&mut ink, 300, 100, 22, 22, 2);
        assert_eq!(find(&ink).len(), 2);
    }

    #[test]
    fn letters_of_a_word_are_none_though_they_have_four_sides() {
        let mut ink = Ink::empty(600, 300);
        for letter in 0..6 {
            frame(&mut ink, 100 + 26 * letter, 100, 22, 22, 3);
        }
        assert_eq!(find(&ink).len(), 0);
    }
}
