//! Names of persons and companies, as the contract writes them.

use std::collections::BTreeSet;
use std::ops::Range;

use super::cues::MemberCues;
use super::layout::Snippet;
use crate::vocab::Confidence;

/// A name in a snippet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// `Given Family`, or a company's name as written.
    pub text: String,
    /// Which bytes of the snippet.
    pub range: Range<usize>,
    /// Whether the degree of somebody who may order follows the name.
    pub prescriber: bool,
}

/// Words of a person's name at most: two given, a particle, two family.
const MOST_WORDS: usize = 5;
/// Words of a company's name at most.
const MOST_COMPANY_WORDS: usize = 8;

/// How far a name is believed for how well it was read. Names are in no
/// dictionary, so OCR doubts them more than it ought to; measured words of
/// confidence 0.5 were right in two of three cases.
pub fn read(confidence: Confidence) -> Confidence {
    Confidence::new(confidence.get().sqrt())
}

struct Token<'t> {
    text: &'t str,
    range: Range<usize>,
    comma: bool,
    opens: bool,
}

fn tokens(snippet: &Snippet) -> Vec<Token<'_>> {
    snippet
        .parts()
        .map(|(text, range, _)| {
            let noise = |c: char| !c.is_alphanumeric();
            let start = text.len() - text.trim_start_matches(noise).len();
            let inner = text[start..].trim_end_matches(noise);
            let from = range.start + start;
            Token {
                text: inner,
                range: from..from + inner.len(),
                comma: text[start + inner.len()..].contains(','),
                opens: text.starts_with('('),
            }
        })
        .collect()
}

/// A person's name at the head of a snippet, titles and degrees dropped.
pub fn person(cues: &MemberCues, snippet: &Snippet) -> Option<Name> {
    let mut parts: Vec<(String, Range<usize>, bool)> = Vec::new();
    let mut prescriber = false;
    let mut tokens = tokens(snippet).into_iter().peekable();
    while let Some(token) = tokens.next() {
        if token.text.is_empty() {
            if parts.is_empty() {
                continue;
            }
            break;
        }
        let lower = token.text.to_lowercase().replace('.', "");
        if cues.honorifics.contains(&lower) {
            if parts.len() >= 2 {
                // "Willow Court, Fairview, PA 19118" is where somebody lives.
                if tokens.peek().is_some_and(|next| is_zip(next.text)) {
                    return None;
                }
                prescriber = cues.prescriber.contains(&lower);
                break;
            }
            continue;
        }
        if !is_name_word(token.text) || cues.not_a_name.contains(&lower) {
            break;
        }
        parts.push((cased(token.text), token.range, token.comma));
        if parts.len() == MOST_WORDS {
            break;
        }
    }
    let range = parts.first()?.1.start..parts.last()?.1.end;
    let words: Vec<&str> = parts.iter().map(|(t, _, _)| t.as_str()).collect();
    if words.iter().any(|w| cues.company.contains(&w.to_lowercase())) {
        return None;
    }
    // "Function Plof", "Prior Level": headings, not people.
    if words.iter().all(|w| cues.vocabulary.contains(&w.to_lowercase())) {
        return None;
    }
    let long_enough = words.iter().filter(|w| w.chars().count() >= 2).count();
    if words.len() < 2 || long_enough < 2 {
        return None;
    }
    let comma = parts.iter().position(|(_, _, comma)| *comma);
    let text = match comma {
        // "Sample, Edith" is family first; a comma further on sets off a
        // degree.
        Some(at) if at + 1 < words.len() && at <= 1 => {
            format!("{} {}", words[at + 1..].join(" "), words[..=at].join(" "))
        }
        _ => words.join(" "),
    };
    Some(Name { text, range, prescriber })
}

