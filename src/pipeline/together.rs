//! One decision for all files of an upload, and one for each patient in them.
//!
//! ```text
//!  files read ─▶ one sheaf ─▶ find ─▶ judge ─┬─▶ the same disposition for every file
//!                                            └─▶ split: a sheaf for each patient,
//!                                                judged alone; a file that spoke of
//!                                                several goes on as its parts
//! ```
//!
//! What is required is looked for in all pages together; each document is told
//! the decision with the evidence that lies in itself.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::journey::{Concluded, Found, Judged, Known, Read};
use super::references;
use super::sheaf::Sheaf;
use super::turn::Turn;
use super::worker::{WorkError, Workshop};
use crate::assemble::ModelDigests;
use crate::decide::Earlier;
use crate::decide::disposition::{Action, Disposition, Queue};
use crate::decide::recorded::{Inputs, Seen, Sheet, Subject};
use crate::decide::register::{CaseKeys, CaseRecord};
use crate::extract::findings::Extracted;
use crate::recognize::recognized::Recognized;
use crate::store::{
    Claim, Decided, DocumentRecord, NewPart, PageRecord, PageTiming, PartOf, Stage, StoreError,
};
use crate::vocab::{CaseRef, DocumentRef, HoldRef, PageNumber, Sha256Digest, SubmissionRef};

/// A case with more pages is judged by what was asked for, name by name.
const MOST_PAGES_OF_A_CASE: usize = 500;

/// What was decided about pages together, and what it rests on.
#[derive(Clone)]
struct Ruling {
    judged: Judged,
    seen: Arc<Seen>,
}

impl Ruling {
    /// The same as one of the documents tells it.
    fn told(&self, disposition: Disposition) -> Self {
        Self { judged: Judged { disposition, ..self.judged.clone() }, seen: Arc::clone(&self.seen) }
    }
}

/// A file that was read, and what was found in it alone.
struct File {
    record: DocumentRecord,
    pages: Vec<PageRecord>,
    found: Found,
}

impl Workshop {
    /// Decides about all documents of an upload that were read.
    pub(super) async fn decide(
        &self,
        claim: &Claim,
        submission: &SubmissionRef,
    ) -> Result<(), WorkError> {
        let files = self.files(submission).await?;
        if !files.iter().any(|file| file.record.received.document == claim.document) {
            // Decided with another of its upload in the meantime.
            return Err(StoreError::LeaseLost(claim.document.clone()).into());
        }
        let whole = Bundle::of(&files);
        let found = self.found(&whole, &files).await;
        // Of two requests for one thing that come together the second must see
        // the case that the first opens.
        let _one_at_a_time = self.deciding.lock().await;
        let _turn = Turn::of(&self.data_dir).await.map_err(|source| StoreError::Blob {
            what: "waiting for the turn to decide",
            source,
        })?;
        self.store.keep_models(self.journey.knowledge.deciding.texts()).await?;
        let decided = match self.sent_again(&files).await? {
            Some(duplicates) => duplicates,
            None => self.decided(&whole, &found, &files).await?,
        };
        Ok(self.store.finish_decide(claim, &decided, Timestamp::now()).await?)
    }

    async fn files(&self, submission: &SubmissionRef) -> Result<Vec<File>, WorkError> {
        let mut files = Vec::new();
        for record in self.store.submission(submission).await? {
            if record.stage != Stage::Deciding {
                continue;
            }
            let pages = self.store.pages(&record.received.document).await?;
            let recognized = Recognized { pages: pages.iter().map(|p| p.page.clone()).collect() };
            let sheaf = Sheaf::of(record.received.sha256, recognized);
            let context = &record.received.context;
            let read = Read { sheaf: &sheaf, context, received_at: record.received.received_at };
            let found = self.journey.find(read).await;
            files.push(File { record, pages, found });
        }
        Ok(files)
    }

    /// What is in all files together; of one file that is known already.
    async fn found(&self, whole: &Bundle<'_>, files: &[File]) -> Found {
        match files {
            [only] => only.found.clone(),
            _ => self.journey.find(whole.read()).await,
        }
    }

