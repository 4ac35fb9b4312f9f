//! What a program model says, once read.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use regex::Regex;
use serde::{Serialize, Serializer};

use super::clocks::Clocks;
use super::hours::Hours;
use super::names::{Condition, FieldName, Severity, names};
use crate::extract::findings::Item;
use crate::vocab::{HcpcsCode, Sha256Digest};

/// One version of one program.
#[derive(Clone, Debug, Serialize)]
pub struct Program {
    /// Stable, such as `dme_com`; the same over all versions.
    pub id: String,
    /// For people.
    pub title: String,
    /// For people and for the record.
    pub version: String,
    /// Whether it is current, old, or in doubt.
    pub status: Status,
    /// Whether documents are judged by it.
    pub kind: Kind,
    /// What it is about.
    pub service: Service,
    /// For whose members.
    pub line_of_business: LineOfBusiness,
    /// First day of receipt it holds for.
    pub effective_from: Date,
    /// First day it no longer holds for; open ended without.
    pub effective_to: Option<Date>,
    /// Where its days begin and its hours are told.
    #[serde(serialize_with = "zone_name")]
    pub zone: TimeZone,
    /// Keys whose values are proposals until the client confirms them.
    pub unconfirmed: Vec<String>,
    /// Rows of the decision table that may send a document away without a
    /// person.
    pub automatic_rows: Vec<String>,
    /// Where its facts come from.
    pub sources: Vec<Source>,
    /// How senders reach it.
    pub contact: Contact,
    /// When it is staffed.
    pub hours: Hours,
    /// What it reviews and what not.
    pub scope: Scope,
    /// By what a document is recognised as its own.
    pub signals: Signals,
    /// To what its conditions refer.
    pub conditions: Conditions,
    /// Fields it requires, in its order.
    pub required: Vec<Required>,
    /// Items it asks for, in its order.
    pub checklist: Vec<Asked>,
    /// When things are due; none for who reviews nothing.
    pub clocks: Option<Clocks>,
    /// Appeals and other answers to a decision.
    pub appeals: Appeals,
    /// The file it was read from.
    pub file: String,
    /// Of that file's text.
    pub digest: Sha256Digest,
}

impl Program {
    /// The version by which a decision names it: `dme_com@2025-01-01`. What stands
    /// in one of its sections is named by its path: `dme_com@2025-01-01#contact.phone`.
    pub fn version_id(&self) -> String {
        format!("{}@{}", self.id, self.effective_from)
    }

    /// Whether it holds for a document received on this day.
    pub fn holds_on(&self, day: Date) -> bool {
        self.effective_from <= day && self.effective_to.is_none_or(|end| day < end)
    }

    /// Whether a row of the decision table may send a document away without
    /// a person.
    pub fn is_automatic(&self, row: &str) -> bool {
        self.automatic_rows.iter().any(|automatic| automatic == row)
    }

    /// What is asked about an item, if it is asked for at all.
    pub fn asked(&self, item: Item) -> Option<&Asked> {
        self.checklist.iter().find(|asked| asked.item == item)
    }
}

names! {
    /// How far a version can be relied on.
    Status {
        /// Current.
        Active = "active",
        /// Old, still honoured.
        Legacy = "legacy",
        /// In doubt until the client says otherwise.
        NeedsConfirmation = "needs_confirmation",
    }
}

names! {
    /// What a program does with documents.
    Kind {
        /// Judges requests.
        Review = "review",
        /// Helps; judges nothing.
        Desk = "desk",
        /// Is somebody else, to whom people send things.
        Elsewhere = "elsewhere",
    }
}

names! {
    /// What a program is about.
    Service {
        /// Durable medical equipment.
        Dme = "dme",
        /// Home health.
        HomeHealth = "home_health",
        /// Sleep testing.
        Sleep = "sleep",
        /// Anything.
        Any = "any",
    }
}

