//! `manifest.json`: the result of a document, and what the register of cases
//! knows about it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::decide::disposition::Clock;
use crate::vocab::{CaseRef, DocumentRef, HoldRef, PageNumber, SubmissionRef};

/// Who a document is, among its fellows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Identity {
    /// Its own reference.
    pub reference: DocumentRef,
    /// The upload or call it came with.
    pub submission: SubmissionRef,
    /// The case it belongs to, if it has one.
    pub case: Option<CaseRef>,
    /// The document it was split from, and which of its pages these are.
    pub part_of: Option<(DocumentRef, Vec<PageNumber>)>,
    /// What the letter of its hold is known by, if it is held.
    pub hold: Option<HoldRef>,
}

/// Something that happened to a document. Append-only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HistoryEntry {
    /// When.
    pub at: Timestamp,
    /// `machine`, or the name a person signs with.
    pub actor: String,
    /// Stable, dotted: `document.received`, `document.routed`.
    pub event: String,
    /// A sentence without patient data; empty when the event says it all.
    pub message: String,
}

/// Adds to `result` what only the register knows. The result's own keys come
/// first, unchanged.
pub fn manifest(
    result: Value,
    identity: &Identity,
    clocks: &[Clock],
    history: &[HistoryEntry],
) -> Value {
    let mut manifest = result;
    manifest["reference"] = identity.reference.as_str().into();
    manifest["submission"] = identity.submission.as_str().into();
    manifest["case"] = identity.case.as_ref().map(CaseRef::as_str).into();
    let (whole, pages) = identity.part_of.as_ref().map_or((None, None), |(whole, pages)| {
        let pages: Vec<u32> = pages.iter().map(|page| page.get()).collect();
        (Some(whole.as_str()), Some(pages))
    });
    manifest["part_of"] = whole.into();
    manifest["part_pages"] = pages.into();
    manifest["hold"] = identity.hold.as_ref().map(HoldRef::as_str).into();
    manifest["clocks"] = clocks.iter().map(clock).collect();
    manifest["history"] = history.iter().map(entry).collect();
    manifest
}

fn clock(clock: &Clock) -> Value {
    let events = clock.events.iter().map(
        |event| serde_json::json!({ "percent": event.mark.percent(), "at": event.at.to_string() }),
    );
    serde_json::json!({
        "name": clock.name,
        "kind": clock.kind,
        "calendar": clock.basis,
        "started_at": clock.started.to_string(),
        "due_at": clock.due.to_string(),
        "events": events.collect::<Vec<Value>>(),
    })
}

fn entry(entry: &HistoryEntry) -> Value {
    serde_json::json!({
        "at": entry.at.to_string(),
        "actor": entry.actor,
        "event": entry.event,
        "message": entry.message,
    })
}
