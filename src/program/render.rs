//! Program models in plain text, for a terminal.

use jiff::civil::Date;

use super::hours::{Hours, Span, day_name};
use super::model::{Asked, Program, Source};
use super::names::Condition;
use super::names::Severity;
use super::programs::Shown;
use super::rules::{Rule, RuleScope};

/// All of them, one after the other.
pub(super) fn show(programs: &[Shown], at: Option<Date>) -> String {
    if programs.is_empty() {
        return match at {
            Some(day) => format!("No such program is in force on {day}.\n"),
            None => "There is no such program.\n".to_owned(),
        };
    }
    programs.iter().map(one).collect::<Vec<_>>().join("\n")
}

fn one(shown: &Shown) -> String {
    let program = shown.program;
    let mut lines = vec![format!("{}  {}", program.id, program.title)];
    let mut say = |name: &str, value: String| {
        if !value.is_empty() {
            lines.push(format!("  {name:<19}{value}"));
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
        say("source", cited(source));
    }
    for rule in &shown.rules {
        say("rule", said(rule));
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

/// On two lines: what counts for whom, and by whom it is said.
fn said(rule: &Rule) -> String {
    let value = serde_json::to_string(&rule.value).unwrap_or_default();
    let sources: Vec<String> = rule.sources.iter().map(cited).collect();
    let end = rule.effective_to.map_or(String::new(), |end| format!(" to before {end}"));
    let note = rule.note.as_ref().map_or(String::new(), |note| format!("; {note}"));
    format!(
        "{} = {value}{}, {} from {}{end}, {}\n{:21}{}: {}{note}",
        rule.topic.as_str(),
        narrowed(&rule.scope),
        rule.keyed_on.as_str(),
        rule.effective_from,
        rule.status.as_str(),
        "",
        rule.id,
        sources.join("; "),
    )
}

/// What a rule asks about beyond the program it is shown with.
fn narrowed(scope: &RuleScope) -> String {
    let dimensions =
        [("state", &scope.state), ("codes of", &scope.hcpcs_set), ("group", &scope.group)];
    let asked = dimensions.into_iter().filter(|(_, listed)| !listed.is_empty());
    let named: Vec<String> =
        asked.map(|(name, listed)| format!("{name} {}", listed.join(" or "))).collect();
    if named.is_empty() { String::new() } else { format!(" for {}", named.join(", ")) }
}

fn cited(source: &Source) -> String {
    format!("{} ({})", source.title, source.date)
}
