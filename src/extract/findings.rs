//! What `extract` hands on: what is there, free of any program. Serialises as
//! `findings` of the outside contract, less the parts that a program decides
//! (`applies` and `required`).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::vocab::codes::PaymentClass;
use crate::vocab::{
    Confidence, Evidence, HcpcsCode, Icd10Code, Modifier, Note, Npi, PageNumber, Phi, Question, Tin,
};

/// The outcome of one look at a document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Extracted {
    /// What was found.
    pub findings: Findings,
    /// The kind of each page, in file order; as many as there are pages.
    pub page_kinds: Vec<PageKind>,
    /// The logical documents in the file.
    pub parts: Vec<Part>,
    /// The calls in which the pages came.
    #[serde(default)]
    pub transmissions: Vec<Transmission>,
    /// Doubts and asides: values below [`crate::vocab::LISTED`], conflicts.
    pub notes: Vec<Note>,
    /// Regions that ought to be read again before a doubtful value is
    /// believed. Empty once answered.
    pub questions: Vec<Question>,
}

impl Extracted {
    /// Of a file that could not be opened: every item is stated missing.
    pub fn nothing() -> Self {
        let missing = |item: &Item| ItemFinding {
            item: *item,
            status: ItemStatus::Missing,
            evidence: Vec::new(),
        };
        Self {
            findings: Findings {
                pending_discharge: Flag { value: PendingDischarge::None, evidence: Vec::new() },
                urgent: Flag { value: Urgency::None, evidence: Vec::new() },
                hcpcs: Vec::new(),
                npi: Vec::new(),
                tin: Vec::new(),
                icd10: Vec::new(),
                member: Member::default(),
                providers: Vec::new(),
                dates: Dates::default(),
                references: Vec::new(),
                intents: Vec::new(),
                setting: None,
                place_of_service: None,
                oxygen: None,
                payers: Vec::new(),
                checklist: Item::ALL.iter().map(missing).collect(),
            },
            page_kinds: Vec::new(),
            parts: Vec::new(),
            transmissions: Vec::new(),
            notes: Vec::new(),
            questions: Vec::new(),
        }
    }
}

/// What a page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PageKind {
    /// Fax cover sheet.
    FaxCover,
    /// Prior authorization (precertification) request form.
    PrecertForm,
    /// Written order, prescription.
    Order,
    /// Certificate of medical necessity or DME information form.
    Cmn,
    /// Demographics, insurance card.
    FaceSheet,
    /// Office visit note.
    VisitNote,
    /// Hospital history and physical.
    HistoryPhysical,
    /// Dated progress or nursing note.
    ProgressNote,
    /// Hospital discharge summary.
    DischargeSummary,
    /// Discharge plan of a case manager.
    DischargePlan,
    /// Medication list.
    MedicationList,
    /// Invoice or price quote.
    Invoice,
    /// Therapy evaluation or note.
    TherapyNote,
    /// Wound record.
    WoundRecord,
    /// Laboratory, imaging, sleep or oximetry report.
    TestResult,
    /// Home-health plan of care.
    PlanOfCare,
    /// Private-duty nursing time audit.
    TimeAudit,
    /// Delivery ticket, proof of delivery.
    DeliveryTicket,
    /// A letter: decision, hold, appeal.
    Letter,
    /// Nothing is on the page.
    Blank,
    /// None of these, or not to be told.
    Other,
}

/// Pages that belong together, and the member they speak of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// In file order.
    pub pages: Vec<PageNumber>,
    /// The member's id, or else name, that the pages agree on.
    pub member: Option<Field>,
}

/// Pages that came in one call, by what the sending machine printed on them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Transmission {
    /// In file order.
    pub pages: Vec<PageNumber>,
    /// The sender's name, as printed.
    pub sender: Option<Phi<String>>,
    /// How many pages the machine counted, or else the cover announces.
    pub announced: Option<u32>,
    /// Which of them are not here, by the machine's count.
    pub missing: Vec<u32>,
}

