use jiff::Timestamp;

use super::fellows::{Fellow, Fellows};
use super::{Desk, DeskError, Moved, Signed, bind};
use crate::decide::Before;
use crate::decide::disposition::{Action, Disposition, Lane, Queue};
use crate::decide::recorded::{CaseBefore, Inputs, Seen, Subject};
use crate::decide::register::{CaseKeys, CaseRecord, Told};
use crate::extract::corrections::{self, Change, Correction, Terms};
use crate::extract::findings::Extracted;
use crate::pipeline::{notices, references};
use crate::store::{Amended, Amendment, CaseChange, DecisionKind, Outcome};
use crate::vocab::{CaseRef, DocumentRef, HoldRef};

impl Desk {
    /// A person's corrections, as typed: they are evidence from now on, and the
    /// document is decided again with them, together with those that it was
    /// decided with.
    pub async fn correct(
        &self,
        document: &DocumentRef,
        typed: &[String],
        signed: &Signed,
    ) -> Result<Vec<Moved>, DeskError> {
        let _turn = self.turn().await?;
        self.store().keep_models(self.knowledge.deciding.texts()).await?;
        let fellows = self.fellows(document).await?;
        if fellows.first.outcome.closed.is_some() {
            return Err(DeskError::Closed(document.clone()));
        }
        let nothing = || DeskError::NothingRead(document.clone());
        let seen = fellows.first.seen.clone().ok_or_else(nothing)?;
        let said = self.said(&fellows, &seen, typed, signed)?;
        let (sheaf, documents) = bind(self.store(), &seen.sheets).await?.ok_or_else(nothing)?;
        let case = fellows.case(self.store()).await?;
        let again = self.again(&fellows.first, seen.clone(), &said, case.clone()).await?;
        let inputs = |seen| Inputs {
            models: self.knowledge.deciding.used(),
            subject: Subject::Read(Box::new(seen)),
        };
        let models = self.knowledge.deciding.models();
        let disposition = inputs(again.clone()).decide(sheaf.pages(), models);
        if disposition.action == Action::Split {
            return Err(DeskError::WouldSplit(document.clone()));
        }
        let all = again.corrected(models.codes);
        let lies = Lies::of(&disposition, case.as_ref(), &fellows.first);
        let changes: Vec<String> = said.iter().map(|one| one.change.name()).collect();
        let mut amended = Amended {
            by: signed.by.clone(),
            kind: DecisionKind::Corrected,
            message: message(&changes, &disposition),
            documents: Vec::new(),
            opens: lies.opens(&all, &disposition, signed.at),
            cases: Vec::new(),
            gives_back: fellows.first.queue() != disposition.queue,
        };
        for fellow in fellows.all() {
            let Some(own) = &fellow.seen else { continue };
            let place = documents.iter().position(|one| *one == own.told).unwrap_or(0);
            let seen = Seen { told: own.told.clone(), own: own.own.clone(), ..again.clone() };
            let outcome = Outcome {
                extracted: seen.told_findings(models.codes),
                disposition: sheaf.told_of(&disposition, place),
                case: lies.case.clone(),
                hold: lies.hold.clone(),
                notices: Vec::new(),
                corrections: seen.corrections.clone(),
                closed: None,
                ..fellow.outcome.clone()
            };
            amended.documents.push(amendment(
                fellow,
                Some(inputs(seen)),
                outcome,
                &changes,
                signed,
            ));
        }
        if let Some(before) = &case {
            let told = Told {
                extracted: &seen.corrected(models.codes),
                disposition: &fellows.first.outcome.disposition,
            };
            let now = Told { extracted: &all, disposition: &disposition };
            amended.cases.extend(followed(before, &lies, &again, told, now));
        }
        self.store().amend(&amended, signed.at).await?;
        Ok(moved(&amended))
    }

    fn said(
        &self,
        fellows: &Fellows,
        seen: &Seen,
        typed: &[String],
        signed: &Signed,
    ) -> Result<Vec<Correction>, DeskError> {
        let settings = self.knowledge.extractor.settings();
        let terms = Terms {
            codes: &self.knowledge.codes,
            settings: &settings,
            pages: fellows.first.outcome.extracted.page_kinds.len(),
            received_on: seen.received_on,
        };
        let mut said = Vec::new();
        for (place, typed) in typed.iter().enumerate() {
            let changes = corrections::read(typed, &terms)
                .map_err(|why| DeskError::Correction { place, why })?;
            for change in changes {
                self.allowed(&change, seen)?;
                let (by, note) = (signed.by.clone(), signed.note.clone());
                said.push(Correction { by, at: signed.at, note, change });
            }
        }
        Ok(said)
    }

    fn allowed(&self, change: &Change, seen: &Seen) -> Result<(), DeskError> {
        match change {
            Change::Program { id: Some(id) } if self.knowledge.programs.get(id).is_none() => {
                Err(DeskError::UnknownProgram)
            }
            // Its number would be another's among all pages.
            Change::PageKind { .. } if seen.own.is_some() => {
                Err(DeskError::PageOfSeveral(seen.told.clone()))
            }
            _ => Ok(()),
        }
    }

