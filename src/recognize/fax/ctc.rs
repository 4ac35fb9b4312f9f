//! From scores to characters: the decoding side of connectionist temporal
//! classification (Graves, Fernández, Gomez and Schmidhuber 2006).
//!
//! For every column the net says how likely each character begins or goes on
//! there, or none does (class 0). A text is spelled by many ways through the
//! columns, since a character may take one column or several and there may be
//! any number of nones around it; two equal characters in a row need one
//! between them. [`best_path`] follows the best class of each column and is
//! nearly always right; [`likeliest`] adds up the ways of each text and is for
//! words in doubt. [`probability`] says how likely a text is, all ways
//! together.

use std::ops::Range;

use super::net::Scores;

/// The class of "no character here".
pub const NONE: usize = 0;

/// A column's classes below this probability are not followed by
/// [`likeliest`]: e to the power of -6, one in 400.
const FAINTEST: f32 = -6.0;

/// A character where it was seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// Never [`NONE`].
    pub class: usize,
    /// The columns in which it was seen: fewer than the character is wide.
    /// Not empty.
    pub columns: Range<usize>,
}

impl Seen {
    /// In columns, from the left edge of the first.
    pub fn middle(&self) -> f32 {
        (self.columns.start + self.columns.end) as f32 / 2.0
    }

    /// The most that any of its columns gives it, 0 to 1.
    pub fn strength(&self, scores: &Scores) -> f32 {
        let logs = scores.columns().skip(self.columns.start).take(self.columns.len());
        logs.map(|column| column[self.class]).fold(f32::NEG_INFINITY, f32::max).exp()
    }
}

/// Takes away the classes that are not `permitted` (of which the first, none,
/// is not asked). What they had goes to the permitted ones of the same column
/// in proportion, so that where a character was seen, one still is.
pub fn restricted(scores: &Scores, permitted: &[bool]) -> Scores {
    let mut logs = Vec::new();
    for column in scores.columns() {
        let some = (1.0 - column[NONE].exp()).max(f32::MIN_POSITIVE).ln();
        let left = column[1..].iter().zip(&permitted[1..]).filter(|(_, permitted)| **permitted);
        let left = left.map(|(log, _)| *log).fold(f32::NEG_INFINITY, either);
        logs.push(column[NONE]);
        logs.extend(column[1..].iter().zip(&permitted[1..]).map(|(log, permitted)| {
            if *permitted && left.is_finite() { log + some - left } else { f32::NEG_INFINITY }
        }));
    }
    Scores::new(logs, permitted.len())
}

/// The best class of each column, repeats and nones dropped.
pub fn best_path(scores: &Scores) -> Vec<Seen> {
    let mut seen: Vec<Seen> = Vec::new();
    let mut before = NONE;
    for (at, column) in scores.columns().enumerate() {
        let class = best_class(column);
        match seen.last_mut() {
            Some(last) if class != NONE && class == before => last.columns.end = at + 1,
            _ if class != NONE => seen.push(Seen { class, columns: at..at + 1 }),
            _ => {}
        }
        before = class;
    }
    seen
}

fn best_class(column: &[f32]) -> usize {
    let best = column.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
    best.map_or(NONE, |(class, _)| class)
}

/// The logarithm of either of two unlikely things, from theirs.
fn either(a: f32, b: f32) -> f32 {
    let (low, high) = if a < b { (a, b) } else { (b, a) };
    if low == f32::NEG_INFINITY { high } else { high + (low - high).exp().ln_1p() }
}

/// Nones around and between the characters.
fn with_nones(text: &[usize]) -> Vec<usize> {
    let mut states = vec![NONE];
    for class in text {
        states.extend([*class, NONE]);
    }
    states
}

/// Whether a way may go to `states[at]` from two states before: past a none,
/// which it must not leave out between equal characters.
fn may_skip(states: &[usize], at: usize) -> bool {
    at >= 2 && states[at] != NONE && states[at] != states[at - 2]
}

/// How likely the columns spell `text`, all ways together; 0 to 1.
pub fn probability(scores: &Scores, text: &[usize]) -> f32 {
    let states = with_nones(text);
    let mut ways = vec![f32::NEG_INFINITY; states.len()];
    for (at, column) in scores.columns().enumerate() {
        let before = ways.clone();
        for state in 0..states.len() {
            let mut sum = if at == 0 && state < 2 { 0.0 } else { before[state] };
            if at > 0 && state >= 1 {
                sum = either(sum, before[state - 1]);
            }
            if at > 0 && may_skip(&states, state) {
                sum = either(sum, before[state - 2]);
            }
            ways[state] = sum + column[states[state]];
        }
    }
    let ends = ways.iter().rev().take(2);
    ends.fold(f32::NEG_INFINITY, |sum, way| either(sum, *way)).exp().min(1.0)
}

