use std::io::Read as _;
use std::path::Path;

use jiff::Timestamp;

use super::sheet::{Sheet, Terms};
use crate::cli::exit::Failure;
use crate::cli::output;
use crate::config::{Config, Knowledge};
use crate::pipeline::{references, service};
use crate::store::{ImportedCase, StoreError};

/// Bytes of a file that is taken in: a million cases with long notes.
const MOST_BYTES: u64 = 512 << 20;

/// Takes in the case system's export: all of it or nothing.
pub async fn run(config: &Config, file: &Path) -> Result<(), Failure> {
    let bytes = read(file)?;
    let knowledge = Knowledge::of(config)?;
    let zone = config.service.time_zone.zone();
    let terms = Terms {
        programs: &knowledge.programs,
        codes: &knowledge.codes,
        today: Timestamp::now().to_zoned(zone.clone()).date(),
        zone,
    };
    let next = "mend these and import the file again; nothing was changed. `intake case import \
                --help` describes the columns";
    let refused = |what: String| {
        Failure::wrong_use("case.import", format!("{}: {what}", file.display()), next)
    };
    let sheet =
        Sheet::read(&bytes, &terms, references::case).map_err(|e| refused(e.to_string()))?;
    let (lines, rows): (Vec<u64>, Vec<ImportedCase>) = sheet.rows.into_iter().unzip();
    let store = service::open(config).await?.store;
    let imported = store.import_cases(&rows).await.map_err(|error| match error {
        StoreError::CaseNumbers { place } => {
            let line = lines.get(place).copied().unwrap_or(0);
            refused(format!(
                "line {line}, number: with intake_reference it means two cases, or one that \
                 another row means"
            ))
        }
        other => other.into(),
    })?;
    output::line(&format!(
        "{} cases opened, {} changed, {} as they were",
        imported.opened, imported.changed, imported.unchanged
    ))?;
    if !sheet.unread.is_empty() {
        output::remark(&format!("columns that were not read: {}", sheet.unread.join(", ")));
    }
    if !sheet.unknown.is_empty() {
        let codes: Vec<&str> = sheet.unknown.iter().map(|code| code.as_str()).collect();
        output::remark(&format!(
            "not among the codes known, so no document is found to ask for the same: {}. Import a \
             newer release of CMS, then this file again with those rows changed.",
            codes.join(", ")
        ));
    }
    Ok(())
}

fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    let failed = |e: std::io::Error| {
        let what = format!("{}: {e}", file.display());
        Failure::outside("case.file", what, "give a file that can be read")
    };
    let mut bytes = Vec::new();
    let opened = std::fs::File::open(file).map_err(failed)?;
    opened.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(failed)?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length <= MOST_BYTES) {
        return Ok(bytes);
    }
    let what = format!("{} has more than {} MiB", file.display(), MOST_BYTES >> 20);
    Err(Failure::wrong_use("case.file", what, "import it in several files"))
}
