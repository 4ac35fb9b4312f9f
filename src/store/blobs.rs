//! Originals, named by their content.

use std::collections::HashMap;
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use sha2::{Digest as _, Sha256};

use super::StoreError;
use crate::vocab::Sha256Digest;

/// Originals by content hash; written once, never changed (promise P10).
#[async_trait]
pub trait Blobs: Send + Sync {
    /// Stores all that `source` gives. When this returns, the bytes survive a
    /// power cut (promise P1). Storing the same bytes twice is one blob.
    async fn put(&self, source: Box<dyn Read + Send>) -> Result<Stored, StoreError>;

    /// The bytes, checked against their digest.
    async fn get(&self, digest: Sha256Digest) -> Result<Vec<u8>, StoreError>;
}

/// What was stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Its name.
    pub digest: Sha256Digest,
    /// Its length in bytes.
    pub bytes: u64,
}

/// Blobs as files `ab/cdef…` under a folder.
#[derive(Clone, Debug)]
pub struct FolderBlobs {
    root: PathBuf,
}

/// Distinguishes the part files of one process.
static PART: AtomicU64 = AtomicU64::new(0);

impl FolderBlobs {
    /// Makes the folder (0700) where it is missing and clears part files that
    /// a crash left behind.
    ///
    /// Part files of a process that still runs are left alone: they carry its
    /// process id.
    pub fn open(root: &Path) -> Result<Self, StoreError> {
        let make = |path: &Path| {
            std::fs::DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(path)
                .map_err(failed("making its folder"))
        };
        make(root)?;
        let parts = root.join("parts");
        make(&parts)?;
        for entry in std::fs::read_dir(&parts).map_err(failed("listing part files"))? {
            let entry = entry.map_err(failed("listing part files"))?;
            let name = entry.file_name();
            let owner = name.to_str().and_then(|n| n.split('-').next()).unwrap_or("");
            if !Path::new("/proc").join(owner).exists() {
                std::fs::remove_file(entry.path()).map_err(failed("clearing a part file"))?;
            }
        }
        Ok(Self { root: root.to_owned() })
    }

    fn path(&self, digest: Sha256Digest) -> PathBuf {
        let hex = digest.to_string();
        self.root.join(&hex[..2]).join(&hex[2..])
    }

    fn put_now(&self, source: &mut dyn Read) -> Result<Stored, StoreError> {
        let name = format!("{}-{}", std::process::id(), PART.fetch_add(1, Ordering::Relaxed));
        let part = self.root.join("parts").join(name);
        let outcome = self.write_part(&part, source).and_then(|stored| {
            self.keep(&part, stored.digest)?;
            Ok(stored)
        });
        if outcome.is_err() {
            // Best effort: the next start clears what this cannot.
            let _ = std::fs::remove_file(&part);
        }
        outcome
    }

    fn write_part(&self, part: &Path, source: &mut dyn Read) -> Result<Stored, StoreError> {
        let mut file = std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(part)
            .map_err(failed("making a part file"))?;
        let mut hash = Sha256::new();
        let mut buffer = vec![0u8; 128 * 1024];
        let mut bytes = 0u64;
        loop {
            let read = match source.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => read,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                Err(e) => return Err(failed("reading the source")(e)),
            };
            hash.update(&buffer[..read]);
            file.write_all(&buffer[..read]).map_err(failed("writing a part file"))?;
            bytes += read as u64;
        }
        file.sync_all().map_err(failed("syncing a part file"))?;
        Ok(Stored { digest: Sha256Digest::from_bytes(hash.finalize().into()), bytes })
    }

    /// Renames the part file to its name and makes the name durable.
    fn keep(&self, part: &Path, digest: Sha256Digest) -> Result<(), StoreError> {
        let path = self.path(digest);
        let folder = path.parent().unwrap_or(&self.root);
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .map_err(failed("making a folder"))?;
        // Also when it was there: another process may have made it a moment
        // ago, and its name not be durable yet.
        sync_folder(&self.root)?;
        // The same name is the same bytes, so replacing it changes nothing,
        // and mends a blob that was damaged on disk.
        std::fs::rename(part, &path).map_err(failed("naming a blob"))?;
        sync_folder(folder)
    }

    fn get_now(&self, digest: Sha256Digest) -> Result<Vec<u8>, StoreError> {
        let bytes = std::fs::read(self.path(digest)).map_err(failed("reading a blob"))?;
        if Sha256Digest::of(&bytes) == digest {
            Ok(bytes)
        } else {
            Err(StoreError::BlobDamaged(digest))
        }
    }
}

