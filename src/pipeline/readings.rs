//! Readings kept in a folder from one run to the next, for `intake eval`:
//! whoever changes a cue wants the difference in seconds, and pages take a
//! second each. The folder holds patients' data; nothing else writes one.
//!
//! ```text
//! FOLDER/<digest of the models>/<digest of the file>/3.json      page 3
//!                                                    /answers.json
//! ```

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use crate::reader::PageReading;
use crate::vocab::{Answer, PageNumber, Question, Sha256Digest};

/// The folder of one version of the models: other models read anew.
#[derive(Debug)]
pub struct Readings {
    folder: PathBuf,
    models: Sha256Digest,
    /// Answers of one file are written together.
    writing: Mutex<()>,
}

impl Readings {
    /// Makes the folder if it is not there.
    pub fn open(folder: &Path, models: Sha256Digest) -> io::Result<Self> {
        let folder = folder.join(models.to_string());
        make_folder(&folder)?;
        Ok(Self { folder, models, writing: Mutex::new(()) })
    }

    /// A page that was read before; no time was spent on it.
    pub fn page(&self, file: Sha256Digest, number: PageNumber) -> Option<PageReading> {
        let bytes = fs::read(self.page_path(file, number)).ok()?;
        let page = serde_json::from_slice(&bytes).ok()?;
        Some(PageReading { page, decode_ms: 0, recognize_ms: 0, models: self.models })
    }

    /// Keeps a page. What cannot be kept is read again next time.
    pub fn keep_page(&self, file: Sha256Digest, reading: &PageReading) {
        let Ok(bytes) = serde_json::to_vec(&reading.page) else { return };
        self.write(&self.page_path(file, reading.page.number), &bytes);
    }

    /// The answers that are known, and the questions that are not.
    pub fn answers(
        &self,
        file: Sha256Digest,
        questions: Vec<Question>,
    ) -> (Vec<Answer>, Vec<Question>) {
        let known = self.known(file);
        let (mut found, mut open) = (Vec::new(), Vec::new());
        for question in questions {
            match known.iter().find(|answer| answer.question == question) {
                Some(answer) => found.push(answer.clone()),
                None => open.push(question),
            }
        }
        (found, open)
    }

    /// Keeps an answer.
    pub fn keep_answer(&self, file: Sha256Digest, answer: &Answer) {
        let Ok(_writing) = self.writing.lock() else { return };
        let mut all = self.known(file);
        all.push(answer.clone());
        if let Ok(bytes) = serde_json::to_vec(&all) {
            self.write(&self.answers_path(file), &bytes);
        }
    }

    fn known(&self, file: Sha256Digest) -> Vec<Answer> {
        let bytes = fs::read(self.answers_path(file)).unwrap_or_default();
        serde_json::from_slice(&bytes).unwrap_or_default()
    }

    fn page_path(&self, file: Sha256Digest, number: PageNumber) -> PathBuf {
        self.folder.join(file.to_string()).join(format!("{}.json", number.get()))
    }

    fn answers_path(&self, file: Sha256Digest) -> PathBuf {
        self.folder.join(file.to_string()).join("answers.json")
    }

    /// Whole or not at all: a run that is broken off leaves no half page.
    fn write(&self, path: &Path, bytes: &[u8]) {
        let aside = path.with_extension("part");
        let written = path
            .parent()
            .map_or(Ok(()), make_folder)
            .and_then(|()| {
                let mut options = fs::OpenOptions::new();
                options.write(true).create(true).truncate(true).mode(0o600).open(&aside)
            })
            .and_then(|mut file| file.write_all(bytes))
            .and_then(|()| fs::rename(&aside, path));
        if let Err(error) = written {
            tracing::warn!(code = "eval.readings", error = %error, "a reading could not be kept");
        }
    }
}

/// Closed to others, as everything that holds patients' data.
fn make_folder(folder: &Path) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::recognize::recognized::RecognizedPage;

    #[test]
    fn a_page_is_kept_closed_to_others_and_found_again() {
        let dir = tempfile::tempdir().unwrap();
        let models = Sha256Digest::of(b"models");
        let kept = Readings::open(&dir.path().join("kept"), models).unwrap();
        let (file, number) = (Sha256Digest::of(b"file"), PageNumber::FIRST);
        assert!(kept.page(file, number).is_none());
        let page = RecognizedPage::unreadable(number, "test", "test".to_owned());
        let reading = PageReading { page, decode_ms: 1, recognize_ms: 1, models };
        kept.keep_page(file, &reading);
        assert_eq!(kept.page(file, number).unwrap().page, reading.page);
        let path = kept.page_path(file, number);
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o600);
        assert_eq!(mode(path.parent().unwrap()), 0o700);
        // Other models read anew.
        let other = Readings::open(&dir.path().join("kept"), Sha256Digest::of(b"x")).unwrap();
        assert!(other.page(file, number).is_none());
    }
}
