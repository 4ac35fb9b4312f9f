//! From the text of one file to a [`Program`], or everything wrong with it.

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use regex::Regex;
use toml::{Table, Value};

use super::clocks::Clocks;
use super::hours::{Hours, Opening, Span, parse_day, parse_time};
use super::model::{
    Appeals, Asked, Conditions, Contact, Kind, LineOfBusiness, PhoneLine, Program, Required,
    Satisfied, Scope, Service, Signals, Source, Status,
};
use super::names::{Condition, FieldName, Severity};
use super::problem::ProgramProblem;
use super::reader::{Problems, Section};
use crate::extract::findings::Item;
use crate::vocab::{HcpcsCode, Sha256Digest};

/// Stands in for a date that is wrong; such a program is never used.
pub(super) const NO_DATE: Date = date(1970, 1, 1);

/// Places of care, as `extract` names them.
pub(super) const SETTINGS: [&str; 5] = ["home", "hospital", "snf", "surgical", "outpatient"];

/// Whether this is one of them.
pub(super) fn is_setting(text: &str) -> bool {
    SETTINGS.contains(&text)
}

/// Rows that send a document away, and may do so on their own if a model says
/// so. All others wait for a person whatever a model says.
const ROWS_THAT_MAY_BE_AUTOMATIC: [&str; 4] = ["8", "9", "10", "10b"];

/// Reads one file.
pub(super) fn read(file: &str, text: &str) -> Result<Program, Vec<ProgramProblem>> {
    let table = table(file, text)?;
    let mut problems = Problems::of(file);
    let program = program(file, text, &table, &mut problems);
    let problems = problems.into_list();
    if problems.is_empty() { Ok(program) } else { Err(problems) }
}

/// The TOML of a file, or the line at which it is none.
pub(super) fn table(file: &str, text: &str) -> Result<Table, Vec<ProgramProblem>> {
    text.parse().map_err(|error: toml::de::Error| {
        let mut problems = Problems::of(file);
        problems.add("", error.message().to_owned(), place(text, error.span()));
        problems.into_list()
    })
}

fn place(text: &str, span: Option<std::ops::Range<usize>>) -> String {
    let start = span.map_or(0, |span| span.start.min(text.len()));
    format!("in line {}", text.as_bytes()[..start].iter().filter(|b| **b == b'\n').count() + 1)
}

fn program(file: &str, text: &str, table: &Table, problems: &mut Problems) -> Program {
    let mut root = Section::root(table);
    let kind =
        root.one("kind", problems, &one_of(Kind::ALL, Kind::as_str), Kind::Desk, Kind::parse);
    let program = Program {
        id: root.one("id", problems, "small letters, digits and _", String::new(), program_id),
        title: root.text("title", problems),
        version: root.text("version", problems),
        status: root.one(
            "status",
            problems,
            &one_of(Status::ALL, Status::as_str),
            Status::Active,
            Status::parse,
        ),
        kind,
        service: root.one(
            "service",
            problems,
            &one_of(Service::ALL, Service::as_str),
            Service::Any,
            Service::parse,
        ),
        line_of_business: root.one(
            "line_of_business",
            problems,
            &one_of(LineOfBusiness::ALL, LineOfBusiness::as_str),
            LineOfBusiness::Any,
            LineOfBusiness::parse,
        ),
        effective_from: root.one(
            "effective_from",
            problems,
            "write the first day as \"2026-03-07\"",
            NO_DATE,
            |text| text.parse().ok(),
        ),
        effective_to: root.date("effective_to", problems),
        zone: root.one(
            "zone",
            problems,
            "a name of the IANA list such as America/New_York, known to this machine",
            TimeZone::UTC,
            |name| TimeZone::get(name).ok(),
        ),
        unconfirmed: unconfirmed(&mut root, table, problems),
        automatic_rows: root.parsed(
            "automatic_rows",
            problems,
            "only rows 8, 9, 10 and 10b send a document away",
            |row| ROWS_THAT_MAY_BE_AUTOMATIC.contains(&row).then(|| row.to_owned()),
        ),
        sources: sources(&mut root, problems),
        contact: contact(&mut root, problems),
        hours: hours(&mut root, problems),
        scope: scope(&mut root, problems),
        signals: signals(&mut root, problems),
        conditions: conditions(&mut root, problems),
        required: required(&mut root, problems),
        checklist: checklist(&mut root, problems),
        clocks: clocks(&mut root, kind, problems),
        appeals: appeals(&mut root, problems),
        file: file.to_owned(),
        digest: Sha256Digest::of(text.as_bytes()),
    };
    if program.effective_to.is_some_and(|end| end <= program.effective_from) {
        problems.add("effective_to", "is not after effective_from", "it is the first day after");
    }
    if kind == Kind::Review && !table.contains_key("required") {
        problems.add("required", "is missing", "a program that reviews requires something");
    }
    root.finish(problems);
    program
}

