//! The patient: date of birth, member id; his name is sought in [`patient`].

use std::collections::BTreeSet;
use std::ops::Range;

use super::calendar::{Pivot, dates};
use super::cues::{IdShape, MemberCues};
use super::labels::{FieldHit, Label, Value};
use super::look_alikes;
use super::paper::{Leaf, Paper};
use super::patient;
use super::phones;
use super::sighting::{Sighting, after_repairs, checked};
use crate::vocab::Confidence;

/// What one page says about the patient.
#[derive(Clone, Debug, Default)]
pub struct Identity {
    /// Names, `Given Family`.
    pub names: Vec<Sighting>,
    /// Dates of birth, `YYYY-MM-DD`.
    pub births: Vec<Sighting>,
    /// Member ids.
    pub ids: Vec<Sighting>,
}

/// A calendar lets about every other misreading through.
const DATE_CHANCE: f32 = 0.5;
/// A shape of eight digits behind a fixed letter.
const ID_CHANCE: f32 = 0.4;
/// A labelled id of a shape that nobody described.
const OTHER_SHAPE: f32 = 0.80;
/// One that is a character from a shape that we know. Of two patients it still
/// tells that they are two.
const NEARLY_KNOWN: f32 = 0.60;
/// An id of a known shape without any label.
const UNLABELLED: f32 = 0.85;

/// Reads one page.
pub fn on_page(paper: &Paper<'_>, leaf: &Leaf<'_>) -> Identity {
    Identity {
        names: patient::names(paper, leaf),
        births: births(paper, leaf),
        ids: ids(paper, leaf),
    }
}

fn births(paper: &Paper<'_>, leaf: &Leaf<'_>) -> Vec<Sighting> {
    let mut seen = Vec::new();
    for field in leaf.form.labelled(Label::BirthDate) {
        for value in leaf.form.values(field) {
            let found = dates(&value.snippet.text, paper.received_on, Pivot::Past);
            let Some(day) = found.into_iter().find(|d| d.date < paper.received_on && d.has_year)
            else {
                continue;
            };
            let words = value.snippet.words(day.range.clone());
            let evidence = leaf.form.sheet.evidence(&words);
            let confidence = checked(evidence.confidence, DATE_CHANCE)
                .and(field.weight())
                .and(value.relation.weight());
            seen.push(Sighting {
                value: day.date.to_string(),
                raw: value.snippet.text[day.range].to_owned(),
                confidence: after_repairs(confidence, day.repairs),
                repaired: day.repairs > 0,
                evidence,
            });
            break;
        }
    }
    seen
}

fn ids(paper: &Paper<'_>, leaf: &Leaf<'_>) -> Vec<Sighting> {
    let cues = &paper.cues.member;
    let mut seen = Vec::new();
    for field in leaf.form.labelled(Label::MemberId) {
        for value in leaf.form.values(field) {
            if let Some(sighting) = labelled_id(cues, leaf, field, &value) {
                seen.push(sighting);
                break;
            }
        }
    }
    seen.extend(unlabelled_ids(cues, leaf));
    seen
}

fn labelled_id(
    cues: &MemberCues,
    leaf: &Leaf<'_>,
    field: &FieldHit,
    value: &Value,
) -> Option<Sighting> {
    let parts: Vec<_> = value.snippet.parts().collect();
    let known = (0..parts.len().min(4)).find_map(|at| {
        // Longest first, so that a suffix set apart is not left behind.
        (1..=4.min(parts.len() - at)).rev().find_map(|count| {
            let (first, last) = (&parts[at], &parts[at + count - 1]);
            let range = first.1.start..last.1.end;
            let compact = compact(&value.snippet.text[range.clone()]);
            let read = cues.id.iter().find_map(|shape| fit(shape, &compact, true))?;
            Some((range, read))
        })
    });
    let (range, read, weight) = match known {
        Some((range, read)) => {
            if let Some(longer) = with_wrapped_suffix(cues, leaf, value, &range, &read) {
                return Some(weighed_id(leaf, field, value, range, longer, 1.0));
            }
            (range, read, 1.0)
        }
        None => {
            let other = |text: &str| is_other(cues, text) && !is_telephone(text);
            let (_, range, _) = parts.iter().find(|(text, _, _)| other(text))?;
            let text = compact(&value.snippet.text[range.clone()]).to_ascii_uppercase();
            (range.clone(), Fit { value: text, repairs: 0 }, OTHER_SHAPE)
        }
    };
    Some(weighed_id(leaf, field, value, range, read, weight))
}

