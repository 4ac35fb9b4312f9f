//! The conformance story of a store: what every database behind
//! [`intake::store::Store`] has to do. SQLite passes it here; PostgreSQL will
//! pass the same.

mod common;

use std::sync::Arc;

use common::story::{self, at};
use intake::decide::disposition::{Action, Lane, Queue};
use intake::decide::register::{CaseKeys, CaseLine, CaseMember, CaseRecord, CaseState};
use intake::deliver::EventId;
use intake::extract::findings::{Extracted, Item, ItemStatus};
use intake::receive::received::Received;
use intake::store::{
    Admitted, Arrival, CaseFilter, CasesImported, ImportedCase, Job, NewPart, Outcome, PageRecord,
    PageTiming, PartOf, SqliteStore, Stage, Store, StoreError,
};
use intake::vocab::{CaseRef, DocumentRef, PageNumber, Phi, Sha256Digest, SubmissionRef};

async fn sqlite() -> (tempfile::TempDir, Arc<dyn Store>) {
    let dir = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&dir.path().join("intake.db")).await.unwrap();
    (dir, Arc::new(store))
}

#[tokio::test]
async fn a_document_goes_through_all_stages_and_its_mail_waits_for_its_folder() {
    let (_dir, store) = sqlite().await;
    let document = story::admit(&*store, 1).await;

    let open = store.claim(at(0), at(100)).await.unwrap().unwrap();
    assert_eq!((open.job, &open.document), (Job::Open, &document));
    assert!(store.claim(at(1), at(100)).await.unwrap().is_none(), "leased work is nobody else's");
    store.finish_open(&open, &story::inventory(2), at(1)).await.unwrap();
    assert_eq!(story::stage(&*store, &document).await, Stage::Triage);

    let first = store.claim(at(2), at(100)).await.unwrap().unwrap();
    assert_eq!(first.job, Job::Read(PageNumber::FIRST));
    store.finish_page(&first, &story::page(1), &story::calm(), at(2)).await.unwrap();
    assert_eq!(story::stage(&*store, &document).await, Stage::Reading);

    let second = store.claim(at(3), at(100)).await.unwrap().unwrap();
    assert_eq!(second.job, Job::Read(PageNumber::new(2).unwrap()));
    store.finish_page(&second, &story::page(2), &story::calm(), at(3)).await.unwrap();
    assert_eq!(story::stage(&*store, &document).await, Stage::Deciding);
    assert_eq!(store.pages(&document).await.unwrap().len(), 2);

    let decide = store.claim(at(4), at(100)).await.unwrap().unwrap();
    assert_eq!(decide.job, Job::Decide);
    let outcome = story::outcome(&*store, &document).await;
    let decided = story::decided(&document, &outcome, at(4));
    store.finish_decide(&decide, &decided, at(4)).await.unwrap();
    assert!(store.claim_mail(at(5), at(100)).await.unwrap().is_none(), "not in its folder yet");

    let deliver = store.claim(at(5), at(100)).await.unwrap().unwrap();
    assert_eq!(deliver.job, Job::Deliver);
    store.finish_deliver(&deliver, "cases/C-1/D-1", at(5)).await.unwrap();
    let record = store.document(&document).await.unwrap().unwrap();
    assert_eq!(record.stage, Stage::Routed);
    assert_eq!(record.path.as_deref(), Some("cases/C-1/D-1"));
    assert_eq!(record.outcome.as_ref(), Some(&outcome));

    let mail = store.claim_mail(at(6), at(100)).await.unwrap().unwrap();
    store.mail_sent(&mail, "250 ok", at(6)).await.unwrap();
    assert!(store.claim_mail(at(1000), at(1100)).await.unwrap().is_none(), "sent once");

    let status = store.status(at(65)).await.unwrap();
    let queue = outcome.disposition.queue.unwrap().as_str();
    assert_eq!(status.queues[queue].count, 1);
    assert_eq!(status.queues[queue].oldest_seconds, 65);
    assert_eq!((status.cases_open, status.mail_waiting, status.mail_failed), (1, 0, 0));
    let events: Vec<String> =
        store.history(&document).await.unwrap().into_iter().map(|entry| entry.event).collect();
    assert_eq!(events, ["received", "opened", "decided", "delivered", "mail_accepted"]);
}

