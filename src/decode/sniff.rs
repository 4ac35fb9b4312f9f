//! What a file is, by its first bytes. Names and extensions lie: portals save
//! error pages as `.pdf`, scanners write JPEG into `.tif`.

use super::{Foreign, Unreadable};

/// What the bytes are.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Tiff,
    Pdf,
    Png,
    Jpeg,
    Docx,
    /// Known or unknown, and not read.
    Refused(Unreadable),
}

/// Viewers accept a PDF whose header comes after some rubbish (a mail header,
/// a print job); 1,024 bytes is what Acrobat searches (PDF 1.7, implementation
/// note 13).
const PDF_HEADER_WITHIN: usize = 1024;
/// Bytes from which text is told from other content.
const TEXT_SAMPLE: usize = 4096;

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
    // A package may hold a PDF, stored as it is, right at its beginning.
    if head.starts_with(b"PK\x03\x04") {
        return packed(bytes);
    }
    if contains(head, b"%PDF-") || is_headless_pdf(bytes, head) {
        return Kind::Pdf;
    }
    Kind::Refused(refused(bytes, head))
}

/// ZIP: the names of its entries stand in it unpacked.
fn packed(bytes: &[u8]) -> Kind {
    let foreign = |kind| Kind::Refused(Unreadable::Foreign(kind));
    let named = |name: &[u8]| contains_any_case(bytes, name);
    if named(b"word/document") || named(b"word\\document") {
        Kind::Docx
    } else if named(b"xl/workbook") {
        foreign(Foreign::Spreadsheet)
    } else if named(b"ppt/presentation") {
        foreign(Foreign::Slides)
    } else if contains(
        &bytes[..bytes.len().min(TEXT_SAMPLE)],
        b"application/vnd.oasis.opendocument",
    ) {
        foreign(Foreign::OpenDocument)
    } else if named(b"FixedDocSeq.fdseq") {
        foreign(Foreign::Xps)
    } else {
        Kind::Refused(Unreadable::Archive)
    }
}

fn refused(bytes: &[u8], head: &[u8]) -> Unreadable {
    if bytes.iter().all(|byte| *byte == 0) {
        return Unreadable::Zeros;
    }
    if head.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return compound(bytes);
    }
    // Word 2 and Word 6 before compound files.
    if head.starts_with(b"\xdb\xa5") || head.starts_with(b"\xdc\xa5") {
        return Unreadable::Word;
    }
    let archive: [&[u8]; 7] = [
        b"\x1f\x8b",
        b"7z\xbc\xaf\x27\x1c",
        b"Rar!",
        b"BZh",
        b"\xfd7zXZ\0",
        b"PK\x05\x06",
        b"MSCF\0\0\0\0",
    ];
    if archive.iter().any(|magic| head.starts_with(magic)) {
        return Unreadable::Archive;
    }
    let known: [(&[u8], Foreign); 16] = [
        (b"{\\rtf", Foreign::RichText),
        (b"GIF8", Foreign::Gif),
        (b"%!PS", Foreign::PostScript),
        (b"\x04%!PS", Foreign::PostScript),
        (b"\xc5\xd0\xd3\xc6", Foreign::PostScript),
        (b"\x1b%-12345X", Foreign::PrintJob),
        (b"\x1bE", Foreign::PrintJob),
        (b"@PJL", Foreign::PrintJob),
        (b"\x00\x00\x00\x0cjP  ", Foreign::Jpeg2000),
        (b"\xff\x4f\xff\x51", Foreign::Jpeg2000),
        (b"\x97JB2", Foreign::Jbig2),
        (b"\x7fELF", Foreign::Program),
        (b"MZ\x90\0", Foreign::Program),
        (b"ID3", Foreign::Film),
        (b"OggS", Foreign::Film),
        (b"\x1a\x45\xdf\xa3", Foreign::Film),
    ];
    if let Some((_, kind)) = known.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Unreadable::Foreign(*kind);
    }
    if is_bitmap(head, bytes.len()) {
        return Unreadable::Foreign(Foreign::Bitmap);
    }
    if head.starts_with(b"RIFF") {
        let webp = head.get(8..12) == Some(b"WEBP");
        return Unreadable::Foreign(if webp { Foreign::WebP } else { Foreign::Film });
    }
    if head.get(4..8) == Some(b"ftyp") {
        let still = [&b"heic"[..], b"heix", b"heif", b"hevc", b"mif1", b"msf1", b"avif"];
        let brands = &head[8..head.len().min(64)];
        let picture = still.iter().any(|brand| contains(brands, brand));
        return Unreadable::Foreign(if picture { Foreign::Heic } else { Foreign::Film });
    }
    if let Some(kind) = text(bytes) {
        return Unreadable::Foreign(kind);
    }
    // The start of every kind that is read is longer than this.
    if bytes.len() < 8 { Unreadable::Truncated } else { Unreadable::Unknown }
}

