//! What stands beside each other in a paragraph: runs, fields, changes, signs.

use super::drawing::Shown;
use super::{Field, Line, Reader, control, is_settings};
use crate::decode::Unreadable;
use crate::decode::word::model::{Inline, Look, Tick};
use crate::decode::word::styles::RunStyle;
use crate::decode::word::symbols::{self, Sign};
use crate::decode::word::xml::Element;

/// Sizes in which text is set, points: what is smaller cannot be read, what is
/// larger takes a page for a word.
const SIZES: std::ops::RangeInclusive<f32> = 7.0..=18.0;

impl Reader {
    pub(super) fn inlines(
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

    pub(super) fn run(
        &mut self,
        run: &Element,
        base: &RunStyle,
        line: &mut Line,
    ) -> Result<(), Unreadable> {
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

    pub(super) fn run_child(
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

    pub(super) fn text(&mut self, text: &str, style: &RunStyle, line: &mut Line) {
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

    pub(super) fn symbol(&mut self, font: &str, code: u32, style: &RunStyle, line: &mut Line) {
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

    pub(super) fn note_mark(
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

    pub(super) fn field_mark(&mut self, mark: &Element, style: &RunStyle, line: &mut Line) {
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
