//! Documents that cannot be worked on: each ends where a person can see it.

use std::io::Read as IoRead;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use async_trait::async_trait;
use jiff::tz::TimeZone;
use serde_json::json;

use super::*;
use crate::config::{ImportedCodes, Knowledge};
use crate::decide::disposition::Queue;
use crate::pipeline::custody::BlobOriginals;
use crate::reader::{Pool, PoolConfig};
use crate::receive::received::{Context, Received};
use crate::store::{Admission, MemoryBlobs, SqliteStore, Stage, Stored};
use crate::vocab::{DocumentRef, SubmissionRef};

/// A reader that starts, and has these replies to hand out.
fn reader(dir: &Path, name: &str, replies: &[serde_json::Value]) -> PathBuf {
    let said = |reply: serde_json::Value| json!({"reply": reply, "resident_mib": 70}).to_string();
    let models = Sha256Digest::of(b"models").to_string();
    let ready = said(json!({"Ready": {"models": models, "walls": []}}));
    let frame = |message: &str, payload: &str| {
        let lengths = [message.len(), payload.len()].map(|n| format!("\\{n:03o}\\000\\000\\000"));
        format!("printf '{}%s%s' '{message}' '{payload}'\n", lengths.concat())
    };
    let mut script = frame(&ready, "");
    for reply in replies {
        script += &frame(&said(reply.clone()), if reply == "Packet" { "%PDF-" } else { "" });
    }
    script += "exec cat > /dev/null\n";
    let program = dir.join(name);
    std::fs::write(&program, "#!/bin/sh\n".to_owned() + &script).unwrap();
    std::fs::set_permissions(&program, PermissionsExt::from_mode(0o700)).unwrap();
    program
}

/// Whose readers have one empty packet to hand out.
pub async fn workshop(dir: &Path, blobs: Arc<dyn Blobs>) -> Arc<Workshop> {
    workshop_of(dir, blobs, reader(dir, "reader.sh", &[json!("Packet")])).await
}

/// Whose readers open one file and bind it.
pub async fn binding_workshop(dir: &Path, blobs: Arc<dyn Blobs>) -> Arc<Workshop> {
    let opened = json!({"Opened": {"media_type": "image/tiff", "pages": 1, "notes": []}});
    workshop_of(dir, blobs, reader(dir, "binder.sh", &[opened, json!("Packet")])).await
}

async fn workshop_of(dir: &Path, blobs: Arc<dyn Blobs>, program: PathBuf) -> Arc<Workshop> {
    let pool = PoolConfig {
        program,
        count: 1,
        patience: Duration::from_secs(5),
        cpu: Duration::from_secs(5),
        memory_mib: 512,
        replace_above_mib: 512,
        replace_after_pages: 0,
        jail: crate::reader::Jail::BestEffort,
        limits: Limits::default(),
        ocr: crate::recognize::Config::default(),
        manifest: String::new(),
    };
    let readers = Arc::new(Pool::new(pool, Arc::new(BlobOriginals(Arc::clone(&blobs)))));
    let knowledge = Arc::new(Knowledge::load(None, &ImportedCodes::default()).unwrap());
    Arc::new(Workshop {
        deciding: tokio::sync::Mutex::default(),
        journey: Journey {
            readers,
            knowledge,
            zone: TimeZone::UTC,
            readings: None,
            directory: None,
        },
        store: Arc::new(SqliteStore::open(&dir.join("intake.db")).await.unwrap()),
        blobs,
        data_dir: dir.to_owned(),
        lease: Duration::from_secs(60),
        retry: Duration::from_secs(1),
        work: Arc::new(Notify::new()),
        mail: Notify::new(),
    })
}

async fn admit(workshop: &Workshop, bytes: u64) -> DocumentRef {
    let document = DocumentRef::from_random(1);
    let received = Received {
        document: document.clone(),
        submission: SubmissionRef::from_random(1),
        sha256: Sha256Digest::of(b"a fax"),
        bytes,
        source: "inbox".into(),
        file_name: Phi::from("fax.tif"),
        received_at: Timestamp::now(),
        context: Context::default(),
    };
    let admission = Admission { documents: vec![received], arrival: None };
    workshop.store.admit(&admission).await.unwrap();
    document
}

/// Does the next piece of work, however long it is to wait.
async fn do_next(workshop: &Arc<Workshop>) {
    let later = Timestamp::now() + SignedDuration::from_hours(1);
    let claim = workshop.store.claim(later, later + LONGEST_WAIT).await.unwrap().unwrap();
    workshop.do_one(&claim).await;
}

async fn record(workshop: &Workshop, document: &DocumentRef) -> DocumentRecord {
    workshop.store.document(document).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_document_whose_original_is_lost_ends_in_the_technical_queue() {
    let dir = tempfile::tempdir().unwrap();
    let workshop = workshop(dir.path(), Arc::new(MemoryBlobs::default())).await;
    let document = admit(&workshop, 5).await;
    for _ in 1..MOST_ATTEMPTS {
        do_next(&workshop).await;
        assert_eq!(record(&workshop, &document).await.stage, Stage::Received, "it may come back");
    }
    for _ in 0..=BIND_ATTEMPTS {
        do_next(&workshop).await;
    }
    let record = record(&workshop, &document).await;
    assert_eq!(record.stage, Stage::Routed);
    assert_eq!(record.outcome.unwrap().disposition.queue, Some(Queue::Technical));
    let folder = dir.path().join(record.path.unwrap());
    assert!(folder.starts_with(dir.path().join("queues/technical")));
    assert!(folder.join("packet.pdf").exists() && folder.join("manifest.json").exists());
}

/// Brings out a fault of ours, whose message quotes a patient.
struct Faulty;

#[async_trait]
impl Blobs for Faulty {
    async fn put(&self, _: Box<dyn IoRead + Send>) -> Result<Stored, StoreError> {
        Err(StoreError::BadName("not asked for".into()))
    }

    async fn get(&self, _: Sha256Digest) -> Result<Vec<u8>, StoreError> {
        panic!("index 3 of \"Edith Sample\"")
    }
}

#[tokio::test]
async fn a_panic_costs_the_document_an_attempt_and_nobody_a_worker() {
    let dir = tempfile::tempdir().unwrap();
    let workshop = workshop(dir.path(), Arc::new(Faulty)).await;
    let document = admit(&workshop, 5).await;
    for _ in 0..MOST_ATTEMPTS {
        do_next(&workshop).await;
    }
    let record = record(&workshop, &document).await;
    assert_eq!(record.stage, Stage::Delivering);
    assert_eq!(record.outcome.unwrap().disposition.queue, Some(Queue::Technical));
    let history = format!("{:?}", workshop.store.history(&document).await.unwrap());
    assert!(history.contains("a fault in intake itself"), "{history}");
    assert!(!history.contains("Edith"), "{history}");
}

#[tokio::test]
async fn a_file_that_would_not_fit_into_memory_is_refused_without_being_fetched() {
    let dir = tempfile::tempdir().unwrap();
    let workshop = workshop(dir.path(), Arc::new(Faulty)).await;
    let document = admit(&workshop, 1 << 40).await;
    do_next(&workshop).await;
    let refused = record(&workshop, &document).await.outcome.unwrap().disposition;
    assert_eq!(refused.queue, Some(Queue::Technical));
    assert!(refused.reasons.iter().any(|r| r.message.contains("larger than")), "{refused:?}");
    do_next(&workshop).await;
    assert_eq!(record(&workshop, &document).await.stage, Stage::Routed);
}
