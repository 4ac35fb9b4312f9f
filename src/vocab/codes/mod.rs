//! The table of issued HCPCS codes, as facts: which codes exist, to which
//! family of items they belong, how they are paid for, when they ended.
//! Loaded from `models/codes/hcpcs.toml`; what was imported since, CMS's
//! releases and the plans' own lists, is added on top.

pub mod list;
pub mod release;

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;

use self::list::CodeList;
use self::release::Release;
use super::{HcpcsCode, Modifier, Sha256Digest};

/// How Medicare's fee schedule pays for an item; decides whether "rental or
/// purchase" is a question at all.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "UPPERCASE")]
pub enum PaymentClass {
    /// Inexpensive or routinely purchased.
    In,
    /// Capped rental.
    Cr,
    /// Frequent and substantial servicing: rental only.
    Fs,
    /// Oxygen: rental only.
    Ox,
    /// Prosthetics and orthotics: purchase.
    Po,
    /// Therapeutic shoes: purchase.
    Ts,
    /// Anything else that is bought: supplies, dressings, ostomy.
    Su,
    /// Services and tests; nothing is rented or bought.
    Na,
}

/// What is known about one issued code.
#[derive(Clone, Debug, PartialEq)]
pub struct CodeFacts {
    /// Family id: `oxygen`, `hospital_beds`, …
    pub family: String,
    /// How it is paid for.
    pub payment: PaymentClass,
    /// The last day it was valid, for a terminated code.
    pub ended: Option<Date>,
    /// Lower-case words that a description of this item is likely to hold, in
    /// our own wording.
    pub words: Vec<String>,
    /// Whether the same five characters are also an ICD-10-CM code without
    /// its dot (E1140, E11.40).
    pub icd_collision: bool,
}

/// How somebody comes by an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Acquisition {
    /// Bought.
    Purchase,
    /// By the month or the day.
    Rental,
}

/// All issued codes that we know.
#[derive(Clone, Debug)]
pub struct CodeTable {
    codes: BTreeMap<HcpcsCode, CodeFacts>,
    modifiers: BTreeMap<Modifier, String>,
    acquisition: BTreeMap<Modifier, Acquisition>,
    lists: Vec<CodeList>,
    digest: Sha256Digest,
}

/// What is wrong with a code table.
#[derive(Debug, thiserror::Error)]
pub enum CodeTableError {
    /// Not TOML, or unknown keys.
    #[error("models/codes: {0}")]
    Syntax(#[from] toml::de::Error),
    /// A code or run that breaks the grammar.
    #[error(
        "models/codes: {entry:?} in family {family:?} is no code or run of codes such as \"E0424-E0447\""
    )]
    BadRun {
        /// The family it stands in.
        family: String,
        /// As written.
        entry: String,
    },
    /// A code listed in two families.
    #[error("models/codes: {code} is listed twice, the second time in family {family:?}")]
    Twice {
        /// The code.
        code: HcpcsCode,
        /// The second family.
        family: String,
    },
    /// A fact about a code that no family lists.
    #[error("models/codes: {code} in {place} belongs to no family listed; add it to one first")]
    Unlisted {
        /// The code.
        code: HcpcsCode,
        /// The key it stands under.
        place: String,
    },
    /// A modifier that breaks the grammar.
    #[error("models/codes: {0:?} is no modifier")]
    BadModifier(String),
}

