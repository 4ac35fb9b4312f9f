//! Glyphs become words and lines.

use hayro::kurbo::{Point, Vec2};

use super::PageSize;
use super::judge::is_nameless;
use super::survey::{Glyph, Survey};
use crate::decode::pages::{Raster, TextWord};
use crate::vocab::{BBox, Phi};

/// A gap wider than this many ems ends a word. A blank is 0.25 to 0.28 em in
/// book faces, squeezed to 0.2 by justification; kerning stays below 0.1.
const WORD_GAP: f64 = 0.18;
/// A drawn blank narrower than this many ems is kerning, not a blank.
const MIN_BLANK: f64 = 0.1;
/// Two baselines less apart than this many ems are one line: less than the
/// distance of any two lines, more than that of an index.
const SAME_LINE: f64 = 0.4;
/// The same character drawn again within this many ems is one, made bold.
const DOUBLE: f64 = 0.15;
/// Where letters reach above and below the baseline, in ems.
const ASCENT: f64 = 0.78;
const DESCENT: f64 = 0.22;
/// Gaps from which a line's letter spacing can be told.
const ENOUGH_GAPS: usize = 6;
/// Grey steps between ink and paper below which nothing is seen: white on
/// white, black on a black bar.
const MIN_CONTRAST: u8 = 24;

/// The words of a page in reading order: upright text first, line by line,
/// then text that runs in other directions.
pub(super) fn words(survey: &Survey, raster: &Raster) -> Vec<TextWord> {
    let mut words = Vec::new();
    let mut line_number = 0;
    for direction in directions(&survey.glyphs) {
        for line in lines(direction) {
            let before = words.len();
            for word in split(&line) {
                let bbox = word.bbox(&survey.size);
                if is_seen(raster, bbox) {
                    let text = Phi::new(word.text);
                    words.push(TextWord { text, bbox, line: line_number });
                }
            }
            if words.len() > before {
                line_number += 1;
            }
        }
    }
    words
}

/// A glyph in the frame of its own direction: `u` along the line, `v` down.
struct Letter<'g> {
    glyph: &'g Glyph,
    text: String,
    u: f64,
    v: f64,
    width: f64,
    size: f64,
}

/// Glyphs by the direction they run in, degrees; upright first, then the most
/// frequent.
fn directions(glyphs: &[Glyph]) -> Vec<Vec<Letter<'_>>> {
    let mut groups: Vec<(i64, Vec<Letter<'_>>)> = Vec::new();
    for glyph in glyphs {
        let along = glyph.advance;
        let size = glyph.up.hypot();
        if size <= 0.0 || along.hypot() <= 0.0 {
            continue;
        }
        let Some(text) = glyph.text.as_deref().map(normal) else { continue };
        let degrees = (along.atan2().to_degrees().round() as i64).rem_euclid(360);
        let axis = Vec2::from_angle((degrees as f64).to_radians());
        let down = Vec2::new(-axis.y, axis.x);
        let place = glyph.origin.to_vec2();
        let letter = Letter {
            glyph,
            text,
            u: place.dot(axis),
            v: place.dot(down),
            width: along.hypot(),
            size,
        };
        match groups.iter_mut().find(|(d, _)| *d == degrees) {
            Some((_, group)) => group.push(letter),
            None => groups.push((degrees, vec![letter])),
        }
    }
    groups.sort_by_key(|(degrees, group)| (*degrees != 0, std::cmp::Reverse(group.len())));
    groups.into_iter().map(|(_, group)| group).collect()
}

/// Ligatures spelled out, blanks made one kind, what cannot be seen removed.
fn normal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{FB00}' => out.push_str("ff"),
            '\u{FB01}' => out.push_str("fi"),
            '\u{FB02}' => out.push_str("fl"),
            '\u{FB03}' => out.push_str("ffi"),
            '\u{FB04}' => out.push_str("ffl"),
            '\u{FB05}' | '\u{FB06}' => out.push_str("st"),
            '\u{00AD}' | '\u{2010}' | '\u{2011}' => out.push('-'),
            '\u{200B}'..='\u{200F}' | '\u{FEFF}' => {}
            c if c.is_whitespace() => out.push(' '),
            c if is_nameless(c) => {}
            c => out.push(c),
        }
    }
    out
}

