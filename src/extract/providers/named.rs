//! Names of providers: under their headings, on their paper, beside their numbers.

use super::super::cues::{MemberCues, PageTag};
use super::super::findings::{PageKind, Role};
use super::super::labels::{FieldHit, FieldTag, Label, Value};
use super::super::layout::{Relation, Snippet};
use super::super::letterhead;
use super::super::names;
use super::super::numbers::Numbers;
use super::super::paper::{Leaf, Paper};
use super::super::sighting::Sighting;
use super::{in_block, in_block_or_letterhead, own};
use crate::vocab::Confidence;

/// All places that name who is in this role.
pub(super) fn sightings(paper: &Paper<'_>, role: Role, numbers: &Numbers) -> Vec<Sighting> {
    let mut seen = Vec::new();
    for leaf in &paper.leaves {
        let form = &leaf.form;
        // `Printed name: Jane Roe, MD` under an order stands in no block.
        for field in form.labelled(Label::Name) {
            if let Some(weight) = in_block_or_letterhead(paper, leaf, field, role) {
                seen.extend(name_at(paper, leaf, field, role, weight));
            }
        }
        // `Supplier: Lakeside HME`, `Ordering physician: Jane Roe, MD`.
        for field in form.fields.iter().filter(|f| f.hit.tag == FieldTag::Role(role)) {
            // "Hospital:" at the end of a name is no heading.
            let heads = field.leads || field.enclosed || follows_label(leaf, field);
            let announces = field.colon && heads || field.enclosed;
            if announces && !followed_by_label(leaf, field) {
                seen.extend(name_at(paper, leaf, field, role, field.weight()));
            } else if !field.colon && !followed_by_label(leaf, field) {
                seen.extend(uncoloned(paper, leaf, field, role));
            }
        }
        // `Company   Lakeside HME`: words that say whose the label behind them is.
        let party = form.fields.iter().filter(|f| f.hit.tag == FieldTag::Party(role) && f.leads);
        for field in party.filter(|field| !followed_by_label(leaf, field)) {
            seen.extend(uncoloned(paper, leaf, field, role));
        }
        if role == Role::Ordering {
            seen.extend(split_name(paper, leaf));
            seen.extend(beside_number(paper, leaf));
            seen.extend(signer(paper, leaf));
        }
        seen.extend(letterhead::name(paper, leaf, role));
        if role == Role::Rendering {
            seen.extend(letterhead::mentioned(paper, leaf));
        }
    }
    seen.extend(in_row_of_number(paper, role, numbers));
    if role == Role::Ordering && !seen.iter().any(|s| s.confidence.is_listed()) {
        seen.extend(sole_prescriber(paper));
    }
    seen.retain(|one| !names::is_generic(&paper.cues.member, &one.value));
    if role == Role::Rendering && !seen.iter().any(|s| s.confidence.is_listed()) {
        seen.extend(sole_supplier(paper));
    }
    // A practice stands beside its physician; the physician orders.
    let practice = |seen: &Sighting| {
        let name = names::Name { text: seen.value.clone(), range: 0..0, prescriber: false };
        names::is_company(&paper.cues.member, &name)
    };
    if role == Role::Ordering && !seen.iter().all(practice) {
        seen.retain(|one| !practice(one));
    }
    seen
}

/// A name read less well than this may be a heading.
const BADLY_READ: f32 = 0.7;

/// How far a name tells whose it is beside a heading without a colon: it may
/// be the next field's.
const UNCOLONED: f32 = 0.88;

/// `Vendor chosen   Lakeside DME`: a heading without a colon, with a name that
/// fits behind, beside or beneath it.
fn uncoloned(paper: &Paper<'_>, leaf: &Leaf<'_>, field: &FieldHit, role: Role) -> Option<Sighting> {
    own(role, leaf.form.values(field))
        .into_iter()
        .filter(|value| value.snippet.text.chars().any(char::is_alphabetic))
        .take(PLACES_OF_A_NAME)
        .find_map(|value| uncoloned_at(paper, leaf, (field, value), role))
}

fn uncoloned_at(
    paper: &Paper<'_>,
    leaf: &Leaf<'_>,
    (field, mut value): (&FieldHit, Value),
    role: Role,
) -> Option<Sighting> {
    let cues = &paper.cues.member;
    if !field.leads {
        // "The prescriber is Jane Roe, NP of …", "The equipment comes from …" in a
        // sentence.
        let text = &value.snippet.text;
        let verb = text.trim_start().strip_prefix("is ").map(|rest| text.len() - rest.len());
        let last = leaf.form.sheet.pieces[field.hit.last].folded.as_str();
        let start = verb.or_else(|| LEADS_TO.contains(&last).then_some(0))?;
        value.snippet = value.snippet.part(start..text.len());
    }
    let fits = match role {
        Role::Ordering => names::person(cues, &value.snippet).is_some_and(|n| n.prescriber),
        Role::Rendering => {
            fitting_company(cues, &value).is_some_and(|n| names::is_supplier(cues, &n))
        }
        Role::Facility => {
            fitting_company(cues, &value).is_some_and(|n| names::is_hospital(cues, &n))
        }
        Role::Unknown => false,
    };
    let weight = Confidence::new(UNCOLONED);
    fits.then(|| name_in(paper, leaf, (field, &value), role, weight)).flatten()
}

