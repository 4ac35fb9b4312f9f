//! When things are due: the clocks of a disposition, by the program's calendar,
//! and until when a hold asks for an answer.
//!
//! Where it cannot be told which program it is, each of those that it may be sets
//! its clocks, and of each clock the one that is due first runs.

use jiff::Timestamp;

use super::clocks::{
    Calendar, Clock, Completeness, Hold, Holidays, Intake, Kind, Letter, Start, Track, Urgency,
    clocks_of, rule,
};
use super::disposition::{Lane, Queue, Reason};
use super::ending::reason;
use super::facts::Facts;
use crate::extract::findings;
use crate::program::{self, Program, Programs};

/// Clocks, and the answer to a hold.
#[derive(Debug, Default)]
pub(super) struct Timing {
    pub clocks: Vec<Clock>,
    pub due: Option<Timestamp>,
    pub reasons: Vec<Reason>,
}

impl Timing {
    /// Of a document that ended in a row with this lane and queue.
    pub(super) fn of(
        facts: &Facts,
        programs: &Programs,
        row: &str,
        lane: Lane,
        queue: Option<Queue>,
    ) -> Self {
        let received = facts.document.received_at;
        let judges: Vec<&Program> = if facts.candidates.is_empty() {
            let reviews = |one: &&Program| one.kind == program::Kind::Review;
            programs.in_force_at(received).filter(reviews).collect()
        } else {
            facts.candidates.clone()
        };
        let mut timing = Self::default();
        for program in judges {
            timing.add(facts, program, row, lane, queue);
        }
        timing
    }

    fn add(
        &mut self,
        facts: &Facts,
        program: &Program,
        row: &str,
        lane: Lane,
        queue: Option<Queue>,
    ) {
        let Some(values) = &program.clocks else { return };
        let received = facts.document.received_at;
        let calendar = calendar_of(program);
        let claimed = facts.findings.urgent.value == findings::Urgency::Claimed;
        let urgency =
            if lane == Lane::Urgent || claimed { Urgency::Urgent } else { Urgency::Standard };
        let mut clocks: Vec<Clock> = Vec::new();
        for track in tracks(lane, queue) {
            let mut intake = Intake::new(track, received);
            intake.urgency = urgency;
            intake.completeness = match row {
                "16" => Completeness::Since(received),
                "12" | "17" => Completeness::Incomplete,
                _ => Completeness::Unknown,
            };
            let schedule = clocks_of(&intake, values, &calendar);
            for unplaced in &schedule.unplaced {
                let message = format!("{} has no due time: {}.", unplaced.name, unplaced.reason);
                self.tell(reason("clock.unplaced", message, vec![]));
            }
            for clock in schedule.clocks {
                if clocks.iter().all(|known| known.name != clock.name) {
                    clocks.push(clock);
                }
            }
        }
        if queue.is_some_and(Queue::is_hold)
            && let Some(letter) = self.ask_for_answer(program, &calendar, &clocks, urgency)
        {
            let intake = Intake { letter: Some(letter), ..Intake::new(Track::Hold, received) };
            let answer = clocks_of(&intake, values, &calendar).clocks;
            clocks.extend(answer.into_iter().filter(|clock| clock.start == Start::LetterSent));
        }
        for clock in clocks {
            match self.clocks.iter_mut().find(|known| known.name == clock.name) {
                Some(known) if clock.due < known.due => *known = clock,
                Some(_) => {}
                None => self.clocks.push(clock),
            }
        }
    }

    /// The letter is taken to go out when it is due: whoever sends it sooner gives
    /// more time, never less. The answer's own clock reminds people of it.
    fn ask_for_answer(
        &mut self,
        program: &Program,
        calendar: &Calendar,
        clocks: &[Clock],
        urgency: Urgency,
    ) -> Option<Letter> {
        let values = program.clocks.as_ref()?;
        let letter = clocks.iter().find(|clock| clock.name == "hold_letter")?;
        let limits = clocks.iter().filter(|clock| {
            clock.kind == Kind::Limit && clock.start == Start::Receipt && decides(clock)
        });
        let limit = limits.map(|clock| clock.due).min();
        let channel = std::slice::from_ref(calendar);
        let rule = rule(&values.hold, urgency);
        let hold = Hold::of(rule, letter.due, limit, calendar, channel).ok()?;
        if hold.short_window {
            let message = "An answer cannot come in time for the limit: pick up the phone.";
            self.tell(reason("hold.short_window", message, vec![]));
        }
        let due = hold.due.map(|due| due.timestamp())?;
        self.due = Some(self.due.map_or(due, |known| known.min(due)));
        Some(Letter { sent: letter.due, due })
    }

    fn tell(&mut self, reason: Reason) {
        if self.reasons.iter().all(|told| told.code != reason.code) {
            self.reasons.push(reason);
        }
    }
}

/// The moment that comes first: an aim of the program, or a limit.
pub(super) fn first_due(clocks: &[Clock]) -> Option<Timestamp> {
    clocks.iter().map(|clock| clock.due).min()
}

/// A program's hours in its zone, with the federal holidays and its own.
pub(super) fn calendar_of(program: &Program) -> Calendar {
    let holidays = Holidays::with_plan_days(program.hours.plan_days.iter().copied());
    Calendar::new(program.zone.clone(), program.hours.clone(), holidays)
}

/// Whether a clock runs to the decision itself.
fn decides(clock: &Clock) -> bool {
    clock.name.ends_with("_decide")
}

/// By how soon it is, and by what its queue is about.
fn tracks(lane: Lane, queue: Option<Queue>) -> Vec<Track> {
    let own = match lane {
        Lane::Expedited => Track::ExpeditedPendingDischarge,
        Lane::Urgent => Track::Urgent,
        Lane::Standard => Track::Standard,
        Lane::Retro => Track::Retro,
    };
    match queue {
        Some(Queue::HoldIllegible | Queue::HoldInsufficient) => vec![own, Track::Hold],
        Some(Queue::OxygenFollowup) => vec![own, Track::OxygenFollowUp],
        // Nothing is asked to be reviewed, so that nothing but the errand is due.
        Some(Queue::CareCoordination) if lane == Lane::Standard => vec![Track::CareCoordination],
        Some(Queue::CareCoordination) => vec![own, Track::CareCoordination],
        Some(
            Queue::Technical
            | Queue::ManualSplit
            | Queue::Privacy
            | Queue::ReadyForReview
            | Queue::ManualTriage
            | Queue::Appeals
            | Queue::PostDecision
            | Queue::SameDay
            | Queue::Retro
            | Queue::OutOfScope,
        )
        | None => vec![own],
    }
}
