//! Rows about documents that somebody else ought to have. Each asks for clear
//! evidence, and each only queues: a person sends it on.

use jiff::civil::Date;

use crate::decide::belonging::Belonging;
use crate::decide::clocks::RetroWindow;
use crate::decide::disposition::Reason;
use crate::decide::ending::{Attach, Ending, Redirect, reason};
use crate::decide::facts::{Facts, is_request_page};
use crate::decide::timing::calendar_of;
use crate::extract::findings::{IntentKind, PageKind, ReferenceKind};
use crate::program::{OutsideRetro, Party, PeerToPeer, Program, SameDay, Window};
use crate::vocab::Evidence;

/// An appeal, a reconsideration or a peer-to-peer call: the words where the
/// sender speaks to us, and something that shows a decision was made.
pub(super) fn row_8(facts: &Facts) -> Option<Ending> {
    let said = |kind| facts.intent(kind).filter(|evidence| addressed_to_us(facts, evidence));
    let appeal = said(IntentKind::Appeal);
    let reopening = said(IntentKind::Reconsideration).or(said(IntentKind::PeerToPeer));
    if (appeal.is_none() && reopening.is_none()) || !was_decided(facts) {
        return None;
    }
    match (appeal, reopening, &facts.permit) {
        (Some(evidence), _, _) => {
            let (code, message) = match facts.policy.appeal_heard_by() {
                Some(Party::Evicore) => ("appeal.delegate", "An appeal; the delegate hears it."),
                Some(Party::Cigna) => ("appeal.plan", "An appeal; the plan hears it."),
                None => ("appeal.unassigned", "An appeal; who hears it hangs on the program."),
            };
            Some(Ending::redirect(Redirect::Appeals, reason(code, message, evidence.to_vec())))
        }
        (None, Some(evidence), Ok(permit)) => {
            let message = "A decision is to be looked at again, or talked over between physicians.";
            let why = reason("decision.reopened", message, evidence.to_vec());
            let ending = match Belonging::of(&facts.matched) {
                Some(belonging) => Ending::join(&belonging, Attach::PostDecision, why),
                None => Ending::attach(permit, Attach::PostDecision, why),
            };
            Some(ending.and(only_by_appeal(facts)))
        }
        // Whose decision it was cannot be told: row 15 has a person find out.
        (None, _, _) => None,
    }
}

/// Where a talk after a denial changes nothing, its sender is to hear so.
fn only_by_appeal(facts: &Facts) -> Option<Reason> {
    match facts.policy.peer_to_peer()? {
        PeerToPeer::CanReverse => None,
        PeerToPeer::CannotReverse => {
            let message = "After a denial only an appeal can change it: tell the sender.";
            Some(reason("decision.only_by_appeal", message, vec![]))
        }
    }
}

fn addressed_to_us(facts: &Facts, evidence: &[Evidence]) -> bool {
    let on_request_page = |page| facts.page_kind(page).is_some_and(is_request_page);
    evidence.iter().any(|one| one.page.is_none_or(on_request_page))
}

fn was_decided(facts: &Facts) -> bool {
    let numbered = facts.findings.references.iter().any(|reference| match reference.kind {
        ReferenceKind::Case | ReferenceKind::Authorization => true,
        ReferenceKind::Hold => false,
    });
    let told =
        facts.program.is_some_and(|program| facts.words.count(&program.appeals.decided_words) > 0);
    numbered || told || facts.has_page(|kind| kind == PageKind::Letter)
}

/// It starts today, and the program has those phoned to the plan. Not while a
/// discharge waits: then row 9b keeps it here.
pub(super) fn row_9(facts: &Facts) -> Option<Ending> {
    let (0, evidence) = facts.days_since_supplied()? else { return None };
    match facts.policy.same_day()? {
        SameDay::Redirect if !facts.discharge_waits() => {
            let message = "It starts today: phone the sender, the plan takes it by phone.";
            let why = reason("same_day", message, evidence.to_vec());
            Some(Ending::redirect(Redirect::SameDay, why))
        }
        SameDay::Redirect | SameDay::Accept => None,
    }
}

/// Supplied before the program's window.
pub(super) fn row_10(facts: &Facts) -> Option<Ending> {
    let (days, evidence) = facts.days_since_supplied().filter(|(days, _)| *days > 0)?;
    let (supplied, _) = facts.supplied_on()?;
    let program = facts.program?;
    if in_window(program, supplied, facts.today()?, facts) {
        return None;
    }
    // Where no rule speaks, nothing is sent away.
    let (code, message) = match facts.policy.retro_outside()? {
        OutsideRetro::Redirect => ("retro.not_here", "Already supplied: the plan takes it."),
        OutsideRetro::Person => {
            ("retro.outside_window", "Already supplied, outside the window: a person judges it.")
        }
    };
    let why = reason(code, format!("{message} Days since: {days}."), evidence.to_vec());
    Some(Ending::redirect(Redirect::Retro, why))
}

fn in_window(program: &Program, supplied: Date, today: Date, facts: &Facts) -> bool {
    facts.policy.retro_window().is_some_and(|window| {
        let window = match window {
            Window::CalendarDays(days) => RetroWindow::CalendarDays(days),
            Window::BusinessDays(days) => RetroWindow::BusinessDays(days),
        };
        // A day that cannot be told keeps the document in review.
        window.last_day(supplied, &calendar_of(program)).map_or(true, |last| today <= last)
    })
}

/// A provider is to be found or a delivery chased, and nothing is asked to be
/// reviewed.
pub(super) fn row_11(facts: &Facts) -> Option<Ending> {
    let evidence = facts.intent(IntentKind::CareCoordination)?;
    let asks_review = facts.has_page(|kind| {
        matches!(
            kind,
            PageKind::PrecertForm | PageKind::Order | PageKind::Cmn | PageKind::PlanOfCare
        )
    });
    (!asks_review && addressed_to_us(facts, evidence)).then(|| {
        let message = "A provider is to be found or a delivery chased; nothing is to be reviewed.";
        Ending::redirect(
            Redirect::CareCoordination,
            reason("care_coordination", message, evidence.to_vec()),
        )
    })
}
