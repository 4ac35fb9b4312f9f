//! Watching one source folder.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::{Notify, mpsc, watch};

use super::custody::Safe;
use super::references;
use crate::receive::{Folder, Origin, Scan, Taken, still_there, take};

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
    forget_what_is_gone(&folder, &safe).await;
    let (sender, mut events) = mpsc::channel::<()>(1);
    // Held for as long as the folder is watched.
    let _watcher = watcher(folder.path(), sender);
    let began = Instant::now();
    let mut trouble = None;
    while !*stop.borrow() {
        let looked = look(&mut folder, began.elapsed(), &safe, &work).await;
        let wait = match &looked {
            Ok(scan) if scan.settling > 0 || !scan.ready.is_empty() => SETTLING_LOOK,
            _ => Duration::from_secs(folder.source().scan_seconds),
        };
        say_once(&folder, &mut trouble, looked.err());
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

/// One look: takes what has settled.
async fn look(
    folder: &mut Folder,
    now: Duration,
    safe: &Safe,
    work: &Notify,
) -> Result<Scan, String> {
    let scan = folder.scan(now).map_err(|e| format!("the folder cannot be read: {e}"))?;
    let source = folder.source().clone();
    for inode in &scan.refused {
        tracing::warn!(
            code = "source.not_a_file",
            source = source.id,
            inode,
            "an entry is no plain file and is left alone; find it with find -inum"
        );
    }
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
            Err(e) => return Err(e.to_string()),
        }
    }
    Ok(scan)
}

/// Trouble that lasts is said when it begins and when it ends, not at every
/// scan.
fn say_once(folder: &Folder, before: &mut Option<String>, now: Option<String>) {
    let source = &folder.source().id;
    match (&before, &now) {
        (Some(_), None) => tracing::info!(source, "the source works again"),
        (old, Some(why)) if old.as_ref() != Some(why) => {
            tracing::error!(code = "source.paused", source, why, "nothing can be taken in");
        }
        _ => {}
    }
    *before = now;
}

/// A crash between the removal of a file and its row being told leaves an
/// arrival behind; a later file must not be taken for it.
async fn forget_what_is_gone(folder: &Folder, safe: &Safe) {
    let source = &folder.source().id;
    let arrivals = match safe.store.open_arrivals(source).await {
        Ok(arrivals) => arrivals,
        Err(e) => {
            tracing::error!(code = "store.unavailable", source, error = %e, "arrivals not checked");
            return;
        }
    };
    for arrival in arrivals {
        let origin = Origin {
            source: arrival.source.clone(),
            identity: arrival.identity.clone(),
            sha256: arrival.sha256,
        };
        if !still_there(&origin)
            && let Err(e) = safe.store.forget_arrival(&arrival).await
        {
            tracing::error!(code = "store.unavailable", source, error = %e, "arrival not forgotten");
        }
    }
}
