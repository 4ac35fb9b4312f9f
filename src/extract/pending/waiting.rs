//! Sentences in which a discharge waits for something.

use jiff::civil::Date;

use super::super::calendar::{Pivot, dates};
use super::super::cues::PageTag;
use super::super::findings::{PageKind, PendingDischarge};
use super::super::labels::{FieldTag, Label, followed_by_colon};
use super::super::layout::Sheet;
use super::super::paper::{Leaf, Paper};
use super::super::phrase::{Hit, fold};
use super::denial::{is_denied, is_negated};
use super::{Saying, has_cover, is_decoy};
use crate::vocab::{Evidence, PageNumber};

/// A sentence of cover or form in which a discharge waits for something:
/// words of leaving and words of waiting, close together and not denied.
pub fn sentences(paper: &Paper<'_>, leaf: &Leaf<'_>) -> Vec<Saying> {
    let cues = &paper.cues.pending;
    let sheet = &leaf.form.sheet;
    let letter = is_letter_in_front(paper, leaf);
    if !cues.strong_kinds.contains(&leaf.kind) && !may_be_cover(leaf) && !letter {
        return Vec::new();
    }
    let phrases: Vec<&Hit<PageTag>> = leaf
        .hits
        .iter()
        .filter(|h| matches!(h.tag, PageTag::Pending | PageTag::PendingSynonym))
        .collect();
    let leaving = leaf.tagged(PageTag::Leaving).take(MOST_ON_A_PAGE).filter(|hit| {
        // The phrase itself was judged already.
        let judged = phrases.iter().any(|p| p.first <= hit.last && hit.first <= p.last);
        !judged
            && !is_label(leaf, hit)
            && !is_decoy(paper, leaf, hit)
            && is_to_come(paper, leaf, hit)
            && !stays(paper, leaf, hit)
    });
    leaving
        .filter_map(|leaving| {
            let read_well = |evidence: &Evidence| {
                let readable = evidence.confidence.get() >= cues.least_confidence;
                if readable && !may_be_cover(leaf) && !letter {
                    PendingDischarge::Medium
                } else {
                    PendingDischarge::Ambiguous
                }
            };
            let day = day_behind(paper, sheet, leaving);
            let past = day.as_ref().is_some_and(|day| day.date < paper.received_on);
            match day {
                Some(day) if !past => {
                    return Some(Saying {
                        grade: read_well(&day.evidence),
                        evidence: day.evidence,
                    });
                }
                // It is over: whatever is waited for is not this.
                Some(day) if day.right_behind => return None,
                // Letters argue with stays in hospital: without a day to come
                // they say nothing of one.
                Some(_) | None if letter => return None,
                Some(_) | None => {}
            }
            let near = || {
                leaf.tagged(PageTag::Waiting)
                    .take(MOST_ON_A_PAGE)
                    .filter(|w| one_sentence(sheet, leaving, w, cues.waiting_reach))
            };
            // "Discharge not pending" waits for nothing.
            let denied =
                near().any(|w| is_pending(paper, sheet, w) && is_negated(paper, sheet, w.first));
            if denied || is_denied(paper, sheet, leaving.last) {
                return None;
            }
            // Of a phrase that was judged, and denied, nothing is waited for.
            let judged =
                |w: &Hit<PageTag>| phrases.iter().any(|p| p.first <= w.last && w.first <= p.last);
            let waits = near().find(|w| !judged(w));
            let Some(waits) = waits else {
                return (!past).then(|| unexplained(leaf, leaving)).flatten();
            };
            let (first, last) = (leaving.first.min(waits.first), leaving.last.max(waits.last));
            let evidence = sheet.quote(first, last);
            Some(Saying { grade: read_well(&evidence), evidence })
        })
        .collect()
}

/// Whether words of leaving are the label of a field alone, `28 Anticipated D/C`:
/// what stands in the field says whether anybody leaves.
fn is_label(leaf: &Leaf<'_>, leaving: &Hit<PageTag>) -> bool {
    let labels = [Label::DischargeDate, Label::Discharged];
    leaf.form.fields.iter().any(|field| {
        let covers = field.hit.first <= leaving.first && leaving.last <= field.hit.last;
        let is_date = labels.iter().any(|label| field.hit.tag == FieldTag::Label(*label));
        is_date && covers && field.leads && field.ends_cell
    })
}

/// Whether a page that could not be named may be the cover: it is the first.
pub(super) fn may_be_cover(leaf: &Leaf<'_>) -> bool {
    leaf.kind == PageKind::Other && leaf.number() == PageNumber::FIRST
}

/// Whether a page is a letter in front of everything, where no page is a cover:
/// it does what a cover does.
pub(super) fn is_letter_in_front(paper: &Paper<'_>, leaf: &Leaf<'_>) -> bool {
    leaf.kind == PageKind::Letter && leaf.number() == PageNumber::FIRST && !has_cover(paper)
}

