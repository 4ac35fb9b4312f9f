//! Strokes of one height, equally far apart, on one rule or under one.

use std::ops::Range;

use super::super::ink::{Area, Ink};
use super::{Comb, LEAST_INK, RULE};

/// Height of a tooth with the rule it stands on, in pixels at 204 dpi (0.08 to
/// 0.36 inch).
const HEIGHTS: std::ops::Range<usize> = 16..75;
/// Width of a tooth at most.
const MOST_WIDTH: usize = 6;
/// Breaks in a tooth are bridged up to this many pixels.
const MOST_GAP: usize = 3;
/// How far from the foot or head of a tooth its rule is found, across and down.
const TO_RULE: (usize, usize) = (5, 3);
/// Teeth of one comb begin and end at one height, within so many pixels.
const LEVEL: usize = 6;
/// Cells are so wide against their height.
const CELL_WIDTHS: std::ops::Range<f32> = 0.4..1.6;
/// How far off a tooth may stand, against the width of a cell.
const OFF: f32 = 0.1;
/// So many teeth in a row may be worn away.
const MOST_LOST: usize = 3;
/// A comb has at least so many teeth that can be seen, its ends included.
const LEAST_TEETH: usize = 5;
/// … and of these so many that stand on a rule.
const LEAST_STANDING: usize = 4;
/// Strokes behind the first tooth among which the second is looked for.
const MOST_LOOKED_AT: usize = 6;
/// More strokes at one height are hatching, and more combs than any form has are
/// somebody's attempt to keep a reader busy.
const MOST_IN_A_ROW: usize = 400;
const MOST_COMBS: usize = 100;
/// Cells put back at an end of a comb at most.
const MOST_COMPLETED: usize = 12;
/// Shares of a cell's width over which its rule must be there, and beneath which
/// there is none.
const RULED: f32 = 0.5;
const HARDLY_RULED: f32 = 0.1;
/// Rows inside and outside of the foot of a comb, or of its head where the rule
/// beneath is worn away, in which its rule runs.
const FOOT: (usize, usize) = (6, 4);

/// All combs of a page. `columns` is the page's ink, rows and columns exchanged;
/// `rules` are its lines across.
pub fn find(columns: &Ink, rules: &Ink) -> Vec<Comb> {
    let mut left = strokes(columns, rules);
    let mut found = Vec::new();
    while let Some(first) = left.iter().find(|stroke| stroke.stands).copied() {
        let level = |stroke: &Stroke| stroke.area.y1.abs_diff(first.area.y1) <= LEVEL;
        let row: Vec<Stroke> = left.iter().copied().filter(level).collect();
        left.retain(|t| !level(t));
        if row.len() <= MOST_IN_A_ROW {
            found.extend(of_row(&row));
        }
    }
    // A rule that is two strokes thick is the foot of two.
    found.sort_by_key(|comb| std::cmp::Reverse(comb.teeth.len()));
    let mut kept: Vec<Comb> = Vec::new();
    for comb in found.into_iter().take(MOST_COMBS) {
        if kept.iter().all(|other| other.area().shared(&comb.area()) == 0) {
            kept.extend(completed(comb, columns));
        }
    }
    kept
}

/// A comb with the cells at its ends whose teeth are worn away: something stands
/// in them, and the rule goes on beneath. `None` where that cannot be told: a
/// number that lost a digit is another number.
fn completed(mut comb: Comb, columns: &Ink) -> Option<Comb> {
    let Area { x0: first, x1: last, y0, y1 } = comb.area();
    let ends = (middle(comb.teeth.first()?), middle(comb.teeth.last()?));
    let width = (ends.1 - ends.0) / (comb.teeth.len() - 1) as f32;
    let ruled = |rows: &Range<usize>, from: usize, to: usize| {
        // Rows and columns are exchanged.
        let along = (from..to).filter(|&x| rows.clone().any(|y| columns.at(y, x))).count();
        along as f32 / to.saturating_sub(from).max(1) as f32
    };
    let foot = y1.saturating_sub(FOOT.0)..(y1 + FOOT.1).min(columns.width());
    let head = y0.saturating_sub(FOOT.1)..y0 + FOOT.0;
    let rule = if ruled(&foot, first, last) >= RULED { foot } else { head };
    for right in [false, true] {
        for _ in 0..MOST_COMPLETED {
            let end = *if right { comb.teeth.last()? } else { comb.teeth.first()? };
            let x0 = if right { end.x0 as f32 + width } else { end.x0 as f32 - width };
            // Columns of the page are rows here.
            if x0 < 1.0 || x0 + MOST_WIDTH as f32 >= columns.height() as f32 {
                break;
            }
            let tooth =
                Area { x0: x0.round() as usize, x1: x0.round() as usize + end.width(), ..end };
            let (from, to) = if right { (end, tooth) } else { (tooth, end) };
            let (from, to) = (from.x1 + 1, to.x0.saturating_sub(1));
            // Rows and columns are exchanged.
            let cell = Area { x0: y0 + RULE, y0: from, x1: y1.saturating_sub(RULE), y1: to };
            if columns.count(&cell) < LEAST_INK {
                break;
            }
            match ruled(&rule, from, to) {
                share if share >= RULED => {
                    let place = if right { comb.teeth.len() } else { 0 };
                    comb.teeth.insert(place, tooth);
                }
                share if share >= HARDLY_RULED => return None,
                _ => break,
            }
        }
    }
    Some(comb)
}

