//! Which pages belong together: a file may hold the faxes of several
//! patients. It is cut only where the pages *say* different patients, never
//! because a page says nothing.

use super::cues::MemberCues;
use super::findings::{Field, PageKind, Part};
use super::member::{Identity, is_bare};
use super::paper::Paper;
use super::sighting::{Sighting, merged};

/// What a stretch of pages says about its patient.
#[derive(Clone, Debug, Default)]
struct Stretch {
    pages: Vec<usize>,
    identity: Identity,
}

/// The parts, in order of their first pages. One part when nothing differs.
pub fn find(paper: &Paper<'_>, identities: &[Identity]) -> Vec<Part> {
    let cues = &paper.cues.member;
    let mut parts: Vec<Stretch> = Vec::new();
    let mut current: Option<usize> = None;
    for stretch in stretches(paper, identities) {
        let known = has_identity(&stretch.identity);
        let same =
            current.filter(|&at| !known || !differ(cues, &parts[at].identity, &stretch.identity));
        // Back to an earlier patient: the same member is one part.
        let earlier =
            || parts.iter().position(|p| known && agree(cues, &p.identity, &stretch.identity));
        match same.or_else(earlier) {
            Some(at) => {
                parts[at].absorb(stretch);
                current = Some(at);
            }
            None => {
                current = Some(parts.len());
                parts.push(stretch);
            }
        }
    }
    parts
        .into_iter()
        .map(|stretch| Part {
            pages: stretch.pages.iter().map(|&i| paper.leaves[i].number()).collect(),
            member: member(&stretch.identity),
        })
        .collect()
}

impl Stretch {
    fn absorb(&mut self, other: Self) {
        self.pages.extend(other.pages);
        self.pages.sort_unstable();
        self.identity.absorb(other.identity);
    }
}

impl Identity {
    fn absorb(&mut self, other: Self) {
        self.names.extend(other.names);
        self.births.extend(other.births);
        self.ids.extend(other.ids);
    }
}

/// Pages between borders: a cover mid-stream, a page counter that starts
/// again, or a page that names another patient than those before it.
fn stretches(paper: &Paper<'_>, identities: &[Identity]) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    for (index, leaf) in paper.leaves.iter().enumerate() {
        let own = identities.get(index).cloned().unwrap_or_default();
        let border = match stretches.last() {
            None => true,
            Some(last) => {
                leaf.kind == PageKind::FaxCover
                    || counter_restarts(paper, index)
                    || differ(&paper.cues.member, &last.identity, &own)
            }
        };
        if border {
            stretches.push(Stretch::default());
        }
        if let Some(last) = stretches.last_mut() {
            last.pages.push(index);
            last.identity.absorb(own);
        }
    }
    stretches
}

fn counter_restarts(paper: &Paper<'_>, index: usize) -> bool {
    let counter = |i: usize| paper.leaves[i].form.sheet.page.header.as_ref()?.page;
    match (index.checked_sub(1).and_then(counter), counter(index)) {
        (Some(before), Some(now)) => now == 1 && before >= 1,
        _ => false,
    }
}

fn has_identity(identity: &Identity) -> bool {
    listed(&identity.names).is_some()
        || listed(&identity.births).is_some()
        || listed(&identity.ids).is_some()
}

/// The value believed most, if it counts as found.
fn listed(seen: &[Sighting]) -> Option<String> {
    best(seen).map(|f| f.value.expose().clone())
}

fn best(seen: &[Sighting]) -> Option<Field> {
    merged(seen.to_vec())
        .into_iter()
        .filter(|f| f.confidence.is_listed())
        .max_by(|a, b| a.confidence.get().total_cmp(&b.confidence.get()))
}

/// How two pages' statements on one thing compare.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Compared {
    Same,
    /// So close that one may be a misreading of the other.
    Close,
    Different,
    Unknown,
}

/// One misread character in an id or a date is a misreading, two are another
/// person.
const MISREADING: usize = 1;

fn compare(a: &[Sighting], b: &[Sighting]) -> Compared {
    let (Some(a), Some(b)) = (listed(a), listed(b)) else { return Compared::Unknown };
    match strsim::levenshtein(&a, &b) {
        0 => Compared::Same,
        d if d <= MISREADING => Compared::Close,
        _ => Compared::Different,
    }
}

/// Share of letters in common from which two names may be one, misread …
const ALIKE: f64 = 0.7;
/// … and where one of them was read with less confidence than this: "Loma
/// Yattow" is what a worn "Lorna Yarrow" looks like.
const ALIKE_IN_DOUBT: f64 = 0.6;
const SURE: f32 = 0.85;

