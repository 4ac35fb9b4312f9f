//! Letters that a fax turns into digits. Applied only where a digit must
//! stand: in a labelled position, or where the grammar allows nothing else.
//!
//! `/` is deliberately no look-alike of 1: that repair turned dates into
//! provider numbers with a valid check digit.

/// A text whose look-alikes were replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repaired {
    /// What it became.
    pub text: String,
    /// How many characters were replaced; 0 if it was clean.
    pub count: usize,
}

/// The digit that a misread character most likely was.
pub fn digit(c: char) -> Option<char> {
    Some(match c {
        '0'..='9' => c,
        'O' | 'o' | 'Q' | 'D' => '0',
        'I' | 'l' | 'i' | '|' | '!' | ']' | '[' => '1',
        'Z' | 'z' => '2',
        'S' | 's' | '$' => '5',
        'G' | 'b' => '6',
        'T' => '7',
        'B' => '8',
        'q' | 'g' => '9',
        _ => return None,
    })
}

/// All characters as digits; `None` if one has no digit it looks like, or if
/// fewer than `least` of them were digits to begin with.
pub fn digits(text: &str, least: usize) -> Option<Repaired> {
    let fixed: String = text.chars().map(digit).collect::<Option<_>>()?;
    let clean = text.chars().filter(char::is_ascii_digit).count();
    let count = text.chars().count() - clean;
    (clean >= least).then_some(Repaired { text: fixed, count })
}

/// Dashes of every length, as a fax and OCR produce them, become hyphens.
pub fn plain_hyphens(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{2010}'..='\u{2015}' | '\u{2212}' | '~' | '_' | '¬' => '-',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn look_alikes_become_digits_only_where_most_are_digits() {
        assert_eq!(digits("l2345678q3", 6), Some(Repaired { text: "1234567893".into(), count: 2 }));
        assert_eq!(digits("BOSS", 2), None);
        assert_eq!(digits("12/31", 2), None);
    }
}
