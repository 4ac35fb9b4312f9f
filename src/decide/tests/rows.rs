//! One test a row, named after it.

use super::build::*;
use crate::decide::disposition::{Action, Disposition, Lane, Queue};
use crate::decide::{Input, decide, triage};
use crate::extract::findings::*;
use crate::recognize::recognized::Method;
use crate::vocab::{Confidence, Phi};

/// Row, action, queue and lane in one comparison.
#[track_caller]
fn ends(doc: &Doc, row: &str, action: Action, queue: Queue, lane: Lane) -> Disposition {
    let decided = doc.decided();
    let codes: Vec<&str> = decided.reasons.iter().map(|reason| reason.code.as_str()).collect();
    assert_eq!(
        (decided.row.as_str(), decided.action, decided.queue, decided.lane),
        (row, action, Some(queue), lane),
        "program {:?}, reasons {codes:?}, missing {:?}",
        decided.program,
        decided.missing
    );
    decided
}

#[test]
fn row_0_a_file_that_could_not_be_opened_is_technical() {
    let input = Input::Unopened { code: "decode.encrypted", message: "The file is encrypted." };
    let decided = decide(&input, &PROGRAMS, &CODES);
    assert_eq!((decided.row.as_str(), decided.action), ("0", Action::Technical));
    assert_eq!(decided.queue, Some(Queue::Technical));
    says(&decided, "decode.encrypted");
    assert!(decided.missing.is_empty() && decided.applies.len() == Item::ALL.len());
}

#[test]
fn row_0_a_transmission_without_pages_is_technical() {
    let mut doc = complete();
    doc.recognized.pages.clear();
    ends(&doc, "0", Action::Technical, Queue::Technical, Lane::Standard);
}

#[test]
fn row_3_two_members_wait_for_a_person_to_split_them() {
    let mut doc = complete();
    let mut second = doc.extracted.parts[0].clone();
    second.member = Some(field("U1234567802", 3));
    doc.extracted.parts.push(second);
    ends(&doc, "3", Action::Hold, Queue::ManualSplit, Lane::Standard);
    // Expedited if any part is.
    let doc = doc.pending(PendingDischarge::Strong);
    ends(&doc, "3", Action::Hold, Queue::ManualSplit, Lane::Expedited);
}

#[test]
fn row_3_is_not_for_one_member_named_in_two_ways() {
    let mut doc = complete();
    let mut second = doc.extracted.parts[0].clone();
    second.member = Some(field("Edith Sample", 3));
    doc.extracted.parts.push(second);
    ends(&doc, "16", Action::NewCase, Queue::ReadyForReview, Lane::Standard);
    // Of whom only another name is known is somebody else.
    doc.extracted.parts[1].member = Some(field("Walter Placeholder", 3));
    ends(&doc, "3", Action::Hold, Queue::ManualSplit, Lane::Standard);
}

#[test]
fn row_6_pending_discharge_is_expedited_and_goes_on() {
    for value in [PendingDischarge::Strong, PendingDischarge::Medium, PendingDischarge::Ambiguous] {
        let doc = complete().pending(value);
        ends(&doc, "16", Action::NewCase, Queue::ReadyForReview, Lane::Expedited);
        // A missing item opens the case and asks; the lane stays.
        let doc = doc.without(&[Item::Invoice]);
        let decided = ends(&doc, "17", Action::NewCase, Queue::HoldInsufficient, Lane::Expedited);
        says(&decided, "alert.nurse_first");
    }
    for value in [PendingDischarge::Weak, PendingDischarge::None] {
        let doc = complete().pending(value);
        ends(&doc, "16", Action::NewCase, Queue::ReadyForReview, Lane::Standard);
    }
}