/// A compound file (Word, Excel, PowerPoint, Outlook before 2007, and anything
/// newer under a password) tells by the names in its directory, whose entries
/// stand at multiples of their own size ([MS-CFB] 2.6.1).
fn compound(bytes: &[u8]) -> Unreadable {
    const ENTRY: usize = 128;
    let wide = |name: &str| name.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let has = |name: &str| {
        let name = wide(name);
        bytes.chunks_exact(ENTRY).skip(4).any(|entry| entry.starts_with(&name))
    };
    // A locked file names neither Word nor Excel: either will be asked for
    // without its password.
    if has("EncryptedPackage") {
        Unreadable::OfficePassword
    } else if has("WordDocument") {
        Unreadable::Word
    } else if has("__substg1.0_") || has("__nameid_version1.0") {
        Unreadable::Foreign(Foreign::Message)
    } else if has("Workbook") || has("Book") {
        Unreadable::Foreign(Foreign::Spreadsheet)
    } else if has("PowerPoint Document") {
        Unreadable::Foreign(Foreign::Slides)
    } else {
        Unreadable::Foreign(Foreign::OldOffice)
    }
}

/// `BM` begins many a text; the header behind it is of a known length
/// (BITMAPCOREHEADER to BITMAPV5HEADER).
fn is_bitmap(head: &[u8], length: usize) -> bool {
    let number =
        |at: usize| head.get(at..at + 4).and_then(|b| b.try_into().ok()).map(u32::from_le_bytes);
    head.starts_with(b"BM")
        && number(14).is_some_and(|size| matches!(size, 12 | 40 | 52 | 56 | 64 | 108 | 124))
        && number(10).is_some_and(|start| (start as usize) < length.max(26))
}

/// What kind of text it is, if it is text.
fn text(bytes: &[u8]) -> Option<Foreign> {
    let sample = &bytes[..bytes.len().min(TEXT_SAMPLE)];
    if sample.starts_with(b"\xff\xfe") || sample.starts_with(b"\xfe\xff") {
        return Some(Foreign::Text);
    }
    let odd = sample.iter().filter(|b| b.is_ascii_control() && !b.is_ascii_whitespace()).count();
    let high = sample.iter().filter(|b| !b.is_ascii()).count();
    // Text of any western code page; other content is half high or control.
    if bytes.len() < 4 || odd > 0 || high * 4 > sample.len() {
        return None;
    }
    let start = trim_start(sample.strip_prefix(b"\xef\xbb\xbf").unwrap_or(sample));
    if start.starts_with(b"<?xml") {
        return Some(Foreign::Xml);
    }
    if is_message(start) {
        return Some(Foreign::Message);
    }
    Some(if is_base64(start) { Foreign::Base64 } else { Foreign::Text })
}

/// A mail header: several of its usual fields at the beginnings of lines.
fn is_message(text: &[u8]) -> bool {
    const FIELDS: [&[u8]; 10] = [
        b"from:",
        b"to:",
        b"subject:",
        b"date:",
        b"received:",
        b"return-path:",
        b"mime-version:",
        b"content-type:",
        b"message-id:",
        b"delivered-to:",
    ];
    let lines = text.split(|b| *b == b'\n').take(60);
    let seen = lines.filter(|line| {
        let line = line[..line.len().min(16)].to_ascii_lowercase();
        FIELDS.iter().any(|field| line.starts_with(field))
    });
    // A typed letter has "To:" and "From:" too, and no third.
    seen.count() >= 4 && text.first().is_some_and(u8::is_ascii_alphabetic)
}

