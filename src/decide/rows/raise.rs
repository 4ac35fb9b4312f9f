//! Rows that raise the lane or an alert and let the evaluation go on.

use super::{Raised, case};
use crate::decide::disposition::Lane;
use crate::decide::ending::reason;
use crate::decide::facts::Facts;
use crate::extract::findings::{IntentKind, PendingDischarge, Urgency};
use crate::program::{Oxygen, SameDay, UrgentByFax};

/// A hospital discharge waits for this. Whatever else it is, it is expedited,
/// and missing items do not change that: the nurse first, the letter second.
pub(super) fn row_6(facts: &Facts) -> Vec<Raised> {
    let flag = &facts.findings.pending_discharge;
    let (code, message) = match flag.value {
        PendingDischarge::Strong => {
            ("pending_discharge.strong", "The cover or form says that a discharge is pending.")
        }
        PendingDischarge::Medium => (
            "pending_discharge.medium",
            "The document says in other words that a discharge waits for this.",
        ),
        PendingDischarge::Ambiguous => (
            "pending_discharge.ambiguous",
            "Whether Pending Discharge is marked cannot be told; a person looks at once.",
        ),
        PendingDischarge::Weak | PendingDischarge::None => return Vec::new(),
    };
    vec![(Some(Lane::Expedited), reason(code, message, flag.evidence.clone()))]
}

/// Oxygen for a patient about to leave hospital is reviewed in a call, where
/// the program says so or none is known. The lane stays expedited: the call
/// may not have been made. Where it was, row 7 ends it.
pub(super) fn row_7b(facts: &Facts) -> Vec<Raised> {
    if case::row_7(facts).is_some() {
        return Vec::new();
    }
    let Some(oxygen) = facts.findings.oxygen.as_ref().filter(|_| facts.discharge_waits()) else {
        return Vec::new();
    };
    match facts.policy.oxygen() {
        Some(Oxygen::AsAny) => Vec::new(),
        Some(Oxygen::ByPhone) | None => {
            let message =
                "Oxygen with a pending discharge: call the supplier for a review by phone.";
            vec![(
                Some(Lane::Expedited),
                reason("alert.oxygen_phone_review", message, oxygen.evidence.clone()),
            )]
        }
    }
}

/// It starts today and a discharge waits for it: it stays here, expedited,
/// and somebody also phones the plan.
pub(super) fn row_9b(facts: &Facts) -> Vec<Raised> {
    let Some((0, evidence)) = facts.days_since_supplied() else { return Vec::new() };
    match facts.policy.same_day() {
        Some(SameDay::Redirect) if facts.discharge_waits() => {
            let message = "It starts today: phone the plan as well.";
            vec![(Some(Lane::Expedited), reason("alert.same_day_call", message, evidence.to_vec()))]
        }
        Some(SameDay::Redirect | SameDay::Accept) | None => Vec::new(),
    }
}

/// Urgent as claimed, a stamp on a fax included; retro where the item was
/// supplied before today or the sender asks after the fact.
pub(super) fn urgent_and_retro(facts: &Facts) -> Vec<Raised> {
    let mut raised = Vec::new();
    match facts.findings.urgent.value {
        Urgency::Claimed => {
            let evidence = facts.findings.urgent.evidence.clone();
            let message = "The sender says that it is urgent.";
            raised.push((Some(Lane::Urgent), reason("urgent.claimed", message, evidence)));
            if facts.policy.urgent_by_fax() == Some(UrgentByFax::CallBack) {
                let message = "An urgent request by fax: answer it with a call.";
                raised.push((None, reason("alert.urgent_call_back", message, vec![])));
            }
        }
        Urgency::None => {}
    }
    let after = facts.days_since_supplied().filter(|(days, _)| *days > 0);
    let asked = facts.intent(IntentKind::Retrospective);
    if let Some(evidence) = after.map(|(_, evidence)| evidence).or(asked) {
        let message = "What is asked for was already supplied.";
        raised.push((Some(Lane::Retro), reason("retro.supplied", message, evidence.to_vec())));
    }
    raised
}
