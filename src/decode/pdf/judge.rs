//! Whether a text layer says what is seen.
//!
//! Fonts are often embedded with a character map that is missing, shifted or
//! broken ("e昀昀icient" for "efficient"). The page's picture is always right, so
//! a doubtful layer is dropped and the page read like a fax.

use super::survey::Glyph;

/// What is thought of the layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// There is none.
    NoText,
    /// It may be used.
    Trusted,
    /// It must not be; with the reason, for the note.
    Distrusted(&'static str),
}

/// Share of glyphs without a character, or with a control or private-use one.
/// Bullets and tick marks of symbol fonts stay far below.
const MAX_NAMELESS: f64 = 0.03;
/// Share of letters from scripts that do not mix with Latin, on a page that is
/// mostly Latin. One broken ligature in two hundred letters reaches it.
const MAX_FOREIGN: f64 = 0.003;
/// How often letters stand in English text, in 1/1000, a to z.
const ENGLISH: [f64; 26] = [
    82.0, 15.0, 28.0, 43.0, 127.0, 22.0, 20.0, 61.0, 70.0, 2.0, 8.0, 40.0, 24.0, 67.0, 75.0, 19.0,
    1.0, 60.0, 63.0, 91.0, 28.0, 10.0, 24.0, 2.0, 20.0, 1.0,
];
/// Least likeness of the page's letters to [`ENGLISH`], in 1/1000: the chance
/// that a letter of the page and one of the language are the same. English has
/// 65, Spanish 62; of 100 pages measured, lists of laboratory values were
/// lowest with 51. Shifted alphabets have 32 to 45.
const MIN_LIKENESS: f64 = 45.0;
/// Letters from which the likeness means something.
const ENOUGH_LETTERS: usize = 150;

pub(super) fn judge(glyphs: &[Glyph]) -> Verdict {
    let mut counts = Counts::default();
    for glyph in glyphs {
        match &glyph.text {
            None => counts.nameless += 1,
            Some(text) => text.chars().for_each(|c| counts.count(c)),
        }
    }
    counts.verdict()
}

#[derive(Default)]
struct Counts {
    all: usize,
    nameless: usize,
    latin: usize,
    letters: [usize; 26],
    foreign: usize,
}

impl Counts {
    fn count(&mut self, c: char) {
        if c.is_whitespace() {
            return;
        }
        if is_nameless(c) {
            self.nameless += 1;
            return;
        }
        self.all += 1;
        if c.is_ascii_alphabetic() {
            self.latin += 1;
            self.letters[usize::from(c.to_ascii_lowercase() as u8 - b'a')] += 1;
        } else if is_foreign(c) {
            self.foreign += 1;
        }
    }

    fn likeness(&self) -> f64 {
        let sum: f64 =
            self.letters.iter().zip(ENGLISH).map(|(count, often)| *count as f64 * often).sum();
        sum / self.latin.max(1) as f64
    }

    fn verdict(&self) -> Verdict {
        let share = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;
        let glyphs = self.all + self.nameless;
        if glyphs == 0 {
            return Verdict::NoText;
        }
        if share(self.nameless, glyphs) > MAX_NAMELESS {
            return Verdict::Distrusted("its fonts do not name their characters");
        }
        let mostly_latin = self.latin > self.foreign;
        if mostly_latin && share(self.foreign, self.latin + self.foreign) > MAX_FOREIGN {
            return Verdict::Distrusted("characters of other scripts stand inside words");
        }
        if self.latin >= ENOUGH_LETTERS && self.likeness() < MIN_LIKENESS {
            return Verdict::Distrusted("its letters do not form words");
        }
        Verdict::Trusted
    }
}

/// Control characters, private use, the replacement character.
pub(super) fn is_nameless(c: char) -> bool {
    c.is_control()
        || c == '\u{FFFD}'
        || matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}')
}

/// Letters that do not stand on an English page: everything from the Hebrew
/// block up, except punctuation, symbols and Latin's own extensions.
fn is_foreign(c: char) -> bool {
    c.is_alphabetic()
        && matches!(c, '\u{0590}'..='\u{1DFF}' | '\u{2C00}'..='\u{A71F}' | '\u{A800}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(text: &str) -> Verdict {
        let mut counts = Counts::default();
        text.chars().for_each(|c| counts.count(c));
        counts.verdict()
    }

    #[test]
    fn broken_maps_are_told_from_odd_pages() {
        let page = "Hospital bed, semi-electric, with side rails and mattress. E0260 RR. ";
        assert_eq!(verdict(""), Verdict::NoText);
        assert_eq!(verdict(page), Verdict::Trusted);
        assert_eq!(verdict(&page.repeat(5)), Verdict::Trusted);
        assert_eq!(verdict("\u{F0A8} Ordering provider: see the attached page"), Verdict::Trusted);
        let broken = format!("{page}an e\u{6600}\u{6600}icient way");
        assert!(matches!(verdict(&broken), Verdict::Distrusted(_)));
        assert!(matches!(verdict(&"\u{F041}\u{F042} a".repeat(9)), Verdict::Distrusted(_)));
        let shifted: String = page
            .repeat(5)
            .chars()
            .map(|c| {
                if c.is_ascii_lowercase() { ((c as u8 - b'a' + 23) % 26 + b'a') as char } else { c }
            })
            .collect();
        assert!(matches!(verdict(&shifted), Verdict::Distrusted(_)), "{shifted}");
    }
}
