//! From an event to its mail.
//!
//! What may stand in a mail is a short list: the opaque reference, lane,
//! queue, program, times, the number of pages, kinds of reasons, a link. A
//! [`Notice`] has room for nothing else, and what it holds as text is let
//! through only in the shape it should have.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::{Mail, MailPlan};
use crate::decide::disposition::{Disposition, Lane, Queue};
use crate::vocab::{DocumentRef, Sha256Digest};

/// Names an event in the outbox; the same over all retries.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct EventId(pub String);

/// Something that staff should know of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Which event.
    pub event: EventId,
    /// What happened.
    pub kind: NoticeKind,
    /// When.
    pub at: Timestamp,
    /// The document.
    pub document: DocumentRef,
    /// How soon.
    pub lane: Lane,
    /// Where it waits.
    pub queue: Option<Queue>,
    /// The program's id.
    pub program: Option<String>,
    /// When it came in.
    pub received_at: Timestamp,
    /// When it should be done.
    pub target_at: Option<Timestamp>,
    /// How many, if known.
    pub pages: Option<u32>,
    /// Codes of reasons; only their kind is told.
    pub reasons: Vec<String>,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// An expedited document waits; it is announced as soon as its first page
    /// was read.
    ExpeditedWaiting,
    /// A document went its ordinary way.
    Routed,
    /// A document waits for a person.
    Held,
}

impl NoticeKind {
    /// What the outcome of a document is announced as.
    pub fn of(disposition: &Disposition) -> Self {
        match disposition.queue {
            Some(
                Queue::Technical
                | Queue::ManualSplit
                | Queue::Privacy
                | Queue::ManualTriage
                | Queue::HoldIllegible
                | Queue::HoldInsufficient,
            ) => Self::Held,
            Some(
                Queue::ReadyForReview
                | Queue::Appeals
                | Queue::PostDecision
                | Queue::OxygenFollowup
                | Queue::SameDay
                | Queue::Retro
                | Queue::OutOfScope
                | Queue::CareCoordination,
            )
            | None => Self::Routed,
        }
    }

    fn template(self) -> &'static str {
        match self {
            Self::ExpeditedWaiting => include_str!("../templates/expedited.txt"),
            Self::Routed => include_str!("../templates/routed.txt"),
            Self::Held => include_str!("../templates/held.txt"),
        }
    }
}

/// The mail of a notice. Pure: the same notice and plan make the same mail.
pub fn compose(notice: &Notice, plan: &MailPlan) -> Mail {
    let text = fill(notice.kind.template(), |name| value(name, notice, plan));
    let (subject, body) = text.split_once("\n\n").unwrap_or((&text, ""));
    Mail {
        message_id: message_id(&notice.event, plan),
        date: notice.at,
        from: plan.from.clone(),
        to: plan.recipients(notice.lane, notice.queue),
        subject: subject.strip_prefix("Subject: ").unwrap_or(subject).to_owned(),
        body: body.to_owned(),
    }
}

/// Derived from the event, and hashed so that whatever an event is called by
/// says nothing.
fn message_id(event: &EventId, plan: &MailPlan) -> String {
    let digest = Sha256Digest::of(format!("intake mail {}", event.0).as_bytes()).to_string();
    format!("<{}@{}>", &digest[..32], plan.from.email.domain())
}

/// Replaces `{name}` by its value; a line whose value is not known is left
/// out, and so is the blank line before it if that leaves two.
fn fill(template: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in template.lines() {
        let Some(line) = fill_line(line, &value) else { continue };
        if !(line.is_empty() && lines.last().is_some_and(String::is_empty)) {
            lines.push(line);
        }
    }
    lines.join("\n") + "\n"
}

fn fill_line(line: &str, value: &impl Fn(&str) -> Option<String>) -> Option<String> {
    let mut filled = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}')?;
        filled += before;
        filled += &value(name)?;
        rest = after;
    }
    Some(filled + rest)
}

fn value(name: &str, notice: &Notice, plan: &MailPlan) -> Option<String> {
    match name {
        "reference" => Some(notice.document.to_string()),
        "lane" => Some(notice.lane.as_str().to_owned()),
        "queue" => notice.queue.map(|queue| queue_name(queue).to_owned()),
        "program" => notice.program.as_deref().filter(|id| is_program_id(id)).map(str::to_owned),
        "received" => Some(time(notice.received_at)),
        "target" => notice.target_at.map(time),
        "pages" => notice.pages.map(|pages| pages.to_string()),
        "reasons" => reasons(&notice.reasons),
        "link" => plan.link(&notice.document),
        _ => None,
    }
}

/// A queue's name, without the item that one of them is named after.
fn queue_name(queue: Queue) -> &'static str {
    match queue {
        Queue::OxygenFollowup => "phone_followup",
        Queue::Technical
        | Queue::ManualSplit
        | Queue::Privacy
        | Queue::ReadyForReview
        | Queue::ManualTriage
        | Queue::Appeals
        | Queue::PostDecision
        | Queue::SameDay
        | Queue::Retro
        | Queue::OutOfScope
        | Queue::CareCoordination
        | Queue::HoldIllegible
        | Queue::HoldInsufficient => queue.as_str(),
    }
}

/// The shape of a program's id: nothing read off a page has it by chance.
fn is_program_id(id: &str) -> bool {
    id.len() <= 40
        && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_-".contains(&b))
}

/// Kinds of reasons that may be told. A reason's code goes on to name the
/// checklist item or field, which may not.
const TOLD: [&str; 41] = [
    "alert",
    "appeal",
    "care_coordination",
    "case",
    "clock",
    "code",
    "complete",
    "contradictory",
    "decision",
    "document",
    "duplicate",
    "file",
    "hold",
    "hold_reply",
    "identity",
    "illegible",
    "incomplete",
    "limit",
    "members",
    "missing",
    "npi",
    "page",
    "pages",
    "pdf",
    "pending_discharge",
    "person",
    "policy",
    "privacy",
    "program",
    "reader",
    "retro",
    "same_day",
    "scope",
    "split",
    "stale",
    "triage",
    "unclear",
    "undated",
    "unsigned",
    "urgent",
    "work",
];

/// Each kind once, in the order of the reasons; any other kind is `other`.
fn reasons(codes: &[String]) -> Option<String> {
    let mut kinds: Vec<&str> = Vec::new();
    for code in codes {
        let kind = code.split('.').next().unwrap_or_default();
        let kind = TOLD.iter().find(|told| **told == kind).copied().unwrap_or("other");
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    if kinds.is_empty() { None } else { Some(kinds.join(", ")) }
}

fn time(time: Timestamp) -> String {
    time.to_zoned(TimeZone::UTC).strftime("%Y-%m-%d %H:%M UTC").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_whose_value_is_unknown_is_left_out() {
        let filled =
            fill("a {x}\n\nlink {y}\n\nend\n", |name| (name == "x").then(|| "1".to_owned()));
        assert_eq!(filled, "a 1\n\nend\n");
    }

    #[test]
    fn only_the_kind_of_a_known_reason_is_told() {
        let codes = ["missing.oxygen_order", "missing.invoice", "Edith Sample"].map(str::to_owned);
        assert_eq!(reasons(&codes), Some("missing, other".to_owned()));
    }

    #[test]
    fn every_template_begins_with_its_subject() {
        for kind in [NoticeKind::ExpeditedWaiting, NoticeKind::Routed, NoticeKind::Held] {
            assert!(kind.template().starts_with("Subject: [Intake] "), "{kind:?}");
        }
    }
}
