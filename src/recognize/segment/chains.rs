//! Letters beside each other become chains.

use super::super::ink::{Area, Blob, Ink};
use super::pieces::{Letter, Pieces};

/// Letters farther apart than this many heights of the taller one are not read
/// together. A blank between words is about half a height of a capital.
const MOST_GAP: f32 = 1.6;
/// … and never farther than so many pixels.
const MOST_GAP_PIXELS: f32 = 90.0;
/// Neighbours share so much of the smaller one's height.
const LEAST_SHARED: f32 = 0.5;
/// Neighbours are at most so many times as high as each other: a bracket
/// beside an x.
const MOST_UNLIKE: f32 = 2.4;
/// A chain this many times as high as its middle letter holds two lines.
const TWO_LINES: f32 = 2.1;
/// … and is cut where the middles of its letters step down at once by half
/// of this many heights.
const CLEAR_STEP: f32 = 0.7;
/// Chains that were torn apart by a lost letter close up over this many
/// heights.
const TORN: f32 = 1.9;
/// A dot fills so much of its area; most letters fill half of theirs …
const SOLID: f32 = 0.6;
/// … and are so high in the smallest print, at least; so many are a word.
const LEAST_PRINT: usize = 9;
const LEAST_WORD: usize = 3;
/// Chains of one line share so much of the lower one's height.
const SAME_LINE: f32 = 0.6;

/// Pieces on one line.
#[derive(Clone, Debug)]
pub struct Chain {
    /// Around its letters; marks that hang out do not count.
    pub area: Area,
    /// By place in the page's pieces.
    pub pieces: Vec<usize>,
    /// Height of its middle letter.
    pub height: usize,
}

impl Chain {
    /// `None` without letters.
    fn of(letters: &[&Letter]) -> Option<Self> {
        let area = letters.iter().map(|letter| letter.area).reduce(|a, b| around(&a, &b))?;
        let mut heights: Vec<usize> = letters.iter().map(|letter| letter.area.height()).collect();
        heights.sort_unstable();
        let pieces = letters.iter().flat_map(|letter| letter.pieces.iter().copied()).collect();
        Some(Self { area, pieces, height: heights[heights.len() / 2] })
    }
}

/// The smallest area around both.
pub fn around(a: &Area, b: &Area) -> Area {
    Area { x0: a.x0.min(b.x0), y0: a.y0.min(b.y0), x1: a.x1.max(b.x1), y1: a.y1.max(b.y1) }
}

/// Rows that both have.
pub fn shared_rows(a: &Area, b: &Area) -> usize {
    a.y1.min(b.y1).saturating_sub(a.y0.max(b.y0))
}

/// Links letters to those on their right; no link crosses an upright rule.
pub fn linked(pieces: &Pieces, ruled: &Ink) -> Vec<Chain> {
    let letters = &pieces.letters;
    let mut order: Vec<usize> = (0..letters.len()).collect();
    order.sort_by_key(|&i| letters[i].area.x0);
    let mut sets = Sets::new(letters.len());
    for (rank, &left) in order.iter().enumerate() {
        let a = &letters[left].area;
        let reach = a.x1 as f32 + MOST_GAP_PIXELS;
        for &right in &order[rank + 1..] {
            let b = &letters[right].area;
            if b.x0 as f32 > reach {
                break;
            }
            if beside(a, b) && !ruled_off(a, b, ruled) {
                sets.join(left, right);
            }
        }
    }
    let members = |group: Vec<usize>| group.into_iter().map(|i| &letters[i]).collect();
    sets.groups().into_iter().flat_map(|group| unstacked(members(group))).collect()
}

/// Chains of dots (a colon in bold type, a row of leaders) become marks again
/// where they stand beside letters twice as high, and so does dirt. A word in
/// small print beside a heading or the rest of a frame is neither.
pub fn belittled(chains: Vec<Chain>, blobs: &[Blob]) -> (Vec<Chain>, Vec<usize>) {
    let bands: Vec<Area> = chains.iter().map(|chain| chain.area).collect();
    let is_letter = |piece: &&usize| {
        let blob = &blobs[**piece];
        blob.area.height() >= LEAST_PRINT && (blob.count as f32) < SOLID * blob.area.size() as f32
    };
    let beside_letters = |chain: &Chain| {
        let (area, high) = (&chain.area, chain.area.height());
        let word = chain.pieces.iter().filter(is_letter).count() >= LEAST_WORD;
        !word
            && bands.iter().any(|band| {
                let aside = band.height();
                band.height() >= 2 * high
                    && band.height() <= 8 * high
                    && area.width() <= 2 * band.height()
                    && area.x0 <= band.x1 + aside
                    && band.x0 <= area.x1 + aside
                    && area.y1 <= band.y1 + high
                    && band.y0 <= area.y0 + high
            })
    };
    let (small, chains): (Vec<Chain>, Vec<Chain>) = chains.into_iter().partition(beside_letters);
    (chains, small.into_iter().flat_map(|chain| chain.pieces).collect())
}

