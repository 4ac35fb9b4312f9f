use jiff::civil::Date;

use super::field::{DateField, MemberField, ProviderField, ValueField};
use super::{Change, Correction};
use crate::extract::findings::{
    Extracted, Field, Findings, Flag, HcpcsFinding, IcdFinding, Item, ItemFinding, ItemStatus,
    NpiFinding, Part, Provider, ReferenceFinding, Role, TinFinding,
};
use crate::vocab::codes::CodeTable;
use crate::vocab::{Confidence, Evidence, HcpcsCode, Icd10Code, Npi, PageNumber, Phi, Tin};

/// The findings as they are with these corrections, the first said first.
/// `received_on` tells on which of the plans' lists a code stands.
pub fn apply(
    found: &Extracted,
    corrections: &[Correction],
    codes: &CodeTable,
    received_on: Date,
) -> Extracted {
    let mut extracted = found.clone();
    for correction in corrections {
        one(&mut extracted, &correction.change, codes, received_on);
    }
    extracted
}

fn one(extracted: &mut Extracted, change: &Change, codes: &CodeTable, received_on: Date) {
    let findings = &mut extracted.findings;
    match change {
        Change::Value { field, value } => set(findings, *field, value.as_ref()),
        Change::Code { code, asked: true } => add_code(findings, code, codes, received_on),
        Change::Code { code, asked: false } => findings.hcpcs.retain(|one| one.code != *code),
        Change::Diagnosis { code, stands } => diagnose(findings, code, *stands),
        Change::Reference { kind, value, stands } => {
            let same = |one: &ReferenceFinding| one.kind == *kind && one.value == *value;
            findings.references.retain(|one| !same(one));
            if *stands {
                let evidence = vec![Evidence::of_person(value.expose().as_str())];
                let value = value.clone();
                findings.references.push(ReferenceFinding { kind: *kind, value, evidence });
            }
        }
        Change::PendingDischarge { value } => {
            findings.pending_discharge = flag(*value, "pending_discharge");
        }
        Change::Urgent { value } => findings.urgent = flag(*value, "urgent"),
        Change::Item { item, status } => tick(findings, *item, *status),
        Change::PageKind { page, kind } => {
            if let Some(known) = extracted.page_kinds.get_mut(page.index()) {
                *known = *kind;
            }
        }
        Change::OnePatient => {
            let pages = (0..extracted.page_kinds.len()).map(PageNumber::from_index).collect();
            let member = findings.member.id.clone().or_else(|| findings.member.name.clone());
            extracted.parts = vec![Part { pages, member }];
        }
        // Which program judges is no finding.
        Change::Program { .. } => {}
    }
}

fn flag<T: serde::Serialize>(value: T, name: &str) -> Flag<T> {
    let word = serde_json::to_value(&value).ok().and_then(|v| v.as_str().map(str::to_owned));
    let text = format!("{name}={}", word.unwrap_or_default());
    Flag { value, evidence: vec![Evidence::of_person(text)] }
}

/// A value that a person has given. What the pages show of the same value
/// speaks for it too.
fn field(value: &Phi<String>, before: Option<&Field>) -> Field {
    let same = before.filter(|before| before.value == *value);
    let mut evidence = same.map_or_else(Vec::new, |before| before.evidence.clone());
    evidence.push(Evidence::of_person(value.expose().as_str()));
    let (value, raw) = (value.clone(), value.clone());
    Field { value, raw, confidence: Confidence::FULL, repaired: false, evidence }
}

fn set(findings: &mut Findings, name: ValueField, value: Option<&Phi<String>>) {
    if let ValueField::Provider(role, part) = name {
        set_provider(findings, role, part, value);
        return;
    }
    let place = match name {
        ValueField::Member(MemberField::Name) => &mut findings.member.name,
        ValueField::Member(MemberField::DateOfBirth) => &mut findings.member.date_of_birth,
        ValueField::Member(MemberField::Id) => &mut findings.member.id,
        ValueField::Date(DateField::Service) => &mut findings.dates.service,
        ValueField::Date(DateField::Order) => &mut findings.dates.order,
        ValueField::Date(DateField::Visit) => &mut findings.dates.visit,
        ValueField::Date(DateField::AnticipatedDischarge) => {
            &mut findings.dates.anticipated_discharge
        }
        ValueField::Date(DateField::Delivered) => &mut findings.dates.delivered,
        ValueField::Setting => &mut findings.setting,
        ValueField::PlaceOfService => &mut findings.place_of_service,
        ValueField::Oxygen | ValueField::Provider(..) => &mut findings.oxygen,
    };
    *place = value.map(|value| field(value, place.as_ref()));
    match name {
        // Which of several is the patient's has been said.
        ValueField::Member(MemberField::Id) => findings.member.other_ids.clear(),
        ValueField::Date(DateField::AnticipatedDischarge) => {
            let there = present(value.is_some());
            tick(findings, Item::AnticipatedDischargeDate, there);
        }
        _ => {}
    }
}

fn present(is_there: bool) -> ItemStatus {
    if is_there { ItemStatus::Present } else { ItemStatus::Missing }
}

