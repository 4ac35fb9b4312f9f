//! The store, and everything that happens to a document in it.

use std::time::{Duration, Instant};

use intake::assemble::ModelDigests;
use intake::config::{ImportedCodes, Knowledge};
use intake::decide::disposition::{Action, Disposition, Queue};
use intake::decide::recorded::{Inputs, ModelsUsed, Subject};
use intake::decide::register::{CaseKeys, CaseLine, CaseMember, CaseRecord, CaseState};
use intake::decide::{Document, Earlier, Input, Piece, Register, decide};
use intake::decode::pages::{Inventory, MediaType};
use intake::extract::findings::Extracted;
use intake::receive::received::Received;
use intake::recognize::recognized::Recognized;
use intake::store::{
    Admission, Claim, Decided, ImportedCase, Job, NewPart, Outcome, PageRecord, PageTiming, PartOf,
    SqliteStore, Store, Triaged,
};
use intake::vocab::codes::CodeTable;
use intake::vocab::{CaseRef, DocumentRef, HoldRef, PageNumber, Phi, Sha256Digest, SubmissionRef};
use jiff::{SignedDuration, Timestamp};
use rand::Rng;
use rand_chacha::ChaCha8Rng;

use super::reading::Read;
use super::story::{Sent, Story};
use super::world::{Case, OXYGEN, Plan, World, program};

pub struct Desk {
    store: SqliteStore,
    knowledge: Knowledge,
    pub sent: Vec<Sent>,
    _dir: tempfile::TempDir,
}

/// What came of a document.
pub struct Ended {
    pub disposition: Disposition,
    /// The case it lies in, and whose case that is by the register.
    pub case: Option<(CaseRef, CaseRecord)>,
    /// Those of its parts.
    pub parts: Vec<(usize, Disposition, Option<CaseRecord>)>,
    pub took: Duration,
    /// Whether a discharge that waits was read.
    pub seen_waiting: bool,
}

