//! Finds typed boxes by their brackets: `[ ]`, `[X]`, `( )`, and the same
//! with a tick of a pen between.
//!
//! What a reader makes of them is a matter of luck ("C]", "1]", nothing); two
//! brackets that mirror each other are not. A tick may join one of them or
//! both, so a bracket is known by its outer edge, which few ticks reach:
//! straight with feet, or an arc. A hook leaves to the upper right, so of the
//! closing bracket the lower part is enough. Brackets stand deeper than the
//! letters beside them, which tells them from an H, an M and a 0.

use super::find::{Shape, Square, Standing};
use super::pieces::Pieces;
use crate::recognize::ink::{Area, Blob, Ink};

/// Height of a bracket in pixels at 204 dpi: 7 to 20 point type.
const LEAST_HEIGHT: usize = 15;
const MOST_HEIGHT: usize = 62;
// All lengths below are shares of the bracket's height.
/// Rows at the top and bottom whose edge lies further in than this are those
/// of a tick that sticks out.
const MOST_BEND: f32 = 0.42;
/// A straight edge strays no further than this …
const STRAIGHT: f32 = 0.07;
/// … and an arc's ends lie this far in, together at least so far, and are
/// alike within so much.
const BEND: std::ops::RangeInclusive<f32> = 0.05..=0.40;
const LEAST_BENDS: f32 = 0.13;
const LOPSIDED: f32 = 0.16;
/// A stroke is no thicker than this, and a foot is this much longer at least.
const MOST_STROKE: f32 = 0.22;
const LEAST_FOOT: f32 = 0.07;
/// A foot or the end of an arc reaches in no further than this: what does is
/// part of an O or an E.
const MOST_END: f32 = 0.40;
/// A piece so wide is a bracket that a cross joins, and hides the ends of. Its
/// log odds count up to so much: it is believed beside others only.
const CROSSED: f32 = 0.7;
const MOST_CROSSED: f32 = 0.0;
/// Rows from here down must mirror the opening bracket …
const LOWER: f32 = 0.42;
/// … within so much, in so many of them.
const MIRRORED: f32 = 0.06;
const MIRRORED_ROWS: f32 = 0.7;
/// From outer edge to outer edge: less is a letter, more is a remark.
const APART: std::ops::RangeInclusive<f32> = 0.60..=2.6;
/// White beside a pair, at least, and up to which it counts.
const LEAST_GAP: f32 = 0.14;
const CLEAR: f32 = 0.5;
/// How far below the letters beside it a bracket reaches; more does not count.
const DEEPER: f32 = 0.12;
/// Inked share between them up to which nothing is.
const EMPTY: f32 = 0.02;
/// Letters are looked for so far away.
const NEIGHBOURS: f32 = 5.0;
/// How many pieces of ink a tick between them may have, and how many of a
/// letter's size: one may be broken.
const MOST_INSIDE: usize = 5;
const MOST_LETTERS: usize = 1;
/// Least pixels of a piece that counts.
const SPECK: usize = 9;

/// An opening bracket.
#[derive(Clone, Debug)]
struct Opening {
    /// The bracket alone, without a tick that joins it.
    area: Area,
    /// How far in its outer edge lies, row by row, in pixels.
    bends: Vec<usize>,
    /// How thick its stroke is, in pixels.
    stroke: usize,
    /// Least length of a foot; `None` for an arc.
    foot: Option<usize>,
    /// Whether a cross hides its ends.
    crossed: bool,
    /// Which piece it belongs to.
    piece: usize,
}

/// Pairs among the pieces of ink.
pub fn find_pairs(ink: &Ink, pieces: &Pieces) -> Vec<Square> {
    pieces
        .all
        .iter()
        .enumerate()
        .filter(|(_, piece)| could_begin(&piece.area))
        .filter_map(|(place, piece)| opening(piece, place))
        .filter_map(|open| {
            let (close, place) = pieces
                .beside(&open.area, (APART.end() * open.area.height() as f32) as usize)
                .filter_map(|place| Some((closing(&pieces.all[place], &open)?, place)))
                .min_by_key(|(close, _)| close.x1)?;
            boxed(ink, pieces, &open, &close, place)
        })
        .collect()
}

