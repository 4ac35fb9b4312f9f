//! Helvetica and its bold, which every viewer brings along (ISO 32000-1,
//! 9.6.2.2): how wide a text runs, and how it is encoded.

use lopdf::{Dictionary, dictionary};

/// A standard font.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    /// Helvetica.
    Regular,
    /// Helvetica-Bold.
    Bold,
}

impl Face {
    /// The name it goes by in a page's resources.
    pub fn resource_name(self) -> &'static str {
        match self {
            Self::Regular => "F1",
            Self::Bold => "F2",
        }
    }

    /// Its font dictionary; nothing is embedded.
    pub fn dictionary(self) -> Dictionary {
        let name = match self {
            Self::Regular => "Helvetica",
            Self::Bold => "Helvetica-Bold",
        };
        dictionary! {
            "Type" => "Font",
            "Subtype" => "Type1",
            "BaseFont" => name,
            "Encoding" => "WinAnsiEncoding",
        }
    }

    /// How wide `text` runs at this size, in points.
    pub fn width(self, text: &str, size: f32) -> f32 {
        let thousandths: u32 = encode(text).iter().map(|&code| u32::from(self.advance(code))).sum();
        thousandths as f32 * size / 1000.0
    }

    fn advance(self, code: u8) -> u16 {
        let table = match self {
            Self::Regular => &REGULAR,
            Self::Bold => &BOLD,
        };
        match code {
            0x20..=0x7E => table[usize::from(code - 0x20)],
            0x85 | 0x97 => 1000,
            0x91 | 0x92 | 0xB7 => 278,
            0x93 | 0x94 => 500,
            0x95 => 350,
            // Accented capitals and small letters: as wide as an average one.
            0xC0..=0xDE => 722,
            _ => 556,
        }
    }

    /// `text` in lines no wider than `width`; a word that is too wide alone
    /// is broken. Never empty.
    pub fn wrap(self, text: &str, size: f32, width: f32) -> Vec<String> {
        let mut lines = vec![String::new()];
        for word in text.split_whitespace() {
            for piece in self.pieces(word, size, width) {
                let last = lines.len() - 1;
                let joined = if lines[last].is_empty() {
                    piece.clone()
                } else {
                    format!("{} {piece}", lines[last])
                };
                if lines[last].is_empty() || self.width(&joined, size) <= width {
                    lines[last] = joined;
                } else {
                    lines.push(piece);
                }
            }
        }
        lines
    }

    fn pieces(self, word: &str, size: f32, width: f32) -> Vec<String> {
        let mut pieces = vec![String::new()];
        for character in word.chars() {
            let last = pieces.len() - 1;
            let longer = format!("{}{character}", pieces[last]);
            if pieces[last].is_empty() || self.width(&longer, size) <= width {
                pieces[last] = longer;
            } else {
                pieces.push(character.to_string());
            }
        }
        pieces
    }
}

/// Windows code page 1252; a letter it lacks loses its accent, and anything
/// else becomes `?`, so that nothing is left out unseen.
pub fn encode(text: &str) -> Vec<u8> {
    text.chars()
        .map(|character| match character {
            ' '..='~' | '\u{A0}'..='\u{FF}' => character as u8,
            '€' => 0x80,
            '…' => 0x85,
            '‘' => 0x91,
            '’' => 0x92,
            '“' => 0x93,
            '”' => 0x94,
            '•' => 0x95,
            '–' => 0x96,
            '—' => 0x97,
            'Š' => 0x8A,
            'Œ' => 0x8C,
            'Ž' => 0x8E,
            'š' => 0x9A,
            'œ' => 0x9C,
            'ž' => 0x9E,
            '\u{100}'..='\u{17F}' => LATIN_EXTENDED_A[character as usize - 0x100],
            _ => b'?',
        })
        .collect()
}

/// The letters under the accents of U+0100 to U+017F.
const LATIN_EXTENDED_A: &[u8; 128] = b"\
AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIiIiJjKkkLlLlLlL\
lLlNnNnNnnNnOoOoOoOoRrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs";

/// Adobe's font metrics for Helvetica, codes 0x20 to 0x7E.
#[rustfmt::skip]
const REGULAR: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

/// The same for Helvetica-Bold.
#[rustfmt::skip]
const BOLD: [u16; 95] = [
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611,
    975, 722, 722, 722, 722, 667, 611, 778, 722, 278, 556, 722, 611, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333, 278, 333, 584, 556,
    333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611,
    611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_lose_their_accents_rather_than_themselves() {
        assert_eq!(encode("Łukasz Đorđe Ţepeş Ÿ ſ 漢"), b"Lukasz Dorde Tepes Y s ?");
        assert_eq!(encode("Ňŕ Ūž"), b"Nr U\x9E");
    }

    #[test]
    fn lines_keep_within_their_width_and_lose_nothing() {
        let text =
            "A sentence that is long enough to be wrapped and Averyveryverylongwordwithoutanend.";
        let lines = Face::Regular.wrap(text, 10.0, 80.0);
        assert!(lines.iter().all(|line| Face::Regular.width(line, 10.0) <= 80.0));
        let kept: String = lines.concat().split_whitespace().collect();
        assert_eq!(kept, text.split_whitespace().collect::<String>());
    }
}
