//! What a reader remembers of the file that is open, so that no page of it is
//! read twice: the same form page in a packet put together from several faxes,
//! the same cover sheet sent thrice in one call.
//!
//! The key is the digest of the page as decoded: pixels, size, resolution,
//! form fields; not its number, nor what decoding it gave notes about, which
//! are made anew for each page. It is all forgotten when the next file is
//! opened: a file that takes over its reader can hand its own pages a false
//! reading, which it could anyway, and never a page of another file (promise
//! P7).

use std::collections::VecDeque;

use sha2::{Digest as _, Sha256};

use crate::decode::pages::{Dpi, FieldValue, FormField, Page, Raster, Sight};
use crate::recognize::recognized::RecognizedPage;
use crate::vocab::Sha256Digest;

/// Readings kept. A page of 1,000 words takes some 100 kB; pages that come
/// again in a packet are taken to come again within so many.
const MOST: usize = 64;

/// The newest readings, the last used in front.
#[derive(Default)]
pub(super) struct Memory {
    readings: VecDeque<(Sha256Digest, RecognizedPage)>,
}

impl Memory {
    /// The reading of a page that looked the same, as one of this page.
    pub(super) fn recall(&mut self, key: Sha256Digest, page: &Page) -> Option<RecognizedPage> {
        let place = self.readings.iter().position(|(known, _)| *known == key)?;
        let kept = self.readings.remove(place)?;
        let mut read = kept.1.clone();
        self.readings.push_front(kept);
        let of_reading = read.notes.into_iter().map(|mut note| {
            note.page = note.page.map(|_| page.number);
            note
        });
        read.number = page.number;
        read.notes = page.notes.iter().cloned().chain(of_reading).collect();
        Some(read)
    }

    /// Keeps a reading, unless another attempt at it could go better.
    pub(super) fn keep(&mut self, key: Sha256Digest, page: &Page, read: &RecognizedPage) {
        if !read.is_settled() {
            return;
        }
        let mut read = read.clone();
        read.notes.retain(|note| !page.notes.contains(note));
        self.readings.push_front((key, read));
        self.readings.truncate(MOST);
    }
}

/// What tells pages apart that are read from pixels alone; `None` for all
/// others: words of the file's own cost no more to read than to compare.
pub(super) fn key(page: &Page) -> Option<Sha256Digest> {
    // Each field is named, so that a new one is thought about.
    let Page { number: _, sight, text, hidden, pictures, boxes, fields, notes: _ } = page;
    let only_pixels =
        text.is_empty() && hidden.is_empty() && pictures.is_empty() && boxes.is_empty();
    let Sight::Pixels(Raster { pixels, bilevel, dpi: Dpi { x, y } }) = sight else {
        return None;
    };
    if !only_pixels {
        return None;
    }
    let mut hash = Sha256::new();
    hash.update(pixels.width().to_le_bytes());
    hash.update(pixels.height().to_le_bytes());
    hash.update(x.to_le_bytes());
    hash.update(y.to_le_bytes());
    hash.update([u8::from(*bilevel)]);
    hash.update(pixels.as_raw());
    for FormField { name, value, bbox } in fields {
        text_of(&mut hash, name.expose());
        match value {
            FieldValue::Text(text) => {
                hash.update([0]);
                text_of(&mut hash, text.expose());
            }
            FieldValue::Ticked(ticked) => hash.update([1, u8::from(*ticked)]),
        }
        for edge in [bbox.x0(), bbox.y0(), bbox.x1(), bbox.y1()] {
            hash.update(edge.to_le_bytes());
        }
    }
    Some(Sha256Digest::from_bytes(hash.finalize().into()))
}

/// With its length, so that no two lists of fields look the same.
fn text_of(hash: &mut Sha256, text: &str) {
    hash.update((text.len() as u64).to_le_bytes());
    hash.update(text);
}

#[cfg(test)]
mod tests {
    use image::{GrayImage, Luma};

