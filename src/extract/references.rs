//! Numbers that tie a document to earlier work; taken only beside their label.

use regex::Regex;

use super::cues::Cues;
use super::findings::{ReferenceFinding, ReferenceKind};
use super::labels::Label;
use super::paper::Paper;
use crate::vocab::Phi;

/// The patterns of `about.toml`, compiled once.
#[derive(Debug)]
pub struct Patterns(Vec<(ReferenceKind, Label, Vec<Regex>)>);

impl Patterns {
    /// Compiles them.
    ///
    /// # Errors
    ///
    /// The pattern that is none.
    pub fn new(cues: &Cues) -> Result<Self, regex::Error> {
        let compiled = |kind: &ReferenceKind| {
            let patterns = cues.about.reference.get(kind).map(Vec::as_slice).unwrap_or_default();
            patterns.iter().map(|p| Regex::new(p)).collect::<Result<Vec<_>, _>>()
        };
        Ok(Self(vec![
            (ReferenceKind::Hold, Label::Hold, compiled(&ReferenceKind::Hold)?),
            (ReferenceKind::Case, Label::Case, compiled(&ReferenceKind::Case)?),
            (
                ReferenceKind::Authorization,
                Label::Authorization,
                compiled(&ReferenceKind::Authorization)?,
            ),
        ]))
    }

    /// One entry per kind and number, evidence merged.
    pub fn find(&self, paper: &Paper<'_>) -> Vec<ReferenceFinding> {
        let mut found: Vec<ReferenceFinding> = Vec::new();
        for leaf in &paper.leaves {
            for (kind, label, patterns) in &self.0 {
                for field in leaf.form.labelled(*label) {
                    for value in leaf.form.values(field).into_iter().take(2) {
                        let text = value.snippet.text.to_ascii_uppercase();
                        let Some(m) = patterns.iter().find_map(|p| p.find(&text)) else { continue };
                        // A telephone number or a date under "Case:" is none.
                        if super::providers::phone(m.as_str()).is_some() || m.as_str().contains('/')
                        {
                            continue;
                        }
                        let evidence = leaf.form.sheet.evidence(&value.snippet.words(m.range()));
                        let value = m.as_str().to_owned();
                        let same = |r: &&mut ReferenceFinding| {
                            r.kind == *kind && *r.value.expose() == value
                        };
                        match found.iter_mut().find(same) {
                            Some(reference) => reference.evidence.push(evidence),
                            None => found.push(ReferenceFinding {
                                kind: *kind,
                                value: Phi::new(value),
                                evidence: vec![evidence],
                            }),
                        }
                        break;
                    }
                }
            }
        }
        found
    }
}
