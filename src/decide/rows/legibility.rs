//! Rows about whether there is anything to read.

use crate::decide::Document;
use crate::decide::belonging::Belonging;
use crate::decide::disposition::Reason;
use crate::decide::ending::{Attach, Ending, Hold, reason};
use crate::decide::facts::Facts;
use crate::recognize::recognized::{Method, RecognizedPage};
use crate::vocab::{BBox, Confidence, Evidence, EvidenceSource};

/// From this share of pages that cannot be read, the whole document goes to a
/// person (domain: three in ten). Blank backs of sheets do not count as
/// pages.
const UNREADABLE_SHARE: f32 = 0.30;

/// A page read with less confidence than this counts as unreadable (domain:
/// 0.6, the same figure below which a value is treated as absent).
const PAGE_READ: f32 = 0.60;

/// From this share of the core fields that are below the figure for a found
/// value, the reading as a whole is in doubt rather than a field. Half: one
/// smudged fax number is a letter, half the form smudged is a bad copy.
const DOUBTFUL_SHARE: f32 = 0.50;

/// A file that could not be opened.
pub(in crate::decide) fn row_0_unopened(code: &str, message: &str) -> Ending {
    Ending::technical(reason(code, message, vec![]))
}

/// A transmission without a page.
pub(in crate::decide) fn row_0_no_pages(document: &Document) -> Option<Ending> {
    let message = "No page came through; ask the sender to send it again.";
    let none = document.recognized.pages.is_empty();
    none.then(|| Ending::technical(reason("document.no_pages", message, vec![])))
}

/// Too many pages, or too much of what matters, cannot be read. A person
/// looks before a letter asks for better copies. Whose it is may be plain all
/// the same: then it joins the open case before.
pub(super) fn row_12(facts: &Facts) -> Option<Ending> {
    let pages = &facts.document.recognized.pages;
    let written: Vec<&RecognizedPage> =
        pages.iter().filter(|page| page.method != Method::Blank).collect();
    let unread: Vec<&&RecognizedPage> = written.iter().filter(|page| is_unread(page)).collect();
    let illegible = |reason| Some(end(facts, reason));
    if written.is_empty() {
        let message = "All pages are blank; perhaps they were fed upside down.";
        return illegible(reason("illegible.blank", message, vec![]));
    }
    if at_least(unread.len(), UNREADABLE_SHARE, written.len()) {
        let message =
            format!("{} of {} pages are too poor to be relied on.", unread.len(), written.len());
        let evidence = unread.iter().map(|page| whole(page)).collect();
        return illegible(reason("illegible.pages", message, evidence));
    }
    let seen = &facts.completeness.core_confidences;
    let doubtful = seen.iter().filter(|confidence| !confidence.is_listed()).count();
    let identity_doubtful = facts.permit.as_ref().is_err_and(|refusal| {
        !refusal.doubtful.is_empty() && refusal.absent.is_empty() && !refusal.nothing_requested
    });
    if identity_doubtful || (doubtful > 0 && at_least(doubtful, DOUBTFUL_SHARE, seen.len())) {
        let message = "What matters most was read with too little confidence.";
        return illegible(reason("illegible.core_fields", message, vec![]));
    }
    None
}

fn end(facts: &Facts, why: Reason) -> Ending {
    let open = |candidate| facts.case(candidate).is_some_and(|case| case.state.is_open());
    let belonging =
        Belonging::of(&facts.matched).filter(|_| facts.matched.attached().is_some_and(open));
    match belonging {
        Some(belonging) => {
            let message = format!("It belongs to case {}, which it joins.", belonging.case());
            Ending::join(&belonging, Attach::Illegible, why).and([reason(
                "case.matched",
                message,
                vec![],
            )])
        }
        None => Ending::hold(Hold::Illegible, why),
    }
}

/// Whether a page is too poor to be relied on.
pub(in crate::decide) fn is_unread(page: &RecognizedPage) -> bool {
    match page.method {
        Method::Unreadable => true,
        Method::Blank => false,
        Method::Ocr | Method::TextLayer | Method::FormFields | Method::Mixed => {
            page.confidence < Confidence::new(PAGE_READ)
        }
    }
}

fn at_least(part: usize, share: f32, whole: usize) -> bool {
    part as f32 >= share * whole as f32
}

/// The letter names the pages, so they are evidence of their own absence.
fn whole(page: &RecognizedPage) -> Evidence {
    Evidence::on_page(page.number, BBox::PAGE, "", page.confidence, EvidenceSource::Ocr)
}
