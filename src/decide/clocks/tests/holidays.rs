use super::{super::*, *};

fn observed(year: i16) -> Vec<String> {
    federal_holidays(year).map(|holiday| holiday.observed.to_string()).collect()
}

#[test]
fn the_holidays_of_2026() {
    let expected = [
        "2026-01-01",
        "2026-01-19",
        "2026-02-16",
        "2026-05-25",
        "2026-06-19",
        "2026-07-03",
        "2026-09-07",
        "2026-10-12",
        "2026-11-11",
        "2026-11-26",
        "2026-12-25",
    ];
    assert_eq!(observed(2026), expected);
}

#[test]
fn a_sunday_is_observed_on_monday() {
    assert!(observed(2027).contains(&"2027-07-05".to_owned()));
    assert!(observed(2023).contains(&"2023-01-02".to_owned()));
}

#[test]
fn new_years_day_may_be_observed_in_the_year_before() {
    let holidays = Holidays::default();
    assert!(holidays.contains(date("2021-12-31")));
    assert!(holidays.contains(date("2022-01-01")));
    assert!(!holidays.contains(date("2022-12-31")));
}

#[test]
fn both_the_day_and_its_observed_day_are_holidays() {
    let holidays = Holidays::default();
    assert!(holidays.contains(date("2026-07-03")));
    assert!(holidays.contains(date("2026-07-04")));
    assert!(!holidays.contains(date("2026-07-06")));
}

#[test]
fn juneteenth_since_2021() {
    let holidays = Holidays::default();
    assert!(!holidays.contains(date("2020-06-19")));
    assert!(holidays.contains(date("2021-06-18")));
}

#[test]
fn inauguration_day_is_no_holiday() {
    // In 2025 it fell on Martin Luther King's birthday, so look at the two around it.
    assert!(!Holidays::default().contains(date("2021-01-20")));
    assert!(!Holidays::default().contains(date("2029-01-20")));
}

#[test]
fn plan_days_are_holidays_too() {
    let holidays = Holidays::with_plan_days([date("2026-11-27")]);
    assert!(holidays.contains(date("2026-11-27")));
    assert!(holidays.contains(date("2026-11-26")));
    assert!(!Holidays::default().contains(date("2026-11-27")));
}

#[test]
fn the_ends_of_time_have_holidays_without_a_panic() {
    let holidays = Holidays::default();
    assert!(!holidays.contains(jiff::civil::Date::MAX));
    assert!(holidays.contains(jiff::civil::Date::MIN));
    assert_eq!(federal_holidays(i16::MAX).count(), 0);
}
