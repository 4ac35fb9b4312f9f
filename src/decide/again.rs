//! Documents that are sent again.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::Document;
use crate::extract::findings::{Field, Findings, IntentKind, Urgency};
use crate::vocab::{CaseRef, DocumentRef};

/// A document with the same pages that was decided before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Earlier {
    /// Which.
    pub document: DocumentRef,
    /// When it was received.
    pub received_at: Timestamp,
    /// What was found in it.
    pub findings: Findings,
    /// The case it belongs to, if it has one.
    pub case: Option<CaseRef>,
}

/// The one that says all that this document says, the first sent.
pub(super) fn original<'a>(document: &Document<'a>) -> Option<&'a Earlier> {
    let hours = i64::from(document.register?.rules.resend_hours);
    let recent = |earlier: &&Earlier| {
        let since = document.received_at.duration_since(earlier.received_at).abs();
        since <= SignedDuration::from_hours(hours)
    };
    let findings = &document.extracted.findings;
    let same = document.earlier.iter().filter(recent).filter(|e| says_all(&e.findings, findings));
    same.min_by_key(|earlier| (earlier.received_at, earlier.document.clone()))
}

/// Whether nothing is new: the pages are the same, so what may differ is what
/// came beside them (a note that now says that a discharge waits), and what is
/// made of them.
fn says_all(before: &Findings, now: &Findings) -> bool {
    let waits = |f: &Findings| f.pending_discharge.value.is_raised();
    let urgent = |f: &Findings| f.urgent.value == Urgency::Claimed;
    let intents = |f: &Findings| f.intents.iter().map(|one| one.kind).collect::<Vec<IntentKind>>();
    let references = |f: &Findings| -> Vec<String> {
        f.references.iter().map(|one| one.value.expose().clone()).collect()
    };
    let codes = |f: &Findings| -> Vec<_> { f.hcpcs.iter().map(|one| one.code.clone()).collect() };
    let text = |field: &Option<Field>| field.as_ref().map(|field| field.value.expose().clone());
    let values = |f: &Findings| {
        let dates = [&f.dates.service, &f.dates.anticipated_discharge, &f.dates.delivered];
        let member = [&f.member.name, &f.member.date_of_birth, &f.member.id];
        dates.into_iter().chain(member).map(text).collect::<Vec<_>>()
    };
    // What was said before and is not now is nothing new.
    let holds = |before: &[String], now: &[String]| now.iter().all(|one| before.contains(one));
    (waits(before) || !waits(now))
        && (urgent(before) || !urgent(now))
        && intents(now).iter().all(|kind| intents(before).contains(kind))
        && holds(&references(before), &references(now))
        && codes(now).iter().all(|code| codes(before).contains(code))
        && now_says_no_more(&values(before), &values(now))
        && (before.oxygen.is_some() || now.oxygen.is_none())
}

fn now_says_no_more(before: &[Option<String>], now: &[Option<String>]) -> bool {
    before.iter().zip(now).all(|(before, now)| now.is_none() || before == now)
}
