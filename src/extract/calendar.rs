//! Dates as people write them, and which day they mean.

use std::ops::Range;
use std::sync::LazyLock;

use jiff::civil::{Date, date};
use regex::{Captures, Regex};

use super::look_alikes;

/// A date in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The day it means.
    pub date: Date,
    /// Which bytes of the text.
    pub range: Range<usize>,
    /// Look-alikes replaced.
    pub repairs: usize,
    /// Whether the year was written.
    pub has_year: bool,
}

/// How a date without a full year is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pivot {
    /// Birth dates: always past.
    Past,
    /// Anything else: nearest to the day of receipt.
    Nearest,
}

/// Digits and what a fax makes of them; a separator that is one of `/ - .`.
const DIGIT: &str = r"[0-9OoQDIl|SBZ]";

static NUMERIC: LazyLock<Regex> = LazyLock::new(|| {
    compiled(&format!(
        r"(?:^|[^0-9A-Za-z/.\-])({DIGIT}{{1,2}})\s?[/\-.]\s?({DIGIT}{{1,2}})\s?[/\-.]\s?({DIGIT}{{4}}|{DIGIT}{{2}})(?:$|[^0-9A-Za-z/])"
    ))
});
/// A blank where a worn separator stood. Only with a full year: `03 09 26`
/// may be anything.
static WORN: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r"(?:^|[^0-9A-Za-z/.\-])(\d{1,2})(?:\s|\s?[/\-.°'’]\s?)(\d{1,2})(?:\s|\s?[/\-.°'’]\s?)((?:19|20)\d{2})(?:$|[^0-9A-Za-z/])",
    )
});
static ISO: LazyLock<Regex> =
    LazyLock::new(|| compiled(r"(?:^|[^0-9])((?:19|20)\d{2})-(\d{1,2})-(\d{1,2})(?:$|[^0-9])"));
/// The same, where the hyphens are worn off.
static WORN_ISO: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r"(?:^|[^0-9])(20\d{2})(?:\s|\s?[\-./]\s?)(\d{2})(?:\s|\s?[\-./]\s?)([\dlIO|]{2})(?:$|[^0-9A-Za-z])",
    )
});
/// The edge of a box, read as a one before the month: `103/13/26`.
static EDGED: LazyLock<Regex> = LazyLock::new(|| {
    compiled(r"(?:^|\s)1(0[1-9]|1[0-2])/(\d{1,2})/((?:19|20)?\d{2})(?:$|[^0-9A-Za-z/])")
});
static MONTH_FIRST: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r"(?i)\b(jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\.?\s?(\d{1,2})(?:st|nd|rd|th)?(?:,?\s?((?:19|20)\d{2}))?\b",
    )
});
/// The same, ones of the day read as letters; only with its year.
static WORN_MONTH_FIRST: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r"(?i)\b(jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*[.\s]\s?([\dlI|]{1,2}),?\s?((?:19|20)\d{2})\b",
    )
});
static DAY_FIRST: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r"(?i)\b(\d{1,2})[\s\-]?(jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*[\s\-,]{0,2}((?:19|20)\d{2}|\d{2})\b",
    )
});
static BARE: LazyLock<Regex> =
    LazyLock::new(|| compiled(r"(?:^|[^0-9A-Za-z/.\-])(\d{1,2})/(\d{1,2})(?:$|[^0-9A-Za-z/])"));

fn compiled(pattern: &str) -> Regex {
    #[expect(clippy::unwrap_used, reason = "constant patterns, all compiled in the tests")]
    Regex::new(pattern).unwrap()
}

