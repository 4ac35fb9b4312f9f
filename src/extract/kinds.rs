//! What each page is.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::cues::{Kinds, PageTag};
use super::findings::{PageKind, Role};
use super::labels::{FieldTag, Form, Label, followed_by_colon};
use super::layout::Sheet;
use super::phrase::Hit;
use crate::recognize::recognized::Method;
use crate::vocab::PageNumber;

/// The kind that the page's cues speak for most; `other` when they do not
/// say enough.
pub fn classify(cues: &Kinds, form: &Form<'_>, hits: &[Hit<PageTag>]) -> PageKind {
    let sheet = &form.sheet;
    match sheet.page.method {
        Method::Blank => return PageKind::Blank,
        Method::Unreadable => return PageKind::Other,
        Method::Ocr | Method::TextLayer | Method::FormFields | Method::Mixed => {}
    }
    let scores = scores(cues, sheet, hits);
    let mut best = (PageKind::Other, 0.0);
    for kind in &cues.kind {
        let score = scores.get(&kind.id).copied().unwrap_or(0.0);
        if score > best.1 {
            best = (kind.id, score);
        }
    }
    // A form asks for numbers or says what it is: the words alone, "DME precert",
    // stand on covers of forms as well.
    let is_form = holds_core_fields(form) || is_titled(cues, sheet, hits, PageKind::PrecertForm);
    // A letter in front that counts the pages of its fax is the cover.
    let is_letter = !(is_first(sheet) && hits.iter().any(|hit| says_how_many(sheet, hit)));
    let rival = scores.iter().filter(|(kind, _)| match kind {
        PageKind::FaxCover => false,
        PageKind::PrecertForm => is_form,
        PageKind::Letter => is_letter,
        _ => true,
    });
    let rival = rival.map(|(_, score)| *score).fold(0.0, f32::max);
    if cover_score(cues, form, hits) - rival / cues.sure >= cues.cover.sure {
        return PageKind::FaxCover;
    }
    // Without its anchors a page that only says "fax" is no cover.
    let told = if best.1 < cues.sure || best.0 == PageKind::FaxCover {
        runner_up(cues, &scores)
    } else {
        best.0
    };
    match told {
        // What its title does not tell, its fields do.
        PageKind::Other if holds_core_fields(form) => PageKind::PrecertForm,
        // Nor do the words of an order or a history that it asks for, where
        // the page does not call itself one.
        told if FIELDS_OUTWEIGH.contains(&told)
            && !stands_alone(&scores, told)
            && (!is_titled(cues, sheet, hits, told)
                || is_titled(cues, sheet, hits, PageKind::PrecertForm))
            && asks_for_everything(form) =>
        {
            PageKind::PrecertForm
        }
        told => told,
    }
}

/// Whether words speak for a kind so much more than for a request form that the
/// fields it has in common with one say nothing.
fn stands_alone(scores: &BTreeMap<PageKind, f32>, kind: PageKind) -> bool {
    let score = |kind: PageKind| scores.get(&kind).copied().unwrap_or(0.0);
    score(kind) >= score(PageKind::PrecertForm) + STANDS_ALONE
}

/// By so much.
const STANDS_ALONE: f32 = 10.0;

/// Kinds whose words stand on request forms too.
const FIELDS_OUTWEIGH: [PageKind; 12] = [
    PageKind::Order,
    PageKind::FaceSheet,
    PageKind::TestResult,
    PageKind::TherapyNote,
    PageKind::MedicationList,
    PageKind::VisitNote,
    PageKind::DischargePlan,
    PageKind::PlanOfCare,
    PageKind::DischargeSummary,
    PageKind::HistoryPhysical,
    PageKind::ProgressNote,
    PageKind::WoundRecord,
];

/// Whether a page calls itself this.
fn is_titled(cues: &Kinds, sheet: &Sheet<'_>, hits: &[Hit<PageTag>], kind: PageKind) -> bool {
    hits.iter().any(|hit| {
        hit.tag == PageTag::Title(kind) && title_weight(cues, sheet, hit) > cues.title_weight
    })
}

