//! What a decision says of the rules that counted.

use super::build::*;
use crate::decide::register::tests::build::RULES;
use crate::decide::{Input, decide};
use crate::program::Programs;
use crate::program::tests::shipped_files;
use crate::vocab::Sha256Digest;

/// The shipped models with a rule more in a file of its own.
fn with_rule(topic: &str, value: &str, more: &str) -> Programs {
    let text = format!(
        "source = [{{ id = \"ours\", title = \"Ours\", date = \"2026\" }}]\n\
         [[rule]]\nid = \"ours\"\ntopic = \"{topic}\"\nvalue = {value}\nsource = \"ours\"\n\
         status = \"active\"\n{more}\n"
    );
    let mut files = shipped_files();
    files.push(("rules_ours.toml".to_owned(), text));
    Programs::parse(files).unwrap()
}

fn codes_of(reasons: &[crate::decide::disposition::Reason]) -> Vec<&str> {
    reasons.iter().map(|reason| reason.code.as_str()).collect()
}

#[test]
fn the_version_comes_first_and_then_each_rule_that_counted() {
    let decided = complete().decided();
    assert_eq!(
        decided.rules,
        [
            "dme_com@2025-01-01",
            "request.same_day.commercial",
            "discharge.oxygen.commercial",
            "urgent.by_fax.commercial",
            "review.not_required.implants",
            "appeal.heard_by.commercial",
            "denial.peer_to_peer.commercial",
            "hold.letter_to.commercial",
        ]
    );
    // With a day of service also what depends on it.
    let served = complete().with(|f| f.dates.service = Some(field("2026-03-06", 1))).decided();
    assert!(served.rules.contains(&"retro.outside.commercial".to_owned()), "{:?}", served.rules);
}

#[test]
fn without_one_program_the_versions_it_may_be_are_named_and_no_rule() {
    let mut doc = complete().member_id("W99887766");
    doc.recognized.pages.iter_mut().for_each(|page| page.lines.clear());
    let decided = doc.decided();
    assert_eq!(decided.program, None);
    assert_eq!(decided.rules, ["dme_com@2025-01-01", "dme_ma@2022-05-27"]);
    let input = Input::Unopened { code: "decode.encrypted", message: "The file is encrypted." };
    assert!(decide(&input, &PROGRAMS, &CODES).rules.is_empty());
}

#[test]
fn a_decision_names_the_digests_of_programs_and_of_how_cases_are_matched() {
    let decided = complete().decided();
    assert_eq!(decided.program_digest, PROGRAMS.digest());
    assert_eq!(decided.matching_digest, None, "no case was looked for");
    let other = with_rule("service.from", "\"2020-01-01\"", "effective_from = \"2025-01-01\"");
    assert_ne!(other.digest(), PROGRAMS.digest());
    let case = crate::decide::register::tests::build::case(1);
    let known = complete().knowing(&[case]).decided();
    assert_eq!(known.matching_digest, Some(RULES.digest()));
    let text = include_str!("../../../models/cases/matching.toml");
    assert_eq!(RULES.digest(), Sha256Digest::of(text.as_bytes()));
}

#[test]
fn rules_that_contradict_each_other_keep_the_document_in_review_and_say_so() {
    let even = "scope = { program = \"dme_com\" }\neffective_from = \"2025-01-01\"";
    let programs = with_rule("request.same_day", "\"accept\"", even);
    let doc = complete().with(|f| f.dates.service = Some(field("2026-03-09", 1)));
    assert_eq!(doc.decided().row, "9", "as shipped it is for the plan's phone");
    let decided = decide(&Input::Read(doc.document()), &programs, &CODES);
    assert_eq!(decided.row, "16");
    says(&decided, "policy.conflict");
    let told = decided.reasons.iter().find(|one| one.code == "policy.conflict").unwrap();
    assert!(told.message.contains("(ours, request.same_day.commercial)"), "{}", told.message);
    assert!(decided.rules.contains(&"ours".to_owned()));
    assert!(!codes_of(&complete().decided().reasons).contains(&"policy.conflict"));
}

/// A document of last year that is decided anew is decided by the rules of last year.
#[test]
fn an_old_document_is_decided_by_the_rules_of_its_receipt() {
    let from = "scope = { program = \"dme_com\" }\neffective_from = \"2026-03-10\"";
    let programs = with_rule("request.same_day", "\"accept\"", from);
    let starting = |day: &str, at: &str| {
        let doc = complete().with(|f| f.dates.service = Some(field(day, 1))).received(at);
        decide(&Input::Read(doc.document()), &programs, &CODES)
    };
    let before = starting("2026-03-09", "2026-03-09T15:00:00Z");
    assert_eq!(before.row, "9");
    assert!(before.rules.contains(&"request.same_day.commercial".to_owned()));
    let after = starting("2026-03-10", "2026-03-10T15:00:00Z");
    assert_eq!(after.row, "16");
    assert!(after.rules.contains(&"ours".to_owned()));
}

#[test]
fn a_rule_for_a_state_counts_where_all_addresses_name_it() {
    let state = "scope = { lob = \"commercial\", state = \"NY\" }\neffective_from = \"2025-01-01\"";
    let programs = with_rule("retro.window", "{ calendar_days = 30 }", state);
    let served = complete().with(|f| f.dates.service = Some(field("2026-03-01", 1)));
    let row = |doc: &Doc| decide(&Input::Read(doc.document()), &programs, &CODES).row;
    assert_eq!(row(&served), "16");
    let elsewhere = served.with(|findings| {
        findings.providers[0].address = Some(field("1 Main St, Mesa, AZ 85201", 1));
    });
    assert_eq!(row(&elsewhere), "10", "two states are none");
}

#[test]
fn without_a_rule_nothing_is_sent_away() {
    let only_programs = shipped_files().into_iter().filter(|(name, _)| name != "rules.toml");
    let programs = Programs::parse(only_programs).unwrap();
    for day in ["2026-03-09", "2026-01-09"] {
        let doc = complete().with(|f| f.dates.service = Some(field(day, 1)));
        let decided = decide(&Input::Read(doc.document()), &programs, &CODES);
        assert_eq!((decided.row.as_str(), decided.rules.len()), ("16", 1), "{day}");
    }
    let implant = complete().codes(&["L8614"]);
    let decided = decide(&Input::Read(implant.document()), &programs, &CODES);
    assert_ne!(decided.row, "10b");
}
