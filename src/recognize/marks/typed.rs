//! Boxes made of characters: `[ ]`, `[X]`, `( )`, `(x)`, ☐, ☒.

use crate::recognize::recognized::{Line, TickState};
use crate::vocab::{BBox, Confidence, EvidenceSource};

/// A typed box stands or falls with how its brackets were read; an `X` between
/// them is easily lost, so an empty one is believed less.
const EMPTY_FACTOR: f32 = 0.8;
/// One of which a bracket is missing is believed less, too.
const HALF_FACTOR: f32 = 0.85;
/// Two brackets of one box stand no further apart than this many times their
/// height.
const MOST_APART: f32 = 2.5;

/// A typed box and where it stands: its words are to be left out of labels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TypedBox {
    /// Around the brackets.
    pub bbox: BBox,
    /// By what stands between them.
    pub state: TickState,
    /// Of the words it was made of.
    pub confidence: Confidence,
    /// Read from pixels: a text layer knows nothing of a pen.
    pub seen: bool,
    /// A frame or ring, seen and read as a character.
    pub drawn: bool,
}

/// Typed boxes in reading order.
pub fn typed_boxes(lines: &[Line]) -> Vec<TypedBox> {
    lines.iter().flat_map(in_line).collect()
}

fn in_line(line: &Line) -> Vec<TypedBox> {
    let mut found = whole(line);
    let seen = line.words().iter().all(|word| word.source == EvidenceSource::Ocr);
    if seen {
        let halves = halves(line, &found);
        // A cross by itself is a box only beside others.
        let row = !found.is_empty() || halves.iter().any(|half| half.bracketed);
        found
            .extend(halves.into_iter().filter(|half| row || half.bracketed).map(|half| half.typed));
        found.sort_by(|a, b| a.bbox.x0().total_cmp(&b.bbox.x0()));
    }
    found
}

/// A ticked box of which a pen has hidden one bracket or both: `( X`, `X`.
struct Half {
    typed: TypedBox,
    bracketed: bool,
}

/// Crosses with one bracket or none that a label follows.
fn halves(line: &Line, whole: &[TypedBox]) -> Vec<Half> {
    let words = line.words();
    let mut found: Vec<Half> = Vec::new();
    for (place, word) in words.iter().enumerate() {
        let text = word.text.expose().as_str();
        let cross = text.trim_matches(['(', ')', '[', ']']);
        let brackets = text.len() - cross.len();
        let labelled = words.get(place + 1).is_some_and(|next| next.letters() >= 2);
        let taken = whole.iter().any(|typed| typed.bbox.shared_width(word.bbox) > 0.5);
        if !matches!(cross, "X" | "x") || brackets > 1 || !labelled || taken {
            continue;
        }
        let before = place.checked_sub(1).map(|before| &words[before]);
        let opening = before.filter(|before| {
            brackets == 0
                && matches!(before.text.expose().as_str(), "(" | "[")
                && word.bbox.x0() - before.bbox.x1() <= word.bbox.width()
        });
        let bbox = opening.map_or(word.bbox, |opening| word.bbox.union(opening.bbox));
        let confidence = Confidence::new(word.confidence.get() * HALF_FACTOR);
        let typed =
            TypedBox { bbox, state: TickState::Ticked, confidence, seen: true, drawn: false };
        found.push(Half { typed, bracketed: brackets == 1 || opening.is_some() });
    }
    found
}

