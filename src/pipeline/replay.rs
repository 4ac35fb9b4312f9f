//! Decides again what was decided: with the models of its time, which are kept by
//! their digests, and with those of today.

use serde_json::{Map, Value};

use super::desk::bind;
use crate::config::{Deciding, Knowledge};
use crate::decide::disposition::Disposition;
use crate::decide::recorded::{Inputs, ModelsUsed, Subject};
use crate::recognize::recognized::Recognized;
use crate::store::{DecisionRecord, Store, StoreError};
use crate::vocab::DocumentRef;

/// A decision beside what it would be.
#[derive(Clone, Debug, PartialEq)]
pub struct Replayed {
    /// As it was made.
    pub decision: DecisionRecord,
    /// What came of it.
    pub outcome: Outcome,
}

/// Whether a decision could be made again, and how it ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// Decided again.
    Again {
        /// With the models of its time; `None` if they were not kept.
        then: Option<Vec<Difference>>,
        /// With today's.
        today: Vec<Difference>,
        /// Whether today's are those of its time.
        same_models: bool,
    },
    /// There is nothing to decide again, and why.
    Not(Why),
}

/// Why a decision is not made again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// A person decided it.
    ByPerson,
    /// It was made before its inputs were kept.
    NotKept,
    /// Its pages were put away with the document's surrender.
    PagesPutAway,
}

impl Why {
    /// For a person.
    pub fn message(self) -> &'static str {
        match self {
            Self::ByPerson => "a person decided it",
            Self::NotKept => "it was made before its inputs were kept",
            Self::PagesPutAway => "its pages were put away when the document was given up",
        }
    }
}

/// A part of a disposition that is another now.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Its key.
    pub field: String,
    /// As it was decided.
    pub was: Value,
    /// As it would be.
    pub is: Value,
}

/// Decides all recorded decisions of a document again, oldest first.
pub async fn replay(
    store: &dyn Store,
    knowledge: &Knowledge,
    document: &DocumentRef,
) -> Result<Vec<Replayed>, StoreError> {
    let mut replayed = Vec::new();
    for decision in store.decisions(document).await? {
        let outcome = match &decision.inputs {
            Some(inputs) => again(store, knowledge, inputs, &decision.disposition).await?,
            None if decision.author == crate::store::MACHINE => Outcome::Not(Why::NotKept),
            None => Outcome::Not(Why::ByPerson),
        };
        replayed.push(Replayed { decision, outcome });
    }
    Ok(replayed)
}

async fn again(
    store: &dyn Store,
    knowledge: &Knowledge,
    inputs: &Inputs,
    recorded: &Disposition,
) -> Result<Outcome, StoreError> {
    let Some((sheaf, documents)) = bind(store, inputs.sheets()).await? else {
        return Ok(Outcome::Not(Why::PagesPutAway));
    };
    let decide = |deciding: &Deciding| match &inputs.subject {
        Subject::Unopened { .. } => inputs.decide(&Recognized::default(), deciding.models()),
        Subject::Read(seen) => {
            let place = documents.iter().position(|one| *one == seen.told).unwrap_or(0);
            sheaf.told_of(&inputs.decide(sheaf.pages(), deciding.models()), place)
        }
    };
    let today = decide(&knowledge.deciding);
    let same_models = knowledge.deciding.used() == inputs.models;
    let then = if same_models {
        Some(today.clone())
    } else {
        kept(store, inputs.models).await?.as_ref().map(decide)
    };
    // That a file has changed is no difference of the decision.
    let today = Disposition {
        program_digest: recorded.program_digest,
        matching_digest: recorded.matching_digest,
        ..today
    };
    Ok(Outcome::Again {
        then: then.map(|then| differences(recorded, &then)),
        today: differences(recorded, &today),
        same_models,
    })
}

/// The models of a decision; `None` if they were not kept, or are no longer what
/// they are named by.
async fn kept(store: &dyn Store, used: ModelsUsed) -> Result<Option<Deciding>, StoreError> {
    let (programs, matching, codes) = (
        store.model(used.programs).await?,
        store.model(used.matching).await?,
        store.model(used.codes).await?,
    );
    let (Some(programs), Some(matching), Some(codes)) = (programs, matching, codes) else {
        return Ok(None);
    };
    let deciding = Deciding::kept(&programs, &matching, &codes).ok();
    Ok(deciding.filter(|deciding| deciding.used() == used))
}

/// Key by key, as they are kept: without a difference the bytes are the same.
fn differences(was: &Disposition, is: &Disposition) -> Vec<Difference> {
    let keys = |disposition: &Disposition| match serde_json::to_value(disposition) {
        Ok(Value::Object(keys)) => keys,
        Ok(_) | Err(_) => Map::new(),
    };
    let (was, is) = (keys(was), keys(is));
    let other = |(field, is): (&String, &Value)| {
        let was = was.get(field).cloned().unwrap_or_default();
        (was != *is).then(|| Difference { field: field.clone(), was, is: is.clone() })
    };
    is.iter().filter_map(other).collect()
}
