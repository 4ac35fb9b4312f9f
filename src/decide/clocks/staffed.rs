//! Staffed time: it passes only while the program is open.

use std::{iter, time::Duration};

use jiff::{Timestamp, civil::Date};

use super::{
    Calendar, ClockError,
    calendar::Stretch,
    elapsed::{after_elapsed, between},
};

impl Calendar {
    /// Whether somebody is at work at this instant. At closing nobody is any more.
    pub fn is_staffed(&self, at: Timestamp) -> bool {
        self.next_opening(at) == Some(at)
    }

    /// The first staffed instant from here on: the instant itself, or the next opening.
    ///
    /// `None` if the calendar is never staffed, or not again before the end of time.
    pub fn next_opening(&self, at: Timestamp) -> Option<Timestamp> {
        self.stretches_from(at).next().map(|stretch| stretch.open)
    }

    /// The last instant up to here at which somebody is at work: the instant itself, or the last
    /// closing. Closing counts, as what is handed in until then is handed in on time.
    ///
    /// `None` if the calendar is never staffed, or was not since the start of time.
    pub fn last_staffed(&self, at: Timestamp) -> Option<Timestamp> {
        if self.never_staffed() {
            return None;
        }
        days_back_from(self.date_of(at)).find_map(|date| {
            let begun = self.stretches_on(date).into_iter().filter(|stretch| stretch.open <= at);
            begun.map(|stretch| stretch.close.min(at)).max()
        })
    }

    /// The earliest instant by which this much staffed time has passed.
    ///
    /// Time that ends with the day is due at closing, not at the next opening. No time at all is
    /// due at once if staffed, else at the next opening.
    pub fn add_staffed(&self, from: Timestamp, time: Duration) -> Result<Timestamp, ClockError> {
        if self.never_staffed() {
            return Err(ClockError::NeverStaffed);
        }
        // Staffed time is never faster than elapsed time; this spares a walk to the end of time.
        after_elapsed(from, time)?;
        let mut left = time;
        for stretch in self.stretches_from(from) {
            match left.checked_sub(stretch.length()) {
                Some(rest) if !rest.is_zero() => left = rest,
                _ => return after_elapsed(stretch.open, left),
            }
        }
        Err(ClockError::OutOfRange)
    }

    /// The staffed time between two instants; none if they are in the wrong order.
    pub fn staffed_between(&self, from: Timestamp, to: Timestamp) -> Duration {
        self.stretches_from(from)
            .take_while(|stretch| stretch.open < to)
            .map(|stretch| between(stretch.open, stretch.close.min(to)))
            .sum()
    }

    /// All staffed stretches from an instant on, in order and without overlap. The first is cut to
    /// begin at the instant if that is staffed.
    fn stretches_from(&self, from: Timestamp) -> impl Iterator<Item = Stretch> {
        // A closing time skipped in spring may reach past midnight, so yesterday is looked at too.
        let today = self.date_of(from);
        let first = (!self.never_staffed()).then(|| today.yesterday().unwrap_or(today));
        days_from(first).flat_map(|date| self.stretches_on(date)).scan(from, cut).flatten()
    }
}

/// What of the stretch lies after the instant up to which all is told; moves that instant.
/// Always `Some`, as `scan` ends at `None`.
fn cut(told: &mut Timestamp, stretch: Stretch) -> Option<Option<Stretch>> {
    let open = stretch.open.max(*told);
    *told = stretch.close.max(*told);
    Some((open < stretch.close).then_some(Stretch { open, ..stretch }))
}

fn days_from(first: Option<Date>) -> impl Iterator<Item = Date> {
    iter::successors(first, |date| date.tomorrow().ok())
}

fn days_back_from(last: Date) -> impl Iterator<Item = Date> {
    iter::successors(Some(last), |date| date.yesterday().ok())
}
