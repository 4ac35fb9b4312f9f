//! The cue files of `models/cues/`: every phrase, pattern and threshold that
//! says how a thing looks on paper. Rust holds none of them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::calibration::Calibration;
use super::earlier_use;
use super::findings::{IntentKind, Item, PageKind, Role};
use super::labels::{FieldTag, Label};
use super::phrase::{Lexicon, fold};
use crate::receive::received::Context;
use crate::vocab::Sha256Digest;

/// All cue files, read and compiled.
#[derive(Debug)]
pub struct Cues {
    pub(super) kinds: Kinds,
    pub(super) labels: Labels,
    pub(super) pending: Pending,
    pub(super) urgent: Urgent,
    pub(super) boxes: Boxes,
    pub(super) hcpcs: HcpcsCues,
    pub(super) member: MemberCues,
    pub(super) about: About,
    pub(super) payers: Payers,
    pub(super) checklist: Checklist,
    pub(super) confidence: Calibration,
    pub(super) field_lexicon: Lexicon<FieldTag>,
    pub(super) page_lexicon: Lexicon<PageTag>,
    digest: Sha256Digest,
}

/// What a phrase that may stand anywhere on a page speaks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum PageTag {
    Title(PageKind),
    Field(PageKind),
    Body(PageKind),
    Against(PageKind),
    Veto(PageKind),
    Anchor(u8),
    Transmission,
    Pending,
    PendingSynonym,
    PendingDecoy,
    PendingDoubt,
    Leaving,
    Waiting,
    Over,
    /// A place where one lies ill.
    Inside,
    /// A way out of there, or home.
    Way,
    Stay,
    Urgent,
    UrgentDecoy,
    Private,
    Item(Item),
    ItemAgainst(Item),
    /// What a page must also speak of for an item's phrases to count.
    ItemBeside(Item),
    Intent(IntentKind),
    IntentAgainst(IntentKind),
    Setting(u8),
    Payer(u8),
    /// What makes a plan that is named one beside the sender's.
    PayerBeside,
    Oxygen,
    OxygenDecoy,
    History,
    Request,
    Sleep,
    Signed,
    Unsigned,
    Attestation,
}

/// What is wrong with the cue files.
#[derive(Debug, thiserror::Error)]
pub enum CueError {
    /// Not TOML, an unknown key, or a value of the wrong kind.
    #[error("models/cues/{file}: {source}")]
    Syntax {
        /// Which file.
        file: String,
        /// What and where.
        source: toml::de::Error,
    },
    /// A file that no part of the service reads.
    #[error("models/cues/{0}: nothing reads a cue file of this name; is it misspelt?")]
    Unknown(String),
    /// A file that is needed and not there.
    #[error("models/cues/{0} is missing")]
    Missing(&'static str),
    /// The same file twice.
    #[error("models/cues/{0} is given twice")]
    Twice(String),
    /// A value that cannot be meant.
    #[error("models/cues/{file}: {what}")]
    Meaning {
        /// Which file.
        file: &'static str,
        /// What is wrong and what is expected.
        what: String,
    },
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Kinds {
    /// Titles stand in this share of the page, from the top.
    pub title_band: f32,
    pub title_weight: f32,
    /// What a title of several words is worth more where it stands alone.
    pub named_weight: f32,
    pub field_weight: f32,
    pub body_weight: f32,
    pub against_weight: f32,
    /// Least score at which a page is more than `other`.
    pub sure: f32,
    pub medicines: Medicines,
    pub cover: CoverCues,
    pub kind: Vec<KindCues>,
}

/// What tells a list of medicines from a note that holds one.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Medicines {
    /// What stands behind the number of a dose.
    pub doses: BTreeSet<String>,
    /// Least share of lines that hold one.
    pub least_share: f32,
    /// What such a list is worth, …
    pub weight: f32,
    /// … and a page with doses on fewer lines.
    pub otherwise: f32,
}

/// What makes a page a cover.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CoverCues {
    /// Least score of a cover.
    pub sure: f32,
    /// A page of more words is none.
    pub most_words: usize,
    /// A page of at most so many words is short.
    pub short_words: usize,
    pub weights: CoverWeights,
    /// Phrases that speak of the transmission itself.
    pub speaks: Vec<String>,
    /// Each entry: the ways one anchor is written.
    pub anchors: Vec<Vec<String>>,
}

