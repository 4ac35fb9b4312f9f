//! What the parent does with the message of a reader that has been taken over.
#![no_main]

libfuzzer_sys::fuzz_target!(|message: &[u8]| {
    let _ = intake::reader::believes(message);
});