/// A bracket, with or without ticks and its partner.
fn could_begin(area: &Area) -> bool {
    (LEAST_HEIGHT..=2 * MOST_HEIGHT).contains(&area.height())
        && area.width() >= 3
        && area.width() <= 3 * area.height()
}

/// The bracket that a piece begins with.
fn opening(piece: &Blob, place: usize) -> Option<Opening> {
    let rows = profile(piece);
    let x0 = outmost(&rows)?;
    let bent = |row: &Row, height: usize| row.from.saturating_sub(x0) as f32 / height as f32;
    // Rows of a tick that sticks out above or below.
    let outside = |row: &&Row| bent(row, rows.len().min(MOST_HEIGHT)) > MOST_BEND;
    let top = rows.iter().take_while(outside).count();
    let bottom = rows.iter().rev().take_while(outside).count();
    let rows = rows.get(top..rows.len().checked_sub(bottom)?)?;
    let height = rows.len();
    if !(LEAST_HEIGHT..=MOST_HEIGHT).contains(&height) {
        return None;
    }
    let share = |length: f32| length * height as f32;
    let stroke = stroke(rows[height / 4..height - height / 4].iter().map(|row| row.first));
    if stroke as f32 > share(MOST_STROKE).max(4.0) {
        return None;
    }
    let ends = (height / 10).max(2);
    let bend =
        |rows: &[Row]| rows.iter().map(|row| bent(row, height)).sum::<f32>() / rows.len() as f32;
    let reach = |rows: &[Row]| {
        rows.iter().map(|row| (row.from + row.first).saturating_sub(x0)).max().unwrap_or(0)
    };
    let (first, last) = (&rows[..ends], &rows[height - ends..]);
    let foot = stroke + (share(LEAST_FOOT).max(2.0) as usize);
    let ends_well = reach(first).max(reach(last)) as f32 <= share(MOST_END).max(foot as f32 + 2.0);
    let (above, below) = (bend(first), bend(last));
    let middle = bend(&rows[height * 2 / 5..height - height * 2 / 5]);
    let arc = ends_well
        && BEND.contains(&above)
        && BEND.contains(&below)
        && above + below >= LEAST_BENDS
        && (above - below).abs() <= LOPSIDED
        && middle <= 0.4 * above.min(below) + 1.0 / height as f32
        && bows(rows);
    let straight = STRAIGHT.max(1.1 / height as f32);
    let strays = rows.iter().filter(|row| bent(row, height) > straight).count();
    let square = ends_well && strays * 5 <= height && reach(first).max(reach(last)) >= foot;
    let inner = &rows[height / 4..height - height / 4];
    let crossed = !arc
        && !square
        && piece.area.width() as f32 >= CROSSED * height as f32
        && inner.iter().filter(|row| bent(row, height) > straight).count() * 6 <= height;
    if !arc && !square && !crossed {
        return None;
    }
    let most = (share(MOST_END) as usize).max(foot);
    let deep = reach(first).max(reach(last)).clamp(stroke, most);
    let y0 = piece.area.y0 + top;
    Some(Opening {
        area: Area { x0, x1: x0 + deep, y0, y1: y0 + height },
        bends: rows.iter().map(|row| row.from.saturating_sub(x0)).collect(),
        stroke,
        foot: (square && !arc).then_some(foot),
        crossed,
        piece: place,
    })
}

