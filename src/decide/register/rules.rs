use serde::Deserialize;

use crate::vocab::Sha256Digest;

/// When a document counts as belonging to a case; from `models/cases`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MatchRules {
    /// A decided case takes documents for this many days of 24 hours.
    pub decided_days: u32,
    /// The same pages within this many hours are the same document sent again;
    /// later they may be meant anew.
    pub resend_hours: u32,
    /// A phone case takes the clinicals of its oxygen for this many days of
    /// 24 hours.
    pub phone_days: u32,
    /// Families of the code table that are oxygen.
    pub phone_families: Vec<String>,
    /// In a name of at least this many letters one may have been misread.
    pub long_name: usize,
    /// Ids that end in digits telling one person of a family from another.
    pub member_id: Vec<MemberIdShape>,
    #[serde(skip, default = "of_nothing")]
    digest: Sha256Digest,
}

/// The shape of a member id: `d` is a digit, `a` a letter, `n` either; any
/// other character stands for itself.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberIdShape {
    /// What all of a family have.
    pub base: String,
    /// What tells the person, and may be left out; empty where the base does.
    #[serde(default)]
    pub person: String,
}

/// What is wrong with the rules.
#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    /// Not TOML, or unknown or missing keys.
    #[error("models/cases/matching.toml: {0}")]
    Syntax(#[from] toml::de::Error),
    /// A base without a character would fit any id.
    #[error("models/cases/matching.toml: a member_id has an empty base")]
    EmptyBase,
}

impl MatchRules {
    /// Reads the text of `matching.toml`.
    pub fn parse(text: &str) -> Result<Self, RulesError> {
        let rules = Self { digest: Sha256Digest::of(text.as_bytes()), ..toml::from_str(text)? };
        if rules.member_id.iter().any(|shape| shape.base.is_empty()) {
            return Err(RulesError::EmptyBase);
        }
        Ok(rules)
    }

    /// Of the file's text; stored with every decision that looked for a case.
    pub fn digest(&self) -> Sha256Digest {
        self.digest
    }
}

/// Until the text is known of which it is.
fn of_nothing() -> Sha256Digest {
    Sha256Digest::of(&[])
}
