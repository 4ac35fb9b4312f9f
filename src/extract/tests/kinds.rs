use super::build::{Drawn, cover, extract, page};
use crate::extract::findings::PageKind;

fn kind(drawn: Drawn) -> PageKind {
    extract(&[drawn]).page_kinds[0]
}

#[test]
fn typical_pages_are_known() {
    for (expected, text) in [
        (
            PageKind::PrecertForm,
            "
              PRIOR AUTHORIZATION REQUEST FORM

Request Type:   ⟦x⟧ Standard   ⟦⟧ Expedited
Member Name: Edith Sample        Member ID: U1234567801
Requesting Provider: Jane Roe MD
Servicing Provider: Lakeside HME
Place of Service: 12",
        ),
        (
            PageKind::Order,
            "
           STANDARD WRITTEN ORDER
Patient: Edith Sample            Order Date: 3/2/2026
Item: hospital bed, semi-electric
Length of need: 99 lifetime
Prescriber Signature: Jane Roe",
        ),
        (
            PageKind::Cmn,
            "
        CERTIFICATE OF MEDICAL NECESSITY
CMS-484 OXYGEN
SECTION A   Certification Type/Date: INITIAL
SECTION B   Information in this section may not be completed by the supplier",
        ),
        (
            PageKind::VisitNote,
            "
Lakeside Family Medicine
OFFICE VISIT
Date of Service: 2/20/2026
Chief Complaint: trouble walking
HPI: 78 year old woman returns to clinic
Review of Systems: negative
Assessment and Plan: order wheelchair
Electronically signed by Jane Roe MD",
        ),
        (
            PageKind::Invoice,
            "
Lakeside HME               QUOTE
Bill To: plan              Quote Number: 4471
HCPCS     Description            Qty    Unit Price    Total
E0260     Hospital bed           1      $900.00       $900.00
Subtotal                                              $900.00",
        ),
        (
            PageKind::MedicationList,
            "
            MEDICATION LIST
Medication        Dose       Route     Frequency
Lisinopril        10 mg      PO        daily
Metformin         500 mg     by mouth  twice daily",
        ),
        (
            PageKind::DischargeSummary,
            "
           DISCHARGE SUMMARY
Date of Admission: 3/1/2026     Date of Discharge: 3/8/2026
Hospital Course: uneventful
Discharge Diagnosis: pneumonia
Condition at discharge: stable",
        ),
        (
            PageKind::TherapyNote,
            "
       PHYSICAL THERAPY EVALUATION
Prior level of function: independent
Transfers: mod assist     Gait: 20 ft rolling walker
Short term goals: patient will ambulate 50 ft within 2 weeks",
        ),
        (
            PageKind::WoundRecord,
            "
        WOUND ASSESSMENT
Wound location: sacrum      Stage: IV
Length 4 x 3 x 2 cm   Undermining: none   Wound bed: 50% slough",
        ),
        (
            PageKind::TestResult,
            "
       OVERNIGHT OXIMETRY REPORT
SpO2 nadir 82% on room air
Time below 88: 34 minutes",
        ),
        (
            PageKind::PlanOfCare,
            "
  HOME HEALTH CERTIFICATION AND PLAN OF CARE
Start of Care Date: 3/10/2026     Certification Period: 3/10/2026 - 5/8/2026
Orders for discipline and treatments: SN 2w4, PT eval and treat
Homebound status: yes",
        ),
        (
            PageKind::DeliveryTicket,
            "
      DELIVERY TICKET
Delivered to: Edith Sample      Date Delivered: 3/1/2026
Serial Number: 99812
Received in good condition",
        ),
        (
            PageKind::FaceSheet,
            "
      PATIENT FACE SHEET
Guarantor: Edith Sample       Marital Status: widowed
Primary Insurance: Cigna      Emergency Contact: Otto Sample",
        ),
        (
            PageKind::Letter,
            "
Dear Appeals Department:
We are writing to request an appeal. This letter concerns your determination.
Your request has been denied. Thank you for your time.
Sincerely,",
        ),
        (
            PageKind::TimeAudit,
            "
      PRIVATE DUTY NURSING TIME AUDIT TOOL
Hours requested per day: 16     Shift: 7a-7p
Skilled interventions     Minutes     Nurse initials
Suction, trach care, G-tube feed",
        ),
        (
            PageKind::DischargePlan,
            "
     CASE MANAGEMENT DISCHARGE PLAN
Disposition: home with home health
Barriers to discharge: equipment
Caregiver support: daughter lives with patient",
        ),
        (
            PageKind::HistoryPhysical,
            "
      HISTORY AND PHYSICAL
Chief Complaint: dyspnea
Past Medical History: COPD     Past Surgical History: none
Social History: former smoker   Physical Examination: HEENT normal",
        ),
        (
            PageKind::ProgressNote,
            "
      NURSING PROGRESS NOTE
Hospital day 3, no acute events overnight
Interval history: continues to require oxygen",
        ),
        (
            PageKind::Other,
            "
A page of a user manual about coffee machines.
Descale twice a year.",
        ),
    ] {
        assert_eq!(kind(page(text)), expected, "{text}");
    }
    assert_eq!(kind(cover("Please process.")), PageKind::FaxCover);
    assert_eq!(kind(Drawn::blank()), PageKind::Blank);
}

