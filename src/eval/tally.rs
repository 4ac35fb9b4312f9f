//! Sums over documents.

use std::collections::BTreeMap;

use super::compare::{Comparison, Verdict};

/// Recall and precision of something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Values that are there.
    pub stated: usize,
    /// Values that were found, rightly or not.
    pub found: usize,
    /// Both.
    pub right: usize,
}

impl Counts {
    fn add(&mut self, verdict: Verdict) {
        self.stated += usize::from(verdict != Verdict::False);
        self.found += usize::from(verdict != Verdict::Missed);
        self.right += usize::from(verdict == Verdict::Right);
    }

    /// Of what is there, the share that was found.
    pub fn recall(&self) -> Option<f64> {
        share(self.right, self.stated)
    }

    /// Of what was found, the share that is there.
    pub fn precision(&self) -> Option<f64> {
        share(self.right, self.found)
    }
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.stated += other.stated;
        self.found += other.found;
        self.right += other.right;
    }
}

/// Documents alike: how damaged, at which resolution.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Group {
    /// As the truths call it.
    pub level: String,
    /// Likewise.
    pub resolution: String,
}

impl std::fmt::Display for Group {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.level, self.resolution)
    }
}

impl Group {
    /// From little damage to much; names that are not known come last.
    fn order(&self) -> (usize, &str, usize, &str) {
        let place = |names: &[&str], name: &str| {
            names.iter().position(|known| *known == name).unwrap_or(names.len())
        };
        let levels = ["clean", "light", "medium", "heavy", "illegible"];
        let resolutions = ["fine", "standard"];
        (
            place(&levels, &self.level),
            &self.level,
            place(&resolutions, &self.resolution),
            &self.resolution,
        )
    }

    /// Whether a page of this sort can be read by any careful reader.
    pub fn is_legible(&self) -> bool {
        self.resolution == "fine" && ["clean", "light", "medium"].contains(&self.level.as_str())
    }
}

/// Confidences of one tenth, or one hundredth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tenth {
    /// Values stated with such a confidence.
    pub values: usize,
    /// Those that are right.
    pub right: usize,
}

/// A value that was missed or is false.
#[derive(Clone, Debug)]
pub struct Miss {
    /// In which document.
    pub document: String,
    /// Of which field.
    pub field: String,
    /// Missed or false.
    pub verdict: Verdict,
    /// What it is.
    pub value: String,
    /// How sure the finding was.
    pub confidence: Option<f64>,
    /// Page and what was read there.
    pub place: String,
}

/// A document that was compared.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Its file's name.
    pub document: String,
    /// What sort of packet it is.
    pub kind: String,
    /// How damaged it is.
    pub group: Group,
    /// The kinds of its pages, as its truth says.
    pub pages: Vec<String>,
}

/// What came of all documents.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Documents compared, in order.
    pub listed: Vec<Listed>,
    /// Documents that could not be processed, with the reason.
    pub failed: Vec<(String, String)>,
    /// By field and group.
    pub counts: BTreeMap<String, Vec<(Group, Counts)>>,
    /// Pages by what they are and what they were taken for.
    pub kinds: BTreeMap<(String, String), usize>,
    /// Documents by how a discharge is said, its grade, and the grade found.
    pub discharges: BTreeMap<[String; 3], usize>,
    /// Values by confidence, lowest tenth first.
    pub tenths: [Tenth; 10],
    /// By field, in hundredths: what confidences are calibrated with.
    pub reliability: BTreeMap<String, BTreeMap<u8, Tenth>>,
    /// Values that are wrong although they were stated as certain.
    pub certain_and_wrong: usize,
    /// Everything that is not right, in the order of documents.
    pub misses: Vec<Miss>,
}

/// From here on a value counts as stated for certain.
const CERTAIN: f64 = 0.99;

