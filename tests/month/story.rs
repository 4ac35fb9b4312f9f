//! What was sent, and what a person at the desk would do with it. Written from
//! the plan's rules, by no road that `decide` takes.

use intake::decide::disposition::{Action, Lane, Queue};
use intake::extract::findings::{IntentKind, Item, PageKind, PendingDischarge};
use intake::vocab::{DocumentRef, Phi, Sha256Digest};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan};
use rand::Rng;
use rand::seq::IndexedRandom as _;
use rand_chacha::ChaCha8Rng;

use super::world::{Care, OXYGEN, PAP, Plan, THINGS, Thing, World, program};

/// How badly the line treated it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Damage {
    Clean,
    Light,
    Medium,
    Heavy,
    Illegible,
}

/// What is on the paper.
#[derive(Clone, Debug)]
pub struct Paper {
    pub person: usize,
    /// Somebody else whose pages lie in the same file.
    pub second: Option<(usize, Thing)>,
    /// Whether a page speaks of both.
    pub shared: bool,
    pub thing: Option<Thing>,
    pub pages: Vec<PageKind>,
    pub lacks: Vec<Item>,
    pub pending: PendingDischarge,
    pub urgent: bool,
    pub intents: Vec<IntentKind>,
    pub references: Vec<String>,
    pub service: Option<Date>,
    pub denied: bool,
    pub setting: Option<(&'static str, &'static str)>,
    pub state: &'static str,
    pub payer: Option<&'static str>,
    pub nameless: bool,
    pub other_id: Option<String>,
    /// Words of the cover that count for nothing but the program.
    pub words: String,
    pub damage: Damage,
    pub bytes: Sha256Digest,
    pub note: Option<Phi<String>>,
}

/// What ought to be done with it.
#[derive(Clone, Debug)]
pub struct Meant {
    pub story: &'static str,
    pub action: Action,
    pub queue: Option<Queue>,
    /// What will do as well: pages that are hard to read may be taken apart where
    /// they were read all the same.
    pub or: Option<Action>,
    pub lane: Lane,
    /// The case it belongs to, by its place in the world.
    pub case: Option<usize>,
    /// The document that it is sent again of.
    pub copy_of: Option<DocumentRef>,
}

/// A document of the month.
#[derive(Clone, Debug)]
pub struct Story {
    pub paper: Paper,
    pub meant: Meant,
    pub received: Timestamp,
}

/// What was sent before, to be sent again.
#[derive(Clone)]
pub struct Sent {
    pub paper: Paper,
    pub document: DocumentRef,
    pub received: Timestamp,
    pub action: Action,
    pub case: Option<usize>,
}

/// Kinds of stories and how many of a thousand documents they are.
const SHARES: [(&str, u32); 31] = [
    ("new, complete", 330),
    ("new, incomplete", 120),
    ("answer, complete", 75),
    ("answer, partial", 25),
    ("answer, late", 10),
    ("answer with another's number", 8),
    ("answer to a case nobody knows", 8),
    ("more for an open case", 60),
    ("evidence after a decision", 30),
    ("sent again", 40),
    ("sent again with a flag", 8),
    ("appeal", 22),
    ("reconsideration", 10),
    ("starts today", 22),
    ("starts today, discharge waits", 6),
    ("after the fact", 30),
    ("after the fact, in time", 8),
    ("for another plan", 20),
    ("two patients", 20),
    ("two patients, one invoice", 8),
    ("oxygen, discharge waits", 15),
    ("oxygen after a call", 15),
    ("errand", 20),
    ("nursing facility", 12),
    ("surgery", 6),
    ("Arizona", 6),
    ("PAP device", 10),
    ("illegible", 28),
    ("illegible, case open", 8),
    ("nobody knows whose", 20),
    ("ids of two plans", 5),
];

