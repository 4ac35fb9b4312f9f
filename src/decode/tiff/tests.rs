//! TIFFs written by hand, each with one thing to show.

use super::super::pages::Page;
use super::super::{Document, Limits, Unreadable, open};
use crate::vocab::PageNumber;

const WIDTH: u32 = 8;

/// One directory's tags (all written as LONG, which readers accept for any
/// whole number) and the bytes of its strips.
#[derive(Clone)]
pub(in crate::decode) struct Ifd {
    tags: Vec<(u16, u32)>,
    strips: Vec<Vec<u8>>,
    /// Instead of the true byte counts.
    counts: Option<u32>,
}

impl Ifd {
    pub(in crate::decode) fn new(compression: u32, height: u32, strip: Vec<u8>) -> Self {
        let tags = vec![
            (256, WIDTH),
            (257, height),
            (258, 1),
            (259, compression),
            (262, 0),
            (277, 1),
            (278, height.max(1)),
        ];
        Self { tags, strips: vec![strip], counts: None }
    }

    fn with(mut self, tag: u16, value: u32) -> Self {
        self.tags.retain(|(t, _)| *t != tag);
        self.tags.push((tag, value));
        self
    }
}

/// A little-endian file. `after` is the offset that follows the last
/// directory, or its own for a loop.
pub(in crate::decode) fn tiff(ifds: &[Ifd], looped: bool) -> Vec<u8> {
    let mut file = b"II*\0\0\0\0\0".to_vec();
    let mut link = 4;
    let mut first = 0;
    for ifd in ifds {
        let mut offsets = Vec::new();
        for strip in &ifd.strips {
            offsets.push(file.len() as u32);
            file.extend(strip);
        }
        let lists = file.len() as u32;
        for offset in &offsets {
            file.extend(offset.to_le_bytes());
        }
        for strip in &ifd.strips {
            file.extend(ifd.counts.unwrap_or(strip.len() as u32).to_le_bytes());
        }
        let start = file.len() as u32;
        file[link..link + 4].copy_from_slice(&start.to_le_bytes());
        first = if first == 0 { start } else { first };
        let count = offsets.len() as u32;
        let at = |list: u32| if count == 1 { None } else { Some(lists + 4 * count * list) };
        let mut entries: Vec<(u16, u32, u32)> =
            ifd.tags.iter().map(|(tag, value)| (*tag, 1, *value)).collect();
        entries.push((273, count, at(0).unwrap_or(offsets[0])));
        let length = ifd.counts.unwrap_or(ifd.strips[0].len() as u32);
        entries.push((279, count, at(1).unwrap_or(length)));
        entries.sort_unstable();
        file.extend((entries.len() as u16).to_le_bytes());
        for (tag, count, value) in entries {
            // PageNumber is two SHORTs in one LONG's place.
            let (kind, count) = if tag == 297 { (3_u16, 2) } else { (4, count) };
            file.extend(tag.to_le_bytes());
            file.extend(kind.to_le_bytes());
            file.extend(count.to_le_bytes());
            file.extend(value.to_le_bytes());
        }
        link = file.len();
        file.extend(0_u32.to_le_bytes());
    }
    if looped {
        file[link..link + 4].copy_from_slice(&first.to_le_bytes());
    }
    file
}

/// Bits as written, padded with zeros to whole bytes.
pub(in crate::decode) fn bits(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_digit).map(|b| b - b'0').collect();
    digits
        .chunks(8)
        .map(|byte| byte.iter().enumerate().fold(0, |sum, (i, bit)| sum | bit << (7 - i)))
        .collect()
}

/// T.4 codes: end of line, eight white, four white and four black.
const EOL: &str = "000000000001";
const BLANK: &str = "10011";
const HALF: &str = "1011 011";
const HALF_ROW: [u8; 8] = [255, 255, 255, 255, 0, 0, 0, 0];
const BLANK_ROW: [u8; 8] = [255; 8];

fn opened(file: Vec<u8>) -> Document {
    open(file, &Limits::default()).unwrap_or_else(|why| panic!("{why}"))
}

fn page(file: Vec<u8>) -> Page {
    opened(file).page(PageNumber::FIRST).unwrap_or_else(|why| panic!("{why}"))
}

