//! When an allowance is used up, on a calendar.

use std::time::Duration;

use jiff::Timestamp;

use super::{
    Calendar, ClockError, after_calendar_days, after_elapsed, before_calendar_days, before_elapsed,
};
use crate::program::{Allowance, Basis, Buffer};

impl Calendar {
    /// When time given from this instant on begins to pass: for staffed time at the next opening,
    /// for all other kinds at once.
    pub fn begins(&self, allowance: Allowance, from: Timestamp) -> Result<Timestamp, ClockError> {
        match allowance.basis() {
            Basis::Staffed => self.add_staffed(from, Duration::ZERO),
            Basis::Elapsed | Basis::CalendarDays | Basis::BusinessDays => Ok(from),
        }
    }

    /// When time given from this instant on is used up. Never before the instant.
    pub fn due(&self, allowance: Allowance, from: Timestamp) -> Result<Timestamp, ClockError> {
        match allowance {
            Allowance::ElapsedMinutes(n) => after_elapsed(from, minutes(n)),
            Allowance::ElapsedHours(n) => after_elapsed(from, hours(n)),
            Allowance::CalendarDays(n) => after_calendar_days(from, n, &self.zone),
            Allowance::StaffedMinutes(n) => self.add_staffed(from, minutes(n)),
            Allowance::StaffedHours(n) => self.add_staffed(from, hours(n)),
            Allowance::BusinessDays(n) => self
                .business_day_of(from)
                .and_then(|day| self.nth_business_day_after(day, n))
                .and_then(|day| self.end_of_business_day(day))
                .ok_or(ClockError::OutOfRange),
        }
    }

    /// The last moment that leaves this much time before a limit.
    ///
    /// Business days keep the wall clock, from a business day to a business day: Friday 15:00 less
    /// one is Thursday 15:00. A limit on any other day counts as the end of the business day before
    /// it: Sunday less one is the end of Thursday, which leaves all of Friday.
    pub fn before(&self, limit: Timestamp, buffer: Buffer) -> Result<Timestamp, ClockError> {
        match buffer {
            Buffer::ElapsedHours(n) => before_elapsed(limit, hours(n)),
            Buffer::CalendarDays(n) => before_calendar_days(limit, n, &self.zone),
            Buffer::BusinessDays(n) => {
                self.business_days_before(limit, n).ok_or(ClockError::OutOfRange)
            }
        }
    }

    fn business_days_before(&self, limit: Timestamp, n: u16) -> Option<Timestamp> {
        let wall = self.zone.to_datetime(limit);
        let last = self.nth_business_day_before(wall.date(), 0)?;
        let day = self.nth_business_day_before(last, n)?;
        if last == wall.date() {
            self.instant(day.to_datetime(wall.time()))
        } else {
            self.end_of_business_day(day)
        }
    }
}

fn hours(n: u32) -> Duration {
    Duration::from_secs(u64::from(n) * 3600)
}

fn minutes(n: u32) -> Duration {
    Duration::from_secs(u64::from(n) * 60)
}
