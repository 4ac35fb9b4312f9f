//! What several test files share.
#![allow(dead_code)] // each test file uses its part

pub mod program;
pub mod story;