fn set_provider(
    findings: &mut Findings,
    role: Role,
    part: ProviderField,
    value: Option<&Phi<String>>,
) {
    let place = findings.providers.iter().position(|one| one.role == role).unwrap_or_else(|| {
        let (name, npi, tin, phone, fax, address) = (None, None, None, None, None, None);
        findings.providers.push(Provider { role, name, npi, tin, phone, fax, address });
        findings.providers.len() - 1
    });
    let provider = &mut findings.providers[place];
    let known = match part {
        ProviderField::Name => &mut provider.name,
        ProviderField::Npi => &mut provider.npi,
        ProviderField::Tin => &mut provider.tin,
        ProviderField::Phone => &mut provider.phone,
        ProviderField::Fax => &mut provider.fax,
        ProviderField::Address => &mut provider.address,
    };
    *known = value.map(|value| field(value, known.as_ref()));
    let told = known.clone();
    match part {
        ProviderField::Npi => list_npi(findings, role, told.as_ref()),
        ProviderField::Tin => list_tin(findings, role, told.as_ref()),
        ProviderField::Name
        | ProviderField::Phone
        | ProviderField::Fax
        | ProviderField::Address => {}
    }
    tell_provider_items(findings, role);
}

/// One number in the role, and none of them in doubt whose it is.
fn list_npi(findings: &mut Findings, role: Role, told: Option<&Field>) {
    let value = told.and_then(|field| Npi::parse(field.value.expose()).ok());
    let same = |one: &NpiFinding| Some(&one.value) == value.as_ref();
    let of_pages: Vec<NpiFinding> = findings.npi.iter().filter(|one| same(one)).cloned().collect();
    findings.npi.retain(|one| one.role != role && !(same(one) && one.role == Role::Unknown));
    let Some((value, told)) = value.zip(told) else { return };
    let mut evidence: Vec<Evidence> = of_pages.iter().flat_map(|o| o.evidence.clone()).collect();
    evidence.push(Evidence::of_person(value.as_str()));
    let directory = of_pages.into_iter().find_map(|one| one.directory);
    let (confidence, raw) = (Confidence::FULL, told.raw.clone());
    let repaired = false;
    findings.npi.push(NpiFinding { value, role, confidence, raw, repaired, evidence, directory });
}

fn list_tin(findings: &mut Findings, role: Role, told: Option<&Field>) {
    let value = told.and_then(|field| Tin::parse(field.value.expose()).ok());
    let same = |one: &TinFinding| Some(&one.value) == value.as_ref();
    let mut evidence: Vec<Evidence> =
        findings.tin.iter().filter(|one| same(one)).flat_map(|o| o.evidence.clone()).collect();
    findings.tin.retain(|one| one.role != role && !(same(one) && one.role == Role::Unknown));
    let Some((value, told)) = value.zip(told) else { return };
    evidence.push(Evidence::of_person(value.as_str()));
    let (confidence, raw) = (Confidence::FULL, told.raw.clone());
    findings.tin.push(TinFinding { value, role, confidence, raw, repaired: false, evidence });
}

/// Items that a provider's name and numbers are, by the rule that they are
/// found by on pages.
fn tell_provider_items(findings: &mut Findings, role: Role) {
    let Some(provider) = findings.providers.iter().find(|one| one.role == role) else { return };
    let placed = provider.npi.is_some() || provider.address.is_some();
    let told = provider.name.is_some() && (placed || role == Role::Ordering);
    let items: &[Item] = match role {
        Role::Ordering => &[Item::OrderingPhysician],
        Role::Rendering => &[Item::Vendor, Item::SiteOfCare],
        Role::Facility | Role::Unknown => &[],
    };
    for item in items.iter().filter(|_| told) {
        tick(findings, *item, ItemStatus::Present);
    }
}

fn add_code(findings: &mut Findings, code: &HcpcsCode, codes: &CodeTable, received_on: Date) {
    let Some(facts) = codes.get(code) else { return };
    let evidence = Evidence::of_person(code.as_str());
    let known = findings.hcpcs.iter_mut().filter(|one| one.code == *code);
    let mut confirmed = false;
    for one in known {
        one.confidence = Confidence::FULL;
        one.evidence.push(evidence.clone());
        confirmed = true;
    }
    if !confirmed {
        findings.hcpcs.push(HcpcsFinding {
            code: code.clone(),
            modifiers: Vec::new(),
            units: None,
            family: facts.family.clone(),
            payment: facts.payment,
            lists: codes.lists_of(code, received_on),
            confidence: Confidence::FULL,
            raw: Phi::from(code.as_str()),
            repaired: false,
            evidence: vec![evidence],
        });
    }
    tick(findings, Item::ServicesRequested, ItemStatus::Present);
}

fn diagnose(findings: &mut Findings, code: &Icd10Code, stands: bool) {
    let before = findings.icd10.iter().find(|one| one.code == *code);
    let mut evidence = before.map_or_else(Vec::new, |one| one.evidence.clone());
    findings.icd10.retain(|one| one.code != *code);
    if stands {
        evidence.push(Evidence::of_person(code.as_str()));
        let (raw, confidence) = (Phi::from(code.as_str()), Confidence::FULL);
        let code = code.clone();
        findings.icd10.push(IcdFinding { code, confidence, raw, repaired: false, evidence });
        tick(findings, Item::Diagnosis, ItemStatus::Present);
        tick(findings, Item::Icd10, ItemStatus::Present);
    } else if findings.icd10.is_empty() {
        tick(findings, Item::Icd10, ItemStatus::Missing);
    }
}

fn tick(findings: &mut Findings, item: Item, status: ItemStatus) {
    let word = serde_json::to_value(status).ok().and_then(|v| v.as_str().map(str::to_owned));
    let text = format!("{}={}", item.as_str(), word.unwrap_or_default());
    let told = Evidence::of_person(text);
    match findings.checklist.iter_mut().find(|found| found.item == item) {
        Some(found) => {
            found.status = status;
            found.evidence.push(told);
        }
        None => findings.checklist.push(ItemFinding { item, status, evidence: vec![told] }),
    }
}
