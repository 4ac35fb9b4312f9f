//! Pictures of a Word file, as images of a PDF. JPEG and most PNG go over as
//! they are stored; what a PDF has no coding for is decoded to grey.

use std::collections::HashMap;
use std::sync::Arc;

use lopdf::{Dictionary, Object, Stream, dictionary};

use super::facts::Facts;
use super::package::Package;
use crate::decode::guard::contained;
use crate::decode::pages::{Page, Raster, Sight};
use crate::decode::picture::{self, Picture};
use crate::decode::tiff::TiffFile;
use crate::decode::{Limits, Unreadable, grey};
use crate::vocab::PageNumber;

/// Pictures decoded here rather than passed on, in largest pages: each costs
/// time before the first page is read.
const DECODED_PAGES: u64 = 8;
/// Pictures of one document.
const MAX_PICTURES: usize = 2_000;
/// Points in a pixel, where nothing says how large a picture is shown: Word
/// takes 96 dots an inch.
const POINTS_PER_PIXEL: f32 = 0.75;

/// A picture ready to be placed on a page.
pub(super) struct Image {
    pub width: u32,
    pub height: u32,
    pub stream: Stream,
}

/// All pictures of a document; one that is used twice is there once.
pub(super) struct Media {
    images: Vec<Image>,
    taken: HashMap<String, Option<usize>>,
    limits: Limits,
    pixels_left: u64,
}

/// Whether a part of this name is a picture of a kind that is read.
pub(super) fn is_read(path: &str) -> bool {
    let end = path.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    matches!(end.as_str(), "png" | "jpg" | "jpeg" | "jpe" | "jfif" | "tif" | "tiff")
}

impl Media {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            images: Vec::new(),
            taken: HashMap::new(),
            pixels_left: limits.max_pixels_per_page.saturating_mul(DECODED_PAGES),
            limits: limits.clone(),
        }
    }

    /// The pictures in the order of their places.
    pub(super) fn into_images(self) -> Vec<Image> {
        self.images
    }

    /// Pixels across and down.
    pub(super) fn pixels(&self, index: usize) -> (u32, u32) {
        self.images.get(index).map_or((1, 1), |image| (image.width, image.height))
    }

    /// Size in points where nothing says how large it is shown.
    pub(super) fn natural_size(&self, index: usize) -> (f32, f32) {
        let (width, height) = self.pixels(index);
        (width as f32 * POINTS_PER_PIXEL, height as f32 * POINTS_PER_PIXEL)
    }

    /// Takes the picture of a part and gives its place; `None` if it is not
    /// read, which is then among the facts.
    pub(super) fn take(
        &mut self,
        part: &str,
        package: &mut Package,
        facts: &mut Facts,
    ) -> Result<Option<usize>, Unreadable> {
        if let Some(place) = self.taken.get(part) {
            return Ok(*place);
        }
        let bytes = package.part(part)?;
        let image = match bytes {
            _ if self.images.len() >= MAX_PICTURES => Err("more pictures than are taken"),
            Some(bytes) => self.image(bytes),
            None => Err("damaged pictures"),
        };
        let place = match image {
            Ok(image) => {
                self.images.push(image);
                Some(self.images.len() - 1)
            }
            Err(kind) => {
                facts.unread_pictures.insert(kind);
                None
            }
        };
        self.taken.insert(part.to_owned(), place);
        Ok(place)
    }

    fn image(&mut self, bytes: Vec<u8>) -> Result<Image, &'static str> {
        if bytes.starts_with(b"\xff\xd8\xff") {
            match jpeg(&bytes) {
                Some((width, height, colour)) if self.fits(width, height) => {
                    let dict = image_dictionary(width, height, colour.into(), 8);
                    return Ok(Image::new(dict, "DCTDecode", width, height, bytes));
                }
                Some(_) => return Err("pictures with too many dots"),
                None => {}
            }
            return self.decoded(bytes, picture::Format::Jpeg);
        }
        if bytes.starts_with(b"\x89PNG") {
            if let Some(image) = png(&bytes) {
                let fits = self.fits(image.width, image.height);
                return if fits { Ok(image) } else { Err("pictures with too many dots") };
            }
            return self.decoded(bytes, picture::Format::Png);
        }
        if bytes.starts_with(b"II") || bytes.starts_with(b"MM") {
            let bytes: Arc<[u8]> = bytes.into();
            let limits = self.bounded();
            let page = contained(|| {
                TiffFile::open(bytes, &limits)
                    .and_then(|(file, _)| file.page(PageNumber::FIRST, &limits))
            });
            return self.grey(page);
        }
        Err(kind(&bytes))
    }

    fn fits(&self, width: u32, height: u32) -> bool {
        width > 0
            && height > 0
            && grey::check(width.into(), height.into(), self.limits.max_pixels_per_page).is_ok()
    }

    fn bounded(&self) -> Limits {
        let max = self.limits.max_pixels_per_page.min(self.pixels_left);
        Limits { max_pixels_per_page: max, ..self.limits.clone() }
    }

    fn decoded(&mut self, bytes: Vec<u8>, format: picture::Format) -> Result<Image, &'static str> {
        let bytes: Arc<[u8]> = bytes.into();
        let limits = self.bounded();
        let page = contained(|| {
            Picture::open(bytes, format, &limits)
                .and_then(|(file, _)| file.page(PageNumber::FIRST, &limits))
        });
        self.grey(page)
    }

    fn grey(&mut self, page: Option<Result<Page, Unreadable>>) -> Result<Image, &'static str> {
        let raster = match page {
            Some(Ok(Page { sight: Sight::Pixels(raster), .. })) => raster,
            Some(Err(Unreadable::TooManyPixels { .. })) => {
                return Err("pictures with too many dots");
            }
            Some(_) | None => return Err("damaged pictures"),
        };
        let (width, height) = raster.pixels.dimensions();
        self.pixels_left = self.pixels_left.saturating_sub(u64::from(width) * u64::from(height));
        let (bits, data) = packed(raster);
        let dict = image_dictionary(width, height, "DeviceGray".into(), bits);
        let mut stream = Stream::new(dict, data);
        // Uncompressed is as good, only larger.
        let _ = stream.compress();
        Ok(Image { width, height, stream })
    }
}

