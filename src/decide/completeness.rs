//! A document measured against a program: which items it asks for here, which
//! fields are required, what is not there.

use super::Document;
use super::disposition::{FieldStatus, ItemApplies, Reason, RequiredField};
use super::ending::reason;
use super::fields::{self, FieldState};
use crate::extract::findings::{
    Field, Findings, Item, ItemFinding, ItemStatus, PageKind, PendingDischarge,
};
use crate::program::{Asked, Condition, FieldName, Program, Required, Satisfied, Severity};
use crate::recognize::recognized::{Line, RecognizedPage};
use crate::vocab::codes::{Acquisition, CodeTable, PaymentClass};
use crate::vocab::{Confidence, Evidence, HcpcsCode, PageNumber};

/// The outcome of measuring. Without a program nothing is asked for.
#[derive(Clone, Debug)]
pub(super) struct Completeness {
    pub applies: Vec<ItemApplies>,
    pub required: Vec<RequiredField>,
    /// Hard fields that no alternative stands in for.
    pub hard: Vec<Lack>,
    /// What creates a hold: core fields, and items that hold.
    pub holding: Vec<Lack>,
    /// Whether something creates a hold in one of several programs only.
    pub disputed: bool,
    /// What is asked for only in a letter that is sent anyway.
    pub asked_along: Vec<Lack>,
    /// Items that are there with something a reviewer should know, such as
    /// their age: said, never held for.
    pub remarks: Vec<Reason>,
    /// Confidences of the hard and core fields that something was seen of.
    pub core_confidences: Vec<Confidence>,
}

/// A page read with this confidence leaves no line out.
const READ_WELL: f32 = 0.80;

/// Something required that is not there, or not believed.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Lack {
    /// Contract name of the field or item.
    pub name: &'static str,
    why: Why,
    evidence: Vec<Evidence>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Why {
    Missing,
    Unsigned,
    Unclear,
    /// It does not list all that is asked for.
    Incomplete,
    /// It says two things that exclude each other.
    Contradictory,
}

impl Lack {
    /// For the disposition.
    pub(super) fn reason(&self) -> Reason {
        let words = self.name.replace(['_', '.'], " ");
        let (code, message) = match self.why {
            Why::Missing => ("missing", format!("Required and not found: {words}.")),
            Why::Unsigned => ("unsigned", format!("Found without a signature: {words}.")),
            Why::Unclear => ("unclear", format!("Found and too doubtful to count: {words}.")),
            Why::Incomplete => {
                ("incomplete", format!("Found, and does not list all that is asked for: {words}."))
            }
            Why::Contradictory => {
                ("contradictory", format!("Said in two ways that exclude each other: {words}."))
            }
        };
        reason(format!("{code}.{}", self.name), message, self.evidence.clone())
    }
}

/// For a document that was not read.
pub(super) fn none_apply() -> Vec<ItemApplies> {
    Item::ALL.iter().map(|item| ItemApplies { item: *item, applies: false }).collect()
}

impl Completeness {
    /// Measured against one program.
    pub(super) fn of(document: &Document, program: &Program, codes: &CodeTable) -> Self {
        let mut measured = Self::nothing();
        let situation = Situation { document, program, codes };
        measured.measure_fields(&situation);
        measured.measure_items(&situation);
        measured
    }

    /// What several programs agree on, where it is open to which of them the
    /// document belongs: a letter asks only for what all of them ask for, and
    /// what one of them misses keeps it from review.
    pub(super) fn common(measured: impl Iterator<Item = Self>) -> Self {
        measured.reduce(Self::and).unwrap_or_else(Self::nothing)
    }

    fn nothing() -> Self {
        Self {
            applies: none_apply(),
            required: Vec::new(),
            hard: Vec::new(),
            holding: Vec::new(),
            disputed: false,
            asked_along: Vec::new(),
            remarks: Vec::new(),
            core_confidences: Vec::new(),
        }
    }

