//! Which case a document belongs to, if it belongs to one.

use std::cmp::Reverse;

use serde::Serialize;

use super::compare::{Agreement, Comparison, Key, Sought, compare, is_recent};
use super::keys::{plain_reference, references_of};
use super::record::CaseRecord;
use super::rules::MatchRules;
use crate::vocab::CaseRef;

/// What the register says of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "match", rename_all = "snake_case")]
pub enum Match {
    /// It names the case, and the person agrees; whatever state the case is
    /// in.
    ByReference(Candidate),
    /// It names the case of somebody else: a person looks.
    ReferenceConflict(Candidate),
    /// The same person asks for the same thing under the same program, and the
    /// case is open or was decided of late.
    Same(Candidate),
    /// Several cases fit, or one does in part: a person looks. Best first.
    Unclear {
        /// Never empty.
        candidates: Vec<Candidate>,
    },
    /// No case that was handed over is meant.
    None,
}

impl Match {
    /// The case it may be attached to.
    pub fn attached(&self) -> Option<&Candidate> {
        match self {
            Self::ByReference(candidate) | Self::Same(candidate) => Some(candidate),
            Self::ReferenceConflict(_) | Self::Unclear { .. } | Self::None => None,
        }
    }
}

/// A case, and what speaks for and against it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Candidate {
    /// Which.
    pub case: CaseRef,
    /// [`Comparison::score`].
    pub score: u32,
    /// Which keys agree and which do not.
    pub comparison: Comparison,
}

/// Finds the case among those that were looked up; their order does not
/// matter.
pub fn match_cases(sought: &Sought, cases: &[CaseRecord], rules: &MatchRules) -> Match {
    let compared = || cases.iter().map(|case| Compared::of(sought, case, rules));
    let named: Vec<Compared> = compared().filter_map(|one| one.named(sought)).collect();
    if !named.is_empty() {
        return by_reference(named);
    }
    let fitting = compared().filter(|one| one.fits(sought, rules) == Fit::Whole).collect();
    let partly = compared().filter(|one| one.fits(sought, rules) == Fit::Partly);
    match best(fitting) {
        Best::One(candidate) => Match::Same(candidate),
        Best::Several(candidates) => Match::Unclear { candidates },
        Best::None => unclear(partly.collect()),
    }
}

/// A reference beats all but must agree with the member. One that leads to
/// somebody else is a danger even beside one that does not.
fn by_reference(named: Vec<Compared>) -> Match {
    let (conflicting, rest): (Vec<_>, Vec<_>) =
        named.into_iter().partition(|one| one.comparison.conflicts_on_person());
    if let Some(first) = in_order(conflicting).into_iter().next() {
        return Match::ReferenceConflict(first);
    }
    let (agreeing, unknown): (Vec<_>, Vec<_>) =
        rest.into_iter().partition(|one| one.comparison.is_person_of_reference());
    match agreeing.as_slice() {
        [_] => in_order(agreeing).into_iter().next().map_or(Match::None, Match::ByReference),
        [] => unclear(unknown),
        // Several cases of one person have the number, as after a renewal of
        // an authorization. The one that was asked about on our own paper, or
        // the only one that is open, is meant.
        [..] => {
            let (ours, others): (Vec<_>, Vec<_>) =
                agreeing.into_iter().partition(|one| one.is_ours);
            match best(if ours.is_empty() { others } else { ours }) {
                Best::One(candidate) => Match::ByReference(candidate),
                Best::Several(candidates) => Match::Unclear { candidates },
                Best::None => Match::None,
            }
        }
    }
}

/// A case beside the document.
struct Compared<'c> {
    case: &'c CaseRecord,
    comparison: Comparison,
    /// Named by a reference that we gave out.
    is_ours: bool,
}

/// How far a case is the one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fit {
    Whole,
    Partly,
    Not,
}

impl<'c> Compared<'c> {
    fn of(sought: &Sought, case: &'c CaseRecord, rules: &MatchRules) -> Self {
        Self { case, comparison: compare(sought, case, rules), is_ours: false }
    }

    /// If a reference in the document means this case.
    fn named(mut self, sought: &Sought) -> Option<Self> {
        let is_named = |value: &str| {
            let value = plain_reference(value);
            !value.is_empty() && references_of(sought.findings).any(|one| one == value)
        };
        let hold = self.case.hold_reference.as_ref().map(|value| value.expose().as_str());
        self.is_ours = is_named(self.case.reference.as_str()) || hold.is_some_and(is_named);
        let named = self.is_ours || self.case.references.iter().any(|r| is_named(r.value.expose()));
        if named {
            self.comparison.add(Key::Reference, Agreement::Fully);
        }
        named.then_some(self)
    }

    fn fits(&self, sought: &Sought, rules: &MatchRules) -> Fit {
        let state = self.case.state;
        let in_time = if state.is_open() {
            Some(true)
        } else if state.is_decided() {
            is_recent(sought, self.case, rules)
        } else {
            Some(false)
        };
        // Another thing is asked for, so it is another request.
        if self.comparison.conflict.contains(&Key::Family) || in_time == Some(false) {
            return Fit::Not;
        }
        let is_same = self.comparison.is_same_person() && self.comparison.is_same_request();
        if is_same && in_time == Some(true) {
            Fit::Whole
        } else if self.comparison.is_perhaps_same_person()
            || self.comparison.is_perhaps_same_request()
        {
            Fit::Partly
        } else {
            Fit::Not
        }
    }

    /// At least as good in every way, and better in one.
    fn beats(&self, other: &Self) -> bool {
        let rank = |one: &Self| (one.comparison.score(), one.case.state.is_open());
        let ((score, open), (score_of_other, other_open)) = (rank(self), rank(other));
        (score >= score_of_other && open >= other_open)
            && (score > score_of_other || open && !other_open)
    }

    fn into_candidate(self) -> Candidate {
        Candidate {
            case: self.case.reference.clone(),
            score: self.comparison.score(),
            comparison: self.comparison,
        }
    }
}

enum Best {
    None,
    One(Candidate),
    Several(Vec<Candidate>),
}

/// The one that beats all others. That one is open and another agrees better
/// is for a person to weigh.
fn best(mut fitting: Vec<Compared>) -> Best {
    let beats_all = |at: &usize| {
        let others = fitting.iter().enumerate().filter(|(other, _)| other != at);
        others.map(|(_, other)| other).all(|other| fitting[*at].beats(other))
    };
    match (0..fitting.len()).find(beats_all) {
        Some(at) => Best::One(fitting.swap_remove(at).into_candidate()),
        None if fitting.is_empty() => Best::None,
        None => Best::Several(in_order(fitting)),
    }
}

fn unclear(compared: Vec<Compared>) -> Match {
    let candidates = in_order(compared);
    if candidates.is_empty() { Match::None } else { Match::Unclear { candidates } }
}

fn in_order(compared: Vec<Compared>) -> Vec<Candidate> {
    let mut candidates: Vec<Candidate> =
        compared.into_iter().map(Compared::into_candidate).collect();
    candidates.sort_by(|a, b| (Reverse(a.score), &a.case).cmp(&(Reverse(b.score), &b.case)));
    candidates
}