#[test]
fn row_7b_commercial_oxygen_is_expedited_and_the_supplier_is_called() {
    let oxygen = |doc: Doc| {
        doc.codes(&["E1390"])
            .with(|findings| findings.oxygen = Some(field("E1390", 1)))
            .pending(PendingDischarge::Strong)
    };
    let decided = oxygen(complete()).decided();
    assert_eq!(decided.lane, Lane::Expedited);
    says(&decided, "alert.oxygen_phone_review");
    // Medicare has no exception.
    let decided = oxygen(complete()).member_id("1EG4TE5MK73").decided();
    assert_eq!((decided.program.as_deref(), decided.lane), (Some("dme_ma"), Lane::Expedited));
    assert!(decided.reasons.iter().all(|reason| reason.code != "alert.oxygen_phone_review"));
}

#[test]
fn row_8_an_appeal_goes_to_appeals_and_a_reconsideration_to_the_case() {
    let told = "your request was denied";
    let appeal = complete().intent(IntentKind::Appeal);
    ends(&appeal.clone().words(told), "8", Action::Redirect, Queue::Appeals, Lane::Standard);
    for kind in [IntentKind::Reconsideration, IntentKind::PeerToPeer] {
        let doc = complete().intent(kind).words(told);
        ends(&doc, "8", Action::Attach, Queue::PostDecision, Lane::Standard);
        // Nothing joins a case without knowing whose it is.
        let nameless = doc.with(|findings| findings.member.name = None);
        ends(&nameless, "15", Action::Hold, Queue::ManualTriage, Lane::Standard);
    }
    // The word alone, with no decision behind it, is a request.
    ends(&appeal, "16", Action::NewCase, Queue::ReadyForReview, Lane::Standard);
}

#[test]
fn row_8_the_word_appeal_in_a_clinical_note_is_no_appeal() {
    let doc = complete().words("the claim was denied").with(|findings| {
        findings.intents = vec![Intent { kind: IntentKind::Appeal, evidence: vec![seen(3)] }];
    });
    ends(&doc, "16", Action::NewCase, Queue::ReadyForReview, Lane::Standard);
}

fn service_on(doc: Doc, day: &str) -> Doc {
    doc.with(|findings| findings.dates.service = Some(field(day, 1)))
}

#[test]
fn row_9_same_day_is_redirected_where_the_program_says_so() {
    let doc = service_on(complete(), "2026-03-09");
    ends(&doc, "9", Action::Redirect, Queue::SameDay, Lane::Standard);
    ends(
        &service_on(home_health(), "2026-03-09"),
        "9",
        Action::Redirect,
        Queue::SameDay,
        Lane::Standard,
    );
    let medicare = doc.clone().member_id("1EG4TE5MK73");
    assert_ne!(medicare.decided().row, "9");
    // One minute past midnight in London is still the day before in New York.
    let late = doc.received("2026-03-10T00:01:00Z");
    ends(&late, "9", Action::Redirect, Queue::SameDay, Lane::Standard);
}

#[test]
fn row_9_the_date_of_a_visit_is_no_date_of_service() {
    let doc = complete().with(|f| f.dates.service = Some(field("2026-03-09", 3)));
    ends(&doc, "16", Action::NewCase, Queue::ReadyForReview, Lane::Standard);
}

#[test]
fn row_10_the_start_of_care_on_a_plan_of_care_is_no_late_request() {
    let doc = home_health().with(|f| f.dates.service = Some(field("2026-01-09", 2)));
    ends(&doc, "16", Action::NewCase, Queue::ReadyForReview, Lane::Standard);
}

#[test]
fn row_9b_same_day_with_pending_discharge_stays_here_with_an_alert() {
    let doc = service_on(complete(), "2026-03-09")
        .pending(PendingDischarge::Strong)
        .with(|f| f.dates.anticipated_discharge = Some(field("2026-03-09", 0)));
    let decided = ends(&doc, "16", Action::NewCase, Queue::ReadyForReview, Lane::Expedited);
    says(&decided, "alert.same_day_call");
}

