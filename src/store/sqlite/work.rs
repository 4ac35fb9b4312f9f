//! The transactions that move a document along.

use jiff::Timestamp;
use sqlx::{Row, Sqlite, Transaction};

use super::decisions::{self, Added};
use super::rows::{job_from, job_parts, json, lane, millis};
use super::{parts, register};
use crate::decide::disposition::Lane;
use crate::decode::pages::Inventory;
use crate::deliver::Notice;
use crate::store::{
    Admission, Admitted, Arrival, Claim, Decided, DecisionKind, Job, MACHINE, Outcome, PageRecord,
    Stage, StoreError, Triaged,
};
use crate::vocab::{DocumentRef, PageNumber, Sha256Digest};

type Tx<'a> = Transaction<'a, Sqlite>;

/// Order of work (promise P6): lower first. Opening a file costs
/// milliseconds and is needed to know its pages; then every first page; then
/// the rest by lane. Deciding and delivering what is read costs little and
/// lets somebody start on it, so it goes before more reading.
mod rank {
    use super::Lane;

    pub const OPEN: i64 = 0;
    pub const FINISH: i64 = 10;
    pub const TRIAGE: i64 = 20;

    pub fn read(lane: Lane) -> i64 {
        match lane {
            Lane::Expedited => 30,
            Lane::Urgent => 40,
            Lane::Standard | Lane::Retro => 50,
        }
    }
}

pub(super) async fn admit(tx: &mut Tx<'_>, admission: &Admission) -> Result<Admitted, StoreError> {
    if let Some(arrival) = &admission.arrival
        && let Some(before) = seen_before(tx, arrival).await?
    {
        return Ok(Admitted::Before(before));
    }
    for (place, received) in admission.documents.iter().enumerate() {
        let at = millis(received.received_at);
        if place == 0 {
            sqlx::query(
                "INSERT INTO submissions (reference, source, note, received_at) VALUES (?, ?, ?, ?)",
            )
            .bind(received.submission.as_str())
            .bind(&received.source)
            .bind(received.context.note.as_ref().map(|note| note.expose()))
            .bind(at)
            .execute(&mut **tx)
            .await?;
        }
        let seq: i64 = sqlx::query_scalar(
            "INSERT INTO documents
                 (reference, submission, received, received_at, sha256, stage, lane)
             VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING seq",
        )
        .bind(received.document.as_str())
        .bind(received.submission.as_str())
        .bind(json(received))
        .bind(at)
        .bind(received.sha256.to_string())
        .bind(Stage::Received.as_str())
        .bind(Lane::Standard.as_str())
        .fetch_one(&mut **tx)
        .await?;
        enqueue(tx, &received.document, seq, Job::Open, rank::OPEN).await?;
        log(tx, &received.document, received.received_at, "received", &received.source).await?;
    }
    if let (Some(arrival), [only]) = (&admission.arrival, admission.documents.as_slice()) {
        sqlx::query(
            "INSERT INTO arrivals (source, identity, sha256, document) VALUES (?, ?, ?, ?)",
        )
        .bind(&arrival.source)
        .bind(arrival.identity.expose())
        .bind(arrival.sha256.to_string())
        .bind(only.document.as_str())
        .execute(&mut **tx)
        .await?;
    }
    Ok(Admitted::New)
}

async fn seen_before(
    tx: &mut Tx<'_>,
    arrival: &Arrival,
) -> Result<Option<DocumentRef>, StoreError> {
    let row: Option<(String, String)> =
        sqlx::query_as("SELECT sha256, document FROM arrivals WHERE source = ? AND identity = ?")
            .bind(&arrival.source)
            .bind(arrival.identity.expose())
            .fetch_optional(&mut **tx)
            .await?;
    match row {
        // Same name, size, time and inode, but other bytes: a file rewritten
        // in place. It is a new arrival.
        Some((sha256, _)) if Sha256Digest::parse(&sha256) != Some(arrival.sha256) => {
            forget_arrival(tx, arrival).await?;
            Ok(None)
        }
        Some((_, document)) => {
            Ok(Some(document.parse().map_err(|_| StoreError::BadName(document))?))
        }
        None => Ok(None),
    }
}

