//! The two readers and who reads what.
//!
//! Our own line reader (`fax`) is quick and was made for faxes; Tesseract
//! reads what it finds little in, and both are asked where one character
//! matters. They make different mistakes, so what both read alike is right.

use std::borrow::Cow;
use std::path::PathBuf;
use std::time::Duration;

use image::GrayImage;
use rustix::time::{ClockId, clock_gettime};
use serde::{Deserialize, Serialize};

use super::clean::{Cleaned, clean};
use super::config::Config;
use super::crop;
use super::error::RecognizeError;
use super::fax;
use super::geometry::SQUARE_DPI;
use super::manifest;
use super::native::{self, Layout};
use super::reading::{RawWord, Reading};
use super::segment;
use super::sheet::Sheet;
use super::smooth::smooth;
use crate::vocab::Sha256Digest;

/// The weights of the line reader and what is known about them.
const WEIGHTS: &[u8] = include_bytes!("../../models/ocr/fax.onnx");
const CARD: &str = include_str!("../../models/ocr/fax.toml");

/// Who reads pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// Our own line reader reads every page, Tesseract those that came out
    /// poor; both read what `extract` asks about.
    #[default]
    Both,
    /// Our own line reader alone reads pages; what `extract` asks about is still
    /// put to both.
    Fax,
    /// Tesseract alone.
    Tesseract,
}

/// The readers of one process.
pub struct Engines {
    fax: Option<fax::Reader>,
    tesseract: native::Engine,
    choice: Choice,
    /// Processor time spent in our own reader.
    spent: Duration,
    digest: Sha256Digest,
}

impl Engines {
    /// Loads what is chosen. Tesseract is there in any case: questions about
    /// single places are put to it whoever reads the pages.
    pub fn new(config: &Config) -> Result<Self, RecognizeError> {
        let file = manifest::find(config)?;
        let mut digest = manifest::digest(&file)?;
        let folder = file.parent().unwrap_or(&file);
        let tesseract = native::Engine::new(folder, &config.language)
            .map_err(|source| RecognizeError::Engine { file: file.clone(), source })?;
        let fax = if config.engine == Choice::Tesseract {
            None
        } else {
            let (weights, card) = weights(config)?;
            digest = Sha256Digest::of(format!("{digest} {}", card.sha256).as_bytes());
            Some(fax::Reader::new(&weights, &card)?)
        };
        Ok(Self { fax, tesseract, choice: config.engine, spent: Duration::ZERO, digest })
    }

    /// Of all models that are loaded.
    pub fn digest(&self) -> Sha256Digest {
        self.digest
    }

    /// Processor time spent reading since they were loaded.
    pub fn spent(&self) -> Duration {
        self.spent + self.tesseract.spent()
    }

    /// Tesseract, for looks at parts of a page.
    pub fn tesseract(&mut self) -> &mut native::Engine {
        &mut self.tesseract
    }

    /// Whether Tesseract may read what came out poor.
    pub fn has_second(&self) -> bool {
        self.choice == Choice::Both
    }

    /// A whole page by our own reader; `None` where that is not chosen.
    pub fn page(&mut self, page: &Cleaned) -> Option<Reading> {
        let reader = self.fax.as_mut()?;
        let began = processor_time();
        let reading = by_strips(reader, page);
        self.spent += processor_time().saturating_sub(began);
        Some(reading)
    }

    /// A quick look at a part of a page by the first reader chosen.
    pub fn glance(&mut self, part: Sheet, deadline: Duration) -> Vec<RawWord> {
        if self.fax.is_none() {
            return self.tesseract_page(&smooth(&part.image), Layout::Column, deadline).words;
        }
        let page = clean(part, Vec::new());
        self.page(&page).map(|reading| reading.words).unwrap_or_default()
    }

    /// One line by the first reader chosen; the image is upright and has little
    /// around the line.
    pub fn line(&mut self, image: &GrayImage, alphabet: &str, deadline: Duration) -> Vec<RawWord> {
        match self.own_line(image, alphabet) {
            Some(words) => words,
            None => self.tesseract_line(image, SQUARE_DPI, alphabet, deadline),
        }
    }

