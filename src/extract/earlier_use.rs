//! Questions whether an item was used before, told by the kinds of word they
//! are made of: every form asks in words of its own, "Same or like item on
//! file?", "Has the member had such a device in the past?".

use std::ops::Range;

use serde::Deserialize;

use super::labels::followed_by_colon;
use super::layout::Sheet;
use super::phrase::folded_words;
use super::tick;

/// Words of which such questions are made.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    /// `before`, `previous`.
    time: Vec<String>,
    /// `same`, `similar`.
    likeness: Vec<String>,
    /// `item`, `equipment`.
    thing: Vec<String>,
    /// `used`, `owned`.
    deed: Vec<String>,
    /// With one of these the question is another: `prior authorization`.
    apart: Vec<String>,
}

impl Words {
    /// All of them, as written.
    pub fn all(&self) -> impl Iterator<Item = &String> {
        [&self.time, &self.likeness, &self.thing, &self.deed, &self.apart].into_iter().flatten()
    }

    /// Folded as the words of a page are.
    fn folded(&self) -> Self {
        let fold = |list: &[String]| list.iter().flat_map(|word| folded_words(word)).collect();
        Self {
            time: fold(&self.time),
            likeness: fold(&self.likeness),
            thing: fold(&self.thing),
            deed: fold(&self.deed),
            apart: fold(&self.apart),
        }
    }
}

/// The pieces, first and last, of each question on a page that is a form.
pub(super) fn questions(words: &Words, sheet: &Sheet<'_>) -> Vec<(usize, usize)> {
    let words = words.folded();
    let cells = sheet.cells.iter().map(|cell| cell.pieces.clone());
    cells
        .flat_map(|pieces| sentences(sheet, pieces))
        .filter_map(|sentence| asks(&words, sheet, sentence))
        .collect()
}

/// A cell's pieces, cut where a sentence ends, a colon or a question mark stands.
fn sentences(sheet: &Sheet<'_>, pieces: Range<usize>) -> Vec<Range<usize>> {
    let mut cut = Vec::new();
    let mut start = pieces.start;
    for piece in pieces.clone() {
        let word = sheet.words[sheet.pieces[piece].word].text;
        let behind = word[sheet.pieces[piece].range.end..].trim_start_matches([')', ']', '"']);
        let stops = behind.starts_with(['.', ';']);
        if stops || followed_by_colon(sheet, piece) || piece + 1 == pieces.end {
            cut.push(start..piece + 1);
            start = piece + 1;
        }
    }
    cut
}

/// A question is short, and asks for an answer: a colon, choices, or nothing
/// but itself in its cell.
const MOST_WORDS: usize = 14;
const WORDS_ALONE: usize = 7;
/// Words of so many kinds tell it without an answer.
const TELLING: usize = 3;

fn asks(words: &Words, sheet: &Sheet<'_>, sentence: Range<usize>) -> Option<(usize, usize)> {
    if sentence.len() > MOST_WORDS {
        return None;
    }
    let like = |list: &[String], piece: usize| {
        is_like(list, sheet, piece) || piece + 1 < sentence.end && is_torn(list, sheet, piece)
    };
    if sentence.clone().any(|piece| like(&words.apart, piece)) {
        return None;
    }
    let [mut time, likeness, thing, mut deed] =
        [&words.time, &words.likeness, &words.thing, &words.deed].map(|list| {
            sentence.clone().filter(|&piece| like(list, piece)).collect::<Vec<usize>>()
        });
    let last = sentence.end - 1;
    if time.is_empty() && sheet.words[sheet.pieces[last].word].text.ends_with('?') {
        time.extend(Some(last).filter(|&last| is_worn(&words.time, sheet, last)));
    }
    deed.extend(time.iter().filter_map(|&time| worn_deed(words, sheet, time, &sentence)));
    let said = |list: &[usize]| !list.is_empty();
    let about = said(&likeness) && (said(&thing) || said(&time) || said(&deed));
    let earlier = said(&time) && (said(&thing) || said(&deed));
    if !about && !earlier {
        return None;
    }
    // "Patient had a like item in the past" is the answer itself.
    let told = [&time, &likeness, &thing, &deed].into_iter().filter(|list| said(list)).count();
    let found = [time, likeness, thing, deed].concat();
    let first = found.iter().copied().min()?;
    // Behind the last word of it only the answer follows.
    let colon = followed_by_colon(sheet, sentence.end - 1);
    let last = if colon { sentence.end - 1 } else { found.into_iter().max()? };
    let cell = &sheet.cells[sheet.cell_of(first)].pieces;
    let alone = cell.start == sentence.start && cell.len() <= WORDS_ALONE;
    let answered = || !tick::choices_after(sheet, first, last).is_empty();
    (colon || alone || told >= TELLING || answered()).then_some((first, last))
}

