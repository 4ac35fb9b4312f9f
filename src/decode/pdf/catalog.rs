//! What the document as a whole says, beside its pages.

use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{Dict, Object};

use super::{annotations, survey};
use crate::decode::Limits;
use crate::vocab::{Note, PageNumber};

/// Things somebody has to know because they are not on any page that is read.
pub(super) fn notes(pdf: &Pdf, found: u32) -> Vec<Note> {
    let xref = pdf.xref();
    let Some(catalog) = xref.get::<Dict<'_>>(xref.root_id()) else { return Vec::new() };
    [missing_pages(&catalog, found), xfa_form(&catalog)].into_iter().flatten().collect()
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

/// The form is kept a second time, as XML.
fn xfa_form(catalog: &Dict<'_>) -> Option<Note> {
    catalog.get::<Dict<'_>>("AcroForm")?.get::<Object<'_>>("XFA")?;
    Some(Note::document(
        "file.xfa",
        "The PDF keeps its form a second time in a way that is not read (XFA); its pages and ordinary fields were read.",
    ))
}

/// Whether the file is an XFA form that its own viewer lays out: other
/// software finds a page that asks for patience (PDF 1.7, 12.7.8).
pub(super) fn is_dynamic_form(pdf: &Pdf, limits: &Limits) -> bool {
    /// Pages of such a shell.
    const FEW: usize = 2;
    /// What the shell says, as it comes from the form designers in use.
    const PATIENCE: [&str; 3] =
        ["pleasewait", "ifthismessageisnoteventuallyreplaced", "adobereader8orhigher"];
    let xref = pdf.xref();
    let Some(catalog) = xref.get::<Dict<'_>>(xref.root_id()) else { return false };
    if xfa_form(&catalog).is_none() || pdf.pages().len() > FEW {
        return false;
    }
    let Some(page) = pdf.pages().first() else { return false };
    let has_fields = annotations::all(page).next().is_some();
    let Ok(survey) = survey::survey(page, &[], PageNumber::FIRST, limits) else { return false };
    let said: String = survey
        .glyphs
        .iter()
        .filter_map(|glyph| glyph.text.as_deref())
        .flat_map(str::chars)
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    let needs_viewer = catalog.get::<bool>("NeedsRendering").unwrap_or(false);
    let asks = PATIENCE.iter().any(|words| said.contains(words));
    !has_fields && (asks || (needs_viewer && said.is_empty()))
}
