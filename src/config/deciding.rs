//! The models that decide, and their texts, which are kept by digest so that an
//! old decision can be made again when the files have changed.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::knowledge::KnowledgeError;
use crate::decide::recorded::{ModelText, Models, ModelsUsed};
use crate::decide::register::MatchRules;
use crate::program::Programs;
use crate::vocab::codes::CodeTable;

/// Program models, issued codes, and when a document belongs to a case.
#[derive(Clone, Debug)]
pub struct Deciding {
    programs: Arc<Programs>,
    codes: Arc<CodeTable>,
    matching: Arc<MatchRules>,
    used: ModelsUsed,
    texts: Arc<[ModelText]>,
}

/// The files as they are kept.
pub(super) struct Files<'a> {
    /// Of program models, by name.
    pub programs: Vec<(String, String)>,
    /// `cases/matching.toml`.
    pub matching: &'a str,
    /// Of codes.
    pub codes: CodeFiles,
}

/// What a code table is made of.
#[derive(Serialize, Deserialize)]
pub(super) struct CodeFiles {
    pub table: String,
    pub release: Option<String>,
    pub lists: Vec<String>,
}

impl Deciding {
    /// From files.
    pub(super) fn of(files: Files<'_>) -> Result<Self, KnowledgeError> {
        let CodeFiles { table, release, lists } = &files.codes;
        let codes = CodeTable::parse(table)?.with(release.as_deref(), lists)?;
        let programs = plain(&files.programs);
        let codes_text = plain(&files.codes);
        let parsed = Programs::parse(files.programs).map_err(KnowledgeError::Programs)?;
        let matching = MatchRules::parse(files.matching)?;
        let used = ModelsUsed {
            programs: parsed.digest(),
            matching: matching.digest(),
            codes: codes.digest(),
        };
        let text = |digest, text: String| ModelText { digest, text: text.into() };
        let texts = [
            text(used.programs, programs),
            text(used.matching, files.matching.to_owned()),
            text(used.codes, codes_text),
        ];
        Ok(Self {
            programs: Arc::new(parsed),
            codes: Arc::new(codes),
            matching: Arc::new(matching),
            used,
            texts: texts.into(),
        })
    }

    /// From the texts that were kept of a decision's models.
    pub fn kept(programs: &str, matching: &str, codes: &str) -> Result<Self, KnowledgeError> {
        let damaged = |_| KnowledgeError::Kept;
        let programs = serde_json::from_str(programs).map_err(damaged)?;
        let codes = serde_json::from_str(codes).map_err(damaged)?;
        Self::of(Files { programs, matching, codes })
    }

    /// To decide by.
    pub fn models(&self) -> Models<'_> {
        Models { programs: &self.programs, codes: &self.codes, rules: &self.matching }
    }

    /// Their digests.
    pub fn used(&self) -> ModelsUsed {
        self.used
    }

    /// Their texts.
    pub fn texts(&self) -> &[ModelText] {
        &self.texts
    }

    /// Program models.
    pub fn programs(&self) -> &Arc<Programs> {
        &self.programs
    }

    /// Issued codes.
    pub fn codes(&self) -> &Arc<CodeTable> {
        &self.codes
    }

    /// When a document belongs to a case.
    pub fn matching(&self) -> &Arc<MatchRules> {
        &self.matching
    }
}

/// Strings, lists and options always serialise.
fn plain(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use crate::config::{Deciding, ImportedCodes, Knowledge};

    #[test]
    fn what_is_kept_of_models_gives_the_same_models() {
        let known = Knowledge::load(None, &ImportedCodes::default()).unwrap();
        let [programs, matching, codes] = known.deciding.texts() else { panic!("three texts") };
        let kept = Deciding::kept(&programs.text, &matching.text, &codes.text).unwrap();
        assert_eq!(kept.used(), known.deciding.used());
        let changed = programs.text.replacen("effective_from", "effective_form", 1);
        assert!(Deciding::kept(&changed, &matching.text, &codes.text).is_err());
    }
}
