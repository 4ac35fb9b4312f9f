//! How much trouble is taken with a cleaned, upright page.

use std::time::Duration;

use super::clean::Cleaned;
use super::engines::Engines;
use super::ink::{Area, Ink};
use super::letters::densest_band;
use super::native::Layout;
use super::overlay::overlaid;
use super::quality::{Quality, quality};
use super::reading::Reading;
use super::sheet::Sheet;
use super::tesseract_only;

/// How much time a page is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// One reading: is it urgent, what is it?
    Triage,
    /// One careful reading; a page that comes out poor is read again in harder
    /// ways and, where that is of use, by Tesseract.
    Full,
}

/// A page of which our own reader makes less than this is faint or worn: it is
/// read again with thicker strokes. Above, that adds half a word in a hundred
/// and takes more than half of the time again.
const FAINT: f32 = 0.6;
/// Below this Tesseract may know better: it tries a part of the page.
const DOUBTFUL: f32 = 0.85;
/// Height of that part, where most letters are.
const TRIED_INCHES: f32 = 1.2;
/// Tesseract reads the whole page where it has added so many letters to a
/// hundred of the part. To most worn pages it adds two words in a hundred for
/// twice the time; to some, and where a typeface is strange to our own reader,
/// many.
const WORTH_IT: f32 = 0.08;
/// And so many at least.
const LEAST_ADDED: f32 = 6.0;
/// Tesseract's confidences are not shares of right words, as ours are.
const TRUST_IN_TESSERACT: f32 = 0.85;

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
        return tesseract_only::read(engines, page, effort, deadline, judged);
    };
    if own.1.confidence >= DOUBTFUL || effort == Effort::Triage {
        return own;
    }
    let is_faint = own.1.confidence < FAINT;
    if !is_faint && !engines.has_second() {
        return own;
    }
    // Faint strokes hold together when they are thicker, and strong ones run
    // into each other: of every word the surer reading is kept.
    let thick = page.thickened();
    let mut best = own;
    if is_faint && let Some(again) = engines.page(&thick) {
        best = judged(overlaid(best.0, again, 1.0));
    }
    if best.1.confidence < DOUBTFUL && engines.has_second() {
        let part = densest_band(letters, TRIED_INCHES);
        best = judged(second_opinion(engines, best.0, &thick.without_frames(), &part, deadline));
    }
    best
}

/// Lets Tesseract try a part of the page, and read all of it if that was of
/// use.
fn second_opinion(
    engines: &mut Engines,
    first: Reading,
    page: &Sheet,
    part: &Area,
    deadline: Duration,
) -> Reading {
    let mut tried = engines.tesseract_page(&page.part(part).image, Layout::Column, deadline);
    for word in &mut tried.words {
        word.place[1] += part.y0 as f32;
    }
    let there = within(&first, part);
    let with_second = overlaid(there.clone(), tried.clone(), TRUST_IN_TESSERACT);
    let added = with_second.believed() - there.believed();
    let second = if added >= LEAST_ADDED.max(WORTH_IT * there.letters() as f32) {
        engines.tesseract_page(&page.image, Layout::Column, deadline)
    } else {
        tried
    };
    overlaid(first, second, TRUST_IN_TESSERACT)
}

/// The words whose middle is in a band of the page.
fn within(reading: &Reading, band: &Area) -> Reading {
    let rows = band.y0 as f32..band.y1 as f32;
    let words = reading.words.iter().filter(|word| rows.contains(&word.middle())).cloned();
    Reading { words: words.collect(), timed_out: reading.timed_out }
}
