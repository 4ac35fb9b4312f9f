use jiff::Timestamp;

use super::args::ClaimArgs;
use super::{existing, name, refused};
use crate::cli::exit::{Code, Failure};
use crate::cli::output;
use crate::config::Config;

/// Takes a document for whoever signs, or gives it back.
pub async fn run(config: &Config, args: &ClaimArgs) -> Result<Code, Failure> {
    let safe = existing(config).await?;
    let (by, now) = (name(&args.signed)?, Timestamp::now());
    if args.give_back {
        safe.store.give_back(&args.document, &by, now).await.map_err(refused)?;
        return Ok(Code::Done);
    }
    let held = safe.store.hold(&args.document, &by, args.take_over, now).await.map_err(refused)?;
    output::line(&format!("{} {} since {}", args.document, held.by, held.since))?;
    Ok(Code::Done)
}
