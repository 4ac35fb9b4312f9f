//! What of a page is seen, told from what is drawn on it in which order and
//! colour; no pixel is made.
//!
//! Where this cannot be told (a shape of unknown outline lies over text, a
//! picture is large enough to hold some), the page has to be drawn.

use hayro::kurbo::{Point, Rect};

use super::shapes::Form;
use super::survey::{Glyph, Shape, Survey};

/// Grey steps between ink and paper below which nothing is seen: white on
/// white, black on a black bar.
pub(super) const MIN_CONTRAST: u8 = 24;
/// Share of the page that pictures may cover and still be logos: 150 letters
/// of 10 points, six by twelve points each, need 2.2 % of a letter page.
const LOGOS: f64 = 0.02;
/// Drawings of a letter's size from which text may have been drawn as
/// outlines.
const OUTLINED_LETTERS: usize = 150;
/// Height of a letter, in points.
const LETTER: std::ops::RangeInclusive<f64> = 3.0..=30.0;
/// Comparisons of glyphs with areas that are worth more than drawing the page.
const MOST_COMPARISONS: usize = 4_000_000;
/// Sides of what may be a tick box, in points (0.06 to 0.25 inch).
pub(super) const BOX: std::ops::RangeInclusive<f64> = 4.3..=18.0;

/// The glyphs that are seen; `None` where only pixels can tell, or show more
/// than is told.
pub(super) fn seen(survey: &Survey) -> Option<Vec<&Glyph>> {
    if survey.doubtful || pictures_may_say_more(survey) || drawings_may_say_more(survey) {
        return None;
    }
    let backs: Vec<Back> = survey.shapes.iter().filter_map(Back::of).collect();
    if backs.len().saturating_mul(survey.glyphs.len()) > MOST_COMPARISONS {
        return None;
    }
    let mut seen = Vec::with_capacity(survey.glyphs.len());
    for glyph in &survey.glyphs {
        match is_seen(glyph, &backs) {
            Some(true) => seen.push(glyph),
            Some(false) => {}
            None => return None,
        }
    }
    let something = survey.marks > 0 || !survey.images.is_empty();
    let nothing_told = seen.iter().all(|glyph| glyph.is_blank());
    // Something is drawn, and no word tells what.
    (!(something && nothing_told)).then_some(seen)
}

fn pictures_may_say_more(survey: &Survey) -> bool {
    let box_sized = |rect: Rect| BOX.contains(&rect.width()) && BOX.contains(&rect.height());
    survey.image_cover() > LOGOS || survey.images.iter().any(|image| box_sized(image.rect()))
}

fn drawings_may_say_more(survey: &Survey) -> bool {
    let letters = survey
        .shapes
        .iter()
        .filter(|shape| shape.form == Form::Drawing && LETTER.contains(&shape.bounds.height()))
        .count();
    letters > OUTLINED_LETTERS
}

/// What text may stand on or vanish under.
struct Back {
    bounds: Rect,
    order: u64,
    /// Its grey; `None` for a pattern.
    grey: Option<u8>,
    /// Its outline is that of its bounds.
    whole: bool,
}

impl Back {
    fn of(shape: &Shape) -> Option<Self> {
        let broad = shape.bounds.width() > 2.0 && shape.bounds.height() > 2.0;
        let fills = match shape.form {
            Form::Area => true,
            Form::Drawing => shape.filled,
            Form::Rule | Form::Frame | Form::Ring => false,
        };
        (broad && fills && shape.opaque).then_some(Self {
            bounds: shape.bounds,
            order: shape.order,
            grey: shape.grey,
            whole: shape.form == Form::Area,
        })
    }
}

/// `None` if it cannot be told.
fn is_seen(glyph: &Glyph, backs: &[Back]) -> Option<bool> {
    let contrast = |paper: u8| glyph.grey.is_none_or(|ink| ink.abs_diff(paper) >= MIN_CONTRAST);
    let middle = glyph.middle();
    let mut seen = true;
    // Paper, unless something was painted there before.
    let mut papers = vec![Some(u8::MAX)];
    for back in backs.iter().filter(|back| back.bounds.contains(middle)) {
        match (back.order > glyph.order, back.whole) {
            (true, true) => seen = false,
            (true, false) => return None,
            (false, true) => papers = vec![back.grey],
            (false, false) => papers.push(back.grey),
        }
    }
    if !seen {
        return Some(false);
    }
    let answers: Vec<bool> = papers.iter().map(|paper| paper.is_none_or(contrast)).collect();
    answers.iter().all(|answer| *answer == answers[0]).then_some(answers[0])
}

impl Glyph {
    /// Of its body.
    pub(super) fn middle(&self) -> Point {
        self.origin + self.advance * 0.5 + self.up * 0.3
    }

    pub(super) fn is_blank(&self) -> bool {
        self.text.as_deref().is_some_and(|text| text.trim().is_empty())
    }
}