impl Story {
    pub fn tell(
        rng: &mut ChaCha8Rng,
        world: &mut World,
        sent: &[Sent],
        received: Timestamp,
        number: u64,
    ) -> Self {
        let total: u32 = SHARES.iter().map(|(_, share)| share).sum();
        let mut drawn = rng.random_range(0..total);
        let told = SHARES.iter().find(|(_, share)| {
            let this = drawn < *share;
            drawn = drawn.wrapping_sub(*share);
            this
        });
        let (kind, _) = told.unwrap();
        let mut teller = Teller { rng, world, sent, received, number };
        let paper_and_end = teller.tell(kind);
        // A story that needs an open case where none is open becomes a plain one.
        let (paper, end) = paper_and_end.unwrap_or_else(|| {
            let paper = teller.request(None);
            (paper, teller.end(Action::NewCase, Some(Queue::ReadyForReview)))
        });
        let lane = lane(&paper, end.lane);
        let story = if end.plain { "new, complete" } else { kind };
        let meant = Meant {
            story,
            action: end.action,
            queue: end.queue,
            or: end.or,
            lane,
            case: end.case,
            copy_of: end.copy_of,
        };
        Self { paper, meant, received }
    }
}

/// A discharge that waits goes before a claim of urgency, and that before all else.
fn lane(paper: &Paper, own: Lane) -> Lane {
    if paper.pending.is_raised() {
        Lane::Expedited
    } else if paper.urgent {
        Lane::Urgent
    } else {
        own
    }
}

struct End {
    action: Action,
    queue: Option<Queue>,
    or: Option<Action>,
    lane: Lane,
    case: Option<usize>,
    copy_of: Option<DocumentRef>,
    plain: bool,
}

struct Teller<'w> {
    rng: &'w mut ChaCha8Rng,
    world: &'w mut World,
    sent: &'w [Sent],
    received: Timestamp,
    number: u64,
}

type Told = Option<(Paper, End)>;

