use std::time::Duration;

use jiff::{Timestamp, tz::TimeZone};

use super::{super::*, *};

fn days_after(wall: &str, days: u16) -> Timestamp {
    after_calendar_days(ny(wall), days, &TimeZone::get("America/New_York").unwrap()).unwrap()
}

#[test]
fn a_calendar_day_keeps_the_wall_clock() {
    assert_eq!(days_after("2026-03-07T10:00", 1), ny("2026-03-08T10:00-04:00"));
    assert_eq!(days_after("2026-10-31T10:00", 1), ny("2026-11-01T10:00-05:00"));
}

#[test]
fn skipped_time_is_moved_forward() {
    assert_eq!(days_after("2026-03-07T02:30", 1), ny("2026-03-08T03:30"));
}

#[test]
fn of_time_shown_twice_the_first_counts() {
    assert_eq!(days_after("2026-10-31T01:30", 1), ny("2026-11-01T01:30-04:00"));
}

#[test]
fn around_skipped_time_a_later_start_may_be_due_earlier() {
    assert!(days_after("2026-03-07T02:30", 1) > days_after("2026-03-07T03:10", 1));
}

#[test]
fn backward_by_the_same_rules() {
    let zone = TimeZone::get("America/New_York").unwrap();
    let before = |wall| before_calendar_days(ny(wall), 1, &zone);
    assert_eq!(before("2026-03-09T10:00"), Ok(ny("2026-03-08T10:00")));
    assert_eq!(before("2026-03-09T02:30"), Ok(ny("2026-03-08T03:30")));
}

#[test]
fn out_of_range_is_an_error() {
    let out = Err(ClockError::OutOfRange);
    assert_eq!(after_elapsed(Timestamp::MAX, Duration::from_secs(1)), out);
    assert_eq!(before_elapsed(Timestamp::MIN, Duration::from_secs(1)), out);
    assert_eq!(after_elapsed(Timestamp::MIN, Duration::MAX), out);
    assert_eq!(after_calendar_days(Timestamp::MAX, 1, &TimeZone::UTC), out);
}
