//! [`Custody`] on the blob store and the database.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;

use crate::reader::{Originals, ReaderError};
use crate::receive::received::Received;
use crate::receive::{Custody, CustodyError, Kept, Origin};
use crate::store::{Admission, Arrival, Blobs, Store, StoreError};
use crate::vocab::Sha256Digest;

/// Where documents are safe.
#[derive(Clone)]
pub struct Safe {
    /// Rows.
    pub store: Arc<dyn Store>,
    /// Bytes.
    pub blobs: Arc<dyn Blobs>,
    /// On the disk whose free space decides whether more may come in.
    pub data_dir: PathBuf,
    /// MiB that stay free.
    pub min_free_mib: u64,
}

impl Safe {
    /// Bytes free for us on the data directory's disk.
    pub fn free_bytes(&self) -> std::io::Result<u64> {
        free_bytes(&self.data_dir)
    }

    /// Promise P11: a full disk pauses intake and says so.
    fn room(&self, length: u64) -> Result<(), CustodyError> {
        let failed = |e| CustodyError(format!("the disk cannot be examined: {e}"));
        let free_mib = self.free_bytes().map_err(failed)? >> 20;
        // A file copied until the disk is full would take the room that the
        // database needs, and again at every attempt.
        if free_mib >= self.min_free_mib.saturating_add(length >> 20) {
            return Ok(());
        }
        // No figure that changes from one attempt to the next: each would be
        // said anew.
        Err(CustodyError(format!(
            "disk.full: fewer than {} MiB (service.min_free_mib) would stay free; intake goes on \
             once there is room, and nothing is lost",
            self.min_free_mib
        )))
    }
}

/// Bytes free for us on the disk of `folder`, or of the folder that it would be
/// made in.
pub fn free_bytes(folder: &Path) -> std::io::Result<u64> {
    let folder = std::path::absolute(folder)?;
    let there = folder.ancestors().find(|folder| folder.exists()).unwrap_or(&folder);
    let disk = rustix::fs::statvfs(there)?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}

#[async_trait]
impl Custody for Safe {
    async fn keep(&self, bytes: Box<dyn Read + Send>, length: u64) -> Result<Kept, CustodyError> {
        self.room(length)?;
        let stored = self.blobs.put(bytes).await.map_err(refused)?;
        Ok(Kept { sha256: stored.digest, bytes: stored.bytes })
    }

    async fn admit(
        &self,
        documents: Vec<Received>,
        origin: Option<&Origin>,
    ) -> Result<(), CustodyError> {
        let arrival = origin.map(arrival);
        self.store.admit(&Admission { documents, arrival }).await.map_err(refused)?;
        Ok(())
    }

    async fn gone(&self, origin: &Origin) -> Result<(), CustodyError> {
        self.store.forget_arrival(&arrival(origin)).await.map_err(refused)
    }
}

fn arrival(origin: &Origin) -> Arrival {
    let Origin { source, identity, sha256 } = origin.clone();
    Arrival { source, identity, sha256 }
}

fn refused(error: StoreError) -> CustodyError {
    CustodyError(error.to_string())
}

/// Blobs as readers see them.
pub struct BlobOriginals(pub Arc<dyn Blobs>);

#[async_trait]
impl Originals for BlobOriginals {
    async fn bytes(&self, digest: Sha256Digest) -> Result<Vec<u8>, ReaderError> {
        self.0.get(digest).await.map_err(|e| ReaderError::Original(e.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{MemoryBlobs, SqliteStore};

    #[tokio::test]
    async fn a_file_larger_than_the_room_for_it_is_not_begun() {
        let dir = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&dir.path().join("intake.db")).await.unwrap();
        let safe = Safe {
            store: Arc::new(store),
            blobs: Arc::new(MemoryBlobs::default()),
            data_dir: dir.path().to_owned(),
            min_free_mib: 0,
        };
        let free = safe.free_bytes().unwrap();
        let refused = safe.keep(Box::new(&b"x"[..]), free * 2).await.unwrap_err();
        assert!(refused.to_string().contains("disk.full"), "{refused}");
        safe.keep(Box::new(&b"x"[..]), 1).await.unwrap();
    }
}
