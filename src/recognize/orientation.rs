//! Which way up a page lies: upright, sideways or upside down.
//!
//! Cheap evidence first: letters stand in rows, and lines have more ascenders
//! than descenders. Where that is weak, or speaks for a turn, a strip of the
//! page is read both ways and must agree: a page turned wrongly is unreadable
//! to everyone, a page left as it came is only inconvenient.

use std::time::Duration;

use super::engines::Engines;
use super::geometry::SQUARE_DPI;
use super::ink::{Area, Ink, blobs};
use super::native::{self, RawWord};
use super::recognized::Rotation;
use super::sheet::Sheet;

/// Letters, in pixels at 204 dpi: 4 to 24 point.
const LETTER_HEIGHT: std::ops::RangeInclusive<usize> = 6..=70;
const LETTER_WIDTH: std::ops::RangeInclusive<usize> = 3..=90;
/// Fewer letters than this say nothing.
const LEAST_LETTERS: usize = 30;
/// How much more the ink changes from row to row than from column to column
/// on an upright page. Between the two it is in doubt.
const CLEARLY_ROWS: f32 = 1.35;
const CLEARLY_COLUMNS: f32 = 0.75;
/// Standard deviations of surplus ascenders at which an upright page is
/// believed without reading.
const CLEARLY_UP: f32 = 4.0;
/// Height of the strip that is read, in inches: five or six lines.
const STRIP_INCHES: f32 = 0.8;
/// And on a second look, when the first strip said too little.
const TALL_STRIP_INCHES: f32 = 3.0;
/// A turned strip must read better than the page as it came by this factor …
const BETTER_BY: f32 = 1.5;
/// … and well in itself: about eight good words.
const LEAST_SCORE: f32 = 25.0;
/// A strip that reads this well as it came needs no comparison.
const GOOD_SCORE: f32 = 60.0;
const STRIP_DEADLINE: Duration = Duration::from_secs(5);

/// Finds the clockwise quarter turns that bring the page upright.
pub fn find(sheet: &Sheet, engines: &mut Engines) -> Rotation {
    let letters = letters(&sheet.ink);
    let Some(rows_over_columns) = rows_over_columns(&letters) else {
        return Rotation::None;
    };
    if rows_over_columns >= CLEARLY_ROWS
        && native::up_or_down(&sheet.ink).is_some_and(|surplus| surplus >= CLEARLY_UP)
    {
        return Rotation::None;
    }
    let suspects: &[Rotation] = if rows_over_columns >= CLEARLY_ROWS {
        &[Rotation::Half]
    } else if rows_over_columns <= CLEARLY_COLUMNS {
        &[Rotation::Quarter, Rotation::ThreeQuarters]
    } else {
        &[Rotation::Half, Rotation::Quarter, Rotation::ThreeQuarters]
    };
    confirmed(sheet, &letters, suspects, STRIP_INCHES, engines)
}

/// A second, slower look at a page that read poorly as it lies: a taller strip,
/// turned every way.
pub fn reconsider(sheet: &Sheet, engines: &mut Engines) -> Rotation {
    let every = [Rotation::Half, Rotation::Quarter, Rotation::ThreeQuarters];
    confirmed(sheet, &letters(&sheet.ink), &every, TALL_STRIP_INCHES, engines)
}

/// Reads a strip as it came and turned; the turn must earn it.
fn confirmed(
    sheet: &Sheet,
    letters: &Ink,
    suspects: &[Rotation],
    inches: f32,
    engines: &mut Engines,
) -> Rotation {
    let as_it_came = strip_score(sheet, letters, Rotation::None, inches, engines);
    if as_it_came >= GOOD_SCORE {
        return Rotation::None;
    }
    suspects
        .iter()
        .map(|&rotation| (strip_score(sheet, letters, rotation, inches, engines), rotation))
        .filter(|(score, _)| *score >= LEAST_SCORE && *score >= BETTER_BY * as_it_came)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map_or(Rotation::None, |(_, rotation)| rotation)
}

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

/// How much more the ink changes from row to row than from column to column;
/// `None` without enough ink.
fn rows_over_columns(letters: &Ink) -> Option<f32> {
    let mut rows = vec![0i64; letters.height()];
    let mut columns = vec![0i64; letters.width()];
    for (y, row_sum) in rows.iter_mut().enumerate() {
        for (column, &bit) in columns.iter_mut().zip(letters.row(y)) {
            *column += i64::from(bit);
            *row_sum += i64::from(bit);
        }
    }
    let ink: i64 = rows.iter().sum();
    if ink < (LEAST_LETTERS * 40) as i64 {
        return None;
    }
    let change = |sums: &[i64]| -> f32 {
        sums.windows(4).map(|w| ((w[3] - w[0]) as f32).powi(2)).sum::<f32>()
    };
    Some(change(&rows) / change(&columns).max(1.0))
}

fn strip_score(
    sheet: &Sheet,
    letters: &Ink,
    rotation: Rotation,
    inches: f32,
    engines: &mut Engines,
) -> f32 {
    let sideways = matches!(rotation, Rotation::Quarter | Rotation::ThreeQuarters);
    let area = if sideways {
        let band = densest_band(&letters.transposed(), inches);
        Area { x0: band.y0, x1: band.y1, y0: 0, y1: letters.height() }
    } else {
        densest_band(letters, inches)
    };
    score(&engines.glance(sheet.part(&area).turned(rotation), STRIP_DEADLINE))
}

/// Letters and digits in believable words, weighed by confidence.
pub fn score(words: &[RawWord]) -> f32 {
    words
        .iter()
        .map(|word| {
            let letters = word.text.chars().filter(|c| c.is_alphanumeric()).count();
            if letters < 3 || word.confidence < 0.6 {
                0.0
            } else {
                letters as f32 * word.confidence
            }
        })
        .sum()
}

/// The horizontal band with the most ink of letters.
fn densest_band(letters: &Ink, inches: f32) -> Area {
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
