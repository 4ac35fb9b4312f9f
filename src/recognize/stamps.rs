//! Text at an angle: stamps, and notes set across the paper.
//!
//! Strips of text are cut level, so letters that climb or fall are not read, or
//! read as rubbish. Those that no believed word covers are looked through for
//! rows with a slope of their own: pieces of ink of one height, at a letter's
//! distance, on one line. Such a row is turned level and read like any other.

use std::collections::HashMap;
use std::time::Duration;

use image::imageops;

use super::engines::Engines;
use super::ink::{Area, Blob, blobs};
use super::overlay::in_order;
use super::reading::{RawWord, Reading};
use super::sheet::Sheet;
use super::skew::Skew;

/// Heights of letters that are looked at, in pixels at 204 dpi: 7 to 50 point.
const LETTER_HEIGHT: std::ops::RangeInclusive<usize> = 14..=140;
/// Letters that run into each other make a piece at most so many times as wide
/// as high.
const MOST_ASPECT: f32 = 5.0;
/// A piece with less ink than this share of its box is a stroke or a frame.
const LEAST_FILL: f32 = 0.12;
/// Most pieces looked at, the highest first: stamps are large.
const MOST_PIECES: usize = 500;
/// Slopes looked at, in degrees; less than the least is read as it is.
const DEGREES: std::ops::RangeInclusive<i32> = 4..=45;
/// Heights of letters in one row differ by this factor at most, …
const ALIKE: f32 = 1.6;
/// … the next one begins within so many heights, …
const GAP: std::ops::RangeInclusive<f32> = -0.5..=1.6;
/// … and so far off the slope that is tried, in heights.
const OFF: f32 = 0.3;
/// Letters, commas and quotation marks of a row lie so close to its middle, in
/// heights.
const IN_LINE: f32 = 0.7;
/// Letters of a row: fewer make rows by chance.
const LEAST_LETTERS: f32 = 6.0;
/// Middles of letters lie so close to their line, in heights.
const STRAY: f32 = 0.25;
/// What goes on at the ends of a row lies so close to its line, …
const ENDS_OFF: f32 = 0.6;
/// … is so high against its letters, …
const ENDS_ALIKE: std::ops::RangeInclusive<f32> = 0.45..=1.9;
/// … and so far from it, in heights.
const ENDS_GAP: f32 = 2.0;
/// Level lines among the pieces that are set aside on the way.
const MOST_LEVEL: usize = 25;
/// Rows read on one page.
const MOST_ROWS: usize = 3;
/// A word that is this sure was read rightly as it stands.
const BELIEVED: f32 = 0.7;
/// Letters of a line of its words at least.
const LEAST_OF_A_LINE: usize = 4;
/// What is read at an angle is taken from here on.
const TAKEN: f32 = 0.75;
/// … or from here on with a long word among it that is this sure.
const TAKEN_WITH: f32 = 0.6;
const LONG_WORD: usize = 6;
const SURE_WORD: f32 = 0.9;
/// Letters of the longest word at least; rubbish comes in short words.
const LEAST_WORD: usize = 4;

/// Adds what stands at an angle to what was read; `None` where nothing does.
pub fn with_stamps(
    engines: &mut Engines,
    page: &Sheet,
    reading: &Reading,
    deadline: Duration,
) -> Option<Reading> {
    let all: Vec<Piece> = blobs(&page.ink).iter().filter_map(piece).collect();
    let mut pieces = unread_pieces(&all, &reading.words);
    let mut words: Option<Vec<RawWord>> = None;
    for number in 0..MOST_ROWS {
        let Some(row) = steepest_row(&pieces) else { break };
        pieces = pieces
            .into_iter()
            .enumerate()
            .filter_map(|(place, piece)| (!row.pieces.contains(&place)).then_some(piece))
            .collect();
        let Some(stamp) = Strip::cut(page, &row.extended(&all)) else { continue };
        let read = engines.line(&stamp.image, "", deadline);
        if !is_text(&read) || is_level(&reading.words, &read, |word| stamp.covers(word)) {
            continue;
        }
        let kept = words.get_or_insert_with(|| reading.words.clone());
        let said = |word: &RawWord| read.iter().any(|other| other.text.contains(&word.text));
        kept.retain(|word| !stamp.covers(word) || (word.confidence >= BELIEVED && !said(word)));
        kept.extend(read.into_iter().map(|word| stamp.back_on_page(word, number)));
    }
    words.map(|words| Reading { words: in_order(words), timed_out: reading.timed_out })
}

