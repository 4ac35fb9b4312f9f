//! Diagnosis codes.

use std::sync::LazyLock;

use regex::Regex;

use super::findings::{Field, IcdFinding};
use super::labels::{FieldTag, Label};
use super::look_alikes;
use super::paper::{Leaf, Paper};
use super::sighting::{Sighting, after_repairs, checked, doubtful, merged};
use crate::vocab::{Confidence, HcpcsCode, Icd10Code, Note};

/// The grammar lets most misreadings through; the dot keeps out other things.
const CHANCE: f32 = 0.6;

static DOTTED: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, compiled in every test")]
    Regex::new(r"(?:^|[^A-Za-z0-9])([A-Za-z][0-9OIlSZ][0-9ABabOIlSZ])[.,]\s?([0-9A-Za-z]{1,4})(?:$|[^A-Za-z0-9.])")
        .unwrap()
});
static BARE: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, compiled in every test")]
    Regex::new(
        r"(?:^|[^A-Za-z0-9.\-])([A-Za-z][0-9OIl][0-9ABOIl][0-9A-Z]{0,4})(?:$|[^A-Za-z0-9.\-])",
    )
    .unwrap()
});
/// A code whose dot was lost, leaving a blank: only in parentheses or beside a
/// diagnosis label, where a count cannot stand.
static WORN: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, compiled in every test")]
    Regex::new(r"(?:^|[^A-Za-z0-9])([A-Z]\d[0-9AB])\s(\d[0-9A-Z]{0,3})(?:$|[^A-Za-z0-9.])").unwrap()
});
static OUTDATED: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, compiled in every test")]
    Regex::new(r"(?:^|[^A-Za-z0-9.])(?:V\d{2}\.\d{1,2}|\d{3}\.\d{1,2})(?:$|[^A-Za-z0-9.%])")
        .unwrap()
});

/// One entry per code, in order of first appearance. Dotted codes are
/// recognised anywhere; undotted ones only beside a diagnosis label.
pub fn find(paper: &Paper<'_>, notes: &mut Vec<Note>) -> Vec<IcdFinding> {
    let mut seen = Vec::new();
    for leaf in &paper.leaves {
        seen.extend(dotted(leaf));
        seen.extend(worn(leaf));
        seen.extend(labelled(paper, leaf, notes));
    }
    without_stumps(merged(seen))
        .into_iter()
        .filter_map(|field| {
            if !field.confidence.is_listed() {
                notes.push(doubtful("icd10", &field.evidence));
                return None;
            }
            Some(IcdFinding {
                code: Icd10Code::parse(field.value.expose()).ok()?,
                confidence: field.confidence,
                raw: field.raw,
                repaired: field.repaired,
                evidence: field.evidence,
            })
        })
        .collect()
}

/// Drops bare categories beside a longer code of theirs: `L89` is what is
/// left of `L89.154` where the rest was not read.
fn without_stumps(fields: Vec<Field>) -> Vec<Field> {
    let codes: Vec<String> = fields.iter().map(|f| f.value.expose().clone()).collect();
    let is_stump = |f: &Field| {
        let code = f.value.expose();
        !code.contains('.') && codes.iter().any(|c| c.starts_with(&format!("{code}.")))
    };
    fields.into_iter().filter(|f| !is_stump(f)).collect()
}

/// How far a blank is believed to have been a dot.
const WORN_DOT: f32 = 0.9;

