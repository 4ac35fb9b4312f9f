//! Mail over SMTP.

use std::fs;

use async_trait::async_trait;
use jiff::Timestamp;
use lettre::transport::smtp::PoolConfig;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::response::Category;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};

use super::config::{Login, Password, SmtpPlan, SmtpTls};
use super::{Mail, MailError, Mailer};
use crate::deliver::receipt::Receipt;

/// Connections kept open. Notices are few; two let an expedited one pass a
/// slow one.
const POOL_SIZE: u32 = 2;

/// Sends to a mail server, over a small pool of connections.
pub struct SmtpMailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
}

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
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&plan.host)
            .port(plan.port)
            .tls(tls)
            .timeout(Some(plan.timeout))
            .pool_config(PoolConfig::new().max_size(POOL_SIZE));
        if let Some(login) = &plan.login {
            builder = builder.credentials(credentials(login)?);
        }
        Ok(Self { transport: builder.build() })
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
        match self.transport.send(mail.message()?).await {
            Ok(_) => Ok(Receipt::Mail { message_id: mail.message_id.clone(), at: now }),
            Err(error) if refuses_the_message(&error) => Err(MailError::Refused(error)),
            Err(error) => Err(MailError::NotTaken(error)),
        }
    }

    async fn check(&self) -> Result<String, MailError> {
        match self.transport.test_connection().await {
            Ok(true) => Ok("the mail server answers".to_owned()),
            Ok(false) => Ok("the mail server answers, and closed the connection".to_owned()),
            Err(error) => Err(MailError::NotTaken(error)),
        }
    }
}
