//! Program models in plain text, for a terminal.

use jiff::civil::Date;

use super::hours::{Hours, Span, day_name};
use super::model::{Asked, Program, Retro, SameDay};
use super::names::Condition;
use super::names::Severity;

/// All of them, one after the other.
pub(super) fn show(programs: &[&Program], at: Option<Date>) -> String {
    if programs.is_empty() {
        return match at {
            Some(day) => format!("No such program is in force on {day}.\n"),
            None => "There is no such program.\n".to_owned(),
        };
    }
    programs.iter().map(|program| one(program)).collect::<Vec<_>>().join("\n")
}

fn one(program: &Program) -> String {
    let mut lines = vec![format!("{}  {}", program.id, program.title)];
    let mut say = |name: &str, value: String| {
        if !value.is_empty() {
            lines.push(format!("  {name:<18}{value}"));
        }
    };
    say(
        "version",
        format!("{}, {}, {}", program.version, program.status.as_str(), in_force(program)),
    );
    say(
        "for",
        format!(
            "{}, {}, {}",
            program.kind.as_str(),
            program.service.as_str(),
            program.line_of_business.as_str()
        ),
    );
    say("reviewed by", program.reviewer.as_str().into());
    say("appeals to", program.appeals_to.as_str().into());
    say("fax", program.contact.fax.join(", "));
    for phone in &program.contact.phone {
        let menu = phone.menu.as_ref().map_or(String::new(), |menu| format!(" menu {menu}"));
        say("phone", format!("{}{menu} ({})", phone.number, phone.purpose));
    }
    for line in hours(&program.hours, program.zone.iana_name().unwrap_or("UTC")) {
        say("hours", line);
    }
    for severity in [Severity::Hard, Severity::Core, Severity::Support] {
        say(&format!("requires ({})", severity.as_str()), fields(program, severity));
    }
    for asked in &program.checklist {
        say(if asked.holds { "asks, may hold" } else { "asks" }, item(asked));
    }
    say("starts today", same_day(program));
    say("after the fact", retro(&program.retro));
    say("not reviewed", program.scope.not_reviewed.join(", "));
    if let Some(codes) = &program.scope.delegated {
        let mut listed: Vec<String> = codes.iter().map(|code| code.as_str().to_owned()).collect();
        if let Some(list) = &program.scope.delegated_list {
            listed.push(format!(
                "those of the list {list}: the list is the client's, `intake codes import --list \
                 {list}` takes it in"
            ));
        }
        if listed.is_empty() {
            listed.push("none listed yet: the list is the client's configuration".to_owned());
        }
        say("only for codes", listed.join(", "));
    }
    say("unconfirmed", program.unconfirmed.join(", "));
    for source in &program.sources {
        say("source", format!("{} ({})", source.title, source.date));
    }
    say("file", format!("{} {}", program.file, program.digest.prefixed()));
    lines.join("\n") + "\n"
}

fn in_force(program: &Program) -> String {
    match program.effective_to {
        Some(end) => format!("in force from {} to before {end}", program.effective_from),
        None => format!("in force from {}", program.effective_from),
    }
}

fn hours(hours: &Hours, zone: &str) -> Vec<String> {
    let span = |span: &Span| {
        format!(
            "{:02}:{:02}-{:02}:{:02}",
            span.from.hour(),
            span.from.minute(),
            span.to.hour(),
            span.to.minute()
        )
    };
    let mut lines: Vec<String> = hours
        .open
        .iter()
        .map(|opening| {
            let days: Vec<&str> = opening.days.iter().map(|day| day_name(*day)).collect();
            format!("{} {} {zone}", days.join(" "), span(&opening.span))
        })
        .collect();
    lines.extend(hours.holidays.as_ref().map(|on| format!("holidays {} {zone}", span(on))));
    let days: Vec<String> = hours.plan_days.iter().map(ToString::to_string).collect();
    lines.extend((!days.is_empty()).then(|| format!("closed on {}", days.join(", "))));
    lines.extend(hours.on_call.then(|| "on call at all other times".to_owned()));
    lines
}

fn fields(program: &Program, severity: Severity) -> String {
    let of_severity = program.required.iter().filter(|required| required.severity == severity);
    let named = of_severity.map(|required| {
        let or = required.or.map_or(String::new(), |or| format!(" or {}", or.as_str()));
        format!("{}{or}{}", required.field.as_str(), when(required.when))
    });
    named.collect::<Vec<_>>().join(", ")
}

fn item(asked: &Asked) -> String {
    format!("{}{}", asked.item.as_str(), when(asked.when))
}

fn when(condition: Condition) -> String {
    match condition {
        Condition::Always => String::new(),
        Condition::Inpatient
        | Condition::Pdn
        | Condition::Wound
        | Condition::RentalClass
        | Condition::Therapy
        | Condition::NamedByCode
        | Condition::Portal
        | Condition::WhenAvailable => format!(" [{}]", condition.as_str()),
    }
}

fn same_day(program: &Program) -> String {
    match program.same_day {
        SameDay::Accept => "reviewed".into(),
        SameDay::Redirect => "to somebody else, by phone; a person confirms".into(),
    }
}

fn retro(retro: &Retro) -> String {
    let mut windows = Vec::new();
    windows.extend(retro.accept_days.map(|days| format!("taken within {days} days")));
    windows.extend(
        retro.accept_business_days.map(|days| format!("taken within {days} business days")),
    );
    windows.extend(
        retro
            .extended_days
            .map(|days| format!("within {days} days for {}", retro.extended_words.join(", "))),
    );
    windows.push(format!("otherwise {}", retro.outside.as_str()));
    windows.join(", ")
}
