//! Is there anything on the page at all? Costs milliseconds.

use super::ink::{Area, Ink, blobs};

/// Specks up to this many pixels at 204 dpi do not count; a comma has more.
const SPECK: usize = 12;
/// The outer part of a page, as a share of its width and height, where scan
/// edges and punch holes leave marks.
const MARGIN: f32 = 0.02;
/// A page with less ink than this, in pixels, is blank: about five letters of
/// 10-point type. One word is never blank.
const LEAST_INK: usize = 500;
/// Or with fewer pieces of ink of a letter's size than this, unless there is
/// much ink.
const LEAST_PIECES: usize = 4;
/// Pieces larger than this, in pixels across or down, are no letters but
/// streaks, edges and shadows (1.5 inches); a page with nothing else is blank
/// only when they are thin.
const STREAK_THICKNESS: usize = 6;

/// Whether nothing is on the page that a person would read.
pub fn is_blank(ink: &Ink) -> bool {
    let margin = |length: usize| (length as f32 * MARGIN) as usize;
    let (dx, dy) = (margin(ink.width()), margin(ink.height()));
    if ink.width() <= 2 * dx || ink.height() <= 2 * dy {
        return true;
    }
    let inner = ink.part(&Area { x0: dx, y0: dy, x1: ink.width() - dx, y1: ink.height() - dy });
    let (mut pixels, mut pieces) = (0, 0);
    for blob in blobs(&inner) {
        let thin = blob.area.width().min(blob.area.height()) <= STREAK_THICKNESS
            && blob.area.width().max(blob.area.height()) > 20 * STREAK_THICKNESS;
        if blob.count > SPECK && !thin {
            pixels += blob.count;
            pieces += 1;
        }
    }
    pixels < LEAST_INK || (pieces < LEAST_PIECES && pixels < 4 * LEAST_INK)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn specks_streaks_and_edges_are_blank_and_a_word_is_not() {
        let mut ink = Ink::empty(1728, 2200);
        for speck in 0..300 {
            ink.set(20 + 7 * speck, 30 + 5 * speck, 33 + 5 * speck, true);
        }
        for y in 0..2200 {
            ink.set(y, 0, 20, true);
            ink.set(y, 900, 902, true);
        }
        assert!(is_blank(&ink));
        for letter in 0..7 {
            for y in 1000..1024 {
                ink.set(y, 300 + 20 * letter, 304 + 20 * letter, true);
            }
        }
        assert!(!is_blank(&ink));
    }
}