    /// If each file came before, and none says anything new.
    async fn sent_again(&self, files: &[File]) -> Result<Option<Vec<Decided>>, WorkError> {
        let mut all = Vec::new();
        for (place, file) in files.iter().enumerate() {
            let earlier = self.earlier(&file.record).await?;
            let alone = Bundle::of(&files[place..=place]);
            let known = Known { cases: Some(&[]), earlier: &earlier, ..Known::default() };
            let ruling = self.ruling(&alone, &file.found, known);
            if ruling.judged.disposition.action != Action::Duplicate {
                return Ok(None);
            }
            all.push(self.told(file, &file.found.extracted, &ruling, None));
        }
        Ok(Some(all))
    }

    /// Documents with these bytes that were decided and are no copies
    /// themselves. One that could not be opened says nothing of what is in it.
    async fn earlier(&self, record: &DocumentRecord) -> Result<Vec<Earlier>, WorkError> {
        let same = self.store.decided_with_bytes(record.received.sha256).await?;
        let others = same.into_iter().filter(|other| {
            other.received.document != record.received.document
                && other.received.submission != record.received.submission
        });
        Ok(others
            .filter_map(|other| {
                let outcome = other.outcome?;
                match outcome.disposition.action {
                    Action::Duplicate | Action::Technical => None,
                    Action::NewCase
                    | Action::Attach
                    | Action::Hold
                    | Action::Redirect
                    | Action::Split => Some(Earlier {
                        document: other.received.document,
                        received_at: other.received.received_at,
                        findings: outcome.extracted.findings,
                        case: outcome.case,
                    }),
                }
            })
            .collect())
    }

    async fn decided(
        &self,
        whole: &Bundle<'_>,
        found: &Found,
        files: &[File],
    ) -> Result<Vec<Decided>, WorkError> {
        let ruling = self.judged(whole, found).await?;
        if ruling.judged.disposition.action != Action::Split {
            return Ok(self.told_all(whole, found, &ruling, files));
        }
        let mut decided = Vec::new();
        for (place, file) in files.iter().enumerate() {
            if is_cut(whole, found, place) {
                let disposition = whole.sheaf.told_of(&ruling.judged.disposition, place);
                let told = ruling.told(disposition);
                decided.push(self.told(file, &file.found.extracted, &told, None));
            }
        }
        for piece in &found.pieces {
            let bundle = whole.only(&piece.pages);
            let alone = Found {
                extracted: piece.extracted.clone(),
                pieces: Vec::new(),
                extract_ms: found.extract_ms,
            };
            let ruling = self.judged(&bundle, &alone).await?;
            decided.extend(self.told_piece(whole, found, &bundle, &alone, &ruling, files).await);
        }
        Ok(decided)
    }

    /// Judges, and remembers what by.
    fn ruling(&self, bundle: &Bundle<'_>, found: &Found, known: Known<'_>) -> Ruling {
        let judged = self.journey.judge(bundle.read(), found, known);
        let sheets = bundle.sheaf.leaves().iter().map(|leaf| Sheet {
            document: bundle.documents[leaf.document].clone(),
            page: leaf.number,
        });
        let seen = Seen {
            sheets: sheets.collect(),
            told: bundle.first.received.document.clone(),
            extracted: found.extracted.clone(),
            own: None,
            pieces: found.pieces.clone(),
            corrections: Vec::new(),
            context: bundle.first.received.context.clone(),
            received_at: bundle.received_at,
            received_on: bundle.received_at.to_zoned(self.journey.zone.clone()).date(),
            forced_program: known.forced_program.map(str::to_owned),
            cases: known.cases.map(<[CaseRecord]>::to_vec),
            earlier: known.earlier.to_vec(),
            with_case: known.with_case.cloned(),
            before: None,
        };
        Ruling { judged, seen: Arc::new(seen) }
    }

    async fn judged(&self, bundle: &Bundle<'_>, found: &Found) -> Result<Ruling, WorkError> {
        let keys = CaseKeys::of_document(&found.extracted.findings);
        let cases = self.store.case_candidates(&keys).await?;
        let known = Known { cases: Some(&cases), ..Known::default() };
        let ruling = self.ruling(bundle, found, known);
        let joined = ruling.judged.disposition.case.as_ref();
        let joins = cases.iter().find(|case| Some(&case.reference) == joined);
        let Some(case) = joins.filter(|case| !case.asked.is_empty()) else { return Ok(ruling) };
        let Some(with_case) = self.with_case(case, bundle).await? else { return Ok(ruling) };
        let known = Known { with_case: Some(&with_case), ..known };
        Ok(self.ruling(bundle, found, known))
    }

