//! Finds the phrases of the cue files in the words of a page, allowing for
//! what a fax does to letters.
//!
//! Words are compared after folding (lower case, `1`→`l`, `0`→`o`, …) and
//! within an edit distance that grows with the length of the phrase. All
//! phrases are looked for at once: each distinct word of the page is compared
//! with each distinct word of the lexicon, once, and a phrase is then a walk
//! over words already matched. A page of 600 words takes about a millisecond.

use std::collections::HashMap;
use std::hash::Hash;

use super::edits::Edits;
use super::layout::Sheet;

/// Letters of a phrase for each edit it may differ by. Five letters to an
/// edit matched `older` for `order`; seven lost `PENDNG DISCHARCE`.
const LETTERS_PER_EDIT: usize = 6;
/// Most edits in one phrase, however long: two noisy words are still two
/// words, four are another sentence.
const MOST_EDITS: usize = 3;
/// Little words that are read as one with the word beside them. None that denies.
const LITTLE: [&str; 5] = ["of", "or", "the", "to", "and"];
/// Letters that a word run together from a whole phrase must have at least;
/// shorter ones (`po box` → `pobox`) are words of their own.
const LEAST_JOINED: usize = 8;

/// A phrase found on a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit<T> {
    /// What the phrase stands for.
    pub tag: T,
    /// Index of its first piece in [`Sheet::pieces`].
    pub first: usize,
    /// Index of its last piece.
    pub last: usize,
    /// By how many edits it differed.
    pub distance: u8,
    /// Letters and digits in the phrase; a longer hit wins over one inside it.
    pub letters: u16,
}

/// A set of phrases, each standing for a tag.
#[derive(Clone, Debug)]
pub struct Lexicon<T> {
    words: Vec<Word>,
    ids: HashMap<String, u32>,
    phrases: Vec<Phrase<T>>,
    by_first: Vec<Vec<u32>>,
    /// Words that may differ by an edit, by their length: what refuses most of
    /// them stands together.
    by_length: Vec<Vec<Candidate>>,
    /// Whether its phrases are labels: a letter of a short word may be another
    /// one, where the phrase has enough words beside it.
    of_labels: bool,
}

#[derive(Clone, Copy, Debug)]
struct Candidate {
    letters: u32,
    edits: u32,
    word: u32,
}

#[derive(Clone, Debug)]
struct Word {
    text: String,
    /// Whether it is words of a phrase run together, and no word of any.
    glued: bool,
}

#[derive(Clone, Debug)]
struct Phrase<T> {
    words: Vec<u32>,
    tag: T,
    edits: usize,
    letters: u16,
    /// Words shorter than this must be exact in it.
    exact_below: usize,
}

impl<T: Copy + Eq + Hash> Default for Lexicon<T> {
    fn default() -> Self {
        Self {
            words: vec![],
            ids: HashMap::new(),
            phrases: vec![],
            by_first: vec![],
            by_length: vec![],
            of_labels: false,
        }
    }
}

impl<T: Copy + Eq + Hash> Lexicon<T> {
    /// A lexicon in which `date ot service` is a `date of service`: fit for
    /// labels. In sentences `now` is no misread `not`.
    pub fn of_labels() -> Self {
        Self { of_labels: true, ..Self::default() }
    }

    /// Adds a phrase. One without a letter or digit is left out.
    pub fn add(&mut self, phrase: &str, tag: T) {
        let words: Vec<String> = folded_words(phrase);
        let letters: usize = words.iter().map(String::len).sum();
        if words.is_empty() {
            return;
        }
        if words.len() > 1 && letters >= LEAST_JOINED {
            // Of a label run together no word may be missing: `information` is no
            // `ptinformation`.
            let most = if self.of_labels { 1 } else { MOST_EDITS_OF_A_WORD };
            self.add_words(&[words.concat()], tag, letters, Some(most));
        }
        self.add_words(&words, tag, letters, None);
        // `Prior levelof function`: a little word stands close to its neighbour.
        for at in 1..words.len() {
            let little = |word: &String| LITTLE.contains(&word.as_str());
            if words.len() > 2 && (little(&words[at - 1]) || little(&words[at])) {
                let joined = words[at - 1..=at].concat();
                let before = words[..at - 1].iter().cloned();
                let behind = words[at + 1..].iter().cloned();
                let words: Vec<String> = before.chain([joined]).chain(behind).collect();
                self.add_words(&words, tag, letters, Some(1));
            }
        }
    }

