//! Who orders, who supplies, and in which facility: one entry per role.

mod named;

use std::ops::Range;

use super::blocks;
use super::findings::{Field, PageKind, Provider, Role};
use super::labels::{FieldHit, FieldTag, Label, Value};
use super::layout::Snippet;
use super::letterhead;
use super::names;
use super::numbers::{Numbers, Owned, its_own_label, owner};
use super::paper::{Leaf, Paper};
use super::phones::{all_phones, nearest, numbers_of, phone};
use super::sighting::{Sighting, after_repairs, checked, merged};
use super::values::MARGIN;
use crate::vocab::Confidence;

/// The grammar of North American numbers lets most misreadings through.
const PHONE_CHANCE: f32 = 0.6;

/// Providers by role, as far as anything of theirs was found.
pub fn find(paper: &Paper<'_>, numbers: &Numbers) -> Vec<Provider> {
    [Role::Ordering, Role::Rendering, Role::Facility]
        .into_iter()
        .filter_map(|role| {
            let provider = Provider {
                role,
                name: fullest(named::sightings(paper, role, numbers)),
                npi: best(owned(&numbers.npi, role)),
                tin: best(owned(&numbers.tin, role)),
                phone: best(phones(paper, role, Label::Phone)),
                fax: best(phones(paper, role, Label::Fax)),
                address: best(addresses(paper, role)),
            };
            let any = provider.name.is_some()
                || provider.npi.is_some()
                || provider.tin.is_some()
                || provider.phone.is_some()
                || provider.fax.is_some()
                || provider.address.is_some();
            any.then_some(provider)
        })
        .collect()
}

fn best(seen: Vec<Sighting>) -> Option<Field> {
    let fields = merged(seen).into_iter().filter(|f| f.confidence.is_listed());
    // First of equals: `max_by` would give the last.
    fields.reduce(|a, b| if b.confidence > a.confidence { b } else { a })
}

/// As [`best`]; where a name was cut short at the end of a line, another place
/// has all of it.
fn fullest(seen: Vec<Sighting>) -> Option<Field> {
    let all: Vec<Field> =
        merged(seen.clone()).into_iter().filter(|f| f.confidence.is_listed()).collect();
    let best = best(seen)?;
    let start = format!("{} ", best.value.expose().to_lowercase());
    let longer = |f: &Field| f.value.expose().to_lowercase().starts_with(&start);
    Some(all.into_iter().find(longer).unwrap_or(best))
}

fn owned<T>(numbers: &[Owned<T>], role: Role) -> Vec<Sighting> {
    numbers.iter().filter(|n| n.role == role).map(|n| n.seen.clone()).collect()
}

/// Of the values of a label those that are of this role, where the table has a
/// column for each party; all of them anywhere else.
fn own(role: Role, values: Vec<Value>) -> Vec<Value> {
    let others = |value: &Value| value.party.is_none_or(|party| party.role == role);
    values.into_iter().filter(others).collect()
}

/// Whether a label stands in the block of this role, and how surely.
fn in_block(
    paper: &Paper<'_>,
    leaf: &Leaf<'_>,
    field: &FieldHit,
    role: Role,
) -> Option<Confidence> {
    let value = own(role, numbers_of(leaf, field).0).into_iter().next()?;
    let bound = blocks::role_of(paper, leaf, field, &value)?;
    (bound.role == role && !bound.patient).then_some(bound.weight)
}

/// As [`in_block`]; outside of all blocks a page's kind tells whose
/// letterhead it is.
fn in_block_or_letterhead(
    paper: &Paper<'_>,
    leaf: &Leaf<'_>,
    field: &FieldHit,
    role: Role,
) -> Option<Confidence> {
    let value = own(role, numbers_of(leaf, field).0).into_iter().next()?;
    if letterhead::is_in_closing(paper, leaf, field.cell) || follows_supplier(paper, leaf, field) {
        return (role == Role::Rendering).then_some(Confidence::new(letterhead::WEIGHT));
    }
    if signs_for_a_hospital(paper, leaf, field) {
        return (role == Role::Facility).then_some(Confidence::new(letterhead::WEIGHT));
    }
    match blocks::role_of(paper, leaf, field, &value) {
        Some(_) => in_block(paper, leaf, field, role),
        None if letterhead::is_from(paper, leaf, role) => {
            // The number to which a cover is sent stands beside "To"; further
            // down a letter or form speaks of others.
            let own = !matches!(leaf.kind, PageKind::FaxCover | PageKind::PrecertForm);
            let head = own || letterhead::is_in_head(leaf, field);
            let to_us = !head && field.hit.tag == FieldTag::Label(Label::Fax);
            // Of two numbers in a row one is the receiver's.
            let of_two = !head
                && phone(&value.snippet.text)
                    .and_then(|(_, range, _)| phone(&value.snippet.text[range.end..]))
                    .is_some();
            (!to_us && !of_two).then_some(Confidence::new(letterhead::WEIGHT))
        }
        None => {
            let owner = owner(paper, leaf, field, &value)?;
            (owner.role == role).then_some(owner.weight)
        }
    }
}

