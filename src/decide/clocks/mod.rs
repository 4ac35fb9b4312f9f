//! When things are due: lanes, business hours, holidays, elapsed time.
//!
//! Everything here is pure. No function reads a clock or a file; instants come in and go out as
//! [`jiff::Timestamp`] (UTC), and a [`Calendar`] holds the zone in which hours and days are read.
//!
//! Four ways to measure time stand side by side, and an [`Allowance`] names one of them:
//!
//! * elapsed time, which nothing stops;
//! * calendar days, which keep the wall clock;
//! * staffed time, which runs only while the program is open;
//! * business days, Monday to Friday without holidays, each ending when the program closes.
//!
//! [`clocks_of`] lists the clocks of a document, [`HoldRule::hold`] finds the due time of a hold
//! letter, and [`RetroWindow`] says until when a request after the fact is in time. How old a visit
//! note may be is a question of extraction (`months_before` there).
//!
//! Nothing calls this yet. When it is called, `rows/redirect` hands its own window to
//! [`RetroWindow`], and the lanes here, which are finer, take those of the disposition in.

mod allowance;
mod business;
mod calendar;
mod clock;
mod elapsed;
mod error;
mod hold;
mod holidays;
mod intake;
mod lanes;
mod staffed;
mod values;
mod window;

#[cfg(test)]
mod tests;

pub use allowance::{Allowance, Basis};
pub use calendar::Calendar;
pub use clock::{Clock, Event, Kind, Mark, Start};
pub use elapsed::{after_calendar_days, after_elapsed, before_calendar_days, before_elapsed};
pub use error::ClockError;
pub use hold::{Buffer, Hold, HoldRule, HoldRules, HoldRulesByUrgency};
pub use holidays::{FederalHoliday, Holidays, federal_holidays};
pub use intake::{Completeness, Intake, Lane, Letter, Urgency};
pub use lanes::{Schedule, Unplaced, clocks_of};
pub use values::{
    CareValues, ErisaUrgentValues, ExpeditedValues, HoldValues, LaneValues, OxygenValues,
    RetroValues, StandardValues, UrgentValues,
};
pub use window::RetroWindow;
