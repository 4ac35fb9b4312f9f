//! Text strings of PDF objects (PDF 1.7, 7.9.2.2).

/// Decodes UTF-16 or UTF-8 by its mark, else PDFDocEncoding.
pub(super) fn decode(bytes: &[u8]) -> String {
    let utf16 = |rest: &[u8], order: fn([u8; 2]) -> u16| {
        let units = rest.chunks_exact(2).map(|pair| order([pair[0], pair[1]]));
        char::decode_utf16(units).map(|c| c.unwrap_or('\u{FFFD}')).collect()
    };
    match bytes {
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => bytes.iter().map(|b| pdf_doc(*b)).collect(),
    }
}

/// PDFDocEncoding: Latin-1 with typographic marks in the control ranges
/// (PDF 1.7, annex D.3).
fn pdf_doc(byte: u8) -> char {
    const LOW: [char; 8] = ['˘', 'ˇ', 'ˆ', '˙', '˝', '˛', '˚', '˜'];
    const HIGH: [char; 33] = [
        '•', '†', '‡', '…', '—', '–', 'ƒ', '⁄', '‹', '›', '−', '‰', '„', '“', '”', '‘', '’', '‚',
        '™', 'ﬁ', 'ﬂ', 'Ł', 'Œ', 'Š', 'Ÿ', 'Ž', 'ı', 'ł', 'œ', 'š', 'ž', '\u{FFFD}', '€',
    ];
    match byte {
        0x18..=0x1F => LOW[usize::from(byte - 0x18)],
        0x80..=0xA0 => HIGH[usize::from(byte - 0x80)],
        other => char::from(other),
    }
}

/// As it is shown: line ends become one kind; other control characters were
/// never seen.
pub(super) fn shown(text: &str) -> String {
    text.replace("\r\n", "\n")
        .replace('\r', "\n")
        .chars()
        .filter(|c| *c == '\n' || !c.is_control())
        .collect()
}

/// The words of XHTML, as rich text is kept (PDF 1.7, 12.7.3.4).
pub(super) fn without_markup(rich: &str) -> String {
    let mut out = String::new();
    let mut rest = rich;
    while let Some(start) = rest.find('<') {
        out.push_str(&rest[..start]);
        let Some(end) = rest[start..].find('>') else { break };
        let tag = rest[start + 1..start + end].trim_end_matches('/').trim();
        if matches!(tag, "/p" | "br" | "/div" | "/li") {
            out.push('\n');
        }
        rest = &rest[start + end + 1..];
        if !rest.contains('<') {
            out.push_str(rest);
            rest = "";
        }
    }
    if !rich.contains('<') {
        out.push_str(rich);
    }
    let plain = out.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    plain.replace("&#39;", "'").replace("&apos;", "'").replace("&amp;", "&").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rich_text_gives_its_words() {
        let rich =
            "<?xml version=\"1.0\"?><body><p style=\"x\">Tom &amp; <b>Ann</b></p><p>two</p></body>";
        assert_eq!(without_markup(rich), "Tom & Ann\ntwo");
        assert_eq!(without_markup("plain"), "plain");
        assert_eq!(without_markup("cut <b off"), "cut");
    }

    #[test]
    fn marks_decide() {
        assert_eq!(decode(b"\xFE\xFF\x00A\x20\xAC"), "A€");
        assert_eq!(decode(b"\xEF\xBB\xBF\xC3\xA9"), "é");
        assert_eq!(decode(b"O\x90Brien \xE9"), "O’Brien é");
    }
}
