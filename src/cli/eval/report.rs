//! What a tally says, for a terminal.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::cli::table::Table;
use crate::eval::{Counts, Group, Tally, share};

/// For a terminal.
pub fn text(tally: &Tally) -> String {
    let mut out = format!("{} documents\n", tally.documents());
    for (document, reason) in &tally.failed {
        let _ = writeln!(out, "not processed: {document}: {reason}");
    }
    out.push_str(&fields(tally));
    out.push_str(&kinds(tally));
    out.push_str(&discharges(tally));
    out.push_str(&confidences(tally));
    out.push_str(&misses(tally));
    out
}

/// Recall and precision: all together, the pages that can be read, each group.
fn fields(tally: &Tally) -> String {
    let groups = tally.groups();
    let several = groups.len() > 1;
    let legible = several && groups.iter().any(Group::is_legible);
    let named: Vec<String> = groups.iter().map(Group::to_string).collect();
    let mut headings = vec!["recall / precision", "values", "all"];
    headings.extend(legible.then_some("legible"));
    headings.extend(named.iter().filter(|_| several).map(String::as_str));
    let mut table = Table::new(&headings);
    for field in tally.counts.keys() {
        let all = tally.sum(field, |_| true);
        let mut row = vec![field.clone(), all.stated.to_string(), both(all)];
        row.extend(legible.then(|| both(tally.sum(field, Group::is_legible))));
        let each = groups.iter().filter(|_| several);
        row.extend(each.map(|group| both(tally.sum(field, |g| g == group))));
        table.row(row);
    }
    let meaning = if legible { "legible: clean to medium, at fine resolution\n" } else { "" };
    format!("\n{table}{meaning}")
}

fn kinds(tally: &Tally) -> String {
    let mut by_kind: BTreeMap<&str, (usize, usize, Vec<String>)> = BTreeMap::new();
    for ((stated, found), pages) in &tally.kinds {
        let entry = by_kind.entry(stated).or_default();
        entry.0 += pages;
        if stated == found {
            entry.1 += pages;
        } else {
            entry.2.push(format!("{found} {pages}"));
        }
    }
    let mut table = Table::new(&["page is", "pages", "right", "taken for"]);
    for (kind, (pages, right, others)) in by_kind {
        table.row(vec![kind.into(), pages.to_string(), right.to_string(), others.join(", ")]);
    }
    section(&table, !tally.kinds.is_empty())
}

fn discharges(tally: &Tally) -> String {
    let mut table = Table::new(&["pending discharge is said", "meaning", "taken for", "documents"]);
    for ([variant, stated, found], documents) in &tally.discharges {
        table.row(vec![variant.clone(), stated.clone(), found.clone(), documents.to_string()]);
    }
    section(&table, !tally.discharges.is_empty())
}

fn confidences(tally: &Tally) -> String {
    if tally.values() == 0 {
        return String::new();
    }
    let mut table = Table::new(&["confidence", "values", "right"]);
    for (place, tenth) in tally.tenths.iter().enumerate().filter(|(_, t)| t.values > 0) {
        let from = place as f64 / 10.0;
        table.row(vec![
            format!("{from:.1} to {:.1}", from + 0.1),
            tenth.values.to_string(),
            ratio(share(tenth.right, tenth.values)),
        ]);
    }
    let (wrong, of) = (tally.certain_and_wrong, tally.values());
    format!("\n{table}wrong although stated with .99 and more: {wrong} of {of} values\n")
}

fn misses(tally: &Tally) -> String {
    let mut out = String::new();
    let mut last = "";
    for miss in &tally.misses {
        if miss.document != last {
            let _ = writeln!(out, "\n{}", miss.document);
            last = &miss.document;
        }
        let sure = miss.confidence.map(|sure| format!(" ({sure:.2})")).unwrap_or_default();
        let line = format!(
            "  {:6} {} {}{sure}   {}",
            miss.verdict.name(),
            miss.field,
            miss.value,
            miss.place
        );
        let _ = writeln!(out, "{}", line.trim_end());
    }
    out
}

fn both(counts: Counts) -> String {
    if counts == Counts::default() {
        return "-".to_owned();
    }
    format!("{}/{}", ratio(counts.recall()), ratio(counts.precision()))
}

fn ratio(share: Option<f64>) -> String {
    // Never rounded up to perfection.
    share
        .map_or_else(|| "-".to_owned(), |share| format!("{:.3}", (share * 1000.0).floor() / 1000.0))
}

fn section(table: &Table, shown: bool) -> String {
    if shown { format!("\n{table}") } else { String::new() }
}
