//! DOCX: a Word file has no pages of its own. Its text, tables, boxes and
//! pictures are set on letter pages as a PDF in memory, and that is read like
//! any other: text by its layer, tick boxes as form fields, pasted scans by
//! their pixels.
//!
//! - [`package`]: the container and its bounds; [`xml`]: its parts.
//! - [`content`]: parts become [`model`] blocks, with the help of [`styles`],
//!   [`numbering`] and [`symbols`]; what cannot be shown is a fact to note.
//! - [`layout`]: blocks become pages; [`mod@write`]: pages become a PDF.

mod content;
mod face;
mod facts;
mod layout;
mod media;
mod model;
mod numbering;
mod package;
mod styles;
mod symbols;
#[cfg(test)]
pub(super) mod tests;
mod write;
mod xml;

use std::sync::Arc;

use self::package::Package;
use super::guard::contained;
use super::pages::{Inventory, MediaType, Page, Raster};
use super::pdf::PdfFile;
use super::{Limits, Unreadable};
use crate::vocab::PageNumber;

const KIND: &str = "a Word file";

/// An opened Word file: its pages, set.
pub(super) struct WordFile {
    pdf: PdfFile,
    bytes: Arc<[u8]>,
}

impl WordFile {
    pub(super) fn open(bytes: Arc<[u8]>, limits: &Limits) -> Result<(Self, Inventory), Unreadable> {
        let damaged = |what| Unreadable::Damaged { kind: KIND, what };
        let content = contained(|| {
            Package::open(bytes, limits).and_then(|package| content::read(package, limits))
        });
        let content = content.unwrap_or(Err(damaged("its parts cannot be read")))?;
        let mut notes = content.facts.notes();
        let sheets = layout::set(&content.blocks, &content.media, limits.max_pages);
        let pages = u32::try_from(sheets.len()).unwrap_or(u32::MAX);
        if pages > limits.max_pages {
            return Err(Unreadable::TooManyPages { pages, limit: limits.max_pages });
        }
        let bytes = write::pdf(sheets, content.media.into_images());
        let bytes: Arc<[u8]> = bytes.ok_or(damaged("its pages cannot be set"))?.into();
        let (pdf, inventory) = PdfFile::open(bytes.clone(), limits)?;
        notes.extend(inventory.notes);
        let inventory = Inventory { media_type: MediaType::Docx, pages: inventory.pages, notes };
        Ok((Self { pdf: pdf.trusted(), bytes }, inventory))
    }

    pub(super) fn page(&self, number: PageNumber, limits: &Limits) -> Result<Page, Unreadable> {
        self.pdf.page(number, limits)
    }

    pub(super) fn raster(&self, number: PageNumber, limits: &Limits) -> Result<Raster, Unreadable> {
        self.pdf.raster(number, limits)
    }

    /// The pages as they were set.
    pub(super) fn pdf_bytes(&self) -> &[u8] {
        &self.bytes
    }
}
