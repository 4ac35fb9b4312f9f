//! The command line: what was typed becomes a call, and what comes back
//! becomes words and an exit code.

mod args;
mod case;
mod codes;
mod completions;
mod demo;
mod describe;
mod doctor;
mod eval;
mod exit;
mod in_order;
mod output;
mod process;
mod programs;
mod providers;
mod queue;
mod replay;
mod schema;
mod serve;
mod status;
mod submit;
mod table;
mod telemetry;

use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};
use exit::{Code, Failure};

use crate::config::Config;

/// Runs the program.
pub fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(e) => {
            // Help and version are no mistakes and go to standard output.
            let code = if e.use_stderr() { Code::WrongUse } else { Code::Done };
            return match e.print() {
                Ok(()) => code.into(),
                Err(_) => Code::Internal.into(),
            };
        }
    };
    match run(args) {
        Ok(code) => code.into(),
        Err(failure) => {
            output::complain(&failure);
            failure.exit().into()
        }
    }
}

/// The environment. `std::env::vars` panics over a variable of anybody's that
/// is not UTF-8.
fn variables() -> impl Iterator<Item = (String, String)> {
    let text = |text: std::ffi::OsString| text.to_string_lossy().into_owned();
    std::env::vars_os().map(move |(name, value)| (text(name), text(value)))
}

fn run(args: Args) -> Result<Code, Failure> {
    // These need no configuration, and must work where it is broken.
    match &args.command {
        Command::Reader { memory_mib } => {
            return crate::reader::serve(*memory_mib)
                .map(|()| Code::Done)
                .map_err(Failure::internal);
        }
        Command::Completions { shell } => return completions::print(*shell),
        Command::Schema { of } => return schema::print(*of),
        _ => {}
    }
    let mut config = Config::load(args.config.as_deref(), variables())?;
    if let Some(data) = &args.data {
        config.service.data_dir.clone_from(data);
    }
    telemetry::start(&config.service, &args.command)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(Failure::internal)?;
    let outcome = runtime.block_on(async {
        match args.command {
            Command::Serve => serve::run(&config).await,
            Command::Process(what) => process::run(&config, &what).await,
            Command::Submit(what) => submit::run(&config, &what).await,
            Command::Status { json } => status::run(&config, json).await,
            Command::Queue(what) => queue::run(&config, &what).await,
            Command::Replay { document, json } => replay::run(&config, &document, json).await,
            Command::Case(what) => case::run(&config, &what).await,
            Command::Programs(what) => programs::run(&config, &what),
            Command::Codes(what) => codes::run(&config, &what),
            Command::Providers(what) => providers::run(&config, &what).await,
            Command::Eval(what) => eval::run(&config, &what).await,
            Command::Doctor => doctor::run(&config).await,
            Command::Demo(what) => demo::run(&config, &what).await,
            Command::Reader { .. } | Command::Completions { .. } | Command::Schema { .. } => {
                Ok(Code::Done)
            }
        }
    });
    // Without waiting for a thread that hangs in a network mount.
    runtime.shutdown_background();
    outcome
}