/// An upright stroke of a tooth's height.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stroke {
    area: Area,
    /// Whether it stands on a rule or hangs from one; of some the rule is worn away.
    stands: bool,
}

/// All of them, from left to right.
fn strokes(columns: &Ink, rules: &Ink) -> Vec<Stroke> {
    let touches = |x: usize, y: usize| {
        let (dx, dy) = TO_RULE;
        (y.saturating_sub(dy)..=y + dy)
            .any(|y| (x.saturating_sub(dx)..=x + dx).any(|x| rules.at(x, y)))
    };
    let mut found: Vec<Stroke> = Vec::new();
    for x in 0..columns.height() {
        for (y0, y1) in columns.runs(x, MOST_GAP) {
            if !HEIGHTS.contains(&(y1 - y0)) {
                continue;
            }
            let stands = touches(x, y1 - 1) || touches(x, y0);
            let beside = found
                .iter_mut()
                .rev()
                .take_while(|stroke| stroke.area.x1 + 1 >= x)
                .find(|stroke| stroke.area.y0 < y1 && y0 < stroke.area.y1);
            match beside {
                Some(Stroke { area, stands: stood }) => {
                    (area.x1, area.y0, area.y1) = (x + 1, area.y0.min(y0), area.y1.max(y1));
                    *stood |= stands;
                }
                None => {
                    found.push(Stroke { area: Area { x0: x, y0, x1: x + 1, y1 }, stands });
                }
            }
        }
    }
    found.retain(|stroke| stroke.area.width() <= MOST_WIDTH);
    found
}

/// The combs in a row of strokes, worn teeth put back.
fn of_row(row: &[Stroke]) -> Vec<Comb> {
    let mut combs = Vec::new();
    let mut at = 0;
    while at + LEAST_TEETH <= row.len() {
        let walks = widths(&row[at..]).map(|width| walk(&row[at..], width));
        // Of as many teeth the fewer cells: half a width fits as well.
        let best = walks.max_by_key(|w| (w.seen, std::cmp::Reverse(w.teeth.len())));
        let told = |w: &Walk| {
            w.seen >= LEAST_TEETH && w.stand >= LEAST_STANDING && 2 * w.seen >= w.teeth.len()
        };
        match best.filter(told) {
            Some(Walk { teeth, looked_at, .. }) => {
                at += looked_at;
                combs.push(Comb { teeth });
            }
            None => at += 1,
        }
    }
    combs
}

/// Widths of cells that the first strokes of a row may be apart: one of the next
/// is a tooth, and between may be worn ones.
fn widths(row: &[Stroke]) -> impl Iterator<Item = f32> + '_ {
    let (first, height) = (middle(&row[0].area), row[0].area.height() as f32);
    let next = row.iter().skip(1).take(MOST_LOOKED_AT).map(|stroke| middle(&stroke.area));
    next.flat_map(move |at| (1..=MOST_LOST + 1).map(move |cells| (at - first) / cells as f32))
        .filter(move |width| CELL_WIDTHS.contains(&(width / height)))
}

/// Teeth at a distance, from the first stroke of a row on.
struct Walk {
    /// With those that are worn away.
    teeth: Vec<Area>,
    /// Those that are there.
    seen: usize,
    /// Those of them that stand on a rule.
    stand: usize,
    /// Strokes up to the last of them.
    looked_at: usize,
}

