//! The audit of header strips: which pages came in one call, whether all that
//! the sending machine counted are here and in order, and whether a page comes
//! from another machine.
//!
//! A strip is the smallest and worst printed line of a page. One counter that
//! does not fit its neighbours is a misreading; what is said here is said by
//! several pages, or by one that stands alone.

use std::collections::{BTreeMap, BTreeSet};

use super::findings::{PageKind, Transmission};
use super::labels::Label;
use super::paper::{Leaf, Paper};
use crate::recognize::recognized::Header;
use crate::vocab::Note;

/// Telephone digits that two readings of one number may differ in.
const MISREAD_DIGITS: usize = 3;
/// Digits without which a number tells no sender.
const LEAST_DIGITS: usize = 7;
/// Letters without which a name tells no sender, and how many are looked at.
const LEAST_LETTERS: usize = 4;
const MOST_LETTERS: usize = 64;
/// Names more alike than this (0 to 1) are one sender, misread.
const ALIKE: f64 = 0.5;
/// More strips than this must agree before another counts as foreign.
const LEAST_AGREEING: usize = 2;
/// No fax counts further; a larger number was misread.
const MOST_PAGES: u32 = 999;

/// The calls in which the pages came, and notes on what does not add up.
pub fn audit(paper: &Paper<'_>, notes: &mut Vec<Note>) -> Vec<Transmission> {
    let strips: Vec<Strip<'_>> = paper.leaves.iter().map(Strip::of).collect();
    if strips.is_empty() {
        return Vec::new();
    }
    let calls = calls(&strips);
    if calls.len() > 1 {
        let message = format!("{} transmissions follow each other in this file", calls.len());
        notes.push(note("pages.transmissions", strips[calls[1].start].leaf, message));
    }
    calls.iter().map(|call| judge(&strips[call.clone()], notes)).collect()
}

/// A page and its strip.
struct Strip<'p> {
    leaf: &'p Leaf<'p>,
    header: Option<&'p Header>,
    /// Of the sender's number and name, as far as they tell him.
    digits: Option<String>,
    sender: Option<String>,
}

impl<'p> Strip<'p> {
    fn of(leaf: &'p Leaf<'p>) -> Self {
        let header = leaf.form.sheet.page.header.as_ref();
        let cut = |text: &str| text.chars().take(MOST_LETTERS).collect::<String>();
        let digits = header.and_then(|h| h.number.as_ref()).map(|number| {
            cut(number.expose()).chars().filter(char::is_ascii_digit).collect::<String>()
        });
        let sender = header.and_then(|h| h.sender.as_ref());
        let sender = sender.map(|name| cut(name.expose()).to_lowercase());
        let letters = |name: &String| name.chars().filter(|c| c.is_alphabetic()).count();
        Self {
            leaf,
            header,
            digits: digits.filter(|digits| digits.len() >= LEAST_DIGITS),
            sender: sender.filter(|name| letters(name) >= LEAST_LETTERS),
        }
    }

    fn page(&self) -> Option<u32> {
        self.header?.page.filter(|page| (1..=MOST_PAGES).contains(page))
    }

    fn total(&self) -> Option<u32> {
        let total = self.header?.of.filter(|of| (1..=MOST_PAGES).contains(of))?;
        self.page().is_none_or(|page| page <= total).then_some(total)
    }

    /// Whether two strips were surely printed by two machines.
    fn differs(&self, other: &Self) -> bool {
        let numbers = self.digits.as_ref().zip(other.digits.as_ref());
        let names = self.sender.as_ref().zip(other.sender.as_ref());
        let far = |a: &str, b: &str| strsim::levenshtein(a, b) > MISREAD_DIGITS;
        let unlike = |a: &str, b: &str| strsim::normalized_levenshtein(a, b) < ALIKE;
        match (numbers, names) {
            (Some((a, b)), Some((c, d))) => far(a, b) && unlike(c, d),
            (Some((a, b)), None) => far(a, b),
            (None, Some((a, b))) => unlike(a, b),
            (None, None) => false,
        }
    }
}

