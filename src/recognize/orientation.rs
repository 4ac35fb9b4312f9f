//! Which way up a page lies: upright, sideways or upside down.
//!
//! By its ink: letters stand in rows, and lines have more ascenders than
//! descenders; both are weighed for each of the four ways. Where two ways are
//! close, a strip of the page is read each way: a page turned wrongly is
//! unreadable to everyone, a page left as it came is only inconvenient.

use std::time::Duration;

use super::clean::clean;
use super::engines::Engines;
use super::ink::{Area, Ink};
use super::letters::{densest_band, letters};
use super::native;
use super::reading::RawWord;
use super::recognized::Rotation;
use super::sheet::Sheet;
use super::skew::Skew;

/// Fewer letters than this say nothing.
const LEAST_LETTERS: usize = 30;
/// How much more the ink changes from row to row than from column to column
/// on a page that is clearly not sideways.
const CLEARLY_ROWS: f32 = 1.35;
/// Steps from row to row count up to the size that so many of a hundred stay
/// below: a streak is a few steps, all large.
const USUAL: usize = 98;
/// Standard deviations of surplus ascenders at which an upright page is
/// believed without reading.
const CLEARLY_UP: f32 = 4.0;
/// What a threefold change from row to row is worth in standard deviations of
/// surplus ascenders, times ln 3.
const ROWS: f32 = 4.0;
const MOST_ROWS: f32 = 10.0;
/// So far ahead, a way is believed without reading. Of 470 pages, half of them
/// turned, one in nine was less, and one of the others wrong.
const CLEARLY_AHEAD: f32 = 7.0;
/// A sideways one must be further ahead: capitals and numbers alone have no
/// ascenders. Sideways pages are few, so that their reading costs little.
const SIDEWAYS_AHEAD: f32 = 20.0;
/// Ways so far behind the first are read, too, or those not behind enough …
const IN_DOUBT: f32 = 9.0;
/// … and the first is believed so far ahead when none reads well.
const AHEAD: f32 = 3.0;
/// Height of the strip that is read, in inches: five or six lines.
const STRIP_INCHES: f32 = 0.8;
/// And on a second look, when the first strip said too little.
const TALL_STRIP_INCHES: f32 = 3.0;
/// A way must read better than any other by this factor …
const BETTER_BY: f32 = 1.5;
/// … and well in itself: about eight good words, …
const LEAST_SCORE: f32 = 25.0;
/// … or, where no word is surely read, ten doubtful ones.
const LEAST_FAINT: f32 = 10.0;
/// With so many, a page does not lie on its side: of 40 poor pages a wrong way was
/// worth 22 at most. Upside down a list of medicines was worth more.
const PLENTY_FAINT: f32 = 40.0;
const STRIP_DEADLINE: Duration = Duration::from_secs(5);

/// Finds the clockwise quarter turns that bring the page upright.
pub fn find(sheet: &Sheet, engines: &mut Engines) -> Rotation {
    let letters = letters(&sheet.ink);
    let Some(rows_over_columns) = rows_over_columns(&letters) else {
        return Rotation::None;
    };
    let up = native::up_or_down(&sheet.ink).unwrap_or(0.0);
    if rows_over_columns >= CLEARLY_ROWS && up >= CLEARLY_UP {
        return Rotation::None;
    }
    // Mirrored, which is the same to ascenders.
    let right = native::up_or_down(&sheet.ink.transposed()).unwrap_or(0.0);
    let ways = ways(rows_over_columns, up, right);
    let (best, first) = ways[0];
    let ahead = best - ways[1].0;
    let enough = match first {
        Rotation::None | Rotation::Half => CLEARLY_AHEAD,
        Rotation::Quarter | Rotation::ThreeQuarters => SIDEWAYS_AHEAD,
    };
    if ahead >= enough {
        return first;
    }
    let read = ways
        .iter()
        .filter(|(score, _)| best - score <= enough.max(IN_DOUBT))
        .map(|&(_, way)| (strip_score(sheet, &letters, way, STRIP_INCHES, engines), way))
        .collect();
    match clearly_best(read, LEAST_SCORE) {
        Some(way) => way,
        None if ahead >= AHEAD => first,
        None => reconsider(sheet, engines),
    }
}

