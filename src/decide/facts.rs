//! Everything the rows of the decision table look at, computed once.

use jiff::civil::Date;

use super::Document;
use super::choose::{self, Choice};
use super::completeness::Completeness;
use super::disposition::Reason;
use super::ending::reason;
use super::permit::{Permit, Refusal};
use super::plan::Plan;
use super::policy::Policy;
use super::register::{Candidate, CaseRecord, Match, Sought, compare, has_come, match_cases};
use super::words::Words;
use crate::extract::findings::{
    Field, Findings, IntentKind, PageKind, PendingDischarge, ReferenceKind, date_of,
};
use crate::program::{Program, Programs};
use crate::vocab::codes::CodeTable;
use crate::vocab::{Confidence, Evidence, PageNumber};

/// A date, place or setting this sure is clear enough to send a document to a
/// redirect queue. Above the 0.6 at which a value is listed: a wrong redirect
/// costs the patient days, a wrong acceptance is seen by the next reader.
const CLEAR: f32 = 0.80;

/// Facts about one document under its program, or those it may belong to.
pub(super) struct Facts<'a> {
    pub document: Document<'a>,
    pub findings: &'a Findings,
    /// The one it belongs to, if that can be told.
    pub program: Option<&'a Program>,
    /// What it is measured against: that one, or each of those it may belong
    /// to.
    pub candidates: Vec<&'a Program>,
    pub permit: Result<Permit<'a>, Refusal>,
    /// Which known case it belongs to.
    pub matched: Match,
    pub completeness: Completeness,
    pub words: Words,
    /// The ids of two plans that the pages give for one patient; most often none.
    pub two_plans: Vec<Evidence>,
    /// Whose documents these are.
    pub plan: Plan<'a>,
    /// The rules that count beside the program's own.
    pub policy: Policy<'a>,
    /// How the program was chosen.
    pub chosen: Reason,
    pub codes: &'a CodeTable,
}

impl<'a> Facts<'a> {
    pub(super) fn of(
        document: &Document<'a>,
        programs: &'a Programs,
        codes: &'a CodeTable,
    ) -> Self {
        let words = Words::of(document.recognized, document.context);
        let Choice { mut candidates, reason: mut chosen, two_plans } =
            choose::choose(document, &words, programs);
        let matched = matched(document, &candidates);
        // An answer may say nothing but whose it is; its case says the rest.
        if let Some(program) = program_of_case(document, &matched, programs)
            && candidates.len() != 1
        {
            candidates = vec![program];
            chosen = reason("program.of_case", "Its case is judged by this program.", vec![]);
        }
        let measured = candidates.iter().map(|one| Completeness::of(document, one, codes));
        let mut facts = Self {
            document: *document,
            findings: &document.extracted.findings,
            program: match candidates.as_slice() {
                [program] => Some(*program),
                _ => None,
            },
            permit: Permit::grant(document.extracted),
            completeness: Completeness::common(measured),
            candidates,
            words,
            two_plans,
            plan: Plan::of(programs, document.received_at),
            matched,
            policy: Policy::default(),
            chosen,
            codes,
        };
        if let Some(program) = facts.program {
            facts.policy = Policy::of(&facts, program, programs);
        }
        facts
    }

    /// What says that it answers a hold, if something does.
    pub(super) fn answers_a_hold(&self) -> Option<Vec<Evidence>> {
        let reply = self.intent(IntentKind::HoldReply).map(<[Evidence]>::to_vec);
        let hold = |kind| match kind {
            ReferenceKind::Hold => true,
            ReferenceKind::Case | ReferenceKind::Authorization => false,
        };
        let reference = self.findings.references.iter().find(|reference| hold(reference.kind));
        reply.or_else(|| reference.map(|reference| reference.evidence.clone()))
    }

