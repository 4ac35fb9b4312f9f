//! The permit to open or join a case.

use crate::extract::findings::{Extracted, Field, Findings, Item, ItemStatus, PageKind};
use crate::program::FieldName;

/// Proof that a document says who the patient is (name, and date of birth or
/// member id) and that it asks for something. Can only be had by
/// [`Permit::grant`]; a case number or a dialled number never replaces it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Permit<'a> {
    name: &'a Field,
    known_by: &'a Field,
}

/// What keeps a permit back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    /// Hard fields that are absent.
    pub absent: Vec<FieldName>,
    /// Hard fields that are there and too doubtful to be believed.
    pub doubtful: Vec<FieldName>,
    /// Whether nothing is asked for.
    pub nothing_requested: bool,
}

impl<'a> Permit<'a> {
    /// Both fields must be confident enough to count as found.
    pub(super) fn grant(extracted: &'a Extracted) -> Result<Self, Refusal> {
        let member = &extracted.findings.member;
        let name = believed(member.name.as_ref());
        let known_by =
            believed(member.id.as_ref()).or_else(|| believed(member.date_of_birth.as_ref()));
        match (name, known_by, requests(extracted)) {
            (Some(name), Some(known_by), true) => Ok(Self { name, known_by }),
            (_, _, requested) => Err(refusal(&extracted.findings, requested)),
        }
    }

    /// The evidence it rests on.
    pub(super) fn evidence(&self) -> Vec<crate::vocab::Evidence> {
        [&self.name.evidence, &self.known_by.evidence].into_iter().flatten().cloned().collect()
    }
}

fn believed(field: Option<&Field>) -> Option<&Field> {
    field.filter(|field| field.confidence.is_listed())
}

fn refusal(findings: &Findings, requested: bool) -> Refusal {
    let member = &findings.member;
    let fields = [
        (FieldName::MemberName, &member.name),
        (FieldName::MemberDateOfBirth, &member.date_of_birth),
        (FieldName::MemberId, &member.id),
    ];
    let of = |wanted: fn(&Option<Field>) -> bool| -> Vec<FieldName> {
        fields.iter().filter(|(_, field)| wanted(field)).map(|(name, _)| *name).collect()
    };
    Refusal {
        absent: of(Option::is_none),
        doubtful: of(|field| field.as_ref().is_some_and(|f| !f.confidence.is_listed())),
        nothing_requested: !requested,
    }
}

/// A code, an order, a form, a plan of care: anything that asks. A clinical
/// note alone asks for nothing.
fn requests(extracted: &Extracted) -> bool {
    let by_code = extracted.findings.hcpcs.iter().any(|code| code.confidence.is_listed());
    let by_item = extracted.findings.checklist.iter().any(|found| {
        let asks = matches!(
            found.item,
            Item::WrittenPrescription | Item::PrecertForm | Item::ServicesRequested
        );
        asks && matches!(
            found.status,
            ItemStatus::Present | ItemStatus::PresentUnsigned | ItemStatus::Stale
        )
    });
    let by_page = extracted.page_kinds.iter().any(|kind| {
        matches!(
            kind,
            PageKind::Order | PageKind::PrecertForm | PageKind::PlanOfCare | PageKind::Cmn
        )
    });
    by_code || by_item || by_page
}