/// Whether a word is a postal code, with or without its last four digits.
fn is_zip(text: &str) -> bool {
    let (area, rest) = text.split_once('-').unwrap_or((text, "0000"));
    let digits = |part: &str, count: usize| {
        part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    digits(area, 5) && digits(rest, 4)
}

/// One word of a name.
pub fn single(cues: &MemberCues, snippet: &Snippet) -> Option<Name> {
    let token = tokens(snippet).into_iter().find(|t| !t.text.is_empty())?;
    let lower = token.text.to_lowercase();
    let other = cues.not_a_name.contains(&lower) || cues.vocabulary.contains(&lower);
    (is_name_word(token.text) && !other).then(|| Name {
        text: cased(token.text),
        range: token.range,
        prescriber: false,
    })
}

/// A company's or clinic's name: words up to the first long number.
pub fn company(cues: &MemberCues, snippet: &Snippet) -> Option<Name> {
    let mut kept: Vec<Token<'_>> = Vec::new();
    for token in tokens(snippet) {
        if token.text.is_empty() && kept.is_empty() {
            continue;
        }
        let digits = token.text.chars().filter(char::is_ascii_digit).count();
        // "Lakeside HME (vendor": what the name is of.
        if token.opens && !kept.is_empty() {
            break;
        }
        // "Mercy Hospital, admitted 3/5": behind a comma a sentence goes on.
        let goes_on = kept.last().is_some_and(|last| last.comma)
            && token.text.starts_with(char::is_lowercase);
        // "Lakeside Home Medical, 42 Prospect Drive": a house number.
        let house = kept.last().is_some_and(|last| last.comma)
            && token.text.starts_with(|c: char| c.is_ascii_digit());
        if digits >= 3 || goes_on || house || kept.len() == MOST_COMPANY_WORDS {
            break;
        }
        kept.push(token);
    }
    // "Facility  Mercy Hospital": the label, run together with the name.
    while kept.len() > 2 && cues.leads_a_name.contains(&kept[0].text.to_lowercase()) {
        kept.remove(0);
    }
    // The rule of a table or a speck, read as a mark; the label of what follows:
    // "Lakeside Home Medical tel. (212) …".
    let ends = |t: &Token<'_>| cues.ends_a_name.contains(&t.text.to_lowercase());
    while kept.last().is_some_and(|t| t.text.is_empty() || kept.len() > 2 && ends(t)) {
        kept.pop();
    }
    let letters = kept.iter().flat_map(|t| t.text.chars()).filter(|c| c.is_alphabetic()).count();
    let first = kept.first()?;
    if letters < 4 || cues.not_a_name.contains(&first.text.to_lowercase()) && kept.len() == 1 {
        return None;
    }
    let range = first.range.start..kept.last()?.range.end;
    let text = snippet.text[range.clone()].trim().to_owned();
    Some(Name { text, range, prescriber: false })
}

/// A supplier's name somewhere in a snippet: words that begin with capitals,
/// cut at commas, with what leads up to the name left out.
pub fn supplier_in(cues: &MemberCues, snippet: &Snippet) -> Option<Name> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    let mut open: Option<Range<usize>> = None;
    for token in tokens(snippet) {
        let lower = token.text.to_lowercase();
        let joins = open.is_some() && matches!(lower.as_str(), "and" | "of" | "the" | "");
        let leads = cues.leads_a_name.contains(&lower) && !joins;
        let named = token.text.starts_with(char::is_uppercase) && !leads || joins;
        if !named {
            runs.extend(open.take());
            continue;
        }
        let start = open.as_ref().map_or(token.range.start, |run| run.start);
        open = Some(start..token.range.end);
        if token.comma {
            runs.extend(open.take());
        }
    }
    runs.extend(open);
    runs.into_iter().find_map(|range| {
        let text = snippet.text.get(range.clone())?.trim_end_matches([',', ' ', ':']).to_owned();
        // "Jane Roe of Lakeside Home Medical": who sends it, and for whom.
        let house = text.find(" of ").map(|at| at + " of ".len()).filter(|&at| {
            let part = |t: &str| Name { text: t.to_owned(), range: 0..0, prescriber: false };
            !is_company(cues, &part(&text[..at])) && is_supplier(cues, &part(&text[at..]))
        });
        let (range, text) = match house {
            Some(at) => (range.start + at..range.end, text[at..].to_owned()),
            None => (range, text),
        };
        let words = text.split_whitespace().count();
        let range = range.start..range.start + text.len();
        let name = Name { text, range, prescriber: false };
        ((2..=MOST_COMPANY_WORDS).contains(&words) && is_supplier(cues, &name)).then_some(name)
    })
}

