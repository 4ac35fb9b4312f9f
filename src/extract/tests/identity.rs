//! The patient, and where one patient's pages end.

use super::build::{RECEIVED, cover, extract, extract_with, page};
use crate::extract::findings::{Extracted, Field, ReferenceKind, Role};
use crate::receive::received::Context;
use crate::vocab::{EvidenceSource, PageNumber};

fn value(field: &Option<Field>) -> Option<&str> {
    field.as_ref().map(|f| f.value.expose().as_str())
}

fn id_of(line: &str) -> Option<String> {
    value(&extract(&[page(line)]).findings.member.id).map(str::to_owned)
}

#[test]
fn member_ids() {
    for (line, expected) in [
        ("Customer ID: U1234567801", Some("U1234567801")),
        ("Member ID: U12345678 01", Some("U1234567801")),
        ("Member ID: U12345678-01", Some("U1234567801")),
        ("Member ID:   U12345678", Some("U12345678")),
        ("Member ID: V12345678", Some("U12345678")),
        ("MBI: 1EG4-TE5-MK73", Some("1EG4TE5MK73")),
        ("MBI: 1EG4-TES-MK73", Some("1EG4TE5MK73")),
        ("1EG4-TE5-MK73", Some("1EG4TE5MK73")),
        ("U1234567801", Some("U1234567801")),
        ("Group Number: 3334567", None),
        ("Account: 123456789", None),
        ("V12345678", None),
    ] {
        assert_eq!(id_of(line).as_deref(), expected, "{line}");
    }
    // A digit in a letter's place cannot be repaired to an MBI.
    assert_ne!(id_of("1EG4TE5M073").as_deref(), Some("1EG4TE5M073"));
}

#[test]
fn birth_dates() {
    let dob = |line: &str| {
        value(&extract(&[page(line)]).findings.member.date_of_birth).map(str::to_owned)
    };
    assert_eq!(dob("DOB: 3/1/58").as_deref(), Some("1958-03-01"));
    assert_eq!(dob("Date of Birth: 03/01/1958").as_deref(), Some("1958-03-01"));
    assert_eq!(dob("DOB: 02/30/1958"), None);
    assert_eq!(dob("DOB: 3/9/2026"), None);
}

#[test]
fn names() {
    for line in [
        "Patient Name: Edith Sample",
        "Patient Name: Sample, Edith",
        "Member Name: EDITH SAMPLE   DOB: 3/1/1958",
        "Patient: Edith Sample",
        "Last Name: Sample     First Name: Edith",
        "Patient Name\nEdith Sample",
    ] {
        let found = extract(&[page(line)]);
        assert_eq!(value(&found.findings.member.name), Some("Edith Sample"), "{line}");
    }
}

#[test]
fn telephone_numbers_are_normalised() {
    let text = "
PRECERTIFICATION REQUEST FORM
SUPPLIER INFORMATION
Name: Lakeside HME
Fax: 1-212-555-O1O4";
    let found = extract(&[page(text)]);
    let fax = found.findings.providers[0].fax.as_ref().unwrap();
    assert_eq!(fax.value.expose(), "+12125550104");
    assert!(fax.repaired);
    let own = extract(&[page("SUPPLIER INFORMATION\nFax: 1-866-999-351O")]);
    assert!(own.findings.providers.iter().all(|p| p.fax.is_none()));
}

fn form(name: &str, dob: &str, id: &str) -> super::build::Drawn {
    page(&format!(
        "
            PRIOR AUTHORIZATION REQUEST FORM

Member Name: {name}             DOB: {dob}
Member ID: {id}
"
    ))
}

fn parts(found: &Extracted) -> Vec<Vec<u32>> {
    found.parts.iter().map(|p| p.pages.iter().map(|n| n.get()).collect()).collect()
}

#[test]
fn two_patients_are_two_parts() {
    let found = extract(&[
        cover("first"),
        form("Edith Sample", "3/1/1958", "U1234567801"),
        page("Page without any name"),
        cover("second"),
        form("Otto Muster", "7/22/1944", "U7654321001"),
    ]);
    assert_eq!(parts(&found), [vec![1, 2, 3], vec![4, 5]]);
    assert_eq!(value(&found.parts[1].member), Some("U7654321001"));
}

#[test]
fn a_second_cover_for_the_same_patient_is_one_part() {
    let same = || form("Edith Sample", "3/1/1958", "U1234567801");
    let found = extract(&[cover("one"), same(), cover("two"), same()]);
    assert_eq!(parts(&found), [vec![1, 2, 3, 4]]);
}

#[test]
fn a_misread_digit_is_no_other_patient() {
    let found = extract(&[
        form("Edith Sample", "3/1/1958", "U1234567801"),
        form("Edith Sample", "3/7/1958", "U1234567801"),
    ]);
    assert_eq!(parts(&found), [vec![1, 2]]);
}

#[test]
fn two_suffixes_are_two_persons() {
    let found = extract(&[
        form("Edith Sample", "3/1/1958", "U12345678 01"),
        form("Otto Sample", "7/22/1984", "U12345678 02"),
    ]);
    assert_eq!(parts(&found), [vec![1], vec![2]]);
}

