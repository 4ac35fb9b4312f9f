//! Which dates are holidays: federal ones, their observed days, and days a plan adds.

use std::collections::BTreeSet;

use jiff::civil::{Date, Weekday};
use serde::Deserialize;

/// Federal holidays of every year, and the days on which a plan closes besides.
///
/// A holiday that falls on a week-end counts twice: on its own date and on the day it is observed.
/// In model files dates are strings: `plan_days = ["2026-11-27"]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holidays {
    /// Days added by the plan, such as the day after Thanksgiving.
    #[serde(default)]
    pub plan_days: BTreeSet<Date>,
}

impl Holidays {
    /// Federal holidays and these plan days.
    pub fn with_plan_days(plan_days: impl IntoIterator<Item = Date>) -> Self {
        Self { plan_days: plan_days.into_iter().collect() }
    }

    /// Whether the date is a holiday, observed as one, or a plan day.
    pub fn contains(&self, date: Date) -> bool {
        // New Year's Day of the next year may be observed on December 31 of this one.
        let years = [Some(date.year()), date.year().checked_add(1)];
        self.plan_days.contains(&date)
            || years
                .into_iter()
                .flatten()
                .flat_map(federal_holidays)
                .any(|holiday| holiday.date == date || holiday.observed == date)
    }
}

/// One federal holiday of one year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FederalHoliday {
    /// As the statute names it.
    pub name: &'static str,
    /// The day itself.
    pub date: Date,
    /// The day off: Friday for a Saturday, Monday for a Sunday, else the day itself.
    pub observed: Date,
}

/// How the law fixes a holiday in the year.
enum Rule {
    /// Month and day.
    Fixed(i8, i8),
    /// Month, n-th (-1: the last), day of the week.
    Nth(i8, i8, Weekday),
}

/// Name, first year, rule: 5 U.S.C. 6103(a). Inauguration Day, (c), is a day off only around
/// Washington, so it is not here.
const FEDERAL: [(&str, i16, Rule); 11] = [
    ("New Year's Day", i16::MIN, Rule::Fixed(1, 1)),
    ("Birthday of Martin Luther King, Jr.", 1986, Rule::Nth(1, 3, Weekday::Monday)),
    ("Washington's Birthday", i16::MIN, Rule::Nth(2, 3, Weekday::Monday)),
    ("Memorial Day", i16::MIN, Rule::Nth(5, -1, Weekday::Monday)),
    ("Juneteenth National Independence Day", 2021, Rule::Fixed(6, 19)),
    ("Independence Day", i16::MIN, Rule::Fixed(7, 4)),
    ("Labor Day", i16::MIN, Rule::Nth(9, 1, Weekday::Monday)),
    ("Columbus Day", i16::MIN, Rule::Nth(10, 2, Weekday::Monday)),
    ("Veterans Day", i16::MIN, Rule::Fixed(11, 11)),
    ("Thanksgiving Day", i16::MIN, Rule::Nth(11, 4, Weekday::Thursday)),
    ("Christmas Day", i16::MIN, Rule::Fixed(12, 25)),
];

/// The federal holidays of a year, in its order, by the rules in force since 1978.
///
/// They belong to the year of their own date: New Year's Day 2022 is in 2022, though it was
/// observed on 2021-12-31. A year that cannot be written has none.
pub fn federal_holidays(year: i16) -> impl Iterator<Item = FederalHoliday> {
    FEDERAL.iter().filter(move |(_, since, _)| year >= *since).filter_map(move |(name, _, rule)| {
        let date = rule.date(year)?;
        Some(FederalHoliday { name, date, observed: observed(date)? })
    })
}

impl Rule {
    fn date(&self, year: i16) -> Option<Date> {
        match *self {
            Self::Fixed(month, day) => Date::new(year, month, day).ok(),
            Self::Nth(month, nth, weekday) => {
                Date::new(year, month, 1).ok()?.nth_weekday_of_month(nth, weekday).ok()
            }
        }
    }
}

fn observed(date: Date) -> Option<Date> {
    match date.weekday() {
        Weekday::Saturday => date.yesterday().ok(),
        Weekday::Sunday => date.tomorrow().ok(),
        _ => Some(date),
    }
}
