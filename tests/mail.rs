//! Mail as its receiver sees it: a real SMTP conversation with a small server
//! that accepts, refuses, puts off, or goes away in the middle.

use std::collections::{BTreeSet, VecDeque};
use std::os::unix::fs::PermissionsExt;
use std::sync::{Arc, Mutex};

use intake::decide::disposition::{Lane, Queue};
use intake::deliver::Failure;
use intake::deliver::mail::{
    EventId, FolderMailer, Mail, MailConfig, MailError, MailPlan, Mailer, MemoryMailer, Notice,
    NoticeKind, SmtpMailer, compose, mailer,
};
use intake::deliver::receipt::Receipt;
use intake::vocab::DocumentRef;
use jiff::Timestamp;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

// ---------------------------------------------------------------- the server

/// What the server does with the next message it is offered.
#[derive(Clone, Copy, Debug)]
enum Turn {
    Accept,
    /// 451 to the recipient.
    PutOff,
    /// 550 to the recipient.
    Refuse,
    /// 552 after the message.
    RefuseAfterMessage,
    /// Closes the connection within the message, which is lost.
    VanishMidMessage,
    /// Takes the message and closes the connection before it says so.
    TakeAndVanish,
    /// Never answers the recipient.
    Hang,
}

#[derive(Clone, Debug)]
struct Taken {
    to: Vec<String>,
    text: String,
}

impl Taken {
    fn header(&self, name: &str) -> Option<&str> {
        let head = self.text.split("\r\n\r\n").next()?;
        head.split("\r\n").find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }
}

#[derive(Default)]
struct Seen {
    turns: Mutex<VecDeque<Turn>>,
    taken: Mutex<Vec<Taken>>,
}

impl Seen {
    fn turn(&self) -> Turn {
        self.turns.lock().unwrap().pop_front().unwrap_or(Turn::Accept)
    }

    fn take(&self, to: &[String], text: &str) {
        self.taken.lock().unwrap().push(Taken { to: to.to_vec(), text: text.to_owned() });
    }

    fn taken(&self) -> Vec<Taken> {
        self.taken.lock().unwrap().clone()
    }

    /// Messages as a receiver that honours Message-IDs shows them.
    fn shown(&self) -> usize {
        let taken = self.taken();
        let ids: BTreeSet<_> = taken.iter().map(|taken| taken.header("Message-ID")).collect();
        assert!(!ids.contains(&None), "a message without an id");
        ids.len()
    }
}

/// Serves on a port of its own until the test ends.
async fn server(turns: &[Turn]) -> (Arc<Seen>, u16) {
    let seen =
        Arc::new(Seen { turns: Mutex::new(turns.iter().copied().collect()), ..Seen::default() });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let serving = Arc::clone(&seen);
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let seen = Arc::clone(&serving);
            tokio::spawn(async move {
                let (read, write) = socket.split();
                // A client that goes away ends its conversation, not the test.
                let _ = converse(BufReader::new(read), write, &seen).await;
            });
        }
    });
    (seen, port)
}

async fn converse(
    mut read: impl AsyncBufReadExt + AsyncRead + Unpin,
    mut write: impl AsyncWrite + Unpin,
    seen: &Seen,
) -> std::io::Result<()> {
    write.write_all(b"220 mail.example.org ready\r\n").await?;
    let (mut to, mut turn) = (Vec::new(), None);
    loop {
        let mut line = String::new();
        if read.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let command = line.trim_end().to_ascii_uppercase();
        let answer: &[u8] = if command.starts_with("EHLO") {
            b"250-mail.example.org\r\n250 8BITMIME\r\n"
        } else if command.starts_with("MAIL") {
            to.clear();
            turn = Some(seen.turn());
            b"250 ok\r\n"
        } else if command.starts_with("RCPT") {
            to.push(line.trim_end()[8..].to_owned());
            match turn {
                Some(Turn::PutOff) => b"451 later\r\n",
                Some(Turn::Refuse) => b"550 no\r\n",
                Some(Turn::Hang) => std::future::pending().await,
                _ => b"250 ok\r\n",
            }
        } else if command == "DATA" {
            write.write_all(b"354 go on\r\n").await?;
            let mut text = String::new();
            loop {
                let mut line = String::new();
                if matches!(turn, Some(Turn::VanishMidMessage))
                    || read.read_line(&mut line).await? == 0
                {
                    return Ok(());
                }
                if line == ".\r\n" {
                    break;
                }
                text += line.strip_prefix('.').unwrap_or(&line);
            }
            if matches!(turn, Some(Turn::RefuseAfterMessage)) {
                b"552 no room for you\r\n"
            } else {
                seen.take(&to, &text);
                if matches!(turn, Some(Turn::TakeAndVanish)) {
                    return Ok(());
                }
                b"250 taken\r\n"
            }
        } else if command == "QUIT" {
            write.write_all(b"221 bye\r\n").await?;
            return Ok(());
        } else {
            b"250 ok\r\n"
        };
        write.write_all(answer).await?;
    }
}

