//! How a flat sheet looks from a camera: a perspective map from one plane to
//! another.

/// Across, down.
pub type Point = [f64; 2];

/// Takes points of one plane to another's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plane([f64; 8]);

impl Plane {
    /// The map that takes the corners `from` to the corners `to`; `None` where
    /// three of them lie on one line.
    pub fn between(from: &[Point; 4], to: &[Point; 4]) -> Option<Self> {
        // For each pair of corners two equations in the eight unknowns.
        let mut rows = [[0.0; 9]; 8];
        for (corner, ([x, y], [u, v])) in from.iter().zip(to).enumerate() {
            rows[2 * corner] = [*x, *y, 1.0, 0.0, 0.0, 0.0, -u * x, -u * y, *u];
            rows[2 * corner + 1] = [0.0, 0.0, 0.0, *x, *y, 1.0, -v * x, -v * y, *v];
        }
        solved(rows).map(Self)
    }

    /// Where a point comes to lie.
    pub fn map(&self, [x, y]: Point) -> Point {
        let [a, b, c, d, e, f, g, h] = self.0;
        let depth = g * x + h * y + 1.0;
        [(a * x + b * y + c) / depth, (d * x + e * y + f) / depth]
    }
}

/// Gauss's elimination with the largest pivot.
fn solved(mut rows: [[f64; 9]; 8]) -> Option<[f64; 8]> {
    for column in 0..8 {
        let pivot =
            (column..8).max_by(|&a, &b| rows[a][column].abs().total_cmp(&rows[b][column].abs()))?;
        rows.swap(column, pivot);
        let lead = rows[column];
        if lead[column].abs() < 1e-9 {
            return None;
        }
        for (place, row) in rows.iter_mut().enumerate() {
            if place != column {
                let factor = row[column] / lead[column];
                row.iter_mut().zip(&lead).for_each(|(value, lead)| *value -= factor * lead);
            }
        }
    }
    Some(std::array::from_fn(|i| rows[i][8] / rows[i][i]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SQUARE: [Point; 4] = [[0.0, 0.0], [100.0, 0.0], [100.0, 130.0], [0.0, 130.0]];

    #[test]
    fn three_corners_on_a_line_are_no_plane() {
        let line = [[0.0, 0.0], [1.0, 0.0], [2.0, 0.0], [0.0, 1.0]];
        assert_eq!(Plane::between(&line, &SQUARE), None);
    }

    proptest! {
        #[test]
        fn corners_meet_corners_and_the_way_back_leads_back(
            moved in prop::array::uniform4(prop::array::uniform2(-20.0..20.0f64)),
            x in 0.0..100.0f64,
            y in 0.0..130.0f64,
        ) {
            let seen: [Point; 4] =
                std::array::from_fn(|i| [SQUARE[i][0] + moved[i][0], SQUARE[i][1] + moved[i][1]]);
            let there = Plane::between(&SQUARE, &seen).unwrap();
            let back = Plane::between(&seen, &SQUARE).unwrap();
            for (from, to) in SQUARE.iter().zip(&seen) {
                let [a, b] = there.map(*from);
                prop_assert!((a - to[0]).abs() < 1e-6 && (b - to[1]).abs() < 1e-6);
            }
            let [a, b] = back.map(there.map([x, y]));
            prop_assert!((a - x).abs() < 1e-6 && (b - y).abs() < 1e-6);
        }
    }
}
