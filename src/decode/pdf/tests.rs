//! PDFs written by hand, each with one thing to show.

use super::super::pages::{FieldValue, Page, Raster};
use super::super::{Document, Limits, Unreadable, open};
use crate::vocab::{PageNumber, Rotation};

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

fn raster(file: Vec<u8>) -> Raster {
    opened(file).raster(PageNumber::FIRST).unwrap_or_else(|why| panic!("{why}"))
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
    assert!((page.inches().0 - 8.5).abs() < 0.01);
    let drawn = raster(one_page("", content, &[]));
    assert!((drawn.pixels.width() as i32 - 1734).abs() <= 1);
}

#[test]
fn a_turned_page_is_read_as_it_is_seen() {
    // Drawn upwards on a page that is shown turned by 90° clockwise.
    let content = "BT /F 12 Tf 0 1 -1 0 100 72 Tm (Read this) Tj ET";
    assert_eq!(raster(one_page("/Rotate 90", content, &[])).pixels.dimensions().0, 2244);
    let page = page(one_page("/Rotate 90", content, &[]));
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
    assert_eq!(page.raster().unwrap().pixels.dimensions(), (1728, 1100));
    assert!(page.raster().unwrap().bilevel);
    assert!(
        (page.raster().unwrap().dpi.x - 203.3).abs() < 0.1
            && (page.raster().unwrap().dpi.y - 100.0).abs() < 0.1
    );
    let dot = |x, y| page.raster().unwrap().pixels.get_pixel(x, y).0[0];
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
        let hidden: Vec<&str> = page.hidden.iter().map(|w| w.text.expose().as_str()).collect();
        assert!(hidden.len() >= 4 && hidden.contains(&"the"), "{hidden:?}");
        assert_eq!(page.raster().unwrap().pixels.dimensions(), (1728, 1100));
    }
}

#[test]
fn a_scan_with_a_header_line_is_drawn_with_it() {
    let image = stream(CHECKERS, &vec![0xFF; 1728 / 8 * 1100]);
    let content = format!("{FULL} BT /F 10 Tf 72 780 Td (212-555-0105 Page 3 of 12) Tj ET");
    let page = page(one_page("", &content, &[image]));
    assert!(page.text.is_empty());
    assert_eq!(page.notes[0].code, "page.stamped_scan");
    assert!(page.raster().unwrap().pixels.as_raw().iter().any(|p| *p < 64), "the header is drawn");
}

#[test]
fn a_scan_in_two_strips_is_one_page() {
    let half = "/Type /XObject /Subtype /Image /Width 1728 /Height 550 \
                /BitsPerComponent 1 /ColorSpace /DeviceGray";
    let image = stream(half, &checkers(1728, 550));
    let content = "q 612 0 0 396 0 396 cm /I Do Q q 612 0 0 396 0 0 cm /I Do Q";
    let page = page(one_page("", content, &[image]));
    assert_eq!(page.raster().unwrap().pixels.dimensions(), (1728, 1100));
    assert!(page.raster().unwrap().bilevel);
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
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 5000 5000] /Contents 4 0 R >>".to_vec(),
        stream("", b"0 0 m 3000 3000 l S"),
    ];
    let drawn = page(pdf(&objects));
    assert_eq!(drawn.notes[0].code, "page.reduced");
    let (width, height) = drawn.raster().unwrap().pixels.dimensions();
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

/// Share of the inside that is marked, of each box found.
fn fills(content: &str) -> Vec<f32> {
    let page = page(one_page("", &format!("BT /F 12 Tf 72 720 Td (Form) Tj ET {content}"), &[]));
    assert!(page.raster().is_none(), "no pixels are needed");
    page.boxes.iter().map(|drawn| drawn.fill).collect()
}

