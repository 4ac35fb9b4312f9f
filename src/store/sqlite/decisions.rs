//! Decisions of documents, each added to those before, and the models they were
//! made with.

use jiff::Timestamp;
use sqlx::sqlite::{SqlitePool, SqliteRow};
use sqlx::{Row, Sqlite, Transaction};

use super::rows::{json, millis, read, timestamp};
use crate::decide::recorded::{Inputs, ModelText};
use crate::store::{DecisionKind, DecisionRecord, Outcome, Placed, StoreError};
use crate::vocab::{DocumentRef, Sha256Digest};

type Tx<'a> = Transaction<'a, Sqlite>;

/// A decision that is added.
pub(super) struct Added<'a> {
    pub document: &'a DocumentRef,
    pub author: &'a str,
    pub kind: DecisionKind,
    pub inputs: Option<&'a Inputs>,
    pub outcome: &'a Outcome,
    pub changes: &'a [String],
}

pub(super) async fn add(
    tx: &mut Tx<'_>,
    added: &Added<'_>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Added { document, author, kind, inputs, outcome, changes } = added;
    sqlx::query(
        "INSERT INTO decisions
             (document, sequence, at, author, kind, inputs, disposition, case_ref, closed, changes)
         SELECT ?1, COALESCE(MAX(sequence), 0) + 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9
         FROM decisions WHERE document = ?1",
    )
    .bind(document.as_str())
    .bind(millis(now))
    .bind(author)
    .bind(kind.as_str())
    .bind(inputs.map(json))
    .bind(json(&outcome.disposition))
    .bind(outcome.case.as_ref().map(|case| case.as_str()))
    .bind(outcome.closed.as_ref().map(json))
    .bind(json(changes))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(super) async fn count(tx: &mut Tx<'_>, document: &DocumentRef) -> Result<u32, StoreError> {
    Ok(sqlx::query_scalar("SELECT COUNT(*) FROM decisions WHERE document = ?")
        .bind(document.as_str())
        .fetch_one(&mut **tx)
        .await?)
}

pub(super) async fn of(
    pool: &SqlitePool,
    document: &DocumentRef,
) -> Result<Vec<DecisionRecord>, StoreError> {
    let rows = sqlx::query("SELECT * FROM decisions WHERE document = ? ORDER BY sequence")
        .bind(document.as_str())
        .fetch_all(pool)
        .await?;
    rows.iter().map(|row| record(document.as_str(), row)).collect()
}

fn record(document: &str, row: &SqliteRow) -> Result<DecisionRecord, StoreError> {
    let optional = |column: &str| row.get::<Option<&str>, _>(column);
    let kind: &str = row.get("kind");
    let case = optional("case_ref")
        .map(|text| text.parse().map_err(|_| StoreError::BadName(text.to_owned())));
    Ok(DecisionRecord {
        sequence: row.get("sequence"),
        at: timestamp(row.get("at")),
        author: row.get("author"),
        kind: DecisionKind::parse(kind).ok_or_else(|| StoreError::BadName(kind.to_owned()))?,
        inputs: optional("inputs").map(|text| read(document, text)).transpose()?,
        disposition: read(document, row.get("disposition"))?,
        case: case.transpose()?,
        closed: optional("closed").map(|text| read(document, text)).transpose()?,
        changes: read(document, row.get("changes"))?,
    })
}

pub(super) async fn places(
    pool: &SqlitePool,
    document: &DocumentRef,
) -> Result<Vec<Placed>, StoreError> {
    let rows = sqlx::query(
        "SELECT case_ref, disposition -> '$.queue' AS queue, closed IS NOT NULL AS closed
         FROM decisions WHERE document = ? ORDER BY sequence",
    )
    .bind(document.as_str())
    .fetch_all(pool)
    .await?;
    let placed = |row: &SqliteRow| {
        let case = row
            .get::<Option<&str>, _>("case_ref")
            .map(|text| text.parse().map_err(|_| StoreError::BadName(text.to_owned())));
        Ok(Placed {
            case: case.transpose()?,
            queue: read(document.as_str(), row.get("queue"))?,
            closed: row.get("closed"),
        })
    };
    rows.iter().map(placed).collect()
}

/// Only what is not there is written; most often nothing is.
pub(super) async fn models_missing(
    pool: &SqlitePool,
    models: &[ModelText],
) -> Result<Vec<ModelText>, StoreError> {
    let mut missing = Vec::new();
    for model in models {
        let known: Option<i64> = sqlx::query_scalar("SELECT 1 FROM models WHERE digest = ?")
            .bind(model.digest.to_string())
            .fetch_optional(pool)
            .await?;
        if known.is_none() {
            missing.push(model.clone());
        }
    }
    Ok(missing)
}

pub(super) async fn keep_models(tx: &mut Tx<'_>, models: &[ModelText]) -> Result<(), StoreError> {
    for model in models {
        sqlx::query("INSERT INTO models (digest, text) VALUES (?, ?) ON CONFLICT DO NOTHING")
            .bind(model.digest.to_string())
            .bind(&*model.text)
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

pub(super) async fn model(
    pool: &SqlitePool,
    digest: Sha256Digest,
) -> Result<Option<String>, StoreError> {
    Ok(sqlx::query_scalar("SELECT text FROM models WHERE digest = ?")
        .bind(digest.to_string())
        .fetch_optional(pool)
        .await?)
}