#[tokio::test]
async fn a_page_is_found_again_by_the_bytes_and_the_way_it_was_read() {
    let (_dir, store) = sqlite().await;
    let document = story::admit(&*store, 1).await;
    let bytes = store.document(&document).await.unwrap().unwrap().received.sha256;
    let page =
        PageRecord { took: PageTiming { decode_ms: 3, recognize_ms: 900 }, ..story::page(1) };
    let way = page.way.unwrap();
    let find = |bytes, number: u32, way| {
        let store = Arc::clone(&store);
        let number = PageNumber::new(number).unwrap();
        async move { store.page_of_bytes(bytes, number, way).await.unwrap() }
    };
    assert_eq!(find(bytes, 1, way).await, None, "not read yet");
    let open = store.claim(at(0), at(100)).await.unwrap().unwrap();
    store.finish_open(&open, &story::inventory(2), at(1)).await.unwrap();
    let read = store.claim(at(2), at(100)).await.unwrap().unwrap();
    store.finish_page(&read, &page, &story::calm(), at(2)).await.unwrap();
    assert_eq!(find(bytes, 1, way).await, Some(page));
    assert_eq!(find(bytes, 2, way).await, None, "another page");
    assert_eq!(find(bytes, 1, Sha256Digest::of(b"a newer program")).await, None);
    assert_eq!(find(Sha256Digest::of(b"other bytes"), 1, way).await, None);
    let unknown = PageRecord { way: None, ..story::page(2) };
    let read = store.claim(at(3), at(100)).await.unwrap().unwrap();
    store.finish_page(&read, &unknown, &story::calm(), at(3)).await.unwrap();
    assert_eq!(store.pages(&document).await.unwrap()[1], unknown);
}

#[tokio::test]
async fn a_lease_that_ran_out_is_another_workers_and_the_first_cannot_finish() {
    let (_dir, store) = sqlite().await;
    story::admit(&*store, 1).await;
    let slow = store.claim(at(0), at(10)).await.unwrap().unwrap();
    let fast = store.claim(at(10), at(20)).await.unwrap().unwrap();
    let late = store.finish_open(&slow, &story::inventory(1), at(11)).await;
    assert!(matches!(late, Err(StoreError::LeaseLost(_))));
    assert!(matches!(store.extend(&slow, at(30)).await, Err(StoreError::LeaseLost(_))));
    store.extend(&fast, at(30)).await.unwrap();
    store.finish_open(&fast, &story::inventory(1), at(11)).await.unwrap();
}

#[tokio::test]
async fn a_service_that_starts_takes_over_what_a_killed_one_held() {
    let (_dir, store) = sqlite().await;
    story::admit(&*store, 1).await;
    let dead = store.claim(at(0), at(1000)).await.unwrap().unwrap();
    store.void_leases().await.unwrap();
    let taken = store.claim(at(1), at(100)).await.unwrap().unwrap();
    assert_eq!(taken.document, dead.document);
    let late = store.finish_open(&dead, &story::inventory(1), at(2)).await;
    assert!(matches!(late, Err(StoreError::LeaseLost(_))));
}

#[tokio::test]
async fn first_pages_come_before_second_pages_and_the_expedited_before_the_rest() {
    let (_dir, store) = sqlite().await;
    let early = story::admit(&*store, 1).await;
    let late = story::admit(&*store, 2).await;
    for _ in 0..2 {
        let open = store.claim(at(0), at(100)).await.unwrap().unwrap();
        store.finish_open(&open, &story::inventory(3), at(0)).await.unwrap();
    }
    let first = store.claim(at(1), at(100)).await.unwrap().unwrap();
    assert_eq!(first.document, early);
    store.finish_page(&first, &story::page(1), &story::calm(), at(1)).await.unwrap();
    let first = store.claim(at(1), at(100)).await.unwrap().unwrap();
    assert_eq!((first.document.clone(), first.job), (late.clone(), Job::Read(PageNumber::FIRST)));
    let flagged = story::flagged(&*store, &late).await;
    store.finish_page(&first, &story::page(1), &flagged, at(1)).await.unwrap();

    let announced = store.claim_mail(at(2), at(100)).await.unwrap();
    assert!(announced.is_some(), "announced at once, before the rest is read");
    let mut order = Vec::new();
    while let Some(claim) = store.claim(at(2), at(100)).await.unwrap() {
        order.push(claim.document);
    }
    assert_eq!(order, [late.clone(), late, early.clone(), early]);
}

#[tokio::test]
async fn a_later_page_raises_the_lane_and_is_announced_once() {
    let (_dir, store) = sqlite().await;
    let document = story::admit(&*store, 1).await;
    let open = store.claim(at(0), at(100)).await.unwrap().unwrap();
    store.finish_open(&open, &story::inventory(4), at(0)).await.unwrap();
    let flagged = story::flagged(&*store, &document).await;
    for (number, triaged) in [(1, story::calm()), (2, flagged.clone()), (3, flagged)] {
        let claim = store.claim(at(number), at(100)).await.unwrap().unwrap();
        store
            .finish_page(&claim, &story::page(number.try_into().unwrap()), &triaged, at(number))
            .await
            .unwrap();
    }
    let record = store.document(&document).await.unwrap().unwrap();
    assert_eq!(record.flagged_at, Some(at(2)));
    let mail = store.claim_mail(at(5), at(100)).await.unwrap().unwrap();
    store.mail_sent(&mail, "ok", at(5)).await.unwrap();
    assert!(store.claim_mail(at(6), at(100)).await.unwrap().is_none());
}

