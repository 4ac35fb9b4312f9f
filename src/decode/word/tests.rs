//! Word files written by hand, each with one thing to show.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;

use super::super::pages::{FieldValue, MediaType, Page};
use super::super::{Document, Limits, Unreadable, open};
use crate::vocab::PageNumber;

const NAMESPACES: &str = "xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main' \
    xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships' \
    xmlns:w14='http://schemas.microsoft.com/office/word/2010/wordml' \
    xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006' \
    xmlns:wp='wp' xmlns:a='a' xmlns:pic='pic' xmlns:wps='wps' xmlns:v='v'";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A package of these parts.
pub(in crate::decode) fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).expect("a name");
        zip.write_all(content).expect("memory");
    }
    zip.finish().expect("memory").into_inner()
}

/// A part with something of most things, to be damaged.
pub(in crate::decode) const EVERYTHING: &str = "<w:document xmlns:w='w'><w:body>\
    <w:p><w:pPr><w:jc w:val='center'/><w:ind w:left='720'/><w:tabs><w:tab w:val='right' w:pos='9000'/></w:tabs></w:pPr>\
    <w:r><w:rPr><w:b/><w:sz w:val='32'/></w:rPr><w:t>Order</w:t><w:tab/><w:t>E0260 &amp; more</w:t></w:r></w:p>\
    <w:tbl><w:tblGrid><w:gridCol w:w='3000'/><w:gridCol w:w='4000'/></w:tblGrid><w:tr><w:trPr><w:gridBefore w:val='1'/></w:trPr>\
    <w:tc><w:tcPr><w:gridSpan w:val='2'/><w:vMerge w:val='restart'/></w:tcPr><w:p><w:r><w:sym w:font='Wingdings' w:char='F0FE'/></w:r></w:p>\
    <w:tbl><w:tr><w:tc><w:p><w:r><w:t>inner</w:t><w:br w:type='page'/></w:r></w:p></w:tc></w:tr></w:tbl></w:tc></w:tr></w:tbl>\
    <w:sdt><w:sdtPr><w:checkbox><w:checked w:val='1'/></w:checkbox></w:sdtPr><w:sdtContent><w:p><w:r><w:t>☒</w:t></w:r></w:p></w:sdtContent></w:sdt>\
    <w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>SYMBOL 168 \\f Wingdings</w:instrText></w:r><w:r><w:fldChar w:fldCharType='end'/></w:r>\
    <w:r><w:drawing><wp:extent cx='914400' cy='914400'/><w:txbxContent><w:p><w:r><w:t>box</w:t></w:r></w:p></w:txbxContent></w:drawing></w:r></w:p>\
    <w:p><w:pPr><w:rPr><w:del/></w:rPr><w:sectPr><w:type w:val='nextPage'/></w:sectPr></w:pPr><w:del><w:r><w:t>gone</w:t></w:r></w:del></w:p>\
    <w:sectPr/></w:body></w:document>";

/// A document with this body and further parts: relation id, kind, path below
/// `word/`, content.
fn docx_with(body: &str, further: &[(&str, &str, &str, &[u8])]) -> Vec<u8> {
    let root = format!(
        "<Relationships><Relationship Id='r1' Type='{RELATIONS}/officeDocument' Target='word/document.xml'/></Relationships>"
    );
    let document = format!(
        "<?xml version='1.0'?><w:document {NAMESPACES}><w:body>{body}</w:body></w:document>"
    );
    let mut relations = String::from("<Relationships>");
    for (id, kind, path, _) in further {
        relations +=
            &format!("<Relationship Id='{id}' Type='{RELATIONS}/{kind}' Target='{path}'/>");
    }
    relations += "</Relationships>";
    let paths: Vec<String> = further.iter().map(|(.., path, _)| format!("word/{path}")).collect();
    let mut parts: Vec<(&str, &[u8])> = vec![
        ("_rels/.rels", root.as_bytes()),
        ("word/document.xml", document.as_bytes()),
        ("word/_rels/document.xml.rels", relations.as_bytes()),
    ];
    parts.extend(paths.iter().zip(further).map(|(path, (.., content))| (path.as_str(), *content)));
    package(&parts)
}

