//! Tax ids: nine digits without any check, so that each is read twice; those
//! of persons are masked.

use std::sync::LazyLock;

use regex::Regex;

use super::super::labels::{FieldHit, Label, Value};
use super::super::layout::{Sheet, Snippet, masked};
use super::super::look_alikes;
use super::super::paper::{Leaf, Paper};
use super::super::second_look::{UNANIMOUS, below_listed, question};
use super::super::sighting::{Sighting, agreeing, checked};
use super::super::values::MARGIN;
use super::columns::{ONE_COLUMN, is_named_otherwise, is_taken, its_own_label};
use super::comb::is_comb;
use super::run::{Run, trimmed};
use super::{Numbers, Owned, owner, weighed};
use crate::vocab::{Alphabet, BBox, Confidence, EvidenceSource, NotAnIdentifier, Note, Phi, Tin};

/// 83 of 100 prefixes are issued.
pub(super) const CHANCE: f32 = 0.83;
/// Digits that must have been read as digits for the rest to be look-alikes.
const LEAST_CLEAN: usize = 5;
/// A second reading that differs counts against the first only if it is this
/// sure; of worn digits a guess says nothing.
const CONTRADICTS: f32 = 0.3;

/// How far from an NPI, in page widths, the tax id of the same party stands.
pub(super) const BESIDE: f32 = 0.22;
/// How far its shape and place tell a tax id without its label.
const UNLABELLED: f32 = 0.85;

static NINE_DIGITS: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, compiled in every test")]
    Regex::new(r"^\d{9}$").unwrap()
});

static HYPHENATED: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, compiled in every test")]
    Regex::new(r"^\d{2}-\d{7}$").unwrap()
});

/// Whether a word has the shape of an employer's number, hyphen and all.
pub(super) fn is_hyphenated(text: &str) -> bool {
    HYPHENATED.is_match(text)
}

impl Numbers {
    pub(super) fn look_for_tin(&mut self, paper: &Paper<'_>, leaf: &Leaf<'_>, field: &FieldHit) {
        let in_header = field.heads_column;
        let personal = is_personal(leaf, field);
        for value in leaf.form.values(field) {
            let Some(run) = tin_run(&value.snippet) else {
                let again =
                    (!in_header).then(|| self.tin_again(paper, leaf, field, &value, personal));
                if let Some(again) = again.flatten() {
                    self.tin.push(again);
                    if value.party.is_none() {
                        break;
                    }
                }
                continue;
            };
            match tin(&run.text, personal) {
                Ok((tin, repairs)) => {
                    let Some(owner) = owner(paper, leaf, field, &value) else { continue };
                    let mut sighting = run.sighting(leaf, tin.as_str(), repairs, |read| {
                        weighed(read, CHANCE, field, &value, &owner)
                    });
                    if !tin.is_masked() {
                        self.second_look(paper, &tin, &mut sighting);
                    }
                    hide(&tin, &mut sighting);
                    self.tin.push(Owned { value: tin, role: owner.role, seen: sighting });
                }
                Err(NotAnIdentifier::NeverIssued) => self.notes.push(Note::page(
                    "tin.prefix_unlisted",
                    leaf.number(),
                    "a tax id begins with digits that are not known to be issued",
                )),
                Err(NotAnIdentifier::Shape | NotAnIdentifier::CheckDigit) => continue,
            }
            if !in_header && value.party.is_none() {
                break;
            }
        }
    }

    /// Digits with a character too few or too many, or one that no digit looks
    /// like, are read again on their own; only what all readings of the place
    /// see is believed. A number that may be a person's is left alone.
    fn tin_again(
        &mut self,
        paper: &Paper<'_>,
        leaf: &Leaf<'_>,
        field: &FieldHit,
        value: &Value,
        personal: bool,
    ) -> Option<Owned<Tin>> {
        let words = misread_tin(&value.snippet)?;
        let evidence = leaf.form.sheet.evidence(&words);
        let question = question(&evidence, Alphabet::Digits)?;
        let Some(answer) = paper.answer_to(&question) else {
            self.questions.push(question);
            return None;
        };
        let text = look_alikes::plain_hyphens(answer.text.expose()).replace(' ', "");
        let (tin, _) = tin(&text, personal).ok()?;
        if tin.is_masked() || answer.confidence.get() < UNANIMOUS {
            return None;
        }
        let owner = owner(paper, leaf, field, value)?;
        let confidence = weighed(answer.confidence, CHANCE, field, value, &owner);
        let seen = Sighting {
            value: tin.as_str().to_owned(),
            raw: text,
            confidence,
            repaired: true,
            evidence,
        };
        Some(Owned { value: tin, role: owner.role, seen })
    }

