use serde::{Deserialize, Serialize};

/// What a provider directory says of an NPI.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// `Given Family`, or the legal name of an organization; empty where the
    /// directory withholds it.
    pub name: String,
    /// Whether the number is in use: not deactivated, or reactivated since.
    pub active: bool,
    /// Telephone numbers, E.164.
    pub phones: Vec<String>,
    /// Fax numbers, E.164.
    pub faxes: Vec<String>,
}
