//! Specks of line noise are taken off the page.

use super::ink::{Blob, Ink, blobs};

/// A speck has at most this much ink, in pixels at 204 dpi. The dot of an i
/// in 8-point type has twelve.
const MOST_INK: usize = 8;
/// And nothing else within this many pixels: faint strokes break into pieces
/// of a speck's size, but the pieces stand together. Without this condition
/// faint letters are eaten; a 3 × 3 median destroys the page.
const ALONE_WITHIN: usize = 3;

/// Nor is anything this near to a letter, in pixels to the sides, above and
/// below: full stops, hyphens and the dots of i and j are specks too, to the
/// eye of a machine. Eating them cost a word in eighty, "is" became "1s" and
/// "E11.65" two numbers.
const ASIDE: usize = 16;
const ABOVE: usize = 9;
const BELOW: usize = 4;
/// What counts as a letter, in pixels.
const LETTER_HEIGHT: std::ops::RangeInclusive<usize> = 8..=70;
const MOST_LETTER_WIDTH: usize = 90;

/// Clears lone specks.
pub fn remove_specks(ink: &mut Ink) {
    let (specks, others): (Vec<Blob>, Vec<Blob>) =
        blobs(ink).into_iter().partition(|blob| blob.count <= MOST_INK);
    let text = around_letters(ink, &others);
    let crowds = Crowds::of(&specks, ink);
    let noise: Vec<&Blob> = specks
        .iter()
        .filter(|speck| is_alone(speck, ink) && text.count(&speck.area) == 0 && !crowds.hold(speck))
        .collect();
    for &(y, x0, x1) in noise.iter().flat_map(|speck| &speck.runs) {
        ink.set(y, x0, x1, false);
    }
}

fn is_alone(blob: &Blob, ink: &Ink) -> bool {
    ink.count(&blob.area.grown(ALONE_WITHIN, ink.width(), ink.height())) == blob.count
}

/// Where a speck may belong to a letter.
fn around_letters(ink: &Ink, pieces: &[Blob]) -> Ink {
    let mut text = Ink::empty(ink.width(), ink.height());
    for Blob { area, .. } in pieces {
        if !LETTER_HEIGHT.contains(&area.height()) || area.width() > MOST_LETTER_WIDTH {
            continue;
        }
        let (x0, x1) = (area.x0.saturating_sub(ASIDE), (area.x1 + ASIDE).min(ink.width()));
        for y in area.y0.saturating_sub(ABOVE)..(area.y1 + BELOW).min(ink.height()) {
            text.set(y, x0, x1, true);
        }
    }
    text
}

/// Where specks stand as close as the splinters of a faint line of text: closer
/// than dirt, farther apart than the dots of a grey area.
struct Crowds {
    cells: Vec<u16>,
    across: usize,
}

/// A cell is as wide as two letters and as high as one.
const CELL: (usize, usize) = (24, 12);
/// So many specks in a cell and those around it.
const CROWD: std::ops::RangeInclusive<u16> = 7..=60;

impl Crowds {
    fn of(specks: &[Blob], ink: &Ink) -> Self {
        let across = ink.width() / CELL.0 + 1;
        let mut cells = vec![0u16; across * (ink.height() / CELL.1 + 1)];
        for speck in specks {
            let cell = &mut cells[speck.area.y0 / CELL.1 * across + speck.area.x0 / CELL.0];
            *cell = cell.saturating_add(1);
        }
        Self { cells, across }
    }

    fn hold(&self, speck: &Blob) -> bool {
        let (x, y) = (speck.area.x0 / CELL.0, speck.area.y0 / CELL.1);
        let columns = x.saturating_sub(1)..(x + 2).min(self.across);
        let rows = y.saturating_sub(1)..(y + 2).min(self.cells.len() / self.across);
        let count = rows
            .flat_map(|row| &self.cells[row * self.across..][columns.clone()])
            .fold(0u16, |sum, &count| sum.saturating_add(count));
        CROWD.contains(&count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lone_speck_goes_and_a_dot_beside_a_stroke_stays() {
        let mut ink = Ink::empty(60, 40);
        ink.set(5, 50, 52, true);
        for y in 12..30 {
            ink.set(y, 10, 13, true);
        }
        ink.set(9, 10, 13, true);
        remove_specks(&mut ink);
        assert!(!ink.at(50, 5));
        assert!(ink.at(10, 9) && ink.at(10, 20));
    }

    #[test]
    fn what_may_belong_to_a_letter_stays() {
        let mut ink = Ink::empty(120, 90);
        for y in 32..50 {
            ink.set(y, 30, 33, true);
        }
        // A dot above, a full stop, a hyphen; and specks between the lines and
        // far off.
        let specks =
            [(26, 30, true), (48, 40, true), (41, 42, true), (65, 30, false), (41, 90, false)];
        for (y, x, _) in specks {
            ink.set(y, x, x + 2, true);
            ink.set(y + 1, x, x + 2, true);
        }
        remove_specks(&mut ink);
        for (y, x, stays) in specks {
            assert_eq!(ink.at(x, y), stays, "{x} {y}");
        }
    }
}
