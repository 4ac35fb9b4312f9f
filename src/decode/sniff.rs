//! What a file is, by its first bytes. Names and extensions lie: portals save
//! error pages as `.pdf`, scanners write JPEG into `.tif`.

use super::Unreadable;

/// What the bytes are.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Tiff,
    Pdf,
    Png,
    Jpeg,
    /// Known or unknown, and not read.
    Refused(Unreadable),
}

/// Viewers accept a PDF whose header comes after some rubbish (a mail header,
/// a print job); 1,024 bytes is what Acrobat searches (PDF 1.7, implementation
/// note 13).
const PDF_HEADER_WITHIN: usize = 1024;

pub(super) fn kind(bytes: &[u8]) -> Kind {
    let head = &bytes[..bytes.len().min(PDF_HEADER_WITHIN)];
    if head.starts_with(b"II*\0")
        || head.starts_with(b"MM\0*")
        || head.starts_with(b"II+\0")
        || head.starts_with(b"MM\0+")
    {
        return Kind::Tiff;
    }
    if head.starts_with(b"\x89PNG") {
        return Kind::Png;
    }
    if head.starts_with(b"\xff\xd8\xff") {
        return Kind::Jpeg;
    }
    if is_html(head) {
        return Kind::Refused(Unreadable::Html);
    }
    if contains(head, b"%PDF-") || is_headless_pdf(bytes, head) {
        return Kind::Pdf;
    }
    Kind::Refused(refused(bytes, head))
}

fn refused(bytes: &[u8], head: &[u8]) -> Unreadable {
    if head.starts_with(b"PK\x03\x04") {
        return if contains(bytes, b"word/document.xml") {
            Unreadable::Word
        } else {
            Unreadable::Archive
        };
    }
    // OLE compound file: Word, Excel, Outlook. Word is what offices send.
    if head.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") || head.starts_with(b"{\\rtf") {
        return Unreadable::Word;
    }
    // Word 2 and Word 6 before compound files.
    if head.starts_with(b"\xdb\xa5") || head.starts_with(b"\xdc\xa5") {
        return Unreadable::Word;
    }
    let archive: [&[u8]; 4] = [b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"BZh"];
    if archive.iter().any(|magic| head.starts_with(magic)) {
        return Unreadable::Archive;
    }
    let known: [(&[u8], &'static str); 6] = [
        (b"GIF8", "a GIF picture"),
        (b"BM", "a Windows bitmap"),
        (b"%!PS", "a PostScript print job"),
        (b"\x00\x00\x00\x0cjP  ", "a JPEG 2000 picture"),
        (b"\xff\x4f\xff\x51", "a JPEG 2000 picture"),
        (b"\x97JB2", "a JBIG2 picture"),
    ];
    if let Some((_, kind)) = known.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Unreadable::Unsupported { kind };
    }
    if head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP") {
        return Unreadable::Unsupported { kind: "a WebP picture" };
    }
    if head.get(4..8) == Some(b"ftyp") {
        return Unreadable::Unsupported { kind: "a HEIC picture or a film" };
    }
    // The start of every kind that is read is longer than this.
    if bytes.len() < 8 { Unreadable::Truncated } else { Unreadable::Unknown }
}

/// A PDF whose first line was cut off or garbled on the way: viewers open it,
/// and the end says what it is.
fn is_headless_pdf(bytes: &[u8], head: &[u8]) -> bool {
    let tail = &bytes[bytes.len().saturating_sub(PDF_HEADER_WITHIN)..];
    contains(head, b" 0 obj") && (contains(tail, b"startxref") || contains(tail, b"%%EOF"))
}

fn is_html(head: &[u8]) -> bool {
    let text = trim_start(head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head));
    let start = text[..text.len().min(512)].to_ascii_lowercase();
    let tags: [&[u8]; 6] = [b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<meta"];
    tags.iter().any(|tag| start.starts_with(tag))
        || ((start.starts_with(b"<?xml") || start.starts_with(b"<!--"))
            && contains(&start, b"<html"))
}

fn trim_start(bytes: &[u8]) -> &[u8] {
    let blanks = bytes.iter().take_while(|b| b.is_ascii_whitespace() || **b == 0).count();
    &bytes[blanks..]
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_decides() {
        assert_eq!(kind(b"junk\r\n%PDF-1.4\n"), Kind::Pdf);
        assert_eq!(kind(b"II*\0\x08\0\0\0"), Kind::Tiff);
        for (bytes, code) in [
            (&b"\xef\xbb\xbf \n<!DOCTYPE html><p>%PDF-1.4"[..], "file.html"),
            (b"PK\x03\x04....word/document.xml", "file.word"),
            (b"PK\x03\x04....something else....", "file.archive"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 ole", "file.word"),
            (b"GIF89a......", "file.unsupported"),
            (b"hello, is this a fax?", "file.unknown"),
            (b"II*", "file.truncated"),
        ] {
            match kind(bytes) {
                Kind::Refused(why) => assert_eq!(why.code(), code),
                other => panic!("{other:?} for {code}"),
            }
        }
    }
}
