//! The decision table row by row, and what must hold whatever the paper says.

mod apart;
pub(super) mod build;
mod cases;
mod choice;
mod properties;
mod rows;
mod timing;