    fn and(mut self, other: Self) -> Self {
        let named = |lacks: &[Lack], lack: &Lack| lacks.iter().any(|one| one.name == lack.name);
        let only_one = |these: &[Lack], those: &[Lack]| these.iter().any(|l| !named(those, l));
        self.disputed |= other.disputed
            || only_one(&self.holding, &other.holding)
            || only_one(&other.holding, &self.holding);
        for (ours, theirs) in self.applies.iter_mut().zip(&other.applies) {
            ours.applies &= theirs.applies;
        }
        self.required.retain(|ours| other.required.iter().any(|theirs| theirs.field == ours.field));
        self.holding.retain(|lack| named(&other.holding, lack));
        self.asked_along.retain(|lack| named(&other.asked_along, lack));
        self.remarks.retain(|remark| other.remarks.contains(remark));
        self.hard
            .extend(other.hard.into_iter().filter(|l| !self.hard.contains(l)).collect::<Vec<_>>());
        self
    }

    fn measure_fields(&mut self, situation: &Situation) {
        for required in &situation.program.required {
            if !situation.holds(required.when, None) {
                continue;
            }
            let state = situation.field(required);
            self.required.push(RequiredField {
                field: required.field.as_str().to_owned(),
                severity: required.severity,
                status: state.status,
            });
            if required.severity != Severity::Support {
                self.core_confidences.extend(state.confidence);
            }
            let Some(why) = lacking_field(&state) else { continue };
            // Of two that contradict each other a third says nothing.
            let settled = !state.contradicted;
            if settled && required.or.is_some_and(|or| situation.is_there(or)) {
                continue;
            }
            let lack = Lack { name: required.field.as_str(), why, evidence: state.evidence };
            match required.severity {
                Severity::Hard => self.hard.push(lack),
                Severity::Core => self.holding.push(lack),
                Severity::Support if is_an_item(required.field) => {}
                Severity::Support => self.asked_along.push(lack),
            }
        }
    }

    fn measure_items(&mut self, situation: &Situation) {
        let core_is_there = self.hard.is_empty() && self.holding.is_empty();
        for (place, item) in Item::ALL.iter().enumerate() {
            let Some(asked) = situation.program.asked(*item) else { continue };
            let found = situation.item(*item);
            if !situation.holds(asked.when, found) {
                continue;
            }
            self.applies[place].applies = true;
            let status = found.map_or(ItemStatus::Missing, |found| found.status);
            let evidence = found.map_or_else(Vec::new, |found| found.evidence.clone());
            self.remarks.extend(situation.remark(*item));
            // Whatever else may be said of it: less of it makes no contradiction go away.
            if let Some((why, evidence)) = situation.flaw(*item) {
                self.holding.push(Lack { name: item.as_str(), why, evidence });
                continue;
            }
            let why = match status {
                ItemStatus::Present => continue,
                ItemStatus::Stale => {
                    let code = format!("stale.{}", item.as_str());
                    self.remarks.push(reason(
                        code,
                        "Found, and older than the program asks for.",
                        evidence,
                    ));
                    continue;
                }
                // It is there; only how old it is cannot be read. Were it old, that
                // would be said and not held for, so this is too.
                ItemStatus::Unclear if *item == Item::VisitNote => {
                    let message = "Found, and its date cannot be read; the reviewer sees it.";
                    self.remarks.push(reason("undated.visit_note", message, evidence));
                    continue;
                }
                ItemStatus::PresentUnsigned => Why::Unsigned,
                ItemStatus::Unclear => Why::Unclear,
                ItemStatus::Missing => Why::Missing,
            };
            if situation.something_else_will_do(asked, core_is_there) {
                continue;
            }
            let lack = Lack { name: item.as_str(), why, evidence };
            // An order without a signature is asked for, and so held, like
            // one that is not there: it binds nobody.
            // Nor does what is perhaps not asked for: a nurse looks first.
            let perhaps = asked.when == Condition::Inpatient && situation.is_perhaps_inpatient();
            if asked.holds && !perhaps {
                self.holding.push(lack);
            } else {
                self.asked_along.push(lack);
            }
        }
    }

    /// What keeps a case from review, by contract names, each once.
    pub(super) fn holding_lacks(&self) -> Vec<String> {
        names(self.hard.iter().chain(&self.holding))
    }

    /// The same, with what the letter asks for along the way.
    pub(super) fn all_lacks(&self) -> Vec<String> {
        names(self.hard.iter().chain(&self.holding).chain(&self.asked_along))
    }
}

fn names<'l>(lacks: impl Iterator<Item = &'l Lack>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for lack in lacks {
        if !names.iter().any(|name| name == lack.name) {
            names.push(lack.name.to_owned());
        }
    }
    names
}

