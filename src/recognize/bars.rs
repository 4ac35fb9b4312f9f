//! Section bars (white words on black) are inverted; black borders of a scan
//! are whitened.
//!
//! Tesseract can try inversion itself, line by line, at twice the price and
//! worse on faxes.

use super::ink::{Area, Ink, blobs};

/// Side of the cells the page is judged by, in pixels at 204 dpi: smaller
/// than a bar is high, larger than a bold stroke is wide.
const CELL: usize = 8;
/// A cell with this share of ink is black. White bold capitals leave more
/// than half of a bar black; black bold capitals on white stay below.
const BLACK_CELL: f32 = 0.55;
/// Least height and width of a bar in pixels (0.08 and 0.6 inch).
const LEAST_HEIGHT: usize = 2 * CELL;
const LEAST_WIDTH: usize = 15 * CELL;
/// A bar is this full of black cells; a table's frame is not.
const LEAST_FULL: f32 = 0.7;
/// A black border reaches within this many pixels of the page's edge (0.1
/// inch).
const EDGE: usize = 20;

/// Solid black blocks of a page.
#[derive(Clone, Debug, Default)]
pub struct Solids {
    /// To be inverted.
    pub bars: Vec<Area>,
    /// To be whitened.
    pub borders: Vec<Area>,
}

/// Finds bars and borders.
pub fn find_solids(ink: &Ink) -> Solids {
    let cells = black_cells(ink);
    let mut solids = Solids::default();
    for blob in blobs(&cells) {
        let area = scaled(&blob.area, ink);
        let full = blob.count as f32 / blob.area.size() as f32;
        let at_edge = area.x0 < EDGE
            || area.y0 < EDGE
            || area.x1 + EDGE > ink.width()
            || area.y1 + EDGE > ink.height();
        let bar = area.height() >= LEAST_HEIGHT
            && area.width() >= LEAST_WIDTH
            && full >= LEAST_FULL
            && area.height() * 2 < ink.height();
        let crosses_page = area.width() * 10 > ink.width() * 9;
        if bar && (!at_edge || crosses_page) && has_letters(ink, &area) {
            solids.bars.push(trimmed(ink, area));
        } else if at_edge {
            // An L-shaped border is whitened cell by cell.
            solids.borders.extend(
                blob.runs
                    .iter()
                    .map(|&(y, x0, x1)| scaled(&Area { x0, y0: y, x1, y1: y + 1 }, ink)),
            );
        }
    }
    solids
}

fn black_cells(ink: &Ink) -> Ink {
    let (across, down) = (ink.width() / CELL, ink.height() / CELL);
    let mut cells = Ink::empty(across, down);
    let least = (BLACK_CELL * (CELL * CELL) as f32) as usize;
    for y in 0..down {
        for x in 0..across {
            let area = Area { x0: x * CELL, y0: y * CELL, x1: (x + 1) * CELL, y1: (y + 1) * CELL };
            if ink.count(&area) >= least {
                cells.set(y, x, x + 1, true);
            }
        }
    }
    cells
}

fn scaled(cells: &Area, ink: &Ink) -> Area {
    Area {
        x0: cells.x0 * CELL,
        y0: cells.y0 * CELL,
        x1: (cells.x1 * CELL).min(ink.width()),
        y1: (cells.y1 * CELL).min(ink.height()),
    }
}

/// A bar without anything white inside is a bar all the same to the reader,
/// but there is nothing to read.
fn has_letters(ink: &Ink, area: &Area) -> bool {
    ink.count(area) * 100 < area.size() * 98
}

/// Grows the rectangle of cells to the bar's own edges.
fn trimmed(ink: &Ink, mut area: Area) -> Area {
    let black_row =
        |y: usize, area: &Area| 2 * ink.count(&Area { y0: y, y1: y + 1, ..*area }) >= area.width();
    for _ in 0..CELL {
        if area.y0 > 0 && black_row(area.y0 - 1, &area) {
            area.y0 -= 1;
        }
        if area.y1 < ink.height() && black_row(area.y1, &area) {
            area.y1 += 1;
        }
    }
    let black_column =
        |x: usize, area: &Area| 2 * ink.count(&Area { x0: x, x1: x + 1, ..*area }) >= area.height();
    for _ in 0..CELL {
        if area.x0 > 0 && black_column(area.x0 - 1, &area) {
            area.x0 -= 1;
        }
        if area.x1 < ink.width() && black_column(area.x1, &area) {
            area.x1 += 1;
        }
    }
    area
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_with_letters_is_found_and_a_frame_is_not() {
        let mut ink = Ink::empty(1000, 800);
        for y in 100..140 {
            ink.set(y, 100, 900, true);
        }
        for letter in 0..20 {
            for y in 110..130 {
                ink.set(y, 150 + letter * 20, 154 + letter * 20, false);
            }
        }
        for y in [300, 301, 302, 500, 501, 502] {
            ink.set(y, 100, 900, true);
        }
        let solids = find_solids(&ink);
        assert_eq!(solids.bars, [Area { x0: 100, y0: 100, x1: 900, y1: 140 }]);
        assert!(solids.borders.is_empty());
    }

    #[test]
    fn a_black_edge_is_a_border() {
        let mut ink = Ink::empty(1000, 800);
        for y in 0..800 {
            ink.set(y, 0, 30, true);
        }
        let solids = find_solids(&ink);
        assert!(solids.bars.is_empty());
        assert!(!solids.borders.is_empty());
    }
}
