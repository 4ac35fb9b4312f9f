use super::args::CorrectArgs;
use super::{desk, say, signed};
use crate::cli::exit::{Code, Failure};
use crate::config::Config;
use crate::decide::disposition::Queue;
use crate::pipeline::desk::DeskError;

/// Corrects what was found, and says where the document waits now. One that still
/// waits for a person before anything else ends with 3.
pub async fn run(config: &Config, args: &CorrectArgs) -> Result<Code, Failure> {
    let desk = desk(config).await?;
    let signed = signed(&args.signed, args.note())?;
    let corrected = desk.correct(&args.document, &args.changes, &signed).await;
    let moved = corrected.map_err(|error| match error {
        // It was typed by the person who reads this.
        DeskError::Correction { place, why } => Failure::wrong_use(
            "queue.correction",
            format!("{}: {why}", args.changes[place]),
            "nothing was changed; `intake queue correct --help` lists the fields",
        ),
        other => other.into(),
    })?;
    say(&moved)?;
    let waits = |queue: Queue| !queue.belongs_to_case() || queue.is_hold();
    let held = moved.iter().filter_map(|one| one.queue).any(waits);
    Ok(if held { Code::NeedsAPerson } else { Code::Done })
}