/// Whether a field closes a cover under the name of a hospital, in a column of
/// lines without labels: who sends it, whatever heading stands farther up.
fn signs_for_a_hospital(paper: &Paper<'_>, leaf: &Leaf<'_>, field: &FieldHit) -> bool {
    let (form, sheet) = (&leaf.form, &leaf.form.sheet);
    let own = &sheet.cells[field.cell];
    let above = (own.row.saturating_sub(SIGNATURE_ROWS)..own.row).rev();
    let lines = above.filter_map(|row| sheet.rows[row].first().copied());
    let mut lines = lines.take_while(|&cell| {
        let aligned = (sheet.cells[cell].bbox.x0() - own.bbox.x0()).abs() <= SIGNATURE_MARGIN;
        let labelled = form.fields.iter().any(|f| f.cell == cell && f.colon && f.leads);
        aligned && !labelled
    });
    let cues = &paper.cues.member;
    let mut hospital = false;
    // Who orders signs with his degree, in a hospital's clinic too.
    let prescriber = lines.any(|cell| {
        let line = sheet.cell_snippet(cell);
        let company = names::company(cues, &line);
        hospital |= company.is_some_and(|name| names::is_hospital(cues, &name));
        names::person(cues, &line).is_some_and(|name| name.prescriber)
    });
    leaf.kind == PageKind::FaxCover && hospital && !prescriber
}

/// Lines of a sender's signature at most, and how far their left edges differ.
const SIGNATURE_ROWS: usize = 6;
const SIGNATURE_MARGIN: f32 = 0.03;

/// `Order sent to Lakeside Home Medical (fax (212) 555-0106)`.
fn follows_supplier(paper: &Paper<'_>, leaf: &Leaf<'_>, field: &FieldHit) -> bool {
    let number = matches!(field.hit.tag, FieldTag::Label(Label::Phone | Label::Fax));
    let before = leaf.form.sheet.tail(field.cell, None, Some(field.hit.first));
    number && names::supplier_in(&paper.cues.member, &before).is_some()
}

/// How far a number in a hospital's block is the hospital's: a case manager's
/// stands there as often.
const FACILITY: f32 = 0.75;

fn phones(paper: &Paper<'_>, role: Role, label: Label) -> Vec<Sighting> {
    let mut seen = Vec::new();
    for leaf in &paper.leaves {
        for field in leaf.form.labelled(label) {
            let (values, place) = numbers_of(leaf, field);
            let sighting = |value: &Value, weight: Confidence| {
                let all = all_phones(&value.snippet.text);
                let (number, range, repairs) = match place {
                    Some(place) if all.len() >= 2 => all.into_iter().nth(place)?,
                    _ => nearest(leaf, field, value, all)?,
                };
                let evidence = leaf.form.sheet.evidence(&value.snippet.words(range.clone()));
                let confidence = checked(evidence.confidence, PHONE_CHANCE)
                    .and(field.weight())
                    .and(value.relation.weight())
                    .and(weight)
                    .and(Confidence::new(if role == Role::Facility { FACILITY } else { 1.0 }));
                Some(Sighting {
                    value: number,
                    raw: value.snippet.text[range].to_owned(),
                    confidence: after_repairs(confidence, repairs),
                    repaired: repairs > 0,
                    evidence,
                })
            };
            // In a table each row says at its head whose it is, from the first on.
            let head = |value: &Value| leaf.form.role_beside(value.cell);
            let table = field.heads_column && values.first().and_then(head).is_some();
            if table {
                let heads = values.iter().filter_map(|value| Some((value, head(value)?)));
                let ours = heads.filter(|(_, bound)| bound.role == role);
                seen.extend(ours.filter_map(|(value, bound)| sighting(value, bound.weight)));
                continue;
            }
            let Some(weight) = in_block_or_letterhead(paper, leaf, field, role) else { continue };
            seen.extend(own(role, values).iter().find_map(|value| sighting(value, weight)));
        }
        seen.extend(in_pair(paper, leaf, role, label));
    }
    // Our own lines are where a fax is sent to, never a provider's.
    seen.retain(|s| !paper.cues.about.own_numbers.contains(&s.value));
    seen
}

