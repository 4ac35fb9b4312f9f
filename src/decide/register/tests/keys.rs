use super::build::*;
use crate::decide::register::{CaseKeys, CaseRecord, KeyKind};
use crate::extract::findings::Findings;
use crate::vocab::Phi;

/// Whether a register would hand this case over for that document.
fn is_found(findings: &Findings, case: &CaseRecord) -> bool {
    let kept = CaseKeys::of_case(case);
    CaseKeys::of_document(findings).iter().any(|key| kept.iter().any(|kept| kept == key))
}

#[test]
fn a_case_is_found_by_each_key_however_it_is_written() {
    let edith = case(1);
    for id in ["U1234567801", "u12345678-01", "U12345678"] {
        assert!(is_found(&person(None, None, Some(id)), &edith), "{id}");
    }
    let without_suffix = with(case(1), |case| case.member.id = Some(Phi::from("U12345678")));
    assert!(is_found(&person(None, None, Some(ID)), &without_suffix));
    assert!(is_found(&person(Some("SAMPLE, E"), Some(BIRTH), None), &edith));
    assert!(is_found(&person(Some("Edith Sample-Jones"), Some(BIRTH), None), &edith));
    assert!(is_found(&person(Some("EdithxSample"), Some(BIRTH), None), &edith));
    assert!(is_found(&cites(person(None, None, None), "a55501"), &edith));
    assert!(is_found(&cites(person(None, None, None), reference(1).as_str()), &edith));
}

#[test]
fn a_name_alone_or_another_person_of_the_family_is_not_looked_for() {
    assert!(!is_found(&person(Some(NAME), None, None), &case(1)));
    assert!(!is_found(&person(None, None, Some("U1234567802")), &case(1)));
}

#[test]
fn the_most_telling_key_comes_first_and_none_twice() {
    let findings = cites(cites(document(|_| ()), "A-55501"), "A55501");
    let kinds: Vec<KeyKind> = CaseKeys::of_document(&findings).iter().map(|key| key.kind).collect();
    let expected = [
        KeyKind::Reference,
        KeyKind::MemberId,
        KeyKind::MemberId,
        KeyKind::MemberIdBase,
        KeyKind::BirthAndFamily,
        KeyKind::Birth,
    ];
    assert_eq!(kinds, expected);
}
