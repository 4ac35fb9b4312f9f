//! Program models: what each program asks for, accepts and promises, read
//! from `models/programs`, one versioned file per program.
//!
//! Nothing about a program is written in Rust. A model names facts and rules;
//! [`crate::decide`] applies them. All files are read in one go, and every
//! problem is reported together, with its file, its key and a hint.
//!
//! What this module does not do: choose a program for a document, count
//! business days, or resolve rules that several programs share.

mod clocks;
mod hours;
mod model;
mod names;
mod problem;
mod programs;
mod reader;
mod render;
#[cfg(test)]
mod tests;
mod written;

pub use clocks::{
    Allowance, Basis, Buffer, CareClocks, Clocks, ExpeditedClocks, HoldClocks, HoldRule,
    OxygenClocks, RetroClocks, StandardClocks, UrgentClocks,
};
pub use hours::{Hours, Opening, Span};
pub use model::{
    Appeals, Asked, Conditions, Contact, Hold, Kind, LetterTo, LineOfBusiness, OutsideRetro,
    Oxygen, Party, PendingDischargeRule, PhoneLine, Program, Required, Retro, SameDay, Satisfied,
    Scope, Service, Signals, Source, Status, Urgent,
};
pub use names::{Condition, FieldName, Severity};
pub use problem::ProgramProblem;
pub use programs::Programs;
