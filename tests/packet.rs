//! The packet and the JSON of a processed document, seen from outside: by
//! qpdf, poppler and a reader of the contract. Tests that need those programs
//! skip, and say so, where they are not installed.

use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use image::{GrayImage, Luma};
use intake::assemble::manifest::{HistoryEntry, Identity};
use intake::assemble::result::{DocumentFacts, ModelDigests, Outcome, Timing};
use intake::assemble::{AssembleError, Binder, Cut, Summary, manifest, result};
use intake::decide::disposition::{
    Action, Basis, Clock, ClockKind, Disposition, Event, FieldStatus, ItemApplies, Lane, Mark,
    Queue, Reason, RequiredField, Severity, Start,
};
use intake::decode::pages::{Dpi, MediaType, Raster};
use intake::extract::findings::{
    Dates, Extracted, Field, Findings, Flag, HcpcsFinding, IcdFinding, Intent, IntentKind, Item,
    ItemFinding, ItemStatus, Member, NpiFinding, PageKind, Part, PendingDischarge, Provider,
    ReferenceFinding, ReferenceKind, Role, TinFinding, Urgency,
};
use intake::recognize::recognized::{
    Header, Line, Method, Recognized, RecognizedPage, Rotation, Word,
};
use intake::vocab::codes::PaymentClass;
use intake::vocab::{
    BBox, CaseRef, Confidence, DocumentRef, Evidence, EvidenceSource, HcpcsCode, HoldRef,
    Icd10Code, Modifier, Note, Npi, PageNumber, Phi, Sha256Digest, SubmissionRef, Tin,
};
use lopdf::{Document, Object, Stream, dictionary};
use serde_json::Value;

// ---------------------------------------------------------------- the sample

fn page_number(number: u32) -> PageNumber {
    PageNumber::new(number).unwrap()
}

fn word(text: &str, bbox: [f32; 4], source: EvidenceSource) -> Word {
    Word { text: text.into(), bbox: bbox.into(), confidence: Confidence::new(0.94), source }
}

/// Two lines, the second slanting and with a hyphen, and a name that Windows'
/// code page lacks.
fn read_page(number: u32, source: EvidenceSource) -> RecognizedPage {
    let line = |words: &[(&str, [f32; 4])]| {
        Line::new(words.iter().map(|(text, bbox)| word(text, *bbox, source)).collect()).unwrap()
    };
    RecognizedPage {
        number: page_number(number),
        method: Method::Ocr,
        rotation: Rotation::None,
        confidence: Confidence::new(0.94),
        header: (number == 1).then(|| Header {
            page: Some(1),
            of: Some(3),
            sender: Some("SAMPLE CLINIC".into()),
            number: Some("212-555-0105".into()),
            sent_at: Some("2026-03-06T09:58".into()),
            text: "03/06/2026 09:58 SAMPLE CLINIC 212-555-0105 P.1/3".into(),
        }),
        lines: vec![
            line(&[("PENDING", [0.10, 0.10, 0.24, 0.12]), ("DISCHARGE", [0.26, 0.10, 0.43, 0.12])]),
            line(&[
                ("Wheelchair", [0.10, 0.200, 0.25, 0.216]),
                ("-", [0.27, 0.210, 0.28, 0.212]),
                ("for", [0.30, 0.202, 0.34, 0.218]),
                ("Žofia", [0.36, 0.203, 0.44, 0.219]),
            ]),
        ],
        marks: Vec::new(),
        codes: Vec::new(),
        inches: (8.5, 11.0),
        notes: Vec::new(),
    }
}

fn evidence(page: u32, text: &str) -> Evidence {
    let bbox = BBox::new(0.1, 0.1, 0.43, 0.12);
    Evidence::on_page(page_number(page), bbox, text, Confidence::new(0.94), EvidenceSource::Ocr)
}

fn field(value: &str, page: u32) -> Option<Field> {
    Some(Field {
        value: value.into(),
        raw: value.into(),
        confidence: Confidence::new(0.94),
        repaired: false,
        evidence: vec![evidence(page, value)],
    })
}