fn is_text(words: &[RawWord]) -> bool {
    let letters: usize = words.iter().map(RawWord::letters).sum();
    let believed: f32 = words.iter().map(|w| w.letters() as f32 * w.confidence).sum();
    let longest = words.iter().map(RawWord::letters).max().unwrap_or(0);
    let sure_word = words.iter().any(|w| w.letters() >= LONG_WORD && w.confidence >= SURE_WORD);
    let taken = if sure_word { TAKEN_WITH } else { TAKEN };
    letters as f32 >= LEAST_LETTERS && longest >= LEAST_WORD && believed >= taken * letters as f32
}

/// Whether a level line says as much where a row at an angle was found: the high
/// and the low letters of a line may lie as if they climbed.
fn is_level(level: &[RawWord], angled: &[RawWord], covered: impl Fn(&RawWord) -> bool) -> bool {
    let weight = |word: &RawWord| word.letters() as f32 * word.confidence;
    // What a stamp lies over says something else.
    let shared = |word: &RawWord| {
        word.letters() >= LEAST_WORD && angled.iter().any(|other| other.text == word.text)
    };
    #[derive(Default)]
    struct Level {
        weight: f32,
        shared: bool,
        goes_on: bool,
    }
    let mut lines: HashMap<[u32; 3], Level> = HashMap::new();
    for word in level.iter().filter(|w| w.confidence >= BELIEVED) {
        let line = lines.entry(word.line).or_default();
        if covered(word) {
            line.weight += weight(word);
            line.shared |= shared(word);
        } else {
            line.goes_on |= word.letters() >= 2;
        }
    }
    let said: f32 = angled.iter().map(weight).sum();
    lines.into_values().filter(|line| line.shared).any(|line| {
        let enough = if line.goes_on { MOST_OF_IT } else { AS_MUCH };
        line.weight >= enough * said
    })
}

/// A level line that says this share of what is read at an angle stays.
const AS_MUCH: f32 = 0.9;
/// … and this share, if it goes on beside it: in a line of text there is no stamp.
const MOST_OF_IT: f32 = 0.7;

/// A piece of ink that may be a letter, or a few that touch.
#[derive(Clone, Copy, Debug)]
struct Piece {
    x: f32,
    y: f32,
    width: f32,
    height: f32,
}

impl Piece {
    /// How many letters wide it is.
    fn letters(&self) -> f32 {
        (self.width / self.height).round().max(1.0)
    }

    fn is_like(&self, other: &Self) -> bool {
        self.height < ALIKE * other.height && other.height < ALIKE * self.height
    }
}

/// Pieces of a letter's size outside of all level words that are believed.
fn unread_pieces(all: &[Piece], words: &[RawWord]) -> Vec<Piece> {
    let mut read = vec![false; all.len()];
    let believed = || words.iter().filter(|w| w.confidence >= BELIEVED);
    let mut letters: HashMap<[u32; 3], usize> = HashMap::new();
    for word in believed() {
        *letters.entry(word.line).or_default() += word.letters();
    }
    // Of a stamp's large letters two at one height are soon a word, and no line.
    let is_read = |w: &&RawWord| w.letters() >= 2 && letters[&w.line] >= LEAST_OF_A_LINE;
    for word in believed().filter(is_read) {
        let [x, y, width, height] = word.place;
        let within = |piece: &Piece| {
            (x..=x + width).contains(&piece.x) && (y..=y + height).contains(&piece.y)
        };
        let own: Vec<usize> = (0..all.len()).filter(|&i| within(&all[i])).collect();
        if !is_sloping(all, &own) {
            own.into_iter().for_each(|i| read[i] = true);
        }
    }
    let unread = all.iter().zip(read).filter(|(_, read)| !read);
    let mut pieces: Vec<Piece> = unread.map(|(piece, _)| *piece).collect();
    pieces.sort_by(|a, b| b.height.total_cmp(&a.height));
    pieces.truncate(MOST_PIECES);
    pieces
}

/// Whether the letters of a word climb or fall: the words of a stamp may be
/// read one by one, each on a line of its own.
fn is_sloping(pieces: &[Piece], word: &[usize]) -> bool {
    word.len() >= LEAST_WORD && fitted(pieces, word.to_vec()).is_some()
}

