//! Sentences that say where a patient lies, a way out of there and a day to
//! come, without any word for a discharge: "SNF to home 3/11".

use super::super::calendar::{Pivot, dates};
use super::super::cues::PageTag;
use super::super::findings::{PageKind, PendingDischarge};
use super::super::labels::{FieldTag, Label};
use super::super::layout::Sheet;
use super::super::paper::{Leaf, Paper};
use super::super::phrase::{Hit, fold};
use super::Saying;
use super::denial::is_negated;
use super::waiting::{goes_on, is_title, is_to_come, one_sentence};

/// Of a cover; somebody has to look at what they mean.
pub fn sentences(paper: &Paper<'_>, leaf: &Leaf<'_>) -> Vec<Saying> {
    if leaf.kind != PageKind::FaxCover {
        return Vec::new();
    }
    let sheet = &leaf.form.sheet;
    let ways = leaf.tagged(PageTag::Way).filter(|way| {
        !is_addressed(leaf, way)
            && is_to_come(paper, leaf, way)
            && !is_negated(paper, sheet, way.first)
    });
    ways.filter_map(|way| {
        let inside = leaf
            .tagged(PageTag::Inside)
            .filter(|inside| !is_bed(paper, sheet, inside))
            .find(|inside| one_sentence(sheet, way, inside, REACH))?;
        let words = sentence(sheet, way.first);
        let text: Vec<&str> = words.iter().map(|&w| sheet.words[w].text).collect();
        let text = text.join(" ");
        let days = dates(&text, paper.received_on, Pivot::Nearest);
        let (to_come, past): (Vec<_>, Vec<_>) =
            days.iter().partition(|day| day.date >= paper.received_on);
        // A day since when somebody lies there is past, too.
        let began = |start: usize| text[..start].trim_end().ends_with("since");
        if to_come.is_empty() || past.iter().any(|day| !began(day.range.start)) {
            return None;
        }
        let (first, last) = (way.first.min(inside.first), way.last.max(inside.last));
        let evidence = sheet.quote(first, last);
        Some(Saying { grade: PendingDischarge::Ambiguous, evidence })
    })
    .collect()
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
        text.ends_with(['.', '!', '?', ';']) && !is_title(text)
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
