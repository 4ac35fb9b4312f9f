use jiff::Timestamp;
use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::decide::tests::build::{CODES, complete};
use crate::extract::findings::{Extracted, Findings, ItemFinding, Role};
use crate::vocab::{EvidenceSource, NotAnIdentifier};

fn terms(settings: &[String]) -> Terms<'_> {
    Terms { codes: &CODES, settings, pages: 3, received_on: date(2026, 3, 9) }
}

fn typed(text: &str) -> Result<Vec<Change>, NotACorrection> {
    read(text, &terms(&["home".to_owned(), "hospital".to_owned()]))
}

fn said(texts: &[&str]) -> Vec<Correction> {
    let changes = texts.iter().flat_map(|text| typed(text).unwrap());
    let correction =
        |change| Correction { by: "Pat".into(), at: Timestamp::UNIX_EPOCH, note: None, change };
    changes.map(correction).collect()
}

fn corrected(found: &Extracted, texts: &[&str]) -> Findings {
    apply(found, &said(texts), &CODES, date(2026, 3, 9)).findings
}

fn item(findings: &Findings, item: Item) -> &ItemFinding {
    findings.checklist.iter().find(|found| found.item == item).unwrap()
}

#[test]
fn values_are_kept_as_the_findings_have_them() {
    for (text, kept) in [
        ("member.name=Sample,  Edith", "Edith Sample"),
        ("member.date_of_birth=3/1/1958", "1958-03-01"),
        ("member.id=u1234567-8 01", "U1234567801"),
        ("ordering.npi=2000000002", "2000000002"),
        ("rendering.tin=123-45-6789", "*****6789"),
        ("rendering.fax=(212) 555-0108", "+12125550108"),
        ("anticipated_discharge=2026-03-11", "2026-03-11"),
        ("place_of_service=12", "12"),
        ("setting=hospital", "hospital"),
        ("oxygen=yes", "oxygen"),
    ] {
        let changes = typed(text).unwrap();
        let [Change::Value { value: Some(value), .. }] = changes.as_slice() else {
            panic!("{text}: {changes:?}")
        };
        assert_eq!(value.expose(), kept, "{text}");
    }
}

#[test]
fn what_does_not_pass_its_check_is_refused_without_being_quoted() {
    let check = typed("ordering.npi=2000000001").unwrap_err();
    let wrong = NotAnIdentifier::CheckDigit;
    assert_eq!(check, NotACorrection::Identifier { field: "ordering.npi".into(), why: wrong });
    for bad in [
        "Edith Sample",
        "patient=Edith",
        "member.name=Edith",
        "member.date_of_birth=2031-05-05",
        "member.id=EDITH",
        "rendering.phone=555-0108",
        "hcpcs=E0601",
        "hcpcs=+E02",
        "hcpcs=+Z9999",
        "hcpcs=+V9999",
        "icd10=+EDITH",
        "references=+EDITH",
        "checklist.invoice=perhaps-Edith",
        "checklist.edith=present",
        "page.4=order",
        "page.1=edith",
        "pending_discharge=Edith",
        "setting=Edith",
        "patients=two",
    ] {
        let refused = typed(bad).unwrap_err();
        let words = format!("{refused} {refused:?}").to_lowercase();
        assert!(!words.contains("edith") && !words.contains("2031"), "{bad}: {words}");
    }
    let words = typed("pending_discharge=x").unwrap_err().to_string();
    assert!(words.contains("strong") && words.contains("none"), "{words}");
}

#[test]
fn a_person_is_believed_wholly_and_points_at_no_page() {
    let found = complete().extracted;
    let findings = corrected(&found, &["member.id=U7650012302", "icd10=+J96.11"]);
    let id = findings.member.id.unwrap();
    assert_eq!((id.confidence.get(), id.repaired), (1.0, false));
    let [evidence] = id.evidence.as_slice() else { panic!("{:?}", id.evidence) };
    assert_eq!((evidence.page, evidence.bbox), (None, None));
    assert_eq!(evidence.source, EvidenceSource::Person);
    let json = serde_json::to_value(evidence).unwrap();
    assert_eq!((json["source"].as_str(), &json["box"]), (Some("person"), &serde_json::Value::Null));
}