// ---------------------------------------------------------------- the sender

fn now() -> Timestamp {
    "2026-03-06T15:04:00Z".parse().unwrap()
}

fn plan(port: u16) -> MailPlan {
    let text = format!(
        r#"
        from = "intake@example.org"
        timeout_seconds = 2
        public_url = "https://intake.example.org/"
        recipients.default = ["desk@example.org", "lead@example.org"]
        smtp = {{ host = "127.0.0.1", port = {port}, tls = "none" }}
        "#
    );
    toml::from_str::<MailConfig>(&text).unwrap().compile().unwrap()
}

fn notice(kind: NoticeKind) -> Notice {
    Notice {
        event: EventId("D-FFKQT4YC5T82/announced".into()),
        kind,
        at: "2026-03-06T15:00:30Z".parse().unwrap(),
        document: DocumentRef::from_random(0x0123_4567_89ab_cdef),
        lane: Lane::Expedited,
        queue: Some(Queue::HoldInsufficient),
        program: Some("dme".into()),
        received_at: "2026-03-06T15:00:00Z".parse().unwrap(),
        target_at: None,
        pages: Some(7),
        reasons: vec!["missing.written_prescription".into()],
    }
}

/// Tries as the outbox does: again after what may be mended.
async fn insist(mailer: &dyn Mailer, mail: &Mail) -> (Result<Receipt, MailError>, usize) {
    for attempt in 1..10 {
        match mailer.send(mail, now()).await {
            Err(error) if error.failure() == Failure::Transient => {}
            outcome => return (outcome, attempt),
        }
    }
    panic!("never settled");
}

#[tokio::test]
async fn a_notice_arrives_as_it_was_meant() {
    let (seen, port) = server(&[]).await;
    let plan = plan(port);
    let mail = compose(&notice(NoticeKind::ExpeditedWaiting), &plan);
    let sender = SmtpMailer::new(plan.smtp.as_ref().unwrap()).unwrap();
    let receipt = sender.send(&mail, now()).await.unwrap();
    assert_eq!(receipt, Receipt::Mail { message_id: mail.message_id.clone(), at: now() });
    let taken = seen.taken();
    assert_eq!(taken.len(), 1);
    assert_eq!(taken[0].to, ["<desk@example.org>", "<lead@example.org>"]);
    let header = |name| taken[0].header(name);
    assert_eq!(header("Subject"), Some("[Intake] Expedited document waiting - ref D-FFKQT4YC5T82"));
    assert_eq!(header("From"), Some("intake@example.org"));
    assert_eq!(header("Date"), Some("Fri, 06 Mar 2026 15:00:30 +0000"));
    assert_eq!(header("Message-ID"), Some(mail.message_id.as_str()));
    assert_eq!(header("Auto-Submitted"), Some("auto-generated"));
    assert!(header("Content-Type").is_some_and(|kind| kind.starts_with("text/plain")));
    let body = taken[0].text.split_once("\r\n\r\n").unwrap().1;
    let expected = "A document in the expedited lane is waiting for a person.\r\n\
        \r\n\
        Reference:  D-FFKQT4YC5T82\r\n\
        Program:    dme\r\n\
        Received:   2026-03-06 15:00 UTC\r\n\
        Pages:      7\r\n\
        Reasons:    missing\r\n\
        \r\n\
        Open it:    https://intake.example.org/documents/D-FFKQT4YC5T82\r\n\
        \r\n\
        This message names no patient, and none may be named in an answer to it.\r\n";
    assert_eq!(body.trim_end(), expected.trim_end());
}

