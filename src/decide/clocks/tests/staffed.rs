use std::time::Duration;

use jiff::Timestamp;

use super::{super::*, *};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

fn night_shift() -> Calendar {
    let all = [WORK_WEEK.as_slice(), &[Weekday::Saturday, Weekday::Sunday]].concat();
    let hours = Hours { open: vec![opening(&all, "00:00", "06:00")], ..Hours::default() };
    calendar("America/New_York", hours)
}

#[test]
fn open_at_opening_and_closed_at_closing() {
    let calendar = commercial();
    for (wall, staffed) in [
        ("2026-03-06T07:59", false),
        ("2026-03-06T08:00", true),
        ("2026-03-06T20:59", true),
        ("2026-03-06T21:00", false),
        ("2026-03-07T09:00", false),
        ("2026-03-07T10:00", true),
        ("2026-05-25T12:00", false),
    ] {
        assert_eq!(calendar.is_staffed(ny(wall)), staffed, "{wall}");
    }
}

#[test]
fn holiday_hours_replace_the_usual_ones() {
    let calendar = medicare_advantage();
    assert!(calendar.is_staffed(chicago("2026-05-25T12:59")));
    assert!(!calendar.is_staffed(chicago("2026-05-25T13:00")));
    // Independence Day 2026 is a Saturday; both it and its observed day have holiday hours.
    assert!(!calendar.is_staffed(chicago("2026-07-03T14:00")));
    assert!(!calendar.is_staffed(chicago("2026-07-04T14:00")));
}

#[test]
fn the_next_opening_skips_a_holiday() {
    let calendar = commercial();
    assert_eq!(calendar.next_opening(ny("2026-05-24T18:00")), Some(ny("2026-05-26T08:00")));
    assert_eq!(calendar.next_opening(ny("2026-05-26T09:00")), Some(ny("2026-05-26T09:00")));
}

#[test]
fn the_last_staffed_moment_is_now_or_the_last_closing() {
    let calendar = commercial();
    for (wall, last) in [
        ("2026-05-22T12:00", "2026-05-22T12:00"),
        ("2026-05-22T21:00", "2026-05-22T21:00"),
        ("2026-05-26T07:00", "2026-05-24T18:00"),
    ] {
        assert_eq!(calendar.last_staffed(ny(wall)), Some(ny(last)), "{wall}");
    }
}

#[test]
fn staffed_time_waits_for_the_next_opening() {
    let calendar = commercial();
    for (from, time, due) in [
        ("2026-03-06T10:00", MINUTE * 15, "2026-03-06T10:15"),
        ("2026-03-06T23:00", MINUTE * 15, "2026-03-07T10:15"),
        ("2026-03-06T20:00", HOUR * 2, "2026-03-07T11:00"),
        ("2026-03-06T20:00", HOUR, "2026-03-06T21:00"),
        ("2026-03-06T21:00", Duration::ZERO, "2026-03-07T10:00"),
        ("2026-03-06T20:00", Duration::ZERO, "2026-03-06T20:00"),
        ("2026-05-24T17:00", HOUR * 2, "2026-05-26T09:00"),
    ] {
        assert_eq!(calendar.add_staffed(ny(from), time), Ok(ny(due)), "{from}");
    }
}

#[test]
fn a_shift_is_an_hour_shorter_in_spring_and_longer_in_autumn() {
    let calendar = night_shift();
    let spring = (ny("2026-03-08T00:00"), ny("2026-03-08T12:00"));
    let autumn = (ny("2026-11-01T00:00"), ny("2026-11-01T12:00"));
    assert_eq!(calendar.staffed_between(spring.0, spring.1), HOUR * 5);
    assert_eq!(calendar.staffed_between(autumn.0, autumn.1), HOUR * 7);
    assert_eq!(calendar.add_staffed(spring.0, HOUR * 2), Ok(ny("2026-03-08T03:00")));
    assert_eq!(calendar.add_staffed(autumn.0, HOUR * 2), Ok(ny("2026-11-01T01:00-05:00")));
}

#[test]
fn hours_that_begin_in_skipped_time_are_moved_forward() {
    let sunday = opening(&[Weekday::Sunday], "02:30", "05:00");
    let calendar = calendar("America/New_York", Hours { open: vec![sunday], ..Hours::default() });
    let opened = calendar.next_opening(ny("2026-03-08T00:00"));
    assert_eq!(opened, Some(ny("2026-03-08T03:30")));
}

#[test]
fn hours_that_overlap_count_once() {
    let open = vec![opening(&WORK_WEEK, "08:00", "12:00"), opening(&WORK_WEEK, "10:00", "16:00")];
    let calendar = calendar("America/New_York", Hours { open, ..Hours::default() });
    let (from, to) = (ny("2026-03-05T00:00"), ny("2026-03-06T00:00"));
    assert_eq!(calendar.staffed_between(from, to), HOUR * 8);
    assert_eq!(calendar.add_staffed(from, HOUR * 8), Ok(ny("2026-03-05T16:00")));
}

#[test]
fn a_lunch_break_is_no_staffed_time() {
    let open = vec![opening(&WORK_WEEK, "13:00", "17:00"), opening(&WORK_WEEK, "08:00", "12:00")];
    let calendar = calendar("America/New_York", Hours { open, ..Hours::default() });
    assert_eq!(calendar.add_staffed(ny("2026-03-05T11:00"), HOUR * 2), Ok(ny("2026-03-05T14:00")));
    assert_eq!(calendar.last_staffed(ny("2026-03-05T12:30")), Some(ny("2026-03-05T12:00")));
}

#[test]
fn open_on_holidays_only() {
    let hours = Hours { holidays: Some(span("08:00", "13:00")), ..Hours::default() };
    let calendar = calendar("America/New_York", hours);
    assert_eq!(calendar.next_opening(ny("2026-03-05T00:00")), Some(ny("2026-05-25T08:00")));
}

#[test]
fn never_staffed_is_said_at_once() {
    let empty = closed();
    let backwards = calendar(
        "America/New_York",
        Hours { open: vec![opening(&WORK_WEEK, "17:00", "08:00")], ..Hours::default() },
    );
    let no_days = calendar(
        "America/New_York",
        Hours { open: vec![opening(&[], "08:00", "17:00")], ..Hours::default() },
    );
    let now = ny("2026-03-05T12:00");
    for calendar in [empty, backwards, no_days] {
        assert!(!calendar.is_staffed(now));
        assert_eq!(calendar.next_opening(now), None);
        assert_eq!(calendar.last_staffed(now), None);
        assert_eq!(calendar.add_staffed(now, HOUR), Err(ClockError::NeverStaffed));
        assert_eq!(calendar.staffed_between(now, ny("2027-03-05T12:00")), Duration::ZERO);
    }
}

#[test]
fn the_end_of_time_is_an_error() {
    let calendar = commercial();
    let soon = Timestamp::MAX - HOUR * 24 * 60;
    let out = Err(ClockError::OutOfRange);
    assert_eq!(calendar.add_staffed(soon, HOUR * 24 * 40), out);
    assert_eq!(calendar.add_staffed(ny("2026-03-05T12:00"), Duration::MAX), out);
    assert_eq!(calendar.next_opening(Timestamp::MAX), None);
    assert_eq!(calendar.last_staffed(Timestamp::MIN), None);
}

#[test]
fn time_in_the_wrong_order_is_none() {
    let (early, late) = (ny("2026-03-05T12:00"), ny("2026-03-05T13:00"));
    assert_eq!(commercial().staffed_between(late, early), Duration::ZERO);
}