pub(super) async fn forget_arrival(tx: &mut Tx<'_>, arrival: &Arrival) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM arrivals WHERE source = ? AND identity = ?")
        .bind(&arrival.source)
        .bind(arrival.identity.expose())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub(super) async fn claim(
    tx: &mut Tx<'_>,
    now: Timestamp,
    until: Timestamp,
) -> Result<Option<Claim>, StoreError> {
    let row = sqlx::query(
        "UPDATE work SET leased_until = ?1, fence = fence + 1
         WHERE id = (SELECT id FROM work
                     WHERE available_at <= ?2 AND (leased_until IS NULL OR leased_until <= ?2)
                     ORDER BY rank, seq, page LIMIT 1)
         RETURNING id, fence, document, kind, page, attempts",
    )
    .bind(millis(until))
    .bind(millis(now))
    .fetch_optional(&mut **tx)
    .await?;
    row.map(|row| {
        let document: String = row.get("document");
        let kind: String = row.get("kind");
        Ok(Claim {
            id: row.get("id"),
            fence: row.get("fence"),
            job: job_from(&kind, row.get("page")).ok_or(StoreError::BadName(kind))?,
            document: document.parse().map_err(|_| StoreError::BadName(document))?,
            attempts: row.get("attempts"),
        })
    })
    .transpose()
}

pub(super) async fn extend(
    tx: &mut Tx<'_>,
    claim: &Claim,
    until: Timestamp,
) -> Result<(), StoreError> {
    let done = sqlx::query("UPDATE work SET leased_until = ? WHERE id = ? AND fence = ?")
        .bind(millis(until))
        .bind(claim.id)
        .bind(claim.fence)
        .execute(&mut **tx)
        .await?;
    held(claim, done.rows_affected())
}

pub(super) async fn retry(
    tx: &mut Tx<'_>,
    claim: &Claim,
    again_at: Timestamp,
    why: &str,
) -> Result<(), StoreError> {
    let done = sqlx::query(
        "UPDATE work SET leased_until = NULL, available_at = ?, attempts = attempts + 1
         WHERE id = ? AND fence = ?",
    )
    .bind(millis(again_at))
    .bind(claim.id)
    .bind(claim.fence)
    .execute(&mut **tx)
    .await?;
    held(claim, done.rows_affected())?;
    log(tx, &claim.document, again_at, "retry", why).await
}

pub(super) async fn finish_open(
    tx: &mut Tx<'_>,
    claim: &Claim,
    inventory: &Inventory,
    now: Timestamp,
) -> Result<(), StoreError> {
    let seq = finish(tx, claim).await?;
    sqlx::query("UPDATE documents SET stage = ?, inventory = ? WHERE reference = ?")
        .bind(Stage::Triage.as_str())
        .bind(json(inventory))
        .bind(claim.document.as_str())
        .execute(&mut **tx)
        .await?;
    enqueue(tx, &claim.document, seq, Job::Read(PageNumber::FIRST), rank::TRIAGE).await?;
    log(tx, &claim.document, now, "opened", inventory.media_type.as_str()).await
}

pub(super) async fn finish_page(
    tx: &mut Tx<'_>,
    claim: &Claim,
    page: &PageRecord,
    triaged: &Triaged,
    now: Timestamp,
) -> Result<(), StoreError> {
    let seq = finish(tx, claim).await?;
    keep_page(tx, &claim.document, page).await?;
    let lane = raise(tx, &claim.document, triaged, now).await?;
    let expected = pages_expected(tx, &claim.document).await?;
    if page.page.number == PageNumber::FIRST {
        let lane = most_urgent(tx, &claim.document).await?.min(lane);
        for number in (2..=expected).filter_map(PageNumber::new) {
            enqueue(tx, &claim.document, seq, Job::Read(number), rank::read(lane)).await?;
        }
        set_stage(tx, &claim.document, Stage::Reading).await?;
    }
    let read: u32 = sqlx::query_scalar("SELECT COUNT(*) FROM pages WHERE document = ?")
        .bind(claim.document.as_str())
        .fetch_one(&mut **tx)
        .await?;
    if read >= expected {
        set_stage(tx, &claim.document, Stage::Deciding).await?;
        decide_next(tx, &claim.document).await?;
    }
    Ok(())
}

/// When no file of an upload is left to be read, those that were are decided
/// together, by the work of the first of them.
async fn decide_next(tx: &mut Tx<'_>, document: &DocumentRef) -> Result<(), StoreError> {
    let first: Option<(String, i64)> = sqlx::query_as(
        "SELECT reference, seq FROM documents
         WHERE submission = (SELECT submission FROM documents WHERE reference = ?1)
           AND stage = ?2
           AND NOT EXISTS (SELECT 1 FROM documents other
                WHERE other.submission = documents.submission
                  AND other.stage IN ('received', 'triage', 'reading'))
           AND NOT EXISTS (SELECT 1 FROM documents other
                JOIN work ON work.document = other.reference
                WHERE other.submission = documents.submission AND work.kind = 'decide')
         ORDER BY seq LIMIT 1",
    )
    .bind(document.as_str())
    .bind(Stage::Deciding.as_str())
    .fetch_optional(&mut **tx)
    .await?;
    let Some((reference, seq)) = first else { return Ok(()) };
    let first = reference.parse().map_err(|_| StoreError::BadName(reference))?;
    enqueue(tx, &first, seq, Job::Decide, rank::FINISH).await
}

/// The lane of the most urgent file of the upload.
async fn most_urgent(tx: &mut Tx<'_>, document: &DocumentRef) -> Result<Lane, StoreError> {
    let lanes: Vec<String> = sqlx::query_scalar(
        "SELECT DISTINCT lane FROM documents
         WHERE submission = (SELECT submission FROM documents WHERE reference = ?)",
    )
    .bind(document.as_str())
    .fetch_all(&mut **tx)
    .await?;
    Ok(lanes.iter().filter_map(|text| lane(text)).min().unwrap_or(Lane::Retro))
}

/// Raises the lane to what a page showed, if that is sooner, moves the rest of
/// the document forward with it, and announces it the first time.
async fn raise(
    tx: &mut Tx<'_>,
    document: &DocumentRef,
    triaged: &Triaged,
    now: Timestamp,
) -> Result<Lane, StoreError> {
    let (before, flagged): (String, Option<i64>) =
        sqlx::query_as("SELECT lane, flagged_at FROM documents WHERE reference = ?")
            .bind(document.as_str())
            .fetch_one(&mut **tx)
            .await?;
    let before = lane(&before).ok_or(StoreError::BadName(before))?;
    if triaged.lane < before {
        sqlx::query("UPDATE documents SET lane = ? WHERE reference = ?")
            .bind(triaged.lane.as_str())
            .bind(document.as_str())
            .execute(&mut **tx)
            .await?;
        // The other files of the upload too: they are decided together.
        sqlx::query(
            "UPDATE work SET rank = ?1 WHERE kind = 'read' AND rank > ?1
               AND document IN (SELECT reference FROM documents WHERE submission =
                   (SELECT submission FROM documents WHERE reference = ?2))",
        )
        .bind(rank::read(triaged.lane))
        .bind(document.as_str())
        .execute(&mut **tx)
        .await?;
    }
    if let (Some(notice), None) = (&triaged.announce, flagged) {
        sqlx::query("UPDATE documents SET flagged_at = ? WHERE reference = ?")
            .bind(millis(now))
            .bind(document.as_str())
            .execute(&mut **tx)
            .await?;
        post(tx, document, notice, true, now).await?;
        log(tx, document, now, "flagged", triaged.lane.as_str()).await?;
    }
    Ok(before.min(triaged.lane))
}

pub(super) async fn finish_decide(
    tx: &mut Tx<'_>,
    claim: &Claim,
    all: &[Decided],
    now: Timestamp,
) -> Result<(), StoreError> {
    finish(tx, claim).await?;
    for one in all {
        if let Some(part) = &one.part {
            parts::add(tx, &one.document, part, now).await?;
        }
        if let Some(case) = &one.opens {
            register::opened(tx, &one.document, case).await?;
        }
        decided_by_machine(tx, one, DecisionKind::Decided, now).await?;
    }
    decide_next(tx, &claim.document).await
}

pub(super) async fn surrender(
    tx: &mut Tx<'_>,
    claim: &Claim,
    surrendered: &Decided,
    now: Timestamp,
) -> Result<(), StoreError> {
    finish(tx, claim).await?;
    let seen: Option<i64> =
        sqlx::query_scalar("SELECT routed_at FROM documents WHERE reference = ?")
            .bind(claim.document.as_str())
            .fetch_one(&mut **tx)
            .await?;
    if seen.is_none() {
        put_away(tx, &claim.document).await?;
    }
    decided_by_machine(tx, surrendered, DecisionKind::Surrendered, now).await?;
    decide_next(tx, &claim.document).await
}

/// Puts away what was made of a document that nobody has seen yet.
async fn put_away(tx: &mut Tx<'_>, document: &DocumentRef) -> Result<(), StoreError> {
    for put_away in [
        "DELETE FROM work WHERE document = ?",
        "DELETE FROM pages WHERE document = ?",
        "DELETE FROM outbox WHERE document = ? AND ready = 0",
        "UPDATE documents SET case_ref = NULL WHERE reference = ?",
        "DELETE FROM cases WHERE opened_by = ?
             AND NOT EXISTS (SELECT 1 FROM documents WHERE case_ref = cases.reference)",
    ] {
        sqlx::query(put_away).bind(document.as_str()).execute(&mut **tx).await?;
    }
    Ok(())
}

/// What the history tells of a decision.
pub(super) struct Entry<'a> {
    pub author: &'a str,
    pub event: &'a str,
    pub message: &'a str,
}