/// Everything found in a document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Findings {
    /// The words "Pending Discharge" and their like.
    pub pending_discharge: Flag<PendingDischarge>,
    /// An urgent or expedited request.
    pub urgent: Flag<Urgency>,
    /// Codes requested or ordered; not those quoted as history.
    pub hcpcs: Vec<HcpcsFinding>,
    /// By number and role.
    pub npi: Vec<NpiFinding>,
    /// By number and role; SSN-shaped ones masked.
    pub tin: Vec<TinFinding>,
    /// Diagnoses.
    pub icd10: Vec<IcdFinding>,
    /// The patient.
    pub member: Member,
    /// One entry per role seen.
    pub providers: Vec<Provider>,
    /// Dates by meaning, ISO 8601.
    pub dates: Dates,
    /// Hold, case and authorization numbers.
    pub references: Vec<ReferenceFinding>,
    /// What the sender wants, beyond an ordinary request.
    pub intents: Vec<Intent>,
    /// `home`, `hospital`, `snf`, `surgical`, `outpatient`.
    pub setting: Option<Field>,
    /// Two-digit place-of-service code.
    pub place_of_service: Option<Field>,
    /// Words or codes that make this a request for oxygen.
    pub oxygen: Option<Field>,
    /// Plans that covers, forms and letters name as the one spoken to.
    #[serde(default)]
    pub payers: Vec<PayerFinding>,
    /// Every item of the contract, in its order, present or not.
    pub checklist: Vec<ItemFinding>,
}

/// A value with everything that speaks for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Field {
    /// Normalised, as the contract says for each field.
    pub value: Phi<String>,
    /// As read.
    pub raw: Phi<String>,
    /// How sure, all evidence taken together.
    pub confidence: Confidence,
    /// Whether `value` is more than `raw` respelt: look-alikes were replaced.
    pub repaired: bool,
    /// Never empty.
    pub evidence: Vec<Evidence>,
}

/// A graded flag and its evidence, which also states absence ("box found, not
/// ticked").
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Flag<T> {
    /// The grade.
    pub value: T,
    /// Empty only when nothing was seen either way.
    pub evidence: Vec<Evidence>,
}

/// How strongly the document says that a hospital discharge waits for it.
/// A flag is raised for the first three.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PendingDischarge {
    /// The phrase on a cover or form, ticked or free.
    Strong,
    /// A synonym there, or a portal note.
    Medium,
    /// The phrase beside a box that cannot be read.
    Ambiguous,
    /// The phrase on a clinical page only.
    Weak,
    /// Not said, or denied.
    None,
}

impl PendingDischarge {
    /// Whether this raises the flag.
    pub fn is_raised(self) -> bool {
        matches!(self, Self::Strong | Self::Medium | Self::Ambiguous)
    }
}

/// Whether urgency is claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// The sender says urgent or expedited.
    Claimed,
    /// Not said.
    None,
}

/// A requested or ordered code with its line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HcpcsFinding {
    /// Validated by grammar and against the code table.
    pub code: HcpcsCode,
    /// In the order written.
    pub modifiers: Vec<Modifier>,
    /// As a plain number, if given.
    pub units: Option<String>,
    /// Family of the code table.
    pub family: String,
    /// Payment class of the code table.
    pub payment: PaymentClass,
    /// The plans' lists on which it stands at receipt, by their ids.
    #[serde(default)]
    pub lists: Vec<String>,
    /// How sure.
    pub confidence: Confidence,
    /// As read.
    pub raw: Phi<String>,
    /// Whether look-alikes were replaced.
    pub repaired: bool,
    /// Never empty.
    pub evidence: Vec<Evidence>,
}

/// Whose number it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Referring, prescribing.
    Ordering,
    /// Supplier, agency.
    Rendering,
    /// Hospital, nursing facility.
    Facility,
    /// Not to be told.
    Unknown,
}

