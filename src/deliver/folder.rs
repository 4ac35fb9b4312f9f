//! A document's folder: `packet.pdf`, `manifest.json`, `original.<ext>`, put
//! in place complete or not at all.
//!
//! The three files are written and fsynced in a staging folder beside the
//! target, which is then renamed; whoever sees the target sees all of it. A
//! document of a case lies under `cases/`; the queue it waits in lists it by a
//! small file, so that the queue's folder is the queue.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rustix::fs::{CWD, RenameFlags, renameat_with};
use serde::Serialize;

use super::receipt::Receipt;
use super::{Failure, durable};
use crate::assemble::packet::Packet;
use crate::decide::disposition::{Lane, Queue};
use crate::decode::pages::MediaType;
use crate::vocab::{CaseRef, DocumentRef};

/// Where a document's folder stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// `cases/<case>/<document>/`.
    Case {
        /// Which.
        case: CaseRef,
        /// The queue that lists it, if it waits for somebody.
        queue: Option<Queue>,
    },
    /// `queues/<queue>/<document>/`: it belongs to no case (yet).
    Queue(Queue),
    /// `set_aside/<document>/`: it waits for nobody and belongs to no case. What
    /// went on as its parts, and what was sent again, is still there to be
    /// looked at.
    SetAside,
    /// `closed/<document>/`: a person closed it, and it belongs to no case.
    Closed,
}

impl Destination {
    /// Of `document`'s folder, relative to the data directory.
    pub fn path(&self, document: &DocumentRef) -> PathBuf {
        self.parent().join(document.as_str())
    }

    fn parent(&self) -> PathBuf {
        match self {
            Self::Case { case, .. } => Path::new("cases").join(case.as_str()),
            Self::Queue(queue) => queue_folder(*queue),
            Self::SetAside => PathBuf::from("set_aside"),
            Self::Closed => PathBuf::from("closed"),
        }
    }

    /// Of the file by which a queue lists `document`, if one does.
    fn listing(&self, document: &DocumentRef) -> Option<(Queue, PathBuf)> {
        match self {
            Self::Case { queue: Some(queue), .. } => {
                Some((*queue, queue_folder(*queue).join(format!("{document}.json"))))
            }
            Self::Case { queue: None, .. } | Self::Queue(_) | Self::SetAside | Self::Closed => None,
        }
    }
}

fn queue_folder(queue: Queue) -> PathBuf {
    Path::new("queues").join(queue.as_str())
}

/// A document, ready to be put into its folder.
#[derive(Clone, Copy, Debug)]
pub struct Delivery<'a> {
    /// Its reference.
    pub document: &'a DocumentRef,
    /// Where it goes.
    pub destination: &'a Destination,
    /// Shown where a queue lists it.
    pub lane: Lane,
    /// What was made of it.
    pub packet: &'a Packet,
    /// The original's bytes. A copy, never a link to the blob: what is done to
    /// the copy must not reach the original. `None` where it is lost or too
    /// large: the rest is delivered all the same.
    pub original: Option<&'a [u8]>,
    /// Gives `original.<ext>` its extension.
    pub media_type: MediaType,
}

/// Why a folder does not stand. The paths involved are opaque references.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// No room. The pipeline pauses intake and says so.
    #[error("no room left to {doing}")]
    DiskFull {
        /// What was being done.
        doing: &'static str,
    },
    /// Anything else the file system says.
    #[error("could not {doing}")]
    Io {
        /// What was being done.
        doing: &'static str,
        /// What it said.
        #[source]
        source: io::Error,
    },
}

impl FolderError {
    /// Whether trying again may help. Permissions and mounts are mended by
    /// operators while we wait, so everything may.
    pub fn failure(&self) -> Failure {
        match self {
            Self::DiskFull { .. } | Self::Io { .. } => Failure::Transient,
        }
    }
}

fn doing(doing: &'static str) -> impl Fn(io::Error) -> FolderError {
    move |source| match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            FolderError::DiskFull { doing }
        }
        _ => FolderError::Io { doing, source },
    }
}

/// Puts a document into its folder and onto its queue's list, durably. Safe to
/// run again at any time: what already stands is left alone, what differs
/// (after a correction) is exchanged in one step, leftovers are removed.
///
/// Blocking.
pub fn place(data: &Path, delivery: &Delivery<'_>, now: Timestamp) -> Result<Receipt, FolderError> {
    let parent = delivery.destination.parent();
    durable::create_folders(data, &parent).map_err(doing("create the folder"))?;
    let path = delivery.destination.path(delivery.document);
    let (target, staging) = (data.join(&path), staging(&data.join(&parent), delivery.document));
    durable::remove_folder(&staging).map_err(doing("remove what a crash left"))?;
    let manifest = manifest_bytes(delivery);
    if !stands(&target, delivery, &manifest).map_err(doing("look at the folder"))? {
        fill(&staging, delivery, &manifest)?;
        exchange(&staging, &target).map_err(doing("put the folder in place"))?;
        durable::remove_folder(&staging).map_err(doing("remove the folder that was replaced"))?;
    }
    // Also when it stood: the crash may have come before this line.
    durable::sync_folder(&data.join(&parent)).map_err(doing("make the folder durable"))?;
    list(data, delivery, &path)?;
    Ok(Receipt::Folder { path, at: now })
}

