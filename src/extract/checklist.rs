//! Which checklist items are there: pages of the right kind first, then
//! phrases and findings. A form's words are not the item they name.

use jiff::civil::Date;

use super::calendar::months_before;
use super::cues::{ItemCues, PageTag};
use super::dates;
use super::earlier_use;
use super::findings::{Findings, Item, ItemFinding, ItemStatus, PageKind, Role};
use super::labels::Label;
use super::layout::Sheet;
use super::paper::{Leaf, Paper};
use super::phrase::folded_words;
use super::signatures::{self, is_empty_after};
use super::tick;
use crate::recognize::recognized::TickState;
use crate::vocab::Evidence;

/// Every item, in the contract's order. `findings` is complete but for the
/// checklist itself.
pub fn find(paper: &Paper<'_>, findings: &Findings) -> Vec<ItemFinding> {
    Item::ALL.iter().map(|&item| judge(paper, findings, item)).collect()
}

fn judge(paper: &Paper<'_>, findings: &Findings, item: Item) -> ItemFinding {
    let Some(cues) = paper.cues.checklist.item.iter().find(|c| c.id == item) else {
        return finding(item, ItemStatus::Missing, vec![]);
    };
    match item {
        Item::WrittenPrescription => written_prescription(paper, cues),
        Item::VisitNote => visit_note(paper, cues),
        Item::Diagnosis | Item::Icd10 => diagnosis(paper, findings, cues),
        Item::AnticipatedDischargeDate => {
            let date = findings.dates.anticipated_discharge.as_ref();
            present_if(item, date.map(|f| f.evidence.clone()).unwrap_or_default())
        }
        Item::RentalPurchaseQuantity => rental_purchase_quantity(paper, findings, cues),
        Item::Vendor | Item::SiteOfCare => provider(findings, item, Role::Rendering),
        Item::OrderingPhysician => provider(findings, item, Role::Ordering),
        Item::ServicesRequested => {
            let codes = findings.hcpcs.iter().flat_map(|h| h.evidence.iter().take(1).cloned());
            let mut evidence: Vec<Evidence> = codes.collect();
            evidence.extend(phrases(paper, cues));
            present_if(item, evidence)
        }
        Item::PreviousUse => answered(paper, cues),
        Item::Cmn
        | Item::PrecertForm
        | Item::Invoice
        | Item::HistoryPhysicalOrProgress
        | Item::Wound
        | Item::TherapyOrClinicalNotes
        | Item::MedicationList
        | Item::DischargePlanOrSummary
        | Item::TimeAudit
        | Item::TherapyGoalsAndFunction
        | Item::PriorLevelOfFunction
        | Item::CurrentLevelOfFunction
        | Item::TherapyProgress
        | Item::DischargePlanAndBarriers
        | Item::RecentExamAndTests
        | Item::PreviousTestResults
        | Item::SupportingClinicals => by_cues(paper, cues),
    }
}

fn finding(item: Item, status: ItemStatus, evidence: Vec<Evidence>) -> ItemFinding {
    ItemFinding { item, status, evidence }
}

fn present_if(item: Item, evidence: Vec<Evidence>) -> ItemFinding {
    let status = if evidence.is_empty() { ItemStatus::Missing } else { ItemStatus::Present };
    finding(item, status, evidence)
}

/// A page of the kind, or enough phrases elsewhere; fewer are unclear.
fn by_cues(paper: &Paper<'_>, cues: &ItemCues) -> ItemFinding {
    let mut evidence = pages(paper, cues);
    if !evidence.is_empty() {
        return present_if(cues.id, evidence);
    }
    evidence = phrases(paper, cues);
    let columns = columns(paper, cues);
    if !columns.is_empty() {
        return present_if(cues.id, columns);
    }
    let status = match evidence.len() {
        0 => ItemStatus::Missing,
        n if n < cues.need => ItemStatus::Unclear,
        _ => ItemStatus::Present,
    };
    finding(cues.id, status, evidence)
}