async fn decided_by_machine(
    tx: &mut Tx<'_>,
    one: &Decided,
    kind: DecisionKind,
    now: Timestamp,
) -> Result<(), StoreError> {
    let message = format!("row {}", one.outcome.disposition.row);
    let entry = Entry { author: MACHINE, event: "decided", message: &message };
    decided(tx, &one.document, &one.outcome, &entry, now).await?;
    let added = Added {
        document: &one.document,
        author: MACHINE,
        kind,
        inputs: Some(&one.inputs),
        outcome: &one.outcome,
        changes: &[],
    };
    decisions::add(tx, &added, now).await
}

pub(super) async fn decided(
    tx: &mut Tx<'_>,
    document: &DocumentRef,
    outcome: &Outcome,
    entry: &Entry<'_>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let flagged = outcome.disposition.lane == Lane::Expedited;
    let seq: i64 = sqlx::query_scalar(
        "UPDATE documents SET stage = ?, lane = ?, outcome = ?, case_ref = ?,
             flagged_at = COALESCE(flagged_at, ?) WHERE reference = ? RETURNING seq",
    )
    .bind(Stage::Delivering.as_str())
    .bind(outcome.disposition.lane.as_str())
    .bind(json(outcome))
    .bind(outcome.case.as_ref().map(|case| case.as_str()))
    .bind(flagged.then(|| millis(now)))
    .bind(document.as_str())
    .fetch_one(&mut **tx)
    .await?;
    // Work of before uploads were decided together.
    sqlx::query("DELETE FROM work WHERE document = ? AND kind = 'decide'")
        .bind(document.as_str())
        .execute(&mut **tx)
        .await?;
    enqueue(tx, document, seq, Job::Deliver, rank::FINISH).await?;
    for notice in &outcome.notices {
        post(tx, document, notice, false, now).await?;
    }
    log_by(tx, document, now, entry.author, entry.event, entry.message).await
}

