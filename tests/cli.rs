//! The command line of the outside contract.

mod common;

use std::fs;
use std::process::Output;

use common::program::{Intake, json, samples};
use serde_json::Value;

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn sample(name_part: &str) -> (String, Value) {
    let found = samples().into_iter().find(|(file, _)| file.to_string_lossy().contains(name_part));
    let (file, truth) = found.unwrap_or_else(|| panic!("no sample {name_part}"));
    (file.to_str().unwrap().to_owned(), truth)
}

#[test]
fn process_prints_one_line_for_each_file_in_order_whatever_they_are() {
    let intake = Intake::new();
    let (png, _) = sample(".png");
    let (jpg, _) = sample(".jp");
    let nothing = intake.data.with_file_name("nothing.tif");
    fs::write(&nothing, b"").unwrap();
    let output = intake.run(&[
        "process",
        "--json",
        "--received-at",
        "2026-03-09T15:00:00Z",
        &png,
        "not-there.tif",
        nothing.to_str().unwrap(),
        &jpg,
    ]);
    assert_eq!(code(&output), 1, "a file that is not there is the worst of these");
    let lines: Vec<Value> =
        String::from_utf8(output.stdout).unwrap().lines().map(|l| json(l.as_bytes())).collect();
    assert_eq!(lines.len(), 4);
    assert_eq!(lines[0]["document"]["media_type"], "image/png");
    assert_eq!(lines[1]["disposition"]["action"], "technical");
    assert_eq!(lines[1]["document"]["sha256"], Value::Null);
    assert_eq!(lines[2]["disposition"]["queue"], "technical");
    assert_eq!(lines[2]["document"]["bytes"], 0);
    assert_eq!(lines[3]["document"]["media_type"], "image/jpeg");
    for line in &lines {
        every_key_is_there(line);
    }
    assert!(String::from_utf8(output.stderr).unwrap().contains("not-there.tif"));
    assert!(!intake.data.join("intake.db").exists(), "process keeps no state");
}

#[test]
fn process_prints_its_lines_even_where_no_reader_can_start() {
    let intake = Intake::new();
    let (png, _) = sample(".png");
    let nowhere = intake.data.with_file_name("no-models");
    fs::create_dir(&nowhere).unwrap();
    let mut command = intake.command(&["process", "--json", &png, "not-there.tif", &png]);
    let output = command.env("INTAKE__OCR__TESSDATA", &nowhere).output().unwrap();
    assert_eq!(code(&output), 1);
    let lines: Vec<Value> =
        String::from_utf8(output.stdout).unwrap().lines().map(|l| json(l.as_bytes())).collect();
    let codes: Vec<&str> = lines
        .iter()
        .map(|line| line["disposition"]["reasons"][0]["code"].as_str().unwrap())
        .collect();
    assert!(codes[0].contains("reader.broken") && codes[2] == codes[0], "{codes:?}");
    assert!(codes[1].contains("file.not_opened"), "{codes:?}");
    for line in &lines {
        every_key_is_there(line);
    }
    assert!(String::from_utf8(output.stderr).unwrap().contains("tesseract-ocr-eng"));
}

#[test]
fn the_same_bytes_give_the_same_answer() {
    let intake = Intake::new();
    let (png, _) = sample(".png");
    let run = || {
        let at = "2026-03-09T15:00:00Z";
        let mut result =
            json(&intake.run(&["process", "--json", "--received-at", at, &png]).stdout);
        result["timing_ms"] = Value::Null;
        result
    };
    assert_eq!(run(), run());
}

