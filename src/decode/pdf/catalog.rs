//! What the document as a whole says, beside its pages.

use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{Dict, Object};

use crate::vocab::Note;

/// Things somebody has to know because they are not on any page that is read.
pub(super) fn notes(pdf: &Pdf, found: u32) -> Vec<Note> {
    let xref = pdf.xref();
    let Some(catalog) = xref.get::<Dict<'_>>(xref.root_id()) else { return Vec::new() };
    [missing_pages(&catalog, found), attachments(&catalog), dynamic_form(&catalog)]
        .into_iter()
        .flatten()
        .collect()
}

/// The page tree says how many pages it holds; fewer found means some are
/// damaged or lost.
fn missing_pages(catalog: &Dict<'_>, found: u32) -> Option<Note> {
    let said = catalog.get::<Dict<'_>>("Pages")?.get::<u32>("Count")?;
    (said > found).then(|| {
        Note::document(
            "file.pages_broken",
            format!("The PDF says it has {said} pages; only {found} can be found."),
        )
    })
}

fn attachments(catalog: &Dict<'_>) -> Option<Note> {
    catalog.get::<Dict<'_>>("Names")?.get::<Dict<'_>>("EmbeddedFiles")?;
    Some(Note::document(
        "file.attachments",
        "Other files are attached inside the PDF; they are not read. Open the original to see them.",
    ))
}

/// An XFA form that is laid out by the viewer itself; other software finds
/// one page that asks for patience (PDF 1.7, 12.7.8).
fn dynamic_form(catalog: &Dict<'_>) -> Option<Note> {
    let needs_viewer = catalog.get::<bool>("NeedsRendering").unwrap_or(false);
    catalog.get::<Dict<'_>>("AcroForm")?.get::<Object<'_>>("XFA")?;
    needs_viewer.then(|| {
        Note::document(
            "file.dynamic_form",
            "The PDF is a form that only its own viewer can show (XFA); what is filled in cannot be read. Print it from the viewer, or ask the sender for a printed copy.",
        )
    })
}
