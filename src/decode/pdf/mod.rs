//! PDF: a page that consists of scanned images comes out as those images, dot
//! by dot; one of text and rules as its words and tick boxes, without a pixel;
//! every other page is drawn. Visible text and form fields come along.

mod annotations;
mod attached;
mod boxes;
mod catalog;
mod filled;
mod form;
mod judge;
mod lines;
mod mend;
mod paste;
mod render;
mod shapes;
mod sight;
mod survey;
#[cfg(test)]
pub(super) mod tests;
mod text_string;
mod words;

use std::sync::Arc;

use hayro::hayro_syntax::object::{Object, Stream};
use hayro::hayro_syntax::page as pdf_page;
use hayro::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};

use self::annotations::Undrawn;
pub(super) use self::attached::Attached;
use self::judge::Verdict;
use self::survey::Survey;
use super::grey;
use super::guard::contained;
use super::pages::{DrawnBox, Inventory, MediaType, Page, Raster, Sight, TextWord};
use super::{Limits, Unreadable};
use crate::vocab::{Note, PageNumber};

const KIND: &str = "a PDF";

/// An opened PDF.
pub(super) struct PdfFile {
    pdf: Pdf,
    /// The text layer is known to say what is seen.
    trusted: bool,
}

impl PdfFile {
    pub(super) fn open(bytes: Arc<[u8]>, limits: &Limits) -> Result<(Self, Inventory), Unreadable> {
        let ends = has_end_mark(&bytes);
        let mut mended = false;
        let pdf = load(Arc::clone(&bytes)).or_else(|error| match error {
            // What broke off may have lost pages that nothing tells of.
            LoadPdfError::Invalid if ends => {
                mended = true;
                let bytes = mend::with_new_root(&bytes).ok_or(error)?;
                load(bytes.into()).map_err(|_| error)
            }
            LoadPdfError::Invalid | LoadPdfError::Decryption(_) => Err(error),
        });
        let pdf = pdf.map_err(|error| match error {
            LoadPdfError::Decryption(DecryptionError::PasswordProtected) => Unreadable::Password,
            LoadPdfError::Decryption(_) => Unreadable::Encryption,
            LoadPdfError::Invalid if !ends => Unreadable::Truncated,
            LoadPdfError::Invalid => {
                Unreadable::Damaged { kind: KIND, what: "no page can be found in it" }
            }
        })?;
        let uncropped = contained(|| mend::without_empty_crops(&bytes, pdf.pages())).flatten();
        let pdf = uncropped.and_then(|bytes| load(bytes.into()).ok()).unwrap_or(pdf);
        let pages = u32::try_from(pdf.pages().len()).unwrap_or(u32::MAX);
        if pages == 0 {
            return Err(Unreadable::Damaged { kind: KIND, what: "it holds no page" });
        }
        if pages > limits.max_pages {
            return Err(Unreadable::TooManyPages { pages, limit: limits.max_pages });
        }
        if contained(|| catalog::is_dynamic_form(&pdf, limits)).unwrap_or(false) {
            return Err(Unreadable::DynamicForm);
        }
        let mut notes = contained(|| catalog::notes(&pdf, pages)).unwrap_or_default();
        if mended {
            notes.push(Note::document(
                "file.mended",
                "The PDF's list of pages is broken; its pages were searched for. Some may be missing or in another order.",
            ));
        }
        Ok((Self { pdf, trusted: false }, Inventory { media_type: MediaType::Pdf, pages, notes }))
    }

    /// The same file, whose text is ours and not to be doubted.
    pub(super) fn trusted(self) -> Self {
        Self { trusted: true, ..self }
    }

    /// Files attached inside.
    pub(super) fn attached(&self, limits: &Limits) -> Attached {
        contained(|| attached::attached(&self.pdf, limits)).unwrap_or_default()
    }

