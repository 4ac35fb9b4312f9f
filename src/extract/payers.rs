//! Whose plan the sender speaks to, by the names that covers, forms and letters
//! give.

use super::cues::PageTag;
use super::findings::PayerFinding;
use super::paper::{Leaf, Paper};
use super::phrase::Hit;
use crate::vocab::Evidence;

/// Letters of a name up to which it has to be read to the letter: `Aetna` is
/// two edits from words that are no name.
const SHORT: u16 = 8;

/// Each payer that is named, in the order of the cue file.
pub fn find(paper: &Paper<'_>, note: Option<&Leaf<'_>>) -> Vec<PayerFinding> {
    let cues = &paper.cues.payers;
    let speaking = || paper.leaves.iter().filter(|leaf| cues.kinds.contains(&leaf.kind));
    let mut found = Vec::new();
    for (number, payer) in cues.payer.iter().enumerate() {
        let tag = PageTag::Payer(u8::try_from(number).unwrap_or(u8::MAX));
        let mut evidence: Vec<Evidence> =
            speaking().flat_map(|leaf| named(leaf, tag).map(|hit| quote(leaf, hit))).collect();
        if let Some(note) = note {
            let beside = named(note, tag)
                .map(|hit| Evidence::metadata(quote(note, hit).text.into_exposed()));
            evidence.extend(beside);
        }
        if !evidence.is_empty() {
            found.push(PayerFinding { name: payer.name.clone(), evidence });
        }
    }
    found
}

fn quote(leaf: &Leaf<'_>, hit: &Hit<PageTag>) -> Evidence {
    leaf.form.sheet.quote(hit.first, hit.last)
}

/// Where a page names a payer as the one it is for; a second insurance is none.
fn named<'l>(leaf: &'l Leaf<'_>, tag: PageTag) -> impl Iterator<Item = &'l Hit<PageTag>> {
    let read = |hit: &&Hit<PageTag>| hit.distance == 0 || hit.letters > SHORT;
    leaf.tagged(tag).filter(read).filter(|hit| !is_beside(leaf, hit))
}

fn is_beside(leaf: &Leaf<'_>, hit: &Hit<PageTag>) -> bool {
    let sheet = &leaf.form.sheet;
    let row = sheet.cells[sheet.cell_of(hit.first)].row;
    leaf.tagged(PageTag::PayerBeside).any(|beside| {
        beside.first <= hit.last && sheet.cells[sheet.cell_of(beside.first)].row == row
    })
}
