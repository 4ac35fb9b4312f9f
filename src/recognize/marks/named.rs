//! Boxes get their place on the page, their label and their state: by their
//! ink, by the characters the reader read them as, by the fields of a form.

use std::ops::RangeInclusive;

use super::typed::{TypedBox, is_box, typed_boxes};
use super::underscores::{in_company, is_before_label, underscores};
use super::{Judged, Shape, Square, Standing, find, judge, label};
use crate::decode::pages::Page;
use crate::recognize::despeckle::remove_specks;
use crate::recognize::layer;
use crate::recognize::lines::{covered, without};
use crate::recognize::recognized::{Line, TickBox, TickState};
use crate::recognize::recognizer::Upright;
use crate::recognize::sheet::Sheet;
use crate::recognize::skew::Skew;
use crate::vocab::{BBox, Confidence, EvidenceSource};

/// The boxes that stand on an upright page by their ink, each judged.
pub fn found_marks(sheet: &Sheet) -> Vec<(Square, Judged)> {
    let found = find(&sheet.ink);
    let mut specked = sheet.ink.clone();
    remove_specks(&mut specked);
    let mut marks: Vec<(Square, Judged)> =
        found.into_iter().map(|square| (square, judge(&specked, &square))).collect();
    let apart = |line: &(Square, Judged)| {
        marks.iter().all(|(square, _)| square.area.shared(&line.0.area) == 0)
    };
    let lines: Vec<_> = underscores(&specked).into_iter().filter(apart).collect();
    marks.extend(lines);
    marks
}

/// A word covered by a box this far is the box's frame or tick, read.
const FRAME_AS_WORD: f32 = 0.6;
/// The box is taken that much larger for it, in inches: ticks reach out.
const TICK_REACH_INCHES: f32 = 0.03;

/// All boxes of the page with their labels, and the lines without what was
/// read from the boxes' own ink.
pub fn named_marks(
    page: &Page,
    read: &Upright,
    lines: Vec<Line>,
    strips: &[BBox],
    inches: (f32, f32),
) -> (Vec<TickBox>, Vec<Line>) {
    let mut marks = layer::field_marks(&page.fields);
    let mut in_doubt = Vec::new();
    let lines_to_mark: Vec<BBox> = read
        .squares
        .iter()
        .filter(|(square, _)| square.shape == Shape::Underscore)
        .map(|(square, _)| square_box(square, &read.skew, read.size))
        .filter(|bbox| is_before_label(*bbox, &lines, inches))
        .collect();
    let lines_to_mark = in_company(&lines_to_mark, inches);
    for (square, judged) in &read.squares {
        let bbox = square_box(square, &read.skew, read.size);
        let in_strip = strips.iter().any(|strip| covered(bbox, *strip) > 0.5);
        let is_none = if square.shape == Shape::Underscore {
            !lines_to_mark.contains(&bbox)
        } else {
            is_letter(bbox, square, &lines)
        };
        if in_strip || is_none {
            continue;
        }
        let known = marks
            .iter()
            .any(|mark| covered(bbox, mark.bbox) > 0.3 || covered(mark.bbox, bbox) > 0.3);
        if !known {
            // A ring or a pair of brackets that nothing stands beside is none.
            if square.shape != Shape::Frame {
                in_doubt.push(bbox);
            }
            marks.push(TickBox {
                bbox,
                state: judged.state,
                fill: judged.fill,
                confidence: judged.confidence,
                label: String::new().into(),
                label_box: None,
            });
        }
    }
    let (mut marks, lines) = labelled(marks, lines, inches);
    marks.retain(|mark| mark.label_box.is_some() || !in_doubt.contains(&mark.bbox));
    (marks, lines)
}

