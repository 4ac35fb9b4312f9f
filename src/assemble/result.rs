//! The JSON of a processed document, schema `intake.result/1`.
//!
//! The names and the order of the private fields below *are* the outside
//! contract: scripts of other people read them. Keys may be added at the end,
//! never renamed or left out; what is empty stands as `null` or `[]`.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::decide::disposition::{Action, Disposition, Lane, Queue, Reason, RequiredField};
use crate::decode::pages::MediaType;
use crate::extract::findings::{
    Dates, Extracted, Field, Findings, Flag, HcpcsFinding, IcdFinding, Intent, Item, ItemFinding,
    ItemStatus, Member, NpiFinding, PageKind, Part, PayerFinding, PendingDischarge, Provider,
    ReferenceFinding, TinFinding, Transmission, Urgency,
};
use crate::recognize::recognized::{Header, Line, Method, Recognized, RecognizedPage, Rotation};
use crate::vocab::{Confidence, DocumentRef, Evidence, Note, PageNumber, Sha256Digest};

/// Changes only when a key is renamed or left out, which is to say never
/// within one major version.
pub const SCHEMA: &str = "intake.result/1";

/// What is known of the file itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DocumentFacts {
    /// Of the original's bytes.
    pub sha256: Sha256Digest,
    /// By content.
    pub media_type: MediaType,
    /// Length of the original.
    pub bytes: u64,
    /// How many pages it holds; 0 when it could not be opened.
    pub pages: u32,
    /// When we received it.
    pub received_at: Timestamp,
}

/// Digests of the models used, beside the program models', which the
/// disposition names itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelDigests {
    /// The code tables.
    pub codes: Sha256Digest,
    /// The recognition models.
    pub ocr: Sha256Digest,
}

/// Wall time of each station, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timing {
    /// Bytes to pages.
    pub decode: u64,
    /// Pages to words.
    pub recognize: u64,
    /// Words to findings.
    pub extract: u64,
    /// Findings to disposition.
    pub decide: u64,
    /// From the first byte to the disposition.
    pub total: u64,
}

/// What every station found out about one document.
#[derive(Clone, Copy, Debug)]
pub struct Outcome<'a> {
    /// The file.
    pub document: &'a DocumentFacts,
    /// Its pages as read; none when it could not be opened.
    pub recognized: &'a Recognized,
    /// What was found on them.
    pub extracted: &'a Extracted,
    /// What is done with it.
    pub disposition: &'a Disposition,
    /// What it rests on.
    pub models: &'a ModelDigests,
    /// How long it took.
    pub timing_ms: &'a Timing,
    /// Notes about the file as a whole, put before those of its pages.
    pub notes: &'a [Note],
}

/// One document as the outside contract has it. For a document that could not
/// be opened `pages` is empty and every other key is there.
pub fn result(outcome: &Outcome<'_>) -> Value {
    let mut value = serde_json::to_value(ResultView::of(outcome)).unwrap_or_else(|error| {
        // Every map key is a field name and every number finite by its type
        // (`Confidence`, `BBox`), so this is a bug in a `Serialize`.
        unreachable!("a result serialises: {error}")
    });
    round_fractions(&mut value);
    value
}

#[derive(Serialize)]
struct ResultView<'a> {
    schema: &'static str,
    document: &'a DocumentFacts,
    pages: Vec<PageView<'a>>,
    parts: &'a [Part],
    findings: FindingsView<'a>,
    disposition: DispositionView<'a>,
    timing_ms: &'a Timing,
    notes: Vec<&'a Note>,
    /// Added: the calls in which the pages came, with what is missing of each.
    transmissions: &'a [Transmission],
}

#[derive(Serialize)]
struct PageView<'a> {
    number: PageNumber,
    kind: PageKind,
    method: Method,
    rotation: Rotation,
    confidence: Confidence,
    header: Option<&'a Header>,
    text: String,
}

#[derive(Serialize)]
struct FindingsView<'a> {
    pending_discharge: &'a Flag<PendingDischarge>,
    urgent: &'a Flag<Urgency>,
    hcpcs: &'a [HcpcsFinding],
    npi: &'a [NpiFinding],
    tin: &'a [TinFinding],
    icd10: &'a [IcdFinding],
    member: &'a Member,
    providers: &'a [Provider],
    dates: &'a Dates,
    references: &'a [ReferenceFinding],
    intents: &'a [Intent],
    setting: Option<&'a Field>,
    place_of_service: Option<&'a Field>,
    oxygen: Option<&'a Field>,
    checklist: Vec<ItemView<'a>>,
    required: &'a [RequiredField],
    /// Added: the plans that are spoken to.
    payers: &'a [PayerFinding],
}

#[derive(Serialize)]
struct ItemView<'a> {
    item: Item,
    status: ItemStatus,
    applies: bool,
    evidence: &'a [Evidence],
}

#[derive(Serialize)]
struct DispositionView<'a> {
    action: Action,
    queue: Option<Queue>,
    lane: Lane,
    program: Option<&'a str>,
    reasons: &'a [Reason],
    missing: &'a [String],
    due: Option<Timestamp>,
    models: ModelsView,
    /// Added: the row of the decision table, for those who replay it.
    row: &'a str,
    /// Added: the versions of programs and the rules that counted, by id.
    rules: &'a [String],
    /// Added: the document whose pages these are again.
    duplicate_of: Option<&'a DocumentRef>,
}

