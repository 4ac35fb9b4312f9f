//! Numbers that tie a document to earlier work; taken only beside their label,
//! or where a barcode of ours says nothing else.

use regex::Regex;

use super::cues::Cues;
use super::findings::{ReferenceFinding, ReferenceKind};
use super::labels::Label;
use super::paper::Paper;
use crate::recognize::recognized::PrintedCode;
use crate::vocab::{CaseRef, Confidence, Evidence, EvidenceSource, Phi};

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
                        add(&mut found, *kind, m.as_str(), evidence);
                        break;
                    }
                }
            }
            for code in &leaf.form.sheet.page.codes {
                if let Some((kind, value)) = self.of_code(code) {
                    let evidence = Evidence::on_page(
                        leaf.number(),
                        code.bbox,
                        code.text.expose().as_str(),
                        Confidence::FULL,
                        EvidenceSource::Barcode,
                    );
                    add(&mut found, kind, value, evidence);
                }
            }
        }
        found
    }

    /// What a barcode of ours refers to. Every label, pump and form has codes,
    /// and numbers of other people's cases look like any number: only a hold or
    /// a case as we write them, and nothing beside it.
    fn of_code<'c>(&self, code: &'c PrintedCode) -> Option<(ReferenceKind, &'c str)> {
        let text = code.text.expose().trim();
        let whole = |pattern: &Regex| pattern.find(text).is_some_and(|m| m.len() == text.len());
        let hold = self
            .0
            .iter()
            .any(|(kind, _, patterns)| *kind == ReferenceKind::Hold && patterns.iter().any(whole));
        if hold {
            Some((ReferenceKind::Hold, text))
        } else {
            text.parse::<CaseRef>().ok().map(|_| (ReferenceKind::Case, text))
        }
    }
}

fn add(found: &mut Vec<ReferenceFinding>, kind: ReferenceKind, value: &str, evidence: Evidence) {
    let same = |r: &&mut ReferenceFinding| r.kind == kind && r.value.expose() == value;
    match found.iter_mut().find(same) {
        Some(reference) => reference.evidence.push(evidence),
        None => {
            found.push(ReferenceFinding {
                kind,
                value: Phi::from(value),
                evidence: vec![evidence],
            });
        }
    }
}
