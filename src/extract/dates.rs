//! Dates by meaning: service, order, visit, discharge, delivery.

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::calendar::{Pivot, dates, months_before};
use super::cues::PageTag;
use super::findings::{Dates, PageKind};
use super::labels::{FieldHit, Label};
use super::numbers::its_own_label;
use super::paper::{Leaf, Paper};
use super::phrase::Hit;
use super::second_look::below_listed;
use super::sighting::{Sighting, after_repairs, checked, merged, settled};
use crate::vocab::{Confidence, Note};

/// A calendar lets about every other misreading through.
const CHANCE: f32 = 0.5;
/// A date stands at most this many bytes into its value; further on it
/// belongs to a sentence.
const REACH: usize = 28;

/// All dates that a label gives a meaning to.
pub fn find(paper: &Paper<'_>, notes: &mut Vec<Note>) -> Dates {
    // A note's dates are of what was done, a list's of when a medicine was begun.
    let requests = |kind: PageKind| {
        use PageKind::{
            DeliveryTicket, DischargeSummary, FaceSheet, HistoryPhysical, MedicationList,
            ProgressNote, TestResult, TherapyNote, VisitNote, WoundRecord,
        };
        let notes = matches!(kind, VisitNote | HistoryPhysical | ProgressNote | TherapyNote);
        let records = matches!(kind, TestResult | MedicationList | WoundRecord | DischargeSummary);
        // Nor is the day since when somebody is insured.
        !notes && !records && !matches!(kind, DeliveryTicket | FaceSheet)
    };
    let pages = paper.leaves.iter().filter(|leaf| requests(leaf.kind));
    let orders = orders(paper);
    let mut service: Vec<Sighting> = pages.flat_map(|leaf| services(paper, leaf)).collect();
    if !service.iter().any(|seen| seen.confidence.is_listed()) {
        let forms = paper.leaves.iter().filter(|leaf| leaf.kind == PageKind::PrecertForm);
        service.extend(forms.flat_map(|leaf| beside_a_place(paper, leaf)));
    }
    for seen in &mut service {
        if is_a_year_off(paper, seen, &orders) || is_far_off(paper, seen) {
            seen.confidence = below_listed(seen.confidence);
        }
    }
    Dates {
        service: settled("dates.service", service, notes),
        order: settled("dates.order", orders, notes),
        visit: visit(paper, notes),
        anticipated_discharge: anticipated(paper, notes),
        delivered: delivered(paper, notes),
    }
}

/// Whether a day of service lies about a year before every order, and would follow
/// receipt closely were its year the next: nobody orders what was supplied so long
/// ago, and one digit of a year is soon misread.
fn is_a_year_off(paper: &Paper<'_>, service: &Sighting, orders: &[Sighting]) -> bool {
    let ordered = orders.iter().filter(|order| order.confidence.is_listed());
    let mut ordered = ordered.filter_map(|order| day(&order.value)).peekable();
    let Some(service) = day(&service.value) else { return false };
    let Ok(next_year) = service.checked_add(1.year()) else { return false };
    let days = |from: Date, to: Date| from.until(to).map_or(i32::MAX, |span| span.get_days());
    let likely = (-DAYS_BEFORE..=DAYS_AFTER).contains(&days(paper.received_on, next_year));
    ordered.peek().is_some() && likely && ordered.all(|order| days(service, order) >= LONG_BEFORE)
}

/// Whether a day of service is years away from receipt: of no request that is sent.
fn is_far_off(paper: &Paper<'_>, service: &Sighting) -> bool {
    let years = day(&service.value).map(|day| day.year() - paper.received_on.year());
    years.is_none_or(|years| years.abs() > MOST_YEARS_OFF)
}

const MOST_YEARS_OFF: i16 = 2;
/// Days before receipt, and after it, on which what is asked for mostly begins.
const DAYS_BEFORE: i32 = 31;
const DAYS_AFTER: i32 = 92;
/// Days between what was supplied and an order that cannot be for it.
const LONG_BEFORE: i32 = 270;

/// Dates beside one label on a page.
pub fn labelled(paper: &Paper<'_>, leaf: &Leaf<'_>, label: Label) -> Vec<Sighting> {
    beside(paper, leaf, leaf.form.labelled(label))
}

/// When a service begins: beside labels that say so, and in the column `From` of a
/// table that has a column `Thru` next to it.
fn services(paper: &Paper<'_>, leaf: &Leaf<'_>) -> Vec<Sighting> {
    let form = &leaf.form;
    let is_thru = |cell: usize| {
        form.labelled(Label::Through).any(|thru| thru.cell == cell && thru.starts_cell)
    };
    let from = form.labelled(Label::From).filter(|from| {
        let next = form.sheet.right_of(from.cell).first();
        from.starts_cell && from.ends_cell && next.is_some_and(|&next| is_thru(next))
    });
    let worn = worn_from(leaf);
    beside(paper, leaf, form.labelled(Label::ServiceDate).chain(from).chain(&worn))
}

