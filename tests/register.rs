//! How long it takes to find a document's case among a hundred thousand. Run
//! by `make bench-cases`; too slow for every day.

mod common;

use std::io::Write as _;
use std::time::{Duration, Instant};

use common::story::{at, field};
use intake::decide::register::{
    CaseKeys, CaseLine, CaseMember, CaseRecord, CaseReference, MatchRules, Sought, match_cases,
};
use intake::extract::findings::{Extracted, Findings, ReferenceKind};
use intake::store::{ImportedCase, SqliteStore, Store};
use intake::vocab::{CaseRef, Phi};
use jiff::civil::date;

const CASES: u64 = 100_000;
const LOOK_UPS: u64 = 1_000;
/// What a look-up and the match may take, of a hundred ninety-nine.
const PROMISED: Duration = Duration::from_millis(5);

const GIVEN: [&str; 8] = ["Edith", "Walter", "Ada", "Otto", "Ruth", "Carl", "Ines", "Paul"];
const FAMILY: [&str; 8] =
    ["Sample", "Example", "Specimen", "Muster", "Pattern", "Model", "Instance", "Template"];

/// Of eight names and days of eighty years, so that thousands share a name and
/// some a name and a day; every fourth is another person of a family.
fn case(number: u64) -> CaseRecord {
    let nth = |of: &[&'static str], number: u64| of[usize::try_from(number % 8).unwrap()];
    let days = i64::try_from(number * 7919 % 29_200).unwrap();
    let birth = date(1930, 1, 1) + jiff::Span::new().days(days);
    let (base, person) = (10_000_000 + number / 4 * 37 % 89_999_999, 1 + number % 4);
    CaseRecord {
        program: Some("dme_com".into()),
        member: CaseMember {
            name: Some(Phi::new(format!("{} {}", nth(&GIVEN, number), nth(&FAMILY, number / 8)))),
            date_of_birth: Some(Phi::new(birth)),
            id: Some(Phi::new(format!("U{base:08}{person:02}"))),
        },
        lines: vec![CaseLine { code: None, family: "hospital_bed".into() }],
        references: vec![CaseReference {
            kind: ReferenceKind::Case,
            value: Phi::new(format!("CN-{number}")),
        }],
        ..CaseRecord::new(CaseRef::from_random(number), at(i64::try_from(number).unwrap()))
    }
}

/// A document of a case's patient; every fifth names the case.
fn document(case: &CaseRecord, number: u64) -> Findings {
    let mut findings = Extracted::nothing().findings;
    let member = &case.member;
    findings.member.name = member.name.as_ref().map(|name| field(name.expose()));
    findings.member.date_of_birth =
        member.date_of_birth.as_ref().map(|date| field(&date.expose().to_string()));
    findings.member.id = member.id.as_ref().map(|id| field(id.expose()));
    if number.is_multiple_of(5) {
        findings.references.push(intake::extract::findings::ReferenceFinding {
            kind: ReferenceKind::Case,
            value: case.references[0].value.clone(),
            evidence: vec![intake::vocab::Evidence::metadata("a note".to_owned())],
        });
    }
    findings
}

#[tokio::test]
#[ignore = "a measurement: make bench-cases"]
async fn a_case_is_found_among_a_hundred_thousand_in_milliseconds() {
    let dir = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&dir.path().join("intake.db")).await.unwrap();
    let rows: Vec<ImportedCase> = (0..CASES)
        .map(|number| ImportedCase {
            number: Phi::new(format!("CN-{number}")),
            record: case(number),
            is_linked: false,
        })
        .collect();
    let began = Instant::now();
    store.import_cases(&rows).await.unwrap();
    let import = began.elapsed();
    let began = Instant::now();
    let again = store.import_cases(&rows).await.unwrap();
    assert_eq!(again.unchanged, CASES);
    let import_again = began.elapsed();

    let rules = MatchRules::parse(include_str!("../models/cases/matching.toml")).unwrap();
    let families = ["hospital_bed".to_owned()];
    let mut took = Vec::new();
    let mut attached = 0;
    for number in 0..LOOK_UPS {
        let wanted = &rows[usize::try_from(number * 9973 % CASES).unwrap()].record;
        let findings = document(wanted, number);
        let began = Instant::now();
        let keys = CaseKeys::of_document(&findings);
        let cases = store.case_candidates(&keys).await.unwrap();
        let sought = Sought {
            findings: &findings,
            program: Some("dme_com"),
            families: &families,
            received_at: at(200_000),
        };
        let found = match_cases(&sought, &cases, &rules);
        took.push(began.elapsed());
        if let Some(candidate) = found.attached() {
            assert_eq!(candidate.case, wanted.reference);
            attached += 1;
        }
    }
    took.sort();
    let of = |percent: usize| took[took.len() * percent / 100];
    writeln!(
        std::io::stderr(),
        "{CASES} cases: imported in {import:.1?}, again in {import_again:.1?}; {LOOK_UPS} \
         documents, {attached} found their case: p50 {:.2?}, p99 {:.2?}, most {:.2?}",
        of(50),
        of(99),
        took[took.len() - 1]
    )
    .unwrap();
    assert_eq!(attached, LOOK_UPS, "each finds its own");
    assert!(of(99) <= PROMISED);
}
