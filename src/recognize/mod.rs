//! Station 3: pages become words, tick boxes and header strips with boxes in
//! the coordinates of the upright page.
//!
//! The way of a scanned page, one file a step:
//!
//! 1. `geometry`: square pixels, 204 to the inch; `sheet`: even paper,
//!    ink told from paper.
//! 2. `header`: the sending machine's strip is read, parsed and taken off.
//! 3. `blank`: is anything left?
//! 4. `orientation`: upright, sideways, upside down; never turned on weak
//!    evidence.
//! 5. `skew`: made straight; boxes are carried back afterwards.
//! 6. `marks`: tick boxes are found, judged and later given their labels.
//! 7. `clean`: bars inverted (`bars`), specks (`despeckle`), ruled lines
//!    (`rules`) and the boxes themselves taken away, then smoothed (`smooth`).
//! 8. `effort`: quickly, carefully, or again in harder ways; `native`:
//!    Tesseract reads; `lines` makes lines of its words; `quality`
//!    says how well it went.
//!
//! Barcodes and QR codes (`codes`) are looked for on the page as it came.
//!
//! A page with a text layer takes its words from there (`layer`, `typed`), and
//! its boxes too unless pictures or drawings have to be looked at. `questions`
//! reads single places again.
//!
//! What this station does not do: it knows no word, code or form; it decides
//! nothing; it keeps nothing from one page to the next.

mod bars;
mod blank;
mod clean;
mod codes;
mod config;
mod despeckle;
mod effort;
mod error;
pub mod fax;
mod geometry;
mod header;
mod ink;
mod layer;
mod lines;
pub mod manifest;
mod marks;
mod native;
mod orientation;
mod quality;
mod questions;
pub mod recognized;
mod recognizer;
mod rules;
mod sheet;
mod skew;
mod smooth;
#[cfg(test)]
mod tests;
mod typed;

pub use config::Config;
pub use effort::Effort;
pub use error::RecognizeError;
pub use recognizer::{Recognizer, upright};
