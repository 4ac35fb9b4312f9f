use super::{super::*, *};

#[test]
fn week_ends_holidays_and_plan_days_are_no_business_days() {
    let mut calendar = commercial();
    calendar.holidays = Holidays::with_plan_days([date("2026-11-27")]);
    for (day, business) in [
        ("2026-11-25", true),
        ("2026-11-26", false),
        ("2026-11-27", false),
        ("2026-11-28", false),
        ("2026-11-29", false),
        ("2026-11-30", true),
    ] {
        assert_eq!(calendar.is_business_day(date(day)), business, "{day}");
    }
}

#[test]
fn the_day_a_moment_counts_for() {
    let calendar = commercial();
    for (moment, day) in [
        ("2026-05-21T06:00", "2026-05-21"),
        ("2026-05-21T20:59", "2026-05-21"),
        ("2026-05-21T21:00", "2026-05-22"),
        ("2026-05-22T21:00", "2026-05-26"),
        // Staffed, but a week-end.
        ("2026-05-23T12:00", "2026-05-26"),
        ("2026-05-25T12:00", "2026-05-26"),
    ] {
        assert_eq!(calendar.business_day_of(ny(moment)), Some(date(day)), "{moment}");
    }
}

#[test]
fn a_day_without_hours_ends_at_midnight() {
    let calendar = closed();
    let day = date("2026-05-21");
    assert_eq!(calendar.end_of_business_day(day), Some(ny("2026-05-22T00:00")));
    assert_eq!(calendar.business_day_of(ny("2026-05-21T23:59")), Some(day));
    assert_eq!(calendar.business_day_of(ny("2026-05-22T00:00")), Some(date("2026-05-22")));
}

#[test]
fn counting_forward_and_back() {
    let calendar = commercial();
    let (friday, saturday) = (date("2026-05-22"), date("2026-05-23"));
    assert_eq!(calendar.nth_business_day_after(friday, 0), Some(friday));
    assert_eq!(calendar.nth_business_day_after(saturday, 0), Some(date("2026-05-26")));
    assert_eq!(calendar.nth_business_day_after(saturday, 1), Some(date("2026-05-26")));
    assert_eq!(calendar.nth_business_day_after(saturday, 2), Some(date("2026-05-27")));
    assert_eq!(calendar.nth_business_day_before(saturday, 0), Some(friday));
    assert_eq!(calendar.nth_business_day_before(saturday, 1), Some(friday));
    assert_eq!(calendar.nth_business_day_before(date("2026-05-26"), 1), Some(friday));
}

#[test]
fn within_one_business_day_counts_from_the_date() {
    let calendar = commercial();
    let within = |day| calendar.within_business_days_after(date(day), 1);
    assert_eq!(within("2026-05-21"), Some(ny("2026-05-22T21:00")));
    assert_eq!(within("2026-05-22"), Some(ny("2026-05-26T21:00")));
    assert_eq!(within("2026-05-25"), Some(ny("2026-05-26T21:00")));
}

#[test]
fn the_ends_of_time_have_no_business_day() {
    let calendar = commercial();
    assert_eq!(calendar.nth_business_day_after(Date::MAX, 1), None);
    assert_eq!(calendar.nth_business_day_before(Date::MIN, 1), None);
}
