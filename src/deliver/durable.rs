//! Files that survive a power cut, readable by the service alone.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

/// Owner only: these folders hold patient data.
const FOLDER_MODE: u32 = 0o700;
/// Owner only.
const FILE_MODE: u32 = 0o600;

/// Creates the folders of `path` below `base` that are not there yet, each
/// durable before the next.
pub fn create_folders(base: &Path, path: &Path) -> io::Result<()> {
    let mut folder = base.to_owned();
    for part in path.components() {
        let parent = folder.clone();
        folder.push(part);
        match DirBuilder::new().mode(FOLDER_MODE).create(&folder) {
            Ok(()) => sync_folder(&parent)?,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Writes a file that is not there yet; durable once its folder is synced.
pub fn write_new(path: &Path, content: &mut dyn Read) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(FILE_MODE).open(path)?;
    io::copy(content, &mut file)?;
    file.flush()?;
    file.sync_all()
}

/// Puts a file in place in one step, over whatever is there, and makes it
/// durable. A leftover of a crash is overwritten.
pub fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let staging = path.with_file_name(format!(".{}.part", name.to_string_lossy()));
    remove_file(&staging)?;
    write_new(&staging, &mut &*content)?;
    fs::rename(&staging, path)?;
    sync_folder(path.parent().ok_or(io::ErrorKind::InvalidInput)?)
}

/// Makes the names in a folder durable.
pub fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// Removes a file, if it is there.
pub fn remove_file(path: &Path) -> io::Result<()> {
    absent_is_fine(fs::remove_file(path))
}

/// Removes a folder with all it holds, if it is there.
pub fn remove_folder(path: &Path) -> io::Result<()> {
    absent_is_fine(fs::remove_dir_all(path))
}

fn absent_is_fine(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}