fn sync_folder(folder: &Path) -> Result<(), StoreError> {
    std::fs::File::open(folder).and_then(|f| f.sync_all()).map_err(failed("syncing a folder"))
}

fn failed(what: &'static str) -> impl Fn(io::Error) -> StoreError {
    move |source| StoreError::Blob { what, source }
}

#[async_trait]
impl Blobs for FolderBlobs {
    async fn put(&self, mut source: Box<dyn Read + Send>) -> Result<Stored, StoreError> {
        let blobs = self.clone();
        on_blocking_thread(move || blobs.put_now(&mut *source)).await
    }

    async fn get(&self, digest: Sha256Digest) -> Result<Vec<u8>, StoreError> {
        let blobs = self.clone();
        on_blocking_thread(move || blobs.get_now(digest)).await
    }
}

/// Blobs that last as long as the process: for one-shot runs and tests.
#[derive(Debug, Default)]
pub struct MemoryBlobs(Mutex<HashMap<Sha256Digest, Vec<u8>>>);

impl MemoryBlobs {
    /// Lets go of a blob.
    pub fn remove(&self, digest: Sha256Digest) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&digest);
    }
}

#[async_trait]
impl Blobs for MemoryBlobs {
    async fn put(&self, mut source: Box<dyn Read + Send>) -> Result<Stored, StoreError> {
        let mut bytes = Vec::new();
        source.read_to_end(&mut bytes).map_err(failed("reading the source"))?;
        let stored = Stored { digest: Sha256Digest::of(&bytes), bytes: bytes.len() as u64 };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(stored.digest, bytes);
        Ok(stored)
    }

    async fn get(&self, digest: Sha256Digest) -> Result<Vec<u8>, StoreError> {
        let blobs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let missing = || failed("reading a blob")(io::ErrorKind::NotFound.into());
        blobs.get(&digest).cloned().ok_or_else(missing)
    }
}

async fn on_blocking_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|_| Err(failed("its thread")(io::ErrorKind::Other.into())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_same_bytes_are_one_blob_and_come_back() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = FolderBlobs::open(folder.path()).unwrap();
        let first = blobs.put(Box::new(&b"a fax"[..])).await.unwrap();
        let second = blobs.put(Box::new(&b"a fax"[..])).await.unwrap();
        assert_eq!(first, second);
        assert_eq!(blobs.get(first.digest).await.unwrap(), b"a fax");
        assert_eq!(std::fs::read_dir(folder.path().join("parts")).unwrap().count(), 0);
    }

    #[tokio::test]
    async fn a_damaged_blob_is_noticed_and_mended_by_the_same_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = FolderBlobs::open(folder.path()).unwrap();
        let stored = blobs.put(Box::new(&b"a fax"[..])).await.unwrap();
        std::fs::write(blobs.path(stored.digest), b"a fat").unwrap();
        assert!(matches!(blobs.get(stored.digest).await, Err(StoreError::BlobDamaged(_))));
        blobs.put(Box::new(&b"a fax"[..])).await.unwrap();
        assert_eq!(blobs.get(stored.digest).await.unwrap(), b"a fax");
    }

    #[tokio::test]
    async fn a_source_that_breaks_leaves_nothing() {
        struct Breaks;
        impl Read for Breaks {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("gone"))
            }
        }
        let folder = tempfile::tempdir().unwrap();
        let blobs = FolderBlobs::open(folder.path()).unwrap();
        assert!(blobs.put(Box::new(Breaks)).await.is_err());
        assert_eq!(std::fs::read_dir(folder.path().join("parts")).unwrap().count(), 0);
    }
}