/// How far its place in a pair tells what a number is whose label was lost.
const IN_PAIR: f32 = 0.88;

/// On a request form two numbers beside each other, of which a label or both cannot be
/// read: telephone and fax, in that order, of whose block it is.
fn in_pair(paper: &Paper<'_>, leaf: &Leaf<'_>, role: Role, label: Label) -> Vec<Sighting> {
    if leaf.kind != PageKind::PrecertForm || leaf.form.sheet.rows.len() > MOST_ROWS {
        return Vec::new();
    }
    let (form, sheet) = (&leaf.form, &leaf.form.sheet);
    let of_row = |row: &Vec<usize>| {
        let numbers = row.iter().flat_map(|&cell| alone_in(&sheet.cell_snippet(cell), cell));
        let pair: [_; 2] = numbers.collect::<Vec<_>>().try_into().ok()?;
        let labelled = |label: Label, cell: usize| {
            let under = |value: &Value| value.cell == cell;
            form.labelled(label).any(|field| form.values(field).iter().any(under))
        };
        let [phone, fax] = pair;
        // Of one a label may be left.
        let claimed = labelled(Label::Fax, phone.0)
            || labelled(Label::Phone, fax.0)
            || if label == Label::Phone {
                labelled(Label::Phone, phone.0)
            } else {
                labelled(Label::Fax, fax.0)
            };
        let (cell, snippet, number, range, repairs) =
            if label == Label::Phone { phone } else { fax };
        let piece = sheet.cells[cell].pieces.clone().next().filter(|_| !claimed)?;
        let (field, value) = its_own_label(sheet, label, cell, piece);
        let bound = blocks::role_of(paper, leaf, &field, &value)?;
        let evidence = sheet.evidence(&snippet.words(range.clone()));
        let confidence = checked(evidence.confidence, PHONE_CHANCE)
            .and(bound.weight)
            .and(Confidence::new(IN_PAIR));
        (bound.role == role && !bound.patient).then(|| Sighting {
            value: number,
            raw: snippet.text[range].to_owned(),
            confidence: after_repairs(confidence, repairs),
            repaired: repairs > 0,
            evidence,
        })
    };
    sheet.rows.iter().filter_map(of_row).collect()
}

/// A telephone number of a cell.
type InCell = (usize, Snippet, String, Range<usize>, usize);

/// The one or two telephone numbers of a cell in which nothing else stands than what
/// may be their worn labels: `(203) 555-0168 ihaner (203) 555-0169 dax)`. Ten digits in
/// a row may be an NPI.
fn alone_in(snippet: &Snippet, cell: usize) -> Vec<InCell> {
    let text = &snippet.text;
    let found = all_phones(text);
    let ranges = found.iter().map(|(_, range, _)| range.clone());
    let starts: Vec<usize> = ranges.clone().skip(1).map(|r| r.start).chain([text.len()]).collect();
    let spare = if found.len() == 2 { WORN_LABEL } else { SPARE };
    let alone = ranges.clone().zip(&starts).all(|(range, next)| {
        let behind = &text[range.end..*next];
        behind.len() <= spare && !behind.contains(|c: char| c.is_ascii_digit())
    });
    let leads = ranges.clone().next().is_some_and(|range| range.start <= SPARE);
    let apart = ranges.clone().all(|range| text[range].contains([' ', '-', '.', ')', '/']));
    if found.len() > 2 || !(alone && leads && apart) {
        return Vec::new();
    }
    let with_cell = |(number, range, repairs)| (cell, snippet.clone(), number, range, repairs);
    found.into_iter().map(with_cell).collect()
}

/// Bytes of a label that was enclosed behind its number, at most.
const WORN_LABEL: usize = 10;
/// Rows of a form, at most.
const MOST_ROWS: usize = 150;
/// Bytes in the cell of a number beside the number, at most.
const SPARE: usize = 3;

/// The house number stands within so many bytes of the label.
const NEAR: usize = 6;

