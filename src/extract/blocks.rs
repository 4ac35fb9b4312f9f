//! Whose block a field stands in: by its heading, or where that could not be
//! read, by who is named in it.
//!
//! Headings are the first thing a fax loses: white letters on a bar, small
//! capitals, a rule through them. The name in the block survives, and a form
//! names a person with a degree where somebody orders and a company where
//! somebody supplies.

use super::findings::{PageKind, Role};
use super::labels::{ALIGNED, Bound, FieldHit, FieldTag, Label, Value};
use super::names;
use super::paper::{Leaf, Paper};
use crate::vocab::Confidence;

/// A name stands at most this many rows above the other fields of its block,
/// where the labels have rows of their own above the values.
const NAME_ROWS: usize = 6;
/// How far a name without a heading tells whose block it is.
const BY_NAME: f32 = 0.85;
/// How far who orders tells who else a form speaks of.
const BY_ELIMINATION: f32 = 0.75;
/// Labels of one kind that a form with two providers has, at most.
const MOST_ALIKE: usize = 8;

/// Whose block a label (or its value) belongs to, by the best there is.
pub fn role_of(
    paper: &Paper<'_>,
    leaf: &Leaf<'_>,
    field: &FieldHit,
    value: &Value,
) -> Option<Bound> {
    let told = by_heading_or_name(paper, leaf, field, value);
    if told.is_none_or(|bound| bound.patient) {
        // Telephones under the patient's heading are the patient's.
        let number = told.is_none() || matches!(field.label(), Some(Label::Npi | Label::Tin));
        let named = || {
            let named = number.then(|| by_name_alone(paper, leaf, field, value));
            named.flatten().map(|(bound, _)| bound)
        };
        return by_elimination(paper, leaf, field).or_else(named).or(told);
    }
    // A block ends where the name of somebody in the other role begins another.
    if let Some(bound) = told
        && let Some((named, row)) = by_name_alone(paper, leaf, field, value)
        && matches!(
            (bound.role, named.role),
            (Role::Ordering, Role::Rendering) | (Role::Rendering, Role::Ordering)
        )
        && is_named_before(paper, leaf, bound.role, row)
    {
        return Some(named);
    }
    told
}

fn by_heading_or_name(
    paper: &Paper<'_>,
    leaf: &Leaf<'_>,
    field: &FieldHit,
    value: &Value,
) -> Option<Bound> {
    match leaf.form.role_of(field, value) {
        // The patient's block goes on until something ends it; a provider's
        // name does.
        Some(bound) if bound.patient => by_name(paper, leaf, field).or(Some(bound)),
        Some(bound) => Some(bound),
        None => by_name(paper, leaf, field),
    }
}

/// Who is left: of a label that a form has twice, once where it is plain who orders,
/// the second is of who supplies, if a company seems to be named there. Only where no
/// heading on the form speaks of him.
fn by_elimination(paper: &Paper<'_>, leaf: &Leaf<'_>, field: &FieldHit) -> Option<Bound> {
    let form = &leaf.form;
    // "Cornerstone DME Supply" is nearly a heading, and a name.
    let supplier = |f: &FieldHit| {
        f.hit.tag == FieldTag::Role(Role::Rendering) && (f.hit.distance == 0 || f.colon)
    };
    let of_a_block = matches!(
        field.label(),
        Some(Label::Name | Label::Npi | Label::Tin | Label::Phone | Label::Fax)
    );
    if leaf.kind != PageKind::PrecertForm || !of_a_block || form.fields.iter().any(supplier) {
        return None;
    }
    let place = |f: &FieldHit| (form.sheet.cells[f.cell].row, f.hit.first);
    let alike = |f: &&FieldHit| f.hit.tag == field.hit.tag && f.leads;
    let others = form.fields.iter().filter(alike).filter(|f| f.hit.first != field.hit.first);
    if others.clone().nth(MOST_ALIKE).is_some() {
        return None;
    }
    let mut ordering = false;
    for other in others {
        let value = form.values(other).into_iter().next()?;
        match by_heading_or_name(paper, leaf, other, &value) {
            Some(bound) if bound.patient => {}
            Some(Bound { role: Role::Facility | Role::Unknown, .. }) => {}
            Some(Bound { role: Role::Ordering, .. })
                if place(other) < place(field) && !ordering =>
            {
                ordering = true;
            }
            // Of three nobody is left.
            _ => return None,
        }
    }
    let name = name_of_block(leaf, field)?;
    let name = form.values(name).into_iter().next()?;
    let person = names::person(&paper.cues.member, &name.snippet);
    let company = names::company(&paper.cues.member, &name.snippet)?;
    let capitals = company.text.split_whitespace().all(|word| word.starts_with(char::is_uppercase));
    let named = capitals && !person.is_some_and(|person| person.prescriber);
    let weight = Confidence::new(BY_ELIMINATION);
    (ordering && named).then_some(Bound { role: Role::Rendering, weight, patient: false })
}

