//! Procedure codes that are requested or ordered, with modifiers and units.

use std::sync::LazyLock;

use regex::Regex;

use super::cues::PageTag;
use super::findings::HcpcsFinding;
use super::labels::{FieldHit, FieldTag, Label};
use super::look_alikes;
use super::paper::{Leaf, Paper};
use super::second_look::{below_listed, question};
use super::sighting::{after_repairs, agreeing, checked, doubtful};
use crate::vocab::codes::CodeFacts;
use crate::vocab::{
    Alphabet, Confidence, Evidence, EvidenceSource, HcpcsCode, Modifier, Note, Phi, Question,
};

/// About one misread code in three is another issued code.
const CHANCE: f32 = 0.35;
/// A guessed first letter is as likely wrong as right before anything speaks
/// for it; the code table lets a third of guesses through.
const FIRST_LETTER_COST: f32 = 0.85;
/// First letters of the codes a guess may become, commonest first.
const LETTERS: [char; 11] = ['E', 'L', 'K', 'A', 'B', 'G', 'S', 'T', 'Q', 'V', 'H'];
/// A description that fits, or a second listing, takes this much doubt away.
const WORDS_FIT: f32 = 0.4;

/// Letters of fitting words from which a line tells another code than was read,
/// and how many times as many as fit that one.
const LEAST_TO_TELL: usize = 10;
const TELLING: usize = 3;

/// Five characters that stand alone, with what follows in the same word.
static CANDIDATE: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, compiled in every test")]
    Regex::new(r"^[^A-Za-z0-9£€|!]*([A-Za-z0-9£€|!][0-9A-Za-z|!$]{4})(.*)$").unwrap()
});

/// What was found on the way to the findings.
#[derive(Debug, Default)]
pub struct Codes {
    /// Listed codes.
    pub findings: Vec<HcpcsFinding>,
    /// Doubtful and terminated ones.
    pub notes: Vec<Note>,
    /// Repaired codes to be read again.
    pub questions: Vec<Question>,
}

/// How a code came to be seen as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Support {
    /// Nothing but its shape and where the page stands.
    Bare,
    /// A modifier, a quantity or fitting words on its line.
    Line,
    /// A label or a column's header.
    Label,
}

#[derive(Clone, Debug)]
struct Seen {
    code: HcpcsCode,
    modifiers: Vec<Modifier>,
    units: Option<String>,
    confidence: Confidence,
    raw: String,
    repaired: bool,
    evidence: Evidence,
    listing: bool,
}

/// Reads every page.
pub fn find(paper: &Paper<'_>) -> Codes {
    let mut codes = Codes::default();
    let mut seen = Vec::new();
    for leaf in &paper.leaves {
        for word in 0..leaf.form.sheet.words.len() {
            seen.extend(look_at(paper, leaf, word, &mut codes));
        }
    }
    // What an invoice or a delivery ticket lists counts by itself only when
    // nothing asks for anything; otherwise it is one more witness.
    let asked: Vec<HcpcsCode> =
        seen.iter().filter(|s| !s.listing).map(|s| s.code.clone()).collect();
    if !asked.is_empty() {
        seen.retain(|s| !s.listing || asked.contains(&s.code));
    }
    codes.list(paper, merged(seen));
    codes
}

impl Codes {
    fn list(&mut self, paper: &Paper<'_>, merged: Vec<(Seen, Vec<Evidence>)>) {
        for (seen, evidence) in merged {
            if !seen.confidence.is_listed() {
                self.notes.push(doubtful("hcpcs", &evidence));
                continue;
            }
            let Some(facts) = paper.codes.get(&seen.code) else { continue };
            if facts.ended.is_some_and(|ended| ended < paper.received_on) {
                self.notes.push(Note {
                    code: "hcpcs.terminated".into(),
                    page: evidence.first().and_then(|e| e.page),
                    message: format!("{} is no longer valid", seen.code),
                });
            }
            self.findings.push(HcpcsFinding {
                family: facts.family.clone(),
                payment: facts.payment,
                lists: paper.codes.lists_of(&seen.code, paper.received_on),
                code: seen.code,
                modifiers: seen.modifiers,
                units: seen.units,
                confidence: seen.confidence,
                raw: Phi::new(seen.raw),
                repaired: seen.repaired,
                evidence,
            });
        }
    }
}

