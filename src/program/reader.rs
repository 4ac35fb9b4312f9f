//! Reads a TOML table key by key and collects every complaint on the way,
//! which serde cannot do: it stops at the first.

use std::collections::BTreeSet;

use jiff::civil::Date;
use toml::{Table, Value};

use super::problem::ProgramProblem;

/// Collects what is wrong with one file.
pub(super) struct Problems<'f> {
    file: &'f str,
    list: Vec<ProgramProblem>,
}

impl<'f> Problems<'f> {
    pub(super) fn of(file: &'f str) -> Self {
        Self { file, list: Vec::new() }
    }

    pub(super) fn add(&mut self, key: &str, message: impl Into<String>, hint: impl Into<String>) {
        self.list.push(ProgramProblem {
            file: self.file.to_owned(),
            key: key.to_owned(),
            message: message.into(),
            hint: hint.into(),
        });
    }

    pub(super) fn into_list(self) -> Vec<ProgramProblem> {
        self.list
    }
}

/// A table being read. A missing or wrong value is noted and a harmless one
/// is returned in its place, so that reading goes on to the next complaint;
/// a file with complaints is never used.
pub(super) struct Section<'t> {
    path: String,
    /// `None` for a table that is absent, which reads like an empty one.
    table: Option<&'t Table>,
    seen: BTreeSet<String>,
}

impl<'t> Section<'t> {
    pub(super) fn root(table: &'t Table) -> Self {
        Self { path: String::new(), table: Some(table), seen: BTreeSet::new() }
    }

    /// Its own dotted name.
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// The dotted name of a key in here.
    pub(super) fn at(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    fn has(&self, key: &str) -> bool {
        self.table.is_some_and(|table| table.contains_key(key))
    }

    /// The value of a key, which counts as known from now on.
    pub(super) fn value(&mut self, key: &str) -> Option<&'t Value> {
        self.seen.insert(key.to_owned());
        self.table?.get(key)
    }

