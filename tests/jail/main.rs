//! The jail: each wall around a reader, tried from inside.
//!
//! This program is three in one. Started with `act`, it does one thing that a
//! reader must not do, behind walls or without. Started with `reader`, it is a
//! reader as the service starts it, but for a decoder that does what the file
//! tells it to (`hostile:` and the name of an act at the end of the file):
//! that is what a bug in a decoder comes to. Started with `serve`, it is the
//! whole service with such readers. Otherwise it runs the tests.

#[path = "../common/mod.rs"]
mod common;

mod acts;
mod documents;
mod walls;
mod wire;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["act", name, walls, with] => acts::alone(name, walls, with),
        ["reader", memory_mib] => {
            intake::reader::serve_with(memory_mib.parse().unwrap(), acts::obey).unwrap();
            ExitCode::SUCCESS
        }
        ["serve"] | ["status", ..] => intake::cli::main(),
        _ => {
            let mut trials: Vec<Trial> = walls::trials();
            trials.extend(documents::trials());
            trials.extend(wire::trials());
            libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
        }
    }
}

/// A test of this name.
fn trial(name: &str, test: impl FnOnce() + Send + 'static) -> Trial {
    Trial::test(name, move || {
        test();
        Ok(())
    })
}
