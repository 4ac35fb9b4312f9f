//! Labels beside, over, under and behind their values; what came with a
//! document; transmissions.

use std::collections::BTreeMap;

use super::build::{Drawn, RECEIVED, cover, extract, extract_with, page};
use crate::extract::findings::{Extracted, PendingDischarge, Role};
use crate::receive::received::Context;
use crate::vocab::{EvidenceSource, Phi};

fn npis(found: &Extracted) -> Vec<(&str, Role)> {
    found.findings.npi.iter().map(|n| (n.value.as_str(), n.role)).collect()
}

fn has_note(found: &Extracted, code: &str) -> bool {
    found.notes.iter().any(|n| n.code == code)
}

/// Labels stand under the lines on which values were typed.
#[test]
fn labels_under_their_values() {
    let found = extract(&[page(
        "
MEDICAL REVIEW REQUEST

REFERRING PROVIDER                          DISPENSING SUPPLIER
Jane Roe, MD                                Lakeside Home Medical
Name                                        Name
1234567893        47-1234567                2000000002        36-7654321
NPI               Fed Tax ID                NPI               Fed Tax ID
(212) 555-0105    (212) 555-0106            (312) 555-0107    (312) 555-0108
Telephone         Fax                       Telephone         Fax
",
    )]);
    assert_eq!(npis(&found), [("1234567893", Role::Ordering), ("2000000002", Role::Rendering)]);
    let tins: Vec<_> = found.findings.tin.iter().map(|t| (t.value.as_str(), t.role)).collect();
    assert_eq!(tins, [("471234567", Role::Ordering), ("367654321", Role::Rendering)]);
    let ordering = found.findings.providers.iter().find(|p| p.role == Role::Ordering).unwrap();
    assert_eq!(ordering.name.as_ref().unwrap().value.expose(), "Jane Roe");
    assert_eq!(ordering.fax.as_ref().unwrap().value.expose(), "+12125550106");
}

/// Labels stand in parentheses behind their values.
#[test]
fn labels_behind_their_values() {
    let found = extract(&[page(
        "
PRIOR AUTHORIZATION REQUEST

Lakeside Home Medical (vendor)
2000000002 (NPI)     36-7654321 (TIN/EIN)
Jane Roe, MD (ordering clinician)
1234567893 (NPI)     47-1234567 (TIN/EIN)
John Poe, DO (hospitalist)     2100000009 (NPI)
",
    )]);
    assert!(npis(&found).contains(&("2000000002", Role::Rendering)), "{:?}", npis(&found));
    assert!(npis(&found).contains(&("1234567893", Role::Ordering)), "{:?}", npis(&found));
    // Somebody else's number is nobody's in this request.
    let other = npis(&found).into_iter().find(|(npi, _)| *npi == "2100000009");
    assert!(other.is_none_or(|(_, role)| role == Role::Unknown), "{other:?}");
    assert_eq!(found.findings.tin.len(), 2);
}

/// What a portal's form or a telephone note says counts like a cover, with
/// evidence that says where it comes from.
#[test]
fn a_note_is_read_like_a_cover() {
    let text = "Hospital discharge is pending DME precertification. NPI: 1234567893. \
                Member ID: U1234567801";
    let context = Context { note: Some(text.into()), ..Context::default() };
    let found = extract_with(&[page("Nothing here.")], &context, RECEIVED, &[]);
    assert_eq!(found.findings.pending_discharge.value, PendingDischarge::Medium);
    let id = found.findings.member.id.as_ref().unwrap();
    assert_eq!(id.value.expose(), "U1234567801");
    let evidence = [&found.findings.npi[0].evidence[0], &id.evidence[0]];
    for evidence in evidence {
        assert_eq!((evidence.page, evidence.bbox), (None, None));
        assert_eq!(evidence.source, EvidenceSource::Metadata);
    }
    assert_eq!(found.page_kinds.len(), 1);
    assert!(found.parts.iter().all(|part| part.pages.len() == 1));
}

/// So does a fact that came beside it in words, and no other.
#[test]
fn facts_in_words_are_read_and_others_are_not() {
    let fact = |key: &str| {
        let metadata = BTreeMap::from([(key.to_owned(), Phi::from("Pending Discharge"))]);
        let context = Context { note: None, metadata };
        extract_with(&[page("Nothing here.")], &context, RECEIVED, &[])
            .findings
            .pending_discharge
            .value
    };
    assert_eq!(fact("subject"), PendingDischarge::Medium);
    assert_eq!(fact("dnis"), PendingDischarge::None);
}

#[test]
fn an_expedited_box_without_its_signature_is_noted() {
    let form = |signed: &str| {
        extract(&[page(&format!(
            "
PRIOR AUTHORIZATION REQUEST FORM

⟦⟧ Standard      ⟦x⟧ Expedited
I certify that waiting for a standard decision could seriously jeopardize health.
Physician signature: {signed}
"
        ))])
    };
    assert!(has_note(&form("____________"), "urgent.unsigned"));
    assert!(!has_note(&form("Jane Roe MD  3/8/2026"), "urgent.unsigned"));
}

