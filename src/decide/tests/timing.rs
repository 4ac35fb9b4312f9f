//! What a disposition says of time.

use jiff::Timestamp;

use super::build::*;
use crate::decide::disposition::{Clock, ClockKind, Disposition, Mark};
use crate::extract::findings::{Item, PendingDischarge, Urgency};
use crate::recognize::recognized::Method;

fn clock<'d>(decided: &'d Disposition, name: &str) -> &'d Clock {
    let names: Vec<_> = decided.clocks.iter().map(|clock| &clock.name).collect();
    decided
        .clocks
        .iter()
        .find(|clock| clock.name == name)
        .unwrap_or_else(|| panic!("{name} not in {names:?}"))
}

fn at(text: &str) -> Timestamp {
    text.parse::<jiff::Zoned>().unwrap().timestamp()
}

#[test]
fn a_complete_request_has_its_limit_from_receipt_and_its_target_from_completeness() {
    let decided = complete().decided();
    // Two business days, the last one until the program closes.
    let after = clock(&decided, "standard_decide_after_complete");
    assert_eq!(after.due, at("2026-03-11T19:00[America/New_York]"));
    assert_eq!(after.kind, ClockKind::Target, "usual, not promised");
    assert_eq!(clock(&decided, "standard_decide").kind, ClockKind::Limit);
    assert_eq!(
        clock(&decided, "standard_decide").due,
        at("2026-03-24T11:00[America/New_York]"),
        "fifteen calendar days"
    );
    assert_eq!(clock(&decided, "standard_triage").kind, ClockKind::Target);
    assert_eq!(decided.due, None, "nobody is asked");
    let marks: Vec<Mark> = after.events.iter().map(|event| event.mark).collect();
    assert_eq!(marks, Mark::ALL);
}

#[test]
fn a_discharge_that_waits_has_its_own_clocks_wherever_the_document_ends() {
    let night = "2026-03-10T02:30:00Z";
    let doc = complete().pending(PendingDischarge::Strong).received(night);
    let decided = doc.decided();
    // Received at 22:30 the evening before: staffed time begins at seven.
    let nurse = clock(&decided, "expedited_nurse_contact");
    assert_eq!(nurse.started, at("2026-03-10T07:00[America/New_York]"));
    assert_eq!(nurse.due, at("2026-03-10T09:00[America/New_York]"));
    assert!(decided.clocks.iter().all(|clock| clock.name != "standard_decide"));
    // Held, it keeps them, and a letter is due besides.
    let held = doc.clone().without(&[Item::Invoice]).decided();
    assert_eq!(clock(&held, "expedited_nurse_contact"), nurse);
    clock(&held, "hold_letter");
    // Unknown to any program, it has the strictest of all.
    let unknown = doc.codes(&[]).with(|f| f.member.id = None).decided();
    clock(&unknown, "expedited_acknowledge");
}

#[test]
fn urgent_is_72_hours_across_a_change_of_the_clocks() {
    let urgent = |at: &str| {
        let claimed = |doc: Doc| doc.with(|f| f.urgent.value = Urgency::Claimed);
        claimed(complete().received(at)).decided()
    };
    let decided = urgent("2026-03-06T15:00:00Z");
    assert_eq!(clock(&decided, "urgent_decide").due, at("2026-03-09T11:00[America/New_York]"));
}

#[test]
fn a_hold_says_until_when_it_asks() {
    // Commercial: the clock may stand still, so the provider has his 45 days from
    // the letter, which is due in four staffed hours.
    let held = complete().without(&[Item::Invoice]).decided();
    assert_eq!(clock(&held, "hold_letter").due, at("2026-03-09T15:00[America/New_York]"));
    assert_eq!(held.due, Some(at("2026-04-23T15:00[America/New_York]")));
    // The answer's own clock reminds people, half of the time gone, three quarters …
    let answer = clock(&held, "hold_answer");
    assert_eq!((answer.started, Some(answer.due)), (clock(&held, "hold_letter").due, held.due));
    assert_eq!(answer.events[0].mark, Mark::Half);
    assert!(answer.started < answer.events[0].at && answer.events[0].at < answer.due);
    // Medicare: it may not, so that the limit less a business day is the end of it.
    let medicare =
        complete().forced_to("dme_ma").member_id("1EG4TE5MK73").with(|f| f.hcpcs.clear()).decided();
    assert_eq!(medicare.row, "17", "{:?}", medicare.reasons);
    let limit = clock(&medicare, "standard_decide").due;
    let due = medicare.due.unwrap();
    assert!(due < limit, "{due} {limit}");
    assert_eq!(due, at("2026-03-12T14:00[America/Chicago]"));
}

#[test]
fn illegible_pages_are_asked_for_in_time_and_what_cannot_be_opened_has_no_clock() {
    let doc = complete().read_as(0, Method::Ocr, 0.3).read_as(1, Method::Ocr, 0.3);
    let held = doc.decided();
    assert_eq!(held.row, "12");
    assert!(held.due.is_some());
    let mut empty = complete();
    empty.recognized.pages.clear();
    assert!(empty.decided().clocks.is_empty());
}

#[test]
fn where_the_line_of_business_is_open_the_clock_that_is_due_first_runs() {
    let mut doc = complete().member_id("W99887766");
    doc.recognized.pages.iter_mut().for_each(|page| page.lines.clear());
    let open = doc.decided();
    assert_eq!(open.program, None, "{:?}", open.reasons);
    // Seven calendar days of Medicare, not the fifteen of commercial.
    assert_eq!(clock(&open, "standard_decide").due, at("2026-03-16T10:00[America/Chicago]"));
    clock(&open, "standard_triage");
}

#[test]
fn an_errand_has_no_limit_to_decide() {
    let errand = complete()
        .intent(crate::extract::findings::IntentKind::CareCoordination)
        .page(1, crate::extract::findings::PageKind::Other)
        .page(2, crate::extract::findings::PageKind::Other)
        .decided();
    assert_eq!(errand.row, "11", "{:?}", errand.reasons);
    let names: Vec<_> = errand.clocks.iter().map(|clock| clock.name.as_ref()).collect();
    assert_eq!(names, ["care_coordination_forward"]);
}