/// A provider number in a role.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NpiFinding {
    /// Passed the check digit.
    pub value: Npi,
    /// Whose.
    pub role: Role,
    /// How sure.
    pub confidence: Confidence,
    /// As read.
    pub raw: Phi<String>,
    /// Whether look-alikes were replaced (never by trial).
    pub repaired: bool,
    /// Never empty.
    pub evidence: Vec<Evidence>,
    /// What the provider directory says, if one was imported.
    #[serde(default)]
    pub directory: Option<DirectoryCheck>,
}

/// What the provider directory says of an NPI.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectoryCheck {
    /// Whether it is there.
    pub standing: Standing,
    /// The name it has there.
    pub name: Option<String>,
    /// Whether that is the name on the page; `null` where one is missing.
    pub name_agrees: Option<bool>,
}

/// How an NPI stands in the provider directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// There, and in use.
    Active,
    /// There, and no longer in use.
    Deactivated,
    /// Not there.
    NotListed,
}

/// A tax id in a role.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TinFinding {
    /// Masked if SSN-shaped.
    pub value: Tin,
    /// Whose.
    pub role: Role,
    /// How sure.
    pub confidence: Confidence,
    /// As read; masked like the value.
    pub raw: Phi<String>,
    /// Whether look-alikes were replaced.
    pub repaired: bool,
    /// Never empty; masked like the value.
    pub evidence: Vec<Evidence>,
}

/// A diagnosis code.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IcdFinding {
    /// By grammar.
    pub code: Icd10Code,
    /// How sure.
    pub confidence: Confidence,
    /// As read.
    pub raw: Phi<String>,
    /// Whether look-alikes were replaced.
    pub repaired: bool,
    /// Never empty.
    pub evidence: Vec<Evidence>,
}

/// The patient.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Member {
    /// `Given Family`.
    pub name: Option<Field>,
    /// `YYYY-MM-DD`.
    pub date_of_birth: Option<Field>,
    /// Without separators, with its person suffix.
    pub id: Option<Field>,
    /// Ids that the pages give besides, believed as much as a listed value.
    #[serde(default)]
    pub other_ids: Vec<Field>,
}

/// A provider as the document describes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Provider {
    /// In what role.
    pub role: Role,
    /// `Given Family`, or a company's name.
    pub name: Option<Field>,
    /// Ten digits.
    pub npi: Option<Field>,
    /// Nine digits, or masked.
    pub tin: Option<Field>,
    /// E.164.
    pub phone: Option<Field>,
    /// E.164.
    pub fax: Option<Field>,
    /// On one line.
    pub address: Option<Field>,
}

/// Dates by meaning; values `YYYY-MM-DD`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Dates {
    /// Date of service, start of care.
    pub service: Option<Field>,
    /// Of the written order.
    pub order: Option<Field>,
    /// Of the newest visit not after receipt.
    pub visit: Option<Field>,
    /// From hospital.
    pub anticipated_discharge: Option<Field>,
    /// Already delivered on.
    pub delivered: Option<Field>,
}

/// A number that ties the document to earlier work.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReferenceFinding {
    /// `hold`, `case`, `authorization`.
    pub kind: ReferenceKind,
    /// As normalised.
    pub value: Phi<String>,
    /// Never empty.
    pub evidence: Vec<Evidence>,
}

/// What a reference refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReferenceKind {
    /// Our own hold reference.
    Hold,
    /// A case number.
    Case,
    /// An authorization number.
    Authorization,
}

/// What the sender wants, with the words that say so.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Intent {
    /// Which.
    pub kind: IntentKind,
    /// Never empty.
    pub evidence: Vec<Evidence>,
}

/// Intents other than an ordinary request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IntentKind {
    /// Appeal of a denial.
    Appeal,
    /// Reconsideration of a decision.
    Reconsideration,
    /// Peer-to-peer conversation.
    PeerToPeer,
    /// Find a provider, solve a delivery.
    CareCoordination,
    /// Review after the fact.
    Retrospective,
    /// Answer to a hold letter.
    HoldReply,
}