    /// One line by our own reader; `None` where that is not chosen.
    pub fn own_line(&mut self, image: &GrayImage, alphabet: &str) -> Option<Vec<RawWord>> {
        let reader = self.fax.as_mut()?;
        let began = processor_time();
        let strip = crop::whole(image);
        let read = reader.read(std::slice::from_ref(&strip.pixels), alphabet);
        let height = image.height() as f32;
        let words = read.into_iter().flat_map(|read| read.words).map(|word| RawWord {
            place: [
                strip.on_page(word.x.start),
                0.0,
                (word.x.end - word.x.start) * strip.scale,
                height,
            ],
            text: word.text,
            confidence: word.confidence,
            line: [0, 0, 0],
        });
        let words = words.collect();
        self.spent += processor_time().saturating_sub(began);
        Some(words)
    }

    /// One line by Tesseract, at so many dots an inch.
    pub fn tesseract_line(
        &mut self,
        image: &GrayImage,
        dpi: f32,
        alphabet: &str,
        deadline: Duration,
    ) -> Vec<RawWord> {
        self.tesseract.read(&smooth(image), dpi as u32, Layout::Line, alphabet, deadline).words
    }

    /// A whole page by Tesseract.
    pub fn tesseract_page(
        &mut self,
        image: &GrayImage,
        layout: Layout,
        deadline: Duration,
    ) -> Reading {
        self.tesseract.read(image, SQUARE_DPI as u32, layout, "", deadline)
    }
}

/// The weights that are configured, or those built in.
fn weights(config: &Config) -> Result<(Cow<'static, [u8]>, fax::Card), RecognizeError> {
    let Some(folder) = &config.weights else {
        return Ok((Cow::Borrowed(WEIGHTS), fax::Card::parse(CARD)?));
    };
    let read = |file: PathBuf| {
        std::fs::read(&file).map_err(|source| RecognizeError::ModelFile { file, source })
    };
    let card = String::from_utf8_lossy(&read(folder.join("fax.toml"))?).into_owned();
    let card = fax::Card::parse(&card)?;
    let weights = read(folder.join(&card.file))?;
    if Sha256Digest::of(&weights) != card.sha256 {
        let not_its = format!("{} is not the file that its card describes", card.file);
        return Err(fax::FaxError::Weights(not_its).into());
    }
    Ok((Cow::Owned(weights), card))
}

/// Processor time of the process so far: the line reader runs in a thread of
/// its own.
fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap_or(0), time.tv_nsec.try_into().unwrap_or(0))
}

/// Cuts the page into strips, reads them and puts the words back in place.
fn by_strips(reader: &mut fax::Reader, page: &Cleaned) -> Reading {
    let (blobs, strips) = segment::strips(&page.sheet.ink, page.ruled.clone());
    let crops: Vec<crop::Crop> = strips
        .iter()
        .map(|strip| crop::strip(&page.sheet.image, &blobs, strip, crop::NO_JITTER))
        .collect();
    let images: Vec<GrayImage> = crops.iter().map(|crop| crop.pixels.clone()).collect();
    let mut words = Vec::new();
    for ((strip, crop), read) in strips.iter().zip(&crops).zip(reader.read(&images, "")) {
        for word in read.words {
            let (left, right) = (crop.on_page(word.x.start), crop.on_page(word.x.end));
            let (top, bottom) = strip.rows_between(&blobs, left, right);
            words.push(RawWord {
                text: word.text,
                place: [left, top, right - left, bottom - top],
                confidence: word.confidence,
                line: [0, 0, strip.row as u32],
            });
        }
    }
    Reading { words, timed_out: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_go_with_their_card_and_no_other() {
        let card = fax::Card::parse(CARD).unwrap();
        assert_eq!((Sha256Digest::of(WEIGHTS), WEIGHTS.len() as u64), (card.sha256, card.bytes));
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("fax.toml"), CARD).unwrap();
        std::fs::write(folder.path().join(&card.file), WEIGHTS).unwrap();
        let config = Config { weights: Some(folder.path().to_owned()), ..Config::default() };
        assert!(weights(&config).is_ok());
        std::fs::write(folder.path().join(&card.file), &WEIGHTS[1..]).unwrap();
        assert!(weights(&config).is_err_and(|e| e.to_string().contains("card")));
        std::fs::remove_file(folder.path().join(&card.file)).unwrap();
        assert!(weights(&config).is_err_and(|e| e.to_string().contains("fax.onnx")));
    }
}
