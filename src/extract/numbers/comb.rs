//! Numbers in combs, a digit in each cell of a ruled row, as a reader sees them:
//! `|2|3|6|3|3|9|8|6|6|2| |3|1|9|3|5|3|3|9|7|`. Bars are no ones here, a blank
//! ends nothing, and two combs side by side run into each other. Combs that
//! recognition takes apart come as plain words; these are the worn ones.

use super::super::labels::{FieldHit, Label, Value};
use super::super::layout::{Relation, Snippet};
use super::super::look_alikes;
use super::super::paper::{Leaf, Paper};
use super::super::sighting::{Sighting, after_repairs};
use super::{Numbers, Owned, npi, owner, tin};
use crate::vocab::{BBox, Confidence, Evidence, Npi};

/// Between two cells, as read.
const BARS: [char; 14] = ['|', '[', ']', '{', '}', '!', '\'', '`', '’', ':', ';', '.', ',', '/'];
/// What a bar without a gap to its neighbours is read as.
const LIKE_A_BAR: [char; 4] = ['1', 'l', 'I', 'i'];
/// Bars of a comb, or cells that stand alone, at least.
const LEAST_CELLS: usize = 5;
/// Digits of an NPI and of a tax id.
const NPI: usize = 10;
const TIN: usize = 9;
/// Digits before the hyphen of a tax id, and before those of a person's.
const HYPHENS: [usize; 3] = [2, 3, 5];
/// A row of labels stands at most so many rows above or below its comb.
const ROWS_TO_LABEL: usize = 2;
/// How far a number in a comb, read without a bar taken for a digit, is right.
const IN_COMB: f32 = 0.9;

/// Whether a text is part of a comb rather than a number: several bars.
pub(super) fn is_comb(text: &str) -> bool {
    text.chars().filter(|c| matches!(c, '|' | '[' | ']' | '{' | '}' | '!')).count() >= 3
}

/// A character in its cell.
#[derive(Clone, Copy, Debug)]
struct Cell {
    /// A digit, or what looks like one.
    read: char,
    /// Whether a hyphen stands before it.
    hyphen: bool,
    word: usize,
    bbox: BBox,
}

/// Cells in a row.
#[derive(Debug)]
struct Comb {
    cell: usize,
    cells: Vec<Cell>,
}

impl Numbers {
    /// Looks at every comb of a page that has a label for provider numbers.
    pub(super) fn look_in_combs(&mut self, paper: &Paper<'_>, leaf: &Leaf<'_>) {
        for comb in combs(leaf) {
            let (npi, tin) = match comb.cells.len() {
                NPI => (Some(&comb.cells[..]), None),
                TIN => (None, Some(&comb.cells[..])),
                both if both == NPI + TIN => {
                    let (first, second) = comb.cells.split_at(NPI);
                    if number(first).is_some_and(|(digits, _)| Npi::parse(&digits).is_ok()) {
                        (Some(first), Some(second))
                    } else {
                        let (first, second) = comb.cells.split_at(TIN);
                        (Some(second), Some(first))
                    }
                }
                _ => continue,
            };
            if let Some(cells) = npi {
                self.npi_in_comb(paper, leaf, comb.cell, cells);
            }
            if let Some(cells) = tin {
                // Beside the NPI of its owner it needs no label of its own.
                let label = label_of(leaf, Label::Tin, comb.cell, cells)
                    .or_else(|| label_of(leaf, Label::Npi, comb.cell, npi?));
                if let Some(label) = label {
                    self.tin_in_comb(paper, leaf, label, comb.cell, cells);
                }
            }
        }
    }

    fn npi_in_comb(&mut self, paper: &Paper<'_>, leaf: &Leaf<'_>, cell: usize, cells: &[Cell]) {
        let Some(field) = label_of(leaf, Label::Npi, cell, cells) else { return };
        let Some((digits, repairs)) = number(cells) else { return };
        let Ok(npi) = Npi::parse(&digits) else { return };
        if self.is_written_as_telephone(&npi) {
            return;
        }
        let value = Value::of_comb(cell);
        let Some(owner) = owner(paper, leaf, field, &value) else { return };
        let weigh = |read| super::weighed(read, npi::CHANCE, field, &value, &owner);
        let seen = sighting(leaf, cells, npi.as_str(), repairs, weigh);
        self.npi.push(Owned { value: npi, role: owner.role, seen });
    }

    fn tin_in_comb(
        &mut self,
        paper: &Paper<'_>,
        leaf: &Leaf<'_>,
        field: &FieldHit,
        cell: usize,
        cells: &[Cell],
    ) {
        let Some((digits, repairs)) = number(cells) else { return };
        let personal = tin::is_personal(leaf, field);
        let Ok((tin, _)) = tin::tin(&digits, personal) else { return };
        let value = Value::of_comb(cell);
        let Some(owner) = owner(paper, leaf, field, &value) else { return };
        let weigh = |read| super::weighed(read, tin::CHANCE, field, &value, &owner);
        let mut seen = sighting(leaf, cells, tin.as_str(), repairs, weigh);
        if !tin.is_masked() {
            self.second_look(paper, &tin, &mut seen);
        }
        tin::hide(&tin, &mut seen);
        self.tin.push(Owned { value: tin, role: owner.role, seen });
    }
}

impl Value {
    /// Under its label, wherever in the comb it begins.
    fn of_comb(cell: usize) -> Self {
        Self { snippet: Snippet::default(), relation: Relation::Below, cell, party: None }
    }
}

