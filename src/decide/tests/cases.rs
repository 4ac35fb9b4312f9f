//! Rows about cases that are known, one test a row, and what must hold for all.

use proptest::prelude::*;

use super::build::*;
use crate::decide::disposition::{Action, Disposition, Lane, Queue};
use crate::decide::register::CaseRecord;
use crate::decide::register::CaseState;
use crate::decide::register::tests::build::{case, decided, reference, with};
use crate::extract::findings::*;
use crate::vocab::Phi;

#[track_caller]
fn ends(doc: &Doc, row: &str, action: Action, queue: Queue) -> Disposition {
    let decided = doc.decided();
    let codes: Vec<&str> = decided.reasons.iter().map(|reason| reason.code.as_str()).collect();
    assert_eq!(
        (decided.row.as_str(), decided.action, decided.queue),
        (row, action, Some(queue)),
        "{codes:?}, missing {:?}",
        decided.missing
    );
    decided
}

/// Edith's case, held for an invoice and a list of medication.
fn held() -> CaseRecord {
    with(case(1), |case| {
        case.state = CaseState::HoldInsufficient;
        case.hold_reference = Some(Phi::from("H5550199"));
        case.asked = vec!["invoice".into(), "medication_list".into()];
        case.hold_due = "2026-03-20T21:00:00Z".parse().ok();
    })
}

fn answers(doc: Doc) -> Doc {
    doc.with(|findings| {
        findings.references.push(ReferenceFinding {
            kind: ReferenceKind::Hold,
            value: Phi::from("H5550199"),
            evidence: vec![seen(0)],
        });
    })
}

#[test]
fn row_5_an_answer_joins_its_case_and_closes_what_was_asked() {
    let doc = answers(complete()).knowing(&[held()]);
    let decided = ends(&doc, "5", Action::Attach, Queue::ReadyForReview);
    assert_eq!(decided.case, Some(reference(1)));
    assert!(decided.missing.is_empty());
    says(&decided, "hold_reply.complete");
    // One of the two is still missing: no second letter asks for the rest.
    let doc = doc.without(&[Item::Invoice]);
    let decided = ends(&doc, "5", Action::Attach, Queue::ReadyForReview);
    assert_eq!(decided.missing, ["invoice"]);
    says(&decided, "hold_reply.partial");
}

#[test]
fn row_5_a_late_answer_is_attached_and_never_discarded() {
    let late = answers(complete()).knowing(&[held()]).received("2026-03-23T15:00:00Z");
    says(&ends(&late, "5", Action::Attach, Queue::ReadyForReview), "hold_reply.late");
    // Held because it could not be read, nothing was asked for by name.
    let unread = with(held(), |case| case.asked.clear());
    let late = answers(complete()).knowing(&[unread]).received("2026-03-23T15:00:00Z");
    says(&ends(&late, "5", Action::Attach, Queue::ReadyForReview), "hold_reply.late");
    let closed =
        with(decided(held(), 1), |case| case.hold_due = "2026-03-01T00:00:00Z".parse().ok());
    let decided =
        ends(&answers(complete()).knowing(&[closed]), "5", Action::Attach, Queue::PostDecision);
    says(&decided, "hold_reply.late");
}

#[test]
fn row_5_an_answer_without_codes_is_judged_by_its_case() {
    let doc = answers(complete().codes(&[])).knowing(&[held()]);
    let mut doc = doc;
    doc.recognized.pages.iter_mut().for_each(|page| page.lines.clear());
    let decided = ends(&doc, "5", Action::Attach, Queue::ReadyForReview);
    assert_eq!(decided.program.as_deref(), Some("dme_com"));
}

#[test]
fn row_5b_a_number_that_leads_to_somebody_else_attaches_nothing() {
    let other = with(held(), |case| {
        case.member.id = Some(Phi::from("U9876543201"));
        case.member.name = Some(Phi::from("Walter Other"));
        case.member.date_of_birth = Some(Phi::new("1940-01-01".parse().unwrap()));
    });
    let doc = answers(complete()).knowing(&[other]);
    let decided = ends(&doc, "5b", Action::Hold, Queue::ManualTriage);
    assert_eq!(decided.case, None);
    says(&decided, "case.reference_conflict");
    // A discharge that waits keeps its lane there.
    let decided = doc.pending(PendingDischarge::Strong).decided();
    assert_eq!((decided.row.as_str(), decided.lane), ("5b", Lane::Expedited));
}

fn oxygen(doc: Doc) -> Doc {
    doc.codes(&["E1390"])
        .with(|findings| findings.oxygen = Some(field("E1390", 1)))
        .pending(PendingDischarge::Strong)
}

fn called() -> CaseRecord {
    with(case(2), |case| {
        case.by_phone = true;
        case.opened_at = "2026-03-08T15:00:00Z".parse().unwrap();
        case.lines[0].code = None;
        case.lines[0].family = "oxygen".into();
    })
}

