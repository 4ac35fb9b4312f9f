//! The transactions of people at the queues.

use jiff::Timestamp;
use sqlx::sqlite::{SqlitePool, SqliteRow};
use sqlx::{Row, Sqlite, Transaction};

use super::decisions::{self, Added};
use super::register;
use super::rows::{millis, read, timestamp};
use super::work::{self, Entry, log_by};
use crate::store::{Amended, Amendment, Held, QueueFilter, QueueItem, Stage, StoreError};
use crate::vocab::DocumentRef;

type Tx<'a> = Transaction<'a, Sqlite>;

/// Takes a document for one person. Whoever holds it already keeps it.
pub(super) async fn take(
    tx: &mut Tx<'_>,
    document: &DocumentRef,
    by: &str,
    take_over: bool,
    now: Timestamp,
) -> Result<Held, StoreError> {
    waits(tx, document).await?;
    match holder(tx, document).await? {
        Some(held) if held.by == by => return Ok(held),
        Some(held) if take_over => {
            let message = format!("from {}, who held it since {}", held.by, held.since);
            log_by(tx, document, now, by, "taken_over", &message).await?;
        }
        Some(Held { by, since }) => {
            return Err(StoreError::Held { document: document.clone(), by, since });
        }
        None => log_by(tx, document, now, by, "claimed", "").await?,
    }
    sqlx::query(
        "INSERT INTO held (document, by, since) VALUES (?, ?, ?)
         ON CONFLICT (document) DO UPDATE SET by = excluded.by, since = excluded.since",
    )
    .bind(document.as_str())
    .bind(by)
    .bind(millis(now))
    .execute(&mut **tx)
    .await?;
    Ok(Held { by: by.to_owned(), since: timestamp(millis(now)) })
}

/// Gives a document back to all; nothing happens if nobody held it.
pub(super) async fn give_back(
    tx: &mut Tx<'_>,
    document: &DocumentRef,
    by: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    free_for(tx, document, by).await?;
    if let_go(tx, document).await? {
        log_by(tx, document, now, by, "given_back", "").await?;
    }
    Ok(())
}

async fn let_go(tx: &mut Tx<'_>, document: &DocumentRef) -> Result<bool, StoreError> {
    let done = sqlx::query("DELETE FROM held WHERE document = ?")
        .bind(document.as_str())
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() > 0)
}

async fn waits(tx: &mut Tx<'_>, document: &DocumentRef) -> Result<(), StoreError> {
    let waiting: Option<i64> =
        sqlx::query_scalar("SELECT 1 FROM documents WHERE reference = ? AND queue IS NOT NULL")
            .bind(document.as_str())
            .fetch_optional(&mut **tx)
            .await?;
    waiting.map(|_| ()).ok_or_else(|| StoreError::NotWaiting(document.clone()))
}

async fn holder(tx: &mut Tx<'_>, document: &DocumentRef) -> Result<Option<Held>, StoreError> {
    let row: Option<(String, i64)> =
        sqlx::query_as("SELECT by, since FROM held WHERE document = ?")
            .bind(document.as_str())
            .fetch_optional(&mut **tx)
            .await?;
    Ok(row.map(|(by, since)| Held { by, since: timestamp(since) }))
}

/// Nobody else holds it.
async fn free_for(tx: &mut Tx<'_>, document: &DocumentRef, by: &str) -> Result<(), StoreError> {
    match holder(tx, document).await? {
        Some(held) if held.by != by => {
            let Held { by, since } = held;
            Err(StoreError::Held { document: document.clone(), by, since })
        }
        Some(_) | None => Ok(()),
    }
}

/// Adds a decision to each of the documents, and lets their delivery follow.
pub(super) async fn amend(
    tx: &mut Tx<'_>,
    all: &Amended,
    now: Timestamp,
) -> Result<(), StoreError> {
    for one in &all.documents {
        is_as_seen(tx, one, now).await?;
        free_for(tx, &one.document, &all.by).await?;
    }
    for change in &all.cases {
        register::change(tx, change).await?;
    }
    if let (Some(case), Some(first)) = (&all.opens, all.documents.first()) {
        register::opened(tx, &first.document, case).await?;
    }
    for one in &all.documents {
        put_away_undone(tx, one).await?;
        let entry = Entry { author: &all.by, event: all.kind.as_str(), message: &all.message };
        work::decided(tx, &one.document, &one.outcome, &entry, now).await?;
        let added = Added {
            document: &one.document,
            author: &all.by,
            kind: all.kind,
            inputs: one.inputs.as_ref(),
            outcome: &one.outcome,
            changes: &one.changes,
        };
        decisions::add(tx, &added, now).await?;
        if all.gives_back {
            let_go(tx, &one.document).await?;
        }
    }
    Ok(())
}

