use jiff::civil::{Date, date};

use super::build::{RECEIVED, extract, extract_with, page};
use crate::extract::findings::{Item, ItemStatus};
use crate::receive::received::Context;

fn status_on(received: Date, text: &str, item: Item) -> ItemStatus {
    let found = extract_with(&[page(text)], &Context::default(), received, &[]);
    found.findings.checklist.iter().find(|i| i.item == item).unwrap().status
}

fn status(text: &str, item: Item) -> ItemStatus {
    status_on(RECEIVED, text, item)
}

#[test]
fn every_item_is_reported_in_order() {
    let found = extract_with(&[page("nothing")], &Context::default(), RECEIVED, &[]);
    let items: Vec<Item> = found.findings.checklist.iter().map(|i| i.item).collect();
    assert_eq!(items, Item::ALL);
}

/// An order that ends like this.
fn order(end: &str) -> String {
    format!(
        "
           STANDARD WRITTEN ORDER
Patient: Edith Sample            Order Date: 3/2/2026
Item: hospital bed               Length of need: 99
{end}"
    )
}

#[test]
fn an_unsigned_order() {
    let written = |line: &str| status(&order(line), Item::WrittenPrescription);
    assert_eq!(written("Prescriber Signature: Jane Roe MD   Date: 3/2/2026"), ItemStatus::Present);
    assert_eq!(written("Electronically signed by Jane Roe MD"), ItemStatus::Present);
    assert_eq!(
        written("Prescriber Signature: ____________   Date: ______"),
        ItemStatus::PresentUnsigned
    );
    assert_eq!(status("nothing", Item::WrittenPrescription), ItemStatus::Missing);
}

#[test]
fn a_visit_is_stale_after_three_months() {
    let visit = |day: &str| {
        format!(
            "
OFFICE VISIT
Date of Service: {day}
Chief Complaint: trouble walking
Assessment and Plan: order wheelchair"
        )
    };
    let at = |day: &str| status_on(date(2026, 5, 31), &visit(day), Item::VisitNote);
    assert_eq!(at("2/28/2026"), ItemStatus::Present);
    assert_eq!(at("2/27/2026"), ItemStatus::Stale);
    assert_eq!(at("illegible"), ItemStatus::Unclear);
}

#[test]
fn a_tick_about_a_cmn_is_not_a_cmn() {
    let form = "
            PRIOR AUTHORIZATION REQUEST FORM
Request Type: Standard      Servicing Provider: Lakeside HME
⟦x⟧ CMN attached   ⟦x⟧ Invoice attached   ⟦x⟧ Office visit notes attached";
    assert_eq!(status(form, Item::Cmn), ItemStatus::Missing);
    assert_eq!(status(form, Item::Invoice), ItemStatus::Missing);
    assert_eq!(status(form, Item::VisitNote), ItemStatus::Missing);
    assert_eq!(status(form, Item::PrecertForm), ItemStatus::Present);
}

#[test]
fn wounds_and_medications() {
    let wound = "
        WOUND ASSESSMENT
Wound location: sacrum      Stage: IV
Undermining: none   Wound bed: 50% slough";
    assert_eq!(status(wound, Item::Wound), ItemStatus::Present);
    assert_eq!(
        status("PROGRESS NOTE\nInterval history: skin intact, no wounds", Item::Wound),
        ItemStatus::Missing
    );
}

fn earlier_use(line: &str) -> ItemStatus {
    let form = "
            PRIOR AUTHORIZATION REQUEST FORM
Member Name: Edith Sample                   Date of Birth: 03/01/1958
HCPCS Code: E0260                           Diagnosis: M62.81
";
    status(&format!("{form}{line}"), Item::PreviousUse)
}

#[test]
fn a_question_about_earlier_use_is_one_in_whatever_words() {
    for line in [
        "Same or like item on file:   ⟦x⟧ yes   ⟦⟧ no",
        "Had this item before? No",
        "Prior use of item:      No",
        "Prior use of the item(s): NA.",
        "Prev ous use of the item(s):   ⟦⟧ Yes   ⟦x⟧ No",
        "Has the member owned such a device in the past? Y",
        "Priot Lse of samie¿ or similar eqcipment:   ⟦⟧ Ycs   ⟦x⟧ No",
        "The patient has had such an item never before.",
        "Start date 2026-03-13, place of service 12 (home). There is no previous ase of this item.",
        "Had tfis item hefare?¿ No",
        "Privious usc of the 1ee(X)   ⟦x⟧ Ye   ⟦⟧ No",
        "U ed before   ⟦⟧ Yes   ⟦x⟧ Never",
        "Patient had a like item in the past, it is worn out.",
    ] {
        assert_eq!(earlier_use(line), ItemStatus::Present, "{line}");
    }
    for line in [
        "Same or like item on file:   ⟦⟧ yes   ⟦⟧ no",
        "Had this item before? ______",
        "Prior use of item:",
    ] {
        assert_eq!(earlier_use(line), ItemStatus::Unclear, "{line}");
    }
    for line in [
        "Prior authorization number of the item: 12345",
        "DME Prior Authorization:   ⟦x⟧ yes   ⟦⟧ no",
        "Prior level of function: used a cane",
        "Past medical history: item by item in the chart",
        "SUPPLIER NAME¿: Lakeside Home Equipment",
    ] {
        assert_eq!(earlier_use(line), ItemStatus::Missing, "{line}");
    }
}

