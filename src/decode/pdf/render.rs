//! Pages that have to be drawn.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hayro::hayro_interpret::{InterpreterSettings, InterpreterWarning};
use hayro::hayro_syntax::page::Page;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};
use image::GrayImage;

use super::size_in_dots;
use super::survey::Survey;
use crate::decode::grey::{self, luma};
use crate::decode::guard::contained;
use crate::decode::pages::{Dpi, Raster};
use crate::decode::{Limits, Unreadable};
use crate::vocab::{Note, PageNumber};

/// Code of the note about a picture that could not be decoded.
pub(super) const IMAGE_LOST: &str = "page.image_lost";

/// Dots an inch of text and lines. A fine fax has 204 across; recognition was
/// measured there.
const PLAIN_DPI: f64 = 204.0;
/// Dots an inch up to which the resolution of images is followed. Recognition
/// gains nothing beyond 300; 400 leaves room for small print.
const MAX_DPI: f64 = 400.0;
/// Dots an inch below which a page is refused rather than drawn: letters of 10
/// points are then 10 dots high.
const MIN_DPI: f64 = 72.0;
/// Share of the page from which an image's resolution counts.
const SCAN_COVER: f64 = 0.3;
/// Dots a side; the renderer counts in 16 bits.
const MAX_SIDE: f64 = 65_000.0;

/// Draws a page on white.
pub(super) fn render(
    page: &Page<'_>,
    survey: &Survey,
    number: PageNumber,
    limits: &Limits,
) -> Result<(Raster, Vec<Note>), Unreadable> {
    let max = limits.max_pixels_per_page;
    let wanted = wanted_dpi(survey);
    let dpi = affordable_dpi(survey, wanted, max);
    // Says by how much, where even the lowest does not fit.
    size_in_dots(&survey.size, dpi.max(MIN_DPI), dpi.max(MIN_DPI), max)?;
    let lost = Arc::new(AtomicBool::new(false));
    let pixels = contained(|| draw(page, dpi, survey.size.per_inch, &lost))
        .flatten()
        .ok_or(Unreadable::PageDamaged { page: number, what: "it cannot be drawn" })?;
    let mut notes = Vec::new();
    if lost.load(Ordering::Relaxed) {
        notes.push(Note::page(
            IMAGE_LOST,
            number,
            "A picture on the page cannot be decoded and is missing.",
        ));
    }
    if dpi < wanted {
        notes.push(Note::page(
            "page.reduced",
            number,
            format!("The page is very large and was drawn at {dpi:.0} dots an inch only."),
        ));
    }
    let bilevel = grey::is_bilevel(&pixels);
    let dpi = Dpi { x: dpi as f32, y: dpi as f32 };
    Ok((Raster { pixels, bilevel, dpi }, notes))
}

fn wanted_dpi(survey: &Survey) -> f64 {
    let page_area = survey.size.width * survey.size.height;
    survey
        .images
        .iter()
        .filter(|image| image.rect().area() >= SCAN_COVER * page_area)
        .map(|image| {
            let [a, b, c, d, ..] = image.transform.as_coeffs();
            let (x, y) = (a.hypot(b), c.hypot(d));
            survey.size.per_inch / x.min(y)
        })
        .fold(PLAIN_DPI, f64::max)
        .min(MAX_DPI)
}

fn affordable_dpi(survey: &Survey, wanted: f64, max_pixels: u64) -> f64 {
    let (width, height) =
        (survey.size.width / survey.size.per_inch, survey.size.height / survey.size.per_inch);
    // A thousandth less, so that rounding up to whole dots stays inside.
    let by_area = (max_pixels as f64 / (width * height)).sqrt() * 0.999;
    let by_side = MAX_SIDE / width.max(height);
    wanted.min(by_area).min(by_side)
}

fn draw(page: &Page<'_>, dpi: f64, per_inch: f64, lost: &Arc<AtomicBool>) -> Option<GrayImage> {
    let sink = Arc::clone(lost);
    let settings = InterpreterSettings {
        warning_sink: Arc::new(move |warning| {
            if matches!(warning, InterpreterWarning::ImageDecodeFailure) {
                sink.store(true, Ordering::Relaxed);
            }
        }),
        ..InterpreterSettings::default()
    };
    let scale = (dpi / per_inch) as f32;
    let pixmap = hayro::render(
        page,
        &RenderCache::new(),
        &settings,
        &RenderSettings::default(),
        &PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE },
    );
    let (width, height) = (u32::from(pixmap.width()), u32::from(pixmap.height()));
    let grey = pixmap.data().iter().map(|p| luma(p.r, p.g, p.b)).collect();
    GrayImage::from_raw(width, height, grey).filter(|_| width > 0 && height > 0)
}
