//! Which rule counts, and rules that cannot be read.

use jiff::civil::{Date, date};

use super::super::*;
use super::{SMALL, problems};

/// A program `small` and rules about the window after the fact.
fn programs(rules: &str) -> Programs {
    Programs::parse(files(rules)).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

pub(super) fn files(rules: &str) -> [(String, String); 2] {
    let head = "source = [{ id = \"guide\", title = \"A guide\", date = \"2025\" }]\n\
                group = [{ id = \"veterans\", words = [\"veterans\"] }]\n";
    [("small.toml".into(), SMALL.into()), ("rules.toml".into(), format!("{head}{rules}"))]
}

/// Two days to answer in `value`, with more keys or other ones in `more`.
pub(super) fn window(id: &str, days: u16, from: &str, more: &str) -> String {
    format!(
        "[[rule]]\nid = \"{id}\"\ntopic = \"retro.window\"\nvalue = {{ calendar_days = {days} }}\n\
         effective_from = \"{from}\"\nsource = \"guide\"\n{}{more}\n",
        if more.contains("status") { "" } else { "status = \"active\"\n" }
    )
}

fn served(programs: &Programs, day: Option<Date>) -> Situation<'_> {
    let mut situation = Situation::of(programs.get("small").unwrap());
    situation.days.received = Some(date(2026, 3, 9));
    situation.days.service = day;
    situation
}

fn days(programs: &Programs, situation: &Situation) -> Option<u16> {
    match programs.rules().resolve(Topic::RetroWindow, situation)?.read()? {
        Window::CalendarDays(days) => Some(*days),
        Window::BusinessDays(_) => None,
    }
}

#[test]
fn a_rule_holds_from_its_first_day_to_before_its_last() {
    let programs = programs(&window("w", 15, "2026-03-07", "effective_to = \"2026-04-01\""));
    let on = |day| days(&programs, &served(&programs, Some(day)));
    assert_eq!(on(date(2026, 3, 6)), None);
    assert_eq!(on(date(2026, 3, 7)), Some(15));
    assert_eq!(on(date(2026, 3, 31)), Some(15));
    assert_eq!(on(date(2026, 4, 1)), None);
}

#[test]
fn every_dimension_that_a_scope_asks_about_has_to_fit() {
    for (scope, fits) in [
        ("lob = \"commercial\"", true),
        ("lob = \"medicare_advantage\"", false),
        ("program = [\"other\", \"small\"]", true),
        ("program = \"other\"", false),
        ("state = \"NY\"", true),
        ("state = \"AZ\"", false),
        ("hcpcs_set = \"few\"", true),
        ("hcpcs_set = \"many\"", false),
        ("group = \"veterans\"", true),
        ("lob = \"commercial\", state = \"AZ\"", false),
    ] {
        let programs = programs(&window("w", 15, "2025-01-01", &format!("scope = {{ {scope} }}")));
        let mut situation = served(&programs, Some(date(2026, 3, 1)));
        situation.state = Some("NY");
        situation.hcpcs_sets.insert("few");
        situation.groups.insert("veterans");
        assert_eq!(days(&programs, &situation).is_some(), fits, "{scope}");
        // What is not known fits nothing that asks about it.
        let unknown = served(&programs, Some(date(2026, 3, 1)));
        let asks_more = ["state", "hcpcs_set", "group"].iter().any(|one| scope.contains(one));
        assert_eq!(days(&programs, &unknown).is_some(), fits && !asks_more, "{scope}");
    }
}

#[test]
fn the_narrowest_scope_wins_whatever_is_later_or_current() {
    let scopes = [
        "lob = \"commercial\"",
        "lob = \"commercial\", program = \"small\"",
        "state = \"NY\"",
        "hcpcs_set = \"few\"",
        "group = \"veterans\"",
    ];
    for (narrower, scope) in scopes.iter().enumerate().skip(1) {
        let wider = scopes[narrower - 1];
        let rules = window("wide", 1, "2025-06-01", &format!("scope = {{ {wider} }}"))
            + &window(
                "narrow",
                2,
                "2025-01-01",
                &format!("status = \"legacy\"\nscope = {{ {scope} }}"),
            );
        let programs = programs(&rules);
        let mut situation = served(&programs, Some(date(2026, 3, 1)));
        situation.state = Some("NY");
        situation.hcpcs_sets.insert("few");
        situation.groups.insert("veterans");
        assert_eq!(days(&programs, &situation), Some(2), "{scope} before {wider}");
    }
}