fn findings() -> Findings {
    let item = |item: Item| {
        let (status, page) = match item {
            Item::WrittenPrescription => (ItemStatus::PresentUnsigned, 2),
            Item::VisitNote => (ItemStatus::Stale, 3),
            Item::Invoice | Item::Cmn => (ItemStatus::Missing, 1),
            Item::RentalPurchaseQuantity => (ItemStatus::Unclear, 2),
            _ => (ItemStatus::Present, 2),
        };
        let evidence =
            if status == ItemStatus::Missing { vec![] } else { vec![evidence(page, "Rx")] };
        ItemFinding { item, status, evidence }
    };
    let npi = Npi::parse("2000000002").unwrap();
    Findings {
        pending_discharge: Flag {
            value: PendingDischarge::Strong,
            evidence: vec![evidence(1, "PENDING DISCHARGE")],
        },
        urgent: Flag { value: Urgency::None, evidence: vec![] },
        hcpcs: vec![HcpcsFinding {
            code: HcpcsCode::parse("K0001").unwrap(),
            modifiers: vec![Modifier::parse("RR").unwrap()],
            units: Some("1".into()),
            family: "manual_wheelchair".into(),
            lists: vec![],
            payment: PaymentClass::Cr,
            confidence: Confidence::new(0.72),
            raw: "KOOO1".into(),
            repaired: true,
            evidence: vec![evidence(1, "KOOO1-RR"), evidence(2, "K0001")],
        }],
        npi: vec![NpiFinding {
            directory: None,
            value: npi,
            role: Role::Ordering,
            confidence: Confidence::new(0.94),
            raw: "2000000002".into(),
            repaired: false,
            evidence: vec![evidence(2, "2000000002")],
        }],
        tin: vec![TinFinding {
            value: Tin::parse("123-45-6789").unwrap(),
            role: Role::Rendering,
            confidence: Confidence::new(0.94),
            raw: "*****6789".into(),
            repaired: false,
            evidence: vec![evidence(2, "*****6789")],
        }],
        icd10: vec![IcdFinding {
            code: Icd10Code::parse("Z89.512").unwrap(),
            confidence: Confidence::new(0.94),
            raw: "Z89.512".into(),
            repaired: false,
            evidence: vec![evidence(2, "Z89.512")],
        }],
        member: Member {
            name: field("Edith Sample", 1),
            date_of_birth: field("1941-02-03", 1),
            id: None,
            other_ids: vec![],
        },
        providers: vec![Provider {
            role: Role::Ordering,
            name: field("Žofia Muster", 2),
            npi: field("2000000002", 2),
            tin: None,
            phone: field("+12125550105", 2),
            fax: field("+12125550106", 1),
            address: None,
        }],
        dates: Dates {
            order: field("2026-03-05", 2),
            anticipated_discharge: field("2026-03-07", 1),
            ..Dates::default()
        },
        references: vec![ReferenceFinding {
            kind: ReferenceKind::Hold,
            value: "H-204".into(),
            evidence: vec![evidence(1, "H-204")],
        }],
        intents: vec![Intent {
            kind: IntentKind::HoldReply,
            evidence: vec![evidence(1, "in reply")],
        }],
        setting: field("hospital", 1),
        place_of_service: None,
        oxygen: None,
        payers: vec![],
        checklist: Item::ALL.iter().copied().map(item).collect(),
    }
}

fn extracted() -> Extracted {
    Extracted {
        transmissions: vec![],
        findings: findings(),
        page_kinds: vec![PageKind::FaxCover, PageKind::Order, PageKind::VisitNote],
        parts: vec![Part {
            pages: (1..=3).map(page_number).collect(),
            member: field("Edith Sample", 1),
        }],
        notes: vec![Note::document(
            "tin.prefix_unlisted",
            "A tax id begins with a prefix that is on no list.",
        )],
        questions: vec![],
    }
}

fn disposition() -> Disposition {
    Disposition {
        row: "17".into(),
        action: Action::NewCase,
        queue: Some(Queue::HoldInsufficient),
        lane: Lane::Expedited,
        program: Some("sample-dme".into()),
        reasons: vec![
            Reason {
                code: "missing.invoice".into(),
                message:
                    "A detailed invoice of all requested equipment is required and was not found."
                        .into(),
                evidence: vec![],
            },
            Reason {
                code: "unsigned.written_prescription".into(),
                message: "The written prescription is there; its signature line is empty.".into(),
                evidence: vec![evidence(2, "Signature")],
            },
        ],
        duplicate_of: None,
        missing: vec!["invoice".into()],
        due: "2026-03-09T15:00:00Z".parse().ok(),
        clocks: Vec::new(),
        case: None,
        applies: Item::ALL
            .iter()
            .enumerate()
            .map(|(index, &item)| ItemApplies { item, applies: index < 10 })
            .collect(),
        required: vec![
            RequiredField {
                field: "member.id".into(),
                severity: Severity::Hard,
                status: FieldStatus::Missing,
            },
            RequiredField {
                field: "ordering.npi".into(),
                severity: Severity::Core,
                status: FieldStatus::Present,
            },
        ],
        rules: vec!["dme_com@2025-01-01".to_owned(), "request.same_day.commercial".to_owned()],
        program_digest: Sha256Digest::of(b"program"),
        matching_digest: None,
    }
}

fn facts(pages: u32) -> DocumentFacts {
    DocumentFacts {
        sha256: Sha256Digest::of(b"original"),
        media_type: MediaType::Tiff,
        bytes: 48_213,
        pages,
        received_at: "2026-03-06T15:00:00Z".parse().unwrap(),
    }
}

fn reference() -> DocumentRef {
    DocumentRef::from_random(0x0123_4567_89ab_cdef)
}

fn summary() -> Summary {
    Summary {
        reference: Some(reference()),
        case: Some(CaseRef::from_random(77)),
        document: facts(3),
        extracted: extracted(),
        disposition: disposition(),
        notes: vec![Note::page(
            "page.lines_lost",
            page_number(3),
            "Some scan lines of this page were lost on the way.",
        )],
    }
}

// ------------------------------------------------------------------ the JSON

