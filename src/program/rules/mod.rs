//! Facts that vary by scope or date beside a program's own: one record a rule,
//! from the files `rules*.toml` among the program models.
//!
//! A [`Rule`] says one thing about one [`Topic`], for whom ([`RuleScope`]), on which
//! days, and by which source. [`Rules::resolve`] finds the one that counts for a
//! [`Situation`]; it never guesses between two that contradict each other.

mod read;
mod resolve;
mod rule;
mod topic;
mod value;

pub use resolve::{Doubt, Resolved};
pub use rule::{Days, Group, Rule, RuleScope, Situation};
pub use topic::{KeyDate, Topic};
pub use value::{
    LetterTo, OutsideRetro, Oxygen, Party, PeerToPeer, Reads, SameDay, UrgentByFax, Validity,
    Value, Window,
};

use super::problem::ProgramProblem;

/// All rules of an installation.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// By topic, then as written.
    rules: Vec<Rule>,
    groups: Vec<Group>,
}

impl Rules {
    /// Whether a file of this name holds rules: `rules.toml`, and a client's own
    /// beside it, such as `rules_ours.toml`.
    pub(super) fn is_file(name: &str) -> bool {
        let name = name.rsplit('/').next().unwrap_or(name);
        let stem = name.strip_suffix(".toml").unwrap_or(name);
        stem == "rules" || stem.starts_with("rules_")
    }

    /// Takes in one file, or reports everything wrong with it.
    pub(super) fn add(&mut self, file: &str, text: &str) -> Result<(), Vec<ProgramProblem>> {
        let (rules, groups) = read::read(file, text)?;
        self.rules.extend(rules);
        self.groups.extend(groups);
        self.rules.sort_by_key(|rule| rule.topic);
        Ok(())
    }

    /// By topic, then as written.
    pub fn iter(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter()
    }

    /// Groups of members that rules name.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// Those about a topic.
    pub(super) fn about(&self, topic: Topic) -> impl Iterator<Item = &Rule> {
        self.rules.iter().filter(move |rule| rule.topic == topic)
    }
}
