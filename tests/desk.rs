//! The conformance story of a store, as far as people at the queues are concerned.

mod common;

use std::sync::Arc;

use common::story::{self, at};
use intake::decide::disposition::{Action, Lane, Queue};
use intake::decide::recorded::ModelText;
use intake::decide::register::{CaseRecord, CaseState};
use intake::store::{
    Amended, Amendment, CaseChange, Closing, ClosingReason, DecisionKind, Job, Outcome,
    QueueFilter, SqliteStore, Stage, Store, StoreError,
};
use intake::vocab::{CaseRef, DocumentRef, Sha256Digest};
use sqlx::Row;

async fn sqlite() -> (tempfile::TempDir, Arc<dyn Store>) {
    let dir = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&dir.path().join("intake.db")).await.unwrap();
    (dir, Arc::new(store))
}

/// A document that waits in the hold queue of a case that it opened.
async fn held(store: &dyn Store, number: u64) -> (DocumentRef, Outcome) {
    let document = story::admit(store, number).await;
    let mut outcome = story::outcome(store, &document).await;
    outcome.case = Some(CaseRef::from_random(number));
    outcome.disposition.queue = Some(Queue::HoldInsufficient);
    outcome.disposition.missing = vec!["invoice".into()];
    let open = store.claim(at(0), at(100)).await.unwrap().unwrap();
    store.finish_open(&open, &story::inventory(1), at(0)).await.unwrap();
    let first = store.claim(at(0), at(100)).await.unwrap().unwrap();
    store.finish_page(&first, &story::page(1), &story::calm(), at(0)).await.unwrap();
    let decide = store.claim(at(0), at(100)).await.unwrap().unwrap();
    let decided = story::decided(&document, &outcome, at(0));
    store.finish_decide(&decide, &decided, at(0)).await.unwrap();
    deliver(store, 1).await;
    (document, outcome)
}

async fn deliver(store: &dyn Store, now: i64) {
    let claim = store.claim(at(now), at(now + 100)).await.unwrap().unwrap();
    assert_eq!(claim.job, Job::Deliver);
    store.finish_deliver(&claim, "cases/C-1/D-1", at(now)).await.unwrap();
}

/// Pat sends it to review.
fn to_review(document: &DocumentRef, outcome: &Outcome) -> Amended {
    let mut outcome = outcome.clone();
    outcome.disposition.queue = Some(Queue::ReadyForReview);
    outcome.disposition.missing.clear();
    outcome.notices[0].event.0 = format!("{document}/released/2");
    Amended {
        by: "Pat".into(),
        kind: DecisionKind::Released,
        message: "to ready_for_review".into(),
        documents: vec![Amendment {
            document: document.clone(),
            after: 1,
            inputs: None,
            outcome,
            changes: vec!["queue".into()],
        }],
        opens: None,
        cases: Vec::new(),
        gives_back: true,
    }
}

async fn queue_of(store: &dyn Store, document: &DocumentRef) -> Option<Queue> {
    let items = store.queue(&QueueFilter::default()).await.unwrap();
    items.into_iter().find(|item| item.document == *document).map(|item| item.queue)
}

#[tokio::test]
async fn the_machines_decision_is_the_first_and_a_persons_is_added_to_it() {
    let (_dir, store) = sqlite().await;
    let (document, outcome) = held(&*store, 1).await;
    store.amend(&to_review(&document, &outcome), at(5)).await.unwrap();
    assert_eq!(story::stage(&*store, &document).await, Stage::Delivering);
    assert_eq!(
        queue_of(&*store, &document).await,
        Some(Queue::HoldInsufficient),
        "it is where its folder lies"
    );
    deliver(&*store, 6).await;
    assert_eq!(queue_of(&*store, &document).await, Some(Queue::ReadyForReview));

    let decisions = store.decisions(&document).await.unwrap();
    let told: Vec<_> = decisions.iter().map(|d| (d.sequence, &*d.author, d.kind)).collect();
    assert_eq!(told, [(1, "intake", DecisionKind::Decided), (2, "Pat", DecisionKind::Released)]);
    assert_eq!(decisions[0].inputs, Some(story::inputs()));
    assert_eq!(decisions[0].disposition, outcome.disposition, "as it was");
    let record = store.document(&document).await.unwrap().unwrap();
    assert_eq!(record.outcome.unwrap().disposition, decisions[1].disposition);
    let queues: Vec<_> =
        store.places(&document).await.unwrap().into_iter().map(|place| place.queue).collect();
    assert_eq!(queues, [Some(Queue::HoldInsufficient), Some(Queue::ReadyForReview)]);
    let history = store.history(&document).await.unwrap();
    let released = history.iter().find(|entry| entry.event == "released").unwrap();
    assert_eq!(released.actor, "Pat");
}

