//! A plan's own list of codes: those that need precertification, or those that
//! somebody else reviews. The client supplies it; nothing of the kind ships.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::vocab::{HcpcsCode, Sha256Digest};

/// A list, as kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeList {
    /// By which program models name it: `delegated_49`.
    pub id: String,
    /// Name of the file it was taken from.
    pub source: String,
    /// Digest of that file.
    pub sha256: String,
    /// The codes, in the order of the file.
    pub code: Vec<ListedCode>,
}

/// A code with the days on which it is on the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListedCode {
    /// The code.
    pub code: HcpcsCode,
    /// First day; always if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// Last day; open if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
}

/// Why a file is no list. Every bad row is named.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// No header names a column of codes.
    #[error("no column is called code, hcpcs, hcpcs code or procedure code")]
    NoColumn,
    /// No code in it.
    #[error("there is no code in it")]
    Empty,
    /// Rows that cannot be meant.
    #[error("{}", .0.join("\n"))]
    Rows(Vec<String>),
    /// The CSV itself.
    #[error("the CSV cannot be read: {0}")]
    Csv(#[from] csv::Error),
}

const CODE: [&str; 4] = ["code", "hcpcs", "hcpcs code", "procedure code"];
const FROM: [&str; 4] = ["from", "effective from", "effective date", "start date"];
const UNTIL: [&str; 5] = ["until", "effective to", "end date", "termination date", "to"];

impl CodeList {
    /// Reads a CSV whose first row names its columns. Rows without a first day
    /// of their own get `from`.
    pub fn read(
        id: &str,
        source: &str,
        bytes: &[u8],
        from: Option<Date>,
    ) -> Result<Self, ListError> {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
        let header = reader.headers()?.clone();
        let place = |names: &[&str]| {
            header.iter().position(|cell| {
                let cell = cell.trim().trim_start_matches('\u{feff}').to_lowercase();
                names.contains(&cell.replace('_', " ").as_str())
            })
        };
        let at_code = place(&CODE).ok_or(ListError::NoColumn)?;
        let (at_from, at_until) = (place(&FROM), place(&UNTIL));
        let mut list = Self {
            id: id.to_owned(),
            source: source.to_owned(),
            sha256: Sha256Digest::of(bytes).to_string(),
            code: Vec::new(),
        };
        let mut wrong = Vec::new();
        for row in reader.records() {
            let row = row?;
            let line = row.position().map_or(0, csv::Position::line);
            let cell = |at: usize| row.get(at).unwrap_or("").trim();
            if row.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            let mut day = |at: Option<usize>| match at.map(cell) {
                None | Some("") => None,
                Some(text) => {
                    let parsed = text.parse().or_else(|_| Date::strptime("%m/%d/%Y", text)).ok();
                    if parsed.is_none() {
                        wrong.push(format!("line {line}: {text:?} is no date"));
                    }
                    parsed
                }
            };
            let (first, last) = (day(at_from).or(from), day(at_until));
            match HcpcsCode::parse(&cell(at_code).to_uppercase()) {
                Ok(_) if first.zip(last).is_some_and(|(first, last)| last < first) => {
                    wrong.push(format!("line {line}: it ends before it begins"));
                }
                Ok(code) => list.code.push(ListedCode { code, from: first, until: last }),
                Err(_) => wrong.push(format!("line {line}: {:?} is no code", cell(at_code))),
            }
        }
        if !wrong.is_empty() {
            return Err(ListError::Rows(wrong));
        }
        if list.code.is_empty() { Err(ListError::Empty) } else { Ok(list) }
    }

    /// Whether a code is on the list on a day.
    pub fn holds(&self, code: &HcpcsCode, on: Date) -> bool {
        self.code.iter().any(|listed| {
            listed.code == *code
                && listed.from.is_none_or(|from| from <= on)
                && listed.until.is_none_or(|until| on <= until)
        })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn codes_are_listed_from_their_first_to_their_last_day() {
        let csv = "HCPCS Code,Description,Effective_Date,End Date\n\
            e0260,bed,,\nE1390,concentrator,3/7/2026,2026-12-31\n,,,\n";
        let from = Some(date(2026, 3, 7));
        let list = CodeList::read("delegated_49", "list.csv", csv.as_bytes(), from).unwrap();
        let code = |text: &str| HcpcsCode::parse(text).unwrap();
        assert!(list.holds(&code("E0260"), date(2026, 3, 7)));
        assert!(!list.holds(&code("E0260"), date(2026, 3, 6)));
        assert!(list.holds(&code("E1390"), date(2026, 12, 31)));
        assert!(!list.holds(&code("E1390"), date(2027, 1, 1)));
        assert!(!list.holds(&code("E0601"), date(2026, 3, 7)));
        let kept = toml::to_string(&list).unwrap();
        assert_eq!(toml::from_str::<CodeList>(&kept).unwrap(), list);
    }

    #[test]
    fn every_bad_row_is_named() {
        let csv = "code,from,until\nE02,,\nE0260,soon,\nE0260,2026-02-01,2026-01-01\n";
        let refused = CodeList::read("x", "x.csv", csv.as_bytes(), None).unwrap_err().to_string();
        assert_eq!(refused.lines().count(), 3, "{refused}");
        assert!(matches!(CodeList::read("x", "x", b"a,b\n", None), Err(ListError::NoColumn)));
        assert!(matches!(CodeList::read("x", "x", b"code\n", None), Err(ListError::Empty)));
    }
}
