use serde_json::{Value, json};

use super::existing;
use crate::cli::args::CaseListArgs;
use crate::cli::exit::Failure;
use crate::cli::output;
use crate::cli::table::Table;
use crate::config::Config;
use crate::decide::register::CaseRecord;
use crate::store::CaseFilter;

/// Prints the cases, the newest first, without a word about the patient.
pub async fn run(config: &Config, args: &CaseListArgs) -> Result<(), Failure> {
    let Some(safe) = existing(config).await? else { return Ok(()) };
    let filter = CaseFilter { states: args.state.clone(), program: args.program.clone() };
    let cases = safe.store.cases(&filter, args.limit).await?;
    if args.json {
        return cases.iter().try_for_each(|case| output::line(&listed(case).to_string()));
    }
    let mut table = Table::new(&["case", "state", "program", "opened", "lines", "asked for"]);
    for case in &cases {
        table.row(vec![
            case.reference.to_string(),
            case.state.as_str().to_owned(),
            case.program.clone().unwrap_or_else(|| "-".into()),
            case.opened_at.strftime("%Y-%m-%d").to_string(),
            case.lines.len().to_string(),
            case.asked.len().to_string(),
        ]);
    }
    output::line(table.to_string().trim_end())?;
    if u32::try_from(cases.len()).is_ok_and(|count| count == args.limit) {
        output::remark("there may be more; --limit shows them");
    }
    Ok(())
}

fn listed(case: &CaseRecord) -> Value {
    json!({
        "case": case.reference,
        "state": case.state,
        "program": case.program,
        "opened_at": case.opened_at,
        "decided_at": case.decided_at,
        "hold_due": case.hold_due,
        "lines": case.lines.len(),
        "asked": case.asked,
        "by_phone": case.by_phone,
    })
}
