//! What the headers of PNG and JPEG say: size, resolution, further pictures.

use crate::decode::pages::Dpi;
use crate::decode::tiff;

fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

fn be16(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

/// Width and height from the header chunk, which must come first.
pub(super) fn png_size(bytes: &[u8]) -> Option<(u32, u32)> {
    Some((be32(bytes, 16)?, be32(bytes, 20)?))
}

/// `pHYs`: dots a metre.
pub(super) fn png_dpi(bytes: &[u8]) -> Option<Dpi> {
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

/// The frame header.
fn jpeg_frame(bytes: &[u8]) -> Option<&[u8]> {
    // Start-of-frame markers, without the tables that share their range.
    let is_frame = |m: u8| (0xC0..=0xCF).contains(&m) && !matches!(m, 0xC4 | 0xC8 | 0xCC);
    jpeg_segments(bytes).find(|(marker, _)| is_frame(*marker)).map(|(_, frame)| frame)
}

/// Width and height from the frame header.
pub(in crate::decode) fn jpeg_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let frame = jpeg_frame(bytes)?;
    Some((be16(frame, 3)?.into(), be16(frame, 1)?.into()))
}

/// How many colours each dot has.
pub(in crate::decode) fn jpeg_components(bytes: &[u8]) -> Option<u8> {
    jpeg_frame(bytes)?.get(5).copied()
}

/// JFIF density, else what Exif says.
pub(super) fn jpeg_dpi(bytes: &[u8]) -> Option<Dpi> {
    jfif_dpi(bytes).or_else(|| {
        let (_, exif) = jpeg_segments(bytes)
            .find(|(marker, content)| *marker == 0xE1 && content.starts_with(b"Exif\0\0"))?;
        tiff::stated_dpi(&exif[6..])
    })
}

fn jfif_dpi(bytes: &[u8]) -> Option<Dpi> {
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

/// Whether there is an animation in the file: of its pictures only the first
/// is read.
pub(super) fn png_is_animated(bytes: &[u8]) -> bool {
    let mut at = 8_usize;
    loop {
        let (Some(length), Some(name)) = (be32(bytes, at), bytes.get(at + 4..at + 8)) else {
            return false;
        };
        match name {
            b"acTL" => return true,
            b"IDAT" | b"IEND" => return false,
            _ => {}
        }
        let Some(next) = at.checked_add(length as usize).and_then(|at| at.checked_add(12)) else {
            return false;
        };
        at = next;
    }
}

/// Whether further pictures follow the first (CIPA DC-007, the multi-picture
/// format of cameras).
pub(super) fn jpeg_has_more(bytes: &[u8]) -> bool {
    jpeg_segments(bytes).any(|(marker, content)| marker == 0xE2 && content.starts_with(b"MPF\0"))
}

/// Whether the picture is coded to its end. Some cameras and mail programs put
/// bytes behind it.
pub(in crate::decode) fn jpeg_is_complete(bytes: &[u8]) -> bool {
    const TAIL: usize = 64 * 1024;
    // A small picture inside the header has an end of its own.
    let headers: usize = jpeg_segments(bytes).map(|(_, content)| content.len() + 4).sum();
    let from = bytes.len().saturating_sub(TAIL).max(headers.min(bytes.len()));
    bytes[from..].windows(2).any(|pair| pair == [0xFF, 0xD9])
}
