//! Damage: whatever is done to a file, it ends in pages or in a reason.

use std::time::{Duration, Instant};

use image::{ExtendedColorType, ImageEncoder};
use proptest::prelude::*;

use super::tiff::tests::{Ifd, bits, tiff};
use super::{Limits, open, pdf, word};
use crate::vocab::PageNumber;

/// Far more than any of the small files needs, in unoptimised code on a busy
/// machine.
const PATIENCE: Duration = Duration::from_secs(10);

fn small() -> Limits {
    Limits {
        max_pages: 20,
        max_pixels_per_page: 4_000_000,
        max_operations_per_page: 50_000,
        ..Limits::default()
    }
}

fn seeds() -> Vec<Vec<u8>> {
    let row = "1011 011 000000000001";
    let g3 = bits(&format!("000000000001 {}", row.repeat(8)));
    let grey: Vec<u8> = (0..64 * 64).map(|i| (i * 7 % 251) as u8).collect();
    let mut png = Vec::new();
    image::codecs::png::PngEncoder::new(&mut png)
        .write_image(&grey, 64, 64, ExtendedColorType::L8)
        .expect("a small picture");
    let mut jpeg = Vec::new();
    image::codecs::jpeg::JpegEncoder::new(&mut jpeg)
        .write_image(&grey, 64, 64, ExtendedColorType::L8)
        .expect("a small picture");
    let text = "BT /F 12 Tf 72 720 Td [(Pending) -300 (discharge)] TJ ET 50 50 m 90 90 l S";
    let widget = b"<< /Subtype /Widget /FT /Tx /T (npi) /V (2000000002) /Rect [0 0 9 9] >>";
    vec![
        tiff(&[Ifd::new(3, 8, g3.clone()), Ifd::new(3, 8, g3)], false),
        tiff(&[Ifd::new(4, 8, vec![0xFF, 0x00, 0x10, 0x01])], false),
        tiff(&[Ifd::new(5, 8, vec![0x80, 0x0B, 0x60, 0x50, 0x22, 0x0C])], true),
        tiff(&[Ifd::new(32773, 8, vec![0xF9, 0x55])], false),
        png,
        jpeg,
        pdf::tests::one_page("/Annots [6 0 R]", text, &[widget.to_vec()]),
        pdf::tests::one_page(
            "",
            pdf::tests::FULL,
            &[pdf::tests::stream(pdf::tests::CHECKERS, &[0x55; 1728 / 8 * 1100])],
        ),
        word::tests::docx(
            "<w:p><w:r><w:t>Order</w:t><w:sym w:font='Wingdings' w:char='F06F'/></w:r></w:p>\
             <w:tbl><w:tr><w:tc><w:p><w:r><w:t>E0260</w:t></w:r></w:p></w:tc></w:tr></w:tbl>",
        ),
    ]
}

/// One act of damage.
#[derive(Clone, Debug)]
enum Damage {
    Flip(prop::sample::Index, u8),
    Cut(prop::sample::Index),
    Drop(prop::sample::Index, usize),
    Repeat(prop::sample::Index, usize),
    Number(prop::sample::Index, u32),
}

impl Damage {
    fn apply(&self, file: &mut Vec<u8>) {
        if file.is_empty() {
            return;
        }
        match self {
            Self::Flip(at, mask) => {
                let at = at.index(file.len());
                file[at] ^= mask;
            }
            Self::Cut(at) => file.truncate(at.index(file.len())),
            Self::Drop(at, count) => {
                let at = at.index(file.len());
                file.drain(at..(at + count).min(file.len()));
            }
            Self::Repeat(at, count) => {
                let at = at.index(file.len());
                let piece = file[at..(at + count).min(file.len())].to_vec();
                file.splice(at..at, piece);
            }
            Self::Number(at, value) => {
                let at = at.index(file.len());
                let end = (at + 4).min(file.len());
                file[at..end].copy_from_slice(&value.to_le_bytes()[..end - at]);
            }
        }
    }
}

fn damage() -> impl Strategy<Value = Damage> {
    let at = any::<prop::sample::Index>;
    prop_oneof![
        8 => (at(), 1..=u8::MAX).prop_map(|(at, mask)| Damage::Flip(at, mask)),
        1 => at().prop_map(Damage::Cut),
        2 => (at(), 1..64_usize).prop_map(|(at, count)| Damage::Drop(at, count)),
        2 => (at(), 1..64_usize).prop_map(|(at, count)| Damage::Repeat(at, count)),
        3 => (at(), prop_oneof![Just(0), Just(u32::MAX), Just(1 << 31), any::<u32>()])
            .prop_map(|(at, value)| Damage::Number(at, value)),
    ]
}

fn read_all(file: Vec<u8>) {
    let Ok(document) = open(file, &small()) else { return };
    for index in 0..document.inventory().pages as usize {
        let number = PageNumber::from_index(index);
        let Ok(page) = document.page(number) else { continue };
        let drawn = page.raster().is_none().then(|| document.raster(number));
        if let Some(raster) = page.raster().or(drawn.as_ref().and_then(|d| d.as_ref().ok())) {
            let (width, height) = raster.pixels.dimensions();
            assert!(u64::from(width) * u64::from(height) <= small().max_pixels_per_page);
            assert!(width > 0 && height > 0);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn damaged_files_end_in_pages_or_in_a_reason(
        seed in 0..9_usize,
        damages in prop::collection::vec(damage(), 1..8),
    ) {
        let mut file = seeds().swap_remove(seed);
        damages.iter().for_each(|damage| damage.apply(&mut file));
        let started = Instant::now();
        read_all(file);
        prop_assert!(started.elapsed() < PATIENCE);
    }

    /// In the container most damage ends at its checksums; here it reaches the
    /// parts themselves.
    #[test]
    fn damaged_parts_of_a_word_file_end_too(
        damages in prop::collection::vec(damage(), 1..8),
    ) {
        let mut part = word::tests::EVERYTHING.as_bytes().to_vec();
        damages.iter().for_each(|damage| damage.apply(&mut part));
        let started = Instant::now();
        read_all(word::tests::package(&[("word/document.xml", &part)]));
        prop_assert!(started.elapsed() < PATIENCE);
    }

    #[test]
    fn noise_behind_a_known_beginning_ends_too(
        kind in 0..6_usize,
        noise in prop::collection::vec(any::<u8>(), 0..512),
    ) {
        let starts: [&[u8]; 6] =
            [b"II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08", b"II+\0\x08\0\0\0", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"%PDF-1.4\n"];
        read_all([starts[kind], &noise].concat());
    }
}

#[test]
fn undamaged_seeds_are_read() {
    for (index, seed) in seeds().into_iter().enumerate() {
        let page = open(seed, &small()).and_then(|document| document.page(PageNumber::FIRST));
        assert!(page.is_ok(), "seed {index}: {:?}", page.err());
    }
}

#[test]
fn limits_refuse_unknown_keys() {
    let some: Limits = toml::from_str("max_pages = 7").expect("known key");
    assert_eq!(some.max_pages, 7);
    assert_eq!(some.max_bytes, Limits::default().max_bytes);
    assert!(toml::from_str::<Limits>("max_page = 7").is_err());
    assert_eq!(open(Vec::new(), &some).err().map(|why| why.code()), Some("file.empty"));
    let tiny = Limits { max_bytes: 3, ..some };
    assert_eq!(open(vec![0; 4], &tiny).err().map(|why| why.code()), Some("limit.bytes"));
}

/// A document may be handed to the thread that reads it.
#[test]
fn a_document_can_be_sent() {
    fn sendable<T: Send>() {}
    sendable::<super::Document>();
}
