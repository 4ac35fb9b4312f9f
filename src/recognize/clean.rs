//! All the clean-up between a straight page and the reader, in its order.

use std::borrow::Cow;

use image::GrayImage;

use super::bars::find_solids;
use super::combs::Comb;
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
    /// The combs whose teeth were among them.
    pub combs: Vec<Comb>,
    /// The frames of tick boxes, still there: our own reader reads them.
    pub frames: Vec<Square>,
}

impl Cleaned {
    /// Without its tick boxes, which Tesseract makes letters of: an O, an X or
    /// a bracket before every label.
    pub fn without_frames(&self) -> Cow<'_, Sheet> {
        if self.frames.is_empty() {
            return Cow::Borrowed(&self.sheet);
        }
        let mut sheet = self.sheet.clone();
        for frame in &self.frames {
            remove_mark(&mut sheet, frame);
        }
        sheet.whiten_removed(&self.sheet.ink);
        Cow::Owned(sheet)
    }

    /// The same with its strokes made thicker.
    pub fn thickened(&self) -> Self {
        let (ruled, frames) = (self.ruled.clone(), self.frames.clone());
        Self { sheet: self.sheet.thickened(), ruled, combs: self.combs.clone(), frames }
    }
}

/// Inverts bars, whitens borders, specks and ruled lines.
pub fn clean(mut sheet: Sheet, frames: Vec<Square>) -> Cleaned {
    let solids = find_solids(&sheet.ink);
    for border in &solids.borders {
        sheet.erase(border);
    }
    for bar in &solids.bars {
        sheet.invert(bar);
    }
    let before = sheet.ink.clone();
    remove_specks(&mut sheet.ink);
    let removed = remove_rules(&mut sheet.ink);
    sheet.whiten_removed(&before);
    Cleaned { sheet, ruled: removed.rules, combs: removed.combs, frames }
}

/// As the reader is shown it.
pub fn for_reading(sheet: &Sheet) -> GrayImage {
    smooth(&sheet.image)
}

/// Takes a frame and its tick off the page. A tick that reaches out of its box
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
