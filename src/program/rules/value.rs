//! What rules say: one closed set of kinds of values.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use toml::Value as Toml;

use crate::program::names::names;
use crate::program::written::{SETTINGS, e164, is_setting};

names! {
    /// Who reviews, hears an appeal or takes a change.
    Party {
        /// The plan.
        Cigna = "cigna",
        /// Its delegate.
        Evicore = "evicore",
    }
}

names! {
    /// What is done with oxygen when a discharge waits for it.
    Oxygen {
        /// Reviewed in a call; the supplier is phoned.
        ByPhone = "by_phone",
        /// Like any other item.
        AsAny = "as_any",
    }
}

names! {
    /// What is done with a request that starts on the day of receipt.
    SameDay {
        /// Reviewed.
        Accept = "accept",
        /// Somebody else ought to have it, by phone.
        Redirect = "redirect",
    }
}

names! {
    /// What is done outside the window for requests after the fact.
    OutsideRetro {
        /// Somebody else ought to have it.
        Redirect = "redirect",
        /// A person judges whether an exception applies.
        Person = "person",
    }
}

names! {
    /// How an urgent request by fax is met. It is taken in any case.
    UrgentByFax {
        /// Fax is a listed way to ask.
        Listed = "listed",
        /// It is not, so the sender gets a call.
        CallBack = "call_back",
    }
}

names! {
    /// To whom a hold letter, or its copy, goes.
    LetterTo {
        /// Who sent the request.
        RequestingProvider = "requesting_provider",
        /// Who ordered.
        OrderingPhysician = "ordering_physician",
    }
}

names! {
    /// What a talk between physicians does once a request was denied.
    PeerToPeer {
        /// It can change the decision.
        CanReverse = "can_reverse",
        /// Only an appeal can.
        CannotReverse = "cannot_reverse",
    }
}

/// How long after the day of service, which is day 0, a request is taken; the
/// last day is still in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Window {
    /// Monday to Sunday.
    CalendarDays(u16),
    /// Days on which business is done.
    BusinessDays(u16),
}

/// How long an authorization holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Validity {
    /// So many calendar days.
    Days(u16),
    /// As long as the approved units last.
    UnitsApproved,
    /// The approved units, and so many months more.
    UnitsAndMonths(u16),
}

/// What a rule says; its topic tells of which kind it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// Of [`Topic::SameDay`](super::Topic::SameDay).
    SameDay(SameDay),
    /// Of [`Topic::RetroWindow`](super::Topic::RetroWindow).
    Window(Window),
    /// Of [`Topic::RetroOutside`](super::Topic::RetroOutside).
    OutsideRetro(OutsideRetro),
    /// Of [`Topic::Oxygen`](super::Topic::Oxygen).
    Oxygen(Oxygen),
    /// Of [`Topic::UrgentByFax`](super::Topic::UrgentByFax).
    UrgentByFax(UrgentByFax),
    /// Who reviews, hears an appeal or takes a change.
    Party(Party),
    /// To whom a letter or its copy goes.
    LetterTo(LetterTo),
    /// Of [`Topic::PeerToPeer`](super::Topic::PeerToPeer).
    PeerToPeer(PeerToPeer),
    /// How long an authorization holds.
    Validity(Validity),
    /// A first day.
    Day(Date),
    /// A fax number, E.164.
    Fax(String),
    /// Families of codes.
    Families(Vec<String>),
    /// Of [`Topic::PlacesReviewed`](super::Topic::PlacesReviewed).
    Places(Vec<String>),
}

/// The kinds of [`Value`], by which a topic says what it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    SameDay,
    Window,
    OutsideRetro,
    Oxygen,
    UrgentByFax,
    Party,
    LetterTo,
    PeerToPeer,
    Validity,
    Day,
    Fax,
    Families,
    Places,
}

impl Of {
    /// A value of this kind, if that is what was written.
    pub(super) fn read(self, written: &Toml) -> Option<Value> {
        let text = written.as_str();
        match self {
            Self::SameDay => SameDay::parse(text?).map(Value::SameDay),
            Self::Window => amount(written).map(Value::Window),
            Self::OutsideRetro => OutsideRetro::parse(text?).map(Value::OutsideRetro),
            Self::Oxygen => Oxygen::parse(text?).map(Value::Oxygen),
            Self::UrgentByFax => UrgentByFax::parse(text?).map(Value::UrgentByFax),
            Self::Party => Party::parse(text?).map(Value::Party),
            Self::LetterTo => LetterTo::parse(text?).map(Value::LetterTo),
            Self::PeerToPeer => PeerToPeer::parse(text?).map(Value::PeerToPeer),
            Self::Validity => amount(written).map(Value::Validity),
            Self::Day => text?.parse().ok().map(Value::Day),
            Self::Fax => e164(text?).map(Value::Fax),
            Self::Families => texts(written).map(Value::Families),
            Self::Places => {
                let known = |places: &Vec<String>| places.iter().all(|one| is_setting(one));
                texts(written).filter(known).map(Value::Places)
            }
        }
    }

