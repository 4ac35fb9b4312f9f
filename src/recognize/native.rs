//! The only unsafe code of this station: Tesseract and Leptonica through
//! their C interfaces.
//!
//! Everything above this file deals in owned Rust values. Leptonica images
//! live only inside one call; the Tesseract handle lives as long as its
//! [`Engine`] and is never shared between threads (it is `Send`, not `Sync`).

use std::ffi::{CStr, CString};
use std::path::Path;
use std::ptr;
use std::time::Duration;

use image::GrayImage;
use leptonica_sys as lept;
use rustix::time::{ClockId, clock_gettime};
use tesseract_sys as tess;

use super::ink::{Ink, packed};
use super::reading::{RawWord, Reading};

/// Why the engine could not be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NativeError {
    /// A path or language with a zero byte, or not UTF-8.
    #[error("the model folder or language is not plain text")]
    NotText,
    /// Tesseract refused the model.
    #[error("the recognition engine could not load its model")]
    Init,
}

/// How an image is cut into lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// One column of lines of different sizes (`--psm 4`): forms are read
    /// across, so a label and its value stay on one line.
    Column,
    /// One line (`--psm 7`).
    Line,
    /// Text anywhere, in no order (`--psm 11`).
    Sparse,
}

/// One Tesseract engine with its model loaded (about 60 MB).
pub struct Engine {
    handle: *mut tess::TessBaseAPI,
    spent: Duration,
}

// SAFETY: the handle owns all its state and Tesseract keeps none of it per
// thread, so it may move; `&mut self` on every method keeps it in one place.
unsafe impl Send for Engine {}

impl Drop for Engine {
    fn drop(&mut self) {
        // SAFETY: made by `TessBaseAPICreate` and not freed before.
        unsafe { tess::TessBaseAPIDelete(self.handle) }
    }
}

impl Engine {
    /// Loads `language` from `folder` (a `tessdata` folder).
    pub fn new(folder: &Path, language: &str) -> Result<Self, NativeError> {
        let folder = folder.to_str().and_then(|f| CString::new(f).ok());
        let folder = folder.ok_or(NativeError::NotText)?;
        let language = CString::new(language).map_err(|_| NativeError::NotText)?;
        // SAFETY: both strings outlive the call; the handle is freed by Drop
        // even when Init fails. Leptonica's complaints on stderr could quote
        // nothing of ours but would fill the log, so they are turned off.
        unsafe {
            lept::setMsgSeverity(lept::L_SEVERITY_NONE as i32);
            let mut engine = Self { handle: tess::TessBaseAPICreate(), spent: Duration::ZERO };
            let done = tess::TessBaseAPIInit2(
                engine.handle,
                folder.as_ptr(),
                language.as_ptr(),
                tess::TessOcrEngineMode_OEM_LSTM_ONLY,
            );
            if done != 0 {
                return Err(NativeError::Init);
            }
            engine.set(c"debug_file", c"/dev/null");
            // Section bars are inverted before, and Tesseract's own attempt
            // costs a second read of every weak line.
            engine.set(c"tessedit_do_invert", c"0");
            // Words learnt from one page must not change how the next one is
            // read: the same bytes give the same answer.
            engine.set(c"tessedit_enable_doc_dict", c"0");
            Ok(engine)
        }
    }

    /// Processor time spent reading since it was made.
    pub fn spent(&self) -> Duration {
        self.spent
    }