#[test]
fn row_10_after_the_fact_by_the_window_of_each_program() {
    // Commercial: the plan's, from the first day on.
    let doc = service_on(complete(), "2026-03-06");
    ends(&doc, "10", Action::Redirect, Queue::Retro, Lane::Retro);
    // Delegated codes: day 15 is in time, day 16 waits for a person.
    let delegated = |day: &str| {
        let mut doc = service_on(complete(), day);
        doc.forced = Some("dme_com_49".into());
        doc
    };
    let in_time = delegated("2026-03-10").received("2026-03-25T15:00:00Z");
    ends(&in_time, "16", Action::NewCase, Queue::ReadyForReview, Lane::Retro);
    let late = delegated("2026-03-10").received("2026-03-26T15:00:00Z");
    ends(&late, "10", Action::Redirect, Queue::Retro, Lane::Retro);
    let group = late.words("Group: NALC Health Benefit Plan");
    ends(&group, "16", Action::NewCase, Queue::ReadyForReview, Lane::Retro);
    // Medicare: the business day after a Friday is Monday.
    let medicare = |day: &str| service_on(medicare(), day);
    ends(&medicare("2026-03-06"), "16", Action::NewCase, Queue::ReadyForReview, Lane::Retro);
    ends(&medicare("2026-03-03"), "10", Action::Redirect, Queue::Retro, Lane::Retro);
}

#[test]
fn row_10_a_delivery_in_the_past_counts_as_service() {
    let doc = complete().with(|f| f.dates.delivered = Some(field("2026-02-20", 3)));
    ends(&doc, "10", Action::Redirect, Queue::Retro, Lane::Retro);
    let doubtful = doc.with(|f| {
        f.dates.delivered.as_mut().unwrap().confidence = Confidence::new(0.65);
    });
    ends(&doubtful, "16", Action::NewCase, Queue::ReadyForReview, Lane::Standard);
}

fn medicare() -> Doc {
    let tin = TinFinding {
        value: crate::vocab::Tin::parse("47-1234567").unwrap(),
        role: Role::Rendering,
        confidence: Confidence::new(0.9),
        raw: Phi::from("47-1234567"),
        repaired: false,
        evidence: vec![seen(1)],
    };
    complete().member_id("1EG4TE5MK73").with(|findings| findings.tin = vec![tin])
}

#[test]
fn row_10b_out_of_scope_waits_for_a_person() {
    let place = |code: &str| complete().with(|f| f.place_of_service = Some(field(code, 1)));
    let arizona = medicare().with(|findings| {
        for provider in &mut findings.providers {
            provider.address = Some(field("1 Main St, Mesa, AZ 85201", 1));
        }
    });
    let mut snf = complete().with(|findings| findings.setting = Some(field("snf", 1)));
    snf.extracted.findings.place_of_service = None;
    for (name, doc) in [
        ("PAP device", complete().codes(&["E0601"])),
        ("implant", complete().codes(&["L8614"])),
        ("hospital", place("21")),
        ("nursing facility", place("31")),
        ("surgical centre", place("24")),
        ("setting", snf),
        ("Arizona", arizona),
    ] {
        let decided = doc.decided();
        assert_eq!(
            (decided.row.as_str(), decided.queue),
            ("10b", Some(Queue::OutOfScope)),
            "{name}"
        );
    }
}

#[test]
fn row_10b_a_patient_in_hospital_for_now_is_in_scope() {
    let doc = complete().pending(PendingDischarge::Strong).with(|findings| {
        findings.setting = Some(field("hospital", 0));
        findings.place_of_service = Some(field("21", 1));
        findings.dates.anticipated_discharge = Some(field("2026-03-11", 0));
    });
    ends(&doc, "16", Action::NewCase, Queue::ReadyForReview, Lane::Expedited);
    // One item in scope keeps the request here.
    let mixed = complete().codes(&["E0260", "E0255", "L8614"]);
    ends(&mixed, "16", Action::NewCase, Queue::ReadyForReview, Lane::Standard);
}

