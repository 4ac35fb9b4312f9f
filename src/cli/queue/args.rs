//! What may be typed after `intake queue`.

use clap::Subcommand;

use crate::decide::disposition::{Lane, Queue};
use crate::store::ClosingReason;
use crate::vocab::{CaseRef, DocumentRef, Phi};

#[derive(Debug, Subcommand)]
pub enum QueueCommand {
    /// List what waits, the most urgent first, without its patients.
    ///
    /// By lane, then by what is due first, then by age.
    List(ListArgs),
    /// Show why a document waits, what is missing, and what happened to it.
    Show {
        /// Its reference, D-….
        #[arg(value_name = "REF", value_parser = document)]
        document: DocumentRef,
        /// One JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Take a document, so that nobody else works on it.
    ///
    /// Exits with 1, and says who has it, if somebody else does.
    Claim(ClaimArgs),
    /// Say where a document goes.
    ///
    /// Without more, what is held goes to review: in the case that it lies in, or
    /// else in a new one. What somebody else ought to have (appeals, privacy, and
    /// the like) is sent on, and leaves the queues. The files that it was decided
    /// with go along.
    Release(ReleaseArgs),
    /// Correct what was found in a document, and decide it again.
    ///
    /// A correction is evidence with your name and the time; what was found stays
    /// beside it. The files that the document was decided with are decided with
    /// it. Whoever is on the same machine can see what is typed while the command
    /// runs.
    #[command(after_long_help = FIELDS)]
    Correct(CorrectArgs),
    /// Close a document that goes on nowhere.
    ///
    /// It leaves its queue and stays where it can be found. A case of which the
    /// last hold is closed for want of an answer is closed too.
    Close(CloseArgs),
}

#[derive(Debug, clap::Args)]
pub struct ListArgs {
    /// Only what waits in this queue.
    #[arg(value_name = "QUEUE", value_parser = queue)]
    pub queue: Option<Queue>,
    /// Only what is in this lane.
    #[arg(long, value_name = "LANE", value_parser = lane)]
    pub lane: Option<Lane>,
    /// One JSON object a line.
    #[arg(long)]
    pub json: bool,
}

/// The name that a person signs with.
#[derive(Debug, clap::Args)]
pub struct As {
    /// Your name, as history and manifest will have it [default: $USER].
    #[arg(long = "as", value_name = "NAME", value_parser = name)]
    name: Option<String>,
}

impl As {
    /// As typed, or as the shell knows it.
    pub fn name(&self) -> Option<String> {
        let user = || std::env::var("USER").ok().and_then(|user| name(&user).ok());
        self.name.clone().or_else(user)
    }
}

#[derive(Debug, clap::Args)]
pub struct ClaimArgs {
    /// Its reference, D-….
    #[arg(value_name = "REF", value_parser = document)]
    pub document: DocumentRef,
    #[command(flatten)]
    pub signed: As,
    /// Give it back instead.
    #[arg(long, conflicts_with = "take_over")]
    pub give_back: bool,
    /// Take it from whoever has it; the history will tell.
    #[arg(long)]
    pub take_over: bool,
}

#[derive(Debug, clap::Args)]
pub struct ReleaseArgs {
    /// Its reference, D-….
    #[arg(value_name = "REF", value_parser = document)]
    pub document: DocumentRef,
    #[command(flatten)]
    pub signed: As,
    /// To this queue.
    #[arg(long, value_name = "QUEUE", value_parser = queue)]
    pub to: Option<Queue>,
    /// To this case; what is known of the patient has to agree.
    #[arg(long, value_name = "CASE", value_parser = case, conflicts_with = "new_case")]
    pub case: Option<CaseRef>,
    /// To a case of its own.
    #[arg(long)]
    pub new_case: bool,
    /// Against what is known of the patient; say why in --note.
    #[arg(long, requires = "note")]
    pub anyway: bool,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
}

#[derive(Debug, clap::Args)]
pub struct CorrectArgs {
    /// Its reference, D-….
    #[arg(value_name = "REF", value_parser = document)]
    pub document: DocumentRef,
    /// What is so; --help lists the fields.
    #[arg(required = true, value_name = "FIELD=VALUE")]
    pub changes: Vec<String>,
    #[command(flatten)]
    pub signed: As,
    /// How you know.
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
}

#[derive(Debug, clap::Args)]
pub struct CloseArgs {
    /// Its reference, D-….
    #[arg(value_name = "REF", value_parser = document)]
    pub document: DocumentRef,
    #[command(flatten)]
    pub signed: As,
    /// Why: no_answer, sent_on, withdrawn, duplicate, not_ours or by_phone.
    #[arg(long, value_name = "CODE", value_parser = reason)]
    pub reason: ClosingReason,
    /// In your words.
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
}

macro_rules! noted {
    ($($args:ident),*) => {
        $(impl $args {
            /// What was written down, which may be a patient's.
            pub fn note(&self) -> Option<Phi<String>> {
                self.note.as_deref().map(Phi::from)
            }
        })*
    };
}

noted!(ReleaseArgs, CorrectArgs, CloseArgs);

/// Of `intake queue correct`.
const FIELDS: &str = "\
Fields, by the names of the manifest. An empty value says that there is none.
  member.name, member.date_of_birth, member.id
  ordering.npi, .tin, .name, .phone, .fax, .address; rendering.…; facility.…
  hcpcs=+E0601,-E0470       a code is asked for, another is not
  icd10=+J96.11             a diagnosis, likewise
  references=+hold:H…       hold, case or authorization numbers, likewise
  dates.service, dates.order, dates.visit, dates.anticipated_discharge,
  dates.delivered           2026-03-09 or 3/9/2026
  pending_discharge         strong, medium, ambiguous, weak, none
  urgent                    claimed, none
  oxygen                    yes, or nothing
  setting                   home, hospital, snf, surgical, outpatient
  place_of_service          two digits
  checklist.ITEM            present, present_unsigned, stale, missing, unclear;
                            items as in the manifest, such as visit_note
  page.N                    what page N is: order, visit_note, fax_cover, …
  patients=one              all pages speak of one patient
  program                   the id of the program to judge by; nothing for the
                            one that fits";

fn document(text: &str) -> Result<DocumentRef, String> {
    text.trim().to_uppercase().parse().map_err(|e| format!("{e}"))
}

fn case(text: &str) -> Result<CaseRef, String> {
    text.trim().to_uppercase().parse().map_err(|e| format!("{e}"))
}

fn queue(text: &str) -> Result<Queue, String> {
    named(text, &Queue::ALL, Queue::as_str)
}

fn lane(text: &str) -> Result<Lane, String> {
    named(text, &[Lane::Expedited, Lane::Urgent, Lane::Standard, Lane::Retro], Lane::as_str)
}

fn reason(text: &str) -> Result<ClosingReason, String> {
    named(text, &ClosingReason::ALL, ClosingReason::as_str)
}

fn named<T: Copy>(text: &str, all: &[T], name: fn(T) -> &'static str) -> Result<T, String> {
    let found = all.iter().copied().find(|one| name(*one) == text);
    found.ok_or_else(|| {
        let names: Vec<&str> = all.iter().map(|one| name(*one)).collect();
        format!("expected one of {}", names.join(", "))
    })
}

/// Letters of a name that a manifest has room for.
const LONGEST_NAME: usize = 60;

/// One line, and not the machine's own.
fn name(text: &str) -> Result<String, String> {
    let name = text.trim();
    let printable = !name.chars().any(char::is_control);
    if name.is_empty() || name.chars().count() > LONGEST_NAME || !printable {
        return Err(format!("expected a name of at most {LONGEST_NAME} letters"));
    }
    if name.eq_ignore_ascii_case(crate::store::MACHINE) {
        return Err("that is the machine's own name".to_owned());
    }
    Ok(name.to_owned())
}
