//! The hours and days of each lane, as they stand in a model file.
//!
//! Every field is an [`Allowance`], so the file says how much and on which calendar. What may be
//! left out is an `Option`: without a value there is no such clock.

use serde::Deserialize;

use super::Allowance;

/// The values of all lanes.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LaneValues {
    /// Expedited pending discharge.
    pub expedited: ExpeditedValues,
    /// Urgent.
    pub urgent: UrgentValues,
    /// Oxygen follow-up.
    pub oxygen: OxygenValues,
    /// Standard, commercial.
    pub standard_commercial: StandardValues,
    /// Standard, Medicare Advantage.
    pub standard_medicare_advantage: StandardValues,
    /// Retro.
    pub retro: RetroValues,
    /// Hold.
    pub hold: HoldValues,
    /// Care coordination.
    pub care_coordination: CareValues,
}

/// Expedited pending discharge.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpeditedValues {
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
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UrgentValues {
    /// Limit to decide.
    pub decide: Allowance,
    /// Target to decide.
    pub decide_target: Allowance,
    /// What ERISA adds. Used for commercial only.
    pub erisa: Option<ErisaUrgentValues>,
}

/// Urgent under ERISA, when something was missing on arrival.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErisaUrgentValues {
    /// Limit to tell the provider what is missing, from receipt.
    pub notify_incomplete: Allowance,
    /// Limit to decide once it came, or the time to send it ran out.
    pub decide_after_complete: Allowance,
}

/// Oxygen follow-up.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OxygenValues {
    /// Target to attach it to its request.
    pub attach: Allowance,
    /// Target to call the sender, from when no request was found.
    pub call: Allowance,
}

/// Standard, for one line of business.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StandardValues {
    /// Limit to decide, from receipt.
    pub decide: Option<Allowance>,
    /// The same, once extended: the whole time from receipt, not what was added. Without it there
    /// is no extension.
    pub decide_extended: Option<Allowance>,
    /// Limit to decide, from when it was complete.
    pub decide_after_complete: Option<Allowance>,
    /// Target to decide, from receipt.
    pub decide_target: Option<Allowance>,
    /// Target to triage.
    pub triage: Option<Allowance>,
    /// Whether the law lets `decide` stand still while an answer is awaited.
    pub may_pause: bool,
}

/// Retro.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetroValues {
    /// Limit to decide, where plan or state set one.
    pub decide: Option<Allowance>,
    /// Target to forward it.
    pub forward: Allowance,
}

/// Hold: how soon the letter goes out. Its due time is the matter of `HoldRule`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoldValues {
    /// Target to send the letter, standard.
    pub letter_standard: Allowance,
    /// Target to send the letter, urgent.
    pub letter_urgent: Allowance,
}

/// Care coordination.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CareValues {
    /// Target to hand it to somebody who acts on it.
    pub forward: Allowance,
}
