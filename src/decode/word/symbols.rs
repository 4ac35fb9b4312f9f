//! Boxes and other signs that Word writes with symbol fonts or as Unicode.

/// What a sign stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// A tick box, ticked or not.
    Box(bool),
    /// An ordinary character.
    Character(char),
}

/// A character of the text, if it is a tick box. Bullets such as U+25A0 are
/// not among them.
pub(super) fn box_of(character: char) -> Option<bool> {
    match character {
        '\u{2610}'
        | '\u{25A1}'
        | '\u{25A2}'
        | '\u{25FB}'
        | '\u{25FD}'
        | '\u{2B1C}'
        | '\u{274F}'..='\u{2752}'
        | '\u{1F78E}'..='\u{1F794}' => Some(false),
        '\u{2611}' | '\u{2612}' | '\u{2705}' | '\u{274E}' | '\u{2BBD}' | '\u{2BBE}'
        | '\u{25A3}' | '\u{22A0}' | '\u{2327}' | '\u{1F5F5}' | '\u{1F5F7}' | '\u{1F5F9}' => {
            Some(true)
        }
        _ => None,
    }
}

/// Whether characters in this font stand for signs.
pub(super) fn is_symbol_font(font: &str) -> bool {
    let font = font.to_ascii_lowercase();
    font.starts_with("wingdings") || font == "webdings" || font == "symbol"
}

/// The sign at `code` of a symbol font; codes may be shifted to U+F000.
/// `None` where the table has none: then something is shown that is not known.
pub(super) fn sign(font: &str, code: u32) -> Option<Sign> {
    let code = if (0xF000..=0xF0FF).contains(&code) { code - 0xF000 } else { code };
    let code = u8::try_from(code).ok()?;
    match font.to_ascii_lowercase().as_str() {
        "wingdings" => wingdings(code),
        "wingdings 2" | "wingdings2" => wingdings2(code),
        "wingdings 3" | "wingdings3" => None,
        "webdings" => webdings(code),
        "symbol" => symbol(code),
        _ => None,
    }
}

fn wingdings(code: u8) -> Option<Sign> {
    Some(match code {
        0x6F..=0x72 | 0xA8 => Sign::Box(false),
        0x78 | 0xFD | 0xFE => Sign::Box(true),
        0xFC => Sign::Character('✓'),
        0xFB => Sign::Character('✗'),
        0x6C => Sign::Character('●'),
        0x6E | 0xA7 => Sign::Character('■'),
        0x9F | 0x9E => Sign::Character('•'),
        0xA1 | 0x6D => Sign::Character('○'),
        0x76 | 0xD8 => Sign::Character('➢'),
        0xE0 | 0xE8 | 0xF0 => Sign::Character('→'),
        0xDF => Sign::Character('←'),
        0xE1 => Sign::Character('↑'),
        0xE2 => Sign::Character('↓'),
        0x28 => Sign::Character('☎'),
        0x2A => Sign::Character('✉'),
        0x46 => Sign::Character('☞'),
        0x4A => Sign::Character('☺'),
        0x20 => Sign::Character(' '),
        _ => return None,
    })
}

fn wingdings2(code: u8) -> Option<Sign> {
    Some(match code {
        0x2A | 0x2B | 0xA3 => Sign::Box(false),
        0x51..=0x54 => Sign::Box(true),
        0x4F => Sign::Character('✗'),
        0x50 => Sign::Character('✓'),
        0x97 | 0x98 => Sign::Character('•'),
        0x20 => Sign::Character(' '),
        _ => return None,
    })
}

fn webdings(code: u8) -> Option<Sign> {
    Some(match code {
        0x63 => Sign::Box(false),
        0x61 => Sign::Character('✓'),
        0x72 => Sign::Character('✗'),
        0x67 => Sign::Character('■'),
        0x6E => Sign::Character('●'),
        0x20 => Sign::Character(' '),
        _ => return None,
    })
}

/// Greek and mathematics; Adobe's symbol encoding where it differs from ASCII.
fn symbol(code: u8) -> Option<Sign> {
    const GREEK: &[(u8, &str)] =
        &[(0x41, "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ"), (0x61, "αβχδεφγηιϕκλμνοπθρστυϖωξψζ")];
    for (first, letters) in GREEK {
        let place = code.checked_sub(*first).and_then(|place| letters.chars().nth(place.into()));
        if let Some(letter) = place {
            return Some(Sign::Character(letter));
        }
    }
    Some(Sign::Character(match code {
        0xA3 => '≤',
        0xB3 => '≥',
        0xB0 => '°',
        0xB1 => '±',
        0xB4 => '×',
        0xB8 => '÷',
        0xB9 => '≠',
        0xBB => '≈',
        0xB7 => '•',
        0xA5 => '∞',
        0xAB => '↔',
        0xAC => '←',
        0xAD => '↑',
        0xAE => '→',
        0xAF => '↓',
        0xA2 => '′',
        0xB2 => '″',
        0xD6 => '√',
        0xE5 => '∑',
        0xD2 | 0xE2 => '®',
        0xD3 | 0xE3 => '©',
        0xD4 | 0xE4 => '™',
        0x2D => '−',
        0x20..=0x3F | 0x5B | 0x5D | 0x5F | 0x7B..=0x7D => char::from(code),
        _ => return None,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_of_the_fonts_offices_use() {
        for (font, code, ticked) in [
            ("Wingdings", 0xF06F, false),
            ("Wingdings", 0xF0A8, false),
            ("wingdings", 0xFE, true),
            ("Wingdings", 0xF0FD, true),
            ("Wingdings 2", 0xF0A3, false),
            ("Wingdings 2", 0x52, true),
            ("Webdings", 0x63, false),
        ] {
            assert_eq!(sign(font, code), Some(Sign::Box(ticked)), "{font} {code:x}");
        }
        assert_eq!(sign("Symbol", 0xF0B3), Some(Sign::Character('≥')));
        assert_eq!(sign("Symbol", 0x62), Some(Sign::Character('β')));
        assert_eq!(sign("Wingdings", 0x1F), None);
        assert_eq!((box_of('☐'), box_of('☒'), box_of('■')), (Some(false), Some(true), None));
    }
}
