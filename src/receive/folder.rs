//! Looking into a source folder.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs::Metadata;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::complete::looks_complete;
use super::config::SourceConfig;
use super::settle::{Look, Patience, Settling};
use super::take::open_plain;

/// A watched folder and the files in it that have not settled yet.
#[derive(Debug)]
pub struct Folder {
    source: SourceConfig,
    path: PathBuf,
    patience: Patience,
    watched: HashMap<PathBuf, Settling>,
    /// Files that could not be taken, and the age of the watch until which
    /// they are left.
    aside: HashMap<PathBuf, Duration>,
    left_alone: Vec<u64>,
}

/// What one look into a folder showed.
#[derive(Debug, Default)]
pub struct Scan {
    /// Settled files, oldest first. Bounded by [`MOST_AT_ONCE`].
    pub ready: Vec<Settled>,
    /// Files that may still be growing.
    pub settling: usize,
    /// Files that were set aside ([`Folder::set_aside`]).
    pub aside: usize,
    /// Inodes of entries seen for the first time that are no plain files
    /// (links, folders, devices): they are left alone, and said so once.
    pub refused: Vec<u64>,
}

/// A file that may be taken.
#[derive(Clone, Debug)]
pub struct Settled {
    pub(super) path: PathBuf,
    pub(super) look: Look,
}

/// Files handed on by one scan, so that ten thousand waiting at start cost
/// neither memory nor a long wait for the first.
pub const MOST_AT_ONCE: usize = 64;

/// For how long a file that could not be taken stands back, so that those
/// behind it have their turn. Long enough for thousands of them, short enough
/// that a mended permission is seen within a minute.
const SET_ASIDE: Duration = Duration::from_secs(60);

impl Folder {
    /// A watch over `source`, whose folder is `path`.
    pub fn new(source: SourceConfig, path: PathBuf) -> Self {
        let patience = Patience {
            settle: Duration::from_secs(source.settle_seconds),
            incomplete: Duration::from_secs(source.incomplete_seconds),
        };
        let (watched, aside) = (HashMap::new(), HashMap::new());
        Self { source, path, patience, watched, aside, left_alone: Vec::new() }
    }

