//! Fonts of the pages we set: Helvetica, and for what its code page lacks a
//! lookalike that carries the true character in its map.

use std::collections::HashMap;
use std::fmt::Write as _;

use lopdf::{Dictionary, Object, Stream, dictionary};

/// Codes of one further font.
const CODES: usize = 255;

/// A character as it is written: in which font, by which code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Coded {
    pub font: Font,
    pub code: u8,
}

/// A font by the name it has on every page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Font {
    Regular,
    Bold,
    /// One of those with characters of their own.
    Further(usize),
}

impl Font {
    pub(super) fn name(self) -> String {
        match self {
            Self::Regular => "F1".into(),
            Self::Bold => "F2".into(),
            Self::Further(place) => format!("X{place}"),
        }
    }
}

/// The fonts used, growing as characters come up.
#[derive(Default)]
pub(super) struct Fonts {
    further: Vec<Further>,
    places: HashMap<char, Coded>,
}

/// A standard font whose codes are given one by one.
struct Further {
    base: &'static str,
    characters: Vec<(char, &'static str, u16)>,
}

impl Fonts {
    /// How to write `character`.
    pub(super) fn code(&mut self, character: char, bold: bool) -> Coded {
        if let Some(code) = win_ansi(character) {
            return Coded { font: if bold { Font::Bold } else { Font::Regular }, code };
        }
        if let Some(known) = self.places.get(&character) {
            return *known;
        }
        let (base, glyph) = lookalike(character);
        let place = self
            .further
            .iter()
            .position(|font| font.base == base && font.characters.len() < CODES)
            .unwrap_or_else(|| {
                self.further.push(Further { base, characters: Vec::new() });
                self.further.len() - 1
            });
        let font = &mut self.further[place];
        font.characters.push((character, glyph, width(character, false)));
        let coded = Coded { font: Font::Further(place), code: font.characters.len() as u8 };
        self.places.insert(character, coded);
        coded
    }

