//! The words "pending discharge" and their like: who says them, where, and
//! whether they are meant.
//!
//! | file | what it looks for |
//! |---|---|
//! | here | the phrase and its synonyms, word for word |
//! | `denial` | words that deny it, before and behind |
//! | `waiting` | a sentence in which a discharge waits for something |
//! | `going` | a sentence with a place, a way out of it and a day to come |
//! | `days` | a day of discharge still to come |
//! | `worn` | boxes, stamps and covers that can hardly be read |

mod days;
mod denial;
mod going;
mod waiting;
mod worn;

use std::collections::BTreeSet;

#[cfg(test)]
pub use denial::WORDS_OF_A_DENIAL;
use denial::{is_denied, is_negated};

use super::choice::choice_after;
use super::cues::PageTag;
use super::findings::{Flag, PageKind, PendingDischarge};
use super::layout::Sheet;
use super::paper::{Leaf, Paper};
use super::phrase::{Hit, fold};
use super::tick;
use crate::recognize::recognized::TickState;
use crate::vocab::{Evidence, EvidenceSource, PageNumber};

/// One place and what it says.
struct Saying {
    grade: PendingDischarge,
    evidence: Evidence,
}

/// The strongest that is said anywhere, with the evidence of all places that
/// say as much, or of boxes found empty when nothing is said. `note` is the
/// free text that came with the document.
pub fn find(paper: &Paper<'_>, note: Option<&Leaf<'_>>) -> Flag<PendingDischarge> {
    let mut sayings: Vec<Saying> = paper.leaves.iter().flat_map(|l| on_page(paper, l)).collect();
    if let Some(note) = note {
        sayings.extend(on_page(paper, note).into_iter().filter_map(beside_the_document));
    }
    sayings.extend(days::to_come(paper));
    sayings.extend(days::despite_empty_box(paper, &sayings));
    sayings.extend(worn::first_page(paper));
    let value = sayings.iter().map(|s| s.grade).min_by_key(|g| rank(*g));
    let value = value.unwrap_or(PendingDischarge::None);
    let evidence = sayings.into_iter().filter(|s| s.grade == value).map(|s| s.evidence);
    Flag { value, evidence: evidence.collect() }
}

/// Strongest first.
fn rank(grade: PendingDischarge) -> u8 {
    match grade {
        PendingDischarge::Strong => 0,
        PendingDischarge::Medium => 1,
        PendingDischarge::Ambiguous => 2,
        PendingDischarge::Weak => 3,
        PendingDischarge::None => 4,
    }
}

/// A note beside the document is one step below the cover sheet itself.
fn beside_the_document(saying: Saying) -> Option<Saying> {
    let grade = match saying.grade {
        PendingDischarge::Strong | PendingDischarge::Medium => PendingDischarge::Medium,
        PendingDischarge::Ambiguous => PendingDischarge::Ambiguous,
        PendingDischarge::Weak => PendingDischarge::Weak,
        PendingDischarge::None => return None,
    };
    Some(Saying { grade, evidence: Evidence::metadata(saying.evidence.text.into_exposed()) })
}

fn on_page(paper: &Paper<'_>, leaf: &Leaf<'_>) -> Vec<Saying> {
    let phrases = leaf.tagged(PageTag::Pending).map(|hit| (hit, true));
    let synonyms = leaf.tagged(PageTag::PendingSynonym).map(|hit| (hit, false));
    let mut sayings: Vec<(Option<usize>, Saying)> = phrases
        .chain(synonyms)
        .filter_map(|(hit, exact)| Some((Some(hit.first), judge(paper, leaf, hit, exact)?)))
        .collect();
    if sayings.is_empty() {
        sayings.extend(worn::boxes(paper, leaf).map(|saying| (None, saying)));
    }
    let told = |sayings: &[(Option<usize>, Saying)]| {
        let grades = sayings.iter().map(|(_, saying)| rank(saying.grade));
        grades.min().is_some_and(|best| best < rank(PendingDischarge::Ambiguous))
    };
    if !told(&sayings) {
        sayings.extend(waiting::sentences(paper, leaf).into_iter().map(|saying| (None, saying)));
    }
    if sayings.is_empty() {
        sayings.extend(going::sentences(paper, leaf).into_iter().map(|saying| (None, saying)));
    }
    if sayings.is_empty() {
        sayings.extend(worn::words(paper, leaf).map(|saying| (None, saying)));
    }
    if sayings.is_empty() {
        sayings.extend(worn::answers(paper, leaf).map(|saying| (None, saying)));
    }
    // A box that is empty denies the longer phrase it is the label of, too.
    let denied: Vec<usize> = sayings
        .iter()
        .filter(|(_, s)| s.grade == PendingDischarge::None)
        .filter_map(|(first, _)| *first)
        .collect();
    let is_denied = |first: &Option<usize>| first.is_some_and(|first| denied.contains(&first));
    sayings.retain(|(first, s)| s.grade == PendingDischarge::None || !is_denied(first));
    sayings.into_iter().map(|(_, s)| s).collect()
}

