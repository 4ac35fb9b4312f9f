//! The main job, for real: files dropped into the inbox of the running
//! service, and what lies in its folders afterwards.

#![allow(clippy::print_stderr)] // a skipped test says so

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use common::program::{self, Intake, files, mode, samples};
use serde_json::Value;

/// Drops all samples, lets them run, and looks at everything that came of it.
#[test]
fn every_sample_ends_where_it_should_and_nothing_leaks() {
    let intake = Intake::new();
    let service = intake.serve();
    let samples = samples();
    for (file, _) in &samples {
        intake.drop_in(file);
    }
    let delivered = intake.wait_for(samples.len());
    let log = service.stop();

    assert_eq!(fs::read_dir(intake.data.join("inbox")).unwrap().count(), 0, "all were taken");
    assert_eq!(delivered.len(), samples.len());
    let mut wrong = Vec::new();
    for (file, truth) in &samples {
        let name = file.file_name().unwrap().to_string_lossy();
        let original = fs::read(file).unwrap();
        let (folder, manifest) = delivered
            .iter()
            .find(|(folder, _)| original_of(folder) == original)
            .unwrap_or_else(|| panic!("{name} is nowhere"));
        assert!(fs::read(folder.join("packet.pdf")).unwrap().starts_with(b"%PDF-"), "{name}");
        for key in ["action", "queue", "lane", "program"] {
            let expected = &truth["expected"][key];
            let decided = &manifest["disposition"][key];
            let held_for_damage = key == "queue" && asks_rather_than_guesses(truth, manifest);
            if !expected.is_null() && expected != decided && !held_for_damage {
                wrong.push(format!("{name}: {key} is {decided}, should be {expected}"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
    closed_to_others(&intake.data);
    told_once(&intake.data, &delivered);
    for (_, truth) in &samples {
        nothing_leaks(&intake.data, &log, truth);
    }
}

#[test]
fn killed_again_and_again_each_document_is_delivered_once() {
    let intake = Intake::new();
    let samples: Vec<_> = samples().into_iter().take(4).collect();
    let mut service = intake.serve();
    for (file, _) in &samples {
        intake.drop_in(file);
    }
    // Not at chosen moments: wherever it happens to be.
    for pages_done in 1..=4 {
        program::wait_until("some work is done", || {
            done(&intake) >= pages_done || intake.manifests().len() == samples.len()
        });
        service.kill();
        service = intake.serve();
    }
    let delivered = intake.wait_for(samples.len());
    service.stop();
    assert_eq!(delivered.len(), samples.len());
    let distinct: BTreeSet<String> =
        delivered.iter().map(|(_, m)| m["document"]["sha256"].to_string()).collect();
    assert_eq!(distinct.len(), samples.len());
    told_once(&intake.data, &delivered);
    let parts: Vec<_> = files(&intake.data)
        .into_iter()
        .filter(|file| file.to_string_lossy().contains(".part"))
        .collect();
    assert!(parts.is_empty(), "{parts:?}");
}

#[test]
fn what_was_submitted_while_the_service_was_down_is_read_when_it_comes_up() {
    let intake = Intake::new();
    let (sample, _) = &samples()[0];
    let output = intake.run(&["submit", sample.to_str().unwrap(), "--source", "hook"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let reference = String::from_utf8(output.stdout).unwrap().trim().to_owned();
    assert!(reference.starts_with("D-"));
    assert_eq!(intake.status()["stages"]["received"], 1);
    let service = intake.serve();
    let delivered = intake.wait_for(1);
    service.stop();
    assert_eq!(delivered[0].1["reference"], reference.as_str());
    assert!(sample.exists(), "a submitted file stays where it was");
}

#[test]
fn a_fax_sent_again_is_not_read_again() {
    let intake = Intake::new();
    let service = intake.serve();
    let (sample, _) = &samples()[0];
    intake.drop_in(sample);
    let first = intake.wait_for(1);
    intake.drop_in_as(sample, "again.tif");
    let both = intake.wait_for(2);
    let log = service.stop();
    let (_, first) = &first[0];
    let (_, second) = both.iter().find(|(_, m)| m["reference"] != first["reference"]).unwrap();
    assert_eq!(second["pages"], first["pages"]);
    // Nothing is new, so that it lies with the first and waits for nobody.
    assert_eq!(first["disposition"]["row"], "16");
    assert_eq!(second["disposition"]["row"], "1");
    assert_eq!(second["disposition"]["action"], "duplicate");
    assert_eq!(second["disposition"]["duplicate_of"], first["reference"]);
    assert!(first["case"].is_string() && second["case"] == first["case"]);
    assert_eq!(second["disposition"]["lane"], first["disposition"]["lane"]);
    let pages = first["pages"].as_array().unwrap().len();
    assert_eq!(log.matches("reused=false").count(), pages, "each is read once");
    assert_eq!(log.matches("reused=true").count(), pages);
    assert_eq!(second["timing_ms"]["recognize"], 0);
    assert_eq!(second["timing_ms"]["decode"], 0);
}

#[test]
fn the_faxes_of_two_patients_in_one_file_go_on_as_two_documents() {
    let intake = Intake::new();
    let sample = |name: &str| {
        let all = samples();
        all.into_iter().find(|(file, _)| file.file_stem().is_some_and(|s| s == name)).unwrap()
    };
    let [first, second] = ["dme-complete-unticked", "dme-complete-pending-discharge"].map(sample);
    let aside = tempfile::tempdir().unwrap();
    let both = aside.path().join("both.tif");
    let pages_of_first = bound(&first.0, &second.0, &both);
    let service = intake.serve();
    intake.drop_in(&both);
    let delivered = intake.wait_for(3);
    service.stop();
    let (whole, parts): (Vec<_>, Vec<_>) =
        delivered.iter().partition(|(_, manifest)| manifest["part_of"].is_null());
    let (folder, whole) = whole[0];
    assert_eq!(whole["disposition"]["action"], "split", "{}", whole["disposition"]["reasons"]);
    assert!(folder.starts_with(intake.data.join("set_aside")));
    assert_eq!(original_of(folder), fs::read(&both).unwrap(), "the whole is still there");
    assert_eq!(parts.len(), 2);
    for (begins, (_, truth)) in [(1, &first), (pages_of_first + 1, &second)] {
        let (folder, manifest) =
            parts.iter().find(|(_, manifest)| manifest["part_pages"][0] == begins).unwrap();
        assert_eq!(manifest["part_of"], whole["reference"]);
        assert_eq!(manifest["disposition"]["action"], truth["expected"]["action"]);
        assert_eq!(
            manifest["findings"]["member"]["id"]["value"], truth["findings"]["member"]["id"],
            "each has its own patient"
        );
        assert!(folder.join("packet.pdf").exists());
        let holds_original = fs::read_dir(folder)
            .unwrap()
            .any(|entry| entry.unwrap().file_name().to_string_lossy().starts_with("original"));
        assert!(!holds_original, "the file speaks of both");
        let other_id = [&first, &second]
            .map(|(_, truth)| truth["findings"]["member"]["id"].as_str().unwrap().to_owned())
            .into_iter()
            .find(|id| *id != truth["findings"]["member"]["id"])
            .unwrap();
        assert!(!manifest.to_string().contains(&other_id), "nothing of the other");
    }
}

/// One file of the pages of two; says how many the first has.
fn bound(one: &Path, other: &Path, into: &Path) -> u32 {
    let mut encoder = tiff::encoder::TiffEncoder::new(fs::File::create(into).unwrap()).unwrap();
    let counts = [one, other].map(|file| {
        let bytes = fs::read(file).unwrap();
        let document = intake::decode::open(bytes, &intake::decode::Limits::default()).unwrap();
        let count = document.inventory().pages;
        for number in (1..=count).filter_map(intake::vocab::PageNumber::new) {
            let raster = document.raster(number).unwrap();
            let (width, height) = raster.pixels.dimensions();
            let mut image =
                encoder.new_image::<tiff::encoder::colortype::Gray8>(width, height).unwrap();
            let dots = |dpi: f32| tiff::encoder::Rational { n: dpi.round() as u32, d: 1 };
            image.x_resolution(dots(raster.dpi.x));
            image.y_resolution(dots(raster.dpi.y));
            image.resolution_unit(tiff::tags::ResolutionUnit::Inch);
            image.write_data(raster.pixels.as_raw()).unwrap();
        }
        count
    });
    counts[0]
}

/// Faxes that nobody here drew.
#[test]
fn received_faxes_of_other_people_end_in_a_queue_with_their_pages_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/fax");
    if !folder.is_dir() {
        eprintln!("skipped: no received faxes beside this checkout");
        return;
    }
    let intake = Intake::new();
    let service = intake.serve();
    let faxes: Vec<_> =
        files(&folder).into_iter().filter(|f| f.extension().is_some_and(|e| e == "tif")).collect();
    for fax in &faxes {
        intake.drop_in(fax);
    }
    let delivered = intake.wait_for(faxes.len());
    service.stop();
    for (folder, manifest) in delivered {
        assert!(folder.to_string_lossy().contains("/queues/"), "no fax of these is a request");
        let pages = manifest["pages"].as_array().unwrap();
        assert!(!pages.is_empty());
        assert!(pages.iter().all(|page| page["method"] == "ocr"), "{pages:?}");
    }
}

/// Of a damaged fax a perfect reader could read all that a letter now has to
/// ask for. Holding it is right; routing what should be held never is.
fn asks_rather_than_guesses(truth: &Value, manifest: &Value) -> bool {
    let damaged = !["clean", "light"].contains(&truth["level"].as_str().unwrap());
    let asked = !manifest["disposition"]["missing"].as_array().unwrap().is_empty();
    damaged
        && asked
        && truth["expected"]["queue"] == "ready_for_review"
        && manifest["disposition"]["queue"] == "hold_insufficient"
}

fn original_of(folder: &Path) -> Vec<u8> {
    let original = files(folder)
        .into_iter()
        .find(|f| f.file_stem().is_some_and(|stem| stem == "original"))
        .unwrap();
    fs::read(original).unwrap()
}

/// How many pages were read so far, from outside: documents past triage.
fn done(intake: &Intake) -> u64 {
    let status = intake.status();
    ["reading", "deciding", "delivering"]
        .iter()
        .map(|stage| status["stages"][stage].as_u64().unwrap())
        .sum::<u64>()
        + intake.manifests().len() as u64
}

fn closed_to_others(data: &Path) {
    assert_eq!(mode(data), 0o700);
    for file in files(data) {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
        assert_eq!(mode(file.parent().unwrap()), 0o700, "{}", file.display());
    }
}

/// One mail about each delivered document, and one more where it was
/// announced as expedited.
fn told_once(data: &Path, delivered: &[(std::path::PathBuf, Value)]) {
    let mails: Vec<String> =
        files(&data.join("mail")).iter().map(|file| fs::read_to_string(file).unwrap()).collect();
    let untold = |mail: &String| {
        mail.lines().any(|line| line.starts_with("Reasons:") && line.contains("other"))
    };
    assert!(!mails.iter().any(untold), "a kind of reason is missing from the list of the mail");
    for (_, manifest) in delivered {
        let reference = manifest["reference"].as_str().unwrap();
        let about = mails.iter().filter(|mail| mail.contains(reference)).count();
        if manifest["disposition"]["queue"].is_null() {
            continue; // it waits for nobody
        }
        let events = manifest["history"].as_array().unwrap();
        let flagged = events.iter().any(|entry| entry["event"] == "flagged");
        assert_eq!(about, if flagged { 2 } else { 1 }, "{reference}");
    }
}

/// No value of a patient in log, mail or any path (promise P8).
fn nothing_leaks(data: &Path, log: &str, truth: &Value) {
    let mails: String =
        files(&data.join("mail")).iter().map(|file| fs::read_to_string(file).unwrap()).collect();
    let paths: String = files(data).iter().map(|f| f.to_string_lossy().into_owned()).collect();
    let member = &truth["findings"]["member"];
    let mut secrets: Vec<String> = ["name", "date_of_birth", "id"]
        .iter()
        .filter_map(|key| member[key].as_str().map(str::to_owned))
        .collect();
    if let Some(name) = member["name"].as_str() {
        secrets.extend(name.split(' ').filter(|word| word.len() > 3).map(str::to_owned));
    }
    for list in ["npi", "tin"] {
        let values = truth["findings"][list].as_array().cloned().unwrap_or_default();
        secrets.extend(values.iter().filter_map(|v| v["value"].as_str().map(str::to_owned)));
    }
    let places = [("the log", log), ("a mail", &mails), ("a path", &paths)];
    for secret in secrets {
        for (place, text) in places {
            let leaks = text.to_lowercase().contains(&secret.to_lowercase());
            assert!(!leaks, "{place} holds {secret}, a value of the document");
        }
    }
    // As written: in small letters a code is also a piece of a digest.
    let codes = truth["findings"]["hcpcs"].as_array().cloned().unwrap_or_default();
    for code in codes.iter().filter_map(|v| v["code"].as_str()) {
        for (place, text) in places {
            assert!(!text.contains(code), "{place} holds {code}, a code of the document");
        }
    }
}
