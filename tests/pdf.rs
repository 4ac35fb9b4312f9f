//! PDFs as other software writes them: encrypted, packed, cut and patched by
//! qpdf; text compared with what poppler finds.

use std::path::{Path, PathBuf};
use std::process::Command;

use intake::decode::pages::Page;
use intake::decode::{Document, Limits, open};
use intake::vocab::PageNumber;

fn sample() -> Vec<u8> {
    let objects: [&str; 5] = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 /Resources << /Font << /F 5 0 R >> >> >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R >>",
        "<< /Length 101 >>\nstream\nBT /F 12 Tf 72 720 Td (Oxygen concentrator E1390) Tj 0 -20 Td (Member 12345) Tj ET 100 100 10 10 re S\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ];
    let mut file = String::from("%PDF-1.7\n");
    for (place, object) in objects.iter().enumerate() {
        file.push_str(&format!("{} 0 obj\n{object}\nendobj\n", place + 1));
    }
    file.push_str("trailer\n<< /Size 6 /Root 1 0 R >>\n");
    file.into_bytes()
}

/// The sample after qpdf; `None`, saying so, where qpdf is not installed.
fn through_qpdf(arguments: &[&str]) -> Option<Vec<u8>> {
    let folder = tempfile::tempdir().unwrap();
    let (from, to) = (folder.path().join("in.pdf"), folder.path().join("out.pdf"));
    std::fs::write(&from, sample()).unwrap();
    let ran = Command::new("qpdf").arg(&from).args(arguments).arg(&to).output();
    let Ok(ran) = ran else {
        skip("qpdf is not installed");
        return None;
    };
    // 3: it mended what it read, as it should.
    assert!(ran.status.success() || ran.status.code() == Some(3), "{ran:?}");
    Some(std::fs::read(&to).unwrap())
}

fn skip(why: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "skipped: {why}");
}

fn first(document: &Document) -> Page {
    document.page(PageNumber::FIRST).unwrap_or_else(|why| panic!("{why}"))
}

fn text(page: &Page) -> String {
    let words: Vec<&str> = page.text.iter().map(|word| word.text.expose().as_str()).collect();
    words.join(" ")
}

const SAID: &str = "Oxygen concentrator E1390 Member 12345";

#[test]
fn what_opens_without_a_password_is_read() {
    for arguments in [
        &["--object-streams=generate"][..],
        &["--linearize"],
        &["--qdf"],
        &["--allow-weak-crypto", "--encrypt", "", "owner", "40", "--"],
        &["--allow-weak-crypto", "--encrypt", "", "owner", "128", "--use-aes=n", "--"],
        &["--allow-weak-crypto", "--encrypt", "", "owner", "128", "--use-aes=y", "--"],
        &["--encrypt", "", "owner", "256", "--"],
        &["--encrypt", "", "owner", "256", "--", "--object-streams=generate"],
    ] {
        let Some(file) = through_qpdf(arguments) else { return };
        let document =
            open(file, &Limits::default()).unwrap_or_else(|why| panic!("{arguments:?}: {why}"));
        let page = first(&document);
        assert_eq!(text(&page), SAID, "{arguments:?}");
        assert_eq!(page.boxes.len(), 1, "{arguments:?}");
    }
}

#[test]
fn what_wants_a_password_says_so() {
    for arguments in [
        &["--allow-weak-crypto", "--encrypt", "user", "owner", "40", "--"][..],
        &["--allow-weak-crypto", "--encrypt", "user", "owner", "128", "--use-aes=y", "--"],
        &["--encrypt", "user", "owner", "256", "--"],
    ] {
        let Some(file) = through_qpdf(arguments) else { return };
        let refused = open(file, &Limits::default()).err();
        assert_eq!(refused.map(|why| why.code()), Some("pdf.password"), "{arguments:?}");
    }
}

