//! One place where a value was seen, and how several become one finding.

use super::findings::Field;
use super::layout::masked;
use crate::vocab::{Confidence, Evidence, Note, Phi};

/// A value seen in one place.
#[derive(Clone, Debug)]
pub struct Sighting {
    /// Normalised.
    pub value: String,
    /// As read.
    pub raw: String,
    /// How sure of this one place.
    pub confidence: Confidence,
    /// Whether look-alikes were replaced.
    pub repaired: bool,
    /// The words.
    pub evidence: Evidence,
}

/// How much one replaced look-alike takes from a value.
const REPAIR_COST: f32 = 0.9;

/// The chance that a value is right, given how well it was read and how
/// likely a misreading would have passed its check: Bayes, with the reading's
/// confidence as what was believed before. A check digit lets one misreading
/// in ten through, a table of issued codes about one in three, a calendar
/// every other one.
pub fn checked(read: Confidence, passes_by_chance: f32) -> Confidence {
    let right = read.get();
    let wrong = (1.0 - right) * passes_by_chance;
    Confidence::new(if right > 0.0 { right / (right + wrong) } else { 0.0 })
}

/// What is left after some look-alikes were replaced.
pub fn after_repairs(confidence: Confidence, count: usize) -> Confidence {
    let count = i32::try_from(count).unwrap_or(i32::MAX);
    Confidence::new(confidence.get() * REPAIR_COST.powi(count))
}

/// Two places that say the same: at least one is right.
pub fn agreeing(a: Confidence, b: Confidence) -> Confidence {
    Confidence::new(1.0 - (1.0 - a.get()) * (1.0 - b.get()))
}

/// One field per value, in order of first appearance. Evidence of all places
/// is kept; what is shown as read is the best reading.
pub fn merged(sightings: Vec<Sighting>) -> Vec<Field> {
    let mut fields: Vec<(Confidence, Field)> = Vec::new();
    for seen in sightings {
        match fields.iter_mut().find(|(_, f)| *f.value.expose() == seen.value) {
            Some((best, field)) => {
                if seen.confidence > *best {
                    *best = seen.confidence;
                    field.raw = Phi::new(masked(&seen.raw));
                    field.repaired = seen.repaired;
                }
                if field.evidence.contains(&seen.evidence) {
                    // Two rules saw one place: it is as sure as the surer says.
                    field.confidence = field.confidence.max(seen.confidence);
                } else {
                    field.confidence = agreeing(field.confidence, seen.confidence);
                    field.evidence.push(seen.evidence);
                }
            }
            None => fields.push((seen.confidence, seen.into_field())),
        }
    }
    fields.into_iter().map(|(_, field)| field).collect()
}

/// The value most believed, if it is believed enough; what else was seen goes
/// into the notes. `kind` names the field, as in `member.id`.
pub fn settled(kind: &str, sightings: Vec<Sighting>, notes: &mut Vec<Note>) -> Option<Field> {
    let mut fields = merged(sightings);
    // Stable: of equals the first seen stays first.
    fields.sort_by(|a, b| b.confidence.get().total_cmp(&a.confidence.get()));
    let rivals = fields.iter().filter(|f| f.confidence.is_listed()).count();
    if rivals > 1 {
        let page = fields[1].evidence.first().and_then(|e| e.page);
        notes.push(Note {
            code: format!("{kind}.conflict"),
            page,
            message: format!("the pages give {rivals} different values for {kind}"),
        });
    }
    let best = fields.into_iter().next()?;
    if best.confidence.is_listed() {
        return Some(best);
    }
    notes.push(doubtful(kind, &best.evidence));
    None
}

/// A note that something was seen and is not believed. Never the value.
pub fn doubtful(kind: &str, evidence: &[Evidence]) -> Note {
    Note {
        code: format!("{kind}.doubtful"),
        page: evidence.first().and_then(|e| e.page),
        message: format!("something that may be {kind} could not be read well enough"),
    }
}

impl Sighting {
    /// As a finding of its own.
    pub fn into_field(self) -> Field {
        Field {
            value: Phi::new(self.value),
            raw: Phi::new(masked(&self.raw)),
            confidence: self.confidence,
            repaired: self.repaired,
            evidence: vec![self.evidence],
        }
    }
}
