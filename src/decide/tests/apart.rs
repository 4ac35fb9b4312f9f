//! Rows about whose pages these are, and whether they came before: 1, 2, 3 and 4.

use super::build::*;
use crate::decide::disposition::{Action, Lane, Queue};
use crate::decide::register::tests::build::{case, reference};
use crate::decide::{Earlier, Piece};
use crate::extract::findings::*;
use crate::recognize::recognized::Method;
use crate::vocab::{Confidence, DocumentRef, PageNumber, Phi};

#[track_caller]
fn ends(doc: &Doc, row: &str, action: Action, queue: Option<Queue>) -> crate::decide::Disposition {
    let decided = doc.decided();
    let codes: Vec<&str> = decided.reasons.iter().map(|reason| reason.code.as_str()).collect();
    let end = (decided.row.as_str(), decided.action, decided.queue);
    assert_eq!(end, (row, action, queue), "{codes:?}");
    decided
}

fn before(doc: &Doc) -> Earlier {
    Earlier {
        document: DocumentRef::from_random(7),
        received_at: "2026-03-09T10:00:00Z".parse().unwrap(),
        findings: doc.extracted.findings.clone(),
        case: Some(reference(1)),
    }
}

fn again(doc: Doc, first: &Doc) -> Doc {
    Doc { earlier: vec![before(first)], ..doc }
}

#[test]
fn row_1_the_same_pages_again_are_linked_to_the_first() {
    let doc = again(complete(), &complete());
    let decided = ends(&doc, "1", Action::Duplicate, None);
    assert_eq!(decided.duplicate_of, Some(DocumentRef::from_random(7)));
    assert_eq!(decided.case, Some(reference(1)), "it lies with the first");
    assert!(decided.clocks.is_empty(), "no new clock");
    assert!(decided.missing.is_empty() && decided.due.is_none(), "nor a second letter");
    // Of several the first that came, whatever order they are looked up in.
    let mut two = doc.clone();
    let mut earlier = before(&complete());
    earlier.document = DocumentRef::from_random(8);
    earlier.received_at = "2026-03-08T10:00:00Z".parse().unwrap();
    two.earlier.insert(0, earlier);
    assert_eq!(two.decided().duplicate_of, Some(DocumentRef::from_random(8)));
    two.earlier.reverse();
    assert_eq!(two.decided().duplicate_of, Some(DocumentRef::from_random(8)));
}

#[test]
fn row_1_what_says_something_new_is_no_duplicate() {
    let first = complete();
    let changed: [(&str, Doc); 6] = [
        ("a discharge waits now", complete().pending(PendingDischarge::Medium)),
        (
            "urgent now",
            complete().with(|f| f.urgent = Flag { value: Urgency::Claimed, evidence: vec![] }),
        ),
        (
            "another date",
            complete().with(|f| f.dates.anticipated_discharge = Some(field("2026-03-11", 1))),
        ),
        (
            "a case is named",
            complete().with(|f| {
                f.references = vec![ReferenceFinding {
                    kind: ReferenceKind::Case,
                    value: Phi::from("A1234567"),
                    evidence: vec![seen(0)],
                }];
            }),
        ),
        ("it is an appeal now", complete().intent(IntentKind::Appeal)),
        ("another code", complete().codes(&["E0260", "E0277"])),
    ];
    for (what, doc) in changed {
        let decided = again(doc, &first).decided();
        assert!(decided.action != Action::Duplicate, "{what}: row {}", decided.row);
    }
    let expedited = again(complete().pending(PendingDischarge::Strong), &first).decided();
    assert_eq!(expedited.lane, Lane::Expedited);
    // What was said before and is not now is nothing new.
    let less = complete().codes(&["E0260", "E0277"]);
    ends(&again(complete(), &less), "1", Action::Duplicate, None);
}

#[test]
fn row_1_weeks_later_the_same_pages_may_be_meant_anew() {
    let later = again(complete(), &complete()).received("2026-03-16T15:00:00Z");
    ends(&later, "16", Action::NewCase, Some(Queue::ReadyForReview));
    // Its case is still open: it joins that.
    let open = Doc { cases: vec![case(1)], ..later };
    ends(&open, "13", Action::Attach, Some(Queue::ReadyForReview));
}

