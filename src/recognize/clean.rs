//! All the clean-up between a straight page and the reader, in its order.

use image::GrayImage;

use super::bars::find_solids;
use super::despeckle::remove_specks;
use super::ink::{Ink, blobs};
use super::marks::Square;
use super::rules::remove_rules;
use super::sheet::Sheet;
use super::smooth::smooth;

/// A page ready to be read.
pub struct Cleaned {
    /// What is left of it.
    pub sheet: Sheet,
    /// The ruled lines that were taken off.
    pub ruled: Ink,
}

/// Inverts bars, whitens borders, specks, ruled lines and tick boxes, and
/// smooths what is left.
pub fn clean(mut sheet: Sheet, marks: &[Square]) -> Cleaned {
    let solids = find_solids(&sheet.ink);
    for border in &solids.borders {
        sheet.erase(border);
    }
    for bar in &solids.bars {
        sheet.invert(bar);
    }
    let before = sheet.ink.clone();
    remove_specks(&mut sheet.ink);
    for mark in marks {
        remove_mark(&mut sheet, mark);
    }
    let ruled = remove_rules(&mut sheet.ink);
    sheet.whiten_removed(&before);
    Cleaned { sheet, ruled }
}

/// As the reader is shown it.
pub fn for_reading(sheet: &Sheet) -> GrayImage {
    smooth(&sheet.image)
}

/// Takes a frame and its tick off the page: read as letters they would be an
/// O, an X or a bracket before every label. A tick that reaches out of its box
/// leaves pieces around it, which go too.
fn remove_mark(sheet: &mut Sheet, mark: &Square) {
    let (width, height) = (sheet.ink.width(), sheet.ink.height());
    let side = mark.area.width().max(mark.area.height());
    sheet.ink.clear(&mark.area.grown(2, width, height));
    let around = mark.area.grown(side / 2, width, height);
    let pieces = sheet.ink.part(&around);
    for blob in blobs(&pieces) {
        let inside = blob.area.x0 > 0
            && blob.area.y0 > 0
            && blob.area.x1 < pieces.width()
            && blob.area.y1 < pieces.height();
        if inside && blob.area.width() < side / 2 && blob.area.height() < side {
            for (y, x0, x1) in blob.runs {
                sheet.ink.set(around.y0 + y, around.x0 + x0, around.x0 + x1, false);
            }
        }
    }
}
