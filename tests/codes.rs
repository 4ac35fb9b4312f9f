//! Barcodes that another program drew and a third one coded as faxes, through
//! the whole program: our own references come back that way.

#![allow(clippy::print_stderr)] // a skipped test says so

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

/// Runs a program; `None`, said aloud, where it is not installed.
fn run(program: &str, args: &[&str], dir: &Path) -> Option<()> {
    let mut command = Command::new(program);
    let Ok(status) = command.args(args).current_dir(dir).stdout(Stdio::null()).status() else {
        eprintln!("skipped: needs {program}");
        return None;
    };
    assert!(status.success(), "{program} {args:?}");
    Some(())
}

#[test]
fn a_hold_reference_comes_back_as_a_code_in_either_fax_coding() {
    let dir = tempfile::tempdir().unwrap();
    let hold = "H7K3Q9ZXW2";
    for (symbology, coding) in [("58", "g4"), ("20", "g3:2d")] {
        let draw = ["-b", symbology, "--scale=1", "--whitesp=30", "--notext", "-d", hold];
        let paper = ["--vwhitesp=30", "-o", "drawn.tif"];
        let draw: Vec<&str> = draw.into_iter().chain(paper).collect();
        let drawn = run("zint", &draw, dir.path());
        let coded = run("tiffcp", &["-c", coding, "drawn.tif", "fax.tif"], dir.path());
        if drawn.and(coded).is_none() {
            return;
        }
        let output = Command::new(env!("CARGO_BIN_EXE_intake"))
            .args(["process", "--json", "fax.tif"])
            .current_dir(dir.path())
            .output()
            .unwrap();
        let result: Value = serde_json::from_slice(&output.stdout).unwrap();
        let found = &result["findings"]["references"][0];
        assert_eq!(found["kind"], "hold", "{symbology}: {result}");
        assert_eq!(found["value"], hold);
        assert_eq!(found["evidence"][0]["source"], "barcode");
    }
}
