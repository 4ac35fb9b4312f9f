//! What people do at the hold queues: they correct what was found, say where a
//! document goes, and close what will not go on.
//!
//! Each is a decision of its own, with its author, and is added to those before.
//! It is committed with the work of delivering it; the service, or the next one
//! that is started, moves the folder. A person works beside the service, on the
//! same database: what changed in between is never overwritten
//! ([`StoreError::Changed`]).

mod close;
mod correct;
mod error;
mod fellows;
mod release;

pub use error::DeskError;
use fellows::Fellows;
use jiff::Timestamp;
use jiff::tz::TimeZone;
pub use release::{CaseChoice, Release};

use super::custody::Safe;
use super::sheaf::Sheaf;
use super::turn::Turn;
use crate::config::Knowledge;
use crate::decide::disposition::{Lane, Queue};
use crate::decide::recorded::Sheet;
use crate::recognize::recognized::Recognized;
use crate::store::{Store, StoreError};
use crate::vocab::{CaseRef, DocumentRef, PageNumber, Phi};

/// The desk of one data directory.
pub struct Desk {
    safe: Safe,
    knowledge: Knowledge,
    zone: TimeZone,
}

/// Who does something, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// The name the person signs with.
    pub by: String,
    /// In the person's words.
    pub note: Option<Phi<String>>,
    /// When.
    pub at: Timestamp,
}

/// What came of it, for one document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Which.
    pub document: DocumentRef,
    /// Where it waits now; nowhere if it was closed.
    pub queue: Option<Queue>,
    /// How soon.
    pub lane: Lane,
    /// The case it lies in.
    pub case: Option<CaseRef>,
}

impl Desk {
    /// On what is kept in a data directory; `zone` is that in which days are meant.
    pub fn new(safe: Safe, knowledge: Knowledge, zone: TimeZone) -> Self {
        Self { safe, knowledge, zone }
    }

    fn store(&self) -> &dyn Store {
        &*self.safe.store
    }

    async fn turn(&self) -> Result<Turn, DeskError> {
        Turn::of(&self.safe.data_dir).await.map_err(DeskError::Turn)
    }

    async fn fellows(&self, document: &DocumentRef) -> Result<Fellows, DeskError> {
        Fellows::of(self.store(), document, &self.zone).await
    }
}

/// The pages that were judged together, and the documents they lie in, in the order
/// in which the sheaf counts them. `None` if some are no longer there.
pub(super) async fn bind(
    store: &dyn Store,
    sheets: &[Sheet],
) -> Result<Option<(Sheaf, Vec<DocumentRef>)>, StoreError> {
    let mut documents: Vec<DocumentRef> = Vec::new();
    for sheet in sheets {
        if !documents.contains(&sheet.document) {
            documents.push(sheet.document.clone());
        }
    }
    let mut bound = Vec::new();
    for document in &documents {
        let Some(record) = store.document(document).await? else { return Ok(None) };
        let pages = store.pages(document).await?;
        let pages = Recognized { pages: pages.into_iter().map(|page| page.page).collect() };
        bound.push((record.received.sha256, pages));
    }
    let all = Sheaf::bound(bound);
    let place = |sheet: &Sheet| {
        let is_it = |leaf: &super::sheaf::Leaf| {
            documents[leaf.document] == sheet.document && leaf.number == sheet.page
        };
        all.leaves().iter().position(is_it).map(PageNumber::from_index)
    };
    let places: Option<Vec<PageNumber>> = sheets.iter().map(place).collect();
    Ok(places.map(|places| (all.only(&places), documents)))
}

#[cfg(test)]
mod tests;
