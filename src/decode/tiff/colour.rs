//! Samples become grey, by the photometric interpretation.

use super::directory::{Directory, tag};
use super::layout::{Alpha, ImageLayout, Photometric};
use crate::decode::Unreadable;
use crate::decode::grey::{luma, over_white};

/// Turns samples of 0 to 255 into grey.
pub(super) struct ToGrey {
    photometric: Photometric,
    alpha: Option<Alpha>,
    /// Grey of each palette entry.
    palette: Vec<u8>,
}

impl ToGrey {
    pub(super) fn new(directory: &Directory, image: &ImageLayout) -> Result<Self, Unreadable> {
        let samples = image.samples;
        let needed = match image.photometric {
            Photometric::WhiteIsZero | Photometric::BlackIsZero | Photometric::Palette => 1,
            Photometric::Rgb | Photometric::YCbCr => 3,
            Photometric::Cmyk => 4,
            // L*a*b* and the like: the first sample is the lightness.
            Photometric::Other(_) => 1,
        };
        if samples < needed {
            return Err(Unreadable::UnsupportedCoding {
                coding: format!("TIFF colour with {samples} samples"),
            });
        }
        Ok(Self {
            photometric: image.photometric,
            alpha: image.alpha,
            palette: palette(directory.all(tag::COLOR_MAP)),
        })
    }

    /// Whether samples are places in a palette and must not be scaled.
    pub(super) fn is_palette(&self) -> bool {
        self.photometric == Photometric::Palette
    }

    /// Grey of one pixel on white paper.
    pub(super) fn grey(&self, pixel: &[u8]) -> u8 {
        let grey = match self.photometric {
            Photometric::WhiteIsZero => 255 - pixel[0],
            Photometric::BlackIsZero | Photometric::YCbCr | Photometric::Other(_) => pixel[0],
            Photometric::Rgb => luma(pixel[0], pixel[1], pixel[2]),
            Photometric::Palette => self.palette.get(usize::from(pixel[0])).copied().unwrap_or(255),
            Photometric::Cmyk => {
                let light =
                    |ink: u8| (u32::from(255 - ink) * u32::from(255 - pixel[3]) / 255) as u8;
                luma(light(pixel[0]), light(pixel[1]), light(pixel[2]))
            }
        };
        let Some(alpha) = self.alpha else { return grey };
        match pixel.get(alpha.index as usize) {
            Some(opacity) if alpha.applied => grey.saturating_add(255 - opacity),
            Some(opacity) => over_white(grey, *opacity),
            None => grey,
        }
    }
}

/// A colour map holds all reds, then all greens, then all blues, 16 bits each.
fn palette(map: &[u64]) -> Vec<u8> {
    let entries = map.len() / 3;
    // Some writers put 8-bit values there; then all are below 256.
    let shift = if map.iter().all(|v| *v < 256) { 0 } else { 8 };
    let byte = |v: u64| (v >> shift).min(255) as u8;
    (0..entries)
        .map(|i| luma(byte(map[i]), byte(map[entries + i]), byte(map[2 * entries + i])))
        .collect()
}
