//! Identifiers that only validation can make. What OCR read is a candidate;
//! it becomes an [`Npi`] by passing [`Npi::parse`].

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a text is not the identifier it was taken for. Holds no text: the
/// candidate may be patient data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAnIdentifier {
    /// Wrong length or characters.
    #[error("wrong length or characters")]
    Shape,
    /// The check digit does not fit.
    #[error("the check digit does not fit")]
    CheckDigit,
    /// A number range that has never been issued to providers.
    #[error("never issued to providers")]
    NeverIssued,
}

macro_rules! text_newtype {
    ($name:ident) => {
        impl $name {
            /// The normalised text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = NotAnIdentifier;
            fn try_from(text: String) -> Result<Self, NotAnIdentifier> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

/// National Provider Identifier: ten bare digits, first 1 or 2, the last a
/// Luhn check digit over `80840` and the number (CMS, "NPI check digit").
///
/// The check digit only rejects. It is never searched for: one of ten digits
/// always fits, so a repair by trial would invent a provider.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Npi(String);

impl Npi {
    /// Accepts blanks and hyphens inside.
    pub fn parse(text: &str) -> Result<Self, NotAnIdentifier> {
        let digits = bare_digits(text, &[' ', '-'])?;
        if digits.len() != 10 || !digits.starts_with(['1', '2']) {
            return Err(NotAnIdentifier::Shape);
        }
        if !luhn_sum(&format!("80840{digits}")).is_multiple_of(10) {
            return Err(NotAnIdentifier::CheckDigit);
        }
        Ok(Self(digits))
    }
}

text_newtype!(Npi);

/// Sum of digits with every second one, from the right, doubled (ISO/IEC
/// 7812-1 annex B).
fn luhn_sum(digits: &str) -> u32 {
    digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let digit = u32::from(byte - b'0');
            match (place % 2, digit) {
                (0, d) => d,
                (_, d) if d > 4 => 2 * d - 9,
                (_, d) => 2 * d,
            }
        })
        .sum()
}

/// Taxpayer Identification Number of a provider, as listed: nine bare digits
/// for an EIN, `*****6789` for one in the shape of a social security number,
/// which is masked from the moment it is parsed.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Tin(String);

/// EIN prefixes that were never issued (IRS list). The list grows, so a miss
/// is a note to a person and not proof of a misreading.
const UNISSUED_EIN_PREFIXES: [u8; 17] =
    [0, 7, 8, 9, 17, 18, 19, 28, 29, 49, 69, 70, 78, 79, 89, 96, 97];

impl Tin {
    /// `dd-ddddddd` or nine digits (EIN), `ddd-dd-dddd` (sole practitioner),
    /// or an already masked one. Blanks may stand around the hyphens.
    pub fn parse(text: &str) -> Result<Self, NotAnIdentifier> {
        let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        if let Some(last) = compact.strip_prefix("*****") {
            let good = last.len() == 4 && last.bytes().all(|b| b.is_ascii_digit());
            return if good { Ok(Self(compact)) } else { Err(NotAnIdentifier::Shape) };
        }
        let groups: Vec<usize> = compact.split('-').map(str::len).collect();
        let digits = bare_digits(&compact, &['-'])?;
        match groups.as_slice() {
            [9] | [2, 7] if UNISSUED_EIN_PREFIXES.contains(&two_digits(&digits)) => {
                Err(NotAnIdentifier::NeverIssued)
            }
            [9] | [2, 7] => Ok(Self(digits)),
            [3, 2, 4] => Self::from_ssn_shape(&digits),
            _ => Err(NotAnIdentifier::Shape),
        }
    }

    /// Area not 000, 666 or 9xx (an ITIN is no provider's), group not 00,
    /// serial not 0000.
    fn from_ssn_shape(digits: &str) -> Result<Self, NotAnIdentifier> {
        let (area, group, serial) = (&digits[..3], &digits[3..5], &digits[5..]);
        let issued = area != "000"
            && area != "666"
            && !area.starts_with('9')
            && group != "00"
            && serial != "0000";
        if issued { Ok(Self(format!("*****{serial}"))) } else { Err(NotAnIdentifier::NeverIssued) }
    }

    /// Whether this was in the shape of a social security number.
    pub fn is_masked(&self) -> bool {
        self.0.starts_with('*')
    }
}

text_newtype!(Tin);

impl fmt::Debug for Tin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tin(…)")
    }
}

fn two_digits(digits: &str) -> u8 {
    digits[..2].parse().unwrap_or(0)
}