/// As [`holds_core_fields`], and more: two providers by their roles, an NPI
/// each, three ways to reach them, and what is asked for.
fn asks_for_everything(form: &Form<'_>) -> bool {
    let count = |label: Label| form.labelled(label).count();
    let has_role = |role: Role| form.fields.iter().any(|f| f.hit.tag == FieldTag::Role(role));
    holds_core_fields(form)
        && has_role(Role::Ordering)
        && has_role(Role::Rendering)
        && count(Label::Npi) >= 2
        && count(Label::Phone) + count(Label::Fax) >= 3
        && count(Label::Hcpcs) + count(Label::Diagnosis) >= 1
}

/// Whether a page asks for what every request needs, whatever it is called:
/// who the member is, two providers with their numbers, how to reach them.
fn holds_core_fields(form: &Form<'_>) -> bool {
    let count = |labels: &[Label]| -> usize {
        labels.iter().map(|label| form.labelled(*label).count()).sum()
    };
    let member = [Label::PatientName, Label::MemberId, Label::BirthDate, Label::FamilyName];
    let named = member.iter().filter(|label| form.labelled(**label).next().is_some()).count();
    let block = form.fields.iter().any(|f| f.hit.tag == FieldTag::Patient);
    let known = named + usize::from(block);
    let has_role = |role: Role| form.fields.iter().any(|f| f.hit.tag == FieldTag::Role(role));
    let both = has_role(Role::Ordering) && has_role(Role::Rendering);
    let numbers = count(&[Label::Npi, Label::Tin]);
    known >= 2
        && count(&[Label::Npi]) >= 1
        && (numbers >= 3 || both && numbers >= 2)
        && count(&[Label::Phone, Label::Fax]) >= 2
}

/// Whether a page is the first of its transmission, as far as one page tells.
fn is_first(sheet: &Sheet<'_>) -> bool {
    let counter = sheet.page.header.as_ref().and_then(|header| header.page);
    counter.map_or(sheet.number == PageNumber::FIRST, |page| page == 1)
}

fn runner_up(cues: &Kinds, scores: &BTreeMap<PageKind, f32>) -> PageKind {
    let mut best = (PageKind::Other, 0.0);
    for kind in cues.kind.iter().filter(|k| k.id != PageKind::FaxCover) {
        let score = scores.get(&kind.id).copied().unwrap_or(0.0);
        if score >= cues.sure && score > best.1 {
            best = (kind.id, score);
        }
    }
    best.0
}

fn scores(cues: &Kinds, sheet: &Sheet<'_>, hits: &[Hit<PageTag>]) -> BTreeMap<PageKind, f32> {
    let mut scores: BTreeMap<PageKind, f32> = BTreeMap::new();
    let mut vetoed: BTreeSet<PageKind> = BTreeSet::new();
    let mut titled: BTreeMap<PageKind, f32> = BTreeMap::new();
    // Each phrase once, in its best role: a word printed on every line of a
    // table is one cue.
    let mut counted: HashSet<(PageKind, String)> = HashSet::new();
    let mut count = |kind: PageKind, words: String, weight: f32| {
        if counted.insert((kind, words)) {
            *scores.entry(kind).or_default() += weight;
        }
    };
    let mut ordered: Vec<&Hit<PageTag>> = hits.iter().collect();
    ordered.sort_by_key(|h| (rank(h.tag), h.first));
    for hit in ordered {
        match hit.tag {
            PageTag::Veto(kind) => {
                vetoed.insert(kind);
            }
            PageTag::Title(kind) => {
                let weight = title_weight(cues, sheet, hit);
                if weight > 0.0 {
                    let best = titled.entry(kind).or_default();
                    *best = best.max(weight);
                    count(kind, words_of(sheet, hit), 0.0);
                }
            }
            PageTag::Field(kind) if is_label(sheet, hit) => {
                count(kind, words_of(sheet, hit), cues.field_weight);
            }
            PageTag::Body(kind) => count(kind, words_of(sheet, hit), cues.body_weight),
            PageTag::Against(kind) => count(kind, words_of(sheet, hit), cues.against_weight),
            _ => {}
        }
    }
    *scores.entry(PageKind::MedicationList).or_default() += doses(cues, sheet);
    for (kind, weight) in titled {
        *scores.entry(kind).or_default() += weight;
    }
    scores.retain(|kind, _| !vetoed.contains(kind));
    scores
}

