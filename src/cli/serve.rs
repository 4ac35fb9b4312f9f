use std::sync::Arc;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use super::exit::{Code, Failure};
use crate::config::{Config, Knowledge};
use crate::pipeline::service;

/// Runs the service until SIGTERM or SIGINT, then finishes what is being read.
pub async fn run(config: &Config) -> Result<Code, Failure> {
    let knowledge = Arc::new(Knowledge::of(config)?);
    let program = std::env::current_exe().map_err(Failure::internal)?;
    service::run(config, knowledge, program, stop_signal()?).await?;
    Ok(Code::Done)
}

/// Turns true at the first signal; the second one ends the process at once.
pub(super) fn stop_signal() -> Result<watch::Receiver<bool>, Failure> {
    let (sender, receiver) = watch::channel(false);
    let mut terminate = signal(SignalKind::terminate()).map_err(Failure::internal)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(Failure::internal)?;
    tokio::spawn(async move {
        for wanted in [true, false] {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            if !wanted || sender.send(true).is_err() {
                std::process::exit(130);
            }
        }
    });
    Ok(receiver)
}
