//! Words as Tesseract gives them become lines with boxes on the upright page.

use super::reading::RawWord;
use super::recognized::{Line, Word};
use super::skew::Skew;
use crate::vocab::{BBox, Confidence, EvidenceSource};

/// Less sure than this, a word is noise: a logo, a smear, a signature.
const NOISE: f32 = 0.05;
/// Marks without letter or digit are kept only from here on; below they are
/// remains of lines and frames.
const LEAST_MARK: f32 = 0.5;

/// Groups words into lines in Tesseract's reading order, left to right.
/// `size` is the image's in pixels.
pub fn lines(words: &[RawWord], skew: &Skew, size: (u32, u32)) -> Vec<Line> {
    words
        .chunk_by(|a, b| a.line == b.line)
        .filter_map(|line| {
            let mut words: Vec<Word> = line
                .iter()
                .filter(|word| is_believable(word))
                .map(|w| word(w, skew, size))
                .collect();
            words.sort_by(|a, b| a.bbox.x0().total_cmp(&b.bbox.x0()));
            Line::new(words)
        })
        .collect()
}

fn is_believable(word: &RawWord) -> bool {
    let said = word.text.chars().any(char::is_alphanumeric);
    let bracket = word.text.chars().all(|c| "[]()☐☒☑□".contains(c));
    word.confidence >= if said || bracket { NOISE } else { LEAST_MARK }
}

fn word(raw: &RawWord, skew: &Skew, size: (u32, u32)) -> Word {
    let [x, y, width, height] = raw.place;
    // The middle is carried back; width and height stay, because the box of a
    // turned box would reach into the lines above and below.
    let (x, y) = skew.back(x + width / 2.0, y + height / 2.0);
    let bbox = BBox::from_pixels(
        x - width / 2.0,
        y - height / 2.0,
        width,
        height,
        size.0 as f32,
        size.1 as f32,
    );
    Word {
        text: raw.text.clone().into(),
        bbox,
        confidence: Confidence::new(raw.confidence),
        source: EvidenceSource::Ocr,
    }
}

/// Without the words that `drop` names.
pub fn without(lines: Vec<Line>, drop: impl Fn(&Word) -> bool) -> Vec<Line> {
    lines
        .into_iter()
        .filter_map(|line| {
            let words: Vec<Word> =
                line.words().iter().filter(|word| !drop(word)).cloned().collect();
            Line::new(words)
        })
        .collect()
}

/// Share of `inner` that lies within `outer`.
pub fn covered(inner: BBox, outer: BBox) -> f32 {
    let width = inner.x1().min(outer.x1()) - inner.x0().max(outer.x0());
    let height = inner.y1().min(outer.y1()) - inner.y0().max(outer.y0());
    let size = inner.width() * inner.height();
    if width <= 0.0 || height <= 0.0 || size <= 0.0 { 0.0 } else { width * height / size }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(text: &str, x: f32, line: u32, confidence: f32) -> RawWord {
        RawWord { text: text.into(), place: [x, 100.0, 50.0, 20.0], confidence, line: [1, 1, line] }
    }

    #[test]
    fn words_join_to_lines_and_noise_is_dropped() {
        let words = [
            raw("two", 90.0, 1, 0.9),
            raw("one", 10.0, 1, 0.9),
            raw("~", 5.0, 2, 0.2),
            raw("x", 5.0, 3, 0.01),
        ];
        let lines = lines(&words, &Skew::NONE, (1000, 1000));
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].text(), "one two");
        assert_eq!(lines[0].words()[0].bbox, BBox::new(0.01, 0.1, 0.06, 0.12));
    }

    #[test]
    fn cover_is_a_share_of_the_inner_box() {
        let inner = BBox::new(0.1, 0.1, 0.2, 0.2);
        assert!((covered(inner, BBox::PAGE) - 1.0).abs() < 1e-6);
        assert!((covered(inner, BBox::new(0.15, 0.0, 1.0, 1.0)) - 0.5).abs() < 1e-3);
        assert!(covered(inner, BBox::new(0.5, 0.5, 1.0, 1.0)) == 0.0);
    }
}