fn full_result() -> Value {
    let recognized =
        Recognized { pages: (1..=3).map(|n| read_page(n, EvidenceSource::Ocr)).collect() };
    result(&Outcome {
        document: &facts(3),
        recognized: &recognized,
        extracted: &extracted(),
        disposition: &disposition(),
        models: &ModelDigests { codes: Sha256Digest::of(b"codes"), ocr: Sha256Digest::of(b"ocr") },
        timing_ms: &Timing { decode: 1, recognize: 2, extract: 3, decide: 4, total: 10 },
        notes: &[Note::document("file.extension", "The file's name says PDF; it is a TIFF.")],
    })
}

fn unreadable_result() -> Value {
    let extracted = Extracted {
        transmissions: vec![],
        findings: Findings {
            pending_discharge: Flag { value: PendingDischarge::None, evidence: vec![] },
            urgent: Flag { value: Urgency::None, evidence: vec![] },
            hcpcs: vec![],
            npi: vec![],
            tin: vec![],
            icd10: vec![],
            member: Member::default(),
            providers: vec![],
            dates: Dates::default(),
            references: vec![],
            intents: vec![],
            setting: None,
            place_of_service: None,
            oxygen: None,
            payers: vec![],
            checklist: vec![],
        },
        page_kinds: vec![],
        parts: vec![],
        notes: vec![],
        questions: vec![],
    };
    let disposition = Disposition {
        row: "0".into(),
        action: Action::Technical,
        queue: Some(Queue::Technical),
        program: None,
        missing: vec![],
        due: None,
        clocks: Vec::new(),
        applies: vec![],
        required: vec![],
        lane: Lane::Standard,
        ..disposition()
    };
    result(&Outcome {
        document: &DocumentFacts { media_type: MediaType::Unknown, ..facts(0) },
        recognized: &Recognized::default(),
        extracted: &extracted,
        disposition: &disposition,
        models: &ModelDigests { codes: Sha256Digest::of(b"codes"), ocr: Sha256Digest::of(b"ocr") },
        timing_ms: &Timing::default(),
        notes: &[],
    })
}

/// The keys of an object, in order.
fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

const EVIDENCE: &[&str] = &["page", "box", "text", "confidence", "source"];
const FIELD: &[&str] = &["value", "raw", "confidence", "repaired", "evidence"];

/// Asserts every key that stands whatever the document holds.
fn assert_contract(value: &Value) {
    let top =
        ["schema", "document", "pages", "parts", "findings", "disposition", "timing_ms", "notes"];
    // Keys may be added at the end.
    assert_eq!(keys(value)[..8], top);
    assert!(value["transmissions"].is_array());
    assert_eq!(value["schema"], "intake.result/1");
    assert_eq!(keys(&value["document"]), ["sha256", "media_type", "bytes", "pages", "received_at"]);
    let findings = &value["findings"];
    #[rustfmt::skip]
    assert_eq!(keys(findings)[..16], [
        "pending_discharge", "urgent", "hcpcs", "npi", "tin", "icd10", "member", "providers",
        "dates", "references", "intents", "setting", "place_of_service", "oxygen", "checklist",
        "required",
    ]);
    assert_eq!(keys(&findings["pending_discharge"]), ["value", "evidence"]);
    assert_eq!(keys(&findings["urgent"]), ["value", "evidence"]);
    assert_eq!(keys(&findings["member"])[..3], ["name", "date_of_birth", "id"]);
    let dates = ["service", "order", "visit", "anticipated_discharge", "delivered"];
    assert_eq!(keys(&findings["dates"]), dates);
    let checklist = findings["checklist"].as_array().unwrap();
    assert_eq!(checklist.len(), Item::ALL.len());
    for (entry, item) in checklist.iter().zip(Item::ALL) {
        assert_eq!(keys(entry), ["item", "status", "applies", "evidence"]);
        assert_eq!(entry["item"], item.as_str());
    }
    let disposition = &value["disposition"];
    let contract = ["action", "queue", "lane", "program", "reasons", "missing", "due", "models"];
    assert_eq!(keys(disposition)[..8], contract);
    assert!(disposition["rules"].is_array());
    assert_eq!(keys(&disposition["models"])[..3], ["program", "codes", "ocr"]);
    for digest in disposition["models"].as_object().unwrap().values() {
        assert!(digest.is_null() || digest.as_str().unwrap().starts_with("sha256:"));
    }
    assert_eq!(keys(&value["timing_ms"]), ["decode", "recognize", "extract", "decide", "total"]);
    assert!(value["notes"].is_array() && value["parts"].is_array());
}