fn worn(leaf: &Leaf<'_>) -> Vec<Sighting> {
    let sheet = &leaf.form.sheet;
    let mut seen = Vec::new();
    for cell in 0..sheet.cells.len() {
        let snippet = sheet.cell_snippet(cell);
        let mut from = 0;
        while let Some(c) = WORN.captures_at(&snippet.text, from) {
            let (Some(head), Some(tail)) = (c.get(1), c.get(2)) else { break };
            from = tail.end();
            let words = snippet.words(head.start()..tail.end());
            let enclosed = snippet.text[..head.start()].ends_with('(')
                && snippet.text[tail.end()..].starts_with(')');
            // One digit beside a code may number the next diagnosis, unless the
            // words of this one follow: "J18 9 Pneumonia".
            let mut behind = snippet.text[tail.end()..].trim_start().chars();
            let described = behind.next().is_some_and(char::is_uppercase)
                && behind.next().is_some_and(char::is_lowercase);
            let whole = tail.len() >= 2 || described;
            if !(enclosed || whole && stands_for_diagnosis(leaf, &words)) {
                continue;
            }
            let Some((code, repairs)) = code(head.as_str(), tail.as_str()) else { continue };
            let evidence = sheet.evidence(&words);
            let confidence = checked(evidence.confidence, CHANCE).and(Confidence::new(WORN_DOT));
            seen.push(Sighting {
                value: code.as_str().to_owned(),
                raw: snippet.text[head.start()..tail.end()].to_owned(),
                confidence: after_repairs(confidence, repairs),
                repaired: true,
                evidence,
            });
        }
    }
    seen
}

/// Whether the label before these words, or the header of their column, is
/// that of a diagnosis.
fn stands_for_diagnosis(leaf: &Leaf<'_>, words: &[usize]) -> bool {
    let Some(&word) = words.first() else { return false };
    let form = &leaf.form;
    let is = |f: &super::labels::FieldHit| f.hit.tag == FieldTag::Label(Label::Diagnosis);
    let piece = form.sheet.first_piece_of(word);
    piece.and_then(|p| form.label_before(p)).is_some_and(is)
        || form.column_header(form.sheet.words[word].bbox).is_some_and(is)
}

fn dotted(leaf: &Leaf<'_>) -> Vec<Sighting> {
    let sheet = &leaf.form.sheet;
    let mut seen = Vec::new();
    for cell in 0..sheet.cells.len() {
        let snippet = sheet.cell_snippet(cell);
        let mut from = 0;
        // Matches share their separators, so the search goes on inside.
        while let Some(c) = DOTTED.captures_at(&snippet.text, from) {
            let (Some(head), Some(tail)) = (c.get(1), c.get(2)) else { break };
            from = tail.end();
            let raw = &snippet.text[head.start()..tail.end()];
            let Some((code, repairs)) = code(head.as_str(), tail.as_str()) else { continue };
            // What follows a comma or a blank is a word of its own, unless it is
            // a number: "PO2, room air".
            let apart = tail.start() != head.end() + 1 || raw.contains(',');
            if apart && !tail.as_str().starts_with(|c: char| c.is_ascii_digit()) {
                continue;
            }
            // Lower case without digits behind it is a word with a comma.
            if head.as_str().chars().filter(char::is_ascii_digit).count() == 0 {
                continue;
            }
            let words = snippet.words(head.start()..tail.end());
            let evidence = sheet.evidence(&words);
            let near = words
                .first()
                .and_then(|w| sheet.first_piece_of(*w))
                .and_then(|p| leaf.form.label_before(p));
            let weight = match near.map(|f| f.hit.tag) {
                Some(FieldTag::Label(Label::Diagnosis)) => 1.0,
                Some(FieldTag::Label(_)) => 0.92,
                _ => 0.95,
            };
            let comma = usize::from(raw.contains(','));
            let confidence = checked(evidence.confidence, CHANCE).and(Confidence::new(weight));
            seen.push(Sighting {
                value: code.as_str().to_owned(),
                raw: raw.to_owned(),
                confidence: after_repairs(confidence, repairs),
                repaired: repairs + comma > 0,
                evidence,
            });
        }
    }
    seen
}

