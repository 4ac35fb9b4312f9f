//! Station 7: case and queue folders, mail.

pub mod receipt;