/// One entry per code and modifier set. A mention without modifiers joins the
/// code's only set: the order names the bed, the form says that it is rented.
fn merged(seen: Vec<Seen>) -> Vec<(Seen, Vec<Evidence>)> {
    let sets = |code: &HcpcsCode| {
        let mut sets: Vec<Vec<Modifier>> = seen
            .iter()
            .filter(|s| s.code == *code && !s.modifiers.is_empty())
            .map(|s| s.modifiers.clone())
            .collect();
        sets.dedup();
        sets
    };
    let mut groups: Vec<(Seen, Vec<Evidence>)> = Vec::new();
    for one in &seen {
        let mut one = one.clone();
        // So does one cut off after its first modifiers, if only one set
        // begins like it.
        let longer: Vec<Vec<Modifier>> = sets(&one.code)
            .into_iter()
            .filter(|set| set.len() > one.modifiers.len() && set.starts_with(&one.modifiers))
            .collect();
        if let [set] = longer.as_slice() {
            one.modifiers.clone_from(set);
        }
        let same = |g: &Seen| g.code == one.code && g.modifiers == one.modifiers;
        match groups.iter_mut().find(|(g, _)| same(g)) {
            Some((group, evidence)) => {
                if evidence.contains(&one.evidence) {
                    continue;
                }
                if one.confidence > group.confidence {
                    group.raw.clone_from(&one.raw);
                    group.repaired = one.repaired;
                }
                group.confidence = agreeing(group.confidence, one.confidence);
                group.units = group.units.take().or(one.units);
                evidence.push(one.evidence);
            }
            None => {
                let evidence = vec![one.evidence.clone()];
                groups.push((one, evidence));
            }
        }
    }
    groups
}

/// A reading of a word as a code.
struct Reading {
    code: HcpcsCode,
    /// Look-alikes replaced in places 2 to 5.
    repairs: usize,
    /// Whether the first letter was guessed.
    first_letter: bool,
    /// What stood behind the five characters in the word.
    rest: String,
    raw: String,
}

impl Reading {
    /// To the letter as it was read.
    fn is_exact(&self) -> bool {
        self.repairs == 0 && !self.first_letter
    }
}

fn look_at(paper: &Paper<'_>, leaf: &Leaf<'_>, word: usize, codes: &mut Codes) -> Option<Seen> {
    let cues = &paper.cues.hcpcs;
    if cues.never_kinds.contains(&leaf.kind) {
        return None;
    }
    let text = leaf.form.sheet.words[word].text;
    let captures = CANDIDATE.captures(text)?;
    let (core, rest) = (captures.get(1)?.as_str(), captures.get(2)?.as_str());
    let clean = core.chars().filter(char::is_ascii_digit).count();
    if clean == 0 || !ends_here(rest) {
        return None;
    }
    let label = governing_label(leaf, word);
    let labelled = label.is_some_and(|l| l.hit.tag == FieldTag::Label(Label::Hcpcs));
    // One digit in five characters is a word, save where a code must stand.
    if clean < 2 && !labelled {
        return None;
    }
    let sheet = &leaf.form.sheet;
    let row = sheet.row_words(sheet.cells[sheet.words[word].cell].row);
    let texts: Vec<&str> = row.iter().map(|&w| sheet.words[w].text).collect();
    let from_pixels = sheet.words[word].source == EvidenceSource::Ocr;
    let reading = read(paper, core, rest, labelled, from_pixels, &texts)?;
    let facts = paper.codes.get(&reading.code)?;
    let line = Line::of(paper, leaf, word, &reading, facts);
    // A label a few rows above is no header where the line itself tells the code.
    let told = line.words_fit && reading.is_exact();
    if let Some(label) = label
        && names_something_else(label.hit.tag)
        && !(told && sheet.cells[label.cell].row != sheet.cells[sheet.words[word].cell].row)
    {
        return None;
    }
    if !is_a_code(paper, leaf, &reading, facts, labelled, &line) {
        return None;
    }
    let support = support(labelled, &line);
    let column = label.filter(|_| labelled).map(|l| sheet.cells[l.cell].row);
    let requested = is_request(paper, leaf, word, column, support);
    if !requested {
        return None;
    }
    let mut seen = weigh(leaf, word, reading, support, line, label);
    seen.listing = cues.listing_kinds.contains(&leaf.kind);
    if seen.repaired {
        let region = leaf.form.sheet.evidence(&[word]);
        second_look(paper, &region, &mut seen, codes);
    }
    Some(seen)
}

