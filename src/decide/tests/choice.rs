//! The choice of a program.

use super::build::*;

fn program(doc: Doc) -> Option<String> {
    doc.decided().program
}

#[test]
fn codes_say_what_and_the_member_id_says_whose() {
    for (expected, doc) in [
        ("dme_com", complete()),
        ("dme_ma", complete().member_id("1EG4TE5MK73")),
        ("hh_com", home_health()),
        ("sleep_com", complete().codes(&["95810"])),
        ("sleep_com", complete().codes(&["G0399"])),
    ] {
        assert_eq!(program(doc).as_deref(), Some(expected));
    }
}

#[test]
fn a_brand_stands_in_for_an_id_nobody_can_place() {
    let unknown = || complete().member_id("W99887766");
    assert_eq!(program(unknown()).as_deref(), Some("dme_com"), "Cigna and nothing of Medicare");
    assert_eq!(program(unknown().words("Medicare Advantage HMO")).as_deref(), Some("dme_ma"));
    assert_eq!(program(unknown().words("HealthSpring")).as_deref(), Some("dme_ma"));
    // Medicare in passing, as on every order form, says nothing.
    assert_eq!(program(unknown().words("per Medicare guidelines")).as_deref(), Some("dme_com"));
}

#[test]
fn the_dialled_number_breaks_a_tie_and_overrules_nothing() {
    let older = complete().dialled("1-888-444-1027");
    assert_eq!(program(older).as_deref(), Some("dme_com_legacy"));
    let other_line = home_health().dialled("+18666637740");
    assert_eq!(program(other_line).as_deref(), Some("hh_com"));
    let swapped = complete().dialled("855.826.3724");
    assert_eq!(program(swapped).as_deref(), Some("dme_com"));
}

#[test]
fn an_open_line_of_business_is_said() {
    let mut doc = complete().member_id("W99887766");
    for page in &mut doc.recognized.pages {
        page.lines.clear();
    }
    let decided = doc.decided();
    assert_eq!(decided.program, None);
    assert!(decided.reasons.iter().any(|reason| reason.code == "program.line_of_business_unclear"));
}

#[test]
fn a_bed_and_a_sleep_test_in_one_request_are_for_a_person() {
    let decided = complete().codes(&["E0260", "95810"]).decided();
    assert_eq!((decided.program.as_deref(), decided.row.as_str()), (None, "18"));
    assert!(decided.reasons.iter().any(|reason| reason.code == "program.unclear"));
}

#[test]
fn words_stand_in_where_no_code_is_given() {
    let doc = complete().codes(&[]).words("Home Health Certification and Plan of Care");
    assert_eq!(program(doc).as_deref(), Some("hh_com"));
    let doc = complete().codes(&[]).words("hospital bed, wheelchair");
    assert_eq!(program(doc).as_deref(), Some("dme_com"));
}

#[test]
fn delegated_codes_have_their_program_once_the_client_lists_them() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/models/programs");
    let files = std::fs::read_dir(folder).unwrap().map(|file| {
        let path = file.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        (path.display().to_string(), text.replace("delegated = []", "delegated = [\"E0260\"]"))
    });
    let programs = crate::program::Programs::parse(files).unwrap();
    let chosen = |doc: &Doc| {
        crate::decide::decide(&crate::decide::Input::Read(doc.document()), &programs, &CODES)
            .program
    };
    assert_eq!(chosen(&complete()).as_deref(), Some("dme_com_49"));
    assert_eq!(chosen(&complete().codes(&["E0255"])).as_deref(), Some("dme_com"));
    let before = complete().received("2026-03-06T15:00:00Z");
    assert_eq!(chosen(&before).as_deref(), Some("dme_com"));
}

#[test]
fn a_forced_program_that_does_not_exist_is_said() {
    let decided = complete().forced_to("nobody").decided();
    assert_eq!(decided.program, None);
    assert!(decided.reasons.iter().any(|reason| reason.code == "program.unknown"));
}
