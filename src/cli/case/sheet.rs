//! The CSV in which a case system tells of its cases.
//!
//! What is wrong is told by line and column and never by its value, which may
//! be a patient's. A row of another length than the heading is wrong too: a
//! comma in a name that nobody quoted moves every cell behind it.

use std::collections::{BTreeSet, HashMap};
use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{line, words};
use crate::decide::register::{CaseLine, CaseMember, CaseRecord, CaseReference, CaseState};
use crate::extract::findings::{Item, ReferenceKind};
use crate::program::{FieldName, Programs};
use crate::store::ImportedCase;
use crate::vocab::codes::CodeTable;
use crate::vocab::{CaseRef, HcpcsCode, Npi, Phi};

/// What rows are held against.
pub struct Terms<'a> {
    /// Programs that a row may name, whenever they are in force.
    pub programs: &'a Programs,
    /// Codes and their families.
    pub codes: &'a CodeTable,
    /// No date of birth is later.
    pub today: Date,
    /// Where a day without a time begins.
    pub zone: TimeZone,
}

/// A file that is in order.
#[derive(Debug)]
pub struct Sheet {
    /// Rows with their lines in the file, counted from 1.
    pub rows: Vec<(u64, ImportedCase)>,
    /// Names of columns that nobody reads.
    pub unread: Vec<String>,
    /// Codes that no table knows.
    pub unknown: BTreeSet<HcpcsCode>,
}

/// Why a file is not taken in. Holds no value of it.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    /// The CSV itself. The parser tells places and lengths.
    #[error("the CSV cannot be read: {0}")]
    Csv(#[from] csv::Error),
    /// A column that must be there.
    #[error("no column is called {0}; the first row names the columns")]
    NoColumn(&'static str),
    /// A column that is there twice.
    #[error("two columns are called {0}")]
    TwoColumns(&'static str),
    /// Rows that cannot be meant.
    #[error("{}", told(.0))]
    Rows(Vec<Wrong>),
    /// More than are taken in at once.
    #[error("there are more than {MOST_ROWS} rows; import them in several files")]
    TooMany,
}

/// Rows of one file; each is held in memory, at about a KiB.
const MOST_ROWS: usize = 1_000_000;
/// Wrong cells that are told; whoever mends these imports again.
const MOST_TOLD: usize = 50;

/// A cell that cannot be meant.
#[derive(Debug, PartialEq, Eq)]
pub struct Wrong {
    line: u64,
    column: &'static str,
    why: &'static str,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, {}: {}", self.line, self.column, self.why)
    }
}

fn told(wrong: &[Wrong]) -> String {
    let mut lines: Vec<String> = wrong.iter().take(MOST_TOLD).map(ToString::to_string).collect();
    if wrong.len() > MOST_TOLD {
        lines.push(format!("and {} more", wrong.len() - MOST_TOLD));
    }
    lines.join("\n")
}

const NUMBER: &str = "number";
const OPENED: &str = "opened";
/// All that are read.
const COLUMNS: [&str; 18] = [
    NUMBER,
    OPENED,
    "intake_reference",
    "state",
    "program",
    "member_name",
    "date_of_birth",
    "member_id",
    "ordering_npi",
    "rendering_npi",
    "codes",
    "authorizations",
    "hold_reference",
    "asked",
    "due",
    "decided",
    "by_phone",
    "note",
];

impl Sheet {
    /// Reads a CSV whose first row names its columns; `draw` draws references
    /// for cases that are not known yet.
    pub fn read(bytes: &[u8], terms: &Terms, draw: fn() -> CaseRef) -> Result<Self, SheetError> {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
        let columns = Columns::of(reader.headers()?)?;
        let mut sheet =
            Self { rows: Vec::new(), unread: columns.unread.clone(), unknown: BTreeSet::new() };
        let mut wrong = Vec::new();
        let mut seen: HashMap<String, u64> = HashMap::new();
        for record in reader.records() {
            let record = record?;
            if record.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            if sheet.rows.len() == MOST_ROWS {
                return Err(SheetError::TooMany);
            }
            let line = record.position().map_or(0, csv::Position::line);
            let mut row =
                Row { record: &record, columns: &columns, terms, line, wrong: &mut wrong };
            if record.len() != columns.count {
                row.complain(NUMBER, "the row has not as many cells as the first one");
                continue;
            }
            let case = row.case(draw);
            if seen.insert(case.number.expose().clone(), line).is_some() {
                row.complain(NUMBER, "an earlier row has the same");
            }
            let lines = case.record.lines.iter().filter(|line| line.family.is_empty());
            sheet.unknown.extend(lines.filter_map(|line| line.code.clone()));
            sheet.rows.push((line, case));
        }
        if wrong.is_empty() { Ok(sheet) } else { Err(SheetError::Rows(wrong)) }
    }
}

/// Where the columns stand.
struct Columns {
    places: HashMap<&'static str, usize>,
    unread: Vec<String>,
    count: usize,
}

impl Columns {
    fn of(header: &csv::StringRecord) -> Result<Self, SheetError> {
        let mut columns = Self { places: HashMap::new(), unread: Vec::new(), count: header.len() };
        for (place, cell) in header.iter().enumerate() {
            let plain = cell.trim().trim_start_matches('\u{feff}').to_lowercase();
            let name = plain.replace([' ', '-'], "_");
            match COLUMNS.into_iter().find(|column| *column == name) {
                Some(column) if columns.places.insert(column, place).is_some() => {
                    return Err(SheetError::TwoColumns(column));
                }
                Some(_) => {}
                None => columns.unread.push(plain),
            }
        }
        for needed in [NUMBER, OPENED] {
            if !columns.places.contains_key(needed) {
                return Err(SheetError::NoColumn(needed));
            }
        }
        Ok(columns)
    }
}

/// One row being read; what is wrong with it is noted and read over.
struct Row<'r> {
    record: &'r csv::StringRecord,
    columns: &'r Columns,
    terms: &'r Terms<'r>,
    line: u64,
    wrong: &'r mut Vec<Wrong>,
}

