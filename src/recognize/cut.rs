//! A page cut into strips of text, for those who train and measure the line
//! reader: exactly what it is shown in service.

use image::GrayImage;

use super::clean::{Cleaned, clean};
use super::crop;
use super::ink::Blob;
use super::segment::{self, Strip};
use super::sheet::Sheet;
use super::skew::Skew;
use crate::decode::pages::Raster;
use crate::vocab::BBox;

/// An upright page, cut.
pub struct Cut {
    image: GrayImage,
    blobs: Vec<Blob>,
    strips: Vec<Strip>,
    skew: Skew,
}

impl Cut {
    /// Made square, straight and clean, and cut. The page must be upright; a
    /// header strip is cut like any other line.
    pub fn of(raster: &Raster) -> Self {
        let sheet = Sheet::of(raster);
        let skew = Skew::find(&sheet.ink);
        let sheet = sheet.straightened(&skew);
        let Cleaned { sheet, ruled, .. } = clean(sheet, Vec::new());
        let (blobs, strips) = segment::strips(&sheet.ink, ruled);
        Self { image: sheet.image, blobs, strips, skew }
    }

    /// How many strips.
    pub fn len(&self) -> usize {
        self.strips.len()
    }

    /// Whether nothing like text is on the page.
    pub fn is_empty(&self) -> bool {
        self.strips.is_empty()
    }

    /// Where a strip stands on the page as it came, in fractions of it; on a
    /// crooked page its middle and its size.
    pub fn bbox(&self, strip: usize) -> BBox {
        let area = &self.strips[strip].area;
        let (width, height) = (area.width() as f32, area.height() as f32);
        let (x, y) = self.skew.back(area.x0 as f32 + width / 2.0, area.y0 as f32 + height / 2.0);
        let size = (self.image.width() as f32, self.image.height() as f32);
        BBox::from_pixels(x - width / 2.0, y - height / 2.0, width, height, size.0, size.1)
    }

    /// How much of a word lies in a strip, 0 to 1. The word's box is upright and
    /// on the page as it came, like all boxes; strips run along the lines of a
    /// crooked page, so comparing boxes would not tell.
    pub fn share(&self, strip: usize, word: BBox) -> f32 {
        let (width, height) = (self.image.width() as f32, self.image.height() as f32);
        let (wide, slanted) = (word.width() * width, word.height() * height);
        // What the slant adds to the height of an upright box.
        let tall = (slanted - wide * self.skew.slope().abs()).max(slanted / 2.0);
        let middle = ((word.x0() + word.x1()) / 2.0 * width, word.center_y() * height);
        let (x, y) = self.skew.forth(middle.0, middle.1);
        let area = &self.strips[strip].area;
        let shared = |middle: f32, size: f32, low: usize, high: usize| {
            let (low, high) = (low as f32, high as f32);
            ((middle + size / 2.0).min(high) - (middle - size / 2.0).max(low)).max(0.0)
        };
        let (across, down) = (shared(x, wide, area.x0, area.x1), shared(y, tall, area.y0, area.y1));
        if wide * tall > 0.0 { across * down / (wide * tall) } else { 0.0 }
    }

    /// Its pixels, 32 rows high, 255 is paper. `jitter` moves its edges
    /// outwards (left, right, top, bottom) by shares of its height; nought in
    /// service.
    pub fn pixels(&self, strip: usize, jitter: [f32; 4]) -> GrayImage {
        crop::strip(&self.image, &self.blobs, &self.strips[strip], jitter).pixels
    }
}
