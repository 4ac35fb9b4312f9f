use super::build::*;
use crate::decide::register::{CaseRecord, CaseState, Key, Match};
use crate::extract::findings::Findings;
use crate::vocab::{Confidence, Phi};

fn same(found: &Match) -> bool {
    matches!(found, Match::Same(_))
}

fn unclear(found: &Match) -> usize {
    match found {
        Match::Unclear { candidates } => candidates.len(),
        _ => 0,
    }
}

#[test]
fn two_independent_keys_of_one_person_attach() {
    for findings in [
        person(Some(NAME), Some(BIRTH), Some(ID)),
        person(None, Some(BIRTH), Some(ID)),
        person(Some("SAMPLE, EDITH"), None, Some("U12345678-01")),
        // The ordering NPI is the third.
        person(Some(NAME), Some(BIRTH), None),
        // A suffix left out agrees less, and the other key makes up for it.
        person(None, Some(BIRTH), Some("U12345678")),
        // A letter misread, likewise.
        person(Some("Edith Simple"), None, Some(ID)),
    ] {
        let found = matched(&findings, &[case(1)]);
        assert!(same(&found), "{found:?}");
        assert_eq!(found.attached().unwrap().case, reference(1));
    }
}

#[test]
fn less_than_that_does_not() {
    let no_npi = |mut findings: Findings| {
        findings.npi.clear();
        findings
    };
    assert_eq!(matched(&person(Some(NAME), None, None), &[case(1)]), Match::None);
    assert_eq!(matched(&no_npi(person(None, Some(BIRTH), None)), &[case(1)]), Match::None);
    let by_two = no_npi(person(Some(NAME), Some(BIRTH), None));
    assert_eq!(unclear(&matched(&by_two, &[case(1)])), 1, "name and date, no provider");
    let id_alone = person(None, None, Some(ID));
    assert_eq!(unclear(&matched(&id_alone, &[case(1)])), 1);
    let both_weak = person(Some("E. Sample"), None, Some("U12345678"));
    assert_eq!(unclear(&matched(&both_weak, &[case(1)])), 1);
    let doubtful = document(|findings| {
        for field in [&mut findings.member.name, &mut findings.member.date_of_birth] {
            field.as_mut().unwrap().confidence = Confidence::new(0.59);
        }
    });
    assert_eq!(unclear(&matched(&doubtful, &[case(1)])), 1, "what is not listed is no key");
}

#[test]
fn a_request_of_somebody_born_that_day_is_looked_at_where_the_name_may_be_misread() {
    for (name, expected) in [
        (Some("Edifh Sample"), 1),
        (Some("EdithxSample"), 1),
        (Some("Ellen Sample"), 0),
        // Not read: who orders is the same.
        (None, 1),
    ] {
        let found = matched(&person(name, Some(BIRTH), None), &[case(1)]);
        assert_eq!(unclear(&found), expected, "{name:?}: {found:?}");
    }
    let both = person(Some("EdithxSample"), Some(BIRTH), Some("U1284567801"));
    assert_eq!(unclear(&matched(&both, &[case(1)])), 1);
    // Ids that differ tell two people apart.
    let other = person(Some("Edifh Sample"), Some(BIRTH), Some("U7654321001"));
    assert_eq!(matched(&other, &[case(1)]), Match::None);
    let other_thing =
        matched_as(&person(None, Some(BIRTH), None), Some("dme_com"), &["walker"], &[case(1)]);
    assert_eq!(other_thing, Match::None);
}

#[test]
fn another_person_of_the_family_is_another_person() {
    let child = person(Some("Ellen Sample"), Some("2015-06-07"), Some("U1234567802"));
    assert_eq!(matched(&child, &[case(1)]), Match::None);
    // His mother's card.
    let with_her_card = person(Some("Ellen Sample"), Some("2015-06-07"), Some("U12345678"));
    assert_eq!(matched(&with_her_card, &[case(1)]), Match::None);
    let misread = person(Some(NAME), Some(BIRTH), Some("U1234567802"));
    let found = matched(&misread, &[case(1)]);
    assert_eq!(unclear(&found), 1, "{found:?}");
    let twin = person(Some("Ellen Sample"), Some(BIRTH), Some("U12345678"));
    assert!(matched(&twin, &[case(1)]).attached().is_none());
}

#[test]
fn one_digit_of_a_date_is_a_warning_where_id_and_name_agree() {
    let found = matched(&person(Some(NAME), Some("1958-03-07"), Some(ID)), &[case(1)]);
    assert!(same(&found));
    let comparison = &found.attached().unwrap().comparison;
    assert_eq!(comparison.agree_weakly, [Key::DateOfBirth]);
    let two_digits = matched(&person(Some(NAME), Some("1968-03-07"), Some(ID)), &[case(1)]);
    assert_eq!(unclear(&two_digits), 1);
    let without_suffix = person(Some(NAME), Some("1958-03-07"), Some("U12345678"));
    assert_eq!(unclear(&matched(&without_suffix, &[case(1)])), 1);
}

#[test]
fn one_letter_of_an_id_or_a_name_is_a_warning_where_the_other_two_agree() {
    let misread_id = person(Some(NAME), Some(BIRTH), Some("U1284567801"));
    let misread_name = person(Some("Edifh Sample"), Some(BIRTH), Some(ID));
    for findings in [misread_id, misread_name] {
        let found = matched(&findings, &[case(1)]);
        assert!(same(&found), "{found:?}");
        let named = cites(findings, "A-55501");
        assert!(matches!(matched(&named, &[case(1)]), Match::ByReference(_)));
    }
    // Somebody else of the family, or only one other key.
    let other = person(Some(NAME), Some(BIRTH), Some("U1234567802"));
    assert!(matched(&other, &[case(1)]).attached().is_none());
    let alone = person(Some("Edifh Sample"), Some("1958-03-02"), Some(ID));
    assert!(matched(&alone, &[case(1)]).attached().is_none());
    // Twins on one policy, of whose shape nothing is known.
    let policy = with(case(1), |case| {
        case.member.id = Some(Phi::from("QX-445566"));
        case.member.name = Some(Phi::from("Marie Sample"));
    });
    let twin = person(Some("Maria Sample"), Some(BIRTH), Some("QX-445566"));
    assert_eq!(unclear(&matched(&twin, &[policy])), 1);
}

