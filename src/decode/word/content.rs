//! The parts become blocks: fields give their results, changes count as
//! accepted, of alternatives one is taken, what is hidden stays out.

use std::collections::{HashMap, HashSet};

use super::KIND;
use super::facts::Facts;
use super::media::Media;
use super::model::{Align, Block, Cell, Inline, Look, Paragraph, Table, Tick};
use super::numbering::Numbering;
use super::package::{Package, Relations};
use super::styles::{ParagraphStyle, RunStyle, Styles, TWIPS};
use super::symbols::{self, Sign};
use super::xml::{Element, Node};
use crate::decode::{Limits, Unreadable};

/// Paragraphs and table cells of a document; a page has some fifty.
const MAX_BLOCKS: u32 = 400_000;
/// Columns that a cell may span; Word's own limit is 63.
const MAX_SPAN: i64 = 63;
/// English metric units in a point (ECMA 376, part 1, 20.1.2.1).
const EMU: f32 = 12_700.0;
/// Sizes in which text is set, points: what is smaller cannot be read, what is
/// larger takes a page for a word.
const SIZES: std::ops::RangeInclusive<f32> = 7.0..=18.0;

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

    fn inlines(
        &mut self,
        parent: &Element,
        base: &RunStyle,
        line: &mut Line,
    ) -> Result<(), Unreadable> {
        for child in parent.elements() {
            match &*child.name {
                "r" => self.run(child, base, line)?,
                "del" | "moveFrom" => self.facts.deletions += 1,
                "ins" | "moveTo" => {
                    self.facts.insertions += 1;
                    self.inlines(child, base, line)?;
                }
                "sdt" => {
                    let before = self.control.take();
                    self.control = control(child);
                    if let Some(content) = child.child("sdtContent") {
                        self.inlines(content, base, line)?;
                    }
                    line.inlines.extend(self.control.take().map(Inline::Tick));
                    self.control = before;
                }
                "AlternateContent" => {
                    if let Some(choice) = self.choice(child) {
                        self.inlines(choice, base, line)?;
                    }
                }
                // A chart or drawing may stand outside of a run.
                "drawing" | "pict" | "object" => {
                    self.drawing(child, &mut Shown::default(), line)?
                }
                name if is_settings(name) => {}
                _ => self.inlines(child, base, line)?,
            }
        }
        Ok(())
    }

    fn run(&mut self, run: &Element, base: &RunStyle, line: &mut Line) -> Result<(), Unreadable> {
        let properties = run.child("rPr");
        let named = properties.and_then(|p| p.value("rStyle")).map(|id| self.styles.run(id));
        let named = named.unwrap_or_default().over(base);
        let style = properties.map(RunStyle::of).unwrap_or_default().over(&named);
        let tracked = |name| properties.is_some_and(|p| p.child(name).is_some());
        if tracked("del") || tracked("moveFrom") {
            self.facts.deletions += 1;
            return Ok(());
        }
        if style.hidden == Some(true) {
            let held = |e: &Element| matches!(&*e.name, "t" | "sym" | "blip" | "imagedata");
            self.facts.hidden += u32::from(run.any(&held));
            // A field's marks count even where they are hidden.
            for child in run.elements().filter(|e| matches!(&*e.name, "fldChar" | "instrText")) {
                self.run_child(child, &style, &mut Line::default())?;
            }
            return Ok(());
        }
        for child in run.elements() {
            self.run_child(child, &style, line)?;
        }
        Ok(())
    }

    fn run_child(
        &mut self,
        child: &Element,
        style: &RunStyle,
        line: &mut Line,
    ) -> Result<(), Unreadable> {
        match &*child.name {
            "fldChar" => self.field_mark(child, style, line),
            "instrText" => {
                /// The longest instruction of use, bytes.
                const LONGEST: usize = 1_000;
                if let Some(field) = self.fields.last_mut()
                    && field.instruction.len() < LONGEST
                {
                    field.instruction.push_str(&child.text());
                }
            }
            // Before its separator a field holds its instruction only.
            _ if self.fields.iter().any(|field| !field.has_result) => {}
            "t" => self.text(&child.text(), style, line),
            "sym" => {
                let font = child.attribute("font").unwrap_or_default();
                let code = child.attribute("char").and_then(|c| u32::from_str_radix(c, 16).ok());
                self.symbol(font, code.unwrap_or(0), style, line);
            }
            "tab" | "ptab" => line.inlines.push(Inline::Tab),
            "br" => line.inlines.push(match child.attribute("type") {
                Some("page") => Inline::PageBreak,
                _ => Inline::LineBreak,
            }),
            "cr" => line.inlines.push(Inline::LineBreak),
            "noBreakHyphen" => self.text("-", style, line),
            "footnoteReference" => self.note_mark("footnotes", child, style, line),
            "endnoteReference" => self.note_mark("endnotes", child, style, line),
            "drawing" | "pict" | "object" => self.drawing(child, &mut Shown::default(), line)?,
            "AlternateContent" => {
                if let Some(choice) = self.choice(child) {
                    for child in choice.elements() {
                        self.run_child(child, style, line)?;
                    }
                }
            }
            "ruby" => {
                if let Some(text) = child.child("rubyBase") {
                    self.inlines(text, style, line)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &str, style: &RunStyle, line: &mut Line) {
        if !text.trim().is_empty()
            && let Some(mut tick) = self.control.take()
        {
            // What is seen wins over what is stored.
            let font = style.font.as_deref().unwrap_or_default();
            let seen = text.trim().chars().find_map(|c| sign_or_box(font, c));
            if let Some(Sign::Box(on)) = seen
                && on != tick.on
            {
                self.facts.ticks_differ += 1;
                tick.on = on;
            }
            line.inlines.push(Inline::Tick(tick));
            return;
        }
        if let Some(font) = style.font.as_deref().filter(|font| symbols::is_symbol_font(font)) {
            for character in text.chars() {
                self.symbol(font, character.into(), style, line);
            }
            return;
        }
        let look = look(style);
        let mut plain = String::new();
        for character in text.chars() {
            match symbols::box_of(character) {
                Some(on) => {
                    push_text(line, std::mem::take(&mut plain), look);
                    line.inlines.push(Inline::Tick(Tick { on, name: String::new() }));
                }
                None if character.is_control() => plain.push(' '),
                None if style.capitals == Some(true) => plain.extend(character.to_uppercase()),
                None => plain.push(character),
            }
        }
        push_text(line, plain, look);
    }

    fn symbol(&mut self, font: &str, code: u32, style: &RunStyle, line: &mut Line) {
        let character = char::from_u32(code);
        let sign = symbols::sign(font, code).or_else(|| {
            let own = character.filter(|c| !symbols::is_symbol_font(font) && !c.is_control())?;
            Some(symbols::box_of(own).map_or(Sign::Character(own), Sign::Box))
        });
        if let Some(mut tick) = self.control.take() {
            if let Some(Sign::Box(on)) = sign
                && on != tick.on
            {
                self.facts.ticks_differ += 1;
                tick.on = on;
            }
            line.inlines.push(Inline::Tick(tick));
            return;
        }
        match sign {
            Some(Sign::Box(on)) => {
                line.inlines.push(Inline::Tick(Tick { on, name: String::new() }))
            }
            Some(Sign::Character(c)) => push_text(line, c.to_string(), look(style)),
            None => {
                self.facts.unknown_symbols += 1;
                push_text(line, "•".into(), look(style));
            }
        }
    }

    fn note_mark(
        &mut self,
        kind: &'static str,
        reference: &Element,
        style: &RunStyle,
        line: &mut Line,
    ) {
        let Some(id) = reference.attribute("id") else { return };
        self.note_count += 1;
        let label = format!("[{}]", self.note_count);
        // Set apart, so that the mark does not become part of a number.
        push_text(line, format!(" {label}"), look(style));
        self.waiting.push((label, kind, id.to_owned()));
    }

    fn field_mark(&mut self, mark: &Element, style: &RunStyle, line: &mut Line) {
        /// Fields in fields; Word's own templates nest four deep.
        const DEEPEST: usize = 64;
        match mark.attribute("fldCharType") {
            Some("begin") => {
                if let Some(data) = mark.child("ffData")
                    && self.fields.iter().all(|field| field.has_result)
                {
                    line.inlines.extend(form_field(data, look(style)));
                }
                if self.fields.len() < DEEPEST {
                    self.fields.push(Field { instruction: String::new(), has_result: false });
                }
            }
            Some("separate") => {
                if let Some(field) = self.fields.last_mut() {
                    field.has_result = true;
                }
            }
            Some("end") => {
                let Some(field) = self.fields.pop() else { return };
                if !field.has_result
                    && self.fields.iter().all(|field| field.has_result)
                    && let Some((font, code)) = symbol_instruction(&field.instruction)
                {
                    self.symbol(&font, code, style, line);
                }
            }
            _ => {}
        }
    }

    /// Of alternatives the first whose content can be shown.
    fn choice<'e>(&self, alternatives: &'e Element) -> Option<&'e Element> {
        let shown = |element: &Element| {
            matches!(&*element.name, "t" | "sym" | "txbxContent" | "tbl")
                || picture_id(element)
                    .and_then(|id| self.relations.target(id))
                    .is_some_and(super::media::is_read)
        };
        let wanted = |name: &'static str| move |e: &&Element| *e.name == *name;
        let mut choices = alternatives.elements().filter(wanted("Choice"));
        let fallback = alternatives.elements().find(wanted("Fallback"));
        let first = alternatives.elements().find(wanted("Choice"));
        choices
            .find(|choice| choice.any(&shown))
            .or_else(|| fallback.filter(|fallback| fallback.any(&shown)))
            .or(first)
            .or(fallback)
    }

    /// A drawing: its pictures stand in the line, its text boxes below.
    fn drawing(
        &mut self,
        element: &Element,
        shown: &mut Shown,
        line: &mut Line,
    ) -> Result<(), Unreadable> {
        for child in element.elements() {
            match &*child.name {
                "extent" | "ext" => shown.measure(child),
                "txbxContent" | "txBody" => {
                    let mut blocks = Vec::new();
                    let carried = std::mem::take(&mut self.carried);
                    self.blocks(child, &mut blocks)?;
                    self.flush_carried(&mut blocks);
                    self.carried = carried;
                    if blocks.iter().any(shows_something) {
                        line.boxes.push(Block::Framed(blocks));
                    }
                }
                "chart" | "relIds" | "control" => self.facts.not_shown += 1,
                "AlternateContent" => {
                    if let Some(choice) = self.choice(child) {
                        self.drawing(choice, shown, line)?;
                    }
                }
                // The size stands behind the picture it is about.
                "pic" => {
                    let mut own = Shown::default();
                    if let Some(extent) = child.at(&["spPr", "xfrm", "ext"]) {
                        own.measure(extent);
                    }
                    let mut own =
                        if shown.inside_group || shown.size.is_none() { own } else { *shown };
                    self.drawing(child, &mut own, line)?;
                }
                "wgp" | "grpSp" | "group" => {
                    let mut group = Shown { inside_group: true, ..*shown };
                    self.drawing(child, &mut group, line)?;
                }
                "shape" | "rect" => {
                    let size = child.attribute("style").and_then(vml_size);
                    let mut own = Shown { size: size.or(shown.size), ..*shown };
                    self.drawing(child, &mut own, line)?;
                }
                _ => {
                    if let Some(id) = picture_id(child)
                        && let Some(part) = self.relations.target(id).map(str::to_owned)
                        && let Some(index) =
                            self.media.take(&part, &mut self.package, &mut self.facts)?
                    {
                        let (width, height) =
                            shown.size.unwrap_or_else(|| self.media.natural_size(index));
                        line.inlines.push(Inline::Picture { index, width, height });
                    }
                    self.drawing(child, shown, line)?;
                }
            }
        }
        Ok(())
    }

    fn table(&mut self, element: &Element) -> Result<Table, Unreadable> {
        let grid = element.child("tblGrid").into_iter().flat_map(Element::elements);
        let columns = grid
            .filter(|e| &*e.name == "gridCol")
            .take(MAX_SPAN as usize)
            .map(|column| column.number("w").unwrap_or(0).max(0) as f32 / TWIPS)
            .collect();
        let mut table = Table { columns, rows: Vec::new() };
        self.rows(element, &mut table)?;
        Ok(table)
    }

    /// Rows, also those inside content controls.
    fn rows(&mut self, parent: &Element, table: &mut Table) -> Result<(), Unreadable> {
        for child in parent.elements() {
            match &*child.name {
                "tr" => {
                    let properties = child.child("trPr");
                    let says = |name| properties.is_some_and(|p| p.child(name).is_some());
                    if says("del") {
                        self.facts.deletions += 1;
                        continue;
                    }
                    if properties.and_then(|p| p.switch("hidden")) == Some(true) {
                        self.facts.hidden += 1;
                        continue;
                    }
                    self.facts.insertions += u32::from(says("ins"));
                    let skipped = properties
                        .and_then(|p| p.child("gridBefore")?.number("val"))
                        .unwrap_or(0)
                        .clamp(0, MAX_SPAN);
                    let mut cells = Vec::new();
                    if skipped > 0 {
                        cells.push(Cell {
                            span: skipped as usize,
                            absent: true,
                            ..Cell::default()
                        });
                    }
                    self.cells(child, &mut cells)?;
                    if !cells.is_empty() {
                        table.rows.push(cells);
                    }
                }
                "AlternateContent" => {
                    if let Some(choice) = self.choice(child) {
                        self.rows(choice, table)?;
                    }
                }
                "del" | "moveFrom" => self.facts.deletions += 1,
                name if is_settings(name) || name == "tblGrid" => {}
                _ => self.rows(child, table)?,
            }
        }
        Ok(())
    }

    fn cells(&mut self, parent: &Element, cells: &mut Vec<Cell>) -> Result<(), Unreadable> {
        for child in parent.elements() {
            match &*child.name {
                "tc" if !self.take_block() => {}
                "tc" => {
                    let properties = child.child("tcPr");
                    if properties.is_some_and(|p| p.child("cellDel").is_some()) {
                        self.facts.deletions += 1;
                        continue;
                    }
                    let span = properties.and_then(|p| p.child("gridSpan")?.number("val"));
                    let merge = properties.and_then(|p| p.child("vMerge"));
                    let mut cell = Cell {
                        span: span.unwrap_or(1).clamp(1, MAX_SPAN) as usize,
                        continues: merge.is_some_and(|m| m.attribute("val") != Some("restart")),
                        ..Cell::default()
                    };
                    self.blocks(child, &mut cell.blocks)?;
                    self.flush_carried(&mut cell.blocks);
                    cells.push(cell);
                }
                "sdt" => {
                    let before = self.control.take();
                    self.control = control(child);
                    if let Some(content) = child.child("sdtContent") {
                        self.cells(content, cells)?;
                    }
                    self.control = before;
                }
                "del" | "moveFrom" => self.facts.deletions += 1,
                name if is_settings(name) => {}
                _ => self.cells(child, cells)?,
            }
        }
        Ok(())
    }
}