#[test]
fn a_full_result_has_every_key_of_the_contract() {
    let value = full_result();
    assert_contract(&value);
    let page = &value["pages"][0];
    let page_keys = ["number", "kind", "method", "rotation", "confidence", "header", "text"];
    assert_eq!(keys(page), page_keys);
    assert_eq!(keys(&page["header"]), ["page", "of", "sender", "number", "sent_at", "text"]);
    assert_eq!(page["text"], "PENDING DISCHARGE\nWheelchair - for Žofia\n");
    assert_eq!((&page["rotation"], &page["kind"]), (&0.into(), &"fax_cover".into()));
    assert_eq!(value["pages"][1]["header"], Value::Null);
    let findings = &value["findings"];
    let code = keys(&findings["hcpcs"][0]);
    for key in ["code", "modifiers", "units", "family", "confidence", "raw", "repaired", "evidence"]
    {
        assert!(code.contains(&key), "{key}");
    }
    let number = ["value", "role", "confidence", "raw", "repaired", "evidence"];
    assert_eq!(keys(&findings["npi"][0])[..6], number);
    assert_eq!(keys(&findings["tin"][0]), number);
    assert_eq!(keys(&findings["icd10"][0]), ["code", "confidence", "raw", "repaired", "evidence"]);
    assert_eq!(keys(&findings["member"]["name"]), FIELD);
    assert_eq!(keys(&findings["member"]["name"]["evidence"][0]), EVIDENCE);
    assert_eq!(
        keys(&findings["providers"][0]),
        ["role", "name", "npi", "tin", "phone", "fax", "address"]
    );
    assert_eq!(keys(&findings["references"][0]), ["kind", "value", "evidence"]);
    assert_eq!(keys(&findings["intents"][0]), ["kind", "evidence"]);
    assert_eq!(keys(&findings["required"][0]), ["field", "severity", "status"]);
    assert_eq!(keys(&value["disposition"]["reasons"][0]), ["code", "message", "evidence"]);
    assert_eq!(keys(&value["parts"][0]), ["pages", "member"]);
    assert_eq!(keys(&value["notes"][0]), ["code", "page", "message"]);
    assert_eq!(findings["checklist"][0]["applies"], true);
    assert_eq!(findings["checklist"][20]["applies"], false);
    assert_eq!(findings["tin"][0]["value"], "*****6789");
    assert_eq!(value["disposition"]["queue"], "hold_insufficient");
    // Fractions are printed as they were meant.
    assert!(value.to_string().contains("\"confidence\":0.94,"));
    assert!(value.to_string().contains("\"box\":[0.1,0.1,0.43,0.12]"));
}

#[test]
fn an_unreadable_document_has_every_key_and_no_page() {
    let value = unreadable_result();
    assert_contract(&value);
    assert_eq!(value["pages"], Value::Array(vec![]));
    assert_eq!(value["document"]["pages"], 0);
    assert_eq!(value["findings"]["checklist"][0]["status"], "missing");
    assert_eq!(value["disposition"]["program"], Value::Null);
    assert_eq!(value["disposition"]["due"], Value::Null);
}

#[test]
fn a_manifest_is_the_result_and_what_the_register_knows() {
    let identity = Identity {
        reference: reference(),
        submission: SubmissionRef::from_random(5),
        case: None,
        part_of: Some((DocumentRef::from_random(6), vec![PageNumber::new(3).unwrap()])),
        hold: Some(HoldRef::from_random(7)),
    };
    let at = "2026-03-06T15:00:00Z".parse().unwrap();
    let event = |mark| Event { mark, at };
    let clocks = [Clock {
        name: "urgent_decide".into(),
        kind: ClockKind::Limit,
        start: Start::Receipt,
        basis: Basis::Elapsed,
        started: at,
        due: at,
        events: Mark::ALL.map(event),
    }];
    let history = [HistoryEntry {
        at,
        actor: "machine".into(),
        event: "document.received".into(),
        message: String::new(),
    }];
    let result = full_result();
    let manifest = manifest(result.clone(), &identity, &clocks, &history);
    for (key, value) in result.as_object().unwrap() {
        assert_eq!(&manifest[key], value, "{key}");
    }
    assert_eq!(manifest["reference"], reference().as_str());
    assert_eq!(manifest["case"], Value::Null);
    assert_eq!(manifest["part_of"], DocumentRef::from_random(6).as_str());
    assert_eq!(manifest["part_pages"], serde_json::json!([3]));
    assert_eq!(manifest["hold"], HoldRef::from_random(7).as_str());
    let clock = &manifest["clocks"][0];
    assert_eq!(keys(clock), ["name", "kind", "calendar", "started_at", "due_at", "events"]);
    assert_eq!((&clock["kind"], &clock["calendar"]), (&"limit".into(), &"elapsed".into()));
    assert_eq!(clock["events"][0]["percent"], 50);
    assert_eq!(keys(&manifest["history"][0]), ["at", "actor", "event", "message"]);
}

// ---------------------------------------------------------------- the packet

/// What a program prints, or `None` (said so) where it is not installed.
fn printed(program: &str, arguments: &[&str]) -> Option<String> {
    match Command::new(program).args(arguments).output() {
        Ok(output) => {
            let errors = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success() && errors.is_empty(), "{program}: {errors}");
            Some(String::from_utf8_lossy(&output.stdout).into_owned())
        }
        Err(_) => {
            let _ = writeln!(std::io::stderr(), "skipped: {program} is not installed");
            None
        }
    }
}

struct Bound {
    folder: tempfile::TempDir,
    bytes: Vec<u8>,
}

impl Bound {
    fn new(binder: Binder) -> Self {
        let bytes = binder.finish().unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("packet.pdf"), &bytes).unwrap();
        // For a person who wants to look at what the tests bind.
        if let Some(keep) = std::env::var_os("KEEP_PACKETS") {
            let name = std::thread::current().name().unwrap_or("packet").replace("::", "-");
            std::fs::write(Path::new(&keep).join(format!("{name}.pdf")), &bytes).unwrap();
        }
        Self { folder, bytes }
    }

    fn path(&self) -> String {
        self.folder.path().join("packet.pdf").display().to_string()
    }

    fn assert_sound(&self) {
        if let Some(report) = printed("qpdf", &["--check", &self.path()]) {
            assert!(report.contains("No syntax or stream encoding errors found"), "{report}");
        }
    }

    /// The text of a page, as copied.
    fn text(&self, page: u32) -> Option<String> {
        let page = page.to_string();
        printed("pdftotext", &["-f", &page, "-l", &page, &self.path(), "-"])
    }
}

