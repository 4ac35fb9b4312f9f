use std::time::Duration;

use super::{super::*, *};
use crate::program::LineOfBusiness;

const COMMERCIAL: LineOfBusiness = LineOfBusiness::Commercial;
const MEDICARE: LineOfBusiness = LineOfBusiness::MedicareAdvantage;

fn intake(track: Track, line: LineOfBusiness, received: &str) -> Intake {
    let received = match line {
        COMMERCIAL | LineOfBusiness::Any => ny(received),
        MEDICARE => chicago(received),
    };
    Intake::new(track, received)
}

fn schedule(line: LineOfBusiness, intake: &Intake) -> Schedule {
    let calendar = match line {
        COMMERCIAL | LineOfBusiness::Any => commercial(),
        MEDICARE => medicare_advantage(),
    };
    clocks_of(intake, &values(line), &calendar)
}

#[test]
fn expedited_has_a_limit_only_if_urgent() {
    let mut intake = intake(Track::ExpeditedPendingDischarge, COMMERCIAL, "2026-03-06T10:00");
    let prompt = schedule(COMMERCIAL, &intake);
    assert!(prompt.clocks.iter().all(|clock| clock.kind == Kind::Target));
    assert_eq!(clock(&prompt, "expedited_acknowledge").due, ny("2026-03-06T10:15"));
    assert_eq!(clock(&prompt, "expedited_nurse_contact").due, ny("2026-03-06T12:00"));
    assert_eq!(clock(&prompt, "expedited_escalate_first").due, ny("2026-03-06T11:00"));
    intake.urgency = Urgency::Urgent;
    let limit = clock(&schedule(COMMERCIAL, &intake), "expedited_decide").clone();
    assert_eq!((limit.kind, limit.due), (Kind::Limit, ny("2026-03-09T11:00")));
}

#[test]
fn expedited_pages_whoever_is_on_call_after_hours() {
    let page = "expedited_page_on_call";
    let track = Track::ExpeditedPendingDischarge;
    let night = schedule(MEDICARE, &intake(track, MEDICARE, "2026-03-06T22:00"));
    assert_eq!(clock(&night, page).due, chicago("2026-03-06T22:15"));
    assert_eq!(clock(&night, "expedited_acknowledge").started, chicago("2026-03-07T08:00"));
    assert_eq!(clock(&night, "expedited_acknowledge").due, chicago("2026-03-07T08:15"));
    let day = schedule(MEDICARE, &intake(track, MEDICARE, "2026-03-06T10:00"));
    assert!(!names(&day).contains(&page));
    // Commercial has nobody on call.
    let night = schedule(COMMERCIAL, &intake(track, COMMERCIAL, "2026-03-06T22:00"));
    assert!(!names(&night).contains(&page));
}

#[test]
fn urgent_under_erisa_when_something_is_missing() {
    let mut intake = intake(Track::Urgent, COMMERCIAL, "2026-03-02T10:00");
    assert_eq!(names(&schedule(COMMERCIAL, &intake)), ["urgent_decide", "urgent_decide_target"]);
    intake.completeness = Completeness::Incomplete;
    let notify = clock(&schedule(COMMERCIAL, &intake), "urgent_notify_incomplete").due;
    assert_eq!(notify, ny("2026-03-03T10:00"));
    intake.completeness = Completeness::Since(ny("2026-03-04T09:00"));
    let answered = schedule(COMMERCIAL, &intake);
    let decide = clock(&answered, "urgent_decide_after_complete");
    assert_eq!((decide.start, decide.due), (Start::Complete, ny("2026-03-06T09:00")));
    // Both are on record: the clock that nothing stopped is there too.
    assert_eq!(clock(&answered, "urgent_decide").due, ny("2026-03-05T10:00"));
}

#[test]
fn urgent_medicare_advantage_knows_no_erisa() {
    let mut intake = intake(Track::Urgent, MEDICARE, "2026-03-02T10:00");
    intake.completeness = Completeness::Incomplete;
    assert_eq!(names(&schedule(MEDICARE, &intake)), ["urgent_decide", "urgent_decide_target"]);
}

#[test]
fn oxygen_is_called_about_once_nothing_was_found() {
    let mut intake = intake(Track::OxygenFollowUp, COMMERCIAL, "2026-03-02T10:00");
    assert_eq!(names(&schedule(COMMERCIAL, &intake)), ["oxygen_attach"]);
    intake.none_found = Some(ny("2026-03-02T20:30"));
    let schedule = schedule(COMMERCIAL, &intake);
    assert_eq!(clock(&schedule, "oxygen_attach").due, ny("2026-03-02T14:00"));
    assert_eq!(clock(&schedule, "oxygen_call").due, ny("2026-03-03T08:30"));
}

#[test]
fn standard_commercial() {
    let mut intake = intake(Track::Standard, COMMERCIAL, "2026-03-02T10:00");
    intake.completeness = Completeness::Since(ny("2026-03-03T10:00"));
    let listed = schedule(COMMERCIAL, &intake);
    let expected = ["standard_decide", "standard_decide_after_complete", "standard_triage"];
    assert_eq!(names(&listed), expected);
    assert_eq!(clock(&listed, "standard_decide").due, ny("2026-03-17T10:00"));
    assert_eq!(clock(&listed, "standard_decide_after_complete").due, ny("2026-03-05T21:00"));
    assert_eq!(clock(&listed, "standard_triage").due, ny("2026-03-03T21:00"));
    intake.extended = true;
    assert_eq!(
        clock(&schedule(COMMERCIAL, &intake), "standard_decide").due,
        ny("2026-04-01T10:00")
    );
}

