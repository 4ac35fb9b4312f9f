//! Frames that are too worn to be told by themselves. Boxes of a form are drawn
//! alike, stand in line and have a word right behind them; where that much is
//! known, half of their sides is enough.

use super::find::{Shape, Square, Standing};
use super::frame::sharp_corners;
use super::sides::Sides;
use super::typed::is_box;
use super::{Judged, judge};
use crate::recognize::ink::{Area, Ink};
use crate::recognize::reading::RawWord;

/// Sides of a box may differ so much from those of the others, in pixels at 204 dpi.
const OFF_SIZE: usize = 4;
/// In line is what lies so far off at most, in sides of a box.
const OFF_LINE: f32 = 0.4;
/// How far before its word a box ends, in its sides, …
const BEFORE: (f32, f32) = (0.15, 1.6);
/// … and how far its middle is from the word's.
const OFF_WORD: f32 = 0.35;
/// Inked share of the four sides on average, at least, …
const LEAST_MEAN: f32 = 0.4;
/// … and of the two that are left best.
const LEAST_OF_TWO: f32 = 0.55;
/// Corners that are there at least; a cross has four, and no sides.
const LEAST_CORNERS: usize = 3;
/// Inked share of a place as it was drawn, at most: a bar with white letters has
/// edges that are left when it is turned to black on white.
const MOST_DRAWN: f32 = 0.6;
/// A smaller box that was read is a piece of one, in pixels.
const LEAST_SIDE: usize = 14;
/// A word read less well than this, of so many characters, may be a frame's.
const BELIEVED: f32 = 0.5;
const SCRAP: usize = 3;
/// Log odds that are given to what is found so.
const ODDS: f32 = -3.0;
/// A form has no more boxes; on a page with more nothing is sought.
const MOST_KNOWN: usize = 200;

/// The marks of a page with those that its words and other marks show. `ink` is
/// without specks and rules, `drawn` as it came.
pub fn with_siblings(
    ink: &Ink,
    drawn: &Ink,
    mut marks: Vec<(Square, Judged)>,
    words: &[RawWord],
) -> Vec<(Square, Judged)> {
    let frames = marks.iter().filter(|(square, _)| square.shape == Shape::Frame);
    let by_ink: Vec<Area> = frames.map(|(square, _)| square.area).collect();
    let read = words.iter().filter(|word| is_read_box(word)).map(area_of);
    // Of a torn one the reader may see a corner.
    let read: Vec<Area> = read.filter(|area| area.height() >= LEAST_SIDE).collect();
    // What was read tells where a box stands, and less well how large it is.
    let sizes = if by_ink.is_empty() { &read } else { &by_ink };
    let mut sides: Vec<usize> = sizes.iter().map(Area::height).collect();
    sides.sort_unstable();
    let known: Vec<Area> = by_ink.iter().chain(&read).copied().collect();
    let Some(side) = sides.get(sides.len() / 2).copied().filter(|_| known.len() <= MOST_KNOWN)
    else {
        return marks;
    };
    let strokes = Sides::of(ink, &ink.transposed());
    for (place, word) in words.iter().enumerate() {
        let label = area_of(word);
        if word.letters() == 0 || is_read_box(word) || !has_room(words, place, side) {
            continue;
        }
        let taken = |area: &Area| known.iter().any(|other| other.shared(area) > 0);
        let is_solid = |area: &Area| drawn.count(area) as f32 > MOST_DRAWN * area.size() as f32;
        let best = places(side, &label, ink)
            .filter(|area| is_in_line(area, &known) && !taken(area))
            .filter_map(|area| Some((framed(&strokes, ink, &area)?, area)))
            .filter(|(_, area)| !is_solid(area))
            .max_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((sides, area)) = best {
            let (standing, shape) = (Standing::Worn, Shape::Frame);
            let square = Square { area, sides, standing, shape, odds: ODDS };
            marks.push((square, judge(ink, &square)));
        }
    }
    marks
}

fn area_of(word: &RawWord) -> Area {
    let [x, y, width, height] = word.place.map(|v| v.max(0.0));
    let at = |v: f32| v.round() as usize;
    Area { x0: at(x), y0: at(y), x1: at(x + width), y1: at(y + height) }
}

fn is_read_box(word: &RawWord) -> bool {
    word.text.chars().all(is_box)
}

/// Whether nothing was read where a box would stand before a word, save what a
/// worn frame is read as.
fn has_room(words: &[RawWord], place: usize, side: usize) -> bool {
    let own = &words[place];
    let from = own.place[0] - side as f32 * (1.0 + BEFORE.0);
    from > 0.0
        && words.iter().enumerate().all(|(other, word)| {
            let [x, _, width, height] = word.place;
            let scrap = word.confidence < BELIEVED && word.text.chars().count() <= SCRAP;
            other == place
                || is_read_box(word)
                || scrap
                || (word.middle() - own.middle()).abs() > 0.5 * height.max(own.place[3])
                || x + width <= from
                || x >= own.place[0]
        })
}

