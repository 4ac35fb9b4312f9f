//! Station 3: pages become words, tick boxes and header strips with boxes in
//! the coordinates of the upright page.
//!
//! The way of a scanned page, one file a step:
//!
//! 1. `photo`: a sheet that was photographed is laid flat; `geometry`: square
//!    pixels, 204 to the inch; `sheet`: even paper, ink told from paper.
//! 2. `header`: the sending machine's strip is read, parsed and taken off.
//! 3. `blank`: is anything left?
//! 4. `orientation`: upright, sideways, upside down; never turned on weak
//!    evidence, and looked at again if the page reads poorly.
//! 5. `skew`: made straight; boxes are carried back afterwards.
//! 6. `marks`: tick boxes are found by their ink and judged; later joined with
//!    those that were read as characters, and given their labels.
//! 7. `clean`: bars inverted (`bars`), specks (`despeckle`), ruled lines
//!    (`rules`) and the teeth of `combs` taken away, for Tesseract the boxes as
//!    well.
//! 8. `segment`: the page is cut into strips of text; `crop`: their pixels.
//! 9. `effort`: who reads, and what is done about a page that comes out poor
//!    (`tesseract_only` where that is chosen); `engines`: our own line reader
//!    (`fax`) and Tesseract (`native`, shown a page that `smooth` has
//!    prepared), whose words (`reading`) `overlay` makes one reading of and
//!    `lines` puts into lines; `quality` says how well it went. `stamps` reads
//!    what stands at an angle.
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
mod combs;
mod config;
mod crop;
mod cut;
mod despeckle;
mod effort;
mod engines;
mod error;
pub mod fax;
mod geometry;
mod header;
mod ink;
mod layer;
mod letters;
mod lines;
pub mod manifest;
mod marks;
mod native;
mod orientation;
mod overlay;
mod photo;
mod quality;
mod questions;
mod reading;
pub mod recognized;
mod recognizer;
mod rules;
mod segment;
mod sheet;
mod skew;
mod smooth;
mod stamps;
mod tesseract_only;
#[cfg(test)]
mod tests;
mod typed;

pub use config::Config;
pub use cut::Cut;
pub use effort::Effort;
pub use engines::Choice;
pub use error::RecognizeError;
pub use recognizer::{Recognizer, upright};