/// Where the characters of `text` are seen on the best way that spells it;
/// `None` if the columns are too few.
pub fn aligned(scores: &Scores, text: &[usize]) -> Option<Vec<Seen>> {
    let states = with_nones(text);
    let mut ways = vec![f32::NEG_INFINITY; states.len()];
    // For each column and state, how many states back the best way came from.
    let mut steps: Vec<Vec<usize>> = Vec::new();
    for (at, column) in scores.columns().enumerate() {
        let before = ways.clone();
        let mut step = vec![0; states.len()];
        for state in 0..states.len() {
            if at == 0 {
                ways[state] = if state < 2 { column[states[state]] } else { f32::NEG_INFINITY };
                continue;
            }
            let furthest = if may_skip(&states, state) { 2 } else { state.min(1) };
            for back in 0..=furthest {
                if before[state - back] > before[state - step[state]] {
                    step[state] = back;
                }
            }
            ways[state] = before[state - step[state]] + column[states[state]];
        }
        steps.push(step);
    }
    let last = states.len() - 1;
    let mut state = if last > 0 && ways[last - 1] > ways[last] { last - 1 } else { last };
    if ways[state] == f32::NEG_INFINITY {
        return None;
    }
    let mut seen: Vec<Option<Seen>> = vec![None; text.len()];
    for (at, step) in steps.iter().enumerate().rev() {
        if states[state] != NONE {
            let character =
                seen[state / 2].get_or_insert(Seen { class: states[state], columns: at..at + 1 });
            character.columns.start = at;
        }
        state -= step[state];
    }
    seen.into_iter().collect()
}

/// The beginning of a text in [`likeliest`], with the logarithms of the ways
/// that spell it and end in a none, or in its last character.
#[derive(Clone)]
struct Beginning {
    text: Vec<usize>,
    in_none: f32,
    in_last: f32,
}

impl Beginning {
    fn all(&self) -> f32 {
        either(self.in_none, self.in_last)
    }
}

/// The text with the most ways, as far as it can be found by following the
/// `breadth` best beginnings from column to column (prefix beam search).
pub fn likeliest(scores: &Scores, breadth: usize) -> Vec<usize> {
    let nothing = Beginning { text: Vec::new(), in_none: 0.0, in_last: f32::NEG_INFINITY };
    let mut beginnings = vec![nothing];
    for column in scores.columns() {
        let mut next: Vec<Beginning> = Vec::new();
        for beginning in &beginnings {
            let last = beginning.text.last().copied();
            let goes_on = last.map_or(f32::NEG_INFINITY, |c| beginning.in_last + column[c]);
            add(&mut next, &beginning.text, None, beginning.all() + column[NONE], goes_on);
            for (class, log) in column.iter().enumerate().skip(1) {
                if *log < FAINTEST {
                    continue;
                }
                let ways = if last == Some(class) { beginning.in_none } else { beginning.all() };
                add(&mut next, &beginning.text, Some(class), f32::NEG_INFINITY, ways + log);
            }
        }
        next.sort_by(|a, b| b.all().total_cmp(&a.all()));
        next.truncate(breadth.max(1));
        beginnings = next;
    }
    beginnings.into_iter().next().map(|best| best.text).unwrap_or_default()
}

