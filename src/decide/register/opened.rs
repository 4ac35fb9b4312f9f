//! What a document tells about the case that it opens or joins.

use jiff::Timestamp;

use super::compare::believed;
use super::record::{CaseLine, CaseMember, CaseRecord, CaseReference};
use super::state::CaseState;
use crate::decide::disposition::{Disposition, FieldStatus, Queue, RequiredField};
use crate::extract::findings::{
    Extracted, Findings, Item, ItemStatus, NpiFinding, ReferenceKind, Role, date_of,
};
use crate::vocab::{CaseRef, HoldRef, Npi, Phi};

impl CaseRecord {
    /// The case that a document opens.
    pub fn opened(
        reference: CaseRef,
        extracted: &Extracted,
        disposition: &Disposition,
        hold: Option<&HoldRef>,
        at: Timestamp,
    ) -> Self {
        let findings = &extracted.findings;
        let state = state_of_new(disposition.queue);
        let mut case = Self {
            program: disposition.program.clone(),
            state,
            member: member(findings),
            ordering: npi(&findings.npi, Role::Ordering),
            rendering: npi(&findings.npi, Role::Rendering),
            lines: lines(findings),
            hold_reference: hold.map(|hold| Phi::from(hold.as_str())),
            hold_due: disposition.due,
            ..Self::new(reference, at)
        };
        if state == CaseState::HoldInsufficient {
            case.asked.clone_from(&disposition.missing);
        }
        case.add_references(references(findings));
        case
    }

    /// The case after a document has joined it: what was not known is filled
    /// in, lines and numbers are added, and what was asked for and has come is
    /// asked for no longer. Nothing that was known is overwritten, and nothing
    /// is decided or opened again: people do that.
    ///
    /// Where the document itself is held, its letter is that of the case: one
    /// letter asks for all, under the reference that the case has already, and
    /// by the day that comes first.
    pub fn joined(
        &self,
        extracted: &Extracted,
        disposition: &Disposition,
        hold: Option<&HoldRef>,
    ) -> Self {
        let findings = &extracted.findings;
        let mut case = self.clone();
        let told = member(findings);
        case.program = case.program.or_else(|| disposition.program.clone());
        case.member.name = case.member.name.or(told.name);
        case.member.date_of_birth = case.member.date_of_birth.or(told.date_of_birth);
        case.member.id = case.member.id.or(told.id);
        case.ordering = case.ordering.or_else(|| npi(&findings.npi, Role::Ordering));
        case.rendering = case.rendering.or_else(|| npi(&findings.npi, Role::Rendering));
        for line in lines(findings) {
            if !case.lines.contains(&line) {
                case.lines.push(line);
            }
        }
        case.add_references(references(findings));
        case.asked.retain(|name| !has_come(name, findings, &disposition.required));
        // What it lacks of what was asked for was found out with all that the
        // case holds.
        if disposition.case.is_some() && !disposition.queue.is_some_and(Queue::is_hold) {
            case.asked.retain(|name| disposition.missing.contains(name));
        }
        if disposition.queue.is_some_and(Queue::is_hold) {
            let hold = hold.map(|hold| Phi::from(hold.as_str()));
            case.hold_reference = case.hold_reference.or(hold);
            case.hold_due = [case.hold_due, disposition.due].into_iter().flatten().min();
        }
        case.state = state_after(&case, disposition.queue);
        case
    }
}

/// Only these queues open a case (`ending::NewCase`); anything else is a case
/// that a person has to look at.
fn state_of_new(queue: Option<Queue>) -> CaseState {
    match queue {
        Some(Queue::ReadyForReview) => CaseState::ReadyForReview,
        Some(Queue::HoldInsufficient) => CaseState::HoldInsufficient,
        Some(Queue::HoldIllegible) => CaseState::HoldIllegible,
        Some(_) | None => CaseState::Open,
    }
}

fn state_after(case: &CaseRecord, queue: Option<Queue>) -> CaseState {
    match (case.state, queue) {
        (CaseState::Decided, Some(Queue::PostDecision)) => CaseState::PostDecision,
        (CaseState::HoldInsufficient, Some(Queue::ReadyForReview)) if case.asked.is_empty() => {
            CaseState::ReadyForReview
        }
        (state, _) => state,
    }
}

/// Whether an item or field that was asked for, by its contract name, is there.
pub fn has_come(name: &str, findings: &Findings, required: &[RequiredField]) -> bool {
    let item = Item::parse(name).is_some_and(|item| {
        findings.checklist.iter().any(|found| {
            found.item == item && matches!(found.status, ItemStatus::Present | ItemStatus::Stale)
        })
    });
    let field = required
        .iter()
        .any(|required| required.field == name && required.status == FieldStatus::Present);
    item || field
}

fn member(findings: &Findings) -> CaseMember {
    let member = &findings.member;
    CaseMember {
        name: believed(&member.name).map(|field| field.value.clone()),
        date_of_birth: date_of(believed(&member.date_of_birth)).map(Phi::new),
        id: believed(&member.id).map(|field| field.value.clone()),
    }
}

/// The surest in the role; of equals the first.
fn npi(found: &[NpiFinding], role: Role) -> Option<Npi> {
    let surer = |a: &'_ NpiFinding, b: &'_ NpiFinding| b.confidence > a.confidence;
    let listed = found.iter().filter(|npi| npi.role == role && npi.confidence.is_listed());
    listed.reduce(|a, b| if surer(a, b) { b } else { a }).map(|npi| npi.value.clone())
}

fn lines(findings: &Findings) -> Vec<CaseLine> {
    let mut lines: Vec<CaseLine> = Vec::new();
    for found in findings.hcpcs.iter().filter(|found| found.confidence.is_listed()) {
        let line = CaseLine { code: Some(found.code.clone()), family: found.family.clone() };
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines
}

/// A hold's reference means the case whose letter it stands on, and that case
/// has it already.
fn references(findings: &Findings) -> impl Iterator<Item = CaseReference> {
    let listed = findings.references.iter().filter(|found| {
        found.kind != ReferenceKind::Hold
            && found.evidence.iter().any(|evidence| evidence.confidence.is_listed())
    });
    listed.map(|found| CaseReference { kind: found.kind, value: found.value.clone() })
}
