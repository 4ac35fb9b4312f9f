//! What a reader made of an image, before anybody judges it.

/// A word as it was read.
#[derive(Clone, PartialEq)]
pub struct RawWord {
    /// As read; no blanks, not empty.
    pub text: String,
    /// Left, top, width, height in pixels of the image that was read.
    pub place: [f32; 4],
    /// 0 to 1.
    pub confidence: f32,
    /// Words with the same key stand on one line.
    pub line: [u32; 3],
}

impl RawWord {
    /// How many letters and digits it has: dirt is read as dots and dashes.
    pub fn letters(&self) -> usize {
        self.text.chars().filter(|c| c.is_alphanumeric()).count()
    }

    /// The height of its middle.
    pub fn middle(&self) -> f32 {
        self.place[1] + self.place[3] / 2.0
    }
}

/// What one read of an image gave.
#[derive(Clone, Default, PartialEq)]
pub struct Reading {
    /// In reading order.
    pub words: Vec<RawWord>,
    /// The deadline passed; `words` is what could be had until then.
    pub timed_out: bool,
}

impl Reading {
    /// Letters and digits read.
    pub fn letters(&self) -> usize {
        self.words.iter().map(RawWord::letters).sum()
    }

    /// Letters and digits, each counting as far as its word is believed.
    pub fn believed(&self) -> f32 {
        self.words.iter().map(|word| word.letters() as f32 * word.confidence).sum()
    }
}