/// Noise: nothing survives it that is not lossless.
fn noise(width: u32, height: u32) -> GrayImage {
    let mut state = 0x2545_F491u32;
    GrayImage::from_fn(width, height, |_, _| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        Luma([if state & 3 == 0 { 0 } else { 255 }])
    })
}

fn fax_page() -> Raster {
    Raster { pixels: noise(1728, 1078), bilevel: true, dpi: Dpi { x: 204.0, y: 98.0 } }
}

#[test]
fn a_fax_page_keeps_its_pixels_its_size_and_its_resolution() {
    let raster = fax_page();
    let mut binder = Binder::new(summary());
    binder.raster_page(&raster, &read_page(1, EvidenceSource::Ocr)).unwrap();
    let bound = Bound::new(binder);
    bound.assert_sound();
    let Some(sizes) = printed("pdfinfo", &["-f", "1", "-l", "9", &bound.path()]) else { return };
    assert!(sizes.contains("609.882 x 792"), "{sizes}");
    let root = bound.folder.path().join("image").display().to_string();
    let Some(listed) = printed("pdfimages", &["-list", &bound.path()]) else { return };
    assert!(listed.contains("ccitt") && listed.contains("204    98"), "{listed}");
    printed("pdfimages", &["-png", &bound.path(), &root]);
    let back = image::open(format!("{root}-000.png")).unwrap().into_luma8();
    assert!(back == raster.pixels, "pixels differ");
}

#[test]
fn any_black_and_white_page_survives_group_4() {
    let black = GrayImage::from_pixel(2600, 9, Luma([0]));
    let stripes =
        GrayImage::from_fn(70, 40, |x, y| Luma([if (x / 7 + y) % 2 == 0 { 0 } else { 255 }]));
    for pixels in [black, stripes, noise(1, 1), noise(8, 3), noise(5000, 7)] {
        let raster = Raster { pixels, bilevel: true, dpi: Dpi { x: 200.0, y: 200.0 } };
        let mut binder = Binder::new(summary());
        binder.raster_page(&raster, &read_page(1, EvidenceSource::Ocr)).unwrap();
        let bound = Bound::new(binder);
        bound.assert_sound();
        let root = bound.folder.path().join("image").display().to_string();
        if printed("pdfimages", &["-png", &bound.path(), &root]).is_none() {
            return;
        }
        let back = image::open(format!("{root}-000.png")).unwrap().into_luma8();
        assert!(back == raster.pixels, "{:?} differs", raster.pixels.dimensions());
    }
}

#[test]
fn words_lie_in_their_boxes_and_are_copied_in_order() {
    let read = read_page(1, EvidenceSource::Ocr);
    let mut binder = Binder::new(summary());
    binder.raster_page(&fax_page(), &read).unwrap();
    let bound = Bound::new(binder);
    let last = printed("pdfinfo", &[&bound.path()]).and_then(|info| {
        info.lines().find_map(|line| line.strip_prefix("Pages:")?.trim().parse::<u32>().ok())
    });
    let Some(last) = last else { return };
    assert_eq!(bound.text(last).unwrap().trim_end(), "PENDING DISCHARGE\n\nWheelchair - for Žofia");
    let page = last.to_string();
    let found =
        printed("pdftotext", &["-bbox", "-f", &page, "-l", &page, &bound.path(), "-"]).unwrap();
    let found: Vec<[f32; 4]> = found.lines().filter_map(word_box).collect();
    let words: Vec<&Word> = read.lines.iter().flat_map(|line| line.words()).collect();
    assert_eq!(found.len(), words.len());
    for (found, word) in found.iter().zip(words) {
        let (width, height) = (609.882, 792.0);
        let b = word.bbox;
        assert!((found[0] - b.x0() * width).abs() < 0.5, "{found:?} {b:?}");
        assert!((found[2] - b.x1() * width).abs() < 0.5, "{found:?} {b:?}");
        // Along the line's middle, whose height a hyphen has not.
        let middle = f32::midpoint(found[1], found[3]);
        assert!(
            middle > b.y0() * height - 6.5 && middle < b.y1() * height + 6.5,
            "{found:?} {b:?}"
        );
    }
}

/// `<word xMin=".." yMin=".." xMax=".." yMax="..">` of `pdftotext -bbox`.
fn word_box(line: &str) -> Option<[f32; 4]> {
    let mut numbers = line.trim().strip_prefix("<word ")?.split('"').skip(1).step_by(2);
    let mut next = || numbers.next()?.parse().ok();
    Some([next()?, next()?, next()?, next()?])
}