/// What follows the five characters must not make it part of something
/// longer: `A1234-5` is a part number, `85012-3456` a ZIP code.
fn ends_here(rest: &str) -> bool {
    // A quantity behind a comma: `G0156,4 units`.
    let quantity = rest.strip_prefix(',').is_some_and(|count| {
        (1..=3).contains(&count.len()) && count.bytes().all(|b| b.is_ascii_digit())
    });
    if quantity {
        return true;
    }
    let rest = rest.trim_start_matches([')', ']', '.', ',', ':', ';', '*']);
    let mut chars = rest.chars();
    match chars.next() {
        None => true,
        // A modifier in the same word, with or without a separator.
        Some('-' | '/' | ',' | '–' | '—' | '~') => {
            !chars.next().is_some_and(|c| c.is_ascii_digit())
        }
        Some(c) if c.is_ascii_uppercase() => modifiers_in(rest).is_some(),
        Some(c) => !c.is_alphanumeric(),
    }
}

fn modifiers_in(text: &str) -> Option<Vec<Modifier>> {
    let letters: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
    if letters.is_empty() || !letters.len().is_multiple_of(2) || letters.len() > 8 {
        return None;
    }
    (0..letters.len() / 2).map(|i| Modifier::parse(&letters[2 * i..2 * i + 2]).ok()).collect()
}

/// The label that says what a word is: the header of its column, or the label
/// before it on its line.
fn governing_label<'l>(leaf: &'l Leaf<'_>, word: usize) -> Option<&'l FieldHit> {
    let form = &leaf.form;
    let piece = form.sheet.first_piece_of(word)?;
    let cell = form.sheet.cell_of(piece);
    let before = form.label_before(piece);
    if let Some(near) = before.filter(|f| f.cell == cell && tells_a_code(f)) {
        return Some(near);
    }
    let header = form.column_header(form.sheet.words[word].bbox);
    // Several labels share one header cell when columns stand close.
    header
        .filter(|h| tells_a_code(h))
        .or_else(|| before.filter(|f| tells_a_code(f)))
        .or(header)
        .or_else(|| on_top(leaf, cell))
}

/// A label directly over its value.
fn on_top<'l>(leaf: &'l Leaf<'_>, cell: usize) -> Option<&'l FieldHit> {
    let above = leaf.form.sheet.directly_above(cell)?;
    leaf.form.fields.iter().find(|f| {
        let code = matches!(f.hit.tag, FieldTag::Label(Label::Hcpcs | Label::Diagnosis));
        f.cell == above && f.starts_cell && f.ends_cell && code
    })
}

fn tells_a_code(field: &FieldHit) -> bool {
    matches!(field.hit.tag, FieldTag::Label(Label::Hcpcs | Label::Diagnosis | Label::Modifier))
        || field.colon && names_something_else(field.hit.tag)
}

/// Labels whose values are never procedure codes.
fn names_something_else(tag: FieldTag) -> bool {
    match tag {
        FieldTag::Label(label) => matches!(
            label,
            Label::Npi
                | Label::Tin
                | Label::Ssn
                | Label::Phone
                | Label::Fax
                | Label::Address
                | Label::Locality
                | Label::MemberId
                | Label::BirthDate
                | Label::Case
                | Label::Authorization
                | Label::Hold
                | Label::Stop
                | Label::Diagnosis
        ),
        FieldTag::Role(_) | FieldTag::Party(_) | FieldTag::Patient => false,
    }
}

