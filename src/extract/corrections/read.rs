use jiff::civil::Date;
use serde::de::DeserializeOwned;

use super::Change;
use super::field::{MemberField, ProviderField, ValueField};
use crate::extract::findings::{Item, ReferenceKind};
use crate::extract::phones;
use crate::vocab::codes::CodeTable;
use crate::vocab::{HcpcsCode, Icd10Code, NotAnIdentifier, Npi, PageNumber, Phi, Tin};

/// Against what a correction is checked.
#[derive(Clone, Copy, Debug)]
pub struct Terms<'a> {
    /// Issued codes.
    pub codes: &'a CodeTable,
    /// Words for where a patient is.
    pub settings: &'a [String],
    /// How many pages the document has.
    pub pages: usize,
    /// The day it was received: nobody is born later.
    pub received_on: Date,
}

/// Why what was typed is no correction. Quotes nothing of it: it may be a
/// patient's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotACorrection {
    /// Not `FIELD=VALUE`.
    #[error("expected FIELD=VALUE, such as member.id=U1234567801 or hcpcs=+E0601")]
    NotAnAssignment,
    /// No field of this name can be corrected.
    #[error("no such field; `intake queue correct --help` lists those that can be corrected")]
    UnknownField,
    /// An identifier that does not pass its check.
    #[error("{field}: {why}")]
    Identifier {
        /// The contract's name.
        field: String,
        /// What is wrong.
        why: NotAnIdentifier,
    },
    /// Not one of the words or shapes that are understood.
    #[error("{field}: expected {expected}")]
    Expected {
        /// The contract's name.
        field: String,
        /// What.
        expected: String,
    },
    /// A code by its shape that the code table does not have.
    #[error("{field}: no code that is known; `intake codes show CODE` says what is known")]
    UnknownCode {
        /// The contract's name.
        field: String,
    },
}

/// Reads `FIELD=VALUE`. An empty value says that there is none; lists take
/// `+VALUE` and `-VALUE`, several between commas.
pub fn read(typed: &str, terms: &Terms) -> Result<Vec<Change>, NotACorrection> {
    let (field, value) = typed.split_once('=').ok_or(NotACorrection::NotAnAssignment)?;
    let (field, value) = (field.trim(), value.trim());
    match field {
        "hcpcs" => each(value, |text| code(text, terms)),
        "icd10" => each(value, diagnosis),
        "references" => each(value, reference),
        "pending_discharge" => Ok(vec![Change::PendingDischarge { value: word(field, value)? }]),
        "urgent" => Ok(vec![Change::Urgent { value: word(field, value)? }]),
        "patients" => match value {
            "one" => Ok(vec![Change::OnePatient]),
            _ => Err(expected(field, "one: all pages speak of the same patient")),
        },
        "program" => {
            let id = (!value.is_empty()).then(|| value.to_owned());
            Ok(vec![Change::Program { id }])
        }
        _ => {
            if let Some(item) = field.strip_prefix("checklist.") {
                let item = Item::parse(item).ok_or(NotACorrection::UnknownField)?;
                return Ok(vec![Change::Item { item, status: word(field, value)? }]);
            }
            if let Some(number) = field.strip_prefix("page.") {
                return Ok(vec![page(field, number, value, terms)?]);
            }
            let known = ValueField::parse(field).ok_or(NotACorrection::UnknownField)?;
            let value =
                if value.is_empty() { None } else { Some(Phi::new(checked(known, value, terms)?)) };
            Ok(vec![Change::Value { field: known, value }])
        }
    }
}

fn expected(field: &str, what: impl Into<String>) -> NotACorrection {
    NotACorrection::Expected { field: field.to_owned(), expected: what.into() }
}

/// A word of the contract: serde knows them, and names them where it does not
/// find one. What was typed it quotes too, so of its message only the list is
/// kept.
fn word<T: DeserializeOwned>(field: &str, value: &str) -> Result<T, NotACorrection> {
    serde_json::from_value(serde_json::Value::from(value)).map_err(|error| {
        let message = error.to_string();
        let words = message.split_once("expected ").map_or("a word of the contract", |(_, w)| w);
        expected(field, words.replace('`', ""))
    })
}

/// `+A,-B`: each with whether it stands.
fn each(
    value: &str,
    mut change: impl FnMut(Signed) -> Result<Change, NotACorrection>,
) -> Result<Vec<Change>, NotACorrection> {
    value.split(',').map(|part| change(Signed::of(part.trim()))).collect()
}

/// A value that is added or taken away.
struct Signed<'t> {
    text: &'t str,
    stands: Option<bool>,
}

impl<'t> Signed<'t> {
    fn of(part: &'t str) -> Self {
        match (part.strip_prefix('+'), part.strip_prefix('-')) {
            (Some(text), _) => Self { text: text.trim(), stands: Some(true) },
            (_, Some(text)) => Self { text: text.trim(), stands: Some(false) },
            (None, None) => Self { text: part, stands: None },
        }
    }

    fn stands(&self, field: &str, example: &str) -> Result<bool, NotACorrection> {
        let what = || expected(field, format!("+ or - before each value, such as {example}"));
        self.stands.ok_or_else(what)
    }
}

fn code(signed: Signed<'_>, terms: &Terms) -> Result<Change, NotACorrection> {
    let asked = signed.stands("hcpcs", "+E0601")?;
    let code = HcpcsCode::parse(&signed.text.to_uppercase())
        .map_err(|why| NotACorrection::Identifier { field: "hcpcs".into(), why })?;
    // What is taken away may have been read wrong and be no code at all.
    if asked && terms.codes.get(&code).is_none() {
        return Err(NotACorrection::UnknownCode { field: "hcpcs".into() });
    }
    Ok(Change::Code { code, asked })
}

