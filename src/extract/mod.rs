//! Station 4: words become findings, every one with its evidence.
//!
//! Pure: no clock, no disk, no program. The page is cut into cells and rows
//! ([`layout`]), labels and phrases are found in it ([`labels`], [`phrase`]),
//! each kind of finding has a file of its own that looks for it, and
//! [`Extractor::extract`] calls them in turn. What a value looks like, and
//! what words announce it, stands in `models/cues/` ([`cues`]).
//!
//! A value is believed as far as its words were read well, its label is
//! clear, its check passes and its pages agree ([`sighting`]); what that was
//! worth when it was measured is what is stated ([`calibration`]). What is not
//! believed enough is noted, never listed; what a second look could settle is
//! asked for in [`findings::Extracted::questions`] ([`second_look`]). Where a
//! label's value stands, beside it or under it, is told in [`values`]; papers
//! that have all labels beneath in [`beneath`]; the boxes of a question in
//! [`choice`].

mod about;
mod beneath;
mod blocks;
mod calendar;
mod calibration;
mod checklist;
mod choice;
pub mod corrections;
pub mod cues;
mod dates;
mod earlier_use;
mod edits;
mod extractor;
pub mod findings;
mod hcpcs;
mod icd10;
mod kinds;
mod labels;
mod layout;
mod letterhead;
pub mod listings;
mod look_alikes;
mod member;
mod names;
mod numbers;
mod paper;
mod parts;
mod patient;
mod payers;
mod pending;
mod phones;
mod phrase;
mod providers;
mod references;
mod second_look;
mod shapes;
mod sighting;
mod signatures;
mod tick;
mod transmissions;
mod urgent;
mod values;

#[cfg(test)]
pub(crate) mod tests;

pub use cues::{CueError, Cues};
pub use extractor::Extractor;