/// The header before the column `Thru`, at the head of a table, that cannot be read.
fn worn_from(leaf: &Leaf<'_>) -> Option<FieldHit> {
    let (form, sheet) = (&leaf.form, &leaf.form.sheet);
    let thru = form.labelled(Label::Through).find(|thru| thru.starts_cell && thru.heads_column)?;
    let mut before = sheet.left_of(thru.cell);
    let (first, none) = (before.next()?, before.next());
    let short = sheet.cells[first].words.len() == 1;
    let labelled = form.fields.iter().any(|field| field.cell == first);
    let pieces = sheet.cells[first].pieces.clone();
    let (piece, last) = (pieces.clone().next()?, pieces.last()?);
    let (field, _) = its_own_label(sheet, Label::From, first, piece);
    let hit = Hit { last, ..field.hit };
    (none.is_none() && short && !labelled).then_some(FieldHit {
        hit,
        heads_column: true,
        ends_cell: true,
        ..field
    })
}

/// Labels of days that are no day of service.
const OTHER_DAYS: [Label; 7] = [
    Label::OrderDate,
    Label::VisitDate,
    Label::DischargeDate,
    Label::Discharged,
    Label::DeliveryDate,
    Label::BirthDate,
    Label::OtherDate,
];
/// How far its place tells the day on which a service begins, where no label does.
const BESIDE_A_PLACE: f32 = 0.8;

/// The date beside a place of service, `12 Home   3/12/2026`: on request forms the one
/// stands beside the other, and their labels are the smallest print.
fn beside_a_place(paper: &Paper<'_>, leaf: &Leaf<'_>) -> Vec<Sighting> {
    let sheet = &leaf.form.sheet;
    let settings = &paper.cues.about.setting;
    let is_place = |piece: usize| {
        let (code, word) = (&sheet.pieces[piece], &sheet.pieces[piece + 1]);
        let word = sheet.words[word.word].text[word.range.clone()].to_lowercase();
        let code = &sheet.words[code.word].text[code.range.clone()];
        settings.iter().any(|s| s.places.contains(code) && s.words.contains(&word))
    };
    let at_place = |cell: &usize| {
        let pieces = sheet.cells[*cell].pieces.clone();
        pieces.clone().zip(pieces.skip(1)).any(|(piece, _)| is_place(piece))
    };
    let labelled =
        |cell: usize| leaf.form.fields.iter().any(|f| f.cell == cell && f.label().is_some());
    // Under "Admitted", or on top of it, it is another day.
    let is_anothers = |cell: usize| {
        let of = |field: &FieldHit| leaf.form.values(field).iter().any(|v| v.cell == cell);
        OTHER_DAYS.iter().any(|label| leaf.form.labelled(*label).any(of))
    };
    let alone_in = |cell: usize| {
        let mut found = dates_in(paper, leaf, cell);
        let one = found.len() == 1 && !labelled(cell) && !is_anothers(cell);
        found.pop().filter(|_| one)
    };
    let beside = |cell: usize| {
        let own = alone_in(cell);
        let left = || sheet.left_of(cell).next().and_then(alone_in);
        let right = || sheet.right_of(cell).first().copied().and_then(alone_in);
        own.or_else(|| match (left(), right()) {
            (Some(date), None) | (None, Some(date)) => Some(date),
            // Of two either may be the day.
            (Some(_), Some(_)) | (None, None) => None,
        })
    };
    let near = |seen: &Sighting| {
        let days = day(&seen.value).and_then(|day| paper.received_on.until(day).ok());
        days.is_some_and(|days| (-DAYS_BEFORE..=DAYS_AFTER).contains(&days.get_days()))
    };
    let cells = (0..sheet.cells.len()).filter(at_place);
    weakened(cells.filter_map(beside).filter(near).collect(), BESIDE_A_PLACE)
}

