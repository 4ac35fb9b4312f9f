//! PDF: structure, text layer, forms, drawing.
#![no_main]

#[path = "common.rs"]
mod common;

libfuzzer_sys::fuzz_target!(init: common::contain(), |bytes: &[u8]| {
    let mut file = bytes.to_vec();
    if !file.starts_with(b"%PDF-") {
        file.splice(..0, *b"%PDF-1.7\n");
    }
    // Drawing is slow under the sanitizer, and mostly others' code.
    common::decode(file, 300_000);
});
