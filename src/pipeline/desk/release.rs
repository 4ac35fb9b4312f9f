use super::correct::{amendment, moved};
use super::fellows::Fellows;
use super::{Desk, DeskError, Moved, Signed};
use crate::decide::disposition::{Action, Disposition, Queue, Reason};
use crate::decide::recorded::CaseBefore;
use crate::decide::register::{CaseRecord, CaseState, Sought, compare};
use crate::extract::findings::{Extracted, Field};
use crate::pipeline::references;
use crate::store::{Amended, CaseChange, ClosingReason, DecisionKind, Outcome};
use crate::vocab::{CaseRef, DocumentRef};

/// The row of what a person decides: none of the table.
pub(super) const BY_PERSON: &str = "person";

/// Where a person says that a document goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// The queue; for review if nothing is said.
    pub to: Option<Queue>,
    /// The case.
    pub case: CaseChoice,
    /// Whether it goes there against what is known of the patient; with a note.
    pub anyway: bool,
}

/// To which case a person says that a document belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CaseChoice {
    /// That in which it lies, or else a new one.
    Own,
    /// This one.
    Known(CaseRef),
    /// One that it opens.
    New,
}

/// Where it goes, when all is known.
struct Goal {
    queue: Queue,
    case: Option<CaseRef>,
    action: Action,
    opens: bool,
}

impl Desk {
    /// A person says where a document goes, together with those that it was
    /// decided with. Out of a queue of what others ought to have, with nothing
    /// more said, it is sent on: it leaves the queues.
    pub async fn release(
        &self,
        document: &DocumentRef,
        release: &Release,
        signed: &Signed,
    ) -> Result<Vec<Moved>, DeskError> {
        let turn = self.turn().await?;
        if release.anyway && signed.note.is_none() {
            return Err(DeskError::NoteNeeded);
        }
        let fellows = self.fellows(document).await?;
        let says_nothing = release.to.is_none() && release.case == CaseChoice::Own;
        match fellows.first.queue() {
            Some(queue) if says_nothing && is_others(queue) => {
                drop(turn);
                return self.close(document, ClosingReason::SentOn, signed).await;
            }
            Some(Queue::ReadyForReview | Queue::PostDecision | Queue::OxygenFollowup) | None
                if says_nothing =>
            {
                return Err(DeskError::NowhereToGo(document.clone()));
            }
            Some(_) | None => {}
        }
        let own = fellows.case(self.store()).await?;
        let all = self.all_findings(&fellows);
        let goal = self.goal(release, own.as_ref(), &all, &fellows).await?;
        let disposition = |of: &Disposition| told(of, &goal, &signed.by);
        let first = disposition(&fellows.first.outcome.disposition);
        let opens = goal.case.clone().filter(|_| goal.opens).map(|case| {
            CaseRecord::opened(case, &all, &first, fellows.first.outcome.hold.as_ref(), signed.at)
        });
        let mut amended = Amended {
            by: signed.by.clone(),
            kind: DecisionKind::Released,
            message: format!("to {}", goal.queue.as_str()),
            documents: Vec::new(),
            opens,
            cases: Vec::new(),
            gives_back: true,
        };
        for fellow in fellows.all() {
            let outcome = Outcome {
                disposition: disposition(&fellow.outcome.disposition),
                case: goal.case.clone(),
                hold: fellow.outcome.hold.clone().filter(|_| goal.queue.is_hold()),
                notices: Vec::new(),
                closed: None,
                ..fellow.outcome.clone()
            };
            let changes = ["queue".to_owned(), "case".to_owned()];
            let changes = if goal.case == fellow.outcome.case { &changes[..1] } else { &changes };
            amended.documents.push(amendment(fellow, None, outcome, changes, signed));
        }
        if let Some(own) = &own {
            amended.cases.extend(followed(own, &goal));
        }
        self.store().amend(&amended, signed.at).await?;
        Ok(moved(&amended))
    }

    /// What all that was decided together says, as corrected.
    fn all_findings(&self, fellows: &Fellows) -> Extracted {
        let first = &fellows.first;
        let corrected = first.seen.as_ref().map(|seen| seen.corrected(&self.knowledge.codes));
        corrected.unwrap_or_else(|| first.outcome.extracted.clone())
    }

