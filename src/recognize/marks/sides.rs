//! How much of a stretch of pixels is inked, for any stretch at once.

use crate::recognize::ink::{Area, Ink, packed};

/// A side is looked for this many pixels from the edge inwards.
const DEPTH: usize = 3;
/// A side goes on when this share of the next stretch beyond its end is
/// inked; the stretch is this share of the side long.
const GOES_ON: f32 = 0.8;
const STRETCH: f32 = 0.6;

/// Rows and columns, ready to be measured.
pub struct Sides {
    rows: Lines,
    columns: Lines,
}

impl Sides {
    /// Of an image and the same transposed.
    pub fn of(ink: &Ink, transposed: &Ink) -> Self {
        Self { rows: Lines::of(ink), columns: Lines::of(transposed) }
    }

    /// Inked share of the left, right, top and bottom side, each within two
    /// neighbouring rows or columns: a bow is less, a wobbling line is not.
    pub fn shares(&self, area: &Area) -> [f32; 4] {
        let Area { x0, y0, x1, y1 } = *area;
        let best = |sums: &Lines, edge: usize, from: usize, to: usize| {
            (edge..edge + DEPTH - 1).map(|line| sums.share(line, from, to)).fold(0.0, f32::max)
        };
        [
            best(&self.columns, x0, y0, y1),
            best(&self.columns, x1 - DEPTH, y0, y1),
            best(&self.rows, y0, x0, x1),
            best(&self.rows, y1 - DEPTH, x0, x1),
        ]
    }

    /// Inked share of the two lines just outside of each side.
    pub fn outsides(&self, area: &Area) -> [f32; 4] {
        let Area { x0, y0, x1, y1 } = *area;
        [
            self.columns.share(x0 - 2, y0, y1),
            self.columns.share(x1, y0, y1),
            self.rows.share(y0 - 2, x0, x1),
            self.rows.share(y1, x0, x1),
        ]
    }

    /// Whether lines of two sides run on beyond their corners: a table or a
    /// comb of cells.
    pub fn go_on(&self, area: &Area) -> bool {
        let Area { x0, y0, x1, y1 } = *area;
        let stretch = |side: usize| (side as f32 * STRETCH) as usize;
        let (dx, dy) = (stretch(area.width()), stretch(area.height()));
        let on = |sums: &Lines, line: usize, from: usize, to: usize, reach: usize| {
            (from >= reach + 2 && sums.share(line, from - 2 - reach, from - 2) >= GOES_ON)
                || (to + reach + 2 < sums.length
                    && sums.share(line, to + 2, to + 2 + reach) >= GOES_ON)
        };
        let sides = [
            on(&self.rows, y0, x0, x1, dx) || on(&self.rows, y0 + 1, x0, x1, dx),
            on(&self.rows, y1 - 2, x0, x1, dx) || on(&self.rows, y1 - 3, x0, x1, dx),
            on(&self.columns, x0, y0, y1, dy) || on(&self.columns, x0 + 1, y0, y1, dy),
            on(&self.columns, x1 - 2, y0, y1, dy) || on(&self.columns, x1 - 3, y0, y1, dy),
        ];
        sides.into_iter().filter(|&goes_on| goes_on).count() >= 2
    }
}

/// "Ink here or in the row below", a bit a pixel.
struct Lines {
    length: usize,
    words_a_row: usize,
    words: Vec<u64>,
}

impl Lines {
    fn of(ink: &Ink) -> Self {
        let (length, height) = (ink.width(), ink.height());
        let words_a_row = length.div_ceil(64);
        let mut words = vec![0u64; words_a_row * height];
        let mut both = vec![0u8; words_a_row * 64];
        for (y, words) in words.chunks_mut(words_a_row.max(1)).enumerate() {
            let below = ink.row((y + 1).min(height - 1));
            for (both, (here, below)) in both.iter_mut().zip(ink.row(y).iter().zip(below)) {
                *both = here | below;
            }
            for (word, pixels) in words.iter_mut().zip(both.chunks_exact(64)) {
                let mut bytes = [0u8; 8];
                for (byte, eight) in bytes.iter_mut().zip(pixels.chunks_exact(8)) {
                    *byte = packed(eight.try_into().unwrap_or_default());
                }
                *word = u64::from_le_bytes(bytes);
            }
        }
        Self { length, words_a_row, words }
    }

    fn share(&self, row: usize, from: usize, to: usize) -> f32 {
        let row = &self.words[row * self.words_a_row..(row + 1) * self.words_a_row];
        let mut inked = 0;
        let mut place = from;
        while place < to {
            let end = (place / 64 * 64 + 64).min(to);
            let bits = row[place / 64] >> (place % 64);
            inked += (bits << (64 - (end - place))).count_ones();
            place = end;
        }
        inked as f32 / (to - from).max(1) as f32
    }
}
