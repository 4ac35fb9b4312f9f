//! Pages read by Tesseract alone, for those who have chosen that.

use std::time::Duration;

use image::GrayImage;

use super::clean::{Cleaned, for_reading};
use super::effort::Effort;
use super::engines::Engines;
use super::geometry::{SQUARE_DPI, resample};
use super::native::Layout;
use super::orientation;
use super::quality::Quality;
use super::reading::Reading;
use super::smooth::thickened;

/// Below this a page is read again with its strokes made thicker, since faint
/// ones break …
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

/// Reads a page; `judged` says how well it went.
pub fn read(
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
