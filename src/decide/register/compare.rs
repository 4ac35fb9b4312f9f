//! One document beside one case: which keys agree, which conflict.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::name::PersonName;
use super::record::CaseRecord;
use super::rules::MatchRules;
use super::{member_id, name};
use crate::extract::findings::{Field, Findings, NpiFinding, Role, date_of};
use crate::vocab::Npi;

/// A document that looks for its case.
#[derive(Clone, Copy, Debug)]
pub struct Sought<'a> {
    /// What was found in it. Values that are too doubtful to be listed are no
    /// keys.
    pub findings: &'a Findings,
    /// The program it belongs to, if that can be told.
    pub program: Option<&'a str>,
    /// Families of the codes it asks for, or of what its words ask for.
    pub families: &'a [String],
    /// When it was received.
    pub received_at: Timestamp,
}

/// What can agree or conflict, by the names of the contract's fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Key {
    /// A reference that means the case.
    #[serde(rename = "references")]
    Reference,
    /// Member id.
    #[serde(rename = "member.id")]
    MemberId,
    /// Date of birth.
    #[serde(rename = "member.date_of_birth")]
    DateOfBirth,
    /// Name.
    #[serde(rename = "member.name")]
    Name,
    /// NPI of who orders or supplies.
    #[serde(rename = "npi")]
    Provider,
    /// Program.
    #[serde(rename = "program")]
    Program,
    /// Family of what is asked for.
    #[serde(rename = "hcpcs")]
    Family,
}

impl Key {
    /// The contract's name for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reference => "references",
            Self::MemberId => "member.id",
            Self::DateOfBirth => "member.date_of_birth",
            Self::Name => "member.name",
            Self::Provider => "npi",
            Self::Program => "program",
            Self::Family => "hcpcs",
        }
    }
}

/// How a key of the document stands to that of the case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Agreement {
    /// The same.
    Fully,
    /// The same as far as it goes: a suffix left out, a letter misread.
    Weakly,
    /// One of the two is not there.
    Unknown,
    /// Somebody or something else.
    Conflicts,
}

/// How a document stands to a case. Names fields, never values.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// Keys that are the same.
    pub agree: Vec<Key>,
    /// Keys that are the same as far as they go.
    pub agree_weakly: Vec<Key>,
    /// Keys that say otherwise.
    pub conflict: Vec<Key>,
    /// Those of them that may be the case's, misread.
    #[serde(skip)]
    perhaps_misread: Vec<Key>,
}

/// Keys that tell a person.
const OF_PERSON: [Key; 3] = [Key::MemberId, Key::DateOfBirth, Key::Name];

impl Comparison {
    /// Two independent keys agree that it is the same person, at most one of
    /// them weakly, and none says otherwise: id and date of birth, id and
    /// name, or name, date of birth and a provider.
    pub fn is_same_person(&self) -> bool {
        let together = |keys: &[Key]| {
            keys.iter().all(|key| self.agrees(*key))
                && keys.iter().filter(|key| self.agree_weakly.contains(key)).count() <= 1
        };
        !self.conflicts_on_person()
            && (together(&[Key::MemberId, Key::DateOfBirth])
                || together(&[Key::MemberId, Key::Name])
                || together(&[Key::Name, Key::DateOfBirth, Key::Provider]))
    }

    /// Whether something says that it is somebody else.
    pub fn conflicts_on_person(&self) -> bool {
        OF_PERSON.iter().any(|key| self.conflict.contains(key))
    }

    /// Whether something says that it is the same person, and nothing that it
    /// is not: enough beside a reference, and never without one.
    pub fn is_person_of_reference(&self) -> bool {
        !self.conflicts_on_person() && OF_PERSON.iter().any(|key| self.agrees(*key))
    }

    /// Too much to be a coincidence, and not enough to act on: two keys of a
    /// person, whatever else conflicts, or a whole id that nothing speaks
    /// against.
    pub(super) fn is_perhaps_same_person(&self) -> bool {
        let agreeing = OF_PERSON.iter().filter(|key| self.agrees(**key)).count();
        agreeing >= 2 || self.agree.contains(&Key::MemberId) && !self.conflicts_on_person()
    }

    /// Somebody of that day of birth asks for the same, the id and the name are
    /// nearly these, and where there is no name the doctor or the supplier is
    /// the same.
    pub(super) fn is_perhaps_same_request(&self) -> bool {
        let otherwise = |key: &Key| self.conflict.contains(key);
        let is_misread = |key: &Key| !otherwise(key) || self.perhaps_misread.contains(key);
        self.is_same_request()
            && self.agree.contains(&Key::DateOfBirth)
            && is_misread(&Key::MemberId)
            && is_misread(&Key::Name)
            && (otherwise(&Key::Name) || self.agrees(Key::Provider))
    }

    /// A program and a family of things asked for that are the case's.
    pub(super) fn is_same_request(&self) -> bool {
        [Key::Program, Key::Family].iter().all(|key| self.agree.contains(key))
    }

    /// How much agrees: two for each key that does, one for each that does as
    /// far as it goes. Only for putting cases in order.
    pub fn score(&self) -> u32 {
        let count = |keys: &[Key]| u32::try_from(keys.len()).unwrap_or(u32::MAX);
        count(&self.agree).saturating_mul(2).saturating_add(count(&self.agree_weakly))
    }

    fn agrees(&self, key: Key) -> bool {
        self.agree.contains(&key) || self.agree_weakly.contains(&key)
    }

