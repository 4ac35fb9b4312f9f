//! Results made up for the purpose against truths made up for the purpose.

use serde_json::{Value, json};

use super::{Tally, Truth, Verdict, compare, report};

fn truth(findings: Value) -> Truth {
    let truth = json!({
        "schema": "intake.truth/1", "file": "a.tif", "level": "clean", "resolution": "fine",
        "pages": [{"number": 1, "kind": "fax_cover"}, {"number": 2, "kind": "order"}],
        "findings": findings,
    });
    serde_json::from_value(truth).unwrap()
}

fn result(findings: Value) -> Value {
    json!({
        "pages": [{"number": 1, "kind": "fax_cover", "text": "Fax"},
                  {"number": 2, "kind": "invoice", "text": "Walker E0l43 NU"}],
        "findings": findings,
    })
}

fn evidence(text: &str) -> Value {
    json!([{"page": 2, "text": text}])
}

/// Field, verdict and value of each comparison.
fn verdicts(stated: Value, found: Value) -> Vec<(String, Verdict, String)> {
    let compared = compare(&truth(stated), &result(found)).values;
    compared.into_iter().map(|c| (c.field, c.verdict, c.value)).collect()
}

fn is(field: &str, verdict: Verdict, value: &str) -> (String, Verdict, String) {
    (field.to_owned(), verdict, value.to_owned())
}

#[test]
fn lists_are_compared_as_sets() {
    let stated = json!({"hcpcs": [{"code": "E0143"}, {"code": "E0250"}]});
    let found = json!({"hcpcs": [
        {"code": "E0250", "modifiers": ["RR"], "confidence": 0.9, "evidence": evidence("E0250")},
        {"code": "E0250", "modifiers": ["KH"], "confidence": 0.9, "evidence": evidence("E0250")},
        {"code": "E0260", "modifiers": [], "confidence": 0.7, "evidence": evidence("E0260")},
    ]});
    assert_eq!(
        verdicts(stated, found),
        [
            is("hcpcs", Verdict::Right, "E0250"),
            is("hcpcs", Verdict::False, "E0260"),
            is("hcpcs", Verdict::Missed, "E0143"),
        ]
    );
}

#[test]
fn what_was_missed_is_shown_where_it_may_stand() {
    let compared =
        compare(&truth(json!({"hcpcs": [{"code": "E0143"}]})), &result(json!({"hcpcs": []})));
    assert_eq!(compared.values[0].place, "page 2: Walker E0l43 NU");
}

#[test]
fn left_out_is_not_known_and_null_is_none() {
    let found = json!({"member": {
        "name": {"value": "EDITH SAMPLE", "confidence": 0.9, "evidence": evidence("Sample")},
        "id": {"value": "U1", "confidence": 0.8, "evidence": evidence("U1")},
        "date_of_birth": null,
    }});
    assert_eq!(verdicts(json!({}), found.clone()), []);
    let stated = json!({"member": {"name": "Edith Sample", "id": null}});
    assert_eq!(
        verdicts(stated, found.clone()),
        [is("member.name", Verdict::Right, "EDITH SAMPLE"), is("member.id", Verdict::False, "U1")]
    );
    let stated = json!({"member": {"date_of_birth": "1958-03-01", "id": "U2"}});
    assert_eq!(
        verdicts(stated, found),
        [
            is("member.date_of_birth", Verdict::Missed, "1958-03-01"),
            is("member.id", Verdict::False, "U1"),
            is("member.id", Verdict::Missed, "U2"),
        ]
    );
}

#[test]
fn a_doubtful_flag_is_a_flag() {
    let said = |value: &str| json!({"pending_discharge": {"value": value}});
    let of = |stated: &str, found: &str| verdicts(said(stated), said(found));
    assert_eq!(of("strong", "ambiguous")[0].1, Verdict::Right);
    assert_eq!(of("strong", "weak")[0].1, Verdict::Missed);
    assert_eq!(of("none", "medium")[0].1, Verdict::False);
    assert_eq!(of("none", "weak"), []);
}

#[test]
fn an_unknown_key_is_a_mistake_in_a_truth() {
    let truth = json!({"schema": "intake.truth/1", "file": "a.tif", "finding": {}});
    assert!(serde_json::from_value::<Truth>(truth).is_err());
}

#[test]
fn a_tally_sums_kinds_confidences_and_groups() {
    let stated = json!({"icd10": ["G35", "I50.22"], "pending_discharge": {"value": "none", "variant": "absent"}});
    let found = json!({"icd10": [
        {"code": "G35", "confidence": 0.85, "evidence": evidence("G35")},
        {"code": "E11.9", "confidence": 0.995, "evidence": evidence("E11.9")},
    ], "pending_discharge": {"value": "none"}});
    let mut tally = Tally::default();
    tally.add(&compare(&truth(stated), &result(found)));
    tally.fail("b.tif", "gone".to_owned());
    let report = report(&tally);
    let icd = &report["fields"]["icd10"];
    assert_eq!((&icd["recall"], &icd["precision"]), (&json!(0.5), &json!(0.5)));
    assert_eq!(icd["by"][0]["level"], "clean");
    assert_eq!(report["fields"]["page_kinds"]["recall"], 0.5);
    assert_eq!(report["confidence"]["tenths"][8], json!({"from": 0.8, "values": 1, "right": 1}));
    assert_eq!(report["confidence"]["certain_and_wrong"], 1);
    assert_eq!(report["failed"][0]["document"], "b.tif");
    assert_eq!(report["pending_discharge"][0]["documents"], 1);
}