fn piece(blob: &Blob) -> Option<Piece> {
    let Area { x0, y0, .. } = blob.area;
    let (width, height) = (blob.area.width() as f32, blob.area.height() as f32);
    let is_letter = LETTER_HEIGHT.contains(&blob.area.height())
        && width <= MOST_ASPECT * height
        && blob.count as f32 >= LEAST_FILL * width * height;
    is_letter.then_some(Piece {
        x: x0 as f32 + width / 2.0,
        y: y0 as f32 + height / 2.0,
        width,
        height,
    })
}

/// Pieces on one sloping line.
#[derive(Debug)]
struct Row {
    /// Places in the list of pieces, left to right.
    pieces: Vec<usize>,
    /// The line rises to the right by so many degrees.
    degrees: f32,
    /// Usual height of a letter.
    height: f32,
    /// Around all pieces.
    area: [f32; 4],
}

impl Row {
    /// With what goes on at its ends, read or not: small letters beside
    /// capitals, and a word behind a wide blank.
    fn extended(mut self, all: &[Piece]) -> Self {
        let slope = -self.degrees.to_radians().tan();
        let [x0, y0, x1, y1] = self.area;
        let (mx, my) = (f32::midpoint(x0, x1), f32::midpoint(y0, y1));
        let mut left: Vec<&Piece> = all
            .iter()
            .filter(|p| {
                let off = (p.y - my - slope * (p.x - mx)).abs();
                off <= ENDS_OFF * self.height && ENDS_ALIKE.contains(&(p.height / self.height))
            })
            .collect();
        loop {
            let [x0, _, x1, _] = self.area;
            let reach = ENDS_GAP * self.height;
            let next = left.iter().position(|p| {
                let (start, end) = (p.x - p.width / 2.0, p.x + p.width / 2.0);
                let before = start < x0 && end >= x0 - reach;
                let behind = end > x1 && start <= x1 + reach;
                before || behind
            });
            let Some(next) = next else { return self };
            let piece = left.swap_remove(next);
            let (dx, dy) = (piece.width / 2.0, piece.height / 2.0);
            self.area = [
                self.area[0].min(piece.x - dx),
                self.area[1].min(piece.y - dy),
                self.area[2].max(piece.x + dx),
                self.area[3].max(piece.y + dy),
            ];
        }
    }
}

/// The longest row of pieces that is not level.
fn steepest_row(pieces: &[Piece]) -> Option<Row> {
    let mut left: Vec<usize> = (0..pieces.len()).collect();
    // Level lines that were not read well are the longest: they are set aside.
    for _ in 0..MOST_LEVEL {
        let these: Vec<Piece> = left.iter().map(|&i| pieces[i]).collect();
        let slopes = DEGREES.flat_map(|degrees| [degrees as f32, -degrees as f32]);
        let letters = |chain: &[usize]| chain.iter().map(|&i| these[i].letters()).sum::<f32>();
        let chains = slopes.map(|degrees| longest_chain(&these, degrees));
        let longest = chains.max_by(|a, b| letters(a).total_cmp(&letters(b)))?;
        if letters(&longest) < LEAST_LETTERS || longest.len() < 3 {
            return None;
        }
        let chain: Vec<usize> = longest.iter().map(|&i| left[i]).collect();
        if let Some(row) = fitted(pieces, chain.clone()) {
            return Some(row);
        }
        left.retain(|i| !chain.contains(i));
    }
    None
}

/// The longest chain of neighbours along a line that rises by so many degrees.
fn longest_chain(pieces: &[Piece], degrees: f32) -> Vec<usize> {
    let (sin, cos) = degrees.to_radians().sin_cos();
    // Along the line and across it; rows count downwards.
    let turned: Vec<(f32, f32)> =
        pieces.iter().map(|p| (p.x * cos - p.y * sin, p.x * sin + p.y * cos)).collect();
    let mut order: Vec<usize> = (0..pieces.len()).collect();
    order.sort_by(|&a, &b| turned[a].0.total_cmp(&turned[b].0));
    let mut next: Vec<Option<usize>> = vec![None; pieces.len()];
    let mut length = vec![0.0; pieces.len()];
    for (place, &this) in order.iter().enumerate().rev() {
        let piece = &pieces[this];
        let reach = (GAP.end() + MOST_ASPECT) * piece.height * ALIKE;
        let follower = order[place + 1..]
            .iter()
            .copied()
            .take_while(|&other| turned[other].0 - turned[this].0 <= reach)
            .filter(|&other| {
                let between = turned[other].0
                    - turned[this].0
                    - (piece.width + pieces[other].width) / 2.0 * cos;
                piece.is_like(&pieces[other])
                    && (turned[other].1 - turned[this].1).abs() <= OFF * piece.height
                    && GAP.contains(&(between / piece.height))
            })
            .max_by(|&a, &b| f32::total_cmp(&length[a], &length[b]));
        next[this] = follower;
        length[this] = piece.letters() + follower.map_or(0.0, |f| length[f]);
    }
    let first = order.into_iter().max_by(|&a, &b| length[a].total_cmp(&length[b]));
    std::iter::successors(first, |&this| next[this]).collect()
}