/// Words of leaving, and of waiting, that are compared with each other: no
/// office writes so many on one page.
const MOST_ON_A_PAGE: usize = 400;

/// Whether words of waiting are `pending` itself.
fn is_pending(paper: &Paper<'_>, sheet: &Sheet<'_>, hit: &Hit<PageTag>) -> bool {
    hit.first == hit.last && sheet.pieces[hit.first].folded == fold(&paper.cues.pending.worn_word)
}

/// A discharge on a cover that is neither denied nor over nor a paper, and of
/// which nothing more is understood: somebody has to look.
fn unexplained(leaf: &Leaf<'_>, leaving: &Hit<PageTag>) -> Option<Saying> {
    let sheet = &leaf.form.sheet;
    let evidence = sheet.quote(leaving.first, leaving.last);
    // Words alone are a heading, with a colon a label: they say nothing yet.
    let cell = sheet.cell_of(leaving.first);
    let words = |cell: usize| sheet.cells[cell].words.len();
    let beside: usize = sheet.right_of(cell).iter().map(|&cell| words(cell)).sum();
    let heading = words(cell) <= WORDS_OF_A_HEADING && beside <= WORDS_BESIDE_A_HEADING;
    let alone = heading || followed_by_colon(sheet, leaving.last);
    let text = evidence.text.expose().to_lowercase();
    let leaving = fold(LEAVING);
    let discharge = text.contains("d/c")
        || text.split_whitespace().any(|word| {
            let word = word.trim_matches(|c: char| !c.is_alphanumeric());
            word == "dc"
                || word.starts_with("disch")
                || strsim::levenshtein(&fold(word), &leaving) <= EDITS_OF_LEAVING
        });
    let cover = leaf.kind == PageKind::FaxCover || may_be_cover(leaf);
    (cover && discharge && !alone)
        .then_some(Saying { grade: PendingDischarge::Ambiguous, evidence })
}

const LEAVING: &str = "discharge";
/// Letters of it that may be wrong where it is all that is understood.
const EDITS_OF_LEAVING: usize = 2;

/// Words of a heading at most, and in its row beside it.
const WORDS_OF_A_HEADING: usize = 2;
const WORDS_BESIDE_A_HEADING: usize = 3;

/// Whether words of leaving speak of what has not happened: not `since
/// discharge`, `discharged home`, `post-discharge`, `discharge summary`.
pub(super) fn is_to_come(paper: &Paper<'_>, leaf: &Leaf<'_>, hit: &Hit<PageTag>) -> bool {
    let (sheet, cues) = (&leaf.form.sheet, &paper.cues.pending);
    let first = &sheet.pieces[hit.first];
    let prefix = sheet.words[first.word].text[..first.range.start].to_lowercase();
    let joined = cues.after.iter().any(|word| prefix.trim_end_matches(['-', '/']).ends_with(word));
    let mut before = sheet.word_before(first.word);
    let mut since = false;
    let mut follows_be = false;
    let mut behind = String::new();
    for place in 0..WORDS_BEFORE {
        let Some(word) = before else { break };
        let text = sheet.words[word].text.to_lowercase();
        let bare = text.trim_matches(|c: char| !c.is_alphanumeric());
        // "Prior to discharge" is before it.
        since |= cues.after.contains(bare) && !(behind == TO && bare == PRIOR);
        follows_be |= place == 0 && cues.passive.contains(bare);
        // "Since the patient leaves" gives a reason.
        if text.ends_with(['.', ';', ':', '!', '?']) || cues.people.contains(bare) {
            break;
        }
        behind = bare.to_owned();
        before = sheet.word_before(word);
    }
    let over = |piece: usize| {
        let word = sheet.pieces[piece].folded.as_str();
        word.len() >= 9
            && word.ends_with('d')
            && strsim::levenshtein(word, &fold(&cues.past_word)) <= 2
    };
    let past = (hit.first..=hit.last.max(hit.first)).any(over) && !follows_be;
    let end = &sheet.pieces[hit.last];
    let ends = sheet.words[end.word].text[end.range.end..].contains([',', ';', '.']);
    let other = !ends
        && sheet.next(hit.last).is_some_and(|next| {
            let read = sheet.pieces[next].folded.as_str();
            let waits = leaf.tagged(PageTag::Waiting).any(|w| (w.first..=w.last).contains(&next));
            cues.is_not_leaving(read, if waits { 0 } else { 1 })
        });
    let over = leaf.tagged(PageTag::Over).any(|over| one_sentence(sheet, hit, over, WORDS_TO_OVER));
    !joined && !since && !past && !other && !over
}

const PRIOR: &str = "prior";
const TO: &str = "to";

/// Words between a discharge and what says that it is over, at most.
const WORDS_TO_OVER: usize = 14;

/// Words before a discharge that may say that it is over.
const WORDS_BEFORE: usize = 3;

