//! Member ids are compared by what a family shares and what tells the person.

use super::compare::Agreement;
use super::rules::{MatchRules, MemberIdShape};

/// Capital letters and digits only: blanks and hyphens are a matter of taste.
pub(super) fn compact(id: &str) -> String {
    id.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

/// An id taken apart.
struct Parts<'i> {
    /// Which of the shapes fits, if one does.
    shape: Option<usize>,
    base: &'i str,
    person: Option<&'i str>,
    /// Whether there ought to be a person.
    tells_person_apart: bool,
}

fn parts<'i>(id: &'i str, rules: &MatchRules) -> Parts<'i> {
    let fitting = |(at, shape): (usize, &MemberIdShape)| {
        let (base, person) = id.split_at_checked(shape.base.len())?;
        let whole = fits(&shape.base, base) && (person.is_empty() || fits(&shape.person, person));
        whole.then_some(Parts {
            shape: Some(at),
            base,
            person: Some(person).filter(|person| !person.is_empty()),
            tells_person_apart: !shape.person.is_empty(),
        })
    };
    rules.member_id.iter().enumerate().find_map(fitting).unwrap_or(Parts {
        shape: None,
        base: id,
        person: None,
        tells_person_apart: false,
    })
}

fn fits(shape: &str, text: &str) -> bool {
    shape.len() == text.len()
        && shape.chars().zip(text.chars()).all(|(class, c)| match class {
            'd' => c.is_ascii_digit(),
            'a' => c.is_ascii_uppercase(),
            'n' => c.is_ascii_digit() || c.is_ascii_uppercase(),
            itself => c == itself,
        })
}

/// Two suffixes that differ are two persons. Where one is left out the ids
/// agree as far as they go, which is the family. Ids of two shapes are two
/// cards and say nothing about each other.
pub(super) fn agree(ours: &str, theirs: &str, rules: &MatchRules) -> Agreement {
    let (ours, theirs) = (compact(ours), compact(theirs));
    if ours.is_empty() || theirs.is_empty() {
        return Agreement::Unknown;
    }
    let (ours, theirs) = (parts(&ours, rules), parts(&theirs, rules));
    if ours.shape != theirs.shape {
        return Agreement::Unknown;
    }
    match (ours.base == theirs.base, ours.person, theirs.person) {
        (false, _, _) => Agreement::Conflicts,
        (true, Some(ours), Some(theirs)) if ours != theirs => Agreement::Conflicts,
        (true, Some(_), Some(_)) => Agreement::Fully,
        (true, _, _) if ours.tells_person_apart => Agreement::Weakly,
        (true, _, _) => Agreement::Fully,
    }
}

/// Whether a bad line may have made one of the other: a character of what a family
/// shares differs. Of the digits that tell a person each means somebody else.
pub(super) fn may_be_misread(ours: &str, theirs: &str, rules: &MatchRules) -> bool {
    let (ours, theirs) = (compact(ours), compact(theirs));
    let persons = [&ours, &theirs].map(|id| parts(id, rules).person);
    let one_person = persons[0].zip(persons[1]).is_none_or(|(ours, theirs)| ours == theirs);
    one_person && strsim::levenshtein(&ours, &theirs) <= 1
}

/// Whether an id of which nothing is left out tells the person: of an unknown shape it
/// may be a whole family's.
pub(super) fn tells_the_person(id: &str, rules: &MatchRules) -> bool {
    parts(&compact(id), rules).shape.is_some()
}
