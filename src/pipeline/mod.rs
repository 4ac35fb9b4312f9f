//! The order of the stations, and everything that keeps a document moving
//! through them: checkpoints, leases, retries, priorities.
//!
//! ```text
//!  watch ─▶ custody ─▶ work table ─▶ workers ─▶ work table ─▶ … ─▶ folder
//!           (blob+row)              open · read · decide · deliver
//!                                            └─▶ outbox ─▶ sender ─▶ mail
//! ```
//!
//! [`journey`] says what happens to one document and knows no database;
//! [`worker`] runs one piece of it under a lease and commits the result;
//! [`service`] runs it all; [`oneshot`] is the journey without a store.
//!
//! A worker holds no transaction while it reads, and whatever it did is
//! committed in one: killed anywhere, the work is simply done again by another
//! (promise P3).

pub mod custody;
pub mod desk;
pub mod journey;
mod notices;
pub mod oneshot;
mod readings;
mod record;
pub mod references;
pub mod replay;
pub mod sender;
pub mod service;
pub mod sheaf;
mod together;
mod turn;
mod watch;
pub mod worker;

/// An error with its causes, for an operator: "could not create the folder:
/// Permission denied". A cause that the error words itself is not said twice.
pub fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        let words = next.to_string();
        if !text.contains(&words) {
            text = format!("{text}: {words}");
        }
        cause = next.source();
    }
    text
}
