//! The proof that a document belongs to a case.

use super::register::{Candidate, Match};
use crate::vocab::CaseRef;

/// A case that the register found by a number and the person, or by two keys of
/// the person and what is asked for. Can only be had by [`Belonging::of`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Belonging<'m> {
    candidate: &'m Candidate,
}

impl<'m> Belonging<'m> {
    pub(super) fn of(matched: &'m Match) -> Option<Self> {
        matched.attached().map(|candidate| Self { candidate })
    }

    pub(super) fn case(&self) -> &CaseRef {
        &self.candidate.case
    }
}