fn walk(row: &[Stroke], width: f32) -> Walk {
    let first = row[0];
    let mut walk =
        Walk { teeth: vec![first.area], seen: 1, stand: usize::from(first.stands), looked_at: 1 };
    let mut last = first.area;
    for (place, stroke) in row.iter().enumerate().skip(1) {
        let tooth = stroke.area;
        let cells = (middle(&tooth) - middle(&last)) / width;
        let whole = cells.round();
        if cells > MOST_LOST as f32 + 1.5 {
            break;
        }
        // A letter stands anywhere.
        if whole < 1.0 || (cells - whole).abs() > OFF * whole.min(2.0) {
            continue;
        }
        let lost = (1..whole as usize).map(|k| between(&last, &tooth, k as f32 / whole));
        walk.teeth.extend(lost);
        walk.teeth.push(tooth);
        walk.seen += 1;
        walk.stand += usize::from(stroke.stands);
        walk.looked_at = place + 1;
        last = tooth;
    }
    walk
}

fn middle(tooth: &Area) -> f32 {
    (tooth.x0 + tooth.x1) as f32 / 2.0
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
            let found = find(&ink.transposed(), &rules(&ink));
            assert_eq!(found.len(), 1);
            assert_eq!(found[0].teeth.iter().map(|t| t.x0).collect::<Vec<_>>(), all);
            assert_eq!(found[0].cells().count(), 10);
        }
    }

    #[test]
    fn a_filled_cell_without_its_last_tooth_belongs_to_the_comb() {
        let seen: Vec<usize> = (0..10).map(|k| 100 + 27 * k).collect();
        let letter = |ink: &mut Ink| {
            for y in 88..106 {
                ink.set(y, 353, 358, true);
            }
        };
        let mut ink = ruled(&seen);
        letter(&mut ink);
        assert_eq!(find(&ink.transposed(), &rules(&ink))[0].teeth.len(), 11);
        // Where the rule beneath is half gone it may be a letter of what follows.
        for y in [112, 113] {
            ink.set(y, 352, 372, false);
        }
        assert!(find(&ink.transposed(), &rules(&ink)).is_empty());
        // Nothing stands there: the comb ends.
        let ink = ruled(&seen);
        assert_eq!(find(&ink.transposed(), &rules(&ink))[0].teeth.len(), 10);
    }

    #[test]
    fn teeth_may_hang_from_a_rule_where_the_one_beneath_is_worn() {
        let all: Vec<usize> = (0..=10).map(|k| 100 + 27 * k).collect();
        let mut ink = ruled(&all);
        let mut rules = Ink::empty(ink.width(), ink.height());
        for y in [80, 81] {
            rules.set(y, 100, 372, true);
        }
        for y in [112, 113] {
            ink.set(y, 100, 372, false);
        }
        for &x in &all {
            ink.set(112, x, x + 2, true);
        }
        let found = find(&ink.transposed(), &rules);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].teeth.iter().map(|t| t.x0).collect::<Vec<_>>(), all);
    }

    #[test]
    fn at_the_edge_of_the_page_a_comb_ends_and_hatching_is_none() {
        // The rule and a letter run off the page, where the next tooth would stand.
        let mut edge = Ink::empty(380, 200);
        for y in [112, 113] {
            edge.set(y, 100, 380, true);
        }
        for k in 0..=10 {
            for y in 80..114 {
                edge.set(y, 100 + 27 * k, 102 + 27 * k, true);
            }
        }
        for y in 88..106 {
            edge.set(y, 374, 380, true);
        }
        let mut rule = Ink::empty(380, 200);
        rule.set(113, 100, 380, true);
        let found = find(&edge.transposed(), &rule);
        assert_eq!(found[0].teeth.len(), 11);
        assert!(found[0].strips().all(|strip| strip.x0 <= strip.x1.min(380)));
        let mut hatched = Ink::empty(2000, 200);
        for x in (0..2000).step_by(4) {
            for y in 80..114 {
                hatched.set(y, x, x + 1, true);
            }
        }
        let mut rule = Ink::empty(2000, 200);
        rule.set(113, 0, 2000, true);
        assert!(find(&hatched.transposed(), &rule).is_empty());
    }

    #[test]
    fn the_columns_of_a_table_and_a_digit_are_none() {
        let table = ruled(&[100, 190, 260, 370]);
        assert!(find(&table.transposed(), &rules(&table)).is_empty());
        let mut one = ruled(&[]);
        for k in 0..10 {
            for y in 88..108 {
                one.set(y, 110 + 27 * k, 113 + 27 * k, true);
            }
        }
        assert!(find(&one.transposed(), &rules(&one)).is_empty());
    }
}
