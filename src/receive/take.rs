//! Taking a settled file into custody.

use std::fs::File;
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use jiff::Timestamp;

use super::config::SourceConfig;
use super::custody::{Custody, CustodyError, Origin};
use super::folder::Settled;
use super::received::{Context, Received};
use super::settle::Look;
use crate::vocab::{DocumentRef, Phi, SubmissionRef};

/// How a settled file was dealt with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// Durable and committed; the file is gone from its folder.
    Done,
    /// It changed or vanished while it was copied. Nothing was committed; the
    /// next scan looks again.
    NotYet,
}

/// Why a file could not be taken. It stays where it is and is tried again at
/// the next scan. Names no file: file names may hold names of patients.
#[derive(Debug, thiserror::Error)]
pub enum TakeError {
    /// The file or its folder.
    #[error("a file of source {source_id:?} (inode {inode}) {what}: {error}")]
    File {
        /// Which source.
        source_id: String,
        /// `find -inum` finds it.
        inode: u64,
        /// What failed.
        what: &'static str,
        /// What the system said.
        error: io::Error,
    },
    /// Store or disk.
    #[error(transparent)]
    Custody(#[from] CustodyError),
}

/// Copies a settled file into custody, commits it, and only then removes it.
///
/// Safe to run twice, and to be killed anywhere: before the commit nothing
/// happened; after it, the next run finds the origin and only removes the
/// file.
pub async fn take(
    settled: &Settled,
    source: &SourceConfig,
    references: (DocumentRef, SubmissionRef),
    received_at: Timestamp,
    custody: &dyn Custody,
) -> Result<Taken, TakeError> {
    let failed = |what: &'static str| {
        let (source_id, inode) = (source.id.clone(), settled.look.inode);
        move |error| TakeError::File { source_id, inode, what, error }
    };
    let file = match open_plain(&settled.path) {
        Ok(file) => file,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Taken::NotYet),
        Err(e) => return Err(failed("cannot be opened")(e)),
    };
    if look(&file).map_err(failed("cannot be examined"))? != settled.look {
        return Ok(Taken::NotYet);
    }
    let copy = file.try_clone().map_err(failed("cannot be read"))?;
    let kept = custody.keep(Box::new(copy), settled.look.size).await?;
    // A writer that was only slow has changed it meanwhile: then what was
    // copied is half a fax, and the blob is an orphan that harms nobody.
    let unchanged = look(&file).map_err(failed("cannot be examined"))? == settled.look;
    if !unchanged || kept.bytes != settled.look.size {
        return Ok(Taken::NotYet);
    }
    let origin = Origin {
        source: source.id.clone(),
        identity: identity(&settled.path, settled.look),
        sha256: kept.sha256,
    };
    let (document, submission) = references;
    let received = Received {
        document,
        submission,
        sha256: kept.sha256,
        bytes: kept.bytes,
        source: source.id.clone(),
        file_name: Phi::new(file_name(&settled.path)),
        received_at,
        context: Context {
            note: None,
            metadata: source
                .metadata
                .iter()
                .map(|(key, value)| (key.clone(), Phi::from(value.as_str())))
                .collect(),
        },
    };
    custody.admit(vec![received], Some(&origin)).await?;
    remove(&settled.path, settled.look).map_err(failed("is safe but cannot be removed"))?;
    custody.gone(&origin).await?;
    Ok(Taken::Done)
}

/// Hands files over as one submission, as `intake submit` does. The files are
/// copied and stay where they are.
pub async fn hand_over(
    files: &[&Path],
    source: &str,
    context: &Context,
    mut reference: impl FnMut() -> DocumentRef,
    submission: SubmissionRef,
    received_at: Timestamp,
    custody: &dyn Custody,
) -> Result<Vec<Received>, HandOverError> {
    let mut documents = Vec::with_capacity(files.len());
    for (place, path) in files.iter().enumerate() {
        let failed = |error| HandOverError::File { place, error };
        let file = open_plain(path).map_err(failed)?;
        let length = file.metadata().map_err(failed)?.len();
        let kept = custody.keep(Box::new(file), length).await?;
        documents.push(Received {
            document: reference(),
            submission: submission.clone(),
            sha256: kept.sha256,
            bytes: kept.bytes,
            source: source.to_owned(),
            file_name: Phi::new(file_name(path)),
            received_at,
            context: context.clone(),
        });
    }
    custody.admit(documents.clone(), None).await?;
    Ok(documents)
}

