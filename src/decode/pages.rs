//! What `decode` hands on: pages as pixels, with the text layer and form
//! fields where the file has them.

use image::GrayImage;
use serde::{Deserialize, Serialize};

use crate::vocab::{BBox, Note, PageNumber, Phi};

/// The kinds of file that are read, by content and never by extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MediaType {
    /// Fax and other TIFF.
    #[serde(rename = "image/tiff")]
    Tiff,
    /// PDF.
    #[serde(rename = "application/pdf")]
    Pdf,
    /// PNG.
    #[serde(rename = "image/png")]
    Png,
    /// JPEG.
    #[serde(rename = "image/jpeg")]
    Jpeg,
    /// Word (DOCX).
    #[serde(rename = "application/vnd.openxmlformats-officedocument.wordprocessingml.document")]
    Docx,
    /// None of these; nothing inside was read.
    #[serde(rename = "application/octet-stream")]
    Unknown,
}

impl MediaType {
    /// As in a `Content-Type`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tiff => "image/tiff",
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Unknown => "application/octet-stream",
        }
    }

    /// The extension of `original.<ext>`.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Tiff => "tif",
            Self::Pdf => "pdf",
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Docx => "docx",
            Self::Unknown => "bin",
        }
    }
}

/// What is known about a file once it is opened, before any page is decoded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Inventory {
    /// By content.
    pub media_type: MediaType,
    /// How many pages it holds; at least 1.
    pub pages: u32,
    /// About the file as a whole.
    pub notes: Vec<Note>,
}

/// One page, decoded, as it lies in the file (a sideways scan is sideways).
#[derive(Clone, Debug)]
pub struct Page {
    /// From 1, in file order.
    pub number: PageNumber,
    /// The pixels. For a born-digital page, rendered.
    pub raster: Raster,
    /// Words of a visible text layer, in reading order; empty for a scan, also
    /// for one with a header line printed over it. A hidden OCR layer is not
    /// trusted and not listed. What a form field shows stands here too where
    /// the file draws it.
    pub text: Vec<TextWord>,
    /// Values of form fields: text fields that are filled, all tick boxes. As
    /// stored, so also where the file leaves drawing them to the viewer.
    pub fields: Vec<FormField>,
    /// Lost scan lines and the like.
    pub notes: Vec<Note>,
}

/// Pixels: 0 is black, 255 white. Not necessarily square; see [`Dpi`].
#[derive(Clone, Debug)]
pub struct Raster {
    /// One byte a pixel.
    pub pixels: GrayImage,
    /// Whether the source held only black and white.
    pub bilevel: bool,
    /// Dots an inch across and down. A fax in standard mode is 204 × 98.
    pub dpi: Dpi,
}

/// Dots an inch, across and down.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dpi {
    /// Across.
    pub x: f32,
    /// Down.
    pub y: f32,
}

/// A word of a text layer.
#[derive(Clone, Debug, PartialEq)]
pub struct TextWord {
    /// The word; no blanks inside.
    pub text: Phi<String>,
    /// Where, as fractions of the page as rendered.
    pub bbox: BBox,
    /// Counts lines from 0: words with the same number stand on one line.
    pub line: u32,
}

/// A filled form field.
#[derive(Clone, Debug, PartialEq)]
pub struct FormField {
    /// The field's own (partial, dotted) name.
    pub name: Phi<String>,
    /// What it holds.
    pub value: FieldValue,
    /// Where its widget stands, as fractions of the page as rendered.
    pub bbox: BBox,
}

/// What a form field holds.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldValue {
    /// Text or choice.
    Text(Phi<String>),
    /// A check box or radio button.
    Ticked(bool),
}
