//! CMS's quarterly release of HCPCS Level II: which codes and modifiers exist,
//! and when they ended. The file ships as `HCPC<year>_<quarter>_ANWEB.txt`,
//! records of 320 columns (CMS, "HCPCS Contractor Record"), and as a sheet
//! that is read when saved as CSV.
//!
//! What is kept is small and our own: the code, its end, and the longer words
//! of the short description, which tell a misread code from a right one. The
//! families, payment classes and words of the shipped table stay; a release
//! adds to them, it takes nothing away.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{CodeFacts, CodeTable, PaymentClass};
use crate::vocab::{HcpcsCode, Modifier, Sha256Digest};

/// A release, as kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// Name of the file it was taken from.
    pub source: String,
    /// Digest of that file.
    pub sha256: String,
    /// Every code of the release.
    pub code: Vec<ReleasedCode>,
    /// Every modifier of the release, with its short description.
    pub modifiers: BTreeMap<Modifier, String>,
}

/// A code of a release.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReleasedCode {
    /// The code.
    pub code: HcpcsCode,
    /// Lower-case words of its short description, four letters and more.
    pub words: Vec<String>,
    /// The last day it is valid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Date>,
}

/// Why a file is no release.
#[derive(Debug, thiserror::Error)]
pub enum ReleaseError {
    /// Neither of the two shapes.
    #[error(
        "no code was found: neither records of 320 columns (…_ANWEB.txt) nor a CSV with the columns HCPC, RECID, SHORT DESCRIPTION and TERM DT"
    )]
    Empty,
    /// A date that is none.
    #[error("line {line}: {text:?} is no date")]
    Date {
        /// Counted from 1.
        line: usize,
        /// As written.
        text: String,
    },
    /// The CSV itself.
    #[error("the CSV cannot be read: {0}")]
    Csv(#[from] csv::Error),
}

/// Family of a code that the shipped table does not know.
const FAMILY: &str = "other";

/// One record, whichever way it was written.
struct Record<'t> {
    line: usize,
    code: &'t str,
    kind: &'t str,
    short: &'t str,
    ended: &'t str,
}

impl Release {
    /// Reads a release of CMS in either shape.
    pub fn read(source: &str, bytes: &[u8]) -> Result<Self, ReleaseError> {
        // CMS writes Windows-1252; what is kept is ASCII, and a curly quote must
        // not move the columns behind it.
        let plain = |b: &u8| if b.is_ascii() { char::from(*b) } else { '?' };
        let text: String = bytes.iter().map(plain).collect();
        let sha256 = Sha256Digest::of(bytes).to_string();
        let mut release =
            Self { source: source.to_owned(), sha256, code: vec![], modifiers: BTreeMap::new() };
        let csv = text.lines().take(20).any(|line| line.contains(',') && line.contains("HCPC"));
        if csv {
            release.read_csv(&text)?;
        } else {
            for (index, line) in text.lines().enumerate() {
                release.take(&columns(line, index + 1))?;
            }
        }
        if release.code.is_empty() { Err(ReleaseError::Empty) } else { Ok(release) }
    }

    fn read_csv(&mut self, text: &str) -> Result<(), ReleaseError> {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        let mut places: Option<[usize; 4]> = None;
        for row in reader.records() {
            let row = row?;
            let place = |name: &str| row.iter().position(|cell| cell.trim() == name);
            let Some([code, kind, short, ended]) = places else {
                // Titles may stand above the header.
                places = (|| {
                    let ended = place("TERM DT").or_else(|| place("TERM_DT"))?;
                    Some([place("HCPC")?, place("RECID")?, place("SHORT DESCRIPTION")?, ended])
                })();
                continue;
            };
            let cell = |at: usize| row.get(at).unwrap_or("").trim();
            let line = row.position().map_or(0, |p| usize::try_from(p.line()).unwrap_or(0));
            self.take(&Record {
                line,
                code: cell(code),
                kind: cell(kind),
                short: cell(short),
                ended: cell(ended),
            })?;
        }
        Ok(())
    }