/// What counts how much.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CoverWeights {
    /// Each anchor, such as To, From, Re.
    pub anchor: f32,
    /// To and From together.
    pub addressed: f32,
    /// In front of its transmission.
    pub first: f32,
    /// Few words.
    pub short: f32,
    /// A title that says so.
    pub title: f32,
    /// Speaks of the transmission.
    pub speaks: f32,
    /// Says how many pages there are.
    pub pages: f32,
    /// Behind other pages, with neither title nor count: less than nothing.
    pub plain: f32,
    /// Each NPI and tax id: less than nothing.
    pub number: f32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KindCues {
    pub id: PageKind,
    #[serde(default)]
    pub titles: Vec<String>,
    #[serde(default)]
    pub fields: Vec<String>,
    #[serde(default)]
    pub body: Vec<String>,
    #[serde(default)]
    pub against: Vec<String>,
    #[serde(default)]
    pub vetoes: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Labels {
    labels: BTreeMap<Label, Vec<String>>,
    roles: BTreeMap<Role, Vec<String>>,
    /// Words that say whose the label right behind them is.
    parties: BTreeMap<Role, Vec<String>>,
    /// Headings put together from who somebody is and what he does.
    #[serde(default)]
    composed: Vec<Composed>,
    patient: Vec<String>,
    /// Whose numbers stand on a page of this kind without a heading.
    pub default_roles: BTreeMap<PageKind, Role>,
}

/// Words for somebody in a role: `supplying vendor`, `vendor who will supply`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Composed {
    role: Role,
    /// `vendor`, `dealer`.
    who: Vec<String>,
    /// Before it: `supplying`.
    does: Vec<String>,
    /// Behind it: `who will supply`.
    will: Vec<String>,
}