    pub(super) fn add(&mut self, key: Key, agreement: Agreement) {
        match agreement {
            Agreement::Fully => self.agree.push(key),
            Agreement::Weakly => self.agree_weakly.push(key),
            Agreement::Unknown => {}
            Agreement::Conflicts => self.conflict.push(key),
        }
    }
}

/// Compares a document with a case, key by key.
pub fn compare(sought: &Sought, case: &CaseRecord, rules: &MatchRules) -> Comparison {
    let member = &sought.findings.member;
    let ids = text(&member.id).zip(case.member.id.as_ref().map(|id| id.expose().as_str()));
    let id = ids.map_or(Agreement::Unknown, |(a, b)| member_id::agree(a, b, rules));
    let theirs = case.member.name.as_ref().and_then(|name| PersonName::of(name.expose()));
    let names = text(&member.name).and_then(PersonName::of).zip(theirs);
    let name = names.as_ref().map_or(Agreement::Unknown, |(a, b)| name::agree(a, b, rules));
    let birth = birth(sought, case, id, name);
    let id_near = ids.is_some_and(|(a, b)| member_id::may_be_misread(a, b, rules));
    let name_near = names.is_some_and(|(a, b)| name::may_be_misread(&a, &b));
    let mut comparison = Comparison::default();
    comparison.add(Key::MemberId, misread(id, id_near, [name, birth]));
    comparison.add(Key::DateOfBirth, birth);
    // Twins may share an id whose shape nobody knows, and all but a letter of their names.
    let told = ids.is_some_and(|(id, _)| member_id::tells_the_person(id, rules));
    comparison.add(Key::Name, misread(name, name_near && told, [id, birth]));
    comparison.add(Key::Provider, provider(&sought.findings.npi, case));
    comparison.add(Key::Program, program(sought, case));
    comparison.add(Key::Family, family(sought, case));
    let perhaps = [(Key::MemberId, id_near), (Key::Name, name_near)];
    comparison.perhaps_misread =
        perhaps.iter().filter(|(_, near)| *near).map(|one| one.0).collect();
    comparison
}

/// A key that is nearly the case's says nobody else where the other two are the case's
/// to the letter.
fn misread(key: Agreement, near: bool, others: [Agreement; 2]) -> Agreement {
    let certain = others == [Agreement::Fully; 2];
    if key == Agreement::Conflicts && near && certain { Agreement::Weakly } else { key }
}

/// Dates are the same or not; but one digit that was misread makes no new
/// member of somebody whose id and name are the case's.
fn birth(sought: &Sought, case: &CaseRecord, id: Agreement, name: Agreement) -> Agreement {
    let ours = date_of(believed(&sought.findings.member.date_of_birth));
    let theirs = case.member.date_of_birth.as_ref().map(|date| *date.expose());
    let Some((ours, theirs)) = ours.zip(theirs) else { return Agreement::Unknown };
    let digits_apart = || strsim::hamming(&ours.to_string(), &theirs.to_string()).ok();
    if ours == theirs {
        Agreement::Fully
    } else if (id, name) == (Agreement::Fully, Agreement::Fully) && digits_apart() == Some(1) {
        Agreement::Weakly
    } else {
        Agreement::Conflicts
    }
}

/// People have several doctors and suppliers, so another one says nothing.
fn provider(found: &[NpiFinding], case: &CaseRecord) -> Agreement {
    let listed = || found.iter().filter(|npi| npi.confidence.is_listed());
    let in_role = |role: Role, npi: &Option<Npi>| {
        listed().any(|found| found.role == role && Some(&found.value) == npi.as_ref())
    };
    let in_any = |npi: &Option<Npi>| listed().any(|found| Some(&found.value) == npi.as_ref());
    if in_role(Role::Ordering, &case.ordering) || in_role(Role::Rendering, &case.rendering) {
        Agreement::Fully
    } else if in_any(&case.ordering) || in_any(&case.rendering) {
        Agreement::Weakly
    } else {
        Agreement::Unknown
    }
}

fn program(sought: &Sought, case: &CaseRecord) -> Agreement {
    match sought.program.zip(case.program.as_deref()) {
        None => Agreement::Unknown,
        Some((ours, theirs)) if ours == theirs => Agreement::Fully,
        Some(_) => Agreement::Conflicts,
    }
}

fn family(sought: &Sought, case: &CaseRecord) -> Agreement {
    let ours = || sought.families.iter().filter(|family| !family.is_empty());
    if ours().next().is_none() || case.families().next().is_none() {
        return Agreement::Unknown;
    }
    let overlap = case.families().any(|theirs| ours().any(|ours| ours == theirs));
    if overlap { Agreement::Fully } else { Agreement::Conflicts }
}

/// Whether a decision is recent enough for a document to follow it; `None`
/// where nobody told when it was made.
pub(super) fn is_recent(sought: &Sought, case: &CaseRecord, rules: &MatchRules) -> Option<bool> {
    let ago = sought.received_at.duration_since(case.decided_at?);
    Some(ago <= SignedDuration::from_hours(i64::from(rules.decided_days) * 24))
}

/// A value confident enough to count as found.
pub(super) fn believed(field: &Option<Field>) -> Option<&Field> {
    field.as_ref().filter(|field| field.confidence.is_listed())
}

fn text(field: &Option<Field>) -> Option<&str> {
    believed(field).map(|field| field.value.expose().as_str())
}