#[tokio::test]
async fn however_often_it_is_tried_the_receiver_sees_one_mail() {
    let trouble = [Turn::PutOff, Turn::VanishMidMessage, Turn::TakeAndVanish, Turn::TakeAndVanish];
    let (seen, port) = server(&trouble).await;
    let plan = plan(port);
    let sender = SmtpMailer::new(plan.smtp.as_ref().unwrap()).unwrap();
    // Composed anew for each try, as after a restart.
    let mail = compose(&notice(NoticeKind::Held), &plan);
    assert_eq!(mail, compose(&notice(NoticeKind::Held), &plan));
    let (outcome, attempts) = insist(&sender, &mail).await;
    outcome.unwrap();
    assert_eq!((attempts, seen.taken().len(), seen.shown()), (5, 3, 1));
    let texts: BTreeSet<_> = seen.taken().into_iter().map(|taken| taken.text).collect();
    assert_eq!(texts.len(), 1, "the same mail each time");
}

#[tokio::test]
async fn a_refusal_is_for_a_person_and_is_not_repeated() {
    for turn in [Turn::Refuse, Turn::RefuseAfterMessage] {
        let (seen, port) = server(&[turn]).await;
        let plan = plan(port);
        let sender = SmtpMailer::new(plan.smtp.as_ref().unwrap()).unwrap();
        let (outcome, attempts) = insist(&sender, &compose(&notice(NoticeKind::Held), &plan)).await;
        assert!(matches!(outcome, Err(MailError::Refused(_))), "{turn:?}");
        assert_eq!((attempts, seen.taken().len()), (1, 0), "{turn:?}");
    }
}

#[tokio::test]
async fn a_server_that_hangs_or_is_away_is_tried_again() {
    let (_seen, port) = server(&[Turn::Hang]).await;
    let plan_hanging = plan(port);
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let plan_away = plan(free);
    for plan in [plan_hanging, plan_away] {
        let sender = SmtpMailer::new(plan.smtp.as_ref().unwrap()).unwrap();
        let error =
            sender.send(&compose(&notice(NoticeKind::Routed), &plan), now()).await.unwrap_err();
        assert_eq!(error.failure(), Failure::Transient, "{error:?}");
    }
}

#[tokio::test]
async fn after_a_server_hung_the_next_mail_goes_out_whole() {
    let (seen, port) = server(&[Turn::Accept, Turn::Hang]).await;
    let plan = plan(port);
    let sender = SmtpMailer::new(plan.smtp.as_ref().unwrap()).unwrap();
    let mail = compose(&notice(NoticeKind::Routed), &plan);
    sender.send(&mail, now()).await.unwrap();
    assert!(matches!(sender.send(&mail, now()).await, Err(MailError::TimedOut)));
    sender.send(&mail, now()).await.unwrap();
    let texts: BTreeSet<_> = seen.taken().into_iter().map(|taken| taken.text).collect();
    assert_eq!((seen.taken().len(), texts.len()), (2, 1));
}

#[tokio::test]
async fn a_server_without_starttls_is_not_trusted_with_anything() {
    let (seen, port) = server(&[]).await;
    let text = format!(
        "recipients.default = [\"desk@example.org\"]\nsmtp = {{ host = \"127.0.0.1\", port = {port} }}"
    );
    let plan = toml::from_str::<MailConfig>(&text).unwrap().compile().unwrap();
    let sender = mailer(&plan, std::path::Path::new("unused")).unwrap();
    let error = sender.send(&compose(&notice(NoticeKind::Routed), &plan), now()).await.unwrap_err();
    // Not the message's fault: an operator mends it while the mail waits.
    assert!(matches!(error, MailError::NotTaken(_)), "{error:?}");
    assert_eq!(error.failure(), Failure::Transient);
    assert!(seen.taken().is_empty());
}