#[test]
fn turned_pages_come_upright() {
    for turn in ["+90", "+180", "+270"] {
        let argument = format!("--rotate={turn}");
        let Some(file) = through_qpdf(&[&argument]) else { return };
        let document = open(file, &Limits::default()).unwrap_or_else(|why| panic!("{why}"));
        // The file says how it is to be turned; the text then runs sideways on
        // the page as it is shown, and is read all the same.
        let page = first(&document);
        let mut words: Vec<&str> = page.text.iter().map(|w| w.text.expose().as_str()).collect();
        words.sort_unstable();
        assert_eq!(words, ["12345", "E1390", "Member", "Oxygen", "concentrator"], "{turn}");
    }
}

#[test]
fn an_incremental_update_replaces_what_it_updates() {
    let Some(mut file) = through_qpdf(&["--object-streams=disable"]) else { return };
    let before = file.len();
    let content = "BT /F 12 Tf 72 720 Td (Corrected order) Tj ET";
    let object =
        format!("4 0 obj\n<< /Length {} >>\nstream\n{content}\nendstream\nendobj\n", content.len());
    let text_before = String::from_utf8_lossy(&file).into_owned();
    let previous =
        text_before.rsplit("startxref").next().unwrap().trim().lines().next().unwrap().to_owned();
    // Which number qpdf gave the content.
    let number =
        text_before.split("/Contents ").nth(1).unwrap().split(' ').next().unwrap().to_owned();
    let root = text_before.split("/Root ").nth(1).unwrap().split(' ').next().unwrap().to_owned();
    file.extend(object.replacen('4', &number, 1).bytes());
    let start = file.len();
    file.extend(
        format!(
            "xref\n{number} 1\n{before:010} 00000 n \ntrailer\n<< /Size 20 /Root {root} 0 R /Prev {previous} >>\nstartxref\n{start}\n%%EOF\n"
        )
        .bytes(),
    );
    let document = open(file, &Limits::default()).unwrap_or_else(|why| panic!("{why}"));
    assert_eq!(text(&first(&document)), "Corrected order");
}

fn corpus(part: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus").join(part);
    if folder.is_dir() {
        return Some(folder);
    }
    skip("the corpus of other people's files is not here");
    None
}

/// Words of three letters and more, in lower case.
fn bag(text: &str) -> std::collections::BTreeMap<String, usize> {
    let mut bag = std::collections::BTreeMap::new();
    for word in text.split_whitespace() {
        let word: String = word.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
        if word.len() >= 3 {
            *bag.entry(word.to_lowercase()).or_default() += 1;
        }
    }
    bag
}

#[test]
fn born_digital_pages_say_what_poppler_finds_in_them() {
    let Some(folder) = corpus("pdf/pypdf") else { return };
    let (mut expected, mut found) = (0, 0);
    for file in std::fs::read_dir(folder).unwrap().flatten() {
        let path = file.path();
        if path.extension().is_none_or(|e| e != "pdf") {
            continue;
        }
        let Ok(ran) = Command::new("pdftotext").args(["-l", "5"]).arg(&path).arg("-").output()
        else {
            skip("pdftotext is not installed");
            return;
        };
        let Ok(document) = open(std::fs::read(&path).unwrap(), &Limits::default()) else {
            continue;
        };
        let mut ours = String::new();
        let mut told = true;
        for index in 0..document.inventory().pages.min(5) as usize {
            let Ok(page) = document.page(PageNumber::from_index(index)) else { continue };
            // A page that is read from pixels has no words yet.
            told &= page.raster().is_none();
            ours.push_str(&text(&page));
            ours.push(' ');
        }
        if !told {
            continue;
        }
        let (theirs, ours) = (bag(&String::from_utf8_lossy(&ran.stdout)), bag(&ours));
        let all: usize = theirs.values().sum();
        let same: usize = theirs
            .iter()
            .map(|(word, count)| (*count).min(ours.get(word).copied().unwrap_or(0)))
            .sum();
        expected += all;
        found += same;
    }
    assert!(expected > 1_000, "{expected}");
    let share = found as f64 / expected as f64;
    assert!(share > 0.97, "{share}: {found} of {expected}");
}