/// Stretches of pages, each one call.
fn calls(strips: &[Strip<'_>]) -> Vec<std::ops::Range<usize>> {
    let mut starts = vec![0];
    for at in 1..strips.len() {
        let start = starts.last().copied().unwrap_or(0);
        if begins(&strips[start..at], &strips[at], strips.get(at + 1)) {
            starts.push(at);
        }
    }
    let ends = starts.iter().skip(1).copied().chain([strips.len()]);
    starts.iter().copied().zip(ends).map(|(start, end)| start..end).collect()
}

/// Whether a page begins another call: its counter stands at one again, and
/// something besides says so.
fn begins(before: &[Strip<'_>], now: &Strip<'_>, next: Option<&Strip<'_>>) -> bool {
    let counted = before.iter().any(|strip| strip.page().is_some());
    if now.page() != Some(1) || !counted {
        return false;
    }
    let goes_on = next.is_some_and(|next| next.page() == Some(2));
    let last = before.iter().rev().find(|strip| strip.total().is_some());
    let other_total = last.and_then(Strip::total).zip(now.total()).is_some_and(|(a, b)| a != b);
    let other_sender = || before.iter().rev().take(LEAST_AGREEING).all(|strip| now.differs(strip));
    goes_on || other_total || now.leaf.kind == PageKind::FaxCover || other_sender()
}

fn judge(strips: &[Strip<'_>], notes: &mut Vec<Note>) -> Transmission {
    let total = most_said(strips.iter().filter_map(Strip::total));
    let counters = believed(&strips.iter().map(Strip::page).collect::<Vec<_>>(), total);
    let missing = missing(&counters, total);
    let first = strips[0].leaf;
    if let Some(total) = total.filter(|_| !missing.is_empty()) {
        let listed: Vec<String> = missing.iter().map(u32::to_string).collect();
        notes.push(note(
            "pages.missing",
            first,
            format!(
                "the sender's machine counted {total} pages and {} are here; missing by its \
                 count: {}",
                strips.len(),
                listed.join(", ")
            ),
        ));
    }
    for at in out_of_order(&counters) {
        let message = "the sender's machine counted this page at another place".to_owned();
        notes.push(note("pages.order", strips[at].leaf, message));
    }
    for strip in foreign(strips) {
        let message = "the header line of this page names another sender than the others";
        notes.push(note("page.foreign", strip.leaf, message.to_owned()));
    }
    // What a cover announces may leave out the cover itself.
    let announced = announced(strips);
    if let Some((leaf, pages)) = announced.filter(|(_, pages)| {
        let here = u32::try_from(strips.len()).unwrap_or(u32::MAX);
        here < *pages && missing.is_empty() && total.is_none_or(|total| total < *pages)
    }) {
        let here = strips.len();
        let message = format!("the cover announces {pages} pages and {here} are here");
        notes.push(note("pages.announced", leaf, message));
    }
    let sender = strips.iter().find_map(|strip| strip.header?.sender.clone());
    Transmission {
        pages: strips.iter().map(|strip| strip.leaf.number()).collect(),
        sender,
        announced: total.or(announced.map(|(_, pages)| pages)),
        missing,
    }
}

fn note(code: &'static str, leaf: &Leaf<'_>, message: String) -> Note {
    Note { code: code.into(), page: Some(leaf.number()), message }
}

/// The number said most, if most of those who say one say it.
fn most_said(said: impl Iterator<Item = u32>) -> Option<u32> {
    let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
    said.for_each(|number| *counts.entry(number).or_default() += 1);
    let all: usize = counts.values().sum();
    let (number, times) = counts.into_iter().max_by_key(|(_, times)| *times)?;
    (2 * times > all).then_some(number)
}

/// Counters without those that were surely misread: beyond the total, printed
/// on another page where it fits better, or between two neighbours that leave
/// one number free.
fn believed(counters: &[Option<u32>], total: Option<u32>) -> Vec<Option<u32>> {
    let within = |c: &u32| total.is_none_or(|total| *c <= total);
    let mut kept: Vec<Option<u32>> = counters.iter().map(|c| c.filter(within)).collect();
    let fits = |kept: &[Option<u32>], at: usize| {
        let Some(own) = kept[at] else { return false };
        let before = at.checked_sub(1).and_then(|before| kept[before]);
        let after = kept.get(at + 1).copied().flatten();
        before.is_some_and(|b| b + 1 == own) || after.is_some_and(|a| own + 1 == a)
    };
    for at in 0..kept.len() {
        let twice = |other: usize| other != at && kept[other].is_some() && kept[other] == kept[at];
        let doubled = (0..kept.len()).any(|other| twice(other) && fits(&kept, other));
        if doubled && !fits(&kept, at) {
            kept[at] = None;
        }
    }
    for at in 1..kept.len().saturating_sub(1) {
        let (Some(before), Some(after)) = (kept[at - 1], kept[at + 1]) else { continue };
        let free = before + 1;
        if after == before + 2 && kept[at] != Some(free) && !kept.contains(&Some(free)) {
            kept[at] = Some(free);
        }
    }
    kept
}

/// Numbers up to the total that no page bears; none if the pages whose number
/// could not be read may be just those.
fn missing(counters: &[Option<u32>], total: Option<u32>) -> Vec<u32> {
    let Some(total) = total else { return Vec::new() };
    let here: BTreeSet<u32> = counters.iter().flatten().copied().collect();
    let absent: Vec<u32> = (1..=total).filter(|number| !here.contains(number)).collect();
    let unread = counters.iter().filter(|counter| counter.is_none()).count();
    if absent.len() > unread && here.len() + unread < total as usize { absent } else { Vec::new() }
}

/// Pages that stand outside of the longest run in which counters rise.
fn out_of_order(counters: &[Option<u32>]) -> Vec<usize> {
    let known: Vec<(usize, u32)> =
        counters.iter().enumerate().filter_map(|(at, c)| Some((at, (*c)?))).collect();
    // Longest rising subsequence; a fax has few pages.
    let mut best: Vec<(usize, Option<usize>)> = Vec::new();
    for (this, (_, counter)) in known.iter().enumerate() {
        let before = (0..this)
            .filter(|&other| known[other].1 <= *counter)
            .max_by_key(|&other| (best[other].0, std::cmp::Reverse(other)));
        best.push((before.map_or(1, |other| best[other].0 + 1), before));
    }
    let mut at = (0..best.len()).max_by_key(|&at| (best[at].0, std::cmp::Reverse(at)));
    let mut rising = BTreeSet::new();
    while let Some(this) = at {
        rising.insert(known[this].0);
        at = best[this].1;
    }
    known.into_iter().map(|(at, _)| at).filter(|at| !rising.contains(at)).collect()
}

/// Pages whose strip differs from the one that most others are like.
fn foreign<'s, 'p>(strips: &'s [Strip<'p>]) -> Vec<&'s Strip<'p>> {
    let with = || strips.iter().filter(|strip| strip.digits.is_some() || strip.sender.is_some());
    let count = with().count();
    // The first strip that two thirds of all are like is the sender's.
    let like = |strip: &Strip<'_>| with().filter(|other| !strip.differs(other)).count();
    let usual = with().take(CANDIDATES).find(|strip| {
        let like = like(strip);
        like > LEAST_AGREEING && 3 * like >= 2 * count
    });
    usual.map(|usual| with().filter(|strip| usual.differs(strip)).collect()).unwrap_or_default()
}

/// Strips that are tried as the usual one: of so many some were read well.
const CANDIDATES: usize = 8;

/// How many pages the cover says there are.
fn announced<'p>(strips: &[Strip<'p>]) -> Option<(&'p Leaf<'p>, u32)> {
    let covers = strips.iter().filter(|strip| strip.leaf.kind == PageKind::FaxCover);
    covers.into_iter().find_map(|strip| {
        let form = &strip.leaf.form;
        form.labelled(Label::Pages).find_map(|field| {
            let value = form.values(field).into_iter().next()?;
            let digits: String = value
                .snippet
                .text
                .chars()
                .skip_while(|c| !c.is_ascii_digit())
                .take_while(char::is_ascii_digit)
                .collect();
            let pages = digits.parse().ok().filter(|pages| (1..=MOST_PAGES).contains(pages))?;
            Some((strip.leaf, pages))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counters(said: &[u32], total: Option<u32>) -> Vec<Option<u32>> {
        let said: Vec<Option<u32>> = said.iter().map(|c| (*c > 0).then_some(*c)).collect();
        believed(&said, total)
    }

    #[test]
    fn a_misread_counter_is_not_a_missing_page() {
        for said in [[1, 2, 8, 4, 5], [1, 2, 5, 4, 5], [1, 2, 0, 4, 5], [1, 2, 2, 4, 5]] {
            let kept = counters(&said, Some(5));
            assert!(missing(&kept, Some(5)).is_empty(), "{said:?} {kept:?}");
            assert!(out_of_order(&kept).is_empty(), "{said:?} {kept:?}");
        }
    }

    #[test]
    fn what_did_not_arrive_is_named() {
        let kept = counters(&[1, 2, 5, 6], Some(6));
        assert_eq!(missing(&kept, Some(6)), [3, 4]);
        assert!(out_of_order(&kept).is_empty());
        // Two unread strips may be the two.
        let kept = counters(&[1, 0, 0, 4], Some(4));
        assert!(missing(&kept, Some(4)).is_empty());
        let kept = counters(&[1, 2, 3], Some(12));
        assert_eq!(missing(&kept, Some(12)).len(), 9);
    }

    #[test]
    fn shuffled_pages_are_told() {
        let kept = counters(&[1, 2, 4, 5, 3, 6], Some(6));
        assert!(missing(&kept, Some(6)).is_empty());
        assert_eq!(out_of_order(&kept), [4]);
    }

    #[test]
    fn the_total_is_what_most_say() {
        assert_eq!(most_said([7, 7, 1].into_iter()), Some(7));
        assert_eq!(most_said([7, 1].into_iter()), None);
        assert_eq!(most_said(std::iter::empty()), None);
    }
}
