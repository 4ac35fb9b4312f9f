//! Program files: what can be read, what cannot, and what the shipped ones say.

mod check;
mod rules;

use jiff::civil::date;

use super::*;

/// The program files that ship.
pub fn shipped_files() -> Vec<(String, String)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/models/programs");
    let files = std::fs::read_dir(folder).unwrap().map(|file| {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (name, std::fs::read_to_string(path).unwrap())
    });
    files.collect()
}

fn shipped() -> Programs {
    Programs::parse(shipped_files()).unwrap_or_else(|problems| {
        let all: Vec<String> = problems.iter().map(ToString::to_string).collect();
        panic!("{}", all.join("\n"))
    })
}

const SMALL: &str = r#"
id = "small"
title = "A small program"
version = "1"
status = "active"
kind = "review"
service = "dme"
line_of_business = "commercial"
effective_from = "2025-01-01"
zone = "America/New_York"
required = [{ field = "member.name", severity = "hard" }]
checklist = [{ item = "visit_note", when = "always", holds = true }]
source = [{ title = "A guide", date = "2025" }]

[clocks]
retro = { forward = { business_days = 1 } }
oxygen = { attach = { staffed_hours = 4 }, call = { staffed_hours = 1 } }
urgent = { decide = { elapsed_hours = 72 }, decide_target = { elapsed_hours = 24 } }
standard = { may_pause = true }
care_coordination = { forward = { business_days = 1 } }

[clocks.expedited]
decide = { elapsed_hours = 72 }
acknowledge = { staffed_minutes = 15 }
nurse_contact = { staffed_hours = 2 }
escalate_first = { staffed_hours = 1 }
escalate_second = { staffed_hours = 2 }

[clocks.hold]
letter_standard = { staffed_hours = 4 }
letter_urgent = { elapsed_hours = 1 }

[clocks.hold.standard]
minimum_response = { calendar_days = 45 }
review_buffer = { business_days = 1 }
may_pause = true

[clocks.hold.urgent]
minimum_response = { elapsed_hours = 48 }
review_buffer = { elapsed_hours = 12 }
may_pause = true
"#;

fn problems(text: &str) -> Vec<String> {
    let problems = Programs::parse([("small.toml".to_owned(), text.to_owned())]).unwrap_err();
    problems.iter().map(ToString::to_string).collect()
}

#[test]
fn the_shipped_models_are_the_eight_programs_and_stand_in_force() {
    let programs = shipped();
    let ids: Vec<&str> = programs.iter().map(|program| program.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "care_coord",
            "cigna_direct",
            "dme_com",
            "dme_com_49",
            "dme_com_legacy",
            "dme_ma",
            "hh_com",
            "sleep_com"
        ]
    );
    assert_eq!(programs.in_force(date(2026, 3, 6)).count(), 7);
    assert_eq!(programs.in_force(date(2026, 3, 7)).count(), 8);
    assert!(programs.get_on("dme_com_49", date(2026, 3, 6)).is_none());
}

