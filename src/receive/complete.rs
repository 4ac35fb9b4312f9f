//! Whether a file looks as if its end were still missing. Cheap and bounded:
//! a few bytes at known places, no decoding. Decoding is the jailed reader's.

use std::fs::File;
use std::os::unix::fs::FileExt;

/// Directories of a TIFF that are followed before it is called complete.
const MAX_DIRECTORIES: usize = 4096;
/// How far from its end a PDF's end mark may stand (ISO 32000-1, annex H.3,
/// implementation note 18).
const PDF_TAIL: u64 = 1024;

/// `false` only where the format itself says that bytes are missing. Unknown
/// formats count as complete.
pub fn looks_complete(file: &File, size: u64) -> bool {
    let mut head = [0u8; 8];
    if file.read_exact_at(&mut head, 0).is_err() {
        return true; // too short to tell; whatever it is, waiting tells no more
    }
    match &head {
        [b'I', b'I', 42, 0, ..] => {
            tiff_complete(file, size, u32::from_le_bytes, u16::from_le_bytes)
        }
        [b'M', b'M', 0, 42, ..] => {
            tiff_complete(file, size, u32::from_be_bytes, u16::from_be_bytes)
        }
        [b'%', b'P', b'D', b'F', ..] => tail_holds(file, size, PDF_TAIL, b"%%EOF"),
        [0x89, b'P', b'N', b'G', ..] => tail_holds(file, size, 16, b"IEND"),
        // Some cameras append data after the end-of-image mark.
        [0xff, 0xd8, 0xff, ..] => tail_holds(file, size, 64 * 1024, &[0xff, 0xd9]),
        _ => true,
    }
}

fn tail_holds(file: &File, size: u64, tail: u64, mark: &[u8]) -> bool {
    let from = size.saturating_sub(tail);
    let mut bytes = vec![0u8; usize::try_from(size - from).unwrap_or(0)];
    file.read_exact_at(&mut bytes, from).is_ok()
        && bytes.windows(mark.len()).any(|window| window == mark)
}

/// Follows the chain of directories; each must lie within the file.
fn tiff_complete(
    file: &File,
    size: u64,
    u32_of: fn([u8; 4]) -> u32,
    u16_of: fn([u8; 2]) -> u16,
) -> bool {
    let number = |at: u64| -> Option<u32> {
        let mut bytes = [0u8; 4];
        file.read_exact_at(&mut bytes, at).ok()?;
        Some(u32_of(bytes))
    };
    let mut pointer = 4u64;
    for _ in 0..MAX_DIRECTORIES {
        let Some(directory) = number(pointer).map(u64::from) else { return false };
        if directory == 0 {
            return true;
        }
        let mut entries = [0u8; 2];
        if directory >= size || file.read_exact_at(&mut entries, directory).is_err() {
            return false;
        }
        pointer = directory + 2 + 12 * u64::from(u16_of(entries));
    }
    true // a loop, or very many pages: waiting will not mend it
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn complete(bytes: &[u8]) -> bool {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        looks_complete(&file, bytes.len() as u64)
    }

    #[test]
    fn tiff_directories_must_lie_within_the_file() {
        let whole = [b'I', b'I', 42, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        assert!(complete(&whole));
        assert!(!complete(&whole[..10]), "the next-directory pointer is missing");
        assert!(!complete(&[b'M', b'M', 0, 42, 0, 1, 0, 0]), "the directory is past the end");
        let looping = [b'I', b'I', 42, 0, 8, 0, 0, 0, 0, 0, 8, 0, 0, 0];
        assert!(complete(&looping), "a loop ends");
    }

    #[test]
    fn end_marks() {
        assert!(complete(b"%PDF-1.4 ... %%EOF\n"));
        assert!(!complete(b"%PDF-1.4 ... and then the line dropped"));
        assert!(complete(b"who knows what this is"));
        assert!(complete(b""));
    }
}
