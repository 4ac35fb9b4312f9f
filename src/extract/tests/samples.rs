//! The station on the samples' own words: what it makes of generated packets
//! when nothing is misread. Recognition has its own measure; here every miss
//! is this station's.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::build::EXTRACTOR;
use crate::extract::findings::{Extracted, Field, ItemStatus};
use crate::receive::received::Context;
use crate::recognize::recognized::{
    Line, Method, Recognized, RecognizedPage, Rotation, TickBox, TickState, Word,
};
use crate::vocab::{BBox, Confidence, EvidenceSource, PageNumber, Phi};

/// Share of expected values that must be found, and of found values that must
/// be expected, over all samples.
const LEAST_FOUND: f64 = 0.95;

fn folder() -> PathBuf {
    std::env::var_os("INTAKE_TRUTH_DIR").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/samples"),
        PathBuf::from,
    )
}

fn truths() -> Vec<(String, Value)> {
    let Ok(entries) = std::fs::read_dir(folder()) else { return vec![] };
    let mut files: Vec<PathBuf> = entries.filter_map(|e| Some(e.ok()?.path())).collect();
    files.retain(|p| p.to_string_lossy().ends_with(".truth.json"));
    files.sort();
    files
        .iter()
        .map(|p| {
            let text = std::fs::read_to_string(p).unwrap();
            (
                p.file_name().unwrap().to_string_lossy().into_owned(),
                serde_json::from_str(&text).unwrap(),
            )
        })
        .collect()
}

#[allow(clippy::cast_possible_truncation)]
fn bbox(value: &Value) -> BBox {
    let at = |i: usize| value[i].as_f64().unwrap_or(0.0) as f32;
    BBox::new(at(0), at(1), at(2), at(3))
}

fn page(truth: &Value, index: usize) -> RecognizedPage {
    let mut rows: Vec<Vec<Word>> = Vec::new();
    for word in truth["words"].as_array().unwrap() {
        let word = Word {
            text: Phi::from(word["text"].as_str().unwrap()),
            bbox: bbox(&word["box"]),
            confidence: Confidence::new(0.95),
            source: EvidenceSource::Ocr,
        };
        // As recognition does, which straightens the page first: a word goes
        // with the line whose nearest word is at its height.
        let near = |row: &Vec<Word>| {
            let gap = |w: &Word| (w.bbox.center_x() - word.bbox.center_x()).abs();
            row.iter()
                .min_by(|a, b| gap(a).total_cmp(&gap(b)))
                .is_some_and(|w| w.bbox.shared_height(word.bbox) > 0.6)
        };
        match rows.iter_mut().find(|row| near(row)) {
            Some(row) => row.push(word),
            None => rows.push(vec![word]),
        }
    }
    rows.sort_by(|a, b| a[0].bbox.y0().total_cmp(&b[0].bbox.y0()));
    for row in &mut rows {
        row.sort_by(|a, b| a.bbox.x0().total_cmp(&b.bbox.x0()));
    }
    let marks = truth["marks"].as_array().unwrap().iter().map(|mark| TickBox {
        bbox: bbox(&mark["box"]),
        state: if mark["ticked"] == true { TickState::Ticked } else { TickState::Empty },
        fill: 0.5,
        confidence: Confidence::new(0.9),
        label: Phi::from(mark["label"].as_str().unwrap_or("")),
        label_box: None,
    });
    let lines: Vec<Line> = rows.into_iter().filter_map(Line::new).collect();
    RecognizedPage {
        number: PageNumber::from_index(index),
        method: if lines.is_empty() { Method::Blank } else { Method::Ocr },
        rotation: Rotation::None,
        confidence: Confidence::new(0.95),
        header: None,
        marks: marks.collect(),
        codes: vec![],
        lines,
        inches: (8.5, 11.0),
        notes: vec![],
    }
}

/// Every statement of a packet as one line of text, to be compared.
fn expected(truth: &Value) -> Vec<String> {
    let f = &truth["findings"];
    let mut all = vec![
        format!("pending {}", flag(&f["pending_discharge"])),
        format!("urgent {}", flag(&f["urgent"])),
    ];
    let list = |key: &str| f[key].as_array().cloned().unwrap_or_default();
    for c in list("hcpcs") {
        all.push(format!("hcpcs {} {} {}", c["code"], c["modifiers"], c["units"]));
    }
    for key in ["npi", "tin"] {
        for n in list(key) {
            all.push(format!("{key} {} {}", n["value"], n["role"]));
        }
    }
    for c in list("icd10") {
        let code = c["code"].as_str().or(c.as_str()).unwrap_or("?");
        all.push(format!("icd10 {code}"));
    }
    for key in ["name", "date_of_birth", "id"] {
        field(&mut all, &format!("member.{key}"), &f["member"][key]);
    }
    for p in list("providers") {
        for key in ["name", "phone", "fax"] {
            field(&mut all, &format!("{}.{key}", p["role"]), &p[key]);
        }
    }
    for key in ["service", "order", "visit", "anticipated_discharge", "delivered"] {
        field(&mut all, &format!("dates.{key}"), &f["dates"][key]);
    }
    field(&mut all, "place_of_service", &f["place_of_service"]);
    all.extend(list("checklist").iter().map(|item| format!("item {item}")));
    for p in truth["pages"].as_array().unwrap() {
        all.push(format!("page {} {}", p["number"], p["kind"]));
    }
    all
}

