//! Station 4: words become findings, every one with its evidence.

pub mod findings;
