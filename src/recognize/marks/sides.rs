//! How much of a stretch of pixels is inked, for any stretch at once.

use crate::recognize::ink::{Area, Ink};

/// A side is looked for this many pixels from the edge inwards.
const DEPTH: usize = 3;
/// A side goes on when this share of the next stretch beyond its end is
/// inked; the stretch is this share of the side long.
const GOES_ON: f32 = 0.8;
const STRETCH: f32 = 0.6;

/// Sums along rows and columns.
pub struct Sides {
    rows: Sums,
    columns: Sums,
}

impl Sides {
    /// Of an image and the same transposed.
    pub fn of(ink: &Ink, transposed: &Ink) -> Self {
        Self { rows: Sums::of(ink), columns: Sums::of(transposed) }
    }

    /// Inked share of the left, right, top and bottom side, each within two
    /// neighbouring rows or columns: a bow is less, a wobbling line is not.
    pub fn shares(&self, area: &Area) -> [f32; 4] {
        let Area { x0, y0, x1, y1 } = *area;
        let best = |sums: &Sums, edge: usize, from: usize, to: usize| {
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
        let on = |sums: &Sums, line: usize, from: usize, to: usize, reach: usize| {
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

/// Running sums along each row of "ink here or in the row below";
/// `length + 1` entries a row.
struct Sums {
    length: usize,
    sums: Vec<u16>,
}

impl Sums {
    fn of(ink: &Ink) -> Self {
        let (length, height) = (ink.width(), ink.height());
        let blank = vec![0u8; length];
        let mut sums = Vec::with_capacity((length + 1) * height);
        for y in 0..height {
            let below = if y + 1 < height { ink.row(y + 1) } else { &blank };
            let mut sum = 0u16;
            sums.push(0);
            for (here, below) in ink.row(y).iter().zip(below) {
                // A row has at most 65,535 pixels: pages are bounded before.
                sum = sum.saturating_add(u16::from(here | below));
                sums.push(sum);
            }
        }
        Self { length, sums }
    }

    fn share(&self, row: usize, from: usize, to: usize) -> f32 {
        let row = &self.sums[row * (self.length + 1)..];
        f32::from(row[to] - row[from]) / (to - from).max(1) as f32
    }
}
