//! What the operator can set about reading.

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::engines::Choice;

/// How pages are read. Every key has a default that suits Debian's packages.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Folder that holds `<language>.traineddata`. Unset: `$TESSDATA_PREFIX`,
    /// then the places where distributions put it.
    pub tessdata: Option<PathBuf>,
    /// Who reads: `both`, `fax` (our own line reader) or `tesseract`.
    pub engine: Choice,
    /// Folder with other weights for our own line reader and their card
    /// (`fax.toml`), as `make train` leaves them. Unset: those built in.
    pub weights: Option<PathBuf>,
    /// Recognition model, by its file name without the ending.
    pub language: String,
    /// A page that takes longer to read than this many milliseconds is given
    /// up. A usual page takes one second, a very full one four.
    pub page_deadline_ms: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            tessdata: None,
            engine: Choice::Both,
            weights: None,
            language: "eng".to_owned(),
            page_deadline_ms: 30_000,
        }
    }
}

/// Where distributions put Tesseract's models.
const USUAL_FOLDERS: [&str; 5] = [
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
    "/opt/homebrew/share/tessdata",
];

impl Config {
    /// The folders in which the model is looked for, first hit wins.
    pub fn folders(&self) -> Vec<PathBuf> {
        if let Some(folder) = &self.tessdata {
            return vec![folder.clone()];
        }
        let mut folders = Vec::new();
        if let Some(prefix) = std::env::var_os("TESSDATA_PREFIX") {
            folders.push(PathBuf::from(&prefix));
            folders.push(PathBuf::from(prefix).join("tessdata"));
        }
        folders.extend(USUAL_FOLDERS.map(PathBuf::from));
        folders
    }

    /// The model's file, if it is there.
    pub fn model_file(&self) -> Option<PathBuf> {
        let name = format!("{}.traineddata", self.language);
        self.folders().into_iter().map(|folder| folder.join(&name)).find(|file| file.is_file())
    }

    /// Time allowed for one page.
    pub fn page_deadline(&self) -> Duration {
        Duration::from_millis(u64::from(self.page_deadline_ms))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_keys_are_errors_and_missing_ones_are_not() {
        let config: Config = toml::from_str("language = \"deu\"").unwrap();
        assert_eq!(config.page_deadline_ms, 30_000);
        assert!(toml::from_str::<Config>("langauge = \"eng\"").is_err());
    }

    #[test]
    fn a_configured_folder_is_the_only_one() {
        let config = Config { tessdata: Some("/models".into()), ..Config::default() };
        assert_eq!(config.folders(), [PathBuf::from("/models")]);
        assert_eq!(config.model_file(), None);
    }
}
