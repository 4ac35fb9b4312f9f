//! One clock: what it is called, when it starts, when it is due, and when to warn.

use std::borrow::Cow;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    Calendar, ClockError,
    elapsed::{after_elapsed, between},
};
use crate::program::{Allowance, Basis};

/// A running clock of a document.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Clock {
    /// Stable, `snake_case`, unique among the clocks of a document: `urgent_decide`.
    pub name: Cow<'static, str>,
    /// Limit or target.
    pub kind: Kind,
    /// What starts it.
    pub start: Start,
    /// On which calendar it runs.
    pub basis: Basis,
    /// When it begins to run. For a staffed clock that is the first opening after what starts it.
    pub started: Timestamp,
    /// The last instant that is in time. Never before `started`.
    pub due: Timestamp,
    /// Warnings and breach, in order.
    pub events: [Event; 4],
}

/// What it means to be late.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A law or a contract is broken.
    Limit,
    /// The program's own aim is missed.
    Target,
}

/// What starts a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Start {
    /// The fax came in, staffed or not.
    Receipt,
    /// Everything needed was there.
    Complete,
    /// The hold letter went out.
    LetterSent,
    /// No request was found to attach the document to.
    NoneFound,
}

/// A moment at which somebody wants to know about a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Event {
    /// How much of the time is used up.
    pub mark: Mark,
    /// When it is.
    pub at: Timestamp,
}

/// How much of a clock's time is used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// 50 %.
    Half,
    /// 75 %.
    ThreeQuarters,
    /// 90 %.
    NinetyPercent,
    /// All of it: the clock is due.
    Breach,
}

impl Mark {
    /// All marks, in order.
    pub const ALL: [Self; 4] = [Self::Half, Self::ThreeQuarters, Self::NinetyPercent, Self::Breach];

    /// 50, 75, 90 or 100.
    pub fn percent(self) -> u32 {
        match self {
            Self::Half => 50,
            Self::ThreeQuarters => 75,
            Self::NinetyPercent => 90,
            Self::Breach => 100,
        }
    }
}

impl Clock {
    /// The clock that allows this much time from this instant on.
    pub(super) fn new(
        (name, kind, start): (&'static str, Kind, Start),
        from: Timestamp,
        allowance: Allowance,
        calendar: &Calendar,
    ) -> Result<Self, ClockError> {
        let due = calendar.due(allowance, from)?;
        let started = calendar.begins(allowance, from)?;
        Ok(Self::between((name, kind, start), allowance.basis(), started, due, calendar))
    }

    /// The clock that runs between two instants known otherwise.
    ///
    /// A due moment before the start is moved to the start: such a clock is breached at once.
    pub(super) fn between(
        (name, kind, start): (&'static str, Kind, Start),
        basis: Basis,
        started: Timestamp,
        due: Timestamp,
        calendar: &Calendar,
    ) -> Self {
        let due = due.max(started);
        let events = match basis {
            Basis::Staffed => staffed_events(started, due, calendar),
            Basis::BusinessDays => staffed_events(started, due, &calendar.on_business_days()),
            Basis::Elapsed | Basis::CalendarDays => elapsed_events(started, due),
        };
        Self { name: Cow::Borrowed(name), kind, start, basis, started, due, events }
    }
}

/// Marks at shares of the elapsed time.
fn elapsed_events(started: Timestamp, due: Timestamp) -> [Event; 4] {
    events(between(started, due), due, |share| after_elapsed(started, share))
}

/// Marks at shares of the staffed time; of the elapsed time where none of it is staffed.
fn staffed_events(started: Timestamp, due: Timestamp, calendar: &Calendar) -> [Event; 4] {
    let total = calendar.staffed_between(started, due);
    if total.is_zero() {
        return elapsed_events(started, due);
    }
    events(total, due, |share| calendar.add_staffed(started, share))
}

fn events(
    total: Duration,
    due: Timestamp,
    after: impl Fn(Duration) -> Result<Timestamp, ClockError>,
) -> [Event; 4] {
    Mark::ALL.map(|mark| match mark {
        Mark::Breach => Event { mark, at: due },
        // A share of the way to `due` is never out of range; were it so, `due` is the safe answer.
        _ => Event { mark, at: after(share(total, mark)).unwrap_or(due).min(due) },
    })
}

fn share(total: Duration, mark: Mark) -> Duration {
    total.saturating_mul(mark.percent()) / 100
}