/// Headers of the item's columns: a word or two that stand alone in a row of
/// others.
fn columns(paper: &Paper<'_>, cues: &ItemCues) -> Vec<Evidence> {
    let headers: Vec<Vec<String>> = cues.columns.iter().map(|c| folded_words(c)).collect();
    let leaves = paper.leaves.iter().filter(|l| cues.columns_on.contains(&l.kind));
    let mut evidence = Vec::new();
    for leaf in leaves {
        let sheet = &leaf.form.sheet;
        for cell in sheet.cells.iter().filter(|cell| sheet.rows[cell.row].len() > LEAST_COLUMNS) {
            let words = sheet.pieces[cell.pieces.clone()].iter().map(|p| p.folded.as_str());
            if headers.iter().any(|header| words.clone().eq(header.iter().map(String::as_str))) {
                evidence.push(sheet.quote(cell.pieces.start, cell.pieces.end - 1));
            }
        }
    }
    evidence
}

/// A table of what somebody can do has more columns than this.
const LEAST_COLUMNS: usize = 2;

/// The titles of pages of the item's kinds.
fn pages(paper: &Paper<'_>, cues: &ItemCues) -> Vec<Evidence> {
    let leaves = paper.leaves.iter().filter(|l| cues.kinds.contains(&l.kind));
    leaves.filter_map(title).collect()
}

/// What shows a page's kind: its title, else its first words.
fn title(leaf: &Leaf<'_>) -> Option<Evidence> {
    let sheet = &leaf.form.sheet;
    let speaks = |tag: PageTag| {
        tag == PageTag::Title(leaf.kind)
            || tag == PageTag::Field(leaf.kind)
            || tag == PageTag::Body(leaf.kind)
    };
    let hit = leaf
        .hits
        .iter()
        .filter(|h| speaks(h.tag))
        .min_by_key(|h| (h.tag != PageTag::Title(leaf.kind), h.first));
    hit.map(|h| sheet.quote(h.first, h.last))
}

/// Different phrases of an item, each once; those denied, or beside an empty
/// box, left out.
fn phrases(paper: &Paper<'_>, cues: &ItemCues) -> Vec<Evidence> {
    let mut evidence = Vec::new();
    let mut said: Vec<String> = Vec::new();
    let speaks = |leaf: &&Leaf<'_>| {
        cues.beside.is_empty() || leaf.tagged(PageTag::ItemBeside(cues.id)).next().is_some()
    };
    let leaves = paper.leaves.iter().filter(|l| !cues.not_on.contains(&l.kind));
    for leaf in leaves.filter(speaks) {
        let sheet = &leaf.form.sheet;
        let against: Vec<_> = leaf.tagged(PageTag::ItemAgainst(cues.id)).collect();
        for hit in leaf.tagged(PageTag::Item(cues.id)) {
            let denied = against.iter().any(|a| a.first <= hit.last && hit.first <= a.last);
            if denied || tick::marks_near(sheet, hit.first, hit.last) == Some(false) {
                continue;
            }
            let words: String = (hit.first..=hit.last.max(hit.first))
                .map(|p| sheet.pieces[p].folded.as_str())
                .collect();
            if !said.contains(&words) {
                said.push(words);
                evidence.push(sheet.quote(hit.first, hit.last));
            }
        }
    }
    evidence
}

/// An order is signed if something stands at its signature line: a name, an
/// "electronically signed by", or ink that OCR made words of.
fn written_prescription(paper: &Paper<'_>, cues: &ItemCues) -> ItemFinding {
    let orders: Vec<&Leaf<'_>> =
        paper.leaves.iter().filter(|l| cues.kinds.contains(&l.kind)).collect();
    let evidence: Vec<Evidence> = orders.iter().filter_map(|l| title(l)).collect();
    if orders.is_empty() {
        return finding(cues.id, ItemStatus::Missing, vec![]);
    }
    let signed = orders.iter().any(|l| signatures::is_signed(l));
    let has_line = orders.iter().any(|l| signatures::is_asked_for(l));
    let status = match (signed, has_line) {
        (true, _) | (false, false) => ItemStatus::Present,
        (false, true) => ItemStatus::PresentUnsigned,
    };
    finding(cues.id, status, evidence)
}