/// The boxes with those made of characters and with the labels of all; the
/// lines without what was read from the boxes' own ink.
pub fn labelled(
    mut marks: Vec<TickBox>,
    lines: Vec<Line>,
    inches: (f32, f32),
) -> (Vec<TickBox>, Vec<Line>) {
    let (dx, dy) = (TICK_REACH_INCHES / inches.0.max(1.0), TICK_REACH_INCHES / inches.1.max(1.0));
    let mut typed = typed_boxes(&lines);
    let same = |mark: &TickBox, typed: &TypedBox| {
        covered(mark.bbox, typed.bbox) >= 0.3 || covered(typed.bbox, mark.bbox) >= 0.6
    };
    for mark in &mut marks {
        if let Some(typed) = typed.iter().find(|typed| typed.seen && same(mark, typed)) {
            (mark.state, mark.confidence) = of_both(mark, typed);
        }
    }
    let lines = without(lines, |word| {
        let text = word.text.expose();
        word.source == EvidenceSource::Ocr && text.chars().all(is_box)
            || text.chars().count() <= 3
                && (looks_like_a_box(text) || word.confidence.get() < SURELY_READ)
                && marks
                    .iter()
                    .any(|mark| covered(word.bbox, mark.bbox.grown(dx, dy)) >= FRAME_AS_WORD)
    });
    typed.retain(|typed| {
        let known = marks.iter().any(|mark| same(mark, typed));
        !known && (!typed.drawn || is_plausible(typed, inches))
    });
    for typed in &typed {
        marks.push(TickBox {
            bbox: typed.bbox,
            state: typed.state,
            fill: if typed.state == TickState::Ticked { 1.0 } else { 0.0 },
            confidence: typed.confidence,
            label: String::new().into(),
            label_box: None,
        });
    }
    marks.sort_by(|a, b| {
        a.bbox.y0().total_cmp(&b.bbox.y0()).then(a.bbox.x0().total_cmp(&b.bbox.x0()))
    });
    let places: Vec<BBox> = marks.iter().map(|mark| mark.bbox).collect();
    let bare = without(lines.clone(), |word| {
        typed.iter().any(|typed| covered(word.bbox, typed.bbox) > 0.9)
    });
    for mark in &mut marks {
        if let Some((text, bbox)) = label(mark.bbox, &places, &bare, inches) {
            mark.label = text.into();
            mark.label_box = Some(bbox);
        }
    }
    // Dirt that was read as a box stands by itself.
    let by_reading = |mark: &TickBox| typed.iter().any(|t| t.drawn && t.bbox == mark.bbox);
    marks.retain(|mark| mark.label_box.is_some() || !by_reading(mark));
    (marks, lines)
}

/// Sides of a box that a person can tick, in inches.
const SIDES: RangeInclusive<f32> = 0.07..=0.22;
/// Width to height of a frame or ring, damage allowed for; what is longer is a
/// remnant of a rule.
const SQUARE: RangeInclusive<f32> = 0.5..=2.0;
/// A box that was read, and not found by its ink, with less confidence is none.
const LEAST_SURE: f32 = 0.3;

/// Whether what was read as a box can be one.
fn is_plausible(typed: &TypedBox, inches: (f32, f32)) -> bool {
    let (width, height) = (typed.bbox.width() * inches.0, typed.bbox.height() * inches.1);
    SIDES.contains(&height)
        && SQUARE.contains(&(width / height.max(f32::EPSILON)))
        && typed.confidence.get() >= LEAST_SURE
}

/// Below this the state of a box of which its ink and its reading say
/// different things is unclear.
const AGREED: f32 = 0.7;

/// The state of a box that was found by its ink and read as a character, too:
/// two witnesses that know nothing of each other.
fn of_both(mark: &TickBox, typed: &TypedBox) -> (TickState, Confidence) {
    let (ink, read) = (mark.confidence.get(), typed.confidence.get());
    if mark.state == TickState::Unclear {
        return (typed.state, Confidence::new(0.9 * read));
    }
    let together = |a: f32, b: f32| a * b / (a * b + (1.0 - a) * (1.0 - b)).max(f32::EPSILON);
    if mark.state == typed.state {
        return (mark.state, Confidence::new(together(ink, read).max(ink.max(read))));
    }
    let (surer, state) = if ink >= read {
        (together(ink, 1.0 - read), mark.state)
    } else {
        (together(read, 1.0 - ink), typed.state)
    };
    let state = if surer < AGREED { TickState::Unclear } else { state };
    (state, Confidence::new(surer))
}

/// What a frame, empty or ticked, is read as when it is read at all.
const LIKE_A_BOX: &str = "OoDCUXxLIJ0Q[](){}|_-=";
/// What a frame read together with its label puts before it.
const BEFORE_LABEL: &str = "Oo0[](){}|";
/// From this confidence on, a word that covers a worn square is believed …
const SURELY_READ: f32 = 0.6;
/// … and a ring's letter only from this one on.
const SURELY_LETTER: f32 = 0.85;
/// What a ring may be taken for.
const RINGS: &str = "OoDCUQ0";

fn looks_like_a_box(text: &str) -> bool {
    text.chars().all(|c| LIKE_A_BOX.contains(c) || !c.is_alphanumeric())
}

/// Whether a ring, or a worn or close square, was read as a letter: within a
/// longer word, or as a short word by itself.
fn is_letter(bbox: BBox, square: &Square, lines: &[Line]) -> bool {
    const PART_OF_WORD: f32 = 0.7;
    if square.standing == Standing::Drawn && square.shape == Shape::Frame {
        return false;
    }
    lines.iter().flat_map(Line::words).any(|word| {
        let text = word.text.expose();
        let part = bbox.width() < PART_OF_WORD * word.bbox.width();
        // "Ordering" begins with a ring too.
        let leads = square.shape != Shape::Round
            && (bbox.x0() - word.bbox.x0()).abs() < 0.4 * bbox.width()
            && text.starts_with(|c| BEFORE_LABEL.contains(c));
        let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
        let in_word = part && letters >= 2 && !leads;
        let sure = word.confidence.get();
        let ring = square.shape == Shape::Round && text.chars().all(|c| RINGS.contains(c));
        let read = !looks_like_a_box(text) && sure >= SURELY_READ || ring && sure >= SURELY_LETTER;
        let whole = !part && letters >= 1 && read;
        covered(bbox, word.bbox) >= 0.5 && (in_word || whole)
    })
}

