use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::state::CaseState;
use crate::extract::findings::ReferenceKind;
use crate::vocab::{CaseRef, HcpcsCode, Npi, Phi};

/// What is known of a case. A part that nobody told is `None` or empty.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseRecord {
    /// Ours.
    pub reference: CaseRef,
    /// Id of the program it is judged by.
    pub program: Option<String>,
    /// How far it has come.
    pub state: CaseState,
    /// The patient.
    #[serde(default)]
    pub member: CaseMember,
    /// Who ordered.
    pub ordering: Option<Npi>,
    /// Who supplies.
    pub rendering: Option<Npi>,
    /// What is asked for.
    #[serde(default)]
    pub lines: Vec<CaseLine>,
    /// Hold, case and authorization numbers that mean this case.
    #[serde(default)]
    pub references: Vec<CaseReference>,
    /// Contract names of the items and fields a hold still waits for.
    #[serde(default)]
    pub asked: Vec<String>,
    /// The reference printed on the hold's letter.
    pub hold_reference: Option<Phi<String>>,
    /// When the answer to the hold is due.
    pub hold_due: Option<Timestamp>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
    /// Whether it was taken down in a call: clinicals that come after an
    /// oxygen call belong to it.
    #[serde(default)]
    pub by_phone: bool,
    /// What somebody wrote down about it.
    pub note: Option<Phi<String>>,
}

/// The patient of a case.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseMember {
    /// `Given Family`, or `Family, Given`.
    pub name: Option<Phi<String>>,
    /// Date of birth.
    pub date_of_birth: Option<Phi<Date>>,
    /// Member id, with its person suffix if that is known.
    pub id: Option<Phi<String>>,
}

/// One thing asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseLine {
    /// The code, if one was given.
    pub code: Option<HcpcsCode>,
    /// Family of the code table; empty where the table does not know the code.
    pub family: String,
}

/// A number by which somebody knows the case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseReference {
    /// What it is called where it comes from.
    pub kind: ReferenceKind,
    /// As written.
    pub value: Phi<String>,
}

impl CaseRecord {
    /// An open case of which nothing else is known.
    pub fn new(reference: CaseRef, opened_at: Timestamp) -> Self {
        Self {
            reference,
            program: None,
            state: CaseState::Open,
            member: CaseMember::default(),
            ordering: None,
            rendering: None,
            lines: Vec::new(),
            references: Vec::new(),
            asked: Vec::new(),
            hold_reference: None,
            hold_due: None,
            opened_at,
            decided_at: None,
            by_phone: false,
            note: None,
        }
    }

    /// Families of its lines, as far as they are known.
    pub fn families(&self) -> impl Iterator<Item = &str> {
        self.lines.iter().map(|line| line.family.as_str()).filter(|family| !family.is_empty())
    }

    /// What another system says of this case, with what only we know: the
    /// other's word counts, and where it is silent ours stays.
    pub fn told_by(&self, row: Self) -> Self {
        let mut told = Self { reference: self.reference.clone(), ..row };
        told.program = told.program.or_else(|| self.program.clone());
        let member = self.member.clone();
        told.member.name = told.member.name.or(member.name);
        told.member.date_of_birth = told.member.date_of_birth.or(member.date_of_birth);
        told.member.id = told.member.id.or(member.id);
        told.ordering = told.ordering.or_else(|| self.ordering.clone());
        told.rendering = told.rendering.or_else(|| self.rendering.clone());
        if told.lines.is_empty() {
            told.lines.clone_from(&self.lines);
        }
        told.add_references(self.references.iter().cloned());
        told.hold_reference = told.hold_reference.or_else(|| self.hold_reference.clone());
        told.hold_due = told.hold_due.or(self.hold_due);
        told.by_phone |= self.by_phone;
        told.note = told.note.or_else(|| self.note.clone());
        told
    }

    pub(super) fn add_references(&mut self, more: impl IntoIterator<Item = CaseReference>) {
        for reference in more {
            if !self.references.contains(&reference) {
                self.references.push(reference);
            }
        }
    }
}
