//! Station 5: findings, program models and the time become a disposition.
//!
//! [`decide`] is a pure function: no clock, no disk; the cases a document may
//! belong to are handed in. It chooses the program, measures the document
//! against it, and walks the decision table row by row. What ends there is
//! built by an
//! [`Ending`], and one that opens or joins a case can only be
//! built from a [`Permit`](permit::Permit), which needs evidence of who the
//! patient is and that something is asked for.
//!
//! The machine escalates and holds; it never refuses or sends away: a redirect
//! is a queue in which a person confirms.

mod again;
mod asides;
mod before;
mod belonging;
mod choose;
pub mod clocks;
mod completeness;
pub mod disposition;
mod ending;
mod facts;
mod fields;
mod permit;
mod plan;
mod policy;
pub mod recorded;
pub mod register;
mod rows;
mod several;
#[cfg(test)]
pub(crate) mod tests;
mod timing;
mod words;

use jiff::Timestamp;

pub use again::Earlier;
pub use before::Before;
pub use several::Piece;

use crate::extract::findings::Extracted;
use crate::program::Programs;
use crate::receive::received::Context;
use crate::recognize::recognized::Recognized;
use crate::vocab::codes::CodeTable;
use disposition::{Disposition, Lane, Reason};
use ending::{Ended, Ending};
use facts::Facts;
use register::{CaseRecord, MatchRules};
use timing::Timing;

/// What is decided about.
#[derive(Clone, Copy, Debug)]
pub enum Input<'a> {
    /// A file that could not be opened; nothing inside was read.
    Unopened {
        /// Stable, dotted: `decode.encrypted`.
        code: &'a str,
        /// A sentence without patient data: what happened and what to do next.
        message: &'a str,
    },
    /// A document that was read.
    Read(Document<'a>),
}

/// A document that was read, with what came beside it.
#[derive(Clone, Copy, Debug)]
pub struct Document<'a> {
    /// What was found.
    pub extracted: &'a Extracted,
    /// How well, and on which pages.
    pub recognized: &'a Recognized,
    /// The dialled number (`dnis`), a note, the channel.
    pub context: &'a Context,
    /// When it was received; "today" is the program's day at this moment.
    pub received_at: Timestamp,
    /// The program a person or a source has fixed.
    pub forced_program: Option<&'a str>,
    /// The cases it may belong to; `None` where no register is kept.
    pub register: Option<Register<'a>>,
    /// What the pages of each patient say alone, where they speak of several.
    pub pieces: &'a [Piece],
    /// Documents with the same pages that were decided before.
    pub earlier: &'a [Earlier],
    /// What this document and those of its case say together, where it belongs to
    /// one that still waits for something.
    pub with_case: Option<&'a Extracted>,
    /// What was decided before, where a person has corrected something since.
    pub before: Option<&'a Before>,
}

/// Cases that were looked up for a document, and how they are compared.
#[derive(Clone, Copy, Debug)]
pub struct Register<'a> {
    /// Those that share a key with it, in any order.
    pub cases: &'a [CaseRecord],
    /// When one of them is meant.
    pub rules: &'a MatchRules,
}

/// Decides where a document goes, and says why.
pub fn decide(input: &Input, programs: &Programs, codes: &CodeTable) -> Disposition {
    let document = match input {
        Input::Unopened { code, message } => {
            return unread(rows::row_0_unopened(code, message), programs);
        }
        Input::Read(document) => document,
    };
    if let Some(ending) = rows::row_0_no_pages(document) {
        return unread(ending, programs);
    }
    let facts = Facts::of(document, programs, codes);
    let (lane, raised) = lane(&facts);
    let least = document.before.and_then(|before| before.least_lane);
    let lane = least.map_or(lane, |least| lane.min(least));
    let ended = rows::ENDS.iter().find_map(|(row, end)| end(&facts).map(|ending| (*row, ending)));
    let (row, ending) = ended.unwrap_or_else(|| ("18", rows::row_18(&facts)));
    let missing = match row {
        // What cannot be read is not missing; nor is anything of what is judged
        // elsewhere, or not at all.
        "1" | "2" | "4" | "12" => Vec::new(),
        "5" | "7" | "13" | "14" => facts.left_open(),
        "17" => facts.completeness.all_lacks(),
        _ => facts.completeness.holding_lacks(),
    };
    let Ended { action, queue, case, duplicate_of, mut reasons } = ending.into_ended();
    reasons.extend(raised);
    reasons.extend(asides::asides(&facts));
    let timing = match row {
        // The clocks of the first run, and those of the parts.
        "1" | "2" => Timing::default(),
        _ => Timing::of(&facts, programs, row, lane, queue),
    };
    reasons.extend(timing.reasons);
    let versions = facts.candidates.iter().map(|program| program.version_id());
    Disposition {
        row: row.to_owned(),
        action,
        queue,
        lane,
        case,
        duplicate_of,
        program: facts.program.map(|program| program.id.clone()),
        reasons,
        missing,
        due: timing.due,
        clocks: timing.clocks,
        applies: facts.completeness.applies.clone(),
        required: facts.completeness.required.clone(),
        rules: versions.chain(facts.policy.ids()).collect(),
        program_digest: programs.digest(),
        matching_digest: document.register.map(|register| register.rules.digest()),
    }
}

/// What triage says after the first page: how soon, and whether people are
/// told at once.
#[derive(Clone, Debug, PartialEq)]
pub struct Triage {
    /// How soon the rest is read.
    pub lane: Lane,
    /// Whether somebody is told before the rest is read: a discharge waits.
    pub flagged: bool,
    /// When the first of its clocks is due.
    pub target: Option<Timestamp>,
    /// Why; empty in the standard lane.
    pub reasons: Vec<Reason>,
}

/// Lane and alert from what has been read so far; a later page may raise
/// them, and [`decide`] has the last word.
pub fn triage(document: &Document, programs: &Programs, codes: &CodeTable) -> Triage {
    let facts = Facts::of(document, programs, codes);
    let (lane, reasons) = lane(&facts);
    let timing = Timing::of(&facts, programs, "", lane, None);
    let target = timing::first_due(&timing.clocks);
    Triage { lane, flagged: facts.discharge_waits(), target, reasons }
}

/// The lane and the alerts hold wherever a document ends, so they are found
/// before any row ends it: two members in one fax are still expedited.
fn lane(facts: &Facts) -> (Lane, Vec<Reason>) {
    let (lanes, reasons): (Vec<Option<Lane>>, Vec<Reason>) =
        rows::RAISES.iter().flat_map(|(_, raise)| raise(facts)).unzip();
    (lanes.into_iter().flatten().min().unwrap_or(Lane::Standard), reasons)
}

/// Nothing was read, so nothing is asked for and no program is chosen.
fn unread(ending: Ending, programs: &Programs) -> Disposition {
    let Ended { action, queue, reasons, .. } = ending.into_ended();
    Disposition {
        row: "0".to_owned(),
        action,
        queue,
        lane: Lane::Standard,
        program: None,
        reasons,
        missing: Vec::new(),
        due: None,
        clocks: Vec::new(),
        case: None,
        duplicate_of: None,
        applies: completeness::none_apply(),
        required: Vec::new(),
        rules: Vec::new(),
        program_digest: programs.digest(),
        matching_digest: None,
    }
}
