//! The ambiguous cases, each from the words on paper to what is decided.

use super::build::{Doc, says};
use super::paper::{Fax, fax, visit};
use crate::decide::disposition::{Action, Disposition, FieldStatus, Lane, Queue};
use crate::decide::register::tests::build::{case, reference, with};
use crate::decide::register::{CaseRecord, CaseState};
use crate::extract::findings::*;
use crate::extract::tests::build::{cover, page};
use crate::vocab::Phi;

fn asks(decided: &Disposition, name: &str) -> bool {
    decided.missing.iter().any(|missing| missing == name)
}

#[test]
fn the_packet_all_cases_start_from_is_complete() {
    let decided = fax().ends("16", Lane::Standard);
    assert_eq!(decided.program.as_deref(), Some("dme_com"));
}

#[test]
fn two_members_in_one_fax_are_split_and_a_page_about_both_goes_to_a_person() {
    let mut both = fax();
    let other = |text: &str| {
        text.replace("Edith Sample", "Walter Placeholder")
            .replace("03/01/1958", "11/20/1941")
            .replace("U1234567801", "U7650012302")
    };
    both.rest.push(cover("Second patient"));
    both.rest.push(page(&other(&both.form)));
    both.rest.push(page(&other(&both.order)));
    let decided = both.ends("2", Lane::Standard);
    assert_eq!((decided.action, decided.queue), (Action::Split, None));
    // One invoice for two.
    both.rest.push(page(
        "
                   INVOICE
Item #    HCPCS     Description                        Qty    Unit price    Total
1         E0260     Hospital bed, Edith Sample         1      900.00        900.00
2         E0260     Hospital bed, Walter Placeholder   1      900.00        900.00",
    ));
    let decided = both.ends("3", Lane::Standard);
    assert_eq!(decided.queue, Some(Queue::ManualSplit));
    says(&decided, "split.page_shared");
}

#[test]
fn one_base_id_with_two_suffixes_is_two_persons() {
    // The mother's card lies with the child's order.
    let childs = fax().knowing(&[with(case(1), |mother| {
        mother.member.id = Some(Phi::from("U1234567802"));
        mother.member.name = Some(Phi::from("Maria Sample"));
        mother.member.date_of_birth = Some(Phi::new("1930-05-05".parse().unwrap()));
    })]);
    let decided = childs.ends("16", Lane::Standard);
    assert_eq!(decided.case, None, "not the mother's case");
    let mut card = fax();
    card.rest.push(page(
        "
        MEMBER CARD
Name: Maria Sample                     Member ID: U1234567802
Date of Birth: 05/05/1930",
    ));
    let member = card.found().member;
    assert_eq!(member.name.unwrap().value.expose(), "Edith Sample", "the patient on the order");
    assert_eq!(member.id.unwrap().value.expose(), "U1234567801");
    assert_eq!(card.decided().action, Action::Hold, "whose card it is, a person tells");
}

#[test]
fn of_two_ordering_npis_the_one_in_the_order_counts_and_two_in_orders_contradict() {
    let elsewhere = fax().form(
        "Contact Name: Pat Nobody",
        "Contact Name: Pat Nobody
Referring Provider: Otto Other MD           NPI: 2000000028",
    );
    let decided = elsewhere.decided();
    assert_eq!(decided.action, Action::NewCase);
    let found = elsewhere.found();
    assert!(found.npi.iter().any(|npi| npi.value.as_str() == "2000000028"), "kept");
    let both = fax().order(
        "Prescriber Signature",
        "Ordering Provider: Otto Other MD           NPI: 2000000028
Prescriber Signature",
    );
    let decided = both.ends("17", Lane::Standard);
    assert!(asks(&decided, "ordering.npi"), "{:?}", decided.missing);
    assert_eq!(decided.action, Action::NewCase, "the case opens, the letter asks");
}

