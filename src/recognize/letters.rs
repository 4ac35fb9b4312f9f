//! The ink that looks like letters, whichever way up, and where most of it is.

use super::geometry::SQUARE_DPI;
use super::ink::{Area, Ink, blobs};

/// Letters, in pixels at 204 dpi: 4 to 24 point.
const LETTER_HEIGHT: std::ops::RangeInclusive<usize> = 6..=70;
const LETTER_WIDTH: std::ops::RangeInclusive<usize> = 3..=90;

/// The ink of pieces that have a letter's size.
pub fn letters(ink: &Ink) -> Ink {
    let mut letters = Ink::empty(ink.width(), ink.height());
    for blob in blobs(ink) {
        let (width, height) = (blob.area.width(), blob.area.height());
        let upright = LETTER_HEIGHT.contains(&height) && LETTER_WIDTH.contains(&width);
        let sideways = LETTER_HEIGHT.contains(&width) && LETTER_WIDTH.contains(&height);
        if blob.count >= 12 && (upright || sideways) {
            for (y, x0, x1) in blob.runs {
                letters.set(y, x0, x1, true);
            }
        }
    }
    letters
}

/// The horizontal band with the most ink of letters.
pub fn densest_band(letters: &Ink, inches: f32) -> Area {
    let height = ((inches * SQUARE_DPI) as usize).min(letters.height());
    let rows: Vec<usize> = (0..letters.height())
        .map(|y| letters.row(y).iter().map(|&b| usize::from(b)).sum())
        .collect();
    let mut sum: usize = rows[..height].iter().sum();
    let (mut best, mut top) = (sum, 0);
    for y in height..rows.len() {
        sum = sum + rows[y] - rows[y - height];
        if sum > best {
            (best, top) = (sum, y + 1 - height);
        }
    }
    Area { x0: 0, y0: top, x1: letters.width(), y1: top + height }
}
