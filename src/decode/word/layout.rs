//! Blocks are set on pages of letter paper, plainly: what matters is that
//! everything stands there once, in order, beside what it belongs to.
//!
//! Each block becomes pieces of fixed height that are never cut; a row of a
//! table is one piece, or several where it is longer than most of a page.

use super::face;
use super::media::Media;
use super::model::{Align, Block, Cell, Inline, Look, Paragraph, TabStop, Table, Tick};

/// Letter paper, points.
const PAGE: (f32, f32) = (612.0, 792.0);
/// White around the text, points.
const MARGIN: f32 = 54.0;
const WIDTH: f32 = PAGE.0 - 2.0 * MARGIN;
const HEIGHT: f32 = PAGE.1 - 2.0 * MARGIN;
/// From one baseline to the next, in ems.
const LEADING: f32 = 1.25;
/// From a line's upper edge to its baseline, in ems.
const ASCENT: f32 = 0.95;
/// White below a paragraph, points.
const BELOW: f32 = 4.0;
/// Height of an empty paragraph, points.
const EMPTY: f32 = 9.0;
/// Side of a tick box, points, and the white behind it.
const BOX: f32 = 9.0;
const BESIDE_BOX: f32 = 3.0;
/// Word's own tab stops, points.
const TAB: f32 = 36.0;
/// White inside a cell or frame, points.
const PADDING: f32 = 3.0;
/// A row longer than this is cut into several pieces, points.
const LONGEST_ROW: f32 = HEIGHT - 2.0 * PADDING;
/// A cell is set in columns no narrower than this, points.
const NARROWEST: f32 = 8.0;
/// Columns of a table (ECMA 376 has 63).
const MAX_COLUMNS: usize = 63;
/// Share of letter paper from which a picture is a scanned page: it gets a
/// page of its own, so that it is read like any scan.
const SCAN_AREA: f32 = 0.45;
/// Dots of such a picture's shorter side: letter paper at 60 an inch.
const SCAN_DOTS: u32 = 500;

/// A page with what stands on it.
pub(super) struct Sheet {
    pub width: f32,
    pub height: f32,
    pub marks: Vec<Mark>,
}

/// Something on a page. Points from the upper left corner, y down.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Mark {
    /// `y` is that of the baseline.
    Text {
        x: f32,
        y: f32,
        size: f32,
        bold: bool,
        text: String,
    },
    Line {
        from: (f32, f32),
        to: (f32, f32),
    },
    /// `x` and `y` are those of the upper left corner.
    Tick {
        x: f32,
        y: f32,
        side: f32,
        tick: Tick,
    },
    Image {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        index: usize,
    },
}

impl Mark {
    fn shift(&mut self, dx: f32, dy: f32) {
        match self {
            Self::Text { x, y, .. } | Self::Tick { x, y, .. } | Self::Image { x, y, .. } => {
                *x += dx;
                *y += dy;
            }
            Self::Line { from, to } => {
                for point in [from, to] {
                    point.0 += dx;
                    point.1 += dy;
                }
            }
        }
    }
}

/// What is never cut.
#[derive(Default)]
struct Piece {
    height: f32,
    marks: Vec<Mark>,
    kind: Kind,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Kind {
    #[default]
    Set,
    PageBreak,
    /// A scanned page: a picture by its place.
    Scan(usize),
}

/// Sets the blocks. At least one page; no more than `max` and one.
pub(super) fn set(blocks: &[Block], media: &Media, max: u32) -> Vec<Sheet> {
    let setter = Setter { media };
    let mut sheets = Sheets { done: Vec::new(), marks: Vec::new(), y: 0.0 };
    for block in blocks {
        for piece in setter.block(block, WIDTH, true) {
            sheets.place(piece, media);
        }
        if sheets.done.len() > max as usize {
            break;
        }
    }
    if sheets.y > 0.0 || sheets.done.is_empty() {
        sheets.turn();
    }
    sheets.done
}

struct Sheets {
    done: Vec<Sheet>,
    marks: Vec<Mark>,
    y: f32,
}

impl Sheets {
    fn turn(&mut self) {
        let marks = std::mem::take(&mut self.marks);
        self.done.push(Sheet { width: PAGE.0, height: PAGE.1, marks });
        self.y = 0.0;
    }

