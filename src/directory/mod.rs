//! The provider directory: who has which NPI, as CMS publishes it (NPPES). A
//! database file of its own, `providers.db`, that an import replaces as a
//! whole: eight million rows are no part of what must survive a crash.

mod nppes;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use sqlx::ConnectOptions as _;
use sqlx::Row as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions};

use crate::vocab::{Listing, Npi};

/// A provider directory that was imported.
#[derive(Clone, Debug)]
pub struct Directory {
    pool: SqlitePool,
}

/// Why there is no directory, or none that can be used.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    /// The database.
    #[error("the provider directory cannot be used: {0}")]
    Database(#[from] sqlx::Error),
    /// Its file or the one imported.
    #[error("{0}")]
    File(#[from] std::io::Error),
    /// The file is not what CMS publishes.
    #[error("{0}")]
    Format(String),
    /// The CSV itself.
    #[error("the CSV cannot be read: {0}")]
    Csv(#[from] csv::Error),
}

/// What an import took in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Numbers taken in.
    pub providers: u64,
    /// Of which are deactivated.
    pub deactivated: u64,
    /// Rows without a valid NPI, left out.
    pub refused: u64,
}

const FILE: &str = "providers.db";

impl Directory {
    /// The directory of a data directory; `None` if none was imported.
    pub async fn open(data_dir: &Path) -> Result<Option<Self>, DirectoryError> {
        let path = data_dir.join(FILE);
        if !path.is_file() {
            return Ok(None);
        }
        let options = options(&path).read_only(true).immutable(true);
        let pool = SqlitePoolOptions::new().max_connections(2).connect_with(options).await?;
        Ok(Some(Self { pool }))
    }

    /// Replaces the directory by a file of CMS
    /// (`npidata_pfile_….csv`). The old one stays until the new one is whole.
    pub async fn import(data_dir: &Path, file: &Path) -> Result<Imported, DirectoryError> {
        let aside: PathBuf = data_dir.join("providers.part");
        match std::fs::remove_file(&aside) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(e.into()),
            _ => {}
        }
        let imported = nppes::import(&aside, file).await?;
        std::fs::File::open(&aside)?.sync_all()?;
        std::fs::rename(&aside, data_dir.join(FILE))?;
        Ok(imported)
    }

    /// What it says of numbers; `None` for those it does not have.
    pub async fn look_up(
        &self,
        numbers: &[Npi],
    ) -> Result<BTreeMap<Npi, Option<Listing>>, DirectoryError> {
        let mut found = BTreeMap::new();
        for npi in numbers {
            let number: i64 = npi.as_str().parse().unwrap_or(0);
            let row = sqlx::query("SELECT name, active, phones, faxes FROM provider WHERE npi = ?")
                .bind(number)
                .fetch_optional(&self.pool)
                .await?;
            let listing = match row {
                Some(row) => {
                    let numbers = |column: &str| -> Result<Vec<String>, sqlx::Error> {
                        let text: String = row.try_get(column)?;
                        Ok(text.split_whitespace().map(str::to_owned).collect())
                    };
                    Some(Listing {
                        name: row.try_get("name")?,
                        active: row.try_get("active")?,
                        phones: numbers("phones")?,
                        faxes: numbers("faxes")?,
                    })
                }
                None => None,
            };
            found.insert(npi.clone(), listing);
        }
        Ok(found)
    }
}

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Off)
        .disable_statement_logging()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CSV: &str = "\
\"NPI\",\"Entity Type Code\",\"Provider Organization Name (Legal Business Name)\",\
\"Provider Last Name (Legal Name)\",\"Provider First Name\",\
\"Provider Business Mailing Address Telephone Number\",\
\"Provider Business Mailing Address Fax Number\",\
\"Provider Business Practice Location Address Telephone Number\",\
\"Provider Business Practice Location Address Fax Number\",\
\"NPI Deactivation Date\",\"NPI Reactivation Date\"
\"1234567893\",\"1\",\"\",\"SAMPLE\",\"EDITH\",\"2125550105\",\"\",\"2125550106\",\"2125550107\",\"\",\"\"
\"2000000002\",\"2\",\"LAKESIDE HME, LLC\",\"\",\"\",\"\",\"\",\"\",\"\",\"01/02/2020\",\"\"
\"1234567890\",\"1\",\"\",\"MISREAD\",\"NUMBER\",\"\",\"\",\"\",\"\",\"\",\"\"
";

    #[tokio::test]
    async fn an_import_is_looked_up_and_replaced_as_a_whole() {
        let dir = tempfile::tempdir().unwrap();
        assert!(Directory::open(dir.path()).await.unwrap().is_none());
        let file = dir.path().join("npidata_pfile.csv");
        std::fs::write(&file, CSV).unwrap();
        let imported = Directory::import(dir.path(), &file).await.unwrap();
        assert_eq!(imported, Imported { providers: 2, deactivated: 1, refused: 1 });

        let directory = Directory::open(dir.path()).await.unwrap().unwrap();
        let npi = |text: &str| Npi::parse(text).unwrap();
        let numbers = [npi("1234567893"), npi("2000000002"), npi("1003000126")];
        let known = directory.look_up(&numbers).await.unwrap();
        let edith = known[&numbers[0]].clone().unwrap();
        assert_eq!((edith.name.as_str(), edith.active), ("EDITH SAMPLE", true));
        assert_eq!(edith.phones, ["+12125550105", "+12125550106"]);
        assert_eq!(edith.faxes, ["+12125550107"]);
        assert!(!known[&numbers[1]].clone().unwrap().active);
        assert_eq!(known[&numbers[2]], None);

        // A file that is none leaves the one before it.
        std::fs::write(&file, "a,b\n1,2\n").unwrap();
        assert!(matches!(
            Directory::import(dir.path(), &file).await,
            Err(DirectoryError::Format(_))
        ));
        assert!(Directory::open(dir.path()).await.unwrap().is_some());
    }
}
