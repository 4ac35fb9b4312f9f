//! Letterheads: who prints his name and address on top of his own paper.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::findings::{PageKind, Role};
use super::labels::{ALIGNED, FieldHit, FieldTag, Label};
use super::layout::Snippet;
use super::names;
use super::paper::{Leaf, Paper};
use super::sighting::Sighting;
use crate::vocab::Confidence;

/// Share of the page's height in which a letterhead stands.
const BAND: f32 = 0.16;
/// How far a company named somewhere on a cover is the supplier.
const MENTIONED: f32 = 0.72;
/// How far it is where somebody is said to be of it.
const OF_A_CONTACT: f32 = 0.8;
/// Its first rows, and the most words of a company's name in one of them.
const HEAD_ROWS: usize = 4;
const HEAD_WORDS: usize = 8;
/// How far a letterhead tells who somebody is: the page is his, and he may
/// still be in another role in this request.
pub const WEIGHT: f32 = 0.85;

/// Number and street, town, state, ZIP, on one line.
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, compiled in every test")]
    Regex::new(r"\d{1,6} [A-Z][^:;|]{4,60}?,? [A-Z]{2},? \d{5}(?:-\d{4})?").unwrap()
});

/// The company on top of a page, or in the line of its sender, with its role.
struct Sender {
    role: Role,
    name: Sighting,
}

/// Whoever this page comes from, if his name tells what he is.
fn sender(paper: &Paper<'_>, leaf: &Leaf<'_>) -> Option<Sender> {
    let sheet = &leaf.form.sheet;
    let cues = &paper.cues.member;
    // Of the first rows, the one that names a company: above it may stand a
    // title, or what is left of the header strip.
    let on_top = || {
        let rows = sheet.rows.iter().filter(|row| !row.is_empty()).take(HEAD_ROWS);
        let labelled = |cell: usize| leaf.form.fields.iter().any(|f| f.cell == cell && f.colon);
        let cells = rows
            .flatten()
            .copied()
            .filter(|&cell| sheet.cells[cell].bbox.y0() <= BAND && !labelled(cell));
        cells.map(|cell| sheet.cell_snippet(cell)).find(|snippet| {
            let words = snippet.text.split_whitespace().count();
            let named = names::company(cues, snippet);
            words <= HEAD_WORDS
                && named.is_some_and(|name| {
                    names::is_supplier(cues, &name) || names::is_hospital(cues, &name)
                })
        })
    };
    // `From: Jane Roe, Lakeside Home Medical`, `From: Jane Roe at Lakeside Home
    // Medical`: the company comes last.
    let from = || {
        let field = leaf.form.labelled(Label::From).next()?;
        let value = leaf.form.values(field).into_iter().next()?;
        let text = &value.snippet.text;
        let after = |mark: &str| text.rfind(mark).map(|place| place + mark.len());
        let marks = [",", " at ", " of ", " with ", " - ", " / ", " from "];
        // "Institute of Sleep" is a name: the first mark that leaves a supplier's.
        let mut starts: Vec<usize> = marks.into_iter().filter_map(after).collect();
        starts.sort_unstable();
        let rest = |start: usize| value.snippet.part(start..text.len());
        let supplies = |start: &usize| {
            names::company(cues, &rest(*start)).is_some_and(|name| names::is_supplier(cues, &name))
        };
        let person = names::person(cues, &value.snippet).is_some();
        let fitting = starts.iter().copied().filter(|_| person).find(supplies);
        let company =
            fitting.or(starts.last().copied().filter(|_| text.contains([',']))).unwrap_or(0);
        Some(value.snippet.part(company..value.snippet.text.len()))
    };
    let named = |snippet: Snippet| {
        let name = names::company(cues, &snippet)?;
        let role = match leaf.kind {
            PageKind::HistoryPhysical
            | PageKind::DischargeSummary
            | PageKind::DischargePlan
            | PageKind::ProgressNote
            | PageKind::FaxCover
                if names::is_hospital(cues, &name) =>
            {
                Role::Facility
            }
            PageKind::FaxCover | PageKind::Letter | PageKind::PrecertForm
                if names::is_supplier(cues, &name) =>
            {
                Role::Rendering
            }
            _ => return None,
        };
        let name = sighting(leaf, &snippet, name, WEIGHT);
        Some(Sender { role, name })
    };
    on_top().and_then(named).or_else(|| from().and_then(named)).or_else(|| prescriber(paper, leaf))
}