#[tokio::test]
async fn an_arrival_is_admitted_once_until_it_is_forgotten() {
    let (_dir, store) = sqlite().await;
    let arrival = |bytes: &[u8]| Arrival {
        source: "inbox".into(),
        identity: Phi::from("7:5:0.0:/inbox/fax.tif"),
        sha256: Sha256Digest::of(bytes),
    };
    let first = story::admission(1, Some(arrival(b"a")));
    assert_eq!(store.admit(&first).await.unwrap(), Admitted::New);
    let again = store.admit(&story::admission(2, Some(arrival(b"a")))).await.unwrap();
    assert_eq!(again, Admitted::Before(first.documents[0].document.clone()));
    assert_eq!(store.documents().await.unwrap().len(), 1);

    // Other bytes under the same identity are another fax.
    let other = store.admit(&story::admission(3, Some(arrival(b"b")))).await.unwrap();
    assert_eq!(other, Admitted::New);
    store.forget_arrival(&arrival(b"b")).await.unwrap();
    let dropped_again = store.admit(&story::admission(4, Some(arrival(b"b")))).await.unwrap();
    assert_eq!(dropped_again, Admitted::New, "a forgotten one may come again");
}

#[tokio::test]
async fn refused_mail_waits_and_is_given_up_only_when_told_so() {
    let (_dir, store) = sqlite().await;
    let document = story::admit(&*store, 1).await;
    let open = store.claim(at(0), at(100)).await.unwrap().unwrap();
    store.finish_open(&open, &story::inventory(1), at(0)).await.unwrap();
    let first = store.claim(at(1), at(100)).await.unwrap().unwrap();
    let flagged = story::flagged(&*store, &document).await;
    store.finish_page(&first, &story::page(1), &flagged, at(1)).await.unwrap();

    let mail = store.claim_mail(at(2), at(100)).await.unwrap().unwrap();
    store.mail_refused(&mail, Some(at(50)), "451 later", at(2)).await.unwrap();
    assert!(store.claim_mail(at(49), at(100)).await.unwrap().is_none());
    let again = store.claim_mail(at(50), at(100)).await.unwrap().unwrap();
    assert_eq!((again.attempts, &again.notice), (1, &mail.notice));
    assert!(matches!(store.mail_sent(&mail, "ok", at(51)).await, Err(StoreError::LeaseLost(_))));
    store.mail_refused(&again, None, "550 no such user", at(51)).await.unwrap();
    assert!(store.claim_mail(at(10_000), at(10_100)).await.unwrap().is_none());
    assert_eq!(store.status(at(60)).await.unwrap().mail_failed, 1);
}

#[tokio::test]
async fn a_surrendered_document_starts_over_with_nothing_of_what_was_made_of_it() {
    let (dir, store) = sqlite().await;
    let document = story::admit(&*store, 1).await;
    let open = store.claim(at(0), at(100)).await.unwrap().unwrap();
    store.finish_open(&open, &story::inventory(1), at(0)).await.unwrap();
    let first = store.claim(at(0), at(100)).await.unwrap().unwrap();
    store.finish_page(&first, &story::page(1), &story::calm(), at(1)).await.unwrap();
    let decide = store.claim(at(1), at(100)).await.unwrap().unwrap();
    let mut outcome = story::outcome(&*store, &document).await;
    let decided = story::decided(&document, &outcome, at(1));
    store.finish_decide(&decide, &decided, at(1)).await.unwrap();

    let sql = "UPDATE documents SET outcome = '{\"of\": \"another version\"}' WHERE reference = ?";
    by_hand(dir.path(), sql, &document).await;
    let deliver = store.claim(at(2), at(100)).await.unwrap().unwrap();
    assert_eq!(store.document(&document).await.unwrap().unwrap().outcome, None);
    outcome.case = None;
    outcome.disposition.action = Action::Technical;
    outcome.disposition.queue = Some(Queue::Technical);
    outcome.notices[0].queue = Some(Queue::Technical);
    let [surrendered] = story::decided(&document, &outcome, at(3));
    store.surrender(&deliver, &surrendered, at(3)).await.unwrap();
    assert!(store.pages(&document).await.unwrap().is_empty());

    let deliver = store.claim(at(3), at(100)).await.unwrap().unwrap();
    assert_eq!(deliver.job, Job::Deliver);
    assert!(store.claim(at(3), at(100)).await.unwrap().is_none(), "nothing else is left to do");
    store.finish_deliver(&deliver, "queues/technical/D-1", at(4)).await.unwrap();
    let mail = store.claim_mail(at(5), at(100)).await.unwrap().unwrap();
    assert_eq!(mail.notice.queue, Some(Queue::Technical), "told as it is now");
    assert!(store.claim_mail(at(5), at(100)).await.unwrap().is_none());
    let status = store.status(at(5)).await.unwrap();
    assert_eq!((status.cases_open, status.queues["technical"].count), (0, 1));
}

