//! Intake: document and fax intake for prior authorization.

pub mod assemble;
pub mod cli;
pub mod config;
pub mod decide;
pub mod decode;
pub mod deliver;
pub mod extract;
pub mod pipeline;
pub mod program;
pub mod reader;
pub mod receive;
pub mod recognize;
pub mod store;
pub mod vocab;
