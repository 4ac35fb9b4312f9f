//! What can hardly be read, on the pages where a discharge is announced.

use super::super::choice::choice_after;
use super::super::cues::PageTag;
use super::super::findings::{PageKind, PendingDischarge};
use super::super::layout::{Sheet, SheetWord};
use super::super::paper::{Leaf, Paper};
use super::super::phrase::{fold, folded_words};
use super::super::tick;
use super::Saying;
use super::denial::{is_denied, is_negated};
use crate::recognize::recognized::{Method, TickBox, TickState};
use crate::vocab::{BBox, Confidence, Evidence, EvidenceSource, PageNumber};

/// A tick box that recognition gave these words as its label, where the words
/// themselves were scattered.
pub fn boxes<'l>(paper: &'l Paper<'_>, leaf: &'l Leaf<'_>) -> impl Iterator<Item = Saying> + 'l {
    let cues = &paper.cues.pending;
    let trigger = cues.strong_kinds.contains(&leaf.kind);
    leaf.form.sheet.page.marks.iter().filter(move |_| trigger).filter_map(move |mark| {
        let words = folded_words(mark.label.expose());
        let near = |(word, than): (&String, &String)| strsim::levenshtein(word, than) <= 1;
        let phrases = || cues.worn.iter().map(|phrase| folded_words(phrase));
        let said = phrases()
            .any(|phrase| words.windows(phrase.len()).any(|run| run.iter().zip(&phrase).all(near)));
        let alike = || {
            phrases().any(|phrase| {
                let run = words[..phrase.len().min(words.len())].concat();
                strsim::normalized_levenshtein(&phrase.concat(), &run) >= LIKE_THE_PHRASE
            })
        };
        // "Pending discharge instructions", "Not pending discharge".
        let other = words.iter().any(|word| {
            cues.not_leaving.iter().chain(&cues.negations).any(|other| fold(other) == *word)
        });
        let grade = match (mark.state, said) {
            (TickState::Ticked, true) => PendingDischarge::Strong,
            (TickState::Empty, true) => PendingDischarge::None,
            (TickState::Unclear, true) => PendingDischarge::Ambiguous,
            (TickState::Ticked, false) if alike() || is_unread(&leaf.form.sheet, mark) => {
                PendingDischarge::Ambiguous
            }
            (TickState::Ticked | TickState::Empty | TickState::Unclear, false) => return None,
        };
        let evidence = tick::labelled(&leaf.form.sheet, mark);
        (!other).then_some(Saying { grade, evidence })
    })
}

/// Whether nothing was read of a box's label, which is as long as the phrase.
fn is_unread(sheet: &Sheet<'_>, mark: &TickBox) -> bool {
    let Some(label) = mark.label_box else { return false };
    let within = |word: &&SheetWord<'_>| {
        word.bbox.shared_height(label) > 0.5 && word.bbox.shared_width(label) > 0.5
    };
    all_unread(sheet.words.iter().filter(within))
}

/// Whether none of some words is read, and they are as long as a phrase.
fn all_unread<'w, 'p: 'w>(words: impl Iterator<Item = &'w SheetWord<'p>>) -> bool {
    let words: Vec<_> = words.filter(|word| letters(word) >= LEAST_OF_A_QUESTION).collect();
    let long = words.iter().map(|word| letters(word)).sum::<usize>();
    LETTERS_OF_A_PHRASE.contains(&long) && words.iter().all(|word| word.confidence.get() < UNREAD)
}

fn letters(word: &SheetWord<'_>) -> usize {
    word.text.chars().filter(|c| c.is_alphabetic()).count()
}

/// A word that is no surer is a guess.
const UNREAD: f32 = 0.3;
/// Letters of what may be the phrase, with a word or two beside it.
const LETTERS_OF_A_PHRASE: std::ops::RangeInclusive<usize> = 10..=40;

