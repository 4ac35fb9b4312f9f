//! Procedure and diagnosis codes.

use super::build::{RECEIVED, extract, extract_with, page, recognized};
use crate::extract::findings::Extracted;
use crate::receive::received::Context;
use crate::vocab::{Answer, Confidence, Phi};

fn codes(found: &Extracted) -> Vec<String> {
    found
        .findings
        .hcpcs
        .iter()
        .map(|c| {
            let mods: Vec<&str> = c.modifiers.iter().map(|m| m.as_str()).collect();
            format!("{} {} {}", c.code, mods.join(","), c.units.as_deref().unwrap_or("-"))
        })
        .collect()
}

fn icd(found: &Extracted) -> Vec<String> {
    found.findings.icd10.iter().map(|c| c.code.to_string()).collect()
}

fn in_column(code: &str) -> String {
    format!(
        "
            PRIOR AUTHORIZATION REQUEST FORM

HCPCS            Description                    Qty
{code}
"
    )
}

fn only(text: &str) -> Vec<String> {
    codes(&extract(&[page(text)]))
}

#[test]
fn codes_in_a_column() {
    for (row, expected) in [
        ("E0601            CPAP device                    1", vec!["E0601  1"]),
        ("EO6Ol            CPAP device                    1", vec!["E0601  1"]),
        ("I1832            knee brace                     1", vec!["L1832  1"]),
        ("£0260            hospital bed                   1", vec!["E0260  1"]),
        ("E9999            something                      1", vec![]),
        ("L0100            something                      1", vec![]),
        ("D0150            something                      1", vec![]),
        ("W1234            something                      1", vec![]),
        ("E1140 RR         wheelchair                     1", vec!["E1140 RR 1"]),
    ] {
        assert_eq!(only(&in_column(row)), expected, "{row}");
    }
}

#[test]
fn modifiers_and_units() {
    for (text, expected) in [
        ("STANDARD WRITTEN ORDER\nE0260 RR KH KX hospital bed", "E0260 RR,KH,KX -"),
        ("INVOICE\nK0823-RR power wheelchair $300", "K0823 RR -"),
        ("STANDARD WRITTEN ORDER\nK0001RR wheelchair qty: 2", "K0001 RR 2"),
        ("STANDARD WRITTEN ORDER\nE0143 x 1 walker", "E0143  1"),
        ("STANDARD WRITTEN ORDER\nHCPCS: E0143  Units: 3", "E0143  3"),
    ] {
        assert_eq!(only(text), [expected], "{text}");
    }
    let grid = "
            PRIOR AUTHORIZATION REQUEST FORM

Code         Mod       Description               Units
E0260        RR        Hospital bed              1
E0143        NU        Walker                    2
";
    assert_eq!(only(grid), ["E0260 RR 1", "E0143 NU 2"]);
}

#[test]
fn look_alikes_of_codes_are_refused() {
    for text in [
        "Patient lives at 11832 Main Street, knee brace",
        "STANDARD WRITTEN ORDER\nPart number A1234-5",
        "STANDARD WRITTEN ORDER\nDx: E1140 diabetic neuropathy",
        "STANDARD WRITTEN ORDER\nNew Orleans LA 70112",
        "PRIOR AUTHORIZATION REQUEST FORM\nDiagnosis: E11.40\nnotes E1140",
        "OFFICE VISIT\nChief Complaint: pain\nHPI: previously had K0001",
        "STANDARD WRITTEN ORDER\nPreviously used E0143 walker",
        "STANDARD WRITTEN ORDER\nZIP: 95810",
    ] {
        assert!(only(text).is_empty(), "{text}: {:?}", only(text));
    }
}

#[test]
fn an_undotted_diagnosis_is_one() {
    let found = extract(&[page("STANDARD WRITTEN ORDER\nDx: E1140 diabetic neuropathy")]);
    assert_eq!(icd(&found), ["E11.40"]);
}

#[test]
fn sleep_tests_need_a_label_or_sleep_words() {
    let labelled = "
            PRECERTIFICATION REQUEST FORM
CPT Code: 95810        In-lab sleep study";
    assert_eq!(only(labelled), ["95810  -"]);
    assert_eq!(only("PRECERTIFICATION REQUEST FORM\nZIP 95810"), Vec::<String>::new());
}

