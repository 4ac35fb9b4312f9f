//! From the rows of a document to what is shown of it.

use serde_json::{Value, json};

use crate::assemble::{self, DocumentFacts, HistoryEntry, Identity, Summary, Timing};
use crate::decode::pages::MediaType;
use crate::extract::corrections::Correction;
use crate::recognize::recognized::Recognized;
use crate::store::{DocumentRecord, Outcome, PageRecord};
use crate::vocab::Note;

/// `manifest.json`.
pub fn manifest(
    document: &DocumentRecord,
    outcome: &Outcome,
    pages: &[PageRecord],
    history: &[HistoryEntry],
) -> Value {
    let recognized = Recognized { pages: pages.iter().map(|page| page.page.clone()).collect() };
    let result = assemble::result(&assemble::Outcome {
        document: &facts(document),
        recognized: &recognized,
        extracted: &outcome.extracted,
        disposition: &outcome.disposition,
        models: &outcome.models,
        timing_ms: &timing(outcome, pages),
        notes: file_notes(document),
    });
    let identity = Identity {
        reference: document.received.document.clone(),
        submission: document.received.submission.clone(),
        case: outcome.case.clone(),
        part_of: document.part_of.as_ref().map(|part| (part.document.clone(), part.pages.clone())),
        hold: outcome.hold.clone(),
    };
    let mut manifest = assemble::manifest(result, &identity, &outcome.disposition.clocks, history);
    manifest["corrections"] = outcome.corrections.iter().map(correction).collect();
    manifest["closed"] = outcome.closed.as_ref().map_or(Value::Null, |closed| json!(closed));
    manifest
}

/// By the contract's name of what was corrected.
fn correction(correction: &Correction) -> Value {
    let Correction { by, at, note, change } = correction;
    json!({"field": change.name(), "by": by, "at": at, "note": note, "change": change})
}

/// The first page of the packet.
pub fn summary(document: &DocumentRecord, outcome: &Outcome, pages: &[PageRecord]) -> Summary {
    let of_file = file_notes(document).iter().cloned();
    let of_pages = pages.iter().flat_map(|page| page.page.notes.iter().cloned());
    Summary {
        reference: Some(document.received.document.clone()),
        case: outcome.case.clone(),
        document: facts(document),
        notes: of_file.chain(of_pages).chain(outcome.extracted.notes.iter().cloned()).collect(),
        extracted: outcome.extracted.clone(),
        disposition: outcome.disposition.clone(),
    }
}

fn facts(document: &DocumentRecord) -> DocumentFacts {
    let inventory = document.inventory.as_ref();
    DocumentFacts {
        sha256: document.received.sha256,
        media_type: inventory.map_or(MediaType::Unknown, |i| i.media_type),
        bytes: document.received.bytes,
        pages: inventory.map_or(0, |i| i.pages),
        received_at: document.received.received_at,
    }
}

fn file_notes(document: &DocumentRecord) -> &[Note] {
    document.inventory.as_ref().map_or(&[], |inventory| &inventory.notes)
}

fn timing(outcome: &Outcome, pages: &[PageRecord]) -> Timing {
    let decode = pages.iter().map(|page| page.took.decode_ms).sum();
    let recognize = pages.iter().map(|page| page.took.recognize_ms).sum();
    let (extract, decide) = (outcome.extract_ms, outcome.decide_ms);
    Timing { decode, recognize, extract, decide, total: decode + recognize + extract + decide }
}
