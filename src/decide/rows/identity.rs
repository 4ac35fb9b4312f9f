//! Rows about who the patient is.

use crate::decide::ending::{Ending, Hold, reason};
use crate::decide::facts::Facts;
use crate::decide::several;
use crate::extract::findings::Field;
use crate::vocab::Evidence;

/// Two members or more, and their pages can be told apart: each goes on alone.
pub(super) fn row_2(facts: &Facts) -> Option<Ending> {
    let evidence = several_members(facts)?;
    if several::doubt(&facts.document).is_some() {
        return None;
    }
    let count = facts.document.pieces.len();
    let message = format!("The pages of {count} patients; each goes on as a document of its own.");
    Some(Ending::split(reason("members.split", message, evidence)))
}

/// Two members or more in one file: a person splits it, and nothing is
/// attached before. However doubtful one of them is: a page in the wrong
/// patient's case is worse than a look too many.
pub(super) fn row_3(facts: &Facts) -> Option<Ending> {
    let evidence = several_members(facts)?;
    let message = "The pages speak of more than one member; a person splits them.";
    let ending = Ending::hold(Hold::ManualSplit, reason("members.several", message, evidence));
    let doubt = several::doubt(&facts.document);
    Some(ending.and(doubt.map(|doubt| reason(doubt.code(), doubt.message(), vec![]))))
}

/// One patient, two plans: which pays first is found out before anything is
/// asked for or opened.
pub(super) fn two_plans(facts: &Facts) -> Option<Ending> {
    let evidence = &facts.two_plans;
    (!evidence.is_empty()).then(|| {
        let message = "The patient has ids of two plans; a person finds out which comes first.";
        Ending::hold(Hold::ManualTriage, reason("triage.two_plans", message, evidence.clone()))
    })
}

/// What says that the pages speak of more than one member.
fn several_members(facts: &Facts) -> Option<Vec<Evidence>> {
    let parts = &facts.document.extracted.parts;
    let members: Vec<&Field> = parts.iter().filter_map(|part| part.member.as_ref()).collect();
    let values: Vec<String> =
        members.iter().map(|member| member.value.expose().to_lowercase()).collect();
    // Some pages name only the id and others only the name: that is no difference
    // where it is the name that goes with the id.
    let (ids, names): (Vec<&String>, Vec<&String>) =
        values.iter().partition(|value| value.contains(|c: char| c.is_ascii_digit()));
    let own = facts.findings.member.name.as_ref().map(|name| name.value.expose().to_lowercase());
    let several = |values: &[&String]| values.iter().any(|value| *value != values[0]);
    let stranger = !ids.is_empty() && names.iter().any(|name| own.as_ref() != Some(name));
    let differ = several(&ids) || several(&names) || stranger;
    differ.then(|| members.into_iter().flat_map(|member| member.evidence.clone()).collect())
}

/// Nobody can open a case for a patient whose name, and date of birth or
/// member id, are not known, or for a request that asks for nothing.
pub(super) fn row_15(facts: &Facts) -> Option<Ending> {
    let hard = facts.completeness.hard.iter().map(|lack| lack.reason());
    let refusal = match &facts.permit {
        Ok(_) if facts.completeness.hard.is_empty() => return None,
        Ok(_) => None,
        Err(refusal) => Some(refusal),
    };
    let message =
        "Too little is known about whose request this is, or for what; a person finds out.";
    let ending = Ending::hold(Hold::ManualTriage, reason("identity.insufficient", message, vec![]));
    let mut more: Vec<_> = hard.collect();
    if let Some(refusal) = refusal {
        let named = |code: &str, fields: &[crate::program::FieldName]| -> Vec<_> {
            let each = fields.iter().map(|field| {
                let name = field.as_str();
                let words = name.replace(['_', '.'], " ");
                let message = match code {
                    "missing" => format!("Required and not found: {words}."),
                    _ => format!("Found and too doubtful to count: {words}."),
                };
                reason(format!("{code}.{name}"), message, vec![])
            });
            each.collect()
        };
        more.extend(named("missing", &refusal.absent));
        more.extend(named("unclear", &refusal.doubtful));
        if refusal.nothing_requested {
            let message = "No code, order or form says what is asked for.";
            more.push(reason("missing.request", message, vec![]));
        }
    }
    let mut told = std::collections::BTreeSet::new();
    more.retain(|reason| told.insert(reason.code.clone()));
    Some(ending.and(more))
}