    /// A table within; an empty one if there is none.
    pub(super) fn section(&mut self, key: &str, problems: &mut Problems) -> Section<'t> {
        let path = self.at(key);
        let table = match self.value(key) {
            None => None,
            Some(Value::Table(table)) => Some(table),
            Some(_) => {
                problems.add(&path, "is no table", format!("write [{path}]"));
                None
            }
        };
        Section { path, table, seen: BTreeSet::new() }
    }

    /// The tables of a list; none if there is none.
    pub(super) fn sections(&mut self, key: &str, problems: &mut Problems) -> Vec<Section<'t>> {
        let path = self.at(key);
        let Some(value) = self.value(key) else { return Vec::new() };
        let tables: Option<Vec<&Table>> =
            value.as_array().and_then(|list| list.iter().map(Value::as_table).collect());
        let Some(tables) = tables else {
            problems.add(&path, "is no list of tables", format!("write [[{path}]]"));
            return Vec::new();
        };
        let numbered = tables.into_iter().enumerate();
        numbered
            .map(|(place, table)| Section {
                path: format!("{path}[{place}]"),
                table: Some(table),
                seen: BTreeSet::new(),
            })
            .collect()
    }

    /// A text that must be there and say something.
    pub(super) fn text(&mut self, key: &str, problems: &mut Problems) -> String {
        self.optional_text(key, problems).unwrap_or_else(|| {
            if !self.has(key) {
                problems.add(&self.at(key), "is missing", format!("add {key} = \"…\""));
            }
            String::new()
        })
    }

    /// A text that may be absent.
    pub(super) fn optional_text(&mut self, key: &str, problems: &mut Problems) -> Option<String> {
        let text = self.value(key)?.as_str().filter(|text| !text.trim().is_empty());
        if text.is_none() {
            problems.add(&self.at(key), "is no text", "write something between quotes");
        }
        text.map(str::to_owned)
    }

    /// A list of texts; empty if absent.
    pub(super) fn texts(&mut self, key: &str, problems: &mut Problems) -> Vec<String> {
        let Some(value) = self.value(key) else { return Vec::new() };
        let texts: Option<Vec<String>> = value
            .as_array()
            .and_then(|list| list.iter().map(|one| one.as_str().map(str::to_owned)).collect());
        texts.unwrap_or_else(|| {
            problems.add(&self.at(key), "is no list of texts", "write [\"…\", \"…\"]");
            Vec::new()
        })
    }

    /// A list of texts, each parsed; those that cannot be are noted.
    pub(super) fn parsed<T>(
        &mut self,
        key: &str,
        problems: &mut Problems,
        hint: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Vec<T> {
        let mut parsed = Vec::new();
        for (place, text) in self.texts(key, problems).iter().enumerate() {
            match parse(text) {
                Some(value) => parsed.push(value),
                None => {
                    let key = format!("{}[{place}]", self.at(key));
                    problems.add(&key, format!("{text:?} is not understood"), hint);
                }
            }
        }
        parsed
    }

    /// The same, where one alone may stand without brackets; none if absent. An
    /// empty list says nothing and is noted.
    pub(super) fn listed<T>(
        &mut self,
        key: &str,
        problems: &mut Problems,
        hint: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Vec<T> {
        match self.value(key) {
            None => Vec::new(),
            Some(Value::String(_)) => {
                self.optional(key, problems, hint, parse).into_iter().collect()
            }
            Some(Value::Array(list)) if list.is_empty() => {
                problems.add(&self.at(key), "is an empty list", "name something, or leave it out");
                Vec::new()
            }
            Some(_) => self.parsed(key, problems, hint, parse),
        }
    }

    /// A text that must be there, parsed; `fallback` keeps the reading going.
    pub(super) fn one<T>(
        &mut self,
        key: &str,
        problems: &mut Problems,
        hint: &str,
        fallback: T,
        parse: impl Fn(&str) -> Option<T>,
    ) -> T {
        if !self.has(key) {
            self.seen.insert(key.to_owned());
            problems.add(&self.at(key), "is missing", hint);
            return fallback;
        }
        self.optional(key, problems, hint, parse).unwrap_or(fallback)
    }

    /// A text that may be absent, parsed.
    pub(super) fn optional<T>(
        &mut self,
        key: &str,
        problems: &mut Problems,
        hint: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.optional_text(key, problems)?;
        let parsed = parse(&text);
        if parsed.is_none() {
            problems.add(&self.at(key), format!("{text:?} is not understood"), hint);
        }
        parsed
    }

    /// A civil date between quotes that may be absent.
    pub(super) fn date(&mut self, key: &str, problems: &mut Problems) -> Option<Date> {
        self.optional(key, problems, "write a day as \"2026-03-07\"", |text| text.parse().ok())
    }

    /// True or false; false if absent.
    pub(super) fn flag(&mut self, key: &str, problems: &mut Problems) -> bool {
        let Some(value) = self.value(key) else { return false };
        value.as_bool().unwrap_or_else(|| {
            problems.add(&self.at(key), "is neither true nor false", "write true or false");
            false
        })
    }

    /// Notes every key that nobody asked for: most are misspelt.
    pub(super) fn finish(self, problems: &mut Problems) {
        let keys = self.table.into_iter().flat_map(Table::keys);
        for key in keys.filter(|key| !self.seen.contains(*key)) {
            let nearest = self
                .seen
                .iter()
                .map(|known| (strsim::levenshtein(known, key), known))
                .min()
                // More than two slips, and it is another word.
                .filter(|(slips, _)| *slips <= 2);
            let hint = match nearest {
                Some((_, known)) => format!("did you mean {known:?}?"),
                None => {
                    let known: Vec<&str> = self.seen.iter().map(String::as_str).collect();
                    format!("known here: {}", known.join(", "))
                }
            };
            problems.add(&self.at(key), "is no known key", hint);
        }
    }
}
