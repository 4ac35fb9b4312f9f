//! Tables for a terminal.

use std::fmt;

/// Rows under headings; columns are as wide as their widest cell.
#[derive(Debug)]
pub struct Table {
    headings: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// An empty table.
    pub fn new(headings: &[&str]) -> Self {
        Self { headings: headings.iter().map(|h| (*h).to_owned()).collect(), rows: Vec::new() }
    }

    /// Adds a row. A cell may hold several lines.
    pub fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    fn widths(&self) -> Vec<usize> {
        let mut widths: Vec<usize> = self.headings.iter().map(|h| h.chars().count()).collect();
        for (width, cell) in self.rows.iter().flat_map(|row| widths_of(row)) {
            if let Some(known) = widths.get_mut(width) {
                *known = (*known).max(cell);
            }
        }
        widths
    }
}

fn widths_of(row: &[String]) -> impl Iterator<Item = (usize, usize)> {
    row.iter()
        .enumerate()
        .map(|(column, cell)| (column, cell.lines().map(|l| l.chars().count()).max().unwrap_or(0)))
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widths = self.widths();
        let write_line = |f: &mut fmt::Formatter<'_>, cells: &[&str]| -> fmt::Result {
            let padded: Vec<String> =
                cells.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
            writeln!(f, "{}", padded.join("  ").trim_end())
        };
        let headings: Vec<&str> = self.headings.iter().map(String::as_str).collect();
        write_line(f, &headings)?;
        let rules: Vec<String> = widths.iter().map(|width| "─".repeat(*width)).collect();
        write_line(f, &rules.iter().map(String::as_str).collect::<Vec<_>>())?;
        for row in &self.rows {
            let height = row.iter().map(|cell| cell.lines().count()).max().unwrap_or(1).max(1);
            for line in 0..height {
                let cells: Vec<&str> =
                    row.iter().map(|cell| cell.lines().nth(line).unwrap_or("")).collect();
                write_line(f, &cells)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_of_several_lines_stay_in_their_column() {
        let mut table = Table::new(&["document", "why"]);
        table.row(vec!["D-1".into(), "one\ntwo".into()]);
        table.row(vec!["D-22222222".into(), "three".into()]);
        let lines: Vec<String> = table.to_string().lines().map(str::to_owned).collect();
        assert_eq!(lines[2], "D-1         one");
        assert_eq!(lines[3], "            two");
        assert_eq!(lines[4], "D-22222222  three");
    }
}