pub(in crate::decode) fn docx(body: &str) -> Vec<u8> {
    docx_with(body, &[])
}

fn paragraph(text: &str) -> String {
    format!("<w:p><w:r><w:t xml:space='preserve'>{text}</w:t></w:r></w:p>")
}

fn opened(file: Vec<u8>) -> Document {
    open(file, &Limits::default()).unwrap_or_else(|why| panic!("{why}"))
}

fn page(document: &Document, index: usize) -> Page {
    document.page(PageNumber::from_index(index)).unwrap_or_else(|why| panic!("{why}"))
}

fn lines(page: &Page) -> Vec<String> {
    page.text
        .chunk_by(|a, b| a.line == b.line)
        .map(|line| line.iter().map(|w| w.text.expose().as_str()).collect::<Vec<_>>().join(" "))
        .collect()
}

fn body_lines(body: &str) -> Vec<String> {
    lines(&page(&opened(docx(body)), 0))
}

fn codes(document: &Document) -> Vec<&str> {
    document.inventory().notes.iter().map(|note| note.code.as_str()).collect()
}

fn ticks(page: &Page) -> Vec<bool> {
    page.fields
        .iter()
        .map(|field| match &field.value {
            FieldValue::Ticked(on) => *on,
            FieldValue::Text(_) => panic!("only tick boxes are fields"),
        })
        .collect()
}

fn refused(file: Vec<u8>, limits: &Limits) -> &'static str {
    open(file, limits).err().map_or("read", |why| why.code())
}

#[test]
fn text_has_places_and_its_true_characters() {
    let text = "Caf\u{e9} \u{201c}quoted\u{201d} \u{2013} Łódź 10 ≥ 5 ✓ Пациент 患者";
    let document = opened(docx(&paragraph(text)));
    assert_eq!(document.inventory().media_type, MediaType::Docx);
    assert_eq!(codes(&document), ["file.laid_out"]);
    let page = page(&document, 0);
    assert_eq!(lines(&page), [text]);
    let (first, last) = (&page.text[0], &page.text[page.text.len() - 1]);
    assert!(first.bbox.x0() > 0.08 && first.bbox.x1() < last.bbox.x0());
    assert!((first.bbox.center_y() - last.bbox.center_y()).abs() < 0.01);
    assert!(page.notes.is_empty(), "{:?}", page.notes);
    assert!(document.pdf_bytes().is_some_and(|pdf| pdf.starts_with(b"%PDF-")));
}

#[test]
fn a_page_of_another_script_is_not_doubted() {
    let text = "Направление пациента ".repeat(40);
    let page = page(&opened(docx(&paragraph(&text))), 0);
    assert_eq!(page.text.len(), 80);
    assert!(page.notes.is_empty());
}

#[test]
fn a_table_is_read_row_by_row() {
    let cell =
        |text: &str, more: &str| format!("<w:tc><w:tcPr>{more}</w:tcPr>{}</w:tc>", paragraph(text));
    let body = format!(
        "<w:tbl><w:tblGrid><w:gridCol w:w='3000'/><w:gridCol w:w='3000'/><w:gridCol w:w='3000'/></w:tblGrid>\
         <w:tr>{}{}</w:tr><w:tr>{}{}{}</w:tr><w:tr>{}{}{}</w:tr></w:tbl>",
        cell("Member", "<w:gridSpan w:val='2'/>"),
        cell("ID", ""),
        cell("Equipment", "<w:vMerge w:val='restart'/>"),
        cell("E0260", ""),
        cell("RR", ""),
        cell("", "<w:vMerge/>"),
        cell("K0001", ""),
        cell("NU", ""),
    );
    let page = page(&opened(docx(&body)), 0);
    assert_eq!(lines(&page), ["Member ID", "Equipment E0260 RR", "K0001 NU"]);
    let column = |text: &str| {
        page.text.iter().find(|word| word.text.expose() == text).map(|w| w.bbox.x0()).unwrap()
    };
    assert!((column("E0260") - column("K0001")).abs() < 0.001);
    assert!((column("ID") - column("NU")).abs() < 0.001);
}

