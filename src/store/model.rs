//! What goes into the store and comes out of it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::desk::Closing;
use crate::assemble::ModelDigests;
use crate::decide::disposition::{Disposition, Lane};
use crate::decide::recorded::Inputs;
use crate::decide::register::{CaseRecord, CaseState};
use crate::decode::pages::Inventory;
use crate::deliver::Notice;
use crate::extract::corrections::Correction;
use crate::extract::findings::Extracted;
use crate::receive::received::Received;
use crate::recognize::recognized::RecognizedPage;
use crate::vocab::{CaseRef, DocumentRef, HoldRef, PageNumber, Phi, Sha256Digest};

/// All files of one upload or call, whose bytes are in the blob store.
#[derive(Clone, Debug)]
pub struct Admission {
    /// At least one, all of the same submission.
    pub documents: Vec<Received>,
    /// The file they came as, where a folder was the source: it stays there
    /// until this is committed, and may be seen again after a crash.
    pub arrival: Option<Arrival>,
}

/// A file lying in a source folder, told apart from a later one of the same
/// name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// The source's id.
    pub source: String,
    /// Path, size, modification time and inode.
    pub identity: Phi<String>,
    /// Of its bytes.
    pub sha256: Sha256Digest,
}

/// Whether an admission was new.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Admitted {
    /// Committed now.
    New,
    /// The arrival was committed before, as this document.
    Before(DocumentRef),
}

/// How far a document has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Durable, not opened yet.
    Received,
    /// Its first page is being read.
    Triage,
    /// Its other pages are being read.
    Reading,
    /// All pages are read.
    Deciding,
    /// Decided, not in its folder yet.
    Delivering,
    /// In its folder.
    Routed,
}

impl Stage {
    /// As stored, and as `intake status` names it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Triage => "triage",
            Self::Reading => "reading",
            Self::Deciding => "deciding",
            Self::Delivering => "delivering",
            Self::Routed => "routed",
        }
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        [
            Self::Received,
            Self::Triage,
            Self::Reading,
            Self::Deciding,
            Self::Delivering,
            Self::Routed,
        ]
        .into_iter()
        .find(|stage| stage.as_str() == text)
    }
}

/// A thing to be done for a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Job {
    /// Find out what it is and how many pages it has.
    Open,
    /// Read this page. The first one is triage.
    Read(PageNumber),
    /// Find and decide.
    Decide,
    /// Assemble the packet and put it into its folder.
    Deliver,
}

/// Leased work. Whoever holds the claim may finish it, until its lease is
/// lost to another.
#[derive(Clone, Debug)]
pub struct Claim {
    pub(super) id: i64,
    pub(super) fence: i64,
    /// What to do.
    pub job: Job,
    /// For which document.
    pub document: DocumentRef,
    /// How often it was tried before.
    pub attempts: u32,
}

/// A page as read, with what read it.
#[derive(Clone, Debug, PartialEq)]
pub struct PageRecord {
    /// The reading.
    pub page: RecognizedPage,
    /// Digest of the recognition models.
    pub models: Sha256Digest,
    /// How it was read: program, settings, models. `None` where that is not
    /// known; such a reading is not used again.
    pub way: Option<Sha256Digest>,
    /// What it cost.
    pub took: PageTiming,
}

/// Milliseconds spent on a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageTiming {
    /// Bytes to pixels.
    pub decode_ms: u64,
    /// Pixels to words.
    pub recognize_ms: u64,
}

/// What one page showed on its own, before the rest is read.
#[derive(Clone, Debug)]
pub struct Triaged {
    /// How soon the rest is to be read; never lowers what an earlier page
    /// raised.
    pub lane: Lane,
    /// The announcement, where the lane asks for one. Told once a document.
    pub announce: Option<Notice>,
}