impl<'r> Row<'r> {
    fn case(&mut self, draw: fn() -> CaseRef) -> ImportedCase {
        let linked = self.parsed("intake_reference", "is no reference of a case of ours", |text| {
            text.parse::<CaseRef>().ok()
        });
        let opened_at = self.moment(OPENED);
        if self.cell(OPENED).is_none() {
            self.complain(OPENED, "is empty");
        }
        let number = self.cell(NUMBER).unwrap_or_else(|| {
            self.complain(NUMBER, "is empty");
            ""
        });
        let is_linked = linked.is_some();
        let record = CaseRecord {
            program: self.program(),
            state: self
                .parsed("state", "is no state of a case", CaseState::parse)
                .unwrap_or_default(),
            member: self.member(),
            ordering: self.npi("ordering_npi"),
            rendering: self.npi("rendering_npi"),
            lines: self.lines(),
            references: self.references(number),
            asked: self.asked(),
            hold_reference: self.cell("hold_reference").map(Phi::from),
            hold_due: self.moment("due"),
            decided_at: self.moment("decided"),
            by_phone: self.yes("by_phone"),
            note: self.cell("note").map(Phi::from),
            ..CaseRecord::new(linked.unwrap_or_else(draw), opened_at.unwrap_or_default())
        };
        ImportedCase { number: Phi::from(number), record, is_linked }
    }

