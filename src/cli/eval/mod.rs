//! `intake eval`: documents with truth beside them are processed and scored.

mod report;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::time;
use jiff::tz::TimeZone;
use tokio::task::{JoinError, JoinHandle};

use super::args::EvalArgs;
use super::exit::{Code, Failure};
use super::in_order::in_order;
use super::output;
use crate::config::{Config, Knowledge};
use crate::eval::{Tally, Truth, compare};
use crate::pipeline::oneshot::{OneShot, OneShotError, Processed};
use crate::pipeline::service;
use crate::receive::received::Context;
use crate::vocab::Phi;

const SUFFIX: &str = ".truth.json";

/// Scores every document below a folder that has its truth beside it.
pub async fn run(config: &Config, args: &EvalArgs) -> Result<Code, Failure> {
    let cases = cases(&args.dir)?;
    let knowledge = Arc::new(Knowledge::of(config)?);
    let program = std::env::current_exe().map_err(Failure::internal)?;
    let pool = service::pool_config(config, &knowledge, program);
    let zone = config.service.time_zone.zone();
    let at_once = pool.count;
    let mut oneshot = OneShot::new(pool, knowledge, zone.clone());
    if let Some(folder) = &args.readings {
        oneshot = oneshot.keeping(folder).await.map_err(|e| {
            let what = format!("{}: {e}", folder.display());
            Failure::outside("eval.readings", what, "give a folder that can be written to")
        })?;
    }
    let oneshot = Arc::new(oneshot);

    let mut tally = Tally::default();
    // Counted in their order: the same documents, the same report.
    let done = async |case: &Case, outcome: Outcome| {
        match outcome.unwrap_or(Err(OneShotError::Fault)) {
            Ok(processed) => {
                tally.add(&compare(&case.truth, &processed.result));
                oneshot.forget(&processed);
            }
            Err(error) => tally.fail(&case.truth.file, error.to_string()),
        }
        Ok(())
    };
    in_order(&cases, at_once, |case| start(&oneshot, case, &zone), done).await?;
    let report =
        if args.json { crate::eval::report(&tally).to_string() } else { report::text(&tally) };
    output::line(report.trim_end())?;
    Ok(if tally.failed.is_empty() { Code::Done } else { Code::Internal })
}

type Running = JoinHandle<Result<Processed, OneShotError>>;
type Outcome = Result<Result<Processed, OneShotError>, JoinError>;

/// A document and what is known of it.
struct Case {
    file: PathBuf,
    truth: Truth,
}

fn start(oneshot: &Arc<OneShot>, case: &Case, zone: &TimeZone) -> Result<Running, Failure> {
    let received_at = match case.truth.received_on {
        Some(day) => day
            .to_datetime(time(12, 0, 0, 0))
            .to_zoned(zone.clone())
            .map_err(Failure::internal)?
            .timestamp(),
        None => Timestamp::now(),
    };
    let text = |text: &String| Phi::from(text.as_str());
    let context = Context {
        note: case.truth.note.as_ref().map(text),
        metadata: case.truth.meta.iter().map(|(key, value)| (key.clone(), text(value))).collect(),
    };
    let (oneshot, file) = (Arc::clone(oneshot), case.file.clone());
    Ok(tokio::spawn(async move { oneshot.process(&file, &context, received_at, None).await }))
}

/// All truths below a folder, in the order of their paths. Every one that
/// cannot be used is named.
fn cases(dir: &Path) -> Result<Vec<Case>, Failure> {
    let mut paths = Vec::new();
    find(dir, &mut paths).map_err(|e| {
        let what = format!("{}: {e}", dir.display());
        Failure::outside("eval.folder", what, "give a folder that can be read")
    })?;
    paths.sort();
    let (mut cases, mut wrong) = (Vec::new(), Vec::new());
    for path in paths {
        match case(&path) {
            Ok(case) => cases.push(case),
            Err(why) => wrong.push(format!("{}: {why}", path.display())),
        }
    }
    if !wrong.is_empty() {
        let next = "`intake schema truth` says what may stand in a truth file";
        return Err(Failure::wrong_use("eval.truth", wrong.join("\n"), next));
    }
    if cases.is_empty() {
        let what = format!("no NAME{SUFFIX} below {}", dir.display());
        let next = "put a truth file beside each document; `intake schema truth` describes it";
        return Err(Failure::wrong_use("eval.empty", what, next));
    }
    Ok(cases)
}

fn find(dir: &Path, paths: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(dir)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            find(&entry.path(), paths)?;
        } else if entry.file_name().to_string_lossy().ends_with(SUFFIX) {
            paths.push(entry.path());
        }
    }
    Ok(())
}

fn case(path: &Path) -> Result<Case, String> {
    let bytes = std::fs::read(path).map_err(|e| e.to_string())?;
    let truth: Truth = serde_json::from_slice(&bytes).map_err(|e| e.to_string())?;
    let file = path.with_file_name(&truth.file);
    // A truth names a file beside it and nothing else.
    if Path::new(&truth.file).components().count() != 1 || !file.is_file() {
        return Err(format!("its document {:?} is not beside it", truth.file));
    }
    Ok(Case { file, truth })
}
