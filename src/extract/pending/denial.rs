//! Words that deny a phrase.

use super::super::cues::Pending;
use super::super::layout::Sheet;
use super::super::paper::Paper;
use super::super::tick;

/// A denying word up to so many words before, in the same clause.
pub fn is_negated(paper: &Paper<'_>, sheet: &Sheet<'_>, first: usize) -> bool {
    let cues = &paper.cues.pending;
    let mut word = sheet.pieces[first].word;
    // `non-pending`, `not/pending` in one word.
    let prefix = sheet.words[word].text[..sheet.pieces[first].range.start].to_lowercase();
    if cues.negations.iter().any(|n| prefix.trim_end_matches(['-', '/', '.', ',']) == n) {
        return true;
    }
    let mut near = true;
    let mut left = cues.negation_reach;
    for _ in 0..MOST_WORDS_BEFORE {
        let Some(before) = sheet.word_before(word).filter(|_| left > 0) else { return false };
        let text = sheet.words[before].text.to_lowercase();
        // "Do not delay - pending discharge" denies nothing.
        if is_dash(&text) || text.ends_with(['.', ';', ':', '!', '?', ',', ']', ')', '|']) {
            return false;
        }
        let bare = text.trim_matches(|c: char| !c.is_alphanumeric());
        // A worn `NOT` falls into two: `N( )T`.
        let broken = sheet.word_before(before).is_some_and(|first| {
            let both = format!("{}{text}", sheet.words[first].text.to_lowercase());
            let letters: String = both.chars().filter(|c| c.is_alphanumeric()).collect();
            cues.torn_negations.contains(&letters)
        });
        if near && (cues.near_negations.contains(bare) || cues.near_negations.contains(&text)) {
            return true;
        }
        near &= cues.near_fillers.contains(bare);
        if broken || cues.negations.iter().any(|n| n == bare || n == &text) || bare.ends_with("n't")
        {
            return true;
        }
        // "Don't log this as a": words of what is not to be done count for nothing.
        left -= usize::from(!cues.negation_fillers.contains(bare));
        word = before;
    }
    false
}

/// Words before the phrase among which one that denies it is looked for.
const MOST_WORDS_BEFORE: usize = 8;

