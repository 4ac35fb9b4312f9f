//! Pixels become square, 204 to the inch, whatever they were; quarter turns.

use image::{GrayImage, imageops};

use super::recognized::Rotation;
use crate::decode::pages::{Dpi, Raster};

/// Dots an inch that everything after this step works at: a fax's own
/// resolution across, so the common case is only ever stretched downwards.
/// 250 read half a point better and cost a sixth more time.
pub const SQUARE_DPI: f32 = 204.0;
/// Pages larger than this many square pixels (five letter pages long) are
/// read at a lower resolution, to bound time and memory.
const MOST_PIXELS: f32 = 20e6;
/// A page narrower or wider than this, in inches, has a wrong resolution
/// written in it; it is then taken to be of letter width.
const PLAUSIBLE_WIDTH: std::ops::RangeInclusive<f32> = 2.0..=18.0;
const LETTER_WIDTH: f32 = 8.5;

/// The resolution as it must be, where what the file says cannot be.
pub fn plausible_dpi(raster: &Raster) -> Dpi {
    let Dpi { x, y } = raster.dpi;
    let width = raster.pixels.width() as f32;
    if x.is_finite()
        && y.is_finite()
        && x > 1.0
        && y > 1.0
        && PLAUSIBLE_WIDTH.contains(&(width / x))
    {
        return raster.dpi;
    }
    let assumed = (width / LETTER_WIDTH).max(1.0);
    let ratio =
        if x > 1.0 && y > 1.0 && (y / x).is_finite() { (y / x).clamp(0.4, 2.5) } else { 1.0 };
    Dpi { x: assumed, y: assumed * ratio }
}

/// Width and height in inches.
pub fn inches(raster: &Raster) -> (f32, f32) {
    let dpi = plausible_dpi(raster);
    (raster.pixels.width() as f32 / dpi.x, raster.pixels.height() as f32 / dpi.y)
}

/// The page in square pixels, [`SQUARE_DPI`] to the inch. Linear where it
/// grows, an average over the area where it shrinks.
pub fn square(raster: &Raster) -> GrayImage {
    let (across, down) = inches(raster);
    let (width, height) = (across * SQUARE_DPI, down * SQUARE_DPI);
    let shrink = (MOST_PIXELS / (width * height)).sqrt().min(1.0);
    let size = |length: f32| ((length * shrink).round() as u32).max(1);
    resample(&raster.pixels, size(width), size(height))
}

/// The upper part of a page.
pub fn top(raster: &Raster, height: f32) -> Raster {
    let rows = (height * raster.pixels.height() as f32 / inches(raster).1) as u32;
    let (width, all) = raster.pixels.dimensions();
    let pixels = imageops::crop_imm(&raster.pixels, 0, 0, width, rows.clamp(1, all)).to_image();
    Raster { pixels, bilevel: raster.bilevel, dpi: raster.dpi }
}

/// Turned clockwise by quarter turns.
pub fn turned(image: &GrayImage, rotation: Rotation) -> GrayImage {
    match rotation {
        Rotation::None => image.clone(),
        Rotation::Quarter => imageops::rotate90(image),
        Rotation::Half => imageops::rotate180(image),
        Rotation::ThreeQuarters => imageops::rotate270(image),
    }
}

/// The page's own pixels turned upright, resolution turned with them; for the
/// packet.
pub fn upright(raster: &Raster, rotation: Rotation) -> Raster {
    let Dpi { x, y } = raster.dpi;
    let dpi = match rotation {
        Rotation::None | Rotation::Half => raster.dpi,
        Rotation::Quarter | Rotation::ThreeQuarters => Dpi { x: y, y: x },
    };
    Raster { pixels: turned(&raster.pixels, rotation), bilevel: raster.bilevel, dpi }
}

/// Brings an image to another size with a triangle filter as wide as the
/// larger pixel.
pub fn resample(image: &GrayImage, width: u32, height: u32) -> GrayImage {
    let tall = if height == image.height() { image.clone() } else { resample_rows(image, height) };
    if width == tall.width() { tall } else { resample_columns(&tall, width) }
}

