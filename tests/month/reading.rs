//! From what is on the paper to what a reader makes of it, misread as documents
//! of the same damage really were.

use std::collections::BTreeMap;

use intake::decide::Piece;
use intake::extract::findings::*;
use intake::receive::received::Context;
use intake::recognize::recognized::{Line, Method, Recognized, RecognizedPage, Rotation, Word};
use intake::vocab::codes::CodeTable;
use intake::vocab::{
    BBox, Confidence, Evidence, EvidenceSource, HcpcsCode, Icd10Code, Npi, PageNumber, Phi, Tin,
};
use rand::Rng;
use rand::seq::IndexedRandom as _;
use rand_chacha::ChaCha8Rng;
use serde::Deserialize;

use super::story::{Damage, Paper};
use super::world::{Care, OXYGEN, Person, Plan, Thing, World};

/// What was measured: see `measure.py`.
#[derive(Deserialize)]
pub struct Measured {
    /// Of right values, by field: a confidence and how many had it.
    confidences: BTreeMap<String, Vec<(f32, u32)>>,
    documents: Vec<Misread>,
}

/// What was read wrong in one document.
#[derive(Clone, Deserialize)]
struct Misread {
    /// What sort of packet it was: `dme`, `home-health`, `appeal`.
    kind: String,
    /// Whether a request form was among its pages.
    form: bool,
    damage: String,
    missed: Vec<String>,
    /// Fields of which something else was read, and how surely.
    #[serde(rename = "false")]
    wrong: Vec<(String, Option<f32>)>,
    items: BTreeMap<String, String>,
}

impl Measured {
    /// As packets of this pool of layouts were.
    pub fn of(layouts: &str) -> Self {
        let text = match layouts {
            "wide" => include_str!("wide.json"),
            other => panic!("{other}: wide was measured"),
        };
        serde_json::from_str(text).unwrap()
    }

    /// A packet like a paper: of its sort, as damaged, with or without a form.
    fn draw(&self, rng: &mut ChaCha8Rng, paper: &Paper, plan: Plan) -> &Misread {
        let kinds = kinds_like(paper, plan);
        let damage = match paper.damage {
            Damage::Clean => "clean",
            Damage::Light => "light",
            Damage::Medium => "medium",
            Damage::Heavy | Damage::Illegible => "heavy",
        };
        let form = paper.pages.contains(&PageKind::PrecertForm);
        let of_sort = |one: &&Misread| one.damage == damage && kinds.contains(&one.kind.as_str());
        let alike: Vec<&Misread> = self.documents.iter().filter(of_sort).collect();
        // Letters are few, and have no form either way.
        let same: Vec<&Misread> = alike.iter().filter(|one| one.form == form).copied().collect();
        if same.is_empty() { alike.choose(rng).unwrap() } else { same.choose(rng).unwrap() }
    }

    fn confidence(&self, rng: &mut ChaCha8Rng, field: &str) -> Confidence {
        let Some(seen) = self.confidences.get(field) else { return Confidence::new(0.95) };
        let total: u32 = seen.iter().map(|(_, count)| count).sum();
        let mut drawn = rng.random_range(0..total);
        let found = seen.iter().find(|(_, count)| {
            let this = drawn < *count;
            drawn = drawn.saturating_sub(*count);
            this
        });
        Confidence::new(found.map_or(0.95, |(confidence, _)| *confidence))
    }
}

/// The sorts of packet that a paper is like: a letter loses other things than a form.
fn kinds_like(paper: &Paper, plan: Plan) -> &'static [&'static str] {
    let about = |kinds: &[IntentKind]| paper.intents.iter().any(|one| kinds.contains(one));
    let decided = [IntentKind::Appeal, IntentKind::Reconsideration, IntentKind::PeerToPeer];
    if paper.second.is_some() {
        return &["two-members"];
    }
    if about(&decided) {
        return &["appeal"];
    }
    if about(&[IntentKind::CareCoordination]) {
        return &["care-coordination"];
    }
    match paper.thing.map(|thing| thing.care) {
        Some(Care::HomeHealth) => &["home-health"],
        Some(Care::SleepTest) => &["sleep"],
        Some(Care::Equipment) | None if plan == Plan::Medicare => &["dme-ma"],
        Some(Care::Equipment) | None => &["dme", "retro", "same-day"],
    }
}