/// How large a picture is shown, as far as it is known on the way down.
#[derive(Clone, Copy, Debug, Default)]
struct Shown {
    size: Option<(f32, f32)>,
    inside_group: bool,
}

impl Shown {
    fn measure(&mut self, extent: &Element) {
        if let (Some(width), Some(height)) = (extent.number("cx"), extent.number("cy"))
            && width > 0
            && height > 0
        {
            self.size = Some((width as f32 / EMU, height as f32 / EMU));
        }
    }
}

/// The relation by which an element shows a picture.
fn picture_id(element: &Element) -> Option<&str> {
    match &*element.name {
        "blip" => element.attribute("embed"),
        "imagedata" => element.attribute("id"),
        _ => None,
    }
}

/// Width and height from a VML style, in points.
fn vml_size(style: &str) -> Option<(f32, f32)> {
    let length = |name: &str| {
        let value = style.split(';').find_map(|entry| {
            let (key, value) = entry.split_once(':')?;
            (key.trim() == name).then(|| value.trim())
        })?;
        let digits = value.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let scale = match &value[digits.len()..] {
            "in" => 72.0,
            "cm" => 28.35,
            "mm" => 2.835,
            "px" | "" => 0.75,
            _ => 1.0,
        };
        digits.parse::<f32>().ok().map(|v| v * scale).filter(|v| v.is_finite() && *v > 0.0)
    };
    Some((length("width")?, length("height")?))
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

/// What a legacy form field shows that is not in the text: a tick box, or the
/// chosen entry of a list.
fn form_field(data: &Element, look: Look) -> Option<Inline> {
    let name = data.value("name").unwrap_or_default().to_owned();
    if let Some(tick) = data.child("checkBox") {
        let on = tick.switch("checked").or_else(|| tick.switch("default")).unwrap_or(false);
        return Some(Inline::Tick(Tick { on, name }));
    }
    let list = data.child("ddList")?;
    let entries = list.elements().filter(|e| &*e.name == "listEntry");
    let chosen = list.child("result").or_else(|| list.child("default"));
    let chosen = chosen.and_then(|c| c.number("val")).and_then(|c| usize::try_from(c).ok());
    let text = entries.filter_map(|e| e.attribute("val")).nth(chosen.unwrap_or(0))?.to_owned();
    Some(Inline::Text { text, look })
}

/// Font and code of a SYMBOL field (ECMA 376, part 1, 17.16.5.64).
fn symbol_instruction(instruction: &str) -> Option<(String, u32)> {
    let rest = instruction.trim().strip_prefix("SYMBOL")?;
    let code = rest.split_whitespace().next()?;
    let code = match code.strip_prefix("0x") {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => code.parse().ok()?,
    };
    let font = rest.split_once("\\f").map(|(_, font)| font.trim()).unwrap_or("Symbol");
    let font = match font.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next()?,
        None => font.split_whitespace().next()?,
    };
    Some((font.to_owned(), code))
}

fn sign_or_box(font: &str, character: char) -> Option<Sign> {
    symbols::sign(font, character.into()).or_else(|| symbols::box_of(character).map(Sign::Box))
}

fn look(style: &RunStyle) -> Look {
    Look {
        size: style.size.unwrap_or(11.0).clamp(*SIZES.start(), *SIZES.end()),
        bold: style.bold.unwrap_or(false),
        underlined: style.underlined.unwrap_or(false),
        struck: style.struck.unwrap_or(false),
    }
}

fn plain(text: String) -> Inline {
    Inline::Text { text, look: Look::default() }
}

/// Adds text, to the piece before it where both look the same: Word cuts words
/// into many runs.
fn push_text(line: &mut Line, text: String, look: Look) {
    if text.is_empty() {
        return;
    }
    match line.inlines.last_mut() {
        Some(Inline::Text { text: before, look: same }) if *same == look => before.push_str(&text),
        _ => line.inlines.push(Inline::Text { text, look }),
    }
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
