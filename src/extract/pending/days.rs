//! Days of discharge still to come.

use jiff::civil::Date;

use super::super::calendar::{Pivot, dates};
use super::super::cues::PageTag;
use super::super::findings::PendingDischarge;
use super::super::labels::Label;
use super::super::paper::{Leaf, Paper};
use super::Saying;
use crate::vocab::Evidence;

/// A discharge dated today or later, on the cover or form.
pub fn to_come(paper: &Paper<'_>) -> Vec<Saying> {
    let triggers = &paper.cues.pending.strong_kinds;
    let leaves = paper.leaves.iter().filter(|l| triggers.contains(&l.kind));
    leaves
        .flat_map(|leaf| on_page(paper, leaf))
        .map(|(_, evidence)| Saying { grade: PendingDischarge::Medium, evidence })
        .collect()
}

/// Dates of discharge on a page that are not past at receipt.
fn on_page(paper: &Paper<'_>, leaf: &Leaf<'_>) -> Vec<(Date, Evidence)> {
    let form = &leaf.form;
    let labels = form.labelled(Label::DischargeDate).chain(form.labelled(Label::Discharged));
    let mut found = Vec::new();
    for field in labels {
        if leaf.hits.iter().any(|h| {
            h.tag == PageTag::PendingDecoy && h.first <= field.hit.last && field.hit.first <= h.last
        }) {
            continue;
        }
        for value in form.values(field) {
            let near = value
                .snippet
                .text
                .char_indices()
                .nth(24)
                .map_or(value.snippet.text.len(), |(i, _)| i);
            let day = dates(&value.snippet.text, paper.received_on, Pivot::Nearest)
                .into_iter()
                .find(|w| w.range.start <= near);
            let Some(day) = day else { continue };
            if day.date >= paper.received_on {
                let mut words = form.sheet.words_of(field.hit.first, field.hit.last);
                words.extend(value.snippet.words(day.range));
                found.push((day.date, form.sheet.evidence(&words)));
            }
            break;
        }
    }
    found
}

/// An empty box says nothing while the patient lies in hospital and leaves
/// today or later.
pub fn despite_empty_box(paper: &Paper<'_>, sayings: &[Saying]) -> Option<Saying> {
    let empty = sayings.iter().any(|s| {
        s.grade == PendingDischarge::None && s.evidence.text.expose().ends_with("not ticked")
    });
    let stay = paper.leaves.iter().any(|l| l.tagged(PageTag::Stay).next().is_some());
    if !empty || !stay {
        return None;
    }
    let (_, evidence) = paper.leaves.iter().flat_map(|l| on_page(paper, l)).next()?;
    Some(Saying { grade: PendingDischarge::Medium, evidence })
}
