//! The page as a reader sees it: words in cells, cells in rows, and what
//! stands to the right of, below or above a label.
//!
//! Recognition hands on lines; a form, however, has two columns on one line
//! and labels above their values. Cells are runs of words without a wide gap;
//! rows are cells at one height, whichever line they came from. Heights are
//! compared after taking out the page's slant, because boxes are given
//! without deskew and one degree moves the far end of a line by a whole line.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::phrase::fold;
use crate::recognize::recognized::{RecognizedPage, Word};
use crate::vocab::{BBox, Confidence, Evidence, EvidenceSource, PageNumber};

/// Two columns are apart by more than this many character widths. A blank is
/// under one, a typist's double blank two.
const CELL_GAP: f32 = 2.3;
/// A line of at most so many words may be a piece of another.
const STRAY_WORDS: usize = 2;
/// On a page of more lines than any paper has, none is looked for: each is
/// compared with each.
const MOST_LINES_TO_MEND: usize = 1000;
/// A value stands at most this many line heights below its label.
const BELOW_LIMIT: f32 = 3.2;
/// A paragraph's next line begins at most this many line heights further down.
const WRAP_LIMIT: f32 = 2.2;
/// A line that is part of a paragraph fills at least this much of the page's
/// width; a narrower one is a field of its own.
const PARAGRAPH_WIDTH: f32 = 0.40;
/// Left edges this close (share of the page's width) are one margin.
const MARGIN: f32 = 0.02;
/// A column of headings beside rows is no wider (share of the page's width).
const WIDEST_MARGIN: f32 = 0.25;

/// Letters, folded, that a bracket becomes.
pub const BRACKETS: [char; 7] = ['l', 't', 'f', 'r', 'o', 'c', 'k'];

/// Words between brackets, at most.
const WORDS_ENCLOSED: usize = 12;

/// Shapes of a social security number, its hyphens worn away too; masked wherever
/// evidence is quoted.
static SSN: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, compiled in every test")]
    Regex::new(r"\b\d{3}(?:\s?[-–—.~]\s?|\s)\d{2}(?:\s?[-–—.~]\s?|\s)(\d{4})\b").unwrap()
});

/// One page, cut into cells and rows.
#[derive(Debug)]
pub struct Sheet<'a> {
    /// Which page.
    pub number: PageNumber,
    /// As recognized.
    pub page: &'a RecognizedPage,
    /// All words, cell by cell.
    pub words: Vec<SheetWord<'a>>,
    /// Runs of words without a wide gap, in reading order.
    pub cells: Vec<Cell>,
    /// Cells at one height, left to right; rows top to bottom.
    pub rows: Vec<Vec<usize>>,
    /// Runs of letters and digits, the unit in which phrases are sought.
    pub pieces: Vec<Piece>,
    /// Usual height of a line, as a fraction of the page's.
    pub line_height: f32,
    slant: f32,
    wraps: Vec<Option<usize>>,
}

/// A word in its cell.
#[derive(Debug)]
pub struct SheetWord<'a> {
    /// As read.
    pub text: &'a str,
    /// Where, as recognized.
    pub bbox: BBox,
    /// How well it was read.
    pub confidence: Confidence,
    /// Pixels, text layer or form field.
    pub source: EvidenceSource,
    /// Index into [`Sheet::cells`].
    pub cell: usize,
}

/// Words that stand together.
#[derive(Debug)]
pub struct Cell {
    /// Its words.
    pub words: Range<usize>,
    /// Its pieces.
    pub pieces: Range<usize>,
    /// Around them, slant taken out.
    pub bbox: BBox,
    /// Index into [`Sheet::rows`].
    pub row: usize,
}

/// A run of letters and digits inside a word.
#[derive(Debug)]
pub struct Piece {
    /// The word it is part of.
    pub word: usize,
    /// Which bytes of that word.
    pub range: Range<usize>,
    /// Folded for comparison.
    pub folded: String,
}

/// Words picked from a page, as one text that remembers where each part of it
/// stood.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snippet {
    /// The words, separated by blanks.
    pub text: String,
    parts: Vec<(Range<usize>, usize)>,
}

/// Where a value stands, seen from its label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// In the same cell, after it.
    Same,
    /// In the next cells of the row.
    Right,
    /// Underneath.
    Below,
    /// On top, as on a signature line.
    Above,
    /// On top, on a paper that has all its labels underneath.
    OnTop,
    /// Before its label, which stands in parentheses.
    Before,
}

