//! The patient's name: under its label, beside a date of birth, in what a cover
//! says it is about.

use super::cues::MemberCues;
use super::findings::PageKind;
use super::labels::{FieldHit, FieldTag, Label};
use super::layout::Snippet;
use super::names;
use super::paper::{Leaf, Paper};
use super::sighting::Sighting;
use super::values::MARGIN;
use crate::vocab::Confidence;

/// All places of a page that name the patient.
pub fn names(paper: &Paper<'_>, leaf: &Leaf<'_>) -> Vec<Sighting> {
    let form = &leaf.form;
    let cues = &paper.cues.member;
    let mut seen = Vec::new();
    for field in form.labelled(Label::PatientName) {
        seen.extend(first_name(cues, leaf, field, 1.0));
    }
    for field in form.labelled(Label::Name) {
        let Some(value) = form.values(field).into_iter().next() else { continue };
        let bound = form.role_of(field, &value);
        // Who signs `Jane Roe, MD` is nobody's patient on this page.
        let signs = names::person(cues, &value.snippet).is_some_and(|n| n.prescriber);
        if signs {
            continue;
        }
        if bound.is_some_and(|b| b.patient) {
            seen.extend(first_name(cues, leaf, field, 0.92));
        } else if bound.is_none() && beside_birth_date(leaf, field) {
            seen.extend(first_name(cues, leaf, field, 0.90));
        }
    }
    // `Patient: Edith Sample`; `RE: Edith Sample` on a cover.
    for field in &form.fields {
        let weight = match field.hit.tag {
            FieldTag::Patient if field.colon || field.enclosed => 0.92,
            // `Patient   Sample, Edith` over or beside a date of birth.
            FieldTag::Patient if field.starts_cell && near_birth_date(leaf, field) => 0.85,
            FieldTag::Label(Label::Re)
                if leaf.kind == PageKind::FaxCover
                    && (field.colon
                        || field.starts_cell
                            && (field.ends_cell || near_birth_date(leaf, field))) =>
            {
                0.75
            }
            _ => continue,
        };
        seen.extend(first_name(cues, leaf, field, weight));
    }
    seen.extend(last_first(cues, leaf));
    seen.extend(joined_names(cues, leaf));
    if matches!(leaf.kind, PageKind::FaxCover | PageKind::Letter) {
        seen.extend(subjects(cues, leaf));
        seen.extend(alone_behind_patient(cues, leaf));
        seen.extend(born(cues, leaf));
    }
    seen
}

/// What a cover is about, where the name does not come first: `RE: Precert
/// request - Edith Sample`.
fn subjects(cues: &MemberCues, leaf: &Leaf<'_>) -> Vec<Sighting> {
    let subjects = leaf.form.labelled(Label::Re).filter(|f| f.colon || f.starts_cell);
    let named = subjects.filter_map(|field| {
        // All of its line: labels stand inside a subject, too.
        let line = leaf.form.sheet.tail(field.cell, Some(field.hit.last), None);
        let starts: Vec<usize> = line.parts().map(|(_, range, _)| range.start).collect();
        let later = starts.into_iter().skip(1).take(WORDS_OF_A_SUBJECT);
        let (part, name) =
            later.map(|start| line.part(start..line.text.len())).find_map(|part| {
                let name = names::person(cues, &part).filter(|n| is_patient(cues, n))?;
                Some((part, name))
            })?;
        Some(sighting(leaf, &part, name, field.weight().and(Confidence::new(SUBJECT))))
    });
    named.collect()
}

/// Words of a subject before the name it is about, at most.
const WORDS_OF_A_SUBJECT: usize = 5;
/// How far a name in the middle of a subject is the patient's.
const SUBJECT: f32 = 0.76;

/// `Patient Edith Sample` and nothing else in its cell.
fn alone_behind_patient(cues: &MemberCues, leaf: &Leaf<'_>) -> Vec<Sighting> {
    let patients = leaf.form.fields.iter().filter(|f| f.hit.tag == FieldTag::Patient);
    let named = patients.filter(|f| f.starts_cell && !f.colon).filter_map(|field| {
        let value = leaf.form.values(field).into_iter().next()?;
        let name = names::person(cues, &value.snippet).filter(|n| is_patient(cues, n))?;
        let rest = value.snippet.text[name.range.end..].trim();
        let weight = field.weight().and(value.relation.weight()).and(Confidence::new(ALONE));
        rest.is_empty().then(|| sighting(leaf, &value.snippet, name, weight))
    });
    named.collect()
}

/// How far a name that stands alone behind "Patient" is his.
const ALONE: f32 = 0.85;

/// `our patient Edith Sample, born 3/1/1958`: the words right before a date of
/// birth, in one cell with it.
fn born(cues: &MemberCues, leaf: &Leaf<'_>) -> Vec<Sighting> {
    let sheet = &leaf.form.sheet;
    let births = leaf.form.labelled(Label::BirthDate).filter(|f| !f.starts_cell);
    let named = births.filter_map(|field| {
        let before = sheet.tail(field.cell, None, Some(field.hit.first));
        let starts: Vec<usize> = before.parts().map(|(_, range, _)| range.start).collect();
        // The longest run of words that ends here and is a name, all of it.
        let longest = starts.len().saturating_sub(WORDS_OF_A_NAME);
        starts[longest..].iter().find_map(|&start| {
            let part = before.part(start..before.text.len());
            let name = names::person(cues, &part).filter(|n| is_patient(cues, n))?;
            let ends = !part.text[name.range.end..].contains(char::is_alphanumeric);
            ends.then(|| sighting(leaf, &part, name, Confidence::new(BORN)))
        })
    });
    named.collect()
}

