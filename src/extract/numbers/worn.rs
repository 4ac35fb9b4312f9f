//! Labels of NPIs and tax ids that are too worn for a lexicon: three letters are soon
//! others.

use super::super::labels::{FieldHit, FieldTag, Label, followed_by_colon};
use super::super::layout::{BRACKETS, Sheet};
use super::super::look_alikes;
use super::super::paper::Leaf;
use super::super::phrase::{Hit, fold};
use super::run::trimmed;
use super::tin::is_hyphenated;
use crate::vocab::Npi;

/// Labels of small print of which one letter is wrong: `7 Agency NP`, `(NPE`. Too
/// short for a lexicon to allow for it, they count only behind a word that says
/// whose number it is, in a short label that was badly read, or where they touch
/// a number that passes for an NPI.
pub fn of_npis(leaf: &Leaf<'_>) -> Vec<FieldHit> {
    let sheet = &leaf.form.sheet;
    let is_behind = |cell: usize, piece: usize| {
        number_follows_on(sheet, cell, piece, Side::Before)
            && !number_follows_on(sheet, cell, piece, Side::Behind)
    };
    // A label that lost its bracket is known, and not that it stands behind.
    let known = |cell: usize, piece: usize| {
        let mut fields = leaf.form.fields.iter();
        fields.any(|f| {
            let bare = f.hit.tag == FieldTag::Label(Label::Npi) && !f.enclosed && !f.colon;
            (f.hit.first..=f.hit.last).contains(&piece)
                && f.label().is_some()
                && !(bare && is_behind(cell, piece))
        })
    };
    let worn = |cell: usize| {
        let pieces = sheet.cells[cell].pieces.clone();
        let touching = pieces.clone().filter(move |&piece| touches_number(sheet, cell, piece));
        let last = pieces.end.checked_sub(1).filter(|last| pieces.contains(last));
        let ending = last.filter(|&last| ends_label(leaf, cell, last));
        let found = touching.chain(ending).find(|&piece| !known(cell, piece))?;
        let field = worn_label(sheet, Label::Npi, found);
        Some(FieldHit { enclosed: is_behind(cell, found), ..field })
    };
    (0..sheet.cells.len()).filter_map(worn).collect()
}

/// `TI: 34-3661170`, `34-3661170 (TM)`: of tax ids the shape says most, and a word of
/// two or three letters before a colon, in front of a cell or in brackets the rest.
pub fn of_tins(leaf: &Leaf<'_>) -> Vec<FieldHit> {
    let sheet = &leaf.form.sheet;
    let digits = |piece: usize| {
        let word = sheet.words[sheet.pieces[piece].word].text;
        look_alikes::plain_hyphens(trimmed(word).0)
    };
    let is_number = |piece: usize| is_hyphenated(&digits(piece));
    // Nine digits alone say less, and need a plainer label.
    let is_bare = |piece: usize| {
        let digits = digits(piece);
        digits.len() == 9 && digits.bytes().all(|b| b.is_ascii_digit())
    };
    let worn = |piece: usize| {
        let read = sheet.pieces[piece].folded.as_str();
        let near = |label: &str| strsim::levenshtein(read, &fold(label)) <= 1;
        if !matches!(read.len(), 2 | 3) || !near("tin") && !near("ein") {
            return None;
        }
        let pieces = sheet.cells[sheet.cell_of(piece)].pieces.clone();
        // A label that lost its bracket is known, and not that it stands behind.
        let known = leaf.form.fields.iter().any(|f| {
            let bare = f.hit.tag == FieldTag::Label(Label::Tin) && !f.enclosed;
            (f.hit.first..=f.hit.last).contains(&piece) && !(bare && is_opened(sheet, piece))
        });
        let leads = piece == pieces.start || followed_by_colon(sheet, piece);
        let of_party = leaf.form.fields.iter().any(|f| {
            matches!(f.hit.tag, FieldTag::Party(_) | FieldTag::Role(_)) && f.hit.last + 1 == piece
        });
        let before = piece + 1 < pieces.end
            && (leads && is_number(piece + 1)
                || of_party && (is_number(piece + 1) || is_bare(piece + 1)));
        let exact = read == fold("tin") || read == fold("ein");
        let enclosed = is_opened(sheet, piece)
            && piece > pieces.start
            && (is_number(piece - 1) || exact && is_bare(piece - 1));
        let field = FieldHit { enclosed, ..worn_label(sheet, Label::Tin, piece) };
        (!known && (before || enclosed)).then_some(field)
    };
    (0..sheet.pieces.len()).filter_map(worn).collect()
}