fn is_dash(word: &str) -> bool {
    matches!(word, "-" | "–" | "—")
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
/// Words of the longest denial, such as "it was put on in error".
pub const WORDS_OF_A_DENIAL: usize = 6;

/// Words of a field that sentences use too: they count only where a denial is all
/// that follows them.
const OF_A_QUESTION: [&str; 8] =
    ["name", "of", "give", "unit", "bed", "and", "contact", "hospital"];

/// A denial of so many letters may be worn in one of them.
const LONG_DENIAL: usize = 10;
const EDITS_OF_A_DENIAL: usize = 1;

/// `N/A` or `No` right after, ending its clause.
pub fn is_denied(paper: &Paper<'_>, sheet: &Sheet<'_>, last: usize) -> bool {
    let cues = &paper.cues.pending;
    let all = words_after(sheet, last, WORDS_LOOKED_AT);
    let goes_on = all.first().is_some_and(|word| word == ",");
    let places = cues.denials_of_place.iter().filter(|_| !goes_on);
    let all_denials: Vec<&String> = cues.denials.iter().chain(places).collect();
    // "Not apolicable" is one; of few letters each counts.
    let denies = |text: &str| {
        all_denials.iter().any(|denial| {
            *denial == text
                || denial.len() >= LONG_DENIAL
                    && denial.len().abs_diff(text.len()) <= EDITS_OF_A_DENIAL
                    && strsim::levenshtein(denial, text) <= EDITS_OF_A_DENIAL
        })
    };
    let enclosed = all.iter().find(|word| word.chars().any(char::is_alphanumeric));
    let bare = |word: &String| word.trim_matches(['[', ']', '(', ')', '.', ',', ':']).to_owned();
    if enclosed.is_some_and(|word| word.ends_with([']', ')']) && denies(&bare(word))) {
        return true;
    }
    let rest = outside_parentheses(all);
    let most = WORDS_OF_A_LABEL + WORDS_OF_A_DENIAL + 1;
    let rest: Vec<String> = rest.into_iter().take(most).collect();
    // `Pending discharge date: N/A`: the rest of the label goes before.
    let ends_label = |w: &String| w.ends_with([':', ';', '?']) || w == "=" || is_dash(w);
    // Behind a full stop another field begins: "Prior DME: N/A".
    let words = rest.iter().take(WORDS_OF_A_LABEL).take_while(|w| !w.ends_with('.'));
    let mut labels = words.enumerate().filter(|(_, word)| ends_label(word)).map(|(at, _)| at);
    let of_a_field = |w: &&String| {
        let read = bare(w);
        let near = |word: &String| read.len() >= 4 && strsim::levenshtein(word, &read) <= 1;
        cues.of_a_field.contains(&read) || cues.of_a_field.iter().any(near)
    };
    // "Pending discharge and no longer acute" is no label that goes on.
    let of_a_label = |w: &&String| of_a_field(w) && !OF_A_QUESTION.contains(&bare(w).as_str());
    let field = rest.iter().take_while(of_a_label).count();
    denies_at_once(cues, &rest, &denies)
        || field > 0 && denies_at_once(cues, &rest[field..], &denies)
        || labels.any(|at| denies_at_once(cues, &rest[at + 1..], &denies))
        || is_blank_answer(&rest, &of_a_field, &denies)
}

/// `If pending discharge, name of facility N/A`: words of a field behind the phrase,
/// and a denial that is all the rest of its line.
fn is_blank_answer(
    rest: &[String],
    of_a_field: &impl Fn(&&String) -> bool,
    denies: &impl Fn(&str) -> bool,
) -> bool {
    let worded = |word: &&String| word.chars().any(char::is_alphanumeric);
    let words: Vec<&String> = rest.iter().filter(worded).collect();
    let field = words.iter().take_while(|word| of_a_field(word)).count();
    let answer: Vec<&str> =
        words[field..].iter().map(|w| w.trim_matches(['.', ',', ';', ':'])).collect();
    field > 0 && denies(&answer.join(" "))
}

/// Whether a text begins with a denial that is all of its clause.
fn denies_at_once(cues: &Pending, rest: &[String], denies: &impl Fn(&str) -> bool) -> bool {
    let cleaned: Vec<&str> = rest
        .iter()
        .map(|w| w.trim_matches(|c: char| !c.is_alphanumeric() && c != '/'))
        .filter(|w| w.chars().any(char::is_alphanumeric))
        .map(|w| w.trim_start_matches('/'))
        .collect();
    let Some(first) = cleaned.first() else { return false };
    let mut longer = 2..=WORDS_OF_A_DENIAL.min(cleaned.len());
    if longer.any(|words| denies(&cleaned[..words].join(" "))) {
        return true;
    }
    if !denies(first) {
        return false;
    }
    // "No" that goes on ("no equipment at home") is another sentence; "No /
    // Yes" is a choice.
    let place = rest.iter().position(|w| w.contains(first)).unwrap_or(0);
    // "No. of pages" is a label.
    let number =
        rest[place].ends_with("o.") && cleaned.get(1).is_some_and(|next| *next == cues.number_of);
    if number {
        return false;
    }
    let ended = rest[place].ends_with(['.', ',', ';', ')', ']', '_'])
        || rest.get(place + 1).is_some_and(|next| {
            (is_dash(next) || next.starts_with('(') || next == "/")
                && !cleaned.iter().any(|word| cues.affirmations.iter().any(|yes| yes == word))
        });
    cleaned.iter().all(|word| denies(word)) || ended || first.contains('/')
}

/// The rest of the cell, or else the next cell to the right; lower case.
fn words_after(sheet: &Sheet<'_>, last: usize, count: usize) -> Vec<String> {
    let piece = &sheet.pieces[last];
    let cell = sheet.cell_of(last);
    let rest = sheet.words[piece.word].text[piece.range.end..].to_lowercase();
    // What stands beside an empty box of its own is another choice.
    let not_chosen = |word: usize| {
        let first = sheet.first_piece_of(word);
        first.is_some_and(|first| tick::marks_near(sheet, first, first) == Some(false))
    };
    let same = (piece.word + 1..sheet.cells[cell].words.end).take_while(|&w| !not_chosen(w));
    let same = same.map(|w| sheet.words[w].text);
    // "Y/N:N" is a label and its answer.
    let apart = |word: String| -> Vec<String> {
        match word.split_once(':') {
            Some((label, answer)) if !label.is_empty() && !answer.is_empty() => {
                vec![format!("{label}:"), answer.to_owned()]
            }
            _ => vec![word],
        }
    };
    let own: Vec<String> = std::iter::once(rest)
        .chain(same.map(str::to_lowercase))
        .flat_map(apart)
        .filter(|w| !w.is_empty())
        .take(count)
        .collect();
    // `Pending discharge (inpatients only)` and its answer beside it.
    let said = outside_parentheses(own.clone());
    if said.iter().any(|word| word.chars().any(char::is_alphanumeric)) {
        return own;
    }
    let right = sheet.right_of(cell).first().into_iter();
    let right = right.flat_map(|&c| sheet.cells[c].words.clone()).take_while(|&w| !not_chosen(w));
    let right = right.map(|w| sheet.words[w].text.to_lowercase());
    own.into_iter().chain(right).take(count).collect()
}