#[tokio::test]
async fn without_a_server_mails_are_files_and_the_same_mail_is_one_file() {
    let data = tempfile::tempdir().unwrap();
    let plan = MailConfig::default().compile().unwrap();
    let sender = mailer(&plan, data.path()).unwrap();
    let mail = compose(&notice(NoticeKind::Held), &plan);
    let other = Notice { event: EventId("another".into()), ..notice(NoticeKind::Held) };
    for mail in [&mail, &mail, &compose(&other, &plan)] {
        sender.send(mail, now()).await.unwrap();
    }
    let files: Vec<_> = std::fs::read_dir(data.path().join("mail"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(files.len(), 2);
    for file in files {
        assert_eq!(file.extension().unwrap(), "eml");
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.contains("To: intake@example.org\r\n") && text.contains("Message-ID: <"));
        // Without a public address there is no link, and no empty line for it.
        assert!(!text.contains("Open it") && !text.contains("http"));
    }
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_tried_again() {
    let data = tempfile::tempdir().unwrap();
    std::fs::write(data.path().join("mail"), "in the way").unwrap();
    let plan = MailConfig::default().compile().unwrap();
    let sender = FolderMailer::new(data.path().join("mail"));
    let error = sender.send(&compose(&notice(NoticeKind::Held), &plan), now()).await.unwrap_err();
    assert_eq!(error.failure(), Failure::Transient);
}

#[tokio::test]
async fn memory_fails_when_told_to_and_keeps_the_rest() {
    let plan = MailConfig::default().compile().unwrap();
    let mail = compose(&notice(NoticeKind::Held), &plan);
    let sender = MemoryMailer::default();
    sender.fail_with(MailError::Stopping);
    let (outcome, attempts) = insist(&sender, &mail).await;
    outcome.unwrap();
    assert_eq!((attempts, sender.sent()), (2, vec![mail]));
}

/// Everything that could leak, in every place of a notice that holds text.
#[test]
fn no_patient_data_and_no_item_word_is_in_any_mail() {
    let secrets = [
        "Edith",
        "Sample",
        "1941",
        "W1234",
        "E0431",
        "K0001",
        "Z89.512",
        "555-0105",
        "oxygen",
        "wheelchair",
        "prescription",
        "invoice",
        "fax_edith.pdf",
    ];
    let mut plans = vec![MailConfig::default().compile().unwrap(), plan(25)];
    plans.push(plan(2525));
    for kind in [NoticeKind::ExpeditedWaiting, NoticeKind::Routed, NoticeKind::Held] {
        for queue in Queue::ALL.into_iter().map(Some).chain([None]) {
            for lane in [Lane::Expedited, Lane::Urgent, Lane::Standard, Lane::Retro] {
                let notice = Notice {
                    event: EventId("fax_edith.pdf Edith Sample 1941".into()),
                    queue,
                    lane,
                    program: Some("Home oxygen for Edith Sample".into()),
                    reasons: secrets
                        .iter()
                        .map(|secret| format!("missing.{secret}"))
                        .chain(secrets.iter().map(|secret| (*secret).to_owned()))
                        .chain(["oxygen.phone_case".to_owned()])
                        .collect(),
                    ..notice(kind)
                };
                for plan in &plans {
                    let mail = compose(&notice, plan);
                    let all = format!("{}\n{}\n{}", mail.subject, mail.body, mail.message_id);
                    for secret in secrets {
                        let leaked = all.to_lowercase().contains(&secret.to_lowercase());
                        assert!(!leaked, "{secret} in {all}");
                    }
                    assert!(all.contains("Reasons:    missing, other"), "{all}");
                }
            }
        }
    }
}

#[test]
fn no_item_word_stands_in_a_subject_and_subjects_are_one_line() {
    for kind in [NoticeKind::ExpeditedWaiting, NoticeKind::Routed, NoticeKind::Held] {
        let mail = compose(&notice(kind), &plan(25));
        assert!(mail.subject.starts_with("[Intake] ") && mail.subject.is_ascii());
        assert!(!mail.subject.contains('\n') && mail.subject.ends_with("ref D-FFKQT4YC5T82"));
    }
}