/// A name where it was seen, believed as far as its place tells.
fn sighting(leaf: &Leaf<'_>, snippet: &Snippet, name: names::Name, weight: f32) -> Sighting {
    let evidence = leaf.form.sheet.evidence(&snippet.words(name.range.clone()));
    Sighting {
        value: name.text,
        raw: snippet.text[name.range].to_owned(),
        confidence: names::read(evidence.confidence).and(Confidence::new(weight)),
        repaired: false,
        evidence,
    }
}

/// A physician who writes a letter: on paper of his own, or under his name.
fn prescriber(paper: &Paper<'_>, leaf: &Leaf<'_>) -> Option<Sender> {
    if leaf.kind != PageKind::Letter {
        return None;
    }
    let sheet = &leaf.form.sheet;
    let named = |cell: usize| {
        let snippet = sheet.cell_snippet(cell);
        let name = names::person(&paper.cues.member, &snippet).filter(|name| name.prescriber)?;
        Some(sighting(leaf, &snippet, name, WEIGHT))
    };
    let rows = || sheet.rows.iter().filter(|row| !row.is_empty());
    let in_band = |cell: &usize| sheet.cells[*cell].bbox.y0() <= BAND;
    let head = rows().take(HEAD_ROWS).flatten().copied().filter(in_band).find_map(named);
    // At the foot nothing stands in his line but his name and his degree.
    let alone =
        |row: &&Vec<usize>| row.len() == 1 && sheet.cells[row[0]].words.len() <= WORDS_OF_A_SIGNER;
    let foot = || rows().rev().take(FOOT_ROWS).filter(alone).find_map(|row| named(row[0]));
    head.or_else(foot).map(|name| Sender { role: Role::Ordering, name })
}

/// Rows at the foot of a letter in which whoever writes it signs, and the most
/// words of that line.
const FOOT_ROWS: usize = 9;
const WORDS_OF_A_SIGNER: usize = 6;

/// Whether a page comes from somebody in this role.
pub fn is_from(paper: &Paper<'_>, leaf: &Leaf<'_>, role: Role) -> bool {
    sender(paper, leaf).is_some_and(|sender| sender.role == role)
}

/// Whether a label stands in the head of its page, above all that says to whom
/// it goes.
pub fn is_in_head(leaf: &Leaf<'_>, field: &FieldHit) -> bool {
    let cells = &leaf.form.sheet.cells;
    let row = cells[field.cell].row;
    let addressed = leaf.form.labelled(Label::To).any(|to| cells[to.cell].row <= row);
    cells[field.cell].bbox.y0() <= BAND && !addressed
}

/// The name of whoever a page comes from: the supplier who sends the fax, the
/// hospital on whose paper a stay is written up.
pub fn name(paper: &Paper<'_>, leaf: &Leaf<'_>, role: Role) -> Option<Sighting> {
    sender(paper, leaf).filter(|sender| sender.role == role).map(|sender| sender.name)
}

/// Suppliers named on a cover or in a letter without any label that we know:
/// who sends a request for equipment is mostly who supplies it.
pub fn mentioned(paper: &Paper<'_>, leaf: &Leaf<'_>) -> Vec<Sighting> {
    if !matches!(leaf.kind, PageKind::FaxCover | PageKind::Letter) {
        return Vec::new();
    }
    let sheet = &leaf.form.sheet;
    // "Questions go to Jane Roe of …" is no address.
    let to =
        |cell: usize| leaf.form.labelled(Label::To).any(|f| f.cell == cell && (f.leads || f.colon));
    (0..sheet.cells.len())
        .filter(|&cell| !to(cell))
        .filter_map(|cell| {
            let snippet = sheet.cell_snippet(cell);
            let name = names::supplier_in(&paper.cues.member, &snippet)?;
            // "Call Jane Roe of Lakeside Home Medical": hers is the fax.
            let before = snippet.text[..name.range.start].trim_end();
            let hers = before.ends_with(" of") || before.ends_with(" at");
            let weight = if hers { OF_A_CONTACT } else { MENTIONED };
            Some(sighting(leaf, &snippet, name, weight))
        })
        .collect()
}

/// Rows of a closing below the company's name: address, telephone, fax.
const CLOSING_ROWS: usize = 4;

