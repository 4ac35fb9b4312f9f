//! Setting type on a sheet, from the top down, with as many sheets as it
//! takes. Knows nothing of what it sets.

use crate::assemble::pdf::draw::{Drawing, Rgb};
use crate::assemble::pdf::helvetica::Face;

/// US Letter, in points.
pub const WIDTH: f32 = 612.0;
/// US Letter, in points.
pub const HEIGHT: f32 = 792.0;

const LEFT: f32 = 54.0;
const RIGHT: f32 = WIDTH - 54.0;
const TOP: f32 = HEIGHT - 50.0;
const BOTTOM: f32 = 58.0;
/// Where values begin, to the right of their labels.
const VALUES: f32 = 166.0;
/// What is kept free at the right for page numbers.
const PAGES_COLUMN: f32 = 62.0;
/// Size and line distance of running text.
const BODY: f32 = 9.5;
const LEADING: f32 = 13.0;

/// Running text.
pub const INK: Rgb = Rgb(0.13, 0.15, 0.18);
/// Labels and asides.
pub const GREY: Rgb = Rgb(0.42, 0.45, 0.50);
/// Rules.
const HAIRLINE: Rgb = Rgb(0.84, 0.86, 0.88);
/// Headings.
const BLUE: Rgb = Rgb(0.09, 0.30, 0.49);
/// Missing, expedited. Told apart by shape as well: packets are printed in
/// black and white.
pub const RED: Rgb = Rgb(0.72, 0.11, 0.11);
/// Doubtful, urgent.
pub const AMBER: Rgb = Rgb(0.70, 0.40, 0.0);
/// There.
pub const GREEN: Rgb = Rgb(0.10, 0.45, 0.22);
const WHITE: Rgb = Rgb(1.0, 1.0, 1.0);

/// A sign beside a checklist item, drawn, as Helvetica lacks it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// There.
    Tick,
    /// Not there.
    Cross,
    /// A person is to look.
    Question,
}

/// Sheets being filled.
pub struct Sheet {
    title: String,
    done: Vec<Drawing>,
    page: Drawing,
    y: f32,
}

impl Sheet {
    /// The first sheet, empty; `title` goes into each foot.
    pub fn new(title: &str) -> Self {
        Self { title: title.to_owned(), done: Vec::new(), page: Drawing::default(), y: TOP }
    }

    /// All sheets.
    pub fn finish(mut self) -> Vec<Drawing> {
        self.turn();
        let total = self.done.len();
        for (index, page) in self.done.iter_mut().enumerate() {
            foot(page, &self.title, index + 1, total);
        }
        self.done
    }

    fn turn(&mut self) {
        self.done.push(std::mem::take(&mut self.page));
        self.y = TOP;
    }

    /// Turns the sheet unless so many points are left.
    fn need(&mut self, points: f32) {
        if self.y - points < BOTTOM {
            self.turn();
        }
    }

    /// The head: a small line, the reference, and the lane at the right.
    pub fn head(&mut self, small: &str, large: &str, pill: &str, colour: Rgb) {
        self.page.rectangle(0.0, HEIGHT - 6.0, WIDTH, 6.0, BLUE);
        self.y -= 8.0;
        self.page.text(LEFT, self.y, Face::Bold, 8.5, GREY, small);
        self.y -= 25.0;
        self.page.text(LEFT, self.y, Face::Bold, 22.0, INK, large);
        let width = Face::Bold.width(pill, 11.0) + 22.0;
        self.page.rectangle(RIGHT - width, self.y - 4.0, width, 23.0, colour);
        self.page.text(RIGHT - width + 11.0, self.y + 3.6, Face::Bold, 11.0, WHITE, pill);
        self.y -= 18.0;
    }

