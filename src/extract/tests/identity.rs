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
        ("Member ID: 123-45-67890", Some("1234567890")),
        ("Health plan ID: 1-704-555-0132", None),
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
        "Customer (patient): Sample, Edith",
        "Physician        Patient    Sample, Edith\nJane Roe, MD\n                 DOB        3/1/1958",
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

/// Ids of our shape without the digits of a person: the last of them was misread.
#[test]
fn the_last_digits_of_a_bare_id_are_no_suffix() {
    let first = "STANDARD WRITTEN ORDER\nPatient: Josephine Abernathy   Member ID: U23330750";
    let second = "PROGRESS NOTE\nPatient: Jesephine Abernathy   Member ID: U23330758";
    assert_eq!(extract(&[page(first), page(second)]).parts.len(), 1);
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
fn a_date_a_telephone_and_a_department_are_no_references() {
    let references = |text: &str| -> Vec<String> {
        let found = extract(&[page(text)]).findings.references;
        found.iter().map(|r| r.value.expose().clone()).collect()
    };
    for other in [
        "TO: Sleep Study Authorization          FAX: (312) 555-0107",
        "Home Care Authorization          555-0107",
        "Case: 03-07-2026",
        "Requested: 95805 (Multiple sleep latency test), 1 unit(s)",
        "Reference: 212-555-0105",
    ] {
        assert!(references(other).is_empty(), "{other}");
    }
    assert_eq!(references("Case number: 6946745869"), ["6946745869"]);
    assert_eq!(references("Authorization #: A-4471920   Date: 03/07/2026"), ["A-4471920"]);
}

#[test]
fn of_two_patients_the_first_is_told() {
    let visit = |name: &str, born: &str, day: &str| {
        page(&format!(
            "OFFICE VISIT NOTE\nPatient: {name}          DOB: {born}\nVisit date: {day}\n\
             Chief complaint: weakness\nAssessment and plan: walker"
        ))
    };
    let found = extract(&[
        form("Edith Sample", "3/1/1958", "U1234567801"),
        visit("Edith Sample", "3/1/1958", "2/3/2026"),
        form("Horace Larkspur", "7/9/1944", "U7654321002"),
        visit("Horace Larkspur", "7/9/1944", "3/2/2026"),
        visit("Horace Larkspur", "7/9/1944", "3/2/2026"),
    ]);
    assert_eq!(parts(&found), [vec![1, 2], vec![3, 4, 5]]);
    assert_eq!(value(&found.findings.member.name), Some("Edith Sample"));
    assert_eq!(value(&found.findings.member.id), Some("U1234567801"));
    assert_eq!(value(&found.findings.dates.visit), Some("2026-02-03"));
    assert_eq!(found.page_kinds.len(), 5);
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

/// An id of another plan is one; what is a character from ours is misread.
#[test]
fn an_id_that_is_nearly_of_a_known_shape_is_not_believed() {
    let id = |text: &str| value(&extract(&[page(text)]).findings.member.id).map(str::to_owned);
    assert_eq!(id("Member ID: W2203425502").as_deref(), Some("W2203425502"));
    assert_eq!(id("Member ID: L22034255"), None);
    assert_eq!(id("Member ID: U220E4255"), None);
    assert_eq!(id("Member ID: U22034255").as_deref(), Some("U22034255"));
    assert_eq!(id("Member ID: 123-45-67890").as_deref(), Some("1234567890"));
}

/// The digits of the person are part of an id on whichever page they stand.
#[test]
fn an_id_with_and_without_its_person_is_one() {
    let ids = |lines: &[&str]| {
        let pages: Vec<_> = lines.iter().map(|line| page(&format!("Member ID: {line}"))).collect();
        let found = extract(&pages).findings.member;
        (value(&found.id).map(str::to_owned), found.other_ids.len())
    };
    let whole = (Some("U4703337601".to_owned()), 0);
    assert_eq!(ids(&["U47033376", "U47033376 01", "U47033376"]), whole);
    assert_eq!(ids(&["U47033376", "U47033376"]), (Some("U47033376".to_owned()), 0));
}

/// A digit of the year was misread: nobody orders what was supplied a year before.
#[test]
fn a_day_of_service_a_year_before_its_order_is_not_believed() {
    let dated = |service: &str, order: &str| {
        let form =
            format!("\n            PRIOR AUTHORIZATION REQUEST FORM\nDate of Service: {service}");
        let order = format!("\n            PHYSICIAN ORDER\nOrder date: {order}");
        value(&extract(&[page(&form), page(&order)]).findings.dates.service).map(str::to_owned)
    };
    assert_eq!(dated("3/11/2025", "3/5/2026"), None);
    assert_eq!(dated("3/11/2026", "3/5/2026").as_deref(), Some("2026-03-11"));
    // Supplied long ago, and ordered then.
    assert_eq!(dated("3/11/2025", "3/5/2025").as_deref(), Some("2025-03-11"));
    assert_eq!(dated("8/11/2025", "3/5/2026").as_deref(), Some("2025-08-11"));
}

#[test]
fn a_service_begins_under_many_labels_and_on_no_note() {
    let on = |title: &str, line: &str| {
        let found = extract(&[page(&format!("\n        {title}\nMember: Edith Sample\n{line}"))]);
        value(&found.findings.dates.service).map(str::to_owned)
    };
    let form = "PRIOR AUTHORIZATION REQUEST FORM";
    for line in [
        "Need by Mar 11, 2026           Address 969 Main Street",
        "Requested from 3/11/2026",
        "Setup date: 03-11-2026",
        "Effective date: 2026 03 11",
        "Svc code      Start            POS\nE0260         March 11, 2026   12",
    ] {
        assert_eq!(on(form, line).as_deref(), Some("2026-03-11"), "{line}");
    }
    let cover = "Urgent/stat 3/9/2026      Routine        Please call";
    assert_eq!(on(form, cover), None);
    assert_eq!(on("MEDICATION LIST", "Drug        Start\nWarfarin 3 mg   3/9/2026"), None);
    assert_eq!(on("FACE SHEET", "Plan: Example PPO   Effective date: 1/1/2026"), None);
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
fn a_cover_names_its_patient_in_many_ways() {
    for line in [
        "RE: Precert request - Edith Sample",
        "Subject: URGENT: Edith Sample - prior auth",
        "Subject: Auth needed - Sample, Edith - DOB 3/1/1958",
        "Patient Edith Sample",
        "This concerns our patient Edith Sample, date of birth 3/1/1958.",
        "The pages of this fax are about Edith Sample, born 3/1/1958.",
    ] {
        let found = extract(&[cover(line)]);
        assert_eq!(value(&found.findings.member.name), Some("Edith Sample"), "{line}");
    }
    for line in ["Patient needs a walker", "RE: Prior authorization of a Power Wheelchair"] {
        let found = extract(&[cover(line)]);
        assert_eq!(value(&found.findings.member.name), None, "{line}");
    }
}

#[test]
fn a_cover_tells_who_sends_it_and_not_to_whom() {
    let on_top = "
Lakeside Home Medical
12 Main Street, Oakmont, GA 30368
Tel 404-555-0182   Fax 404-555-0183

FAX COVER SHEET

TO: Precertification
FAX: 312-555-0184
FROM: Jane Roe
PHONE: 404-555-0182
PAGES: 5
RE: New request
";
    let found = extract(&[page(on_top)]).findings;
    let of = |found: &crate::extract::findings::Findings| {
        found.providers.iter().find(|p| p.role == Role::Rendering).cloned()
    };
    let sender = of(&found).unwrap();
    assert_eq!(value(&sender.name), Some("Lakeside Home Medical"));
    assert_eq!(value(&sender.address), Some("12 Main Street, Oakmont, GA 30368"));
    assert_eq!(value(&sender.phone), Some("+14045550182"));
    assert_eq!(value(&sender.fax), Some("+14045550183"));
    // By the line of the sender; the fax is the receiver's.
    let by_line = "
                    FAX COVER SHEET

TO: Precertification                    FROM: Jane Roe, Lakeside Home Medical
FAX: 312-555-0184                       PHONE: 404-555-0182
DATE: 3/9/2026                          PAGES: 5
RE: New request
";
    let sender = of(&extract(&[page(by_line)]).findings).unwrap();
    assert_eq!(value(&sender.name), Some("Lakeside Home Medical"));
    assert_eq!(value(&sender.phone), Some("+14045550182"));
    assert_eq!(value(&sender.fax), None);
    // A doctor's office may send, too: its role is not told by its name.
    let office = on_top.replace("Lakeside Home Medical", "Riverside Internal Medicine");
    assert!(of(&extract(&[page(&office)]).findings).is_none());
}

#[test]
fn an_address_is_whole_and_nothing_more() {
    let form = "
            PRIOR AUTHORIZATION REQUEST FORM
SUPPLIER
Name                          NPI               Tax ID
Lakeside Home Medical         2000000002        47-1234567
Street address                                          Contact
430 Main Street, Stonebridge,    VA 22230               Jane Roe
";
    let found = extract(&[page(form)]).findings;
    let supplier = found.providers.iter().find(|p| p.role == Role::Rendering).unwrap();
    let address = supplier.address.as_ref().unwrap().value.expose().replace(",  ", ", ");
    assert_eq!(address, "430 Main Street, Stonebridge, VA 22230");
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

/// However its groups are set apart, a social security number is no member id.
#[test]
fn a_social_security_number_is_no_member_id() {
    for number in ["412-55-6789", "412.55.6789", "412\u{2013}55\u{2013}6789"] {
        let found = extract(&[page(&format!("Member ID: {number}"))]);
        let shown = format!("{:?}", found.findings.member.id);
        assert!(found.findings.member.id.is_none(), "{shown}");
    }
}

#[test]
fn a_table_and_a_numbered_box_tell_when_a_service_begins() {
    let table = "
          Prior Authorization Request Form
From            Thru           POS   Code    Mods   Units   Description
Mar 11, 2026    Jan 5, 2027    12    K0861   RR     10      Power wheelchair, multiple power
                                                            options";
    let boxes = "
   Outpatient Services Precert Form      Non-urgent     Urgent

1 Fairbrook, Osgood                                  2  04/12/84           3  M
  Patient (last, first)                                 DOB                   Sex
7 Kingsley, Edgar DO                                 8  2258156472         9  36-1234567
  Ordering MD / DO / NP                                 Ordering NPI          Ordering TIN
19 S83.511A Sprain of anterior cruciate ligament; M48.061   20 12 Home              21 03/11/26
   stenosis; M21.371 Foot drop, right
   ICD-10-CM diagnosis                                      Place of service        Service start";
    for form in [table, boxes] {
        let found = extract(&[page(form)]).findings;
        assert_eq!(value(&found.dates.service), Some("2026-03-11"), "{form}");
    }
    // On a cover `From` is who sends it.
    let cover = "
          FAX COVER SHEET
To                   From             Date
Utilization Review   Jane Roe, RN     3/9/2026";
    assert_eq!(value(&extract(&[page(cover)]).findings.dates.service), None);
}

#[test]
fn two_numbers_without_labels_are_telephone_and_fax() {
    let form = |labels: &str| {
        page(&format!(
            "
            PRIOR AUTHORIZATION REQUEST FORM
ORDERING PROVIDER
Name                        NPI                 TIN
Leopold Lindqvist, MD       2000000002          13-8427847
{labels}
1-404-555-0184              1-404-555-0185      Alma Yarrow
Place of service: 12 Home           Procedure code: E0260"
        ))
    };
    let numbers = |labels: &str| {
        let found = extract(&[form(labels)]).findings;
        let ordering = found.providers.into_iter().find(|p| p.role == Role::Ordering).unwrap();
        (value(&ordering.phone).map(str::to_owned), value(&ordering.fax).map(str::to_owned))
    };
    let both = (Some("+14045550184".to_owned()), Some("+14045550185".to_owned()));
    assert_eq!(numbers("Phone                       Fax                 Contact"), both);
    assert_eq!(numbers("Xqcitee                     tq                  Go"), both);
    // One label that can be read says what both are.
    let fax_first = numbers("Fax                         tq                  Go");
    assert_eq!(fax_first.1.as_deref(), Some("+14045550184"));
    assert_eq!(fax_first.0, None);
}

#[test]
fn in_a_table_of_parties_each_row_has_its_own_numbers() {
    let form = "
            PRIOR AUTHORIZATION REQUEST FORM
Role         Name                        NPI           Tax ID        Phone           Fax
Requesting   Josephine Ravensworth, MD   2039823275    75-9450197    404/555-0109    404/555-0110
Servicing    Keystone Durable Medical    2654597279    22-9122205    703/555-0190    703/555-0191
Place of service: 12 Home           Procedure code: E0260";
    let found = extract(&[page(form)]).findings;
    let numbers = |role: Role| {
        let of = found.providers.iter().find(|p| p.role == role).unwrap();
        [value(&of.phone).map(str::to_owned), value(&of.fax).map(str::to_owned)]
    };
    let both = |phone: &str, fax: &str| [Some(phone.to_owned()), Some(fax.to_owned())];
    assert_eq!(numbers(Role::Ordering), both("+14045550109", "+14045550110"));
    assert_eq!(numbers(Role::Rendering), both("+17035550190", "+17035550191"));
}

#[test]
fn the_patients_telephone_begins_no_block_above_a_suppliers() {
    let form = "
   Outpatient Services Precert Form

4  U3516604703      5  826 Chestnut Boulevard, Springs, MI   6  303 555 0126
   Subscriber ID       Patient address (opt)                     Patient phone (opt)
7  Kingsley, Edgar DO                                8  2258156472         9  13-8427847
   Ordering MD / DO / NP                                Ordering NPI          Ordering TIN
13 Evergreen Home Oxygen and Medical                 14 2717275913         15 75-6633100
   DME vendor                                           Vendor NPI            Vendor TIN
16 2752 Cedar Street, Glenwood, CO 80285             17 303 555 0159       18 303 555 0160
   Address                                              Phone                 Fax";
    let found = extract(&[page(form)]).findings;
    let vendor = found.providers.iter().find(|p| p.role == Role::Rendering).unwrap();
    assert_eq!(value(&vendor.fax), Some("+13035550160"));
}

/// Their labels are the smallest print of a form: what stands beside a place of
/// service, or before the column `Thru`, is the day.
#[test]
fn a_day_of_service_whose_label_cannot_be_read() {
    let service = |lines: &str| {
        let form = format!("\n            PRIOR AUTHORIZATION REQUEST FORM\n{lines}\n");
        value(&extract(&[page(&form)]).findings.dates.service).map(str::to_owned)
    };
    for lines in [
        "Start date ot service: 3/12/2026",
        "12 Home        3/12/2026",
        "3/12/26        12 - Home        Mercy Ridge Hospital        3/1/26",
        "Fi*om           Thru           POS   Code    Mods   Units\n\
         3.12/2026       6/10/2026      12    E0978   NU     1",
    ] {
        assert_eq!(service(lines).as_deref(), Some("2026-03-12"), "{lines}");
    }
    for lines in [
        "3/12/2026       12 Home        3/14/2026",
        "Admit date      Place\n3/1/2026        12 Home",
        "12 Home         7/4/2019",
        "Date of service: 3/12/1976",
    ] {
        assert_eq!(service(lines), None, "{lines}");
    }
}
