//! Quarter turns of a page.

use serde::{Deserialize, Serialize};

use super::BBox;

/// Clockwise quarter turns applied to bring a page upright; serialises as
/// degrees.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub enum Rotation {
    /// Upright as it came.
    #[default]
    None,
    /// Turned by 90° clockwise.
    Quarter,
    /// Upside down.
    Half,
    /// Turned by 270° clockwise.
    ThreeQuarters,
}

impl Rotation {
    /// Every way a page can lie.
    pub const ALL: [Self; 4] = [Self::None, Self::Quarter, Self::Half, Self::ThreeQuarters];

    /// This turn and another after it.
    pub fn then(self, next: Self) -> Self {
        Self::ALL[(self as usize + next as usize) % Self::ALL.len()]
    }

    /// The turn that undoes this one.
    pub fn back(self) -> Self {
        Self::ALL[(Self::ALL.len() - self as usize) % Self::ALL.len()]
    }

    /// Where a box of a page comes to lie when the page is turned.
    pub fn turned(self, bbox: BBox) -> BBox {
        let (x0, y0, x1, y1) = (bbox.x0(), bbox.y0(), bbox.x1(), bbox.y1());
        match self {
            Self::None => bbox,
            Self::Quarter => BBox::new(1.0 - y1, x0, 1.0 - y0, x1),
            Self::Half => BBox::new(1.0 - x1, 1.0 - y1, 1.0 - x0, 1.0 - y0),
            Self::ThreeQuarters => BBox::new(y0, 1.0 - x1, y1, 1.0 - x0),
        }
    }

    /// The turn that brings text upright that runs in this direction, in
    /// degrees clockwise; the nearest for text that slants.
    pub fn of_text(degrees: i64) -> Self {
        let quarters = (degrees + 45).div_euclid(90).rem_euclid(4);
        Self::ALL[quarters as usize].back()
    }

    /// Degrees clockwise.
    pub fn degrees(self) -> u16 {
        match self {
            Self::None => 0,
            Self::Quarter => 90,
            Self::Half => 180,
            Self::ThreeQuarters => 270,
        }
    }
}

impl TryFrom<u16> for Rotation {
    type Error = &'static str;
    fn try_from(degrees: u16) -> Result<Self, Self::Error> {
        match degrees {
            0 => Ok(Self::None),
            90 => Ok(Self::Quarter),
            180 => Ok(Self::Half),
            270 => Ok(Self::ThreeQuarters),
            _ => Err("a rotation is 0, 90, 180 or 270 degrees"),
        }
    }
}

impl From<Rotation> for u16 {
    fn from(rotation: Rotation) -> Self {
        rotation.degrees()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_and_its_way_back_are_none() {
        let bbox = BBox::new(0.1, 0.2, 0.4, 0.25);
        for turn in Rotation::ALL {
            assert_eq!(turn.then(turn.back()), Rotation::None);
            let there_and_back = turn.back().turned(turn.turned(bbox));
            assert!((there_and_back.x0() - 0.1).abs() < 1e-6, "{turn:?}");
            assert!((there_and_back.y1() - 0.25).abs() < 1e-6, "{turn:?}");
        }
        assert!(Rotation::Quarter.turned(BBox::new(0.0, 0.9, 0.1, 1.0)).x1() < 0.11);
    }

    #[test]
    fn text_is_turned_against_its_direction() {
        let turns = [0, 3, 90, 180, 268, -90, 359].map(Rotation::of_text);
        use Rotation::{Half, None, Quarter, ThreeQuarters};
        assert_eq!(turns, [None, None, ThreeQuarters, Half, Quarter, Quarter, None]);
    }
}