    /// Reads an 8-bit image. `alphabet` limits the characters; empty means no
    /// limit.
    pub fn read(
        &mut self,
        image: &GrayImage,
        dpi: u32,
        layout: Layout,
        alphabet: &str,
        deadline: Duration,
    ) -> Reading {
        let (Ok(width), Ok(height)) = (i32::try_from(image.width()), i32::try_from(image.height()))
        else {
            return Reading::default();
        };
        if width < 3 || height < 3 {
            return Reading::default();
        }
        let began = processor_time();
        let mode = match layout {
            Layout::Column => tess::TessPageSegMode_PSM_SINGLE_COLUMN,
            Layout::Line => tess::TessPageSegMode_PSM_SINGLE_LINE,
            Layout::Sparse => tess::TessPageSegMode_PSM_SPARSE_TEXT,
        };
        let alphabet = CString::new(alphabet).unwrap_or_default();
        self.set(c"tessedit_char_whitelist", &alphabet);
        let limit = i32::try_from(deadline.as_millis()).unwrap_or(i32::MAX);
        // SAFETY: SetImage copies the pixels (width × height bytes, one byte a
        // pixel, rows without padding, which is GrayImage's layout); the
        // monitor outlives Recognize and is freed after it.
        let finished = unsafe {
            tess::TessBaseAPISetPageSegMode(self.handle, mode);
            tess::TessBaseAPISetImage(
                self.handle,
                image.as_raw().as_ptr(),
                width,
                height,
                1,
                width,
            );
            tess::TessBaseAPISetSourceResolution(self.handle, i32::try_from(dpi).unwrap_or(204));
            let monitor = tess::TessMonitorCreate();
            tess::TessMonitorSetDeadlineMSecs(monitor, limit);
            let finished = tess::TessBaseAPIRecognize(self.handle, monitor) == 0;
            tess::TessMonitorDelete(monitor);
            finished
        };
        // After a missed deadline GetTsvText would start the work again,
        // without a deadline.
        let words = if finished { parse_tsv(&self.tsv()) } else { Vec::new() };
        // SAFETY: the handle is alive; nothing borrowed from it remains.
        unsafe {
            tess::TessBaseAPIClear(self.handle);
            tess::TessBaseAPIClearAdaptiveClassifier(self.handle);
        }
        self.spent += processor_time().saturating_sub(began);
        Reading { words, timed_out: !finished }
    }

    fn set(&mut self, name: &CStr, value: &CStr) {
        // SAFETY: both strings outlive the call, which copies them. An
        // unknown name is refused without effect.
        unsafe { tess::TessBaseAPISetVariable(self.handle, name.as_ptr(), value.as_ptr()) };
    }

    fn tsv(&mut self) -> String {
        // SAFETY: the text is a C string that is ours to free with
        // TessDeleteText, after it is copied.
        unsafe {
            let text = tess::TessBaseAPIGetTsvText(self.handle, 0);
            if text.is_null() {
                return String::new();
            }
            let owned = CStr::from_ptr(text).to_string_lossy().into_owned();
            tess::TessDeleteText(text);
            owned
        }
    }
}

/// Of this thread.
fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap_or(0), time.tv_nsec.try_into().unwrap_or(0))
}

/// Columns: level, page, block, paragraph, line, word, left, top, width,
/// height, confidence, text. Level 5 is a word.
fn parse_tsv(tsv: &str) -> Vec<RawWord> {
    tsv.lines().filter_map(parse_tsv_line).collect()
}

fn parse_tsv_line(line: &str) -> Option<RawWord> {
    let columns: Vec<&str> = line.splitn(12, '\t').collect();
    let [level, _, block, paragraph, row, _, left, top, width, height, confidence, text] =
        columns[..]
    else {
        return None;
    };
    let text: String = text.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    if level != "5" || text.is_empty() {
        return None;
    }
    let place = [left, top, width, height].map(|v| v.parse::<f32>().ok());
    Some(RawWord {
        text,
        place: [place[0]?, place[1]?, place[2]?, place[3]?],
        confidence: (confidence.parse::<f32>().ok()? / 100.0).clamp(0.0, 1.0),
        line: [block.parse().ok()?, paragraph.parse().ok()?, row.parse().ok()?],
    })
}

/// A Leptonica image, freed when it goes out of scope.
struct Pix(*mut lept::Pix);

impl Drop for Pix {
    fn drop(&mut self) {
        // SAFETY: ours alone; pixDestroy accepts a null inside.
        unsafe { lept::pixDestroy(&raw mut self.0) }
    }
}

impl Pix {
    /// A 1-bit image; `None` if Leptonica cannot have it.
    fn from_ink(ink: &Ink) -> Option<Self> {
        let (width, height) = (i32::try_from(ink.width()).ok()?, i32::try_from(ink.height()).ok()?);
        // SAFETY: pixCreate gives height × wpl words, zeroed; each row is
        // written within its wpl words.
        unsafe {
            let pix = Self(lept::pixCreate(width, height, 1));
            if pix.0.is_null() {
                return None;
            }
            let words_per_line = usize::try_from(lept::pixGetWpl(pix.0)).ok()?;
            let words = lept::pixGetData(pix.0);
            for y in 0..ink.height() {
                let target =
                    std::slice::from_raw_parts_mut(words.add(y * words_per_line), words_per_line);
                for (word, pixels) in target.iter_mut().zip(ink.row(y).chunks(32)) {
                    let mut bytes = [0; 4];
                    for (byte, part) in bytes.iter_mut().zip(pixels.chunks(8)) {
                        let mut eight = [0; 8];
                        eight[..part.len()].copy_from_slice(part);
                        *byte = packed(eight).reverse_bits();
                    }
                    *word = u32::from_be_bytes(bytes);
                }
            }
            Some(pix)
        }
    }
}