    fn place(&mut self, mut piece: Piece, media: &Media) {
        match piece.kind {
            Kind::Set => {
                if self.y + piece.height > HEIGHT && self.y > 0.0 {
                    self.turn();
                }
                for mark in &mut piece.marks {
                    mark.shift(MARGIN, MARGIN + self.y);
                }
                self.marks.append(&mut piece.marks);
                self.y += piece.height;
            }
            Kind::PageBreak if self.marks.is_empty() => self.y = 0.0,
            Kind::PageBreak => self.turn(),
            Kind::Scan(index) => {
                if !self.marks.is_empty() {
                    self.turn();
                }
                self.y = 0.0;
                self.done.push(scan(index, media));
            }
        }
    }
}

/// A page that is nothing but the picture.
fn scan(index: usize, media: &Media) -> Sheet {
    let (across, down) = media.pixels(index);
    let (across, down) = (across.max(1) as f32, down.max(1) as f32);
    let paper = if across > down { (PAGE.1, PAGE.0) } else { PAGE };
    let scale = (paper.0 / across).min(paper.1 / down);
    let (width, height) = ((across * scale).max(1.0), (down * scale).max(1.0));
    Sheet { width, height, marks: vec![Mark::Image { x: 0.0, y: 0.0, width, height, index }] }
}

struct Setter<'m> {
    media: &'m Media,
}

impl Setter<'_> {
    fn blocks(&self, blocks: &[Block], width: f32) -> Vec<Piece> {
        blocks.iter().flat_map(|block| self.block(block, width, false)).collect()
    }

    /// `paged`: directly on the page, not in a cell or frame.
    fn block(&self, block: &Block, width: f32, paged: bool) -> Vec<Piece> {
        match block {
            Block::Paragraph(paragraph) => self.paragraph(paragraph, width, paged),
            Block::Table(table) => self.table(table, width),
            Block::Framed(blocks) => self.frame(blocks, width),
            Block::Rule => vec![Piece {
                height: 8.0,
                marks: vec![Mark::Line { from: (0.0, 3.0), to: (width, 3.0) }],
                kind: Kind::Set,
            }],
            Block::PageBreak if paged => vec![Piece { kind: Kind::PageBreak, ..Piece::default() }],
            Block::PageBreak => Vec::new(),
        }
    }

    fn paragraph(&self, paragraph: &Paragraph, width: f32, paged: bool) -> Vec<Piece> {
        let left = paragraph.left.clamp(0.0, width / 2.0);
        let mut lines = Lines {
            media: self.media,
            paragraph,
            width,
            left,
            paged,
            x: left,
            blanks: String::new(),
            placed: Vec::new(),
            tabbed: false,
            done: Vec::new(),
        };
        let atoms = atoms(paragraph);
        if let Some(label) = &paragraph.label {
            lines.x = (left - TAB / 2.0).max(0.0);
            lines.label(label);
        }
        for (place, atom) in atoms.iter().enumerate() {
            lines.add(atom, &atoms[place + 1..]);
        }
        if !lines.placed.is_empty() {
            lines.end_line();
        }
        let mut pieces = lines.done;
        match pieces.last_mut() {
            Some(last) if last.kind == Kind::Set => last.height += BELOW,
            Some(_) => {}
            None => pieces.push(Piece { height: EMPTY, ..Piece::default() }),
        }
        pieces
    }

    fn frame(&self, blocks: &[Block], width: f32) -> Vec<Piece> {
        let mut pieces = self.blocks(blocks, (width - 2.0 * PADDING).max(NARROWEST));
        let last = pieces.len().saturating_sub(1);
        for (place, piece) in pieces.iter_mut().enumerate() {
            let above = if place == 0 { PADDING } else { 0.0 };
            for mark in &mut piece.marks {
                mark.shift(PADDING, above);
            }
            piece.height += above;
            let height = piece.height;
            let mut line = |from, to| piece.marks.push(Mark::Line { from, to });
            line((0.0, 0.0), (0.0, height));
            line((width, 0.0), (width, height));
            if place == 0 {
                line((0.0, 0.0), (width, 0.0));
            }
            if place == last {
                line((0.0, height), (width, height));
                piece.height += PADDING;
            }
        }
        pieces
    }

    fn table(&self, table: &Table, width: f32) -> Vec<Piece> {
        let edges = edges(table, width);
        let mut pieces = Vec::new();
        for (place, row) in table.rows.iter().enumerate() {
            let below = table.rows.get(place + 1);
            let cells: Vec<SetCell> = grid(row, edges.len() - 1)
                .into_iter()
                .map(|(column, cells)| self.cell(column, &cells, below, &edges))
                .collect();
            pieces.extend(set_row(cells));
        }
        if let Some(last) = pieces.last_mut() {
            last.height += BELOW;
        }
        pieces
    }

    fn cell(
        &self,
        column: usize,
        cells: &[&Cell],
        below: Option<&Vec<Cell>>,
        edges: &[f32],
    ) -> SetCell {
        let last = edges.len() - 1;
        let span: usize = cells.iter().map(|cell| cell.span).max().unwrap_or(1);
        let (from, to) = (edges[column], edges[(column + span).min(last)]);
        let inner = (to - from - 2.0 * PADDING).max(NARROWEST);
        let pieces = cells.iter().flat_map(|cell| self.blocks(&cell.blocks, inner)).collect();
        let goes_on = below.is_some_and(|row| {
            grid(row, last).iter().any(|(c, cells)| *c == column && cells[0].continues)
        });
        SetCell {
            from,
            to,
            pieces,
            absent: cells[0].absent,
            open_above: cells[0].continues,
            open_below: goes_on,
        }
    }
}

