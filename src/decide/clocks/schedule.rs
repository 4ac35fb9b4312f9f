//! Which clocks run on which track.

use jiff::Timestamp;

use super::{Calendar, Clock, ClockError, Intake, Kind, Start, Track, Urgency, after_elapsed};
use crate::program::{Allowance, Basis, Clocks, StandardClocks};

/// The clocks of a document, in the order of the track's table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schedule {
    /// Those that run.
    pub clocks: Vec<Clock>,
    /// Those that should run, but whose due moment cannot be found. They are told apart, so that a
    /// target on a calendar without hours cannot hide a limit by law.
    pub unplaced: Vec<Unplaced>,
}

/// A clock whose due moment cannot be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unplaced {
    /// Its name.
    pub name: &'static str,
    /// Why not.
    pub reason: ClockError,
}

/// Lists the clocks of a document.
///
/// A clock that waits for something (a complete request, a letter) is listed once that happened.
/// The limits of a hold are those of the request behind it, urgent or standard: a letter does not
/// stop them by itself.
pub fn clocks_of(intake: &Intake, values: &Clocks, calendar: &Calendar) -> Schedule {
    let mut listing = Listing { intake, values, calendar, schedule: Schedule::default() };
    match (intake.track, intake.urgency) {
        (Track::ExpeditedPendingDischarge, _) => listing.expedited(),
        (Track::Urgent, _) => listing.urgent(),
        (Track::OxygenFollowUp, _) => listing.oxygen(),
        (Track::Standard, _) => listing.standard(),
        (Track::Retro, _) => listing.retro(),
        (Track::Hold, Urgency::Urgent) => {
            listing.urgent();
            listing.hold(values.hold.letter_urgent);
        }
        (Track::Hold, Urgency::Standard) => {
            listing.standard();
            listing.hold(values.hold.letter_standard);
        }
        (Track::CareCoordination, _) => listing.care_coordination(),
    }
    listing.schedule
}

/// A schedule that is being written.
struct Listing<'a> {
    intake: &'a Intake,
    values: &'a Clocks,
    calendar: &'a Calendar,
    schedule: Schedule,
}

impl Listing<'_> {
    fn expedited(&mut self) {
        let values = &self.values.expedited;
        if self.intake.urgency == Urgency::Urgent {
            self.limit("expedited_decide", values.decide);
        }
        self.target("expedited_acknowledge", values.acknowledge);
        self.target("expedited_nurse_contact", values.nurse_contact);
        self.target("expedited_escalate_first", values.escalate_first);
        self.target("expedited_escalate_second", values.escalate_second);
        let closed = !self.calendar.is_staffed(self.intake.received);
        if closed && self.calendar.hours.on_call {
            self.target("expedited_page_on_call", values.page_on_call);
        }
    }

    fn urgent(&mut self) {
        let values = &self.values.urgent;
        self.limit("urgent_decide", values.decide);
        self.target("urgent_decide_target", values.decide_target);
        if self.intake.came_incomplete() {
            self.limit("urgent_notify_incomplete", values.notify_incomplete);
            let name = "urgent_decide_after_complete";
            self.after_complete((name, Kind::Limit), values.decide_after_complete);
        }
    }

    fn oxygen(&mut self) {
        let values = &self.values.oxygen;
        self.target("oxygen_attach", values.attach);
        if let Some(at) = self.intake.none_found {
            self.place(("oxygen_call", Kind::Target, Start::NoneFound), at, values.call);
        }
    }

    fn standard(&mut self) {
        let values = &self.values.standard;
        let extended = values.decide_extended.filter(|_| self.intake.extended);
        let decide = extended.or(values.decide);
        self.limit("standard_decide", decide);
        self.standard_decide_paused(decide, values);
        let name = "standard_decide_after_complete";
        self.after_complete((name, Kind::Target), values.decide_after_complete);
        self.target("standard_decide_target", values.decide_target);
        self.target("standard_triage", values.triage);
    }

    /// Where the law let the clock stand still, both clocks are listed: with the pause and without.
    fn standard_decide_paused(&mut self, decide: Option<Allowance>, values: &StandardClocks) {
        let name = "standard_decide_paused";
        let Some(decide) = decide.filter(|_| values.may_pause && !self.intake.paused.is_zero())
        else {
            return;
        };
        let clock = after_elapsed(self.intake.received, self.intake.paused)
            .and_then(|resumed| self.calendar.due(decide, resumed))
            .map(|due| self.known((name, Kind::Limit, Start::Receipt), decide.basis(), due));
        self.write(name, clock);
    }

    fn retro(&mut self) {
        self.limit("retro_decide", self.values.retro.decide);
        self.target("retro_forward", self.values.retro.forward);
    }

    fn hold(&mut self, letter: Allowance) {
        self.target("hold_letter", letter);
        if let Some(letter) = self.intake.letter {
            let title = ("hold_answer", Kind::Limit, Start::LetterSent);
            let clock =
                Clock::between(title, Basis::Elapsed, letter.sent, letter.due, self.calendar);
            self.schedule.clocks.push(clock);
        }
    }

    fn care_coordination(&mut self) {
        self.target("care_coordination_forward", self.values.care_coordination.forward);
    }

    fn limit(&mut self, name: &'static str, allowance: impl Into<Option<Allowance>>) {
        if let Some(allowance) = allowance.into() {
            self.place((name, Kind::Limit, Start::Receipt), self.intake.received, allowance);
        }
    }

    fn target(&mut self, name: &'static str, allowance: impl Into<Option<Allowance>>) {
        if let Some(allowance) = allowance.into() {
            self.place((name, Kind::Target, Start::Receipt), self.intake.received, allowance);
        }
    }

    fn after_complete(
        &mut self,
        (name, kind): (&'static str, Kind),
        allowance: impl Into<Option<Allowance>>,
    ) {
        if let (Some(at), Some(allowance)) = (self.intake.complete_at(), allowance.into()) {
            self.place((name, kind, Start::Complete), at, allowance);
        }
    }

    fn place(&mut self, title: (&'static str, Kind, Start), from: Timestamp, allowance: Allowance) {
        self.write(title.0, Clock::new(title, from, allowance, self.calendar));
    }

    /// A clock that runs from receipt to a due moment found otherwise.
    fn known(&self, title: (&'static str, Kind, Start), basis: Basis, due: Timestamp) -> Clock {
        Clock::between(title, basis, self.intake.received, due, self.calendar)
    }

    fn write(&mut self, name: &'static str, clock: Result<Clock, ClockError>) {
        match clock {
            Ok(clock) => self.schedule.clocks.push(clock),
            Err(reason) => self.schedule.unplaced.push(Unplaced { name, reason }),
        }
    }
}
