//! PNG and JPEG: scans and photographs of one page.

use std::io::Cursor;
use std::sync::Arc;

use image::codecs::jpeg::JpegDecoder;
use image::codecs::png::PngDecoder;
use image::{ColorType, GrayImage, ImageDecoder, ImageResult};

use super::grey::{self, Orientation, luma, over_white};
use super::guard::contained;
use super::pages::{Dpi, Inventory, MediaType, Page, Raster};
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
        Ok((picture, Inventory { media_type, pages: 1, notes: Vec::new() }))
    }

    pub(super) fn page(&self, number: PageNumber, limits: &Limits) -> Result<Page, Unreadable> {
        let decoded = contained(|| match self.format {
            Format::Png => decode(PngDecoder::new(Cursor::new(&*self.bytes)), limits),
            Format::Jpeg => decode(JpegDecoder::new(Cursor::new(&*self.bytes)), limits),
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

struct Decoded {
    pixels: GrayImage,
    orientation: Orientation,
    /// Rows that hold something.
    rows: u32,
}

fn decode(decoder: ImageResult<impl ImageDecoder>, limits: &Limits) -> Result<Decoded, Unreadable> {
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
    let mut samples = vec![0xA5; length];
    let stride = (length / height as usize).max(1);
    let rows = match decoder.read_image(&mut samples) {
        Ok(()) => height,
        // What was decoded before the damage stays; rows never written still
        // hold the mark.
        Err(_) => samples
            .chunks(stride)
            .rposition(|row| row.iter().any(|b| *b != 0xA5))
            .map_or(0, |last| last as u32 + 1),
    };
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

fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

fn be16(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

/// Width and height from the header chunk, which must come first.
fn png_size(bytes: &[u8]) -> Option<(u32, u32)> {
    Some((be32(bytes, 16)?, be32(bytes, 20)?))
}

/// `pHYs`: dots a metre.
fn png_dpi(bytes: &[u8]) -> Option<Dpi> {
    const METRES_PER_INCH: f32 = 0.0254;
    let mut at = 8;
    loop {
        let length = be32(bytes, at)? as usize;
        match bytes.get(at + 4..at + 8)? {
            b"pHYs" if bytes.get(at + 16) == Some(&1) => {
                let (x, y) = (be32(bytes, at + 8)?, be32(bytes, at + 12)?);
                return Some(Dpi { x: x as f32 * METRES_PER_INCH, y: y as f32 * METRES_PER_INCH });
            }
            b"IDAT" | b"IEND" => return None,
            _ => at = at.checked_add(length)?.checked_add(12)?,
        }
    }
}

/// Segments of a JPEG before its first scan: marker and content.
fn jpeg_segments(bytes: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    const START_OF_SCAN: u8 = 0xDA;
    let mut at = 2;
    std::iter::from_fn(move || {
        // Fill bytes may precede a marker.
        while bytes.get(at) == Some(&0xFF) && bytes.get(at + 1) == Some(&0xFF) {
            at += 1;
        }
        let marker = *bytes.get(at..at + 2)?.strip_prefix(&[0xFF])?.first()?;
        let length = usize::from(be16(bytes, at + 2)?);
        let content = bytes.get(at + 4..at + 2 + length)?;
        at += 2 + length;
        (marker != START_OF_SCAN).then_some((marker, content))
    })
}

/// Width and height from the frame header.
pub(super) fn jpeg_size(bytes: &[u8]) -> Option<(u32, u32)> {
    // Start-of-frame markers, without the tables that share their range.
    let is_frame = |m: u8| (0xC0..=0xCF).contains(&m) && !matches!(m, 0xC4 | 0xC8 | 0xCC);
    let (_, frame) = jpeg_segments(bytes).find(|(marker, _)| is_frame(*marker))?;
    Some((be16(frame, 3)?.into(), be16(frame, 1)?.into()))
}

/// JFIF density.
fn jpeg_dpi(bytes: &[u8]) -> Option<Dpi> {
    const CM_PER_INCH: f32 = 2.54;
    let (_, jfif) = jpeg_segments(bytes)
        .find(|(marker, content)| *marker == 0xE0 && content.starts_with(b"JFIF\0"))?;
    let scale = match jfif.get(7)? {
        1 => 1.0,
        2 => CM_PER_INCH,
        _ => return None,
    };
    let (x, y) = (be16(jfif, 8)?, be16(jfif, 10)?);
    Some(Dpi { x: f32::from(x) * scale, y: f32::from(y) * scale })
}

#[cfg(test)]
mod tests {
    use image::{ExtendedColorType, ImageEncoder};

    use super::*;
    use crate::decode::open;

    fn png(samples: &[u8], width: u32, height: u32, colour: ExtendedColorType) -> Vec<u8> {
        let mut out = Vec::new();
        image::codecs::png::PngEncoder::new(&mut out)
            .write_image(samples, width, height, colour)
            .expect("a small picture");
        out
    }

    #[test]
    fn transparency_is_white_paper() {
        let file = png(&[0, 0, 0, 0, 0, 0, 0, 255], 2, 1, ExtendedColorType::Rgba8);
        let page = open(file, &Limits::default()).unwrap().page(PageNumber::FIRST).unwrap();
        assert_eq!(page.raster().unwrap().pixels.as_raw(), &[255, 0]);
        assert!(page.raster().unwrap().bilevel);
    }

    #[test]
    fn sixteen_bits_keep_their_upper_half() {
        let samples: Vec<u8> = [0x1234_u16, 0xFEDC].iter().flat_map(|v| v.to_ne_bytes()).collect();
        let file = png(&samples, 2, 1, ExtendedColorType::L16);
        let page = open(file, &Limits::default()).unwrap().page(PageNumber::FIRST).unwrap();
        assert_eq!(page.raster().unwrap().pixels.as_raw(), &[0x12, 0xFE]);
        assert!(!page.raster().unwrap().bilevel);
    }

    #[test]
    fn a_picture_that_breaks_off_keeps_its_rows() {
        // Noise, so that the compressed rows are long and the cut falls among
        // them.
        let mut state = 1_u32;
        let noise: Vec<u8> = (0..200 * 200)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 24) as u8
            })
            .collect();
        let mut file = png(&noise, 200, 200, ExtendedColorType::L8);
        file.truncate(file.len() / 2);
        let page = open(file, &Limits::default()).unwrap().page(PageNumber::FIRST).unwrap();
        assert_eq!(page.notes[0].code, "page.rows_lost");
        assert_eq!(page.raster().unwrap().pixels.get_pixel(7, 3).0[0], noise[3 * 200 + 7]);
        assert_eq!(page.raster().unwrap().pixels.get_pixel(7, 199).0[0], 255);
    }

    #[test]
    fn a_claimed_size_is_refused_before_memory_is_taken() {
        let mut file = png(&[0], 1, 1, ExtendedColorType::L8);
        file[16..24].copy_from_slice(&[0x7F, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF]);
        assert_eq!(open(file, &Limits::default()).err().unwrap().code(), "limit.pixels");
    }
}