/// The four ways with what the ink says for each, the likeliest first. `up` is
/// the surplus of ascenders as the page came, `right` after a quarter turn.
fn ways(rows_over_columns: f32, up: f32, right: f32) -> [(f32, Rotation); 4] {
    let rows = (ROWS * rows_over_columns.max(f32::EPSILON).ln()).clamp(-MOST_ROWS, MOST_ROWS);
    let mut ways = [
        (rows + up, Rotation::None),
        (right - rows, Rotation::Quarter),
        (rows - up, Rotation::Half),
        (-right - rows, Rotation::ThreeQuarters),
    ];
    ways.sort_by(|a, b| b.0.total_cmp(&a.0));
    ways
}

/// The way that reads well and better than the others.
fn clearly_best(mut read: Vec<(f32, Rotation)>, least: f32) -> Option<Rotation> {
    read.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (best, way) = *read.first()?;
    let second = read.get(1).map_or(0.0, |(score, _)| *score);
    (best >= least && best >= BETTER_BY * second).then_some(way)
}

/// A second, slower look at a page that says little or read poorly as it
/// lies: it is straightened and cleaned each way, as for reading, and a taller
/// strip of it is read. Bars give up their letters then, and tables their
/// rules.
pub fn reconsider(sheet: &Sheet, engines: &mut Engines) -> Rotation {
    let mut scored = |way| (cleaned_score(sheet.clone().turned(way), engines), way);
    let mut read = vec![scored(Rotation::None), scored(Rotation::Half)];
    // A page upside down gives words, too, only fewer.
    if read[0].0 < PLENTY_FAINT {
        read.extend([scored(Rotation::Quarter), scored(Rotation::ThreeQuarters)]);
    }
    clearly_best(read, LEAST_FAINT).unwrap_or_default()
}

fn cleaned_score(sheet: Sheet, engines: &mut Engines) -> f32 {
    let skew = Skew::find(&sheet.ink);
    let sheet = clean(sheet.straightened(&skew), Vec::new()).sheet;
    let band = densest_band(&letters(&sheet.ink), TALL_STRIP_INCHES);
    faint_score(&engines.glance(sheet.part(&band), STRIP_DEADLINE))
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
        let mut steps: Vec<i64> = sums.windows(4).map(|w| (w[3] - w[0]).abs()).collect();
        steps.sort_unstable();
        let most = steps.get(steps.len() * USUAL / 100).copied().unwrap_or(0);
        steps.iter().map(|&step| (step.min(most) as f32).powi(2)).sum::<f32>()
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
    weighed(words, |confidence| if confidence < 0.6 { 0.0 } else { confidence })
}

/// The same, softer: doubtful words count as far as they are believed.
fn faint_score(words: &[RawWord]) -> f32 {
    weighed(words, |confidence| confidence.powi(2))
}

fn weighed(words: &[RawWord], weight: impl Fn(f32) -> f32) -> f32 {
    words
        .iter()
        .map(|word| {
            let letters = word.letters();
            if letters < 3 { 0.0 } else { letters as f32 * weight(word.confidence) }
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_ascenders_are_weighed_together() {
        assert_eq!(ways(3.0, 9.0, -2.0)[0].1, Rotation::None);
        assert_eq!(ways(3.0, -9.0, 2.0)[0].1, Rotation::Half);
        assert_eq!(ways(0.3, 2.0, 9.0)[0].1, Rotation::Quarter);
        assert_eq!(ways(0.3, 2.0, -9.0)[0].1, Rotation::ThreeQuarters);
        // Columns of numbers, but ascenders that cannot be denied.
        assert_eq!(ways(0.8, 9.0, -2.0)[0].1, Rotation::None);
    }

    #[test]
    fn a_streak_makes_no_rows() {
        let mut letters = Ink::empty(600, 600);
        for column in (40..560).step_by(30) {
            for y in 40..560 {
                letters.set(y, column, column + 12, (y + column / 6) % 9 < 6);
            }
        }
        let without = rows_over_columns(&letters).unwrap();
        letters.set(300, 0, 600, true);
        letters.set(301, 0, 600, true);
        let with = rows_over_columns(&letters).unwrap();
        assert!(without < 0.6 && with < 0.6, "{without} {with}");
    }

    #[test]
    fn what_reads_as_well_both_ways_is_not_turned() {
        let read = |a, b| clearly_best(vec![(a, Rotation::None), (b, Rotation::Half)], 25.0);
        assert_eq!(read(80.0, 70.0), None);
        assert_eq!(read(10.0, 90.0), Some(Rotation::Half));
        assert_eq!(read(20.0, 3.0), None);
    }
}
