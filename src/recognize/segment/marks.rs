//! Dots, commas, hyphens, splinters and overgrown pieces go to the chains they
//! stand in.

use super::super::ink::Area;
use super::chains::{Chain, around, shared_rows};
use super::pieces::Pieces;

/// How far beside a chain a mark may stand, in heights of its middle letter.
const ASIDE: f32 = 1.0;
/// How far above its letters: the dot of an i, an accent.
const ABOVE: f32 = 0.45;
/// How far below: a comma's tail, an underscore.
const BELOW: f32 = 0.35;

/// Gives each small piece, and each of `dots`, to the chain it stands in, if
/// any, and each overgrown one to all chains it runs into.
pub fn attach(pieces: &Pieces, dots: &[usize], chains: &mut [Chain]) {
    let bands: Vec<(Area, f32)> =
        chains.iter().map(|chain| (chain.area, chain.height as f32)).collect();
    let shelves = Shelves::of(&bands);
    for &place in pieces.small.iter().chain(dots) {
        let mark = &pieces.blobs[place].area;
        if let Some(nearest) = shelves.nearest(mark, &bands) {
            chains[nearest].pieces.push(place);
            // A mark within the band may widen the chain; it never makes it
            // higher.
            let area = &mut chains[nearest].area;
            *area = Area { y0: area.y0, y1: area.y1, ..around(area, mark) };
        }
    }
    for &place in &pieces.large {
        let large = &pieces.blobs[place].area;
        for chain in chains.iter_mut() {
            let inside = large.x0 <= chain.area.x1
                && chain.area.x0 <= large.x1
                && 2 * shared_rows(&chain.area, large) > chain.area.height();
            if inside && large.height() < 4 * chain.area.height() {
                chain.pieces.push(place);
                chain.area =
                    Area { y0: chain.area.y0, y1: chain.area.y1, ..around(&chain.area, large) };
            }
        }
    }
}

/// Chains by the rows they reach over, so that a page of dirt is not compared
/// with every line.
struct Shelves {
    shelves: Vec<Vec<usize>>,
}

const SHELF: usize = 32;

impl Shelves {
    fn of(bands: &[(Area, f32)]) -> Self {
        let mut shelves: Vec<Vec<usize>> = Vec::new();
        for (index, (area, height)) in bands.iter().enumerate() {
            let first = area.y0.saturating_sub((ABOVE * height) as usize + 1) / SHELF;
            let last = (area.y1 + (BELOW * height) as usize + 1) / SHELF;
            shelves.resize_with(shelves.len().max(last + 1), Vec::new);
            for shelf in &mut shelves[first..=last] {
                shelf.push(index);
            }
        }
        Self { shelves }
    }

    fn nearest(&self, mark: &Area, bands: &[(Area, f32)]) -> Option<usize> {
        let (x, y) = ((mark.x0 + mark.x1) as f32 / 2.0, (mark.y0 + mark.y1) as f32 / 2.0);
        let shelf = self.shelves.get(y as usize / SHELF)?;
        let distance = |index: usize| {
            let (area, height) = &bands[index];
            let above = area.y0 as f32 - ABOVE * height;
            let below = area.y1 as f32 + BELOW * height;
            let aside = ASIDE * height;
            let near = y >= above
                && y <= below
                && mark.x1 as f32 >= area.x0 as f32 - aside
                && mark.x0 as f32 <= area.x1 as f32 + aside;
            let outside = (area.x0 as f32 - x).max(x - area.x1 as f32).max(0.0);
            let off = (y - (area.y0 + area.y1) as f32 / 2.0).abs();
            near.then_some(outside + off)
        };
        shelf
            .iter()
            .filter_map(|&index| distance(index).map(|far| (far, index)))
            .min_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, index)| index)
    }
}
