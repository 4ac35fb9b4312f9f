//! What may be typed.

use std::path::PathBuf;

use clap::{Parser, Subcommand};
use clap_complete::Shell;
use jiff::Timestamp;
use jiff::civil::Date;

use super::queue::QueueCommand;
use crate::decide::register::CaseState;
use crate::vocab::DocumentRef;

/// Document and fax intake for prior authorization.
///
/// Watches fax folders, reads every page, finds what matters with the evidence
/// for it, and routes each document to its case or to a hold queue. Never
/// loses a page and never hides a doubt.
#[derive(Debug, Parser)]
#[command(
    name = "intake",
    version,
    after_help = "Exit codes: 0 done; 3 done, but something was held, split, redirected or could \
                  not be read; 1 a file could not be opened, or an internal error; 2 wrong use or \
                  configuration. The worst of them wins, in the order 2, 1, 3, 0."
)]
pub struct Args {
    /// Configuration file [default: $INTAKE_CONFIG, else ./intake.toml if it is
    /// there, else built-in defaults]. Every key can be overridden by a
    /// variable INTAKE__SECTION__KEY.
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Data directory [default: ./data, or service.data_dir].
    #[arg(long, global = true, value_name = "DIR")]
    pub data: Option<PathBuf>,

    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the service: watch folders, read, route, notify.
    Serve,
    /// Process files once and keep nothing.
    ///
    /// Each FILE is judged alone. Without --json, a table.
    Process(ProcessArgs),
    /// Hand files to the durable store, as one submission.
    ///
    /// Prints one reference a line, in the order of the files. When it has
    /// printed them, the files are safe; the service reads them when it runs.
    Submit(SubmitArgs),
    /// Show what is waiting where.
    Status {
        /// One JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Work the queues: see what waits, correct what was found, say where it goes.
    #[command(subcommand)]
    Queue(QueueCommand),
    /// Decide again what was decided of a document, and show what would differ.
    ///
    /// Each decision is made again with the models of its time and with today's.
    /// Exits with 3 if any would be another one.
    Replay {
        /// Its reference, D-….
        #[arg(value_name = "REF")]
        document: DocumentRef,
        /// One JSON object for each decision, values included.
        #[arg(long)]
        json: bool,
    },
    /// Look into the register of cases, open a case, take in the case system's.
    #[command(subcommand)]
    Case(CaseCommand),
    /// Validate and print the program models.
    #[command(subcommand)]
    Programs(ProgramsCommand),
    /// Import code lists, and show what is known of codes.
    #[command(subcommand)]
    Codes(CodesCommand),
    /// Import and ask the provider directory.
    #[command(subcommand)]
    Providers(ProvidersCommand),
    /// Score processing against documents of which the truth is known.
    ///
    /// Every document below DIR that has a NAME.truth.json beside it is
    /// processed and compared with it. The report quotes the documents.
    Eval(EvalArgs),
    /// Check everything the service needs, and say how to mend it.
    Doctor,
    /// Show the service at work on sample faxes, in a fresh data directory.
    Demo(DemoArgs),
    /// Print the JSON Schema of a file.
    Schema {
        /// Which file.
        of: SchemaOf,
    },
    /// Print completions for a shell.
    Completions {
        /// Which shell.
        shell: Shell,
    },
    /// A process in which pages are read; started by the service.
    #[command(hide = true)]
    Reader {
        /// Most address space, in MiB.
        memory_mib: u64,
    },
}

#[derive(Debug, clap::Args)]
pub struct ProcessArgs {
    /// Faxes and documents: TIFF, PDF, DOCX, PNG, JPEG.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// One line of JSON (intake.result/1) per FILE, in argument order.
    #[arg(long)]
    pub json: bool,
    /// When the files were received, RFC 3339 [default: now].
    #[arg(long, value_name = "TIME")]
    pub received_at: Option<Timestamp>,
    /// Judge by this program instead of choosing one.
    #[arg(long, value_name = "ID")]
    pub program: Option<String>,
    /// A fact that came with the files, such as dnis=+18005550100. Repeatable.
    #[arg(long, value_name = "KEY=VALUE", value_parser = key_value)]
    pub meta: Vec<(String, String)>,
    /// Also write the packet here (with exactly one FILE).
    #[arg(long, value_name = "OUT.pdf")]
    pub packet: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub struct EvalArgs {
    /// Folder of documents, each with NAME.truth.json beside it.
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    /// One JSON object (intake.eval/1).
    #[arg(long)]
    pub json: bool,
    /// Keep what is read in this folder, and read nothing a second time that
    /// is there: for whoever changes cues and wants to see the difference. It
    /// holds the words of the documents.
    #[arg(long, value_name = "FOLDER")]
    pub readings: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub enum CaseCommand {
    /// List cases, the newest first, without their patients.
    List(CaseListArgs),
    /// Show all that is known of a case, its patient included.
    Show {
        /// Its reference (C-…), or a hold, case or authorization number.
        #[arg(value_name = "CASE")]
        case: String,
        /// One JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Open a case that was taken down in a call; prints its reference.
    ///
    /// Documents that come later find it by two of name, date of birth and
    /// member id. Whoever is on the same machine can see what is typed while
    /// the command runs.
    Open(CaseOpenArgs),
    /// Take in the case system's cases from a CSV: all rows or none.
    ///
    /// Importing the same row twice changes nothing; a row that changed is
    /// believed, and where it is silent what we know stays. What is wrong is
    /// told by line and column, and then nothing is changed.
    #[command(after_long_help = CASE_COLUMNS)]
    Import {
        /// The file.
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

#[derive(Debug, clap::Args)]
pub struct CaseListArgs {
    /// Only those in this state. Repeatable.
    #[arg(long, value_name = "STATE", value_parser = case_state)]
    pub state: Vec<CaseState>,
    /// Only those under this program.
    #[arg(long, value_name = "ID")]
    pub program: Option<String>,
    /// At most so many.
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub limit: u32,
    /// One JSON object a line.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, clap::Args)]
pub struct CaseOpenArgs {
    /// What was said in the call.
    #[arg(long, value_name = "TEXT")]
    pub note: String,
    /// "Given Family" or "Family, Given".
    #[arg(long, value_name = "NAME")]
    pub member_name: Option<String>,
    /// Such as 1958-03-01.
    #[arg(long, value_name = "DATE")]
    pub date_of_birth: Option<Date>,
    /// With its suffix, if it has one.
    #[arg(long, value_name = "ID")]
    pub member_id: Option<String>,
    /// The program it belongs to.
    #[arg(long, value_name = "ID")]
    pub program: Option<String>,
    /// A code that is asked for. Repeatable.
    #[arg(long, value_name = "CODE")]
    pub code: Vec<String>,
    /// A family of codes, where no code was told: oxygen. Repeatable.
    #[arg(long, value_name = "FAMILY")]
    pub family: Vec<String>,
    /// Who orders.
    #[arg(long, value_name = "NPI")]
    pub ordering_npi: Option<String>,
    /// Who supplies.
    #[arg(long, value_name = "NPI")]
    pub rendering_npi: Option<String>,
    /// A number by which others know it. Repeatable.
    #[arg(long, value_name = "NUMBER")]
    pub number: Vec<String>,
    /// When the call was, RFC 3339 [default: now].
    #[arg(long, value_name = "TIME")]
    pub opened_at: Option<Timestamp>,
}

#[derive(Debug, Subcommand)]
pub enum ProvidersCommand {
    /// Take in CMS's monthly file of all NPIs (npidata_pfile_….csv).
    ///
    /// NPIs found on pages are then looked up: whether they exist, are in use,
    /// and have the name that stands beside them. An import replaces the one
    /// before it; what runs takes it up when it is started again.
    Import {
        /// The file.
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Show what the directory says of NPIs.
    Show {
        /// Ten digits each.
        #[arg(required = true, value_name = "NPI")]
        numbers: Vec<String>,
    },
}

#[derive(Debug, Subcommand)]
pub enum CodesCommand {
    /// Take in CMS's release of HCPCS, or a plan's own list of codes.
    ///
    /// Without --list, FILE is a release of CMS: …_ANWEB.txt, or its sheet
    /// saved as CSV. With --list, it is a CSV whose first row names its
    /// columns: code, and first and last day if wanted. An import replaces the
    /// one before it; what runs takes it up when it is started again.
    Import {
        /// The file.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Id of the list, by which program models name it.
        #[arg(long, value_name = "ID")]
        list: Option<String>,
        /// First day of the rows that name none.
        #[arg(long, value_name = "DATE", requires = "list")]
        effective_from: Option<Date>,
    },
    /// Show what is known of codes, or what was imported.
    Show {
        /// Codes; without any, what was imported.
        #[arg(value_name = "CODE")]
        codes: Vec<String>,
        /// The day to show lists of [default: today].
        #[arg(long, value_name = "DATE")]
        at: Option<Date>,
    },
}

/// What has a schema.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub enum SchemaOf {
    /// NAME.truth.json, which `intake eval` compares with.
    Truth,
}

#[derive(Debug, clap::Args)]
pub struct SubmitArgs {
    /// The files; they are copied and stay where they are.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Where they come from, as logs and manifests name it.
    #[arg(long, value_name = "ID", default_value = "cli")]
    pub source: String,
    /// A free note that came with them; searched like a cover sheet.
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
    /// A fact that came with them, such as dnis=+18005550100. Repeatable.
    #[arg(long, value_name = "KEY=VALUE", value_parser = key_value)]
    pub meta: Vec<(String, String)>,
}

#[derive(Debug, Subcommand)]
pub enum ProgramsCommand {
    /// Validate all program models: what cannot be read, rules that contradict or
    /// repeat each other or never count, days without one. Every problem is reported.
    Check,
    /// Print the program models in force, and the rules that may count beside them
    /// with their sources.
    Show {
        /// Only this one.
        #[arg(long, value_name = "ID")]
        program: Option<String>,
        /// In force on this day [default: today].
        #[arg(long, value_name = "DATE")]
        at: Option<jiff::civil::Date>,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, clap::Args)]
pub struct DemoArgs {
    /// Sample faxes, or folders of them.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Take the samples as received at this moment, RFC 3339: for samples that
    /// were drawn for a certain day [default: now].
    #[arg(long, value_name = "TIME")]
    pub received_at: Option<Timestamp>,
}

/// Of `intake case import`; fixtures/README.md says the same.
const CASE_COLUMNS: &str = "\
Columns: the first row names them, in any order. Others are not read; empty
cells are not known.
  number            the case system's own, by which it is known again; needed
  opened            2026-03-09, 3/9/2026 or RFC 3339; needed
  intake_reference  our own C-…, where the case system knows it
  state             received, triage, open (if empty), hold_insufficient,
                    hold_illegible, ready_for_review, decided, post_decision,
                    duplicate, misdirected, out_of_scope, closed_no_response
  program           id of a program model
  member_name       Given Family, or \"Family, Given\"
  date_of_birth     day
  member_id         with its suffix
  ordering_npi, rendering_npi
  codes             HCPCS or CPT, between blanks or semicolons
  authorizations    further numbers of the case, likewise
  hold_reference, asked, due
                    of a hold; asked are contract names such as visit_note
  decided           day or time
  by_phone          yes or no
  note              free text";

fn case_state(text: &str) -> Result<CaseState, String> {
    CaseState::parse(text).ok_or_else(|| {
        let names: Vec<&str> = CaseState::ALL.iter().map(|state| state.as_str()).collect();
        format!("expected one of {}", names.join(", "))
    })
}

fn key_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.trim().is_empty() => {
            Ok((key.trim().to_owned(), value.to_owned()))
        }
        _ => Err("expected KEY=VALUE, such as dnis=+18005550100".to_owned()),
    }
}
