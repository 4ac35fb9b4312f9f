//! `intake codes`: code lists that the client brings.

use std::io::Write as _;
use std::path::Path;

use jiff::Timestamp;
use jiff::civil::Date;

use super::args::CodesCommand;
use super::exit::{Code, Failure};
use super::output;
use super::table::Table;
use crate::config::{Config, ImportedCodes, Knowledge};
use crate::vocab::HcpcsCode;
use crate::vocab::codes::CodeTable;
use crate::vocab::codes::list::CodeList;
use crate::vocab::codes::release::Release;

/// Imports or shows.
pub fn run(config: &Config, command: &CodesCommand) -> Result<Code, Failure> {
    match command {
        CodesCommand::Import { file, list, effective_from } => {
            let bytes = std::fs::read(file).map_err(|e| {
                let what = format!("{}: {e}", file.display());
                Failure::outside("codes.file", what, "give a file that can be read")
            })?;
            let source = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            match list {
                Some(id) => list_of_a_plan(config, id, &source, &bytes, *effective_from)?,
                None => release_of_cms(config, &source, &bytes)?,
            }
        }
        CodesCommand::Show { codes, at } => {
            let knowledge = Knowledge::of(config)?;
            let today = Timestamp::now().to_zoned(config.service.time_zone.zone()).date();
            if codes.is_empty() {
                imported(config, &knowledge.codes)?;
            } else {
                known(&knowledge.codes, codes, at.unwrap_or(today))?;
            }
        }
    }
    Ok(Code::Done)
}

fn release_of_cms(config: &Config, source: &str, bytes: &[u8]) -> Result<(), Failure> {
    let next = "CMS publishes the file as a zip under \"HCPCS Quarterly Update\"; unpack it \
                and give …_ANWEB.txt";
    let release = Release::read(source, bytes)
        .map_err(|e| Failure::wrong_use("codes.release", format!("{source}: {e}"), next))?;
    let before = Knowledge::load(config.models.dir.as_deref(), &ImportedCodes::default())?;
    let new = release.code.iter().filter(|c| before.codes.get(&c.code).is_none()).count();
    let ended = release.code.iter().filter(|c| c.ended.is_some()).count();
    let folder = config.service.data_dir.join(ImportedCodes::FOLDER);
    let text = toml::to_string(&release).map_err(Failure::internal)?;
    keep(&folder.join(ImportedCodes::RELEASE), &text)?;
    output::line(&format!(
        "{} codes, {new} of them unknown before, {ended} ended; {} modifiers",
        release.code.len(),
        release.modifiers.len()
    ))
}

fn list_of_a_plan(
    config: &Config,
    id: &str,
    source: &str,
    bytes: &[u8],
    from: Option<Date>,
) -> Result<(), Failure> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
    if id.is_empty() || !id.bytes().all(plain) {
        let what = format!("{id:?} cannot name a list");
        let next = "use letters, digits, - and _, as in delegated_49";
        return Err(Failure::wrong_use("codes.list_id", what, next));
    }
    let next = "the first row names the columns: code, and effective_from and effective_to if \
                wanted; nothing was changed";
    let list = CodeList::read(id, source, bytes, from)
        .map_err(|e| Failure::wrong_use("codes.list", format!("{source}: {e}"), next))?;
    let knowledge = Knowledge::of(config)?;
    let unknown: Vec<&str> = list
        .code
        .iter()
        .filter(|listed| knowledge.codes.get(&listed.code).is_none())
        .map(|listed| listed.code.as_str())
        .collect();
    let folder = config.service.data_dir.join(ImportedCodes::FOLDER).join(ImportedCodes::LISTS);
    let text = toml::to_string(&list).map_err(Failure::internal)?;
    keep(&folder.join(format!("{id}.toml")), &text)?;
    output::line(&format!("{} codes on the list {id}", list.code.len()))?;
    if !unknown.is_empty() {
        output::remark(&format!(
            "not among the codes known, so never found on a page: {}. Import a newer release of \
             CMS, or mend the list.",
            unknown.join(", ")
        ));
    }
    let asked = knowledge.programs.iter().any(|p| p.scope.delegated_list.as_deref() == Some(id));
    if !asked {
        output::remark(&format!(
            "no program model asks for the list {id}; it is only shown beside the codes found."
        ));
    }
    Ok(())
}

/// Whole or not at all, and closed to others.
fn keep(path: &Path, text: &str) -> Result<(), Failure> {
    use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
    let aside = path.with_extension("part");
    let folder = path.parent().unwrap_or(path);
    let written = std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .and_then(|()| {
            let mut options = std::fs::OpenOptions::new();
            options.write(true).create(true).truncate(true).mode(0o600).open(&aside)
        })
        .and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()
        })
        .and_then(|()| std::fs::rename(&aside, path));
    written.map_err(|e| {
        let what = format!("{}: {e}", path.display());
        Failure::outside("codes.folder", what, "see that the data directory can be written to")
    })
}

fn imported(config: &Config, codes: &CodeTable) -> Result<(), Failure> {
    let kept = ImportedCodes::read(&config.service.data_dir).map_err(Failure::internal)?;
    let mut table = Table::new(&["imported", "codes", "from"]);
    if let Some(text) = &kept.release {
        let release: Release = toml::from_str(text).map_err(Failure::internal)?;
        let count = release.code.len().to_string();
        table.row(vec!["release of CMS".into(), count, release.source]);
    }
    for list in codes.lists() {
        table.row(vec![list.id.clone(), list.code.len().to_string(), list.source.clone()]);
    }
    if kept == ImportedCodes::default() {
        return output::line("nothing was imported; the table that ships is in use");
    }
    output::line(table.to_string().trim_end())
}

fn known(table: &CodeTable, codes: &[String], at: Date) -> Result<(), Failure> {
    let mut shown = Table::new(&["code", "family", "payment", "ended", "lists"]);
    for text in codes {
        let parsed = HcpcsCode::parse(&text.to_uppercase()).ok();
        let Some((code, facts)) = parsed.and_then(|code| {
            let facts = table.get(&code)?;
            Some((code, facts))
        }) else {
            shown.row(vec![text.clone(), "unknown".into(), "-".into(), "-".into(), "-".into()]);
            continue;
        };
        shown.row(vec![
            code.to_string(),
            facts.family.clone(),
            format!("{:?}", facts.payment).to_uppercase(),
            facts.ended.map_or_else(|| "-".into(), |day| day.to_string()),
            table.lists_of(&code, at).join(", "),
        ]);
    }
    output::line(shown.to_string().trim_end())
}
