//! The fax codings: modified Huffman with rows in whole bytes (compression 2)
//! or words (32771), T.4 (3) and T.6 (4), one strip or tile at a time.

use std::borrow::Cow;

use hayro_ccitt::{DecodeSettings, Decoder, DecoderContext, EncodingMode};

use super::layout::{Chunk, ImageLayout, Photometric};

/// Rows of one strip or tile.
pub(super) struct Rows {
    /// One byte a pixel, `width` a row; rows that were lost are not in it.
    pub pixels: Vec<u8>,
    /// How many rows there are.
    pub count: u32,
    /// The first row that had to be mended, if one had to be.
    pub mended_from: Option<u32>,
}

/// Decodes as many of the chunk's rows as can be had.
///
/// First to the letter; a file that passes is as its sender wrote it. Then, for
/// T.4, with the other value of T4Options, which servers are known to leave
/// out. Only then leniently: damaged rows are skipped up to the next
/// end-of-line, T.6 ends at the first damage.
pub(super) fn decode(file: &[u8], chunk: &Chunk, image: &ImageLayout) -> Rows {
    let stated = attempts(&file[chunk.bytes.clone()], chunk, image);
    if stated.count >= chunk.rows || chunk.reach <= chunk.bytes.end {
        return stated;
    }
    // The byte count may be wrong rather than the rows missing.
    let longer = attempts(&file[chunk.bytes.start..chunk.reach], chunk, image);
    if longer.count > stated.count { longer } else { stated }
}

fn attempts(data: &[u8], chunk: &Chunk, image: &ImageLayout) -> Rows {
    let data: Cow<[u8]> = if image.bits_reversed {
        data.iter().map(|b| b.reverse_bits()).collect::<Vec<u8>>().into()
    } else {
        data.into()
    };
    let modes: &[EncodingMode] = match (image.compression, image.two_dimensional) {
        (4, _) => &[EncodingMode::Group4],
        (3, true) => &[EncodingMode::Group3_2D, EncodingMode::Group3_1D],
        (3, false) => &[EncodingMode::Group3_1D, EncodingMode::Group3_2D],
        _ => &[EncodingMode::Group3_1D],
    };
    if image.compression == 32771 {
        return word_aligned(&data, chunk, image);
    }
    let mut sound = 0;
    for mode in modes {
        match attempt(&data, *mode, true, chunk, image) {
            Ok(rows) => return rows,
            Err(rows) => sound = sound.max(rows),
        }
    }
    modes
        .iter()
        .filter_map(|mode| attempt(&data, *mode, false, chunk, image).ok())
        .find(|rows| rows.count > 0)
        .map(|rows| Rows { mended_from: Some(sound.min(rows.count)), ..rows })
        .unwrap_or(Rows { pixels: Vec::new(), count: 0, mended_from: Some(0) })
}

/// Rows that each begin at an even byte: taken one by one, since the decoder
/// knows of whole bytes only.
fn word_aligned(data: &[u8], chunk: &Chunk, image: &ImageLayout) -> Rows {
    let mut sink = Sink::new(chunk, image);
    let mut at = 0;
    while sink.rows < chunk.rows && at < data.len() {
        let mut context = DecoderContext::new(DecodeSettings {
            columns: image.chunk_width,
            rows: 1,
            end_of_block: false,
            end_of_line: false,
            rows_are_byte_aligned: true,
            encoding: EncodingMode::Group3_1D,
            strict: true,
        });
        let before = sink.rows;
        match hayro_ccitt::decode(&data[at..], &mut sink, &mut context) {
            Ok(used) if used > 0 && sink.rows > before => at += used.next_multiple_of(2),
            _ => break,
        }
    }
    Rows { pixels: sink.pixels, count: sink.rows, mended_from: None }
}

/// How many rows were sound, if a strict attempt met anything irregular. A clean end before the
/// last row (the sender hung up after an end-of-page) is regular.
fn attempt(
    data: &[u8],
    encoding: EncodingMode,
    strict: bool,
    chunk: &Chunk,
    image: &ImageLayout,
) -> Result<Rows, u32> {
    let width = image.chunk_width;
    let mut context = DecoderContext::new(DecodeSettings {
        columns: width,
        rows: chunk.rows,
        end_of_block: true,
        // T.4 sends one after each row, but some writers leave out the very
        // first, by which the decoder would tell.
        end_of_line: image.compression == 3,
        rows_are_byte_aligned: image.compression == 2,
        encoding,
        strict,
    });
    let mut sink = Sink::new(chunk, image);
    let ended = hayro_ccitt::decode(data, &mut sink, &mut context);
    let whole = ended.is_ok() || sink.rows >= chunk.rows;
    if strict && (!whole || sink.rows == 0) {
        return Err(sink.rows);
    }
    Ok(Rows { pixels: sink.pixels, count: sink.rows, mended_from: None })
}

struct Sink {
    width: usize,
    max_rows: u32,
    inverted: bool,
    pixels: Vec<u8>,
    rows: u32,
}

impl Sink {
    fn new(chunk: &Chunk, image: &ImageLayout) -> Self {
        Self {
            width: image.chunk_width as usize,
            max_rows: chunk.rows,
            // Photometric 1 says that the code's white is black.
            inverted: image.photometric == Photometric::BlackIsZero,
            pixels: Vec::new(),
            rows: 0,
        }
    }
}

impl Decoder for Sink {
    fn push_row(&mut self, changes: &[u32]) {
        if self.rows >= self.max_rows {
            return;
        }
        let (paper, ink) = if self.inverted { (0, 255) } else { (255, 0) };
        let start = self.pixels.len();
        self.pixels.resize(start + self.width, paper);
        let row = &mut self.pixels[start..];
        for span in changes.chunks(2) {
            let from = (span[0] as usize).min(row.len());
            let to = span.get(1).map_or(row.len(), |end| (*end as usize).min(row.len()));
            if from < to {
                row[from..to].fill(ink);
            }
        }
        self.rows += 1;
    }
}