/// With the two digits of the person where they stand at the head of the next
/// line, or alone beneath in their cell.
fn with_wrapped_suffix(
    cues: &MemberCues,
    leaf: &Leaf<'_>,
    value: &Value,
    range: &Range<usize>,
    read: &Fit,
) -> Option<Fit> {
    let sheet = &leaf.form.sheet;
    let ends = !value.snippet.text[range.end..].contains(char::is_alphanumeric);
    let last = *value.snippet.words(range.clone()).last()?;
    let cell = sheet.words[last].cell;
    let closes = last + 1 == sheet.cells[cell].words.end;
    let alone = sheet.below(cell).next().filter(|&under| sheet.cells[under].words.len() == 1);
    let next = sheet.next_cell(cell).or(alone).filter(|_| ends && closes)?;
    let head = sheet.words[sheet.cells[next].words.start].text;
    let suffix = head.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let person = suffix.len() == 2 && suffix.bytes().all(|b| b.is_ascii_digit());
    let longer = person.then(|| format!("{}{suffix}", read.value))?;
    let fitted = cues.id.iter().find_map(|shape| fit(shape, &longer, true))?;
    Some(Fit { value: fitted.value, repairs: read.repairs })
}

/// An id with its evidence. "ID" alone labels many things; a company's block has
/// its own numbers.
fn weighed_id(
    leaf: &Leaf<'_>,
    field: &FieldHit,
    value: &Value,
    range: Range<usize>,
    read: Fit,
    weight: f32,
) -> Sighting {
    let words = value.snippet.words(range.clone());
    let evidence = leaf.form.sheet.evidence(&words);
    let confidence = checked(evidence.confidence, ID_CHANCE)
        .and(field.weight())
        .and(value.relation.weight())
        .and(Confidence::new(weight));
    Sighting {
        value: read.value,
        raw: value.snippet.text[range].to_owned(),
        confidence: after_repairs(confidence, read.repairs),
        repaired: read.repairs > 0,
        evidence,
    }
}

/// What pages say of one patient's id, put together: an id that some give without the
/// two digits of its person is the same with them, where all that have them agree
/// (`U47033376` and `U47033376 01`), and one a character from a shape that we know was
/// misread, as likely as not.
pub fn put_together(cues: &MemberCues, ids: Vec<Sighting>) -> Vec<Sighting> {
    let mut ids = with_their_person(ids);
    for id in &mut ids {
        let known = cues.id.iter().any(|shape| fit(shape, &id.value, false).is_some());
        if !known && cues.id.iter().any(|shape| is_nearly(shape, &id.value)) {
            id.confidence = id.confidence.and(Confidence::new(NEARLY_KNOWN));
        }
    }
    ids
}

fn with_their_person(mut ids: Vec<Sighting>) -> Vec<Sighting> {
    let listed = ids.iter().filter(|id| id.confidence.is_listed());
    let values: BTreeSet<String> = listed.map(|id| id.value.clone()).collect();
    for id in &mut ids {
        let with_person = |value: &&String| {
            let person = value.strip_prefix(id.value.as_str());
            person.is_some_and(|p| p.len() == 2 && p.bytes().all(|b| b.is_ascii_digit()))
        };
        let mut longer = values.iter().filter(with_person);
        if let (Some(one), None) = (longer.next(), longer.next()) {
            id.value.clone_from(one);
        }
    }
    ids
}

/// Letters and digits only.
fn compact(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric() || matches!(c, '|' | '!' | '$')).collect()
}

/// A number in the groups of a telephone's: `1-704-555-0132` on the line under
/// "Health plan" is no id.
fn is_telephone(text: &str) -> bool {
    let grouped = text.chars().filter(|c| matches!(c, '-' | '.' | '/' | '(' | ')')).count() >= 2;
    grouped && phones::phone(text).is_some()
}

/// A labelled id of a card that we do not know: long enough, mostly digits.
fn is_other(cues: &MemberCues, text: &str) -> bool {
    let compact = compact(text);
    let length = compact.chars().count();
    let digits = compact.chars().filter(char::is_ascii_digit).count();
    (cues.other_least..=cues.other_most).contains(&length)
        && digits >= cues.other_digits
        && compact.chars().all(|c| c.is_ascii_alphanumeric())
        && !text.contains(['/', '(', '@'])
        // 3-3-4 and 3-4 are telephone numbers, 3-2-4 a social security number.
        && !matches!(
            look_alikes::plain_hyphens(text)
                .trim_matches(|c: char| !c.is_alphanumeric())
                .split(['-', '.'])
                .map(str::len)
                .collect::<Vec<_>>()
                .as_slice(),
            [3, 3, 4] | [3, 2, 4] | [3, 4]
        )
}

