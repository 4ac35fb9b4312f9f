//! What must hold whatever stands in document and register.

use proptest::prelude::*;
use proptest::sample::select;

use super::build::*;
use crate::decide::register::{CaseLine, CaseRecord, CaseState, Match};
use crate::decide::tests::build::{ORDERING_NPI, RENDERING_NPI, field, npi};
use crate::extract::findings::{Findings, Role};
use crate::vocab::{Npi, Phi};

const NAMES: [&str; 5] = [NAME, "SAMPLE, E", "Edith Simple", "Ellen Sample", "Ada Example"];
const BIRTHS: [&str; 3] = [BIRTH, "1958-03-07", "1970-01-02"];
const IDS: [&str; 5] = [ID, "U12345678", "U1234567802", "1EG4TE5MK73", "998877665"];
const FAMILIES: [&str; 2] = ["hospital_bed", "oxygen"];
const PROGRAMS: [&str; 2] = ["dme_com", "hh_com"];

fn some(of: &'static [&'static str]) -> impl Strategy<Value = Option<&'static str>> {
    prop::option::weighted(0.75, select(of))
}

prop_compose! {
    fn documents()(
        name in some(&NAMES), birth in some(&BIRTHS), id in some(&IDS),
        provider in some(&[ORDERING_NPI, RENDERING_NPI]),
        cited in prop::option::weighted(0.3, 1u64..4),
    ) -> Findings {
        let mut findings = person(name, birth, id);
        findings.npi = provider.iter().map(|number| npi(number, Role::Ordering)).collect();
        match cited {
            Some(number) => cites(findings, &format!("A-5550{number}")),
            None => findings,
        }
    }
}

prop_compose! {
    fn case_of(number: u64)(
        name in some(&NAMES), birth in some(&BIRTHS), id in some(&IDS),
        provider in some(&[ORDERING_NPI, RENDERING_NPI]),
        program in some(&PROGRAMS), family in some(&FAMILIES),
        state in select(CaseState::ALL.to_vec()), days in 0i64..80,
    ) -> CaseRecord {
        with(decided(case(number), days), |case| {
            case.state = state;
            case.member.name = name.map(Phi::from);
            case.member.date_of_birth = birth.map(|date| Phi::new(date.parse().unwrap()));
            case.member.id = id.map(Phi::from);
            case.ordering = provider.map(|number| Npi::parse(number).unwrap());
            case.program = program.map(str::to_owned);
            case.lines = family.iter().map(|family| CaseLine {
                code: None, family: (*family).to_owned(),
            }).collect();
        })
    }
}

fn registers() -> impl Strategy<Value = Vec<CaseRecord>> {
    (case_of(1), case_of(2), case_of(3), 0usize..4)
        .prop_map(|(one, two, three, count)| [one, two, three].into_iter().take(count).collect())
}

/// A value of nobody in the register.
fn conflicting(mut findings: Findings, which: usize) -> Findings {
    let member = &mut findings.member;
    match which {
        0 => member.name = Some(field("Zebulon Nobody", 1)),
        1 => member.date_of_birth = Some(field("1921-12-30", 1)),
        _ => member.id = Some(field("U0000000099", 1)),
    }
    findings
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn a_key_that_conflicts_never_turns_what_was_not_attached_into_an_attachment(
        findings in documents(), cases in registers(), which in 0usize..3,
    ) {
        if matched(&findings, &cases).attached().is_none() {
            let after = matched(&conflicting(findings, which), &cases);
            prop_assert!(after.attached().is_none(), "{after:?}");
        }
    }

    #[test]
    fn what_is_attached_is_of_one_person(findings in documents(), cases in registers()) {
        let found = matched(&findings, &cases);
        if let Some(candidate) = found.attached() {
            let comparison = &candidate.comparison;
            prop_assert!(!comparison.conflicts_on_person());
            prop_assert!(comparison.is_same_person() || matches!(found, Match::ByReference(_)));
        }
    }

    #[test]
    fn a_name_alone_never_attaches(findings in documents(), cases in registers()) {
        let mut findings = findings;
        findings.member.date_of_birth = None;
        findings.member.id = None;
        findings.references.clear();
        prop_assert_eq!(matched(&findings, &cases), Match::None);
    }

    #[test]
    fn the_order_of_the_cases_does_not_matter(
        findings in documents(),
        (cases, shuffled) in registers().prop_flat_map(|cases| {
            (Just(cases.clone()), Just(cases).prop_shuffle())
        }),
    ) {
        prop_assert_eq!(matched(&findings, &cases), matched(&findings, &shuffled));
    }

    #[test]
    fn no_text_is_too_odd_to_be_compared(name in ".*", id in ".*", cited in ".*") {
        let odd = cites(person(Some(&name), Some(BIRTH), Some(&id)), &cited);
        let case = with(case(1), |case| {
            case.member.name = Some(Phi::from(name.as_str()));
            case.member.id = Some(Phi::from(id.as_str()));
        });
        let kept = crate::decide::register::CaseKeys::of_case(&case);
        let looked_for = crate::decide::register::CaseKeys::of_document(&odd);
        prop_assert!(kept.iter().count() + looked_for.iter().count() < 200);
        let _ = matched(&odd, &[case]);
    }
}
