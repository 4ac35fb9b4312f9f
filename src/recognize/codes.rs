//! Barcodes and QR codes: found by how dark they are, read by a decoder.
//!
//! About half of a code is ink wherever one looks, and text has white between
//! its lines. One pass over the page counts ink in cells; only where windows of
//! a quarter by three sixteenths of an inch are dark enough, and touch, is
//! anything decoded.
//! The page's own pixels are looked at, so that a page without codes costs no
//! resampling; a region that may hold one is made square, and tried as it is,
//! then smoothed.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use image::{GrayImage, imageops};
use rxing::common::HybridBinarizer;
use rxing::{
    BarcodeFormat, BinaryBitmap, DecodeHints, Luma8Source, MultiFormatReader, RXingResult, Reader,
};

use super::geometry::{plausible_dpi, resample};
use super::ink::Area;
use super::recognized::{CodeFormat, PrintedCode, Rotation};
use super::sheet::ink_threshold;
use super::smooth::smooth;
use crate::decode::pages::{Dpi, Raster};
use crate::vocab::{BBox, Phi};

/// Side of a cell in inches.
const CELL_INCHES: f32 = 1.0 / 16.0;
/// A window in cells, across and down.
const WINDOW: (usize, usize) = (4, 3);
/// Dark windows so many cells apart across belong together: the bars of one
/// character may be thin.
const REACH: usize = 3;
/// Share of ink in a window over a code; lighter is print, darker a black bar.
/// Between the print and the codes that the tests draw; large bold print
/// passes and costs a vain decoding.
const DARK: std::ops::RangeInclusive<f32> = 0.34..=0.80;
/// Rows looked at, an inch: each of standard mode's, every other of fine's.
const ROWS_PER_INCH: f32 = 98.0;
/// Quiet paper taken along around a region, in cells: specks and ragged edges
/// keep a decoder from its start pattern.
const MARGIN: usize = 4;
/// Windows that touch, down and across, to be worth decoding.
const LEAST_WINDOWS: usize = 6;
/// Regions of a page that are decoded, and how large one may be, in inches; a
/// photograph is larger. Both bound time.
const MOST_REGIONS: usize = 8;
const LONGEST_INCHES: f32 = 6.5;
const LARGEST_SQUARE_INCHES: f32 = 12.0;
/// Dots an inch that a region is decoded at; more only costs time.
const MOST_DPI: f32 = 300.0;
/// Longest text believed, in bytes. A QR code of the largest kind holds 7,089
/// digits.
const MOST_TEXT: usize = 8_000;

/// In this order, so that the same pixels give the same code.
const FORMATS: [(BarcodeFormat, CodeFormat); 5] = [
    (BarcodeFormat::QR_CODE, CodeFormat::Qr),
    (BarcodeFormat::CODE_128, CodeFormat::Code128),
    (BarcodeFormat::DATA_MATRIX, CodeFormat::DataMatrix),
    (BarcodeFormat::PDF_417, CodeFormat::Pdf417),
    (BarcodeFormat::CODE_39, CodeFormat::Code39),
];

/// The codes on a page, from top to bottom. `rotation` is what brings the page
/// upright.
pub fn find(raster: &Raster, rotation: Rotation) -> Vec<PrintedCode> {
    let dpi = plausible_dpi(raster);
    let cells = Cells::of(raster, dpi);
    let size = raster.pixels.dimensions();
    let mut found: Vec<PrintedCode> = Vec::new();
    for region in cells.regions().into_iter().take(MOST_REGIONS) {
        let Some((format, text)) = decode(&squared(raster, dpi, &cells.pixels(&region, MARGIN)))
        else {
            continue;
        };
        let bbox = upright(&cells.pixels(&region, 0), size, rotation);
        found.push(PrintedCode { format, text: Phi::new(text), bbox });
    }
    found.sort_by(|a, b| a.bbox.y0().total_cmp(&b.bbox.y0()));
    found
}

/// Ink counted in cells of a sixteenth of an inch.
struct Cells {
    /// Across and down.
    count: (usize, usize),
    /// Pixels of a cell, across and down.
    side: (f32, f32),
    /// Of the page in pixels.
    size: (usize, usize),
    /// Share of ink in each.
    ink: Vec<f32>,
}