/// The row's own slope, if its pieces lie on a line that is not level.
fn fitted(pieces: &[Piece], chain: Vec<usize>) -> Option<Row> {
    let all = || chain.iter().map(|&i| &pieces[i]);
    let count = chain.len() as f32;
    let mut heights: Vec<f32> = all().map(|p| p.height).collect();
    heights.sort_by(f32::total_cmp);
    let height = heights[heights.len() / 2];
    let (mx, my) =
        (all().map(|p| p.x).sum::<f32>() / count, all().map(|p| p.y).sum::<f32>() / count);
    let across: f32 = all().map(|p| (p.x - mx).powi(2)).sum();
    let slope = all().map(|p| (p.x - mx) * (p.y - my)).sum::<f32>() / across.max(1.0);
    let stray = all().map(|p| (p.y - my - slope * (p.x - mx)).powi(2)).sum::<f32>() / count;
    let degrees = -slope.atan().to_degrees();
    let steep = degrees.abs() >= *DEGREES.start() as f32 - 1.0;
    let least = |side: fn(&Piece) -> f32| all().map(side).fold(f32::INFINITY, f32::min);
    let most = |side: fn(&Piece) -> f32| all().map(side).fold(0.0, f32::max);
    let area = [
        least(|p| p.x - p.width / 2.0),
        least(|p| p.y - p.height / 2.0),
        most(|p| p.x + p.width / 2.0),
        most(|p| p.y + p.height / 2.0),
    ];
    (steep && stray.sqrt() <= STRAY * height).then_some(Row {
        pieces: chain,
        degrees,
        height,
        area,
    })
}

/// Whitens what is no letter of a row of this height whose middle is `middle`,
/// if it is known: the frame around a stamp runs close above and below it, and
/// a line is read worse the more of its height is something else.
fn letters_alone(mut part: Sheet, height: f32, middle: Option<f32>) -> image::GrayImage {
    let before = part.ink.clone();
    for blob in blobs(&before) {
        let (wide, high) = (blob.area.width() as f32, blob.area.height() as f32);
        let thin = (blob.count as f32) < LEAST_FILL * wide * high;
        let stroke =
            wide.max(high) > MOST_ASPECT * ALIKE * height || thin && wide.max(high) > height;
        let off = middle
            .map(|middle| (f32::midpoint(blob.area.y0 as f32, blob.area.y1 as f32) - middle).abs());
        if stroke || off.is_some_and(|off| off > IN_LINE * height) {
            for (y, x0, x1) in blob.runs {
                part.ink.set(y, x0, x1, false);
            }
        }
    }
    part.whiten_removed(&before);
    part.image
}

/// A row cut out and turned level.
struct Strip {
    image: image::GrayImage,
    /// Where the part of the page that was turned begins.
    origin: (f32, f32),
    skew: Skew,
    /// Where the strip begins in the turned part.
    corner: (f32, f32),
    /// Height of its letters.
    letter: f32,
}