/// For each target pixel the first source pixel and the weights from there,
/// in 1/4096.
fn taps(from: u32, to: u32) -> Vec<(usize, Vec<u32>)> {
    let scale = from as f32 / to as f32;
    let reach = scale.max(1.0);
    (0..to)
        .map(|target| {
            let centre = (target as f32 + 0.5) * scale - 0.5;
            let first = (centre - reach).ceil().max(0.0) as usize;
            let last = ((centre + reach).floor() as usize).min(from as usize - 1).max(first);
            let weights: Vec<f32> = (first..=last)
                .map(|source| (1.0 - (source as f32 - centre).abs() / reach).max(0.0))
                .collect();
            let total: f32 = weights.iter().sum::<f32>().max(f32::EPSILON);
            (first, weights.iter().map(|w| (w / total * 4096.0).round() as u32).collect())
        })
        .collect()
}

fn resample_rows(image: &GrayImage, height: u32) -> GrayImage {
    let width = image.width() as usize;
    let source = image.as_raw();
    let mut out = GrayImage::new(image.width(), height);
    let mut sums = vec![0u32; width];
    for ((first, weights), row) in taps(image.height(), height).iter().zip(out.chunks_mut(width)) {
        sums.fill(2048);
        for (offset, &weight) in weights.iter().enumerate() {
            let from = &source[(first + offset) * width..(first + offset + 1) * width];
            for (sum, &pixel) in sums.iter_mut().zip(from) {
                *sum += weight * u32::from(pixel);
            }
        }
        for (pixel, &sum) in row.iter_mut().zip(&sums) {
            *pixel = (sum >> 12).min(255) as u8;
        }
    }
    out
}

fn resample_columns(image: &GrayImage, width: u32) -> GrayImage {
    let taps = taps(image.width(), width);
    let mut out = GrayImage::new(width, image.height());
    let rows = image.as_raw().chunks(image.width() as usize);
    for (from, to) in rows.zip(out.chunks_mut(width as usize)) {
        for ((first, weights), pixel) in taps.iter().zip(to) {
            let sum: u32 = weights
                .iter()
                .zip(&from[*first..])
                .map(|(&weight, &source)| weight * u32::from(source))
                .sum();
            *pixel = ((sum + 2048) >> 12).min(255) as u8;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Luma;

    fn raster(width: u32, height: u32, x: f32, y: f32) -> Raster {
        let pixels = GrayImage::from_pixel(width, height, Luma([255]));
        Raster { pixels, bilevel: true, dpi: Dpi { x, y } }
    }

    #[test]
    fn a_standard_mode_fax_is_never_squashed() {
        let page = square(&raster(1728, 1078, 204.0, 98.0));
        assert_eq!(page.width(), 1728);
        assert_eq!(page.height(), 2244);
    }

    #[test]
    fn a_nonsense_resolution_is_taken_for_letter_width() {
        for (x, y) in [(1.0, 1.0), (0.0, 0.0), (f32::NAN, 72.0), (72.0 * 40.0, 72.0 * 40.0)] {
            let page = square(&raster(1700, 2200, x, y));
            assert_eq!(page.width(), 1734, "{x} {y}");
            assert!((page.height() as i32 - 2244).abs() < 2, "{x} {y}");
        }
    }

    #[test]
    fn a_very_long_page_is_bounded() {
        let page = square(&raster(1728, 60_000, 204.0, 196.0));
        assert!(page.width() as f32 * page.height() as f32 <= MOST_PIXELS * 1.01);
    }

    #[test]
    fn shrinking_keeps_the_average() {
        let mut image = GrayImage::from_pixel(400, 400, Luma([255]));
        for x in (0..400).step_by(2) {
            for y in 0..400 {
                image.put_pixel(x, y, Luma([0]));
            }
        }
        let small = resample(&image, 100, 100);
        assert!(small.pixels().all(|p| (118..=137).contains(&p.0[0])));
    }

    #[test]
    fn four_quarter_turns_are_none() {
        let mut image = GrayImage::new(3, 2);
        image.put_pixel(0, 0, Luma([9]));
        let turn = |i: &GrayImage| turned(i, Rotation::Quarter);
        assert_eq!(turn(&image).get_pixel(1, 0).0, [9]);
        assert_eq!(turn(&turn(&turn(&turn(&image)))), image);
        assert_eq!(turned(&turned(&image, Rotation::Quarter), Rotation::ThreeQuarters), image);
    }
}