fn rows(page: &Page) -> Vec<Vec<u8>> {
    page.raster().unwrap().pixels.rows().map(|row| row.map(|p| p.0[0]).collect()).collect()
}

fn codes(page: &Page) -> Vec<&str> {
    page.notes.iter().map(|note| note.code.as_str()).collect()
}

fn refused(result: Result<impl Sized, Unreadable>) -> &'static str {
    result.err().map_or("read", |why| why.code())
}

#[test]
fn g3_with_and_without_its_first_end_of_line() {
    for lead in ["", EOL] {
        let data = bits(&format!("{lead}{HALF}{EOL}{BLANK}{EOL}{HALF}{EOL}"));
        let page = page(tiff(&[Ifd::new(3, 3, data)], false));
        assert_eq!(rows(&page), [HALF_ROW, BLANK_ROW, HALF_ROW]);
        assert!(page.notes.is_empty() && page.raster().unwrap().bilevel);
    }
}

#[test]
fn both_fill_orders_and_both_photometrics() {
    let data = bits(&format!("{EOL}{HALF}{EOL}{BLANK}{EOL}"));
    let reversed: Vec<u8> = data.iter().map(|b| b.reverse_bits()).collect();
    let plain = page(tiff(&[Ifd::new(3, 2, data.clone())], false));
    let turned = page(tiff(&[Ifd::new(3, 2, reversed).with(266, 2)], false));
    assert_eq!(rows(&plain), rows(&turned));
    let negative = rows(&page(tiff(&[Ifd::new(3, 2, data).with(262, 1)], false)));
    assert_eq!(negative[0], HALF_ROW.map(|p| 255 - p));
    // Uncompressed, where the bit order is easily forgotten.
    let raw = Ifd::new(1, 1, vec![0b1100_0000]).with(266, 2);
    assert_eq!(rows(&page(tiff(&[raw], false)))[0], [255, 255, 255, 255, 255, 255, 0, 0]);
}

#[test]
fn a_damaged_row_costs_itself_and_is_told() {
    // Nine ones are no code; the decoder must go on at the next end of line.
    let data = bits(&format!("{EOL}{HALF}{EOL}0000 0001 1111 1111{EOL}{HALF}{EOL}"));
    let page = page(tiff(&[Ifd::new(3, 3, data)], false));
    let rows = rows(&page);
    assert_eq!((rows[0].as_slice(), rows[2].as_slice()), (&HALF_ROW[..], &HALF_ROW[..]));
    assert_eq!(codes(&page), ["page.rows_damaged"]);
}

#[test]
fn rows_that_did_not_arrive_are_white_and_counted() {
    let rtc = EOL.repeat(6);
    let data = bits(&format!("{EOL}{HALF}{EOL}{HALF}{rtc}"));
    let page = page(tiff(&[Ifd::new(3, 10, data)], false));
    assert_eq!(codes(&page), ["page.rows_lost"]);
    assert!(page.notes[0].message.starts_with("8 of 10 "), "{}", page.notes[0].message);
    let rows = rows(&page);
    assert_eq!((rows[1].as_slice(), rows[9].as_slice()), (&HALF_ROW[..], &BLANK_ROW[..]));
}

#[test]
fn byte_counts_of_zero_or_too_few_are_mended() {
    let data = bits(&format!("{EOL}{HALF}{EOL}{BLANK}{EOL}{HALF}{EOL}"));
    for count in [0, 2] {
        let ifd = Ifd { counts: Some(count), ..Ifd::new(3, 3, data.clone()) };
        let page = page(tiff(&[ifd], false));
        assert_eq!(rows(&page), [HALF_ROW, BLANK_ROW, HALF_ROW], "count {count}");
    }
}

#[test]
fn a_length_that_was_never_filled_in_is_found() {
    let data = bits(&format!("{EOL}{HALF}{EOL}{HALF}{}", EOL.repeat(6)));
    let ifd = Ifd::new(3, 0, data).with(278, u32::MAX);
    assert_eq!(rows(&page(tiff(&[ifd], false))), [HALF_ROW, HALF_ROW]);
}

