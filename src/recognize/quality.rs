//! How well a page was read, as one figure.

use super::ink::{Area, Ink};
use super::reading::RawWord;

/// A word is believed from this confidence on, with at least two letters or
/// digits.
pub const BELIEVED: f32 = 0.5;
/// Ink around a word's box counts as its own up to this many pixels.
const RIM: usize = 4;
/// A page with fewer believed words than this …
const FEW_WORDS: usize = 4;
/// … but more ink than so many letters of 10-point type (about 90 pixels
/// each) was not read.
const MUCH_INK: usize = 60 * 90;
/// Share of the ink that no word explains at which a page counts as half
/// read: logos, signatures and photographs are normal, so less costs little.
const UNEXPLAINED_PENALTY: f32 = 0.4;

/// What a reading amounts to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quality {
    /// 0 to 1.
    pub confidence: f32,
    /// Words that are believed.
    pub believed: usize,
    /// There is something on the page and nothing of it could be read.
    pub unreadable: bool,
}

impl Quality {
    /// Of a page whose pixels were not read.
    pub const NOTHING: Self = Self { confidence: 0.0, believed: 0, unreadable: false };
}

/// Judges the words read from the cleaned ink of a page; `letters` is the ink
/// of letter-sized pieces.
pub fn quality(words: &[RawWord], letters: &Ink) -> Quality {
    let believed =
        words.iter().filter(|word| word.confidence >= BELIEVED && word.letters() >= 2).count();
    let weight: usize = words.iter().map(RawWord::letters).sum();
    let mean = if weight == 0 {
        0.0
    } else {
        words.iter().map(|word| word.confidence * word.letters() as f32).sum::<f32>()
            / weight as f32
    };
    let ink = letters.count(&letters.area());
    let unexplained =
        if ink == 0 { 0.0 } else { 1.0 - explained(words, letters) as f32 / ink as f32 };
    let confidence = mean * (1.0 - UNEXPLAINED_PENALTY * unexplained.clamp(0.0, 1.0));
    Quality { confidence, believed, unreadable: believed < FEW_WORDS && ink > MUCH_INK }
}

fn explained(words: &[RawWord], letters: &Ink) -> usize {
    let mut left = letters.clone();
    words
        .iter()
        .filter(|word| word.confidence >= BELIEVED)
        .map(|word| {
            let [x, y, width, height] = word.place.map(|v| v.max(0.0) as usize);
            let area = Area { x0: x, y0: y, x1: x + width, y1: y + height }.grown(
                RIM,
                letters.width(),
                letters.height(),
            );
            let ink = left.count(&area);
            // Counted once, also where boxes overlap.
            left.clear(&area);
            ink
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page_of_letters() -> Ink {
        let mut ink = Ink::empty(1000, 1000);
        for line in 0..20 {
            for y in 0..20 {
                for letter in 0..20 {
                    ink.set(50 + 40 * line + y, 50 + 40 * letter, 60 + 40 * letter, true);
                }
            }
        }
        ink
    }

    fn word(line: usize, confidence: f32) -> RawWord {
        RawWord {
            text: "abcdefgh".into(),
            place: [45.0, 45.0 + 40.0 * line as f32, 850.0, 30.0],
            confidence,
            line: [1, 1, line as u32],
        }
    }

    #[test]
    fn ink_without_words_is_unreadable_and_half_read_is_worse_than_read() {
        let ink = page_of_letters();
        assert!(quality(&[], &ink).unreadable);
        let all: Vec<RawWord> = (0..20).map(|line| word(line, 0.9)).collect();
        let (whole, half) = (quality(&all, &ink), quality(&all[..10], &ink));
        assert!(!whole.unreadable && whole.confidence > 0.85);
        assert!(half.confidence < whole.confidence);
        assert!(!quality(&[], &Ink::empty(100, 100)).unreadable);
    }
}