/// A decided document, with all that the decision rests on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// What was found; nothing where the file could not be opened.
    pub extracted: Extracted,
    /// Where it goes and why.
    pub disposition: Disposition,
    /// The case it belongs to, new or known.
    pub case: Option<CaseRef>,
    /// What the letter of its hold is to be known by, if it is held.
    #[serde(default)]
    pub hold: Option<HoldRef>,
    /// Mail that goes out once it lies there.
    pub notices: Vec<Notice>,
    /// Digests of code tables and of recognition models.
    pub models: ModelDigests,
    /// What people have said of it, as far as it is in force.
    #[serde(default)]
    pub corrections: Vec<Correction>,
    /// If a person has closed it: then it waits nowhere.
    #[serde(default)]
    pub closed: Option<Closing>,
    /// Milliseconds spent finding.
    pub extract_ms: u64,
    /// Milliseconds spent deciding.
    pub decide_ms: u64,
}

/// Which pages of which document a part of it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartOf {
    /// The document that came.
    pub document: DocumentRef,
    /// Its pages that are this part's, in order.
    pub pages: Vec<PageNumber>,
    /// How many pages it has.
    pub of: u32,
}

/// A part that a decision makes of a document.
#[derive(Clone, Debug, PartialEq)]
pub struct NewPart {
    /// Which pages.
    pub of: PartOf,
    /// As read, counted from 1.
    pub pages: Vec<PageRecord>,
}

/// What is decided about one of the documents that are decided together.
#[derive(Clone, Debug, PartialEq)]
pub struct Decided {
    /// Which; a new reference if it is a part.
    pub document: DocumentRef,
    /// Where it is a part of one of the others.
    pub part: Option<NewPart>,
    /// What the decision rests on.
    pub inputs: Inputs,
    /// What, and why.
    pub outcome: Outcome,
    /// The case it opens, as all that is decided together tells it.
    pub opens: Option<CaseRecord>,
}

/// A document's row.
#[derive(Clone, Debug)]
pub struct DocumentRecord {
    /// As received.
    pub received: Received,
    /// Where it is some of the pages of another.
    pub part_of: Option<PartOf>,
    /// How far it has come.
    pub stage: Stage,
    /// How soon.
    pub lane: Lane,
    /// Once opened.
    pub inventory: Option<Inventory>,
    /// When its flag was seen.
    pub flagged_at: Option<Timestamp>,
    /// Once decided.
    pub outcome: Option<Outcome>,
    /// Its folder under the data directory, once delivered.
    pub path: Option<String>,
    /// When it was delivered.
    pub routed_at: Option<Timestamp>,
}

/// Leased mail.
#[derive(Clone, Debug)]
pub struct MailClaim {
    pub(super) id: i64,
    pub(super) fence: i64,
    /// About which document.
    pub document: DocumentRef,
    /// What to say; the Message-ID is derived from its event.
    pub notice: Notice,
    /// How often it was tried before.
    pub attempts: u32,
}

/// A row of what the case system exports.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportedCase {
    /// The case system's own number, by which the same case is known again.
    pub number: Phi<String>,
    /// What it says. Its reference is for a case that is not known yet; a
    /// known one keeps its own.
    pub record: CaseRecord,
    /// Whether the reference is no new one but what the row says: the case
    /// system knows which of our cases it is.
    pub is_linked: bool,
}

/// What an import did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CasesImported {
    /// Cases that were not known.
    pub opened: u64,
    /// Cases of which the row says something new.
    pub changed: u64,
    /// Rows that say what they said before.
    pub unchanged: u64,
}

/// Which cases are wanted; all of them by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseFilter {
    /// In one of these states; in any if empty.
    pub states: Vec<CaseState>,
    /// Under this program.
    pub program: Option<String>,
}

/// What `intake status` counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatusCounts {
    /// Documents by stage; delivered ones left out.
    pub stages: BTreeMap<&'static str, u64>,
    /// Documents waiting in each queue.
    pub queues: BTreeMap<String, QueueDepth>,
    /// Cases that wait for a decision.
    pub cases_open: u64,
    /// Mail not accepted yet.
    pub mail_waiting: u64,
    /// Mail given up.
    pub mail_failed: u64,
    /// Pages under lease: being read now.
    pub reading_now: u64,
}

/// How full a queue is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueDepth {
    /// Documents in it.
    pub count: u64,
    /// Seconds since the longest waiting of them was received.
    pub oldest_seconds: u64,
}
