//! What the service knows, loaded from `models/` or from the copy built in.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::Config;
use super::deciding::{CodeFiles, Deciding, Files};
use crate::decide::register::{MatchRules, RulesError};
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
            "cases/matching.toml",
            "codes/hcpcs.toml",
            "cues/about.toml",
            "cues/boxes.toml",
            "cues/checklist.toml",
            "cues/confidence.toml",
            "cues/hcpcs.toml",
            "cues/kinds.toml",
            "cues/labels.toml",
            "cues/member.toml",
            "cues/payers.toml",
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
            "programs/rules.toml",
            "programs/sleep_com.toml",
        ];
        Self(files.into_iter().map(|(path, text)| (path.to_owned(), text.to_owned())).collect())
    }

    /// All `.toml` files of a folder laid out like `models/`.
    pub fn read(folder: &Path) -> std::io::Result<Self> {
        let mut files = BTreeMap::new();
        for part in ["cases", "codes", "cues", "ocr", "programs"] {
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
    /// When a document belongs to a case.
    pub matching: Arc<MatchRules>,
    /// The three of these that decide, with their texts.
    pub deciding: Deciding,
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
    /// The rules by which a document finds its case.
    #[error(transparent)]
    Matching(#[from] RulesError),
    /// Texts that were kept of models and are none any more.
    #[error("models that were kept with a decision cannot be read")]
    Kept,
    /// Program models, all problems.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Programs(Vec<ProgramProblem>),
}

/// Codes that were imported into a data directory, each file as
/// `intake codes import` wrote it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportedCodes {
    /// Of CMS's release.
    pub release: Option<String>,
    /// The plans' lists, by id.
    pub lists: Vec<String>,
}

impl ImportedCodes {
    /// Where imports lie below a data directory.
    pub const FOLDER: &'static str = "codes";
    /// File name of the release.
    pub const RELEASE: &'static str = "release.toml";
    /// Folder of the lists.
    pub const LISTS: &'static str = "lists";

    /// What was imported; nothing where nothing was.
    pub fn read(data_dir: &Path) -> std::io::Result<Self> {
        let folder = data_dir.join(Self::FOLDER);
        let text = |path: &Path| match std::fs::read_to_string(path) {
            Ok(text) => Ok(Some(text)),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(e),
        };
        let mut paths = match std::fs::read_dir(folder.join(Self::LISTS)) {
            Ok(entries) => entries.map(|e| Ok(e?.path())).collect::<std::io::Result<Vec<_>>>()?,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            Err(e) => return Err(e),
        };
        paths.retain(|path| path.extension().is_some_and(|e| e == "toml"));
        paths.sort();
        let lists = paths.iter().map(|path| text(path)).collect::<std::io::Result<Vec<_>>>()?;
        let release = text(&folder.join(Self::RELEASE))?;
        Ok(Self { release, lists: lists.into_iter().flatten().collect() })
    }
}

impl Knowledge {
    /// What a configuration names: its models, and what was imported into its
    /// data directory.
    pub fn of(config: &Config) -> Result<Self, KnowledgeError> {
        let imported = ImportedCodes::read(&config.service.data_dir)?;
        Self::load(config.models.dir.as_deref(), &imported)
    }

    /// What is not right about program models that could be read.
    pub fn check_programs(&self) -> Vec<ProgramProblem> {
        let imported = |list: &str| self.codes.lists().iter().any(|one| one.id == list);
        self.programs.check(imported)
    }

    /// From a folder, or built in.
    pub fn load(folder: Option<&Path>, imported: &ImportedCodes) -> Result<Self, KnowledgeError> {
        let files = match folder {
            Some(folder) => ModelFiles::read(folder)?,
            None => ModelFiles::built_in(),
        };
        let deciding = Deciding::of(Files {
            programs: files.part("programs").collect(),
            matching: files.file("cases/matching.toml"),
            codes: CodeFiles {
                table: files.file("codes/hcpcs.toml").to_owned(),
                release: imported.release.clone(),
                lists: imported.lists.clone(),
            },
        })?;
        let codes = Arc::clone(deciding.codes());
        let cues = Cues::parse(files.part("cues"))?;
        let codes_digest =
            Sha256Digest::of(format!("{} {}", codes.digest(), cues.digest()).as_bytes());
        Ok(Self {
            extractor: Arc::new(Extractor::new(cues, Arc::clone(&codes))?),
            programs: Arc::clone(deciding.programs()),
            codes,
            matching: Arc::clone(deciding.matching()),
            deciding,
            codes_digest,
            ocr_manifest: files.file("ocr/manifest.toml").to_owned(),
        })
    }
}