/// Places about a heading where its name may stand: beside it, where another
/// heading often is, and beneath.
const PLACES_OF_A_NAME: usize = 3;
/// Words that end a heading and lead to a name in its sentence.
const LEADS_TO: [&str; 3] = ["from", "by", "to"];

/// A company's name; in the cell of its label nothing but one, as opposed to a
/// sentence that goes on.
fn fitting_company(cues: &MemberCues, value: &Value) -> Option<names::Name> {
    let name = names::company(cues, &value.snippet)?;
    let small = |w: &str| matches!(w, "of" | "and" | "the" | "at" | "for" | "in" | "&");
    let named = |w: &str| !w.starts_with(char::is_lowercase) || small(w);
    (value.relation != Relation::Same || name.text.split_whitespace().all(named)).then_some(name)
}

/// Whether another label or heading stands before this one in its cell.
fn follows_label(leaf: &Leaf<'_>, field: &FieldHit) -> bool {
    leaf.form.fields.iter().any(|f| f.cell == field.cell && f.hit.last < field.hit.first)
}

/// `Ordering physician NPI:` announces a number, not a name.
fn followed_by_label(leaf: &Leaf<'_>, field: &FieldHit) -> bool {
    leaf.form.fields.iter().any(|f| {
        f.cell == field.cell
            && f.hit.first == field.hit.last + 1
            // "County" in "Facility: County Hospital" is part of a name.
            && (f.colon || f.ends_cell)
            && f.hit.tag != field.hit.tag
            && !matches!(f.hit.tag, FieldTag::Label(Label::Name))
    })
}

fn name_at(
    paper: &Paper<'_>,
    leaf: &Leaf<'_>,
    field: &FieldHit,
    role: Role,
    weight: Confidence,
) -> Option<Sighting> {
    let values = own(role, leaf.form.values(field));
    values.iter().take(2).find_map(|value| name_in(paper, leaf, (field, value), role, weight))
}

fn name_in(
    paper: &Paper<'_>,
    leaf: &Leaf<'_>,
    (field, value): (&FieldHit, &Value),
    role: Role,
    weight: Confidence,
) -> Option<Sighting> {
    let cues = &paper.cues.member;
    let whole = with_next_line(paper, leaf, value.cell, &value.snippet);
    let as_person = || names::person(cues, &value.snippet);
    let as_company = || names::company(cues, &whole);
    let name = match role {
        Role::Ordering => {
            as_person().or_else(|| as_company().filter(|n| names::is_company(cues, n)))
        }
        Role::Facility => {
            as_company().filter(|name| names::is_hospital(cues, name) || as_person().is_none())
        }
        Role::Rendering | Role::Unknown => as_company().or_else(as_person),
    }?;
    let name = if matches!(value.relation, Relation::OnTop | Relation::Above | Relation::Below) {
        names::behind_number(name)
    } else {
        name
    };
    let evidence = leaf.form.sheet.evidence(&whole.words(name.range.clone()));
    // The rest of a heading; the name stands beneath.
    let worn = evidence.confidence.get() < BADLY_READ;
    if worn && names::is_worn_heading(cues, &name.text) {
        return None;
    }
    // "He will name all medicines": a sentence goes on.
    let goes_on = value.relation == Relation::Same && !field.colon && !field.leads;
    if goes_on && name.text.starts_with(char::is_lowercase) {
        return None;
    }
    let confidence = names::read(evidence.confidence)
        .and(field.weight())
        .and(value.relation.weight())
        .and(weight);
    Some(Sighting {
        value: name.text,
        raw: whole.text[name.range].to_owned(),
        confidence,
        repaired: false,
        evidence,
    })
}

