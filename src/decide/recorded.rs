//! What a decision rests on, so that it can be made again.
//!
//! The pages are kept once, with their documents, and are handed in; the models
//! are kept once by their digests. All else is here. Decided again with the same
//! models, the disposition has the same bytes.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::before::Before;
use super::disposition::{Disposition, Lane};
use super::register::{CaseRecord, MatchRules};
use super::{Document, Earlier, Input, Piece, Register, decide};
use crate::extract::corrections::{self, Change, Correction};
use crate::extract::findings::Extracted;
use crate::program::Programs;
use crate::receive::received::Context;
use crate::recognize::recognized::Recognized;
use crate::vocab::codes::CodeTable;
use crate::vocab::{DocumentRef, PageNumber, Sha256Digest};

pub use super::before::CaseBefore;

/// The inputs of one decision, but for the pages and the models themselves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Inputs {
    /// By which models.
    pub models: ModelsUsed,
    /// About what.
    pub subject: Subject,
}

/// Digests of the models that a decision hangs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelsUsed {
    /// [`Programs::digest`].
    pub programs: Sha256Digest,
    /// Of the text of the rules by which a document finds its case.
    pub matching: Sha256Digest,
    /// [`CodeTable::digest`].
    pub codes: Sha256Digest,
}

/// A model as it was when it decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelText {
    /// Names it.
    pub digest: Sha256Digest,
    /// All that it is made of.
    pub text: Arc<str>,
}

/// What was decided about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A file that could not be opened, or not be worked on.
    Unopened {
        /// Stable, dotted.
        code: String,
        /// A sentence without patient data.
        message: String,
        /// What a page had shown before stays true.
        #[serde(default)]
        least_lane: Option<Lane>,
    },
    /// Pages that were read.
    Read(Box<Seen>),
}

/// A page that was judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// The document it came in.
    pub document: DocumentRef,
    /// Its number there.
    pub page: PageNumber,
}

/// Pages that were judged together, with all that was known of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Seen {
    /// In the order in which they were judged.
    pub sheets: Vec<Sheet>,
    /// The document that was told the decision, or that whose part was.
    pub told: DocumentRef,
    /// What was found on all of them.
    pub extracted: Extracted,
    /// What was found in the one that was told; none where that is all there is.
    #[serde(default)]
    pub own: Option<Extracted>,
    /// What the pages of each patient say alone.
    #[serde(default)]
    pub pieces: Vec<Piece>,
    /// What people have said of it since, in the order in which they did.
    #[serde(default)]
    pub corrections: Vec<Correction>,
    /// What came beside the pages.
    pub context: Context,
    /// When they were received.
    pub received_at: Timestamp,
    /// The same as a day of the service's own zone.
    pub received_on: Date,
    /// The program that was fixed.
    #[serde(default)]
    pub forced_program: Option<String>,
    /// Cases that were looked up; none where no register was asked.
    #[serde(default)]
    pub cases: Option<Vec<CaseRecord>>,
    /// Documents with the same pages.
    #[serde(default)]
    pub earlier: Vec<Earlier>,
    /// What the pages and those of their case say together.
    #[serde(default)]
    pub with_case: Option<Extracted>,
    /// What was decided before, if this is a correction.
    #[serde(default)]
    pub before: Option<Before>,
}

/// What decides.
#[derive(Clone, Copy, Debug)]
pub struct Models<'a> {
    /// Program models.
    pub programs: &'a Programs,
    /// Issued codes.
    pub codes: &'a CodeTable,
    /// When a document belongs to a case.
    pub rules: &'a MatchRules,
}

impl Inputs {
    /// The pages that are to be handed in, in this order.
    pub fn sheets(&self) -> &[Sheet] {
        match &self.subject {
            Subject::Unopened { .. } => &[],
            Subject::Read(seen) => &seen.sheets,
        }
    }

    /// Decides, about all pages together; `pages` are the sheets, counted from 1.
    pub fn decide(&self, pages: &Recognized, models: Models<'_>) -> Disposition {
        match &self.subject {
            Subject::Unopened { code, message, least_lane } => {
                let input = Input::Unopened { code, message };
                let mut disposition = decide(&input, models.programs, models.codes);
                disposition.lane = least_lane.unwrap_or(disposition.lane).min(disposition.lane);
                disposition
            }
            Subject::Read(seen) => seen.decide(pages, models),
        }
    }
}

impl Seen {
    /// The findings of all pages as they are with the corrections in force.
    pub fn corrected(&self, codes: &CodeTable) -> Extracted {
        corrections::apply(&self.extracted, &self.corrections, codes, self.received_on)
    }

    /// The same of the document that is told.
    pub fn told_findings(&self, codes: &CodeTable) -> Extracted {
        let own = self.own.as_ref().unwrap_or(&self.extracted);
        corrections::apply(own, &self.corrections, codes, self.received_on)
    }

    fn decide(&self, pages: &Recognized, models: Models<'_>) -> Disposition {
        let extracted = self.corrected(models.codes);
        let one_patient = self.corrections.iter().any(|one| one.change == Change::OnePatient);
        let document = Document {
            extracted: &extracted,
            recognized: pages,
            context: &self.context,
            received_at: self.received_at,
            forced_program: self.program(),
            register: self.cases.as_deref().map(|cases| Register { cases, rules: models.rules }),
            pieces: if one_patient { &[] } else { &self.pieces },
            earlier: &self.earlier,
            with_case: self.with_case.as_ref(),
            before: self.before.as_ref(),
        };
        decide(&Input::Read(document), models.programs, models.codes)
    }

    /// What a person has fixed last counts, also that it is to be none.
    fn program(&self) -> Option<&str> {
        let said = self.corrections.iter().rev().find_map(|one| match &one.change {
            Change::Program { id } => Some(id.as_deref()),
            _ => None,
        });
        said.unwrap_or(self.forced_program.as_deref())
    }
}