/// The angle in degrees by which the text leans (clockwise positive turn
/// mends it) and Leptonica's confidence in it (above 3 is good). `None` where
/// there is too little text.
pub fn skew(ink: &Ink) -> Option<(f32, f32)> {
    let pix = Pix::from_ink(ink)?;
    let (mut angle, mut confidence) = (0.0, 0.0);
    // SAFETY: a live 1-bit image and two live floats.
    let failed = unsafe { lept::pixFindSkew(pix.0, &raw mut angle, &raw mut confidence) };
    (failed == 0).then_some((angle, confidence))
}

/// Whether lines run upright (positive) or upside down (negative), in
/// standard deviations, by the surplus of ascenders over descenders. `None`
/// where there is too little text.
pub fn up_or_down(ink: &Ink) -> Option<f32> {
    let pix = Pix::from_ink(ink)?;
    let mut confidence = 0.0;
    // SAFETY: a live 1-bit image and a live float; zeroes ask for the
    // library's own defaults.
    let failed = unsafe { lept::pixUpDownDetect(pix.0, &raw mut confidence, 0, 0, 0) };
    (failed == 0).then_some(confidence)
}

/// Evens out the paper's shade (shadow, coloured form) towards white; the
/// image as it was where that fails.
pub fn even_background(image: &GrayImage) -> GrayImage {
    let (Ok(width), Ok(height)) = (i32::try_from(image.width()), i32::try_from(image.height()))
    else {
        return image.clone();
    };
    // SAFETY: pixCreate gives height × wpl words of 4 bytes; bytes are written
    // within each row and swapped to Leptonica's word order; the result is
    // checked for null and read the same way back.
    unsafe {
        let pix = Pix(lept::pixCreate(width, height, 8));
        if pix.0.is_null() {
            return image.clone();
        }
        let row_bytes = 4 * lept::pixGetWpl(pix.0) as usize;
        let data = lept::pixGetData(pix.0).cast::<u8>();
        for (y, row) in image.as_raw().chunks(image.width() as usize).enumerate() {
            ptr::copy_nonoverlapping(row.as_ptr(), data.add(y * row_bytes), row.len());
        }
        lept::pixEndianByteSwap(pix.0);
        let even = Pix(lept::pixBackgroundNormSimple(pix.0, ptr::null_mut(), ptr::null_mut()));
        if even.0.is_null() {
            return image.clone();
        }
        lept::pixEndianByteSwap(even.0);
        let row_bytes = 4 * lept::pixGetWpl(even.0) as usize;
        let data = lept::pixGetData(even.0).cast::<u8>();
        let mut out = image.clone();
        for (y, row) in out.chunks_mut(image.width() as usize).enumerate() {
            ptr::copy_nonoverlapping(data.add(y * row_bytes), row.as_mut_ptr(), row.len());
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_word_rows_of_the_table_become_words() {
        let tsv = "4\t1\t1\t1\t1\t0\t10\t20\t300\t25\t-1\t\n\
                   5\t1\t1\t1\t1\t1\t10\t20\t90\t25\t96.5\tPending\n\
                   5\t1\t1\t1\t1\t2\t110\t20\t90\t25\t96.5\t \nnonsense";
        let words = parse_tsv(tsv);
        assert_eq!(words.len(), 1);
        assert_eq!(words[0].text, "Pending");
        assert_eq!(words[0].place, [10.0, 20.0, 90.0, 25.0]);
        assert!((words[0].confidence - 0.965).abs() < 1e-6);
    }

    #[test]
    fn a_missing_model_is_an_error() {
        assert_eq!(Engine::new(Path::new("/nonexistent"), "eng").err(), Some(NativeError::Init));
    }
}
