//! What can be read and is still not right.

use super::super::*;
use super::rules::{files, window};
use super::{SMALL, shipped};

/// What every program that reviews has to say, for `small`.
fn said() -> String {
    [
        ("request.same_day", "\"accept\""),
        ("retro.outside", "\"person\""),
        ("discharge.oxygen", "\"as_any\""),
        ("urgent.by_fax", "\"listed\""),
        ("review.by", "\"cigna\""),
        ("appeal.heard_by", "\"cigna\""),
        ("hold.letter_to", "\"requesting_provider\""),
    ]
    .map(|(topic, value)| {
        format!(
            "[[rule]]\nid = \"{topic}\"\ntopic = \"{topic}\"\nvalue = {value}\n\
             effective_from = \"2025-01-01\"\nstatus = \"active\"\nsource = \"guide\"\n"
        )
    })
    .concat()
}

#[track_caller]
fn found(rules: &str) -> Vec<String> {
    let programs = Programs::parse(files(&(said() + rules))).unwrap();
    told(&programs.check(|list| list == "imported"))
}

fn told(problems: &[ProgramProblem]) -> Vec<String> {
    assert!(problems.iter().all(|one| !one.file.is_empty() && !one.hint.is_empty()));
    problems.iter().map(ToString::to_string).collect()
}

#[test]
fn the_shipped_models_are_in_order() {
    assert_eq!(told(&shipped().check(|_| false)), Vec::<String>::new());
}

#[test]
fn what_is_in_order_is_left_alone() {
    let rules = window("then", 10, "2025-01-01", "effective_to = \"2026-01-01\"")
        + &window("now", 15, "2026-01-01", "")
        + &window("veterans", 365, "2026-01-01", "scope = { group = \"veterans\" }")
        + &window("list", 20, "2026-01-01", "scope = { hcpcs_set = \"imported\" }");
    assert_eq!(found(&rules), Vec::<String>::new());
}

#[test]
fn two_rules_that_say_different_things_on_the_same_day_overlap() {
    let rules = window("a", 10, "2025-01-01", "") + &window("b", 15, "2026-01-01", "");
    let found = found(&rules);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].starts_with("rules.toml: rule[8].effective_from: overlaps \"a\""),
        "{found:?}"
    );
    assert!(found[0].ends_with("(end that one with effective_to = \"2026-01-01\")"), "{found:?}");
    // One that begins on the same day cannot end before it began.
    let rules = window("a", 10, "2025-01-01", "") + &window("b", 15, "2025-01-01", "");
    let found = self::found(&rules);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("take one out"), "{found:?}");
}

#[test]
fn a_current_rule_beside_a_doubtful_one_overlaps_nothing_and_leaves_it_dead() {
    let rules = window("a", 10, "2025-01-01", "status = \"needs_confirmation\"")
        + &window("b", 15, "2025-01-01", "");
    let found = found(&rules);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("\"a\" never counts"), "{found:?}");
}

#[test]
fn a_fact_is_written_once() {
    let rules = window("a", 10, "2025-01-01", "scope = { program = \"small\" }")
        + &window("b", 10, "2026-01-01", "scope = { program = [\"small\"] }");
    let found = found(&rules);
    assert!(found[0].starts_with("rules.toml: rule[8].value: says again what \"a\""), "{found:?}");
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn a_day_without_a_needed_rule_is_named() {
    let late = said().replacen("2025-01-01", "2025-02-01", 1);
    let programs = Programs::parse(files(&late)).unwrap();
    let found = told(&programs.check(|_| false));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].starts_with("small.toml: no rule says request.same_day for small on 2025-01-01"),
        "{found:?}"
    );
    // One that ends, with nothing after it.
    let ends = said().replacen(
        "effective_from = \"2025-01-01\"",
        "effective_from = \"2025-01-01\"\neffective_to = \"2026-06-01\"",
        1,
    );
    let programs = Programs::parse(files(&ends)).unwrap();
    let found = told(&programs.check(|_| false));
    assert!(found[0].contains("request.same_day for small on 2026-06-01"), "{found:?}");
    // Without any rule at all each of the seven is missing; what may be left out is not.
    let programs = Programs::parse([("small.toml".to_owned(), SMALL.to_owned())]).unwrap();
    assert_eq!(programs.check(|_| false).len(), 7);
}

#[test]
fn days_between_two_versions_of_a_program_are_named() {
    let ended = SMALL.replace("version = ", "effective_to = \"2026-01-01\"\nversion = ");
    let later = SMALL.replace("2025-01-01", "2026-02-01").replace("\"1\"", "\"2\"");
    let [_, rules] = files(&said());
    let files = [("1.toml".to_owned(), ended), ("2.toml".to_owned(), later), rules];
    let found = told(&Programs::parse(files).unwrap().check(|_| false));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("2.toml: effective_from: leaves small without a version"));
}

#[test]
fn rules_that_never_count_are_named() {
    for (why, rules) in [
        ("for nobody", window("w", 1, "2025-01-01", "scope = { lob = \"medicare_advantage\" }")),
        (
            "over before its program began",
            window(
                "w",
                1,
                "2020-01-01",
                "effective_to = \"2024-01-01\"\nkeyed_on = \"received_at\"",
            ),
        ),
        (
            "behind a narrower one on all its days",
            window("w", 1, "2026-01-01", "scope = { lob = \"commercial\" }")
                + &window("n", 2, "2025-01-01", "scope = { program = \"small\" }"),
        ),
    ] {
        let found = found(&rules);
        assert_eq!(found.len(), 1, "{why}: {found:?}");
        assert!(
            found[0].contains("\"w\" never counts") || found[0].contains("\"w\" is for no program")
        );
    }
    // A service long before the program is what is asked for after the fact.
    let rules = window("w", 1, "2020-01-01", "effective_to = \"2024-01-01\"");
    assert_eq!(found(&rules), Vec::<String>::new());
}

#[test]
fn names_of_nothing_are_named() {
    for (scope, expected) in [
        ("program = [\"small\", \"smal\"]", "rule[7].scope.program: \"smal\" is no program"),
        ("hcpcs_set = \"lost\"", "rule[7].scope.hcpcs_set: \"lost\" is no list of codes"),
        ("group = \"pilots\"", "rule[7].scope.group: \"pilots\" is no group"),
    ] {
        let found = found(&window("w", 15, "2025-01-01", &format!("scope = {{ {scope} }}")));
        assert!(found[0].starts_with(&format!("rules.toml: {expected}")), "{found:?}");
        assert_eq!(found.len(), 1, "{found:?}");
    }
}