fn diagnosis(signed: Signed<'_>) -> Result<Change, NotACorrection> {
    let stands = signed.stands("icd10", "+J96.11")?;
    let code = Icd10Code::parse(signed.text)
        .map_err(|why| NotACorrection::Identifier { field: "icd10".into(), why })?;
    Ok(Change::Diagnosis { code, stands })
}

fn reference(signed: Signed<'_>) -> Result<Change, NotACorrection> {
    const EXAMPLE: &str = "+hold:H0000000000, +case:CN-1 or -authorization:A-1";
    let stands = signed.stands("references", EXAMPLE)?;
    let (kind, value) = signed
        .text
        .split_once(':')
        .filter(|(_, value)| value.chars().any(|c| c.is_ascii_digit()))
        .ok_or_else(|| expected("references", EXAMPLE))?;
    let kind: ReferenceKind = word("references", kind.trim())?;
    Ok(Change::Reference { kind, value: Phi::new(value.trim().to_ascii_uppercase()), stands })
}

fn page(field: &str, number: &str, kind: &str, terms: &Terms) -> Result<Change, NotACorrection> {
    let page = number.parse().ok().and_then(PageNumber::new);
    let page = page.filter(|page| page.index() < terms.pages);
    let what = || expected(field, format!("a page from 1 to {}", terms.pages));
    Ok(Change::PageKind { page: page.ok_or_else(what)?, kind: word(field, kind)? })
}

/// The value as the findings have it.
fn checked(field: ValueField, value: &str, terms: &Terms) -> Result<String, NotACorrection> {
    let name = field.as_str();
    let refused = |why| NotACorrection::Identifier { field: name.clone(), why };
    match field {
        ValueField::Member(MemberField::Name) => {
            person(value).ok_or_else(|| expected(&name, "\"Given Family\" or \"Family, Given\""))
        }
        ValueField::Member(MemberField::DateOfBirth) => day(value)
            .filter(|day| *day <= terms.received_on)
            .map(|day| day.to_string())
            .ok_or_else(|| expected(&name, "a day not after receipt, such as 1958-03-01")),
        ValueField::Member(MemberField::Id) => member_id(value)
            .ok_or_else(|| expected(&name, "letters and digits, with the suffix if it has one")),
        ValueField::Provider(_, ProviderField::Npi) => {
            Npi::parse(value).map(String::from).map_err(refused)
        }
        ValueField::Provider(_, ProviderField::Tin) => {
            Tin::parse(value).map(String::from).map_err(refused)
        }
        ValueField::Provider(_, ProviderField::Phone | ProviderField::Fax) => {
            phone(value).ok_or_else(|| expected(&name, "a telephone number, such as 212-555-0105"))
        }
        ValueField::Provider(_, ProviderField::Name | ProviderField::Address) => {
            Some(one_line(value))
                .filter(|text| text.chars().any(char::is_alphabetic))
                .ok_or_else(|| expected(&name, "words"))
        }
        ValueField::Date(_) => day(value)
            .map(|day| day.to_string())
            .ok_or_else(|| expected(&name, "a day, such as 2026-03-09")),
        ValueField::Setting => {
            let known = terms.settings.iter().any(|setting| setting == value);
            let what = || expected(&name, format!("one of {}", terms.settings.join(", ")));
            known.then(|| value.to_owned()).ok_or_else(what)
        }
        ValueField::PlaceOfService => {
            let good = value.len() == 2 && value.bytes().all(|b| b.is_ascii_digit());
            good.then(|| value.to_owned()).ok_or_else(|| expected(&name, "two digits"))
        }
        ValueField::Oxygen => (value == "oxygen" || value == "yes")
            .then(|| "oxygen".to_owned())
            .ok_or_else(|| expected(&name, "yes, or nothing if it is not asked for")),
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `Given Family`, also from `Family, Given`.
fn person(text: &str) -> Option<String> {
    let name = match text.split_once(',') {
        Some((family, given)) => one_line(&format!("{given} {family}")),
        None => one_line(text),
    };
    let is_letter = |c: char| c.is_alphabetic() || " '’-.".contains(c);
    (name.contains(' ') && name.chars().all(is_letter)).then_some(name)
}

/// ISO, or as Americans write it.
fn day(text: &str) -> Option<Date> {
    text.parse().ok().or_else(|| Date::strptime("%m/%d/%Y", text).ok())
}

/// Without separators. Shorter ones than these are numbers of something else.
fn member_id(text: &str) -> Option<String> {
    const LENGTHS: std::ops::RangeInclusive<usize> = 5..=20;
    let separators = |c: &char| !matches!(c, ' ' | '-' | '/' | '.');
    let id: String = text.to_uppercase().chars().filter(separators).collect();
    let good = LENGTHS.contains(&id.len())
        && id.bytes().all(|b| b.is_ascii_alphanumeric())
        && id.bytes().any(|b| b.is_ascii_digit());
    good.then_some(id)
}

/// All of the text is one number, with nothing to be repaired.
fn phone(text: &str) -> Option<String> {
    let (number, _, repairs) = phones::phone(text)?;
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).count();
    (repairs == 0 && (10..=11).contains(&digits(text))).then_some(number)
}
