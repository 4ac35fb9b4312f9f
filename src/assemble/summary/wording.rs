//! The contract's names in words for a reader.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::decide::disposition::{Action, Disposition};
use crate::extract::findings::{Field, ItemStatus, PageKind, Role};
use crate::vocab::{Evidence, EvidenceSource, PageNumber};

/// Parts of names that are written in their own way.
const ACRONYMS: [(&str, &str); 6] = [
    ("cmn", "CMN"),
    ("icd10", "ICD-10 code"),
    ("npi", "NPI"),
    ("tin", "TIN"),
    ("hcpcs", "HCPCS code"),
    ("id", "ID"),
];

/// `written_prescription`: "Written prescription".
pub fn sentence(name: &str) -> String {
    let words: Vec<&str> = name
        .split(['_', '.', '-'])
        .map(|word| {
            ACRONYMS.iter().find(|(plain, _)| *plain == word).map_or(word, |(_, written)| *written)
        })
        .collect();
    let text = words.join(" ");
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}

/// The contract's own name of a unit variant, in words.
fn of<T: Serialize>(value: T) -> String {
    serde_json::to_value(value)
        .ok()
        .and_then(|name| name.as_str().map(sentence))
        .unwrap_or_default()
}

/// "Fax cover".
pub fn page_kind(kind: PageKind) -> String {
    of(kind)
}

/// What is done, and where people find it.
pub fn disposition(disposition: &Disposition) -> String {
    let action = match disposition.action {
        Action::NewCase => "New case",
        Action::Attach => "Attached to a case",
        Action::Hold => "Waits for a person",
        Action::Redirect => "For somebody else; a person confirms",
        Action::Split => "Split into its parts",
        Action::Duplicate => "Received before",
        Action::Technical => "Could not be read",
    };
    match disposition.queue {
        Some(queue) => format!("{action}: {}", sentence(queue.as_str()).to_lowercase()),
        None => action.to_owned(),
    }
}

/// Behind a checklist item; empty when it is simply there.
pub fn item_status(status: ItemStatus) -> &'static str {
    match status {
        ItemStatus::Present => "",
        ItemStatus::PresentUnsigned => "not signed",
        ItemStatus::Stale => "too old",
        ItemStatus::Missing => "not found",
        ItemStatus::Unclear => "unclear, please look",
    }
}

/// Whose a provider entry is.
pub fn role(role: Role) -> &'static str {
    match role {
        Role::Ordering => "Ordering",
        Role::Rendering => "Rendering",
        Role::Facility => "Facility",
        Role::Unknown => "Provider",
    }
}

/// "p. 1, 3" of the pages that evidence stands on, each once, in order.
pub fn pages(evidence: &[Evidence]) -> String {
    let mut numbers: Vec<u32> =
        evidence.iter().filter_map(|e| e.page).map(PageNumber::get).collect();
    numbers.sort_unstable();
    numbers.dedup();
    if numbers.is_empty() {
        let beside = match evidence.last().map(|one| one.source) {
            None => "",
            Some(EvidenceSource::Person) => "as corrected",
            Some(_) => "sender's note",
        };
        return beside.to_owned();
    }
    format!("p. {}", runs(&numbers))
}

/// Rising numbers as "1-3, 5".
pub fn runs(numbers: &[u32]) -> String {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for &number in numbers {
        match runs.last_mut() {
            Some((_, end)) if *end + 1 == number => *end = number,
            _ => runs.push((number, number)),
        }
    }
    let text = |&(start, end): &(u32, u32)| match end - start {
        0 => start.to_string(),
        1 => format!("{start}, {end}"),
        _ => format!("{start}–{end}"),
    };
    runs.iter().map(text).collect::<Vec<_>>().join(", ")
}

/// A value as people write it: an ISO date as "3 Feb 1941", a North American
/// E.164 number as "212-555-0105", anything else as it is.
pub fn value(field: &Field) -> String {
    let value = field.value.expose();
    if let Ok(date) = value.parse::<Date>()
        && value.len() == "1941-02-03".len()
    {
        return date.strftime("%-d %b %Y").to_string();
    }
    match value.strip_prefix("+1") {
        Some(digits) if digits.len() == 10 && digits.bytes().all(|b| b.is_ascii_digit()) => {
            format!("{}-{}-{}", &digits[..3], &digits[3..6], &digits[6..])
        }
        _ => value.clone(),
    }
}

/// "6 Mar 2026, 15:00 UTC". The zone is always named.
pub fn time(time: Timestamp) -> String {
    time.to_zoned(TimeZone::UTC).strftime("%-d %b %Y, %H:%M UTC").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_words() {
        assert_eq!(sentence("written_prescription"), "Written prescription");
        assert_eq!(sentence("ordering.npi"), "Ordering NPI");
        assert_eq!(sentence("icd10"), "ICD-10 code");
        assert_eq!(page_kind(PageKind::FaxCover), "Fax cover");
    }

    #[test]
    fn page_numbers_run_together() {
        assert_eq!(runs(&[1, 2, 3, 5, 7, 8]), "1–3, 5, 7, 8");
    }
}
