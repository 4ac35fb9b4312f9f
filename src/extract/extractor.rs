//! The station's one door.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::cues::{Cues, MemberCues};
use super::findings::{Extracted, Findings, Member, PageKind};
use super::member::{self, Identity};
use super::numbers::{self, Numbers};
use super::paper::{Leaf, Paper};
use super::references::Patterns;
use super::sighting::{Sighting, merged, settled};
use super::{
    about, checklist, dates, hcpcs, icd10, listings, parts, payers, pending, providers,
    transmissions, urgent,
};
use crate::receive::received::Context;
use crate::recognize::recognized::{Line, Method, Recognized, RecognizedPage, Rotation, Word};
use crate::vocab::codes::CodeTable;
use crate::vocab::{
    Answer, BBox, Confidence, EvidenceSource, Listing, Note, Npi, PageNumber, Phi, Sha256Digest,
};

/// Reads documents; holds the cues and the code table, and no state.
#[derive(Clone, Debug)]
pub struct Extractor {
    cues: Arc<Cues>,
    patterns: Arc<Patterns>,
    codes: Arc<CodeTable>,
}

impl Extractor {
    /// From the cue files and the table of issued codes.
    ///
    /// # Errors
    ///
    /// A pattern of `about.toml` that is no regular expression.
    pub fn new(cues: Cues, codes: Arc<CodeTable>) -> Result<Self, super::CueError> {
        let patterns = Patterns::new(&cues).map_err(|e| super::CueError::Meaning {
            file: "about.toml",
            what: format!("under [reference]: {e}"),
        })?;
        Ok(Self { cues: Arc::new(cues), patterns: Arc::new(patterns), codes })
    }

    /// Of the cue files; stored with every decision.
    pub fn digest(&self) -> Sha256Digest {
        self.cues.digest()
    }

    /// Words for where a patient is, as findings have them.
    pub fn settings(&self) -> Vec<String> {
        self.cues.about.setting.iter().map(|setting| setting.value.clone()).collect()
    }

    /// Writes beside the NPIs found what a provider directory says of them.
    pub fn compare_listings(
        &self,
        extracted: &mut Extracted,
        known: &BTreeMap<Npi, Option<Listing>>,
    ) {
        listings::compare(extracted, known, &self.cues.member.company);
    }

    /// Finds everything there is in a document. `received_on` is the day of
    /// receipt in the program's zone; `answers` are what second looks at this
    /// document's questions saw.
    ///
    /// The same arguments give the same outcome.
    pub fn extract(
        &self,
        recognized: &Recognized,
        context: &Context,
        received_on: Date,
        answers: &[Answer],
    ) -> Extracted {
        let paper = Paper::new(&self.cues, &self.codes, recognized, received_on, answers);
        let number = PageNumber::from_index(recognized.pages.len());
        let note_page = page_of_note(&self.cues.about.words_beside(context), number);
        let note = note_page.as_ref().map(|page| {
            let mut leaf = Leaf::of_note(&self.cues, page);
            leaf.kind = PageKind::FaxCover;
            leaf
        });
        let mut extracted = self.read(paper, note);
        for note in &mut extracted.notes {
            note.page = note.page.filter(|page| *page < number);
        }
        extracted
    }

    fn read<'p>(&self, mut paper: Paper<'p>, note: Option<Leaf<'p>>) -> Extracted {
        let mut notes: Vec<Note> = Vec::new();
        // What its place on a page decides is looked for on pages, and in the
        // note apart.
        let pending_discharge = pending::find(&paper, note.as_ref());
        let urgent = urgent::find(&paper, note.as_ref(), &mut notes);
        let intents = about::intents(&paper, note.as_ref());
        let payers = payers::find(&paper, note.as_ref());
        let transmissions = transmissions::audit(&paper, &mut notes);
        let page_kinds = paper.leaves.iter().map(|leaf| leaf.kind).collect();
        let mut identities: Vec<Identity> =
            paper.leaves.iter().map(|leaf| member::on_page(&paper, leaf)).collect();
        let parts = parts::find(&paper, &identities);

        // Of what there is one of, several patients would have several: the
        // first one's is told.
        let others = paper.set_aside(&parts);
        // All else the note says like one more page of the first.
        if let Some(note) = note {
            identities.push(member::on_page(&paper, &note));
            paper.leaves.push(note);
        }
        let place_of_service = about::place_of_service(&paper, &mut notes);
        let setting = about::setting(&paper, place_of_service.as_ref(), &mut notes);
        let numbers_of_first = Numbers::find(&paper);
        let providers = providers::find(&paper, &numbers_of_first);
        let dates = dates::find(&paper, &mut notes);
        let first = paper.leaves.iter().map(Leaf::number).collect::<Vec<_>>();
        let is_one = others.is_empty();
        paper.put_back(others);
        let whose = paper.leaves.iter().zip(&identities);
        let of_first = whose.filter(|(leaf, _)| first.contains(&leaf.number()));
        let member =
            member_of(&paper.cues.member, of_first.map(|(_, identity)| identity), &mut notes);

