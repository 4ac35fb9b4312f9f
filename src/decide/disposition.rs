//! What `decide` hands on: where the document goes, and every reason for it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use super::clocks::{Clock, Event, Kind as ClockKind, Mark, Start};
use crate::extract::findings::{Item, ItemStatus};
pub use crate::program::{Basis, Severity};
use crate::vocab::{CaseRef, DocumentRef, Evidence, Sha256Digest};

/// A decision about one document (or submission), with what it rests on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Disposition {
    /// The row of the decision table that ended it: `0`, `12`, `15`, …
    pub row: String,
    /// What is done.
    pub action: Action,
    /// Where it waits for a person, if it does.
    pub queue: Option<Queue>,
    /// How soon; kept whatever the action.
    pub lane: Lane,
    /// The case it joins, where the register knows it.
    #[serde(default)]
    pub case: Option<CaseRef>,
    /// The document whose pages these are again.
    #[serde(default)]
    pub duplicate_of: Option<DocumentRef>,
    /// The program it was judged by; `None` when none fits.
    pub program: Option<String>,
    /// Why, most weighty first. Never empty.
    pub reasons: Vec<Reason>,
    /// Items and fields that are required, apply, and are not there, by their
    /// contract names.
    pub missing: Vec<String>,
    /// When the answer to a hold is due, if its letter goes out when that is due.
    pub due: Option<Timestamp>,
    /// What runs from now on, the lane's own first.
    #[serde(default)]
    pub clocks: Vec<Clock>,
    /// Which checklist items the program asks for in this case, in the
    /// contract's order of items.
    pub applies: Vec<ItemApplies>,
    /// The program's required fields and their state.
    pub required: Vec<RequiredField>,
    /// By which it was decided: the versions of the programs it was measured
    /// against (`dme_com@2025-01-01`), then each rule beside them that counted.
    #[serde(default)]
    pub rules: Vec<String>,
    /// Digest of the program models used, rules included.
    pub program_digest: Sha256Digest,
    /// Digest of what says when a document belongs to a case; none where no case
    /// was looked for.
    #[serde(default)]
    pub matching_digest: Option<Sha256Digest>,
}

impl Disposition {
    /// The moment that comes first: an aim of the program, or a limit.
    pub fn target(&self) -> Option<Timestamp> {
        super::timing::first_due(&self.clocks)
    }
}

/// What is done with a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// A case is opened.
    NewCase,
    /// It joins a case.
    Attach,
    /// It waits for a person before anything else.
    Hold,
    /// Somebody else ought to have it.
    Redirect,
    /// It goes on as its parts.
    Split,
    /// Nothing new; linked to the first.
    Duplicate,
    /// It cannot be read at all.
    Technical,
}

/// Where people find it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Queue {
    /// Cannot be opened or read.
    Technical,
    /// Two members, split unsure.
    ManualSplit,
    /// Not ours.
    Privacy,
    /// Complete; for a reviewer.
    ReadyForReview,
    /// A person decides what this is.
    ManualTriage,
    /// Appeals.
    Appeals,
    /// After a decision.
    PostDecision,
    /// Clinicals of an oxygen phone decision.
    OxygenFollowup,
    /// Starts today.
    SameDay,
    /// Already supplied, outside the window.
    Retro,
    /// Not in this programme's scope.
    OutOfScope,
    /// Find or chase a provider.
    CareCoordination,
    /// Too many pages cannot be read.
    HoldIllegible,
    /// Required items are missing.
    HoldInsufficient,
}

impl Queue {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::Technical,
        Self::ManualSplit,
        Self::Privacy,
        Self::ReadyForReview,
        Self::ManualTriage,
        Self::Appeals,
        Self::PostDecision,
        Self::OxygenFollowup,
        Self::SameDay,
        Self::Retro,
        Self::OutOfScope,
        Self::CareCoordination,
        Self::HoldIllegible,
        Self::HoldInsufficient,
    ];

    /// The contract's name for it, which is also its folder's.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Technical => "technical",
            Self::ManualSplit => "manual_split",
            Self::Privacy => "privacy",
            Self::ReadyForReview => "ready_for_review",
            Self::ManualTriage => "manual_triage",
            Self::Appeals => "appeals",
            Self::PostDecision => "post_decision",
            Self::OxygenFollowup => "oxygen_followup",
            Self::SameDay => "same_day",
            Self::Retro => "retro",
            Self::OutOfScope => "out_of_scope",
            Self::CareCoordination => "care_coordination",
            Self::HoldIllegible => "hold_illegible",
            Self::HoldInsufficient => "hold_insufficient",
        }
    }

    /// Whether a letter asks for what is missing.
    pub fn is_hold(self) -> bool {
        matches!(self, Self::HoldIllegible | Self::HoldInsufficient)
    }

    /// Whether documents in this queue belong to a case and lie under
    /// `cases/`, the queue only listing them.
    pub fn belongs_to_case(self) -> bool {
        matches!(
            self,
            Self::ReadyForReview
                | Self::PostDecision
                | Self::OxygenFollowup
                | Self::HoldInsufficient
        )
    }
}

/// How soon. Earlier variants come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lane {
    /// A hospital discharge waits for it.
    Expedited,
    /// Delay could harm.
    Urgent,
    /// The ordinary.
    Standard,
    /// Already supplied.
    Retro,
}

impl Lane {
    /// The contract's name for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Expedited => "expedited",
            Self::Urgent => "urgent",
            Self::Standard => "standard",
            Self::Retro => "retro",
        }
    }
}

/// One reason, as data: the same in manifest, queue, letter and mail.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// Stable, dotted: `missing.written_prescription`, `illegible.pages`.
    pub code: String,
    /// A sentence without patient data.
    pub message: String,
    /// What in the document shows it.
    pub evidence: Vec<Evidence>,
}

/// Whether the program asks for an item here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemApplies {
    /// Which.
    pub item: Item,
    /// Asked for, in this case.
    pub applies: bool,
}

/// A field the program requires.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequiredField {
    /// The contract's name: `ordering.npi`.
    pub field: String,
    /// What its absence means.
    pub severity: Severity,
    /// Whether it is there.
    pub status: FieldStatus,
}

/// Whether a required field is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldStatus {
    /// There.
    Present,
    /// Not there.
    Missing,
    /// Something is there and is not believed.
    Unclear,
}

impl From<ItemStatus> for FieldStatus {
    fn from(status: ItemStatus) -> Self {
        match status {
            ItemStatus::Present | ItemStatus::Stale => Self::Present,
            ItemStatus::PresentUnsigned | ItemStatus::Unclear => Self::Unclear,
            ItemStatus::Missing => Self::Missing,
        }
    }
}
