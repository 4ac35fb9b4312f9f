//! A person, her document and her case, built by saying how they differ.
//! Synthetic people only.

use std::sync::LazyLock;

use jiff::Timestamp;

use crate::decide::register::{
    CaseLine, CaseMember, CaseRecord, CaseReference, CaseState, Match, MatchRules, Sought,
    match_cases,
};
use crate::decide::tests::build::{ORDERING_NPI, complete, field, seen};
use crate::extract::findings::{Findings, ReferenceFinding, ReferenceKind};
use crate::vocab::{CaseRef, HcpcsCode, Npi, Phi};

pub static RULES: LazyLock<MatchRules> = LazyLock::new(|| {
    MatchRules::parse(include_str!("../../../../models/cases/matching.toml")).unwrap()
});

pub const NAME: &str = "Edith Sample";
pub const BIRTH: &str = "1958-03-01";
pub const ID: &str = "U1234567801";

pub fn received() -> Timestamp {
    "2026-03-09T15:00:00Z".parse().unwrap()
}

pub fn reference(number: u64) -> CaseRef {
    CaseRef::from_random(number)
}

/// Edith's open case for a hospital bed, ordered by the document's physician.
pub fn case(number: u64) -> CaseRecord {
    CaseRecord {
        program: Some("dme_com".into()),
        member: CaseMember {
            name: Some(Phi::from(NAME)),
            date_of_birth: Some(Phi::new(BIRTH.parse().unwrap())),
            id: Some(Phi::from(ID)),
        },
        ordering: Some(Npi::parse(ORDERING_NPI).unwrap()),
        lines: vec![CaseLine {
            code: Some(HcpcsCode::parse("E0260").unwrap()),
            family: "hospital_bed".into(),
        }],
        references: vec![CaseReference {
            kind: ReferenceKind::Authorization,
            value: Phi::new(format!("A-5550{number}")),
        }],
        ..CaseRecord::new(reference(number), "2026-03-02T09:00:00Z".parse().unwrap())
    }
}

pub fn with(mut case: CaseRecord, change: impl FnOnce(&mut CaseRecord)) -> CaseRecord {
    change(&mut case);
    case
}

/// Decided so many days before the document came.
pub fn decided(case: CaseRecord, days: i64) -> CaseRecord {
    let at = received() - jiff::SignedDuration::from_hours(24 * days);
    with(case, |case| {
        case.state = CaseState::Decided;
        case.decided_at = Some(at);
    })
}

/// Edith's document, changed.
pub fn document(change: impl FnOnce(&mut Findings)) -> Findings {
    let mut findings = complete().extracted.findings;
    change(&mut findings);
    findings
}

/// Only so much of the patient.
pub fn person(name: Option<&str>, birth: Option<&str>, id: Option<&str>) -> Findings {
    document(|findings| {
        let told = |value: Option<&str>| value.map(|value| field(value, 1));
        findings.member.name = told(name);
        findings.member.date_of_birth = told(birth);
        findings.member.id = told(id);
    })
}

pub fn cites(mut findings: Findings, value: &str) -> Findings {
    findings.references.push(ReferenceFinding {
        kind: ReferenceKind::Case,
        value: Phi::from(value),
        evidence: vec![seen(0)],
    });
    findings
}

/// Matched as a request for a hospital bed under the program of the case.
pub fn matched(findings: &Findings, cases: &[CaseRecord]) -> Match {
    matched_as(findings, Some("dme_com"), &["hospital_bed"], cases)
}

pub fn matched_as(
    findings: &Findings,
    program: Option<&str>,
    families: &[&str],
    cases: &[CaseRecord],
) -> Match {
    let families: Vec<String> = families.iter().map(|family| (*family).to_owned()).collect();
    let sought = Sought { findings, program, families: &families, received_at: received() };
    match_cases(&sought, cases, &RULES)
}
