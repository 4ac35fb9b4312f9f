//! Pages that are scans: the stored images are laid on a white sheet dot by
//! dot, at their own resolution, so that a fax inside a PDF stays the fax it
//! was, with its oblong dots.

use hayro::hayro_interpret::font::GlyphRun;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageData, ImageDrawProps, SoftMask,
};
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::{Affine, BezPath};
use image::GrayImage;

use super::size_in_dots;
use super::survey::{self, Placed, Survey};
use crate::decode::Limits;
use crate::decode::grey::{self, Orientation, luma};
use crate::decode::guard::contained;
use crate::decode::pages::{Dpi, Raster};
use crate::vocab::{Note, PageNumber};

/// Share of the page that the images must cover; below, the page is a letter
/// with a logo and its resolution is not the images'.
const MIN_COVER: f64 = 0.5;
/// Dots an inch that are worth keeping; beyond, drawing at a plain resolution
/// loses nothing.
const DPI: std::ops::RangeInclusive<f64> = 72.0..=620.0;
/// How far the resolutions of several images (strips of one scan) may differ.
const SAME: f64 = 0.01;

/// A page put together from its images.
pub(super) struct Pasted {
    pub raster: Raster,
    rows_lost: u32,
}

impl Pasted {
    pub(super) fn notes(&self, number: PageNumber) -> Vec<Note> {
        if self.rows_lost == 0 {
            return Vec::new();
        }
        vec![Note::page(
            "page.rows_lost",
            number,
            format!(
                "{} scan lines of the page's picture cannot be decoded; that part is left white.",
                self.rows_lost
            ),
        )]
    }
}

/// `None` where the page has to be drawn.
pub(super) fn paste(page: &Page<'_>, survey: &Survey, limits: &Limits) -> Option<Pasted> {
    if !survey.is_unaltered() || survey.image_cover() < MIN_COVER {
        return None;
    }
    let per_inch = survey.size.per_inch;
    let (x, y) = common_resolution(&survey.images, per_inch)?;
    let max = limits.max_pixels_per_page;
    let (width, height) = size_in_dots(&survey.size, x, y, max).ok()?;
    let sheet = grey::white(width, height, max).ok()?;
    let mut paster = Paster { sheet, x, y, per_inch, failed: false, rows_lost: 0 };
    contained(|| survey::interpret(page, &mut paster))?;
    if paster.failed {
        return None;
    }
    let bilevel = grey::is_bilevel(&paster.sheet);
    let dpi = Dpi { x: x as f32, y: y as f32 };
    Some(Pasted {
        raster: Raster { pixels: paster.sheet, bilevel, dpi },
        rows_lost: paster.rows_lost,
    })
}

/// Dots an inch across and down, if all images have the same.
fn common_resolution(images: &[Placed], per_inch: f64) -> Option<(f64, f64)> {
    let (x, y) = resolution(images.first()?, per_inch)?;
    let near = |a: f64, b: f64| (a / b - 1.0).abs() <= SAME;
    images
        .iter()
        .all(|image| resolution(image, per_inch).is_some_and(|(ix, iy)| near(ix, x) && near(iy, y)))
        .then_some((x, y))
}

fn resolution(image: &Placed, per_inch: f64) -> Option<(f64, f64)> {
    if !survey::is_axis_aligned(image.transform) {
        return None;
    }
    let [a, b, c, d, ..] = image.transform.as_coeffs();
    // Turned by a quarter, the image's rows run down the page.
    let (x, y) = if a.abs() > b.abs() { (a, d) } else { (c, b) };
    let (x, y) = (per_inch / x.abs(), per_inch / y.abs());
    (DPI.contains(&x) && DPI.contains(&y)).then_some((x, y))
}

/// How the stored pixels must be turned to lie as they are placed.
fn orientation(transform: Affine) -> Orientation {
    let [a, b, c, d, ..] = transform.as_coeffs();
    let tag = if a.abs() > b.abs() {
        match (a > 0.0, d > 0.0) {
            (true, true) => 1,
            (false, true) => 2,
            (false, false) => 3,
            (true, false) => 4,
        }
    } else {
        match (c > 0.0, b > 0.0) {
            (true, true) => 5,
            (false, true) => 6,
            (false, false) => 7,
            (true, false) => 8,
        }
    };
    Orientation::from_tag(tag)
}

struct Paster {
    sheet: GrayImage,
    x: f64,
    y: f64,
    per_inch: f64,
    failed: bool,
    rows_lost: u32,
}

impl Paster {
    /// Lays an image on the sheet. `see_through` leaves white dots open.
    fn lay(&mut self, grey: Vec<u8>, width: u32, rows: u32, placed: &Placed, see_through: bool) {
        let whole = width == placed.width && rows <= placed.height && rows > 0;
        let Some(mut pixels) = whole.then(|| GrayImage::from_raw(width, rows, grey)).flatten()
        else {
            self.failed = true;
            return;
        };
        if rows < placed.height {
            self.rows_lost += placed.height - rows;
            let mut full = GrayImage::from_pixel(placed.width, placed.height, image::Luma([255]));
            image::imageops::replace(&mut full, &pixels, 0, 0);
            pixels = full;
        }
        let pixels = orientation(placed.transform).apply(pixels);
        let corner = placed.rect().origin();
        let left = (corner.x / self.per_inch * self.x).round() as i64;
        let top = (corner.y / self.per_inch * self.y).round() as i64;
        if see_through {
            darken(&mut self.sheet, &pixels, left, top);
        } else {
            image::imageops::replace(&mut self.sheet, &pixels, left, top);
        }
    }
}

fn darken(sheet: &mut GrayImage, ink: &GrayImage, left: i64, top: i64) {
    for (x, y, pixel) in ink.enumerate_pixels() {
        let (x, y) = (i64::from(x) + left, i64::from(y) + top);
        let inside = (0..i64::from(sheet.width())).contains(&x)
            && (0..i64::from(sheet.height())).contains(&y);
        if inside {
            let place = sheet.get_pixel_mut(x as u32, y as u32);
            place.0[0] = place.0[0].min(pixel.0[0]);
        }
    }
}

impl<'a> Device<'a> for Paster {
    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        let placed =
            Placed { transform: props.transform, width: image.width(), height: image.height() };
        let mut decoded = None;
        let see_through = match &image {
            Image::Raster(raster) => {
                raster.with_rgba(|data, alpha| decoded = alpha.is_none().then(|| flat(data)), None);
                false
            }
            Image::Stencil(stencil) => {
                stencil.with_stencil(
                    |mask, _| {
                        let grey = mask.data.iter().map(|holes| 255 - holes).collect();
                        decoded = Some((grey, mask.width, mask.height));
                    },
                    None,
                );
                true
            }
        };
        match decoded {
            Some((grey, width, rows)) => self.lay(grey, width, rows, &placed, see_through),
            None => self.failed = true,
        }
    }

    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn draw_glyph_run(&mut self, _: &GlyphRun<'_, 'a>, _: DrawProps<'a>, _: &DrawMode) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}

fn flat(data: ImageData) -> (Vec<u8>, u32, u32) {
    match data {
        ImageData::Luma(grey) => (grey.data, grey.width, grey.height),
        ImageData::Rgb(rgb) => {
            let grey = rgb.data.chunks_exact(3).map(|p| luma(p[0], p[1], p[2])).collect();
            (grey, rgb.width, rgb.height)
        }
    }
}
