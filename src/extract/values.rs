//! Where the value of a label stands: behind it, to its right, underneath; on
//! some papers on top of it or before it.
//!
//! Which way a paper has its labels is told by the values that can be told by
//! their shape: where NPIs, tax ids, telephone numbers and dates of birth stand
//! over their labels and not under them, so do names.

use std::sync::LazyLock;

use regex::Regex;

use super::labels::{Bound, FieldHit, FieldTag, Form, Label, bound};
use super::layout::{Relation, Snippet};
use super::phones::phone;
use crate::vocab::Npi;

/// A column of more rows than this is no table of a request.
const MOST_ROWS: usize = 14;
/// Rows of a table follow within this many line heights.
const ROW_STEP: f32 = 4.0;
/// A value stands at most this many line heights below its label.
const BELOW: f32 = 3.2;
/// Left edges this close (share of the page's width) are one margin.
const MARGIN: f32 = 0.02;
/// Pieces before the words of a label in its cell, at most: "Attending
/// physician's NPI".
const INTO_A_LABEL: usize = 4;
/// The parties of a table head its columns at most so many rows above.
const PARTY_ROWS: usize = 12;
/// Words of a party's heading at most.
const WORDS_OF_A_PARTY: usize = 5;
/// Values over their labels that a page must show before its other labels are
/// read so, too.
const LEAST_ON_TOP: usize = 2;

/// A row of labels: whether the rows above and below it stand column for column
/// with it, and whether one above has the shape that its label announces.
#[derive(Clone, Copy)]
struct LabelRow {
    top: bool,
    bottom: bool,
    shaped: bool,
}

/// A value beside a label.
#[derive(Clone, Debug)]
pub struct Value {
    /// The words, up to the next label.
    pub snippet: Snippet,
    /// Where they stand, seen from the label.
    pub relation: Relation,
    /// The cell they begin in.
    pub cell: usize,
    /// Whose it is, where the columns of a table are the parties.
    pub party: Option<Bound>,
}

impl Value {
    fn at(snippet: Snippet, relation: Relation, cell: usize) -> Self {
        Self { snippet, relation, cell, party: None }
    }
}

