//! Numbers and bullets of lists, which Word stores apart from the text.

use std::collections::HashMap;

use super::model::{Inline, Look, Tick};
use super::symbols::{self, Sign};
use super::xml::Element;

/// Levels of a list (ECMA 376, part 1, 17.9.3).
const LEVELS: usize = 9;

/// All lists of a document, and how far each has been counted.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    lists: HashMap<String, List>,
    /// The list each number instance takes, and what it overrides.
    instances: HashMap<String, Instance>,
    /// By list: lists count on where another instance left off.
    counters: HashMap<String, [Option<u32>; LEVELS]>,
}

#[derive(Debug, Default)]
struct List {
    levels: [Option<Level>; LEVELS],
    /// It takes its levels from the list that has this name as its own.
    borrows: Option<String>,
    own_name: Option<String>,
}

#[derive(Debug)]
struct Instance {
    list: String,
    starts: [Option<u32>; LEVELS],
    levels: [Option<Level>; LEVELS],
    /// Its overriding starts have been applied.
    begun: bool,
}

#[derive(Clone, Debug)]
struct Level {
    start: u32,
    format: String,
    text: String,
    font: Option<String>,
    left: Option<f32>,
}

/// What stands in front of an item.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Label {
    pub shown: Option<Inline>,
    /// How far its paragraph is moved in, points.
    pub left: Option<f32>,
}

impl Numbering {
    /// Of `numbering.xml`.
    pub(super) fn of(root: &Element) -> Self {
        let mut numbering = Self::default();
        for element in root.elements() {
            match &*element.name {
                "abstractNum" => {
                    let Some(id) = element.attribute("abstractNumId") else { continue };
                    let list = List {
                        levels: levels(element),
                        borrows: element.value("numStyleLink").map(str::to_owned),
                        own_name: element.value("styleLink").map(str::to_owned),
                    };
                    numbering.lists.insert(id.to_owned(), list);
                }
                "num" => {
                    let (Some(id), Some(list)) =
                        (element.attribute("numId"), element.value("abstractNumId"))
                    else {
                        continue;
                    };
                    numbering.instances.insert(id.to_owned(), Instance::of(element, list));
                }
                _ => {}
            }
        }
        numbering
    }

    /// Counts one item and gives its label; `None` if there is no such list.
    pub(super) fn next(&mut self, number: &str, level: usize) -> Option<Label> {
        let level = level.min(LEVELS - 1);
        let list = self.list_of(number)?;
        let definitions: Vec<Option<Level>> =
            (0..LEVELS).map(|l| self.level(number, &list, l).cloned()).collect();
        let own = definitions[level].clone()?;
        let counters = self.counters.entry(list).or_default();
        if let Some(instance) = self.instances.get_mut(number)
            && !std::mem::replace(&mut instance.begun, true)
        {
            for (counter, start) in counters.iter_mut().zip(instance.starts) {
                if let Some(start) = start {
                    *counter = Some(start.saturating_sub(1));
                }
            }
        }
        let start = |l: usize| definitions[l].as_ref().map_or(1, |level| level.start);
        counters[level] = Some(match counters[level] {
            Some(count) => count.saturating_add(1),
            None => start(level),
        });
        counters[level + 1..].fill(None);
        let counts: Vec<u32> =
            (0..LEVELS).map(|l| counters[l].unwrap_or_else(|| start(l))).collect();
        Some(Label { shown: own.shown(&counts, &definitions), left: own.left })
    }

    fn list_of(&self, number: &str) -> Option<String> {
        let id = &self.instances.get(number)?.list;
        let list = self.lists.get(id)?;
        let Some(name) = &list.borrows else { return Some(id.clone()) };
        let mut lenders: Vec<&String> = self
            .lists
            .iter()
            .filter(|(_, list)| list.own_name.as_ref() == Some(name))
            .map(|(id, _)| id)
            .collect();
        lenders.sort_unstable();
        Some(lenders.first().map_or_else(|| id.clone(), |id| (*id).clone()))
    }

    fn level(&self, number: &str, list: &str, level: usize) -> Option<&Level> {
        let own = self.instances.get(number).and_then(|i| i.levels[level].as_ref());
        own.or_else(|| self.lists.get(list)?.levels[level].as_ref())
    }
}

impl Instance {
    fn of(element: &Element, list: &str) -> Self {
        let mut instance = Self {
            list: list.to_owned(),
            starts: [None; LEVELS],
            levels: Default::default(),
            begun: false,
        };
        for change in element.elements().filter(|e| &*e.name == "lvlOverride") {
            let Some(place) = place(change) else { continue };
            instance.starts[place] = change
                .child("startOverride")
                .and_then(|start| start.number("val"))
                .and_then(|start| u32::try_from(start).ok());
            instance.levels[place] = change.child("lvl").map(Level::of);
        }
        instance
    }
}

fn place(level: &Element) -> Option<usize> {
    level.number("ilvl").and_then(|l| usize::try_from(l).ok()).filter(|l| *l < LEVELS)
}

fn levels(list: &Element) -> [Option<Level>; LEVELS] {
    let mut levels: [Option<Level>; LEVELS] = Default::default();
    for level in list.elements().filter(|e| &*e.name == "lvl") {
        if let Some(place) = place(level) {
            levels[place] = Some(Level::of(level));
        }
    }
    levels
}

