//! The parent's side: as many readers as cores, started when first needed.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use rustix::process::Pid;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::{OnceCell, Semaphore, SemaphorePermit};

use super::check::{self, Wrong};
use super::cpu;
use super::end::{self, End};
use super::protocol::{self, Replied, Reply, Request};
use super::walls::{Standing, Wall};
use crate::assemble::{Cut, Summary};
use crate::decode::Limits;
use crate::decode::pages::Inventory;
use crate::recognize;
use crate::recognize::recognized::{RecognizedPage, Rotation};
use crate::vocab::{Answer, PageNumber, Question, Sha256Digest};

/// Binding goes over all pages in one request, which gets this long for each
/// on top: decoding and packing one takes a tenth of it.
const BIND_PATIENCE: Duration = Duration::from_secs(1);

/// Where readers get files from. The bytes are asked for only when the reader
/// at hand does not have the file open already.
#[async_trait]
pub trait Originals: Send + Sync {
    /// The bytes of this file.
    async fn bytes(&self, digest: Sha256Digest) -> Result<Vec<u8>, ReaderError>;
}

/// How readers are run.
#[derive(Clone, Debug)]
pub struct PoolConfig {
    /// This program.
    pub program: PathBuf,
    /// How many at once.
    pub count: usize,
    /// For one request; then the reader is killed.
    pub patience: Duration,
    /// Processor time for one request; then the reader is killed.
    pub cpu: Duration,
    /// Address space of each.
    pub memory_mib: u64,
    /// A reader that has grown beyond this much resident memory gets no more
    /// requests.
    pub replace_above_mib: u64,
    /// A reader that has read so many pages gets no more; 0 is no limit.
    pub replace_after_pages: u32,
    /// What is done where a wall cannot be put up.
    pub jail: Jail,
    /// What a file may cost.
    pub limits: Limits,
    /// Recognition.
    pub ocr: recognize::Config,
    /// `models/ocr/manifest.toml`.
    pub manifest: String,
}

/// What is done where the machine cannot put up one of the walls around
/// readers ([`walls`](super::walls)).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Jail {
    /// Go on behind those that stand, and say so at every start: an older
    /// kernel or a container may lack Landlock or forbid seccomp.
    #[default]
    BestEffort,
    /// Read nothing.
    Require,
}

/// Why a reader gave no result.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReaderError {
    /// The file or page is beyond reading. Trying again gives the same.
    #[error("{message}")]
    Unreadable {
        /// Stable: `pdf.password`.
        code: String,
        /// A sentence for a clerk.
        message: String,
    },
    /// The reader died.
    #[error("the reader process died")]
    Crashed,
    /// The reader took too long and was killed.
    #[error("the reader process took more than {0} s and was stopped")]
    TimedOut(u64),
    /// The bytes of the file could not be had.
    #[error("the original cannot be had: {0}")]
    Original(String),
    /// Readers cannot be started: nobody's page is at fault.
    #[error("readers cannot work: {0}")]
    Broken(String),
}

/// A page as read, with what it cost.
#[derive(Clone, Debug)]
pub struct PageReading {
    /// The reading.
    pub page: RecognizedPage,
    /// Bytes to pixels.
    pub decode_ms: u64,
    /// Pixels to words.
    pub recognize_ms: u64,
    /// Digest of the recognition models.
    pub models: Sha256Digest,
}

/// Readers at work and idle.
pub struct Pool {
    config: PoolConfig,
    originals: Arc<dyn Originals>,
    places: Semaphore,
    idle: Mutex<Vec<Reader>>,
    way: OnceCell<Option<Sha256Digest>>,
}

struct Reader {
    /// Dropping it kills the process.
    child: Child,
    input: ChildStdin,
    output: ChildStdout,
    models: Option<Sha256Digest>,
    walls: Vec<Standing>,
    open: Option<Sha256Digest>,
    /// As it said itself after the last request.
    resident_mib: u64,
    pages: u32,
}

impl Pool {
    /// Starts nothing yet.
    pub fn new(config: PoolConfig, originals: Arc<dyn Originals>) -> Self {
        let places = Semaphore::new(config.count.max(1));
        let (idle, way) = (Mutex::default(), OnceCell::new());
        Self { config, originals, places, idle, way }
    }

    /// How many requests can be worked on at once.
    pub fn size(&self) -> usize {
        self.config.count.max(1)
    }

    /// What a file may cost.
    pub fn limits(&self) -> &Limits {
        &self.config.limits
    }

    /// Requests being worked on now.
    pub fn running(&self) -> usize {
        self.size() - self.places.available_permits()
    }