/// The file as written: families with runs of issued codes, and facts about
/// single codes on top.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[allow(dead_code)] // for people; the loader needs no provenance
    provenance: String,
    family: Vec<WrittenFamily>,
    #[serde(default)]
    code: Vec<WrittenCode>,
    modifiers: BTreeMap<String, String>,
    #[serde(default)]
    acquisition: BTreeMap<Acquisition, Vec<String>>,
    #[serde(default)]
    icd_collisions: Vec<HcpcsCode>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenFamily {
    id: String,
    payment: PaymentClass,
    words: Vec<String>,
    codes: Vec<String>,
    /// Codes of this family that are paid in another class.
    #[serde(default)]
    paid_otherwise: BTreeMap<PaymentClass, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenCode {
    code: HcpcsCode,
    #[serde(default)]
    words: Vec<String>,
    payment: Option<PaymentClass>,
    ended: Option<Date>,
}

impl CodeTable {
    /// Reads `models/codes/hcpcs.toml`. `words` of a single code go before
    /// its family's.
    pub fn parse(text: &str) -> Result<Self, CodeTableError> {
        let written: Written = toml::from_str(text)?;
        let mut codes = BTreeMap::new();
        for family in &written.family {
            add_family(&mut codes, family)?;
        }
        for single in written.code {
            let facts = listed(&mut codes, &single.code, "code")?;
            facts.payment = single.payment.unwrap_or(facts.payment);
            facts.ended = single.ended.or(facts.ended);
            facts.words.splice(0..0, single.words);
        }
        for code in &written.icd_collisions {
            listed(&mut codes, code, "icd_collisions")?.icd_collision = true;
        }
        let modifiers = written
            .modifiers
            .into_iter()
            .map(|(text, meaning)| match Modifier::parse(&text) {
                Ok(modifier) => Ok((modifier, meaning)),
                Err(_) => Err(CodeTableError::BadModifier(text)),
            })
            .collect::<Result<_, _>>()?;
        let mut acquisition = BTreeMap::new();
        for (way, texts) in written.acquisition {
            for text in texts {
                let modifier =
                    Modifier::parse(&text).map_err(|_| CodeTableError::BadModifier(text))?;
                acquisition.insert(modifier, way);
            }
        }
        let digest = Sha256Digest::of(text.as_bytes());
        Ok(Self { codes, modifiers, acquisition, lists: Vec::new(), digest })
    }

    /// With what a release and lists add, each from its file as kept by
    /// `intake codes import`.
    pub fn with(mut self, release: Option<&str>, lists: &[String]) -> Result<Self, CodeTableError> {
        let mut all = self.digest.to_string();
        if let Some(text) = release {
            toml::from_str::<Release>(text)?.add_to(&mut self);
            all.push_str(&Sha256Digest::of(text.as_bytes()).to_string());
        }
        for text in lists {
            self.lists.push(toml::from_str(text)?);
            all.push_str(&Sha256Digest::of(text.as_bytes()).to_string());
        }
        if release.is_some() || !lists.is_empty() {
            self.digest = Sha256Digest::of(all.as_bytes());
        }
        Ok(self)
    }

    /// The plans' lists.
    pub fn lists(&self) -> &[CodeList] {
        &self.lists
    }

    /// On which of the plans' lists a code is on a day, by their ids.
    pub fn lists_of(&self, code: &HcpcsCode, on: Date) -> Vec<String> {
        let holding = self.lists.iter().filter(|list| list.holds(code, on));
        holding.map(|list| list.id.clone()).collect()
    }

    /// What is known about a code; `None` if it was never issued (or is none
    /// of the families we keep).
    pub fn get(&self, code: &HcpcsCode) -> Option<&CodeFacts> {
        self.codes.get(code)
    }

    /// The meaning of a modifier, if it is one.
    pub fn modifier(&self, modifier: &Modifier) -> Option<&str> {
        self.modifiers.get(modifier).map(String::as_str)
    }

    /// Whether a modifier says that the item is bought or that it is rented.
    pub fn acquisition(&self, modifier: &Modifier) -> Option<Acquisition> {
        self.acquisition.get(modifier).copied()
    }

    /// All codes with their facts, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&HcpcsCode, &CodeFacts)> {
        self.codes.iter()
    }

    /// Of the file it was read from; stored with every decision.
    pub fn digest(&self) -> Sha256Digest {
        self.digest
    }
}

fn add_family(
    codes: &mut BTreeMap<HcpcsCode, CodeFacts>,
    family: &WrittenFamily,
) -> Result<(), CodeTableError> {
    let expand = |entries: &[String]| -> Result<Vec<HcpcsCode>, CodeTableError> {
        let bad = |entry: &str| CodeTableError::BadRun {
            family: family.id.clone(),
            entry: entry.to_owned(),
        };
        let runs: Result<Vec<_>, _> =
            entries.iter().map(|entry| run(entry).ok_or_else(|| bad(entry))).collect();
        Ok(runs?.concat())
    };
    for code in expand(&family.codes)? {
        let facts = CodeFacts {
            family: family.id.clone(),
            payment: family.payment,
            ended: None,
            words: family.words.clone(),
            icd_collision: false,
        };
        if codes.insert(code.clone(), facts).is_some() {
            return Err(CodeTableError::Twice { code, family: family.id.clone() });
        }
    }
    for (&payment, entries) in &family.paid_otherwise {
        for code in expand(entries)? {
            listed(codes, &code, "paid_otherwise")?.payment = payment;
        }
    }
    Ok(())
}

fn listed<'t>(
    codes: &'t mut BTreeMap<HcpcsCode, CodeFacts>,
    code: &HcpcsCode,
    place: &str,
) -> Result<&'t mut CodeFacts, CodeTableError> {
    codes
        .get_mut(code)
        .ok_or_else(|| CodeTableError::Unlisted { code: code.clone(), place: place.to_owned() })
}

