//! What the targets share.

use intake::decode::{self, Limits};
use intake::vocab::PageNumber;

/// Opens a file and decodes its first pages, as a reader does, but none of
/// more than `max_pixels`. What comes of
/// it does not matter: only that something does, without a panic, and soon.
pub fn decode(bytes: Vec<u8>, max_pixels: u64) {
    let limits = Limits { max_pixels_per_page: max_pixels, ..limits() };
    let Ok(document) = decode::open(bytes, &limits) else { return };
    let pages = document.inventory().pages;
    assert!(pages >= 1);
    for number in (1..=pages.min(3)).filter_map(PageNumber::new) {
        if let Ok(page) = document.page(number) {
            assert_eq!(page.number, number);
            // A page of text is drawn only when its pixels are wanted.
            let drawn = page.raster().is_none().then(|| document.raster(number));
            if let Some(raster) = page.raster().or(drawn.as_ref().and_then(|d| d.as_ref().ok())) {
                let (width, height) = raster.pixels.dimensions();
                assert!(u64::from(width) * u64::from(height) <= max_pixels);
            }
        }
    }
}

/// A panic inside a decoder of others is contained and costs one page, as in
/// the service; the fuzzer's own hook would take it for the end. A panic that
/// gets out still is. With `LOUD` set, all of them are told.
pub fn contain() {
    let loud = std::env::var_os("LOUD").is_some();
    std::panic::set_hook(Box::new(move |panic| {
        if loud {
            eprintln!("{panic}");
        }
    }));
}

/// Small, so that no honest work looks like a hang.
fn limits() -> Limits {
    Limits {
        max_bytes: 1 << 20,
        max_pages: 100,
        max_operations_per_page: 20_000,
        max_text_per_page: 50_000,
        ..Limits::default()
    }
}
