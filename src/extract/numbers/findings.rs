//! Numbers of all pages become findings, one for each number and role.

use super::super::findings::{NpiFinding, Role, TinFinding};
use super::super::sighting::{agreeing, doubtful};
use super::{Numbers, Owned};
use crate::vocab::{Evidence, Note};

/// One entry per number and role, in order of first appearance, and notes on
/// what is doubtful or in conflict.
pub fn npi_findings(numbers: &Numbers, notes: &mut Vec<Note>) -> Vec<NpiFinding> {
    let grouped = grouped(&numbers.npi);
    conflicts("npi", &grouped, notes);
    let listed = listed("npi", grouped, notes).into_iter();
    listed
        .map(|(owned, evidence)| NpiFinding {
            value: owned.value,
            role: owned.role,
            confidence: owned.seen.confidence,
            raw: owned.seen.raw.into(),
            repaired: owned.seen.repaired,
            evidence,
            directory: None,
        })
        .collect()
}

/// As [`npi_findings`].
pub fn tin_findings(numbers: &Numbers, notes: &mut Vec<Note>) -> Vec<TinFinding> {
    let grouped = grouped(&numbers.tin);
    conflicts("tin", &grouped, notes);
    let listed = listed("tin", grouped, notes).into_iter();
    listed
        .map(|(owned, evidence)| TinFinding {
            value: owned.value,
            role: owned.role,
            confidence: owned.seen.confidence,
            raw: owned.seen.raw.into(),
            repaired: owned.seen.repaired,
            evidence,
        })
        .collect()
}

type Grouped<T> = Vec<(Owned<T>, Vec<Evidence>)>;

/// Merges by number and role. A sighting without a role joins the number's
/// only role, if it has one: the cover repeats what the form says.
fn grouped<T: Clone + PartialEq>(seen: &[Owned<T>]) -> Grouped<T> {
    let mut groups: Grouped<T> = Vec::new();
    let role_of = |owned: &Owned<T>| {
        if owned.role != Role::Unknown {
            return owned.role;
        }
        let mut roles: Vec<Role> = seen
            .iter()
            .filter(|o| o.value == owned.value && o.role != Role::Unknown)
            .map(|o| o.role)
            .collect();
        roles.dedup();
        if let [role] = roles.as_slice() { *role } else { Role::Unknown }
    };
    for owned in seen {
        let role = role_of(owned);
        let group = groups.iter_mut().find(|(g, _)| g.value == owned.value && g.role == role);
        match group {
            Some((group, evidence)) => {
                if evidence.contains(&owned.seen.evidence) {
                    continue;
                }
                if owned.seen.confidence > group.seen.confidence {
                    group.seen.raw.clone_from(&owned.seen.raw);
                    group.seen.repaired = owned.seen.repaired;
                }
                group.seen.confidence = agreeing(group.seen.confidence, owned.seen.confidence);
                evidence.push(owned.seen.evidence.clone());
            }
            None => {
                groups.push((Owned { role, ..owned.clone() }, vec![owned.seen.evidence.clone()]))
            }
        }
    }
    groups
}

fn listed<T>(kind: &str, groups: Grouped<T>, notes: &mut Vec<Note>) -> Grouped<T> {
    groups
        .into_iter()
        .filter(|(owned, evidence)| {
            let listed = owned.seen.confidence.is_listed();
            if !listed {
                notes.push(doubtful(kind, evidence));
            }
            listed
        })
        .collect()
}

/// Two numbers in one role: the check digit cannot tell 0↔9 swaps apart, so
/// a person looks.
fn conflicts<T: PartialEq>(kind: &str, groups: &Grouped<T>, notes: &mut Vec<Note>) {
    for role in [Role::Ordering, Role::Rendering, Role::Facility] {
        let rivals: Vec<_> = groups
            .iter()
            .filter(|(o, _)| o.role == role && o.seen.confidence.is_listed())
            .collect();
        if let [_, (_, evidence), ..] = rivals.as_slice() {
            notes.push(Note {
                code: format!("{kind}.conflict"),
                page: evidence.first().and_then(|e| e.page),
                message: format!("{} different numbers stand for one role", rivals.len()),
            });
        }
    }
}
