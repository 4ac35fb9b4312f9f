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
    fn room(&self) -> Result<(), CustodyError> {
        let failed = |e| CustodyError(format!("the disk cannot be examined: {e}"));
        let free_mib = self.free_bytes().map_err(failed)? >> 20;
        if free_mib >= self.min_free_mib {
            return Ok(());
        }
        Err(CustodyError(format!(
            "disk.full: {free_mib} MiB are free and {} MiB must stay free (service.min_free_mib); \
             nothing is taken in until there is room, and nothing is lost",
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
    async fn keep(&self, bytes: Box<dyn Read + Send>) -> Result<Kept, CustodyError> {
        self.room()?;
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