pub(super) async fn finish_deliver(
    tx: &mut Tx<'_>,
    claim: &Claim,
    path: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    finish(tx, claim).await?;
    // The queue column is set only now: a queue lists what can be opened.
    sqlx::query(
        "UPDATE documents SET stage = ?, path = ?, routed_at = ?,
             queue = CASE WHEN outcome ->> '$.closed' IS NULL
                 THEN outcome ->> '$.disposition.queue' END
         WHERE reference = ?",
    )
    .bind(Stage::Routed.as_str())
    .bind(path)
    .bind(millis(now))
    .bind(claim.document.as_str())
    .execute(&mut **tx)
    .await?;
    register::joined(tx, &claim.document).await?;
    sqlx::query("UPDATE outbox SET ready = 1, available_at = ? WHERE document = ? AND ready = 0")
        .bind(millis(now))
        .bind(claim.document.as_str())
        .execute(&mut **tx)
        .await?;
    log(tx, &claim.document, now, "delivered", path).await
}

/// Ends the work of a claim that is still held; returns the document's place
/// in the order of arrival.
async fn finish(tx: &mut Tx<'_>, claim: &Claim) -> Result<i64, StoreError> {
    sqlx::query_scalar("DELETE FROM work WHERE id = ? AND fence = ? RETURNING seq")
        .bind(claim.id)
        .bind(claim.fence)
        .fetch_optional(&mut **tx)
        .await?
        .ok_or_else(|| StoreError::LeaseLost(claim.document.clone()))
}