#[tokio::test]
async fn decisions_cannot_be_changed_or_removed() {
    let (dir, store) = sqlite().await;
    held(&*store, 1).await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(dir.path().join("intake.db"));
    let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
    for sql in ["UPDATE decisions SET author = 'nobody'", "DELETE FROM decisions"] {
        let refused = sqlx::query(sql).execute(&pool).await.unwrap_err();
        assert!(refused.to_string().contains("decisions are added"), "{refused}");
    }
    let kept = sqlx::query("SELECT author FROM decisions").fetch_all(&pool).await.unwrap();
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].get::<&str, _>("author"), "intake");
}

#[tokio::test]
async fn of_two_who_take_a_document_at_once_one_gets_it() {
    let (_dir, store) = sqlite().await;
    let (document, _) = held(&*store, 1).await;
    for round in 0..10 {
        let take = |by: &'static str| {
            let (store, document) = (Arc::clone(&store), document.clone());
            tokio::spawn(async move { store.hold(&document, by, false, at(round)).await })
        };
        let (pat, sam) = (take("Pat"), take("Sam"));
        let both = [pat.await.unwrap(), sam.await.unwrap()];
        let got = both.iter().filter_map(|one| one.as_ref().ok()).next().unwrap();
        let lost: Vec<_> = both.iter().filter_map(|one| one.as_ref().err()).collect();
        let [StoreError::Held { by, .. }] = lost.as_slice() else { panic!("{both:?}") };
        assert_eq!(*by, got.by, "the other is told by whom");
        store.give_back(&document, by, at(round)).await.unwrap();
    }
}

#[tokio::test]
async fn what_another_holds_is_left_alone_until_it_is_taken_over() {
    let (_dir, store) = sqlite().await;
    let (document, outcome) = held(&*store, 1).await;
    let first = store.hold(&document, "Sam", false, at(2)).await.unwrap();
    let again = store.hold(&document, "Sam", false, at(9)).await.unwrap();
    assert_eq!((&first, first.since), (&again, at(2)), "taking what one has is fine");
    let released = store.amend(&to_review(&document, &outcome), at(3)).await;
    assert!(matches!(released, Err(StoreError::Held { by, .. }) if by == "Sam"));
    let given = store.give_back(&document, "Pat", at(3)).await;
    assert!(matches!(given, Err(StoreError::Held { .. })), "only by whoever has it");
    assert_eq!(store.decisions(&document).await.unwrap().len(), 1);

    store.hold(&document, "Pat", true, at(4)).await.unwrap();
    let last = store.history(&document).await.unwrap().pop().unwrap();
    assert_eq!((last.event.as_str(), last.actor.as_str()), ("taken_over", "Pat"));
    assert!(last.message.contains("Sam"), "{}", last.message);
    store.amend(&to_review(&document, &outcome), at(5)).await.unwrap();
    assert_eq!(store.held(&document).await.unwrap(), None, "done with");
}

#[tokio::test]
async fn what_waits_in_no_queue_cannot_be_taken() {
    let (_dir, store) = sqlite().await;
    let document = story::admit(&*store, 1).await;
    let refused = store.hold(&document, "Pat", false, at(1)).await;
    assert!(matches!(refused, Err(StoreError::NotWaiting(_))));
}