/// A document as read.
pub struct Read {
    pub extracted: Extracted,
    pub recognized: Recognized,
    pub context: Context,
    pub pieces: Vec<Piece>,
}

pub struct Reader<'a> {
    pub rng: &'a mut ChaCha8Rng,
    pub measured: &'a Measured,
    pub codes: &'a CodeTable,
}

impl Reader<'_> {
    pub fn read(&mut self, world: &World, paper: &Paper) -> Read {
        let person = &world.people[paper.person];
        let misread = self.measured.draw(self.rng, paper, person.plan).clone();
        let count = paper.pages.len();
        let mut extracted = self.extracted(person, paper, paper.thing, &misread);
        let mut pages = self.pages(paper, &misread);
        let mut pieces = Vec::new();
        if let Some((second, thing)) = paper.second {
            let other = &world.people[second];
            let of_second = self.extracted(other, paper, Some(thing), &misread);
            let more = self.pages(paper, &misread);
            pages.extend(more.into_iter().map(|page| {
                let number = PageNumber::from_index(page.number.index() + count);
                page.counted_as(number)
            }));
            if paper.shared {
                // The invoice of the first names the second.
                pages[count - 1].lines.extend(line(&format!("also for {}", other.name)));
            }
            let part = |from: usize, found: &Extracted| Part {
                pages: (from..from + count).map(PageNumber::from_index).collect(),
                member: found.findings.member.id.clone().or(found.findings.member.name.clone()),
            };
            let parts = vec![part(0, &extracted), part(count, &of_second)];
            for (part, alone) in parts.iter().zip([&extracted, &of_second]) {
                pieces.push(Piece { pages: part.pages.clone(), extracted: alone.clone() });
            }
            extracted.page_kinds.extend(of_second.page_kinds);
            extracted.findings.hcpcs.extend(of_second.findings.hcpcs);
            extracted.parts = parts;
        }
        let context = Context { note: paper.note.clone(), metadata: BTreeMap::new() };
        Read { extracted, recognized: Recognized { pages }, context, pieces }
    }

    fn pages(&mut self, paper: &Paper, misread: &Misread) -> Vec<RecognizedPage> {
        let bad = paper.damage == Damage::Illegible || misread.missed.iter().any(|m| m == "pages");
        let page = |(at, kind): (usize, &PageKind)| {
            // A form or a cover is printed large and read last of all too badly.
            let plain = matches!(kind, PageKind::FaxCover | PageKind::PrecertForm);
            let confidence = match (bad, kind, paper.damage) {
                (true, _, _) if !plain => 0.4,
                (_, PageKind::Other, Damage::Clean) if paper.pages[0] == PageKind::PrecertForm => {
                    0.3
                }
                (_, _, Damage::Clean | Damage::Light) => 0.96,
                (_, _, Damage::Medium) => 0.93,
                (_, _, Damage::Heavy | Damage::Illegible) => 0.8,
            };
            let mut words = paper.words.clone();
            if let Some(payer) = paper.payer {
                words = format!("{payer} precertification request");
            }
            if paper.denied {
                words.push_str(" the request was denied");
            }
            RecognizedPage {
                number: PageNumber::from_index(at),
                method: Method::Ocr,
                rotation: Rotation::None,
                confidence: Confidence::new(confidence),
                header: None,
                lines: line(&words).into_iter().filter(|_| plain).collect(),
                marks: vec![],
                codes: vec![],
                inches: (8.5, 11.0),
                notes: vec![],
            }
        };
        paper.pages.iter().enumerate().map(page).collect()
    }

    fn extracted(
        &mut self,
        person: &Person,
        paper: &Paper,
        thing: Option<Thing>,
        misread: &Misread,
    ) -> Extracted {
        let mut extracted = Extracted::nothing();
        extracted.page_kinds.clone_from(&paper.pages);
        let pages = (0..paper.pages.len()).map(PageNumber::from_index).collect();
        let findings = &mut extracted.findings;
        let born = person.born.to_string();
        let id = paper.payer.map_or(person.id.clone(), |_| format!("W{}", &person.id[1..]));
        let name = (!paper.nameless).then_some(person.name.as_str());
        findings.member = Member {
            name: self.field(misread, "member.name", name, 0),
            date_of_birth: self.field(misread, "member.date_of_birth", Some(&born), 0),
            id: self.field(misread, "member.id", Some(&id), 0),
            other_ids: paper
                .other_id
                .iter()
                .map(|id| field(id, Confidence::new(0.97), 1))
                .collect(),
        };
        if let Some(thing) = thing {
            if !self.missed_one(misread, "hcpcs") {
                findings.hcpcs.push(self.code(thing, paper));
            }
            if thing == OXYGEN {
                findings.oxygen = Some(field("oxygen", Confidence::new(0.95), 1));
            }
        }
        let diagnosis = !self.missed_one(misread, "icd10");
        findings.icd10.extend(diagnosis.then(|| IcdFinding {
            code: Icd10Code::parse("M62.81").unwrap(),
            confidence: self.measured.confidence(self.rng, "icd10"),
            raw: Phi::from("M62.81"),
            repaired: false,
            evidence: vec![seen(1)],
        }));
        for (role, name, number) in [
            (Role::Ordering, "ordering", "2000000002"),
            (Role::Rendering, "rendering", "2000000010"),
        ] {
            if !missed(misread, &format!("npi.{name}")) {
                findings.npi.push(NpiFinding {
                    value: Npi::parse(number).unwrap(),
                    role,
                    confidence: self.measured.confidence(self.rng, "npi"),
                    raw: Phi::from(number),
                    repaired: false,
                    evidence: vec![seen(1)],
                    directory: None,
                });
            }
            if !missed(misread, &format!("tin.{name}")) {
                findings.tin.push(TinFinding {
                    value: Tin::parse("47-1234567").unwrap(),
                    role,
                    confidence: Confidence::new(0.97),
                    raw: Phi::from("47-1234567"),
                    repaired: false,
                    evidence: vec![seen(1)],
                });
            }
            let part = |reader: &mut Self, part: &str, value: &str| {
                reader.field(misread, &format!("{name}.{part}"), Some(value), 1)
            };
            findings.providers.push(Provider {
                role,
                name: part(self, "name", "Lakeside Example"),
                npi: None,
                tin: None,
                phone: part(self, "phone", "+12125550105"),
                fax: part(self, "fax", "+12125550106"),
                address: part(
                    self,
                    "address",
                    &format!("1 Main St, Springfield, {} 10001", paper.state),
                ),
            });
        }
        let service = paper.service.map(|day| day.to_string());
        findings.dates.service = self.field(misread, "dates.service", service.as_deref(), 1);
        if let Some((setting, place)) = paper.setting {
            findings.setting = Some(field(setting, Confidence::new(0.95), 1));
            let place = self.field(misread, "place_of_service", Some(place), 1);
            findings.place_of_service = place;
        }
        findings.pending_discharge = Flag { value: paper.pending, evidence: vec![seen(0)] };
        if paper.pending.is_raised() && missed(misread, "pending_discharge") {
            findings.pending_discharge.value = PendingDischarge::None;
        }
        if paper.urgent && !missed(misread, "urgent") {
            findings.urgent = Flag { value: Urgency::Claimed, evidence: vec![seen(0)] };
        }
        let intents =
            paper.intents.iter().map(|kind| Intent { kind: *kind, evidence: vec![seen(0)] });
        findings.intents = intents.collect();
        if !missed(misread, "references") {
            let references = paper.references.iter().map(|value| ReferenceFinding {
                kind: ReferenceKind::Hold,
                value: Phi::new(value.clone()),
                evidence: vec![seen(0)],
            });
            findings.references = references.collect();
        }
        if let Some(payer) = paper.payer {
            findings.payers = vec![PayerFinding { name: payer.into(), evidence: vec![seen(0)] }];
        } else if person.plan == Plan::Commercial || !paper.words.is_empty() {
            findings.payers = vec![PayerFinding { name: "cigna".into(), evidence: vec![seen(0)] }];
        }
        items(findings, paper, misread);
        extracted.parts = vec![Part { pages, member: extracted.findings.member.id.clone() }];
        extracted
    }

    /// Of a field that stands twice on most papers, and once on ours: which of the
    /// two was missed.
    fn missed_one(&mut self, misread: &Misread, field: &str) -> bool {
        missed(misread, field) && self.rng.random_bool(0.5)
    }

    fn field(
        &mut self,
        misread: &Misread,
        name: &str,
        value: Option<&str>,
        page: usize,
    ) -> Option<Field> {
        let value = value?;
        if let Some((_, confidence)) = misread.wrong.iter().find(|(field, _)| field == name) {
            // One character is another, as in most that were read wrong.
            let at = self.rng.random_range(1..value.len().max(3) - 1);
            let mut text = value.as_bytes().to_vec();
            text[at] =
                if text[at].is_ascii_digit() { b'0' + (text[at] - b'0' + 5) % 10 } else { b'e' };
            let text = String::from_utf8(text).unwrap();
            return Some(field(&text, Confidence::new(confidence.unwrap_or(0.7)), page));
        }
        if missed(misread, name) {
            return None;
        }
        let confidence = self.measured.confidence(self.rng, name);
        Some(field(value, confidence, page))
    }

    fn code(&mut self, thing: Thing, paper: &Paper) -> HcpcsFinding {
        let code = HcpcsCode::parse(thing.code).unwrap();
        let known = self.codes.get(&code).unwrap();
        let pages: Vec<usize> = (1..paper.pages.len()).collect();
        HcpcsFinding {
            family: known.family.clone(),
            payment: known.payment,
            lists: vec![],
            code,
            modifiers: vec![],
            units: Some("1".into()),
            confidence: self.measured.confidence(self.rng, "hcpcs"),
            raw: Phi::from(thing.code),
            repaired: false,
            evidence: pages.into_iter().map(seen).collect(),
        }
    }
}

