//! One page in every coding that other people's tools write. Each must come
//! out as the same pixels, or nearly so where the coding loses something.

use std::path::{Path, PathBuf};
use std::process::Command;

use intake::decode::pages::Page;
use intake::decode::{Limits, open};
use intake::vocab::PageNumber;

fn run(program: &str, arguments: &[&str], folder: &Path) {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap_or_else(|e| panic!("{program}: {e}; run deploy/setup.sh --tests"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {arguments:?}: {said}");
}

fn read(path: PathBuf) -> Page {
    let bytes = std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    open(bytes, &Limits::default())
        .and_then(|document| document.page(PageNumber::FIRST))
        .unwrap_or_else(|why| panic!("{}: {why}", path.display()))
}

/// A portable bitmap, grey map or colour map (P4, P5, P6) of letter's shape
/// with something like writing on it.
fn portable(kind: &str) -> Vec<u8> {
    const WIDTH: usize = 432;
    const HEIGHT: usize = 550;
    let dark = |x: usize, y: usize| (y / 9).is_multiple_of(2) && (x * 7 + y * y / 5) % 23 < 6;
    let mut out = match kind {
        "P4" => format!("P4\n{WIDTH} {HEIGHT}\n"),
        _ => format!("{kind}\n{WIDTH} {HEIGHT}\n255\n"),
    }
    .into_bytes();
    for y in 0..HEIGHT {
        match kind {
            "P4" => out.extend((0..WIDTH / 8).map(|byte| {
                (0..8).fold(0_u8, |sum, bit| sum << 1 | u8::from(dark(byte * 8 + bit, y)))
            })),
            "P5" => out.extend((0..WIDTH).map(|x| if dark(x, y) { (y % 90) as u8 } else { 250 })),
            _ => out.extend((0..WIDTH).flat_map(|x| {
                if dark(x, y) { [20, (x % 90) as u8, (y % 90) as u8] } else { [255, 250, 240] }
            })),
        }
    }
    out
}

#[test]
fn every_tiff_coding_gives_the_same_page() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let kinds: [(&str, &[&[&str]]); 3] = [
        (
            "P4",
            &[
                &["-c", "g3:1d"],
                &["-c", "g3:2d"],
                &["-c", "g3:1d:fill"],
                &["-c", "g3:2d:fill", "-f", "lsb2msb"],
                &["-c", "g3:1d", "-f", "lsb2msb", "-r", "7"],
                &["-c", "g4"],
                &["-c", "g4", "-f", "lsb2msb"],
                &["-c", "g4", "-t", "-w", "128", "-l", "128"],
                &["-c", "packbits"],
                &["-c", "lzw"],
                &["-c", "zip", "-r", "40"],
                &["-c", "none", "-f", "lsb2msb"],
                &["-c", "none", "-B"],
                &["-c", "none", "-8"],
                &["-c", "g4", "-B", "-8"],
            ],
        ),
        (
            "P5",
            &[
                &["-c", "lzw"],
                &["-c", "lzw:2"],
                &["-c", "zip:2", "-B"],
                &["-c", "packbits", "-r", "11"],
                &["-c", "none", "-t", "-w", "64", "-l", "80"],
                &["-c", "lzw:2", "-t", "-w", "64", "-l", "80"],
            ],
        ),
        (
            "P6",
            &[
                &["-c", "lzw:2"],
                &["-c", "zip:2"],
                &["-c", "packbits"],
                &["-c", "none", "-p", "separate"],
                &["-c", "lzw:2", "-p", "separate", "-r", "50"],
                &["-c", "zip", "-t", "-w", "128", "-l", "64", "-B"],
            ],
        ),
    ];
    for (kind, codings) in kinds {
        std::fs::write(folder.join("page.pnm"), portable(kind)).unwrap();
        run("ppm2tiff", &["-c", "none", "page.pnm", "plain.tif"], folder);
        let plain = read(folder.join("plain.tif"));
        assert_eq!(plain.raster().unwrap().bilevel, kind == "P4");
        let ink = plain.raster().unwrap().pixels.as_raw().iter().filter(|p| **p < 128).count();
        assert!(ink > 10_000, "{kind}: {ink} dark dots");
        for coding in codings {
            let arguments = [coding, &["plain.tif", "coded.tif"][..]].concat();
            run("tiffcp", &arguments, folder);
            let coded = read(folder.join("coded.tif"));
            assert!(
                coded.raster().unwrap().pixels == plain.raster().unwrap().pixels,
                "{kind} {coding:?}"
            );
            assert!(coded.notes.is_empty(), "{kind} {coding:?}: {:?}", coded.notes);
        }
    }
}

#[test]
fn jpeg_in_tiff_is_nearly_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for (kind, coding) in [("P5", "jpeg:95"), ("P6", "jpeg:95"), ("P6", "jpeg:r:95")] {
        std::fs::write(folder.join("page.pnm"), portable(kind)).unwrap();
        run("ppm2tiff", &["-c", "none", "page.pnm", "plain.tif"], folder);
        run("tiffcp", &["-c", coding, "-r", "64", "plain.tif", "coded.tif"], folder);
        let plain = read(folder.join("plain.tif")).raster().unwrap().pixels.clone();
        let coded = read(folder.join("coded.tif")).raster().unwrap().pixels.clone();
        let far = plain.as_raw().iter().zip(coded.as_raw()).map(|(a, b)| u64::from(a.abs_diff(*b)));
        let mean = far.sum::<u64>() as f64 / plain.as_raw().len() as f64;
        assert!(mean < 8.0, "{kind} {coding}: {mean} on average");
    }
}

