//! Whether the pages of several patients can be told apart without a person.
//!
//! They can where every one of them says on its own pages, surely and twice,
//! who he is, where the pages of each lie together and begin with a page that
//! says so, and where no page speaks of two. A page in the wrong patient's case
//! is worse than a look too many.

use serde::{Deserialize, Serialize};

use super::Document;
use super::facts::is_request_page;
use super::rows::is_unread;
use super::words::Words;
use crate::extract::findings::{Extracted, Field, Member, PageKind};
use crate::receive::received::Context;
use crate::recognize::recognized::{Recognized, RecognizedPage};
use crate::vocab::{Confidence, PageNumber};

/// What one patient's pages say, read without the others'.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Piece {
    /// In the whole document, in its order.
    pub pages: Vec<PageNumber>,
    /// Of these pages alone, counted from 1.
    pub extracted: Extracted,
}

/// What keeps pages from being told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doubt {
    /// A page that cannot be relied on may be anybody's.
    PageUnread,
    /// The pages of one patient lie among those of another.
    PagesMixed,
    /// Who one of them is, is not sure.
    PatientUnsure,
    /// Two of them differ in too little.
    PatientsAlike,
    /// The pages of one ask for nothing: a card of somebody else in the family.
    NothingAsked,
    /// Nothing says where the pages of one begin.
    NoBorder,
    /// A page speaks of two of them: one invoice for both.
    PageShared,
}

/// As sure as a value must be to be acted on without a clerk.
const SURE: f32 = 0.90;
/// Characters in which two ids must differ, so that none is a misreading of the
/// other: a digit of one page and a digit of the other, and one more.
const ID_APART: usize = 3;
/// The same for dates of birth.
const BIRTH_APART: usize = 2;
/// Share of letters in common below which two names are two.
const NAMES_APART: f64 = 0.6;
/// An id shorter than this may stand on a page by chance.
const LEAST_ID: usize = 7;

impl Doubt {
    /// For a reason's code.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::PageUnread => "split.page_unread",
            Self::PagesMixed => "split.pages_mixed",
            Self::PatientUnsure => "split.patient_unsure",
            Self::PatientsAlike => "split.patients_alike",
            Self::NothingAsked => "split.nothing_asked",
            Self::NoBorder => "split.no_border",
            Self::PageShared => "split.page_shared",
        }
    }

    /// For the clerk.
    pub(super) fn message(self) -> &'static str {
        match self {
            Self::PageUnread => "A page cannot be read, so nobody knows whose it is.",
            Self::PagesMixed => "The pages of one patient lie among those of another.",
            Self::PatientUnsure => "Who one of the patients is, is not sure.",
            Self::PatientsAlike => "Two of the patients differ in too little.",
            Self::NothingAsked => "The pages of one patient ask for nothing of their own.",
            Self::NoBorder => "No cover and no name says where the pages of one begin.",
            Self::PageShared => "One page speaks of two patients.",
        }
    }
}

/// The first doubt; none if the pages can be told apart.
pub(super) fn doubt(document: &Document) -> Option<Doubt> {
    let pieces = document.pieces;
    let pages = &document.recognized.pages;
    let covers_all = pieces.iter().map(|piece| piece.pages.len()).sum::<usize>() == pages.len();
    if pieces.len() < 2 || !covers_all {
        return Some(Doubt::PatientUnsure);
    }
    if pages.iter().any(is_unread) {
        return Some(Doubt::PageUnread);
    }
    if !pieces.iter().all(lies_together) {
        return Some(Doubt::PagesMixed);
    }
    if !pieces.iter().all(is_known) {
        return Some(Doubt::PatientUnsure);
    }
    if pairs(pieces).any(|(one, other)| !are_two(member(one), member(other))) {
        return Some(Doubt::PatientsAlike);
    }
    let asks = |piece: &Piece| piece.extracted.page_kinds.iter().any(|kind| is_request_page(*kind));
    if !pieces.iter().all(asks) {
        return Some(Doubt::NothingAsked);
    }
    if !pieces.iter().skip(1).all(|piece| begins(document, piece)) {
        return Some(Doubt::NoBorder);
    }
    let shared = pairs(pieces).any(|(one, other)| {
        let speaks = |piece: &Piece, of| piece.pages.iter().any(|p| speaks_of(page(pages, *p), of));
        speaks(one, member(other)) || speaks(other, member(one))
    });
    shared.then_some(Doubt::PageShared)
}