#[test]
fn row_11_care_coordination_unless_something_is_to_be_reviewed() {
    let asks = complete().intent(IntentKind::CareCoordination);
    ends(&asks, "16", Action::NewCase, Queue::ReadyForReview, Lane::Standard);
    let only = asks.page(1, PageKind::Other).page(2, PageKind::Other);
    ends(&only, "11", Action::Redirect, Queue::CareCoordination, Lane::Standard);
}

#[test]
fn row_12_three_pages_in_ten_that_cannot_be_read() {
    let mut doc = complete();
    for index in 4..10 {
        doc.recognized.pages.push(page(index));
        doc.extracted.page_kinds.push(PageKind::ProgressNote);
    }
    let two = doc.read_as(3, Method::Unreadable, 0.0).read_as(4, Method::Ocr, 0.4);
    let decided = ends(&two, "16", Action::NewCase, Queue::ReadyForReview, Lane::Standard);
    says(&decided, "pages.unreadable");
    let three = two.read_as(5, Method::Unreadable, 0.0);
    let decided = ends(&three, "12", Action::Hold, Queue::HoldIllegible, Lane::Standard);
    assert!(decided.missing.is_empty(), "what cannot be read is not missing");
    assert_eq!(decided.reasons[0].evidence.len(), 3, "the letter names the pages");
    // Blank backs are no pages.
    let backs = (6..10).fold(two_of(&three), |doc, index| doc.read_as(index, Method::Blank, 1.0));
    ends(&backs, "12", Action::Hold, Queue::HoldIllegible, Lane::Standard);
}

/// The ten pages with two that cannot be read.
fn two_of(three: &Doc) -> Doc {
    three.clone().read_as(5, Method::Ocr, 0.9)
}

#[test]
fn row_12_identity_read_in_doubt_and_blank_paper() {
    let doubt = complete().with(|findings| {
        let member = &mut findings.member;
        for field in [&mut member.name, &mut member.date_of_birth, &mut member.id] {
            field.as_mut().unwrap().confidence = Confidence::new(0.5);
        }
    });
    ends(&doubt, "12", Action::Hold, Queue::HoldIllegible, Lane::Standard);
    let blank = (0..4).fold(complete(), |doc, index| doc.read_as(index, Method::Blank, 1.0));
    ends(&blank, "12", Action::Hold, Queue::HoldIllegible, Lane::Standard);
}

#[test]
fn row_15_nobody_opens_a_case_without_knowing_whose() {
    let nameless = complete().with(|findings| findings.member.name = None);
    let decided = ends(&nameless, "15", Action::Hold, Queue::ManualTriage, Lane::Standard);
    says(&decided, "missing.member.name");
    assert!(decided.missing.contains(&"member.name".to_owned()));
    let neither = complete().with(|findings| {
        findings.member.id = None;
        findings.member.date_of_birth = None;
    });
    ends(&neither, "15", Action::Hold, Queue::ManualTriage, Lane::Standard);
    // Either is enough.
    let by_birth = complete().with(|findings| findings.member.id = None).words("Cigna");
    assert_eq!(by_birth.forced_to("dme_com").decided().row, "16");
    let nothing_asked = complete()
        .codes(&[])
        .without(&[Item::WrittenPrescription, Item::PrecertForm, Item::ServicesRequested])
        .page(1, PageKind::FaceSheet)
        .page(2, PageKind::VisitNote);
    let decided = nothing_asked.forced_to("dme_com").decided();
    assert_eq!(decided.row, "15");
    says(&decided, "missing.request");
}

#[test]
fn row_16_complete_is_ready_for_review() {
    let decided = ends(&complete(), "16", Action::NewCase, Queue::ReadyForReview, Lane::Standard);
    assert_eq!(decided.program.as_deref(), Some("dme_com"));
    assert!(decided.missing.is_empty(), "{:?}", decided.missing);
    let urgent =
        complete().with(|f| f.urgent = Flag { value: Urgency::Claimed, evidence: vec![seen(0)] });
    let decided = ends(&urgent, "16", Action::NewCase, Queue::ReadyForReview, Lane::Urgent);
    says(&decided, "alert.urgent_call_back");
}