/// Where a piece ends with the mirror image of an opening bracket's lower
/// part.
fn closing(piece: &Blob, open: &Opening) -> Option<Area> {
    let height = open.area.height();
    let from = open.area.y0 + (LOWER * height as f32) as usize;
    let to = open.area.y1;
    if piece.area.y0 > from || piece.area.y1 + 3 < to || piece.area.x1 <= open.area.x1 {
        return None;
    }
    let rows = profile(piece);
    let row = |y: usize| rows.get(y.checked_sub(piece.area.y0)?).copied();
    let places: Vec<(usize, Row)> = (from..to)
        .filter_map(|y| {
            let row = row(y)?;
            Some((row.to + open.bends[y - open.area.y0], row))
        })
        .collect();
    let mut edges: Vec<usize> = places.iter().map(|(edge, _)| *edge).collect();
    edges.sort_unstable();
    let x1 = *edges.get(edges.len() / 2)?;
    let tolerance = (MIRRORED * height as f32).max(1.5);
    let mirrored = edges.iter().filter(|&&edge| edge.abs_diff(x1) as f32 <= tolerance).count();
    if (mirrored as f32) < MIRRORED_ROWS * (to - from) as f32 {
        return None;
    }
    let stroke = stroke(places.iter().map(|(_, row)| row.last));
    if stroke as f32 > (MOST_STROKE * height as f32).max(4.0) {
        return None;
    }
    let ends = (height / 10).max(2);
    let reach = |from: usize, to: usize| {
        (from..to).filter_map(row).map(|row| (x1 + row.last).saturating_sub(row.to)).max()
    };
    let below = reach(to - ends, to).unwrap_or(0);
    let most = (MOST_END * height as f32).max(open.foot.unwrap_or(0) as f32 + 2.0);
    if below as f32 > most && !open.crossed {
        return None;
    }
    let x0 = x1.saturating_sub(below.min(most as usize).max(stroke));
    let apart = (x1 as f32 - open.area.x0 as f32) / height as f32;
    (x0 > open.area.x1 && APART.contains(&apart)).then_some(Area { x0, x1, ..open.area })
}

/// Where the outer edge is: the outermost but for a fringe.
fn outmost(rows: &[Row]) -> Option<usize> {
    let mut edges: Vec<usize> = rows.iter().map(|row| row.from).collect();
    edges.sort_unstable();
    edges.get(edges.len() / 10).copied()
}

/// The usual thickness: a tick thickens some rows, never most.
fn stroke(lengths: impl Iterator<Item = usize>) -> usize {
    let mut lengths: Vec<usize> = lengths.collect();
    lengths.sort_unstable();
    lengths.get(lengths.len() / 3).copied().unwrap_or(0)
}

/// One row of a piece.
#[derive(Clone, Copy)]
struct Row {
    /// From its first pixel to its last, exclusive.
    from: usize,
    to: usize,
    /// Lengths of its first and its last run.
    first: usize,
    last: usize,
}

fn profile(piece: &Blob) -> Vec<Row> {
    let mut rows = vec![Row { from: usize::MAX, to: 0, first: 0, last: 0 }; piece.area.height()];
    for &(y, x0, x1) in &piece.runs {
        let row = &mut rows[y - piece.area.y0];
        if x0 < row.from {
            (row.from, row.first) = (x0, x1 - x0);
        }
        if x1 > row.to {
            (row.to, row.last) = (x1, x1 - x0);
        }
    }
    rows
}

/// Whether the edge goes out and comes back in, give or take a pixel.
fn bows(rows: &[Row]) -> bool {
    let half = rows.len() / 2;
    let falls = |rows: &mut dyn Iterator<Item = &Row>| {
        let mut least = usize::MAX;
        rows.filter(|row| {
            let back = row.from > least.saturating_add(1);
            least = least.min(row.from);
            back
        })
        .count()
    };
    let wrong = falls(&mut rows[..half].iter()) + falls(&mut rows[half..].iter().rev());
    wrong * 12 <= rows.len()
}

