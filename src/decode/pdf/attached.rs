//! Files attached inside a PDF: by the document's list of names (a portfolio
//! has them there too), and by paper clips on its pages.

use std::collections::HashSet;

use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{Array, Dict, Name, Object, ObjectIdentifier, Stream};
use lopdf::dictionary;

use super::annotations;
use crate::decode::Limits;

/// Files that are taken; a case has a handful.
const MAX_FILES: usize = 50;
/// Nodes of the list of names that are gone through.
const MAX_NODES: usize = 1_000;
/// How much larger a file may be unpacked than packed: text shrinks to a
/// tenth, an empty scan to a hundredth.
const MAX_RATIO: u64 = 300;

/// What is attached.
#[derive(Default)]
pub(in crate::decode) struct Attached {
    /// The files' bytes, in the order of their names.
    pub files: Vec<Vec<u8>>,
    /// Files that are there and could not be taken out within the limits.
    pub unread: usize,
}

pub(super) fn attached(pdf: &Pdf, limits: &Limits) -> Attached {
    let mut found = Attached::default();
    let mut room = limits.max_bytes;
    let mut seen: HashSet<ObjectIdentifier> = HashSet::new();
    for stream in specifications(pdf).iter().filter_map(content) {
        if !seen.insert(stream.obj_id()) {
            continue;
        }
        let bytes = if found.files.len() < MAX_FILES { unpacked(&stream, room) } else { None };
        match bytes {
            Some(bytes) => {
                room -= bytes.len() as u64;
                found.files.push(bytes);
            }
            None => found.unread += 1,
        }
    }
    found
}

/// The descriptions of all attached files.
fn specifications<'a>(pdf: &'a Pdf) -> Vec<Dict<'a>> {
    let xref = pdf.xref();
    let mut found = Vec::new();
    let root = xref
        .get::<Dict<'a>>(xref.root_id())
        .and_then(|catalog| catalog.get::<Dict<'a>>("Names"))
        .and_then(|names| names.get::<Dict<'a>>("EmbeddedFiles"));
    let mut nodes: Vec<Dict<'a>> = root.into_iter().collect();
    let mut count = 0;
    while let Some(node) = nodes.pop() {
        count += 1;
        if count > MAX_NODES {
            break;
        }
        if let Some(pairs) = node.get::<Array<'a>>("Names") {
            found.extend(
                pairs.iter::<Object<'a>>().take(2 * MAX_NODES).filter_map(Object::into_dict),
            );
        }
        if let Some(kids) = node.get::<Array<'a>>("Kids") {
            let mut kids: Vec<Dict<'a>> = kids.iter::<Dict<'a>>().take(MAX_NODES).collect();
            kids.reverse();
            nodes.extend(kids);
        }
    }
    for page in pdf.pages().iter() {
        let clips = annotations::all(page).filter(|annotation| {
            annotation.get::<Name<'_>>("Subtype").is_some_and(|n| n.as_ref() == b"FileAttachment")
        });
        found.extend(clips.filter_map(|clip| clip.get::<Dict<'a>>("FS")));
    }
    found
}

/// Only what lies inside this file; a path to another is not followed.
fn content<'a>(specification: &Dict<'a>) -> Option<Stream<'a>> {
    let files = specification.get::<Dict<'a>>("EF")?;
    ["UF", "F"].iter().find_map(|key| files.get::<Stream<'a>>(*key))
}

/// `None` if it is packed in a way that is not read, or too large.
fn unpacked(stream: &Stream<'_>, room: u64) -> Option<Vec<u8>> {
    let raw = stream.raw_data();
    let most = room.min((raw.len() as u64).saturating_mul(MAX_RATIO).saturating_add(4096));
    let filter = match stream.dict().get::<Object<'_>>("Filter") {
        None => None,
        Some(Object::Name(name)) => Some(name),
        Some(Object::Array(names)) => {
            let mut names = names.iter::<Name<'_>>();
            let first = names.next();
            if names.next().is_some() {
                return None;
            }
            first
        }
        Some(_) => return None,
    };
    let Some(filter) = filter else {
        return (raw.len() as u64 <= most).then(|| raw.into_owned());
    };
    if !matches!(filter.as_ref(), b"FlateDecode" | b"Fl") {
        return None;
    }
    let packed = lopdf::Stream::new(dictionary! { "Filter" => "FlateDecode" }, raw.into_owned());
    packed.get_plain_content_with_limit(usize::try_from(most).ok()?).ok()
}
