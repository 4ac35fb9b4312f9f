//! All program models together.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use super::model::{Kind, Program};
use super::problem::ProgramProblem;
use super::rules::{Rule, Rules};
use super::{check, render, written};
use crate::vocab::{HcpcsCode, Sha256Digest};

/// The program models of an installation: at least one version of each
/// program, no two versions of one in force on the same day.
#[derive(Clone, Debug)]
pub struct Programs {
    /// By id, then by the day they begin.
    programs: Vec<Program>,
    rules: Rules,
    digest: Sha256Digest,
}

/// A program as [`Programs::select`] shows it.
#[derive(Clone, Debug, Serialize)]
pub struct Shown<'p> {
    /// What stands in its file.
    #[serde(flatten)]
    pub program: &'p Program,
    /// The version by which decisions name it.
    pub version_id: String,
    /// What else may count for its documents, by topic.
    pub rules: Vec<&'p Rule>,
}

impl Programs {
    /// Reads all files (name and text), or reports everything wrong with any
    /// of them.
    pub fn parse(
        files: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, Vec<ProgramProblem>> {
        let mut files: Vec<(String, String)> = files.into_iter().collect();
        files.sort();
        let mut programs = Vec::new();
        let mut rules = Rules::default();
        let mut problems = Vec::new();
        let (of_rules, of_programs): (Vec<_>, Vec<_>) =
            files.iter().partition(|(file, _)| Rules::is_file(file));
        for (file, text) in &of_rules {
            problems.extend(rules.add(file, text).err().into_iter().flatten());
        }
        problems.extend(check::ids_used_twice(&rules));
        for (file, text) in &of_programs {
            match written::read(file, text) {
                Ok(program) => programs.push(program),
                Err(more) => problems.extend(more),
            }
        }
        if of_programs.is_empty() {
            problems.push(ProgramProblem {
                file: "models/programs".into(),
                key: String::new(),
                message: "holds no program model".into(),
                hint: "restore the files that came with this release".into(),
            });
        }
        programs.sort_by(|a, b| (&a.id, a.effective_from).cmp(&(&b.id, b.effective_from)));
        problems.extend(overlaps(&programs));
        if problems.is_empty() {
            Ok(Self { programs, rules, digest: digest(&files) })
        } else {
            Err(problems)
        }
    }

    /// The newest version of a program.
    pub fn get(&self, id: &str) -> Option<&Program> {
        self.programs.iter().rfind(|program| program.id == id)
    }

    /// The version of a program in force on a day of receipt.
    pub fn get_on(&self, id: &str, day: Date) -> Option<&Program> {
        self.in_force(day).find(|program| program.id == id)
    }

    /// All versions, by id and then by the day they begin.
    pub fn iter(&self) -> impl Iterator<Item = &Program> {
        self.programs.iter()
    }

    /// Those in force on a day of receipt.
    pub fn in_force(&self, day: Date) -> impl Iterator<Item = &Program> {
        self.programs.iter().filter(move |program| program.holds_on(day))
    }

    /// Those in force at a moment of receipt, each by the day in its own zone.
    pub fn in_force_at(&self, received_at: Timestamp) -> impl Iterator<Item = &Program> {
        let day = move |one: &Program| received_at.to_zoned(one.zone.clone()).date();
        self.programs.iter().filter(move |one| one.holds_on(day(one)))
    }

    /// Of all files, names and texts; stored with every decision.
    pub fn digest(&self) -> Sha256Digest {
        self.digest
    }

    /// What varies by scope or date beside the programs.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// The lists of codes on which a code stands: those that were `imported`, and
    /// those of programs that name the code themselves.
    pub fn hcpcs_sets<'p>(
        &'p self,
        code: &'p HcpcsCode,
        imported: &'p [String],
    ) -> impl Iterator<Item = &'p str> {
        let names = |program: &&Program| {
            program.scope.delegated.as_ref().is_some_and(|codes| codes.contains(code))
        };
        let named = self.programs.iter().filter(names);
        let named = named.filter_map(|program| program.scope.delegated_list.as_deref());
        named.chain(imported.iter().map(String::as_str))
    }

    /// What can be read and is still not right, for `intake programs check`: rules
    /// that contradict or repeat each other, days that nothing covers, rules that
    /// never count, names of nothing. `is_list` tells whether a list of codes was
    /// imported; one that a program names is known without.
    pub fn check(&self, is_list: impl Fn(&str) -> bool) -> Vec<ProgramProblem> {
        check::check(&self.programs, &self.rules, is_list)
    }

    /// Plain text for `intake programs show`: of one program or all, on a day
    /// or all versions. Says so where nothing fits.
    pub fn show(&self, id: Option<&str>, at: Option<Date>) -> String {
        render::show(&self.select(id, at), at)
    }

    /// What [`Programs::show`] shows, for `--json`. A rule is shown on a day if it holds
    /// on that day of its kind, be it of receipt, service or decision.
    pub fn select(&self, id: Option<&str>, at: Option<Date>) -> Vec<Shown<'_>> {
        let programs = self
            .programs
            .iter()
            .filter(|program| id.is_none_or(|id| program.id == id))
            .filter(|program| at.is_none_or(|day| program.holds_on(day)));
        let rules = |program: &Program| {
            let rules = self.rules.iter().filter(|rule| rule.scope.reaches(program));
            let shown = |rule: &&Rule| at.is_none_or(|day| rule.holds_on(day));
            // Who reviews nothing has no use for them.
            rules.filter(|_| program.kind == Kind::Review).filter(shown).collect()
        };
        programs
            .map(|program| Shown {
                program,
                version_id: program.version_id(),
                rules: rules(program),
            })
            .collect()
    }
}

/// Versions of one program that hold on the same day.
fn overlaps(programs: &[Program]) -> Vec<ProgramProblem> {
    let pairs = programs.iter().enumerate().flat_map(|(place, earlier)| {
        programs[place + 1..].iter().map(move |later| (earlier, later))
    });
    let overlap = |(earlier, later): (&Program, &Program)| {
        let apart = earlier.id != later.id
            || earlier.effective_to.is_some_and(|end| end <= later.effective_from);
        (!apart).then(|| ProgramProblem {
            file: later.file.clone(),
            key: "effective_from".into(),
            message: format!(
                "overlaps version {:?} of {} in {}",
                earlier.version, earlier.id, earlier.file
            ),
            hint: format!("end the earlier one with effective_to = \"{}\"", later.effective_from),
        })
    };
    pairs.filter_map(overlap).collect()
}

/// Lengths are hashed along, so that no text can move between files unseen.
fn digest(files: &[(String, String)]) -> Sha256Digest {
    let mut bytes = Vec::new();
    for (name, text) in files {
        for part in [name, text] {
            bytes.extend((part.len() as u64).to_be_bytes());
            bytes.extend(part.as_bytes());
        }
    }
    Sha256Digest::of(&bytes)
}