    /// Opens a file: what it is and how many pages it has.
    pub async fn open(&self, file: Sha256Digest) -> Result<Inventory, ReaderError> {
        self.lease(Some(file)).await?.open(file).await
    }

    /// Reads one page.
    pub async fn read(
        &self,
        file: Sha256Digest,
        page: PageNumber,
    ) -> Result<PageReading, ReaderError> {
        let mut lease = self.lease(Some(file)).await?;
        match lease.ask_about(file, &Request::Read { page }).await? {
            (Reply::Page { page: read, decode_ms, recognize_ms }, _) => {
                lease.believe(check::page(&read, page, &self.config.limits))?;
                lease.count_page();
                let models = lease.models()?;
                Ok(PageReading { page: *read, decode_ms, recognize_ms, models })
            }
            (reply, _) => Err(lease.unexpected(reply)),
        }
    }

    /// Looks at regions of one page again.
    pub async fn answer(
        &self,
        file: Sha256Digest,
        page: PageNumber,
        rotation: Rotation,
        questions: Vec<Question>,
    ) -> Result<Vec<Answer>, ReaderError> {
        let request = Request::Answer { page, rotation, questions: questions.clone() };
        let mut lease = self.lease(Some(file)).await?;
        match lease.ask_about(file, &request).await? {
            (Reply::Answers(answers), _) => lease.believe(check::answers(answers, &questions)),
            (reply, _) => Err(lease.unexpected(reply)),
        }
    }

    /// Binds a packet: the summary, and the pages of `file` if there is one; all
    /// of them, or those of `cut`.
    pub async fn bind(
        &self,
        file: Option<Sha256Digest>,
        cut: Option<Cut>,
        summary: Summary,
        pages: Vec<RecognizedPage>,
    ) -> Result<Vec<u8>, ReaderError> {
        let of_pages = BIND_PATIENCE * u32::try_from(pages.len()).unwrap_or(u32::MAX);
        let request = Request::Bind { summary: Box::new(summary), pages, cut };
        let mut lease = self.lease(file).await?;
        lease.patience += of_pages;
        lease.cpu += of_pages;
        let reply = match file {
            Some(file) => lease.ask_about(file, &request).await?,
            None => lease.ask(&request, &[]).await?,
        };
        match reply {
            (Reply::Packet, packet) => {
                lease.believe(check::packet(&packet))?;
                Ok(packet)
            }
            (reply, _) => Err(lease.unexpected(reply)),
        }
    }

    /// How pages are read here, as a digest: the same bytes, read the same way,
    /// are read the same. `None` where the program cannot be read any more.
    pub async fn way(&self) -> Option<Sha256Digest> {
        let PoolConfig { program, limits, ocr, manifest, .. } = &self.config;
        let settings = serde_json::to_vec(&(limits, ocr, manifest)).ok()?;
        let of_program = || async {
            let program = program.clone();
            let digest = move || digest_of_way(&program, &settings).ok();
            tokio::task::spawn_blocking(digest).await.ok().flatten()
        };
        *self.way.get_or_init(of_program).await
    }

    /// The digest of the recognition models, from a reader that loaded them.
    pub async fn models(&self) -> Result<Sha256Digest, ReaderError> {
        self.lease(None).await?.models()
    }

    /// The walls around a reader that was put to work.
    pub async fn walls(&self) -> Result<Vec<Standing>, ReaderError> {
        let lease = self.lease(None).await?;
        Ok(lease.reader.as_ref().map(|reader| reader.walls.clone()).unwrap_or_default())
    }

    /// Waits for a place, then for an idle reader, best one that has the file
    /// open; or a new one. Without a file, one that has none open.
    async fn lease(&self, file: Option<Sha256Digest>) -> Result<Lease<'_>, ReaderError> {
        let place =
            self.places.acquire().await.map_err(|_| ReaderError::Broken("shut down".into()))?;
        let idle = {
            let mut idle = self.idle();
            let fits = idle.iter().position(|reader| reader.open == file);
            match (fits, file) {
                (Some(place), _) => Some(idle.swap_remove(place)),
                (None, Some(_)) => idle.pop(),
                (None, None) => None,
            }
        };
        let PoolConfig { patience, cpu, .. } = self.config;
        let mut lease = Lease { pool: self, reader: None, patience, cpu, _place: place };
        match idle {
            Some(reader) => lease.reader = Some(reader),
            None => lease.start().await?,
        }
        Ok(lease)
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Reader>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A reader at work. Dropped, it goes back to the idle ones.
struct Lease<'p> {
    pool: &'p Pool,
    /// `None` while it owes a reply, so that a reader that died, hangs, or
    /// whose caller gave up is never used again: dropping it kills it.
    reader: Option<Reader>,
    /// For the next request.
    patience: Duration,
    /// For the next request.
    cpu: Duration,
    _place: SemaphorePermit<'p>,
}