#[test]
fn a_cover_without_a_title() {
    let text = "
Lakeside HME

To: Intake                 Fax: 866-663-7740
From: Dana                 Phone: 212-555-0105
Re: request                Pages: 4
Comments: please see attached
";
    assert_eq!(kind(page(text)), PageKind::FaxCover);
}

/// As a letter, with salutation and greeting; a letter behind another page is one.
#[test]
fn a_letter_that_counts_the_pages_of_its_fax_is_the_cover() {
    let letter = |pages: &str| {
        format!(
            "
Beacon Respiratory
12 Mill Lane, Lakeside, NC 28284

Care Coordination - via fax 212-555-0105     03/09/26

Dear colleague:

{pages} a letter about a delivery that did not happen for our patient Ann Sample,
born 1/15/1999. You reach me at 212-555-0183.

With kind regards,
Lorna Baker
"
        )
    };
    let counts = letter("The 2 pages of this fax hold");
    assert_eq!(kind(page(&counts)), PageKind::FaxCover);
    assert_eq!(kind(page(&letter("Enclosed is"))), PageKind::Letter);
    let behind = &extract(&[page(&counts), page(&counts)]).page_kinds[1];
    assert_eq!(*behind, PageKind::Letter);
}

#[test]
fn titles_survive_noise() {
    let text = "
              PRlOR AUTH0RIZATION REQUFST F0RM

Requcst Type:   Standard
Mernber ID: U1234567801
Servicing Pravider: Lakeside HME";
    assert_eq!(kind(page(text)), PageKind::PrecertForm);
}

/// A note that holds a list of medicines is a note; most lines of a list have
/// a dose.
#[test]
fn medicines_in_a_note_make_no_list() {
    let medicines = [
        "Senna 8.6 mg at bedtime, Rosuvastatin 10 mg at bedtime, Insulin lispro 6 units",
        "with meals, Warfarin 3 mg daily, Levothyroxine 75 mcg before breakfast",
    ];
    let note = format!(
        "
SOAP NOTE
Edith Sample, born 9/26/1947, date of visit: 2/9/2026
S Comes with a family member to talk about her lungs.
At rest on room air the saturation was 86 percent.
Inhalers and a course of steroids have been used.
O Frail, answers clearly, tires in talking.
Chest: fine crackles at both bases.
A Chronic obstructive pulmonary disease (J44.9)
P Order oxygen system today. Teaching done. RTC 3 mo.
Taking:
{}
{}
Jane Roe, MD, examined in person",
        medicines[0], medicines[1]
    );
    assert_eq!(kind(page(&note)), PageKind::VisitNote);
    let list = "
ACTIVE PRESCRIPTIONS
Edith Sample (9/26/1947)
Senna 8.6 mg at bedtime
Rosuvastatin 10 mg at bedtime
Warfarin 3 mg daily
Levothyroxine 75 mcg before breakfast
Allergies: none";
    assert_eq!(kind(page(list)), PageKind::MedicationList);
}

#[test]
fn a_page_is_what_its_title_names_in_full() {
    let text = "
INTERVAL PROGRESS NOTE
Patient: Edith Sample - Born: 09/26/1947 - Note date: 03/06/2026
SUBJECTIVE
Coughing less.
OBJECTIVE
BP 106/93  Pulse 85
ASSESSMENT AND PLAN BY PROBLEM
Deconditioning: daily therapy, out of bed for meals.";
    assert_eq!(kind(page(text)), PageKind::ProgressNote);
}

#[test]
fn a_letter_without_salutation() {
    let text = "
03/09/2026
Care Coordination
REQUEST FOR CARE COORDINATION
Patient        Edith Sample
This member was referred to us for a prosthesis. We do not have it in
stock and our manufacturer cannot give us a ship date.
Can a care coordinator find another network provider?
We are not asking for a coverage decision with this letter.
Thank you,
Philippa Sandoval
Harborview HME Inc";
    assert_eq!(kind(page(text)), PageKind::Letter);
}
