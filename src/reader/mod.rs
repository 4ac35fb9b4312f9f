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
//! crashes or takes too long. It gets the file through its pipe and needs
//! nothing of the file system but the OCR models.
//!
//! The parent starts it with `OMP_THREAD_LIMIT=1`, which Tesseract's OpenMP
//! obeys only when it is in the environment before the process starts: with
//! threads, a page took seven times as long (measured; setting it in `main`
//! changed nothing).
//!
//! What comes back is untrusted: frames are bounded, boxes are clamped when
//! they are parsed, page numbers are compared with those asked for.

mod child;
mod pool;
mod protocol;

pub use child::serve;
pub use pool::{Originals, PageReading, Pool, PoolConfig, ReaderError};
