use super::*;

fn load(text: &str, variables: &[(&str, &str)]) -> Result<Config, Problems> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("intake.toml");
    std::fs::write(&path, text).unwrap();
    let variables = variables.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
    Config::load(Some(&path), variables)
}

#[test]
fn every_problem_is_reported_at_once_with_a_hint() {
    let problems = load(
        r#"
        [service]
        data_dri = "/var/lib/intake"
        log_format = "xml"
        [readers]
        count = "two"
        [nonsense]
        x = 1
        y = 2
        [[source]]
        id = "a"
        settel_seconds = 3
        "#,
        &[],
    )
    .unwrap_err();
    let keys: Vec<&str> = problems.0.iter().map(|p| p.key.as_str()).collect();
    assert_eq!(
        keys,
        [
            "nonsense",
            "readers.count",
            "service.data_dri",
            "service.log_format",
            "source.settel_seconds"
        ]
    );
    assert_eq!(problems.0[2].hint, "did you mean \"data_dir\"?");
    assert_eq!(problems.0[4].hint, "did you mean \"settle_seconds\"?");
}

#[test]
fn the_environment_goes_over_the_file_and_defaults_fill_the_rest() {
    let config = load(
        "[service]\nlog = \"warn\"\nmin_free_mib = 1\n",
        &[
            ("INTAKE__SERVICE__LOG", "debug"),
            ("INTAKE__READERS__COUNT", "3"),
            ("INTAKE__SERVICE__DATA_DIR", "/srv/intake data"),
            ("HOME", "/root"),
        ],
    )
    .unwrap();
    assert_eq!(config.service.log, "debug");
    assert_eq!(config.service.min_free_mib, 1);
    assert_eq!(config.readers.count, 3);
    assert_eq!(config.service.data_dir, PathBuf::from("/srv/intake data"));
    assert_eq!(config.readers.page_seconds, Readers::default().page_seconds);
    assert_eq!(config.sources(), [SourceConfig::default()]);
}

#[test]
fn contradictions_between_keys_are_found() {
    let problems = load("[[source]]\nid = \"a\"\n[[source]]\nid = \"a\"\nscan_seconds = 0\n", &[])
        .unwrap_err();
    assert_eq!(problems.0.len(), 2);
}

#[test]
fn a_file_that_is_not_toml_names_the_line() {
    let problems = load("[service]\nlog = \"info\n", &[]).unwrap_err();
    assert_eq!(problems.0[0].hint, "look at line 2");
}

#[test]
fn the_example_configuration_is_in_order() {
    Config::load(Some(Path::new("deploy/intake.toml")), []).unwrap();
}

#[test]
fn all_models_of_the_source_tree_are_built_in() {
    let built_in = ModelFiles::built_in();
    let on_disk = ModelFiles::read(Path::new("models")).unwrap();
    assert_eq!(built_in, on_disk);
}

#[test]
fn a_password_of_digits_is_taken_from_the_environment_and_never_shown() {
    let server = "[mail]\nrecipients.default = [\"desk@example.org\"]\n\
                  [mail.smtp]\nhost = \"mail.example.org\"\nusername = \"intake\"\n";
    let config = load(server, &[("INTAKE__MAIL__SMTP__PASSWORD", "0815e3")]).unwrap();
    assert!(config.mail.compile().is_ok());
    assert!(load(server, &[("INTAKE__MAIL__SMTP__PASSWORD", "81549")]).is_ok());
    let problems = load(&format!("{server}password = 81549\n"), &[]).unwrap_err();
    assert_eq!(problems.0[0].key, "mail.smtp.password");
    assert!(!problems.to_string().contains("81549"), "{problems}");
}
