use serde::{Deserialize, Serialize};

/// What a file may cost. Each is checked before memory is taken; the jail
/// around the process is the second wall, not the first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Bytes of a file. The portal's own bound is 25 MB; fax servers write
    /// more for long colour faxes.
    pub max_bytes: u64,
    /// Pages of a file. The longest packets seen in the field are a few
    /// hundred pages; more is a mistake or an attack.
    pub max_pages: u32,
    /// Pixels of one page, one byte each in memory, four while a PDF page is
    /// drawn. Letter paper at 600 dots an inch has 34 million.
    pub max_pixels_per_page: u64,
    /// Drawing operations (glyphs, paths, images) of one PDF page. A dense
    /// page of text has 8,000 glyphs, a map some 100,000 paths.
    pub max_operations_per_page: u64,
    /// Bytes that the parts of a Word file may unpack to, together. A report
    /// with a photograph on each of a hundred pages has 200 million.
    pub max_unpacked_bytes: u64,
    /// Bytes of visible text of one page. A page of the smallest print holds
    /// some 20,000.
    pub max_text_per_page: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_bytes: 100 * 1024 * 1024,
            max_pages: 2_000,
            max_pixels_per_page: 64_000_000,
            max_operations_per_page: 2_000_000,
            max_unpacked_bytes: 256 * 1024 * 1024,
            max_text_per_page: 1_000_000,
        }
    }
}