/// Adds ways to the beginning `text` and perhaps one class more.
fn add(next: &mut Vec<Beginning>, text: &[usize], more: Option<usize>, none: f32, last: f32) {
    let spelled = |other: &Beginning| match (more, other.text.split_last()) {
        (None, _) => other.text == text,
        (Some(class), Some((end, rest))) => *end == class && rest == text,
        (Some(_), None) => false,
    };
    match next.iter_mut().find(|other| spelled(other)) {
        Some(same) => {
            same.in_none = either(same.in_none, none);
            same.in_last = either(same.in_last, last);
        }
        None => {
            let text = text.iter().copied().chain(more).collect();
            next.push(Beginning { text, in_none: none, in_last: last });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three classes: none, 1 and 2; a row a column.
    fn scores(columns: &[[f32; 3]]) -> Scores {
        Scores::new(columns.iter().flatten().map(|p| p.ln()).collect(), 3)
    }

    fn classes(seen: &[Seen]) -> Vec<usize> {
        seen.iter().map(|s| s.class).collect()
    }

    const IN_NONE: [f32; 3] = [0.8, 0.1, 0.1];
    const IN_ONE: [f32; 3] = [0.1, 0.7, 0.2];
    const IN_TWO: [f32; 3] = [0.1, 0.2, 0.7];

    #[test]
    fn repeats_are_one_character_unless_a_none_parts_them() {
        let seen = best_path(&scores(&[IN_NONE, IN_ONE, IN_ONE, IN_NONE, IN_ONE, IN_TWO]));
        assert_eq!(classes(&seen), [1, 1, 2]);
        let columns: Vec<_> = seen.iter().map(|s| s.columns.clone()).collect();
        assert_eq!(columns, [1..3, 4..5, 5..6]);
        assert_eq!(best_path(&scores(&[IN_NONE, IN_NONE])), []);
    }

    /// All ways through three columns, counted by hand.
    #[test]
    fn a_probability_is_the_sum_over_all_ways() {
        let columns = [IN_ONE, IN_NONE, IN_TWO];
        let mut by_text = std::collections::HashMap::<Vec<usize>, f32>::new();
        for way in 0..27 {
            let way = [way / 9, way / 3 % 3, way % 3];
            let p: f32 = way.iter().zip(&columns).map(|(class, column)| column[*class]).product();
            let mut text = Vec::new();
            for (at, class) in way.iter().enumerate() {
                if *class != NONE && (at == 0 || way[at - 1] != *class) {
                    text.push(*class);
                }
            }
            *by_text.entry(text).or_default() += p;
        }
        let scores = scores(&columns);
        for (text, p) in by_text {
            let found = probability(&scores, &text);
            assert!((found - p).abs() < 1e-5, "{text:?}: {found}, not {p}");
        }
        assert_eq!(probability(&scores, &[1, 1, 1]), 0.0);
    }

    /// The best path is none, none; but either column may well hold the 1.
    #[test]
    fn the_likeliest_text_need_not_be_the_best_path() {
        let torn = [[0.55, 0.45, f32::MIN_POSITIVE]; 2];
        let scores = scores(&torn);
        assert_eq!(best_path(&scores), []);
        assert_eq!(likeliest(&scores, 4), [1]);
        assert!(probability(&scores, &[1]) > probability(&scores, &[]));
    }

    #[test]
    fn the_likeliest_text_keeps_doubled_characters_apart() {
        let doubled = scores(&[IN_ONE, IN_NONE, IN_ONE]);
        assert_eq!(likeliest(&doubled, 4), [1, 1]);
        let long = scores(&[IN_ONE, IN_ONE, IN_ONE]);
        assert_eq!(likeliest(&long, 4), [1]);
    }

    #[test]
    fn a_text_is_found_where_it_stands() {
        let scores = scores(&[IN_NONE, IN_ONE, IN_NONE, IN_ONE, IN_ONE, IN_TWO]);
        let seen = aligned(&scores, &[1, 1, 2]).unwrap();
        assert_eq!(seen, best_path(&scores));
        // A text that the columns do not show well is found all the same.
        assert_eq!(classes(&aligned(&scores, &[2, 1]).unwrap()), [2, 1]);
        assert_eq!(aligned(&scores, &[1, 1, 1, 1]), None);
        assert_eq!(aligned(&scores, &[]), Some(Vec::new()));
    }

    #[test]
    fn what_is_not_permitted_goes_to_what_is() {
        let two = restricted(&scores(&[IN_ONE, IN_NONE]), &[true, false, true]);
        assert_eq!(classes(&best_path(&two)), [2]);
        let columns: Vec<&[f32]> = two.columns().collect();
        assert!((columns[0][2].exp() - 0.9).abs() < 1e-5);
        assert!((columns[1][NONE].exp() - 0.8).abs() < 1e-5);
        assert_eq!(columns[0][1], f32::NEG_INFINITY);
    }

    #[test]
    fn strength_is_that_of_the_clearest_column() {
        let scores = scores(&[[0.4, 0.6, 0.0], IN_ONE]);
        let seen = best_path(&scores);
        assert_eq!(seen.len(), 1);
        assert!((seen[0].strength(&scores) - 0.7).abs() < 1e-5);
    }
}
