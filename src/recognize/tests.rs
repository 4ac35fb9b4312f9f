//! Whole pages, drawn here and read back: the steps together.
//!
//! They need an installed `eng` model and a DejaVu font, and say so where they
//! skip.

use ab_glyph::{Font, FontVec, PxScale, ScaleFont};
use image::{GrayImage, Luma, imageops};

use super::recognized::{Method, RecognizedPage, Rotation, TickState};
use super::{Config, Effort, Recognizer};
use crate::decode::pages::{Dpi, Page, Raster, TextWord};
use crate::vocab::{Alphabet, BBox, PageNumber, Question};

const FONT: &str = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf";
/// Fine mode, where a page is drawn; standard mode is made from it.
const WIDTH: u32 = 1728;
const HEIGHT: u32 = 2156;
pub(super) const FINE: Dpi = Dpi { x: 204.0, y: 196.0 };
pub(super) const STANDARD: Dpi = Dpi { x: 204.0, y: 98.0 };

const PARAGRAPH: [&str; 10] = [
    "Patient is a seventy year old man seen today for a face to face visit",
    "because of shortness of breath on exertion and at rest. He was admitted",
    "with acute respiratory failure and improved with oxygen and diuretics.",
    "Oxygen saturation on room air at rest was 85 percent, on two liters 92.",
    "He lives with his wife in a house with four steps and will be followed",
    "by the visiting nurse. Home oxygen is medically necessary for him now.",
    "A semi electric hospital bed is ordered since he must sleep with his",
    "head raised more than thirty degrees most of the time, and pillows or",
    "wedges have been tried and have failed. He agrees with the plan and",
    "understands that equipment will be delivered before he goes home.",
];

pub(super) struct Pen {
    font: FontVec,
    pub(super) page: GrayImage,
}

impl Pen {
    pub(super) fn new() -> Option<Self> {
        let font = FontVec::try_from_vec(std::fs::read(FONT).ok()?).ok()?;
        Some(Self { font, page: GrayImage::from_pixel(WIDTH, HEIGHT, Luma([255])) })
    }

    /// `size` in pixels, `y` the baseline; returns where the text ends.
    pub(super) fn write(&mut self, text: &str, x: f32, y: f32, size: f32, ink: u8) -> f32 {
        let font = self.font.as_scaled(PxScale::from(size));
        let mut x = x;
        for c in text.chars() {
            let glyph = font.scaled_glyph(c);
            let mut glyph = glyph.clone();
            glyph.position = ab_glyph::point(x, y);
            x += font.h_advance(glyph.id);
            if let Some(outline) = self.font.outline_glyph(glyph) {
                let bounds = outline.px_bounds();
                outline.draw(|dx, dy, cover| {
                    let (px, py) =
                        (bounds.min.x as i64 + i64::from(dx), bounds.min.y as i64 + i64::from(dy));
                    let inside =
                        px >= 0 && py >= 0 && px < i64::from(WIDTH) && py < i64::from(HEIGHT);
                    if cover > 0.5 && inside {
                        self.page.put_pixel(px as u32, py as u32, Luma([ink]));
                    }
                });
            }
        }
        x
    }

    pub(super) fn fill(&mut self, x0: u32, y0: u32, x1: u32, y1: u32) {
        for y in y0..y1 {
            for x in x0..x1 {
                self.page.put_pixel(x, y, Luma([0]));
            }
        }
    }

    fn tick_box(&mut self, x: u32, y: u32, side: u32, ticked: bool) {
        self.fill(x, y, x + side, y + 2);
        self.fill(x, y + side - 2, x + side, y + side);
        self.fill(x, y, x + 2, y + side);
        self.fill(x + side - 2, y, x + side, y + side);
        if ticked {
            for i in 0..side {
                self.fill(x + i, y + i, (x + i + 2).min(x + side), y + i + 1);
                self.fill(x + side - i - 1, y + i, x + side - i + 1, y + i + 1);
            }
        }
    }