#[test]
fn row_16_no_alternative_is_asked_for_twice() {
    // A form with the core fields, progress notes for therapy notes, a stale
    // visit: nothing of this is worth a letter.
    let doc = complete()
        .without(&[Item::PrecertForm, Item::TherapyOrClinicalNotes, Item::PreviousTestResults])
        .item(Item::VisitNote, ItemStatus::Stale);
    let decided = ends(&doc, "16", Action::NewCase, Queue::ReadyForReview, Lane::Standard);
    says(&decided, "stale.visit_note");
    // "If applicable" alone holds nothing.
    let soft = complete().without(&[Item::RentalPurchaseQuantity]);
    ends(&soft, "16", Action::NewCase, Queue::ReadyForReview, Lane::Standard);
}

#[test]
fn row_17_a_missing_item_opens_the_case_and_asks() {
    let doc = complete().without(&[Item::Invoice, Item::RentalPurchaseQuantity]);
    let decided = ends(&doc, "17", Action::NewCase, Queue::HoldInsufficient, Lane::Standard);
    // Asked for along the way, because a letter is sent anyway.
    assert_eq!(decided.missing, ["invoice", "rental_purchase_quantity"]);
    assert_eq!(decided.reasons[0].code, "missing.invoice");
    let unsigned = complete().item(Item::WrittenPrescription, ItemStatus::PresentUnsigned);
    let decided = ends(&unsigned, "17", Action::NewCase, Queue::HoldInsufficient, Lane::Standard);
    assert_eq!(decided.reasons[0].code, "unsigned.written_prescription");
    let unclear = complete().item(Item::Invoice, ItemStatus::Unclear);
    let decided = ends(&unclear, "17", Action::NewCase, Queue::HoldInsufficient, Lane::Standard);
    assert_eq!(decided.reasons[0].code, "unclear.invoice");
    let no_npi = complete().with(|findings| findings.npi.retain(|npi| npi.role != Role::Ordering));
    let decided = ends(&no_npi, "17", Action::NewCase, Queue::HoldInsufficient, Lane::Standard);
    assert_eq!(decided.missing, ["ordering.npi"]);
}

#[test]
fn row_17_asks_by_condition() {
    let missing = |doc: Doc| doc.decided().missing;
    let goals =
        |code: &str| missing(complete().codes(&[code]).without(&[Item::TherapyGoalsAndFunction]));
    assert_eq!(goals("K0001"), ["therapy_goals_and_function"]);
    assert_eq!(goals("E1390"), Vec::<String>::new());
    assert_eq!(missing(home_health().codes(&["T1000"])), ["time_audit"]);
    assert_eq!(missing(home_health()), Vec::<String>::new());
    // Hour by hour it shows what somebody can do; of therapy that is asked for apart.
    let levels = [Item::PriorLevelOfFunction, Item::CurrentLevelOfFunction];
    let nursing = home_health().codes(&["T1000"]).item(Item::TimeAudit, ItemStatus::Present);
    assert_eq!(missing(nursing.without(&levels)), Vec::<String>::new());
    assert_eq!(
        missing(home_health().without(&levels)),
        ["prior_level_of_function", "current_level_of_function"]
    );
    let discharge = complete().pending(PendingDischarge::Strong);
    assert_eq!(
        missing(discharge.without(&[Item::AnticipatedDischargeDate])),
        ["anticipated_discharge_date"]
    );
}

#[test]
fn row_17_a_tax_id_is_asked_for_only_where_the_program_requires_it() {
    let lacks = |program: &str| complete().forced_to(program).decided().missing;
    assert!(lacks("dme_com_legacy").contains(&"ordering.tin".to_owned()));
    assert!(lacks("dme_ma").contains(&"rendering.tin".to_owned()));
    for program in ["dme_com", "dme_com_49", "hh_com", "sleep_com"] {
        assert!(!lacks(program).iter().any(|name| name.ends_with(".tin")), "{program}");
    }
}