fn bare_digits(text: &str, separators: &[char]) -> Result<String, NotAnIdentifier> {
    let digits: String = text.trim().chars().filter(|c| !separators.contains(c)).collect();
    if digits.bytes().all(|b| b.is_ascii_digit()) {
        Ok(digits)
    } else {
        Err(NotAnIdentifier::Shape)
    }
}

/// A HCPCS Level II code, or a five-digit CPT code, by grammar alone. Whether
/// it was ever issued is asked of the [code table](super::codes::CodeTable).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct HcpcsCode(String);

impl HcpcsCode {
    /// A letter that CMS issues (never D: dental, licensed) and four digits;
    /// or five digits for CPT.
    pub fn parse(text: &str) -> Result<Self, NotAnIdentifier> {
        let bytes = text.as_bytes();
        let letter_issued =
            |b: u8| matches!(b, b'A'..=b'C' | b'E' | b'G' | b'H' | b'J'..=b'M' | b'P'..=b'V');
        let good = bytes.len() == 5
            && (letter_issued(bytes[0]) || bytes[0].is_ascii_digit())
            && bytes[1..].iter().all(u8::is_ascii_digit);
        if good { Ok(Self(text.to_owned())) } else { Err(NotAnIdentifier::Shape) }
    }

    /// Whether this is a CPT code (five digits), which a ZIP code resembles.
    pub fn is_cpt(&self) -> bool {
        self.0.as_bytes()[0].is_ascii_digit()
    }
}

text_newtype!(HcpcsCode);

/// A two-character HCPCS modifier (`RR`, `NU`, `KX`), by grammar alone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Modifier(String);

impl Modifier {
    /// Two capital letters or digits.
    pub fn parse(text: &str) -> Result<Self, NotAnIdentifier> {
        let good =
            text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        if good { Ok(Self(text.to_owned())) } else { Err(NotAnIdentifier::Shape) }
    }
}

text_newtype!(Modifier);

/// An ICD-10-CM code by grammar alone, normalised with its dot.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Icd10Code(String);

impl Icd10Code {
    /// Letter, digit, digit or A or B; then, after the dot, up to four
    /// letters or digits. Lower case is raised.
    pub fn parse(text: &str) -> Result<Self, NotAnIdentifier> {
        let text = text.trim().to_ascii_uppercase();
        let (category, rest) = text.split_once('.').unwrap_or((&text, ""));
        let b = category.as_bytes();
        let good = b.len() == 3
            && b[0].is_ascii_uppercase()
            && b[1].is_ascii_digit()
            && (b[2].is_ascii_digit() || b[2] == b'A' || b[2] == b'B')
            && rest.len() <= 4
            && rest.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
            && (text.len() == 3 || !rest.is_empty());
        if good { Ok(Self(text)) } else { Err(NotAnIdentifier::Shape) }
    }
}

text_newtype!(Icd10Code);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn npi_needs_its_check_digit() {
        assert_eq!(Npi::parse("1234567893").map(String::from), Ok("1234567893".into()));
        assert_eq!(Npi::parse("123 456-7893").map(String::from), Ok("1234567893".into()));
        assert_eq!(Npi::parse("1234567890"), Err(NotAnIdentifier::CheckDigit));
        assert_eq!(Npi::parse("9941339100"), Err(NotAnIdentifier::Shape));
        assert!(Npi::parse("2000000002").is_ok());
    }

    #[test]
    fn tin_shapes() {
        assert_eq!(Tin::parse("47-1234567").map(String::from), Ok("471234567".into()));
        assert_eq!(Tin::parse("123-45-6789").map(String::from), Ok("*****6789".into()));
        assert_eq!(Tin::parse("00-1234567"), Err(NotAnIdentifier::NeverIssued));
        assert_eq!(Tin::parse("49-1234567"), Err(NotAnIdentifier::NeverIssued));
        assert_eq!(Tin::parse("912-71-1234"), Err(NotAnIdentifier::NeverIssued));
        assert_eq!(Tin::parse("85012-3456"), Err(NotAnIdentifier::Shape));
    }

    #[test]
    fn hcpcs_and_icd_grammar() {
        assert!(HcpcsCode::parse("E0601").is_ok());
        for bad in ["D0150", "W1234", "EO601", "E060", "e0601"] {
            assert!(HcpcsCode::parse(bad).is_err(), "{bad}");
        }
        for good in ["Z89.512", "S72.001A", "M17", "C7A.00", "j96.11"] {
            assert!(Icd10Code::parse(good).is_ok(), "{good}");
        }
        for bad in ["M", "MI7", "J96.", "J96.12345", "496"] {
            assert!(Icd10Code::parse(bad).is_err(), "{bad}");
        }
    }
}
