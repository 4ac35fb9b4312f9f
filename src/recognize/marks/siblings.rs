//! Finds frames that are too worn to be told by themselves, in the row or column of
//! one that is not: boxes of a form are drawn alike and stand in line, so their
//! size is known and half of their sides is enough.

use super::find::{Shape, Square, Standing};
use super::frame::{MOST_RIM_INK, edge, goes_beyond, rim, sharp_corners};
use super::pieces::Pieces;
use super::sides::Sides;
use crate::recognize::ink::{Area, Ink};

/// In line is what lies so many pixels off at most.
const OFF_LINE: usize = 3;
/// Inked share of the four sides on average, and of the weakest, at least …
const LEAST_MEAN: f32 = 0.5;
const LEAST_WEAKEST: f32 = 0.2;
/// … with so many corners; a letter has one or two.
const LEAST_CORNERS: usize = 3;
/// White beside it, as a share of its width.
const LEAST_GAP: f32 = 0.3;
/// Rows and columns of boxes that are looked along.
const MOST_LINES: usize = 40;
/// Log odds that are given to what is found so.
const ODDS: f32 = -3.0;

/// The frames in line with those of `known` that stand by themselves.
pub fn find_siblings(ink: &Ink, sides: &Sides, pieces: &Pieces, known: &[Square]) -> Vec<Square> {
    let mut found: Vec<Square> = Vec::new();
    for line in lines(known) {
        let mut along: Vec<Square> = line
            .places(ink)
            .filter(|area| known.iter().all(|other| other.area.shared(area) == 0))
            .filter_map(|area| judged(ink, sides, pieces, area))
            .collect();
        along.sort_by(|a, b| b.sides.total_cmp(&a.sides));
        for square in along {
            if found.iter().all(|other| other.area.shared(&square.area) == 0) {
                found.push(square);
            }
        }
    }
    found
}

/// A row or a column of boxes of one size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct BoxLine {
    like: Area,
    across: bool,
}

impl BoxLine {
    fn goes_through(&self, area: &Area) -> bool {
        let near = |a: usize, b: usize| a.abs_diff(b) <= OFF_LINE;
        let alike =
            near(area.width(), self.like.width()) && near(area.height(), self.like.height());
        let (own, other) =
            if self.across { (self.like.y0, area.y0) } else { (self.like.x0, area.x0) };
        alike && near(own, other)
    }

    /// Everywhere a frame of this size may stand in line.
    fn places(self, ink: &Ink) -> impl Iterator<Item = Area> {
        let Area { x0, y0, .. } = self.like;
        let (width, height) = (self.like.width(), self.like.height());
        let (across, down) = (edge(ink.width()).max(2), edge(ink.height()).max(2));
        let around = |at: usize| at.saturating_sub(OFF_LINE)..=at + OFF_LINE;
        let (xs, ys) = if self.across {
            (across..=ink.width().saturating_sub(across + width), around(y0))
        } else {
            (around(x0), down..=ink.height().saturating_sub(down + height))
        };
        let most = (ink.width().saturating_sub(width + 2), ink.height().saturating_sub(height + 2));
        ys.filter(move |&y| (2..=most.1).contains(&y)).flat_map(move |y| {
            let xs = xs.clone().filter(move |&x| (2..=most.0).contains(&x));
            xs.map(move |x| Area { x0: x, y0: y, x1: x + width, y1: y + height })
        })
    }
}

fn lines(known: &[Square]) -> Vec<BoxLine> {
    let mut lines: Vec<BoxLine> = Vec::new();
    let drawn =
        |square: &&Square| square.shape == Shape::Frame && square.standing == Standing::Drawn;
    for square in known.iter().filter(drawn) {
        for across in [true, false] {
            let is_new =
                lines.iter().all(|line| line.across != across || !line.goes_through(&square.area));
            if is_new && lines.len() < MOST_LINES {
                lines.push(BoxLine { like: square.area, across });
            }
        }
    }
    lines
}

fn judged(ink: &Ink, sides: &Sides, pieces: &Pieces, area: Area) -> Option<Square> {
    let shares = sides.shares(&area);
    let weakest = shares.iter().copied().fold(1.0, f32::min);
    let mean = shares.iter().sum::<f32>() / 4.0;
    if weakest < LEAST_WEAKEST || mean < LEAST_MEAN {
        return None;
    }
    let (left, right) = pieces.gaps(&area, area.width());
    let clear = left.min(right) as f32 >= LEAST_GAP * area.width() as f32;
    let framed = sharp_corners(ink, &area) >= LEAST_CORNERS
        && rim(ink, &area) <= MOST_RIM_INK
        && !sides.go_on(&area)
        && !goes_beyond(ink, &area);
    (clear && framed && !pieces.is_bowl(&area)).then_some(Square {
        area,
        sides: mean,
        standing: Standing::Worn,
        shape: Shape::Frame,
        odds: ODDS,
    })
}