#[test]
fn a_pause_is_recorded_beside_the_clock_it_stops() {
    let mut paused = intake(Track::Standard, COMMERCIAL, "2026-03-02T10:00");
    paused.paused = Duration::from_secs(2 * 24 * 3600);
    let listed = schedule(COMMERCIAL, &paused);
    assert_eq!(clock(&listed, "standard_decide").due, ny("2026-03-17T10:00"));
    assert_eq!(clock(&listed, "standard_decide_paused").due, ny("2026-03-19T10:00"));
    let mut medicare = intake(Track::Standard, MEDICARE, "2026-03-02T10:00");
    medicare.paused = paused.paused;
    assert_eq!(
        names(&schedule(MEDICARE, &medicare)),
        ["standard_decide", "standard_decide_target"]
    );
}

#[test]
fn standard_medicare_advantage_extended_by_fourteen_days() {
    let mut intake = intake(Track::Standard, MEDICARE, "2026-07-03T15:00");
    intake.extended = true;
    let listed = schedule(MEDICARE, &intake);
    assert_eq!(clock(&listed, "standard_decide").due, chicago("2026-07-24T15:00"));
    assert_eq!(clock(&listed, "standard_decide_target").due, chicago("2026-07-06T15:00"));
}

#[test]
fn retro_and_care_coordination_take_a_business_day() {
    let retro = schedule(COMMERCIAL, &intake(Track::Retro, COMMERCIAL, "2026-03-06T21:30"));
    assert_eq!(clock(&retro, "retro_forward").due, ny("2026-03-10T21:00"));
    let care =
        schedule(COMMERCIAL, &intake(Track::CareCoordination, COMMERCIAL, "2026-03-06T10:00"));
    assert_eq!(clock(&care, "care_coordination_forward").due, ny("2026-03-09T21:00"));
}

#[test]
fn a_hold_keeps_the_limits_of_the_request_behind_it() {
    let mut intake = intake(Track::Hold, MEDICARE, "2026-03-06T18:00");
    let standard = schedule(MEDICARE, &intake);
    assert_eq!(names(&standard), ["standard_decide", "standard_decide_target", "hold_letter"]);
    assert_eq!(clock(&standard, "hold_letter").due, chicago("2026-03-07T10:00"));
    intake.urgency = Urgency::Urgent;
    let sent = chicago("2026-03-06T18:30");
    let due = chicago("2026-03-07T16:00");
    intake.letter = Some(Letter { sent, due });
    let urgent = schedule(MEDICARE, &intake);
    assert_eq!(clock(&urgent, "urgent_decide").due, chicago("2026-03-09T19:00"));
    assert_eq!(clock(&urgent, "hold_letter").due, chicago("2026-03-06T19:00"));
    assert_eq!(clock(&urgent, "hold_answer").due, due);
}

#[test]
fn without_hours_limits_stay_and_targets_are_told_apart() {
    let received = ny("2026-03-06T10:00");
    let mut intake = Intake::new(Track::ExpeditedPendingDischarge, received);
    intake.urgency = Urgency::Urgent;
    let schedule = clocks_of(&intake, &values(COMMERCIAL), &closed());
    assert_eq!(names(&schedule), ["expedited_decide"]);
    let reasons: Vec<_> = schedule.unplaced.iter().map(|clock| clock.reason).collect();
    assert_eq!(reasons, [ClockError::NeverStaffed; 4]);
}

fn marks(clock: &Clock) -> Vec<String> {
    let zone = commercial().zone;
    clock.events.iter().map(|event| zone.to_datetime(event.at).to_string()).collect()
}

#[test]
fn marks_of_an_elapsed_clock_are_shares_of_the_hours() {
    let listed = schedule(COMMERCIAL, &intake(Track::Urgent, COMMERCIAL, "2026-03-02T10:00"));
    let expected = [
        "2026-03-03T22:00:00",
        "2026-03-04T16:00:00",
        "2026-03-05T02:48:00",
        "2026-03-05T10:00:00",
    ];
    assert_eq!(marks(clock(&listed, "urgent_decide")), expected);
}

#[test]
fn marks_of_a_staffed_clock_are_shares_of_staffed_time() {
    let listed =
        schedule(COMMERCIAL, &intake(Track::OxygenFollowUp, COMMERCIAL, "2026-03-06T19:00"));
    let expected = [
        "2026-03-06T21:00:00",
        "2026-03-07T11:00:00",
        "2026-03-07T11:36:00",
        "2026-03-07T12:00:00",
    ];
    assert_eq!(marks(clock(&listed, "oxygen_attach")), expected);
}

#[test]
fn marks_of_business_days_skip_the_week_end() {
    // Friday 19:00 to Monday 21:00: two hours and thirteen; Saturday and Sunday are open, but no
    // business days.
    let listed = schedule(COMMERCIAL, &intake(Track::Retro, COMMERCIAL, "2026-03-06T19:00"));
    let expected = [
        "2026-03-09T13:30:00",
        "2026-03-09T17:15:00",
        "2026-03-09T19:30:00",
        "2026-03-09T21:00:00",
    ];
    assert_eq!(marks(clock(&listed, "retro_forward")), expected);
}

#[test]
fn a_clock_is_written_in_snake_case() {
    let listed =
        schedule(COMMERCIAL, &intake(Track::OxygenFollowUp, COMMERCIAL, "2026-03-06T10:00"));
    let json = serde_json::to_value(clock(&listed, "oxygen_attach")).unwrap();
    assert_eq!(json["kind"], "target");
    assert_eq!(json["start"], "receipt");
    assert_eq!(json["basis"], "staffed");
    assert_eq!(json["due"], "2026-03-06T19:00:00Z");
    assert_eq!(json["events"][2]["mark"], "ninety_percent");
}
