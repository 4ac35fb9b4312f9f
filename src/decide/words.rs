//! Looking for a model's words in what was read.

use crate::receive::received::Context;
use crate::recognize::recognized::Recognized;

/// The whole document and its note in small letters, words separated by one
/// blank and punctuation left out, so that a phrase is found over a line
/// break and "Cigna," is "cigna".
pub(super) struct Words(String);

impl Words {
    pub(super) fn of(recognized: &Recognized, context: &Context) -> Self {
        let lines = recognized.pages.iter().flat_map(|page| &page.lines).map(|line| line.text());
        let note = context.note.iter().map(|note| note.expose().clone());
        let mut text = String::from(" ");
        for line in lines.chain(note) {
            push_normal(&mut text, &line);
        }
        Self(text)
    }

    /// Whether the phrase stands there, as whole words.
    pub(super) fn contain(&self, phrase: &str) -> bool {
        let mut wanted = String::from(" ");
        push_normal(&mut wanted, phrase);
        wanted.len() > 1 && self.0.contains(&wanted)
    }

    /// How many of these phrases stand there.
    pub(super) fn count(&self, phrases: &[String]) -> usize {
        phrases.iter().filter(|phrase| self.contain(phrase)).count()
    }
}

/// Appends words, each followed by one blank.
fn push_normal(text: &mut String, line: &str) {
    for word in line.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        text.extend(word.chars().flat_map(char::to_lowercase));
        text.push(' ');
    }
}