#[test]
fn boxes_drawn_in_every_way_are_found_without_a_pixel() {
    let cross = "102 102 m 108 108 l S 102 108 m 108 102 l S";
    for frame in [
        "100 100 10 10 re S",
        "100 100 m 110 100 l 110 110 l 100 110 l h S",
        "0 g 100 100 10 10 re 101 101 8 8 re f*",
        "0 g 100 100 10 10 re f 1 g 101 101 8 8 re f 0 g",
        "100 100 10 .5 re 100 109.5 10 .5 re 100 100 .5 10 re 109.5 100 .5 10 re f",
        "100 100 m 110 100 l S 100 110 m 110 110 l S 100 100 m 100 110 l S 110 100 m 110 110 l S",
        // A circle of four curves.
        "110 105 m 110 107.76 107.76 110 105 110 c 102.24 110 100 107.76 100 105 c \
         100 102.24 102.24 100 105 100 c 107.76 100 110 102.24 110 105 c h S",
    ] {
        assert_eq!(fills(frame), [0.0], "{frame}");
        let marked = fills(&format!("{frame} {cross}"));
        assert!(marked.len() == 1 && marked[0] > 0.3, "{frame} {marked:?}");
        let typed = fills(&format!("{frame} BT /F 10 Tf 101.5 101.5 Td (X) Tj ET"));
        assert!(typed.len() == 1 && typed[0] > 0.3, "{frame} {typed:?}");
    }
    // Nor is anything that is drawn elsewhere, and no reason for pixels.
    let elsewhere = "100 300 400 0.5 re f 306 500 0 100 re S 40 40 540 700 re S \
                     400 100 m 420 130 440 90 500 105 c S 300 102 3 3 re f";
    assert_eq!(fills(&format!("100 100 10 10 re S {elsewhere}")), [0.0]);
    // A line that only grazes the corner is no mark.
    assert_eq!(fills("100 100 10 10 re S 109 109 m 112 112 l S"), [0.0]);
}

#[test]
fn cells_and_combs_are_no_boxes() {
    let comb: String = (0..5).map(|i| format!("{} 100 12 12 re S ", 100 + 12 * i)).collect();
    assert!(fills(&comb).is_empty());
    let table = "100 100 m 200 100 l S 100 112 m 200 112 l S 100 100 m 100 112 l S \
                 112 100 m 112 112 l S 200 100 m 200 112 l S";
    assert!(fills(table).is_empty());
    assert!(fills("100 100 10 10 re S BT /F 8 Tf 102 102 Td (7) Tj ET").is_empty());
    assert!(fills("100 100 90 20 re S 100 300 400 200 re S").is_empty());
}

#[test]
fn a_scribble_over_a_box_is_looked_at_in_pixels() {
    let content = "BT /F 12 Tf 72 720 Td (Form) Tj ET 100 100 10 10 re S \
                   60 90 m 90 130 120 80 150 120 c S";
    assert!(page(one_page("", content, &[])).raster().is_some());
}

#[test]
fn what_words_stand_on_decides_whether_they_are_seen() {
    let text =
        |grey: &str, y: u32, word: &str| format!("BT {grey} g /F 12 Tf 72 {y} Td ({word}) Tj ET");
    let bar = |grey: &str, y: u32| format!("{grey} g 60 {y} 200 20 re f");
    let content = [
        bar("0", 690),
        text("1", 695, "onblack"),
        bar("0", 650),
        text("0.02", 655, "blackonblack"),
        bar(".8", 610),
        text("0", 615, "ongrey"),
        text("0", 575, "buried"),
        bar("1", 570),
        text("0", 535, "kept"),
    ]
    .join(" ");
    let page = page(one_page("", &content, &[]));
    assert!(page.raster().is_none());
    assert_eq!(lines(&page), ["onblack", "ongrey", "kept"]);
}

#[test]
fn text_that_is_clipped_away_is_not_seen() {
    let content = "q 60 690 200 30 re W n BT /F 12 Tf 72 700 Td (inside) Tj ET \
                   BT /F 12 Tf 72 600 Td (outside) Tj ET Q";
    assert_eq!(lines(&page(one_page("", content, &[]))), ["inside"]);
}