/// How far a line under a name tells where he is whose name it is.
const UNDER_NAME: f32 = 0.85;
/// Rows under a name in which its address stands.
const ROWS_UNDER_NAME: usize = 2;

/// An address without a label right under the name of who is in the role: a line
/// that is one, whole, in the column of the name.
fn under_name(paper: &Paper<'_>, leaf: &Leaf<'_>, role: Role) -> Vec<Sighting> {
    let (form, sheet) = (&leaf.form, &leaf.form.sheet);
    let heads = form.fields.iter().filter(|f| f.hit.tag == FieldTag::Role(role) && f.leads);
    let names = heads.filter_map(|field| {
        let value = own(role, form.values(field)).into_iter().next()?;
        let name = names::company(&paper.cues.member, &value.snippet)?;
        names::is_supplier(&paper.cues.member, &name).then_some(value.cell)
    });
    let line = |name: usize| {
        let (row, left) = (sheet.cells[name].row, sheet.cells[name].bbox.x0());
        let rows = sheet.rows.iter().skip(row + 1).take(ROWS_UNDER_NAME);
        let mut cells = rows.flat_map(|cells| cells.iter().copied());
        cells.find_map(|cell| {
            let snippet = sheet.cell_snippet(cell);
            let aligned = (sheet.cells[cell].bbox.x0() - left).abs() <= MARGIN;
            let labelled = form.fields.iter().any(|f| f.cell == cell && f.leads);
            let whole = letterhead::in_text(&snippet.text).filter(|found| found.start == 0)?;
            (aligned && !labelled).then(|| snippet.part(whole))
        })
    };
    names
        .filter_map(line)
        .map(|street| {
            let evidence = sheet.evidence(&street.words(0..street.text.len()));
            Sighting {
                value: street.text.clone(),
                raw: street.text,
                confidence: names::read(evidence.confidence).and(Confidence::new(UNDER_NAME)),
                repaired: false,
                evidence,
            }
        })
        .collect()
}

/// A street line, and city, state and ZIP where they stand beside or beneath.
fn addresses(paper: &Paper<'_>, role: Role) -> Vec<Sighting> {
    let mut seen = Vec::new();
    for leaf in &paper.leaves {
        let form = &leaf.form;
        seen.extend(letterhead::address(paper, leaf, role));
        seen.extend(under_name(paper, leaf, role));
        // "Street" in "430 Main Street, Oakmont" is no label.
        let announces = |field: &&FieldHit| field.starts_cell || field.colon;
        for field in form.labelled(Label::Address).filter(announces) {
            let Some(weight) = in_block(paper, leaf, field, role) else { continue };
            let street = own(role, form.values(field)).into_iter().find(|v| {
                v.snippet.text.chars().any(|c| c.is_ascii_digit())
                    && v.snippet.text.chars().any(char::is_alphabetic)
            });
            let Some(mut street) = street else { continue };
            // A wide blank may part town and state; behind the ZIP code
            // something else begins.
            let mut whole = street.snippet.clone();
            for &cell in form.sheet.right_of(street.cell) {
                whole.extend(&form.sheet.cell_snippet(cell));
            }
            if let Some(all) = letterhead::in_text(&whole.text).filter(|all| all.start < NEAR) {
                street.snippet = whole.part(all);
            }
            let mut words = street.snippet.words(0..street.snippet.text.len());
            let mut text = street.snippet.text.trim_matches([' ', ':', ',']).to_owned();
            let row = form.sheet.cells[field.cell].row;
            let locality = form.labelled(Label::Locality).filter(|l| {
                let other = form.sheet.cells[l.cell].row;
                other >= row && other - row <= 2 && in_block(paper, leaf, l, role).is_some()
            });
            for place in locality {
                if let Some(value) = form.values(place).into_iter().next() {
                    let more = value.snippet.text.trim_matches([' ', ':', ',']).to_owned();
                    if !more.is_empty() && !text.contains(&more) {
                        text = format!("{text}, {more}");
                        words.extend(value.snippet.words(0..value.snippet.text.len()));
                    }
                }
            }
            let evidence = form.sheet.evidence(&words);
            seen.push(Sighting {
                value: text.clone(),
                raw: text,
                confidence: names::read(evidence.confidence)
                    .and(field.weight())
                    .and(street.relation.weight())
                    .and(weight),
                repaired: false,
                evidence,
            });
        }
    }
    seen
}
