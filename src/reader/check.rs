//! Whether a reply can be what was asked for.
//!
//! A reader has had a stranger's bytes in it: what it says may have been
//! written by the stranger. Numbers, lengths and counts are held against what
//! was asked and against the limits; a box and a confidence cannot be out of
//! range once they are parsed ([`vocab`](crate::vocab)). What the words *say*
//! cannot be checked: that is the reading.

use super::protocol::{Replied, Reply};
use crate::decode::Limits;
use crate::decode::pages::Inventory;
use crate::recognize::recognized::{Header, Line, PrintedCode, RecognizedPage, TickBox, Word};
use crate::vocab::{Answer, Note, PageNumber, Question};

/// Words of a page, header and labels of boxes left out. The smallest print
/// has 4,000.
const MOST_WORDS: usize = 200_000;
/// Tick boxes of a page. A page full of check lists has 200.
const MOST_MARKS: usize = 20_000;
/// Barcodes and QR codes of a page. A sheet of labels has 30.
const MOST_CODES: usize = 100;
/// Bytes of what one says. The largest QR code holds 7,089 digits.
const MOST_CODE_TEXT: usize = 8_000;
/// Notes about a page or a file.
const MOST_NOTES: usize = 1_000;
/// Bytes of a sentence for a clerk.
const MOST_SENTENCE: usize = 4_000;
/// Bytes of a dotted code.
const MOST_CODE: usize = 64;
/// Bytes of a header strip, and of each part of it.
const MOST_HEADER: usize = 10_000;
/// Inches of a page: an A0 drawing has 47, a strip chart some hundreds.
const MOST_INCHES: f32 = 10_000.0;
/// What `%PDF-1.7` begins with.
const PDF: &[u8] = b"%PDF-";

/// What is wrong with a reply. Holds nothing of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Wrong {
    #[error("it answers another question")]
    OutOfTurn,
    #[error("its number of pages cannot be")]
    Pages,
    #[error("it is about another page")]
    AnotherPage,
    #[error("it has more words than a page can have")]
    Words,
    #[error("it has more tick boxes than a page can have")]
    Marks,
    #[error("it has more or longer barcodes than a page can have")]
    Codes,
    #[error("a note in it is too long or of no known form")]
    Notes,
    #[error("the header strip in it is too long")]
    Header,
    #[error("a figure in it cannot be")]
    Figure,
    #[error("its answers are not to the questions asked")]
    Answers,
    #[error("its packet is no PDF")]
    Packet,
}

/// The number of pages that work is made of.
pub(super) fn inventory(inventory: &Inventory, limits: &Limits) -> Result<(), Wrong> {
    let Inventory { media_type: _, pages, notes } = inventory;
    if !(1..=limits.max_pages).contains(pages) {
        return Err(Wrong::Pages);
    }
    all_notes(notes, |page| page.get() <= *pages)
}

/// A page as read. Each field is named, so that a new one is thought about.
pub(super) fn page(page: &RecognizedPage, asked: PageNumber, limits: &Limits) -> Result<(), Wrong> {
    let RecognizedPage {
        number,
        method: _,
        rotation: _,
        confidence: _,
        header,
        lines,
        marks,
        codes,
        inches,
        notes,
    } = page;
    if *number != asked {
        return Err(Wrong::AnotherPage);
    }
    all_words(lines, limits)?;
    all_marks(marks, limits)?;
    all_codes(codes)?;
    if let Some(header) = header {
        header_strip(header)?;
    }
    if ![inches.0, inches.1].iter().all(|side| *side > 0.0 && *side <= MOST_INCHES) {
        return Err(Wrong::Figure);
    }
    all_notes(notes, |page| page == asked)
}

/// Puts the questions as they were asked in place of those that came back.
pub(super) fn answers(answers: Vec<Answer>, asked: &[Question]) -> Result<Vec<Answer>, Wrong> {
    let mut asked = asked.iter();
    let mut checked = Vec::with_capacity(asked.len());
    for Answer { question, text, confidence } in answers {
        // In the order of the questions, some of which may have no answer.
        let asked = asked.find(|asked| same(&question, asked)).ok_or(Wrong::Answers)?;
        if text.expose().len() > MOST_SENTENCE {
            return Err(Wrong::Answers);
        }
        checked.push(Answer { question: asked.clone(), text, confidence });
    }
    Ok(checked)
}

/// A box is rounded on its way.
fn same(came: &Question, asked: &Question) -> bool {
    let rounded = |question: &Question| <[f32; 4]>::from(question.bbox);
    came.page == asked.page
        && came.alphabet == asked.alphabet
        && rounded(came).iter().zip(rounded(asked)).all(|(a, b)| (a - b).abs() < 0.001)
}