/// By a name that stands alone before a number or over it, a prescriber's with his
/// degree or a company's that supplies, on a form of which no heading speaks of
/// somebody in that role; and the row of the name.
fn by_name_alone(
    paper: &Paper<'_>,
    leaf: &Leaf<'_>,
    field: &FieldHit,
    value: &Value,
) -> Option<(Bound, usize)> {
    let of_a_block =
        matches!(field.label(), Some(Label::Npi | Label::Tin | Label::Phone | Label::Fax));
    if leaf.kind != PageKind::PrecertForm || !of_a_block || leaf.form.is_crowded() {
        return None;
    }
    let sheet = &leaf.form.sheet;
    let left = |cell: usize| sheet.cells[cell].bbox.x0();
    let own = sheet.cells[value.cell].row;
    // Of two blocks side by side, the one whose words are met first.
    let mut edge = 0.0_f32;
    let (role, row) = (own.saturating_sub(NAME_ROWS)..=own).rev().find_map(|row| {
        let end = sheet.cells[value.cell].bbox.x1();
        let before = |cell: &&usize| left(**cell) <= end;
        let mut cells = sheet.rows[row].iter().take(MOST_CELLS).filter(before).rev();
        cells.find_map(|&cell| {
            if left(cell) < edge || cell == value.cell {
                return None;
            }
            let role = named_in(paper, leaf, cell);
            if role.is_none() && is_plain_text(leaf, cell) {
                edge = edge.max(left(cell) - ALIGNED);
            }
            role.map(|role| (role, row))
        })
    })?;
    let headed = leaf
        .form
        .fields
        .iter()
        .any(|f| f.leads && f.hit.tag == FieldTag::Role(role) && f.hit.distance == 0);
    let weight = Confidence::new(BY_NAME_ALONE);
    (!headed).then_some((Bound { role, weight, patient: false }, row))
}

/// Whether a cell holds words that are neither a label nor an address.
fn is_plain_text(leaf: &Leaf<'_>, cell: usize) -> bool {
    let labelled = leaf.form.fields.iter().any(|f| f.cell == cell && f.label().is_some());
    let text = leaf.form.sheet.cell_snippet(cell).text;
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    !labelled && letters >= LETTERS_OF_A_NAME && !text.chars().any(|c| c.is_ascii_digit())
}

/// Whether somebody in a role is named in the rows over one, or before another in it.
fn is_named_before(paper: &Paper<'_>, leaf: &Leaf<'_>, role: Role, row: usize) -> bool {
    let rows = &leaf.form.sheet.rows[row.saturating_sub(NAME_ROWS)..=row];
    let cells = rows.iter().flat_map(|cells| cells.iter().take(MOST_CELLS));
    cells.into_iter().any(|&cell| named_in(paper, leaf, cell) == Some(role))
}

