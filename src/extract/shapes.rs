//! What values look like that can be told by their shape.

use std::sync::LazyLock;

use regex::Regex;

use super::labels::Label;
use super::phones::phone;
use crate::vocab::Npi;

static TIN: LazyLock<Regex> = LazyLock::new(|| compiled(r"\b(?:\d{2}-?\d{7}|\d{3}-\d{2}-\d{4})\b"));
static DATE: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r"\b(?:\d{1,2}[/-]\d{1,2}[/-]\d{2,4}|\d{4}-\d{2}-\d{2}|\d{1,2}-[A-Za-z]{3}-\d{4}|[A-Z][a-z]{2,8}\.? \d{1,2}, \d{4})\b",
    )
});
static ID: LazyLock<Regex> =
    LazyLock::new(|| compiled(r"\b[A-Z]?\d{8,11}\b|\b\d[A-Z][A-Z0-9]\d-?[A-Z]"));
static CODE: LazyLock<Regex> = LazyLock::new(|| compiled(r"\b[A-Z]\d{4}\b"));
static TEN_DIGITS: LazyLock<Regex> = LazyLock::new(|| compiled(r"\b\d{10}\b"));

#[expect(clippy::unwrap_used, reason = "constant patterns, compiled in every test")]
fn compiled(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap()
}

/// Whether a text has the shape of what a label announces; `None` for labels
/// whose values may look like anything.
pub fn has_shape(label: Label, text: &str) -> Option<bool> {
    Some(match label {
        Label::Npi => TEN_DIGITS.find_iter(text).any(|m| Npi::parse(m.as_str()).is_ok()),
        Label::Tin => TIN.is_match(text),
        Label::Phone | Label::Fax => phone(text).is_some(),
        Label::BirthDate
        | Label::ServiceDate
        | Label::OrderDate
        | Label::VisitDate
        | Label::DischargeDate
        | Label::DeliveryDate => DATE.is_match(text),
        Label::MemberId => ID.is_match(text),
        Label::Hcpcs => CODE.is_match(text),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_tell_kinds_of_values_apart() {
        assert_eq!(has_shape(Label::Npi, "1234567893"), Some(true));
        assert_eq!(has_shape(Label::Npi, "2125550106"), Some(false));
        assert_eq!(has_shape(Label::Tin, "(215)555-0110"), Some(false));
        assert_eq!(has_shape(Label::Phone, "(215)555-0110"), Some(true));
        assert_eq!(has_shape(Label::Name, "Jane Roe"), None);
    }
}