    /// A statement with a bar at its left.
    pub fn banner(&mut self, text: &str, aside: &str, colour: Rgb) {
        let lines = Face::Bold.wrap(text, 12.0, RIGHT - LEFT - 12.0);
        let asides = if aside.is_empty() {
            Vec::new()
        } else {
            Face::Regular.wrap(aside, BODY, RIGHT - LEFT - 12.0)
        };
        let height = lines.len() as f32 * 16.0 + asides.len() as f32 * LEADING + 2.0;
        self.need(height + 6.0);
        self.page.rectangle(LEFT, self.y - height + 8.0, 3.0, height, colour);
        for line in lines {
            self.y -= 5.0;
            self.page.text(LEFT + 12.0, self.y, Face::Bold, 12.0, colour, &line);
            self.y -= 11.0;
        }
        for line in asides {
            self.y -= 2.0;
            self.page.text(LEFT + 12.0, self.y, Face::Regular, BODY, INK, &line);
            self.y -= 11.0;
        }
        self.y -= 6.0;
    }

    /// Small labels over values, side by side, each as wide as it needs.
    pub fn facts(&mut self, facts: &[(&str, String)]) {
        const SIZE: f32 = 10.0;
        const GAP: f32 = 24.0;
        self.need(34.0);
        self.y -= 8.0;
        let mut x = LEFT;
        for (label, value) in facts {
            let width = Face::Regular.width(value, SIZE).max(Face::Regular.width(label, 7.5));
            // What does not fit beside the others goes under them.
            if x > LEFT && x + width > RIGHT {
                x = LEFT;
                self.y -= 32.0;
            }
            self.page.text(x, self.y, Face::Regular, 7.5, GREY, label);
            self.page.text(x, self.y - 13.0, Face::Regular, SIZE, INK, value);
            x += width + GAP;
        }
        self.y -= 32.0;
    }

    /// Begins a section.
    pub fn heading(&mut self, text: &str, aside: &str) {
        // A heading is not left alone at the foot of a sheet.
        self.need(32.0 + 2.0 * LEADING);
        self.y -= 22.0;
        self.page.text(LEFT, self.y, Face::Bold, 11.0, BLUE, text);
        let width = Face::Bold.width(text, 11.0);
        self.page.text(LEFT + width + 8.0, self.y, Face::Regular, 8.5, GREY, aside);
        self.y -= 5.0;
        self.page.rectangle(LEFT, self.y, RIGHT - LEFT, 0.6, HAIRLINE);
        self.y -= 2.0;
    }

    /// A label and its value; `doubt` stands behind it, `pages` at the right.
    pub fn row(&mut self, label: &str, value: &str, doubt: &str, pages: &str) {
        let width = RIGHT - VALUES - PAGES_COLUMN;
        let lines = Face::Regular.wrap(value, BODY, width);
        self.need(LEADING * lines.len() as f32);
        let label_y = self.y - 11.0;
        self.page.text(LEFT, label_y, Face::Regular, BODY, GREY, label);
        self.right(label_y, pages);
        for line in &lines {
            self.line_at(VALUES, line, INK);
        }
        self.doubt(lines.last().map_or("", String::as_str), doubt, width);
    }

    /// Behind the last line if it fits, otherwise under it.
    fn doubt(&mut self, last: &str, doubt: &str, width: f32) {
        if doubt.is_empty() {
            return;
        }
        let gap = if last.is_empty() { 0.0 } else { 8.0 };
        let used = Face::Regular.width(last, BODY) + gap;
        if used + Face::Bold.width(doubt, 8.5) <= width {
            let y = self.y + LEADING - 11.0;
            self.page.text(VALUES + used, y, Face::Bold, 8.5, AMBER, doubt);
        } else {
            for line in Face::Regular.wrap(doubt, BODY, width) {
                self.need(LEADING);
                self.line_at(VALUES, &line, AMBER);
            }
        }
    }

    /// A checklist item.
    pub fn item(&mut self, sign: Sign, text: &str, aside: &str, pages: &str) {
        self.need(LEADING + 1.0);
        let y = self.y - 11.0;
        draw_sign(&mut self.page, sign, LEFT, y);
        self.page.text(LEFT + 17.0, y, Face::Regular, BODY, INK, text);
        let behind = LEFT + 17.0 + Face::Regular.width(text, BODY) + 8.0;
        self.page.text(behind, y, Face::Regular, BODY, sign_colour(sign), aside);
        self.right(y, pages);
        self.y -= LEADING + 1.0;
    }