impl Lease<'_> {
    async fn start(&mut self) -> Result<(), ReaderError> {
        let config = &self.pool.config;
        let broken = |e: io::Error| ReaderError::Broken(e.to_string());
        let mut child = Command::new(&config.program)
            .arg("reader")
            .arg(config.memory_mib.to_string())
            .env_clear()
            .env("OMP_THREAD_LIMIT", "1")
            .env("RTEN_NUM_THREADS", "1")
            .envs(std::env::var_os("TESSDATA_PREFIX").map(|folder| ("TESSDATA_PREFIX", folder)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // The C libraries write about pages to it; logs must not.
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(broken)?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let (input, output) = pipes.ok_or_else(|| ReaderError::Broken("no pipes".into()))?;
        self.reader = Some(Reader {
            child,
            input,
            output,
            models: None,
            walls: Vec::new(),
            open: None,
            resident_mib: 0,
            pages: 0,
        });
        let start = Request::Start {
            limits: config.limits.clone(),
            ocr: config.ocr.clone(),
            manifest: config.manifest.clone(),
        };
        match (self.ask(&start, &[]).await, &mut self.reader) {
            (Ok((Reply::Ready { models, mut walls }, _)), Some(reader)) => {
                walls.push(limit_cpu(&reader.child, config.cpu));
                if config.jail == Jail::Require
                    && let Some(gap) = missing(&walls)
                {
                    self.reader = None;
                    return Err(ReaderError::Broken(gap));
                }
                reader.models = Some(models);
                reader.walls = walls;
                Ok(())
            }
            // No file was involved yet, so none is to blame.
            (Ok((Reply::Failed { message }, _)), _) => {
                self.reader = None;
                Err(ReaderError::Broken(message))
            }
            (Ok(_), _) => {
                self.reader = None;
                Err(ReaderError::Broken("a reader replied out of turn".into()))
            }
            (Err(e), _) => Err(ReaderError::Broken(format!("while it loaded its models, {e}"))),
        }
    }

    fn models(&self) -> Result<Sha256Digest, ReaderError> {
        let models = self.reader.as_ref().and_then(|reader| reader.models);
        models.ok_or_else(|| ReaderError::Broken("a reader has no models".into()))
    }

    async fn ask_about(
        &mut self,
        file: Sha256Digest,
        request: &Request,
    ) -> Result<(Reply, Vec<u8>), ReaderError> {
        if self.reader.as_ref().is_none_or(|reader| reader.open != Some(file)) {
            self.open(file).await?;
        }
        self.ask(request, &[]).await
    }

    async fn open(&mut self, file: Sha256Digest) -> Result<Inventory, ReaderError> {
        let bytes = self.pool.originals.bytes(file).await?;
        let reply = self.ask(&Request::Open, &bytes).await?;
        let Some(reader) = &mut self.reader else { return Err(ReaderError::Crashed) };
        reader.open = None;
        match reply {
            (Reply::Opened(inventory), _) => {
                // Work is made of the number of pages.
                self.believe(check::inventory(&inventory, &self.pool.config.limits))?;
                if let Some(reader) = &mut self.reader {
                    reader.open = Some(file);
                }
                Ok(inventory)
            }
            (reply, _) => Err(self.unexpected(reply)),
        }
    }

    /// A reply that is no result. A reader that talks out of turn has been
    /// broken by its file, as one that died has, and is never used again. So
    /// has one that says it cannot work: its file may have told it to, and a
    /// document that says so for ever would be tried for ever.
    fn unexpected(&mut self, reply: Reply) -> ReaderError {
        match reply {
            Reply::Unreadable { code, message } => {
                match self.believe(check::unreadable(&code, &message)) {
                    Ok(()) => ReaderError::Unreadable { code, message },
                    Err(e) => e,
                }
            }
            Reply::Ready { .. }
            | Reply::Opened(_)
            | Reply::Page { .. }
            | Reply::Answers(_)
            | Reply::Failed { .. }
            | Reply::Packet => self.distrust(Wrong::OutOfTurn),
        }
    }

    fn believe<T>(&mut self, checked: Result<T, Wrong>) -> Result<T, ReaderError> {
        checked.map_err(|wrong| self.distrust(wrong))
    }

    /// Dropping the reader kills it.
    fn distrust(&mut self, wrong: Wrong) -> ReaderError {
        tracing::warn!(code = "reader.distrusted", why = %wrong,
            "a reader's reply cannot be; it is replaced");
        self.reader = None;
        ReaderError::Crashed
    }

    fn count_page(&mut self) {
        if let Some(reader) = &mut self.reader {
            reader.pages = reader.pages.saturating_add(1);
        }
    }

    async fn ask(
        &mut self,
        request: &Request,
        payload: &[u8],
    ) -> Result<(Reply, Vec<u8>), ReaderError> {
        let mut reader = self.reader.take().ok_or(ReaderError::Crashed)?;
        // Where it cannot be limited, a wall is missing, which was said when
        // the reader was started; patience still ends.
        limit_cpu(&reader.child, self.cpu);
        let patience = self.patience;
        let exchange = async {
            protocol::send(&mut reader.input, request, payload).await?;
            protocol::receive::<Replied>(&mut reader.output, request.reply_most()).await
        };
        match tokio::time::timeout(patience, exchange).await {
            Ok(Ok((Replied { reply, resident_mib }, payload))) => {
                reader.resident_mib = resident_mib;
                self.reader = Some(reader);
                Ok((reply, payload))
            }
            Ok(Err(_)) => Err(match end::of(&mut reader.child).await {
                End::OutOfCpu => ReaderError::TimedOut(self.cpu.as_secs()),
                End::Other => ReaderError::Crashed,
            }),
            Err(_) => Err(ReaderError::TimedOut(patience.as_secs())),
        }
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        if let Some(reader) = self.reader.take() {
            let PoolConfig { replace_above_mib, replace_after_pages, .. } = self.pool.config;
            let worn = replace_after_pages > 0 && reader.pages >= replace_after_pages;
            if worn || reader.resident_mib > replace_above_mib {
                tracing::debug!(
                    pages = reader.pages,
                    mib = reader.resident_mib,
                    "a reader has done its work and is replaced"
                );
                return;
            }
            let mut idle = self.pool.idle();
            // One taken without a file may make one more than there are
            // places; the surplus one is dropped.
            if idle.len() < self.pool.size() {
                idle.push(reader);
            }
        }
    }
}

/// Allows a reader so much more processor time.
fn limit_cpu(child: &Child, budget: Duration) -> Standing {
    let process = child.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?));
    let outcome = match process.map(|process| cpu::allow(process, budget)) {
        Some(Ok(())) => Ok(format!("{} s for a page", budget.as_secs())),
        Some(Err(e)) => Err(format!("it could not be limited: {e}")),
        None => Err("the reader is gone".to_owned()),
    };
    Standing::new(Wall::Processor, outcome)
}