    /// A ruled cell for each character; one of the teeth is worn away.
    fn comb(&mut self, text: &str, x: u32, y: u32, closed: bool) {
        const WIDE: u32 = 30;
        const HIGH: u32 = 38;
        let cells = text.chars().count() as u32;
        self.fill(x, y + HIGH - 2, x + cells * WIDE + 2, y + HIGH);
        if closed {
            self.fill(x, y, x + cells * WIDE + 2, y + 2);
        }
        for tooth in (0..=cells).filter(|tooth| *tooth != 4) {
            self.fill(x + tooth * WIDE, y, x + tooth * WIDE + 2, y + HIGH);
        }
        for (cell, c) in text.chars().enumerate() {
            let left = x + cell as u32 * WIDE;
            self.write(&c.to_string(), left as f32 + 8.0, y as f32 + 29.0, 28.0, 0);
        }
    }

    pub(super) fn form(&mut self) {
        self.write("FAX COVER SHEET", 560.0, 260.0, 56.0, 0);
        self.tick_box(160, 330, 24, true);
        self.write("Pending Discharge", 200.0, 352.0, 34.0, 0);
        self.tick_box(700, 330, 24, false);
        self.write("Urgent review", 740.0, 352.0, 34.0, 0);
        self.fill(150, 400, 1580, 440);
        self.write("SECTION A REQUESTED EQUIPMENT", 180.0, 432.0, 32.0, 255);
        for y in [470, 530, 590] {
            self.fill(150, y, 1580, y + 3);
        }
        for x in [150, 600, 1577] {
            self.fill(x, 470, x + 3, 593);
        }
        self.write("Ordering NPI", 170.0, 515.0, 32.0, 0);
        self.write("2345678901", 620.0, 515.0, 32.0, 0);
        self.write("Procedure code", 170.0, 575.0, 32.0, 0);
        self.write("E0260 hospital bed", 620.0, 575.0, 32.0, 0);
        for (place, line) in PARAGRAPH.iter().enumerate() {
            self.write(line, 150.0, 680.0 + 46.0 * place as f32, 32.0, 0);
        }
    }

    fn page(self) -> Page {
        page(self.page, FINE)
    }
}

fn page(pixels: GrayImage, dpi: Dpi) -> Page {
    Page::scan(PageNumber::FIRST, Raster { pixels, bilevel: true, dpi }, Vec::new())
}

/// Every other scan line, as a fax in standard mode sends it.
pub(super) fn standard(pixels: &GrayImage) -> GrayImage {
    GrayImage::from_fn(pixels.width(), pixels.height() / 2, |x, y| *pixels.get_pixel(x, 2 * y))
}

/// A pen and a reader, or a word on why there are none.
fn tools() -> Option<(Pen, Recognizer)> {
    let tools = Pen::new().zip(Recognizer::new(&Config::default()).ok());
    if tools.is_none() {
        skip();
    }
    tools
}

#[expect(clippy::print_stderr)] // a test that skips says so
fn skip() {
    eprintln!("skipped: needs the eng model and DejaVuSans.ttf");
}

fn text(read: &RecognizedPage) -> String {
    read.lines.iter().map(super::recognized::Line::text).collect::<Vec<_>>().join("\n")
}

/// Share of the paragraph's words that were read.
fn recall(read: &RecognizedPage) -> f32 {
    let text = text(read);
    let mut read: Vec<&str> = text.split_whitespace().map(bare).collect();
    let expected: Vec<&str> =
        PARAGRAPH.iter().flat_map(|line| line.split_whitespace()).map(bare).collect();
    let found = expected
        .iter()
        .filter(|word| {
            let place = read.iter().position(|other| other == *word);
            place.map(|place| read.swap_remove(place)).is_some()
        })
        .count();
    found as f32 / expected.len() as f32
}

fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

fn state(read: &RecognizedPage, label: &str) -> Option<TickState> {
    read.marks.iter().find(|mark| mark.label.expose() == label).map(|mark| mark.state)
}

#[test]
fn a_form_is_read_in_fine_and_standard_mode() {
    let Some((mut pen, mut reader)) = tools() else { return };
    pen.form();
    let fine = pen.page();
    let coarse = page(standard(&fine.raster().unwrap().pixels), STANDARD);
    for (page, least) in [(fine, 0.97), (coarse, 0.90)] {
        let read = reader.read(&page, Effort::Full);
        assert_eq!((read.method, read.rotation), (Method::Ocr, Rotation::None));
        assert!(recall(&read) >= least, "{}\n{}", recall(&read), text(&read));
        let text = text(&read);
        for words in ["Pending Discharge", "SECTION A REQUESTED", "2345678901", "E0260"] {
            assert!(text.contains(words), "{words} not in\n{text}");
        }
        assert_eq!(state(&read, "Pending Discharge"), Some(TickState::Ticked));
        assert_eq!(state(&read, "Urgent review"), Some(TickState::Empty));
        assert_eq!(read.marks.len(), 2, "{:?}", read.marks);
        assert!(read.confidence.get() > 0.7);
        assert!((read.inches.0 - 8.47).abs() < 0.02 && (read.inches.1 - 11.0).abs() < 0.02);
    }
}

