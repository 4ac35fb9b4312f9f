//! Documents that take over their reader: what comes of them, of their
//! neighbours, and of the service.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use intake::config::Config;
use intake::reader::{Jail, Originals, Pool, PoolConfig, ReaderError};
use intake::vocab::{PageNumber, Sha256Digest};
use libtest_mimic::Trial;

use crate::common::program::{Intake, samples};
use crate::trial;

pub fn trials() -> Vec<Trial> {
    let mut trials = vec![
        trial("a_page_that_spins_is_stopped_by_its_processor_time", spins),
        trial("a_page_that_hangs_is_stopped_by_the_clock", hangs),
        trial("a_reply_about_another_page_is_not_believed", wrong_page),
        trial("one_bad_page_costs_that_page_and_the_service_stays_up", service),
    ];
    for name in [
        "abort",
        "panic",
        "touch",
        "overflow",
        "allocate",
        "fork",
        "exec",
        "socket",
        "signal",
        "executable memory",
        "nonsense",
        "endless",
        "out of turn",
        "many pages",
    ] {
        let test =
            format!("a_file_that_makes_its_reader_{}_hurts_no_other", name.replace(' ', "_"));
        trials.push(trial(&test, move || hurts_no_other(name)));
    }
    trials
}

/// Files by the digest they are asked for.
struct Files(Vec<Vec<u8>>);

#[async_trait]
impl Originals for Files {
    async fn bytes(&self, digest: Sha256Digest) -> Result<Vec<u8>, ReaderError> {
        let found = self.0.iter().find(|bytes| Sha256Digest::of(bytes) == digest);
        found.cloned().ok_or_else(|| ReaderError::Original("not there".into()))
    }
}

/// A fax of ten pages that can be read, with an order at its end.
fn fax(order: &str) -> Vec<u8> {
    let (file, _) = &samples()[0];
    let mut bytes = std::fs::read(file).unwrap();
    bytes.extend(order.as_bytes());
    bytes
}

struct Bench {
    pool: Pool,
    good: Sha256Digest,
    bad: Sha256Digest,
}

/// One reader, and two files.
fn bench(order: &str, change: impl FnOnce(&mut PoolConfig)) -> Bench {
    let defaults = Config::default();
    let mut config = PoolConfig {
        program: std::env::current_exe().unwrap(),
        count: 1,
        patience: Duration::from_secs(60),
        cpu: Duration::from_secs(30),
        memory_mib: 1024,
        replace_above_mib: 1024,
        replace_after_pages: 0,
        jail: Jail::Require,
        limits: defaults.limits,
        ocr: defaults.ocr,
        manifest: include_str!("../../models/ocr/manifest.toml").into(),
    };
    change(&mut config);
    let (good, bad) = (fax(""), fax(order));
    let digests = (Sha256Digest::of(&good), Sha256Digest::of(&bad));
    let pool = Pool::new(config, Arc::new(Files(vec![good, bad])));
    Bench { pool, good: digests.0, bad: digests.1 }
}

fn run(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(test);
}

fn hurts_no_other(name: &'static str) {
    run(async move {
        let Bench { pool, good, bad } = bench(&format!("hostile:{name}"), |_| {});
        let pages = pool.open(good).await.unwrap().pages;
        assert_eq!(pool.open(bad).await.unwrap_err(), ReaderError::Crashed);
        assert_eq!(pool.open(good).await.unwrap().pages, pages);
    });
}

fn spins() {
    run(async {
        let order = "hostile:1:spin";
        let Bench { pool, good, bad } = bench(order, |config| config.cpu = Duration::from_secs(2));
        pool.open(bad).await.unwrap();
        let began = Instant::now();
        let spun = pool.read(bad, PageNumber::FIRST).await.unwrap_err();
        assert_eq!(spun, ReaderError::TimedOut(2));
        assert!(began.elapsed() < Duration::from_secs(50), "long before its patience ends");
        pool.open(good).await.unwrap();
    });
}

fn hangs() {
    run(async {
        let order = "hostile:1:sleep";
        let patience = Duration::from_secs(12);
        let Bench { pool, good, bad } = bench(order, |config| config.patience = patience);
        pool.open(bad).await.unwrap();
        let hung = pool.read(bad, PageNumber::FIRST).await.unwrap_err();
        assert_eq!(hung, ReaderError::TimedOut(12));
        pool.open(good).await.unwrap();
    });
}

fn wrong_page() {
    run(async {
        let Bench { pool, good, bad } = bench("hostile:1:wrong page", |_| {});
        let read = pool.read(bad, PageNumber::FIRST).await;
        assert_eq!(read.unwrap_err(), ReaderError::Crashed);
        pool.open(good).await.unwrap();
    });
}

/// The whole service, with readers that can be taken over.
fn service() {
    let intake = Intake::of(std::env::current_exe().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, bytes: Vec<u8>| -> PathBuf {
        let file = folder.path().join(name);
        std::fs::write(&file, bytes).unwrap();
        file
    };
    let page = std::fs::read(samples_named("form-page.png")).unwrap();
    let with = |order: &str| [&page[..], order.as_bytes()].concat();
    let files = [
        put("opens-a-socket.png", with("hostile:socket")),
        put("aborts.png", with("hostile:abort")),
        put("aborts-on-its-page.png", with("hostile:1:abort")),
        put("runs-a-program.png", with("hostile:1:exec")),
        put("good.png", page.clone()),
    ];
    let service = intake.serve();
    for file in &files {
        intake.drop_in(file);
    }
    let delivered = intake.wait_for(files.len());
    service.stop();
    let notes = |file: &PathBuf| -> String {
        let digest = Sha256Digest::of(&std::fs::read(file).unwrap()).to_string();
        let manifest = delivered
            .iter()
            .find(|(_, manifest)| manifest["document"]["sha256"].as_str() == Some(&digest))
            .unwrap_or_else(|| panic!("{} is nowhere", file.display()));
        manifest.1.to_string()
    };
    for opened in &files[..2] {
        assert!(notes(opened).contains("file.reader_stopped"), "{}", notes(opened));
    }
    for read in &files[2..4] {
        assert!(notes(read).contains("page.reader_stopped"), "{}", notes(read));
    }
    assert!(!notes(&files[4]).contains("reader_stopped"));
    assert!(notes(&files[4]).contains("\"method\":\"ocr\""), "{}", notes(&files[4]));
}

fn samples_named(name: &str) -> PathBuf {
    let (file, _) = samples().into_iter().find(|(file, _)| file.ends_with(name)).unwrap();
    file
}