fn pairs(pieces: &[Piece]) -> impl Iterator<Item = (&Piece, &Piece)> {
    let rest = |at: usize| pieces[at + 1..].iter();
    pieces.iter().enumerate().flat_map(move |(at, one)| rest(at).map(move |other| (one, other)))
}

fn member(piece: &Piece) -> &Member {
    &piece.extracted.findings.member
}

fn page(pages: &[RecognizedPage], number: PageNumber) -> Option<&RecognizedPage> {
    pages.iter().find(|page| page.number == number)
}

fn lies_together(piece: &Piece) -> bool {
    piece.pages.windows(2).all(|pair| pair[1].get() == pair[0].get() + 1)
}

/// Two statements of three, one of them no name, and no other id or date of birth
/// on these pages. Another name may be that of whoever signed: beside a sure id
/// and a sure date it says nothing.
fn is_known(piece: &Piece) -> bool {
    let Member { name, date_of_birth, id, .. } = member(piece);
    let sure = |field: &Option<Field>| {
        field.as_ref().is_some_and(|field| field.confidence >= Confidence::new(SURE))
    };
    let statements = [sure(id), sure(date_of_birth), sure(name)];
    let said = statements.into_iter().filter(|said| *said).count();
    let conflict = |field: &str| {
        let code = format!("member.{field}.conflict");
        piece.extracted.notes.iter().any(|note| note.code == code)
    };
    let [by_id, by_birth, _] = statements;
    let contradicted =
        conflict("id") || conflict("date_of_birth") || conflict("name") && !(by_id && by_birth);
    said >= 2 && (by_id || by_birth) && !contradicted
}

/// Two statements differ by more than a misreading, and none is the same.
fn are_two(one: &Member, other: &Member) -> bool {
    let both = |a: &Option<Field>, b: &Option<Field>| -> Option<(String, String)> {
        Some((a.as_ref()?.value.expose().clone(), b.as_ref()?.value.expose().clone()))
    };
    let ids = both(&one.id, &other.id);
    let births = both(&one.date_of_birth, &other.date_of_birth);
    let names = both(&one.name, &other.name);
    let far = |pair: &Option<(String, String)>, least: usize| {
        pair.as_ref().is_some_and(|(a, b)| strsim::levenshtein(a, b) >= least)
    };
    let names_apart = names.as_ref().is_some_and(|(a, b)| {
        strsim::normalized_levenshtein(&a.to_lowercase(), &b.to_lowercase()) < NAMES_APART
    });
    let same = |pair: &Option<(String, String)>| pair.as_ref().is_some_and(|(a, b)| a == b);
    let apart = [far(&ids, ID_APART), far(&births, BIRTH_APART), names_apart];
    apart.into_iter().filter(|apart| *apart).count() >= 2 && !same(&ids) && !same(&births)
}

/// A cover, the first page of a call, or a page that names the patient itself.
fn begins(document: &Document, piece: &Piece) -> bool {
    let Some(first) = piece.pages.first() else { return false };
    let extracted = document.extracted;
    let is_cover = extracted.page_kinds.get(first.index()) == Some(&PageKind::FaxCover);
    let is_call =
        extracted.transmissions.iter().skip(1).any(|one| one.pages.first() == Some(first));
    let Member { name, date_of_birth, id, .. } = member(piece);
    let says = |field: &Option<Field>| {
        let evidence = field.iter().flat_map(|field| &field.evidence);
        evidence.into_iter().any(|one| one.page == Some(PageNumber::FIRST))
    };
    is_cover || is_call || says(name) || says(date_of_birth) || says(id)
}

/// Whether a page gives somebody's id or whole name.
fn speaks_of(page: Option<&RecognizedPage>, somebody: &Member) -> bool {
    let Some(page) = page else { return false };
    let compact = |text: &str| -> String {
        text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_uppercase()
    };
    let id = somebody.id.as_ref().map(|id| compact(id.value.expose()));
    let has_id = id
        .filter(|id| id.len() >= LEAST_ID)
        .is_some_and(|id| page.lines.iter().any(|line| compact(&line.text()).contains(&id)));
    let alone = Recognized { pages: vec![page.clone()] };
    let words = Words::of(&alone, &Context::default());
    let has_name = somebody.name.as_ref().is_some_and(|name| {
        let name = name.value.expose();
        let turned = name.rsplit_once(' ').map(|(given, family)| format!("{family} {given}"));
        words.contain(name) || turned.is_some_and(|turned| words.contain(&turned))
    });
    has_id || has_name
}