names! {
    /// For whose members a program is.
    LineOfBusiness {
        /// Employers and individuals.
        Commercial = "commercial",
        /// Medicare Advantage.
        MedicareAdvantage = "medicare_advantage",
        /// All.
        Any = "any",
    }
}

/// Where a fact comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Source {
    /// Its title.
    pub title: String,
    /// Its date, or that it has none.
    pub date: String,
}

/// How senders reach a program. Facts about it, never destinations of ours.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Contact {
    /// Inbound fax numbers, E.164. A dialled number is a prior, not proof.
    pub fax: Vec<String>,
    /// Phones.
    pub phone: Vec<PhoneLine>,
}

/// A phone number and what it is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PhoneLine {
    /// E.164.
    pub number: String,
    /// What to press.
    pub menu: Option<String>,
    /// What it is for.
    pub purpose: String,
}

/// What a program reviews.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Scope {
    /// Families of codes that belong to it, those that need no review included.
    pub families: Vec<String>,
    /// Settings outside it: `hospital`, `snf`, `surgical`.
    pub settings_outside: Vec<String>,
    /// Two-digit places of service outside it.
    pub places_outside: Vec<String>,
    /// States whose members are outside it, two letters.
    pub states_outside: Vec<String>,
    /// If given, only requests for one of these codes fall under it.
    pub delegated: Option<Vec<HcpcsCode>>,
    /// The imported list on which such codes stand, beside those named here.
    pub delegated_list: Option<String>,
}

/// By what a document is recognised.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Signals {
    /// Shapes of its members' ids; each must match the whole id.
    #[serde(serialize_with = "pattern_texts")]
    pub member_ids: Vec<Regex>,
    /// Lower-case words that name its line of business.
    pub brands: Vec<String>,
    /// Lower-case bare names of the plan, which other programs share.
    pub plan_names: Vec<String>,
    /// Lower-case words for what it reviews; weighed only where no code is
    /// given.
    pub services: Vec<String>,
}

/// To what a program's conditions refer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Conditions {
    /// Families whose requests bring a wound with them.
    pub wound_families: Vec<String>,
    /// Families for which therapy goals are asked.
    pub therapy_families: Vec<String>,
    /// Families of private-duty nursing.
    pub pdn_families: Vec<String>,
    /// Codes that need a certificate of medical necessity.
    pub cmn_codes: Vec<HcpcsCode>,
}

/// A field that is required.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Required {
    /// Which.
    pub field: FieldName,
    /// What its absence means.
    pub severity: Severity,
    /// When it is asked for.
    pub when: Condition,
    /// Another field that will do instead.
    pub or: Option<FieldName>,
    /// What is taken for granted where the paper is silent.
    pub assumed: Option<String>,
}

/// An item that is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Asked {
    /// Which.
    pub item: Item,
    /// When it is asked for.
    pub when: Condition,
    /// Whether its absence alone creates a hold. Otherwise it is only asked
    /// for in a letter that is sent anyway.
    pub holds: bool,
    /// What will do instead.
    pub satisfied_by: Vec<Satisfied>,
    /// What will do instead while the patient is in hospital.
    pub satisfied_by_inpatient: Vec<Satisfied>,
}

/// What will do in place of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Satisfied {
    /// Another item.
    Item(Item),
    /// A field that is there.
    Field(FieldName),
    /// All fields of the severities hard and core.
    #[serde(serialize_with = "core_fields")]
    CoreFields,
}

/// Appeals and other answers to a decision.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Appeals {
    /// Lower-case words that speak of a decision already made.
    pub decided_words: Vec<String>,
}

fn zone_name<S: Serializer>(zone: &TimeZone, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(zone.iana_name().unwrap_or("UTC"))
}

fn pattern_texts<S: Serializer>(patterns: &[Regex], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(patterns.iter().map(Regex::as_str))
}

fn core_fields<S: Serializer>(serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str("core_fields")
}