/// Present if a visit is recent enough, stale if all that are dated are
/// older, unclear if none can be dated. The history and physical of a
/// hospital stay counts as a visit.
fn visit_note(paper: &Paper<'_>, cues: &ItemCues) -> ItemFinding {
    let earliest = months_before(paper.received_on, paper.cues.checklist.visit_months);
    let notes: Vec<&Leaf<'_>> =
        paper.leaves.iter().filter(|l| cues.kinds.contains(&l.kind)).collect();
    let mut dated: Vec<(Date, Evidence)> = Vec::new();
    for leaf in &notes {
        for visit in dates::visits_on(paper, leaf) {
            if let Some(day) = dates::day(&visit.value).filter(|d| *d <= paper.received_on) {
                dated.push((day, visit.evidence));
            }
        }
    }
    let mut evidence: Vec<Evidence> = notes.iter().filter_map(|l| title(l)).collect();
    let newest = dated.iter().map(|(day, _)| *day).max();
    let status = match newest {
        Some(day) if day >= earliest => ItemStatus::Present,
        Some(_) => ItemStatus::Stale,
        None if notes.is_empty() => ItemStatus::Missing,
        None => ItemStatus::Unclear,
    };
    evidence.extend(dated.into_iter().filter(|(d, _)| Some(*d) == newest).map(|(_, e)| e).take(1));
    finding(cues.id, status, evidence)
}

/// A code, or a labelled diagnosis in words.
fn diagnosis(paper: &Paper<'_>, findings: &Findings, cues: &ItemCues) -> ItemFinding {
    let evidence: Vec<Evidence> =
        findings.icd10.iter().flat_map(|c| c.evidence.iter().take(1).cloned()).collect();
    if !evidence.is_empty() || cues.id == Item::Icd10 {
        return present_if(cues.id, evidence);
    }
    let mut words = Vec::new();
    for leaf in paper.leaves.iter().filter(|l| !cues.not_on.contains(&l.kind)) {
        for field in leaf.form.labelled(Label::Diagnosis) {
            let value = leaf.form.values(field).into_iter().next();
            let Some(value) = value else { continue };
            let letters = value.snippet.text.chars().filter(|c| c.is_alphabetic()).count();
            if letters >= 4 {
                let all = value.snippet.words(0..value.snippet.text.len());
                words.push(leaf.form.sheet.evidence(&all));
            }
        }
    }
    present_if(cues.id, words)
}

fn provider(findings: &Findings, item: Item, role: Role) -> ItemFinding {
    let Some(provider) = findings.providers.iter().find(|p| p.role == role) else {
        return finding(item, ItemStatus::Missing, vec![]);
    };
    let evidence: Vec<Evidence> = [&provider.name, &provider.npi, &provider.address]
        .into_iter()
        .flatten()
        .flat_map(|f| f.evidence.iter().take(1).cloned())
        .collect();
    // Who orders is told by a name; a supplier or site by a name and a number
    // or an address. A number without a name is for a person.
    let placed = provider.npi.is_some() || provider.address.is_some();
    let told = provider.name.is_some() && (placed || role == Role::Ordering);
    let status = match (told, evidence.is_empty()) {
        (true, _) => ItemStatus::Present,
        (false, false) => ItemStatus::Unclear,
        (false, true) => ItemStatus::Missing,
    };
    finding(item, status, evidence)
}

/// A modifier or a ticked choice that says rental or purchase, and a quantity.
fn rental_purchase_quantity(
    paper: &Paper<'_>,
    findings: &Findings,
    cues: &ItemCues,
) -> ItemFinding {
    let with_modifiers = findings.hcpcs.iter().filter(|c| !c.modifiers.is_empty());
    let mut evidence: Vec<Evidence> =
        with_modifiers.flat_map(|c| c.evidence.iter().take(1).cloned()).collect();
    let mut choice = !evidence.is_empty();
    for leaf in paper.leaves.iter().filter(|l| !cues.not_on.contains(&l.kind)) {
        for field in leaf.form.labelled(Label::Acquisition) {
            let (first, last) = (field.hit.first, field.hit.last);
            let sheet = &leaf.form.sheet;
            let ticked = tick::beside(&paper.cues.boxes, sheet, first, last);
            if let Some(tick) = ticked.filter(|t| t.state == TickState::Ticked) {
                evidence.push(tick.evidence);
                choice = true;
            }
        }
    }
    let said = phrases(paper, cues);
    choice |= !said.is_empty();
    evidence.extend(said);
    let quantity = findings.hcpcs.iter().any(|c| c.units.is_some());
    let status = match (choice, quantity) {
        (true, true) => ItemStatus::Present,
        (true, false) | (false, true) => ItemStatus::Unclear,
        (false, false) => ItemStatus::Missing,
    };
    if evidence.is_empty() && quantity {
        let counted = findings.hcpcs.iter().filter(|c| c.units.is_some());
        evidence.extend(counted.flat_map(|c| c.evidence.iter().take(1).cloned()));
    }
    finding(cues.id, status, evidence)
}

