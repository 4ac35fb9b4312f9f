//! Files that viewers repair and the reader does not: a catalog that does not
//! say it is one, a page tree without a root, a crop box that shows nothing.
//!
//! What is mended is the bytes, so that everything after sees one file. An
//! encrypted file is left alone: its objects cannot be told apart.

use std::collections::BTreeSet;

use hayro::hayro_syntax::page::Page;

/// Objects that are looked at; more is not a document.
const MAX_OBJECTS: usize = 200_000;
/// Bytes of an object that are searched for its keys.
const HEAD: usize = 4_096;

/// The file with a new catalog and, if need be, a new page tree at its end;
/// `None` if no page can be found in it.
pub(super) fn with_new_root(bytes: &[u8]) -> Option<Vec<u8>> {
    if find(bytes, b"/Encrypt", 0).is_some() {
        return None;
    }
    let objects = objects(bytes);
    let last = objects.iter().map(|object| object.number).max()?;
    // A form's fields have kids too.
    let is_tree =
        |object: &&Head<'_>| object.has(b"/Kids") && !object.has(b"/Parent") && !object.has(b"/FT");
    let mut end = Vec::new();
    let tree = match objects.iter().rev().find(is_tree) {
        Some(tree) => tree.number,
        None => {
            let leaves: BTreeSet<u32> = objects
                .iter()
                .filter(|object| {
                    object.has(b"/Contents")
                        && (object.has(b"/MediaBox") || object.has(b"/Resources"))
                })
                .map(|object| object.number)
                .collect();
            if leaves.is_empty() {
                return None;
            }
            let kids: Vec<String> = leaves.iter().map(|leaf| format!("{leaf} 0 R")).collect();
            end.push(format!(
                "{} 0 obj\n<< /Type /Pages /Count {} /Kids [{}] >>\nendobj\n",
                last + 2,
                kids.len(),
                kids.join(" ")
            ));
            last + 2
        }
    };
    end.push(format!("{} 0 obj\n<< /Type /Catalog /Pages {tree} 0 R >>\nendobj\n", last + 1));
    end.push(format!("trailer\n<< /Size {} /Root {} 0 R >>\n", last + 3, last + 1));
    let mut mended = without_trailers(bytes);
    mended.push(b'\n');
    mended.extend(end.concat().bytes());
    Some(mended)
}

/// Old trailers would name the broken root; blotted out, byte by byte, so
/// that nothing moves.
fn without_trailers(bytes: &[u8]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for word in [b"startxref".as_slice(), b"/Root", b"%%EOF"] {
        let mut at = 0;
        while let Some(found) = find(&out, word, at) {
            let last = found + word.len() - 1;
            out[last] = b'_';
            at = last;
        }
    }
    out
}

/// The file without the crop boxes that leave nothing of their pages, or
/// `None` if there are none. The name is misspelt, so that nothing moves.
pub(super) fn without_empty_crops(bytes: &[u8], pages: &[Page<'_>]) -> Option<Vec<u8>> {
    let empty: Vec<[f64; 4]> = pages
        .iter()
        .filter(|page| {
            let shown = page.intersected_crop_box();
            shown.width() < 1.0 || shown.height() < 1.0
        })
        .map(|page| page.crop_box())
        .map(|crop| [crop.x0, crop.y0, crop.x1, crop.y1])
        .collect();
    if empty.is_empty() {
        return None;
    }
    const NAME: &[u8] = b"/CropBox";
    let mut out = bytes.to_vec();
    let mut at = 0;
    let mut changed = false;
    while let Some(found) = find(&out, NAME, at) {
        at = found + NAME.len();
        let Some([a, b, c, d]) = numbers(&out[at..]) else { continue };
        let rect = [a.min(c), b.min(d), a.max(c), b.max(d)];
        let same = |other: &[f64; 4]| rect.iter().zip(other).all(|(x, y)| (x - y).abs() < 0.01);
        if empty.iter().any(same) {
            out[at - 1] = b'_';
            changed = true;
        }
    }
    changed.then_some(out)
}

/// Four numbers in brackets.
fn numbers(bytes: &[u8]) -> Option<[f64; 4]> {
    const MOST: usize = 200;
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(MOST)]);
    let inner = text.trim_start().strip_prefix('[')?.split(']').next()?;
    let numbers: Vec<f64> = inner.split_whitespace().map_while(|n| n.parse().ok()).collect();
    numbers.try_into().ok()
}

struct Head<'b> {
    number: u32,
    head: &'b [u8],
}

impl Head<'_> {
    fn has(&self, key: &[u8]) -> bool {
        find(self.head, key, 0).is_some()
    }
}

fn objects(bytes: &[u8]) -> Vec<Head<'_>> {
    const MARK: &[u8] = b" obj";
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(mark) = find(bytes, MARK, at) {
        at = mark + MARK.len();
        if found.len() >= MAX_OBJECTS {
            break;
        }
        let Some(number) = number_before(&bytes[..mark]) else { continue };
        let rest = &bytes[at..bytes.len().min(at + HEAD)];
        let end =
            [b"endobj".as_slice(), b"stream"].iter().filter_map(|word| find(rest, word, 0)).min();
        found.push(Head { number, head: &rest[..end.unwrap_or(rest.len())] });
    }
    found
}

/// "12 0" at the end gives 12.
fn number_before(bytes: &[u8]) -> Option<u32> {
    let tail = &bytes[bytes.len().saturating_sub(24)..];
    let digits = |from: &[u8]| from.iter().rev().take_while(|b| b.is_ascii_digit()).count();
    let generation = digits(tail);
    let rest = &tail[..tail.len() - generation];
    let rest = rest.strip_suffix(b" ").filter(|_| generation > 0)?;
    let number = &rest[rest.len() - digits(rest)..];
    let number: u32 = std::str::from_utf8(number).ok()?.parse().ok()?;
    // Higher numbers are no document's (PDF 1.7, annex C).
    (number < 8_388_607).then_some(number)
}

fn find(bytes: &[u8], word: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    let first = *word.first()?;
    let mut at = 0;
    while let Some(next) = rest[at..].iter().position(|b| *b == first) {
        at += next;
        if rest[at..].starts_with(word) {
            return Some(from + at);
        }
        at += 1;
    }
    None
}