#[test]
fn a_name_that_the_directory_has_otherwise_keeps_both() {
    let mut extracted = fax().extracted(&fax().pages());
    let npi = &mut extracted.findings.npi[0];
    npi.directory = Some(DirectoryCheck {
        standing: Standing::Active,
        name: Some("Adam Otherwise".into()),
        name_agrees: Some(false),
    });
    let doc = Doc { extracted, ..super::build::complete() };
    let decided = doc.decided();
    assert_eq!(decided.action, Action::NewCase);
    says(&decided, "npi.name_mismatch");
    let name = |p: &Provider| p.name.as_ref().map(|name| name.value.expose().clone());
    let names: Vec<_> = doc.extracted.findings.providers.iter().filter_map(name).collect();
    assert!(names.contains(&"Ada Example".to_owned()), "{names:?}: not replaced");
}

#[test]
fn who_orders_may_supply_and_that_is_said() {
    let same = fax().form("NPI: 2000000010", "NPI: 2000000002");
    let decided = same.ends("16", Lane::Standard);
    says(&decided, "npi.orders_and_supplies");
}

#[test]
fn pages_read_badly_are_for_a_person_and_a_cover_that_shows_the_words_is_expedited() {
    let mut bad = fax().cover("PENDING DISCHARGE");
    bad.rest = bad.rest.into_iter().map(|page| page.read_as_well_as(0.45)).collect();
    let decided = bad.ends("12", Lane::Expedited);
    assert_eq!(decided.queue, Some(Queue::HoldIllegible));
}

#[test]
fn an_empty_box_is_no_flag_unless_a_discharge_is_to_come() {
    let empty = fax().cover("⟦⟧ Pending Discharge");
    empty.ends("16", Lane::Standard);
    assert_eq!(empty.found().pending_discharge.value, PendingDischarge::None);
    let inpatient = empty.form(
        "Contact Name: Pat Nobody",
        "Patient currently inpatient at Lakeside Hospital
Anticipated Discharge Date: 3/12/2026",
    );
    assert_eq!(inpatient.found().pending_discharge.value, PendingDischarge::Medium);
    assert_eq!(inpatient.decided().lane, Lane::Expedited);
}

#[test]
fn not_pending_discharge_is_none_and_the_words_are_kept() {
    let denied = fax().cover("Patient is not pending discharge");
    denied.ends("16", Lane::Standard);
    let flag = denied.found().pending_discharge;
    assert_eq!(flag.value, PendingDischarge::None);
    assert!(!flag.evidence.is_empty(), "the audit keeps the phrase");
}

#[test]
fn a_day_of_discharge_counts_by_whether_it_is_past() {
    let on = |day: &str| fax().cover(&format!("Patient discharged on {day}"));
    let past = on("3/1").decided();
    assert_eq!(past.lane, Lane::Standard, "{:?}", past.reasons);
    assert_eq!(on("3/10").found().pending_discharge.value, PendingDischarge::Medium);
    assert_eq!(on("3/10").decided().lane, Lane::Expedited);
    // Today: like a discharge to come, never later than one.
    assert_eq!(on("3/9").decided().lane, Lane::Expedited);
}

#[test]
fn a_date_without_a_year_is_the_one_nearest_to_receipt() {
    let january = fax().cover("Patient discharged on 12/30").received("2026-01-05T15:00:00Z");
    assert_eq!(january.found().pending_discharge.value, PendingDischarge::None, "last year's");
    let december = fax().cover("Patient to be discharged on 1/2").received("2025-12-30T15:00:00Z");
    assert_eq!(december.found().pending_discharge.value, PendingDischarge::Medium);
    let date = december.found().dates.anticipated_discharge;
    assert_eq!(date.unwrap().value.expose(), "2026-01-02");
}

#[test]
fn an_urgent_request_without_clinicals_stays_urgent() {
    let mut bare = fax().form("Request Type: Standard ", "Request Type: URGENT ");
    bare = bare.cover("URGENT REQUEST");
    bare.rest.clear();
    let decided = bare.ends("17", Lane::Urgent);
    says(&decided, "alert.urgent_call_back");
}

