use serde::{Deserialize, Serialize};

/// Protected health information: a value that may identify a patient.
///
/// `Debug` is redacted and there is no `Display`, so a log line, an error or a
/// metric cannot carry it by accident; [`Phi::expose`] is the one greppable way
/// out. It serialises as the plain value, because the store, the manifest and
/// `process --json` are the places it belongs.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Phi<T>(T);

impl<T> Phi<T> {
    /// Wraps a value that came from, or describes, a patient's document.
    pub fn new(value: T) -> Self {
        Self(value)
    }

    /// Takes the value out. Each call site must keep it inside the data
    /// directory (promise P8).
    pub fn expose(&self) -> &T {
        &self.0
    }

    /// Like [`Phi::expose`], by value.
    pub fn into_exposed(self) -> T {
        self.0
    }
}

impl<T> std::fmt::Debug for Phi<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Phi(…)")
    }
}

impl From<&str> for Phi<String> {
    fn from(value: &str) -> Self {
        Self(value.to_owned())
    }
}

impl From<String> for Phi<String> {
    fn from(value: String) -> Self {
        Self(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_never_shows_the_value() {
        let name = Phi::from("Edith Sample");
        assert!(!format!("{name:?} {:?}", Some(&name)).contains("Edith"));
    }
}
