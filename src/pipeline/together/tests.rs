//! Uploads of several files, and files of several patients, through a store.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::decide::disposition::{Action, Lane, Queue};
use crate::decide::register::CaseState;
use crate::decide::tests::paper::fax;
use crate::decode::pages::{Inventory, MediaType};
use crate::extract::tests::build::{Drawn, cover, page, recognized};
use crate::pipeline::record;
use crate::pipeline::worker::tests::workshop;
use crate::pipeline::worker::{Workshop, destination};
use crate::receive::received::{Context, Received};
use crate::store::{
    Admission, CaseFilter, DocumentRecord, Job, MemoryBlobs, Outcome, PageRecord, PageTiming,
    Stage, Triaged,
};
use crate::vocab::{DocumentRef, Phi, Sha256Digest, SubmissionRef};

/// Receives files, each with its pages as read, as one upload, and decides.
pub(in crate::pipeline) async fn upload(
    workshop: &Arc<Workshop>,
    number: u64,
    files: &[&[Drawn]],
) -> Vec<DocumentRecord> {
    let received = |place: usize| Received {
        document: DocumentRef::from_random(number * 100 + place as u64),
        submission: SubmissionRef::from_random(number),
        sha256: Sha256Digest::of(format!("{:?}", files[place]).as_bytes()),
        bytes: 5,
        source: "portal".into(),
        file_name: Phi::from("a.pdf"),
        received_at: "2026-03-09T15:00:00Z".parse::<Timestamp>().unwrap()
            + SignedDuration::from_secs(number as i64),
        context: Context::default(),
    };
    let documents: Vec<Received> = (0..files.len()).map(received).collect();
    let references: Vec<DocumentRef> = documents.iter().map(|one| one.document.clone()).collect();
    workshop.store.admit(&Admission { documents, arrival: None }).await.unwrap();
    let now = Timestamp::now();
    let until = now + SignedDuration::from_hours(1);
    while let Some(claim) = workshop.store.claim(now, until).await.unwrap() {
        let file = references.iter().position(|one| *one == claim.document);
        match (claim.job, file) {
            (Job::Open, Some(file)) => {
                let pages = u32::try_from(files[file].len()).unwrap();
                let inventory = Inventory { media_type: MediaType::Tiff, pages, notes: Vec::new() };
                workshop.store.finish_open(&claim, &inventory, now).await.unwrap();
            }
            (Job::Read(number), Some(file)) => {
                let page = recognized(files[file]).pages.swap_remove(number.index());
                let models = Sha256Digest::of(b"models");
                let page = PageRecord { page, models, way: None, took: PageTiming::default() };
                let triaged = Triaged { lane: Lane::Standard, announce: None };
                workshop.store.finish_page(&claim, &page, &triaged, now).await.unwrap();
            }
            (Job::Decide, _) => workshop.work_on(&claim).await.unwrap(),
            // Where it goes; binding packets is no part of this.
            (Job::Deliver, _) => {
                let record = workshop.store.document(&claim.document).await.unwrap().unwrap();
                let destination = destination(record.outcome.as_ref().unwrap());
                let path = destination.path(&claim.document);
                let path = path.to_string_lossy();
                workshop.store.finish_deliver(&claim, &path, now).await.unwrap();
            }
            (job, None) => panic!("{job:?} for {}", claim.document),
        }
    }
    workshop.store.submission(&SubmissionRef::from_random(number)).await.unwrap()
}

pub(in crate::pipeline) fn outcome(record: &DocumentRecord) -> &Outcome {
    assert_eq!(record.stage, Stage::Routed);
    record.outcome.as_ref().unwrap()
}

/// A complete request in three files, none of which is complete alone.
pub(in crate::pipeline) fn request() -> (Vec<Drawn>, Vec<Drawn>, Vec<Drawn>) {
    let mut pages = fax().pages();
    let notes = pages.split_off(3);
    let order = pages.split_off(2);
    (pages, order, notes)
}

/// The same for somebody else.
pub(in crate::pipeline) fn of_another() -> Vec<Drawn> {
    let other = |text: &str| {
        text.replace("Edith Sample", "Walter Placeholder")
            .replace("03/01/1958", "11/20/1941")
            .replace("U1234567801", "U7650012302")
    };
    vec![cover("For the second patient"), page(&other(&fax().form)), page(&other(&fax().order))]
}

