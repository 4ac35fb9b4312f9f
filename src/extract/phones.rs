//! Telephone numbers: how they are written, which of several belongs to a
//! label, and what is one although another label is near.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::labels::{FieldHit, FieldTag, Label, Value};
use super::layout::Relation;
use super::look_alikes;
use super::paper::{Leaf, Paper};
use crate::vocab::BBox;

static PHONE: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, compiled in every test")]
    Regex::new(
        r"(?:^|[^0-9A-Za-z])((?:\+?[1Il][ .\-]{0,2})?[(\[{]?\s?([2-9][0-9OoIlSBZ|]{2})\s?[)\]}]?\s?[ .\-–/]{0,2}([2-9SBZ][0-9OoIlSBZ|]{2})\s?[ .\-–]{0,2}([0-9OoIlSBZ|]{4}))(?:$|[^0-9A-Za-z])",
    )
    .unwrap()
});

/// The same, its groups torn by the blanks of a line that was spread to fill its
/// cell: `612.55 5.0180`, `1 612 55 5 0142`. Between the groups something stands.
static TORN: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, compiled in every test")]
    Regex::new(
        r"(?:^|[^0-9A-Za-z])((?:\+?1[ .\-]{1,2})?\(?([2-9] ?[0-9] ?[0-9])(?:\) ?|[ .\-–/]{1,2})([2-9] ?[0-9] ?[0-9]) ?[ .\-–] ?([0-9] ?[0-9] ?[0-9] ?[0-9]))(?:$|[^0-9A-Za-z])",
    )
    .unwrap()
});

/// A telephone number in a text, as E.164 with the number of repairs.
pub fn phone(text: &str) -> Option<(String, Range<usize>, usize)> {
    phone_from(text, 0)
}

/// All telephone numbers in a text.
pub fn all_phones(text: &str) -> Vec<(String, Range<usize>, usize)> {
    let mut from = 0;
    std::iter::from_fn(|| {
        let found = phone_from(text, from)?;
        from = found.1.end;
        Some(found)
    })
    .collect()
}

fn phone_from(text: &str, from: usize) -> Option<(String, Range<usize>, usize)> {
    let c = PHONE.captures_at(text, from).or_else(|| TORN.captures_at(text, from))?;
    let groups: String = (2..=4).filter_map(|g| c.get(g)).map(|m| m.as_str()).collect();
    let digits = look_alikes::digits(&groups.replace(' ', ""), 7)?;
    let range = c.get(1)?.range();
    let (area, exchange) = (digits.text.chars().next()?, digits.text.chars().nth(3)?);
    (area >= '2' && exchange >= '2').then(|| (format!("+1{}", digits.text), range, digits.count))
}

/// The values of a label, and which of two numbers is its own where another
/// stands right beside it: `Phone / fax (212) 555-0105 / (212) 555-0106`.
pub fn numbers_of(leaf: &Leaf<'_>, field: &FieldHit) -> (Vec<Value>, Option<usize>) {
    let form = &leaf.form;
    let joint = |a: &FieldHit, b: &FieldHit| {
        let (a_is, b_is) = (a.hit.tag, b.hit.tag);
        a.cell == b.cell
            && b.hit.first == a.hit.last + 1
            && !a.colon
            && matches!(
                (a_is, b_is),
                (FieldTag::Label(Label::Phone), FieldTag::Label(Label::Fax))
                    | (FieldTag::Label(Label::Fax), FieldTag::Label(Label::Phone))
            )
    };
    if let Some(second) = form.fields.iter().find(|other| joint(field, other)) {
        return (form.values(second), Some(0));
    }
    let place = form.fields.iter().any(|other| joint(other, field)).then_some(1);
    (form.values(field), place)
}

/// Of several numbers in one cell under or over labels, the one that stands
/// nearest to its label; the first anywhere else.
pub fn nearest(
    leaf: &Leaf<'_>,
    field: &FieldHit,
    value: &Value,
    all: Vec<(String, Range<usize>, usize)>,
) -> Option<(String, Range<usize>, usize)> {
    let sheet = &leaf.form.sheet;
    if !matches!(value.relation, Relation::Below | Relation::Above | Relation::OnTop) {
        return all.into_iter().next();
    }
    let label = sheet.piece_box(field.hit.first, field.hit.last).x0();
    let off = |range: &Range<usize>| {
        let evidence = sheet.evidence(&value.snippet.words(range.clone()));
        evidence.bbox.map_or(f32::INFINITY, |b| (b.x0() - label).abs())
    };
    all.into_iter().min_by(|a, b| off(&a.1).total_cmp(&off(&b.1)))
}

/// The ten digits of all numbers in a document that are written as telephone
/// numbers are, in groups: no label makes anything else of them.
pub fn written_apart(paper: &Paper<'_>) -> BTreeSet<String> {
    let cells = paper.leaves.iter().flat_map(|leaf| {
        let sheet = &leaf.form.sheet;
        (0..sheet.cells.len()).map(|cell| sheet.cell_snippet(cell).text)
    });
    cells
        .flat_map(|text| {
            let apart = |(number, range, _): (String, Range<usize>, usize)| {
                let groups = text[range].split(|c: char| !c.is_ascii_digit());
                let groups: Vec<usize> = groups.map(str::len).filter(|len| *len > 0).collect();
                let grouped = groups.ends_with(&[3, 3, 4]);
                number.strip_prefix("+1").filter(|_| grouped).map(str::to_owned)
            };
            all_phones(&text).into_iter().filter_map(apart).collect::<Vec<_>>()
        })
        .collect()
}

/// Whether the label of a telephone in the row of `field` stands nearer, column
/// for column, to a place under or over them.
pub fn is_nearer(leaf: &Leaf<'_>, field: &FieldHit, relation: Relation, place: BBox) -> bool {
    if !matches!(relation, Relation::Below | Relation::Above | Relation::OnTop) {
        return false;
    }
    let sheet = &leaf.form.sheet;
    let off = |f: &FieldHit| (sheet.piece_box(f.hit.first, f.hit.last).x0() - place.x0()).abs();
    let row = sheet.cells[field.cell].row;
    let mut phones = leaf.form.labelled(Label::Phone).chain(leaf.form.labelled(Label::Fax));
    phones.any(|other| sheet.cells[other.cell].row == row && off(other) < off(field))
}
