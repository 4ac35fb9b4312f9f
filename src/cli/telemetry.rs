//! Logs go to standard error, so that output stays clean for scripts.

use std::io::{self, IsTerminal};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::util::SubscriberInitExt;

use super::args::Command;
use super::exit::Failure;
use crate::config::{LogFormat, Service};

/// Starts logging. Commands that answer a question log warnings only, unless
/// told otherwise; `RUST_LOG` goes over the configuration.
pub fn start(service: &Service, command: &Command) -> Result<(), Failure> {
    let wanted = match command {
        Command::Serve => service.log.as_str(),
        _ => "warn",
    };
    let wanted = std::env::var("RUST_LOG").unwrap_or_else(|_| wanted.to_owned());
    let filter = EnvFilter::try_new(&wanted).map_err(|e| {
        Failure::wrong_use(
            "config.log",
            format!("service.log: {e}"),
            "write error, warn, info or debug, or a filter such as info,intake::pipeline=debug",
        )
    })?;
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(io::stderr().is_terminal())
        .with_writer(io::stderr);
    let started = match service.log_format {
        LogFormat::Text => lines.with_target(false).finish().try_init(),
        LogFormat::Json => lines.json().flatten_event(true).finish().try_init(),
    };
    started.map_err(Failure::internal)?;
    std::panic::set_hook(Box::new(|panic| {
        // Where, but not what: the message may quote a patient's document.
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(code = "internal.panic", place, "a fault in intake itself");
    }));
    Ok(())
}