#[test]
fn the_line_of_business_by_the_id_and_the_stricter_clock_without_one() {
    let medicare =
        |fax: Fax| fax.form("U1234567801", "1EG4-TE5-MK73").order("U1234567801", "1EG4-TE5-MK73");
    assert_eq!(medicare(fax()).decided().program.as_deref(), Some("dme_ma"));
    assert_eq!(fax().decided().program.as_deref(), Some("dme_com"));
    // Both: perhaps Medicare is second.
    let both =
        fax().form("Member ID: U1234567801", "Member ID: U1234567801     MBI: 1EG4-TE5-MK73");
    let decided = both.decided();
    assert_eq!((decided.action, decided.queue), (Action::Hold, Some(Queue::ManualTriage)));
    // None: Medicare's seven days, not commercial's fifteen.
    let none = fax()
        .form("Member ID: U1234567801", "")
        .order("Member ID: U1234567801", "")
        .form("CIGNA ", "");
    let decided = none.decided();
    assert_eq!(decided.program, None);
    let limit = decided.clocks.iter().find(|clock| clock.name == "standard_decide").unwrap();
    assert_eq!(limit.due.to_string(), "2026-03-16T15:00:00Z");
}

#[test]
fn content_counts_before_the_number_that_was_dialled() {
    let decided = fax().dialled("8558263724").ends("16", Lane::Standard);
    assert_eq!(decided.program.as_deref(), Some("dme_com"));
    says(&decided, "program.other_line");
    let target = decided.clocks.iter().find(|clock| clock.name == "standard_triage").unwrap();
    assert_eq!(target.started, "2026-03-09T15:00:00Z".parse().unwrap(), "from first receipt");
}

#[test]
fn oxygen_in_the_vitals_is_no_oxygen() {
    let vitals = fax().cover("PENDING DISCHARGE");
    let mut vitals = vitals;
    vitals.rest[0] = page(
        "
                  OFFICE VISIT
Patient: Edith Sample                       Date of Service: 2/20/2026
Vitals: BP 120/80, O2 sat 98 % on room air
Chief Complaint: cannot turn in bed
Assessment and Plan: hospital bed
Electronically signed by Ada Example MD",
    );
    assert_eq!(vitals.found().oxygen, None);
    let decided = vitals.decided();
    assert!(decided.reasons.iter().all(|r| r.code != "alert.oxygen_phone_review"));
}

#[test]
fn an_item_in_words_without_a_code_has_the_letter_ask_for_it() {
    let words = fax()
        .form("E0260 RR        Hospital bed", "                Hospital bed")
        .order("E0260 hospital bed", "hospital bed");
    let mut words = words;
    words.rest.remove(1);
    let decided = words.decided();
    assert_eq!(decided.program.as_deref(), Some("dme_com"), "{:?}", decided.reasons);
    assert_eq!((decided.action, decided.row.as_str()), (Action::NewCase, "17"));
    assert!(asks(&decided, "hcpcs"), "{:?}", decided.missing);
}

#[test]
fn rental_and_purchase_on_one_line_are_asked_about() {
    let both = fax().form("E0260 RR        Hospital bed", "E0260 RR NU     Hospital bed");
    let found = both.found();
    let code = found.hcpcs.iter().find(|code| code.code.as_str() == "E0260").unwrap();
    assert_eq!(code.modifiers.len(), 2, "{:?}", code.modifiers);
    let decided = both.decided();
    says(&decided, "contradictory.rental_purchase_quantity");
    assert!(asks(&decided, "rental_purchase_quantity"), "{:?}", decided.missing);
}

#[test]
fn a_visit_three_months_and_a_day_old_is_stale_and_holds_nothing() {
    let mut stale = fax().received("2026-05-31T15:00:00Z");
    stale.rest[0] = visit("2/27/2026");
    let decided = stale.ends("16", Lane::Standard);
    says(&decided, "stale.visit_note");
    stale.rest[0] = visit("2/28/2026");
    stale.rest[0] = visit("illegible");
    says(&stale.ends("16", Lane::Standard), "undated.visit_note");
    stale.rest[0] = visit("2/28/2026");
    let fresh = stale.ends("16", Lane::Standard);
    assert!(fresh.reasons.iter().all(|reason| reason.code != "stale.visit_note"));
}

#[test]
fn an_invoice_that_leaves_out_an_item_is_asked_for() {
    let more = fax().form(
        "E0260 RR        Hospital bed",
        "E0260 RR        Hospital bed
E0277 RR        Mattress",
    );
    let decided = more.decided();
    assert_eq!(decided.row, "17", "{:?}", decided.reasons);
    assert!(asks(&decided, "invoice"), "{:?}", decided.missing);
}

