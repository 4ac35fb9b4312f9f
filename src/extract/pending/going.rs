//! Sentences with a day to come that say where a patient lies and a way out of
//! there, without any word for a discharge ("SNF to home 3/11"), or that he
//! leaves ("the conference set 3/11 as the day he goes home").

use std::sync::LazyLock;

use regex::Regex;

use super::super::calendar::{Pivot, dates};
use super::super::cues::PageTag;
use super::super::findings::{PageKind, PendingDischarge};
use super::super::labels::{FieldTag, Label, followed_by_colon};
use super::super::layout::Sheet;
use super::super::paper::{Leaf, Paper};
use super::super::phrase::{Hit, fold};
use super::denial::is_negated;
use super::waiting::{goes_on, is_title, is_to_come, may_be_cover, one_sentence};
use super::{Saying, is_decoy};

static WORN_DAY: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, compiled in every test")]
    Regex::new(r"\b([01]?\d)[ ./-]{1,2}([0-3]?\d)[ ./-]{1,2}((?:20)?\d{2})\b").unwrap()
});

/// Of a cover; somebody has to look at what they mean.
pub fn sentences(paper: &Paper<'_>, leaf: &Leaf<'_>) -> Vec<Saying> {
    if leaf.kind != PageKind::FaxCover && !may_be_cover(leaf) {
        return Vec::new();
    }
    let sheet = &leaf.form.sheet;
    let to_come = |hit: &&Hit<PageTag>| {
        !is_addressed(leaf, hit)
            && is_to_come(paper, leaf, hit)
            && !is_negated(paper, sheet, hit.first)
    };
    let ways = leaf.tagged(PageTag::Way).filter(to_come).filter_map(|way| {
        let mut places = leaf.tagged(PageTag::Inside);
        let inside = places.find(|inside| {
            !is_bed(paper, sheet, inside) && one_sentence(sheet, way, inside, REACH)
        })?;
        Some((way.first.min(inside.first), way.last.max(inside.last)))
    });
    let leaving = leaf.tagged(PageTag::Leaving).filter(to_come);
    // Words with a colon are a label.
    let told =
        |hit: &&Hit<PageTag>| !is_decoy(paper, leaf, hit) && !followed_by_colon(sheet, hit.last);
    let leaving = leaving.filter(told);
    ways.chain(leaving.map(|hit| (hit.first, hit.last)))
        .filter(|&(first, _)| has_day_to_come(paper, sheet, first))
        .map(|(first, last)| {
            let evidence = sheet.quote(first, last);
            Saying { grade: PendingDischarge::Ambiguous, evidence }
        })
        .collect()
}

/// Whether the sentence around a piece names a day to come and none that is
/// past, save one since when somebody lies there.
fn has_day_to_come(paper: &Paper<'_>, sheet: &Sheet<'_>, piece: usize) -> bool {
    let words = sentence(sheet, piece);
    let text: Vec<&str> = words.iter().map(|&w| sheet.words[w].text).collect();
    let text = text.join(" ");
    // Of a worn "3/11/26" strokes are lost, or both.
    let text = WORN_DAY.replace_all(&text, "$1/$2/$3");
    let days = dates(&text, paper.received_on, Pivot::Nearest);
    let (to_come, past): (Vec<_>, Vec<_>) =
        days.iter().partition(|day| day.date >= paper.received_on);
    let began = |start: usize| text[..start].trim_end().ends_with("since");
    !to_come.is_empty() && past.iter().all(|day| began(day.range.start))
}

/// A hospital bed is equipment, not where somebody lies.
fn is_bed(paper: &Paper<'_>, sheet: &Sheet<'_>, inside: &Hit<PageTag>) -> bool {
    let next = sheet.next(inside.last).map(|next| sheet.pieces[next].folded.as_str());
    let equipment = &paper.cues.pending.equipment;
    next.is_some_and(|next| equipment.iter().any(|word| fold(word) == next))
}

/// Words between the place and the way at most.
const REACH: usize = 12;

/// Whether words stand in a field of the cover's head: to whom, from whom, when
/// and how many.
fn is_addressed(leaf: &Leaf<'_>, hit: &Hit<PageTag>) -> bool {
    let cell = leaf.form.sheet.cell_of(hit.first);
    leaf.form.fields.iter().any(|field| {
        let head = matches!(
            field.hit.tag,
            FieldTag::Label(
                Label::To
                    | Label::From
                    | Label::Pages
                    | Label::Phone
                    | Label::Fax
                    | Label::OtherDate
                    | Label::Address
            )
        );
        field.cell == cell && head && field.colon && field.starts_cell
    })
}

/// The words of the sentence that a piece stands in, as far as its lines go on.
fn sentence(sheet: &Sheet<'_>, piece: usize) -> Vec<usize> {
    // "St." and "Dr." end none.
    let ends = |word: usize| {
        let text = sheet.words[word].text;
        text.ends_with(['.', '!', '?']) && !is_title(text)
    };
    let mut words = vec![sheet.pieces[piece].word];
    while let Some(before) = sheet.word_before(words[0]) {
        if ends(before) || words.len() > MOST_WORDS {
            break;
        }
        words.insert(0, before);
    }
    let mut at = piece;
    while let Some(next) = goes_on(sheet, at) {
        let (word, last) = (sheet.pieces[next].word, *words.last().unwrap_or(&0));
        if word != last && (ends(last) || words.len() > 2 * MOST_WORDS) {
            break;
        }
        if word != last {
            words.push(word);
        }
        at = next;
    }
    words
}

/// Words of a sentence that are looked at, before a place and behind it.
const MOST_WORDS: usize = 24;