/// A document whose mail is ready: announced by its first page.
async fn announced(store: &dyn Store, number: u64, expedited: bool) -> DocumentRef {
    let document = story::admit(store, number).await;
    let open = store.claim(at(0), at(100)).await.unwrap().unwrap();
    store.finish_open(&open, &story::inventory(1), at(0)).await.unwrap();
    let first = store.claim(at(0), at(100)).await.unwrap().unwrap();
    let mut triaged = story::flagged(store, &document).await;
    if !expedited {
        triaged.lane = Lane::Standard;
    }
    let now = at(number.try_into().unwrap());
    store.finish_page(&first, &story::page(1), &triaged, now).await.unwrap();
    // Decided by the next claim; not wanted here.
    store.claim(at(0), at(1000)).await.unwrap();
    document
}

#[tokio::test]
async fn mail_about_a_waiting_discharge_passes_mail_that_has_waited_longer() {
    let (_dir, store) = sqlite().await;
    announced(&*store, 1, false).await;
    let urgent = announced(&*store, 2, true).await;
    let first = store.claim_mail(at(10), at(100)).await.unwrap().unwrap();
    assert_eq!(first.document, urgent);
}

#[tokio::test]
async fn mail_that_cannot_be_read_back_is_given_up_and_holds_up_no_other() {
    let (dir, store) = sqlite().await;
    let damaged = announced(&*store, 1, true).await;
    let sound = announced(&*store, 2, true).await;
    let sql = "UPDATE outbox SET notice = '{\"from\": \"another version\"}' WHERE document = ?";
    by_hand(dir.path(), sql, &damaged).await;
    let claim = store.claim_mail(at(10), at(100)).await.unwrap().unwrap();
    assert_eq!(claim.document, sound);
    assert_eq!(store.status(at(10)).await.unwrap().mail_failed, 1, "a person can see it");
    let last = store.history(&damaged).await.unwrap().pop().unwrap();
    assert_eq!(last.event, "mail_failed");
    assert!(!last.message.contains("another version"), "it is not quoted");
}

/// Changes the database behind the store's back.
async fn by_hand(dir: &std::path::Path, sql: &'static str, document: &DocumentRef) {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(dir.join("intake.db"));
    let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
    sqlx::query(sql).bind(document.as_str()).execute(&pool).await.unwrap();
    pool.close().await;
}

#[tokio::test]
async fn work_that_failed_waits_its_time_and_counts_its_attempts() {
    let (_dir, store) = sqlite().await;
    story::admit(&*store, 1).await;
    let claim = store.claim(at(0), at(100)).await.unwrap().unwrap();
    store.retry(&claim, at(30), "reader away").await.unwrap();
    assert!(store.claim(at(29), at(100)).await.unwrap().is_none());
    let again = store.claim(at(30), at(100)).await.unwrap().unwrap();
    assert_eq!(again.attempts, 1);
}

#[tokio::test]
async fn new_work_is_there_at_once_though_the_clock_was_set_back() {
    let (_dir, store) = sqlite().await;
    story::admit(&*store, 1).await;
    let open = store.claim(at(-7200), at(-7100)).await.unwrap().unwrap();
    store.finish_open(&open, &story::inventory(1), at(-3600)).await.unwrap();
    assert!(store.claim(at(-7200), at(-7100)).await.unwrap().is_some());
}

#[tokio::test]
async fn what_is_committed_is_there_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("intake.db");
    let document = {
        let store = SqliteStore::open(&path).await.unwrap();
        story::admit(&store, 1).await
    };
    let store = SqliteStore::open(&path).await.unwrap();
    assert!(store.document(&document).await.unwrap().is_some());
    assert_eq!(store.claim(at(0), at(1)).await.unwrap().unwrap().document, document);
}