    /// A case among those that were looked up.
    pub(super) fn case(&self, candidate: &Candidate) -> Option<&'a CaseRecord> {
        let cases = self.document.register?.cases;
        cases.iter().find(|case| case.reference == candidate.case)
    }

    /// Whether a case is about somebody else.
    pub(super) fn is_anothers(&self, case: &CaseRecord) -> bool {
        let Some(register) = self.document.register else { return false };
        let (findings, received_at) = (self.findings, self.document.received_at);
        let sought = Sought { findings, program: None, families: &[], received_at };
        compare(&sought, case, register.rules).conflicts_on_person()
    }

    /// What was asked for of a case and is not in this document either, nor in
    /// what the documents of the case say together with it.
    pub(super) fn still_asked(&self, case: &CaseRecord) -> Vec<String> {
        let is_here = |name: &str| has_come(name, self.findings, &self.completeness.required);
        let together = self.document.with_case.zip(self.program).map(|(extracted, program)| {
            let all = Document { extracted, ..self.document };
            (extracted, Completeness::of(&all, program, self.codes).required)
        });
        let is_there = |name: &str| {
            together.as_ref().is_some_and(|(all, required)| has_come(name, &all.findings, required))
        };
        case.asked.iter().filter(|name| !is_here(name) && !is_there(name)).cloned().collect()
    }

    /// The same of the case it belongs to.
    pub(super) fn left_open(&self) -> Vec<String> {
        let case = self.matched.attached().and_then(|candidate| self.case(candidate));
        case.map_or_else(Vec::new, |case| self.still_asked(case))
    }

    /// Programs whose number was dialled; none where that is not known.
    pub(super) fn dialled(&self) -> Vec<&'a Program> {
        self.plan.programs().filter(|one| choose::dialled(one, &self.document)).collect()
    }

    /// Whether pending discharge is raised.
    pub(super) fn discharge_waits(&self) -> bool {
        self.findings.pending_discharge.value.is_raised()
    }

    /// Whether anything speaks of a stay in hospital that is about to end,
    /// the weak hint included.
    pub(super) fn in_hospital_for_now(&self) -> bool {
        match self.findings.pending_discharge.value {
            PendingDischarge::Strong
            | PendingDischarge::Medium
            | PendingDischarge::Ambiguous
            | PendingDischarge::Weak => true,
            PendingDischarge::None => self.findings.dates.anticipated_discharge.is_some(),
        }
    }

    /// The day of receipt in the program's zone.
    pub(super) fn today(&self) -> Option<Date> {
        let zone = self.program?.zone.clone();
        Some(self.document.received_at.to_zoned(zone).date())
    }

    /// The day the item was or will be supplied, where the paper is clear
    /// about it: a delivery, or a date of service on a page that asks. The
    /// date of service of a visit note is a visit, and the start of care on a
    /// plan of care or the initial date of a certificate is often that of a
    /// request long since granted.
    pub(super) fn supplied_on(&self) -> Option<(Date, &'a [Evidence])> {
        let dates = &self.findings.dates;
        let delivered = dates.delivered.as_ref().filter(|field| is_clear(field));
        let asks =
            |kind| is_request_page(kind) && !matches!(kind, PageKind::PlanOfCare | PageKind::Cmn);
        let service = dates.service.as_ref().filter(|f| is_clear(f) && self.stands_on(f, asks));
        let field = delivered.or(service)?;
        Some((date_of(Some(field))?, field.evidence.as_slice()))
    }

    /// Whole days since the item was supplied; negative for one to come.
    pub(super) fn days_since_supplied(&self) -> Option<(i32, &'a [Evidence])> {
        let (day, evidence) = self.supplied_on()?;
        let today = self.today()?;
        Some(((today - day).get_days(), evidence))
    }

    /// Addresses that are clear, each with its state.
    pub(super) fn states(&self) -> Vec<(&'a Field, String)> {
        let addresses = self.findings.providers.iter().filter_map(|one| one.address.as_ref());
        let clear = addresses.filter(|address| is_clear(address));
        clear.filter_map(|address| Some((address, state_of(address.value.expose())?))).collect()
    }

    /// The one state of all of them.
    pub(super) fn state(&self) -> Option<String> {
        let mut states = self.states().into_iter().map(|(_, state)| state);
        let first = states.next()?;
        states.all(|state| state == first).then_some(first)
    }

    /// Whether a value stands on a page of such a kind, or came beside the
    /// document.
    pub(super) fn stands_on(&self, field: &Field, wanted: impl Fn(PageKind) -> bool) -> bool {
        field.evidence.iter().any(|evidence| match evidence.page {
            None => true,
            Some(page) => self.page_kind(page).is_some_and(&wanted),
        })
    }

    pub(super) fn page_kind(&self, page: PageNumber) -> Option<PageKind> {
        self.document.extracted.page_kinds.get(page.index()).copied()
    }

    pub(super) fn has_page(&self, wanted: impl Fn(PageKind) -> bool) -> bool {
        self.document.extracted.page_kinds.iter().any(|kind| wanted(*kind))
    }

    /// The evidence of an intent, if it is there.
    pub(super) fn intent(&self, kind: IntentKind) -> Option<&'a [Evidence]> {
        let found = self.findings.intents.iter().find(|intent| intent.kind == kind);
        found.map(|intent| intent.evidence.as_slice())
    }
}