/// Everywhere a box may stand before a word.
fn places(side: usize, label: &Area, ink: &Ink) -> impl Iterator<Item = Area> {
    let middle = usize::midpoint(label.y0, label.y1);
    let (x, most) = (label.x0, (ink.width().saturating_sub(3), ink.height().saturating_sub(3)));
    let pixels = move |share: f32| (share * side as f32) as usize;
    (side.saturating_sub(OFF_SIZE).max(LEAST_SIDE)..=side + OFF_SIZE).flat_map(move |side| {
        let right = x.saturating_sub(pixels(BEFORE.1))..=x.saturating_sub(pixels(BEFORE.0));
        let down = middle.saturating_sub(pixels(OFF_WORD))..=middle + pixels(OFF_WORD);
        right.flat_map(move |x1| {
            down.clone().filter_map(move |middle| {
                let (x0, y0) = (x1.checked_sub(side)?, middle.checked_sub(side / 2)?);
                let area = Area { x0, y0, x1, y1: y0 + side };
                (x0 > 2 && y0 > 2 && area.x1 < most.0 && area.y1 < most.1).then_some(area)
            })
        })
    })
}

/// Whether a place is in a row or column with one of the others.
fn is_in_line(area: &Area, known: &[Area]) -> bool {
    let near = |a: usize, b: usize| a.abs_diff(b) as f32 <= OFF_LINE * area.height() as f32;
    known.iter().any(|other| {
        near(area.x0, other.x0)
            || near(usize::midpoint(area.y0, area.y1), usize::midpoint(other.y0, other.y1))
    })
}

/// The inked share of the sides of what may be a worn frame.
fn framed(strokes: &Sides, ink: &Ink, area: &Area) -> Option<f32> {
    let mut shares = strokes.shares(area);
    shares.sort_by(|a, b| b.total_cmp(a));
    let mean = shares.iter().sum::<f32>() / 4.0;
    (shares[1] >= LEAST_OF_TWO
        && mean >= LEAST_MEAN
        && sharp_corners(ink, area) >= LEAST_CORNERS
        && !strokes.go_on(area))
    .then_some(mean)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recognize::recognized::TickState;

    fn word(text: &str, x: f32, y: f32) -> RawWord {
        let width = 14.0 * text.chars().count() as f32;
        RawWord { text: text.into(), place: [x, y, width, 22.0], confidence: 0.9, line: [0; 3] }
    }

    /// Half of a frame: its top, its right side and corners.
    fn torn(ink: &mut Ink, x0: usize, y0: usize) {
        for y in y0..y0 + 22 {
            ink.set(y, x0 + 20, x0 + 22, true);
        }
        for y in [y0, y0 + 1] {
            ink.set(y, x0, x0 + 22, true);
        }
        for y in y0 + 16..y0 + 22 {
            ink.set(y, x0, x0 + 2, true);
        }
        for y in [y0 + 20, y0 + 21] {
            ink.set(y, x0, x0 + 8, true);
        }
    }

    #[test]
    fn half_of_a_frame_is_enough_before_a_word_in_line_with_a_box() {
        let mut ink = Ink::empty(600, 400);
        for (x, y) in [(300, 100), (100, 200), (340, 300)] {
            torn(&mut ink, x, y);
        }
        // The reader saw one box; of the torn ones the last is in no line with it.
        let words = [
            word("☐", 100.0, 100.0),
            word("Urgent", 130.0, 100.0),
            word("Pending", 332.0, 100.0),
            word("Hospice", 132.0, 200.0),
            word("Inpatient", 372.0, 300.0),
        ];
        let marks = with_siblings(&ink, &ink, Vec::new(), &words);
        let places: Vec<_> = marks
            .iter()
            .map(|(s, j)| (s.area.x0.abs_diff(300) < 4, s.area.y0 / 50 * 50, j.state))
            .collect();
        assert_eq!(places, [(true, 100, TickState::Empty), (false, 200, TickState::Empty)]);
        // A bar with white letters has an edge there.
        let mut bar = ink.clone();
        (90..130).for_each(|y| bar.set(y, 290, 500, true));
        assert_eq!(with_siblings(&ink, &bar, Vec::new(), &words).len(), 1);
        // Where a word was read there is no box.
        let words =
            [word("☐", 100.0, 100.0), word("C", 300.0, 100.0), word("Pending", 332.0, 100.0)];
        assert!(with_siblings(&ink, &ink, Vec::new(), &words).is_empty());
        // Without another there is nothing to be in line with.
        assert!(with_siblings(&ink, &ink, Vec::new(), &words[2..]).is_empty());
    }
}
