//! The service: watchers, workers and the sender, on one data directory.

use std::fs::File;
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;

use super::custody::{BlobOriginals, Safe};
use super::journey::Journey;
use super::sender;
use super::watch::watch;
use super::worker::Workshop;
use crate::config::{Config, Knowledge};
use crate::deliver::{self, MailPlan};
use crate::directory::{Directory, DirectoryError};
use crate::reader::walls::Standing;
use crate::reader::{Jail, Pool, PoolConfig, ReaderError};
use crate::receive::Folder;
use crate::store::{Blobs, FolderBlobs, MemoryBlobs, SqliteStore, Store, StoreError};

/// Folders of the data directory that are always there.
const FOLDERS: [&str; 7] = ["inbox", "cases", "queues", "closed", "outbound", "mail", "blobs"];
/// How long a stop waits for the page that is being read.
const GRACE: Duration = Duration::from_secs(30);

/// Why the service cannot start.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// A folder or the lock file.
    #[error("{}: {error}", path.display())]
    Folder {
        /// Which.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// Another service has this data directory.
    #[error("another intake service is at work in {}", .0.display())]
    Busy(PathBuf),
    /// Database or blobs.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The mail settings.
    #[error("{0}")]
    MailSettings(String),
    /// The mailer.
    #[error(transparent)]
    Mail(#[from] deliver::MailError),
    /// The provider directory that was imported.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    /// A wall around readers is missing where all are required.
    #[error("{0}; nothing is read without it")]
    Jail(String),
    /// A part of the service ended by a fault of its own.
    #[error("a part of the service has ended by a fault; the service stops, to be started anew")]
    Fault,
}

/// Makes the data directory (0700) where it is missing, and opens what is in
/// it. For the service and for commands that work beside it.
pub async fn open(config: &Config) -> Result<Safe, ServiceError> {
    let data_dir = &config.service.data_dir;
    make_folder(data_dir)?;
    for name in FOLDERS {
        make_folder(&data_dir.join(name))?;
    }
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&data_dir.join("intake.db")).await?);
    let blobs: Arc<dyn Blobs> = Arc::new(FolderBlobs::open(&data_dir.join("blobs"))?);
    let min_free_mib = config.service.min_free_mib;
    Ok(Safe { store, blobs, data_dir: data_dir.clone(), min_free_mib })
}

/// What is in the data directory, if there is one yet. For commands that only
/// look: a misspelt directory should not come into being by being asked about.
pub async fn open_existing(config: &Config) -> Result<Option<Safe>, ServiceError> {
    if config.service.data_dir.join("intake.db").exists() {
        open(config).await.map(Some)
    } else {
        Ok(None)
    }
}

/// How readers are run under this configuration.
pub fn pool_config(config: &Config, knowledge: &Knowledge, program: PathBuf) -> PoolConfig {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    PoolConfig {
        program,
        count: if config.readers.count == 0 { cores } else { config.readers.count },
        patience: Duration::from_secs(config.readers.page_seconds),
        cpu: Duration::from_secs(config.readers.page_cpu_seconds),
        memory_mib: config.readers.memory_mib,
        replace_above_mib: config.readers.replace_above_mib,
        replace_after_pages: config.readers.replace_after_pages,
        jail: config.readers.jail,
        limits: config.limits.clone(),
        ocr: config.ocr.clone(),
        manifest: knowledge.ocr_manifest.clone(),
    }
}

/// Runs until `stop` turns true, then finishes what is being read.
/// `program` is this program, which readers are started from.
pub async fn run(
    config: &Config,
    knowledge: Arc<Knowledge>,
    program: PathBuf,
    stop: watch::Receiver<bool>,
) -> Result<(), ServiceError> {
    let safe = open(config).await?;
    let _lock = lock(&safe.data_dir)?;
    safe.store.void_leases().await?;
    let readers = pool_config(config, &knowledge, program);
    look_at_walls(readers.clone()).await?;
    let plan = mail_plan(config)?;
    let mailer = deliver::mailer(&plan, &safe.data_dir)?;
    let pool = Pool::new(readers, Arc::new(BlobOriginals(Arc::clone(&safe.blobs))));
    let workers = pool.size() + 1; // one more than readers: deciding needs none
    let zone = config.service.time_zone.zone();
    let directory = Directory::open(&safe.data_dir).await?;
    let workshop = Arc::new(Workshop {
        deciding: tokio::sync::Mutex::default(),
        journey: Journey { readers: Arc::new(pool), knowledge, zone, readings: None, directory },
        store: Arc::clone(&safe.store),
        blobs: Arc::clone(&safe.blobs),
        data_dir: safe.data_dir.clone(),
        lease: Duration::from_secs(config.service.lease_seconds.into()),
        retry: Duration::from_secs(config.service.retry_seconds.into()),
        work: Arc::new(Notify::new()),
        mail: Notify::new(),
    });
    let mut tasks = JoinSet::new();
    for source in config.sources() {
        let path = safe.data_dir.join(&source.path);
        make_folder(&path)?;
        let folder = Folder::new(source, path);
        let watching = watch(folder, safe.clone(), Arc::clone(&workshop.work), stop.clone());
        // On a thread of its own: a network mount that hangs blocks whoever
        // looks into it, and must not block the workers.
        tasks.spawn_blocking(move || Handle::current().block_on(watching));
    }
    for _ in 0..workers {
        tasks.spawn(Arc::clone(&workshop).run(stop.clone()));
    }
    tasks.spawn(sender::send(workshop, mailer, plan, stop.clone()));
    tracing::info!(data = %safe.data_dir.display(), workers, "ready");
    finish(tasks, stop).await
}

