//! Exit codes, and failures as an operator reads them.

use std::process::ExitCode;

use crate::config::{KnowledgeError, Problems};
use crate::directory::DirectoryError;
use crate::pipeline::oneshot::OneShotError;
use crate::pipeline::service::ServiceError;
use crate::store::StoreError;

/// How a run ended. Later is worse; the worst of several wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Code {
    /// 0: done.
    Done,
    /// 3: done, but something needs a person.
    NeedsAPerson,
    /// 1: a file could not be opened, or an internal error.
    Internal,
    /// 2: wrong use or configuration.
    WrongUse,
}

impl From<Code> for ExitCode {
    fn from(code: Code) -> Self {
        Self::from(match code {
            Code::Done => 0,
            Code::NeedsAPerson => 3,
            Code::Internal => 1,
            Code::WrongUse => 2,
        })
    }
}

/// Why a command did not do what it was asked: a stable code, what happened,
/// and what to do next.
#[derive(Debug)]
pub struct Failure {
    exit: Code,
    /// Stable, dotted.
    pub code: &'static str,
    /// What happened.
    pub what: String,
    /// What to do; empty where the message says it.
    pub next: &'static str,
}

impl Failure {
    /// The person who typed the command can mend it.
    pub fn wrong_use(code: &'static str, what: impl Into<String>, next: &'static str) -> Self {
        Self { exit: Code::WrongUse, code, what: what.into(), next }
    }

    /// Something around us failed.
    pub fn outside(code: &'static str, what: impl Into<String>, next: &'static str) -> Self {
        Self { exit: Code::Internal, code, what: what.into(), next }
    }

    /// A failure nobody thought of.
    pub fn internal(error: impl std::fmt::Display) -> Self {
        Self::outside(
            "internal",
            error.to_string(),
            "nothing that was acknowledged is lost; run `intake doctor`",
        )
    }

    /// The code the process ends with.
    pub fn exit(&self) -> Code {
        self.exit
    }
}

impl From<Problems> for Failure {
    fn from(problems: Problems) -> Self {
        Self::wrong_use("config", format!("the configuration is not in order\n{problems}"), "")
    }
}

impl From<DirectoryError> for Failure {
    fn from(error: DirectoryError) -> Self {
        Self::outside(
            "providers.directory",
            error.to_string(),
            "import it anew with `intake providers import`, or remove providers.db",
        )
    }
}

impl From<KnowledgeError> for Failure {
    fn from(error: KnowledgeError) -> Self {
        Self::wrong_use(
            "models",
            error.to_string(),
            "mend the file named above, or leave models.dir away for the built-in models",
        )
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::outside(
            "store",
            error.to_string(),
            "nothing was changed; `intake doctor` checks database and disk",
        )
    }
}

impl From<ServiceError> for Failure {
    fn from(error: ServiceError) -> Self {
        if let ServiceError::Directory(error) = error {
            return error.into();
        }
        match &error {
            ServiceError::Busy(_) => Self::wrong_use(
                "service.busy",
                error.to_string(),
                "stop it first, or give this one another --data directory",
            ),
            ServiceError::Folder { .. } => Self::outside(
                "data_dir",
                error.to_string(),
                "the data directory must be writable by the user intake runs as",
            ),
            ServiceError::Mail(_) | ServiceError::MailSettings(_) => {
                Self::wrong_use("config.mail", error.to_string(), "mend the section [mail]")
            }
            ServiceError::Jail(_) => Self::wrong_use(
                "readers.jail",
                error.to_string(),
                "`intake doctor` says how to mend it; readers.jail = \"best_effort\" goes on without",
            ),
            ServiceError::Fault | ServiceError::Directory(_) => Self::internal(&error),
            ServiceError::Store(_) => Self::outside(
                "store",
                error.to_string(),
                "nothing was changed; `intake doctor` checks database and disk",
            ),
        }
    }
}

impl From<OneShotError> for Failure {
    fn from(error: OneShotError) -> Self {
        Self::outside("process", error.to_string(), "`intake doctor` checks readers and OCR models")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_code_wins_in_the_order_of_the_contract() {
        assert!(Code::WrongUse > Code::Internal);
        assert!(Code::Internal > Code::NeedsAPerson);
        assert!(Code::NeedsAPerson > Code::Done);
    }
}