#[test]
fn what_pages_show_of_the_same_value_speaks_for_it_still() {
    let found = complete().extracted;
    let same = found.findings.member.id.as_ref().unwrap();
    let text = format!("member.id={}", same.value.expose());
    let id = corrected(&found, &[&text]).member.id.unwrap();
    assert_eq!(id.evidence.len(), same.evidence.len() + 1);
}

#[test]
fn a_number_in_a_role_is_the_only_one_there_and_nobodys_else() {
    let mut found = complete().extracted;
    found.findings.npi[0].role = Role::Unknown;
    let number = found.findings.npi[0].value.as_str().to_owned();
    let findings = corrected(&found, &[&format!("ordering.npi={number}")]);
    let roles: Vec<Role> =
        findings.npi.iter().filter(|n| n.value.as_str() == number).map(|n| n.role).collect();
    assert_eq!(roles, [Role::Ordering]);
    let none = corrected(&found, &["rendering.npi="]);
    assert!(none.npi.iter().all(|one| one.role != Role::Rendering));
}

#[test]
fn codes_diagnoses_and_items_follow_each_other() {
    let found = complete().extracted;
    let findings = corrected(&found, &["hcpcs=+E0601,-E0260", "icd10=+G47.33"]);
    let codes: Vec<&str> = findings.hcpcs.iter().map(|one| one.code.as_str()).collect();
    assert_eq!(codes, ["E0601"]);
    assert!(!findings.hcpcs[0].family.is_empty());
    assert_eq!(item(&findings, Item::Icd10).status, ItemStatus::Present);
    let date = corrected(&found, &["dates.anticipated_discharge=2026-03-11"]);
    assert_eq!(item(&date, Item::AnticipatedDischargeDate).status, ItemStatus::Present);
}

#[test]
fn the_last_word_about_a_thing_counts() {
    let earlier = said(&["member.id=U1234567801", "hcpcs=+E0601", "checklist.invoice=present"]);
    let more = said(&["member.id=U7650012302", "hcpcs=-E0601,+E0470"]);
    let names: Vec<String> =
        in_force(&earlier, &more).iter().map(|one| one.change.name()).collect();
    assert_eq!(names, ["checklist.invoice", "member.id", "hcpcs", "hcpcs"]);
}

#[test]
fn a_correction_is_kept_and_read_back_as_it_was() {
    let all = said(&[
        "member.name=Edith Sample",
        "ordering.fax=212-555-0107",
        "member.id=",
        "hcpcs=-E0260",
        "icd10=+J96.11",
        "references=+hold:H123456789",
        "pending_discharge=none",
        "urgent=claimed",
        "checklist.invoice=present_unsigned",
        "page.2=order",
        "patients=one",
        "program=dme_com",
    ]);
    let text = serde_json::to_string(&all).unwrap();
    assert_eq!(serde_json::from_str::<Vec<Correction>>(&text).unwrap(), all);
}

proptest! {
    /// Whoever types anything at all gets an answer, and no value of it back.
    #[test]
    fn anything_may_be_typed(field in "[a-z_.]{0,20}", value in "\\PC{0,30}") {
        if let Err(refused) = typed(&format!("{field}={value}")) {
            let words = refused.to_string();
            prop_assert!(value.len() < 6 || !words.contains(&value), "{words}");
        }
    }

    /// What is applied twice is applied once.
    #[test]
    fn saying_it_again_changes_no_value(which in proptest::sample::subsequence(vec![
        "member.name=Ada Specimen", "member.id=U7650012302", "hcpcs=+E0601", "hcpcs=-E0260",
        "icd10=+J96.11", "ordering.npi=2000000010", "pending_discharge=strong",
        "checklist.invoice=missing", "patients=one",
    ], 0..9)) {
        let found = complete().extracted;
        let once = corrected(&found, &which);
        let twice = corrected(&found, &[which.clone(), which].concat());
        let codes = |f: &Findings| f.hcpcs.iter().map(|c| c.code.clone()).collect::<Vec<_>>();
        prop_assert_eq!(codes(&once), codes(&twice));
        let statuses = |f: &Findings| f.checklist.iter().map(|i| i.status).collect::<Vec<_>>();
        prop_assert_eq!(statuses(&once), statuses(&twice));
        let value = |f: &Findings| f.member.id.as_ref().map(|id| id.value.clone());
        prop_assert_eq!(value(&once), value(&twice));
        prop_assert_eq!(once.pending_discharge.value, twice.pending_discharge.value);
    }
}
