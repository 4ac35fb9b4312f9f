//! Black and white pixels, rectangles of them, and connected pieces of ink.

use image::GrayImage;

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
                row.iter().map(|&b| usize::from(b)).sum::<usize>()
            })
            .sum()
    }

    /// Rows and columns exchanged.
    pub fn transposed(&self) -> Self {
        let mut out = Self::empty(self.height, self.width);
        for y in 0..self.height {
            for (x, &bit) in self.row(y).iter().enumerate() {
                out.bits[x * self.height + y] = bit;
            }
        }
        out
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
        let row = self.row(y);
        let mut x = 0;
        while x < row.len() {
            if row[x] == 0 {
                x += 1;
                continue;
            }
            let start = x;
            while x < row.len() && row[x] != 0 {
                x += 1;
            }
            match runs.last_mut() {
                Some(last) if start - last.1 <= gap => last.1 = x,
                _ => runs.push((start, x)),
            }
        }
        runs
    }
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
        for (x0, x1) in ink.runs(y, 0) {
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
    fn runs_join_over_small_gaps() {
        let ink = drawn(&["##.##...#"]);
        assert_eq!(ink.runs(0, 0), [(0, 2), (3, 5), (8, 9)]);
        assert_eq!(ink.runs(0, 1), [(0, 5), (8, 9)]);
    }
}
