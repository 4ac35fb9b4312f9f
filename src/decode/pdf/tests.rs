//! PDFs written by hand, each with one thing to show.

use super::super::pages::{FieldValue, Page};
use super::super::{Document, Limits, Unreadable, open};
use crate::vocab::PageNumber;

/// A file from its objects, numbered from 1; the first is the catalog.
fn pdf(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut offsets = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        offsets.push(file.len());
        file.extend(format!("{} 0 obj\n", index + 1).bytes());
        file.extend(object);
        file.extend(b"\nendobj\n");
    }
    let start = file.len();
    file.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    for offset in &offsets {
        file.extend(format!("{offset:010} 00000 n \n").bytes());
    }
    let size = objects.len() + 1;
    file.extend(
        format!("trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n").bytes(),
    );
    file
}

pub(in crate::decode) fn stream(dict: &str, data: &[u8]) -> Vec<u8> {
    let mut object = format!("<< {dict} /Length {} >>\nstream\n", data.len()).into_bytes();
    object.extend(data);
    object.extend(b"\nendstream");
    object
}

/// A letter page with a Helvetica called `F`, and further objects from 6 on.
pub(in crate::decode) fn one_page(page: &str, content: &str, further: &[Vec<u8>]) -> Vec<u8> {
    let mut objects = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R {page} \
             /Resources << /Font << /F 5 0 R >> /XObject << /I 6 0 R >> >> >>"
        )
        .into_bytes(),
        stream("", content.as_bytes()),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_vec(),
    ];
    objects.extend_from_slice(further);
    pdf(&objects)
}

fn opened(file: Vec<u8>) -> Document {
    open(file, &Limits::default()).unwrap_or_else(|why| panic!("{why}"))
}

fn page(file: Vec<u8>) -> Page {
    opened(file).page(PageNumber::FIRST).unwrap_or_else(|why| panic!("{why}"))
}

/// Lines of words.
fn lines(page: &Page) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in &page.text {
        let text = word.text.expose();
        match lines.get_mut(word.line as usize) {
            Some(line) => *line = format!("{line} {text}"),
            None => lines.push(text.clone()),
        }
    }
    lines
}

/// A checkerboard of `width` × `height` bits; the first dot is black.
fn checkers(width: usize, height: usize) -> Vec<u8> {
    let row = |y: usize| vec![if y.is_multiple_of(2) { 0x55 } else { 0xAA }; width / 8];
    (0..height).flat_map(row).collect()
}

pub(in crate::decode) const CHECKERS: &str = "/Type /XObject /Subtype /Image /Width 1728 /Height 1100 \
                        /BitsPerComponent 1 /ColorSpace /DeviceGray";
/// Places that image over the whole page: 1728 dots on 8.5 inches, 1100 on 11.
pub(in crate::decode) const FULL: &str = "q 612 0 0 792 0 0 cm /I Do Q";

#[test]
fn words_and_lines_come_with_their_places() {
    let content = "BT /F 12 Tf 72 720 Td (Hospital bed) Tj ( E0260) Tj ET \
                   BT /F 12 Tf 72 700 Td [(side) -300 (rails) -50 (x)] TJ ET";
    let page = page(one_page("", content, &[]));
    assert_eq!(lines(&page), ["Hospital bed E0260", "side railsx"]);
    let first = &page.text[0].bbox;
    assert!((first.x0() - 72.0 / 612.0).abs() < 0.002, "{first:?}");
    assert!(first.y1() > 72.0 / 792.0 && first.y0() < 66.0 / 792.0, "{first:?}");
    assert!((page.raster.pixels.width() as i32 - 1734).abs() <= 1);
}

#[test]
fn a_turned_page_is_read_as_it_is_seen() {
    // Drawn upwards on a page that is shown turned by 90° clockwise.
    let content = "BT /F 12 Tf 0 1 -1 0 100 72 Tm (Read this) Tj ET";
    let page = page(one_page("/Rotate 90", content, &[]));
    assert_eq!(page.raster.pixels.dimensions().0, 2244);
    assert_eq!(lines(&page), ["Read this"]);
    let place = page.text[0].bbox;
    assert!((place.x0() - 72.0 / 792.0).abs() < 0.002, "{place:?}");
    assert!((place.y1() - 100.0 / 612.0).abs() < 0.01, "{place:?}");
}

#[test]
fn what_is_not_seen_is_not_listed() {
    let hidden = "BT /F 12 Tf 3 Tr 72 720 Td (ocr) Tj ET";
    let white = "BT /F 12 Tf 1 g 72 700 Td (white) Tj ET";
    let redacted = "BT 0 g /F 12 Tf 72 680 Td (secret) Tj ET 0 g 60 670 200 30 re f";
    let outside = "BT 0 g /F 12 Tf 72 900 Td (outside) Tj ET";
    let seen = "BT 0 g /F 12 Tf 72 600 Td (seen) Tj ET";
    let content =
        [hidden, white, redacted, outside, seen].map(|part| format!("q {part} Q")).join(" ");
    assert_eq!(lines(&page(one_page("", &content, &[]))), ["seen"]);
}

