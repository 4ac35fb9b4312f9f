//! What the summary says, in the order a reviewer asks.

use super::sheet::{self, Sheet, Sign};
use super::{Summary, wording};
use crate::decide::disposition::{FieldStatus, Lane, Severity};
use crate::extract::findings::{
    Field, HcpcsFinding, Item, ItemFinding, ItemStatus, PageKind, PendingDischarge, Provider, Role,
    Urgency,
};
use crate::vocab::{Confidence, Evidence};

/// Below this a value is marked for checking. Half-way between "listed"
/// (0.60) and certain: a reader who finds every second value marked stops
/// looking at the marks.
const DOUBTFUL: f32 = 0.80;
/// Most notes printed; the manifest has them all.
const MOST_NOTES: usize = 20;

/// Writes everything.
pub fn write(sheet: &mut Sheet, summary: &Summary) {
    head(sheet, summary);
    alerts(sheet, summary);
    reasons(sheet, summary);
    request(sheet, summary);
    checklist(sheet, summary);
    required(sheet, summary);
    pages(sheet, summary);
    notes(sheet, summary);
}

fn head(sheet: &mut Sheet, summary: &Summary) {
    let disposition = &summary.disposition;
    let colour = match disposition.lane {
        Lane::Expedited => sheet::RED,
        Lane::Urgent => sheet::AMBER,
        Lane::Standard | Lane::Retro => sheet::GREY,
    };
    let lane = disposition.lane.as_str().to_uppercase();
    sheet.head("INTAKE SUMMARY", summary.title(), &lane, colour);
    let mut facts = vec![
        ("Received", wording::time(summary.document.received_at)),
        ("Pages", summary.document.pages.to_string()),
        ("Program", disposition.program.as_deref().map_or("none fits".to_owned(), str::to_owned)),
    ];
    if let Some(case) = &summary.case {
        facts.push(("Case", case.to_string()));
    }
    if let Some(due) = disposition.due {
        facts.push(("Answer due", wording::time(due)));
    }
    sheet.facts(&facts);
    sheet.banner(&wording::disposition(disposition), "", sheet::INK);
}

fn alerts(sheet: &mut Sheet, summary: &Summary) {
    let findings = &summary.extracted.findings;
    let discharge = &findings.pending_discharge;
    let said = match discharge.value {
        PendingDischarge::Strong | PendingDischarge::Medium => Some("Pending discharge"),
        PendingDischarge::Ambiguous => Some("Perhaps pending discharge: please look"),
        PendingDischarge::Weak => Some("Pending discharge is mentioned in the clinical notes only"),
        PendingDischarge::None => None,
    };
    let colour = if discharge.value.is_raised() { sheet::RED } else { sheet::GREY };
    if let Some(said) = said {
        sheet.banner(said, &quote(&discharge.evidence), colour);
    }
    if findings.urgent.value == Urgency::Claimed {
        sheet.banner("Urgent, says the sender", &quote(&findings.urgent.evidence), sheet::AMBER);
    }
}

/// The first words that show it, and where all of them stand.
fn quote(evidence: &[Evidence]) -> String {
    match evidence.first() {
        Some(first) => format!("“{}”   {}", first.text.expose(), wording::pages(evidence)),
        None => String::new(),
    }
}