fn beside(left: &Area, right: &Area) -> bool {
    let (a, b) = (left.height() as f32, right.height() as f32);
    let (low, high) = (a.min(b), a.max(b));
    let gap = right.x0 as f32 - left.x1 as f32;
    gap <= (MOST_GAP * high).min(MOST_GAP_PIXELS)
        && high <= MOST_UNLIKE * low
        && shared_rows(left, right) as f32 >= LEAST_SHARED * low
}

/// Whether an upright rule was taken away between two areas.
fn ruled_off(left: &Area, right: &Area, ruled: &Ink) -> bool {
    let (y0, y1) = (left.y0.max(right.y0), left.y1.min(right.y1));
    let (x0, x1) = (left.x1.min(ruled.width()), right.x0.min(ruled.width()));
    if x0 >= x1 || y0 >= y1 {
        return false;
    }
    // A rule is there at most heights; a line across at one or two.
    let crossed = |y: usize| ruled.row(y)[x0..x1].iter().any(|&bit| bit != 0);
    let count = (y0..y1.min(ruled.height())).filter(|&y| crossed(y)).count();
    2 * count > y1 - y0
}

/// A chain that climbed into the next line is cut between the two.
fn unstacked(mut letters: Vec<&Letter>) -> Vec<Chain> {
    let Some(chain) = Chain::of(&letters) else {
        return Vec::new();
    };
    let full = chain.area.height() as f32;
    if letters.len() < 4 || full <= TWO_LINES * chain.height as f32 {
        return vec![chain];
    }
    let middle = |letter: &Letter| letter.area.y0 + letter.area.y1;
    letters.sort_by_key(|letter| middle(letter));
    // One letter by itself is no line.
    let step = letters
        .windows(2)
        .map(|pair| middle(pair[1]) - middle(pair[0]))
        .enumerate()
        .skip(1)
        .take(letters.len() - 3)
        .max_by_key(|&(place, step)| (step, std::cmp::Reverse(place)));
    match step {
        Some((place, step)) if step as f32 >= CLEAR_STEP * chain.height as f32 => {
            let lower = letters.split_off(place + 1);
            [letters, lower].into_iter().flat_map(unstacked).collect()
        }
        _ => vec![chain],
    }
}

/// Chains of one line that a lost letter tore apart become one again.
pub fn closed_up(mut chains: Vec<Chain>, ruled: &Ink) -> Vec<Chain> {
    chains.sort_by_key(|chain| chain.area.x0);
    let mut sets = Sets::new(chains.len());
    for (rank, left) in chains.iter().enumerate() {
        for (next, right) in chains.iter().enumerate().skip(rank + 1) {
            if right.area.x0 as f32 - left.area.x1 as f32 > MOST_GAP_PIXELS {
                break;
            }
            if torn(left, right) && !ruled_off(&left.area, &right.area, ruled) {
                sets.join(rank, next);
            }
        }
    }
    let joined = |group: Vec<usize>| {
        group.into_iter().map(|i| chains[i].clone()).reduce(|a, b| Chain {
            area: around(&a.area, &b.area),
            pieces: [a.pieces, b.pieces].concat(),
            height: a.height.max(b.height),
        })
    };
    sets.groups().into_iter().filter_map(joined).collect()
}

fn torn(left: &Chain, right: &Chain) -> bool {
    let (a, b) = (left.area.height() as f32, right.area.height() as f32);
    let gap = right.area.x0 as f32 - left.area.x1 as f32;
    gap <= (TORN * left.height.max(right.height) as f32).min(MOST_GAP_PIXELS)
        && a.max(b) <= MOST_UNLIKE * a.min(b)
        && shared_rows(&left.area, &right.area) as f32 >= SAME_LINE * a.min(b)
}

/// Sets that are joined two by two.
pub struct Sets {
    parents: Vec<usize>,
}

impl Sets {
    /// Each by itself.
    pub fn new(count: usize) -> Self {
        Self { parents: (0..count).collect() }
    }

    fn root(&mut self, mut index: usize) -> usize {
        while self.parents[index] != index {
            self.parents[index] = self.parents[self.parents[index]];
            index = self.parents[index];
        }
        index
    }

    /// Makes the sets of both one.
    pub fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.parents[a.max(b)] = a.min(b);
    }

    /// Members of each set, in order.
    pub fn groups(mut self) -> Vec<Vec<usize>> {
        let count = self.parents.len();
        let mut groups: Vec<Vec<usize>> = vec![Vec::new(); count];
        for index in 0..count {
            let root = self.root(index);
            groups[root].push(index);
        }
        groups.retain(|group| !group.is_empty());
        groups
    }
}