#[tokio::test]
async fn what_one_file_lacks_another_of_the_upload_has() {
    let dir = tempfile::tempdir().unwrap();
    let workshop = workshop(dir.path(), Arc::new(MemoryBlobs::default())).await;
    let (form, order, notes) = request();
    let files = upload(&workshop, 1, &[&form, &order, &notes]).await;
    let first = outcome(&files[0]);
    for file in &files {
        let told = outcome(file);
        assert_eq!(told.disposition.row, "16", "{:?}", told.disposition.missing);
        assert_eq!((&told.case, told.disposition.due), (&first.case, None));
        // Each tells the decision with what lies in itself.
        let pages = file.inventory.as_ref().unwrap().pages;
        let evidence = told.disposition.reasons.iter().flat_map(|reason| &reason.evidence);
        assert!(evidence.into_iter().all(|one| one.page.is_none_or(|page| page.get() <= pages)));
        assert_eq!(told.extracted.page_kinds.len(), pages as usize);
    }
    let cases = workshop.store.cases(&CaseFilter::default(), 9).await.unwrap();
    assert_eq!(cases.len(), 1);
    assert_eq!(cases[0].lines.len(), 1, "the case knows what the form asks for");
    assert!(cases[0].ordering.is_some() && cases[0].member.id.is_some());
    assert_eq!(workshop.store.case_documents(&cases[0].reference).await.unwrap().len(), 3);
}

#[tokio::test]
async fn one_letter_asks_for_what_none_of_the_files_has() {
    let dir = tempfile::tempdir().unwrap();
    let workshop = workshop(dir.path(), Arc::new(MemoryBlobs::default())).await;
    let (form, _, mut notes) = request();
    notes.remove(1);
    let files = upload(&workshop, 1, &[&form, &notes]).await;
    // That it is to be rented stands on the form, how many on the order.
    let asked = ["written_prescription", "invoice", "rental_purchase_quantity"];
    for file in &files {
        let told = outcome(file);
        assert_eq!(told.disposition.missing, asked);
        assert_eq!(told.hold, outcome(&files[0]).hold, "one reference, on one letter");
        assert!(told.hold.is_some() && told.disposition.due.is_some());
    }
    let cases = workshop.store.cases(&CaseFilter::default(), 9).await.unwrap();
    let [case] = cases.as_slice() else { panic!("{} cases", cases.len()) };
    assert_eq!(case.state, CaseState::HoldInsufficient);
    assert_eq!(case.asked, asked);
    let hold = outcome(&files[0]).hold.as_ref().unwrap();
    assert_eq!(case.hold_reference, Some(Phi::from(hold.as_str())));

    // The answer brings one of the two, and then the other.
    let answer = format!("Response to your letter. Hold reference: {hold}");
    let (_, order, _) = request();
    let reply = upload(&workshop, 2, &[&[vec![cover(&answer)], order].concat()]).await;
    let told = outcome(&reply[0]);
    assert_eq!((told.disposition.row.as_str(), &told.case), ("5", &Some(case.reference.clone())));
    // The case has the one half, and the order the other.
    assert_eq!(told.disposition.missing, ["invoice"]);
    let invoice = fax().rest[1].clone();
    let identity = page(&fax().order);
    let reply = upload(&workshop, 3, &[&[cover(&answer), identity, invoice]]).await;
    let told = outcome(&reply[0]);
    assert!(told.disposition.missing.is_empty(), "{:?}", told.disposition.missing);
    let case = workshop.store.case(&case.reference).await.unwrap().unwrap();
    assert_eq!((case.state, case.asked.len()), (CaseState::ReadyForReview, 0));
}

