//! Letters beside each other become chains.

use super::super::ink::{Area, Ink};
use super::pieces::Pieces;

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
const TWO_LINES: f32 = 2.3;
/// Chains that were torn apart by a lost letter close up over this many
/// heights.
const TORN: f32 = 1.9;
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
    fn of(members: Vec<usize>, pieces: &Pieces) -> Self {
        let areas = members.iter().map(|&i| pieces.blobs[i].area);
        let area =
            areas.reduce(|a, b| around(&a, &b)).unwrap_or(Area { x0: 0, y0: 0, x1: 0, y1: 0 });
        let mut heights: Vec<usize> =
            members.iter().map(|&i| pieces.blobs[i].area.height()).collect();
        heights.sort_unstable();
        let height = heights[heights.len() / 2];
        Self { area, pieces: members, height }
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
    let areas: Vec<Area> = pieces.letters.iter().map(|&i| pieces.blobs[i].area).collect();
    let mut order: Vec<usize> = (0..areas.len()).collect();
    order.sort_by_key(|&i| areas[i].x0);
    let mut sets = Sets::new(areas.len());
    for (rank, &left) in order.iter().enumerate() {
        let reach = areas[left].x1 as f32 + MOST_GAP_PIXELS;
        for &right in &order[rank + 1..] {
            if areas[right].x0 as f32 > reach {
                break;
            }
            if beside(&areas[left], &areas[right]) && !ruled_off(&areas[left], &areas[right], ruled)
            {
                sets.join(left, right);
            }
        }
    }
    let groups = sets.groups();
    let members = groups.into_iter().map(|group| group.into_iter().map(|i| pieces.letters[i]));
    members.flat_map(|members| unstacked(members.collect(), pieces)).collect()
}

/// Chains of dots (a colon in bold type, a row of leaders) become marks again
/// where they stand beside letters twice as high.
pub fn belittled(chains: Vec<Chain>) -> (Vec<Chain>, Vec<usize>) {
    let bands: Vec<Area> = chains.iter().map(|chain| chain.area).collect();
    let beside_letters = |chain: &Chain| {
        let (area, high) = (&chain.area, chain.area.height());
        bands.iter().any(|band| {
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
fn unstacked(members: Vec<usize>, pieces: &Pieces) -> Vec<Chain> {
    let chain = Chain::of(members, pieces);
    let full = chain.area.height() as f32;
    if chain.pieces.len() < 4 || full <= TWO_LINES * chain.height as f32 {
        return vec![chain];
    }
    let middle = |i: &usize| {
        let area = &pieces.blobs[*i].area;
        area.y0 + area.y1
    };
    let mut members = chain.pieces.clone();
    members.sort_by_key(middle);
    let step = members
        .windows(2)
        .map(|pair| middle(&pair[1]) - middle(&pair[0]))
        .enumerate()
        .skip(1)
        .take(members.len().saturating_sub(3))
        .max_by_key(|&(place, step)| (step, std::cmp::Reverse(place)));
    match step {
        Some((place, step)) if step as f32 >= 0.7 * chain.height as f32 => {
            let lower = members.split_off(place + 1);
            [members, lower].into_iter().flat_map(|part| unstacked(part, pieces)).collect()
        }
        _ => vec![chain],
    }
}

/// Chains of one line that a lost letter tore apart become one again.
pub fn closed_up(mut chains: Vec<Chain>, pieces: &Pieces, ruled: &Ink) -> Vec<Chain> {
    chains.sort_by_key(|chain| chain.area.x0);
    let mut sets = Sets::new(chains.len());
    for (rank, left) in chains.iter().enumerate() {
        for (next, right) in chains.iter().enumerate().skip(rank + 1) {
            let (a, b) = (left.area.height() as f32, right.area.height() as f32);
            let gap = right.area.x0 as f32 - left.area.x1 as f32;
            if gap > MOST_GAP_PIXELS {
                break;
            }
            let one_line = gap
                <= (TORN * left.height.max(right.height) as f32).min(MOST_GAP_PIXELS)
                && a.max(b) <= MOST_UNLIKE * a.min(b)
                && shared_rows(&left.area, &right.area) as f32 >= SAME_LINE * a.min(b);
            if one_line && !ruled_off(&left.area, &right.area, ruled) {
                sets.join(rank, next);
            }
        }
    }
    let groups = sets.groups();
    groups
        .into_iter()
        .map(|group| {
            let members = group.iter().flat_map(|&i| chains[i].pieces.iter().copied()).collect();
            let area = group.iter().map(|&i| chains[i].area).reduce(|a, b| around(&a, &b));
            let mut chain = Chain::of(members, pieces);
            chain.height = group.iter().map(|&i| chains[i].height).max().unwrap_or(chain.height);
            chain.area = area.unwrap_or(chain.area);
            chain
        })
        .collect()
}

/// Sets that are joined two by two.
struct Sets {
    parents: Vec<usize>,
}

impl Sets {
    fn new(count: usize) -> Self {
        Self { parents: (0..count).collect() }
    }

    fn root(&mut self, mut index: usize) -> usize {
        while self.parents[index] != index {
            self.parents[index] = self.parents[self.parents[index]];
            index = self.parents[index];
        }
        index
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.parents[a.max(b)] = a.min(b);
    }

    /// Members of each set, in order.
    fn groups(mut self) -> Vec<Vec<usize>> {
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
