//! Provider numbers, NPI and tax id: taken only beside their label, checked
//! by their own rules, bound to whoever's block they stand in.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use super::blocks;
use super::findings::{NpiFinding, PageKind, Role, TinFinding};
use super::labels::{Bound, FieldHit, FieldTag, Label, Value};
use super::layout::{Snippet, masked};
use super::letterhead;
use super::look_alikes;
use super::paper::{Leaf, Paper};
use super::phones;
use super::phrase::{Hit, fold};
use super::sighting::{Sighting, after_repairs, agreeing, checked, doubtful};
use crate::vocab::{
    Alphabet, BBox, Confidence, Evidence, LISTED, NotAnIdentifier, Note, Npi, Phi, Question, Tin,
};

/// One misread number in ten passes the NPI's check digit.
const NPI_CHANCE: f32 = 0.10;
/// A tax id has no check digit; 83 of 100 prefixes are issued.
const TIN_CHANCE: f32 = 0.83;
/// Digits that must have been read as digits for the rest to be look-alikes.
const NPI_LEAST_CLEAN: usize = 6;
const TIN_LEAST_CLEAN: usize = 5;
/// A repaired tax id whose second reading agrees is this sure, at least.
const CONFIRMED: Confidence = Confidence::FULL;

/// A second reading of a tax id that differs counts against the first only if it
/// is this sure; of worn digits a guess says nothing.
const CONTRADICTS: f32 = 0.3;

/// How far from an NPI, in page widths, the tax id of the same party stands.
const BESIDE: f32 = 0.22;
/// How far its shape and place tell a tax id without its label.
const UNLABELLED: f32 = 0.85;

static HYPHENATED: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, compiled in every test")]
    Regex::new(r"^\d{2}-\d{7}$").unwrap()
});

/// The confidence from which on all readings of a place agreed: two of three
/// are worth four fifths at most.
const UNANIMOUS: f32 = 0.82;

/// A number with its owner.
#[derive(Clone, Debug)]
pub struct Owned<T> {
    /// Validated.
    pub value: T,
    /// Whose.
    pub role: Role,
    /// Where and how sure.
    pub seen: Sighting,
}

/// All sightings of provider numbers, and what was noted on the way.
#[derive(Debug, Default)]
pub struct Numbers {
    /// NPIs in order of appearance.
    pub npi: Vec<Owned<Npi>>,
    /// Tax ids in order of appearance.
    pub tin: Vec<Owned<Tin>>,
    /// Misreadings, prefixes never issued.
    pub notes: Vec<Note>,
    /// Repaired tax ids to be read again.
    pub questions: Vec<Question>,
    /// Telephone numbers of the document, ten digits each.
    telephones: BTreeSet<String>,
}

impl Numbers {
    /// Looks at every label on every page.
    pub fn find(paper: &Paper<'_>) -> Self {
        let mut numbers = Self { telephones: phones::written_apart(paper), ..Self::default() };
        for leaf in &paper.leaves {
            for field in leaf.form.labelled(Label::Npi) {
                numbers.look_for_npi(paper, leaf, field);
            }
            for field in worn_labels(leaf) {
                let found = numbers.under_worn_label(paper, leaf, &field);
                numbers.npi.extend(found);
            }
            for field in leaf.form.labelled(Label::Tin) {
                numbers.look_for_tin(paper, leaf, field);
            }
        }
        for leaf in paper.leaves.iter().filter(|l| l.kind == PageKind::PrecertForm) {
            let beside = numbers.beside_npi(leaf);
            numbers.tin.extend(beside);
        }
        numbers
    }

