use serde::{Deserialize, Serialize};

/// How far a case has come, in the contract's words.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum CaseState {
    /// Its first document is here and not read.
    Received,
    /// Being told what it is.
    Triage,
    /// Worked on.
    #[default]
    Open,
    /// Waits for items that were asked for.
    HoldInsufficient,
    /// Waits for pages that can be read.
    HoldIllegible,
    /// Complete; for a reviewer.
    ReadyForReview,
    /// Decided.
    Decided,
    /// Decided, and something came after that.
    PostDecision,
    /// The same as another case.
    Duplicate,
    /// Sent to somebody else.
    Misdirected,
    /// Not in the program's scope.
    OutOfScope,
    /// Closed because nobody answered.
    ClosedNoResponse,
}

impl CaseState {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Received,
        Self::Triage,
        Self::Open,
        Self::HoldInsufficient,
        Self::HoldIllegible,
        Self::ReadyForReview,
        Self::Decided,
        Self::PostDecision,
        Self::Duplicate,
        Self::Misdirected,
        Self::OutOfScope,
        Self::ClosedNoResponse,
    ];

    /// The contract's name for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Triage => "triage",
            Self::Open => "open",
            Self::HoldInsufficient => "hold_insufficient",
            Self::HoldIllegible => "hold_illegible",
            Self::ReadyForReview => "ready_for_review",
            Self::Decided => "decided",
            Self::PostDecision => "post_decision",
            Self::Duplicate => "duplicate",
            Self::Misdirected => "misdirected",
            Self::OutOfScope => "out_of_scope",
            Self::ClosedNoResponse => "closed_no_response",
        }
    }

    /// The state of this name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// Whether a decision is still to come.
    pub fn is_open(self) -> bool {
        match self {
            Self::Received
            | Self::Triage
            | Self::Open
            | Self::HoldInsufficient
            | Self::HoldIllegible
            | Self::ReadyForReview => true,
            Self::Decided
            | Self::PostDecision
            | Self::Duplicate
            | Self::Misdirected
            | Self::OutOfScope
            | Self::ClosedNoResponse => false,
        }
    }

    /// Whether there is a decision.
    pub fn is_decided(self) -> bool {
        matches!(self, Self::Decided | Self::PostDecision)
    }
}