/// Nobody decided anything in between, and nobody is at work on it: what a worker
/// puts into a folder while the decision changes would stay there.
async fn is_as_seen(tx: &mut Tx<'_>, one: &Amendment, now: Timestamp) -> Result<(), StoreError> {
    let row: Option<(String, bool)> = sqlx::query_as(
        "SELECT stage, EXISTS (SELECT 1 FROM work WHERE work.document = documents.reference
             AND leased_until > ?) FROM documents WHERE reference = ?",
    )
    .bind(millis(now))
    .bind(one.document.as_str())
    .fetch_optional(&mut **tx)
    .await?;
    let decided = [Stage::Delivering, Stage::Routed].map(Stage::as_str);
    match row {
        Some((stage, false)) if decided.contains(&stage.as_str()) => {}
        Some(_) => return Err(StoreError::BeingWorkedOn(one.document.clone())),
        None => return Err(StoreError::BadName(one.document.to_string())),
    }
    if decisions::count(tx, &one.document).await? == one.after {
        Ok(())
    } else {
        Err(StoreError::Changed(one.document.to_string()))
    }
}

/// A delivery that nobody has begun, and mail that waited for it, are those of the
/// decision before.
async fn put_away_undone(tx: &mut Tx<'_>, one: &Amendment) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM work WHERE document = ? AND kind = 'deliver'")
        .bind(one.document.as_str())
        .execute(&mut **tx)
        .await?;
    if !one.outcome.notices.is_empty() {
        sqlx::query("DELETE FROM outbox WHERE document = ? AND ready = 0")
            .bind(one.document.as_str())
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

pub(super) async fn queue(
    pool: &SqlitePool,
    filter: &QueueFilter,
) -> Result<Vec<QueueItem>, StoreError> {
    let rows = sqlx::query(
        "SELECT reference, queue, received_at, outcome -> '$.disposition' AS disposition,
             case_ref, path, by, since
         FROM documents LEFT JOIN held ON held.document = documents.reference
         WHERE queue IS NOT NULL AND outcome IS NOT NULL
           AND (?1 IS NULL OR queue = ?1) AND (?2 IS NULL OR lane = ?2)",
    )
    .bind(filter.queue.map(|queue| queue.as_str()))
    .bind(filter.lane.map(|lane| lane.as_str()))
    .fetch_all(pool)
    .await?;
    let mut items = rows.iter().map(item).collect::<Result<Vec<_>, _>>()?;
    items.sort_by_cached_key(QueueItem::order);
    Ok(items)
}

pub(super) async fn held_by(
    pool: &SqlitePool,
    document: &DocumentRef,
) -> Result<Option<Held>, StoreError> {
    let row: Option<(String, i64)> =
        sqlx::query_as("SELECT by, since FROM held WHERE document = ?")
            .bind(document.as_str())
            .fetch_optional(pool)
            .await?;
    Ok(row.map(|(by, since)| Held { by, since: timestamp(since) }))
}

fn item(row: &SqliteRow) -> Result<QueueItem, StoreError> {
    let reference: &str = row.get("reference");
    let bad = |text: &str| StoreError::BadName(text.to_owned());
    let queue: &str = row.get("queue");
    let case = row.get::<Option<&str>, _>("case_ref");
    let held = row.get::<Option<String>, _>("by").zip(row.get::<Option<i64>, _>("since"));
    Ok(QueueItem {
        document: reference.parse().map_err(|_| bad(reference))?,
        queue: read(reference, &format!("\"{queue}\""))?,
        received_at: timestamp(row.get("received_at")),
        disposition: read(reference, row.get("disposition"))?,
        case: case.map(|text| text.parse().map_err(|_| bad(text))).transpose()?,
        path: row.get("path"),
        held: held.map(|(by, since)| Held { by, since: timestamp(since) }),
    })
}
