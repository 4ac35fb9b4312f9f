//! Combs: a ruled cell for each character of a number. Their teeth are as high
//! as a letter, so that a reader takes them for ones and bars; they are told by
//! standing between two rules, all equally far apart.

use super::ink::{Area, Ink};

/// Height of a tooth with the rules it stands between, in pixels at 204 dpi
/// (0.08 to 0.36 inch).
const HEIGHTS: std::ops::Range<usize> = 16..75;
/// Width of a tooth at most.
const MOST_WIDTH: usize = 6;
/// Breaks in a tooth are bridged up to this many pixels.
const MOST_GAP: usize = 2;
/// How far from the end of a tooth its rule is found, across and down.
const TO_RULE: (usize, usize) = (5, 3);
/// Teeth of one comb begin and end at one height, within so many pixels.
const LEVEL: usize = 6;
/// Cells are so wide against their height.
const CELL_WIDTHS: std::ops::Range<f32> = 0.4..1.6;
/// How far off a tooth may stand, against the width of a cell.
const OFF: f32 = 0.15;
/// So many teeth in a row may be worn away.
const MOST_LOST: usize = 3;
/// A comb has at least so many teeth that can be seen, its ends included.
const LEAST_TEETH: usize = 5;

/// The teeth of all combs of a page. `columns` is the page's ink, rows and
/// columns exchanged; `rules` are its lines across.
pub fn teeth(columns: &Ink, rules: &Ink) -> Vec<Area> {
    let mut left = strokes(columns, rules);
    let mut found = Vec::new();
    while let Some(first) = left.first().copied() {
        let level = |t: &Area| t.y0.abs_diff(first.y0) <= LEVEL && t.y1.abs_diff(first.y1) <= LEVEL;
        let row: Vec<Area> = left.iter().copied().filter(level).collect();
        left.retain(|t| !level(t));
        found.extend(of_row(&row));
    }
    found
}

/// Strokes that reach from one rule to another, from left to right.
fn strokes(columns: &Ink, rules: &Ink) -> Vec<Area> {
    let touches = |x: usize, y: usize| {
        let (dx, dy) = TO_RULE;
        (y.saturating_sub(dy)..=y + dy)
            .any(|y| (x.saturating_sub(dx)..=x + dx).any(|x| rules.at(x, y)))
    };
    let mut found: Vec<Area> = Vec::new();
    for x in 0..columns.height() {
        for (y0, y1) in columns.runs(x, MOST_GAP) {
            if !HEIGHTS.contains(&(y1 - y0)) || !touches(x, y0) || !touches(x, y1 - 1) {
                continue;
            }
            let beside = found
                .iter_mut()
                .rev()
                .take_while(|t| t.x1 + 1 >= x)
                .find(|t| t.y0.abs_diff(y0) <= LEVEL && t.y1.abs_diff(y1) <= LEVEL);
            match beside {
                Some(tooth) => tooth.x1 = x + 1,
                None => found.push(Area { x0: x, y0, x1: x + 1, y1 }),
            }
        }
    }
    found.retain(|tooth| tooth.width() <= MOST_WIDTH);
    found
}

/// The teeth of the combs in a row of strokes, the worn ones included.
fn of_row(row: &[Area]) -> Vec<Area> {
    let center = |t: &Area| (t.x0 + t.x1) as f32 / 2.0;
    let mut combs: Vec<Vec<Area>> = Vec::new();
    let mut at = 0;
    while at + 1 < row.len() {
        let width = center(&row[at + 1]) - center(&row[at]);
        let mut comb = vec![row[at]];
        let fits = CELL_WIDTHS.contains(&(width / row[at].height() as f32));
        for tooth in row[at + 1..].iter().take_while(|_| fits) {
            let Some(last) = comb.last().copied() else { break };
            let cells = (center(tooth) - center(&last)) / width;
            let whole = cells.round();
            if whole < 1.0 || whole > (MOST_LOST + 1) as f32 || (cells - whole).abs() > OFF * whole
            {
                break;
            }
            comb.extend((1..whole as usize).map(|k| between(&last, tooth, k as f32 / whole)));
            comb.push(*tooth);
        }
        let seen = row[at..].iter().filter(|t| comb.contains(t)).count();
        if seen >= LEAST_TEETH {
            at += seen;
            combs.push(comb);
        } else {
            at += 1;
        }
    }
    combs.concat()
}

/// Where a worn tooth stood.
fn between(left: &Area, right: &Area, share: f32) -> Area {
    let x = left.x0 as f32 + (right.x0 as f32 - left.x0 as f32) * share;
    let x0 = x.round() as usize;
    Area { x0, y0: left.y0.min(right.y0), x1: x0 + left.width(), y1: left.y1.max(right.y1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rules 34 pixels apart from 100 to 372, and strokes between them.
    fn ruled(teeth: &[usize]) -> Ink {
        let mut ink = Ink::empty(600, 200);
        for y in [80, 81, 112, 113] {
            ink.set(y, 100, 372, true);
        }
        for &x in teeth {
            for y in 80..114 {
                ink.set(y, x, x + 2, true);
            }
        }
        ink
    }

    fn rules(ink: &Ink) -> Ink {
        let mut rules = Ink::empty(ink.width(), ink.height());
        for y in [80, 81, 112, 113] {
            rules.set(y, 100, 372, true);
        }
        rules
    }

    #[test]
    fn the_teeth_of_a_comb_are_found_and_where_one_wore_away() {
        let all: Vec<usize> = (0..=10).map(|k| 100 + 27 * k).collect();
        let worn: Vec<usize> = all.iter().copied().filter(|x| ![154, 181].contains(x)).collect();
        for drawn in [&all, &worn] {
            let ink = ruled(drawn);
            let found = teeth(&ink.transposed(), &rules(&ink));
            assert_eq!(found.iter().map(|t| t.x0).collect::<Vec<_>>(), all);
        }
    }

    #[test]
    fn the_columns_of_a_table_and_a_digit_are_none() {
        let table = ruled(&[100, 190, 260, 370]);
        assert!(teeth(&table.transposed(), &rules(&table)).is_empty());
        let mut one = ruled(&[]);
        for k in 0..10 {
            for y in 88..108 {
                one.set(y, 110 + 27 * k, 113 + 27 * k, true);
            }
        }
        assert!(teeth(&one.transposed(), &rules(&one)).is_empty());
    }
}