/// A cell whose content is set.
struct SetCell {
    from: f32,
    to: f32,
    pieces: Vec<Piece>,
    absent: bool,
    open_above: bool,
    open_below: bool,
}

/// Cells with the column each begins in. What goes beyond the last column is
/// put into it.
fn grid(row: &[Cell], columns: usize) -> Vec<(usize, Vec<&Cell>)> {
    let mut placed: Vec<(usize, Vec<&Cell>)> = Vec::new();
    let mut column = 0;
    for cell in row {
        match placed.last_mut() {
            Some((_, last)) if column >= columns => last.push(cell),
            _ => placed.push((column.min(columns - 1), vec![cell])),
        }
        column += cell.span.max(1);
    }
    placed
}

/// Where columns begin and end.
fn edges(table: &Table, width: f32) -> Vec<f32> {
    let spans = table.rows.iter().map(|row| row.iter().map(|cell| cell.span.max(1)).sum());
    let columns = spans.max().unwrap_or(1).clamp(1, MAX_COLUMNS);
    let mut widths: Vec<f32> = table.columns.iter().copied().take(columns).collect();
    // A grid that is missing or says nothing: all columns alike.
    let usable = widths.len() == columns && widths.iter().all(|w| w.is_finite() && *w > 1.0);
    if !usable {
        widths = vec![width / columns as f32; columns];
    }
    let total: f32 = widths.iter().sum();
    let scale = (width / total).min(1.0);
    let mut edges = vec![0.0];
    let mut edge = 0.0;
    for width in widths {
        edge += width * scale;
        edges.push(edge);
    }
    edges
}

/// The row as one piece, or as several where it is too long for a page.
fn set_row(mut cells: Vec<SetCell>) -> Vec<Piece> {
    let mut rows = Vec::new();
    loop {
        let mut slice = Piece::default();
        let mut frames = Vec::new();
        let mut more = false;
        for cell in &mut cells {
            let mut taken = 0.0;
            let mut count = 0;
            for piece in &cell.pieces {
                if count > 0 && taken + piece.height > LONGEST_ROW {
                    break;
                }
                taken += piece.height;
                count += 1;
            }
            let mut y = PADDING;
            for mut piece in cell.pieces.drain(..count) {
                for mark in &mut piece.marks {
                    mark.shift(cell.from + PADDING, y);
                }
                slice.marks.append(&mut piece.marks);
                y += piece.height;
            }
            slice.height = slice.height.max(y + PADDING);
            more |= !cell.pieces.is_empty();
            if !cell.absent {
                let open_below = cell.open_below || !cell.pieces.is_empty();
                frames.push((cell.from, cell.to, cell.open_above, open_below));
            }
            cell.open_above = true;
        }
        let height = slice.height;
        for (from, to, open_above, open_below) in frames {
            let mut line = |from, to| slice.marks.push(Mark::Line { from, to });
            line((from, 0.0), (from, height));
            line((to, 0.0), (to, height));
            if !open_above {
                line((from, 0.0), (to, 0.0));
            }
            if !open_below {
                line((from, height), (to, height));
            }
        }
        rows.push(slice);
        if !more {
            return rows;
        }
    }
}

/// What a line is made of.
enum Atom {
    /// Letters that stay together, as differently as they may look.
    Word(Vec<(String, Look)>),
    Blank(Look),
    Tab,
    LineBreak,
    PageBreak,
    Tick(Tick),
    Picture {
        index: usize,
        width: f32,
        height: f32,
    },
}

