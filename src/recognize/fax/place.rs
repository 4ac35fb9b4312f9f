//! Where in a strip a word and its characters stand.
//!
//! The net says near the middle of each character that it saw it, and little
//! about its edges. Characters meet half way between their middles; the
//! outermost are as wide as the others, less what of that is bare paper.

use std::ops::Range;

use image::GrayImage;

/// Width of a lone character in pixels, at most: a W in 32 rows.
const WIDE_CHARACTER: f32 = 24.0;
/// Darker pixels are ink; 255 is paper.
const INK: u8 = 128;

/// The edges of characters with these `middles`, from left to right: one more
/// than characters. All in pixels; nothing lies outside `limits`. There must
/// be at least one character.
pub fn edges(strip: &GrayImage, limits: Range<f32>, middles: &[f32]) -> Vec<f32> {
    let (first, last) = (middles[0], middles[middles.len() - 1]);
    let reach = reach(middles);
    let left = (first - reach).max(limits.start);
    let right = (last + reach).min(limits.end);
    // Ink is looked for outward from the outer middles, so that a character
    // never loses its own.
    let inked = |x: &u32| (0..strip.height()).any(|y| strip.get_pixel(*x, y)[0] < INK);
    let width = strip.width() as f32;
    let within = |from: f32, to: f32| from.clamp(0.0, width) as u32..to.clamp(0.0, width) as u32;
    let left = within(left.floor(), first.ceil()).find(inked).map_or(left, |x| x as f32);
    let right =
        within(last.floor(), right.ceil()).rev().find(inked).map_or(right, |x| x as f32 + 1.0);
    let mut edges = vec![left.min(first)];
    edges.extend(middles.windows(2).map(|pair| (pair[0] + pair[1]) / 2.0));
    edges.push(right.max(last));
    edges
}

/// How far an outer character may reach beyond its middle: three quarters of
/// the usual distance between middles, since capitals stand at the front.
fn reach(middles: &[f32]) -> f32 {
    let mut distances: Vec<f32> = middles.windows(2).map(|pair| pair[1] - pair[0]).collect();
    distances.sort_by(f32::total_cmp);
    match distances.get(distances.len() / 2) {
        Some(usual) => (usual * 0.75 + 3.0).min(WIDE_CHARACTER),
        None => WIDE_CHARACTER / 2.0 + 3.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Luma;

    /// Ink in these columns.
    fn strip(width: u32, inked: &[Range<u32>]) -> GrayImage {
        GrayImage::from_fn(width, 32, |x, y| {
            let ink = inked.iter().any(|columns| columns.contains(&x)) && (8..24).contains(&y);
            Luma([if ink { 0 } else { 255 }])
        })
    }

    #[test]
    fn edges_are_half_way_and_where_the_ink_ends() {
        let strip = strip(100, &[20..28, 32..40, 44..52]);
        assert_eq!(edges(&strip, 0.0..100.0, &[24.0, 36.0, 48.0]), [20.0, 30.0, 42.0, 52.0]);
    }

    #[test]
    fn the_neighbour_s_ink_is_not_taken() {
        let strip = strip(100, &[20..28, 32..40, 44..52]);
        assert_eq!(edges(&strip, 30.0..42.0, &[36.0]), [32.0, 40.0]);
    }

    #[test]
    fn without_ink_the_limits_and_the_usual_width_hold() {
        let paper = strip(100, &[]);
        assert_eq!(edges(&paper, 0.0..100.0, &[50.0, 58.0]), [41.0, 54.0, 67.0]);
        assert_eq!(edges(&paper, 47.0..61.0, &[50.0, 58.0]), [47.0, 54.0, 61.0]);
    }

    #[test]
    fn edges_stay_in_the_strip() {
        let narrow = strip(5, &[0..5]);
        assert_eq!(edges(&narrow, 0.0..5.0, &[1.5]), [0.0, 5.0]);
    }
}
