use jiff::Timestamp;
use serde_json::{Value, json};

use super::existing;
use crate::assemble::HistoryEntry;
use crate::cli::exit::{Code, Failure};
use crate::cli::output;
use crate::cli::table::Table;
use crate::config::Config;
use crate::decide::disposition::Reason;
use crate::store::{DecisionRecord, DocumentRecord, Held, Outcome};
use crate::vocab::{DocumentRef, PageNumber};

/// All that is shown of a document.
struct Shown {
    record: DocumentRecord,
    outcome: Outcome,
    decisions: Vec<DecisionRecord>,
    history: Vec<HistoryEntry>,
    held: Option<Held>,
}

/// Prints why a document waits, and what happened to it.
pub async fn run(config: &Config, document: &DocumentRef, as_json: bool) -> Result<Code, Failure> {
    let store = existing(config).await?.store;
    let next = "`intake queue list` shows what waits";
    let unknown =
        || Failure::wrong_use("queue.unknown", format!("there is no document {document}"), next);
    let record = store.document(document).await?.ok_or_else(unknown)?;
    let Some(outcome) = record.outcome.clone() else {
        let what = format!("document {document} is not decided yet: {}", record.stage.as_str());
        return Err(Failure::outside("queue.not_decided", what, next));
    };
    let shown = Shown {
        record,
        outcome,
        decisions: store.decisions(document).await?,
        history: store.history(document).await?,
        held: store.held(document).await?,
    };
    if as_json {
        output::line(&shown.json().to_string())?;
    } else {
        output::line(shown.tables().trim_end())?;
    }
    Ok(Code::Done)
}

impl Shown {
    fn packet(&self) -> Option<String> {
        self.record.path.as_ref().map(|path| format!("{path}/packet.pdf"))
    }

    fn json(&self) -> Value {
        let disposition = &self.outcome.disposition;
        json!({
            "reference": self.record.received.document,
            "submission": self.record.received.submission,
            "stage": self.record.stage,
            "received_at": self.record.received.received_at,
            "queue": disposition.queue,
            "lane": disposition.lane,
            "program": disposition.program,
            "case": self.outcome.case,
            "hold": self.outcome.hold,
            "held": self.held,
            "closed": self.outcome.closed,
            "row": disposition.row,
            "rules": disposition.rules,
            "reasons": disposition.reasons,
            "missing": disposition.missing,
            "due": disposition.due,
            "clocks": disposition.clocks,
            "corrections": self.outcome.corrections,
            "decisions": self.decisions.iter().map(decision).collect::<Vec<_>>(),
            "history": self.history,
            "path": self.record.path,
            "packet": self.packet(),
        })
    }

    fn tables(&self) -> String {
        let tables = [
            Some(self.facts()),
            Some(self.reasons()),
            self.clocks(),
            self.corrections(),
            Some(self.past()),
        ];
        let texts: Vec<String> = tables.into_iter().flatten().map(|t| t.to_string()).collect();
        texts.join("\n")
    }

    fn facts(&self) -> Table {
        let disposition = &self.outcome.disposition;
        let mut table = Table::new(&["document", self.record.received.document.as_str()]);
        let mut say = |name: &str, value: Option<String>| {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                table.row(vec![name.to_owned(), value]);
            }
        };
        let closed = self.outcome.closed.as_ref();
        let queue = disposition.queue.filter(|_| closed.is_none());
        say("queue", queue.map(|queue| queue.as_str().to_owned()));
        say("closed", closed.map(|one| format!("{} by {}", one.reason.as_str(), one.by)));
        say("lane", Some(disposition.lane.as_str().to_owned()));
        say("program", disposition.program.clone());
        say("case", self.outcome.case.as_ref().map(ToString::to_string));
        say("hold", self.outcome.hold.as_ref().map(ToString::to_string));
        say("held by", self.held.as_ref().map(|held| format!("{} since {}", held.by, held.since)));
        say("received", Some(self.record.received.received_at.to_string()));
        say("answer due", disposition.due.map(|due| due.to_string()));
        say("missing", Some(disposition.missing.join("\n")));
        say("packet", self.packet());
        table
    }

    fn reasons(&self) -> Table {
        let mut table = Table::new(&["reason", "", "pages"]);
        for reason in &self.outcome.disposition.reasons {
            table.row(vec![reason.code.clone(), reason.message.clone(), pages(reason)]);
        }
        table
    }

    fn clocks(&self) -> Option<Table> {
        let clocks = &self.outcome.disposition.clocks;
        let mut table = Table::new(&["clock", "due"]);
        for clock in clocks {
            table.row(vec![clock.name.to_string(), clock.due.to_string()]);
        }
        (!clocks.is_empty()).then_some(table)
    }

    fn corrections(&self) -> Option<Table> {
        let corrections = &self.outcome.corrections;
        let mut table = Table::new(&["corrected", "by", "at", "note"]);
        for one in corrections {
            let note = one.note.as_ref().map_or_else(String::new, |note| note.expose().clone());
            table.row(vec![one.change.name(), one.by.clone(), second(one.at), note]);
        }
        (!corrections.is_empty()).then_some(table)
    }

    fn past(&self) -> Table {
        let mut table = Table::new(&["at", "who", "what", ""]);
        for entry in &self.history {
            let HistoryEntry { at, actor, event, message } = entry;
            table.row(vec![second(*at), actor.clone(), event.clone(), message.clone()]);
        }
        table
    }
}

fn second(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%SZ").to_string()
}

/// Each once, in order.
fn pages(reason: &Reason) -> String {
    let mut numbers: Vec<u32> =
        reason.evidence.iter().filter_map(|one| one.page).map(PageNumber::get).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn decision(decision: &DecisionRecord) -> Value {
    let disposition = &decision.disposition;
    json!({
        "sequence": decision.sequence,
        "at": decision.at,
        "author": decision.author,
        "kind": decision.kind,
        "row": disposition.row,
        "action": disposition.action,
        "queue": disposition.queue,
        "lane": disposition.lane,
        "case": decision.case,
        "closed": decision.closed,
        "changes": decision.changes,
    })
}
