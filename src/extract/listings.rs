//! What a provider directory says of the NPIs that were found. A check digit
//! lets one misread number in ten through; a directory nearly none.
//!
//! Nothing is replaced: what stands on the page stays, and a person sees both
//! (a name may have changed, a number may be newer than the directory).

use std::collections::{BTreeMap, BTreeSet};

use super::findings::{DirectoryCheck, Extracted, NpiFinding, Standing};
use crate::vocab::{Confidence, Listing, Note, Npi};

/// How sure a number can be that the directory does not have: it is newer than
/// the last import, or misread in two places.
const NOT_LISTED: f32 = 0.85;
/// Share of letters in common from which two names are one.
const ALIKE: f64 = 0.75;
/// Edits in a family name that a fax makes.
const EDITS: usize = 2;

/// The numbers to look up.
pub fn wanted(extracted: &Extracted) -> Vec<Npi> {
    let mut all: Vec<Npi> = extracted.findings.npi.iter().map(|n| n.value.clone()).collect();
    all.sort();
    all.dedup();
    all
}

/// Writes beside each number what the directory says. `known` holds every
/// number that was looked up, with `None` for those that it does not have.
/// `common` are words that many companies have in their names.
pub fn compare(
    extracted: &mut Extracted,
    known: &BTreeMap<Npi, Option<Listing>>,
    common: &BTreeSet<String>,
) {
    let names: Vec<(Npi, String)> = extracted
        .findings
        .providers
        .iter()
        .filter_map(|p| {
            let npi = Npi::parse(p.npi.as_ref()?.value.expose()).ok()?;
            Some((npi, p.name.as_ref()?.value.expose().clone()))
        })
        .collect();
    let mut notes = Vec::new();
    for found in &mut extracted.findings.npi {
        let Some(listing) = known.get(&found.value) else { continue };
        let printed = names.iter().find(|(npi, _)| *npi == found.value).map(|(_, name)| name);
        let check = check(listing.as_ref(), printed.map(String::as_str), common);
        notes.extend(note(found, &check));
        if check.standing == Standing::NotListed {
            found.confidence = found.confidence.min(Confidence::new(NOT_LISTED));
        }
        found.directory = Some(check);
    }
    extracted.notes.extend(notes);
}

fn check(
    listing: Option<&Listing>,
    printed: Option<&str>,
    common: &BTreeSet<String>,
) -> DirectoryCheck {
    let Some(listing) = listing else {
        return DirectoryCheck { standing: Standing::NotListed, name: None, name_agrees: None };
    };
    let name = (!listing.name.is_empty()).then(|| listing.name.clone());
    DirectoryCheck {
        standing: if listing.active { Standing::Active } else { Standing::Deactivated },
        name_agrees: name.as_deref().zip(printed).map(|(a, b)| agree(a, b, common)),
        name,
    }
}

fn note(found: &NpiFinding, check: &DirectoryCheck) -> Option<Note> {
    let (code, message) = match (check.standing, check.name_agrees) {
        (Standing::NotListed, _) => {
            ("npi.not_listed", "an NPI is not in the provider directory that was imported")
        }
        (Standing::Deactivated, _) => {
            ("npi.deactivated", "an NPI is deactivated in the provider directory")
        }
        (Standing::Active, Some(false)) => {
            ("npi.name_mismatch", "the provider directory has another name for an NPI")
        }
        (Standing::Active, _) => return None,
    };
    let page = found.evidence.first().and_then(|e| e.page);
    Some(Note { code: code.into(), page, message: message.into() })
}

/// Whether two names are one, allowing for noise, middle names, and words such
/// as "Inc" that one of them leaves out. "Home Medical" is no name.
fn agree(listed: &str, printed: &str, common: &BTreeSet<String>) -> bool {
    let words = |name: &str| -> Vec<String> {
        let plain: String = name
            .to_lowercase()
            .chars()
            .map(|c| if c.is_alphanumeric() { c } else { ' ' })
            .collect();
        plain.split_whitespace().map(str::to_owned).collect()
    };
    let (listed, printed) = (words(listed), words(printed));
    if strsim::normalized_levenshtein(&listed.join(" "), &printed.join(" ")) >= ALIKE {
        return true;
    }
    let near = |a: &str, b: &str| strsim::levenshtein(a, b) <= EDITS.min(a.len().min(b.len()) / 3);
    let (fewer, more) =
        if listed.len() <= printed.len() { (&listed, &printed) } else { (&printed, &listed) };
    let held: Vec<&String> =
        fewer.iter().filter(|word| more.iter().any(|other| near(word, other))).collect();
    let own = held.iter().filter(|word| word.len() >= 3 && !common.contains(**word)).count();
    // A given name shortened to its initial, a company's legal form left out.
    own >= 2 || own >= 1 && (held.len() >= 2 && held.len() + 1 >= fewer.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_agree_over_noise_and_left_out_words() {
        let common = ["home", "medical", "supply", "equipment", "llc", "inc", "hme", "health"];
        let common: BTreeSet<String> = common.map(str::to_owned).into();
        for (listed, printed) in [
            ("EDITH SAMPLE", "Edith Sample"),
            ("LAKESIDE HOME MEDICAL EQUIPMENT INC", "Lakeside Home Medical"),
            ("JANE MARIE ROE", "Jane Roe"),
            ("LAKESIDE HME LLC", "Lakesidc HME"),
        ] {
            assert!(agree(listed, printed, &common), "{listed} / {printed}");
        }
        for (listed, printed) in [
            ("EDITH SAMPLE", "Jane Roe"),
            ("HARBOR MEDICAL SUPPLY", "Lakeside Home Health"),
            ("HARBOR HOME MEDICAL SUPPLY LLC", "Lakeside Home Medical"),
        ] {
            assert!(!agree(listed, printed, &common), "{listed} / {printed}");
        }
    }
}