    /// What pages say together with those that their case holds: half of what is
    /// asked for may lie there, and half be here. `None` if those are too many.
    async fn with_case(
        &self,
        case: &CaseRecord,
        bundle: &Bundle<'_>,
    ) -> Result<Option<Extracted>, WorkError> {
        let mut documents = Vec::new();
        let mut count = bundle.sheaf.leaves().len();
        for reference in self.store.case_documents(&case.reference).await? {
            let Some(record) = self.store.document(&reference).await? else { continue };
            let pages = self.store.pages(&reference).await?;
            count += pages.len();
            if count > MOST_PAGES_OF_A_CASE {
                return Ok(None);
            }
            let pages = Recognized { pages: pages.into_iter().map(|page| page.page).collect() };
            documents.push((record.received.sha256, pages));
        }
        let read = bundle.read();
        let file = bundle.first.received.sha256;
        documents.push((file, bundle.sheaf.pages().clone()));
        let all = Sheaf::bound(documents);
        Ok(Some(self.journey.at_a_glance(Read { sheaf: &all, ..read })))
    }

    /// Every file is told the same.
    fn told_all(
        &self,
        whole: &Bundle<'_>,
        found: &Found,
        ruling: &Ruling,
        files: &[File],
    ) -> Vec<Decided> {
        let judged = &ruling.judged;
        let shared = Shared::of(&judged.disposition);
        let tell = |(place, file): (usize, &File)| {
            let disposition = match files {
                [_] => judged.disposition.clone(),
                _ => whole.sheaf.told_of(&judged.disposition, place),
            };
            let told = ruling.told(disposition);
            let mut decided = self.told(file, &file.found.extracted, &told, None);
            shared.mark(&mut decided, &found.extracted, judged);
            decided
        };
        files.iter().enumerate().map(tell).collect()
    }

    /// One patient's pages: a file that is all his is told itself, of any other
    /// a part is made.
    async fn told_piece(
        &self,
        whole: &Bundle<'_>,
        of_whole: &Found,
        bundle: &Bundle<'_>,
        found: &Found,
        ruling: &Ruling,
        files: &[File],
    ) -> Vec<Decided> {
        let judged = &ruling.judged;
        let shared = Shared::of(&judged.disposition);
        let mut all = Vec::new();
        for (place, file) in files.iter().enumerate() {
            let own = bundle.sheaf.of_document(place);
            if own.leaves().is_empty() {
                continue;
            }
            let disposition = bundle.sheaf.told_of(&judged.disposition, place);
            let told = ruling.told(disposition);
            let mut decided = if is_cut(whole, of_whole, place) {
                let extracted = if own.leaves().len() == bundle.sheaf.leaves().len() {
                    found.extracted.clone()
                } else {
                    let read = Read { sheaf: &own, ..bundle.read() };
                    self.journey.find(read).await.extracted
                };
                let part = part_of(file, &own);
                self.told(file, &extracted, &told, Some(part))
            } else {
                self.told(file, &file.found.extracted, &told, None)
            };
            shared.mark(&mut decided, &found.extracted, judged);
            all.push(decided);
        }
        all
    }

    fn told(
        &self,
        file: &File,
        extracted: &Extracted,
        ruling: &Ruling,
        part: Option<NewPart>,
    ) -> Decided {
        let judged = &ruling.judged;
        let mut record = file.record.clone();
        if part.is_some() {
            record.received.document = references::document();
            let pages = extracted.page_kinds.len();
            record.inventory = record.inventory.map(|mut inventory| {
                inventory.pages = u32::try_from(pages).unwrap_or(u32::MAX);
                inventory
            });
        }
        let concluded = Concluded {
            extracted: extracted.clone(),
            disposition: judged.disposition.clone(),
            extract_ms: judged.extract_ms,
            decide_ms: judged.decide_ms,
        };
        let mut seen = Seen::clone(&ruling.seen);
        seen.told = file.record.received.document.clone();
        seen.own = (*extracted != seen.extracted).then(|| extracted.clone());
        let models = self.journey.knowledge.deciding.used();
        let inputs = Inputs { models, subject: Subject::Read(Box::new(seen)) };
        let outcome = self.outcome(&record, concluded, self.of(file));
        Decided { document: record.received.document, part, inputs, outcome, opens: None }
    }

