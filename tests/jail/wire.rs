//! A reader looked at from outside: what it says on its pipe, written here by
//! hand, and what the system says of its process.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::trial;

pub fn trials() -> Vec<Trial> {
    vec![
        trial("the_system_confirms_the_walls_of_the_real_reader", confirmed),
        trial("a_reader_says_how_much_it_has_grown", grown),
        trial("a_reader_that_cannot_start_says_why", cannot_start),
    ]
}

/// Two lengths, the message, no payload.
pub fn frame(message: &str) -> Vec<u8> {
    let length = u32::try_from(message.len()).unwrap().to_le_bytes();
    [&length, &[0; 4], message.as_bytes()].concat()
}

struct Reader(Child);

impl Reader {
    fn start(program: PathBuf) -> Self {
        let child = Command::new(program)
            .args(["reader", "2048"])
            .env_clear()
            .env("OMP_THREAD_LIMIT", "1")
            .env("RTEN_NUM_THREADS", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self(child)
    }

    fn ask(&mut self, message: &Value, payload: &[u8]) -> Value {
        let mut request = frame(&message.to_string());
        request[4..8].copy_from_slice(&u32::try_from(payload.len()).unwrap().to_le_bytes());
        let pipe = self.0.stdin.as_mut().unwrap();
        pipe.write_all(&[&request, payload].concat()).unwrap();
        let pipe = self.0.stdout.as_mut().unwrap();
        let mut lengths = [0; 8];
        pipe.read_exact(&mut lengths).unwrap();
        let mut message = vec![0; u32::from_le_bytes(lengths[..4].try_into().unwrap()) as usize];
        pipe.read_exact(&mut message).unwrap();
        serde_json::from_slice(&message).unwrap()
    }

    fn load(&mut self) -> Value {
        let manifest = include_str!("../../models/ocr/manifest.toml");
        self.ask(&json!({"Start": {"limits": {}, "ocr": {}, "manifest": manifest}}), &[])
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn confirmed() {
    let mut reader = Reader::start(env!("CARGO_BIN_EXE_intake").into());
    let ready = reader.load();
    for wall in ready["reply"]["Ready"]["walls"].as_array().unwrap() {
        assert_eq!(wall["holds"], true, "{wall}");
    }
    let of =
        |file: &str| std::fs::read_to_string(format!("/proc/{}/{file}", reader.0.id())).unwrap();
    let status: BTreeMap<String, String> = of("status")
        .lines()
        .filter_map(|line| line.split_once(":\t"))
        .map(|(key, value)| (key.to_owned(), value.trim().to_owned()))
        .collect();
    for (key, value) in [
        // Its own and the line reader's.
        ("Threads", "2"),
        ("NoNewPrivs", "1"),
        ("Seccomp", "2"),
        ("CapPrm", "0000000000000000"),
        ("CapEff", "0000000000000000"),
        ("CapInh", "0000000000000000"),
    ] {
        assert_eq!(status[key], value, "{key}");
    }
    let limits = of("limits");
    for (name, most) in [
        ("Max address space", 2048_u64 << 20),
        ("Max core file size", 0),
        ("Max file size", 0),
        ("Max open files", 0),
        ("Max processes", 0),
        ("Max stack size", 8 << 20),
    ] {
        let line = limits.lines().find(|line| line.starts_with(name)).unwrap();
        let figures: Vec<&str> = line[name.len()..].split_whitespace().collect();
        assert_eq!(figures[..2], [most.to_string(), most.to_string()], "{line}");
    }
    // Its pipes, and its own size.
    let open = std::fs::read_dir(format!("/proc/{}/fd", reader.0.id())).unwrap().count();
    assert_eq!(open, 4);
}

fn grown() {
    let mut reader = Reader::start(std::env::current_exe().unwrap());
    let small = reader.load()["resident_mib"].as_u64().unwrap();
    assert!((20..200).contains(&small), "{small}");
    let (file, _) = &crate::common::program::samples()[0];
    let mut file = std::fs::read(file).unwrap();
    file.extend(b"hostile:grow");
    let opened = reader.ask(&json!("Open"), &file);
    assert!(opened["reply"]["Opened"]["pages"].as_u64().unwrap() > 0);
    let large = opened["resident_mib"].as_u64().unwrap();
    assert!(large >= small + 300, "{small} {large}");
}

fn cannot_start() {
    let mut reader = Reader::start(env!("CARGO_BIN_EXE_intake").into());
    let start =
        json!({"Start": {"limits": {}, "ocr": {"tessdata": "/nowhere"}, "manifest": "model = []"}});
    let reply = reader.ask(&start, &[]);
    let message = reply["reply"]["Failed"]["message"].as_str().unwrap();
    assert!(message.contains("/nowhere"), "{message}");
}
