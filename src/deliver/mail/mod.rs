//! Mail: a pointer, never a carrier.
//!
//! A [`Notice`] is what happened, [`compose`] makes the [`Mail`] of it, a
//! [`Mailer`] sends it: to a server ([`SmtpMailer`]), into a folder
//! ([`FolderMailer`], the default: nothing leaves the house until an operator
//! names a server), or into memory ([`MemoryMailer`], for tests).
//!
//! The same event always makes the same mail with the same Message-ID, so a
//! receiver that honours it sees each event once, however often the sender had
//! to try.

mod config;
mod folder;
mod memory;
mod notice;
mod smtp;

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use lettre::Message;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MessageBuilder};

pub use config::{
    ConfigProblem, MailConfig, MailPlan, Recipients, Secret, SmtpConfig, SmtpPlan, SmtpTls,
};
pub use folder::FolderMailer;
pub use memory::MemoryMailer;
pub use notice::{EventId, Notice, NoticeKind, compose};
pub use smtp::SmtpMailer;

use super::Failure;
use super::receipt::Receipt;

/// A mail, complete. The same for the same event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// With angle brackets, as in the header.
    pub message_id: String,
    /// When the event took place; not when it was sent.
    pub date: Timestamp,
    /// Ours.
    pub from: Mailbox,
    /// Never empty.
    pub to: Vec<Mailbox>,
    /// One line.
    pub subject: String,
    /// Plain text.
    pub body: String,
}

/// Why a mail was not sent. A server's own words are in the source; they hold
/// addresses of staff at most.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The server said no for good (5xx).
    #[error("the mail server refused the message")]
    Refused(#[source] lettre::transport::smtp::Error),
    /// The server said not now (4xx), was not there, went away, or wants
    /// something of us that an operator can mend (a password, TLS).
    #[error("the mail server did not take the message")]
    NotTaken(#[source] lettre::transport::smtp::Error),
    /// The server did not answer in time.
    #[error("the mail server did not answer in time")]
    TimedOut,
    /// The mail cannot be written down as one; a bug.
    #[error("the message is malformed")]
    Malformed(#[source] lettre::error::Error),
    /// The password file cannot be read.
    #[error("the mail password file could not be read")]
    Password(#[source] std::io::Error),
    /// The mail folder cannot be written.
    #[error("the mail folder could not be written")]
    Folder(#[source] std::io::Error),
    /// Work on the folder was broken off as the service stopped.
    #[error("the mail was not written as the service is stopping")]
    Stopping,
}

impl MailError {
    /// Whether trying again may help.
    pub fn failure(&self) -> Failure {
        match self {
            Self::Refused(_) | Self::Malformed(_) => Failure::Permanent,
            Self::NotTaken(_)
            | Self::TimedOut
            | Self::Password(_)
            | Self::Folder(_)
            | Self::Stopping => Failure::Transient,
        }
    }
}

/// Something that takes mail.
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Sends one mail; `Ok` means that it was accepted for good. After an
    /// error it may have been accepted all the same (the connection broke
    /// before the answer), which is why the Message-ID stays.
    async fn send(&self, mail: &Mail, now: Timestamp) -> Result<Receipt, MailError>;

    /// Whether mail could be sent now, without sending any: a sentence for
    /// `intake doctor`.
    async fn check(&self) -> Result<String, MailError>;
}

/// The mailer that the plan asks for; `data` is the data directory.
pub fn mailer(plan: &MailPlan, data: &Path) -> Result<Arc<dyn Mailer>, MailError> {
    match &plan.smtp {
        Some(smtp) => Ok(Arc::new(SmtpMailer::new(smtp)?)),
        None => Ok(Arc::new(FolderMailer::new(data.join("mail")))),
    }
}

impl Mail {
    /// As it goes over the wire.
    fn message(&self) -> Result<Message, MailError> {
        let mut builder: MessageBuilder = Message::builder()
            .message_id(Some(self.message_id.clone()))
            .date(self.date.into())
            .from(self.from.clone())
            .subject(self.subject.as_str())
            .header(ContentType::TEXT_PLAIN)
            // RFC 3834: nobody's holiday notice is wanted.
            .raw_header(HeaderValue::new(
                HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-generated".to_owned(),
            ));
        for to in &self.to {
            builder = builder.to(to.clone());
        }
        builder.body(self.body.clone()).map_err(MailError::Malformed)
    }
}