#[test]
fn an_empty_page_needs_no_pixels() {
    let page = page(one_page("", "", &[]));
    assert!(page.raster().is_none() && page.text.is_empty() && page.boxes.is_empty());
}

fn codes(page: &Page) -> Vec<&str> {
    page.notes.iter().map(|note| note.code.as_str()).collect()
}

/// A page of a form with these annotations, objects from 6 on.
fn annotated(content: &str, annotations: &[&str]) -> Page {
    let refs: Vec<String> = (0..annotations.len()).map(|i| format!("{} 0 R", 6 + i)).collect();
    let further: Vec<Vec<u8>> = annotations.iter().map(|a| a.as_bytes().to_vec()).collect();
    let annots = format!("/Annots [{}]", refs.join(" "));
    let content = format!("BT /F 12 Tf 72 720 Td (Form) Tj ET {content}");
    page(one_page(&annots, &content, &further))
}

/// An appearance of 10 by 10 points.
fn look(content: &str) -> String {
    format!(
        "<< /Type /XObject /Subtype /Form /BBox [0 0 10 10] /Resources << /Font << /F 5 0 R >> >> \
         /Length {} >>\nstream\n{content}\nendstream",
        content.len()
    )
}

#[test]
fn a_typed_note_is_read_with_or_without_a_drawing_of_its_own() {
    let drawn = look("BT /F 4 Tf 1 4 Td (STAT) Tj ET");
    let page = annotated(
        "",
        &[
            "<< /Subtype /FreeText /Rect [100 100 110 110] /Contents (other) /AP << /N 7 0 R >> >>",
            &drawn,
        ],
    );
    assert_eq!(lines(&page), ["Form", "STAT"]);
    let page = annotated(
        "",
        &[
            "<< /Subtype /FreeText /Rect [100 100 200 120] /Contents (auth 12345) /DA (/Helv 10 Tf) >>",
        ],
    );
    assert_eq!(page.fields.len(), 1);
    assert_eq!(page.fields[0].value, FieldValue::Text("auth 12345".into()));
}

#[test]
fn hidden_annotations_are_not_seen_and_sticky_notes_are_told_without_their_words() {
    let page = annotated(
        "",
        &[
            "<< /Subtype /FreeText /F 2 /Rect [100 100 200 120] /Contents (hidden) >>",
            "<< /Subtype /FreeText /F 32 /Rect [100 100 200 120] /Contents (no view) >>",
            "<< /Subtype /Text /Rect [100 100 120 120] /Contents (call her daughter) >>",
            "<< /Subtype /Link /Rect [100 100 120 120] /A << /S /URI /URI (http://example.com) >> >>",
        ],
    );
    assert!(page.fields.is_empty());
    assert_eq!(codes(&page), ["page.comment"]);
    assert!(!format!("{:?}", page.notes).contains("daughter"));
}

#[test]
fn ink_over_a_drawn_box_ticks_it() {
    let frame = "100 100 10 10 re S";
    let pen = "<< /Subtype /Ink /Rect [100 100 112 112] /InkList [[102 104 105 101 111 112]] >>";
    let page = annotated(frame, &[pen]);
    assert_eq!(page.boxes.len(), 1);
    assert!(page.boxes[0].fill > 0.0);
    // The same with a drawing of its own.
    let drawn = look("1 4 m 4 1 l 10 10 l S");
    let page = annotated(
        frame,
        &["<< /Subtype /Stamp /Rect [100 100 110 110] /AP << /N 7 0 R >> >>", &drawn],
    );
    assert!(page.boxes.len() == 1 && page.boxes[0].fill > 0.0);
}

