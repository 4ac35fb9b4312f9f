//! `intake queue` and `intake replay`, as the people at the queues use them: beside
//! no service, on what one has left.

mod common;

use std::process::Output;

use common::program::{Intake, json};
use common::story::{self, at};
use intake::config::{ImportedCodes, Knowledge};
use intake::decide::recorded::{Inputs, Seen, Sheet, Subject};
use intake::extract::findings::{Extracted, PageKind};
use intake::recognize::recognized::{Method, Recognized};
use intake::store::{Decided, Job, Outcome, SqliteStore, Store};
use intake::vocab::{Confidence, DocumentRef, PageNumber};
use serde_json::Value;

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn complaint(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A data directory in which one fax waits for a person: a page was read, and
/// nothing on it was understood.
struct Office {
    intake: Intake,
    document: DocumentRef,
}

impl Office {
    fn new() -> Self {
        let intake = Intake::new();
        // Makes the folders, and the database.
        assert_eq!(code(&intake.run(&["case", "open", "--note", "a call"])), 0);
        let office = Self { intake, document: DocumentRef::from_random(1) };
        office.with_store(async |store| {
            assert_eq!(story::admit(&store, 1).await, office.document);
            let open = store.claim(at(0), at(100)).await.unwrap().unwrap();
            store.finish_open(&open, &story::inventory(1), at(0)).await.unwrap();
            let read = store.claim(at(0), at(100)).await.unwrap().unwrap();
            let mut page = story::page(1);
            page.page.method = Method::Ocr;
            page.page.confidence = Confidence::new(0.95);
            store.finish_page(&read, &page, &story::calm(), at(1)).await.unwrap();
            let decide = store.claim(at(1), at(100)).await.unwrap().unwrap();
            let decided = office.decided(&store, Recognized { pages: vec![page.page] }).await;
            store.finish_decide(&decide, &[decided], at(2)).await.unwrap();
        });
        office.delivers("queues/manual_triage");
        office
    }

    async fn decided(&self, store: &dyn Store, pages: Recognized) -> Decided {
        let knowledge = Knowledge::load(None, &ImportedCodes::default()).unwrap();
        store.keep_models(knowledge.deciding.texts()).await.unwrap();
        let received = story::admission(1, None).documents.remove(0);
        let extracted = Extracted { page_kinds: vec![PageKind::Order], ..Extracted::nothing() };
        let seen = Seen {
            sheets: vec![Sheet { document: self.document.clone(), page: PageNumber::FIRST }],
            told: self.document.clone(),
            extracted: extracted.clone(),
            own: None,
            pieces: Vec::new(),
            corrections: Vec::new(),
            context: received.context,
            received_at: received.received_at,
            received_on: "2026-03-06".parse().unwrap(),
            forced_program: None,
            cases: Some(Vec::new()),
            earlier: Vec::new(),
            with_case: None,
            before: None,
        };
        let models = knowledge.deciding.used();
        let inputs = Inputs { models, subject: Subject::Read(Box::new(seen)) };
        let disposition = inputs.decide(&pages, knowledge.deciding.models());
        let by_hand = story::outcome(store, &self.document).await;
        let outcome = Outcome { extracted, disposition, case: None, ..by_hand };
        Decided { document: self.document.clone(), part: None, inputs, outcome, opens: None }
    }

    fn with_store(&self, act: impl AsyncFnOnce(SqliteStore)) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            act(SqliteStore::open(&self.intake.data.join("intake.db")).await.unwrap()).await;
        });
    }

    /// What a service does when it is started, but for the folder.
    fn delivers(&self, folder: &str) {
        self.with_store(async |store| {
            let claim = store.claim(at(9), at(100)).await.unwrap().unwrap();
            assert_eq!(claim.job, Job::Deliver);
            let path = format!("{folder}/{}", self.document);
            store.finish_deliver(&claim, &path, at(9)).await.unwrap();
        });
    }

    fn queue(&self, args: &[&str]) -> Output {
        self.intake.run(&[&["queue"], args].concat())
    }

    fn shown(&self) -> Value {
        json(&self.queue(&["show", self.document.as_str(), "--json"]).stdout)
    }
}