    /// `glued`: which words are new are run together, and may differ by so many edits.
    fn add_words(&mut self, words: &[String], tag: T, letters: usize, glued: Option<u32>) {
        let ids: Vec<u32> = words.iter().map(|word| self.word(word, glued)).collect();
        let phrase = u32::try_from(self.phrases.len()).unwrap_or(u32::MAX);
        self.by_first[ids[0] as usize].push(phrase);
        self.phrases.push(Phrase {
            words: ids,
            tag,
            edits: ((letters + 1) / LETTERS_PER_EDIT).min(MOST_EDITS),
            letters: u16::try_from(letters).unwrap_or(u16::MAX),
            exact_below: match words.len() {
                _ if !self.of_labels => SHORT + 1,
                3.. => 2,
                2 if letters >= LETTERS_OF_A_PAIR => SHORT,
                _ => SHORT + 1,
            },
        });
    }

    fn word(&mut self, text: &str, glued: Option<u32>) -> u32 {
        if let Some(&id) = self.ids.get(text) {
            self.words[id as usize].glued &= glued.is_some();
            return id;
        }
        let id = u32::try_from(self.words.len()).unwrap_or(u32::MAX);
        self.words.push(Word { text: text.to_owned(), glued: glued.is_some() });
        self.by_first.push(vec![]);
        self.ids.insert(text.to_owned(), id);
        let edits = edits_of_word(text).max(u32::from(self.of_labels && is_short(text)));
        let edits = edits.min(glued.unwrap_or(edits));
        if edits > 0 {
            let length = text.len();
            self.by_length.resize_with(self.by_length.len().max(length + 1), Vec::new);
            self.by_length[length].push(Candidate { letters: letter_set(text), edits, word: id });
        }
        id
    }

    /// All phrases on the page, by place; overlapping ones are all listed.
    pub fn find(&self, sheet: &Sheet<'_>) -> Vec<Hit<T>> {
        self.find_over(sheet, |piece| sheet.next(piece))
    }

    /// The same, where `next` says which piece a phrase goes on in.
    pub fn find_over(
        &self,
        sheet: &Sheet<'_>,
        next: impl Fn(usize) -> Option<usize>,
    ) -> Vec<Hit<T>> {
        let matches = Matches::of(self, sheet);
        let mut hits = Vec::new();
        for start in 0..sheet.pieces.len() {
            for step in &matches.at[start] {
                for &phrase in &self.by_first[step.word as usize] {
                    let phrase = &self.phrases[phrase as usize];
                    let goes_in = |step: &Step| {
                        let length = self.words[step.word as usize].text.len();
                        step.distance == 0 || length >= phrase.exact_below
                    };
                    if goes_in(step)
                        && let Some((last, distance)) =
                            matches.walk(sheet, &next, phrase, start, *step, goes_in)
                    {
                        hits.push(Hit {
                            tag: phrase.tag,
                            first: start,
                            last,
                            distance: u8::try_from(distance).unwrap_or(u8::MAX),
                            letters: phrase.letters,
                        });
                    }
                }
            }
        }
        best_of_each(hits)
    }
}

/// Of several readings of one tag at one start, the closest and longest; of equals
/// the first, so that a page is always read the same.
fn best_of_each<T: Copy + Eq + Hash>(hits: Vec<Hit<T>>) -> Vec<Hit<T>> {
    let rank = |h: &Hit<T>| (i32::from(h.letters) - 4 * i32::from(h.distance), h.last);
    let mut places: HashMap<(T, usize), usize> = HashMap::new();
    let mut best: Vec<Hit<T>> = Vec::new();
    for hit in hits {
        let place = *places.entry((hit.tag, hit.first)).or_insert(best.len());
        match best.get_mut(place) {
            Some(old) if rank(&hit) > rank(old) => *old = hit,
            Some(_) => {}
            None => best.push(hit),
        }
    }
    best.sort_by_key(|h| (h.first, h.last, std::cmp::Reverse(h.letters), h.distance));
    best
}