fn square_box(square: &Square, skew: &Skew, size: (u32, u32)) -> BBox {
    let (width, height) = (square.area.width() as f32, square.area.height() as f32);
    let middle =
        skew.back(square.area.x0 as f32 + width / 2.0, square.area.y0 as f32 + height / 2.0);
    BBox::from_pixels(
        middle.0 - width / 2.0,
        middle.1 - height / 2.0,
        width,
        height,
        size.0 as f32,
        size.1 as f32,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recognize::recognized::Word;

    const PAGE: (f32, f32) = (8.5, 11.0);

    fn line(words: &[(&str, f32)]) -> Line {
        let words = words.iter().map(|&(text, x)| Word {
            text: text.into(),
            bbox: BBox::new(x, 0.2, x + 0.014, 0.21),
            confidence: Confidence::new(0.9),
            source: EvidenceSource::Ocr,
        });
        Line::new(words.collect()).unwrap()
    }

    fn by_ink(state: TickState, confidence: f32) -> TickBox {
        TickBox {
            bbox: BBox::new(0.1, 0.2, 0.114, 0.21),
            state,
            fill: 0.1,
            confidence: Confidence::new(confidence),
            label: String::new().into(),
            label_box: None,
        }
    }

    /// State and confidence of the box of `ink`, where the reader read `text`.
    fn of(ink: TickBox, text: &str) -> (TickState, f32) {
        let (marks, lines) = labelled(vec![ink], vec![line(&[(text, 0.1), ("Yes", 0.12)])], PAGE);
        assert_eq!((marks.len(), marks[0].label.expose().as_str()), (1, "Yes"));
        assert_eq!(lines[0].text(), "Yes");
        (marks[0].state, marks[0].confidence.get())
    }

    #[test]
    fn ink_and_reading_are_two_witnesses() {
        use TickState::{Empty, Ticked, Unclear};
        let (state, sure) = of(by_ink(Ticked, 0.8), "☒");
        assert!(state == Ticked && sure > 0.95, "{state:?} {sure}");
        let (state, sure) = of(by_ink(Unclear, 0.5), "☒");
        assert!(state == Ticked && (0.7..0.9).contains(&sure), "{state:?} {sure}");
        // A faint frame whose specks looked like a tick.
        assert_eq!(of(by_ink(Ticked, 0.55), "☐").0, Empty);
        // Neither is to be believed against the other.
        assert_eq!(of(by_ink(Ticked, 0.9), "☐").0, Unclear);
        // What is no box says nothing.
        assert_eq!(of(by_ink(Ticked, 0.8), "O"), (Ticked, 0.8));
    }

    #[test]
    fn a_text_layer_keeps_its_boxes_and_knows_nothing_of_a_pen() {
        let word = |text: &str, x: f32| Word {
            text: text.into(),
            bbox: BBox::new(x, 0.2, x + 0.014, 0.23),
            confidence: Confidence::FULL,
            source: EvidenceSource::TextLayer,
        };
        let layer = [Line::new(vec![word("☒", 0.1), word("☐", 0.5), word("No", 0.52)]).unwrap()];
        // Larger than boxes usually are, and the first without a label.
        let (marks, lines) = labelled(Vec::new(), layer.to_vec(), PAGE);
        let states: Vec<_> = marks.iter().map(|mark| mark.state).collect();
        assert_eq!(states, [TickState::Ticked, TickState::Empty]);
        assert_eq!(lines[0].text(), "☒ ☐ No");
        // Ticked by pen over the character of an empty box.
        let crossed = TickBox { bbox: layer[0].words()[1].bbox, ..by_ink(TickState::Ticked, 0.6) };
        let (marks, _) = labelled(vec![crossed], layer.to_vec(), PAGE);
        assert_eq!((marks[1].state, marks[1].confidence.get()), (TickState::Ticked, 0.6));
    }

    #[test]
    fn what_only_the_reader_saw_is_a_box_if_it_is_square() {
        let read = [line(&[("☐", 0.1), ("Yes", 0.12), ("☒", 0.2), ("No", 0.22)])];
        let (marks, lines) = labelled(Vec::new(), read.to_vec(), PAGE);
        let said: Vec<_> =
            marks.iter().map(|mark| (mark.label.expose().as_str(), mark.state)).collect();
        assert_eq!(said, [("Yes", TickState::Empty), ("No", TickState::Ticked)]);
        assert_eq!(lines[0].text(), "Yes No");
        let sliver = Word {
            text: "☐".into(),
            bbox: BBox::new(0.1, 0.2, 0.101, 0.21),
            confidence: Confidence::new(0.9),
            source: EvidenceSource::Ocr,
        };
        let remnant = Line::new(vec![sliver]).unwrap();
        let (marks, lines) = labelled(Vec::new(), vec![remnant], PAGE);
        assert!(marks.is_empty() && lines.is_empty());
    }
}