#[test]
fn what_waits_is_listed_and_shown_with_its_reasons() {
    let office = Office::new();
    let document = office.document.as_str();
    let listed = office.queue(&["list"]);
    assert_eq!(code(&listed), 0, "{}", complaint(&listed));
    assert!(text(&listed).contains(document) && text(&listed).contains("manual_triage"));
    let line = json(office.queue(&["list", "manual_triage", "--json"]).stdout.as_slice());
    assert_eq!((&line["reference"], &line["lane"]), (&document.into(), &"standard".into()));
    assert!(!line["reasons"].as_array().unwrap().is_empty());
    assert_eq!(text(&office.queue(&["list", "privacy", "--json"])), "");
    assert_eq!(text(&office.queue(&["list", "--lane", "expedited", "--json"])), "");
    assert_eq!(code(&office.queue(&["list", "nowhere"])), 2);

    let shown = text(&office.queue(&["show", document]));
    for said in ["manual_triage", "decided", "received", "packet.pdf"] {
        assert!(shown.contains(said), "{said}: {shown}");
    }
    let shown = office.shown();
    assert_eq!(shown["decisions"][0]["author"], "intake");
    assert_eq!(shown["decisions"].as_array().unwrap().len(), 1);
    assert_eq!(code(&office.queue(&["show", "D-000000000000"])), 2);
}

#[test]
fn a_document_is_one_persons_at_a_time() {
    let office = Office::new();
    let document = office.document.as_str();
    let claim = |more: &[&str]| office.queue(&[&["claim", document], more].concat());
    for _ in 0..2 {
        let claimed = claim(&["--as", "Sam"]);
        assert_eq!(code(&claimed), 0, "{}", complaint(&claimed));
    }
    let second = claim(&["--as", "Pat"]);
    assert_eq!(code(&second), 1);
    assert!(complaint(&second).contains("held by Sam since 20"), "{}", complaint(&second));
    let close = ["close", document, "--reason", "not_ours", "--as", "Pat"];
    assert_eq!(code(&office.queue(&close)), 1, "nor done with by another");
    assert_eq!(code(&claim(&["--as", "Pat", "--give-back"])), 1);
    assert_eq!(code(&claim(&["--as", "Pat", "--take-over"])), 0);
    assert_eq!(office.shown()["held"]["by"], "Pat");
    assert_eq!(code(&claim(&["--as", "Pat", "--give-back"])), 0);
    assert_eq!(office.shown()["held"], Value::Null);
    let mut nobody = office.intake.command(&["queue", "claim", document]);
    assert_eq!(code(&nobody.env_remove("USER").output().unwrap()), 2, "who?");
    let mut user = office.intake.command(&["queue", "claim", document]);
    assert_eq!(code(&user.env("USER", "kim").output().unwrap()), 0);
    assert_eq!(office.shown()["held"]["by"], "kim");
    assert_eq!(code(&claim(&["--as", "intake"])), 2, "that is the machine");
}

#[test]
fn a_clerk_types_what_the_machine_could_not_read_and_the_request_goes_to_review() {
    let office = Office::new();
    let document = office.document.as_str();
    let correct =
        |more: &[&str]| office.queue(&[&["correct", document, "--as", "Pat"], more].concat());
    let bad = correct(&["member.name=Edith Sample", "ordering.npi=2000000001"]);
    assert_eq!(code(&bad), 2);
    assert!(complaint(&bad).contains("the check digit does not fit"), "{}", complaint(&bad));
    assert_eq!(office.shown()["decisions"].as_array().unwrap().len(), 1, "all or nothing");

    let some = correct(&[
        "member.name=Sample, Edith",
        "member.date_of_birth=3/1/1958",
        "member.id=U1234567801",
        "hcpcs=+E0260",
        "program=dme_com",
    ]);
    assert_eq!(code(&some), 3, "it is held, and asks: {}", complaint(&some));
    assert!(text(&some).contains("hold_insufficient"), "{}", text(&some));
    let shown = office.shown();
    assert_eq!(shown["corrections"][0]["by"], "Pat");
    assert!(shown["hold"].as_str().unwrap().starts_with('H'));
    let case = shown["case"].as_str().unwrap().to_owned();
    let asked: Vec<String> = shown["missing"]
        .as_array()
        .unwrap()
        .iter()
        .map(|name| name.as_str().unwrap().to_owned())
        .collect();
    assert!(asked.iter().any(|name| name == "ordering.npi"), "{asked:?}");

    // Nobody waits for the service: the next word is said before it runs.
    let rest: Vec<String> = asked
        .iter()
        .map(|name| match name.as_str() {
            "ordering.npi" => "ordering.npi=2000000002".to_owned(),
            "rendering.npi" => "rendering.npi=2000000010".to_owned(),
            name if name.ends_with(".tin") => format!("{name}=47-1234567"),
            name if name.ends_with(".fax") || name.ends_with(".phone") => {
                format!("{name}=212-555-0105")
            }
            name if name.contains(".name") => format!("{name}=Ada Example"),
            name if name.contains(".address") => format!("{name}=1 Main St"),
            "place_of_service" => "place_of_service=12".to_owned(),
            "diagnosis" | "icd10" => "icd10=+M62.81".to_owned(),
            item => format!("checklist.{item}=present"),
        })
        .collect();
    let rest: Vec<&str> = rest.iter().map(String::as_str).collect();
    let done = correct(&rest);
    assert_eq!(code(&done), 0, "{}{}", text(&done), complaint(&done));
    assert!(text(&done).contains("ready_for_review") && text(&done).contains(&case));
    let listed = text(&office.queue(&["list"]));
    assert!(listed.contains("manual_triage"), "until its folder lies elsewhere: {listed}");
    office.delivers(&format!("cases/{case}"));
    let listed = text(&office.queue(&["list"]));
    assert!(listed.contains("ready_for_review") && !listed.contains("manual_triage"), "{listed}");
    for secret in ["Edith", "1958", "U1234567801"] {
        assert!(!listed.contains(secret), "{secret}: {listed}");
    }
    let case = json(&office.intake.run(&["case", "show", &case, "--json"]).stdout);
    assert_eq!(
        (&case["state"], &case["asked"]),
        (&"ready_for_review".into(), &Value::from(vec![""; 0]))
    );

    let replayed = office.intake.run(&["replay", document]);
    assert_eq!(code(&replayed), 0, "{}", text(&replayed));
    assert_eq!(text(&replayed).matches("no difference").count(), 3, "{}", text(&replayed));
}

