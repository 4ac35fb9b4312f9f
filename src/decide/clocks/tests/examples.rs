//! The worked examples of the domain notes, a test for each row.

use super::{super::*, *};
use crate::program::LineOfBusiness;
use jiff::Timestamp;

fn urgent_due(received: Timestamp) -> Timestamp {
    let intake = Intake::new(Track::Urgent, received);
    clock(&clocks_of(&intake, &values(LineOfBusiness::Commercial), &commercial()), "urgent_decide")
        .due
}

fn two_business_days_after(complete: Timestamp) -> Timestamp {
    let mut intake = Intake::new(Track::Standard, complete);
    intake.completeness = Completeness::Since(complete);
    let schedule = clocks_of(&intake, &values(LineOfBusiness::Commercial), &commercial());
    clock(&schedule, "standard_decide_after_complete").due
}

#[test]
fn urgent_across_the_start_of_daylight_saving_time() {
    assert_eq!(urgent_due(ny("2026-03-06T10:00")), ny("2026-03-09T11:00-04:00"));
}

#[test]
fn urgent_across_the_end_of_daylight_saving_time() {
    assert_eq!(urgent_due(ny("2026-10-30T16:00")), ny("2026-11-02T15:00-05:00"));
}

#[test]
fn urgent_is_not_stopped_by_a_holiday() {
    assert_eq!(urgent_due(ny("2026-05-22T20:30")), ny("2026-05-25T20:30"));
}

#[test]
fn complete_before_closing_two_business_days() {
    let complete = ny("2026-05-22T20:30");
    let calendar = commercial();
    let day = calendar.business_day_of(complete).unwrap();
    assert_eq!(day, date("2026-05-22"));
    assert_eq!(calendar.nth_business_day_after(day, 1), Some(date("2026-05-26")));
    assert_eq!(calendar.nth_business_day_after(day, 2), Some(date("2026-05-27")));
    assert_eq!(two_business_days_after(complete), ny("2026-05-27T21:00"));
}

#[test]
fn complete_after_closing_two_business_days() {
    let complete = ny("2026-05-22T21:30");
    assert_eq!(commercial().business_day_of(complete), Some(date("2026-05-26")));
    assert_eq!(two_business_days_after(complete), ny("2026-05-28T21:00"));
}

#[test]
fn medicare_advantage_standard_seven_calendar_days() {
    let received = chicago("2026-07-03T15:00");
    let intake = Intake::new(Track::Standard, received);
    let schedule =
        clocks_of(&intake, &values(LineOfBusiness::MedicareAdvantage), &medicare_advantage());
    assert_eq!(clock(&schedule, "standard_decide").due, chicago("2026-07-10T15:00"));
}

#[test]
fn medicare_advantage_retro_one_business_day_after_an_observed_holiday() {
    let window = RetroWindow::BusinessDays(1);
    let began = date("2026-07-03");
    assert_eq!(window.last_day(began, &medicare_advantage()), Ok(date("2026-07-06")));
    assert_eq!(window.ends(began, &medicare_advantage()), Ok(chicago("2026-07-06T20:00")));
}

#[test]
fn retro_accepted_through_fifteen_days_or_a_year() {
    let began = date("2026-03-10");
    let last = |days| RetroWindow::CalendarDays(days).last_day(began, &commercial());
    assert_eq!(last(15), Ok(date("2026-03-25")));
    assert_eq!(last(365), Ok(date("2027-03-10")));
    let ends = RetroWindow::CalendarDays(15).ends(began, &commercial());
    assert_eq!(ends, Ok(ny("2026-03-26T00:00")));
}
