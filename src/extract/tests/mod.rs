//! Tests of the station as a whole, on small drawn pages.

pub(crate) mod build;
mod checklist;
mod codes;
mod identity;
mod kinds;
mod numbers;
mod owners;
mod pending;
mod placing;
mod properties;
mod samples;
mod suppliers;
mod worn_labels;
