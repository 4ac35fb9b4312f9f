//! What a person has to know about a Word file because it does not stand on
//! the pages we set.

use std::collections::BTreeSet;

use crate::vocab::Note;

/// Counted while the parts are read.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub insertions: u32,
    pub deletions: u32,
    pub hidden: u32,
    pub comments: u32,
    pub attachments: u32,
    /// Charts, diagrams, controls, foreign pieces of text.
    pub not_shown: u32,
    /// Kinds of pictures that are not read.
    pub unread_pictures: BTreeSet<&'static str>,
    pub ticks_differ: u32,
    pub unknown_symbols: u32,
    pub macros: bool,
    pub damaged: bool,
    /// There was more than is taken.
    pub cut: bool,
}

impl Facts {
    /// As notes, the general one first.
    pub(super) fn notes(&self) -> Vec<Note> {
        let mut notes = vec![Note::document(
            "file.laid_out",
            "A Word file has no fixed pages; these were set here from its text, tables and pictures, and may break differently on the sender's screen. The original is kept.",
        )];
        let mut add = |seen: bool, code: &str, message: String| {
            if seen {
                notes.push(Note::document(code, message));
            }
        };
        add(
            self.insertions + self.deletions > 0,
            "file.changes_accepted",
            format!(
                "The Word file holds tracked changes; they are shown as accepted ({} additions kept, {} deletions left out).",
                self.insertions, self.deletions
            ),
        );
        add(
            self.hidden > 0,
            "file.hidden_text",
            "Text that the Word file hides was left out. Open the original to see it.".into(),
        );
        add(
            self.comments > 0,
            "file.comments",
            format!(
                "The Word file holds {} comments in its margin, which are not read. Open the original to see them.",
                self.comments
            ),
        );
        add(
            self.attachments > 0,
            "file.attachments",
            format!(
                "{} other files are embedded in the Word file; they are not read. Open the original to see them.",
                self.attachments
            ),
        );
        add(
            self.not_shown > 0,
            "file.parts_unread",
            format!(
                "The Word file holds {} charts, diagrams, controls or foreign pieces that are not read. Open the original to see them.",
                self.not_shown
            ),
        );
        let kinds: Vec<&str> = self.unread_pictures.iter().copied().collect();
        add(
            !kinds.is_empty(),
            "file.pictures_unread",
            format!(
                "Pictures in the Word file are not read: {}. Print it to PDF to have them read.",
                kinds.join(", ")
            ),
        );
        add(
            self.ticks_differ > 0,
            "file.ticks_differ",
            format!(
                "{} tick boxes of the Word file show one state and store the other; what they show was taken. Check them in the original.",
                self.ticks_differ
            ),
        );
        add(
            self.unknown_symbols > 0,
            "file.symbols_unknown",
            format!(
                "{} signs of the Word file come from a symbol font and are shown as dots. Open the original to see them.",
                self.unknown_symbols
            ),
        );
        add(
            self.macros,
            "file.macros",
            "The Word file brings macros along; they were not run.".into(),
        );
        add(self.damaged, "file.parts_damaged", "Parts of the Word file are damaged; what could be read of them is shown. Ask the sender to send it again.".into());
        add(self.cut, "file.cut", "The Word file holds more than is taken; the rest is missing. Print it to PDF, or ask the sender for a PDF.".into());
        notes
    }
}
