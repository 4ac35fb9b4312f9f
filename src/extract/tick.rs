//! What stands in the tick box that belongs to a phrase: a mark that
//! recognition found, or the letters that OCR made of a box.

use super::cues::Boxes;
use super::layout::Sheet;
use crate::recognize::recognized::{TickBox, TickState};
use crate::vocab::{Evidence, EvidenceSource};

/// A box beside a phrase.
#[derive(Clone, Debug)]
pub struct Tick {
    /// Ticked or not.
    pub state: TickState,
    /// The box, with the phrase it belongs to.
    pub evidence: Evidence,
}

/// The box that belongs to the words from piece `first` to `last`, if there
/// is one. A mark is believed before letters.
pub fn beside(boxes: &Boxes, sheet: &Sheet<'_>, first: usize, last: usize) -> Option<Tick> {
    mark(boxes, sheet, first, last).or_else(|| letters(boxes, sheet, first, last))
}

fn mark(boxes: &Boxes, sheet: &Sheet<'_>, first: usize, last: usize) -> Option<Tick> {
    let phrase = sheet.piece_box(first, first).union(sheet.piece_box(last, last));
    let aspect = aspect(sheet);
    // Distances across, in line heights.
    let apart = |mark: &TickBox| -> Option<f32> {
        let named = names(mark, sheet, first, last);
        let over = mark
            .label_box
            .is_some_and(|b| b.shared_height(phrase) > 0.5 && b.shared_width(phrase) > 0.5);
        let same_line = mark.bbox.shared_height(phrase) > 0.3;
        let left = (phrase.x0() - mark.bbox.x1()) * aspect / sheet.line_height;
        // The phrase may be the beginning of a longer label.
        let end = mark.label_box.filter(|_| over).map_or(phrase.x1(), |b| b.x1().max(phrase.x1()));
        let right = (mark.bbox.x0() - end) * aspect / sheet.line_height;
        if named == Some(false) {
            return None;
        }
        if over && left > -1.0 {
            // The phrase may be the end of the label's first line.
            return Some(left.max(0.0).min(boxes.reach));
        }
        if !same_line {
            return None;
        }
        if (-0.8..=boxes.reach).contains(&left) && no_word_between(sheet, mark, first) {
            return Some(left.max(0.0));
        }
        // A box behind its label: its own label says so, or nothing that it
        // could belong to follows.
        let ours = named == Some(true) || over || nothing_follows(sheet, mark, boxes.reach);
        (ours && (-0.8..=boxes.reach).contains(&right)).then_some(right.max(0.0) + BEHIND)
    };
    let (nearest, _) = sheet
        .page
        .marks
        .iter()
        .filter(|mark| !is_letter_of_a_note(sheet, mark))
        .filter_map(|mark| Some((mark, apart(mark)?)))
        .min_by(|a, b| a.1.total_cmp(&b.1))?;
    Some(Tick { state: nearest.state, evidence: marked(sheet, nearest, first, last) })
}

/// Whether an empty box is the `O:` of a note in the margin of which `S:`, `A:` and
/// `P:` stand as well, or two of them.
fn is_letter_of_a_note(sheet: &Sheet<'_>, mark: &TickBox) -> bool {
    let in_margin = |letter: &str| {
        sheet.words.iter().any(|word| {
            let text = word.text.trim_end_matches([':', '.', ')']);
            text == letter && (word.bbox.x0() - mark.bbox.x0()).abs() <= ONE_MARGIN
        })
    };
    let letters = ["S", "A", "P"].into_iter().filter(|letter| in_margin(letter));
    mark.state == TickState::Empty && letters.count() >= LETTERS_OF_A_NOTE
}

const LETTERS_OF_A_NOTE: usize = 2;
/// Left edges this close, in page widths, are one margin.
const ONE_MARGIN: f32 = 0.012;

/// Boxes stand before their labels more often than behind: of two as near, the
/// one before is taken. In line heights.
const BEHIND: f32 = 0.5;

