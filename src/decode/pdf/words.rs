//! Glyphs become words.

use hayro::kurbo::{Point, Vec2};

use super::judge::is_nameless;
use super::sight::MIN_CONTRAST;
use super::survey::Glyph;
use super::{PageSize, lines};
use crate::decode::pages::{Raster, TextWord};
use crate::vocab::{BBox, Phi, Rotation};

/// A gap wider than this many ems ends a word. A blank is 0.25 to 0.28 em in
/// book faces, squeezed to 0.2 by justification; kerning stays below 0.1.
const WORD_GAP: f64 = 0.18;
/// A drawn blank narrower than this many ems is kerning, not a blank.
const MIN_BLANK: f64 = 0.1;
/// Two baselines less apart than this many ems are one line: less than the
/// distance of any two lines, more than that of an index.
pub(super) const SAME_LINE: f64 = 0.4;
/// The same character drawn again within this many ems is one, made bold.
pub(super) const DOUBLE: f64 = 0.15;
/// Where letters reach above and below the baseline, in ems.
const ASCENT: f64 = 0.78;
const DESCENT: f64 = 0.22;
/// How high their bodies are: that of a capital, in ems.
const BODY: f64 = 0.7;
/// Gaps from which the letter spacing of a strand can be told.
const ENOUGH_GAPS: usize = 4;
/// How far, in ems, the next letter of a strand may stand: back by kerning or
/// an accent, forward by a blank of justified text or the box of a form.
const STRAND_GAP: std::ops::RangeInclusive<f64> = -0.5..=2.0;