/// A value with what stands alone beneath it, where that is the rest of a company's
/// name: `Beacon Mobility and` over `Respiratory` in a narrow column.
fn with_next_line(paper: &Paper<'_>, leaf: &Leaf<'_>, cell: usize, value: &Snippet) -> Snippet {
    let (sheet, cues) = (&leaf.form.sheet, &paper.cues.member);
    let own = &sheet.cells[cell];
    let rest = || {
        let &[below] = sheet.rows.get(own.row + 1)?.as_slice() else { return None };
        let next = &sheet.cells[below];
        let beneath = (next.bbox.x0() - own.bbox.x0()).abs() <= ONE_EDGE
            && next.bbox.center_y() - own.bbox.center_y() <= ONE_LINE * sheet.line_height
            && next.words.len() <= WORDS_OF_THE_REST;
        let rest = sheet.cell_snippet(below);
        let words = rest.text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
        let mut words = words.map(str::to_lowercase);
        let of_a_company = words.all(|word| word == "and" || cues.company.contains(&word));
        let labelled = leaf.form.fields.iter().any(|f| f.cell == below && f.colon);
        (beneath && of_a_company && !labelled).then_some(rest)
    };
    // Beside others in its row, as in a table; alone it would have had room.
    let in_a_table = sheet.rows[own.row].len() > 1;
    let ends = value.words(0..value.text.len()).last() == Some(&(own.words.end - 1));
    match in_a_table.then(rest).flatten().filter(|_| ends) {
        Some(rest) => {
            let mut whole = value.clone();
            whole.extend(&rest);
            whole
        }
        None => value.clone(),
    }
}

/// Left edges of two lines of one name differ at most by this share of the page's
/// width, and their middles by so many lines.
const ONE_EDGE: f32 = 0.015;
const ONE_LINE: f32 = 2.0;
/// Words of a name on its second line, at most.
const WORDS_OF_THE_REST: usize = 3;

/// How far a signature tells who orders: it may be a nurse's, on behalf.
const SIGNS: f32 = 0.85;
/// How far a name beside a number tells whose it is, without a label.
const BESIDE_NUMBER: f32 = 0.85;

/// `Jane Roe, MD   NPI: …` at the foot of an order, where the label of the
/// name was lost: the name that a prescriber's degree follows, on the row of
/// a number that nobody else owns.
fn beside_number(paper: &Paper<'_>, leaf: &Leaf<'_>) -> Vec<Sighting> {
    let form = &leaf.form;
    let default = paper.cues.labels.default_roles.get(&leaf.kind);
    if default != Some(&Role::Ordering) {
        return Vec::new();
    }
    let free = |cell: usize| !form.fields.iter().any(|f| f.cell == cell);
    let rows = form.labelled(Label::Npi).map(|f| f.cell);
    let cells = rows.filter_map(|cell| form.sheet.left_of(cell).find(|&left| free(left)));
    cells
        .filter_map(|cell| {
            let snippet = form.sheet.cell_snippet(cell);
            let name = names::person(&paper.cues.member, &snippet).filter(|n| n.prescriber)?;
            Some(unlabelled(leaf, &snippet, name, BESIDE_NUMBER))
        })
        .collect()
}

/// Names in the rows of a role's NPIs: `Jane Roe, MD   1234567893` under a header.
fn in_row_of_number(paper: &Paper<'_>, role: Role, numbers: &Numbers) -> Vec<Sighting> {
    let cues = &paper.cues.member;
    let named = numbers.npi.iter().filter(|npi| npi.role == role).filter_map(|npi| {
        let (page, place) = (npi.seen.evidence.page?, npi.seen.evidence.bbox?);
        let leaf = paper.leaves.iter().find(|leaf| leaf.number() == page)?;
        let sheet = &leaf.form.sheet;
        // "Equipment" may end a name.
        let labelled = |cell: usize| leaf.form.fields.iter().any(|f| f.cell == cell && f.leads);
        let before = |cell: &usize| {
            let b = sheet.cells[*cell].bbox;
            b.shared_height(sheet.flat(place)) > 0.5 && b.x0() < place.x0() && !labelled(*cell)
        };
        (0..sheet.cells.len()).filter(before).find_map(|cell| {
            let snippet = with_next_line(paper, leaf, cell, &sheet.cell_snippet(cell));
            let name = match role {
                Role::Ordering => names::person(cues, &snippet).filter(|n| n.prescriber),
                Role::Rendering => {
                    names::company(cues, &snippet).filter(|n| names::is_supplier(cues, n))
                }
                Role::Facility => {
                    names::company(cues, &snippet).filter(|n| names::is_hospital(cues, n))
                }
                Role::Unknown => None,
            }?;
            Some(unlabelled(leaf, &snippet, names::behind_number(name), BESIDE_NUMBER))
        })
    });
    named.collect()
}

