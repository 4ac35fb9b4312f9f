//! The processes in which a stranger's bytes are decoded, recognized and
//! bound (promise P7).
//!
//! ```text
//! intake serve ──┬─ pipe ─▶ intake reader   (one page at a time, one OCR thread)
//!                └─ pipe ─▶ intake reader
//! ```
//!
//! A reader is this program with the hidden command `reader`. It lives long,
//! keeps the OCR engine and the file it works on, and is replaced when it
//! crashes, takes too long, says what cannot be, or has grown. It gets the file
//! through its pipe, and once the OCR models are loaded it has nothing else:
//! see [`walls`].
//!
//! The parent starts it with `OMP_THREAD_LIMIT=1`, which Tesseract's OpenMP
//! obeys only when it is in the environment before the process starts: with
//! threads, a page took seven times as long (measured; setting it in `main`
//! changed nothing). `RTEN_NUM_THREADS=1` keeps the line reader at one thread,
//! in which Landlock is put up as well.
//!
//! What comes back is untrusted: frames are bounded by what was asked for
//! (`protocol`), and what they say is held against it (`check`). What no check
//! can find is a false reading: a file that takes over its reader can lie
//! about its own pages, and about those of the next files that this reader
//! gets. `readers.replace_after_pages` bounds how many that are.

mod check;
mod child;
mod cpu;
mod end;
mod memory;
mod pool;
mod protocol;
pub mod walls;

pub use child::serve;
#[doc(hidden)]
pub use child::serve_with;
pub use pool::{Jail, Originals, PageReading, Pool, PoolConfig, ReaderError};

/// What the parent does with the message of a reply, for the fuzzer: whether
/// it was one, and whether it was believed.
#[doc(hidden)]
pub fn believes(message: &[u8]) -> Option<bool> {
    check::any(message).map(|checked| checked.is_ok())
}
