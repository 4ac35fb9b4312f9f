//! Watching one source folder.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::{Notify, mpsc, watch};

use super::custody::Safe;
use super::references;
use crate::receive::{Custody, Folder, TakeError, Taken, take};

/// While a file settles, the folder is looked at this often.
const SETTLING_LOOK: Duration = Duration::from_millis(500);

/// Scans the folder every few seconds, and sooner when the file system says
/// that something happened, until `stop` turns true. The periodic scan is what
/// is relied on: inotify is silent on NFS and SMB.
pub(super) async fn watch(
    mut folder: Folder,
    safe: Safe,
    work: Arc<Notify>,
    mut stop: watch::Receiver<bool>,
) {
    let (sender, mut events) = mpsc::channel::<()>(1);
    // Held for as long as the folder is watched.
    let _watcher = watcher(folder.path(), sender);
    let began = Instant::now();
    let mut said = BTreeSet::new();
    while !*stop.borrow() {
        let looked = look(&mut folder, began.elapsed(), &safe, &work).await;
        let wait = if looked.soon {
            SETTLING_LOOK
        } else {
            Duration::from_secs(folder.source().scan_seconds)
        };
        say_once(&folder, &mut said, &looked);
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            _ = events.recv() => tokio::time::sleep(SETTLING_LOOK.min(wait)).await,
            _ = stop.changed() => {}
        }
    }
}

fn watcher(path: &Path, sender: mpsc::Sender<()>) -> Option<RecommendedWatcher> {
    let mut watcher = notify::recommended_watcher(move |_| {
        // Full means that somebody is already awake.
        let _ = sender.try_send(());
    })
    .ok()?;
    watcher.watch(path, RecursiveMode::NonRecursive).ok()?;
    Some(watcher)
}

/// What came of one look.
#[derive(Debug, Default)]
struct Looked {
    /// There is more to come: the next look should not wait.
    soon: bool,
    /// Files that could not be taken lately and are tried again later.
    aside: usize,
    /// Why something could not be taken; names no file.
    troubles: Vec<String>,
}

/// One look: takes what has settled. A file that cannot be taken is set aside,
/// so that it never stands in the way of those behind it.
async fn look(folder: &mut Folder, now: Duration, safe: &dyn Custody, work: &Notify) -> Looked {
    let scan = match folder.scan(now) {
        Ok(scan) => scan,
        Err(e) => {
            let troubles = vec![format!("the folder cannot be read: {e}")];
            return Looked { troubles, ..Looked::default() };
        }
    };
    let source = folder.source().clone();
    for inode in &scan.refused {
        tracing::warn!(
            code = "source.not_a_file",
            source = source.id,
            inode,
            "an entry is no plain file and is left alone; find it with find -inum"
        );
    }
    let soon = scan.settling > 0 || !scan.ready.is_empty();
    let mut looked = Looked { soon, aside: scan.aside, troubles: Vec::new() };
    for settled in &scan.ready {
        let references = (references::document(), references::submission());
        let document = references.0.clone();
        let received_at = source.received_at.unwrap_or_else(Timestamp::now);
        match take(settled, &source, references, received_at, safe).await {
            Ok(Taken::Done) => {
                tracing::info!(%document, source = source.id, "received");
                work.notify_one();
            }
            Ok(Taken::NotYet) => {}
            Err(e) => {
                folder.set_aside(settled, now);
                looked.troubles.push(e.to_string());
                // Store or disk will most likely fail the next one too: one
                // file a look finds out whether they work again.
                if matches!(e, TakeError::Custody(_)) {
                    break;
                }
            }
        }
    }
    looked
}