#[tokio::test]
async fn a_file_of_two_patients_goes_on_as_its_parts() {
    let dir = tempfile::tempdir().unwrap();
    let workshop = workshop(dir.path(), Arc::new(MemoryBlobs::default())).await;
    let both = [fax().pages(), of_another()].concat();
    let files = upload(&workshop, 1, &[&both]).await;
    let whole = outcome(&files[0]);
    assert_eq!((whole.disposition.action, whole.disposition.queue), (Action::Split, None));
    assert_eq!(
        files[0].path.as_deref(),
        Some(&*format!("set_aside/{}", files[0].received.document))
    );
    assert!(whole.notices.is_empty(), "it waits for nobody");

    let all = workshop.store.documents().await.unwrap();
    let parts: Vec<&DocumentRecord> = all.iter().filter(|one| one.part_of.is_some()).collect();
    assert_eq!(parts.len(), 2);
    let of = |part: &DocumentRecord| -> Vec<u32> {
        part.part_of.as_ref().unwrap().pages.iter().map(|page| page.get()).collect()
    };
    assert_eq!((of(parts[0]), of(parts[1])), ((1..=7).collect(), vec![8, 9, 10]));
    let (edith, walter) = (outcome(parts[0]), outcome(parts[1]));
    assert_eq!(edith.disposition.row, "16");
    assert_eq!(walter.disposition.row, "17", "what is missing is asked of each alone");
    assert!(edith.case.is_some() && walter.case.is_some() && edith.case != walter.case);
    assert_eq!(parts[1].received.received_at, files[0].received.received_at);
    for (part, own, other) in [(parts[0], "Edith", "Walter"), (parts[1], "Walter", "Edith")] {
        let pages = workshop.store.pages(&part.received.document).await.unwrap();
        let history = workshop.store.history(&part.received.document).await.unwrap();
        let manifest = record::manifest(part, outcome(part), &pages, &history);
        assert_eq!(manifest["part_of"], files[0].received.document.as_str());
        assert_eq!(manifest["document"]["pages"], manifest["pages"].as_array().unwrap().len());
        let manifest = manifest.to_string();
        assert!(manifest.contains(own) && !manifest.contains(other), "{own}");
    }
}

#[tokio::test]
async fn files_of_two_patients_in_one_upload_are_told_apart_and_none_is_cut() {
    let dir = tempfile::tempdir().unwrap();
    let workshop = workshop(dir.path(), Arc::new(MemoryBlobs::default())).await;
    let (form, order, notes) = request();
    let files = upload(&workshop, 1, &[&form, &order, &notes, &of_another()]).await;
    let rows: Vec<&str> = files.iter().map(|f| outcome(f).disposition.row.as_str()).collect();
    assert_eq!(rows, ["16", "16", "16", "17"]);
    assert_eq!(outcome(&files[0]).case, outcome(&files[2]).case);
    assert!(outcome(&files[3]).case != outcome(&files[0]).case);
    assert!(workshop.store.documents().await.unwrap().iter().all(|one| one.part_of.is_none()));
}

#[tokio::test]
async fn an_upload_sent_again_lies_with_the_first() {
    let dir = tempfile::tempdir().unwrap();
    let workshop = workshop(dir.path(), Arc::new(MemoryBlobs::default())).await;
    let (form, order, notes) = request();
    let first = upload(&workshop, 1, &[&form, &order, &notes]).await;
    let again = upload(&workshop, 2, &[&form, &order]).await;
    for (copy, original) in again.iter().zip(&first) {
        let told = outcome(copy);
        assert_eq!(told.disposition.action, Action::Duplicate);
        assert_eq!(told.disposition.duplicate_of, Some(original.received.document.clone()));
        assert_eq!(told.case, outcome(original).case);
        assert!(told.notices.is_empty());
    }
    // With one file that is new, it is no copy.
    let letter = vec![cover("One more thing")];
    let more = upload(&workshop, 3, &[&form, &letter]).await;
    assert!(more.iter().all(|file| outcome(file).disposition.action == Action::Attach));
    // A copy of what lies in no case is still to be found.
    let unknown = vec![page("nothing that anybody knows")];
    let held = upload(&workshop, 4, &[&unknown]).await;
    assert_eq!(outcome(&held[0]).disposition.queue, Some(Queue::ManualTriage));
    let copy = upload(&workshop, 5, &[&unknown]).await;
    assert_eq!(outcome(&copy[0]).disposition.action, Action::Duplicate);
    assert!(copy[0].path.as_ref().unwrap().starts_with("set_aside/"));
}
