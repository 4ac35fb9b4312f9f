//! What an operator writes about mail, and what it means.

use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use lettre::message::Mailbox;
use serde::Deserialize;

use crate::decide::disposition::{Lane, Queue};
use crate::vocab::DocumentRef;

/// `[mail]`, as written. The default sends nothing: mails are written to
/// `mail/*.eml`, addressed to `intake@example.org`, which is nobody.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MailConfig {
    /// Our own address; its domain ends every Message-ID.
    pub from: String,
    /// Who is told.
    pub recipients: Recipients,
    /// Where staff reach the service: `https://intake.example.org`. Mails hold
    /// a link only when this is set.
    pub public_url: Option<String>,
    /// The mail server. Without one, mails are files.
    pub smtp: Option<SmtpConfig>,
    /// Longest time for sending one mail, in seconds.
    pub timeout_seconds: u64,
}

impl Default for MailConfig {
    fn default() -> Self {
        Self {
            from: NOBODY.to_owned(),
            recipients: Recipients::default(),
            public_url: None,
            smtp: None,
            // RFC 5321, 4.5.3.2 asks for minutes; a mail that waits half a
            // minute is tried again, which costs nothing.
            timeout_seconds: 30,
        }
    }
}

/// A reserved domain (RFC 2606): mail to it goes nowhere.
const NOBODY: &str = "intake@example.org";

/// Who is told. Lists of a lane and of a queue add up; `default` is told when
/// neither has anybody.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Recipients {
    /// When nobody else is named.
    pub default: Vec<String>,
    /// By lane.
    pub lane: BTreeMap<Lane, Vec<String>>,
    /// By queue.
    pub queue: BTreeMap<Queue, Vec<String>>,
}

/// `[mail.smtp]`, as written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmtpConfig {
    /// Name, as in its certificate.
    pub host: String,
    /// Default: 587 with STARTTLS, 465 with TLS, 25 without.
    pub port: Option<u16>,
    /// Default: STARTTLS.
    #[serde(default)]
    pub tls: SmtpTls,
    /// If the server wants one.
    pub username: Option<String>,
    /// Better in a file.
    pub password: Option<Secret>,
    /// A file that holds the password; blanks at its end are cut off.
    pub password_file: Option<PathBuf>,
}

/// How the connection is kept private.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SmtpTls {
    /// Begins in the clear; the server must offer STARTTLS.
    #[default]
    Starttls,
    /// From the first byte.
    Tls,
    /// In the clear: only to a server on this machine.
    None,
}

/// A password. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Wraps a password.
    pub fn new(secret: impl Into<String>) -> Self {
        Self(secret.into())
    }

    /// Takes it out, for the server alone.
    pub(super) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Something wrong with what was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {message}")]
pub struct ConfigProblem {
    /// Where: `mail.smtp.host`.
    pub key: String,
    /// What.
    pub message: String,
    /// How to mend it.
    pub hint: &'static str,
}

/// What the configuration means, checked.
#[derive(Clone, Debug)]
pub struct MailPlan {
    /// Ours.
    pub from: Mailbox,
    /// The server, or none: files.
    pub smtp: Option<SmtpPlan>,
    default: Vec<Mailbox>,
    lane: BTreeMap<Lane, Vec<Mailbox>>,
    queue: BTreeMap<Queue, Vec<Mailbox>>,
    public_url: Option<String>,
}

/// A mail server, checked.
#[derive(Clone, Debug)]
pub struct SmtpPlan {
    /// Name.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Privacy.
    pub tls: SmtpTls,
    /// How to log in, if at all.
    pub login: Option<Login>,
    /// Longest time for sending one mail.
    pub timeout: Duration,
}

/// How to log in.
#[derive(Clone, Debug)]
pub struct Login {
    /// As whom.
    pub username: String,
    /// With what.
    pub password: Password,
}

/// Where the password is.
#[derive(Clone, Debug)]
pub enum Password {
    /// Here.
    Given(Secret),
    /// In a file, read when the server is set up.
    File(PathBuf),
}

