//! How much time a program gives itself and others, and on which calendar.
//!
//! Everything is an [`Allowance`], so the file says how much and of which kind:
//! `decide = { elapsed_hours = 72 }`. What may be left out is an `Option`: without
//! a value there is no such clock. Limits are the law's or the plan's; targets are
//! the program's own.

use serde::{Deserialize, Serialize};

/// An amount of time with its calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Allowance {
    /// Minutes that nothing stops.
    ElapsedMinutes(u32),
    /// Hours that nothing stops.
    ElapsedHours(u32),
    /// Days by the wall clock that nothing stops.
    CalendarDays(u16),
    /// Minutes while the program is open.
    StaffedMinutes(u32),
    /// Hours while the program is open.
    StaffedHours(u32),
    /// Business days after the one the start counts for; due when the last one ends.
    BusinessDays(u16),
}

/// The calendar on which a clock runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Hours or minutes, day and night.
    Elapsed,
    /// Days that keep the wall clock.
    CalendarDays,
    /// While the program is open.
    Staffed,
    /// Monday to Friday without holidays.
    BusinessDays,
}

impl Allowance {
    /// Its calendar.
    pub fn basis(self) -> Basis {
        match self {
            Self::ElapsedMinutes(_) | Self::ElapsedHours(_) => Basis::Elapsed,
            Self::CalendarDays(_) => Basis::CalendarDays,
            Self::StaffedMinutes(_) | Self::StaffedHours(_) => Basis::Staffed,
            Self::BusinessDays(_) => Basis::BusinessDays,
        }
    }
}

/// Time to keep free before a limit: `review_buffer = { business_days = 1 }`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Buffer {
    /// Hours that nothing stops.
    ElapsedHours(u32),
    /// Days that keep the wall clock.
    CalendarDays(u16),
    /// Business days, whole ones.
    BusinessDays(u16),
}

/// The clocks of a program, lane by lane.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Clocks {
    /// Expedited pending discharge.
    pub expedited: ExpeditedClocks,
    /// Urgent.
    pub urgent: UrgentClocks,
    /// Oxygen follow-up.
    pub oxygen: OxygenClocks,
    /// Standard.
    pub standard: StandardClocks,
    /// Retro.
    pub retro: RetroClocks,
    /// Holds: letters, and how long one may take to answer them.
    pub hold: HoldClocks,
    /// Care coordination.
    pub care_coordination: CareClocks,
}

/// Expedited pending discharge.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ExpeditedClocks {
    /// Limit to decide, if urgent criteria are met. Without them the law only says "prompt".
    pub decide: Allowance,
    /// Target to acknowledge.
    pub acknowledge: Allowance,
    /// Target for a nurse to make contact.
    pub nurse_contact: Allowance,
    /// Target after which it goes one level up.
    pub escalate_first: Allowance,
    /// Target after which it goes a further level up.
    pub escalate_second: Allowance,
    /// Target to page whoever is on call, when it comes in while closed and somebody is on call.
    pub page_on_call: Option<Allowance>,
}

/// Urgent.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct UrgentClocks {
    /// Limit to decide.
    pub decide: Allowance,
    /// Target to decide.
    pub decide_target: Allowance,
    /// Limit to tell the provider what is missing, from receipt, when something was.
    pub notify_incomplete: Option<Allowance>,
    /// Limit to decide once it came, or the time to send it ran out.
    pub decide_after_complete: Option<Allowance>,
}

/// Oxygen follow-up.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct OxygenClocks {
    /// Target to attach it to its request.
    pub attach: Allowance,
    /// Target to call the sender, from when no request was found.
    pub call: Allowance,
}

/// Standard.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct StandardClocks {
    /// Limit to decide, from receipt.
    pub decide: Option<Allowance>,
    /// The same, once extended: the whole time from receipt, not what was added. Without it there
    /// is no extension.
    pub decide_extended: Option<Allowance>,
    /// Target to decide, from when it was complete: what a plan says is usual; the law
    /// sets the limit.
    pub decide_after_complete: Option<Allowance>,
    /// Target to decide, from receipt.
    pub decide_target: Option<Allowance>,
    /// Target to triage.
    pub triage: Option<Allowance>,
    /// Whether the law lets `decide` stand still while an answer is awaited.
    pub may_pause: bool,
}

/// Retro.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RetroClocks {
    /// Limit to decide, where plan or state set one.
    pub decide: Option<Allowance>,
    /// Target to forward it.
    pub forward: Allowance,
}

/// Holds.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct HoldClocks {
    /// Target to send the letter, standard.
    pub letter_standard: Allowance,
    /// Target to send the letter, urgent.
    pub letter_urgent: Allowance,
    /// How long one may take to answer, standard.
    pub standard: HoldRule,
    /// The same, urgent.
    pub urgent: HoldRule,
}

/// How long a provider gets to answer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct HoldRule {
    /// The least time to answer, from when the letter is sent.
    pub minimum_response: Allowance,
    /// What the reviewers need between the answer and the limit.
    pub review_buffer: Buffer,
    /// Whether the law lets the clock stand still until the answer is due.
    pub may_pause: bool,
}

/// Care coordination.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct CareClocks {
    /// Target to hand it to somebody who acts on it.
    pub forward: Allowance,
}
