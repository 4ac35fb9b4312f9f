//! What was written, before it is known to be right.

use std::path::Path;

use serde::de::DeserializeOwned;
use toml::{Table, Value};

use super::{Problem, Problems};

const PREFIX: &str = "INTAKE__";

pub(super) fn read(path: &Path) -> Result<Table, Problems> {
    let shown = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|e| {
        Problem::new(
            &shown,
            format!("cannot be read: {e}"),
            "see deploy/intake.toml for an example, or leave --config away for the defaults",
        )
    })?;
    text.parse::<Table>().map_err(|e| {
        Problem::new(&shown, format!("is not TOML: {}", e.message()), place(&text, e.span())).into()
    })
}

fn place(text: &str, span: Option<std::ops::Range<usize>>) -> String {
    match span.and_then(|span| text.get(..span.start)) {
        Some(before) => format!("look at line {}", before.matches('\n').count() + 1),
        None => "look for a missing quote or bracket".to_owned(),
    }
}

/// `INTAKE__MAIL__FROM=x` is `mail.from = "x"`. A value that reads as a TOML
/// number, truth value or list is one; anything else is a string.
pub(super) fn with_variables<T: DeserializeOwned>(
    mut table: Table,
    variables: &[(String, String)],
) -> Result<Table, Problems> {
    for (name, value) in variables {
        let Some(path) = name.strip_prefix(PREFIX) else { continue };
        let keys: Vec<String> = path.split("__").map(str::to_ascii_lowercase).collect();
        set(&mut table, &keys, variable_value::<T>(&keys, value)).map_err(|key| {
            Problem::new(name.as_str(), format!("{key} is no section"), "check the name")
        })?;
    }
    Ok(table)
}

fn variable_value<T: DeserializeOwned>(keys: &[String], text: &str) -> Value {
    let plain = Value::String(text.to_owned());
    let read = match format!("value = {text}").parse::<Table>() {
        Ok(mut table) if table.len() == 1 => table.remove("value"),
        _ => None,
    };
    match read {
        // A password of digits is a text, and stays as it was typed.
        Some(Value::Integer(_) | Value::Float(_) | Value::Boolean(_) | Value::Datetime(_))
            if alone::<T>(&keys.iter().map(String::as_str).collect::<Vec<_>>(), plain.clone())
                .is_ok() =>
        {
            plain
        }
        Some(value) => value,
        None => plain,
    }
}

fn set<'k>(table: &mut Table, keys: &'k [String], value: Value) -> Result<(), &'k str> {
    match keys {
        [] => Ok(()),
        [last] => {
            table.insert(last.clone(), value);
            Ok(())
        }
        [first, rest @ ..] => {
            let entry = table.entry(first.clone()).or_insert_with(|| Value::Table(Table::new()));
            let Value::Table(inner) = entry else { return Err(first) };
            set(inner, rest, value)
        }
    }
}

/// Checks each key on its own, so that one look shows every mistake, then
/// reads the whole. Works because every field of the configuration has a
/// default.
pub(super) fn compile<T: DeserializeOwned>(table: Table) -> Result<T, Problems> {
    let mut problems = Vec::new();
    for (key, value) in &table {
        check::<T>(&[key], value, &mut problems);
    }
    if !problems.is_empty() {
        return Err(Problems(problems));
    }
    Value::Table(table).try_into().map_err(|e: toml::de::Error| {
        Problem::new("configuration", e.message(), "check the keys named above").into()
    })
}

fn check<T: DeserializeOwned>(path: &[&str], value: &Value, problems: &mut Vec<Problem>) {
    match value {
        Value::Table(inner) if !inner.is_empty() => {
            // A section that is itself unknown is one problem, not one a key.
            if let Err(message) = alone::<T>(path, Value::Table(Table::new()))
                && message.contains("unknown field")
            {
                problems.push(unknown(path, &message));
                return;
            }
            for (key, value) in inner {
                check::<T>(&[path, &[key.as_str()]].concat(), value, problems);
            }
        }
        Value::Array(items) if items.iter().any(Value::is_table) => {
            for item in items.iter().filter_map(Value::as_table) {
                for (key, value) in item {
                    let single = Table::from_iter([(key.clone(), value.clone())]);
                    let list = Value::Array(vec![Value::Table(single)]);
                    if let Err(message) = alone::<T>(path, list) {
                        problems.push(describe(&[path, &[key.as_str()]].concat(), &message));
                    }
                }
            }
        }
        value => {
            if let Err(message) = alone::<T>(path, value.clone()) {
                problems.push(describe(path, &message));
            }
        }
    }
}

/// The configuration with nothing but this key.
fn alone<T: DeserializeOwned>(path: &[&str], value: Value) -> Result<(), String> {
    let whole = path
        .iter()
        .rev()
        .fold(value, |inner, key| Value::Table(Table::from_iter([((*key).to_owned(), inner)])));
    match whole.try_into::<T>() {
        // What is required beside it is the business of the whole.
        Err(e) if e.message().starts_with("missing field") => Ok(()),
        other => other.map(drop).map_err(|e| e.message().to_owned()),
    }
}

fn describe(path: &[&str], message: &str) -> Problem {
    if message.contains("unknown field") {
        unknown(path, message)
    } else if path.last() == Some(&"password") {
        // Serde quotes what it found.
        Problem::new(path.join("."), "is not a text", "write it in quotes, or use password_file")
    } else {
        Problem::new(path.join("."), message, "see the table of settings in README.md")
    }
}

/// Serde names the fields it would have taken; the nearest is the hint.
fn unknown(path: &[&str], message: &str) -> Problem {
    let written = path.last().copied().unwrap_or_default();
    let known = message.split('`').skip(3).step_by(2);
    let nearest = known
        .map(|name| (strsim::jaro_winkler(written, name), name))
        .filter(|(likeness, _)| *likeness > 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0));
    let hint = match nearest {
        Some((_, name)) => format!("did you mean {name:?}?"),
        None => "see the table of settings in README.md".to_owned(),
    };
    Problem::new(path.join("."), "is not a setting", hint)
}