impl MailConfig {
    /// All that is wrong, or what is meant. Reads no file and asks no server.
    pub fn compile(&self) -> Result<MailPlan, Vec<ConfigProblem>> {
        let mut problems = Problems::default();
        let from = problems.address("mail.from", &self.from);
        let default = problems.addresses("mail.recipients.default", &self.recipients.default);
        let lane = problems.map("mail.recipients.lane", &self.recipients.lane, Lane::as_str);
        let queue = problems.map("mail.recipients.queue", &self.recipients.queue, Queue::as_str);
        let public_url = self.public_url.as_deref().and_then(|url| problems.public_url(url));
        let smtp = self.smtp.as_ref().map(|smtp| problems.smtp(smtp, self.timeout_seconds));
        if smtp.is_some() && default.is_empty() {
            problems.add(
                "mail.recipients.default",
                "a mail server is set and nobody is to be told",
                "name at least one address of your own staff",
            );
        }
        match from {
            Some(from) if problems.0.is_empty() => {
                Ok(MailPlan { from, smtp, default, lane, queue, public_url })
            }
            _ => Err(problems.0),
        }
    }
}

impl MailPlan {
    /// Who is told of a document in this lane and queue; each once, never
    /// empty. Where nobody is configured (folder only) it is ourselves.
    pub fn recipients(&self, lane: Lane, queue: Option<Queue>) -> Vec<Mailbox> {
        let of_lane = self.lane.get(&lane).into_iter().flatten();
        let of_queue = queue.and_then(|queue| self.queue.get(&queue)).into_iter().flatten();
        let mut named: Vec<Mailbox> = Vec::new();
        for mailbox in of_lane.chain(of_queue) {
            if !named.contains(mailbox) {
                named.push(mailbox.clone());
            }
        }
        if named.is_empty() {
            named.clone_from(&self.default);
        }
        if named.is_empty() {
            named.push(self.from.clone());
        }
        named
    }

    /// Where a document is opened, if a public address is configured.
    pub fn link(&self, document: &DocumentRef) -> Option<String> {
        self.public_url.as_ref().map(|url| format!("{url}/documents/{document}"))
    }
}

#[derive(Default)]
struct Problems(Vec<ConfigProblem>);

impl Problems {
    fn add(&mut self, key: &str, message: impl Into<String>, hint: &'static str) {
        self.0.push(ConfigProblem { key: key.to_owned(), message: message.into(), hint });
    }

    fn address(&mut self, key: &str, text: &str) -> Option<Mailbox> {
        let parsed = text.parse().ok();
        if parsed.is_none() {
            self.add(key, format!("\"{text}\" is not a mail address"), "write name@example.org");
        }
        parsed
    }

    fn addresses(&mut self, key: &str, texts: &[String]) -> Vec<Mailbox> {
        texts.iter().filter_map(|text| self.address(key, text)).collect()
    }

    fn map<K: Copy + Ord>(
        &mut self,
        key: &str,
        lists: &BTreeMap<K, Vec<String>>,
        name: fn(K) -> &'static str,
    ) -> BTreeMap<K, Vec<Mailbox>> {
        let of = |(&k, list): (&K, &Vec<String>)| {
            (k, self.addresses(&format!("{key}.{}", name(k)), list))
        };
        lists.iter().map(of).collect()
    }

    fn public_url(&mut self, url: &str) -> Option<String> {
        let url = url.trim_end_matches('/');
        let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
        if host.is_none_or(|host| host.is_empty() || host.contains(['?', '#', ' ', '@', '"', '<']))
        {
            self.add(
                "mail.public_url",
                format!("\"{url}\" is not the address of a site"),
                "write https://intake.example.org, without user, query or fragment",
            );
            return None;
        }
        Some(url.to_owned())
    }