impl Relation {
    /// How much a label says about a value in this place. A value beside its
    /// label is as good as certain; underneath it may belong to the next row;
    /// on top it mostly belongs to another label.
    pub fn weight(self) -> Confidence {
        Confidence::new(match self {
            Self::Same => 1.0,
            Self::Right | Self::Before => 0.97,
            Self::Below | Self::OnTop => 0.93,
            Self::Above => 0.80,
        })
    }
}

/// `14NPI`, `NPI2195788510` and `Fax303.555.0185` are a number and a word that stand
/// too close: where a box has its number, and a label its value. Codes, ids and doses
/// are shorter on one side, or not in capitals.
fn unglued(text: &str, run: Range<usize>) -> Vec<Range<usize>> {
    let word = &text[run.clone()];
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    let letters = |t: &str| t.len() >= 3 && t.bytes().all(|b| b.is_ascii_alphabetic());
    // A speck between them, or what is left of a colon.
    let label = |t: &str| letters(t.trim_end_matches(['\'', '’']));
    let first = word.find(|c: char| !c.is_ascii_digit()).unwrap_or(word.len());
    let box_number = first <= 2
        && digits(&word[..first])
        && letters(&word[first..])
        && word[first..].starts_with(|c: char| c.is_ascii_uppercase());
    let last = word.rfind(|c: char| !c.is_ascii_digit()).map_or(0, |at| at + 1);
    let behind = text.get(run.start + last..).unwrap_or_default();
    let long = behind.bytes().filter(u8::is_ascii_digit).count() >= 9;
    let value = word.len() - last >= 3 && long && label(word.get(..last).unwrap_or_default());
    let cut = if box_number { first } else { last };
    if box_number || value {
        vec![run.start..run.start + cut, run.start + cut..run.end]
    } else {
        vec![run]
    }
}

impl<'a> Sheet<'a> {
    /// Cuts a page into cells and rows.
    pub fn new(page: &'a RecognizedPage) -> Self {
        let slant = slant(page);
        let mut sheet = Self {
            number: page.number,
            page,
            words: Vec::new(),
            cells: Vec::new(),
            rows: Vec::new(),
            pieces: Vec::new(),
            line_height: line_height(page),
            slant,
            wraps: Vec::new(),
        };
        sheet.cut_into_cells();
        sheet.group_into_rows();
        sheet.wraps = (0..sheet.cells.len()).map(|cell| sheet.wrap_of(cell)).collect();
        sheet
    }

    fn cut_into_cells(&mut self) {
        for line in self.lines() {
            let width = char_width(line.iter().map(|w| (w.text.expose(), w.bbox)));
            let mut last: Option<BBox> = None;
            for word in line {
                let gap = last.map(|l| word.bbox.x0() - l.x1());
                // A big step back to the left is a new column, too, and so is the rule
                // between two.
                let apart = gap.is_none_or(|g| g > CELL_GAP * width || g < -10.0 * width)
                    || begins_behind_rule(word.text.expose());
                if apart {
                    self.cells.push(Cell {
                        words: self.words.len()..self.words.len(),
                        pieces: self.pieces.len()..self.pieces.len(),
                        bbox: self.flat(word.bbox),
                        row: 0,
                    });
                }
                last = Some(word.bbox);
                self.push_word(word);
            }
        }
    }