    fn cell(&self, column: &'static str) -> Option<&'r str> {
        let place = self.columns.places.get(column)?;
        self.record.get(*place).map(str::trim).filter(|text| !text.is_empty())
    }

    fn complain(&mut self, column: &'static str, why: &'static str) {
        self.wrong.push(Wrong { line: self.line, column, why });
    }

    fn parsed<T>(
        &mut self,
        column: &'static str,
        why: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let parsed = parse(self.cell(column)?);
        if parsed.is_none() {
            self.complain(column, why);
        }
        parsed
    }

    fn program(&mut self) -> Option<String> {
        let programs = self.terms.programs;
        self.parsed("program", "is no program that is known", |id| {
            programs.get(id).map(|program| program.id.clone())
        })
    }

    fn member(&mut self) -> CaseMember {
        let today = self.terms.today;
        let is_id = |id: &str| {
            id.contains(|c: char| c.is_ascii_digit())
                && id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-'))
        };
        CaseMember {
            name: self.parsed("member_name", "is no name", |name| {
                name.contains(char::is_alphabetic).then(|| Phi::from(name))
            }),
            date_of_birth: self
                .parsed("date_of_birth", "is no day before today, such as 1958-03-01", |text| {
                    day(text).filter(|day| *day <= today)
                })
                .map(Phi::new),
            id: self.parsed("member_id", "has more than letters, digits, blanks, hyphens", |id| {
                is_id(id).then(|| Phi::from(id))
            }),
        }
    }

    fn npi(&mut self, column: &'static str) -> Option<Npi> {
        self.parsed(column, "is no NPI: ten digits that pass their check", |text| {
            Npi::parse(text).ok()
        })
    }

    fn lines(&mut self) -> Vec<CaseLine> {
        let codes = self.terms.codes;
        let read = self.parsed("codes", "holds something that is no HCPCS or CPT code", |text| {
            let codes = words(text).map(|word| HcpcsCode::parse(&word.to_uppercase()));
            codes.collect::<Result<Vec<_>, _>>().ok()
        });
        read.into_iter().flatten().map(|code| line(code, codes)).collect()
    }

    fn references(&self, number: &str) -> Vec<CaseReference> {
        let reference = |kind, value| CaseReference { kind, value: Phi::from(value) };
        let others = self.cell("authorizations").into_iter().flat_map(words);
        [reference(ReferenceKind::Case, number)]
            .into_iter()
            .chain(others.map(|value| reference(ReferenceKind::Authorization, value)))
            .collect()
    }

    fn asked(&mut self) -> Vec<String> {
        let is_name = |name: &str| Item::parse(name).is_some() || FieldName::parse(name).is_some();
        let why = "holds something that is no item or field, such as visit_note or member.id";
        let read = self.parsed("asked", why, |text| {
            let names: Vec<String> = words(text).map(str::to_owned).collect();
            names.iter().all(|name| is_name(name)).then_some(names)
        });
        read.unwrap_or_default()
    }

    fn moment(&mut self, column: &'static str) -> Option<Timestamp> {
        let zone = self.terms.zone.clone();
        self.parsed(
            column,
            "is no day or time, such as 2026-03-09 or 2026-03-09T15:00:00Z",
            |text| {
                let at_midnight =
                    |day: Date| day.to_zoned(zone).ok().map(|zoned| zoned.timestamp());
                text.parse().ok().or_else(|| day(text).and_then(at_midnight))
            },
        )
    }

    fn yes(&mut self, column: &'static str) -> bool {
        let read = self.parsed(column, "is neither yes nor no", |text| {
            match text.to_ascii_lowercase().as_str() {
                "yes" | "y" | "true" | "1" => Some(true),
                "no" | "n" | "false" | "0" => Some(false),
                _ => None,
            }
        });
        read.unwrap_or(false)
    }
}

/// A day as people and machines write it here: year first, or month first.
fn day(text: &str) -> Option<Date> {
    let plain = text.len() == 10 && text.is_ascii();
    let iso = || text.parse::<Date>().ok().filter(|_| plain);
    iso().or_else(|| Date::strptime("%m/%d/%Y", text).ok())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::config::{ImportedCodes, Knowledge};

    fn read(csv: &str) -> Result<Sheet, SheetError> {
        let knowledge = Knowledge::load(None, &ImportedCodes::default()).unwrap();
        let terms = Terms {
            programs: &knowledge.programs,
            codes: &knowledge.codes,
            today: date(2026, 3, 9),
            zone: TimeZone::UTC,
        };
        Sheet::read(csv.as_bytes(), &terms, || CaseRef::from_random(1))
    }

    #[test]
    fn a_row_says_what_its_columns_are_called() {
        let sheet = read(
            "\u{feff}Number,Opened,State,Member Name,Date of Birth,codes,asked,colour\n\
             5550101,3/2/2026,hold_insufficient,\"Sample, Edith\",03/01/1958,e0260; E9999,\
             visit_note member.id,red\n,,,,,,,\n",
        )
        .unwrap();
        let [(2, row)] = sheet.rows.as_slice() else { panic!() };
        let case = &row.record;
        assert_eq!(row.number.expose(), "5550101");
        assert_eq!(case.references[0].value.expose(), "5550101");
        assert_eq!(case.opened_at, "2026-03-02T00:00:00Z".parse().unwrap());
        assert_eq!(case.state, CaseState::HoldInsufficient);
        assert_eq!(case.member.date_of_birth, Some(Phi::new(date(1958, 3, 1))));
        assert_eq!(case.families().collect::<Vec<_>>(), ["hospital_bed"]);
        assert_eq!(case.asked, ["visit_note", "member.id"]);
        assert_eq!(sheet.unread, ["colour"]);
        assert_eq!(sheet.unknown.len(), 1);
    }

    #[test]
    fn every_wrong_cell_is_told_by_line_and_column_and_none_by_its_value() {
        let refused = read(
            "number,opened,state,program,member_name,date_of_birth,member_id,ordering_npi,codes,\
             asked,by_phone\n\
             ,never,resting,nobodys,...,2031-04-05,Edith_Sample,1234567890,tomorrow,love,maybe\n\
             7,2026-03-02,,,Sample, Edith,,,,,,,\n\
             7,2026-03-02,,,,,,,,,\n\
             7,2026-03-02,,,,,,,,,\n",
        );
        let said = refused.unwrap_err().to_string();
        assert_eq!(said.lines().filter(|line| line.starts_with("line 2, ")).count(), 11, "{said}");
        assert!(said.contains("line 2, member_id: ") && said.contains("line 3, number: "));
        assert!(said.contains("line 5, number: an earlier row"), "{said}");
        for value in ["never", "resting", "nobodys", "2031", "Edith", "1234567890", "love"] {
            assert!(!said.contains(value), "{value}: {said}");
        }
    }

    #[test]
    fn a_file_without_a_heading_is_refused_without_being_quoted() {
        let said = read("5550101,2026-03-02,Edith Sample\n").unwrap_err().to_string();
        assert!(said.contains("no column is called number") && !said.contains("dith"), "{said}");
        assert!(matches!(read("number,opened,number\n"), Err(SheetError::TwoColumns("number"))));
        assert!(matches!(read("number\n"), Err(SheetError::NoColumn("opened"))));
    }
}