/// Letters of one baseline, left to right.
fn lines(mut letters: Vec<Letter<'_>>) -> Vec<Vec<Letter<'_>>> {
    letters.sort_by(|a, b| a.v.total_cmp(&b.v));
    let mut lines: Vec<(f64, f64, Vec<Letter<'_>>)> = Vec::new();
    for letter in letters {
        // Sorted by baseline, so only the last lines can be near.
        let near = lines
            .iter_mut()
            .rev()
            .take(4)
            .find(|(v, size, _)| letter.v - *v < SAME_LINE * size.min(letter.size));
        match near {
            Some((_, size, line)) => {
                *size = size.max(letter.size);
                line.push(letter);
            }
            None => lines.push((letter.v, letter.size, vec![letter])),
        }
    }
    lines
        .into_iter()
        .map(|(_, _, mut line)| {
            line.sort_by(|a, b| a.u.total_cmp(&b.u));
            line
        })
        .collect()
}

/// A word being put together.
struct Word {
    text: String,
    corners: Vec<Point>,
}

impl Word {
    fn add(&mut self, letter: &Letter<'_>) {
        self.text.push_str(letter.text.trim());
        let Glyph { origin, advance, up, .. } = *letter.glyph;
        for along in [Vec2::ZERO, advance] {
            self.corners.push(origin + along + up * ASCENT);
            self.corners.push(origin + along - up * DESCENT);
        }
    }

    fn bbox(&self, page: &PageSize) -> BBox {
        let fold = |of: fn(&Point) -> f64, pick: fn(f64, f64) -> f64, start: f64| {
            self.corners.iter().map(of).fold(start, pick)
        };
        let (x0, x1) =
            (fold(|p| p.x, f64::min, f64::INFINITY), fold(|p| p.x, f64::max, f64::NEG_INFINITY));
        let (y0, y1) =
            (fold(|p| p.y, f64::min, f64::INFINITY), fold(|p| p.y, f64::max, f64::NEG_INFINITY));
        BBox::new(
            (x0 / page.width) as f32,
            (y0 / page.height) as f32,
            (x1 / page.width) as f32,
            (y1 / page.height) as f32,
        )
    }
}

/// Splits a line at its gaps.
fn split(line: &[Letter<'_>]) -> Vec<Word> {
    let spacing = letter_spacing(line);
    let mut words = Vec::new();
    let mut word: Option<Word> = None;
    let mut last: Option<&Letter<'_>> = None;
    for letter in line {
        if letter.text.is_empty() {
            continue;
        }
        if letter.text.trim().is_empty() {
            if letter.width > MIN_BLANK * letter.size {
                words.extend(word.take());
            }
            continue;
        }
        if let Some(last) = last {
            let size = last.size.max(letter.size);
            if letter.text == last.text && (letter.u - last.u).abs() < DOUBLE * size {
                continue;
            }
            let gap = letter.u - (last.u + last.width);
            if gap > (spacing + WORD_GAP) * size {
                words.extend(word.take());
            }
        }
        word.get_or_insert_with(|| Word { text: String::new(), corners: Vec::new() }).add(letter);
        last = Some(letter);
    }
    words.extend(word);
    words.retain(|word| !word.text.is_empty());
    words
}

/// Ems between letters, where a line is spaced out or stands in the boxes of a
/// form: the lower third of its gaps.
fn letter_spacing(line: &[Letter<'_>]) -> f64 {
    let mut gaps: Vec<f64> = line
        .windows(2)
        .filter(|pair| pair.iter().all(|letter| !letter.text.trim().is_empty()))
        .map(|pair| (pair[1].u - pair[0].u - pair[0].width) / pair[0].size.max(pair[1].size))
        .collect();
    if gaps.len() < ENOUGH_GAPS {
        return 0.0;
    }
    gaps.sort_by(f64::total_cmp);
    gaps[gaps.len() / 3].max(0.0)
}

/// Whether the drawn page shows anything where the word stands.
fn is_seen(raster: &Raster, bbox: BBox) -> bool {
    let (width, height) = raster.pixels.dimensions();
    let column = |x: f32| (x * width as f32) as u32;
    let row = |y: f32| (y * height as f32) as u32;
    let (left, top) = (column(bbox.x0()), row(bbox.y0()));
    let (right, bottom) = (column(bbox.x1()).min(width - 1), row(bbox.y1()).min(height - 1));
    let (mut low, mut high) = (255, 0);
    for y in top..=bottom {
        for x in left..=right {
            let grey = raster.pixels.get_pixel(x, y).0[0];
            low = low.min(grey);
            high = high.max(grey);
        }
    }
    high >= low && high - low >= MIN_CONTRAST
}
