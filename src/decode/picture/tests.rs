//! Pictures made in memory, each with one thing to show.

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

/// A PNG chunk with its checksum (PNG, annex D).
fn chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let mut sum = u32::MAX;
    for byte in name.iter().chain(content) {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = if sum & 1 == 1 { sum >> 1 ^ 0xEDB8_8320 } else { sum >> 1 };
        }
    }
    let length = (content.len() as u32).to_be_bytes();
    [&length[..], name, content, &(!sum).to_be_bytes()].concat()
}

/// Rows as a zlib stream of one stored block (RFC 1950, 1951).
fn stored(rows: &[u8]) -> Vec<u8> {
    let (mut a, mut b) = (1_u32, 0_u32);
    for byte in rows {
        a = (a + u32::from(*byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    let length = rows.len() as u16;
    let mut out = vec![0x78, 0x01, 0x01];
    out.extend(length.to_le_bytes());
    out.extend((!length).to_le_bytes());
    out.extend(rows);
    out.extend((b << 16 | a).to_be_bytes());
    out
}

/// A PNG written byte by byte. `rows` come with their filter bytes.
fn by_hand(size: (u32, u32), coding: [u8; 5], further: &[Vec<u8>], rows: &[u8]) -> Vec<u8> {
    let header = [&size.0.to_be_bytes()[..], &size.1.to_be_bytes(), &coding].concat();
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    file.extend(chunk(b"IHDR", &header));
    file.extend(further.concat());
    file.extend(chunk(b"IDAT", &stored(rows)));
    file.extend(chunk(b"IEND", b""));
    file
}

fn first_page(file: Vec<u8>) -> Page {
    open(file, &Limits::default())
        .and_then(|document| document.page(PageNumber::FIRST))
        .unwrap_or_else(|why| panic!("{why}"))
}

#[test]
fn every_kind_of_png_sample() {
    // Depth, colour type, compression, filter, interlace.
    let palette = chunk(b"PLTE", &[0, 0, 0, 255, 255, 255, 90, 90, 90]);
    let clear = chunk(b"tRNS", &[255, 255, 0]);
    for (name, coding, further, row, expected) in [
        ("one bit", [1, 0, 0, 0, 0], vec![], vec![0b0110_0000], [0, 255, 255]),
        ("two bits", [2, 0, 0, 0, 0], vec![], vec![0b0001_1100], [0, 85, 255]),
        ("palette", [8, 3, 0, 0, 0], vec![palette.clone()], vec![0, 1, 2], [0, 255, 90]),
        ("clear palette", [8, 3, 0, 0, 0], vec![palette, clear], vec![0, 1, 2], [0, 255, 255]),
        ("grey and opacity", [8, 4, 0, 0, 0], vec![], vec![0, 255, 0, 128, 0, 0], [0, 127, 255]),
        ("16 bits", [16, 0, 0, 0, 0], vec![], vec![0, 9, 0x80, 0, 255, 255], [0, 128, 255]),
        (
            "16-bit colour and opacity",
            [16, 6, 0, 0, 0],
            vec![],
            [[0; 6].to_vec(), vec![255; 2], vec![255; 8], [0; 8].to_vec()].concat(),
            [0, 255, 255],
        ),
    ] {
        let rows = [&[0][..], &row].concat();
        let page = first_page(by_hand((3, 1), coding, &further, &rows));
        assert_eq!(page.raster().unwrap().pixels.as_raw(), &expected, "{name}");
        let bilevel = expected.iter().all(|p| matches!(p, 0 | 255));
        assert_eq!(page.raster().unwrap().bilevel, bilevel, "{name}");
    }
}

#[test]
fn an_interlaced_png_is_put_together() {
    // Adam7 (PNG, 8.2): start and step of each pass, x then y.
    const PASSES: [[usize; 4]; 7] = [
        [0, 8, 0, 8],
        [4, 8, 0, 8],
        [0, 4, 4, 8],
        [2, 4, 0, 4],
        [0, 2, 2, 4],
        [1, 2, 0, 2],
        [0, 1, 1, 2],
    ];
    let mut rows = Vec::new();
    for [x0, dx, y0, dy] in PASSES {
        for y in (y0..8).step_by(dy) {
            rows.push(0);
            rows.extend((x0..8).step_by(dx).map(|x| (y * 8 + x) as u8));
        }
    }
    let page = first_page(by_hand((8, 8), [8, 0, 0, 0, 1], &[], &rows));
    assert_eq!(page.raster().unwrap().pixels.clone().into_raw(), (0..64).collect::<Vec<u8>>());
}

#[test]
fn an_animation_is_told() {
    let control = chunk(b"acTL", &[0, 0, 0, 2, 0, 0, 0, 0]);
    let file = by_hand((1, 1), [8, 0, 0, 0, 0], &[control], &[0, 7]);
    let document = open(file, &Limits::default()).unwrap();
    assert_eq!(document.inventory().notes[0].code, "file.more_pictures");
}

#[test]
fn resolutions_of_png() {
    let physical = |x: u32, y: u32, unit: u8| {
        let content = [&x.to_be_bytes()[..], &y.to_be_bytes(), &[unit]].concat();
        let file = by_hand((1, 1), [8, 0, 0, 0, 0], &[chunk(b"pHYs", &content)], &[0, 7]);
        first_page(file).raster().unwrap().dpi
    };
    // Dots a metre: 200 and 100 an inch.
    let dpi = physical(7874, 3937, 1);
    assert!((dpi.x - 200.0).abs() < 0.1 && (dpi.y - 100.0).abs() < 0.1, "{dpi:?}");
    for absurd in [physical(0, 0, 1), physical(u32::MAX, 1, 1), physical(7874, 7874, 0)] {
        assert!((absurd.x - absurd.y).abs() < 0.1 && absurd.x >= 50.0, "{absurd:?}");
    }
}

/// Exif with an orientation and resolutions, little-endian.
fn exif(orientation: u16, dpi: (u32, u32)) -> Vec<u8> {
    // Four entries; the two fractions follow behind them.
    const FRACTIONS: u32 = 8 + 2 + 4 * 12 + 4;
    let entries: [(u16, u16, u32); 4] = [
        (0x0112, 3, orientation.into()),
        (0x011A, 5, FRACTIONS),
        (0x011B, 5, FRACTIONS + 8),
        (0x0128, 3, 2),
    ];
    let mut out = b"II*\0\x08\0\0\0\x04\0".to_vec();
    for (tag, kind, value) in entries {
        out.extend(tag.to_le_bytes());
        out.extend(kind.to_le_bytes());
        out.extend(1_u32.to_le_bytes());
        out.extend(value.to_le_bytes());
    }
    out.extend(0_u32.to_le_bytes());
    out.extend([dpi.0, 1, dpi.1, 1].iter().flat_map(|v| v.to_le_bytes()));
    out
}

/// Written by another library than the one that reads it.
fn jpeg(size: (u16, u16), dots: &[u8], colour: jpeg_encoder::ColorType, exif: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut out, 95);
    if !exif.is_empty() {
        encoder.add_app_segment(1, [b"Exif\0\0", exif].concat()).expect("short");
    }
    encoder.encode(dots, size.0, size.1, colour).expect("a picture");
    out
}

#[test]
fn photographs_are_turned_as_exif_says() {
    // A dark corner at the upper left of 32 × 16.
    let dots: Vec<u8> =
        (0..16 * 32).map(|i| if i / 32 < 8 && i % 32 < 8 { 0 } else { 255 }).collect();
    let corners = [(4, 4), (27, 4), (27, 11), (4, 11), (4, 4), (11, 4), (11, 27), (4, 27)];
    for (tag, (x, y)) in (1..=8_u16).zip(corners) {
        let file = jpeg((32, 16), &dots, jpeg_encoder::ColorType::Luma, &exif(tag, (72, 72)));
        let pixels = first_page(file).raster().unwrap().pixels.clone();
        assert_eq!(pixels.dimensions(), if tag < 5 { (32, 16) } else { (16, 32) });
        assert!(pixels.get_pixel(x, y).0[0] < 40, "orientation {tag}");
        let dark = pixels.as_raw().iter().filter(|p| **p < 128).count();
        assert!((48..=80).contains(&dark), "orientation {tag}: {dark}");
    }
}

#[test]
fn resolution_from_exif() {
    let dots = vec![200; 64 * 64];
    let mut file = jpeg((64, 64), &dots, jpeg_encoder::ColorType::Luma, &exif(1, (300, 150)));
    // The encoder's own JFIF header states a ratio only; Exif decides.
    let unit = file.windows(5).position(|w| w == b"JFIF\0").unwrap() + 7;
    file[unit] = 0;
    let dpi = first_page(file).raster().unwrap().dpi;
    assert_eq!((dpi.x, dpi.y), (300.0, 150.0));
}

#[test]
fn four_colours_come_out_on_white_paper() {
    use jpeg_encoder::ColorType;
    // Cyan, magenta, yellow, black: paper, black ink, all inks, yellow.
    let inks: [[u8; 4]; 4] = [[0; 4], [0, 0, 0, 255], [255, 255, 255, 0], [0, 0, 255, 0]];
    for colour in [ColorType::Cmyk, ColorType::CmykAsYcck] {
        let dots: Vec<u8> = (0..16 * 64).flat_map(|i| inks[i % 64 / 16]).collect();
        let pixels =
            first_page(jpeg((64, 16), &dots, colour, &[])).raster().unwrap().pixels.clone();
        let grey = |column: u32| pixels.get_pixel(column * 16 + 8, 8).0[0];
        assert!(grey(0) > 245 && grey(3) > 200, "{colour:?}: {} {}", grey(0), grey(3));
        assert!(grey(1) < 20 && grey(2) < 20, "{colour:?}: {} {}", grey(1), grey(2));
    }
}

#[test]
fn a_jpeg_that_breaks_off_keeps_its_rows() {
    let mut state = 1_u32;
    let noise: Vec<u8> = (0..256 * 256)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        })
        .collect();
    let mut file = jpeg((256, 256), &noise, jpeg_encoder::ColorType::Luma, &[]);
    file.truncate(file.len() / 2);
    let page = first_page(file);
    assert_eq!(page.notes.len(), 1, "{:?}", page.notes);
    assert_eq!(page.notes[0].code, "page.rows_lost");
    let row = |y: u32| -> Vec<u8> {
        (0..256).map(|x| page.raster().unwrap().pixels.get_pixel(x, y).0[0]).collect()
    };
    assert!(row(250).iter().all(|p| *p == 255));
    assert!(row(20).iter().zip(&noise[20 * 256..]).all(|(got, was)| got.abs_diff(*was) < 30));
}

#[test]
fn a_progressive_jpeg_that_breaks_off_is_told() {
    let dots: Vec<u8> = (0..256 * 256).map(|i| ((i % 256) ^ (i / 256)) as u8).collect();
    let mut file = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut file, 90);
    encoder.set_progressive(true);
    encoder.encode(&dots, 256, 256, jpeg_encoder::ColorType::Luma).expect("a picture");
    assert!(first_page(file.clone()).notes.is_empty());
    file.truncate(file.len() * 3 / 4);
    let codes: Vec<String> = first_page(file).notes.into_iter().map(|note| note.code).collect();
    assert!(["page.picture_cut", "page.rows_lost"].contains(&codes[0].as_str()), "{codes:?}");
}
