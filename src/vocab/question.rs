use serde::{Deserialize, Serialize};

use super::{BBox, Confidence, PageNumber, Phi};

/// Which characters a region is expected to hold, when it is read again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alphabet {
    /// 0–9.
    Digits,
    /// Capital letters and digits: HCPCS codes, member ids.
    Codes,
    /// Whatever is printed.
    Any,
}

/// A second look that `extract` asks for: read this region again, on its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// The page to look at.
    pub page: PageNumber,
    /// The region, in the coordinates of the upright page.
    pub bbox: BBox,
    /// What may stand there.
    pub alphabet: Alphabet,
}

/// What the second look saw.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// The question this answers.
    pub question: Question,
    /// The words read there; empty if none.
    pub text: Phi<String>,
    /// How well they were read.
    pub confidence: Confidence,
}
