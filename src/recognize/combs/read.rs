//! What stands in the cells of a comb, put together as close as print.

use std::time::Duration;

use image::{GrayImage, Luma, imageops};

use super::super::engines::Engines;
use super::super::ink::{Area, Ink};
use super::super::overlay::in_order;
use super::super::reading::{RawWord, Reading};
use super::super::sheet::Sheet;
use super::{Comb, LEAST_INK};

/// White around and between characters that are put together, in pixels.
const RIM: u32 = 10;
const BETWEEN: u32 = 3;
/// A cell with less ink than this, in pixels, is empty; with less than a letter
/// has it is faint.
const FAINT: usize = 4;
/// Cells in a row from which they are read as a word of their own.
const LEAST_CELLS: usize = 2;

/// Lays what stands in the cells of combs over what was read there; `None` where
/// there is no comb, or nothing in it that could be read cell by cell.
pub fn with_combs(
    engines: &mut Engines,
    page: &Sheet,
    combs: &[Comb],
    reading: &Reading,
    deadline: Duration,
) -> Option<Reading> {
    let mut words: Option<Vec<RawWord>> = None;
    for (number, comb) in combs.iter().enumerate() {
        let mut read = |group: &[Cell]| read(engines, page, group, number, deadline);
        for group in groups(page, comb) {
            // A faint cell holds a hyphen, or dirt.
            let found: Vec<RawWord> = match read(&group) {
                Some(word) => vec![word],
                None => group.split(|cell| cell.faint).filter_map(&mut read).collect(),
            };
            if found.is_empty() {
                continue;
            }
            let kept = words.get_or_insert_with(|| reading.words.clone());
            kept.retain(|other| !found.iter().any(|word| lies_in(other, word)));
            kept.extend(found);
        }
    }
    words.map(|words| Reading { words: in_order(words), timed_out: reading.timed_out })
}

fn lies_in(other: &RawWord, word: &RawWord) -> bool {
    let [x, y, width, height] = word.place;
    let middle = other.place[0] + other.place[2] / 2.0;
    (x..x + width).contains(&middle) && (y..y + height).contains(&other.middle())
}

/// A filled cell as far as its ink reaches across.
#[derive(Clone, Copy, Debug)]
struct Cell {
    area: Area,
    /// With less ink than a letter.
    faint: bool,
}

/// The filled cells of a comb, cut where one is empty.
fn groups(page: &Sheet, comb: &Comb) -> Vec<Vec<Cell>> {
    let cells: Vec<Option<Cell>> = comb.cells().map(|cell| inked(&page.ink, cell)).collect();
    let groups = cells.split(Option::is_none).map(|group| group.iter().flatten().copied());
    groups.map(Iterator::collect).filter(|group: &Vec<Cell>| group.len() >= LEAST_CELLS).collect()
}

/// A cell narrowed to its ink, if it has enough.
fn inked(ink: &Ink, cell: Area) -> Option<Cell> {
    let column = |x: usize| ink.count(&Area { x0: x, x1: x + 1, ..cell }) > 0;
    let x0 = (cell.x0..cell.x1).find(|&x| column(x))?;
    let x1 = (x0..cell.x1).rev().find(|&x| column(x))? + 1;
    let amount = ink.count(&cell);
    let area = Area { x0, x1, ..cell };
    (amount >= FAINT).then_some(Cell { area, faint: amount < LEAST_INK })
}

/// The characters of cells, put together and read as one word; `None` unless as
/// many characters are read as there are cells.
fn read(
    engines: &mut Engines,
    page: &Sheet,
    cells: &[Cell],
    number: usize,
    deadline: Duration,
) -> Option<RawWord> {
    let (first, last) = (cells.first()?.area, cells.last()?.area);
    let height = cells.iter().map(|cell| cell.area.height()).max()? as u32;
    let width: u32 = cells.iter().map(|cell| cell.area.width() as u32 + BETWEEN).sum();
    let mut line = GrayImage::from_pixel(width + 2 * RIM, height + 2 * RIM, Luma([255]));
    let mut left = RIM;
    for Cell { area: cell, .. } in cells {
        let (x, y) = (cell.x0 as u32, cell.y0 as u32);
        let (wide, high) = (cell.width() as u32, cell.height() as u32);
        let cut = imageops::crop_imm(&page.image, x, y, wide, high).to_image();
        imageops::replace(&mut line, &cut, i64::from(left), i64::from(RIM));
        left += wide + BETWEEN;
    }
    let read = engines.line(&line, "", deadline);
    let text: String = read.iter().map(|word| word.text.as_str()).collect();
    let sure = read.iter().map(|word| word.confidence).reduce(f32::min)?;
    (text.chars().count() == cells.len()).then(|| RawWord {
        text,
        place: [
            first.x0 as f32,
            first.y0 as f32,
            (last.x1 - first.x0) as f32,
            first.height() as f32,
        ],
        confidence: sure,
        line: [LINE_OF_COMBS, number as u32, first.x0 as u32],
    })
}

/// Tells the lines of combs from those of strips and stamps.
const LINE_OF_COMBS: u32 = 3;
