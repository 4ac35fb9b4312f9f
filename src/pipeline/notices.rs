//! Which events staff are told of, and how each is named so that it is told
//! once.

use jiff::Timestamp;

use crate::decide::Triage;
use crate::decide::disposition::Disposition;
use crate::deliver::{EventId, Notice, NoticeKind};
use crate::store::{DecisionKind, DocumentRecord};

/// A page showed that a discharge waits; the rest is not read yet.
pub fn flagged(document: &DocumentRecord, triage: &Triage, now: Timestamp) -> Notice {
    Notice {
        event: event(document, "flagged"),
        kind: NoticeKind::ExpeditedWaiting,
        at: now,
        document: document.received.document.clone(),
        lane: triage.lane,
        queue: None,
        program: None,
        received_at: document.received.received_at,
        target_at: triage.target,
        pages: document.inventory.as_ref().map(|inventory| inventory.pages),
        reasons: Vec::new(),
    }
}

/// The document has been decided and lies in its place.
pub fn routed(document: &DocumentRecord, disposition: &Disposition, now: Timestamp) -> Notice {
    Notice {
        event: event(document, "routed"),
        kind: NoticeKind::of(disposition),
        at: now,
        document: document.received.document.clone(),
        lane: disposition.lane,
        queue: disposition.queue,
        program: disposition.program.clone(),
        received_at: document.received.received_at,
        target_at: disposition.target(),
        pages: document.inventory.as_ref().map(|inventory| inventory.pages),
        reasons: disposition.reasons.iter().map(|reason| reason.code.clone()).collect(),
    }
}

/// A person changed where it waits or how soon: the decision of this number says so.
pub fn amended(
    document: &DocumentRecord,
    disposition: &Disposition,
    kind: DecisionKind,
    sequence: u32,
    now: Timestamp,
) -> Notice {
    let event = event(document, &format!("{}/{sequence}", kind.as_str()));
    Notice { event, ..routed(document, disposition, now) }
}

fn event(document: &DocumentRecord, what: &str) -> EventId {
    EventId(format!("{}/{what}", document.received.document))
}
