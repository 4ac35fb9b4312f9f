//! Bookmarks and page labels: where each page is to be found, by its kind and
//! by its number in the original.

use lopdf::{Dictionary, Document, Object, ObjectId, StringFormat, dictionary};

/// A page of the packet, for the reader's orientation.
#[derive(Clone, Debug)]
pub struct Signpost {
    /// The page.
    pub page: ObjectId,
    /// What the bookmark says; holds no patient data.
    pub title: String,
    /// The number in the original; `None` for our summary.
    pub number: Option<u32>,
}

/// A flat list of bookmarks; `None` when there is nothing to list.
pub fn bookmarks(document: &mut Document, signposts: &[Signpost]) -> Option<ObjectId> {
    let root = document.new_object_id();
    let ids: Vec<ObjectId> = signposts.iter().map(|_| document.new_object_id()).collect();
    for (index, signpost) in signposts.iter().enumerate() {
        let mut item = dictionary! {
            "Title" => text_string(&signpost.title),
            "Parent" => root,
            "Dest" => vec![signpost.page.into(), Object::Name(b"Fit".to_vec())],
        };
        if let Some(before) = index.checked_sub(1) {
            item.set("Prev", ids[before]);
        }
        if let Some(&next) = ids.get(index + 1) {
            item.set("Next", next);
        }
        document.set_object(ids[index], item);
    }
    let outline = dictionary! {
        "Type" => "Outlines",
        "First" => *ids.first()?,
        "Last" => *ids.last()?,
        "Count" => ids.len() as i64,
    };
    document.set_object(root, outline);
    Some(root)
}

/// Labels such that "go to page 3" leads to page 3 of the original.
pub fn labels(signposts: &[Signpost]) -> Dictionary {
    let mut numbers = Vec::new();
    let mut expected = None;
    for (index, signpost) in signposts.iter().enumerate() {
        let runs_on = index > 0 && signpost.number == expected;
        if !runs_on {
            numbers.push(Object::Integer(index as i64));
            numbers.push(range(signpost.number).into());
        }
        expected = signpost.number.map(|number| number + 1);
    }
    dictionary! { "Nums" => numbers }
}

fn range(number: Option<u32>) -> Dictionary {
    match number {
        Some(number) => dictionary! { "S" => "D", "St" => i64::from(number) },
        None => dictionary! { "P" => Object::string_literal("Summary") },
    }
}

/// Latin-1 as it is, everything else as UTF-16.
pub fn text_string(text: &str) -> Object {
    if text.is_ascii() {
        return Object::string_literal(text);
    }
    let units = text.encode_utf16().flat_map(u16::to_be_bytes);
    Object::String([0xFE, 0xFF].into_iter().chain(units).collect(), StringFormat::Hexadecimal)
}
