//! Readings kept in a folder from one run to the next, for `intake eval`:
//! whoever changes a cue wants the difference in seconds, and pages take a
//! second each. The folder holds patients' data; nothing else writes one.
//!
//! ```text
//! FOLDER/<digest of the models>/<digest of the file>/3.json      page 3
//!                                                    /answers.json
//! ```

use std::fs;
use std::io;
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
        fs::create_dir_all(&folder)?;
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
            .map_or(Ok(()), fs::create_dir_all)
            .and_then(|()| fs::write(&aside, bytes))
            .and_then(|()| fs::rename(&aside, path));
        if let Err(error) = written {
            tracing::warn!(code = "eval.readings", error = %error, "a reading could not be kept");
        }
    }
}
