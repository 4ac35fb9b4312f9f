//! The line reader: strips of text, 32 rows high, become words.
//!
//! A net of our own, trained on faxes drawn by ourselves
//! (`models/ocr/train/`). `net` runs it over batches of strips of like width;
//! `ctc` finds the text in what it says; `place` finds out where in the strip
//! each word stands; `card` says what the weights are and how far their word
//! is to be trusted.
//!
//! Everything is made in [`Reader::new`]: afterwards no file is opened and no
//! thread started. What it does not do: it knows no words, only how letters
//! look and follow each other; it turns nothing over (strips must be upright,
//! ink darker than paper).

mod card;
mod ctc;
mod net;
mod place;
#[cfg(test)]
mod tests;

use std::ops::Range;

use image::GrayImage;

pub use card::Card;
use ctc::Seen;
pub use net::in_its_thread;
use net::{Net, Scores};

use super::marks::is_box;

/// Columns of pixels in a batch, padding included: larger batches are hardly
/// faster, and each takes about 2.5 kB of memory.
const BATCH_PIXELS: usize = 6_400;
/// Strips in a batch are at least this share as wide as the widest: padding
/// is read like anything else.
const LIKE_WIDTH: f32 = 0.85;
/// Words of which the net is less sure are looked at more closely …
const IN_DOUBT: f32 = 0.9;
/// … by following so many of their possible beginnings.
const BREADTH: usize = 8;

/// Why the weights or their card cannot be used. Permanent: both are part of
/// the program.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FaxError {
    /// The card breaks its grammar, or makes no sense.
    #[error("the card of the line reader: {0}")]
    Card(String),
    /// The weights cannot be loaded or do not go with the card.
    #[error("the weights of the line reader: {0}; make them anew, with their card (make train)")]
    Weights(String),
}

/// A strip as read. No words where there is no text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReadStrip {
    /// From left to right.
    pub words: Vec<ReadWord>,
}

/// A word as read.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadWord {
    /// No blanks inside, not empty.
    pub text: String,
    /// Left and right edge, in pixels of the strip.
    pub x: Range<f32>,
    /// How often such a word is right, 0 to 1.
    pub confidence: f32,
    /// One for each character of `text`.
    pub characters: Vec<ReadCharacter>,
}

/// A character of a word.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadCharacter {
    /// Which.
    pub character: char,
    /// Left and right edge, in pixels of the strip; good to about two pixels.
    pub x: Range<f32>,
    /// The net's own probability, 0 to 1. It is what all characters compete
    /// for, whatever alphabet was asked for: low where the pixels show
    /// something that was not permitted.
    pub confidence: f32,
}

/// The line reader, ready to read (20 MB, while it reads 35 MB).
pub struct Reader {
    net: Net,
    card: Card,
    /// The characters of the classes from 1 on.
    alphabet: Vec<char>,
    /// The class that parts words.
    blank: usize,
    /// The classes that are tick boxes.
    boxes: Vec<usize>,
}

impl Reader {
    /// `model` is the file of weights that `card` describes.
    pub fn new(model: &[u8], card: &Card) -> Result<Self, FaxError> {
        let net = Net::new(model, card)?;
        let alphabet: Vec<char> = card.alphabet.chars().collect();
        let blank = alphabet.iter().position(|c| *c == ' ');
        let blank = blank.ok_or_else(|| FaxError::Card("no blank in the alphabet".into()))? + 1;
        let boxes = (1..).zip(&alphabet).filter(|(_, c)| is_box(**c)).map(|(class, _)| class);
        let boxes = boxes.collect();
        Ok(Self { net, card: card.clone(), alphabet, blank, boxes })
    }

    /// Reads strips of 32 rows, 255 is paper; the answers are in their order.
    /// Unless `alphabet` is empty, its characters and blanks are all that can
    /// be read.
    pub fn read(&mut self, strips: &[GrayImage], alphabet: &str) -> Vec<ReadStrip> {
        let permitted = (!alphabet.is_empty()).then(|| self.permitted(alphabet));
        let mut read = vec![ReadStrip::default(); strips.len()];
        for batch in self.batches(strips) {
            let images: Vec<&GrayImage> = batch.iter().map(|i| &strips[*i]).collect();
            for (i, scores) in batch.iter().zip(self.net.run(&images)) {
                read[*i] = self.decode(&strips[*i], &scores, permitted.as_deref());
            }
        }
        read
    }