#[test]
fn a_page_is_brought_upright_from_any_side() {
    let Some((mut pen, mut reader)) = tools() else { return };
    pen.form();
    let upright = pen.page;
    let turned = [
        (upright.clone(), FINE, Rotation::None),
        (imageops::rotate180(&upright), FINE, Rotation::Half),
        (imageops::rotate270(&upright), Dpi { x: 196.0, y: 204.0 }, Rotation::Quarter),
        (imageops::rotate90(&upright), Dpi { x: 196.0, y: 204.0 }, Rotation::ThreeQuarters),
    ];
    for (pixels, dpi, expected) in turned {
        let page = page(pixels, dpi);
        let read = reader.read(&page, Effort::Triage);
        assert_eq!(read.rotation, expected);
        assert!(recall(&read) > 0.9, "{expected:?}");
        let raster = super::upright(page.raster().unwrap(), read.rotation);
        assert_eq!(raster.pixels.dimensions(), (WIDTH, HEIGHT));
        assert_eq!(raster.dpi, FINE);
        let mark = &read.marks[0];
        assert!((mark.bbox.center_x() - 172.0 / 1728.0).abs() < 0.005, "{:?}", mark.bbox);
        assert!((mark.bbox.center_y() - 342.0 / 2156.0).abs() < 0.005, "{:?}", mark.bbox);
    }
}

#[test]
fn boxes_of_a_crooked_page_lie_on_the_crooked_words() {
    let Some((mut pen, mut reader)) = tools() else { return };
    pen.form();
    let skew = super::skew::Skew::of_degrees(1.5, WIDTH as usize, HEIGHT as usize);
    let crooked = skew.straighten(&pen.page);
    let bilevel = GrayImage::from_fn(WIDTH, HEIGHT, |x, y| {
        Luma([if crooked.get_pixel(x, y).0[0] < 128 { 0 } else { 255 }])
    });
    let read = reader.read(&page(bilevel, FINE), Effort::Triage);
    assert!(recall(&read) > 0.9);
    let words = read.lines.iter().flat_map(|line| line.words());
    let npi = words.into_iter().find(|word| word.text.expose() == "2345678901").expect("the NPI");
    let (x, y) = skew.forth(718.0, 503.0);
    assert!((npi.bbox.center_x() * WIDTH as f32 - x).abs() < 12.0);
    assert!((npi.bbox.center_y() * HEIGHT as f32 - y).abs() < 12.0);
}

#[test]
fn the_header_strip_is_metadata_even_on_an_upside_down_page() {
    let Some((mut pen, mut reader)) = tools() else { return };
    pen.form();
    pen.page = imageops::rotate180(&pen.page);
    pen.write(
        "03-09-2026 10:00 FROM: LAKESIDE HME +1-212-555-0105 T-123 P.003/012 F-030",
        60.0,
        40.0,
        28.0,
        0,
    );
    let read = reader.read(&pen.page(), Effort::Triage);
    let header = read.header.as_ref().expect("a header");
    assert_eq!((header.page, header.of), (Some(3), Some(12)));
    assert_eq!(header.sent_at.as_deref(), Some("2026-03-09T10:00:00"));
    assert_eq!(read.rotation, Rotation::Half);
    assert!(!text(&read).contains("LAKESIDE") && text(&read).contains("COVER SHEET"));
}

#[test]
fn nothing_and_noise_are_told_apart() {
    let Some((pen, mut reader)) = tools() else { return };
    let nothing = reader.read(&pen.page(), Effort::Full);
    assert_eq!(nothing.method, Method::Blank);
    assert_eq!(nothing.notes[0].code, "page.blank");
    // Blots of a letter's size, in rows like text.
    let mut blots = GrayImage::from_pixel(WIDTH, HEIGHT, Luma([255]));
    let mut seed = 12345u32;
    for row in 0..40 {
        for column in 0..60 {
            for y in 0..22 {
                for x in 0..18 {
                    seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    if seed >> 30 != 0 {
                        blots.put_pixel(100 + column * 25 + x, 100 + row * 48 + y, Luma([0]));
                    }
                }
            }
        }
    }
    let noise = reader.read(&page(blots, FINE), Effort::Full);
    assert_eq!(noise.method, Method::Unreadable, "{}", text(&noise));
    assert!(noise.notes.iter().any(|note| note.code == "page.unreadable"));
    assert!(noise.confidence.get() < 0.4);
}

