//! Letterheads: who prints his name and address on top of his own paper.

use std::sync::LazyLock;

use regex::Regex;

use super::findings::{PageKind, Role};
use super::names;
use super::paper::{Leaf, Paper};
use super::sighting::Sighting;
use crate::vocab::Confidence;

/// Share of the page's height in which a letterhead stands.
const BAND: f32 = 0.16;
/// How far a letterhead tells who somebody is: the page is his, and he may
/// still be in another role in this request.
const WEIGHT: f32 = 0.85;

/// Number and street, town, state, ZIP, on one line.
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, compiled in every test")]
    Regex::new(r"\d{1,6} [A-Z][^:;|]{4,60}?,? [A-Z]{2},? \d{5}(?:-\d{4})?").unwrap()
});

/// The hospital on whose paper a stay is written up.
pub fn name(paper: &Paper<'_>, leaf: &Leaf<'_>, role: Role) -> Option<Sighting> {
    let of_a_stay = matches!(
        leaf.kind,
        PageKind::HistoryPhysical
            | PageKind::DischargeSummary
            | PageKind::DischargePlan
            | PageKind::ProgressNote
    );
    if role != Role::Facility || !of_a_stay {
        return None;
    }
    let sheet = &leaf.form.sheet;
    let row = sheet.rows.iter().find(|row| !row.is_empty())?;
    let &[cell] = row.as_slice() else { return None };
    if sheet.cells[cell].bbox.y0() > BAND {
        return None;
    }
    let snippet = sheet.cell_snippet(cell);
    let cues = &paper.cues.member;
    let name = names::company(cues, &snippet).filter(|n| names::is_hospital(cues, n))?;
    let evidence = sheet.evidence(&snippet.words(name.range.clone()));
    Some(Sighting {
        value: name.text,
        raw: snippet.text[name.range].to_owned(),
        confidence: names::read(evidence.confidence).and(Confidence::new(WEIGHT)),
        repaired: false,
        evidence,
    })
}

/// The address on the paper of whoever writes pages of this kind.
pub fn address(paper: &Paper<'_>, leaf: &Leaf<'_>, role: Role) -> Option<Sighting> {
    if paper.cues.labels.default_roles.get(&leaf.kind) != Some(&role) {
        return None;
    }
    let sheet = &leaf.form.sheet;
    let cells = sheet.rows.iter().flatten().filter(|&&c| sheet.cells[c].bbox.y0() <= BAND);
    cells.copied().find_map(|cell| {
        let snippet = sheet.cell_snippet(cell);
        let found = ADDRESS.find(&snippet.text)?;
        let evidence = sheet.evidence(&snippet.words(found.range()));
        Some(Sighting {
            value: found.as_str().to_owned(),
            raw: found.as_str().to_owned(),
            confidence: names::read(evidence.confidence).and(Confidence::new(WEIGHT)),
            repaired: false,
            evidence,
        })
    })
}