#[test]
fn a_grey_page_is_a_jpeg_and_a_lost_page_a_leaf() {
    let pixels = GrayImage::from_fn(400, 500, |x, y| Luma([((x + y) / 4) as u8]));
    let raster = Raster { pixels, bilevel: false, dpi: Dpi { x: 100.0, y: 100.0 } };
    let mut binder = Binder::new(summary());
    binder.raster_page(&raster, &read_page(1, EvidenceSource::Ocr)).unwrap();
    binder.missing_page(&read_page(2, EvidenceSource::Ocr));
    let bound = Bound::new(binder);
    bound.assert_sound();
    let Some(listed) = printed("pdfimages", &["-list", &bound.path()]) else { return };
    assert!(listed.contains("jpeg"), "{listed}");
    let all = printed("pdftotext", &[&bound.path(), "-"]).unwrap();
    assert!(all.contains("Page 2 could not be read"));
}

#[test]
fn the_title_is_the_reference_and_nothing_else_is_told_of_the_patient() {
    let mut binder = Binder::new(summary());
    binder.raster_page(&fax_page(), &read_page(1, EvidenceSource::Ocr)).unwrap();
    let bound = Bound::new(binder);
    let document = Document::load_mem(&bound.bytes).unwrap();
    let info = document.trailer.get(b"Info").unwrap().as_reference().unwrap();
    let info = format!("{:?}", document.get_dictionary(info).unwrap());
    assert!(info.contains(reference().as_str()), "{info}");
    assert!(!info.contains("Edith") && !info.contains("Sample"), "{info}");
}

#[test]
fn a_page_without_pixels_is_refused() {
    let raster =
        Raster { pixels: GrayImage::new(0, 0), bilevel: true, dpi: Dpi { x: 200.0, y: 200.0 } };
    let refused = Binder::new(summary()).raster_page(&raster, &read_page(1, EvidenceSource::Ocr));
    assert!(matches!(refused, Err(AssembleError::EmptyPage)));
}

// ------------------------------------------------------- pages of other PDFs

/// A born-digital PDF of two pages, the attributes inherited, the first turned,
/// its graphics state left unbalanced, with a filled field on the second and
/// hidden words of an earlier OCR.
fn born_digital() -> Vec<u8> {
    let mut document = Document::with_version("1.5");
    let tree = document.new_object_id();
    let font = document.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica",
    });
    let field = document.add_object(dictionary! {
        "Type" => "Annot", "Subtype" => "Widget", "FT" => "Tx",
        "T" => Object::string_literal("member"), "V" => Object::string_literal("Fieldvalue"),
        "Rect" => vec![100.into(), 500.into(), 300.into(), 520.into()],
    });
    let frame = document.add_object(Stream::new(
        dictionary! { "BBox" => vec![0.into(), 0.into(), 200.into(), 20.into()] },
        b"0 0 200 20 re S".to_vec(),
    ));
    let framed = document.add_object(dictionary! {
        "Type" => "Annot", "Subtype" => "Widget", "FT" => "Tx",
        "T" => Object::string_literal("id"), "V" => Object::string_literal("Framedvalue"),
        "AP" => dictionary! { "N" => frame },
        "Rect" => vec![100.into(), 400.into(), 300.into(), 420.into()],
    });
    let drawn = document.add_object(Stream::new(
        dictionary! {
            "BBox" => vec![0.into(), 0.into(), 50.into(), 10.into()],
            "Resources" => dictionary! { "Font" => dictionary! { "F1" => font } },
        },
        b"BT /F1 8 Tf 2 2 Td (Stamped) Tj ET".to_vec(),
    ));
    let stamp = document.add_object(dictionary! {
        "Type" => "Annot", "Subtype" => "Stamp", "AP" => dictionary! { "N" => drawn },
        "Rect" => vec![100.into(), 300.into(), 350.into(), 350.into()],
    });
    let hidden = document.add_object(dictionary! {
        "Type" => "Annot", "Subtype" => "Stamp", "AP" => dictionary! { "N" => drawn },
        "Rect" => vec![100.into(), 100.into(), 350.into(), 150.into()], "F" => 2,
    });
    let first = b"q 0.5 0 0 0.5 0 0 cm q BT /F1 24 Tf 200 1000 Td (Vector words) Tj ET".to_vec();
    let second = b"BT /F1 12 Tf 72 700 Td (Second page) Tj 3 Tr 0 -20 Td (Ghost) Tj ET".to_vec();
    let mut kids = Vec::new();
    for (content, extra) in [(first, None), (second, Some(vec![field, framed, stamp, hidden]))] {
        let content = document.add_object(Stream::new(dictionary! {}, content));
        let mut page = dictionary! { "Type" => "Page", "Parent" => tree, "Contents" => content };
        match extra {
            None => page.set("Rotate", 90),
            Some(annotations) => {
                page.set("Annots", annotations.into_iter().map(Object::from).collect::<Vec<_>>());
            }
        }
        kids.push(document.add_object(page).into());
    }
    document.set_object(
        tree,
        dictionary! {
            "Type" => "Pages", "Count" => 2, "Kids" => kids,
            "MediaBox" => vec![0.into(), 0.into(), 612.into(), 792.into()],
            "Resources" => dictionary! { "Font" => dictionary! { "F1" => font } },
        },
    );
    let catalog = document.add_object(dictionary! {
        "Type" => "Catalog", "Pages" => tree,
        "OpenAction" => dictionary! { "S" => "JavaScript", "JS" => Object::string_literal("app.alert(1)") },
    });
    document.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

