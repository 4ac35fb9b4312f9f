use super::args::SchemaOf;
use super::exit::{Code, Failure};
use super::output;

/// Prints a JSON Schema.
pub fn print(of: SchemaOf) -> Result<Code, Failure> {
    let schema = match of {
        SchemaOf::Truth => crate::eval::schema(),
    };
    output::line(&serde_json::to_string_pretty(&schema).map_err(Failure::internal)?)?;
    Ok(Code::Done)
}
