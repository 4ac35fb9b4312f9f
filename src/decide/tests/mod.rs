//! The decision table row by row, and what must hold whatever the paper says.

mod again;
mod ambiguous;
mod apart;
pub(crate) mod build;
mod cases;
mod choice;
mod contradictions;
pub(crate) mod paper;
mod policy;
mod properties;
mod rows;
mod timing;