    fn smtp(&mut self, smtp: &SmtpConfig, timeout_seconds: u64) -> SmtpPlan {
        if smtp.host.trim().is_empty() {
            self.add("mail.smtp.host", "is empty", "name the server, or leave out [mail.smtp]");
        }
        if timeout_seconds == 0 {
            self.add("mail.timeout_seconds", "is 0", "30 is a good value");
        }
        if smtp.tls == SmtpTls::None && !is_this_machine(&smtp.host) {
            self.add(
                "mail.smtp.tls",
                "mail would leave this machine in the clear",
                "use \"starttls\" or \"tls\"; \"none\" is for a server on this machine",
            );
        }
        SmtpPlan {
            host: smtp.host.clone(),
            port: smtp.port.unwrap_or(match smtp.tls {
                SmtpTls::Starttls => 587,
                SmtpTls::Tls => 465,
                SmtpTls::None => 25,
            }),
            tls: smtp.tls,
            login: self.login(smtp),
            timeout: Duration::from_secs(timeout_seconds.max(1)),
        }
    }

    fn login(&mut self, smtp: &SmtpConfig) -> Option<Login> {
        let password = match (&smtp.password, &smtp.password_file) {
            (Some(_), Some(_)) => {
                self.add("mail.smtp.password", "is given twice", "keep password_file");
                None
            }
            (Some(secret), None) => Some(Password::Given(secret.clone())),
            (None, Some(path)) => Some(Password::File(path.clone())),
            (None, None) => None,
        };
        match (&smtp.username, password) {
            (Some(username), Some(password)) => {
                Some(Login { username: username.clone(), password })
            }
            (None, None) => None,
            (Some(_), None) => {
                self.add("mail.smtp.username", "has no password", "add password_file");
                None
            }
            (None, Some(_)) => {
                self.add("mail.smtp.password", "has no username", "add username");
                None
            }
        }
    }
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(text: &str) -> MailConfig {
        toml::from_str(text).unwrap()
    }

    fn problems(text: &str) -> Vec<String> {
        config(text).compile().unwrap_err().into_iter().map(|problem| problem.key).collect()
    }

    #[test]
    fn the_default_sends_nothing_to_nobody() {
        let plan = config("").compile().unwrap();
        assert!(plan.smtp.is_none());
        let to = plan.recipients(Lane::Expedited, None);
        assert_eq!(to.iter().map(ToString::to_string).collect::<Vec<_>>(), [NOBODY]);
    }

    #[test]
    fn lanes_and_queues_add_up_and_the_default_stands_in() {
        let plan = config(
            r#"
            [recipients]
            default = ["desk@example.org"]
            lane.expedited = ["nurse@example.org", "lead@example.org"]
            queue.technical = ["it@example.org", "lead@example.org"]
            "#,
        )
        .compile()
        .unwrap();
        let to = |lane, queue| {
            let to: Vec<String> =
                plan.recipients(lane, queue).iter().map(|m| m.email.user().to_owned()).collect();
            to.join(" ")
        };
        assert_eq!(to(Lane::Expedited, Some(Queue::Technical)), "nurse lead it");
        assert_eq!(to(Lane::Standard, Some(Queue::Retro)), "desk");
    }

    #[test]
    fn every_problem_is_named_at_once() {
        let text = r#"
            from = "nobody"
            public_url = "intake.example.org?x=1"
            recipients.queue.retro = ["@"]
            [smtp]
            host = "mail.example.org"
            tls = "none"
            username = "intake"
        "#;
        let expected = [
            "mail.from",
            "mail.recipients.queue.retro",
            "mail.public_url",
            "mail.smtp.tls",
            "mail.smtp.username",
            "mail.recipients.default",
        ];
        assert_eq!(problems(text), expected);
    }

    #[test]
    fn a_misspelt_key_is_an_error_and_a_password_is_not_shown() {
        assert!(toml::from_str::<MailConfig>("form = \"a@example.org\"").is_err());
        assert!(toml::from_str::<MailConfig>("recipients.queue.retros = []").is_err());
        let config = config("[smtp]\nhost = \"h\"\npassword = \"hunter2\"");
        assert!(!format!("{config:?}").contains("hunter2"));
    }
}
