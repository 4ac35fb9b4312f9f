//! What is only read.

use jiff::Timestamp;
use sqlx::Row;
use sqlx::sqlite::{SqlitePool, SqliteRow};

use super::register;
use super::rows::{self, millis, read, timestamp};
use crate::assemble::HistoryEntry;
use crate::store::{DocumentRecord, PageRecord, QueueDepth, Stage, StatusCounts, StoreError};
use crate::vocab::{DocumentRef, PageNumber, Sha256Digest, SubmissionRef};

/// A file sent more often than this is known from its newest.
const MOST_OF_SAME_BYTES: u32 = 50;

pub(super) async fn document(
    pool: &SqlitePool,
    reference: &DocumentRef,
) -> Result<Option<DocumentRecord>, StoreError> {
    sqlx::query("SELECT * FROM documents WHERE reference = ?")
        .bind(reference.as_str())
        .fetch_optional(pool)
        .await?
        .map(|row| rows::document(&row))
        .transpose()
}

pub(super) async fn submission(
    pool: &SqlitePool,
    submission: &SubmissionRef,
) -> Result<Vec<DocumentRecord>, StoreError> {
    let rows = sqlx::query(
        "SELECT * FROM documents WHERE submission = ? AND part_of IS NULL ORDER BY seq",
    )
    .bind(submission.as_str())
    .fetch_all(pool)
    .await?;
    rows.iter().map(rows::document).collect()
}

pub(super) async fn uploaded(
    pool: &SqlitePool,
    submission: &SubmissionRef,
) -> Result<Vec<DocumentRecord>, StoreError> {
    let rows = sqlx::query("SELECT * FROM documents WHERE submission = ? ORDER BY seq")
        .bind(submission.as_str())
        .fetch_all(pool)
        .await?;
    rows.iter().map(rows::document).collect()
}

pub(super) async fn decided_with_bytes(
    pool: &SqlitePool,
    bytes: Sha256Digest,
) -> Result<Vec<DocumentRecord>, StoreError> {
    let rows = sqlx::query(
        "SELECT * FROM documents
         WHERE sha256 = ? AND outcome IS NOT NULL AND part_of IS NULL ORDER BY seq DESC LIMIT ?",
    )
    .bind(bytes.to_string())
    .bind(MOST_OF_SAME_BYTES)
    .fetch_all(pool)
    .await?;
    rows.iter().map(rows::document).collect()
}

pub(super) async fn documents(pool: &SqlitePool) -> Result<Vec<DocumentRecord>, StoreError> {
    let rows = sqlx::query("SELECT * FROM documents ORDER BY seq").fetch_all(pool).await?;
    rows.iter().map(rows::document).collect()
}

pub(super) async fn pages(
    pool: &SqlitePool,
    reference: &DocumentRef,
) -> Result<Vec<PageRecord>, StoreError> {
    let rows = sqlx::query(
        "SELECT document, recognized, models, way, took_ms FROM pages
         WHERE document = ? ORDER BY number",
    )
    .bind(reference.as_str())
    .fetch_all(pool)
    .await?;
    rows.iter().map(page).collect()
}

pub(super) async fn page_of_bytes(
    pool: &SqlitePool,
    bytes: Sha256Digest,
    number: PageNumber,
    way: Sha256Digest,
) -> Result<Option<PageRecord>, StoreError> {
    let row = sqlx::query(
        "SELECT document, recognized, models, way, took_ms FROM pages
         JOIN documents ON documents.reference = pages.document
         WHERE sha256 = ? AND number = ? AND way = ? ORDER BY seq DESC LIMIT 1",
    )
    .bind(bytes.to_string())
    .bind(number.get())
    .bind(way.to_string())
    .fetch_optional(pool)
    .await?;
    row.as_ref().map(page).transpose()
}

fn page(row: &SqliteRow) -> Result<PageRecord, StoreError> {
    let document: &str = row.get("document");
    Ok(PageRecord {
        page: read(document, row.get("recognized"))?,
        models: digest(row.get("models"))?,
        way: row.get::<Option<&str>, _>("way").map(digest).transpose()?,
        took: read(document, row.get("took_ms"))?,
    })
}

pub(super) async fn history(
    pool: &SqlitePool,
    reference: &DocumentRef,
) -> Result<Vec<HistoryEntry>, StoreError> {
    let rows =
        sqlx::query("SELECT at, actor, event, message FROM history WHERE document = ? ORDER BY id")
            .bind(reference.as_str())
            .fetch_all(pool)
            .await?;
    Ok(rows
        .iter()
        .map(|row| HistoryEntry {
            at: timestamp(row.get("at")),
            actor: row.get("actor"),
            event: row.get("event"),
            message: row.get("message"),
        })
        .collect())
}

pub(super) async fn status(pool: &SqlitePool, now: Timestamp) -> Result<StatusCounts, StoreError> {
    let mut counts = StatusCounts::default();
    for stage in
        [Stage::Received, Stage::Triage, Stage::Reading, Stage::Deciding, Stage::Delivering]
    {
        let count: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM documents WHERE stage = ?")
            .bind(stage.as_str())
            .fetch_one(pool)
            .await?;
        counts.stages.insert(stage.as_str(), count.unsigned_abs());
    }
    let queues = sqlx::query(
        "SELECT queue, COUNT(*) AS count, MIN(received_at) AS oldest FROM documents
         WHERE queue IS NOT NULL GROUP BY queue",
    )
    .fetch_all(pool)
    .await?;
    for row in queues {
        let waited = millis(now) - row.get::<i64, _>("oldest");
        counts.queues.insert(
            row.get("queue"),
            QueueDepth {
                count: row.get::<i64, _>("count").unsigned_abs(),
                oldest_seconds: u64::try_from(waited / 1000).unwrap_or(0),
            },
        );
    }
    let count = |sql: &'static str| async move {
        let count: i64 = sqlx::query_scalar(sql).fetch_one(pool).await?;
        Ok::<u64, StoreError>(count.unsigned_abs())
    };
    counts.cases_open = register::count_open(pool).await?;
    counts.mail_waiting = count("SELECT COUNT(*) FROM outbox WHERE state = 'waiting'").await?;
    counts.mail_failed = count("SELECT COUNT(*) FROM outbox WHERE state = 'failed'").await?;
    let reading: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM work WHERE kind = 'read' AND leased_until > ?")
            .bind(millis(now))
            .fetch_one(pool)
            .await?;
    counts.reading_now = reading.unsigned_abs();
    Ok(counts)
}

fn digest(text: &str) -> Result<Sha256Digest, StoreError> {
    Sha256Digest::parse(text).ok_or_else(|| StoreError::BadName(text.to_owned()))
}
