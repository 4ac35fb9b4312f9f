//! Business days: Monday to Friday without holidays, each ending when the program closes.

use std::iter;

use jiff::{
    Timestamp,
    civil::{Date, DateTime, Time, Weekday},
};

use super::Calendar;

impl Calendar {
    /// Whether the date is Monday to Friday and neither a holiday nor a plan day.
    ///
    /// Hours do not matter: a program that is open on Saturday still has no business day then.
    pub fn is_business_day(&self, date: Date) -> bool {
        let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        !weekend && !self.holidays.contains(date)
    }

    /// The business day a moment counts for.
    ///
    /// That is its own date if this is a business day not yet over (before opening counts too),
    /// else the next one. From the very moment of closing on, it is the next one.
    /// `None` only at the end of time.
    pub fn business_day_of(&self, at: Timestamp) -> Option<Date> {
        let date = self.date_of(at);
        if self.is_business_day(date) && at < self.end_of_business_day(date)? {
            Some(date)
        } else {
            self.nth_business_day_after(date, 1)
        }
    }

    /// The n-th business day after a date, which itself is never counted.
    ///
    /// With zero it is the date itself or, if that is no business day, the next one.
    /// `None` only at the end of time.
    pub fn nth_business_day_after(&self, date: Date, n: u16) -> Option<Date> {
        let mut days = iter::successors(Some(date), |day| day.tomorrow().ok())
            .filter(|day| self.is_business_day(*day));
        match n.checked_sub(1) {
            None => days.next(),
            Some(skipped) => days.filter(|day| *day > date).nth(usize::from(skipped)),
        }
    }

    /// The n-th business day before a date, which itself is never counted; with zero it is the date
    /// itself or, if that is no business day, the one before it. `None` only at the start of time.
    pub fn nth_business_day_before(&self, date: Date, n: u16) -> Option<Date> {
        let mut days = iter::successors(Some(date), |day| day.yesterday().ok())
            .filter(|day| self.is_business_day(*day));
        match n.checked_sub(1) {
            None => days.next(),
            Some(skipped) => days.filter(|day| *day < date).nth(usize::from(skipped)),
        }
    }

    /// When a date ends for business: at the last closing that day, or, where no hours are given
    /// for the day, at the midnight that ends it.
    ///
    /// Closing, because what comes later counts for the next day (see [`Self::business_day_of`]);
    /// one rule for both ends keeps a moment from being late and early at once.
    /// `None` only at the end of time.
    pub fn end_of_business_day(&self, date: Date) -> Option<Timestamp> {
        let closing = self.stretches_on(date).into_iter().map(|stretch| stretch.close).max();
        closing.or_else(|| self.end_of_date(date))
    }

    /// The end of the n-th business day after a date: "within one business day after care began".
    ///
    /// The date counts as a date. Where a moment counts for a later business day, ask
    /// [`Self::business_day_of`] first.
    pub fn within_business_days_after(&self, date: Date, n: u16) -> Option<Timestamp> {
        self.end_of_business_day(self.nth_business_day_after(date, n)?)
    }

    /// The midnight that ends a date.
    pub(super) fn end_of_date(&self, date: Date) -> Option<Timestamp> {
        self.instant(DateTime::from_parts(date.tomorrow().ok()?, Time::midnight()))
    }

    /// The same calendar cut down to business days: no week-end hours, no holiday hours.
    pub(super) fn on_business_days(&self) -> Self {
        let mut calendar = self.clone();
        calendar.hours.holidays = None;
        for opening in &mut calendar.hours.open {
            opening.days.retain(|day| !matches!(day, Weekday::Saturday | Weekday::Sunday));
        }
        calendar
    }
}
