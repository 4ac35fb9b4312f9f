use jiff::Timestamp;
use serde_json::{Value, json};

use super::args::ListArgs;
use crate::cli::exit::{Code, Failure};
use crate::cli::output;
use crate::cli::table::Table;
use crate::config::Config;
use crate::pipeline::service;
use crate::store::{QueueFilter, QueueItem};

/// Codes of reasons that a line of the table has room for.
const MOST_REASONS: usize = 3;

/// Prints what waits, without a word about any patient.
pub async fn run(config: &Config, args: &ListArgs) -> Result<Code, Failure> {
    let Some(safe) = service::open_existing(config).await? else {
        let data_dir = config.service.data_dir.display();
        output::remark(&format!("intake: nothing is kept in {data_dir} yet"));
        return Ok(Code::Done);
    };
    let filter = QueueFilter { queue: args.queue, lane: args.lane };
    let items = safe.store.queue(&filter).await?;
    if args.json {
        items.iter().try_for_each(|item| output::line(&listed(item).to_string()))?;
        return Ok(Code::Done);
    }
    let mut table = Table::new(&[
        "lane", "document", "queue", "program", "received", "due", "held by", "reasons",
    ]);
    for item in &items {
        let program = item.disposition.program.clone();
        table.row(vec![
            item.disposition.lane.as_str().to_owned(),
            item.document.to_string(),
            item.queue.as_str().to_owned(),
            program.unwrap_or_else(|| "-".into()),
            minute(item.received_at),
            item.due().map_or_else(|| "-".into(), minute),
            item.held.as_ref().map_or_else(|| "-".into(), |held| held.by.clone()),
            reasons(item),
        ]);
    }
    output::line(table.to_string().trim_end())?;
    Ok(Code::Done)
}

fn minute(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%MZ").to_string()
}

fn reasons(item: &QueueItem) -> String {
    let codes: Vec<&str> =
        item.disposition.reasons.iter().map(|reason| reason.code.as_str()).collect();
    let more = codes.len().saturating_sub(MOST_REASONS);
    let shown = codes[..codes.len() - more].join(", ");
    if more == 0 { shown } else { format!("{shown} +{more}") }
}

fn listed(item: &QueueItem) -> Value {
    let reasons: Vec<&str> =
        item.disposition.reasons.iter().map(|reason| reason.code.as_str()).collect();
    json!({
        "reference": item.document,
        "queue": item.queue,
        "lane": item.disposition.lane,
        "program": item.disposition.program,
        "case": item.case,
        "received_at": item.received_at,
        "target_at": item.due(),
        "due": item.disposition.due,
        "held": item.held,
        "reasons": reasons,
        "missing": item.disposition.missing,
        "path": item.path,
    })
}
