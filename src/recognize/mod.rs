//! Station 3: pages become words, tick boxes and header strips with boxes in
//! the coordinates of the upright page.

pub mod recognized;
