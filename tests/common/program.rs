//! The real program, as a user runs it.

use std::fs;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// Longer than any step takes on a busy machine with two cores.
const PATIENCE: Duration = Duration::from_secs(300);

/// `intake` with a data directory of its own.
pub struct Intake {
    pub data: PathBuf,
    program: PathBuf,
    _dir: tempfile::TempDir,
}

impl Intake {
    pub fn new() -> Self {
        Self::of(env!("CARGO_BIN_EXE_intake").into())
    }

    /// With another program in place of `intake`.
    pub fn of(program: PathBuf) -> Self {
        let dir = tempfile::tempdir().unwrap();
        // The samples were drawn for this day.
        let config = "[[source]]\nreceived_at = \"2026-03-09T15:00:00Z\"\n";
        fs::write(dir.path().join("intake.toml"), config).unwrap();
        Self { data: dir.path().join("data"), program, _dir: dir }
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(args)
            .env("INTAKE__SERVICE__DATA_DIR", &self.data)
            // Its own intake.toml, not a developer's.
            .current_dir(self._dir.path());
        command
    }

    pub fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    pub fn status(&self) -> Value {
        json(&self.run(&["status", "--json"]).stdout)
    }

    /// Starts the service; its log is kept.
    pub fn serve(&self) -> Service {
        let mut child = self
            .command(&["serve"])
            .env("INTAKE__SERVICE__LOG", "debug")
            .env("INTAKE__SERVICE__LEASE_SECONDS", "10")
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut pipe = child.stderr.take().unwrap();
        let log = std::thread::spawn(move || {
            let mut log = String::new();
            pipe.read_to_string(&mut log).unwrap();
            log
        });
        Service { child, log: Some(log) }
    }

    /// As a well-behaved fax server does.
    pub fn drop_in(&self, file: &Path) {
        self.drop_in_as(file, file.file_name().unwrap().to_str().unwrap());
    }

    pub fn drop_in_as(&self, file: &Path, name: &str) {
        let inbox = self.data.join("inbox");
        wait_until("the inbox is there", || inbox.is_dir());
        fs::copy(file, inbox.join(format!("{name}.part"))).unwrap();
        fs::rename(inbox.join(format!("{name}.part")), inbox.join(name)).unwrap();
    }

    /// Manifests of all delivered documents.
    pub fn manifests(&self) -> Vec<(PathBuf, Value)> {
        let mut found = Vec::new();
        for file in files(&self.data) {
            // Dot folders are being filled.
            let inside = file.strip_prefix(&self.data).unwrap().to_string_lossy().into_owned();
            if file.ends_with("manifest.json") && !inside.contains("/.") {
                // A folder may be exchanged while we look.
                if let Ok(text) = fs::read(&file) {
                    found.push((file.parent().unwrap().to_owned(), json(&text)));
                }
            }
        }
        found
    }

    /// Waits until this many documents lie in their folders and nothing is
    /// left to do.
    pub fn wait_for(&self, documents: usize) -> Vec<(PathBuf, Value)> {
        wait_until(&format!("{documents} documents are delivered"), || {
            self.manifests().len() >= documents && idle(&self.status())
        });
        self.manifests()
    }
}

/// Nothing is under way and no mail waits.
fn idle(status: &Value) -> bool {
    let stages = status["stages"].as_object().unwrap();
    stages.values().all(|count| count == 0) && status["outbox"]["waiting"] == 0
}

/// A running service; killed when dropped.
pub struct Service {
    child: Child,
    log: Option<std::thread::JoinHandle<String>>,
}

impl Service {
    /// SIGKILL, and the log so far.
    pub fn kill(mut self) -> String {
        self.child.kill().unwrap();
        self.end()
    }

    /// SIGTERM, and the log; the service must end well.
    pub fn stop(mut self) -> String {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        let mut ended = None;
        wait_until("the service has stopped", || {
            ended = self.child.try_wait().unwrap();
            ended.is_some()
        });
        assert!(ended.unwrap().success(), "the service ended badly");
        self.end()
    }

    fn end(&mut self) -> String {
        let _ = self.child.wait();
        self.log.take().unwrap().join().unwrap()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn wait_until(what: &str, mut done: impl FnMut() -> bool) {
    let began = Instant::now();
    while !done() {
        assert!(began.elapsed() < PATIENCE, "waited too long until {what}");
        std::thread::park_timeout(Duration::from_millis(100));
    }
}

pub fn json(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes)
        .unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(bytes)))
}

/// All files below a folder.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else { return found };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

pub fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// The committed sample packets, with their truth.
pub fn samples() -> Vec<(PathBuf, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/samples");
    let samples: Vec<_> = files(&folder)
        .into_iter()
        .filter(|file| file.to_string_lossy().ends_with(".truth.json"))
        .map(|truth| {
            let value = json(&fs::read(&truth).unwrap());
            (folder.join(value["file"].as_str().unwrap()), value)
        })
        .collect();
    assert!(samples.len() >= 8, "the samples are not there");
    samples
}