/// A question is an answer only when something was written or ticked.
fn answered(paper: &Paper<'_>, cues: &ItemCues) -> ItemFinding {
    let mut evidence = Vec::new();
    let mut asked = false;
    for leaf in paper.leaves.iter().filter(|l| !cues.not_on.contains(&l.kind)) {
        let sheet = &leaf.form.sheet;
        let against: Vec<_> = leaf.tagged(PageTag::ItemAgainst(cues.id)).collect();
        for (first, last) in questions(paper, leaf, cues.id) {
            if against.iter().any(|a| a.first <= last + 3 && first <= a.last + 3) {
                continue;
            }
            // `Previously used? [ ] Yes [x] No`: either answer is one.
            let choices = tick::choices_after(sheet, first, last);
            if !choices.is_empty() {
                asked = true;
                evidence.extend(
                    choices
                        .iter()
                        .filter(|m| m.state == TickState::Ticked)
                        .map(|m| tick::marked(sheet, m, first, last)),
                );
                continue;
            }
            let tick = tick::beside(&paper.cues.boxes, sheet, first, last);
            match tick.map(|t| (t.state, t.evidence)) {
                Some((TickState::Ticked, e)) => evidence.push(e),
                Some((TickState::Empty | TickState::Unclear, _)) => asked = true,
                None if super::labels::followed_by_colon(sheet, last)
                    && !is_answered_after(sheet, last) =>
                {
                    asked = true;
                }
                None => evidence.push(sheet.quote(first, last)),
            }
        }
    }
    let status = match (evidence.is_empty(), asked) {
        (false, _) => ItemStatus::Present,
        (true, true) => ItemStatus::Unclear,
        (true, false) => ItemStatus::Missing,
    };
    finding(cues.id, status, evidence)
}

/// Where an item is asked for: by a phrase that is known, or on a form in words
/// of its own.
fn questions(paper: &Paper<'_>, leaf: &Leaf<'_>, item: Item) -> Vec<(usize, usize)> {
    let form = matches!(leaf.kind, PageKind::PrecertForm | PageKind::Order | PageKind::Cmn);
    let mut all = if form {
        earlier_use::questions(&paper.cues.checklist.earlier_use, &leaf.form.sheet)
    } else {
        Vec::new()
    };
    let known = leaf.tagged(PageTag::Item(item)).map(|hit| (hit.first, hit.last));
    // A phrase inside a question is part of it.
    let known =
        known.filter(|(first, last)| !all.iter().any(|own| own.0 <= *first && *last <= own.1));
    let known: Vec<(usize, usize)> = known.collect();
    all.extend(known);
    all
}

/// Whether something is written behind a question: words, or the shortest of
/// answers.
fn is_answered_after(sheet: &Sheet<'_>, last: usize) -> bool {
    let cell = sheet.cell_of(last);
    let beside = sheet.right_of(cell).first().map(|&c| sheet.cell_snippet(c));
    let behind = sheet.tail(cell, Some(last), None);
    let said = [Some(behind), beside].into_iter().flatten().any(|said| {
        let said = said.text.to_lowercase();
        let word = said.split_whitespace().last().unwrap_or_default();
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        matches!(word, "no" | "yes" | "n" | "y" | "na" | "n/a")
    });
    said || !is_empty_after(sheet, last)
}