impl Teller<'_> {
    fn end(&self, action: Action, queue: Option<Queue>) -> End {
        let lane = Lane::Standard;
        End { action, queue, or: None, lane, case: None, copy_of: None, plain: false }
    }

    fn tell(&mut self, kind: &str) -> Told {
        let review = Some(Queue::ReadyForReview);
        match kind {
            "new, complete" => {
                let paper = self.request(None);
                Some((paper, self.end(Action::NewCase, review)))
            }
            "new, incomplete" => {
                let mut paper = self.request(None);
                // What a sleep test cannot do without, no paper of the plan says.
                if paper.thing.is_none_or(|thing| thing.care == Care::SleepTest) {
                    paper = self.commercial();
                }
                paper.lacks = self.lacks(&paper);
                Some((paper, self.end(Action::NewCase, Some(Queue::HoldInsufficient))))
            }
            "answer, complete" => self.answer(false, false),
            "answer, partial" => self.answer(true, false),
            "answer, late" => self.answer(false, true),
            "answer with another's number" => {
                let at = self.held(false)?;
                let person = self.stranger_to(at);
                let mut paper = self.request(Some((person, self.world.cases[at].thing)));
                paper.references = vec![self.world.cases[at].hold.clone()?];
                paper.intents = vec![IntentKind::HoldReply];
                Some((paper, self.end(Action::Hold, Some(Queue::ManualTriage))))
            }
            "answer to a case nobody knows" => {
                let mut paper = self.request(None);
                paper.references = vec![format!("H{:09}", self.rng.random_range(0..999_999_999))];
                paper.intents = vec![IntentKind::HoldReply];
                Some((paper, self.end(Action::Hold, Some(Queue::ManualTriage))))
            }
            "more for an open case" => {
                let at = self.open_case()?;
                let case = self.world.cases[at].clone();
                let mut paper = self.request(Some((case.person, case.thing)));
                if self.rng.random_bool(0.4) {
                    paper.lacks = vec![Item::Invoice];
                }
                Some((paper, End { case: Some(at), ..self.end(Action::Attach, review) }))
            }
            "evidence after a decision" => {
                let at = self.decided()?;
                let case = self.world.cases[at].clone();
                let paper = self.request(Some((case.person, case.thing)));
                let queue = Some(Queue::PostDecision);
                Some((paper, End { case: Some(at), ..self.end(Action::Attach, queue) }))
            }
            "sent again" => {
                let first = self.sent_lately()?;
                let end = self.end(Action::Duplicate, None);
                let copy = Some(first.document.clone());
                Some((first.paper.clone(), End { case: first.case, copy_of: copy, ..end }))
            }
            "sent again with a flag" => {
                let first = self.sent_lately()?;
                let opened = first.action == Action::NewCase && !first.paper.pending.is_raised();
                let at = first.case.filter(|_| opened && first.paper.second.is_none())?;
                let mut paper = first.paper.clone();
                paper.pending = PendingDischarge::Medium;
                paper.note = Some(Phi::from("Hospital discharge is pending DME precertification"));
                let open = self.world.cases[at].decided.is_none();
                let queue = if open { review } else { Some(Queue::PostDecision) };
                Some((paper, End { case: Some(at), ..self.end(Action::Attach, queue) }))
            }
            "appeal" => {
                let at = self.decided();
                let mut paper = self.about(at);
                paper.intents = vec![IntentKind::Appeal];
                paper.denied = true;
                paper.pages = vec![PageKind::FaxCover, PageKind::Letter, PageKind::VisitNote];
                Some((paper, self.end(Action::Redirect, Some(Queue::Appeals))))
            }
            "reconsideration" => {
                let at = self.decided()?;
                let mut paper = self.about(Some(at));
                paper.intents = vec![if self.rng.random_bool(0.5) {
                    IntentKind::Reconsideration
                } else {
                    IntentKind::PeerToPeer
                }];
                paper.denied = true;
                let queue = Some(Queue::PostDecision);
                Some((paper, End { case: Some(at), ..self.end(Action::Attach, queue) }))
            }
            "starts today" => {
                let mut paper = self.commercial();
                paper.service = Some(self.today(&paper));
                paper.pending = PendingDischarge::None;
                Some((paper, self.end(Action::Redirect, Some(Queue::SameDay))))
            }
            "starts today, discharge waits" => {
                let mut paper = self.commercial();
                paper.service = Some(self.today(&paper));
                paper.pending = PendingDischarge::Strong;
                Some((paper, self.end(Action::NewCase, review)))
            }
            "after the fact" => {
                let mut paper = self.dated();
                let days = self.rng.random_range(6..40);
                paper.service = Some(self.today(&paper).checked_sub(days.days()).ok()?);
                let end = self.end(Action::Redirect, Some(Queue::Retro));
                Some((paper, End { lane: Lane::Retro, ..end }))
            }
            "after the fact, in time" => {
                // Medicare: one business day.
                let mut paper = self.medicare();
                let today = self.today(&paper);
                let yesterday = today.yesterday().ok()?;
                paper.service = Some(yesterday);
                let end = self.end(Action::NewCase, review);
                Some((paper, End { lane: Lane::Retro, ..end }))
            }
            "for another plan" => {
                let mut paper = self.request(None);
                paper.payer = Some(["aetna", "humana", "unitedhealthcare"].choose(self.rng)?);
                Some((paper, self.end(Action::Redirect, Some(Queue::Privacy))))
            }
            "two patients" | "two patients, one invoice" => {
                let mut paper = self.commercial();
                paper.pending = PendingDischarge::None;
                let other = self.world.person(self.rng, Plan::Commercial);
                let thing = paper.thing?;
                paper.second = Some((other, thing));
                paper.shared = kind != "two patients";
                let alike = self.alike(paper.person, other);
                let apart = !paper.shared && !alike;
                let end = if apart && paper.damage <= Damage::Medium {
                    self.end(Action::Split, None)
                } else {
                    let or = apart.then_some(Action::Split);
                    End { or, ..self.end(Action::Hold, Some(Queue::ManualSplit)) }
                };
                Some((paper, end))
            }
            "oxygen, discharge waits" => {
                let person = self.world.person(self.rng, Plan::Commercial);
                let mut paper = self.request(Some((person, OXYGEN)));
                paper.pending = PendingDischarge::Strong;
                Some((paper, self.end(Action::NewCase, review)))
            }
            "oxygen after a call" => {
                let at = self.called()?;
                let person = self.world.cases[at].person;
                let mut paper = self.request(Some((person, OXYGEN)));
                paper.pending = PendingDischarge::Strong;
                let queue = Some(Queue::OxygenFollowup);
                Some((paper, End { case: Some(at), ..self.end(Action::Attach, queue) }))
            }
            "errand" => {
                let mut paper = self.request(None);
                paper.intents = vec![IntentKind::CareCoordination];
                paper.pages = vec![PageKind::FaxCover, PageKind::Other];
                paper.pending = PendingDischarge::None;
                Some((paper, self.end(Action::Redirect, Some(Queue::CareCoordination))))
            }
            "nursing facility" => self.outside(Some(("snf", "31")), "NY"),
            "surgery" => self.outside(Some(("surgical", "24")), "NY"),
            "Arizona" => {
                let mut paper = self.medicare();
                paper.state = "AZ";
                Some((paper, self.end(Action::Redirect, Some(Queue::OutOfScope))))
            }
            "PAP device" => {
                let person = self.world.person(self.rng, Plan::Commercial);
                let paper = self.request(Some((person, PAP)));
                Some((paper, self.end(Action::Redirect, Some(Queue::OutOfScope))))
            }
            "illegible" => {
                let mut paper = self.request(None);
                paper.damage = Damage::Illegible;
                Some((paper, self.end(Action::Hold, Some(Queue::HoldIllegible))))
            }
            "illegible, case open" => {
                let at = self.open_case()?;
                let case = self.world.cases[at].clone();
                let mut paper = self.request(Some((case.person, case.thing)));
                // The form is plain; the clinical pages are not.
                paper.damage = Damage::Clean;
                paper.pages = vec![PageKind::PrecertForm, PageKind::Other, PageKind::Other];
                let queue = Some(Queue::HoldIllegible);
                Some((paper, End { case: Some(at), ..self.end(Action::Attach, queue) }))
            }
            "nobody knows whose" => {
                let mut paper = self.request(None);
                paper.nameless = true;
                Some((paper, self.end(Action::Hold, Some(Queue::ManualTriage))))
            }
            "ids of two plans" => {
                let mut paper = self.commercial();
                let other = self.world.person(self.rng, Plan::Medicare);
                paper.other_id = Some(self.world.people[other].id.clone());
                Some((paper, self.end(Action::Hold, Some(Queue::ManualTriage))))
            }
            other => panic!("no such story: {other}"),
        }
    }

    /// A complete request; of somebody new unless somebody is named.
    fn request(&mut self, for_whom: Option<(usize, Thing)>) -> Paper {
        let (person, thing) = for_whom.unwrap_or_else(|| self.somebody());
        let plan = self.world.people[person].plan;
        let pending = match self.rng.random_range(0..100) {
            0..12 => PendingDischarge::Strong,
            12..16 => PendingDischarge::Medium,
            16..18 => PendingDischarge::Ambiguous,
            18..20 => PendingDischarge::Weak,
            _ => PendingDischarge::None,
        };
        // The words are said of equipment; of home health a day of discharge is.
        let pending = if thing.care == Care::Equipment { pending } else { PendingDischarge::None };
        Paper {
            person,
            second: None,
            shared: false,
            thing: Some(thing),
            pages: pages_of(thing.care),
            lacks: Vec::new(),
            pending,
            urgent: self.rng.random_bool(0.08),
            intents: Vec::new(),
            references: Vec::new(),
            service: None,
            denied: false,
            setting: Some(("home", "12")),
            state: "NY",
            payer: None,
            nameless: false,
            other_id: None,
            words: match plan {
                Plan::Commercial => format!("for cigna members {}", thing.words),
                Plan::Medicare => format!("cigna medicare advantage {}", thing.words),
            },
            damage: match self.rng.random_range(0..100) {
                0..30 => Damage::Clean,
                30..65 => Damage::Light,
                65..90 => Damage::Medium,
                _ => Damage::Heavy,
            },
            bytes: Sha256Digest::of(
                format!("paper {} {}", self.number, self.rng.random::<u64>()).as_bytes(),
            ),
            note: None,
        }
    }

    /// Somebody new, or somebody known who asks for something else.
    fn somebody(&mut self) -> (usize, Thing) {
        let plan = if self.rng.random_bool(0.25) { Plan::Medicare } else { Plan::Commercial };
        let known = self.rng.random_bool(0.15) && !self.world.people.is_empty();
        let person = if known {
            self.rng.random_range(0..self.world.people.len())
        } else {
            self.world.person(self.rng, plan)
        };
        let plan = self.world.people[person].plan;
        let fits = |thing: &&Thing| {
            program(plan, **thing).is_some() && self.world.of(person, thing.family).is_empty()
        };
        let things: Vec<&Thing> = THINGS.iter().filter(fits).collect();
        match things.choose(self.rng) {
            Some(thing) => (person, **thing),
            None => {
                let person = self.world.person(self.rng, Plan::Commercial);
                (person, THINGS[self.rng.random_range(0..6)])
            }
        }
    }

    fn commercial(&mut self) -> Paper {
        let person = self.world.person(self.rng, Plan::Commercial);
        let thing = THINGS[self.rng.random_range(0..6)];
        self.request(Some((person, thing)))
    }

    fn medicare(&mut self) -> Paper {
        let person = self.world.person(self.rng, Plan::Medicare);
        let thing = THINGS[self.rng.random_range(0..6)];
        self.request(Some((person, thing)))
    }

    fn dated(&mut self) -> Paper {
        if self.rng.random_bool(0.3) { self.medicare() } else { self.commercial() }
    }

    fn about(&mut self, at: Option<usize>) -> Paper {
        let whom = at.map(|at| (self.world.cases[at].person, self.world.cases[at].thing));
        let mut paper = self.request(whom);
        paper.pending = PendingDischarge::None;
        paper
    }

    fn outside(
        &mut self,
        setting: Option<(&'static str, &'static str)>,
        state: &'static str,
    ) -> Told {
        let mut paper = self.commercial();
        paper.setting = setting;
        paper.state = state;
        paper.pending = PendingDischarge::None;
        Some((paper, self.end(Action::Redirect, Some(Queue::OutOfScope))))
    }

    /// What a program of its kind cannot do without.
    fn lacks(&mut self, paper: &Paper) -> Vec<Item> {
        let plan = self.world.people[paper.person].plan;
        let needed: &[Item] = match (paper.thing.map(|thing| thing.care), plan) {
            (Some(Care::Equipment), Plan::Commercial) => {
                &[Item::WrittenPrescription, Item::VisitNote, Item::Invoice, Item::MedicationList]
            }
            (Some(Care::HomeHealth), _) => &[Item::MedicationList],
            _ => &[Item::WrittenPrescription],
        };
        let most = needed.len().min(2);
        let count = self.rng.random_range(1..=most);
        let first = self.rng.random_range(0..needed.len());
        (0..count).map(|more| needed[(first + more) % needed.len()]).collect()
    }

    fn answer(&mut self, partial: bool, late: bool) -> Told {
        let at = self.held(late)?;
        let case = self.world.cases[at].clone();
        let mut paper = self.request(Some((case.person, case.thing)));
        if partial {
            let items: Vec<Item> = case.asked.iter().filter_map(|name| Item::parse(name)).collect();
            if items.len() < 2 {
                return None;
            }
            paper.lacks = vec![*items.choose(self.rng)?];
        }
        paper.references = vec![case.hold?];
        paper.intents = vec![IntentKind::HoldReply];
        let queue =
            if case.decided.is_some() { Queue::PostDecision } else { Queue::ReadyForReview };
        Some((paper, End { case: Some(at), ..self.end(Action::Attach, Some(queue)) }))
    }

    /// A case that waits for an answer.
    fn held(&mut self, late: bool) -> Option<usize> {
        let received = self.received;
        let waits = |at: &usize| {
            let case = &self.world.cases[*at];
            let in_time = case.due.is_some_and(|due| (due < received) == late);
            !case.asked.is_empty() && case.hold.is_some() && in_time && case.opened < received
        };
        let held: Vec<usize> = (0..self.world.cases.len()).filter(waits).collect();
        held.choose(self.rng).copied()
    }

    /// The only case of its person for its family, and open.
    fn open_case(&mut self) -> Option<usize> {
        let open = |at: &usize| {
            let case = &self.world.cases[*at];
            case.decided.is_none()
                && !case.by_phone
                && case.opened < self.received
                && self.world.of(case.person, case.thing.family).len() == 1
        };
        let found: Vec<usize> = (0..self.world.cases.len()).filter(open).collect();
        found.choose(self.rng).copied()
    }

    fn decided(&mut self) -> Option<usize> {
        let is = |at: &usize| {
            let case = &self.world.cases[*at];
            case.decided.is_some_and(|decided| decided < self.received)
                && !case.by_phone
                && self.world.of(case.person, case.thing.family).len() == 1
        };
        let found: Vec<usize> = (0..self.world.cases.len()).filter(is).collect();
        found.choose(self.rng).copied()
    }

    /// A call about oxygen in the last three days that nothing has followed yet.
    fn called(&mut self) -> Option<usize> {
        let recent = |at: &usize| {
            let case = &self.world.cases[*at];
            let since = self.received.duration_since(case.opened);
            case.by_phone
                && since < SignedDuration::from_hours(70)
                && !since.is_negative()
                && self.world.of(case.person, "oxygen").len() == 1
        };
        let found: Vec<usize> = (0..self.world.cases.len()).filter(recent).collect();
        found.choose(self.rng).copied()
    }

    /// Something sent within three days, other than a copy.
    fn sent_lately(&mut self) -> Option<Sent> {
        let lately = |sent: &&Sent| {
            let since = self.received.duration_since(sent.received);
            since < SignedDuration::from_hours(71)
                && sent.action != Action::Duplicate
                && sent.paper.note.is_none()
        };
        let found: Vec<&Sent> = self.sent.iter().rev().take(800).filter(lately).collect();
        found.choose(self.rng).map(|sent| (*sent).clone())
    }

    fn stranger_to(&mut self, at: usize) -> usize {
        let case = &self.world.cases[at];
        let (person, plan) = (case.person, self.world.people[case.person].plan);
        loop {
            let other = self.world.person(self.rng, plan);
            if !self.alike(person, other) {
                return other;
            }
        }
    }

    /// Whether two people could be taken for each other on paper.
    fn alike(&self, one: usize, other: usize) -> bool {
        let (one, other) = (&self.world.people[one], &self.world.people[other]);
        let head = |id: &str| id[..id.len() - 2].to_owned();
        head(&one.id) == head(&other.id) || one.name == other.name || one.born == other.born
    }

    fn today(&self, paper: &Paper) -> Date {
        let zone = match self.world.people[paper.person].plan {
            Plan::Commercial => "America/New_York",
            Plan::Medicare => "America/Chicago",
        };
        self.received.in_tz(zone).unwrap().date()
    }
}

fn pages_of(care: Care) -> Vec<PageKind> {
    match care {
        Care::Equipment => vec![
            PageKind::FaxCover,
            PageKind::PrecertForm,
            PageKind::Order,
            PageKind::VisitNote,
            PageKind::Invoice,
        ],
        Care::HomeHealth => {
            vec![
                PageKind::FaxCover,
                PageKind::PrecertForm,
                PageKind::PlanOfCare,
                PageKind::ProgressNote,
            ]
        }
        Care::SleepTest => vec![PageKind::FaxCover, PageKind::PrecertForm, PageKind::VisitNote],
    }
}
