//! A Word document as blocks: what is left of it once fields, changes,
//! choices and styles are resolved. Lengths are in points.

/// One thing below the other.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Block {
    Paragraph(Paragraph),
    Table(Table),
    /// A text box.
    Framed(Vec<Block>),
    /// A line across, between what belongs to the text and what does not.
    Rule,
    PageBreak,
}

/// A paragraph.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Paragraph {
    /// The number, bullet or tick box in front of a list's item.
    pub label: Option<Inline>,
    /// From the left edge.
    pub left: f32,
    pub align: Align,
    pub tabs: Vec<TabStop>,
    pub inlines: Vec<Inline>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Align {
    #[default]
    Left,
    Centre,
    Right,
}

/// Where a tab leads.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct TabStop {
    pub at: f32,
    pub align: Align,
}

/// One thing beside the other.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Inline {
    Text {
        text: String,
        look: Look,
    },
    Tab,
    LineBreak,
    PageBreak,
    Tick(Tick),
    /// A picture by its place in the list of pictures, as large as it is shown.
    Picture {
        index: usize,
        width: f32,
        height: f32,
    },
}

/// A tick box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tick {
    pub on: bool,
    /// What the form's maker called it; may be empty.
    pub name: String,
}

/// How text looks, as far as it matters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Look {
    pub size: f32,
    pub bold: bool,
    pub underlined: bool,
    pub struck: bool,
}

impl Default for Look {
    fn default() -> Self {
        Self { size: 11.0, bold: false, underlined: false, struck: false }
    }
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Table {
    /// Widths of the grid's columns; may be empty or wrong.
    pub columns: Vec<f32>,
    pub rows: Vec<Vec<Cell>>,
}

/// A cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Cell {
    /// How many columns of the grid it takes.
    pub span: usize,
    /// It continues the cell above.
    pub continues: bool,
    /// No cell at all: the row begins further right.
    pub absent: bool,
    pub blocks: Vec<Block>,
}
