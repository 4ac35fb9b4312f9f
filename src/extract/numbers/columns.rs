//! NPIs whose own label was lost, where the form says all the same what they are:
//! by its columns, or by the tax id beside them.

use super::super::findings::PageKind;
use super::super::labels::{FieldHit, FieldTag, Label, Value};
use super::super::layout::{Relation, Sheet};
use super::super::look_alikes;
use super::super::names;
use super::super::paper::{Leaf, Paper};
use super::super::phrase::{Hit, fold};
use super::super::sighting::{Sighting, checked};
use super::npi::CHANCE;
use super::run::trimmed;
use super::tin::{BESIDE, is_hyphenated};
use super::worn::is_near;
use super::{Numbers, Owned, owner};
use crate::vocab::{BBox, Confidence, Npi};

impl Numbers {
    /// Numbers that pass for an NPI, to the letter, where the label over or under
    /// them can hardly be read: behind a name, in the column of a number that is
    /// labelled as one elsewhere on the page, right before a tax id, or right behind
    /// somebody who orders or supplies. A number without any is none: one in ten
    /// passes the check.
    pub(super) fn in_columns(&self, paper: &Paper<'_>, leaf: &Leaf<'_>) -> Vec<Owned<Npi>> {
        if !FORMS.contains(&leaf.kind) {
            return Vec::new();
        }
        let sheet = &leaf.form.sheet;
        let places = |number: &Owned<Npi>| {
            (number.seen.evidence.page == Some(leaf.number()))
                .then_some(number.seen.evidence.bbox)
                .flatten()
        };
        let known: Vec<BBox> = self.npi.iter().filter_map(places).collect();
        (0..sheet.cells.len())
            .filter_map(|cell| {
                let (piece, npi) = alone_in(sheet, cell)?;
                let place = sheet.piece_box(piece, piece);
                let taken = is_taken(&known, place);
                let one_column = |k: &BBox| {
                    (k.x0() - place.x0()).abs() <= ONE_COLUMN && k.shared_height(place) == 0.0
                };
                let paired = has_tax_id_behind(sheet, place);
                let told = known.iter().any(one_column) && (paired || has_name_before(leaf, cell))
                    || (paired || names_a_provider(paper, leaf, cell))
                        && has_worn_label(leaf, place);
                if taken
                    || !told
                    || self.is_written_as_telephone(&npi)
                    || leaf.form.label_before(piece).is_some_and(announces_a_number)
                    || is_named_otherwise(leaf, place)
                {
                    return None;
                }
                let (field, value) = its_own_label(sheet, Label::Npi, cell, piece);
                let owner = owner(paper, leaf, &field, &value)?;
                let evidence = sheet.evidence(&[sheet.pieces[piece].word]);
                let confidence = checked(evidence.confidence, CHANCE)
                    .and(Confidence::new(UNLABELLED))
                    .and(owner.weight);
                let seen = Sighting {
                    value: npi.as_str().to_owned(),
                    raw: sheet.words[sheet.pieces[piece].word].text.to_owned(),
                    confidence,
                    repaired: false,
                    evidence,
                };
                Some(Owned { value: npi, role: owner.role, seen })
            })
            .collect()
    }
}

/// Pages that ask for numbers of providers in fields of their own.
const FORMS: [PageKind; 4] =
    [PageKind::PrecertForm, PageKind::PlanOfCare, PageKind::Cmn, PageKind::Order];
/// Whether a number was found in a place before.
pub(super) fn is_taken(known: &[BBox], place: BBox) -> bool {
    known.iter().any(|k| k.shared_height(place) > 0.5 && k.shared_width(place) > 0.5)
}

/// Left edges of one column lie so close, in page widths.
pub(super) const ONE_COLUMN: f32 = 0.012;
/// How far place and check digit tell an NPI without its label.
const UNLABELLED: f32 = 0.85;
/// Line heights between a number and its label, at most.
const LINES_TO_LABEL: f32 = 2.5;
/// A word read less well than this may have been a label.
const BADLY_READ: f32 = 0.7;

/// The number that passes for an NPI at the head of a cell, behind the number of
/// its box.
fn alone_in(sheet: &Sheet<'_>, cell: usize) -> Option<(usize, Npi)> {
    let pieces = sheet.cells[cell].pieces.clone();
    let is_box = |&piece: &usize| {
        let text = sheet.pieces[piece].folded.as_str();
        text.len() <= 2 && text.bytes().all(|b| b.is_ascii_digit()) && pieces.len() > 1
    };
    let piece = pieces.clone().next().filter(is_box).map_or(pieces.start, |piece| piece + 1);
    let piece = pieces.contains(&piece).then_some(piece)?;
    let whole = trimmed(sheet.words[sheet.pieces[piece].word].text).0;
    Some((piece, Npi::parse(whole).ok()?))
}