#[test]
fn strips_are_put_below_each_other() {
    let strip = |row: &str| bits(&format!("{row}{EOL}"));
    let mut ifd = Ifd::new(3, 3, strip(HALF)).with(278, 1);
    ifd.strips = vec![strip(HALF), strip(BLANK), strip(HALF)];
    assert_eq!(rows(&page(tiff(&[ifd], false))), [HALF_ROW, BLANK_ROW, HALF_ROW]);
}

#[test]
fn a_chain_that_bites_its_tail_gives_each_page_once() {
    let ifd = Ifd::new(1, 1, vec![0x0F]);
    let document = opened(tiff(&[ifd.clone(), ifd], true));
    assert_eq!(document.inventory().pages, 2);
    assert_eq!(document.inventory().notes[0].code, "file.pages_broken");
}

#[test]
fn thumbnails_are_no_pages() {
    let page = Ifd::new(1, 1, vec![0x0F]);
    let thumbnail = page.clone().with(254, 1);
    assert_eq!(opened(tiff(&[page, thumbnail.clone()], false)).inventory().pages, 1);
    assert_eq!(opened(tiff(&[thumbnail], false)).inventory().pages, 1);
}

#[test]
fn what_is_too_much_is_refused_before_it_is_taken() {
    let ifd = Ifd::new(1, 1, vec![0x0F]);
    let few = Limits { max_pages: 1, ..Limits::default() };
    assert_eq!(refused(open(tiff(&[ifd.clone(), ifd.clone()], false), &few)), "limit.pages");
    for compression in [1, 4, 5, 7] {
        let huge = Ifd::new(compression, u32::MAX, vec![0; 9]).with(256, u32::MAX);
        let document = opened(tiff(&[huge], false));
        assert_eq!(refused(document.page(PageNumber::FIRST)), "limit.pixels");
    }
    let samples = Ifd::new(32773, 8, vec![0xF9, 0x55]).with(277, 1 << 24);
    let document = opened(tiff(&[samples], false));
    assert_eq!(refused(document.page(PageNumber::FIRST)), "page.unsupported");
    let tiles = ifd.with(322, 1 << 20).with(323, 1 << 20).with(324, 8).with(325, 1);
    assert_eq!(refused(opened(tiff(&[tiles], false)).page(PageNumber::FIRST)), "limit.pixels");
}

#[test]
fn nothing_decodable_is_a_damaged_page() {
    let empty = Ifd::new(4, 9, vec![0x00]);
    assert_eq!(refused(opened(tiff(&[empty], false)).page(PageNumber::FIRST)), "page.damaged");
    let unknown = Ifd::new(34661, 9, vec![0x00]);
    assert_eq!(
        refused(opened(tiff(&[unknown], false)).page(PageNumber::FIRST)),
        "page.unsupported"
    );
    assert_eq!(refused(open(b"II*\0\xFF\0\0\0".to_vec(), &Limits::default())), "file.truncated");
}

#[test]
fn a_damaged_row_is_named() {
    let data = bits(&format!("{EOL}{HALF}{EOL}0000 0001 1111 1111{EOL}{HALF}{EOL}"));
    let page = page(tiff(&[Ifd::new(3, 3, data)], false));
    assert!(page.notes[0].message.contains("line 2 of 3"), "{}", page.notes[0].message);
}

#[test]
fn rows_in_whole_bytes_and_in_whole_words() {
    // One byte of code each; a word-aligned row has another of padding.
    let row = |code: &str| bits(code)[0];
    let bytes = vec![row(HALF), row(BLANK), row(HALF)];
    let words = vec![row(HALF), 0, row(BLANK), 0, row(HALF), 0];
    for (compression, data) in [(2, bytes), (32771, words)] {
        let page = page(tiff(&[Ifd::new(compression, 3, data)], false));
        assert_eq!(rows(&page), [HALF_ROW, BLANK_ROW, HALF_ROW], "compression {compression}");
        assert!(page.notes.is_empty());
    }
}

#[test]
fn a_strip_height_of_nought_means_all_rows() {
    let data = bits(&format!("{EOL}{HALF}{EOL}{BLANK}{EOL}"));
    let page = page(tiff(&[Ifd::new(3, 2, data).with(278, 0)], false));
    assert_eq!(rows(&page), [HALF_ROW, BLANK_ROW]);
}