    /// The page's lines. A word or two that stand in a gap of another line, at
    /// its height, belong there: a tick box beside them, or a letter that
    /// reaches down, made a line of their own of them.
    fn lines(&self) -> Vec<Vec<&'a Word>> {
        let mut lines: Vec<Vec<&Word>> =
            self.page.lines.iter().map(|line| line.words().iter().collect()).collect();
        if lines.len() > MOST_LINES_TO_MEND {
            return lines;
        }
        let heights: Vec<BBox> = lines
            .iter()
            .map(|line| BBox::around(line.iter().map(|w| self.flat(w.bbox))).unwrap_or(BBox::PAGE))
            .collect();
        for at in 0..lines.len() {
            if lines[at].is_empty() || lines[at].len() > STRAY_WORDS {
                continue;
            }
            let home = (0..lines.len()).find(|&other| {
                other != at
                    && lines[other].len() >= lines[at].len()
                    && heights[at].shared_height(heights[other]) > 0.4
                    && self.fits(&lines[at], &lines[other])
            });
            if let Some(home) = home {
                let stray = std::mem::take(&mut lines[at]);
                lines[home].extend(stray);
                lines[home].sort_by(|a, b| a.bbox.x0().total_cmp(&b.bbox.x0()));
            }
        }
        lines.retain(|line| !line.is_empty());
        lines
    }

    /// Whether words stand at the height of a line, in one of its gaps, close
    /// to one of its words.
    fn fits(&self, words: &[&Word], line: &[&Word]) -> bool {
        let width = char_width(line.iter().map(|w| (w.text.expose(), w.bbox)));
        let apart = |a: BBox, b: BBox| (b.x0() - a.x1()).max(a.x0() - b.x1());
        let boxes = || line.iter().map(|w| self.flat(w.bbox));
        words.iter().all(|word| {
            let own = self.flat(word.bbox);
            boxes().all(|b| apart(own, b) >= -0.3 * width)
        }) && words.iter().any(|word| {
            let own = self.flat(word.bbox);
            boxes().any(|b| own.shared_height(b) > 0.6 && apart(own, b) <= CELL_GAP * width)
        })
    }

    fn push_word(&mut self, word: &'a Word) {
        let text = word.text.expose().as_str();
        let index = self.words.len();
        for range in alphanumeric_runs(text).into_iter().flat_map(|run| unglued(text, run)) {
            let folded = fold(&text[range.clone()].replace(['\'', '’'], ""));
            self.pieces.push(Piece { word: index, range, folded });
        }
        let flat = self.flat(word.bbox);
        let pieces = self.pieces.len();
        let number = self.cells.len().saturating_sub(1);
        if let Some(cell) = self.cells.last_mut() {
            cell.words.end = index + 1;
            cell.pieces.end = pieces;
            cell.bbox = cell.bbox.union(flat);
        }
        self.words.push(SheetWord {
            text,
            bbox: word.bbox,
            confidence: word.confidence,
            source: word.source,
            cell: number,
        });
    }

    /// A box with the page's slant taken out.
    pub fn flat(&self, b: BBox) -> BBox {
        let shift = self.slant * b.center_x();
        BBox::new(b.x0(), b.y0() - shift, b.x1(), b.y1() - shift)
    }

    fn group_into_rows(&mut self) {
        let mut order: Vec<usize> = (0..self.cells.len()).collect();
        order.sort_by(|&a, &b| {
            self.cells[a].bbox.center_y().total_cmp(&self.cells[b].bbox.center_y())
        });
        let mut rows: Vec<(f32, Vec<usize>)> = Vec::new();
        for cell in order {
            let bbox = self.cells[cell].bbox;
            let half = 0.5 * bbox.height().min(1.5 * self.line_height).max(0.002);
            match rows.last_mut() {
                Some((center, row)) if (bbox.center_y() - *center).abs() <= half => {
                    #[expect(clippy::cast_precision_loss, reason = "a row holds few cells")]
                    let n = row.len() as f32;
                    *center = (*center * n + bbox.center_y()) / (n + 1.0);
                    row.push(cell);
                }
                _ => rows.push((bbox.center_y(), vec![cell])),
            }
        }
        self.rows = rows.into_iter().map(|(_, row)| row).collect();
        for (number, row) in self.rows.iter_mut().enumerate() {
            row.sort_by(|&a, &b| self.cells[a].bbox.x0().total_cmp(&self.cells[b].bbox.x0()));
            for &cell in row.iter() {
                self.cells[cell].row = number;
            }
        }
    }

    /// The cell in which the sentence of this one goes on, if it is a line of
    /// a paragraph, or the upper half of a two-line stamp.
    fn wrap_of(&self, cell: usize) -> Option<usize> {
        let above = &self.cells[cell];
        // The next row may be a line of another column at half a line's offset.
        let nearby = self.rows.iter().skip(above.row + 1).take(2).flatten().copied();
        let below = nearby
            .filter(|&other| self.cells[other].bbox.shared_width(above.bbox) > 0.5)
            .min_by_key(|&other| self.cells[other].row)?;
        let next = &self.cells[below];
        let height = above.bbox.height().max(self.line_height);
        if next.bbox.center_y() - above.bbox.center_y() > WRAP_LIMIT * height {
            return None;
        }
        let paragraph = (next.bbox.x0() - above.bbox.x0()).abs() <= 3.0 * MARGIN
            && (above.bbox.width() >= PARAGRAPH_WIDTH
                // A heading over a label is no sentence.
                || above.bbox.width() >= 0.8 * next.bbox.width()
                    && above.words.len() >= 4
                    && next.words.len() >= 3);
        let stamp = above.words.len() == 1
            && next.words.len() == 1
            && (next.bbox.center_x() - above.bbox.center_x()).abs() <= 2.0 * MARGIN
            && above.bbox.height() >= 1.4 * self.line_height;
        let hyphen = self.words[above.words.end - 1].text.ends_with('-')
            && (next.bbox.x0() - above.bbox.x0()).abs() <= 0.5;
        (paragraph || stamp || hyphen).then_some(below)
    }

    /// The piece that follows in the same sentence.
    pub fn next(&self, piece: usize) -> Option<usize> {
        let cell = self.cell_of(piece);
        if piece + 1 < self.cells[cell].pieces.end {
            return Some(piece + 1);
        }
        let below = &self.cells[self.wraps[cell]?];
        (!below.pieces.is_empty()).then_some(below.pieces.start)
    }

    /// The piece in which a heading goes on that stands in the margin of rows, and
    /// is too long for one of them: `Equipment supplied` over `by`.
    pub fn beneath_in_margin(&self, piece: usize) -> Option<usize> {
        let cell = self.cell_of(piece);
        let own = &self.cells[cell];
        let row = &self.rows[own.row];
        if piece + 1 < own.pieces.end || row.len() < 2 || row[0] != cell {
            return None;
        }
        let next = &self.cells[*self.rows.get(own.row + 1)?.first()?];
        let narrow = own.bbox.width() <= WIDEST_MARGIN;
        let aligned = (own.bbox.x0() - next.bbox.x0()).abs() <= MARGIN;
        let apart = next.bbox.center_y() - own.bbox.center_y();
        let near = apart <= WRAP_LIMIT * own.bbox.height().max(self.line_height);
        (narrow && aligned && near && !next.pieces.is_empty()).then_some(next.pieces.start)
    }

    /// The piece that may be the second half of this one: a word split by
    /// noise or broken over a line.
    pub fn joinable(&self, piece: usize) -> Option<usize> {
        let next = self.next(piece)?;
        let (a, b) = (&self.pieces[piece], &self.pieces[next]);
        let numeric = |p: &Piece| p.folded.bytes().all(|b| b.is_ascii_digit());
        (!numeric(a) && !numeric(b)).then_some(next)
    }

    /// Whether the first letter of a piece may be the bracket before it, of which the
    /// other one was read: `ivendor)`.
    pub fn begins_with_bracket(&self, piece: usize) -> bool {
        let piece = &self.pieces[piece];
        let word = &self.words[piece.word];
        let closes = word.text[piece.range.end..].starts_with([')', ']']);
        let alike = piece.folded.starts_with(BRACKETS) && piece.folded.len() > 3;
        if !closes || !alike || piece.range.start > 0 {
            return false;
        }
        // Unless one before it is closed so: `(office fax)`.
        let start =
            self.cells[word.cell].words.start.max(piece.word.saturating_sub(WORDS_ENCLOSED));
        let before = self.words[start..=piece.word].iter().flat_map(|word| word.text.chars());
        let (mut open, mut closed) = (0, 0);
        for c in before {
            open += usize::from(matches!(c, '(' | '['));
            closed += usize::from(matches!(c, ')' | ']'));
        }
        open < closed
    }

    /// The cell in which a paragraph goes on.
    pub fn next_cell(&self, cell: usize) -> Option<usize> {
        self.wraps[cell]
    }

    /// The line of a paragraph that goes on in this cell.
    pub fn line_before(&self, cell: usize) -> Option<usize> {
        self.wraps.iter().position(|below| *below == Some(cell))
    }

    /// The word before, over the line break of a paragraph too.
    pub fn word_before(&self, word: usize) -> Option<usize> {
        let cell = self.words[word].cell;
        if word > self.cells[cell].words.start {
            return Some(word - 1);
        }
        Some(self.cells[self.line_before(cell)?].words.end - 1)
    }

    /// The first piece of a word; `None` for one without letters and digits.
    pub fn first_piece_of(&self, word: usize) -> Option<usize> {
        // Pieces lie in the order of their words.
        let first = self.pieces.partition_point(|piece| piece.word < word);
        self.pieces.get(first).is_some_and(|piece| piece.word == word).then_some(first)
    }

    /// The cell that a piece is in.
    pub fn cell_of(&self, piece: usize) -> usize {
        self.words[self.pieces[piece].word].cell
    }

    /// The box of a run of pieces, as recognized.
    pub fn piece_box(&self, first: usize, last: usize) -> BBox {
        let boxes = (first.min(last)..=last.max(first)).map(|piece| {
            let piece = &self.pieces[piece];
            part_of(&self.words[piece.word], &piece.range)
        });
        BBox::around(boxes).unwrap_or(BBox::PAGE)
    }

    /// The words of a hit as evidence, quoted whole.
    pub fn quote(&self, first: usize, last: usize) -> Evidence {
        let words = self.words_of(first, last);
        self.evidence(&words)
    }

    /// The words that a run of pieces touches, over a line break too.
    pub fn words_of(&self, first: usize, last: usize) -> Vec<usize> {
        let mut words = vec![self.pieces[first].word];
        let mut piece = first;
        while piece != last {
            match self.next(piece) {
                Some(next) => piece = next,
                None => break,
            }
            let word = self.pieces[piece].word;
            if words.last() != Some(&word) {
                words.push(word);
            }
        }
        words
    }

    /// Evidence of these words. Social security numbers are masked.
    pub fn evidence(&self, words: &[usize]) -> Evidence {
        let text: Vec<&str> = words.iter().map(|&w| self.words[w].text).collect();
        let bbox = BBox::around(words.iter().map(|&w| self.words[w].bbox)).unwrap_or(BBox::PAGE);
        let source = words.first().map_or(EvidenceSource::Ocr, |&w| self.words[w].source);
        if source == EvidenceSource::Metadata {
            return Evidence::metadata(masked(&text.join(" ")));
        }
        Evidence::on_page(self.number, bbox, masked(&text.join(" ")), self.mean(words), source)
    }

    /// How well these words were read, on the whole: longer words count more.
    pub fn mean(&self, words: &[usize]) -> Confidence {
        let (mut sum, mut weight) = (0.0, 0.0);
        for &word in words {
            let word = &self.words[word];
            #[expect(clippy::cast_precision_loss, reason = "words are short")]
            let letters = word.text.len() as f32;
            sum += letters * word.confidence.get();
            weight += letters;
        }
        Confidence::new(if weight > 0.0 { sum / weight } else { 0.0 })
    }

    /// Words of a cell from a byte of a word on, as a snippet, up to and
    /// without piece `until`.
    pub fn tail(&self, cell: usize, after: Option<usize>, until: Option<usize>) -> Snippet {
        let words = self.cells[cell].words.clone();
        let (first, from) = match after {
            Some(piece) => (self.pieces[piece].word, self.pieces[piece].range.end),
            None => (words.start, 0),
        };
        let end = until.map(|piece| (self.pieces[piece].word, self.pieces[piece].range.start));
        let mut snippet = Snippet::default();
        for word in first..words.end {
            let text = self.words[word].text;
            let start = if word == first { from } else { 0 };
            let stop = match end {
                Some((last, _)) if word > last => break,
                Some((last, stop)) if word == last => stop.max(start),
                _ => text.len(),
            };
            snippet.push(text, start..stop, word);
        }
        snippet
    }

    /// The whole cell as a snippet.
    pub fn cell_snippet(&self, cell: usize) -> Snippet {
        self.tail(cell, None, None)
    }

    /// Cells of the same row to the right, left to right.
    pub fn right_of(&self, cell: usize) -> &[usize] {
        let row = &self.rows[self.cells[cell].row];
        let place = row.iter().position(|&c| c == cell).unwrap_or(row.len() - 1);
        &row[place + 1..]
    }

    /// Cells of the same row to the left, nearest first.
    pub fn left_of(&self, cell: usize) -> impl Iterator<Item = usize> + '_ {
        let row = &self.rows[self.cells[cell].row];
        let place = row.iter().position(|&c| c == cell).unwrap_or(0);
        row[..place].iter().rev().copied()
    }

    /// The span across that belongs to a cell as a column: from its left edge
    /// to the next cell's, and half-way to the one before.
    pub fn column_of(&self, cell: usize) -> (f32, f32) {
        let bbox = self.cells[cell].bbox;
        let left = self
            .left_of(cell)
            .next()
            .map_or(0.0, |l| f32::midpoint(self.cells[l].bbox.x1(), bbox.x0()));
        let right = self
            .right_of(cell)
            .first()
            .map_or(1.0, |&r| f32::midpoint(bbox.x1(), self.cells[r].bbox.x0()));
        (left, right)
    }

    /// Cells underneath, in this cell's column, nearest first.
    pub fn below(&self, cell: usize) -> impl Iterator<Item = usize> + '_ {
        let top = &self.cells[cell];
        let (left, right) = self.column_of(cell);
        let bbox = top.bbox;
        let in_column = move |b: BBox| {
            (b.x0() - bbox.x0()).abs() <= MARGIN
                || b.shared_width(bbox) >= 0.3
                || (b.center_x() >= left && b.center_x() <= right && b.x0() >= left)
        };
        self.rows[top.row + 1..].iter().filter_map(move |row| {
            // Where a header is missing, its neighbour's column spans two: the
            // cell that stands under the header is the one.
            let off = |c: &usize| {
                let b = self.cells[*c].bbox;
                (b.x0() - bbox.x0()).abs().min((b.center_x() - bbox.center_x()).abs())
            };
            let own = row.iter().copied().filter(|&c| in_column(self.cells[c].bbox));
            own.min_by(|a, b| off(a).total_cmp(&off(b)))
        })
    }

    /// The cell directly on top, if near enough to stand over a signature
    /// line's label.
    pub fn directly_above(&self, cell: usize) -> Option<usize> {
        let bottom = &self.cells[cell];
        let nearby = self.rows[..bottom.row].iter().rev().take(2).flatten().copied();
        nearby.into_iter().find(|&c| {
            let b = self.cells[c].bbox;
            ((b.x0() - bottom.bbox.x0()).abs() <= MARGIN || b.shared_width(bottom.bbox) >= 0.5)
                && bottom.bbox.center_y() - b.center_y() <= BELOW_LIMIT * self.line_height
        })
    }

    /// All text of a row, cells separated by blanks.
    pub fn row_words(&self, row: usize) -> Vec<usize> {
        self.rows[row].iter().flat_map(|&c| self.cells[c].words.clone()).collect()
    }
}