/// `E0424-E0447` or a single code.
fn run(entry: &str) -> Option<Vec<HcpcsCode>> {
    let (first, last) = entry.split_once('-').unwrap_or((entry, entry));
    let split = |code: &str| -> Option<(String, u32, usize)> {
        HcpcsCode::parse(code).ok()?;
        let letters = usize::from(!code.as_bytes()[0].is_ascii_digit());
        Some((code[..letters].to_owned(), code[letters..].parse().ok()?, code.len() - letters))
    };
    let ((letter, from, width), (last_letter, to, _)) = (split(first)?, split(last)?);
    if letter != last_letter || from > to {
        return None;
    }
    (from..=to).map(|number| HcpcsCode::parse(&format!("{letter}{number:0width$}")).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_single_facts_and_collisions() {
        let table = CodeTable::parse(
            r#"
            provenance = "test"
            icd_collisions = ["E0910"]
            [[family]]
            id = "beds"
            payment = "CR"
            words = ["bed"]
            codes = ["E0250-E0251", "E0910", "95800"]
            [[code]]
            code = "E0251"
            ended = "2020-12-31"
            words = ["fixed height"]
            [modifiers]
            RR = "rental"
            "#,
        )
        .unwrap();
        let facts = |code: &str| table.get(&HcpcsCode::parse(code).unwrap());
        assert_eq!(facts("E0250").unwrap().words, ["bed"]);
        assert_eq!(facts("E0251").unwrap().words, ["fixed height", "bed"]);
        assert!(facts("E0251").unwrap().ended.is_some());
        assert!(facts("E0910").unwrap().icd_collision);
        assert!(facts("95800").is_some());
        assert!(facts("E0252").is_none());
        assert_eq!(table.iter().count(), 4);
    }

    #[test]
    fn facts_about_codes_that_no_family_lists_are_refused() {
        let family =
            "[[family]]\nid = \"beds\"\npayment = \"CR\"\nwords = []\ncodes = [\"E0250\"]\n";
        for (head, tail) in [
            ("icd_collisions = [\"E0910\"]", ""),
            ("code = [{ code = \"E0910\" }]", ""),
            ("", "paid_otherwise = { IN = [\"E0249-E0250\"] }"),
        ] {
            let text = format!("provenance = \"test\"\n{head}\n{family}{tail}\n[modifiers]\n");
            let refused = CodeTable::parse(&text).unwrap_err();
            assert!(matches!(refused, CodeTableError::Unlisted { .. }), "{refused}");
        }
    }

    #[test]
    fn a_run_that_is_none_is_refused() {
        for bad in ["E0251-E0250", "E0250-K0251", "D0150", "E025"] {
            assert!(run(bad).is_none(), "{bad}");
        }
    }

    fn shipped() -> CodeTable {
        CodeTable::parse(include_str!("../../../models/codes/hcpcs.toml")).unwrap()
    }

    #[test]
    fn the_shipped_table_knows_what_was_issued_and_what_was_not() {
        let table = shipped();
        let facts = |code: &str| table.get(&HcpcsCode::parse(code).unwrap());
        for (code, family, payment) in [
            ("E0260", "hospital_bed", PaymentClass::Cr),
            ("E1390", "oxygen", PaymentClass::Ox),
            ("E0466", "ventilator", PaymentClass::Fs),
            ("E0601", "pap_rad", PaymentClass::Cr),
            ("L1832", "orthotic", PaymentClass::Po),
            ("A5500", "diabetic_shoes", PaymentClass::Ts),
            ("T1000", "hh_pdn", PaymentClass::Na),
            ("95810", "sleep_test_cpt", PaymentClass::Na),
        ] {
            let known = facts(code).unwrap_or_else(|| panic!("{code} is missing"));
            assert_eq!((known.family.as_str(), known.payment), (family, payment), "{code}");
        }
        for never in ["E9999", "L0100", "E0611", "E1141"] {
            assert!(facts(never).is_none(), "{never}");
        }
        assert_eq!(facts("E0460").unwrap().ended, Some(jiff::civil::date(2015, 12, 31)));
        assert!(facts("E1140").unwrap().icd_collision);
        assert!(!facts("E0260").unwrap().icd_collision);
        for modifier in ["RR", "NU", "UE", "KX", "RT", "KH", "BP", "99"] {
            assert!(table.modifier(&Modifier::parse(modifier).unwrap()).is_some(), "{modifier}");
        }
    }

    /// Beside a checkout that has the list of codes seen in the files of CMS:
    /// none is missing, none is invented, families and ends agree.
    #[test]
    fn the_shipped_table_agrees_with_the_list_of_codes_seen_at_cms() {
        let list = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/hcpcs_codes_dme.csv");
        let Ok(list) = std::fs::read_to_string(list) else {
            use std::io::Write as _;
            let _ = writeln!(std::io::stderr(), "skipped: no list of codes beside the checkout");
            return;
        };
        let table = shipped();
        let mut seen = std::collections::BTreeSet::new();
        for line in list.lines().skip(1) {
            let columns: Vec<&str> = line.split(',').collect();
            let (code, family, ended) = (columns[0], columns[1], columns[6]);
            let facts = table
                .get(&HcpcsCode::parse(code).unwrap())
                .unwrap_or_else(|| panic!("{code} is missing"));
            assert_eq!(facts.family, if family.is_empty() { "other" } else { family }, "{code}");
            assert_eq!(facts.ended, ended.parse().ok(), "{code}");
            seen.insert(code.to_owned());
        }
        for (code, _) in table.iter() {
            assert!(code.is_cpt() || seen.contains(code.as_str()), "{code} is invented");
        }
        assert_eq!(table.iter().count(), seen.len() + 11, "eleven sleep tests are CPT");
    }
}
