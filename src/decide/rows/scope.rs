//! What a program does not review. Each sign must be clear, and each only
//! queues: a person tells the sender.

use crate::decide::disposition::Reason;
use crate::decide::ending::{Ending, Redirect, reason};
use crate::decide::facts::{Facts, is_clear, is_request_page};
use crate::extract::findings::Field;
use crate::program::Program;

/// Outside what the program reviews. A patient who is in hospital for now is
/// not a request for a hospital.
pub(super) fn row_10b(facts: &Facts) -> Option<Ending> {
    let program = facts.program?;
    let why = not_reviewed(facts)
        .or_else(|| place_outside(facts, program))
        .or_else(|| setting_outside(facts, program))
        .or_else(|| state_outside(facts, program))
        .or_else(|| before_start(facts))?;
    Some(Ending::redirect(Redirect::OutOfScope, why))
}

/// Only where every code is of such a family: one that is not keeps the
/// request here.
fn not_reviewed(facts: &Facts) -> Option<Reason> {
    let codes = &facts.findings.hcpcs;
    let not_required = facts.policy.not_required();
    let all = codes.iter().all(|code| not_required.contains(&code.family));
    (all && !codes.is_empty()).then(|| {
        let evidence = codes.iter().flat_map(|code| code.evidence.clone()).collect();
        let message = "The program does not review what is asked for; a person tells the sender.";
        reason("scope.not_reviewed", message, evidence)
    })
}

fn place_outside(facts: &Facts, program: &Program) -> Option<Reason> {
    let place = facts.findings.place_of_service.as_ref().filter(|place| is_clear(place))?;
    let outside = program.scope.places_outside.contains(place.value.expose());
    (outside && !facts.in_hospital_for_now()).then(|| {
        let message = "The place of service is outside the program.";
        reason("scope.place_of_service", message, place.evidence.clone())
    })
}

fn setting_outside(facts: &Facts, program: &Program) -> Option<Reason> {
    let clear = |field: &&Field| is_clear(field) && facts.stands_on(field, is_request_page);
    let setting = facts.findings.setting.as_ref().filter(clear)?;
    let outside = program.scope.settings_outside.contains(setting.value.expose());
    // A place of service that is inside contradicts the setting, and then
    // nothing is clear.
    let contradicted = facts
        .findings
        .place_of_service
        .as_ref()
        .is_some_and(|place| !program.scope.places_outside.contains(place.value.expose()));
    (outside && !contradicted && !facts.in_hospital_for_now()).then(|| {
        let message = "The setting is outside the program.";
        reason("scope.setting", message, setting.evidence.clone())
    })
}

/// Every address that names a state names one outside.
fn state_outside(facts: &Facts, program: &Program) -> Option<Reason> {
    let with_state = facts.states();
    let outside = with_state.iter().all(|(_, state)| program.scope.states_outside.contains(state));
    (outside && !with_state.is_empty()).then(|| {
        let evidence =
            with_state.iter().flat_map(|(address, _)| address.evidence.clone()).collect();
        reason("scope.state", "The state is outside the program.", evidence)
    })
}

fn before_start(facts: &Facts) -> Option<Reason> {
    let (day, evidence) = facts.supplied_on()?;
    facts.policy.service_from().is_some_and(|from| day < from).then(|| {
        let message = "The date of service is before the program began.";
        reason("scope.before_start", message, evidence.to_vec())
    })
}