/// A packet that a viewer will open.
pub(super) fn packet(packet: &[u8]) -> Result<(), Wrong> {
    if packet.starts_with(PDF) { Ok(()) } else { Err(Wrong::Packet) }
}

/// A code and a sentence, as they go to a clerk.
pub(super) fn unreadable(code: &str, message: &str) -> Result<(), Wrong> {
    if is_code(code) && is_sentence(message) { Ok(()) } else { Err(Wrong::Notes) }
}

fn all_words(lines: &[Line], limits: &Limits) -> Result<(), Wrong> {
    let words: usize = lines.iter().map(|line| line.words().len()).sum();
    let bytes: usize =
        lines.iter().flat_map(Line::words).map(|Word { text, .. }| text.expose().len()).sum();
    if words > MOST_WORDS || bytes > most_text(limits) {
        return Err(Wrong::Words);
    }
    Ok(())
}

/// Bytes of text on a page: the limit is about a text layer; form values come
/// on top, and what is read from pixels is not bounded by it.
fn most_text(limits: &Limits) -> usize {
    limits.max_text_per_page.max(1_000_000).saturating_mul(2)
}

fn all_marks(marks: &[TickBox], limits: &Limits) -> Result<(), Wrong> {
    let labels: usize = marks.iter().map(|mark| mark.label.expose().len()).sum();
    if marks.len() > MOST_MARKS || labels > most_text(limits) {
        return Err(Wrong::Marks);
    }
    let figures = marks.iter().all(|mark| (0.0..=1.0).contains(&mark.fill));
    if figures { Ok(()) } else { Err(Wrong::Figure) }
}

fn all_codes(codes: &[PrintedCode]) -> Result<(), Wrong> {
    let short = |code: &PrintedCode| {
        let PrintedCode { format: _, text, bbox: _ } = code;
        text.expose().len() <= MOST_CODE_TEXT
    };
    if codes.len() <= MOST_CODES && codes.iter().all(short) { Ok(()) } else { Err(Wrong::Codes) }
}

fn header_strip(header: &Header) -> Result<(), Wrong> {
    let Header { page: _, of: _, sender, number, sent_at, text } = header;
    let mut parts = [Some(text), sender.as_ref(), number.as_ref()].into_iter().flatten();
    let short = parts.all(|part| part.expose().len() <= MOST_HEADER)
        && sent_at.as_ref().is_none_or(|time| time.len() <= MOST_CODE);
    if short { Ok(()) } else { Err(Wrong::Header) }
}

fn all_notes(notes: &[Note], about: impl Fn(PageNumber) -> bool) -> Result<(), Wrong> {
    let fits = |note: &Note| {
        is_code(&note.code) && is_sentence(&note.message) && note.page.is_none_or(&about)
    };
    if notes.len() <= MOST_NOTES && notes.iter().all(fits) { Ok(()) } else { Err(Wrong::Notes) }
}

/// Stable and dotted; it goes into logs and manifests.
fn is_code(code: &str) -> bool {
    let known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '.';
    !code.is_empty() && code.len() <= MOST_CODE && code.chars().all(known)
}

/// One line, without what could move a terminal's cursor.
fn is_sentence(text: &str) -> bool {
    text.len() <= MOST_SENTENCE && !text.chars().any(char::is_control)
}

