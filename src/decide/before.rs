//! What was decided of a document before a person corrected something.

use serde::{Deserialize, Serialize};

use super::disposition::Lane;
use super::register::CaseRecord;

/// A decision that is made again must not lose what people were told.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Before {
    /// The lane it was in, unless the flag that put it there was corrected: no
    /// other correction makes a document wait longer.
    pub least_lane: Option<Lane>,
    /// The case it lies in.
    pub case: Option<CaseBefore>,
}

/// The case that a document lies in when it is decided again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseBefore {
    /// As it is now.
    pub record: CaseRecord,
    /// Whether this document, or one that was decided together with it, opened
    /// it: then it is no case that the document may be attached to.
    pub opened_here: bool,
    /// Whether somebody else's documents lie in it, or the case system knows it.
    pub shared: bool,
}