/// The label in a row close by whose place across is nearest to where the cells
/// begin.
fn label_of<'l>(
    leaf: &'l Leaf<'_>,
    label: Label,
    cell: usize,
    cells: &[Cell],
) -> Option<&'l FieldHit> {
    let sheet = &leaf.form.sheet;
    let row = sheet.cells[cell].row;
    let left = cells.first()?.bbox.x0();
    let off = |f: &FieldHit| (sheet.piece_box(f.hit.first, f.hit.last).x0() - left).abs();
    let near = leaf.form.labelled(label).filter(|f| {
        let of_label = sheet.cells[f.cell].row;
        (of_label.abs_diff(row) <= ROWS_TO_LABEL) && f.ends_cell
    });
    near.min_by(|a, b| off(a).total_cmp(&off(b)))
}

fn number(cells: &[Cell]) -> Option<(String, usize)> {
    let mut text = String::new();
    let mut repairs = 0;
    for (at, cell) in cells.iter().enumerate() {
        // Anywhere else it is what is left of a bar.
        if cell.hyphen && HYPHENS.contains(&at) {
            text.push('-');
        }
        text.push(look_alikes::digit(cell.read)?);
        repairs += usize::from(!cell.read.is_ascii_digit());
    }
    Some((text, repairs))
}

fn sighting(
    leaf: &Leaf<'_>,
    cells: &[Cell],
    value: &str,
    repairs: usize,
    weigh: impl Fn(Confidence) -> Confidence,
) -> Sighting {
    let mut words: Vec<usize> = cells.iter().map(|c| c.word).collect();
    words.dedup();
    let of_words = leaf.form.sheet.evidence(&words);
    let bbox = BBox::around(cells.iter().map(|c| c.bbox));
    let confidence = weigh(of_words.confidence).and(Confidence::new(IN_COMB));
    Sighting {
        value: value.to_owned(),
        raw: cells.iter().map(|c| c.read).collect(),
        confidence: after_repairs(confidence, repairs),
        repaired: repairs > 0,
        evidence: Evidence { bbox: bbox.or(of_words.bbox), ..of_words },
    }
}

/// The combs of a page, row by row.
fn combs(leaf: &Leaf<'_>) -> Vec<Comb> {
    let sheet = &leaf.form.sheet;
    let labels = || leaf.form.labelled(Label::Npi).chain(leaf.form.labelled(Label::Tin));
    let near_label =
        |row: usize| labels().any(|f| sheet.cells[f.cell].row.abs_diff(row) <= ROWS_TO_LABEL);
    let mut found = Vec::new();
    let rows = sheet.rows.iter().enumerate().filter(|(row, _)| near_label(*row));
    for cells in rows.map(|(_, cells)| cells) {
        let mut comb = Comb { cell: cells[0], cells: Vec::new() };
        let mut ruled = 0;
        let words = cells.iter().flat_map(|&cell| sheet.cells[cell].words.clone());
        for word in words {
            let text = sheet.words[word].text;
            match cells_of(text) {
                Some((characters, bars)) => {
                    if comb.cells.is_empty() {
                        comb.cell = sheet.words[word].cell;
                    }
                    ruled += bars + usize::from(characters.len() == 1);
                    let place = sheet.words[word].bbox;
                    comb.cells.extend(placed(word, &characters, text, place));
                }
                None => {
                    if ruled >= LEAST_CELLS {
                        found.push(comb);
                    }
                    comb = Comb { cell: cells[0], cells: Vec::new() };
                    ruled = 0;
                }
            }
        }
        if ruled >= LEAST_CELLS {
            found.push(comb);
        }
    }
    found
}

/// A character of a word.
#[derive(Clone, Copy, Debug)]
struct Read {
    /// The byte it stands at.
    at: usize,
    read: char,
    /// Whether a hyphen stands before it.
    hyphen: bool,
}

/// The characters of a word that is part of a comb, and how many bars were read
/// between them. In a comb no more than two cells run together: of three the middle
/// one is the bar between two others, if it looks like one.
fn cells_of(text: &str) -> Option<(Vec<Read>, usize)> {
    let mut characters: Vec<Read> = Vec::new();
    let (mut bars, mut together, mut hyphen) = (0, 0, false);
    for (at, c) in text.char_indices() {
        if c == '-' {
            (hyphen, together) = (true, 0);
        } else if BARS.contains(&c) {
            (bars, together) = (bars + 1, 0);
        } else {
            look_alikes::digit(c)?;
            together += 1;
            characters.push(Read { at, read: c, hyphen });
            hyphen = false;
        }
        if together > 2 {
            let middle = characters.len() - 2;
            if !LIKE_A_BAR.contains(&characters[middle].read) {
                return None;
            }
            characters.remove(middle);
            (bars, together) = (bars + 1, 1);
        }
    }
    Some((characters, bars))
}

/// Each character where it stands, if all are equally wide.
fn placed<'c>(
    word: usize,
    characters: &'c [Read],
    text: &'c str,
    place: BBox,
) -> impl Iterator<Item = Cell> + 'c {
    let length = text.len().max(1) as f32;
    let width = place.x1() - place.x0();
    characters.iter().map(move |&Read { at, read, hyphen }| {
        let left = place.x0() + width * at as f32 / length;
        let right = place.x0() + width * (at + 1) as f32 / length;
        Cell { read, hyphen, word, bbox: BBox::new(left, place.y0(), right, place.y1()) }
    })
}
