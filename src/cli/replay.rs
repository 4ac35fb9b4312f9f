use serde_json::{Value, json};

use super::exit::{Code, Failure};
use super::output;
use crate::config::{Config, Knowledge};
use crate::pipeline::replay::{Difference, Outcome, Replayed, replay};
use crate::pipeline::service;
use crate::vocab::DocumentRef;

/// Decides again what was decided of a document. Ends with 3 if any decision would
/// be another one.
pub async fn run(config: &Config, document: &DocumentRef, as_json: bool) -> Result<Code, Failure> {
    let store = service::open_existing(config).await?.map(|safe| safe.store);
    let knowledge = Knowledge::of(config)?;
    let decisions = match &store {
        Some(store) => replay(&**store, &knowledge, document).await?,
        None => Vec::new(),
    };
    if decisions.is_empty() {
        let what = format!("nothing was decided of a document {document}");
        return Err(Failure::wrong_use(
            "replay.unknown",
            what,
            "`intake queue list` shows what waits",
        ));
    }
    for one in &decisions {
        if as_json {
            output::line(&shown(one).to_string())?;
        } else {
            output::line(&told(one))?;
        }
    }
    let differs = decisions.iter().any(|one| match &one.outcome {
        Outcome::Again { then, today, .. } => {
            then.as_ref().is_some_and(|then| !then.is_empty()) || !today.is_empty()
        }
        Outcome::Not(_) => false,
    });
    Ok(if differs { Code::NeedsAPerson } else { Code::Done })
}

fn shown(one: &Replayed) -> Value {
    let list = |differences: &[Difference]| -> Value {
        differences
            .iter()
            .map(|one| json!({"field": one.field, "was": one.was, "is": one.is}))
            .collect()
    };
    let mut value = json!({
        "sequence": one.decision.sequence,
        "at": one.decision.at,
        "author": one.decision.author,
        "kind": one.decision.kind,
        "row": one.decision.disposition.row,
    });
    match &one.outcome {
        Outcome::Again { then, today, same_models } => {
            value["models_then"] = then.as_deref().map_or(Value::Null, list);
            value["models_today"] = list(today);
            value["same_models"] = (*same_models).into();
        }
        Outcome::Not(why) => value["not_replayed"] = why.message().into(),
    }
    value
}

/// The fields alone: values quote the document, and --json has them.
fn told(one: &Replayed) -> String {
    let decision = &one.decision;
    let head = format!(
        "{} {} by {}, row {}:",
        decision.sequence,
        decision.kind.as_str(),
        decision.author,
        decision.disposition.row
    );
    let named = |differences: &[Difference]| match differences {
        [] => "no difference".to_owned(),
        some => {
            let names: Vec<&str> = some.iter().map(|one| one.field.as_str()).collect();
            format!("differs in {}", names.join(", "))
        }
    };
    let words = match &one.outcome {
        Outcome::Not(why) => why.message().to_owned(),
        Outcome::Again { today, same_models: true, .. } => named(today),
        Outcome::Again { then, today, same_models: false } => {
            let then = then.as_deref().map_or_else(|| "they were not kept".to_owned(), named);
            format!("with the models of then: {then}; with today's: {}", named(today))
        }
    };
    format!("{head} {words}")
}
