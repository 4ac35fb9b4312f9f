//! Combs: a ruled cell for each character of a number or a name. Their teeth are
//! as high as a letter, so that a reader takes them for ones and bars; they are
//! told by standing on one rule, all equally far apart.
//!
//! The teeth are taken off the page with the other rules. What stands in the
//! cells is then put together as close as print, read as words, and laid over
//! what was read of the comb at first.

mod find;
mod read;

use super::ink::Area;
pub use find::find;
pub use read::with_combs;

/// A cell with less ink than this, in pixels at 204 dpi, holds no letter.
const LEAST_INK: usize = 12;
/// What is left of a rule at the edge of a cell, in pixels.
const RULE: usize = 3;

/// The teeth of a comb, from left to right, its ends among them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comb {
    /// Those that are worn away among them.
    pub teeth: Vec<Area>,
}

impl Comb {
    /// All of it.
    pub(super) fn area(&self) -> Area {
        let (first, last) = (self.teeth[0], self.teeth[self.teeth.len() - 1]);
        let y0 = self.teeth.iter().map(|tooth| tooth.y0).min().unwrap_or(first.y0);
        let y1 = self.teeth.iter().map(|tooth| tooth.y1).max().unwrap_or(first.y1);
        Area { x0: first.x0, y0, x1: last.x1, y1 }
    }

    /// What to clear: each tooth over all the comb's height, a pixel wider.
    pub fn strips(&self) -> impl Iterator<Item = Area> + '_ {
        let Area { y0, y1, .. } = self.area();
        let strip =
            move |tooth: &Area| Area { x0: tooth.x0.saturating_sub(1), y0, x1: tooth.x1 + 1, y1 };
        self.teeth.iter().map(strip)
    }

    /// The cells between the teeth, as high as the comb where one of them is worn.
    fn cells(&self) -> impl Iterator<Item = Area> + '_ {
        let y0 = self.area().y0;
        self.teeth.windows(2).map(move |pair| Area {
            x0: pair[0].x1 + 1,
            y0: y0 + RULE,
            x1: pair[1].x0.saturating_sub(1),
            y1: pair[0].y1.min(pair[1].y1).saturating_sub(RULE),
        })
    }
}