fn read(
    paper: &Paper<'_>,
    core: &str,
    rest: &str,
    labelled: bool,
    from_pixels: bool,
    line: &[&str],
) -> Option<Reading> {
    let mut chars = core.chars();
    let first = chars.next()?;
    let tail: String = chars.collect();
    let digits = look_alikes::digits(&tail, 1)?;
    let reading = |code: HcpcsCode, repairs: usize, first_letter: bool| Reading {
        code,
        repairs,
        first_letter,
        rest: rest.to_owned(),
        raw: core.to_owned(),
    };
    let issued = |letter: char| {
        let code = HcpcsCode::parse(&format!("{letter}{}", digits.text)).ok()?;
        paper.codes.get(&code).is_some().then_some(code)
    };
    let letters =
        |code: &HcpcsCode| paper.codes.get(code).map_or(0, |facts| letters_that_fit(facts, line));
    let fitting = |code: &HcpcsCode| letters(code) > 0;
    // Beside "sling for patient lift" an L0621 was an E0621 before it was faxed.
    let told_otherwise = |code: &HcpcsCode| {
        let least = LEAST_TO_TELL.max(TELLING * letters(code));
        let others = LETTERS.into_iter().filter(|l| *l != first).filter_map(issued);
        others.filter(|other| from_pixels && letters(other) >= least).max_by_key(letters)
    };
    if let Some(code) = issued(first) {
        if let Some(other) = told_otherwise(&code) {
            return Some(reading(other, digits.count, true));
        }
        // Without a label only what is there to the letter: a ZIP or a part
        // number is one glyph away from many a code.
        return (digits.count == 0 || labelled || first.is_ascii_alphabetic())
            .then(|| reading(code, digits.count, false));
    }
    if !labelled {
        return None;
    }
    // `1` is read for L, and for a worn E or I as well: any letter that makes
    // an issued code is a candidate, and the words of its line choose.
    let usual = paper.cues.hcpcs.first_letter.get(&first).copied();
    let guesses = usual.into_iter().chain(LETTERS.into_iter().filter(|l| Some(*l) != usual));
    let issued: Vec<HcpcsCode> = guesses.filter_map(issued).collect();
    let chosen = issued.iter().find(|code| fitting(code)).cloned();
    chosen
        .or_else(|| usual.and_then(|u| issued.into_iter().find(|c| c.as_str().starts_with(u))))
        .map(|code| reading(code, digits.count, true))
}

/// What else stands on the line of a code.
#[derive(Default)]
struct Line {
    modifiers: Vec<Modifier>,
    units: Option<String>,
    priced: bool,
    words_fit: bool,
    words: Vec<usize>,
}

impl Line {
    fn of(
        paper: &Paper<'_>,
        leaf: &Leaf<'_>,
        word: usize,
        reading: &Reading,
        facts: &CodeFacts,
    ) -> Self {
        let sheet = &leaf.form.sheet;
        let row = sheet.cells[sheet.words[word].cell].row;
        let words = sheet.row_words(row);
        let mut line = Self { words: vec![word], ..Self::default() };
        line.take_modifiers(paper, leaf, word, reading, &words);
        let monthly = line.modifiers.iter().any(|m| paper.cues.hcpcs.monthly.contains(m.as_str()));
        line.units = units(leaf, word, &words, monthly);
        line.priced = words.iter().any(|&w| sheet.words[w].text.starts_with('$'));
        line.words_fit =
            fits(facts, &words.iter().map(|&w| sheet.words[w].text).collect::<Vec<_>>());
        line
    }

    /// After the code, separated by blank, hyphen or comma; or in a column.
    fn take_modifiers(
        &mut self,
        paper: &Paper<'_>,
        leaf: &Leaf<'_>,
        word: usize,
        reading: &Reading,
        row: &[usize],
    ) {
        let sheet = &leaf.form.sheet;
        let known = |m: &Modifier| paper.codes.modifier(m).is_some();
        if let Some(inside) = modifiers_in(&reading.rest) {
            self.modifiers.extend(inside.into_iter().filter(known));
        }
        let place = row.iter().position(|&w| w == word).unwrap_or(0);
        for &next in &row[place + 1..] {
            let text = sheet.words[next].text.trim_matches(|c: char| !c.is_ascii_alphanumeric());
            if text.is_empty() && self.modifiers.len() < 4 && sheet.words[next].text.len() <= 1 {
                continue;
            }
            let parts: Option<Vec<Modifier>> = text
                .split(['-', ',', '/', ' '])
                .map(|p| Modifier::parse(p).ok().filter(|m| known(m)))
                .collect();
            // A bare number beside a code is its quantity, even where it is a
            // modifier too.
            let number = text.bytes().all(|b| b.is_ascii_digit());
            match parts {
                Some(parts) if !number && !parts.is_empty() => {
                    self.modifiers.extend(parts);
                    self.words.push(next);
                }
                _ => {
                    if !in_column(leaf, next, Label::Modifier) {
                        break;
                    }
                }
            }
        }
        for &other in row {
            if self.words.contains(&other) || !in_column(leaf, other, Label::Modifier) {
                continue;
            }
            let text = sheet.words[other].text.trim_matches(|c: char| !c.is_ascii_alphanumeric());
            let parts = text.split(['-', ',', '/']).filter_map(|p| Modifier::parse(p).ok());
            let found: Vec<Modifier> = parts.filter(known).collect();
            if !found.is_empty() {
                self.modifiers.extend(found);
                self.words.push(other);
            }
        }
        let mut unique = Vec::new();
        for modifier in std::mem::take(&mut self.modifiers) {
            if !unique.contains(&modifier) && unique.len() < 4 {
                unique.push(modifier);
            }
        }
        self.modifiers = unique;
    }
}