fn atoms(paragraph: &Paragraph) -> Vec<Atom> {
    let mut atoms: Vec<Atom> = Vec::new();
    for inline in &paragraph.inlines {
        match inline {
            Inline::Text { text, look } => {
                for character in text.chars() {
                    if character == ' ' || character.is_whitespace() && character != '\u{A0}' {
                        atoms.push(Atom::Blank(*look));
                        continue;
                    }
                    match atoms.last_mut() {
                        Some(Atom::Word(parts)) => match parts.last_mut() {
                            Some((text, same)) if same == look => text.push(character),
                            _ => parts.push((character.into(), *look)),
                        },
                        _ => atoms.push(Atom::Word(vec![(character.into(), *look)])),
                    }
                }
            }
            Inline::Tab => atoms.push(Atom::Tab),
            Inline::LineBreak => atoms.push(Atom::LineBreak),
            Inline::PageBreak => atoms.push(Atom::PageBreak),
            Inline::Tick(tick) => atoms.push(Atom::Tick(tick.clone())),
            Inline::Picture { index, width, height } => {
                atoms.push(Atom::Picture { index: *index, width: *width, height: *height });
            }
        }
    }
    atoms
}

fn letter(character: char, look: &Look) -> f32 {
    f32::from(face::width(character, look.bold)) * look.size / 1000.0
}

fn run(text: &str, look: &Look) -> f32 {
    text.chars().map(|character| letter(character, look)).sum()
}

impl Atom {
    fn width(&self) -> f32 {
        match self {
            Self::Word(parts) => parts.iter().map(|(text, look)| run(text, look)).sum(),
            Self::Blank(look) => letter(' ', look),
            Self::Tick(_) => BOX + BESIDE_BOX,
            Self::Picture { width, .. } => *width,
            Self::Tab | Self::LineBreak | Self::PageBreak => 0.0,
        }
    }
}

/// Lines of one paragraph in the making.
struct Lines<'p> {
    media: &'p Media,
    paragraph: &'p Paragraph,
    width: f32,
    left: f32,
    paged: bool,
    x: f32,
    /// Blanks seen since the last letter, and not set unless one follows.
    blanks: String,
    placed: Vec<Placed>,
    tabbed: bool,
    done: Vec<Piece>,
}

/// Something on the line, from `x` to `end`.
struct Placed {
    x: f32,
    end: f32,
    what: What,
}

enum What {
    Text(String, Look),
    Tick(Tick),
    Picture { index: usize, height: f32 },
}