    fn look_for_npi(&mut self, paper: &Paper<'_>, leaf: &Leaf<'_>, field: &FieldHit) {
        let mut misread = false;
        let in_header = field.heads_column;
        for value in leaf.form.values(field) {
            let mut found = false;
            for run in runs(&value.snippet, 10) {
                match npi(&run) {
                    Ok((npi, repairs)) => {
                        if self.is_telephone(leaf, field, &value, &run, &npi) {
                            continue;
                        }
                        found = true;
                        let Some(owner) = owner(paper, leaf, field, &value) else { continue };
                        let sighting = run.sighting(leaf, npi.as_str(), repairs, |read| {
                            checked(read, NPI_CHANCE)
                                .and(field.weight())
                                .and(value.relation.weight())
                                .and(owner.weight)
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
    fn under_worn_label(
        &self,
        paper: &Paper<'_>,
        leaf: &Leaf<'_>,
        field: &FieldHit,
    ) -> Option<Owned<Npi>> {
        leaf.form.values(field).into_iter().find_map(|value| {
            let run = runs(&value.snippet, 10).into_iter().next()?;
            let (npi, 0) = npi(&run).ok()? else { return None };
            if self.is_telephone(leaf, field, &value, &run, &npi) {
                return None;
            }
            let owner = owner(paper, leaf, field, &value)?;
            let seen = run.sighting(leaf, npi.as_str(), 0, |read| {
                checked(read, NPI_CHANCE)
                    .and(field.weight())
                    .and(value.relation.weight())
                    .and(owner.weight)
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
        self.telephones.contains(npi.as_str())
            || place.is_some_and(|place| phones::is_nearer(leaf, field, value.relation, place))
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
        if self.telephones.contains(npi.as_str()) {
            return None;
        }
        let owner = owner(paper, leaf, field, value)?;
        let confidence = checked(answer.confidence, NPI_CHANCE)
            .and(field.weight())
            .and(value.relation.weight())
            .and(owner.weight);
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

    /// A number in the shape of an employer's (`dd-ddddddd`, hyphen and all)
    /// right beside somebody's NPI on a request form is his, where the label
    /// between them was lost. Nine bare digits may be anything.
    fn beside_npi(&self, leaf: &Leaf<'_>) -> Vec<Owned<Tin>> {
        let sheet = &leaf.form.sheet;
        let known: Vec<BBox> = self.tin.iter().filter_map(|t| t.seen.evidence.bbox).collect();
        let number = leaf.number();
        let of_page = self.npi.iter().filter(|n| n.seen.evidence.page == Some(number));
        of_page
            .filter_map(|npi| {
                let place = npi.seen.evidence.bbox?;
                let (word, tin) = (0..sheet.words.len())
                    .filter_map(|at| {
                        let word = &sheet.words[at];
                        let apart = word.bbox.x0() - place.x1();
                        let near =
                            word.bbox.shared_height(place) > 0.5 && (0.0..BESIDE).contains(&apart);
                        if !near {
                            return None;
                        }
                        let text = look_alikes::plain_hyphens(trimmed(word.text).0);
                        let shaped = HYPHENATED.is_match(&text);
                        let tin = shaped.then(|| Tin::parse(&text).ok()).flatten()?;
                        Some((at, tin))
                    })
                    .min_by(|a, b| {
                        sheet.words[a.0].bbox.x0().total_cmp(&sheet.words[b.0].bbox.x0())
                    })?;
                let evidence = sheet.evidence(&[word]);
                let taken = evidence.bbox.is_some_and(|b| {
                    known.iter().any(|k| k.shared_height(b) > 0.5 && k.shared_width(b) > 0.5)
                });
                let confidence = checked(evidence.confidence, TIN_CHANCE)
                    .and(Confidence::new(UNLABELLED))
                    .and(npi.seen.confidence);
                let seen = Sighting {
                    value: tin.as_str().to_owned(),
                    raw: sheet.words[word].text.to_owned(),
                    confidence,
                    repaired: false,
                    evidence,
                };
                (!taken).then_some(Owned { value: tin, role: npi.role, seen })
            })
            .collect()
    }

    fn look_for_tin(&mut self, paper: &Paper<'_>, leaf: &Leaf<'_>, field: &FieldHit) {
        let in_header = field.heads_column;
        let personal = label_text(leaf, field).contains("ssn");
        for value in leaf.form.values(field) {
            let Some(run) = tin_run(&value.snippet) else {
                let again = (!in_header).then(|| self.tin_again(paper, leaf, field, &value));
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
                        checked(read, TIN_CHANCE)
                            .and(field.weight())
                            .and(value.relation.weight())
                            .and(owner.weight)
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
    /// see is believed.
    fn tin_again(
        &mut self,
        paper: &Paper<'_>,
        leaf: &Leaf<'_>,
        field: &FieldHit,
        value: &Value,
    ) -> Option<Owned<Tin>> {
        let words = misread_tin(&value.snippet)?;
        let evidence = leaf.form.sheet.evidence(&words);
        let question = question(&evidence, Alphabet::Digits)?;
        let Some(answer) = paper.answer_to(&question) else {
            self.questions.push(question);
            return None;
        };
        let text = look_alikes::plain_hyphens(answer.text.expose()).replace(' ', "");
        let (tin, _) = tin(&text, false).ok()?;
        if tin.is_masked() || answer.confidence.get() < UNANIMOUS {
            return None;
        }
        let owner = owner(paper, leaf, field, value)?;
        let confidence = checked(answer.confidence, TIN_CHANCE)
            .and(field.weight())
            .and(value.relation.weight())
            .and(owner.weight);
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
    fn second_look(&mut self, paper: &Paper<'_>, tin: &Tin, seen: &mut Sighting) {
        let Some(question) = question(&seen.evidence, Alphabet::Digits) else { return };
        match paper.answer_to(&question) {
            None => self.questions.push(question),
            Some(answer) => {
                let text = look_alikes::plain_hyphens(answer.text.expose());
                let again = self::tin(text.trim(), false).ok().map(|(tin, _)| tin);
                seen.confidence = match again {
                    Some(again) if again == *tin => {
                        agreeing(seen.confidence, answer.confidence.and(CONFIRMED))
                    }
                    Some(_) if answer.confidence.get() >= CONTRADICTS => {
                        below_listed(seen.confidence)
                    }
                    Some(_) | None => seen.confidence,
                };
            }
        }
    }
}

/// Just short of being listed: what a contradicted value falls to.
pub fn below_listed(confidence: Confidence) -> Confidence {
    confidence.min(Confidence::new(LISTED.get() - 0.01)).and(Confidence::new(0.8))
}

/// The question to read a piece of evidence again; `None` for metadata.
pub fn question(evidence: &Evidence, alphabet: Alphabet) -> Option<Question> {
    // A margin of a third of a character keeps the edges of strokes.
    let bbox = evidence.bbox?.grown(0.004, 0.002);
    Some(Question { page: evidence.page?, bbox, alphabet })
}

impl Paper<'_> {
    /// What a second look at this region saw.
    pub fn answer_to(&self, question: &Question) -> Option<&crate::vocab::Answer> {
        let near = |a: f32, b: f32| (a - b).abs() < 0.002;
        self.answers.iter().find(|answer| {
            let (a, b) = (answer.question.bbox, question.bbox);
            answer.question.page == question.page
                && answer.question.alphabet == question.alphabet
                && near(a.x0(), b.x0())
                && near(a.x1(), b.x1())
                && near(a.y0(), b.y0())
                && near(a.y1(), b.y1())
        })
    }
}

/// Whose number it is; `None` inside the patient's block.
pub fn owner(paper: &Paper<'_>, leaf: &Leaf<'_>, field: &FieldHit, value: &Value) -> Option<Bound> {
    let default = || {
        let by_kind = paper.cues.labels.default_roles.get(&leaf.kind).copied();
        // In the head of his own paper a sender gives his own numbers.
        let sender = || {
            let roles = [Role::Rendering, Role::Facility].into_iter();
            let mut from = roles.filter(|role| letterhead::is_from(paper, leaf, *role));
            letterhead::is_in_head(leaf, field).then(|| from.next()).flatten()
        };
        let role = by_kind.or_else(sender);
        Bound {
            role: role.unwrap_or(Role::Unknown),
            weight: Confidence::new(if role.is_some() { 0.85 } else { 0.9 }),
            patient: false,
        }
    };
    match blocks::role_of(paper, leaf, field, value) {
        // A provider's number never belongs to the patient: the block has
        // ended without a heading that we know.
        Some(bound) if bound.patient => {
            Some(blocks::by_name(paper, leaf, field).unwrap_or_else(default))
        }
        Some(bound) => Some(bound),
        None => Some(default()),
    }
}

/// Labels of small print of which one letter is wrong: `7 Agency NP`. Too short
/// for a lexicon to allow for it, they count only behind a word that says whose
/// number it is, or in a short label that was badly read.
fn worn_labels(leaf: &Leaf<'_>) -> Vec<FieldHit> {
    let sheet = &leaf.form.sheet;
    let label = fold("npi");
    let worn = |cell: usize| {
        let pieces = sheet.cells[cell].pieces.clone();
        let last = pieces.end.checked_sub(1).filter(|last| pieces.contains(last))?;
        let read = sheet.pieces[last].folded.as_str();
        let near = (2..=4).contains(&read.len()) && strsim::levenshtein(read, &label) == 1;
        let in_cell = || leaf.form.fields.iter().filter(|f| f.cell == cell);
        let taken = in_cell().any(|f| (f.hit.first..=f.hit.last).contains(&last));
        let owned =
            in_cell().any(|f| matches!(f.hit.tag, FieldTag::Role(_)) && f.hit.last + 1 == last);
        let word = &sheet.words[sheet.pieces[last].word];
        let short = sheet.cells[cell].words.len() <= WORDS_OF_A_LABEL;
        let badly_read = short && word.confidence.get() < BADLY_READ;
        (near && !taken && (owned || badly_read)).then_some(FieldHit {
            hit: Hit {
                tag: FieldTag::Label(Label::Npi),
                first: last,
                last,
                distance: WORN_LABEL,
                letters: 3,
            },
            cell,
            colon: false,
            starts_cell: pieces.start == last,
            ends_cell: true,
            leads: false,
            heads_column: false,
            enclosed: false,
        })
    };
    (0..sheet.cells.len()).filter_map(worn).collect()
}

/// Words of a label, its number included.
const WORDS_OF_A_LABEL: usize = 3;
/// A word of a label read less well than this may be another.
const BADLY_READ: f32 = 0.5;
/// What a worn label costs, in edits.
const WORN_LABEL: u8 = 2;

fn label_text(leaf: &Leaf<'_>, field: &FieldHit) -> String {
    leaf.form.sheet.quote(field.hit.first, field.hit.last).text.expose().to_lowercase()
}

/// A run of words that may be one number.
#[derive(Debug)]
pub struct Run<'s> {
    /// Blanks and separators taken out; hyphens kept.
    pub text: String,
    snippet: &'s Snippet,
    range: std::ops::Range<usize>,
}

impl Run<'_> {
    fn sighting(
        &self,
        leaf: &Leaf<'_>,
        value: &str,
        repairs: usize,
        weigh: impl Fn(Confidence) -> Confidence,
    ) -> Sighting {
        let words = self.snippet.words(self.range.clone());
        let evidence = leaf.form.sheet.evidence(&words);
        let confidence = after_repairs(weigh(evidence.confidence), repairs);
        Sighting {
            value: value.to_owned(),
            raw: self.snippet.text[self.range.clone()].to_owned(),
            confidence,
            repaired: repairs > 0,
            evidence,
        }
    }
}

/// Numbers of `length` digits or look-alikes in a snippet: one word, or up
/// to four in a row, each taken once.
fn runs(snippet: &Snippet, length: usize) -> Vec<Run<'_>> {
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
            (compact.chars().count() == length
                && digits >= NPI_LEAST_CLEAN
                && (numeric || count == 1))
                .then(|| {
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

/// Without punctuation around it.
fn trimmed(text: &str) -> (&str, std::ops::Range<usize>) {
    let noise = |c: char| !c.is_alphanumeric() && !matches!(c, '|' | '!' | '$');
    let start = text.len() - text.trim_start_matches(noise).len();
    let inner = text[start..].trim_end_matches(noise);
    (inner, start..start + inner.len())
}

fn npi(run: &Run<'_>) -> Result<(Npi, usize), NotAnIdentifier> {
    let groups: Vec<usize> = run.text.split(['-', '.', ' ']).map(|g| g.chars().count()).collect();
    // 212-555-0105 is a telephone number even where the label says NPI.
    if groups == [3, 3, 4] && run.text.starts_with('2') {
        return Err(NotAnIdentifier::Shape);
    }
    let compact: String = run.text.chars().filter(|c| !matches!(c, ' ' | '-' | '.')).collect();
    let digits = look_alikes::digits(&compact, NPI_LEAST_CLEAN).ok_or(NotAnIdentifier::Shape)?;
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
            ((9..=11).contains(&alphanumeric) && digits >= NPI_LEAST_CLEAN && hyphens == 0)
                .then(|| snippet.words(range))
        })
    })
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
        ((8..=10).contains(&alphanumeric)
            && digits >= TIN_LEAST_CLEAN
            && !text.contains(['(', '/']))
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
            // Of a social security number the hyphens may be worn away.
            let apart: Vec<usize> = text.split(' ').map(|g| g.chars().count()).collect();
            let text =
                if apart == [3, 2, 4] { text.replace(' ', "-") } else { text.replace(' ', "") };
            let digits = text.chars().filter(char::is_ascii_digit).count();
            let length = text.chars().filter(|c| *c != '-').count();
            let groups: Vec<usize> = text.split('-').map(|g| g.chars().count()).collect();
            let shaped = matches!(groups.as_slice(), [9] | [2, 7] | [3, 2, 4] | [5, 4]);
            (length == 9 && digits >= TIN_LEAST_CLEAN && shaped).then(|| {
                let start = first.1.start + inner.start;
                Run { text, snippet, range: start..start + inner.len() }
            })
        })
    })
}

/// Validated, with the number of look-alikes replaced. `personal`: the label
/// says that it may be a social security number.
pub fn tin(text: &str, personal: bool) -> Result<(Tin, usize), NotAnIdentifier> {
    let groups: Vec<String> = text
        .split('-')
        .map(|g| look_alikes::digits(g, 0).map(|r| r.text))
        .collect::<Option<_>>()
        .ok_or(NotAnIdentifier::Shape)?;
    let bare = text.replace('-', "");
    let count = look_alikes::digits(&bare, TIN_LEAST_CLEAN).ok_or(NotAnIdentifier::Shape)?.count;
    let fixed = groups.join("-");
    if personal && fixed.len() == 9 {
        let ssn = format!("{}-{}-{}", &fixed[..3], &fixed[3..5], &fixed[5..]);
        return Ok((Tin::parse(&ssn)?, count));
    }
    Ok((Tin::parse(&fixed)?, count))
}

/// What was read of a masked number is masked like its value.
fn hide(tin: &Tin, seen: &mut Sighting) {
    seen.raw = masked(&seen.raw);
    if tin.is_masked() {
        seen.raw = tin.as_str().to_owned();
        seen.evidence.text = Phi::new(tin.as_str().to_owned());
    }
}

/// One entry per number and role, in order of first appearance, and notes on
/// what is doubtful or in conflict.
pub fn npi_findings(numbers: &Numbers, notes: &mut Vec<Note>) -> Vec<NpiFinding> {
    let grouped = grouped(&numbers.npi);
    conflicts("npi", &grouped, notes);
    let listed = listed("npi", grouped, notes).into_iter();
    listed
        .map(|(owned, evidence)| NpiFinding {
            value: owned.value,
            role: owned.role,
            confidence: owned.seen.confidence,
            raw: owned.seen.raw.into(),
            repaired: owned.seen.repaired,
            evidence,
            directory: None,
        })
        .collect()
}

/// As [`npi_findings`].
pub fn tin_findings(numbers: &Numbers, notes: &mut Vec<Note>) -> Vec<TinFinding> {
    let grouped = grouped(&numbers.tin);
    conflicts("tin", &grouped, notes);
    let listed = listed("tin", grouped, notes).into_iter();
    listed
        .map(|(owned, evidence)| TinFinding {
            value: owned.value,
            role: owned.role,
            confidence: owned.seen.confidence,
            raw: owned.seen.raw.into(),
            repaired: owned.seen.repaired,
            evidence,
        })
        .collect()
}

type Grouped<T> = Vec<(Owned<T>, Vec<Evidence>)>;

/// Merges by number and role. A sighting without a role joins the number's
/// only role, if it has one: the cover repeats what the form says.
fn grouped<T: Clone + PartialEq>(seen: &[Owned<T>]) -> Grouped<T> {
    let mut groups: Grouped<T> = Vec::new();
    let role_of = |owned: &Owned<T>| {
        if owned.role != Role::Unknown {
            return owned.role;
        }
        let mut roles: Vec<Role> = seen
            .iter()
            .filter(|o| o.value == owned.value && o.role != Role::Unknown)
            .map(|o| o.role)
            .collect();
        roles.dedup();
        if let [role] = roles.as_slice() { *role } else { Role::Unknown }
    };
    for owned in seen {
        let role = role_of(owned);
        let group = groups.iter_mut().find(|(g, _)| g.value == owned.value && g.role == role);
        match group {
            Some((group, evidence)) => {
                if evidence.contains(&owned.seen.evidence) {
                    continue;
                }
                if owned.seen.confidence > group.seen.confidence {
                    group.seen.raw.clone_from(&owned.seen.raw);
                    group.seen.repaired = owned.seen.repaired;
                }
                group.seen.confidence = agreeing(group.seen.confidence, owned.seen.confidence);
                evidence.push(owned.seen.evidence.clone());
            }
            None => {
                groups.push((Owned { role, ..owned.clone() }, vec![owned.seen.evidence.clone()]))
            }
        }
    }
    groups
}

fn listed<T>(kind: &str, groups: Grouped<T>, notes: &mut Vec<Note>) -> Grouped<T> {
    groups
        .into_iter()
        .filter(|(owned, evidence)| {
            let listed = owned.seen.confidence.is_listed();
            if !listed {
                notes.push(doubtful(kind, evidence));
            }
            listed
        })
        .collect()
}

/// Two numbers in one role: the check digit cannot tell 0↔9 swaps apart, so
/// a person looks.
fn conflicts<T: PartialEq>(kind: &str, groups: &Grouped<T>, notes: &mut Vec<Note>) {
    for role in [Role::Ordering, Role::Rendering, Role::Facility] {
        let rivals: Vec<_> = groups
            .iter()
            .filter(|(o, _)| o.role == role && o.seen.confidence.is_listed())
            .collect();
        if let [_, (_, evidence), ..] = rivals.as_slice() {
            notes.push(Note {
                code: format!("{kind}.conflict"),
                page: evidence.first().and_then(|e| e.page),
                message: format!("{} different numbers stand for one role", rivals.len()),
            });
        }
    }
}
