//! Station 6: a searchable packet and a manifest.

pub mod packet;