#[tokio::test]
async fn two_decisions_from_the_same_view_do_not_both_count() {
    let (_dir, store) = sqlite().await;
    let (document, outcome) = held(&*store, 1).await;
    let amended = to_review(&document, &outcome);
    store.amend(&amended, at(2)).await.unwrap();
    let late = store.amend(&amended, at(3)).await;
    assert!(matches!(late, Err(StoreError::Changed(_))), "{late:?}");
    assert_eq!(store.decisions(&document).await.unwrap().len(), 2);
    deliver(&*store, 4).await;

    // Nor does one that saw its case otherwise, and then nothing of it does.
    let (document, outcome) = held(&*store, 2).await;
    let case = store.case(outcome.case.as_ref().unwrap()).await.unwrap().unwrap();
    let elsewhere = CaseRecord { by_phone: true, ..case.clone() };
    let after = CaseRecord { state: CaseState::ReadyForReview, ..case };
    let mut amended = to_review(&document, &outcome);
    amended.cases = vec![CaseChange { before: elsewhere, after }];
    let late = store.amend(&amended, at(4)).await;
    assert!(matches!(late, Err(StoreError::Changed(_))));
    assert_eq!(store.decisions(&document).await.unwrap().len(), 1, "all or nothing");
}

#[tokio::test]
async fn a_correction_before_the_delivery_takes_its_place_and_one_during_it_waits() {
    let (_dir, store) = sqlite().await;
    let (document, outcome) = held(&*store, 1).await;
    let first = store.claim_mail(at(2), at(3)).await.unwrap().unwrap();
    store.mail_sent(&first, "ok", at(2)).await.unwrap();
    store.amend(&to_review(&document, &outcome), at(2)).await.unwrap();

    // A worker has it: what it is about to put somewhere would stay there.
    let claim = store.claim(at(3), at(50)).await.unwrap().unwrap();
    let mut second = to_review(&document, &outcome);
    second.documents[0].after = 2;
    second.documents[0].outcome.disposition.queue = Some(Queue::PostDecision);
    second.documents[0].outcome.notices[0].event.0 = format!("{document}/released/3");
    let busy = store.amend(&second, at(4)).await;
    assert!(matches!(busy, Err(StoreError::BeingWorkedOn(_))), "{busy:?}");

    // The worker is killed, and its lease runs out.
    store.amend(&second, at(60)).await.unwrap();
    let late = store.finish_deliver(&claim, "cases/C-1/D-1", at(61)).await;
    assert!(matches!(late, Err(StoreError::LeaseLost(_))), "{late:?}");
    deliver(&*store, 62).await;
    assert_eq!(queue_of(&*store, &document).await, Some(Queue::PostDecision));
    assert!(store.claim(at(63), at(70)).await.unwrap().is_none(), "delivered once");
    let mail = store.claim_mail(at(63), at(70)).await.unwrap().unwrap();
    assert_eq!(mail.notice.event.0, format!("{document}/released/3"), "as it is now");
    assert!(store.claim_mail(at(63), at(70)).await.unwrap().is_none());
}

#[tokio::test]
async fn a_decision_is_delivered_by_the_next_service_if_this_one_is_killed() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("intake.db");
    let document = {
        let store = SqliteStore::open(&path).await.unwrap();
        let (document, outcome) = held(&store, 1).await;
        store.amend(&to_review(&document, &outcome), at(2)).await.unwrap();
        document
    };
    let store = SqliteStore::open(&path).await.unwrap();
    store.void_leases().await.unwrap();
    deliver(&store, 3).await;
    assert_eq!(queue_of(&store, &document).await, Some(Queue::ReadyForReview));
}

#[tokio::test]
async fn what_is_closed_leaves_its_queue_when_its_folder_does() {
    let (_dir, store) = sqlite().await;
    let (document, outcome) = held(&*store, 1).await;
    let closing =
        Closing { reason: ClosingReason::NoAnswer, by: "Pat".into(), at: at(2), note: None };
    let mut amended = to_review(&document, &outcome);
    amended.kind = DecisionKind::Closed;
    amended.documents[0].outcome =
        Outcome { closed: Some(closing.clone()), notices: Vec::new(), ..outcome };
    store.amend(&amended, at(2)).await.unwrap();
    deliver(&*store, 3).await;
    assert_eq!(queue_of(&*store, &document).await, None);
    assert!(store.status(at(4)).await.unwrap().queues.is_empty());
    let last = store.decisions(&document).await.unwrap().pop().unwrap();
    assert_eq!(last.closed, Some(closing));
    assert_eq!(last.disposition.queue, Some(Queue::HoldInsufficient), "as it was decided");
}

