//! Station 2: bytes of a stranger's file become pages.
//!
//! [`open`] tells what a file is by its content, never by its name, and counts
//! its pages; [`Document::page`] decodes one page at a time, so that the
//! process around it can be limited, killed and replaced page by page. All of
//! it is synchronous and touches neither disk nor network.
//!
//! Every size a file claims is held against [`Limits`] before memory is taken
//! for it. What cannot be read ends in an [`Unreadable`] with a stable code and
//! a sentence for a clerk; what can be read in part is handed on with a note.
//!
//! - [`tiff`]: faxes and other TIFF; a fax row is never squashed or stretched,
//!   its two resolutions travel with the pixels.
//! - [`pdf`]: a page that is one scanned image comes out as that image; all
//!   others are drawn. Visible text and form fields come along.
//! - [`picture`]: PNG and JPEG.
//! - [`word`]: DOCX, set on pages of our own.
//!
//! Pages of files that are attached inside a PDF follow its own.

mod embedded;
mod grey;
mod guard;
mod limits;
pub mod pages;
mod pdf;
mod picture;
mod resolution;
mod sniff;
#[cfg(test)]
mod tests;
mod tiff;
mod unreadable;
mod word;

use std::sync::Arc;

pub use limits::Limits;
pub use unreadable::{Foreign, Unreadable};

use crate::vocab::PageNumber;
use embedded::Embedded;
use pages::{Inventory, Page, Raster, Sight};
use sniff::Kind;

/// A file that has been opened: its pages are counted, none is decoded yet.
pub struct Document {
    inventory: Inventory,
    body: Body,
    limits: Limits,
    embedded: Vec<Embedded>,
}

enum Body {
    Tiff(tiff::TiffFile),
    Pdf(pdf::PdfFile),
    Picture(picture::Picture),
    Word(word::WordFile),
}

/// Finds out what the bytes are and how many pages they hold.
pub fn open(bytes: impl Into<Arc<[u8]>>, limits: &Limits) -> Result<Document, Unreadable> {
    let bytes = bytes.into();
    if bytes.is_empty() {
        return Err(Unreadable::Empty);
    }
    if bytes.len() as u64 > limits.max_bytes {
        return Err(Unreadable::TooManyBytes { limit: limits.max_bytes });
    }
    let (body, mut inventory) = open_one(bytes, limits)?;
    let embedded = match &body {
        Body::Pdf(file) => embedded::open(file, &mut inventory, limits),
        Body::Tiff(_) | Body::Picture(_) | Body::Word(_) => Vec::new(),
    };
    Ok(Document { inventory, body, limits: limits.clone(), embedded })
}

/// Without what is attached to it.
fn open_one(bytes: Arc<[u8]>, limits: &Limits) -> Result<(Body, Inventory), Unreadable> {
    let opened = match sniff::kind(&bytes) {
        Kind::Tiff => {
            let (file, inventory) = tiff::TiffFile::open(bytes, limits)?;
            (Body::Tiff(file), inventory)
        }
        Kind::Pdf => {
            let (file, inventory) = pdf::PdfFile::open(bytes, limits)?;
            (Body::Pdf(file), inventory)
        }
        Kind::Png => {
            let (file, inventory) = picture::Picture::open(bytes, picture::Format::Png, limits)?;
            (Body::Picture(file), inventory)
        }
        Kind::Jpeg => {
            let (file, inventory) = picture::Picture::open(bytes, picture::Format::Jpeg, limits)?;
            (Body::Picture(file), inventory)
        }
        Kind::Docx => {
            let (file, inventory) = word::WordFile::open(bytes, limits)?;
            (Body::Word(file), inventory)
        }
        Kind::Refused(why) => return Err(why),
    };
    Ok(opened)
}

impl Document {
    /// Kind, number of pages, and what is odd about the file as a whole.
    pub fn inventory(&self) -> &Inventory {
        &self.inventory
    }

    /// The pages as a PDF, where we set them ourselves: those of a Word file.
    /// They are what a reader is shown; the original is kept beside.
    pub fn pdf_bytes(&self) -> Option<&[u8]> {
        match &self.body {
            Body::Word(file) => Some(file.pdf_bytes()),
            Body::Tiff(_) | Body::Pdf(_) | Body::Picture(_) => None,
        }
    }

    /// Decodes one page. The same page may be asked for again. A born-digital
    /// page of text and rules comes without pixels.
    pub fn page(&self, number: PageNumber) -> Result<Page, Unreadable> {
        self.check(number)?;
        if let Some((file, inner)) = self.attached(number) {
            return file.page(inner).map(|page| page.renumbered(number)).map_err(|e| e.on(number));
        }
        match &self.body {
            Body::Tiff(file) => file.page(number, &self.limits),
            Body::Pdf(file) => file.page(number, &self.limits),
            Body::Picture(file) => file.page(number, &self.limits),
            Body::Word(file) => file.page(number, &self.limits),
        }
    }
    /// The pixels of any page: to look at a place of it again, to bind it.
    pub fn raster(&self, number: PageNumber) -> Result<Raster, Unreadable> {
        self.check(number)?;
        if let Some((file, inner)) = self.attached(number) {
            return file.raster(inner).map_err(|e| e.on(number));
        }
        match &self.body {
            Body::Pdf(file) => return file.raster(number, &self.limits),
            Body::Word(file) => return file.raster(number, &self.limits),
            Body::Tiff(_) | Body::Picture(_) => {}
        }
        match self.page(number)?.sight {
            Sight::Pixels(raster) => Ok(raster),
            Sight::Told { .. } => {
                Err(Unreadable::PageDamaged { page: number, what: "it cannot be drawn" })
            }
        }
    }

    /// The attached file a page comes from, and its number there.
    fn attached(&self, number: PageNumber) -> Option<(&Document, PageNumber)> {
        let from = self.embedded.iter().rev().find(|file| number.get() > file.before)?;
        Some((&from.document, PageNumber::new(number.get() - from.before)?))
    }

    fn check(&self, number: PageNumber) -> Result<(), Unreadable> {
        let pages = self.inventory.pages;
        if number.get() > pages {
            return Err(Unreadable::NoSuchPage { page: number, pages });
        }
        Ok(())
    }
}