impl Strip {
    fn cut(page: &Sheet, row: &Row) -> Option<Self> {
        let (width, height) = (page.ink.width(), page.ink.height());
        let [x0, y0, x1, y1] = row.area.map(|v| v as usize);
        let area = Area { x0, y0, x1, y1 }.grown((1.5 * row.height) as usize, width, height);
        let part = letters_alone(page.part(&area), row.height, None);
        let skew = Skew::of_degrees(row.degrees, area.width(), area.height());
        let origin = (area.x0 as f32, area.y0 as f32);
        let ((left, right), (top, bottom)) = (
            (row.area[0] - origin.0, row.area[2] - origin.0),
            (row.area[1] - origin.1, row.area[3] - origin.1),
        );
        // The row's ends: it rises, or falls, from side to side of its area.
        let half = row.height / 2.0;
        let (first, last) = if row.degrees > 0.0 {
            ((left, bottom - half), (right, top + half))
        } else {
            ((left, top + half), (right, bottom - half))
        };
        let (first, last) = (skew.forth(first.0, first.1), skew.forth(last.0, last.1));
        let middle = f32::midpoint(first.1, last.1);
        let limit = |value: f32, most: usize| value.clamp(0.0, most as f32) as u32;
        let (x0, x1) =
            (limit(first.0 - row.height, area.width()), limit(last.0 + row.height, area.width()));
        let (y0, y1) =
            (limit(middle - row.height, area.height()), limit(middle + row.height, area.height()));
        if x1 <= x0 + 8 || y1 <= y0 + 8 {
            return None;
        }
        let level = skew.straighten(&part);
        let line = imageops::crop_imm(&level, x0, y0, x1 - x0, y1 - y0).to_image();
        let image = letters_alone(page.alike(line), row.height, Some(middle - y0 as f32));
        Some(Self { image, origin, skew, corner: (x0 as f32, y0 as f32), letter: row.height })
    }

    /// Whether a word of the page lies in the strip.
    fn covers(&self, word: &RawWord) -> bool {
        let [x, y, width, height] = word.place;
        let middle = (x + width / 2.0 - self.origin.0, y + height / 2.0 - self.origin.1);
        let (x, y) = self.skew.forth(middle.0, middle.1);
        let within = |place: f32, length: u32| (0.0..length as f32).contains(&place);
        within(x - self.corner.0, self.image.width())
            && within(y - self.corner.1, self.image.height())
    }

    /// A word of the strip where it stands on the page, in a level box.
    fn back_on_page(&self, word: RawWord, row: usize) -> RawWord {
        let [x, _, width, _] = word.place;
        let middle = self.image.height() as f32 / 2.0;
        let (x, y) = self.skew.back(self.corner.0 + x + width / 2.0, self.corner.1 + middle);
        let (along, up) =
            (width / (1.0 + self.skew.slope().powi(2)).sqrt(), self.skew.slope().abs());
        let height = self.letter + up * along;
        RawWord {
            place: [
                self.origin.0 + x - along / 2.0,
                self.origin.1 + y - height / 2.0,
                along,
                height,
            ],
            line: [STAMP, row as u32, 0],
            ..word
        }
    }
}

/// Marks the lines of stamps among the keys of lines.
const STAMP: u32 = 9;

#[cfg(test)]
mod tests {
    use super::*;

    /// Letters in a row from a place, rising by so many degrees.
    fn letters(count: usize, from: (f32, f32), degrees: f32, height: f32) -> Vec<Piece> {
        let (sin, cos) = degrees.to_radians().sin_cos();
        (0..count)
            .map(|place| {
                let along = place as f32 * 0.9 * height;
                let (x, y) = (from.0 + cos * along, from.1 - sin * along);
                Piece { x, y, width: 0.6 * height, height }
            })
            .collect()
    }

    fn word(text: &str, line: u32, confidence: f32) -> RawWord {
        RawWord {
            text: text.to_owned(),
            place: [0.0, 0.0, 100.0, 20.0],
            confidence,
            line: [0, line, 0],
        }
    }

    #[test]
    fn a_line_that_is_read_level_stays() {
        let level = [word("Plains:", 1, 0.95), word("Pending", 1, 0.95), word("Discharge", 1, 0.9)];
        let angled = [word("Plains:", 9, 0.9), word("Pending", 9, 0.9), word("LiSCR", 9, 0.2)];
        assert!(is_level(&level, &angled, |_| true));
        // A word that fell in two, in a line that goes on beside the angle.
        let broken = [
            word("NOT", 1, 0.95),
            word("pen", 1, 0.9),
            word("ding", 1, 0.9),
            word("discharge.", 1, 0.95),
        ];
        let angled = [word("pending", 9, 0.95), word("discharge.", 9, 0.95)];
        assert!(is_level(&broken, &angled, |w| w.letters() > 3));
        assert!(!is_level(&broken[2..], &angled, |_| true));
        // What the stamp lies over.
        let over = [word("information", 1, 0.95), word("facsimile", 1, 0.95)];
        assert!(!is_level(&over, &[word("PENDING", 9, 0.9)], |_| true));
        // The words of a stamp, each on a level line of its own.
        let apart = [word("PENDING", 1, 0.9), word("DISCHARGE", 2, 0.9)];
        let stamp = [word("PENDING", 9, 0.9), word("DISCHARGE", 9, 0.9)];
        assert!(!is_level(&apart, &stamp, |_| true));
    }

