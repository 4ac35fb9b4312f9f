//! Between columns and types.

use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::decide::disposition::Lane;
use crate::store::{DocumentRecord, Job, Stage, StoreError};
use crate::vocab::PageNumber;

pub(super) fn millis(at: Timestamp) -> i64 {
    at.as_millisecond()
}

pub(super) fn timestamp(millis: i64) -> Timestamp {
    // Out of range only if somebody else wrote the row; the end of time keeps
    // it visible at the end of every list.
    Timestamp::from_millisecond(millis).unwrap_or(Timestamp::MAX)
}

pub(super) fn json<T: Serialize>(value: &T) -> String {
    // Our own types have string keys and no failing serialisers.
    serde_json::to_string(value).unwrap_or_else(|e| format!("{{\"unserialisable\":\"{e}\"}}"))
}

pub(super) fn read<T: DeserializeOwned>(document: &str, text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text)
        .map_err(|e| StoreError::Corrupt { document: document.to_owned(), column: e.column() })
}

pub(super) fn job_parts(job: Job) -> (&'static str, u32) {
    match job {
        Job::Open => ("open", 0),
        Job::Read(page) => ("read", page.get()),
        Job::Decide => ("decide", 0),
        Job::Deliver => ("deliver", 0),
    }
}

pub(super) fn job_from(kind: &str, page: u32) -> Option<Job> {
    match kind {
        "open" => Some(Job::Open),
        "read" => PageNumber::new(page).map(Job::Read),
        "decide" => Some(Job::Decide),
        "deliver" => Some(Job::Deliver),
        _ => None,
    }
}

pub(super) fn lane(text: &str) -> Option<Lane> {
    [Lane::Expedited, Lane::Urgent, Lane::Standard, Lane::Retro]
        .into_iter()
        .find(|lane| lane.as_str() == text)
}

pub(super) fn document(row: &SqliteRow) -> Result<DocumentRecord, StoreError> {
    let reference: &str = row.get("reference");
    let stage: &str = row.get("stage");
    let lane_text: &str = row.get("lane");
    let optional = |column: &str| row.get::<Option<&str>, _>(column);
    Ok(DocumentRecord {
        received: read(reference, row.get("received"))?,
        part_of: optional("part_of").map(|text| read(reference, text)).transpose()?,
        stage: Stage::parse(stage).ok_or_else(|| StoreError::BadName(stage.to_owned()))?,
        lane: lane(lane_text).ok_or_else(|| StoreError::BadName(lane_text.to_owned()))?,
        inventory: optional("inventory").map(|text| read(reference, text)).transpose()?,
        flagged_at: row.get::<Option<i64>, _>("flagged_at").map(timestamp),
        // One that another version wrote and this one cannot read is none; a
        // delivery without one gives the document up to a person.
        outcome: optional("outcome").and_then(|text| read(reference, text).ok()),
        path: row.get("path"),
        routed_at: row.get::<Option<i64>, _>("routed_at").map(timestamp),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_cannot_be_read_is_not_quoted() {
        let error = read::<u32>("D-1", "\"Edith Sample\"").unwrap_err();
        assert!(error.to_string().contains("D-1"));
        assert!(!format!("{error} {error:?}").contains("Edith"));
    }
}
