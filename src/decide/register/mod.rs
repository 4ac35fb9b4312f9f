//! The register of cases, as far as deciding goes: what is known of a case,
//! and whether a document belongs to one.
//!
//! [`match_cases`] is pure like everything here. Whoever calls it looks the
//! cases up first, by [`CaseKeys`], and hands over the few that may fit; it
//! says which of them is meant and why, in names of fields and never in their
//! values.
//!
//! A document joins a case only if two independent keys say that it is about
//! the same person and nothing says otherwise; a reference that stands in it
//! leads to a case and still needs the person to agree. A name alone never
//! joins anything. Where something fits and something is open, the answer is
//! [`Match::Unclear`], and a person looks.

mod compare;
mod keys;
mod matching;
mod member_id;
mod name;
mod opened;
mod record;
mod retold;
mod rules;
mod state;
#[cfg(test)]
pub(super) mod tests;

pub use compare::{Comparison, Key, Sought, compare};
pub use keys::{CaseKey, CaseKeys, KeyKind};
pub use matching::{Candidate, Match, match_cases};
pub use opened::has_come;
pub use record::{CaseLine, CaseMember, CaseRecord, CaseReference};
pub use retold::Told;
pub use rules::{MatchRules, MemberIdShape, RulesError};
pub use state::CaseState;