/// Who is named in a cell, behind a label that may be unreadable.
fn named_in(paper: &Paper<'_>, leaf: &Leaf<'_>, cell: usize) -> Option<Role> {
    let (sheet, cues) = (&leaf.form.sheet, &paper.cues.member);
    if sheet.cells[cell].words.len() > WORDS_OF_A_NAME {
        return None;
    }
    let all = sheet.cell_snippet(cell);
    let starts: Vec<usize> = all.parts().map(|(_, range, _)| range.start).collect();
    // What stands in brackets behind him may say that he only attends.
    let orders = |f: &FieldHit| f.cell == cell && f.hit.tag == FieldTag::Role(Role::Ordering);
    let other = all.text.contains('(') && !leaf.form.fields.iter().any(orders);
    let prescribes = !other
        && starts.into_iter().take(WORDS_BEFORE_A_NAME).any(|start| {
            let part = all.part(start..all.text.len());
            names::person(cues, &part).is_some_and(|name| name.prescriber)
        });
    let supplies = || names::supplier_in(cues, &all).is_some();
    match prescribes {
        true => Some(Role::Ordering),
        false => supplies().then_some(Role::Rendering),
    }
}

/// How far a name without a heading, and without a label of its own, tells whose
/// block it is.
const BY_NAME_ALONE: f32 = 0.85;
/// Words of a cell that holds a name, at most, and before the name in it.
const WORDS_OF_A_NAME: usize = 10;
const WORDS_BEFORE_A_NAME: usize = 4;
/// Letters of a name at least.
const LETTERS_OF_A_NAME: usize = 5;
/// Cells of a row of a form, at most.
const MOST_CELLS: usize = 16;

/// Of two blocks side by side, the name of the one that a field is under.
fn name_of_block<'f>(leaf: &'f Leaf<'_>, field: &FieldHit) -> Option<&'f FieldHit> {
    let form = &leaf.form;
    let place = |f: &FieldHit| (form.sheet.cells[f.cell].row, form.sheet.cells[f.cell].bbox.x0());
    let (row, left) = place(field);
    form.labelled(Label::Name)
        .filter(|name| {
            let (top, x0) = place(name);
            let headed = form.role_above(name.cell).is_some_and(|b| !b.patient);
            top <= row && row - top <= NAME_ROWS && x0 <= left + ALIGNED && !headed
        })
        .max_by(|a, b| {
            let (a, b) = (place(a), place(b));
            a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
        })
}

/// By the name of the block, on a form that asks. On other pages a name alone
/// says less: a clinician writes notes, and a company is in many roles.
pub fn by_name(paper: &Paper<'_>, leaf: &Leaf<'_>, field: &FieldHit) -> Option<Bound> {
    if leaf.kind != PageKind::PrecertForm {
        return None;
    }
    let form = &leaf.form;
    let cues = &paper.cues.member;
    let row_of = |f: &FieldHit| form.sheet.cells[f.cell].row;
    let nearest = name_of_block(leaf, field)?;
    let (top, row) = (row_of(nearest), row_of(field));
    let patient_since = form.fields.iter().any(|f| {
        let tag = f.hit.tag;
        let patient = tag == FieldTag::Patient
            || matches!(tag, FieldTag::Label(Label::PatientName | Label::MemberId));
        patient && f.starts_cell && (top + 1..=row).contains(&row_of(f))
    });
    if patient_since {
        return None;
    }
    let value = form.values(nearest).into_iter().next()?;
    let person = names::person(cues, &value.snippet);
    let role = match (person, names::company(cues, &value.snippet)) {
        (Some(person), _) if person.prescriber => Role::Ordering,
        (None, Some(company)) if names::is_hospital(cues, &company) => Role::Facility,
        (None, Some(company)) if names::is_company(cues, &company) => Role::Rendering,
        _ => return None,
    };
    Some(Bound { role, weight: Confidence::new(BY_NAME), patient: false })
}
