//! The words that belong to a tick box: those to its right, up to the next
//! box or a wide gap; where a row of boxes has its words on the left, those.

use crate::recognize::recognized::{Line, Word};
use crate::vocab::BBox;

/// The first word stands no further from the box than this, in inches.
const NEAR: f32 = 0.45;
/// The label ends at a gap wider than this, in inches; a blank in 12-point
/// type is 0.06, columns stand further apart than a third of an inch.
const WIDE_GAP: f32 = 0.30;
/// Share of the smaller height that a word and the box must have in common.
const SAME_ROW: f32 = 0.35;

/// The label of `mark` among all `marks` of the page: words and where they
/// stand. `inches` is the page's size.
pub fn label(
    mark: BBox,
    marks: &[BBox],
    lines: &[Line],
    inches: (f32, f32),
) -> Option<(String, BBox)> {
    let mut row: Vec<&Word> = lines
        .iter()
        .flat_map(Line::words)
        .filter(|word| word.bbox.shared_height(mark) >= SAME_ROW)
        .filter(|word| word.text.expose().chars().any(char::is_alphanumeric))
        .collect();
    row.sort_by(|a, b| a.bbox.x0().total_cmp(&b.bbox.x0()));
    let others: Vec<BBox> = marks
        .iter()
        .copied()
        .filter(|other| *other != mark && other.shared_height(mark) >= SAME_ROW)
        .collect();
    let right = to_the_right(mark, &row, &others, inches.0);
    let left = to_the_left(mark, &row, &others, inches.0);
    let words = if right.is_empty() || words_stand_left(&row, &others, mark, inches.0) {
        if left.is_empty() { right } else { left }
    } else {
        right
    };
    let bbox = BBox::around(words.iter().map(|word| word.bbox))?;
    let texts: Vec<&str> = words.iter().map(|word| word.text.expose().as_str()).collect();
    Some((texts.join(" "), bbox))
}

fn to_the_right<'w>(mark: BBox, row: &[&'w Word], others: &[BBox], width: f32) -> Vec<&'w Word> {
    let next = others
        .iter()
        .filter(|other| other.x0() > mark.center_x())
        .map(|other| other.x0())
        .fold(f32::INFINITY, f32::min);
    let mut end = mark.x1();
    let mut reach = NEAR;
    let mut words = Vec::new();
    for word in row.iter().filter(|word| word.bbox.center_x() > mark.x1()) {
        if (word.bbox.x0() - end) * width > reach || word.bbox.center_x() > next {
            break;
        }
        words.push(*word);
        end = word.bbox.x1();
        reach = WIDE_GAP;
    }
    words
}

fn to_the_left<'w>(mark: BBox, row: &[&'w Word], others: &[BBox], width: f32) -> Vec<&'w Word> {
    let previous = others
        .iter()
        .filter(|other| other.x1() < mark.center_x())
        .map(|other| other.x1())
        .fold(f32::NEG_INFINITY, f32::max);
    let mut start = mark.x0();
    let mut reach = NEAR;
    let mut words = Vec::new();
    for word in row.iter().rev().filter(|word| word.bbox.center_x() < mark.x0()) {
        if (start - word.bbox.x1()) * width > reach || word.bbox.center_x() < previous {
            break;
        }
        words.push(*word);
        start = word.bbox.x0();
        reach = WIDE_GAP;
    }
    words.reverse();
    words
}

/// In a row like "Yes ☐ No ☐" nothing follows the last box closely and
/// something stands closely before the first.
fn words_stand_left(row: &[&Word], others: &[BBox], mark: BBox, width: f32) -> bool {
    if others.is_empty() {
        return false;
    }
    let boxes = || others.iter().copied().chain([mark]);
    let Some(first) = boxes().min_by(|a, b| a.x0().total_cmp(&b.x0())) else { return false };
    let Some(last) = boxes().max_by(|a, b| a.x0().total_cmp(&b.x0())) else { return false };
    let follows = row.iter().any(|word| {
        let gap = (word.bbox.x0() - last.x1()) * width;
        word.bbox.center_x() > last.x1() && gap <= NEAR
    });
    let precedes = row.iter().any(|word| {
        let gap = (first.x0() - word.bbox.x1()) * width;
        word.bbox.center_x() < first.x0() && gap <= NEAR
    });
    !follows && precedes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocab::{Confidence, EvidenceSource};

    const LETTER: (f32, f32) = (8.5, 11.0);

    fn line(words: &[(&str, f32, f32)]) -> Line {
        let words = words.iter().map(|&(text, x0, x1)| Word {
            text: text.into(),
            bbox: BBox::new(x0, 0.200, x1, 0.212),
            confidence: Confidence::FULL,
            source: EvidenceSource::Ocr,
        });
        Line::new(words.collect()).unwrap()
    }

    fn mark(x0: f32) -> BBox {
        BBox::new(x0, 0.199, x0 + 0.014, 0.213)
    }

    #[test]
    fn words_on_the_right_up_to_the_next_box() {
        let marks = [mark(0.10), mark(0.40)];
        let lines = [line(&[
            ("Pending", 0.12, 0.19),
            ("Discharge", 0.20, 0.29),
            ("Urgent", 0.42, 0.48),
            ("Remote", 0.60, 0.66),
        ])];
        let text = |m| label(m, &marks, &lines, LETTER).unwrap().0;
        assert_eq!(text(marks[0]), "Pending Discharge");
        assert_eq!(text(marks[1]), "Urgent");
    }

    #[test]
    fn words_on_the_left_when_the_whole_row_is_so() {
        let marks = [mark(0.20), mark(0.30)];
        let lines = [line(&[("Yes", 0.16, 0.19), ("No", 0.265, 0.29)])];
        let text = |m| label(m, &marks, &lines, LETTER).unwrap().0;
        assert_eq!(text(marks[0]), "Yes");
        assert_eq!(text(marks[1]), "No");
    }

    #[test]
    fn nothing_near_is_no_label() {
        let lines = [line(&[("Far", 0.60, 0.66)])];
        assert_eq!(label(mark(0.10), &[mark(0.10)], &lines, LETTER), None);
    }
}
