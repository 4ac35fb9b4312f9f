//! Station 1: files in folders, and files handed over by `intake submit`,
//! become durable documents ([`received::Received`]).
//!
//! ```text
//! folder ── scan ──▶ settle ──▶ take: copy ▸ fsync ▸ commit ▸ remove
//! ```
//!
//! The order in [`take()`] is promise P1: a file leaves its folder only after
//! its bytes are durable and its row is committed. A crash between any two
//! steps leaves the file where it was, and taking it again finds the row.
//!
//! This station knows neither database nor blob store, only [`Custody`].

mod complete;
mod config;
mod custody;
mod folder;
pub mod received;
mod settle;
mod take;

pub use config::SourceConfig;
pub use custody::{Custody, CustodyError, Kept, Origin};
pub use folder::{Folder, Scan};
pub use take::{HandOverError, TakeError, Taken, hand_over, take};
