//! What a rule can be about. The list is closed: what no code asks for, and no
//! person is shown, is no rule.

use super::value::Of;
use crate::program::names::names;

names! {
    /// What a rule is about.
    Topic {
        /// Requests that start on the day of receipt.
        SameDay = "request.same_day",
        /// How long after the fact a request is taken; not at all without.
        RetroWindow = "retro.window",
        /// What is done with one outside that window.
        RetroOutside = "retro.outside",
        /// The first day of service that is taken.
        ServiceFrom = "service.from",
        /// Oxygen for which a discharge waits.
        Oxygen = "discharge.oxygen",
        /// Urgent requests by fax.
        UrgentByFax = "urgent.by_fax",
        /// Who reviews.
        ReviewedBy = "review.by",
        /// Families of codes that need no review.
        NotRequired = "review.not_required",
        /// Places whose requests are reviewed.
        PlacesReviewed = "review.places",
        /// Who hears first-level appeals.
        AppealHeardBy = "appeal.heard_by",
        /// What a talk between physicians does after a denial.
        PeerToPeer = "denial.peer_to_peer",
        /// Who takes a change of the codes of a case.
        CodeChange = "code_change.taken_by",
        /// To whom a hold letter goes first.
        LetterTo = "hold.letter_to",
        /// Who gets its copy, if another.
        LetterCopyTo = "hold.letter_copy_to",
        /// How long an approved purchase holds.
        PurchaseValid = "authorization.purchase",
        /// How long an approved rental by the day holds.
        DailyRentalValid = "authorization.daily_rental",
        /// How long an approved rental by the month holds.
        MonthlyRentalValid = "authorization.monthly_rental",
        /// The number that senders to an older one are told of; what comes to the
        /// older one is taken all the same.
        CurrentFax = "fax.current",
    }
}

names! {
    /// The day on which it is looked up whether a rule holds.
    KeyDate {
        /// Of receipt, in the program's zone.
        ReceivedAt = "received_at",
        /// On which the item was or will be supplied.
        DateOfService = "date_of_service",
        /// On which the request was decided, in the program's zone.
        DeterminedAt = "determined_at",
    }
}

impl Topic {
    /// What its rules say.
    pub(super) fn takes(self) -> Of {
        match self {
            Self::SameDay => Of::SameDay,
            Self::RetroWindow => Of::Window,
            Self::RetroOutside => Of::OutsideRetro,
            Self::ServiceFrom => Of::Day,
            Self::Oxygen => Of::Oxygen,
            Self::UrgentByFax => Of::UrgentByFax,
            Self::ReviewedBy | Self::AppealHeardBy | Self::CodeChange => Of::Party,
            Self::NotRequired => Of::Families,
            Self::PlacesReviewed => Of::Places,
            Self::PeerToPeer => Of::PeerToPeer,
            Self::LetterTo | Self::LetterCopyTo => Of::LetterTo,
            Self::PurchaseValid | Self::DailyRentalValid | Self::MonthlyRentalValid => Of::Validity,
            Self::CurrentFax => Of::Fax,
        }
    }

    /// The day that counts where a rule names none: how things are done hangs on
    /// the receipt, what is still taken on the service, what was promised on the
    /// decision.
    pub fn usual_key(self) -> KeyDate {
        match self {
            Self::RetroWindow | Self::RetroOutside => KeyDate::DateOfService,
            Self::PurchaseValid | Self::DailyRentalValid | Self::MonthlyRentalValid => {
                KeyDate::DeterminedAt
            }
            Self::SameDay
            | Self::ServiceFrom
            | Self::Oxygen
            | Self::UrgentByFax
            | Self::ReviewedBy
            | Self::NotRequired
            | Self::PlacesReviewed
            | Self::AppealHeardBy
            | Self::PeerToPeer
            | Self::CodeChange
            | Self::LetterTo
            | Self::LetterCopyTo
            | Self::CurrentFax => KeyDate::ReceivedAt,
        }
    }

    /// Whether a program that reviews has to say it, every day it is in force.
    /// Where the others are silent, nothing is refused and nothing promised.
    pub(in crate::program) fn is_needed(self) -> bool {
        match self {
            Self::SameDay
            | Self::RetroOutside
            | Self::Oxygen
            | Self::UrgentByFax
            | Self::ReviewedBy
            | Self::AppealHeardBy
            | Self::LetterTo => true,
            Self::RetroWindow
            | Self::ServiceFrom
            | Self::NotRequired
            | Self::PlacesReviewed
            | Self::PeerToPeer
            | Self::CodeChange
            | Self::LetterCopyTo
            | Self::PurchaseValid
            | Self::DailyRentalValid
            | Self::MonthlyRentalValid
            | Self::CurrentFax => false,
        }
    }
}