impl Tally {
    /// Adds a document.
    pub fn add(&mut self, comparison: &Comparison) {
        let group =
            Group { level: comparison.level.clone(), resolution: comparison.resolution.clone() };
        self.listed.push(Listed {
            document: comparison.document.clone(),
            kind: comparison.kind.clone(),
            group: group.clone(),
            pages: comparison.kinds.iter().map(|(stated, _)| stated.clone()).collect(),
        });
        for compared in &comparison.values {
            self.count(&compared.field, &group).add(compared.verdict);
            if let Some(confidence) = compared.confidence {
                self.calibrate(&compared.field, confidence, compared.verdict);
            }
            if compared.verdict != Verdict::Right {
                self.misses.push(Miss {
                    document: comparison.document.clone(),
                    field: compared.field.clone(),
                    verdict: compared.verdict,
                    value: compared.value.clone(),
                    confidence: compared.confidence,
                    place: compared.place.clone(),
                });
            }
        }
        for (number, (stated, found)) in comparison.kinds.iter().enumerate() {
            let right = stated == found;
            let counts = self.count("page_kinds", &group);
            *counts += Counts { stated: 1, found: 1, right: right.into() };
            *self.kinds.entry((stated.clone(), found.clone())).or_default() += 1;
            if !right {
                self.misses.push(Miss {
                    document: comparison.document.clone(),
                    field: "page_kinds".to_owned(),
                    verdict: Verdict::Missed,
                    value: stated.clone(),
                    confidence: None,
                    place: format!("page {}: taken for {found}", number + 1),
                });
            }
        }
        if let Some(said) = &comparison.discharge {
            *self.discharges.entry(said.clone()).or_default() += 1;
        }
    }

    /// Adds a document of which nothing is known because it could not be
    /// processed.
    pub fn fail(&mut self, document: &str, reason: String) {
        self.failed.push((document.to_owned(), reason));
    }

    /// How many documents were compared.
    pub fn documents(&self) -> usize {
        self.listed.len()
    }

    /// All groups, from little damage to much.
    pub fn groups(&self) -> Vec<Group> {
        let mut groups: Vec<Group> =
            self.counts.values().flatten().map(|(group, _)| group.clone()).collect();
        groups.sort_by(|a, b| a.order().cmp(&b.order()));
        groups.dedup();
        groups
    }

    /// The sum of a field over some groups.
    pub fn sum(&self, field: &str, of: impl Fn(&Group) -> bool) -> Counts {
        let mut sum = Counts::default();
        for (_, counts) in self.counts.get(field).into_iter().flatten().filter(|(g, _)| of(g)) {
            sum += *counts;
        }
        sum
    }

    /// Values that were stated with a confidence.
    pub fn values(&self) -> usize {
        self.tenths.iter().map(|tenth| tenth.values).sum()
    }

    fn count(&mut self, field: &str, group: &Group) -> &mut Counts {
        let groups = self.counts.entry(field.to_owned()).or_default();
        let place = groups.iter().position(|(known, _)| known == group).unwrap_or_else(|| {
            groups.push((group.clone(), Counts::default()));
            groups.len() - 1
        });
        &mut groups[place].1
    }

    fn calibrate(&mut self, field: &str, confidence: f64, verdict: Verdict) {
        // A code with its modifiers, or a number with its role, is the same
        // value once more.
        if matches!(field, "hcpcs.modifiers" | "hcpcs.units" | "npi.role" | "tin.role") {
            return;
        }
        let hundredth = (confidence * 100.0).clamp(0.0, 100.0) as u8;
        let of_field = self.reliability.entry(field.to_owned()).or_default();
        let tenth = &mut self.tenths[((confidence * 10.0) as usize).min(9)];
        for counted in [tenth, of_field.entry(hundredth).or_default()] {
            counted.values += 1;
            counted.right += usize::from(verdict == Verdict::Right);
        }
        let wrong = verdict == Verdict::False && confidence >= CERTAIN;
        self.certain_and_wrong += usize::from(wrong);
    }
}

/// `None` where there is nothing to have a share of.
pub fn share(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}
