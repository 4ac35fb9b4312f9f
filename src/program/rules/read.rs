//! From the text of a file to rules and groups, or everything wrong with it.

use std::collections::BTreeMap;

use super::rule::{Group, Rule, RuleScope};
use super::topic::{KeyDate, Topic};
use super::value::Value;
use crate::program::model::{LineOfBusiness, Source, Status};
use crate::program::problem::ProgramProblem;
use crate::program::reader::{Problems, Section};
use crate::program::written::{NO_DATE, one_of, program_id, table, words};

/// Sources by the name that rules of the file use for them.
type Sources = BTreeMap<String, Source>;

pub(super) fn read(file: &str, text: &str) -> Result<(Vec<Rule>, Vec<Group>), Vec<ProgramProblem>> {
    let table = table(file, text)?;
    let mut problems = Problems::of(file);
    let mut root = Section::root(&table);
    let sources = sources(&mut root, &mut problems);
    let groups = groups(&mut root, &mut problems);
    let sections = root.sections("rule", &mut problems);
    let rules = sections
        .into_iter()
        .filter_map(|section| rule(section, file, &sources, &mut problems))
        .collect();
    root.finish(&mut problems);
    let problems = problems.into_list();
    if problems.is_empty() { Ok((rules, groups)) } else { Err(problems) }
}

fn sources(root: &mut Section, problems: &mut Problems) -> Sources {
    let mut sources = Sources::new();
    for mut section in root.sections("source", problems) {
        let id =
            section.one("id", problems, "small letters, digits and _", String::new(), program_id);
        let source =
            Source { title: section.text("title", problems), date: section.text("date", problems) };
        let at = section.at("id");
        section.finish(problems);
        if sources.insert(id, source).is_some() {
            problems.add(&at, "is used twice", "give each source its own id");
        }
    }
    sources
}

fn groups(root: &mut Section, problems: &mut Problems) -> Vec<Group> {
    let sections = root.sections("group", problems);
    let read = |mut section: Section| {
        let group = Group {
            id: section.one(
                "id",
                problems,
                "small letters, digits and _",
                String::new(),
                program_id,
            ),
            words: words(&mut section, "words", problems),
        };
        if group.words.is_empty() {
            problems.add(&section.at("words"), "names no word", "write what stands on paper");
        }
        section.finish(problems);
        group
    };
    sections.into_iter().map(read).collect()
}

/// `None` where something is wrong that nothing harmless can stand in for; it is
/// noted like everything else.
fn rule(
    mut section: Section,
    file: &str,
    sources: &Sources,
    problems: &mut Problems,
) -> Option<Rule> {
    let key = section.path().to_owned();
    let id =
        section.one("id", problems, "small letters, digits, dots and _", String::new(), rule_id);
    let hint = one_of(Topic::ALL, Topic::as_str);
    let topic = section.one("topic", problems, &hint, None, |text| Topic::parse(text).map(Some));
    let value = value(&mut section, topic, problems);
    let scope = scope(&mut section, problems);
    let first_day = "write the first day as \"2026-03-07\"";
    let effective_from =
        section.one("effective_from", problems, first_day, NO_DATE, |text| text.parse().ok());
    let effective_to = section.date("effective_to", problems);
    if effective_to.is_some_and(|end| end <= effective_from) {
        problems.add(
            &section.at("effective_to"),
            "is not after effective_from",
            "it is the first day after",
        );
    }
    let hint = one_of(KeyDate::ALL, KeyDate::as_str);
    let keyed_on = section.optional("keyed_on", problems, &hint, KeyDate::parse);
    let hint = one_of(Status::ALL, Status::as_str);
    let status = section.one("status", problems, &hint, Status::Active, Status::parse);
    let known: Vec<&str> = sources.keys().map(String::as_str).collect();
    let hint = format!("the id of a [[source]] of this file: {}", known.join(", "));
    if section.value("source").is_none() {
        problems.add(&section.at("source"), "is missing", &*hint);
    }
    let cited = section.listed("source", problems, &hint, |id| sources.get(id).cloned());
    let note = section.optional_text("note", problems);
    section.finish(problems);
    let (topic, value) = (topic?, value?);
    Some(Rule {
        id,
        topic,
        value,
        scope,
        effective_from,
        effective_to,
        keyed_on: keyed_on.unwrap_or(topic.usual_key()),
        status,
        sources: cited,
        note,
        file: file.to_owned(),
        key,
    })
}

fn value(section: &mut Section, topic: Option<Topic>, problems: &mut Problems) -> Option<Value> {
    let written = section.value("value");
    // Without its topic nobody can say what the value ought to be.
    let takes = topic?.takes();
    let key = section.at("value");
    let Some(written) = written else {
        problems.add(&key, "is missing", takes.hint());
        return None;
    };
    let value = takes.read(written);
    if value.is_none() {
        problems.add(&key, "is nothing that this topic takes", takes.hint());
    }
    value
}

fn scope(section: &mut Section, problems: &mut Problems) -> RuleScope {
    let mut section = section.section("scope", problems);
    let name = "small letters, digits and _";
    let hint = one_of(LineOfBusiness::ALL, LineOfBusiness::as_str);
    let scope = RuleScope {
        lob: section.listed("lob", problems, &hint, LineOfBusiness::parse),
        program: section.listed("program", problems, name, program_id),
        state: section.listed("state", problems, "two capital letters", |text| {
            (text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase()))
                .then(|| text.to_owned())
        }),
        hcpcs_set: section.listed("hcpcs_set", problems, "the id of a list of codes", program_id),
        group: section.listed("group", problems, name, program_id),
    };
    section.finish(problems);
    scope
}

/// As for a program, with dots.
fn rule_id(text: &str) -> Option<String> {
    text.split('.').all(|part| program_id(part).is_some()).then(|| text.to_owned())
}
