//! Specks of line noise are taken off the page.

use super::ink::{Area, Blob, Ink, blobs};

/// A speck has at most this much ink, in pixels at 204 dpi. The dot of an i
/// in 8-point type has twelve.
const MOST_INK: usize = 8;
/// And nothing else within this many pixels: faint strokes break into pieces
/// of a speck's size, but the pieces stand together. Without this condition
/// faint letters are eaten; a 3 × 3 median destroys the page.
const ALONE_WITHIN: usize = 3;

/// A full stop stands this near to the foot of a letter, in pixels, and is
/// compact: as wide as high, within one pixel, and at least this large.
const STOP_REACH: usize = 14;
const LEAST_STOP: usize = 4;

/// Clears lone specks.
pub fn remove_specks(ink: &mut Ink) {
    let specks: Vec<Blob> = blobs(ink)
        .into_iter()
        .filter(|blob| blob.count <= MOST_INK && is_alone(blob, ink) && !is_stop(blob, ink))
        .collect();
    for &(y, x0, x1) in specks.iter().flat_map(|speck| &speck.runs) {
        ink.set(y, x0, x1, false);
    }
}

fn is_alone(blob: &Blob, ink: &Ink) -> bool {
    ink.count(&blob.area.grown(ALONE_WITHIN, ink.width(), ink.height())) == blob.count
}

/// Whether it could be the point in "J18.9": ink ends to its left at the same
/// height, and nothing hangs below.
fn is_stop(blob: &Blob, ink: &Ink) -> bool {
    let area = blob.area;
    if blob.count < LEAST_STOP || area.width().abs_diff(area.height()) > 1 {
        return false;
    }
    let left = Area { x0: area.x0.saturating_sub(STOP_REACH), x1: area.x0, ..area };
    let below = Area { y0: area.y1 + 2, y1: area.y1 + STOP_REACH, ..left };
    let above = Area { y0: area.y0.saturating_sub(STOP_REACH), y1: area.y0, ..left };
    ink.count(&left) > 0 && ink.count(&above) >= STOP_REACH && ink.count(&below) == 0
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
    fn a_full_stop_stays() {
        let mut ink = Ink::empty(60, 60);
        for y in 12..30 {
            ink.set(y, 10, 13, true);
        }
        for x in [20, 45] {
            ink.set(28, x, x + 2, true);
            ink.set(29, x, x + 2, true);
        }
        remove_specks(&mut ink);
        assert!(ink.at(20, 28) && !ink.at(45, 28));
    }
}
