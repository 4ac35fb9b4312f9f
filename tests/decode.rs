//! Other people's files through the decoder: every one must end in pages or in
//! a stated reason, in time. Skipped, saying so, where the files are absent.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use intake::decode::pages::Page;
use intake::decode::{Document, Limits, Unreadable, open};
use intake::vocab::PageNumber;

/// A page that takes longer on a busy machine is a hang.
const PAGE_TIME: Duration = Duration::from_secs(30);
/// Most memory the whole run may have taken, bytes: four tests side by side,
/// each with one page of at most 64 million dots, drawn with four bytes a dot.
const MEMORY: u64 = 1 << 30;

/// Where the system tells it.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}

fn corpus() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    if folder.is_dir() {
        return Some(folder);
    }
    say("skipped: the corpus of other people's files is not here");
    None
}

fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("the folder was there").flatten() {
            let path = entry.path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

fn read(path: &Path) -> Result<Document, Unreadable> {
    open(std::fs::read(path).expect("the file was there"), &Limits::default())
}

fn first_page(path: &Path) -> Page {
    read(path)
        .and_then(|document| document.page(PageNumber::FIRST))
        .unwrap_or_else(|why| panic!("{}: {why}", path.display()))
}

#[derive(Default)]
struct Tally {
    files: usize,
    pages: usize,
    words: usize,
    fields: usize,
    refused: BTreeMap<&'static str, usize>,
    notes: BTreeMap<String, usize>,
    slowest: (Duration, String),
}

impl Tally {
    fn file(&mut self, path: &Path) {
        let bytes = std::fs::read(path).expect("the file was there");
        self.bytes(bytes, &path.display().to_string());
    }

    fn bytes(&mut self, bytes: Vec<u8>, name: &str) {
        self.files += 1;
        match open(bytes, &Limits::default()) {
            Ok(document) => {
                for note in &document.inventory().notes {
                    *self.notes.entry(note.code.clone()).or_default() += 1;
                }
                for index in 0..document.inventory().pages as usize {
                    self.page(&document, PageNumber::from_index(index), name);
                }
            }
            Err(why) => self.refuse(&why, name),
        }
    }

    fn report(&self, part: &str) {
        say(&format!(
            "{part}: {} files, {} pages, {} words, {} fields; refused {:?}; notes {:?}; slowest page {:?} {}",
            self.files,
            self.pages,
            self.words,
            self.fields,
            self.refused,
            self.notes,
            self.slowest.0,
            self.slowest.1,
        ));
    }

    fn page(&mut self, document: &Document, number: PageNumber, name: &str) {
        let started = Instant::now();
        let page = document.page(number);
        let took = started.elapsed();
        assert!(took < PAGE_TIME, "{name} page {} took {took:?}", number.get());
        if took > self.slowest.0 {
            self.slowest = (took, format!("{name} page {}", number.get()));
        }
        match page {
            Ok(page) => {
                self.pages += 1;
                self.words += page.text.len();
                self.fields += page.fields.len();
                check(&page, name);
                for note in page.notes {
                    if std::env::var_os("DECODE_LIST").is_some() {
                        say(&format!("{name} {}: {} {}", number.get(), note.code, note.message));
                    }
                    *self.notes.entry(note.code).or_default() += 1;
                }
            }
            Err(why) => self.refuse(&why, name),
        }
    }

    fn refuse(&mut self, why: &Unreadable, name: &str) {
        if std::env::var_os("DECODE_LIST").is_some() {
            say(&format!("{name}: {}", why.code()));
        }
        assert!(!why.to_string().is_empty());
        *self.refused.entry(why.code()).or_default() += 1;
    }
}

fn check(page: &Page, name: &str) {
    let (width, height) = page.inches();
    assert!(width > 0.0 && height > 0.0, "{name}");
    if let Some(raster) = page.raster() {
        let (width, height) = raster.pixels.dimensions();
        assert!(width > 0 && height > 0, "{name}");
        assert!(raster.dpi.x > 0.0 && raster.dpi.y > 0.0, "{name}");
    }
    for word in &page.text {
        assert!(!word.text.expose().contains(char::is_whitespace), "{name}: a blank in a word");
        assert!(!word.text.expose().is_empty(), "{name}: an empty word");
    }
    assert!(page.text.windows(2).all(|pair| pair[0].line <= pair[1].line), "{name}: lines");
}

#[test]
fn every_file_ends_in_pages_or_in_a_reason() {
    let Some(corpus) = corpus() else { return };
    for part in ["fax", "tiff", "pdf", "forms", "office"] {
        let mut tally = Tally::default();
        for file in files(&corpus.join(part)) {
            tally.file(&file);
        }
        tally.report(part);
        assert!(tally.files > 0);
    }
    if let Some(bytes) = peak_memory() {
        say(&format!("peak memory {} MB", bytes >> 20));
        assert!(bytes < MEMORY, "{bytes} bytes");
    }
}

#[test]
fn one_page_in_six_codings_is_one_page() {
    let Some(corpus) = corpus() else { return };
    let page = |name: &str| first_page(&corpus.join("tiff/libtiff.net").join(name));
    let truth = page("G4.TIF");
    assert!(truth.notes.is_empty());
    let truth = truth.raster().unwrap();
    assert!(truth.bilevel);
    for other in ["G31D.TIF", "G31DS.TIF", "G32D.TIF", "G32DS.TIF", "G4S.TIF"] {
        let other_page = page(other);
        assert!(other_page.raster().unwrap().pixels == truth.pixels, "{other}");
        assert!(other_page.notes.is_empty(), "{other}");
    }
}

#[test]
fn received_faxes_keep_their_oblong_dots() {
    let Some(corpus) = corpus() else { return };
    for (name, width, height, y) in [
        ("fax2d.tif", 1728, 1082, 98.0),
        ("g3test.tif", 1728, 1103, 98.0),
        ("g3aoe.tif", 1728, 2328, 196.0),
    ] {
        let raster = first_page(&corpus.join("fax").join(name));
        let raster = raster.raster().unwrap();
        assert_eq!(raster.pixels.dimensions(), (width, height), "{name}");
        assert!((raster.dpi.x - 204.0).abs() < 1.0, "{name}: {:?}", raster.dpi);
        assert!((raster.dpi.y - y).abs() < 1.0, "{name}: {:?}", raster.dpi);
        let ink = raster.pixels.as_raw().iter().filter(|p| **p == 0).count();
        let share = ink as f64 / raster.pixels.as_raw().len() as f64;
        assert!((0.005..0.4).contains(&share), "{name}: {share} ink");
    }
}

/// Real files, damaged in a few places. `DECODE_MUTATIONS` sets how often each
/// file is tried.
#[test]
fn damaged_real_files_end_too() {
    use rand::{Rng, SeedableRng};
    const LARGEST: usize = 200_000;
    let Some(corpus) = corpus() else { return };
    let rounds =
        std::env::var("DECODE_MUTATIONS").ok().and_then(|text| text.parse().ok()).unwrap_or(1);
    let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(rounds);
    let mut tally = Tally::default();
    for file in ["fax", "tiff", "pdf", "office"].iter().flat_map(|part| files(&corpus.join(part))) {
        let bytes = std::fs::read(&file).expect("the file was there");
        if bytes.is_empty() || bytes.len() > LARGEST {
            continue;
        }
        for _ in 0..rounds {
            let mut bytes = bytes.clone();
            for _ in 0..random.random_range(1..12) {
                let at = random.random_range(0..bytes.len());
                bytes[at] = random.random();
            }
            if random.random_bool(0.2) {
                bytes.truncate(random.random_range(0..bytes.len()));
            }
            tally.bytes(bytes, &file.display().to_string());
        }
    }
    tally.report("damaged");
}