fn request(sheet: &mut Sheet, summary: &Summary) {
    let findings = &summary.extracted.findings;
    sheet.heading("Request", "");
    let member = &findings.member;
    always(sheet, "Member", member.name.as_ref());
    always(sheet, "Date of birth", member.date_of_birth.as_ref());
    always(sheet, "Member ID", member.id.as_ref());
    for code in &findings.hcpcs {
        let doubt = doubt(code.confidence, code.repaired, code.raw.expose());
        sheet.row("Item", &item_line(code), &doubt, &wording::pages(&code.evidence));
    }
    for diagnosis in &findings.icd10 {
        let doubt = doubt(diagnosis.confidence, diagnosis.repaired, diagnosis.raw.expose());
        let pages = wording::pages(&diagnosis.evidence);
        sheet.row("Diagnosis", diagnosis.code.as_str(), &doubt, &pages);
    }
    for who in [Role::Ordering, Role::Rendering, Role::Facility, Role::Unknown] {
        findings
            .providers
            .iter()
            .filter(|entry| entry.role == who)
            .for_each(|p| provider(sheet, p));
    }
    let dates = &findings.dates;
    for (label, field) in [
        ("Service date", &dates.service),
        ("Order date", &dates.order),
        ("Visit date", &dates.visit),
        ("Discharge expected", &dates.anticipated_discharge),
        ("Delivered", &dates.delivered),
        ("Setting", &findings.setting),
        ("Place of service", &findings.place_of_service),
        ("Oxygen", &findings.oxygen),
    ] {
        if let Some(field) = field {
            field_row(sheet, label, field);
        }
    }
}

fn item_line(code: &HcpcsFinding) -> String {
    let mut line = code.code.to_string();
    for modifier in &code.modifiers {
        line += &format!(" {modifier}");
    }
    if let Some(units) = &code.units {
        line += &format!(" · quantity {units}");
    }
    if !code.family.is_empty() {
        line += &format!(" · {}", wording::sentence(&code.family).to_lowercase());
    }
    line
}

fn provider(sheet: &mut Sheet, provider: &Provider) {
    let fields = [
        ("", &provider.name),
        ("NPI ", &provider.npi),
        ("TIN ", &provider.tin),
        ("phone ", &provider.phone),
        ("fax ", &provider.fax),
        ("", &provider.address),
    ];
    let known: Vec<(&str, &Field)> =
        fields.iter().filter_map(|(label, field)| Some((*label, field.as_ref()?))).collect();
    if known.is_empty() {
        return;
    }
    let line: Vec<String> =
        known.iter().map(|(label, field)| format!("{label}{}", wording::value(field))).collect();
    let doubts: Vec<String> = known
        .iter()
        .filter(|(_, field)| field.repaired || field.confidence.get() < DOUBTFUL)
        .map(|(label, field)| {
            let what = if label.is_empty() { "" } else { label };
            format!("check {what}{}", read_as(field.repaired, field.raw.expose())).trim().to_owned()
        })
        .collect();
    let evidence: Vec<Evidence> =
        known.iter().flat_map(|(_, field)| field.evidence.iter().cloned()).collect();
    let pages = wording::pages(&evidence);
    sheet.row(wording::role(provider.role), &line.join(" · "), &doubts.join("; "), &pages);
}

/// A row that says so when the value is not there.
fn always(sheet: &mut Sheet, label: &str, field: Option<&Field>) {
    match field {
        Some(field) => field_row(sheet, label, field),
        None => sheet.row(label, "", "not found", ""),
    }
}

fn field_row(sheet: &mut Sheet, label: &str, field: &Field) {
    let doubt = doubt(field.confidence, field.repaired, field.raw.expose());
    sheet.row(label, &wording::value(field), &doubt, &wording::pages(&field.evidence));
}

fn doubt(confidence: Confidence, repaired: bool, raw: &str) -> String {
    if repaired || confidence.get() < DOUBTFUL {
        format!("check{}", read_as(repaired, raw))
    } else {
        String::new()
    }
}

fn read_as(repaired: bool, raw: &str) -> String {
    if repaired { format!(" (read as “{raw}”)") } else { String::new() }
}

