//! Provider numbers, NPI and tax id: taken only beside their label, checked
//! by their own rules, bound to whoever's block they stand in.

mod columns;
mod comb;
mod findings;
mod npi;
mod run;
mod tin;
mod worn;

use std::collections::BTreeSet;

use super::blocks;
use super::findings::{PageKind, Role};
use super::labels::{Bound, FieldHit, Label, Value};
use super::letterhead;
use super::paper::{Leaf, Paper};
use super::phones;
use super::sighting::{Sighting, checked};
use super::values::MARGIN;
use crate::vocab::{BBox, Confidence, Note, Npi, Question, Tin};

pub use columns::its_own_label;
pub use findings::{npi_findings, tin_findings};

/// A number with its owner.
#[derive(Clone, Debug)]
pub struct Owned<T> {
    /// Validated.
    pub value: T,
    /// Whose.
    pub role: Role,
    /// Where and how sure.
    pub seen: Sighting,
}

/// All sightings of provider numbers, and what was noted on the way.
#[derive(Debug, Default)]
pub struct Numbers {
    /// NPIs in order of appearance.
    pub npi: Vec<Owned<Npi>>,
    /// Tax ids in order of appearance.
    pub tin: Vec<Owned<Tin>>,
    /// Misreadings, prefixes never issued.
    pub notes: Vec<Note>,
    /// Places to be read again.
    pub questions: Vec<Question>,
    /// Telephone numbers of the document, ten digits each.
    telephones: BTreeSet<String>,
}

/// Line heights between an NPI and the tax id under it, at most.
const LINES_TO_NPI: f32 = 4.0;
/// How far an NPI close by tells whose a tax id is.
const LENT: f32 = 0.9;

impl Numbers {
    /// Looks at every label on every page.
    pub fn find(paper: &Paper<'_>) -> Self {
        let mut numbers = Self { telephones: phones::written_apart(paper), ..Self::default() };
        for leaf in &paper.leaves {
            for field in leaf.form.labelled(Label::Npi) {
                numbers.look_for_npi(paper, leaf, field);
            }
            for field in worn::of_npis(leaf) {
                let found = numbers.under_worn_label(paper, leaf, &field);
                numbers.npi.extend(found);
            }
            let unlabelled = numbers.in_columns(paper, leaf);
            numbers.npi.extend(unlabelled);
            let worn = worn::of_tins(leaf);
            for field in leaf.form.labelled(Label::Tin).chain(&worn) {
                numbers.look_for_tin(paper, leaf, field);
            }
            numbers.look_in_combs(paper, leaf);
        }
        for leaf in paper.leaves.iter().filter(|l| l.kind == PageKind::PrecertForm) {
            let beside = numbers.beside_npi(leaf);
            numbers.tin.extend(beside);
            let unlabelled = numbers.tins_in_columns(paper, leaf);
            numbers.tin.extend(unlabelled);
            numbers.lend_roles(leaf);
        }
        numbers
    }

    /// A tax id of which a form does not tell whose it is belongs to whoever has the
    /// NPI before it in its row, or over it in its column.
    fn lend_roles(&mut self, leaf: &Leaf<'_>) {
        let sheet = &leaf.form.sheet;
        let on_page = |seen: &Sighting| {
            let evidence = &seen.evidence;
            evidence.bbox.filter(|_| evidence.page == Some(leaf.number())).map(|b| sheet.flat(b))
        };
        let role_of = |npi: &Npi| {
            let told = self.npi.iter().filter(|n| n.value == *npi && n.role != Role::Unknown);
            let mut roles: Vec<Role> = told.map(|n| n.role).collect();
            roles.dedup();
            if let [role] = roles.as_slice() { Some(*role) } else { None }
        };
        let npis: Vec<(BBox, Role)> =
            self.npi.iter().filter_map(|n| Some((on_page(&n.seen)?, role_of(&n.value)?))).collect();
        let beside = |place: BBox| {
            let before = npis
                .iter()
                .filter(|(npi, _)| npi.shared_height(place) > 0.5 && npi.x1() <= place.x0());
            let over = npis.iter().filter(|(npi, _)| {
                let lines = (place.center_y() - npi.center_y()) / sheet.line_height;
                (npi.x0() - place.x0()).abs() <= MARGIN && (0.0..LINES_TO_NPI).contains(&lines)
            });
            let nearest = before.max_by(|a, b| a.0.x1().total_cmp(&b.0.x1()));
            nearest.or_else(|| over.max_by(|a, b| a.0.y1().total_cmp(&b.0.y1())))
        };
        for tin in self.tin.iter_mut().filter(|tin| tin.role == Role::Unknown) {
            if let Some((_, role)) = on_page(&tin.seen).and_then(beside) {
                tin.role = *role;
                tin.seen.confidence = tin.seen.confidence.and(Confidence::new(LENT));
            }
        }
    }
}

/// How sure a number is: as its digits were read, if a misreading passes its
/// check by `chance`, and as clearly as its label and its owner are told.
fn weighed(
    read: Confidence,
    chance: f32,
    field: &FieldHit,
    value: &Value,
    owner: &Bound,
) -> Confidence {
    checked(read, chance).and(field.weight()).and(value.relation.weight()).and(owner.weight)
}

/// Whose number it is; `None` inside the patient's block.
pub fn owner(paper: &Paper<'_>, leaf: &Leaf<'_>, field: &FieldHit, value: &Value) -> Option<Bound> {
    let default = || {
        let by_kind = paper.cues.labels.default_roles.get(&leaf.kind).copied();
        // In the head of his own paper a sender gives his own numbers.
        let sender = || {
            let roles = [Role::Rendering, Role::Facility].into_iter();
            let mut from = roles.filter(|role| letterhead::is_from(paper, leaf, *role));
            letterhead::is_in_head(leaf, field).then(|| from.next()).flatten()
        };
        let role = by_kind.or_else(sender);
        Bound {
            role: role.unwrap_or(Role::Unknown),
            weight: Confidence::new(if role.is_some() { 0.85 } else { 0.9 }),
            patient: false,
        }
    };
    match blocks::role_of(paper, leaf, field, value) {
        // A provider's number never belongs to the patient: the block has
        // ended without a heading that we know.
        Some(bound) if bound.patient => {
            Some(blocks::by_name(paper, leaf, field).unwrap_or_else(default))
        }
        Some(bound) => Some(bound),
        None => Some(default()),
    }
}
