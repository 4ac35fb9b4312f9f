//! Cuts a clean, upright page into strips of text: runs of words on one line
//! that stand so close that they are read together. Columns and table cells
//! come out as strips of their own; a form's label and its value may be one
//! strip or two, on the same row.
//!
//! 1. `pieces`: connected ink, told into letters and small marks; splinters of
//!    faint letters are gathered.
//! 2. `chains`: letters beside each other are linked; a chain that climbed
//!    over into the next line is cut again.
//! 3. `marks`: dots, commas, hyphens and splinters go to the chain they stand
//!    in.
//! 4. `rows`: strips of one height make a row, read from left to right.
//!
//! What a strip shows is its own ink alone: what hangs in from the lines above
//! and below stays there.

mod chains;
mod marks;
mod pieces;
mod rows;

use super::ink::{Area, Blob, Ink};

pub use pieces::Pieces;

/// A run of text on one line.
#[derive(Clone, Debug)]
pub struct Strip {
    /// Around its ink.
    pub area: Area,
    /// Its pieces, by their place in the page's pieces.
    pub pieces: Vec<usize>,
    /// Strips with the same number stand on one row; rows count from the top.
    pub row: usize,
}

/// The page's pieces and the strips made of them, in reading order. `ruled`
/// holds the ruled lines that were taken off the page: no strip runs across an
/// upright one.
pub fn strips(ink: &Ink, ruled: &Ink) -> (Vec<Blob>, Vec<Strip>) {
    let pieces = Pieces::of(ink);
    let (mut chains, dots) = chains::belittled(chains::linked(&pieces, ruled));
    marks::attach(&pieces, &dots, &mut chains);
    let chains = chains::closed_up(chains, ruled);
    let strips = rows::in_order(chains, &pieces);
    (pieces.blobs, strips)
}