    /// Which strips to read together. Those without a pixel are in none.
    fn batches(&self, strips: &[GrayImage]) -> Vec<Vec<usize>> {
        let mut widest_first: Vec<usize> =
            (0..strips.len()).filter(|i| strips[*i].width() > 0).collect();
        widest_first.sort_by_key(|i| std::cmp::Reverse(strips[*i].width()));
        let mut batches: Vec<Vec<usize>> = Vec::new();
        for i in widest_first {
            if let Some(batch) = batches.last_mut() {
                let widest = strips[batch[0]].width();
                let pixels = self.net.padded(widest as usize) * (batch.len() + 1);
                if pixels <= BATCH_PIXELS && strips[i].width() as f32 >= LIKE_WIDTH * widest as f32
                {
                    batch.push(i);
                    continue;
                }
            }
            batches.push(vec![i]);
        }
        batches
    }

    /// For each class, whether it may be read.
    fn permitted(&self, alphabet: &str) -> Vec<bool> {
        let of_alphabet = self.alphabet.iter().map(|c| *c == ' ' || alphabet.contains(*c));
        std::iter::once(true).chain(of_alphabet).collect()
    }

    fn decode(&self, strip: &GrayImage, raw: &Scores, permitted: Option<&[bool]>) -> ReadStrip {
        let narrowed = permitted.map(|permitted| ctc::restricted(raw, permitted));
        let scores = narrowed.as_ref().unwrap_or(raw);
        let path = ctc::best_path(scores);
        let words = parted(&path, raw.columns().len(), self.blank, &self.boxes)
            .into_iter()
            .filter_map(|columns| {
                let within = |seen: &&Seen| {
                    columns.start <= seen.columns.start && seen.columns.end <= columns.end
                };
                let seen: Vec<Seen> = path.iter().filter(within).cloned().collect();
                (!seen.is_empty()).then(|| self.word(strip, raw, scores, columns, seen))
            })
            .collect();
        ReadStrip { words }
    }

    /// A word that was `seen` in these columns, or what it more likely is.
    fn word(
        &self,
        strip: &GrayImage,
        raw: &Scores,
        scores: &Scores,
        columns: Range<usize>,
        seen: Vec<Seen>,
    ) -> ReadWord {
        let text = |seen: &[Seen]| -> Vec<usize> { seen.iter().map(|s| s.class).collect() };
        let part = raw.part(columns.clone());
        let mut seen = seen;
        let mut probability = ctc::probability(&part, &text(&seen));
        if probability < IN_DOUBT
            && let Some(better) = self.likelier(scores, &columns, &text(&seen))
        {
            seen = better;
            probability = ctc::probability(&part, &text(&seen));
        }
        let step = self.net.step() as f32;
        let limits =
            columns.start as f32 * step..(columns.end as f32 * step).min(strip.width() as f32);
        let middles: Vec<f32> = seen.iter().map(|s| (s.middle() * step).min(limits.end)).collect();
        let edges = place::edges(strip, limits, &middles);
        let characters: Vec<ReadCharacter> = seen
            .iter()
            .zip(edges.windows(2))
            .map(|(seen, edges)| ReadCharacter {
                character: self.alphabet[seen.class - 1],
                x: edges[0]..edges[1],
                confidence: seen.strength(raw),
            })
            .collect();
        ReadWord {
            text: characters.iter().map(|c| c.character).collect(),
            x: edges[0]..edges[edges.len() - 1],
            confidence: self.card.calibrated(probability),
            characters,
        }
    }

    /// A text without blanks that is likelier than the one seen.
    fn likelier(
        &self,
        scores: &Scores,
        columns: &Range<usize>,
        seen: &[usize],
    ) -> Option<Vec<Seen>> {
        let part = scores.part(columns.clone());
        let text = ctc::likeliest(&part, BREADTH);
        if text.is_empty() || text == seen || text.contains(&self.blank) {
            return None;
        }
        let mut better = ctc::aligned(&part, &text)?;
        for seen in &mut better {
            seen.columns = seen.columns.start + columns.start..seen.columns.end + columns.start;
        }
        Some(better)
    }
}

/// The columns of each word: between blanks, and a tick box is a word of its
/// own however close its label stands. The net names a box near its middle, so
/// it is given the columns half way to letters beside it.
fn parted(path: &[Seen], end: usize, blank: usize, boxes: &[usize]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut left = 0;
    for (place, seen) in path.iter().enumerate() {
        if seen.class == blank {
            found.push(left..seen.columns.start);
            left = seen.columns.end;
        } else if boxes.contains(&seen.class) {
            let from = match place.checked_sub(1).map(|before| &path[before]) {
                Some(letter) if letter.class != blank => {
                    usize::midpoint(letter.columns.end, seen.columns.start)
                }
                _ => left,
            };
            let to = match path.get(place + 1) {
                Some(next) if next.class == blank => next.columns.start,
                Some(letter) => usize::midpoint(seen.columns.end, letter.columns.start),
                None => end,
            };
            found.extend([left..from.max(left), from.max(left)..to]);
            left = to;
        }
    }
    found.push(left..end);
    found
}
