//! `intake doctor`: is everything there that the service needs?

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;

use super::exit::{Code, Failure};
use super::output;
use crate::config::{Config, Knowledge};
use crate::deliver;
use crate::pipeline::custody::{BlobOriginals, Safe};
use crate::pipeline::service;
use crate::reader::walls::Standing;
use crate::reader::{Jail, Pool};

/// One check: what was looked at, what was seen, and how to mend it.
struct Check {
    what: &'static str,
    outcome: Outcome,
}

enum Outcome {
    Good(String),
    /// The service runs, but not as it should.
    Poor(String, String),
    /// The service cannot run.
    Bad(String, String),
}

/// Checks everything and prints a line for each; exit code 1 if the service
/// cannot run.
pub async fn run(config: &Config) -> Result<Code, Failure> {
    let mut checks = Vec::new();
    let knowledge = match Knowledge::of(config) {
        Ok(knowledge) => {
            let count = knowledge.programs.iter().count();
            checks.push(match knowledge.check_programs().len() {
                0 => good("models", format!("{count} programs, codes and cues are in order")),
                doubts => poor(
                    "models",
                    format!("{doubts} rules or days of the programs are in doubt"),
                    "`intake programs check` names each; what they concern stays in review",
                ),
            });
            Some(Arc::new(knowledge))
        }
        Err(e) => {
            checks.push(bad("models", e, "mend the file named, or leave models.dir away"));
            None
        }
    };
    if let Some(knowledge) = &knowledge {
        checks.push(readers(config, knowledge).await);
        checks.extend(jail(config, knowledge).await);
    }
    match service::open(config).await {
        Ok(safe) => {
            checks.push(permissions(&safe.data_dir));
            checks.push(database(&safe).await);
            checks.push(disk(&safe));
            checks.extend(sources(config, &safe.data_dir));
            checks.push(mail(config, &safe.data_dir).await);
        }
        Err(e) => checks.push(bad(
            "data directory",
            e,
            "it must be on a local disk and writable by the user intake runs as",
        )),
    }
    let mut code = Code::Done;
    for Check { what, outcome } in &checks {
        let (sign, seen, mend) = match outcome {
            Outcome::Good(seen) => ("ok  ", seen, None),
            Outcome::Poor(seen, mend) => ("poor", seen, Some(mend)),
            Outcome::Bad(seen, mend) => {
                code = Code::Internal;
                ("BAD ", seen, Some(mend))
            }
        };
        output::line(&format!("{sign}  {what}: {seen}"))?;
        if let Some(mend) = mend {
            output::line(&format!("        mend: {mend}"))?;
        }
    }
    Ok(code)
}

/// A real reader process loads the real models.
async fn readers(config: &Config, knowledge: &Arc<Knowledge>) -> Check {
    let what = "readers and OCR models";
    let program = match std::env::current_exe() {
        Ok(program) => program,
        Err(e) => return bad(what, e, "start intake by its full path"),
    };
    let nothing = Arc::new(BlobOriginals(Arc::new(crate::store::MemoryBlobs::default())));
    let pool = Pool::new(service::pool_config(config, knowledge, program), nothing);
    match pool.models().await {
        Ok(digest) => good(what, format!("{} readers, models {}", pool.size(), digest.prefixed())),
        Err(e) => bad(
            what,
            e,
            "install the package tesseract-ocr-eng, or set ocr.tessdata to the folder of \
             eng.traineddata; a model of another digest is accepted by adding it to \
             ocr/manifest.toml of a folder of your own (models.dir)",
        ),
    }
}

/// The walls are put up for real, around a reader that gets no file.
async fn jail(config: &Config, knowledge: &Arc<Knowledge>) -> Vec<Check> {
    let what = "jail of readers";
    let Ok(program) = std::env::current_exe() else { return Vec::new() };
    // Why a reader cannot start was said before.
    let walls = service::walls(service::pool_config(config, knowledge, program)).await;
    let walls = walls.unwrap_or_default().into_iter();
    walls
        .map(|Standing { wall, holds, seen }| {
            let seen = format!("{}: {seen}", wall.name());
            let outcome = match (holds, config.readers.jail) {
                (true, _) => Outcome::Good(seen),
                (false, Jail::BestEffort) => Outcome::Poor(seen, wall.mend().to_owned()),
                (false, Jail::Require) => Outcome::Bad(
                    seen,
                    format!("{}; or set readers.jail to \"best_effort\"", wall.mend()),
                ),
            };
            Check { what, outcome }
        })
        .collect()
}

