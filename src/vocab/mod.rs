//! The words every station shares: identifiers that can only be parsed,
//! evidence, confidences, patient data that cannot be printed by accident.
//!
//! Nothing here knows a station, a store or a program. Values are validated
//! when they are made; holding one means the check has been passed.

pub mod codes;
mod confidence;
mod digest;
mod evidence;
mod identifiers;
mod listing;
mod note;
mod phi;
mod question;
mod reference;
mod rotation;

pub use confidence::{Confidence, LISTED};
pub use digest::Sha256Digest;
pub use evidence::{BBox, Evidence, EvidenceSource, PageNumber};
pub use identifiers::{HcpcsCode, Icd10Code, Modifier, NotAnIdentifier, Npi, Tin};
pub use listing::Listing;
pub use note::Note;
pub use phi::Phi;
pub use question::{Alphabet, Answer, Question};
pub use reference::{CaseRef, DocumentRef, HoldRef, NotAHold, NotAReference, SubmissionRef};
pub use rotation::Rotation;