    /// A tax id has no check of its own: each is read again, since an 8 that was
    /// read as a 6 looks as sure as any.
    pub(super) fn second_look(&mut self, paper: &Paper<'_>, tin: &Tin, seen: &mut Sighting) {
        if seen.evidence.source != EvidenceSource::Ocr {
            return;
        }
        let Some(question) = question(&seen.evidence, Alphabet::Digits) else { return };
        match paper.answer_to(&question) {
            None => self.questions.push(question),
            Some(answer) => {
                let text = look_alikes::plain_hyphens(answer.text.expose());
                let again = self::tin(text.trim(), false).ok().map(|(tin, _)| tin);
                seen.confidence = match again {
                    Some(again) if again == *tin => agreeing(seen.confidence, answer.confidence),
                    Some(_) if answer.confidence.get() >= CONTRADICTS => {
                        below_listed(seen.confidence)
                    }
                    Some(_) | None => seen.confidence,
                };
            }
        }
    }

    /// A number in the shape of an employer's (`dd-ddddddd`, hyphen and all)
    /// right beside somebody's NPI on a request form is his, where the label
    /// between them was lost. Nine bare digits may be anything, save in the
    /// column of a label close by or of another tax id.
    pub(super) fn beside_npi(&self, leaf: &Leaf<'_>) -> Vec<Owned<Tin>> {
        let sheet = &leaf.form.sheet;
        let number = leaf.number();
        let known = self.tins_of(leaf);
        let of_page = self.npi.iter().filter(|n| n.seen.evidence.page == Some(number));
        of_page
            .filter_map(|npi| {
                let place = npi.seen.evidence.bbox?;
                let (words, tin) = (0..sheet.words.len())
                    .filter_map(|at| {
                        let word = &sheet.words[at];
                        let apart = word.bbox.x0() - place.x1();
                        let near = word.bbox.shared_height(place) > 0.5
                            && apart >= 0.0
                            && (apart < BESIDE || is_named_between(leaf, place, word.bbox));
                        if !near {
                            return None;
                        }
                        let text = look_alikes::plain_hyphens(trimmed(word.text).0);
                        let shaped = is_hyphenated(&text)
                            || NINE_DIGITS.is_match(&text)
                                && (has_label_near(leaf, word.bbox)
                                    || has_worn_word_near(leaf, word.bbox)
                                    || is_in_column(&known, word.bbox));
                        if let Some(tin) = shaped.then(|| Tin::parse(&text).ok()).flatten() {
                            return Some((vec![at], tin));
                        }
                        let text = without_hyphen(sheet, at)?;
                        Some((vec![at, at + 1], Tin::parse(&text).ok()?))
                    })
                    .min_by(|a, b| {
                        sheet.words[a.0[0]].bbox.x0().total_cmp(&sheet.words[b.0[0]].bbox.x0())
                    })?;
                // No surer than the number it stands beside, and no less for both having
                // lost their labels.
                let seen = unlabelled(leaf, &words, &tin);
                let beside = npi.seen.confidence.get().min(UNLABELLED);
                let read = checked(seen.evidence.confidence, CHANCE);
                let seen = Sighting { confidence: read.and(Confidence::new(beside)), ..seen };
                (!seen.evidence.bbox.is_some_and(|place| is_taken(&known, place)))
                    .then_some(Owned { value: tin, role: npi.role, seen })
            })
            .collect()
    }

    /// A number in the shape of an employer's, hyphen and all, in the column of one
    /// that is labelled elsewhere on the form, where its own label was lost.
    pub(super) fn tins_in_columns(&self, paper: &Paper<'_>, leaf: &Leaf<'_>) -> Vec<Owned<Tin>> {
        let sheet = &leaf.form.sheet;
        let known = self.tins_of(leaf);
        let heads = |cell: &usize| {
            let piece = sheet.cells[*cell].pieces.clone().next()?;
            let word = sheet.pieces[piece].word;
            let text = look_alikes::plain_hyphens(trimmed(sheet.words[word].text).0);
            let shaped = is_hyphenated(&text)
                && is_in_column(&known, sheet.words[word].bbox)
                && !is_named_otherwise(leaf, sheet.words[word].bbox);
            Some((piece, word, shaped.then(|| Tin::parse(&text).ok()).flatten()?))
        };
        let cells = (0..sheet.cells.len()).filter_map(|cell| Some((cell, heads(&cell)?)));
        cells
            .filter_map(|(cell, (piece, word, tin))| {
                let (field, value) = its_own_label(sheet, Label::Tin, cell, piece);
                let owner = owner(paper, leaf, &field, &value)?;
                let seen = unlabelled(leaf, &[word], &tin);
                let seen = Sighting { confidence: seen.confidence.and(owner.weight), ..seen };
                (!seen.evidence.bbox.is_some_and(|place| is_taken(&known, place)))
                    .then_some(Owned { value: tin, role: owner.role, seen })
            })
            .collect()
    }

