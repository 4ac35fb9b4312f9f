//! What was meant against what was done.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use intake::decide::disposition::{Action, Lane, Queue};
use intake::decide::register::CaseRecord;
use intake::vocab::Sha256Digest;

use super::desk::Ended;
use super::story::Story;
use super::world::World;

type End = (Action, Option<Queue>);

/// Of how many documents the disposition must be the one meant.
const PROMISED: f64 = 0.97;

#[derive(Default)]
pub struct Confusion {
    /// By story: what was meant and what was done, and how often.
    ends: BTreeMap<(&'static str, End, End), u32>,
    /// Documents that lie in the case of somebody else, or of something else.
    astray: Vec<String>,
    /// A discharge waits, that was read, and it is in another lane.
    not_expedited: Vec<String>,
    /// A discharge waits and nothing of it was read.
    unread: u32,
    waiting: u32,
    other_lane: u32,
    took: Vec<Duration>,
    bytes: Vec<u8>,
    examples: Vec<String>,
}

impl Confusion {
    pub fn add(&mut self, world: &World, told: &Story, ended: Ended) {
        let done = (ended.disposition.action, ended.disposition.queue);
        let will_do = told.meant.or.is_some_and(|or| or == done.0);
        let meant = if will_do { done } else { (told.meant.action, told.meant.queue) };
        *self.ends.entry((told.meant.story, meant, done)).or_default() += 1;
        let what = || {
            let candidate = |code: &str| code == "case.candidate";
            let reasons = ended.disposition.reasons.iter();
            let codes: Vec<&str> =
                reasons
                    .map(|one| {
                        if candidate(&one.code) { one.message.as_str() } else { one.code.as_str() }
                    })
                    .collect();
            format!(
                "{}: {} {} by row {}, {:?}: {} {:?}",
                told.meant.story,
                name(meant),
                name(done),
                ended.disposition.row,
                told.paper.damage,
                codes.join(" "),
                ended.disposition.missing
            )
        };
        if meant != done && self.examples.len() < 400 {
            self.examples.push(what());
        }
        let copies = ended.disposition.duplicate_of.as_ref().zip(told.meant.copy_of.as_ref());
        if copies.is_some_and(|(done, meant)| done != meant) {
            self.astray.push(format!("a copy of another: {}", what()));
        }
        let whom = told.paper.person;
        if ended.case.as_ref().is_some_and(|(_, case)| !is_of(world, whom, case)) {
            self.astray.push(what());
        }
        for (place, _, case) in &ended.parts {
            let whom = match (place, told.paper.second) {
                (1, Some((second, _))) => second,
                _ => whom,
            };
            if case.as_ref().is_some_and(|case| !is_of(world, whom, case)) {
                self.astray.push(format!("part {place} of {}", what()));
            }
        }
        if let (Some(at), Some((case, _))) = (told.meant.case, &ended.case)
            && world.cases[at].reference != *case
        {
            self.astray.push(format!("another case of the same person: {}", what()));
        }
        if told.paper.pending.is_raised() {
            self.waiting += 1;
            if !ended.seen_waiting {
                self.unread += 1;
            } else if ended.disposition.lane != Lane::Expedited {
                self.not_expedited.push(what());
            }
        }
        self.other_lane += u32::from(ended.disposition.lane != told.meant.lane);
        self.took.push(ended.took);
        self.bytes.extend(serde_json::to_vec(&ended.disposition).unwrap());
    }

    pub fn digest(&self) -> Sha256Digest {
        Sha256Digest::of(&self.bytes)
    }

    /// Nothing in a wrong case, and no discharge that was read in another lane.
    pub fn went_astray(&self) -> bool {
        !self.astray.is_empty() || !self.not_expedited.is_empty()
    }

    pub fn is_as_meant(&self) -> bool {
        self.share() >= PROMISED
    }

    pub fn share(&self) -> f64 {
        let of = |same: bool| -> u32 {
            let entries = self.ends.iter();
            entries.filter(|((_, m, d), _)| !same || m == d).map(|(_, n)| n).sum()
        };
        f64::from(of(true)) / f64::from(of(false))
    }

    pub fn slowest_of_a_hundred(&self) -> Duration {
        self.percentile(99)
    }

    fn percentile(&self, percent: usize) -> Duration {
        let mut took = self.took.clone();
        took.sort_unstable();
        took.get((took.len() * percent / 100).min(took.len() - 1)).copied().unwrap_or_default()
    }
}

/// Whose case it is, by the id and the birth that the register has.
fn is_of(world: &World, whom: usize, case: &CaseRecord) -> bool {
    let person = &world.people[whom];
    let member = &case.member;
    let id = member.id.as_ref().is_none_or(|id| apart(id.expose(), &person.id) <= 1);
    let born = member
        .date_of_birth
        .as_ref()
        .is_none_or(|born| apart(&born.expose().to_string(), &person.born.to_string()) <= 1);
    let kin = world.people.iter().enumerate().any(|(at, other)| {
        let exactly = member.id.as_ref().is_some_and(|id| *id.expose() == other.id);
        at != whom && exactly && other.id != person.id
    });
    id && born && !kin
}

/// Characters in which two texts of one length differ.
fn apart(one: &str, other: &str) -> usize {
    if one.len() != other.len() {
        return usize::MAX;
    }
    one.bytes().zip(other.bytes()).filter(|(a, b)| a != b).count()
}

fn name((action, queue): End) -> String {
    let text = |value: serde_json::Value| value.as_str().unwrap_or("-").to_owned();
    let action = text(serde_json::to_value(action).unwrap());
    format!("{action}/{}", queue.map_or("-", Queue::as_str))
}

impl fmt::Display for Confusion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut stories: BTreeMap<&str, (End, u32, u32, Vec<String>)> = BTreeMap::new();
        for ((story, meant, done), count) in &self.ends {
            let entry = stories.entry(story).or_insert((*meant, 0, 0, vec![]));
            entry.1 += count;
            if meant == done {
                entry.2 += count;
            } else {
                entry.3.push(format!("{count} {}", name(*done)));
            }
        }
        writeln!(f, "{:<32} {:<32} {:>6} {:>6}  instead", "story", "meant", "all", "same")?;
        for (story, (meant, all, same, others)) in &stories {
            let others = others.join(", ");
            writeln!(f, "{story:<32} {:<32} {all:>6} {same:>6}  {others}", name(*meant))?;
        }
        writeln!(f, "\nsame disposition {:.4}, asked {PROMISED}", self.share())?;
        writeln!(f, "in a wrong case {}, asked 0", self.astray.len())?;
        let waiting = self.waiting;
        writeln!(
            f,
            "discharge waits {waiting}, read and not expedited {}, asked 0",
            self.not_expedited.len()
        )?;
        writeln!(f, "discharge waits and not a word of it was read {}", self.unread)?;
        writeln!(f, "in another lane than meant {}", self.other_lane)?;
        let (half, most) = (self.percentile(50), self.percentile(99));
        writeln!(f, "decide takes {half:?}, of a hundred the slowest {most:?}, asked 2ms")?;
        for line in self.astray.iter().chain(&self.not_expedited) {
            writeln!(f, "  ASTRAY {line}")?;
        }
        if std::env::var_os("EXAMPLES").is_some() {
            self.examples.iter().try_for_each(|line| writeln!(f, "  {line}"))?;
        }
        Ok(())
    }
}
