//! CMS's monthly file of the National Plan and Provider Enumeration System,
//! `npidata_pfile_<from>-<to>.csv`: one row an NPI, columns named in the first
//! row (CMS, "NPPES Data Dissemination, Readme").

use std::path::Path;

use super::{DirectoryError, Imported, options};
use crate::vocab::Npi;

/// Rows in one transaction.
const BATCH: u64 = 20_000;

/// Where the columns stand that are kept; the file has over three hundred.
struct Columns {
    npi: usize,
    organization: usize,
    family: usize,
    given: usize,
    deactivated: usize,
    reactivated: usize,
    phones: [usize; 2],
    faxes: [usize; 2],
}

impl Columns {
    fn of(header: &csv::StringRecord) -> Result<Self, DirectoryError> {
        let place = |name: &str| {
            let found = header.iter().position(|cell| {
                cell.trim().trim_start_matches('\u{feff}').eq_ignore_ascii_case(name)
            });
            found.ok_or_else(|| {
                DirectoryError::Format(format!(
                    "there is no column {name:?}: give npidata_pfile_….csv out of CMS's NPPES zip"
                ))
            })
        };
        Ok(Self {
            npi: place("NPI")?,
            organization: place("Provider Organization Name (Legal Business Name)")?,
            family: place("Provider Last Name (Legal Name)")?,
            given: place("Provider First Name")?,
            deactivated: place("NPI Deactivation Date")?,
            reactivated: place("NPI Reactivation Date")?,
            phones: [
                place("Provider Business Mailing Address Telephone Number")?,
                place("Provider Business Practice Location Address Telephone Number")?,
            ],
            faxes: [
                place("Provider Business Mailing Address Fax Number")?,
                place("Provider Business Practice Location Address Fax Number")?,
            ],
        })
    }
}

/// Writes a database of its own beside the one in use.
pub async fn import(database: &Path, file: &Path) -> Result<Imported, DirectoryError> {
    let mut reader = csv::Reader::from_path(file)?;
    let columns = Columns::of(reader.headers()?)?;
    make_file(database)?;
    let pool = sqlx::sqlite::SqlitePoolOptions::new()
        .max_connections(1)
        .connect_with(options(database))
        .await?;
    sqlx::query(
        "CREATE TABLE provider (npi INTEGER PRIMARY KEY, name TEXT NOT NULL, \
         active INTEGER NOT NULL, phones TEXT NOT NULL, faxes TEXT NOT NULL)",
    )
    .execute(&pool)
    .await?;
    let mut imported = Imported::default();
    let mut row = csv::StringRecord::new();
    let mut more = true;
    while more {
        let mut batch = pool.begin().await?;
        for _ in 0..BATCH {
            more = reader.read_record(&mut row)?;
            if !more {
                break;
            }
            let cell = |at: usize| row.get(at).unwrap_or("").trim();
            let Ok(npi) = Npi::parse(cell(columns.npi)) else {
                imported.refused += 1;
                continue;
            };
            let active =
                cell(columns.deactivated).is_empty() || !cell(columns.reactivated).is_empty();
            let name = match cell(columns.organization) {
                "" => format!("{} {}", cell(columns.given), cell(columns.family)),
                organization => organization.to_owned(),
            };
            imported.providers += 1;
            imported.deactivated += u64::from(!active);
            sqlx::query("INSERT OR REPLACE INTO provider VALUES (?, ?, ?, ?, ?)")
                .bind(npi.as_str().parse::<i64>().unwrap_or(0))
                .bind(name.trim())
                .bind(active)
                .bind(numbers(columns.phones.map(cell)))
                .bind(numbers(columns.faxes.map(cell)))
                .execute(&mut *batch)
                .await?;
        }
        batch.commit().await?;
    }
    pool.close().await;
    Ok(imported)
}

/// E.164, separated by blanks, each once.
fn numbers(cells: [&str; 2]) -> String {
    let mut all: Vec<String> = Vec::new();
    for cell in cells {
        let digits: String = cell.chars().filter(char::is_ascii_digit).collect();
        let number = format!("+1{digits}");
        if digits.len() == 10 && !all.contains(&number) {
            all.push(number);
        }
    }
    all.join(" ")
}

fn make_file(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true).mode(0o600).open(path).map(drop)
}