impl Cells {
    fn of(raster: &Raster, dpi: Dpi) -> Self {
        let size = (raster.pixels.width() as usize, raster.pixels.height() as usize);
        let side = ((dpi.x * CELL_INCHES).max(2.0), (dpi.y * CELL_INCHES).max(2.0));
        let count = ((size.0 as f32 / side.0) as usize, (size.1 as f32 / side.1) as usize);
        let threshold = ink_threshold(raster);
        let every = ((dpi.y / ROWS_PER_INCH) as usize).max(1);
        let edges: Vec<usize> =
            (0..=count.0).map(|cell| ((cell as f32 * side.0) as usize).min(size.0)).collect();
        let mut ink = vec![0.0; count.0 * count.1];
        let pixels = raster.pixels.as_raw();
        // Dark pixels of each column within a row of cells: a dozen at most.
        let mut dark = vec![0u8; size.0];
        for down in 0..count.1 {
            let (y0, y1) = ((down as f32 * side.1) as usize, ((down + 1) as f32 * side.1) as usize);
            dark.fill(0);
            let mut rows = 0;
            for y in (y0..y1.min(size.1)).step_by(every) {
                let row = &pixels[y * size.0..(y + 1) * size.0];
                for (dark, &pixel) in dark.iter_mut().zip(row) {
                    *dark = dark.saturating_add(u8::from(pixel < threshold));
                }
                rows += 1;
            }
            for (across, edge) in edges.windows(2).enumerate() {
                let sum: u32 = dark[edge[0]..edge[1]].iter().map(|&n| u32::from(n)).sum();
                let seen = rows * (edge[1] - edge[0]);
                ink[down * count.0 + across] = sum as f32 / seen.max(1) as f32;
            }
        }
        Self { count, side, size, ink }
    }

    /// Where dark windows touch, in cells, the first from the top first.
    fn regions(&self) -> Vec<Area> {
        let (across, down) = self.windows();
        let mut dark: Vec<bool> = (0..across * down)
            .map(|place| DARK.contains(&self.share(place % across, place / across)))
            .collect();
        let mut regions = Vec::new();
        for start in 0..dark.len() {
            if !dark[start] {
                continue;
            }
            let (windows, area) = touching(&mut dark, across, start);
            let area = Area { x1: area.x1 + WINDOW.0 - 1, y1: area.y1 + WINDOW.1 - 1, ..area };
            let (wide, high) =
                (area.width() as f32 * CELL_INCHES, area.height() as f32 * CELL_INCHES);
            let fits = wide.max(high) <= LONGEST_INCHES && wide * high <= LARGEST_SQUARE_INCHES;
            if windows >= LEAST_WINDOWS && fits {
                regions.push(area);
            }
        }
        regions
    }

    fn windows(&self) -> (usize, usize) {
        let fit = |cells: usize, window: usize| (cells + 1).saturating_sub(window);
        (fit(self.count.0, WINDOW.0), fit(self.count.1, WINDOW.1))
    }

    fn share(&self, x: usize, y: usize) -> f32 {
        let rows = (y..y + WINDOW.1).map(|y| &self.ink[y * self.count.0 + x..][..WINDOW.0]);
        rows.flatten().sum::<f32>() / (WINDOW.0 * WINDOW.1) as f32
    }

    /// The pixels of a region, grown by so many cells.
    fn pixels(&self, region: &Area, margin: usize) -> Area {
        let edge = |cell: usize, side: f32, most: usize| ((cell as f32 * side) as usize).min(most);
        Area {
            x0: edge(region.x0.saturating_sub(margin), self.side.0, self.size.0),
            y0: edge(region.y0.saturating_sub(margin), self.side.1, self.size.1),
            x1: edge(region.x1 + margin, self.side.0, self.size.0),
            y1: edge(region.y1 + margin, self.side.1, self.size.1),
        }
    }
}

