//! One decision at a time, also between processes.
//!
//! Of two documents that ask for one thing the second must see the case that the
//! first opens, and a person may decide beside the service. The lock is one of the
//! operating system's: it ends with whoever held it, however he ends.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Held from looking for a document's case until its decision is kept.
#[derive(Debug)]
pub struct Turn {
    _lock: File,
}

impl Turn {
    /// Waits for it.
    pub async fn of(data_dir: &Path) -> io::Result<Self> {
        let path = data_dir.join("deciding");
        let waiting = tokio::task::spawn_blocking(move || {
            let mut options = OpenOptions::new();
            let file = options.write(true).create(true).truncate(false).mode(0o600).open(path)?;
            file.lock().map(|()| Self { _lock: file })
        });
        waiting.await.map_err(|_| io::ErrorKind::Other)?
    }
}
