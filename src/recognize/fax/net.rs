//! The net itself: pixels in, logarithms of probabilities out.
//!
//! It runs in one thread, which is made here with everything else, for where
//! faxes are read no thread can be started any more.

use std::sync::Arc;

use image::GrayImage;
use rten::{Dimension, Model, ModelOptions, OpRegistry, RunOptions, ThreadPool, ValueView};

use super::FaxError;
use super::card::Card;

/// What the net says about one strip.
#[derive(Clone, Debug, PartialEq)]
pub struct Scores {
    /// Natural logarithms of probabilities, column by column.
    logs: Vec<f32>,
    classes: usize,
}

impl Scores {
    /// `logs` holds the columns one after the other, `classes` values each.
    pub fn new(logs: Vec<f32>, classes: usize) -> Self {
        assert!(classes > 0 && logs.len().is_multiple_of(classes), "columns must be whole");
        Self { logs, classes }
    }

    /// From left to right, one value a class.
    pub fn columns(&self) -> impl DoubleEndedIterator<Item = &[f32]> + ExactSizeIterator {
        self.logs.chunks_exact(self.classes)
    }

    /// The columns of a part of the strip.
    pub fn part(&self, columns: std::ops::Range<usize>) -> Self {
        let logs = self.logs[columns.start * self.classes..columns.end * self.classes].to_vec();
        Self { logs, classes: self.classes }
    }
}

/// The weights, ready to run.
pub struct Net {
    model: Model,
    options: RunOptions,
    height: usize,
    step: usize,
    width_multiple: usize,
    classes: usize,
}

impl Net {
    /// Loads the weights (ONNX) and tries them on a strip of paper, so that
    /// nothing is left to be made or to go wrong later.
    pub fn new(weights: &[u8], card: &Card) -> Result<Self, FaxError> {
        let mut options = ModelOptions::with_ops(operators());
        options.prepack_weights(true);
        let model = options.load(weights.to_vec()).map_err(|e| FaxError::Weights(e.to_string()))?;
        let one_thread = Arc::new(ThreadPool::with_num_threads(1));
        let net = Self {
            model,
            options: RunOptions::default().with_thread_pool(Some(one_thread)),
            height: card.height,
            step: card.step,
            width_multiple: card.width_multiple,
            classes: card.alphabet.chars().count() + 1,
        };
        net.check_input()?;
        let width = card.width_multiple as u32;
        let paper = GrayImage::from_pixel(width, card.height as u32, image::Luma([255]));
        net.try_run(&[&paper])?;
        Ok(net)
    }

    /// Pixels to a column of scores.
    pub fn step(&self) -> usize {
        self.step
    }

    /// How wide a strip becomes, in pixels.
    pub fn padded(&self, width: usize) -> usize {
        width.max(1).next_multiple_of(self.width_multiple)
    }

    /// Reads strips, which are padded with paper to the widest; in the order
    /// in which they come, each without the columns of its padding.
    ///
    /// The net ran when it was loaded: if it does not run now, that is a
    /// mistake of ours or there is no memory, and both end the process.
    pub fn run(&self, strips: &[&GrayImage]) -> Vec<Scores> {
        self.try_run(strips).expect("a net that was tried runs")
    }

    fn check_input(&self) -> Result<(), FaxError> {
        let wrong = |what: &str| Err(FaxError::Weights(what.to_owned()));
        if self.model.input_ids().len() != 1 || self.model.output_ids().len() != 1 {
            return wrong("there must be one input and one output");
        }
        match self.model.input_shape(0).as_deref() {
            Some([_, Dimension::Fixed(1), Dimension::Fixed(height), _])
                if *height == self.height =>
            {
                Ok(())
            }
            _ => wrong("the input must be [strips, 1, height of the card, width]"),
        }
    }

    fn try_run(&self, strips: &[&GrayImage]) -> Result<Vec<Scores>, FaxError> {
        let failed = |e: String| FaxError::Weights(e);
        let widest = strips.iter().map(|strip| strip.width() as usize).max().unwrap_or(0);
        let width = self.padded(widest);
        let columns = width / self.step;
        let ink = self.ink(strips, width);
        let input = ValueView::from_shape([strips.len(), 1, self.height, width], &ink)
            .map_err(|e| failed(e.to_string()))?;
        let output = self
            .model
            .run_one(input.into(), Some(self.options.clone()))
            .map_err(|e| failed(e.to_string()))?;
        let (shape, logs) = output.into_shape_vec::<f32, 3>().map_err(|e| failed(e.to_string()))?;
        if shape != [strips.len(), columns, self.classes] {
            return Err(failed(format!(
                "for {} strips of {width} pixels came {shape:?}, not [strips, columns of the \
                 card, alphabet of the card and one]",
                strips.len()
            )));
        }
        let all = logs.chunks_exact(columns * self.classes);
        Ok(strips
            .iter()
            .zip(all)
            .map(|(strip, logs)| {
                let own = (strip.width() as usize).div_ceil(self.step) * self.classes;
                Scores::new(logs[..own].to_vec(), self.classes)
            })
            .collect())
    }

    /// Strip by strip, row by row: 0 is paper and 1 is ink.
    fn ink(&self, strips: &[&GrayImage], width: usize) -> Vec<f32> {
        let mut ink = vec![0.0; strips.len() * self.height * width];
        for (strip, ink) in strips.iter().zip(ink.chunks_exact_mut(self.height * width)) {
            assert_eq!(strip.height() as usize, self.height, "rows of a strip");
            if strip.width() == 0 {
                continue;
            }
            let rows = strip.as_raw().chunks_exact(strip.width() as usize);
            for (row, ink) in rows.zip(ink.chunks_exact_mut(width)) {
                for (&pixel, ink) in row.iter().zip(ink) {
                    *ink = f32::from(255 - pixel) / 255.0;
                }
            }
        }
        ink
    }
}

/// The operators that `models/ocr/train/export.py` uses; a file that wants
/// others is refused.
fn operators() -> OpRegistry {
    rten::op_registry!(
        Add,
        Cast,
        Concat,
        ConstantOfShape,
        Conv,
        Gather,
        Identity,
        LogSoftmax,
        LSTM,
        MatMul,
        Relu,
        Reshape,
        Shape,
        Squeeze,
        Transpose,
        Unsqueeze
    )
}
