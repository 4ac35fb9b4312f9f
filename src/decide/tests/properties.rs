//! What must hold whatever the paper says.

use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::build::*;
use crate::decide::Earlier;
use crate::decide::disposition::{Action, Disposition, Lane, Queue};
use crate::decide::register::tests::build::{case, reference, with};
use crate::decide::register::{CaseRecord, CaseState};
use crate::extract::findings::*;
use crate::recognize::recognized::Method;
use crate::vocab::{Confidence, DocumentRef, Modifier, Phi};

/// Requests of all programs, with no more than a few oddities each: where
/// everything is odd, hardly a document would ever be routed, and nothing
/// would be learnt about what keeps one from it.
fn documents() -> impl Strategy<Value = Doc> {
    let base = prop_oneof![
        4 => Just(complete()),
        1 => Just(home_health()),
        1 => Just(complete().member_id("1EG4TE5MK73")),
        1 => Just(complete().member_id("W99887766")),
        1 => Just(complete().codes(&["E1390"]).with(|f| f.oxygen = Some(field("oxygen", 1)))),
    ];
    (base, prop::collection::vec(oddities(), 0..3))
        .prop_map(|(base, oddities)| oddities.into_iter().fold(base, odd))
}

/// What makes a request less than plain.
#[derive(Clone, Debug)]
enum Oddity {
    Codes(Vec<&'static str>),
    Pending(PendingDischarge),
    Intent(IntentKind),
    Item(Item, ItemStatus),
    Service(&'static str),
    TwoMembers,
    Denied,
    NoForm,
    Urgent,
    Nameless,
    /// Another plan is spoken to, and an id that is none of ours.
    Foreign,
    /// Bought and rented on one line.
    BothWays,
    /// Ids of two plans.
    TwoPlans,
    /// A case of this patient's is known.
    Known(CaseState),
    /// One that was taken down in a call about oxygen.
    Called,
    /// Somebody else's case has the number that the document gives.
    Misnumbered,
    /// The same pages came before.
    SentAgain,
}

fn oddities() -> impl Strategy<Value = Oddity> {
    let codes = subsequence(
        vec!["E0260", "E1390", "K0001", "E0601", "G0151", "T1000", "95810", "L8614", "V5050"],
        0..=3,
    );
    let pending = select(vec![
        PendingDischarge::Strong,
        PendingDischarge::Medium,
        PendingDischarge::Ambiguous,
        PendingDischarge::Weak,
    ]);
    let intents = select(vec![
        IntentKind::Appeal,
        IntentKind::Reconsideration,
        IntentKind::PeerToPeer,
        IntentKind::CareCoordination,
        IntentKind::Retrospective,
        IntentKind::HoldReply,
    ]);
    let status =
        select(vec![ItemStatus::Missing, ItemStatus::PresentUnsigned, ItemStatus::Unclear]);
    prop_oneof![
        codes.prop_map(Oddity::Codes),
        pending.prop_map(Oddity::Pending),
        intents.prop_map(Oddity::Intent),
        (select(Item::ALL.to_vec()), status).prop_map(|(item, status)| Oddity::Item(item, status)),
        select(vec!["2026-03-09", "2026-03-02", "2026-04-01"]).prop_map(Oddity::Service),
        Just(Oddity::TwoMembers),
        Just(Oddity::Denied),
        Just(Oddity::NoForm),
        Just(Oddity::Urgent),
        Just(Oddity::Nameless),
        Just(Oddity::Foreign),
        Just(Oddity::BothWays),
        Just(Oddity::TwoPlans),
        select(&CaseState::ALL[..]).prop_map(Oddity::Known),
        Just(Oddity::Called),
        Just(Oddity::Misnumbered),
        Just(Oddity::SentAgain),
    ]
}

/// A case of the patient's for what the document asks for.
fn of_patient(doc: &Doc, number: u64) -> CaseRecord {
    with(case(number), |case| {
        case.member.id = doc.extracted.findings.member.id.as_ref().map(|id| id.value.clone());
        if let Some(code) = doc.extracted.findings.hcpcs.first() {
            case.lines[0].family.clone_from(&code.family);
            case.lines[0].code = None;
        }
        case.program = doc.decided().program;
    })
}

fn odd(mut doc: Doc, oddity: Oddity) -> Doc {
    match oddity {
        Oddity::Codes(codes) => doc.codes(&codes),
        Oddity::Pending(value) => doc.pending(value),
        Oddity::Intent(kind) => doc.intent(kind),
        Oddity::Item(item, status) => doc.item(item, status),
        Oddity::Service(day) => doc.with(|f| f.dates.service = Some(field(day, 1))),
        Oddity::TwoMembers => {
            let mut part = doc.extracted.parts[0].clone();
            part.member = Some(field("U9999999901", 3));
            doc.extracted.parts.push(part);
            doc
        }
        Oddity::Denied => doc.words("the request was denied"),
        Oddity::NoForm => doc.page(1, PageKind::Other).page(2, PageKind::Other),
        Oddity::Urgent => doc.with(|findings| findings.urgent.value = Urgency::Claimed),
        Oddity::Nameless => doc.with(|findings| findings.member.name = None),
        Oddity::Foreign => doc.member_id("W99887766").with(|findings| {
            findings.payers = vec![PayerFinding { name: "aetna".into(), evidence: vec![seen(0)] }];
        }),
        Oddity::BothWays => doc.with(|findings| {
            let modifiers = ["RR", "NU"].map(|text| Modifier::parse(text).unwrap());
            findings.hcpcs.iter_mut().for_each(|code| code.modifiers = modifiers.to_vec());
        }),
        Oddity::TwoPlans => {
            doc.with(|findings| findings.member.other_ids = vec![field("1EG4TE5MK73", 2)])
        }
        Oddity::Known(state) => {
            let known = with(of_patient(&doc, 1), |case| {
                case.state = state;
                case.decided_at = state.is_decided().then_some(doc.received_at);
            });
            doc.cases.push(known);
            doc
        }
        Oddity::Called => {
            let called = with(of_patient(&doc, 2), |case| {
                case.by_phone = true;
                case.opened_at = doc.received_at - jiff::SignedDuration::from_hours(5);
            });
            doc.cases.push(called);
            doc
        }
        Oddity::Misnumbered => {
            doc.cases.push(with(of_patient(&doc, 3), |case| {
                case.member.date_of_birth = Some(Phi::new("1931-12-24".parse().unwrap()));
                case.member.name = Some(Phi::from("Otto Other"));
                case.hold_reference = Some(Phi::from("H000000000"));
            }));
            doc.with(|findings| {
                findings.references.push(ReferenceFinding {
                    kind: ReferenceKind::Hold,
                    value: Phi::from("H000000000"),
                    evidence: vec![seen(0)],
                });
            })
        }
        Oddity::SentAgain => {
            doc.earlier.push(Earlier {
                document: DocumentRef::from_random(7),
                received_at: doc.received_at,
                findings: doc.extracted.findings.clone(),
                case: None,
            });
            doc
        }
    }
}

/// A way of knowing less.
#[derive(Clone, Debug)]
enum Doubt {
    /// Identity and providers are read with this confidence.
    Fields(f32),
    /// So are numbers and codes.
    Numbers(f32),
    /// Which member each part speaks of.
    Parts(f32),
    Item(Item, ItemStatus),
    NoName,
    NoBirthAndId,
    NoProvider(Role),
    NoNpi(Role),
    NoDiagnosis,
    Page(usize, f32),
    Unreadable(usize),
}

fn doubts() -> impl Strategy<Value = Vec<Doubt>> {
    let status =
        select(vec![ItemStatus::PresentUnsigned, ItemStatus::Unclear, ItemStatus::Missing]);
    let role = || select(vec![Role::Ordering, Role::Rendering]);
    let doubt = prop_oneof![
        (0.0f32..0.9).prop_map(Doubt::Fields),
        (0.0f32..0.9).prop_map(Doubt::Numbers),
        (0.0f32..0.9).prop_map(Doubt::Parts),
        (select(Item::ALL.to_vec()), status).prop_map(|(item, status)| Doubt::Item(item, status)),
        Just(Doubt::NoName),
        Just(Doubt::NoBirthAndId),
        role().prop_map(Doubt::NoProvider),
        role().prop_map(Doubt::NoNpi),
        Just(Doubt::NoDiagnosis),
        (0usize..4, 0.0f32..0.9).prop_map(|(page, confidence)| Doubt::Page(page, confidence)),
        (0usize..4).prop_map(Doubt::Unreadable),
    ];
    prop::collection::vec(doubt, 1..4)
}

fn lower(field: &mut Option<Field>, to: f32) {
    if let Some(field) = field {
        field.confidence = field.confidence.min(Confidence::new(to));
    }
}

fn doubted(doc: Doc, doubt: &Doubt) -> Doc {
    match *doubt {
        Doubt::Fields(to) => doc.with(|findings| {
            let member = &mut findings.member;
            for field in [&mut member.name, &mut member.date_of_birth, &mut member.id] {
                lower(field, to);
            }
            for provider in &mut findings.providers {
                for field in [&mut provider.name, &mut provider.phone, &mut provider.fax] {
                    lower(field, to);
                }
            }
        }),
        Doubt::Numbers(to) => doc.with(|findings| {
            let to = Confidence::new(to);
            findings.npi.iter_mut().for_each(|npi| npi.confidence = npi.confidence.min(to));
            findings.hcpcs.iter_mut().for_each(|code| code.confidence = code.confidence.min(to));
            findings.icd10.iter_mut().for_each(|code| code.confidence = code.confidence.min(to));
        }),
        Doubt::Parts(to) => {
            let mut doc = doc;
            doc.extracted.parts.iter_mut().for_each(|part| lower(&mut part.member, to));
            doc
        }
        Doubt::Item(item, status) => {
            let now = doc.extracted.findings.checklist.iter().find(|found| found.item == item);
            // Doubt never makes more of an item than there was: of one that is not
            // there, or of a visit note that was found to want a signature, which
            // with a doubtful date would want none.
            let unsigned_visit = item == Item::VisitNote && status == ItemStatus::Unclear;
            if now.is_some_and(|now| {
                now.status == ItemStatus::Missing
                    || unsigned_visit && now.status == ItemStatus::PresentUnsigned
            }) {
                return doc;
            }
            doc.item(item, status)
        }
        Doubt::NoName => doc.with(|findings| findings.member.name = None),
        Doubt::NoBirthAndId => doc.with(|findings| {
            findings.member.date_of_birth = None;
            findings.member.id = None;
        }),
        Doubt::NoProvider(role) => {
            doc.with(|findings| findings.providers.retain(|provider| provider.role != role))
        }
        Doubt::NoNpi(role) => doc.with(|findings| findings.npi.retain(|npi| npi.role != role)),
        Doubt::NoDiagnosis => doc.with(|findings| findings.icd10.clear()),
        Doubt::Page(page, to) => {
            let now = doc.recognized.pages[page].confidence.min(Confidence::new(to));
            doc.read_as(page, Method::Ocr, now.get())
        }
        Doubt::Unreadable(page) => doc.read_as(page, Method::Unreadable, 0.0),
    }
}

/// On its way with nobody in between: to a reviewer, into a case, or in parts.
fn is_routed(decided: &Disposition) -> bool {
    match decided.action {
        Action::NewCase => decided.queue == Some(Queue::ReadyForReview),
        Action::Attach => decided.queue.is_some_and(|queue| !queue.is_hold()),
        Action::Split => true,
        Action::Hold | Action::Redirect | Action::Duplicate | Action::Technical => false,
    }
}

fn is_held(decided: &Disposition) -> bool {
    decided.action == Action::Hold || decided.queue == Some(Queue::HoldInsufficient)
}

/// The program stays what it was: losing what tells programs apart is a
/// question of its own, and a lax program is no less sure than a strict one.
fn under(program: &Option<String>, doc: Doc) -> Doc {
    match program {
        Some(program) => doc.forced_to(program),
        None => doc,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2048))]

