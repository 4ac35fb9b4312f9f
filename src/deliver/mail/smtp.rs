//! Mail over SMTP.

use std::fs;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::response::Category;
use lettre::transport::smtp::{AsyncSmtpTransportBuilder, PoolConfig};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use super::config::{Login, Password, SmtpPlan, SmtpTls};
use super::{Mail, MailError, Mailer};
use crate::deliver::receipt::Receipt;

/// Connections kept open. Notices are few; two let an expedited one pass a
/// slow one.
const POOL_SIZE: u32 = 2;

/// Sends to a mail server, over a small pool of connections.
pub struct SmtpMailer {
    pool: Mutex<Transport>,
    builder: AsyncSmtpTransportBuilder,
    timeout: Duration,
}

type Transport = AsyncSmtpTransport<Tokio1Executor>;

impl SmtpMailer {
    /// Reads the password file, if there is one; connects only when there is
    /// something to send.
    pub fn new(plan: &SmtpPlan) -> Result<Self, MailError> {
        let tls = |host: &str| TlsParameters::new(host.to_owned()).map_err(MailError::NotTaken);
        let tls = match plan.tls {
            SmtpTls::Starttls => Tls::Required(tls(&plan.host)?),
            SmtpTls::Tls => Tls::Wrapper(tls(&plan.host)?),
            SmtpTls::None => Tls::None,
        };
        // "Dangerous" because it is in the clear unless told otherwise; it is
        // told, and the configuration allows the clear only to this machine.
        let mut builder = Transport::builder_dangerous(&plan.host)
            .port(plan.port)
            .tls(tls)
            .timeout(Some(plan.timeout))
            .pool_config(PoolConfig::new().max_size(POOL_SIZE));
        if let Some(login) = &plan.login {
            builder = builder.credentials(credentials(login)?);
        }
        let pool = Mutex::new(builder.clone().build());
        Ok(Self { pool, builder, timeout: plan.timeout })
    }

    /// lettre bounds the wait for the connection only, not for an answer: a
    /// server that hangs would hold us for ever.
    async fn send_in_time(&self, message: Message) -> Result<(), MailError> {
        let pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match tokio::time::timeout(self.timeout, pool.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) if refuses_the_message(&error) => Err(MailError::Refused(error)),
            Ok(Err(error)) => Err(MailError::NotTaken(error)),
            Err(_) => {
                self.forget_connections();
                Err(MailError::TimedOut)
            }
        }
    }

    /// A connection broken off within a conversation goes back to its pool,
    /// where the next mail would take it up in mid-sentence.
    fn forget_connections(&self) {
        *self.pool.lock().unwrap_or_else(PoisonError::into_inner) = self.builder.clone().build();
    }
}

/// A 5xx about this message. One about our password (53x), or a server that
/// lacks what we insist on, is mended by an operator while the mail waits.
fn refuses_the_message(error: &lettre::transport::smtp::Error) -> bool {
    let about_us = error.status().is_some_and(|code| code.category == Category::Unspecified3);
    error.is_permanent() && !about_us
}

fn credentials(login: &Login) -> Result<Credentials, MailError> {
    let password = match &login.password {
        Password::Given(secret) => secret.expose().to_owned(),
        Password::File(path) => {
            fs::read_to_string(path).map_err(MailError::Password)?.trim_end().to_owned()
        }
    };
    Ok(Credentials::new(login.username.clone(), password))
}

#[async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, mail: &Mail, now: Timestamp) -> Result<Receipt, MailError> {
        self.send_in_time(mail.message()?).await?;
        Ok(Receipt::Mail { message_id: mail.message_id.clone(), at: now })
    }

    async fn check(&self) -> Result<String, MailError> {
        let pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match tokio::time::timeout(self.timeout, pool.test_connection()).await {
            Ok(Ok(_)) => Ok("the mail server answers".to_owned()),
            Ok(Err(error)) => Err(MailError::NotTaken(error)),
            Err(_) => Err(MailError::TimedOut),
        }
    }
}
