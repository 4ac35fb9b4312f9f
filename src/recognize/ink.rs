//! Black and white pixels, rectangles of them, and connected pieces of ink.

use image::GrayImage;

use crate::vocab::BBox;

/// A rectangle of pixels; `x1` and `y1` are just outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Area {
    /// Left.
    pub x0: usize,
    /// Top.
    pub y0: usize,
    /// Right, exclusive.
    pub x1: usize,
    /// Bottom, exclusive.
    pub y1: usize,
}

impl Area {
    /// Pixels across.
    pub fn width(&self) -> usize {
        self.x1.saturating_sub(self.x0)
    }

    /// Pixels down.
    pub fn height(&self) -> usize {
        self.y1.saturating_sub(self.y0)
    }

    /// Pixels in all.
    pub fn size(&self) -> usize {
        self.width() * self.height()
    }

    /// Grown by `by` pixels on each side, within an image of this size.
    pub fn grown(&self, by: usize, width: usize, height: usize) -> Self {
        Self {
            x0: self.x0.saturating_sub(by),
            y0: self.y0.saturating_sub(by),
            x1: (self.x1 + by).min(width),
            y1: (self.y1 + by).min(height),
        }
    }

    /// How many pixels the two share.
    pub fn shared(&self, other: &Self) -> usize {
        Self {
            x0: self.x0.max(other.x0),
            y0: self.y0.max(other.y0),
            x1: self.x1.min(other.x1),
            y1: self.y1.min(other.y1),
        }
        .size()
    }
}

/// A bitmap, one byte a pixel: 1 is ink.
#[derive(Clone)]
pub struct Ink {
    width: usize,
    height: usize,
    bits: Vec<u8>,
}

impl Ink {
    /// Pixels darker than `threshold` are ink.
    pub fn of(image: &GrayImage, threshold: u8) -> Self {
        Self {
            width: image.width() as usize,
            height: image.height() as usize,
            bits: image.as_raw().iter().map(|&p| u8::from(p < threshold)).collect(),
        }
    }

    /// No ink at all.
    pub fn empty(width: usize, height: usize) -> Self {
        Self { width, height, bits: vec![0; width * height] }
    }

    /// Pixels across.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Pixels down.
    pub fn height(&self) -> usize {
        self.height
    }

    /// One row, left to right.
    pub fn row(&self, y: usize) -> &[u8] {
        &self.bits[y * self.width..(y + 1) * self.width]
    }

    /// Whether there is ink; outside the image there is none.
    pub fn at(&self, x: usize, y: usize) -> bool {
        x < self.width && y < self.height && self.bits[y * self.width + x] != 0
    }

    /// Sets or clears pixels of one row, `x1` exclusive.
    pub fn set(&mut self, y: usize, x0: usize, x1: usize, ink: bool) {
        self.bits[y * self.width + x0..y * self.width + x1].fill(u8::from(ink));
    }

    /// Replaces a row.
    pub fn set_row(&mut self, y: usize, bits: impl Iterator<Item = u8>) {
        let row = &mut self.bits[y * self.width..(y + 1) * self.width];
        row.iter_mut().zip(bits).for_each(|(to, from)| *to = from);
    }

    /// Clears a rectangle.
    pub fn clear(&mut self, area: &Area) {
        for y in area.y0..area.y1.min(self.height) {
            self.set(y, area.x0.min(self.width), area.x1.min(self.width), false);
        }
    }

    /// Pixels of ink in a rectangle.
    pub fn count(&self, area: &Area) -> usize {
        (area.y0..area.y1.min(self.height))
            .map(|y| {
                let row = &self.row(y)[area.x0.min(self.width)..area.x1.min(self.width)];
                inked(row)
            })
            .sum()
    }

    /// Rows and columns exchanged.
    pub fn transposed(&self) -> Self {
        /// Side of the tiles that are turned at once: both a tile's rows and
        /// its columns stay in the cache.
        const TILE: usize = 32;
        let mut out = Self::empty(self.height, self.width);
        for top in (0..self.height).step_by(TILE) {
            for left in (0..self.width).step_by(TILE) {
                let (bottom, right) =
                    ((top + TILE).min(self.height), (left + TILE).min(self.width));
                for y in top..bottom {
                    for (x, &bit) in self.row(y).iter().enumerate().take(right).skip(left) {
                        out.bits[x * self.height + y] = bit;
                    }
                }
            }
        }
        out
    }

