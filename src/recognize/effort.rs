//! How much trouble is taken with a cleaned, upright page.

use std::time::Duration;

use image::GrayImage;

use super::clean::{Cleaned, for_reading};
use super::engines::Engines;
use super::geometry::{SQUARE_DPI, resample};
use super::ink::Ink;
use super::native::{Layout, Reading};
use super::orientation;
use super::overlay::overlaid;
use super::quality::{Quality, quality};
use super::smooth::thickened;

/// How much time a page is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// One reading, by Tesseract of a smaller image: is it urgent, what is it?
    Triage,
    /// One careful reading; a page that comes out poor is read again in harder
    /// ways and by Tesseract.
    Full,
}

/// A page of which our own reader makes less than this it reads again, and
/// where that does not help, Tesseract reads it as well …
const DOUBTFUL: f32 = 0.85;
/// … and below this twice.
const HARDLY_READ: f32 = 0.45;
/// Tesseract's confidences are not shares of right words, as ours are.
const TRUST_IN_TESSERACT: f32 = 0.85;
/// Tesseract alone: below this a page is read again with its strokes made
/// thicker, since faint ones break …
const POOR: f32 = 0.55;
/// … and below this as scattered text: stamps, labels and handwriting around a
/// form confuse the search for lines.
const SCATTERED: f32 = 0.4;
/// Scattered text loses the order of the lines, so it must be better by this
/// factor.
const BETTER_BY: f32 = 1.25;
/// Dots an inch of the quick reading. It loses two words in a hundred and
/// takes three quarters of the time.
const QUICK_DPI: f32 = 150.0;

/// Reads a page; `letters` is the ink of its letter-sized pieces.
pub fn read(
    engines: &mut Engines,
    page: &Cleaned,
    letters: &Ink,
    effort: Effort,
    deadline: Duration,
) -> (Reading, Quality) {
    let judged = |reading: Reading| {
        let quality = quality(&reading.words, letters);
        (reading, quality)
    };
    let Some(own) = engines.page(page).map(judged) else {
        return by_tesseract(engines, page, effort, deadline, judged);
    };
    if own.1.confidence >= DOUBTFUL || effort == Effort::Triage {
        return own;
    }
    // Faint strokes hold together when they are thicker, and strong ones run
    // into each other: of every word the surer reading is kept.
    let thick = page.thickened();
    let mut best = own;
    if let Some(again) = engines.page(&thick) {
        best = judged(overlaid(best.0, again, 1.0));
    }
    if !engines.has_second() {
        return best;
    }
    let mut by_tesseract = |best: (Reading, Quality), image: &GrayImage| {
        let other = engines.tesseract_page(image, Layout::Column, deadline);
        judged(overlaid(best.0, other, TRUST_IN_TESSERACT))
    };
    if best.1.confidence < DOUBTFUL {
        best = by_tesseract(best, &thick.without_frames().image);
    }
    if best.1.confidence < HARDLY_READ {
        best = by_tesseract(best, &for_reading(&page.without_frames()));
    }
    best
}

fn by_tesseract(
    engines: &mut Engines,
    page: &Cleaned,
    effort: Effort,
    deadline: Duration,
    judged: impl Fn(Reading) -> (Reading, Quality),
) -> (Reading, Quality) {
    let sheet = page.without_frames();
    if effort == Effort::Triage {
        return judged(quick(engines, &sheet.image, deadline));
    }
    let image = for_reading(&sheet);
    let mut full =
        |image: &GrayImage, layout| judged(engines.tesseract_page(image, layout, deadline));
    let mut best = full(&image, Layout::Column);
    if best.1.confidence >= POOR || best.0.timed_out {
        return best;
    }
    let thick = full(&thickened(&sheet.image), Layout::Column);
    if thick.1.confidence > best.1.confidence {
        best = thick;
    }
    if best.1.confidence >= SCATTERED {
        return best;
    }
    let scattered = full(&image, Layout::Sparse);
    if score(&scattered.0) >= BETTER_BY * score(&best.0) {
        best = scattered;
    }
    best
}

fn score(reading: &Reading) -> f32 {
    orientation::score(&reading.words)
}

/// Reads a smaller image; words are given where they stand on the larger.
fn quick(engines: &mut Engines, image: &GrayImage, deadline: Duration) -> Reading {
    let factor = QUICK_DPI / SQUARE_DPI;
    let shrunk = |side: u32| ((side as f32 * factor) as u32).max(1);
    let (width, height) = (shrunk(image.width()), shrunk(image.height()));
    let small = resample(image, width, height);
    let engine = engines.tesseract();
    let mut reading = engine.read(&small, QUICK_DPI as u32, Layout::Column, "", deadline);
    for word in &mut reading.words {
        word.place = word.place.map(|value| value / factor);
    }
    reading
}
