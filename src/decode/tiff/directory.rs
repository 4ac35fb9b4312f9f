//! TIFF's own structure: header, chain of directories, tags.
//!
//! Walked by hand rather than by the `tiff` crate because fax servers write
//! directories no strict reader accepts (zero byte counts, chains that bite
//! their own tail, a cut-off last directory), and the pages before the damage
//! are wanted all the same.

use std::collections::{BTreeMap, HashSet};

/// Tags that are read here (TIFF 6.0, TIFF-F).
pub(super) mod tag {
    pub const NEW_SUBFILE_TYPE: u16 = 254;
    pub const IMAGE_WIDTH: u16 = 256;
    pub const IMAGE_LENGTH: u16 = 257;
    pub const BITS_PER_SAMPLE: u16 = 258;
    pub const COMPRESSION: u16 = 259;
    pub const PHOTOMETRIC: u16 = 262;
    pub const FILL_ORDER: u16 = 266;
    pub const STRIP_OFFSETS: u16 = 273;
    pub const ORIENTATION: u16 = 274;
    pub const SAMPLES_PER_PIXEL: u16 = 277;
    pub const ROWS_PER_STRIP: u16 = 278;
    pub const STRIP_BYTE_COUNTS: u16 = 279;
    pub const X_RESOLUTION: u16 = 282;
    pub const Y_RESOLUTION: u16 = 283;
    pub const PLANAR_CONFIGURATION: u16 = 284;
    pub const T4_OPTIONS: u16 = 292;
    pub const RESOLUTION_UNIT: u16 = 296;
    pub const PAGE_NUMBER: u16 = 297;
    pub const PREDICTOR: u16 = 317;
    pub const COLOR_MAP: u16 = 320;
    pub const TILE_WIDTH: u16 = 322;
    pub const TILE_LENGTH: u16 = 323;
    pub const TILE_OFFSETS: u16 = 324;
    pub const TILE_BYTE_COUNTS: u16 = 325;
    pub const BAD_FAX_LINES: u16 = 326;
    pub const CLEAN_FAX_DATA: u16 = 327;
    pub const CONSECUTIVE_BAD_FAX_LINES: u16 = 328;
    pub const EXTRA_SAMPLES: u16 = 338;
    pub const SAMPLE_FORMAT: u16 = 339;
    pub const JPEG_TABLES: u16 = 347;
    pub const JPEG_INTERCHANGE_FORMAT: u16 = 513;
    pub const JPEG_INTERCHANGE_FORMAT_LENGTH: u16 = 514;
    pub const YCBCR_SUBSAMPLING: u16 = 530;
    /// Private to HylaFAX: what the sender dialled after the number.
    pub const FAX_SUB_ADDRESS: u16 = 34909;
    /// Private to HylaFAX: seconds the page took.
    pub const FAX_RECV_TIME: u16 = 34910;
}

/// Values of one tag. One strip a row of the longest page makes tens of
/// thousands; more is damage.
const MAX_VALUES: u64 = 1_000_000;
/// Entries of one directory; the standard's own count field goes to 65,535 but
/// no writer comes near.
const MAX_ENTRIES: u64 = 4_096;

/// Byte order and width of offsets.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    pub big_endian: bool,
    big_tiff: bool,
}

impl Layout {
    pub(super) fn of(bytes: &[u8]) -> Option<Self> {
        Some(match bytes.get(..4)? {
            b"II*\0" => Self { big_endian: false, big_tiff: false },
            b"MM\0*" => Self { big_endian: true, big_tiff: false },
            b"II+\0" => Self { big_endian: false, big_tiff: true },
            b"MM\0+" => Self { big_endian: true, big_tiff: true },
            _ => return None,
        })
    }

    /// An unsigned number of `size` bytes at `at`.
    fn number(self, bytes: &[u8], at: u64, size: u64) -> Option<u64> {
        let at = usize::try_from(at).ok()?;
        let slice = bytes.get(at..at.checked_add(size as usize)?)?;
        let fold = |value: u64, byte: &u8| value << 8 | u64::from(*byte);
        Some(if self.big_endian {
            slice.iter().fold(0, fold)
        } else {
            slice.iter().rev().fold(0, fold)
        })
    }

    fn offset_size(self) -> u64 {
        if self.big_tiff { 8 } else { 4 }
    }
}

/// One directory: a page, or a thumbnail of one.
#[derive(Clone, Debug, Default)]
pub(super) struct Directory {
    numbers: BTreeMap<u16, Vec<u64>>,
    ratios: BTreeMap<u16, f64>,
}

impl Directory {
    /// First value of a tag of whole numbers.
    pub(super) fn first(&self, tag: u16) -> Option<u64> {
        self.numbers.get(&tag)?.first().copied()
    }

    /// All values of a tag of whole numbers; empty where it is absent.
    pub(super) fn all(&self, tag: u16) -> &[u64] {
        self.numbers.get(&tag).map_or(&[], Vec::as_slice)
    }

    /// First value of a tag of fractions.
    pub(super) fn ratio(&self, tag: u16) -> Option<f64> {
        self.ratios.get(&tag).copied()
    }

