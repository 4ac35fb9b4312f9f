//! What the clocks need to know of a document.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Who works on a document, and so which clocks run for it. One in a lane may be on another
/// besides: an expedited one that is held has a letter to send, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Track {
    /// A patient cannot leave the hospital before this is decided.
    ExpeditedPendingDischarge,
    /// Waiting the usual time could do harm.
    Urgent,
    /// An answer about oxygen that belongs to an earlier request.
    OxygenFollowUp,
    /// A request like most.
    Standard,
    /// A request for care already begun.
    Retro,
    /// Illegible or insufficient: a letter asks for what is missing.
    Hold,
    /// No request, but somebody should act on it.
    CareCoordination,
}

/// Whether the criteria for an urgent request are met.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// They are not, or nobody said so.
    #[default]
    Standard,
    /// They are.
    Urgent,
}

/// Whether all that is needed to decide is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Completeness {
    /// Nobody has looked yet.
    #[default]
    Unknown,
    /// Something is missing.
    Incomplete,
    /// Complete since then. The time of receipt means: whole on arrival. A later time is when the
    /// last missing part came, or when the time to send it ran out and the plan had to decide
    /// without.
    Since(Timestamp),
}

/// A hold letter that was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Letter {
    /// When it went out.
    pub sent: Timestamp,
    /// The due time it names.
    pub due: Timestamp,
}

/// A document, as far as its clocks are concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intake {
    /// Its track.
    pub track: Track,
    /// Whether urgent criteria are met; the track [`Track::Urgent`] is urgent in any case.
    pub urgency: Urgency,
    /// When the last page came in, staffed or not.
    pub received: Timestamp,
    /// Whether, and since when, it is complete.
    pub completeness: Completeness,
    /// Whether the one extension of the time to decide was taken.
    pub extended: bool,
    /// How long the law let the clock stand still so far: the sum of all pauses that ended.
    pub paused: Duration,
    /// The hold letter, if one was sent.
    pub letter: Option<Letter>,
    /// When the search for the request it belongs to came back empty.
    pub none_found: Option<Timestamp>,
}

impl Intake {
    /// A document of which only its track and time of receipt are known.
    pub fn new(track: Track, received: Timestamp) -> Self {
        Self {
            track,
            urgency: Urgency::default(),
            received,
            completeness: Completeness::default(),
            extended: false,
            paused: Duration::ZERO,
            letter: None,
            none_found: None,
        }
    }

    /// When it was complete, if that is known.
    pub fn complete_at(&self) -> Option<Timestamp> {
        match self.completeness {
            Completeness::Since(at) => Some(at),
            Completeness::Unknown | Completeness::Incomplete => None,
        }
    }

    /// Whether it is known that something was missing on arrival.
    pub fn came_incomplete(&self) -> bool {
        match self.completeness {
            Completeness::Unknown => false,
            Completeness::Incomplete => true,
            Completeness::Since(at) => at > self.received,
        }
    }
}
