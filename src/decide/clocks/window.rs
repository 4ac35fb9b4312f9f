//! How long after care began a request for it is in time.

use jiff::{Span, Timestamp, civil::Date};
use serde::Deserialize;

use super::{Calendar, ClockError};

/// How long after care began a request for it is accepted. The day care began is day 0.
///
/// In a model file: `accept = { calendar_days = 15 }`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RetroWindow {
    /// Calendar days, the last one included to its midnight.
    CalendarDays(u16),
    /// Business days, the last one included until it ends.
    BusinessDays(u16),
}

impl RetroWindow {
    /// The last day on which a request is accepted.
    pub fn last_day(self, began: Date, calendar: &Calendar) -> Result<Date, ClockError> {
        match self {
            Self::CalendarDays(n) => Span::new()
                .try_days(i64::from(n))
                .and_then(|days| began.checked_add(days))
                .map_err(|_| ClockError::OutOfRange),
            Self::BusinessDays(n) => {
                calendar.nth_business_day_after(began, n).ok_or(ClockError::OutOfRange)
            }
        }
    }

    /// The instant at which that day is over: midnight, or for business days the last closing.
    pub fn ends(self, began: Date, calendar: &Calendar) -> Result<Timestamp, ClockError> {
        let day = self.last_day(began, calendar)?;
        let end = match self {
            Self::CalendarDays(_) => calendar.end_of_date(day),
            Self::BusinessDays(_) => calendar.end_of_business_day(day),
        };
        end.ok_or(ClockError::OutOfRange)
    }
}
