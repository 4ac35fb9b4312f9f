//! One rule, and the situation in which it is asked.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::Serialize;

use super::topic::{KeyDate, Topic};
use super::value::Value;
use crate::program::model::{LineOfBusiness, Program, Source, Status};

/// One fact, for whom and when it holds, and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// Stable; decisions name it.
    pub id: String,
    /// What it is about.
    pub topic: Topic,
    /// What it says.
    pub value: Value,
    /// For whom.
    pub scope: RuleScope,
    /// First day it holds.
    pub effective_from: Date,
    /// First day it no longer holds; open ended without.
    pub effective_to: Option<Date>,
    /// Whose day that is.
    pub keyed_on: KeyDate,
    /// Whether it is current, old, or in doubt.
    pub status: Status,
    /// Where it comes from.
    pub sources: Vec<Source>,
    /// What there is to know about it.
    pub note: Option<String>,
    /// The file it stands in.
    pub file: String,
    /// Its place there: the key of its problems.
    #[serde(skip)]
    pub(in crate::program) key: String,
}

impl Rule {
    /// Whether it holds on a day of its kind.
    pub fn holds_on(&self, day: Date) -> bool {
        self.effective_from <= day && self.effective_to.is_none_or(|end| day < end)
    }

    /// Whether there is a day on which both hold.
    pub(in crate::program) fn meets(&self, other: &Self) -> bool {
        let before = |one: &Self, other: &Self| {
            one.effective_to.is_some_and(|end| end <= other.effective_from)
        };
        self.keyed_on == other.keyed_on && !before(self, other) && !before(other, self)
    }
}

/// For whom a rule holds. What is empty is not asked about; of what is listed one
/// has to fit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RuleScope {
    /// Lines of business.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lob: Vec<LineOfBusiness>,
    /// Ids of programs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub program: Vec<String>,
    /// Two letters.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub state: Vec<String>,
    /// Ids of imported lists of codes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hcpcs_set: Vec<String>,
    /// Ids of groups of members.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub group: Vec<String>,
}

impl RuleScope {
    /// Whether everything it asks about fits. What is not known fits nothing.
    pub fn fits(&self, situation: &Situation) -> bool {
        let one_of = |listed: &[String], known: &BTreeSet<&str>| {
            listed.is_empty() || listed.iter().any(|one| known.contains(one.as_str()))
        };
        self.reaches(situation.program)
            && (self.state.is_empty()
                || situation.state.is_some_and(|state| self.state.iter().any(|one| one == state)))
            && one_of(&self.hcpcs_set, &situation.hcpcs_sets)
            && one_of(&self.group, &situation.groups)
    }

    /// Whether it can fit a document of this program at all.
    pub fn reaches(&self, program: &Program) -> bool {
        (self.lob.is_empty() || self.lob.contains(&program.line_of_business))
            && (self.program.is_empty() || self.program.contains(&program.id))
    }

    /// Of two that fit, the higher is the narrower: a group outweighs any set of
    /// codes, that any state, that any program, that any line of business.
    pub(super) fn specificity(&self) -> u8 {
        let dimensions = [
            self.lob.is_empty(),
            self.program.is_empty(),
            self.state.is_empty(),
            self.hcpcs_set.is_empty(),
            self.group.is_empty(),
        ];
        let asked = dimensions.iter().enumerate().filter(|(_, is_empty)| !**is_empty);
        asked.map(|(weight, _)| 1 << weight).sum()
    }

    /// Whether it asks about the same as another, and something fits both.
    pub(in crate::program) fn same_for_some(&self, other: &Self) -> bool {
        fn share<T: PartialEq>(ours: &[T], theirs: &[T]) -> bool {
            ours.is_empty() && theirs.is_empty() || ours.iter().any(|one| theirs.contains(one))
        }
        share(&self.lob, &other.lob)
            && share(&self.program, &other.program)
            && share(&self.state, &other.state)
            && share(&self.hcpcs_set, &other.hcpcs_set)
            && share(&self.group, &other.group)
    }
}

/// A group of members, told by words on paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Group {
    /// By which rules name it.
    pub id: String,
    /// Lower-case words that name it on paper.
    pub words: Vec<String>,
}

/// For whom and when a rule is asked for.
#[derive(Clone, Debug)]
pub struct Situation<'a> {
    /// Under which the document is judged.
    pub program: &'a Program,
    /// Two letters, if known.
    pub state: Option<&'a str>,
    /// The lists of codes on which something stands that is asked for.
    pub hcpcs_sets: BTreeSet<&'a str>,
    /// Groups the member belongs to, as far as known.
    pub groups: BTreeSet<&'a str>,
    /// Of which the rules' key dates are taken.
    pub days: Days,
}

/// The days that rules are keyed on, each as far as it is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Days {
    /// Of receipt.
    pub received: Option<Date>,
    /// Of service.
    pub service: Option<Date>,
    /// Of the decision.
    pub determined: Option<Date>,
}

impl Days {
    /// The one a rule is keyed on.
    pub fn get(&self, key: KeyDate) -> Option<Date> {
        match key {
            KeyDate::ReceivedAt => self.received,
            KeyDate::DateOfService => self.service,
            KeyDate::DeterminedAt => self.determined,
        }
    }

    /// The same with one of them known.
    #[must_use]
    pub fn with(mut self, key: KeyDate, day: Date) -> Self {
        match key {
            KeyDate::ReceivedAt => self.received = Some(day),
            KeyDate::DateOfService => self.service = Some(day),
            KeyDate::DeterminedAt => self.determined = Some(day),
        }
        self
    }
}

impl<'a> Situation<'a> {
    /// Nothing known but the program. What is judged by the program of delegated
    /// codes counts as delegated, whoever chose it.
    pub fn of(program: &'a Program) -> Self {
        Self {
            program,
            state: None,
            hcpcs_sets: program.scope.delegated_list.as_deref().into_iter().collect(),
            groups: BTreeSet::new(),
            days: Days::default(),
        }
    }
}
