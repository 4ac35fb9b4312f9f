use serde::{Deserialize, Serialize};

use crate::extract::findings::Role;

/// A field of which a document has one value, by the contract's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum ValueField {
    /// `member.…`
    Member(MemberField),
    /// `ordering.…`, `rendering.…`, `facility.…`
    Provider(Role, ProviderField),
    /// `dates.…`
    Date(DateField),
    /// Where the patient is.
    Setting,
    /// Two digits.
    PlaceOfService,
    /// Whether oxygen is asked for.
    Oxygen,
}

macro_rules! names {
    ($(#[$doc:meta])* $kind:ident { $($(#[$each:meta])* $name:ident = $text:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $kind { $($(#[$each])* $name),* }

        impl $kind {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The last part of the contract's name.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }

            fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$name),)* _ => None }
            }
        }
    };
}

names! {
    /// Of the patient.
    MemberField {
        /// `Given Family`.
        Name = "name",
        /// A day.
        DateOfBirth = "date_of_birth",
        /// With its suffix.
        Id = "id",
    }
}

names! {
    /// Of a provider.
    ProviderField {
        /// A person's or a company's.
        Name = "name",
        /// Ten digits.
        Npi = "npi",
        /// Nine digits, or masked.
        Tin = "tin",
        /// E.164.
        Phone = "phone",
        /// E.164.
        Fax = "fax",
        /// On one line.
        Address = "address",
    }
}

names! {
    /// Of the dates.
    DateField {
        /// Date of service.
        Service = "service",
        /// Of the order.
        Order = "order",
        /// Of the newest visit.
        Visit = "visit",
        /// From hospital.
        AnticipatedDischarge = "anticipated_discharge",
        /// Already delivered on.
        Delivered = "delivered",
    }
}

impl ValueField {
    /// The contract's name.
    pub fn as_str(self) -> String {
        match self {
            Self::Member(field) => format!("member.{}", field.as_str()),
            Self::Provider(role, field) => format!("{}.{}", role_name(role), field.as_str()),
            Self::Date(field) => format!("dates.{}", field.as_str()),
            Self::Setting => "setting".to_owned(),
            Self::PlaceOfService => "place_of_service".to_owned(),
            Self::Oxygen => "oxygen".to_owned(),
        }
    }

    /// The field of this name; a date also by the name that program models
    /// require it by.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some((group, name)) = text.split_once('.') {
            return match group {
                "member" => MemberField::parse(name).map(Self::Member),
                "dates" => DateField::parse(name).map(Self::Date),
                _ => Some(Self::Provider(role(group)?, ProviderField::parse(name)?)),
            };
        }
        match text {
            "setting" => Some(Self::Setting),
            "place_of_service" => Some(Self::PlaceOfService),
            "oxygen" => Some(Self::Oxygen),
            _ => DateField::parse(text).map(Self::Date),
        }
    }
}

fn role_name(role: Role) -> &'static str {
    match role {
        Role::Ordering => "ordering",
        Role::Rendering => "rendering",
        Role::Facility => "facility",
        Role::Unknown => "unknown",
    }
}

/// A person knows whose number it is, or says nothing of it.
fn role(text: &str) -> Option<Role> {
    [Role::Ordering, Role::Rendering, Role::Facility]
        .into_iter()
        .find(|role| role_name(*role) == text)
}

impl From<ValueField> for String {
    fn from(field: ValueField) -> Self {
        field.as_str()
    }
}

impl TryFrom<String> for ValueField {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).ok_or_else(|| "no field of one value".to_owned())
    }
}
