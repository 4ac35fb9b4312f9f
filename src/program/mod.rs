//! Program models: what each program asks for, accepts and promises, read from
//! `models/programs`. Nothing about a program is written in Rust: a model names
//! facts and rules, [`crate::decide`] applies them.
//!
//! A program's file is one dated version of it ([`Program`]): what it reviews, requires
//! and asks for, its hours and clocks, its numbers. What varies by scope or date
//! beside it (who reviews which codes, what is taken after the fact, how long an
//! authorization holds) is a [`Rule`] in a file `rules*.toml`; [`rules`] tells how the
//! one that counts is found. Each fact stands in one place, with its sources. A
//! decision names what it rests on: a version as `dme_com@2025-01-01`, a rule by its
//! id, and the digest of all files.
//!
//! All files are read in one go, and every problem is reported together, with its
//! file, its key and a hint. [`Programs::check`] also finds what can be read and is
//! still not right: rules that contradict or repeat each other, days without one,
//! rules that never count. A service runs with those; the document stays in review.
//!
//! What this module does not do: choose a program for a document, count business
//! days, or know the codes that the client has delegated.

mod check;
mod clocks;
mod hours;
mod model;
mod names;
mod problem;
mod programs;
mod reader;
mod render;
pub mod rules;
#[cfg(test)]
pub(crate) mod tests;
mod written;

pub use clocks::{
    Allowance, Basis, Buffer, CareClocks, Clocks, ExpeditedClocks, HoldClocks, HoldRule,
    OxygenClocks, RetroClocks, StandardClocks, UrgentClocks,
};
pub use hours::{Hours, Opening, Span};
pub use model::{
    Appeals, Asked, Conditions, Contact, Kind, LineOfBusiness, PhoneLine, Program, Required,
    Satisfied, Scope, Service, Signals, Source, Status,
};
pub use names::{Condition, FieldName, Severity};
pub use problem::ProgramProblem;
pub use programs::{Programs, Shown};
pub use rules::{
    Days, Doubt, KeyDate, LetterTo, OutsideRetro, Oxygen, Party, PeerToPeer, Resolved, Rule, Rules,
    SameDay, Situation, Topic, UrgentByFax, Validity, Value, Window,
};
