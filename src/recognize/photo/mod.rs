//! Photographs of paper: the sheet is found on the table and laid flat.
//!
//! `corners` finds its four corners, `plane` is the map between the sheet and
//! the picture. Pages are read flat and what was read is carried back to where
//! it stands on the photograph, which is what a person sees. Curled paper stays
//! curled.

mod corners;
mod plane;

use image::GrayImage;

use super::geometry::resample;
use super::ink::Ink;
use super::recognized::{RecognizedPage, Rotation};
use super::sheet::otsu;
use crate::decode::pages::{Dpi, Raster};
use crate::vocab::BBox;
use plane::{Plane, Point};

/// Length of the longer side of the picture in which the sheet is looked for.
const LOOK: u32 = 480;
/// Width of the sheet in inches, along its shorter side.
const PAPER_INCHES: f64 = 8.5;
/// Longer side by shorter.
const LETTER: f64 = 11.0 / 8.5;
const A4: f64 = std::f64::consts::SQRT_2;
/// A sheet's sides seem to be in another proportion by up to this factor.
const SEEN_FROM_AN_ANGLE: f64 = 1.25;
/// This part of the width along each edge is made white: the table shows there.
const RIM: u32 = 150;
/// A flat sheet has no more dots an inch.
const MOST_DPI: f64 = 300.0;
/// Paper in the shade and paper in the light: so many shares of the usual
/// threshold are tried.
const THRESHOLDS: [f32; 3] = [1.0, 0.8, 1.15];

/// A sheet found on a photograph.
pub struct Paper {
    /// As a scanner would have seen it.
    pub flat: Raster,
    /// From the flat sheet's pixels to the photograph's.
    plane: Plane,
    /// Pixels of the photograph.
    photo: (u32, u32),
}

/// The sheet on a photograph; `None` for what is no photograph of a sheet.
pub fn paper(raster: &Raster) -> Option<Paper> {
    if raster.bilevel {
        return None;
    }
    let photo = raster.pixels.dimensions();
    let seen = corners(&raster.pixels)?;
    let length = |a: Point, b: Point| (b[0] - a[0]).hypot(b[1] - a[1]);
    let across = length(seen[0], seen[1]).max(length(seen[3], seen[2]));
    let down = length(seen[0], seen[3]).max(length(seen[1], seen[2]));
    let (across, down) = as_paper(across, down);
    let dpi = across.min(down) / PAPER_INCHES;
    let factor = (MOST_DPI / dpi).min(1.0);
    let size = |length: f64| (length * factor).round().max(1.0);
    let (width, height) = (size(across), size(down));
    let corners = [[0.0, 0.0], [width, 0.0], [width, height], [0.0, height]];
    let plane = Plane::between(&corners, &seen)?;
    let pixels = laid_flat(&raster.pixels, &plane, width as u32, height as u32);
    let dpi = (dpi * factor) as f32;
    let flat = Raster { pixels, bilevel: false, dpi: Dpi { x: dpi, y: dpi } };
    Some(Paper { flat, plane, photo })
}

impl Paper {
    /// What was read on the flat sheet, where it stands on the photograph.
    pub fn carried_back(&self, mut read: RecognizedPage, inches: (f32, f32)) -> RecognizedPage {
        let rotation = read.rotation;
        let carry = |bbox: &mut BBox| *bbox = self.on_photo(*bbox, rotation);
        for word in read.lines.iter_mut().flat_map(|line| line.words_mut()) {
            carry(&mut word.bbox);
        }
        for mark in &mut read.marks {
            carry(&mut mark.bbox);
            mark.label_box.as_mut().map(carry);
        }
        read.inches = match rotation {
            Rotation::None | Rotation::Half => inches,
            Rotation::Quarter | Rotation::ThreeQuarters => (inches.1, inches.0),
        };
        read
    }

    /// A box on the flat sheet when upright, as a box on the photograph when
    /// upright.
    fn on_photo(&self, bbox: BBox, rotation: Rotation) -> BBox {
        let lying = rotation.back().turned(bbox);
        let (width, height) = self.flat.pixels.dimensions();
        let corner = |x: f32, y: f32| {
            let at = [f64::from(x) * f64::from(width), f64::from(y) * f64::from(height)];
            let [x, y] = self.plane.map(at);
            ((x / f64::from(self.photo.0)) as f32, (y / f64::from(self.photo.1)) as f32)
        };
        let (x0, y0, x1, y1) = (lying.x0(), lying.y0(), lying.x1(), lying.y1());
        let around = [corner(x0, y0), corner(x1, y0), corner(x1, y1), corner(x0, y1)]
            .map(|(x, y)| BBox::new(x, y, x, y));
        rotation.turned(BBox::around(around).unwrap_or(BBox::PAGE))
    }
}

/// Sheets seen from an angle look too short: one that may be Letter or A4 is.
fn as_paper(across: f64, down: f64) -> (f64, f64) {
    let ratio = across.max(down) / across.min(down);
    let near = |paper: f64| (ratio / paper).ln().abs();
    let paper = if near(LETTER) <= near(A4) { LETTER } else { A4 };
    if near(paper) > SEEN_FROM_AN_ANGLE.ln() {
        return (across, down);
    }
    if across > down { (across, across / paper) } else { (down / paper, down) }
}

/// The sheet's corners, in pixels of the picture.
fn corners(pixels: &GrayImage) -> Option<[Point; 4]> {
    let (width, height) = pixels.dimensions();
    let factor = f64::from(width.max(height)) / f64::from(LOOK);
    if factor < 1.0 {
        return None;
    }
    let shrunk = |length: u32| ((f64::from(length) / factor).round() as u32).max(1);
    let small = resample(pixels, shrunk(width), shrunk(height));
    let usual = f32::from(otsu(&small));
    THRESHOLDS.into_iter().find_map(|share| {
        let dark = Ink::of(&small, (usual * share).min(250.0) as u8);
        let mut bright = Ink::empty(dark.width(), dark.height());
        for y in 0..dark.height() {
            bright.set_row(y, dark.row(y).iter().map(|bit| 1 - bit));
        }
        let (across, down) = (
            f64::from(width) / f64::from(small.width()),
            f64::from(height) / f64::from(small.height()),
        );
        corners::of_sheet(&bright).map(|found| found.map(|[x, y]| [x * across, y * down]))
    })
}

/// Each pixel of the flat sheet from the four that lie around its place on the
/// photograph; white beyond its edge and along the sheet's.
fn laid_flat(photo: &GrayImage, plane: &Plane, width: u32, height: u32) -> GrayImage {
    let grey = |x: i64, y: i64| -> f64 {
        let inside = x >= 0 && y >= 0 && x < photo.width().into() && y < photo.height().into();
        if inside { photo.get_pixel(x as u32, y as u32).0[0].into() } else { 255.0 }
    };
    let rim = width.min(height) / RIM;
    GrayImage::from_fn(width, height, |x, y| {
        if x < rim || y < rim || x + rim >= width || y + rim >= height {
            return image::Luma([255]);
        }
        let [x, y] = plane.map([f64::from(x) + 0.5, f64::from(y) + 0.5]);
        let (x, y) = (x - 0.5, y - 0.5);
        let (left, top) = (x.floor(), y.floor());
        let (dx, dy) = (x - left, y - top);
        let (left, top) = (left as i64, top as i64);
        let row = |y: i64| grey(left, y) * (1.0 - dx) + grey(left + 1, y) * dx;
        image::Luma([(row(top) * (1.0 - dy) + row(top + 1) * dy).round() as u8])
    })
}
