//! Mail that stays in memory, for tests of those who send it.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use jiff::Timestamp;

use super::{Mail, MailError, Mailer};
use crate::deliver::receipt::Receipt;

/// Keeps what it is sent, and fails when told to.
#[derive(Default)]
pub struct MemoryMailer {
    sent: Mutex<Vec<Mail>>,
    failures: Mutex<VecDeque<MailError>>,
}

impl MemoryMailer {
    /// What was accepted, in order.
    pub fn sent(&self) -> Vec<Mail> {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Makes the next sending that has not been told so yet fail like this.
    pub fn fail_with(&self, error: MailError) {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner).push_back(error);
    }
}

#[async_trait]
impl Mailer for MemoryMailer {
    async fn send(&self, mail: &Mail, now: Timestamp) -> Result<Receipt, MailError> {
        let failure = self.failures.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        if let Some(error) = failure {
            return Err(error);
        }
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).push(mail.clone());
        Ok(Receipt::Mail { message_id: mail.message_id.clone(), at: now })
    }

    async fn check(&self) -> Result<String, MailError> {
        Ok("mail is kept in memory".to_owned())
    }
}
