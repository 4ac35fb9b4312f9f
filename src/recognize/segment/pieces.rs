//! The page's connected ink, told apart by size.

use std::collections::{HashMap, HashSet};

use super::super::ink::{Area, Blob, Ink, blobs};
use super::chains::{Sets, around};

/// Lower pieces are dots, hyphens and splinters: they join a line, they make
/// none.
const LEAST_LETTER_HEIGHT: usize = 6;
/// Taller pieces are pictures, signatures or lines grown together. 30 pt has
/// capitals of 62 pixels.
const MOST_LETTER_HEIGHT: usize = 96;
/// A word whose letters have grown together is one piece.
const MOST_LETTER_WIDTH: usize = 900;
/// As high as a letter but thinner than paper's grain.
const LEAST_INK: usize = 8;
/// Longer and thinner than this is what is left of a ruled line, upright or
/// level: least length in pixels, and least length for the thickness. The stem
/// of an l is eight times as high as it is thick.
const RULE: (usize, usize) = (36, 11);
/// A piece of ruled lines has less than this share of its area inked; a letter
/// has a fifth.
const SKELETON: f32 = 0.13;
/// Splinters of an upright rule: most width of one, most paper between two and
/// least length of the rule. Lines of text lie farther apart.
const DOTTED: (usize, usize, usize) = (4, 14, 48);
/// … and how far one may stand aside of the one above.
const DOTTED_ASIDE: usize = 2;
/// Splinters of one faint letter, or of letters beside each other, are not
/// farther apart than this: across and down, in pixels.
const SPLINTERED: (usize, usize) = (8, 5);
/// Fewer splinters than this are dirt.
const LEAST_SPLINTERS: usize = 3;

/// All ink of a page.
pub struct Pieces {
    /// Every connected piece.
    pub blobs: Vec<Blob>,
    /// Those as high as letters.
    pub letters: Vec<Letter>,
    /// Smaller ones, by place in `blobs`.
    pub small: Vec<usize>,
    /// Larger ones.
    pub large: Vec<usize>,
    /// Remains of ruled lines, by place in `blobs`.
    pub rules: Vec<usize>,
    /// Upright rules of which only dots are left.
    pub dotted: Vec<Area>,
}

/// Something as high as a letter: one piece of ink, or the splinters of a
/// letter or a word that came through too faint to hold together.
pub struct Letter {
    /// Around it.
    pub area: Area,
    /// Its pieces, by place in the page's.
    pub pieces: Vec<usize>,
}

impl Pieces {
    /// Of a clean page.
    pub fn of(ink: &Ink) -> Self {
        let blobs = blobs(ink);
        let (mut letters, mut splinters, mut large) = (Vec::new(), Vec::new(), Vec::new());
        let mut rules = Vec::new();
        for (place, blob) in blobs.iter().enumerate() {
            let (width, height) = (blob.area.width(), blob.area.height());
            if is_rule(height, width) || is_rule(width, height) || is_skeleton(blob) {
                rules.push(place);
            } else if height > MOST_LETTER_HEIGHT || width > MOST_LETTER_WIDTH {
                large.push(place);
            } else if height < LEAST_LETTER_HEIGHT || blob.count < LEAST_INK {
                splinters.push(place);
            } else {
                letters.push(Letter { area: blob.area, pieces: vec![place] });
            }
        }
        let dotted = dotted(&mut splinters, &blobs);
        let mut small = Vec::new();
        for clot in clots(&splinters, &blobs) {
            let height = clot.area.height();
            let like_a_letter = (LEAST_LETTER_HEIGHT..=MOST_LETTER_HEIGHT).contains(&height)
                && clot.pieces.len() >= LEAST_SPLINTERS;
            if like_a_letter {
                letters.push(clot);
            } else {
                small.extend(clot.pieces);
            }
        }
        Self { blobs, letters, small, large, rules, dotted }
    }
}

fn is_rule(length: usize, thickness: usize) -> bool {
    length >= RULE.0 && length >= RULE.1 * thickness
}

/// A corner or a crossing of ruled lines: wide, high and mostly paper.
fn is_skeleton(blob: &Blob) -> bool {
    blob.area.width() >= RULE.0
        && blob.area.height() >= RULE.0
        && blob.count as f32 <= SKELETON * blob.area.size() as f32
}

/// Takes the splinters of faint upright rules out: a file of them, one under
/// the other, longer than a line of text is high.
fn dotted(splinters: &mut Vec<usize>, blobs: &[Blob]) -> Vec<Area> {
    let narrow = |place: &usize| blobs[*place].area.width() <= DOTTED.0;
    let mut order: Vec<usize> = splinters.iter().copied().filter(narrow).collect();
    order.sort_by_key(|&place| blobs[place].area.y0);
    let mut files: Vec<(Area, Vec<usize>)> = Vec::new();
    // The file that ends lowest, by the column where it ends.
    let mut ends: HashMap<usize, usize> = HashMap::new();
    for place in order {
        let area = blobs[place].area;
        let column = (area.x0 + area.x1) / 2;
        let near = column.saturating_sub(DOTTED_ASIDE)..=column + DOTTED_ASIDE;
        let file = near
            .filter_map(|column| ends.get(&column).copied())
            .find(|&file| area.y0 <= files[file].0.y1 + DOTTED.1);
        let file = file.unwrap_or_else(|| {
            files.push((area, Vec::new()));
            files.len() - 1
        });
        files[file].0 = around(&files[file].0, &area);
        files[file].1.push(place);
        ends.insert(column, file);
    }
    files.retain(|(file, members)| {
        file.height() >= DOTTED.2 && file.width() <= 2 * DOTTED.0 && members.len() >= 4
    });
    let taken: HashSet<usize> =
        files.iter().flat_map(|(_, members)| members.iter().copied()).collect();
    splinters.retain(|place| !taken.contains(place));
    files.into_iter().map(|(file, _)| file).collect()
}

/// Splinters that lie together.
fn clots(splinters: &[usize], blobs: &[Blob]) -> Vec<Letter> {
    let mut order = splinters.to_vec();
    order.sort_by_key(|&place| blobs[place].area.x0);
    let mut sets = Sets::new(order.len());
    for (rank, &left) in order.iter().enumerate() {
        let a = &blobs[left].area;
        for (next, &right) in order.iter().enumerate().skip(rank + 1) {
            let b = &blobs[right].area;
            if b.x0 > a.x1 + SPLINTERED.0 {
                break;
            }
            if a.y0.max(b.y0) <= a.y1.min(b.y1) + SPLINTERED.1 {
                sets.join(rank, next);
            }
        }
    }
    let clot = |members: Vec<usize>| {
        let pieces: Vec<usize> = members.into_iter().map(|rank| order[rank]).collect();
        let area = pieces.iter().map(|&place| blobs[place].area).reduce(|a, b| around(&a, &b));
        area.map(|area| Letter { area, pieces })
    };
    sets.groups().into_iter().filter_map(clot).collect()
}