/// The box between two brackets, unless a word stands in it.
fn boxed(ink: &Ink, pieces: &Pieces, open: &Opening, close: &Area, place: usize) -> Option<Square> {
    let area = Area { x1: close.x1, ..open.area };
    let height = area.height() as f32;
    let (left, right) = pieces.gaps_to_others(&area, area.height());
    if (left.min(right) as f32) < LEAST_GAP * height {
        return None;
    }
    let baseline = pieces.letters(&area, (NEIGHBOURS * height) as usize)?.baseline;
    if is_closed(ink, &area) {
        return None;
    }
    let between = Area { x0: open.area.x1, x1: close.x0, ..area };
    let inside: Vec<&Blob> = pieces
        .beside(&area, 0)
        .filter(|&other| other != open.piece && other != place)
        .map(|other| &pieces.all[other])
        .filter(|piece| piece.area.shared(&between) > 0 && piece.count >= SPECK)
        .collect();
    let letters = inside.iter().filter(|piece| is_letter(piece, &between)).count();
    if inside.len() > MOST_INSIDE || letters > MOST_LETTERS {
        return None;
    }
    let inset = open.stroke + 2;
    let inset = if open.foot.is_some() { inset } else { (2 * inset).min(open.area.width() + 1) };
    let rim = area.height() / 6;
    let inside = Area {
        x0: area.x0 + inset,
        x1: (area.x1 - inset).max(area.x0 + inset),
        y0: area.y0 + rim,
        y1: area.y1 - rim,
    };
    let signs = Signs {
        wide: area.width() as f32 / height,
        mirrored: mirrored(ink, open, &area),
        feet: feet(ink, open, &area),
        letters,
        near: just_inside(ink, open, &area),
        stroke: open.stroke as f32 / height,
        fill: ink.count(&inside) as f32 / inside.size().max(1) as f32,
        gap: (left.min(right) as f32 / height).min(CLEAR),
        deeper: ((area.y1 as f32 - baseline as f32) / height).clamp(-DEEPER, DEEPER),
    };
    let odds = if open.crossed { signs.odds().min(MOST_CROSSED) } else { signs.odds() };
    let standing = Standing::of(odds)?;
    let shape = Shape::Pair { inside };
    Some(Square { area, sides: 1.0, odds, standing, shape })
}

/// Whether the middle of the upper or lower edge is inked, as in a frame or a
/// zero.
fn is_closed(ink: &Ink, area: &Area) -> bool {
    let (third, high) = (area.width() / 3, (area.height() / 9).max(2));
    let middle = Area { x0: area.x0 + third, x1: area.x1 - third, ..*area };
    let inked = |place: Area| 2 * ink.count(&place) > place.size();
    inked(Area { y1: area.y0 + high, ..middle }) || inked(Area { y0: area.y1 - high, ..middle })
}

/// What tells two brackets from letters.
struct Signs {
    /// Width of the pair over its height.
    wide: f32,
    /// Share of the rows of the upper and of the lower half in which the outer
    /// edges mirror each other.
    mirrored: (f32, f32),
    /// Inked share where feet or ends of arcs are, top and bottom together.
    feet: f32,
    /// Letters between.
    letters: usize,
    /// Inked share just inside of a stroke, of the worse; nothing joins a
    /// bracket there but a tick.
    near: f32,
    /// Thickness over height.
    stroke: f32,
    /// Inked share of what is between.
    fill: f32,
    /// White beside the pair over its height.
    gap: f32,
    /// How far it reaches below the letters beside it, over its height.
    deeper: f32,
}

impl Signs {
    /// Log odds, by logistic regression over 16,000 pairs of edges of 1,200
    /// drawn pages of all levels of damage, 270 of them boxes.
    fn odds(&self) -> f32 {
        0.8 * self.wide + 1.2 * self.mirrored.0 + 4.8 * self.mirrored.1 + 1.1 * self.feet
            - 0.9 * self.letters as f32
            - 1.8 * self.near
            - 13.7 * self.stroke
            + 2.4 * self.fill
            + if self.fill < EMPTY { 0.9 } else { 0.0 }
            + 10.4 * self.gap
            + 16.4 * self.deeper
            - 11.7
    }
}

/// Shares of rows in which the outer edges mirror each other, upper half and
/// lower half.
fn mirrored(ink: &Ink, open: &Opening, area: &Area) -> (f32, f32) {
    let tolerance = (MIRRORED * area.height() as f32).max(1.5);
    let rows: Vec<bool> = open
        .bends
        .iter()
        .zip(area.y0..)
        .map(|(bend, y)| {
            let last = (area.x0..area.x1 + 3).rev().find(|&x| ink.at(x, y));
            last.is_some_and(|x| (x + 1 + bend).abs_diff(area.x1) as f32 <= tolerance)
        })
        .collect();
    let (upper, lower) = rows.split_at(rows.len() / 2);
    let share = |rows: &[bool]| rows.iter().filter(|&&row| row).count() as f32 / rows.len() as f32;
    (share(upper), share(lower))
}