/// Domain facts that are easily lost: who requires a tax id, which number
/// belongs to whom.
#[test]
fn the_shipped_models_keep_the_facts_apart() {
    let programs = shipped();
    let requires = |id: &str, field: FieldName| {
        let program = programs.get(id).unwrap();
        program.required.iter().any(|r| r.field == field && r.severity == Severity::Core)
    };
    assert!(requires("dme_com_legacy", FieldName::OrderingTin));
    assert!(requires("dme_com_legacy", FieldName::RenderingTin));
    assert!(requires("dme_ma", FieldName::RenderingTin));
    for id in ["dme_com", "dme_com_49", "dme_ma", "hh_com", "sleep_com"] {
        assert!(!requires(id, FieldName::OrderingTin), "{id}");
    }
    assert_eq!(programs.get("dme_com_49").unwrap().scope.delegated.as_deref(), Some(&[][..]));
    let reached_by = |number: &str| {
        let reached = programs.iter().filter(|p| p.contact.fax.iter().any(|fax| fax == number));
        reached.map(|p| p.id.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(reached_by("+18666637740"), ["dme_com", "dme_com_49", "dme_ma"]);
    assert_eq!(reached_by("+18884441027"), ["care_coord", "dme_com_legacy"]);
}

#[test]
fn families_named_in_the_shipped_models_exist() {
    let table =
        crate::vocab::codes::CodeTable::parse(include_str!("../../../models/codes/hcpcs.toml"))
            .unwrap();
    let known: std::collections::BTreeSet<&str> =
        table.iter().map(|(_, facts)| facts.family.as_str()).collect();
    let programs = shipped();
    for family in programs.rules().about(Topic::NotRequired).flat_map(|rule| match &rule.value {
        Value::Families(families) => families.clone(),
        other => panic!("{other:?}"),
    }) {
        assert!(known.contains(family.as_str()), "rules: {family}");
    }
    for program in programs.iter() {
        let conditions = &program.conditions;
        let named = program
            .scope
            .families
            .iter()
            .chain(&conditions.wound_families)
            .chain(&conditions.therapy_families)
            .chain(&conditions.pdn_families);
        for family in named {
            assert!(known.contains(family.as_str()), "{}: {family}", program.id);
        }
    }
}

#[test]
fn every_problem_is_reported_at_once_with_file_key_and_hint() {
    let text = SMALL
        .replace("visit_note", "visit_notes")
        .replace("member.name", "member.nam")
        .replace("\"always\"", "\"sometimes\"")
        .replace("America/New_York", "America/Gotham")
        .replace("2025-01-01", "2025-13-01")
        .replace("title = \"A s", "titel = \"A s")
        .replace("[clocks]", "[contact]\nfax = [\"866-663-7740\"]\n[clocks]")
        .replace("version = ", "unconfirmed = [\"hold.days\"]\nversion = ");
    let found = problems(&text);
    for expected in [
        "small.toml: checklist[0].item: \"visit_notes\" is not understood",
        "small.toml: required[0].field: \"member.nam\" is not understood",
        "small.toml: checklist[0].when: \"sometimes\" is not understood",
        "small.toml: zone: \"America/Gotham\" is not understood",
        "small.toml: effective_from: \"2025-13-01\" is not understood",
        "small.toml: title: is missing",
        "small.toml: titel: is no known key (did you mean \"title\"?)",
        "small.toml: contact.fax[0]: \"866-663-7740\" is not understood",
        "small.toml: unconfirmed[0]: \"hold.days\" is not understood",
    ] {
        assert!(found.iter().any(|one| one.starts_with(expected)), "{expected}\n{found:#?}");
    }
    assert_eq!(found.len(), 9, "{found:#?}");
}

#[test]
fn problems_of_several_files_come_together() {
    let broken = SMALL.replace("kind = \"review\"", "kind = \"nobody\"");
    let files = [
        ("a.toml".to_owned(), broken),
        ("b.toml".to_owned(), "id = ".to_owned()),
        ("c.toml".to_owned(), SMALL.replace("version = ", "houres = 1\nversion = ")),
    ];
    let problems = Programs::parse(files).unwrap_err();
    let of: Vec<&str> = problems.iter().map(|problem| problem.file.as_str()).collect();
    assert_eq!(of, ["a.toml", "b.toml", "c.toml"]);
    assert!(problems[1].hint.contains("line 1"), "{}", problems[1]);
}

#[test]
fn versions_that_overlap_are_refused_and_those_that_follow_are_not() {
    let earlier = ("1.toml".to_owned(), SMALL.to_owned());
    let later = SMALL.replace("2025-01-01", "2026-01-01").replace("\"1\"", "\"2\"");
    let problems = Programs::parse([earlier, ("2.toml".to_owned(), later.clone())]).unwrap_err();
    assert_eq!(problems.len(), 1);
    assert_eq!((problems[0].file.as_str(), problems[0].key.as_str()), ("2.toml", "effective_from"));

    let ended = SMALL.replace("version = ", "effective_to = \"2026-01-01\"\nversion = ");
    let programs =
        Programs::parse([("1.toml".to_owned(), ended), ("2.toml".to_owned(), later)]).unwrap();
    let version = |day| programs.get_on("small", day).map(|program| program.version.as_str());
    assert_eq!(version(date(2024, 12, 31)), None);
    assert_eq!(version(date(2025, 12, 31)), Some("1"));
    assert_eq!(version(date(2026, 1, 1)), Some("2"));
    assert_eq!(programs.get("small").unwrap().version, "2");
}

#[test]
fn an_amount_of_time_says_of_which_kind_it_is() {
    for (right, wrong) in [
        ("nurse_contact", "nurse_contract"),
        ("staffed_minutes = 15", "staffed_minuets = 15"),
        ("staffed_minutes = 15", "minutes = 15"),
        ("review_buffer = { business_days = 1 }", "review_buffer = { staffed_hours = 1 }"),
        ("calendar_days = 45", "calendar_days = -45"),
        ("may_pause = true", "may_pause = 1"),
        ("[clocks.hold.urgent]", "[clocks.hold.urgently]"),
    ] {
        let found = problems(&SMALL.replacen(right, wrong, 1));
        assert!(found.len() == 1 && found[0].starts_with("small.toml: clocks: "), "{found:?}");
    }
    let text = SMALL.split("[clocks]").next().unwrap();
    assert!(problems(text)[0].starts_with("small.toml: clocks: is missing"));
}

#[test]
fn what_is_asked_for_when_available_cannot_hold() {
    let found = problems(&SMALL.replace("\"always\"", "\"when_available\""));
    assert!(found[0].starts_with("small.toml: checklist[0].holds"), "{found:?}");
}

#[test]
fn no_model_at_all_is_a_problem() {
    assert_eq!(Programs::parse([]).unwrap_err().len(), 1);
}

#[test]
fn the_digest_is_of_all_files_and_of_nothing_else() {
    let mut files = shipped_files();
    let digest = shipped().digest();
    files.reverse();
    assert_eq!(Programs::parse(files.clone()).unwrap().digest(), digest);
    files[0].1.push_str("# a comment\n");
    assert_ne!(Programs::parse(files).unwrap().digest(), digest);
}

#[test]
fn programs_are_shown_for_people_and_for_machines() {
    let programs = shipped();
    let text = programs.show(Some("dme_com_49"), Some(date(2026, 4, 1)));
    for part in [
        "dme_com_49",
        "the list is the client's",
        "{\"calendar_days\":15} for codes of delegated_49",
        "Cigna DME FAQ",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert_eq!(
        programs.show(Some("dme_com_49"), Some(date(2026, 3, 6))),
        "No such program is in force on 2026-03-06.\n"
    );
    let json = serde_json::to_value(programs.select(Some("dme_ma"), None)).unwrap();
    assert_eq!(json[0]["zone"], "America/Chicago");
    assert_eq!(json[0]["hours"]["open"][0]["days"][0], "mon");
    assert_eq!(json[0]["checklist"][0]["item"], "written_prescription");
    assert_eq!(json[0]["version_id"], "dme_ma@2022-05-27");
    let rules = json[0]["rules"].as_array().unwrap();
    let letter = rules.iter().find(|rule| rule["topic"] == "hold.letter_to").unwrap();
    assert_eq!(letter["value"], "ordering_physician");
    assert_eq!(
        letter["sources"][0]["title"],
        "Cigna Medicare Advantage DME precertification guide"
    );
    let before = programs.show(Some("dme_com"), Some(date(2026, 3, 6)));
    assert!(before.contains("authorization.purchase = {\"days\":90}"), "{before}");
    assert!(!before.contains("{\"days\":180}"), "{before}");
}
