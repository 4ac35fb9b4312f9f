//! Short lines to put a mark on: `__ Yes  _X_ No`.
//!
//! By ink alone they are found too often (dashes, fill-in lines, remnants of
//! rules); words tell which of them count. One alone is none: they are printed
//! in rows or columns of equal length.

use super::find::{Shape, Square, Standing};
use super::judge::Judged;
use crate::recognize::ink::{Area, Ink, Runs};
use crate::recognize::recognized::{Line, TickState, Word};
use crate::vocab::{BBox, Confidence};

/// Length in pixels at 204 dpi: 0.13 to 0.54 inch. A name needs more.
const LENGTH: std::ops::RangeInclusive<usize> = 26..=110;
/// Rows of ink, at most; a crooked one takes a row more.
const MOST_THICKNESS: usize = 6;
/// Breaks that are bridged, in pixels: some typefaces part underscores.
const MOST_GAP: usize = 4;
/// White beside a line, in pixels; a longer line has none.
const BESIDE: usize = 8;
/// Rows below a line that are white; those of a box's upper side are not.
const BELOW: usize = 6;
/// Runs of ink this long in the same rows, so near on either side, in pixels,
/// are the rest of a broken rule if there are so many pixels of them. The feet
/// of letters are shorter.
const REMNANT: usize = 12;
const AROUND: usize = 200;
const MOST_REMNANTS: usize = 100;
/// Marks stand this high, in pixels: a capital of 12 points and a hook.
const MARK_HEIGHT: usize = 30;
/// Rows next to the line are the line's.
const RIM: usize = 3;
/// Inked share above the line up to which there is no mark …
const EMPTY_UP_TO: f32 = 0.025;
/// … and from which there is one.
const MARKED_FROM: f32 = 0.06;
/// Its label follows within this many inches …
const NEAR: f32 = 0.25;
/// … on a baseline that differs by so much of the word's height.
const BASELINE: f32 = 0.45;
/// Another line differs in length by no more than this share …
const ALIKE: f32 = 0.15;
/// … and stands in the same row or begins in the same column, in inches …
const IN_LINE: f32 = 0.06;
/// … within so many inches.
const TOGETHER: f32 = 2.5;

/// Lines that may be there to be marked; `ink` without lone specks.
pub fn underscores(ink: &Ink) -> Vec<(Square, Judged)> {
    let mut open: Vec<Area> = Vec::new();
    let mut found: Vec<Area> = Vec::new();
    for y in 0..ink.height() {
        for (x0, x1) in long_runs(ink.row(y)) {
            let same = |line: &&mut Area| {
                line.x0.abs_diff(x0) <= MOST_GAP && line.x1.abs_diff(x1) <= MOST_GAP
            };
            match open.iter_mut().find(same) {
                Some(line) => {
                    (line.x0, line.x1, line.y1) = (line.x0.min(x0), line.x1.max(x1), y + 1)
                }
                None => open.push(Area { x0, y0: y, x1, y1: y + 1 }),
            }
        }
        let (on, ended): (Vec<Area>, Vec<Area>) =
            open.into_iter().partition(|line| line.y1 + 1 >= y);
        open = on;
        found.extend(ended);
    }
    found.retain(|line| stands_alone(ink, line));
    found.into_iter().map(|line| judged(ink, &line)).collect()
}

/// Runs of a line's length, small breaks bridged.
fn long_runs(row: &[u8]) -> impl Iterator<Item = (usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (x0, x1) in Runs::of(row) {
        match runs.last_mut() {
            Some(last) if x0 - last.1 <= MOST_GAP => last.1 = x1,
            _ => runs.push((x0, x1)),
        }
    }
    runs.into_iter().filter(|(x0, x1)| LENGTH.contains(&(x1 - x0)))
}

