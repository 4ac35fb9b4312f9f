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
#[cfg(test)]
mod tests;

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

impl Strip {
    /// First and last-plus-one row of its ink between two columns; of the whole
    /// strip where there is none.
    pub fn rows_between(&self, blobs: &[Blob], left: f32, right: f32) -> (f32, f32) {
        let across = |blob: &Blob| (blob.area.x0 as f32) < right && blob.area.x1 as f32 > left;
        let areas = self.pieces.iter().map(|&piece| &blobs[piece]).filter(|blob| across(blob));
        let rows = areas.map(|blob| (blob.area.y0, blob.area.y1));
        // A picture that runs into the line is as high as itself.
        let (top, bottom) = rows.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))).map_or(
            (self.area.y0, self.area.y1),
            |(top, bottom)| {
                let room = self.area.height() / 3;
                (top.max(self.area.y0.saturating_sub(room)), bottom.min(self.area.y1 + room))
            },
        );
        (top as f32, bottom.max(top + 1) as f32)
    }
}

/// The page's pieces and the strips made of them, in reading order. `ruled`
/// holds the ruled lines that were taken off the page: no strip runs across an
/// upright one.
pub fn strips(ink: &Ink, mut ruled: Ink) -> (Vec<Blob>, Vec<Strip>) {
    let pieces = Pieces::of(ink);
    for &(y, x0, x1) in pieces.rules.iter().flat_map(|&place| &pieces.blobs[place].runs) {
        ruled.set(y, x0, x1, true);
    }
    for upright in &pieces.dotted {
        for y in upright.y0..upright.y1 {
            ruled.set(y, upright.x0, upright.x1, true);
        }
    }
    let (mut chains, dots) = chains::belittled(chains::linked(&pieces, &ruled), &pieces.blobs);
    marks::attach(&pieces, &dots, &mut chains);
    let chains = chains::closed_up(chains, &ruled);
    let strips = rows::in_order(chains, &pieces);
    (pieces.blobs, strips)
}