/// A cover's question of which nothing was read but its answer, a ticked
/// "Yes": it may have been the one that matters.
pub fn answers<'l>(paper: &'l Paper<'_>, leaf: &'l Leaf<'_>) -> impl Iterator<Item = Saying> + 'l {
    let sheet = &leaf.form.sheet;
    let yes: Vec<String> = paper.cues.pending.affirmations.iter().map(|a| fold(a)).collect();
    let cover = leaf.kind == PageKind::FaxCover;
    (0..sheet.pieces.len()).filter(move |_| cover).filter_map(move |piece| {
        if !yes.contains(&sheet.pieces[piece].folded) {
            return None;
        }
        let answer = sheet.words[sheet.pieces[piece].word].bbox;
        let asked = sheet.words.iter().any(|word| {
            word.bbox.x1() < answer.x0()
                && word.bbox.shared_height(answer) > 0.3
                && word.text.chars().filter(|c| c.is_alphabetic()).count() >= LEAST_OF_A_QUESTION
        });
        let tick = tick::beside(&paper.cues.boxes, sheet, piece, piece)?;
        (!asked && tick.state == TickState::Ticked)
            .then_some(Saying { grade: PendingDischarge::Ambiguous, evidence: tick.evidence })
    })
}

/// Letters that a word of a question has, as opposed to noise.
const LEAST_OF_A_QUESTION: usize = 3;

/// A first page of which hardly a word can be read, where no other page is the
/// cover: whether it announces a discharge is for somebody to see.
pub fn first_page(paper: &Paper<'_>) -> Option<Saying> {
    let page = paper.leaves.first().filter(|leaf| leaf.number() == PageNumber::FIRST)?;
    let read = page.form.sheet.page;
    let worn = match read.method {
        Method::Unreadable => true,
        Method::Ocr => read.confidence.get() < ILLEGIBLE || is_mostly_noise(&page.form.sheet),
        Method::Blank | Method::TextLayer | Method::FormFields | Method::Mixed => false,
    };
    let cover_elsewhere = paper.leaves[1..].iter().any(|leaf| leaf.kind == PageKind::FaxCover);
    let evidence = Evidence::on_page(
        page.number(),
        BBox::PAGE,
        "the first page can hardly be read",
        Confidence::FULL,
        EvidenceSource::Ocr,
    );
    (worn && !cover_elsewhere).then_some(Saying { grade: PendingDischarge::Ambiguous, evidence })
}

/// Share of right words below which a page may say anything.
const ILLEGIBLE: f32 = 0.45;

/// Whether a page has few words, among specks and strokes that were read as
/// some: what is left are the labels, set in bold.
fn is_mostly_noise(sheet: &Sheet<'_>) -> bool {
    let guessed = |word: &SheetWord<'_>| word.confidence.get() < 0.5;
    let is_word = |word: &&SheetWord<'_>| letters(word) >= 3 && !guessed(word);
    let is_noise = |word: &&SheetWord<'_>| word.text.chars().count() == 1 || guessed(word);
    let words = sheet.words.iter().filter(is_word).count();
    words < FEW_WORDS && sheet.words.iter().filter(is_noise).count() > words
}

/// A cover has twice as many words.
const FEW_WORDS: usize = 16;

/// Words on cover or form that look like the phrase more than like anything
/// else, free in a stamp or a heading or two in a row: somebody has to look.
pub fn words<'l>(paper: &'l Paper<'_>, leaf: &'l Leaf<'_>) -> impl Iterator<Item = Saying> + 'l {
    let sheet = &leaf.form.sheet;
    let trigger = paper.cues.pending.strong_kinds.contains(&leaf.kind);
    let cells = (0..sheet.cells.len()).filter(move |_| trigger);
    let cover = leaf.kind == PageKind::FaxCover;
    cells.filter_map(move |cell| {
        free(paper, sheet, cell)
            .or_else(|| in_a_row(paper, leaf, cell))
            .or_else(|| unread_choice(paper, sheet, cell).filter(|_| cover))
            .or_else(|| pending_something(paper, leaf, cell).filter(|_| cover))
    })
}