fn worn_label(sheet: &Sheet<'_>, label: Label, piece: usize) -> FieldHit {
    let tag = FieldTag::Label(label);
    let cell = sheet.cell_of(piece);
    let pieces = &sheet.cells[cell].pieces;
    FieldHit {
        hit: Hit { tag, first: piece, last: piece, distance: WORN_LABEL, letters: 3 },
        cell,
        colon: false,
        starts_cell: pieces.start == piece,
        ends_cell: piece + 1 == pieces.end,
        leads: false,
        heads_column: false,
        enclosed: false,
    }
}

/// Whether the last piece of a cell ends a label for an NPI.
fn ends_label(leaf: &Leaf<'_>, cell: usize, last: usize) -> bool {
    let sheet = &leaf.form.sheet;
    let read = sheet.pieces[last].folded.as_str();
    let near = (2..=4).contains(&read.len()) && is_near(read);
    let owned = leaf.form.fields.iter().any(|f| {
        f.cell == cell && matches!(f.hit.tag, FieldTag::Role(_)) && f.hit.last + 1 == last
    });
    let word = &sheet.words[sheet.pieces[last].word];
    let short = sheet.cells[cell].words.len() <= WORDS_OF_A_LABEL;
    let badly_read = read.len() >= 3 && short && word.confidence.get() < BADLY_READ;
    near && (owned || badly_read)
}

/// Whether a piece is a worn label right before or behind a number that passes
/// for an NPI. Behind it the bracket may have become a letter: `INPD` for `(NPI)`.
/// `NP` is a practitioner, unless it stands in brackets or before a colon.
fn touches_number(sheet: &Sheet<'_>, cell: usize, piece: usize) -> bool {
    let read = sheet.pieces[piece].folded.as_str();
    if !read.chars().all(|c| c.is_ascii_alphabetic()) || !(2..=4).contains(&read.len()) {
        return false;
    }
    let (word, range) = {
        let piece = &sheet.pieces[piece];
        (sheet.words[piece.word].text, piece.range.clone())
    };
    let opened = is_opened(sheet, piece);
    // Behind `NP` the last letter may have become a stroke.
    let closed = word[range.end..].starts_with([')', ']', '}', ';', '!', '|']);
    let whole = read.len() >= 3 || opened || closed || followed_by_colon(sheet, piece);
    let near = whole && is_near(read);
    let torn = read.len() == 4 && read.starts_with(BRACKETS) && is_near(&read[1..])
        || read.len() == 3 && read.starts_with(BRACKETS) && read[1..] == fold("np");
    let middle = opened && read.len() == 3 && read[1..].starts_with('p');
    (near || torn) && number_follows_on(sheet, cell, piece, Side::Behind)
        || (near || torn || middle) && number_follows_on(sheet, cell, piece, Side::Before)
}

/// Whether a bracket stands right before a piece.
fn is_opened(sheet: &Sheet<'_>, piece: usize) -> bool {
    let piece = &sheet.pieces[piece];
    sheet.words[piece.word].text[..piece.range.start].ends_with(['(', '[', '{'])
}

/// On which side of a label a number stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Before,
    Behind,
}

/// Whether a number that passes for an NPI stands right beside a piece, in its
/// cell or in the next.
fn number_follows_on(sheet: &Sheet<'_>, cell: usize, piece: usize, side: Side) -> bool {
    let pieces = &sheet.cells[cell].pieces;
    let of = |cell: usize| sheet.cells[cell].pieces.clone();
    let number = match side {
        Side::Before if piece > pieces.start => Some(piece - 1),
        Side::Before => sheet.left_of(cell).next().and_then(|left| of(left).last()),
        Side::Behind if piece + 1 < pieces.end => Some(piece + 1),
        Side::Behind => sheet.right_of(cell).first().and_then(|&right| of(right).next()),
    };
    number.is_some_and(|number| passes(sheet, number))
}

/// Whether a piece is a number that passes for an NPI, to the letter.
fn passes(sheet: &Sheet<'_>, piece: usize) -> bool {
    Npi::parse(&sheet.pieces[piece].folded).is_ok()
}

/// Whether a label may have been printed `NPI`: one letter is another, lost or
/// too many.
pub(super) fn is_near(read: &str) -> bool {
    strsim::levenshtein(read, &fold("npi")) <= 1
}

/// Words of a label, its number included.
const WORDS_OF_A_LABEL: usize = 3;
/// A word of a label read less well than this may be another.
const BADLY_READ: f32 = 0.5;
/// What a worn label costs, in edits.
const WORN_LABEL: u8 = 2;
