//! Whether the sender claims urgency.

use super::choice::choice_after;
use super::cues::PageTag;
use super::findings::{Flag, Urgency};
use super::paper::{Leaf, Paper};
use super::signatures;
use super::tick;
use crate::recognize::recognized::TickState;
use crate::vocab::{Evidence, Note};

/// Claimed if any place says so: a word standing free, or a ticked box. A box
/// that is empty or cannot be read claims nothing, and is stated.
pub fn find(paper: &Paper<'_>, note: Option<&Leaf<'_>>, notes: &mut Vec<Note>) -> Flag<Urgency> {
    notes.extend(paper.leaves.iter().filter_map(unsigned));
    let kinds = &paper.cues.urgent.kinds;
    let leaves = paper.leaves.iter().filter(|l| kinds.contains(&l.kind));
    let mut seen: Vec<(Urgency, Evidence)> = leaves.flat_map(|l| on_page(paper, l)).collect();
    if let Some(note) = note {
        let said = on_page(paper, note).into_iter();
        seen.extend(said.map(|(u, e)| (u, Evidence::metadata(e.text.into_exposed()))));
    }
    let claimed = seen.iter().any(|(urgency, _)| *urgency == Urgency::Claimed);
    let value = if claimed { Urgency::Claimed } else { Urgency::None };
    Flag {
        value,
        evidence: seen.into_iter().filter(|(u, _)| *u == value).map(|(_, e)| e).collect(),
    }
}

/// An expedited review that a form lets be certified by a signature, ticked
/// without one. The claim stands; a person asks for what is missing.
fn unsigned(leaf: &Leaf<'_>) -> Option<Note> {
    let sheet = &leaf.form.sheet;
    leaf.tagged(PageTag::Attestation).next()?;
    let ticked = leaf
        .tagged(PageTag::Urgent)
        .any(|hit| tick::marks_near(sheet, hit.first, hit.last) == Some(true));
    (ticked && signatures::is_asked_for(leaf) && !signatures::is_signed(leaf)).then(|| {
        Note::page(
            "urgent.unsigned",
            leaf.number(),
            "an expedited review is ticked and not signed for, as the form asks",
        )
    })
}

fn on_page(paper: &Paper<'_>, leaf: &Leaf<'_>) -> Vec<(Urgency, Evidence)> {
    let sheet = &leaf.form.sheet;
    let decoys: Vec<_> = leaf.tagged(PageTag::UrgentDecoy).collect();
    let hits = leaf.tagged(PageTag::Urgent);
    hits.filter(|h| !decoys.iter().any(|d| d.first <= h.last && h.first <= d.last))
        .filter_map(|hit| {
            let tick = choice_after(paper, sheet, hit.last)
                .or_else(|| tick::beside(&paper.cues.boxes, sheet, hit.first, hit.last));
            if let Some(tick) = tick {
                let claimed = tick.state == TickState::Ticked;
                let urgency = if claimed { Urgency::Claimed } else { Urgency::None };
                return Some((urgency, tick.evidence));
            }
            let quoted = sheet.quote(hit.first, hit.last);
            // A choice with another box on its line, whose own box was lost:
            // the word alone is the template's.
            if is_choice(paper, leaf, hit.first, hit.last) {
                return None;
            }
            let denied = denied(sheet, hit.last);
            (!denied).then_some((Urgency::Claimed, quoted))
        })
        .collect()
}

/// `Urgent: No`, `Urgent? N/A`.
fn denied(sheet: &super::layout::Sheet<'_>, last: usize) -> bool {
    let next = sheet.next(last).filter(|&n| sheet.cell_of(n) == sheet.cell_of(last));
    next.is_some_and(|n| matches!(sheet.pieces[n].folded.as_str(), "no" | "n" | "na"))
}

/// Whether the word is one of several choices: another cell or word of its
/// row has a box, or the row names the alternatives in a slash list.
fn is_choice(paper: &Paper<'_>, leaf: &Leaf<'_>, first: usize, last: usize) -> bool {
    let sheet = &leaf.form.sheet;
    let row = sheet.cells[sheet.cell_of(first)].row;
    let mark_on_row =
        sheet.page.marks.iter().any(|m| m.bbox.shared_height(sheet.piece_box(first, last)) > 0.3);
    let boxes_on_row = sheet.row_words(row).iter().any(|&w| {
        let text = sheet.words[w].text;
        text.starts_with(['[', '☐', '□', '☒', '☑'])
            && tick::state_of(&paper.cues.boxes, text).is_some()
    });
    let text = sheet.words[sheet.pieces[last].word].text;
    let listed = text.contains('/') && !text.contains("//");
    mark_on_row || boxes_on_row || listed
}
