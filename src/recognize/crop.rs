//! The pixels of a strip as the line reader is shown them: 32 rows, its own
//! ink alone.

use image::GrayImage;

use super::ink::{Area, Blob};
use super::segment::Strip;

/// Rows of a strip.
pub const ROWS: usize = 32;
/// Wider strips are squeezed.
const MOST_WIDTH: usize = 2400;
/// Paper around the ink, as a share of its height.
const PADDING: f32 = 0.1;
/// Darker pixels are ink.
const INK: u8 = 128;
/// A strip lower than so many pixels is given more paper rather than blown up:
/// a row of hyphens is not a row of bars.
const LEAST_HEIGHT: f32 = 16.0;

/// The pixels of a strip and where they come from.
pub struct Crop {
    /// 32 rows.
    pub pixels: GrayImage,
    /// Left edge, in pixels of the page.
    x0: f32,
    /// Pixels of the page to one of the strip.
    pub scale: f32,
}

impl Crop {
    /// Where on the page a place in the strip is, in pixels across.
    pub fn on_page(&self, x: f32) -> f32 {
        self.x0 + x * self.scale
    }
}

/// Edges as they are.
pub const NO_JITTER: [f32; 4] = [0.0; 4];

/// Cuts a strip out of the page's clean image. `jitter` moves the edges
/// outwards (left, right, top, bottom) by shares of the strip's height: nought
/// in service, drawn at random in training.
pub fn strip(image: &GrayImage, blobs: &[Blob], strip: &Strip, jitter: [f32; 4]) -> Crop {
    let window = Window::of(&strip.area, jitter);
    let own = own_ink(image, blobs, strip, &window);
    window.scaled(&own)
}

/// The one line that a small image holds; paper around its ink is left off.
pub fn whole(image: &GrayImage) -> Crop {
    let (width, height) = (image.width().max(1) as usize, image.height().max(1) as usize);
    let mut ink = Area { x0: width, y0: height, x1: 0, y1: 0 };
    for (y, row) in image.as_raw().chunks(width).enumerate() {
        for (x, _) in row.iter().enumerate().filter(|(_, pixel)| **pixel < INK) {
            ink = Area { x0: ink.x0.min(x), y0: ink.y0.min(y), x1: ink.x1.max(x + 1), y1: y + 1 };
        }
    }
    if ink.size() == 0 {
        ink = Area { x0: 0, y0: 0, x1: width, y1: height };
    }
    let window = Window::of(&ink, NO_JITTER);
    let mut own = vec![255u8; window.width * window.height];
    for (y, to) in own.chunks_mut(window.width).enumerate() {
        let from = y as i64 + window.y0;
        if from < 0 || from >= height as i64 {
            continue;
        }
        let row = &image.as_raw()[from as usize * width..][..width];
        for (x, pixel) in to.iter_mut().enumerate() {
            let from = x as i64 + window.x0;
            if from >= 0 && from < width as i64 {
                *pixel = row[from as usize];
            }
        }
    }
    window.scaled(&own)
}

/// What is cut out, in pixels of the page; may reach over its edges.
struct Window {
    x0: i64,
    y0: i64,
    width: usize,
    height: usize,
}

impl Window {
    fn of(area: &Area, [left, right, top, bottom]: [f32; 4]) -> Self {
        let height = area.height() as f32;
        let paper = (PADDING * height).max((LEAST_HEIGHT - height) / 2.0).max(1.0);
        let edge = |at: usize, by: f32| (at as f32 + by).round() as i64;
        let (x0, x1) =
            (edge(area.x0, -paper - left * height), edge(area.x1, paper + right * height));
        let (y0, y1) =
            (edge(area.y0, -paper - top * height), edge(area.y1, paper + bottom * height));
        Self { x0, y0, width: (x1 - x0).max(4) as usize, height: (y1 - y0).max(4) as usize }
    }

    /// 32 rows high. Every pixel of the target is the mean of what lies under
    /// it.
    fn scaled(&self, own: &[u8]) -> Crop {
        let width = (self.width * ROWS).div_ceil(self.height).clamp(8, MOST_WIDTH);
        let across = spans(self.width, width);
        let down = spans(self.height, ROWS);
        let mut out = GrayImage::from_pixel(width as u32, ROWS as u32, image::Luma([255]));
        let mut sums = vec![0u32; self.width];
        for (row, (first, weights)) in out.chunks_mut(width).zip(&down) {
            sums.fill(0);
            for (offset, &weight) in weights.iter().enumerate() {
                let from = &own[(first + offset) * self.width..][..self.width];
                for (sum, &pixel) in sums.iter_mut().zip(from) {
                    *sum += weight * u32::from(pixel);
                }
            }
            for (pixel, (first, weights)) in row.iter_mut().zip(&across) {
                let sum: u64 = weights
                    .iter()
                    .zip(&sums[*first..])
                    .map(|(&weight, &sum)| u64::from(weight) * u64::from(sum))
                    .sum();
                *pixel = (sum / (u64::from(ONE) * u64::from(ONE))).min(255) as u8;
            }
        }
        let scale = self.width as f32 / width as f32;
        Crop { pixels: out, x0: self.x0 as f32, scale }
    }
}

