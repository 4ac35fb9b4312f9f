//! Words become lines, lines an order of reading.

use super::words::{DOUBLE, SAME_LINE, Word};

/// Two pieces closer than this many ems are one word.
const TOUCHING: f64 = 0.1;
/// Ems of white between two columns of text. Narrow settings leave one, less
/// where a hyphen hangs out; blanks of justified text do not stand below each
/// other for five lines.
const GUTTER: f64 = 0.7;
/// Ems between baselines from which a new block begins; text is set at 1.2,
/// paragraphs at 2.
const BLOCK: f64 = 2.6;
/// Lines a column must have. A form's two halves stand beside each other too,
/// and belong together row by row.
const MIN_LINES: usize = 5;
/// Words that the lines of a column of prose have on average; the cells of a
/// form have two or three.
const MIN_WORDS: f64 = 4.0;
/// Lines of a page among which columns are looked for; a page of the smallest
/// print has half as many.
const MAX_LINES: usize = 400;

/// Words by line, in the order in which they are read.
pub(super) fn in_reading_order(words: Vec<Word>) -> Vec<Vec<Word>> {
    let mut rest = by_baseline(words);
    if rest.len() > MAX_LINES {
        return rest;
    }
    let mut ordered = Vec::new();
    while !rest.is_empty() {
        match columns(&rest) {
            Some(columns) => {
                let after = rest.split_off(columns.lines);
                ordered.extend(columns.split(rest));
                rest = after;
            }
            None => ordered.push(rest.remove(0)),
        }
    }
    ordered
}

/// Two columns of prose that begin with the first line given.
struct Columns {
    /// Somewhere in the white between them, points along the line.
    gutter: f64,
    lines: usize,
}

impl Columns {
    /// The left column's lines, then the right one's.
    fn split(&self, lines: Vec<Vec<Word>>) -> Vec<Vec<Word>> {
        let (mut left, mut right) = (Vec::new(), Vec::new());
        for line in lines {
            let (before, after): (Vec<Word>, Vec<Word>) =
                line.into_iter().partition(|word| word.end <= self.gutter);
            left.push(before);
            right.push(after);
        }
        left.extend(right);
        left.retain(|line| !line.is_empty());
        left
    }
}

/// The longest pair of columns whose gutter is a gap of the first line.
fn columns(lines: &[Vec<Word>]) -> Option<Columns> {
    let first = lines.first()?;
    first
        .windows(2)
        .map(|pair| (pair[0].end, pair[1].start, pair[0].size))
        .filter(|(from, to, size)| to - from >= GUTTER * size)
        .filter_map(|(from, to, size)| follow(lines, from, to, size))
        .max_by_key(|columns| columns.lines)
}

/// Follows the white between `from` and `to` down the page.
fn follow(lines: &[Vec<Word>], mut from: f64, mut to: f64, size: f64) -> Option<Columns> {
    let mut count = 0;
    let (mut left, mut right) = (Side::default(), Side::default());
    let mut above: Option<f64> = None;
    for line in lines {
        let v = line.first().map_or(0.0, |word| word.v);
        if above.is_some_and(|above| v - above > BLOCK * size) {
            break;
        }
        let middle = f64::midpoint(from, to);
        let before = line.iter().filter(|word| f64::midpoint(word.start, word.end) < middle);
        let after = line.iter().filter(|word| f64::midpoint(word.start, word.end) >= middle);
        let narrowed_from = before.clone().map(|word| word.end).fold(from, f64::max);
        let narrowed_to = after.clone().map(|word| word.start).fold(to, f64::min);
        if narrowed_to - narrowed_from < GUTTER * size {
            break;
        }
        (from, to) = (narrowed_from, narrowed_to);
        left.count(before.count());
        right.count(after.count());
        above = Some(v);
        count += 1;
    }
    (left.is_prose() && right.is_prose())
        .then(|| Columns { gutter: f64::midpoint(from, to), lines: count })
}

#[derive(Default)]
struct Side {
    lines: usize,
    words: usize,
}

impl Side {
    fn count(&mut self, words: usize) {
        self.lines += usize::from(words > 0);
        self.words += words;
    }

    fn is_prose(&self) -> bool {
        self.lines >= MIN_LINES && self.words as f64 >= MIN_WORDS * self.lines as f64
    }
}

/// Words by baseline, each line from left to right.
fn by_baseline(mut words: Vec<Word>) -> Vec<Vec<Word>> {
    words.sort_by(|a, b| a.v.total_cmp(&b.v));
    let mut lines: Vec<(f64, f64, Vec<Word>)> = Vec::new();
    for word in words {
        // Sorted by baseline, so only the last lines can be near.
        let near = lines
            .iter_mut()
            .rev()
            .take(4)
            .find(|(v, size, _)| word.v - *v < SAME_LINE * size.min(word.size));
        match near {
            Some((_, size, line)) => {
                *size = size.max(word.size);
                line.push(word);
            }
            None => lines.push((word.v, word.size, vec![word])),
        }
    }
    lines.into_iter().map(|(_, _, line)| joined(line)).collect()
}

/// A line from left to right: pieces that touch become one word, what was
/// drawn twice is kept once.
fn joined(mut line: Vec<Word>) -> Vec<Word> {
    line.sort_by(|a, b| a.start.total_cmp(&b.start));
    let mut words: Vec<Word> = Vec::new();
    for word in line {
        let Some(last) = words.last_mut() else {
            words.push(word);
            continue;
        };
        let size = last.size.max(word.size);
        let gap = (word.start - last.end) / size;
        let again = word.text == last.text && (word.start - last.start).abs() < DOUBLE * size;
        if again {
            continue;
        }
        let fill_in = last.is_fill_in_line() || word.is_fill_in_line();
        if gap.abs() < TOUCHING && !fill_in {
            last.append(word);
        } else {
            words.push(word);
        }
    }
    words
}
