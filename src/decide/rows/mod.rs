//! The decision table, one function a row, in table order.
//!
//! Rows that raise the lane or an alert are kept apart from rows that end the
//! way: the first kind holds wherever a document ends, so all of them are
//! asked before any of the second.

mod again;
mod case;
mod identity;
mod legibility;
mod outcome;
mod payer;
mod raise;
mod redirect;
mod scope;

use super::disposition::{Lane, Reason};
use super::ending::Ending;
use super::facts::Facts;

pub(super) use legibility::{is_unread, row_0_no_pages, row_0_unopened};
pub(super) use outcome::row_18;

/// A lane to raise to, if any, and why; an alert raises none.
pub(super) type Raised = (Option<Lane>, Reason);
/// A row that raises: its name and its rule.
pub(super) type Raise = (&'static str, fn(&Facts) -> Vec<Raised>);
/// A row that may end the way: its name and its rule.
pub(super) type End = (&'static str, fn(&Facts) -> Option<Ending>);

/// What raises lane or alert, in table order; `lane` is the flags of urgency
/// and of time, which are no row of their own.
pub(super) const RAISES: [Raise; 4] = [
    ("6", raise::row_6),
    ("7b", raise::row_7b),
    ("9b", raise::row_9b),
    ("lane", raise::urgent_and_retro),
];

/// What ends the way, in table order. The first row that does, does; row 18
/// ends what is left.
pub(super) const ENDS: [End; 21] = [
    ("1", again::row_1),
    ("2", identity::row_2),
    ("3", identity::row_3),
    ("4", payer::row_4),
    ("5b", case::row_5b),
    ("18", case::case_left),
    ("5", case::row_5),
    ("7", case::row_7),
    ("8", redirect::row_8),
    ("9", redirect::row_9),
    ("10", redirect::row_10),
    ("10b", scope::row_10b),
    ("11", redirect::row_11),
    ("12", legibility::row_12),
    ("13", case::row_13),
    ("14", case::row_14),
    ("15", identity::row_15),
    ("18", case::case_unclear),
    ("18", identity::two_plans),
    ("16", outcome::row_16),
    ("17", outcome::row_17),
];