#[test]
fn a_forced_program_and_a_packet() {
    let intake = Intake::new();
    let (png, _) = sample(".png");
    let packet = intake.data.with_file_name("packet.pdf");
    let packet = packet.to_str().unwrap();
    let output =
        intake.run(&["process", "--json", "--program", "hh_com", "--packet", packet, &png]);
    assert!([0, 3].contains(&code(&output)), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(json(&output.stdout)["disposition"]["program"], "hh_com");
    assert!(fs::read(packet).unwrap().starts_with(b"%PDF-"));
}

#[test]
fn wrong_use_is_2_and_says_what_to_do() {
    let intake = Intake::new();
    for (args, hint) in [
        (vec!["process"], "FILE"),
        (vec!["process", "--meta", "dnis", "x"], "KEY=VALUE"),
        (vec!["process", "--packet", "o.pdf", "a", "b"], "exactly one FILE"),
        (vec!["process", "--program", "nope", "a"], "intake programs show"),
        (vec!["--config", "not-there.toml", "status"], "deploy/intake.toml"),
        (vec!["frobnicate"], "--help"),
    ] {
        let output = intake.run(&args);
        let said = String::from_utf8(output.stderr.clone()).unwrap();
        assert_eq!(code(&output), 2, "{args:?}: {said}");
        assert!(said.contains(hint), "{args:?}: {said}");
    }
    let mut misspelt = intake.command(&["status"]);
    let output = misspelt.env("INTAKE__READERS__COUTN", "2").output().unwrap();
    assert_eq!(code(&output), 2);
    assert!(String::from_utf8(output.stderr).unwrap().contains("did you mean \"count\"?"));
}

#[test]
fn a_submission_is_all_or_nothing_and_prints_its_references() {
    let intake = Intake::new();
    let (png, _) = sample(".png");
    let failed = intake.run(&["submit", &png, "not-there.tif"]);
    assert_eq!(code(&failed), 1);
    assert!(failed.stdout.is_empty());
    assert_eq!(intake.status()["stages"]["received"], 0);

    let output =
        intake.run(&["submit", &png, &png, "--note", "a note", "--meta", "dnis=+12125550100"]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(said.lines().count(), 2);
    assert!(said.lines().all(|line| line.starts_with("D-")));
    assert_eq!(intake.status()["stages"]["received"], 2);
}

#[test]
fn status_has_the_keys_of_the_contract() {
    let intake = Intake::new();
    let status = intake.status();
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(
        keys(&status),
        ["stages", "queues", "cases_open", "outbox", "readers", "disk_free_bytes"]
    );
    assert_eq!(
        keys(&status["stages"]),
        ["received", "triage", "reading", "deciding", "delivering"]
    );
    assert_eq!(keys(&status["outbox"]), ["waiting", "failed"]);
    assert!(status["readers"]["running"].is_u64());
    assert!(status["disk_free_bytes"].as_u64().unwrap() > 0);
    assert!(!intake.data.exists(), "asking makes nothing");
}

#[test]
fn a_variable_that_is_not_utf_8_harms_nobody() {
    use std::os::unix::ffi::OsStrExt;
    let intake = Intake::new();
    let odd = std::ffi::OsStr::from_bytes(b"caf\xe9");
    let output = intake.command(&["programs", "check"]).env("SOMETHING", odd).output().unwrap();
    assert_eq!(code(&output), 0);
}

#[test]
fn programs_completions_and_doctor() {
    let intake = Intake::new();
    assert_eq!(code(&intake.run(&["programs", "check"])), 0);
    let shown = intake.run(&["programs", "show", "--at", "2026-03-09"]);
    let shown = String::from_utf8(shown.stdout).unwrap();
    for id in ["dme_com", "dme_ma", "hh_com", "sleep_com", "care_coord"] {
        assert!(shown.contains(id), "{id}");
    }
    let output = intake.run(&["completions", "bash"]);
    assert!(String::from_utf8(output.stdout).unwrap().contains("_intake"));
    let doctor = intake.run(&["doctor"]);
    let said = String::from_utf8(doctor.stdout.clone()).unwrap();
    assert_eq!(code(&doctor), 0, "{said}");
    assert!(!said.contains("BAD"), "{said}");
    for wall in ["privileges", "limits", "Landlock", "seccomp", "processor time"] {
        assert!(said.lines().any(|l| l.contains("jail of readers") && l.contains(wall)), "{said}");
    }
}

/// A client's own rule beside the shipped ones, first one that contradicts them.
#[test]
fn programs_check_names_what_is_not_in_order_and_show_prints_the_rules_of_a_day() {
    let intake = Intake::new();
    let models = intake.data.with_file_name("models");
    for part in ["cases", "codes", "cues", "ocr", "programs"] {
        fs::create_dir_all(models.join(part)).unwrap();
        for file in fs::read_dir(format!("models/{part}")).unwrap() {
            let file = file.unwrap();
            if file.path().is_file() {
                fs::copy(file.path(), models.join(part).join(file.file_name())).unwrap();
            }
        }
    }
    let ours = |id: &str, topic: &str, first_day: &str| {
        let text = format!(
            "source = [{{ id = \"letter\", title = \"Letter of the plan\", date = \"2026\" }}]\n\
             [[rule]]\nid = \"{id}\"\ntopic = \"{topic}\"\nvalue = \"accept\"\n\
             scope = {{ program = \"dme_com\" }}\neffective_from = \"{first_day}\"\n\
             status = \"active\"\nsource = \"letter\"\n"
        );
        fs::write(models.join("programs/rules_ours.toml"), text).unwrap();
    };
    let run =
        |args: &[&str]| intake.command(args).env("INTAKE__MODELS__DIR", &models).output().unwrap();
    ours("ours", "request.same_day", "2026-03-10");
    let check = run(&["programs", "check"]);
    let said = String::from_utf8_lossy(&check.stderr).into_owned();
    assert_eq!(code(&check), 2, "{said}");
    assert!(said.contains("rules_ours.toml: rule[0].effective_from: overlaps"), "{said}");
    assert!(said.contains("effective_to = \"2026-03-10\""), "{said}");

    ours("ours", "request.same_dai", "2026-03-10");
    let check = run(&["programs", "check"]);
    let said = String::from_utf8_lossy(&check.stderr).into_owned();
    assert_eq!(code(&check), 2);
    assert!(said.contains("rules_ours.toml: rule[0].topic: \"request.same_dai\""), "{said}");

    // The shipped rule ends where theirs begins.
    ours("ours", "request.same_day", "2026-03-10");
    let shipped = models.join("programs/rules.toml");
    let text = fs::read_to_string(&shipped).unwrap().replace(
        "scope = { program = [\"dme_com\", \"hh_com\"] }\neffective_from = \"2025-01-01\"\n",
        "scope = { program = \"dme_com\" }\neffective_from = \"2025-01-01\"\n\
         effective_to = \"2026-03-10\"\n",
    );
    let other = "\n[[rule]]\nid = \"theirs\"\ntopic = \"request.same_day\"\nvalue = \"redirect\"\n\
                 scope = { program = \"hh_com\" }\neffective_from = \"2025-01-01\"\n\
                 status = \"active\"\nsource = \"orientation\"\n";
    fs::write(&shipped, text + other).unwrap();
    let check = run(&["programs", "check"]);
    assert_eq!(code(&check), 0, "{}", String::from_utf8_lossy(&check.stderr));

    let show = |at: &str| {
        let shown = run(&["programs", "show", "--program", "dme_com", "--at", at]);
        String::from_utf8(shown.stdout).unwrap()
    };
    assert!(show("2026-03-10").contains("request.same_day = \"accept\""));
    assert!(show("2026-03-10").contains("ours: Letter of the plan (2026)"));
    assert!(show("2026-03-09").contains("request.same_day = \"redirect\""));
}

/// Every key of design §4, present in whatever result.
#[test]
fn eval_scores_what_a_truth_states() {
    let intake = Intake::new();
    let folder = intake.data.with_file_name("known");
    fs::create_dir_all(folder.join("below")).unwrap();
    let (png, truth) = sample(".png");
    fs::copy(&png, folder.join("below/form-page.png")).unwrap();
    let put = |truth: &Value| {
        fs::write(folder.join("below/form-page.truth.json"), truth.to_string()).unwrap();
    };
    put(&truth);
    let eval = |more: &[&str]| {
        let folder = folder.to_str().unwrap();
        intake.run(&[&["eval", folder], more].concat())
    };
    let output = eval(&["--json"]);
    assert_eq!(code(&output), 0);
    let report = json(&output.stdout);
    assert_eq!(report["schema"], "intake.eval/1");
    assert_eq!(report["documents"], 1);
    let stated = truth["findings"]["hcpcs"].as_array().unwrap().len();
    assert_eq!(report["fields"]["hcpcs"]["stated"], stated);
    assert_eq!(report["fields"]["page_kinds"]["recall"], 1.0);
    let text = String::from_utf8(eval(&[]).stdout).unwrap();
    assert!(text.starts_with("1 documents") && text.contains("precert_form"), "{text}");

    // A hand-written truth states one thing, and that one is wrong.
    put(&serde_json::json!({"schema": "intake.truth/1", "file": "form-page.png",
        "received_on": "2026-03-09", "findings": {"npi": [{"value": "2000000002"}]}}));
    let report = json(&eval(&["--json"]).stdout);
    let fields: Vec<&String> = report["fields"].as_object().unwrap().keys().collect();
    assert_eq!(fields, ["npi"], "what is not stated is not scored");
    assert_eq!(report["fields"]["npi"]["recall"], 0.0);
    assert!(report["misses"].as_array().unwrap().iter().any(|m| m["value"] == "2000000002"));

    put(&serde_json::json!({"schema": "intake.truth/1", "file": "../form-page.png"}));
    let output = eval(&[]);
    assert_eq!(code(&output), 2);
    assert!(String::from_utf8(output.stderr).unwrap().contains("is not beside it"));

    let schema = json(&intake.run(&["schema", "truth"]).stdout);
    assert!(schema["properties"]["findings"].is_object(), "{schema}");
}

/// A plan's list: kept, shown beside a code, and taken by the program model
/// that asks for it.
#[test]
fn a_list_of_codes_is_imported_and_decides_the_program() {
    let intake = Intake::new();
    let (complete, _) = sample("complete-unticked");
    let process = || {
        let at = "2026-03-09T15:00:00Z";
        json(&intake.run(&["process", "--json", "--received-at", at, &complete]).stdout)
    };
    let before = process();
    let requested = before["findings"]["hcpcs"][0]["code"].as_str().unwrap().to_owned();
    assert_eq!(before["findings"]["hcpcs"][0]["lists"], serde_json::json!([]));
    assert_eq!(before["disposition"]["program"], "dme_com");

    let list = intake.data.with_file_name("list.csv");
    fs::write(&list, format!("HCPCS Code,Effective Date\n{requested},2026-03-07\n")).unwrap();
    let file = list.to_str().unwrap();
    let import = intake.run(&["codes", "import", file, "--list", "delegated_49"]);
    assert_eq!(code(&import), 0, "{}", String::from_utf8_lossy(&import.stderr));
    let after = process();
    assert_eq!(after["findings"]["hcpcs"][0]["lists"], serde_json::json!(["delegated_49"]));
    assert_eq!(after["disposition"]["program"], "dme_com_49");
    assert_ne!(before["disposition"]["models"]["codes"], after["disposition"]["models"]["codes"]);

    let show = |args: &[&str]| String::from_utf8(intake.run(args).stdout).unwrap();
    assert!(show(&["codes", "show"]).contains("list.csv"));
    let on = show(&["codes", "show", &requested, "--at", "2026-03-07"]);
    assert!(on.contains("delegated_49"), "{on}");
    let off = show(&["codes", "show", &requested, "--at", "2026-03-06"]);
    assert!(!off.contains("delegated_49"), "{off}");

    // A bad file changes nothing and names every row.
    fs::write(&list, "code\nE02\nE9\n").unwrap();
    let refused = intake.run(&["codes", "import", file, "--list", "delegated_49"]);
    assert_eq!(code(&refused), 2);
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.contains("line 2") && said.contains("line 3"), "{said}");
    assert_eq!(process()["disposition"]["program"], "dme_com_49");
}

/// CMS's release ends a code, and the file says so.
#[test]
fn a_release_of_codes_is_imported() {
    let intake = Intake::new();
    let mut record = vec![b' '; 320];
    for (at, text) in [(0, "E0260"), (10, "3"), (91, "Hosp bed"), (284, "20251231")] {
        record[at..at + text.len()].copy_from_slice(text.as_bytes());
    }
    record.push(b'\n');
    let file = intake.data.with_file_name("HCPC2026_ANWEB.txt");
    fs::write(&file, &record).unwrap();
    let import = intake.run(&["codes", "import", file.to_str().unwrap()]);
    assert_eq!(code(&import), 0, "{}", String::from_utf8_lossy(&import.stderr));
    let shown = String::from_utf8(intake.run(&["codes", "show", "E0260"]).stdout).unwrap();
    assert!(shown.contains("2025-12-31"), "{shown}");
    let nothing = intake.run(&["codes", "import", file!()]);
    assert_eq!(code(&nothing), 1, "a file that is not there");
}

/// NPIs are looked up in the directory that was imported.
#[test]
fn npis_are_checked_against_the_provider_directory() {
    let intake = Intake::new();
    let (complete, truth) = sample("complete-unticked");
    let npi = |role: &str| {
        let numbers = truth["findings"]["npi"].as_array().unwrap();
        let found = numbers.iter().find(|n| n["role"] == role).unwrap();
        found["value"].as_str().unwrap().to_owned()
    };
    let csv = intake.data.with_file_name("npidata_pfile.csv");
    let columns = [
        "NPI",
        "Provider Organization Name (Legal Business Name)",
        "Provider Last Name (Legal Name)",
        "Provider First Name",
        "Provider Business Mailing Address Telephone Number",
        "Provider Business Mailing Address Fax Number",
        "Provider Business Practice Location Address Telephone Number",
        "Provider Business Practice Location Address Fax Number",
        "NPI Deactivation Date",
        "NPI Reactivation Date",
    ];
    let ordering = npi("ordering");
    let row = format!("{ordering},,SOMEBODY,ELSE,,,,,,\n");
    fs::write(&csv, format!("\"{}\"\n{row}", columns.join("\",\""))).unwrap();
    let import = intake.run(&["providers", "import", csv.to_str().unwrap()]);
    assert_eq!(code(&import), 0, "{}", String::from_utf8_lossy(&import.stderr));

    let at = "2026-03-09T15:00:00Z";
    let result = json(&intake.run(&["process", "--json", "--received-at", at, &complete]).stdout);
    let checked = |value: &str| {
        let numbers = result["findings"]["npi"].as_array().unwrap();
        numbers.iter().find(|n| n["value"] == value).unwrap()["directory"].clone()
    };
    assert_eq!(checked(&ordering)["standing"], "active");
    assert_eq!(checked(&ordering)["name_agrees"], false);
    assert_eq!(checked(&npi("rendering"))["standing"], "not_listed");
    let notes: Vec<&str> =
        result["notes"].as_array().unwrap().iter().filter_map(|n| n["code"].as_str()).collect();
    assert!(notes.contains(&"npi.name_mismatch") && notes.contains(&"npi.not_listed"), "{notes:?}");

    let shown = intake.run(&["providers", "show", &ordering]);
    assert!(String::from_utf8(shown.stdout).unwrap().contains("ELSE SOMEBODY"));
}

/// The register as its users meet it: no patient in a list, all of one where a
/// case was asked for, and nothing half imported.
#[test]
fn cases_are_imported_listed_shown_and_opened() {
    let intake = Intake::new();
    let text = |output: &Output| String::from_utf8(output.stdout.clone()).unwrap();
    assert_eq!(code(&intake.run(&["case", "list"])), 0);
    assert!(!intake.data.exists(), "asking makes nothing");

    let csv = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/cases/cases.csv");
    let csv = csv.to_str().unwrap();
    for expected in ["4 cases opened, 0 changed, 0 as", "0 cases opened, 0 changed, 4 as"] {
        let import = intake.run(&["case", "import", csv]);
        assert_eq!(code(&import), 0, "{}", String::from_utf8_lossy(&import.stderr));
        assert!(text(&import).starts_with(expected), "{}", text(&import));
        assert!(import.stderr.is_empty(), "{}", String::from_utf8_lossy(&import.stderr));
    }
    assert_eq!(intake.status()["cases_open"], 3);

    for args in [["case", "list", "--limit", "9"], ["case", "list", "--json", "--limit=9"]] {
        let listed = text(&intake.run(&args));
        assert!(listed.contains("hold_insufficient") && listed.contains("dme_ma"), "{listed}");
        for secret in ["Sample", "1958", "U1234567801", "5550101", "supplier"] {
            assert!(!listed.contains(secret), "{secret}: {listed}");
        }
    }
    let held = text(&intake.run(&["case", "list", "--json", "--state", "hold_insufficient"]));
    let held = json(held.as_bytes());
    assert_eq!(held["asked"], serde_json::json!(["visit_note", "invoice"]));

    let shown = text(&intake.run(&["case", "show", "CN-5550101"]));
    for said in ["Sample, Edith", "1958-03-01", "E0260 hospital_bed", "A-5550111"] {
        assert!(shown.contains(said), "{said}: {shown}");
    }
    assert_eq!(code(&intake.run(&["case", "show", "C-000000000000"])), 2);
    let by_reference = intake.run(&["case", "show", held["case"].as_str().unwrap(), "--json"]);
    let by_reference = json(&by_reference.stdout);
    assert_eq!(by_reference["member"]["name"], "Walter Example");
    assert_eq!(by_reference["documents"], serde_json::json!([]));

    let note = "supplier called about oxygen";
    let opened = intake.run(&["case", "open", "--note", note]);
    assert_eq!(code(&opened), 0, "{}", String::from_utf8_lossy(&opened.stderr));
    assert!(String::from_utf8(opened.stderr).unwrap().contains("two of name"));
    let opened = intake.run(&[
        "case",
        "open",
        "--note",
        note,
        "--member-name",
        "Ada Specimen",
        "--date-of-birth",
        "1962-07-14",
        "--program",
        "dme_com",
        "--family",
        "oxygen",
        "--number",
        "A-5550199",
    ]);
    assert_eq!(code(&opened), 0, "{}", String::from_utf8_lossy(&opened.stderr));
    assert!(opened.stderr.is_empty() && text(&opened).starts_with("C-"));
    let shown = json(&intake.run(&["case", "show", "a5550199", "--json"]).stdout);
    assert_eq!(shown["reference"], text(&opened).trim());
    assert_eq!((&shown["by_phone"], &shown["note"]), (&Value::from(true), &Value::from(note)));
    for wrong in [["--program", "nobodys"], ["--code", "E02"], ["--ordering-npi", "1234567890"]] {
        let args = ["case", "open", "--note", note].into_iter().chain(wrong);
        assert_eq!(code(&intake.run(&args.collect::<Vec<_>>())), 2, "{wrong:?}");
    }

    let bad = intake.data.with_file_name("bad.csv");
    let rows = "number,opened,member_name,date_of_birth\n\
        CN-1,2026-03-02,Ruth Pattern,1950-05-05\nCN-2,2026-03-02,Carl Model,31.12.1950\n";
    fs::write(&bad, rows).unwrap();
    let refused = intake.run(&["case", "import", bad.to_str().unwrap()]);
    assert_eq!(code(&refused), 2);
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.contains("line 3, date_of_birth") && said.contains("nothing was changed"));
    assert!(!said.contains("31.12") && !said.contains("Carl"), "{said}");
    assert_eq!(code(&intake.run(&["case", "show", "CN-1"])), 2, "all or nothing");
}