fn beside<'l>(
    paper: &Paper<'_>,
    leaf: &Leaf<'_>,
    fields: impl Iterator<Item = &'l FieldHit>,
) -> Vec<Sighting> {
    let form = &leaf.form;
    fields
        .filter_map(|field| {
            form.values(field).into_iter().find_map(|value| {
                let found = dates(&value.snippet.text, paper.received_on, Pivot::Nearest);
                let day = found.into_iter().find(|d| d.range.start <= REACH)?;
                let evidence = form.sheet.evidence(&value.snippet.words(day.range.clone()));
                let confidence = checked(evidence.confidence, CHANCE)
                    .and(field.weight())
                    .and(value.relation.weight())
                    .and(Confidence::new(if day.has_year { 1.0 } else { 0.85 }));
                Some(Sighting {
                    value: day.date.to_string(),
                    raw: value.snippet.text[day.range].to_owned(),
                    confidence: after_repairs(confidence, day.repairs),
                    repaired: day.repairs > 0,
                    evidence,
                })
            })
        })
        .collect()
}

/// The order's own date; on an order page a bare `Date:` will do.
fn orders(paper: &Paper<'_>) -> Vec<Sighting> {
    let mut seen: Vec<Sighting> =
        paper.leaves.iter().flat_map(|l| labelled(paper, l, Label::OrderDate)).collect();
    if seen.is_empty() {
        let leaves = paper.leaves.iter().filter(|l| l.kind == PageKind::Order);
        seen =
            leaves.flat_map(|l| labelled(paper, l, Label::OtherDate).into_iter().take(1)).collect();
        // A plan of care becomes an order by the physician's dated signature.
        let plans = paper.leaves.iter().filter(|l| l.kind == PageKind::PlanOfCare);
        let signed = plans.flat_map(|l| labelled(paper, l, Label::Signature));
        seen.extend(signed.filter(|s| day(&s.value).is_some_and(|d| d <= paper.received_on)));
        for one in &mut seen {
            one.confidence = one.confidence.and(Confidence::new(0.8));
        }
    }
    seen
}

/// The newest visit not after receipt, from pages that are visits.
fn visit(paper: &Paper<'_>, notes: &mut Vec<Note>) -> Option<super::findings::Field> {
    let seen: Vec<Sighting> = paper.leaves.iter().flat_map(|leaf| visits_on(paper, leaf)).collect();
    let past: Vec<Sighting> = seen
        .into_iter()
        .filter(|s| day(&s.value).is_some_and(|d| d <= paper.received_on))
        .collect();
    let newest = merged(past.clone())
        .into_iter()
        .filter(|f| f.confidence.is_listed())
        .max_by(|a, b| a.value.expose().cmp(b.value.expose()));
    newest.or_else(|| settled("dates.visit", past, notes))
}

/// Visit dates of one page: by label, or in the head of a visit note, or the
/// electronic signature of one.
pub fn visits_on(paper: &Paper<'_>, leaf: &Leaf<'_>) -> Vec<Sighting> {
    let clinical = matches!(
        leaf.kind,
        PageKind::VisitNote | PageKind::HistoryPhysical | PageKind::ProgressNote
    );
    let mut seen = believable(paper, labelled(paper, leaf, Label::VisitDate));
    if !clinical {
        return seen;
    }
    seen.extend(believable(paper, labelled(paper, leaf, Label::ServiceDate)));
    if seen.is_empty() && leaf.kind == PageKind::VisitNote {
        seen.extend(weakened(labelled(paper, leaf, Label::OtherDate), 0.8).into_iter().take(1));
        if seen.is_empty() {
            seen.extend(weakened(in_title(paper, leaf), 0.8));
        }
        if seen.is_empty() {
            seen.extend(weakened(in_head(paper, leaf), 0.8));
        }
        if seen.is_empty() {
            seen.extend(weakened(signed(paper, leaf), 0.75));
        }
    }
    seen
}

/// Without the birth of the patient, whose label is a letter from another:
/// `DOS: 11/10/1938`. Nobody sends the note of a visit of ten years ago.
fn believable(paper: &Paper<'_>, mut seen: Vec<Sighting>) -> Vec<Sighting> {
    let earliest = months_before(paper.received_on, MONTHS_OF_A_VISIT);
    seen.retain(|one| day(&one.value).is_none_or(|day| day >= earliest));
    seen
}

/// A visit before so many months is none.
const MONTHS_OF_A_VISIT: i32 = 120;

fn weakened(mut seen: Vec<Sighting>, by: f32) -> Vec<Sighting> {
    for one in &mut seen {
        one.confidence = one.confidence.and(Confidence::new(by));
    }
    seen
}

/// A date in the line of the page's title.
fn in_title(paper: &Paper<'_>, leaf: &Leaf<'_>) -> Vec<Sighting> {
    let sheet = &leaf.form.sheet;
    let band = paper.cues.kinds.title_band;
    let titles = leaf
        .tagged(PageTag::Title(leaf.kind))
        .filter(|h| sheet.cells[sheet.cell_of(h.first)].bbox.y0() <= band);
    titles
        .take(1)
        .flat_map(|h| row_dates(paper, leaf, sheet.cells[sheet.cell_of(h.first)].row))
        .collect()
}

