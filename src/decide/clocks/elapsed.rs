//! Elapsed time and calendar days: neither week-ends nor holidays stop them.

use std::time::Duration;

use jiff::{Span, Timestamp, tz::TimeZone};

use super::ClockError;

/// The time from one instant to another; none if they are in the wrong order.
pub(super) fn between(from: Timestamp, to: Timestamp) -> Duration {
    Duration::try_from(to.duration_since(from)).unwrap_or_default()
}

/// An instant so much elapsed time later. A change of the wall clock makes no difference.
pub fn after_elapsed(from: Timestamp, time: Duration) -> Result<Timestamp, ClockError> {
    from.checked_add(time).map_err(|_| ClockError::OutOfRange)
}

/// An instant so much elapsed time earlier.
pub fn before_elapsed(from: Timestamp, time: Duration) -> Result<Timestamp, ClockError> {
    from.checked_sub(time).map_err(|_| ClockError::OutOfRange)
}

/// The same wall clock so many calendar days later.
///
/// A day may thus have 23 or 25 hours. If the wall clock skips that time on the last day, it is
/// moved forward by what was skipped (02:30 becomes 03:30); if it shows it twice, the first counts.
/// So around a change of the clock a later start may be due up to an hour earlier than an earlier
/// one: a day after 02:30 can be 03:30, a day after 03:10 is then 03:10.
pub fn after_calendar_days(
    from: Timestamp,
    days: u16,
    zone: &TimeZone,
) -> Result<Timestamp, ClockError> {
    move_days(from, i64::from(days), zone)
}

/// The same wall clock so many calendar days earlier, by the rules of [`after_calendar_days`].
pub fn before_calendar_days(
    from: Timestamp,
    days: u16,
    zone: &TimeZone,
) -> Result<Timestamp, ClockError> {
    move_days(from, -i64::from(days), zone)
}

fn move_days(from: Timestamp, days: i64, zone: &TimeZone) -> Result<Timestamp, ClockError> {
    let span = Span::new().try_days(days).map_err(|_| ClockError::OutOfRange)?;
    let moved = from.to_zoned(zone.clone()).checked_add(span);
    moved.map(|zoned| zoned.timestamp()).map_err(|_| ClockError::OutOfRange)
}