    /// The pixels that a box of the page covers.
    pub fn under(&self, bbox: BBox) -> Area {
        let (width, height) = (self.width as f32, self.height as f32);
        Area {
            x0: (bbox.x0() * width) as usize,
            y0: (bbox.y0() * height) as usize,
            x1: (bbox.x1() * width).ceil() as usize,
            y1: (bbox.y1() * height).ceil() as usize,
        }
    }

    /// The whole image.
    pub fn area(&self) -> Area {
        Area { x0: 0, y0: 0, x1: self.width, y1: self.height }
    }

    /// A copy of a part.
    pub fn part(&self, area: &Area) -> Self {
        let mut out = Self::empty(area.width(), area.height());
        for y in 0..out.height {
            let from = &self.row(area.y0 + y)[area.x0..area.x1];
            out.bits[y * out.width..(y + 1) * out.width].copy_from_slice(from);
        }
        out
    }

    /// Runs of ink in a row as half-open ranges, joined over gaps of up to
    /// `gap` pixels.
    pub fn runs(&self, y: usize, gap: usize) -> Vec<(usize, usize)> {
        let mut runs: Vec<(usize, usize)> = Vec::new();
        for (start, end) in Runs::of(self.row(y)) {
            match runs.last_mut() {
                Some(last) if start - last.1 <= gap => last.1 = end,
                _ => runs.push((start, end)),
            }
        }
        runs
    }
}

/// Runs of ink in a row, half-open. Eight pixels of paper, or of ink, are
/// passed over at once.
pub struct Runs<'row> {
    row: &'row [u8],
    place: usize,
}

impl<'row> Runs<'row> {
    /// Of a row, one byte a pixel.
    pub fn of(row: &'row [u8]) -> Self {
        Self { row, place: 0 }
    }

    /// The first place from here that holds ink, or none.
    fn seek(&self, from: usize, ink: bool) -> usize {
        let other = if ink { [0u8; 8] } else { [1u8; 8] };
        let mut place = from;
        while self.row.get(place..place + 8).is_some_and(|eight| eight == other) {
            place += 8;
        }
        while self.row.get(place).is_some_and(|&bit| (bit != 0) != ink) {
            place += 1;
        }
        place
    }
}

impl Iterator for Runs<'_> {
    type Item = (usize, usize);

    fn next(&mut self) -> Option<(usize, usize)> {
        let start = self.seek(self.place, true);
        if start >= self.row.len() {
            return None;
        }
        self.place = self.seek(start, false);
        Some((start, self.place))
    }
}

/// How many pixels of a row hold ink.
pub fn inked(row: &[u8]) -> usize {
    // Bytes are added up as bytes while they fit.
    row.chunks(255).map(|part| usize::from(part.iter().sum::<u8>())).sum()
}

/// Eight pixels as the bits of a byte, the first one lowest.
pub fn packed(eight: [u8; 8]) -> u8 {
    // Each byte's lowest bit is moved to its place in the top byte; no two
    // products meet, so nothing is carried.
    (u64::from_le_bytes(eight).wrapping_mul(0x0102_0408_1020_4080) >> 56) as u8
}

/// One piece of ink whose pixels touch (corners count).
#[derive(Clone, Debug)]
pub struct Blob {
    /// Around all its pixels.
    pub area: Area,
    /// How many pixels.
    pub count: usize,
    /// Its pixels: row, first and last-plus-one column.
    pub runs: Vec<(usize, usize, usize)>,
}

