//! The pieces of ink of a page and what stands beside a place: letters have
//! neighbours at a letter's distance, boxes do not.

use crate::recognize::ink::{Area, Blob, Ink, blobs};

/// A piece with fewer pixels than this is a speck and nobody's neighbour.
const LEAST_INK: usize = 13;
/// Nor is one lower than this, in pixels.
const LEAST_HEIGHT: usize = 6;
/// Share of a place's height that a piece beside it must share.
const BESIDE: f32 = 0.35;
/// A piece that crosses a place is a tick where it is this much higher than
/// the place …
const HOOK: f32 = 1.25;
/// … or reaches out of it no further than this share of its width; else it is
/// a letter that was cut.
const OUT: f32 = 0.2;
/// A letter is so many times as high as its bowl: S, B, 3, 8.
const BOWL: std::ops::RangeInclusive<f32> = 1.5..=2.6;
/// Rows that share a drawer of the index.
const DRAWER: usize = 64;

/// All pieces, and which of them cross which rows.
pub struct Pieces {
    /// Top to bottom by their first pixel.
    pub all: Vec<Blob>,
    /// Of those that could be somebody's neighbour, by drawers of rows.
    drawers: Vec<Vec<usize>>,
}

impl Pieces {
    /// Of a page.
    pub fn of(ink: &Ink) -> Self {
        let all = blobs(ink);
        let mut drawers = vec![Vec::new(); ink.height() / DRAWER + 1];
        for (place, piece) in all.iter().enumerate() {
            if piece.count >= LEAST_INK && piece.area.height() >= LEAST_HEIGHT {
                for drawer in &mut drawers[piece.area.y0 / DRAWER..=(piece.area.y1 - 1) / DRAWER] {
                    drawer.push(place);
                }
            }
        }
        Self { all, drawers }
    }

    /// White to the left and to the right of a place, in pixels, up to the
    /// next piece of other ink, at most `most`. What crosses the place is its
    /// own ink, unless it is a letter that the place cuts.
    pub fn gaps(&self, place: &Area, most: usize) -> (usize, usize) {
        let cut = |piece: &&Area| {
            // A hook leaves its box upwards; a letter stays in the line.
            piece.shared(place) > 0 && piece.height() as f32 <= HOOK * place.height() as f32
        };
        let out = (OUT * place.width() as f32) as usize + 1;
        let left = self.near(place).filter(cut).any(|piece| piece.x0 + out < place.x0);
        let right = self.near(place).filter(cut).any(|piece| piece.x1 > place.x1 + out);
        let gaps = self.gaps_to_others(place, most);
        (if left { 0 } else { gaps.0 }, if right { 0 } else { gaps.1 })
    }

    /// Whether a place is the bowl of a letter twice its size: the ink goes on
    /// above or below and nowhere aside, as a hook would.
    pub fn is_bowl(&self, place: &Area) -> bool {
        let (high, wide) = (place.height() as f32, place.width() as f32);
        let out = (OUT * wide) as usize + 1;
        self.near(place).any(|piece| {
            piece.shared(place) > 0
                && BOWL.contains(&(piece.height() as f32 / high))
                && piece.x0 + out >= place.x0
                && piece.x1 <= place.x1 + out
        })
    }

    /// As `gaps`, whatever crosses the place.
    pub fn gaps_to_others(&self, place: &Area, most: usize) -> (usize, usize) {
        let (mut left, mut right) = (most, most);
        for piece in self.near(place) {
            let shared = piece.y1.min(place.y1).saturating_sub(piece.y0.max(place.y0));
            let lower = piece.height().min(place.height()) as f32;
            if (shared as f32) < BESIDE * lower || piece.shared(place) > 0 {
                continue;
            }
            if piece.x1 <= place.x0 {
                left = left.min(place.x0 - piece.x1);
            } else if piece.x0 >= place.x1 {
                right = right.min(piece.x0 - place.x1);
            }
        }
        (left, right)
    }

    /// Whether one piece reaches from side to side of a place, both ways.
    pub fn whole(&self, place: &Area) -> bool {
        self.near(place).any(|piece| {
            piece.x0 <= place.x0 + 2
                && piece.y0 <= place.y0 + 2
                && piece.x1 + 2 >= place.x1
                && piece.y1 + 2 >= place.y1
        })
    }

    /// Neighbours in the rows of a place; some twice.
    fn near(&self, place: &Area) -> impl Iterator<Item = &Area> {
        let last = self.drawers.len() - 1;
        let (from, to) = (place.y0 / DRAWER, (place.y1.max(1) - 1) / DRAWER);
        self.drawers[from.min(last)..=to.min(last)].iter().flatten().map(|&n| &self.all[n].area)
    }

    /// Pieces that cross the rows of a place, from its left side up to `reach`
    /// beyond its right one.
    pub fn beside(&self, place: &Area, reach: usize) -> impl Iterator<Item = usize> {
        let last = self.drawers.len() - 1;
        let (from, to) = (place.y0 / DRAWER, (place.y1.max(1) - 1) / DRAWER);
        let drawers = from.min(last)..=to.min(last);
        let place = *place;
        drawers.flat_map(move |drawer| {
            self.drawers[drawer].iter().copied().filter(move |&n| {
                let area = &self.all[n].area;
                // In the first drawer in which both are.
                drawer == (area.y0 / DRAWER).max(from)
                    && area.y0 < place.y1
                    && area.y1 > place.y0
                    && area.x1 > place.x0
                    && area.x0 < place.x1 + reach
            })
        })
    }

    /// The letters beside a place, up to `reach` to its left and right; `None`
    /// where there are none.
    pub fn letters(&self, place: &Area, reach: usize) -> Option<Letters> {
        let (mut bottoms, mut heights): (Vec<usize>, Vec<usize>) = self
            .near(place)
            .filter(|piece| {
                let middle = usize::midpoint(piece.y0, piece.y1);
                (place.y0..place.y1).contains(&middle)
                    && 3 * piece.height() >= place.height()
                    && 2 * piece.height() <= 3 * place.height()
                    && piece.shared(place) == 0
                    && piece.x1 + reach >= place.x0
                    && piece.x0 <= place.x1 + reach
            })
            .map(|piece| (piece.y1, piece.height()))
            .unzip();
        bottoms.sort_unstable();
        heights.sort_unstable();
        // Descenders are fewer than letters without, small letters more than
        // capitals.
        Some(Letters {
            baseline: *bottoms.get(bottoms.len() * 2 / 5)?,
            height: *heights.get(heights.len() / 2)?,
        })
    }
}

/// What the letters beside a place have in common.
#[derive(Clone, Copy, Debug)]
pub struct Letters {
    /// The row after the last of most of them.
    pub baseline: usize,
    /// Their usual height in pixels.
    pub height: usize,
}
