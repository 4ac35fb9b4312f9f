//! A hundred faxes as images all the way: drawn, dropped into the inbox of the
//! running program, read by its readers, and held against what was meant when
//! they were drawn. Eight of them come once more.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::common::program::{Intake, files};
use super::generator::layouts::Layouts;
use super::generator::plan::{Flaw, Format, Kind, Level, Plan};
use super::generator::truth::{Discharge, PageKind};
use super::generator::{Packet, generate, write};

/// How many of each kind, and of each damage in a hundred: the month's.
const KINDS: [(Kind, usize); 10] = [
    (Kind::Dme, 36),
    (Kind::DmeMa, 12),
    (Kind::HomeHealth, 12),
    (Kind::PrivateDuty, 4),
    (Kind::Sleep, 6),
    (Kind::Retro, 8),
    (Kind::SameDay, 6),
    (Kind::TwoMembers, 4),
    (Kind::Appeal, 6),
    (Kind::CareCoordination, 6),
];
const LEVELS: [(Level, usize); 5] = [
    (Level::Clean, 29),
    (Level::Light, 34),
    (Level::Medium, 24),
    (Level::Heavy, 9),
    (Level::Illegible, 4),
];
/// Dropped twice.
const AGAIN: usize = 8;
/// Dropped at once.
const LOT: usize = 10;

/// A drawn fax, where it lies and what is known of it.
struct Fax {
    file: PathBuf,
    truth: Value,
}

/// Draws them, without what leaves open what should become of a paper: no
/// form, a sleep test with a flaw, a discharge that waits for what is delivered.
fn draw(folder: &Path, seed: u64, count: usize) -> Vec<Fax> {
    let kinds: Vec<Kind> =
        KINDS.iter().flat_map(|(kind, count)| std::iter::repeat_n(*kind, *count)).collect();
    let levels: Vec<Level> =
        LEVELS.iter().flat_map(|(level, count)| std::iter::repeat_n(*level, *count)).collect();
    // Each kind gets of all damages, and a few faxes are of many kinds: 37, 41 and
    // 100 share no factor.
    let plans = (seed..).zip(0..count).map(|(seed, nth)| {
        let (kind, level) = (kinds[nth * 41 % kinds.len()], levels[nth * 37 % levels.len()]);
        let mut plan = Plan { kind, level, ..Plan::draw(seed) };
        (plan.format, plan.layouts, plan.lean) = (Format::G4, Layouts::Wide, true);
        plan.flaws.retain(|flaw| *flaw != Flaw::Without(PageKind::PrecertForm));
        match kind {
            Kind::Sleep => plan.flaws.clear(),
            Kind::SameDay | Kind::Retro => plan.discharge = Discharge::Absent,
            _ => {}
        }
        plan
    });
    let faxes = plans.filter_map(|plan| {
        let packet: Packet = generate(&plan).expect("a plan that was drawn can be drawn");
        write(&packet, folder).expect("the folder can be written");
        let file = folder.join(format!("{}.{}", packet.name, packet.extension));
        (!packet.truth["expected"].is_null()).then_some(Fax { file, truth: packet.truth })
    });
    faxes.collect()
}

fn end(of: &Value) -> String {
    let queue = of["queue"].as_str().map(|queue| format!("/{queue}")).unwrap_or_default();
    format!("{}{queue}", of["action"].as_str().unwrap_or_default())
}

fn say(text: &str) {
    writeln!(std::io::stderr(), "{text}").expect("standard error is open");
}

pub fn a_hundred(seed: u64, count: usize) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let faxes = draw(folder.path(), seed, count);
    // Another build of the program may be tried.
    let intake =
        std::env::var_os("INTAKE_PROGRAM").map_or_else(Intake::new, |at| Intake::of(at.into()));
    let service = intake.serve();
    // A few at a time: each lot has the patience of a test.
    for (nth, lot) in faxes.chunks(LOT).enumerate() {
        lot.iter().for_each(|fax| intake.drop_in(&fax.file));
        intake.wait_for(nth * LOT + lot.len());
    }
    for fax in faxes.iter().take(AGAIN) {
        intake.drop_in(&fax.file);
    }
    let delivered = intake.wait_for(faxes.len() + AGAIN.min(faxes.len()));
    drop(service);

    let mut table: BTreeMap<(String, String), usize> = BTreeMap::new();
    let (mut right, mut astray, mut late, mut all) = (0, 0, Vec::new(), 0);
    for fax in &faxes {
        let bytes = fs::read(&fax.file).expect("it lies where it was drawn");
        let original = |folder: &Path| {
            let found = files(folder)
                .into_iter()
                .find(|file| file.file_stem().is_some_and(|stem| stem == "original"));
            found.and_then(|file| fs::read(file).ok())
        };
        let same = delivered.iter().filter(|(folder, _)| original(folder).as_ref() == Some(&bytes));
        let same: Vec<&Value> = same.map(|(_, manifest)| manifest).collect();
        let did = |one: &Value, what: &str| one["disposition"]["action"] == what;
        // The first of each may join nothing: all patients are different.
        astray += usize::from(
            same.iter().filter(|one| did(one, "attach")).count() + 1 > same.len().max(1),
        );
        // They are received in one moment: the first is no copy and joins nothing.
        let first = same.iter().find(|one| !did(one, "attach") && !did(one, "duplicate"));
        let Some(first) = first.or(same.first()) else {
            panic!("{} is nowhere", fax.file.display());
        };
        let meant = end(&fax.truth["expected"]);
        let became = end(&first["disposition"]);
        // Two patients are split where both are sure, and a person's work where not.
        let person = meant == "split" && became == "hold/manual_split";
        let waits = matches!(
            fax.truth["findings"]["pending_discharge"]["value"].as_str(),
            Some("strong" | "medium")
        );
        if waits && first["disposition"]["lane"] != "expedited" {
            late.push(fax.file.file_name().map(|name| name.to_owned()));
        }
        all += 1;
        right += usize::from(meant == became || person);
        *table.entry((meant, became)).or_default() += 1;
        for again in same.iter().filter(|one| !std::ptr::eq(**one, *first)) {
            let became = end(&again["disposition"]);
            *table.entry(("sent again: duplicate".into(), became)).or_default() += 1;
        }
    }
    say(&format!("seed {seed}: {all} faxes as images; meant, became"));
    for ((meant, became), count) in &table {
        let mark = if meant.ends_with(became.as_str()) { ' ' } else { '*' };
        say(&format!("{mark} {meant:<32} {became:<32} {count:>4}"));
    }
    say(&format!("as meant: {:.3}", f64::from(right as u32) / f64::from(all as u32)));
    assert_eq!(astray, 0, "attached to a wrong case");
    assert!(late.is_empty(), "discharges wait outside the expedited lane: {late:?}");
}