/// Who signs also dates: what cannot be read there is something all the same.
#[test]
fn a_day_beside_a_signature_line_may_be_worn() {
    let written = |line: &str| status(&order(line), Item::WrittenPrescription);
    let worn = "Ordering provider signature   Date 1¿ jf6¿";
    assert_eq!(written(worn), ItemStatus::Present);
    for empty in ["Date l_¿", "Date", "Date 1 jf6", "Date of¿ this¿ order¿"] {
        let line = format!("Ordering provider signature   {empty}");
        assert_eq!(written(&line), ItemStatus::PresentUnsigned, "{line}");
    }
}

#[test]
fn a_line_that_asks_for_a_signature_is_none() {
    for line in [
        "Signed by                     Signed on",
        "Signature and date stamps are not acceptable.\n\nPractitioner's signature      Date",
        "Sign and fax to 212-555-0130\n\nPractitioner signature        Date",
        "Prescriber sig.               Date",
        "By signing I confirm that I treat this patient and that it is needed.\n\
         Ordering provider signature    Date",
    ] {
        let written = status(&order(line), Item::WrittenPrescription);
        assert_eq!(written, ItemStatus::PresentUnsigned, "{line}");
    }
}

#[test]
fn columns_show_what_somebody_could_do_and_can() {
    let note = "
           PHYSICAL THERAPY NOTE
Patient: Edith Sample            DOB: 03/01/1958
ACTIVITY              PRIOR               CURRENT           GOAL
Bed mobility          independent         supervised        independent";
    assert_eq!(status(note, Item::PriorLevelOfFunction), ItemStatus::Present);
    assert_eq!(status(note, Item::CurrentLevelOfFunction), ItemStatus::Present);
    let prices = "
           INVOICE
ITEM                  PRIOR               CURRENT           GOAL
Hospital bed          900.00              910.00            900.00";
    assert_eq!(status(prices, Item::PriorLevelOfFunction), ItemStatus::Missing);
}

#[test]
fn a_letter_that_quotes_prices_is_an_invoice() {
    let letter = "
Lakeside Home Equipment
Phone: 212-555-0106  Fax: 212-555-0108

Our quotation for Edith Sample
The following is what we charge for the equipment on order.
E0260 RR Hospital bed: $88.00 a month, quantity 3, extended $264.00
Total of this quote $264.00";
    assert_eq!(status(letter, Item::Invoice), ItemStatus::Present);
}

/// The `O:` of a note, found as an empty box in the margin of its letters.
#[test]
fn a_letter_of_a_note_is_no_empty_box() {
    let note = |before: &str, behind: &str| {
        let text = format!(
            "
THERAPY NOTE
{before}   Reports fatigue, pain 2/10.
⟦⟧   PLOF: independent without device. CLOF: transfers Min A.
{behind}   Progress since the last session: 10 ft more.
"
        );
        status(&text, Item::PriorLevelOfFunction)
    };
    assert_eq!(note("S:", "A:"), ItemStatus::Present);
    // A box that nobody ticked.
    assert_eq!(note("1.", "3."), ItemStatus::Missing);
}

/// A little word read as one with its neighbour leaves the phrase what it is.
#[test]
fn levels_of_function_under_words_run_together() {
    let note = "
HOME HEALTH THERAPY EVALUATION
Prior levelof function      Independent with a cane
Current level offunction    Needs one person for transfers
";
    let found = extract(&[page(note)]);
    let has = |item: Item| {
        found.findings.checklist.iter().any(|c| c.item == item && c.status == ItemStatus::Present)
    };
    assert!(has(Item::PriorLevelOfFunction) && has(Item::CurrentLevelOfFunction));
}

/// `Valid only when signed`, read badly, is no order without a signature.
#[test]
fn signed_is_not_unsigned() {
    let order = "
STANDARD WRITTEN ORDER
Provider signature:                 Date: 3/8/2026
Generated from the EHR. Valid only when signed¿
";
    let found = extract(&[page(order)]);
    let item = found.findings.checklist.iter().find(|c| c.item == Item::WrittenPrescription);
    assert_eq!(item.map(|item| item.status), Some(ItemStatus::Present));
}
