//! Which recognition models are known, by digest, size, licence and origin:
//! `models/ocr/manifest.toml`.
//!
//! A different model reads differently, so figures measured with one say
//! nothing about another; `verify` says when the installed one is unknown.

use std::path::Path;

use serde::Deserialize;

use super::config::Config;
use super::error::RecognizeError;
use crate::vocab::Sha256Digest;

/// The parsed manifest.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Known models; a language may have several builds.
    pub model: Vec<Model>,
}

/// One build of a model.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// As in `Config::language`.
    pub language: String,
    /// Of the `.traineddata` file.
    pub sha256: Sha256Digest,
    /// Its length.
    pub bytes: u64,
    /// SPDX expression.
    pub licence: String,
    /// Where it comes from, and in which package.
    pub origin: String,
    /// What it is used for, and anything measured about it.
    pub note: String,
}

/// The manifest as shipped.
pub fn shipped() -> Result<Manifest, RecognizeError> {
    parse(include_str!("../../models/ocr/manifest.toml"))
}

/// Parses a manifest.
pub fn parse(text: &str) -> Result<Manifest, RecognizeError> {
    toml::from_str(text).map_err(|error| RecognizeError::Manifest(error.to_string()))
}

/// Checks that the model the configuration names is installed and known.
pub fn verify(config: &Config, manifest: &Manifest) -> Result<(), RecognizeError> {
    let file = find(config)?;
    let digest = digest(&file)?;
    let known: Vec<&Model> =
        manifest.model.iter().filter(|model| model.language == config.language).collect();
    if known.iter().any(|model| model.sha256 == digest) {
        return Ok(());
    }
    Err(RecognizeError::UnknownModel {
        file,
        digest,
        known: known.iter().map(|model| format!("{} ({})", model.sha256, model.origin)).collect(),
    })
}

/// The model's file, or what to do about its absence.
pub(super) fn find(config: &Config) -> Result<std::path::PathBuf, RecognizeError> {
    config.model_file().ok_or_else(|| RecognizeError::NoModel {
        language: config.language.clone(),
        folders: config.folders(),
    })
}

/// The digest of a model's file.
pub(super) fn digest(file: &Path) -> Result<Sha256Digest, RecognizeError> {
    let bytes = std::fs::read(file)
        .map_err(|source| RecognizeError::ModelFile { file: file.to_owned(), source })?;
    Ok(Sha256Digest::of(&bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_manifest_parses_and_knows_the_default_language() {
        let manifest = shipped().unwrap();
        let language = Config::default().language;
        assert!(manifest.model.iter().any(|model| model.language == language));
        assert!(manifest.model.iter().all(|model| model.bytes > 1_000_000));
    }

    #[test]
    fn an_unknown_build_is_named_with_its_digest() {
        let folder = tempfile::tempdir().unwrap();
        let config = Config { tessdata: Some(folder.path().to_owned()), ..Config::default() };
        let manifest = shipped().unwrap();
        let missing = verify(&config, &manifest).unwrap_err();
        assert!(missing.to_string().contains("tesseract-ocr-eng"), "{missing}");
        std::fs::write(folder.path().join("eng.traineddata"), b"other").unwrap();
        let unknown = verify(&config, &manifest).unwrap_err().to_string();
        assert!(unknown.contains(&Sha256Digest::of(b"other").to_string()), "{unknown}");
        let own = parse(&format!(
            "[[model]]\nlanguage = \"eng\"\nsha256 = \"{}\"\nbytes = 5\nlicence = \"MIT\"\norigin = \"test\"\nnote = \"\"\n",
            Sha256Digest::of(b"other")
        ))
        .unwrap();
        assert!(verify(&config, &own).is_ok());
    }
}
