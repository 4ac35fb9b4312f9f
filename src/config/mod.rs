//! Configuration: what was written (file, environment), then what is meant.
//!
//! `intake.toml` and `INTAKE__SECTION__KEY` variables are merged into one
//! table, checked key by key, and only then become a [`Config`]. Every problem
//! is reported at once, with the place it was written and a hint.

mod deciding;
mod knowledge;
mod problem;
mod written;

use std::path::{Path, PathBuf};

pub use deciding::Deciding;
use jiff::tz::TimeZone;
pub use knowledge::{ImportedCodes, Knowledge, KnowledgeError, ModelFiles};
pub use problem::{Problem, Problems};
use serde::Deserialize;

use crate::decode;
use crate::deliver::MailConfig;
use crate::reader::Jail;
use crate::receive::SourceConfig;
use crate::recognize;

/// All of it. Every field has a default, so that `intake serve` runs without
/// a file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The service itself.
    pub service: Service,
    /// Folders that are watched; without any, `inbox` in the data directory.
    pub source: Vec<SourceConfig>,
    /// Processes that read pages.
    pub readers: Readers,
    /// What a stranger's file may cost.
    pub limits: decode::Limits,
    /// Recognition.
    pub ocr: recognize::Config,
    /// Programs, codes and cues.
    pub models: Models,
    /// Notifications.
    pub mail: MailConfig,
}

/// The service itself.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Service {
    /// Where everything is kept; made with mode 0700.
    pub data_dir: PathBuf,
    /// What is logged: `error`, `warn`, `info`, `debug`, or a filter such as
    /// `info,intake::pipeline=debug`.
    pub log: String,
    /// `text` for people, `json` for collectors.
    pub log_format: LogFormat,
    /// MiB that must stay free on the disk of the data directory; below it,
    /// intake pauses, says so, and goes on by itself.
    pub min_free_mib: u64,
    /// Seconds for which a worker may hold a piece of work without a sign of
    /// life before another takes it over.
    pub lease_seconds: u32,
    /// Seconds until a piece of work that failed for a passing reason is tried
    /// again; doubles with each attempt up to ten minutes.
    pub retry_seconds: u32,
    /// The zone in which "today" is meant when dates on a page are judged:
    /// an IANA name.
    pub time_zone: ZoneName,
}

/// The name of a time zone that exists.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct ZoneName(TimeZone);

impl ZoneName {
    /// The zone.
    pub fn zone(&self) -> TimeZone {
        self.0.clone()
    }
}

impl TryFrom<String> for ZoneName {
    type Error = String;
    fn try_from(name: String) -> Result<Self, String> {
        TimeZone::get(&name)
            .map(Self)
            .map_err(|_| format!("{name:?} is no time zone; write one such as America/New_York"))
    }
}

/// How log lines look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

impl Default for Service {
    fn default() -> Self {
        Self {
            data_dir: "data".into(),
            log: "info".into(),
            log_format: LogFormat::Text,
            min_free_mib: 512,
            lease_seconds: 120,
            retry_seconds: 5,
            time_zone: ZoneName(TimeZone::get("America/New_York").unwrap_or(TimeZone::UTC)),
        }
    }
}

/// Processes that read pages.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Readers {
    /// How many; 0 is one for each processor core.
    pub count: usize,
    /// Seconds a reader may spend on one page (or on opening a file, or on a
    /// packet) before it is replaced. The slowest page measured took 9 s.
    pub page_seconds: u64,
    /// Seconds of processor time it may spend on the same; less than
    /// `page_seconds` on a machine that has other work.
    pub page_cpu_seconds: u64,
    /// MiB of address space a reader may take.
    pub memory_mib: u64,
    /// A reader that holds more MiB of the machine's memory after a page is
    /// replaced. It holds 100 to 250 with a usual fax open.
    pub replace_above_mib: u64,
    /// A reader is replaced after so many pages; 0 is never.
    pub replace_after_pages: u32,
    /// What is done where the machine cannot jail readers: `best_effort` goes
    /// on and warns, `require` reads nothing.
    pub jail: Jail,
}

impl Default for Readers {
    fn default() -> Self {
        Self {
            count: 0,
            page_seconds: 90,
            page_cpu_seconds: 60,
            memory_mib: 2048,
            replace_above_mib: 1024,
            replace_after_pages: 1000,
            jail: Jail::BestEffort,
        }
    }
}

/// Where programs, codes and cues come from.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Models {
    /// A folder like `models/` of the source tree; without it, the models
    /// built into the program.
    pub dir: Option<PathBuf>,
}

impl Config {
    /// Reads `path`, or else `$INTAKE_CONFIG`, or else `./intake.toml` if it
    /// is there, or else defaults; then the variables.
    pub fn load(
        path: Option<&Path>,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, Problems> {
        let variables: Vec<_> = variables.into_iter().collect();
        let named = path.map(Path::to_owned).or_else(|| {
            variables.iter().find(|(name, _)| name == "INTAKE_CONFIG").map(|(_, v)| v.into())
        });
        let table = match named {
            Some(path) => written::read(&path)?,
            None if Path::new("intake.toml").exists() => written::read(Path::new("intake.toml"))?,
            None => toml::Table::new(),
        };
        let table = written::with_variables::<Self>(table, &variables)?;
        let config: Self = written::compile(table)?;
        let problems = config.contradictions();
        if problems.is_empty() { Ok(config) } else { Err(Problems(problems)) }
    }

    /// The sources that are watched.
    pub fn sources(&self) -> Vec<SourceConfig> {
        if self.source.is_empty() { vec![SourceConfig::default()] } else { self.source.clone() }
    }

    /// What no single key shows to be wrong.
    fn contradictions(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut seen: Vec<&str> = Vec::new();
        for source in &self.source {
            let named = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
            if source.id.is_empty() || !source.id.chars().all(named) {
                problems.push(Problem::new(
                    "source.id",
                    "is used in logs and manifests and may hold letters, digits, _ and - only",
                    format!("write a name such as \"dme_line\" instead of {:?}", source.id),
                ));
            }
            if seen.contains(&source.id.as_str()) {
                problems.push(Problem::new(
                    "source.id",
                    format!("{:?} is used by two sources", source.id),
                    "give each [[source]] its own id",
                ));
            }
            seen.push(&source.id);
            if source.scan_seconds == 0 {
                problems.push(Problem::new(
                    "source.scan_seconds",
                    "is 0, which would never rest",
                    "write 1 or more",
                ));
            }
        }
        let Readers { page_seconds, page_cpu_seconds, memory_mib, .. } = self.readers;
        if page_seconds == 0 || page_cpu_seconds == 0 || memory_mib < 512 {
            problems.push(Problem::new(
                "readers",
                "page_seconds and page_cpu_seconds must be above 0 and memory_mib at least 512",
                "a reader holds the OCR engine (about 100 MiB) and a page",
            ));
        }
        if let Err(mail) = self.mail.compile() {
            problems.extend(mail.into_iter().map(|p| Problem::new(p.key, p.message, p.hint)));
        }
        if self.service.lease_seconds < 10 || self.service.retry_seconds == 0 {
            problems.push(Problem::new(
                "service",
                "lease_seconds must be at least 10 and retry_seconds above 0",
                "the defaults are 120 and 5",
            ));
        }
        problems
    }
}

#[cfg(test)]
mod tests;
