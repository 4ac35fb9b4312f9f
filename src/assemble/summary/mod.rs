//! The summary that a packet begins with: for the nurse who opens it, what
//! was found and on which page, what is missing, and every doubt.

mod sections;
mod sheet;
mod wording;

use serde::{Deserialize, Serialize};

use super::pdf::draw::Drawing;
use super::result::DocumentFacts;
use crate::decide::disposition::Disposition;
use crate::extract::findings::{Extracted, PageKind};
use crate::vocab::{CaseRef, DocumentRef, Note, PageNumber};
use sheet::Sheet;
pub use sheet::{HEIGHT, WIDTH};

/// What the summary is made of. Owned and serialisable, because packets are
/// bound in a reader process of their own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// The document's reference; `None` for a one-shot run, which has none.
    pub reference: Option<DocumentRef>,
    /// The case it belongs to.
    pub case: Option<CaseRef>,
    /// The file.
    pub document: DocumentFacts,
    /// What was found.
    pub extracted: Extracted,
    /// What is done with it.
    pub disposition: Disposition,
    /// Notes about the file and its pages.
    pub notes: Vec<Note>,
}

impl Summary {
    /// The packet's title; holds no patient data.
    pub fn title(&self) -> &str {
        self.reference.as_ref().map_or("Intake packet", DocumentRef::as_str)
    }

    /// What a page is, in words.
    pub(super) fn kind_of(&self, page: PageNumber) -> String {
        let kind = self.extracted.page_kinds.get(page.index());
        wording::page_kind(kind.copied().unwrap_or(PageKind::Other))
    }
}

/// The summary's pages, of [`WIDTH`] × [`HEIGHT`] points; at least one.
pub(super) fn pages(summary: &Summary) -> Vec<Drawing> {
    let mut sheet = Sheet::new(summary.title());
    sections::write(&mut sheet, summary);
    sheet.finish()
}

/// A leaf that stands in for a page that could not be decoded.
pub(super) fn missing_page(number: PageNumber) -> Drawing {
    sheet::placeholder(&format!("Page {number} could not be read", number = number.get()))
}