    pub(super) fn page(&self, number: PageNumber, limits: &Limits) -> Result<Page, Unreadable> {
        let sheet = self.sheet(number, limits)?;
        let survey = &sheet.survey;
        let mut notes = sheet.undrawn.notes.clone();
        let verdict = if self.trusted { Verdict::Trusted } else { judge::judge(&survey.glyphs) };
        note_doubts(survey, verdict, number, &mut notes);
        let told = told(survey, verdict);
        let (sight, text, boxes) = match told {
            Some(told) => (Sight::Told { inches: survey.size.inches() }, told.text, told.boxes),
            None => {
                let raster = sheet.drawn(limits, &mut notes)?;
                let text = match verdict {
                    Verdict::Trusted => words::words(&survey.glyphs, &survey.size, Some(&raster)),
                    Verdict::NoText | Verdict::Distrusted(_) => Vec::new(),
                };
                let text = without_stamps(text, survey, number, &mut notes);
                (Sight::Pixels(raster), text, Vec::new())
            }
        };
        let form = contained(|| form::form(sheet.page, number)).unwrap_or_default();
        notes.extend(form.notes);
        let mut fields =
            filled::as_seen(form.fields, survey, &sheet.undrawn.places, number, &mut notes);
        fields.extend(sheet.undrawn.notes_typed);
        let is_scan = matches!(sight, Sight::Pixels(_)) && text.is_empty();
        let hidden = if is_scan { hidden(survey) } else { Vec::new() };
        let pictures = if text.is_empty() { Vec::new() } else { survey.pictures() };
        Ok(Page { number, sight, text, hidden, pictures, boxes, fields, notes })
    }

    pub(super) fn raster(&self, number: PageNumber, limits: &Limits) -> Result<Raster, Unreadable> {
        self.sheet(number, limits)?.drawn(limits, &mut Vec::new())
    }

    fn sheet(&self, number: PageNumber, limits: &Limits) -> Result<Sheet<'_>, Unreadable> {
        let page = &self.pdf.pages()[number.index()];
        if content_is_lost(page) {
            return Err(Unreadable::PageDamaged { page: number, what: "its content is broken" });
        }
        let undrawn = contained(|| annotations::undrawn(page, number)).unwrap_or_default();
        let survey = survey::survey(page, &undrawn.strokes, number, limits)?;
        Ok(Sheet { number, page, undrawn, survey })
    }
}

fn load(bytes: Arc<[u8]>) -> Result<Pdf, LoadPdfError> {
    contained(|| Pdf::new(Arc::new(bytes))).unwrap_or(Err(LoadPdfError::Invalid))
}

/// A page that was gone through, and not drawn.
struct Sheet<'p> {
    number: PageNumber,
    page: &'p pdf_page::Page<'p>,
    undrawn: Undrawn,
    survey: Survey,
}

impl Sheet<'_> {
    /// Its pixels: its own where it is a scan, else as drawn.
    fn drawn(&self, limits: &Limits, notes: &mut Vec<Note>) -> Result<Raster, Unreadable> {
        let (mut raster, more) = match paste::paste(self.page, &self.survey, limits) {
            Some(pasted) => {
                let notes = pasted.notes(self.number);
                (pasted.raster, notes)
            }
            None => render::render(self.page, &self.survey, self.number, limits)?,
        };
        if self.survey.is_only_images() && more.iter().any(|n| n.code == render::IMAGE_LOST) {
            let what = "its picture cannot be decoded";
            return Err(Unreadable::PageDamaged { page: self.number, what });
        }
        annotations::draw(&self.undrawn.strokes, &mut raster, self.survey.size.per_inch);
        notes.extend(more);
        Ok(raster)
    }
}

/// The words of a hidden layer, if they are words.
fn hidden(survey: &Survey) -> Vec<TextWord> {
    match judge::judge(&survey.hidden) {
        Verdict::Trusted => words::words(&survey.hidden, &survey.size, None),
        Verdict::NoText | Verdict::Distrusted(_) => Vec::new(),
    }
}

/// What a page says that needs no drawing.
struct Told {
    text: Vec<TextWord>,
    boxes: Vec<DrawnBox>,
}

/// `None` where the page has to be drawn: its text cannot be trusted, or
/// pixels may show more than its text and lines.
fn told(survey: &Survey, verdict: Verdict) -> Option<Told> {
    if survey.text_cut || matches!(verdict, Verdict::Distrusted(_)) {
        return None;
    }
    let seen = sight::seen(survey)?;
    let boxes = boxes::boxes(survey, &seen)?;
    Some(Told { text: words::words(seen, &survey.size, None), boxes })
}