/// `previous ase of this item`: a little word of which a letter is another, where
/// one of these has to stand.
fn worn_deed(
    words: &Words,
    sheet: &Sheet<'_>,
    time: usize,
    sentence: &Range<usize>,
) -> Option<usize> {
    let (deed, of) = (time + 1, time + 2);
    let stands = sentence.contains(&of) && sheet.pieces[of].folded == "of";
    let read = &sheet.pieces.get(deed)?.folded;
    let nearly = || words.deed.iter().any(|word| strsim::hamming(word, read) == Ok(1));
    (stands && nearly()).then_some(deed)
}

/// Whether what ends a question and could hardly be read may be one of the longer
/// words: `Had this item hefare?`
fn is_worn(list: &[String], sheet: &Sheet<'_>, piece: usize) -> bool {
    let read = &sheet.pieces[piece];
    let long = |word: &&String| word.len() > WORN_LETTERS;
    sheet.words[read.word].confidence.get() < WORN
        && list
            .iter()
            .filter(long)
            .any(|word| strsim::hamming(word, &read.folded).is_ok_and(|wrong| wrong <= 2))
}

/// Whether a piece is one of these words, one letter in five allowed for; in a
/// word that could hardly be read, one of four.
fn is_like(list: &[String], sheet: &Sheet<'_>, piece: usize) -> bool {
    let read = &sheet.pieces[piece];
    let worn = sheet.words[read.word].confidence.get() < WORN;
    list.iter().any(|word| {
        let letters = word.len();
        let allowed = if worn && letters == 4 { 1 } else { letters / 5 };
        letters.abs_diff(read.folded.len()) <= allowed
            && strsim::levenshtein(word, &read.folded) <= allowed
    })
}

/// Whether two pieces are one of these words, of which a letter was lost between them:
/// `U ed`, or one of the longer ones, fallen in two with the loss of a letter at most.
fn is_torn(list: &[String], sheet: &Sheet<'_>, piece: usize) -> bool {
    let (head, tail) = (&sheet.pieces[piece].folded, &sheet.pieces[piece + 1].folded);
    let gap = |word: &String| {
        word.len() > LEAST_GAPPED
            && word.len() == head.len() + tail.len() + 1
            && word.starts_with(head.as_str())
            && word.ends_with(tail.as_str())
    };
    if list.iter().any(gap) {
        return true;
    }
    let read = format!("{head}{tail}");
    let long = |word: &&String| word.len() > LEAST_TORN;
    list.iter().filter(long).any(|word| strsim::levenshtein(word, &read) <= 1)
}

/// Letters of which a word has more that is known with two of them misread.
const WORN_LETTERS: usize = 5;
/// Letters of which a word has more that is known without one in its middle.
const LEAST_GAPPED: usize = 3;
/// Letters of which a word has more that is known though it fell in two.
const LEAST_TORN: usize = 6;
/// A word read less well than this is a guess at some of its letters.
const WORN: f32 = 0.6;
