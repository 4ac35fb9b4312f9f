//! Ruled lines (table frames, underlines) are taken away, the strokes that
//! cross them are kept. The teeth of combs ([`combs`]) go as well.

use super::combs::{self, Comb};
use super::ink::Ink;

/// Longer than any letter's stroke, in pixels at 204 dpi (0.37 inch).
const LEAST_LENGTH: usize = 75;
/// Breaks in a faxed line are bridged up to this many pixels.
const MOST_GAP: usize = 3;
/// Where the ink is thicker than this across the line, something crosses it
/// and is kept.
const MOST_THICKNESS: usize = 8;

/// What was taken off a page.
pub struct Removed {
    /// The pixels.
    pub rules: Ink,
    /// The combs whose teeth are among them.
    pub combs: Vec<Comb>,
}

/// Clears ruled lines, both ways, and the teeth of combs.
pub fn remove_rules(ink: &mut Ink) -> Removed {
    let across = lines_of(ink);
    let columns = ink.transposed();
    let down = lines_of(&columns);
    let mut removed = Ink::empty(ink.width(), ink.height());
    for (y, x0, x1) in across {
        ink.set(y, x0, x1, false);
        removed.set(y, x0, x1, true);
    }
    let combs = combs::find(&columns, &removed);
    for tooth in combs.iter().flat_map(Comb::strips) {
        for y in tooth.y0..tooth.y1.min(ink.height()) {
            let (x0, x1) = (tooth.x0, tooth.x1.min(ink.width()));
            ink.set(y, x0, x1, false);
            removed.set(y, x0, x1, true);
        }
    }
    for (x, y0, y1) in down {
        for y in y0..y1 {
            ink.set(y, x, x + 1, false);
            removed.set(y, x, x + 1, true);
        }
    }
    Removed { rules: removed, combs }
}

/// The pixels of horizontal lines: row, first and last-plus-one column.
fn lines_of(ink: &Ink) -> Vec<(usize, usize, usize)> {
    let mut lines = Vec::new();
    for y in 0..ink.height() {
        for (x0, x1) in ink.runs(y, MOST_GAP) {
            if x1 - x0 < LEAST_LENGTH {
                continue;
            }
            for x in x0..x1 {
                if let Some((top, bottom)) = thin_here(ink, x, y) {
                    lines.extend((top..bottom).map(|row| (row, x, x + 1)));
                }
            }
        }
    }
    lines
}

/// The vertical run of ink through a pixel, if it is no thicker than a line.
fn thin_here(ink: &Ink, x: usize, y: usize) -> Option<(usize, usize)> {
    if !ink.at(x, y) {
        return None;
    }
    let mut top = y;
    while top > 0 && ink.at(x, top - 1) {
        top -= 1;
        if y - top > MOST_THICKNESS {
            return None;
        }
    }
    let mut bottom = y + 1;
    while ink.at(x, bottom) {
        bottom += 1;
        if bottom - top > MOST_THICKNESS {
            return None;
        }
    }
    (bottom - top <= MOST_THICKNESS).then_some((top, bottom))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_goes_and_the_stroke_through_it_stays() {
        let mut ink = Ink::empty(300, 100);
        for y in 50..53 {
            ink.set(y, 10, 290, true);
        }
        for y in 30..60 {
            ink.set(y, 100, 104, true);
        }
        remove_rules(&mut ink);
        assert!(!ink.at(50, 51) && !ink.at(200, 51));
        assert!(ink.at(101, 51) && ink.at(101, 35));
    }

    #[test]
    fn a_broken_upright_line_goes_too_and_letters_stay() {
        let mut ink = Ink::empty(100, 300);
        for y in (10..290).filter(|y| y % 20 != 0) {
            ink.set(y, 50, 52, true);
        }
        for y in 100..125 {
            ink.set(y, 20, 24, true);
        }
        remove_rules(&mut ink);
        assert!(!ink.at(50, 150));
        assert!(ink.at(21, 110));
    }
}
