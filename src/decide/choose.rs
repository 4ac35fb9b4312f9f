//! Which program a document belongs to, by evidence.
//!
//! Codes say what is asked for, the member id says whose member it is; words
//! stand in where either is silent. The dialled number only breaks a tie: one
//! number serves three programs, and senders swap look-alike numbers.

use std::cmp::Reverse;

use super::Document;
use super::disposition::Reason;
use super::ending::reason;
use super::facts::is_clear;
use super::words::Words;
use crate::extract::findings::Field;
use crate::program::{Kind, Program, Programs, Status};
use crate::vocab::Evidence;

/// A choice and what speaks for it.
pub(super) struct Choice<'p> {
    /// One if the evidence tells; several of one service, one for each line
    /// of business, if it does not tell whose member it is; none otherwise.
    pub candidates: Vec<&'p Program>,
    pub reason: Reason,
    /// Evidence of ids of two lines of business; empty where there is one.
    pub two_plans: Vec<Evidence>,
}

impl<'p> Choice<'p> {
    fn of(candidates: Vec<&'p Program>, reason: Reason) -> Self {
        Self { candidates, reason, two_plans: Vec::new() }
    }
}

/// Points. Only their order matters: what is asked for outweighs whose member
/// it is (a wrong service is a wrong checklist, a wrong line of business a
/// wrong clock); a brand in print is weaker than a member id; the dialled
/// number is weaker than anything on the page.
mod points {
    /// Every requested code belongs to the program; a share of them counts
    /// in proportion.
    pub const CODES: u32 = 120;
    /// One word for what it reviews, where no code is given.
    pub const SERVICE_WORD: u32 = 20;
    /// So many words count.
    pub const SERVICE_WORDS_MOST: u32 = 3;
    /// The member id has the shape of its members'.
    pub const MEMBER_ID: u32 = 40;
    /// The plan's bare name, which stands on everything.
    pub const PLAN_NAME: u32 = 10;
    /// A brand of this line of business.
    pub const BRAND: u32 = 20;
    /// The code is on the list delegated to it.
    pub const DELEGATED: u32 = 5;
    /// Its number was dialled.
    pub const DIALLED: u32 = 3;
}

/// Forced, or by evidence.
pub(super) fn choose<'p>(document: &Document, words: &Words, programs: &'p Programs) -> Choice<'p> {
    match document.forced_program {
        Some(id) => forced(id, document, programs),
        None => by_evidence(document, words, programs),
    }
}

/// A forced program is used even outside its dates: whoever forces it has a
/// reason, and the version is on record.
fn forced<'p>(id: &str, document: &Document, programs: &'p Programs) -> Choice<'p> {
    let program = programs
        .in_force_at(document.received_at)
        .find(|one| one.id == id)
        .or_else(|| programs.get(id));
    let reason = match program {
        Some(_) => reason("program.forced", "The program was fixed by the caller.", vec![]),
        None => reason("program.unknown", "The program that was fixed does not exist.", vec![]),
    };
    Choice::of(program.into_iter().collect(), reason)
}

fn by_evidence<'p>(document: &Document, words: &Words, programs: &'p Programs) -> Choice<'p> {
    let mut scored: Vec<(u32, &Program)> = programs
        .in_force_at(document.received_at)
        .filter(|program| program.kind == Kind::Review && delegated_fits(program, document))
        .filter_map(|program| Some((score(program, document, words)?, program)))
        .collect();
    scored.sort_by_key(|(score, program)| (Reverse(*score), rank(program.status)));
    let Some((best, program)) = scored.first().copied() else {
        let message = "Nothing in the document points to a program.";
        return Choice::of(Vec::new(), reason("program.none", message, vec![]));
    };
    let equals = scored.iter().filter(|(score, _)| *score == best).map(|(_, program)| *program);
    let candidates = one_for_each_line_of_business(equals);
    if candidates.iter().any(|other| other.service != program.service) {
        let message = "The document fits programs for different services equally well.";
        return Choice::of(Vec::new(), reason("program.unclear", message, vec![]));
    }
    if candidates.len() > 1 {
        let message = "Whose member it is cannot be told; the stricter clock runs.";
        return Choice::of(candidates, reason("program.line_of_business_unclear", message, vec![]));
    }
    let evidence = document.extracted.findings.hcpcs.iter().flat_map(|code| &code.evidence);
    let id = document.extracted.findings.member.id.iter().flat_map(|id| &id.evidence);
    let message = "The program was recognised by what is asked for and for whom.";
    let evidence = evidence.chain(id).cloned().collect();
    let reason = reason("program.recognised", message, evidence);
    Choice { two_plans: two_plans(program, document, programs), ..Choice::of(candidates, reason) }
}

