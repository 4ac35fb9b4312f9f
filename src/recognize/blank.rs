//! Is there anything on the page at all? Costs milliseconds.

use super::geometry::{SQUARE_DPI, inches};
use super::ink::{Area, Blob, Ink, blobs};
use crate::decode::pages::Raster;

/// Specks up to this many pixels at 204 dpi do not count; a comma has more.
const SPECK: usize = 12;
/// The outer part of a page, as a share of its width and height, where scan
/// edges and punch holes leave marks.
const MARGIN: f32 = 0.02;
/// A page with less ink than this, in pixels, is blank: about five letters of
/// 10-point type. One word is never blank.
const LEAST_INK: usize = 500;
/// Or with fewer pieces of ink of a letter's size than this, unless there is
/// much ink.
const LEAST_PIECES: usize = 4;
/// Pieces larger than this, in pixels across or down, are no letters but
/// streaks, edges and shadows (1.5 inches); a page with nothing else is blank
/// only when they are thin.
const STREAK_THICKNESS: usize = 6;
/// Dashes in one column are a streak if they are together this long, in pixels
/// (two inches).
const LEAST_STREAK: usize = 408;

/// Whether a fax holds nothing below so many inches from its top: told from
/// its dots as they came, in a tenth of the time that making them square takes.
/// A page with more than specks may still be blank.
pub fn is_bare_below(raster: &Raster, top: f32) -> bool {
    if !raster.bilevel {
        return false;
    }
    let (across, down) = inches(raster);
    let (width, height) = raster.pixels.dimensions();
    let margin = |length: u32| (length as f32 * MARGIN) as usize;
    let (dx, dy) = (margin(width), margin(height));
    let first = (top * height as f32 / down) as usize;
    let dots: usize = raster
        .pixels
        .as_raw()
        .chunks_exact(width as usize)
        .take(height as usize - dy)
        .skip(first)
        .map(|row| row[dx..width as usize - dx].iter().filter(|dot| **dot < 128).count())
        .sum();
    let pixels_a_dot = across * down * SQUARE_DPI.powi(2) / (width as f32 * height as f32);
    (dots as f32 * pixels_a_dot) < LEAST_INK as f32 / 2.0
}

/// Whether nothing is on the page that a person would read.
pub fn is_blank(ink: &Ink) -> bool {
    let margin = |length: usize| (length as f32 * MARGIN) as usize;
    let (dx, dy) = (margin(ink.width()), margin(ink.height()));
    if ink.width() <= 2 * dx || ink.height() <= 2 * dy {
        return true;
    }
    let inner = ink.part(&Area { x0: dx, y0: dy, x1: ink.width() - dx, y1: ink.height() - dy });
    let blobs = blobs(&inner);
    let streaks = streaks(&blobs, inner.width());
    let (mut pixels, mut pieces) = (0, 0);
    for blob in &blobs {
        let thin = blob.area.width().min(blob.area.height()) <= STREAK_THICKNESS
            && blob.area.width().max(blob.area.height()) > 20 * STREAK_THICKNESS;
        let of_a_streak = is_narrow(blob) && streaks[blob.area.x0 / STREAK_THICKNESS];
        if blob.count > SPECK && !thin && !of_a_streak {
            pixels += blob.count;
            pieces += 1;
        }
    }
    pixels < LEAST_INK || (pieces < LEAST_PIECES && pixels < 4 * LEAST_INK)
}

/// Dirt on a scanner's glass draws a line down the page, which noise breaks into
/// dashes: the columns, [`STREAK_THICKNESS`] wide, that hold at least so much of
/// one.
fn streaks(blobs: &[Blob], width: usize) -> Vec<bool> {
    let mut heights = vec![0; width / STREAK_THICKNESS + 2];
    for blob in blobs.iter().filter(|blob| is_narrow(blob)) {
        // A streak leans over the border of its column.
        let column = blob.area.x0 / STREAK_THICKNESS;
        for height in &mut heights[column.saturating_sub(1)..=column + 1] {
            *height += blob.area.height();
        }
    }
    heights.into_iter().map(|height| height >= LEAST_STREAK).collect()
}

fn is_narrow(blob: &Blob) -> bool {
    blob.area.width() <= STREAK_THICKNESS
}

#[cfg(test)]
mod tests {
    use image::{GrayImage, Luma};

    use super::*;
    use crate::decode::pages::Dpi;

    #[test]
    fn bare_below_the_header_whatever_the_rows() {
        for (rows, dpi) in [(1078, 98.0), (2156, 196.0)] {
            let mut pixels = GrayImage::from_pixel(1728, rows, Luma([255]));
            let mut fill = |x: u32, y: f32, width: u32| {
                for x in x..x + width {
                    pixels.put_pixel(x, (y * dpi) as u32, Luma([0]));
                }
            };
            // A strip at the top, a streak in the margin, some specks.
            fill(100, 0.2, 1500);
            (0..90).for_each(|speck| fill(60 + 17 * speck, 1.0 + 0.1 * speck as f32, 1));
            (0..100).for_each(|row| fill(5, row as f32 / 10.0, 20));
            let raster = |pixels: &GrayImage, bilevel| Raster {
                pixels: pixels.clone(),
                bilevel,
                dpi: Dpi { x: 204.0, y: dpi },
            };
            assert!(is_bare_below(&raster(&pixels, true), 0.9));
            assert!(!is_bare_below(&raster(&pixels, false), 0.9), "grey paper has to be evened");
            assert!(!is_bare_below(&raster(&pixels, true), 0.1));
            let word = |y: u32| (300..420).step_by(10).map(move |x| (x, y));
            for (x, y) in (rows / 2..rows / 2 + (dpi / 8.0) as u32).flat_map(word) {
                (x..x + 4).for_each(|x| pixels.put_pixel(x, y, Luma([0])));
            }
            assert!(!is_bare_below(&raster(&pixels, true), 0.9));
        }
    }

    #[test]
    fn a_streak_in_dashes_is_blank_and_a_column_of_digits_is_not() {
        let mut ink = Ink::empty(1728, 2200);
        for dash in 0..60 {
            let x = 700 + dash / 20;
            (0..24).for_each(|y| ink.set(300 + 28 * dash + y, x, x + 3, true));
        }
        assert!(is_blank(&ink));
        for digit in 0..30 {
            (0..20).for_each(|y| ink.set(300 + 40 * digit + y, 400, 409, true));
        }
        assert!(!is_blank(&ink));
    }

    #[test]
    fn specks_streaks_and_edges_are_blank_and_a_word_is_not() {
        let mut ink = Ink::empty(1728, 2200);
        for speck in 0..300 {
            ink.set(20 + 7 * speck, 30 + 5 * speck, 33 + 5 * speck, true);
        }
        for y in 0..2200 {
            ink.set(y, 0, 20, true);
            ink.set(y, 900, 902, true);
        }
        assert!(is_blank(&ink));
        for letter in 0..7 {
            for y in 1000..1024 {
                ink.set(y, 300 + 20 * letter, 304 + 20 * letter, true);
            }
        }
        assert!(!is_blank(&ink));
    }
}
