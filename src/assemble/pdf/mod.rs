//! The little that is needed to write a PDF: drawing operators, one visible
//! and one invisible font, a page of pixels, a page of somebody else's PDF.
//! Objects and files are lopdf's.

pub(super) mod draw;
pub(super) mod fields;
pub(super) mod geometry;
pub(super) mod glyphless;
pub(super) mod helvetica;
pub(super) mod image;
pub(super) mod import;
pub(super) mod outline;
pub(super) mod text_layer;