pub(super) fn one_of<T: Copy>(all: &[T], name: fn(T) -> &'static str) -> String {
    let names: Vec<&str> = all.iter().map(|one| name(*one)).collect();
    format!("one of {}", names.join(", "))
}

pub(super) fn program_id(text: &str) -> Option<String> {
    let good = text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    good.then(|| text.to_owned())
}

/// A key listed as unconfirmed must exist, or it would promise a question
/// that nobody can answer.
fn unconfirmed(root: &mut Section, table: &Table, problems: &mut Problems) -> Vec<String> {
    root.parsed("unconfirmed", problems, "name a key of this file, such as clocks.hold", |key| {
        let mut parts = key.split('.');
        let mut value: &Value = table.get(parts.next()?)?;
        for part in parts {
            value = value.get(part)?;
        }
        Some(key.to_owned())
    })
}

fn sources(root: &mut Section, problems: &mut Problems) -> Vec<Source> {
    let sections = root.sections("source", problems);
    if sections.is_empty() {
        problems.add("source", "is missing", "name where the facts come from: title and date");
    }
    let read = |mut section: Section| {
        let source =
            Source { title: section.text("title", problems), date: section.text("date", problems) };
        section.finish(problems);
        source
    };
    sections.into_iter().map(read).collect()
}

fn contact(root: &mut Section, problems: &mut Problems) -> Contact {
    const HINT: &str = "+1 and ten digits";
    let mut section = root.section("contact", problems);
    let fax = section.parsed("fax", problems, HINT, e164);
    let phones = section.sections("phone", problems);
    let read = |mut line: Section| {
        let phone = PhoneLine {
            number: line.one("number", problems, HINT, String::new(), e164),
            menu: line.optional_text("menu", problems),
            purpose: line.text("purpose", problems),
        };
        line.finish(problems);
        phone
    };
    let phone = phones.into_iter().map(read).collect();
    section.finish(problems);
    Contact { fax, phone }
}

/// `+1` and a North American number: neither area nor exchange begins with 0
/// or 1.
pub(super) fn e164(text: &str) -> Option<String> {
    let digits = text.strip_prefix("+1")?.as_bytes();
    let good = digits.len() == 10
        && digits.iter().all(u8::is_ascii_digit)
        && digits[0] >= b'2'
        && digits[3] >= b'2';
    good.then(|| text.to_owned())
}

fn hours(root: &mut Section, problems: &mut Problems) -> Hours {
    let mut section = root.section("hours", problems);
    let mut open = Vec::new();
    for mut opening in section.sections("open", problems) {
        let days = opening.parsed("days", problems, "mon to sun", parse_day);
        if days.is_empty() {
            problems.add(&opening.at("days"), "names no day", "write [\"mon\", \"tue\"]");
        }
        let span = span(&mut opening, problems);
        opening.finish(problems);
        open.extend(span.map(|span| Opening { days, span }));
    }
    let mut holidays = None;
    if section.value("holidays").is_some() {
        let mut on_holidays = section.section("holidays", problems);
        holidays = span(&mut on_holidays, problems);
        on_holidays.finish(problems);
    }
    let on_call = section.flag("on_call", problems);
    let hint = "write a day as \"2026-11-27\"";
    let plan_days = section.parsed("plan_days", problems, hint, |text| text.parse().ok());
    section.finish(problems);
    Hours { open, holidays, on_call, plan_days }
}

fn span(section: &mut Section, problems: &mut Problems) -> Option<Span> {
    const HINT: &str = "write a time as \"08:00\"";
    let mut time = |key| section.one(key, problems, HINT, None, |text| parse_time(text).map(Some));
    let (from, to) = (time("from")?, time("to")?);
    if from >= to {
        problems.add(&section.at("to"), "is not after from", "hours do not pass midnight");
        return None;
    }
    Some(Span { from, to })
}

fn scope(root: &mut Section, problems: &mut Problems) -> Scope {
    let mut section = root.section("scope", problems);
    let delegated = section.value("delegated").is_some();
    let scope = Scope {
        families: section.texts("families", problems),
        settings_outside: section.parsed(
            "settings_outside",
            problems,
            &format!("one of {}", SETTINGS.join(", ")),
            |text| is_setting(text).then(|| text.to_owned()),
        ),
        places_outside: section.parsed("places_outside", problems, "two digits", |text| {
            (text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.to_owned())
        }),
        states_outside: section.parsed("states_outside", problems, "two capital letters", |text| {
            (text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase()))
                .then(|| text.to_owned())
        }),
        delegated: delegated.then(|| codes(&mut section, "delegated", problems)),
        delegated_list: section.optional_text("delegated_list", problems),
    };
    section.finish(problems);
    scope
}

fn codes(section: &mut Section, key: &str, problems: &mut Problems) -> Vec<HcpcsCode> {
    section.parsed(key, problems, "a code such as E0260", |text| HcpcsCode::parse(text).ok())
}