/// A shape of an id fits; what it reads then.
struct Fit {
    value: String,
    repairs: usize,
}

/// Reads a text by a shape, or by the shape and its suffix. Look-alikes are
/// replaced only where the shape leaves one choice, and only with a label.
fn fit(shape: &IdShape, text: &str, labelled: bool) -> Option<Fit> {
    let length = text.chars().count();
    let whole = format!("{}{}", shape.shape, shape.suffix);
    let pattern = if length == shape.shape.chars().count() {
        &shape.shape
    } else if !shape.suffix.is_empty() && length == whole.chars().count() {
        &whole
    } else {
        return None;
    };
    let mut value = String::with_capacity(length);
    let mut repairs = 0;
    for (class, c) in pattern.chars().zip(text.chars()) {
        let upper = c.to_ascii_uppercase();
        let fixed = match class {
            'd' | 'z' => look_alikes::digit(c).filter(|d| class == 'd' || *d != '0')?,
            'a' => Some(upper).filter(|u| shape.letters.contains(*u))?,
            'n' if shape.letters.contains(upper) || c.is_ascii_digit() => upper,
            'n' => look_alikes::digit(c)?,
            literal if literal == upper => upper,
            literal => shape.misread.get(&c).copied().filter(|m| *m == literal)?,
        };
        if fixed != upper {
            repairs += 1;
        }
        value.push(fixed);
    }
    // More guessed than read: a word, not an id.
    (repairs <= if labelled { 3 } else { 0 }).then_some(Fit { value, repairs })
}

/// Whether an id is one of a shape with the digits of its person left off.
pub fn is_bare(cues: &MemberCues, id: &str) -> bool {
    cues.id.iter().any(|shape| {
        let bare = !shape.suffix.is_empty() && id.chars().count() == shape.shape.chars().count();
        bare && fit(shape, id, false).is_some()
    })
}

/// Whether a text is a character from a shape, with its suffix or without.
fn is_nearly(shape: &IdShape, text: &str) -> bool {
    let whole = format!("{}{}", shape.shape, shape.suffix);
    [shape.shape.as_str(), whole.as_str()].into_iter().any(|pattern| {
        let others = pattern.chars().zip(text.chars()).filter(|&(class, c)| match class {
            'd' => !c.is_ascii_digit(),
            'z' => !matches!(c, '1'..='9'),
            'a' => !shape.letters.contains(c),
            'n' => !shape.letters.contains(c) && !c.is_ascii_digit(),
            literal => literal != c,
        });
        let first = pattern.chars().next() != text.chars().next();
        let worn = text.starts_with(WORN_LETTERS) || !first;
        pattern.chars().count() == text.chars().count() && worn && others.count() == 1
    })
}

/// What a letter may look like that lost strokes; `W` is the letter of other plans.
const WORN_LETTERS: [char; 8] = ['L', 'J', 'I', 'D', 'C', 'H', 'N', 'Q'];

/// Ids whose shape alone tells them: on cards and covers they often stand
/// without a label.
fn unlabelled_ids(cues: &MemberCues, leaf: &Leaf<'_>) -> Vec<Sighting> {
    let sheet = &leaf.form.sheet;
    let mut seen = Vec::new();
    for (index, word) in sheet.words.iter().enumerate() {
        if word.text.len() < 9 || word.text.len() > 16 {
            continue;
        }
        let text = word.text.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        if text.contains(|c: char| !c.is_ascii_alphanumeric() && c != '-') {
            continue;
        }
        let Some(read) = cues.id.iter().find_map(|s| fit(s, &compact(text), false)) else {
            continue;
        };
        let mut words = vec![index];
        let mut value = read.value;
        // A suffix set apart by a blank.
        if let Some(next) = sheet.words.get(index + 1)
            && next.cell == word.cell
            && next.text.len() == 2
            && let Some(longer) =
                cues.id.iter().find_map(|s| fit(s, &format!("{value}{}", next.text), false))
        {
            value = longer.value;
            words.push(index + 1);
        }
        let evidence = sheet.evidence(&words);
        let confidence = checked(evidence.confidence, ID_CHANCE).and(Confidence::new(UNLABELLED));
        let raw = evidence.text.expose().clone();
        seen.push(Sighting { value, raw, confidence, repaired: false, evidence });
    }
    seen
}