impl Snippet {
    fn push(&mut self, text: &str, range: Range<usize>, word: usize) {
        let Some(part) = text.get(range) else { return };
        if part.is_empty() {
            return;
        }
        if !self.text.is_empty() {
            self.text.push(' ');
        }
        let start = self.text.len();
        self.text.push_str(part);
        self.parts.push((start..self.text.len(), word));
    }

    /// Appends another snippet of the same page.
    pub fn extend(&mut self, other: &Self) {
        if !self.text.is_empty() && !other.text.is_empty() {
            self.text.push(' ');
        }
        let shift = self.text.len();
        self.text.push_str(&other.text);
        let moved = other.parts.iter().map(|(r, w)| (r.start + shift..r.end + shift, *w));
        self.parts.extend(moved);
    }

    /// The words, or parts of them, in a byte range.
    pub fn part(&self, range: Range<usize>) -> Self {
        let mut part = Self::default();
        for (place, word) in &self.parts {
            let (start, end) = (place.start.max(range.start), place.end.min(range.end));
            part.push(&self.text, start..end.max(start), *word);
        }
        part
    }

    /// The words that a byte range of the text came from.
    pub fn words(&self, range: Range<usize>) -> Vec<usize> {
        let touches = |r: &Range<usize>| r.start < range.end && range.start < r.end;
        self.parts.iter().filter(|(r, _)| touches(r)).map(|(_, w)| *w).collect()
    }