#[test]
fn row_7_clinicals_after_an_oxygen_call_follow_its_case() {
    let doc = oxygen(complete()).knowing(&[called()]);
    let decided = ends(&doc, "7", Action::Attach, Queue::OxygenFollowup);
    assert_eq!((decided.lane, decided.case.clone()), (Lane::Expedited, Some(reference(2))));
    assert!(decided.reasons.iter().all(|reason| reason.code != "alert.oxygen_phone_review"));
    assert!(decided.clocks.iter().any(|clock| clock.name == "oxygen_attach"));
    // Too long ago, or not taken down in a call: the supplier is phoned, and the
    // clinicals still join their case.
    for change in [
        (|case| case.opened_at = "2026-03-04T15:00:00Z".parse().unwrap()) as fn(&mut CaseRecord),
        |case| case.by_phone = false,
    ] {
        let doc = oxygen(complete()).knowing(&[with(called(), change)]);
        let decided = ends(&doc, "13", Action::Attach, Queue::ReadyForReview);
        says(&decided, "alert.oxygen_phone_review");
        assert_eq!(decided.lane, Lane::Expedited);
    }
    // Nothing waits for it.
    let doc = oxygen(complete()).pending(PendingDischarge::None).knowing(&[called()]);
    ends(&doc, "13", Action::Attach, Queue::ReadyForReview);
}

#[test]
fn row_13_the_same_request_joins_its_open_case() {
    let decided =
        ends(&complete().knowing(&[case(1)]), "13", Action::Attach, Queue::ReadyForReview);
    assert_eq!(decided.case, Some(reference(1)));
    says(&decided, "case.matched");
    // Another thing is another request.
    let bed = complete().codes(&["K0001"]).knowing(&[case(1)]).decided();
    assert_eq!((bed.action, bed.case), (Action::NewCase, None));
}

#[test]
fn row_14_new_evidence_after_a_decision_waits_beside_it() {
    let doc = complete().knowing(&[decided(case(1), 20)]);
    let decided_ = ends(&doc, "14", Action::Attach, Queue::PostDecision);
    assert_eq!(decided_.case, Some(reference(1)));
    // Long ago, it is a new request.
    let doc = complete().knowing(&[decided(case(1), 90)]);
    assert_eq!(doc.decided().action, Action::NewCase);
}

#[test]
fn row_7_oxygen_in_words_alone_finds_its_call() {
    let doc = oxygen(complete()).codes(&[]).knowing(&[called()]);
    let doc = Doc { forced: Some("dme_com".into()), ..doc };
    ends(&doc, "7", Action::Attach, Queue::OxygenFollowup);
}

#[test]
fn row_8_a_decision_is_looked_at_again_in_its_case() {
    let doc = complete().intent(IntentKind::Reconsideration).words("the request was denied");
    let known = doc.knowing(&[decided(case(1), 20)]);
    let decided = ends(&known, "8", Action::Attach, Queue::PostDecision);
    assert_eq!(decided.case, Some(reference(1)));
}

#[test]
fn a_case_that_cannot_be_told_is_for_a_person() {
    let doc = complete().knowing(&[case(1), case(2)]);
    let decided = ends(&doc, "18", Action::Hold, Queue::ManualTriage);
    says(&decided, "case.unclear");
    let each = decided.reasons.iter().filter(|reason| reason.code == "case.candidate");
    assert_eq!(each.count(), 2);
    assert_eq!(decided.case, None);
}

#[test]
fn identity_comes_before_urgency_and_urgency_before_redirection() {
    // An answer of today's start date is attached, not sent to the plan.
    let today = |doc: Doc| doc.with(|f| f.dates.service = Some(field("2026-03-09", 1)));
    ends(
        &today(answers(complete())).knowing(&[held()]),
        "5",
        Action::Attach,
        Queue::ReadyForReview,
    );
    // A request that starts today is sent there though its case is known: a person
    // confirms, and the case stays open.
    ends(&today(complete()).knowing(&[case(1)]), "9", Action::Redirect, Queue::SameDay);
}

proptest! {
    /// Whatever is known of other people, a document is attached to its own case or
    /// to none.
    #[test]
    fn no_document_joins_the_case_of_another_person(
        id in "U[0-9]{8}0[1-9]",
        birth_year in 1920_i16..2020,
        named: bool,
        state in prop::sample::select(&CaseState::ALL[..]),
    ) {
        prop_assume!(id != "U1234567801" && birth_year != 1958);
        let other = with(held(), |case| {
            case.member.id = Some(Phi::new(id.clone()));
            case.member.date_of_birth =
                Some(Phi::new(jiff::civil::date(birth_year, 3, 1)));
            case.state = state;
        });
        let doc = if named { answers(complete()) } else { complete() };
        let decided = doc.knowing(&[other]).decided();
        prop_assert_eq!(decided.case, None);
        prop_assert!(decided.action != Action::Attach);
    }
}
