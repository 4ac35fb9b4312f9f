use super::{super::*, *};
use crate::program::{Buffer, HoldRule, LineOfBusiness};

fn rule(line: LineOfBusiness, urgency: Urgency) -> HoldRule {
    super::super::rule(&values(line).hold, urgency).clone()
}

fn medicare_hold(urgency: Urgency, sent: &str, limit: &str) -> Hold {
    let calendar = medicare_advantage();
    Hold::of(
        &rule(LineOfBusiness::MedicareAdvantage, urgency),
        chicago(sent),
        Some(chicago(limit)),
        &calendar,
        std::slice::from_ref(&calendar),
    )
    .unwrap()
}

fn due(hold: &Hold) -> String {
    hold.due.as_ref().unwrap().to_string()
}

#[test]
fn with_a_pause_the_least_time_to_answer_counts() {
    let calendar = commercial();
    let (sent, limit) = (ny("2026-03-02T10:00"), ny("2026-03-17T10:00"));
    let hold = Hold::of(
        &rule(LineOfBusiness::Commercial, Urgency::Standard),
        sent,
        Some(limit),
        &calendar,
        std::slice::from_ref(&calendar),
    )
    .unwrap();
    assert_eq!(due(&hold), "2026-04-16T10:00:00-04:00[America/New_York]");
    assert!(!hold.short_window);
    assert!(!hold.is_below_minimum());
}

#[test]
fn without_a_pause_the_earlier_one_counts() {
    let hold = medicare_hold(Urgency::Standard, "2026-03-02T10:00", "2026-03-09T09:00");
    assert_eq!(due(&hold), "2026-03-05T10:00:00-06:00[America/Chicago]");
    assert_eq!(hold.latest.unwrap().timestamp(), chicago("2026-03-06T09:00"));
    assert!(!hold.short_window);
}

#[test]
fn too_short_a_window_is_told() {
    let hold = medicare_hold(Urgency::Standard, "2026-03-05T10:00", "2026-03-09T09:00");
    assert_eq!(due(&hold), "2026-03-06T09:00:00-06:00[America/Chicago]");
    assert!(hold.short_window);
    assert!(hold.is_below_minimum());
}

#[test]
fn an_urgent_due_moment_at_night_is_moved_back_to_closing() {
    // 24 h would be Tuesday 21:00, 12 h before the limit is Wednesday 09:00; closing is at 20:00.
    let hold = medicare_hold(Urgency::Urgent, "2026-03-02T21:00", "2026-03-04T21:00");
    assert_eq!(due(&hold), "2026-03-03T20:00:00-06:00[America/Chicago]");
    assert!(!hold.short_window);
    assert!(hold.is_below_minimum());
}

#[test]
fn another_channel_may_be_open_longer() {
    let calendar = medicare_advantage();
    // New York closes at 21:00, which is 20:00 in Chicago; on Sunday 18:00, 17:00 in Chicago.
    let channels = [calendar.clone(), commercial()];
    let hold = Hold::of(
        &rule(LineOfBusiness::MedicareAdvantage, Urgency::Urgent),
        chicago("2026-03-14T19:00"),
        None,
        &calendar,
        &channels,
    )
    .unwrap();
    assert_eq!(due(&hold), "2026-03-15T17:00:00-05:00[America/Chicago]");
}

#[test]
fn without_channels_the_due_moment_stays() {
    let hold = Hold::of(
        &rule(LineOfBusiness::MedicareAdvantage, Urgency::Urgent),
        chicago("2026-03-14T19:00"),
        None,
        &medicare_advantage(),
        &[],
    )
    .unwrap();
    assert_eq!(due(&hold), "2026-03-15T19:00:00-05:00[America/Chicago]");
}

#[test]
fn no_staffed_moment_is_no_due_moment() {
    // Sent on Sunday after closing; 12 h before the limit it is still Sunday night.
    let hold = medicare_hold(Urgency::Urgent, "2026-03-15T14:00", "2026-03-16T11:00");
    assert_eq!(hold.due, None);
    assert!(hold.short_window);
    // The limit has passed before the letter is sent.
    let hold = medicare_hold(Urgency::Urgent, "2026-03-12T14:00", "2026-03-12T11:00");
    assert_eq!(hold.due, None);
    assert!(hold.short_window);
}

#[test]
fn channels_that_never_open_take_no_answer() {
    let hold = Hold::of(
        &rule(LineOfBusiness::Commercial, Urgency::Urgent),
        ny("2026-03-02T10:00"),
        None,
        &commercial(),
        &[closed()],
    )
    .unwrap();
    assert_eq!(hold.due, None);
    assert!(hold.short_window);
}

#[test]
fn a_buffer_of_business_days_leaves_whole_ones() {
    let calendar = medicare_advantage();
    for (limit, days, latest) in [
        ("2026-03-13T15:00", 1, "2026-03-12T15:00"),
        ("2026-03-16T15:00", 1, "2026-03-13T15:00"),
        // Sunday: all of Friday is left.
        ("2026-03-15T15:00", 1, "2026-03-12T20:00"),
        ("2026-03-15T15:00", 0, "2026-03-13T20:00"),
        // Memorial Day: Friday is left, too.
        ("2026-05-25T20:30", 1, "2026-05-21T20:00"),
    ] {
        let before = calendar.before(chicago(limit), Buffer::BusinessDays(days));
        assert_eq!(before, Ok(chicago(latest)), "{limit}");
    }
    let limit = chicago("2026-03-09T15:00");
    let before = |buffer: Buffer| calendar.before(limit, buffer);
    assert_eq!(before(Buffer::ElapsedHours(48)), Ok(chicago("2026-03-07T14:00")));
    assert_eq!(before(Buffer::CalendarDays(2)), Ok(chicago("2026-03-07T15:00")));
}