    /// A smaller copy of another page, or a mask: not a page of its own.
    fn is_auxiliary(&self) -> bool {
        const REDUCED: u64 = 1;
        const MASK: u64 = 4;
        self.first(tag::NEW_SUBFILE_TYPE).unwrap_or(0) & (REDUCED | MASK) != 0
    }

    fn has_image(&self) -> bool {
        self.numbers.contains_key(&tag::STRIP_OFFSETS)
            || self.numbers.contains_key(&tag::TILE_OFFSETS)
    }
}

/// The directories of a file, as far as they can be followed.
#[derive(Debug)]
pub(super) struct Chain {
    pub directories: Vec<Directory>,
    /// The chain led back to a directory already seen, or outside the file.
    pub broken: Option<Broken>,
}

/// How a chain of directories ended, if not well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Broken {
    /// Back to a directory already seen.
    Loop,
    /// Outside the file, or into rubbish.
    Astray,
}

/// The first directory alone: Exif is a TIFF without a picture.
pub(super) fn first(bytes: &[u8], layout: Layout) -> Option<Directory> {
    let at = layout.number(bytes, if layout.big_tiff { 8 } else { 4 }, layout.offset_size())?;
    read(bytes, layout, at).map(|(directory, _)| directory)
}

/// Follows the chain. Stops after `max + 1` pages: one more than allowed is
/// enough to know.
pub(super) fn walk(bytes: &[u8], layout: Layout, max: u32) -> Chain {
    let mut chain = Chain { directories: Vec::new(), broken: None };
    let mut seen = HashSet::new();
    let first_at = if layout.big_tiff { 8 } else { 4 };
    let mut next = layout.number(bytes, first_at, layout.offset_size());
    loop {
        let Some(offset) = next else {
            chain.broken = Some(Broken::Astray);
            break;
        };
        if offset == 0 || chain.directories.len() as u64 > u64::from(max) {
            break;
        }
        if !seen.insert(offset) {
            chain.broken = Some(Broken::Loop);
            break;
        }
        let Some((directory, follows)) = read(bytes, layout, offset) else {
            chain.broken = Some(Broken::Astray);
            break;
        };
        if directory.has_image() {
            chain.directories.push(directory);
        }
        next = follows;
    }
    if chain.directories.iter().any(|d| !d.is_auxiliary()) {
        chain.directories.retain(|d| !d.is_auxiliary());
    }
    chain
}

/// One directory and the offset that follows it; the offset is `None` where
/// the file ends before it. A directory that is cut off keeps the tags before
/// the cut.
fn read(bytes: &[u8], layout: Layout, offset: u64) -> Option<(Directory, Option<u64>)> {
    let (count_size, entry_size) = if layout.big_tiff { (8, 20) } else { (2, 12) };
    let count = layout.number(bytes, offset, count_size)?;
    if count == 0 || count > MAX_ENTRIES {
        return None;
    }
    let mut directory = Directory::default();
    let first = offset.checked_add(count_size)?;
    for index in 0..count {
        // A bad entry costs itself only.
        let _ = read_entry(bytes, layout, first.checked_add(index * entry_size)?, &mut directory);
    }
    let after = first.checked_add(count * entry_size)?;
    Some((directory, layout.number(bytes, after, layout.offset_size())))
}

fn read_entry(bytes: &[u8], layout: Layout, at: u64, directory: &mut Directory) -> Option<()> {
    let tag = layout.number(bytes, at, 2)? as u16;
    let kind = layout.number(bytes, at + 2, 2)?;
    let count = layout.number(bytes, at + 4, layout.offset_size())?;
    let inline = at + 4 + layout.offset_size();
    // BYTE, ASCII, UNDEFINED 1; SHORT 2; LONG, IFD 4; RATIONAL 8; LONG8 8.
    let size = match kind {
        1 | 2 | 6 | 7 => 1,
        3 | 8 => 2,
        4 | 9 | 13 => 4,
        5 | 10 | 16..=18 => 8,
        11 => 4,
        12 => 8,
        _ => return None,
    };
    if count == 0 || count > MAX_VALUES {
        return None;
    }
    let place = if count * size <= layout.offset_size() {
        inline
    } else {
        layout.number(bytes, inline, layout.offset_size())?
    };
    match kind {
        5 | 10 => {
            let (over, under) =
                (layout.number(bytes, place, 4)?, layout.number(bytes, place + 4, 4)?);
            directory.ratios.entry(tag).or_insert(over as f64 / under as f64);
        }
        11 => {
            let bits = layout.number(bytes, place, 4)? as u32;
            directory.ratios.entry(tag).or_insert(f64::from(f32::from_bits(bits)));
        }
        12 => {
            let bits = layout.number(bytes, place, 8)?;
            directory.ratios.entry(tag).or_insert(f64::from_bits(bits));
        }
        _ => {
            // A list that runs out of the file keeps what is inside it.
            let values: Vec<u64> = (0..count)
                .map_while(|i| layout.number(bytes, place.checked_add(i * size)?, size))
                .collect();
            directory.numbers.entry(tag).or_insert(values);
        }
    }
    Some(())
}