/// Letter, digit, digit or A or B: position 2 is always a digit.
fn code(head: &str, tail: &str) -> Option<(Icd10Code, usize)> {
    let mut chars = head.chars();
    let (first, second, third) = (chars.next()?, chars.next()?, chars.next()?);
    let second_fixed = look_alikes::digit(second)?;
    let third_fixed = match third.to_ascii_uppercase() {
        'A' | 'B' => third.to_ascii_uppercase(),
        _ => look_alikes::digit(third)?,
    };
    let mut repairs = usize::from(second != second_fixed)
        + usize::from(!third.eq_ignore_ascii_case(&third_fixed));
    // The first place behind the dot is a digit for all but a few chapters'
    // extensions, which use neither O nor I.
    let tail: String = tail
        .chars()
        .map(|c| match c {
            'O' | 'o' => {
                repairs += 1;
                '0'
            }
            'I' | 'l' => {
                repairs += 1;
                '1'
            }
            c => c.to_ascii_uppercase(),
        })
        .collect();
    let text = if tail.is_empty() {
        format!("{first}{second_fixed}{third_fixed}")
    } else {
        format!("{first}{second_fixed}{third_fixed}.{tail}")
    };
    Icd10Code::parse(&text).ok().map(|code| (code, repairs))
}

/// Codes without their dot, and categories, after a diagnosis label.
fn labelled(paper: &Paper<'_>, leaf: &Leaf<'_>, notes: &mut Vec<Note>) -> Vec<Sighting> {
    let mut seen = Vec::new();
    let mut outdated = false;
    for field in leaf.form.labelled(Label::Diagnosis) {
        for value in leaf.form.values(field) {
            let text = &value.snippet.text;
            outdated |= OUTDATED.is_match(text);
            let mut from = 0;
            while let Some(m) = BARE.captures_at(text, from).and_then(|c| c.get(1)) {
                from = m.end();
                let raw = m.as_str();
                if text[m.end()..].starts_with([',', '.'])
                    && text[m.end() + 1..].starts_with(|c: char| c.is_ascii_alphanumeric())
                {
                    continue;
                }
                // Its rest stands behind a blank where the dot was.
                if raw.len() == 3 && WORN.find(&text[m.start()..]).is_some_and(|w| w.start() == 0) {
                    continue;
                }
                // Where a code list says HCPCS the column decides, not this.
                let word = value.snippet.words(m.range());
                if is_procedure(paper, leaf, raw, &word) {
                    continue;
                }
                if raw.chars().filter(char::is_ascii_digit).count() < 2 && !raw.contains(['A', 'B'])
                {
                    continue;
                }
                let Some((code, repairs)) = code(&raw[..3], &raw[3..]) else { continue };
                let evidence = leaf.form.sheet.evidence(&word);
                let undotted = raw.len() > 3;
                let confidence = checked(evidence.confidence, CHANCE)
                    .and(field.weight())
                    .and(value.relation.weight())
                    .and(Confidence::new(if undotted { 0.97 } else { 0.95 }));
                seen.push(Sighting {
                    value: code.as_str().to_owned(),
                    raw: raw.to_owned(),
                    confidence: after_repairs(confidence, repairs),
                    repaired: undotted || repairs > 0,
                    evidence,
                });
            }
        }
    }
    if outdated {
        notes.push(Note::page(
            "icd10.outdated",
            leaf.number(),
            "a diagnosis is written in the older classification (ICD-9)",
        ));
    }
    seen
}

/// A code under a procedure column, or one that exists as a procedure code
/// and shares its line with a procedure label nearer than the diagnosis'.
fn is_procedure(paper: &Paper<'_>, leaf: &Leaf<'_>, raw: &str, words: &[usize]) -> bool {
    let Some(&word) = words.first() else { return false };
    let header = leaf.form.column_header(leaf.form.sheet.words[word].bbox);
    if header.is_some_and(|h| h.hit.tag == FieldTag::Label(Label::Hcpcs)) {
        return true;
    }
    let piece = leaf.form.sheet.first_piece_of(word);
    let near = piece.and_then(|p| leaf.form.label_before(p));
    if near.is_some_and(|f| f.hit.tag == FieldTag::Label(Label::Hcpcs)) {
        return true;
    }
    let code = HcpcsCode::parse(raw).ok();
    let facts = code.and_then(|c| paper.codes.get(&c).cloned());
    facts.is_some_and(|f| !f.icd_collision)
}
