//! `intake demo`: the service at work on sample faxes.

use std::collections::HashMap;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use super::args::DemoArgs;
use super::exit::{Code, Failure};
use super::table::Table;
use super::{describe, output, serve};
use crate::config::{Config, Knowledge};
use crate::pipeline::service;
use crate::receive::SourceConfig;
use crate::store::{DocumentRecord, Stage, Store};

const INBOX: &str = "inbox";
const SAMPLES: &str = "samples";
const LOOK: Duration = Duration::from_millis(300);

/// Copies the samples into the inbox of a running service, waits until each
/// lies in its place, and prints where. On a terminal the service stays up.
pub async fn run(config: &Config, args: &DemoArgs) -> Result<Code, Failure> {
    let samples = samples(&args.files)?;
    let knowledge = Arc::new(Knowledge::of(config)?);
    let program = std::env::current_exe().map_err(Failure::internal)?;
    let safe = service::open(config).await?;
    if !safe.store.documents().await?.is_empty() {
        return Err(Failure::wrong_use(
            "demo.data_dir",
            format!("{} holds documents already", safe.data_dir.display()),
            "the demo wants a fresh --data directory",
        ));
    }
    let (stop, stopping) = watch::channel(false);
    let running = {
        let mut config = config.clone();
        config.source = sources(args);
        tokio::spawn(async move { service::run(&config, knowledge, program, stopping).await })
    };
    let inbox = safe.data_dir.join(INBOX);
    let folder = safe.data_dir.join(SAMPLES);
    std::fs::create_dir_all(&folder).map_err(Failure::internal)?;
    for sample in &samples {
        drop_in(sample, &folder)?;
    }
    output::line(&format!("{} files dropped into {}", samples.len(), folder.display()))?;
    let stop_signal = serve::stop_signal()?;
    let finished = wait(&*safe.store, samples.len(), &stop_signal).await?;
    print_table(&finished)?;
    print_places(&safe.data_dir)?;
    if io::stdout().is_terminal() && !*stop_signal.borrow() {
        stay_up(&*safe.store, &inbox, finished.len(), stop_signal).await?;
    }
    let _ = stop.send(true);
    running.await.map_err(Failure::internal)??;
    Ok(Code::Done)
}

/// The inbox, and beside it a folder for the samples, which may be of another
/// day.
fn sources(args: &DemoArgs) -> Vec<SourceConfig> {
    let samples = SourceConfig {
        id: SAMPLES.into(),
        path: SAMPLES.into(),
        received_at: args.received_at,
        ..SourceConfig::default()
    };
    vec![SourceConfig::default(), samples]
}

/// Files as named; of a folder, those that are faxes or documents.
fn samples(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let failed = |path: &Path, e: io::Error| {
        Failure::outside("demo.file", format!("{}: {e}", path.display()), "name a sample fax")
    };
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        for entry in std::fs::read_dir(path).map_err(|e| failed(path, e))? {
            let file = entry.map_err(|e| failed(path, e))?.path();
            let extension = file.extension().and_then(|e| e.to_str()).unwrap_or("");
            if ["tif", "tiff", "pdf", "png", "jpg", "jpeg"].contains(&extension) {
                files.push(file);
            }
        }
    }
    files.sort();
    Ok(files)
}

/// As a well-behaved fax server does: under another name until it is whole.
fn drop_in(sample: &Path, inbox: &Path) -> Result<(), Failure> {
    let name = sample.file_name().unwrap_or_default().to_string_lossy();
    let growing = inbox.join(format!("{name}.part"));
    std::fs::copy(sample, &growing)
        .and_then(|_| std::fs::rename(&growing, inbox.join(name.as_ref())))
        .map_err(|e| {
            Failure::outside(
                "demo.file",
                format!("{}: {e}", sample.display()),
                "the sample must be readable, and the data directory writable",
            )
        })
}

/// Until `wanted` documents lie in their places, or the user stops it.
async fn wait(
    store: &dyn Store,
    wanted: usize,
    stop: &watch::Receiver<bool>,
) -> Result<Vec<DocumentRecord>, Failure> {
    let mut said = HashMap::new();
    loop {
        let documents = store.documents().await?;
        for document in &documents {
            progress(document, &mut said)?;
        }
        let done = documents.iter().filter(|d| d.stage == Stage::Routed).count();
        if done >= wanted || *stop.borrow() {
            return Ok(documents);
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// A line whenever a document has come further.
fn progress(
    document: &DocumentRecord,
    said: &mut HashMap<String, (Stage, bool)>,
) -> Result<(), Failure> {
    let reference = document.received.document.as_str();
    let now = (document.stage, document.flagged_at.is_some());
    let before = said.insert(reference.to_owned(), now);
    if before.is_some_and(|(_, flagged)| !flagged) && now.1 {
        output::line(&format!("  {reference}  ⚑ expedited: announced before the rest is read"))?;
    }
    if before.map(|(stage, _)| stage) != Some(now.0) {
        let pages =
            document.inventory.as_ref().map_or(String::new(), |i| format!(", {} pages", i.pages));
        output::line(&format!("  {reference}  {}{pages}", document.stage.as_str()))?;
    }
    io::stdout().flush().map_err(Failure::internal)
}

fn print_table(documents: &[DocumentRecord]) -> Result<(), Failure> {
    let mut table = Table::new(&describe::HEADINGS);
    for document in documents {
        let Some(outcome) = &document.outcome else { continue };
        let pages = document.inventory.as_ref().map_or(0, |inventory| inventory.pages);
        // The samples' names are ours; a sender's would not be shown.
        let name = document.received.file_name.expose();
        let name = format!("{name}\n{}", document.received.document);
        table.row(describe::row(name, pages, &outcome.extracted, &outcome.disposition));
    }
    output::line("")?;
    output::line(table.to_string().trim_end())
}

fn print_places(data_dir: &Path) -> Result<(), Failure> {
    let places = [
        (
            "cases/",
            "a folder for each case; in it, each document: packet.pdf, manifest.json, original",
        ),
        ("queues/", "what waits for a person, by queue"),
        ("mail/", "notifications, as .eml files while no mail server is configured"),
        ("inbox/", "drop your own fax here (TIFF, PDF, DOCX, PNG, JPEG)"),
    ];
    output::line(&format!("\nLook into {}:", data_dir.display()))?;
    for (place, what) in places {
        output::line(&format!("  {place:9} {what}"))?;
    }
    Ok(())
}

async fn stay_up(
    store: &dyn Store,
    inbox: &Path,
    mut shown: usize,
    mut stop: watch::Receiver<bool>,
) -> Result<(), Failure> {
    output::line(&format!(
        "\nThe service stays up: copy a file of yours into {}. Ctrl-C ends it.",
        inbox.display()
    ))?;
    let mut said = HashMap::new();
    while !*stop.borrow() {
        let documents = store.documents().await?;
        for document in documents.iter().skip(shown) {
            progress(document, &mut said)?;
        }
        if documents.len() > shown && documents.iter().all(|d| d.stage == Stage::Routed) {
            print_table(&documents[shown..])?;
            shown = documents.len();
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            _ = stop.changed() => {}
        }
    }
    Ok(())
}