/// Puts up the walls around a reader that gets no file, and says which of them
/// this machine lacks.
async fn look_at_walls(config: PoolConfig) -> Result<(), ServiceError> {
    let required = config.jail == Jail::Require;
    match walls(config).await {
        Ok(walls) => {
            for gap in walls.iter().filter(|wall| !wall.holds) {
                let (name, mend) = (gap.wall.name(), gap.wall.mend());
                if required {
                    return Err(ServiceError::Jail(format!(
                        "readers.jail is \"require\", and a wall around readers is missing: {name}: {}",
                        gap.seen
                    )));
                }
                tracing::warn!(
                    code = "reader.wall_missing",
                    wall = name,
                    why = gap.seen,
                    mend,
                    "a wall around readers is missing; a hostile file has one obstacle less"
                );
            }
        }
        // Files are still received and safe; the workers say so each time.
        Err(e) => tracing::error!(code = "reader.broken", error = %e, "no reader can be started"),
    }
    Ok(())
}

/// How the walls around a reader stand, whatever the configuration wants.
pub async fn walls(config: PoolConfig) -> Result<Vec<Standing>, ReaderError> {
    let nothing = Arc::new(BlobOriginals(Arc::new(MemoryBlobs::default())));
    Pool::new(PoolConfig { jail: Jail::BestEffort, ..config }, nothing).walls().await
}

/// What the mail settings mean. They were checked when they were loaded; an
/// address changed since then only by code.
pub fn mail_plan(config: &Config) -> Result<MailPlan, ServiceError> {
    config.mail.compile().map_err(|problems| {
        let words: Vec<String> =
            problems.iter().map(|p| format!("{}: {}", p.key, p.message)).collect();
        ServiceError::MailSettings(words.join("; "))
    })
}

/// Waits for the stop, then for the tasks, but not for ever: what is cut off
/// is leased and will be done again. A task that ends before is not missed in
/// silence: whoever started the service is to start it anew.
async fn finish(
    mut tasks: JoinSet<()>,
    mut stop: watch::Receiver<bool>,
) -> Result<(), ServiceError> {
    while !*stop.borrow_and_update() {
        tokio::select! {
            changed = stop.changed() => if changed.is_err() { break },
            Some(_) = tasks.join_next() => {
                // Told to, and noticed before the stop was here.
                if *stop.borrow() {
                    break;
                }
                return Err(ServiceError::Fault);
            }
        }
    }
    tracing::info!("stopping; finishing what is being read");
    let all = async { while tasks.join_next().await.is_some() {} };
    if tokio::time::timeout(GRACE, all).await.is_err() {
        tracing::warn!(code = "service.grace", "some work was cut off and will be done again");
    }
    Ok(())
}

/// One service a data directory: leases would keep two from harm, but their
/// logs and limits would lie.
fn lock(data_dir: &Path) -> Result<File, ServiceError> {
    let path = data_dir.join("lock");
    let failed = |error| ServiceError::Folder { path: path.clone(), error };
    let file = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(&path)
        .map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(ServiceError::Busy(data_dir.to_owned())),
        Err(std::fs::TryLockError::Error(error)) => Err(failed(error)),
    }
}

fn make_folder(path: &Path) -> Result<(), ServiceError> {
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(|error| ServiceError::Folder { path: path.to_owned(), error })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_task_that_ends_before_the_stop_ends_the_service() {
        let (stop, stopping) = watch::channel(false);
        let mut tasks = JoinSet::new();
        tasks.spawn(std::future::pending());
        tasks.spawn(async {});
        assert!(matches!(finish(tasks, stopping.clone()).await, Err(ServiceError::Fault)));

        let mut tasks = JoinSet::new();
        let mut told = stopping.clone();
        tasks.spawn(async move { _ = told.changed().await });
        stop.send(true).unwrap();
        finish(tasks, stopping).await.unwrap();
    }
}
