//! How a document's way through the decision table ends. The constructors are
//! the only way to an ending; those that open or join a case ask for a
//! [`Permit`] or for proof of [`Belonging`], so that no row can forget the
//! question who the patient is.

use super::belonging::Belonging;
use super::disposition::{Action, Queue, Reason};
use super::permit::Permit;
use crate::vocab::{CaseRef, DocumentRef};

/// An action, its queue and the reasons, of which there is always one.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ending {
    action: Action,
    queue: Option<Queue>,
    /// The case it joins, where that is known.
    case: Option<CaseRef>,
    /// The document that it is sent again of.
    duplicate_of: Option<DocumentRef>,
    first: Reason,
    more: Vec<Reason>,
}

/// What an ending comes to.
pub(super) struct Ended {
    pub action: Action,
    pub queue: Option<Queue>,
    pub case: Option<CaseRef>,
    pub duplicate_of: Option<DocumentRef>,
    /// Never empty.
    pub reasons: Vec<Reason>,
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
    /// It belongs to the case, and a letter asks for a better copy.
    Illegible,
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
    Privacy,
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
            Self::Illegible => Queue::HoldIllegible,
        }
    }
}

impl Ending {
    fn new(action: Action, queue: Option<Queue>, first: Reason) -> Self {
        Self { action, queue, case: None, duplicate_of: None, first, more: Vec::new() }
    }

    pub(super) fn technical(reason: Reason) -> Self {
        Self::new(Action::Technical, Some(Queue::Technical), reason)
    }

    /// The same as an earlier one, and lies with it.
    pub(super) fn duplicate(of: DocumentRef, case: Option<CaseRef>, reason: Reason) -> Self {
        Self { duplicate_of: Some(of), case, ..Self::new(Action::Duplicate, None, reason) }
    }

    /// It goes on as its parts.
    pub(super) fn split(reason: Reason) -> Self {
        Self::new(Action::Split, None, reason)
    }

    pub(super) fn new_case(_permit: &Permit, queue: NewCase, reason: Reason) -> Self {
        let queue = match queue {
            NewCase::ReadyForReview => Queue::ReadyForReview,
            NewCase::HoldInsufficient => Queue::HoldInsufficient,
        };
        Self::new(Action::NewCase, Some(queue), reason)
    }

    /// To a case that a person finds: it is known whose it is.
    pub(super) fn attach(_permit: &Permit, queue: Attach, reason: Reason) -> Self {
        Self::new(Action::Attach, Some(queue.queue()), reason)
    }

    /// To the case it belongs to.
    pub(super) fn join(belonging: &Belonging, queue: Attach, reason: Reason) -> Self {
        let case = Some(belonging.case().clone());
        Self { case, ..Self::new(Action::Attach, Some(queue.queue()), reason) }
    }

    pub(super) fn hold(queue: Hold, reason: Reason) -> Self {
        let queue = match queue {
            Hold::ManualSplit => Queue::ManualSplit,
            Hold::ManualTriage => Queue::ManualTriage,
            Hold::Illegible => Queue::HoldIllegible,
        };
        Self::new(Action::Hold, Some(queue), reason)
    }

    pub(super) fn redirect(queue: Redirect, reason: Reason) -> Self {
        let queue = match queue {
            Redirect::Privacy => Queue::Privacy,
            Redirect::Appeals => Queue::Appeals,
            Redirect::SameDay => Queue::SameDay,
            Redirect::Retro => Queue::Retro,
            Redirect::OutOfScope => Queue::OutOfScope,
            Redirect::CareCoordination => Queue::CareCoordination,
        };
        Self::new(Action::Redirect, Some(queue), reason)
    }

    /// Further reasons, after the first.
    pub(super) fn and(mut self, reasons: impl IntoIterator<Item = Reason>) -> Self {
        self.more.extend(reasons);
        self
    }

    /// For the disposition.
    pub(super) fn into_ended(self) -> Ended {
        let Self { action, queue, case, duplicate_of, first, more } = self;
        let reasons = std::iter::once(first).chain(more).collect();
        Ended { action, queue, case, duplicate_of, reasons }
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
