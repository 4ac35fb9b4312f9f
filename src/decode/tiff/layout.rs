//! What one directory says about its image: size, coding, where the strips or
//! tiles lie.

use std::ops::Range;

use super::directory::{Directory, tag};
use crate::decode::grey::Orientation;
use crate::decode::pages::Dpi;

/// An image as its directory describes it. Sizes are as claimed: nothing is
/// allocated from them before they are checked.
#[derive(Clone, Debug)]
pub(super) struct ImageLayout {
    pub width: u32,
    /// Rows; 0 where the writer did not know (a fax that was still coming in).
    pub height: u32,
    pub bits: u32,
    pub samples: u32,
    pub compression: u64,
    pub photometric: Photometric,
    pub bits_reversed: bool,
    /// T4Options, bit 0: rows may be coded against the row above.
    pub two_dimensional: bool,
    pub predictor: u64,
    pub planar: bool,
    /// The sample that holds the opacity, if one does.
    pub alpha: Option<Alpha>,
    /// Colour samples stand for several dots each, in blocks.
    pub subsampled: bool,
    pub float_samples: bool,
    pub orientation: Orientation,
    pub stated_dpi: Option<Dpi>,
    pub chunk_width: u32,
    pub chunk_height: u32,
    pub tiled: bool,
}

/// An opacity among the samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Alpha {
    /// Which of the samples.
    pub index: u32,
    /// The others have been darkened by it already ("associated").
    pub applied: bool,
}

/// Tag 262.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Photometric {
    WhiteIsZero,
    BlackIsZero,
    Rgb,
    Palette,
    Cmyk,
    YCbCr,
    Other(u64),
}

impl ImageLayout {
    /// `None` if there is no width.
    pub(super) fn of(directory: &Directory) -> Option<Self> {
        let number = |tag, default| directory.first(tag).unwrap_or(default);
        let small = |tag, default: u64| u32::try_from(number(tag, default)).ok();
        let width = small(tag::IMAGE_WIDTH, 0).filter(|w| *w > 0)?;
        let height = small(tag::IMAGE_LENGTH, 0)?;
        let samples = small(tag::SAMPLES_PER_PIXEL, 1)?.max(1);
        let compression = number(tag::COMPRESSION, 1);
        let tiled = !directory.all(tag::TILE_OFFSETS).is_empty();
        let (chunk_width, chunk_height) = if tiled {
            (small(tag::TILE_WIDTH, 0)?, small(tag::TILE_LENGTH, 0)?)
        } else {
            let rows = number(tag::ROWS_PER_STRIP, u64::from(u32::MAX));
            // Nought is what writers put that mean all rows.
            let rows = if rows == 0 { u64::from(u32::MAX) } else { rows };
            (width, u32::try_from(rows).unwrap_or(u32::MAX))
        };
        let photometric = photometric(directory, compression);
        // JPEG takes care of it itself. Two by two is what a missing tag means.
        let subsampling = directory.all(tag::YCBCR_SUBSAMPLING);
        let subsampled =
            photometric == Photometric::YCbCr && compression != 7 && subsampling != [1, 1];
        Some(Self {
            width,
            height,
            bits: small(tag::BITS_PER_SAMPLE, 1)?,
            samples,
            compression,
            photometric,
            bits_reversed: number(tag::FILL_ORDER, 1) == 2,
            two_dimensional: number(tag::T4_OPTIONS, 0) & 1 == 1,
            predictor: number(tag::PREDICTOR, 1),
            planar: number(tag::PLANAR_CONFIGURATION, 1) == 2 && samples > 1,
            alpha: alpha(directory, samples),
            subsampled,
            float_samples: number(tag::SAMPLE_FORMAT, 1) == 3,
            orientation: Orientation::from_tag(number(tag::ORIENTATION, 1)),
            stated_dpi: stated_dpi(directory),
            chunk_width,
            chunk_height: chunk_height.max(1),
            tiled,
        })
    }

    /// Whether this is one of the fax codings.
    pub(super) fn is_fax(&self) -> bool {
        matches!(self.compression, 2..=4 | 32771)
    }

    /// Samples that lie beside each other in one chunk.
    pub(super) fn chunk_samples(&self) -> u32 {
        if self.planar { 1 } else { self.samples }
    }
}

