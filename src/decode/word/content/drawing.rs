//! Drawings: pictures and text boxes, in the new and in the old vocabulary.

use super::{Line, Reader, shows_something};
use crate::decode::Unreadable;
use crate::decode::word::media;
use crate::decode::word::model::{Block, Inline};
use crate::decode::word::xml::Element;

/// English metric units in a point (ECMA 376, part 1, 20.1.2.1).
const EMU: f32 = 12_700.0;

impl Reader {
    /// Of alternatives the first whose content can be shown.
    pub(super) fn choice<'e>(&self, alternatives: &'e Element) -> Option<&'e Element> {
        let shown = |element: &Element| {
            matches!(&*element.name, "t" | "sym" | "txbxContent" | "tbl")
                || picture_id(element)
                    .and_then(|id| self.relations.target(id))
                    .is_some_and(media::is_read)
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
    pub(super) fn drawing(
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
}

/// How large a picture is shown, as far as it is known on the way down.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Shown {
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
