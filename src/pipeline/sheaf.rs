//! Pages that are judged together: a document's own, those of all files of an
//! upload, or one patient's out of several.
//!
//! They are counted from 1 in their own order, and each remembers the file it
//! lies in, so that it can be looked at again and its evidence told in the
//! numbers of its document.

use crate::decide::disposition::{Disposition, Reason};
use crate::recognize::recognized::{Recognized, RecognizedPage};
use crate::vocab::{Evidence, PageNumber, Sha256Digest};

/// The pages, and where each comes from.
#[derive(Clone, Debug, Default)]
pub struct Sheaf {
    pages: Recognized,
    leaves: Vec<Leaf>,
}

/// Where a page comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// The document, by its place among those put together.
    pub document: usize,
    /// Its file.
    pub file: Sha256Digest,
    /// The page in that file.
    pub number: PageNumber,
}

impl Sheaf {
    /// One document.
    pub fn of(file: Sha256Digest, pages: Recognized) -> Self {
        Self::bound([(file, pages)])
    }

    /// Documents one after the other, each with its file.
    pub fn bound(documents: impl IntoIterator<Item = (Sha256Digest, Recognized)>) -> Self {
        let mut sheaf = Self::default();
        for (document, (file, recognized)) in documents.into_iter().enumerate() {
            for page in recognized.pages {
                let number = page.number;
                sheaf.add(page, Leaf { document, file, number });
            }
        }
        sheaf
    }

    /// Some of the pages, counted anew.
    pub fn only(&self, pages: &[PageNumber]) -> Self {
        let mut sheaf = Self::default();
        for number in pages {
            let at = number.index();
            if let (Some(page), Some(leaf)) = (self.pages.pages.get(at), self.leaves.get(at)) {
                sheaf.add(page.clone(), *leaf);
            }
        }
        sheaf
    }

    /// The pages of one of the documents.
    pub fn of_document(&self, document: usize) -> Self {
        self.only(&self.pages_of(document))
    }

    fn add(&mut self, page: RecognizedPage, leaf: Leaf) {
        self.pages.pages.push(page.counted_as(PageNumber::from_index(self.leaves.len())));
        self.leaves.push(leaf);
    }

    /// As they are judged.
    pub fn pages(&self) -> &Recognized {
        &self.pages
    }

    /// The same, to be kept.
    pub fn into_pages(self) -> Recognized {
        self.pages
    }

    /// Where a page comes from.
    pub fn leaf(&self, page: PageNumber) -> Option<Leaf> {
        self.leaves.get(page.index()).copied()
    }

    /// Where each page comes from, in order.
    pub fn leaves(&self) -> &[Leaf] {
        &self.leaves
    }

    /// The pages of one document, in the sheaf's numbers.
    pub fn pages_of(&self, document: usize) -> Vec<PageNumber> {
        let places = self.leaves.iter().enumerate();
        let own = places.filter(|(_, leaf)| leaf.document == document);
        own.map(|(at, _)| PageNumber::from_index(at)).collect()
    }

    /// A decision about all pages as one of the documents tells it: with the
    /// evidence that lies in it, in the numbers of its own pages.
    pub fn told_of(&self, disposition: &Disposition, document: usize) -> Disposition {
        let own = self.pages_of(document);
        let place = |page| own.iter().position(|one| *one == page).map(PageNumber::from_index);
        let evidence = |evidence: &Evidence| match evidence.page {
            None => Some(evidence.clone()),
            Some(page) => Some(Evidence { page: Some(place(page)?), ..evidence.clone() }),
        };
        let reason = |reason: &Reason| Reason {
            evidence: reason.evidence.iter().filter_map(evidence).collect(),
            ..reason.clone()
        };
        Disposition {
            reasons: disposition.reasons.iter().map(reason).collect(),
            ..disposition.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocab::{BBox, Confidence, EvidenceSource};

    fn number(number: u32) -> PageNumber {
        PageNumber::new(number).unwrap()
    }

    fn pages(count: u32) -> Recognized {
        let page = |n| RecognizedPage::unreadable(number(n), "page.test", "made by hand");
        Recognized { pages: (1..=count).map(page).collect() }
    }

    fn sheaf() -> Sheaf {
        let file = |name: &[u8]| Sha256Digest::of(name);
        Sheaf::bound([(file(b"one"), pages(2)), (file(b"two"), pages(3))])
    }

    #[test]
    fn pages_are_counted_on_and_remember_their_file() {
        let sheaf = sheaf();
        let numbers: Vec<u32> = sheaf.pages().pages.iter().map(|page| page.number.get()).collect();
        assert_eq!(numbers, [1, 2, 3, 4, 5]);
        assert!(sheaf.pages().pages.iter().all(|page| page.notes[0].page == Some(page.number)));
        let leaf = sheaf.leaf(number(4)).unwrap();
        assert_eq!((leaf.document, leaf.number), (1, number(2)));
        let some = sheaf.only(&[number(2), number(5)]);
        assert_eq!(some.pages().pages[1].number, number(2));
        assert_eq!(some.leaf(number(2)).unwrap().number, number(3));
    }

    #[test]
    fn evidence_is_told_in_the_numbers_of_its_document() {
        let on = |page: u32| {
            let (confidence, source) = (Confidence::FULL, EvidenceSource::Ocr);
            Evidence::on_page(number(page), BBox::PAGE, "", confidence, source)
        };
        let evidence = vec![on(1), on(4), Evidence::metadata("a note")];
        let programs = crate::program::Programs::parse([(
            "test.toml".to_owned(),
            include_str!("../../models/programs/care_coord.toml").to_owned(),
        )]);
        let codes = include_str!("../../models/codes/hcpcs.toml");
        let codes = crate::vocab::codes::CodeTable::parse(codes).unwrap();
        let unopened = crate::decide::Input::Unopened { code: "test", message: "made by hand" };
        let mut disposition = crate::decide::decide(&unopened, &programs.unwrap(), &codes);
        disposition.reasons =
            vec![Reason { code: "test".into(), message: String::new(), evidence }];
        let told = |document| -> Vec<Option<u32>> {
            let told = sheaf().told_of(&disposition, document);
            told.reasons[0].evidence.iter().map(|one| one.page.map(PageNumber::get)).collect()
        };
        assert_eq!(told(0), [Some(1), None]);
        assert_eq!(told(1), [Some(2), None]);
    }
}
