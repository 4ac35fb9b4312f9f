//! Small documents, built by saying how they differ from a complete request
//! for a hospital bed. Synthetic people only.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::Timestamp;

use crate::decide::disposition::Disposition;
use crate::decide::register::CaseRecord;
use crate::decide::register::tests::build::RULES;
use crate::decide::{Before, Document, Earlier, Input, Piece, Register, decide};
use crate::extract::findings::*;
use crate::program::Programs;
use crate::program::tests::shipped_files;
use crate::receive::received::Context;
use crate::recognize::recognized::{Line, Method, Recognized, RecognizedPage, Rotation, Word};
use crate::vocab::codes::CodeTable;
use crate::vocab::{
    BBox, Confidence, Evidence, EvidenceSource, HcpcsCode, Icd10Code, Npi, PageNumber, Phi,
};

pub const ORDERING_NPI: &str = "2000000002";
pub const RENDERING_NPI: &str = "2000000010";

pub static PROGRAMS: LazyLock<Programs> =
    LazyLock::new(|| Programs::parse(shipped_files()).unwrap());

pub static CODES: LazyLock<CodeTable> =
    LazyLock::new(|| CodeTable::parse(include_str!("../../../models/codes/hcpcs.toml")).unwrap());

#[derive(Clone, Debug)]
pub struct Doc {
    pub extracted: Extracted,
    pub recognized: Recognized,
    pub context: Context,
    pub received_at: Timestamp,
    pub forced: Option<String>,
    /// Cases that are known; with none of them there is no register.
    pub cases: Vec<CaseRecord>,
    pub pieces: Vec<Piece>,
    pub earlier: Vec<Earlier>,
    pub with_case: Option<Extracted>,
    pub before: Option<Before>,
}

impl Doc {
    /// Decides with the models that ship.
    pub fn decided(&self) -> Disposition {
        decide(&Input::Read(self.document()), &PROGRAMS, &CODES)
    }

    pub fn document(&self) -> Document<'_> {
        Document {
            extracted: &self.extracted,
            recognized: &self.recognized,
            context: &self.context,
            received_at: self.received_at,
            forced_program: self.forced.as_deref(),
            register: self.register(),
            pieces: &self.pieces,
            earlier: &self.earlier,
            with_case: self.with_case.as_ref(),
            before: self.before.as_ref(),
        }
    }

    fn register(&self) -> Option<Register<'_>> {
        let known = !self.cases.is_empty() || !self.earlier.is_empty();
        known.then(|| Register { cases: &self.cases, rules: &RULES })
    }

    pub fn knowing(mut self, cases: &[CaseRecord]) -> Self {
        self.cases = cases.to_vec();
        self
    }

    pub fn with(mut self, change: impl FnOnce(&mut Findings)) -> Self {
        change(&mut self.extracted.findings);
        self
    }

    pub fn item(mut self, item: Item, status: ItemStatus) -> Self {
        let found = self.extracted.findings.checklist.iter_mut().find(|found| found.item == item);
        found.unwrap().status = status;
        self
    }

    pub fn without(self, items: &[Item]) -> Self {
        items.iter().fold(self, |doc, item| doc.item(*item, ItemStatus::Missing))
    }

    pub fn codes(self, codes: &[&str]) -> Self {
        self.with(|findings| findings.hcpcs = codes.iter().map(|one| code(one)).collect())
    }

    pub fn member_id(self, id: &str) -> Self {
        self.with(|findings| findings.member.id = Some(field(id, 0)))
    }

    pub fn pending(self, value: PendingDischarge) -> Self {
        self.with(|findings| findings.pending_discharge = Flag { value, evidence: vec![seen(0)] })
    }

    pub fn intent(self, kind: IntentKind) -> Self {
        self.with(|f| f.intents = vec![Intent { kind, evidence: vec![seen(0)] }])
    }

    pub fn words(mut self, text: &str) -> Self {
        self.recognized.pages[0].lines.push(line(text));
        self
    }

    pub fn dialled(mut self, number: &str) -> Self {
        self.context.metadata.insert("dnis".into(), Phi::from(number));
        self
    }

    pub fn page(mut self, page: usize, kind: PageKind) -> Self {
        self.extracted.page_kinds[page] = kind;
        self
    }

    pub fn read_as(mut self, page: usize, method: Method, confidence: f32) -> Self {
        self.recognized.pages[page].method = method;
        self.recognized.pages[page].confidence = Confidence::new(confidence);
        self
    }

    pub fn received(mut self, at: &str) -> Self {
        self.received_at = at.parse().unwrap();
        self
    }
}

