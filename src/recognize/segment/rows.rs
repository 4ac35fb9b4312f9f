//! Strips side by side make a row; rows are read from the top.

use super::Strip;
use super::chains::{Chain, shared_rows};
use super::pieces::Pieces;

/// Strips of one row share so much of the lower one's height.
const SAME_ROW: f32 = 0.5;
/// Less ink than this is no text: a full stop has about nine pixels.
const LEAST_INK: usize = 24;

/// Chains as strips in reading order.
pub fn in_order(mut chains: Vec<Chain>, pieces: &Pieces) -> Vec<Strip> {
    chains.retain(|chain| {
        chain.pieces.iter().map(|&i| pieces.blobs[i].count).sum::<usize>() >= LEAST_INK
    });
    chains.sort_by_key(|chain| (chain.area.y0 + chain.area.y1, chain.area.x0));
    let mut rows: Vec<Vec<Chain>> = Vec::new();
    for chain in chains {
        // The last few rows only: what is sorted by its middle cannot belong
        // far up.
        let found = rows.iter_mut().rev().take(4).find(|row| fits(row, &chain));
        match found {
            Some(row) => row.push(chain),
            None => rows.push(vec![chain]),
        }
    }
    rows.sort_by_key(|row| row.iter().map(|c| c.area.y0 + c.area.y1).sum::<usize>() / row.len());
    let mut strips = Vec::new();
    for (number, mut row) in rows.into_iter().enumerate() {
        row.sort_by_key(|chain| chain.area.x0);
        strips.extend(row.into_iter().map(|chain| Strip {
            area: chain.area,
            pieces: chain.pieces,
            row: number,
        }));
    }
    strips
}

/// Whether a chain stands on this row and beside all that is there.
fn fits(row: &[Chain], chain: &Chain) -> bool {
    row.iter().all(|other| {
        let low = other.area.height().min(chain.area.height());
        let beside = other.area.x1 <= chain.area.x0 + low || chain.area.x1 <= other.area.x0 + low;
        beside && shared_rows(&other.area, &chain.area) as f32 >= SAME_ROW * low as f32
    })
}
