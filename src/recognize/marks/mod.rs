//! Tick boxes: found on the page's own pixels before lines are cleared away,
//! judged by what is inside, named by the words beside them.

mod find;
mod frame;
mod judge;
mod label;
mod named;
mod pair;
mod pieces;
mod round;
mod siblings;
mod sides;
mod typed;
mod underscores;

use find::{Shape, find};
pub use find::{Square, Standing};
pub use judge::Judged;
use judge::judge;
use label::label;
pub use named::{found_marks, labelled, named_marks};
pub use siblings::with_siblings;
pub use typed::is_box;