impl Lines<'_> {
    fn label(&mut self, label: &Inline) {
        match label {
            Inline::Text { text, look } => self.put(text, *look),
            Inline::Tick(tick) => self.tick(tick),
            _ => {}
        }
        self.x = self.left.max(self.x + 4.0);
    }

    fn add(&mut self, atom: &Atom, rest: &[Atom]) {
        match atom {
            Atom::Blank(look) => {
                if !self.placed.is_empty() {
                    self.blanks.push(' ');
                    self.x += letter(' ', look);
                }
            }
            Atom::Word(parts) => {
                let width = atom.width();
                if self.x + width > self.width && !self.placed.is_empty() {
                    self.end_line();
                }
                for (text, look) in parts {
                    if self.x + run(text, look) <= self.width {
                        self.put(text, *look);
                    } else {
                        self.put_letters(text, *look);
                    }
                }
            }
            Atom::Tab => self.tab(rest),
            Atom::LineBreak => self.end_line(),
            Atom::PageBreak => {
                if !self.placed.is_empty() {
                    self.end_line();
                }
                if self.paged {
                    self.done.push(Piece { kind: Kind::PageBreak, ..Piece::default() });
                }
            }
            Atom::Tick(tick) => {
                if self.x + BOX > self.width && !self.placed.is_empty() {
                    self.end_line();
                }
                self.tick(tick);
            }
            Atom::Picture { index, width, height } => self.picture(*index, *width, *height),
        }
    }

    /// Sets text that fits.
    fn put(&mut self, text: &str, look: Look) {
        let end = self.x + run(text, &look);
        let blanks = std::mem::take(&mut self.blanks);
        match self.placed.last_mut() {
            Some(Placed { end: before, what: What::Text(line, same), .. })
                if *same == look && (self.x - *before - run(&blanks, &look)).abs() < 0.01 =>
            {
                line.push_str(&blanks);
                line.push_str(text);
                *before = end;
            }
            _ => {
                self.placed.push(Placed { x: self.x, end, what: What::Text(text.to_owned(), look) })
            }
        }
        self.x = end;
    }

    /// Sets a word that is longer than a line, cut where it must be.
    fn put_letters(&mut self, text: &str, look: Look) {
        let mut piece = String::new();
        let mut width = 0.0;
        for character in text.chars() {
            let more = letter(character, &look);
            if self.x + width + more > self.width && !(piece.is_empty() && self.placed.is_empty()) {
                if !piece.is_empty() {
                    self.put(&std::mem::take(&mut piece), look);
                }
                self.end_line();
                width = 0.0;
            }
            piece.push(character);
            width += more;
        }
        if !piece.is_empty() {
            self.put(&piece, look);
        }
    }

    fn tick(&mut self, tick: &Tick) {
        self.blanks.clear();
        self.placed.push(Placed { x: self.x, end: self.x + BOX, what: What::Tick(tick.clone()) });
        self.x += BOX + BESIDE_BOX;
    }

    fn picture(&mut self, index: usize, width: f32, height: f32) {
        let (width, height) = (width.clamp(1.0, 5_000.0), height.clamp(1.0, 5_000.0));
        let (across, down) = self.media.pixels(index);
        let is_scan =
            width * height >= SCAN_AREA * PAGE.0 * PAGE.1 && across.min(down) >= SCAN_DOTS;
        if is_scan && self.paged {
            if !self.placed.is_empty() {
                self.end_line();
            }
            self.done.push(Piece { kind: Kind::Scan(index), ..Piece::default() });
            return;
        }
        let room = (self.width - self.left).max(NARROWEST);
        let scale = (room / width).min(LONGEST_ROW / 2.0 / height).min(1.0);
        let (width, height) = (width * scale, height * scale);
        if self.x + width > self.width && !self.placed.is_empty() {
            self.end_line();
        }
        self.blanks.clear();
        self.placed.push(Placed {
            x: self.x,
            end: self.x + width,
            what: What::Picture { index, height },
        });
        self.x += width + 2.0;
    }

    fn tab(&mut self, rest: &[Atom]) {
        self.blanks.clear();
        let past = self.x + 1.0;
        let stops =
            self.paragraph.tabs.iter().filter(|stop| stop.at > past && stop.at <= self.width + 1.0);
        let stop = stops.copied().min_by(|a, b| a.at.total_cmp(&b.at));
        let next = TabStop { at: (past / TAB).ceil() * TAB, align: Align::Left };
        let stop = stop.unwrap_or(next);
        if stop.at > self.width + 1.0 {
            self.end_line();
            return;
        }
        // What is set against a right or middle stop: up to the next tab.
        let follows = || -> f32 {
            rest.iter()
                .take_while(|a| !matches!(a, Atom::Tab | Atom::LineBreak | Atom::PageBreak))
                .map(Atom::width)
                .sum()
        };
        let x = match stop.align {
            Align::Left => stop.at,
            Align::Centre => stop.at - follows() / 2.0,
            Align::Right => stop.at - follows(),
        };
        self.x = x.max(self.x + 3.0);
        self.tabbed = true;
    }

    fn end_line(&mut self) {
        self.blanks.clear();
        let placed = std::mem::take(&mut self.placed);
        let size = |what: &What| match what {
            What::Text(_, look) => look.size,
            What::Tick(_) => BOX + 1.0,
            What::Picture { .. } => 0.0,
        };
        let em = placed.iter().map(|p| size(&p.what)).fold(0.0, f32::max);
        let em = if em > 0.0 { em } else { Look::default().size };
        let tallest = placed
            .iter()
            .map(|p| if let What::Picture { height, .. } = p.what { height } else { 0.0 })
            .fold(0.0, f32::max);
        let baseline = (em * ASCENT).max(tallest + 2.0);
        let end = placed.last().map_or(0.0, |p| p.end);
        let spare = (self.width - end).max(0.0);
        let shift = match self.paragraph.align {
            _ if self.tabbed => 0.0,
            Align::Left => 0.0,
            Align::Centre => spare / 2.0,
            Align::Right => spare,
        };
        let mut marks = Vec::new();
        for Placed { x, end, what } in placed {
            let x = x + shift;
            let end = end + shift;
            match what {
                What::Text(text, look) => {
                    let mut rule = |rise: f32| {
                        let y = baseline - rise * look.size;
                        marks.push(Mark::Line { from: (x, y), to: (end, y) });
                    };
                    if look.underlined {
                        rule(-0.15);
                    }
                    if look.struck {
                        rule(0.3);
                    }
                    marks.push(Mark::Text {
                        x,
                        y: baseline,
                        size: look.size,
                        bold: look.bold,
                        text,
                    });
                }
                What::Tick(tick) => {
                    marks.push(Mark::Tick { x, y: baseline - BOX + 1.0, side: BOX, tick })
                }
                What::Picture { index, height } => {
                    marks.push(Mark::Image {
                        x,
                        y: baseline - height,
                        width: end - x,
                        height,
                        index,
                    });
                }
            }
        }
        let height = baseline + em * (LEADING - ASCENT);
        self.done.push(Piece { height, marks, kind: Kind::Set });
        self.x = self.left;
        self.tabbed = false;
    }
}