    #[test]
    fn a_row_that_climbs_is_found_among_level_ones() {
        for degrees in [12.0, -7.0, 30.0] {
            let mut pieces: Vec<Piece> = (0..8)
                .flat_map(|line| letters(40, (100.0, 300.0 + 40.0 * line as f32), 0.0, 20.0))
                .collect();
            pieces.extend(letters(16, (900.0, 1200.0), degrees, 44.0));
            let row = steepest_row(&pieces).unwrap();
            assert_eq!(row.pieces.len(), 16);
            assert!((row.degrees - degrees).abs() < 1.0, "{} is not {degrees}", row.degrees);
        }
    }

    /// A page with these pieces drawn as blocks of ink.
    fn sheet_of(blocks: impl Iterator<Item = [u32; 4]>) -> Sheet {
        let mut page = image::GrayImage::from_pixel(1700, 2200, image::Luma([255]));
        for [x0, y0, x1, y1] in blocks {
            for y in y0..y1 {
                for x in x0..x1 {
                    page.put_pixel(x, y, image::Luma([0]));
                }
            }
        }
        let dpi = crate::decode::pages::Dpi { x: 204.0, y: 204.0 };
        Sheet::of(&crate::decode::pages::Raster { pixels: page, bilevel: true, dpi })
    }

    #[test]
    fn the_frame_around_a_line_is_taken_off() {
        let letters = (0..8).map(|n| [400 + 40 * n, 500, 424 + 40 * n, 540]);
        let frame = [[370, 470, 760, 474], [370, 566, 760, 570], [370, 470, 374, 570]];
        let with = sheet_of(letters.clone().chain(frame));
        let alone = letters_alone(with, 40.0, Some(520.0));
        assert_eq!(alone, sheet_of(letters).image);
    }

    #[test]
    fn a_row_goes_on_over_a_blank() {
        let mut pieces = letters(9, (400.0, 900.0), 12.0, 40.0);
        let row = steepest_row(&pieces).unwrap();
        // The word before it, half as high, behind a blank of a height and a half.
        let (sin, cos) = 12.0f32.to_radians().sin_cos();
        for n in 0..6 {
            let along = -2.0 * 40.0 - 22.0 * n as f32;
            let (x, y) = (400.0 + cos * along, 900.0 - sin * along);
            pieces.push(Piece { x, y, width: 16.0, height: 24.0 });
        }
        let [x0, _, x1, _] = row.extended(&pieces).area;
        assert!(x0 < 230.0 && (690.0..=700.0).contains(&x1), "{x0} {x1}");
    }

    #[test]
    fn level_text_has_none() {
        let pieces: Vec<Piece> = (0..10)
            .flat_map(|line| letters(40, (100.0, 300.0 + 45.0 * line as f32), 0.0, 20.0))
            .collect();
        assert!(steepest_row(&pieces).is_none());
    }

    #[test]
    fn a_word_goes_back_to_where_it_stood() {
        let pieces = letters(12, (400.0, 900.0), 10.0, 40.0);
        let row = steepest_row(&pieces).unwrap();
        let strip = Strip::cut(&sheet_of(std::iter::once([10, 10, 11, 11])), &row).unwrap();
        let all = RawWord {
            text: "PENDING".into(),
            place: [0.0, 0.0, strip.image.width() as f32, strip.image.height() as f32],
            confidence: 0.9,
            line: [0, 0, 0],
        };
        let back = strip.back_on_page(all, 0);
        let middle = (back.place[0] + back.place[2] / 2.0, back.middle());
        let (first, last) = (&pieces[0], &pieces[11]);
        assert!((middle.0 - f32::midpoint(first.x, last.x)).abs() < 12.0);
        assert!((middle.1 - f32::midpoint(first.y, last.y)).abs() < 12.0);
        assert!(strip.covers(&back));
    }
}