/// All connected pieces of ink, top to bottom by their first pixel.
pub fn blobs(ink: &Ink) -> Vec<Blob> {
    let mut runs: Vec<(usize, usize, usize)> = Vec::new();
    let mut parents: Vec<usize> = Vec::new();
    let mut above = 0..0;
    for y in 0..ink.height {
        let first = runs.len();
        let mut candidate = above.start;
        for (x0, x1) in Runs::of(ink.row(y)) {
            let this = runs.len();
            runs.push((y, x0, x1));
            parents.push(this);
            // Runs above that end before this one begins touch no later one.
            while candidate < above.end && runs[candidate].2 < x0 {
                candidate += 1;
            }
            let mut touching = candidate;
            while touching < above.end && runs[touching].1 <= x1 {
                join(&mut parents, touching, this);
                touching += 1;
            }
        }
        above = first..runs.len();
    }
    gather(&runs, &mut parents)
}

fn gather(runs: &[(usize, usize, usize)], parents: &mut [usize]) -> Vec<Blob> {
    let mut place = vec![usize::MAX; runs.len()];
    let mut out: Vec<Blob> = Vec::new();
    for (index, &(y, x0, x1)) in runs.iter().enumerate() {
        let root = root(parents, index);
        if place[root] == usize::MAX {
            place[root] = out.len();
            let area = Area { x0, y0: y, x1, y1: y + 1 };
            out.push(Blob { area, count: 0, runs: Vec::new() });
        }
        let blob = &mut out[place[root]];
        blob.area.x0 = blob.area.x0.min(x0);
        blob.area.x1 = blob.area.x1.max(x1);
        blob.area.y1 = y + 1;
        blob.count += x1 - x0;
        blob.runs.push((y, x0, x1));
    }
    out
}

fn root(parents: &mut [usize], mut index: usize) -> usize {
    while parents[index] != index {
        parents[index] = parents[parents[index]];
        index = parents[index];
    }
    index
}

fn join(parents: &mut [usize], a: usize, b: usize) {
    let (a, b) = (root(parents, a), root(parents, b));
    // The older run stays the root, so the order of blobs is stable.
    parents[a.max(b)] = a.min(b);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `#` is ink.
    fn drawn(rows: &[&str]) -> Ink {
        let mut ink = Ink::empty(rows[0].len(), rows.len());
        for (y, row) in rows.iter().enumerate() {
            for (x, c) in row.chars().enumerate() {
                ink.set(y, x, x + 1, c == '#');
            }
        }
        ink
    }

    #[test]
    fn pieces_that_touch_at_a_corner_are_one() {
        let ink = drawn(&["#..#.", ".#.#.", ".....", "##.##", "#####"]);
        let found = blobs(&ink);
        let sizes: Vec<usize> = found.iter().map(|b| b.count).collect();
        assert_eq!(sizes, [2, 2, 9]);
        assert_eq!(found[2].area, Area { x0: 0, y0: 3, x1: 5, y1: 5 });
    }

    #[test]
    fn eight_pixels_make_a_byte() {
        assert_eq!(packed([1, 0, 0, 0, 0, 0, 0, 0]), 1);
        assert_eq!(packed([0, 1, 1, 0, 0, 0, 0, 1]), 0b1000_0110);
        assert_eq!(packed([1; 8]), 255);
    }

    #[test]
    fn long_runs_and_long_gaps_are_measured_to_the_pixel() {
        let mut row = [0u8; 100];
        row[3..41].fill(1);
        row[42] = 1;
        row[99] = 1;
        assert_eq!(Runs::of(&row).collect::<Vec<_>>(), [(3, 41), (42, 43), (99, 100)]);
        assert_eq!(inked(&[1; 1000]), 1000);
    }

    #[test]
    fn rows_and_columns_are_exchanged() {
        let mut ink = Ink::empty(70, 45);
        ink.set(3, 50, 70, true);
        ink.set(44, 0, 1, true);
        let turned = ink.transposed();
        assert_eq!((turned.width(), turned.height()), (45, 70));
        for y in 0..45 {
            for x in 0..70 {
                assert_eq!(ink.at(x, y), turned.at(y, x));
            }
        }
    }

    #[test]
    fn runs_join_over_small_gaps() {
        let ink = drawn(&["##.##...#"]);
        assert_eq!(ink.runs(0, 0), [(0, 2), (3, 5), (8, 9)]);
        assert_eq!(ink.runs(0, 1), [(0, 5), (8, 9)]);
    }
}
