use std::path::Path;

use jiff::Timestamp;

use super::args::SubmitArgs;
use super::exit::{Code, Failure};
use super::output;
use crate::config::Config;
use crate::pipeline::{references, service};
use crate::receive::received::Context;
use crate::receive::{HandOverError, hand_over};
use crate::vocab::Phi;

/// Hands files over as one submission and prints their references.
pub async fn run(config: &Config, args: &SubmitArgs) -> Result<Code, Failure> {
    let safe = service::open(config).await?;
    let files: Vec<&Path> = args.files.iter().map(AsRef::as_ref).collect();
    let context = Context {
        note: args.note.as_deref().map(Phi::from),
        metadata: args.meta.iter().map(|(k, v)| (k.clone(), Phi::from(v.as_str()))).collect(),
    };
    let documents = hand_over(
        &files,
        &args.source,
        &context,
        references::document,
        references::submission(),
        Timestamp::now(),
        &safe,
    )
    .await
    .map_err(|e| refused(&e, args))?;
    for document in documents {
        output::line(document.document.as_str())?;
    }
    Ok(Code::Done)
}

fn refused(error: &HandOverError, args: &SubmitArgs) -> Failure {
    match error {
        // The name was typed by the person who reads this.
        HandOverError::File { place, error } => Failure::outside(
            "submit.file",
            format!("{}: {error}", args.files[*place].display()),
            "nothing of this submission was taken in; mend it and submit all files again",
        ),
        HandOverError::Custody(_) => Failure::outside(
            "submit.custody",
            error.to_string(),
            "nothing of this submission was taken in; `intake doctor` checks database and disk",
        ),
    }
}