impl Form<'_> {
    /// Where a value of this label may stand, the likeliest first.
    pub fn values(&self, field: &FieldHit) -> Vec<Value> {
        if field.enclosed
            && let Some(before) = self.before(field)
        {
            return vec![before];
        }
        let parties = self.by_party(field);
        if !parties.is_empty() {
            return parties;
        }
        let mut values = Vec::new();
        let same = self.same_cell(field);
        let beneath = self.beneath[self.sheet.cells[field.cell].row];
        let has_same = same.snippet.has_content()
            && !(beneath && field.starts_cell && is_rest_of_label(&same.snippet.text));
        if !has_same && beneath {
            return self.on_top(field).into_iter().collect();
        }
        if has_same {
            values.push(same);
        } else {
            values.extend(self.going_on(field));
        }
        if !has_same || field.ends_cell {
            values.extend(self.right(field));
        }
        if !has_same {
            let below = self.below(field);
            // Over a header stand the values of the table before it.
            let above = (below.is_empty() || !field.heads_column).then(|| self.above(field));
            values.extend(below);
            values.extend(above.flatten());
        }
        values
    }

    /// In a table that has a column for each party and a row for each field, the
    /// values of a row with their owners: `NPI   1234567893   2000000002`.
    fn by_party(&self, field: &FieldHit) -> Vec<Value> {
        let own = &self.sheet.cells[field.cell];
        if !field.starts_cell || !field.ends_cell {
            return Vec::new();
        }
        let left = |cell: usize| self.sheet.cells[cell].bbox.x0();
        let above = (own.row.saturating_sub(PARTY_ROWS)..own.row).rev();
        let parties = above.map(|row| self.parties_in(row)).find(|parties| parties.len() >= 2);
        let Some(parties) = parties else { return Vec::new() };
        // The label stands in a column of its own, before all parties.
        if parties.iter().any(|&(cell, _)| left(cell) <= left(field.cell) + MARGIN) {
            return Vec::new();
        }
        let values = self.sheet.right_of(field.cell).iter().filter_map(|&cell| {
            let (_, party) =
                parties.iter().find(|(head, _)| (left(*head) - left(cell)).abs() <= MARGIN)?;
            let snippet = self.sheet.cell_snippet(cell);
            let party = Some(*party);
            snippet.has_content().then_some(Value {
                snippet,
                relation: Relation::Right,
                cell,
                party,
            })
        });
        values.collect()
    }

    /// The parties that head columns in a row: cells of little more than a role.
    fn parties_in(&self, row: usize) -> Vec<(usize, Bound)> {
        let heads = |cell: &usize| {
            let field = self.fields.iter().find(|f| {
                f.cell == *cell && f.leads && matches!(f.hit.tag, FieldTag::Role(_)) && !f.colon
            })?;
            let short = self.sheet.cells[*cell].words.len() <= WORDS_OF_A_PARTY;
            short.then(|| (*cell, bound(field, 0.97)))
        };
        self.sheet.rows[row].iter().filter_map(heads).collect()
    }

    /// Behind the label, in its own cell.
    pub(super) fn same_cell(&self, field: &FieldHit) -> Value {
        let until = self.stop_in(field.cell, field.hit.last + 1);
        let snippet = self.sheet.tail(field.cell, Some(field.hit.last), until);
        Value::at(snippet, Relation::Same, field.cell)
    }

    /// First piece at or after `from` in a cell at which another value begins.
    fn stop_in(&self, cell: usize, from: usize) -> Option<usize> {
        self.fields
            .iter()
            .filter(|f| f.cell == cell && f.hit.first >= from && f.ends_value())
            .map(|f| f.hit.first)
            .min()
    }

    /// What stands before a label in parentheses, back to the label before it;
    /// `None` if what follows has the shape that is announced, and this has not.
    fn before(&self, field: &FieldHit) -> Option<Value> {
        let cell = &self.sheet.cells[field.cell];
        let last = self.fields.iter().filter(|f| {
            f.cell == field.cell && f.hit.last < field.hit.first && (f.enclosed || f.colon)
        });
        let after = last.map(|f| f.hit.last).max();
        let own = self.sheet.tail(field.cell, after, Some(field.hit.first));
        let value = if own.has_content() {
            Value::at(own, Relation::Before, field.cell)
        } else {
            let left = self.sheet.left_of(field.cell).next()?;
            let labelled = self.fields.iter().any(|f| f.cell == left && f.ends_cell);
            if field.hit.first != cell.pieces.start || labelled {
                return None;
            }
            let snippet = self.sheet.cell_snippet(left);
            Value::at(snippet, Relation::Before, left)
        };
        let shaped = |text: &str| field.label().and_then(|label| has_shape(label, text));
        let follows = shaped(&self.same_cell(field).snippet.text) == Some(true);
        let ours = match shaped(&value.snippet.text) {
            Some(fits) => fits || !follows,
            None => !follows,
        };
        (ours && value.snippet.has_content()).then_some(value)
    }

    /// At the head of the next line, where a sentence goes on there: `… MD, NPI`
    /// at the end of one.
    fn going_on(&self, field: &FieldHit) -> Option<Value> {
        let number = matches!(field.label(), Some(Label::Npi | Label::Tin));
        if !field.ends_cell || !number {
            return None;
        }
        let sentence = self.sheet.next_cell(field.cell).filter(|_| !field.leads);
        let cell = sentence.or_else(|| self.line_below(field))?;
        let start = self.sheet.cells[cell].pieces.start;
        let until = self.stop_in(cell, start);
        if until == Some(start) {
            return None;
        }
        let snippet = self.sheet.tail(cell, None, until);
        let relation = Relation::Right;
        snippet.has_content().then_some(Value::at(snippet, relation, cell))
    }

    /// The first cell of the next line where the label ends its own, as far to the
    /// right as the line goes, and what is announced begins that cell.
    fn line_below(&self, field: &FieldHit) -> Option<usize> {
        let row = self.sheet.cells[field.cell].row;
        let cells = &self.sheet.rows[row];
        let last = cells.len() >= 2 && cells.last() == Some(&field.cell);
        let below = *self.sheet.rows.get(row + 1)?.first()?;
        let left = |cell: usize| self.sheet.cells[cell].bbox.x0();
        let margin = (left(*cells.first()?) - left(below)).abs() <= MARGIN;
        let text = self.sheet.cell_snippet(below).text;
        let head: String = text.split_whitespace().take(1).collect();
        let fits = field.label().and_then(|label| has_shape(label, &head)) == Some(true);
        (last && margin && fits).then_some(below)
    }

    fn right(&self, field: &FieldHit) -> Option<Value> {
        let mut snippet = Snippet::default();
        let cells = self.sheet.right_of(field.cell);
        for &cell in cells {
            let start = self.sheet.cells[cell].pieces.start;
            let until = self.stop_in(cell, start);
            if until != Some(start) {
                snippet.extend(&self.sheet.tail(cell, None, until));
            }
            if until.is_some() {
                break;
            }
        }
        let cell = *cells.first()?;
        snippet.has_content().then_some(Value::at(snippet, Relation::Right, cell))
    }

    fn below(&self, field: &FieldHit) -> Vec<Value> {
        let mut values = Vec::new();
        let in_header = field.heads_column;
        let mut bottom = self.sheet.cells[field.cell].bbox;
        let step = if in_header { ROW_STEP } else { BELOW } * self.sheet.line_height;
        for cell in self.sheet.below(field.cell).take(if in_header { MOST_ROWS } else { 1 }) {
            let bbox = self.sheet.cells[cell].bbox;
            let start = self.sheet.cells[cell].pieces.start;
            let until = self.stop_in(cell, start);
            if bbox.center_y() - bottom.center_y() > step || until == Some(start) {
                break;
            }
            bottom = bbox;
            let snippet = self.sheet.tail(cell, None, until);
            if snippet.has_content() {
                values.push(Value::at(snippet, Relation::Below, cell));
            }
        }
        values
    }

    fn above(&self, field: &FieldHit) -> Option<Value> {
        // A label far into a sentence has nothing on top.
        let into = field.hit.first - self.sheet.cells[field.cell].pieces.start;
        if field.colon || into > INTO_A_LABEL {
            return None;
        }
        let cell = self.sheet.directly_above(field.cell)?;
        let start = self.sheet.cells[cell].pieces.start;
        if self.stop_in(cell, start).is_some() {
            return None;
        }
        let snippet = self.sheet.cell_snippet(cell);
        snippet.has_content().then_some(Value::at(snippet, Relation::Above, cell))
    }

    /// As [`Form::above`], on a paper that has its labels beneath.
    fn on_top(&self, field: &FieldHit) -> Option<Value> {
        let cell = self.cell_on_top(field)?;
        let snippet = self.sheet.cell_snippet(cell);
        snippet.has_content().then_some(Value::at(snippet, Relation::OnTop, cell))
    }

    /// The cell of the row above that this label stands under, if it is no
    /// label's.
    fn cell_on_top(&self, field: &FieldHit) -> Option<usize> {
        let own = &self.sheet.cells[field.cell];
        let row = self.sheet.rows[..own.row].last()?;
        let near = |cell: &&usize| {
            let b = self.sheet.cells[**cell].bbox;
            own.bbox.center_y() - b.center_y() <= BELOW * self.sheet.line_height
                && (b.shared_width(own.bbox) > 0.3 || (b.x0() - own.bbox.x0()).abs() <= MARGIN)
        };
        let off = |cell: &usize| (self.sheet.cells[*cell].bbox.x0() - own.bbox.x0()).abs();
        let cell = row.iter().filter(near).min_by(|a, b| off(a).total_cmp(&off(b)))?;
        let labelled = self.fields.iter().any(|f| f.cell == *cell && f.starts_cell && f.ends_cell);
        (!labelled).then_some(*cell)
    }

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
            .filter(|f| self.sheet.cells[f.cell].row == row && f.starts_cell && !f.colon)
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
        for field in self.fields.iter().filter(|f| f.starts_cell && !f.colon) {
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
}

