//! Intake: document and fax intake for prior authorization.

pub mod assemble;
pub mod decide;
pub mod decode;
pub mod deliver;
pub mod extract;
pub mod program;
pub mod receive;
pub mod recognize;
pub mod vocab;