#[test]
fn ink_over_a_scan_is_in_its_picture() {
    let image = stream(CHECKERS, &vec![0xFF; 1728 / 8 * 1100]);
    let pen = b"<< /Subtype /Ink /Rect [0 0 612 792] /InkList [[100 100 200 200]] >>".to_vec();
    let page = page(one_page("/Annots [7 0 R]", FULL, &[image, pen]));
    let raster = page.raster().unwrap();
    let (width, height) = raster.pixels.dimensions();
    let at = |x: f32, y: f32| {
        raster
            .pixels
            .get_pixel(
                (x / 612.0 * width as f32) as u32,
                ((792.0 - y) / 792.0 * height as f32) as u32,
            )
            .0[0]
    };
    assert!(at(150.0, 150.0) < 64 && at(150.0, 300.0) > 200);
}

#[test]
fn ink_over_a_box_of_the_form_ticks_it_and_says_so() {
    let box_off = "<< /Subtype /Widget /FT /Btn /T (urgent) /AS /Off /V /Off /Rect [100 100 110 110] \
                   /AP << /N << /Yes 8 0 R /Off 9 0 R >> >> >>";
    let yes = look("0 0 m 10 10 l S");
    let off = look("0 0 10 10 re S");
    let pen = "<< /Subtype /Ink /Rect [100 100 112 112] /InkList [[102 104 105 101 111 112]] >>";
    let page = annotated("", &[box_off, pen, &yes, &off]);
    assert_eq!(page.fields[0].value, FieldValue::Ticked(true));
    assert_eq!(codes(&page), ["page.field_marked_by_hand"]);
    let page = annotated("", &[box_off, "<< >>", &yes, &off]);
    assert_eq!(page.fields[0].value, FieldValue::Ticked(false));
    assert!(codes(&page).is_empty());
}

#[test]
fn what_a_button_shows_wins_over_what_it_holds() {
    let page = annotated(
        "",
        &[
            "<< /Subtype /Widget /FT /Btn /T (a) /AS /Off /V /Yes /Rect [100 100 110 110] /AP << /N << /Yes 7 0 R >> >> >>",
            &look("0 0 m 10 10 l S"),
        ],
    );
    assert_eq!(page.fields[0].value, FieldValue::Ticked(false));
    assert_eq!(codes(&page), ["page.field_disagrees"]);
}

#[test]
fn radio_buttons_without_appearance_take_the_groups_word() {
    // The value names a state, by itself or by its place among the options.
    let group = |value: &str| {
        let parent = format!(
            "<< /FT /Btn /Ff 32768 /T (r) /V {value} /Opt [(Rental) (Purchase)] /Kids [6 0 R 7 0 R] >>"
        );
        let page = annotated(
            "",
            &[
                "<< /Subtype /Widget /Parent 8 0 R /Rect [100 100 110 110] /AP << /N << /0 9 0 R >> >> >>",
                "<< /Subtype /Widget /Parent 8 0 R /Rect [130 100 140 110] /AP << /N << /1 9 0 R >> >> >>",
                &parent,
                &look("0 0 m 10 10 l S"),
            ],
        );
        page.fields.iter().map(|field| field.value.clone()).collect::<Vec<_>>()
    };
    let off_on = [FieldValue::Ticked(false), FieldValue::Ticked(true)];
    assert_eq!(group("/1"), off_on);
    assert_eq!(group("(Purchase)"), off_on);
    // Nothing tells the buttons apart: nobody guesses.
    let page = annotated(
        "",
        &[
            "<< /Subtype /Widget /Parent 8 0 R /Rect [100 100 110 110] >>",
            "<< /Subtype /Widget /Parent 8 0 R /Rect [130 100 140 110] >>",
            "<< /FT /Btn /Ff 32768 /T (r) /V /1 /Kids [6 0 R 7 0 R] >>",
        ],
    );
    assert!(page.fields.is_empty());
    assert_eq!(codes(&page), ["page.field_unclear"]);
}

