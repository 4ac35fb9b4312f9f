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

/// The candidate with a white rim, ready to be read as one line.
pub fn cut(image: &GrayImage, band: &Area) -> GrayImage {
    const RIM: usize = 8;
    let area = band.grown(RIM, image.width() as usize, image.height() as usize);
    imageops::crop_imm(
        image,
        area.x0 as u32,
        area.y0 as u32,
        area.width() as u32,
        area.height() as u32,
    )
    .to_image()
}