    /// The parts with the words they came from.
    pub fn parts(&self) -> impl Iterator<Item = (&str, Range<usize>, usize)> {
        self.parts.iter().map(|(r, w)| (&self.text[r.clone()], r.clone(), *w))
    }

    /// Whether there is a letter or digit in it.
    pub fn has_content(&self) -> bool {
        self.text.chars().any(char::is_alphanumeric)
    }
}

/// Whether the rule between two columns was read as a bracket before a word: `[PLACE`.
fn begins_behind_rule(word: &str) -> bool {
    let behind = word.strip_prefix(['[', '|']);
    behind.is_some_and(|rest| {
        rest.len() >= LEAST_BEHIND_RULE && rest.chars().all(|c| c.is_ascii_uppercase())
    })
}

/// Letters of a word, at least, before which a bracket is taken for a rule.
const LEAST_BEHIND_RULE: usize = 4;

/// Runs of ASCII letters and digits; an apostrophe inside does not cut.
pub fn alphanumeric_runs(text: &str) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    let mut open: Option<usize> = None;
    for (at, c) in text.char_indices() {
        let inside = c.is_ascii_alphanumeric() || (open.is_some() && (c == '\'' || c == '’'));
        match (inside, open) {
            (true, None) => open = Some(at),
            (false, Some(start)) => {
                runs.push(start..at);
                open = None;
            }
            (true, Some(_)) | (false, None) => {}
        }
    }
    runs.extend(open.map(|start| start..text.len()));
    runs
}