/// Thin, with white to both sides and below: no dash of a table, no side of a
/// box, no foot of a letter.
fn stands_alone(ink: &Ink, line: &Area) -> bool {
    let (width, height) = (ink.width(), ink.height());
    if line.height() > MOST_THICKNESS || line.y1 + BELOW >= height || line.y0 < MARK_HEIGHT {
        return false;
    }
    let left = Area { x0: line.x0.saturating_sub(BESIDE), x1: line.x0, ..*line };
    let right = Area { x0: line.x1, x1: (line.x1 + BESIDE).min(width), ..*line };
    let below = Area { y0: line.y1 + 1, y1: line.y1 + 1 + BELOW, ..*line };
    // An upright at either end makes it the lower side of a box.
    let upright = |x: usize| {
        let post = Area { x0: x, x1: x + 3, y0: line.y0 - MARK_HEIGHT / 2, y1: line.y0 };
        (post.y0..post.y1).filter(|&y| (post.x0..post.x1).any(|x| ink.at(x, y))).count()
            > MARK_HEIGHT / 3
    };
    let (from, to) = (line.x0.saturating_sub(AROUND), (line.x1 + AROUND).min(width));
    let others = (line.y0 - 1..=line.y1)
        .map(|y| {
            let outside = |&(x0, x1): &(usize, usize)| x1 <= line.x0 || x0 >= line.x1;
            let runs = Runs::of(&ink.row(y)[from..to]).map(|(x0, x1)| (x0 + from, x1 + from));
            runs.filter(outside).map(|(x0, x1)| x1 - x0).filter(|run| *run >= REMNANT).sum()
        })
        .max()
        .unwrap_or(0);
    others <= MOST_REMNANTS
        && ink.count(&left) + ink.count(&right) <= 2
        && ink.count(&below) * 20 <= below.size()
        && !(upright(line.x0) && upright(line.x1 - 3))
}

fn judged(ink: &Ink, line: &Area) -> (Square, Judged) {
    let area = Area { y0: line.y0 - MARK_HEIGHT, ..*line };
    let above = Area { y1: line.y0 - RIM, ..area };
    let fill = ink.count(&above) as f32 / above.size().max(1) as f32;
    let (state, sure) = match fill {
        ..=EMPTY_UP_TO => (TickState::Empty, 0.85),
        MARKED_FROM.. => (TickState::Ticked, 0.85),
        _ => (TickState::Unclear, 0.5),
    };
    let shape = Shape::Underscore;
    let square = Square { area, sides: 1.0, standing: Standing::Worn, shape, odds: 0.0 };
    (square, Judged { state, fill, confidence: Confidence::new(sure) })
}

/// Whether words say that a line is there to be marked: a label follows it
/// closely, nothing precedes it more closely, and nothing is written on it.
pub fn is_before_label(mark: BBox, lines: &[Line], inches: (f32, f32)) -> bool {
    let words = || lines.iter().flat_map(Line::words);
    let written = words().any(|word| {
        let on_it = word.bbox.shared_width(mark) > 0.5 && word.bbox.shared_height(mark) > 0.5;
        on_it && !could_be_a_mark(word)
    });
    let baseline = |word: &&Word| {
        (word.bbox.y1() - mark.y1()).abs() <= BASELINE * word.bbox.height()
            && word.text.expose().chars().any(char::is_alphabetic)
    };
    let after = words()
        .filter(baseline)
        .filter(|word| word.bbox.center_x() > mark.x1())
        .map(|word| (word.bbox.x0() - mark.x1()) * inches.0)
        .fold(f32::INFINITY, f32::min);
    let before = words()
        .filter(baseline)
        .filter(|word| word.bbox.center_x() < mark.x0())
        .map(|word| (mark.x0() - word.bbox.x1()) * inches.0)
        .fold(f32::INFINITY, f32::min);
    !written && after <= NEAR && before > after
}

/// A cross, a hook, or what a pen's tick was read as; never a number.
fn could_be_a_mark(word: &Word) -> bool {
    let text = word.text.expose();
    word.letters() <= 1 && !text.chars().any(|c| c.is_ascii_digit())
}

