//! The four corners of a bright sheet on something darker.

use super::plane::Point;
use crate::recognize::ink::{Blob, Ink, blobs};

/// A sheet covers this part of the picture at least …
const LEAST_AREA: f64 = 0.2;
/// … and is no scan, which is the sheet and nothing else.
const MOST_AREA: f64 = 0.97;
/// Of the four-cornered figure around it a sheet fills so much …
const LEAST_FILLED: f64 = 0.94;
/// … and is bright on so much of that; the rest is print.
const LEAST_BRIGHT: f64 = 0.55;
/// Cosine of the angle beyond which a corner is none: 40° off a right one.
const MOST_SLANTED: f64 = 0.64;

/// The corners of the largest bright piece, if it looks like a sheet of paper:
/// top left, top right, bottom right, bottom left. `bright` is set where the
/// picture is.
pub fn of_sheet(bright: &Ink) -> Option<[Point; 4]> {
    let piece = blobs(bright).into_iter().max_by_key(|blob| blob.count)?;
    let all = (bright.width() * bright.height()) as f64;
    let hull = hull(&piece);
    let corners = four_sided(hull.clone())?;
    let (around, filled) = (area(&corners), area(&hull));
    let is_sheet = (LEAST_AREA * all..=MOST_AREA * all).contains(&around)
        && filled >= LEAST_FILLED * around
        && piece.count as f64 >= LEAST_BRIGHT * filled
        && are_square(&corners);
    is_sheet.then(|| from_top_left(corners))
}

/// The convex hull, clockwise as seen (down is positive).
fn hull(piece: &Blob) -> Vec<Point> {
    let mut points: Vec<Point> = piece
        .runs
        .iter()
        .flat_map(|&(y, x0, x1)| {
            let (left, right) = (x0 as f64, x1 as f64);
            let (top, bottom) = (y as f64, y as f64 + 1.0);
            [[left, top], [right, top], [left, bottom], [right, bottom]]
        })
        .collect();
    points.sort_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
    points.dedup();
    let half = |points: &mut dyn Iterator<Item = &Point>| {
        let mut chain: Vec<Point> = Vec::new();
        for &point in points {
            while chain.len() >= 2
                && turn(chain[chain.len() - 2], chain[chain.len() - 1], point) <= 0.0
            {
                chain.pop();
            }
            chain.push(point);
        }
        chain.pop();
        chain
    };
    let mut around = half(&mut points.iter());
    around.extend(half(&mut points.iter().rev()));
    around
}

