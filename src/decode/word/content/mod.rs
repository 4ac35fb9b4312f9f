//! The parts become blocks: fields give their results, changes count as
//! accepted, of alternatives one is taken, what is hidden stays out.

mod drawing;
mod runs;
mod tables;

use std::collections::{HashMap, HashSet};

use super::KIND;
use super::facts::Facts;
use super::media::Media;
use super::model::{Align, Block, Inline, Look, Paragraph, Tick};
use super::numbering::Numbering;
use super::package::{Package, Relations};
use super::styles::{ParagraphStyle, Styles};
use super::xml::{Element, Node};
use crate::decode::{Limits, Unreadable};

/// Paragraphs and table cells of a document; a page has some fifty.
const MAX_BLOCKS: u32 = 400_000;

/// A document's content.
pub(super) struct Content {
    pub blocks: Vec<Block>,
    pub media: Media,
    pub facts: Facts,
}

/// Reads the document from its package.
pub(super) fn read(package: Package, limits: &Limits) -> Result<Content, Unreadable> {
    let mut reader = Reader::new(package, limits)?;
    let main = reader.main_part()?;
    let parsed = reader.package.tree(&main)?;
    let parsed =
        parsed.ok_or(Unreadable::Damaged { kind: KIND, what: "its text cannot be read" })?;
    reader.enter(&main)?;
    let body = parsed.root.child("body");
    let body = body.ok_or(Unreadable::Damaged { kind: KIND, what: "it holds no text" })?;
    let blocks = reader.body(body)?;
    reader.facts.damaged |= reader.package.damaged;
    reader.facts.macros = reader.package.has("word/vbaproject.bin");
    let embedded = reader.package.names().filter(|name| name.contains("/embeddings/")).count();
    reader.facts.attachments = u32::try_from(embedded).unwrap_or(u32::MAX);
    Ok(Content { blocks, media: reader.media, facts: reader.facts })
}