#[test]
fn what_the_receiver_counted_is_told() {
    let ifd = Ifd::new(1, 1, vec![0x0F]).with(326, 12).with(327, 1).with(328, 5);
    let page = page(tiff(&[ifd], false));
    assert_eq!(codes(&page), ["page.fax_errors"]);
    assert!(page.notes[0].message.contains("12 damaged lines"), "{}", page.notes[0].message);
    let clean = Ifd::new(1, 1, vec![0x0F]).with(326, 0).with(327, 0);
    assert!(self::page(tiff(&[clean], false)).notes.is_empty());
}

#[test]
fn pages_that_the_numbering_misses_are_told() {
    let note = |pages: &[(u32, u32)]| {
        let ifds: Vec<Ifd> = pages.iter().map(|(page, total)| numbered(*page, *total)).collect();
        let notes = opened(tiff(&ifds, false)).inventory().notes.clone();
        notes.first().map(|note| (note.code.clone(), note.message.clone()))
    };
    let (code, message) = note(&[(0, 5), (1, 5), (3, 5), (4, 5)]).unwrap();
    assert_eq!(code, "file.pages_missing");
    assert!(message.contains("(page 3)"), "{message}");
    // Counted from one.
    assert!(note(&[(1, 3), (3, 3)]).unwrap().1.contains("(page 2)"));
    assert_eq!(note(&[(1, 2), (0, 2)]).unwrap().0, "file.pages_order");
    for silent in [&[(0, 2), (1, 2)][..], &[(0, 0), (1, 0)], &[(0, 1), (0, 1)], &[(7, 2), (9, 2)]] {
        assert_eq!(note(silent), None, "{silent:?}");
    }
}

/// A directory whose `PageNumber` is this pair, packed as two SHORTs are.
fn numbered(page: u32, total: u32) -> Ifd {
    Ifd::new(1, 1, vec![0x0F]).with(297, page | total << 16)
}

#[test]
fn opacity_darkens_once() {
    // Two dots of grey and opacity: black half opaque, and black clear.
    for (kind, expected) in [(2, [127, 255]), (1, [127, 255])] {
        let ifd = Ifd::new(1, 1, vec![0, 128, 0, 0]);
        let ifd = ifd.with(256, 2).with(258, 8).with(262, 1).with(277, 2).with(338, kind);
        assert_eq!(rows(&page(tiff(&[ifd], false)))[0], expected, "extra sample {kind}");
    }
    // Mid grey at half opacity: stored whole, or darkened already.
    for (kind, value) in [(2, 128), (1, 64)] {
        let ifd = Ifd::new(1, 1, vec![value, 128]);
        let ifd = ifd.with(256, 1).with(258, 8).with(262, 1).with(277, 2).with(338, kind);
        let grey = rows(&page(tiff(&[ifd], false)))[0][0];
        assert!((190..=192).contains(&grey), "extra sample {kind}: {grey}");
    }
}

#[test]
fn colour_in_blocks_is_refused_by_name() {
    let ifd = Ifd::new(1, 1, vec![0; 24]).with(258, 8).with(262, 6).with(277, 3);
    assert_eq!(refused(opened(tiff(&[ifd], false)).page(PageNumber::FIRST)), "page.unsupported");
}

#[test]
fn old_jpeg_that_is_one_whole_is_read() {
    let mut jpeg = Vec::new();
    jpeg_encoder::Encoder::new(&mut jpeg, 90)
        .encode(&[40; 8 * 8], 8, 8, jpeg_encoder::ColorType::Luma)
        .expect("a picture");
    let whole = page(tiff(&[Ifd::new(6, 8, jpeg).with(258, 8).with(262, 1)], false));
    assert!(rows(&whole)[3][3].abs_diff(40) < 4);
    let pieces = Ifd::new(6, 8, vec![0x12; 40]).with(258, 8).with(262, 6).with(277, 3);
    assert_eq!(refused(opened(tiff(&[pieces], false)).page(PageNumber::FIRST)), "page.unsupported");
}