impl Level {
    fn of(level: &Element) -> Self {
        let start = level.child("start").and_then(|start| start.number("val"));
        let fonts = level.at(&["rPr", "rFonts"]);
        let indent = level.at(&["pPr", "ind"]);
        let left = indent.and_then(|i| i.number("left").or_else(|| i.number("start")));
        Self {
            start: start.and_then(|start| u32::try_from(start).ok()).unwrap_or(1),
            format: level.value("numFmt").unwrap_or("decimal").to_owned(),
            text: level.value("lvlText").unwrap_or_default().to_owned(),
            font: fonts.and_then(|f| f.attribute("ascii")).map(str::to_owned),
            left: left.map(|twips| twips as f32 / super::styles::TWIPS),
        }
    }

    fn shown(&self, counts: &[u32], definitions: &[Option<Self>]) -> Option<Inline> {
        let text = |text: String| Inline::Text { text, look: Look::default() };
        match self.format.as_str() {
            "none" => None,
            "bullet" => {
                let character = self.text.chars().next()?;
                let sign = self
                    .font
                    .as_deref()
                    .filter(|font| symbols::is_symbol_font(font))
                    .and_then(|font| symbols::sign(font, character.into()))
                    .or_else(|| symbols::box_of(character).map(Sign::Box));
                Some(match sign {
                    Some(Sign::Box(on)) => Inline::Tick(Tick { on, name: String::new() }),
                    Some(Sign::Character(c)) => text(c.to_string()),
                    // Of a symbol font that is not known: a bullet all the same.
                    None if matches!(character, '\u{E000}'..='\u{F8FF}') => text("•".into()),
                    None => text(self.text.clone()),
                })
            }
            _ => {
                let mut shown = String::new();
                let mut rest = self.text.chars().peekable();
                while let Some(character) = rest.next() {
                    let level =
                        rest.peek().and_then(|c| c.to_digit(10)).filter(|_| character == '%');
                    match level {
                        Some(level @ 1..=9) => {
                            rest.next();
                            let place = level as usize - 1;
                            let format =
                                definitions[place].as_ref().map_or("decimal", |l| &l.format);
                            shown.push_str(&written(counts[place], format));
                        }
                        _ => shown.push(character),
                    }
                }
                Some(shown).filter(|shown| !shown.trim().is_empty()).map(text)
            }
        }
    }
}

/// A count as this format writes it; in figures where the format is another
/// script's.
fn written(count: u32, format: &str) -> String {
    match format {
        "lowerLetter" => letters(count, b'a'),
        "upperLetter" => letters(count, b'A'),
        "lowerRoman" => roman(count).to_lowercase(),
        "upperRoman" => roman(count),
        "decimalZero" => format!("{count:02}"),
        "bullet" | "none" => String::new(),
        _ => count.to_string(),
    }
}

/// a to z, then aa, bb and so on.
fn letters(count: u32, first: u8) -> String {
    let Some(place) = count.checked_sub(1) else { return "0".into() };
    // Twenty rounds is far beyond any list; longer labels would be damage.
    let rounds = (place / 26 + 1).min(20);
    char::from(first + (place % 26) as u8).to_string().repeat(rounds as usize)
}

fn roman(count: u32) -> String {
    const NUMERALS: [(u32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if !(1..=3999).contains(&count) {
        return count.to_string();
    }
    let mut rest = count;
    let mut out = String::new();
    for (value, numeral) in NUMERALS {
        while rest >= value {
            out.push_str(numeral);
            rest -= value;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::word::xml;

    fn numbering() -> Numbering {
        let text = "<numbering><abstractNum abstractNumId='0'>\
            <lvl ilvl='0'><start val='1'/><numFmt val='decimal'/><lvlText val='%1.'/></lvl>\
            <lvl ilvl='1'><start val='1'/><numFmt val='lowerLetter'/><lvlText val='%1.%2)'/></lvl></abstractNum>\
            <abstractNum abstractNumId='1'><lvl ilvl='0'><numFmt val='bullet'/><lvlText val='\u{F0A8}'/>\
            <rPr><rFonts ascii='Wingdings'/></rPr></lvl></abstractNum>\
            <num numId='1'><abstractNumId val='0'/></num>\
            <num numId='2'><abstractNumId val='1'/></num>\
            <num numId='3'><abstractNumId val='0'/><lvlOverride ilvl='0'><startOverride val='7'/></lvlOverride></num></numbering>";
        Numbering::of(&xml::parse(text.as_bytes()).unwrap().root)
    }

    fn text(label: Option<Label>) -> String {
        match label.and_then(|label| label.shown) {
            Some(Inline::Text { text, .. }) => text,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn items_are_counted_by_level() {
        let mut numbering = numbering();
        let labels: Vec<String> =
            [("1", 0), ("1", 1), ("1", 1), ("1", 0), ("1", 1), ("3", 0), ("3", 0)]
                .into_iter()
                .map(|(number, level)| text(numbering.next(number, level)))
                .collect();
        assert_eq!(labels, ["1.", "1.a)", "1.b)", "2.", "2.a)", "7.", "8."]);
        assert_eq!(numbering.next("9", 0), None);
    }

    #[test]
    fn a_bullet_that_is_a_box_is_a_tick_box() {
        let label = numbering().next("2", 0).unwrap().shown;
        assert_eq!(label, Some(Inline::Tick(Tick { on: false, name: String::new() })));
    }

    #[test]
    fn formats() {
        assert_eq!((letters(27, b'a').as_str(), roman(1994).as_str()), ("aa", "MCMXCIV"));
        assert_eq!(written(3, "ordinal"), "3");
    }
}
