//! Codings other than fax: bytes of a strip or tile become samples.
//!
//! The `tiff` crate serves as the codec. It is handed one strip at a time in a
//! tiny file of our own making, so that what it does not read (reversed bits,
//! palettes, planes, wrong byte counts, broken chains) never reaches it.

use std::borrow::Cow;
use std::io::Cursor;

use tiff::decoder::Decoder;

use super::layout::{Chunk, ImageLayout};
use crate::decode::Unreadable;

/// Marks bytes the codec never wrote. Any value will do: a row counts as lost
/// only if all of it still holds the mark.
const UNTOUCHED: u8 = 0xA5;

/// Colours, their opacities and what a scanner may add. A count beyond it is
/// damage, and would have the codec make a table of it.
const MAX_SAMPLES: u32 = 32;

/// Samples of one chunk, packed as in the file, rows padded to bytes; 16-bit
/// samples in the machine's own order.
pub(super) struct Samples {
    pub bytes: Vec<u8>,
    pub bytes_per_row: usize,
    /// How many rows hold something.
    pub rows: u32,
}

/// Bytes of one row of a chunk.
pub(super) fn bytes_per_row(image: &ImageLayout) -> usize {
    let bits =
        u64::from(image.chunk_width) * u64::from(image.chunk_samples()) * u64::from(image.bits);
    bits.div_ceil(8) as usize
}

/// Decodes as many of the chunk's rows as can be had.
pub(super) fn decode(
    file: &[u8],
    chunk: &Chunk,
    image: &ImageLayout,
    big_endian: bool,
    jpeg_tables: &[u8],
) -> Samples {
    let data = &file[chunk.bytes.clone()];
    let data: Cow<[u8]> = if image.bits_reversed {
        data.iter().map(|b| b.reverse_bits()).collect::<Vec<u8>>().into()
    } else {
        data.into()
    };
    let stride = bytes_per_row(image);
    let mut bytes = if image.compression == 1 {
        uncompressed(&data, stride * chunk.rows as usize, image.bits, big_endian)
    } else {
        compressed(&data, chunk, image, big_endian, jpeg_tables, stride)
    };
    let kept = bytes
        .chunks(stride.max(1))
        .rposition(|row| row.iter().any(|b| *b != UNTOUCHED))
        .map_or(0, |last| last + 1);
    let rows =
        if image.compression == 1 { (bytes.len() / stride.max(1)) as u32 } else { kept as u32 };
    bytes.truncate(rows as usize * stride);
    Samples { bytes, bytes_per_row: stride, rows }
}

fn uncompressed(data: &[u8], wanted: usize, bits: u32, big_endian: bool) -> Vec<u8> {
    let mut bytes = data[..data.len().min(wanted)].to_vec();
    if bits == 16 {
        for pair in bytes.chunks_exact_mut(2) {
            let value = [pair[0], pair[1]];
            let value =
                if big_endian { u16::from_be_bytes(value) } else { u16::from_le_bytes(value) };
            pair.copy_from_slice(&value.to_ne_bytes());
        }
    }
    bytes
}

fn compressed(
    data: &[u8],
    chunk: &Chunk,
    image: &ImageLayout,
    big_endian: bool,
    jpeg_tables: &[u8],
    stride: usize,
) -> Vec<u8> {
    let mut bytes = vec![UNTOUCHED; stride * chunk.rows as usize];
    let file = single_chunk_file(data, chunk.rows, image, big_endian, jpeg_tables);
    if let Ok(mut decoder) = Decoder::new(Cursor::new(file)) {
        // On an error the rows before it stay in `bytes`.
        let _ = decoder.read_chunk_bytes(0, &mut bytes);
    }
    bytes
}

/// A TIFF with one directory and one strip, in the byte order of the original
/// so that 16-bit samples come out right.
fn single_chunk_file(
    data: &[u8],
    rows: u32,
    image: &ImageLayout,
    big_endian: bool,
    jpeg_tables: &[u8],
) -> Vec<u8> {
    const SHORT: u16 = 3;
    const LONG: u16 = 4;
    const UNDEFINED: u16 = 7;
    const HEADER: u32 = 8;
    let samples = image.chunk_samples();
    // Grey with any number of samples: the codec then neither inverts nor
    // refuses anything. Colour is our business.
    let mut entries: Vec<(u16, u16, u32, u32)> = vec![
        (256, LONG, 1, image.chunk_width),
        (257, LONG, 1, rows),
        (258, SHORT, samples, 0),
        (259, LONG, 1, image.compression as u32),
        (262, LONG, 1, 1),
        (273, LONG, 1, 0),
        (277, LONG, 1, samples),
        (278, LONG, 1, rows),
        (279, LONG, 1, data.len() as u32),
        (317, LONG, 1, image.predictor as u32),
    ];
    if !jpeg_tables.is_empty() {
        entries.push((347, UNDEFINED, jpeg_tables.len() as u32, 0));
    }
    let after_entries = HEADER + 2 + 12 * entries.len() as u32 + 4;
    let bits_at = after_entries;
    let tables_at = bits_at + 2 * samples;
    let data_at = tables_at + jpeg_tables.len() as u32;
    let short = |v: u16| if big_endian { v.to_be_bytes() } else { v.to_le_bytes() };
    let long = |v: u32| if big_endian { v.to_be_bytes() } else { v.to_le_bytes() };

    let mut file = Vec::with_capacity(data_at as usize + data.len());
    file.extend_from_slice(if big_endian { b"MM" } else { b"II" });
    file.extend_from_slice(&short(42));
    file.extend_from_slice(&long(HEADER));
    file.extend_from_slice(&short(entries.len() as u16));
    for (tag, kind, count, value) in entries {
        file.extend_from_slice(&short(tag));
        file.extend_from_slice(&short(kind));
        file.extend_from_slice(&long(count));
        match tag {
            258 if samples <= 2 => {
                file.extend_from_slice(&short(image.bits as u16));
                file.extend_from_slice(&short(if samples == 2 { image.bits as u16 } else { 0 }));
            }
            258 => file.extend_from_slice(&long(bits_at)),
            273 => file.extend_from_slice(&long(data_at)),
            347 => file.extend_from_slice(&long(tables_at)),
            _ => file.extend_from_slice(&long(value)),
        }
    }
    file.extend_from_slice(&long(0));
    for _ in 0..samples {
        file.extend_from_slice(&short(image.bits as u16));
    }
    file.extend_from_slice(jpeg_tables);
    file.extend_from_slice(data);
    file
}

/// Refuses what the codec does not read, with its name.
pub(super) fn check_coding(image: &ImageLayout) -> Result<(), Unreadable> {
    let coding = match image.compression {
        6 => Some("old-style JPEG in TIFF, in pieces".to_owned()),
        _ if image.subsampled => Some("TIFF colour in blocks (YCbCr subsampling)".to_owned()),
        1 | 5 | 7 | 8 | 32773 | 32946 => None,
        other => Some(format!("TIFF compression {other}")),
    };
    let coding = coding.or_else(|| {
        (image.float_samples || !matches!(image.bits, 1 | 2 | 4 | 8 | 16))
            .then(|| format!("TIFF samples of {} bits", image.bits))
    });
    let coding = coding.or_else(|| {
        (image.samples > MAX_SAMPLES).then(|| format!("TIFF with {} samples a dot", image.samples))
    });
    match coding {
        Some(coding) => Err(Unreadable::UnsupportedCoding { coding }),
        None => Ok(()),
    }
}
