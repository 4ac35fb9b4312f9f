//! The rows at which an ordinary request ends.

use crate::decide::ending::{Ending, Hold, NewCase, reason};
use crate::decide::facts::Facts;
use crate::decide::permit::Permit;

/// New, and everything the program asks for is here.
pub(super) fn row_16(facts: &Facts) -> Option<Ending> {
    let permit = new_request(facts)?;
    let message = "Everything the program asks for is here.";
    let complete = facts.completeness.holding.is_empty() && !facts.completeness.disputed;
    complete.then(|| {
        let why = reason("complete", message, permit.evidence());
        Ending::new_case(permit, NewCase::ReadyForReview, why)
            .and(facts.completeness.remarks.clone())
    })
}

/// New, and something required is not here: the case opens, a letter asks,
/// also for what alone would not have been worth one.
pub(super) fn row_17(facts: &Facts) -> Option<Ending> {
    let permit = new_request(facts)?;
    let (first, rest) = facts.completeness.holding.split_first()?;
    let rest = rest.iter().chain(&facts.completeness.asked_along).map(|lack| lack.reason());
    let ending = Ending::new_case(permit, NewCase::HoldInsufficient, first.reason());
    let nurse_first = facts.discharge_waits().then(|| {
        let message = "A discharge waits: the nurse sees it now, the letter comes second.";
        reason("alert.nurse_first", message, vec![])
    });
    Some(ending.and(rest).and(facts.completeness.remarks.clone()).and(nurse_first))
}

/// A request that can be measured, for a known patient, and no answer to
/// earlier work: opening a second case beside the first, or writing a second
/// letter to an answer, helps nobody.
fn new_request<'f, 'a>(facts: &'f Facts<'a>) -> Option<&'f Permit<'a>> {
    if facts.candidates.is_empty() {
        return None;
    }
    let permit = facts.permit.as_ref().ok()?;
    facts.answers_a_hold().is_none().then_some(permit)
}

/// Anything else: a person decides what this is.
pub(in crate::decide) fn row_18(facts: &Facts) -> Ending {
    let why = match (facts.answers_a_hold(), !facts.candidates.is_empty()) {
        (Some(evidence), _) => {
            let message = "It answers a hold, and the case it belongs to is not known here.";
            reason("hold_reply.case_unknown", message, evidence)
        }
        (None, true) if facts.completeness.disputed => {
            let message =
                "Complete for one program and not for another; a person tells which it is.";
            reason("triage.program_decides", message, vec![])
        }
        (None, false) => {
            let message = "No program can be told, so nobody knows what to ask for.";
            reason("triage.no_program", message, vec![])
        }
        (None, true) => {
            reason("triage.unclassified", "It fits no row of the decision table.", vec![])
        }
    };
    Ending::hold(Hold::ManualTriage, why)
}