/// Boxes with all that belongs to them.
fn whole(line: &Line) -> Vec<TypedBox> {
    let words = line.words();
    let mut found = Vec::new();
    let mut place = 0;
    while place < words.len() {
        // "[ ]" may be read as one word, two or three.
        let hit = (1..=3).filter(|&length| place + length <= words.len()).find_map(|length| {
            let group = &words[place..place + length];
            let text: String = group.iter().map(|word| word.text.expose().as_str()).collect();
            let state = state_of(&text)?;
            let bbox = BBox::around(group.iter().map(|word| word.bbox))?;
            let seen = group.iter().all(|word| word.source == EvidenceSource::Ocr);
            let drawn = seen && text.chars().all(is_box);
            // Fractions of width and height differ by the page's shape, which
            // is between 1 and 2; the limit is generous enough.
            let close = length == 1 || bbox.width() <= MOST_APART * bbox.height() * 1.3;
            let sure = group.iter().map(|w| w.confidence).fold(Confidence::FULL, Confidence::min);
            let factor = if !drawn && state == TickState::Empty { EMPTY_FACTOR } else { 1.0 };
            close.then(|| {
                let confidence = Confidence::new(sure.get() * factor);
                (length, TypedBox { bbox, state, confidence, seen, drawn })
            })
        });
        match hit {
            Some((length, typed)) => {
                found.push(typed);
                place += length;
            }
            None => place += 1,
        }
    }
    found
}

/// Frames and rings as characters: the line reader's, or those of a text
/// layer.
const EMPTY: &str = "☐□❏❑○";
const TICKED: &str = "☑☒■✓✔✗✘☓";

/// Whether a character is a tick box by itself.
pub fn is_box(character: char) -> bool {
    EMPTY.contains(character) || TICKED.contains(character)
}

fn state_of(text: &str) -> Option<TickState> {
    let mut characters = text.chars();
    match (characters.next(), characters.next()) {
        (Some(one), None) if EMPTY.contains(one) => return Some(TickState::Empty),
        (Some(one), None) if TICKED.contains(one) => return Some(TickState::Ticked),
        _ => {}
    }
    // On a worn page one bracket may be read as the other kind.
    let inside = text.strip_prefix(['[', '('])?.strip_suffix([']', ')'])?;
    match inside {
        "" | "_" | "__" | "." => Some(TickState::Empty),
        "x" | "X" | "v" | "V" | "√" | "*" | "✓" | "✔" | "xx" | "XX" => {
            Some(TickState::Ticked)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recognize::recognized::Word;

    fn line(words: &[&str]) -> Line {
        let words = words.iter().enumerate().map(|(place, &text)| Word {
            text: text.into(),
            bbox: BBox::new(0.1 + 0.01 * place as f32, 0.2, 0.105 + 0.01 * place as f32, 0.21),
            confidence: Confidence::new(0.9),
            source: EvidenceSource::Ocr,
        });
        Line::new(words.collect()).unwrap()
    }

    fn states(words: &[&str]) -> Vec<TickState> {
        typed_boxes(&[line(words)]).into_iter().map(|typed| typed.state).collect()
    }

    #[test]
    fn brackets_in_one_word_or_several() {
        assert_eq!(
            states(&["[X]", "Urgent", "[", "]", "Routine"]),
            [TickState::Ticked, TickState::Empty]
        );
        assert_eq!(
            states(&["(", "x", ")", "Rental", "☐", "Purchase"]),
            [TickState::Ticked, TickState::Empty]
        );
    }

    #[test]
    fn a_pen_may_hide_a_bracket() {
        assert_eq!(
            states(&["X", "URGENT", "(", "X", "FOR", "REVIEW", "(", ")", "COMMENT", "X)", "REPLY"]),
            [TickState::Ticked, TickState::Ticked, TickState::Empty, TickState::Ticked]
        );
        assert_eq!(states(&["[X", "Urgent"]), [TickState::Ticked]);
        assert_eq!(
            states(&["[", "X", ")", "Standard", "[", ")", "Expedited"]),
            [TickState::Ticked, TickState::Empty]
        );
        assert_eq!(states(&["X", "Urgent"]), [], "no box beside it");
        assert_eq!(states(&["(", "x", "2)"]), [], "no label");
    }

    #[test]
    fn ordinary_brackets_are_no_boxes() {
        assert_eq!(states(&["(212)", "555-0105", "[sic]", "(RR)"]), []);
    }
}
