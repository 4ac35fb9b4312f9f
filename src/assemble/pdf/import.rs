//! Pages of somebody else's PDF, taken over as they are: vectors stay
//! vectors.
//!
//! Each page's content becomes a form of its own, so that neither its
//! resource names nor a graphics state it forgot to restore touch what we add.
//! Only what the content needs is copied: no scripts, links, attachments,
//! signatures or metadata come along. Form fields and stamps are drawn into
//! the page, since without the form around them viewers may not show them.

use std::collections::HashMap;

use lopdf::content::Content;
use lopdf::{Dictionary, Document, LoadOptions, Object, ObjectId, Stream, dictionary};

use super::draw::{Drawing, Rgb};
use super::fields;
use super::geometry::{Matrix, Placement, Rect};
use super::helvetica::Face;
use super::text_layer;
use crate::assemble::AssembleError;
use crate::recognize::recognized::{RecognizedPage, Rotation, Word};
use crate::vocab::{EvidenceSource, PageNumber};

/// Bytes one page's content, or one object stream, may unpack to: forty times
/// the largest engineering drawing met, and far below a reader's memory.
const MOST_UNPACKED: usize = 64 << 20;
/// How far up the page tree an inherited attribute is looked for. Real trees
/// are three or four deep; a hostile one may be a ring.
const DEEPEST_TREE: usize = 64;

/// A PDF whose pages are being copied.
pub struct Importer<'a> {
    source: Document,
    pages: Vec<ObjectId>,
    target: &'a mut Document,
    /// Where each object went.
    copied: HashMap<ObjectId, ObjectId>,
    /// Objects that have a place and no content yet.
    waiting: Vec<ObjectId>,
}

impl<'a> Importer<'a> {
    /// Opens `original`, with the empty password if it wants one.
    pub fn open(original: &[u8], target: &'a mut Document) -> Result<Self, AssembleError> {
        let options = LoadOptions::with_max_decompressed_size(MOST_UNPACKED);
        let source = Document::load_mem_with_options(original, options)?;
        if source.is_encrypted() {
            return Err(AssembleError::Encrypted);
        }
        let pages = source.page_iter().collect();
        Ok(Self { source, pages, target, copied: HashMap::new(), waiting: Vec::new() })
    }

    /// How many pages the original holds.
    pub fn page_count(&self) -> usize {
        self.pages.len()
    }

    /// Copies one page of the original, with the words that were read from its
    /// pixels laid over it. `tree` is the page tree it joins, `hidden_font` the font of
    /// the words.
    pub fn page(
        &mut self,
        read: &RecognizedPage,
        number: PageNumber,
        tree: ObjectId,
        hidden_font: ObjectId,
    ) -> Result<ObjectId, AssembleError> {
        let id = *self.pages.get(number.index()).ok_or(AssembleError::NoSuchPage)?;
        let placement = self.placement(id, read.rotation);
        let from_pixels = |word: &Word| word.source == EvidenceSource::Ocr;
        let ocred = read.lines.iter().flat_map(|line| line.words()).any(from_pixels);

        let content = self.content(id, placement.bounds, ocred)?;
        let mut xobjects = dictionary! { "P" => content };
        let mut drawing = Drawing::default();
        drawing.xobject(Matrix::IDENTITY, "P");
        self.annotations(id, &mut drawing, &mut xobjects)?;
        text_layer::draw(&mut drawing, &read.lines, placement, from_pixels);
        self.copy_waiting()?;

        let contents = self.target.add_object(stream(dictionary! {}, drawing.into_bytes()));
        let mut page = dictionary! {
            "Type" => "Page",
            "Parent" => tree,
            "MediaBox" => placement.bounds.to_object(),
            "Rotate" => i64::from(placement.rotation.degrees()),
            "Resources" => dictionary! {
                "XObject" => xobjects,
                "Font" => dictionary! {
                    "F1" => Face::Regular.dictionary(),
                    "G" => hidden_font,
                },
            },
            "Contents" => contents,
        };
        if let Some(unit) = self.own(id, b"UserUnit").and_then(|unit| unit.as_float().ok()) {
            page.set("UserUnit", unit);
        }
        Ok(self.target.add_object(page))
    }

