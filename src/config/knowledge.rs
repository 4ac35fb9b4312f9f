//! What the service knows, loaded from `models/` or from the copy built in.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crate::extract::{CueError, Cues, Extractor};
use crate::program::{ProgramProblem, Programs};
use crate::vocab::Sha256Digest;
use crate::vocab::codes::{CodeTable, CodeTableError};

/// Model files as text, by path below `models/`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModelFiles(BTreeMap<String, String>);

macro_rules! built_in {
    ($($path:literal),* $(,)?) => {
        [$(($path, include_str!(concat!("../../models/", $path)))),*]
    };
}

impl ModelFiles {
    /// The files this program was built with. A test compares the list with
    /// the folder.
    pub fn built_in() -> Self {
        let files = built_in![
            "codes/hcpcs.toml",
            "cues/about.toml",
            "cues/boxes.toml",
            "cues/checklist.toml",
            "cues/hcpcs.toml",
            "cues/kinds.toml",
            "cues/labels.toml",
            "cues/member.toml",
            "cues/pending.toml",
            "cues/urgent.toml",
            "ocr/fax.toml",
            "ocr/manifest.toml",
            "programs/care_coord.toml",
            "programs/cigna_direct.toml",
            "programs/dme_com.toml",
            "programs/dme_com_49.toml",
            "programs/dme_com_legacy.toml",
            "programs/dme_ma.toml",
            "programs/hh_com.toml",
            "programs/sleep_com.toml",
        ];
        Self(files.into_iter().map(|(path, text)| (path.to_owned(), text.to_owned())).collect())
    }

    /// All `.toml` files of a folder laid out like `models/`.
    pub fn read(folder: &Path) -> std::io::Result<Self> {
        let mut files = BTreeMap::new();
        for part in ["codes", "cues", "ocr", "programs"] {
            for entry in std::fs::read_dir(folder.join(part))? {
                let path = entry?.path();
                if path.extension().is_some_and(|e| e == "toml") {
                    let name = path.file_name().unwrap_or_default().to_string_lossy();
                    files.insert(format!("{part}/{name}"), std::fs::read_to_string(&path)?);
                }
            }
        }
        Ok(Self(files))
    }

    /// The files of one part, by file name.
    fn part(&self, part: &str) -> impl Iterator<Item = (String, String)> {
        self.0.iter().filter_map(move |(path, text)| {
            let name = path.strip_prefix(part)?.strip_prefix('/')?;
            Some((name.to_owned(), text.clone()))
        })
    }

    /// One file; empty if it is not there, which its parser then complains of.
    fn file(&self, path: &str) -> &str {
        self.0.get(path).map_or("", String::as_str)
    }
}

/// Programs, codes and cues, checked and ready.
#[derive(Clone, Debug)]
pub struct Knowledge {
    /// Finds.
    pub extractor: Arc<Extractor>,
    /// Decide by these.
    pub programs: Arc<Programs>,
    /// Issued codes.
    pub codes: Arc<CodeTable>,
    /// Of codes and cues together: what `extract` depends on.
    pub codes_digest: Sha256Digest,
    /// `ocr/manifest.toml`, for the readers to compare with what they load.
    pub ocr_manifest: String,
}

/// Why model files were refused.
#[derive(Debug, thiserror::Error)]
pub enum KnowledgeError {
    /// The folder.
    #[error("the models cannot be read: {0}")]
    Folder(#[from] std::io::Error),
    /// The code table.
    #[error(transparent)]
    Codes(#[from] CodeTableError),
    /// A cue file.
    #[error(transparent)]
    Cues(#[from] CueError),
    /// Program models, all problems.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Programs(Vec<ProgramProblem>),
}

impl Knowledge {
    /// From a folder, or built in.
    pub fn load(folder: Option<&Path>) -> Result<Self, KnowledgeError> {
        let files = match folder {
            Some(folder) => ModelFiles::read(folder)?,
            None => ModelFiles::built_in(),
        };
        let codes = Arc::new(CodeTable::parse(files.file("codes/hcpcs.toml"))?);
        let cues = Cues::parse(files.part("cues"))?;
        let codes_digest =
            Sha256Digest::of(format!("{} {}", codes.digest(), cues.digest()).as_bytes());
        let programs = Programs::parse(files.part("programs")).map_err(KnowledgeError::Programs)?;
        Ok(Self {
            extractor: Arc::new(Extractor::new(cues, Arc::clone(&codes))?),
            programs: Arc::new(programs),
            codes,
            codes_digest,
            ocr_manifest: files.file("ocr/manifest.toml").to_owned(),
        })
    }
}