fn lacking_field(state: &FieldState) -> Option<Why> {
    match state.status {
        FieldStatus::Present => None,
        FieldStatus::Missing => Some(Why::Missing),
        FieldStatus::Unclear if state.contradicted => Some(Why::Contradictory),
        FieldStatus::Unclear => Some(Why::Unclear),
    }
}

/// Whether a text may be a code of which a character was misread, or lost where
/// the rest is mostly digits; or two, where what is left begins with a letter as
/// codes do and prices do not, and is no code itself.
fn is_nearly(text: &str, code: &str) -> bool {
    if strsim::hamming(text, code) == Ok(1) {
        return true;
    }
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let edits = if text.starts_with(char::is_alphabetic) { 2 } else { 1 };
    digits >= 3
        && text.len() + 1 >= code.len()
        && strsim::levenshtein(text, code) <= edits
        && HcpcsCode::parse(text).is_err()
}

/// Fields that the checklist names as items too; asking twice in one letter
/// helps nobody.
fn is_an_item(field: FieldName) -> bool {
    matches!(field, FieldName::Order | FieldName::Clinicals | FieldName::AnticipatedDischarge)
}

/// Requested codes that were not found on the invoice, by where they are requested.
struct Invoiced {
    left_out: Vec<Evidence>,
    /// Something there is nearly one of these.
    misread: Vec<Evidence>,
}

/// A document under a program.
struct Situation<'a> {
    document: &'a Document<'a>,
    program: &'a Program,
    codes: &'a CodeTable,
}