#[test]
fn cards_of_two_kinds_say_nothing_about_each_other() {
    let medicare = person(Some(NAME), Some(BIRTH), Some("1EG4-TE5-MK73"));
    assert!(same(&matched(&medicare, &[case(1)])), "by name, date and provider");
    let hers = with(case(1), |case| case.member.id = Some(Phi::from("1eg4te5mk73")));
    let by_id = person(None, Some(BIRTH), Some("1EG4TE5MK73"));
    assert!(same(&matched(&by_id, &[hers])));
}

#[test]
fn another_request_of_the_same_person_is_another_case() {
    let edith = document(|_| ());
    let cases = [case(1)];
    assert_eq!(matched_as(&edith, Some("dme_com"), &["oxygen"], &cases), Match::None);
    assert_eq!(matched_as(&edith, Some("hh_com"), &["therapy"], &cases), Match::None);
    for (program, families) in [
        (None, vec!["hospital_bed"]),
        (Some("dme_com"), vec![]),
        (Some("dme_com_49"), vec!["hospital_bed"]),
        (None, vec![]),
    ] {
        let found = matched_as(&edith, program, &families, &cases);
        assert_eq!(unclear(&found), 1, "{program:?} {families:?}");
    }
}

#[test]
fn a_decision_takes_documents_for_sixty_days() {
    let edith = document(|_| ());
    assert!(same(&matched(&edith, &[decided(case(1), 60)])));
    assert_eq!(matched(&edith, &[decided(case(1), 61)]), Match::None);
    let nobody_told_when = with(decided(case(1), 1), |case| case.decided_at = None);
    assert_eq!(unclear(&matched(&edith, &[nobody_told_when])), 1);
    for state in CaseState::ALL {
        let case = with(case(1), |case| case.state = state);
        assert_eq!(same(&matched(&edith, &[case])), state.is_open(), "{state:?}");
    }
}

#[test]
fn of_several_that_fit_the_open_one_is_meant_and_equals_are_for_a_person() {
    let edith = document(|_| ());
    let found = matched(&edith, &[decided(case(1), 5), case(2)]);
    assert_eq!(found.attached().unwrap().case, reference(2));
    assert_eq!(unclear(&matched(&edith, &[case(1), case(2)])), 2);
    // The open one agrees less than the decided one.
    let less = with(case(2), |case| case.member.id = Some(Phi::from("U12345678")));
    assert_eq!(unclear(&matched(&edith, &[decided(case(1), 5), less])), 2);
}

#[test]
fn a_reference_leads_to_its_case_in_whatever_state_if_the_person_agrees() {
    let closed = with(case(1), |case| {
        case.state = CaseState::ClosedNoResponse;
        case.hold_reference = Some(Phi::from("H7K2M9QRT4"));
    });
    let cases = [closed, case(2)];
    for value in ["A-55501", "a 55501", reference(1).as_str(), "H7K2-M9QR-T4"] {
        let reply = cites(person(Some(NAME), None, None), value);
        let found = matched(&reply, &cases);
        let Match::ByReference(candidate) = &found else { panic!("{found:?}") };
        assert_eq!(candidate.case, reference(1));
        assert!(candidate.comparison.agree.contains(&Key::Reference));
    }
}

#[test]
fn a_reference_to_somebody_else_is_a_conflict_and_one_without_a_person_unclear() {
    let stranger = cites(person(Some("Ada Example"), Some("1970-01-02"), None), "A-55501");
    let Match::ReferenceConflict(candidate) = matched(&stranger, &[case(1)]) else { panic!() };
    assert_eq!(candidate.comparison.conflict, [Key::DateOfBirth, Key::Name]);
    let nobody = cites(person(None, None, None), "A-55501");
    assert_eq!(unclear(&matched(&nobody, &[case(1)])), 1);
    let unknown = cites(document(|_| ()), "A-99999");
    assert!(same(&matched(&unknown, &[case(1)])), "a number of nobody's says nothing");
}

#[test]
fn of_several_cases_of_a_number_the_one_on_our_own_paper_is_meant() {
    let renewed =
        |number| with(case(number), |case| case.references = super::build::case(9).references);
    let both: [CaseRecord; 2] = [renewed(1), renewed(2)];
    let edith = cites(document(|_| ()), "A-55509");
    assert_eq!(unclear(&matched(&edith, &both)), 2);
    let ours = cites(edith.clone(), reference(2).as_str());
    assert_eq!(matched(&ours, &both).attached().unwrap().case, reference(2));
    let one_is_over = [decided(renewed(1), 400), renewed(2)];
    assert_eq!(matched(&edith, &one_is_over).attached().unwrap().case, reference(2));
}

#[test]
fn what_is_said_of_a_match_names_fields_and_no_values() {
    let found = matched(&cites(document(|_| ()), "A-55501"), &[case(1), case(2)]);
    let said = format!("{found:?} {}", serde_json::to_string(&found).unwrap());
    assert!(said.contains("member.date_of_birth"), "{said}");
    for secret in ["Edith", "Sample", "1958", "U12345678", "55501"] {
        assert!(!said.contains(secret), "{said}");
    }
}