    fn take(&mut self, record: &Record<'_>) -> Result<(), ReleaseError> {
        match record.kind {
            // The first record of a code; further ones go on with its text.
            "3" => {
                if let Ok(code) = HcpcsCode::parse(record.code) {
                    let ended = day(record)?;
                    self.code.push(ReleasedCode { code, words: words(record.short), ended });
                }
            }
            // Of a modifier.
            "7" => {
                if let Ok(modifier) = Modifier::parse(record.code) {
                    self.modifiers.insert(modifier, record.short.to_lowercase());
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Adds what the release knows to a table.
    pub fn add_to(&self, table: &mut CodeTable) {
        for released in &self.code {
            // A CPT code in the file is not ours to keep, and of the shipped
            // table's own the end is all that changes.
            if released.code.is_cpt() {
                continue;
            }
            let facts = table.codes.entry(released.code.clone()).or_insert_with(|| CodeFacts {
                family: FAMILY.to_owned(),
                payment: PaymentClass::Na,
                ended: None,
                words: released.words.clone(),
                // Nobody has looked whether a diagnosis has the same
                // characters: it must be announced as a procedure.
                icd_collision: true,
            });
            facts.ended = released.ended.or(facts.ended);
        }
        for (modifier, meaning) in &self.modifiers {
            table.modifiers.entry(modifier.clone()).or_insert_with(|| meaning.clone());
        }
    }
}

/// A record of 320 columns: code 1–5 (a modifier at 4–5), record kind 11,
/// short description 92–119, termination 285–292.
fn columns(line: &str, number: usize) -> Record<'_> {
    let part =
        |from: usize, to: usize| line.get(from - 1..to.min(line.len())).unwrap_or_default().trim();
    Record {
        line: number,
        code: part(1, 5),
        kind: part(11, 11),
        short: part(92, 119),
        ended: part(285, 292),
    }
}

/// `20151231`, or a spreadsheet's `12/31/2015`.
fn day(record: &Record<'_>) -> Result<Option<Date>, ReleaseError> {
    let text = record.ended;
    if text.is_empty() || text.bytes().all(|b| b == b'0') {
        return Ok(None);
    }
    let parsed = Date::strptime("%Y%m%d", text).or_else(|_| Date::strptime("%m/%d/%Y", text));
    parsed.map(Some).map_err(|_| ReleaseError::Date { line: record.line, text: text.to_owned() })
}

fn words(description: &str) -> Vec<String> {
    let lower = description.to_lowercase();
    let long = lower.split(|c: char| !c.is_alphabetic()).filter(|word| word.len() >= 4);
    long.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(code: &str, kind: char, short: &str, ended: &str) -> String {
        let mut line = vec![b' '; 320];
        let mut put = |at: usize, text: &str| {
            line[at - 1..at - 1 + text.len()].copy_from_slice(text.as_bytes());
        };
        put(if code.len() == 2 { 4 } else { 1 }, code);
        put(6, "00100");
        put(11, &kind.to_string());
        put(92, short);
        put(285, ended);
        String::from_utf8(line).unwrap()
    }

    fn shipped() -> CodeTable {
        CodeTable::parse(include_str!("../../../models/codes/hcpcs.toml")).unwrap()
    }

    #[test]
    fn records_of_columns_add_codes_ends_and_modifiers() {
        let text = [
            record("E0260", '3', "Hosp bed semi-electr w/ matt", ""),
            record("E0260", '4', "goes on", "20200101"),
            record("E8999", '3', "Invented thing with wheels", ""),
            record("E0261", '3', "Hosp bed semi-electr w/o mat", "20260331"),
            record("ZZ", '7', "Invented modifier", ""),
            record("D0150", '3', "Dental, never kept", ""),
        ]
        .join("\r\n");
        let release = Release::read("HCPC2026_ANWEB.txt", text.as_bytes()).unwrap();
        assert_eq!(release.code.len(), 3);
        let mut table = shipped();
        let before = table.iter().count();
        release.add_to(&mut table);
        assert_eq!(table.iter().count(), before + 1);
        let facts = |code: &str| table.get(&HcpcsCode::parse(code).unwrap()).unwrap();
        assert_eq!(facts("E0260").ended, None);
        assert_eq!(facts("E0260").family, "hospital_bed");
        assert_eq!(facts("E0261").ended, Some(jiff::civil::date(2026, 3, 31)));
        assert_eq!(facts("E8999").family, "other");
        assert_eq!(facts("E8999").words, ["invented", "thing", "with", "wheels"]);
        assert!(table.modifier(&Modifier::parse("ZZ").unwrap()).is_some());
        // As kept, and read again.
        let kept = toml::to_string(&release).unwrap();
        assert_eq!(toml::from_str::<Release>(&kept).unwrap(), release);
    }

    #[test]
    fn a_curly_quote_moves_no_column() {
        let mut bytes = record("E0261", '3', "Hosp bed", "20260331").into_bytes();
        bytes[30] = 0x92;
        let release = Release::read("x", &bytes).unwrap();
        assert_eq!(release.code[0].ended, Some(jiff::civil::date(2026, 3, 31)));
    }

    #[test]
    fn a_sheet_saved_as_csv_is_read_too() {
        let text = "Title above,,,\nHCPC,SEQNUM,RECID,LONG DESCRIPTION,SHORT DESCRIPTION,TERM DT\n\
            E0261,00100,3,\"Bed, with commas\",Hosp bed,3/31/2026\nZZ,00100,7,Modifier,Invented,\n";
        let release = Release::read("sheet.csv", text.as_bytes()).unwrap();
        assert_eq!(release.code[0].ended, Some(jiff::civil::date(2026, 3, 31)));
        assert_eq!(release.modifiers.len(), 1);
    }

    #[test]
    fn what_is_no_release_is_refused() {
        assert!(matches!(Release::read("x", b"hello\n"), Err(ReleaseError::Empty)));
        let bad = record("E0260", '3', "Bed", "soon");
        let refused = Release::read("x", bad.as_bytes());
        assert!(matches!(refused, Err(ReleaseError::Date { line: 1, .. })), "{refused:?}");
    }
}
