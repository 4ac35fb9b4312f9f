use super::build::*;
use crate::decide::disposition::{Action, Queue};
use crate::decide::register::{CaseRecord, CaseState};
use crate::decide::tests::build::{Doc, complete, npi};
use crate::extract::findings::{Item, ItemStatus, Role};
use crate::vocab::{Confidence, HoldRef, Phi};

fn opened(doc: &Doc) -> CaseRecord {
    CaseRecord::opened(reference(1), &doc.extracted, &doc.decided(), None, received())
}

#[test]
fn a_document_tells_its_case_what_it_asks_for_and_for_whom() {
    let doc = complete();
    let opened = opened(&doc);
    assert_eq!(opened.state, CaseState::ReadyForReview);
    assert_eq!(opened.program.as_deref(), Some("dme_com"));
    assert_eq!((opened.member, opened.lines), (case(1).member, case(1).lines));
    assert_eq!(opened.ordering, case(1).ordering);
    assert!(opened.rendering.is_some() && opened.asked.is_empty());
}

#[test]
fn it_then_finds_the_case_again() {
    let doc = complete();
    let opened = opened(&doc);
    let found = matched(&doc.extracted.findings, &[opened]);
    assert_eq!(found.attached().unwrap().case, reference(1));
}

#[test]
fn what_is_doubtful_is_not_written_down() {
    let doc = complete().with(|findings| {
        findings.member.name.as_mut().unwrap().confidence = Confidence::new(0.5);
        findings.npi[0].confidence = Confidence::new(0.5);
        findings.hcpcs[0].confidence = Confidence::new(0.5);
    });
    let opened = opened(&doc);
    assert!(opened.member.name.is_none() && opened.ordering.is_none() && opened.lines.is_empty());
}

#[test]
fn what_was_asked_for_and_has_come_is_asked_for_no_longer() {
    let asks = complete().without(&[Item::WrittenPrescription, Item::VisitNote]);
    let held = opened(&asks);
    assert_eq!(held.state, CaseState::HoldInsufficient);
    assert!(held.asked.contains(&"written_prescription".to_owned()), "{:?}", held.asked);

    let attached = |queue| {
        let mut disposition = asks.decided();
        disposition.action = Action::Attach;
        disposition.queue = Some(queue);
        disposition
    };
    let some = asks.clone().item(Item::VisitNote, ItemStatus::Present);
    let after = held.joined(&some.extracted, &attached(Queue::ReadyForReview), None);
    assert!(!after.asked.contains(&"visit_note".to_owned()) && !after.asked.is_empty());
    assert_eq!(after.state, CaseState::HoldInsufficient, "something is still asked for");

    let mut all = attached(Queue::ReadyForReview);
    all.required = complete().decided().required;
    let after = after.joined(&complete().extracted, &all, None);
    assert!(after.asked.is_empty(), "{:?}", after.asked);
    assert_eq!(after.state, CaseState::ReadyForReview);
}

#[test]
fn joining_adds_and_never_overwrites_or_opens_again() {
    let doc = complete().codes(&["E0260", "E1390"]).with(|findings| {
        findings.member.name.as_mut().unwrap().value = "Edith M Sample".into();
        findings.npi = vec![npi("2000000010", Role::Ordering)];
    });
    let before = decided(case(1), 3);
    let disposition = doc.decided();
    let after = before.joined(&doc.extracted, &disposition, None);
    assert_eq!(after.lines.len(), 2);
    assert_eq!((&after.member, &after.ordering), (&before.member, &before.ordering));
    assert_eq!(after.state, CaseState::Decided);
    assert_eq!(after.joined(&doc.extracted, &disposition, None), after, "twice is once");
    let mut later = disposition;
    later.queue = Some(Queue::PostDecision);
    assert_eq!(before.joined(&doc.extracted, &later, None).state, CaseState::PostDecision);
}

#[test]
fn one_letter_asks_for_all_under_one_reference() {
    let asks = complete().without(&[Item::WrittenPrescription]);
    let (first, second) = (HoldRef::from_random(1), HoldRef::from_random(2));
    let decided = asks.decided();
    let held =
        CaseRecord::opened(reference(1), &asks.extracted, &decided, Some(&first), received());
    assert_eq!(held.hold_reference, Some(Phi::from(first.as_str())));
    // Another document of the case cannot be read: the letter of the case says so too.
    let mut illegible = decided.clone();
    illegible.action = Action::Attach;
    illegible.queue = Some(Queue::HoldIllegible);
    illegible.due = decided.due.map(|due| due - jiff::SignedDuration::from_hours(1));
    let after = held.joined(&asks.extracted, &illegible, Some(&second));
    assert_eq!(after.hold_reference, held.hold_reference);
    assert_eq!(after.hold_due, illegible.due, "the day that comes first");
    assert_eq!(after.asked, held.asked, "what was asked for is asked for still");
    // A case without a hold gets the document's.
    let after = case(1).joined(&asks.extracted, &illegible, Some(&second));
    assert_eq!(after.hold_reference, Some(Phi::from(second.as_str())));
}
