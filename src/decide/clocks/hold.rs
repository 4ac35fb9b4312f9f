//! Until when a hold letter asks for an answer.

use jiff::{Timestamp, Zoned};
use serde::Deserialize;

use super::{
    Allowance, Calendar, ClockError, Urgency, allowance::hours, before_calendar_days,
    before_elapsed,
};
use crate::program::LineOfBusiness;

/// The rules of holds for every line of business.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoldRules {
    /// Commercial.
    pub commercial: HoldRulesByUrgency,
    /// Medicare Advantage.
    pub medicare_advantage: HoldRulesByUrgency,
}

/// The rules of holds of one line of business.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoldRulesByUrgency {
    /// Standard requests.
    pub standard: HoldRule,
    /// Urgent requests.
    pub urgent: HoldRule,
}

/// How long a provider gets to answer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoldRule {
    /// The least time to answer, from when the letter is sent.
    pub minimum_response: Allowance,
    /// What the reviewers need between the answer and the limit.
    pub review_buffer: Buffer,
    /// Whether the law lets the clock stand still until the answer is due.
    pub may_pause: bool,
}

/// Time to keep free before a limit. In a model file: `review_buffer = { business_days = 1 }`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Buffer {
    /// Hours that nothing stops.
    ElapsedHours(u32),
    /// Days that keep the wall clock.
    CalendarDays(u16),
    /// Business days, whole ones: see [`Buffer::before`].
    BusinessDays(u16),
}

/// The answer to "until when", always in the zone of the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// When the least time to answer is over.
    pub earliest: Zoned,
    /// The last moment that leaves the reviewers their time; none if the request has no limit.
    pub latest: Option<Zoned>,
    /// What the letter says. None if nobody could take an answer between the letter and then.
    pub due: Option<Zoned>,
    /// The provider cannot get the least time to answer, or no time at all: pick up the phone.
    pub short_window: bool,
}

impl HoldRules {
    /// The rule for a request.
    pub fn rule(&self, line: LineOfBusiness, urgency: Urgency) -> &HoldRule {
        let rules = match line {
            LineOfBusiness::Commercial | LineOfBusiness::Any => &self.commercial,
            LineOfBusiness::MedicareAdvantage => &self.medicare_advantage,
        };
        match urgency {
            Urgency::Standard => &rules.standard,
            Urgency::Urgent => &rules.urgent,
        }
    }
}

impl HoldRule {
    /// Until when a letter sent now asks for an answer.
    ///
    /// `limit` is when the request must be decided, if it must. `calendar` is the program's; it
    /// counts the days and gives the zone. `channels` are the calendars of all ways to answer. A due
    /// moment at which all of them are closed is moved back to the last closing, never forward.
    /// Without any channel the due moment stays as it is: some way to answer never closes.
    pub fn hold(
        &self,
        letter_sent: Timestamp,
        limit: Option<Timestamp>,
        calendar: &Calendar,
        channels: &[Calendar],
    ) -> Result<Hold, ClockError> {
        let earliest = self.minimum_response.due(letter_sent, calendar)?;
        let latest = limit.map(|limit| self.review_buffer.before(limit, calendar)).transpose()?;
        let bound = latest.filter(|_| !self.may_pause);
        let wanted = bound.map_or(earliest, |latest| earliest.min(latest));
        let due = answerable(wanted, channels).filter(|due| *due > letter_sent);
        let zoned = |at: Timestamp| at.to_zoned(calendar.zone.clone());
        Ok(Hold {
            earliest: zoned(earliest),
            latest: latest.map(zoned),
            due: due.map(zoned),
            short_window: due.is_none() || bound.is_some_and(|latest| earliest > latest),
        })
    }
}

impl Hold {
    /// Whether the letter gives less than the least time to answer, be it for a limit that comes
    /// first or for closed channels. More often true than `short_window`.
    pub fn is_below_minimum(&self) -> bool {
        self.due.as_ref().is_none_or(|due| *due < self.earliest)
    }
}

impl Buffer {
    /// The last moment that leaves this much time before a limit.
    ///
    /// Business days keep the wall clock, from a business day to a business day: Friday 15:00 less
    /// one is Thursday 15:00. A limit on any other day counts as the end of the business day before
    /// it: Sunday less one is the end of Thursday, which leaves all of Friday.
    pub fn before(self, limit: Timestamp, calendar: &Calendar) -> Result<Timestamp, ClockError> {
        match self {
            Self::ElapsedHours(n) => before_elapsed(limit, hours(n)),
            Self::CalendarDays(n) => before_calendar_days(limit, n, &calendar.zone),
            Self::BusinessDays(n) => {
                business_days_before(limit, n, calendar).ok_or(ClockError::OutOfRange)
            }
        }
    }
}

fn business_days_before(limit: Timestamp, n: u16, calendar: &Calendar) -> Option<Timestamp> {
    let wall = calendar.zone.to_datetime(limit);
    let last = calendar.nth_business_day_before(wall.date(), 0)?;
    let day = calendar.nth_business_day_before(last, n)?;
    if last == wall.date() {
        calendar.instant(day.to_datetime(wall.time()))
    } else {
        calendar.end_of_business_day(day)
    }
}

/// The last moment up to here at which some channel takes answers.
fn answerable(wanted: Timestamp, channels: &[Calendar]) -> Option<Timestamp> {
    if channels.is_empty() {
        return Some(wanted);
    }
    channels.iter().filter_map(|channel| channel.last_staffed(wanted)).max()
}