/// Edith's cover, form and order, then Walter's.
fn two() -> Doc {
    let mut doc = complete();
    let half = doc.recognized.pages.len();
    let number = PageNumber::from_index;
    let walter = |page: usize| Member {
        name: Some(sure("Walter Placeholder", page)),
        date_of_birth: Some(sure("1941-11-20", page)),
        id: Some(sure("U7650012302", page)),
        other_ids: vec![],
    };
    let mut first = doc.extracted.clone();
    let mut second = doc.extracted.clone();
    first.findings.member = Member {
        name: Some(sure("Edith Sample", 1)),
        date_of_birth: Some(sure("1958-03-01", 1)),
        id: Some(sure("U1234567801", 1)),
        other_ids: vec![],
    };
    second.findings.member = walter(1);
    for index in half..2 * half {
        doc.recognized.pages.push(page(index));
        doc.extracted.page_kinds.push(doc.extracted.page_kinds[index - half]);
    }
    doc.extracted.parts = vec![
        Part { pages: (0..half).map(number).collect(), member: first.findings.member.id.clone() },
        Part { pages: (half..2 * half).map(number).collect(), member: walter(half + 1).id },
    ];
    doc.pieces = doc
        .extracted
        .parts
        .iter()
        .zip([first, second])
        .map(|(part, extracted)| Piece { pages: part.pages.clone(), extracted })
        .collect();
    doc
}

fn sure(value: &str, page: usize) -> Field {
    Field { confidence: Confidence::new(0.97), ..field(value, page) }
}

fn second(doc: Doc, change: impl FnOnce(&mut Extracted)) -> Doc {
    let mut doc = doc;
    change(&mut doc.pieces[1].extracted);
    doc
}

#[test]
fn row_2_pages_of_two_patients_that_can_be_told_apart_go_on_alone() {
    let decided = ends(&two(), "2", Action::Split, None);
    assert!(decided.clocks.is_empty(), "those of the parts run");
    says(&decided, "members.split");
    // The whole keeps the lane of its most urgent part.
    let waits = ends(&two().pending(PendingDischarge::Strong), "2", Action::Split, None);
    assert_eq!(waits.lane, Lane::Expedited);
}

#[test]
fn row_3_where_they_cannot_be_told_apart_a_person_splits_them() {
    let name = |value: &str| Some(sure(value, 1));
    let cases: [(&str, Doc); 10] = [
        ("split.page_unread", two().read_as(3, Method::Unreadable, 0.0)),
        ("split.page_unread", two().read_as(5, Method::Ocr, 0.5)),
        (
            "split.patient_unsure",
            second(two(), |e| {
                e.findings.member.id.as_mut().unwrap().confidence = Confidence::new(0.7);
                e.findings.member.date_of_birth = None;
            }),
        ),
        (
            "split.patient_unsure",
            second(two(), |e| {
                let message = "two dates";
                e.notes.push(crate::vocab::Note::page(
                    "member.date_of_birth.conflict",
                    PageNumber::FIRST,
                    message,
                ));
            }),
        ),
        (
            "split.patient_unsure",
            second(two(), |e| {
                e.findings.member.date_of_birth = None;
                e.notes.push(crate::vocab::Note::page(
                    "member.name.conflict",
                    PageNumber::FIRST,
                    "two names",
                ));
            }),
        ),
        // A family: one base id, two persons.
        (
            "split.patients_alike",
            second(two(), |e| {
                e.findings.member.id = name("U1234567802");
                e.findings.member.name = name("Edgar Sample");
            }),
        ),
        // One person, misread once.
        (
            "split.patients_alike",
            second(two(), |e| {
                e.findings.member.date_of_birth = name("1958-03-01");
            }),
        ),
        (
            "split.no_border",
            second(two(), |e| {
                for field in [
                    &mut e.findings.member.name,
                    &mut e.findings.member.date_of_birth,
                    &mut e.findings.member.id,
                ] {
                    field.as_mut().unwrap().evidence = vec![seen(2)];
                }
            })
            .page(4, PageKind::ProgressNote),
        ),
        // One invoice for both.
        ("split.page_shared", words_on(two(), 2, "Invoice for U765 0012302 and others")),
        ("split.page_shared", words_on(two(), 6, "Sample, Edith hospital bed")),
    ];
    for (code, doc) in cases {
        let decided = doc.decided();
        assert_eq!(decided.row, "3", "{code}");
        says(&decided, code);
    }
    let mut mixed = two();
    mixed.pieces[0].pages.swap(3, 2);
    mixed.pieces[0].pages[2] = PageNumber::from_index(7);
    mixed.pieces[1].pages[3] = PageNumber::from_index(3);
    says(&ends(&mixed, "3", Action::Hold, Some(Queue::ManualSplit)), "split.pages_mixed");
    // Nobody has looked at the pages of each.
    let unknown = Doc { pieces: vec![], ..two() };
    ends(&unknown, "3", Action::Hold, Some(Queue::ManualSplit));
}

