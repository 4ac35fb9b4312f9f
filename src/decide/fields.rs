//! Whether a required field is there.

use super::Document;
use super::disposition::FieldStatus;
use crate::extract::findings::{
    Field, Item, ItemStatus, NpiFinding, PageKind, Provider, Role, TinFinding,
};
use crate::program::FieldName;
use crate::vocab::{Confidence, Evidence};

/// A field's state, and what shows it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct FieldState {
    pub status: FieldStatus,
    pub confidence: Option<Confidence>,
    pub evidence: Vec<Evidence>,
    /// Said in two ways that exclude each other; unclear then.
    pub contradicted: bool,
}

impl FieldState {
    fn missing() -> Self {
        let status = FieldStatus::Missing;
        Self { status, confidence: None, evidence: vec![], contradicted: false }
    }

    fn of(field: Option<&Field>) -> Self {
        field.map_or_else(Self::missing, |f| Self::seen(f.confidence, f.evidence.clone()))
    }

    fn seen(confidence: Confidence, evidence: Vec<Evidence>) -> Self {
        let status =
            if confidence.is_listed() { FieldStatus::Present } else { FieldStatus::Unclear };
        Self { status, confidence: Some(confidence), evidence, contradicted: false }
    }

    fn contradicted(self) -> Self {
        Self { contradicted: true, ..self.unclear() }
    }

    fn unclear(self) -> Self {
        Self { status: FieldStatus::Unclear, ..self }
    }

    /// The better of two places a value may stand in.
    fn or(self, other: Self) -> Self {
        let rank = |state: &Self| match state.status {
            FieldStatus::Present => 0,
            FieldStatus::Unclear => 1,
            FieldStatus::Missing => 2,
        };
        if rank(&other) < rank(&self) { other } else { self }
    }
}

/// The state of a field in a document.
pub(super) fn state(field: FieldName, document: &Document) -> FieldState {
    let findings = &document.extracted.findings;
    let provider = |role, part| FieldState::of(provider_field(&findings.providers, role, part));
    match field {
        FieldName::MemberName => FieldState::of(findings.member.name.as_ref()),
        FieldName::MemberDateOfBirth => FieldState::of(findings.member.date_of_birth.as_ref()),
        FieldName::MemberId => FieldState::of(findings.member.id.as_ref()),
        FieldName::OrderingName => provider(Role::Ordering, |p| p.name.as_ref()),
        FieldName::OrderingNpi => {
            let stated = provider(Role::Ordering, |p| p.npi.as_ref());
            // What two orders say otherwise, no provider block settles.
            let state = npi(document, Role::Ordering);
            if orders_contradict(document) { state } else { state.or(stated) }
        }
        FieldName::OrderingTin => {
            tin(document, Role::Ordering).or(provider(Role::Ordering, |p| p.tin.as_ref()))
        }
        FieldName::OrderingPhone => provider(Role::Ordering, |p| p.phone.as_ref()),
        FieldName::OrderingFax => provider(Role::Ordering, |p| p.fax.as_ref()),
        FieldName::ContactName => metadata(document, field),
        FieldName::RenderingName => provider(Role::Rendering, |p| p.name.as_ref()),
        FieldName::RenderingNpi => {
            npi(document, Role::Rendering).or(provider(Role::Rendering, |p| p.npi.as_ref()))
        }
        FieldName::RenderingTin => {
            tin(document, Role::Rendering).or(provider(Role::Rendering, |p| p.tin.as_ref()))
        }
        FieldName::RenderingPhone => provider(Role::Rendering, |p| p.phone.as_ref()),
        FieldName::RenderingFax => provider(Role::Rendering, |p| p.fax.as_ref()),
        FieldName::RenderingAddress => provider(Role::Rendering, |p| p.address.as_ref()),
        FieldName::Hcpcs => {
            best(findings.hcpcs.iter().map(|code| (code.confidence, &code.evidence)))
        }
        FieldName::Diagnosis => best(findings.icd10.iter().map(|c| (c.confidence, &c.evidence)))
            .or(item(document, Item::Diagnosis))
            .or(item(document, Item::Icd10)),
        FieldName::Order => item(document, Item::WrittenPrescription),
        FieldName::Clinicals => item(document, Item::SupportingClinicals),
        FieldName::AnticipatedDischarge => {
            FieldState::of(findings.dates.anticipated_discharge.as_ref())
        }
        FieldName::Delivered => FieldState::of(findings.dates.delivered.as_ref()),
        FieldName::PlaceOfService => FieldState::of(findings.place_of_service.as_ref()),
    }
}

