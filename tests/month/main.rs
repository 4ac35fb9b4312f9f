//! A month of documents, decided one after the other through a real store.
//!
//! ```text
//!  story ──▶ paper ──▶ reading ──▶ store ──▶ decide ──▶ store
//!    │       (world)   (measured)  (cases)      │
//!    └──────── what is meant ───────────────────┴──▶ confusion
//! ```
//!
//! A story says what was sent and what a person at the desk would do with it; it
//! is written from the plan's rules and asks `decide` nothing. The paper is then
//! misread as packets of its sort and damage really were (`wide.json`), and
//! what `decide` makes of it is held against what was meant. Cases are opened,
//! held, answered and decided as the month goes on, so that a wrong step has its
//! consequences.

#[path = "../common/mod.rs"]
mod common;
mod confusion;
mod desk;
mod drawn;
#[path = "../../fixtures/generator/mod.rs"]
mod generator;
mod reading;
mod story;
mod world;

use std::time::{Duration, Instant};

use confusion::Confusion;
use desk::Desk;
use jiff::{SignedDuration, Timestamp};
use rand::{Rng, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use reading::{Measured, Reader};
use story::Story;
use world::World;

/// A seed that no threshold was set by.
const SEED: u64 = 20_261_128;
const FEW: u64 = 400;
const MONTH: u64 = 5_000;
/// Of so many documents at least the disposition is the one meant, where they are
/// misread as layouts were that no rule was made on.
const LEAST: f64 = 0.90;
/// What deciding about a document may take.
const PROMISED: Duration = Duration::from_millis(2);

async fn month(seed: u64, documents: u64, layouts: &str) -> Confusion {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let (mut world, measured) = (World::default(), Measured::of(layouts));
    let mut desk = Desk::open().await;
    let mut confusion = Confusion::default();
    let began: Timestamp = "2026-03-02T12:00:00Z".parse().unwrap();
    let gap = SignedDuration::from_hours(24 * 29).as_secs() / i64::try_from(documents).unwrap();
    for number in 0..documents {
        let jitter = rng.random_range(0..gap.max(1));
        let seconds = gap * i64::try_from(number).unwrap() + jitter;
        let received = began + SignedDuration::from_secs(seconds);
        desk.goes_on(&mut rng, &mut world, received).await;
        let told = Story::tell(&mut rng, &mut world, &desk.sent, received, number);
        // The same bytes are read the same, whenever they come.
        let hex = told.paper.bytes.to_string();
        let mut of_bytes = ChaCha8Rng::seed_from_u64(u64::from_str_radix(&hex[..16], 16).unwrap());
        let mut reader = Reader { rng: &mut of_bytes, measured: &measured, codes: desk.codes() };
        let read = reader.read(&world, &told.paper);
        let ended = desk.take(&mut world, number, &told, read).await;
        confusion.add(&world, &told, ended);
    }
    confusion
}

fn run(seed: u64, documents: u64, layouts: &str) -> Confusion {
    tokio::runtime::Runtime::new().unwrap().block_on(month(seed, documents, layouts))
}

#[test]
fn no_document_of_the_first_days_goes_astray() {
    let confusion = run(SEED, FEW, "wide");
    assert!(!confusion.went_astray(), "{confusion}");
    // Of the layouts that are read worst; what is asked of a month is more.
    assert!(confusion.share() >= LEAST, "{confusion}");
}

#[test]
fn the_same_month_again_ends_in_the_same_bytes() {
    assert_eq!(run(7, 60, "wide").digest(), run(7, 60, "wide").digest());
}

/// `make month`.
#[test]
#[ignore = "takes minutes; run by `make month`"]
#[allow(clippy::print_stdout)]
fn a_month() {
    let number = |name: &str, default: u64| {
        std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
    };
    let (seed, documents) = (number("SEED", SEED), number("DOCUMENTS", MONTH));
    let layouts = std::env::var("LAYOUTS").unwrap_or_else(|_| "wide".into());
    let began = Instant::now();
    let confusion = run(seed, documents, &layouts);
    let took = began.elapsed();
    println!("seed {seed}, {documents} documents misread like {layouts} layouts, in {took:?}\n");
    println!("{confusion}");
    assert!(!confusion.went_astray());
    assert!(confusion.is_as_meant(), "{:.4} are as meant", confusion.share());
    assert!(confusion.slowest_of_a_hundred() <= PROMISED, "too slow");
}

/// `make month-images`.
#[test]
#[ignore = "takes minutes; run by `make month-images`"]
fn a_hundred_drawn_faxes() {
    let number =
        |name: &str| -> Option<u64> { std::env::var(name).ok().and_then(|text| text.parse().ok()) };
    let count = number("FAXES").and_then(|count| usize::try_from(count).ok());
    drawn::a_hundred(number("SEED").unwrap_or(SEED), count.unwrap_or(100));
}
