//! The words "pending discharge" and their like: who says them, where, and
//! whether they are meant.

use jiff::civil::Date;

use super::calendar::{Pivot, dates};
use super::cues::PageTag;
use super::findings::{Flag, PageKind, PendingDischarge};
use super::labels::Label;
use super::layout::Sheet;
use super::paper::{Leaf, Paper};
use super::phrase::{Hit, fold, folded_words};
use super::tick;
use crate::recognize::recognized::TickState;
use crate::vocab::{Evidence, PageNumber};

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
    sayings.extend(discharge_dates(paper));
    sayings.extend(empty_box_but_inpatient(paper, &sayings));
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
        sayings.extend(boxes(paper, leaf).map(|saying| (None, saying)));
    }
    let told = |sayings: &[(Option<usize>, Saying)]| {
        let grades = sayings.iter().map(|(_, saying)| rank(saying.grade));
        grades.min().is_some_and(|best| best < rank(PendingDischarge::Ambiguous))
    };
    if !told(&sayings) {
        sayings.extend(waiting(paper, leaf).into_iter().map(|saying| (None, saying)));
    }
    if sayings.is_empty() {
        sayings.extend(worn(paper, leaf).map(|saying| (None, saying)));
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

/// A tick box that recognition gave these words as its label, where the words
/// themselves were scattered.
fn boxes<'l>(paper: &'l Paper<'_>, leaf: &'l Leaf<'_>) -> impl Iterator<Item = Saying> + 'l {
    let cues = &paper.cues.pending;
    let trigger = cues.strong_kinds.contains(&leaf.kind);
    leaf.form.sheet.page.marks.iter().filter(move |_| trigger).filter_map(move |mark| {
        let words = folded_words(mark.label.expose());
        let near = |(word, than): (&String, &String)| strsim::levenshtein(word, than) <= 1;
        let said =
            cues.worn.iter().map(|phrase| folded_words(phrase)).any(|phrase| {
                words.windows(phrase.len()).any(|run| run.iter().zip(&phrase).all(near))
            });
        // "Pending discharge instructions", "Not pending discharge".
        let other = words.iter().any(|word| {
            cues.not_leaving.iter().chain(&cues.negations).any(|other| fold(other) == *word)
        });
        let grade = match mark.state {
            TickState::Ticked => PendingDischarge::Strong,
            TickState::Empty => PendingDischarge::None,
            TickState::Unclear => PendingDischarge::Ambiguous,
        };
        let evidence = tick::labelled(&leaf.form.sheet, mark);
        (said && !other).then_some(Saying { grade, evidence })
    })
}

/// Words that stand free on cover or form, in a stamp or a heading, and look
/// like the phrase more than like anything else: somebody has to look.
fn worn<'l>(paper: &'l Paper<'_>, leaf: &'l Leaf<'_>) -> impl Iterator<Item = Saying> + 'l {
    let cues = &paper.cues.pending;
    let sheet = &leaf.form.sheet;
    let trigger = cues.strong_kinds.contains(&leaf.kind);
    let targets: Vec<String> =
        cues.worn.iter().map(|phrase| folded_words(phrase).concat()).collect();
    (0..sheet.cells.len()).filter(move |_| trigger).filter_map(move |cell| {
        let own = &sheet.cells[cell];
        // One line, or two that belong together.
        let below = sheet.below(cell).next().filter(|&next| {
            let step = sheet.cells[next].bbox.center_y() - own.bbox.center_y();
            own.words.len() == 1
                && sheet.cells[next].words.len() == 1
                && step <= 3.0 * own.bbox.height()
        });
        let words: Vec<usize> = own
            .words
            .clone()
            .chain(below.into_iter().flat_map(|c| sheet.cells[c].words.clone()))
            .collect();
        if words.len() > MOST_WORDS_OF_A_STAMP {
            return None;
        }
        let each: Vec<String> = words.iter().map(|&w| fold(sheet.words[w].text)).collect();
        let says = each
            .iter()
            .any(|word| word.len() >= 5 && strsim::levenshtein(word, &fold(&cues.worn_word)) <= 3);
        let other = each.iter().any(|word| {
            let alike = |other: &String| {
                let other = fold(other);
                other == *word || other.len() >= 6 && strsim::levenshtein(&other, word) <= 2
            };
            cues.not_leaving.iter().any(alike)
        });
        if !says || other {
            return None;
        }
        let text: String = words.iter().map(|&w| sheet.words[w].text).collect();
        let folded: String = fold(&text).chars().filter(|c| c.is_alphanumeric()).collect();
        let alike = targets
            .iter()
            .any(|target| strsim::normalized_levenshtein(target, &folded) >= LIKE_THE_PHRASE);
        alike.then(|| Saying {
            grade: PendingDischarge::Ambiguous,
            evidence: sheet.evidence(&words),
        })
    })
}

/// Words on a stamp at most, noise included.
const MOST_WORDS_OF_A_STAMP: usize = 4;
/// Share of letters in common from which worn words may be the phrase: at .75
/// it is found by its edits anyway, at .5 "Sending Fax Charges" is one.
const LIKE_THE_PHRASE: f64 = 0.62;

/// A sentence of cover or form in which a discharge waits for something:
/// words of leaving and words of waiting, close together and not denied.
fn waiting(paper: &Paper<'_>, leaf: &Leaf<'_>) -> Vec<Saying> {
    let cues = &paper.cues.pending;
    let sheet = &leaf.form.sheet;
    if !cues.strong_kinds.contains(&leaf.kind) {
        return Vec::new();
    }
    let phrases: Vec<&Hit<PageTag>> = leaf
        .hits
        .iter()
        .filter(|h| matches!(h.tag, PageTag::Pending | PageTag::PendingSynonym))
        .collect();
    let leaving = leaf.tagged(PageTag::Leaving).filter(|hit| {
        // The phrase itself was judged already.
        let judged = phrases.iter().any(|p| p.first <= hit.last && hit.first <= p.last);
        !judged && !is_decoy(leaf, hit) && is_to_come(paper, sheet, hit) && !stays(paper, leaf, hit)
    });
    leaving
        .filter_map(|leaving| {
            let read_well = |evidence: &Evidence| {
                if evidence.confidence.get() >= cues.least_confidence {
                    PendingDischarge::Medium
                } else {
                    PendingDischarge::Ambiguous
                }
            };
            match day_behind(paper, sheet, leaving) {
                Some(day) if day.date >= paper.received_on => {
                    return Some(Saying {
                        grade: read_well(&day.evidence),
                        evidence: day.evidence,
                    });
                }
                // It is over: whatever is waited for is not this.
                Some(day) if day.right_behind => return None,
                Some(_) | None => {}
            }
            let waits = leaf
                .tagged(PageTag::Waiting)
                .find(|waits| one_sentence(sheet, leaving, waits, cues.waiting_reach))?;
            let (first, last) = (leaving.first.min(waits.first), leaving.last.max(waits.last));
            let evidence = sheet.quote(first, last);
            Some(Saying { grade: read_well(&evidence), evidence })
        })
        .collect()
}

/// Whether words of leaving speak of what has not happened: not `since
/// discharge`, `discharged home`, `post-discharge`, `discharge summary`.
fn is_to_come(paper: &Paper<'_>, sheet: &Sheet<'_>, hit: &Hit<PageTag>) -> bool {
    let cues = &paper.cues.pending;
    let first = &sheet.pieces[hit.first];
    let prefix = sheet.words[first.word].text[..first.range.start].to_lowercase();
    let joined = cues.after.iter().any(|word| prefix.trim_end_matches(['-', '/']).ends_with(word));
    let mut before = sheet.word_before(first.word);
    let mut since = false;
    let mut follows_be = false;
    for place in 0..WORDS_BEFORE {
        let Some(word) = before else { break };
        let text = sheet.words[word].text.to_lowercase();
        let bare = text.trim_matches(|c: char| !c.is_alphanumeric());
        since |= cues.after.contains(bare);
        follows_be |= place == 0 && cues.passive.contains(bare);
        if text.ends_with(['.', ';', ':', '!', '?']) {
            break;
        }
        before = sheet.word_before(word);
    }
    let over = |piece: usize| {
        let word = sheet.pieces[piece].folded.as_str();
        word.len() >= 9
            && word.ends_with('d')
            && strsim::levenshtein(word, &fold(&cues.past_word)) <= 2
    };
    let past = (hit.first..=hit.last.max(hit.first)).any(over) && !follows_be;
    let other = sheet.next(hit.last).is_some_and(|next| {
        cues.not_leaving.iter().any(|word| fold(word) == sheet.pieces[next].folded)
    });
    !joined && !since && !past && !other
}

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
    // A full stop between them begins another sentence.
    if rest.text[..day.range.start].contains(". ") {
        return None;
    }
    let between = rest.text[..day.range.start].split_whitespace();
    let between = between.filter(|word| word.chars().any(char::is_alphanumeric)).count();
    let mut words = sheet.words_of(leaving.first, leaving.last);
    words.extend(rest.words(day.range));
    let evidence = sheet.evidence(&words);
    Some(DayBehind { date: day.date, right_behind: between <= WORDS_BEFORE, evidence })
}

