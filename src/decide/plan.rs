//! Whose documents these are: the plan's names, and the ids of its members.

use crate::extract::findings::Field;
use crate::program::{LineOfBusiness, Program, Programs};
use jiff::Timestamp;

/// What all programs in force say of the plan together.
pub(super) struct Plan<'p> {
    /// In small letters.
    pub names: Vec<String>,
    programs: Vec<&'p Program>,
}

impl<'p> Plan<'p> {
    pub(super) fn of(programs: &'p Programs, received_at: Timestamp) -> Self {
        let programs: Vec<&Program> = programs.in_force_at(received_at).collect();
        let mut names: Vec<String> = programs
            .iter()
            .flat_map(|one| one.signals.plan_names.iter().chain(&one.signals.brands))
            .cloned()
            .collect();
        names.sort();
        names.dedup();
        Self { names, programs }
    }

    /// Those in force.
    pub(super) fn programs(&self) -> impl Iterator<Item = &'p Program> + '_ {
        self.programs.iter().copied()
    }

    /// Whether an id has the shape of our members' and of nobody else's. One of
    /// Medicare proves Medicare, not the plan.
    pub(super) fn is_our_id(&self, id: Option<&Field>) -> bool {
        let own = |program: &&Program| match program.line_of_business {
            LineOfBusiness::Commercial | LineOfBusiness::Any => true,
            LineOfBusiness::MedicareAdvantage => false,
        };
        let shapes = self.programs.iter().filter(|p| own(p)).flat_map(|p| &p.signals.member_ids);
        id.is_some_and(|id| shapes.into_iter().any(|shape| shape.is_match(id.value.expose())))
    }
}
