//! Papers that have their labels beneath: which rows of a page do.
//!
//! Told by the values that can be told by their shape: where NPIs, tax ids,
//! telephone numbers and dates of birth stand over their labels and not under
//! them, so do names.

use super::labels::{FieldHit, FieldTag, Form};
use super::shapes::has_shape;
use super::values::{BELOW, MARGIN, is_rest_of_label};

/// Values over their labels that a page must show before its other labels are
/// read so, too.
const LEAST_ON_TOP: usize = 2;

/// Line heights between a label and its value, where a row stands between them.
const BELOW_TWO: f32 = 1.6 * BELOW;

/// A row of labels: whether the rows above and below it stand column for column
/// with it, and whether one above has the shape that its label announces.
#[derive(Clone, Copy)]
struct LabelRow {
    top: bool,
    bottom: bool,
    shaped: bool,
}

impl Form<'_> {
    /// Rows of labels that take turns with rows of values and come last:
    /// something stands over each of them, column for column, and under the
    /// last nothing does.
    fn rows_that_come_last(&self) -> Vec<bool> {
        let rows: Vec<Option<LabelRow>> =
            (0..self.sheet.rows.len()).map(|row| self.label_row(row)).collect();
        let mut beneath = vec![false; rows.len()];
        for last in 0..rows.len() {
            if !rows[last].is_some_and(|r| r.top && !r.bottom) {
                continue;
            }
            let mut chain = vec![last];
            let mut first = last;
            while let Some(above) = first.checked_sub(2).filter(|&r| rows[r].is_some_and(|r| r.top))
            {
                chain.push(above);
                first = above;
            }
            // Under a row of labels that has no values over it stand its own.
            let theirs = first.checked_sub(2).is_some_and(|r| rows[r].is_some());
            let shaped = chain.iter().any(|&r| rows[r].is_some_and(|r| r.shaped));
            if shaped && !theirs {
                chain.into_iter().for_each(|row| beneath[row] = true);
            }
        }
        beneath
    }

    /// How a row stands of which at least half is labels without values.
    fn label_row(&self, row: usize) -> Option<LabelRow> {
        let cells = &self.sheet.rows[row];
        let labels: Vec<&FieldHit> = self
            .fields
            .iter()
            .filter(|f| self.sheet.cells[f.cell].row == row && f.leads && !f.colon)
            .filter(|f| {
                let same = self.same_cell(f).snippet;
                !same.has_content() || is_rest_of_label(&same.text)
            })
            .collect();
        if cells.len() < 2 || labels.is_empty() || labels.len() * 2 < cells.len() {
            return None;
        }
        let aligned = |other: Option<&Vec<usize>>| {
            other.is_some_and(|other| {
                cells.iter().all(|&cell| other.iter().any(|&o| self.is_over(o, cell)))
            })
        };
        let shaped = labels.iter().any(|label| {
            let FieldTag::Label(kind) = label.hit.tag else { return false };
            let over = self.cell_on_top(label).map(|cell| self.sheet.cell_snippet(cell));
            over.and_then(|snippet| has_shape(kind, &snippet.text)) == Some(true)
        });
        Some(LabelRow {
            top: aligned(row.checked_sub(1).and_then(|above| self.sheet.rows.get(above))),
            bottom: aligned(self.sheet.rows.get(row + 1)),
            shaped,
        })
    }

    /// Whether two cells of neighbouring rows begin at one margin, close to each
    /// other, and the first is no label.
    fn is_over(&self, cell: usize, other: usize) -> bool {
        let (a, b) = (self.sheet.cells[cell].bbox, self.sheet.cells[other].bbox);
        let labelled = self.fields.iter().any(|f| f.cell == cell && f.starts_cell && f.ends_cell);
        (a.x0() - b.x0()).abs() <= MARGIN
            && (a.center_y() - b.center_y()).abs() <= BELOW * self.sheet.line_height
            && !labelled
    }

    /// For each row, whether its labels stand beneath their values.
    pub(super) fn rows_beneath(&self) -> Vec<bool> {
        let mut votes = vec![(0_usize, 0_usize); self.sheet.rows.len()];
        for field in self.fields.iter().filter(|f| f.leads && !f.colon) {
            let FieldTag::Label(label) = field.hit.tag else { continue };
            if self.same_cell(field).snippet.has_content() {
                continue;
            }
            let shaped = |cell: Option<usize>| {
                let cell = cell.map(|cell| self.sheet.cell_snippet(cell));
                cell.and_then(|snippet| has_shape(label, &snippet.text)) == Some(true)
            };
            let under = self.sheet.below(field.cell).next().filter(|&cell| {
                let step = self.sheet.cells[cell].bbox.center_y()
                    - self.sheet.cells[field.cell].bbox.center_y();
                step <= BELOW * self.sheet.line_height
            });
            let (top, bottom) = (shaped(self.cell_on_top(field)), shaped(under));
            let row = &mut votes[self.sheet.cells[field.cell].row];
            row.0 += usize::from(top && !bottom);
            row.1 += usize::from(bottom && !top);
        }
        let (on_top, under) =
            votes.iter().fold((0, 0), |sum, vote| (sum.0 + vote.0, sum.1 + vote.1));
        let by_shape = on_top >= LEAST_ON_TOP && on_top > under;
        let last = self.rows_that_come_last();
        let told = |vote: &(usize, usize)| by_shape && (vote.0 > vote.1 || vote.1 == 0);
        votes.iter().zip(last).map(|(vote, last)| last || told(vote)).collect()
    }

    /// The cell that this label stands under, if it is no label's: in the row above,
    /// or in the one before, where only the value beside it goes on in that.
    pub(super) fn cell_on_top(&self, field: &FieldHit) -> Option<usize> {
        let own = &self.sheet.cells[field.cell];
        let in_column = |cell: usize| {
            let b = self.sheet.cells[cell].bbox;
            b.shared_width(own.bbox) > 0.3 || (b.x0() - own.bbox.x0()).abs() <= MARGIN
        };
        let off = |cell: usize| (self.sheet.cells[cell].bbox.x0() - own.bbox.x0()).abs();
        let near = |cell: usize, limit: f32| {
            let apart = own.bbox.center_y() - self.sheet.cells[cell].bbox.center_y();
            apart <= limit * self.sheet.line_height
        };
        let mut above = self.sheet.rows[..own.row].iter().rev().zip([BELOW, BELOW_TWO]);
        let cell = above.find_map(|(row, limit)| {
            let over = row.iter().copied().filter(|&cell| in_column(cell) && near(cell, limit));
            over.min_by(|&a, &b| off(a).total_cmp(&off(b)))
        })?;
        let labelled = self.fields.iter().any(|f| f.cell == cell && f.starts_cell && f.ends_cell);
        (!labelled).then_some(cell)
    }
}