/// A line of a cover that begins with a box, not an empty one, and of which no
/// word can be read; of a paragraph in small print there are more.
fn unread_choice(paper: &Paper<'_>, sheet: &Sheet<'_>, cell: usize) -> Option<Saying> {
    let words = sheet.cells[cell].words.clone();
    // `[ ]` may be two words.
    let (state, label) = (1..=WORDS_OF_A_BOX.min(words.len())).rev().find_map(|count| {
        let (glyphs, label) = sheet.words[words.clone()].split_at(count);
        let glyphs: String = glyphs.iter().map(|word| word.text).collect();
        Some((tick::state_of(&paper.cues.boxes, &glyphs)?, label))
    })?;
    let chosen = matches!(state, TickState::Ticked | TickState::Unclear);
    let row = sheet.cells[cell].row;
    let beside = [row.checked_sub(1), Some(row + 1)].into_iter().flatten();
    let alone = beside.filter_map(|row| sheet.rows.get(row)).flatten().all(|&near| {
        let words = &sheet.words[sheet.cells[near].words.clone()];
        let unread = words.iter().filter(|word| word.confidence.get() < UNREAD).count();
        2 * unread < words.len()
    });
    (chosen && alone && all_unread(label.iter())).then(|| {
        let evidence = sheet.evidence(&words.collect::<Vec<_>>());
        Saying { grade: PendingDischarge::Ambiguous, evidence }
    })
}

/// Words that make a typed box, at most.
const WORDS_OF_A_BOX: usize = 3;

/// A cell of a few words, or two of a word or two that belong together, noise
/// between them left out.
fn free(paper: &Paper<'_>, sheet: &Sheet<'_>, cell: usize) -> Option<Saying> {
    let cues = &paper.cues.pending;
    let own = &sheet.cells[cell];
    let length = |cell: usize| {
        let words = sheet.cells[cell].words.clone();
        words.flat_map(|w| sheet.words[w].text.chars()).filter(|c| c.is_alphanumeric()).count()
    };
    let below = sheet.below(cell).take(2).find(|&next| length(next) > 0).filter(|&next| {
        let step = sheet.cells[next].bbox.center_y() - own.bbox.center_y();
        own.words.len() <= 2
            && sheet.cells[next].words.len() <= 2
            && step <= STACKED * own.bbox.height()
    });
    let one_word = |cell: usize| length(cell) <= LETTERS_OF_A_WORD;
    let stacked = one_word(cell) && below.is_some_and(one_word);
    let below = below.into_iter().flat_map(|c| sheet.cells[c].words.clone());
    let words: Vec<usize> = own.words.clone().chain(below).collect();
    if words.len() > MOST_WORDS_OF_A_STAMP {
        return None;
    }
    let near = |target: &str, least: usize| {
        let target = fold(target);
        let mut each = words.iter().map(|&w| fold(sheet.words[w].text));
        each.any(|word| word.len() >= least && strsim::levenshtein(&word, &target) <= 3)
    };
    // Of two words, one on each line, either may be the one that can be read.
    let says = near(&cues.worn_word, 5) || stacked && near(&cues.worn_word_stacked, 7);
    let worn_word = fold(&cues.worn_word);
    let text: String = words.iter().map(|&w| sheet.words[w].text).collect();
    let folded: String = fold(&text).chars().filter(|c| c.is_alphanumeric()).collect();
    let alike = cues
        .worn
        .iter()
        .map(|phrase| folded_words(phrase).concat())
        .any(|target| strsim::normalized_levenshtein(&target, &folded) >= LIKE_THE_PHRASE);
    // One word can be read, and the other not at all.
    let torn = words.len() == 2 && {
        let is_word = |w: usize| strsim::levenshtein(&fold(sheet.words[w].text), &worn_word) <= 1;
        let is_guess = |w: usize| {
            letters(&sheet.words[w]) >= LEAST_TORN && sheet.words[w].confidence.get() < UNREAD
        };
        is_word(words[0]) && is_guess(words[1]) || is_guess(words[0]) && is_word(words[1])
    };
    ((says && alike || torn) && !is_other(paper, sheet, &words))
        .then(|| Saying { grade: PendingDischarge::Ambiguous, evidence: sheet.evidence(&words) })
}

