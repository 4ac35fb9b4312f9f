//! Station 2: bytes of a stranger's file become pages.

pub mod pages;
