use thiserror::Error;

use crate::vocab::PageNumber;

/// Why a file, or one page of it, cannot be read.
///
/// `Display` is a sentence for a clerk: what is wrong and what to do next. It
/// holds nothing that stood in the document.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Unreadable {
    /// Zero bytes.
    #[error("The file is empty (0 bytes). Ask the sender to send it again.")]
    Empty,
    /// A web page, usually a portal's error page saved under a document's name.
    #[error(
        "The file is a web page, not a document; the download probably failed. Fetch it again or ask the sender for a PDF or a fax."
    )]
    Html,
    /// DOC or DOCX.
    #[error(
        "The file is a word processor document. Word files are not read yet. Print it to PDF, or ask the sender for a PDF or a fax."
    )]
    Word,
    /// ZIP and other archives.
    #[error("The file is an archive. Unpack it and submit the documents inside one by one.")]
    Archive,
    /// A known kind that is not read.
    #[error(
        "The file is {kind}, which is not read. Ask the sender for a PDF, TIFF, PNG or JPEG, or a fax."
    )]
    Unsupported {
        /// What it is, with its article.
        kind: &'static str,
    },
    /// A page stored in a way that is not read, in a file of a kind that is.
    #[error(
        "The page is stored as {coding}, which is not read. Ask the sender for a PDF or a fax."
    )]
    UnsupportedCoding {
        /// The coding.
        coding: String,
    },
    /// No known kind.
    #[error(
        "The file is of no known kind, or damaged beyond recognition. Ask the sender to send it again as a PDF or a fax."
    )]
    Unknown,
    /// The file ends before its first page.
    #[error("The file breaks off before its first page. Ask the sender to send it again.")]
    Truncated,
    /// The kind is clear, the content is not.
    #[error("The file is {kind} but damaged: {what}. Ask the sender to send it again.")]
    Damaged {
        /// Which kind, with its article.
        kind: &'static str,
        /// What was wrong.
        what: &'static str,
    },
    /// One page is damaged; others may be fine.
    #[error(
        "Page {} is damaged: {what}. Read the original, or ask the sender for the page.",
        page.get()
    )]
    PageDamaged {
        /// Which.
        page: PageNumber,
        /// What was wrong.
        what: &'static str,
    },
    /// Encrypted, and the empty password does not open it.
    #[error("The PDF is locked with a password. Ask the sender for a copy without one.")]
    Password,
    /// Encrypted in a way that is not read.
    #[error(
        "The PDF is encrypted in a way that is not read. Ask the sender for a copy without encryption."
    )]
    Encryption,
    /// An XFA form whose only page asks for another viewer.
    #[error(
        "The PDF is a form that only Adobe's own viewer can show (XFA); what is filled in cannot be read. Print it from that viewer, or ask the sender for a printed copy."
    )]
    DynamicForm,
    /// Larger than [`max_bytes`](super::Limits::max_bytes).
    #[error(
        "The file is larger than {limit} bytes. Split it, or raise the limit in the configuration."
    )]
    TooManyBytes {
        /// Bytes.
        limit: u64,
    },
    /// More than [`max_pages`](super::Limits::max_pages).
    #[error(
        "The file holds {pages} pages; the limit is {limit}. Split it, or raise the limit in the configuration."
    )]
    TooManyPages {
        /// How many it holds, or how many were counted before counting stopped.
        pages: u32,
        /// Pages.
        limit: u32,
    },
    /// More than [`max_pixels_per_page`](super::Limits::max_pixels_per_page).
    #[error(
        "A page would have {width} × {height} dots; the limit is {limit} dots. Ask the sender for a fax or a scan at 300 dots an inch."
    )]
    TooManyPixels {
        /// Dots across.
        width: u64,
        /// Dots down.
        height: u64,
        /// Dots.
        limit: u64,
    },
    /// More than
    /// [`max_operations_per_page`](super::Limits::max_operations_per_page).
    #[error(
        "Page {} is drawn with more than {limit} strokes, which no ordinary document needs. Print it to paper and scan it.",
        page.get()
    )]
    TooManyOperations {
        /// Which.
        page: PageNumber,
        /// Operations.
        limit: u64,
    },
    /// The caller asked for a page beyond the last.
    #[error("There is no page {}; the file has {pages}.", page.get())]
    NoSuchPage {
        /// Asked for.
        page: PageNumber,
        /// How many there are.
        pages: u32,
    },
}

impl Unreadable {
    /// The same about another page: that of the document the file is part of.
    pub(super) fn on(self, number: PageNumber) -> Self {
        match self {
            Self::PageDamaged { what, .. } => Self::PageDamaged { page: number, what },
            Self::TooManyOperations { limit, .. } => {
                Self::TooManyOperations { page: number, limit }
            }
            other => other,
        }
    }

    /// Stable, dotted.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "file.empty",
            Self::Html => "file.html",
            Self::Word => "file.word",
            Self::Archive => "file.archive",
            Self::Unsupported { .. } => "file.unsupported",
            Self::UnsupportedCoding { .. } => "page.unsupported",
            Self::Unknown => "file.unknown",
            Self::Truncated => "file.truncated",
            Self::Damaged { .. } => "file.damaged",
            Self::PageDamaged { .. } => "page.damaged",
            Self::Password => "pdf.password",
            Self::Encryption => "pdf.encryption",
            Self::DynamicForm => "pdf.dynamic_form",
            Self::TooManyBytes { .. } => "limit.bytes",
            Self::TooManyPages { .. } => "limit.pages",
            Self::TooManyPixels { .. } => "limit.pixels",
            Self::TooManyOperations { .. } => "limit.operations",
            Self::NoSuchPage { .. } => "page.missing",
        }
    }
}