/// Trouble that lasts is said when it begins and when it ends, not at every
/// scan.
fn say_once(folder: &Folder, said: &mut BTreeSet<String>, looked: &Looked) {
    let source = &folder.source().id;
    for why in &looked.troubles {
        if said.insert(why.clone()) {
            tracing::error!(
                code = "source.trouble",
                source,
                why,
                "something cannot be taken in; it stays where it is and is tried again"
            );
        }
    }
    if looked.troubles.is_empty() && looked.aside == 0 && !said.is_empty() {
        said.clear();
        tracing::info!(source, "the source works again");
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::sync::Mutex;

    use async_trait::async_trait;

    use super::*;
    use crate::receive::received::Received;
    use crate::receive::{CustodyError, Kept, Origin, SourceConfig};
    use crate::store::{MemoryBlobs, SqliteStore};
    use crate::vocab::Sha256Digest;

    /// Refuses whatever holds `bad`, as a disk does with a file on a worn spot.
    #[derive(Default)]
    struct Picky(Mutex<usize>);

    #[async_trait]
    impl Custody for Picky {
        async fn keep(
            &self,
            mut bytes: Box<dyn Read + Send>,
            _: u64,
        ) -> Result<Kept, CustodyError> {
            let mut all = Vec::new();
            bytes.read_to_end(&mut all).unwrap();
            if all == b"bad" {
                return Err(CustodyError("input/output error".into()));
            }
            Ok(Kept { sha256: Sha256Digest::of(&all), bytes: all.len() as u64 })
        }

        async fn admit(
            &self,
            documents: Vec<Received>,
            _: Option<&Origin>,
        ) -> Result<(), CustodyError> {
            *self.0.lock().unwrap() += documents.len();
            Ok(())
        }

        async fn gone(&self, _: &Origin) -> Result<(), CustodyError> {
            Ok(())
        }
    }

    /// After a crash between commit and removal, and a start at which the
    /// source's mount is not there yet: its file will be back.
    #[tokio::test]
    async fn an_arrival_that_is_out_of_sight_is_not_forgotten() {
        let dir = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&dir.path().join("intake.db")).await.unwrap();
        let blobs = Arc::new(MemoryBlobs::default());
        let data_dir = dir.path().to_owned();
        let safe = Safe { store: Arc::new(store), blobs, data_dir, min_free_mib: 0 };
        let source = SourceConfig { settle_seconds: 0, ..Default::default() };
        let inbox = dir.path().join("inbox");
        std::fs::create_dir(&inbox).unwrap();
        std::fs::write(inbox.join("fax.tif"), b"pages").unwrap();
        // Committed, and killed before the removal.
        std::fs::hard_link(inbox.join("fax.tif"), dir.path().join("aside")).unwrap();
        let mut folder = Folder::new(source.clone(), inbox.clone());
        let gone_too_early = SkipsGone(safe.clone());
        let looked = look(&mut folder, Duration::ZERO, &gone_too_early, &Notify::new()).await;
        assert!(looked.troubles.is_empty());
        // A start without the mount, and one with it.
        let (stop, stopping) = watch::channel(true);
        let folder = Folder::new(source.clone(), inbox.clone());
        super::watch(folder, safe.clone(), Arc::new(Notify::new()), stopping).await;
        drop(stop);
        std::fs::rename(dir.path().join("aside"), inbox.join("fax.tif")).unwrap();
        let mut folder = Folder::new(source, inbox.clone());
        look(&mut folder, Duration::ZERO, &safe, &Notify::new()).await;
        assert_eq!(std::fs::read_dir(&inbox).unwrap().count(), 0, "the file is removed at last");
        assert_eq!(safe.store.documents().await.unwrap().len(), 1, "and was admitted once");
    }

    /// Dies before it can say that a file is gone.
    struct SkipsGone(Safe);

    #[async_trait]
    impl Custody for SkipsGone {
        async fn keep(
            &self,
            bytes: Box<dyn Read + Send>,
            length: u64,
        ) -> Result<Kept, CustodyError> {
            self.0.keep(bytes, length).await
        }

        async fn admit(
            &self,
            documents: Vec<Received>,
            origin: Option<&Origin>,
        ) -> Result<(), CustodyError> {
            self.0.admit(documents, origin).await
        }

        async fn gone(&self, _: &Origin) -> Result<(), CustodyError> {
            Ok(())
        }
    }

    #[tokio::test]
    async fn a_file_that_cannot_be_taken_does_not_hold_up_the_others() {
        let dir = tempfile::tempdir().unwrap();
        let source = SourceConfig { settle_seconds: 0, ..Default::default() };
        let mut folder = Folder::new(source, dir.path().to_owned());
        // The oldest, so that it is always first.
        std::fs::write(dir.path().join("first"), b"bad").unwrap();
        let old = std::time::SystemTime::now() - Duration::from_secs(3600);
        let file = std::fs::File::options().write(true).open(dir.path().join("first")).unwrap();
        file.set_modified(old).unwrap();
        std::fs::write(dir.path().join("second"), b"good").unwrap();
        std::fs::write(dir.path().join("third"), b"good too").unwrap();

        let (custody, work) = (Picky::default(), Notify::new());
        let first = look(&mut folder, Duration::ZERO, &custody, &work).await;
        assert_eq!(first.troubles.len(), 1, "it is said");
        let second = look(&mut folder, Duration::from_secs(5), &custody, &work).await;
        assert_eq!((second.troubles.len(), second.aside), (0, 1));
        assert_eq!(*custody.0.lock().unwrap(), 2);
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1, "the bad one stays");
        let later = look(&mut folder, Duration::from_secs(60), &custody, &work).await;
        assert_eq!(later.troubles.len(), 1, "and is tried again");
    }
}