/// Whether recognition gave the box these words as its label; `None` if it
/// gave none. Noise is allowed for: one word alike is enough.
fn names(mark: &TickBox, sheet: &Sheet<'_>, first: usize, last: usize) -> Option<bool> {
    let label = super::phrase::folded_words(mark.label.expose());
    if label.is_empty() {
        return None;
    }
    let (first, last) = (first.min(last), first.max(last));
    let alike = |a: &str, b: &str| strsim::levenshtein(a, b) <= a.len().min(b.len()) / 4;
    let mut phrase = sheet.pieces[first..=last].iter().map(|p| p.folded.as_str());
    Some(phrase.any(|p| label.iter().any(|l| alike(l, p))))
}

/// Whether no word stands right behind a box on its line.
fn nothing_follows(sheet: &Sheet<'_>, mark: &TickBox, reach: f32) -> bool {
    let aspect = aspect(sheet);
    !sheet.words.iter().any(|w| {
        let gap = (w.bbox.x0() - mark.bbox.x1()) * aspect / sheet.line_height;
        w.bbox.shared_height(mark.bbox) > 0.3 && (-0.5..=reach).contains(&gap)
    })
}

/// The drawn box between two pieces of a line, right before the second.
pub fn between(sheet: &Sheet<'_>, first: usize, second: usize) -> Option<Tick> {
    let (left, right) = (sheet.piece_box(first, first), sheet.piece_box(second, second));
    let mark = sheet.page.marks.iter().find(|mark| {
        let gap = (right.x0() - mark.bbox.x1()) * aspect(sheet) / sheet.line_height;
        mark.bbox.shared_height(right) > 0.3
            && mark.bbox.shared_height(left) > 0.3
            && mark.bbox.x0() >= left.x1()
            && (-0.5..=RIGHT_BEFORE).contains(&gap)
            && no_word_between(sheet, mark, second)
    })?;
    Some(Tick { state: mark.state, evidence: marked(sheet, mark, second, second) })
}

/// A box stands so many line heights before its word at most.
const RIGHT_BEFORE: f32 = 1.0;

/// Drawn boxes that follow a phrase on its line.
pub fn choices_after<'s>(sheet: &'s Sheet<'_>, first: usize, last: usize) -> Vec<&'s TickBox> {
    let phrase = sheet.flat(sheet.piece_box(first, last));
    let follows = |mark: &&TickBox| {
        let b = sheet.flat(mark.bbox);
        b.shared_height(phrase) > 0.3 && b.x0() >= phrase.x1()
    };
    sheet.page.marks.iter().filter(follows).collect()
}

/// A mark as evidence: which box, and what it says about which words.
pub fn marked(sheet: &Sheet<'_>, mark: &TickBox, first: usize, last: usize) -> Evidence {
    let words = sheet.quote(first, last);
    let text = format!("{}: {}", words.text.expose(), described(mark.state));
    let bbox = words.bbox.map_or(mark.bbox, |b| b.union(mark.bbox));
    Evidence::on_page(sheet.number, bbox, text, mark.confidence, EvidenceSource::Mark)
}

/// A mark with the label that recognition gave it, as evidence.
pub fn labelled(sheet: &Sheet<'_>, mark: &TickBox) -> Evidence {
    let text = format!("{}: {}", mark.label.expose(), described(mark.state));
    let bbox = mark.label_box.map_or(mark.bbox, |b| b.union(mark.bbox));
    Evidence::on_page(sheet.number, bbox, text, mark.confidence, EvidenceSource::Mark)
}

fn described(state: TickState) -> &'static str {
    match state {
        TickState::Ticked => "box found, ticked",
        TickState::Empty => "box found, not ticked",
        TickState::Unclear => "box found, cannot be read",
    }
}

/// Whether the words between a mark and a piece on its line are none: a box
/// two options to the left is not this one's.
fn no_word_between(sheet: &Sheet<'_>, mark: &TickBox, piece: usize) -> bool {
    let cell = &sheet.cells[sheet.cell_of(piece)];
    let word = sheet.pieces[piece].word;
    cell.words.clone().take_while(|&w| w < word).all(|w| {
        let b = sheet.words[w].bbox;
        let box_itself = sheet.words[w].text.chars().count() <= 3 && b.x0() <= mark.bbox.x1();
        b.center_x() < mark.bbox.x0() || box_itself || b.shared_width(mark.bbox) > 0.4
    })
}

/// Page height as a multiple of its width, from the paper's size; a distance
/// across times this is a distance in the units of heights.
fn aspect(sheet: &Sheet<'_>) -> f32 {
    let (width, height) = sheet.page.inches;
    if width > 0.1 && height > 0.1 { width / height } else { 0.77 }
}