    fn of(&self, file: &File) -> ModelDigests {
        self.models(file.pages.first().map_or(Sha256Digest::of(&[]), |page| page.models))
    }
}

/// Pages that are judged together, with what came beside them.
struct Bundle<'f> {
    sheaf: Sheaf,
    /// By their places in the sheaf.
    documents: Vec<DocumentRef>,
    first: &'f DocumentRecord,
    received_at: Timestamp,
}

impl<'f> Bundle<'f> {
    /// All of some files: received when the first of them was.
    fn of(files: &'f [File]) -> Self {
        let pages = |file: &File| Recognized {
            pages: file.pages.iter().map(|page| page.page.clone()).collect(),
        };
        let sheaf =
            Sheaf::bound(files.iter().map(|file| (file.record.received.sha256, pages(file))));
        let received_at = files.iter().map(|file| file.record.received.received_at).min();
        let first = &files[0].record;
        let documents = files.iter().map(|file| file.record.received.document.clone()).collect();
        Self {
            sheaf,
            documents,
            first,
            received_at: received_at.unwrap_or(first.received.received_at),
        }
    }

    fn only(&self, pages: &[PageNumber]) -> Self {
        let documents = self.documents.clone();
        Self { sheaf: self.sheaf.only(pages), documents, ..*self }
    }

    fn read(&self) -> Read<'_> {
        let context = &self.first.received.context;
        Read { sheaf: &self.sheaf, context, received_at: self.received_at }
    }
}

/// Whether pages of a document belong to more than one patient.
fn is_cut(whole: &Bundle<'_>, found: &Found, place: usize) -> bool {
    let own = whole.sheaf.pages_of(place);
    let has = |pages: &[PageNumber]| pages.iter().any(|page| own.contains(page));
    found.pieces.iter().filter(|piece| has(&piece.pages)).count() > 1
}

fn part_of(file: &File, own: &Sheaf) -> NewPart {
    let numbers: Vec<PageNumber> = own.leaves().iter().map(|leaf| leaf.number).collect();
    let by_number: BTreeMap<PageNumber, &PageRecord> =
        file.pages.iter().map(|page| (page.page.number, page)).collect();
    let pages = own.pages().pages.iter().zip(&numbers).filter_map(|(page, number)| {
        let read = by_number.get(number)?;
        // Read as a page of the whole: nobody reads it again as one of this.
        Some(PageRecord {
            page: page.clone(),
            models: read.models,
            way: None,
            took: PageTiming::default(),
        })
    });
    let document = file.record.received.document.clone();
    let of = u32::try_from(file.pages.len()).unwrap_or(u32::MAX);
    NewPart { pages: pages.collect(), of: PartOf { document, pages: numbers, of } }
}

/// What documents that are told the same have in common.
struct Shared {
    case: Option<CaseRef>,
    opens: bool,
    hold: Option<HoldRef>,
}

impl Shared {
    fn of(disposition: &Disposition) -> Self {
        let opens = disposition.action == Action::NewCase;
        Self {
            case: disposition.case.clone().or_else(|| opens.then(references::case)),
            opens,
            hold: disposition.queue.is_some_and(Queue::is_hold).then(references::hold),
        }
    }

    fn mark(&self, decided: &mut Decided, all: &Extracted, judged: &Judged) {
        decided.outcome.case.clone_from(&self.case);
        decided.outcome.hold.clone_from(&self.hold);
        if let Some(case) = self.case.clone().filter(|_| self.opens) {
            let (hold, now) = (self.hold.as_ref(), Timestamp::now());
            decided.opens = Some(CaseRecord::opened(case, all, &judged.disposition, hold, now));
        }
    }
}

#[cfg(test)]
pub(super) mod tests;
