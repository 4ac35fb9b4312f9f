//! By what a register finds the cases that may be meant, without reading all
//! of them.

use super::compare::believed;
use super::member_id::compact;
use super::name::PersonName;
use super::record::CaseRecord;
use crate::extract::findings::{Findings, ReferenceFinding, date_of};
use crate::vocab::Phi;

/// What a key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyKind {
    /// A reference, our own included.
    Reference,
    /// A whole member id.
    MemberId,
    /// A member id without its last two digits, which may tell the person.
    MemberIdBase,
    /// Date of birth and a word of the family name.
    BirthAndFamily,
    /// Date of birth: the family name may be misread.
    Birth,
}

impl KeyKind {
    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reference => "reference",
            Self::MemberId => "member_id",
            Self::MemberIdBase => "member_id_base",
            Self::BirthAndFamily => "birth_and_family",
            Self::Birth => "birth",
        }
    }
}

/// A key and its folded value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CaseKey {
    /// What it is.
    pub kind: KeyKind,
    /// As it is compared.
    pub value: Phi<String>,
}

/// The keys of a case, or those a document is looked up by; the most telling
/// first, none twice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseKeys(Vec<CaseKey>);

/// An id shorter than this is not taken apart: what is left would be anybody's.
const SHORTEST_BASE: usize = 7;
/// Digits that may tell the person in a family.
const PERSON_DIGITS: usize = 2;

impl CaseKeys {
    /// By what a case is to be found.
    pub fn of_case(case: &CaseRecord) -> Self {
        let mut keys = Self::default();
        let hold = case.hold_reference.iter().map(|value| value.expose().as_str());
        let others = case.references.iter().map(|reference| reference.value.expose().as_str());
        for reference in [case.reference.as_str()].into_iter().chain(hold).chain(others) {
            keys.add(KeyKind::Reference, plain_reference(reference));
        }
        if let Some(id) = &case.member.id {
            let id = compact(id.expose());
            if let Some(base) = base(&id) {
                keys.add(KeyKind::MemberIdBase, base.to_owned());
            }
            keys.add(KeyKind::MemberId, id);
        }
        let birth = case.member.date_of_birth.as_ref().map(|date| *date.expose());
        keys.add_birth(birth, case.member.name.as_ref().map(|name| name.expose().as_str()));
        keys
    }

    /// By what the cases of a document are to be looked for. A suffix may be
    /// left out here or there, so an id also looks for its base, and for ids
    /// of which it is the base; other persons of a family are not looked for.
    pub fn of_document(findings: &Findings) -> Self {
        let mut keys = Self::default();
        for reference in references_of(findings) {
            keys.add(KeyKind::Reference, reference);
        }
        if let Some(id) = believed(&findings.member.id) {
            let id = compact(id.value.expose());
            keys.add(KeyKind::MemberId, id.clone());
            if let Some(base) = base(&id) {
                keys.add(KeyKind::MemberId, base.to_owned());
            }
            keys.add(KeyKind::MemberIdBase, id);
        }
        let birth = date_of(believed(&findings.member.date_of_birth));
        let name = believed(&findings.member.name).map(|name| name.value.expose().as_str());
        keys.add_birth(birth, name);
        keys
    }

    /// To look for a number that a person has typed.
    pub fn of_reference(reference: &str) -> Self {
        let mut keys = Self::default();
        keys.add(KeyKind::Reference, plain_reference(reference));
        keys
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = &CaseKey> {
        self.0.iter()
    }

    fn add_birth(&mut self, birth: Option<jiff::civil::Date>, name: Option<&str>) {
        let Some(birth) = birth else { return };
        for word in name.and_then(PersonName::of).iter().flat_map(PersonName::family) {
            self.add(KeyKind::BirthAndFamily, format!("{birth} {word}"));
        }
        self.add(KeyKind::Birth, birth.to_string());
    }

    fn add(&mut self, kind: KeyKind, value: String) {
        let key = CaseKey { kind, value: Phi::new(value) };
        if !key.value.expose().is_empty() && !self.0.contains(&key) {
            self.0.push(key);
        }
    }
}

fn base(id: &str) -> Option<&str> {
    let (base, person) = id.split_at_checked(id.len().checked_sub(PERSON_DIGITS)?)?;
    let taken_apart =
        base.len() >= SHORTEST_BASE && person.bytes().all(|byte| byte.is_ascii_digit());
    taken_apart.then_some(base)
}

/// A reference as it is compared: whatever it is called, in capitals, without
/// hyphens and blanks. Whether a number is a case's or an authorization's is
/// often confused on paper; that the member must agree makes up for it.
pub(super) fn plain_reference(reference: &str) -> String {
    compact(reference)
}

/// The references of a document that were read well enough.
pub(super) fn references_of(findings: &Findings) -> impl Iterator<Item = String> {
    let listed = |found: &&ReferenceFinding| {
        found.evidence.iter().any(|evidence| evidence.confidence.is_listed())
    };
    findings.references.iter().filter(listed).map(|found| plain_reference(found.value.expose()))
}