        let paper = &paper;
        let numbers = if is_one { numbers_of_first } else { Numbers::find(paper) };
        notes.extend(numbers.notes.iter().cloned());
        let npi = numbers::npi_findings(&numbers, &mut notes);
        let tin = numbers::tin_findings(&numbers, &mut notes);
        let codes = hcpcs::find(paper);
        notes.extend(codes.notes);
        let mut findings = Findings {
            pending_discharge,
            urgent,
            npi,
            tin,
            icd10: icd10::find(paper, &mut notes),
            member,
            providers,
            dates,
            references: self.patterns.find(paper),
            intents,
            setting,
            place_of_service,
            oxygen: about::oxygen(paper, &codes.findings),
            payers,
            hcpcs: codes.findings,
            checklist: Vec::new(),
        };
        paper.cues.confidence.settle(&mut findings, &mut notes);
        findings.checklist = checklist::find(paper, &findings);
        let mut questions = codes.questions;
        questions.extend(numbers.questions);
        Extracted { transmissions, findings, page_kinds, parts, notes: once_each(notes), questions }
    }
}

/// The patient whom the pages agree on most.
fn member_of<'i>(
    cues: &MemberCues,
    identities: impl Iterator<Item = &'i Identity> + Clone,
    notes: &mut Vec<Note>,
) -> Member {
    let all = |pick: fn(&Identity) -> &Vec<Sighting>| -> Vec<Sighting> {
        identities.clone().flat_map(|i| pick(i).iter().cloned()).collect()
    };
    let ids = member::put_together(cues, all(|i| &i.ids));
    let id = settled("member.id", ids.clone(), notes);
    let others = merged(ids).into_iter().filter(|other| other.confidence.is_listed());
    let other_ids = others.filter(|other| Some(&other.value) != id.as_ref().map(|id| &id.value));
    Member {
        other_ids: other_ids.collect(),
        name: settled("member.name", all(|i| &i.names), notes),
        date_of_birth: settled("member.date_of_birth", all(|i| &i.births), notes),
        id,
    }
}

fn once_each(notes: Vec<Note>) -> Vec<Note> {
    let mut kept: Vec<Note> = Vec::new();
    for note in notes {
        if !kept.contains(&note) {
            kept.push(note);
        }
    }
    kept
}

/// Widest line of a note laid out as a page, in characters.
const NOTE_WIDTH: usize = 90;

/// A free note laid out as a page behind all others, so that it is read like a
/// cover sheet.
fn page_of_note(note: &str, number: PageNumber) -> Option<RecognizedPage> {
    let mut lines: Vec<Vec<&str>> = Vec::new();
    for line in note.lines() {
        let mut length = 0;
        lines.push(Vec::new());
        for word in line.split_whitespace() {
            if length + word.len() > NOTE_WIDTH {
                lines.push(Vec::new());
                length = 0;
            }
            length += word.len() + 1;
            if let Some(last) = lines.last_mut() {
                last.push(word);
            }
        }
    }
    lines.retain(|l| !l.is_empty());
    #[expect(clippy::cast_precision_loss, reason = "a note has few lines and words")]
    let step = 1.0 / (lines.len().max(60) as f32 + 1.0);
    let lines: Vec<Line> = lines
        .iter()
        .enumerate()
        .filter_map(|(row, words)| line_of_note(row, words, step))
        .collect();
    (!lines.is_empty()).then(|| RecognizedPage {
        number,
        method: Method::TextLayer,
        rotation: Rotation::None,
        confidence: Confidence::FULL,
        header: None,
        lines,
        marks: vec![],
        codes: vec![],
        inches: (8.5, 11.0),
        notes: vec![],
    })
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a line has at most NOTE_WIDTH characters or one word"
)]
fn line_of_note(row: usize, words: &[&str], step: f32) -> Option<Line> {
    let width = 0.98 / words.iter().map(|w| w.len() + 1).sum::<usize>().max(NOTE_WIDTH) as f32;
    let top = step * (row as f32 + 0.5);
    let mut at = 0.01;
    let words = words
        .iter()
        .map(|word| {
            let end = at + width * word.len() as f32;
            let bbox = BBox::new(at, top, end, top + 0.7 * step);
            at = end + width;
            Word {
                text: Phi::new((*word).to_owned()),
                bbox,
                confidence: Confidence::FULL,
                source: EvidenceSource::Metadata,
            }
        })
        .collect();
    Line::new(words)
}
