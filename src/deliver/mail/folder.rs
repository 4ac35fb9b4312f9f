//! Mail as files, `mail/*.eml`, where no server is configured: any mail
//! program opens them, and a person or a script may send them on.

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use jiff::Timestamp;

use super::{Mail, MailError, Mailer};
use crate::deliver::durable;
use crate::deliver::receipt::Receipt;

/// Writes mails into a folder.
pub struct FolderMailer {
    folder: PathBuf,
}

impl FolderMailer {
    /// Mails go into `folder`, which is created when the first one comes.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }
}

#[async_trait]
impl Mailer for FolderMailer {
    /// One file per Message-ID, put in place in one step: the same mail twice
    /// is one file.
    async fn send(&self, mail: &Mail, now: Timestamp) -> Result<Receipt, MailError> {
        let (folder, name) = (self.folder.clone(), file_name(&mail.message_id));
        let bytes = mail.message()?.formatted();
        let written = tokio::task::spawn_blocking(move || write(&folder, &name, &bytes)).await;
        written.map_err(|_| MailError::Stopping)?.map_err(MailError::Folder)?;
        Ok(Receipt::Mail { message_id: mail.message_id.clone(), at: now })
    }

    async fn check(&self) -> Result<String, MailError> {
        Ok("no mail server is configured; mails are written to mail/*.eml".to_owned())
    }
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    if let (Some(parent), Some(own)) = (folder.parent(), folder.file_name()) {
        durable::create_folders(parent, Path::new(own))?;
    }
    durable::replace(&folder.join(name), bytes)
}

/// The part of the Message-ID before the `@`: letters and digits by its
/// making.
fn file_name(message_id: &str) -> String {
    let local = message_id.trim_start_matches('<').split('@').next().unwrap_or_default();
    let safe: String = local.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("{safe}.eml")
}