    /// Where tax ids were found on a page.
    fn tins_of(&self, leaf: &Leaf<'_>) -> Vec<BBox> {
        let of_page = self.tin.iter().filter(|t| t.seen.evidence.page == Some(leaf.number()));
        of_page.filter_map(|t| t.seen.evidence.bbox).collect()
    }
}

/// A tax id told by its shape and its place.
fn unlabelled(leaf: &Leaf<'_>, words: &[usize], tin: &Tin) -> Sighting {
    let evidence = leaf.form.sheet.evidence(words);
    let read: Vec<&str> = words.iter().map(|&word| leaf.form.sheet.words[word].text).collect();
    Sighting {
        value: tin.as_str().to_owned(),
        raw: read.join(" "),
        confidence: checked(evidence.confidence, CHANCE).and(Confidence::new(UNLABELLED)),
        repaired: false,
        evidence,
    }
}

/// Two digits and seven behind them in one cell: `58 1780674`, an employer's number
/// of which the hyphen was lost.
fn without_hyphen(sheet: &Sheet<'_>, word: usize) -> Option<String> {
    let (two, seven) = (&sheet.words[word], sheet.words.get(word + 1)?);
    let all_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let (head, tail) = (trimmed(two.text).0, trimmed(seven.text).0);
    let shaped = head.len() == 2 && tail.len() == 7 && all_digits(head) && all_digits(tail);
    (shaped && two.cell == seven.cell).then(|| format!("{head}-{tail}"))
}

fn is_in_column(known: &[BBox], place: BBox) -> bool {
    let of_other_rows = known.iter().filter(|k| k.shared_height(place) == 0.0);
    of_other_rows.into_iter().any(|k| (k.x0() - place.x0()).abs() <= ONE_COLUMN)
}

/// Whether a word of a label for a tax id stands between two places of a line: of
/// `NPI 2219490838   Tax ID number   26-1930736` a word was lost.
fn is_named_between(leaf: &Leaf<'_>, left: BBox, right: BBox) -> bool {
    let sheet = &leaf.form.sheet;
    sheet.pieces.iter().any(|piece| {
        let place = sheet.words[piece.word].bbox;
        matches!(piece.folded.as_str(), "tax" | "taxpayer" | "tln" | "eln" | "feln")
            && place.x0() > left.x1()
            && place.x1() < right.x0()
            && place.shared_height(right) > 0.5
    })
}

/// Whether a label for a tax id stands over or under a place, or right behind it:
/// `1234567893 (NPI)   135976323 TIN/EIN`.
fn has_label_near(leaf: &Leaf<'_>, place: BBox) -> bool {
    let sheet = &leaf.form.sheet;
    leaf.form.labelled(Label::Tin).any(|field| {
        let label = sheet.piece_box(field.hit.first, field.hit.last);
        let lines = (label.center_y() - place.center_y()).abs() / sheet.line_height;
        let one_column =
            (label.x0() - place.x0()).abs() <= MARGIN || label.shared_width(place) > 0.5;
        let behind = label.x0() - place.x1();
        let right_behind =
            label.shared_height(place) > 0.5 && (0.0..=MARGIN).contains(&behind) && !field.colon;
        (one_column && lines <= LINES_TO_LABEL || right_behind) && !is_personal(leaf, field)
    })
}

/// Whether something that was badly read, and may have been a label, stands over or
/// under a place, where its row has its labels.
fn has_worn_word_near(leaf: &Leaf<'_>, place: BBox) -> bool {
    let sheet = &leaf.form.sheet;
    sheet.words.iter().any(|word| {
        let over = word.bbox.center_y() < place.center_y();
        let lines = (word.bbox.center_y() - place.center_y()).abs() / sheet.line_height;
        let one_column = (word.bbox.x0() - place.x0()).abs() <= MARGIN;
        let letters = word.text.chars().any(char::is_alphabetic);
        let beneath = leaf.form.beneath[sheet.cells[word.cell].row];
        word.confidence.get() < BADLY_READ
            && letters
            && word.bbox.shared_height(place) == 0.0
            && lines <= LINES_TO_LABEL
            && one_column
            && over != beneath
    })
}

