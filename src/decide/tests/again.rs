//! Documents that are decided again after a person has corrected something.

use proptest::prelude::*;

use super::build::*;
use crate::decide::Before;
use crate::decide::disposition::{Disposition, Lane, Queue};
use crate::decide::recorded::CaseBefore;
use crate::decide::register::tests::build::{case, with};
use crate::decide::register::{CaseLine, CaseRecord, CaseState, Told};
use crate::extract::findings::*;
use crate::vocab::Phi;

/// Lies in a case.
fn lying(mut doc: Doc, record: CaseRecord, opened_here: bool, shared: bool) -> Doc {
    let case = Some(CaseBefore { record, opened_here, shared });
    doc.before = Some(Before { least_lane: None, case });
    doc
}

/// Edith's case if she were somebody else.
fn anothers(number: u64) -> CaseRecord {
    with(case(number), |case| {
        case.member.name = Some(Phi::from("Walter Placeholder"));
        case.member.date_of_birth = Some(Phi::new("1941-11-20".parse().unwrap()));
        case.member.id = Some(Phi::from("U7650012302"));
    })
}

fn first(decided: &Disposition) -> (&str, Option<Queue>, &str) {
    (&decided.row, decided.queue, &decided.reasons[0].code)
}

#[test]
fn row_18_a_case_that_it_opened_is_left_only_through_a_person() {
    // Its case has nobody else's documents, and follows it wherever it goes.
    let alone = lying(complete(), anothers(1), true, false).knowing(&[anothers(2)]);
    assert_eq!(first(&alone.decided()), ("16", Some(Queue::ReadyForReview), "complete"));
    let shared = lying(complete(), anothers(1), true, true).knowing(&[anothers(2)]);
    let held = ("18", Some(Queue::ManualTriage), "case.patient_changed");
    assert_eq!(first(&shared.decided()), held);
    let same = lying(complete(), case(1), true, true).knowing(&[anothers(2)]);
    assert_eq!(same.decided().row, "16", "the others' patient is the same");
    let other = lying(complete(), anothers(1), true, false).knowing(&[case(2)]);
    let decided = other.decided();
    assert_eq!(first(&decided), ("18", Some(Queue::ManualTriage), "case.other"));
    assert_eq!(decided.case, None, "nothing is attached");
}

#[test]
fn row_18_a_case_that_it_joined_is_left_only_through_a_person() {
    let stays = lying(complete(), case(1), false, true).knowing(&[case(1)]);
    let decided = stays.decided();
    assert_eq!((decided.row.as_str(), &decided.case), ("13", &Some(case(1).reference)));
    let left = lying(complete(), anothers(1), false, true).knowing(&[anothers(1)]);
    assert_eq!(first(&left.decided()), ("18", Some(Queue::ManualTriage), "case.left"));
    let other = lying(complete(), anothers(1), false, true).knowing(&[anothers(1), case(2)]);
    assert_eq!(first(&other.decided()), ("18", Some(Queue::ManualTriage), "case.other"));
}

#[test]
fn whose_pages_these_are_comes_before_which_case() {
    let several = lying(two_members(), anothers(1), false, true).knowing(&[case(2)]);
    assert_eq!(several.decided().queue, Some(Queue::ManualSplit));
}

fn two_members() -> Doc {
    let mut doc = complete();
    let part = |id: &str| Part { pages: Vec::new(), member: Some(field(id, 0)) };
    doc.extracted.parts = vec![part("U1234567801"), part("U7650012302")];
    doc
}

fn told<'d>(doc: &'d Doc, disposition: &'d Disposition) -> Told<'d> {
    Told { extracted: &doc.extracted, disposition }
}

/// The case that a document opened.
fn opened(doc: &Doc, disposition: &Disposition) -> CaseRecord {
    let CaseRecord { reference, opened_at, .. } = case(1);
    CaseRecord::opened(reference, &doc.extracted, disposition, None, opened_at)
}

#[test]
fn a_case_follows_what_its_document_says_now() {
    let (before, after) = (complete(), complete().codes(&["E0601"]).member_id("U1234567802"));
    let (was, is) = (before.decided(), after.decided());
    // Somebody else has asked for one more thing, and told another number.
    let known = with(opened(&before, &was), |known| {
        known.lines.push(CaseLine { code: None, family: "oxygen".into() });
        known.references.extend(case(3).references);
    });
    let retold = known.retold(told(&before, &was), told(&after, &is));
    assert_eq!(retold.member.id, Some(Phi::from("U1234567802")));
    let codes: Vec<Option<&str>> =
        retold.lines.iter().map(|line| line.code.as_ref().map(|code| code.as_str())).collect();
    assert_eq!(codes, [None, Some("E0601")], "what was its word is so no longer");
    assert_eq!(retold.references, known.references, "what others told stays");
    assert_eq!((&retold.reference, retold.opened_at), (&known.reference, known.opened_at));
    let decided = with(known, |known| known.state = CaseState::Decided);
    assert_eq!(decided.retold(told(&before, &was), told(&before, &was)), decided);
}

#[test]
fn what_came_with_others_is_not_asked_for_again() {
    let before = complete().without(&[Item::Invoice, Item::MedicationList]);
    let (was, is) = (before.decided(), before.decided());
    let mut known = opened(&before, &was);
    assert_eq!(known.asked, ["invoice", "medication_list"]);
    known.asked.remove(0);
    let retold = known.retold(told(&before, &was), told(&before, &is));
    assert_eq!((retold.asked.as_slice(), retold.state), (known.asked.as_slice(), known.state));
    let after = before.clone().item(Item::MedicationList, ItemStatus::Present);
    let retold = known.retold(told(&before, &was), told(&after, &after.decided()));
    assert_eq!((retold.asked.len(), retold.state), (0, CaseState::ReadyForReview));
}

#[test]
fn what_a_correction_takes_back_a_case_asks_for_again() {
    let (before, after) = (complete(), complete().without(&[Item::Invoice]));
    let (was, is) = (before.decided(), after.decided());
    let joined = with(case(1), |case| case.state = CaseState::ReadyForReview);
    let asked = ["invoice".to_owned(), "medication_list".to_owned()];
    let again = joined.rejoined(told(&before, &was), told(&after, &is), &asked);
    assert_eq!((again.asked.as_slice(), again.state), (&asked[..1], CaseState::HoldInsufficient));
    let same = joined.rejoined(told(&before, &was), told(&before, &was), &asked);
    assert_eq!(same, joined);
}

proptest! {
    /// Whatever is corrected, a lane that people were told of is kept.
    #[test]
    fn no_correction_makes_a_document_wait_longer(
        which in 0..4_usize,
        pending in 0..5_usize,
        urgent in any::<bool>(),
        drop in proptest::sample::subsequence(Item::ALL.to_vec(), 0..4),
    ) {
        let least = [Lane::Expedited, Lane::Urgent, Lane::Standard, Lane::Retro][which];
        let grades = [
            PendingDischarge::Strong,
            PendingDischarge::Medium,
            PendingDischarge::Ambiguous,
            PendingDischarge::Weak,
            PendingDischarge::None,
        ];
        let mut doc = complete().pending(grades[pending]).without(&drop);
        if urgent {
            doc.extracted.findings.urgent.value = Urgency::Claimed;
        }
        let free = doc.decided().lane;
        doc.before = Some(Before { least_lane: Some(least), case: None });
        prop_assert_eq!(doc.decided().lane, free.min(least));
    }
}
