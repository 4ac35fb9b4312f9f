//! Styles: what a paragraph or run looks like that does not say so itself.

use std::collections::HashMap;

use super::model::{Align, TabStop};
use super::xml::Element;

/// Word's measure of length: a twentieth of a point.
pub(super) const TWIPS: f32 = 20.0;
/// How far styles are followed; Word's own chains are five long, a ring has no
/// end.
const MAX_CHAIN: usize = 16;
/// Tab stops of one paragraph.
const MAX_TABS: usize = 64;

/// What run properties say; `None` where they are silent.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct RunStyle {
    pub size: Option<f32>,
    pub bold: Option<bool>,
    pub underlined: Option<bool>,
    pub struck: Option<bool>,
    pub capitals: Option<bool>,
    pub hidden: Option<bool>,
    pub font: Option<String>,
}

impl RunStyle {
    /// Of a `w:rPr`, without the style it names.
    pub(super) fn of(properties: &Element) -> Self {
        let half_points = properties.child("sz").and_then(|size| size.number("val"));
        let font = properties.child("rFonts");
        let struck = properties.switch("strike").or_else(|| properties.switch("dstrike"));
        Self {
            size: half_points.map(|half| (half as f32 / 2.0).clamp(1.0, 200.0)),
            bold: properties.switch("b"),
            underlined: properties.switch("u"),
            struck,
            capitals: properties.switch("caps").or_else(|| properties.switch("smallCaps")),
            hidden: properties.switch("vanish"),
            font: font
                .and_then(|font| font.attribute("ascii").or_else(|| font.attribute("hAnsi")))
                .map(str::to_owned),
        }
    }

    /// `self` where it says something, else `below`.
    pub(super) fn over(self, below: &Self) -> Self {
        Self {
            size: self.size.or(below.size),
            bold: self.bold.or(below.bold),
            underlined: self.underlined.or(below.underlined),
            struck: self.struck.or(below.struck),
            capitals: self.capitals.or(below.capitals),
            hidden: self.hidden.or(below.hidden),
            font: self.font.or_else(|| below.font.clone()),
        }
    }
}

/// What paragraph properties say; `None` where they are silent.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct ParagraphStyle {
    pub left: Option<f32>,
    pub align: Option<Align>,
    pub tabs: Vec<TabStop>,
    pub number: Option<String>,
    pub level: Option<usize>,
    pub page_break_before: Option<bool>,
}

impl ParagraphStyle {
    /// Of a `w:pPr`, without the style it names.
    pub(super) fn of(properties: &Element) -> Self {
        let indent = properties.child("ind");
        let left = indent.and_then(|i| i.number("left").or_else(|| i.number("start")));
        let number = properties.child("numPr");
        let stops = properties.child("tabs").into_iter().flat_map(Element::elements);
        Self {
            left: left.map(|twips| twips as f32 / TWIPS),
            align: properties.value("jc").map(align),
            tabs: stops.filter_map(tab_stop).take(MAX_TABS).collect(),
            number: number.and_then(|n| n.value("numId")).map(str::to_owned),
            level: number
                .and_then(|n| n.child("ilvl")?.number("val"))
                .and_then(|level| usize::try_from(level).ok()),
            page_break_before: properties.switch("pageBreakBefore"),
        }
    }

    /// `self` where it says something, else `below`.
    pub(super) fn over(self, below: &Self) -> Self {
        Self {
            left: self.left.or(below.left),
            align: self.align.or(below.align),
            tabs: if self.tabs.is_empty() { below.tabs.clone() } else { self.tabs },
            number: self.number.or_else(|| below.number.clone()),
            level: self.level.or(below.level),
            page_break_before: self.page_break_before.or(below.page_break_before),
        }
    }
}

fn align(value: &str) -> Align {
    match value {
        "center" => Align::Centre,
        "right" | "end" => Align::Right,
        _ => Align::Left,
    }
}

fn tab_stop(stop: &Element) -> Option<TabStop> {
    let align = match stop.attribute("val")? {
        "clear" | "bar" => return None,
        "center" => Align::Centre,
        "right" | "end" | "decimal" => Align::Right,
        _ => Align::Left,
    };
    Some(TabStop { at: stop.number("pos")? as f32 / TWIPS, align })
}

/// All styles of a document.
#[derive(Debug, Default)]
pub(super) struct Styles {
    by_id: HashMap<String, Style>,
    default_paragraph: Option<String>,
    run_default: RunStyle,
}

#[derive(Debug, Default)]
struct Style {
    based_on: Option<String>,
    run: RunStyle,
    paragraph: ParagraphStyle,
}

impl Styles {
    /// Of `styles.xml`.
    pub(super) fn of(root: &Element) -> Self {
        let run_default = root.at(&["docDefaults", "rPrDefault", "rPr"]);
        let mut styles = Self {
            run_default: run_default.map(RunStyle::of).unwrap_or_default(),
            ..Self::default()
        };
        for style in root.elements().filter(|element| &*element.name == "style") {
            let Some(id) = style.attribute("styleId") else { continue };
            let is_default = matches!(style.attribute("default"), Some("1" | "true" | "on"));
            if is_default && style.attribute("type") == Some("paragraph") {
                styles.default_paragraph = Some(id.to_owned());
            }
            let read = Style {
                based_on: style.value("basedOn").map(str::to_owned),
                run: style.child("rPr").map(RunStyle::of).unwrap_or_default(),
                paragraph: style.child("pPr").map(ParagraphStyle::of).unwrap_or_default(),
            };
            styles.by_id.insert(id.to_owned(), read);
        }
        styles
    }

    fn chain<'s>(&'s self, id: Option<&'s str>) -> impl Iterator<Item = &'s Style> {
        std::iter::successors(id.and_then(|id| self.by_id.get(id)), |style| {
            self.by_id.get(style.based_on.as_deref()?)
        })
        .take(MAX_CHAIN)
    }

    /// What paragraphs of this style look like; `None` for the default style.
    pub(super) fn paragraph(&self, id: Option<&str>) -> ParagraphStyle {
        self.chain(id.or(self.default_paragraph.as_deref()))
            .fold(ParagraphStyle::default(), |all, style| all.over(&style.paragraph))
    }

    /// What runs in paragraphs of this style look like.
    pub(super) fn run_in(&self, paragraph: Option<&str>) -> RunStyle {
        self.chain(paragraph.or(self.default_paragraph.as_deref()))
            .fold(RunStyle::default(), |all, style| all.over(&style.run))
            .over(&self.run_default)
    }

    /// What a character style adds.
    pub(super) fn run(&self, id: &str) -> RunStyle {
        self.chain(Some(id)).fold(RunStyle::default(), |all, style| all.over(&style.run))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::word::xml;

    #[test]
    fn styles_inherit_and_rings_end() {
        let text = "<styles><docDefaults><rPrDefault><rPr><sz val='20'/></rPr></rPrDefault></docDefaults>\
            <style type='paragraph' default='1' styleId='N'><rPr><b/></rPr></style>\
            <style styleId='A'><basedOn val='B'/><rPr><b val='0'/></rPr></style>\
            <style styleId='B'><basedOn val='A'/><rPr><vanish/></rPr><pPr><ind left='720'/></pPr></style></styles>";
        let styles = Styles::of(&xml::parse(text.as_bytes()).unwrap().root);
        let run = styles.run_in(Some("A"));
        assert_eq!((run.bold, run.hidden, run.size), (Some(false), Some(true), Some(10.0)));
        assert_eq!(styles.run_in(None).bold, Some(true));
        assert_eq!(styles.paragraph(Some("A")).left, Some(36.0));
    }
}