#[test]
fn pages_that_agree_are_one_finding() {
    let order = page("STANDARD WRITTEN ORDER\nLength of need: 99\nE0260 hospital bed");
    let form = page(&in_column("E0260 RR         hospital bed                   1"));
    let found = extract(&[form, order]);
    assert_eq!(codes(&found), ["E0260 RR 1"]);
    assert_eq!(found.findings.hcpcs[0].evidence.len(), 2);
}

#[test]
fn a_terminated_code_is_flagged_and_kept() {
    let found = extract(&[page(&in_column("E0450            ventilator                     1"))]);
    assert_eq!(codes(&found), ["E0450  1"]);
    assert!(found.notes.iter().any(|n| n.code == "hcpcs.terminated"));
}

#[test]
fn a_second_look_decides_on_a_repaired_code() {
    let pages = [page(&in_column("EO26O            hospital bed                   1"))];
    let first = extract(&pages);
    assert_eq!(first.questions.len(), 1);
    let asked = |text: &str| Answer {
        question: first.questions[0].clone(),
        text: Phi::from(text),
        confidence: Confidence::new(0.9),
    };
    let again = |text: &str| extract_with(&pages, &Context::default(), RECEIVED, &[asked(text)]);
    let before = first.findings.hcpcs[0].confidence;
    let confirmed = again("E0260");
    assert!(confirmed.findings.hcpcs[0].confidence > before);
    assert!(confirmed.questions.is_empty());
    let contradicted = again("E0250");
    assert!(contradicted.findings.hcpcs.is_empty());
    assert!(contradicted.questions.is_empty());
    assert_eq!(again("???").findings.hcpcs[0].confidence, before);
    let _ = recognized(&pages);
}

#[test]
fn diagnoses() {
    for (line, expected) in [
        ("Diagnosis: Z89.512", vec!["Z89.512"]),
        ("Dx: J96,11", vec!["J96.11"]),
        ("Diagnosis: S72.001A fracture", vec!["S72.001A"]),
        ("ICD-10: M17", vec!["M17"]),
        ("Dx: MI7.11", vec!["M17.11"]),
        ("Dx: J9O.1", vec!["J90.1"]),
        ("ICD-10 Codes: J44.9, J96.11, I50.22", vec!["J44.9", "J96.11", "I50.22"]),
        ("COPD (J44.9) noted", vec!["J44.9"]),
        ("Dx: 496", vec![]),
        ("v1.2 of the form", vec![]),
    ] {
        assert_eq!(icd(&extract(&[page(line)])), expected, "{line}");
    }
    assert!(extract(&[page("Dx: 250.00")]).notes.iter().any(|n| n.code == "icd10.outdated"));
}

#[test]
fn oxygen_is_equipment_and_not_vitals() {
    let oxygen = |text: &str| extract(&[page(text)]).findings.oxygen.is_some();
    assert!(oxygen("STANDARD WRITTEN ORDER\n\n\n\n\n\n\nHome oxygen 2 LPM via NC continuous"));
    assert!(oxygen(&in_column("E1390 RR         concentrator                   1")));
    assert!(!oxygen("STANDARD WRITTEN ORDER\n\n\n\n\n\n\nO2 sat 98 % on room air"));
    assert!(!oxygen("PROGRESS NOTE\nHospital day 2\nOxygen saturation 91 % on 2 LPM"));
}

#[test]
fn a_dot_that_was_lost_is_put_back_where_only_a_diagnosis_can_stand() {
    let diagnoses = |text: &str| icd(&extract(&[page(text)]));
    assert_eq!(diagnoses("STANDARD WRITTEN ORDER\nDiagnosis: E11 40 neuropathy"), ["E11.40"]);
    assert_eq!(diagnoses("OFFICE VISIT\nPressure ulcer, stage 4 (L89 154)."), ["L89.154"]);
    assert!(diagnoses("OFFICE VISIT\nWalked E11 40 feet").is_empty());
    // What is left of a code is no code of its own.
    let both = "STANDARD WRITTEN ORDER\nDx: L89\nAssessment: L89.154 pressure ulcer";
    assert_eq!(diagnoses(both), ["L89.154"]);
}

