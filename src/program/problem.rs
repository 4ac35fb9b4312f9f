use std::fmt;

/// One thing wrong with the program models. All of them are reported at once.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct ProgramProblem {
    /// The file's name, as given.
    pub file: String,
    /// Dotted, with places in lists: `checklist[3].item`. Empty for the file
    /// as a whole.
    pub key: String,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub hint: String,
}

impl fmt::Display for ProgramProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if !self.key.is_empty() {
            write!(f, ": {}", self.key)?;
        }
        write!(f, ": {}", self.message)?;
        if self.hint.is_empty() { Ok(()) } else { write!(f, " ({})", self.hint) }
    }
}