/// The words of a page in reading order: upright text first, line by line,
/// then text that runs in other directions.
///
/// Letters are joined in the order in which they are drawn, not by place
/// alone: on a filled form the value is often drawn over a row of underscores,
/// and by place the two would be one word with every second letter a line.
///
/// `raster` is the page as drawn, where a word counts only if it shows there;
/// without it, all `glyphs` are known to be seen.
pub(super) fn words<'g>(
    glyphs: impl IntoIterator<Item = &'g Glyph>,
    size: &PageSize,
    raster: Option<&Raster>,
) -> Vec<TextWord> {
    let mut words = Vec::new();
    let mut line_number = 0;
    for (degrees, direction) in directions(glyphs) {
        let turn = Rotation::of_text(degrees);
        let pieces: Vec<Word> =
            strands(direction).iter().flat_map(|strand| split(strand)).collect();
        for line in lines::in_reading_order(pieces) {
            let before = words.len();
            for word in line {
                let bbox = bbox(&word.corners, size);
                let core = self::bbox(&word.core, size);
                let seen = raster.is_none_or(|raster| is_seen(raster, core));
                if !word.is_fill_in_line() && seen {
                    let text = Phi::new(word.text);
                    words.push(TextWord { text, bbox, line: line_number, turn });
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
fn directions<'g>(glyphs: impl IntoIterator<Item = &'g Glyph>) -> Vec<(i64, Vec<Letter<'g>>)> {
    let mut groups: Vec<(i64, Vec<Letter<'g>>)> = Vec::new();
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
    groups
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
    // A broken map may name several characters for one glyph; a blank among
    // them is none that is seen.
    if out.trim().contains(' ') {
        out.retain(|c| c != ' ');
    }
    out
}

/// Letters drawn one after the other on one baseline.
fn strands(letters: Vec<Letter<'_>>) -> Vec<Vec<Letter<'_>>> {
    let mut strands: Vec<Vec<Letter<'_>>> = Vec::new();
    for letter in letters {
        let Some(strand) = strands.last_mut() else {
            strands.push(vec![letter]);
            continue;
        };
        let follows = strand.last().is_none_or(|last| {
            let size = last.size.max(letter.size);
            let gap = (letter.u - last.u - last.width) / size;
            (letter.v - last.v).abs() < SAME_LINE * last.size.min(letter.size)
                && (STRAND_GAP.contains(&gap) || is_doubled(last, &letter))
        });
        if follows {
            strand.push(letter);
        } else {
            strands.push(vec![letter]);
        }
    }
    strands
}

/// The same letter drawn again to look bold.
fn is_doubled(last: &Letter<'_>, letter: &Letter<'_>) -> bool {
    let size = last.size.max(letter.size);
    letter.text == last.text && (letter.u - last.u).abs() < DOUBLE * size
}

/// A word being put together, in the frame of its direction.
pub(super) struct Word {
    pub text: String,
    /// Along the line, points.
    pub start: f64,
    pub end: f64,
    /// Its baseline, points down.
    pub v: f64,
    /// An em, points.
    pub size: f64,
    /// Around all that its letters may reach.
    corners: Vec<Point>,
    /// Around the letters' bodies: what must show ink for the word to be seen.
    core: Vec<Point>,
}

impl Word {
    fn starting_with(letter: &Letter<'_>) -> Self {
        let mut word = Self {
            text: String::new(),
            start: letter.u,
            end: letter.u,
            v: letter.v,
            size: letter.size,
            corners: Vec::new(),
            core: Vec::new(),
        };
        word.add(letter);
        word
    }

    fn add(&mut self, letter: &Letter<'_>) {
        self.text.push_str(letter.text.trim());
        self.end = self.end.max(letter.u + letter.width);
        self.size = self.size.max(letter.size);
        let Glyph { origin, advance, up, .. } = *letter.glyph;
        for along in [Vec2::ZERO, advance] {
            self.corners.push(origin + along + up * ASCENT);
            self.corners.push(origin + along - up * DESCENT);
            self.core.push(origin + along + up * BODY);
            self.core.push(origin + along);
        }
    }

    pub(super) fn append(&mut self, other: Self) {
        self.text.push_str(&other.text);
        self.end = self.end.max(other.end);
        self.size = self.size.max(other.size);
        self.corners.extend(other.corners);
        self.core.extend(other.core);
    }

    /// A row of underscores to write on: part of the form, not of what it says.
    pub(super) fn is_fill_in_line(&self) -> bool {
        self.text.chars().all(|c| c == '_')
    }
}

/// The box around points, as fractions of the page.
fn bbox(corners: &[Point], page: &PageSize) -> BBox {
    let fold = |of: fn(&Point) -> f64, pick: fn(f64, f64) -> f64, start: f64| {
        corners.iter().map(of).fold(start, pick)
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

/// Splits a strand at its blanks and gaps.
fn split(strand: &[Letter<'_>]) -> Vec<Word> {
    let spacing = letter_spacing(strand);
    let mut words = Vec::new();
    let mut word: Option<Word> = None;
    let mut last: Option<&Letter<'_>> = None;
    for letter in strand {
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
            if is_doubled(last, letter) {
                continue;
            }
            let gap = letter.u - (last.u + last.width);
            if gap > (spacing + WORD_GAP) * last.size.max(letter.size) {
                words.extend(word.take());
            }
        }
        match &mut word {
            Some(word) => word.add(letter),
            None => word = Some(Word::starting_with(letter)),
        }
        last = Some(letter);
    }
    words.extend(word);
    words.retain(|word| !word.text.is_empty());
    words
}

/// Ems between letters, where a strand is spaced out or stands in the boxes of
/// a form: the lower third of its gaps.
fn letter_spacing(strand: &[Letter<'_>]) -> f64 {
    let mut gaps: Vec<f64> = strand
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

/// Whether the drawn page shows anything where the word stands. Dots that the
/// box covers only in part are left out: they show its neighbours.
fn is_seen(raster: &Raster, bbox: BBox) -> bool {
    let (width, height) = raster.pixels.dimensions();
    let inner = |from: f32, to: f32, dots: u32| {
        let first = ((from * dots as f32).ceil() as u32).min(dots - 1);
        let last = ((to * dots as f32) as u32).min(dots);
        first..last.max(first + 1)
    };
    let (mut low, mut high) = (u8::MAX, u8::MIN);
    for y in inner(bbox.y0(), bbox.y1(), height) {
        for x in inner(bbox.x0(), bbox.x1(), width) {
            let grey = raster.pixels.get_pixel(x, y).0[0];
            low = low.min(grey);
            high = high.max(grey);
        }
    }
    high.saturating_sub(low) >= MIN_CONTRAST
}
