//! One result against one truth.

use std::collections::BTreeSet;

use serde_json::Value;

use super::nearest::nearest;
use super::truth::{Stated, Truth};

/// What came of one document.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// Its file's name.
    pub document: String,
    /// What sort of packet it is, as its truth says; `-` where it does not.
    pub kind: String,
    /// How damaged it is, as its truth says; `-` where it does not.
    pub level: String,
    /// Likewise.
    pub resolution: String,
    /// Every value that is there, or was found.
    pub values: Vec<Compared>,
    /// The kind of each page: what it is, and what it was taken for.
    pub kinds: Vec<(String, String)>,
    /// How the pending discharge is said, its grade, and the grade found.
    pub discharge: Option<[String; 3]>,
}

/// A value that is there, or was found.
#[derive(Clone, Debug)]
pub struct Compared {
    /// Of which field, such as `hcpcs` or `ordering.phone`.
    pub field: String,
    /// Whether it is there and found.
    pub verdict: Verdict,
    /// How sure the finding was.
    pub confidence: Option<f64>,
    /// What it is.
    pub value: String,
    /// Where it stands, or what was read there; empty for what is right.
    pub place: String,
}

/// Whether a value is there and found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Both.
    Right,
    /// There, not found.
    Missed,
    /// Found, not there.
    False,
}

impl Verdict {
    /// In one word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Missed => "missed",
            Self::False => "false",
        }
    }
}

/// Compares a result of the outside contract with what is known.
pub fn compare(truth: &Truth, result: &Value) -> Comparison {
    let known = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    let mut comparer = Comparer { result, values: Vec::new() };
    comparer.lists(truth);
    comparer.fields(truth);
    comparer.providers(truth);
    comparer.checklist(truth);
    comparer.decision(truth);
    let discharge = truth.findings.pending_discharge.as_ref().map(|stated| {
        let found = text(&result["findings"]["pending_discharge"]["value"]);
        comparer.flag("pending_discharge", is_raised(&stated.value), is_raised(&found), &{
            format!("{}: {} taken for {found}", known(&stated.variant), stated.value)
        });
        [known(&stated.variant), stated.value.clone(), found]
    });
    Comparison {
        document: truth.file.clone(),
        kind: known(&truth.kind),
        level: known(&truth.level),
        resolution: known(&truth.resolution),
        kinds: comparer.kinds(truth),
        values: comparer.values,
        discharge,
    }
}

/// A grade that raises the flag.
fn is_raised(grade: &str) -> bool {
    matches!(grade, "strong" | "medium" | "ambiguous")
}

struct Comparer<'a> {
    result: &'a Value,
    values: Vec<Compared>,
}

/// A value of the result, with what goes with it.
struct Found<'a> {
    value: String,
    finding: &'a Value,
}