/// How many windows touch the one at `start`, and the area of their first
/// cells; takes them away.
fn touching(dark: &mut [bool], across: usize, start: usize) -> (usize, Area) {
    let (x, y) = (start % across, start / across);
    let mut area = Area { x0: x, y0: y, x1: x + 1, y1: y + 1 };
    let (mut windows, mut waiting) = (0, vec![start]);
    dark[start] = false;
    while let Some(place) = waiting.pop() {
        let (x, y) = (place % across, place / across);
        windows += 1;
        area = Area {
            x0: area.x0.min(x),
            y0: area.y0.min(y),
            x1: area.x1.max(x + 1),
            y1: area.y1.max(y + 1),
        };
        for near_y in y.saturating_sub(1)..=y + 1 {
            for near_x in x.saturating_sub(REACH)..=(x + REACH).min(across - 1) {
                let near = near_y * across + near_x;
                if dark.get(near) == Some(&true) {
                    dark[near] = false;
                    waiting.push(near);
                }
            }
        }
    }
    (windows, area)
}

/// A region in square pixels.
fn squared(raster: &Raster, dpi: Dpi, region: &Area) -> GrayImage {
    let (wide, high) = (region.width() as u32, region.height() as u32);
    let part = imageops::crop_imm(&raster.pixels, region.x0 as u32, region.y0 as u32, wide, high);
    let target = dpi.x.max(dpi.y).min(MOST_DPI);
    let size = |pixels: u32, dpi: f32| ((pixels as f32 * target / dpi).round() as u32).max(1);
    resample(&part.to_image(), size(wide, dpi.x), size(high, dpi.y))
}

/// The code in a region, if there is one: as it is, then with its edges
/// smoothed, then at twice the size, where narrow bars that are a pixel too
/// wide or too narrow weigh less.
fn decode(region: &GrayImage) -> Option<(CodeFormat, String)> {
    let smoothed = smooth(region);
    let twice = smooth(&resample(&smoothed, 2 * region.width(), 2 * region.height()));
    [region, &smoothed, &twice].into_iter().find_map(|image| {
        FORMATS.into_iter().find_map(|(format, known)| {
            let text = read(image, format)?;
            // Code 39 has no check digit: what is no code may look like one in
            // a few rows, and not in both halves.
            let sure = known != CodeFormat::Code39 || halves(image, &text);
            sure.then_some((known, text))
        })
    })
}

fn halves(image: &GrayImage, text: &str) -> bool {
    let (width, height) = image.dimensions();
    let same = |x, y, width, height| {
        let half = imageops::crop_imm(image, x, y, width, height).to_image();
        read(&half, BarcodeFormat::CODE_39).as_deref() == Some(text)
    };
    let (w, h) = (width / 2, height / 2);
    (same(0, 0, width, h) && same(0, h, width, height - h))
        || (same(0, 0, w, height) && same(w, 0, width - w, height))
}

fn read(image: &GrayImage, format: BarcodeFormat) -> Option<String> {
    // A slip in the decoder must not cost the page.
    let result = catch_unwind(AssertUnwindSafe(|| run(image, format))).ok()??;
    let text = result.getText();
    (!text.trim().is_empty() && text.len() <= MOST_TEXT).then(|| text.to_owned())
}

fn run(image: &GrayImage, format: BarcodeFormat) -> Option<RXingResult> {
    let source = Luma8Source::new_with_slice(image.as_raw(), image.width(), image.height()).ok()?;
    let mut bitmap = BinaryBitmap::new(HybridBinarizer::new(source));
    let hints = DecodeHints {
        // One at a time: of several, the library tries one or another first.
        PossibleFormats: Some(HashSet::from([format])),
        TryHarder: Some(true),
        ..DecodeHints::default()
    };
    MultiFormatReader::default().decode_with_hints(&mut bitmap, &hints).ok()
}

/// A region as a box of the page once it is upright.
fn upright(region: &Area, (width, height): (u32, u32), rotation: Rotation) -> BBox {
    let (x0, x1) = (region.x0 as f32 / width as f32, region.x1 as f32 / width as f32);
    let (y0, y1) = (region.y0 as f32 / height as f32, region.y1 as f32 / height as f32);
    rotation.turned(BBox::new(x0, y0, x1, y1))
}

#[cfg(test)]
mod tests;
