//! TIFF: what fax machines and fax servers write.

mod colour;
mod directory;
mod facts;
mod fax;
mod layout;
mod samples;
#[cfg(test)]
pub(super) mod tests;

use std::sync::Arc;

use image::GrayImage;

use self::colour::ToGrey;
use self::directory::{Broken, Directory, Layout, tag};
use self::layout::{Chunk, ImageLayout};
use super::grey;
use super::guard::contained;
use super::pages::{Dpi, Inventory, MediaType, Page, Raster};
use super::picture;
use super::resolution::believed_or_inferred;
use super::{Limits, Unreadable};
use crate::vocab::{Note, PageNumber};

const KIND: &str = "a TIFF";

/// Memory for the samples of one chunk, bytes for each dot of the page limit:
/// four samples of 16 bits.
const MAX_BYTES_PER_PIXEL: u64 = 8;

/// An opened TIFF.
pub(super) struct TiffFile {
    bytes: Arc<[u8]>,
    layout: Layout,
    directories: Vec<Directory>,
}

impl TiffFile {
    pub(super) fn open(bytes: Arc<[u8]>, limits: &Limits) -> Result<(Self, Inventory), Unreadable> {
        let layout = Layout::of(&bytes).ok_or(Unreadable::Unknown)?;
        let chain = directory::walk(&bytes, layout, limits.max_pages);
        let pages = chain.directories.len() as u32;
        if pages > limits.max_pages {
            return Err(Unreadable::TooManyPages { pages, limit: limits.max_pages });
        }
        if pages == 0 {
            return Err(match chain.broken {
                Some(Broken::Astray) => Unreadable::Truncated,
                Some(Broken::Loop) | None => {
                    Unreadable::Damaged { kind: KIND, what: "it holds no page" }
                }
            });
        }
        let mut notes = chain_notes(chain.broken);
        notes.extend(facts::of_file(&chain.directories));
        let inventory = Inventory { media_type: MediaType::Tiff, pages, notes };
        Ok((Self { bytes, layout, directories: chain.directories }, inventory))
    }

    pub(super) fn page(&self, number: PageNumber, limits: &Limits) -> Result<Page, Unreadable> {
        let damaged = |what| Unreadable::PageDamaged { page: number, what };
        let directory = &self.directories[number.index()];
        let image = ImageLayout::of(directory).ok_or(damaged("its size is missing"))?;
        if image.compression == 6
            && let Some(jpeg) = self.old_jpeg(directory)
        {
            return old_jpeg_page(jpeg, number, limits);
        }
        let picture = if image.is_fax() {
            self.fax(directory, &image, limits)?
        } else {
            self.samples(directory, &image, limits)?
        };
        if picture.rows == 0 {
            return Err(damaged("none of its scan lines could be decoded"));
        }
        let mut page = picture.into_page(number, &image);
        page.notes.extend(facts::of_page(directory, number));
        Ok(page)
    }

    /// The picture of old-style JPEG where it lies in the file as one whole:
    /// where its tag says, or in its only strip.
    fn old_jpeg(&self, directory: &Directory) -> Option<&[u8]> {
        let start = directory.first(tag::JPEG_INTERCHANGE_FORMAT);
        let strips = directory.all(tag::STRIP_OFFSETS);
        let only = strips.first().copied().filter(|_| strips.len() == 1);
        [start, only].into_iter().flatten().find_map(|start| {
            let rest = self.bytes.get(usize::try_from(start).ok()?..)?;
            let length = directory.first(tag::JPEG_INTERCHANGE_FORMAT_LENGTH);
            let stated = length.and_then(|l| rest.get(..usize::try_from(l).ok()?));
            // The stated length is known to leave out the picture itself.
            let whole = |data: &&[u8]| picture::jpeg_is_complete(data);
            let data = stated.filter(whole).unwrap_or(rest);
            (data.starts_with(b"\xff\xd8\xff") && picture::jpeg_size(data).is_some())
                .then_some(data)
        })
    }

    fn fax(
        &self,
        directory: &Directory,
        image: &ImageLayout,
        limits: &Limits,
    ) -> Result<Picture, Unreadable> {
        let max = limits.max_pixels_per_page;
        grey::check(image.chunk_width.into(), u64::from(image.height.max(1)), max)?;
        // Where the writer left the length open, rows are taken until the data
        // ends or the limit is reached.
        let open_ended = image.height == 0;
        let most = u32::try_from(max / u64::from(image.width)).unwrap_or(u32::MAX);
        let height = if open_ended { most } else { image.height };
        let chunks = layout::chunks(directory, image, height, self.bytes.len());
        check_work(&chunks, image, max)?;
        let mut mended_from = None;
        let mut parts = Vec::new();
        for chunk in chunks {
            let rows = contained(|| fax::decode(&self.bytes, &chunk, image));
            if let Some(rows) = rows.filter(|rows| rows.count > 0) {
                let from = rows.mended_from.map(|row| chunk.y.saturating_add(row));
                mended_from = mended_from.or(from);
                parts.push((chunk, rows));
            }
            if open_ended {
                break;
            }
        }
        let height = if open_ended { parts.first().map_or(1, |(_, r)| r.count) } else { height };
        let mut picture = Picture::white(image.width, height, max)?;
        picture.mended_from = mended_from;
        for (chunk, rows) in &parts {
            let stride = image.chunk_width as usize;
            for (y, row) in (chunk.y..).zip(rows.pixels.chunks(stride)) {
                picture.write(chunk.x, y, row.iter().copied());
            }
            picture.count(chunk, rows.count);
        }
        Ok(picture)
    }