/// Drops hits that lie inside a longer one.
pub fn longest<T: Copy>(hits: &[Hit<T>]) -> Vec<Hit<T>> {
    let inside = |a: &Hit<T>, b: &Hit<T>| {
        b.first <= a.first && a.last <= b.last && (b.last - b.first) > (a.last - a.first)
    };
    hits.iter().filter(|a| !hits.iter().any(|b| inside(a, b))).copied().collect()
}

/// A word of the lexicon seen at a piece, which may span two pieces.
#[derive(Clone, Copy)]
struct Step {
    word: u32,
    last: usize,
    distance: usize,
}

struct Matches {
    at: Vec<Vec<Step>>,
}

impl Matches {
    fn of<T: Copy + Eq + Hash>(lexicon: &Lexicon<T>, sheet: &Sheet<'_>) -> Self {
        let mut seen: HashMap<String, Vec<(u32, usize)>> = HashMap::new();
        let mut lookup = |text: &str| -> Vec<(u32, usize)> {
            if let Some(known) = seen.get(text) {
                return known.clone();
            }
            let found = lexicon.similar(text);
            seen.insert(text.to_owned(), found.clone());
            found
        };
        let at = (0..sheet.pieces.len())
            .map(|index| {
                let piece = &sheet.pieces[index];
                let mut single = lookup(&piece.folded);
                if sheet.begins_with_bracket(index) {
                    single.extend(lookup(&piece.folded[1..]));
                }
                single.extend(lexicon.before_a_colon(&piece.folded).map(|word| (word, 0)));
                let mut steps: Vec<Step> = single
                    .into_iter()
                    .map(|(word, distance)| Step { word, last: index, distance })
                    .collect();
                if let Some(next) = sheet.joinable(index) {
                    let second = &sheet.pieces[next].folded;
                    let beside = lookup(second);
                    let joined = lookup(&format!("{}{second}", piece.folded));
                    // As close as either half is: `discharge is` is no damaged
                    // `discharge`, of `pendi ng` the half is farther off. A
                    // phrase run together has its words for that.
                    let alone = |word: u32, distance: usize| {
                        let glued = lexicon.words[word as usize].glued;
                        let closer = |of: u32, d: usize| of == word && (glued || d <= distance);
                        steps.iter().any(|step| closer(step.word, step.distance))
                            || beside.iter().any(|&(of, d)| closer(of, d))
                    };
                    let split: Vec<Step> = joined
                        .into_iter()
                        // A split word is already damage: the rest must fit.
                        .filter(|&(word, distance)| distance <= 1 && !alone(word, distance))
                        .map(|(word, distance)| Step { word, last: next, distance })
                        .collect();
                    steps.extend(split);
                }
                steps
            })
            .collect();
        Self { at }
    }

    /// Follows a phrase from its first word through words that go in it; the
    /// last piece and the edits, if all of it is there.
    fn walk<T>(
        &self,
        sheet: &Sheet<'_>,
        after: impl Fn(usize) -> Option<usize>,
        phrase: &Phrase<T>,
        start: usize,
        first: Step,
        goes_in: impl Fn(&Step) -> bool,
    ) -> Option<(usize, usize)> {
        let (mut last, mut distance) = (first.last, first.distance);
        for &word in &phrase.words[1..] {
            let next = after(last)?;
            let at = |place: usize| {
                let steps = self.at[place].iter().filter(|step| step.word == word && goes_in(step));
                steps.min_by_key(|step| step.distance).copied()
            };
            let (step, specks) = match at(next) {
                Some(step) => (step, 0),
                None if is_speck(sheet, next) => (at(after(next)?)?, 1),
                None => return None,
            };
            last = step.last;
            distance += step.distance + specks;
        }
        let allowed =
            phrase.edits + usize::from(is_long(phrase) && is_badly_read(sheet, start, last));
        (distance <= allowed).then_some((last, distance))
    }
}

fn is_long<T>(phrase: &Phrase<T>) -> bool {
    usize::from(phrase.letters) >= LONG
}

/// Whether a word of a phrase was read so badly that one letter more may be wrong.
fn is_badly_read(sheet: &Sheet<'_>, first: usize, last: usize) -> bool {
    let words = [first, last].map(|piece| &sheet.words[sheet.pieces[piece].word]);
    words.iter().any(|word| word.confidence.get() < BADLY_READ)
}