/// What the doses on its lines say for a list of medicines: `40 mg daily`.
fn doses(cues: &Kinds, sheet: &Sheet<'_>) -> f32 {
    let medicines = &cues.medicines;
    let dosed = |row: &&Vec<usize>| {
        let words = || row.iter().flat_map(|&cell| sheet.cells[cell].words.clone());
        let unit = |text: &str| {
            let bare = text.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
            medicines
                .doses
                .contains(bare.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.'))
        };
        words().any(|word| {
            let text = sheet.words[word].text;
            let behind = sheet.words.get(word + 1).map_or("", |next| next.text);
            text.starts_with(|c: char| c.is_ascii_digit()) && (unit(text) || unit(behind))
        })
    };
    let lines = sheet.rows.iter().filter(dosed).count();
    if lines == 0 {
        return 0.0;
    }
    #[expect(clippy::cast_precision_loss, reason = "a page has few lines")]
    let share = lines as f32 / sheet.rows.len() as f32;
    if share >= medicines.least_share { medicines.weight } else { medicines.otherwise }
}

/// Titles first, so that the words of a title are not counted again.
fn rank(tag: PageTag) -> u8 {
    match tag {
        PageTag::Title(_) => 0,
        PageTag::Field(_) => 1,
        _ => 2,
    }
}

fn words_of(sheet: &Sheet<'_>, hit: &Hit<PageTag>) -> String {
    sheet.pieces[hit.first..=hit.last.max(hit.first)].iter().map(|p| p.folded.as_str()).collect()
}

/// A title stands near the top, with little else in its cell. The first line
/// of all that is more than a letterhead counts twice as much as a word in a
/// busy line.
fn title_weight(cues: &Kinds, sheet: &Sheet<'_>, hit: &Hit<PageTag>) -> f32 {
    let cell = &sheet.cells[sheet.cell_of(hit.first)];
    if cell.bbox.y0() > cues.title_band {
        return 0.0;
    }
    let inside = hit.last.saturating_sub(hit.first) + 1;
    let others = cell.pieces.len().saturating_sub(inside);
    let in_full = inside >= 2 && hit.letters >= LEAST_NAME;
    // "Order: …" is a label; "PAR Coversheet: sleep study" is a name, and of what.
    let label = followed_by_colon(sheet, hit.last) && others > 0;
    if label && !(in_full && hit.first == cell.pieces.start) {
        return 0.0;
    }
    let bigger = cell.bbox.height() > 1.25 * sheet.line_height;
    // A title of several words, or a big one, says more than "Rx" in a corner.
    let weight = cues.title_weight + if bigger || hit.letters >= 12 { 1.0 } else { 0.0 };
    match others {
        // A page that gives its name in full is what it says it is.
        0..=2 if in_full => weight + 1.0 + cues.named_weight,
        0..=4 => weight + 1.0,
        5..=7 => weight,
        _ => cues.body_weight,
    }
}

/// Letters of a title that names its page in full.
const LEAST_NAME: u16 = 10;

fn is_label(sheet: &Sheet<'_>, hit: &Hit<PageTag>) -> bool {
    let cell = &sheet.cells[sheet.cell_of(hit.first)];
    let alone = hit.first == cell.pieces.start && hit.last + 1 >= cell.pieces.end;
    alone || followed_by_colon(sheet, hit.last)
}

/// Letters of a cover's title that may stand in a longer line.
const LEAST_TITLE: u16 = 8;
/// Letters of an anchor that counts without the others, or without a colon.
const LEAST_ANCHOR: u16 = 4;
/// Letters of a phrase that speaks for itself wherever it stands.
const SPEAKS_FOR_ITSELF: u16 = 10;
/// Anchors by their place in the list: to whom, from whom, how many pages.
const TO: u8 = 0;
const FROM: u8 = 1;
const PAGES: u8 = 4;

/// How much a page does of what covers are for.
fn cover_score(kinds: &Kinds, form: &Form<'_>, hits: &[Hit<PageTag>]) -> f32 {
    let (cues, sheet) = (&kinds.cover, &form.sheet);
    let words = sheet.words.len();
    if words > cues.most_words {
        return 0.0;
    }
    let mut anchors: BTreeSet<u8> = BTreeSet::new();
    for hit in hits {
        let PageTag::Anchor(number) = hit.tag else { continue };
        // Short anchors such as "to" are words of every sentence: only as a
        // label do they count, and at the head of a cell. A phrase of the
        // confidentiality paragraph stands in a sentence.
        let heads = hit.first == sheet.cells[sheet.cell_of(hit.first)].pieces.start;
        if hit.letters >= 14 || is_label(sheet, hit) || heads && hit.letters >= LEAST_ANCHOR {
            anchors.insert(number);
        }
    }
    let counts = hits.iter().any(|h| {
        let counted = is_label(sheet, h) || h.letters >= SPEAKS_FOR_ITSELF;
        h.tag == PageTag::Anchor(PAGES) && counted || says_how_many(sheet, h)
    });
    let speaks = hits.iter().any(|h| matches!(h.tag, PageTag::Transmission | PageTag::Private));
    let titled = hits.iter().any(|h| {
        // "Prior Authorization Fax Form" is no title of a cover.
        let cell = &sheet.cells[sheet.cell_of(h.first)];
        let whole = cell.pieces.len() <= h.last.saturating_sub(h.first) + 2;
        h.tag == PageTag::Title(PageKind::FaxCover)
            && (whole || h.letters >= LEAST_TITLE)
            && cell.bbox.y0() <= kinds.title_band
    });
    let weights = &cues.weights;
    let given = |there: bool, weight: f32| if there { weight } else { 0.0 };
    #[expect(clippy::cast_precision_loss, reason = "there are eleven anchors")]
    let anchored = anchors.len() as f32 * weights.anchor;
    // Covers say whom to call, not who bills.
    let numbers = form.labelled(Label::Npi).chain(form.labelled(Label::Tin)).count();
    #[expect(clippy::cast_precision_loss, reason = "a page has few labels")]
    let numbered = numbers as f32 * weights.number;
    // In mid-stream a cover calls itself one or counts its pages; a letter
    // has a date, a subject and telephone numbers as well.
    let plain = given(!is_first(sheet) && !titled && !counts, weights.plain);
    anchored
        + numbered
        + plain
        + given(anchors.contains(&TO) && anchors.contains(&FROM), weights.addressed)
        + given(is_first(sheet), weights.first)
        + given(words <= cues.short_words, weights.short)
        + given(titled, weights.title)
        + given(speaks, weights.speaks)
        + given(counts, weights.pages)
}

/// `The 4 pages of this fax`, `13 pp.`: a number right before the word; `Pages
/// you should get 4`: it heads a cell that ends in one.
fn says_how_many(sheet: &Sheet<'_>, hit: &Hit<PageTag>) -> bool {
    let cell = &sheet.cells[sheet.cell_of(hit.first)].pieces;
    let is_number = |piece: usize| {
        let text = sheet.pieces[piece].folded.as_str();
        text.len() <= 3 && text.bytes().all(|b| b.is_ascii_digit())
    };
    let before = cell.contains(&hit.first.wrapping_sub(1)) && is_number(hit.first - 1);
    let ends = hit.first == cell.start && cell.len() <= PIECES_OF_A_COUNT;
    hit.tag == PageTag::Anchor(PAGES) && (before || ends && is_number(cell.end - 1))
}

/// Words of a field that says how many pages there are, at most.
const PIECES_OF_A_COUNT: usize = 7;
