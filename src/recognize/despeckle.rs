//! Specks of line noise are taken off the page.

use super::ink::{Blob, Ink, blobs};

/// A speck has at most this much ink, in pixels at 204 dpi. The dot of an i
/// in 8-point type has twelve.
const MOST_INK: usize = 8;
/// And nothing else within this many pixels: faint strokes break into pieces
/// of a speck's size, but the pieces stand together. Without this condition
/// faint letters are eaten; a 3 × 3 median destroys the page.
const ALONE_WITHIN: usize = 3;

/// Clears lone specks; returns them, so that other images can follow.
pub fn remove_specks(ink: &mut Ink) -> Vec<Blob> {
    let specks: Vec<Blob> = blobs(ink)
        .into_iter()
        .filter(|blob| blob.count <= MOST_INK && is_alone(blob, ink))
        .collect();
    for &(y, x0, x1) in specks.iter().flat_map(|speck| &speck.runs) {
        ink.set(y, x0, x1, false);
    }
    specks
}

fn is_alone(blob: &Blob, ink: &Ink) -> bool {
    ink.count(&blob.area.grown(ALONE_WITHIN, ink.width(), ink.height())) == blob.count
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
        assert_eq!(remove_specks(&mut ink).len(), 1);
        assert!(!ink.at(50, 5));
        assert!(ink.at(10, 9) && ink.at(10, 20));
    }
}