impl Composed {
    fn phrases(&self) -> impl Iterator<Item = String> + '_ {
        self.who.iter().flat_map(|who| {
            let does = self.does.iter().map(move |does| format!("{does} {who}"));
            does.chain(self.will.iter().map(move |will| format!("{who} {will}")))
        })
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pending {
    phrases: Vec<String>,
    /// Most edits over the words of a phrase.
    pub most_edits: u8,
    synonyms: Vec<String>,
    decoys: Vec<String>,
    /// Words that deny what follows within `negation_reach` words.
    pub negations: Vec<String>,
    pub negation_reach: usize,
    /// Words between that do not count.
    pub negation_fillers: BTreeSet<String>,
    /// Words that deny what follows at once, or with one of these between.
    pub near_negations: BTreeSet<String>,
    pub near_fillers: BTreeSet<String>,
    /// Words after the phrase that deny it.
    pub denials: Vec<String>,
    /// As `denials`, unless a comma stands before them.
    pub denials_of_place: Vec<String>,
    /// Behind "No." it asks for a number.
    pub number_of: String,
    /// Words that make a field of the phrase: `pending discharge box`.
    pub of_a_field: BTreeSet<String>,
    /// Words that may stand between a box and the phrase.
    pub subjects: Vec<String>,
    /// Words after the phrase, or a box beside it, that confirm it.
    pub affirmations: Vec<String>,
    /// Where the patient goes instead of home: only a hint.
    elsewhere: Vec<String>,
    /// Words that show a present hospital stay.
    stay: Vec<String>,
    /// Kinds on which the phrase is a trigger rather than a hint.
    pub strong_kinds: Vec<PageKind>,
    /// Least confidence of the words for a trigger.
    pub least_confidence: f32,
    /// What stamps and headings say, for those that can hardly be read, and the
    /// word of it that must be recognisable.
    pub worn: Vec<String>,
    pub worn_word: String,
    /// Its other word, which may be the one that can be read where they stand on
    /// two lines.
    pub worn_word_stacked: String,
    /// An empty box beside the phrase that was found with less confidence may be
    /// dirt, or hold a tick that is worn away.
    pub least_sure_empty: f32,
    /// What a worn `NOT` becomes when it falls into two words, put together.
    pub torn_negations: BTreeSet<String>,
    /// Who leaves.
    pub people: BTreeSet<String>,
    /// Says that somebody has left, unless words such as `be` stand before it.
    pub past_word: String,
    /// Words before `discharged` that make it one to come.
    pub passive: BTreeSet<String>,
    /// Words that turn a denial into waiting.
    pub conditions: Vec<String>,
    /// Words of leaving hospital, and of waiting: together in a sentence they
    /// say that a discharge waits.
    leaving: Vec<String>,
    waiting: Vec<String>,
    /// At most so many words apart.
    pub waiting_reach: usize,
    /// Where a patient lies, and ways out of there.
    inside: Vec<String>,
    ways: Vec<String>,
    /// Behind words of a place they make equipment of it: "hospital bed".
    pub equipment: BTreeSet<String>,
    /// Words behind `discharge` that make it something else.
    pub not_leaving: BTreeSet<String>,
    /// Words in its sentence by which a discharge is over.
    over: Vec<String>,
    /// Of `not_leaving`, papers.
    pub papers: BTreeSet<String>,
    /// Words behind a paper that say it is here, and not what is pending.
    pub enclosed: BTreeSet<String>,
    /// Words behind `discharge from` that are no hospital …
    pub not_from: BTreeSet<String>,
    /// … unless one of these stands there, too.
    pub houses: BTreeSet<String>,
    /// Words before `discharge` that make it past.
    pub after: BTreeSet<String>,
}

impl Pending {
    /// Whether a word (folded) behind `discharge` makes it something else, up to
    /// so many edits in a long one.
    pub fn is_not_leaving(&self, read: &str, edits: usize) -> bool {
        self.not_leaving.iter().map(|word| fold(word)).any(|word| {
            word == read || word.len() >= LONG_WORD && strsim::levenshtein(&word, read) <= edits
        })
    }
}

/// A word from which on a letter of it may be wrong.
const LONG_WORD: usize = 6;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Urgent {
    phrases: Vec<String>,
    decoys: Vec<String>,
    /// Words of the statement that has to be signed for an expedited review.
    attestation: Vec<String>,
    /// Paragraphs that are never mined.
    pub private: Vec<String>,
    pub kinds: Vec<PageKind>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Boxes {
    pub ticked: BTreeSet<String>,
    pub empty: BTreeSet<String>,
    pub unclear: BTreeSet<String>,
    /// How far a label stands from its box, in line heights.
    pub reach: f32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HcpcsCues {
    /// Kinds on which a code stands for a request.
    pub request_kinds: BTreeSet<PageKind>,
    /// Kinds that list the requested items without asking for them.
    pub listing_kinds: BTreeSet<PageKind>,
    /// Kinds on which even a labelled code is someone else's word.
    pub never_kinds: BTreeSet<PageKind>,
    history: Vec<String>,
    request: Vec<String>,
    sleep: Vec<String>,
    /// What the first letter is misread as.
    pub first_letter: BTreeMap<char, char>,
    /// Modifiers of what is billed by the month.
    pub monthly: BTreeSet<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MemberCues {
    pub id: Vec<IdShape>,
    pub other_least: usize,
    pub other_most: usize,
    pub other_digits: usize,
    /// Before or after a name, no part of it.
    pub honorifics: BTreeSet<String>,
    /// Degrees of those who may order; each is an honorific too.
    pub prescriber: BTreeSet<String>,
    /// Words that end a name.
    pub not_a_name: BTreeSet<String>,
    /// Words that show a company rather than a person.
    pub company: BTreeSet<String>,
    /// Words in a row that show a hospital or nursing facility.
    pub hospital: BTreeSet<String>,
    /// Words in a row that show a supplier of equipment or an agency.
    pub supplier: BTreeSet<String>,
    /// Words in the name of whoever faxes are sent to.
    pub payer: BTreeSet<String>,
    /// Labels that run into a company's name.
    pub leads_a_name: BTreeSet<String>,
    /// Labels of what follows a company's name.
    pub ends_a_name: BTreeSet<String>,
    /// Words of labels, titles and items: a "name" of nothing else is none.
    #[serde(skip)]
    pub vocabulary: BTreeSet<String>,
}

/// A shape of member ids: `d` digit, `z` digit but 0, `a` letter of
/// `letters`, `n` letter of `letters` or digit; anything else is itself.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IdShape {
    pub name: String,
    pub shape: String,
    #[serde(default)]
    pub suffix: String,
    #[serde(default)]
    pub letters: String,
    /// What a fixed letter is misread as; only with a label.
    #[serde(default)]
    pub misread: BTreeMap<char, char>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct About {
    pub intent: Vec<IntentCues>,
    pub setting: Vec<SettingCues>,
    pub oxygen: OxygenCues,
    pub reference: BTreeMap<super::findings::ReferenceKind, Vec<String>>,
    /// Kinds whose words tell the sender's intent.
    pub intent_kinds: BTreeSet<PageKind>,
    /// Numbers of our own lines, never a provider's.
    pub own_numbers: BTreeSet<String>,
    /// Facts that came with a document and are read like its note.
    pub spoken_metadata: BTreeSet<String>,
}

impl About {
    /// The note that came with a document, and what else came in words.
    pub fn words_beside(&self, context: &Context) -> String {
        let note = context.note.iter();
        let facts = context.metadata.iter().filter(|(key, _)| self.spoken_metadata.contains(*key));
        let all: Vec<&str> =
            note.chain(facts.map(|(_, text)| text)).map(|text| text.expose().as_str()).collect();
        all.join("\n")
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IntentCues {
    pub kind: IntentKind,
    pub phrases: Vec<String>,
    #[serde(default)]
    pub against: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SettingCues {
    pub value: String,
    pub phrases: Vec<String>,
    /// Place-of-service codes that mean it.
    #[serde(default)]
    pub places: BTreeSet<String>,
    /// What is written beside such a code: `12 (Home)`.
    #[serde(default)]
    pub words: BTreeSet<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OxygenCues {
    pub families: BTreeSet<String>,
    phrases: Vec<String>,
    decoys: Vec<String>,
    pub kinds: BTreeSet<PageKind>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Payers {
    /// Kinds on which the sender says whom he speaks to.
    pub kinds: BTreeSet<PageKind>,
    /// What stands before a plan that is not the one spoken to.
    beside: Vec<String>,
    pub payer: Vec<PayerCues>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PayerCues {
    pub name: String,
    phrases: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Checklist {
    /// A visit older than this many calendar months is stale.
    pub visit_months: i32,
    /// Words that say that somebody signed, and that nobody did.
    signed: Vec<String>,
    unsigned: Vec<String>,
    /// Of which questions about earlier use are made.
    pub earlier_use: earlier_use::Words,
    pub item: Vec<ItemCues>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ItemCues {
    pub id: Item,
    /// A page of one of these kinds is the item.
    #[serde(default)]
    pub kinds: Vec<PageKind>,
    /// Phrases that show it on other pages.
    #[serde(default)]
    pub phrases: Vec<String>,
    /// How many different places must show a phrase.
    #[serde(default = "one")]
    pub need: usize,
    /// Kinds on which the phrases are not looked for.
    #[serde(default)]
    pub not_on: Vec<PageKind>,
    /// Headers of columns that show it, on pages of these kinds alone.
    #[serde(default)]
    pub columns: Vec<String>,
    #[serde(default)]
    pub columns_on: Vec<PageKind>,
    #[serde(default)]
    pub against: Vec<String>,
    /// A page on which none of these stands says nothing of the item; none: any page.
    #[serde(default)]
    pub beside: Vec<String>,
}

fn one() -> usize {
    1
}

/// Anchors of a cover whose place in the list says what they are.
const LEAST_ANCHORS: usize = 5;

const FILES: [&str; 11] = [
    "boxes.toml",
    "checklist.toml",
    "confidence.toml",
    "hcpcs.toml",
    "kinds.toml",
    "labels.toml",
    "member.toml",
    "about.toml",
    "payers.toml",
    "pending.toml",
    "urgent.toml",
];

impl Cues {
    /// Reads the cue files, each as its name (`kinds.toml`, with or without
    /// folders before it) and its text. All of them are needed, and no other
    /// is accepted.
    ///
    /// # Errors
    ///
    /// [`CueError`]: a file is missing, unknown, given twice, or says
    /// something that cannot be meant.
    pub fn parse(files: impl IntoIterator<Item = (String, String)>) -> Result<Self, CueError> {
        let files = by_name(files)?;
        let digest = digest_of(&files);
        let mut cues = Self {
            kinds: read(&files, "kinds.toml")?,
            labels: read(&files, "labels.toml")?,
            pending: read(&files, "pending.toml")?,
            urgent: read(&files, "urgent.toml")?,
            boxes: read(&files, "boxes.toml")?,
            hcpcs: read(&files, "hcpcs.toml")?,
            member: read(&files, "member.toml")?,
            about: read(&files, "about.toml")?,
            payers: read(&files, "payers.toml")?,
            checklist: read(&files, "checklist.toml")?,
            confidence: read(&files, "confidence.toml")?,
            field_lexicon: Lexicon::default(),
            page_lexicon: Lexicon::default(),
            digest,
        };
        cues.check()?;
        cues.member.vocabulary = cues.vocabulary();
        Ok(Self {
            field_lexicon: cues.compile_fields(),
            page_lexicon: cues.compile_pages(),
            ..cues
        })
    }

    /// Over all files with their names; stored with every decision.
    pub fn digest(&self) -> Sha256Digest {
        self.digest
    }

    fn check(&self) -> Result<(), CueError> {
        let given: BTreeSet<Item> = self.checklist.item.iter().map(|i| i.id).collect();
        if let Some(item) = Item::ALL.iter().find(|item| !given.contains(item)) {
            return Err(CueError::Meaning {
                file: "checklist.toml",
                what: format!("item {:?} has no entry", item.as_str()),
            });
        }
        if let Some(id) = self.member.id.iter().find(|id| id.shape.is_empty()) {
            return Err(CueError::Meaning {
                file: "member.toml",
                what: format!("the shape of {:?} is empty", id.name),
            });
        }
        self.confidence
            .check()
            .map_err(|what| CueError::Meaning { file: "confidence.toml", what })?;
        if self.kinds.cover.anchors.len() < LEAST_ANCHORS {
            return Err(CueError::Meaning {
                file: "kinds.toml",
                what: "cover.anchors begin with To, From, Date, Re, Pages, in this order".into(),
            });
        }
        if !(0.0..=1.0).contains(&self.kinds.title_band) {
            return Err(CueError::Meaning {
                file: "kinds.toml",
                what: "title_band is a share of the page, 0 to 1".into(),
            });
        }
        Ok(())
    }

    /// All words that papers print by themselves, lower case.
    fn vocabulary(&self) -> BTreeSet<String> {
        let labels = self.labels.labels.values().chain(self.labels.roles.values()).flatten();
        let kinds = self.kinds.kind.iter().flat_map(|k| [&k.titles, &k.fields, &k.body]).flatten();
        let items = self.checklist.item.iter().flat_map(|item| &item.phrases);
        labels
            .chain(kinds)
            .chain(items)
            .chain(self.checklist.earlier_use.all())
            .flat_map(|phrase| phrase.split(|c: char| !c.is_alphanumeric()))
            .filter(|word| word.len() >= 2)
            .map(str::to_lowercase)
            .collect()
    }

    fn compile_fields(&self) -> Lexicon<FieldTag> {
        let mut lexicon = Lexicon::of_labels();
        for (label, phrases) in &self.labels.labels {
            add(&mut lexicon, phrases, FieldTag::Label(*label));
        }
        for (role, phrases) in &self.labels.roles {
            add(&mut lexicon, phrases, FieldTag::Role(*role));
        }
        for (role, words) in &self.labels.parties {
            add(&mut lexicon, words, FieldTag::Party(*role));
        }
        let listed: BTreeSet<&String> = self.labels.roles.values().flatten().collect();
        for composed in &self.labels.composed {
            let phrases = composed.phrases().filter(|phrase| !listed.contains(phrase));
            add(&mut lexicon, &phrases.collect::<Vec<_>>(), FieldTag::Role(composed.role));
        }
        add(&mut lexicon, &self.labels.patient, FieldTag::Patient);
        lexicon
    }

    fn compile_pages(&self) -> Lexicon<PageTag> {
        let mut lexicon = Lexicon::default();
        for kind in &self.kinds.kind {
            add(&mut lexicon, &kind.titles, PageTag::Title(kind.id));
            add(&mut lexicon, &kind.fields, PageTag::Field(kind.id));
            add(&mut lexicon, &kind.body, PageTag::Body(kind.id));
            add(&mut lexicon, &kind.against, PageTag::Against(kind.id));
            add(&mut lexicon, &kind.vetoes, PageTag::Veto(kind.id));
        }
        for phrase in &self.kinds.cover.speaks {
            lexicon.add(phrase, PageTag::Transmission);
        }
        for (number, ways) in self.kinds.cover.anchors.iter().enumerate() {
            add(&mut lexicon, ways, PageTag::Anchor(u8::try_from(number).unwrap_or(u8::MAX)));
        }
        add(&mut lexicon, &self.pending.phrases, PageTag::Pending);
        add(&mut lexicon, &self.pending.synonyms, PageTag::PendingSynonym);
        add(&mut lexicon, &self.pending.decoys, PageTag::PendingDecoy);
        add(&mut lexicon, &self.pending.elsewhere, PageTag::PendingDoubt);
        add(&mut lexicon, &self.pending.stay, PageTag::Stay);
        add(&mut lexicon, &self.pending.leaving, PageTag::Leaving);
        add(&mut lexicon, &self.pending.waiting, PageTag::Waiting);
        add(&mut lexicon, &self.pending.over, PageTag::Over);
        add(&mut lexicon, &self.pending.inside, PageTag::Inside);
        add(&mut lexicon, &self.pending.ways, PageTag::Way);
        add(&mut lexicon, &self.urgent.phrases, PageTag::Urgent);
        add(&mut lexicon, &self.urgent.decoys, PageTag::UrgentDecoy);
        add(&mut lexicon, &self.urgent.attestation, PageTag::Attestation);
        add(&mut lexicon, &self.urgent.private, PageTag::Private);
        for item in &self.checklist.item {
            add(&mut lexicon, &item.phrases, PageTag::Item(item.id));
            add(&mut lexicon, &item.against, PageTag::ItemAgainst(item.id));
            add(&mut lexicon, &item.beside, PageTag::ItemBeside(item.id));
        }
        for intent in &self.about.intent {
            add(&mut lexicon, &intent.phrases, PageTag::Intent(intent.kind));
            add(&mut lexicon, &intent.against, PageTag::IntentAgainst(intent.kind));
        }
        for (number, setting) in self.about.setting.iter().enumerate() {
            let tag = PageTag::Setting(u8::try_from(number).unwrap_or(u8::MAX));
            add(&mut lexicon, &setting.phrases, tag);
        }
        for (number, payer) in self.payers.payer.iter().enumerate() {
            let tag = PageTag::Payer(u8::try_from(number).unwrap_or(u8::MAX));
            add(&mut lexicon, &payer.phrases, tag);
        }
        add(&mut lexicon, &self.payers.beside, PageTag::PayerBeside);
        add(&mut lexicon, &self.about.oxygen.phrases, PageTag::Oxygen);
        add(&mut lexicon, &self.about.oxygen.decoys, PageTag::OxygenDecoy);
        add(&mut lexicon, &self.hcpcs.history, PageTag::History);
        add(&mut lexicon, &self.hcpcs.request, PageTag::Request);
        add(&mut lexicon, &self.hcpcs.sleep, PageTag::Sleep);
        add(&mut lexicon, &self.checklist.signed, PageTag::Signed);
        add(&mut lexicon, &self.checklist.unsigned, PageTag::Unsigned);
        lexicon
    }
}

fn add<T: Copy + Eq + std::hash::Hash>(lexicon: &mut Lexicon<T>, phrases: &[String], tag: T) {
    for phrase in phrases {
        lexicon.add(phrase, tag);
    }
}

fn by_name(
    files: impl IntoIterator<Item = (String, String)>,
) -> Result<BTreeMap<&'static str, String>, CueError> {
    let mut found = BTreeMap::new();
    for (path, text) in files {
        let name = path.rsplit(['/', '\\']).next().unwrap_or(&path);
        let Some(known) = FILES.iter().find(|known| **known == name) else {
            return Err(CueError::Unknown(name.to_owned()));
        };
        if found.insert(*known, text).is_some() {
            return Err(CueError::Twice(name.to_owned()));
        }
    }
    Ok(found)
}

fn read<T: serde::de::DeserializeOwned>(
    files: &BTreeMap<&'static str, String>,
    name: &'static str,
) -> Result<T, CueError> {
    let text = files.get(name).ok_or(CueError::Missing(name))?;
    toml::from_str(text).map_err(|source| CueError::Syntax { file: name.to_owned(), source })
}

/// Names and texts with lengths before them, so that no two sets of files
/// make the same bytes.
fn digest_of(files: &BTreeMap<&'static str, String>) -> Sha256Digest {
    let mut bytes = Vec::new();
    for (name, text) in files {
        bytes.extend_from_slice(format!("{name} {}\n", text.len()).as_bytes());
        bytes.extend_from_slice(text.as_bytes());
    }
    Sha256Digest::of(&bytes)
}
