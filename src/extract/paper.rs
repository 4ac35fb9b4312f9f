//! The document laid out for reading: every page with its labels, its phrases
//! and its kind.

use jiff::civil::Date;

use super::cues::{Cues, PageTag};
use super::findings::{PageKind, Part};
use super::kinds;
use super::labels::Form;
use super::layout::Sheet;
use super::phrase::Hit;
use crate::recognize::recognized::{Recognized, RecognizedPage};
use crate::vocab::codes::CodeTable;
use crate::vocab::{Answer, PageNumber};

/// All that the finders of this station look at.
#[derive(Debug)]
pub struct Paper<'a> {
    /// How things look.
    pub cues: &'a Cues,
    /// Which codes exist.
    pub codes: &'a CodeTable,
    /// The pages, in file order.
    pub leaves: Vec<Leaf<'a>>,
    /// The day of receipt in the program's zone.
    pub received_on: Date,
    /// What second looks saw.
    pub answers: &'a [Answer],
}

/// A page.
#[derive(Debug)]
pub struct Leaf<'a> {
    /// Words, cells, labels.
    pub form: Form<'a>,
    /// Phrases of the page lexicon; none inside a confidentiality paragraph.
    pub hits: Vec<Hit<PageTag>>,
    /// What the page is.
    pub kind: PageKind,
}

impl<'a> Paper<'a> {
    /// Lays out a document.
    pub fn new(
        cues: &'a Cues,
        codes: &'a CodeTable,
        recognized: &'a Recognized,
        received_on: Date,
        answers: &'a [Answer],
    ) -> Self {
        let leaves =
            recognized.pages.iter().map(|page| Leaf::new(cues, Sheet::new(page))).collect();
        Self { cues, codes, leaves, received_on, answers }
    }

    /// Takes out the pages of all parts but the first.
    pub fn set_aside(&mut self, parts: &[Part]) -> Vec<Leaf<'a>> {
        let [first, _, ..] = parts else { return Vec::new() };
        let (kept, others) = std::mem::take(&mut self.leaves)
            .into_iter()
            .partition(|leaf| first.pages.contains(&leaf.number()));
        self.leaves = kept;
        others
    }

    /// Puts pages back in their order.
    pub fn put_back(&mut self, leaves: Vec<Leaf<'a>>) {
        self.leaves.extend(leaves);
        self.leaves.sort_by_key(Leaf::number);
    }
}

impl<'a> Leaf<'a> {
    fn new(cues: &Cues, sheet: Sheet<'a>) -> Self {
        let hits = cues.page_lexicon.find(&sheet);
        let form = Form::new(sheet, &cues.field_lexicon);
        let kind = kinds::classify(&cues.kinds, &form, &hits);
        let private = private_cells(&form.sheet, &hits);
        let hits = hits
            .into_iter()
            .filter(|h| {
                h.tag == PageTag::Private || !private.contains(&form.sheet.cell_of(h.first))
            })
            .collect();
        Self { form, hits, kind }
    }

    /// A note that came beside the document, laid out as a page.
    pub fn of_note(cues: &Cues, page: &'a RecognizedPage) -> Self {
        Self::new(cues, Sheet::new(page))
    }

    /// Which page.
    pub fn number(&self) -> PageNumber {
        self.form.sheet.number
    }

    /// Hits of one tag.
    pub fn tagged(&self, tag: PageTag) -> impl Iterator<Item = &Hit<PageTag>> + '_ {
        self.hits.iter().filter(move |h| h.tag == tag)
    }
}

/// Cells of confidentiality paragraphs: from a phrase that begins or belongs
/// to one, down as long as the lines follow each other closely.
fn private_cells(sheet: &Sheet<'_>, hits: &[Hit<PageTag>]) -> Vec<usize> {
    let mut cells = Vec::new();
    for hit in hits.iter().filter(|h| h.tag == PageTag::Private) {
        let mut cell = sheet.cell_of(hit.first);
        cells.push(cell);
        while let Some(next) = sheet.below(cell).next() {
            let (a, b) = (sheet.cells[cell].bbox, sheet.cells[next].bbox);
            let close = b.center_y() - a.center_y() <= 1.9 * a.height().max(sheet.line_height);
            // A paragraph ends with its first short line.
            let full = a.width() >= 0.35 || cell == sheet.cell_of(hit.first);
            if !close || !full || cells.contains(&next) {
                break;
            }
            cells.push(next);
            cell = next;
        }
    }
    cells
}
