//! The container: a ZIP of parts that refer to each other by relations (ECMA
//! 376, part 2).

use std::collections::HashMap;
use std::io::{Cursor, Read};
use std::sync::Arc;

use zip::ZipArchive;

use super::KIND;
use super::xml::{self, Parsed};
use crate::decode::{Limits, Unreadable};

/// Parts of a package. A long report with a picture on each page has some
/// hundreds.
const MAX_PARTS: usize = 10_000;

/// An opened container.
pub(super) struct Package {
    archive: ZipArchive<Cursor<Arc<[u8]>>>,
    /// Index of each part by its name, lower case: names are compared so, and
    /// some writers use backslashes.
    parts: HashMap<String, usize>,
    /// Bytes that may still be unpacked. Held over all parts, so that neither
    /// one bomb nor many small ones get through.
    left: u64,
    limit: u64,
    /// A part was damaged, and what could be had of it was taken.
    pub damaged: bool,
}

impl Package {
    pub(super) fn open(bytes: Arc<[u8]>, limits: &Limits) -> Result<Self, Unreadable> {
        // The directory stands at the end; an upload that broke off has none.
        let whole = has_directory_end(&bytes);
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| {
            if whole {
                Unreadable::Damaged { kind: KIND, what: "its parts cannot be found" }
            } else {
                Unreadable::Truncated
            }
        })?;
        if archive.len() > MAX_PARTS {
            return Err(Unreadable::Damaged { kind: KIND, what: "it holds too many parts" });
        }
        let parts = archive
            .file_names_raw()
            .enumerate()
            .map(|(index, name)| (normal(&String::from_utf8_lossy(name)), index))
            .collect();
        let limit = limits.max_unpacked_bytes;
        Ok(Self { archive, parts, left: limit, limit, damaged: false })
    }

    pub(super) fn has(&self, path: &str) -> bool {
        self.parts.contains_key(&normal(path))
    }

    /// Names of all parts, lower case.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.parts.keys().map(String::as_str)
    }

    /// The bytes of a part; `None` if there is none of that name, or nothing of
    /// it can be unpacked.
    pub(super) fn part(&mut self, path: &str) -> Result<Option<Vec<u8>>, Unreadable> {
        let Some(index) = self.parts.get(&normal(path)) else { return Ok(None) };
        let Ok(file) = self.archive.by_index(*index) else {
            self.damaged = true;
            return Ok(None);
        };
        let mut bytes = Vec::new();
        // On damage, what was unpacked before it stays.
        let outcome = file.take(self.left + 1).read_to_end(&mut bytes);
        self.damaged |= outcome.is_err();
        let Some(left) = self.left.checked_sub(bytes.len() as u64) else {
            return Err(Unreadable::TooMuchUnpacked { limit: self.limit });
        };
        self.left = left;
        Ok(Some(bytes).filter(|bytes| !bytes.is_empty()))
    }

    /// A part as a tree.
    pub(super) fn tree(&mut self, path: &str) -> Result<Option<Parsed>, Unreadable> {
        let parsed = self.part(path)?.and_then(|bytes| xml::parse(&bytes));
        self.damaged |= parsed.as_ref().is_some_and(|parsed| parsed.broken);
        Ok(parsed)
    }

    /// Where the parts that `path` names by relation are.
    pub(super) fn relations(&mut self, path: &str) -> Result<Relations, Unreadable> {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let slash = if folder.is_empty() { "" } else { "/" };
        let file = format!("{folder}{slash}_rels/{name}.rels");
        let mut relations = Relations::default();
        if let Some(parsed) = self.tree(&file)? {
            for relation in parsed.root.elements() {
                let (Some(id), Some(target)) =
                    (relation.attribute("Id"), relation.attribute("Target"))
                else {
                    continue;
                };
                // Nothing outside the file is ever fetched.
                if relation.attribute("TargetMode") == Some("External") {
                    continue;
                }
                let kind = relation.attribute("Type").unwrap_or_default();
                let kind = kind.rsplit('/').next().unwrap_or_default();
                relations.0.insert(id.to_owned(), (kind.to_owned(), resolve(folder, target)));
            }
        }
        Ok(relations)
    }
}

/// The relations of one part.
#[derive(Debug, Default)]
pub(super) struct Relations(HashMap<String, (String, String)>);

impl Relations {
    /// The part that goes by this id.
    pub(super) fn target(&self, id: &str) -> Option<&str> {
        self.0.get(id).map(|(_, target)| target.as_str())
    }

    /// The part of this kind: the last word of the relation's type.
    pub(super) fn of_kind(&self, kind: &str) -> Option<&str> {
        let mut targets: Vec<&str> =
            self.0.values().filter(|(k, _)| k == kind).map(|(_, target)| target.as_str()).collect();
        targets.sort_unstable();
        targets.first().copied()
    }
}

fn normal(path: &str) -> String {
    path.replace('\\', "/").trim_start_matches('/').to_ascii_lowercase()
}

/// A target relative to the folder of the part that names it.
fn resolve(folder: &str, target: &str) -> String {
    let start = if target.starts_with('/') { "" } else { folder };
    let mut steps: Vec<&str> = start.split('/').filter(|step| !step.is_empty()).collect();
    for step in target.split(['/', '\\']) {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop();
            }
            step => steps.push(step),
        }
    }
    steps.join("/")
}

fn has_directory_end(bytes: &[u8]) -> bool {
    /// The record and the longest comment that may follow it.
    const WITHIN: usize = 22 + 65_535;
    bytes[bytes.len().saturating_sub(WITHIN)..].windows(4).any(|w| w == b"PK\x05\x06")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_relative_to_the_folder_of_the_part() {
        assert_eq!(resolve("word", "media/a.png"), "word/media/a.png");
        assert_eq!(resolve("word", "/word/header1.xml"), "word/header1.xml");
        assert_eq!(resolve("word/charts", "../media/../../../x.xml"), "x.xml");
    }
}