/// Whether a label may have a number behind it. `Equipment`, the last word of a
/// company's name, has none.
fn announces_a_number(label: &FieldHit) -> bool {
    !matches!(
        label.label(),
        Some(Label::Name | Label::Description | Label::Contact | Label::Diagnosis)
    )
}

fn has_tax_id_behind(sheet: &Sheet<'_>, place: BBox) -> bool {
    sheet.words.iter().any(|word| {
        let apart = word.bbox.x0() - place.x1();
        word.bbox.shared_height(place) > 0.5
            && (0.0..BESIDE).contains(&apart)
            && is_hyphenated(&look_alikes::plain_hyphens(trimmed(word.text).0))
    })
}

/// Whether the cell to the left holds words and no number.
fn has_name_before(leaf: &Leaf<'_>, cell: usize) -> bool {
    let sheet = &leaf.form.sheet;
    sheet.left_of(cell).next().is_some_and(|left| {
        let text = sheet.cell_snippet(left).text;
        text.chars().filter(|c| c.is_alphabetic()).count() >= LETTERS_OF_A_NAME
            && !text.chars().any(|c| c.is_ascii_digit())
    })
}

/// Whether the cell to the left names a prescriber by his degree, or a company that
/// supplies.
fn names_a_provider(paper: &Paper<'_>, leaf: &Leaf<'_>, cell: usize) -> bool {
    let (sheet, cues) = (&leaf.form.sheet, &paper.cues.member);
    sheet.left_of(cell).next().is_some_and(|left| {
        let snippet = sheet.cell_snippet(left);
        let supplies = |name: names::Name| names::is_supplier(cues, &name);
        names::person(cues, &snippet).is_some_and(|name| name.prescriber)
            || names::company(cues, &snippet).is_some_and(supplies)
    })
}

/// Letters of a name at least.
const LETTERS_OF_A_NAME: usize = 5;

/// Whether a short word that was badly read, or is nearly the label of an NPI, stands
/// over or under a place.
fn has_worn_label(leaf: &Leaf<'_>, place: BBox) -> bool {
    let sheet = &leaf.form.sheet;
    sheet.words.iter().any(|word| {
        let letters = word.text.chars().count();
        let badly = word.confidence.get() < BADLY_READ;
        let worn = (2..=5).contains(&letters) && badly;
        let begins = || fold(word.text).get(..3).is_some_and(is_near);
        let near = letters == 3 && is_near(&fold(word.text)) || badly && begins();
        (worn || near) && in_column(sheet, word.bbox, place)
    })
}

/// Whether a label over or under a place, on the side on which its row has its
/// values, says that it is something else.
pub(super) fn is_named_otherwise(leaf: &Leaf<'_>, place: BBox) -> bool {
    let sheet = &leaf.form.sheet;
    leaf.form.fields.iter().any(|field| {
        let other = matches!(
            field.hit.tag,
            FieldTag::Label(
                Label::Phone
                    | Label::Fax
                    | Label::MemberId
                    | Label::Ssn
                    | Label::Case
                    | Label::Authorization
                    | Label::Hold
            )
        );
        let label = sheet.piece_box(field.hit.first, field.hit.last);
        let over = label.center_y() < place.center_y();
        let beneath = leaf.form.beneath[sheet.cells[field.cell].row];
        other && over != beneath && in_column(sheet, label, place)
    })
}

fn in_column(sheet: &Sheet<'_>, label: BBox, place: BBox) -> bool {
    let lines = (label.center_y() - place.center_y()).abs() / sheet.line_height;
    label.shared_height(place) == 0.0
        && lines <= LINES_TO_LABEL
        && ((label.x0() - place.x0()).abs() <= ONE_COLUMN || label.shared_width(place) > 0.5)
}

/// As if the number at the head of a cell were its own label.
pub fn its_own_label(
    sheet: &Sheet<'_>,
    label: Label,
    cell: usize,
    piece: usize,
) -> (FieldHit, Value) {
    let tag = FieldTag::Label(label);
    let field = FieldHit {
        hit: Hit { tag, first: piece, last: piece, distance: 0, letters: 0 },
        cell,
        colon: false,
        starts_cell: true,
        ends_cell: false,
        leads: false,
        heads_column: false,
        enclosed: false,
    };
    let snippet = sheet.cell_snippet(cell);
    (field, Value { snippet, relation: Relation::Above, cell, party: None })
}
