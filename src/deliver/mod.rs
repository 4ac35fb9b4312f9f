//! Station 7: case and queue folders, mail.
//!
//! Every effect is safe to run twice: a folder that stands complete is left
//! alone, a mail keeps its Message-ID over all retries. Nothing here decides
//! when to try again; failures say only whether trying again may help.

mod durable;
pub mod folder;
pub mod mail;

pub mod receipt;

pub use folder::{Delivery, Destination, FolderError, leave, place};
pub use mail::{
    EventId, MailConfig, MailError, MailPlan, Mailer, Notice, NoticeKind, compose, mailer,
};
pub use receipt::Receipt;

/// Whether trying again may help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Later, perhaps: a full disk, a server that is busy or away.
    Transient,
    /// Not without a person: a refused address, a lost original.
    Permanent,
}