/// The one prescriber whom orders and request forms name, where no label told
/// who orders; of two, neither.
fn sole_prescriber(paper: &Paper<'_>) -> Vec<Sighting> {
    let cues = &paper.cues.member;
    let mut seen: Vec<Sighting> = Vec::new();
    for leaf in paper.leaves.iter().filter(|leaf| asks(leaf.kind)) {
        let sheet = &leaf.form.sheet;
        for cell in 0..sheet.cells.len() {
            let all = sheet.cell_snippet(cell);
            let starts: Vec<usize> = all.parts().map(|(_, range, _)| range.start).collect();
            let named = starts.into_iter().take(WORDS_BEFORE_A_NAME).find_map(|start| {
                let part = all.part(start..all.text.len());
                let name = names::person(cues, &part).filter(|n| n.prescriber)?;
                Some(unlabelled(leaf, &part, name, SOLE))
            });
            seen.extend(named);
        }
    }
    only_one(seen)
}

/// The one company that supplies, of all that requests and orders name, where no
/// label told who it is; of two, neither.
fn sole_supplier(paper: &Paper<'_>) -> Vec<Sighting> {
    let cues = &paper.cues.member;
    let mut seen: Vec<Sighting> = Vec::new();
    for leaf in paper.leaves.iter().filter(|leaf| asks(leaf.kind)) {
        let sheet = &leaf.form.sheet;
        let short = |cell: &usize| sheet.cells[*cell].words.len() <= WORDS_AROUND_A_NAME;
        for cell in (0..sheet.cells.len()).filter(short) {
            let all = sheet.cell_snippet(cell);
            let name = names::supplier_in(cues, &all);
            let name = name.filter(|name| !names::is_generic(cues, &name.text));
            seen.extend(name.map(|name| unlabelled(leaf, &all, name, SOLE)));
        }
    }
    only_one(seen)
}

/// Words of a cell that holds a name, at most.
const WORDS_AROUND_A_NAME: usize = 10;

/// Pages that name who orders and who supplies.
fn asks(kind: PageKind) -> bool {
    use PageKind::{Cmn, Order, PlanOfCare, PrecertForm};
    matches!(kind, Order | PrecertForm | Cmn | PlanOfCare)
}

/// Sightings of one name, however it was misread; none of several.
fn only_one(seen: Vec<Sighting>) -> Vec<Sighting> {
    let same = |one: &Sighting| {
        let (one, other) = (one.value.to_lowercase(), seen[0].value.to_lowercase());
        strsim::levenshtein(&one, &other) <= MISREAD
    };
    if seen.iter().all(same) { seen } else { Vec::new() }
}

/// Letters in which two readings of one name differ, at most.
const MISREAD: usize = 2;
/// Words of a label before a name in its cell, at most.
const WORDS_BEFORE_A_NAME: usize = 4;
/// How far the only prescriber of a document is he who orders.
const SOLE: f32 = 0.78;

/// A name that no label announced.
fn unlabelled(leaf: &Leaf<'_>, snippet: &Snippet, name: names::Name, weight: f32) -> Sighting {
    let evidence = leaf.form.sheet.evidence(&snippet.words(name.range.clone()));
    Sighting {
        value: name.text,
        raw: snippet.text[name.range].to_owned(),
        confidence: names::read(evidence.confidence).and(Confidence::new(weight)),
        repaired: false,
        evidence,
    }
}

/// `Electronically signed by Jane Roe, MD` under an order: who signs, orders.
fn signer(paper: &Paper<'_>, leaf: &Leaf<'_>) -> Option<Sighting> {
    if leaf.kind != PageKind::Order {
        return None;
    }
    let sheet = &leaf.form.sheet;
    leaf.tagged(PageTag::Signed).find_map(|hit| {
        let snippet = sheet.tail(sheet.cell_of(hit.first), Some(hit.last), None);
        let name = names::person(&paper.cues.member, &snippet).filter(|n| n.prescriber)?;
        Some(unlabelled(leaf, &snippet, name, SIGNS))
    })
}

/// First and last name as fields of their own in the ordering block.
fn split_name(paper: &Paper<'_>, leaf: &Leaf<'_>) -> Option<Sighting> {
    let cues = &paper.cues.member;
    let form = &leaf.form;
    let word = |label: Label| {
        form.labelled(label).find_map(|field| {
            let weight = in_block(paper, leaf, field, Role::Ordering)?;
            form.values(field).into_iter().find_map(|v| {
                let name = names::single(cues, &v.snippet)?;
                let words = v.snippet.words(name.range.clone());
                Some((name.text, words, weight))
            })
        })
    };
    let (given, given_words, weight) = word(Label::GivenName)?;
    let (family, family_words, _) = word(Label::FamilyName)?;
    let words: Vec<usize> = given_words.into_iter().chain(family_words).collect();
    let evidence = form.sheet.evidence(&words);
    let value = format!("{given} {family}");
    Some(Sighting {
        raw: value.clone(),
        value,
        confidence: names::read(evidence.confidence).and(weight),
        repaired: false,
        evidence,
    })
}
