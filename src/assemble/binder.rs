//! Binds `packet.pdf`, page by page: a page's pixels are packed and let go
//! before the next one comes, so that a binder never holds more than the
//! packet itself and one page.

use lopdf::{Document, Object, ObjectId, dictionary};
use serde::{Deserialize, Serialize};

use super::pdf::draw::Drawing;
use super::pdf::geometry::{Matrix, Placement, Rect};
use super::pdf::helvetica::Face;
use super::pdf::import::{Importer, stream};
use super::pdf::outline::{self, Signpost};
use super::pdf::{glyphless, image, text_layer};
use super::summary::{self, Summary};
use crate::decode::pages::Raster;
use crate::recognize::recognized::{RecognizedPage, Rotation};
use crate::vocab::PageNumber;

/// Why a packet could not be bound. Every variant is permanent for these
/// bytes; after [`Binder::import_pdf`] failed, the pages can still be bound as
/// pixels.
#[derive(Debug, thiserror::Error)]
pub enum AssembleError {
    /// The original PDF wants a password.
    #[error("the original is encrypted")]
    Encrypted,
    /// The original holds fewer pages than were read.
    #[error("the original has no such page")]
    NoSuchPage,
    /// The original's page tree is damaged: we count other pages in it than
    /// the station that decoded it, and might bind the wrong one.
    #[error("the original's pages are counted differently")]
    PageCount,
    /// A raster without pixels.
    #[error("a page has no pixels")]
    EmptyPage,
    /// The pixels could not be packed.
    #[error("a page's pixels could not be packed")]
    Image,
    /// The original's, or the packet's, structure.
    #[error("the PDF structure could not be read or written")]
    Structure(#[source] Box<lopdf::Error>),
    /// The packet could not be written out.
    #[error("the packet could not be written")]
    Write(#[source] std::io::Error),
}

impl From<lopdf::Error> for AssembleError {
    fn from(error: lopdf::Error) -> Self {
        Self::Structure(Box::new(error))
    }
}

/// Pages of a file that are bound, where they are not all or are counted
/// otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cut {
    /// The page of the file that each bound page is.
    pub pages: Vec<PageNumber>,
    /// How many pages the file has.
    pub of: u32,
}

impl Cut {
    /// All pages, as they are counted.
    pub fn none(pages: &[RecognizedPage], of: u32) -> Self {
        Self { pages: pages.iter().map(|page| page.number).collect(), of }
    }
}

/// A packet in the making: summary first, then pages in the order they are
/// handed over.
pub struct Binder {
    document: Document,
    tree: ObjectId,
    hidden_font: ObjectId,
    layers: Option<Object>,
    signposts: Vec<Signpost>,
    summary: Summary,
}

impl Binder {
    /// Begins with the summary pages.
    pub fn new(summary: Summary) -> Self {
        let mut document = Document::with_version("1.7");
        let tree = document.new_object_id();
        let hidden_font = glyphless::add(&mut document);
        let mut binder =
            Self { document, tree, hidden_font, layers: None, signposts: Vec::new(), summary };
        for drawing in summary::pages(&binder.summary) {
            let page = binder.drawn_page(drawing, (summary::WIDTH, summary::HEIGHT), None);
            binder.signposts.push(Signpost { page, title: "Summary".to_owned(), number: None });
        }
        binder
    }

    /// Adds a page as pixels. `raster` is already upright; `read` is the same
    /// page as read.
    pub fn raster_page(
        &mut self,
        raster: &Raster,
        read: &RecognizedPage,
    ) -> Result<(), AssembleError> {
        let (width, height) = image::page_size(raster);
        let image = self.document.add_object(image::encode(raster)?);
        let mut drawing = Drawing::default();
        drawing.xobject(Matrix::scale(width, height), "P");
        let bounds = Rect { x0: 0.0, y0: 0.0, x1: width, y1: height };
        let placement = Placement { bounds, rotation: Rotation::None };
        text_layer::draw(&mut drawing, &read.lines, placement, |_| true);
        let page = self.drawn_page(drawing, (width, height), Some(image));
        self.sign(page, read);
        Ok(())
    }

    /// Adds a leaf in place of a page that could not be decoded, so that every
    /// page of the original has its place.
    pub fn missing_page(&mut self, read: &RecognizedPage) {
        let drawing = summary::missing_page(read.number);
        let page = self.drawn_page(drawing, (summary::WIDTH, summary::HEIGHT), None);
        self.sign(page, read);
    }