impl Desk {
    pub async fn open() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&dir.path().join("intake.db")).await.unwrap();
        let knowledge = Knowledge::load(None, &ImportedCodes::default()).unwrap();
        Self { store, knowledge, sent: Vec::new(), _dir: dir }
    }

    pub fn codes(&self) -> &CodeTable {
        &self.knowledge.codes
    }

    /// Between two documents: calls are taken down, and cases decided.
    pub async fn goes_on(&self, rng: &mut ChaCha8Rng, world: &mut World, now: Timestamp) {
        if rng.random_bool(0.02) {
            let person = world.person(rng, Plan::Commercial);
            let reference = CaseRef::from_random(rng.random());
            let whom = world.people[person].clone();
            let record = CaseRecord {
                program: program(whom.plan, OXYGEN).map(str::to_owned),
                member: CaseMember {
                    name: Some(Phi::new(whom.name)),
                    date_of_birth: Some(Phi::new(whom.born)),
                    id: Some(Phi::new(whom.id)),
                },
                lines: vec![CaseLine { code: None, family: OXYGEN.family.into() }],
                by_phone: true,
                ..CaseRecord::new(reference.clone(), now)
            };
            self.store.open_case(&record).await.unwrap();
            let case = Case { by_phone: true, ..new_case(person, OXYGEN, reference, now) };
            world.cases.push(case);
        }
        if rng.random_bool(0.3) {
            self.decide_one(rng, world, now).await;
        }
    }

    /// The case system says that a case was decided.
    async fn decide_one(&self, rng: &mut ChaCha8Rng, world: &mut World, now: Timestamp) {
        let day = SignedDuration::from_hours(24);
        let ripe = |case: &&mut Case| {
            case.decided.is_none()
                && case.asked.is_empty()
                && !case.by_phone
                && now.duration_since(case.opened) > day
        };
        let mut ripe: Vec<&mut Case> = world.cases.iter_mut().filter(ripe).collect();
        if ripe.is_empty() {
            return;
        }
        let at = rng.random_range(0..ripe.len());
        let case = &mut ripe[at];
        case.decided = Some(now);
        let record = self.store.case(&case.reference).await.unwrap().unwrap();
        let record = CaseRecord { state: CaseState::Decided, decided_at: Some(now), ..record };
        let number = Phi::new(format!("K{}", case.reference));
        let row = ImportedCase { number, record, is_linked: true };
        self.store.import_cases(&[row]).await.unwrap();
    }

    /// Takes a document through all its stages.
    pub async fn take(
        &mut self,
        world: &mut World,
        number: u64,
        told: &Story,
        read: Read,
    ) -> Ended {
        let document = DocumentRef::from_random(number);
        let now = told.received;
        let received = Received {
            document: document.clone(),
            submission: SubmissionRef::from_random(number),
            sha256: told.paper.bytes,
            bytes: 1,
            source: "inbox".into(),
            file_name: Phi::from("fax.tif"),
            received_at: now,
            context: read.context.clone(),
        };
        let admission = Admission { documents: vec![received], arrival: None };
        self.store.admit(&admission).await.unwrap();
        let pages = u32::try_from(read.recognized.pages.len()).unwrap();
        let inventory = Inventory { media_type: MediaType::Tiff, pages, notes: vec![] };
        self.store.finish_open(&self.claim(now).await, &inventory, now).await.unwrap();
        for page in &read.recognized.pages {
            let claim = self.claim(now).await;
            assert_eq!(claim.job, Job::Read(page.number));
            let triaged =
                Triaged { lane: intake::decide::disposition::Lane::Retro, announce: None };
            let page = kept(page.clone());
            self.store.finish_page(&claim, &page, &triaged, now).await.unwrap();
        }
        let claim = self.claim(now).await;
        assert_eq!(claim.job, Job::Decide);
        let earlier = self.earlier(told.paper.bytes, &document).await;
        let began = Instant::now();
        let (disposition, took) =
            self.judge(&read, &read.extracted, &read.recognized, &read.pieces, &earlier, now).await;
        debug_assert!(began.elapsed() >= took);
        let main = self.decided(number, &document, &read.extracted, &disposition, now);
        let mut all = vec![main];
        let mut parts = Vec::new();
        if disposition.action == Action::Split {
            for (place, piece) in read.pieces.iter().enumerate() {
                let (of_part, decided) =
                    self.part(number, place, &document, &read, piece, now).await;
                parts.push((place, of_part, decided.outcome.case.clone()));
                all.push(decided);
            }
        }
        self.store.finish_decide(&claim, &all, now).await.unwrap();
        for _ in &all {
            let claim = self.claim(now).await;
            assert_eq!(claim.job, Job::Deliver);
            self.store.finish_deliver(&claim, "there", now).await.unwrap();
        }
        let case = self.record(all[0].outcome.case.as_ref()).await;
        let mut of_parts = Vec::new();
        for (place, disposition, case) in parts {
            let record = self.record(case.as_ref()).await.map(|(_, record)| record);
            of_parts.push((place, disposition, record));
        }
        self.remember(world, told, &all).await;
        self.sent.push(Sent {
            paper: told.paper.clone(),
            document,
            received: now,
            action: disposition.action,
            case: told.meant.case.or(self.opened(world, &all[0])),
        });
        let seen_waiting = read.extracted.findings.pending_discharge.value.is_raised();
        Ended { disposition, case, parts: of_parts, took, seen_waiting }
    }

    async fn claim(&self, now: Timestamp) -> Claim {
        let until = now + SignedDuration::from_hours(1);
        self.store.claim(now, until).await.unwrap().unwrap()
    }

    async fn earlier(&self, bytes: Sha256Digest, own: &DocumentRef) -> Vec<Earlier> {
        let same = self.store.decided_with_bytes(bytes).await.unwrap();
        let others = same.into_iter().filter(|other| other.received.document != *own);
        let earlier = others.filter_map(|other| {
            let outcome = other.outcome?;
            (outcome.disposition.action != Action::Duplicate).then_some(Earlier {
                document: other.received.document,
                received_at: other.received.received_at,
                findings: outcome.extracted.findings,
                case: outcome.case,
            })
        });
        earlier.collect()
    }

    async fn judge(
        &self,
        read: &Read,
        extracted: &Extracted,
        recognized: &Recognized,
        pieces: &[Piece],
        earlier: &[Earlier],
        now: Timestamp,
    ) -> (Disposition, Duration) {
        let keys = CaseKeys::of_document(&extracted.findings);
        let cases = self.store.case_candidates(&keys).await.unwrap();
        let document = Document {
            extracted,
            recognized,
            context: &read.context,
            received_at: now,
            forced_program: None,
            register: Some(Register { cases: &cases, rules: &self.knowledge.matching }),
            pieces,
            earlier,
            with_case: None,
            before: None,
        };
        let began = Instant::now();
        let decided =
            decide(&Input::Read(document), &self.knowledge.programs, &self.knowledge.codes);
        (decided, began.elapsed())
    }

    async fn part(
        &self,
        number: u64,
        place: usize,
        whole: &DocumentRef,
        read: &Read,
        piece: &Piece,
        now: Timestamp,
    ) -> (Disposition, Decided) {
        let pages = piece.pages.iter().enumerate().map(|(at, number)| {
            read.recognized.pages[number.index()].clone().counted_as(PageNumber::from_index(at))
        });
        let recognized = Recognized { pages: pages.collect() };
        let (disposition, _) = self.judge(read, &piece.extracted, &recognized, &[], &[], now).await;
        let own = 1_000_000_000 + number * 10 + place as u64;
        let document = DocumentRef::from_random(own);
        let mut decided = self.decided(own, &document, &piece.extracted, &disposition, now);
        let of = u32::try_from(read.recognized.pages.len()).unwrap();
        decided.part = Some(NewPart {
            of: PartOf { document: whole.clone(), pages: piece.pages.clone(), of },
            pages: recognized.pages.into_iter().map(kept).collect(),
        });
        (disposition, decided)
    }

    fn decided(
        &self,
        number: u64,
        document: &DocumentRef,
        extracted: &Extracted,
        disposition: &Disposition,
        now: Timestamp,
    ) -> Decided {
        let opens = disposition.action == Action::NewCase;
        let case = disposition.case.clone();
        let case = case.or_else(|| opens.then(|| CaseRef::from_random(7_000_000_000 + number)));
        let held = disposition.queue.is_some_and(Queue::is_hold);
        let hold = held.then(|| HoldRef::from_random(9_000_000_000 + number));
        let record = case
            .clone()
            .filter(|_| opens)
            .map(|case| CaseRecord::opened(case, extracted, disposition, hold.as_ref(), now));
        let digest = Sha256Digest::of(b"month");
        let outcome = Outcome {
            extracted: extracted.clone(),
            disposition: disposition.clone(),
            case,
            hold,
            corrections: vec![],
            closed: None,
            notices: vec![],
            models: ModelDigests { codes: digest, ocr: digest },
            extract_ms: 0,
            decide_ms: 0,
        };
        // Nobody decides this month again.
        let inputs = Inputs {
            models: ModelsUsed { programs: digest, matching: digest, codes: digest },
            subject: Subject::Unopened {
                code: "month".into(),
                message: String::new(),
                least_lane: None,
            },
        };
        Decided { document: document.clone(), part: None, inputs, outcome, opens: record }
    }

    async fn record(&self, case: Option<&CaseRef>) -> Option<(CaseRef, CaseRecord)> {
        let record = self.store.case(case?).await.unwrap()?;
        Some((record.reference.clone(), record))
    }

    /// What is true of cases now: who asked for what opened one, and what an
    /// answer has left open.
    async fn remember(&self, world: &mut World, told: &Story, all: &[Decided]) {
        for (place, decided) in all.iter().enumerate() {
            let Some(record) = &decided.opens else { continue };
            let person = match (place, told.paper.second) {
                (2, Some((second, _))) => second,
                _ => told.paper.person,
            };
            let Some(thing) = told.paper.thing else { continue };
            let mut case = new_case(person, thing, record.reference.clone(), told.received);
            case.asked.clone_from(&record.asked);
            case.hold = record.hold_reference.as_ref().map(|hold| hold.expose().clone());
            case.due = record.hold_due;
            world.cases.push(case);
        }
        if let Some(at) = told.meant.case {
            let reference = world.cases[at].reference.clone();
            let record = self.store.case(&reference).await.unwrap().unwrap();
            world.cases[at].asked = record.asked;
        }
    }

    fn opened(&self, world: &World, decided: &Decided) -> Option<usize> {
        let case = decided.outcome.case.as_ref()?;
        world.cases.iter().position(|one| one.reference == *case)
    }
}

fn new_case(
    person: usize,
    thing: super::world::Thing,
    reference: CaseRef,
    opened: Timestamp,
) -> Case {
    Case {
        person,
        thing,
        reference,
        opened,
        decided: None,
        asked: vec![],
        hold: None,
        due: None,
        by_phone: false,
    }
}

fn kept(page: intake::recognize::recognized::RecognizedPage) -> PageRecord {
    let models = Sha256Digest::of(b"models");
    PageRecord { page, models, way: None, took: PageTiming::default() }
}
