//! Which rule counts.
//!
//! Of the rules about a topic those remain whose scope fits and that hold on their
//! key date. The narrowest scope wins (group, then set of codes, state, program, line of
//! business), then the later first day, then a current rule over an old or doubtful
//! one. Where two are still even and differ, the value that keeps the document in
//! review counts, and the conflict is told.
//!
//! A key date that is not known could be any. So the topic is asked for every day
//! on which the answer may change; if all say the same, that is the answer, and
//! otherwise the one that keeps the document in review, which is told as well. A day
//! on which no rule speaks decides nothing.

use std::cmp::Reverse;

use jiff::civil::Date;

use super::Rules;
use super::rule::{Days, Rule, Situation};
use super::topic::{KeyDate, Topic};
use super::value::{Reads, Value};
use crate::program::model::Status;

/// What counts, and by which rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved<'r> {
    /// That says it; of several that say the same the first by id.
    pub rule: &'r Rule,
    /// Why it may be another.
    pub doubt: Option<Doubt<'r>>,
}

/// Why another rule may count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doubt<'r> {
    /// These are even and say different things.
    Conflict(Vec<&'r Rule>),
    /// The day that tells between these is not known.
    DayUnknown(Vec<&'r Rule>),
}

impl<'r> Resolved<'r> {
    /// What counts.
    pub fn value(&self) -> &'r Value {
        &self.rule.value
    }

    /// It, as what its topic takes.
    pub fn read<T: Reads>(&self) -> Option<&'r T> {
        T::read(&self.rule.value)
    }
}

impl Rules {
    /// The rule that counts for a topic; `None` where none speaks.
    pub fn resolve(&self, topic: Topic, situation: &Situation) -> Option<Resolved<'_>> {
        let fitting: Vec<&Rule> =
            self.about(topic).filter(|rule| rule.scope.fits(situation)).collect();
        let outcomes = outcomes(&fitting, situation.days);
        let mut all: Vec<&Rule> = outcomes.iter().flatten().copied().collect();
        all.sort_by(|a, b| a.id.cmp(&b.id));
        all.dedup_by(|a, b| a.id == b.id);
        // The first of equal rank by id: the same answer whatever the files' order.
        let rule = all.iter().copied().min_by_key(|rule| Reverse(rule.value.rank()))?;
        let doubt = if outcomes.iter().any(|even| differ(even)) {
            Some(Doubt::Conflict(all))
        } else if differ(&all) {
            Some(Doubt::DayUnknown(all))
        } else {
            None
        };
        Some(Resolved { rule, doubt })
    }
}

fn differ(rules: &[&Rule]) -> bool {
    rules.windows(2).any(|pair| pair[0].value != pair[1].value)
}

/// The rules that are even at the top: once if all days are known, and otherwise
/// for every day on which that may change.
fn outcomes<'r>(fitting: &[&'r Rule], days: Days) -> Vec<Vec<&'r Rule>> {
    let keyed = |key: KeyDate| fitting.iter().filter(move |rule| rule.keyed_on == key);
    let unknown = KeyDate::ALL
        .iter()
        .copied()
        .find(|key| days.get(*key).is_none() && keyed(*key).next().is_some());
    let Some(key) = unknown else { return vec![even_at_the_top(fitting, days)] };
    let mut changes: Vec<Date> = keyed(key)
        .flat_map(|rule| [Some(rule.effective_from), rule.effective_to])
        .flatten()
        .collect();
    changes.sort();
    changes.dedup();
    changes.into_iter().flat_map(|day| outcomes(fitting, days.with(key, day))).collect()
}

fn even_at_the_top<'r>(fitting: &[&'r Rule], days: Days) -> Vec<&'r Rule> {
    let holding = || {
        fitting
            .iter()
            .copied()
            .filter(|rule| days.get(rule.keyed_on).is_some_and(|day| rule.holds_on(day)))
    };
    let order =
        |rule: &Rule| (rule.scope.specificity(), rule.effective_from, is_current(rule.status));
    let best = holding().map(order).max();
    holding().filter(|rule| Some(order(rule)) == best).collect()
}

fn is_current(status: Status) -> bool {
    match status {
        Status::Active => true,
        Status::Legacy | Status::NeedsConfirmation => false,
    }
}
