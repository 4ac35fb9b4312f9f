//! How a document's way through the decision table ends. The constructors are
//! the only way to an ending; those that open or join a case ask for a
//! [`Permit`] or for proof of [`Belonging`], so that no row can forget the
//! question who the patient is.

use super::belonging::Belonging;
use super::disposition::{Action, Queue, Reason};
use super::permit::Permit;
use crate::vocab::CaseRef;

/// An action, its queue and the reasons, of which there is always one.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ending {
    action: Action,
    queue: Option<Queue>,
    /// The case it joins, where that is known.
    case: Option<CaseRef>,
    first: Reason,
    more: Vec<Reason>,
}

/// Queues of documents that open a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NewCase {
    ReadyForReview,
    HoldInsufficient,
}

/// Queues of documents that join a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Attach {
    ReadyForReview,
    PostDecision,
    OxygenFollowup,
}

/// Queues in which a person decides before anything else happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hold {
    ManualSplit,
    ManualTriage,
    Illegible,
}

/// Queues of documents that somebody else ought to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Redirect {
    Appeals,
    SameDay,
    Retro,
    OutOfScope,
    CareCoordination,
}

impl Attach {
    fn queue(self) -> Queue {
        match self {
            Self::ReadyForReview => Queue::ReadyForReview,
            Self::PostDecision => Queue::PostDecision,
            Self::OxygenFollowup => Queue::OxygenFollowup,
        }
    }
}

impl Ending {
    pub(super) fn technical(reason: Reason) -> Self {
        Self {
            action: Action::Technical,
            queue: Some(Queue::Technical),
            case: None,
            first: reason,
            more: vec![],
        }
    }

    pub(super) fn new_case(_permit: &Permit, queue: NewCase, reason: Reason) -> Self {
        let queue = match queue {
            NewCase::ReadyForReview => Queue::ReadyForReview,
            NewCase::HoldInsufficient => Queue::HoldInsufficient,
        };
        Self {
            action: Action::NewCase,
            queue: Some(queue),
            case: None,
            first: reason,
            more: vec![],
        }
    }

    /// To a case that a person finds: it is known whose it is.
    pub(super) fn attach(_permit: &Permit, queue: Attach, reason: Reason) -> Self {
        let queue = Some(queue.queue());
        Self { action: Action::Attach, queue, case: None, first: reason, more: vec![] }
    }

    /// To the case it belongs to.
    pub(super) fn join(belonging: &Belonging, queue: Attach, reason: Reason) -> Self {
        let (queue, case) = (Some(queue.queue()), Some(belonging.case().clone()));
        Self { action: Action::Attach, queue, case, first: reason, more: vec![] }
    }

    pub(super) fn hold(queue: Hold, reason: Reason) -> Self {
        let queue = match queue {
            Hold::ManualSplit => Queue::ManualSplit,
            Hold::ManualTriage => Queue::ManualTriage,
            Hold::Illegible => Queue::HoldIllegible,
        };
        Self { action: Action::Hold, queue: Some(queue), case: None, first: reason, more: vec![] }
    }

    pub(super) fn redirect(queue: Redirect, reason: Reason) -> Self {
        let queue = match queue {
            Redirect::Appeals => Queue::Appeals,
            Redirect::SameDay => Queue::SameDay,
            Redirect::Retro => Queue::Retro,
            Redirect::OutOfScope => Queue::OutOfScope,
            Redirect::CareCoordination => Queue::CareCoordination,
        };
        Self {
            action: Action::Redirect,
            queue: Some(queue),
            case: None,
            first: reason,
            more: vec![],
        }
    }

    /// Further reasons, after the first.
    pub(super) fn and(mut self, reasons: impl IntoIterator<Item = Reason>) -> Self {
        self.more.extend(reasons);
        self
    }

    /// For the disposition; the reasons are never empty.
    pub(super) fn into_parts(self) -> (Action, Option<Queue>, Option<CaseRef>, Vec<Reason>) {
        let reasons = std::iter::once(self.first).chain(self.more).collect();
        (self.action, self.queue, self.case, reasons)
    }
}

/// A reason, shorter to write.
pub(super) fn reason(
    code: impl Into<String>,
    message: impl Into<String>,
    evidence: Vec<crate::vocab::Evidence>,
) -> Reason {
    Reason { code: code.into(), message: message.into(), evidence }
}