    #[test]
    fn doubt_never_turns_a_hold_into_a_route(doc in documents(), doubts in doubts()) {
        let before = doc.decided();
        // Who fixes the program has found out which of two plans comes first.
        let open = before.reasons.iter().all(|reason| reason.code != "triage.two_plans");
        if is_held(&before) && open {
            let doubtful = under(&before.program, doubts.iter().fold(doc, doubted));
            let after = doubtful.decided();
            prop_assert!(!is_routed(&after), "{} by {:?}: {}", before.row, doubts, after.row);
        }
    }

    #[test]
    fn what_is_routed_says_who_and_what(doc in documents(), doubts in doubts()) {
        let doubtful = doubts.iter().fold(doc, doubted);
        let decided = doubtful.decided();
        let member = &doubtful.extracted.findings.member;
        let known = |field: &Option<Field>| field.as_ref().is_some_and(|f| f.confidence.is_listed());
        let of_person = [&member.name, &member.id, &member.date_of_birth];
        match (decided.action, &decided.case) {
            // Into a known case by its number and one thing more at least.
            (Action::Attach, Some(case)) => {
                prop_assert!(of_person.into_iter().any(known));
                prop_assert!(*case != reference(3), "the case of somebody else");
            }
            (Action::NewCase | Action::Attach, _) => {
                prop_assert!(
                    known(&member.name) && (known(&member.id) || known(&member.date_of_birth))
                );
            }
            _ => prop_assert!(decided.case.is_none() || decided.action == Action::Duplicate),
        }
    }

    #[test]
    fn a_pending_discharge_is_expedited_wherever_it_lands(doc in documents(), doubts in doubts()) {
        let decided = doubts.iter().fold(doc.clone(), doubted).decided();
        prop_assert_eq!(
            decided.lane == Lane::Expedited,
            doc.extracted.findings.pending_discharge.value.is_raised()
        );
    }

    #[test]
    fn deciding_twice_gives_the_same_bytes_and_always_a_reason(doc in documents()) {
        let (once, twice) = (doc.decided(), doc.decided());
        prop_assert!(!once.reasons.is_empty());
        prop_assert!(once.reasons.iter().all(|r| !r.code.is_empty() && !r.message.is_empty()));
        prop_assert_eq!(serde_json::to_vec(&once).unwrap(), serde_json::to_vec(&twice).unwrap());
    }

    #[test]
    fn no_reason_holds_patient_data(doc in documents()) {
        let decided = doc.decided();
        for reason in &decided.reasons {
            let said = format!("{} {}", reason.code, reason.message);
            for secret in ["Edith", "Sample", "1958", "U1234567801", "1EG4TE5MK73"] {
                prop_assert!(!said.contains(secret), "{}", said);
            }
        }
    }
}