#[test]
fn a_row_longer_than_a_page_goes_on_on_the_next() {
    let many: String = (0..120).map(|n| paragraph(&format!("line{n}"))).collect();
    let body = format!(
        "<w:tbl><w:tr><w:tc>{}</w:tc><w:tc>{many}</w:tc></w:tr></w:tbl>",
        paragraph("Notes")
    );
    let document = opened(docx(&body));
    let words: Vec<String> = (0..document.inventory().pages as usize)
        .flat_map(|index| page(&document, index).text)
        .map(|word| word.text.expose().clone())
        .filter(|word| word.starts_with("line"))
        .collect();
    assert_eq!(words.len(), 120);
    assert!(document.inventory().pages >= 3);
    assert_eq!(words.last().map(String::as_str), Some("line119"));
}

#[test]
fn every_way_to_write_a_tick_box() {
    let control = |on: &str, glyph: &str| {
        format!(
            "<w:sdt><w:sdtPr><w:alias w:val='urgent'/><w14:checkbox><w14:checked w14:val='{on}'/></w14:checkbox></w:sdtPr>\
             <w:sdtContent><w:r><w:t>{glyph}</w:t></w:r></w:sdtContent></w:sdt>"
        )
    };
    let legacy = |set: &str| {
        format!(
            "<w:r><w:fldChar w:fldCharType='begin'><w:ffData><w:checkBox>{set}</w:checkBox></w:ffData></w:fldChar></w:r>\
             <w:r><w:instrText> FORMCHECKBOX </w:instrText></w:r><w:r><w:fldChar w:fldCharType='end'/></w:r>"
        )
    };
    let sign = |code: &str| format!("<w:r><w:sym w:font='Wingdings' w:char='{code}'/></w:r>");
    let in_font = "<w:r><w:rPr><w:rFonts w:ascii='Wingdings'/></w:rPr><w:t>\u{a8}</w:t></w:r>";
    let field = "<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>SYMBOL 254 \\f \"Wingdings\" \\s 10</w:instrText></w:r>\
                 <w:r><w:fldChar w:fldCharType='end'/></w:r>";
    let boxes = [
        (control("1", "☒"), true),
        (control("0", "☐"), false),
        // A sign of the maker's own choice: what is stored counts.
        (control("true", "X"), true),
        (legacy("<w:checked/>"), true),
        (legacy("<w:default w:val='1'/><w:checked w:val='0'/>"), false),
        (legacy("<w:default w:val='1'/>"), true),
        (sign("F0FE"), true),
        (sign("F06F"), false),
        (in_font.to_owned(), false),
        (field.to_owned(), true),
        ("<w:r><w:t>☑</w:t></w:r>".to_owned(), true),
        ("<w:r><w:t>□</w:t></w:r>".to_owned(), false),
    ];
    let body: String = boxes
        .iter()
        .enumerate()
        .map(|(n, (tick, _))| {
            format!("<w:p>{tick}<w:r><w:t xml:space='preserve'> item{n}</w:t></w:r></w:p>")
        })
        .collect();
    let document = opened(docx(&body));
    let page = page(&document, 0);
    let expected: Vec<bool> = boxes.iter().map(|(_, on)| *on).collect();
    assert_eq!(ticks(&page), expected);
    assert!(page.fields[0].name.expose().starts_with("urgent"));
    for (n, field) in page.fields.iter().enumerate() {
        let word = page.text.iter().find(|w| *w.text.expose() == format!("item{n}")).unwrap();
        assert!(word.bbox.center_y() > field.bbox.y0() && word.bbox.center_y() < field.bbox.y1());
        assert!(word.bbox.x0() > field.bbox.x1());
    }
    assert_eq!(codes(&document), ["file.laid_out"]);
}

