//! The words of a page, laid invisibly over it (text render mode 3), each
//! stretched into its box, in reading order.

use super::draw::Drawing;
use super::geometry::Placement;
use super::glyphless;
use crate::recognize::recognized::{Line, Word};

/// Least size of a word in points: below it viewers drop text.
const LEAST_SIZE: f32 = 1.0;

/// Draws those words of `lines` that `wanted` picks onto a page that lies as
/// `placement` says. Nothing is drawn when none is wanted.
pub fn draw(
    drawing: &mut Drawing,
    lines: &[Line],
    placement: Placement,
    wanted: impl Fn(&Word) -> bool,
) {
    let lines: Vec<Vec<&Word>> = lines
        .iter()
        .map(|line| line.words().iter().filter(|word| wanted(word)).collect::<Vec<_>>())
        .filter(|words| !words.is_empty())
        .collect();
    if lines.is_empty() {
        return;
    }
    drawing.raw("q");
    drawing.transform(placement.shown_to_page());
    drawing.raw("BT 3 Tr");
    for words in lines {
        draw_line(drawing, &words, placement.shown_size());
    }
    drawing.raw("ET Q");
}

fn draw_line(drawing: &mut Drawing, words: &[&Word], (width, height): (f32, f32)) {
    let course = Course::of(words);
    let size = (course.height * height).max(LEAST_SIZE);
    for (index, word) in words.iter().enumerate() {
        let x0 = word.bbox.x0() * width;
        let x1 = word.bbox.x1() * width;
        let middle = height * (1.0 - course.middle_at(word.bbox.center_x()));
        let y = middle - size / 2.0 + glyphless::baseline(size);
        drawing.hidden_text(x0, y, size, x1 - x0, word.text.expose());
        // A blank that fills the gap, so that what is copied has its blanks.
        if let Some(next) = words.get(index + 1) {
            drawing.hidden_text(x1, y, size, next.bbox.x0() * width - x1, " ");
        }
    }
}

/// Where a line of text runs, in fractions of the page: straight through the
/// middles of its words, as high as most of them. A hyphen's own box would be
/// so flat that viewers take it for another line; a slanting fax line's common
/// box so high that lines would overlap.
struct Course {
    x: f32,
    y: f32,
    slope: f32,
    height: f32,
}

impl Course {
    /// Least squares over the words, weighted by their widths.
    fn of(words: &[&Word]) -> Self {
        let total: f32 = words.iter().map(|word| weight(word)).sum();
        let mean = |value: fn(&Word) -> f32| {
            words.iter().map(|word| weight_of(word, value)).sum::<f32>() / total
        };
        let (x, y) = (mean(|word| word.bbox.center_x()), mean(|word| word.bbox.center_y()));
        let spread: f32 = words.iter().map(|w| weight(w) * (w.bbox.center_x() - x).powi(2)).sum();
        let lean: f32 = words
            .iter()
            .map(|w| weight(w) * (w.bbox.center_x() - x) * (w.bbox.center_y() - y))
            .sum();
        let slope = if spread > f32::EPSILON { lean / spread } else { 0.0 };
        Self { x, y, slope, height: median_height(words) }
    }

    fn middle_at(&self, x: f32) -> f32 {
        self.y + self.slope * (x - self.x)
    }
}

fn weight(word: &Word) -> f32 {
    word.bbox.width().max(1e-4)
}

fn weight_of(word: &Word, value: fn(&Word) -> f32) -> f32 {
    weight(word) * value(word)
}

fn median_height(words: &[&Word]) -> f32 {
    let mut heights: Vec<f32> = words.iter().map(|word| word.bbox.height()).collect();
    heights.sort_by(f32::total_cmp);
    heights[heights.len() / 2]
}
