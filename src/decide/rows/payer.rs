//! The row about documents that are for somebody else altogether.

use crate::decide::ending::{Ending, Redirect, reason};
use crate::decide::facts::Facts;
use crate::extract::findings::PayerFinding;

/// Every plan that the sender speaks to is another, and nothing ties the
/// document to us: a misdialled fax. Not read on, not passed on; a person in
/// the privacy queue has the last word.
pub(super) fn row_4(facts: &Facts) -> Option<Ending> {
    let named = &facts.findings.payers;
    let ours = |payer: &PayerFinding| facts.plan.names.contains(&payer.name);
    let is_foreign = !named.is_empty() && !named.iter().any(ours);
    if !is_foreign || is_tied_to_us(facts) {
        return None;
    }
    let evidence = named.iter().flat_map(|payer| payer.evidence.clone()).collect();
    let message = "It is for another plan; nobody here has to do with it.";
    Some(Ending::redirect(Redirect::Privacy, reason("privacy.other_payer", message, evidence)))
}

/// A known case, a fixed program, our plan's name anywhere, or an id that only
/// our members have.
fn is_tied_to_us(facts: &Facts) -> bool {
    let known = facts.matched.attached().is_some() || !facts.findings.references.is_empty();
    known
        || facts.document.forced_program.is_some()
        || facts.words.count(&facts.plan.names) > 0
        || facts.plan.is_our_id(facts.findings.member.id.as_ref())
}
