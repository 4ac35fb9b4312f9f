//! What holds whatever is on the page.

use proptest::prelude::*;

use super::build::{Drawn, RECEIVED, extract, extract_with, page};
use crate::extract::findings::{Extracted, Field, ItemStatus};
use crate::receive::received::Context;
use crate::vocab::{Evidence, HcpcsCode, Icd10Code, Npi, Tin};

/// Words as noise makes them, and labels between them.
fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[A-Za-z0-9.,:/\\-]{1,12}",
        1 => "[!-~]{1,10}",
        1 => "\\PC{1,6}",
        1 => "[0-9OIlSZB]{9,11}",
        1 => "[A-Z£8][0-9OIlSZB]{4}",
        1 => "[0-9]{2}-[0-9]{7}",
        1 => "[0-9]{1,2}/[0-9]{1,2}/[0-9]{2,4}",
        1 => Just("⟦x⟧".to_owned()),
        1 => Just("⟦⟧".to_owned()),
        6 => prop::sample::select(vec![
            "NPI:", "NPI", "Tax ID:", "TIN", "HCPCS", "HCPCS:", "Dx:", "DOB:", "Member ID:",
            "Patient Name:", "Ordering", "Supplier", "Hospital", "Qty", "Pending", "Discharge",
            "Fax:", "Phone:", "Urgent", "PRIOR AUTHORIZATION REQUEST FORM", "INVOICE",
            "STANDARD WRITTEN ORDER", "To:", "From:", "Date:", "Signature:", "Address:", "City:",
            "First Name:", "Last Name:", "Expected Discharge Date", "Case Number", "not", "-", "[",
        ]).prop_map(str::to_owned),
    ]
}

fn text() -> impl Strategy<Value = String> {
    let line = prop::collection::vec((word(), 1usize..6), 0..9).prop_map(|words| {
        words.into_iter().map(|(w, gap)| format!("{w}{}", " ".repeat(gap))).collect::<String>()
    });
    prop::collection::vec(line, 0..25).prop_map(|lines| lines.join("\n"))
}

fn fields(found: &Extracted) -> Vec<&Field> {
    let f = &found.findings;
    let mut fields: Vec<&Option<Field>> = vec![
        &f.member.name,
        &f.member.date_of_birth,
        &f.member.id,
        &f.dates.service,
        &f.dates.order,
        &f.dates.visit,
        &f.dates.anticipated_discharge,
        &f.dates.delivered,
        &f.setting,
        &f.place_of_service,
        &f.oxygen,
    ];
    for p in &f.providers {
        fields.extend([&p.name, &p.npi, &p.tin, &p.phone, &p.fax, &p.address]);
    }
    fields.extend(found.parts.iter().map(|p| &p.member));
    fields.into_iter().flatten().collect()
}

fn evidence(found: &Extracted) -> Vec<&[Evidence]> {
    let f = &found.findings;
    let mut all: Vec<&[Evidence]> =
        fields(found).into_iter().map(|x| x.evidence.as_slice()).collect();
    all.extend(f.hcpcs.iter().map(|x| x.evidence.as_slice()));
    all.extend(f.npi.iter().map(|x| x.evidence.as_slice()));
    all.extend(f.tin.iter().map(|x| x.evidence.as_slice()));
    all.extend(f.icd10.iter().map(|x| x.evidence.as_slice()));
    all.extend(f.references.iter().map(|x| x.evidence.as_slice()));
    all.extend(f.intents.iter().map(|x| x.evidence.as_slice()));
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn noise_makes_no_identifier_and_no_finding_lacks_evidence(text in text(), confidence in 0.0f32..=1.0) {
        let found = extract(&[page(&text).read_as_well_as(confidence)]);
        for n in &found.findings.npi {
            prop_assert!(Npi::parse(n.value.as_str()).is_ok() && n.confidence.is_listed());
        }
        for t in &found.findings.tin {
            prop_assert!(Tin::parse(t.value.as_str()).is_ok() && t.confidence.is_listed());
        }
        for c in &found.findings.hcpcs {
            prop_assert!(HcpcsCode::parse(c.code.as_str()).is_ok() && c.confidence.is_listed());
        }
        for c in &found.findings.icd10 {
            prop_assert!(Icd10Code::parse(c.code.as_str()).is_ok() && c.confidence.is_listed());
        }
        for evidence in evidence(&found) {
            prop_assert!(!evidence.is_empty());
        }
        for field in fields(&found) {
            prop_assert!(field.confidence.is_listed());
        }
        for item in &found.findings.checklist {
            let shown = matches!(item.status, ItemStatus::Present | ItemStatus::PresentUnsigned | ItemStatus::Stale);
            prop_assert!(!shown || !item.evidence.is_empty(), "{:?}", item.item);
        }
        if found.findings.pending_discharge.value.is_raised() {
            prop_assert!(!found.findings.pending_discharge.evidence.is_empty());
        }
        prop_assert_eq!(found.page_kinds.len(), 1);
        let pages: usize = found.parts.iter().map(|p| p.pages.len()).sum();
        prop_assert_eq!(pages, 1);
    }

    #[test]
    fn the_same_page_gives_the_same_outcome(text in text()) {
        prop_assert_eq!(extract(&[page(&text)]), extract(&[page(&text)]));
    }

    #[test]
    fn a_page_without_rival_values_lowers_nothing(text in text(), more in "[a-z ]{0,200}") {
        let alone = extract(&[page(&text)]);
        let with = extract(&[page(&text), page(&more)]);
        let confident = |found: &Extracted| -> Vec<(String, f32)> {
            let f = &found.findings;
            f.npi.iter().map(|n| (format!("{} {:?}", n.value, n.role), n.confidence.get()))
                .chain(f.hcpcs.iter().map(|c| (format!("{} {:?}", c.code, c.modifiers), c.confidence.get())))
                .chain(f.icd10.iter().map(|c| (c.code.to_string(), c.confidence.get())))
                .collect()
        };
        let after = confident(&with);
        for (value, before) in confident(&alone) {
            let now = after.iter().find(|(v, _)| *v == value).map(|(_, c)| *c);
            prop_assert!(now.is_some_and(|now| now >= before), "{} {:?}", before, now);
        }
    }

    #[test]
    fn free_notes_never_panic(note in "\\PC{0,400}") {
        let context = Context { note: Some(note.as_str().into()), ..Context::default() };
        extract_with(&[Drawn::blank()], &context, RECEIVED, &[]);
    }
}
