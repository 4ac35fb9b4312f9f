//! NPIs: ten digits with a check digit, beside a label that says so.

use super::super::labels::{FieldHit, Value};
use super::super::layout::Snippet;
use super::super::look_alikes;
use super::super::paper::{Leaf, Paper};
use super::super::phones;
use super::super::second_look::{UNANIMOUS, below_listed, question};
use super::super::sighting::Sighting;
use super::comb::is_comb;
use super::run::{Run, trimmed};
use super::{Numbers, Owned, owner, weighed};
use crate::vocab::{Alphabet, NotAnIdentifier, Note, Npi};

/// One misread number in ten passes the check digit.
pub(super) const CHANCE: f32 = 0.10;
/// Digits that must have been read as digits for the rest to be look-alikes.
const LEAST_CLEAN: usize = 6;
/// Digits of an NPI.
const LENGTH: usize = 10;

impl Numbers {
    pub(super) fn look_for_npi(&mut self, paper: &Paper<'_>, leaf: &Leaf<'_>, field: &FieldHit) {
        let mut misread = false;
        let in_header = field.heads_column;
        for value in leaf.form.values(field) {
            let mut found = false;
            for run in runs(&value.snippet) {
                match npi(&run) {
                    Ok((npi, repairs)) => {
                        if self.is_telephone(leaf, field, &value, &run, &npi) {
                            continue;
                        }
                        found = true;
                        let Some(owner) = owner(paper, leaf, field, &value) else { continue };
                        let sighting = run.sighting(leaf, npi.as_str(), repairs, |read| {
                            weighed(read, CHANCE, field, &value, &owner)
                        });
                        self.npi.push(Owned { value: npi, role: owner.role, seen: sighting });
                    }
                    Err(NotAnIdentifier::CheckDigit) => misread = true,
                    Err(NotAnIdentifier::Shape | NotAnIdentifier::NeverIssued) => {}
                }
            }
            if !found && !in_header {
                let again = self.npi_again(paper, leaf, field, &value);
                found = again.is_some();
                self.npi.extend(again);
            }
            // A column goes on; a field's value is the first place that has one.
            if (found || misread) && !in_header && value.party.is_none() {
                break;
            }
        }
        if misread {
            self.notes.push(Note::page(
                "npi.check_digit",
                leaf.number(),
                "a number labelled as NPI fails its check digit; it was probably misread",
            ));
        }
    }

    /// Under a label that can hardly be read a number is taken to the letter only.
    pub(super) fn under_worn_label(
        &self,
        paper: &Paper<'_>,
        leaf: &Leaf<'_>,
        field: &FieldHit,
    ) -> Option<Owned<Npi>> {
        leaf.form.values(field).into_iter().find_map(|value| {
            let run = runs(&value.snippet).into_iter().next()?;
            let (npi, 0) = npi(&run).ok()? else { return None };
            if self.is_telephone(leaf, field, &value, &run, &npi) {
                return None;
            }
            let owner = owner(paper, leaf, field, &value)?;
            let seen = run.sighting(leaf, npi.as_str(), 0, |read| {
                weighed(read, CHANCE, field, &value, &owner)
            });
            Some(Owned { value: npi, role: owner.role, seen })
        })
    }

    /// Whether ten digits that pass for an NPI are a telephone number: written as
    /// one elsewhere in the document, or in the column of one. NPIs begin with 1
    /// or, none of them so far, 2; area codes never with 1.
    fn is_telephone(
        &self,
        leaf: &Leaf<'_>,
        field: &FieldHit,
        value: &Value,
        run: &Run<'_>,
        npi: &Npi,
    ) -> bool {
        if !npi.as_str().starts_with('2') {
            return false;
        }
        let place = leaf.form.sheet.evidence(&run.snippet.words(run.range.clone())).bbox;
        self.is_written_as_telephone(npi)
            || place.is_some_and(|place| phones::is_nearer(leaf, field, value.relation, place))
    }

    /// Whether the document writes these digits as a telephone number.
    pub(super) fn is_written_as_telephone(&self, npi: &Npi) -> bool {
        self.telephones.contains(npi.as_str())
    }