/// Three pages that count to five: two are not here.
#[test]
fn pages_that_the_sender_counted_are_missed() {
    let pages: Vec<Drawn> =
        [1, 2, 5].map(|number| cover("Please review.").header_pages(number, 5)).into();
    let found = extract(&pages);
    let [call] = found.transmissions.as_slice() else { panic!("{:?}", found.transmissions) };
    assert_eq!(call.announced, Some(5));
    assert_eq!(call.missing, [3, 4]);
    assert!(has_note(&found, "pages.missing"));
    assert!(!has_note(&found, "pages.order"));
}

#[test]
fn two_transmissions_in_one_file_are_told() {
    let pages: Vec<Drawn> = [(1, 2), (2, 2), (1, 3), (2, 3), (3, 3)]
        .map(|(number, of)| page("Clinical notes.").header_pages(number, of))
        .into();
    let found = extract(&pages);
    assert_eq!(found.transmissions.len(), 2);
    assert_eq!(found.transmissions[0].pages.len(), 2);
    assert!(found.transmissions.iter().all(|call| call.missing.is_empty()));
    assert!(has_note(&found, "pages.transmissions"));
}

#[test]
fn a_cover_that_announces_more_pages_is_noted() {
    let found = extract(&[cover("Please review."), page("Progress note")]);
    assert!(has_note(&found, "pages.announced"), "{:?}", found.notes);
}

/// A discharge that waits, in words that no list holds whole.
#[test]
fn a_discharge_that_waits_is_told_by_its_sentence() {
    let grade = |comment: &str| extract(&[cover(comment)]).findings.pending_discharge.value;
    for comment in [
        "She can't go home until the bed arrives.",
        "He is not able to discharge until DME is delivered.",
        "Will not be discharged without a walker.",
        "Hospital bed is held; discharge waits for the wheelchair.",
        "Going home 3/11, please call.",
        "Discharge waiting on bed, ordered 3/5.",
    ] {
        assert!(grade(comment).is_raised(), "{comment}");
    }
    for comment in [
        "Patient was discharged home yesterday and needs a hospital bed.",
        "Recent hospital discharge, needs a bed.",
        "After her discharge she needs a walker.",
        "Post-discharge equipment is needed.",
        "No discharge is planned and nothing is needed at present.",
        "We are waiting for the discharge summary.",
        "Discharge was on 3/5/2026; equipment is needed at home.",
        "Discharge Date:",
        "Hospital Discharge",
    ] {
        assert!(!grade(comment).is_raised(), "{comment}");
    }
}

/// An empty box hides no sentence on the same page.
#[test]
fn an_empty_box_denies_its_own_phrase_alone() {
    let found = extract(&[cover(
        "⟦⟧ Pending Discharge\n\nDischarge is on hold until the bed is approved.",
    )]);
    assert!(found.findings.pending_discharge.value.is_raised());
    let empty = extract(&[cover("⟦⟧ Pending Discharge")]);
    assert!(!empty.findings.pending_discharge.value.is_raised());
}

fn tins(found: &Extracted) -> Vec<(&str, Role)> {
    found.findings.tin.iter().map(|t| (t.value.as_str(), t.role)).collect()
}

/// Numbers stand behind a practice's name, and after a comma in a line under
/// the name that a label in the gutter announces.
#[test]
fn numbers_in_the_lines_of_a_party() {
    let found = extract(&[page(
        "
REQUEST FOR AUTHORIZATION OF SERVICES

Patient
Last: Vandermeer                First: Alistair             Birth date: 1980-10-02
Member ID #: U2307665601        Grp #: 354487
Requesting Physician
Name: Jane Roe, MD                                          NPI #: 1234567893
Practice: Riverside Internal Medicine                       Tax ID #: 47-1234567
Ph: (305) 555-0183              Fx: (305) 555-0184          Contact: Edgar Galloway
DME Company
Name: Lakeside Home Medical                                 NPI #: 2000000002
Ph: (404) 555-0122              Fx: (404) 555-0123          Tax ID #: 36-7654321
",
    )]);
    assert_eq!(npis(&found), [("1234567893", Role::Ordering), ("2000000002", Role::Rendering)]);
    assert_eq!(tins(&found), [("471234567", Role::Ordering), ("367654321", Role::Rendering)]);
    let found = extract(&[page(
        "
REFERRAL AND AUTHORIZATION REQUEST

      Patient   Alistair Vandermeer, male, DOB 10-02-1980
    Insurance   Commercial PPO, member ID U2307665601
  Dx / ICD-10   Chronic obstructive pulmonary disease (J44.9)
   Ordered by   Jane Roe, MD
                Riverside Internal Medicine
                NPI 1234567893, Tax ID 47-1234567
                phone (305) 555-0183, fax (305) 555-0184
   Service by   Lakeside Home Medical
                4 Main Street, Riverton, TX 75227
                NPI 2000000002, Tax ID 36-7654321
                phone (404) 555-0122, fax (404) 555-0123
",
    )]);
    assert_eq!(npis(&found), [("1234567893", Role::Ordering), ("2000000002", Role::Rendering)]);
    assert_eq!(tins(&found), [("471234567", Role::Ordering), ("367654321", Role::Rendering)]);
}

