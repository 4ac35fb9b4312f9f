//! Words in a row that may be one number.

use std::ops::Range;

use super::super::layout::Snippet;
use super::super::paper::Leaf;
use super::super::sighting::{Sighting, after_repairs};
use crate::vocab::Confidence;

/// A run of words that may be one number.
#[derive(Debug)]
pub struct Run<'s> {
    /// Blanks and separators taken out; hyphens kept.
    pub text: String,
    pub snippet: &'s Snippet,
    pub range: Range<usize>,
}

impl Run<'_> {
    pub fn sighting(
        &self,
        leaf: &Leaf<'_>,
        value: &str,
        repairs: usize,
        weigh: impl Fn(Confidence) -> Confidence,
    ) -> Sighting {
        let words = self.snippet.words(self.range.clone());
        let evidence = leaf.form.sheet.evidence(&words);
        let confidence = after_repairs(weigh(evidence.confidence), repairs);
        Sighting {
            value: value.to_owned(),
            raw: self.snippet.text[self.range.clone()].to_owned(),
            confidence,
            repaired: repairs > 0,
            evidence,
        }
    }
}

/// Without punctuation around it.
pub fn trimmed(text: &str) -> (&str, Range<usize>) {
    let noise = |c: char| !c.is_alphanumeric() && !matches!(c, '|' | '!' | '$');
    let start = text.len() - text.trim_start_matches(noise).len();
    let inner = text[start..].trim_end_matches(noise);
    (inner, start..start + inner.len())
}