#[test]
fn a_field_that_shows_something_else_than_it_holds() {
    let widget = "<< /Subtype /Widget /FT /Tx /T (n) /V (old value) /Rect [100 100 180 140] /AP << /N 7 0 R >> >>";
    let page = annotated("", &[widget, &look("BT /F 2 Tf 1 4 Td (new) Tj ET")]);
    assert_eq!(page.fields[0].value, FieldValue::Text("new".into()));
    assert_eq!(codes(&page), ["page.field_disagrees"]);
    // A part of it is not something else.
    let page = annotated("", &[widget, &look("BT /F 2 Tf 1 4 Td (old) Tj ET")]);
    assert_eq!(page.fields[0].value, FieldValue::Text("old value".into()));
}

#[test]
fn signatures_rich_text_and_hidden_fields() {
    let page = annotated(
        "",
        &[
            "<< /Subtype /Widget /FT /Sig /T (s) /V << /Type /Sig >> /Rect [100 100 180 140] >>",
            "<< /Subtype /Widget /FT /Sig /T (t) /Rect [100 200 180 240] >>",
            "<< /Subtype /Widget /FT /Tx /T (rich) /RV (<body><p>Tom &amp; Ann</p></body>) /Rect [100 300 180 340] >>",
            "<< /Subtype /Widget /FT /Tx /T (sum) /F 2 /V (99) /Rect [100 400 180 440] >>",
            "<< /Subtype /Widget /FT /Tx /T (nowhere) /V (99) /Rect [0 0 0 0] >>",
        ],
    );
    assert_eq!(codes(&page), ["page.signed", "page.signature_empty"]);
    assert_eq!(page.fields.len(), 1);
    assert_eq!(page.fields[0].value, FieldValue::Text("Tom & Ann".into()));
}

#[test]
fn a_pasted_scan_is_told_and_a_logo_is_not() {
    let image = stream(CHECKERS, &checkers(1728, 1100));
    let text = "BT /F 12 Tf 72 720 Td (Please see the attached scan) Tj ET ".repeat(12);
    let placed = |size: &str| format!("{text} q {size} 100 200 cm /I Do Q");
    let page_of = |size: &str| page(one_page("", &placed(size), std::slice::from_ref(&image)));
    let pasted = page_of("400 0 0 250");
    assert!(pasted.raster().is_some());
    assert_eq!(pasted.pictures.len(), 1);
    let [x0, y0, ..]: [f32; 4] = pasted.pictures[0].into();
    assert!((x0 - 100.0 / 612.0).abs() < 0.001 && (y0 - 342.0 / 792.0).abs() < 0.001);
    let logo = page_of("60 0 0 40");
    assert!(logo.raster().is_none() && logo.pictures.is_empty());
}

#[test]
fn a_page_with_a_unit_of_its_own_has_its_true_size() {
    let content = "BT /F 6 Tf 36 360 Td (Read this) Tj ET";
    let file = |unit: &str| one_page(&format!("/MediaBox [0 0 306 396] {unit}"), content, &[]);
    let page = page(file("/UserUnit 2"));
    assert!((page.inches().0 - 8.5).abs() < 0.01 && (page.inches().1 - 11.0).abs() < 0.01);
    let drawn = raster(file("/UserUnit 2"));
    assert!((drawn.pixels.width() as i32 - 1734).abs() <= 1 && (drawn.dpi.x - 204.0).abs() < 0.1);
    assert!((raster(file("/UserUnit 0")).pixels.width() as i32 - 867).abs() <= 1);
}

#[test]
fn crop_boxes_that_show_nothing_are_passed_over() {
    let content = "BT /F 12 Tf 72 720 Td (Still here) Tj ET";
    for crop in ["[700 900 800 1000]", "[0 0 0 0]", "[50 50 50 700]"] {
        let page = page(one_page(&format!("/CropBox {crop}"), content, &[]));
        assert_eq!(lines(&page), ["Still here"], "{crop}");
        assert!((page.inches().0 - 8.5).abs() < 0.01, "{crop}");
    }
    // One that is written the other way round is good.
    let page = page(one_page("/CropBox [306 792 0 396]", content, &[]));
    assert!((page.inches().0 - 4.25).abs() < 0.01 && (page.inches().1 - 5.5).abs() < 0.01);
    assert_eq!(lines(&page), ["Still here"]);
}

