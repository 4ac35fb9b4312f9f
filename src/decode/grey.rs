//! Pixels on their way to one grey byte each: 0 black, 255 white.

use image::GrayImage;

use super::Unreadable;

/// A white page, if its size is within the limit. The only place a page's
/// memory is taken.
pub(super) fn white(width: u32, height: u32, max_pixels: u64) -> Result<GrayImage, Unreadable> {
    check(u64::from(width), u64::from(height), max_pixels)?;
    Ok(GrayImage::from_pixel(width, height, image::Luma([255])))
}

/// Refuses a size that is over the limit.
pub(super) fn check(width: u64, height: u64, max_pixels: u64) -> Result<(), Unreadable> {
    match width.checked_mul(height) {
        Some(pixels) if pixels <= max_pixels => Ok(()),
        _ => Err(Unreadable::TooManyPixels { width, height, limit: max_pixels }),
    }
}

/// Brightness of a colour, ITU-R BT.601, in 1/1000.
pub(super) fn luma(r: u8, g: u8, b: u8) -> u8 {
    ((u32::from(r) * 299 + u32::from(g) * 587 + u32::from(b) * 114 + 500) / 1000) as u8
}

/// A grey of the given opacity on white paper.
pub(super) fn over_white(grey: u8, alpha: u8) -> u8 {
    let alpha = u32::from(alpha);
    ((u32::from(grey) * alpha + 255 * (255 - alpha) + 127) / 255) as u8
}

/// Whether there is nothing but black and white.
pub(super) fn is_bilevel(pixels: &GrayImage) -> bool {
    pixels.as_raw().iter().all(|p| *p == 0 || *p == 255)
}

/// The eight ways an image may have to be turned to lie as it should, by the
/// numbers of TIFF tag 274 and Exif.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Orientation(u8);

impl Orientation {
    pub(super) const UPRIGHT: Self = Self(1);

    /// Anything but 2 to 8 means upright.
    pub(super) fn from_tag(value: u64) -> Self {
        match value {
            2..=8 => Self(value as u8),
            _ => Self::UPRIGHT,
        }
    }

    /// Whether across becomes down.
    pub(super) fn swaps_axes(self) -> bool {
        self.0 >= 5
    }

    pub(super) fn apply(self, pixels: GrayImage) -> GrayImage {
        use image::imageops::{
            flip_horizontal, flip_vertical_in_place, rotate90, rotate180_in_place, rotate270,
        };
        let mut pixels = pixels;
        match self.0 {
            2 => flip_horizontal(&pixels),
            3 => {
                rotate180_in_place(&mut pixels);
                pixels
            }
            4 => {
                flip_vertical_in_place(&mut pixels);
                pixels
            }
            5 => flip_horizontal(&rotate90(&pixels)),
            6 => rotate90(&pixels),
            7 => flip_horizontal(&rotate270(&pixels)),
            8 => rotate270(&pixels),
            _ => pixels,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_orientation_brings_the_first_pixel_where_the_standard_says() {
        // 3 × 2, one black dot at row 0, column 0. TIFF 6.0, page 36: where
        // row 0 and column 0 end up.
        let mut page = GrayImage::from_pixel(3, 2, image::Luma([255]));
        page.put_pixel(0, 0, image::Luma([0]));
        let expected = [(0, 0), (2, 0), (2, 1), (0, 1), (0, 0), (1, 0), (1, 2), (0, 2)];
        for (tag, (x, y)) in (1..=8).zip(expected) {
            let turned = Orientation::from_tag(tag).apply(page.clone());
            assert_eq!(turned.get_pixel(x, y).0[0], 0, "orientation {tag}");
        }
    }

    #[test]
    fn half_opaque_black_is_mid_grey_on_paper() {
        assert_eq!(over_white(0, 128), 127);
        assert_eq!(over_white(0, 0), 255);
        assert_eq!(over_white(77, 255), 77);
    }
}
