use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Crockford's base 32: no I, L, O, U, so that a reference survives a fax.
const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// 60 random bits: a million documents a year for six years collide with a
/// chance of about one in 60,000, and the store refuses a reference twice.
const LENGTH: usize = 12;

/// The text was not a reference of ours.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a reference: expected {prefix}- and {LENGTH} letters or digits")]
pub struct NotAReference {
    prefix: char,
}

macro_rules! reference {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// A new one from 64 bits of randomness; says nothing about the
            /// patient, the sender or the time.
            pub fn from_random(bits: u64) -> Self {
                let mut text = String::with_capacity(2 + LENGTH);
                text.push($prefix);
                text.push('-');
                for place in 0..LENGTH {
                    text.push(CROCKFORD[(bits >> (5 * place)) as usize & 31] as char);
                }
                Self(text)
            }

            /// As printed.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = NotAReference;
            fn from_str(text: &str) -> Result<Self, NotAReference> {
                let good = text
                    .strip_prefix(concat!($prefix, "-"))
                    .is_some_and(|rest| rest.len() == LENGTH && rest.bytes().all(|b| CROCKFORD.contains(&b)));
                if good { Ok(Self(text.to_owned())) } else { Err(NotAReference { prefix: $prefix }) }
            }
        }

        impl TryFrom<String> for $name {
            type Error = NotAReference;
            fn try_from(text: String) -> Result<Self, NotAReference> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(reference: $name) -> Self {
                reference.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

reference!(
    /// A document: one file, the unit of reading and delivery.
    DocumentRef,
    'D'
);
reference!(
    /// A submission: all files of one upload or `submit` call.
    SubmissionRef,
    'S'
);
reference!(
    /// A case: one request for one member, with all its documents.
    CaseRef,
    'C'
);

/// The reference of a hold, as its letter and return cover print it: `H`, eight
/// letters or digits, and a check character, so that a misread one is no other
/// hold's. No letter that a fax turns into a digit occurs in it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct HoldRef(String);

/// Characters of a hold's reference between its first and its last.
const HOLD_LENGTH: usize = 8;

/// The text was not the reference of a hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a hold's reference: expected H, {HOLD_LENGTH} letters or digits and a check character"
)]
pub struct NotAHold;

impl HoldRef {
    /// A new one from 64 bits of randomness, of which it takes 40.
    pub fn from_random(bits: u64) -> Self {
        let values = (0..HOLD_LENGTH).map(|place| (bits >> (5 * place)) as usize & 31);
        let text: String = values.map(|value| CROCKFORD[value] as char).collect();
        let check = check_character(&text).unwrap_or('0');
        Self(format!("H{text}{check}"))
    }

    /// As printed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// One that tells any single misread character and any two that changed
/// places: the characters are the digits of a number over the field of 32
/// elements, of which this is the value at a generator.
fn check_character(text: &str) -> Option<char> {
    // x^5 + x^2 + 1, which is primitive.
    const POLYNOMIAL: usize = 0b10_0101;
    let times_generator = |value: usize| {
        let doubled = value << 1;
        if doubled & 32 == 0 { doubled } else { doubled ^ POLYNOMIAL }
    };
    let value_of = |byte: u8| CROCKFORD.iter().position(|known| *known == byte);
    let sum = text.bytes().try_fold(0, |sum, byte| Some(times_generator(sum ^ value_of(byte)?)))?;
    Some(CROCKFORD[sum] as char)
}

impl FromStr for HoldRef {
    type Err = NotAHold;
    fn from_str(text: &str) -> Result<Self, NotAHold> {
        let rest = text.strip_prefix('H').filter(|rest| rest.len() == HOLD_LENGTH + 1);
        let (value, check) =
            rest.and_then(|rest| rest.split_at_checked(HOLD_LENGTH)).ok_or(NotAHold)?;
        let good = check_character(value).is_some_and(|right| check.starts_with(right));
        if good { Ok(Self(text.to_owned())) } else { Err(NotAHold) }
    }
}

impl TryFrom<String> for HoldRef {
    type Error = NotAHold;
    fn try_from(text: String) -> Result<Self, NotAHold> {
        text.parse()
    }
}

impl From<HoldRef> for String {
    fn from(reference: HoldRef) -> Self {
        reference.0
    }
}

impl fmt::Display for HoldRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for HoldRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_parses_back_and_nothing_else_does() {
        let reference = DocumentRef::from_random(0x0123_4567_89ab_cdef);
        assert_eq!(reference.as_str().parse(), Ok(reference.clone()));
        for bad in ["", "D-", "D-short", "S-000000000000", "D-00000000000U", "../../etc/passwd"] {
            assert!(bad.parse::<DocumentRef>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_misread_hold_is_no_other_hold() {
        let mut bits = 0x9e37_79b9_7f4a_7c15_u64;
        for _ in 0..50 {
            bits = bits.rotate_left(7).wrapping_mul(0x2545_f491_4f6c_dd1d);
            let hold = HoldRef::from_random(bits);
            assert_eq!(hold.as_str().parse(), Ok(hold.clone()));
            let text: Vec<char> = hold.as_str().chars().collect();
            for place in 1..text.len() {
                for other in CROCKFORD.iter().map(|byte| *byte as char) {
                    let mut misread = text.clone();
                    misread[place] = other;
                    let misread: String = misread.into_iter().collect();
                    assert_eq!(misread.parse::<HoldRef>().is_ok(), misread == hold.as_str());
                }
                if place + 1 < text.len() && text[place] != text[place + 1] {
                    let mut swapped = text.clone();
                    swapped.swap(place, place + 1);
                    let swapped: String = swapped.into_iter().collect();
                    assert!(swapped.parse::<HoldRef>().is_err(), "{swapped} for {hold}");
                }
            }
        }
        for bad in ["", "H", "H0000000", "h000000000", "HIIIIIIIII", "H0000000é0"] {
            assert!(bad.parse::<HoldRef>().is_err(), "{bad}");
        }
    }
}
