//! Finds the circles: radio buttons, and the small letter o that some forms
//! put before a choice.
//!
//! A ring is looked for in every piece of ink that stands clear of its
//! neighbours and is about as wide as high; a tick may reach out of it. A
//! letter O stands among other letters, a zero is taller than wide.

use super::find::{Shape, Square, Standing};
use super::frame::goes_beyond;
use super::pieces::Pieces;
use crate::recognize::ink::{Area, Ink};

/// Diameters in pixels at 204 dpi (0.08 to 0.25 inch). Smaller rings are
/// bullets of a list.
const LEAST_SIDE: usize = 13;
const MOST_SIDE: usize = 42;
/// A tick may make the piece this many times as large as the ring.
const MOST_REACH: usize = 2;
/// Directions in which the ring is looked for.
const DIRECTIONS: usize = 32;
/// The ring's ink lies this near to its radius, in pixels.
const WOBBLE: f32 = 1.5;
/// Share of the directions in which there is ring …
const LEAST_RING: f32 = 0.80;
/// … and from which no better one is looked for.
const WHOLE_RING: f32 = 0.97;
/// White to both sides as a share of the ring's width and in pixels: less is
/// not looked into further. It counts up to so much.
const LEAST_GAP: (f32, f32) = (0.2, 4.0);
const CLEAR: f32 = 0.6;
/// Letters are looked for so far away, in pixels.
const NEIGHBOURS: usize = 160;

/// Rings among the pieces of ink.
pub fn find_rounds(ink: &Ink, pieces: &Pieces) -> Vec<Square> {
    let directions = directions();
    pieces
        .all
        .iter()
        .filter(|piece| {
            let (width, height) = (piece.area.width(), piece.area.height());
            let fits = |side: usize| (LEAST_SIDE..=MOST_SIDE * MOST_REACH).contains(&side);
            fits(width) && fits(height) && width <= 2 * height && height <= 2 * width
        })
        .filter_map(|piece| ring(ink, pieces, &piece.area, &directions))
        .collect()
}

fn directions() -> Vec<(f32, f32)> {
    // Spread out, so that a place without a ring is known after a few.
    (0..DIRECTIONS)
        .map(|n| {
            ((n * 13 % DIRECTIONS) as f32 / DIRECTIONS as f32 * std::f32::consts::TAU).sin_cos()
        })
        .collect()
}

/// The best ring within the piece.
fn ring(ink: &Ink, pieces: &Pieces, area: &Area, directions: &[(f32, f32)]) -> Option<Square> {
    let most = area.width().min(area.height()).min(MOST_SIDE);
    let mut best: Option<(f32, Area)> = None;
    // The larger of equals: a thick ring has its outer edge as its size.
    for side in (LEAST_SIDE..=most).rev() {
        for y0 in area.y0..=area.y1 - side {
            for x0 in area.x0..=area.x1 - side {
                let place = Area { x0, y0, x1: x0 + side, y1: y0 + side };
                let share = ring_share(ink, &place, directions);
                if share >= LEAST_RING && best.is_none_or(|(other, _)| share > other) {
                    best = Some((share, place));
                }
            }
        }
        // Without a tick that reaches out, the piece is the ring.
        if best.is_some_and(|(share, _)| share >= WHOLE_RING) {
            break;
        }
    }
    let (share, place) = best?;
    let (left, right) = pieces.gaps(&place, place.width());
    let gap = left.min(right) as f32;
    let width = place.width() as f32;
    if gap < LEAST_GAP.1.max(LEAST_GAP.0 * width) || goes_beyond(ink, &place) {
        return None;
    }
    let signs = Signs {
        ring: share,
        outside: (around(ink, &place, 1.5, directions), around(ink, &place, 3.0, directions)),
        inside: around(ink, &place, -4.0, directions),
        width,
        tall: pieces
            .letters(&place, NEIGHBOURS)
            .map_or(1.0, |letters| width / letters.height as f32)
            .clamp(0.5, 2.0),
        gap: (gap / width).min(CLEAR),
    };
    let odds = signs.odds();
    Some(Square {
        area: place,
        sides: share,
        odds,
        standing: Standing::of(odds)?,
        shape: Shape::Round,
    })
}

