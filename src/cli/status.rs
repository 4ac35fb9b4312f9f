use jiff::Timestamp;
use serde_json::{Value, json};

use super::exit::{Code, Failure};
use super::output;
use super::table::Table;
use crate::config::Config;
use crate::pipeline::custody::free_bytes;
use crate::pipeline::service;
use crate::store::StatusCounts;

/// Prints what waits where.
pub async fn run(config: &Config, as_json: bool) -> Result<Code, Failure> {
    let data_dir = &config.service.data_dir;
    let counts = match service::open_existing(config).await? {
        Some(safe) => safe.store.status(Timestamp::now()).await?,
        None => {
            output::remark(&format!("intake: nothing is kept in {} yet", data_dir.display()));
            StatusCounts::default()
        }
    };
    let free = free_bytes(data_dir).map_err(Failure::internal)?;
    if as_json {
        output::line(&status_json(&counts, free).to_string())?;
    } else {
        print(&counts, free)?;
    }
    Ok(Code::Done)
}

/// The object of the outside contract.
fn status_json(counts: &StatusCounts, free_bytes: u64) -> Value {
    let mut stages = serde_json::Map::new();
    for name in ["received", "triage", "reading", "deciding", "delivering"] {
        stages.insert(name.to_owned(), json!(counts.stages.get(name).copied().unwrap_or(0)));
    }
    json!({
        "stages": stages,
        "queues": counts.queues,
        "cases_open": counts.cases_open,
        "outbox": {"waiting": counts.mail_waiting, "failed": counts.mail_failed},
        "readers": {"running": counts.reading_now},
        "disk_free_bytes": free_bytes,
    })
}

fn print(counts: &StatusCounts, free_bytes: u64) -> Result<(), Failure> {
    let mut stages = Table::new(&["stage", "documents"]);
    for (stage, count) in &counts.stages {
        stages.row(vec![(*stage).to_owned(), count.to_string()]);
    }
    output::line(&stages.to_string())?;
    let mut queues = Table::new(&["queue", "documents", "oldest"]);
    for (queue, depth) in &counts.queues {
        queues.row(vec![queue.clone(), depth.count.to_string(), age(depth.oldest_seconds)]);
    }
    output::line(&queues.to_string())?;
    output::line(&format!(
        "{} cases · mail: {} waiting, {} failed · {} pages being read · {} MiB free",
        counts.cases_open,
        counts.mail_waiting,
        counts.mail_failed,
        counts.reading_now,
        free_bytes >> 20
    ))
}

fn age(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min", seconds / 60),
        3600..172_800 => format!("{} h", seconds / 3600),
        _ => format!("{} days", seconds / 86_400),
    }
}