    /// Adds pages of an original that is a PDF, as they are. All of `pages`
    /// are added or, on failure, none.
    pub fn import_pdf(
        &mut self,
        original: &[u8],
        pages: &[RecognizedPage],
    ) -> Result<(), AssembleError> {
        let all = Cut::none(pages, self.summary.document.pages);
        self.import_cut(original, pages, &all)
    }

    /// The same, of pages that are counted otherwise in the original.
    pub fn import_cut(
        &mut self,
        original: &[u8],
        pages: &[RecognizedPage],
        cut: &Cut,
    ) -> Result<(), AssembleError> {
        let max_id = self.document.max_id;
        match self.try_import(original, pages, cut) {
            Ok((ids, layers)) => {
                self.layers = layers;
                for (page, read) in ids.into_iter().zip(pages) {
                    self.sign(page, read);
                }
                Ok(())
            }
            Err(error) => {
                // Whatever was copied has a higher number than what was there.
                self.document.objects.retain(|id, _| id.0 <= max_id);
                self.document.max_id = max_id;
                Err(error)
            }
        }
    }

    fn try_import(
        &mut self,
        original: &[u8],
        pages: &[RecognizedPage],
        cut: &Cut,
    ) -> Result<(Vec<ObjectId>, Option<Object>), AssembleError> {
        let mut importer = Importer::open(original, &mut self.document)?;
        if importer.page_count() != cut.of as usize {
            return Err(AssembleError::PageCount);
        }
        let import = |(read, number): (&RecognizedPage, &PageNumber)| {
            importer.page(read, *number, self.tree, self.hidden_font)
        };
        let ids = pages.iter().zip(&cut.pages).map(import).collect::<Result<_, _>>()?;
        Ok((ids, importer.layers()?))
    }

    /// The bytes of the packet.
    pub fn finish(mut self) -> Result<Vec<u8>, AssembleError> {
        let kids: Vec<Object> = self.signposts.iter().map(|post| post.page.into()).collect();
        let tree = dictionary! {
            "Type" => "Pages",
            "Count" => kids.len() as i64,
            "Kids" => kids,
        };
        self.document.set_object(self.tree, tree);
        let mut catalog = dictionary! {
            "Type" => "Catalog",
            "Pages" => self.tree,
            "PageLabels" => outline::labels(&self.signposts),
            "PageMode" => "UseOutlines",
            "Lang" => Object::string_literal("en-US"),
            "ViewerPreferences" => dictionary! { "DisplayDocTitle" => true },
        };
        // One bookmark for the summary, however long it is.
        let mut posts = self.signposts.clone();
        posts.dedup_by_key(|post| (post.number, post.title.clone()));
        if let Some(outline) = outline::bookmarks(&mut self.document, &posts) {
            catalog.set("Outlines", outline);
        }
        if let Some(layers) = self.layers.take() {
            catalog.set("OCProperties", layers);
        }
        let catalog = self.document.add_object(catalog);
        // The title is the reference and nothing else: viewers show it in
        // window lists, search engines in results.
        let info = self.document.add_object(dictionary! {
            "Title" => outline::text_string(self.summary.title()),
            "Producer" => Object::string_literal("Intake"),
        });
        self.document.trailer.set("Root", catalog);
        self.document.trailer.set("Info", info);
        let mut bytes = Vec::new();
        self.document.save_to(&mut bytes).map_err(AssembleError::Write)?;
        Ok(bytes)
    }

    fn drawn_page(
        &mut self,
        drawing: Drawing,
        (width, height): (f32, f32),
        image: Option<ObjectId>,
    ) -> ObjectId {
        let contents = self.document.add_object(stream(dictionary! {}, drawing.into_bytes()));
        let mut resources = dictionary! {
            "Font" => dictionary! {
                "F1" => Face::Regular.dictionary(),
                "F2" => Face::Bold.dictionary(),
                "G" => self.hidden_font,
            },
        };
        if let Some(image) = image {
            resources.set("XObject", dictionary! { "P" => image });
        }
        self.document.add_object(dictionary! {
            "Type" => "Page",
            "Parent" => self.tree,
            "MediaBox" => Rect { x0: 0.0, y0: 0.0, x1: width, y1: height }.to_object(),
            "Resources" => resources,
            "Contents" => contents,
        })
    }

    fn sign(&mut self, page: ObjectId, read: &RecognizedPage) {
        let number = read.number.get();
        let title = format!("{number} {}", self.summary.kind_of(read.number));
        self.signposts.push(Signpost { page, title, number: Some(number) });
    }
}