    /// Font dictionaries by name; the maps are streams of their own, so they
    /// are handed to `add` first.
    pub(super) fn dictionaries(&self, mut add: impl FnMut(Object) -> Object) -> Dictionary {
        let mut fonts =
            dictionary! { "F1" => standard("Helvetica"), "F2" => standard("Helvetica-Bold") };
        for (place, font) in self.further.iter().enumerate() {
            let map = add(Stream::new(dictionary! {}, font.unicode_map().into_bytes()).into());
            let mut differences = vec![Object::from(1)];
            differences.extend(font.characters.iter().map(|(_, glyph, _)| (*glyph).into()));
            let widths: Vec<Object> =
                font.characters.iter().map(|(_, _, width)| i64::from(*width).into()).collect();
            fonts.set(
                Font::Further(place).name(),
                dictionary! {
                    "Type" => "Font",
                    "Subtype" => "Type1",
                    "BaseFont" => font.base,
                    "FirstChar" => 1,
                    "LastChar" => font.characters.len() as i64,
                    "Widths" => widths,
                    "Encoding" => dictionary! { "Type" => "Encoding", "Differences" => differences },
                    "ToUnicode" => map,
                },
            );
        }
        fonts
    }
}

impl Further {
    /// From codes to characters (Adobe technical note 5411).
    fn unicode_map(&self) -> String {
        let mut map = String::from(
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /S def /CMapType 2 def\n\
             1 begincodespacerange <00> <FF> endcodespacerange\n",
        );
        // A hundred at a time is what the note allows.
        for (block, characters) in self.characters.chunks(100).enumerate() {
            let _ = writeln!(map, "{} beginbfchar", characters.len());
            for (place, (character, ..)) in characters.iter().enumerate() {
                let _ = write!(map, "<{:02X}> <", block * 100 + place + 1);
                for unit in character.encode_utf16(&mut [0; 2]) {
                    let _ = write!(map, "{unit:04X}");
                }
                map.push_str(">\n");
            }
            map.push_str("endbfchar\n");
        }
        map.push_str("endcmap end end\n");
        map
    }
}

fn standard(name: &str) -> Dictionary {
    dictionary! {
        "Type" => "Font",
        "Subtype" => "Type1",
        "BaseFont" => name,
        "Encoding" => "WinAnsiEncoding",
    }
}

/// How wide `character` runs, in 1/1000 em.
pub(super) fn width(character: char, bold: bool) -> u16 {
    match win_ansi(character) {
        Some(code) => advance(code, bold),
        None => match lookalike(character) {
            // The letter under the accent is as wide as the accented one.
            ("Helvetica", glyph) if glyph.len() == 1 => advance(glyph.as_bytes()[0], bold),
            ("Helvetica", _) => 350,
            _ => 800,
        },
    }
}

fn advance(code: u8, bold: bool) -> u16 {
    let table = if bold { &BOLD } else { &REGULAR };
    match code {
        0x20..=0x7E => table[usize::from(code - 0x20)],
        0xA0 => 278,
        0x85 | 0x97 | 0x89 | 0x99 | 0x8C | 0xC6 => 1000,
        0x91 | 0x92 | 0xB7 | 0x82 => 278,
        0x93 | 0x94 | 0x84 => 500,
        0x95 => 350,
        0xA9 | 0xAE => 737,
        0xB0 => 400,
        0xB1 | 0xD7 | 0xF7 | 0xAC => 584,
        0xBC..=0xBE => 834,
        0xCC..=0xCF | 0xEC..=0xEF => 278,
        // Accented capitals: as wide as an average one.
        0xC0..=0xDE => 722,
        _ => 556,
    }
}

/// The code of Windows code page 1252.
fn win_ansi(character: char) -> Option<u8> {
    const UPPER: [(char, u8); 27] = [
        ('€', 0x80),
        ('‚', 0x82),
        ('ƒ', 0x83),
        ('„', 0x84),
        ('…', 0x85),
        ('†', 0x86),
        ('‡', 0x87),
        ('ˆ', 0x88),
        ('‰', 0x89),
        ('Š', 0x8A),
        ('‹', 0x8B),
        ('Œ', 0x8C),
        ('Ž', 0x8E),
        ('‘', 0x91),
        ('’', 0x92),
        ('“', 0x93),
        ('”', 0x94),
        ('•', 0x95),
        ('–', 0x96),
        ('—', 0x97),
        ('˜', 0x98),
        ('™', 0x99),
        ('š', 0x9A),
        ('›', 0x9B),
        ('œ', 0x9C),
        ('ž', 0x9E),
        ('Ÿ', 0x9F),
    ];
    match character {
        // The soft hyphen and the hard blank look like none of theirs.
        '\u{A0}' => Some(0x20),
        ' '..='~' | '\u{A1}'..='\u{AC}' | '\u{AE}'..='\u{FF}' => Some(character as u8),
        _ => UPPER.iter().find(|(c, _)| *c == character).map(|(_, code)| *code),
    }
}

/// The standard font and its glyph that look most like `character`. The true
/// one is in the font's map; what has no lookalike is a dot.
fn lookalike(character: char) -> (&'static str, &'static str) {
    if ('\u{100}'..='\u{17F}').contains(&character) {
        let place = character as usize - 0x100;
        return ("Helvetica", &LATIN_EXTENDED_A[place..=place]);
    }
    match SYMBOLS.iter().find(|(c, ..)| *c == character) {
        Some((_, font, glyph)) => (font, glyph),
        None => ("Helvetica", "bullet"),
    }
}

/// The letters under the accents of U+0100 to U+017F.
const LATIN_EXTENDED_A: &str = "\
AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIiIiJjKkkLlLlLlL\
lLlNnNnNnnNnOoOoOoOoRrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs";

/// Names of Adobe's Symbol and Zapf Dingbats glyphs.
#[rustfmt::skip]
const SYMBOLS: &[(char, &str, &str)] = &[
    ('α', "Symbol", "alpha"), ('β', "Symbol", "beta"), ('γ', "Symbol", "gamma"),
    ('δ', "Symbol", "delta"), ('ε', "Symbol", "epsilon"), ('θ', "Symbol", "theta"),
    ('κ', "Symbol", "kappa"), ('λ', "Symbol", "lambda"), ('μ', "Symbol", "mu"),
    ('π', "Symbol", "pi"), ('ρ', "Symbol", "rho"), ('σ', "Symbol", "sigma"),
    ('τ', "Symbol", "tau"), ('φ', "Symbol", "phi"), ('χ', "Symbol", "chi"),
    ('ψ', "Symbol", "psi"), ('ω', "Symbol", "omega"), ('Δ', "Symbol", "Delta"),
    ('Σ', "Symbol", "Sigma"), ('Ω', "Symbol", "Omega"), ('Φ', "Symbol", "Phi"),
    ('≤', "Symbol", "lessequal"), ('≥', "Symbol", "greaterequal"), ('≠', "Symbol", "notequal"),
    ('≈', "Symbol", "approxequal"), ('≡', "Symbol", "equivalence"), ('∞', "Symbol", "infinity"),
    ('−', "Symbol", "minus"), ('√', "Symbol", "radical"), ('∑', "Symbol", "summation"),
    ('′', "Symbol", "minute"), ('″', "Symbol", "second"), ('→', "Symbol", "arrowright"),
    ('←', "Symbol", "arrowleft"), ('↑', "Symbol", "arrowup"), ('↓', "Symbol", "arrowdown"),
    ('↔', "Symbol", "arrowboth"), ('⇒', "Symbol", "arrowdblright"),
    ('✓', "ZapfDingbats", "a19"), ('✔', "ZapfDingbats", "a20"), ('✕', "ZapfDingbats", "a21"),
    ('✖', "ZapfDingbats", "a22"), ('✗', "ZapfDingbats", "a23"), ('✘', "ZapfDingbats", "a24"),
    ('●', "ZapfDingbats", "a71"), ('■', "ZapfDingbats", "a73"), ('▪', "ZapfDingbats", "a73"),
    ('▲', "ZapfDingbats", "a76"), ('▼', "ZapfDingbats", "a77"), ('◆', "ZapfDingbats", "a78"),
    ('➢', "ZapfDingbats", "a180"), ('►', "ZapfDingbats", "a180"), ('★', "ZapfDingbats", "a35"),
    ('☎', "ZapfDingbats", "a4"), ('✉', "ZapfDingbats", "a8"), ('☞', "ZapfDingbats", "a12"),
];

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
    fn every_character_has_a_code_of_its_own() {
        let mut fonts = Fonts::default();
        let plain = fonts.code('é', false);
        assert_eq!(plain, Coded { font: Font::Regular, code: 0xE9 });
        let first = fonts.code('Ł', true);
        assert_eq!((first, fonts.code('Ł', false)), (first, first));
        assert_ne!(fonts.code('ł', false), first);
        for code in 0x4E00..0x4E00 + 600 {
            fonts.code(char::from_u32(code).unwrap(), false);
        }
        assert!(fonts.further.iter().all(|font| font.characters.len() <= CODES));
        assert!(fonts.further[0].unicode_map().contains("<01> <0141>"));
        assert_eq!(LATIN_EXTENDED_A.len(), 128);
    }
}