#[test]
fn row_17_two_ordering_npis_on_orders_contradict_each_other() {
    let doc = complete().with(|findings| findings.npi.push(npi("2000000028", Role::Ordering)));
    let decided = ends(&doc, "17", Action::NewCase, Queue::HoldInsufficient, Lane::Standard);
    assert_eq!(decided.reasons[0].code, "contradictory.ordering.npi");
}

#[test]
fn row_18_an_answer_to_a_hold_waits_for_its_case() {
    let doc = complete().without(&[Item::Invoice]).intent(IntentKind::HoldReply);
    let decided = ends(&doc, "18", Action::Hold, Queue::ManualTriage, Lane::Standard);
    says(&decided, "hold_reply.case_unknown");
}

#[test]
fn row_18_without_a_program_a_person_decides() {
    let doc = complete().codes(&["V5050"]);
    let decided = ends(&doc, "18", Action::Hold, Queue::ManualTriage, Lane::Standard);
    assert_eq!(decided.program, None);
    says(&decided, "triage.no_program");
}

/// Nobody can tell whose member it is: commercial asks for an invoice,
/// Medicare for the supplier's tax id.
#[test]
fn rows_16_to_18_where_the_line_of_business_is_open() {
    let open = |mut doc: Doc| {
        doc.recognized.pages.iter_mut().for_each(|page| page.lines.clear());
        doc.member_id("W99887766")
    };
    let decided =
        ends(&open(medicare()), "16", Action::NewCase, Queue::ReadyForReview, Lane::Standard);
    assert_eq!(decided.program, None);
    says(&decided, "program.line_of_business_unclear");
    // Both ask for an order, only one for the tax id.
    let doc = open(complete()).without(&[Item::WrittenPrescription, Item::Invoice]);
    let decided = ends(&doc, "17", Action::NewCase, Queue::HoldInsufficient, Lane::Standard);
    assert_eq!(decided.missing, ["written_prescription"]);
    let disputed = ends(&open(complete()), "18", Action::Hold, Queue::ManualTriage, Lane::Standard);
    says(&disputed, "triage.program_decides");
}

#[test]
fn triage_flags_a_discharge_that_waits_and_nothing_else() {
    let first_page = |doc: Doc| triage(&doc.document(), &PROGRAMS, &CODES);
    let waits = first_page(complete().pending(PendingDischarge::Ambiguous));
    assert_eq!((waits.lane, waits.flagged), (Lane::Expedited, true));
    assert!(!waits.reasons.is_empty());
    let urgent =
        complete().with(|f| f.urgent = Flag { value: Urgency::Claimed, evidence: vec![seen(0)] });
    assert_eq!(
        (first_page(urgent.clone()).lane, first_page(urgent).flagged),
        (Lane::Urgent, false)
    );
    assert_eq!(first_page(complete()).lane, Lane::Standard);
}

#[test]
fn applies_and_required_follow_the_contract() {
    let decided = complete().decided();
    let order: Vec<Item> = decided.applies.iter().map(|one| one.item).collect();
    assert_eq!(order, Item::ALL);
    let applies = |item| decided.applies.iter().any(|one| one.item == item && one.applies);
    assert!(applies(Item::Invoice) && applies(Item::RentalPurchaseQuantity));
    assert!(!applies(Item::TimeAudit) && !applies(Item::Cmn) && !applies(Item::SiteOfCare));
    let fields: Vec<&str> = decided.required.iter().map(|one| one.field.as_str()).collect();
    assert!(fields.starts_with(&["member.name", "member.date_of_birth", "member.id"]));
    assert!(!fields.contains(&"contact.name"), "the portal asks for it, a fax does not");
}

#[test]
fn codes_that_have_ended_are_said_and_not_dropped() {
    let decided = complete().codes(&["E0260", "E0460"]).decided();
    says(&decided, "code.ended");
}