#[test]
fn a_catalog_that_does_not_say_so_and_a_tree_without_a_root_are_mended() {
    let good = one_page("", "BT /F 12 Tf 72 720 Td (Still here) Tj ET", &[]);
    let text = String::from_utf8_lossy(&good).into_owned();
    for broken in [
        text.replace("/Type /Catalog", "/Tipe /Catalog"),
        text.replace("/Root 1 0 R", "/Root 9 0 R"),
        text.replace("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Catalog /Pages 8 0 R >>"),
        text.replace(
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Pages /Kidz [3 0 R] /Count 1 >>",
        ),
    ] {
        assert_ne!(broken, text);
        assert_eq!(lines(&page(broken.clone().into_bytes())), ["Still here"]);
        // Cut off, nothing tells what else there was.
        let cut = broken.replace("%%EOF", "").replace("/Type /Pages", "/Tipe /Pagez");
        if let Ok(document) = open(cut.into_bytes(), &Limits::default()) {
            assert!(document.inventory().notes.iter().all(|note| note.code != "file.mended"));
        }
    }
}

#[test]
fn a_form_that_only_its_viewer_shows_is_refused_with_the_reason() {
    let shell = |catalog: &str, said: &str| {
        let content = format!("BT /F 12 Tf 72 720 Td ({said}) Tj ET");
        let file = one_page("", &content, &[stream("", b"<xdp/>")]);
        let text = String::from_utf8_lossy(&file)
            .replace("/Type /Catalog", &format!("/Type /Catalog {catalog}"));
        // The places of objects have moved; the reader looks for them.
        text.into_bytes()
    };
    let xfa = "/AcroForm << /XFA 6 0 R >>";
    let refused = open(
        shell(xfa, "Please wait... If this message is not eventually replaced"),
        &Limits::default(),
    );
    assert_eq!(refused.err().map(|why| why.code()), Some("pdf.dynamic_form"));
    let read = opened(shell(xfa, "Prior authorization request"));
    assert_eq!(read.inventory().notes[0].code, "file.xfa");
    let letter = opened(shell("", "Please wait for our answer"));
    assert!(letter.inventory().notes.is_empty());
}