/// Those that stand with others of their length in a row or column.
pub fn in_company(marks: &[BBox], inches: (f32, f32)) -> Vec<BBox> {
    let alike = |a: &BBox, b: &BBox| {
        let (across, down) =
            ((a.x0() - b.x0()).abs() * inches.0, (a.y1() - b.y1()).abs() * inches.1);
        a != b
            && (a.width() - b.width()).abs() <= ALIKE * a.width().max(b.width())
            && across.min(down) <= IN_LINE
            && across.max(down) <= TOGETHER
    };
    marks.iter().filter(|a| marks.iter().any(|b| alike(a, b))).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocab::EvidenceSource;

    const PAGE: (f32, f32) = (8.5, 11.0);

    fn rule(ink: &mut Ink, x0: usize, x1: usize, y: usize) {
        (y..y + 3).for_each(|y| ink.set(y, x0, x1, true));
    }

    fn cross(ink: &mut Ink, x: usize, y: usize) {
        for step in 0..20 {
            ink.set(y - 20 + step, x + step, x + step + 3, true);
            ink.set(y - 20 + step, x + 20 - step, x + 23 - step, true);
        }
    }

    #[test]
    fn lines_of_a_marks_length_are_found_and_judged() {
        let mut ink = Ink::empty(600, 300);
        rule(&mut ink, 100, 140, 100);
        rule(&mut ink, 300, 340, 100);
        cross(&mut ink, 308, 102);
        // A line to write on, a box, an underlined letter's foot beside another.
        rule(&mut ink, 100, 400, 200);
        rule(&mut ink, 450, 480, 200);
        rule(&mut ink, 450, 480, 170);
        (170..203).for_each(|y| {
            ink.set(y, 450, 453, true);
            ink.set(y, 477, 480, true);
        });
        let found = underscores(&ink);
        let states: Vec<TickState> = found.iter().map(|(_, judged)| judged.state).collect();
        assert_eq!(states, [TickState::Empty, TickState::Ticked]);
        assert_eq!((found[0].0.area.x0, found[0].0.area.y1), (100, 103));
    }

    fn word(text: &str, x0: f32, x1: f32) -> Word {
        Word {
            text: text.into(),
            bbox: BBox::new(x0, 0.200, x1, 0.212),
            confidence: Confidence::new(0.9),
            source: EvidenceSource::Ocr,
        }
    }

    #[test]
    fn words_tell_what_a_line_is_for() {
        let mark = BBox::new(0.30, 0.198, 0.33, 0.212);
        let says = |words: Vec<Word>| is_before_label(mark, &[Line::new(words).unwrap()], PAGE);
        assert!(says(vec![word("Yes", 0.34, 0.37)]));
        assert!(says(vec![word("Home:", 0.2, 0.25), word("Yes", 0.34, 0.37)]));
        assert!(says(vec![word("X", 0.31, 0.32), word("Yes", 0.34, 0.37)]));
        assert!(!says(vec![word("Age", 0.26, 0.298), word("Weight", 0.34, 0.39)]), "a label");
        assert!(!says(vec![word("12", 0.305, 0.325), word("months", 0.34, 0.39)]), "a number");
        assert!(!says(vec![word("Signature", 0.4, 0.5)]), "too far");
    }

    #[test]
    fn one_alone_is_none() {
        let at = |x: f32, y: f32, width: f32| BBox::new(x, y, x + width, y + 0.014);
        let (yes, no, column) = (at(0.3, 0.2, 0.03), at(0.5, 0.2, 0.03), at(0.3, 0.25, 0.031));
        assert_eq!(in_company(&[yes, no], PAGE), [yes, no]);
        assert_eq!(in_company(&[yes, column], PAGE), [yes, column]);
        assert_eq!(in_company(&[yes, at(0.5, 0.2, 0.06)], PAGE), []);
        assert_eq!(in_company(&[yes, at(0.4, 0.3, 0.03)], PAGE), []);
    }
}