    /// Its configuration.
    pub fn source(&self) -> &SourceConfig {
        &self.source
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// This file could not be taken: the others go before it for a while.
    pub fn set_aside(&mut self, settled: &Settled, now: Duration) {
        self.aside.insert(settled.path.clone(), now + SET_ASIDE);
    }

    /// Looks at every entry once. `now` is the age of the watch, from any
    /// steady clock.
    pub fn scan(&mut self, now: Duration) -> io::Result<Scan> {
        let mut scan = Scan::default();
        let mut seen = HashMap::with_capacity(self.watched.len());
        let mut refused = Vec::new();
        for entry in std::fs::read_dir(&self.path)? {
            let entry = entry?;
            if is_work_in_progress(&entry.file_name()) {
                continue;
            }
            // Of the entry itself, not of what a link points to.
            let metadata = match entry.metadata() {
                Ok(metadata) => metadata,
                Err(e) if e.kind() == io::ErrorKind::NotFound => continue,
                // A folder that may be listed but not entered would look
                // empty.
                Err(e) => return Err(e),
            };
            if !metadata.file_type().is_file() {
                refused.push(metadata.ino());
                continue;
            }
            let path = entry.path();
            let look = Look::of(&metadata);
            let mut settling =
                self.watched.remove(&path).unwrap_or_else(|| Settling::begin(look, now));
            let unchanged = settling.look_again(look, now);
            if self.aside.get(&path).is_some_and(|until| now < *until) {
                scan.aside += 1;
            } else if unchanged >= self.wait_for(&path, look, unchanged) {
                scan.ready.push(Settled { path: path.clone(), look });
            } else {
                scan.settling += 1;
            }
            seen.insert(path, settling);
        }
        self.aside.retain(|path, _| seen.contains_key(path));
        self.watched = seen;
        scan.refused =
            refused.iter().copied().filter(|inode| !self.left_alone.contains(inode)).collect();
        self.left_alone = refused;
        scan.ready.sort_by_key(|settled| settled.look.modified);
        scan.ready.truncate(MOST_AT_ONCE);
        Ok(scan)
    }

    fn wait_for(&self, path: &Path, look: Look, unchanged: Duration) -> Duration {
        if unchanged < self.patience.settle {
            return self.patience.settle;
        }
        let complete = open_plain(path).is_ok_and(|file| looks_complete(&file, look.size));
        if complete { self.patience.settle } else { self.patience.incomplete }
    }
}

impl Look {
    pub(super) fn of(metadata: &Metadata) -> Self {
        Self {
            size: metadata.size(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            inode: metadata.ino(),
        }
    }
}

/// Names by which programs mark a file that they will rename when it is
/// whole: `.x`, `x~`, `x.tmp`, `x.part`, `x.partial`, `x.filepart`.
fn is_work_in_progress(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    let extension = Path::new(name.as_ref()).extension().and_then(OsStr::to_str).unwrap_or("");
    name.starts_with('.')
        || name.ends_with('~')
        || ["tmp", "part", "partial", "filepart"].iter().any(|e| extension.eq_ignore_ascii_case(e))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(path: &Path) -> Folder {
        let source =
            SourceConfig { settle_seconds: 2, incomplete_seconds: 30, ..Default::default() };
        Folder::new(source, path.to_owned())
    }

    const fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn a_file_is_ready_once_it_has_not_changed_for_a_while() {
        let dir = tempfile::tempdir().unwrap();
        let mut folder = folder(dir.path());
        std::fs::write(dir.path().join("a"), b"one").unwrap();
        assert_eq!(folder.scan(at(0)).unwrap().ready.len(), 0);
        std::fs::write(dir.path().join("a"), b"one two").unwrap();
        assert_eq!(folder.scan(at(2)).unwrap().ready.len(), 0, "it has grown");
        assert_eq!(folder.scan(at(4)).unwrap().ready.len(), 1);
    }

    #[test]
    fn a_file_that_looks_cut_off_is_given_time_and_then_taken() {
        let dir = tempfile::tempdir().unwrap();
        let mut folder = folder(dir.path());
        std::fs::write(dir.path().join("a.pdf"), b"%PDF-1.4 and no end").unwrap();
        folder.scan(at(0)).unwrap();
        assert_eq!(folder.scan(at(10)).unwrap().ready.len(), 0);
        assert_eq!(folder.scan(at(30)).unwrap().ready.len(), 1);
    }

    #[test]
    fn a_file_set_aside_lets_the_others_pass_and_comes_back() {
        let dir = tempfile::tempdir().unwrap();
        let mut folder = folder(dir.path());
        for n in 0..=MOST_AT_ONCE {
            std::fs::write(dir.path().join(n.to_string()), b"x").unwrap();
        }
        folder.scan(at(0)).unwrap();
        let first = folder.scan(at(2)).unwrap().ready;
        assert_eq!(first.len(), MOST_AT_ONCE);
        for settled in &first {
            folder.set_aside(settled, at(2));
        }
        let second = folder.scan(at(3)).unwrap();
        assert_eq!((second.ready.len(), second.aside), (1, MOST_AT_ONCE));
        assert_eq!(folder.scan(at(62)).unwrap().ready.len(), MOST_AT_ONCE);
    }

    #[test]
    fn links_and_folders_are_refused_once_and_work_in_progress_waits() {
        let dir = tempfile::tempdir().unwrap();
        let mut folder = folder(dir.path());
        std::os::unix::fs::symlink("/etc/passwd", dir.path().join("link.tif")).unwrap();
        std::fs::create_dir(dir.path().join("folder")).unwrap();
        std::fs::write(dir.path().join("growing.tif.part"), b"x").unwrap();
        let first = folder.scan(at(0)).unwrap();
        assert_eq!((first.refused.len(), first.settling, first.ready.len()), (2, 0, 0));
        assert_eq!(folder.scan(at(60)).unwrap().refused.len(), 0, "said once");
    }
}