    /// What to write, for people.
    pub(super) fn hint(self) -> String {
        fn one_of<T: Copy>(all: &[T], name: fn(T) -> &'static str) -> String {
            let names: Vec<String> = all.iter().map(|one| format!("\"{}\"", name(*one))).collect();
            format!("write {}", names.join(" or "))
        }
        match self {
            Self::SameDay => one_of(SameDay::ALL, SameDay::as_str),
            Self::Window => "write { calendar_days = 15 } or { business_days = 1 }".into(),
            Self::OutsideRetro => one_of(OutsideRetro::ALL, OutsideRetro::as_str),
            Self::Oxygen => one_of(Oxygen::ALL, Oxygen::as_str),
            Self::UrgentByFax => one_of(UrgentByFax::ALL, UrgentByFax::as_str),
            Self::Party => one_of(Party::ALL, Party::as_str),
            Self::LetterTo => one_of(LetterTo::ALL, LetterTo::as_str),
            Self::PeerToPeer => one_of(PeerToPeer::ALL, PeerToPeer::as_str),
            Self::Validity => {
                "write { days = 90 }, \"units_approved\" or { units_and_months = 1 }".into()
            }
            Self::Day => "write a day as \"2022-06-01\"".into(),
            Self::Fax => "write +1 and ten digits between quotes".into(),
            Self::Families => "write a list of families such as [\"pap_rad\"]".into(),
            Self::Places => format!("write a list of some of {}", SETTINGS.join(", ")),
        }
    }
}

/// A list that names something.
fn texts(written: &Toml) -> Option<Vec<String>> {
    let texts = written.as_array()?.iter().map(|one| one.as_str().map(str::to_owned));
    let texts: Vec<String> = texts.collect::<Option<_>>()?;
    (!texts.is_empty()).then_some(texts)
}

/// Nothing lasts no time at all.
fn amount<T: for<'de> Deserialize<'de>>(written: &Toml) -> Option<T> {
    let zero = |table: &toml::Table| table.values().any(|one| one.as_integer() == Some(0));
    if written.as_table().is_some_and(zero) {
        return None;
    }
    written.clone().try_into().ok()
}

impl Value {
    /// Among values that contradict each other the one with the highest rank
    /// keeps the document in review: it takes it, or keeps it longer, or has a
    /// person look. Where neither does, the rank only says which of two is the
    /// safer promise to a provider.
    pub(super) fn rank(&self) -> i64 {
        match self {
            Self::SameDay(SameDay::Accept) => 1,
            Self::SameDay(SameDay::Redirect) => 0,
            // A week of five days of business counts as seven.
            Self::Window(Window::CalendarDays(days)) => i64::from(*days) * 5,
            Self::Window(Window::BusinessDays(days)) => i64::from(*days) * 7,
            Self::OutsideRetro(OutsideRetro::Person) => 1,
            Self::OutsideRetro(OutsideRetro::Redirect) => 0,
            // A call too many is made sooner than one is left out.
            Self::Oxygen(Oxygen::ByPhone) => 1,
            Self::Oxygen(Oxygen::AsAny) => 0,
            Self::UrgentByFax(UrgentByFax::CallBack) => 1,
            Self::UrgentByFax(UrgentByFax::Listed) => 0,
            Self::Party(Party::Cigna) => 1,
            Self::Party(Party::Evicore) => 0,
            Self::LetterTo(LetterTo::RequestingProvider) => 1,
            Self::LetterTo(LetterTo::OrderingPhysician) => 0,
            // Nobody is told of a way that may not exist.
            Self::PeerToPeer(PeerToPeer::CannotReverse) => 1,
            Self::PeerToPeer(PeerToPeer::CanReverse) => 0,
            // Nobody relies on an authorization that has run out.
            Self::Validity(Validity::UnitsApproved) => 2,
            Self::Validity(Validity::UnitsAndMonths(months)) => -i64::from(*months),
            Self::Validity(Validity::Days(days)) => -i64::from(*days),
            // The sooner it begins and the less it leaves out, the more is reviewed.
            Self::Day(day) => -i64::from(day.year()) * 366 - i64::from(day.day_of_year()),
            Self::Fax(_) => 0,
            Self::Families(left_out) => -count(left_out),
            Self::Places(reviewed) => count(reviewed),
        }
    }
}

fn count(names: &[String]) -> i64 {
    i64::try_from(names.len()).unwrap_or(i64::MAX)
}

/// A kind of value that can be taken out of a [`Value`].
pub trait Reads: Sized {
    /// It, if the value is of this kind.
    fn read(value: &Value) -> Option<&Self>;
}

macro_rules! reads {
    ($($kind:ident: $type:ty),* $(,)?) => {
        $(impl Reads for $type {
            fn read(value: &Value) -> Option<&Self> {
                match value { Value::$kind(value) => Some(value), _ => None }
            }
        })*
    };
}
reads! {
    SameDay: SameDay, Window: Window, OutsideRetro: OutsideRetro, Oxygen: Oxygen,
    UrgentByFax: UrgentByFax, Party: Party, LetterTo: LetterTo, PeerToPeer: PeerToPeer,
    Validity: Validity, Day: Date, Fax: String, Families: Vec<String>,
}
