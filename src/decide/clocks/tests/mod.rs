//! Tests of the clocks; here what they share.

mod business;
mod elapsed;
mod examples;
mod hold;
mod holidays;
mod properties;
mod schedule;
mod staffed;

use std::sync::LazyLock;

use jiff::{
    Timestamp, Zoned,
    civil::{Date, Weekday},
    tz::TimeZone,
};

use super::{Calendar, Clock, Holidays, Schedule};
use crate::program::{Clocks, Hours, LineOfBusiness, Opening, Programs, Span};

const WORK_WEEK: [Weekday; 5] =
    [Weekday::Monday, Weekday::Tuesday, Weekday::Wednesday, Weekday::Thursday, Weekday::Friday];

/// Commercial: New York, 08-21, week-ends 10-18, closed on holidays.
fn commercial() -> Calendar {
    let weekend = [Weekday::Saturday, Weekday::Sunday];
    let open = vec![opening(&WORK_WEEK, "08:00", "21:00"), opening(&weekend, "10:00", "18:00")];
    calendar("America/New_York", Hours { open, ..Hours::default() })
}

/// Medicare Advantage: Chicago, 08-20, Saturday 08-16, Sunday and holidays 08-13, on call.
fn medicare_advantage() -> Calendar {
    let open = vec![
        opening(&WORK_WEEK, "08:00", "20:00"),
        opening(&[Weekday::Saturday], "08:00", "16:00"),
        opening(&[Weekday::Sunday], "08:00", "13:00"),
    ];
    let holidays = Some(span("08:00", "13:00"));
    calendar("America/Chicago", Hours { open, holidays, on_call: true, ..Hours::default() })
}

/// New York, never staffed.
fn closed() -> Calendar {
    calendar("America/New_York", Hours::default())
}

fn calendar(zone: &str, hours: Hours) -> Calendar {
    Calendar::new(TimeZone::get(zone).unwrap(), hours, Holidays::default())
}

fn opening(days: &[Weekday], from: &str, to: &str) -> Opening {
    Opening { days: days.to_vec(), span: span(from, to) }
}

fn span(from: &str, to: &str) -> Span {
    Span { from: from.parse().unwrap(), to: to.parse().unwrap() }
}

/// `2026-03-06T10:00` in New York.
fn ny(wall: &str) -> Timestamp {
    at(wall, "America/New_York")
}

/// `2026-03-06T10:00` in Chicago.
fn chicago(wall: &str) -> Timestamp {
    at(wall, "America/Chicago")
}

fn at(wall: &str, zone: &str) -> Timestamp {
    format!("{wall}[{zone}]").parse::<Zoned>().unwrap().timestamp()
}

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

/// What ships: the clocks of commercial equipment, or of Medicare Advantage.
fn values(line: LineOfBusiness) -> Clocks {
    static PROGRAMS: LazyLock<Programs> = LazyLock::new(|| {
        let file = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        let commercial = include_str!("../../../../models/programs/dme_com.toml");
        let medicare = include_str!("../../../../models/programs/dme_ma.toml");
        Programs::parse([file("dme_com.toml", commercial), file("dme_ma.toml", medicare)]).unwrap()
    });
    let id = match line {
        LineOfBusiness::Commercial | LineOfBusiness::Any => "dme_com",
        LineOfBusiness::MedicareAdvantage => "dme_ma",
    };
    PROGRAMS.get(id).unwrap().clocks.clone().unwrap()
}

fn clock<'a>(schedule: &'a Schedule, name: &str) -> &'a Clock {
    schedule.clocks.iter().find(|clock| clock.name == name).unwrap()
}

fn names(schedule: &Schedule) -> Vec<&str> {
    schedule.clocks.iter().map(|clock| clock.name.as_ref()).collect()
}
