//! The register of cases: its transactions and its look-ups.
//!
//! A case is written with all its keys or not at all. Many are written by one
//! statement that takes them apart from JSON, since an import of a hundred
//! thousand must not keep a service that runs beside it from its turn.

use std::collections::{HashMap, HashSet};

use serde_json::json;
use sqlx::sqlite::{SqlitePool, SqliteRow};
use sqlx::{Row, Sqlite, Transaction};

use super::rows::{self, millis, read, timestamp};
use crate::decide::disposition::Action;
use crate::decide::register::{CaseKeys, CaseRecord, CaseState};
use crate::store::{CaseChange, CaseFilter, CasesImported, ImportedCase, Outcome, StoreError};
use crate::vocab::{CaseRef, DocumentRef, Sha256Digest};

type Tx<'a> = Transaction<'a, Sqlite>;

/// Cases looked up by one key, newest first. A key that means more tells
/// nobody apart: an id that was left at zeros, a number that stands on a form.
const MOST_OF_A_KEY: u32 = 50;
/// Keys of one document that are looked up, the most telling first.
const MOST_KEYS: usize = 32;
/// Cases that one statement writes.
const AT_ONCE: usize = 500;

/// A case as it is to be kept. What is `None` beside the record leaves the
/// column as it is.
struct Kept<'c> {
    record: &'c CaseRecord,
    number: Option<&'c str>,
    imported: Option<Sha256Digest>,
    opened_by: Option<&'c DocumentRef>,
}

impl<'c> Kept<'c> {
    fn of(record: &'c CaseRecord) -> Self {
        Self { record, number: None, imported: None, opened_by: None }
    }
}

/// The case that a document opens, if it is not there already.
pub(super) async fn opened(
    tx: &mut Tx<'_>,
    document: &DocumentRef,
    case: &CaseRecord,
) -> Result<(), StoreError> {
    if is_there(tx, &case.reference).await? {
        return Ok(());
    }
    keep(tx, &[Kept { opened_by: Some(document), ..Kept::of(case) }]).await
}

/// The document lies in a case that was there before: the case learns from it.
/// Not sooner, because a document may still be surrendered until then.
pub(super) async fn joined(tx: &mut Tx<'_>, document: &DocumentRef) -> Result<(), StoreError> {
    let row = sqlx::query(
        "SELECT d.outcome, c.reference, c.record FROM documents d
         JOIN cases c ON c.reference = d.case_ref
         WHERE d.reference = ? AND json_extract(d.outcome, '$.disposition.action') = ?",
    )
    .bind(document.as_str())
    .bind(serde_json::to_value(Action::Attach).ok().and_then(|v| v.as_str().map(str::to_owned)))
    .fetch_optional(&mut **tx)
    .await?;
    let Some(row) = row else { return Ok(()) };
    let outcome: Outcome = read(document.as_str(), row.get("outcome"))?;
    let before = record(&row)?;
    let hold = outcome.hold.as_ref();
    let after = before.joined(&outcome.extracted, &outcome.disposition, hold);
    if after == before { Ok(()) } else { keep(tx, &[Kept::of(&after)]).await }
}

/// A case changes, if it is still as whoever changes it has seen it.
pub(super) async fn change(tx: &mut Tx<'_>, change: &CaseChange) -> Result<(), StoreError> {
    let reference = &change.before.reference;
    let row = sqlx::query("SELECT reference, record FROM cases WHERE reference = ?")
        .bind(reference.as_str())
        .fetch_optional(&mut **tx)
        .await?;
    if row.as_ref().map(record).transpose()?.as_ref() != Some(&change.before) {
        return Err(StoreError::Changed(reference.to_string()));
    }
    keep(tx, &[Kept::of(&change.after)]).await
}

pub(super) async fn open(tx: &mut Tx<'_>, case: &CaseRecord) -> Result<(), StoreError> {
    if is_there(tx, &case.reference).await? {
        return Err(StoreError::CaseExists(case.reference.clone()));
    }
    keep(tx, &[Kept::of(case)]).await
}

async fn is_there(tx: &mut Tx<'_>, case: &CaseRef) -> Result<bool, StoreError> {
    let found: Option<i64> = sqlx::query_scalar("SELECT 1 FROM cases WHERE reference = ?")
        .bind(case.as_str())
        .fetch_optional(&mut **tx)
        .await?;
    Ok(found.is_some())
}

