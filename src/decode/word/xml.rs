//! One part of a package as a tree, bounded in size and depth.
//!
//! Names are kept without their prefix: writers choose their own (`w:p`,
//! `ns0:p`), and where two vocabularies share a name (`w:t`, `a:t`, `m:t`) it
//! means the same thing here. Entities other than XML's own five are never
//! looked up, so nothing can expand.

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

/// Elements of one part. A page of Word takes some 2,000, so this is 500 pages.
const MAX_ELEMENTS: usize = 1_000_000;
/// Word itself nests a text box in a table in a content control; that is 60.
const MAX_DEPTH: usize = 256;

/// An element with what it holds.
#[derive(Debug, Default)]
pub(super) struct Element {
    /// Without prefix.
    pub name: Box<str>,
    attributes: Vec<(Box<str>, Box<str>)>,
    pub children: Vec<Node>,
}

/// A child of an element.
#[derive(Debug)]
pub(super) enum Node {
    Element(Element),
    Text(String),
}

impl Element {
    /// Child elements in order.
    pub(super) fn elements(&self) -> impl Iterator<Item = &Self> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The first child of that name.
    pub(super) fn child(&self, name: &str) -> Option<&Self> {
        self.elements().find(|child| &*child.name == name)
    }

    /// Down a path of first children.
    pub(super) fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |element, name| element.child(name))
    }

    /// An attribute by its name without prefix.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| &**key == name).map(|(_, value)| &**value)
    }

    /// The `val` attribute of a child: how most of Word's settings are stored.
    pub(super) fn value(&self, child: &str) -> Option<&str> {
        self.child(child)?.attribute("val")
    }

    /// A setting that is on or off: on where it is named without a value.
    pub(super) fn switch(&self, child: &str) -> Option<bool> {
        let value = self.child(child)?.attribute("val");
        Some(!matches!(value, Some("0" | "false" | "off" | "none")))
    }

    /// A whole number in an attribute.
    pub(super) fn number(&self, name: &str) -> Option<i64> {
        let text = self.attribute(name)?.trim();
        // Some writers put fractions where the standard has whole numbers.
        text.parse::<i64>().ok().or_else(|| text.parse::<f64>().ok().map(|v| v as i64))
    }

    /// Its own text, joined.
    pub(super) fn text(&self) -> String {
        let own = self.children.iter().filter_map(|node| match node {
            Node::Text(text) => Some(text.as_str()),
            Node::Element(_) => None,
        });
        own.collect()
    }

    /// Whether an element within, at any depth, satisfies the test.
    pub(super) fn any(&self, test: &impl Fn(&Self) -> bool) -> bool {
        self.elements().any(|child| test(child) || child.any(test))
    }
}

/// A part as far as it could be parsed.
#[derive(Debug)]
pub(super) struct Parsed {
    pub root: Element,
    /// It breaks off, is malformed, or is larger than is read.
    pub broken: bool,
}

