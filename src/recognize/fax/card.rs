//! The model card: what has to be known about the net's weights to use them.

use serde::{Deserialize, Serialize};

use crate::vocab::Sha256Digest;

use super::FaxError;

/// Facts about one set of weights (`models/ocr/fax.toml`), written together
/// with them.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// Name of the weights' file, beside the card.
    pub file: String,
    /// Of that file.
    pub sha256: Sha256Digest,
    /// Its length.
    pub bytes: u64,
    /// Characters of the classes from 1 on; class 0 is "no character here".
    pub alphabet: String,
    /// Rows of a strip.
    pub height: usize,
    /// Pixels to one column of the answer.
    pub step: usize,
    /// Strips are padded on the right to a multiple of this many pixels.
    pub width_multiple: usize,
    /// The net's own probability that a word is right, and the share of words
    /// that were right where it said so; rising in both. In between the line
    /// is straight.
    pub calibration: Vec<(f32, f32)>,
    /// How it was made and how well it reads; nothing depends on it.
    pub figures: toml::Table,
}

impl Card {
    /// Parses and checks a card.
    pub fn parse(text: &str) -> Result<Self, FaxError> {
        let card: Self = toml::from_str(text).map_err(|e| FaxError::Card(e.to_string()))?;
        card.check()?;
        Ok(card)
    }

    fn check(&self) -> Result<(), FaxError> {
        let wrong = |what: &str| Err(FaxError::Card(what.to_owned()));
        if self.height == 0 || self.step == 0 || !self.width_multiple.is_multiple_of(self.step) {
            return wrong("height and step must be above 0, width_multiple a multiple of step");
        }
        if !self.alphabet.contains(' ') {
            return wrong("the alphabet must hold a blank, which parts words");
        }
        let mut characters: Vec<char> = self.alphabet.chars().collect();
        characters.sort_unstable();
        if characters.windows(2).any(|pair| pair[0] == pair[1]) {
            return wrong("the alphabet holds a character twice");
        }
        let rises = |pair: &[(f32, f32)]| pair[0].0 < pair[1].0 && pair[0].1 <= pair[1].1;
        let within =
            |&(raw, share): &(f32, f32)| (0.0..=1.0).contains(&raw) && (0.0..=1.0).contains(&share);
        if !self.calibration.windows(2).all(rises) || !self.calibration.iter().all(within) {
            return wrong("calibration must rise and stay within 0 and 1");
        }
        Ok(())
    }

    /// How often a word is right of which the net says that it is with
    /// probability `raw`. An empty table changes nothing.
    pub fn calibrated(&self, raw: f32) -> f32 {
        let table = &self.calibration;
        let (Some(first), Some(last)) = (table.first(), table.last()) else { return raw };
        if raw <= first.0 {
            return first.1;
        }
        for pair in table.windows(2) {
            let [(from, low), (to, high)] = [pair[0], pair[1]];
            if raw <= to {
                return low + (high - low) * (raw - from) / (to - from);
            }
        }
        last.1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recognize::fax::tests::tiny_card;

    #[test]
    fn the_table_is_a_line_between_its_points_and_level_outside() {
        let card = Card { calibration: vec![(0.2, 0.4), (0.6, 0.8)], ..tiny_card() };
        let close = |a: f32, b: f32| assert!((a - b).abs() < 1e-6, "{a} is not {b}");
        close(card.calibrated(0.1), 0.4);
        close(card.calibrated(0.3), 0.5);
        close(card.calibrated(0.6), 0.8);
        close(card.calibrated(0.9), 0.8);
        close(Card { calibration: Vec::new(), ..card }.calibrated(0.3), 0.3);
    }

    #[test]
    fn a_card_that_makes_no_sense_is_refused() {
        let refused = |card: Card| {
            let text = toml::to_string(&card).unwrap();
            assert!(matches!(Card::parse(&text), Err(FaxError::Card(_))), "{text}");
        };
        assert_eq!(Card::parse(&toml::to_string(&tiny_card()).unwrap()).unwrap(), tiny_card());
        refused(Card { alphabet: "abc".into(), ..tiny_card() });
        refused(Card { alphabet: "ab a".into(), ..tiny_card() });
        refused(Card { step: 0, ..tiny_card() });
        refused(Card { width_multiple: 10, ..tiny_card() });
        refused(Card { calibration: vec![(0.5, 0.5), (0.4, 0.6)], ..tiny_card() });
    }
}