/// The ids of a patient who has one of a commercial plan and one of Medicare:
/// which of them pays first is for a person to find out.
fn two_plans(chosen: &Program, document: &Document, programs: &Programs) -> Vec<Evidence> {
    let member = &document.extracted.findings.member;
    let fits = |program: &Program, id: &Field| {
        program.signals.member_ids.iter().any(|shape| shape.is_match(id.value.expose()))
    };
    let Some(own) = member.id.as_ref().filter(|id| fits(chosen, id)) else { return Vec::new() };
    let other = member.other_ids.iter().filter(|id| is_clear(id)).find(|id| {
        let elsewhere = |one: &Program| {
            one.service == chosen.service && one.line_of_business != chosen.line_of_business
        };
        let theirs = programs.in_force_at(document.received_at).filter(|one| elsewhere(one));
        theirs.into_iter().any(|one| fits(one, id)) && !fits(chosen, id)
    });
    other.map_or_else(Vec::new, |other| {
        own.evidence.iter().chain(&other.evidence).cloned().collect()
    })
}

/// The first of each service and line of business; the rest are older
/// versions of the same.
fn one_for_each_line_of_business<'p>(
    programs: impl Iterator<Item = &'p Program>,
) -> Vec<&'p Program> {
    let mut first: Vec<&Program> = Vec::new();
    for program in programs {
        let same = |one: &&Program| {
            one.service == program.service && one.line_of_business == program.line_of_business
        };
        if !first.iter().any(same) {
            first.push(program);
        }
    }
    first
}

/// Between versions that fit equally, the current one.
fn rank(status: Status) -> u8 {
    match status {
        Status::Active => 0,
        Status::Legacy => 1,
        Status::NeedsConfirmation => 2,
    }
}

/// A program for delegated codes takes only those; doubtful ones too, since
/// where a document belongs does not hang on a smudge.
fn delegated_fits(program: &Program, document: &Document) -> bool {
    let Some(codes) = &program.scope.delegated else { return true };
    let list = program.scope.delegated_list.as_ref();
    document.extracted.findings.hcpcs.iter().any(|found| {
        codes.contains(&found.code) || list.is_some_and(|list| found.lists.contains(list))
    })
}

/// `None` where nothing says that this program's service is asked for, other
/// than possibly whose member it is.
fn score(program: &Program, document: &Document, words: &Words) -> Option<u32> {
    let dialled = if dialled(program, document) { points::DIALLED } else { 0 };
    let service = service(program, document, words);
    if service == 0 && dialled == 0 {
        return None;
    }
    let delegated = if program.scope.delegated.is_some() { points::DELEGATED } else { 0 };
    Some(service + member_id(program, document) + brand(program, words) + delegated + dialled)
}

fn service(program: &Program, document: &Document, words: &Words) -> u32 {
    let findings = &document.extracted.findings;
    let ours = findings.hcpcs.iter().filter(|c| program.scope.families.contains(&c.family));
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let ours = points::CODES.saturating_mul(count(ours.count()));
    if let Some(share) = ours.checked_div(count(findings.hcpcs.len())) {
        return share;
    }
    let found = u32::try_from(words.count(&program.signals.services)).unwrap_or(u32::MAX);
    points::SERVICE_WORD * found.min(points::SERVICE_WORDS_MOST)
}

fn member_id(program: &Program, document: &Document) -> u32 {
    let id = document.extracted.findings.member.id.as_ref();
    let fits = id.is_some_and(|id| {
        program.signals.member_ids.iter().any(|shape| shape.is_match(id.value.expose()))
    });
    if fits { points::MEMBER_ID } else { 0 }
}

fn brand(program: &Program, words: &Words) -> u32 {
    let any = |names: &[String]| words.count(names) > 0;
    if any(&program.signals.brands) {
        points::BRAND
    } else if any(&program.signals.plan_names) {
        points::PLAN_NAME
    } else {
        0
    }
}

/// `dnis` as a source or sidecar gave it, in any punctuation.
pub(super) fn dialled(program: &Program, document: &Document) -> bool {
    let digits = |text: &str| -> String { text.chars().filter(char::is_ascii_digit).collect() };
    let last_ten = |text: String| text[text.len().saturating_sub(10)..].to_owned();
    let Some(dnis) = document.context.metadata.get("dnis") else { return false };
    let dnis = last_ten(digits(dnis.expose()));
    dnis.len() == 10 && program.contact.fax.iter().any(|fax| last_ten(digits(fax)) == dnis)
}