/// What tells a ring from a letter.
struct Signs {
    /// Share of the directions in which there is ring.
    ring: f32,
    /// In which there is ink 1.5 and 3 pixels outside of it …
    outside: (f32, f32),
    /// … and 4 pixels inside.
    inside: f32,
    /// Over the usual height of the letters beside it; 1 without letters.
    tall: f32,
    /// In pixels.
    width: f32,
    /// White beside it, share of its width.
    gap: f32,
}

impl Signs {
    /// Log odds, by logistic regression over 13,000 rings of 1,200 drawn pages
    /// of all levels of damage, 150 of them boxes.
    fn odds(&self) -> f32 {
        2.0 * self.ring - 1.4 * self.outside.0 - 4.8 * self.outside.1 - 1.5 * self.inside
            + 2.4 * self.tall
            + 9.2 * self.gap
            + 0.48 * self.width
            - 17.1
    }
}

/// Share of the directions in which there is ink so many pixels outside of the
/// circle inscribed in `place`.
fn around(ink: &Ink, place: &Area, off: f32, directions: &[(f32, f32)]) -> f32 {
    let radius = place.width() as f32 / 2.0;
    let (cx, cy) = (place.x0 as f32 + radius, place.y0 as f32 + radius);
    let at = |middle: f32, part: f32| (middle + (radius + off) * part).max(0.0) as usize;
    let inked = directions.iter().filter(|(sin, cos)| ink.at(at(cx, *cos), at(cy, *sin))).count();
    inked as f32 / directions.len() as f32
}

/// Share of the directions in which there is ink near the rim of the circle
/// inscribed in `place`; none where it cannot be enough.
fn ring_share(ink: &Ink, place: &Area, directions: &[(f32, f32)]) -> f32 {
    let radius = place.width() as f32 / 2.0;
    let (cx, cy) = (place.x0 as f32 + radius, place.y0 as f32 + radius);
    let bearable = (directions.len() as f32 * (1.0 - LEAST_RING)) as usize;
    let mut missing = 0;
    for (sin, cos) in directions {
        // From just inside the rim inwards.
        let inked = (0..3).any(|depth| {
            let r = radius - 0.5 - WOBBLE / 2.0 * depth as f32;
            ink.at((cx + r * cos) as usize, (cy + r * sin) as usize)
        });
        missing += usize::from(!inked);
        // Nearly every place fails within a few directions.
        if missing > bearable {
            return 0.0;
        }
    }
    1.0 - missing as f32 / directions.len() as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn circle(ink: &mut Ink, cx: f32, cy: f32, rx: f32, ry: f32, thick: f32) {
        for y in 0..ink.height() {
            for x in 0..ink.width() {
                let (dx, dy) = (x as f32 + 0.5 - cx, y as f32 + 0.5 - cy);
                let outer = (dx / rx).powi(2) + (dy / ry).powi(2) <= 1.0;
                let inner = (dx / (rx - thick)).powi(2) + (dy / (ry - thick)).powi(2) <= 1.0;
                if outer && !inner {
                    ink.set(y, x, x + 1, true);
                }
            }
        }
    }

    fn found(ink: &Ink) -> usize {
        find_rounds(ink, &Pieces::of(ink)).len()
    }

    #[test]
    fn circles_of_all_sizes_ticked_or_not() {
        let mut ink = Ink::empty(500, 100);
        for (place, radius) in [9.0, 11.0, 14.0, 20.0].into_iter().enumerate() {
            circle(&mut ink, 60.0 + 100.0 * place as f32, 50.0, radius, radius, 2.0);
        }
        assert_eq!(found(&ink), 4);
        for i in 0..40 {
            ink.set(35 + i, 335 + i, 338 + i, true);
        }
        assert_eq!(found(&ink), 4);
    }

    #[test]
    fn zeros_frames_and_letters_of_a_word_are_none() {
        let mut ink = Ink::empty(500, 100);
        circle(&mut ink, 60.0, 50.0, 8.5, 13.0, 3.0);
        circle(&mut ink, 160.0, 50.0, 11.0, 11.0, 3.0);
        circle(&mut ink, 186.0, 50.0, 11.0, 11.0, 3.0);
        for y in 40..64 {
            for x in 300..324 {
                let inside = (42..62).contains(&y) && (302..322).contains(&x);
                ink.set(y, x, x + 1, !inside);
            }
        }
        assert_eq!(found(&ink), 0);
    }
}