#[tokio::test]
async fn a_surrender_is_a_decision_too_and_puts_nothing_away_that_was_seen() {
    let (_dir, store) = sqlite().await;
    let (document, outcome) = held(&*store, 1).await;
    store.amend(&to_review(&document, &outcome), at(2)).await.unwrap();
    let claim = store.claim(at(3), at(100)).await.unwrap().unwrap();
    let mut given_up = outcome.clone();
    given_up.case = None;
    given_up.disposition.action = Action::Technical;
    given_up.disposition.queue = Some(Queue::Technical);
    let [surrendered] = story::decided(&document, &given_up, at(3));
    store.surrender(&claim, &surrendered, at(3)).await.unwrap();
    let kinds: Vec<DecisionKind> =
        store.decisions(&document).await.unwrap().into_iter().map(|one| one.kind).collect();
    use DecisionKind::{Decided, Released, Surrendered};
    assert_eq!(kinds, [Decided, Released, Surrendered]);
    assert_eq!(store.pages(&document).await.unwrap().len(), 1, "somebody may have seen them");
    assert!(store.case(outcome.case.as_ref().unwrap()).await.unwrap().is_some());
}

#[tokio::test]
async fn queues_list_what_is_urgent_first_then_what_is_due_first_then_what_is_old() {
    let (_dir, store) = sqlite().await;
    let mut documents = Vec::new();
    for (number, lane) in [(1, Lane::Standard), (2, Lane::Retro), (3, Lane::Expedited)] {
        let (document, mut outcome) = held(&*store, number).await;
        outcome.disposition.lane = lane;
        store.amend(&to_review(&document, &outcome), at(5)).await.unwrap();
        deliver(&*store, 6).await;
        documents.push(document);
    }
    let (last, _) = held(&*store, 4).await;
    let listed = |filter: QueueFilter| {
        let store = Arc::clone(&store);
        async move {
            let items = store.queue(&filter).await.unwrap();
            items.into_iter().map(|item| item.document).collect::<Vec<_>>()
        }
    };
    let mut standard = [documents[0].clone(), last.clone()];
    standard.sort();
    let [one, two] = standard;
    let all = [documents[2].clone(), one, two, documents[1].clone()];
    assert_eq!(listed(QueueFilter::default()).await, all);
    let held = QueueFilter { queue: Some(Queue::HoldInsufficient), lane: None };
    assert_eq!(listed(held).await, [last]);
    let retro = QueueFilter { queue: None, lane: Some(Lane::Retro) };
    assert_eq!(listed(retro).await, [documents[1].clone()]);
}

#[tokio::test]
async fn texts_of_models_are_kept_once_by_their_digests() {
    let (_dir, store) = sqlite().await;
    let model =
        |text: &str| ModelText { digest: Sha256Digest::of(text.as_bytes()), text: text.into() };
    let models = [model("one"), model("two")];
    for _ in 0..2 {
        store.keep_models(&models).await.unwrap();
    }
    for kept in &models {
        assert_eq!(store.model(kept.digest).await.unwrap().as_deref(), Some(&*kept.text));
    }
    assert_eq!(store.model(Sha256Digest::of(b"three")).await.unwrap(), None);
}

#[tokio::test]
async fn what_was_decided_before_decisions_were_kept_is_the_first_of_its_document() {
    let (dir, store) = sqlite().await;
    let (document, outcome) = held(&*store, 1).await;
    let path = dir.path().join("intake.db");
    let pool =
        sqlx::SqlitePool::connect_with(sqlx::sqlite::SqliteConnectOptions::new().filename(&path));
    let pool = pool.await.unwrap();
    // As it was before the desk.
    for sql in [
        "DROP TABLE decisions",
        "DROP TABLE models",
        "DROP TABLE held",
        "DELETE FROM _sqlx_migrations WHERE version = 5",
    ] {
        sqlx::query(sql).execute(&pool).await.unwrap();
    }
    pool.close().await;
    let store = SqliteStore::open(&path).await.unwrap();
    let decisions = store.decisions(&document).await.unwrap();
    let [first] = decisions.as_slice() else { panic!("{decisions:?}") };
    assert_eq!((first.sequence, &*first.author), (1, "intake"));
    assert_eq!((&first.disposition, &first.case), (&outcome.disposition, &outcome.case));
    assert_eq!(first.inputs, None, "nobody kept them");
    store.amend(&to_review(&document, &outcome), at(5)).await.unwrap();
}
