//! The decision table, one function a row, in table order.
//!
//! Rows that raise the lane or an alert are kept apart from rows that end the
//! way: the first kind holds wherever a document ends, so all of them are
//! asked before any of the second. Rows that need a register of cases (1, 2,
//! 4, 5, 7, 13, 14) have their place between these and are added with it.

mod identity;
mod legibility;
mod outcome;
mod raise;
mod redirect;
mod scope;

use super::disposition::{Lane, Reason};
use super::ending::Ending;
use super::facts::Facts;

pub(super) use legibility::{row_0_no_pages, row_0_unopened};
pub(super) use outcome::row_18;

/// A lane to raise to, if any, and why; an alert raises none.
pub(super) type Raised = (Option<Lane>, Reason);

/// Row by row: what raises lane or alert. `lane` are the flags that are no
/// row of their own.
pub(super) const RAISES: [(&str, fn(&Facts) -> Vec<Raised>); 4] = [
    ("6", raise::row_6),
    ("7b", raise::row_7b),
    ("9b", raise::row_9b),
    ("lane", raise::urgent_and_retro),
];

/// Row by row: what ends the way. The first that ends it does; row 18 ends
/// what is left.
pub(super) const ENDS: [(&str, fn(&Facts) -> Option<Ending>); 10] = [
    ("3", identity::row_3),
    ("8", redirect::row_8),
    ("9", redirect::row_9),
    ("10", redirect::row_10),
    ("10b", scope::row_10b),
    ("11", redirect::row_11),
    ("12", legibility::row_12),
    ("15", identity::row_15),
    ("16", outcome::row_16),
    ("17", outcome::row_17),
];
