use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

use super::{Confidence, Phi};

/// A page of a document, from 1 in file order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PageNumber(NonZeroU32);

impl PageNumber {
    /// The first page.
    pub const FIRST: Self = Self(NonZeroU32::MIN);

    /// `None` for 0: pages count from 1.
    pub fn new(number: u32) -> Option<Self> {
        NonZeroU32::new(number).map(Self)
    }

    /// From an index that counts from 0.
    pub fn from_index(index: usize) -> Self {
        let number = u32::try_from(index).unwrap_or(u32::MAX - 1).saturating_add(1);
        Self(NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN))
    }

    /// The number as printed, from 1.
    pub fn get(self) -> u32 {
        self.0.get()
    }

    /// The place in a list, from 0.
    pub fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

/// A rectangle on a page: `[x0, y0, x1, y1]` as fractions of the page after
/// the quarter turn that brings it upright (no deskew), origin top left, y
/// down. Always within the page and never inside out.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "[f32; 4]", into = "[f32; 4]")]
pub struct BBox {
    x0: f32,
    y0: f32,
    x1: f32,
    y1: f32,
}

impl BBox {
    /// The whole page.
    pub const PAGE: Self = Self { x0: 0.0, y0: 0.0, x1: 1.0, y1: 1.0 };

    /// Clamps to the page and orders the corners; NaN becomes 0.
    pub fn new(x0: f32, y0: f32, x1: f32, y1: f32) -> Self {
        let [x0, y0, x1, y1] =
            [x0, y0, x1, y1].map(|v| if v.is_nan() { 0.0 } else { v.clamp(0.0, 1.0) });
        Self { x0: x0.min(x1), y0: y0.min(y1), x1: x0.max(x1), y1: y0.max(y1) }
    }

    /// From pixels of an upright image of `width` × `height`.
    pub fn from_pixels(x: f32, y: f32, w: f32, h: f32, width: f32, height: f32) -> Self {
        Self::new(x / width, y / height, (x + w) / width, (y + h) / height)
    }

    /// Left edge.
    pub fn x0(self) -> f32 {
        self.x0
    }
    /// Top edge.
    pub fn y0(self) -> f32 {
        self.y0
    }
    /// Right edge.
    pub fn x1(self) -> f32 {
        self.x1
    }
    /// Bottom edge.
    pub fn y1(self) -> f32 {
        self.y1
    }
    /// Width, as a fraction of the page's.
    pub fn width(self) -> f32 {
        self.x1 - self.x0
    }
    /// Height, as a fraction of the page's.
    pub fn height(self) -> f32 {
        self.y1 - self.y0
    }
    /// Middle of the box, across.
    pub fn center_x(self) -> f32 {
        f32::midpoint(self.x0, self.x1)
    }
    /// Middle of the box, down.
    pub fn center_y(self) -> f32 {
        f32::midpoint(self.y0, self.y1)
    }

    /// The smallest box around both.
    pub fn union(self, other: Self) -> Self {
        Self {
            x0: self.x0.min(other.x0),
            y0: self.y0.min(other.y0),
            x1: self.x1.max(other.x1),
            y1: self.y1.max(other.y1),
        }
    }

    /// The smallest box around all of them; `None` if there are none.
    pub fn around(boxes: impl IntoIterator<Item = Self>) -> Option<Self> {
        boxes.into_iter().reduce(Self::union)
    }

    /// How much of the smaller box's height the two share, 0 to 1: whether
    /// they stand on one line.
    pub fn shared_height(self, other: Self) -> f32 {
        let shared = self.y1.min(other.y1) - self.y0.max(other.y0);
        let least = self.height().min(other.height());
        if least <= 0.0 { 0.0 } else { (shared / least).clamp(0.0, 1.0) }
    }

    /// How much of the smaller box's width the two share, 0 to 1: whether
    /// they stand in one column.
    pub fn shared_width(self, other: Self) -> f32 {
        let shared = self.x1.min(other.x1) - self.x0.max(other.x0);
        let least = self.width().min(other.width());
        if least <= 0.0 { 0.0 } else { (shared / least).clamp(0.0, 1.0) }
    }

    /// Grown by these fractions of the page on each side, kept on the page.
    pub fn grown(self, dx: f32, dy: f32) -> Self {
        Self::new(self.x0 - dx, self.y0 - dy, self.x1 + dx, self.y1 + dy)
    }
}

impl From<[f32; 4]> for BBox {
    fn from([x0, y0, x1, y1]: [f32; 4]) -> Self {
        Self::new(x0, y0, x1, y1)
    }
}

impl From<BBox> for [f32; 4] {
    /// Rounded to 1/10,000 of the page, finer than a pixel of a fax.
    fn from(b: BBox) -> Self {
        [b.x0, b.y0, b.x1, b.y1].map(|v| (v * 10_000.0).round() / 10_000.0)
    }
}

/// Where the text of a piece of evidence came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceSource {
    /// Read from pixels.
    Ocr,
    /// The text layer of a born-digital page.
    TextLayer,
    /// The value of a form field.
    FormField,
    /// A tick box and what stands in it.
    Mark,
    /// A barcode or QR code.
    Barcode,
    /// What came with the document: a portal's free note, a phone note, a
    /// sidecar field. Has neither page nor box.
    Metadata,
    /// Somebody at the desk who looked. Has neither page nor box.
    Person,
}

/// Why a value is believed: the words, and where they stand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// `None` only for [`EvidenceSource::Metadata`] and [`EvidenceSource::Person`].
    pub page: Option<PageNumber>,
    /// `None` only for [`EvidenceSource::Metadata`] and [`EvidenceSource::Person`].
    #[serde(rename = "box")]
    pub bbox: Option<BBox>,
    /// The words as read.
    pub text: Phi<String>,
    /// How well the words were read.
    pub confidence: Confidence,
    /// Where the words came from.
    pub source: EvidenceSource,
}

impl Evidence {
    /// Words on a page.
    pub fn on_page(
        page: PageNumber,
        bbox: BBox,
        text: impl Into<String>,
        confidence: Confidence,
        source: EvidenceSource,
    ) -> Self {
        Self { page: Some(page), bbox: Some(bbox), text: Phi::new(text.into()), confidence, source }
    }

    /// Words that came beside the document.
    pub fn metadata(text: impl Into<String>) -> Self {
        Self {
            page: None,
            bbox: None,
            text: Phi::new(text.into()),
            confidence: Confidence::FULL,
            source: EvidenceSource::Metadata,
        }
    }

    /// What a person says: nothing on a page is claimed for it.
    pub fn of_person(text: impl Into<String>) -> Self {
        Self { source: EvidenceSource::Person, ..Self::metadata(text) }
    }
}
