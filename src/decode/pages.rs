//! What `decode` hands on: pages as pixels, with the text layer and form
//! fields where the file has them.

use image::GrayImage;
use serde::{Deserialize, Serialize};

use crate::vocab::{BBox, Note, PageNumber, Phi, Rotation};

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
    /// How many pages it holds; at least 1. Those of files attached to it are
    /// the last.
    pub pages: u32,
    /// About the file as a whole.
    pub notes: Vec<Note>,
}

/// One page, decoded, as it lies in the file (a sideways scan is sideways).
#[derive(Clone, Debug)]
pub struct Page {
    /// From 1, in file order.
    pub number: PageNumber,
    /// Its pixels, or that none are needed.
    pub sight: Sight,
    /// Words of a visible text layer, in reading order; empty for a scan, also
    /// for one with a header line printed over it. What a form field shows
    /// stands here too where the file draws it.
    pub text: Vec<TextWord>,
    /// Words that the file holds and does not show: the OCR layer of a
    /// scanner's software. Nobody vouches for them; they are for a page whose
    /// pixels cannot be read.
    pub hidden: Vec<TextWord>,
    /// Pictures among the words that are large enough to hold text of their
    /// own, as fractions of the page: scans pasted into a letter.
    pub pictures: Vec<BBox>,
    /// Tick boxes drawn as lines and areas, where they need not be looked for
    /// in pixels. Those made of characters are found among the words.
    pub boxes: Vec<DrawnBox>,
    /// Values of form fields: text fields that are filled, all tick boxes. As
    /// stored, so also where the file leaves drawing them to the viewer.
    pub fields: Vec<FormField>,
    /// Lost scan lines and the like.
    pub notes: Vec<Note>,
}

impl Page {
    /// A page of nothing but pixels.
    pub fn scan(number: PageNumber, raster: Raster, notes: Vec<Note>) -> Self {
        Self {
            number,
            sight: Sight::Pixels(raster),
            text: Vec::new(),
            hidden: Vec::new(),
            pictures: Vec::new(),
            boxes: Vec::new(),
            fields: Vec::new(),
            notes,
        }
    }

    /// The turn that brings most of its text layer upright: a landscape table
    /// on a portrait page. Words in a margin turn nothing.
    pub fn turn(&self) -> Rotation {
        let letters = |turn: Rotation| -> usize {
            let words = self.text.iter().filter(|word| word.turn == turn);
            words.map(|word| word.text.expose().chars().count()).sum()
        };
        Rotation::ALL.into_iter().rev().max_by_key(|&turn| letters(turn)).unwrap_or_default()
    }

    /// The same page as part of a larger document.
    pub(super) fn renumbered(mut self, number: PageNumber) -> Self {
        self.number = number;
        for note in &mut self.notes {
            note.page = note.page.map(|_| number);
        }
        self
    }

    /// The pixels, where reading the page needs them.
    pub fn raster(&self) -> Option<&Raster> {
        match &self.sight {
            Sight::Pixels(raster) => Some(raster),
            Sight::Told { .. } => None,
        }
    }

    /// Width and height, as the file says.
    pub fn inches(&self) -> (f32, f32) {
        match &self.sight {
            Sight::Pixels(Raster { pixels, dpi, .. }) => {
                (pixels.width() as f32 / dpi.x, pixels.height() as f32 / dpi.y)
            }
            Sight::Told { inches } => *inches,
        }
    }
}

/// What there is to see on a page.
#[derive(Clone, Debug)]
pub enum Sight {
    /// Pixels: the scan, or the page as drawn.
    Pixels(Raster),
    /// Nothing that words, boxes and fields do not tell: a born-digital page
    /// of text and rules. Its pixels can be had from
    /// [`Document::raster`](super::Document::raster).
    Told {
        /// Width and height.
        inches: (f32, f32),
    },
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
    /// The turn of the page that brings this word upright.
    pub turn: Rotation,
}

/// A tick box as the file draws it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DrawnBox {
    /// The frame's outer edge, as fractions of the page as rendered.
    pub bbox: BBox,
    /// Share of the inside that its mark reaches over, 0 (empty) to 1 (full,
    /// or crossed from corner to corner).
    pub fill: f32,
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
