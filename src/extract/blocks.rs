//! Whose block a field stands in: by its heading, or where that could not be
//! read, by who is named in it.
//!
//! Headings are the first thing a fax loses: white letters on a bar, small
//! capitals, a rule through them. The name in the block survives, and a form
//! names a person with a degree where somebody orders and a company where
//! somebody supplies.

use super::findings::{PageKind, Role};
use super::labels::{Bound, FieldHit, Label, Value};
use super::names;
use super::paper::{Leaf, Paper};
use crate::vocab::Confidence;

/// A name stands at most this many rows above the other fields of its block,
/// where the labels have rows of their own above the values.
const NAME_ROWS: usize = 6;
/// How far a name without a heading tells whose block it is.
const BY_NAME: f32 = 0.85;

/// Whose block a label (or its value) belongs to, by the best there is.
pub fn role_of(
    paper: &Paper<'_>,
    leaf: &Leaf<'_>,
    field: &FieldHit,
    value: &Value,
) -> Option<Bound> {
    leaf.form.role_of(field, value).or_else(|| by_name(paper, leaf, field))
}

/// By the name of the block, on a form that asks. On other pages a name alone
/// says less: a clinician writes notes, and a company is in many roles.
pub fn by_name(paper: &Paper<'_>, leaf: &Leaf<'_>, field: &FieldHit) -> Option<Bound> {
    if leaf.kind != PageKind::PrecertForm {
        return None;
    }
    let form = &leaf.form;
    let cues = &paper.cues.member;
    let row = form.sheet.cells[field.cell].row;
    let nearest = form
        .labelled(Label::Name)
        .filter(|name| {
            let top = form.sheet.cells[name.cell].row;
            top <= row && row - top <= NAME_ROWS && form.role_above(name.cell).is_none()
        })
        .max_by_key(|name| form.sheet.cells[name.cell].row)?;
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