/// A box as letters: `[x] Pending Discharge`, `☐ Pending Discharge`, and what
/// OCR makes of a drawn box.
fn letters(boxes: &Boxes, sheet: &Sheet<'_>, first: usize, last: usize) -> Option<Tick> {
    let piece = &sheet.pieces[first];
    let cell = &sheet.cells[sheet.cell_of(first)];
    let word = piece.word;
    let prefix = &sheet.words[word].text[..piece.range.start];
    // `[x]Pending`, `☐Pending`.
    let (glyphs, words) = if prefix.trim().is_empty() {
        box_words(boxes, sheet, cell.words.start, word)?
    } else {
        let (mut glyphs, mut words) = (prefix.to_owned(), vec![word]);
        // `[ x]Pending` as two words.
        if let Some(before) = word.checked_sub(1).filter(|&w| w >= cell.words.start)
            && opens(sheet.words[before].text)
            && !opens(prefix)
        {
            glyphs = format!("{}{glyphs}", sheet.words[before].text);
            words.insert(0, before);
        }
        (glyphs, words)
    };
    let state = state_of(boxes, &glyphs)?;
    let mut quoted = words;
    quoted.extend(sheet.words_of(first, last));
    quoted.dedup();
    let mut evidence = sheet.evidence(&quoted);
    let text = format!("{}: {}", evidence.text.expose(), described(state));
    evidence.text = text.into();
    Some(Tick { state, evidence })
}

/// The one to three words before a phrase that make a box.
fn box_words(
    boxes: &Boxes,
    sheet: &Sheet<'_>,
    start: usize,
    word: usize,
) -> Option<(String, Vec<usize>)> {
    (1..=3usize).rev().find_map(|count| {
        let from = word.checked_sub(count).filter(|&from| from >= start)?;
        let words: Vec<usize> = (from..word).collect();
        let glyphs: String = words.iter().map(|&w| sheet.words[w].text).collect();
        // Of a worn box one bracket may be left, before or behind its tick.
        let bracketed = count == 1 || opens(&glyphs) || glyphs.ends_with(']');
        // A letter inside a sentence is no box; at the head of a cell, or
        // after the label of another choice, it is.
        let sentence = glyphs.chars().all(char::is_alphanumeric)
            && from > start
            && !sheet.words[from - 1].text.ends_with([':', ';', '?', ')', ']', ',']);
        (bracketed && !sentence && state_of(boxes, &glyphs).is_some()).then_some((glyphs, words))
    })
}

fn opens(text: &str) -> bool {
    text.starts_with(['[', '(', '{', '<', '|', '_'])
}

/// What letters in the place of a box say.
pub fn state_of(boxes: &Boxes, glyphs: &str) -> Option<TickState> {
    let glyphs: String =
        glyphs.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_lowercase();
    let trimmed = glyphs.trim_end_matches([':', '-', '.']);
    let holds = |set: &std::collections::BTreeSet<String>| {
        set.contains(&glyphs) || (!trimmed.is_empty() && set.contains(trimmed))
    };
    if holds(&boxes.ticked) {
        Some(TickState::Ticked)
    } else if holds(&boxes.empty) {
        Some(TickState::Empty)
    } else if holds(&boxes.unclear) {
        Some(TickState::Unclear)
    } else {
        None
    }
}

/// Whether a phrase is one of a template's choices: `Some(false)` when its
/// box is found and not ticked, `Some(true)` when ticked, `None` without one.
/// Only marks and plainly bracketed boxes count here: for words that need no
/// box a letter before them is a letter.
pub fn marks_near(sheet: &Sheet<'_>, first: usize, last: usize) -> Option<bool> {
    let plain = Boxes {
        ticked: ["[x]", "(x)", "☒", "☑", "✓", "✔"].map(str::to_owned).into(),
        empty: ["[]", "()", "[_]", "☐", "□"].map(str::to_owned).into(),
        unclear: std::collections::BTreeSet::new(),
        reach: MARK_REACH,
    };
    beside(&plain, sheet, first, last).map(|t| t.state == TickState::Ticked)
}

/// As `reach` of `boxes.toml`, for marks that only set words aside.
const MARK_REACH: f32 = 3.0;