#[test]
fn what_is_released_or_closed_is_on_record_with_a_name() {
    let office = Office::new();
    let document = office.document.as_str();
    let nowhere = office.queue(&["release", document, "--as", "Pat"]);
    assert_eq!(code(&nowhere), 1);
    assert!(complaint(&nowhere).contains("queue.patient_unknown"), "{}", complaint(&nowhere));
    let anyway = office.queue(&["release", document, "--new-case", "--anyway"]);
    assert_eq!(code(&anyway), 2, "not without a note");
    let to = office.queue(&["release", document, "--to", "privacy", "--as", "Pat"]);
    assert_eq!(code(&to), 0, "{}", complaint(&to));
    office.delivers("queues/privacy");
    assert_eq!(office.shown()["reasons"][0]["code"], "person.released");
    let sent = office.queue(&["release", document, "--as", "Sam", "--note", "to the other plan"]);
    assert_eq!(text(&sent).trim(), format!("{document} closed standard -"));
    office.delivers("closed");
    let shown = office.shown();
    assert_eq!(
        (&shown["closed"]["reason"], &shown["closed"]["by"]),
        (&"sent_on".into(), &"Sam".into())
    );
    let authors: Vec<&str> = shown["decisions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["author"].as_str().unwrap())
        .collect();
    assert_eq!(authors, ["intake", "Pat", "Sam"]);
    assert_eq!(text(&office.queue(&["list", "--json"])), "");
    let again = ["close", document, "--reason", "withdrawn", "--as", "Pat"];
    assert_eq!(code(&office.queue(&again)), 2);
    let status = office.intake.status();
    assert_eq!(status["queues"], serde_json::json!({}));
}

#[test]
fn a_decision_that_would_be_another_today_is_told_with_what_differs() {
    let office = Office::new();
    let document = office.document.as_str();
    let corrected = office.queue(&[
        "correct",
        document,
        "member.name=Edith Sample",
        "member.id=U1234567801",
        "hcpcs=+E0260",
        "program=dme_com",
        "--as",
        "Pat",
    ]);
    assert_eq!(code(&corrected), 3, "{}", complaint(&corrected));
    let models = office.intake.data.with_file_name("models");
    copy(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("models"), &models);
    let program = models.join("programs/dme_com.toml");
    let text_of = std::fs::read_to_string(&program).unwrap();
    let invoice = "{ item = \"invoice\", when = \"always\", holds = true },";
    assert!(text_of.contains(invoice));
    std::fs::write(&program, text_of.replace(invoice, "")).unwrap();
    let mut command = office.intake.command(&["replay", document, "--json"]);
    let replayed = command.env("INTAKE__MODELS__DIR", &models).output().unwrap();
    assert_eq!(code(&replayed), 3, "{}", complaint(&replayed));
    let lines: Vec<Value> = text(&replayed).lines().map(|line| json(line.as_bytes())).collect();
    let [first, second] = lines.as_slice() else { panic!("{lines:?}") };
    let none = serde_json::json!([]);
    assert_eq!((&first["models_then"], &second["models_then"]), (&none, &none));
    let fields: Vec<&str> = second["models_today"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["field"].as_str().unwrap())
        .collect();
    assert!(fields.contains(&"missing"), "{fields:?}");
    assert_eq!(code(&office.intake.run(&["replay", "D-000000000000"])), 2);
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
