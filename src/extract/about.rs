//! What the sender wants, where the patient is, and whether it is oxygen.

use super::cues::PageTag;
use super::findings::{Field, HcpcsFinding, Intent, IntentKind, PageKind};
use super::labels::{FieldHit, Label};
use super::look_alikes;
use super::paper::{Leaf, Paper};
use super::phrase::Hit;
use super::sighting::{Sighting, checked, merged, settled};
use crate::vocab::{Confidence, Evidence, EvidenceSource, Note};

/// Intents by the words of covers, letters, forms and the free note.
pub fn intents(paper: &Paper<'_>, note: Option<&Leaf<'_>>) -> Vec<Intent> {
    let kinds = &paper.cues.about.intent_kinds;
    let mut intents: Vec<Intent> = Vec::new();
    let leaves = paper.leaves.iter().filter(|l| kinds.contains(&l.kind)).map(|l| (l, false));
    for (leaf, beside) in leaves.chain(note.map(|n| (n, true))) {
        for cues in &paper.cues.about.intent {
            for evidence in said(leaf, cues.kind, beside) {
                match intents.iter_mut().find(|i| i.kind == cues.kind) {
                    Some(intent) => intent.evidence.push(evidence),
                    None => intents.push(Intent { kind: cues.kind, evidence: vec![evidence] }),
                }
            }
        }
    }
    intents
}

fn said(leaf: &Leaf<'_>, kind: IntentKind, beside: bool) -> Vec<Evidence> {
    let against: Vec<&Hit<PageTag>> = leaf.tagged(PageTag::IntentAgainst(kind)).collect();
    let hits = leaf.tagged(PageTag::Intent(kind));
    let sheet = &leaf.form.sheet;
    let mut evidence: Vec<Evidence> = Vec::new();
    let mut covered = None;
    // "Care coordinator" is two letters from "care coordination": the closer
    // reading wins.
    let is_other = |hit: &&Hit<PageTag>| {
        against
            .iter()
            .any(|a| a.first <= hit.last && hit.first <= a.last && a.distance <= hit.distance)
    };
    for hit in hits.filter(|hit| !is_other(hit)) {
        // "retrn" is a worn "return".
        if hit.distance > 0 && hit.letters <= SHORT {
            continue;
        }
        // Of phrases inside each other the first and longest is quoted.
        if covered.is_some_and(|end| hit.first <= end) {
            continue;
        }
        covered = Some(hit.last);
        let quoted = sheet.quote(hit.first, hit.last);
        // A choice on a form is the template's word unless it is ticked.
        let tick = super::tick::marks_near(sheet, hit.first, hit.last);
        if tick == Some(false) {
            continue;
        }
        evidence.push(if beside { Evidence::metadata(quoted.text.into_exposed()) } else { quoted });
    }
    evidence
}

/// Letters of a phrase up to which it has to be read to the letter.
const SHORT: u16 = 6;

/// Two digits beside their label.
pub fn place_of_service(paper: &Paper<'_>, notes: &mut Vec<Note>) -> Option<Field> {
    let mut seen = Vec::new();
    for leaf in &paper.leaves {
        for field in leaf.form.labelled(Label::PlaceOfService) {
            let found = leaf.form.values(field).into_iter().find_map(|value| {
                let (text, range, word) = value
                    .snippet
                    .parts()
                    // "14." is the number of the next box.
                    .filter(|(t, _, _)| t.starts_with('(') || !t.ends_with(['.', ')']))
                    .map(|(t, r, w)| (t.trim_matches(|c: char| !c.is_alphanumeric()), r, w))
                    .find(|(t, _, _)| {
                        look_alikes::digits(t, 1).is_some_and(|d| d.text.len() == 2)
                    })?;
                let digits = look_alikes::digits(text, 1)?;
                let known =
                    paper.cues.about.setting.iter().any(|s| s.places.contains(&digits.text));
                if !known || range.start > 24 || is_next_box(leaf, field, &digits.text) {
                    return None;
                }
                let evidence = leaf.form.sheet.evidence(&[word]);
                Some(Sighting {
                    value: digits.text,
                    raw: text.to_owned(),
                    confidence: checked(evidence.confidence, 0.3)
                        .and(field.weight())
                        .and(value.relation.weight()),
                    repaired: digits.count > 0,
                    evidence,
                })
            });
            seen.extend(found);
        }
    }
    settled("place_of_service", seen, notes)
}

/// Whether a number is that of the box behind this one: `13. Place of service
/// 14. Start date`.
fn is_next_box(leaf: &Leaf<'_>, field: &FieldHit, digits: &str) -> bool {
    let sheet = &leaf.form.sheet;
    let before = field.hit.first.checked_sub(1).filter(|&p| sheet.cell_of(p) == field.cell);
    let own = before.and_then(|p| {
        let piece = &sheet.pieces[p];
        sheet.words[piece.word].text[piece.range.clone()].parse::<u32>().ok()
    });
    own.is_some_and(|own| digits.parse() == Ok(own + 1))
}