    fn samples(
        &self,
        directory: &Directory,
        image: &ImageLayout,
        limits: &Limits,
    ) -> Result<Picture, Unreadable> {
        samples::check_coding(image)?;
        let max = limits.max_pixels_per_page;
        let mut picture = Picture::white(image.width, image.height, max)?;
        let to_grey = ToGrey::new(directory, image)?;
        let rows =
            if image.tiled { image.chunk_height } else { image.chunk_height.min(image.height) };
        grey::check(samples::bytes_per_row(image) as u64, rows.into(), max * MAX_BYTES_PER_PIXEL)?;
        let tables: Vec<u8> = directory.all(tag::JPEG_TABLES).iter().map(|b| *b as u8).collect();
        // Planar files come one sample at a time: they are gathered here.
        let mut planes = Planes::new(image, max)?;
        let chunks = layout::chunks(directory, image, image.height, self.bytes.len());
        check_work(&chunks, image, max * u64::from(image.samples))?;
        for chunk in chunks {
            if image.compression == 7 && !jpeg_fits(&self.bytes[chunk.bytes.clone()], image, &chunk)
            {
                continue;
            }
            let part = contained(|| {
                samples::decode(&self.bytes, &chunk, image, self.layout.big_endian, &tables)
            });
            let Some(part) = part else { continue };
            let scaled = !to_grey.is_palette();
            let per_pixel = image.chunk_samples() as usize;
            for (y, row) in (chunk.y..).zip(part.bytes.chunks_exact(part.bytes_per_row.max(1))) {
                let values = unpack(row, image.bits, scaled);
                match &mut planes {
                    Some(planes) => planes.write(&chunk, y, &values),
                    None => picture.write(
                        chunk.x,
                        y,
                        values.chunks_exact(per_pixel).map(|pixel| to_grey.grey(pixel)),
                    ),
                }
            }
            if chunk.plane == 0 {
                picture.count(&chunk, part.rows);
            }
        }
        if let Some(planes) = planes {
            for y in 0..image.height {
                picture.write(0, y, planes.row(y).map(|pixel| to_grey.grey(&pixel)));
            }
        }
        Ok(picture)
    }
}

/// A page that is one JPEG.
fn old_jpeg_page(jpeg: &[u8], number: PageNumber, limits: &Limits) -> Result<Page, Unreadable> {
    let (file, _) = picture::Picture::open(jpeg.into(), picture::Format::Jpeg, limits)?;
    file.page(PageNumber::FIRST, limits)
        .map_err(|why| match why {
            Unreadable::PageDamaged { what, .. } => Unreadable::PageDamaged { page: number, what },
            other => other,
        })
        .map(|mut page| {
            page.number = number;
            page.notes.iter_mut().for_each(|note| note.page = Some(number));
            page
        })
}

/// The resolution that Exif states: it is a TIFF without a picture.
pub(super) fn stated_dpi(exif: &[u8]) -> Option<Dpi> {
    let layout = Layout::of(exif)?;
    layout::stated_dpi(&directory::first(exif, layout)?)
}

/// Refuses strips or tiles that together claim far more dots than the page
/// has, so that a small page cannot ask for a million huge tiles.
fn check_work(chunks: &[Chunk], image: &ImageLayout, max: u64) -> Result<(), Unreadable> {
    // Tiles stick out over the right and lower edge; four times the page is
    // reached only by tiles larger than the page itself.
    const SLACK: u64 = 4;
    let rows = chunks.iter().map(|chunk| u64::from(chunk.rows)).sum();
    grey::check(image.chunk_width.into(), rows, max.saturating_mul(SLACK))
}

fn chain_notes(broken: Option<Broken>) -> Vec<Note> {
    let message = match broken {
        None => return Vec::new(),
        Some(Broken::Loop) => {
            "The list of pages in the file leads back to an earlier page; each page was taken once."
        }
        Some(Broken::Astray) => {
            "The list of pages in the file breaks off; there may have been more pages."
        }
    };
    vec![Note::document("file.pages_broken", message)]
}