fn held(claim: &Claim, rows: u64) -> Result<(), StoreError> {
    if rows == 1 { Ok(()) } else { Err(StoreError::LeaseLost(claim.document.clone())) }
}

async fn enqueue(
    tx: &mut Tx<'_>,
    document: &DocumentRef,
    seq: i64,
    job: Job,
    rank: i64,
) -> Result<(), StoreError> {
    // Available at once, whatever a clock says or said: it may be set back, and
    // a source may fix its moment of receipt.
    let (kind, page) = job_parts(job);
    sqlx::query(
        "INSERT INTO work (document, seq, kind, page, rank, available_at) VALUES (?, ?, ?, ?, ?, 0)",
    )
    .bind(document.as_str())
    .bind(seq)
    .bind(kind)
    .bind(page)
    .bind(rank)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(super) async fn keep_page(
    tx: &mut Tx<'_>,
    document: &DocumentRef,
    page: &PageRecord,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO pages (document, number, recognized, models, way, took_ms)
         VALUES (?, ?, ?, ?, ?, ?)",
    )
    .bind(document.as_str())
    .bind(page.page.number.get())
    .bind(json(&page.page))
    .bind(page.models.to_string())
    .bind(page.way.map(|way| way.to_string()))
    .bind(json(&page.took))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn pages_expected(tx: &mut Tx<'_>, document: &DocumentRef) -> Result<u32, StoreError> {
    Ok(sqlx::query_scalar(
        "SELECT json_extract(inventory, '$.pages') FROM documents WHERE reference = ?",
    )
    .bind(document.as_str())
    .fetch_one(&mut **tx)
    .await?)
}

async fn set_stage(
    tx: &mut Tx<'_>,
    document: &DocumentRef,
    stage: Stage,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE documents SET stage = ? WHERE reference = ?")
        .bind(stage.as_str())
        .bind(document.as_str())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Puts a notice into the outbox; the same event a second time changes
/// nothing, so that it is told once (promise P3).
async fn post(
    tx: &mut Tx<'_>,
    document: &DocumentRef,
    notice: &Notice,
    ready: bool,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO outbox (document, event, notice, ready, available_at, state)
         VALUES (?, ?, ?, ?, ?, 'waiting') ON CONFLICT (event) DO NOTHING",
    )
    .bind(document.as_str())
    .bind(&notice.event.0)
    .bind(json(notice))
    .bind(ready)
    .bind(millis(now))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(super) async fn log(
    tx: &mut Tx<'_>,
    document: &DocumentRef,
    at: Timestamp,
    event: &str,
    detail: &str,
) -> Result<(), StoreError> {
    log_by(tx, document, at, MACHINE, event, detail).await
}

pub(super) async fn log_by(
    tx: &mut Tx<'_>,
    document: &DocumentRef,
    at: Timestamp,
    actor: &str,
    event: &str,
    detail: &str,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO history (document, at, actor, event, message) VALUES (?, ?, ?, ?, ?)")
        .bind(document.as_str())
        .bind(millis(at))
        .bind(actor)
        .bind(event)
        .bind(detail)
        .execute(&mut **tx)
        .await?;
    Ok(())
}