/// All dates of a text, in order. `M/D` without a year counts where `pivot`
/// is [`Pivot::Nearest`]. Day before month is a misreading in the US: nothing
/// is swapped to make a date fit.
pub fn dates(text: &str, received_on: Date, pivot: Pivot) -> Vec<Written> {
    let mut found: Vec<Written> = Vec::new();
    let mut put = |written: Option<Written>| {
        let Some(written) = written else { return };
        let overlaps =
            |f: &Written| f.range.start < written.range.end && written.range.start < f.range.end;
        if !found.iter().any(overlaps) {
            found.push(written);
        }
    };
    let text = &look_alikes_of_slash(text);
    for c in ISO.captures_iter(text) {
        put(written(&c, (2, 3, 1), received_on, pivot));
    }
    for c in WORN_ISO.captures_iter(text) {
        put(written(&c, (2, 3, 1), received_on, pivot).map(|w| Written { repairs: 1, ..w }));
    }
    for c in NUMERIC.captures_iter(text) {
        put(written(&c, (1, 2, 3), received_on, pivot));
    }
    for c in WORN.captures_iter(text) {
        put(written(&c, (1, 2, 3), received_on, pivot).map(|w| Written { repairs: 1, ..w }));
    }
    for c in EDGED.captures_iter(text) {
        put(written(&c, (1, 2, 3), received_on, pivot).map(|w| Written { repairs: 1, ..w }));
    }
    for c in MONTH_FIRST.captures_iter(text).chain(WORN_MONTH_FIRST.captures_iter(text)) {
        put(written(&c, (1, 2, 3), received_on, pivot));
    }
    for c in DAY_FIRST.captures_iter(text) {
        put(written(&c, (2, 1, 3), received_on, pivot));
    }
    if pivot == Pivot::Nearest {
        for c in BARE.captures_iter(text) {
            put(written(&c, (1, 2, 9), received_on, pivot));
        }
    }
    found.sort_by_key(|w| w.range.start);
    found
}

/// Long dashes to hyphens, byte for byte where they are one byte wide only.
fn look_alikes_of_slash(text: &str) -> String {
    text.replace('\u{2044}', "/  ")
}

fn written(
    c: &Captures<'_>,
    (month, day, year): (usize, usize, usize),
    received_on: Date,
    pivot: Pivot,
) -> Option<Written> {
    let mut repairs = 0;
    let mut number = |group: usize| -> Option<i16> {
        let text = c.get(group)?.as_str();
        let digits = look_alikes::digits(text, 0)?;
        repairs += digits.count;
        digits.text.parse().ok()
    };
    let (m, d) = (
        c.get(month).and_then(|m| month_number(m.as_str())).or_else(|| number(month))?,
        number(day)?,
    );
    let y = c.get(year).is_some().then(|| number(year)).flatten();
    let letters_only =
        |g: usize| c.get(g).is_some_and(|m| !m.as_str().bytes().any(|b| b.is_ascii_digit()));
    let full_year = c.get(year).is_some_and(|m| m.len() == 4);
    // Half of the groups letters: a word with hyphens, not a date.
    if repairs > 0 && (letters_only(day) && !full_year || y.is_some() && letters_only(year)) {
        return None;
    }
    let (m, d) = (i8::try_from(m).ok()?, i8::try_from(d).ok()?);
    let day = match y {
        Some(y) if y >= 1000 => Date::new(y, m, d).ok()?,
        Some(y) => two_digit_year(y, m, d, received_on, pivot)?,
        None => nearest(m, d, received_on)?,
    };
    let day = if plausible(day, received_on) {
        day
    } else {
        repairs += 1;
        misread_year(day, received_on).filter(|_| pivot == Pivot::Nearest)?
    };
    let groups = [month, 1, 2, 3].into_iter().filter_map(|g| c.get(g));
    let (start, end) = groups.fold((usize::MAX, 0), |(s, e), g| (s.min(g.start()), e.max(g.end())));
    Some(Written { date: day, range: start..end, repairs, has_year: y.is_some() })
}

/// Nobody on a fax was born before this many years, and no request is for a
/// day further off than [`MOST_YEARS_AHEAD`].
const MOST_AGE: i16 = 121;
const MOST_YEARS_AHEAD: i16 = 6;

fn plausible(day: Date, received_on: Date) -> bool {
    day.year() >= received_on.year() - MOST_AGE
        && day.year() <= received_on.year() + MOST_YEARS_AHEAD
}

/// The year that was meant where one digit of a full year is another: `2326` on a
/// fax of 2026. Of two that might be, neither.
fn misread_year(day: Date, received_on: Date) -> Option<Date> {
    let written = format!("{:04}", day.year());
    let differs_by_one = |year: &i16| strsim::hamming(&written, &format!("{year:04}")) == Ok(1);
    let near = received_on.year() - 1..=received_on.year() + 1;
    let mut meant = near.filter(differs_by_one);
    let year = meant.next().filter(|_| meant.next().is_none())?;
    Date::new(year, day.month(), day.day()).ok()
}