/// Words of a name before a date of birth, at most.
const WORDS_OF_A_NAME: usize = 4;
/// How far the words before a date of birth are the name of who was born then.
const BORN: f32 = 0.9;

/// Whether a name is one of a person who signs nothing, with no word in it that
/// papers print.
fn is_patient(cues: &MemberCues, name: &names::Name) -> bool {
    let printed = |word: &str| cues.vocabulary.contains(&word.to_lowercase());
    !name.prescriber && !name.text.split_whitespace().any(printed)
}

fn sighting(leaf: &Leaf<'_>, snippet: &Snippet, name: names::Name, weight: Confidence) -> Sighting {
    let evidence = leaf.form.sheet.evidence(&snippet.words(name.range.clone()));
    Sighting {
        value: name.text,
        raw: snippet.text[name.range].to_owned(),
        confidence: names::read(evidence.confidence).and(weight),
        repaired: false,
        evidence,
    }
}

/// `Enrollee (last, first): Sample, Edith`: the two labels are one, and say in
/// which order the name stands.
fn last_first(cues: &MemberCues, leaf: &Leaf<'_>) -> Vec<Sighting> {
    let form = &leaf.form;
    let firsts = form.labelled(Label::GivenName);
    firsts
        .filter(|first| follows_family_name(leaf, first))
        .filter_map(|first| {
            let mut name = first_name(cues, leaf, first, 0.97)?;
            let words: Vec<&str> = name.value.split_whitespace().collect();
            if let ([family, given], false) = (words.as_slice(), name.raw.contains(',')) {
                name.value = format!("{given} {family}");
            }
            Some(name)
        })
        .collect()
}

/// Whether a label for the given name goes on from one for the family's.
fn follows_family_name(leaf: &Leaf<'_>, given: &FieldHit) -> bool {
    leaf.form.labelled(Label::FamilyName).any(|family| {
        family.cell == given.cell && family.hit.last + 1 == given.hit.first && !family.colon
    })
}

/// Whether a date of birth is asked for on the same row: only patients have
/// one, and the heading of their block may be lost.
fn beside_birth_date(leaf: &Leaf<'_>, field: &FieldHit) -> bool {
    let form = &leaf.form;
    let row = form.sheet.cells[field.cell].row;
    form.labelled(Label::BirthDate).any(|f| form.sheet.cells[f.cell].row == row)
}

/// As [`beside_birth_date`], or in the row below, or a few below in its column.
fn near_birth_date(leaf: &Leaf<'_>, field: &FieldHit) -> bool {
    let form = &leaf.form;
    let own = &form.sheet.cells[field.cell];
    form.labelled(Label::BirthDate).any(|f| {
        let birth = &form.sheet.cells[f.cell];
        let below = birth.row.checked_sub(own.row);
        let one_margin = (birth.bbox.x0() - own.bbox.x0()).abs() <= MARGIN;
        below.is_some_and(|rows| rows <= if one_margin { ROWS_OF_A_BLOCK } else { 1 })
    })
}

/// Rows of a patient's block from his name to his date of birth, at most.
const ROWS_OF_A_BLOCK: usize = 3;

fn first_name(
    cues: &MemberCues,
    leaf: &Leaf<'_>,
    field: &FieldHit,
    weight: f32,
) -> Option<Sighting> {
    leaf.form.values(field).into_iter().find_map(|value| {
        let name = names::person(cues, &value.snippet)?;
        let weight = field.weight().and(value.relation.weight()).and(Confidence::new(weight));
        Some(sighting(leaf, &value.snippet, name, weight))
    })
}

/// `First name: Edith   Last name: Sample`, when the block is the patient's
/// or nobody's.
fn joined_names(cues: &MemberCues, leaf: &Leaf<'_>) -> Vec<Sighting> {
    let form = &leaf.form;
    let owned_by_provider = |field: &FieldHit| {
        let value = form.values(field).into_iter().next();
        value
            .and_then(|v| form.role_of(field, &v))
            .is_some_and(|b| !b.patient && b.role != super::findings::Role::Unknown)
    };
    let families = form.labelled(Label::FamilyName).filter(|f| !owned_by_provider(f));
    families
        .filter_map(|family| {
            let row = form.sheet.cells[family.cell].row;
            let given = form
                .labelled(Label::GivenName)
                .filter(|g| !follows_family_name(leaf, g))
                .filter(|g| form.sheet.cells[g.cell].row.abs_diff(row) <= 2)
                .min_by_key(|g| form.sheet.cells[g.cell].row.abs_diff(row))?;
            let word = |field: &FieldHit| {
                form.values(field).into_iter().find_map(|v| {
                    let name = names::single(cues, &v.snippet)?;
                    let words = v.snippet.words(name.range.clone());
                    Some((name.text, words))
                })
            };
            let ((given_text, given_words), (family_text, family_words)) =
                (word(given)?, word(family)?);
            let words: Vec<usize> = given_words.into_iter().chain(family_words).collect();
            let evidence = form.sheet.evidence(&words);
            Some(Sighting {
                value: format!("{given_text} {family_text}"),
                raw: format!("{given_text} {family_text}"),
                confidence: names::read(evidence.confidence)
                    .and(given.weight())
                    .and(family.weight()),
                repaired: false,
                evidence,
            })
        })
        .collect()
}