/// Whether there is a content stream that cannot be read. Drawn, such a page
/// would be blank, and a blank page is passed over.
fn content_is_lost(page: &pdf_page::Page<'_>) -> bool {
    /// Bytes; a stream of nothing is shorter under any filter.
    const SOME: usize = 32;
    /// No filter stores a stream in more than twice its own length (that is
    /// hexadecimal); one that comes out shorter broke off.
    const MOST: usize = 3;
    contained(|| {
        let stored = match page.raw().get::<Object<'_>>("Contents") {
            // A reference to nothing means no content (PDF 1.7, 7.3.10).
            None | Some(Object::Null(_)) => return false,
            Some(Object::Stream(stream)) => stream.raw_data().len(),
            Some(Object::Array(parts)) => {
                parts.iter::<Stream<'_>>().map(|part| part.raw_data().len()).sum()
            }
            Some(_) => return true,
        };
        let decoded = page.page_stream().map_or(0, <[u8]>::len);
        stored > SOME && decoded * MOST < stored
    })
    .unwrap_or(true)
}

fn note_doubts(survey: &Survey, verdict: Verdict, number: PageNumber, notes: &mut Vec<Note>) {
    if survey.text_cut {
        notes.push(Note::page(
            "page.text_cut",
            number,
            "The page holds more text than is taken; the rest is read from its picture only.",
        ));
    }
    if let Verdict::Distrusted(why) = verdict {
        notes.push(Note::page(
            "page.text_distrusted",
            number,
            format!("The text inside the PDF is not what is seen ({why}); the page is read from its picture."),
        ));
    }
}

/// The words of the layer, unless they are printed over a scan.
fn without_stamps(
    words: Vec<TextWord>,
    survey: &Survey,
    number: PageNumber,
    notes: &mut Vec<Note>,
) -> Vec<TextWord> {
    if words.is_empty() || !is_stamped_scan(survey, words.len()) {
        return words;
    }
    notes.push(Note::page(
        "page.stamped_scan",
        number,
        "The page is a scan with a few words printed over it; all of it is read from its picture.",
    ));
    Vec::new()
}

/// Fax services print their header line over each page they forward. Such a
/// page may lie sideways, and its few words say nothing about the rest.
fn is_stamped_scan(survey: &Survey, words: usize) -> bool {
    /// Words; two stacked header lines and a "received" stamp have some 30, the
    /// shortest letter on a picture of letterhead more than 60.
    const FEW: usize = 40;
    /// Share of the page that its pictures cover.
    const SCAN: f64 = 0.5;
    words <= FEW && survey.image_cover() >= SCAN
}

fn has_end_mark(bytes: &[u8]) -> bool {
    const TAIL: usize = 2048;
    bytes[bytes.len().saturating_sub(TAIL)..].windows(5).any(|w| w == b"%%EOF")
}

/// Size of the page as drawn, in points, rotation applied.
struct PageSize {
    width: f64,
    height: f64,
    /// Of these "points" in an inch: 72, unless the page has a unit of its own
    /// (PDF 1.7, 14.11.2).
    per_inch: f64,
}

impl PageSize {
    fn of(page: &pdf_page::Page<'_>) -> Self {
        /// Inches a side. Larger is a plan for a wall; its unit is passed over,
        /// so that it can still be drawn.
        const LARGEST: f32 = 60.0;
        let (width, height) = page.render_dimensions();
        let unit = page.raw().get::<f32>("UserUnit").unwrap_or(1.0);
        let believed = unit > 0.0 && unit * width.max(height) <= LARGEST * POINTS as f32;
        let unit = if believed { f64::from(unit) } else { 1.0 };
        Self { width: width.into(), height: height.into(), per_inch: POINTS / unit }
    }

    fn inches(&self) -> (f32, f32) {
        ((self.width / self.per_inch) as f32, (self.height / self.per_inch) as f32)
    }
}

/// Points in an inch.
const POINTS: f64 = 72.0;

fn size_in_dots(size: &PageSize, x: f64, y: f64, max: u64) -> Result<(u32, u32), Unreadable> {
    let (width, height) = (size.width / size.per_inch * x, size.height / size.per_inch * y);
    let (width, height) = (width.round(), height.round());
    let (width, height) = (width.max(1.0) as u64, height.max(1.0) as u64);
    grey::check(width, height, max)?;
    let fits = |dots: u64| u32::try_from(dots).ok();
    match (fits(width), fits(height)) {
        (Some(width), Some(height)) => Ok((width, height)),
        _ => Err(Unreadable::TooManyPixels { width, height, limit: max }),
    }
}
