//! Set pages become a PDF: the text with its true characters, tick boxes as
//! form fields, pictures as they are.

use std::collections::HashMap;
use std::fmt::Write as _;

use lopdf::{Dictionary, Document, Object, ObjectId, Stream, StringFormat, dictionary};

use super::face::{self, Font, Fonts};
use super::layout::{Mark, Sheet};
use super::media::Image;
use super::model::Tick;

/// The PDF's bytes; `None` if they cannot be written.
pub(super) fn pdf(sheets: Vec<Sheet>, images: Vec<Image>) -> Option<Vec<u8>> {
    let mut writer = Writer {
        document: Document::with_version("1.7"),
        fonts: Fonts::default(),
        fields: Vec::new(),
        faces: HashMap::new(),
    };
    let images: Vec<ObjectId> =
        images.into_iter().map(|image| writer.document.add_object(image.stream)).collect();
    let tree = writer.document.new_object_id();
    let resources = writer.document.new_object_id();
    let pages: Vec<Object> = sheets
        .into_iter()
        .map(|sheet| writer.page(sheet, &images, tree, resources).into())
        .collect();
    let count = i64::try_from(pages.len()).ok()?;
    let document = &mut writer.document;
    let fonts = writer.fonts.dictionaries(|map| document.add_object(map).into());
    document.objects.insert(resources, fonts.into());
    let root = dictionary! { "Type" => "Pages", "Kids" => pages, "Count" => count };
    document.objects.insert(tree, root.into());
    let mut catalog = dictionary! { "Type" => "Catalog", "Pages" => tree };
    if !writer.fields.is_empty() {
        catalog.set("AcroForm", dictionary! { "Fields" => writer.fields });
    }
    let catalog = document.add_object(catalog);
    document.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).ok()?;
    Some(bytes)
}

struct Writer {
    document: Document,
    fonts: Fonts,
    fields: Vec<Object>,
    /// How a tick box looks, by side (in tenths of a point) and state.
    faces: HashMap<(u32, bool), ObjectId>,
}

impl Writer {
    /// `fonts` is the object that will hold the fonts of all pages.
    fn page(
        &mut self,
        sheet: Sheet,
        images: &[ObjectId],
        tree: ObjectId,
        fonts: ObjectId,
    ) -> ObjectId {
        let mut content = String::from("0.6 w\n");
        let mut shown = Dictionary::new();
        let mut widgets: Vec<Object> = Vec::new();
        for mark in sheet.marks {
            match mark {
                Mark::Text { x, y, size, bold, text } => {
                    self.text(&mut content, x, sheet.height - y, size, bold, &text);
                }
                Mark::Line { from, to } => {
                    let (y0, y1) = (sheet.height - from.1, sheet.height - to.1);
                    let _ = writeln!(content, "{:.2} {y0:.2} m {:.2} {y1:.2} l S", from.0, to.0);
                }
                Mark::Image { x, y, width, height, index } => {
                    let Some(image) = images.get(index) else { continue };
                    let bottom = sheet.height - y - height;
                    let _ = writeln!(
                        content,
                        "q {width:.3} 0 0 {height:.3} {x:.3} {bottom:.3} cm /I{index} Do Q"
                    );
                    shown.set(format!("I{index}"), *image);
                }
                Mark::Tick { x, y, side, tick } => {
                    let top = sheet.height - y;
                    let rect = [x, top - side, x + side, top].map(Object::from).to_vec();
                    widgets.push(self.widget(&tick, side, rect).into());
                }
            }
        }
        self.fields.extend(widgets.iter().cloned());
        let mut stream = Stream::new(dictionary! {}, content.into_bytes());
        // Uncompressed is as good, only larger.
        let _ = stream.compress();
        let contents = self.document.add_object(stream);
        let mut page = dictionary! {
            "Type" => "Page",
            "Parent" => tree,
            "MediaBox" => vec![0.into(), 0.into(), sheet.width.into(), sheet.height.into()],
            "Resources" => dictionary! { "Font" => fonts, "XObject" => shown },
            "Contents" => contents,
        };
        if !widgets.is_empty() {
            page.set("Annots", widgets);
        }
        self.document.add_object(page)
    }

    /// Text on one baseline, in as many pieces as it needs fonts.
    fn text(&mut self, content: &mut String, x: f32, y: f32, size: f32, bold: bool, text: &str) {
        let mut x = x;
        let mut piece: Option<(Font, f32, String)> = None;
        for character in text.chars() {
            let coded = self.fonts.code(character, bold);
            let same = piece.as_ref().is_some_and(|(font, ..)| *font == coded.font);
            if !same {
                show(content, piece.take(), y, size);
                piece = Some((coded.font, x, String::new()));
            }
            if let Some((_, _, codes)) = &mut piece {
                let _ = write!(codes, "{:02X}", coded.code);
            }
            x += f32::from(face::width(character, bold)) * size / 1000.0;
        }
        show(content, piece, y, size);
    }

    fn widget(&mut self, tick: &Tick, side: f32, rect: Vec<Object>) -> ObjectId {
        let on = self.face(side, true);
        let off = self.face(side, false);
        let state = if tick.on { "Yes" } else { "Off" };
        // Fields must differ in name; the maker's name may come often.
        let name = format!("{} {}", tick.name, self.fields.len() + 1);
        let name: Vec<u8> = [0xFE, 0xFF]
            .into_iter()
            .chain(name.trim().encode_utf16().flat_map(u16::to_be_bytes))
            .collect();
        self.document.add_object(dictionary! {
            "Type" => "Annot",
            "Subtype" => "Widget",
            "FT" => "Btn",
            "T" => Object::String(name, StringFormat::Hexadecimal),
            "F" => 4,
            "Rect" => rect,
            "V" => state,
            "AS" => state,
            "AP" => dictionary! { "N" => dictionary! { "Yes" => on, "Off" => off } },
        })
    }

    /// A square, crossed if it is ticked.
    fn face(&mut self, side: f32, on: bool) -> ObjectId {
        let key = ((side * 10.0) as u32, on);
        if let Some(known) = self.faces.get(&key) {
            return *known;
        }
        let inner = side - 1.0;
        let mut drawn = format!("0.8 w 0.5 0.5 {inner:.2} {inner:.2} re S\n");
        if on {
            let (low, high) = (2.0, side - 2.0);
            let _ = writeln!(
                drawn,
                "1.2 w {low:.2} {low:.2} m {high:.2} {high:.2} l S {low:.2} {high:.2} m {high:.2} {low:.2} l S"
            );
        }
        let form = Stream::new(
            dictionary! {
                "Type" => "XObject",
                "Subtype" => "Form",
                "BBox" => vec![0.into(), 0.into(), side.into(), side.into()],
            },
            drawn.into_bytes(),
        );
        let id = self.document.add_object(form);
        self.faces.insert(key, id);
        id
    }
}

fn show(content: &mut String, piece: Option<(Font, f32, String)>, y: f32, size: f32) {
    if let Some((font, x, codes)) = piece {
        let name = font.name();
        let _ = writeln!(content, "BT /{name} {size:.1} Tf {x:.2} {y:.2} Td <{codes}> Tj ET");
    }
}