/// Letters of a stamp's word that cannot be read, at least.
const LEAST_TORN: usize = 5;
/// A line of more letters is no one word.
const LETTERS_OF_A_WORD: usize = 10;
/// Lines of a stamp stand so many of their heights apart at most.
const STACKED: f32 = 4.0;

/// Two words of a line, each like its own of the phrase, that nothing denies.
fn in_a_row(paper: &Paper<'_>, leaf: &Leaf<'_>, cell: usize) -> Option<Saying> {
    let (sheet, cues) = (&leaf.form.sheet, &paper.cues.pending);
    let pieces = sheet.cells[cell].pieces.clone();
    let phrases: Vec<Vec<String>> = cues.worn.iter().map(|p| folded_words(p)).collect();
    let like = |(piece, word): (usize, &String)| {
        let read = sheet.pieces[piece].folded.as_str();
        strsim::normalized_levenshtein(word, read) >= LIKE_THE_PHRASE
    };
    let (first, last) = phrases.iter().find_map(|phrase| {
        let last = pieces.end.checked_sub(phrase.len())?;
        let first = (pieces.start..=last).find(|&at| (at..).zip(phrase).all(like))?;
        Some((first, first + phrase.len() - 1))
    })?;
    // Read well enough to be the phrase, it was judged: it has another sense.
    if leaf.tagged(PageTag::Pending).any(|hit| hit.first <= last && first <= hit.last) {
        return None;
    }
    let behind = sheet.next(last).map(|next| sheet.pieces[next].word);
    let mut words = sheet.words_of(first, last);
    words.extend(behind);
    if is_other(paper, sheet, &words)
        || is_negated(paper, sheet, first)
        || is_denied(paper, sheet, last)
    {
        return None;
    }
    let unticked = choice_after(paper, sheet, last).filter(|tick| tick.state == TickState::Empty);
    let evidence = sheet.quote(first, last);
    unticked.is_none().then_some(Saying { grade: PendingDischarge::Ambiguous, evidence })
}

/// Whether one of these words makes another thing of the discharge.
fn is_other(paper: &Paper<'_>, sheet: &Sheet<'_>, words: &[usize]) -> bool {
    let cues = &paper.cues.pending;
    words.iter().any(|&w| cues.is_not_leaving(&fold(sheet.words[w].text), EDITS_WHEN_WORN))
}

/// Letters of a worn word that may be wrong.
const EDITS_WHEN_WORN: usize = 2;

/// The first word of the phrase, behind which nothing can be read.
fn pending_something(paper: &Paper<'_>, leaf: &Leaf<'_>, cell: usize) -> Option<Saying> {
    let sheet = &leaf.form.sheet;
    let own = &sheet.cells[cell];
    let worn_word = fold(&paper.cues.pending.worn_word);
    let first = own.pieces.clone().find(|&piece| {
        let word = &sheet.words[sheet.pieces[piece].word];
        let edits = if word.confidence.get() < UNREAD { 2 } else { 1 };
        strsim::levenshtein(&sheet.pieces[piece].folded, &worn_word) <= edits
    })?;
    let beside = sheet.right_of(cell).first().map(|&right| sheet.cells[right].words.clone());
    let own_words = sheet.pieces[first].word + 1..own.words.end;
    let behind: Vec<usize> = own_words.chain(beside.into_iter().flatten()).collect();
    let (read, unread): (Vec<&SheetWord<'_>>, Vec<_>) = behind
        .iter()
        .map(|&word| &sheet.words[word])
        .filter(|word| letters(word) >= 2)
        .partition(|word| word.confidence.get() >= UNREAD);
    if !read.is_empty() || unread.is_empty() || is_negated(paper, sheet, first) {
        return None;
    }
    let words: Vec<usize> = std::iter::once(sheet.pieces[first].word).chain(behind).collect();
    Some(Saying { grade: PendingDischarge::Ambiguous, evidence: sheet.evidence(&words) })
}

/// Words on a stamp at most, noise included.
const MOST_WORDS_OF_A_STAMP: usize = 4;
/// Share of letters in common from which worn words may be the phrase: at .75
/// it is found by its edits anyway, at .5 "Sending Fax Charges" is one.
const LIKE_THE_PHRASE: f64 = 0.62;
