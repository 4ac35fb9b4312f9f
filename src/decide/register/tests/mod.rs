//! Which case is meant, by example and by what must hold for all.

pub mod build;
mod examples;
mod keys;
mod opened;
mod properties;