#[test]
fn a_guessed_first_letter_needs_words_that_fit() {
    let fits = in_column("10466          home ventilator               1");
    assert_eq!(codes(&extract(&[page(&fits)])), ["E0466  1"]);
    let alone = in_column("10466          item as discussed             1");
    assert!(codes(&extract(&[page(&alone)])).is_empty());
}

#[test]
fn months_are_a_quantity_of_what_is_rented() {
    let order = |code: &str| {
        format!(
            "STANDARD WRITTEN ORDER\n\nItem ordered      HCPCS         Quantity\nWalker            {code}      3 months\n"
        )
    };
    assert_eq!(only(&order("E0143 RR")), ["E0143 RR 3"]);
    assert_eq!(only(&order("E0143 NU")), ["E0143 NU -"]);
}

#[test]
fn a_word_behind_a_comma_is_no_part_of_a_diagnosis() {
    assert!(icd(&extract(&[page("PO2, room air: 58")])).is_empty());
    assert_eq!(icd(&extract(&[page("Diagnosis: J18 9 Pneumonia")])), ["J18.9"]);
}

#[test]
fn a_quantity_behind_a_comma() {
    let found = codes(&extract(&[page(
        "PRIOR AUTHORIZATION REQUEST FORM\n\nHCPCS: G0156,4 units, Home health aide visit",
    )]));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("G0156"));
}

#[test]
fn the_words_of_its_line_tell_a_first_letter_that_another_code_has_too() {
    let pages = [page(&in_column("L0621 NU         Sling or seat for patient lift    1"))];
    let first = extract(&pages);
    assert_eq!(codes(&first), ["E0621 NU 1"]);
    assert!(first.findings.hcpcs[0].repaired);
    assert_eq!(first.questions.len(), 1);
    // Read as it stands once more, neither is believed.
    let answer = Answer {
        question: first.questions[0].clone(),
        text: Phi::from("L0621"),
        confidence: Confidence::new(0.9),
    };
    let again = extract_with(&pages, &Context::default(), RECEIVED, &[answer]);
    assert!(again.findings.hcpcs.is_empty());
    assert!(again.notes.iter().any(|n| n.code == "hcpcs.contradicted"));
    // A brace is one.
    assert_eq!(
        only(&in_column("L0621            sacroiliac orthosis               1")),
        ["L0621  1"]
    );
}

/// Some diagnoses without their dot are codes of the table, and stand below its header.
#[test]
fn a_diagnosis_under_its_label_is_no_code() {
    let found = extract(&[page(
        "
            AMBULATORY ORDER: DURABLE MEDICAL EQUIPMENT
Description                               HCPCS / CPT      Quantity
Continuous glucose monitor receiver       E2103 NU         2 each
Length of need      99 months
Associated diagnoses
Z794 - Long term use of insulin; E1140 - Type 2 diabetes with neuropathy
",
    )]);
    let codes: Vec<&str> = found.findings.hcpcs.iter().map(|code| code.code.as_str()).collect();
    assert_eq!(codes, ["E2103"]);
}

/// Quantities as forms write them: in months, in brackets, on a line of their own.
#[test]
fn quantities_of_items() {
    let units = |lines: &str| {
        let form = format!("\n            PRIOR AUTHORIZATION REQUEST FORM\n{lines}\n");
        let found = extract(&[page(&form)]);
        found.findings.hcpcs.first().and_then(|code| code.units.clone())
    };
    let wheelchair = "1) K0823-RR Power wheelchair, standard, captain seat, rental,";
    assert_eq!(units(&format!("{wheelchair} 10 month(s)")).as_deref(), Some("10"));
    assert_eq!(units(&format!("{wheelchair} 99 months")), None);
    let gauntlet = "1) Ankle gauntlet, off the shelf      L1902      NU      1 unit(s)";
    assert_eq!(units(gauntlet).as_deref(), Some("1"));
    let lines = "Proc Code: K0861\nDescription: Power wheelchair\nUnits: 13";
    assert_eq!(units(lines).as_deref(), Some("13"));
    let two = "Proc Code: K0861\nProc Code: E2607\nUnits: 13";
    assert_eq!(units(two), None);
}