#[tokio::test]
async fn several_may_open_a_fresh_database_at_the_same_moment() {
    for _ in 0..10 {
        let dir = tempfile::tempdir().unwrap();
        let opening: Vec<_> = (0..4)
            .map(|_| {
                let path = dir.path().join("intake.db");
                tokio::spawn(async move { SqliteStore::open(&path).await.map(drop) })
            })
            .collect();
        for opened in opening {
            opened.await.unwrap().unwrap();
        }
    }
}

/// A case of Edith Sample, by number; the register knows nobody else.
fn case(number: u64) -> CaseRecord {
    CaseRecord {
        program: Some("dme_com".into()),
        member: CaseMember {
            name: Some(Phi::from("Edith Sample")),
            date_of_birth: Some(Phi::new("1958-03-01".parse().unwrap())),
            id: Some(Phi::from("U1234567801")),
        },
        lines: vec![CaseLine { code: None, family: "hospital_bed".into() }],
        ..CaseRecord::new(CaseRef::from_random(number), at(number.try_into().unwrap()))
    }
}

fn row(number: u64, record: CaseRecord) -> ImportedCase {
    ImportedCase { number: Phi::new(format!("55500{number}")), record, is_linked: false }
}

/// By what a document of hers would look.
fn keys(name: &str, birth: &str, id: &str) -> CaseKeys {
    let mut findings = Extracted::nothing().findings;
    findings.member.name = Some(story::field(name));
    findings.member.date_of_birth = Some(story::field(birth));
    findings.member.id = Some(story::field(id));
    CaseKeys::of_document(&findings)
}

async fn found(store: &dyn Store, keys: &CaseKeys) -> Vec<CaseRef> {
    let found = store.case_candidates(keys).await.unwrap();
    found.into_iter().map(|case| case.reference).collect()
}

#[tokio::test]
async fn a_case_is_found_by_reference_id_or_birth_and_family_and_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("intake.db");
    let edith = case(1);
    SqliteStore::open(&path).await.unwrap().open_case(&edith).await.unwrap();
    let store = SqliteStore::open(&path).await.unwrap();
    assert_eq!(store.case(&edith.reference).await.unwrap(), Some(edith.clone()));
    for keys in [
        keys("Nobody Known", "1900-01-01", "U12345678-01"),
        keys("Nobody Known", "1900-01-01", "U12345678"),
        keys("SAMPLE, EDITH", "1958-03-01", "W000000000"),
        CaseKeys::of_reference(edith.reference.as_str()),
    ] {
        assert_eq!(found(&store, &keys).await, std::slice::from_ref(&edith.reference), "{keys:?}");
    }
    let nobody = keys("Edith Sample", "1958-03-02", "U1234567802");
    assert!(found(&store, &nobody).await.is_empty());
    let again = store.open_case(&edith).await;
    assert!(matches!(again, Err(StoreError::CaseExists(_))));
    assert!(!format!("{:?}", store.cases(&CaseFilter::default(), 9).await).contains("Edith"));
}

#[tokio::test]
async fn cases_are_listed_by_state_and_program_the_newest_first_and_only_open_ones_are_counted() {
    let (_dir, store) = sqlite().await;
    for number in 1..=3 {
        let mut case = case(number);
        if number == 2 {
            case.state = CaseState::Decided;
        }
        store.open_case(&case).await.unwrap();
    }
    let listed = |filter: CaseFilter, limit| {
        let store = Arc::clone(&store);
        async move {
            let cases = store.cases(&filter, limit).await.unwrap();
            cases.into_iter().map(|case| case.reference).collect::<Vec<_>>()
        }
    };
    let [one, two, three] = [1, 2, 3].map(CaseRef::from_random);
    assert_eq!(listed(CaseFilter::default(), 9).await, [three.clone(), two.clone(), one]);
    assert_eq!(listed(CaseFilter::default(), 1).await, [three]);
    let decided = CaseFilter { states: vec![CaseState::Decided], program: Some("dme_com".into()) };
    assert_eq!(listed(decided, 9).await, [two]);
    let elsewhere = CaseFilter { program: Some("hh_com".into()), ..CaseFilter::default() };
    assert!(listed(elsewhere, 9).await.is_empty());
    assert_eq!(store.status(at(9)).await.unwrap().cases_open, 2);
}