/// A text with the first five digits of anything in the shape of a social
/// security number masked.
pub fn masked(text: &str) -> String {
    SSN.replace_all(text, "*****$1").into_owned()
}

/// The box of some bytes of a word, taking its characters as equally wide.
fn part_of(word: &SheetWord<'_>, range: &Range<usize>) -> BBox {
    #[expect(clippy::cast_precision_loss, reason = "words are short")]
    let (len, from, to) = (word.text.len().max(1) as f32, range.start as f32, range.end as f32);
    let b = word.bbox;
    BBox::new(b.x0() + b.width() * from / len, b.y0(), b.x0() + b.width() * to / len, b.y1())
}

/// Median width of a character on a line: of its words, or of whatever there is
/// where it has none. The brackets of `Yes [ X ]  No [ ]` are narrower.
fn char_width<'w>(words: impl Iterator<Item = (&'w String, BBox)>) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "words are short")]
    let width = |text: &str, b: BBox| b.width() / text.chars().count().max(1) as f32;
    let (mut of_words, mut of_all) = (Vec::new(), Vec::new());
    for (text, bbox) in words {
        of_all.push(width(text, bbox));
        if text.chars().filter(|c| c.is_alphanumeric()).nth(1).is_some() {
            of_words.push(width(text, bbox));
        }
    }
    median(of_words).or_else(|| median(of_all)).unwrap_or(0.01).clamp(0.003, 0.04)
}

