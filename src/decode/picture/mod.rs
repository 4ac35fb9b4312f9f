//! PNG and JPEG: scans and photographs of one page.

mod header;
#[cfg(test)]
mod tests;

use std::io::Cursor;
use std::sync::Arc;

use image::codecs::jpeg::JpegDecoder;
use image::codecs::png::PngDecoder;
use image::{ColorType, GrayImage, ImageDecoder, ImageResult};

pub(super) use self::header::{jpeg_components, jpeg_is_complete, jpeg_size};
use self::header::{jpeg_dpi, jpeg_has_more, png_dpi, png_is_animated, png_size};
use super::grey::{self, Orientation, luma, over_white};
use super::guard::contained;
use super::pages::{Inventory, MediaType, Page, Raster};
use super::resolution::believed_or_inferred;
use super::{Limits, Unreadable};
use crate::vocab::{Note, PageNumber};

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Png,
    Jpeg,
}

impl Format {
    fn name(self) -> &'static str {
        match self {
            Self::Png => "a PNG picture",
            Self::Jpeg => "a JPEG picture",
        }
    }
}

/// An opened picture.
pub(super) struct Picture {
    bytes: Arc<[u8]>,
    format: Format,
}

impl Picture {
    pub(super) fn open(
        bytes: Arc<[u8]>,
        format: Format,
        limits: &Limits,
    ) -> Result<(Self, Inventory), Unreadable> {
        let picture = Self { bytes, format };
        let (width, height) = contained(|| match format {
            Format::Png => png_size(&picture.bytes),
            Format::Jpeg => jpeg_size(&picture.bytes),
        })
        .flatten()
        .ok_or(Unreadable::Truncated)?;
        if width == 0 || height == 0 {
            return Err(Unreadable::Damaged { kind: format.name(), what: "it has no size" });
        }
        grey::check(width.into(), height.into(), limits.max_pixels_per_page)?;
        let media_type = match format {
            Format::Png => MediaType::Png,
            Format::Jpeg => MediaType::Jpeg,
        };
        let more = contained(|| match format {
            Format::Png => png_is_animated(&picture.bytes),
            Format::Jpeg => jpeg_has_more(&picture.bytes),
        });
        let notes = if more == Some(true) { vec![more_pictures()] } else { Vec::new() };
        Ok((picture, Inventory { media_type, pages: 1, notes }))
    }

    pub(super) fn page(&self, number: PageNumber, limits: &Limits) -> Result<Page, Unreadable> {
        let decoded = contained(|| match self.format {
            Format::Png => decode(PngDecoder::new(Cursor::new(&*self.bytes)), true, limits),
            Format::Jpeg => {
                let complete = jpeg_is_complete(&self.bytes);
                decode(JpegDecoder::new(Cursor::new(&*self.bytes)), complete, limits)
            }
        });
        let what = "its picture cannot be decoded";
        let decoded = decoded.ok_or(Unreadable::PageDamaged { page: number, what })??;
        let Decoded { pixels, orientation, rows } = decoded;
        let (width, height) = pixels.dimensions();
        if rows == 0 {
            return Err(Unreadable::PageDamaged { page: number, what });
        }
        let stated = match self.format {
            Format::Png => png_dpi(&self.bytes),
            Format::Jpeg => jpeg_dpi(&self.bytes),
        };
        let mut dpi = believed_or_inferred(stated, width, height);
        if orientation.swaps_axes() {
            std::mem::swap(&mut dpi.x, &mut dpi.y);
        }
        let pixels = orientation.apply(pixels);
        let bilevel = grey::is_bilevel(&pixels);
        let mut notes = Vec::new();
        let complete = self.format == Format::Png || jpeg_is_complete(&self.bytes);
        if rows == height && !complete {
            // A progressive picture comes whole from the first pass on, and
            // sharpens with the later ones.
            notes.push(Note::page(
                "page.picture_cut",
                number,
                "The picture's data break off; it may be blurred or miss its lower edge.",
            ));
        }
        if rows < height {
            notes.push(Note::page(
                "page.rows_lost",
                number,
                format!(
                    "The picture breaks off: {} of {height} rows are missing and left white.",
                    height - rows
                ),
            ));
        }
        Ok(Page::scan(number, Raster { pixels, bilevel, dpi }, notes))
    }
}

fn more_pictures() -> Note {
    Note::document(
        "file.more_pictures",
        "The file holds further pictures behind the first (a preview, or an animation); they are not read. Open the original to see them.",
    )
}