    /// A number that fails its check or has a character too few or too many is
    /// read again on its own. Only what all of the new readings see is
    /// believed; nothing is changed until it fits.
    fn npi_again(
        &mut self,
        paper: &Paper<'_>,
        leaf: &Leaf<'_>,
        field: &FieldHit,
        value: &Value,
    ) -> Option<Owned<Npi>> {
        let words = misread_number(&value.snippet)?;
        let evidence = leaf.form.sheet.evidence(&words);
        let question = question(&evidence, Alphabet::Digits)?;
        let Some(answer) = paper.answer_to(&question) else {
            self.questions.push(question);
            return None;
        };
        let digits: String = answer.text.expose().split_whitespace().collect();
        let npi = Npi::parse(&digits).ok()?;
        if self.is_written_as_telephone(&npi) {
            return None;
        }
        let owner = owner(paper, leaf, field, value)?;
        let confidence = weighed(answer.confidence, CHANCE, field, value, &owner);
        let confidence =
            if answer.confidence.get() < UNANIMOUS { below_listed(confidence) } else { confidence };
        let seen = Sighting {
            value: npi.as_str().to_owned(),
            raw: digits,
            confidence,
            repaired: true,
            evidence,
        };
        Some(Owned { value: npi, role: owner.role, seen })
    }
}

fn npi(run: &Run<'_>) -> Result<(Npi, usize), NotAnIdentifier> {
    let groups: Vec<usize> = run.text.split(['-', '.', ' ']).map(|g| g.chars().count()).collect();
    // 212-555-0105 is a telephone number even where the label says NPI; so is what
    // is left of 1-212-555-0105 where a digit is worn away.
    let telephone = groups == [3, 3, 4] && run.text.starts_with('2')
        || groups.starts_with(&[1, 3, 3]) && run.text.starts_with('1');
    if telephone {
        return Err(NotAnIdentifier::Shape);
    }
    let compact: String = run.text.chars().filter(|c| !matches!(c, ' ' | '-' | '.')).collect();
    let digits = look_alikes::digits(&compact, LEAST_CLEAN).ok_or(NotAnIdentifier::Shape)?;
    Ok((Npi::parse(&digits.text)?, digits.count))
}

/// The words of something that was probably printed as a number of ten
/// digits: the first word or two of the value, mostly digits, a character too
/// short or too long at most.
fn misread_number(snippet: &Snippet) -> Option<Vec<usize>> {
    let parts: Vec<_> = snippet.parts().collect();
    (0..parts.len().min(2)).find_map(|at| {
        (1..=3.min(parts.len() - at)).find_map(|count| {
            let range = parts[at].1.start..parts[at + count - 1].1.end;
            let text = &snippet.text[range.clone()];
            let alphanumeric = text.chars().filter(|c| c.is_alphanumeric()).count();
            let digits = text.chars().filter(char::is_ascii_digit).count();
            let hyphens = text.chars().filter(|c| matches!(c, '-' | '(' | '/')).count();
            // With separators it is a telephone number or a tax id.
            ((9..=11).contains(&alphanumeric) && digits >= LEAST_CLEAN && hyphens == 0)
                .then(|| snippet.words(range))
        })
    })
}

/// Numbers of ten digits or look-alikes in a snippet: one word, or up to four
/// in a row, each taken once.
fn runs(snippet: &Snippet) -> Vec<Run<'_>> {
    let parts: Vec<_> = snippet.parts().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < parts.len() {
        let run = (1..=4.min(parts.len() - at)).find_map(|count| {
            let (first, last) = (&parts[at], &parts[at + count - 1]);
            let whole = &snippet.text[first.1.start..last.1.end];
            let (text, inner) = trimmed(whole);
            let compact: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '.')).collect();
            let digits = compact.chars().filter(char::is_ascii_digit).count();
            // Each word must itself be mostly digits: no prose is drawn in.
            let numeric = parts[at..at + count].iter().all(|(t, _, _)| {
                t.chars().filter(char::is_ascii_digit).count() * 2 >= trimmed(t).0.chars().count()
            });
            let one = (numeric || count == 1) && !is_comb(&compact);
            (compact.chars().count() == LENGTH && digits >= LEAST_CLEAN && one).then(|| {
                let start = first.1.start + inner.start;
                let range = start..start + inner.len();
                (count, Run { text: text.to_owned(), snippet, range })
            })
        });
        match run {
            Some((count, run)) => {
                found.push(run);
                at += count;
            }
            None => at += 1,
        }
    }
    found
}
