//! What a case is after a person has corrected a document of it.

use super::record::{CaseMember, CaseRecord};
use super::state::CaseState;
use crate::decide::disposition::{Disposition, Queue};
use crate::extract::findings::Extracted;

/// What a document told its case.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// What was found in it.
    pub extracted: &'a Extracted,
    /// What was decided of it.
    pub disposition: &'a Disposition,
}

impl Told<'_> {
    fn record(self, case: &CaseRecord) -> CaseRecord {
        let reference = case.reference.clone();
        CaseRecord::opened(reference, self.extracted, self.disposition, None, case.opened_at)
    }
}

impl CaseRecord {
    /// The case that a document opened, after the document was corrected: what it
    /// had from this document it has from it as corrected. What others have told
    /// since stays, and so does a decision.
    pub fn retold(&self, before: Told<'_>, after: Told<'_>) -> Self {
        let (old, new) = (before.record(self), after.record(self));
        let mut case = self.member_retold(&old, &new);
        case.lines.retain(|line| !old.lines.contains(line) || new.lines.contains(line));
        case.references.retain(|one| !old.references.contains(one) || new.references.contains(one));
        let lines = new.lines.into_iter().filter(|line| !case.lines.contains(line));
        let lines: Vec<_> = lines.collect();
        case.lines.extend(lines);
        case.add_references(new.references);
        // Asked for once and come since, with another document.
        let come = |name: &String| old.asked.contains(name) && !self.asked.contains(name);
        case.asked = new.asked.iter().filter(|name| !come(name)).cloned().collect();
        case.hold_due = if case.asked.is_empty() { None } else { new.hold_due };
        if case.state.is_open() {
            case.state = match new.state {
                CaseState::HoldInsufficient if case.asked.is_empty() => CaseState::ReadyForReview,
                state => state,
            };
        }
        case
    }

    /// The case that a document joined, after the document was corrected. Others
    /// have told most of it: only what was this document's word is changed.
    /// `asked` is what the case waited for before the document joined it.
    pub fn rejoined(&self, before: Told<'_>, after: Told<'_>, asked: &[String]) -> Self {
        let (old, new) = (before.record(self), after.record(self));
        let mut case = self.member_retold(&old, &new);
        let missing = &after.disposition.missing;
        let again = missing.iter().filter(|name| asked.contains(name));
        let again: Vec<_> = again.filter(|name| !case.asked.contains(name)).cloned().collect();
        case.asked.extend(again);
        if case.state == CaseState::ReadyForReview && !case.asked.is_empty() {
            case.state = CaseState::HoldInsufficient;
        }
        case
    }

    /// The case when the only document in it has left for a queue in which
    /// somebody decides first.
    pub fn left(&self) -> Self {
        let state = if self.state.is_open() { CaseState::Triage } else { self.state };
        Self { state, ..self.clone() }
    }

    /// The case when a person says where a document of it goes: to review it is
    /// complete, whatever was asked for.
    pub fn released(&self, queue: Option<Queue>) -> Self {
        let mut case = self.clone();
        if case.state.is_open() && queue == Some(Queue::ReadyForReview) {
            case.asked.clear();
            case.hold_due = None;
            case.state = CaseState::ReadyForReview;
        }
        case
    }

    /// The case as it was before a document joined it, with what happened to it
    /// since: a document is not compared with its own word.
    pub fn without_word_of(&self, before: &Self) -> Self {
        let (member, lines) = (before.member.clone(), before.lines.clone());
        let (ordering, rendering) = (before.ordering.clone(), before.rendering.clone());
        let asked = before.asked.clone();
        Self { member, ordering, rendering, lines, asked, ..self.clone() }
    }

    fn member_retold(&self, old: &Self, new: &Self) -> Self {
        let mut case = self.clone();
        let (was, is) = (&old.member, &new.member);
        let CaseMember { name, date_of_birth, id } = &mut case.member;
        retell(name, &was.name, &is.name);
        retell(date_of_birth, &was.date_of_birth, &is.date_of_birth);
        retell(id, &was.id, &is.id);
        retell(&mut case.ordering, &old.ordering, &new.ordering);
        retell(&mut case.rendering, &old.rendering, &new.rendering);
        retell(&mut case.program, &old.program, &new.program);
        case
    }
}

/// Changes what was the document's word, or is not known.
fn retell<T: Clone + PartialEq>(known: &mut Option<T>, old: &Option<T>, new: &Option<T>) {
    if known == old || known.is_none() {
        known.clone_from(new);
    }
}