/// `None` if there is no element at all.
pub(super) fn parse(bytes: &[u8]) -> Option<Parsed> {
    let text = decode(bytes);
    let mut reader = Reader::from_str(&text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_dangling_amp = true;
    let mut open: Vec<Element> = vec![Element::default()];
    let mut elements = 0;
    let mut broken = false;
    loop {
        let event = match reader.read_event() {
            Ok(Event::Eof) => break,
            Ok(event) => event,
            Err(_) => {
                broken = true;
                break;
            }
        };
        match event {
            Event::Start(start) => {
                elements += 1;
                if open.len() > MAX_DEPTH || elements > MAX_ELEMENTS {
                    broken = true;
                    break;
                }
                open.push(element(&start));
            }
            Event::Empty(start) => {
                elements += 1;
                add(&mut open, Node::Element(element(&start)));
            }
            Event::End(_) if open.len() > 1 => close(&mut open),
            Event::Text(text) => add_text(&mut open, &text.xml10_content()),
            Event::CData(text) => add_text(&mut open, &text.xml10_content()),
            Event::GeneralRef(reference) => {
                let character = match reference.resolve_char_ref() {
                    Ok(Some(character)) => Some(character),
                    _ => predefined(&reference.xml10_content()),
                };
                if let Some(character) = character {
                    add_text(&mut open, character.encode_utf8(&mut [0; 4]));
                }
            }
            _ => {}
        }
    }
    broken |= open.len() > 1;
    while open.len() > 1 {
        close(&mut open);
    }
    let roots = open.pop()?.children;
    let root = roots.into_iter().find_map(|node| match node {
        Node::Element(element) => Some(element),
        Node::Text(_) => None,
    })?;
    Some(Parsed { root, broken })
}

/// UTF-8, or UTF-16 with its mark, which the standard allows too.
fn decode(bytes: &[u8]) -> String {
    let wide = |from: fn([u8; 2]) -> u16| {
        let units = bytes[2..].chunks_exact(2).map(|pair| from([pair[0], pair[1]]));
        char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    };
    match bytes {
        [0xFF, 0xFE, ..] => wide(u16::from_le_bytes),
        [0xFE, 0xFF, ..] => wide(u16::from_be_bytes),
        _ => {
            let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
            String::from_utf8_lossy(bytes).into_owned()
        }
    }
}

fn element(start: &BytesStart<'_>) -> Element {
    let attributes = start
        .attributes()
        .with_checks(false)
        .filter_map(Result::ok)
        .map(|attribute| (attribute.key.local_name().as_ref().to_owned(), attribute))
        // Revision marks of the editing session, on every run, of no use.
        .filter(|(key, _)| !key.starts_with("rsid"))
        .map(|(key, attribute)| {
            let value = attribute.normalized_value(XmlVersion::Implicit1_0);
            let value = value.unwrap_or_else(|_| attribute.value.clone());
            (key.into(), value.into())
        })
        .collect();
    let name = start.local_name().as_ref().to_owned();
    Element { name: name.into(), attributes, children: Vec::new() }
}

fn add(open: &mut [Element], node: Node) {
    if let Some(parent) = open.last_mut() {
        parent.children.push(node);
    }
}

fn add_text(open: &mut [Element], text: &str) {
    let Some(parent) = open.last_mut() else { return };
    match parent.children.last_mut() {
        Some(Node::Text(before)) => before.push_str(text),
        _ => parent.children.push(Node::Text(text.to_owned())),
    }
}

fn close(open: &mut Vec<Element>) {
    if let Some(done) = open.pop() {
        add(open, Node::Element(done));
    }
}

fn predefined(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_are_the_writers_own() {
        let parsed = parse(
            b"<ns0:p xmlns:ns0='x' ns0:val='a&amp;b'><ns0:b ns0:val=\"0\"/><i/>t&#233;</ns0:p>",
        );
        let root = parsed.unwrap().root;
        assert_eq!((&*root.name, root.attribute("val")), ("p", Some("a&b")));
        assert_eq!((root.switch("b"), root.switch("i")), (Some(false), Some(true)));
        assert_eq!(root.text(), "té");
    }

    #[test]
    fn what_stands_before_the_damage_is_kept() {
        let parsed = parse(b"<a><b>one</b><c>two").unwrap();
        assert!(parsed.broken);
        assert_eq!(parsed.root.child("c").unwrap().text(), "two");
        assert!(parse(b"no markup").is_none());
    }

    #[test]
    fn depth_is_bounded_and_entities_stay_shut() {
        let deep = "<a>".repeat(100_000);
        assert!(parse(deep.as_bytes()).unwrap().broken);
        let laughs = b"<!DOCTYPE a [<!ENTITY l 'ha'><!ENTITY m '&l;&l;'>]><a>x&m;&unknown;y</a>";
        assert_eq!(parse(laughs).unwrap().root.text(), "xy");
    }

    #[test]
    fn utf16_is_read() {
        let mut bytes = vec![0xFF, 0xFE];
        bytes.extend("<a>né</a>".encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(parse(&bytes).unwrap().root.text(), "né");
    }
}