/// Whether leaving is denied outright: `no discharge is planned`. What is
/// denied until something comes (`cannot … until`, `not … without`) waits.
fn stays(paper: &Paper<'_>, leaf: &Leaf<'_>, leaving: &Hit<PageTag>) -> bool {
    let (sheet, cues) = (&leaf.form.sheet, &paper.cues.pending);
    if !is_negated(paper, sheet, leaving.first) {
        return false;
    }
    let modal = leaf.tagged(PageTag::Waiting).any(|waits| {
        let near = waits.last < leaving.first && leaving.first - waits.last <= WORDS_BEFORE;
        near && sheet.cell_of(waits.last) == sheet.cell_of(leaving.first)
            && !is_negated(paper, sheet, waits.first)
    });
    let mut piece = leaving.last;
    let conditional = (0..cues.waiting_reach).any(|_| {
        let Some(next) = sheet.next(piece) else { return false };
        piece = next;
        cues.conditions.iter().any(|word| fold(word) == sheet.pieces[next].folded)
    });
    !modal && !conditional
}

/// A day behind words of leaving.
struct DayBehind {
    date: Date,
    /// With nothing but a word or two between.
    right_behind: bool,
    evidence: Evidence,
}

/// The day behind words of leaving: `Goes home 3/11`, `D/C was 3/5`.
fn day_behind(paper: &Paper<'_>, sheet: &Sheet<'_>, leaving: &Hit<PageTag>) -> Option<DayBehind> {
    let cell = sheet.cell_of(leaving.last);
    let mut rest = sheet.tail(cell, Some(leaving.last), None);
    if let Some(next) = sheet.next_cell(cell) {
        rest.extend(&sheet.cell_snippet(next));
    }
    let near = rest.text.char_indices().nth(DAY_WITHIN).map_or(rest.text.len(), |(at, _)| at);
    let day = dates(&rest.text, paper.received_on, Pivot::Nearest)
        .into_iter()
        .find(|day| day.range.start <= near)?;
    // A full stop between them begins another sentence; a day since when says
    // nothing of what is to come.
    let between = &rest.text[..day.range.start];
    if ends_within(between) || between.trim_end().ends_with("since") {
        return None;
    }
    let between = between.split_whitespace();
    let between = between.filter(|word| word.chars().any(char::is_alphanumeric)).count();
    let mut words = sheet.words_of(leaving.first, leaving.last);
    words.extend(rest.words(day.range));
    let evidence = sheet.evidence(&words);
    Some(DayBehind { date: day.date, right_behind: between <= WORDS_BEFORE, evidence })
}

/// Whether a sentence ends in a text; "St. Brendan" goes on.
fn ends_within(text: &str) -> bool {
    let mut words = text.split_whitespace().peekable();
    std::iter::from_fn(|| words.next().map(|word| (word, words.peek().is_some())))
        .any(|(word, more)| more && word.ends_with('.') && !is_title(word))
}

/// `St.`, `Dr.`, `Mt.`: a short word with a capital.
pub(super) fn is_title(word: &str) -> bool {
    let mut letters = word.chars();
    word.len() <= 3
        && letters.next().is_some_and(char::is_uppercase)
        && letters.next().is_some_and(char::is_lowercase)
}

/// A day stands within so many characters of the words of leaving.
const DAY_WITHIN: usize = 40;

/// Whether two phrases stand in one sentence, at most so many words apart.
pub(super) fn one_sentence(
    sheet: &Sheet<'_>,
    a: &Hit<PageTag>,
    b: &Hit<PageTag>,
    reach: usize,
) -> bool {
    let (first, second) = if a.first <= b.first { (a, b) } else { (b, a) };
    if second.first <= first.last {
        return false;
    }
    let mut piece = first.last;
    for _ in 0..=reach {
        if piece >= second.first {
            return true;
        }
        let word = &sheet.words[sheet.pieces[piece].word];
        let Some(next) = goes_on(sheet, piece) else { return false };
        let ends = &word.text[sheet.pieces[piece].range.end..];
        let ended = ends.contains(['.', '!', '?']) && !is_title(word.text);
        if sheet.pieces[next].word != sheet.pieces[piece].word && ended {
            return false;
        }
        piece = next;
    }
    false
}

/// The next piece of a sentence, over a gap in its line too where a word was
/// lost: what follows begins in lower case.
pub(super) fn goes_on(sheet: &Sheet<'_>, piece: usize) -> Option<usize> {
    let cell = sheet.cell_of(piece);
    let last = piece + 1 == sheet.cells[cell].pieces.end;
    let right = sheet.right_of(cell).first().filter(|_| last).and_then(|&right| {
        let first = sheet.cells[right].pieces.clone().next()?;
        let text = sheet.words[sheet.pieces[first].word].text;
        text.starts_with(|c: char| c.is_lowercase()).then_some(first)
    });
    right.or_else(|| sheet.next(piece))
}
