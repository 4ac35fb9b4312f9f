//! Tables: rows and cells, also those inside content controls.

use super::{Reader, control, is_settings};
use crate::decode::Unreadable;
use crate::decode::word::model::{Cell, Table};
use crate::decode::word::styles::TWIPS;
use crate::decode::word::xml::Element;

/// Columns that a cell may span; Word's own limit is 63.
const MAX_SPAN: i64 = 63;

impl Reader {
    pub(super) fn table(&mut self, element: &Element) -> Result<Table, Unreadable> {
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
    pub(super) fn rows(&mut self, parent: &Element, table: &mut Table) -> Result<(), Unreadable> {
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

    pub(super) fn cells(
        &mut self,
        parent: &Element,
        cells: &mut Vec<Cell>,
    ) -> Result<(), Unreadable> {
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