fn in_column(leaf: &Leaf<'_>, word: usize, label: Label) -> bool {
    let header = leaf.form.column_header(leaf.form.sheet.words[word].bbox);
    header.is_some_and(|h| h.hit.tag == FieldTag::Label(label))
}

/// What a 1 alone in its column is read as. Not `|`, which is the table's rule.
const LONE_ONE: [&str; 4] = ["!", "l", "I", "i"];

/// A quantity: in its column, after its label, or as `x 3`, `3 ea`.
fn units(leaf: &Leaf<'_>, word: usize, row: &[usize], monthly: bool) -> Option<String> {
    let sheet = &leaf.form.sheet;
    let number = |text: &str| -> Option<String> {
        let text = text.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        let text = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let digits = look_alikes::digits(text, 1)?.text;
        let digits = digits.trim_start_matches('0');
        // Nobody orders ten thousand of anything; a longer number is a price
        // or another code.
        ((1..=4).contains(&digits.len()) && text.len() <= 4).then(|| digits.to_owned())
    };
    let others = || row.iter().copied().filter(|&w| w != word);
    // `3 months` is how long, not how many, save of what is rented by the month.
    let is_span = |w: usize| {
        let next = sheet.words.get(w + 1).filter(|n| n.cell == sheet.words[w].cell);
        next.is_some_and(|n| {
            let text = n.text.to_lowercase();
            let months = text.starts_with("mo");
            !(months && monthly)
                && ["mo", "day", "week", "year"].iter().any(|unit| text.starts_with(unit))
        })
    };
    let in_qty = others().find(|&w| {
        in_column(leaf, w, Label::Units)
            && (sheet.words[w].text.contains(|c: char| c.is_ascii_digit())
                || LONE_ONE.contains(&sheet.words[w].text))
    });
    if let Some(word) = in_qty {
        if LONE_ONE.contains(&sheet.words[word].text) {
            return Some("1".to_owned());
        }
        return number(sheet.words[word].text).filter(|_| !is_span(word));
    }
    let own = sheet.cells[sheet.words[word].cell].row;
    // `Units: 3` on a line of its own, before the next code.
    let beneath = |f: &FieldHit| {
        let units = sheet.cells[f.cell].row;
        let between = |other: &FieldHit| (own + 1..=units).contains(&sheet.cells[other.cell].row);
        (own + 1..=own + ROWS_OF_AN_ITEM).contains(&units)
            && f.colon
            && f.leads
            && !leaf.form.labelled(Label::Hcpcs).any(between)
    };
    let labelled = leaf.form.labelled(Label::Units).filter(|f| {
        !f.heads_column
            && sheet.pieces[f.hit.first].word > word
            && (sheet.cells[f.cell].row == own || beneath(f))
    });
    for field in labelled {
        let value = leaf.form.values(field).into_iter().next();
        let first = value.and_then(|v| {
            number(
                v.snippet.text.split_whitespace().find(|t| t.chars().any(char::is_alphanumeric))?,
            )
        });
        if first.is_some() {
            return first;
        }
    }
    let place = row.iter().position(|&w| w == word)?;
    let after: Vec<&str> = row[place + 1..].iter().map(|&w| sheet.words[w].text).collect();
    // `x3` in one word, `3 each` or `x 3` in two.
    let times = |text: &&str| number(text.strip_prefix(['x', 'X', '×'])?);
    after.iter().find_map(times).or_else(|| in_pairs(&after, monthly, number))
}