#[test]
fn what_a_tick_box_shows_wins_over_what_is_stored() {
    let body = "<w:p><w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val='0'/></w14:checkbox></w:sdtPr>\
                <w:sdtContent><w:r><w:t>☒</w:t></w:r></w:sdtContent></w:sdt></w:p>";
    let document = opened(docx(body));
    assert_eq!(ticks(&page(&document, 0)), [true]);
    assert_eq!(codes(&document), ["file.laid_out", "file.ticks_differ"]);
}

#[test]
fn changes_count_as_accepted() {
    let body = "<w:p><w:r><w:t xml:space='preserve'>Quantity </w:t></w:r><w:del><w:r><w:delText>1</w:delText></w:r></w:del>\
        <w:ins><w:r><w:t>2</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>gone</w:t></w:r></w:moveFrom></w:p>\
        <w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t xml:space='preserve'>joined </w:t></w:r></w:p><w:p><w:r><w:t>line</w:t></w:r></w:p>\
        <w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p><w:r><w:t>row</w:t></w:r></w:p></w:tc></w:tr></w:tbl>";
    let document = opened(docx(body));
    assert_eq!(lines(&page(&document, 0)), ["Quantity 2", "joined line"]);
    assert_eq!(codes(&document), ["file.laid_out", "file.changes_accepted"]);
}

#[test]
fn fields_give_their_results_and_hidden_text_stays_out() {
    let body = "<w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText> REF x </w:instrText></w:r>\
        <w:r><w:t>never</w:t></w:r><w:r><w:fldChar w:fldCharType='separate'/></w:r><w:r><w:t>result</w:t></w:r>\
        <w:r><w:fldChar w:fldCharType='end'/></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r>\
        <w:hyperlink r:id='none'><w:r><w:t xml:space='preserve'> link</w:t></w:r></w:hyperlink>\
        <w:fldSimple w:instr='DATE'><w:r><w:t xml:space='preserve'> today</w:t></w:r></w:fldSimple></w:p>\
        <w:p><w:r><w:fldChar w:fldCharType='begin'><w:ffData><w:ddList><w:result w:val='1'/><w:listEntry w:val='left'/>\
        <w:listEntry w:val='right'/></w:ddList></w:ffData></w:fldChar></w:r><w:r><w:fldChar w:fldCharType='end'/></w:r></w:p>";
    let document = opened(docx(body));
    assert_eq!(lines(&page(&document, 0)), ["result link today", "right"]);
    assert_eq!(codes(&document), ["file.laid_out", "file.hidden_text"]);
}

#[test]
fn of_alternatives_one_is_taken_and_text_boxes_stand_below() {
    let inside = paragraph("inside");
    let body = format!(
        "<w:p><w:r><w:t>before</w:t></w:r><w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wp:anchor>\
         <wps:wsp><wps:txbx><w:txbxContent>{inside}</w:txbxContent></wps:txbx></wps:wsp></wp:anchor></w:drawing></mc:Choice>\
         <mc:Fallback><w:pict><v:shape><v:textbox><w:txbxContent>{inside}</w:txbxContent></v:textbox></v:shape></w:pict></mc:Fallback>\
         </mc:AlternateContent></w:r></w:p>{}",
        paragraph("after")
    );
    assert_eq!(body_lines(&body), ["before", "inside", "after"]);
}

#[test]
fn headers_footers_and_notes_are_set_once() {
    let header = format!("<w:hdr {NAMESPACES}>{}</w:hdr>", paragraph("Member 123"));
    let footer = format!("<w:ftr {NAMESPACES}>{}</w:ftr>", paragraph("Form 7"));
    let first = format!("<w:hdr {NAMESPACES}>{}</w:hdr>", paragraph("never shown"));
    let notes = format!(
        "<w:footnotes {NAMESPACES}><w:footnote w:id='2'>{}</w:footnote></w:footnotes>",
        paragraph("since May")
    );
    let many: String = (0..80).map(|n| paragraph(&format!("line{n}"))).collect();
    let body = format!(
        "<w:p><w:r><w:t>Oxygen</w:t></w:r><w:r><w:footnoteReference w:id='2'/></w:r></w:p>{many}\
         <w:sectPr><w:headerReference w:type='default' r:id='h'/><w:headerReference w:type='first' r:id='f'/>\
         <w:footerReference w:type='default' r:id='g'/></w:sectPr>"
    );
    let file = docx_with(
        &body,
        &[
            ("h", "header", "header1.xml", header.as_bytes()),
            ("f", "header", "header2.xml", first.as_bytes()),
            ("g", "footer", "footer1.xml", footer.as_bytes()),
            ("n", "footnotes", "footnotes.xml", notes.as_bytes()),
        ],
    );
    let document = opened(file);
    let all: Vec<String> =
        (0..document.inventory().pages as usize).flat_map(|i| lines(&page(&document, i))).collect();
    assert_eq!(&all[..3], ["Member 123", "Oxygen [1]", "line0"]);
    assert_eq!(&all[all.len() - 3..], ["line79", "[1] since May", "Form 7"]);
    assert_eq!(all.len(), 84);
}