/// A day stands within so many characters of the words of leaving.
const DAY_WITHIN: usize = 40;

/// Whether two phrases stand in one sentence, at most so many words apart.
fn one_sentence(sheet: &Sheet<'_>, a: &Hit<PageTag>, b: &Hit<PageTag>, reach: usize) -> bool {
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
        let Some(next) = sheet.next(piece) else { return false };
        let ends = &word.text[sheet.pieces[piece].range.end..];
        if sheet.pieces[next].word != sheet.pieces[piece].word && ends.contains(['.', '!', '?']) {
            return false;
        }
        piece = next;
    }
    false
}

/// What one phrase says; `None` when it is another sense of the words.
fn judge(paper: &Paper<'_>, leaf: &Leaf<'_>, hit: &Hit<PageTag>, exact: bool) -> Option<Saying> {
    let cues = &paper.cues.pending;
    let sheet = &leaf.form.sheet;
    if exact && hit.distance > cues.most_edits || is_decoy(leaf, hit) {
        return None;
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
    {
        let grade = match tick.state {
            TickState::Ticked => placed,
            TickState::Empty => PendingDischarge::None,
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
        (false, _) => PendingDischarge::Weak,
    }
}

fn is_decoy(leaf: &Leaf<'_>, hit: &Hit<PageTag>) -> bool {
    leaf.tagged(PageTag::PendingDecoy).any(|decoy| {
        // Among the same words the closer reading wins: `pending discharge`
        // is two edits from nothing, a decoy must be about as clean.
        decoy.first <= hit.last
            && hit.first <= decoy.last
            && decoy.last - decoy.first >= hit.last - hit.first
    })
}

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

/// A denying word up to so many words before, in the same clause.
fn is_negated(paper: &Paper<'_>, sheet: &Sheet<'_>, first: usize) -> bool {
    let cues = &paper.cues.pending;
    let mut word = sheet.pieces[first].word;
    // `non-pending`, `not/pending` in one word.
    let prefix = sheet.words[word].text[..sheet.pieces[first].range.start].to_lowercase();
    if cues.negations.iter().any(|n| prefix.trim_end_matches(['-', '/']) == n) {
        return true;
    }
    for _ in 0..cues.negation_reach {
        let Some(before) = sheet.word_before(word) else { return false };
        let text = sheet.words[before].text.to_lowercase();
        if text.ends_with(['.', ';', ':', '!', '?', ',', ']', ')', '|']) {
            return false;
        }
        let bare = text.trim_matches(|c: char| !c.is_alphanumeric());
        // A worn `NOT` falls into two: `N( )T`.
        let broken = sheet.word_before(before).is_some_and(|first| {
            let both = format!("{}{text}", sheet.words[first].text.to_lowercase());
            let letters: String = both.chars().filter(|c| c.is_alphanumeric()).collect();
            cues.torn_negations.contains(&letters)
        });
        if broken || cues.negations.iter().any(|n| n == bare || n == &text) || bare.ends_with("n't")
        {
            return true;
        }
        word = before;
    }
    false
}

/// `(if yes, give facility)` stands between a question and its answer.
fn outside_parentheses(words: Vec<String>) -> Vec<String> {
    let mut kept = Vec::new();
    let mut inside = false;
    for word in words {
        let opens = word.starts_with(['(', '['])
            && kept.iter().all(|w: &String| !w.chars().any(char::is_alphanumeric));
        inside |= opens;
        if !inside {
            kept.push(word);
        } else if word.contains([')', ']']) {
            inside = false;
        }
    }
    kept
}

/// Words of a label that go on behind the phrase.
const WORDS_OF_A_LABEL: usize = 4;
/// Words behind the phrase among which a denial is looked for.
const WORDS_LOOKED_AT: usize = 14;
/// Words of the longest denial, such as "is not applicable".
const WORDS_OF_A_DENIAL: usize = 4;

/// `N/A` or `No` right after, ending its clause.
fn is_denied(paper: &Paper<'_>, sheet: &Sheet<'_>, last: usize) -> bool {
    let rest = outside_parentheses(words_after(sheet, last, WORDS_LOOKED_AT));
    let most = WORDS_OF_A_LABEL + WORDS_OF_A_DENIAL + 1;
    let rest: Vec<String> = rest.into_iter().take(most).collect();
    // `Pending discharge date: N/A`: the rest of the label goes before.
    let label = rest.iter().take(WORDS_OF_A_LABEL).position(|w| w.ends_with([':', '?']));
    let rest = &rest[label.map_or(0, |at| at + 1)..];
    let cleaned: Vec<&str> = rest
        .iter()
        .map(|w| w.trim_matches(|c: char| !c.is_alphanumeric() && c != '/'))
        .filter(|w| w.chars().any(char::is_alphanumeric))
        .map(|w| w.trim_start_matches('/'))
        .collect();
    let Some(first) = cleaned.first() else { return false };
    let denies = |text: &str| paper.cues.pending.denials.iter().any(|d| d == text);
    let longer = 2..=WORDS_OF_A_DENIAL.min(cleaned.len());
    if longer.into_iter().any(|words| denies(&cleaned[..words].join(" "))) {
        return true;
    }
    if !denies(first) {
        return false;
    }
    // "No" that goes on ("no equipment at home") is another sentence; "No /
    // Yes" is a choice.
    let place = rest.iter().position(|w| w.contains(first)).unwrap_or(0);
    let ended = rest[place].ends_with(['.', ',', ';', ')', ']']);
    cleaned.len() == 1 || ended || first.contains('/')
}

/// The rest of the cell, or else the next cell to the right; lower case.
fn words_after(sheet: &Sheet<'_>, last: usize, count: usize) -> Vec<String> {
    let piece = &sheet.pieces[last];
    let cell = sheet.cell_of(last);
    let rest = sheet.words[piece.word].text[piece.range.end..].to_lowercase();
    let same = (piece.word + 1..sheet.cells[cell].words.end).map(|w| sheet.words[w].text);
    let own: Vec<String> = std::iter::once(rest)
        .chain(same.map(str::to_lowercase))
        .filter(|w| !w.is_empty())
        .take(count)
        .collect();
    if own.iter().any(|word| word.chars().any(char::is_alphanumeric)) {
        return own;
    }
    let right = sheet.right_of(cell).first().into_iter();
    let right = right.flat_map(|&c| sheet.cells[c].words.clone());
    let right = right.map(|w| sheet.words[w].text.to_lowercase());
    own.into_iter().chain(right).take(count).collect()
}

/// `Pending Discharge? [x] Yes [ ] No`: the boxes of the choice after it.
fn choice_after(paper: &Paper<'_>, sheet: &Sheet<'_>, last: usize) -> Option<tick::Tick> {
    let cues = &paper.cues.pending;
    let row = sheet.cells[sheet.cell_of(last)].row;
    let cells = std::iter::once(sheet.cell_of(last))
        .chain(sheet.right_of(sheet.cell_of(last)).iter().copied())
        .take(3);
    let pieces: Vec<usize> = cells
        .flat_map(|c| sheet.cells[c].pieces.clone())
        .filter(|&p| {
            p > last
                || sheet.cells[sheet.cell_of(p)].row != row
                || sheet.cell_of(p) != sheet.cell_of(last)
        })
        .filter(|&p| !in_parentheses(sheet, last, p))
        .take(6)
        .collect();
    let find = |words: &[&str]| {
        pieces.iter().copied().find(|&p| words.contains(&sheet.pieces[p].folded.as_str()))
    };
    let (yes, no) = (find(&["yes"]), find(&["no"]));
    // Other words first: the choice is of another question.
    let nearest = yes.into_iter().chain(no).min()?;
    let before = pieces.iter().take_while(|&&p| p < nearest).count();
    if before > 2 {
        return None;
    }
    let tick =
        |piece: Option<usize>| piece.and_then(|p| tick::beside(&paper.cues.boxes, sheet, p, p));
    let (yes_tick, no_tick) = (tick(yes), tick(no));
    match (yes_tick, no_tick) {
        (Some(t), _) if t.state == TickState::Ticked => Some(t),
        (_, Some(mut t)) if t.state == TickState::Ticked => {
            t.state = TickState::Empty;
            Some(t)
        }
        (Some(t), _) => Some(t),
        (None, _) if yes.is_some() && no.is_none() => {
            let word = sheet.pieces[yes?].folded.as_str();
            let evidence = sheet.quote(last, last);
            cues.affirmations
                .iter()
                .any(|a| a == word)
                .then_some(tick::Tick { state: TickState::Ticked, evidence })
        }
        _ => None,
    }
}

/// Whether a piece stands between parentheses that open behind another.
fn in_parentheses(sheet: &Sheet<'_>, after: usize, piece: usize) -> bool {
    let (from, to) = (sheet.pieces[after].word, sheet.pieces[piece].word);
    if to < from {
        return false;
    }
    let mut open = false;
    for word in from..=to {
        let text = sheet.words[word].text;
        let text = if word == from { &text[sheet.pieces[after].range.end..] } else { text };
        open |= text.contains('(');
        if word == to {
            return open;
        }
        open &= !text.contains(')');
    }
    false
}

/// A discharge dated today or later, on the cover or form.
fn discharge_dates(paper: &Paper<'_>) -> Vec<Saying> {
    let triggers = &paper.cues.pending.strong_kinds;
    let leaves = paper.leaves.iter().filter(|l| triggers.contains(&l.kind));
    leaves
        .flat_map(|leaf| coming_discharges(paper, leaf))
        .map(|(_, evidence)| Saying { grade: PendingDischarge::Medium, evidence })
        .collect()
}

/// Dates of discharge on a page that are not past at receipt.
pub fn coming_discharges(paper: &Paper<'_>, leaf: &Leaf<'_>) -> Vec<(Date, Evidence)> {
    let form = &leaf.form;
    let labels = form.labelled(Label::DischargeDate).chain(form.labelled(Label::Discharged));
    let mut found = Vec::new();
    for field in labels {
        if leaf.hits.iter().any(|h| {
            h.tag == PageTag::PendingDecoy && h.first <= field.hit.last && field.hit.first <= h.last
        }) {
            continue;
        }
        for value in form.values(field) {
            let near = value
                .snippet
                .text
                .char_indices()
                .nth(24)
                .map_or(value.snippet.text.len(), |(i, _)| i);
            let day = dates(&value.snippet.text, paper.received_on, Pivot::Nearest)
                .into_iter()
                .find(|w| w.range.start <= near);
            let Some(day) = day else { continue };
            if day.date >= paper.received_on {
                let mut words = form.sheet.words_of(field.hit.first, field.hit.last);
                words.extend(value.snippet.words(day.range));
                found.push((day.date, form.sheet.evidence(&words)));
            }
            break;
        }
    }
    found
}

/// An empty box says nothing while the patient lies in hospital and leaves
/// today or later.
fn empty_box_but_inpatient(paper: &Paper<'_>, sayings: &[Saying]) -> Option<Saying> {
    let empty = sayings.iter().any(|s| {
        s.grade == PendingDischarge::None && s.evidence.text.expose().ends_with("not ticked")
    });
    let stay = paper.leaves.iter().any(|l| l.tagged(PageTag::Stay).next().is_some());
    if !empty || !stay {
        return None;
    }
    let (_, evidence) = paper.leaves.iter().flat_map(|l| coming_discharges(paper, l)).next()?;
    Some(Saying { grade: PendingDischarge::Medium, evidence })
}
