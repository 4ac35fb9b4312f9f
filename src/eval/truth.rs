//! `NAME.truth.json`: what is known of a document, written by a generator or by
//! hand.

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// The JSON Schema of a truth file.
pub fn schema() -> Value {
    schemars::schema_for!(Truth).to_value()
}

/// What is known of one document. Only `schema` and `file` must be there:
/// whatever is left out is not scored. An empty list or `null` states that there
/// is none, and then anything found counts as false.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Truth {
    /// Which form this file has.
    pub schema: TruthSchema,
    /// The document, beside this file.
    pub file: String,
    /// The day of receipt: dates are judged by it. Without it, today.
    #[schemars(with = "Option<String>", regex(pattern = r"^\d{4}-\d{2}-\d{2}$"))]
    pub received_on: Option<Date>,
    /// A free note that came with the document.
    pub note: Option<String>,
    /// Other facts that came with it, such as `dnis`.
    #[serde(default)]
    pub meta: BTreeMap<String, String>,
    /// How damaged it is, in any words; figures are given for each.
    pub level: Option<String>,
    /// `standard`, `fine` or any other word; figures are given for each.
    pub resolution: Option<String>,
    /// What sort of packet it is.
    pub kind: Option<String>,
    /// The file's format.
    pub format: Option<String>,
    /// Where a generator took it from.
    pub seed: Option<u64>,
    /// Whether the file was cut short; its pages are those of the whole.
    #[serde(default)]
    pub truncated: bool,
    /// Its pages, as many as are known.
    #[serde(default)]
    pub pages: Vec<Page>,
    /// Which pages speak of which member.
    pub parts: Option<Vec<Part>>,
    /// What a reader should find.
    #[serde(default)]
    pub findings: Findings,
    /// What should become of it; `null` where the paper does not settle it.
    pub expected: Option<Decision>,
}

/// `intake.truth/1`.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
pub enum TruthSchema {
    /// This one.
    #[serde(rename = "intake.truth/1")]
    One,
}

/// One page.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// From 1.
    pub number: u32,
    /// By the names of the contract, such as `fax_cover`.
    pub kind: Option<String>,
    /// Degrees clockwise that bring it upright.
    pub rotation: Option<u16>,
    /// Its header strip. Not scored here.
    pub header: Option<Value>,
    /// Words with their boxes. Not scored here.
    #[serde(default)]
    pub words: Vec<Value>,
    /// Tick boxes. Not scored here.
    #[serde(default)]
    pub marks: Vec<Value>,
}

/// Pages of one member.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Their numbers.
    pub pages: Vec<u32>,
    /// Not scored.
    pub member: Option<Value>,
}

/// Findings, in the shape and spelling of the contract, values alone.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Findings {
    /// What is said of a pending discharge.
    pub pending_discharge: Option<Discharge>,
    /// Whether urgency is claimed.
    pub urgent: Option<Urgent>,
    /// Codes requested or ordered.
    pub hcpcs: Option<Vec<Code>>,
    /// NPIs with their roles.
    pub npi: Option<Vec<Number>>,
    /// Tax ids with their roles, masked where they have the shape of an SSN.
    pub tin: Option<Vec<Number>>,
    /// Diagnosis codes.
    pub icd10: Option<Vec<String>>,
    /// The patient.
    pub member: Member,
    /// By role.
    pub providers: Option<Vec<Provider>>,
    /// By meaning, `YYYY-MM-DD`.
    pub dates: Dates,
    /// Numbers that tie it to earlier work.
    pub references: Option<Vec<Reference>>,
    /// What the sender wants beyond an ordinary request.
    pub intents: Option<Vec<Intent>>,
    /// `home`, `hospital`, …
    pub setting: Stated<String>,
    /// Two digits.
    pub place_of_service: Stated<String>,
    /// Checklist items that are present.
    pub checklist: Option<Vec<String>>,
    /// Items that are there in part: `present_unsigned`, `stale`, `unclear`.
    pub checklist_doubtful: BTreeMap<String, String>,
}

/// What is said of a pending discharge.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Discharge {
    /// `strong`, `medium`, `ambiguous`, `weak` or `none`.
    pub value: String,
    /// How it is said, in any words; figures are given for each.
    pub variant: Option<String>,
}

/// Whether urgency is claimed.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Urgent {
    /// `claimed` or `none`.
    pub value: String,
}

/// A code requested.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Code {
    /// Such as `E0601`.
    pub code: String,
    /// In any order. Not scored where left out.
    pub modifiers: Option<Vec<String>>,
    /// A plain number.
    #[serde(default)]
    pub units: Stated<String>,
}

/// A number in a role.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Number {
    /// Bare digits.
    pub value: String,
    /// `ordering`, `rendering`, `facility`. Not scored where left out.
    pub role: Option<String>,
}

/// The patient.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Member {
    /// `Given Family`.
    pub name: Stated<String>,
    /// `YYYY-MM-DD`.
    pub date_of_birth: Stated<String>,
    /// Without separators, with its suffix.
    pub id: Stated<String>,
}

/// A provider as the document describes it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// In what role.
    pub role: String,
    /// A person's or a company's.
    #[serde(default)]
    pub name: Stated<String>,
    /// Scored in the list of NPIs.
    #[serde(default)]
    pub npi: Stated<String>,
    /// Scored in the list of tax ids.
    #[serde(default)]
    pub tin: Stated<String>,
    /// E.164.
    #[serde(default)]
    pub phone: Stated<String>,
    /// E.164.
    #[serde(default)]
    pub fax: Stated<String>,
    /// On one line.
    #[serde(default)]
    pub address: Stated<String>,
}

/// Dates by meaning.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Dates {
    /// Of service, start of care.
    pub service: Stated<String>,
    /// Of the written order.
    pub order: Stated<String>,
    /// Of the newest visit not after receipt.
    pub visit: Stated<String>,
    /// From hospital.
    pub anticipated_discharge: Stated<String>,
    /// Already delivered on.
    pub delivered: Stated<String>,
}

/// A number that ties the document to earlier work.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// `hold`, `case`, `authorization`.
    pub kind: String,
    /// As normalised.
    pub value: String,
}

/// What the sender wants.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Intent {
    /// By the names of the contract, such as `appeal`.
    pub kind: String,
}

/// What should become of a document, by the names of the contract.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// Such as `new_case`.
    pub action: Option<String>,
    /// Such as `ready_for_review`.
    #[serde(default)]
    pub queue: Stated<String>,
    /// Such as `expedited`.
    pub lane: Option<String>,
    /// Such as `dme_com`.
    #[serde(default)]
    pub program: Stated<String>,
}

/// A value that may be stated, stated to be absent (`null`), or left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Stated<T> {
    /// Left out: not known.
    #[default]
    Unknown,
    /// This, or none.
    Known(Option<T>),
}

impl<T> Stated<T> {
    /// What is stated, if anything is.
    pub fn known(&self) -> Option<Option<&T>> {
        match self {
            Self::Unknown => None,
            Self::Known(value) => Some(value.as_ref()),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Stated<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(Self::Known)
    }
}

impl<T: JsonSchema> JsonSchema for Stated<T> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        Option::<T>::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Option::<T>::json_schema(generator)
    }

    fn inline_schema() -> bool {
        true
    }
}
