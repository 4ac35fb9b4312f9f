use super::args::CloseArgs;
use super::{desk, say, signed};
use crate::cli::exit::{Code, Failure};
use crate::config::Config;

/// Closes a document.
pub async fn run(config: &Config, args: &CloseArgs) -> Result<Code, Failure> {
    let desk = desk(config).await?;
    let signed = signed(&args.signed, args.note())?;
    say(&desk.close(&args.document, args.reason, &signed).await?)?;
    Ok(Code::Done)
}
