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

/// Whose block a label (or its value) belongs to, by the best there is.
pub fn role_of(
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

/// By the name of the block, on a form that asks. On other pages a name alone
/// says less: a clinician writes notes, and a company is in many roles.
pub fn by_name(paper: &Paper<'_>, leaf: &Leaf<'_>, field: &FieldHit) -> Option<Bound> {
    if leaf.kind != PageKind::PrecertForm {
        return None;
    }
    let form = &leaf.form;
    let cues = &paper.cues.member;
    let place = |f: &FieldHit| (form.sheet.cells[f.cell].row, form.sheet.cells[f.cell].bbox.x0());
    let (row, left) = place(field);
    // Of two blocks side by side, the one that this field is under.
    let (nearest, top, _) = form
        .labelled(Label::Name)
        .map(|name| (name, place(name).0, place(name).1))
        .filter(|(name, top, x0)| {
            let headed = form.role_above(name.cell).is_some_and(|b| !b.patient);
            *top <= row && row - top <= NAME_ROWS && *x0 <= left + ALIGNED && !headed
        })
        .max_by(|a, b| a.1.cmp(&b.1).then(a.2.total_cmp(&b.2)))?;
    let patient_since = form.fields.iter().any(|f| {
        let tag = f.hit.tag;
        let patient = tag == FieldTag::Patient
            || matches!(tag, FieldTag::Label(Label::PatientName | Label::MemberId));
        patient && f.starts_cell && (top + 1..=row).contains(&place(f).0)
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
