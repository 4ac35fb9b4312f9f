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
    /// Nothing but zero bytes: room was made for the file, and its content
    /// never came.
    #[error(
        "The file holds nothing but zeros; its transfer failed. Fetch it again or ask the sender to send it again."
    )]
    Zeros,
    /// DOC.
    #[error(
        "The file is an old Word file (DOC). Save it as DOCX or print it to PDF, or ask the sender for a PDF or a fax."
    )]
    Word,
    /// ZIP and other archives.
    #[error("The file is an archive. Unpack it and submit the documents inside one by one.")]
    Archive,
    /// A known kind that is not read.
    #[error("The file is {}, which is not read. {}", .0.noun(), .0.advice())]
    Foreign(Foreign),
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
    /// An office document (DOCX, XLSX) that wants a password.
    #[error(
        "The file is an office document locked with a password. Ask the sender for a copy without one."
    )]
    OfficePassword,
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
    /// More than [`max_unpacked_bytes`](super::Limits::max_unpacked_bytes).
    #[error(
        "The file unpacks to more than {limit} bytes, which no ordinary document needs. Print it to PDF, or ask the sender for a PDF or a fax."
    )]
    TooMuchUnpacked {
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
            Self::Foreign(kind) => kind.code(),
            Self::Zeros => "file.zeros",
            Self::UnsupportedCoding { .. } => "page.unsupported",
            Self::Unknown => "file.unknown",
            Self::Truncated => "file.truncated",
            Self::Damaged { .. } => "file.damaged",
            Self::PageDamaged { .. } => "page.damaged",
            Self::Password => "pdf.password",
            Self::OfficePassword => "file.password",
            Self::Encryption => "pdf.encryption",
            Self::DynamicForm => "pdf.dynamic_form",
            Self::TooManyBytes { .. } => "limit.bytes",
            Self::TooMuchUnpacked { .. } => "limit.unpacked",
            Self::TooManyPages { .. } => "limit.pages",
            Self::TooManyPixels { .. } => "limit.pixels",
            Self::TooManyOperations { .. } => "limit.operations",
            Self::NoSuchPage { .. } => "page.missing",
        }
    }
}

/// Kinds of file that offices send and that are not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Foreign {
    /// RTF.
    RichText,
    /// ODT and its family.
    OpenDocument,
    /// XLS or XLSX.
    Spreadsheet,
    /// PPT or PPTX.
    Slides,
    /// Another compound file of an older office program.
    OldOffice,
    /// EML, MSG or MHT.
    Message,
    /// Letters and digits that some program wrapped a file in.
    Base64,
    /// XML.
    Xml,
    /// Anything else that is text.
    Text,
    /// GIF.
    Gif,
    /// BMP.
    Bitmap,
    /// WebP.
    WebP,
    /// HEIC and AVIF: what telephones take.
    Heic,
    /// JPEG 2000 outside of a PDF.
    Jpeg2000,
    /// JBIG2 outside of a PDF.
    Jbig2,
    /// PostScript.
    PostScript,
    /// PCL and PJL.
    PrintJob,
    /// XPS.
    Xps,
    /// Sound or film.
    Film,
    /// A program.
    Program,
}

impl Foreign {
    fn code(self) -> &'static str {
        match self {
            Self::RichText => "file.rtf",
            Self::OpenDocument => "file.opendocument",
            Self::Spreadsheet => "file.spreadsheet",
            Self::Slides => "file.slides",
            Self::OldOffice => "file.office",
            Self::Message => "file.message",
            Self::Base64 => "file.base64",
            Self::Xml => "file.xml",
            Self::Text => "file.text",
            Self::Gif => "file.gif",
            Self::Bitmap => "file.bitmap",
            Self::WebP => "file.webp",
            Self::Heic => "file.heic",
            Self::Jpeg2000 => "file.jpeg2000",
            Self::Jbig2 => "file.jbig2",
            Self::PostScript => "file.postscript",
            Self::PrintJob => "file.print_job",
            Self::Xps => "file.xps",
            Self::Film => "file.film",
            Self::Program => "file.program",
        }
    }

    /// What it is, with its article.
    fn noun(self) -> &'static str {
        match self {
            Self::RichText => "a rich text file (RTF)",
            Self::OpenDocument => "an OpenDocument file (as LibreOffice writes)",
            Self::Spreadsheet => "a spreadsheet (Excel)",
            Self::Slides => "a presentation (PowerPoint)",
            Self::OldOffice => "a file of an older office program",
            Self::Message => "an e-mail or a saved web page",
            Self::Base64 => "an encoded attachment (base64)",
            Self::Xml => "a data file (XML)",
            Self::Text => "plain text",
            Self::Gif => "a GIF picture",
            Self::Bitmap => "a Windows bitmap",
            Self::WebP => "a WebP picture",
            Self::Heic => "a telephone's picture (HEIC)",
            Self::Jpeg2000 => "a JPEG 2000 picture",
            Self::Jbig2 => "a JBIG2 picture",
            Self::PostScript => "a PostScript print job",
            Self::PrintJob => "a print job (PCL)",
            Self::Xps => "an XPS document",
            Self::Film => "a film or a sound recording",
            Self::Program => "a program",
        }
    }

    fn advice(self) -> &'static str {
        match self {
            Self::RichText
            | Self::OpenDocument
            | Self::Spreadsheet
            | Self::Slides
            | Self::OldOffice
            | Self::Xps => "Open it and print it to PDF, or ask the sender for a PDF or a fax.",
            Self::Message => "Save its attachments and submit them one by one.",
            Self::Base64 => {
                "The program that sent it did not unwrap it; fetch it again or ask the sender for the document itself."
            }
            Self::Xml | Self::Text => {
                "It may be an error message in place of a document. Look at it, then fetch the document again or ask the sender for a PDF or a fax."
            }
            Self::Gif | Self::Bitmap | Self::WebP | Self::Heic | Self::Jpeg2000 | Self::Jbig2 => {
                "Save it as PNG or JPEG, or ask the sender for a PDF, TIFF, PNG or JPEG, or a fax."
            }
            Self::PostScript | Self::PrintJob => {
                "It was meant for a printer. Ask the sender for a PDF or a fax."
            }
            Self::Film => "Ask the sender for the document.",
            Self::Program => "Do not open it. Ask the sender for the document.",
        }
    }
}
