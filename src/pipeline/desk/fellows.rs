//! A document at the desk, with those that were decided together with it: what is
//! said of one is said of all, as one decision told them.

use jiff::tz::TimeZone;

use super::DeskError;
use crate::decide::disposition::{Action, Queue};
use crate::decide::recorded::{CaseBefore, Inputs, Seen, Sheet, Subject};
use crate::store::{DecisionRecord, DocumentRecord, Outcome, Stage, Store};
use crate::vocab::{CaseRef, DocumentRef};

/// One of them.
pub(super) struct Fellow {
    pub record: DocumentRecord,
    pub outcome: Outcome,
    pub decisions: Vec<DecisionRecord>,
    /// What the machine last decided by; `None` if nothing was read.
    pub seen: Option<Seen>,
}

/// All of them, the one that was asked for first.
pub(super) struct Fellows {
    pub first: Fellow,
    pub others: Vec<Fellow>,
}

impl Fellow {
    async fn of(
        store: &dyn Store,
        record: DocumentRecord,
        zone: &TimeZone,
    ) -> Result<Option<Self>, DeskError> {
        let outcome = record.outcome.clone();
        let decided = matches!(record.stage, Stage::Delivering | Stage::Routed);
        let Some(outcome) = outcome.filter(|_| decided) else { return Ok(None) };
        let decisions = store.decisions(&record.received.document).await?;
        let newest = decisions.iter().rev().find_map(|decision| decision.inputs.clone());
        let seen = match newest {
            Some(Inputs { subject: Subject::Read(seen), .. }) => Some(*seen),
            Some(Inputs { subject: Subject::Unopened { .. }, .. }) => None,
            None => alone(store, &record, &outcome, zone).await?,
        };
        Ok(Some(Self { record, outcome, decisions, seen }))
    }

    pub fn document(&self) -> &DocumentRef {
        &self.record.received.document
    }

    /// How many decisions it has.
    pub fn count(&self) -> u32 {
        u32::try_from(self.decisions.len()).unwrap_or(u32::MAX)
    }

    /// Where it waits.
    pub fn queue(&self) -> Option<Queue> {
        self.outcome.disposition.queue.filter(|_| self.outcome.closed.is_none())
    }

    fn opened(&self, case: &CaseRef) -> bool {
        let opens = |one: &DecisionRecord| {
            one.disposition.action == Action::NewCase && one.case.as_ref() == Some(case)
        };
        self.decisions.iter().any(opens)
    }
}

/// What was decided before decisions were kept, as far as the document tells.
async fn alone(
    store: &dyn Store,
    record: &DocumentRecord,
    outcome: &Outcome,
    zone: &TimeZone,
) -> Result<Option<Seen>, DeskError> {
    let document = record.received.document.clone();
    let pages = store.pages(&document).await?;
    if pages.is_empty() {
        return Ok(None);
    }
    let sheet = |number| Sheet { document: document.clone(), page: number };
    let received_at = record.received.received_at;
    Ok(Some(Seen {
        sheets: pages.iter().map(|page| sheet(page.page.number)).collect(),
        told: document.clone(),
        extracted: outcome.extracted.clone(),
        own: None,
        pieces: Vec::new(),
        corrections: Vec::new(),
        context: record.received.context.clone(),
        received_at,
        received_on: received_at.to_zoned(zone.clone()).date(),
        forced_program: None,
        cases: None,
        earlier: Vec::new(),
        with_case: None,
        before: None,
    }))
}

impl Fellows {
    pub async fn of(
        store: &dyn Store,
        document: &DocumentRef,
        zone: &TimeZone,
    ) -> Result<Self, DeskError> {
        let unknown = || DeskError::Unknown(document.clone());
        let record = store.document(document).await?.ok_or_else(unknown)?;
        let submission = record.received.submission.clone();
        let first = Fellow::of(store, record, zone).await?;
        let first = first.ok_or_else(|| DeskError::NotDecided(document.clone()))?;
        if first.outcome.disposition.action == Action::Split {
            return Err(DeskError::WentOnAsParts(document.clone()));
        }
        let mut others = Vec::new();
        for record in store.uploaded(&submission).await? {
            if record.received.document == *document {
                continue;
            }
            let Some(other) = Fellow::of(store, record, zone).await? else { continue };
            let sheets = |fellow: &Fellow| fellow.seen.as_ref().map(|seen| seen.sheets.clone());
            let together = other.seen.is_some() && sheets(&other) == sheets(&first);
            let alike = other.queue() == first.queue() && other.outcome.case == first.outcome.case;
            if together && alike && other.outcome.disposition.action != Action::Split {
                others.push(other);
            }
        }
        Ok(Self { first, others })
    }

    pub fn all(&self) -> impl Iterator<Item = &Fellow> {
        std::iter::once(&self.first).chain(&self.others)
    }

    /// The case that they lie in, as it is now.
    pub async fn case(&self, store: &dyn Store) -> Result<Option<CaseBefore>, DeskError> {
        let Some(reference) = &self.first.outcome.case else { return Ok(None) };
        let Some(record) = store.case(reference).await? else { return Ok(None) };
        let documents = store.case_documents(reference).await?;
        let ours = |one: &DocumentRef| self.all().any(|fellow| fellow.document() == one);
        let shared = record.by_phone || record.note.is_some() || !documents.iter().all(ours);
        let opened_here = self.all().any(|fellow| fellow.opened(reference));
        Ok(Some(CaseBefore { record, opened_here, shared }))
    }
}