#[tokio::test]
async fn importing_twice_changes_nothing_and_a_changed_row_changes_its_case() {
    let (_dir, store) = sqlite().await;
    let rows = [row(1, case(1)), row(2, case(2))];
    let first = store.import_cases(&rows).await.unwrap();
    assert_eq!(first, CasesImported { opened: 2, changed: 0, unchanged: 0 });
    // The second time, other references were drawn.
    let mut again = [row(1, case(1)), row(2, case(2))];
    for (row, number) in again.iter_mut().zip(11..) {
        row.record.reference = CaseRef::from_random(number);
    }
    let second = store.import_cases(&again).await.unwrap();
    assert_eq!(second, CasesImported { opened: 0, changed: 0, unchanged: 2 });
    assert_eq!(
        store.case(&rows[0].record.reference).await.unwrap().as_ref(),
        Some(&rows[0].record)
    );

    again[0].record.state = CaseState::Decided;
    again[0].record.member.id = Some(Phi::from("U5550001201"));
    again[0].record.note = None;
    let third = store.import_cases(&again).await.unwrap();
    assert_eq!(third, CasesImported { opened: 0, changed: 1, unchanged: 1 });
    let changed = store.case(&rows[0].record.reference).await.unwrap().unwrap();
    assert_eq!(changed.state, CaseState::Decided);
    let by_new_id = keys("Nobody Known", "1900-01-01", "U5550001201");
    assert_eq!(found(&*store, &by_new_id).await, [changed.reference]);
    let by_old_id = keys("Nobody Known", "1900-01-01", "U1234567801");
    assert_eq!(found(&*store, &by_old_id).await, [rows[1].record.reference.clone()]);
}

#[tokio::test]
async fn a_row_may_say_which_of_our_cases_it_is_and_one_that_means_two_changes_nothing() {
    let (_dir, store) = sqlite().await;
    let mut ours = case(1);
    ours.note = Some(Phi::from("the supplier called"));
    store.open_case(&ours).await.unwrap();
    let mut told = CaseRecord::new(ours.reference.clone(), at(1));
    told.state = CaseState::ReadyForReview;
    let linked = ImportedCase { is_linked: true, ..row(1, told) };
    let imported = store.import_cases(std::slice::from_ref(&linked)).await.unwrap();
    assert_eq!((imported.opened, imported.changed), (0, 1));
    let kept = store.case(&ours.reference).await.unwrap().unwrap();
    assert_eq!(kept, CaseRecord { state: CaseState::ReadyForReview, ..ours.clone() });

    let two_numbers = ImportedCase { number: Phi::from("other"), ..linked.clone() };
    let twice = row(1, case(7));
    for wrong in [two_numbers, twice] {
        let rows = [row(8, case(8)), linked.clone(), wrong];
        let refused = store.import_cases(&rows).await;
        assert!(matches!(refused, Err(StoreError::CaseNumbers { place: 2 })), "{refused:?}");
    }
    assert_eq!(store.case(&CaseRef::from_random(8)).await.unwrap(), None, "all or nothing");
}

/// Decides the one document that waits, with this outcome.
async fn decide(store: &dyn Store, outcome: &Outcome, now: i64) {
    let open = store.claim(at(now), at(now + 100)).await.unwrap().unwrap();
    store.finish_open(&open, &story::inventory(1), at(now)).await.unwrap();
    let first = store.claim(at(now), at(now + 100)).await.unwrap().unwrap();
    store.finish_page(&first, &story::page(1), &story::calm(), at(now)).await.unwrap();
    let decide = store.claim(at(now), at(now + 100)).await.unwrap().unwrap();
    let decided = story::decided(&decide.document, outcome, at(now));
    store.finish_decide(&decide, &decided, at(now)).await.unwrap();
}