/// Letters of a phrase that stays itself with an edit more.
const LONG: usize = 8;
/// A word read less well than this is a guess at some of its letters.
const BADLY_READ: f32 = 0.5;

/// Whether a piece may be a speck or a scrap of the next letter, read as a
/// character of its own: `PENDING P DISCHARGE`. It costs an edit.
fn is_speck(sheet: &Sheet<'_>, piece: usize) -> bool {
    sheet.pieces[piece].folded.len() == 1
        && !sheet.pieces[piece].folded.bytes().all(|b| b.is_ascii_digit())
}

impl<T: Copy + Eq + Hash> Lexicon<T> {
    /// The word of a label whose colon was read as a stroke: `Fed. tax nol 52-7061666`.
    fn before_a_colon(&self, text: &str) -> Option<u32> {
        let bare = text.strip_suffix('l').filter(|bare| bare.len() > 1)?;
        let known = self.of_labels && !self.ids.contains_key(text);
        known.then(|| self.ids.get(bare).copied()).flatten()
    }

    /// Words of the lexicon that this one may be a damaged form of.
    fn similar(&self, text: &str) -> Vec<(u32, usize)> {
        let letters = letter_set(text);
        let compared = Edits::of(text);
        let itself = self.ids.get(text).copied();
        let mut found: Vec<(u32, usize)> = itself.map(|id| (id, 0)).into_iter().collect();
        let most = MOST_EDITS_OF_A_WORD as usize;
        for length in text.len().saturating_sub(most)..=text.len() + most {
            let apart = length.abs_diff(text.len()) as u32;
            for one in self.by_length.get(length).into_iter().flatten() {
                // An edit changes at most two members of the letter set and one
                // in length: cheap to refuse most pairs by.
                let differing = (one.letters ^ letters).count_ones();
                if differing > 2 * one.edits || apart > one.edits || itself == Some(one.word) {
                    continue;
                }
                let word = &self.words[one.word as usize].text;
                let distance = compared.to(word);
                // In a short word a letter may be another, and none is lost.
                if distance <= one.edits as usize && (apart == 0 || !is_short(word)) {
                    found.push((one.word, distance));
                }
            }
        }
        found.sort_unstable();
        found
    }
}

/// Letters of a word that must be exact but in a phrase that tells it anyway.
const SHORT: usize = 4;
/// Letters of two words that are told although one of four letters is damaged.
const LETTERS_OF_A_PAIR: usize = 9;
/// Most edits in one word.
const MOST_EDITS_OF_A_WORD: u32 = 2;

/// Edits one word may differ by. Short words and numbers must be exact: `fax`
/// is one edit from `tax`, CMS-484 from CMS-848.
fn edits_of_word(word: &str) -> u32 {
    if word.bytes().any(|b| b.is_ascii_digit()) {
        return 0;
    }
    match word.len() {
        0..=SHORT => 0,
        5..=6 => 1,
        _ => MOST_EDITS_OF_A_WORD,
    }
}

/// Whether a letter of it is too much of it to be taken for another at once.
fn is_short(word: &str) -> bool {
    (2..=SHORT).contains(&word.len()) && !word.bytes().any(|b| b.is_ascii_digit())
}

/// Which letters occur, one bit each.
fn letter_set(text: &str) -> u32 {
    text.bytes()
        .fold(0, |set, b| set | if b.is_ascii_lowercase() { 1 << (b - b'a') } else { 1 << 31 })
}

/// Lower case, look-alikes made one; a word of digits alone stays as it is.
pub fn fold(word: &str) -> String {
    if word.bytes().all(|b| b.is_ascii_digit()) {
        return word.to_owned();
    }
    word.chars()
        .map(|c| match c.to_ascii_lowercase() {
            'i' | '1' => 'l',
            '0' => 'o',
            '5' => 's',
            '8' => 'b',
            other => other,
        })
        .collect()
}

/// The words of a phrase, cut and folded as the words of a page are.
pub fn folded_words(phrase: &str) -> Vec<String> {
    super::layout::alphanumeric_runs(phrase)
        .into_iter()
        .map(|run| fold(&phrase[run].replace(['\'', '’'], "")))
        .collect()
}
