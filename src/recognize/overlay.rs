//! Two readings of one page become one.
//!
//! Words of both that lie over each other are rivals: one reader may have seen
//! "callsfor" where the other saw "calls for". Of such a group the reading that
//! is surer of itself stands. What only the second reader saw is added if it is
//! sure.

use super::reading::{RawWord, Reading};

/// Words are rivals if they share this part of the narrower one's width …
const SHARED_WIDTH: f32 = 0.3;
/// … and of the lower one's height.
const SHARED_HEIGHT: f32 = 0.5;
/// What the first reader saw nothing of must be at least this sure.
const ADDED: f32 = 0.6;

/// Lays `second` over `first`, whose word is worth `trust` of the first one's:
/// 1 where both are measured shares of right words.
pub fn overlaid(first: Reading, second: Reading, trust: f32) -> Reading {
    let words: Vec<&RawWord> = first.words.iter().chain(&second.words).collect();
    let own = first.words.len();
    let groups = rivals(&words, own);
    let mut kept: Vec<RawWord> = Vec::new();
    for group in groups {
        let (ours, theirs): (Vec<usize>, Vec<usize>) =
            group.into_iter().partition(|&index| index < own);
        let pick = |indices: &[usize]| -> Vec<&RawWord> {
            indices.iter().map(|&index| words[index]).collect()
        };
        let (ours, theirs) = (pick(&ours), pick(&theirs));
        if theirs.is_empty() || (!ours.is_empty() && sureness(&ours) >= trust * sureness(&theirs)) {
            kept.extend(ours.into_iter().cloned());
        } else if !ours.is_empty() {
            let line = ours[0].line;
            kept.extend(theirs.into_iter().map(|word| RawWord {
                confidence: trust * word.confidence,
                line,
                ..word.clone()
            }));
        } else {
            kept.extend(theirs.into_iter().filter(|word| is_sure(word)).map(|word| RawWord {
                confidence: trust * word.confidence,
                line: line_beside(word, &first.words),
                ..word.clone()
            }));
        }
    }
    Reading { words: in_order(kept), timed_out: first.timed_out }
}

/// Groups of words that lie over each other, by place in `words`; the first
/// `own` of these are the first reader's.
fn rivals(words: &[&RawWord], own: usize) -> Vec<Vec<usize>> {
    let mut group: Vec<usize> = (0..words.len()).collect();
    for theirs in own..words.len() {
        for ours in 0..own {
            if over_each_other(words[ours], words[theirs]) {
                let (a, b) = (group[ours], group[theirs]);
                if a != b {
                    let (to, from) = (a.min(b), a.max(b));
                    group.iter_mut().filter(|g| **g == from).for_each(|g| *g = to);
                }
            }
        }
    }
    let mut groups: Vec<Vec<usize>> = vec![Vec::new(); words.len()];
    for (index, group) in group.into_iter().enumerate() {
        groups[group].push(index);
    }
    groups.retain(|group| !group.is_empty());
    groups
}

fn over_each_other(a: &RawWord, b: &RawWord) -> bool {
    let shared = |a0: f32, a1: f32, b0: f32, b1: f32| (a1.min(b1) - a0.max(b0)).max(0.0);
    let [ax, ay, aw, ah] = a.place;
    let [bx, by, bw, bh] = b.place;
    shared(ax, ax + aw, bx, bx + bw) >= SHARED_WIDTH * aw.min(bw)
        && shared(ay, ay + ah, by, by + bh) >= SHARED_HEIGHT * ah.min(bh)
}

/// Mean confidence, longer words counting more.
fn sureness(words: &[&RawWord]) -> f32 {
    let length = |word: &RawWord| word.text.chars().count() as f32;
    let all: f32 = words.iter().map(|word| length(word)).sum();
    words.iter().map(|word| length(word) * word.confidence).sum::<f32>() / all.max(1.0)
}

fn is_sure(word: &RawWord) -> bool {
    word.letters() >= 2 && word.confidence >= ADDED
}

/// The line of the first reading on whose height the word stands, or one of
/// its own.
fn line_beside(word: &RawWord, first: &[RawWord]) -> [u32; 3] {
    let middle = word.middle();
    let beside = first
        .iter()
        .filter(|other| (other.place[1]..=other.place[1] + other.place[3]).contains(&middle));
    let far = |other: &RawWord| (other.place[0] - word.place[0]).abs();
    beside
        .min_by(|a, b| far(a).total_cmp(&far(b)))
        .map_or([1, word.place[1] as u32, 0], |other| other.line)
}

/// Lines from the top, words from the left.
pub fn in_order(words: Vec<RawWord>) -> Vec<RawWord> {
    let mut lines: Vec<Vec<RawWord>> = Vec::new();
    for word in words {
        match lines.iter_mut().find(|line| line[0].line == word.line) {
            Some(line) => line.push(word),
            None => lines.push(vec![word]),
        }
    }
    let height = |line: &[RawWord]| {
        line.iter().map(|word| word.place[1]).sum::<f32>() / line.len().max(1) as f32
    };
    lines.sort_by(|a, b| height(a).total_cmp(&height(b)));
    for line in &mut lines {
        line.sort_by(|a, b| a.place[0].total_cmp(&b.place[0]));
    }
    lines.concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str, x: f32, width: f32, confidence: f32, line: u32) -> RawWord {
        let place = [x, 100.0 * line as f32, width, 20.0];
        RawWord { text: text.into(), place, confidence, line: [0, 0, line] }
    }

    fn laid(first: &[RawWord], second: &[RawWord]) -> Vec<String> {
        let reading = |words: &[RawWord]| Reading { words: words.to_vec(), timed_out: false };
        overlaid(reading(first), reading(second), 0.85)
            .words
            .into_iter()
            .map(|word| word.text)
            .collect()
    }

    #[test]
    fn of_rivals_the_surer_one_stands() {
        let first = [word("callsfor", 100.0, 90.0, 0.3, 1), word("oxygen", 200.0, 60.0, 0.9, 1)];
        let second = [
            word("calls", 100.0, 45.0, 0.8, 1),
            word("for", 155.0, 35.0, 0.7, 1),
            word("0xygen", 200.0, 60.0, 0.95, 1),
        ];
        assert_eq!(laid(&first, &second), ["calls", "for", "oxygen"]);
    }

    #[test]
    fn what_only_the_second_saw_is_added_if_it_is_sure() {
        let first = [word("Name", 100.0, 40.0, 0.9, 1), word("Date", 100.0, 40.0, 0.9, 2)];
        let second = [
            word("Horace", 200.0, 60.0, 0.9, 1),
            word("~x", 300.0, 20.0, 0.2, 1),
            word("Stamp", 100.0, 50.0, 0.8, 5),
        ];
        assert_eq!(laid(&first, &second), ["Name", "Horace", "Date", "Stamp"]);
    }

    #[test]
    fn lines_above_each_other_are_no_rivals() {
        let first = [word("one", 100.0, 40.0, 0.1, 1)];
        let second = [word("two", 100.0, 40.0, 0.9, 2)];
        assert_eq!(laid(&first, &second), ["one", "two"]);
    }
}
