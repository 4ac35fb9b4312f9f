//! Confidences that mean something: what was computed from readings, labels and
//! checks is turned into the share of such values that were right when this
//! was measured (`models/cues/confidence.toml`).
//!
//! A line that never falls: what was surer before is not less sure after.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::findings::{Field, Findings, Role};
use super::sighting::doubtful;
use crate::vocab::{Confidence, Evidence, Note};

/// For each field, pairs of what was given and what that is worth.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    #[serde(default)]
    fields: BTreeMap<String, Vec<(f32, f32)>>,
}

impl Calibration {
    /// What is wrong with it, in words.
    pub fn check(&self) -> Result<(), String> {
        for (field, pairs) in &self.fields {
            let rises = pairs.windows(2).all(|w| w[0].0 < w[1].0 && w[0].1 <= w[1].1);
            let within = pairs.iter().all(|(a, b)| [a, b].iter().all(|v| (0.0..=1.0).contains(*v)));
            if !rises || !within {
                return Err(format!("the pairs of {field} must rise, from 0 to 1"));
            }
        }
        Ok(())
    }

    /// What a confidence is worth in a field.
    fn worth(&self, field: &str, given: Confidence) -> Confidence {
        let Some(pairs) = self.fields.get(field) else { return given };
        let (Some(first), Some(last)) = (pairs.first(), pairs.last()) else { return given };
        let x = given.get();
        if x <= first.0 {
            // Down to nothing, as straight.
            return Confidence::new(if first.0 > 0.0 { first.1 * x / first.0 } else { first.1 });
        }
        let between = pairs.windows(2).find(|w| x <= w[1].0).map(|w| {
            let share = (x - w[0].0) / (w[1].0 - w[0].0);
            w[0].1 + share * (w[1].1 - w[0].1)
        });
        Confidence::new(between.unwrap_or(last.1))
    }

    /// Settles all findings of a document. What is worth too little goes into
    /// the notes.
    pub fn settle(&self, findings: &mut Findings, notes: &mut Vec<Note>) {
        let keep = |field: &str,
                    confidence: &mut Confidence,
                    evidence: &[Evidence],
                    notes: &mut Vec<Note>| {
            *confidence = self.worth(field, *confidence);
            let listed = confidence.is_listed();
            if !listed {
                notes.push(doubtful(field, evidence));
            }
            listed
        };
        findings.hcpcs.retain_mut(|f| keep("hcpcs", &mut f.confidence, &f.evidence, notes));
        findings.npi.retain_mut(|f| keep("npi", &mut f.confidence, &f.evidence, notes));
        findings.tin.retain_mut(|f| keep("tin", &mut f.confidence, &f.evidence, notes));
        findings.icd10.retain_mut(|f| keep("icd10", &mut f.confidence, &f.evidence, notes));
        let mut settle = |name: &str, field: &mut Option<Field>| {
            if let Some(found) = field
                && !keep(name, &mut found.confidence, &found.evidence, notes)
            {
                *field = None;
            }
        };
        let member = &mut findings.member;
        settle("member.name", &mut member.name);
        settle("member.date_of_birth", &mut member.date_of_birth);
        settle("member.id", &mut member.id);
        for provider in &mut findings.providers {
            let whose = match provider.role {
                Role::Ordering => "ordering",
                Role::Rendering => "rendering",
                Role::Facility => "facility",
                Role::Unknown => "unknown",
            };
            settle(&format!("{whose}.name"), &mut provider.name);
            settle(&format!("{whose}.phone"), &mut provider.phone);
            settle(&format!("{whose}.fax"), &mut provider.fax);
            settle(&format!("{whose}.address"), &mut provider.address);
            settle("npi", &mut provider.npi);
            settle("tin", &mut provider.tin);
        }
        let dates = &mut findings.dates;
        settle("dates.service", &mut dates.service);
        settle("dates.order", &mut dates.order);
        settle("dates.visit", &mut dates.visit);
        settle("dates.anticipated_discharge", &mut dates.anticipated_discharge);
        settle("dates.delivered", &mut dates.delivered);
        settle("place_of_service", &mut findings.place_of_service);
        findings.providers.retain(|p| {
            [&p.name, &p.npi, &p.tin, &p.phone, &p.fax, &p.address].iter().any(|f| f.is_some())
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calibration() -> Calibration {
        let pairs = vec![(0.6, 0.5), (0.9, 0.8), (1.0, 0.99)];
        Calibration { fields: BTreeMap::from([("member.name".to_owned(), pairs)]) }
    }

    #[test]
    fn a_confidence_is_worth_what_the_line_says() {
        let worth = |given: f32| calibration().worth("member.name", Confidence::new(given)).get();
        assert!((worth(0.75) - 0.65).abs() < 1e-4);
        assert!((worth(0.3) - 0.25).abs() < 1e-4);
        assert!((worth(1.0) - 0.99).abs() < 1e-4);
        let other = calibration().worth("npi", Confidence::new(0.7)).get();
        assert!((other - 0.7).abs() < 1e-6);
    }

    #[test]
    fn what_was_surer_stays_surer() {
        let worth = |given: f32| calibration().worth("member.name", Confidence::new(given)).get();
        let steps: Vec<f32> = (0..=100).map(|step| worth(step as f32 / 100.0)).collect();
        assert!(steps.windows(2).all(|w| w[0] <= w[1]));
    }

    #[test]
    fn falling_pairs_are_refused() {
        let falling = vec![(0.6, 0.9), (0.9, 0.8)];
        let bad = Calibration { fields: BTreeMap::from([("npi".to_owned(), falling)]) };
        assert!(bad.check().is_err());
        assert!(calibration().check().is_ok());
    }
}
