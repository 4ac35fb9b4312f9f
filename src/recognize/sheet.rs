//! A page made ready: square pixels, even paper, ink told from paper.

use image::{GrayImage, imageops};

use super::geometry::{square, turned};
use super::ink::{Area, Ink, Runs};
use super::native;
use super::recognized::Rotation;
use super::skew::Skew;
use super::smooth::thickened;
use crate::decode::pages::Raster;

/// A fax is black or white; its resampled pixels are told apart in the middle.
const BILEVEL_THRESHOLD: u8 = 128;
/// On grey scans the threshold between the two humps of the histogram is
/// searched within these limits; outside them it splits paper from shadow.
const GREY_THRESHOLDS: std::ops::RangeInclusive<u8> = 90..=190;

/// Square pixels and the ink among them, kept in step.
#[derive(Clone)]
pub struct Sheet {
    /// 204 dots an inch both ways; 255 is paper.
    pub image: GrayImage,
    /// What is darker than the threshold.
    pub ink: Ink,
    threshold: u8,
}

impl Sheet {
    /// From a page's raster, not turned.
    pub fn of(raster: &Raster) -> Self {
        let image = square(raster);
        if raster.bilevel {
            return Self::with_threshold(image, BILEVEL_THRESHOLD);
        }
        let image = native::even_background(&image);
        let threshold = otsu(&image).clamp(*GREY_THRESHOLDS.start(), *GREY_THRESHOLDS.end());
        Self::with_threshold(image, threshold)
    }

    fn with_threshold(image: GrayImage, threshold: u8) -> Self {
        let ink = Ink::of(&image, threshold);
        Self { image, ink, threshold }
    }

    /// A copy with its strokes made thicker; what is ink stays what it was.
    pub fn thickened(&self) -> Self {
        Self { image: thickened(&self.image), ink: self.ink.clone(), threshold: self.threshold }
    }

    /// A copy of a part.
    pub fn part(&self, area: &Area) -> Self {
        let (x, y) = (area.x0 as u32, area.y0 as u32);
        let (width, height) = (area.width() as u32, area.height() as u32);
        let image = imageops::crop_imm(&self.image, x, y, width, height).to_image();
        Self { image, ink: self.ink.part(area), threshold: self.threshold }
    }

    /// Pixels that were made from a part of this one.
    pub fn alike(&self, image: GrayImage) -> Self {
        Self::with_threshold(image, self.threshold)
    }

    /// Turned clockwise by quarter turns.
    pub fn turned(self, rotation: Rotation) -> Self {
        match rotation {
            Rotation::None => self,
            Rotation::Quarter | Rotation::Half | Rotation::ThreeQuarters => {
                Self::with_threshold(turned(&self.image, rotation), self.threshold)
            }
        }
    }

    /// Made straight.
    pub fn straightened(self, skew: &Skew) -> Self {
        if skew.is_none() {
            self
        } else {
            Self::with_threshold(skew.straighten(&self.image), self.threshold)
        }
    }

    /// Whitens a rectangle.
    pub fn erase(&mut self, area: &Area) {
        self.ink.clear(area);
        let width = self.image.width() as usize;
        let (x0, x1) = (area.x0.min(width), area.x1.min(width));
        for row in self.image.chunks_mut(width).take(area.y1).skip(area.y0) {
            row[x0..x1].fill(255);
        }
    }

    /// Exchanges black and white in a rectangle.
    pub fn invert(&mut self, area: &Area) {
        let width = self.image.width() as usize;
        for (y, row) in self.image.chunks_mut(width).enumerate().take(area.y1).skip(area.y0) {
            for (x, pixel) in row.iter_mut().enumerate().take(area.x1).skip(area.x0) {
                *pixel = 255 - *pixel;
                self.ink.set(y, x, x + 1, *pixel < self.threshold);
            }
        }
    }

    /// Whitens what is in `before` and no longer in the ink, with the grey
    /// fringe that resampling left around it.
    pub fn whiten_removed(&mut self, before: &Ink) {
        for y in 0..self.ink.height() {
            if before.row(y) == self.ink.row(y) {
                continue;
            }
            for (x0, x1) in Runs::of(before.row(y)) {
                for x in x0..x1 {
                    if !self.ink.at(x, y) {
                        self.whiten_around(x, y);
                    }
                }
            }
        }
    }

    fn whiten_around(&mut self, x: usize, y: usize) {
        let width = self.ink.width();
        for row in y.saturating_sub(1)..(y + 2).min(self.ink.height()) {
            for column in x.saturating_sub(1)..(x + 2).min(width) {
                if !self.ink.at(column, row) {
                    let place = row * width + column;
                    self.image.as_flat_samples_mut().samples[place] = 255;
                }
            }
        }
    }
}

/// What is darker than this on a page as it came is ink; paper that is not
/// evenly lit is taken as if it were.
pub fn ink_threshold(raster: &Raster) -> u8 {
    if raster.bilevel {
        BILEVEL_THRESHOLD
    } else {
        otsu(&raster.pixels).clamp(*GREY_THRESHOLDS.start(), *GREY_THRESHOLDS.end())
    }
}

/// The grey between the two humps of the histogram (Otsu 1979).
pub fn otsu(image: &GrayImage) -> u8 {
    let mut histogram = [0u64; 256];
    for pixel in image.as_raw() {
        histogram[*pixel as usize] += 1;
    }
    let total: u64 = histogram.iter().sum();
    let weighted: u64 = histogram.iter().enumerate().map(|(grey, n)| grey as u64 * n).sum();
    let (mut below, mut below_weighted) = (0u64, 0u64);
    let mut best = (0.0f64, 128u8);
    for grey in 0..255u8 {
        below += histogram[grey as usize];
        below_weighted += u64::from(grey) * histogram[grey as usize];
        let above = total - below;
        if below == 0 || above == 0 {
            continue;
        }
        let apart = below_weighted as f64 / below as f64
            - (weighted - below_weighted) as f64 / above as f64;
        let spread = below as f64 * above as f64 * apart * apart;
        if spread > best.0 {
            best = (spread, grey + 1);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Luma;

    #[test]
    fn the_threshold_lies_between_ink_and_paper() {
        let mut image = GrayImage::from_pixel(100, 100, Luma([230]));
        for x in 0..30 {
            image.put_pixel(x, 50, Luma([40]));
        }
        let threshold = otsu(&image);
        assert!((41..=230).contains(&threshold), "{threshold}");
    }
}
