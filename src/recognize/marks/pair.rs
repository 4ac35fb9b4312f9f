//! Finds typed boxes by their brackets: `[ ]`, `[X]`, `( )`, and the same
//! with a tick of a pen between.
//!
//! What the reader makes of them is a matter of luck ("C]", "1]", nothing);
//! two brackets that face each other across a gap of a letter's width are
//! not.

use super::find::{Shape, Square, Standing};
use crate::recognize::ink::{Area, Blob, Ink};

/// Height of a bracket in pixels at 204 dpi: 7 to 20 point type.
const LEAST_HEIGHT: usize = 18;
const MOST_HEIGHT: usize = 62;
/// Width over height.
const LEAST_WIDTH: f32 = 0.12;
const MOST_WIDTH: f32 = 0.45;
/// The two are alike within this share of their height, in height and place.
const ALIKE: f32 = 0.2;
/// Inner distance over height: less is a letter between brackets, more is a
/// remark.
const LEAST_APART: f32 = 0.25;
const MOST_APART: f32 = 1.7;
/// How many pieces of ink a tick between them may have.
const MOST_INSIDE: usize = 4;
/// Widest piece between them over their distance: a tick may cross a bracket,
/// a word may not.
const MOST_INNER_HEIGHT: f32 = 1.6;

/// Which way it opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Opens {
    Right,
    Left,
}

/// Pairs among the pieces of ink.
pub fn find_pairs(ink: &Ink, pieces: &[Blob]) -> Vec<Square> {
    let brackets: Vec<(Area, Opens)> =
        pieces.iter().filter_map(|piece| Some((piece.area, bracket(ink, piece)?))).collect();
    brackets
        .iter()
        .filter(|(_, opens)| *opens == Opens::Right)
        .filter_map(|(open, _)| {
            let (close, _) = brackets
                .iter()
                .filter(|(area, opens)| *opens == Opens::Left && faces(open, area))
                .min_by_key(|(area, _)| area.x0)?;
            boxed(pieces, open, close)
        })
        .collect()
}

/// Whether a piece is a bracket: thin, its ink on one side in the middle and
/// reaching to the other at both ends.
fn bracket(ink: &Ink, piece: &Blob) -> Option<Opens> {
    let area = piece.area;
    let (width, height) = (area.width(), area.height());
    let shape = width as f32 / height as f32;
    if !(LEAST_HEIGHT..=MOST_HEIGHT).contains(&height)
        || !(LEAST_WIDTH..=MOST_WIDTH).contains(&shape)
        || width < 4
    {
        return None;
    }
    // Mean place of the ink across, 0 left to 1 right, in fifths of the
    // height; a bracket is one stroke, so there is ink in each.
    let fifth = |n: usize| -> Option<f32> {
        let (y0, y1) = (area.y0 + n * height / 5, area.y0 + (n + 1) * height / 5);
        let (mut sum, mut count) = (0usize, 0usize);
        for y in y0..y1 {
            for x in area.x0..area.x1 {
                if ink.at(x, y) {
                    sum += x - area.x0;
                    count += 1;
                }
            }
        }
        (count > 0).then(|| sum as f32 / count as f32 / (width - 1) as f32)
    };
    let [top, upper, middle, lower, bottom] =
        [fifth(0)?, fifth(1)?, fifth(2)?, fifth(3)?, fifth(4)?];
    let ends = top.min(bottom);
    let other_ends = top.max(bottom);
    let hollow = piece.count as f32 <= 0.62 * area.size() as f32;
    let bulge = 0.13;
    if hollow && middle < 0.42 && upper < 0.5 && lower < 0.5 && ends > middle + bulge {
        Some(Opens::Right)
    } else if hollow && middle > 0.58 && upper > 0.5 && lower > 0.5 && other_ends < middle - bulge {
        Some(Opens::Left)
    } else {
        None
    }
}

fn faces(open: &Area, close: &Area) -> bool {
    let height = open.height() as f32;
    let near = |a: usize, b: usize| a.abs_diff(b) as f32 <= ALIKE * height;
    let apart = close.x0 as f32 - open.x1 as f32;
    near(open.y0, close.y0)
        && near(open.y1, close.y1)
        && (LEAST_APART * height..=MOST_APART * height).contains(&apart)
}

/// The box between two brackets, unless a word stands in it.
fn boxed(pieces: &[Blob], open: &Area, close: &Area) -> Option<Square> {
    let between =
        Area { x0: open.x1, x1: close.x0, y0: open.y0.min(close.y0), y1: open.y1.max(close.y1) };
    let inside: Vec<&Blob> = pieces
        .iter()
        .filter(|piece| piece.area != *open && piece.area != *close)
        .filter(|piece| piece.area.shared(&between) > 0 && piece.count > 8)
        .collect();
    let tall = inside
        .iter()
        .any(|piece| piece.area.height() as f32 > MOST_INNER_HEIGHT * between.height() as f32);
    // One letter or a tick; "(212)" and "[sic]" are three letters and more.
    let narrow = between.width() as f32 / between.height() as f32;
    let letters = inside.iter().filter(|piece| is_letter(piece, &between)).count();
    if inside.len() > MOST_INSIDE || tall || letters > 1 || (letters == 1 && narrow < 0.4) {
        return None;
    }
    let area = Area { x0: open.x0, x1: close.x1, ..between };
    let inside = Area { y0: between.y0 + 1, y1: between.y1 - 1, ..between };
    Some(Square { area, sides: 1.0, standing: Standing::Alone, shape: Shape::Pair { inside } })
}

/// Whether a piece between the brackets stands wholly within them.
fn is_letter(piece: &Blob, between: &Area) -> bool {
    piece.area.x0 >= between.x0 && piece.area.x1 <= between.x1 && piece.area.height() > 8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recognize::ink::blobs;

    /// A square bracket, 6 by 28 pixels, opening to the right or left.
    fn bracket(ink: &mut Ink, x: usize, opens: Opens) {
        let stroke = if opens == Opens::Right { x } else { x + 4 };
        for y in 40..68 {
            ink.set(y, stroke, stroke + 2, true);
            if !(43..65).contains(&y) {
                ink.set(y, x, x + 6, true);
            }
        }
    }

    fn found(draw: impl Fn(&mut Ink)) -> usize {
        let mut ink = Ink::empty(200, 100);
        draw(&mut ink);
        find_pairs(&ink, &blobs(&ink)).len()
    }

    #[test]
    fn brackets_that_face_each_other_are_a_box() {
        let empty = |ink: &mut Ink| {
            bracket(ink, 50, Opens::Right);
            bracket(ink, 74, Opens::Left);
        };
        assert_eq!(found(empty), 1);
        let ticked = |ink: &mut Ink| {
            empty(ink);
            for i in 0..14 {
                ink.set(47 + i, 58 + i, 60 + i, true);
                ink.set(61 - i, 58 + i, 60 + i, true);
            }
        };
        assert_eq!(found(ticked), 1);
        let back_to_back = |ink: &mut Ink| {
            bracket(ink, 50, Opens::Left);
            bracket(ink, 74, Opens::Right);
        };
        assert_eq!(found(back_to_back), 0);
    }

    #[test]
    fn brackets_around_a_word_are_none() {
        let word = |ink: &mut Ink| {
            bracket(ink, 20, Opens::Right);
            bracket(ink, 66, Opens::Left);
            for letter in 0..3 {
                for y in 46..62 {
                    ink.set(y, 30 + 11 * letter, 33 + 11 * letter, true);
                }
            }
        };
        assert_eq!(found(word), 0);
    }
}
