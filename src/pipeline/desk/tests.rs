//! People at the desk, through a store and folders.

use std::path::Path;
use std::sync::Arc;

use super::*;
use crate::config::ImportedCodes;
use crate::decide::disposition::Action;
use crate::decide::register::{CaseMember, CaseRecord, CaseState};
use crate::decide::tests::paper::fax;
use crate::extract::tests::build::{Drawn, cover, page};
use crate::pipeline::replay::{self, Outcome as Replay};
use crate::pipeline::together::tests::{of_another, outcome, request, upload};
use crate::pipeline::worker::Workshop;
use crate::pipeline::worker::tests::{binding_workshop, workshop};
use crate::store::{
    Blobs, ClosingReason, DecisionKind, DocumentRecord, Job, MemoryBlobs, QueueFilter, Stage,
};

/// A service's data directory, and the desk beside it.
struct Office {
    dir: tempfile::TempDir,
    blobs: Arc<dyn Blobs>,
    workshop: Arc<Workshop>,
    desk: Desk,
}

async fn office() -> Office {
    let dir = tempfile::tempdir().unwrap();
    let blobs: Arc<dyn Blobs> = Arc::new(MemoryBlobs::default());
    let workshop = workshop(dir.path(), Arc::clone(&blobs)).await;
    let safe = Safe {
        store: Arc::clone(&workshop.store),
        blobs: Arc::clone(&blobs),
        data_dir: dir.path().to_owned(),
        min_free_mib: 0,
    };
    let knowledge = Knowledge::load(None, &ImportedCodes::default()).unwrap();
    let desk = Desk::new(safe, knowledge, jiff::tz::TimeZone::UTC);
    Office { dir, blobs, workshop, desk }
}

fn pat() -> Signed {
    Signed { by: "Pat".into(), note: None, at: Timestamp::now() }
}

impl Office {
    /// Receives and decides an upload; its folders stand as far as this story
    /// needs them to.
    async fn receives(&self, number: u64, files: &[&[Drawn]]) -> Vec<DocumentRecord> {
        for file in files {
            let bytes = std::io::Cursor::new(format!("{file:?}").into_bytes());
            self.blobs.put(Box::new(bytes)).await.unwrap();
        }
        let records = upload(&self.workshop, number, files).await;
        for record in &records {
            let folder = self.dir.path().join(record.path.as_ref().unwrap());
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(folder.join("packet.pdf"), b"as first delivered").unwrap();
        }
        records
    }

    /// What the service does next: delivers what was decided. Each time with new
    /// readers, as each of the test's readers binds one packet.
    async fn delivers(&self) {
        let now = Timestamp::now();
        let until = now + jiff::SignedDuration::from_mins(5);
        while let Some(claim) = self.workshop.store.claim(now, until).await.unwrap() {
            assert_eq!(claim.job, Job::Deliver);
            let workshop = binding_workshop(self.dir.path(), Arc::clone(&self.blobs)).await;
            workshop.work_on(&claim).await.unwrap();
        }
    }

    async fn correct(&self, of: &DocumentRecord, typed: &[&str]) -> Result<Vec<Moved>, DeskError> {
        let typed: Vec<String> = typed.iter().map(|&text| text.to_owned()).collect();
        self.desk.correct(&of.received.document, &typed, &pat()).await
    }

    async fn record(&self, of: &DocumentRecord) -> DocumentRecord {
        self.workshop.store.document(&of.received.document).await.unwrap().unwrap()
    }

    async fn case(&self, reference: &Option<CaseRef>) -> CaseRecord {
        let reference = reference.as_ref().unwrap();
        self.workshop.store.case(reference).await.unwrap().unwrap()
    }

    fn there(&self, path: &str) -> bool {
        self.dir.path().join(path).exists()
    }

    /// Deciding again with the same models gives the same bytes.
    async fn replays(&self, of: &DocumentRecord) {
        let (store, knowledge) = (&*self.workshop.store, &self.desk.knowledge);
        let all = replay::replay(store, knowledge, &of.received.document).await.unwrap();
        for one in all.iter().filter(|one| one.decision.inputs.is_some()) {
            let Replay::Again { then, today, same_models } = &one.outcome else {
                panic!("{:?}", one.outcome)
            };
            assert!(same_models);
            assert_eq!((then.as_deref(), today.as_slice()), (Some(&[][..]), &[][..]));
        }
    }
}

