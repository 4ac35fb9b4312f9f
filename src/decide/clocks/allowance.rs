//! How much time is allowed, and of which kind.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Calendar, ClockError, after_calendar_days, after_elapsed};

/// An amount of time with its calendar. In a model file: `decide = { elapsed_hours = 72 }`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Allowance {
    /// Minutes that nothing stops.
    ElapsedMinutes(u32),
    /// Hours that nothing stops.
    ElapsedHours(u32),
    /// Days by the wall clock that nothing stops.
    CalendarDays(u16),
    /// Minutes while the program is open.
    StaffedMinutes(u32),
    /// Hours while the program is open.
    StaffedHours(u32),
    /// Business days after the one the start counts for; due when the last one ends.
    BusinessDays(u16),
}

/// The calendar on which a clock runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Hours or minutes, day and night.
    Elapsed,
    /// Days that keep the wall clock.
    CalendarDays,
    /// While the program is open.
    Staffed,
    /// Monday to Friday without holidays.
    BusinessDays,
}

impl Allowance {
    /// Its calendar.
    pub fn basis(self) -> Basis {
        match self {
            Self::ElapsedMinutes(_) | Self::ElapsedHours(_) => Basis::Elapsed,
            Self::CalendarDays(_) => Basis::CalendarDays,
            Self::StaffedMinutes(_) | Self::StaffedHours(_) => Basis::Staffed,
            Self::BusinessDays(_) => Basis::BusinessDays,
        }
    }

    /// When time given from this instant on begins to pass: for staffed time at the next opening,
    /// for all other kinds at once.
    pub fn begins(self, from: Timestamp, calendar: &Calendar) -> Result<Timestamp, ClockError> {
        match self.basis() {
            Basis::Staffed => calendar.add_staffed(from, Duration::ZERO),
            Basis::Elapsed | Basis::CalendarDays | Basis::BusinessDays => Ok(from),
        }
    }

    /// When time given from this instant on is used up. Never before the instant.
    pub fn due(self, from: Timestamp, calendar: &Calendar) -> Result<Timestamp, ClockError> {
        match self {
            Self::ElapsedMinutes(n) => after_elapsed(from, minutes(n)),
            Self::ElapsedHours(n) => after_elapsed(from, hours(n)),
            Self::CalendarDays(n) => after_calendar_days(from, n, &calendar.zone),
            Self::StaffedMinutes(n) => calendar.add_staffed(from, minutes(n)),
            Self::StaffedHours(n) => calendar.add_staffed(from, hours(n)),
            Self::BusinessDays(n) => calendar
                .business_day_of(from)
                .and_then(|day| calendar.nth_business_day_after(day, n))
                .and_then(|day| calendar.end_of_business_day(day))
                .ok_or(ClockError::OutOfRange),
        }
    }
}

pub(super) fn hours(n: u32) -> Duration {
    Duration::from_secs(u64::from(n) * 3600)
}

fn minutes(n: u32) -> Duration {
    Duration::from_secs(u64::from(n) * 60)
}
