//! `intake queue`: people at the hold queues, from a shell.
//!
//! A list shows no patient. What is done here works beside a running service and
//! without one; folders are moved by the service.

mod args;
mod claim;
mod close;
mod correct;
mod list;
mod release;
mod show;

use jiff::Timestamp;

use args::As;
pub use args::QueueCommand;

use super::exit::{Code, Failure};
use super::output;
use crate::config::{Config, Knowledge};
use crate::pipeline::custody::Safe;
use crate::pipeline::desk::{Desk, DeskError, Moved, Signed};
use crate::pipeline::service;
use crate::store::StoreError;
use crate::vocab::Phi;

/// Lists, shows, takes, corrects, releases or closes.
pub async fn run(config: &Config, command: &QueueCommand) -> Result<Code, Failure> {
    match command {
        QueueCommand::List(what) => list::run(config, what).await,
        QueueCommand::Show { document, json } => show::run(config, document, *json).await,
        QueueCommand::Claim(what) => claim::run(config, what).await,
        QueueCommand::Release(what) => release::run(config, what).await,
        QueueCommand::Correct(what) => correct::run(config, what).await,
        QueueCommand::Close(what) => close::run(config, what).await,
    }
}

/// What is kept; a failure where nothing is, as no reference can be meant.
async fn existing(config: &Config) -> Result<Safe, Failure> {
    let nothing = || {
        let what = format!("nothing is kept in {} yet", config.service.data_dir.display());
        Failure::wrong_use("queue.nothing", what, "give the service's own --data directory")
    };
    service::open_existing(config).await?.ok_or_else(nothing)
}

async fn desk(config: &Config) -> Result<Desk, Failure> {
    let safe = existing(config).await?;
    Ok(Desk::new(safe, Knowledge::of(config)?, config.service.time_zone.zone()))
}

fn signed(signed: &As, note: Option<Phi<String>>) -> Result<Signed, Failure> {
    Ok(Signed { by: name(signed)?, note, at: Timestamp::now() })
}

fn name(signed: &As) -> Result<String, Failure> {
    let next = "say who you are with --as NAME";
    signed.name().ok_or_else(|| Failure::wrong_use("queue.name", "who does this?", next))
}

/// Where each document waits now, a line each.
fn say(moved: &[Moved]) -> Result<(), Failure> {
    for one in moved {
        let queue = one.queue.map_or("closed", |queue| queue.as_str());
        let case = one.case.as_ref().map_or("-", |case| case.as_str());
        output::line(&format!("{} {queue} {} {case}", one.document, one.lane.as_str()))?;
    }
    Ok(())
}

impl From<DeskError> for Failure {
    fn from(error: DeskError) -> Self {
        let what = error.to_string();
        match error {
            DeskError::Store(error) => refused(error),
            DeskError::Unknown(_) => {
                Self::wrong_use("queue.unknown", what, "`intake queue list` shows what waits")
            }
            DeskError::NotDecided(_) => Self::outside(
                "queue.not_decided",
                what,
                "`intake status` shows what is being read; try again when it is decided",
            ),
            DeskError::NotWaiting(_) | DeskError::NowhereToGo(_) => Self::wrong_use(
                "queue.not_waiting",
                what,
                "say --to QUEUE, --case C-… or --new-case to send it somewhere all the same",
            ),
            DeskError::Closed(_) => Self::wrong_use(
                "queue.closed",
                what,
                "`intake queue release REF --to QUEUE` opens it again",
            ),
            DeskError::WentOnAsParts(_) => {
                Self::wrong_use("queue.parts", what, "`intake queue list` shows the parts")
            }
            DeskError::NothingRead(_) | DeskError::WouldSplit(_) => Self::wrong_use(
                "queue.not_correctable",
                what,
                "look at the original, then `intake queue release` or `close` it",
            ),
            DeskError::PageOfSeveral(_) | DeskError::Correction { .. } => Self::wrong_use(
                "queue.correction",
                what,
                "nothing was changed; `intake queue correct --help` lists the fields",
            ),
            DeskError::UnknownProgram => Self::wrong_use(
                "programs.unknown",
                what,
                "`intake programs show` lists those in force today",
            ),
            DeskError::UnknownCase(_) => Self::wrong_use(
                "case.unknown",
                what,
                "`intake case list` shows those that are there",
            ),
            DeskError::OtherPatient { .. } => Self::outside(
                "queue.other_patient",
                what,
                "correct the member first, or say --anyway with a --note of why",
            ),
            DeskError::PatientUnknown => Self::outside(
                "queue.patient_unknown",
                what,
                "`intake queue correct` can say it; --case C-… or --anyway with a --note goes on \
                 without",
            ),
            DeskError::NoCaseThere(_) => {
                Self::wrong_use("queue.no_case", what, "leave --case and --new-case away")
            }
            DeskError::NoteNeeded => Self::wrong_use("queue.note", what, "say why in --note"),
            DeskError::Turn(_) => Self::outside(
                "store",
                what,
                "nothing was changed; `intake doctor` checks database and disk",
            ),
        }
    }
}

/// What the store does not let a person do.
fn refused(error: StoreError) -> Failure {
    let what = error.to_string();
    match error {
        StoreError::Held { .. } => Failure::outside(
            "queue.held",
            what,
            "ask them, or take it over with `intake queue claim REF --take-over`",
        ),
        StoreError::NotWaiting(_) => {
            Failure::outside("queue.not_waiting", what, "`intake queue list` shows what waits")
        }
        StoreError::Changed(_) => Failure::outside(
            "queue.changed",
            what,
            "nothing was changed; look at it again and repeat the command",
        ),
        StoreError::BeingWorkedOn(_) => Failure::outside(
            "queue.busy",
            what,
            "nothing was changed; repeat the command in a moment",
        ),
        other => other.into(),
    }
}