fn provider_field(
    providers: &[Provider],
    role: Role,
    part: fn(&Provider) -> Option<&Field>,
) -> Option<&Field> {
    providers.iter().filter(|provider| provider.role == role).find_map(part)
}

/// What a portal asked for on a page of its own comes beside the document,
/// under the field's contract name.
fn metadata(document: &Document, field: FieldName) -> FieldState {
    match document.context.metadata.get(field.as_str()) {
        Some(value) => {
            let evidence = Evidence::metadata(value.expose().clone());
            FieldState::seen(Confidence::FULL, vec![evidence])
        }
        None => FieldState::missing(),
    }
}

fn best<'e>(found: impl Iterator<Item = (Confidence, &'e Vec<Evidence>)>) -> FieldState {
    let better = |a: (Confidence, &'e Vec<Evidence>), b: (Confidence, &'e Vec<Evidence>)| {
        if b.0 > a.0 { b } else { a }
    };
    let best = found.reduce(better);
    best.map_or_else(FieldState::missing, |(confidence, evidence)| {
        FieldState::seen(confidence, evidence.clone())
    })
}

/// Whether orders give two NPIs of who orders.
fn orders_contradict(document: &Document) -> bool {
    let on_order = |found: &&NpiFinding| {
        let pages = found.evidence.iter().filter_map(|evidence| evidence.page);
        let kinds = pages.filter_map(|page| document.extracted.page_kinds.get(page.index()));
        kinds.into_iter().any(|kind| *kind == PageKind::Order)
    };
    let ordering = document.extracted.findings.npi.iter().filter(|n| n.role == Role::Ordering);
    let mut values: Vec<&str> = ordering.filter(on_order).map(|n| n.value.as_str()).collect();
    values.sort_unstable();
    values.dedup();
    values.len() > 1
}

/// An NPI in the role. Two different ones on orders contradict each other,
/// and one whose role nobody can tell is not believed in this one.
fn npi(document: &Document, role: Role) -> FieldState {
    let findings = &document.extracted.findings;
    let of = |role| -> Vec<&NpiFinding> {
        findings.npi.iter().filter(|found| found.role == role).collect()
    };
    let (ours, unknown) = (of(role), of(Role::Unknown));
    let state = best(ours.iter().map(|found| (found.confidence, &found.evidence)));
    let contradicted = role == Role::Ordering && orders_contradict(document);
    match (ours.is_empty(), contradicted) {
        (false, true) => state.contradicted(),
        (false, false) => state,
        (true, _) if unknown.is_empty() => state,
        (true, _) => best(unknown.iter().map(|f| (f.confidence, &f.evidence))).unclear(),
    }
}

fn tin(document: &Document, role: Role) -> FieldState {
    let found = document.extracted.findings.tin.iter();
    let in_role: Vec<&TinFinding> = found.filter(|found| found.role == role).collect();
    best(in_role.iter().map(|found| (found.confidence, &found.evidence)))
}

fn item(document: &Document, item: Item) -> FieldState {
    let found = document.extracted.findings.checklist.iter().find(|found| found.item == item);
    let status = found.map_or(ItemStatus::Missing, |found| found.status);
    FieldState {
        status: FieldStatus::from(status),
        confidence: None,
        evidence: found.map_or_else(Vec::new, |found| found.evidence.clone()),
        contradicted: false,
    }
}
