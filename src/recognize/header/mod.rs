//! The strip that the sending machine printed along the top edge (TTI):
//! found, parsed, and kept apart from the page's content.
//!
//! It is printed by a machine onto the scanned page, so it is straight where
//! the page is crooked, and upright where the page lies upside down: it is
//! looked for before anything is turned.

mod parse;

use image::{GrayImage, imageops};

pub use parse::parse;

use super::geometry::SQUARE_DPI;
use super::ink::{Area, Ink};

/// The strip stands in this part of the page, in inches from the top.
/// Machines print it within 0.3; a second and third hop push it down.
pub const REACH_INCHES: f32 = 0.6;
/// Height of a strip's line in pixels at 204 dpi: 6 to 16 point.
const LINE_HEIGHT: std::ops::RangeInclusive<usize> = 8..=52;
/// A line is wider than this share of the page: "P. 03/10".
const LEAST_WIDTH: f32 = 0.05;
/// So many lines at the top are tried; a title block has more.
const MOST_TRIED: usize = 3;
/// White rows that part two lines.
const PARTING_ROWS: usize = 2;
/// Paper between the parts of a strip is read up to this width: a quarter of an
/// inch, more than any machine's blank.
const WIDEST_GAP: usize = 48;

/// Places at the top that could be a strip, topmost first.
pub fn candidates(ink: &Ink) -> Vec<Area> {
    let reach = ((REACH_INCHES * SQUARE_DPI) as usize).min(ink.height());
    let mut bands: Vec<Area> = Vec::new();
    let mut white = PARTING_ROWS + 1;
    for y in 0..ink.height().min(reach + *LINE_HEIGHT.end()) {
        let runs = ink.runs(y, 0);
        // A row crossed only by one or two upright streaks is white.
        let inked: usize = runs.iter().map(|(x0, x1)| x1 - x0).sum();
        if runs.len() < 2 || inked < 6 {
            white += 1;
            continue;
        }
        let (x0, x1) = (runs[0].0, runs[runs.len() - 1].1);
        match bands.last_mut() {
            Some(band) if white <= PARTING_ROWS => {
                *band = Area { x0: band.x0.min(x0), x1: band.x1.max(x1), y0: band.y0, y1: y + 1 };
            }
            _ => bands.push(Area { x0, y0: y, x1, y1: y + 1 }),
        }
        white = 0;
    }
    bands.retain(|band| {
        LINE_HEIGHT.contains(&band.height())
            && band.y0 < reach
            && band.width() as f32 >= LEAST_WIDTH * ink.width() as f32
    });
    bands.truncate(MOST_TRIED);
    bands
}

/// The candidate with a white rim, ready to be read as one line. Machines put
/// number, time and page inches apart, and paper takes as long to read as
/// letters: wide gaps are narrowed.
pub fn cut(image: &GrayImage, band: &Area) -> GrayImage {
    const RIM: usize = 8;
    let area = band.grown(RIM, image.width() as usize, image.height() as usize);
    let (left, top) = (area.x0 as u32, area.y0 as u32);
    let strip =
        imageops::crop_imm(image, left, top, area.width() as u32, area.height() as u32).to_image();
    let mut paper = 0;
    let kept: Vec<u32> = (0..strip.width())
        .filter(|&x| {
            let ink = (0..strip.height()).filter(|&y| strip.get_pixel(x, y).0[0] < 128).count();
            paper = if ink < 2 { paper + 1 } else { 0 };
            paper <= WIDEST_GAP
        })
        .collect();
    GrayImage::from_fn(kept.len() as u32, strip.height(), |x, y| {
        *strip.get_pixel(kept[x as usize], y)
    })
}

#[cfg(test)]
mod tests {
    use image::Luma;

    use super::*;

    #[test]
    fn wide_gaps_are_narrowed_and_letters_are_not() {
        let mut page = GrayImage::from_pixel(1728, 200, Luma([255]));
        let letters = (100..340).chain(400..640).chain(1300..1600);
        for x in letters.filter(|x| x % 20 < 12) {
            (40..60).for_each(|y| page.put_pixel(x, y, Luma([0])));
        }
        // A speck in the gap is no letter.
        page.put_pixel(900, 50, Luma([0]));
        let strip = cut(&page, &Area { x0: 100, y0: 40, x1: 1600, y1: 60 });
        let ink = |image: &GrayImage| image.pixels().filter(|pixel| pixel.0[0] == 0).count();
        assert_eq!(ink(&strip), ink(&page) - 1);
        assert!((850..950).contains(&strip.width()), "{}", strip.width());
        assert_eq!(strip.height(), 36);
    }
}
