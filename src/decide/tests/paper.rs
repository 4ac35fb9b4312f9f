//! A packet as words on paper, to say how it differs from a complete request.

use jiff::Timestamp;
use jiff::civil::Date;

use super::build::{CODES, PROGRAMS};
use crate::decide::disposition::{Disposition, Lane};
use crate::decide::register::CaseRecord;
use crate::decide::register::tests::build::RULES;
use crate::decide::{Document, Input, Piece, Register, decide};
use crate::extract::findings::{Extracted, Findings};
use crate::extract::tests::build::{self, Drawn, EXTRACTOR, page, recognized};
use crate::receive::received::Context;
use crate::vocab::Phi;

/// A packet: its pages, and what came with it.
#[derive(Clone)]
pub struct Fax {
    pub cover: String,
    pub form: String,
    pub order: String,
    pub rest: Vec<Drawn>,
    pub received: &'static str,
    pub dialled: &'static str,
    pub cases: Vec<CaseRecord>,
}

/// A complete request for a hospital bed.
pub fn fax() -> Fax {
    let text = |text: &str| text.trim_start_matches('\n').to_owned();
    Fax {
        cover: String::new(),
        form: text(
            "
              CIGNA PRIOR AUTHORIZATION REQUEST FORM
Request Type: Standard                      Date of Request: 3/9/2026

MEMBER INFORMATION
Member Name: Edith Sample                   Date of Birth: 03/01/1958
Member ID: U1234567801

ORDERING PROVIDER
Ordering Provider: Ada Example MD           NPI: 2000000002
TIN: 47-1234567
Phone: 212-555-0105                         Fax: 212-555-0107

RENDERING PROVIDER
DME Supplier: Lakeside Home Equipment       NPI: 2000000010
TIN: 47-7654321
Phone: 212-555-0106                         Fax: 212-555-0108
Address: 1 Main St, Springfield, NY 10001

REQUEST
HCPCS Code      Description
E0260 RR        Hospital bed
Diagnosis: M62.81 Muscle weakness           Place of Service: 12
Has the patient previously used this item? No, new start
Contact Name: Pat Nobody",
        ),
        order: text(
            "
                   STANDARD WRITTEN ORDER
Patient: Edith Sample                       Order Date: 3/2/2026
Date of Birth: 03/01/1958                   Member ID: U1234567801
Item: E0260 hospital bed, quantity 1        Length of need: 99
Ordering Provider: Ada Example MD           NPI: 2000000002
Prescriber Signature: Ada Example MD        Date: 3/2/2026",
        ),
        rest: vec![
            visit("2/20/2026"),
            page(
                "
                   INVOICE
Item #    HCPCS     Description        Qty    Unit price    Total
1         E0260     Hospital bed       1      900.00        900.00
Subtotal 900.00",
            ),
            page(
                "
            HISTORY AND PHYSICAL
Patient: Edith Sample                       Date of Birth: 03/01/1958
Past Medical History: weakness
Physical Examination: HEENT normal
Allergies: none",
            ),
            page(
                "
            MEDICATION LIST
Current Medications for Edith Sample
Lisinopril 10 mg PO daily
Metformin 500 mg PO BID",
            ),
        ],
        received: "2026-03-09T15:00:00Z",
        dialled: "8666637740",
        cases: Vec::new(),
    }
}

pub fn visit(day: &str) -> Drawn {
    page(&format!(
        "
                  OFFICE VISIT
Patient: Edith Sample                       Date of Birth: 03/01/1958
Date of Service: {day}
Chief Complaint: cannot turn in bed
History of Present Illness: weakness
Assessment and Plan: hospital bed
Electronically signed by Ada Example MD"
    ))
}

impl Fax {
    pub fn cover(mut self, comment: &str) -> Self {
        self.cover = comment.to_owned();
        self
    }

    #[track_caller]
    pub fn form(mut self, from: &str, to: &str) -> Self {
        assert!(self.form.contains(from), "{from}");
        self.form = self.form.replace(from, to);
        self
    }

    #[track_caller]
    pub fn order(mut self, from: &str, to: &str) -> Self {
        assert!(self.order.contains(from), "{from}");
        self.order = self.order.replace(from, to);
        self
    }

    pub fn received(self, received: &'static str) -> Self {
        Self { received, ..self }
    }

    pub fn dialled(self, dialled: &'static str) -> Self {
        Self { dialled, ..self }
    }

    pub fn knowing(self, cases: &[CaseRecord]) -> Self {
        Self { cases: cases.to_vec(), ..self }
    }

    pub fn pages(&self) -> Vec<Drawn> {
        let cover = build::cover(&self.cover);
        [cover, page(&self.form), page(&self.order)].into_iter().chain(self.rest.clone()).collect()
    }

    pub fn extracted(&self, pages: &[Drawn]) -> Extracted {
        let received: Timestamp = self.received.parse().unwrap();
        let zone = jiff::tz::TimeZone::get("America/New_York").unwrap();
        let today: Date = received.to_zoned(zone).date();
        EXTRACTOR.extract(&recognized(pages), &Context::default(), today, &[])
    }

    pub fn found(&self) -> Findings {
        self.extracted(&self.pages()).findings
    }

    pub fn decided(&self) -> Disposition {
        let pages = self.pages();
        let extracted = self.extracted(&pages);
        let several = extracted.parts.len() > 1;
        let pieces = extracted.parts.iter().filter(|_| several).map(|part| {
            let own: Vec<Drawn> = part.pages.iter().map(|n| pages[n.index()].clone()).collect();
            Piece { pages: part.pages.clone(), extracted: self.extracted(&own) }
        });
        let mut context = Context::default();
        context.metadata.insert("dnis".into(), Phi::from(self.dialled));
        let document = Document {
            extracted: &extracted,
            recognized: &recognized(&pages),
            context: &context,
            received_at: self.received.parse().unwrap(),
            forced_program: None,
            register: Some(Register { cases: &self.cases, rules: &RULES }),
            pieces: &pieces.collect::<Vec<_>>(),
            earlier: &[],
            with_case: None,
            before: None,
        };
        decide(&Input::Read(document), &PROGRAMS, &CODES)
    }

    #[track_caller]
    pub fn ends(&self, row: &str, lane: Lane) -> Disposition {
        let decided = self.decided();
        let told: Vec<String> =
            decided.reasons.iter().map(|r| format!("{}: {}", r.code, r.message)).collect();
        assert_eq!(
            (decided.row.as_str(), decided.lane),
            (row, lane),
            "missing {:?}\n{}",
            decided.missing,
            told.join("\n")
        );
        decided
    }
}
