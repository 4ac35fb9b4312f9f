//! The house in order: imports point one way, and what is to be pure is pure.
//!
//! Reads the sources. What is checked is written down in `src/lib.rs`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

/// The stations in the order of a document's journey, each with the modules
/// that later stations may see: its output types.
const STATIONS: [(&str, &[&str]); 7] = [
    ("receive", &["received"]),
    ("decode", &["pages"]),
    ("recognize", &["recognized"]),
    ("extract", &["findings", "corrections"]),
    ("decide", &["disposition"]),
    ("assemble", &["packet"]),
    ("deliver", &["receipt"]),
];

/// Stations that may look at program models.
const KNOW_PROGRAMS: [&str; 3] = ["decide", "assemble", "deliver"];

/// What the parts beside the journey may use. `*` is everything.
const BESIDE: [(&str, &[&str]); 9] = [
    ("vocab", &[]),
    ("eval", &[]),
    ("directory", &["vocab"]),
    ("program", &["vocab", "extract::findings", "decide::disposition"]),
    ("reader", &["vocab", "decode", "recognize", "assemble"]),
    (
        "store",
        &[
            "vocab",
            "receive::received",
            "decode::pages",
            "recognize::recognized",
            "extract::findings",
            "extract::corrections",
            "decide::disposition",
            "decide::recorded",
            "decide::register",
            "assemble",
            "deliver",
        ],
    ),
    (
        "config",
        &[
            "vocab",
            "receive",
            "decode",
            "recognize",
            "extract",
            "decide::recorded",
            "decide::register",
            "program",
            "deliver",
            "reader::Jail",
        ],
    ),
    ("pipeline", &["*"]),
    ("cli", &["*"]),
];

#[test]
fn imports_point_one_way() {
    let mut wrong = Vec::new();
    for (module, file, path) in imports() {
        if !allowed(&module, &path) {
            wrong.push(format!("{}: {module} must not use crate::{path}", file.display()));
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn only_the_pipeline_and_the_command_line_see_everything() {
    for (module, may) in BESIDE {
        assert_eq!(may.contains(&"*"), matches!(module, "pipeline" | "cli"), "{module}");
    }
}

#[test]
fn every_folder_of_the_sources_has_its_rule() {
    let known: BTreeSet<&str> = STATIONS
        .iter()
        .map(|(name, _)| *name)
        .chain(BESIDE.iter().map(|(name, _)| *name))
        .collect();
    for entry in fs::read_dir("src").unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if entry.path().is_dir() {
            assert!(known.contains(name.as_str()), "src/{name} has no rule in tests/house.rs");
        }
    }
}

#[test]
fn finding_and_deciding_are_pure() {
    let impure = Regex::new(
        r"std::(fs|env|net|process|thread)|Instant|SystemTime|UNIX_EPOCH|::now\(|tokio|sqlx|getrandom|\basync\b|\brand\b",
    )
    .unwrap();
    for outside in ["std::fs::read(p)", "std::time::Instant::now()", "use std::time::{SystemTime}"]
    {
        assert!(impure.is_match(outside), "{outside}");
    }
    // How long something takes is a value like any other; only what time it is comes from outside.
    assert!(!impure.is_match("use std::time::Duration;"));
    let mut wrong = Vec::new();
    for module in ["extract", "decide", "program", "eval"] {
        for (file, code) in sources(module) {
            for found in impure.find_iter(&code) {
                wrong.push(format!("{}: {}", file.display(), found.as_str()));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn a_break_of_the_direction_would_be_seen() {
    for (module, path) in [
        ("decode", "recognize::recognized"),  // a later station
        ("extract", "recognize::Recognizer"), // a function of an earlier one
        ("extract", "program"),
        ("decide", "store"),
        ("vocab", "decode::pages"),
        ("reader", "store"),
        ("store", "pipeline"),
    ] {
        assert!(!allowed(module, path), "{module} -> {path}");
    }
    assert!(allowed("decide", "extract::findings::Findings"));
    assert!(allowed("decide", "program::Programs"));
}

/// Whether code in `module` may name `crate::path`.
fn allowed(module: &str, path: &str) -> bool {
    let top = path.split("::").next().unwrap_or_default();
    if top == module {
        return true;
    }
    if let Some(place) = STATIONS.iter().position(|(name, _)| *name == module) {
        let earlier = STATIONS[..place].iter().any(|(name, outputs)| {
            outputs.iter().any(|output| under(path, &format!("{name}::{output}")))
        });
        return earlier || top == "vocab" || (top == "program" && KNOW_PROGRAMS.contains(&module));
    }
    BESIDE
        .iter()
        .find(|(name, _)| *name == module)
        .is_some_and(|(_, may)| may.iter().any(|what| *what == "*" || under(path, what)))
}

fn under(path: &str, what: &str) -> bool {
    path == what || path.strip_prefix(what).is_some_and(|rest| rest.starts_with("::"))
}

/// Every `crate::…` path in the sources: module, file, path.
fn imports() -> Vec<(String, PathBuf, String)> {
    let path = Regex::new(r"\bcrate::(\{|[a-z_]\w*(?:::\w+)*)").unwrap();
    let mut found = Vec::new();
    for (module, _) in STATIONS.iter().map(|(m, _)| (*m, ())).chain(BESIDE.map(|(m, _)| (m, ()))) {
        for (file, code) in sources(module) {
            for captures in path.captures_iter(&code) {
                assert_ne!(
                    &captures[1],
                    "{",
                    "{}: write `use crate::x` line by line",
                    file.display()
                );
                found.push((module.to_owned(), file.clone(), captures[1].to_owned()));
            }
        }
    }
    assert!(found.len() > 100, "the sources were not found");
    found
}

/// The code of a module's files, without comments and without tests.
fn sources(module: &str) -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    walk(&Path::new("src").join(module), &mut files);
    files
        .into_iter()
        .filter(|file| !file.ends_with("tests.rs") && !file.iter().any(|part| part == "tests"))
        .map(|file| {
            let text = fs::read_to_string(&file).unwrap();
            let text = text.split("#[cfg(test)]").next().unwrap_or_default();
            let code: Vec<&str> =
                text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
            (file, code.join("\n"))
        })
        .collect()
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, files);
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
}
