//! Intake: document and fax intake for prior authorization.
//!
//! A patient ready to go home lies in hospital until someone finds the one fax
//! among four hundred that says so. This library reads all four hundred.
//!
//! # The journey of a document
//!
//! ```text
//!  folder, submit                                                    cases/  queues/
//!       │                                                                 ▲
//!       ▼                                                                 │  mail/
//!   receive ──▶ decode ──▶ recognize ──▶ extract ──▶ decide ──▶ assemble ──▶ deliver
//!  Received     Page    RecognizedPage  Extracted  Disposition   Packet     Receipt
//!                └────── in a reader process ─┐                    │
//!                        of its own ◀─────────┴────────────────────┘
//! ```
//!
//! | station | takes | hands on | and never |
//! |---|---|---|---|
//! | [`receive`] | files that have settled | [`Received`](receive::received::Received): bytes fsynced, row committed | deletes what is not safe |
//! | [`decode`] | a stranger's bytes | [`Page`](decode::pages::Page): pixels at their own resolution where they are needed, text layer, form fields | trusts a name, a length or an extension |
//! | [`recognize`] | pixels | [`RecognizedPage`](recognize::recognized::RecognizedPage): words, tick boxes, header strip, barcodes, each with its box | knows a word or a form |
//! | [`extract`] | words | [`Extracted`](extract::findings::Extracted): findings, each with its evidence | knows a program, a clock or a disk |
//! | [`decide`] | findings, programs, the cases it may belong to, the time | [`Disposition`](decide::disposition::Disposition): where it goes and every reason | sends anything away on its own |
//! | [`assemble`] | all of these | [`Packet`](assemble::packet::Packet): a searchable PDF and a manifest | changes an original |
//! | [`deliver`] | a packet | [`Receipt`](deliver::receipt::Receipt): a folder that is complete or absent, a mail that points and carries nothing | puts patient data into a mail or a file name |
//!
//! # Beside the journey
//!
//! [`pipeline`] is the only one that knows this order; it leases work, keeps
//! checkpoints, retries, and lets the urgent overtake. [`store`] is what
//! survives a crash. [`reader`] is the process in which a stranger's bytes are
//! handled, behind walls it has put up before the first of them. [`program`] holds what the programs ask for, loaded from
//! `models/programs`; [`config`] what the operator wants; [`vocab`] the words
//! all share: identifiers that can only be parsed, [`Evidence`](vocab::Evidence),
//! and [`Phi`](vocab::Phi), which cannot be printed by accident. [`cli`] is the
//! command line. [`eval`] compares results with what is known of documents.
//! [`directory`] says who has which NPI, from the file that CMS publishes.
//!
//! # Which way imports point
//!
//! A station uses [`vocab`], its own modules, [`program`] where it applies, and
//! the *output types* of earlier stations; it never calls another station and
//! never sees store, pipeline or command line. [`extract`], [`decide`],
//! [`program`] and [`eval`] are pure: time and tables come in as arguments.
//! `tests/house.rs` reads the sources and fails when this is broken.
//!
//! # One document, followed through
//!
//! A file in a source folder has had the same size and time for two seconds.
//! [`receive::take`] copies it into the blob store (part file, fsync, rename,
//! fsync), commits a row with the first piece of work, and removes the file: in
//! this order, so that a crash between any two steps leaves the file where it
//! was, and taking it again finds the row.
//!
//! A worker leases *open*: a reader process gets the bytes through its pipe and
//! says what they are and how many pages there are. The worker commits that and
//! the next work, *read page 1*, which goes before the second page of any
//! document. When it is read, [`extract`] and [`decide::triage`] look at it
//! alone: if it says that a hospital discharge waits, the other pages move
//! ahead of everybody else's and a mail goes out at once.
//!
//! When the last page of the last file of an upload is committed, *decide*
//! follows: the pages of all its files are laid into one
//! [`Sheaf`](pipeline::sheaf::Sheaf). [`extract`] finds, and may ask for regions
//! to be read again, at most twice. NPIs that were found are looked up in the
//! provider directory, if one was imported, and cases that the upload may belong
//! to in the register, one upload at a time; with these [`decide::decide`]
//! chooses the program and walks the decision table. Each file is told the
//! decision with the evidence that lies in itself. Where the pages speak of
//! several patients who can surely be told apart, each patient's are decided
//! alone, and a file that held several goes on as its parts. Dispositions, cases,
//! mail and the work *deliver* are committed in one transaction. A reader binds
//! the packet, [`deliver::place`] puts the folder in place with one rename, and the
//! mail, which has waited for that, is sent; its Message-ID is derived from the
//! event, so that a mail sent twice by a crash is one mail to its receiver.
//!
//! What the decision rested on is kept with it. A person at the
//! [desk](pipeline::desk) may correct what was found, say where it goes, or close
//! it: each is a decision added to those before, and is delivered like the first,
//! the new folder before the old one goes. [`pipeline::replay`] makes them again.
//!
//! Each lease carries a fencing token. A worker that was too slow finds that
//! its lease is another's, and what it did is thrown away.

pub mod assemble;
pub mod cli;
pub mod config;
pub mod decide;
pub mod decode;
pub mod deliver;
pub mod directory;
pub mod eval;
pub mod extract;
pub mod pipeline;
pub mod program;
pub mod reader;
pub mod receive;
pub mod recognize;
pub mod store;
pub mod vocab;