fn summary_of_two() -> Summary {
    Summary { document: facts(2), ..summary() }
}

/// Where the page tree is damaged, programs differ on which page is which.
#[test]
fn a_pdf_whose_pages_are_counted_differently_is_not_imported() {
    let mut binder = Binder::new(summary());
    let refused = binder.import_pdf(&born_digital(), &[read_page(1, EvidenceSource::TextLayer)]);
    assert!(matches!(refused, Err(AssembleError::PageCount)));
}

#[test]
fn a_born_digital_page_keeps_its_text_and_gets_nothing_twice() {
    let pages = [1, 2].map(|number| read_page(number, EvidenceSource::TextLayer));
    let mut binder = Binder::new(summary_of_two());
    binder.import_pdf(&born_digital(), &pages).unwrap();
    let bound = Bound::new(binder);
    bound.assert_sound();
    assert!(!bound.bytes.windows(10).any(|w| w == b"JavaScript"), "a script came along");
    let Some(text) = printed("pdftotext", &[&bound.path(), "-"]) else { return };
    for once in ["Vector words", "Second page", "Fieldvalue", "Framedvalue", "Stamped", "Ghost"] {
        assert_eq!(text.matches(once).count(), 1, "{once} in {text}");
    }
    assert!(!text.contains("Wheelchair"), "{text}");
    let info = printed("pdfinfo", &["-f", "1", "-l", "9", &bound.path()]).unwrap();
    assert!(info.lines().any(|line| line.contains("rot:") && line.ends_with(" 90")), "{info}");
}

#[test]
fn words_read_from_pixels_lie_over_a_turned_page_where_they_were_read() {
    // The first page is turned by its file; the reading turned it further.
    for (rotation, total) in [
        (Rotation::None, 90),
        (Rotation::Quarter, 180),
        (Rotation::Half, 270),
        (Rotation::ThreeQuarters, 0),
    ] {
        let read = RecognizedPage { rotation, ..read_page(1, EvidenceSource::Ocr) };
        let mut binder = Binder::new(summary_of_two());
        binder.import_pdf(&born_digital(), std::slice::from_ref(&read)).unwrap();
        let bound = Bound::new(binder);
        bound.assert_sound();
        let document = Document::load_mem(&bound.bytes).unwrap();
        let page = *document.get_pages().values().last().unwrap();
        let turn = document.get_dictionary(page).unwrap().get(b"Rotate").unwrap().as_i64().unwrap();
        assert_eq!(turn, total);
        let Some(found) = printed("pdftotext", &["-bbox", &bound.path(), "-"]) else { return };
        let line = found.lines().find(|line| line.contains(">Wheelchair<")).unwrap();
        let (width, height) = if total % 180 == 0 { (612.0, 792.0) } else { (792.0, 612.0) };
        let b = word_box(line).unwrap();
        assert!((b[0] - 0.10 * width).abs() < 1.0 && (b[2] - 0.25 * width).abs() < 1.0, "{b:?}");
        let middle = f32::midpoint(b[1], b[3]);
        assert!((middle - 0.208 * height).abs() < 2.0, "{b:?}");
    }
}

#[test]
fn hidden_words_of_an_earlier_reading_give_way_to_ours() {
    let mut binder = Binder::new(summary_of_two());
    binder.import_pdf(&born_digital(), &[read_page(2, EvidenceSource::Ocr)]).unwrap();
    let bound = Bound::new(binder);
    let Some(text) = printed("pdftotext", &[&bound.path(), "-"]) else { return };
    assert!(!text.contains("Ghost") && text.contains("Second page"), "{text}");
    assert_eq!(text.matches("Wheelchair").count(), 1);
}

/// Another patient's pages must not come along, in whatever corner of the file.
#[test]
fn a_part_holds_its_own_pages_and_nothing_of_the_others() {
    let mut binder = Binder::new(summary());
    let cut = Cut { pages: vec![PageNumber::new(2).unwrap()], of: 2 };
    let page = read_page(1, EvidenceSource::TextLayer);
    binder.import_cut(&born_digital(), std::slice::from_ref(&page), &cut).unwrap();
    let bound = Bound::new(binder);
    bound.assert_sound();
    let document = Document::load_mem(&bound.bytes).unwrap();
    for object in document.objects.values() {
        let Ok(stream) = object.as_stream() else { continue };
        let content = stream.decompressed_content().unwrap_or_else(|_| stream.content.clone());
        let of_first = content.windows(12).any(|window| window == b"Vector words");
        assert!(!of_first, "words of the first page came along");
    }
    let Some(text) = printed("pdftotext", &[&bound.path(), "-"]) else { return };
    assert!(text.contains("Second page") && !text.contains("Vector words"), "{text}");
}

#[test]
fn a_failed_import_leaves_the_binder_as_it_was() {
    let mut binder = Binder::new(summary_of_two());
    let pages = [1, 7].map(|number| read_page(number, EvidenceSource::TextLayer));
    let failed = binder.import_pdf(&born_digital(), &pages);
    assert!(matches!(failed, Err(AssembleError::NoSuchPage)));
    assert!(matches!(binder.import_pdf(b"no PDF", &pages), Err(AssembleError::Structure(_))));
    binder.raster_page(&fax_page(), &pages[0]).unwrap();
    let bound = Bound::new(binder);
    bound.assert_sound();
    let Some(text) = printed("pdftotext", &[&bound.path(), "-"]) else { return };
    assert!(!text.contains("Vector words"));
}