/// A PDF with files attached under these names, objects from 6 on.
fn with_attached(files: &[&[u8]]) -> Vec<u8> {
    let mut further = Vec::new();
    let mut names = String::new();
    for (place, file) in files.iter().enumerate() {
        let (specification, data) = (6 + 2 * place, 7 + 2 * place);
        names.push_str(&format!("(file{place}) {specification} 0 R "));
        further.push(format!("<< /Type /Filespec /F (x) /EF << /F {data} 0 R >> >>").into_bytes());
        further.push(stream("/Type /EmbeddedFile", file));
    }
    let mut objects = vec![
        format!(
            "<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles << /Names [{names}] >> >> >>"
        )
        .into_bytes(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R \
          /Resources << /Font << /F 5 0 R >> >> >>"
            .to_vec(),
        stream("", b"BT /F 12 Tf 72 720 Td (Cover sheet) Tj ET"),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_vec(),
    ];
    objects.extend(further);
    pdf(&objects)
}

#[test]
fn attached_files_are_read_after_the_document_one_level_deep() {
    let inner = one_page("", "BT /F 12 Tf 72 720 Td (Attached order) Tj ET", &[]);
    let nested = with_attached(&[&inner]);
    let image = one_page("", FULL, &[stream(CHECKERS, &checkers(1728, 1100))]);
    let document = opened(with_attached(&[&inner, b"no document", &nested, &image]));
    let inventory = document.inventory();
    // Itself, the order, the nested one's cover, the scan.
    assert_eq!(inventory.pages, 4);
    let codes: Vec<&str> = inventory.notes.iter().map(|n| n.code.as_str()).collect();
    assert_eq!(codes, ["file.attachments_read", "file.attachments", "file.attachments_nested"]);
    let number = |n| PageNumber::new(n).unwrap();
    let read = |n| document.page(number(n)).unwrap_or_else(|why| panic!("{why}"));
    assert_eq!(lines(&read(1)), ["Cover sheet"]);
    assert_eq!(lines(&read(2)), ["Attached order"]);
    assert_eq!(read(2).number, number(2));
    assert_eq!(lines(&read(3)), ["Cover sheet"]);
    assert_eq!(document.raster(number(4)).unwrap().pixels.dimensions(), (1728, 1100));
    assert!(document.page(number(5)).is_err());
}

#[test]
fn attached_files_stay_within_the_limits() {
    let inner = one_page("", "BT /F 12 Tf 72 720 Td (Attached order) Tj ET", &[]);
    let few = Limits { max_pages: 2, ..Limits::default() };
    let document = open(with_attached(&[&inner, &inner]), &few).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(document.inventory().pages, 2);
    assert!(document.inventory().notes.iter().any(|note| note.code == "file.attachments"));
}

#[test]
fn nothing_outside_the_file_is_followed() {
    // A stream whose data is another file, an attachment that is a path, and
    // actions of every kind: the page is read, and nothing of them.
    let secret = std::env::temp_dir().join(format!("intake-outside-{}", std::process::id()));
    std::fs::write(&secret, "BT /F 12 Tf 72 600 Td (From outside) Tj ET").unwrap();
    let path = secret.display().to_string();
    let annots = format!(
        "/Annots [<< /Subtype /Link /Rect [0 0 99 99] /A << /S /Launch /F ({path}) >> >> \
         << /Subtype /Link /Rect [0 0 99 99] /A << /S /GoToR /F ({path}) /D [0 /Fit] >> >> \
         << /Subtype /Link /Rect [0 0 99 99] /A << /S /URI /URI (http://127.0.0.1:9/) >> >> \
         << /Subtype /FileAttachment /Rect [0 0 99 99] /FS << /F ({path}) >> >>] \
         /AA << /O << /S /JavaScript /JS (app.launchURL\\(1\\)) >> >>"
    );
    let content = "BT /F 12 Tf 72 720 Td (Inside) Tj ET /I Do";
    let outside = stream(
        &format!("/Type /XObject /Subtype /Form /BBox [0 0 612 792] /F ({path}) /FFilter null"),
        b"",
    );
    let document = opened(one_page(&annots, content, &[outside]));
    assert_eq!(document.inventory().pages, 1);
    let page = document.page(PageNumber::FIRST).unwrap_or_else(|why| panic!("{why}"));
    assert_eq!(lines(&page), ["Inside"]);
    std::fs::remove_file(secret).unwrap();
}

#[test]
fn a_page_is_turned_as_most_of_its_text_runs() {
    // Matrix, and the clockwise turn that brings such text upright.
    let ways = [
        ("1 0 0 1 100 600", Rotation::None),
        ("0 1 -1 0 100 100", Rotation::Quarter),
        ("-1 0 0 -1 500 200", Rotation::Half),
        ("0 -1 1 0 400 700", Rotation::ThreeQuarters),
    ];
    for (matrix, turn) in ways {
        let content = format!(
            "BT /F 12 Tf {matrix} Tm (Ordering NPI 1234567893) Tj ET \
             BT /F 8 Tf 0 1 -1 0 20 50 Tm (form 27B) Tj ET"
        );
        let page = page(one_page("", &content, &[]));
        assert_eq!(page.turn(), turn, "{matrix}");
    }
}