/// What one phrase says; `None` when it is another sense of the words.
fn judge(paper: &Paper<'_>, leaf: &Leaf<'_>, hit: &Hit<PageTag>, exact: bool) -> Option<Saying> {
    let cues = &paper.cues.pending;
    let sheet = &leaf.form.sheet;
    if exact && hit.distance > cues.most_edits {
        return None;
    }
    if is_decoy(paper, leaf, hit) {
        let papers = exact && papers_are_here(paper, leaf, hit);
        let evidence = sheet.quote(hit.first, hit.last);
        return papers.then_some(Saying { grade: PendingDischarge::Ambiguous, evidence });
    }
    let between = separator(sheet, hit)?;
    let quoted = sheet.quote(hit.first, hit.last);
    let say = |grade, evidence| Some(Saying { grade, evidence });
    if is_negated(paper, sheet, hit.first) || is_denied(paper, sheet, hit.last) {
        let mut evidence = quoted;
        evidence.text = format!("{}: denied", evidence.text.expose()).into();
        return say(PendingDischarge::None, evidence);
    }
    let placed = placed(paper, leaf, hit, exact);
    if let Some(tick) = choice_after(paper, sheet, hit.last)
        .or_else(|| tick::beside(&paper.cues.boxes, sheet, hit.first, hit.last))
        .or_else(|| {
            let first = with_subject(paper, sheet, hit.first)?;
            tick::beside(&paper.cues.boxes, sheet, first, hit.last)
        })
    {
        // A stamp has no box; its frame may look like one.
        let stamped = sheet.piece_box(hit.first, hit.first).height() > STAMPED * sheet.line_height;
        let sure = tick.evidence.source != EvidenceSource::Mark
            || tick.evidence.confidence.get() >= cues.least_sure_empty && !stamped;
        let grade = match tick.state {
            TickState::Ticked => placed,
            TickState::Empty if sure => PendingDischarge::None,
            TickState::Empty if placed == PendingDischarge::Weak => PendingDischarge::Weak,
            TickState::Empty => PendingDischarge::Ambiguous,
            TickState::Unclear if placed == PendingDischarge::Weak => PendingDischarge::Weak,
            TickState::Unclear => PendingDischarge::Ambiguous,
        };
        return say(grade, tick.evidence);
    }
    let readable = quoted.confidence.get() >= cues.least_confidence;
    let grade = match placed {
        PendingDischarge::Strong | PendingDischarge::Medium
            if !readable || between == Between::FullStop =>
        {
            PendingDischarge::Ambiguous
        }
        grade => grade,
    };
    say(grade, quoted)
}

/// Where a label begins whose words go on before the phrase: `[ ] Pt is pending
/// discharge`.
fn with_subject(paper: &Paper<'_>, sheet: &Sheet<'_>, first: usize) -> Option<usize> {
    let start = sheet.cells[sheet.cell_of(first)].pieces.start;
    let subject = |&piece: &usize| {
        paper.cues.pending.subjects.iter().any(|word| fold(word) == sheet.pieces[piece].folded)
    };
    (start..first).rev().take_while(subject).last()
}

/// How much the place lends: a trigger on cover and form, a hint elsewhere.
fn placed(paper: &Paper<'_>, leaf: &Leaf<'_>, hit: &Hit<PageTag>, exact: bool) -> PendingDischarge {
    let sheet = &leaf.form.sheet;
    let elsewhere = leaf
        .tagged(PageTag::PendingDoubt)
        .any(|doubt| doubt.first >= hit.first && doubt.first <= hit.last + 2);
    if elsewhere {
        return PendingDischarge::Weak;
    }
    let trigger = paper.cues.pending.strong_kinds.contains(&leaf.kind);
    let alone = sheet.cells[sheet.cell_of(hit.first)].words.len() <= 4;
    let first = sheet.number == PageNumber::FIRST;
    match (trigger, exact) {
        (true, true) => PendingDischarge::Strong,
        (true, false) => PendingDischarge::Medium,
        // A page we could not name may be the cover: the flag goes up.
        (false, true) if leaf.kind == PageKind::Other && (first || alone) => {
            PendingDischarge::Medium
        }
        (false, false) if leaf.kind == PageKind::Other && first => PendingDischarge::Ambiguous,
        // Taken for another kind it may still be the cover, where none is found.
        (false, true) if first && alone && !has_cover(paper) => PendingDischarge::Ambiguous,
        (false, true) if waiting::is_letter_in_front(paper, leaf) => PendingDischarge::Ambiguous,
        (false, _) => PendingDischarge::Weak,
    }
}