/// Inked share of the places of the feet, the worse of left and right, top
/// and bottom together.
fn feet(ink: &Ink, open: &Opening, area: &Area) -> f32 {
    let (long, high) = (open.stroke + 4, (area.height() / 9).max(2));
    [(area.y0, area.y0 + high), (area.y1 - high, area.y1)]
        .into_iter()
        .map(|(y0, y1)| {
            let left = ink.count(&Area { x0: area.x0, x1: area.x0 + long, y0, y1 });
            let right = ink.count(&Area { x0: area.x1 - long, x1: area.x1, y0, y1 });
            left.min(right) as f32 / (long * high) as f32
        })
        .sum()
}

/// Inked share of two columns just inside of each stroke, over the middle half
/// of the height; of the worse.
fn just_inside(ink: &Ink, open: &Opening, area: &Area) -> f32 {
    let (near, far) = (open.stroke + 1, open.stroke + 3);
    let (y0, y1) = (area.y0 + area.height() / 4, area.y1 - area.height() / 4);
    [(area.x0 + near, area.x0 + far), (area.x1 - far, area.x1 - near)]
        .into_iter()
        .map(|(x0, x1)| Area { x0, x1, y0, y1 })
        .map(|place| ink.count(&place) as f32 / place.size() as f32)
        .fold(0.0, f32::max)
}

/// Whether a piece between the brackets stands wholly within them.
fn is_letter(piece: &Blob, between: &Area) -> bool {
    piece.area.x0 >= between.x0 && piece.area.x1 <= between.x1 && piece.area.height() > 8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(PartialEq)]
    enum Opens {
        Right,
        Left,
    }

    /// A square bracket, 6 by 28 pixels, opening to the right or left.
    fn bracket(ink: &mut Ink, x: usize, opens: Opens) {
        let stroke = if opens == Opens::Right { x } else { x + 4 };
        for y in 40..68 {
            ink.set(y, stroke, stroke + 2, true);
            if !(43..65).contains(&y) {
                ink.set(y, x, x + 6, true);
            }
        }
    }

    /// Beside a label of three letters, which stand less deep.
    fn found(draw: impl Fn(&mut Ink)) -> usize {
        let mut ink = Ink::empty(200, 100);
        draw(&mut ink);
        for letter in 0..3 {
            for y in 43..62 {
                ink.set(y, 110 + 14 * letter, 113 + 14 * letter, true);
                ink.set(y, 117 + 14 * letter, 120 + 14 * letter, true);
            }
        }
        let pairs = find_pairs(&ink, &Pieces::of(&ink));
        pairs.iter().filter(|pair| pair.standing == Standing::Drawn).count()
    }

    #[test]
    fn brackets_that_face_each_other_are_a_box() {
        let empty = |ink: &mut Ink| {
            bracket(ink, 50, Opens::Right);
            bracket(ink, 74, Opens::Left);
        };
        assert_eq!(found(empty), 1);
        let ticked = |ink: &mut Ink| {
            empty(ink);
            for i in 0..14 {
                ink.set(47 + i, 58 + i, 60 + i, true);
                ink.set(61 - i, 58 + i, 60 + i, true);
            }
        };
        assert_eq!(found(ticked), 1);
        let hooked = |ink: &mut Ink| {
            empty(ink);
            for i in 0..26 {
                ink.set(64 - i, 60 + i, 63 + i, true);
            }
        };
        assert_eq!(found(hooked), 1);
        let back_to_back = |ink: &mut Ink| {
            bracket(ink, 50, Opens::Left);
            bracket(ink, 74, Opens::Right);
        };
        assert_eq!(found(back_to_back), 0);
    }

    #[test]
    fn a_capital_with_two_stems_is_none() {
        let capital = |ink: &mut Ink| {
            for y in 43..62 {
                ink.set(y, 50, 54, true);
                ink.set(y, 72, 76, true);
            }
            ink.set(52, 50, 76, true);
            ink.set(53, 50, 76, true);
        };
        assert_eq!(found(capital), 0);
    }

    #[test]
    fn brackets_around_a_word_are_none() {
        let word = |ink: &mut Ink| {
            bracket(ink, 20, Opens::Right);
            bracket(ink, 66, Opens::Left);
            for letter in 0..3 {
                for y in 46..62 {
                    ink.set(y, 30 + 11 * letter, 33 + 11 * letter, true);
                }
            }
        };
        assert_eq!(found(word), 0);
    }
}