#[tokio::test]
async fn a_document_opens_its_case_and_the_next_one_adds_to_it_when_it_lies_there() {
    let (dir, store) = sqlite().await;
    let document = story::admit(&*store, 1).await;
    let mut outcome = story::outcome(&*store, &document).await;
    let member = &mut outcome.extracted.findings.member;
    member.name = Some(story::field("Edith Sample"));
    member.id = Some(story::field("U12345678"));
    outcome.disposition.queue = Some(Queue::HoldInsufficient);
    outcome.disposition.missing = vec!["visit_note".into(), "invoice".into()];
    decide(&*store, &outcome, 0).await;
    let deliver = store.claim(at(1), at(100)).await.unwrap().unwrap();
    store.finish_deliver(&deliver, "cases/C-1/D-1", at(1)).await.unwrap();
    let opened = store.case(outcome.case.as_ref().unwrap()).await.unwrap().unwrap();
    assert_eq!(opened.state, CaseState::HoldInsufficient);
    assert_eq!((opened.opened_at, opened.asked.len()), (at(0), 2));
    let by_id = keys("Nobody Known", "1900-01-01", "U1234567801");
    assert_eq!(found(&*store, &by_id).await, std::slice::from_ref(&opened.reference));

    let reply = story::admit(&*store, 2).await;
    let mut joins = story::outcome(&*store, &reply).await;
    joins.disposition.action = Action::Attach;
    joins.extracted.findings.member.date_of_birth = Some(story::field("1958-03-01"));
    for found in &mut joins.extracted.findings.checklist {
        if found.item == Item::VisitNote {
            found.status = ItemStatus::Present;
        }
    }
    decide(&*store, &joins, 2).await;
    let before = store.case(&opened.reference).await.unwrap().unwrap();
    assert_eq!(before, opened, "not before it lies there: it may be surrendered");
    let deliver = store.claim(at(3), at(100)).await.unwrap().unwrap();
    store.finish_deliver(&deliver, "cases/C-1/D-2", at(3)).await.unwrap();
    let after = store.case(&opened.reference).await.unwrap().unwrap();
    assert_eq!((after.asked, after.state), (vec!["invoice".to_owned()], opened.state));
    assert!(after.member.date_of_birth.is_some());
    assert_eq!(store.case_documents(&opened.reference).await.unwrap(), [document.clone(), reply]);

    // As the register finds a case of before there was one.
    by_hand(dir.path(), "UPDATE cases SET record = NULL WHERE opened_by = ?", &document).await;
    by_hand(dir.path(), "DELETE FROM case_keys WHERE ? <> ''", &document).await;
    let reopened = SqliteStore::open(&dir.path().join("intake.db")).await.unwrap();
    assert_eq!(reopened.case(&opened.reference).await.unwrap(), Some(opened.clone()));
    assert_eq!(found(&reopened, &by_id).await, [opened.reference]);
}

/// Three files of one upload, each with its first page read but the last.
async fn upload(store: &dyn Store) -> Vec<DocumentRef> {
    let mut admission = story::admission(1, None);
    let first = admission.documents[0].clone();
    for number in [2, 3] {
        let document = DocumentRef::from_random(number);
        admission.documents.push(Received { document, ..first.clone() });
    }
    store.admit(&admission).await.unwrap();
    let documents: Vec<DocumentRef> =
        admission.documents.into_iter().map(|received| received.document).collect();
    for _ in &documents {
        let open = store.claim(at(0), at(100)).await.unwrap().unwrap();
        store.finish_open(&open, &story::inventory(2), at(0)).await.unwrap();
    }
    documents
}