/// The one day in the head of a visit note that is no birth date: `Jane Roe,
/// born 9/19/1984, visit of 2/15/2026`.
fn in_head(paper: &Paper<'_>, leaf: &Leaf<'_>) -> Vec<Sighting> {
    let sheet = &leaf.form.sheet;
    let band = paper.cues.kinds.title_band;
    let born: Vec<Date> =
        labelled(paper, leaf, Label::BirthDate).iter().filter_map(|s| day(&s.value)).collect();
    let rows = (0..sheet.rows.len())
        .filter(|&row| sheet.rows[row].iter().all(|&cell| sheet.cells[cell].bbox.y0() <= band));
    let recent = |s: &Sighting| {
        day(&s.value).is_some_and(|d| {
            d <= paper.received_on
                && !born.contains(&d)
                && d.year() + YEARS >= paper.received_on.year()
        })
    };
    let seen: Vec<Sighting> =
        rows.flat_map(|row| row_dates(paper, leaf, row)).filter(recent).collect();
    let one = seen.windows(2).all(|pair| pair[0].value == pair[1].value);
    if one { seen } else { Vec::new() }
}

/// Visits are no older than so many years; birth dates of patients mostly are.
const YEARS: i16 = 2;

fn signed(paper: &Paper<'_>, leaf: &Leaf<'_>) -> Vec<Sighting> {
    let sheet = &leaf.form.sheet;
    let rows = leaf.tagged(PageTag::Signed).map(|h| sheet.cells[sheet.cell_of(h.first)].row);
    rows.take(1).flat_map(|row| row_dates(paper, leaf, row)).collect()
}

fn row_dates(paper: &Paper<'_>, leaf: &Leaf<'_>, row: usize) -> Vec<Sighting> {
    let cells = leaf.form.sheet.rows[row].iter().copied();
    cells.flat_map(|cell| dates_in(paper, leaf, cell)).collect()
}

/// The dates of a cell that have a year.
fn dates_in(paper: &Paper<'_>, leaf: &Leaf<'_>, cell: usize) -> Vec<Sighting> {
    let sheet = &leaf.form.sheet;
    let snippet = sheet.cell_snippet(cell);
    let found = dates(&snippet.text, paper.received_on, Pivot::Nearest);
    found
        .into_iter()
        .filter(|d| d.has_year)
        .map(|d| {
            let evidence = sheet.evidence(&snippet.words(d.range.clone()));
            Sighting {
                value: d.date.to_string(),
                raw: snippet.text[d.range].to_owned(),
                confidence: after_repairs(checked(evidence.confidence, CHANCE), d.repairs),
                repaired: d.repairs > 0,
                evidence,
            }
        })
        .collect()
}

/// A day that is still to come, or at most yesterday: an older one is a
/// discharge that has happened.
fn anticipated(paper: &Paper<'_>, notes: &mut Vec<Note>) -> Option<super::findings::Field> {
    let yesterday = paper.received_on.yesterday().unwrap_or(paper.received_on);
    let coming = |s: &Sighting| day(&s.value).is_some_and(|d| d >= yesterday);
    let mut seen: Vec<Sighting> = Vec::new();
    for leaf in &paper.leaves {
        seen.extend(labelled(paper, leaf, Label::DischargeDate).into_iter().filter(coming));
        let plain = labelled(paper, leaf, Label::Discharged).into_iter();
        seen.extend(weakened(
            plain.filter(|s| day(&s.value).is_some_and(|d| d >= paper.received_on)).collect(),
            0.9,
        ));
    }
    settled("dates.anticipated_discharge", seen, notes)
}

/// A delivery that has happened by the day of receipt.
fn delivered(paper: &Paper<'_>, notes: &mut Vec<Note>) -> Option<super::findings::Field> {
    let past = |s: &Sighting| day(&s.value).is_some_and(|d| d <= paper.received_on);
    let mut seen: Vec<Sighting> = paper
        .leaves
        .iter()
        .flat_map(|l| labelled(paper, l, Label::DeliveryDate))
        .filter(past)
        .collect();
    if seen.is_empty() {
        let tickets = paper.leaves.iter().filter(|l| l.kind == PageKind::DeliveryTicket);
        let dated = tickets.flat_map(|l| labelled(paper, l, Label::OtherDate).into_iter().take(1));
        seen = weakened(dated.filter(past).collect(), 0.8);
    }
    settled("dates.delivered", seen, notes)
}

/// The day a value names.
pub fn day(value: &str) -> Option<Date> {
    value.parse().ok()
}
