//! What people may want to know wherever a document ends.

use super::disposition::Reason;
use super::ending::reason;
use super::facts::Facts;
use crate::extract::findings::Role;
use crate::program::Status;
use crate::recognize::recognized::Method;

/// How the program was chosen and whether it can be relied on, pages that were
/// not read, codes and providers that somebody ought to look at.
pub(super) fn asides(facts: &Facts) -> Vec<Reason> {
    let mut asides = vec![facts.chosen.clone()];
    asides.extend(unconfirmed(facts));
    asides.extend(other_line(facts));
    asides.extend(older_number(facts));
    asides.extend(facts.policy.doubts());
    asides.extend(unread_pages(facts));
    asides.extend(ended_codes(facts));
    asides.extend(name_mismatches(facts));
    asides.extend(orders_and_supplies(facts));
    asides
}

/// A program about whose standing somebody has yet to say something. What it
/// reviews stays here until then.
fn unconfirmed(facts: &Facts) -> Option<Reason> {
    let program = facts.program.filter(|one| one.status == Status::NeedsConfirmation)?;
    let message = format!("Whether {} still holds is to be confirmed by the plan.", program.id);
    Some(reason("program.needs_confirmation", message, vec![]))
}

/// The content counts, not the number that was dialled.
fn other_line(facts: &Facts) -> Option<Reason> {
    let program = facts.program?;
    let dialled = facts.dialled();
    let elsewhere = !dialled.is_empty() && dialled.iter().all(|one| one.id != program.id);
    elsewhere.then(|| {
        let lines: Vec<&str> = dialled.iter().map(|one| one.id.as_str()).collect();
        let message = format!("It came on the line of {}; what it says counts.", lines.join(", "));
        reason("program.other_line", message, vec![])
    })
}

/// What comes to an older number is taken; its sender may be told of the current one.
fn older_number(facts: &Facts) -> Option<Reason> {
    let current = facts.policy.current_fax()?;
    let message =
        format!("It came to an older number, which stays good; the current one is {current}.");
    Some(reason("program.older_number", message, vec![]))
}

fn unread_pages(facts: &Facts) -> Option<Reason> {
    let pages = &facts.document.recognized.pages;
    let unread = pages.iter().filter(|page| page.method == Method::Unreadable).count();
    (unread > 0).then(|| {
        let message = format!("{unread} of the pages could not be read at all.");
        reason("pages.unreadable", message, vec![])
    })
}

/// A terminated code stays valid for older dates of service, so it is said and
/// not dropped.
fn ended_codes(facts: &Facts) -> Vec<Reason> {
    let Some(today) = facts.today() else { return Vec::new() };
    let day = facts.supplied_on().map_or(today, |(day, _)| day);
    let ended = facts.findings.hcpcs.iter().filter(|found| {
        let known = facts.codes.get(&found.code);
        known.and_then(|known| known.ended).is_some_and(|end| end < day)
    });
    ended
        .map(|found| {
            let message = format!("{} had ended by the day of service.", found.code);
            reason("code.ended", message, found.evidence.clone())
        })
        .collect()
}

/// Both names are kept: the page's in the findings, the directory's beside it.
fn name_mismatches(facts: &Facts) -> Vec<Reason> {
    let otherwise =
        facts.findings.npi.iter().filter(|npi| {
            npi.directory.as_ref().is_some_and(|check| check.name_agrees == Some(false))
        });
    otherwise
        .map(|npi| {
            let message = "The provider directory has another name for this NPI than the page.";
            reason("npi.name_mismatch", message, npi.evidence.clone())
        })
        .collect()
}

/// A physician may be the supplier too; more often a number stands in the wrong
/// block.
fn orders_and_supplies(facts: &Facts) -> Option<Reason> {
    let in_role = |role: Role| facts.findings.npi.iter().filter(move |npi| npi.role == role);
    let both = in_role(Role::Ordering)
        .find(|one| in_role(Role::Rendering).any(|other| other.value == one.value))?;
    let message = "Who orders also supplies: allowed, and worth a look.";
    Some(reason("npi.orders_and_supplies", message, both.evidence.clone()))
}