/// A name without the number of the box that it stands in: `13 Lakeside HME`.
pub fn behind_number(name: Name) -> Name {
    let bare = name.text.trim_start_matches(|c: char| c.is_ascii_digit());
    let number = name.text.len() - bare.len();
    let rest = bare.trim_start_matches(['.', ')', ' ']);
    let cut = name.text.len() - rest.len();
    if number == 0 || number > 2 || cut == number || rest.is_empty() {
        return name;
    }
    Name { range: name.range.start + cut..name.range.end, text: rest.to_owned(), ..name }
}

/// Whether all words of a name are those of headings and labels, so that it is
/// one: `Home health services`, `Referred to`.
pub fn is_generic(cues: &MemberCues, name: &str) -> bool {
    words_of(name).all(|word| is_printed(cues, &word))
}

/// Whether a name that was badly read may be such a heading: `ADIDRESS, TELLPHON`.
pub fn is_worn_heading(cues: &MemberCues, name: &str) -> bool {
    let nearly = |word: &str| {
        let edits = match word.len() {
            // Of short words too many are nearly another.
            0..LONG_WORD => return false,
            LONG_WORD => 1,
            _ => 2,
        };
        cues.vocabulary.iter().any(|other| {
            word.len().abs_diff(other.len()) <= edits && strsim::levenshtein(word, other) <= edits
        })
    };
    words_of(name).all(|word| word.len() == 1 || is_printed(cues, &word) || nearly(&word))
}

fn words_of(name: &str) -> impl Iterator<Item = String> {
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase)
}

/// Whether a word is one of headings and labels, or the number of one.
fn is_printed(cues: &MemberCues, word: &str) -> bool {
    word.chars().all(|c| c.is_ascii_digit()) || cues.vocabulary.contains(word)
}

/// A word of so many letters that differs in one from another is that one misread.
const LONG_WORD: usize = 7;

/// Whether any word shows a company.
pub fn is_company(cues: &MemberCues, name: &Name) -> bool {
    name.text.split_whitespace().any(|w| {
        cues.company.contains(&w.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase())
    })
}

/// Whether its words show a hospital or nursing facility.
pub fn is_hospital(cues: &MemberCues, name: &Name) -> bool {
    holds(name, &cues.hospital)
}

/// Whether its words show a supplier of equipment, an agency or a laboratory.
pub fn is_supplier(cues: &MemberCues, name: &Name) -> bool {
    holds(name, &cues.supplier) && !is_hospital(cues, name) && !holds(name, &cues.payer)
}

/// Whether one of the phrases stands in a name.
fn holds(name: &Name, phrases: &BTreeSet<String>) -> bool {
    let plain = |c: char| if c.is_alphanumeric() { c } else { ' ' };
    let words: String = name.text.to_lowercase().chars().map(plain).collect();
    let padded = format!(" {} ", words.split_whitespace().collect::<Vec<_>>().join(" "));
    phrases.iter().any(|phrase| padded.contains(&format!(" {phrase} ")))
}

fn is_name_word(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let length = text.chars().count();
    letters >= 1
        && text.starts_with(char::is_alphabetic)
        && text.chars().all(|c| c.is_alphabetic() || matches!(c, '\'' | '’' | '-' | '.'))
        // A word in lower case is prose, save a particle (de, van).
        && (text.starts_with(char::is_uppercase) || length <= 3)
}

/// `SAMPLE` and `Sample` are one name; `McDonald` keeps its capitals.
fn cased(text: &str) -> String {
    let all_upper = text.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase);
    if !all_upper || text.chars().count() < 2 {
        return text.to_owned();
    }
    let mut start = true;
    text.chars()
        .map(|c| {
            let cased = if start { c } else { c.to_lowercase().next().unwrap_or(c) };
            start = matches!(c, '-' | '\'' | '’');
            cased
        })
        .collect()
}