/// Parses a reply as it came off the pipe and checks all that can be checked
/// without knowing what was asked: for the fuzzer.
pub(super) fn any(message: &[u8]) -> Option<Result<(), Wrong>> {
    let Replied { reply, .. } = serde_json::from_slice(message).ok()?;
    let limits = Limits::default();
    Some(match &reply {
        Reply::Opened(opened) => inventory(opened, &limits),
        Reply::Page { page: read, .. } => page(read, read.number, &limits),
        Reply::Unreadable { code, message } => unreadable(code, message),
        Reply::Answers(came) => {
            let asked: Vec<Question> = came.iter().map(|answer| answer.question.clone()).collect();
            answers(came.clone(), &asked).map(drop)
        }
        Reply::Ready { .. } | Reply::Packet | Reply::Failed { .. } => Ok(()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::pages::MediaType;
    use crate::recognize::recognized::CodeFormat;
    use crate::vocab::{Alphabet, BBox, Confidence, Phi};

    fn number(page: u32) -> PageNumber {
        PageNumber::new(page).unwrap()
    }

    fn read() -> RecognizedPage {
        RecognizedPage::unreadable(number(3), "page.test", "Made by hand.")
    }

    fn check(page: &RecognizedPage) -> Result<(), Wrong> {
        super::page(page, number(3), &Limits::default())
    }

    #[test]
    fn a_page_is_the_one_asked_for_and_has_what_a_page_can_have() {
        assert_eq!(check(&read()), Ok(()));
        assert_eq!(super::page(&read(), number(2), &Limits::default()), Err(Wrong::AnotherPage));
        let word = r#"{"text":"x","box":[0,0,1,1],"confidence":0.5,"source":"ocr"}"#;
        let line: Line = serde_json::from_str(&format!("[{word},{word}]")).unwrap();
        let crowded = RecognizedPage { lines: vec![line; MOST_WORDS / 2 + 1], ..read() };
        assert_eq!(check(&crowded), Err(Wrong::Words));
        for inches in [(0.0, 11.0), (8.5, -1.0), (8.5, f32::INFINITY), (f32::NAN, 11.0)] {
            assert_eq!(check(&RecognizedPage { inches, ..read() }), Err(Wrong::Figure));
        }
        let note = Note::page("page.test", number(4), "Of another page.");
        assert_eq!(check(&RecognizedPage { notes: vec![note], ..read() }), Err(Wrong::Notes));
        let header = Header {
            page: None,
            of: None,
            sender: None,
            number: None,
            sent_at: None,
            text: Phi::new("x".repeat(MOST_HEADER + 1)),
        };
        let page = RecognizedPage { header: Some(header), ..read() };
        assert_eq!(check(&page), Err(Wrong::Header));
    }

    #[test]
    fn the_fill_of_a_box_is_a_share() {
        for (fill, outcome) in
            [("0.4", Ok(())), ("7.0", Err(Wrong::Figure)), ("-1", Err(Wrong::Figure))]
        {
            let mark = format!(
                r#"{{"box":[0,0,1,1],"state":"ticked","fill":{fill},"confidence":1,"label":"","label_box":null}}"#
            );
            let mark: TickBox = serde_json::from_str(&mark).unwrap();
            assert_eq!(check(&RecognizedPage { marks: vec![mark], ..read() }), outcome, "{fill}");
        }
    }

    #[test]
    fn codes_are_few_and_short() {
        let code = |text: usize| PrintedCode {
            format: CodeFormat::Qr,
            text: Phi::new("x".repeat(text)),
            bbox: BBox::PAGE,
        };
        let with = |codes| check(&RecognizedPage { codes, ..read() });
        assert_eq!(with(vec![code(MOST_CODE_TEXT); 3]), Ok(()));
        assert_eq!(with(vec![code(MOST_CODE_TEXT + 1)]), Err(Wrong::Codes));
        assert_eq!(with(vec![code(1); MOST_CODES + 1]), Err(Wrong::Codes));
    }

    #[test]
    fn what_goes_to_a_clerk_is_a_code_and_a_line() {
        assert_eq!(unreadable("pdf.password", "Locked."), Ok(()));
        for (code, message) in [
            ("", "Locked."),
            ("Page 1", "Locked."),
            ("pdf.password", "Locked.\x1b[2J"),
            ("pdf.password", &"x".repeat(MOST_SENTENCE + 1)),
        ] {
            assert_eq!(unreadable(code, message), Err(Wrong::Notes), "{code:?}");
        }
    }

    #[test]
    fn pages_and_notes_of_a_file_are_counted() {
        let of = |pages, notes| Inventory { media_type: MediaType::Tiff, pages, notes };
        let check = |inventory: Inventory| super::inventory(&inventory, &Limits::default());
        assert_eq!(check(of(1, Vec::new())), Ok(()));
        assert_eq!(check(of(0, Vec::new())), Err(Wrong::Pages));
        assert_eq!(check(of(u32::MAX, Vec::new())), Err(Wrong::Pages));
        let note = Note::document("file.test", "x");
        assert_eq!(check(of(1, vec![note; MOST_NOTES + 1])), Err(Wrong::Notes));
    }

    #[test]
    fn answers_are_to_the_questions_asked_and_carry_them_as_asked() {
        let asked = Question {
            page: number(1),
            bbox: BBox::new(0.123_456, 0.2, 0.3, 0.4),
            alphabet: Alphabet::Digits,
        };
        let answer =
            Answer { question: asked.clone(), text: Phi::from("12"), confidence: Confidence::FULL };
        let json = serde_json::to_string(&answer).unwrap();
        let came: Answer = serde_json::from_str(&json).unwrap();
        let checked = answers(vec![came.clone()], std::slice::from_ref(&asked)).unwrap();
        assert_eq!(checked[0].question, asked);
        let other = Question { bbox: BBox::PAGE, ..asked.clone() };
        assert_eq!(answers(vec![came.clone()], &[other]), Err(Wrong::Answers));
        assert_eq!(answers(vec![came.clone(), came], &[asked]), Err(Wrong::Answers));
    }

    #[test]
    fn a_packet_is_a_pdf() {
        assert_eq!(packet(b"%PDF-1.7\n"), Ok(()));
        assert_eq!(packet(b"<html>"), Err(Wrong::Packet));
    }
}