    /// A sentence with a dot before it.
    pub fn bullet(&mut self, text: &str, pages: &str) {
        let lines = Face::Regular.wrap(text, BODY, RIGHT - LEFT - 17.0 - PAGES_COLUMN);
        self.need(LEADING * lines.len() as f32);
        let y = self.y - 11.0;
        self.page.dot(LEFT + 5.0, y + 3.2, 3.0, GREY);
        self.right(y, pages);
        for line in &lines {
            self.line_at(LEFT + 17.0, line, INK);
        }
    }

    /// Running text over the full width.
    pub fn paragraph(&mut self, text: &str, colour: Rgb) {
        for line in Face::Regular.wrap(text, BODY, RIGHT - LEFT) {
            self.need(LEADING);
            self.line_at(LEFT, &line, colour);
        }
    }

    fn line_at(&mut self, x: f32, line: &str, colour: Rgb) {
        self.page.text(x, self.y - 11.0, Face::Regular, BODY, colour, line);
        self.y -= LEADING;
    }

    fn right(&mut self, y: f32, pages: &str) {
        let x = RIGHT - Face::Regular.width(pages, 8.5);
        self.page.text(x, y, Face::Regular, 8.5, GREY, pages);
    }
}

fn sign_colour(sign: Sign) -> Rgb {
    match sign {
        Sign::Tick => GREEN,
        Sign::Cross => RED,
        Sign::Question => AMBER,
    }
}

/// Eight points wide, standing on the baseline.
fn draw_sign(page: &mut Drawing, sign: Sign, x: f32, y: f32) {
    let colour = sign_colour(sign);
    match sign {
        Sign::Tick => {
            page.polyline(
                &[(x + 0.5, y + 3.2), (x + 3.2, y + 0.5), (x + 8.5, y + 7.0)],
                1.7,
                colour,
            );
        }
        Sign::Cross => {
            page.polyline(&[(x + 1.0, y + 0.5), (x + 7.5, y + 7.0)], 1.7, colour);
            page.polyline(&[(x + 1.0, y + 7.0), (x + 7.5, y + 0.5)], 1.7, colour);
        }
        Sign::Question => {
            page.polyline(
                &[(x + 2.0, y + 5.4), (x + 2.8, y + 7.0), (x + 4.4, y + 7.4), (x + 6.0, y + 6.6)]
                    .into_iter()
                    .chain([(x + 6.2, y + 5.2), (x + 4.4, y + 3.8), (x + 4.3, y + 2.6)])
                    .collect::<Vec<_>>(),
                1.4,
                colour,
            );
            page.dot(x + 4.3, y + 0.4, 1.8, colour);
        }
    }
}

fn foot(page: &mut Drawing, title: &str, number: usize, total: usize) {
    page.rectangle(LEFT, 44.0, RIGHT - LEFT, 0.6, HAIRLINE);
    let notice = "Read by machine. The pages that follow are what counts; check values marked so.";
    page.text(LEFT, 32.0, Face::Regular, 8.0, GREY, notice);
    let place = format!("{title}   Summary {number} of {total}");
    page.text(RIGHT - Face::Regular.width(&place, 8.0), 32.0, Face::Regular, 8.0, GREY, &place);
}

/// An empty leaf that says why it is empty.
pub fn placeholder(text: &str) -> Drawing {
    let mut page = Drawing::default();
    let x = (WIDTH - Face::Bold.width(text, 16.0)) / 2.0;
    page.text(x, HEIGHT / 2.0, Face::Bold, 16.0, GREY, text);
    let hint = "It is kept, as it came, in the original file beside this packet.";
    let x = (WIDTH - Face::Regular.width(hint, BODY)) / 2.0;
    page.text(x, HEIGHT / 2.0 - 20.0, Face::Regular, BODY, GREY, hint);
    page
}