#[test]
fn lists_bring_their_numbers_and_tabs_their_columns() {
    let numbering = format!(
        "<w:numbering {NAMESPACES}><w:abstractNum w:abstractNumId='0'><w:lvl w:ilvl='0'><w:start w:val='1'/>\
         <w:numFmt w:val='decimal'/><w:lvlText w:val='%1.'/></w:lvl></w:abstractNum>\
         <w:num w:numId='4'><w:abstractNumId w:val='0'/></w:num></w:numbering>"
    );
    let item = |text: &str| {
        format!(
            "<w:p><w:pPr><w:numPr><w:ilvl w:val='0'/><w:numId w:val='4'/></w:numPr><w:tabs><w:tab w:val='right' w:pos='9000'/></w:tabs></w:pPr>\
             <w:r><w:t>{text}</w:t><w:tab/><w:t>end</w:t></w:r></w:p>"
        )
    };
    let file = docx_with(
        &(item("bed") + &item("mattress")),
        &[("n", "numbering", "numbering.xml", numbering.as_bytes())],
    );
    let page = page(&opened(file), 0);
    assert_eq!(lines(&page), ["1. bed end", "2. mattress end"]);
    let ends: Vec<f32> =
        page.text.iter().filter(|w| w.text.expose() == "end").map(|w| w.bbox.x1()).collect();
    assert!((ends[0] - ends[1]).abs() < 0.001 && (ends[0] - (54.0 + 450.0) / 612.0).abs() < 0.01);
}