fn two_digit_year(y: i16, m: i8, d: i8, received_on: Date, pivot: Pivot) -> Option<Date> {
    let century = received_on.year() / 100 * 100;
    let near = Date::new(century + y, m, d).ok();
    let past = || Date::new(century - 100 + y, m, d).ok();
    match (pivot, near) {
        (Pivot::Past, Some(day)) if day > received_on => past(),
        (Pivot::Nearest, Some(day)) if day.year() > received_on.year() + MOST_YEARS_AHEAD => past(),
        (_, Some(day)) => Some(day),
        (_, None) => past(),
    }
}

/// The year that brings a day nearest to receipt: `12/30` on a fax received
/// in January is last December's.
fn nearest(m: i8, d: i8, received_on: Date) -> Option<Date> {
    let years = [received_on.year() - 1, received_on.year(), received_on.year() + 1];
    let days = years.into_iter().filter_map(|y| Date::new(y, m, d).ok());
    days.min_by_key(|day| received_on.until(*day).map_or(i32::MAX, |s| s.get_days().abs()))
}

fn month_number(text: &str) -> Option<i16> {
    const NAMES: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let head = text.get(..3)?.to_ascii_lowercase();
    let place = NAMES.iter().position(|name| *name == head)?;
    i16::try_from(place + 1).ok()
}

/// The first day that is no more than this many calendar months back, the day
/// clamped to the month's end.
pub fn months_before(day: Date, months: i32) -> Date {
    day.checked_sub(jiff::Span::new().months(months)).unwrap_or(date(1, 1, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECEIVED: Date = date(2026, 3, 9);

    fn one(text: &str, pivot: Pivot) -> Option<String> {
        dates(text, RECEIVED, pivot).first().map(|w| w.date.to_string())
    }

    #[test]
    fn a_year_of_which_one_digit_was_misread() {
        assert_eq!(one("03/12/2326", Pivot::Nearest).as_deref(), Some("2026-03-12"));
        assert_eq!(one("03/12/1926", Pivot::Nearest).as_deref(), Some("1926-03-12"));
        assert_eq!(one("03/12/2395", Pivot::Nearest), None);
        // Nobody is born in a year that was guessed.
        assert_eq!(one("03/12/2326", Pivot::Past), None);
    }

    #[test]
    fn dates_as_people_write_them() {
        for (text, day) in [
            ("3/1/58", "1958-03-01"),
            ("03/01/1958", "1958-03-01"),
            ("03-01-1958", "1958-03-01"),
            ("1958-03-01", "1958-03-01"),
            ("01-MAR-1958", "1958-03-01"),
            ("March 1, 1958", "1958-03-01"),
            ("DOB:O3/0l/1958", "1958-03-01"),
            ("3/1/26", "2026-03-01"),
            ("03 01 1958", "1958-03-01"),
            ("03-01 1958", "1958-03-01"),
            ("03°01°1958", "1958-03-01"),
            ("2026 02 27", "2026-02-27"),
            ("2026-02 27", "2026-02-27"),
            ("2026 03 ll", "2026-03-11"),
            ("103/01/58", "1958-03-01"),
            ("DOS March ll, 2026", "2026-03-11"),
            ("3.12/2026", "2026-03-12"),
        ] {
            assert_eq!(one(text, Pivot::Past).as_deref(), Some(day), "{text}");
        }
        for bad in [
            "03 01 58",
            "212 555 0105",
            "02/30/1958",
            "13/02/1958",
            "1958",
            "3/1",
            "866-663-7740",
            "113/01/58",
            "1103/01/58",
            "mar ll",
            "1.2.3.4",
        ] {
            assert_eq!(one(bad, Pivot::Past), None, "{bad}");
        }
    }

    #[test]
    fn a_year_left_out_is_the_nearest() {
        let received = date(2026, 1, 3);
        let day = |text| dates(text, received, Pivot::Nearest)[0].date.to_string();
        assert_eq!(day("12/30"), "2025-12-30");
        assert_eq!(day("1/10"), "2026-01-10");
    }

    #[test]
    fn three_months_back_is_clamped() {
        assert_eq!(months_before(date(2026, 5, 31), 3), date(2026, 2, 28));
    }
}