fn signals(root: &mut Section, problems: &mut Problems) -> Signals {
    let mut section = root.section("signals", problems);
    let signals = Signals {
        member_ids: section.parsed("member_ids", problems, "a regular expression", |text| {
            Regex::new(&format!("^(?:{text})$")).ok()
        }),
        brands: words(&mut section, "brands", problems),
        plan_names: words(&mut section, "plan_names", problems),
        services: words(&mut section, "services", problems),
    };
    section.finish(problems);
    signals
}

pub(super) fn words(section: &mut Section, key: &str, problems: &mut Problems) -> Vec<String> {
    section.parsed(key, problems, "small letters, no blanks at the ends", |text| {
        let good = !text.is_empty() && text == text.trim().to_lowercase();
        good.then(|| text.to_owned())
    })
}

fn conditions(root: &mut Section, problems: &mut Problems) -> Conditions {
    let mut section = root.section("conditions", problems);
    let conditions = Conditions {
        wound_families: section.texts("wound_families", problems),
        therapy_families: section.texts("therapy_families", problems),
        pdn_families: section.texts("pdn_families", problems),
        cmn_codes: codes(&mut section, "cmn_codes", problems),
    };
    section.finish(problems);
    conditions
}

fn required(root: &mut Section, problems: &mut Problems) -> Vec<Required> {
    const FIELD: &str = "a field of the contract, such as ordering.npi";
    let mut required: Vec<Required> = Vec::new();
    for mut section in root.sections("required", problems) {
        let field = section.one("field", problems, FIELD, None, |t| FieldName::parse(t).map(Some));
        let severity = section.one(
            "severity",
            problems,
            "one of hard, core, support",
            Severity::Support,
            Severity::parse,
        );
        let when = condition(&mut section, problems);
        let or = section.optional("or", problems, FIELD, FieldName::parse);
        let assumed = section.optional_text("assumed", problems);
        if required.iter().any(|one| Some(one.field) == field) {
            problems.add(&section.at("field"), "is listed twice", "list each field once");
        }
        section.finish(problems);
        required.extend(field.map(|field| Required { field, severity, when, or, assumed }));
    }
    required
}

fn condition(section: &mut Section, problems: &mut Problems) -> Condition {
    let hint = one_of(Condition::ALL, Condition::as_str);
    section.optional("when", problems, &hint, Condition::parse).unwrap_or(Condition::Always)
}

fn checklist(root: &mut Section, problems: &mut Problems) -> Vec<Asked> {
    const ITEM: &str = "a checklist item of the contract, such as visit_note";
    let mut checklist: Vec<Asked> = Vec::new();
    for mut section in root.sections("checklist", problems) {
        let item = section.one("item", problems, ITEM, None, |t| Item::parse(t).map(Some));
        let when = condition(&mut section, problems);
        let holds = section.flag("holds", problems);
        if holds && when == Condition::WhenAvailable {
            problems.add(
                &section.at("holds"),
                "cannot be true for an item that is asked for when available",
                "nobody can tell whether it exists, so its absence holds nothing",
            );
        }
        let satisfied_by = satisfied(&mut section, "satisfied_by", problems);
        let satisfied_by_inpatient = satisfied(&mut section, "satisfied_by_inpatient", problems);
        if checklist.iter().any(|one| Some(one.item) == item) {
            problems.add(&section.at("item"), "is listed twice", "list each item once");
        }
        section.finish(problems);
        checklist.extend(item.map(|item| Asked {
            item,
            when,
            holds,
            satisfied_by,
            satisfied_by_inpatient,
        }));
    }
    checklist
}

fn satisfied(section: &mut Section, key: &str, problems: &mut Problems) -> Vec<Satisfied> {
    section.parsed(key, problems, "checklist items, fields, or core_fields", |text| match text {
        "core_fields" => Some(Satisfied::CoreFields),
        name => Item::parse(name)
            .map(Satisfied::Item)
            .or_else(|| FieldName::parse(name).map(Satisfied::Field)),
    })
}

/// The clocks of a program that reviews; serde's first complaint is enough, since
/// each of them is one line.
fn clocks(root: &mut Section, kind: Kind, problems: &mut Problems) -> Option<Clocks> {
    let Some(value) = root.value("clocks") else {
        if kind == Kind::Review {
            problems.add("clocks", "is missing", "copy the section [clocks] of another program");
        }
        return None;
    };
    value
        .clone()
        .try_into()
        .map_err(|error: toml::de::Error| {
            let hint = "an amount is written { staffed_hours = 2 }; kinds are elapsed_minutes, \
                        elapsed_hours, calendar_days, staffed_minutes, staffed_hours, business_days";
            problems.add("clocks", error.message().to_owned(), hint);
        })
        .ok()
}

fn appeals(root: &mut Section, problems: &mut Problems) -> Appeals {
    let mut section = root.section("appeals", problems);
    let appeals = Appeals { decided_words: words(&mut section, "decided_words", problems) };
    section.finish(problems);
    appeals
}
