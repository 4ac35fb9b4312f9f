use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use tokio::task::{JoinError, JoinHandle};

use super::args::ProcessArgs;
use super::describe;
use super::exit::{Code, Failure};
use super::in_order::in_order;
use super::output;
use super::table::Table;
use crate::config::{Config, Knowledge};
use crate::pipeline::oneshot::{OneShot, OneShotError, Processed};
use crate::pipeline::service;
use crate::receive::received::Context;
use crate::vocab::Phi;

/// Processes files and prints a line of JSON, or a row of a table, for each.
pub async fn run(config: &Config, args: &ProcessArgs) -> Result<Code, Failure> {
    let knowledge = Arc::new(Knowledge::of(config)?);
    check(args, &knowledge)?;
    let program = std::env::current_exe().map_err(Failure::internal)?;
    let pool = service::pool_config(config, &knowledge, program);
    let zone = config.service.time_zone.zone();
    let at_once = pool.count;
    let oneshot = OneShot::new(pool, knowledge, zone);
    let oneshot = oneshot.with_directory(&config.service.data_dir).await?;
    let job = Job {
        oneshot: Arc::new(oneshot),
        context: Arc::new(context(args)),
        received_at: args.received_at.unwrap_or_else(Timestamp::now),
        program: args.program.clone(),
    };
    let mut worst = Code::Done;
    let mut table = Table::new(&describe::HEADINGS);
    let done = async |file: &PathBuf, outcome: Outcome| {
        // Whatever became of it, it still gets its line.
        let processed = outcome
            .unwrap_or(Err(OneShotError::Fault))
            .unwrap_or_else(|error| job.oneshot.failed(&error, job.received_at));
        let code = ended(file, &processed);
        worst = worst.max(code);
        if args.json {
            output::line(&processed.result.to_string())?;
        } else {
            table.row(describe::processed(file, &processed));
        }
        if let (Some(out), None) = (&args.packet, &processed.failed) {
            write_packet(&job.oneshot, &processed, out).await?;
        }
        job.oneshot.forget(&processed);
        Ok(())
    };
    in_order(&args.files, at_once, |file| Ok(job.start(file)), done).await?;
    if !args.json {
        output::line(table.to_string().trim_end())?;
    }
    Ok(worst)
}

type Running = JoinHandle<Result<Processed, OneShotError>>;
type Outcome = Result<Result<Processed, OneShotError>, JoinError>;

struct Job {
    oneshot: Arc<OneShot>,
    context: Arc<Context>,
    received_at: Timestamp,
    program: Option<String>,
}

impl Job {
    fn start(&self, file: &Path) -> Running {
        let (oneshot, context) = (Arc::clone(&self.oneshot), Arc::clone(&self.context));
        let (file, received_at, program) =
            (file.to_owned(), self.received_at, self.program.clone());
        tokio::spawn(async move {
            oneshot.process(&file, &context, received_at, program.as_deref()).await
        })
    }
}

fn ended(file: &Path, processed: &Processed) -> Code {
    if let Some(error) = &processed.failed {
        output::remark(&format!("intake: {}: {error}", file.display()));
        Code::Internal
    } else if describe::needs_a_person(processed) {
        Code::NeedsAPerson
    } else {
        Code::Done
    }
}

fn check(args: &ProcessArgs, knowledge: &Knowledge) -> Result<(), Failure> {
    if args.packet.is_some() && args.files.len() != 1 {
        return Err(Failure::wrong_use(
            "process.packet",
            "--packet writes the packet of exactly one FILE",
            "give one FILE, or leave --packet away",
        ));
    }
    match &args.program {
        Some(id) if knowledge.programs.get(id).is_none() => Err(Failure::wrong_use(
            "process.program",
            format!("{id:?} is no program"),
            "`intake programs show` lists them",
        )),
        _ => Ok(()),
    }
}

fn context(args: &ProcessArgs) -> Context {
    let mut context = Context::default();
    for (key, value) in &args.meta {
        // A note is searched like a cover sheet; all else is kept by its key.
        if key == "note" {
            context.note = Some(Phi::from(value.as_str()));
        } else {
            context.metadata.insert(key.clone(), Phi::from(value.as_str()));
        }
    }
    context
}

async fn write_packet(oneshot: &OneShot, processed: &Processed, out: &Path) -> Result<(), Failure> {
    let packet = oneshot.packet(processed).await?;
    std::fs::write(out, packet).map_err(|e| {
        Failure::outside(
            "process.packet",
            format!("{}: {e}", out.display()),
            "the result above is complete; only the packet was not written",
        )
    })
}
