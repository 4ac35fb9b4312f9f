//! Codes drawn by another program (`zint`), as fax machines scan them.
//!
//! They need zint and a DejaVu font, and say so where they skip.

#![allow(clippy::print_stderr)] // a skipped test says so

use std::process::Command;

use image::Luma;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::*;
use crate::decode::pages::Page;
use crate::recognize::recognized::Method;
use crate::recognize::tests::{FINE, Pen, STANDARD};
use crate::recognize::{Config, Effort, Recognizer};
use crate::vocab::PageNumber;

/// zint's number, module in inches, most height in modules.
const DRAWN: [(CodeFormat, u32, f32, u32); 5] = [
    (CodeFormat::Qr, 58, 0.03, 0),
    (CodeFormat::Code128, 20, 0.015, 30),
    (CodeFormat::Code39, 8, 0.015, 30),
    (CodeFormat::DataMatrix, 71, 0.03, 0),
    (CodeFormat::Pdf417, 55, 0.02, 0),
];
const TEXT: &str = "D-0123456789AB";

/// The modules of a code, a pixel each.
fn modules(symbology: u32, height: u32) -> Option<GrayImage> {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("code.png");
    let mut command = Command::new("zint");
    command.args(["--scale=0.5", "--notext", "-d", TEXT, "-b", &symbology.to_string(), "-o"]);
    command.arg(&file);
    if height > 0 {
        command.arg(format!("--height={height}"));
    }
    if symbology == 71 {
        command.arg("--square");
    }
    let Ok(output) = command.output() else {
        eprintln!("skipped: needs zint");
        return None;
    };
    assert!(output.status.success(), "{output:?}");
    Some(image::open(&file).unwrap().to_luma8())
}

/// A page scanned at a resolution, with a code at two inches from the left and
/// three from the top that is turned by so many degrees.
fn scanned(code: &GrayImage, module: f32, dpi: Dpi, degrees: f32) -> Raster {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let pixels = GrayImage::from_fn(1728, (11.0 * dpi.y) as u32, |x, y| {
        let (x, y) = ((x as f32 + 0.5) / dpi.x - 2.0, (y as f32 + 0.5) / dpi.y - 3.0);
        let (across, down) = ((x * cos + y * sin) / module, (y * cos - x * sin) / module);
        let inside = across >= 0.0
            && down >= 0.0
            && (across as u32) < code.width()
            && (down as u32) < code.height();
        if inside { *code.get_pixel(across as u32, down as u32) } else { Luma([255]) }
    });
    Raster { pixels, bilevel: true, dpi }
}

/// Turns some pixels over, three in a thousand, and draws as many blots.
fn specked(mut raster: Raster) -> Raster {
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let (width, height) = raster.pixels.dimensions();
    for _ in 0..width * height / 330 {
        let (x, y) = (random.random_range(0..width), random.random_range(0..height));
        let pixel = raster.pixels.get_pixel_mut(x, y);
        pixel.0[0] = 255 - pixel.0[0];
    }
    raster
}

#[test]
fn each_kind_is_read_off_a_fax_at_both_resolutions_askew_and_with_specks() {
    let mut missed = Vec::new();
    for (format, symbology, module, height) in DRAWN {
        let Some(code) = modules(symbology, height) else { return };
        for (name, dpi) in [("fine", FINE), ("standard", STANDARD)] {
            for degrees in [0.0, 1.2, -2.0] {
                for specks in [false, true] {
                    let clean = scanned(&code, module, dpi, degrees);
                    let page = if specks { specked(clean) } else { clean };
                    let found = find(&page, Rotation::None);
                    let read: Vec<_> =
                        found.iter().map(|code| (code.format, code.text.expose())).collect();
                    if read != [(format, &TEXT.to_owned())] {
                        missed.push(format!("{format:?} {name} {degrees} {specks}: {read:?}"));
                        continue;
                    }
                    let wide = code.width() as f32 * module / 8.5;
                    let bbox = found[0].bbox;
                    assert!((bbox.x0() - 2.0 / 8.5).abs() < 0.04, "{format:?} {bbox:?}");
                    assert!((bbox.y0() - 3.0 / 11.0).abs() < 0.04, "{format:?} {bbox:?}");
                    assert!((bbox.width() - wide).abs() < 0.05, "{format:?} {bbox:?}");
                }
            }
        }
    }
    assert!(missed.is_empty(), "\n{}\n", missed.join("\n"));
}

