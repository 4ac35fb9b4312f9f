//! Names that the outside contract or the models fix.

use serde::{Deserialize, Serialize};

/// What the absence of a required field means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// No case can be opened.
    Hard,
    /// The case opens, a letter asks.
    Core,
    /// Asked for in a letter that is sent anyway.
    Support,
}

impl Severity {
    /// The one of this name.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Hard, Self::Core, Self::Support].into_iter().find(|one| one.as_str() == text)
    }

    /// As written in models and in the outside contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hard => "hard",
            Self::Core => "core",
            Self::Support => "support",
        }
    }
}

macro_rules! names {
    ($(#[$doc:meta])* $type:ident { $($(#[$vdoc:meta])* $name:ident = $id:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
        pub enum $type { $($(#[$vdoc])* #[serde(rename = $id)] $name),* }

        impl $type {
            /// All of them, in order.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// As written in models and in the outside contract.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $id),* }
            }

            /// The one of this name.
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.as_str() == text)
            }
        }
    };
}
pub(super) use names;

names! {
    /// A field that a program can require, by its contract name.
    FieldName {
        /// The patient's name.
        MemberName = "member.name",
        /// The patient's date of birth.
        MemberDateOfBirth = "member.date_of_birth",
        /// The patient's member id.
        MemberId = "member.id",
        /// Who orders.
        OrderingName = "ordering.name",
        /// NPI of who orders.
        OrderingNpi = "ordering.npi",
        /// Tax id of who orders.
        OrderingTin = "ordering.tin",
        /// Phone of who orders.
        OrderingPhone = "ordering.phone",
        /// Fax of who orders.
        OrderingFax = "ordering.fax",
        /// Whom to contact.
        ContactName = "contact.name",
        /// Supplier or agency.
        RenderingName = "rendering.name",
        /// NPI of supplier or agency.
        RenderingNpi = "rendering.npi",
        /// Tax id of supplier or agency.
        RenderingTin = "rendering.tin",
        /// Phone of supplier or agency.
        RenderingPhone = "rendering.phone",
        /// Fax of supplier or agency.
        RenderingFax = "rendering.fax",
        /// Street address of supplier or agency.
        RenderingAddress = "rendering.address",
        /// At least one requested code.
        Hcpcs = "hcpcs",
        /// A diagnosis.
        Diagnosis = "diagnosis",
        /// A written order.
        Order = "order",
        /// Supporting clinicals.
        Clinicals = "clinicals",
        /// When the patient is expected to leave hospital.
        AnticipatedDischarge = "anticipated_discharge",
        /// Whether and when the item was delivered.
        Delivered = "delivered",
        /// Two-digit place of service.
        PlaceOfService = "place_of_service",
    }
}

names! {
    /// When an item or field is asked for. What each one looks at in a
    /// document is written in `decide`.
    Condition {
        /// In every request.
        Always = "always",
        /// The patient is in hospital: pending discharge, a discharge date to
        /// come, a hospital setting.
        Inpatient = "inpatient",
        /// Private-duty nursing is requested.
        Pdn = "pdn",
        /// Something about a wound is requested or told.
        Wound = "wound",
        /// The payment class makes rental or purchase a question.
        RentalClass = "rental_class",
        /// Therapy is requested, or an item that therapy goals explain.
        Therapy = "therapy",
        /// A requested code is one the plan asks this for.
        NamedByCode = "named_by_code",
        /// It came through the portal, which asks for it on a page.
        Portal = "portal",
        /// Welcome where it exists; nobody can tell from outside whether it
        /// does, so it is never missing.
        WhenAvailable = "when_available",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_parse_back() {
        for field in FieldName::ALL {
            assert_eq!(FieldName::parse(field.as_str()), Some(*field));
        }
        for condition in Condition::ALL {
            assert_eq!(Condition::parse(condition.as_str()), Some(*condition));
        }
        assert_eq!(FieldName::parse("ordering"), None);
    }
}