impl Image {
    fn new(mut dict: Dictionary, filter: &str, width: u32, height: u32, data: Vec<u8>) -> Self {
        dict.set("Filter", filter);
        Self { width, height, stream: Stream::new(dict, data).with_compression(false) }
    }
}

/// One bit a dot where black and white is all there is.
fn packed(raster: Raster) -> (i64, Vec<u8>) {
    if !raster.bilevel {
        return (8, raster.pixels.into_raw());
    }
    let pack = |dots: &[u8]| {
        dots.iter().enumerate().fold(0, |byte, (place, dot)| byte | (dot & 0x80) >> place)
    };
    let width = raster.pixels.width().max(1) as usize;
    let rows = raster.pixels.as_raw().chunks(width);
    (1, rows.flat_map(|row| row.chunks(8).map(pack)).collect())
}

fn image_dictionary(width: u32, height: u32, colour: Object, bits: i64) -> Dictionary {
    dictionary! {
        "Type" => "XObject",
        "Subtype" => "Image",
        "Width" => i64::from(width),
        "Height" => i64::from(height),
        "ColorSpace" => colour,
        "BitsPerComponent" => bits,
    }
}

/// Size and colour space of a JPEG that a PDF can hold as it is: grey or
/// colour, complete. Four colours are left to our own decoder.
fn jpeg(bytes: &[u8]) -> Option<(u32, u32, &'static str)> {
    let (width, height) = picture::jpeg_size(bytes)?;
    let colour = match picture::jpeg_components(bytes)? {
        1 => "DeviceGray",
        3 => "DeviceRGB",
        _ => return None,
    };
    let tail = &bytes[bytes.len().saturating_sub(64)..];
    let complete = tail.windows(2).any(|pair| pair == [0xFF, 0xD9]);
    complete.then_some((width, height, colour))
}

/// A PNG whose rows a PDF can hold as they are (ISO 32000-1, 7.4.4.4):
/// neither interlaced nor transparent.
fn png(bytes: &[u8]) -> Option<Image> {
    let be32 = |at: usize| -> Option<u32> {
        Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
    };
    let (width, height) = (be32(16)?, be32(20)?);
    let [bits, colour, _, _, interlaced] = *bytes.get(24..29)? else { return None };
    if interlaced != 0 || !matches!(bits, 1 | 2 | 4 | 8) {
        return None;
    }
    let mut palette = None;
    let mut data = Vec::new();
    let mut at = 8_usize;
    let mut ended = false;
    while let Some(length) = be32(at) {
        let length = length as usize;
        let name = bytes.get(at + 4..at + 8)?;
        let content = bytes.get(at + 8..at.checked_add(8)?.checked_add(length)?)?;
        match name {
            b"PLTE" => palette = Some(content),
            b"IDAT" => data.extend_from_slice(content),
            // Transparency, and several pictures in one.
            b"tRNS" | b"acTL" => return None,
            b"IEND" => {
                ended = true;
                break;
            }
            _ => {}
        }
        at = at.checked_add(length)?.checked_add(12)?;
    }
    let (space, samples) = match colour {
        0 => (Object::from("DeviceGray"), 1),
        2 => (Object::from("DeviceRGB"), 3),
        3 => {
            let palette = palette?;
            let last = (palette.len() / 3).clamp(1, 256) as i64 - 1;
            let table = Object::string_literal(palette.to_vec());
            let space = vec!["Indexed".into(), "DeviceRGB".into(), last.into(), table];
            (Object::Array(space), 1)
        }
        _ => return None,
    };
    // A picture that breaks off keeps its rows with our own decoder.
    if !ended || data.is_empty() {
        return None;
    }
    let mut dict = image_dictionary(width, height, space, bits.into());
    dict.set(
        "DecodeParms",
        dictionary! {
            "Predictor" => 15,
            "Colors" => samples,
            "BitsPerComponent" => i64::from(bits),
            "Columns" => i64::from(width),
        },
    );
    Some(Image::new(dict, "FlateDecode", width, height, data))
}

/// What a picture that is not read is, for the note.
fn kind(bytes: &[u8]) -> &'static str {
    let known: [(&[u8], &str); 6] = [
        (b"GIF8", "GIF"),
        (b"BM", "Windows bitmap"),
        (b"\xd7\xcd\xc6\x9a", "WMF drawing"),
        (b"\x01\x00\x09\x00", "WMF drawing"),
        (b"\x01\x00\x00\x00", "EMF drawing"),
        (b"%PDF", "PDF"),
    ];
    known
        .iter()
        .find(|(start, _)| bytes.starts_with(start))
        .map_or("unknown kind", |(_, kind)| kind)
}