#[test]
fn a_counter_that_starts_again_is_no_border_by_itself() {
    let found = extract(&[
        form("Edith Sample", "3/1/1958", "U1234567801").header_page(1),
        page("clinicals").header_page(2),
        page("more clinicals").header_page(1),
    ]);
    assert_eq!(parts(&found), [vec![1, 2, 3]]);
}

#[test]
fn references_and_intents() {
    let text = "
Dear reviewer:
In response to your letter dated 3/1/2026, case number 4471920031.
Hold reference: H7K3Q9ZXW2
Sincerely,";
    let found = extract(&[page(text)]).findings;
    let kinds: Vec<_> = found.intents.iter().map(|i| i.kind).collect();
    assert_eq!(kinds, [crate::extract::findings::IntentKind::HoldReply]);
    let refs: Vec<_> = found.references.iter().map(|r| r.value.expose().as_str()).collect();
    assert!(refs.contains(&"H7K3Q9ZXW2"), "{refs:?}");
    assert!(refs.contains(&"4471920031"), "{refs:?}");
    // An extension is no case number.
    let ext = extract(&[page("Phone 800-298-4806 ext. 2014")]).findings;
    assert!(ext.references.is_empty());
}

#[test]
fn our_own_references_come_back_as_barcodes() {
    let reply = page("Our answer").with_code("H7K3Q9ZXW2").with_code("C-0123456789AB");
    let found = extract(&[reply]).findings.references;
    let kinds: Vec<_> = found.iter().map(|r| (r.kind, r.value.expose().as_str())).collect();
    let (hold, case) = (ReferenceKind::Hold, ReferenceKind::Case);
    assert_eq!(kinds, [(hold, "H7K3Q9ZXW2"), (case, "C-0123456789AB")]);
    assert_eq!(found[0].evidence[0].source, EvidenceSource::Barcode);
    assert_eq!(found[0].evidence[0].page, Some(PageNumber::FIRST));
    // The same number in print is the same reference.
    let both = page("Hold reference: H7K3Q9ZXW2").with_code("H7K3Q9ZXW2");
    let found = extract(&[both]).findings.references;
    assert_eq!((found.len(), found[0].evidence.len()), (1, 2));
    for other in ["https://example.org/H7K3Q9ZXW2", "4471920031", "C-short", "E0260"] {
        let found = extract(&[page("A label").with_code(other)]).findings.references;
        assert!(found.is_empty(), "{other}");
    }
}

#[test]
fn place_and_dates() {
    let text = "
            PRIOR AUTHORIZATION REQUEST FORM
Place of Service: 12 Home          Date of Service: 3/12/2026
Anticipated Discharge Date: 3/11/2026";
    let found = extract_with(&[page(text)], &Context::default(), RECEIVED, &[]).findings;
    assert_eq!(value(&found.place_of_service), Some("12"));
    assert_eq!(value(&found.setting), Some("home"));
    assert_eq!(value(&found.dates.service), Some("2026-03-12"));
    assert_eq!(value(&found.dates.anticipated_discharge), Some("2026-03-11"));
}

#[test]
fn who_signs_is_not_the_patient() {
    let order = page(
        "
            STANDARD WRITTEN ORDER

Patient
Item: walker

Signature: ______________
Printed name: Jane Roe, MD       NPI: 2000000002
",
    );
    let found = extract(&[order]).findings;
    assert_eq!(value(&found.member.name), None);
    let ordering = found.providers.iter().find(|p| p.role == Role::Ordering).unwrap();
    assert_eq!(value(&ordering.name), Some("Jane Roe"));
}

#[test]
fn a_name_beside_a_date_of_birth_is_the_patients() {
    let form =
        "PRIOR AUTHORIZATION REQUEST FORM\n\nName: Sample, Edith        Birth date: 3/1/1958";
    assert_eq!(value(&extract(&[page(form)]).findings.member.name), Some("Edith Sample"));
    let worn = "STANDARD WRITTEN ORDER\n\nPatient.   Edith Sample\nDate of birth.  03 01 1958";
    let found = extract(&[page(worn)]).findings.member;
    assert_eq!(value(&found.name), Some("Edith Sample"));
    assert_eq!(value(&found.date_of_birth), Some("1958-03-01"));
}

#[test]
fn letterheads_tell_who_writes() {
    let order = "
        Lakeview Neurology Group
  2074 Harbor Avenue, Milltown, NJ 08867 Tel 732-555-0134 Fax 732-555-0135

STANDARD WRITTEN ORDER
Patient: Edith Sample
";
    let stay = "
        Lakeshore General Hospital

ADMISSION HISTORY AND PHYSICAL
Patient: Edith Sample
History of present illness: fell at home
";
    let found = extract(&[page(order), page(stay)]).findings;
    let of = |role| found.providers.iter().find(|p| p.role == role).unwrap();
    let address = value(&of(Role::Ordering).address);
    assert_eq!(address, Some("2074 Harbor Avenue, Milltown, NJ 08867"));
    assert_eq!(value(&of(Role::Facility).name), Some("Lakeshore General Hospital"));
}
