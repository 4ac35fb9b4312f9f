//! The decision table row by row, and what must hold whatever the paper says.

mod build;
mod choice;
mod properties;
mod rows;
mod timing;