/// Whether a cell stands in the closing of a cover or letter, under the name of
/// the supplier who sends it.
pub fn is_in_closing(paper: &Paper<'_>, leaf: &Leaf<'_>, cell: usize) -> bool {
    if !matches!(leaf.kind, PageKind::FaxCover | PageKind::Letter) {
        return false;
    }
    let sheet = &leaf.form.sheet;
    let own = &sheet.cells[cell];
    let edge = sheet.rows[own.row].iter().map(|&c| sheet.cells[c].bbox.x0()).fold(1.0, f32::min);
    let to = |cell: usize| leaf.form.labelled(Label::To).any(|f| f.cell == cell);
    let above = sheet.rows[own.row.saturating_sub(CLOSING_ROWS)..own.row].iter().rev();
    above.take_while(|row| !row.iter().any(|&c| to(c))).any(|row| {
        let Some(&first) = row.first() else { return false };
        let snippet = sheet.cell_snippet(first);
        (sheet.cells[first].bbox.x0() - edge).abs() <= ALIGNED
            && snippet.text.split_whitespace().count() <= HEAD_WORDS
            && names::supplier_in(&paper.cues.member, &snippet).is_some()
    })
}

/// The address on the paper of whoever writes pages of this kind, on top or in
/// the closing.
pub fn address(paper: &Paper<'_>, leaf: &Leaf<'_>, role: Role) -> Option<Sighting> {
    let by_kind = paper.cues.labels.default_roles.get(&leaf.kind) == Some(&role);
    let on_top = by_kind || is_from(paper, leaf, role);
    let sheet = &leaf.form.sheet;
    // Beside a birth date or a member id stands the patient's own.
    let of_patient = |cell: usize| {
        let row = sheet.cells[cell].row;
        leaf.form.fields.iter().any(|f| {
            let label = matches!(
                f.hit.tag,
                FieldTag::Patient
                    | FieldTag::Label(Label::PatientName | Label::BirthDate | Label::MemberId)
            );
            label && sheet.cells[f.cell].row.abs_diff(row) <= 1
        })
    };
    let cells = (0..sheet.cells.len()).filter(|&cell| {
        on_top && sheet.cells[cell].bbox.y0() <= BAND && !of_patient(cell)
            || role == Role::Rendering && is_in_closing(paper, leaf, cell)
    });
    // Farther down whoever sends a cover says where he is: "we are at …".
    let told = || {
        let sends = leaf.kind == PageKind::FaxCover && on_top;
        let mut all = (0..sheet.cells.len()).filter(|&cell| {
            sends && !of_patient(cell) && in_text(&sheet.cell_snippet(cell).text).is_some()
        });
        let first = all.next()?;
        all.next().is_none().then(|| sheet.cell_snippet(first))
    };
    let mut snippets = cells.map(|cell| {
        let own = sheet.cell_snippet(cell);
        if in_text(&own.text).is_some() { own } else { with_town(leaf, cell).unwrap_or(own) }
    });
    let found = snippets.find(|snippet| in_text(&snippet.text).is_some());
    found.or_else(told).and_then(|snippet| {
        let found = in_text(&snippet.text)?;
        let evidence = sheet.evidence(&snippet.words(found.clone()));
        let text = snippet.text[found].to_owned();
        Some(Sighting {
            value: text.clone(),
            raw: text,
            confidence: names::read(evidence.confidence).and(Confidence::new(WEIGHT)),
            repaired: false,
            evidence,
        })
    })
}

/// A street and the town on the line beneath it, as one text.
fn with_town(leaf: &Leaf<'_>, cell: usize) -> Option<Snippet> {
    let sheet = &leaf.form.sheet;
    let mut street = sheet.cell_snippet(cell);
    let labelled = leaf.form.fields.iter().any(|f| f.cell == cell && f.colon);
    if labelled || !street.text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let town = *sheet.rows.get(sheet.cells[cell].row + 1)?.iter().find(|&&below| {
        (sheet.cells[below].bbox.x0() - sheet.cells[cell].bbox.x0()).abs() <= ALIGNED
    })?;
    street.extend(&sheet.cell_snippet(town));
    in_text(&street.text).filter(|found| found.start == 0)?;
    Some(street)
}

/// Where an address on one line stands in a text.
pub fn in_text(text: &str) -> Option<Range<usize>> {
    ADDRESS.find(text).map(|found| found.range())
}