/// Whether what follows a label is more of it: `NPI of practitioner`,
/// `Treating practitioner, printed`.
fn is_rest_of_label(text: &str) -> bool {
    let words = text.split_whitespace().filter(|w| w.chars().any(char::is_alphanumeric));
    words.clone().count() <= 3
        && words.flat_map(|w| w.chars().find(|c| c.is_alphanumeric())).all(char::is_lowercase)
}

static TIN: LazyLock<Regex> = LazyLock::new(|| compiled(r"\b(?:\d{2}-?\d{7}|\d{3}-\d{2}-\d{4})\b"));
static DATE: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r"\b(?:\d{1,2}[/-]\d{1,2}[/-]\d{2,4}|\d{4}-\d{2}-\d{2}|\d{1,2}-[A-Za-z]{3}-\d{4}|[A-Z][a-z]{2,8}\.? \d{1,2}, \d{4})\b",
    )
});
static ID: LazyLock<Regex> =
    LazyLock::new(|| compiled(r"\b[A-Z]?\d{8,11}\b|\b\d[A-Z][A-Z0-9]\d-?[A-Z]"));
static CODE: LazyLock<Regex> = LazyLock::new(|| compiled(r"\b[A-Z]\d{4}\b"));
static TEN_DIGITS: LazyLock<Regex> = LazyLock::new(|| compiled(r"\b\d{10}\b"));

#[expect(clippy::unwrap_used, reason = "constant patterns, compiled in every test")]
fn compiled(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap()
}

/// Whether a text has the shape of what a label announces; `None` for labels
/// whose values may look like anything.
pub(super) fn has_shape(label: Label, text: &str) -> Option<bool> {
    Some(match label {
        Label::Npi => TEN_DIGITS.find_iter(text).any(|m| Npi::parse(m.as_str()).is_ok()),
        Label::Tin => TIN.is_match(text),
        Label::Phone | Label::Fax => phone(text).is_some(),
        Label::BirthDate
        | Label::ServiceDate
        | Label::OrderDate
        | Label::VisitDate
        | Label::DischargeDate
        | Label::DeliveryDate => DATE.is_match(text),
        Label::MemberId => ID.is_match(text),
        Label::Hcpcs => CODE.is_match(text),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_tell_kinds_of_values_apart() {
        assert_eq!(has_shape(Label::Npi, "1234567893"), Some(true));
        assert_eq!(has_shape(Label::Npi, "2125550106"), Some(false));
        assert_eq!(has_shape(Label::Tin, "(215)555-0110"), Some(false));
        assert_eq!(has_shape(Label::Phone, "(215)555-0110"), Some(true));
        assert_eq!(has_shape(Label::Name, "Jane Roe"), None);
    }
}
