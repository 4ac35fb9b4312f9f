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
}
