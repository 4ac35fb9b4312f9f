use super::correct::moved;
use super::fellows::Fellows;
use super::{Desk, DeskError, Moved, Signed};
use crate::decide::disposition::Queue;
use crate::decide::register::{CaseRecord, CaseState};
use crate::store::{Amended, Amendment, CaseChange, Closing, ClosingReason, DecisionKind, Outcome};
use crate::vocab::DocumentRef;

impl Desk {
    /// A person closes a document, with those that it was decided with: they leave
    /// their queue, and stay where they can be found.
    pub async fn close(
        &self,
        document: &DocumentRef,
        reason: ClosingReason,
        signed: &Signed,
    ) -> Result<Vec<Moved>, DeskError> {
        let _turn = self.turn().await?;
        let fellows = self.fellows(document).await?;
        if fellows.first.outcome.closed.is_some() {
            return Err(DeskError::Closed(document.clone()));
        }
        if fellows.first.queue().is_none() {
            return Err(DeskError::NotWaiting(document.clone()));
        }
        let closing =
            Closing { reason, by: signed.by.clone(), at: signed.at, note: signed.note.clone() };
        let close = |fellow: &super::fellows::Fellow| Amendment {
            document: fellow.document().clone(),
            after: fellow.count(),
            inputs: None,
            outcome: Outcome {
                notices: Vec::new(),
                closed: Some(closing.clone()),
                ..fellow.outcome.clone()
            },
            changes: vec!["closed".to_owned()],
        };
        let amended = Amended {
            by: signed.by.clone(),
            kind: DecisionKind::Closed,
            message: reason.as_str().to_owned(),
            documents: fellows.all().map(close).collect(),
            opens: None,
            cases: self.followed(&fellows, reason).await?.into_iter().collect(),
            gives_back: true,
        };
        self.store().amend(&amended, signed.at).await?;
        Ok(moved(&amended))
    }

    /// What becomes of the case: nothing, while another document of it waits.
    async fn followed(
        &self,
        fellows: &Fellows,
        reason: ClosingReason,
    ) -> Result<Option<CaseChange>, DeskError> {
        let Some(before) = fellows.case(self.store()).await? else { return Ok(None) };
        let case = before.record;
        let mut waiting: Vec<Queue> = Vec::new();
        for other in self.store().case_documents(&case.reference).await? {
            if fellows.all().any(|fellow| *fellow.document() == other) {
                continue;
            }
            let record = self.store().document(&other).await?;
            let outcome = record.and_then(|record| record.outcome);
            let open = outcome.filter(|outcome| outcome.closed.is_none());
            waiting.extend(open.and_then(|outcome| outcome.disposition.queue));
        }
        let state = match (reason, case.state) {
            (ClosingReason::NoAnswer, CaseState::HoldInsufficient | CaseState::HoldIllegible)
                if !waiting.iter().any(|queue| queue.is_hold()) =>
            {
                CaseState::ClosedNoResponse
            }
            (ClosingReason::Duplicate, state) if state.is_open() && waiting.is_empty() => {
                CaseState::Duplicate
            }
            (ClosingReason::NotOurs | ClosingReason::SentOn, state)
                if state.is_open() && waiting.is_empty() =>
            {
                CaseState::Misdirected
            }
            (_, state) => state,
        };
        let after = CaseRecord { state, ..case.clone() };
        Ok((after != case).then_some(CaseChange { before: case, after }))
    }
}