#[test]
fn a_value_over_a_fill_in_line_stays_a_word() {
    let content = "BT /F 12 Tf 72 720 Td (Name: _______________________) Tj ET \
                   BT /F 12 Tf 115 720 Td (Edith Sample) Tj ET";
    assert_eq!(lines(&page(one_page("", content, &[]))), ["Name: Edith Sample"]);
}

#[test]
fn spaced_out_letters_and_bold_by_drawing_twice() {
    let content = "BT /F 12 Tf 4 Tc 72 720 Td (2000000002) Tj ET \
                   BT /F 12 Tf 0 Tc 72 700 Td (Urgent) Tj ET \
                   BT /F 12 Tf 72.4 700 Td (Urgent) Tj ET";
    assert_eq!(lines(&page(one_page("", content, &[]))), ["2000000002", "Urgent"]);
}

#[test]
fn a_scan_comes_out_dot_by_dot_with_its_oblong_dots() {
    let image = stream(CHECKERS, &checkers(1728, 1100));
    let page = page(one_page("", FULL, &[image]));
    assert_eq!(page.raster.pixels.dimensions(), (1728, 1100));
    assert!(page.raster.bilevel);
    assert!((page.raster.dpi.x - 203.3).abs() < 0.1 && (page.raster.dpi.y - 100.0).abs() < 0.1);
    let dot = |x, y| page.raster.pixels.get_pixel(x, y).0[0];
    assert_eq!([dot(0, 0), dot(1, 0), dot(0, 1), dot(1727, 1099)], [0, 255, 255, 0]);
}

#[test]
fn a_scan_under_a_hidden_text_layer_is_a_scan() {
    let image = stream(CHECKERS, &checkers(1728, 1100));
    for content in [
        format!("{FULL} BT 3 Tr /F 12 Tf 72 720 Td (Hidden words of the scanner) Tj ET"),
        format!("BT /F 12 Tf 72 720 Td (Words under the picture) Tj ET {FULL}"),
    ] {
        let page = page(one_page("", &content, std::slice::from_ref(&image)));
        assert!(page.text.is_empty());
        assert_eq!(page.raster.pixels.dimensions(), (1728, 1100));
    }
}

#[test]
fn a_scan_with_a_header_line_is_drawn_with_it() {
    let image = stream(CHECKERS, &vec![0xFF; 1728 / 8 * 1100]);
    let content = format!("{FULL} BT /F 10 Tf 72 780 Td (212-555-0105 Page 3 of 12) Tj ET");
    let page = page(one_page("", &content, &[image]));
    assert!(page.text.is_empty());
    assert_eq!(page.notes[0].code, "page.stamped_scan");
    assert!(page.raster.pixels.as_raw().iter().any(|p| *p < 64), "the header is drawn");
}

#[test]
fn a_scan_in_two_strips_is_one_page() {
    let half = "/Type /XObject /Subtype /Image /Width 1728 /Height 550 \
                /BitsPerComponent 1 /ColorSpace /DeviceGray";
    let image = stream(half, &checkers(1728, 550));
    let content = "q 612 0 0 396 0 396 cm /I Do Q q 612 0 0 396 0 0 cm /I Do Q";
    let page = page(one_page("", content, &[image]));
    assert_eq!(page.raster.pixels.dimensions(), (1728, 1100));
    assert!(page.raster.bilevel);
}

#[test]
fn form_fields_tell_their_values_and_boxes() {
    let annots = "/Annots [6 0 R 7 0 R 8 0 R 9 0 R 11 0 R]";
    let further = [
        "<< /Subtype /Widget /FT /Tx /T (member) /V (\u{FE}\u{FF}) /Rect [0 0 1 1] >>",
        "<< /Subtype /Widget /FT /Tx /T (npi) /V (2000000002) /Rect [61.2 79.2 122.4 158.4] >>",
        "<< /Subtype /Widget /Parent 10 0 R /AS /On /Rect [0 0 10 10] >>",
        "<< /Subtype /Widget /Parent 10 0 R /AS /Off /Rect [20 0 30 10] >>",
        "<< /FT /Btn /T (discharge) /Parent 12 0 R >>",
        "<< /Subtype /Widget /FT /Ch /T (size) /V (XL) /Opt [[(L) (Large)] [(XL) (Extra large)]] /Rect [0 0 9 9] >>",
        "<< /T (form) >>",
    ]
    .map(|text| text.chars().map(|c| c as u8).collect::<Vec<u8>>());
    let page = page(one_page(annots, "", &further));
    let seen: Vec<(&str, FieldValue)> = page
        .fields
        .iter()
        .map(|field| (field.name.expose().as_str(), field.value.clone()))
        .collect();
    assert_eq!(
        seen,
        [
            ("npi", FieldValue::Text("2000000002".into())),
            ("form.discharge", FieldValue::Ticked(true)),
            ("form.discharge", FieldValue::Ticked(false)),
            ("size", FieldValue::Text("Extra large".into())),
        ]
    );
    let place: [f32; 4] = page.fields[0].bbox.into();
    assert_eq!(place, [0.1, 0.8, 0.2, 0.9]);
}