/// Rows of values and of labels take turns, and the labels come last: what
/// stands under "Birth date" is a visit's day.
#[test]
fn labels_that_come_last_in_turns() {
    let found = extract(&[page(
        "
BLOOD GASES AND PULSE OXIMETRY

Edith Sample                 09-26-1947
Patient                      Birth date
Jane Roe, MD                 02-06-2026
Ordered by                   Specimen or test of
Test      Result        Expected range        Prior result
PaO2      49 mmHg       80-100                52
",
    )]);
    let born = found.findings.member.date_of_birth.as_ref().map(|f| f.value.expose().as_str());
    assert_eq!(born, Some("1947-09-26"));
}

/// The sender's own numbers stand in the closing of his cover, behind letters.
#[test]
fn a_closing_gives_the_senders_numbers() {
    let text = "
From:    Philippa Sandoval
To:      Utilization Review [fax (888) 555-0142]
Subject: Edith Sample - auth request
Pages:   4 including this page

Good morning,

Prior auth packet for review. Patient's DOB is 9/26/1947.

Thank you,

Philippa Sandoval
Insurance Specialist
Harborview HME Inc
2431 Ferry Street, Lakeside, OH 44198
P: (216) 555-0134   F: (216) 555-0135
";
    let found = extract(&[page(text)]);
    let sender = found.findings.providers.iter().find(|p| p.role == Role::Rendering).unwrap();
    let value = |field: &Option<crate::extract::findings::Field>| {
        field.as_ref().map(|f| f.value.expose().clone()).unwrap_or_default()
    };
    assert_eq!(value(&sender.name), "Harborview HME Inc");
    assert_eq!(value(&sender.phone), "+12165550134");
    assert_eq!(value(&sender.fax), "+12165550135");
    assert_eq!(value(&sender.address), "2431 Ferry Street, Lakeside, OH 44198");
}

/// One line for two labels, and one cell for two columns.
#[test]
fn two_numbers_and_their_two_labels() {
    let order = "
STANDARD WRITTEN ORDER     Date of order: 3/8/2026
Ordering clinician
Name: Jane Roe, MD
NPI: 1234567893
Voice / fax  (305) 555-0186 / (305) 555-0187
";
    let form = "
PRECERT FORM
1 Insured: last, first     2 Birth date                                3 Member ID
Sample, Edith              9/26/1947                                   U91170840 02
7 Prescribing clinician           8NPI           9 TIN / EIN
Jane Roe, MD                      1234567893     47-1234567
10 Practice location                     11 Phone       12 Fax
533 Cedar Street, Pinehurst, NC 28207    305 555 0186   305 555 0187
";
    for text in [order, form] {
        let found = extract(&[page(text)]);
        let doctor = found.findings.providers.iter().find(|p| p.role == Role::Ordering).unwrap();
        let number = |field: &Option<crate::extract::findings::Field>| {
            field.as_ref().map(|f| f.value.expose().clone())
        };
        assert_eq!(number(&doctor.phone).as_deref(), Some("+13055550186"), "{text}");
        assert_eq!(number(&doctor.fax).as_deref(), Some("+13055550187"), "{text}");
        assert_eq!(number(&doctor.npi).as_deref(), Some("1234567893"), "{text}");
    }
}

/// Names stand behind labels without a colon.
#[test]
fn names_without_colons_on_a_cover() {
    let found = extract(&[page(
        "
Lakeview Neurology Group
Fax message
To                 Utilization Review - DME
At fax             1-888-555-0159
Total # of pages   1
Ordering provider  Jane Roe, MD
Faxed by           Horace Birchfield
Patient            Sample, Edith
Date of birth      9/26/1947
DME company        TriCounty Medical Equipment LLC tel. 216-555-0134
",
    )]);
    let name = found.findings.member.name.as_ref().map(|f| f.value.expose().as_str());
    assert_eq!(name, Some("Edith Sample"));
    let of = |role: Role| {
        let provider = found.findings.providers.iter().find(|p| p.role == role);
        provider.and_then(|p| p.name.as_ref()).map(|f| f.value.expose().as_str())
    };
    assert_eq!(of(Role::Ordering), Some("Jane Roe"));
    assert_eq!(of(Role::Rendering), Some("TriCounty Medical Equipment LLC"));
}

/// A role phrase swallows no label: what is "attending" has an NPI, too.
#[test]
fn somebody_elses_number_is_found() {
    let found = extract(&[page(
        "
FACE SHEET
Guarantor: Edith Sample          Marital status: Widowed
Group #: 368377                  Attending NPI: 1234567893
",
    )]);
    assert_eq!(npis(&found), [("1234567893", Role::Unknown)]);
}