async fn database(safe: &Safe) -> Check {
    match safe.store.check().await {
        Ok(()) => good("database", "a transaction was written and taken back".to_owned()),
        Err(e) => bad(
            "database",
            e,
            "is the disk full, or a network file system? SQLite needs a local one",
        ),
    }
}

fn permissions(data_dir: &Path) -> Check {
    let what = "permissions";
    match std::fs::metadata(data_dir) {
        Ok(metadata) if metadata.permissions().mode() & 0o077 == 0 => {
            good(what, format!("{} is closed to others", data_dir.display()))
        }
        Ok(metadata) => Check {
            what,
            outcome: Outcome::Poor(
                format!(
                    "{} has mode {:o}: others on this machine may look in",
                    data_dir.display(),
                    metadata.permissions().mode() & 0o777
                ),
                format!("chmod 700 {}", data_dir.display()),
            ),
        },
        Err(e) => bad(what, e, "make the data directory"),
    }
}

fn disk(safe: &Safe) -> Check {
    let what = "disk";
    match safe.free_bytes().map(|bytes| bytes >> 20) {
        Ok(free) if free >= safe.min_free_mib => good(what, format!("{free} MiB free")),
        Ok(free) => bad(
            what,
            format!("{free} MiB free; intake is paused below {} MiB", safe.min_free_mib),
            "make room, or lower service.min_free_mib",
        ),
        Err(e) => bad(what, e, "is the data directory mounted?"),
    }
}

fn sources(config: &Config, data_dir: &Path) -> Vec<Check> {
    let what = "source";
    config
        .sources()
        .iter()
        .map(|source| {
            let path = data_dir.join(&source.path);
            // Files are removed from it, so it has to be writable.
            let writable = rustix::fs::access(
                &path,
                rustix::fs::Access::WRITE_OK | rustix::fs::Access::READ_OK,
            );
            match std::fs::read_dir(&path) {
                _ if writable.is_err() && path.exists() => bad(
                    what,
                    format!("{:?}: {} cannot be read and written", source.id, path.display()),
                    "give the user intake runs as read and write access to the folder",
                ),
                Ok(entries) => good(
                    what,
                    format!("{:?}: {} entries in {}", source.id, entries.count(), path.display()),
                ),
                Err(e) => Check {
                    what,
                    outcome: Outcome::Poor(
                        format!("{:?}: {}: {e}", source.id, path.display()),
                        "`intake serve` makes it; a mount must be there before".to_owned(),
                    ),
                },
            }
        })
        .collect()
}

async fn mail(config: &Config, data_dir: &Path) -> Check {
    let what = "mail";
    let mailer = service::mail_plan(config).and_then(|plan| Ok(deliver::mailer(&plan, data_dir)?));
    match mailer {
        Ok(mailer) => match mailer.check().await {
            Ok(seen) => good(what, seen),
            Err(e) => Check {
                what,
                outcome: Outcome::Poor(
                    e.to_string(),
                    "mail waits in the outbox until the server answers; check [mail]".to_owned(),
                ),
            },
        },
        Err(e) => bad(what, e, "mend the section [mail]"),
    }
}

fn good(what: &'static str, seen: String) -> Check {
    Check { what, outcome: Outcome::Good(seen) }
}

fn poor(what: &'static str, seen: String, mend: &str) -> Check {
    Check { what, outcome: Outcome::Poor(seen, mend.to_owned()) }
}

fn bad(what: &'static str, seen: impl std::fmt::Display, mend: &str) -> Check {
    Check { what, outcome: Outcome::Bad(seen.to_string(), mend.to_owned()) }
}