#[test]
fn long_lists_run_on_over_several_summary_pages() {
    let mut long = summary();
    let reason = long.disposition.reasons[0].clone();
    long.disposition.reasons = vec![reason; 60];
    let bound = Bound::new(Binder::new(long));
    bound.assert_sound();
    let Some(text) = printed("pdftotext", &[&bound.path(), "-"]) else { return };
    assert_eq!(text.matches("A detailed invoice").count(), 60);
}

#[test]
fn a_summary_survives_the_way_into_another_process() {
    let summary = summary();
    let sent = serde_json::to_vec(&summary).unwrap();
    assert_eq!(serde_json::from_slice::<Summary>(&sent).unwrap(), summary);
    let hidden = format!("{:?}", Phi::new(summary));
    assert!(!hidden.contains("Edith"));
}

// -------------------------------------------------------- other people's PDFs

/// Most pages of one file that are compared, and most bytes of a file; all
/// pages of all files take minutes.
const COMPARED_PAGES: usize = 1;
const MOST_BYTES: u64 = 1 << 20;
/// One file in so many, unless `ALL_PDFS` is set.
const SAMPLE: usize = 5;
/// Mean difference of pixels, 0 to 255, at which two renderings are told
/// apart. Poppler draws hairlines within a form lighter, which on a page of
/// tables comes to 2.3, the most seen in 283 pages; this is for pages that are
/// lost, turned or in the wrong place.
const LIKE: f32 = 4.0;

/// Every PDF below `folder`.
fn pdfs(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(pdfs(&path));
        } else if path.extension().is_some_and(|extension| extension == "pdf") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Pages as poppler draws them; what it complains of is not ours to mend.
fn drawn(pdf: &Path, first: usize, last: usize) -> Vec<GrayImage> {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("page");
    let (first, last) = (first.to_string(), last.to_string());
    let _ = Command::new("pdftoppm")
        .args(["-cropbox", "-r", "40", "-gray", "-png", "-f", &first, "-l", &last])
        .args([pdf, &root])
        .output();
    let mut files: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().map(|file| image::open(file).unwrap().into_luma8()).collect()
}

/// How many pages poppler counts.
fn printed_pages(pdf: &Path) -> Option<u32> {
    let output = Command::new("pdfinfo").arg(pdf).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines().find_map(|line| line.strip_prefix("Pages:")?.trim().parse().ok())
}

fn difference(a: &GrayImage, b: &GrayImage) -> f32 {
    if a.dimensions() != b.dimensions() {
        return f32::INFINITY;
    }
    let sum: u64 = a.iter().zip(b.iter()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f32 / a.len() as f32
}

#[test]
fn other_peoples_pdfs_are_taken_over_as_they_look() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let files = pdfs(&folder);
    if files.is_empty() || Command::new("pdftoppm").arg("-v").output().is_err() {
        let _ = writeln!(std::io::stderr(), "skipped: no corpus beside the checkout");
        return;
    }
    let (mut compared, mut refused, mut unlike) = (0, 0, Vec::new());
    let step = if std::env::var_os("ALL_PDFS").is_some() { 1 } else { SAMPLE };
    for file in files.into_iter().step_by(step) {
        if std::fs::metadata(&file).unwrap().len() > MOST_BYTES {
            continue;
        }
        let bytes = std::fs::read(&file).unwrap();
        let Ok(document) = Document::load_mem(&bytes) else { continue };
        let count = document.page_iter().count().min(COMPARED_PAGES);
        let pages: Vec<_> = (1..=count as u32)
            .map(|n| RecognizedPage { lines: vec![], ..read_page(n, EvidenceSource::Ocr) })
            .collect();
        // Where lopdf and the renderer count differently the import refuses.
        let seen = printed_pages(&file).unwrap_or(0);
        let mut binder = Binder::new(Summary { document: facts(seen), ..summary() });
        if pages.is_empty() || binder.import_pdf(&bytes, &pages).is_err() {
            refused += 1;
            continue;
        }
        let bound = Bound::new(binder);
        if let Some(keep) = std::env::var_os("KEEP_PACKETS") {
            let name = file.file_name().unwrap();
            std::fs::write(Path::new(&keep).join(name), &bound.bytes).unwrap();
        }
        let ours = drawn(Path::new(&bound.path()), 2, 1 + count);
        let theirs = drawn(&file, 1, count);
        let name = file.strip_prefix(&folder).unwrap().display().to_string();
        if ours.len() != count {
            unlike.push(format!("{name}: {} of {count} pages", ours.len()));
        }
        for (page, (ours, theirs)) in ours.iter().zip(&theirs).enumerate() {
            // An icon of a few points is three pixels here, all of them edge.
            if theirs.width() < 50 {
                continue;
            }
            compared += 1;
            let difference = difference(ours, theirs);
            if difference > LIKE {
                unlike.push(format!("{name} page {}: {difference}", page + 1));
            }
        }
    }
    let _ = writeln!(std::io::stderr(), "{compared} pages compared, {refused} files refused");
    assert!(unlike.is_empty(), "{unlike:#?}");
}