/// By the place-of-service code, else by the words of cover, form and order.
pub fn setting(paper: &Paper<'_>, place: Option<&Field>, notes: &mut Vec<Note>) -> Option<Field> {
    let settings = &paper.cues.about.setting;
    if let Some(place) = place
        && let Some(known) = settings.iter().find(|s| s.places.contains(place.value.expose()))
    {
        return Some(Field { value: known.value.as_str().into(), ..place.clone() });
    }
    let mut seen = Vec::new();
    let kinds = &paper.cues.hcpcs.request_kinds;
    for leaf in paper.leaves.iter().filter(|l| kinds.contains(&l.kind)) {
        let sheet = &leaf.form.sheet;
        for (number, setting) in settings.iter().enumerate() {
            let tag = PageTag::Setting(u8::try_from(number).unwrap_or(u8::MAX));
            for hit in leaf.tagged(tag) {
                if super::tick::marks_near(sheet, hit.first, hit.last) == Some(false) {
                    continue;
                }
                let evidence = sheet.quote(hit.first, hit.last);
                seen.push(Sighting {
                    value: setting.value.clone(),
                    raw: evidence.text.expose().clone(),
                    confidence: checked(evidence.confidence, 0.2).and(Confidence::new(0.9)),
                    repaired: false,
                    evidence,
                });
            }
        }
        seen.extend(place_words(paper, leaf));
    }
    settled("setting", seen, notes)
}

/// `Place of service: Home`.
fn place_words(paper: &Paper<'_>, leaf: &Leaf<'_>) -> Vec<Sighting> {
    let labelled = leaf.form.labelled(Label::PlaceOfService);
    labelled
        .filter_map(|field| {
            let value = leaf.form.values(field).into_iter().next()?;
            let first = value.snippet.text.to_lowercase();
            let first: Vec<&str> =
                first.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
            // A list of all choices names none.
            let named: Vec<_> = paper
                .cues
                .about
                .setting
                .iter()
                .filter(|s| first.contains(&s.value.as_str()))
                .collect();
            let [setting] = named.as_slice() else { return None };
            let words: Vec<usize> = value.snippet.words(0..value.snippet.text.len());
            let evidence = leaf.form.sheet.evidence(&words[..words.len().min(4)]);
            Some(Sighting {
                value: setting.value.clone(),
                raw: evidence.text.expose().clone(),
                confidence: checked(evidence.confidence, 0.3).and(field.weight()),
                repaired: false,
                evidence,
            })
        })
        .collect()
}

/// A requested code of an oxygen family, or the words on a page that asks for
/// something. Saturations are vitals, not equipment.
pub fn oxygen(paper: &Paper<'_>, codes: &[HcpcsFinding]) -> Option<Field> {
    let cues = &paper.cues.about.oxygen;
    let mut seen: Vec<Sighting> = codes
        .iter()
        .filter(|c| cues.families.contains(&c.family))
        .flat_map(|c| c.evidence.iter().map(move |e| (c, e)))
        .filter(|(_, e)| e.source != EvidenceSource::Metadata)
        .map(|(c, e)| Sighting {
            value: "oxygen".into(),
            raw: c.raw.expose().clone(),
            confidence: c.confidence,
            repaired: c.repaired,
            evidence: e.clone(),
        })
        .collect();
    for leaf in paper.leaves.iter().filter(|l| cues.kinds.contains(&l.kind)) {
        let sheet = &leaf.form.sheet;
        let decoys: Vec<_> = leaf.tagged(PageTag::OxygenDecoy).collect();
        for hit in leaf.tagged(PageTag::Oxygen) {
            let decoy = decoys.iter().any(|d| d.first <= hit.last && hit.first <= d.last);
            let unticked = super::tick::marks_near(sheet, hit.first, hit.last) == Some(false);
            if decoy || unticked || is_letterhead(leaf, hit) {
                continue;
            }
            let evidence = sheet.quote(hit.first, hit.last);
            seen.push(Sighting {
                value: "oxygen".into(),
                raw: evidence.text.expose().clone(),
                confidence: checked(evidence.confidence, 0.2).and(Confidence::new(0.9)),
                repaired: false,
                evidence,
            });
        }
    }
    merged(seen).into_iter().find(|f| f.confidence.is_listed())
}

/// `Lakeside Home Oxygen Inc` at the head of a page is a firm's name.
fn is_letterhead(leaf: &Leaf<'_>, hit: &Hit<PageTag>) -> bool {
    let sheet = &leaf.form.sheet;
    let cell = &sheet.cells[sheet.cell_of(hit.first)];
    leaf.kind != PageKind::Other && cell.row < 3 && cell.bbox.y0() < 0.12
}
