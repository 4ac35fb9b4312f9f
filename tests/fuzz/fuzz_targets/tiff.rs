//! TIFF: directories, strips and tiles, fax codings.
#![no_main]

#[path = "common.rs"]
mod common;

libfuzzer_sys::fuzz_target!(init: common::contain(), |bytes: &[u8]| {
    let mut file = bytes.to_vec();
    if !file.starts_with(b"II") && !file.starts_with(b"MM") {
        file.splice(..file.len().min(4), *b"II*\0");
    }
    common::decode(file, 4_000_000);
});