#[derive(Serialize)]
struct ModelsView {
    program: String,
    codes: String,
    ocr: String,
    /// Added: null where no case was looked for.
    matching: Option<String>,
}

impl<'a> ResultView<'a> {
    fn of(outcome: &Outcome<'a>) -> Self {
        Self {
            schema: SCHEMA,
            document: outcome.document,
            pages: pages(outcome.recognized, outcome.extracted),
            parts: &outcome.extracted.parts,
            findings: FindingsView::of(&outcome.extracted.findings, outcome.disposition),
            disposition: DispositionView::of(outcome.disposition, outcome.models),
            timing_ms: outcome.timing_ms,
            notes: notes(outcome),
            transmissions: &outcome.extracted.transmissions,
        }
    }
}

fn pages<'a>(recognized: &'a Recognized, extracted: &'a Extracted) -> Vec<PageView<'a>> {
    recognized
        .pages
        .iter()
        .enumerate()
        .map(|(index, page)| PageView {
            number: page.number,
            kind: kind(page, extracted.page_kinds.get(index)),
            method: page.method,
            rotation: page.rotation,
            confidence: page.confidence,
            header: page.header.as_ref(),
            text: text(&page.lines),
        })
        .collect()
}

/// A page that `extract` has not judged yet (triage has seen only the first)
/// is blank if nothing is on it, and otherwise not to be told.
fn kind(page: &RecognizedPage, judged: Option<&PageKind>) -> PageKind {
    match (judged, page.method) {
        (Some(kind), _) => *kind,
        (None, Method::Blank) => PageKind::Blank,
        (
            None,
            Method::Ocr
            | Method::TextLayer
            | Method::FormFields
            | Method::Mixed
            | Method::Unreadable,
        ) => PageKind::Other,
    }
}

fn text(lines: &[Line]) -> String {
    lines.iter().map(|line| line.text() + "\n").collect()
}

impl<'a> FindingsView<'a> {
    fn of(findings: &'a Findings, disposition: &'a Disposition) -> Self {
        Self {
            pending_discharge: &findings.pending_discharge,
            urgent: &findings.urgent,
            hcpcs: &findings.hcpcs,
            npi: &findings.npi,
            tin: &findings.tin,
            icd10: &findings.icd10,
            member: &findings.member,
            providers: &findings.providers,
            dates: &findings.dates,
            references: &findings.references,
            intents: &findings.intents,
            setting: findings.setting.as_ref(),
            place_of_service: findings.place_of_service.as_ref(),
            oxygen: findings.oxygen.as_ref(),
            checklist: checklist(&findings.checklist, disposition),
            required: &disposition.required,
            payers: &findings.payers,
        }
    }
}

/// Every item of the contract in its order, also those nobody looked for
/// because the document could not be opened.
fn checklist<'a>(found: &'a [ItemFinding], disposition: &Disposition) -> Vec<ItemView<'a>> {
    let view = |&item: &Item| {
        let finding = found.iter().find(|finding| finding.item == item);
        ItemView {
            item,
            status: finding.map_or(ItemStatus::Missing, |finding| finding.status),
            applies: disposition.applies.iter().any(|entry| entry.item == item && entry.applies),
            evidence: finding.map_or(&[], |finding| &finding.evidence),
        }
    };
    Item::ALL.iter().map(view).collect()
}

impl<'a> DispositionView<'a> {
    fn of(disposition: &'a Disposition, models: &ModelDigests) -> Self {
        Self {
            action: disposition.action,
            queue: disposition.queue,
            lane: disposition.lane,
            program: disposition.program.as_deref(),
            reasons: &disposition.reasons,
            missing: &disposition.missing,
            due: disposition.due,
            models: ModelsView {
                program: disposition.program_digest.prefixed(),
                codes: models.codes.prefixed(),
                ocr: models.ocr.prefixed(),
                matching: disposition.matching_digest.map(|digest| digest.prefixed()),
            },
            row: &disposition.row,
            rules: &disposition.rules,
            duplicate_of: disposition.duplicate_of.as_ref(),
        }
    }
}

/// Of the file, of its pages, of what was found; each once.
fn notes<'a>(outcome: &Outcome<'a>) -> Vec<&'a Note> {
    let of_pages = outcome.recognized.pages.iter().flat_map(|page| &page.notes);
    let all = outcome.notes.iter().chain(of_pages).chain(&outcome.extracted.notes);
    let mut once: Vec<&Note> = Vec::new();
    for note in all {
        if !once.contains(&note) {
            once.push(note);
        }
    }
    once
}

/// Four places are finer than a fax pixel; without this a confidence of 0.94
/// is printed as the nearest double to the nearest float, 0.9399999976158142.
fn round_fractions(value: &mut Value) {
    match value {
        Value::Number(number) if number.is_f64() => {
            if let Some(fraction) = number.as_f64() {
                *value = Value::from((fraction * 10_000.0).round() / 10_000.0);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(round_fractions),
        Value::Object(map) => map.values_mut().for_each(round_fractions),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