fn words_on(mut doc: Doc, page: usize, text: &str) -> Doc {
    let other = complete().words(text);
    doc.recognized.pages[page].lines = other.recognized.pages[0].lines.clone();
    doc
}

fn payer(name: &str) -> PayerFinding {
    PayerFinding { name: name.into(), evidence: vec![seen(0)] }
}

/// A request to somebody else's plan, for somebody else's member.
fn foreign() -> Doc {
    let mut doc =
        complete().member_id("W123456789").with(|findings| findings.payers = vec![payer("aetna")]);
    doc.recognized.pages.iter_mut().for_each(|page| page.lines.clear());
    doc.words("Aetna precertification request")
}

#[test]
fn row_4_a_request_to_another_plan_waits_in_privacy() {
    let decided = ends(&foreign(), "4", Action::Redirect, Some(Queue::Privacy));
    assert!(decided.missing.is_empty());
    // A Medicare number proves Medicare, not the plan.
    let medicare = foreign().member_id("1EG4TE5MK73");
    ends(&medicare, "4", Action::Redirect, Some(Queue::Privacy));
    // A discharge that waits keeps its lane there.
    let waits = foreign().pending(PendingDischarge::Strong).decided();
    assert_eq!((waits.row.as_str(), waits.lane), ("4", Lane::Expedited));
}

#[test]
fn row_4_takes_nothing_that_is_ours() {
    let ours: [(&str, Doc); 6] = [
        ("its id is one of ours", foreign().member_id("U1234567801")),
        ("our name stands somewhere", foreign().words("Secondary: Cigna")),
        ("both plans are spoken to", foreign().with(|f| f.payers.push(payer("cigna")))),
        ("no plan is named", foreign().with(|f| f.payers.clear())),
        ("somebody fixed the program", foreign().forced_to("dme_com")),
        (
            "it names a case",
            foreign().with(|f| {
                f.references = vec![ReferenceFinding {
                    kind: ReferenceKind::Case,
                    value: Phi::from("A1234567"),
                    evidence: vec![seen(0)],
                }];
            }),
        ),
    ];
    for (what, doc) in ours {
        let row = doc.decided().row;
        assert!(row != "4", "{what}");
    }
}

#[test]
fn row_12_whose_pages_they_are_may_be_plain_all_the_same() {
    let unread = (2..4).fold(complete(), |doc, page| doc.read_as(page, Method::Ocr, 0.4));
    let decided = ends(&unread, "12", Action::Hold, Some(Queue::HoldIllegible));
    assert_eq!(decided.case, None);
    let known = unread.knowing(&[case(1)]);
    let decided = ends(&known, "12", Action::Attach, Some(Queue::HoldIllegible));
    assert_eq!(decided.case, Some(reference(1)), "it joins the case; then the letter");
    says(&decided, "illegible.pages");
    assert!(decided.due.is_some(), "the letter asks until when");
}