#[test]
fn then_the_later_first_day_wins_and_then_the_current_one() {
    let later = window("old", 1, "2025-01-01", "")
        + &window("new", 2, "2025-06-01", "status = \"needs_confirmation\"");
    let programs_of_later = programs(&later);
    let situation = served(&programs_of_later, Some(date(2026, 3, 1)));
    assert_eq!(days(&programs_of_later, &situation), Some(2));

    for doubtful in ["legacy", "needs_confirmation"] {
        let current = window("a", 2, "2025-01-01", &format!("status = \"{doubtful}\""))
            + &window("b", 1, "2025-01-01", "");
        let programs = programs(&current);
        let situation = served(&programs, Some(date(2026, 3, 1)));
        let winner = programs.rules().resolve(Topic::RetroWindow, &situation).unwrap();
        assert_eq!((winner.rule.id.as_str(), &winner.doubt), ("b", &None));
    }
}

#[test]
fn between_even_rules_the_one_counts_that_keeps_the_document_in_review_and_it_is_told() {
    let even = |first: u16, second: u16| {
        programs(&(window("a", first, "2025-01-01", "") + &window("b", second, "2025-01-01", "")))
    };
    for programs in [even(15, 30), even(30, 15)] {
        let situation = served(&programs, Some(date(2026, 3, 1)));
        let winner = programs.rules().resolve(Topic::RetroWindow, &situation).unwrap();
        assert_eq!(winner.read(), Some(&Window::CalendarDays(30)));
        let Some(Doubt::Conflict(rules)) = &winner.doubt else { panic!("{winner:?}") };
        assert_eq!(rules.iter().map(|rule| rule.id.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    }
    // Two that say the same contradict nothing.
    let programs = even(15, 15);
    let situation = served(&programs, Some(date(2026, 3, 1)));
    let winner = programs.rules().resolve(Topic::RetroWindow, &situation).unwrap();
    assert_eq!((winner.rule.id.as_str(), winner.doubt), ("a", None));
}

/// The values of each topic in pairs: the one that counts where rules contradict
/// each other, and the one that does not.
#[test]
fn what_keeps_a_document_in_review_is_known_for_every_kind_of_value() {
    for (topic, counts, other) in [
        ("request.same_day", "\"accept\"", "\"redirect\""),
        ("retro.window", "{ calendar_days = 15 }", "{ business_days = 10 }"),
        ("retro.outside", "\"person\"", "\"redirect\""),
        ("service.from", "\"2022-05-31\"", "\"2022-06-01\""),
        ("discharge.oxygen", "\"by_phone\"", "\"as_any\""),
        ("urgent.by_fax", "\"call_back\"", "\"listed\""),
        ("review.not_required", "[\"pap_rad\"]", "[\"pap_rad\", \"oxygen\"]"),
        ("review.places", "[\"home\", \"outpatient\"]", "[\"home\"]"),
        ("denial.peer_to_peer", "\"cannot_reverse\"", "\"can_reverse\""),
        ("authorization.purchase", "{ days = 90 }", "{ days = 180 }"),
    ] {
        for (a, b) in [(counts, other), (other, counts)] {
            let rule = |id: &str, value: &str| {
                format!(
                    "[[rule]]\nid = \"{id}\"\ntopic = \"{topic}\"\nvalue = {value}\n\
                     effective_from = \"2025-01-01\"\nstatus = \"active\"\nsource = \"guide\"\n"
                )
            };
            let programs = programs(&(rule("a", a) + &rule("b", b)));
            let mut situation = served(&programs, Some(date(2026, 3, 1)));
            situation.days.determined = Some(date(2026, 3, 9));
            let topic = Topic::parse(topic).unwrap();
            let winner = programs.rules().resolve(topic, &situation).unwrap();
            let expected = if a == counts { "a" } else { "b" };
            assert_eq!(winner.rule.id, expected, "{topic:?}: {a} and {b}");
        }
    }
}

/// Nobody guesses a day of service: the answer is the one of every day, or the one
/// that keeps the document in review, and then it is told.
#[test]
fn a_key_date_that_is_not_known_could_be_any() {
    let rules = window("old", 30, "2025-01-01", "effective_to = \"2026-03-07\"")
        + &window("new", 15, "2026-03-07", "");
    let programs = programs(&rules);
    assert_eq!(days(&programs, &served(&programs, Some(date(2026, 3, 9)))), Some(15));
    let situation = served(&programs, None);
    let winner = programs.rules().resolve(Topic::RetroWindow, &situation).unwrap();
    assert_eq!(winner.rule.id, "old", "the longer one");
    assert!(matches!(&winner.doubt, Some(Doubt::DayUnknown(rules)) if rules.len() == 2));

    let same = rules_say_the_same();
    let situation = served(&same, None);
    let winner = same.rules().resolve(Topic::RetroWindow, &situation).unwrap();
    assert_eq!(winner.doubt, None, "whatever the day, it is 15");
}

fn rules_say_the_same() -> Programs {
    // The first is never asked: a narrower one stands before it on all its days.
    programs(
        &(window("wide", 99, "2026-01-01", "")
            + &window("narrow", 15, "2025-01-01", "scope = { program = \"small\" }")),
    )
}

#[test]
fn a_rule_may_be_keyed_on_another_day_than_is_usual() {
    let programs = programs(&window("w", 15, "2026-03-07", "keyed_on = \"received_at\""));
    let mut situation = served(&programs, Some(date(2026, 3, 1)));
    assert_eq!(days(&programs, &situation), Some(15), "received on the ninth");
    situation.days.received = Some(date(2026, 3, 6));
    assert_eq!(days(&programs, &situation), None);
}

#[test]
fn every_problem_of_a_rule_has_file_key_and_hint() {
    let good = window("w", 15, "2026-03-07", "scope = { lob = \"commercial\" }");
    for (right, wrong, expected) in [
        ("retro.window", "retro.windows", "rule[0].topic: \"retro.windows\" is not understood"),
        ("{ calendar_days = 15 }", "\"accept\"", "rule[0].value: is nothing that this topic takes"),
        ("{ calendar_days = 15 }", "{ calendar_days = 0 }", "rule[0].value: is nothing"),
        ("{ calendar_days = 15 }", "{ days = 15 }", "rule[0].value: is nothing"),
        ("value =", "valeu =", "rule[0].value: is missing"),
        ("2026-03-07", "2026-3-7", "rule[0].effective_from: \"2026-3-7\" is not understood"),
        ("\"active\"", "\"new\"", "rule[0].status: \"new\" is not understood"),
        ("\"guide\"\n", "\"gide\"\n", "rule[0].source: \"gide\" is not understood"),
        ("source = \"guide\"", "source = []", "rule[0].source: is an empty list"),
        ("lob =", "line =", "rule[0].scope.line: is no known key"),
        ("\"commercial\"", "[]", "rule[0].scope.lob: is an empty list"),
        ("id = \"w\"", "id = \"W!\"", "rule[0].id: \"W!\" is not understood"),
        ("topic", "keyed_on = \"today\"\ntopic", "rule[0].keyed_on: \"today\" is not understood"),
        ("topic", "effective_to = \"2026-03-07\"\ntopic", "rule[0].effective_to: is not after"),
    ] {
        let broken = good.replacen(right, wrong, 1);
        let found = Programs::parse(files(&broken)).unwrap_err();
        assert_eq!(found[0].file, "rules.toml");
        assert!(!found[0].hint.is_empty());
        let told: Vec<String> = found.iter().map(ToString::to_string).collect();
        let expected = format!("rules.toml: {expected}");
        assert!(told.iter().any(|one| one.starts_with(&expected)), "{expected}\n{told:#?}");
    }
}

#[test]
fn an_id_names_one_rule() {
    let twice = window("w", 15, "2025-01-01", "") + &window("w", 16, "2026-01-01", "");
    let found = Programs::parse(files(&twice)).unwrap_err();
    assert_eq!((found.len(), found[0].key.as_str()), (1, "rule[1].id"));
}

#[test]
fn a_client_adds_rules_in_a_file_of_their_own() {
    let shipped = window("w", 15, "2025-01-01", "");
    let ours = window("ours", 20, "2026-01-01", "").replace(
        "[[rule]]",
        "source = [{ id = \"guide\", title = \"Ours\", date = \"2026\" }]\n[[rule]]",
    );
    let mut files = files(&shipped).to_vec();
    files.push(("rules_ours.toml".into(), ours));
    let programs = Programs::parse(files).unwrap();
    let situation = served(&programs, Some(date(2026, 3, 1)));
    let winner = programs.rules().resolve(Topic::RetroWindow, &situation).unwrap();
    assert_eq!((winner.rule.id.as_str(), winner.rule.file.as_str()), ("ours", "rules_ours.toml"));
    assert_eq!(winner.rule.sources[0].title, "Ours");
}

#[test]
fn every_topic_takes_a_value_that_can_be_taken_out_again() {
    let (programs, mut seen) = (super::shipped(), std::collections::BTreeSet::new());
    for rule in programs.rules().iter() {
        seen.insert(rule.topic);
    }
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), Topic::ALL, "no topic without a shipped rule");
    assert!(problems("id = ").len() == 1);
}
