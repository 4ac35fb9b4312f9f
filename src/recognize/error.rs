//! Why reading cannot begin. Once a [`Recognizer`](super::Recognizer) stands,
//! reading a page never fails: what could not be read is said in the page.

use std::path::PathBuf;

use crate::vocab::Sha256Digest;

/// Permanent until an operator mends it.
#[derive(Debug, thiserror::Error)]
pub enum RecognizeError {
    /// No `.traineddata` for the language.
    #[error(
        "recognition model {language}.traineddata was not found in {}; install the package \
         tesseract-ocr-{language}, or set recognize.tessdata to the folder that holds it",
        list(folders)
    )]
    NoModel {
        /// The configured language.
        language: String,
        /// Where it was looked for.
        folders: Vec<PathBuf>,
    },
    /// The file is there and cannot be read.
    #[error("recognition model {} cannot be read: {source}; check its permissions", file.display())]
    ModelFile {
        /// The model's file.
        file: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Readable, but Tesseract refuses it.
    #[error(
        "recognition model {} was refused by Tesseract; it may be damaged or made for another \
         version: reinstall the package it came with",
        file.display()
    )]
    Engine {
        /// The model's file.
        file: PathBuf,
        /// What the engine said.
        source: super::native::NativeError,
    },
    /// Installed, but not one of the builds that figures were measured with.
    #[error(
        "recognition model {} has the digest {digest}, which models/ocr/manifest.toml does not \
         list (known: {}); install the listed build, or measure this one and add it",
        file.display(),
        if known.is_empty() { "none".to_owned() } else { known.join(", ") }
    )]
    UnknownModel {
        /// The model's file.
        file: PathBuf,
        /// What was found.
        digest: Sha256Digest,
        /// What is listed for the language.
        known: Vec<String>,
    },
    /// The weights of our own line reader, which are part of the program.
    #[error(transparent)]
    Fax(#[from] super::fax::FaxError),
    /// The manifest breaks its grammar.
    #[error("models/ocr/manifest.toml: {0}")]
    Manifest(String),
}

fn list(folders: &[PathBuf]) -> String {
    folders.iter().map(|f| f.display().to_string()).collect::<Vec<_>>().join(", ")
}