#[test]
fn a_field_that_is_its_own_ancestor_ends() {
    let annots = "/Annots [6 0 R]";
    let widget = b"<< /Subtype /Widget /T (x) /Parent 6 0 R /Rect [0 0 9 9] >>".to_vec();
    assert!(page(one_page(annots, "", &[widget])).fields.is_empty());
}

#[test]
fn sizes_are_refused_before_they_are_taken() {
    let huge = "/Type /XObject /Subtype /Image /Width 60000 /Height 60000 \
                /BitsPerComponent 1 /ColorSpace /DeviceGray";
    let document = opened(one_page("", FULL, &[stream(huge, b"")]));
    let code = |result: Result<Page, Unreadable>| result.err().map(|why| why.code());
    assert_eq!(code(document.page(PageNumber::FIRST)), Some("limit.pixels"));

    let few = Limits { max_operations_per_page: 10, ..Limits::default() };
    let content = "0 0 5 5 re f ".repeat(11);
    let document = open(one_page("", &content, &[]), &few).unwrap_or_else(|why| panic!("{why}"));
    assert_eq!(code(document.page(PageNumber::FIRST)), Some("limit.operations"));
}

#[test]
fn a_huge_sheet_is_drawn_smaller_and_says_so() {
    let objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 5000 5000] >>".to_vec(),
    ];
    let drawn = page(pdf(&objects));
    assert_eq!(drawn.notes[0].code, "page.reduced");
    let (width, height) = drawn.raster.pixels.dimensions();
    assert!(u64::from(width) * u64::from(height) <= Limits::default().max_pixels_per_page);
}

#[test]
fn broken_references_are_mended_and_missing_pages_told() {
    let good = one_page("", "BT /F 12 Tf 72 720 Td (Still here) Tj ET", &[]);
    let cut = &good[..good.windows(4).position(|w| w == b"xref").unwrap_or(0)];
    assert_eq!(lines(&page(cut.to_vec())), ["Still here"]);

    let said = String::from_utf8_lossy(&good).replace("/Count 1", "/Count 5");
    let document = opened(said.into_bytes());
    assert_eq!(document.inventory().pages, 1);
    assert_eq!(document.inventory().notes[0].code, "file.pages_broken");

    assert_eq!(
        open(b"%PDF-1.4\n1 0 obj\n<< /Type /Cat".to_vec(), &Limits::default())
            .err()
            .map(|why| why.code()),
        Some("file.truncated")
    );
}

#[test]
fn a_picture_that_cannot_be_decoded_is_a_damaged_page_and_no_blank_one() {
    let broken = "/Type /XObject /Subtype /Image /Width 1728 /Height 1100 \
                  /BitsPerComponent 8 /ColorSpace /DeviceGray /Filter /DCTDecode";
    let document = opened(one_page("", FULL, &[stream(broken, b"no jpeg")]));
    let why = document.page(PageNumber::FIRST).err();
    assert_eq!(why.map(|why| why.code()), Some("page.damaged"));
}

#[test]
fn two_columns_of_prose_are_read_one_after_the_other_and_form_rows_across() {
    let row = |y: usize, left: &str, right: &str| {
        format!("BT /F 10 Tf 50 {y} Td ({left}) Tj ET BT /F 10 Tf 320 {y} Td ({right}) Tj ET ")
    };
    let prose: String = (0..6)
        .map(|i| row(700 - 12 * i, "the patient was seen here", "a wheelchair was then ordered"))
        .collect();
    let read = lines(&page(one_page("", &prose, &[])));
    assert_eq!(read.len(), 12);
    assert!(read[..6].iter().all(|line| line == "the patient was seen here"), "{read:?}");

    let form: String = (0..6).map(|i| row(700 - 12 * i, "Name: Sample", "DOB: 1950")).collect();
    let read = lines(&page(one_page("", &form, &[])));
    assert!(read.iter().all(|line| line == "Name: Sample DOB: 1950"), "{read:?}");
}

#[test]
fn a_page_whose_content_is_broken_is_no_blank_page() {
    let file = one_page("", "BT /F 12 Tf 72 720 Td (Lost) Tj ET", &[]);
    let text =
        String::from_utf8_lossy(&file).replace("/Length 34", "/Filter /FlateDecode /Length 34");
    assert_ne!(text.len(), file.len());
    let document = opened(text.into_bytes());
    let why = document.page(PageNumber::FIRST).err();
    assert_eq!(why.map(|why| why.code()), Some("page.damaged"));
}
