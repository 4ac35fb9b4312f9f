//! When things are due: lanes, business hours, holidays, elapsed time.
//!
//! Everything here is pure. No function reads a clock or a file; instants come in and go out as
//! [`jiff::Timestamp`] (UTC), and a [`Calendar`] holds the zone in which hours and days are read.
//!
//! Four ways to measure time stand side by side, and an [`Allowance`](crate::program::Allowance) of a
//! program model names one of them:
//!
//! * elapsed time, which nothing stops;
//! * calendar days, which keep the wall clock;
//! * staffed time, which runs only while the program is open;
//! * business days, Monday to Friday without holidays, each ending when the program closes.
//!
//! [`clocks_of`] lists the clocks of a document, [`Hold::of`] finds the due time of a hold
//! letter, and [`RetroWindow`] says until when a request after the fact is in time. How old a visit
//! note may be is a question of extraction (`months_before` there).

mod business;
mod calendar;
mod clock;
mod due;
mod elapsed;
mod error;
mod hold;
mod holidays;
mod intake;
mod schedule;
mod staffed;
mod window;

#[cfg(test)]
mod tests;

pub use calendar::Calendar;
pub use clock::{Clock, Event, Kind, Mark, Start};
pub use elapsed::{after_calendar_days, after_elapsed, before_calendar_days, before_elapsed};
pub use error::ClockError;
pub use hold::{Hold, rule};
pub use holidays::{FederalHoliday, Holidays, federal_holidays};
pub use intake::{Completeness, Intake, Letter, Track, Urgency};
pub use schedule::{Schedule, Unplaced, clocks_of};
pub use window::RetroWindow;