    async fn goal(
        &self,
        release: &Release,
        own: Option<&CaseBefore>,
        all: &Extracted,
        fellows: &Fellows,
    ) -> Result<Goal, DeskError> {
        if let Some(queue) = release.to.filter(|queue| !queue.belongs_to_case()) {
            if release.case != CaseChoice::Own {
                return Err(DeskError::NoCaseThere(queue.as_str()));
            }
            return Ok(Goal { queue, case: None, action: action(queue), opens: false });
        }
        let to = |case: &CaseRecord| {
            let usual =
                if case.state.is_decided() { Queue::PostDecision } else { Queue::ReadyForReview };
            release.to.unwrap_or(usual)
        };
        let attached = |case: &CaseRecord| Goal {
            queue: to(case),
            case: Some(case.reference.clone()),
            action: Action::Attach,
            opens: false,
        };
        match (&release.case, own) {
            (CaseChoice::Known(reference), _) => {
                let unknown = || DeskError::UnknownCase(reference.clone());
                let case = self.store().case(reference).await?.ok_or_else(unknown)?;
                if !release.anyway {
                    self.same_patient(&case, all, fellows)?;
                }
                Ok(attached(&case))
            }
            (CaseChoice::Own, Some(own)) if own.opened_here => {
                Ok(Goal { action: Action::NewCase, ..attached(&own.record) })
            }
            (CaseChoice::Own, Some(own)) => Ok(attached(&own.record)),
            (CaseChoice::Own, None) | (CaseChoice::New, _) => {
                if !release.anyway && !is_known(all) {
                    return Err(DeskError::PatientUnknown);
                }
                let (queue, case) =
                    (release.to.unwrap_or(Queue::ReadyForReview), Some(references::case()));
                Ok(Goal { queue, case, action: Action::NewCase, opens: true })
            }
        }
    }

    /// What is known of the patient agrees with the case, and nothing speaks
    /// against it.
    fn same_patient(
        &self,
        case: &CaseRecord,
        all: &Extracted,
        fellows: &Fellows,
    ) -> Result<(), DeskError> {
        let received_at = fellows.first.record.received.received_at;
        let sought = Sought { findings: &all.findings, program: None, families: &[], received_at };
        let comparison = compare(&sought, case, &self.knowledge.matching);
        if comparison.is_person_of_reference() {
            return Ok(());
        }
        let differ: Vec<&str> = comparison.conflict.iter().map(|key| key.as_str()).collect();
        let why = if differ.is_empty() {
            "nothing that is known of both agrees".to_owned()
        } else {
            format!("{} differs", differ.join(", "))
        };
        Err(DeskError::OtherPatient { case: case.reference.clone(), why })
    }
}

/// Queues of what somebody else ought to have.
fn is_others(queue: Queue) -> bool {
    action(queue) == Action::Redirect
}

/// What is done with a document that a person puts into a queue.
fn action(queue: Queue) -> Action {
    match queue {
        Queue::Technical => Action::Technical,
        Queue::ManualSplit | Queue::ManualTriage | Queue::HoldIllegible => Action::Hold,
        Queue::Privacy
        | Queue::Appeals
        | Queue::SameDay
        | Queue::Retro
        | Queue::OutOfScope
        | Queue::CareCoordination => Action::Redirect,
        Queue::ReadyForReview
        | Queue::PostDecision
        | Queue::OxygenFollowup
        | Queue::HoldInsufficient => Action::Attach,
    }
}

fn is_known(all: &Extracted) -> bool {
    let listed = |field: &Option<Field>| field.as_ref().is_some_and(|f| f.confidence.is_listed());
    let member = &all.findings.member;
    listed(&member.name) && (listed(&member.date_of_birth) || listed(&member.id))
}

/// The same document where a person says: lane and clocks stay, and so do the
/// reasons for them, after that of the person.
fn told(before: &Disposition, goal: &Goal, by: &str) -> Disposition {
    let said = Reason {
        code: "person.released".to_owned(),
        message: format!("{by} says that it goes to {}.", goal.queue.as_str()),
        evidence: Vec::new(),
    };
    let earlier = before.reasons.iter().filter(|reason| reason.code != said.code).cloned();
    let reasons = std::iter::once(said.clone()).chain(earlier).collect();
    Disposition {
        row: BY_PERSON.to_owned(),
        action: goal.action,
        queue: Some(goal.queue),
        // What a case has asked for is not answered by this alone.
        case: None,
        duplicate_of: None,
        due: before.due.filter(|_| goal.queue.is_hold()),
        reasons,
        ..before.clone()
    }
}

/// What becomes of the case that the documents lay in.
fn followed(own: &CaseBefore, goal: &Goal) -> Option<CaseChange> {
    let case = &own.record;
    let alone = own.opened_here && !own.shared && case.state.is_open();
    let after = match &goal.case {
        Some(now) if *now == case.reference => case.released(Some(goal.queue)),
        // It was the same as the other all along.
        Some(_) if alone => CaseRecord { state: CaseState::Duplicate, ..case.clone() },
        None if alone => case.left(),
        Some(_) | None => return None,
    };
    (after != *case).then(|| CaseChange { before: case.clone(), after })
}
