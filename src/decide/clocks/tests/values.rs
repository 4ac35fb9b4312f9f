use super::*;

#[test]
fn the_model_file_is_read() {
    let model = model();
    assert!(model.lanes.standard_commercial.may_pause);
    assert_eq!(model.lanes.standard_medicare_advantage.triage, None);
    assert!(!model.hold.medicare_advantage.urgent.may_pause);
}

#[test]
fn a_misspelt_key_is_refused() {
    let text = include_str!("values.toml");
    for (right, wrong) in [
        ("nurse_contact", "nurse_contract"),
        ("triage", "triages"),
        ("staffed_minutes = 15", "staffed_minuets = 15"),
        ("review_buffer = { business_days = 1 }", "review_buffer = { staffed_hours = 1 }"),
        ("calendar_days = 45", "calendar_days = -45"),
        ("[lanes.retro]", "[lanes.rtero]"),
    ] {
        let text = text.replacen(right, wrong, 1);
        assert!(toml::from_str::<Model>(&text).is_err(), "{wrong}");
    }
}

#[test]
fn plan_days_are_written_as_strings() {
    let holidays: Holidays = toml::from_str(r#"plan_days = ["2026-11-27"]"#).unwrap();
    assert!(holidays.contains(date("2026-11-27")));
    assert!(toml::from_str::<Holidays>("plan_dates = []").is_err());
}
