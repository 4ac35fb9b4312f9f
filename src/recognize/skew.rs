//! A page that lies crooked on the glass is straightened for reading; boxes
//! found on the straight page are carried back to the crooked one, which is
//! what a person sees.

use image::GrayImage;

use super::ink::Ink;
use super::native;

/// Below this many degrees Tesseract follows the line by itself, and turning
/// one-bit pixels costs more than it mends.
const LEAST_DEGREES: f32 = 0.25;
/// Leptonica's own threshold for a believable angle.
const LEAST_CONFIDENCE: f32 = 3.0;

/// White around a page that is straightened, in pixels.
const RIM: usize = 2;

/// How a page lies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Skew {
    sin: f32,
    cos: f32,
    centre: (f32, f32),
}

impl Skew {
    /// A straight page.
    pub const NONE: Self = Self { sin: 0.0, cos: 1.0, centre: (0.0, 0.0) };

    /// Turning an image of this size clockwise by so many degrees about its
    /// middle makes it straight.
    pub fn of_degrees(degrees: f32, width: usize, height: usize) -> Self {
        let (sin, cos) = degrees.to_radians().sin_cos();
        Self { sin, cos, centre: (width as f32 / 2.0, height as f32 / 2.0) }
    }

    /// What the ink of an upright page says.
    pub fn find(ink: &Ink) -> Self {
        match native::skew(ink) {
            Some((degrees, confidence))
                if confidence >= LEAST_CONFIDENCE && degrees.abs() >= LEAST_DEGREES =>
            {
                Self::of_degrees(degrees, ink.width(), ink.height())
            }
            _ => Self::NONE,
        }
    }

    /// Rise of a line of text over its length, on the page as it came.
    pub fn slope(&self) -> f32 {
        self.sin / self.cos
    }

    /// Whether there is nothing to do.
    pub fn is_none(&self) -> bool {
        self.sin == 0.0
    }

    /// A place on the straight page, on the page as it lies.
    pub fn back(&self, x: f32, y: f32) -> (f32, f32) {
        let (x, y) = (x - self.centre.0, y - self.centre.1);
        (self.cos * x + self.sin * y + self.centre.0, self.cos * y - self.sin * x + self.centre.1)
    }

    /// A place on the page as it lies, on the straight page.
    pub fn forth(&self, x: f32, y: f32) -> (f32, f32) {
        let (x, y) = (x - self.centre.0, y - self.centre.1);
        (self.cos * x - self.sin * y + self.centre.0, self.cos * y + self.sin * x + self.centre.1)
    }

    /// The page made straight, same size, new corners white.
    pub fn straighten(&self, image: &GrayImage) -> GrayImage {
        if self.is_none() {
            return image.clone();
        }
        let (width, height) = (image.width() as usize, image.height() as usize);
        // A white rim around it: what lies outside is paper.
        let wide = width + 2 * RIM;
        let mut source = vec![255u8; wide * (height + 2 * RIM)];
        for (y, row) in image.as_raw().chunks(width).enumerate() {
            source[(y + RIM) * wide + RIM..][..width].copy_from_slice(row);
        }
        let within = |place: i64, length: usize| {
            (place + RIM as i64).clamp(0, (length + 2 * RIM) as i64 - 2) as usize
        };
        let mut out = GrayImage::new(image.width(), image.height());
        for (y, row) in out.chunks_mut(width).enumerate() {
            // Fixed point with 8 bits: the step along a row is constant.
            let start = self.back(0.5, y as f32 + 0.5);
            let mut sx = ((start.0 - 0.5) * 65536.0) as i64;
            let mut sy = ((start.1 - 0.5) * 65536.0) as i64;
            let step = ((self.cos * 65536.0) as i64, (-self.sin * 65536.0) as i64);
            for pixel in row {
                let place = within(sy >> 16, height) * wide + within(sx >> 16, width);
                let four = [
                    source[place],
                    source[place + 1],
                    source[place + wide],
                    source[place + wide + 1],
                ];
                *pixel = if four == [255; 4] {
                    255
                } else {
                    let (fx, fy) = ((sx >> 8 & 255) as i32, (sy >> 8 & 255) as i32);
                    let [a, b, c, d] = four.map(i32::from);
                    let top = a * (256 - fx) + b * fx;
                    let bottom = c * (256 - fx) + d * fx;
                    ((top * (256 - fy) + bottom * fy) >> 16) as u8
                };
                sx += step.0;
                sy += step.1;
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Luma;

    #[test]
    fn there_and_back_is_the_same_place() {
        let skew = Skew::of_degrees(2.0, 1728, 2200);
        let (x, y) = skew.back(300.0, 500.0);
        let (x, y) = skew.forth(x, y);
        assert!((x - 300.0).abs() < 0.01 && (y - 500.0).abs() < 0.01);
    }

    #[test]
    fn crooked_lines_become_straight_and_boxes_go_back() {
        let crooked = Skew::of_degrees(-2.0, 1700, 2200);
        let mut straight = GrayImage::from_pixel(1700, 2200, Luma([255]));
        for line in 0..40 {
            for word in 0..20 {
                for y in 0..18 {
                    for x in 0..50 {
                        straight.put_pixel(150 + word * 70 + x, 150 + line * 45 + y, Luma([0]));
                    }
                }
            }
        }
        let page = crooked.straighten(&straight);
        let found = Skew::find(&Ink::of(&page, 128));
        assert!(!found.is_none());
        let mended = Ink::of(&found.straighten(&page), 128);
        // The first word of the first line, where it stood.
        let (x, y) = found.forth(crooked.forth(160.0, 159.0).0, crooked.forth(160.0, 159.0).1);
        assert!(mended.at(x as usize, y as usize));
        assert!((x - 160.0).abs() < 4.0 && (y - 159.0).abs() < 4.0, "{x} {y}");
    }
}