/// Weights are in shares of this.
const ONE: u32 = 1024;

/// For each target pixel the first source pixel under it and their weights:
/// means where it shrinks, straight lines where it grows.
fn spans(from: usize, to: usize) -> Vec<(usize, Vec<u32>)> {
    let scale = from as f32 / to as f32;
    let reach = scale.max(1.0);
    (0..to)
        .map(|target| {
            let centre = (target as f32 + 0.5) * scale - 0.5;
            let first = (centre - reach).ceil().max(0.0) as usize;
            let last = ((centre + reach).floor() as usize).min(from - 1).max(first.min(from - 1));
            let first = first.min(last);
            let weights: Vec<f32> = (first..=last)
                .map(|at| (1.0 - (at as f32 - centre).abs() / reach).max(0.001))
                .collect();
            let total: f32 = weights.iter().sum();
            (first, weights.iter().map(|w| (w / total * ONE as f32).round() as u32).collect())
        })
        .collect()
}

/// The strip's own pieces on white, with the grey fringe around them.
fn own_ink(image: &GrayImage, blobs: &[Blob], strip: &Strip, window: &Window) -> Vec<u8> {
    let mut own = vec![255u8; window.width * window.height];
    let (page_width, page_height) = (image.width() as i64, image.height() as i64);
    let source = image.as_raw();
    let (right, bottom) = (window.x0 + window.width as i64, window.y0 + window.height as i64);
    for &(y, x0, x1) in strip.pieces.iter().flat_map(|&piece| &blobs[piece].runs) {
        let (x0, x1) =
            ((x0 as i64 - 1).max(window.x0).max(0), (x1 as i64 + 1).min(right).min(page_width));
        if x0 >= x1 {
            continue;
        }
        for row in (y as i64 - 1).max(window.y0).max(0)..(y as i64 + 2).min(bottom).min(page_height)
        {
            let from = (row * page_width + x0) as usize;
            let to = (row - window.y0) as usize * window.width + (x0 - window.x0) as usize;
            let length = (x1 - x0) as usize;
            own[to..to + length].copy_from_slice(&source[from..from + length]);
        }
    }
    own
}

#[cfg(test)]
mod tests {
    use image::Luma;

    use super::super::ink::{Ink, blobs};
    use super::*;

    /// An upright stroke at 100 and one of the line below.
    fn page() -> (GrayImage, Vec<Blob>, Strip) {
        let image = GrayImage::from_fn(300, 200, |x, y| {
            let own = (100..104).contains(&x) && (50..80).contains(&y);
            let below = (110..114).contains(&x) && (78..120).contains(&y);
            Luma([if own || below { 0 } else { 255 }])
        });
        let blobs = blobs(&Ink::of(&image, 128));
        let strip = Strip { area: blobs[0].area, pieces: vec![0], row: 0 };
        (image, blobs, strip)
    }

    #[test]
    fn a_strip_shows_its_own_ink_alone() {
        let (image, blobs, alone) = page();
        let strip = strip(&image, &blobs, &alone, [0.0, 1.0, 0.0, 0.0]);
        assert_eq!(strip.pixels.height() as usize, ROWS);
        let inked: Vec<u32> = (0..strip.pixels.width())
            .filter(|&x| (0..32).any(|y| strip.pixels.get_pixel(x, y)[0] < 128))
            .collect();
        assert!(!inked.is_empty());
        let on_page: Vec<f32> = inked.iter().map(|&x| strip.on_page(x as f32 + 0.5)).collect();
        assert!(on_page.iter().all(|x| (99.0..105.0).contains(x)), "{on_page:?}");
    }

    #[test]
    fn jitter_moves_the_edges_outwards() {
        let (image, blobs, alone) = page();
        let wide = strip(&image, &blobs, &alone, [1.0, 1.0, 0.0, 0.0]).pixels.width();
        let tight = strip(&image, &blobs, &alone, NO_JITTER).pixels.width();
        assert!(wide > tight + 40, "{wide} {tight}");
        let beyond = Strip { area: Area { x0: 280, y0: 180, x1: 300, y1: 200 }, ..alone };
        let over = strip(&image, &blobs, &beyond, [0.3; 4]).pixels;
        assert!(over.pixels().all(|pixel| pixel[0] == 255));
    }

    #[test]
    fn paper_around_a_line_is_left_off() {
        let (image, _, _) = page();
        let close = GrayImage::from_fn(24, 40, |x, y| *image.get_pixel(95 + x, 45 + y));
        let roomy = GrayImage::from_fn(90, 100, |x, y| {
            if (33..57).contains(&x) && (30..70).contains(&y) {
                *close.get_pixel(x - 33, y - 30)
            } else {
                Luma([255])
            }
        });
        let (a, b) = (whole(&close), whole(&roomy));
        assert_eq!(a.pixels, b.pixels);
        assert!((b.on_page(10.0) - a.on_page(10.0) - 33.0).abs() < 0.01);
    }
}