fn matched(document: &Document, candidates: &[&Program]) -> Match {
    let Some(register) = document.register else { return Match::None };
    let findings = &document.extracted.findings;
    let listed = findings.hcpcs.iter().filter(|code| code.confidence.is_listed());
    let mut families: Vec<String> = listed.map(|code| code.family.clone()).collect();
    // Asked for in words, it is asked for.
    if findings.oxygen.as_ref().is_some_and(|oxygen| oxygen.confidence.is_listed()) {
        families.extend(register.rules.phone_families.iter().cloned());
    }
    let program = match candidates {
        [program] => Some(program.id.as_str()),
        _ => None,
    };
    let received_at = document.received_at;
    let sought = Sought { findings, program, families: &families, received_at };
    match_cases(&sought, register.cases, register.rules)
}

fn program_of_case<'p>(
    document: &Document,
    matched: &Match,
    programs: &'p Programs,
) -> Option<&'p Program> {
    let case = &matched.attached()?.case;
    let case = document.register?.cases.iter().find(|one| one.reference == *case)?;
    let id = case.program.as_deref()?;
    programs.in_force_at(document.received_at).find(|one| one.id == id)
}

/// The two letters before a ZIP code.
fn state_of(address: &str) -> Option<String> {
    let words: Vec<&str> =
        address.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let is_zip = |word: &str| word.len() == 5 && word.bytes().all(|b| b.is_ascii_digit());
    let is_state = |word: &str| word.len() == 2 && word.bytes().all(|b| b.is_ascii_uppercase());
    let pair = words.windows(2).rev().find(|pair| is_state(pair[0]) && is_zip(pair[1]))?;
    Some(pair[0].to_owned())
}

/// Clear enough to act on alone.
pub(super) fn is_clear(field: &Field) -> bool {
    field.confidence >= Confidence::new(CLEAR)
}

/// Pages on which the sender speaks to us, as against pages that tell a
/// history.
pub(super) fn is_request_page(kind: PageKind) -> bool {
    match kind {
        PageKind::FaxCover
        | PageKind::PrecertForm
        | PageKind::Order
        | PageKind::Cmn
        | PageKind::PlanOfCare
        | PageKind::DeliveryTicket
        | PageKind::Letter => true,
        PageKind::FaceSheet
        | PageKind::VisitNote
        | PageKind::HistoryPhysical
        | PageKind::ProgressNote
        | PageKind::DischargeSummary
        | PageKind::DischargePlan
        | PageKind::MedicationList
        | PageKind::Invoice
        | PageKind::TherapyNote
        | PageKind::WoundRecord
        | PageKind::TestResult
        | PageKind::TimeAudit
        | PageKind::Blank
        | PageKind::Other => false,
    }
}
