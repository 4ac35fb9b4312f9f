//! Numbers that tie a document to earlier work; taken only beside their label,
//! or where a barcode of ours says nothing else.

use std::ops::Range;

use jiff::civil::Date;
use regex::Regex;

use super::calendar::{Pivot, dates};
use super::cues::Cues;
use super::findings::{ReferenceFinding, ReferenceKind};
use super::labels::{FieldHit, Label};
use super::paper::Paper;
use super::phones;
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
                for field in leaf.form.labelled(*label).filter(|field| announces(field)) {
                    for value in leaf.form.values(field).into_iter().take(2) {
                        let text = value.snippet.text.to_ascii_uppercase();
                        let other = other_numbers(&text, paper.received_on);
                        let own = patterns.iter().flat_map(|p| p.find_iter(&text)).find(|m| {
                            !other.iter().any(|o| o.start < m.end() && m.start() < o.end)
                        });
                        let Some(m) = own else { continue };
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

/// Whether a label is one: `Authorization` in "Sleep Study Authorization" is
/// not, `Authorization:` and `Auth number` are; nor is `Requested:` a misread
/// `Request ID`.
fn announces(field: &FieldHit) -> bool {
    field.hit.last > field.hit.first || field.colon && field.hit.distance == 0
}

/// Where dates and telephone numbers stand in a text. Digits in one run are a
/// number like any other where their label says so.
fn other_numbers(text: &str, received_on: Date) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> =
        dates(text, received_on, Pivot::Nearest).into_iter().map(|day| day.range).collect();
    let mut from = 0;
    while let Some((_, range, _)) = text.get(from..).and_then(phones::phone) {
        let end = from + range.end;
        ranges.push(from + range.start..end);
        from = end;
    }
    ranges.retain(|range| text[range.clone()].trim().contains(|c: char| !c.is_ascii_digit()));
    ranges
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