#[test]
fn a_question_is_answered_in_its_alphabet() {
    let Some((mut pen, mut reader)) = tools() else { return };
    pen.form();
    let page = pen.page();
    let place = |x0: f32, y0: f32, x1: f32, y1: f32| {
        let (w, h) = (WIDTH as f32, HEIGHT as f32);
        BBox::new(x0 / w, y0 / h, x1 / w, y1 / h)
    };
    let question = |bbox, alphabet| Question { page: PageNumber::FIRST, bbox, alphabet };
    let answers = reader.answer(
        page.raster().unwrap(),
        Rotation::None,
        &[
            question(place(618.0, 490.0, 830.0, 518.0), Alphabet::Digits),
            question(place(618.0, 550.0, 730.0, 578.0), Alphabet::Codes),
            question(place(100.0, 1500.0, 300.0, 1530.0), Alphabet::Any),
        ],
    );
    let texts: Vec<&str> = answers.iter().map(|answer| answer.text.expose().as_str()).collect();
    assert_eq!(texts, ["2345678901", "E0260", ""]);
    assert!(answers[0].confidence.get() > 0.7 && answers[2].confidence.get() == 0.0);
}

#[test]
fn what_stands_in_a_comb_is_read_as_one_word() {
    let Some((mut pen, mut reader)) = tools() else { return };
    pen.form();
    pen.write("NPI", 160.0, 1300.0, 28.0, 0);
    pen.comb("2305780860", 160, 1310, true);
    pen.write("Tax ID", 700.0, 1300.0, 28.0, 0);
    pen.comb("34-4730624", 700, 1310, false);
    pen.write("Member", 160.0, 1420.0, 28.0, 0);
    pen.comb("U7576420404", 160, 1430, true);
    let fine = pen.page.clone();
    let read = reader.read(&pen.page(), Effort::Full);
    for word in ["2305780860", "34-4730624", "U7576420404"] {
        assert!(text(&read).contains(word), "{word}:\n{}", text(&read));
    }
    let read = reader.read(&page(standard(&fine), STANDARD), Effort::Full);
    assert!(text(&read).contains("2305780860"), "{}", text(&read));
}

#[test]
fn the_same_page_is_read_the_same_way_whatever_came_before() {
    let Some((mut pen, mut reader)) = tools() else { return };
    let mut other = Pen::new().expect("as before");
    other.write("Quite another page with words of its own", 200.0, 400.0, 40.0, 0);
    let other = other.page();
    pen.form();
    let page = pen.page();
    let first = reader.read(&page, Effort::Full);
    reader.read(&other, Effort::Full);
    assert_eq!(reader.read(&page, Effort::Full), first);
}

#[test]
fn a_text_layer_is_taken_as_it_is_and_boxes_come_from_the_pixels() {
    let Some((mut pen, mut reader)) = tools() else { return };
    pen.form();
    let mut page = pen.page();
    let (w, h) = (WIDTH as f32, HEIGHT as f32);
    let words = [("Pending", 200.0, 340.0), ("Discharge", 345.0, 510.0)];
    for (text, x0, x1) in words {
        let bbox = BBox::new(x0 / w, 325.0 / h, x1 / w, 358.0 / h);
        page.text.push(TextWord { text: text.into(), bbox, line: 0, turn: Rotation::None });
    }
    // Everything else is covered by one long "word", so no picture is left.
    let bbox = BBox::new(0.0, 380.0 / h, 1.0, 1.0);
    page.text.push(TextWord { text: "rest".into(), bbox, line: 1, turn: Rotation::None });
    let read = reader.read(&page, Effort::Full);
    assert_eq!(read.method, Method::TextLayer);
    assert_eq!(text(&read), "Pending Discharge\nrest");
    assert_eq!(state(&read, "Pending Discharge"), Some(TickState::Ticked));
}

