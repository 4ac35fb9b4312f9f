//! A second, independent look at one place of a page: only the characters
//! that may stand there, both readers, several sizes, and a vote.

use std::time::Duration;

use image::{GrayImage, imageops};

use super::engines::Engines;
use super::geometry::{SQUARE_DPI, resample};
use super::ink::Area;
use super::reading::RawWord;
use super::sheet::Sheet;
use super::skew::Skew;
use crate::vocab::{Alphabet, Answer, BBox, Confidence, Question};

/// The region is read with this much around it, in inches: boxes are tight,
/// and a clipped first letter is a wrong one.
const AROUND_INCHES: f32 = 0.04;
/// White rim that Tesseract wants around a line, in pixels.
const RIM: u32 = 10;
/// Sizes the region is read at, against 204 dpi. Each makes its own mistakes.
const SCALES: [f32; 3] = [1.0, 1.5, 0.75];
/// Belief in what all, two and only one of the readings saw.
const AGREEMENT: [f32; 3] = [0.5, 0.8, 1.0];
/// A region with less ink than this, in pixels, is empty; a full stop in
/// 10-point type has nine. Tesseract reads an "O" in pure white.
const LEAST_INK: usize = 12;
const DEADLINE: Duration = Duration::from_secs(3);

/// Answers one question about a straight, cleaned sheet.
pub fn answer(sheet: &Sheet, skew: &Skew, question: &Question, engines: &mut Engines) -> Answer {
    let Some(region) = region(sheet, skew, question.bbox) else {
        return told(question, String::new(), 0.0);
    };
    let mut readings: Vec<(String, f32)> = Vec::new();
    let alphabet = question.alphabet;
    if let Some(words) = engines.own_line(&region, characters(alphabet)) {
        readings.push(joined(&words, alphabet));
    }
    for scale in SCALES {
        if readings.len() < SCALES.len() {
            readings.push(by_tesseract(&region, scale, alphabet, engines));
        }
    }
    let (text, confidence) = vote(&readings);
    told(question, text, confidence)
}

fn told(question: &Question, text: String, confidence: f32) -> Answer {
    Answer {
        question: question.clone(),
        text: text.into(),
        confidence: Confidence::new(confidence),
    }
}

/// The pixels of a box on the upright page, cut from the straight one, with a
/// white rim.
fn region(sheet: &Sheet, skew: &Skew, bbox: BBox) -> Option<GrayImage> {
    let (width, height) = (sheet.image.width() as f32, sheet.image.height() as f32);
    let (x, y) = skew.forth(bbox.center_x() * width, bbox.center_y() * height);
    let around = AROUND_INCHES * SQUARE_DPI;
    let (dx, dy) = (bbox.width() * width / 2.0 + around, bbox.height() * height / 2.0 + around);
    let area = Area {
        x0: (x - dx).max(0.0) as usize,
        y0: (y - dy).max(0.0) as usize,
        x1: (x + dx).clamp(0.0, width) as usize,
        y1: (y + dy).clamp(0.0, height) as usize,
    };
    if area.width() < 4 || area.height() < 4 || sheet.ink.count(&area) < LEAST_INK {
        return None;
    }
    let cut = imageops::crop_imm(
        &sheet.image,
        area.x0 as u32,
        area.y0 as u32,
        area.width() as u32,
        area.height() as u32,
    )
    .to_image();
    let mut rimmed =
        GrayImage::from_pixel(cut.width() + 2 * RIM, cut.height() + 2 * RIM, image::Luma([255]));
    imageops::replace(&mut rimmed, &cut, i64::from(RIM), i64::from(RIM));
    Some(rimmed)
}

fn by_tesseract(
    region: &GrayImage,
    scale: f32,
    alphabet: Alphabet,
    engines: &mut Engines,
) -> (String, f32) {
    let size = |length: u32| ((length as f32 * scale).round() as u32).max(1);
    let image = resample(region, size(region.width()), size(region.height()));
    let dpi = SQUARE_DPI * scale;
    joined(&engines.tesseract_line(&image, dpi, characters(alphabet), DEADLINE), alphabet)
}

/// The words of a region as one text, as sure as its worst word.
fn joined(words: &[RawWord], alphabet: Alphabet) -> (String, f32) {
    let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    let separator = match alphabet {
        Alphabet::Digits | Alphabet::Codes => "",
        Alphabet::Any => " ",
    };
    let least = words.iter().map(|word| word.confidence).reduce(f32::min);
    (texts.join(separator), least.unwrap_or(0.0))
}

fn characters(alphabet: Alphabet) -> &'static str {
    match alphabet {
        Alphabet::Digits => "0123456789",
        Alphabet::Codes => "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
        Alphabet::Any => "",
    }
}

/// The text most readings agree on; among equals the surest. Nothing read
/// wins only when no reading saw anything.
fn vote(readings: &[(String, f32)]) -> (String, f32) {
    let mut best = (String::new(), 0.0, 0.0f32);
    for (text, _) in readings.iter().filter(|(text, _)| !text.is_empty()) {
        let same: Vec<f32> =
            readings.iter().filter(|(other, _)| other == text).map(|(_, sure)| *sure).collect();
        let sum: f32 = same.iter().sum();
        let agreement = AGREEMENT[same.len().clamp(1, AGREEMENT.len()) - 1];
        let rank = same.len() as f32 + sum / 100.0;
        if rank > best.1 {
            best = (text.clone(), rank, agreement * sum / same.len() as f32);
        }
    }
    (best.0, best.2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(text: &str, sure: f32) -> (String, f32) {
        (text.to_owned(), sure)
    }

    #[test]
    fn the_majority_wins_and_agreement_is_confidence() {
        let (text, two) =
            vote(&[reading("E0424", 0.8), reading("EO424", 0.95), reading("E0424", 0.8)]);
        assert_eq!(text, "E0424");
        let (_, three) =
            vote(&[reading("E0424", 0.8), reading("E0424", 0.8), reading("E0424", 0.8)]);
        let (_, one) = vote(&[reading("E0424", 0.8), reading("", 0.0), reading("E042", 0.7)]);
        assert!(three > two && two > one);
        assert_eq!(vote(&[reading("", 0.0), reading("", 0.0)]), (String::new(), 0.0));
    }
}