/// The samples of one row as bytes, scaled to 0 to 255 unless they are places
/// in a palette. Of 16 bits the upper eight are kept.
fn unpack(row: &[u8], bits: u32, scaled: bool) -> Vec<u8> {
    match bits {
        8 => row.to_vec(),
        16 => row
            .chunks_exact(2)
            .map(|pair| (u16::from_ne_bytes([pair[0], pair[1]]) >> 8) as u8)
            .collect(),
        _ => {
            let max = (1_u16 << bits) as u8 - 1;
            let factor = if scaled { 255 / max } else { 1 };
            row.iter()
                .flat_map(|byte| {
                    (0..8 / bits).map(move |i| ((byte >> (8 - bits * (i + 1))) & max) * factor)
                })
                .collect()
        }
    }
}

/// JPEG brings its own size; the codec would believe it.
fn jpeg_fits(data: &[u8], image: &ImageLayout, chunk: &Chunk) -> bool {
    // Coded sizes are rounded up to whole blocks by some writers.
    const SLACK: u32 = 64;
    super::picture::jpeg_size(data).is_none_or(|(width, height)| {
        width <= image.chunk_width.saturating_add(SLACK)
            && height <= chunk.rows.saturating_add(SLACK)
    })
}

/// Samples of a planar file, all planes.
struct Planes {
    width: usize,
    samples: usize,
    values: Vec<u8>,
}

impl Planes {
    /// `None` for a file that is not planar.
    fn new(image: &ImageLayout, max_pixels: u64) -> Result<Option<Self>, Unreadable> {
        if !image.planar {
            return Ok(None);
        }
        let across = u64::from(image.width) * u64::from(image.samples);
        grey::check(across, image.height.into(), max_pixels * MAX_BYTES_PER_PIXEL)?;
        let values = vec![0; across as usize * image.height as usize];
        Ok(Some(Self { width: image.width as usize, samples: image.samples as usize, values }))
    }

    fn write(&mut self, chunk: &Chunk, y: u32, row: &[u8]) {
        for (x, value) in (chunk.x as usize..self.width).zip(row) {
            let at = (y as usize * self.width + x) * self.samples + chunk.plane as usize;
            if let Some(place) = self.values.get_mut(at) {
                *place = *value;
            }
        }
    }

    fn row(&self, y: u32) -> impl Iterator<Item = Vec<u8>> {
        let stride = self.width * self.samples;
        self.values[y as usize * stride..][..stride].chunks(self.samples).map(<[u8]>::to_vec)
    }
}

/// A page being put together on white paper.
struct Picture {
    pixels: GrayImage,
    /// Rows that hold something, of the first column of chunks.
    rows: u32,
    /// The first row that had to be mended.
    mended_from: Option<u32>,
}

impl Picture {
    fn white(width: u32, height: u32, max_pixels: u64) -> Result<Self, Unreadable> {
        Ok(Self { pixels: grey::white(width, height, max_pixels)?, rows: 0, mended_from: None })
    }

    /// Writes from `x` on, as much as fits.
    fn write(&mut self, x: u32, y: u32, row: impl Iterator<Item = u8>) {
        let (width, height) = self.pixels.dimensions();
        if y >= height || x >= width {
            return;
        }
        let start = y as usize * width as usize + x as usize;
        let end = (y as usize + 1) * width as usize;
        let buffer: &mut [u8] = &mut self.pixels;
        for (place, value) in buffer[start..end].iter_mut().zip(row) {
            *place = value;
        }
    }

    /// Counts rows once, by the leftmost chunk.
    fn count(&mut self, chunk: &Chunk, rows: u32) {
        if chunk.x == 0 {
            let inside = self.pixels.height().saturating_sub(chunk.y);
            self.rows += rows.min(inside);
        }
    }

    fn into_page(self, number: PageNumber, image: &ImageLayout) -> Page {
        let (width, height) = self.pixels.dimensions();
        let mut notes = Vec::new();
        let lost = height.saturating_sub(self.rows);
        if lost > 0 {
            notes.push(Note::page(
                "page.rows_lost",
                number,
                format!(
                    "{lost} of {height} scan lines did not arrive or cannot be decoded; that part of the page is left white."
                ),
            ));
        }
        if let Some(first) = self.mended_from {
            notes.push(Note::page(
                "page.rows_damaged",
                number,
                format!(
                    "Scan lines arrived damaged, the first of them line {} of {height}; text on them may be missing or misread.",
                    first.saturating_add(1).min(height)
                ),
            ));
        }
        let mut dpi = believed_or_inferred(image.stated_dpi, width, height);
        if image.orientation.swaps_axes() {
            std::mem::swap(&mut dpi.x, &mut dpi.y);
        }
        let pixels = image.orientation.apply(self.pixels);
        let bilevel = grey::is_bilevel(&pixels);
        Page::scan(number, Raster { pixels, bilevel, dpi }, notes)
    }
}
