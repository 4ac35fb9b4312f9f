//! A program's calendar: where it is, when it is open, which days are holidays.

use std::time::Duration;

use jiff::{
    Timestamp,
    civil::{Date, DateTime},
    tz::TimeZone,
};

use super::{Holidays, elapsed::between};
use crate::program::{Hours, Span};

/// Hours and holidays, read in a zone.
///
/// On a holiday only the holiday hours count; without holiday hours the program is closed. Being on
/// call is not being staffed. Hours with no opening at all are allowed: such a calendar is never
/// staffed, and the functions that look for an opening say so at once.
#[derive(Clone, Debug, PartialEq)]
pub struct Calendar {
    /// The zone of the wall clock.
    pub zone: TimeZone,
    /// When the program is open.
    pub hours: Hours,
    /// When the holiday hours apply, and which week days are no business days.
    pub holidays: Holidays,
}

/// A stretch of staffed time: open (inclusive) to close (exclusive), never empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) open: Timestamp,
    pub(super) close: Timestamp,
}

impl Stretch {
    pub(super) fn length(self) -> Duration {
        between(self.open, self.close)
    }
}

impl Calendar {
    /// A calendar of these parts.
    pub fn new(zone: TimeZone, hours: Hours, holidays: Holidays) -> Self {
        Self { zone, hours, holidays }
    }

    /// The date that the wall clock shows at an instant.
    pub fn date_of(&self, at: Timestamp) -> Date {
        self.zone.to_datetime(at).date()
    }

    /// The instant at which the wall clock shows this.
    ///
    /// A time skipped in spring is moved forward by what was skipped (02:30 becomes 03:30); of a
    /// time shown twice in autumn the first counts. `None` only at the ends of time.
    pub(super) fn instant(&self, wall: DateTime) -> Option<Timestamp> {
        self.zone.to_ambiguous_timestamp(wall).compatible().ok()
    }

    /// Whether no opening is ever to be found: no hours on any day, holidays included.
    pub(super) fn never_staffed(&self) -> bool {
        let weekly = self.hours.open.iter().filter(|opening| !opening.days.is_empty());
        !weekly
            .map(|opening| opening.span)
            .chain(self.hours.holidays)
            .any(|span| span.from < span.to)
    }

    /// The staffed stretches of a date by their opening. They may overlap if the hours do.
    pub(super) fn stretches_on(&self, date: Date) -> Vec<Stretch> {
        let mut stretches: Vec<_> =
            self.spans_on(date).into_iter().filter_map(|span| self.stretch(date, span)).collect();
        stretches.sort_by_key(|stretch| stretch.open);
        stretches
    }

    fn spans_on(&self, date: Date) -> Vec<Span> {
        if self.holidays.contains(date) {
            return self.hours.holidays.into_iter().collect();
        }
        let today = self.hours.open.iter().filter(|opening| opening.days.contains(&date.weekday()));
        today.map(|opening| opening.span).collect()
    }

    fn stretch(&self, date: Date, span: Span) -> Option<Stretch> {
        let open = self.instant(date.to_datetime(span.from))?;
        let close = self.instant(date.to_datetime(span.to))?;
        (open < close).then_some(Stretch { open, close })
    }
}