/// The page as a camera sees it from one side: on a dark table, crooked,
/// narrower at the top, in a light that fades, turned by `turn`.
fn photographed(pen: &Pen, turn: Rotation) -> Raster {
    let sheet = super::geometry::turned(&pen.page, turn);
    let (width, height) = (f64::from(sheet.width()), f64::from(sheet.height()));
    let factor = 3200.0 / width.max(height);
    let (across, down) = (width * factor, height * factor);
    let photo = GrayImage::from_fn(across as u32, down as u32, |x, y| {
        let (x, y) = (f64::from(x) / across, f64::from(y) / down);
        // Where on the sheet this point of the picture lies.
        let depth = 0.86 + 0.25 * y;
        let u = 0.5 + (x - 0.5 + 0.06 * (y - 0.5)) / (0.86 * depth);
        let v = (y - 0.06 + 0.05 * x) / (0.85 + 0.06 * y);
        let light = 1.0 - 0.35 * x - 0.1 * y;
        let on_sheet = (0.0..1.0).contains(&u) && (0.0..1.0).contains(&v);
        let grey = if on_sheet {
            let pixel = sheet.get_pixel((u * width) as u32, (v * height) as u32).0[0];
            40.0 + 0.8 * f64::from(pixel)
        } else {
            50.0 + 20.0 * (x * 60.0).sin()
        };
        Luma([(grey * light) as u8])
    });
    Raster { pixels: imageops::blur(&photo, 1.2), bilevel: false, dpi: Dpi { x: 72.0, y: 72.0 } }
}

#[test]
fn a_photograph_is_read_flat_and_its_boxes_stand_on_the_photograph() {
    let Some((mut pen, mut reader)) = tools() else {
        return;
    };
    pen.form();
    for turn in [Rotation::None, Rotation::Quarter] {
        let raster = photographed(&pen, turn);
        let page = Page::scan(PageNumber::FIRST, raster.clone(), Vec::new());
        let read = reader.read(&page, Effort::Full);
        assert!(recall(&read) >= 0.95, "{turn:?} {}", text(&read));
        assert!(read.notes.iter().any(|note| note.code == "page.photograph"));
        let mut boxes: Vec<(&str, TickState)> =
            read.marks.iter().map(|mark| (mark.label.expose().as_str(), mark.state)).collect();
        boxes.sort_unstable_by_key(|(label, _)| *label);
        let expected =
            [("Pending Discharge", TickState::Ticked), ("Urgent review", TickState::Empty)];
        assert_eq!(boxes, expected, "{turn:?}");
        // Every box holds ink of its word: darker than the paper around.
        let upright = super::upright(&raster, read.rotation).pixels;
        let (width, height) = (upright.width() as f32, upright.height() as f32);
        for word in read.lines.iter().flat_map(super::recognized::Line::words) {
            let part = imageops::crop_imm(
                &upright,
                (word.bbox.x0() * width) as u32,
                (word.bbox.y0() * height) as u32,
                ((word.bbox.width() * width) as u32).max(1),
                ((word.bbox.height() * height) as u32).max(1),
            )
            .to_image();
            let lightest = part.pixels().map(|p| p.0[0]).max().unwrap();
            let darkest = part.pixels().map(|p| p.0[0]).min().unwrap();
            assert!(darkest < lightest / 2, "{:?} at {:?}", word.text.expose(), word.bbox);
        }
    }
}

#[test]
fn lines_to_put_a_mark_on_are_boxes_and_lines_to_write_on_are_not() {
    let Some((mut pen, mut reader)) = tools() else {
        return;
    };
    for (place, line) in PARAGRAPH.iter().enumerate() {
        pen.write(line, 150.0, 680.0 + 46.0 * place as f32, 32.0, 0);
    }
    pen.write("Home oxygen:  ___ Yes  ___ No", 150.0, 300.0, 32.0, 0);
    pen.write("X", 377.0, 298.0, 30.0, 0);
    pen.write("Date of birth: ____ Age ____ Weight ________________", 150.0, 380.0, 32.0, 0);
    pen.write("Signature ______________________  Date ________", 150.0, 460.0, 32.0, 0);
    let read = reader.read(&pen.page(), Effort::Full);
    let mut boxes: Vec<(&str, TickState)> =
        read.marks.iter().map(|mark| (mark.label.expose().as_str(), mark.state)).collect();
    boxes.sort_unstable_by_key(|(label, _)| *label);
    assert_eq!(boxes, [("No", TickState::Empty), ("Yes", TickState::Ticked)], "{}", text(&read));
}