impl Situation<'_> {
    fn findings(&self) -> &Findings {
        &self.document.extracted.findings
    }

    /// What is wrong with what is said of an item. It is asked about, never guessed,
    /// whether or not its absence would hold.
    fn flaw(&self, item: Item) -> Option<(Why, Vec<Evidence>)> {
        match item {
            Item::Invoice => Some((Why::Incomplete, self.not_on_invoice()?)),
            Item::RentalPurchaseQuantity => Some((Why::Contradictory, self.both_ways()?)),
            _ => None,
        }
    }

    /// What a reviewer should know of an item that is there.
    fn remark(&self, item: Item) -> Option<Reason> {
        if item != Item::Invoice {
            return None;
        }
        let Invoiced { misread, .. } = self.invoiced()?;
        let message = "The invoice seems to list a code that cannot be read well there.";
        (!misread.is_empty()).then(|| reason("misread.invoice", message, misread))
    }

    /// The codes that an invoice leaves out.
    fn not_on_invoice(&self) -> Option<Vec<Evidence>> {
        let Invoiced { left_out, .. } = self.invoiced()?;
        (!left_out.is_empty()).then_some(left_out)
    }

    /// What is requested and not found on the invoice, if it lists any code and
    /// was read well.
    fn invoiced(&self) -> Option<Invoiced> {
        let kinds = &self.document.extracted.page_kinds;
        let is_invoice = |page: PageNumber| kinds.get(page.index()) == Some(&PageKind::Invoice);
        let pages: Vec<&RecognizedPage> =
            self.document.recognized.pages.iter().filter(|page| is_invoice(page.number)).collect();
        let read_well = pages.iter().all(|page| page.confidence >= Confidence::new(READ_WELL));
        let codes = self.findings().hcpcs.iter().filter(|code| code.confidence.is_listed());
        let (on, off): (Vec<_>, Vec<_>) =
            codes.partition(|code| code.evidence.iter().any(|e| e.page.is_some_and(is_invoice)));
        if !read_well || on.is_empty() {
            return None;
        }
        let requested = |text: &str| self.findings().hcpcs.iter().any(|c| c.code.as_str() == text);
        let words = pages.iter().flat_map(|page| &page.lines).flat_map(Line::words);
        let texts =
            words.flat_map(|word| word.text.expose().split(|c: char| !c.is_ascii_alphanumeric()));
        let others: Vec<&str> = texts.filter(|text| !requested(text)).collect();
        let mut invoiced = Invoiced { left_out: vec![], misread: vec![] };
        // Twice with other modifiers is once on the invoice.
        for code in off.iter().filter(|off| on.iter().all(|on| on.code != off.code)) {
            let misread = others.iter().any(|text| is_nearly(text, code.code.as_str()));
            let list = if misread { &mut invoiced.misread } else { &mut invoiced.left_out };
            list.extend(code.evidence.iter().cloned());
        }
        Some(invoiced)
    }

    /// A line that is bought and rented.
    fn both_ways(&self) -> Option<Vec<Evidence>> {
        let both = self.findings().hcpcs.iter().find(|code| {
            let said =
                |way| code.modifiers.iter().any(|one| self.codes.acquisition(one) == Some(way));
            said(Acquisition::Purchase) && said(Acquisition::Rental)
        });
        both.map(|code| code.evidence.clone())
    }

    fn item(&self, item: Item) -> Option<&ItemFinding> {
        self.findings().checklist.iter().find(|found| found.item == item)
    }

    /// What is assumed where the paper is silent counts as there.
    fn field(&self, required: &Required) -> FieldState {
        let state = fields::state(required.field, self.document);
        match (&required.assumed, state.status) {
            (Some(_), FieldStatus::Missing) => FieldState { status: FieldStatus::Present, ..state },
            _ => state,
        }
    }

    fn is_there(&self, field: FieldName) -> bool {
        fields::state(field, self.document).status == FieldStatus::Present
    }

    fn something_else_will_do(&self, asked: &Asked, core_is_there: bool) -> bool {
        let will_do = |instead: &Satisfied| match instead {
            Satisfied::CoreFields => core_is_there,
            Satisfied::Field(field) => self.is_there(*field),
            Satisfied::Item(item) => self.item(*item).is_some_and(|found| {
                matches!(found.status, ItemStatus::Present | ItemStatus::Stale)
            }),
        };
        // A flag that somebody has still to look at makes nothing complete.
        let in_hospital = self.is_inpatient() && !self.is_perhaps_inpatient();
        asked.satisfied_by.iter().any(will_do)
            || (in_hospital && asked.satisfied_by_inpatient.iter().any(will_do))
    }

    /// Whether a condition holds. Doubtful codes count: doubt about a code
    /// must not make a request look more complete.
    fn holds(&self, condition: Condition, found: Option<&ItemFinding>) -> bool {
        let conditions = &self.program.conditions;
        match condition {
            Condition::Always => true,
            Condition::Inpatient => self.is_inpatient(),
            Condition::Pdn => self.requests(&conditions.pdn_families),
            Condition::Wound => {
                self.requests(&conditions.wound_families)
                    || self.has_page(PageKind::WoundRecord)
                    || self.item(Item::Wound).is_some_and(|w| w.status != ItemStatus::Missing)
            }
            Condition::RentalClass => self.findings().hcpcs.iter().any(|code| match code.payment {
                PaymentClass::In | PaymentClass::Cr => true,
                PaymentClass::Fs
                | PaymentClass::Ox
                | PaymentClass::Po
                | PaymentClass::Ts
                | PaymentClass::Su
                | PaymentClass::Na => false,
            }),
            Condition::Therapy => {
                self.requests(&conditions.therapy_families) || self.has_page(PageKind::TherapyNote)
            }
            Condition::NamedByCode => {
                self.findings().hcpcs.iter().any(|code| conditions.cmn_codes.contains(&code.code))
            }
            Condition::Portal => {
                let channel = self.document.context.metadata.get("channel");
                channel.is_some_and(|channel| channel.expose() == "portal")
            }
            Condition::WhenAvailable => {
                found.is_some_and(|found| found.status != ItemStatus::Missing)
            }
        }
    }

    /// Pending discharge, a day of discharge to come, or a hospital on the
    /// request.
    fn is_inpatient(&self) -> bool {
        self.findings().pending_discharge.value.is_raised() || self.names_a_stay()
    }

    /// Whether all that speaks of a stay is a flag that somebody has to look at.
    fn is_perhaps_inpatient(&self) -> bool {
        let flag = self.findings().pending_discharge.value;
        flag == PendingDischarge::Ambiguous && !self.names_a_stay()
    }

    fn names_a_stay(&self) -> bool {
        let findings = self.findings();
        let hospital = |field: &Field| field.value.expose() == "hospital";
        findings.dates.anticipated_discharge.is_some()
            || findings.setting.as_ref().is_some_and(hospital)
    }

    fn requests(&self, families: &[String]) -> bool {
        self.findings().hcpcs.iter().any(|code| families.contains(&code.family))
    }

    fn has_page(&self, kind: PageKind) -> bool {
        self.document.extracted.page_kinds.contains(&kind)
    }
}