struct Reader {
    package: Package,
    styles: Styles,
    numbering: Numbering,
    /// Footnotes and endnotes by kind and id.
    notes: HashMap<(&'static str, String), Element>,
    notes_at: HashMap<&'static str, String>,
    relations: Relations,
    media: Media,
    facts: Facts,
    fields: Vec<Field>,
    /// A content control that is a tick box and has not been shown yet.
    control: Option<Tick>,
    /// Text of paragraphs whose end was deleted: it goes on in the next one.
    carried: Vec<Inline>,
    /// Notes referred to in the section and not yet set: label, kind, id.
    waiting: Vec<(String, &'static str, String)>,
    note_count: u32,
    /// Headers and footers that have been set, by part.
    set: HashSet<String>,
    even_headers: bool,
    blocks_left: u32,
}

/// A complex field while it is open.
struct Field {
    instruction: String,
    /// Past its separator: what follows is its result.
    has_result: bool,
}

/// What is being put together.
#[derive(Default)]
struct Line {
    inlines: Vec<Inline>,
    /// Text boxes anchored here; they are set below the paragraph.
    boxes: Vec<Block>,
}

impl Reader {
    fn new(mut package: Package, limits: &Limits) -> Result<Self, Unreadable> {
        // Before anything is known of the main part: these stand beside it.
        package.damaged = false;
        Ok(Self {
            package,
            styles: Styles::default(),
            numbering: Numbering::default(),
            notes: HashMap::new(),
            notes_at: HashMap::new(),
            relations: Relations::default(),
            media: Media::new(limits),
            facts: Facts::default(),
            fields: Vec::new(),
            control: None,
            carried: Vec::new(),
            waiting: Vec::new(),
            note_count: 0,
            set: HashSet::new(),
            even_headers: false,
            blocks_left: MAX_BLOCKS,
        })
    }

    fn main_part(&mut self) -> Result<String, Unreadable> {
        let root = self.package.relations("")?;
        let named = root.of_kind("officeDocument").map(str::to_owned);
        Ok(named
            .filter(|path| self.package.has(path))
            .unwrap_or_else(|| "word/document.xml".into()))
    }

    /// Reads what stands beside the main part.
    fn enter(&mut self, main: &str) -> Result<(), Unreadable> {
        self.relations = self.package.relations(main)?;
        let path = |relations: &Relations, kind: &str, usual: &str| {
            relations.of_kind(kind).unwrap_or(usual).to_owned()
        };
        let styles = path(&self.relations, "styles", "word/styles.xml");
        if let Some(parsed) = self.package.tree(&styles)? {
            self.styles = Styles::of(&parsed.root);
        }
        let numbering = path(&self.relations, "numbering", "word/numbering.xml");
        if let Some(parsed) = self.package.tree(&numbering)? {
            self.numbering = Numbering::of(&parsed.root);
        }
        let settings = path(&self.relations, "settings", "word/settings.xml");
        if let Some(parsed) = self.package.tree(&settings)? {
            self.even_headers = parsed.root.switch("evenAndOddHeaders").unwrap_or(false);
        }
        let comments = path(&self.relations, "comments", "word/comments.xml");
        if let Some(parsed) = self.package.tree(&comments)? {
            self.facts.comments = u32::try_from(parsed.root.elements().count()).unwrap_or(u32::MAX);
        }
        for (kind, usual) in
            [("footnotes", "word/footnotes.xml"), ("endnotes", "word/endnotes.xml")]
        {
            let part = path(&self.relations, kind, usual);
            let Some(mut parsed) = self.package.tree(&part)? else { continue };
            self.notes_at.insert(kind, part);
            for node in std::mem::take(&mut parsed.root.children) {
                if let Node::Element(note) = node
                    && let Some(id) = note.attribute("id")
                {
                    self.notes.insert((kind, id.to_owned()), note);
                }
            }
        }
        Ok(())
    }

    /// Section by section: headers, text, notes, footers.
    fn body(&mut self, body: &Element) -> Result<Vec<Block>, Unreadable> {
        let mut out = Vec::new();
        let mut section = Vec::new();
        for child in body.elements() {
            let properties = match &*child.name {
                "sectPr" => Some(child),
                _ => child.at(&["pPr", "sectPr"]),
            };
            if &*child.name != "sectPr" {
                self.block(child, &mut section)?;
            }
            if let Some(properties) = properties {
                self.end_section(std::mem::take(&mut section), Some(properties), &mut out)?;
            }
        }
        if !section.is_empty() || !self.carried.is_empty() {
            self.end_section(section, None, &mut out)?;
        }
        Ok(out)
    }

    fn end_section(
        &mut self,
        mut section: Vec<Block>,
        properties: Option<&Element>,
        out: &mut Vec<Block>,
    ) -> Result<(), Unreadable> {
        self.flush_carried(&mut section);
        self.fields.clear();
        let notes = self.waiting_notes()?;
        let (headers, footers) = match properties {
            Some(properties) => (
                self.margins(properties, "headerReference")?,
                self.margins(properties, "footerReference")?,
            ),
            None => (Vec::new(), Vec::new()),
        };
        let continuous = properties.and_then(|p| p.value("type")) == Some("continuous");
        if !out.is_empty() && !continuous && !section.is_empty() {
            out.push(Block::PageBreak);
        }
        if !headers.is_empty() {
            out.extend(headers);
            out.push(Block::Rule);
        }
        out.extend(section);
        if !notes.is_empty() {
            out.push(Block::Rule);
            out.extend(notes);
        }
        if !footers.is_empty() {
            out.push(Block::Rule);
            out.extend(footers);
        }
        Ok(())
    }

    /// Headers or footers of a section that Word would show, each once: our
    /// pages are not Word's, so repeating them on each would say the same
    /// thing many times over.
    fn margins(&mut self, section: &Element, name: &str) -> Result<Vec<Block>, Unreadable> {
        let first_differs = section.switch("titlePg").unwrap_or(false);
        let mut out = Vec::new();
        for reference in section.elements().filter(|e| &*e.name == name) {
            let shown = match reference.attribute("type") {
                Some("first") => first_differs,
                Some("even") => self.even_headers,
                _ => true,
            };
            let target = reference.attribute("id").and_then(|id| self.relations.target(id));
            let Some(part) = target.map(str::to_owned).filter(|_| shown) else { continue };
            if !self.set.insert(part.clone()) {
                continue;
            }
            let Some(parsed) = self.package.tree(&part)? else { continue };
            self.inside(&part, |reader| reader.blocks(&parsed.root, &mut out))?;
        }
        out.retain(shows_something);
        Ok(out)
    }

    /// Works on another part, with its own relations and no open fields.
    fn inside<T>(
        &mut self,
        part: &str,
        work: impl FnOnce(&mut Self) -> Result<T, Unreadable>,
    ) -> Result<T, Unreadable> {
        let relations = self.package.relations(part)?;
        let relations = std::mem::replace(&mut self.relations, relations);
        let fields = std::mem::take(&mut self.fields);
        let carried = std::mem::take(&mut self.carried);
        let done = work(self);
        self.relations = relations;
        self.fields = fields;
        self.carried = carried;
        done
    }

    fn waiting_notes(&mut self) -> Result<Vec<Block>, Unreadable> {
        let mut out = Vec::new();
        // A note may refer to a further note; each is set once.
        while !self.waiting.is_empty() {
            for (label, kind, id) in std::mem::take(&mut self.waiting) {
                let (Some(note), Some(part)) =
                    (self.notes.remove(&(kind, id)), self.notes_at.get(kind).cloned())
                else {
                    continue;
                };
                let mut blocks = Vec::new();
                self.inside(&part, |reader| reader.blocks(&note, &mut blocks))?;
                if let Some(Block::Paragraph(first)) = blocks.first_mut() {
                    first.label = Some(plain(label));
                }
                out.extend(blocks);
            }
        }
        Ok(out)
    }

    fn blocks(&mut self, parent: &Element, out: &mut Vec<Block>) -> Result<(), Unreadable> {
        for child in parent.elements() {
            self.block(child, out)?;
        }
        Ok(())
    }

    fn block(&mut self, element: &Element, out: &mut Vec<Block>) -> Result<(), Unreadable> {
        match &*element.name {
            "p" => self.paragraph(element, out),
            "tbl" => {
                let table = self.table(element)?;
                if !table.rows.is_empty() {
                    out.push(Block::Table(table));
                }
                Ok(())
            }
            "sdt" => {
                let before = self.control.take();
                self.control = control(element);
                if let Some(content) = element.child("sdtContent") {
                    self.blocks(content, out)?;
                }
                if let Some(tick) = self.control.take() {
                    let inlines = vec![Inline::Tick(tick)];
                    out.push(Block::Paragraph(Paragraph { inlines, ..Paragraph::default() }));
                }
                self.control = before;
                Ok(())
            }
            "AlternateContent" => match self.choice(element) {
                Some(choice) => self.blocks(choice, out),
                None => Ok(()),
            },
            "altChunk" => {
                self.facts.not_shown += 1;
                Ok(())
            }
            "del" | "moveFrom" => {
                self.facts.deletions += 1;
                Ok(())
            }
            name if is_settings(name) => Ok(()),
            _ => self.blocks(element, out),
        }
    }

    fn paragraph(&mut self, element: &Element, out: &mut Vec<Block>) -> Result<(), Unreadable> {
        if !self.take_block() {
            return Ok(());
        }
        let properties = element.child("pPr");
        let style_id = properties.and_then(|p| p.value("pStyle"));
        let style = properties
            .map(ParagraphStyle::of)
            .unwrap_or_default()
            .over(&self.styles.paragraph(style_id));
        let base = self.styles.run_in(style_id);
        let mut line = Line { inlines: std::mem::take(&mut self.carried), boxes: Vec::new() };
        self.inlines(element, &base, &mut line)?;

        let mark = properties.and_then(|p| p.child("rPr"));
        let end_is_gone =
            mark.is_some_and(|m| m.child("del").is_some() || m.child("moveFrom").is_some());
        if end_is_gone {
            self.facts.deletions += 1;
            self.carried = line.inlines;
            out.extend(line.boxes);
            return Ok(());
        }
        let level = style.level.unwrap_or(0);
        // Number 0 takes a paragraph out of its style's list.
        let number = style.number.as_deref().filter(|number| *number != "0");
        let empty = line.inlines.is_empty();
        let label = number.filter(|_| !empty).and_then(|n| self.numbering.next(n, level));
        let own_left = properties.and_then(|p| p.child("ind")).is_some();
        let listed = label.as_ref().and_then(|label| label.left).filter(|_| !own_left);
        if style.page_break_before == Some(true) {
            out.push(Block::PageBreak);
        }
        out.push(Block::Paragraph(Paragraph {
            label: label.and_then(|label| label.shown),
            left: listed.or(style.left).unwrap_or(0.0),
            align: style.align.unwrap_or(Align::Left),
            tabs: style.tabs,
            inlines: line.inlines,
        }));
        out.extend(line.boxes);
        Ok(())
    }

    fn flush_carried(&mut self, out: &mut Vec<Block>) {
        let inlines = std::mem::take(&mut self.carried);
        if !inlines.is_empty() {
            out.push(Block::Paragraph(Paragraph { inlines, ..Paragraph::default() }));
        }
    }

    /// Whether one more block may be taken.
    fn take_block(&mut self) -> bool {
        match self.blocks_left.checked_sub(1) {
            Some(left) => {
                self.blocks_left = left;
                true
            }
            None => {
                self.facts.cut = true;
                false
            }
        }
    }
}

/// Elements that say how something is, not what is there.
fn is_settings(name: &str) -> bool {
    name.ends_with("Pr") || name.ends_with("PrEx") || name.ends_with("PrChange")
}

/// The tick box that a content control is, with the name its maker gave it.
fn control(element: &Element) -> Option<Tick> {
    let properties = element.child("sdtPr")?;
    let on = properties.child("checkbox")?.switch("checked").unwrap_or(false);
    let name = properties.value("alias").or_else(|| properties.value("tag"));
    Some(Tick { on, name: name.unwrap_or_default().to_owned() })
}

fn plain(text: String) -> Inline {
    Inline::Text { text, look: Look::default() }
}

fn shows_something(block: &Block) -> bool {
    match block {
        Block::Paragraph(paragraph) => paragraph.inlines.iter().any(|inline| match inline {
            Inline::Text { text, .. } => !text.trim().is_empty(),
            Inline::Tick(_) | Inline::Picture { .. } => true,
            Inline::Tab | Inline::LineBreak | Inline::PageBreak => false,
        }),
        Block::Table(table) => {
            table.rows.iter().flatten().any(|cell| cell.blocks.iter().any(shows_something))
        }
        Block::Framed(blocks) => blocks.iter().any(shows_something),
        Block::Rule | Block::PageBreak => false,
    }
}
