//! Station 5: findings, program models and the time become a disposition.

pub mod disposition;
