//! When a program is staffed: wall clock in its zone, all year round.

use jiff::civil::{Date, Time, Weekday};
use serde::Serialize;

/// Opening hours. Clocks are computed from them elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Hours {
    /// By day of the week.
    pub open: Vec<Opening>,
    /// On holidays, if staffed then.
    pub holidays: Option<Span>,
    /// Whether somebody is on call at all other times.
    pub on_call: bool,
    /// Days on which it closes besides the federal holidays.
    pub plan_days: Vec<Date>,
}

/// The same hours on some days of the week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Opening {
    /// In the order written.
    #[serde(serialize_with = "day_names")]
    pub days: Vec<Weekday>,
    /// From and to.
    #[serde(flatten)]
    pub span: Span,
}

/// From (inclusive) to (exclusive), wall clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Span {
    /// Opens.
    pub from: Time,
    /// Closes; always later.
    pub to: Time,
}

const DAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Monday),
    ("tue", Weekday::Tuesday),
    ("wed", Weekday::Wednesday),
    ("thu", Weekday::Thursday),
    ("fri", Weekday::Friday),
    ("sat", Weekday::Saturday),
    ("sun", Weekday::Sunday),
];

/// `mon` to `sun`.
pub(super) fn parse_day(text: &str) -> Option<Weekday> {
    DAYS.iter().find(|(name, _)| *name == text).map(|(_, day)| *day)
}

/// `mon` to `sun`.
pub(super) fn day_name(day: Weekday) -> &'static str {
    DAYS[usize::try_from(day.to_monday_zero_offset()).unwrap_or(0)].0
}

fn day_names<S: serde::Serializer>(days: &[Weekday], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(days.iter().map(|day| day_name(*day)))
}

/// `HH:MM`.
pub(super) fn parse_time(text: &str) -> Option<Time> {
    (text.len() == 5).then(|| text.parse().ok()).flatten()
}
