//! A document in a few words, for tables. Codes and counts only: a terminal
//! is looked at over shoulders, so no name, date of birth or number of a
//! patient stands in it.

use std::path::Path;

use crate::decide::disposition::{Action, Disposition, Queue};
use crate::extract::findings::{Extracted, ItemStatus, PageKind, PendingDischarge, Urgency};
use crate::pipeline::oneshot::Processed;

/// Of the columns that [`processed`] fills.
pub const HEADINGS: [&str; 6] =
    ["document", "pages", "what it is", "what was found", "where it went", "why"];

/// A row about a file that was processed once.
pub fn processed(file: &Path, processed: &Processed) -> Vec<String> {
    let name = file.file_name().unwrap_or(file.as_os_str()).to_string_lossy().into_owned();
    let (extracted, pages) = processed.findings();
    row(name, pages, extracted, &processed.disposition)
}

/// A row about any document.
pub fn row(
    name: String,
    pages: u32,
    extracted: &Extracted,
    disposition: &Disposition,
) -> Vec<String> {
    vec![
        name,
        pages.to_string(),
        what(extracted),
        found(extracted),
        place(disposition),
        why(disposition),
    ]
}

/// Whether a person has to look before it can go on.
pub fn needs_a_person(processed: &Processed) -> bool {
    let held = match processed.disposition.action {
        Action::Hold | Action::Redirect | Action::Split | Action::Technical => true,
        Action::NewCase | Action::Attach | Action::Duplicate => {
            processed.disposition.queue == Some(Queue::HoldInsufficient)
        }
    };
    held || !processed.all_pages_read
}

/// Kinds of its pages, in order, repeats counted.
fn what(extracted: &Extracted) -> String {
    let mut kinds: Vec<(PageKind, usize)> = Vec::new();
    for kind in &extracted.page_kinds {
        match kinds.iter_mut().find(|(known, _)| known == kind) {
            Some((_, count)) => *count += 1,
            None => kinds.push((*kind, 1)),
        }
    }
    if kinds.is_empty() {
        return "not opened".to_owned();
    }
    let words = kinds.iter().map(|(kind, count)| {
        let name = name_of(kind).replace('_', " ");
        if *count > 1 { format!("{name} ×{count}") } else { name }
    });
    in_lines(words, 28)
}

fn found(extracted: &Extracted) -> String {
    let findings = &extracted.findings;
    let mut words = Vec::new();
    match findings.pending_discharge.value {
        PendingDischarge::None => {}
        grade @ (PendingDischarge::Strong
        | PendingDischarge::Medium
        | PendingDischarge::Ambiguous
        | PendingDischarge::Weak) => {
            words.push(format!("PENDING DISCHARGE ({})", name_of(&grade)));
        }
    }
    if findings.urgent.value == Urgency::Claimed {
        words.push("urgent".to_owned());
    }
    words.extend(findings.hcpcs.iter().map(|finding| {
        let modifiers: Vec<&str> = finding.modifiers.iter().map(|m| m.as_str()).collect();
        format!("{} {}", finding.code, modifiers.join(" ")).trim_end().to_owned()
    }));
    let counts = [
        (findings.npi.len(), "NPI"),
        (findings.tin.len(), "TIN"),
        (findings.icd10.len(), "ICD-10"),
    ];
    words.extend(counts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")));
    let present =
        findings.checklist.iter().filter(|item| item.status == ItemStatus::Present).count();
    words.push(format!("{present} checklist items"));
    in_lines(words.into_iter(), 32)
}

fn place(disposition: &Disposition) -> String {
    let queue = disposition.queue.map_or("", |queue| queue.as_str());
    let program = disposition.program.as_deref().unwrap_or("no program");
    format!(
        "{}\n{queue}\n{} lane, {program}",
        name_of(&disposition.action),
        disposition.lane.as_str()
    )
}

fn why(disposition: &Disposition) -> String {
    let most = 3;
    let mut lines: Vec<String> =
        disposition.reasons.iter().take(most).map(|reason| reason.message.clone()).collect();
    if disposition.reasons.len() > most {
        lines.push(format!("and {} more", disposition.reasons.len() - most));
    }
    let wrapped = lines.iter().flat_map(|line| wrap(line, 52));
    wrapped.collect::<Vec<_>>().join("\n")
}

/// The contract's name of a value, from its serialisation.
fn name_of(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}

fn in_lines(words: impl Iterator<Item = String>, width: usize) -> String {
    wrap_with(words, ", ", width).join("\n")
}

fn wrap(text: &str, width: usize) -> Vec<String> {
    wrap_with(text.split(' ').map(str::to_owned), " ", width)
}

fn wrap_with(words: impl Iterator<Item = String>, between: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words {
        match lines.last_mut() {
            Some(line) if line.chars().count() + between.len() + word.chars().count() <= width => {
                line.push_str(between);
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    lines
}
