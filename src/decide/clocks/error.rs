//! Why a moment cannot be named.

use std::{error::Error, fmt};

/// Why a due moment cannot be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockError {
    /// The calendar has no opening at all, so staffed time never passes.
    NeverStaffed,
    /// The result lies beyond the dates that can be written (years -9999 to 9999).
    OutOfRange,
}

impl fmt::Display for ClockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NeverStaffed => "the calendar is never staffed",
            Self::OutOfRange => "the date is out of range",
        })
    }
}

impl Error for ClockError {}