/// Rows under a code in which its quantity may stand, where each has its own.
const ROWS_OF_AN_ITEM: usize = 3;

/// Months for which anything is rented, at most: 99 stands for a lifetime of need.
const MOST_MONTHS: u16 = 36;

/// A quantity in two words; months are one of what is rented by the month.
fn in_pairs(
    words: &[&str],
    monthly: bool,
    number: impl Fn(&str) -> Option<String>,
) -> Option<String> {
    words.windows(2).find_map(|pair| {
        let unit = pair[1].to_lowercase();
        let unit = unit.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
        let few =
            || number(pair[0]).is_some_and(|n| n.parse().is_ok_and(|n: u16| n <= MOST_MONTHS));
        let each = matches!(unit, "ea" | "each" | "units" | "unit")
            || monthly && matches!(unit, "month" | "months" | "mo" | "mos") && few();
        let times = matches!(pair[0], "x" | "X" | "×");
        if each {
            number(pair[0])
        } else if times {
            number(pair[1])
        } else {
            None
        }
    })
}

/// Whether words of the item's family stand among these.
fn fits(facts: &CodeFacts, words: &[&str]) -> bool {
    letters_that_fit(facts, words) > 0
}

/// How many letters the words of the item's family have that stand among these.
fn letters_that_fit(facts: &CodeFacts, words: &[&str]) -> usize {
    let line = words.join(" ").to_lowercase();
    let fitting = facts.words.iter().filter(|w| w.len() >= 3 && line.contains(w.as_str()));
    fitting.map(String::len).sum()
}

fn support(labelled: bool, line: &Line) -> Support {
    if labelled {
        Support::Label
    } else if !line.modifiers.is_empty() || line.units.is_some() || line.priced || line.words_fit {
        Support::Line
    } else {
        Support::Bare
    }
}

/// Whether the five characters are a procedure code at all.
fn is_a_code(
    paper: &Paper<'_>,
    leaf: &Leaf<'_>,
    reading: &Reading,
    facts: &CodeFacts,
    labelled: bool,
    line: &Line,
) -> bool {
    if facts.icd_collision && !line.words_fit && is_among_diagnoses(leaf, line) {
        return false;
    }
    if labelled {
        return true;
    }
    if reading.code.is_cpt() {
        // Five digits are a ZIP code unless the page speaks of sleep tests.
        let row_of_words = line.words_fit || leaf.tagged(PageTag::Sleep).next().is_some();
        return row_of_words && reading.repairs == 0 && leaf.kind_requests(paper);
    }
    let supported = support(labelled, line) >= Support::Line;
    if reading.repairs > 0 {
        return supported;
    }
    if facts.icd_collision {
        return supported && !dotted_elsewhere(paper, reading.code.as_str());
    }
    true
}

/// Whether a line stands under the label of diagnoses, or behind it, nearer than
/// the header of any column of codes.
fn is_among_diagnoses(leaf: &Leaf<'_>, line: &Line) -> bool {
    let sheet = &leaf.form.sheet;
    let Some(&first) = line.words.first() else { return false };
    let row = sheet.cells[sheet.words[first].cell].row;
    let labels = (row.saturating_sub(ROWS_OF_DIAGNOSES)..=row).rev().find_map(|above| {
        let mut labels = leaf.form.fields.iter().filter(|field| {
            let before = above < row || sheet.pieces[field.hit.last].word < first;
            sheet.cells[field.cell].row == above && field.leads && before
        });
        labels.find_map(|field| match field.label() {
            Some(Label::Diagnosis) => Some(true),
            Some(Label::Hcpcs) => Some(false),
            _ => None,
        })
    });
    labels == Some(true)
}

/// Rows under their label in which diagnoses stand.
const ROWS_OF_DIAGNOSES: usize = 2;

/// Whether the same characters stand somewhere with the dot of a diagnosis.
fn dotted_elsewhere(paper: &Paper<'_>, code: &str) -> bool {
    let dotted = format!("{}.{}", &code[..3], &code[3..]);
    let holds = |l: &Leaf<'_>| {
        l.form
            .sheet
            .words
            .iter()
            .any(|w| w.text.to_ascii_uppercase().replace(',', ".").contains(&dotted))
    };
    paper.leaves.iter().any(holds)
}

