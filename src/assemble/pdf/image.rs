//! A page of pixels as an image of the PDF: black and white as CCITT Group 4,
//! without loss, at its own resolution; grey as JPEG.

use fax::encoder::Encoder;
use fax::{Color, VecWriter};
use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, GrayImage};
use lopdf::{Dictionary, Object, Stream, dictionary};

use crate::assemble::AssembleError;
use crate::decode::pages::Raster;

/// JPEG quality, 1 to 100. At 85 small print of a 200 dpi grey scan shows no
/// ringing at four times its size, at a seventh of the bytes of 100.
const JPEG_QUALITY: u8 = 85;
/// The fax encoder counts columns in 16 bits with a sign.
const WIDEST_FAX: u32 = i16::MAX as u32;
/// Points an inch.
const POINTS: f32 = 72.0;
/// What a viewer takes for a page: 3 to 14,400 points (ISO 32000-1, annex C).
const PAGE_POINTS: std::ops::RangeInclusive<f32> = 3.0..=14_400.0;

/// How large the page was on paper, in points.
pub fn page_size(raster: &Raster) -> (f32, f32) {
    let (width, height) = raster.pixels.dimensions();
    (points(width, raster.dpi.x), points(height, raster.dpi.y))
}

fn points(pixels: u32, dpi: f32) -> f32 {
    // A resolution of 0 or NaN is taken as 200, a fax's in fine mode.
    let dpi = if dpi.is_finite() && dpi > 0.0 { dpi } else { 200.0 };
    (pixels as f32 * POINTS / dpi).clamp(*PAGE_POINTS.start(), *PAGE_POINTS.end())
}

/// The image object.
pub fn encode(raster: &Raster) -> Result<Stream, AssembleError> {
    let pixels = &raster.pixels;
    if pixels.width() == 0 || pixels.height() == 0 {
        return Err(AssembleError::EmptyPage);
    }
    if raster.bilevel && pixels.width() <= WIDEST_FAX { Ok(group4(pixels)) } else { jpeg(pixels) }
}

fn group4(pixels: &GrayImage) -> Stream {
    let mut encoder = Encoder::new(VecWriter::new());
    for row in pixels.rows() {
        let colours = row.map(|pixel| if pixel.0[0] < 128 { Color::Black } else { Color::White });
        let Ok(()) = encoder.encode_line(colours, pixels.width());
    }
    let Ok(writer) = encoder.finish();
    let mut dict = header(pixels, 1);
    dict.set("Filter", "CCITTFaxDecode");
    dict.set(
        "DecodeParms",
        dictionary! {
            "K" => -1,
            "Columns" => i64::from(pixels.width()),
            "Rows" => i64::from(pixels.height()),
        },
    );
    Stream::new(dict, writer.finish())
}

fn jpeg(pixels: &GrayImage) -> Result<Stream, AssembleError> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY)
        .encode(pixels.as_raw(), pixels.width(), pixels.height(), ExtendedColorType::L8)
        .map_err(|_| AssembleError::Image)?;
    let mut dict = header(pixels, 8);
    dict.set("Filter", "DCTDecode");
    Ok(Stream::new(dict, bytes))
}

fn header(pixels: &GrayImage, bits: i64) -> Dictionary {
    dictionary! {
        "Type" => "XObject",
        "Subtype" => "Image",
        "Width" => i64::from(pixels.width()),
        "Height" => i64::from(pixels.height()),
        "ColorSpace" => Object::Name(b"DeviceGray".to_vec()),
        "BitsPerComponent" => bits,
    }
}
