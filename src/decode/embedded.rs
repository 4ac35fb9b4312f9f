//! Files attached inside a PDF: their pages follow the document's own.
//!
//! One level deep: what is attached to an attached file is told and not read.

use super::pages::Inventory;
use super::pdf::{Attached, PdfFile};
use super::{Body, Document, Limits};
use crate::vocab::Note;

/// An attached file whose pages are read.
pub(super) struct Embedded {
    pub document: Document,
    /// Pages of the document before its first.
    pub before: u32,
}

/// Opens what is attached, and counts its pages into the inventory.
pub(super) fn open(file: &PdfFile, inventory: &mut Inventory, limits: &Limits) -> Vec<Embedded> {
    let Attached { files, mut unread } = file.attached(limits);
    let own = inventory.pages;
    let mut embedded: Vec<Embedded> = Vec::new();
    let mut nested = false;
    for bytes in files {
        let Ok((body, inner)) = super::open_one(bytes.into(), limits) else {
            unread += 1;
            continue;
        };
        if u64::from(inventory.pages) + u64::from(inner.pages) > u64::from(limits.max_pages) {
            unread += 1;
            continue;
        }
        if let Body::Pdf(file) = &body {
            let Attached { files, unread } = file.attached(limits);
            nested |= !files.is_empty() || unread > 0;
        }
        let before = inventory.pages;
        inventory.pages += inner.pages;
        inventory.notes.extend(inner.notes.iter().cloned());
        let document =
            Document { inventory: inner, body, limits: limits.clone(), embedded: Vec::new() };
        embedded.push(Embedded { document, before });
    }
    if !embedded.is_empty() {
        inventory.notes.push(Note::document(
            "file.attachments_read",
            format!(
                "Files are attached inside the PDF: {} read; pages {} to {} come from them.",
                embedded.len(),
                own + 1,
                inventory.pages
            ),
        ));
    }
    if unread > 0 {
        inventory.notes.push(Note::document(
            "file.attachments",
            format!(
                "Files are attached inside the PDF that are not read: {unread}. Open the original to see them."
            ),
        ));
    }
    if nested {
        inventory.notes.push(Note::document(
            "file.attachments_nested",
            "A file attached inside the PDF holds further files; those are not read. Open the original to see them.",
        ));
    }
    embedded
}