    /// What is to be decided again, with what is known now.
    async fn again(
        &self,
        first: &Fellow,
        seen: Seen,
        said: &[Correction],
        case: Option<CaseBefore>,
    ) -> Result<Seen, DeskError> {
        let corrections = corrections::in_force(&seen.corrections, said);
        let mut again = Seen { corrections, ..seen };
        let codes = &self.knowledge.codes;
        let keys = CaseKeys::of_document(&again.corrected(codes).findings);
        let candidates = self.store().case_candidates(&keys).await?;
        again.cases = Some(strangers(candidates, case.as_ref(), again.cases.as_deref()));
        again.with_case =
            again.with_case.map(|found| corrections::apply(&found, said, codes, again.received_on));
        let least_lane = least_lane(first.outcome.disposition.lane, said);
        again.before = Some(Before { least_lane, case });
        Ok(again)
    }
}

/// Cases that the document may belong to: never one that it opened itself, and one
/// that it joined without its own word.
fn strangers(
    candidates: Vec<CaseRecord>,
    own: Option<&CaseBefore>,
    known: Option<&[CaseRecord]>,
) -> Vec<CaseRecord> {
    let Some(own) = own else { return candidates };
    let is_own = |case: &CaseRecord| case.reference == own.record.reference;
    let before = known.unwrap_or_default().iter().find(|case| is_own(case));
    candidates
        .into_iter()
        .filter(|case| !(own.opened_here && is_own(case)))
        .map(|case| match before {
            Some(before) if is_own(&case) => case.without_word_of(before),
            _ => case,
        })
        .collect()
}

/// Only the flag that made it urgent makes it less so.
fn least_lane(lane: Lane, said: &[Correction]) -> Option<Lane> {
    let corrected = |wanted: fn(&Change) -> bool| said.iter().any(|one| wanted(&one.change));
    match lane {
        Lane::Expedited => {
            (!corrected(|c| matches!(c, Change::PendingDischarge { .. }))).then_some(lane)
        }
        Lane::Urgent => (!corrected(|c| matches!(c, Change::Urgent { .. }))).then_some(lane),
        Lane::Standard | Lane::Retro => None,
    }
}

/// Where the documents lie with a decision.
struct Lies {
    case: Option<CaseRef>,
    /// Whether that case is yet to be opened.
    is_new: bool,
    hold: Option<HoldRef>,
}

impl Lies {
    fn of(disposition: &Disposition, own: Option<&CaseBefore>, first: &Fellow) -> Self {
        let opened = own.filter(|own| own.opened_here).map(|own| own.record.reference.clone());
        let (case, is_new) = match (disposition.action, opened) {
            (Action::NewCase, Some(opened)) => (Some(opened), false),
            (Action::NewCase, None) => (Some(references::case()), true),
            (
                Action::Attach
                | Action::Hold
                | Action::Redirect
                | Action::Split
                | Action::Duplicate
                | Action::Technical,
                _,
            ) => (disposition.case.clone(), false),
        };
        let held = disposition.queue.is_some_and(Queue::is_hold);
        let hold = held.then(|| first.outcome.hold.clone().unwrap_or_else(references::hold));
        Self { case, is_new, hold }
    }

    fn opens(
        &self,
        all: &Extracted,
        disposition: &Disposition,
        now: Timestamp,
    ) -> Option<CaseRecord> {
        let case = self.case.clone().filter(|_| self.is_new)?;
        Some(CaseRecord::opened(case, all, disposition, self.hold.as_ref(), now))
    }
}

/// What the correction changes of the case that the documents lay in.
fn followed(
    before: &CaseBefore,
    lies: &Lies,
    again: &Seen,
    told: Told<'_>,
    now: Told<'_>,
) -> Option<CaseChange> {
    let case = &before.record;
    let stays = lies.case.as_ref() == Some(&case.reference);
    let mut after = match (stays, before.opened_here) {
        (true, true) => case.retold(told, now),
        (true, false) => {
            let known = again.cases.iter().flatten().find(|one| one.reference == case.reference);
            case.rejoined(told, now, known.map_or(&[], |known| known.asked.as_slice()))
        }
        (false, true) if !before.shared => case.left(),
        (false, _) => return None,
    };
    if let Some(hold) = &lies.hold
        && stays
        && after.hold_reference.is_none()
    {
        after.hold_reference = Some(hold.as_str().into());
    }
    (after != *case).then(|| CaseChange { before: case.clone(), after })
}

fn message(changes: &[String], disposition: &Disposition) -> String {
    let mut named = changes.to_vec();
    named.dedup();
    format!("{}; row {}", named.join(", "), disposition.row)
}

/// A decision about one of the documents, and mail if people are to look elsewhere
/// or sooner.
pub(super) fn amendment(
    fellow: &Fellow,
    inputs: Option<Inputs>,
    mut outcome: Outcome,
    changes: &[String],
    signed: &Signed,
) -> Amendment {
    let kind = if inputs.is_some() { DecisionKind::Corrected } else { DecisionKind::Released };
    let disposition = &outcome.disposition;
    let is_told =
        disposition.queue != fellow.queue() || disposition.lane != fellow.outcome.disposition.lane;
    if is_told && disposition.queue.is_some() && outcome.closed.is_none() {
        let sequence = fellow.count() + 1;
        let notice = notices::amended(&fellow.record, disposition, kind, sequence, signed.at);
        outcome.notices = vec![notice];
    }
    let (document, after) = (fellow.document().clone(), fellow.count());
    Amendment { document, after, inputs, outcome, changes: changes.to_vec() }
}

pub(super) fn moved(amended: &Amended) -> Vec<Moved> {
    let told = |one: &Amendment| Moved {
        document: one.document.clone(),
        queue: one.outcome.disposition.queue.filter(|_| one.outcome.closed.is_none()),
        lane: one.outcome.disposition.lane,
        case: one.outcome.case.clone(),
    };
    amended.documents.iter().map(told).collect()
}
