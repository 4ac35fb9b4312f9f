//! Where the value of a label stands: behind it, to its right, underneath; on
//! some papers on top of it or before it.

use super::labels::{Bound, FieldHit, FieldTag, Form, Label, bound};
use super::layout::{Relation, Snippet};
use super::shapes::has_shape;

/// A column of more rows than this is no table of a request.
const MOST_ROWS: usize = 14;
/// Rows of a table follow within this many line heights.
const ROW_STEP: f32 = 4.0;
/// A value stands at most this many line heights below its label.
pub(super) const BELOW: f32 = 3.2;
/// Left edges this close (share of the page's width) are one margin.
pub(super) const MARGIN: f32 = 0.02;
/// Pieces before the words of a label in its cell, at most: "Attending
/// physician's NPI".
const INTO_A_LABEL: usize = 4;
/// The parties of a table head its columns at most so many rows above.
const PARTY_ROWS: usize = 12;
/// Words behind the first in the head of a box, at least.
const LABELS_OF_A_BOX: usize = 2;
/// Words of a party's heading at most.
const WORDS_OF_A_PARTY: usize = 5;

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
            && !(beneath && field.starts_cell && is_rest_of_label(&same.snippet.text))
            && !self.lists_labels(field);
        if !has_same && beneath {
            return self.on_top(field).into_iter().collect();
        }
        if has_same {
            values.push(self.over_the_line(field, same));
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

    /// Whether what follows in its cell is labels and headings and nothing else, as in
    /// the head of a box: `Supplier name, address, telephone and NPI`, `Referred to (DME
    /// vendor)`.
    fn lists_labels(&self, field: &FieldHit) -> bool {
        let end = self.sheet.cells[field.cell].pieces.end;
        let rest = field.hit.last + 1..end;
        let known = |piece: usize| {
            self.fields
                .iter()
                .any(|f| f.cell == field.cell && (f.hit.first..=f.hit.last).contains(&piece))
        };
        let joins = |piece: usize| matches!(self.sheet.pieces[piece].folded.as_str(), "and" | "or");
        field.leads
            && rest.len() >= LABELS_OF_A_BOX
            && rest.clone().all(|piece| known(piece) || joins(piece))
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

    /// A value that a line's end tears: `fax +1 (203)` over `555-0187.` Only where it
    /// has the shape of what is announced when it is put together.
    fn over_the_line(&self, field: &FieldHit, value: Value) -> Value {
        let shaped = |text: &str| field.label().and_then(|label| has_shape(label, text));
        let ends_line = self.stop_in(field.cell, field.hit.last + 1).is_none();
        let begun = !value.snippet.text.chars().any(char::is_alphabetic);
        if !ends_line || !begun || shaped(&value.snippet.text) != Some(false) {
            return value;
        }
        let Some(next) = self.sheet.next_cell(field.cell) else { return value };
        let rest = self.sheet.cell_snippet(next);
        let end = rest.parts().take(WORDS_OVER_THE_LINE).last().map_or(0, |(_, part, _)| part.end);
        let mut whole = value.snippet.clone();
        whole.extend(&rest.part(0..end));
        if shaped(&whole.text) == Some(true) { Value { snippet: whole, ..value } } else { value }
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
        // `Nat'l ID (NPI)   1234567893`: the label goes on before the parenthesis.
        let beside = || field.ends_cell.then(|| self.right(field)).flatten();
        let follows = shaped(&self.same_cell(field).snippet.text) == Some(true)
            || beside().is_some_and(|value| shaped(&value.snippet.text) == Some(true));
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
        let fits =
            |text: &str| field.label().and_then(|label| has_shape(label, text)) == Some(true);
        // Under another label, or with a number under this one, it is a table.
        let heads = |f: &FieldHit| cells.first() == Some(&f.cell) && f.ends_cell && !f.colon;
        let table = self.fields.iter().any(heads)
            || self.below(field).first().is_some_and(|value| fits(&value.snippet.text));
        (last && margin && fits(&head) && !table).then_some(below)
    }

    fn right(&self, field: &FieldHit) -> Option<Value> {
        let mut snippet = Snippet::default();
        let cells = self.sheet.right_of(field.cell);
        for &cell in cells {
            let start = self.sheet.cells[cell].pieces.start;
            let until = self.stop_in(cell, start);
            if until != Some(start) && !self.is_label(cell) {
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
        // A label farther to the right is of another column, if nothing else is there.
        let label = bottom;
        let aside = |cell: &usize| {
            let b = self.sheet.cells[*cell].bbox;
            let start = self.sheet.cells[*cell].pieces.start;
            b.x0() > label.x1() && self.stop_in(*cell, start) == Some(start)
        };
        let cells = self.sheet.below(field.cell).take(2 * MOST_ROWS).filter(|cell| !aside(cell));
        // The head of a box may take two lines.
        let head = usize::from(self.lists_labels(field));
        for cell in cells.take(if in_header { MOST_ROWS } else { 1 + head }) {
            let bbox = self.sheet.cells[cell].bbox;
            let start = self.sheet.cells[cell].pieces.start;
            let until = self.stop_in(cell, start);
            let ended = in_header && self.has_ended(self.sheet.cells[field.cell].row, bbox);
            let labelled = until == Some(start) || in_header && self.is_label(cell);
            if bbox.center_y() - bottom.center_y() > step || labelled || ended {
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

    /// Whether a cell is nothing but a label, behind the number of its box too:
    /// `11. Provider NPI`.
    fn is_label(&self, cell: usize) -> bool {
        self.fields.iter().any(|f| f.cell == cell && f.leads && f.ends_cell && f.ends_value())
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
}

/// Whether what follows a label is more of it: `NPI of practitioner`,
/// `Treating practitioner, printed`, `Tax id (TIN)`.
pub(super) fn is_rest_of_label(text: &str) -> bool {
    let trimmed = text.trim();
    let digits = trimmed.chars().filter(char::is_ascii_digit).count();
    if trimmed.starts_with('(') && trimmed.ends_with(')') && digits < DIGITS_OF_A_VALUE {
        return true;
    }
    let words = text.split_whitespace().filter(|w| w.chars().any(char::is_alphanumeric));
    words.clone().count() <= 3
        && words.flat_map(|w| w.chars().find(|c| c.is_alphanumeric())).all(char::is_lowercase)
}

/// Words of a value on the line where it goes on, at most.
const WORDS_OVER_THE_LINE: usize = 3;
/// Digits in parentheses that are more than a misread word: `(1IN)`.
const DIGITS_OF_A_VALUE: usize = 4;