/// Takes a document away from where it stood before, now that it stands at
/// `place`: folders and lines in queues' lists that are not those of its new
/// place. The blob stays.
///
/// Blocking. Safe to run again.
pub fn leave(
    data: &Path,
    document: &DocumentRef,
    earlier: &[Destination],
    place: &Destination,
) -> Result<(), FolderError> {
    let listed = place.listing(document);
    for left in earlier {
        if let Some((_, listing)) =
            left.listing(document).filter(|one| listed.as_ref() != Some(one))
        {
            durable::remove_file(&data.join(listing)).map_err(doing("take it off the list"))?;
        }
        if left.path(document) != place.path(document) {
            let parent = data.join(left.parent());
            vacate(&parent, document)?;
            if let Destination::Case { .. } = left {
                // With documents in it, or gone: both are as they should be.
                let _ = fs::remove_dir(&parent);
            }
        }
    }
    Ok(())
}

/// Whoever looks sees the whole folder or none: it is put aside by one rename
/// before it is emptied.
fn vacate(parent: &Path, document: &DocumentRef) -> Result<(), FolderError> {
    let (target, aside) = (parent.join(document.as_str()), staging(parent, document));
    durable::remove_folder(&aside).map_err(doing("remove what a crash left"))?;
    match fs::rename(&target, &aside) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        other => other.map_err(doing("take the folder away"))?,
    }
    durable::remove_folder(&aside).map_err(doing("remove the folder"))
}

fn staging(parent: &Path, document: &DocumentRef) -> PathBuf {
    parent.join(format!(".{document}.part"))
}

fn manifest_bytes(delivery: &Delivery<'_>) -> Vec<u8> {
    // Alternate form: indented, as people open it too.
    format!("{:#}\n", delivery.packet.manifest.expose()).into_bytes()
}

fn original_name(delivery: &Delivery<'_>) -> String {
    format!("original.{}", delivery.media_type.extension())
}

/// Whether the folder is there and says what it should.
fn stands(target: &Path, delivery: &Delivery<'_>, manifest: &[u8]) -> io::Result<bool> {
    let holds = |name: &str, content: &[u8]| match fs::read(target.join(name)) {
        Ok(found) => Ok(found == content),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    };
    let original = delivery.original.map(|bytes| holds(&original_name(delivery), bytes));
    Ok(original.unwrap_or(Ok(true))?
        && holds("manifest.json", manifest)?
        && holds("packet.pdf", delivery.packet.pdf.expose())?)
}

fn fill(staging: &Path, delivery: &Delivery<'_>, manifest: &[u8]) -> Result<(), FolderError> {
    let (parent, name) = (staging.parent(), staging.file_name());
    if let (Some(parent), Some(name)) = (parent, name) {
        durable::create_folders(parent, Path::new(name)).map_err(doing("create the folder"))?;
    }
    let pdf = delivery.packet.pdf.expose();
    durable::write_new(&staging.join("packet.pdf"), &mut pdf.as_slice())
        .map_err(doing("write the packet"))?;
    durable::write_new(&staging.join("manifest.json"), &mut &*manifest)
        .map_err(doing("write the manifest"))?;
    if let Some(mut original) = delivery.original {
        durable::write_new(&staging.join(original_name(delivery)), &mut original)
            .map_err(doing("copy the original"))?;
    }
    durable::sync_folder(staging).map_err(doing("make the files durable"))
}

/// Renames `staging` to `target`. If `target` is there the two change places,
/// so that at no time neither stands.
fn exchange(staging: &Path, target: &Path) -> io::Result<()> {
    if fs::symlink_metadata(target).is_err() {
        return fs::rename(staging, target);
    }
    match renameat_with(CWD, staging, CWD, target, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(()),
        // A file system that cannot (NFS): a moment without, and a crash in it
        // is mended by the next run.
        Err(_) => {
            fs::remove_dir_all(target)?;
            fs::rename(staging, target)
        }
    }
}

/// A line in a queue's list; holds no patient data.
#[derive(Serialize)]
struct Listing<'a> {
    reference: &'a str,
    case: Option<&'a str>,
    path: String,
    lane: Lane,
    queue: Queue,
}

fn list(data: &Path, delivery: &Delivery<'_>, path: &Path) -> Result<(), FolderError> {
    let Some((queue, file)) = delivery.destination.listing(delivery.document) else {
        return Ok(());
    };
    let case = match delivery.destination {
        Destination::Case { case, .. } => Some(case.as_str()),
        Destination::Queue(_) | Destination::SetAside | Destination::Closed => None,
    };
    let listing = Listing {
        reference: delivery.document.as_str(),
        case,
        path: path.display().to_string(),
        lane: delivery.lane,
        queue,
    };
    let text = serde_json::to_string_pretty(&listing).map_err(io::Error::from);
    durable::create_folders(data, &queue_folder(queue)).map_err(doing("create the queue"))?;
    text.and_then(|text| durable::replace(&data.join(file), (text + "\n").as_bytes()))
        .map_err(doing("list it in its queue"))
}

#[cfg(test)]
mod tests;