#[test]
fn samples_of_sixteen_bits_and_four_inks() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    // A ramp of 16-bit grey, little-endian as this tool's default here.
    let ramp: Vec<u8> = (0..64 * 64_u32).flat_map(|i| ((i * 16) as u16).to_le_bytes()).collect();
    std::fs::write(folder.join("raw"), ramp).unwrap();
    let size = ["-w", "64", "-l", "64"];
    run(
        "raw2tiff",
        &[&size[..], &["-d", "short", "-c", "none", "raw", "plain.tif"]].concat(),
        folder,
    );
    let plain = read(folder.join("plain.tif")).raster().unwrap().pixels.clone();
    assert_eq!((plain.get_pixel(0, 0).0[0], plain.get_pixel(0, 32).0[0]), (0, 128));
    for coding in ["lzw:2", "zip:2"] {
        run("tiffcp", &["-c", coding, "-B", "plain.tif", "coded.tif"], folder);
        assert!(read(folder.join("coded.tif")).raster().unwrap().pixels == plain, "{coding}");
    }

    let inks: Vec<u8> =
        (0..64 * 64).flat_map(|i| [0, 0, 0, if i % 64 < 32 { 0 } else { 255 }]).collect();
    std::fs::write(folder.join("raw"), inks).unwrap();
    let four = ["-b", "4", "-p", "cmyk", "-c", "none", "raw", "inks.tif"];
    run("raw2tiff", &[&size[..], &four].concat(), folder);
    let pixels = read(folder.join("inks.tif")).raster().unwrap().pixels.clone();
    assert_eq!((pixels.get_pixel(5, 5).0[0], pixels.get_pixel(60, 5).0[0]), (255, 0));
}

#[test]
fn tags_of_fax_servers_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("page.pnm"), portable("P4")).unwrap();
    run("ppm2tiff", &["-c", "none", "page.pnm", "plain.tif"], folder);
    run("tiffcp", &["-c", "g3:1d", "plain.tif", "plain.tif", "fax.tif"], folder);
    run("tiffset", &["-s", "297", "0", "3", "fax.tif"], folder);
    run("tiffset", &["-s", "326", "9", "fax.tif"], folder);
    run("tiffset", &["-s", "327", "2", "fax.tif"], folder);
    run("tiffset", &["-d", "1", "-s", "297", "2", "3", "fax.tif"], folder);
    let document =
        open(std::fs::read(folder.join("fax.tif")).unwrap(), &Limits::default()).unwrap();
    let note = &document.inventory().notes[0];
    assert_eq!(note.code, "file.pages_missing");
    assert!(note.message.contains("(page 2)"), "{}", note.message);
    let page = document.page(PageNumber::FIRST).unwrap();
    assert_eq!(page.notes[0].code, "page.fax_errors");
}

