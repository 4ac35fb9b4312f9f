//! Tick boxes: found on the page's own pixels before lines are cleared away,
//! judged by what is inside, named by the words beside them.

mod find;
mod frame;
mod judge;
mod label;
mod pair;
mod pieces;
mod round;
mod sides;
mod typed;

pub use find::{Shape, Square, Standing, find};
pub use judge::{Judged, judge};
pub use label::label;
pub use typed::typed_boxes;