/// What of the checklist is there, and what of that was read.
fn items(findings: &mut Findings, paper: &Paper, misread: &Misread) {
    let asks = paper
        .pages
        .iter()
        .any(|kind| matches!(kind, PageKind::PrecertForm | PageKind::Order | PageKind::PlanOfCare));
    for found in &mut findings.checklist {
        let never = matches!(found.item, Item::Cmn | Item::TimeAudit);
        let there = asks && !never && !paper.lacks.contains(&found.item);
        found.status = if there { ItemStatus::Present } else { ItemStatus::Missing };
        match (misread.items.get(found.item.as_str()).map(String::as_str), there) {
            (Some("unclear"), true) => found.status = ItemStatus::Unclear,
            (Some("missing"), true) => found.status = ItemStatus::Missing,
            (Some("present"), false) => found.status = ItemStatus::Present,
            _ => {}
        }
        if found.status != ItemStatus::Missing {
            found.evidence = vec![seen(1)];
        }
    }
}

fn missed(misread: &Misread, field: &str) -> bool {
    misread.missed.iter().any(|missed| missed == field)
}

fn field(value: &str, confidence: Confidence, page: usize) -> Field {
    Field {
        value: Phi::from(value),
        raw: Phi::from(value),
        confidence,
        repaired: false,
        evidence: vec![seen(page), seen(0)],
    }
}

fn seen(page: usize) -> Evidence {
    let bbox = BBox::new(0.1, 0.1, 0.3, 0.12);
    let (number, sure) = (PageNumber::from_index(page), Confidence::new(0.95));
    Evidence::on_page(number, bbox, "as read", sure, EvidenceSource::Ocr)
}

fn line(text: &str) -> Option<Line> {
    let word = |word: &str| Word {
        text: Phi::from(word),
        bbox: BBox::new(0.1, 0.1, 0.2, 0.12),
        confidence: Confidence::new(0.95),
        source: EvidenceSource::Ocr,
    };
    Line::new(text.split_whitespace().map(word).collect())
}
