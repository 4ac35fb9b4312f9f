//! How much trouble is taken with a cleaned, upright page.

use std::time::Duration;

use image::GrayImage;

use super::clean::for_reading;
use super::geometry::{SQUARE_DPI, resample};
use super::ink::Ink;
use super::native::{Engine, Layout, Reading};
use super::orientation;
use super::quality::{Quality, quality};
use super::sheet::Sheet;
use super::smooth::thickened;

/// How much time a page is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// One quick reading of a smaller image: is it urgent, what is it?
    Triage,
    /// One careful reading; a page that comes out poor is tried again in
    /// harder ways, and the best reading wins.
    Full,
}

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

/// Reads a page; `letters` is the ink of its letter-sized pieces.
pub fn read(
    engine: &mut Engine,
    sheet: &Sheet,
    letters: &Ink,
    effort: Effort,
    deadline: Duration,
) -> (Reading, Quality) {
    if effort == Effort::Triage {
        let reading = quick(engine, &sheet.image, deadline);
        let quality = quality(&reading.words, letters);
        return (reading, quality);
    }
    let image = for_reading(sheet);
    let mut full = |image: &GrayImage, layout| {
        let reading = engine.read(image, SQUARE_DPI as u32, layout, "", deadline);
        let quality = quality(&reading.words, letters);
        (reading, quality)
    };
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
    let score = |reading: &Reading| orientation::score(&reading.words);
    if score(&scattered.0) >= BETTER_BY * score(&best.0) {
        best = scattered;
    }
    best
}

/// Reads a smaller image; words are given where they stand on the larger.
fn quick(engine: &mut Engine, image: &GrayImage, deadline: Duration) -> Reading {
    let factor = QUICK_DPI / SQUARE_DPI;
    let shrunk = |side: u32| ((side as f32 * factor) as u32).max(1);
    let (width, height) = (shrunk(image.width()), shrunk(image.height()));
    let small = resample(image, width, height);
    let mut reading = engine.read(&small, QUICK_DPI as u32, Layout::Column, "", deadline);
    for word in &mut reading.words {
        word.place = word.place.map(|value| value / factor);
    }
    reading
}