/// Names: the same family name and first initial, allowing for noise.
fn compare_names(a: &[Sighting], b: &[Sighting]) -> Compared {
    let (Some(a), Some(b)) = (best(a), best(b)) else { return Compared::Unknown };
    let sure = a.confidence.get().min(b.confidence.get()) >= SURE;
    let alike = if sure { ALIKE } else { ALIKE_IN_DOUBT };
    let (a, b) = (a.value.expose().to_lowercase(), b.value.expose().to_lowercase());
    let key = |name: &str| -> (Option<char>, String) {
        let words: Vec<&str> = name.split_whitespace().filter(|w| !is_suffix(w)).collect();
        (name.chars().next(), words.last().copied().unwrap_or_default().to_owned())
    };
    let ((first_a, family_a), (first_b, family_b)) = (key(&a), key(&b));
    let distance = strsim::levenshtein(&family_a, &family_b);
    let near = distance <= family_a.len().max(4) / 4;
    let sorted = |name: &str| {
        let mut words: Vec<String> = name.split_whitespace().map(str::to_owned).collect();
        words.sort();
        words.join(" ")
    };
    if a == b || sorted(&a) == sorted(&b) {
        Compared::Same
    } else if near && first_a == first_b {
        Compared::Close
    } else if near || strsim::normalized_levenshtein(&a, &b) > alike {
        Compared::Unknown
    } else {
        Compared::Different
    }
}

fn is_suffix(word: &str) -> bool {
    matches!(word.trim_matches('.'), "jr" | "sr" | "ii" | "iii" | "iv")
}

/// Suffixes of one base id name the persons of a family.
fn compare_ids(a: &[Sighting], b: &[Sighting]) -> Compared {
    let (Some(x), Some(y)) = (listed(a), listed(b)) else { return Compared::Unknown };
    if x == y {
        return Compared::Same;
    }
    let (short, long) = if x.len() < y.len() { (&x, &y) } else { (&y, &x) };
    // With and without its suffix.
    if long.len() == short.len() + 2 && long.starts_with(short.as_str()) {
        return Compared::Close;
    }
    // Ids of two kinds (a plan's and Medicare's) do not compare.
    let kind = |id: &str| id.chars().next().map(|c| c.is_ascii_digit());
    if x.len() != y.len() && kind(&x) != kind(&y) {
        return Compared::Unknown;
    }
    compare(a, b)
}

/// Whether two stretches are surely about different persons: two statements
/// differ, or one does and nothing agrees.
fn differ(cues: &MemberCues, a: &Identity, b: &Identity) -> bool {
    let compared = statements(a, b);
    let count = |c: Compared| compared.iter().filter(|x| **x == c).count();
    let different = count(Compared::Different);
    let same = count(Compared::Same);
    let [ids, births, _] = compared;
    // A name alone may be a spouse's, or no name: two pages must say it.
    let by_name_alone = ids == Compared::Unknown && births == Compared::Unknown;
    if by_name_alone && !(names_himself(a) && names_himself(b)) {
        return false;
    }
    different >= 2 && same == 0
        || different == 1 && same == 0 && count(Compared::Close) == 0
        || family_of_one_subscriber(cues, a, b)
}

/// Whether pages give one name in two places at least.
fn names_himself(identity: &Identity) -> bool {
    let best = best(&identity.names);
    best.is_some_and(|name| name.evidence.len() >= 2)
}

fn statements(a: &Identity, b: &Identity) -> [Compared; 3] {
    [compare_ids(&a.ids, &b.ids), compare(&a.births, &b.births), compare_names(&a.names, &b.names)]
}

/// One base id with two suffixes, and nothing else that says they are one. Of an id
/// that has no suffix the last digits are its own.
fn family_of_one_subscriber(cues: &MemberCues, a: &Identity, b: &Identity) -> bool {
    let (Some(x), Some(y)) = (listed(&a.ids), listed(&b.ids)) else { return false };
    let suffixed = x.len() == y.len() && x.len() > 2 && x[..x.len() - 2] == y[..y.len() - 2];
    let suffixed = suffixed && !(is_bare(cues, &x) && is_bare(cues, &y));
    let [_, births, names] = statements(a, b);
    suffixed && x != y && births != Compared::Same && !matches!(names, Compared::Same)
}

fn agree(cues: &MemberCues, a: &Identity, b: &Identity) -> bool {
    statements(a, b).contains(&Compared::Same) && !differ(cues, a, b)
}

/// The id, or else the name.
fn member(identity: &Identity) -> Option<Field> {
    best(&identity.ids).or_else(|| best(&identity.names))
}