/// A word read less well than this may have been a label.
const BADLY_READ: f32 = 0.5;

/// Line heights between a number and a label of its column, at most.
const LINES_TO_LABEL: f32 = 4.0;

/// Whether a label says that the number may be a social security number.
pub(super) fn is_personal(leaf: &Leaf<'_>, field: &FieldHit) -> bool {
    let label = leaf.form.sheet.quote(field.hit.first, field.hit.last);
    label.text.expose().to_lowercase().contains("ssn")
}

/// The word or two that were probably printed as a tax id: mostly digits, one
/// character too many or too few at most.
fn misread_tin(snippet: &Snippet) -> Option<Vec<usize>> {
    let parts: Vec<_> = snippet.parts().collect();
    (1..=2.min(parts.len())).find_map(|count| {
        let range = parts[0].1.start..parts[count - 1].1.end;
        let text = &snippet.text[range.clone()];
        let alphanumeric = text.chars().filter(|c| c.is_alphanumeric()).count();
        let digits = text.chars().filter(char::is_ascii_digit).count();
        ((8..=10).contains(&alphanumeric) && digits >= LEAST_CLEAN && !text.contains(['(', '/']))
            .then(|| snippet.words(range))
    })
}

/// The first thing in the shape of a tax id: `dd-ddddddd`, nine digits, or
/// `ddd-dd-dddd`, blanks allowed around the hyphens.
fn tin_run(snippet: &Snippet) -> Option<Run<'_>> {
    let parts: Vec<_> = snippet.parts().collect();
    (0..parts.len()).find_map(|at| {
        (1..=5.min(parts.len() - at)).find_map(|count| {
            let (first, last) = (&parts[at], &parts[at + count - 1]);
            let (text, inner) = trimmed(&snippet.text[first.1.start..last.1.end]);
            let text = look_alikes::plain_hyphens(text).replace('.', "-");
            // Of a social security number the hyphens may be worn away, or one lost.
            let apart: Vec<usize> = text
                .split([' ', '-'])
                .map(|g| g.chars().count())
                .filter(|length| *length > 0)
                .collect();
            let text = match apart.as_slice() {
                [3, 2, 4] | [3, 6] | [5, 4] => grouped_as_personal(&text),
                _ => text.replace(' ', ""),
            };
            let digits = text.chars().filter(char::is_ascii_digit).count();
            let length = text.chars().filter(|c| *c != '-').count();
            let groups: Vec<usize> = text.split('-').map(|g| g.chars().count()).collect();
            let shaped = matches!(groups.as_slice(), [9] | [2, 7] | [3, 2, 4]);
            let shaped = shaped && !is_comb(&text);
            (length == 9 && digits >= LEAST_CLEAN && shaped).then(|| {
                let start = first.1.start + inner.start;
                Run { text, snippet, range: start..start + inner.len() }
            })
        })
    })
}

/// Nine characters in the groups of a social security number.
fn grouped_as_personal(text: &str) -> String {
    let bare = text.chars().filter(|c| !matches!(c, ' ' | '-'));
    bare.enumerate().fold(String::new(), |mut grouped, (at, c)| {
        if matches!(at, 3 | 5) {
            grouped.push('-');
        }
        grouped.push(c);
        grouped
    })
}

/// Validated, with the number of look-alikes replaced. `personal`: the label
/// says that it may be a social security number.
pub(super) fn tin(text: &str, personal: bool) -> Result<(Tin, usize), NotAnIdentifier> {
    let groups: Vec<String> = text
        .split('-')
        .map(|g| look_alikes::digits(g, 0).map(|r| r.text))
        .collect::<Option<_>>()
        .ok_or(NotAnIdentifier::Shape)?;
    let bare = text.replace('-', "");
    let count = look_alikes::digits(&bare, LEAST_CLEAN).ok_or(NotAnIdentifier::Shape)?.count;
    let fixed = groups.join("-");
    if personal && fixed.len() == 9 {
        return Ok((Tin::parse(&grouped_as_personal(&fixed))?, count));
    }
    Ok((Tin::parse(&fixed)?, count))
}

/// What was read of a masked number is masked like its value.
pub(super) fn hide(tin: &Tin, seen: &mut Sighting) {
    seen.raw = masked(&seen.raw);
    if tin.is_masked() {
        seen.raw = tin.as_str().to_owned();
        seen.evidence.text = Phi::new(tin.as_str().to_owned());
    }
}