    /// Which layers are shown when the document is opened, if it has layers.
    pub fn layers(&mut self) -> Result<Option<Object>, AssembleError> {
        let layers =
            self.source.catalog().and_then(|catalog| catalog.get(b"OCProperties")).cloned();
        let layers = layers.ok().map(|layers| self.copy(&layers));
        self.copy_waiting()?;
        Ok(layers)
    }

    /// What of the page is shown, and how it is to be turned: as its file
    /// says, and further as the reading found.
    fn placement(&self, page: ObjectId, found: Rotation) -> Placement {
        let rect = |key| {
            let value = self.inherited(page, key)?;
            Rect::parse(&self.source, value).filter(|rect| !rect.is_empty())
        };
        let media: Rect = rect(b"MediaBox".as_slice()).unwrap_or(Rect::LETTER);
        let crop = rect(b"CropBox".as_slice()).map_or(media, |crop| crop.intersect(media));
        let own = self.inherited(page, b"Rotate").and_then(|turn| turn.as_float().ok());
        let degrees = (own.unwrap_or(0.0) as i32).rem_euclid(360) as u16 / 90 * 90;
        let total = (degrees + found.degrees()) % 360;
        Placement {
            bounds: if crop.is_empty() { media } else { crop },
            rotation: Rotation::try_from(total).unwrap_or_default(),
        }
    }

    /// The page's content as a form. When words are going to be laid over it,
    /// hidden words that some other OCR left are taken out: nothing twice.
    fn content(
        &mut self,
        page: ObjectId,
        bounds: Rect,
        drop_hidden: bool,
    ) -> Result<ObjectId, AssembleError> {
        let mut bytes = self.source.get_page_content_with_limit(page, MOST_UNPACKED)?;
        if drop_hidden && let Some(without) = without_hidden_text(&bytes) {
            bytes = without;
        }
        let resources = self.inherited(page, b"Resources").cloned();
        let resources =
            resources.map_or_else(|| dictionary! {}.into(), |object| self.copy(&object));
        let mut dict = dictionary! {
            "Type" => "XObject",
            "Subtype" => "Form",
            "BBox" => bounds.to_object(),
            "Resources" => resources,
        };
        // A transparency group names the colours the page is blended in.
        if let Some(group) = self.own(page, b"Group").cloned() {
            let group = self.copy(&group);
            dict.set("Group", group);
        }
        Ok(self.target.add_object(stream(dict, bytes)))
    }

    /// Draws fields, stamps and notes as they look in the original.
    fn annotations(
        &mut self,
        page: ObjectId,
        drawing: &mut Drawing,
        xobjects: &mut Dictionary,
    ) -> Result<(), AssembleError> {
        for look in fields::visible(&self.source, self.own(page, b"Annots")) {
            match look {
                fields::Look::Form { form, matrix } => {
                    let name = format!("A{}", xobjects.len());
                    drawing.xobject(matrix, &name);
                    xobjects.set(name, self.form(form)?);
                }
                fields::Look::Text { x, y, size, text } => {
                    drawing.text(x, y, Face::Regular, size, Rgb(0.0, 0.0, 0.0), &text);
                }
            }
        }
        Ok(())
    }

    /// An appearance as a form in its own right: a viewer that meets it as an
    /// appearance knows that it is a form, and many a program leaves it at
    /// that.
    fn form(&mut self, id: ObjectId) -> Result<Object, AssembleError> {
        let place = self.place(id);
        self.copy_waiting()?;
        if let Ok(Object::Stream(form)) =
            place.as_reference().and_then(|place| self.target.get_object_mut(place))
        {
            form.dict.set("Type", "XObject");
            form.dict.set("Subtype", "Form");
        }
        Ok(place)
    }

    /// The value of a page's own key, references followed.
    fn own(&self, page: ObjectId, key: &[u8]) -> Option<&Object> {
        let value = self.source.get_dictionary(page).ok()?.get(key).ok()?;
        Some(self.source.dereference(value).ok()?.1)
    }