fn checklist(sheet: &mut Sheet, summary: &Summary) {
    let disposition = &summary.disposition;
    let asked =
        |item: Item| disposition.applies.iter().any(|entry| entry.item == item && entry.applies);
    let found = |item: Item| {
        summary.extracted.findings.checklist.iter().find(|finding| finding.item == item)
    };
    let items: Vec<Item> = Item::ALL.iter().copied().filter(|&item| asked(item)).collect();
    if items.is_empty() {
        return;
    }
    let there = items.iter().filter(|&&item| sign(found(item)) == Sign::Tick).count();
    let aside = format!("{there} of {} that the program asks for here", items.len());
    sheet.heading("Checklist", &aside);
    for item in items {
        let finding = found(item);
        let status = finding.map_or(ItemStatus::Missing, |finding| finding.status);
        let evidence = finding.map_or(&[][..], |finding| &finding.evidence);
        // A page that shows the absence of something is not where it is found.
        let pages =
            if status == ItemStatus::Missing { String::new() } else { wording::pages(evidence) };
        let text = wording::sentence(item.as_str());
        sheet.item(sign(finding), &text, wording::item_status(status), &pages);
    }
}

fn sign(finding: Option<&ItemFinding>) -> Sign {
    match finding.map_or(ItemStatus::Missing, |finding| finding.status) {
        ItemStatus::Present => Sign::Tick,
        ItemStatus::Missing => Sign::Cross,
        ItemStatus::PresentUnsigned | ItemStatus::Stale | ItemStatus::Unclear => Sign::Question,
    }
}

/// Required fields that are not simply there.
fn required(sheet: &mut Sheet, summary: &Summary) {
    let required = &summary.disposition.required;
    let open: Vec<_> = required.iter().filter(|f| f.status != FieldStatus::Present).collect();
    if open.is_empty() {
        return;
    }
    let aside = format!("{} of {} are not there", open.len(), required.len());
    sheet.heading("Required information", &aside);
    for field in open {
        let (sign, status) = match field.status {
            FieldStatus::Present => (Sign::Tick, ""),
            FieldStatus::Missing => (Sign::Cross, "not found"),
            FieldStatus::Unclear => (Sign::Question, "unclear, please look"),
        };
        let weight = match field.severity {
            Severity::Hard => "needed to open a case",
            Severity::Core => "",
            Severity::Support => "supporting",
        };
        sheet.item(sign, &wording::sentence(&field.field), status, weight);
    }
}

fn reasons(sheet: &mut Sheet, summary: &Summary) {
    sheet.heading("Why", "");
    for reason in &summary.disposition.reasons {
        sheet.bullet(&reason.message, &wording::pages(&reason.evidence));
    }
}

/// Pages of one kind that follow each other, in one line.
fn pages(sheet: &mut Sheet, summary: &Summary) {
    let kinds = &summary.extracted.page_kinds;
    if kinds.is_empty() {
        return;
    }
    sheet.heading("Pages", "");
    let mut runs: Vec<(PageKind, Vec<u32>)> = Vec::new();
    for (number, &kind) in (1..).zip(kinds) {
        match runs.last_mut() {
            Some((last, numbers)) if *last == kind => numbers.push(number),
            _ => runs.push((kind, vec![number])),
        }
    }
    let line: Vec<String> = runs
        .iter()
        .map(|(kind, numbers)| {
            format!("{}\u{A0}{}", wording::runs(numbers), wording::page_kind(*kind).to_lowercase())
        })
        .collect();
    sheet.paragraph(&line.join("  ·  "), sheet::INK);
}

fn notes(sheet: &mut Sheet, summary: &Summary) {
    let all: Vec<_> = summary.notes.iter().chain(&summary.extracted.notes).collect();
    if all.is_empty() {
        return;
    }
    sheet.heading("Notes", "");
    for note in all.iter().take(MOST_NOTES) {
        let page = note.page.map_or_else(String::new, |page| format!("p. {}", page.get()));
        sheet.bullet(&note.message, &page);
    }
    if let Some(more) = all.len().checked_sub(MOST_NOTES).filter(|&more| more > 0) {
        sheet.paragraph(&format!("{more} more in the manifest."), sheet::GREY);
    }
}