#[tokio::test]
async fn the_files_of_an_upload_are_decided_together_when_the_last_is_read() {
    let (_dir, store) = sqlite().await;
    let documents = upload(&*store).await;
    let ordered = store.submission(&SubmissionRef::from_random(1)).await.unwrap();
    let references: Vec<&DocumentRef> = ordered.iter().map(|one| &one.received.document).collect();
    assert_eq!(references, documents.iter().collect::<Vec<_>>());
    for place in 0..6 {
        let claim = store.claim(at(1), at(100)).await.unwrap().unwrap();
        let Job::Read(number) = claim.job else { panic!("{:?} after {place}", claim.job) };
        // The second file turns out to be urgent: the rest of all goes before others.
        let urgent = claim.document == documents[1];
        let triaged =
            if urgent { story::flagged(&*store, &claim.document).await } else { story::calm() };
        store.finish_page(&claim, &story::page(number.get()), &triaged, at(1)).await.unwrap();
        if place == 2 {
            let other = story::admit(&*store, 9).await;
            let open = store.claim(at(1), at(100)).await.unwrap().unwrap();
            assert_eq!((open.job, &open.document), (Job::Open, &other));
            store.finish_open(&open, &story::inventory(1), at(1)).await.unwrap();
            let first = store.claim(at(1), at(100)).await.unwrap().unwrap();
            assert_eq!(first.document, other, "every first page goes first");
            store.finish_page(&first, &story::page(1), &story::calm(), at(1)).await.unwrap();
            let decide = store.claim(at(1), at(100)).await.unwrap().unwrap();
            assert_eq!((decide.job, decide.document), (Job::Decide, other));
        }
    }
    let decide = store.claim(at(2), at(100)).await.unwrap().unwrap();
    assert_eq!((decide.job, &decide.document), (Job::Decide, &documents[0]));
    assert!(store.claim(at(2), at(100)).await.unwrap().is_none(), "decided once");
    let mut all = Vec::new();
    for document in &documents {
        let outcome = story::outcome(&*store, document).await;
        all.extend(story::decided(document, &outcome, at(2)));
    }
    store.finish_decide(&decide, &all, at(2)).await.unwrap();
    let case = CaseRef::from_random(1);
    for document in &documents {
        assert_eq!(story::stage(&*store, document).await, Stage::Delivering);
        let deliver = store.claim(at(3), at(100)).await.unwrap().unwrap();
        assert_eq!((deliver.job, &deliver.document), (Job::Deliver, document));
    }
    assert_eq!(store.case_documents(&case).await.unwrap(), documents);
    assert_eq!(store.cases(&CaseFilter::default(), 9).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_file_that_cannot_be_opened_keeps_no_other_waiting() {
    let (_dir, store) = sqlite().await;
    let mut admission = story::admission(1, None);
    let first = admission.documents[0].clone();
    let bad = DocumentRef::from_random(2);
    admission.documents.push(Received { document: bad.clone(), ..first.clone() });
    store.admit(&admission).await.unwrap();
    let open = store.claim(at(0), at(100)).await.unwrap().unwrap();
    let open_bad = store.claim(at(0), at(100)).await.unwrap().unwrap();
    store.finish_open(&open, &story::inventory(1), at(0)).await.unwrap();
    let read = store.claim(at(0), at(100)).await.unwrap().unwrap();
    store.finish_page(&read, &story::page(1), &story::calm(), at(0)).await.unwrap();
    assert!(store.claim(at(1), at(100)).await.unwrap().is_none(), "the other may still be opened");
    let mut refused = story::outcome(&*store, &bad).await;
    refused.case = None;
    refused.disposition.action = Action::Technical;
    refused.disposition.queue = Some(Queue::Technical);
    let decided = story::decided(&bad, &refused, at(1));
    store.finish_decide(&open_bad, &decided, at(1)).await.unwrap();
    let mut jobs = Vec::new();
    while let Some(claim) = store.claim(at(2), at(100)).await.unwrap() {
        jobs.push((claim.job, claim.document));
    }
    jobs.sort_by_key(|(job, _)| format!("{job:?}"));
    assert_eq!(jobs, [(Job::Decide, first.document), (Job::Deliver, bad)]);
}

#[tokio::test]
async fn a_part_is_a_document_of_its_own_and_its_whole_is_still_there() {
    let (_dir, store) = sqlite().await;
    let whole = story::admit(&*store, 1).await;
    let open = store.claim(at(0), at(100)).await.unwrap().unwrap();
    store.finish_open(&open, &story::inventory(3), at(0)).await.unwrap();
    for number in 1..=3 {
        let read = store.claim(at(0), at(100)).await.unwrap().unwrap();
        store.finish_page(&read, &story::page(number), &story::calm(), at(0)).await.unwrap();
    }
    let decide = store.claim(at(1), at(100)).await.unwrap().unwrap();
    let mut split = story::outcome(&*store, &whole).await;
    (split.case, split.disposition.queue) = (None, None);
    split.disposition.action = Action::Split;
    split.notices.clear();
    let mut all = story::decided(&whole, &split, at(1)).to_vec();
    for (number, pages) in [(2, vec![1]), (3, vec![2, 3])] {
        let part = DocumentRef::from_random(number);
        let mut outcome = story::outcome(&*store, &whole).await;
        outcome.case = Some(CaseRef::from_random(number));
        outcome.notices[0].event = EventId(format!("{part}/routed"));
        let [mut decided] = story::decided(&part, &outcome, at(1));
        let pages: Vec<PageNumber> = pages.into_iter().filter_map(PageNumber::new).collect();
        let read = (1..=u32::try_from(pages.len()).unwrap()).map(story::page).collect();
        let of = PartOf { document: whole.clone(), pages, of: 3 };
        decided.part = Some(NewPart { of, pages: read });
        all.push(decided);
    }
    store.finish_decide(&decide, &all, at(1)).await.unwrap();

    let part = store.document(&DocumentRef::from_random(3)).await.unwrap().unwrap();
    assert_eq!(part.part_of.unwrap().pages.len(), 2);
    assert_eq!(part.inventory.unwrap().pages, 2);
    assert_eq!(part.received.received_at, at(0), "received when the whole was");
    assert_eq!(store.pages(&DocumentRef::from_random(3)).await.unwrap().len(), 2);
    let submission = store.submission(&SubmissionRef::from_random(1)).await.unwrap();
    assert_eq!(submission.len(), 1, "parts did not come with the upload");
    let same = store.decided_with_bytes(part.received.sha256).await.unwrap();
    assert_eq!(same.len(), 1, "nor is a part the file sent again");
    for reference in [&whole, &DocumentRef::from_random(2), &DocumentRef::from_random(3)] {
        let deliver = store.claim(at(2), at(100)).await.unwrap().unwrap();
        assert_eq!((deliver.job, &deliver.document), (Job::Deliver, reference));
        store.finish_deliver(&deliver, "somewhere", at(2)).await.unwrap();
    }
    let status = store.status(at(3)).await.unwrap();
    assert_eq!(status.queues["ready_for_review"].count, 2);
}
