use super::args::ReleaseArgs;
use super::{desk, say, signed};
use crate::cli::exit::{Code, Failure};
use crate::config::Config;
use crate::pipeline::desk::{CaseChoice, Release};

/// Sends a document where the person says.
pub async fn run(config: &Config, args: &ReleaseArgs) -> Result<Code, Failure> {
    let desk = desk(config).await?;
    let signed = signed(&args.signed, args.note())?;
    let case = match &args.case {
        Some(case) => CaseChoice::Known(case.clone()),
        None if args.new_case => CaseChoice::New,
        None => CaseChoice::Own,
    };
    let release = Release { to: args.to, case, anyway: args.anyway };
    say(&desk.release(&args.document, &release, &signed).await?)?;
    Ok(Code::Done)
}
