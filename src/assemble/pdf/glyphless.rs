//! A font whose glyphs are all empty, for text that is searched and copied
//! and never seen: any character, not only those of Helvetica, and no glyph
//! that a viewer could show by mistake.
//!
//! Character codes are UTF-16 units, which `ToUnicode` maps to themselves: the
//! scheme of Tesseract's own PDF output, read well by every viewer.

use lopdf::{Document, Object, ObjectId, Stream, dictionary};

/// Advance of every glyph, in thousandths of the font size.
const ADVANCE: i64 = 500;
/// Part of the font size that lies above the baseline, so that a box of the
/// font's height is a word's box.
const ASCENT: f32 = 0.8;

/// Advance of one glyph at this size.
pub fn advance(size: f32) -> f32 {
    size * ADVANCE as f32 / 1000.0
}

/// How far above the bottom of a box of height `size` the baseline runs.
pub fn baseline(size: f32) -> f32 {
    size * (1.0 - ASCENT)
}

/// Puts the font into `document`; used as resource `G`.
pub fn add(document: &mut Document) -> ObjectId {
    let program = compressed(font_program(), |program| {
        dictionary! { "Length1" => program.len() as i64 }
    });
    let program = document.add_object(program);
    let descriptor = document.add_object(dictionary! {
        "Type" => "FontDescriptor",
        "FontName" => "GlyphLess",
        // Fixed pitch, symbolic: nobody is to guess an encoding.
        "Flags" => 5,
        "FontBBox" => vec![0.into(), (-200).into(), ADVANCE.into(), 800.into()],
        "ItalicAngle" => 0,
        "Ascent" => 800,
        "Descent" => -200,
        "CapHeight" => 800,
        "StemV" => 80,
        "FontFile2" => program,
    });
    // All 65,536 codes show glyph 1.
    let map = document.add_object(compressed([0u8, 1].repeat(0x1_0000), |_| dictionary! {}));
    let descendant = document.add_object(dictionary! {
        "Type" => "Font",
        "Subtype" => "CIDFontType2",
        "BaseFont" => "GlyphLess",
        "CIDSystemInfo" => dictionary! {
            "Registry" => Object::string_literal("Adobe"),
            "Ordering" => Object::string_literal("Identity"),
            "Supplement" => 0,
        },
        "FontDescriptor" => descriptor,
        "DW" => ADVANCE,
        "CIDToGIDMap" => map,
    });
    let to_unicode = document.add_object(compressed(TO_UNICODE.to_vec(), |_| dictionary! {}));
    document.add_object(dictionary! {
        "Type" => "Font",
        "Subtype" => "Type0",
        "BaseFont" => "GlyphLess",
        "Encoding" => "Identity-H",
        "DescendantFonts" => vec![descendant.into()],
        "ToUnicode" => to_unicode,
    })
}

fn compressed(content: Vec<u8>, dict: impl Fn(&[u8]) -> lopdf::Dictionary) -> Stream {
    let mut stream = Stream::new(dict(&content), content);
    // Left as it is, the stream is larger and just as right.
    let _ = stream.compress();
    stream
}

const TO_UNICODE: &[u8] = b"/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
1 beginbfrange
<0000> <FFFF> <0000>
endbfrange
endcmap
CMapName currentdict /CMap defineresource pop
end
end
";

/// A TrueType file of two empty glyphs, with the tables that ISO 32000-1,
/// 9.9 asks of an embedded one.
fn font_program() -> Vec<u8> {
    let tables: [(&[u8; 4], Vec<u8>); 6] = [
        (b"glyf", vec![0; 4]),
        (b"head", head()),
        (b"hhea", hhea()),
        (b"hmtx", words(&[ADVANCE as u16, 0, ADVANCE as u16, 0])),
        (b"loca", words(&[0, 0, 0])),
        (b"maxp", maxp()),
    ];
    let mut file = words(&[0x0001, 0x0000, tables.len() as u16, 64, 2, 32]);
    let mut offset = file.len() + 16 * tables.len();
    for (tag, table) in &tables {
        file.extend_from_slice(*tag);
        file.extend(checksum(table).to_be_bytes());
        file.extend((offset as u32).to_be_bytes());
        file.extend((table.len() as u32).to_be_bytes());
        offset += table.len().next_multiple_of(4);
    }
    for (_, table) in tables {
        file.extend_from_slice(&table);
        file.resize(file.len().next_multiple_of(4), 0);
    }
    file
}

fn head() -> Vec<u8> {
    // version 1.0, revision 1.0, no adjustment, magic, flags, 1000 units per
    // em, no dates, box, no style, 8 px least, left to right, short loca.
    let mut table = words(&[1, 0, 1, 0, 0, 0, 0x5F0F, 0x3CF5, 0, 1000]);
    table.extend([0; 16]);
    table.extend(words(&[0, (-200i16) as u16, ADVANCE as u16, 800, 0, 8, 2, 0, 0]));
    table
}

fn hhea() -> Vec<u8> {
    let mut table = words(&[1, 0, 800, (-200i16) as u16, 0, ADVANCE as u16]);
    table.extend(words(&[0, 0, ADVANCE as u16, 1, 0, 0, 0, 0, 0, 0, 0, 2]));
    table
}

fn maxp() -> Vec<u8> {
    words(&[1, 0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0])
}

fn words(values: &[u16]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_be_bytes()).collect()
}

fn checksum(table: &[u8]) -> u32 {
    table.chunks(4).fold(0u32, |sum, chunk| {
        let mut word = [0; 4];
        word[..chunk.len()].copy_from_slice(chunk);
        sum.wrapping_add(u32::from_be_bytes(word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_have_the_lengths_the_standard_gives() {
        assert_eq!((head().len(), hhea().len(), maxp().len()), (54, 36, 32));
    }
}