#[test]
fn a_raw_fax_becomes_a_page_of_its_own_lines() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("page.pnm"), portable("P4")).unwrap();
    run("ppm2tiff", &["-c", "none", "page.pnm", "plain.tif"], folder);
    run("tiffcp", &["-c", "g3:1d", "-r", "10000", "plain.tif", "g3.tif"], folder);
    let plain = read(folder.join("plain.tif"));
    let file = std::fs::read(folder.join("g3.tif")).unwrap();
    // Its only strip stands right behind the header.
    std::fs::write(folder.join("raw.g3"), &file[8..]).unwrap();
    for coding in [&["-7", "-5"][..], &["-7", "-6"], &["-8"], &["-8", "-m"]] {
        let arguments = [&["-M"], coding, &["-X", "432", "-o", "fax.tif", "raw.g3"]].concat();
        run("fax2tiff", &arguments, folder);
        let page = read(folder.join("fax.tif"));
        let (width, height) = page.raster().unwrap().pixels.dimensions();
        assert!(width == 432 && height >= 550, "{coding:?}: {width} × {height}");
        let same = plain.raster().unwrap().pixels.as_raw();
        assert!(page.raster().unwrap().pixels.as_raw()[..same.len()] == same[..], "{coding:?}");
    }
}

/// Letter paper with a black square.
const SQUARE: &str = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R>>endobj\n\
4 0 obj<</Length 28>>stream\n0 g 144 144 324 504 re f    \nendstream endobj\n\
trailer<</Root 1 0 R>>\n%%EOF\n";

#[test]
fn every_picture_another_program_draws() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("page.pdf"), SQUARE).unwrap();
    let kinds: [(&[&str], &str, bool); 11] = [
        (&["-png", "-mono"], "png", true),
        (&["-png", "-gray"], "png", false),
        (&["-png"], "png", false),
        (&["-jpeg"], "jpg", false),
        (&["-jpeg", "-gray"], "jpg", false),
        (&["-jpeg", "-jpegopt", "progressive=y"], "jpg", false),
        (&["-jpegcmyk"], "jpg", false),
        (&["-tiff", "-mono", "-tiffcompression", "none"], "tif", true),
        (&["-tiff", "-gray", "-tiffcompression", "deflate"], "tif", false),
        (&["-tiff", "-tiffcompression", "lzw"], "tif", false),
        (&["-tiff", "-tiffcompression", "jpeg"], "tif", false),
    ];
    for (options, extension, bilevel) in kinds {
        let arguments = [options, &["-r", "100", "-singlefile", "page.pdf", "page"][..]].concat();
        run("pdftoppm", &arguments, folder);
        let page = read(folder.join(format!("page.{extension}")));
        let pixels = &page.raster().unwrap().pixels;
        assert_eq!(pixels.dimensions(), (850, 1100), "{options:?}");
        assert!(
            (page.raster().unwrap().dpi.x - 100.0).abs() < 1.0,
            "{options:?}: {:?}",
            page.raster().unwrap().dpi
        );
        let (ink, paper) = (pixels.get_pixel(425, 550).0[0], pixels.get_pixel(20, 20).0[0]);
        assert!(ink < 30 && paper > 240, "{options:?}: ink {ink}, paper {paper}");
        // A page of nothing but black and white is known as such.
        assert!(!bilevel || page.raster().unwrap().bilevel, "{options:?}");
        assert!(page.notes.is_empty(), "{options:?}: {:?}", page.notes);
    }
}