/// Why a submission was not accepted. Nothing of it was committed.
#[derive(Debug, thiserror::Error)]
pub enum HandOverError {
    /// One of the files.
    #[error("{error}")]
    File {
        /// Its place in the list, from 0.
        place: usize,
        /// What the system said.
        error: io::Error,
    },
    /// Store or disk.
    #[error(transparent)]
    Custody(#[from] CustodyError),
}

/// Opens a plain file for reading: follows no link, waits on no pipe.
pub(super) fn open_plain(path: &Path) -> io::Result<File> {
    let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
    let file = std::fs::OpenOptions::new()
        .read(true)
        .custom_flags(flags.bits().cast_signed())
        .open(path)?;
    if file.metadata()?.is_file() {
        Ok(file)
    } else {
        Err(io::Error::new(io::ErrorKind::InvalidInput, "not a plain file"))
    }
}

fn look(file: &File) -> io::Result<Look> {
    Ok(Look::of(&file.metadata()?))
}

/// Removes the name, if it still leads to the file that was taken, and makes
/// that durable. A file that was put there meanwhile is left for the next
/// scan.
fn remove(path: &Path, taken: Look) -> io::Result<()> {
    match std::fs::symlink_metadata(path) {
        Ok(metadata) if Look::of(&metadata) == taken => std::fs::remove_file(path)?,
        Ok(_) => return Ok(()),
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(e) => return Err(e),
    }
    match path.parent() {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn identity(path: &Path, look: Look) -> Phi<String> {
    let Look { size, modified: (seconds, nanos), inode } = look;
    Phi::new(format!("{inode}:{size}:{seconds}.{nanos:09}:{}", path.to_string_lossy()))
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::sync::Mutex;
    use std::time::Duration;

    use async_trait::async_trait;

    use super::*;
    use crate::receive::custody::Kept;
    use crate::receive::folder::Folder;
    use crate::vocab::Sha256Digest;

    /// Keeps everything in memory; `admit` and `gone` can be made to fail, as
    /// a crash at that instruction would.
    #[derive(Default)]
    struct Memory {
        admitted: Mutex<Vec<Received>>,
        origins: Mutex<Vec<Origin>>,
        admit_fails: bool,
        gone_fails: bool,
    }

    #[async_trait]
    impl Custody for Memory {
        async fn keep(
            &self,
            mut bytes: Box<dyn Read + Send>,
            _: u64,
        ) -> Result<Kept, CustodyError> {
            let mut all = Vec::new();
            bytes.read_to_end(&mut all).map_err(|e| CustodyError(e.to_string()))?;
            Ok(Kept { sha256: Sha256Digest::of(&all), bytes: all.len() as u64 })
        }

        async fn admit(
            &self,
            documents: Vec<Received>,
            origin: Option<&Origin>,
        ) -> Result<(), CustodyError> {
            if self.admit_fails {
                return Err(CustodyError("disk full".into()));
            }
            let mut origins = self.origins.lock().unwrap();
            if let Some(origin) = origin {
                if origins.contains(origin) {
                    return Ok(());
                }
                origins.push(origin.clone());
            }
            self.admitted.lock().unwrap().extend(documents);
            Ok(())
        }

        async fn gone(&self, origin: &Origin) -> Result<(), CustodyError> {
            if self.gone_fails {
                return Err(CustodyError("killed".into()));
            }
            self.origins.lock().unwrap().retain(|o| o != origin);
            Ok(())
        }
    }

    fn settled(dir: &Path, name: &str, bytes: &[u8]) -> (Settled, SourceConfig) {
        std::fs::write(dir.join(name), bytes).unwrap();
        let source = SourceConfig { settle_seconds: 0, ..Default::default() };
        let mut folder = Folder::new(source.clone(), dir.to_owned());
        let scan = folder.scan(Duration::ZERO).unwrap();
        let settled = scan.ready.into_iter().find(|s| s.path.ends_with(name)).unwrap();
        (settled, source)
    }

    fn references() -> (DocumentRef, SubmissionRef) {
        (DocumentRef::from_random(1), SubmissionRef::from_random(2))
    }

    async fn take_now(
        settled: &Settled,
        source: &SourceConfig,
        custody: &Memory,
    ) -> Result<Taken, TakeError> {
        take(settled, source, references(), Timestamp::UNIX_EPOCH, custody).await
    }

    #[tokio::test]
    async fn a_file_leaves_its_folder_only_after_the_commit() {
        let dir = tempfile::tempdir().unwrap();
        let (file, source) = settled(dir.path(), "fax.tif", b"pages");
        let full = Memory { admit_fails: true, ..Default::default() };
        assert!(take_now(&file, &source, &full).await.is_err());
        assert!(file.path.exists(), "a failure never deletes an input");

        let custody = Memory::default();
        assert_eq!(take_now(&file, &source, &custody).await.unwrap(), Taken::Done);
        assert!(!file.path.exists());
        assert_eq!(custody.admitted.lock().unwrap().len(), 1);
        assert!(custody.origins.lock().unwrap().is_empty());
    }

    #[tokio::test]
    async fn killed_after_the_commit_it_is_not_admitted_twice() {
        let dir = tempfile::tempdir().unwrap();
        let (file, source) = settled(dir.path(), "fax.tif", b"pages");
        let copy = dir.path().join("aside");
        std::fs::hard_link(&file.path, &copy).unwrap();
        let mut custody = Memory { gone_fails: true, ..Default::default() };
        assert!(take_now(&file, &source, &custody).await.is_err());
        // The crash came before the removal: the same file lies there again.
        std::fs::rename(&copy, &file.path).unwrap();
        custody.gone_fails = false;
        assert_eq!(take_now(&file, &source, &custody).await.unwrap(), Taken::Done);
        assert_eq!(custody.admitted.lock().unwrap().len(), 1);
        assert!(!file.path.exists());
    }

    #[tokio::test]
    async fn a_file_that_was_replaced_meanwhile_is_left_for_the_next_scan() {
        let dir = tempfile::tempdir().unwrap();
        let (file, source) = settled(dir.path(), "fax.tif", b"pages");
        std::fs::write(dir.path().join("new"), b"another fax").unwrap();
        std::fs::rename(dir.path().join("new"), &file.path).unwrap();
        let custody = Memory::default();
        assert_eq!(take_now(&file, &source, &custody).await.unwrap(), Taken::NotYet);
        assert!(file.path.exists());
        assert!(custody.admitted.lock().unwrap().is_empty());
    }

    #[test]
    fn an_error_names_no_file() {
        let error = TakeError::File {
            source_id: "inbox".into(),
            inode: 7,
            what: "cannot be opened",
            error: io::ErrorKind::PermissionDenied.into(),
        };
        assert_eq!(
            error.to_string(),
            "a file of source \"inbox\" (inode 7) cannot be opened: permission denied"
        );
    }
}
