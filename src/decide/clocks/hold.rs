//! Until when a hold letter asks for an answer.

use jiff::{Timestamp, Zoned};

use super::{Calendar, ClockError, Urgency};
use crate::program::{HoldClocks, HoldRule};

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

/// The rule for a request.
pub fn rule(clocks: &HoldClocks, urgency: Urgency) -> &HoldRule {
    match urgency {
        Urgency::Standard => &clocks.standard,
        Urgency::Urgent => &clocks.urgent,
    }
}

impl Hold {
    /// Until when a letter sent now asks for an answer.
    ///
    /// `limit` is when the request must be decided, if it must. `calendar` is the program's; it
    /// counts the days and gives the zone. `channels` are the calendars of all ways to answer. A due
    /// moment at which all of them are closed is moved back to the last closing, never forward.
    /// Without any channel the due moment stays as it is: some way to answer never closes.
    pub fn of(
        rule: &HoldRule,
        letter_sent: Timestamp,
        limit: Option<Timestamp>,
        calendar: &Calendar,
        channels: &[Calendar],
    ) -> Result<Self, ClockError> {
        let earliest = calendar.due(rule.minimum_response, letter_sent)?;
        let latest = limit.map(|limit| calendar.before(limit, rule.review_buffer)).transpose()?;
        let bound = latest.filter(|_| !rule.may_pause);
        let wanted = bound.map_or(earliest, |latest| earliest.min(latest));
        let due = answerable(wanted, channels).filter(|due| *due > letter_sent);
        let zoned = |at: Timestamp| at.to_zoned(calendar.zone.clone());
        Ok(Self {
            earliest: zoned(earliest),
            latest: latest.map(zoned),
            due: due.map(zoned),
            short_window: due.is_none() || bound.is_some_and(|latest| earliest > latest),
        })
    }

    /// Whether the letter gives less than the least time to answer, be it for a limit that comes
    /// first or for closed channels. More often true than `short_window`.
    pub fn is_below_minimum(&self) -> bool {
        self.due.as_ref().is_none_or(|due| *due < self.earliest)
    }
}

/// The last moment up to here at which some channel takes answers.
fn answerable(wanted: Timestamp, channels: &[Calendar]) -> Option<Timestamp> {
    if channels.is_empty() {
        return Some(wanted);
    }
    channels.iter().filter_map(|channel| channel.last_staffed(wanted)).max()
}
