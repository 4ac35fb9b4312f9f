//! What a header strip says: page counter, sender, number, time.
//!
//! Styles as printed by common machines and fax servers: Toshiba and other
//! multifunction devices, Canon, arrows, "Page 3 of 12", Imagicle, HylaFAX,
//! and bare counters.

use std::sync::LazyLock;

use jiff::civil::{Date, Time};
use regex::{Captures, Regex};

use crate::recognize::recognized::Header;
use crate::vocab::Phi;

/// The patterns are constants; a broken one is found by the first test.
macro_rules! pattern {
    ($name:ident, $text:expr) => {
        static $name: LazyLock<Regex> =
            LazyLock::new(|| Regex::new($text).expect("a constant pattern"));
    };
}

pattern!(
    COUNTER,
    r"(?i)\bP(?:a?ge?|ag|\.)?\s*[.:,]?\s*([0-9OIl@]{1,4})\s*(?:/|of|\|)\s*([0-9OIl@]{1,4})\b"
);
pattern!(PAGE, r"(?i)(?:\bP\s*[.,:]?\s*|\bPa?ge?\s*[.:]?\s*)([0-9OIl@]{1,4})\b");
pattern!(FRACTION, r"(?:^|\s)(\d{1,3})\s*/\s*(\d{1,3})$");
pattern!(LAST, r"\s([0-9@]{1,4})$");
pattern!(NUMERIC_DATE, r"\b(\d{1,4})([-/.])(\d{1,2})[-/.](\d{2,4})\b");
pattern!(
    MONTH_FIRST,
    r"(?i)\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*[. ]{1,2}(\d{1,2}),?\s+(\d{4})\b"
);
pattern!(
    DAY_FIRST,
    r"(?i)\b(\d{1,2})[ -](Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*[ -](\d{2,4})\b"
);
pattern!(TIME, r"(?i)\b(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AP])?\.?M?\b\.?");
pattern!(NUMBER, r"\+?(?:\d[ .-]?)?\(?\d{3}\)?[ .-]{0,2}\d{3}[ .-]?\d{4}\b|\+?\d{7,15}\b");
pattern!(AT_IN_NUMBER, r"([\d -])@");
pattern!(
    KEYWORD,
    r"(?i)\bFROM\b|\bTO\s*:|\bFAX\b|->|\bTEL\b|\bID\s*:|\bT-\d|\bF-\d|\bVIA\b|#\d{2,}"
);
pattern!(FORM_LABEL, r"(?i)\b(?:date|time|dob|birth|phone|patient|member|subject|re)\s*[:#]|birth");
pattern!(RECEIVER, r"(?i)(?:->|\bTO\b\s*:?).*$");
pattern!(
    CLUTTER,
    r"(?i)\b(?:FROM|FAX|TEL|VIA|ID|NO|No|Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b\s*[.:]?|\b[TF]-\d+\b|#\d+|\b[A-Z]{1,2}[SD]T\b|\bUTC\b|\bGMT\b|[|:;>]"
);

/// Parses a strip. `None` if the line is no strip but content: it must carry
/// a time with a counter, number or sender's mark, or a counter with a number
/// or date, or be nothing but a counter.
pub fn parse(line: &str) -> Option<Header> {
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    if FORM_LABEL.is_match(&line) {
        return None;
    }
    let (date, rest) = take_date(&line);
    let (time, rest) = take_time(&rest);
    let keyword = KEYWORD.is_match(&line);
    let (counter, rest) = take_counter(&rest, time.is_some() || keyword);
    let senders_part = RECEIVER.replace(&rest, " ").into_owned();
    // The same zeros within the number.
    let senders_part = AT_IN_NUMBER.replace_all(&senders_part, "${1}0").into_owned();
    let number = NUMBER.find(&senders_part).or_else(|| NUMBER.find(&rest));
    let number = number.map(|found| found.as_str().trim().to_owned());
    let sender = sender(&senders_part);
    let only_counter = counter.of.is_some() && sender.is_none() && number.is_none();
    let believable = (time.is_some()
        && (counter.page.is_some() || number.is_some() || keyword)
        && (date.is_some() || keyword || number.is_some()))
        || (counter.page.is_some() && (number.is_some() || (date.is_some() && keyword)))
        || (only_counter && line.len() <= 16);
    believable.then(|| Header {
        page: counter.page,
        of: counter.of,
        sender: sender.map(Phi::new),
        number: number.map(Phi::new),
        sent_at: stamp(date, time),
        text: Phi::new(line),
    })
}