/// Twice the area of the triangle; positive where the way turns right.
fn turn(a: Point, b: Point, c: Point) -> f64 {
    (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
}

fn area(polygon: &[Point]) -> f64 {
    let next = polygon.iter().cycle().skip(1);
    polygon.iter().zip(next).map(|(a, b)| a[0] * b[1] - a[1] * b[0]).sum::<f64>().abs() / 2.0
}

/// The figure of four sides around a convex one: side after side is given up
/// for its neighbours, which are drawn on until they meet, first the one that
/// adds least. Rounded and dog-eared corners become whole again.
fn four_sided(mut around: Vec<Point>) -> Option<[Point; 4]> {
    while around.len() > 4 {
        let count = around.len();
        let at = |i: usize| around[i % count];
        let (_, side, corner) = (0..count)
            .filter_map(|i| {
                let corner = meeting(at(i), at(i + 1), at(i + 3), at(i + 2))?;
                Some((turn(at(i + 1), corner, at(i + 2)), i, corner))
            })
            .min_by(|a, b| a.0.total_cmp(&b.0))?;
        around[(side + 1) % count] = corner;
        around.remove((side + 2) % count);
    }
    around.try_into().ok()
}

/// Where the lines from `a` through `b` and from `c` through `d` meet, beyond
/// `b` and `d`.
fn meeting(a: Point, b: Point, c: Point, d: Point) -> Option<Point> {
    let (along, across) = ([b[0] - a[0], b[1] - a[1]], [d[0] - c[0], d[1] - c[1]]);
    let crossed = along[0] * across[1] - along[1] * across[0];
    if crossed.abs() < 1e-9 {
        return None;
    }
    let from = [c[0] - a[0], c[1] - a[1]];
    let t = (from[0] * across[1] - from[1] * across[0]) / crossed;
    let s = (from[0] * along[1] - from[1] * along[0]) / crossed;
    (t >= 1.0 && s >= 1.0).then(|| [a[0] + t * along[0], a[1] + t * along[1]])
}

fn are_square(corners: &[Point; 4]) -> bool {
    (0..4).all(|i| {
        let [before, here, after] = [3, 4, 5].map(|step| corners[(i + step) % 4]);
        let (a, b) =
            ([before[0] - here[0], before[1] - here[1]], [after[0] - here[0], after[1] - here[1]]);
        let cosine = (a[0] * b[0] + a[1] * b[1]) / (a[0].hypot(a[1]) * b[0].hypot(b[1]));
        cosine.abs() <= MOST_SLANTED
    })
}

/// Clockwise from the corner that is nearest to the picture's top left.
fn from_top_left(mut corners: [Point; 4]) -> [Point; 4] {
    let first = (0..4)
        .min_by(|&a, &b| {
            let sum = |i: usize| corners[i][0] + corners[i][1];
            sum(a).total_cmp(&sum(b))
        })
        .unwrap_or(0);
    corners.rotate_left(first);
    corners
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bright where a point lies inside all four sides.
    fn picture(corners: [Point; 4]) -> Ink {
        let mut bright = Ink::empty(400, 500);
        for y in 0..500 {
            for x in 0..400 {
                let point = [x as f64 + 0.5, y as f64 + 0.5];
                let inside = (0..4).all(|i| turn(corners[i], corners[(i + 1) % 4], point) > 0.0);
                bright.set(y, x, x + 1, inside);
            }
        }
        bright
    }

    #[test]
    fn a_crooked_sheet_is_found_to_the_pixel() {
        let drawn = [[60.0, 40.0], [340.0, 70.0], [370.0, 450.0], [30.0, 430.0]];
        let found = of_sheet(&picture(drawn)).unwrap();
        for (a, b) in drawn.iter().zip(&found) {
            assert!((a[0] - b[0]).abs() < 2.5 && (a[1] - b[1]).abs() < 2.5, "{found:?}");
        }
    }

    #[test]
    fn a_missing_corner_is_drawn_on() {
        let mut bright = picture([[60.0, 40.0], [340.0, 40.0], [340.0, 450.0], [60.0, 450.0]]);
        for step in 0..40 {
            bright.set(40 + step, 60, 100 - step, false);
        }
        let found = of_sheet(&bright).unwrap();
        assert!((found[0][0] - 60.0).abs() < 3.0 && (found[0][1] - 40.0).abs() < 3.0, "{found:?}");
    }

    #[test]
    fn what_is_no_sheet_is_not_found() {
        let whole = [[0.0, 0.0], [400.0, 0.0], [400.0, 500.0], [0.0, 500.0]];
        assert_eq!(of_sheet(&picture(whole)), None, "a scan");
        let small = [[60.0, 40.0], [140.0, 40.0], [140.0, 150.0], [60.0, 150.0]];
        assert_eq!(of_sheet(&picture(small)), None, "a label");
        let kite = [[200.0, 10.0], [390.0, 450.0], [200.0, 490.0], [10.0, 450.0]];
        assert_eq!(of_sheet(&picture(kite)), None, "something pointed");
        let mut round = Ink::empty(400, 500);
        for y in 50..450_usize {
            let half = (200.0f64.powi(2) - (y as f64 - 250.0).powi(2)).sqrt() as usize;
            round.set(y, 200 - half.min(200), 200 + half.min(200), true);
        }
        assert_eq!(of_sheet(&round), None, "something round");
        assert_eq!(of_sheet(&Ink::empty(10, 10)), None);
    }
}
