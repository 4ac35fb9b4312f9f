//! Station 6: a searchable packet and a manifest.
//!
//! [`result()`] and [`manifest()`] put the outcomes of the earlier stations into
//! the JSON of the outside contract; a [`Binder`] binds the pages into
//! `packet.pdf`: a summary, then every page upright as it came, with the words
//! read laid invisibly over it so that it can be searched and copied.
//!
//! This station writes no file, asks no clock and decides nothing; what it is
//! handed is what it says.

mod binder;
pub mod manifest;
pub mod packet;
mod pdf;
pub mod result;
mod summary;

pub use binder::{AssembleError, Binder, Cut};
pub use manifest::{HistoryEntry, Identity, manifest};
pub use result::{DocumentFacts, ModelDigests, Outcome, Timing, result};
pub use summary::Summary;