/// A request that lacks its invoice.
fn without_invoice() -> Vec<Drawn> {
    let mut pages = fax().pages();
    pages.retain(|page| !format!("{page:?}").contains("INVOICE"));
    assert!(pages.len() < fax().pages().len());
    pages
}

#[tokio::test]
async fn a_correction_that_completes_a_hold_moves_the_document_to_review_with_a_new_packet() {
    let office = office().await;
    let [held] = &office.receives(1, &[&without_invoice()]).await[..] else { panic!() };
    let before = outcome(held);
    assert_eq!(before.disposition.queue, Some(Queue::HoldInsufficient));
    assert_eq!(before.disposition.missing, ["invoice"]);
    let case = office.case(&before.case).await;
    assert_eq!((case.state, case.asked.len()), (CaseState::HoldInsufficient, 1));
    let listed = format!("queues/hold_insufficient/{}.json", held.received.document);
    std::fs::create_dir_all(office.dir.path().join("queues/hold_insufficient")).unwrap();
    std::fs::write(office.dir.path().join(&listed), b"{}").unwrap();

    let moved = office.correct(held, &["checklist.invoice=present"]).await.unwrap();
    assert_eq!(moved[0].queue, Some(Queue::ReadyForReview));
    assert!(office.there(&listed), "it lies where it was until it lies elsewhere");
    office.delivers().await;

    let after = office.record(held).await;
    let told = outcome(&after);
    assert_eq!((told.disposition.row.as_str(), &told.case), ("16", &before.case));
    let folder = office.dir.path().join(after.path.as_ref().unwrap());
    assert_ne!(std::fs::read(folder.join("packet.pdf")).unwrap(), b"as first delivered");
    let manifest = std::fs::read_to_string(folder.join("manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    assert_eq!(manifest["disposition"]["queue"], "ready_for_review");
    assert_eq!(manifest["corrections"][0]["by"], "Pat");
    assert_eq!(manifest["corrections"][0]["field"], "checklist.invoice");
    let history = manifest["history"].as_array().unwrap();
    assert!(history.iter().any(|one| one["event"] == "corrected" && one["actor"] == "Pat"));
    assert!(!office.there(&listed), "off the list that it left");
    let listed = listed.replace("hold_insufficient", "ready_for_review");
    assert!(office.there(&listed), "and on that which it joined");
    let case = office.case(&before.case).await;
    assert_eq!((case.state, case.asked.len(), case.hold_due), (CaseState::ReadyForReview, 0, None));
    assert_eq!(office.workshop.store.status(Timestamp::now()).await.unwrap().cases_open, 1);

    let decisions = office.workshop.store.decisions(&held.received.document).await.unwrap();
    let kinds: Vec<DecisionKind> = decisions.iter().map(|one| one.kind).collect();
    assert_eq!(kinds, [DecisionKind::Decided, DecisionKind::Corrected]);
    assert_eq!(decisions[1].changes, ["checklist.invoice"]);
    office.replays(held).await;
}

#[tokio::test]
async fn files_of_one_upload_are_corrected_together() {
    let office = office().await;
    let (form, order, mut notes) = request();
    notes.retain(|page| !format!("{page:?}").contains("INVOICE"));
    let files = office.receives(1, &[&form, &order, &notes]).await;
    assert_eq!(outcome(&files[0]).disposition.missing, ["invoice"]);
    let moved = office.correct(&files[2], &["checklist.invoice=present"]).await.unwrap();
    assert_eq!(moved.len(), 3);
    assert!(moved.iter().all(|one| one.queue == Some(Queue::ReadyForReview)));
    office.delivers().await;
    for file in &files {
        let file = office.record(file).await;
        assert_eq!(file.stage, Stage::Routed);
        let pages = file.inventory.as_ref().unwrap().pages as usize;
        assert_eq!(outcome(&file).extracted.page_kinds.len(), pages, "each tells what is in it");
        office.replays(&file).await;
    }
    assert_eq!(office.workshop.store.cases(&Default::default(), 9).await.unwrap().len(), 1);
    let page = office.correct(&files[2], &["page.1=order"]).await;
    assert!(matches!(page, Err(DeskError::PageOfSeveral(_))));
}

#[tokio::test]
async fn the_case_that_a_document_opened_follows_its_patient_and_no_second_one_opens() {
    let office = office().await;
    let [first] = &office.receives(1, &[&fax().pages()]).await[..] else { panic!() };
    let case = outcome(first).case.clone();
    let moved = office.correct(first, &["member.id=U1234567802"]).await.unwrap();
    assert_eq!(moved[0].case, case);
    office.delivers().await;
    let told = office.case(&case).await;
    assert_eq!(told.member.id, Some(Phi::from("U1234567802")));
    assert_eq!(office.workshop.store.cases(&Default::default(), 9).await.unwrap().len(), 1);
    office.replays(first).await;
}

#[tokio::test]
async fn a_document_is_never_moved_to_another_case_behind_peoples_backs() {
    let office = office().await;
    let [first] = &office.receives(1, &[&fax().pages()]).await[..] else { panic!() };
    let own = outcome(first).case.clone();
    // Somebody else's case, as the case system knows it.
    let mut other = office.case(&own).await;
    other.reference = CaseRef::from_random(77);
    other.member = CaseMember {
        name: Some(Phi::from("Walter Placeholder")),
        date_of_birth: Some(Phi::new("1941-11-20".parse().unwrap())),
        id: Some(Phi::from("U7650012302")),
    };
    office.workshop.store.open_case(&other).await.unwrap();
    let walter = [
        "member.name=Walter Placeholder",
        "member.date_of_birth=1941-11-20",
        "member.id=U7650012302",
    ];
    let moved = office.correct(first, &walter).await.unwrap();
    assert_eq!((moved[0].queue, &moved[0].case), (Some(Queue::ManualTriage), &None));
    office.delivers().await;
    let told = office.record(first).await;
    let codes: Vec<&str> =
        outcome(&told).disposition.reasons.iter().map(|one| one.code.as_str()).collect();
    assert_eq!(codes[0], "case.other");
    assert_eq!(office.case(&own).await.state, CaseState::Triage);
    office.replays(first).await;

    // A person says which it is; the case that it opened was the same.
    let document = &first.received.document;
    let to = |case: CaseRef| Release { to: None, case: CaseChoice::Known(case), anyway: false };
    office.desk.release(document, &to(other.reference.clone()), &pat()).await.unwrap();
    office.delivers().await;
    let told = office.record(first).await;
    assert_eq!(outcome(&told).case, Some(other.reference.clone()));
    assert!(told.path.as_ref().unwrap().starts_with(&format!("cases/{}/", other.reference)));
    assert!(!office.there(&format!("queues/manual_triage/{document}")));
}

#[tokio::test]
async fn another_patient_in_a_case_that_others_have_joined_goes_to_a_person() {
    let office = office().await;
    let [first] = &office.receives(1, &[&fax().pages()]).await[..] else { panic!() };
    let more = [cover("More for the same patient"), page(&fax().form)];
    let [second] = &office.receives(2, &[&more]).await[..] else { panic!() };
    assert_eq!(outcome(second).case, outcome(first).case);
    let walter = ["member.name=Walter Placeholder", "member.id=U7650012302"];
    office.correct(first, &walter).await.unwrap();
    office.delivers().await;
    let told = office.record(first).await;
    assert_eq!(outcome(&told).disposition.reasons[0].code, "case.patient_changed");
    let edith = office.case(&outcome(second).case).await;
    assert_eq!(edith.member.id, Some(Phi::from("U1234567801")), "the others' case stays theirs");

    // And one that joined does not open a case of its own.
    office.correct(second, &walter).await.unwrap();
    office.delivers().await;
    let told = office.record(second).await;
    assert_eq!(outcome(&told).disposition.reasons[0].code, "case.left");
    assert_eq!(outcome(&told).case, None);
    office.replays(second).await;
}

#[tokio::test]
async fn what_is_expedited_stays_so_until_that_itself_is_corrected() {
    let office = office().await;
    let pages = [vec![cover("PENDING DISCHARGE")], without_invoice()].concat();
    let [held] = &office.receives(1, &[&pages]).await[..] else { panic!() };
    assert_eq!(outcome(held).disposition.lane, Lane::Expedited);
    for typed in ["program=dme_ma", "urgent=none", "member.id=", "setting=home"] {
        let moved = office.correct(held, &[typed]).await.unwrap();
        assert_eq!(moved[0].lane, Lane::Expedited, "{typed}");
    }
    let release = Release { to: Some(Queue::Appeals), case: CaseChoice::Own, anyway: false };
    let moved = office.desk.release(&held.received.document, &release, &pat()).await.unwrap();
    assert_eq!(moved[0].lane, Lane::Expedited);
    let moved = office.correct(held, &["pending_discharge=none"]).await.unwrap();
    assert_eq!(moved[0].lane, Lane::Standard);
    office.replays(held).await;
}

#[tokio::test]
async fn what_waits_for_others_is_sent_on_and_lies_with_what_is_closed() {
    let office = office().await;
    let unknown = vec![page("nothing that anybody knows")];
    let [held] = &office.receives(1, &[&unknown]).await[..] else { panic!() };
    let document = &held.received.document;
    let nowhere = Release { to: None, case: CaseChoice::Own, anyway: false };
    let unknown = office.desk.release(document, &nowhere, &pat()).await;
    assert!(matches!(unknown, Err(DeskError::PatientUnknown)), "whose case would it be");
    let queue = |queue| Release { to: Some(queue), ..nowhere.clone() };
    office.desk.release(document, &queue(Queue::CareCoordination), &pat()).await.unwrap();
    office.delivers().await;
    let told = office.record(held).await;
    assert_eq!(outcome(&told).disposition.action, Action::Redirect);
    assert!(office.there(&format!("queues/care_coordination/{document}/packet.pdf")));
    assert!(!office.there(&format!("queues/manual_triage/{document}")));

    let moved = office.desk.release(document, &nowhere, &pat()).await.unwrap();
    assert_eq!(moved[0].queue, None);
    office.delivers().await;
    let told = office.record(held).await;
    assert_eq!(outcome(&told).closed.as_ref().unwrap().reason, ClosingReason::SentOn);
    assert!(office.there(&format!("closed/{document}/original.tif")), "it can be found");
    assert!(!office.there(&format!("queues/care_coordination/{document}")));
    let waiting = office.workshop.store.queue(&QueueFilter::default()).await.unwrap();
    assert!(waiting.is_empty());
    let again = office.desk.close(document, ClosingReason::NotOurs, &pat()).await;
    assert!(matches!(again, Err(DeskError::Closed(_))));
    let corrected = office.correct(held, &["member.name=Edith Sample"]).await;
    assert!(matches!(corrected, Err(DeskError::Closed(_))));
}

#[tokio::test]
async fn a_case_of_which_nobody_answers_the_last_hold_is_closed() {
    let office = office().await;
    let [held] = &office.receives(1, &[&without_invoice()]).await[..] else { panic!() };
    let case = outcome(held).case.clone();
    let document = &held.received.document;
    let signed = Signed { note: Some(Phi::from("called twice")), ..pat() };
    office.desk.close(document, ClosingReason::NoAnswer, &signed).await.unwrap();
    office.delivers().await;
    assert_eq!(office.case(&case).await.state, CaseState::ClosedNoResponse);
    let told = office.record(held).await;
    assert!(told.path.as_ref().unwrap().starts_with("cases/"), "it stays in its case");
    let manifest = office.dir.path().join(told.path.unwrap()).join("manifest.json");
    let manifest = std::fs::read_to_string(manifest).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    assert_eq!(manifest["closed"]["reason"], "no_answer");
    assert_eq!(manifest["closed"]["by"], "Pat");
}

#[tokio::test]
async fn a_document_joins_another_patients_case_only_with_a_word_of_why() {
    let office = office().await;
    let [first] = &office.receives(1, &[&fax().pages()]).await[..] else { panic!() };
    let [other] = &office.receives(2, &[&of_another()]).await[..] else { panic!() };
    let case = outcome(first).case.clone().unwrap();
    let release = |anyway| Release { to: None, case: CaseChoice::Known(case.clone()), anyway };
    let document = &other.received.document;
    let refused = office.desk.release(document, &release(false), &pat()).await;
    assert!(matches!(refused, Err(DeskError::OtherPatient { .. })), "{refused:?}");
    let unsaid = office.desk.release(document, &release(true), &pat()).await;
    assert!(matches!(unsaid, Err(DeskError::NoteNeeded)));
    let signed = Signed { note: Some(Phi::from("her new name")), ..pat() };
    let moved = office.desk.release(document, &release(true), &signed).await.unwrap();
    assert_eq!(moved[0].case, Some(case));
    let own = office.case(&outcome(other).case).await;
    assert_eq!(own.state, CaseState::Duplicate, "the case that it had opened");
}

#[tokio::test]
async fn mail_is_not_doubled_and_a_new_queue_is_told_of() {
    let office = office().await;
    let [held] = &office.receives(1, &[&without_invoice()]).await[..] else { panic!() };
    let now = Timestamp::now();
    let mut events = Vec::new();
    let drain = async |events: &mut Vec<String>| {
        let until = now + jiff::SignedDuration::from_hours(2);
        let later = now + jiff::SignedDuration::from_hours(1);
        while let Some(mail) = office.workshop.store.claim_mail(later, until).await.unwrap() {
            events.push(mail.notice.event.0.clone());
            office.workshop.store.mail_sent(&mail, "ok", later).await.unwrap();
        }
    };
    drain(&mut events).await;
    office.correct(held, &["ordering.fax=212-555-0109"]).await.unwrap();
    office.delivers().await;
    drain(&mut events).await;
    office.correct(held, &["checklist.invoice=present"]).await.unwrap();
    office.delivers().await;
    drain(&mut events).await;
    let document = &held.received.document;
    assert_eq!(events, [format!("{document}/routed"), format!("{document}/corrected/3")]);
}

#[tokio::test]
async fn old_decisions_are_made_again_with_the_models_of_their_time() {
    let office = office().await;
    let [first] = &office.receives(1, &[&without_invoice()]).await[..] else { panic!() };
    let models = tempfile::tempdir().unwrap();
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("models"), models.path());
    let program = models.path().join("programs/dme_com.toml");
    let text = std::fs::read_to_string(&program).unwrap();
    let invoice = "{ item = \"invoice\", when = \"always\", holds = true },";
    let changed = text.replace(invoice, "");
    assert_ne!(text, changed);
    std::fs::write(&program, changed).unwrap();
    let today = Knowledge::load(Some(models.path()), &ImportedCodes::default()).unwrap();
    let store = &*office.workshop.store;
    let all = replay::replay(store, &today, &first.received.document).await.unwrap();
    let Replay::Again { then, today, same_models } = &all[0].outcome else { panic!() };
    assert!(!same_models);
    assert_eq!(then.as_deref(), Some(&[][..]), "as it was decided then");
    let fields: Vec<&str> = today.iter().map(|one| one.field.as_str()).collect();
    assert!(fields.contains(&"missing") && fields.contains(&"applies"), "{fields:?}");
    assert!(!fields.contains(&"program_digest"), "that a file has changed is no difference");
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            std::fs::create_dir_all(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[tokio::test]
async fn a_document_of_before_decisions_were_kept_can_be_corrected() {
    let office = office().await;
    let [held] = &office.receives(1, &[&without_invoice()]).await[..] else { panic!() };
    let path = office.dir.path().join("intake.db");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
    let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
    for sql in ["DROP TRIGGER decisions_stay", "UPDATE decisions SET inputs = NULL"] {
        sqlx::query(sql).execute(&pool).await.unwrap();
    }
    let moved = office.correct(held, &["checklist.invoice=present"]).await.unwrap();
    assert_eq!(moved[0].queue, Some(Queue::ReadyForReview));
    assert_eq!(moved[0].case, outcome(held).case);
    let (store, knowledge) = (&*office.workshop.store, &office.desk.knowledge);
    let all = replay::replay(store, knowledge, &held.received.document).await.unwrap();
    assert_eq!(all[0].outcome, Replay::Not(replay::Why::NotKept));
    office.replays(held).await;
}