impl Leaf<'_> {
    fn kind_requests(&self, paper: &Paper<'_>) -> bool {
        paper.cues.hcpcs.request_kinds.contains(&self.kind)
            || paper.cues.hcpcs.listing_kinds.contains(&self.kind)
    }
}

/// Whether a code is asked for here, rather than told as history. `label`: the
/// row of the label that says what it is.
fn is_request(
    paper: &Paper<'_>,
    leaf: &Leaf<'_>,
    word: usize,
    label: Option<usize>,
    support: Support,
) -> bool {
    let sheet = &leaf.form.sheet;
    let row = sheet.cells[sheet.words[word].cell].row;
    let near = |tag: PageTag| {
        leaf.tagged(tag).any(|h| {
            let hit_cell = sheet.cell_of(h.first);
            let hit_row = sheet.cells[hit_cell].row;
            hit_row == row
                || hit_row + 1 == row && sheet.next_cell(hit_cell) == Some(sheet.words[word].cell)
        })
    };
    let header_says_past = leaf.tagged(PageTag::History).any(|h| {
        let cell = sheet.cell_of(h.first);
        let hit_row = sheet.cells[cell].row;
        // A section of its own: a short heading a few rows above, and none that
        // begins another between.
        hit_row < row
            && !label.is_some_and(|label| (hit_row + 1..row).contains(&label))
            && row - hit_row <= 4
            && sheet.cells[cell].words.len() <= 5
            && sheet.rows[hit_row].len() == 1
    });
    if near(PageTag::History) || header_says_past {
        return false;
    }
    if leaf.kind_requests(paper) {
        return true;
    }
    if leaf.kind == super::findings::PageKind::Other {
        return label.is_some() || support >= Support::Line;
    }
    // Clinical pages tell; they ask only where they say so on the line.
    near(PageTag::Request) && support >= Support::Line
}

fn weigh(
    leaf: &Leaf<'_>,
    word: usize,
    reading: Reading,
    support: Support,
    line: Line,
    label: Option<&FieldHit>,
) -> Seen {
    let sheet = &leaf.form.sheet;
    let read = sheet.words[word].confidence;
    let repaired = !reading.is_exact();
    let chance = CHANCE * if line.words_fit { WORDS_FIT } else { 1.0 };
    let mut confidence = checked(read, chance);
    confidence = confidence.and(match support {
        Support::Label => label.map_or(Confidence::FULL, FieldHit::weight),
        Support::Line => Confidence::new(0.95),
        Support::Bare => Confidence::new(0.88),
    });
    confidence = after_repairs(confidence, reading.repairs);
    if reading.first_letter {
        confidence = confidence.and(Confidence::new(FIRST_LETTER_COST));
        // Nothing but the guess says which family this is: a person reads it,
        // unless a second look says the same.
        if !line.words_fit {
            confidence = below_listed(confidence);
        }
    }
    Seen {
        code: reading.code,
        modifiers: line.modifiers,
        units: line.units,
        confidence,
        raw: reading.raw,
        repaired,
        evidence: sheet.evidence(&line.words),
        listing: false,
    }
}

/// A repaired code is read again; what the second look says decides.
fn second_look(paper: &Paper<'_>, region: &Evidence, seen: &mut Seen, codes: &mut Codes) {
    let Some(question) = question(region, Alphabet::Codes) else { return };
    let Some(answer) = paper.answer_to(&question) else {
        codes.questions.push(question);
        return;
    };
    let text = answer.text.expose().to_ascii_uppercase();
    let readings: Vec<HcpcsCode> = text
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter_map(|token| HcpcsCode::parse(token.get(..5)?).ok())
        .filter(|code| paper.codes.get(code).is_some())
        .collect();
    if readings.contains(&seen.code) {
        seen.confidence = agreeing(seen.confidence, answer.confidence);
    } else if !readings.is_empty() {
        seen.confidence = below_listed(seen.confidence);
        codes.notes.push(Note {
            code: "hcpcs.contradicted".into(),
            page: seen.evidence.page,
            message: "a code reads differently at a second look".into(),
        });
    }
}