/// Long lines of the alphabet alone.
fn is_base64(text: &[u8]) -> bool {
    const ENOUGH: usize = 60;
    let letters = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=');
    text.len() >= ENOUGH
        && text.iter().all(|b| letters(b) || matches!(b, b'\r' | b'\n'))
        && text[..ENOUGH].iter().all(letters)
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
    let tags: [&[u8]; 10] = [
        b"<!doctype html",
        b"<html",
        b"<head",
        b"<body",
        b"<script",
        b"<meta",
        b"<title",
        b"<div",
        b"<h1",
        b"http/1.",
    ];
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

fn contains_any_case(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window.eq_ignore_ascii_case(needle))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A compound file's header sector, then one directory entry.
    fn compound_with(name: &str) -> Vec<u8> {
        let mut file = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
        file.resize(512, 0);
        file.extend(name.encode_utf16().flat_map(u16::to_le_bytes));
        file.resize(1024, 0);
        file
    }

    #[test]
    fn content_decides() {
        assert_eq!(kind(b"junk\r\n%PDF-1.4\n"), Kind::Pdf);
        assert_eq!(kind(b"\x1b%-12345X@PJL ENTER LANGUAGE=PDF\r\n%PDF-1.7\n"), Kind::Pdf);
        assert_eq!(kind(b"1 0 obj <<>> endobj trailer startxref 9 %%EOF"), Kind::Pdf);
        assert_eq!(kind(b"PK\x03\x04....Word/document.xml"), Kind::Docx);
        for start in [b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"] {
            assert_eq!(kind(&[&start[..], b"\x08\0\0\0"].concat()), Kind::Tiff);
        }
        let header =
            b"Received: by mx\r\nFrom: a\r\nTo: b\r\nMIME-Version: 1.0\r\n\r\nsee attached";
        let bitmap = [&b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0"[..], &[0; 60]].concat();
        for (bytes, code) in [
            (&b"\xef\xbb\xbf \n<!DOCTYPE html><p>%PDF-1.4"[..], "file.html"),
            (b"HTTP/1.1 502 Bad Gateway\r\n\r\n", "file.html"),
            (b"PK\x03\x04....something else....", "file.archive"),
            (b"PK\x03\x04....scan.pdf%PDF-1.4 stored", "file.archive"),
            (b"PK\x03\x04....xl/workbook.xml", "file.spreadsheet"),
            (b"PK\x03\x04....ppt/presentation.xml", "file.slides"),
            (b"PK\x03\x04..mimetypeapplication/vnd.oasis.opendocument.text", "file.opendocument"),
            (b"{\\rtf1\\ansi Dear", "file.rtf"),
            (b"GIF89a......", "file.gif"),
            (&bitmap, "file.bitmap"),
            (b"BMI 31, weight stable since May", "file.text"),
            (b"RIFF\x10\0\0\0WEBPVP8 ", "file.webp"),
            (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "file.heic"),
            (b"\0\0\0\x18ftypmp42\0\0\0\0isommp42", "file.film"),
            (b"%!PS-Adobe-3.0\n", "file.postscript"),
            (b"\x1bE\x1b&l0O", "file.print_job"),
            (header, "file.message"),
            (b"hello, is this a fax?", "file.text"),
            (b"{\"error\": \"session expired\"}", "file.text"),
            (b"<?xml version='1.0'?><order/>", "file.xml"),
            (
                b"JVBERi0xLjQKJeLjz9MKMSAwIG9iago8PC9UeXBlL0NhdGFsb2cvUGFnZXMgMiAwIFI+PgplbmRvYmoK",
                "file.base64",
            ),
            (b"\x1f\x8b\x08\0", "file.archive"),
            (&[0; 4096], "file.zeros"),
            (b"\x01\x02\x03\x04\xfe\xfd\xfc\xfb\xfa", "file.unknown"),
            (b"II*", "file.truncated"),
        ] {
            match kind(bytes) {
                Kind::Refused(why) => assert_eq!(why.code(), code, "{why}"),
                other => panic!("{other:?} for {code}"),
            }
        }
    }

    #[test]
    fn compound_files_tell_by_their_directory() {
        for (name, code) in [
            ("WordDocument", "file.word"),
            ("Workbook", "file.spreadsheet"),
            ("PowerPoint Document", "file.slides"),
            ("EncryptedPackage", "file.password"),
            ("__substg1.0_0037001F", "file.message"),
            ("Contents", "file.office"),
        ] {
            match kind(&compound_with(name)) {
                Kind::Refused(why) => assert_eq!(why.code(), code),
                other => panic!("{other:?} for {code}"),
            }
        }
    }
}
