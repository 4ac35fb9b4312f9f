//! Rows about documents that belong to a case we know. The register says which
//! one, by keys of its own; nothing here attaches by a name.

use crate::decide::belonging::Belonging;
use crate::decide::disposition::Reason;
use crate::decide::ending::{Attach, Ending, Hold, reason};
use crate::decide::facts::Facts;
use crate::decide::register::{Candidate, CaseRecord, CaseState, Match};
use crate::vocab::Evidence;

/// Its number leads to somebody else's case.
pub(super) fn row_5b(facts: &Facts) -> Option<Ending> {
    let Match::ReferenceConflict(candidate) = &facts.matched else { return None };
    let message = format!(
        "It names case {}, and the patient is another ({} differs); a person looks.",
        candidate.case,
        keys(&candidate.comparison.conflict)
    );
    let why = reason("case.reference_conflict", message, references(facts));
    Some(Ending::hold(Hold::ManualTriage, why))
}

/// As corrected it belongs elsewhere than where it lies: nothing is moved from one
/// case to another behind people's backs.
pub(super) fn case_left(facts: &Facts) -> Option<Ending> {
    let before = facts.document.before?.case.as_ref()?;
    let own = &before.record.reference;
    let (code, message) = match (facts.matched.attached(), before.opened_here) {
        (Some(candidate), false) if candidate.case == *own => return None,
        (Some(candidate), _) => {
            let other = &candidate.case;
            ("case.other", format!("It lies in case {own} and belongs to case {other}"))
        }
        (None, true) if before.shared && facts.is_anothers(&before.record) => {
            ("case.patient_changed", format!("Case {own} has other documents, of another patient"))
        }
        (None, true) => return None,
        (None, false) => ("case.left", format!("Nothing in it leads to case {own} any more")),
    };
    let message = format!("{message}, as corrected; a person tells which it is.");
    Some(Ending::hold(Hold::ManualTriage, reason(code, message, member(facts))))
}

/// The answer to a hold: it joins its case and closes what was asked for, late or
/// not.
pub(super) fn row_5(facts: &Facts) -> Option<Ending> {
    let Match::ByReference(candidate) = &facts.matched else { return None };
    facts.answers_a_hold()?;
    let case = facts.case(candidate)?;
    let belonging = Belonging::of(&facts.matched)?;
    let queue = if case.state.is_decided() { Attach::PostDecision } else { Attach::ReadyForReview };
    let message = format!("It answers the hold of case {}.", candidate.case);
    let why = reason("hold_reply.attached", message, references(facts));
    Some(Ending::join(&belonging, queue, why).and(reply(facts, case)))
}

/// Clinicals that follow an oxygen call about a patient who is to leave hospital:
/// it was decided in the call.
pub(super) fn row_7(facts: &Facts) -> Option<Ending> {
    let oxygen = facts.findings.oxygen.as_ref().filter(|_| facts.discharge_waits())?;
    let candidate = facts.matched.attached()?;
    let case = facts.case(candidate)?;
    let rules = facts.document.register?.rules;
    let since = facts.document.received_at.duration_since(case.opened_at);
    let recent = since <= jiff::SignedDuration::from_hours(24 * i64::from(rules.phone_days));
    let of_oxygen =
        case.families().any(|family| rules.phone_families.iter().any(|one| one == family));
    if !(case.by_phone && of_oxygen && recent) {
        return None;
    }
    let belonging = Belonging::of(&facts.matched)?;
    let message = format!("Clinicals of the oxygen call of case {}.", candidate.case);
    let why = reason("oxygen.follows_call", message, oxygen.evidence.clone());
    Some(Ending::join(&belonging, Attach::OxygenFollowup, why))
}

/// The same person asks for the same thing under the same program, and the case is
/// open; or it names the case.
pub(super) fn row_13(facts: &Facts) -> Option<Ending> {
    let candidate = facts.matched.attached()?;
    let case = facts.case(candidate).filter(|case| case.state.is_open())?;
    let belonging = Belonging::of(&facts.matched)?;
    let why = belongs(facts, candidate);
    Some(Ending::join(&belonging, Attach::ReadyForReview, why).and(reply(facts, case)))
}

/// New evidence for a case that was decided: perhaps it is to be looked at again.
pub(super) fn row_14(facts: &Facts) -> Option<Ending> {
    let candidate = facts.matched.attached()?;
    facts.case(candidate).filter(|case| case.state.is_decided())?;
    let belonging = Belonging::of(&facts.matched)?;
    Some(Ending::join(&belonging, Attach::PostDecision, belongs(facts, candidate)))
}

/// Some case may be meant, and a person tells which; also one that was closed.
pub(super) fn case_unclear(facts: &Facts) -> Option<Ending> {
    let candidates: Vec<&Candidate> = match &facts.matched {
        Match::Unclear { candidates } => candidates.iter().collect(),
        Match::ByReference(candidate) | Match::Same(candidate) => vec![candidate],
        Match::ReferenceConflict(_) | Match::None => return None,
    };
    let message = "It may belong to a case that is known; a person tells which.";
    let first = reason("case.unclear", message, member(facts));
    let each = candidates.into_iter().map(|candidate| {
        let state = facts.case(candidate).map_or(CaseState::Open, |case| case.state);
        let message = format!(
            "Case {} ({}) fits by {} with a score of {}{}.",
            candidate.case,
            state.as_str(),
            keys(&candidate.comparison.agree),
            candidate.score,
            match candidate.comparison.conflict.as_slice() {
                [] => String::new(),
                conflict => format!("; {} differs", keys(conflict)),
            }
        );
        reason("case.candidate", message, vec![])
    });
    Some(Ending::hold(Hold::ManualTriage, first).and(each))
}

/// What a reply leaves open, and whether it came in time.
fn reply(facts: &Facts, case: &CaseRecord) -> Vec<Reason> {
    let mut told = Vec::new();
    match (case.asked.len(), facts.still_asked(case).len()) {
        (0, _) => {}
        (_, 0) => {
            let message = "All that was asked for is here.";
            told.push(reason("hold_reply.complete", message, vec![]));
        }
        (asked, left) => {
            let message = format!("{left} of {asked} items asked for are still missing.");
            told.push(reason("hold_reply.partial", message, vec![]));
        }
    }
    if case.hold_due.is_some_and(|due| due < facts.document.received_at) {
        let message = "It came after the due date; a person decides whether the case goes on.";
        told.push(reason("hold_reply.late", message, vec![]));
    }
    told
}

fn belongs(facts: &Facts, candidate: &Candidate) -> Reason {
    let message = format!(
        "It belongs to case {}: {} agree.",
        candidate.case,
        keys(&candidate.comparison.agree)
    );
    reason("case.matched", message, member(facts))
}

fn keys(keys: &[crate::decide::register::Key]) -> String {
    let names: Vec<&str> = keys.iter().map(|key| key.as_str()).collect();
    names.join(", ")
}

fn member(facts: &Facts) -> Vec<Evidence> {
    let member = &facts.findings.member;
    let fields = [&member.name, &member.date_of_birth, &member.id];
    fields.into_iter().flatten().flat_map(|field| field.evidence.clone()).collect()
}

fn references(facts: &Facts) -> Vec<Evidence> {
    facts.findings.references.iter().flat_map(|one| one.evidence.clone()).collect()
}
