//! The page's connected ink, told apart by size.

use super::super::ink::{Blob, Ink, blobs};

/// Lower pieces are dots, hyphens and splinters: they join a line, they make
/// none.
const LEAST_LETTER_HEIGHT: usize = 6;
/// Taller pieces are pictures, signatures or lines grown together. 30 pt has
/// capitals of 62 pixels.
const MOST_LETTER_HEIGHT: usize = 96;
/// A word whose letters have grown together is one piece.
const MOST_LETTER_WIDTH: usize = 900;
/// As high as a letter but thinner than paper's grain.
const LEAST_INK: usize = 8;

/// All ink of a page.
pub struct Pieces {
    /// Every connected piece.
    pub blobs: Vec<Blob>,
    /// Those as high as letters, by place in `blobs`.
    pub letters: Vec<usize>,
    /// Smaller ones.
    pub small: Vec<usize>,
    /// Larger ones.
    pub large: Vec<usize>,
    /// Height of the middle letter in pixels; 0 on a page without any.
    pub height: usize,
}

impl Pieces {
    /// Of a clean page.
    pub fn of(ink: &Ink) -> Self {
        let blobs = blobs(ink);
        let (mut letters, mut small, mut large) = (Vec::new(), Vec::new(), Vec::new());
        for (place, blob) in blobs.iter().enumerate() {
            let (width, height) = (blob.area.width(), blob.area.height());
            if height > MOST_LETTER_HEIGHT || width > MOST_LETTER_WIDTH {
                large.push(place);
            } else if height < LEAST_LETTER_HEIGHT || blob.count < LEAST_INK {
                small.push(place);
            } else {
                letters.push(place);
            }
        }
        let mut heights: Vec<usize> = letters.iter().map(|&i| blobs[i].area.height()).collect();
        heights.sort_unstable();
        let height = heights.get(heights.len() / 2).copied().unwrap_or(0);
        Self { blobs, letters, small, large, height }
    }
}