/// A flag, alone or with what it rests on.
fn flag(value: &Value) -> &str {
    value.as_str().or_else(|| value["value"].as_str()).unwrap()
}

fn field(all: &mut Vec<String>, key: &str, value: &Value) {
    if let Some(text) = value.as_str() {
        all.push(format!("{key} {text}"));
    }
}

fn found(extracted: &Extracted) -> Vec<String> {
    let f = &extracted.findings;
    let text = |v: &dyn erased::Ser| v.text();
    let mut all = vec![
        format!("pending {}", text(&f.pending_discharge.value).trim_matches('"')),
        format!("urgent {}", text(&f.urgent.value).trim_matches('"')),
    ];
    for c in &f.hcpcs {
        all.push(format!("hcpcs {} {} {}", text(&c.code), text(&c.modifiers), text(&c.units)));
    }
    all.extend(f.npi.iter().map(|n| format!("npi {} {}", text(&n.value), text(&n.role))));
    all.extend(f.tin.iter().map(|n| format!("tin {} {}", text(&n.value), text(&n.role))));
    all.extend(f.icd10.iter().map(|c| format!("icd10 {}", c.code)));
    let mut put = |key: String, field: &Option<Field>| {
        if let Some(field) = field {
            all.push(format!("{key} {}", field.value.expose()));
        }
    };
    put("member.name".into(), &f.member.name);
    put("member.date_of_birth".into(), &f.member.date_of_birth);
    put("member.id".into(), &f.member.id);
    for p in &f.providers {
        put(format!("{}.name", text(&p.role)), &p.name);
        put(format!("{}.phone", text(&p.role)), &p.phone);
        put(format!("{}.fax", text(&p.role)), &p.fax);
    }
    put("dates.service".into(), &f.dates.service);
    put("dates.order".into(), &f.dates.order);
    put("dates.visit".into(), &f.dates.visit);
    put("dates.anticipated_discharge".into(), &f.dates.anticipated_discharge);
    put("dates.delivered".into(), &f.dates.delivered);
    put("place_of_service".into(), &f.place_of_service);
    for item in f.checklist.iter().filter(|i| i.status == ItemStatus::Present) {
        all.push(format!("item {}", text(&item.item)));
    }
    for (i, kind) in extracted.page_kinds.iter().enumerate() {
        all.push(format!("page {} {}", i + 1, text(kind)));
    }
    all
}

mod erased {
    pub trait Ser {
        fn text(&self) -> String;
    }
    impl<T: serde::Serialize> Ser for T {
        fn text(&self) -> String {
            serde_json::to_string(self).unwrap()
        }
    }
}

#[test]
#[allow(clippy::print_stderr, clippy::cast_precision_loss)]
fn samples_are_understood() {
    let truths = truths();
    if truths.is_empty() {
        eprintln!("skipped: no fixtures/samples here");
        return;
    }
    let (mut right, mut missed, mut wrong) = (0usize, 0usize, 0usize);
    for (name, truth) in truths {
        let pages = truth["pages"].as_array().unwrap();
        let recognized =
            Recognized { pages: pages.iter().enumerate().map(|(i, p)| page(p, i)).collect() };
        let received = truth["received_on"].as_str().unwrap().parse().unwrap();
        let extracted = EXTRACTOR.extract(&recognized, &Context::default(), received, &[]);
        let expected = expected(&truth);
        let found = found(&extracted);
        for line in expected.iter().filter(|e| !found.contains(e)) {
            eprintln!("{name}: missed {line}");
            missed += 1;
        }
        for line in found.iter().filter(|f| !expected.contains(f)) {
            eprintln!("{name}: not in the truth {line}");
            wrong += 1;
        }
        right += expected.iter().filter(|e| found.contains(e)).count();
    }
    let share = |other: usize| right as f64 / (right + other).max(1) as f64;
    eprintln!("found {:.3}, right {:.3}", share(missed), share(wrong));
    assert!(share(missed) >= LEAST_FOUND, "found only {:.3}", share(missed));
    assert!(share(wrong) >= LEAST_FOUND, "only {:.3} of what was found is right", share(wrong));
}
