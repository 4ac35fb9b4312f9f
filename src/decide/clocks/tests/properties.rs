//! What holds for all hours and all moments.

use std::time::Duration;

use jiff::{Timestamp, civil::Time, tz::TimeZone};
use proptest::{collection::vec, option, prelude::*, sample::select};

use super::{super::*, *};
use crate::program::{Allowance, Buffer, HoldRule};

const DAYS: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

/// Any minutes of a day, in order.
fn spans() -> impl Strategy<Value = Span> {
    let time = |minute: i16| {
        let (hour, minute) =
            (i8::try_from(minute / 60).unwrap(), i8::try_from(minute % 60).unwrap());
        Time::constant(hour, minute, 0, 0)
    };
    (0_i16..1439)
        .prop_flat_map(|from| (Just(from), from + 1..1440))
        .prop_map(move |(from, to)| Span { from: time(from), to: time(to) })
}

/// Zones with daylight-saving time in both halves of the world, one with half an hour of it, one
/// that changes at midnight, and one without.
fn zones() -> impl Strategy<Value = TimeZone> {
    select(vec![
        "America/New_York",
        "America/Chicago",
        "Pacific/Auckland",
        "Australia/Lord_Howe",
        "America/Havana",
        "Asia/Kolkata",
    ])
    .prop_map(|name| TimeZone::get(name).unwrap())
}

/// Calendars with at least one opening in the week; hours may overlap.
fn calendars() -> impl Strategy<Value = Calendar> {
    let openings =
        (vec(select(DAYS.to_vec()), 1..5), spans()).prop_map(|(days, span)| Opening { days, span });
    (zones(), vec(openings, 1..4), option::of(spans())).prop_map(|(zone, open, holidays)| {
        Calendar::new(zone, Hours { open, holidays, ..Hours::default() }, Holidays::default())
    })
}

/// Any second from 2024 to 2029.
fn moments() -> impl Strategy<Value = Timestamp> {
    (1_704_067_200_i64..1_861_920_000).prop_map(|second| Timestamp::from_second(second).unwrap())
}

/// Up to eighty hours.
fn times() -> impl Strategy<Value = Duration> {
    (0_u64..288_000).prop_map(Duration::from_secs)
}

fn allowances() -> impl Strategy<Value = Allowance> {
    prop_oneof![
        (0_u32..10_000).prop_map(Allowance::ElapsedMinutes),
        (0_u32..200).prop_map(Allowance::ElapsedHours),
        (0_u16..50).prop_map(Allowance::CalendarDays),
        (0_u32..3_000).prop_map(Allowance::StaffedMinutes),
        (0_u32..50).prop_map(Allowance::StaffedHours),
        (0_u16..20).prop_map(Allowance::BusinessDays),
    ]
}

fn clock_of(from: Timestamp, allowance: Allowance, calendar: &Calendar) -> Clock {
    Clock::new(("any", Kind::Limit, Start::Receipt), from, allowance, calendar).unwrap()
}