#[test]
fn a_code_is_found_however_the_page_lies_and_boxed_as_it_will_stand() {
    let Some(code) = modules(58, 0) else { return };
    let mut raster = scanned(&code, 0.03, FINE, 0.0);
    let upright = find(&raster, Rotation::None)[0].bbox;
    for (name, back) in [
        ("a quarter", Rotation::ThreeQuarters),
        ("a half", Rotation::Half),
        ("three", Rotation::Quarter),
    ] {
        raster.pixels = imageops::rotate90(&raster.pixels);
        raster.dpi = Dpi { x: raster.dpi.y, y: raster.dpi.x };
        let found = find(&raster, back);
        assert_eq!(found.len(), 1, "{name}");
        let bbox = found[0].bbox;
        assert!((bbox.center_x() - upright.center_x()).abs() < 0.02, "{name}: {bbox:?}");
        assert!((bbox.center_y() - upright.center_y()).abs() < 0.02, "{name}: {bbox:?}");
    }
}

#[test]
fn text_tables_and_pictures_are_no_codes() {
    let Some(mut pen) = Pen::new() else {
        eprintln!("skipped: needs the DejaVu fonts");
        return;
    };
    pen.form();
    // A grid, a dithered picture, and one of noise.
    for line in 0..12 {
        pen.fill(150, 1250 + line * 20, 800, 1252 + line * 20);
        pen.fill(150 + line * 50, 1250, 152 + line * 50, 1480);
    }
    let mut random = ChaCha8Rng::seed_from_u64(3);
    for y in 1550..2000u32 {
        for x in 0..600u32 {
            let shade = (x * 16 / 600) as i32;
            let bayer = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5];
            let dithered = bayer[(y % 4 * 4 + x % 4) as usize] < shade;
            if dithered {
                pen.page.put_pixel(150 + x, y, Luma([0]));
            }
            if random.random_bool(0.5) {
                pen.page.put_pixel(900 + x, y, Luma([0]));
            }
        }
    }
    let fine = Raster { pixels: pen.page.clone(), bilevel: true, dpi: FINE };
    assert_eq!(find(&fine, Rotation::None), []);
    let standard = crate::recognize::tests::standard(&pen.page);
    let standard = Raster { pixels: standard, bilevel: true, dpi: STANDARD };
    assert_eq!(find(&standard, Rotation::None), []);
}

#[test]
fn nothing_is_decoded_on_a_page_of_text() {
    let Some(mut pen) = Pen::new() else {
        eprintln!("skipped: needs the DejaVu fonts");
        return;
    };
    pen.form();
    for (row, size) in [26.0, 30.0, 36.0, 44.0].into_iter().enumerate() {
        let y = 1300.0 + 180.0 * row as f32;
        for line in 0..3 {
            let text = "Bed, semi-electric (E0260) with MATTRESS & RAILS; HOSPITAL DISCHARGE 2026";
            pen.write(text, 150.0, y + size * 1.2 * line as f32, size, 0);
        }
    }
    for (pixels, dpi) in
        [(crate::recognize::tests::standard(&pen.page), STANDARD), (pen.page, FINE)]
    {
        let raster = Raster { pixels, bilevel: true, dpi };
        let regions = Cells::of(&raster, dpi).regions();
        assert_eq!(regions, []);
    }
}

#[test]
fn tiny_and_empty_pages_have_no_code() {
    for (width, height) in [(1, 1), (1, 3000), (3000, 1), (60, 60)] {
        let pixels = GrayImage::from_pixel(width, height, Luma([0]));
        let raster = Raster { pixels, bilevel: true, dpi: FINE };
        assert_eq!(find(&raster, Rotation::None), [], "{width}×{height}");
    }
}

#[test]
fn a_page_with_nothing_but_a_code_was_read() {
    let Some(code) = modules(58, 0) else { return };
    let Ok(mut reader) = Recognizer::new(&Config::default()) else {
        eprintln!("skipped: needs the eng model");
        return;
    };
    let mut raster = scanned(&code, 0.03, STANDARD, 1.2);
    let mut read = |raster: &Raster| {
        let page = Page::scan(PageNumber::FIRST, raster.clone(), Vec::new());
        reader.read(&page, Effort::Full)
    };
    let bare = read(&raster);
    assert_eq!((bare.method, bare.codes.len(), bare.notes.len()), (Method::Ocr, 1, 0));
    // A scrawl beside it was not read.
    for x in 300..1200_u32 {
        let y = 500.0 + 30.0 * (x as f32 / 9.0).sin() * (x as f32 / 31.0).cos();
        (0..9).for_each(|dy| raster.pixels.put_pixel(x, y as u32 + dy, Luma([0])));
    }
    let scrawled = read(&raster);
    assert_eq!((scrawled.method, scrawled.codes.len()), (Method::Unreadable, 1));
}