    /// The value of a page's key or of the nearest node above that has it.
    fn inherited(&self, page: ObjectId, key: &[u8]) -> Option<&Object> {
        let mut node = self.source.get_dictionary(page).ok()?;
        for _ in 0..DEEPEST_TREE {
            if let Ok(value) = node.get(key) {
                return Some(self.source.dereference(value).ok()?.1);
            }
            node = self.source.get_dict_in_dict(node, b"Parent").ok()?;
        }
        None
    }

    /// `object` with its references renamed; what they point to is queued.
    fn copy(&mut self, object: &Object) -> Object {
        match object {
            Object::Reference(id) => self.place(*id),
            Object::Array(items) => Object::Array(items.iter().map(|i| self.copy(i)).collect()),
            Object::Dictionary(dict) => Object::Dictionary(self.copy_dict(dict)),
            Object::Stream(stream) => {
                let mut copy = stream.clone();
                copy.dict = self.copy_dict(&stream.dict);
                Object::Stream(copy)
            }
            Object::Null
            | Object::Boolean(_)
            | Object::Integer(_)
            | Object::Real(_)
            | Object::Name(_)
            | Object::String(..) => object.clone(),
        }
    }

    fn copy_dict(&mut self, dict: &Dictionary) -> Dictionary {
        let mut copy = Dictionary::new();
        for (key, value) in dict {
            // These lead from a form back to the document's structure, and
            // from there to everything that is not to come along.
            if !matches!(key.as_slice(), b"StructParent" | b"StructParents" | b"AA" | b"Metadata") {
                copy.set(key.clone(), self.copy(value));
            }
        }
        copy
    }

    /// A reference to where the object of this id goes. A page or page tree
    /// that somebody points to from within a page stays behind.
    fn place(&mut self, id: ObjectId) -> Object {
        let Ok(object) = self.source.get_object(id) else { return Object::Null };
        let is_page = object.as_dict().is_ok_and(|dict| {
            dict.has_type(b"Page") || dict.has_type(b"Pages") || dict.has_type(b"Catalog")
        });
        if is_page {
            return Object::Null;
        }
        if let Some(&place) = self.copied.get(&id) {
            return Object::Reference(place);
        }
        let place = self.target.new_object_id();
        self.copied.insert(id, place);
        self.waiting.push(id);
        Object::Reference(place)
    }

    fn copy_waiting(&mut self) -> Result<(), AssembleError> {
        while let Some(id) = self.waiting.pop() {
            let object = self.source.get_object(id)?.clone();
            let copy = self.copy(&object);
            self.target.set_object(self.copied[&id], copy);
        }
        Ok(())
    }
}

/// A stream, packed where that makes it smaller.
pub fn stream(dict: Dictionary, content: Vec<u8>) -> Stream {
    let mut stream = Stream::new(dict, content);
    // Left as it is, the stream is larger and just as right.
    let _ = stream.compress();
    stream
}

/// `content` without the text it shows in render mode 3; `None` when there is
/// none, or when it cannot be told for sure.
fn without_hidden_text(content: &[u8]) -> Option<Vec<u8>> {
    if !content.windows(2).any(|pair| pair == b"Tr") {
        return None;
    }
    let mut decoded = Content::decode(content).ok()?;
    let mut hidden = false;
    let mut saved = Vec::new();
    let before = decoded.operations.len();
    decoded.operations.retain(|operation| {
        match operation.operator.as_str() {
            "q" => saved.push(hidden),
            "Q" => hidden = saved.pop().unwrap_or(false),
            "Tr" => {
                hidden = operation.operands.first().and_then(|mode| mode.as_i64().ok()) == Some(3);
            }
            "Tj" | "TJ" | "'" | "\"" => return !hidden,
            _ => {}
        }
        true
    });
    if decoded.operations.len() == before { None } else { decoded.encode().ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hidden_text_is_taken_out() {
        let content = b"BT (seen) Tj q 3 Tr (hidden) Tj Q (seen too) Tj ET";
        let without = String::from_utf8(without_hidden_text(content).unwrap()).unwrap();
        assert!(without.contains("(seen)") && without.contains("(seen too)"));
        assert!(!without.contains("hidden"));
        assert_eq!(without_hidden_text(b"BT 0 Tr (seen) Tj ET"), None);
    }
}
