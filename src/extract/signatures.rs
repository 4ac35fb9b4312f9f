//! Who signed, and where nobody did.

use super::cues::PageTag;
use super::labels::{FieldHit, Form, Label};
use super::layout::{Relation, Sheet, Snippet};
use super::paper::Leaf;
use super::phrase::fold;
use super::shapes::has_shape;

/// Whether a page has a place for a signature, or says that it has none.
pub fn is_asked_for(leaf: &Leaf<'_>) -> bool {
    lines(leaf).next().is_some() || is_called_unsigned(leaf)
}

/// Whether a page says that nobody signed. `Valid only when signed`, badly read, does
/// not: the word is nearer to its opposite.
fn is_called_unsigned(leaf: &Leaf<'_>) -> bool {
    let pieces = &leaf.form.sheet.pieces;
    leaf.tagged(PageTag::Unsigned).any(|hit| {
        let signed = strsim::levenshtein(&pieces[hit.first].folded, &fold("signed"));
        hit.first < hit.last || usize::from(hit.distance) <= signed
    })
}

fn lines<'l>(leaf: &'l Leaf<'_>) -> impl Iterator<Item = &'l FieldHit> + 'l {
    leaf.form.labelled(Label::Signature)
}

/// Whether something stands at a signature line: a name, an "electronically
/// signed by", ink that OCR made words of, or the date of whoever signed.
pub fn is_signed(leaf: &Leaf<'_>) -> bool {
    let form = &leaf.form;
    if is_called_unsigned(leaf) {
        return false;
    }
    if leaf.tagged(PageTag::Signed).any(|h| says_who_after(form, h.last)) {
        return true;
    }
    // A scribble is seldom read as letters, but who signs also dates.
    let dated_row = |row: usize| {
        form.labelled(Label::OtherDate).chain(form.labelled(Label::OrderDate)).any(|f| {
            form.sheet.cells[f.cell].row == row
                && form.values(f).iter().any(|v| {
                    let beside = !matches!(v.relation, Relation::Below | Relation::Above);
                    // Over its label stands a day and nothing else.
                    let on_top = v.relation == Relation::Above && is_day(&v.snippet.text);
                    let digits = v.snippet.text.chars().filter(char::is_ascii_digit).count();
                    (beside || on_top) && digits >= 3
                        || beside && digits > 0 && is_worn_day(form, &v.snippet)
                })
        })
    };
    if lines(leaf).any(|f| dated_row(form.sheet.cells[f.cell].row)) {
        return true;
    }
    lines(leaf).any(|field| {
        form.values(field).iter().any(|value| {
            // "Signature and date stamps are not accepted", "Sign and fax to".
            // Nor is "By signing I confirm that …" over the line.
            let sentence = matches!(value.relation, Relation::Same | Relation::Above);
            if sentence && !field.colon && is_sentence(&value.snippet.text) {
                return false;
            }
            // "and date" belongs to the label.
            let words = value.snippet.text.split_whitespace();
            let text: String = words
                .filter(|w| {
                    !matches!(
                        w.to_lowercase().trim_end_matches(':'),
                        "and" | "date" | "of" | "the" | "md" | "md/np"
                    )
                })
                .flat_map(str::chars)
                .filter(|c| c.is_alphabetic())
                .collect();
            if value.snippet.text.chars().filter(char::is_ascii_digit).count() >= 3
                && matches!(value.relation, Relation::Same | Relation::Right)
            {
                return true;
            }
            // Underscores read as a stray letter or two are an empty line; a
            // date alone is not a signature.
            let dated = text.to_lowercase().starts_with("date");
            text.chars().count() >= 3 && !dated && value.relation != Relation::Below
        })
    })
}

/// Whether a text is a date and no more.
fn is_day(text: &str) -> bool {
    let text = text.trim();
    let words = text.split_whitespace().count();
    has_shape(Label::OrderDate, text) == Some(true) && words <= 3
}

/// Whether something that can hardly be read is as long as a day: `1 jf6`. An empty
/// line is read as a stroke or two.
fn is_worn_day(form: &Form<'_>, snippet: &Snippet) -> bool {
    let words = snippet.words(0..snippet.text.len());
    let sure = |word: &usize| form.sheet.words[*word].confidence.get() >= BADLY_READ;
    let length = snippet.text.chars().filter(|c| c.is_alphanumeric()).count();
    (SHORT_DAY..=LONG_DAY).contains(&length) && !words.iter().any(sure)
}

/// A word read less well than this says that something stands there, and not what.
const BADLY_READ: f32 = 0.5;
/// Letters and digits of a day: `3/6/26`, `September 30, 2026`.
const SHORT_DAY: usize = 4;
const LONG_DAY: usize = 15;

/// Whether a text without a label's colon before it goes on as a sentence does.
fn is_sentence(text: &str) -> bool {
    let small = |word: &&str| word.chars().all(|c| c.is_lowercase() || c.is_ascii_punctuation());
    text.split_whitespace().filter(small).count() >= SENTENCE
}

/// So many words in small letters are no name.
const SENTENCE: usize = 3;

/// Whether something is written behind "signed by", and not the next label.
fn says_who_after(form: &Form<'_>, last: usize) -> bool {
    let sheet = &form.sheet;
    let beside = sheet.right_of(sheet.cell_of(last)).first();
    let label = |cell: usize| form.fields.iter().any(|f| f.cell == cell && f.starts_cell);
    let bare = sheet.tail(sheet.cell_of(last), Some(last), None);
    !is_empty_after(sheet, last) && (bare.has_content() || beside.is_none_or(|&cell| !label(cell)))
}

/// Whether nothing is written behind a phrase.
pub fn is_empty_after(sheet: &Sheet<'_>, last: usize) -> bool {
    let cell = sheet.cell_of(last);
    let tail = sheet.tail(cell, Some(last), None);
    let letters = |t: &str| t.chars().filter(|c| c.is_alphanumeric()).count();
    letters(&tail.text) < 3
        && sheet.right_of(cell).first().is_none_or(|&c| letters(&sheet.cell_snippet(c).text) < 3)
}
