//! The page's connected ink, told apart by size.

use super::super::ink::{Area, Blob, Ink, blobs};
use super::chains::{Sets, around};

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
/// Splinters of one faint letter, or of letters beside each other, are not
/// farther apart than this: across and down, in pixels.
const SPLINTERED: (usize, usize) = (8, 5);
/// Fewer splinters than this are dirt.
const LEAST_SPLINTERS: usize = 3;

/// All ink of a page.
pub struct Pieces {
    /// Every connected piece.
    pub blobs: Vec<Blob>,
    /// Those as high as letters.
    pub letters: Vec<Letter>,
    /// Smaller ones, by place in `blobs`.
    pub small: Vec<usize>,
    /// Larger ones.
    pub large: Vec<usize>,
}

/// Something as high as a letter: one piece of ink, or the splinters of a
/// letter or a word that came through too faint to hold together.
pub struct Letter {
    /// Around it.
    pub area: Area,
    /// Its pieces, by place in the page's.
    pub pieces: Vec<usize>,
}

impl Pieces {
    /// Of a clean page.
    pub fn of(ink: &Ink) -> Self {
        let blobs = blobs(ink);
        let (mut letters, mut splinters, mut large) = (Vec::new(), Vec::new(), Vec::new());
        for (place, blob) in blobs.iter().enumerate() {
            let (width, height) = (blob.area.width(), blob.area.height());
            if height > MOST_LETTER_HEIGHT || width > MOST_LETTER_WIDTH {
                large.push(place);
            } else if height < LEAST_LETTER_HEIGHT || blob.count < LEAST_INK {
                splinters.push(place);
            } else {
                letters.push(Letter { area: blob.area, pieces: vec![place] });
            }
        }
        let mut small = Vec::new();
        for clot in clots(&splinters, &blobs) {
            let height = clot.area.height();
            let like_a_letter = (LEAST_LETTER_HEIGHT..=MOST_LETTER_HEIGHT).contains(&height)
                && clot.pieces.len() >= LEAST_SPLINTERS;
            if like_a_letter {
                letters.push(clot);
            } else {
                small.extend(clot.pieces);
            }
        }
        Self { blobs, letters, small, large }
    }
}

/// Splinters that lie together.
fn clots(splinters: &[usize], blobs: &[Blob]) -> Vec<Letter> {
    let mut order = splinters.to_vec();
    order.sort_by_key(|&place| blobs[place].area.x0);
    let mut sets = Sets::new(order.len());
    for (rank, &left) in order.iter().enumerate() {
        let a = &blobs[left].area;
        for (next, &right) in order.iter().enumerate().skip(rank + 1) {
            let b = &blobs[right].area;
            if b.x0 > a.x1 + SPLINTERED.0 {
                break;
            }
            if a.y0.max(b.y0) <= a.y1.min(b.y1) + SPLINTERED.1 {
                sets.join(rank, next);
            }
        }
    }
    let clot = |members: Vec<usize>| {
        let pieces: Vec<usize> = members.into_iter().map(|rank| order[rank]).collect();
        let area = pieces.iter().map(|&place| blobs[place].area).reduce(|a, b| around(&a, &b));
        area.map(|area| Letter { area, pieces })
    };
    sets.groups().into_iter().filter_map(clot).collect()
}
