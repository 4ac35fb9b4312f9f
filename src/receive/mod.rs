//! Station 1: folders and submissions become durable documents.

pub mod received;