pub(super) async fn import(
    tx: &mut Tx<'_>,
    rows: &[ImportedCase],
    digests: &[Sha256Digest],
) -> Result<CasesImported, StoreError> {
    let mut counts = CasesImported::default();
    let (mut numbers, mut references) = (HashSet::new(), HashSet::new());
    for (chunk, rows) in rows.chunks(AT_ONCE).enumerate() {
        let known = Known::of(tx, rows).await?;
        let mut told = Vec::new();
        for (place, row) in rows.iter().enumerate() {
            let conflict = || StoreError::CaseNumbers { place: chunk * AT_ONCE + place };
            let before = known.case_of(row).map_err(|()| conflict())?;
            let reference =
                before.map_or_else(|| row.record.reference.clone(), |b| b.record.reference.clone());
            let number = row.number.expose().as_str();
            if !numbers.insert(number) || !references.insert(reference) {
                return Err(conflict());
            }
            let digest = digests[chunk * AT_ONCE + place];
            match before {
                Some(before) if before.imported == Some(digest) => counts.unchanged += 1,
                Some(before) => {
                    counts.changed += 1;
                    told.push((before.record.told_by(row.record.clone()), number, digest));
                }
                None => {
                    counts.opened += 1;
                    told.push((row.record.clone(), number, digest));
                }
            }
        }
        let kept: Vec<Kept> = told
            .iter()
            .map(|(record, number, digest)| Kept {
                number: Some(number),
                imported: Some(*digest),
                ..Kept::of(record)
            })
            .collect();
        keep(tx, &kept).await?;
    }
    Ok(counts)
}

/// What the register has of the rows that are to be imported.
struct Known {
    by_number: HashMap<String, CaseRef>,
    cases: HashMap<CaseRef, Before>,
}

struct Before {
    record: CaseRecord,
    number: Option<String>,
    imported: Option<Sha256Digest>,
}

impl Known {
    async fn of(tx: &mut Tx<'_>, rows: &[ImportedCase]) -> Result<Self, StoreError> {
        let numbers: Vec<&str> = rows.iter().map(|row| row.number.expose().as_str()).collect();
        let linked = rows.iter().filter(|row| row.is_linked);
        let references: Vec<&str> = linked.map(|row| row.record.reference.as_str()).collect();
        let found = sqlx::query(
            "SELECT reference, record, number, imported FROM cases
             WHERE number IN (SELECT value FROM json_each(?))
                OR reference IN (SELECT value FROM json_each(?))",
        )
        .bind(json!(numbers).to_string())
        .bind(json!(references).to_string())
        .fetch_all(&mut **tx)
        .await?;
        let mut known = Self { by_number: HashMap::new(), cases: HashMap::new() };
        for row in &found {
            let before = Before {
                record: record(row)?,
                number: row.get("number"),
                imported: row.get::<Option<&str>, _>("imported").and_then(Sha256Digest::parse),
            };
            let reference = before.record.reference.clone();
            if let Some(number) = &before.number {
                known.by_number.insert(number.clone(), reference.clone());
            }
            known.cases.insert(reference, before);
        }
        Ok(known)
    }

    /// The case that a row tells of. `Err` where its number and its reference
    /// mean two.
    fn case_of(&self, row: &ImportedCase) -> Result<Option<&Before>, ()> {
        let number = row.number.expose();
        let by_number = self.by_number.get(number).and_then(|case| self.cases.get(case));
        let linked = self.cases.get(&row.record.reference).filter(|_| row.is_linked);
        match (by_number, linked) {
            (Some(one), _) if row.is_linked && one.record.reference != row.record.reference => {
                Err(())
            }
            (None, Some(other)) if other.number.is_some() => Err(()),
            (one, other) => Ok(one.or(other)),
        }
    }
}

/// Of what a row says; the reference that was drawn for it is no part of that.
pub(super) fn digest(row: &ImportedCase) -> Sha256Digest {
    let mut said = json!(row.record);
    if !row.is_linked {
        said["reference"] = json!(null);
    }
    Sha256Digest::of(said.to_string().as_bytes())
}

/// Writes cases with their keys, in place of what was there.
async fn keep(tx: &mut Tx<'_>, cases: &[Kept<'_>]) -> Result<(), StoreError> {
    let columns: Vec<_> = cases
        .iter()
        .map(|case| {
            let record = case.record;
            json!([
                record.reference,
                record.program,
                record.state.as_str(),
                millis(record.opened_at),
                rows::json(record),
                case.number,
                case.imported.map(|digest| digest.to_string()),
                case.opened_by,
            ])
        })
        .collect();
    sqlx::query(
        "INSERT INTO cases
             (reference, program, state, opened_at, record, number, imported, opened_by)
         SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5,
             value ->> 6, value ->> 7 FROM json_each(?) WHERE true
         ON CONFLICT (reference) DO UPDATE SET program = excluded.program,
             state = excluded.state, opened_at = excluded.opened_at, record = excluded.record,
             number = COALESCE(excluded.number, number),
             imported = COALESCE(excluded.imported, imported)",
    )
    .bind(json!(columns).to_string())
    .execute(&mut **tx)
    .await?;
    let references: Vec<&CaseRef> = cases.iter().map(|case| &case.record.reference).collect();
    sqlx::query("DELETE FROM case_keys WHERE case_ref IN (SELECT value FROM json_each(?))")
        .bind(json!(references).to_string())
        .execute(&mut **tx)
        .await?;
    let mut keys = Vec::new();
    for Kept { record, .. } in cases {
        for key in CaseKeys::of_case(record).iter() {
            let opened_at = millis(record.opened_at);
            keys.push(json!([key.kind.as_str(), key.value, opened_at, record.reference]));
        }
    }
    sqlx::query(
        "INSERT INTO case_keys (kind, value, opened_at, case_ref)
         SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?)",
    )
    .bind(json!(keys).to_string())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Gives each case of before the register its record, from what the store has