fn photometric(directory: &Directory, compression: u64) -> Photometric {
    match directory.first(tag::PHOTOMETRIC) {
        Some(0) => Photometric::WhiteIsZero,
        Some(1) => Photometric::BlackIsZero,
        Some(2) => Photometric::Rgb,
        Some(3) => Photometric::Palette,
        Some(5) => Photometric::Cmyk,
        Some(6) => Photometric::YCbCr,
        Some(other) => Photometric::Other(other),
        // The tag is required and sometimes missing: ink is the exception on
        // a fax, light elsewhere.
        None if matches!(compression, 2..=4 | 32771) => Photometric::WhiteIsZero,
        None => Photometric::BlackIsZero,
    }
}

fn alpha(directory: &Directory, samples: u32) -> Option<Alpha> {
    let extra = directory.all(tag::EXTRA_SAMPLES);
    let place = extra.iter().position(|kind| matches!(kind, 1 | 2))?;
    let first = (samples as usize).checked_sub(extra.len())?;
    Some(Alpha { index: (first + place) as u32, applied: extra[place] == 1 })
}

pub(super) fn stated_dpi(directory: &Directory) -> Option<Dpi> {
    const CM_PER_INCH: f64 = 2.54;
    let (x, y) = (directory.ratio(tag::X_RESOLUTION)?, directory.ratio(tag::Y_RESOLUTION)?);
    let scale = match directory.first(tag::RESOLUTION_UNIT).unwrap_or(2) {
        3 => CM_PER_INCH,
        // 1 means "no unit"; writers that say so still mean inches, and a
        // value that cannot be is refused later.
        _ => 1.0,
    };
    Some(Dpi { x: (x * scale) as f32, y: (y * scale) as f32 })
}

/// One strip or tile.
#[derive(Clone, Debug)]
pub(super) struct Chunk {
    /// Where its first pixel goes.
    pub x: u32,
    pub y: u32,
    /// Which sample it holds, in planar files.
    pub plane: u32,
    /// Rows coded in it.
    pub rows: u32,
    /// Its bytes, inside the file.
    pub bytes: Range<usize>,
    /// The end of what may belong to it if the byte count is too small: the
    /// next chunk's start, or the end of the file.
    pub reach: usize,
}

/// The chunks of an image of `height` rows, in order. Those that lie outside
/// the file are left out.
pub(super) fn chunks(
    directory: &Directory,
    image: &ImageLayout,
    height: u32,
    file_len: usize,
) -> Vec<Chunk> {
    let (offsets, counts) = if image.tiled {
        (directory.all(tag::TILE_OFFSETS), directory.all(tag::TILE_BYTE_COUNTS))
    } else {
        (directory.all(tag::STRIP_OFFSETS), directory.all(tag::STRIP_BYTE_COUNTS))
    };
    let across = image.width.div_ceil(image.chunk_width.max(1)).max(1);
    let down = height.div_ceil(image.chunk_height).max(1);
    let per_plane = across as usize * down as usize;
    let mut starts: Vec<u64> = offsets.to_vec();
    starts.sort_unstable();
    let planes = if image.planar { image.samples as usize } else { 1 };
    offsets
        .iter()
        .enumerate()
        .take(per_plane.saturating_mul(planes))
        .filter_map(|(index, offset)| {
            let start = usize::try_from(*offset).ok().filter(|start| *start < file_len)?;
            let next = starts[starts.partition_point(|other| other <= offset)..].first();
            let reach = next.map_or(file_len, |next| file_len.min(*next as usize));
            let stated = counts.get(index).copied().unwrap_or(0);
            let end = match usize::try_from(stated) {
                Ok(count) if count > 0 => start.saturating_add(count).min(file_len),
                _ => reach,
            };
            let in_plane = index % per_plane;
            let (column, row) = (in_plane as u32 % across, in_plane as u32 / across);
            let y = row.checked_mul(image.chunk_height)?;
            let rows = if image.tiled {
                image.chunk_height
            } else {
                image.chunk_height.min(height - y.min(height))
            };
            Some(Chunk {
                x: column * image.chunk_width,
                y,
                plane: (index / per_plane) as u32,
                rows,
                bytes: start..end,
                reach: reach.max(end),
            })
        })
        .collect()
}
