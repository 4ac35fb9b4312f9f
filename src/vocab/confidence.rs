use serde::{Deserialize, Serialize};

/// How sure a station is of a value: 0 (a guess) to 1 (as good as certain).
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(from = "f32", into = "f32")]
pub struct Confidence(f32);

/// At this confidence a value counts as found and stands in its list; below
/// it, it goes only into `notes`. Fixed by the outside contract.
pub const LISTED: Confidence = Confidence(0.60);

impl Confidence {
    /// As good as certain.
    pub const FULL: Self = Self(1.0);
    /// A guess.
    pub const ZERO: Self = Self(0.0);

    /// Clamps to 0..=1; NaN becomes 0, the cautious end.
    pub fn new(value: f32) -> Self {
        if value.is_nan() { Self(0.0) } else { Self(value.clamp(0.0, 1.0)) }
    }

    /// The figure, 0 to 1.
    pub fn get(self) -> f32 {
        self.0
    }

    /// Whether a value of this confidence stands in its list ([`LISTED`]).
    pub fn is_listed(self) -> bool {
        self >= LISTED
    }

    /// Two things that must both be right.
    pub fn and(self, other: Self) -> Self {
        Self(self.0 * other.0)
    }

    /// The better of two independent sightings.
    pub fn max(self, other: Self) -> Self {
        if other > self { other } else { self }
    }

    /// The weaker of two.
    pub fn min(self, other: Self) -> Self {
        if other < self { other } else { self }
    }
}

impl From<f32> for Confidence {
    fn from(value: f32) -> Self {
        Self::new(value)
    }
}

impl From<Confidence> for f32 {
    fn from(confidence: Confidence) -> Self {
        confidence.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_out_of_range_does_not_come_in_by_parsing() {
        for (written, read) in [("0.25", 0.25), ("7", 1.0), ("-1e30", 0.0), ("1e300", 1.0)] {
            assert_eq!(serde_json::from_str::<Confidence>(written).unwrap().get(), read);
        }
        assert_eq!(serde_json::to_string(&Confidence::new(0.25)).unwrap(), "0.25");
    }
}