/// A hospital bed, asked for on Monday 2026-03-09 with everything that
/// commercial equipment needs, on four pages: cover, form, order, note.
pub fn complete() -> Doc {
    let kinds =
        vec![PageKind::FaxCover, PageKind::PrecertForm, PageKind::Order, PageKind::VisitNote];
    let member = Member {
        name: Some(field("Edith Sample", 1)),
        date_of_birth: Some(field("1958-03-01", 1)),
        id: Some(field("U1234567801", 1)),
        other_ids: vec![],
    };
    let item = |item: &Item| {
        let status = match item {
            Item::Cmn | Item::TimeAudit => ItemStatus::Missing,
            _ => ItemStatus::Present,
        };
        ItemFinding { item: *item, status, evidence: vec![seen(3)] }
    };
    let findings = Findings {
        pending_discharge: Flag { value: PendingDischarge::None, evidence: vec![] },
        urgent: Flag { value: Urgency::None, evidence: vec![] },
        hcpcs: vec![code("E0260")],
        npi: vec![npi(ORDERING_NPI, Role::Ordering), npi(RENDERING_NPI, Role::Rendering)],
        tin: vec![],
        icd10: vec![IcdFinding {
            code: Icd10Code::parse("M62.81").unwrap(),
            confidence: Confidence::new(0.9),
            raw: Phi::from("M62.81"),
            repaired: false,
            evidence: vec![seen(1)],
        }],
        member,
        providers: vec![
            provider(Role::Ordering, "Ada Example", "+12125550105"),
            provider(Role::Rendering, "Lakeside Home Equipment", "+12125550106"),
        ],
        dates: Dates::default(),
        references: vec![],
        intents: vec![],
        setting: Some(field("home", 1)),
        place_of_service: Some(field("12", 1)),
        oxygen: None,
        payers: vec![],
        checklist: Item::ALL.iter().map(item).collect(),
    };
    Doc {
        recognized: Recognized { pages: (0..kinds.len()).map(page).collect() },
        extracted: Extracted {
            findings,
            parts: vec![Part {
                pages: (0..kinds.len()).map(PageNumber::from_index).collect(),
                member: Some(field("U1234567801", 1)),
            }],
            transmissions: vec![],
            page_kinds: kinds,
            notes: vec![],
            questions: vec![],
        },
        context: Context { note: None, metadata: BTreeMap::new() },
        received_at: "2026-03-09T15:00:00Z".parse().unwrap(),
        forced: None,
        cases: Vec::new(),
        pieces: Vec::new(),
        earlier: Vec::new(),
        with_case: None,
        before: None,
    }
}

/// The same for home health, by a visit code and words.
pub fn home_health() -> Doc {
    complete().codes(&["G0151"]).page(2, PageKind::PlanOfCare)
}

pub fn page(index: usize) -> RecognizedPage {
    RecognizedPage {
        number: PageNumber::from_index(index),
        method: Method::Ocr,
        rotation: Rotation::None,
        confidence: Confidence::new(0.93),
        header: None,
        lines: vec![line("For Cigna members")],
        marks: vec![],
        codes: vec![],
        inches: (8.5, 11.0),
        notes: vec![],
    }
}

fn line(text: &str) -> Line {
    let word = |word: &str| Word {
        text: Phi::from(word),
        bbox: BBox::new(0.1, 0.1, 0.2, 0.12),
        confidence: Confidence::new(0.93),
        source: EvidenceSource::Ocr,
    };
    Line::new(text.split_whitespace().map(word).collect()).unwrap()
}

pub fn seen(page: usize) -> Evidence {
    Evidence::on_page(
        PageNumber::from_index(page),
        BBox::new(0.1, 0.1, 0.3, 0.12),
        "as read",
        Confidence::new(0.9),
        EvidenceSource::Ocr,
    )
}

pub fn field(value: &str, page: usize) -> Field {
    Field {
        value: Phi::from(value),
        raw: Phi::from(value),
        confidence: Confidence::new(0.9),
        repaired: false,
        evidence: vec![seen(page)],
    }
}

pub fn npi(number: &str, role: Role) -> NpiFinding {
    NpiFinding {
        value: Npi::parse(number).unwrap(),
        role,
        confidence: Confidence::new(0.9),
        raw: Phi::from(number),
        repaired: false,
        evidence: vec![seen(2)],
        directory: None,
    }
}

pub fn code(text: &str) -> HcpcsFinding {
    let code = HcpcsCode::parse(text).unwrap();
    let facts = CODES.get(&code).unwrap();
    HcpcsFinding {
        family: facts.family.clone(),
        lists: Vec::new(),
        payment: facts.payment,
        code,
        modifiers: vec![],
        units: Some("1".into()),
        confidence: Confidence::new(0.9),
        raw: Phi::from(text),
        repaired: false,
        evidence: vec![seen(1)],
    }
}

pub fn provider(role: Role, name: &str, phone: &str) -> Provider {
    Provider {
        role,
        name: Some(field(name, 1)),
        npi: None,
        tin: None,
        phone: Some(field(phone, 1)),
        fax: Some(field(phone, 1)),
        address: Some(field("1 Main St, Springfield, NY 10001", 1)),
    }
}

/// That a reason is given.
#[track_caller]
pub fn says(decided: &Disposition, code: &str) {
    let codes: Vec<&str> = decided.reasons.iter().map(|reason| reason.code.as_str()).collect();
    assert!(codes.contains(&code), "{code} not in {codes:?}");
}

impl Doc {
    pub fn forced_to(mut self, program: &str) -> Self {
        self.forced = Some(program.to_owned());
        self
    }
}
