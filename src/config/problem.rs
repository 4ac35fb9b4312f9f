use std::fmt;

/// Something wrong in the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The key, dotted, or the file.
    pub key: String,
    /// What is wrong with it.
    pub what: String,
    /// What to do.
    pub hint: String,
}

impl Problem {
    /// One problem.
    pub fn new(key: impl Into<String>, what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { key: key.into(), what: what.into(), hint: hint.into() }
    }
}

/// Everything wrong in the configuration; at least one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, Problem { key, what, hint }) in self.0.iter().enumerate() {
            if place > 0 {
                writeln!(f)?;
            }
            write!(f, "{key}: {what}\n  hint: {hint}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}