#[derive(Default)]
struct Counter {
    page: Option<u32>,
    of: Option<u32>,
}

/// No fax has more pages; a counter above it was misread.
const MOST_PAGES: u32 = 500;

/// Machines print digits; the reader sees letters in them. Their zeros have a
/// dot or a stroke inside, and are read as `06` or `@`; counters are printed
/// with leading zeros up to three places.
fn digits(text: &str) -> Option<u32> {
    let text = if text.len() == 4 { text.replacen("06", "0", 1) } else { text.to_owned() };
    let text: String = text
        .chars()
        .map(|c| match c {
            'O' | 'o' | '@' => '0',
            'I' | 'l' => '1',
            other => other,
        })
        .collect();
    text.parse().ok().filter(|&number| number <= MOST_PAGES)
}

fn take_counter(line: &str, trailing_allowed: bool) -> (Counter, String) {
    let line = line.trim();
    for pattern in [&COUNTER, &FRACTION] {
        if let Some(found) = pattern.captures(line) {
            let of = digits(&found[2]);
            // "62/09" is "02/09": a dotted zero read as a six.
            let page = [found[1].to_owned(), found[1].replacen('6', "0", 1)]
                .iter()
                .filter_map(|page| digits(page))
                .find(|&page| page > 0 && Some(page) <= of);
            if page.is_some() {
                return (Counter { page, of }, without(line, &found));
            }
        }
    }
    let trailing = trailing_allowed.then(|| LAST.captures(line)).flatten();
    if let Some(found) = PAGE.captures(line).or(trailing) {
        let page = digits(&found[1]).filter(|&page| page > 0);
        return (Counter { page, of: None }, without(line, &found));
    }
    (Counter::default(), line.to_owned())
}

fn take_date(line: &str) -> (Option<Date>, String) {
    if let Some(found) = NUMERIC_DATE.captures(line) {
        return (numeric_date(&found), without(line, &found));
    }
    if let Some(found) = MONTH_FIRST.captures(line) {
        let date = date(year(&found[3]), month(&found[1]), found[2].parse().ok());
        return (date, without(line, &found));
    }
    if let Some(found) = DAY_FIRST.captures(line) {
        let date = date(year(&found[3]), month(&found[2]), found[1].parse().ok());
        return (date, without(line, &found));
    }
    (None, line.to_owned())
}

fn numeric_date(found: &Captures) -> Option<Date> {
    let (first, second) = (found[1].parse::<i8>().ok(), found[3].parse::<i8>().ok());
    if found[1].len() == 4 {
        return date(year(&found[1]), second, found[4].parse().ok());
    }
    // Dots are the European order, day first; elsewhere the month is first
    // unless it can be none.
    let day_first = &found[2] == "." || first > Some(12);
    let (month, day) = if day_first { (second, first) } else { (first, second) };
    date(year(&found[4]), month, day)
}

fn date(year: Option<i16>, month: Option<i8>, day: Option<i8>) -> Option<Date> {
    Date::new(year?, month?, day?).ok()
}

/// Two digits: fax machines with a clock exist since 1970.
fn year(text: &str) -> Option<i16> {
    let year: i16 = text.parse().ok()?;
    match (text.len(), year) {
        (2, 70..) => Some(1900 + year),
        (2, _) => Some(2000 + year),
        (4, _) => Some(year),
        _ => None,
    }
}

fn month(name: &str) -> Option<i8> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let name = name.to_lowercase();
    let place = MONTHS.iter().position(|month| name.starts_with(month))?;
    i8::try_from(place + 1).ok()
}

fn take_time(line: &str) -> (Option<Time>, String) {
    let Some(found) = TIME.captures(line) else {
        return (None, line.to_owned());
    };
    let hour = found[1].parse::<i8>().ok().map(|hour| {
        match found.get(4).map(|half| half.as_str().to_ascii_uppercase()) {
            Some(half) if half == "P" && hour < 12 => hour + 12,
            Some(half) if half == "A" && hour == 12 => 0,
            _ => hour,
        }
    });
    let seconds = found.get(3).map_or(Some(0), |s| s.as_str().parse().ok());
    let time = (|| Time::new(hour?, found[2].parse().ok()?, seconds?, 0).ok())();
    (time, without(line, &found))
}

