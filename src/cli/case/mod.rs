//! `intake case`: the register of cases.
//!
//! A list shows no patient; `show` does, because somebody asked for that one
//! case.

mod import;
mod list;
mod open;
mod sheet;
mod show;

use super::args::CaseCommand;
use super::exit::{Code, Failure};
use super::output;
use crate::config::Config;
use crate::decide::register::CaseLine;
use crate::pipeline::custody::Safe;
use crate::pipeline::service;
use crate::vocab::HcpcsCode;
use crate::vocab::codes::CodeTable;

/// Lists, shows, opens or imports.
pub async fn run(config: &Config, command: &CaseCommand) -> Result<Code, Failure> {
    match command {
        CaseCommand::List(what) => list::run(config, what).await,
        CaseCommand::Show { case, json } => show::run(config, case, *json).await,
        CaseCommand::Open(what) => open::run(config, what).await,
        CaseCommand::Import { file } => import::run(config, file).await,
    }?;
    Ok(Code::Done)
}

/// The store for whoever only looks; says so where there is none yet.
async fn existing(config: &Config) -> Result<Option<Safe>, Failure> {
    let safe = service::open_existing(config).await?;
    if safe.is_none() {
        let data_dir = config.service.data_dir.display();
        output::remark(&format!("intake: nothing is kept in {data_dir} yet"));
    }
    Ok(safe)
}

/// A line of a case, with the family that the code table has for it; without
/// one where the table does not know the code.
fn line(code: HcpcsCode, codes: &CodeTable) -> CaseLine {
    let family = codes.get(&code).map_or_else(String::new, |facts| facts.family.clone());
    CaseLine { code: Some(code), family }
}

/// Words between blanks, commas and semicolons.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';')).filter(|w| !w.is_empty())
}