/// A character read as another leaves nothing out.
#[test]
fn an_invoice_on_which_a_code_is_misread_lists_it() {
    let bed = "E0260 RR        Hospital bed";
    let with = |line: &str| {
        let mut fax = fax().form(bed, &format!("{bed}\nE0910 RR        Trapeze bar"));
        fax.rest[1] = page(&format!(
            "
                   INVOICE
Item #    HCPCS     Description        Qty    Unit price    Total
1         E0260     Hospital bed       1      900.00        900.00
{line}
Subtotal 990.00"
        ));
        fax.decided()
    };
    let misread = with("2         E0810     Trapeze bar        1      90.00         90.00");
    assert!(!asks(&misread, "invoice"), "{:?}", misread.missing);
    says(&misread, "misread.invoice");
    let worn = with("2         F091      Trapeze bar        1      90.00         90.00");
    assert!(!asks(&worn, "invoice"), "{:?}", worn.missing);
    let another = with("2         E0185     Gel pad            1      90.00         90.00");
    assert!(asks(&another, "invoice"), "{:?}", another.missing);
    let without = with("");
    assert!(asks(&without, "invoice"), "{:?}", without.missing);
}

/// What is only asked of somebody in hospital is not held for while a nurse has
/// still to say whether he is; it is said all the same.
#[test]
fn a_flag_that_somebody_has_to_look_at_asks_for_no_day_of_discharge() {
    let doubtful = fax().cover("⟦?⟧ Pending Discharge");
    assert_eq!(doubtful.found().pending_discharge.value, PendingDischarge::Ambiguous);
    let decided = doubtful.ends("16", Lane::Expedited);
    assert!(!asks(&decided, "anticipated_discharge_date"), "{:?}", decided.missing);
    says(&decided, "pending_discharge.ambiguous");
    let said = fax().cover("⟦x⟧ Pending Discharge");
    assert!(asks(&said.decided(), "anticipated_discharge_date"));
}

fn held() -> CaseRecord {
    with(case(1), |case| {
        case.state = CaseState::HoldInsufficient;
        case.hold_reference = Some(Phi::from("H555019900"));
        case.asked = vec!["invoice".into(), "medication_list".into(), "visit_note".into()];
        case.hold_due = "2026-03-06T21:00:00Z".parse().ok();
    })
}

#[test]
fn an_answer_after_its_day_is_attached_and_late() {
    let late = fax().cover("Response to your letter. Hold reference: H555019900");
    let decided = late.knowing(&[held()]).ends("5", Lane::Standard);
    assert_eq!(decided.case, Some(reference(1)));
    says(&decided, "hold_reply.late");
}

#[test]
fn an_answer_that_lacks_one_item_leaves_that_one_open() {
    let mut partial = fax().cover("Response to your letter. Hold reference: H555019900");
    partial.rest.remove(1);
    let decided = partial.knowing(&[held()]).ends("5", Lane::Standard);
    assert_eq!(decided.missing, ["invoice"]);
    assert_eq!(decided.due, None, "no second letter");
    says(&decided, "hold_reply.partial");
}

#[test]
fn a_request_for_what_the_plan_takes_after_the_fact_waits_for_the_plan() {
    let after = fax().form("Date of Request: 3/9/2026", "Date of Service: 3/2/2026");
    let decided = after.ends("10", Lane::Retro);
    assert_eq!((decided.action, decided.queue), (Action::Redirect, Some(Queue::Retro)));
}

#[test]
fn a_medicare_request_stays_though_the_plan_changed_hands() {
    let card = fax()
        .form("U1234567801", "1EG4-TE5-MK73")
        .order("U1234567801", "1EG4-TE5-MK73")
        .form("CIGNA PRIOR", "HEALTHSPRING PRIOR")
        .form("Date of Request: 3/9/2026", "Date of Service: 3/12/2026");
    let decided = card.ends("16", Lane::Standard);
    assert_eq!(decided.program.as_deref(), Some("dme_ma"));
    says(&decided, "program.needs_confirmation");
    assert!(decided.required.iter().all(|field| field.status == FieldStatus::Present));
}
