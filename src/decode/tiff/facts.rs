//! What fax machines and servers write into a TIFF beside its pictures:
//! counted bad lines, page numbers, who was dialled (TIFF class F; the private
//! tags of HylaFAX).

use std::collections::BTreeSet;

use super::directory::{Directory, tag};
use crate::vocab::{Note, PageNumber};

/// About one page: what its receiver counted while it came in. The lines were
/// often repaired by repeating the one above, so the pixels do not show it.
pub(super) fn of_page(directory: &Directory, number: PageNumber) -> Option<Note> {
    /// Bad lines were left as they came (0 is none, 1 repaired).
    const LEFT: u64 = 2;
    let bad = directory.first(tag::BAD_FAX_LINES).unwrap_or(0);
    let left = directory.first(tag::CLEAN_FAX_DATA) == Some(LEFT);
    if bad == 0 && !left {
        return None;
    }
    let run = directory.first(tag::CONSECUTIVE_BAD_FAX_LINES).unwrap_or(0);
    let counted = match (bad, run) {
        (0, _) => "The fax machine says that lines of this page arrived damaged".to_owned(),
        (bad, 0 | 1) => format!("The fax machine counted {bad} damaged lines on this page"),
        (bad, run) => {
            format!(
                "The fax machine counted {bad} damaged lines on this page, up to {run} together"
            )
        }
    };
    let what = if left { "they were left as they came" } else { "it repaired them" };
    Some(Note::page(
        "page.fax_errors",
        number,
        format!("{counted}; {what}. Text on them may be missing or misread."),
    ))
}

/// About the file: pages its own numbering says are not there, and what the
/// server noted of the call.
pub(super) fn of_file(directories: &[Directory]) -> Vec<Note> {
    [numbering(directories), call(directories)].into_iter().flatten().collect()
}

/// `PageNumber` holds the page's number and the total, or 0 where the total was
/// not known yet. Writers count from 0 or from 1.
fn numbering(directories: &[Directory]) -> Option<Note> {
    let numbers: Vec<(u64, u64)> = directories
        .iter()
        .map(|directory| match directory.all(tag::PAGE_NUMBER) {
            [page, total, ..] => Some((*page, *total)),
            _ => None,
        })
        .collect::<Option<_>>()?;
    let total = numbers.first()?.1;
    let pages: BTreeSet<u64> = numbers.iter().map(|(page, _)| *page).collect();
    // Repeated numbers or several totals say nothing.
    if total == 0 || numbers.iter().any(|(_, t)| *t != total) || pages.len() < numbers.len() {
        return None;
    }
    let first = u64::from(!pages.contains(&0) && pages.contains(&total));
    if pages.iter().any(|page| *page < first || *page >= first + total) {
        return None;
    }
    if pages.len() as u64 == total {
        let in_order = numbers.windows(2).all(|pair| pair[0].0 < pair[1].0);
        return (!in_order).then(|| {
            Note::document(
                "file.pages_order",
                "The pages stand in another order than the file numbers them. Check which comes first.",
            )
        });
    }
    /// Numbers that are spelled out; more are only counted.
    const SPELLED: usize = 20;
    let missing = (first..first + total).filter(|page| !pages.contains(page));
    let named: Vec<String> =
        missing.take(SPELLED).map(|page| (page - first + 1).to_string()).collect();
    let lost = total - pages.len() as u64;
    let more = if lost as usize > named.len() { " and more" } else { "" };
    Some(Note::document(
        "file.pages_missing",
        format!(
            "By its own numbering the fax has {total} pages; {lost} are not there (page {}{more}). Ask the sender for them.",
            named.join(", ")
        ),
    ))
}

fn call(directories: &[Directory]) -> Option<Note> {
    /// Dialling digits; anything else in there is damage.
    const LONGEST: usize = 20;
    let seconds: u64 = directories
        .iter()
        .filter_map(|directory| directory.first(tag::FAX_RECV_TIME))
        .fold(0, u64::saturating_add);
    let address: String = directories
        .iter()
        .flat_map(|directory| directory.all(tag::FAX_SUB_ADDRESS).to_vec())
        .filter_map(|byte| u8::try_from(byte).ok().map(char::from))
        .take_while(|c| *c != '\0')
        .filter(|c| c.is_ascii_digit() || matches!(c, '*' | '#' | '+'))
        .take(LONGEST)
        .collect();
    let mut said = Vec::new();
    if seconds > 0 {
        said.push(format!("it took {seconds} seconds to come in"));
    }
    if !address.is_empty() {
        said.push(format!("it was sent to subaddress {address}"));
    }
    (!said.is_empty()).then(|| {
        Note::document(
            "file.fax_call",
            format!("The fax server noted of the call: {}.", said.join(", ")),
        )
    })
}
