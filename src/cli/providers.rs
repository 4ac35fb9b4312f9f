//! `intake providers`: the provider directory that the client brings.

use super::args::ProvidersCommand;
use super::exit::{Code, Failure};
use super::output;
use super::table::Table;
use crate::config::Config;
use crate::directory::Directory;
use crate::pipeline::service;
use crate::vocab::Npi;

/// Imports or shows.
pub async fn run(config: &Config, command: &ProvidersCommand) -> Result<Code, Failure> {
    let data_dir = &config.service.data_dir;
    match command {
        ProvidersCommand::Import { file } => {
            // Makes the data directory, closed to others, where it is missing.
            service::open(config).await?;
            let imported = Directory::import(data_dir, file).await?;
            output::line(&format!(
                "{} providers, {} of them deactivated; {} rows without a valid NPI left out",
                imported.providers, imported.deactivated, imported.refused
            ))?;
        }
        ProvidersCommand::Show { numbers } => {
            let parsed = numbers.iter().map(|text| {
                Npi::parse(text).map_err(|_| {
                    let next = "an NPI has ten digits, begins with 1 or 2, and passes its check";
                    Failure::wrong_use("providers.npi", format!("{text:?} is no NPI"), next)
                })
            });
            let parsed = parsed.collect::<Result<Vec<_>, _>>()?;
            let Some(directory) = Directory::open(data_dir).await? else {
                let next = "`intake providers import` takes in the file that CMS publishes";
                return Err(Failure::wrong_use("providers.none", "none was imported", next));
            };
            let known = directory.look_up(&parsed).await?;
            let mut table = Table::new(&["NPI", "standing", "name", "fax"]);
            for npi in &parsed {
                let row = match known.get(npi).and_then(Option::as_ref) {
                    Some(listing) => {
                        let standing = if listing.active { "active" } else { "deactivated" };
                        vec![standing.into(), listing.name.clone(), listing.faxes.join(", ")]
                    }
                    None => vec!["not listed".into(), "-".into(), "-".into()],
                };
                table.row([vec![npi.as_str().to_owned()], row].concat());
            }
            output::line(table.to_string().trim_end())?;
        }
    }
    Ok(Code::Done)
}