/// A plan by its name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PayerFinding {
    /// As in the cue file, in small letters.
    pub name: String,
    /// Never empty.
    pub evidence: Vec<Evidence>,
}

/// One checklist item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ItemFinding {
    /// Which.
    pub item: Item,
    /// Whether it is there.
    pub status: ItemStatus,
    /// What shows it; may be empty for `missing`.
    pub evidence: Vec<Evidence>,
}

/// Whether a checklist item is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemStatus {
    /// There.
    Present,
    /// There, with an empty signature line.
    PresentUnsigned,
    /// There, and older than three months at receipt.
    Stale,
    /// Not there.
    Missing,
    /// Something like it is there and cannot be judged.
    Unclear,
}

macro_rules! items {
    ($($(#[$doc:meta])* $name:ident = $id:literal),* $(,)?) => {
        /// The checklist items of the outside contract, in its order. Which of
        /// them a program asks for is its model's business.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Item { $($(#[$doc])* #[serde(rename = $id)] $name),* }

        impl Item {
            /// All of them, in order.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The contract's name for it.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $id),* }
            }

            /// The item of this name.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($id => Some(Self::$name),)* _ => None }
            }
        }
    };
}

items! {
    /// Written order or prescription.
    WrittenPrescription = "written_prescription",
    /// Certificate of medical necessity.
    Cmn = "cmn",
    /// Precertification request form.
    PrecertForm = "precert_form",
    /// Office visit note of the last three months.
    VisitNote = "visit_note",
    /// Detailed invoice of all requested equipment.
    Invoice = "invoice",
    /// Diagnosis.
    Diagnosis = "diagnosis",
    /// History and physical, or progress notes.
    HistoryPhysicalOrProgress = "history_physical_or_progress",
    /// Wound or incision location and stage.
    Wound = "wound",
    /// Rental or purchase, and quantity.
    RentalPurchaseQuantity = "rental_purchase_quantity",
    /// Previous use of the item.
    PreviousUse = "previous_use",
    /// Vendor or site.
    Vendor = "vendor",
    /// Clinical or therapy progress notes.
    TherapyOrClinicalNotes = "therapy_or_clinical_notes",
    /// Medication list.
    MedicationList = "medication_list",
    /// Anticipated date of discharge.
    AnticipatedDischargeDate = "anticipated_discharge_date",
    /// Discharge plan or summary.
    DischargePlanOrSummary = "discharge_plan_or_summary",
    /// Time audit tool of private-duty nursing.
    TimeAudit = "time_audit",
    /// Therapy goals and level of functioning.
    TherapyGoalsAndFunction = "therapy_goals_and_function",
    /// Site of care.
    SiteOfCare = "site_of_care",
    /// Services requested.
    ServicesRequested = "services_requested",
    /// Ordering physician.
    OrderingPhysician = "ordering_physician",
    /// ICD-10 code.
    Icd10 = "icd10",
    /// Prior level of function.
    PriorLevelOfFunction = "prior_level_of_function",
    /// Current level of function.
    CurrentLevelOfFunction = "current_level_of_function",
    /// Therapy progress and participation.
    TherapyProgress = "therapy_progress",
    /// Discharge plan with barriers.
    DischargePlanAndBarriers = "discharge_plan_and_barriers",
    /// Recent examination and tests.
    RecentExamAndTests = "recent_exam_and_tests",
    /// Earlier test results.
    PreviousTestResults = "previous_test_results",
    /// Any clinicals that support the request.
    SupportingClinicals = "supporting_clinicals",
}

/// A day, kept beside the text of the contract where a station computes with
/// it.
pub fn date_of(field: Option<&Field>) -> Option<Date> {
    field.and_then(|f| f.value.expose().parse().ok())
}