/// Median height of a line; 0.015 of the page (an eleven-point line) if there
/// are none.
fn line_height(page: &RecognizedPage) -> f32 {
    let heights = page
        .lines
        .iter()
        .map(|line| median(line.words().iter().map(|w| w.bbox.height()).collect()).unwrap_or(0.0));
    median(heights.filter(|h| *h > 0.0).collect()).unwrap_or(0.015).clamp(0.006, 0.05)
}

/// Shortest run of words, as a share of the page's width, whose ends tell a
/// slant; and how much run all of them need together. Less is as likely to
/// lie: a descender at one end of a short run looks like a slope.
const LEAST_RUN: f32 = 0.08;
const LEAST_RUNS: f32 = 0.8;

/// How far lines fall, in page heights for one page width: the median over
/// lines, each counting as far as it runs.
fn slant(page: &RecognizedPage) -> f32 {
    let slopes = page.lines.iter().filter_map(|line| {
        let (first, last) = (line.words().first()?.bbox, line.words().last()?.bbox);
        let run = last.center_x() - first.center_x();
        let drop = last.y1() - first.y1();
        (run > LEAST_RUN && drop.abs() < 0.1 * run.max(0.2)).then_some((drop / run, run))
    });
    let mut slopes: Vec<(f32, f32)> = slopes.collect();
    let total: f32 = slopes.iter().map(|(_, run)| run).sum();
    if total < LEAST_RUNS {
        return 0.0;
    }
    slopes.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut passed = 0.0;
    slopes
        .iter()
        .find(|(_, run)| {
            passed += run;
            passed >= 0.5 * total
        })
        .map_or(0.0, |(slope, _)| *slope)
}

fn median(mut values: Vec<f32>) -> Option<f32> {
    values.sort_by(f32::total_cmp);
    values.get(values.len() / 2).copied()
}
