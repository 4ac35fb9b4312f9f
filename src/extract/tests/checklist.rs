use jiff::civil::{Date, date};

use super::build::{RECEIVED, extract_with, page};
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

#[test]
fn an_unsigned_order() {
    let order = |signature: &str| {
        format!(
            "
           STANDARD WRITTEN ORDER
Patient: Edith Sample            Order Date: 3/2/2026
Item: hospital bed               Length of need: 99
{signature}"
        )
    };
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