    use super::*;
    use crate::recognize::recognized::note;
    use crate::vocab::{BBox, Note, PageNumber, Phi};

    fn number(page: u32) -> PageNumber {
        PageNumber::new(page).unwrap()
    }

    fn page(at: u32, dot: u32) -> Page {
        let mut pixels = GrayImage::from_pixel(100, 100, Luma([255]));
        pixels.put_pixel(dot, 0, Luma([0]));
        scanned(at, pixels, true, 98.0)
    }

    fn scanned(at: u32, pixels: GrayImage, bilevel: bool, y: f32) -> Page {
        let raster = Raster { pixels, bilevel, dpi: Dpi { x: 204.0, y } };
        Page::scan(number(at), raster, Vec::new())
    }

    fn field(name: &str, value: FieldValue) -> FormField {
        FormField { name: Phi::from(name), value, bbox: BBox::PAGE }
    }

    #[test]
    fn pages_that_differ_in_what_is_read_have_different_keys() {
        let mut seen = vec![key(&page(1, 0)).unwrap()];
        let mut add = |page: Page| {
            let key = key(&page).unwrap();
            assert!(!seen.contains(&key));
            seen.push(key);
        };
        add(page(1, 1));
        let pixels = || page(1, 0).raster().unwrap().pixels.clone();
        add(scanned(1, pixels(), true, 196.0));
        add(scanned(1, pixels(), false, 98.0));
        for (name, value) in [
            ("a", FieldValue::Ticked(true)),
            ("a", FieldValue::Ticked(false)),
            ("ab", FieldValue::Text("c".into())),
            ("a", FieldValue::Text("bc".into())),
        ] {
            let mut filled = page(1, 0);
            filled.fields.push(field(name, value));
            add(filled);
        }
        let same = Page { notes: vec![Note::page("page.test", number(7), "Torn.")], ..page(7, 0) };
        assert_eq!(key(&same), Some(seen[0]), "neither number nor notes are read");
    }

    #[test]
    fn a_reading_comes_back_as_one_of_the_page_asked_for() {
        let torn = |page| Note::page("page.torn", number(page), "Torn.");
        let blank = |page| Note::page("page.blank", number(page), "Nothing.");
        let first = Page { notes: vec![torn(1)], ..page(1, 0) };
        let mut read = RecognizedPage::unreadable(number(1), "page.blank", "Nothing.");
        read.notes.insert(0, torn(1));
        let mut memory = Memory::default();
        let key = key(&first).unwrap();
        memory.keep(key, &first, &read);
        let second = memory.recall(key, &page(2, 0)).unwrap();
        assert_eq!((second.number, second.notes), (number(2), vec![blank(2)]));
        let third = memory.recall(key, &Page { notes: vec![torn(3)], ..page(3, 0) }).unwrap();
        assert_eq!(third.notes, [torn(3), blank(3)]);
    }

    #[test]
    fn it_is_bounded_and_keeps_what_comes_again() {
        let mut memory = Memory::default();
        let keys: Vec<Sha256Digest> =
            (0..=MOST as u32).map(|dot| Sha256Digest::of(&dot.to_le_bytes())).collect();
        let read = RecognizedPage::unreadable(number(1), "page.test", "By hand.");
        for key in &keys[..MOST] {
            memory.keep(*key, &page(1, 0), &read);
        }
        assert!(memory.recall(keys[0], &page(2, 0)).is_some());
        memory.keep(keys[MOST], &page(1, 0), &read);
        assert!(memory.recall(keys[0], &page(2, 0)).is_some());
        assert!(memory.recall(keys[1], &page(2, 0)).is_none());
    }

    #[test]
    fn what_ran_out_of_time_is_tried_again() {
        let mut memory = Memory::default();
        let key = key(&page(1, 0)).unwrap();
        let late = RecognizedPage::unreadable(number(1), note::DEADLINE, "Too long.");
        memory.keep(key, &page(1, 0), &late);
        assert!(memory.recall(key, &page(2, 0)).is_none());
    }
}