impl Comparer<'_> {
    fn lists(&mut self, truth: &Truth) {
        let stated = &truth.findings;
        let found = &self.result["findings"];
        if let Some(codes) = &stated.hcpcs {
            let all = codes.iter().map(|code| code.code.clone()).collect();
            self.list("hcpcs", all, listed(&found["hcpcs"], |f| text(&f["code"])));
            if codes.iter().all(|code| code.modifiers.is_some()) {
                let with = |code: &str, modifiers: &mut Vec<String>| {
                    modifiers.sort();
                    format!("{code} {}", modifiers.join(" ")).trim_end().to_owned()
                };
                let all = codes
                    .iter()
                    .map(|c| with(&c.code, &mut c.modifiers.clone().unwrap_or_default()))
                    .collect();
                let read = |f: &Value| {
                    let mut modifiers: Vec<String> = array(&f["modifiers"]).map(text).collect();
                    with(&text(&f["code"]), &mut modifiers)
                };
                self.list("hcpcs.modifiers", all, listed(&found["hcpcs"], read));
            }
            if codes.iter().all(|code| code.units.known().is_some()) {
                let all = codes.iter().filter_map(|code| {
                    code.units.known().flatten().map(|units| format!("{} x {units}", code.code))
                });
                let all = all.collect();
                let with_units: Vec<Found<'_>> = array(&found["hcpcs"])
                    .filter(|f| !f["units"].is_null())
                    .map(|finding| Found {
                        value: format!("{} x {}", text(&finding["code"]), text(&finding["units"])),
                        finding,
                    })
                    .collect();
                self.list("hcpcs.units", all, with_units);
            }
        }
        for (field, numbers) in [("npi", &stated.npi), ("tin", &stated.tin)] {
            let Some(numbers) = numbers else { continue };
            let all = numbers.iter().map(|number| number.value.clone()).collect();
            self.list(field, all, listed(&found[field], |f| text(&f["value"])));
            if numbers.iter().all(|number| number.role.is_some()) {
                let all = numbers.iter().map(|number| {
                    format!("{} {}", number.role.as_deref().unwrap_or_default(), number.value)
                });
                let all = all.collect();
                let read = |f: &Value| format!("{} {}", text(&f["role"]), text(&f["value"]));
                self.list(&format!("{field}.role"), all, listed(&found[field], read));
            }
        }
        if let Some(codes) = &stated.icd10 {
            let all = codes.iter().cloned().collect();
            self.list("icd10", all, listed(&found["icd10"], |f| text(&f["code"])));
        }
        if let Some(references) = &stated.references {
            let all = references.iter().map(|r| format!("{} {}", r.kind, r.value)).collect();
            let read = |f: &Value| format!("{} {}", text(&f["kind"]), text(&f["value"]));
            self.list("references", all, listed(&found["references"], read));
        }
        if let Some(intents) = &stated.intents {
            let all = intents.iter().map(|intent| intent.kind.clone()).collect();
            self.list("intents", all, listed(&found["intents"], |f| text(&f["kind"])));
        }
        if let Some(parts) = &truth.parts {
            let pages = |pages: Vec<String>| format!("pages {}", pages.join(" "));
            let all =
                parts.iter().map(|part| pages(part.pages.iter().map(u32::to_string).collect()));
            let all = all.collect();
            let read = |part: &Value| pages(array(&part["pages"]).map(text).collect());
            self.list("parts", all, listed(&self.result["parts"], read));
        }
    }

    fn fields(&mut self, truth: &Truth) {
        let stated = &truth.findings;
        if let Some(urgent) = &stated.urgent {
            let claimed = text(&self.result["findings"]["urgent"]["value"]) == "claimed";
            self.flag("urgent", urgent.value == "claimed", claimed, "claimed");
        }
        let dates = &stated.dates;
        let member = &stated.member;
        for (path, stated) in [
            ("member.name", &member.name),
            ("member.date_of_birth", &member.date_of_birth),
            ("member.id", &member.id),
            ("dates.service", &dates.service),
            ("dates.order", &dates.order),
            ("dates.visit", &dates.visit),
            ("dates.anticipated_discharge", &dates.anticipated_discharge),
            ("dates.delivered", &dates.delivered),
            ("setting", &stated.setting),
            ("place_of_service", &stated.place_of_service),
        ] {
            let pointer = format!("/findings/{}", path.replace('.', "/"));
            let found = self.result.pointer(&pointer).unwrap_or(&Value::Null);
            self.field(path, stated, found);
        }
    }

    fn providers(&mut self, truth: &Truth) {
        let Some(providers) = &truth.findings.providers else { return };
        let result = self.result;
        let read =
            |role: &str| array(&result["findings"]["providers"]).find(|p| text(&p["role"]) == role);
        for provider in providers {
            let found = read(&provider.role);
            for (field, stated) in [
                ("name", &provider.name),
                ("phone", &provider.phone),
                ("fax", &provider.fax),
                ("address", &provider.address),
            ] {
                let found = found.map_or(&Value::Null, |found| &found[field]);
                self.field(&format!("{}.{field}", provider.role), stated, found);
            }
        }
    }

    fn checklist(&mut self, truth: &Truth) {
        let Some(present) = &truth.findings.checklist else { return };
        let doubtful = &truth.findings.checklist_doubtful;
        let result = self.result;
        let status = |item: &str| {
            let found = array(&result["findings"]["checklist"]).find(|i| text(&i["item"]) == item);
            found.map_or_else(String::new, |found| text(&found["status"]))
        };
        for found in array(&result["findings"]["checklist"]) {
            let item = text(&found["item"]);
            let stated = present.contains(&item);
            let is_present = text(&found["status"]) == "present";
            if stated || is_present {
                let verdict = verdict(stated, is_present);
                let place = match verdict {
                    Verdict::Right => String::new(),
                    Verdict::Missed => format!("stated {}", text(&found["status"])),
                    Verdict::False => evidence_of(found),
                };
                self.push("checklist", verdict, None, item, place);
            }
        }
        for (item, stated) in doubtful {
            let found = status(item);
            let right = found == *stated;
            let place = if right { String::new() } else { format!("stated {found}") };
            let verdict = verdict(true, right);
            self.push("checklist_doubtful", verdict, None, format!("{item} {stated}"), place);
        }
    }

    fn decision(&mut self, truth: &Truth) {
        let Some(expected) = &truth.expected else { return };
        let made = &self.result["disposition"];
        let mut decide = |field: &str, expected: Option<&str>| {
            let found = made[field].as_str();
            let shown = |value: Option<&str>| value.unwrap_or("none").to_owned();
            let right = found == expected;
            let place = if right { String::new() } else { format!("became {}", shown(found)) };
            let field = format!("decision.{field}");
            self.push(&field, verdict(true, right), None, shown(expected), place);
        };
        for (field, stated) in [("action", &expected.action), ("lane", &expected.lane)] {
            if let Some(stated) = stated {
                decide(field, Some(stated));
            }
        }
        for (field, stated) in [("queue", &expected.queue), ("program", &expected.program)] {
            if let Some(stated) = stated.known() {
                decide(field, stated.map(String::as_str));
            }
        }
    }

    /// The kind of every page of which it is stated.
    fn kinds(&self, truth: &Truth) -> Vec<(String, String)> {
        let found = |number: u32| {
            array(&self.result["pages"])
                .find(|page| page["number"] == number)
                .map_or_else(|| "no page".to_owned(), |page| text(&page["kind"]))
        };
        let stated = |page: &super::truth::Page| Some((page.kind.clone()?, found(page.number)));
        truth.pages.iter().filter_map(stated).collect()
    }

    /// Values of which there may be several, each counted once.
    fn list(&mut self, field: &str, all: BTreeSet<String>, found: Vec<Found<'_>>) {
        let mut seen = BTreeSet::new();
        for Found { value, finding } in found {
            if !seen.insert(value.clone()) {
                continue;
            }
            let right = all.contains(&value);
            let place = if right { String::new() } else { evidence_of(finding) };
            let verdict = if right { Verdict::Right } else { Verdict::False };
            self.push(field, verdict, finding["confidence"].as_f64(), value, place);
        }
        for value in all.difference(&seen) {
            self.missed(field, value.clone());
        }
    }

    /// A value of which there is one at most.
    fn field(&mut self, field: &str, stated: &Stated<String>, found: &Value) {
        let Some(stated) = stated.known() else { return };
        let confidence = found["confidence"].as_f64();
        let read = found["value"].as_str();
        let right = read.is_some_and(|read| stated.is_some_and(|s| alike(field, s, read)));
        if let Some(read) = read {
            let place = if right { String::new() } else { evidence_of(found) };
            let verdict = if right { Verdict::Right } else { Verdict::False };
            self.push(field, verdict, confidence, read.to_owned(), place);
        }
        if let Some(stated) = stated
            && !right
        {
            self.missed(field, stated.clone());
        }
    }

    /// Something that is so or is not.
    fn flag(&mut self, field: &str, stated: bool, found: bool, value: &str) {
        if stated || found {
            let place = evidence_of(&self.result["findings"][field]);
            self.push(field, verdict(stated, found), None, value.to_owned(), place);
        }
    }

    fn missed(&mut self, field: &str, value: String) {
        let place = nearest(self.result, &value);
        self.push(field, Verdict::Missed, None, value, place);
    }

    fn push(
        &mut self,
        field: &str,
        verdict: Verdict,
        confidence: Option<f64>,
        value: String,
        place: String,
    ) {
        self.values.push(Compared { field: field.to_owned(), verdict, confidence, value, place });
    }
}

fn verdict(stated: bool, found: bool) -> Verdict {
    match (stated, found) {
        (true, true) => Verdict::Right,
        (true, false) => Verdict::Missed,
        _ => Verdict::False,
    }
}

fn listed(list: &Value, read: impl Fn(&Value) -> String) -> Vec<Found<'_>> {
    array(list).map(|finding| Found { value: read(finding), finding }).collect()
}

/// Names and addresses are compared by their letters and digits.
fn alike(field: &str, stated: &str, read: &str) -> bool {
    let plain = |text: &str| -> String {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    if field.ends_with("name") || field.ends_with("address") {
        plain(stated) == plain(read)
    } else {
        stated == read
    }
}

/// Where a finding was seen first, and what stands there.
fn evidence_of(finding: &Value) -> String {
    let Some(first) = array(&finding["evidence"]).next() else { return String::new() };
    let text = text(&first["text"]);
    match first["page"].as_u64() {
        Some(page) => format!("page {page}: {text}"),
        None => text,
    }
}

fn array(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// A string, or a number as one.
fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