fn stamp(date: Option<Date>, time: Option<Time>) -> Option<String> {
    match (date?, time) {
        (date, Some(time)) => Some(date.to_datetime(time).to_string()),
        (date, None) => Some(date.to_string()),
    }
}

/// What remains of the sender's part once numbers and clutter are gone.
fn sender(part: &str) -> Option<String> {
    let part = NUMBER.replace_all(part, " ");
    let part = CLUTTER.replace_all(&part, " ");
    let words: Vec<&str> = part
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric() && c != '&' && c != '.'))
        .filter(|word| word.chars().any(char::is_alphabetic) || word == &"&")
        .collect();
    let name = words.join(" ");
    (name.chars().filter(|c| c.is_alphabetic()).count() >= 2).then_some(name)
}

fn without(line: &str, found: &Captures) -> String {
    let whole = found.get(0).map_or(0..0, |m| m.range());
    format!("{} {}", line[..whole.start].trim_end(), line[whole.end..].trim_start())
        .trim()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// page, of, sender, number, time
    fn read(line: &str) -> (Option<u32>, Option<u32>, String, String, String) {
        let header = parse(line).unwrap_or_else(|| panic!("no strip: {line}"));
        let text = |value: Option<Phi<String>>| value.map(Phi::into_exposed).unwrap_or_default();
        (
            header.page,
            header.of,
            text(header.sender),
            text(header.number),
            header.sent_at.unwrap_or_default(),
        )
    }

    #[test]
    fn the_styles_of_common_machines() {
        let cases = [
            (
                "03-09-2026 10:00 FROM: LAKESIDE HME +1-212-555-0105 T-123 P.003/012 F-030",
                (Some(3), Some(12), "LAKESIDE HME", "+1-212-555-0105", "2026-03-09T10:00:00"),
            ),
            (
                "03/09/26 10:10 FAX 212 555 0105 LAKESIDE HME 003",
                (Some(3), None, "LAKESIDE HME", "212 555 0105", "2026-03-09T10:10:00"),
            ),
            (
                "3/9/2026 10:10PM +1(212) 555-0105 -> 2125550177 3",
                (Some(3), None, "", "+1(212) 555-0105", "2026-03-09T22:10:00"),
            ),
            (
                "Mar 09 2026 10:10 LAKESIDE HME 2125550105 Page 3 of 12",
                (Some(3), Some(12), "LAKESIDE HME", "2125550105", "2026-03-09T10:10:00"),
            ),
            (
                "3/9/2026 10:10 AM FROM:+12125550105 Lakeside HME TO:12125550177 Pag.3/12",
                (Some(3), Some(12), "Lakeside HME", "+12125550105", "2026-03-09T10:10:00"),
            ),
            (
                "From 2125550105 Mon 09 Mar 2026 10:10:02 AM CDT Page 3 of 12",
                (Some(3), Some(12), "", "2125550105", "2026-03-09T10:10:02"),
            ),
            (
                "03/09/26 10:10 FAX 212 555 0105 LAKESIDE HME 0063",
                (Some(3), None, "LAKESIDE HME", "212 555 0105", "2026-03-09T10:10:00"),
            ),
            ("PAGE 62/09", (Some(2), Some(9), "", "", "")),
            ("P. 03/12", (Some(3), Some(12), "", "", "")),
            ("03/12", (Some(3), Some(12), "", "", "")),
            (
                "7.6.2017 9:27 gesendet mit minifax.de 12125550105 1",
                (Some(1), None, "gesendet mit minifax.de", "12125550105", "2017-06-07T09:27:00"),
            ),
        ];
        for (line, (page, of, sender, number, sent_at)) in cases {
            let expected = (page, of, sender.to_owned(), number.to_owned(), sent_at.to_owned());
            assert_eq!(read(line), expected, "{line}");
        }
    }

    #[test]
    fn titles_letterheads_and_form_rows_are_no_strips() {
        for line in [
            "PRECERTIFICATION REQUEST",
            "Lakeside Home Medical Equipment",
            "Phone 212-555-0105 Fax 212-555-0106",
            "Date: 03/09/2026 Time: 10:10 AM Fax 212-555-0105",
            "DURABLE MEDICAL EQUIPMENT ORDER 03/09/2026",
            "Member ID U1234567801 DOB: 03/01/1958",
            "Page Memorial Hospital, 12 Lake Street",
            "FACSIMILE TRANSMITTAL SHEET",
        ] {
            assert!(parse(line).is_none(), "{line}");
        }
    }
}