/// The settings' manifest names the models, and readers refuse others; of the
/// program's own steps nothing tells more surely than its bytes.
fn digest_of_way(program: &Path, settings: &[u8]) -> io::Result<Sha256Digest> {
    let mut program = std::fs::File::open(program)?;
    let mut hash = Sha256::new();
    let mut part = vec![0; 1 << 16];
    loop {
        match program.read(&mut part)? {
            0 => break,
            read => hash.update(&part[..read]),
        }
    }
    hash.update(settings);
    Ok(Sha256Digest::from_bytes(hash.finalize().into()))
}

/// The first wall that does not stand, in words.
fn missing(walls: &[Standing]) -> Option<String> {
    Wall::ALL.into_iter().find_map(|wall| match walls.iter().find(|s| s.wall == wall) {
        Some(Standing { holds: true, .. }) => None,
        Some(Standing { seen, .. }) => Some(format!(
            "a wall is missing, and readers.jail is \"require\": {}: {seen}",
            wall.name()
        )),
        None => Some(format!("a reader says nothing of a wall: {}", wall.name())),
    })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    struct Bytes;

    #[async_trait]
    impl Originals for Bytes {
        async fn bytes(&self, _: Sha256Digest) -> Result<Vec<u8>, ReaderError> {
            Ok(b"a fax".to_vec())
        }
    }

    /// A frame as a reader sends it, as an argument of `printf`.
    fn frame(reply: &Replied) -> String {
        let mut bytes = Vec::new();
        protocol::write(&mut bytes, reply, &[]).unwrap();
        bytes.iter().map(|byte| format!("\\{byte:03o}")).collect()
    }

    /// A pool whose readers are a script that says these things, whatever it is
    /// asked, and leaves a mark each time it is started.
    fn scripted(dir: &std::path::Path, says: Vec<Reply>, then: &str) -> Pool {
        let mut script = format!("#!/bin/sh\necho x >> '{}/started'\n", dir.display());
        for reply in says {
            let replied = Replied { reply, resident_mib: 70 };
            script += &format!("printf '{}'\n", frame(&replied));
        }
        let program = dir.join("reader.sh");
        std::fs::write(&program, script + then + "\n").unwrap();
        std::fs::set_permissions(&program, PermissionsExt::from_mode(0o700)).unwrap();
        let config = PoolConfig {
            program,
            count: 1,
            patience: Duration::from_secs(2),
            cpu: Duration::from_secs(2),
            memory_mib: 512,
            replace_above_mib: 512,
            replace_after_pages: 0,
            jail: Jail::BestEffort,
            limits: Limits::default(),
            ocr: recognize::Config::default(),
            manifest: String::new(),
        };
        Pool::new(config, Arc::new(Bytes))
    }

    fn started(dir: &std::path::Path) -> usize {
        std::fs::read_to_string(dir.join("started")).unwrap().lines().count()
    }

    fn opened(pages: u32) -> Reply {
        let media_type = crate::decode::pages::MediaType::Tiff;
        Reply::Opened(Inventory { media_type, pages, notes: Vec::new() })
    }

    fn ready(models: Sha256Digest) -> Reply {
        Reply::Ready { models, walls: Vec::new() }
    }

    const FOREVER: &str = "exec cat > /dev/null";

    #[tokio::test]
    async fn a_reader_that_talks_out_of_turn_counts_as_dead_and_is_not_used_again() {
        let dir = tempfile::tempdir().unwrap();
        let file = Sha256Digest::of(b"a fax");
        let ready = ready(file);
        let pool = scripted(dir.path(), vec![ready, opened(1), Reply::Packet], FOREVER);
        let read = pool.read(file, PageNumber::FIRST).await;
        assert_eq!(read.unwrap_err(), ReaderError::Crashed);
        assert_eq!(pool.open(file).await.unwrap().pages, 1);
        assert_eq!(started(dir.path()), 2);
    }

    #[tokio::test]
    async fn more_pages_than_can_be_are_not_believed() {
        let dir = tempfile::tempdir().unwrap();
        let file = Sha256Digest::of(b"a fax");
        let ready = ready(file);
        let pool = scripted(dir.path(), vec![ready, opened(u32::MAX)], FOREVER);
        assert_eq!(pool.open(file).await.unwrap_err(), ReaderError::Crashed);
    }

    #[tokio::test]
    async fn a_reader_that_says_it_cannot_work_after_it_had_a_file_is_not_believed() {
        let dir = tempfile::tempdir().unwrap();
        let file = Sha256Digest::of(b"a fax");
        let failed = Reply::Failed { message: "no disk".into() };
        let pool = scripted(dir.path(), vec![ready(file), failed], FOREVER);
        assert_eq!(pool.open(file).await.unwrap_err(), ReaderError::Crashed);
    }

    #[tokio::test]
    async fn a_reader_that_has_grown_or_read_its_share_is_replaced() {
        let file = Sha256Digest::of(b"a fax");
        for (above, after, kept) in [(512, 0, 1), (69, 0, 0), (512, 1, 0), (512, 2, 1)] {
            let dir = tempfile::tempdir().unwrap();
            let page = RecognizedPage::unreadable(PageNumber::FIRST, "page.test", "By hand.");
            let read = Reply::Page { page: Box::new(page), decode_ms: 1, recognize_ms: 1 };
            let mut pool = scripted(dir.path(), vec![ready(file), opened(1), read], FOREVER);
            pool.config.replace_above_mib = above;
            pool.config.replace_after_pages = after;
            pool.read(file, PageNumber::FIRST).await.unwrap();
            assert_eq!(pool.idle().len(), kept, "{above} {after}");
        }
    }

    #[tokio::test]
    async fn without_its_walls_a_reader_gets_no_file_where_they_are_required() {
        let dir = tempfile::tempdir().unwrap();
        let file = Sha256Digest::of(b"a fax");
        let mut pool = scripted(dir.path(), vec![ready(file), opened(1)], FOREVER);
        pool.config.jail = Jail::Require;
        assert!(matches!(pool.open(file).await, Err(ReaderError::Broken(_))));
    }

    #[tokio::test]
    async fn a_reader_that_hangs_before_it_has_a_file_is_no_fault_of_the_file() {
        let dir = tempfile::tempdir().unwrap();
        let file = Sha256Digest::of(b"a fax");
        for then in [FOREVER, "exit 1"] {
            let pool = scripted(dir.path(), Vec::new(), then);
            assert!(matches!(pool.open(file).await, Err(ReaderError::Broken(_))), "{then}");
        }
    }
}
