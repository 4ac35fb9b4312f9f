//! How well documents are read and judged, measured against what is known of
//! them: `intake eval`.
//!
//! ```text
//!  NAME.truth.json ──▶ Truth ──┐
//!                              ├─▶ compare ─▶ Comparison ─▶ Tally ─▶ report
//!  NAME.tif ─▶ intake ─▶ result┘
//! ```
//!
//! A result is compared as the outside contract shows it (`intake.result/1`),
//! so that what is measured is what others get. Only what a truth states is
//! scored: a key that it leaves out is not known, an empty list or `null` says
//! that there is none.
//!
//! Pure: no clock, no disk. The command line finds the files and has them read.

mod compare;
mod nearest;
mod report;
mod tally;
#[cfg(test)]
mod tests;
mod truth;

pub use compare::{Comparison, Verdict, compare};
pub use report::report;
pub use tally::{Counts, Group, Tally, share};
pub use truth::{Truth, schema};
