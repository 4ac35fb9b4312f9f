//! What people do at the queues, as the store keeps it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::model::Outcome;
use crate::decide::disposition::{Disposition, Lane, Queue};
use crate::decide::recorded::Inputs;
use crate::decide::register::CaseRecord;
use crate::vocab::{CaseRef, DocumentRef, Phi};

/// The author of what the machine decides.
pub const MACHINE: &str = "intake";

/// How a decision came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecisionKind {
    /// By the machine, when all was read.
    Decided,
    /// By the machine, when it could not be worked on.
    Surrendered,
    /// By the machine again, after a person had corrected something.
    Corrected,
    /// By a person who said where it goes.
    Released,
    /// By a person who closed it.
    Closed,
}

impl DecisionKind {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Decided, Self::Surrendered, Self::Corrected, Self::Released, Self::Closed];

    /// As stored, and as history names it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Decided => "decided",
            Self::Surrendered => "surrendered",
            Self::Corrected => "corrected",
            Self::Released => "released",
            Self::Closed => "closed",
        }
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// Why a document left its queue without going on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClosingReason {
    /// Nobody answered what was asked.
    NoAnswer,
    /// Somebody else has it now.
    SentOn,
    /// Whoever sent it took it back.
    Withdrawn,
    /// It was here before.
    Duplicate,
    /// It is nothing of ours, and stays.
    NotOurs,
    /// It was settled in a call.
    ByPhone,
}

impl ClosingReason {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::NoAnswer,
        Self::SentOn,
        Self::Withdrawn,
        Self::Duplicate,
        Self::NotOurs,
        Self::ByPhone,
    ];

    /// As stored, and as it is typed.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoAnswer => "no_answer",
            Self::SentOn => "sent_on",
            Self::Withdrawn => "withdrawn",
            Self::Duplicate => "duplicate",
            Self::NotOurs => "not_ours",
            Self::ByPhone => "by_phone",
        }
    }
}

/// That a person closed a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closing {
    /// Why.
    pub reason: ClosingReason,
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// In the person's words.
    pub note: Option<Phi<String>>,
}

/// One decision of a document, as it was made.
#[derive(Clone, Debug, PartialEq)]
pub struct DecisionRecord {
    /// From 1.
    pub sequence: u32,
    /// When.
    pub at: Timestamp,
    /// [`MACHINE`], or the name a person signs with.
    pub author: String,
    /// How it came about.
    pub kind: DecisionKind,
    /// What it rests on; `None` where a person decided, and for what was decided
    /// before this was kept.
    pub inputs: Option<Inputs>,
    /// Where the document goes and why.
    pub disposition: Disposition,
    /// The case that it lies in.
    pub case: Option<CaseRef>,
    /// If it leaves its queue and goes nowhere.
    pub closed: Option<Closing>,
    /// Names of what changed.
    pub changes: Vec<String>,
}

/// A decision that is to be added to those of a document.
#[derive(Clone, Debug, PartialEq)]
pub struct Amendment {
    /// Of which.
    pub document: DocumentRef,
    /// How many decisions it had when this one was made.
    pub after: u32,
    /// What it rests on.
    pub inputs: Option<Inputs>,
    /// What holds from now on. Its mail takes the place of mail that has not gone
    /// out, if there is any.
    pub outcome: Outcome,
    /// Names of what changed.
    pub changes: Vec<String>,
}

/// What a person does to documents that were decided together, all of it or
/// nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Amended {
    /// The name the person signs with.
    pub by: String,
    /// What.
    pub kind: DecisionKind,
    /// For the history: a sentence without patient data.
    pub message: String,
    /// Not empty.
    pub documents: Vec<Amendment>,
    /// The case that the first of them opens.
    pub opens: Option<CaseRecord>,
    /// Cases that change.
    pub cases: Vec<CaseChange>,
    /// Whether whoever holds the documents is done with them.
    pub gives_back: bool,
}

/// A case, as it was when the decision was made and as it is with it.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseChange {
    /// Then: another change in between makes the decision void.
    pub before: CaseRecord,
    /// From now on.
    pub after: CaseRecord,
}

/// Who works on a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// The name the person signs with.
    pub by: String,
    /// Since when.
    pub since: Timestamp,
}

/// Which documents of queues are wanted; all by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QueueFilter {
    /// Of this queue.
    pub queue: Option<Queue>,
    /// In this lane.
    pub lane: Option<Lane>,
}

/// A document that waits in a queue.
#[derive(Clone, Debug, PartialEq)]
pub struct QueueItem {
    /// Which.
    pub document: DocumentRef,
    /// Where it waits: where its folder lies.
    pub queue: Queue,
    /// When it was received.
    pub received_at: Timestamp,
    /// The newest decision.
    pub disposition: Disposition,
    /// The case it lies in.
    pub case: Option<CaseRef>,
    /// Its folder under the data directory.
    pub path: Option<String>,
    /// Who works on it.
    pub held: Option<Held>,
}

impl QueueItem {
    /// The first moment that something of it is due.
    pub fn due(&self) -> Option<Timestamp> {
        self.disposition.target()
    }

    /// By which the most urgent comes first: lane, what is due first, age.
    pub fn order(&self) -> impl Ord + use<> {
        let due = self.due().unwrap_or(Timestamp::MAX);
        (self.disposition.lane, due, self.received_at, self.document.clone())
    }
}

/// Where a document was, or is, to be put.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    /// The case.
    pub case: Option<CaseRef>,
    /// The queue.
    pub queue: Option<Queue>,
    /// Whether it was closed.
    pub closed: bool,
}