fn every_key_is_there(result: &Value) {
    const KEYS: [&str; 41] = [
        "schema",
        "document.sha256",
        "document.media_type",
        "document.bytes",
        "document.pages",
        "document.received_at",
        "pages",
        "parts",
        "findings.pending_discharge.value",
        "findings.pending_discharge.evidence",
        "findings.urgent.value",
        "findings.hcpcs",
        "findings.npi",
        "findings.tin",
        "findings.icd10",
        "findings.member.name",
        "findings.member.date_of_birth",
        "findings.member.id",
        "findings.providers",
        "findings.dates.service",
        "findings.dates.order",
        "findings.dates.visit",
        "findings.dates.anticipated_discharge",
        "findings.dates.delivered",
        "findings.references",
        "findings.intents",
        "findings.setting",
        "findings.place_of_service",
        "findings.oxygen",
        "findings.checklist",
        "findings.required",
        "disposition.action",
        "disposition.queue",
        "disposition.lane",
        "disposition.program",
        "disposition.reasons",
        "disposition.missing",
        "disposition.due",
        "disposition.models.ocr",
        "timing_ms.total",
        "notes",
    ];
    for key in KEYS {
        let found = key.split('.').try_fold(result, |value, part| value.get(part));
        assert!(found.is_some(), "{key} is missing from {result}");
    }
    assert_eq!(result["schema"], "intake.result/1");
    assert_eq!(result["findings"]["checklist"].as_array().unwrap().len(), 28);
}
