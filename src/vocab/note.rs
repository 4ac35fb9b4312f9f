use serde::{Deserialize, Serialize};

use super::PageNumber;

/// Something a person may want to know that is neither a finding nor a
/// reason: a blank page, a lost scan line, a wrong file extension.
///
/// `code` is stable and dotted (`page.blank`); `message` is a sentence for a
/// clerk and holds no patient data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Note {
    /// Stable, dotted: `page.blank`, `tin.prefix_unlisted`.
    pub code: String,
    /// The page it is about, if it is about one.
    pub page: Option<PageNumber>,
    /// A sentence without patient data.
    pub message: String,
}

impl Note {
    /// A note about the whole document.
    pub fn document(code: &str, message: impl Into<String>) -> Self {
        Self { code: code.to_owned(), page: None, message: message.into() }
    }

    /// A note about one page.
    pub fn page(code: &str, page: PageNumber, message: impl Into<String>) -> Self {
        Self { code: code.to_owned(), page: Some(page), message: message.into() }
    }
}
