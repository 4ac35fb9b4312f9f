//! What a person says of a document, and what the findings are with it.
//!
//! A correction is evidence of its own: it has an author and a time, and what
//! was found on the pages is kept beside it. [`read()`] makes it of what was typed,
//! by the checks that a page has to pass too; [`apply()`] is pure and gives the
//! findings as they stand with it.

mod apply;
mod field;
mod read;
#[cfg(test)]
mod tests;

pub use apply::apply;
pub use field::{DateField, MemberField, ProviderField, ValueField};
use jiff::Timestamp;
pub use read::{NotACorrection, Terms, read};
use serde::{Deserialize, Serialize};

use crate::extract::findings::{
    Item, ItemStatus, PageKind, PendingDischarge, ReferenceKind, Urgency,
};
use crate::vocab::{HcpcsCode, Icd10Code, PageNumber, Phi};

/// One thing that a person says of a document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Correction {
    /// The name the person signs with.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Why, in the person's words.
    pub note: Option<Phi<String>>,
    /// What.
    pub change: Change,
}

/// What is said. Values have passed their checks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum Change {
    /// The document has this value, or none.
    Value {
        /// Of what.
        field: ValueField,
        /// As it stands in the findings; `None` if there is none.
        value: Option<Phi<String>>,
    },
    /// A code is asked for, or it is not.
    Code {
        /// Which.
        code: HcpcsCode,
        /// Whether.
        asked: bool,
    },
    /// A diagnosis stands in the document, or it does not.
    Diagnosis {
        /// Which.
        code: Icd10Code,
        /// Whether.
        stands: bool,
    },
    /// A number ties the document to earlier work, or it does not.
    Reference {
        /// What it refers to.
        kind: ReferenceKind,
        /// As written.
        value: Phi<String>,
        /// Whether.
        stands: bool,
    },
    /// How strongly a discharge waits for it.
    PendingDischarge {
        /// The grade.
        value: PendingDischarge,
    },
    /// Whether urgency is claimed.
    Urgent {
        /// The grade.
        value: Urgency,
    },
    /// Whether an item of the checklist is there.
    Item {
        /// Which.
        item: Item,
        /// Whether it is there.
        status: ItemStatus,
    },
    /// What a page is.
    PageKind {
        /// Which page of the document.
        page: PageNumber,
        /// What it is.
        kind: PageKind,
    },
    /// All pages speak of one patient.
    OnePatient,
    /// The program it is to be judged by; that which fits if `None`.
    Program {
        /// Its id.
        id: Option<String>,
    },
}

impl Change {
    /// What it is about, by the contract's name: no value of the patient.
    pub fn name(&self) -> String {
        match self {
            Self::Value { field, .. } => field.as_str(),
            Self::Code { .. } => "hcpcs".to_owned(),
            Self::Diagnosis { .. } => "icd10".to_owned(),
            Self::Reference { .. } => "references".to_owned(),
            Self::PendingDischarge { .. } => "pending_discharge".to_owned(),
            Self::Urgent { .. } => "urgent".to_owned(),
            Self::Item { item, .. } => format!("checklist.{}", item.as_str()),
            Self::PageKind { page, .. } => format!("page.{}", page.get()),
            Self::OnePatient => "patients".to_owned(),
            Self::Program { .. } => "program".to_owned(),
        }
    }

    /// Whether it takes the place of an earlier one.
    fn replaces(&self, earlier: &Self) -> bool {
        match (self, earlier) {
            (Self::Code { code, .. }, Self::Code { code: other, .. }) => code == other,
            (Self::Diagnosis { code, .. }, Self::Diagnosis { code: other, .. }) => code == other,
            (
                Self::Reference { kind, value, .. },
                Self::Reference { kind: other, value: theirs, .. },
            ) => (kind, value) == (other, theirs),
            (Self::Code { .. } | Self::Diagnosis { .. } | Self::Reference { .. }, _) => false,
            _ => self.name() == earlier.name(),
        }
    }
}

/// Those that hold once more are said: the last word about a thing counts.
pub fn in_force(earlier: &[Correction], more: &[Correction]) -> Vec<Correction> {
    let all = || earlier.iter().chain(more);
    let is_last = |place: usize, one: &Correction| {
        !all().skip(place + 1).any(|later| later.change.replaces(&one.change))
    };
    all().enumerate().filter(|(place, one)| is_last(*place, one)).map(|(_, c)| c.clone()).collect()
}
