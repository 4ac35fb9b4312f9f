//! What a tally says, for programs.

use serde_json::{Value, json};

use super::tally::{Counts, Group, Tally};

/// `intake.eval/1`.
pub fn report(tally: &Tally) -> Value {
    let counts = |counts: Counts| {
        json!({"stated": counts.stated, "found": counts.found, "right": counts.right,
               "recall": counts.recall(), "precision": counts.precision()})
    };
    let fields: serde_json::Map<String, Value> = tally
        .counts
        .iter()
        .map(|(field, groups)| {
            let by: Vec<Value> = groups
                .iter()
                .map(|(group, of)| {
                    let mut entry = counts(*of);
                    entry["level"] = json!(group.level);
                    entry["resolution"] = json!(group.resolution);
                    entry
                })
                .collect();
            let mut entry = counts(tally.sum(field, |_| true));
            entry["legible"] = counts(tally.sum(field, Group::is_legible));
            entry["by"] = json!(by);
            (field.clone(), entry)
        })
        .collect();
    let listed: Vec<Value> = tally
        .listed
        .iter()
        .map(|one| {
            json!({"document": one.document, "kind": one.kind, "level": one.group.level,
                   "resolution": one.group.resolution, "pages": one.pages})
        })
        .collect();
    let kinds: Vec<Value> = tally
        .kinds
        .iter()
        .map(|((stated, found), pages)| json!({"kind": stated, "taken_for": found, "pages": pages}))
        .collect();
    let discharges: Vec<Value> = tally
        .discharges
        .iter()
        .map(|([variant, stated, found], documents)| {
            json!({"variant": variant, "stated": stated, "found": found, "documents": documents})
        })
        .collect();
    let tenths: Vec<Value> = tally
        .tenths
        .iter()
        .enumerate()
        .map(|(place, tenth)| {
            json!({"from": place as f64 / 10.0, "values": tenth.values, "right": tenth.right})
        })
        .collect();
    let reliability: serde_json::Map<String, Value> = tally
        .reliability
        .iter()
        .map(|(field, hundredths)| {
            let of_field: Vec<Value> = hundredths
                .iter()
                .map(|(at, counted)| json!([f64::from(*at) / 100.0, counted.values, counted.right]))
                .collect();
            (field.clone(), json!(of_field))
        })
        .collect();
    let misses: Vec<Value> = tally
        .misses
        .iter()
        .map(|miss| {
            json!({"document": miss.document, "field": miss.field, "verdict": miss.verdict.name(),
                   "value": miss.value, "confidence": miss.confidence, "place": miss.place})
        })
        .collect();
    let failed: Vec<Value> = tally
        .failed
        .iter()
        .map(|(document, reason)| json!({"document": document, "reason": reason}))
        .collect();
    json!({
        "schema": "intake.eval/1",
        "documents": tally.documents(),
        "listed": listed,
        "failed": failed,
        "fields": fields,
        "page_kinds": kinds,
        "pending_discharge": discharges,
        "confidence": {"tenths": tenths, "certain_and_wrong": tally.certain_and_wrong,
                       "values": tally.values(), "by_field": reliability},
        "misses": misses,
    })
}