fn has_cover(paper: &Paper<'_>) -> bool {
    paper.leaves.iter().any(|leaf| leaf.kind == PageKind::FaxCover)
}

/// Whether the words have another sense: in a phrase that says so, as the head
/// of a paper, or of somebody who leaves a therapy.
fn is_decoy(paper: &Paper<'_>, leaf: &Leaf<'_>, hit: &Hit<PageTag>) -> bool {
    let (sheet, cues) = (&leaf.form.sheet, &paper.cues.pending);
    let end = &sheet.pieces[hit.last];
    let behind_it = &sheet.words[end.word].text[end.range.end..];
    // "Pending discharge, orders attached", or a line that begins with "Order
    // and notes": its last words are another's.
    let ended = behind_it.contains([',', ';']) || begins_a_line_behind(sheet, hit.last);
    let phrase = leaf.tagged(PageTag::PendingDecoy).any(|decoy| {
        let apart = decoy.last > hit.last && ended;
        // Among the same words the closer reading wins: `pending discharge`
        // is two edits from nothing, a decoy must be about as clean.
        !apart
            && decoy.first <= hit.last
            && hit.first <= decoy.last
            && decoy.last - decoy.first >= hit.last - hit.first
    });
    let mut piece = hit.last;
    let behind: Vec<&str> = std::iter::from_fn(|| {
        piece = sheet.next(piece)?;
        Some(sheet.pieces[piece].folded.as_str())
    })
    .take(WORDS_BEHIND)
    .collect();
    let ends = behind_it.contains([':', '.', ';', '?', ',']);
    let is = |set: &BTreeSet<String>, word: &str| set.iter().any(|w| fold(w) == word);
    let heads_paper = !ends && !ended && behind.first().is_some_and(|word| is(&cues.papers, word));
    let any = |set: &BTreeSet<String>| behind.iter().skip(1).any(|word| is(set, word));
    let leaves_therapy = behind.first() == Some(&FROM) && any(&cues.not_from) && !any(&cues.houses);
    phrase || heads_paper || leaves_therapy
}

/// Whether what follows a piece begins another line, with a capital that is not
/// one of many.
fn begins_a_line_behind(sheet: &Sheet<'_>, piece: usize) -> bool {
    let next = sheet.next(piece).filter(|&next| sheet.cell_of(next) != sheet.cell_of(piece));
    next.is_some_and(|next| {
        let mut letters = sheet.words[sheet.pieces[next].word].text.chars();
        letters.next().is_some_and(char::is_uppercase)
            && letters.next().is_some_and(char::is_lowercase)
    })
}

/// `Pending discharge records attached`: papers that are here are not what is
/// pending; somebody has to look.
fn papers_are_here(paper: &Paper<'_>, leaf: &Leaf<'_>, hit: &Hit<PageTag>) -> bool {
    let (sheet, cues) = (&leaf.form.sheet, &paper.cues.pending);
    let folded = |piece: usize| sheet.pieces[piece].folded.as_str();
    let Some(papers) = sheet.next(hit.last) else { return false };
    let here = sheet.next(papers).map(folded);
    cues.strong_kinds.contains(&leaf.kind)
        && cues.is_not_leaving(folded(papers), 0)
        && here.is_some_and(|here| cues.enclosed.iter().any(|word| fold(word) == here))
}

/// Letters so many times as high as the page's are those of a stamp.
const STAMPED: f32 = 1.5;

/// Words behind a discharge that say what it is from.
const WORDS_BEHIND: usize = 6;
const FROM: &str = "from";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Between {
    Nothing,
    FullStop,
}

/// What stands between the words of the phrase; `None` if they belong to
/// different fields (`Pending: 3  Discharge: home`).
fn separator(sheet: &Sheet<'_>, hit: &Hit<PageTag>) -> Option<Between> {
    let mut between = Between::Nothing;
    let mut piece = hit.first;
    while piece != hit.last {
        let Some(next) = sheet.next(piece) else { break };
        let (a, b) = (&sheet.pieces[piece], &sheet.pieces[next]);
        let gap = if a.word == b.word {
            sheet.words[a.word].text.get(a.range.end..b.range.start).unwrap_or("")
        } else {
            &sheet.words[a.word].text[a.range.end..]
        };
        if gap.contains([':', ';', '?', '|', '!']) {
            return None;
        }
        if gap.contains('.') && !sheet.words[a.word].text.contains("/") {
            between = Between::FullStop;
        }
        piece = next;
    }
    Some(between)
}