proptest! {
    #[test]
    fn staffed_is_what_the_wall_clock_says(calendar in calendars(), at in moments()) {
        let wall = at.to_zoned(calendar.zone.clone());
        // On the days of a change of the clock the two differ for up to an hour.
        let length = wall.end_of_day().unwrap().duration_since(&wall.start_of_day().unwrap());
        prop_assume!(length.as_hours() == 23 && length.as_mins() == 24 * 60 - 1);
        let weekly = calendar.hours.open.iter().filter(|opening| opening.days.contains(&wall.weekday()));
        let spans: Vec<_> = if calendar.holidays.contains(wall.date()) {
            calendar.hours.holidays.into_iter().collect()
        } else {
            weekly.map(|opening| opening.span).collect()
        };
        let open = spans.iter().any(|span| span.from <= wall.time() && wall.time() < span.to);
        prop_assert_eq!(calendar.is_staffed(at), open);
    }

    #[test]
    fn measuring_gives_back_what_was_added(
        calendar in calendars(), from in moments(), time in times(),
    ) {
        let due = calendar.add_staffed(from, time).unwrap();
        prop_assert_eq!(calendar.staffed_between(from, due), time);
    }

    #[test]
    fn staffed_due_is_staffed_or_at_closing(
        calendar in calendars(), from in moments(), time in times(),
    ) {
        let due = calendar.add_staffed(from, time).unwrap();
        prop_assert!(due >= from);
        prop_assert_eq!(calendar.last_staffed(due), Some(due));
    }

    #[test]
    fn adding_in_two_steps_is_adding_at_once(
        calendar in calendars(), from in moments(), one in times(), two in times(),
    ) {
        let between = calendar.add_staffed(from, one).unwrap();
        // At closing a second step of nothing would go on to the next opening.
        prop_assume!(!two.is_zero());
        let twice = calendar.add_staffed(between, two);
        prop_assert_eq!(twice, calendar.add_staffed(from, one + two));
    }

    #[test]
    fn more_time_or_a_later_start_is_never_due_earlier(
        calendar in calendars(),
        from in moments(),
        later in times(),
        time in times(),
        more in times(),
    ) {
        let due = calendar.add_staffed(from, time).unwrap();
        prop_assert!(calendar.add_staffed(from, time + more).unwrap() >= due);
        prop_assert!(calendar.add_staffed(from + later, time).unwrap() >= due);
    }

    #[test]
    fn nobody_is_at_work_before_the_next_opening(
        calendar in calendars(), at in moments(), part in 0_u32..100,
    ) {
        let opening = calendar.next_opening(at).unwrap();
        prop_assert!(calendar.is_staffed(opening));
        let before = at + (Duration::try_from(opening.duration_since(at)).unwrap() * part / 100);
        prop_assert!(before == opening || !calendar.is_staffed(before));
    }

    #[test]
    fn nobody_is_at_work_after_the_last_staffed_moment(
        calendar in calendars(), at in moments(),
    ) {
        let last = calendar.last_staffed(at).unwrap();
        prop_assert!(last <= at);
        prop_assert_eq!(calendar.staffed_between(last, at), Duration::ZERO);
        prop_assert!(calendar.is_staffed(last - Duration::from_nanos(1)) || calendar.is_staffed(last));
    }

    #[test]
    fn staffed_time_adds_up(
        calendar in calendars(), from in moments(), one in times(), two in times(),
    ) {
        let (middle, end) = (from + one, from + one + two);
        let parts = calendar.staffed_between(from, middle) + calendar.staffed_between(middle, end);
        prop_assert_eq!(parts, calendar.staffed_between(from, end));
        prop_assert!(parts <= one + two);
    }

    #[test]
    fn clocks_run_forward_and_marks_are_in_order(
        calendar in calendars(), from in moments(), allowance in allowances(),
    ) {
        let clock = clock_of(from, allowance, &calendar);
        prop_assert!(from <= clock.started && clock.started <= clock.due);
        let at = clock.events.map(|event| event.at);
        prop_assert!(at.is_sorted());
        prop_assert!(clock.started <= at[0]);
        prop_assert_eq!(at[3], clock.due);
    }

    #[test]
    fn a_later_start_is_never_due_earlier(
        calendar in calendars(), from in moments(), later in times(), allowance in allowances(),
    ) {
        // Calendar days keep the wall clock, and that may be set back an hour.
        let slack = match allowance {
            Allowance::CalendarDays(_) => Duration::from_secs(3600),
            _ => Duration::ZERO,
        };
        let (one, two) = (calendar.due(allowance, from), calendar.due(allowance, from + later));
        prop_assert!(one.unwrap() <= two.unwrap() + slack);
    }

    #[test]
    fn a_moment_counts_for_a_business_day_that_is_not_over(
        calendar in calendars(), at in moments(),
    ) {
        let day = calendar.business_day_of(at).unwrap();
        prop_assert!(calendar.is_business_day(day));
        prop_assert!(at < calendar.end_of_business_day(day).unwrap());
    }

    #[test]
    fn business_days_are_counted_back_as_they_were_counted_on(
        calendar in calendars(), at in moments(), n in 1_u16..50,
    ) {
        let day = calendar.business_day_of(at).unwrap();
        let on = calendar.nth_business_day_after(day, n).unwrap();
        prop_assert_eq!(calendar.nth_business_day_before(on, n), Some(day));
    }

    #[test]
    fn a_hold_is_due_between_letter_and_limit_while_staffed(
        calendar in calendars(),
        sent in moments(),
        until_limit in times(),
        minimum in 0_u32..100,
        buffer in 0_u32..50,
        may_pause: bool,
    ) {
        let rule = HoldRule {
            minimum_response: Allowance::ElapsedHours(minimum),
            review_buffer: Buffer::ElapsedHours(buffer),
            may_pause,
        };
        let limit = sent + until_limit;
        let hold = Hold::of(&rule, sent, Some(limit), &calendar, std::slice::from_ref(&calendar)).unwrap();
        prop_assert!(hold.due.is_some() || hold.short_window);
        if let Some(due) = hold.due {
            prop_assert!(sent < due.timestamp() && due <= hold.earliest);
            prop_assert!(may_pause || due.timestamp() <= limit);
            prop_assert_eq!(calendar.last_staffed(due.timestamp()), Some(due.timestamp()));
        }
    }
}
