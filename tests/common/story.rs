//! A document made by hand, for stories about stores.

use intake::assemble::ModelDigests;
use intake::decide::disposition::{Action, Disposition, Lane, Queue, Reason};
use intake::decide::recorded::{Inputs, ModelsUsed, Subject};
use intake::decide::register::CaseRecord;
use intake::decode::pages::{Inventory, MediaType};
use intake::deliver::{EventId, Notice, NoticeKind};
use intake::extract::findings::{Extracted, Field};
use intake::receive::received::{Context, Received};
use intake::recognize::recognized::RecognizedPage;
use intake::store::{
    Admission, Admitted, Arrival, Decided, Outcome, PageRecord, PageTiming, Stage, Store, Triaged,
};
use intake::vocab::{
    CaseRef, Confidence, DocumentRef, PageNumber, Phi, Sha256Digest, SubmissionRef,
};
use jiff::{SignedDuration, Timestamp};

/// Seconds after the story began.
pub fn at(seconds: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_secs(1_772_800_000 + seconds)
}

pub fn admission(number: u64, arrival: Option<Arrival>) -> Admission {
    let received = Received {
        document: DocumentRef::from_random(number),
        submission: SubmissionRef::from_random(number),
        sha256: Sha256Digest::of(&number.to_le_bytes()),
        bytes: 5,
        source: "inbox".into(),
        file_name: Phi::from("fax.tif"),
        received_at: at(0),
        context: Context::default(),
    };
    Admission { documents: vec![received], arrival }
}

pub async fn admit(store: &dyn Store, number: u64) -> DocumentRef {
    let admission = admission(number, None);
    assert_eq!(store.admit(&admission).await.unwrap(), Admitted::New);
    admission.documents[0].document.clone()
}

pub fn inventory(pages: u32) -> Inventory {
    Inventory { media_type: MediaType::Tiff, pages, notes: Vec::new() }
}

pub fn page(number: u32) -> PageRecord {
    let number = PageNumber::new(number).unwrap();
    PageRecord {
        page: RecognizedPage::unreadable(number, "page.test", "made by hand"),
        models: Sha256Digest::of(b"models"),
        way: Some(Sha256Digest::of(b"a program")),
        took: PageTiming::default(),
    }
}

pub fn calm() -> Triaged {
    Triaged { lane: Lane::Standard, announce: None }
}

pub async fn flagged(store: &dyn Store, document: &DocumentRef) -> Triaged {
    let notice = notice(store, document, "flagged", NoticeKind::ExpeditedWaiting).await;
    Triaged { lane: Lane::Expedited, announce: Some(notice) }
}

pub async fn outcome(store: &dyn Store, document: &DocumentRef) -> Outcome {
    Outcome {
        extracted: Extracted::nothing(),
        disposition: Disposition {
            row: "16".into(),
            action: Action::NewCase,
            queue: Some(Queue::ReadyForReview),
            lane: Lane::Standard,
            program: Some("dme_com".into()),
            reasons: vec![Reason {
                code: "complete".into(),
                message: "All that is asked for is there.".into(),
                evidence: Vec::new(),
            }],
            missing: Vec::new(),
            due: None,
            clocks: Vec::new(),
            case: None,
            duplicate_of: None,
            applies: Vec::new(),
            required: Vec::new(),
            rules: vec!["dme_com@2025-01-01".to_owned()],
            program_digest: Sha256Digest::of(b"programs"),
            matching_digest: None,
        },
        case: Some(CaseRef::from_random(1)),
        hold: None,
        notices: vec![notice(store, document, "routed", NoticeKind::Routed).await],
        models: ModelDigests {
            codes: Sha256Digest::of(b"codes"),
            ocr: Sha256Digest::of(b"models"),
        },
        corrections: Vec::new(),
        closed: None,
        extract_ms: 1,
        decide_ms: 1,
    }
}

/// The decision about one document alone, which opens the case that its outcome
/// names.
pub fn decided(document: &DocumentRef, outcome: &Outcome, now: Timestamp) -> [Decided; 1] {
    let Outcome { extracted, disposition, hold, .. } = outcome;
    let opens = outcome.case.clone().filter(|_| disposition.action == Action::NewCase);
    let record = |case| CaseRecord::opened(case, extracted, disposition, hold.as_ref(), now);
    let (document, outcome) = (document.clone(), outcome.clone());
    [Decided { document, part: None, inputs: inputs(), opens: opens.map(record), outcome }]
}

/// What a decision by hand rests on: nothing that was read.
pub fn inputs() -> Inputs {
    let models = Sha256Digest::of(b"models");
    let models = ModelsUsed { programs: models, matching: models, codes: models };
    let (code, message) = ("story.test".to_owned(), "made by hand".to_owned());
    Inputs { models, subject: Subject::Unopened { code, message, least_lane: None } }
}

pub async fn stage(store: &dyn Store, document: &DocumentRef) -> Stage {
    store.document(document).await.unwrap().unwrap().stage
}

async fn notice(store: &dyn Store, document: &DocumentRef, what: &str, kind: NoticeKind) -> Notice {
    let record = store.document(document).await.unwrap().unwrap();
    Notice {
        event: EventId(format!("{document}/{what}")),
        kind,
        at: at(0),
        document: document.clone(),
        lane: record.lane,
        queue: None,
        program: None,
        received_at: record.received.received_at,
        target_at: None,
        pages: None,
        reasons: Vec::new(),
    }
}

/// A value that was read well.
pub fn field(value: &str) -> Field {
    Field {
        value: Phi::from(value),
        raw: Phi::from(value),
        confidence: Confidence::new(0.9),
        repaired: false,
        evidence: Vec::new(),
    }
}
