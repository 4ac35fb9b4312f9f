//! The row about documents that are sent again.

use crate::decide::again;
use crate::decide::ending::{Ending, reason};
use crate::decide::facts::Facts;

/// The same pages came before, were decided, and say nothing new now.
pub(super) fn row_1(facts: &Facts) -> Option<Ending> {
    let original = again::original(&facts.document)?;
    let message = format!("Sent again: the same pages came before as {}.", original.document);
    let why = reason("duplicate", message, vec![]);
    Some(Ending::duplicate(original.document.clone(), original.case.clone(), why))
}