/// of the document that opened it.
pub(super) async fn fill_in(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    loop {
        let found = sqlx::query(
            "SELECT c.reference, c.program, c.opened_at, d.outcome FROM cases c
             LEFT JOIN documents d ON d.reference = c.opened_by
             WHERE c.record IS NULL LIMIT 100",
        )
        .fetch_all(&mut **tx)
        .await?;
        if found.is_empty() {
            return Ok(());
        }
        let records = found.iter().map(from_before).collect::<Result<Vec<_>, _>>()?;
        let kept: Vec<Kept> = records.iter().map(Kept::of).collect();
        keep(tx, &kept).await?;
    }
}

fn from_before(row: &SqliteRow) -> Result<CaseRecord, StoreError> {
    let reference = case_ref(row.get("reference"))?;
    let at = timestamp(row.get("opened_at"));
    let outcome: Option<Outcome> =
        row.get::<Option<&str>, _>("outcome").and_then(|text| read(reference.as_str(), text).ok());
    Ok(match outcome {
        Some(outcome) => {
            CaseRecord::opened(reference, &outcome.extracted, &outcome.disposition, None, at)
        }
        None => CaseRecord { program: row.get("program"), ..CaseRecord::new(reference, at) },
    })
}

pub(super) async fn candidates(
    pool: &SqlitePool,
    keys: &CaseKeys,
) -> Result<Vec<CaseRecord>, StoreError> {
    let mut found: Vec<CaseRecord> = Vec::new();
    for key in keys.iter().take(MOST_KEYS) {
        let rows = sqlx::query(
            "SELECT c.reference, c.record FROM case_keys k
             JOIN cases c ON c.reference = k.case_ref
             WHERE k.kind = ? AND k.value = ? ORDER BY k.opened_at DESC, k.case_ref DESC LIMIT ?",
        )
        .bind(key.kind.as_str())
        .bind(key.value.expose())
        .bind(MOST_OF_A_KEY)
        .fetch_all(pool)
        .await?;
        for row in &rows {
            let reference: &str = row.get("reference");
            if !found.iter().any(|case| case.reference.as_str() == reference) {
                found.push(record(row)?);
            }
        }
    }
    Ok(found)
}

pub(super) async fn case(
    pool: &SqlitePool,
    reference: &CaseRef,
) -> Result<Option<CaseRecord>, StoreError> {
    let row = sqlx::query("SELECT reference, record FROM cases WHERE reference = ?")
        .bind(reference.as_str())
        .fetch_optional(pool)
        .await?;
    row.as_ref().map(record).transpose()
}

pub(super) async fn cases(
    pool: &SqlitePool,
    filter: &CaseFilter,
    limit: u32,
) -> Result<Vec<CaseRecord>, StoreError> {
    let rows = sqlx::query(
        "SELECT reference, record FROM cases
         WHERE (?1 = '[]' OR state IN (SELECT value FROM json_each(?1)))
           AND (?2 IS NULL OR program = ?2)
         ORDER BY opened_at DESC, reference LIMIT ?3",
    )
    .bind(states(&filter.states))
    .bind(&filter.program)
    .bind(limit)
    .fetch_all(pool)
    .await?;
    rows.iter().map(record).collect()
}

pub(super) async fn documents(
    pool: &SqlitePool,
    case: &CaseRef,
) -> Result<Vec<DocumentRef>, StoreError> {
    let found: Vec<String> =
        sqlx::query_scalar("SELECT reference FROM documents WHERE case_ref = ? ORDER BY seq")
            .bind(case.as_str())
            .fetch_all(pool)
            .await?;
    found.into_iter().map(|text| text.parse().map_err(|_| StoreError::BadName(text))).collect()
}

pub(super) async fn count_open(pool: &SqlitePool) -> Result<u64, StoreError> {
    let open: Vec<CaseState> = CaseState::ALL.into_iter().filter(|s| s.is_open()).collect();
    let count: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM cases WHERE state IN (SELECT value FROM json_each(?))",
    )
    .bind(states(&open))
    .fetch_one(pool)
    .await?;
    Ok(count.unsigned_abs())
}

fn states(states: &[CaseState]) -> String {
    json!(states.iter().map(|state| state.as_str()).collect::<Vec<_>>()).to_string()
}

fn record(row: &SqliteRow) -> Result<CaseRecord, StoreError> {
    read(row.get("reference"), row.get("record"))
}

fn case_ref(text: &str) -> Result<CaseRef, StoreError> {
    text.parse().map_err(|_| StoreError::BadName(text.to_owned()))
}
