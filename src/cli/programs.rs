use jiff::Timestamp;

use super::args::ProgramsCommand;
use super::exit::{Code, Failure};
use super::output;
use crate::config::{Config, Knowledge};

/// Validates or prints the program models. Loading them finds what cannot be read;
/// what can and is still not right is checked here. Every problem is in the failure.
pub fn run(config: &Config, command: &ProgramsCommand) -> Result<Code, Failure> {
    let knowledge = Knowledge::of(config)?;
    let programs = &knowledge.programs;
    match command {
        ProgramsCommand::Check => {
            let problems = knowledge.check_programs();
            if !problems.is_empty() {
                let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
                return Err(Failure::wrong_use(
                    "programs.check",
                    format!("the program models are not in order\n{}", lines.join("\n")),
                    "mend the keys named above; until then what is in doubt stays in review",
                ));
            }
            let (count, rules) = (programs.iter().count(), programs.rules().iter().count());
            output::line(&format!(
                "{count} program models with {rules} rules are in order, {}",
                programs.digest().prefixed()
            ))?;
        }
        ProgramsCommand::Show { program, at, json } => {
            let today = Timestamp::now().to_zoned(config.service.time_zone.zone()).date();
            let at = Some(at.unwrap_or(today));
            let selected = programs.select(program.as_deref(), at);
            if selected.is_empty() {
                return Err(Failure::wrong_use(
                    "programs.unknown",
                    "no such program is in force on that day",
                    "`intake programs show` lists those in force today",
                ));
            }
            let shown = if *json {
                serde_json::to_string_pretty(&selected).map_err(Failure::internal)?
            } else {
                programs.show(program.as_deref(), at)
            };
            output::line(shown.trim_end())?;
        }
    }
    Ok(Code::Done)
}