struct Decoded {
    pixels: GrayImage,
    orientation: Orientation,
    /// Rows that hold something.
    rows: u32,
}

/// Marks samples the codec never wrote.
const UNTOUCHED: u8 = 0xA5;
/// What the JPEG codec fills the rest of a picture with that breaks off.
const FILLED: u8 = 128;

/// What was decoded before the damage stays: rows up to the last that holds
/// something.
fn kept_rows(samples: &[u8], stride: usize) -> u32 {
    let is_lost = |row: &[u8]| {
        row.iter().all(|sample| *sample == UNTOUCHED) || row.iter().all(|sample| *sample == FILLED)
    };
    let last = samples.chunks(stride).rposition(|row| !is_lost(row));
    last.map_or(0, |last| last as u32 + 1)
}

/// `complete`: whether the file goes on to the picture's end, as far as its
/// markers tell.
fn decode(
    decoder: ImageResult<impl ImageDecoder>,
    complete: bool,
    limits: &Limits,
) -> Result<Decoded, Unreadable> {
    /// Four samples of 16 bits.
    const MAX_BYTES_PER_PIXEL: u64 = 8;
    let damaged = |what| Unreadable::Damaged { kind: "a picture", what };
    let mut decoder = decoder.map_err(|_| damaged("its header cannot be read"))?;
    let max_bytes = limits.max_pixels_per_page * MAX_BYTES_PER_PIXEL;
    let mut codec_limits = image::Limits::no_limits();
    // The codec's own buffers come beside ours.
    codec_limits.max_alloc = Some(2 * max_bytes);
    decoder.set_limits(codec_limits).map_err(|_| damaged("it asks for too much memory"))?;
    let (width, height) = decoder.dimensions();
    grey::check(width.into(), height.into(), limits.max_pixels_per_page)?;
    grey::check(decoder.total_bytes(), 1, max_bytes)?;
    let orientation = decoder.orientation().map_or(Orientation::UPRIGHT, |orientation| {
        Orientation::from_tag(u64::from(orientation.to_exif()))
    });
    let colour = decoder.color_type();
    let length = usize::try_from(decoder.total_bytes()).map_err(|_| damaged("it is too large"))?;
    let mut samples = vec![UNTOUCHED; length];
    let stride = (length / height as usize).max(1);
    let outcome = decoder.read_image(&mut samples);
    let rows = if outcome.is_ok() && complete { height } else { kept_rows(&samples, stride) };
    samples.truncate(rows as usize * stride);
    let mut pixels = grey::white(width, height, limits.max_pixels_per_page)?;
    let buffer: &mut [u8] = &mut pixels;
    for (place, value) in buffer.iter_mut().zip(to_grey(&samples, colour)?) {
        *place = value;
    }
    Ok(Decoded { pixels, orientation, rows })
}

fn to_grey(samples: &[u8], colour: ColorType) -> Result<Vec<u8>, Unreadable> {
    // The more significant byte of a 16-bit sample in the machine's order.
    let high = |pair: &[u8]| (u16::from_ne_bytes([pair[0], pair[1]]) >> 8) as u8;
    Ok(match colour {
        ColorType::L8 => samples.to_vec(),
        ColorType::La8 => samples.chunks_exact(2).map(|p| over_white(p[0], p[1])).collect(),
        ColorType::Rgb8 => samples.chunks_exact(3).map(|p| luma(p[0], p[1], p[2])).collect(),
        ColorType::Rgba8 => {
            samples.chunks_exact(4).map(|p| over_white(luma(p[0], p[1], p[2]), p[3])).collect()
        }
        ColorType::L16 => samples.chunks_exact(2).map(high).collect(),
        ColorType::La16 => {
            samples.chunks_exact(4).map(|p| over_white(high(&p[..2]), high(&p[2..]))).collect()
        }
        ColorType::Rgb16 => samples
            .chunks_exact(6)
            .map(|p| luma(high(&p[..2]), high(&p[2..4]), high(&p[4..])))
            .collect(),
        ColorType::Rgba16 => samples
            .chunks_exact(8)
            .map(|p| over_white(luma(high(&p[..2]), high(&p[2..4]), high(&p[4..6])), high(&p[6..])))
            .collect(),
        other => {
            return Err(Unreadable::UnsupportedCoding { coding: format!("{other:?} samples") });
        }
    })
}
