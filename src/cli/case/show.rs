use serde_json::json;

use super::existing;
use crate::cli::exit::Failure;
use crate::cli::output;
use crate::cli::table::Table;
use crate::config::Config;
use crate::decide::register::{CaseKeys, CaseRecord};
use crate::store::Store;
use crate::vocab::{CaseRef, DocumentRef};

/// Prints all that is known of a case, by our reference or another number.
pub async fn run(config: &Config, wanted: &str, as_json: bool) -> Result<(), Failure> {
    let safe = existing(config).await?;
    let case = match &safe {
        Some(safe) => find(&*safe.store, wanted).await?,
        None => None,
    };
    let Some((safe, case)) = safe.zip(case) else {
        let next = "`intake case list` shows those that are there";
        return Err(Failure::wrong_use("case.unknown", "there is no such case", next));
    };
    let documents = safe.store.case_documents(&case.reference).await?;
    if as_json {
        let mut shown = json!(case);
        shown["documents"] = json!(documents);
        return output::line(&shown.to_string());
    }
    output::line(described(&case, &documents).to_string().trim_end())
}

async fn find(store: &dyn Store, wanted: &str) -> Result<Option<CaseRecord>, Failure> {
    if let Ok(reference) = wanted.parse::<CaseRef>() {
        return Ok(store.case(&reference).await?);
    }
    let mut found = store.case_candidates(&CaseKeys::of_reference(wanted)).await?;
    if found.len() > 1 {
        let references: Vec<&str> = found.iter().map(|case| case.reference.as_str()).collect();
        let what = format!("several cases have this number: {}", references.join(", "));
        return Err(Failure::wrong_use("case.several", what, "give one of these references"));
    }
    Ok(found.pop())
}

fn described(case: &CaseRecord, documents: &[DocumentRef]) -> Table {
    let mut table = Table::new(&["case", case.reference.as_str()]);
    let mut say = |name: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            table.row(vec![name.to_owned(), value]);
        }
    };
    let member = &case.member;
    say("state", Some(case.state.as_str().to_owned()));
    say("program", case.program.clone());
    say("name", member.name.as_ref().map(|name| name.expose().clone()));
    say("date of birth", member.date_of_birth.as_ref().map(|date| date.expose().to_string()));
    say("member id", member.id.as_ref().map(|id| id.expose().clone()));
    say("ordering NPI", case.ordering.as_ref().map(ToString::to_string));
    say("rendering NPI", case.rendering.as_ref().map(ToString::to_string));
    let lines = case.lines.iter().map(|line| match &line.code {
        Some(code) => format!("{code} {}", line.family),
        None => line.family.clone(),
    });
    say("asks for", Some(lines.collect::<Vec<_>>().join("\n")));
    let references = case.references.iter().map(|reference| reference.value.expose().as_str());
    say("known as", Some(references.collect::<Vec<_>>().join("\n")));
    say("opened", Some(case.opened_at.to_string()));
    say("by phone", case.by_phone.then(|| "yes".to_owned()));
    say("hold", case.hold_reference.as_ref().map(|value| value.expose().clone()));
    say("still asked", Some(case.asked.join("\n")));
    say("answer due", case.hold_due.map(|at| at.to_string()));
    say("decided", case.decided_at.map(|at| at.to_string()));
    say("note", case.note.as_ref().map(|note| note.expose().clone()));
    let documents = documents.iter().map(DocumentRef::as_str);
    say("documents", Some(documents.collect::<Vec<_>>().join("\n")));
    table
}