fn picture(cx: u64, cy: u64) -> String {
    format!(
        "<w:p><w:r><w:drawing><wp:inline><wp:extent cx='{cx}' cy='{cy}'/><a:graphic><a:graphicData><pic:pic>\
         <pic:blipFill><a:blip r:embed='p'/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )
}

/// Black and white stripes of eight rows.
fn stripes(width: u32, height: u32) -> Vec<u8> {
    use image::ImageEncoder;
    let dots: Vec<u8> = (0..height)
        .flat_map(|y| vec![if y / 8 % 2 == 0 { 255 } else { 0 }; width as usize])
        .collect();
    let mut file = Vec::new();
    image::codecs::png::PngEncoder::new(&mut file)
        .write_image(&dots, width, height, image::ExtendedColorType::L8)
        .expect("a picture");
    file
}

#[test]
fn a_pasted_scan_gets_a_page_of_its_own_dot_by_dot() {
    let png = stripes(850, 1100);
    let body = paragraph("Attached:") + &picture(7_000_000, 9_000_000) + &paragraph("Regards");
    let document = opened(docx_with(&body, &[("p", "image", "media/scan.png", &png)]));
    assert_eq!(document.inventory().pages, 3);
    let scan = page(&document, 1);
    assert_eq!(scan.raster().unwrap().pixels.dimensions(), (850, 1100));
    assert!(scan.text.is_empty());
    assert_eq!(scan.raster().unwrap().pixels.get_pixel(400, 12).0[0], 0);
    assert_eq!(scan.raster().unwrap().pixels.get_pixel(400, 4).0[0], 255);
    assert_eq!(lines(&page(&document, 2)), ["Regards"]);
}

#[test]
fn small_pictures_stand_in_the_line_and_foreign_ones_are_told() {
    let png = stripes(60, 60);
    let body = paragraph("Signed") + &picture(914_400, 914_400);
    let document = opened(docx_with(&body, &[("p", "image", "media/a.png", &png)]));
    let drawn = page(&document, 0);
    assert_eq!((document.inventory().pages, lines(&drawn).len()), (1, 1));
    let raster = document.raster(drawn.number).unwrap();
    let ink = raster.pixels.as_raw().iter().filter(|p| **p < 128).count();
    assert!(ink > 5_000, "{ink} dark dots");

    let emf = [&b"\x01\0\0\0"[..], &[0; 80]].concat();
    let document = opened(docx_with(&body, &[("p", "image", "media/a.emf", &emf)]));
    assert_eq!(codes(&document), ["file.laid_out", "file.pictures_unread"]);
}

#[test]
fn macros_comments_and_charts_are_told() {
    let comments = format!("<w:comments {NAMESPACES}><w:comment w:id='1'/></w:comments>");
    let body = "<w:p><w:r><w:drawing><wp:inline><a:graphic><a:graphicData><c:chart xmlns:c='c' r:id='x'/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p><w:altChunk r:id='y'/>";
    let file = docx_with(
        body,
        &[
            ("c", "comments", "comments.xml", comments.as_bytes()),
            ("m", "vbaProject", "vbaProject.bin", b"macro"),
            ("e", "package", "embeddings/book.xlsx", b"cells"),
        ],
    );
    let found = opened(file);
    assert_eq!(
        codes(&found),
        ["file.laid_out", "file.comments", "file.attachments", "file.parts_unread", "file.macros"]
    );
}

#[test]
fn bombs_and_endless_files_are_refused() {
    let blanks = " ".repeat(3_000_000);
    let file = docx(&paragraph(&blanks));
    assert!(file.len() < 30_000);
    let few = Limits { max_unpacked_bytes: 1_000_000, ..Limits::default() };
    assert_eq!(refused(file, &few), "limit.unpacked");
    let breaks = "<w:p><w:r><w:t>a</w:t><w:br w:type='page'/></w:r></w:p>".repeat(50);
    let few = Limits { max_pages: 10, ..Limits::default() };
    assert_eq!(refused(docx(&breaks), &few), "limit.pages");
}

#[test]
fn deep_nesting_ends_in_a_note() {
    let deep = format!("{}{}", "<w:tbl><w:tr><w:tc>".repeat(2_000), paragraph("lost"));
    let document = opened(docx(&(paragraph("kept") + &deep)));
    assert_eq!(codes(&document), ["file.laid_out", "file.parts_damaged"]);
    assert_eq!(lines(&page(&document, 0)), ["kept"]);
}

#[test]
fn what_is_to_be_damaged_is_read_whole() {
    let document = opened(package(&[("word/document.xml", EVERYTHING.as_bytes())]));
    assert_eq!(codes(&document), ["file.laid_out", "file.changes_accepted"]);
    assert_eq!(lines(&page(&document, 0)), ["Order E0260 & more", "inner", "box"]);
    assert_eq!(ticks(&page(&document, 0)), [true, true, false]);
}

#[test]
fn damage_ends_in_a_reason() {
    let whole = docx(&paragraph("Order"));
    assert_eq!(refused(whole[..whole.len() / 2].to_vec(), &Limits::default()), "file.truncated");
    let no_body = package(&[("word/document.xml", b"<w:document xmlns:w='w'/>")]);
    assert_eq!(refused(no_body, &Limits::default()), "file.damaged");
    let no_text = package(&[("word/document.xml", b"\x01\x02")]);
    assert_eq!(
        open(no_text, &Limits::default()).err(),
        Some(Unreadable::Damaged { kind: "a Word file", what: "its text cannot be read" })
    );
    let cut =
        package(&[("word/document.xml", b"<w:document xmlns:w='w'><w:body><w:p><w:r><w:t>half")]);
    let document = opened(cut);
    assert_eq!(codes(&document), ["file.laid_out", "file.parts_damaged"]);
    assert_eq!(lines(&page(&document, 0)), ["half"]);
}
